//! *Security > API > Tokens*: made by name, shown once, revoked.

use actix_web::http::StatusCode;
use actix_web::web;

use super::form::refused;
use super::{Addresses, Typed, act_in_org, show_org, text_of, write_in_org};
use crate::clock::Timestamp;
use crate::directory::okta::orgs;
use crate::error::Result;
use crate::id::OktaKind;
use crate::model::okta::Org;
use crate::secret::Plain;
use crate::store::Snapshot;
use crate::store::okta::orgs as rows;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::tokens::{TokenPage, TokenRow, TokensPage};
use crate::web::console::parts::{Field, Link, Moment};
use crate::web::console::{Page, Room};
use crate::web::rooms::{Answered, Done, page as answer};

/// The list.
pub(super) const HERE: &str = "/okta/tokens";
const NEW: &str = "/okta/tokens/new";

fn frame(who: &Who, title: &str) -> Page {
    who.page(Room::OktaDashboard, title)
        .under("Dashboard", Room::OktaDashboard.href())
}

/// The list.
pub(in crate::web::rooms) async fn list(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, now)
    })
    .await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, now: Timestamp) -> Result<TokensPage> {
    let tokens = rows::tokens(tx, org.seq)?;
    let addresses = Addresses::new(tx, org);
    Ok(TokensPage {
        page: frame(who, "API tokens"),
        create: NEW.into(),
        list: List {
            caption: "API tokens".into(),
            filter: None,
            columns: vec![
                Column::new("Token name"),
                Column::wide("Created by"),
                Column::wide("Created"),
                Column::new(""),
            ],
            pager: Pager::whole(tokens.len() as u64, ("token", "tokens")),
            empty: Empty::new(
                "No API tokens",
                "Make one for the program that administers this org.",
                Link::new("Create token", NEW),
            ),
        },
        rows: tokens
            .into_iter()
            .map(|token| TokenRow {
                revoke: format!(
                    "{HERE}/{}/revoke",
                    addresses.id(OktaKind::ApiToken, token.seq)
                ),
                name: token.name,
                ending: token.last_four,
                by: token.by,
                created: Moment::new(token.created, now),
            })
            .collect(),
    })
}

fn form(who: &Who, name: &str) -> FormPage {
    FormPage {
        page: frame(who, "Create token").under("API tokens", HERE),
        lead: "Its value is shown once, on the next page.".into(),
        error: None,
        fields: vec![
            Field::new("name", "What do you want your token to be named?")
                .required()
                .max_length(100)
                .value(name)
                .help("The token name is used for tracking API calls."),
        ],
        action: NEW.into(),
        submit: "Create token".into(),
        cancel: HERE.into(),
    }
}

/// The form.
pub(in crate::web::rooms) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_org(&app, signed, move |_, who, _, _| Ok(form(who, ""))).await
}

/// *Create token*: answers with the one page that shows the value.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let name = text_of(&typed, "name").to_owned();
    let plain = Plain::okta_token();
    let (asked, value) = (name.clone(), plain.clone());
    let made = write_in_org(&app, &signed, move |tx, _, administrator, now| {
        Ok(orgs::create_token(tx, administrator, &asked, &value, now)?)
    })
    .await;
    match made {
        Ok(token) => answer(
            StatusCode::OK,
            &TokenPage {
                page: frame(&signed.who(), "Token created successfully").under("API tokens", HERE),
                name: token.name,
                value: plain.expose().to_owned(),
                done: HERE.into(),
            },
        ),
        Err(error) => refused(form(&signed.who(), &name), error),
    }
}

/// *Revoke*.
pub(in crate::web::rooms) async fn revoke(
    app: web::Data<App>,
    signed: SignedIn,
    token: web::Path<String>,
) -> Answered {
    let back = HERE.to_owned();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let token = Addresses::new(tx, org).row(OktaKind::ApiToken, "Token", &token)?;
        let token = orgs::revoke_token(tx, administrator, token, now)?;
        Ok(Done::new(format!("{} is revoked.", token.name), ""))
    })
    .await
}

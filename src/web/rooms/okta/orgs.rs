//! Orgs: the list, making one, and which one the pages show in this session.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::form::{Id, refused, save_form, show_form};
use super::{Typed, org_id, text_of};
use crate::directory::okta::orgs as domain;
use crate::error::{Error, Result};
use crate::model::okta::Org;
use crate::store::okta::{groups, orgs, users};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::FormPage;
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::orgs::{OrgRow, OrgsPage};
use crate::web::console::parts::{Field, Link, counted, thousands};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done, finish, page as answer, show};

/// The list.
pub(super) const HERE: &str = "/okta/orgs";
/// The form.
pub(super) const NEW: &str = "/okta/orgs/new";

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &ask)).await
}

fn load(tx: &Snapshot, who: &Who, ask: &Ask) -> Result<OrgsPage> {
    let all = orgs::all(tx)?;
    let url = ask.url(HERE);
    let part = ask.part_in_order(PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let shown = all.iter().skip(skip).take(part.limit);
    Ok(OrgsPage {
        page: who
            .page(Room::OktaDashboard, "Orgs")
            .under("Dashboard", Room::OktaDashboard.href()),
        create: NEW.into(),
        rows: shown.map(|org| row(tx, who, org)).collect::<Result<_>>()?,
        list: List {
            caption: "Orgs".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::wide("Subdomain"),
                Column {
                    class: "number wide",
                    ..Column::number("People")
                },
                Column {
                    class: "number wide",
                    ..Column::number("Groups")
                },
                Column::new(""),
            ],
            pager: Pager::new(all.len() as u64, ask.page(), PAGE, ("org", "orgs"), &url),
            empty: ask.empty(
                all.len() as u64,
                &url,
                Empty::new(
                    "No org yet",
                    "An org has its own people, groups and applications.",
                    Link::new("Create org", NEW),
                ),
            ),
        },
    })
}

fn row(tx: &impl Reads, who: &Who, org: &Org) -> Result<OrgRow> {
    let (people, groups) = (users::count(tx, org.seq)?, groups::count(tx, org.seq)?);
    Ok(OrgRow {
        name: org.name.clone(),
        subdomain: org.subdomain.clone(),
        people: thousands(people),
        groups: thousands(groups),
        size: format!(
            "{}, {}",
            counted(people, "person", "people"),
            counted(groups, "group", "groups")
        ),
        open: who.org() == Some(org.seq),
        open_at: format!("{HERE}/{}/open", org_id(tx, org.seq)),
        rename: format!("{HERE}/{}/rename", org_id(tx, org.seq)),
    })
}

/// *Open*: the pages of the mock Okta show this org from now on.
pub(in crate::web::rooms) async fn open(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let org = app
        .read(move |tx| {
            orgs::all(tx)?
                .into_iter()
                .find(|org| org_id(tx, org.seq).as_str() == id.as_str())
                .ok_or_else(|| Error::not_found("Org", ""))
        })
        .await?;
    signed.open_org(org.seq)?;
    let done = Done::new(format!("You are in {} now.", org.name), "");
    finish(&signed, Room::OktaDashboard.href(), Ok(done))
}

/// What the form of an org sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Wanted {
    name: String,
    subdomain: String,
}

fn form(who: &Who, wanted: &Wanted) -> FormPage {
    FormPage {
        page: who
            .page(Room::OktaDashboard, "Create org")
            .under("Dashboard", Room::OktaDashboard.href())
            .under("Orgs", HERE),
        lead: "A new org has nobody in it, and one group: Everyone.".into(),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .max_length(100)
                .value(&wanted.name),
            Field::new("subdomain", "Subdomain")
                .required()
                .max_length(63)
                .value(&wanted.subdomain)
                .help("The first part of the org's address, such as contoso; expressions know it as org.subDomain."),
        ],
        action: NEW.into(),
        submit: "Create".into(),
        cancel: HERE.into(),
    }
}

/// The empty form.
pub(in crate::web::rooms) async fn new(signed: SignedIn) -> Answered {
    answer(
        StatusCode::OK,
        &form(&signed.for_page(), &Wanted::default()),
    )
}

/// *Create*: the org is then the one that is shown.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, asked) = (signed.who(), app.now(), wanted.clone());
    let writer = who.clone();
    let made = app
        .write(move |tx| {
            let writer = writer.still(tx)?;
            let operator = writer.operator()?;
            let made = domain::create(tx, operator, &asked.name, &asked.subdomain, now)?;
            Ok(made)
        })
        .await;
    match made {
        Ok(org) => {
            signed.open_org(org.seq)?;
            let done = Done::new(
                format!("{} is created.", org.name),
                "You are in it now. Add people, then an application.",
            );
            finish(&signed, Room::OktaDashboard.href(), Ok(done))
        }
        Err(error) => refused(form(&who, &wanted), error),
    }
}

/// The page is about the org that its address names.
fn name_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    if org_id(tx, org.seq).as_str() != &**id {
        return Err(Error::not_found("Org", ""));
    }
    let name = typed.map_or(org.name.as_str(), |typed| text_of(typed, "name"));
    Ok(FormPage {
        page: who
            .page(Room::OktaDashboard, format!("Rename {}", org.name))
            .under("Dashboard", Room::OktaDashboard.href())
            .under("Orgs", HERE),
        lead: "The subdomain stays. Expressions know the name as org.name and give the new one when they are evaluated next.".into(),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .max_length(100)
                .value(name),
        ],
        action: format!("{HERE}/{}/rename", &**id),
        submit: "Rename".into(),
        cancel: HERE.into(),
    })
}

/// The form with the present name.
pub(in crate::web::rooms) async fn ask_rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), name_form).await
}

/// *Rename*.
pub(in crate::web::rooms) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        name_form,
        HERE,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            if org_id(tx, org.seq).as_str() != &**id {
                return Err(Error::not_found("Org", ""));
            }
            let org = domain::rename(tx, administrator, text_of(typed, "name"), now)?;
            Ok(Done::new(
                format!("The org is called {} now.", org.name),
                "",
            ))
        },
    )
    .await
}

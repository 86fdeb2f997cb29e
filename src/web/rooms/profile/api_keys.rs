//! *API keys*: made by name, shown once, revoked; each person one's own.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::ApiKey;
use crate::provider::api_keys::{self, NAME_MAXIMUM};
use crate::secret::Plain;
use crate::store::{Reads, teams};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::{ConfirmPage, FormPage};
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::parts::{Field, Link, Moment, Pill, Tone};
use crate::web::console::profile::api_keys::{ApiKeyPage, ApiKeyRow, ApiKeysPage};
use crate::web::console::{Page, Room};
use crate::web::failure::{PageFailure, sentence};
use crate::web::rooms::{Answered, Done, act, page as answer, show};

/// The list.
pub(in crate::web::rooms) const HERE: &str = "/profile/api-keys";
/// The form.
pub(in crate::web::rooms) const NEW: &str = "/profile/api-keys/new";
const DAY: Duration = Duration::from_hours(24);

fn frame(who: &Who, title: &str) -> Page {
    who.page(Room::Audit, title)
}

/// The list.
pub(in crate::web::rooms) async fn list(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, now)).await
}

fn load(tx: &impl Reads, who: &Who, now: Timestamp) -> Result<ApiKeysPage> {
    let keys = api_keys::list(tx, &who.member)?;
    let rows: Vec<ApiKeyRow> = keys
        .iter()
        .map(|key| row(tx, key, now))
        .collect::<Result<_>>()?;
    let base = who.scim_base.trim_end_matches("/scim/v2");
    Ok(ApiKeysPage {
        page: frame(who, "API keys"),
        create: NEW.into(),
        base_url: base.to_owned(),
        list: List {
            caption: "API keys".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::new("Status"),
                Column::wide("Team"),
                Column::wide("Created"),
                Column::new(""),
            ],
            pager: Pager::whole(rows.len() as u64, ("key", "keys")),
            empty: Empty::new(
                "No API keys",
                "Make one for the program that collects the audit log.",
                Link::new("Create API Key", NEW),
            ),
        },
        rows,
    })
}

fn row(tx: &impl Reads, key: &ApiKey, now: Timestamp) -> Result<ApiKeyRow> {
    let status = match key.revoked {
        Some(_) => Pill::new(Tone::Quiet, "Revoked"),
        None if key.opens_at(now) => Pill::new(Tone::Good, "Active"),
        None => Pill::new(Tone::Quiet, "Expired"),
    };
    let team = teams::find(tx, key.team)?;
    Ok(ApiKeyRow {
        name: key.name.clone(),
        ending: key.last_four.clone(),
        team: team.map_or_else(String::new, |team| team.name),
        status,
        expires: key
            .expires
            .filter(|_| key.opens_at(now))
            .map(|end| Moment::new(end, now)),
        created: Moment::new(key.created, now),
        revoke: match key.revoked {
            None => format!("{HERE}/{}/revoke", key.seq),
            Some(_) => String::new(),
        },
    })
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Wanted {
    name: String,
    expires: String,
}

impl Wanted {
    /// The key works through the day that was chosen.
    fn end(&self) -> Result<Option<Timestamp>> {
        let day = self.expires.trim();
        if day.is_empty() {
            return Ok(None);
        }
        let start = (day.len() == "2030-12-31".len())
            .then(|| Timestamp::parse(&format!("{day}T00:00:00Z")).ok())
            .flatten();
        start.map(|start| Some(start.plus(DAY))).ok_or_else(|| {
            Error::field(
                "expires",
                "Enter a day such as 2030-12-31, or leave it empty.",
            )
        })
    }
}

fn form(who: &Who, wanted: &Wanted, wrong: (&str, &str)) -> FormPage {
    let error = |field| if wrong.0 == field { wrong.1 } else { "" };
    FormPage {
        page: frame(who, "Create API Key").under("API keys", HERE),
        lead: format!(
            "It reads the audit log of {}, as long as you may. Its value is shown once, on the next page.",
            who.viewer.team
        ),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .max_length(u16::try_from(NAME_MAXIMUM).unwrap_or(u16::MAX))
                .value(wanted.name.as_str())
                .error(error("name"))
                .help("Name it after the program that will use it."),
            Field::new("expires", "Expires after")
                .kind("date", "off")
                .max_length(10)
                .value(wanted.expires.as_str())
                .error(error("expires"))
                .help("It works through this day in UTC. Empty: until it is revoked."),
        ],
        action: NEW.into(),
        submit: "Create".into(),
        cancel: HERE.into(),
    }
}

/// The form.
pub(in crate::web::rooms) async fn new(signed: SignedIn) -> Answered {
    let page = form(&signed.for_page(), &Wanted::default(), ("", ""));
    answer(StatusCode::OK, &page)
}

/// *Create*: answers with the one page that shows the value.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), wanted.into_inner());
    let plain = Plain::api_key();
    let (member, asked, value) = (who.member.clone(), wanted.clone(), plain.clone());
    let made = app
        .write(move |tx| api_keys::create(tx, &member, &asked.name, &value, asked.end()?, now))
        .await;
    let base = who.scim_base.trim_end_matches("/scim/v2");
    match made {
        Ok(key) => answer(
            StatusCode::OK,
            &ApiKeyPage {
                page: frame(&who, "API key created").under("API keys", HERE),
                name: key.name,
                value: plain.expose().to_owned(),
                example: format!("curl -H \"x-api-key: $API_KEY\" {base}/audit/logs"),
                done: HERE.into(),
            },
        ),
        Err(Error::Field { field, detail }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, &wanted, (field, &sentence(&detail))),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("API key", ""))
}

/// What revoking means.
pub(in crate::web::rooms) async fn ask_revoke(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let key = api_keys::get(tx, &who.member, seq(&key)?)?;
        Ok(ConfirmPage {
            page: frame(&who, &format!("Revoke {}?", key.name)).under("API keys", HERE),
            lead: "The next request with this key is refused.".into(),
            consequences: vec!["A revoked key cannot be brought back; make a new one.".into()],
            danger: true,
            ask: None,
            action: format!("{HERE}/{}/revoke", key.seq),
            submit: "Revoke".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Revoke*.
pub(in crate::web::rooms) async fn revoke(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let key = seq(&key)?;
    act(&app, signed, HERE.to_owned(), move |tx, who, now| {
        let key = api_keys::revoke(tx, &who.member, key, now)?;
        Ok(Done::new(format!("{} is revoked.", key.name), ""))
    })
    .await
}

//! *Sessions*: everybody's, with the way to end one or all of a person.

use actix_web::web;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::Session;
use crate::provider::sessions::{self, Open};
use crate::secret::Digest;
use crate::store::Reads;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::parts::{Link, Moment, counted, span};
use crate::web::console::settings::sessions::{SessionRow, SessionsPage};
use crate::web::rooms::ask::{Ask, PAGE};
use crate::web::rooms::{Answered, Done, act, show_at};

/// The list.
pub(in crate::web::rooms) const HERE: &str = "/settings/sessions";

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show_at(&app, app.real_now(), move |tx, now| {
        load(tx, &who, &ask, now)
    })
    .await
}

fn load(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<SessionsPage> {
    let mut open = sessions::list(tx, who.operator()?, now)?;
    let needle = ask.text().to_lowercase();
    open.retain(|one| fits(one, &needle));
    let (total, part) = (open.len() as u64, ask.part_in_order(PAGE));
    let url = ask.url(HERE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let rows = open.iter().skip(skip).take(part.limit);
    Ok(SessionsPage {
        page: who.page(Room::Sessions, "Sessions"),
        lead: format!(
            "Who is signed in to this console. A session ends after {} without use and after {} at the latest; with \
             \u{201c}Stay signed in\u{201d} after {} and {} days.",
            span(Session::IDLE).replace(" 0 s", ""),
            span(Session::LIFE).replace(" 0 min", ""),
            Session::IDLE_WHEN_STAYING.as_secs() / 86_400,
            Session::LIFE_WHEN_STAYING.as_secs() / 86_400,
        ),
        rows: rows.map(|one| row(one, who, &open, now)).collect(),
        list: List {
            caption: "Sessions".into(),
            filter: Some(Filter::new(&url, "Search by person, address or browser")),
            columns: vec![
                Column::new("Person"),
                Column::new("Where"),
                Column::wide("Started"),
                Column::wide("Last seen"),
                Column::wide("Ends"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("session", "sessions"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new("Nobody is signed in", "", Link::plain("")),
            ),
        },
    })
}

fn fits(one: &Open, needle: &str) -> bool {
    needle.is_empty()
        || [
            &one.account.name,
            &one.account.sign_in_name,
            &one.session.origin.address,
            &one.session.origin.user_agent,
        ]
        .iter()
        .any(|text| text.to_lowercase().contains(needle))
}

fn row(one: &Open, who: &Who, all: &[Open], now: Timestamp) -> SessionRow {
    let own = who.session() == Some(one.token);
    let more = all
        .iter()
        .any(|other| other.account.seq == one.account.seq && other.token != one.token);
    SessionRow {
        name: one.account.name.clone(),
        email: one.account.sign_in_name.clone(),
        address: one.session.origin.address.clone(),
        client: one.session.origin.user_agent.clone(),
        started: Moment::new(one.session.started, now),
        seen: Moment::new(one.session.seen, now),
        ends: Moment::new(one.session.expires, now),
        own,
        // One's own ends by signing out.
        end: if own {
            String::new()
        } else {
            format!("{HERE}/{}/end", one.token)
        },
        end_all: if more {
            format!("{HERE}/of/{}/end", one.account.seq)
        } else {
            String::new()
        },
    }
}

fn gone() -> Error {
    Error::not_found("Session", "")
}

/// *End*.
pub(in crate::web::rooms) async fn end(
    app: web::Data<App>,
    signed: SignedIn,
    token: web::Path<String>,
) -> Answered {
    let token: Digest = token.parse().map_err(|_| gone())?;
    act(&app, signed, HERE.to_owned(), move |tx, who, now| {
        let account = sessions::end(tx, who.operator()?, &token, now)?;
        Ok(Done::new(
            format!("The session of {} is over.", account.name),
            "",
        ))
    })
    .await
}

/// *End all*: of a person, but not the one that asks.
pub(in crate::web::rooms) async fn end_all(
    app: web::Data<App>,
    signed: SignedIn,
    account: web::Path<String>,
) -> Answered {
    let account: Seq = account.parse().map(Seq).map_err(|_| gone())?;
    act(&app, signed, HERE.to_owned(), move |tx, who, now| {
        let keep = who.session();
        let (account, ended) = sessions::end_all(tx, who.operator()?, account, keep, now)?;
        let sessions = counted(ended as u64, "session", "sessions");
        Ok(Done::new(
            format!("{sessions} of {} ended.", account.name),
            "",
        ))
    })
    .await
}

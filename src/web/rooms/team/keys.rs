//! SCIM API keys after they were made: their row, *Regenerate*, *Revoke* and *Delete*.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Moment, Pill, Tone, thousands};
use super::super::super::console::team::authentication::Section;
use super::super::super::console::team::scim::{KeyPage, KeyRow, RegeneratePage};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, page as answer, show};
use super::authentication::below;
use super::scim::HERE;
use super::{environment, once};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{KeyAccess, KeyState, ScimKey};
use crate::provider::key_uses::KeyUses;
use crate::provider::{keys, roles};
use crate::store::Reads;

/// Hours that the page proposes for the overlap.
const HOURS: &str = "24";

fn address(key: Seq, action: &str) -> String {
    format!("{HERE}/keys/{key}/{action}")
}

/// A key's row of the list.
pub(super) fn row(
    tx: &impl Reads,
    who: &Who,
    key: &ScimKey,
    uses: &KeyUses,
    now: Timestamp,
) -> Result<KeyRow> {
    let state = key.state(now);
    let used = uses.of(tx, who.member.team, key.seq)?;
    let when = |is: bool, action: &str| {
        if is {
            address(key.seq, action)
        } else {
            String::new()
        }
    };
    Ok(KeyRow {
        name: key.name.clone(),
        ending: key.last_four.clone(),
        options: options(tx, who, key)?,
        status: match state {
            KeyState::Active => Pill::new(Tone::Good, "ACTIVE"),
            KeyState::Retiring => Pill::new(Tone::Warn, "RETIRING"),
            KeyState::Expired => Pill::new(Tone::Warn, "EXPIRED"),
            KeyState::Revoked => Pill::new(Tone::Quiet, "REVOKED"),
        },
        expires: match (state, key.expires) {
            (KeyState::Active, Some(end)) => Some(("expires", Moment::new(end, now))),
            (KeyState::Retiring, Some(end)) => Some(("stops", Moment::new(end, now))),
            (KeyState::Expired, Some(end)) => Some(("expired", Moment::new(end, now))),
            _ => key
                .revoked
                .map(|at| ("revoked", Moment::new(at, now)))
                .filter(|_| state == KeyState::Revoked),
        },
        stopped: match key.author {
            Some(author)
                if key.opens_at(now) && !roles::administers(tx, who.member.team, author)? =>
            {
                "Answered with 403: whoever generated it is no longer an admin. Generate another \
                 one."
                    .to_owned()
            }
            _ => String::new(),
        },
        creator: key.created_by.clone(),
        created: Moment::new(key.created, now),
        used: used.last.map(|at| Moment::new(at, now)),
        client: used.client,
        requests: thousands(used.requests),
        regenerate: when(state == KeyState::Active, "regenerate"),
        revoke: when(key.opens_at(now), "revoke"),
        delete: when(!key.opens_at(now), "delete"),
    })
}

fn options(tx: &impl Reads, who: &Who, key: &ScimKey) -> Result<String> {
    let mut options = Vec::new();
    if key.access == KeyAccess::ReadOnly {
        options.push("read only".to_owned());
    }
    if let Some(preset) = key.profile {
        options.push(format!("profile {}", preset.as_str()));
    }
    if key.user.is_some() {
        options.push(match keys::user_of(tx, &who.member.may()?, key)? {
            Some(user) => format!("/Me is {}", user.user_name()),
            None => "/Me is a member who was deleted".to_owned(),
        });
    }
    Ok(options.join(", "))
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("SCIM API key", ""))
}

/// What the form of *Regenerate* sends.
#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct Overlap {
    #[serde(default)]
    once: String,
    #[serde(default)]
    keep: String,
    #[serde(default)]
    hours: String,
}

impl Overlap {
    fn duration(&self) -> Result<Duration> {
        if self.keep.is_empty() {
            return Ok(Duration::ZERO);
        }
        let hours: Option<u64> = self.hours.trim().parse().ok();
        // Nought would mean not to keep it, which the box says.
        let whole = hours.filter(|hours| (1..=168).contains(hours));
        whole.map(Duration::from_hours).ok_or_else(|| {
            Error::field(
                "overlap",
                "Enter a whole number of hours from 1 to 168, or take the tick away.",
            )
        })
    }
}

fn form(who: &Who, key: &ScimKey, overlap: Overlap, error: String) -> RegeneratePage {
    RegeneratePage {
        page: below(who, &format!("Regenerate {}?", key.name), Section::Scim),
        name: key.name.clone(),
        ending: key.last_four.clone(),
        once: overlap.once,
        keep: !overlap.keep.is_empty(),
        hours: overlap.hours,
        error,
        action: address(key.seq, "regenerate"),
        cancel: HERE.into(),
    }
}

/// *Regenerate*: asks for how long the previous key goes on working.
pub(in super::super) async fn ask_regenerate(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let overlap = Overlap {
        once: once::seal(&app.sealer, &who.member),
        keep: "yes".into(),
        hours: HOURS.into(),
    };
    show(&app, move |tx, now| {
        let key = keys::get(tx, &who.member.may()?, seq(&key)?)?;
        keys::may_regenerate(&key, now)?;
        Ok(form(&who, &key, overlap, String::new()))
    })
    .await
}

/// Answers with the one page that shows the new value.
pub(in super::super) async fn regenerate(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
    overlap: web::Form<Overlap>,
) -> Answered {
    let (who, now, overlap) = (signed.who(), app.now(), overlap.into_inner());
    let seq = seq(&key)?;
    let plain = once::open(&app.sealer, &who.member, &overlap.once);
    let (member, value, asked) = (who.member.clone(), plain.clone(), overlap.clone());
    let done = app
        .write(move |tx| {
            let may = member.may()?;
            let new = match keys::with_value(tx, &may, &value)? {
                Some(key) => once::made(key, now)?,
                None => keys::regenerate(tx, &may, seq, &value, asked.duration()?, now)?,
            };
            Ok((new, keys::get(tx, &may, seq)?))
        })
        .await;
    match done {
        Ok((new, old)) => {
            let previous = match (old.state(now), old.expires) {
                (KeyState::Retiring, Some(end)) => format!(
                    "The previous key, ending in {}, goes on working and stops {}.",
                    old.last_four,
                    Moment::new(end, now).text
                ),
                _ => "The previous key does not work any more.".to_owned(),
            };
            answer(
                StatusCode::OK,
                &KeyPage {
                    page: below(&who, "SCIM API key regenerated", Section::Scim),
                    name: new.name,
                    value: plain.expose().to_owned(),
                    previous,
                    base_url: who.scim_base.clone(),
                    environment: environment::HERE.into(),
                    done: HERE.into(),
                },
            )
        }
        Err(Error::Field { detail, .. }) => {
            let page = app
                .read(move |tx| {
                    let key = keys::get(tx, &who.member.may()?, seq)?;
                    Ok(form(&who, &key, overlap, sentence(&detail)))
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// Asks before revoking.
pub(in super::super) async fn ask_revoke(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let uses = app.key_uses.clone();
    show(&app, move |tx, now| {
        let key = keys::get(tx, &who.member.may()?, seq(&key)?)?;
        let used = uses.of(tx, who.member.team, key.seq)?;
        let last = match used.last {
            Some(at) if used.client.is_empty() => {
                format!("It was last used {}.", Moment::new(at, now).text)
            }
            Some(at) => format!(
                "It was last used {}, by {}.",
                Moment::new(at, now).text,
                used.client
            ),
            None => "It was never used.".to_owned(),
        };
        Ok(ConfirmPage {
            page: below(&who, &format!("Revoke {}?", key.name), Section::Scim),
            lead: match key.last_four.as_str() {
                "" => "The key stops working at once.".to_owned(),
                four => format!("The key ending in {four} stops working at once."),
            },
            consequences: vec![
                last,
                "The next request with it is answered with 401.".into(),
                "It cannot be made valid again; generate another one instead.".into(),
            ],
            danger: true,
            ask: None,
            action: address(key.seq, "revoke"),
            submit: "Revoke".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Revoke*.
pub(in super::super) async fn revoke(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let key = keys::revoke(tx, &who.member.may()?, seq(&key)?, now)?;
        Ok(Done::new(format!("{} is revoked.", key.name), ""))
    })
    .await
}

/// Asks before deleting.
pub(in super::super) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let key = keys::get(tx, &who.member.may()?, seq(&key)?)?;
        Ok(ConfirmPage {
            page: below(&who, &format!("Delete {}?", key.name), Section::Scim),
            lead: "The key leaves this list. It opens nothing already.".into(),
            consequences: vec![
                "Its name is free for another key.".into(),
                "How often and when it was used is forgotten; the audit log stays.".into(),
            ],
            danger: true,
            ask: None,
            action: address(key.seq, "delete"),
            submit: "Delete".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Delete*.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let key = keys::delete(tx, &who.member.may()?, seq(&key)?, now)?;
        Ok(Done::new(format!("{} is deleted.", key.name), ""))
    })
    .await
}

//! *Certificates & secrets*: client secrets, made with an expiry, shown once, deleted.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::super::super::App;
use super::super::super::super::addresses;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::common::FormPage;
use super::super::super::super::console::entra::registrations::{
    RegistrationTab, SecretPage, SecretRow, SecretsPage, tabs,
};
use super::super::super::super::console::list::{Column, Empty, List, Pager};
use super::super::super::super::console::parts::{Choice, Field, Link, Moment, Notice, Pill, Tone};
use super::super::super::super::failure::{PageFailure, sentence};
use super::super::super::super::origin;
use super::super::super::super::throttle::Network;
use super::super::super::{Answered, Done, act, page as answer, show};
use super::super::inbound;
use super::{address, below, find, frame};
use crate::clock::Timestamp;
use crate::directory::registrations::{self, NewSecret};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::AppRegistration;
use crate::secret::{PasswordHash, Plain};

const DAY: Duration = Duration::from_hours(24);
/// Longest life of a secret, in days: what the portal allows.
const LONGEST: u32 = 730;
/// What the portal proposes, in days.
const RECOMMENDED: &str = "180";
const CUSTOM: &str = "custom";
/// Longest description, in characters.
const DESCRIPTION: u16 = 120;

/// The tab.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let (_, registration) = find(tx, &who, &id)?;
        Ok(filled(&who, &registration, now))
    })
    .await
}

fn filled(who: &Who, registration: &AppRegistration, now: Timestamp) -> SecretsPage {
    let here = format!("{}/secrets", address(registration));
    let create = format!("{here}/new");
    let row = |secret: &crate::model::ClientSecret| SecretRow {
        description: secret.description.clone(),
        hint: secret.hint.clone(),
        id: secret.id.to_string(),
        status: if secret.expires > now {
            Pill::new(Tone::Good, "Current")
        } else {
            Pill::new(Tone::Warn, "Expired")
        },
        expires: Moment::new(secret.expires, now),
        delete: format!("{here}/{}/delete", secret.id),
    };
    SecretsPage {
        page: frame(who, registration),
        tabs: tabs(&address(registration), RegistrationTab::Secrets),
        rows: registration.secrets.iter().map(row).collect(),
        list: List {
            caption: "Client secrets".into(),
            filter: None,
            columns: vec![
                Column::new("Description"),
                Column::new("Status"),
                Column::wide("Expires"),
                Column::wide("Secret ID"),
                Column::new(""),
            ],
            pager: Pager::whole(registration.secrets.len() as u64, ("secret", "secrets")),
            empty: Empty::new(
                "No client secrets",
                "Make one: without it the registration gets no token.",
                Link::new("New client secret", &create),
            ),
        },
        create,
    }
}

/// What the form of a new secret sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Typed {
    description: String,
    expires: String,
    ends: String,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            description: String::new(),
            expires: RECOMMENDED.into(),
            ends: String::new(),
        }
    }
}

impl Typed {
    /// When the secret ends.
    fn end(&self, now: Timestamp) -> Result<Timestamp> {
        if self.expires != CUSTOM {
            let days = self.expires.parse().ok();
            let days = days.filter(|days| LIVES.iter().any(|(known, _)| known == days));
            let wrong = || Error::field("expires", "Choose when it expires.");
            return Ok(now.plus(DAY * days.ok_or_else(wrong)?));
        }
        let day = self.ends.trim();
        let start = (day.len() == "2030-12-31".len())
            .then(|| Timestamp::parse(&format!("{day}T00:00:00Z")).ok())
            .flatten();
        let end = start
            .map(|start| start.plus(DAY))
            .ok_or_else(|| Error::field("ends", "Enter a day such as 2030-12-31."))?;
        if end <= now {
            return Err(Error::field("ends", "Enter a day that is not over yet."));
        }
        if end > now.plus(DAY * (LONGEST + 1)) {
            let detail = "Enter a day within 24 months: no client secret lives longer.";
            return Err(Error::field("ends", detail));
        }
        Ok(end)
    }
}

/// Lives that are offered: days and words.
const LIVES: [(u32, &str); 5] = [
    (180, "Recommended: 180 days (6 months)"),
    (90, "90 days (3 months)"),
    (365, "365 days (12 months)"),
    (545, "545 days (18 months)"),
    (LONGEST, "730 days (24 months)"),
];

fn form(
    who: &Who,
    registration: &AppRegistration,
    typed: &Typed,
    (wrong, detail): (&str, &str),
) -> FormPage {
    let here = format!("{}/secrets", address(registration));
    let mut lives: Vec<Choice> = LIVES
        .iter()
        .map(|(days, label)| Choice::new(days.to_string(), *label))
        .collect();
    lives.push(Choice::new(CUSTOM, "Custom"));
    let error = |field: &str| {
        if wrong == field {
            sentence(detail)
        } else {
            String::new()
        }
    };
    FormPage {
        page: below(who, registration, "Add a client secret"),
        lead: "Its value is shown once, on the next page.".into(),
        error: (wrong.is_empty() && !detail.is_empty())
            .then(|| Notice::new(Tone::Bad, sentence(detail), "")),
        fields: vec![
            Field::new("description", "Description")
                .required()
                .max_length(DESCRIPTION)
                .value(&typed.description)
                .error(error("description")),
            Field::new("expires", "Expires")
                .choices(lives)
                .value(&typed.expires)
                .error(error("expires")),
            Field::new("ends", "End of a custom life")
                .kind("date", "off")
                .max_length(10)
                .value(&typed.ends)
                .error(error("ends"))
                .help("With Custom: it works through this day in UTC, at most 24 months ahead."),
        ],
        action: format!("{here}/new"),
        submit: "Add".into(),
        cancel: here,
    }
}

/// The form.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let (_, registration) = find(tx, &who, &id)?;
        Ok(form(&who, &registration, &Typed::default(), ("", "")))
    })
    .await
}

/// *Add*: answers with the one page that shows the value.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, id) = (signed.who(), app.now(), id.into_inner());
    let plain = Plain::client_secret();
    let value = plain.clone();
    let network = Network::of(origin::address(&request, &app));
    // The hash takes tens of milliseconds: it is made in its turn, and before the write.
    let hash = move || {
        PasswordHash::new(&value).map_err(|why| Error::field("description", why.to_string()))
    };
    let hash = app.passwords.run(network, hash).await?;
    let (writer, asked, wanted, hint) = (who.clone(), id.clone(), typed.clone(), plain.last_four());
    let secret_id = Guid::random();
    let made = app
        .write(move |tx| {
            let (tenant, found) = find(tx, &writer, &asked)?;
            let secret = NewSecret {
                id: secret_id,
                description: wanted.description.clone(),
                hint,
                hash,
                expires: wanted.end(now)?,
            };
            let operator = writer.operator()?;
            registrations::add_secret(tx, operator, tenant.seq, found.seq, secret, now)
        })
        .await;
    let (status, wrong) = match made {
        Ok(_) => return shown(&app, &signed, id, typed.description.clone(), plain).await,
        Err(Error::Field { field, detail }) => (StatusCode::UNPROCESSABLE_ENTITY, (field, detail)),
        Err(Error::Conflict { detail, .. }) => (StatusCode::CONFLICT, ("", detail)),
        Err(error) => return Err(PageFailure::Domain(error)),
    };
    let again = app
        .read(move |tx| {
            let (_, registration) = find(tx, &who, &id)?;
            Ok(form(&who, &registration, &typed, (wrong.0, &wrong.1)))
        })
        .await?;
    answer(status, &again)
}

/// The page with the value.
async fn shown(
    app: &App,
    signed: &SignedIn,
    id: String,
    description: String,
    plain: Plain,
) -> Answered {
    let who = signed.who();
    let page = app
        .read(move |tx| {
            let (tenant, registration) = find(tx, &who, &id)?;
            let here = address(&registration);
            Ok(SecretPage {
                page: below(&who, &registration, "Client secret added"),
                description,
                value: plain.expose().to_owned(),
                client_id: registration.app_id.to_string(),
                token_endpoint: addresses::token_v2(who.base(), tenant.id),
                environment: format!("{here}/environment"),
                applications: inbound::applications(tx, &tenant)?
                    .into_iter()
                    .map(|inbound| {
                        let id = inbound.application.id.to_string();
                        Choice::new(id, inbound.application.display_name)
                    })
                    .collect(),
                done: format!("{here}/secrets"),
            })
        })
        .await?;
    answer(StatusCode::OK, &page)
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, secret) = path.into_inner();
    let back = format!("{}/{id}/secrets", super::HERE);
    act(&app, signed, back, move |tx, who, _| {
        let (tenant, found) = find(tx, who, &id)?;
        let unknown = || Error::not_found("Client secret", "");
        let secret: Guid = secret.parse().map_err(|_| unknown())?;
        registrations::remove_secret(tx, who.operator()?, tenant.seq, found.seq, &secret)?;
        let next = "Tokens that were issued with it go on working until they expire.";
        Ok(Done::new("The client secret is deleted.", next))
    })
    .await
}

/// What asks for an environment with the secret in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct WithSecret {
    secret: String,
    application: String,
}

/// *Download environment*, with the client secret that the page before showed.
pub(in crate::web::rooms) async fn environment(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    asked: web::Form<WithSecret>,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    let file = app
        .read(move |tx| {
            let (tenant, registration) = find(tx, &who, &id)?;
            let all = inbound::applications(tx, &tenant)?;
            let loaded = all
                .iter()
                .find(|one| one.application.id.to_string() == asked.application);
            let loaded = loaded.ok_or_else(|| Error::not_found("Application", ""))?;
            let (base, client) = (who.base(), registration.app_id);
            Ok(inbound::of_client(base, loaded, client, &asked.secret, now))
        })
        .await?;
    Ok(file.download())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_lives_as_long_as_was_chosen() {
        let now = Timestamp::parse("2026-05-04T12:00:00Z").unwrap();
        let end = |expires: &str, ends: &str| {
            let typed = Typed {
                expires: expires.into(),
                ends: ends.into(),
                ..Typed::default()
            };
            typed.end(now).map(|end| end.to_string())
        };
        for (days, at) in [("180", "2026-10-31T12:00"), ("730", "2028-05-03T12:00")] {
            assert!(end(days, "").unwrap().starts_with(at), "{days}");
        }
        assert!(
            end(CUSTOM, "2026-05-04")
                .unwrap()
                .starts_with("2026-05-05T00:00")
        );
        for (expires, ends, field) in [
            ("7", "", "expires"),
            (CUSTOM, "", "ends"),
            (CUSTOM, "2026-05-03", "ends"),
            (CUSTOM, "2028-06-01", "ends"),
            (CUSTOM, "tomorrow", "ends"),
        ] {
            match end(expires, ends) {
                Err(Error::Field { field: found, .. }) => assert_eq!(found, field, "{ends}"),
                other => panic!("{expires} {ends}: {other:?}"),
            }
        }
    }
}

//! *Test API Credentials* and *Save* of an API integration (part 1.3 of the Okta reference).
//!
//! A secret that was typed for a test is kept sealed in the session, so that it need not be typed again for *Save*; it
//! is never sent back to the browser.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web;

use super::applications::HERE;
use super::form::{blame, unchanged};
use super::integration::{copy, kept_name, load, secret, secret_field, wanted};
use super::{Typed, app_of, key, org_of, write_in_org};
use crate::directory::okta::apps::{self, Integration};
use crate::directory::okta::events::{self, Cause, Event, EventType, record};
use crate::error::{Error, Result};
use crate::model::okta::OktaApp;
use crate::secret::{Plain, Sealer};
use crate::store::Reads as _;
use crate::sync::okta::{Probed, probe};
use crate::web::App;
use crate::web::auth::SignedIn;
use crate::web::console::parts::{Notice, Pill, Tone};
use crate::web::rooms::entra::exchanges_shown;
use crate::web::rooms::{Answered, Done, finish, page as answer, see_other};

/// A form that was sent.
#[derive(Clone)]
struct Sent {
    id: String,
    typed: Typed,
    token: Option<Plain>,
    password: Option<Plain>,
}

impl Sent {
    /// With the secrets that were typed now, else those of the last test.
    fn new(app: &App, session: &Session, id: String, typed: Typed) -> Self {
        Self {
            token: secret(app, session, &id, "token", &typed),
            password: secret(app, session, &id, "password", &typed),
            id,
            typed,
        }
    }

    fn wanted(&self, app: &OktaApp, sealer: &Sealer) -> Result<Integration> {
        let secret = match secret_field(app, &self.typed) {
            "password" => self.password.clone(),
            _ => self.token.clone(),
        };
        wanted(app, &self.typed, secret, sealer)
    }

    /// Whether a secret need not be typed again.
    fn kept(&self, app: &OktaApp) -> bool {
        match secret_field(app, &self.typed) {
            "password" => self.password.is_some(),
            _ => self.token.is_some(),
        }
    }
}

/// Tests what was typed; none while *Enable API integration* is off and only *Save* was pressed.
async fn tested(app: &App, signed: &SignedIn, sent: &Sent, saving: bool) -> Result<Option<Probed>> {
    let (who, sent, sealer) = (signed.who(), sent.clone(), app.sealer.clone());
    app.run(move |app| {
        // The snapshot is closed before anything is sent.
        let (key, typed) = {
            let tx = app.store.read()?;
            let org = org_of(&tx, &who)?;
            let stored = app_of(&tx, &org, &sent.id)?;
            let wanted = sent.wanted(&stored, &sealer)?;
            if saving && !wanted.enabled {
                return Ok(None);
            }
            (key(&org, stored.seq), copy(&stored, &wanted)?)
        };
        Ok(Some(probe(app.agent.context(), key, typed)))
    })
    .await
}

/// A failed test stands in the System Log.
async fn tell(app: &App, signed: &SignedIn, id: &str, probed: &Probed) -> Result<()> {
    let Err(reason) = probed.result.clone() else {
        return Ok(());
    };
    let (id, exchanges) = (id.to_owned(), probed.exchanges.clone());
    write_in_org(app, signed, move |tx, org, administrator, now| {
        let target = events::app(tx.mix(), org.seq, &app_of(tx, org, &id)?);
        let event = Event::failure(EventType::ConfigurationUpdate, &reason, vec![target]);
        let cause = Cause::Administrator(administrator);
        record(tx, org.seq, cause, event, exchanges, now)?;
        Ok(())
    })
    .await
}

/// The page with what was typed, and what a test of it said or what is wrong with it.
async fn again(
    app: &App,
    signed: &SignedIn,
    status: StatusCode,
    sent: Sent,
    outcome: std::result::Result<Probed, Error>,
) -> Answered {
    let who = signed.who();
    let mut page = app
        .read(move |tx| {
            let org = org_of(tx, &who)?;
            let kept = sent.kept(&app_of(tx, &org, &sent.id)?);
            load(tx, &who, &org, &sent.id, Some((&sent.typed, kept)))
        })
        .await?;
    match outcome {
        Ok(probed) => {
            page.tested = Some(match probed.result {
                Ok(what) => Notice::new(Tone::Good, what, "Save to use these credentials."),
                Err(what) => Notice::new(Tone::Bad, what, MEND),
            });
            page.abilities = probed.capabilities.into_iter().map(ability).collect();
            let base = page.fields.first().map_or("", |field| field.value.trim());
            page.exchanges = exchanges_shown(&probed.exchanges, base);
        }
        Err(error) => blame(&mut page, error)?,
    }
    answer(status, &page)
}

/// What a test that failed advises, as the documentation of the Postman app does.
const MEND: &str = "Confirm that SCIM is enabled at the target, that the API token is correct, and that it is active.";

fn ability((what, on): (&'static str, bool)) -> (&'static str, Pill) {
    if on {
        (what, Pill::new(Tone::Good, "Supported"))
    } else {
        (what, Pill::new(Tone::Quiet, "Not selected"))
    }
}

/// *Test API Credentials*, *Test Connector Configuration*: of what was typed; nothing is saved.
pub(in crate::web::rooms) async fn test(
    app: web::Data<App>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let sent = Sent::new(&app, &session, id.into_inner(), typed.into_inner());
    for (field, secret) in [("token", &sent.token), ("password", &sent.password)] {
        if let Some(secret) = secret {
            session.insert(kept_name(&sent.id, field), app.sealer.seal(secret))?;
        }
    }
    match tested(&app, &signed, &sent, false).await {
        Ok(Some(probed)) => {
            tell(&app, &signed, &sent.id, &probed).await?;
            again(&app, &signed, StatusCode::OK, sent, Ok(probed)).await
        }
        Ok(None) => Ok(see_other(&format!(
            "{HERE}/{}/provisioning/integration",
            sent.id
        ))),
        Err(error) => {
            again(
                &app,
                &signed,
                StatusCode::UNPROCESSABLE_ENTITY,
                sent,
                Err(error),
            )
            .await
        }
    }
}

/// *Save*: credentials that fail the test are not saved, as in Okta.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let sent = Sent::new(&app, &session, id.into_inner(), typed.into_inner());
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    match tested(&app, &signed, &sent, true).await {
        Ok(Some(probed)) if probed.result.is_err() => {
            tell(&app, &signed, &sent.id, &probed).await?;
            return again(&app, &signed, refused, sent, Ok(probed)).await;
        }
        Err(error) => return again(&app, &signed, refused, sent, Err(error)).await,
        Ok(_) => {}
    }
    let (asked, sealer) = (sent.clone(), app.sealer.clone());
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked.id)?;
        unchanged(&asked.typed, &app, &app.label)?;
        let wanted = asked.wanted(&app, &sealer)?;
        let key = key(org, app.seq);
        Ok(apps::configure(tx, administrator, key, &wanted, now)?)
    })
    .await;
    match saved {
        Ok(saved) => {
            for field in ["token", "password"] {
                session.remove(&kept_name(&sent.id, field));
            }
            let (what, next) = if saved.provisioning.enabled {
                (
                    format!(
                        "{} was verified successfully, and API integration is enabled.",
                        saved.label
                    ),
                    "Choose what is sent to the app: Edit.",
                )
            } else {
                (
                    "API integration is saved, and not enabled.".to_owned(),
                    "Nothing is sent.",
                )
            };
            let back = format!("{HERE}/{}/provisioning", sent.id);
            finish(&signed, &back, Ok(Done::new(what, next)))
        }
        Err(error) => again(&app, &signed, refused, sent, Err(error)).await,
    }
}

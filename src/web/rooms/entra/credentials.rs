//! *Admin Credentials*: saving them, and *Test Connection*.
//!
//! A secret that was typed for *Test Connection* is kept sealed in the session, so that it need not be typed
//! again for *Save*; it is never sent back to the browser.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::SignedIn;
use super::super::super::console::entra::credentials::{CredentialsForm, Entered, Method};
use super::super::super::console::entra::job_settings::Notification;
use super::super::super::console::parts::{Choice, Field, Notice, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, html_with};
use super::Rates;
use super::exchanges;
use super::provisioning::{load_outbound, render};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{self, Authentication, CredentialLocation, Job, JobStatus};
use crate::secret::{Plain, Sealed, Sealer};
use crate::sync::{self, ClientCredentials, Connection, ConnectionFailure, Credentials, jobs};

/// What was posted with *Save* or *Test Connection*, to be shown again.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    form: Posted,
    secret_kept: bool,
    wrong: Option<(String, String)>,
    tested: Option<Notice>,
    exchanges: Vec<model::Exchange>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Posted {
    tenant_url: String,
    method: Method,
    secret_token: String,
    token_endpoint: String,
    client_id: String,
    client_secret: String,
    location: CredentialLocation,
    /// A script need not send it: only a page can say *Manual*.
    mode: Option<String>,
    /// A form without the field leaves it as it is.
    notification_email: Option<String>,
    notify: String,
}

impl Posted {
    /// The secret of the chosen method.
    fn secret(&self) -> &str {
        match self.method {
            Method::SecretToken => self.secret_token.trim(),
            Method::ClientCredentials => self.client_secret.trim(),
        }
    }

    /// What is stored, without its secrets.
    fn stored(job: &Job) -> Self {
        let mut form = Self {
            tenant_url: job.tenant_url.clone().unwrap_or_default(),
            ..Self::default()
        };
        if let Some(Authentication::ClientCredentials(client)) = &job.authentication {
            form.method = Method::ClientCredentials;
            form.token_endpoint.clone_from(&client.token_endpoint);
            form.client_id.clone_from(&client.client_id);
            form.location = client.location;
        }
        form
    }

    fn entered(&self) -> Entered<'_> {
        Entered {
            tenant_url: &self.tenant_url,
            method: self.method,
            token_endpoint: &self.token_endpoint,
            client_id: &self.client_id,
            location: self.location,
        }
    }
}

/// The form as it is stored, or as it was typed.
pub(super) fn form(base: &str, job: &Job, typed: Option<Typed>) -> CredentialsForm {
    let mut typed = typed.unwrap_or_else(|| Typed {
        form: Posted::stored(job),
        secret_kept: false,
        wrong: None,
        tested: None,
        exchanges: Vec::new(),
    });
    let stored = match &job.authentication {
        None => None,
        Some(Authentication::SecretToken { .. }) => Some(Method::SecretToken),
        Some(Authentication::ClientCredentials(_)) => Some(Method::ClientCredentials),
    };
    let kept = typed.secret_kept.then_some(typed.form.method);
    let mut form = CredentialsForm::new(&typed.form.entered(), stored, kept);
    form.save = format!("{base}/provisioning/credentials");
    form.test = format!("{base}/provisioning/test-connection");
    if let Some((name, detail)) = typed.wrong.take() {
        form.complain(&name, detail);
    }
    form.tested = typed.tested;
    form.exchanges = exchanges::shown(&typed.exchanges, &typed.form.tenant_url);
    form
}

const MANUAL: &str = "Manual";
const AUTOMATIC: &str = "Automatic";

/// *Provisioning Mode*: automatic from the first save on, without a way back, as in the portal.
pub(super) fn mode(job: &Job, typed: Option<&Typed>) -> Field {
    let field = Field::new("mode", "Provisioning Mode");
    let field = if job.status == JobStatus::NotConfigured {
        let typed = typed.and_then(|typed| typed.form.mode.clone());
        field
            .choices(vec![
                Choice::new(MANUAL, MANUAL),
                Choice::new(AUTOMATIC, AUTOMATIC),
            ])
            .value(typed.unwrap_or_else(|| MANUAL.into()))
            .help("Automatic provisions over HTTP, every 40 minutes and whenever you start it. Once saved, it cannot be put back to Manual.")
    } else {
        field
            .choices(vec![Choice::new(AUTOMATIC, AUTOMATIC)])
            .value(AUTOMATIC)
            .help("The agent provisions over HTTP, every 40 minutes and whenever you start it.")
    };
    complained(field, typed)
}

/// *Notification Email* and its box, as stored or typed.
pub(super) fn notification(job: &Job, typed: Option<&Typed>) -> Notification {
    let asked = typed.and_then(|t| Some((t.form.notification_email.clone()?, &t.form.notify)));
    let mut shown = match asked {
        Some((email, notify)) => Notification::new(&email, !notify.is_empty()),
        None => Notification::new(
            job.notification_email.as_deref().unwrap_or_default(),
            job.settings.notify,
        ),
    };
    shown.email = complained(shown.email, typed);
    shown
}

fn complained(field: Field, typed: Option<&Typed>) -> Field {
    match typed.and_then(|typed| typed.wrong.as_ref()) {
        Some((name, detail)) if *name == field.name => field.error(detail.clone()),
        _ => field,
    }
}

/// Refuses *Manual*.
fn check_mode(posted: &Posted, job: &Job) -> Result<()> {
    if posted.mode.as_deref().is_none_or(|mode| mode == AUTOMATIC) {
        return Ok(());
    }
    Err(Error::field(
        "mode",
        if job.status == JobStatus::NotConfigured {
            "Set the Provisioning Mode to Automatic: in Manual mode nothing is provisioned."
        } else {
            "Provisioning is Automatic and cannot be put back to Manual. Turn the Provisioning Status off instead."
        },
    ))
}

/// Name in the session of a secret that was tested and not yet saved.
fn kept_name(id: &str, method: Method) -> String {
    match method {
        Method::SecretToken => format!("tested {id}"),
        Method::ClientCredentials => format!("tested client {id}"),
    }
}

/// The secret just typed, else the one typed for the last test of this method.
fn secret(app: &App, session: &Session, id: &str, form: &Posted) -> Option<Plain> {
    if !form.secret().is_empty() {
        return Some(Plain::new(form.secret()));
    }
    let kept = session.get::<Sealed>(&kept_name(id, form.method));
    app.sealer.open(&kept.ok().flatten()?)
}

/// The credentials of the form; a secret that is not given is the stored one of the same method.
fn credentials(
    form: &Posted,
    secret: Option<Plain>,
    job: &Job,
    sealer: &Sealer,
) -> Result<Credentials> {
    let stored = job.authentication.as_ref();
    let stored = stored.and_then(|stored| Credentials::open(stored, sealer));
    Ok(match form.method {
        Method::SecretToken => {
            let stored = match stored {
                Some(Credentials::SecretToken(token)) => Some(token),
                _ => None,
            };
            let missing = || Error::field("secret_token", "Enter the Secret Token.");
            Credentials::SecretToken(secret.or(stored).ok_or_else(missing)?)
        }
        Method::ClientCredentials => {
            let stored = match stored {
                Some(Credentials::Client(client)) => Some(client.client_secret),
                _ => None,
            };
            let missing = || Error::field("client_secret", "Enter the Client Secret.");
            Credentials::Client(ClientCredentials {
                token_endpoint: form.token_endpoint.trim().to_owned(),
                client_id: form.client_id.trim().to_owned(),
                client_secret: secret.or(stored).ok_or_else(missing)?,
                location: form.location,
            })
        }
    })
}

/// *Test Connection*: shows the same page with the verdict and what was sent. Nothing is saved.
pub(in super::super) async fn test(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Posted>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let secret = secret(&app, &session, &id, &form);
    if let Some(secret) = &secret {
        session.insert(kept_name(&id, form.method), app.sealer.seal(secret))?;
    }
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let typed = tested(app, &id, form, secret)?;
            render(
                &app.store.read()?,
                &who,
                &id,
                Some(typed),
                &rates,
                app.now(),
            )
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// What an inbound job has not.
const WHAT: &str = "The section Admin Credentials";

fn tested(app: &App, id: &str, form: Posted, secret: Option<Plain>) -> Result<Typed> {
    // The snapshot is closed before anything is sent.
    let job = load_outbound(&app.store.read()?, id, WHAT)?.job;
    let secret_kept = secret.is_some();
    let checked = credentials(&form, secret, &job, &app.sealer)
        .and_then(|credentials| credentials.check().map(|()| credentials));
    let mut typed = Typed {
        form,
        secret_kept,
        wrong: None,
        tested: None,
        exchanges: Vec::new(),
    };
    let credentials = match checked {
        Ok(credentials) => credentials,
        Err(Error::Field { field, detail }) => {
            typed.wrong = Some((field.to_owned(), sentence(&detail)));
            return Ok(typed);
        }
        Err(other) => return Err(other),
    };
    let tested = Connection::new(&typed.form.tenant_url, credentials)
        .map_err(|bad| ConnectionFailure::from(sync::NoConnection::from(bad)))
        .and_then(|connection| {
            sync::test_connection(app.agent.context(), connection, &job.rules, Guid::random())
        });
    let (notice, exchanges) = match tested {
        Ok(exchanges) => {
            let done = format!("{}.", sync::SUCCESS);
            (
                Notice::new(Tone::Good, done, "Save to use them."),
                exchanges,
            )
        }
        Err(failure) => {
            let what = format!("{} ({})", failure.message, failure.code);
            (
                Notice::new(Tone::Bad, sync::INVALID, what),
                failure.exchanges,
            )
        }
    };
    typed.tested = Some(notice);
    typed.exchanges = exchanges;
    Ok(typed)
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Posted>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let secret = secret(&app, &session, &id, &form);
    let secret_kept = secret.is_some() && form.secret().is_empty();
    let now = app.now();
    let (asked, posted, sealer) = (id.clone(), form.clone(), app.sealer.clone());
    let saved = app
        .write(move |tx| {
            let loaded = load_outbound(tx, &asked, WHAT)?;
            let (key, url) = (loaded.key, &posted.tenant_url);
            check_mode(&posted, &loaded.job)?;
            let credentials = credentials(&posted, secret, &loaded.job, &sealer)?;
            let operator = who.operator()?;
            if let Some(email) = &posted.notification_email {
                jobs::set_notification(tx, operator, key, email, !posted.notify.is_empty(), now)?;
            }
            jobs::save_credentials(tx, operator, key, &sealer, url, Some(&credentials))?;
            Ok(Done::new(
                "The Admin Credentials are saved.",
                "Start provisioning when you are ready.",
            ))
        })
        .await;
    if let Err(Error::Field { field, detail }) = saved {
        let typed = Typed {
            form,
            secret_kept,
            wrong: Some((field.to_owned(), sentence(&detail))),
            tested: None,
            exchanges: Vec::new(),
        };
        let who = signed.who();
        let html = app
            .run::<_, PageFailure, _>(move |app| {
                render(
                    &app.store.read()?,
                    &who,
                    &id,
                    Some(typed),
                    &rates,
                    app.now(),
                )
            })
            .await?;
        return Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, html));
    }
    if saved.is_ok() {
        for method in [Method::SecretToken, Method::ClientCredentials] {
            session.remove(&kept_name(&id, method));
        }
    }
    finish(
        &signed,
        &format!("/entra/applications/{id}/provisioning"),
        saved,
    )
}

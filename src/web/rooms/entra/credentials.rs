//! *Admin Credentials*: saving them, and *Test Connection*.
//!
//! A token that was typed for *Test Connection* is kept sealed in the session, so that it need not be typed
//! again for *Save*; it is never sent back to the browser.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::SignedIn;
use super::super::super::console::entra::credentials::CredentialsForm;
use super::super::super::console::parts::{Notice, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, html_with};
use super::Rates;
use super::provisioning::{load, render};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::Job;
use crate::secret::{Plain, Sealed};
use crate::sync::{self, jobs};

/// What was posted with *Save* or *Test Connection*, to be shown again.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    tenant_url: String,
    token_kept: bool,
    wrong: Option<(String, String)>,
    tested: Option<Notice>,
}

/// The form as it is stored, or as it was typed.
pub(super) fn form(base: &str, job: &Job, typed: Option<Typed>) -> CredentialsForm {
    let stored = job.secret_token.is_some();
    let typed = typed.unwrap_or_else(|| Typed {
        tenant_url: job.tenant_url.clone().unwrap_or_default(),
        ..Typed::default()
    });
    let (mut tenant_url, mut secret_token) =
        CredentialsForm::fields(&typed.tenant_url, stored || typed.token_kept);
    if typed.token_kept {
        secret_token = secret_token
            .help("The token you just tested is kept until you save. Leave this empty to use it.");
    }
    if let Some((field, detail)) = typed.wrong {
        if field == tenant_url.name {
            tenant_url = tenant_url.error(detail);
        } else {
            secret_token = secret_token.error(detail);
        }
    }
    CredentialsForm {
        save: format!("{base}/provisioning/credentials"),
        test: format!("{base}/provisioning/test-connection"),
        tenant_url,
        secret_token,
        token_stored: stored,
        tested: typed.tested,
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct Credentials {
    #[serde(default)]
    tenant_url: String,
    #[serde(default)]
    secret_token: String,
}

/// Name in the session of a token that was tested and not yet saved.
fn kept_name(id: &str) -> String {
    format!("tested {id}")
}

/// The token to use: the one just typed, else the one typed for the last test; `None` means the stored one.
fn token(app: &App, session: &Session, id: &str, typed: &str) -> Option<Plain> {
    if !typed.is_empty() {
        return Some(Plain::new(typed));
    }
    let kept = session.get::<Sealed>(&kept_name(id)).ok().flatten()?;
    app.sealer.open(&kept)
}

/// *Test Connection*: shows the same page with the verdict. Nothing is saved.
pub(in super::super) async fn test(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Credentials>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let token = token(&app, &session, &id, form.secret_token.trim());
    if let Some(token) = &token {
        session.insert(kept_name(&id), app.sealer.seal(token))?;
    }
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let typed = tested(app, &id, &form, token)?;
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

fn tested(app: &App, id: &str, form: &Credentials, token: Option<Plain>) -> Result<Typed> {
    // The snapshot is closed before anything is sent.
    let job = load(&app.store.read()?, id)?.job;
    let typed = Typed {
        tenant_url: form.tenant_url.clone(),
        token_kept: token.is_some(),
        ..Typed::default()
    };
    let stored = || job.secret_token.as_ref().and_then(|s| app.sealer.open(s));
    let Some(token) = token.or_else(stored) else {
        let wrong = ("secret_token".into(), "Enter the Secret Token.".into());
        return Ok(Typed {
            wrong: Some(wrong),
            ..typed
        });
    };
    let notice = match sync::test_connection(&form.tenant_url, &token, &job.rules, Guid::random()) {
        Ok(_) => Notice::new(
            Tone::Good,
            format!("{}.", sync::SUCCESS),
            "Save to use them.",
        ),
        Err(failure) => Notice::new(Tone::Bad, sync::INVALID, failure.message),
    };
    Ok(Typed {
        tested: Some(notice),
        ..typed
    })
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Credentials>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let token = token(&app, &session, &id, form.secret_token.trim());
    let kept = token.is_some() && form.secret_token.trim().is_empty();
    let (asked, url, sealer) = (id.clone(), form.tenant_url.clone(), app.sealer.clone());
    let saved = app
        .write(move |tx| {
            let key = load(tx, &asked)?.key;
            jobs::save_credentials(tx, who.operator()?, key, &sealer, &url, token.as_ref())?;
            Ok(Done::new(
                "The Admin Credentials are saved.",
                "Start provisioning when you are ready.",
            ))
        })
        .await;
    if let Err(Error::Field { field, detail }) = saved {
        let typed = Typed {
            tenant_url: form.tenant_url,
            token_kept: kept,
            wrong: Some((field.to_owned(), sentence(&detail))),
            tested: None,
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
        session.remove(&kept_name(&id));
    }
    finish(
        &signed,
        &format!("/entra/applications/{id}/provisioning"),
        saved,
    )
}

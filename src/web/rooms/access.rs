//! Getting in and out: the one-time setup link, sign-in, sign-out.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::App;
use super::super::auth::{Attempts, local_path};
use super::super::console::access::{LoginPage, SetupPage};
use super::super::console::parts::{Moment, Notice, Tone};
use super::super::failure::{PageFailure, sentence};
use super::super::session as sessions;
use super::{Answered, page, see_other, show};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::id::Nonce;
use crate::model::Account;
use crate::provider::accounts;
use crate::secret::{PasswordHash, Plain};
use crate::store;

const WRONG: &str = "E-mail and password do not match.";
const LOCKED_OUT: &str = "Locked out? Run \"scimlab admin upsert EMAIL\" on the host.";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Arrival {
    next: String,
    signed_out: Option<String>,
}

/// The sign-in form.
pub(super) async fn login_page(
    app: web::Data<App>,
    session: Session,
    arrival: web::Query<Arrival>,
) -> Answered {
    let next = local_path(&arrival.next).to_owned();
    if sessions::account(&session).is_some() {
        return Ok(see_other(&next));
    }
    let signed_out = arrival.signed_out.is_some();
    show(&app, move |tx, _| {
        let notice = if store::accounts::nobody_can_sign_in(tx)? {
            Some(Notice::new(
                Tone::Info,
                "Nobody can sign in yet.",
                "Open the setup link that scimlab printed when it started.",
            ))
        } else {
            signed_out.then(|| Notice::new(Tone::Good, "You have signed out.", ""))
        };
        Ok(LoginPage::new("", next, notice))
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in, or says that it did not work in words that do not tell whether the address exists.
pub(super) async fn login(
    app: web::Data<App>,
    attempts: web::Data<Attempts>,
    session: Session,
    form: web::Form<Credentials>,
) -> Answered {
    let Credentials {
        email,
        password,
        next,
    } = form.into_inner();
    let next = local_path(&next).to_owned();
    let refuse = |status, what: String, mend: &str| {
        let notice = Notice::new(Tone::Bad, what, mend);
        page(status, &LoginPage::new(&email, next.as_str(), Some(notice)))
    };
    let wait = attempts.wait(&email, app.now());
    if wait > 0 {
        let what = format!("Too many tries. Wait {wait} s, then try again.");
        return refuse(StatusCode::TOO_MANY_REQUESTS, what, LOCKED_OUT);
    }
    match verified(&app, email.clone(), Plain::new(password)).await? {
        Some(account) => {
            attempts.succeeded(&email);
            let account = account.seq;
            match app
                .read(move |tx| accounts::signed_in(tx, account, None))
                .await
            {
                Ok(_) => {
                    sessions::sign_in(&session, account)?;
                    Ok(see_other(&next))
                }
                Err(Error::Forbidden { detail }) => refuse(StatusCode::FORBIDDEN, detail, ""),
                Err(error) => Err(error.into()),
            }
        }
        None => {
            attempts.failed(&email, app.now());
            refuse(StatusCode::UNAUTHORIZED, WRONG.to_owned(), LOCKED_OUT)
        }
    }
}

/// The account, if the password is its own. The snapshot is closed before the slow check.
async fn verified(app: &App, email: String, password: Plain) -> Result<Option<Account>, Error> {
    app.run(move |app| {
        let account = accounts::find_by_email(&app.store.read()?, &email)?;
        Ok(accounts::verify(account, &password))
    })
    .await
}

/// Ends the session.
pub(super) async fn logout(session: Session) -> Answered {
    session.purge();
    Ok(see_other("/login?signed_out="))
}

/// The form behind the one-time link.
pub(super) async fn setup_page(app: web::Data<App>, token: web::Path<String>) -> Answered {
    let token = Plain::new(token.into_inner());
    show(&app, move |tx, now| setup_form(tx, &token, now)).await
}

fn setup_form(
    tx: &impl store::Reads,
    token: &Plain,
    now: Timestamp,
) -> crate::error::Result<SetupPage> {
    if !accounts::may_set_up(tx, token, now)? {
        return Err(no_longer());
    }
    let expires = store::teams::setup_link(tx)?
        .map(|link| Moment::new(link.expires, now).text)
        .unwrap_or_default();
    Ok(SetupPage::new(
        format!("/setup/{}", token.expose()),
        format!("This link works once and ends {expires}."),
    ))
}

fn no_longer() -> Error {
    Error::Forbidden {
        detail: "This setup link is no longer valid. Restart scimlab for a fresh one, or run \
                 \"scimlab admin upsert EMAIL\" on the host."
            .into(),
    }
}

#[derive(Deserialize)]
pub(super) struct FirstAdministrator {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// Makes the first administrator and signs it in.
pub(super) async fn set_up(
    app: web::Data<App>,
    session: Session,
    token: web::Path<String>,
    form: web::Form<FirstAdministrator>,
) -> Answered {
    let form = form.into_inner();
    let token = Plain::new(token.into_inner());
    let (email, name) = (form.email.clone(), form.name.clone());
    let link = token.clone();
    match app
        .run(move |app| first_administrator(app, &token, form))
        .await
    {
        Ok(account) => {
            sessions::sign_in(&session, account.seq)?;
            Ok(see_other("/"))
        }
        Err(Error::Field { field, detail }) => {
            let form = app.read({
                let now = app.now();
                move |tx| setup_form(tx, &link, now)
            });
            let form = form
                .await?
                .refused(&email, &name, field, &sentence(&detail));
            page(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn first_administrator(
    app: &App,
    token: &Plain,
    form: FirstAdministrator,
) -> crate::error::Result<Account> {
    let now = app.now();
    // Asked before hashing too: nobody without the link keeps the server busy.
    if !accounts::may_set_up(&app.store.read()?, token, now)? {
        return Err(no_longer());
    }
    let differ = "The two passwords differ. Type the same one twice.";
    if form.password != form.again {
        return Err(Error::field("again", differ));
    }
    let password = PasswordHash::new(&Plain::new(form.password))
        .map_err(|refused| Error::field("password", refused.to_string()))?;
    let (token, nonce) = (token.clone(), Nonce::random());
    app.store.write(move |tx| {
        accounts::set_up(tx, &token, &form.email, &form.name, password, nonce, now)
    })
}

//! Getting in and out: the one-time setup link, sign-in, sign-out.

use std::sync::Arc;

use actix_session::Session;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::super::App;
use super::super::auth::local_path;
use super::super::console::access::{LoginPage, SetupPage};
use super::super::console::parts::{Moment, Notice, Tone};
use super::super::failure::{PageFailure, sentence};
use super::super::passwords::RETRY_AFTER_SECONDS;
use super::super::throttle::{Network, Throttle};
use super::super::{origin, session};
use super::{Answered, page, see_other, show, show_at};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::id::Nonce;
use crate::model::Account;
use crate::provider::{accounts, sessions};
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
    if session::account(&session).is_some() {
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
    /// Whether *Stay signed in* is ticked.
    #[serde(default)]
    stay: String,
}

/// Signs in, or says that it did not work in words that do not tell whether the address exists.
pub(super) async fn login(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    session: Session,
    request: HttpRequest,
    form: web::Form<Credentials>,
) -> Answered {
    let form = form.into_inner();
    let (email, stay) = (form.email, !form.stay.is_empty());
    let next = local_path(&form.next).to_owned();
    let refuse = |status, what: String, mend: &str| {
        let notice = Notice::new(Tone::Bad, what, mend);
        let form = LoginPage::new(&email, next.as_str(), Some(notice)).staying(stay);
        page(status, &form)
    };
    let network = Network::of(origin::address(&request, &app));
    let wait = throttle.wait(&email, network, app.real_now());
    if wait > 0 {
        let what = format!("Too many tries. Wait {wait} s, then try again.");
        let answer = refuse(StatusCode::TOO_MANY_REQUESTS, what, LOCKED_OUT)?;
        return Ok(come_back(answer, wait));
    }
    let from = Arc::new(origin::of(&request, &app));
    let (known, password) = (email.clone(), Plain::new(form.password));
    let verdict = match verified(&app, network, known, password).await {
        Err(Error::Store(store::Error::Busy)) => {
            let what = "Too many people are signing in right now.".to_owned();
            let mend = "Wait a few seconds, then try again.";
            let answer = refuse(StatusCode::SERVICE_UNAVAILABLE, what, mend)?;
            return Ok(come_back(answer, u64::from(RETRY_AFTER_SECONDS)));
        }
        verdict => verdict?,
    };
    match verdict {
        Verdict::Right(account) => {
            throttle.succeeded(&email, network, app.real_now());
            let (account, now, whence) = (account.seq, app.now(), Arc::clone(&from));
            let entered = app.write(move |tx| {
                let (_, member, _) = accounts::signed_in(tx, account, None)?;
                sessions::signed_in(tx, &member.coming_from(&whence), now)
            });
            match entered.await {
                Ok(()) => {
                    session::sign_in(&session, account, stay, &from)?;
                    Ok(see_other(&next))
                }
                Err(Error::Forbidden { detail }) => refuse(StatusCode::FORBIDDEN, detail, ""),
                Err(error) => Err(error.into()),
            }
        }
        Verdict::Wrong(account) => {
            let (now, recorded) = (app.now(), throttle.failed(&email, network, app.real_now()));
            if let Some(account) = account.filter(|_| recorded) {
                // Nobody waits for it: an answer that came later would tell that the address exists.
                let noted = app.submit(move |tx| sessions::failed(tx, &account, &from, now));
                drop(noted.await);
            }
            refuse(StatusCode::UNAUTHORIZED, WRONG.to_owned(), LOCKED_OUT)
        }
    }
}

/// The same answer, with the time after which to come back.
fn come_back(mut answer: HttpResponse, seconds: u64) -> HttpResponse {
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds.into());
    answer
}

/// What came of a password.
enum Verdict {
    Right(Account),
    /// With the account that it was tried on, if there is one.
    Wrong(Option<Account>),
}

/// Checks a password in its turn. The snapshot is closed before the slow check.
async fn verified(
    app: &App,
    network: Network,
    email: String,
    password: Plain,
) -> Result<Verdict, Error> {
    let known = app
        .read(move |tx| accounts::find_by_email(tx, &email))
        .await?;
    let check = move || {
        Ok(match accounts::verify(known.clone(), &password) {
            Some(account) => Verdict::Right(account),
            None => Verdict::Wrong(known),
        })
    };
    app.passwords.run(network, check).await
}

/// Ends the session.
pub(super) async fn logout(
    app: web::Data<App>,
    request: HttpRequest,
    session: Session,
) -> Answered {
    if let Some(account) = session::account(&session) {
        let (from, now) = (Arc::new(origin::of(&request, &app)), app.now());
        app.write(
            move |tx| match sessions::signed_out(tx, account, &from, now) {
                // The account went first.
                Err(Error::NotFound { .. }) => Ok(()),
                result => result,
            },
        )
        .await?;
    }
    session.purge();
    Ok(see_other("/login?signed_out="))
}

/// The form behind the one-time link.
pub(super) async fn setup_page(app: web::Data<App>, token: web::Path<String>) -> Answered {
    let token = Plain::new(token.into_inner());
    show_at(&app, app.real_now(), move |tx, now| {
        setup_form(tx, &token, now)
    })
    .await
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
    request: HttpRequest,
    token: web::Path<String>,
    form: web::Form<FirstAdministrator>,
) -> Answered {
    let form = form.into_inner();
    let network = Network::of(origin::address(&request, &app));
    let token = Plain::new(token.into_inner());
    let (email, name) = (form.email.clone(), form.name.clone());
    let link = token.clone();
    let work = {
        let app = app.clone();
        move || first_administrator(&app, &token, form)
    };
    match app.passwords.run(network, work).await {
        Ok(account) => {
            session::sign_in(&session, account.seq, false, &origin::of(&request, &app))?;
            Ok(see_other("/"))
        }
        Err(Error::Field { field, detail }) => {
            let form = app.read({
                let now = app.real_now();
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
    let now = app.real_now();
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

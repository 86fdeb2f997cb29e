//! The link of an invite: whoever opens it joins the team, with the account of the address or with a new one.
//!
//! The path is a secret. It is logged nowhere (`web::log`), no page links to it but the invite's own and its mail,
//! and links that lead nowhere all look the same.

use std::sync::Arc;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::App;
use super::super::console::Page;
use super::super::console::invitation::{InvitationOverPage, InvitationPage};
use super::super::console::parts::{Field, Link, Notice, Tone};
use super::super::failure::{PageFailure, sentence};
use super::super::throttle::{Network, Throttle};
use super::super::{origin, session as browser};
use super::{Answered, page, see_other};
use crate::error::Error;
use crate::id::{Nonce, Seq};
use crate::model::{Account, Origin};
use crate::provider::invites::{self, Opened, Opening, Way};
use crate::provider::{accounts, sessions};
use crate::scim::key::Comparison;
use crate::secret::{PASSWORD_MINIMUM, PasswordHash, Plain};
use crate::store::accounts as account_rows;

/// What the form sends; which of it, depends on how the person gets in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    name: String,
    password: String,
    again: String,
}

/// A link that was opened, and who is signed in.
struct Visit {
    opened: Opened,
    signed_in: Option<Account>,
}

async fn visit(app: &App, session: &Session, token: &str) -> Result<Visit, Error> {
    let (key, token) = (app.sealer.link_key(), Plain::new(token));
    let account = browser::account(session);
    app.read(move |tx| {
        Ok(Visit {
            opened: invites::open(tx, &key, &token)?,
            signed_in: match account {
                Some(account) => account_rows::find(tx, account)?,
                None => None,
            },
        })
    })
    .await
}

/// Whether the addressee is signed in already.
fn is_addressee(opening: &Opening, account: Option<&Account>) -> bool {
    account.is_some_and(|account| {
        Comparison::Prepared.same(&account.sign_in_name, &opening.invite.email)
    })
}

/// The page behind a link.
pub(super) async fn show(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    session: Session,
    request: HttpRequest,
    token: web::Path<String>,
) -> Answered {
    if let Some(refused) = brake(&app, &throttle, &request) {
        return refused;
    }
    let visit = visit(&app, &session, &token).await?;
    match visit.opened {
        Opened::Pending(opening) => {
            let drawn = draw(
                &opening,
                visit.signed_in.as_ref(),
                &token,
                &Answer::default(),
            );
            page(StatusCode::OK, &drawn)
        }
        over => ended(&app, &throttle, &request, &over),
    }
}

/// Links that led nowhere are counted by where they come from, under this name, which is no address.
const LINKS: &str = "links of invites";

fn network(request: &HttpRequest, app: &App) -> Network {
    Network::of(origin::address(request, app))
}

fn brake(app: &App, throttle: &Throttle, request: &HttpRequest) -> Option<Answered> {
    let wait = throttle.wait(LINKS, network(request, app), app.real_now());
    (wait > 0).then(|| {
        page(
            StatusCode::TOO_MANY_REQUESTS,
            &InvitationOverPage {
                page: Page::bare("Too many links"),
                sentence: format!(
                    "Several links from here led nowhere. Wait {wait} s, then open the link again."
                ),
                link: Link::new("Sign in", "/login"),
            },
        )
    })
}

/// A link that cannot be used any more, or never could.
fn ended(app: &App, throttle: &Throttle, request: &HttpRequest, over: &Opened) -> Answered {
    if *over == Opened::Accepted {
        return page(
            StatusCode::GONE,
            &InvitationOverPage {
                page: Page::bare("This invite was accepted"),
                sentence: "A link works once. Sign in to open the team.".into(),
                link: Link::new("Sign in", "/login"),
            },
        );
    }
    throttle.failed(LINKS, network(request, app), app.real_now());
    page(
        StatusCode::NOT_FOUND,
        &InvitationOverPage {
            page: Page::bare("This link does not work"),
            sentence: "It is not complete, or the invite was taken back. Ask for another one."
                .into(),
            link: Link::new("Sign in", "/login"),
        },
    )
}

fn draw(
    opening: &Opening,
    signed_in: Option<&Account>,
    token: &str,
    typed: &Answer,
) -> InvitationPage {
    let invite = &opening.invite;
    let path = format!("/invites/{token}");
    let here = is_addressee(opening, signed_in);
    let mut notice = signed_in.filter(|_| !here).map(|account| {
        Notice::new(
            Tone::Info,
            format!("You are signed in as {}.", account.sign_in_name),
            format!(
                "This invite is for {0}: joining signs you in as {0} instead.",
                invite.email
            ),
        )
    });
    let new_password = |name, label: &str| {
        Field::new(name, label)
            .required()
            .kind("password", "new-password")
            .max_length(1024)
    };
    let fields = match opening.way {
        _ if here => Vec::new(),
        Way::NewAccount => vec![
            Field::new("name", "Name")
                .required()
                .kind("text", "name")
                .max_length(100)
                .value(typed.name.as_str()),
            new_password("password", "Password").help(format!(
                "At least {PASSWORD_MINIMUM} characters. Length beats symbols."
            )),
            new_password("again", "Password again"),
        ],
        Way::Password => vec![
            Field::new("password", "Password")
                .required()
                .kind("password", "current-password")
                .max_length(1024)
                .help(format!("The password of {}.", invite.email)),
        ],
        Way::Elsewhere => {
            notice = Some(Notice::new(
                Tone::Warn,
                "This account has no password here: an identity provider of another team looks after it.",
                "Ask an administrator of that team, or have another address invited.",
            ));
            Vec::new()
        }
    };
    let possible = here || opening.way != Way::Elsewhere;
    InvitationPage {
        page: Page::bare(format!("Join {}", opening.team)),
        lead: format!(
            "{} invited {} to the team {}.",
            invite.by, invite.email, opening.team
        ),
        notice,
        fields,
        action: if possible {
            path.clone()
        } else {
            String::new()
        },
        dismiss: if here {
            format!("{path}/dismiss")
        } else {
            String::new()
        },
    }
}

/// Why nobody joined: what is wrong at which field, or with the whole.
enum Refused {
    Field(&'static str, String),
    Whole(StatusCode, String),
    Domain(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::Field { field, detail } => Self::Field(field, detail),
            Error::Conflict { detail, .. } => Self::Whole(StatusCode::CONFLICT, detail),
            Error::Forbidden { detail } => Self::Whole(StatusCode::FORBIDDEN, detail),
            error => Self::Domain(error),
        }
    }
}

/// *Join Team*.
pub(super) async fn join(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    session: Session,
    request: HttpRequest,
    token: web::Path<String>,
    form: web::Form<Answer>,
) -> Answered {
    if let Some(refused) = brake(&app, &throttle, &request) {
        return refused;
    }
    let answer = form.into_inner();
    let Visit { opened, signed_in } = visit(&app, &session, &token).await?;
    let Opened::Pending(opening) = opened else {
        return ended(&app, &throttle, &request, &opened);
    };
    let here = is_addressee(&opening, signed_in.as_ref());
    let from = Visitor {
        origin: Arc::new(origin::of(&request, &app)),
        network: network(&request, &app),
    };
    let joined = match (here, opening.way) {
        (true, _) => as_holder(&app, &from, &opening, signed_in.clone()).await,
        (false, Way::NewAccount) => as_somebody_new(&app, &from, &opening, &answer).await,
        (false, Way::Password) => with_password(&app, &throttle, &from, &opening, &answer).await,
        (false, Way::Elsewhere) => Err(Refused::Whole(
            StatusCode::FORBIDDEN,
            "This account cannot join here.".into(),
        )),
    };
    match joined {
        Ok(account) => {
            let (team, now) = (opening.holder.team, app.now());
            if !here {
                let whence = Arc::clone(&from.origin);
                app.write(move |tx| {
                    let (_, member, _) = accounts::signed_in(tx, account, Some(team))?;
                    sessions::signed_in(tx, &member.coming_from(&whence), now)
                })
                .await?;
                browser::sign_in(&session, account, false, &from.origin)?;
            }
            browser::open_team(&session, team)?;
            Ok(see_other("/profile"))
        }
        Err(Refused::Domain(error)) => Err(PageFailure::Domain(error)),
        Err(refused) => {
            let mut drawn = draw(&opening, signed_in.as_ref(), &token, &answer);
            let status = match refused {
                Refused::Field(field, detail) => {
                    for slot in drawn.fields.iter_mut().filter(|slot| slot.name == field) {
                        slot.error = sentence(&detail);
                    }
                    StatusCode::UNPROCESSABLE_ENTITY
                }
                Refused::Whole(status, detail) => {
                    drawn.notice = Some(Notice::new(Tone::Bad, sentence(&detail), ""));
                    status
                }
                Refused::Domain(_) => StatusCode::INTERNAL_SERVER_ERROR,
            };
            page(status, &drawn)
        }
    }
}

/// Where somebody comes from.
struct Visitor {
    origin: Arc<Origin>,
    network: Network,
}

async fn as_holder(
    app: &App,
    from: &Visitor,
    opening: &Opening,
    account: Option<Account>,
) -> Result<Seq, Refused> {
    let Some(account) = account else {
        return Err(Refused::Domain(Error::not_found("account", "")));
    };
    let (team, invite) = (opening.holder.team, opening.holder.invite);
    let (nonce, now, whence) = (Nonce::random(), app.now(), Arc::clone(&from.origin));
    app.write(move |tx| {
        let holder = accounts::holder(tx, account.seq)?.coming_from(&whence);
        invites::accept(tx, &holder, team, invite, nonce, now)?;
        Ok(account.seq)
    })
    .await
    .map_err(Refused::from)
}

async fn as_somebody_new(
    app: &App,
    from: &Visitor,
    opening: &Opening,
    answer: &Answer,
) -> Result<Seq, Refused> {
    if answer.password != answer.again {
        let differ = "The two passwords differ. Type the same one twice.";
        return Err(Refused::Field("again", differ.into()));
    }
    let plain = Plain::new(answer.password.as_str());
    let hash =
        move || PasswordHash::new(&plain).map_err(|why| Error::field("password", why.to_string()));
    let password = app.passwords.run(from.network, hash).await?;
    let (holder, name) = (opening.holder.clone(), answer.name.clone());
    let (nonce, now) = (Nonce::random(), app.now());
    let account = app
        .write(move |tx| invites::join_with_password(tx, &holder, &name, password, nonce, now))
        .await?;
    Ok(account.seq)
}

async fn with_password(
    app: &App,
    throttle: &Throttle,
    from: &Visitor,
    opening: &Opening,
    answer: &Answer,
) -> Result<Seq, Refused> {
    let email = opening.invite.email.clone();
    let wait = throttle.wait(&email, from.network, app.real_now());
    if wait > 0 {
        return Err(Refused::Whole(
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many tries. Wait {wait} s, then try again."),
        ));
    }
    let (name, password) = (email.clone(), Plain::new(answer.password.as_str()));
    let known = app
        .read(move |tx| accounts::find_by_email(tx, &name))
        .await?;
    let check = move || Ok(accounts::verify(known, &password));
    let Some(account) = app.passwords.run(from.network, check).await? else {
        throttle.failed(&email, from.network, app.real_now());
        let wrong = "That is not the password of this account.";
        return Err(Refused::Field("password", wrong.into()));
    };
    throttle.succeeded(&email, from.network, app.real_now());
    as_holder(app, from, opening, Some(account)).await
}

/// *Dismiss*: for the addressee, signed in.
pub(super) async fn dismiss(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    session: Session,
    request: HttpRequest,
    token: web::Path<String>,
) -> Answered {
    let Visit { opened, signed_in } = visit(&app, &session, &token).await?;
    let Opened::Pending(opening) = opened else {
        return ended(&app, &throttle, &request, &opened);
    };
    let Some(account) = signed_in.filter(|account| is_addressee(&opening, Some(account))) else {
        return Err(PageFailure::Domain(Error::Forbidden {
            detail: "Sign in as the person who was invited to decline.".into(),
        }));
    };
    let (team, invite, now) = (opening.holder.team, opening.holder.invite, app.now());
    app.write(move |tx| {
        let holder = accounts::holder(tx, account.seq)?;
        invites::dismiss(tx, &holder, team, invite, now)
    })
    .await?;
    Ok(see_other("/profile"))
}

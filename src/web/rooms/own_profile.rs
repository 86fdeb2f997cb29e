//! *Profile*: one's own name, password, teams and invites.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::Room;
use super::super::console::common::ConfirmPage;
use super::super::console::own_profile::{InviteLine, OwnProfilePage, TeamLine};
use super::super::console::parts::{Field, Link, Notice, Pill, Tone};
use super::super::failure::{PageFailure, sentence};
use super::super::throttle::{Network, Throttle};
use super::super::{origin, session as browser};
use super::{Answered, Done, finish, page as answer, show};
use crate::access::AccountHolder;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Account, Invite, InviteOrigin, MemberState, Role};
use crate::provider::own::{self, OwnTeam};
use crate::provider::{accounts, invites};
use crate::secret::{PASSWORD_MINIMUM, PasswordHash, Plain};
use crate::store::Reads;

const HERE: &str = "/profile";

/// The page.
pub(super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| drawn(tx, &who, None, ("", ""))).await
}

/// Whoever is signed in, as the one whose account it is.
fn holder(tx: &impl Reads, who: &Who) -> Result<AccountHolder> {
    Ok(AccountHolder {
        origin: who.member.origin.clone(),
        ..accounts::holder(tx, who.account())?
    })
}

/// `name` is what was typed, `wrong` the field that was refused, with the sentence below it.
fn drawn(
    tx: &impl Reads,
    who: &Who,
    name: Option<&str>,
    wrong: (&str, &str),
) -> Result<OwnProfilePage> {
    let holder = holder(tx, who)?;
    let account = own::account(tx, &holder)?;
    let managing = own::managed_by(tx, &holder)?;
    let teams = own::teams(tx, &holder)?;
    let waiting = invites::waiting_for(tx, &holder)?;
    let error = |field| {
        if wrong.0 == field {
            sentence(wrong.1)
        } else {
            String::new()
        }
    };
    Ok(OwnProfilePage {
        page: who.page(Room::OwnProfile, "Profile"),
        managed: managing.first().map(|team| {
            Notice::new(
                Tone::Info,
                format!("SCIM provisioning is on for {team}: your account there is managed."),
                "You cannot leave the team or change your e-mail address or password yourself. Contact a Team Admin.",
            )
        }),
        invites: waiting
            .into_iter()
            .map(|(team, name, invite)| invite_line(team, name, &invite))
            .collect(),
        name: Field::new("name", "Name")
            .required()
            .kind("text", "name")
            .max_length(100)
            .value(name.unwrap_or(&account.name))
            .error(error("name"))
            .help("What the console and mails call you. What an identity provider says of you stays."),
        email_note: email_note(&managing),
        save_name: format!("{HERE}/name"),
        password: passwords(&account, &managing, &error),
        password_blocked: blocked(&account, &managing),
        save_password: format!("{HERE}/password"),
        teams: teams.into_iter().map(team_line).collect(),
        more: vec![Link::new("API keys", super::profile::api_keys::HERE)],
        email: account.sign_in_name,
    })
}

fn email_note(managing: &[String]) -> String {
    if managing.is_empty() {
        "It is how you sign in and how teams know you, so it stays. For another one, have the new address invited \
         and leave with this one."
            .into()
    } else {
        "The identity provider looks after it. Contact a Team Admin to have it changed.".into()
    }
}

/// Why the password cannot be changed; empty when it can.
fn blocked(account: &Account, managing: &[String]) -> String {
    match managing.first() {
        Some(team) => own::password_belongs_to(team),
        None if account.password.is_none() => "This account has no password.".into(),
        None => String::new(),
    }
}

fn passwords(
    account: &Account,
    managing: &[String],
    error: &impl Fn(&'static str) -> String,
) -> Vec<Field> {
    if !blocked(account, managing).is_empty() {
        return Vec::new();
    }
    let field = |name, label: &str, kind| {
        Field::new(name, label)
            .required()
            .kind("password", kind)
            .max_length(1024)
            .error(error(name))
    };
    vec![
        field("present", "Current password", "current-password"),
        field("password", "New password", "new-password").help(format!(
            "At least {PASSWORD_MINIMUM} characters. Length beats symbols."
        )),
        field("again", "New password again", "new-password"),
    ]
}

fn team_line(team: OwnTeam) -> TeamLine {
    let labels: Vec<&str> = team.roles.iter().copied().map(Role::label).collect();
    let through = team.through.iter();
    TeamLine {
        state: match team.state {
            MemberState::Active => Pill::new(Tone::Good, "Active"),
            MemberState::Invited => Pill::new(Tone::Info, "Invited"),
            MemberState::Deactivated => Pill::new(Tone::Quiet, "Deactivated"),
        },
        own: labels.join(", "),
        through: through
            .map(|(role, group)| format!("{} through {group}", role.label()))
            .collect(),
        leave: if team.stays.is_none() {
            format!("{HERE}/teams/{}/leave", team.team)
        } else {
            String::new()
        },
        stays: team.stays.unwrap_or_default(),
        name: team.name,
    }
}

fn invite_line(team: Seq, name: String, invite: &Invite) -> InviteLine {
    let labels: Vec<&str> = invite.roles.iter().copied().map(Role::label).collect();
    let here = format!("{HERE}/invites/{team}-{}", invite.seq);
    InviteLine {
        team: name,
        by: match invite.origin {
            InviteOrigin::Console => {
                format!("{} invited you as {}.", invite.by, labels.join(", "))
            }
            InviteOrigin::Scim => "The team's identity provider wants to add you.".into(),
        },
        join: format!("{here}/join"),
        dismiss: format!("{here}/dismiss"),
    }
}

/// What the form of the name sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    name: String,
}

/// *Save name*.
pub(super) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<Named>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), form.into_inner().name);
    let (renaming, name) = (who.clone(), typed.clone());
    let done = app
        .write(move |tx| own::rename(tx, &holder(tx, &renaming)?, &name, now))
        .await;
    match done {
        Ok(()) => finish(&signed, HERE, Ok(Done::new("Your name is saved.", ""))),
        Err(Error::Field { field, detail }) => {
            let page = app
                .read(move |tx| drawn(tx, &who, Some(&typed), (field, &detail)))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// What the form of the password sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Passwords {
    present: String,
    password: String,
    again: String,
}

/// *Change password*: every session of the account ends but this one, which gets a new token.
pub(super) async fn change_password(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    session: Session,
    signed: SignedIn,
    request: HttpRequest,
    form: web::Form<Passwords>,
) -> Answered {
    let (who, now, form) = (signed.who(), app.now(), form.into_inner());
    let (seq, email) = (who.account(), who.viewer.email.clone());
    let network = Network::of(origin::address(&request, &app));
    let wait = throttle.wait(&email, network, app.real_now());
    if wait > 0 {
        let wrong = format!("Too many tries. Wait {wait} s, then try again.");
        return refused(&app, who, "present", wrong).await;
    }
    if form.password != form.again {
        let wrong = "The two passwords differ. Type the same one twice.";
        return refused(&app, who, "again", wrong.to_owned()).await;
    }
    let work = {
        let (app, who) = (app.clone(), who.clone());
        move || new_password(&app, &who, &form)
    };
    let checked = app.passwords.run(network, work).await;
    let changed = match checked {
        Ok(password) => {
            throttle.succeeded(&email, network, app.real_now());
            let changing = who.clone();
            app.write(move |tx| own::change_password(tx, &holder(tx, &changing)?, password, now))
                .await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => {
            browser::sign_in(&session, seq, false, &origin::of(&request, &app))?;
            let done = Done::new(
                "Your password is changed.",
                "All other sessions have ended.",
            );
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            if field == "present" {
                throttle.failed(&email, network, app.real_now());
            }
            refused(&app, who, field, detail).await
        }
        Err(error @ Error::Forbidden { .. }) => finish(&signed, HERE, Err(error)),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// Checks the present password and hashes the new one: tens of milliseconds each. Who may not change it is told
/// before any of that.
fn new_password(app: &App, who: &Who, form: &Passwords) -> Result<PasswordHash> {
    let present = {
        let tx = app.store.read()?;
        let holder = holder(&tx, who)?;
        if let Some(team) = own::managed_by(&tx, &holder)?.first() {
            return Err(Error::Forbidden {
                detail: own::password_belongs_to(team),
            });
        }
        own::account(&tx, &holder)?
    };
    if accounts::verify(Some(present), &Plain::new(form.present.as_str())).is_none() {
        return Err(Error::field("present", "That is not your password."));
    }
    PasswordHash::new(&Plain::new(form.password.as_str()))
        .map_err(|why| Error::field("password", why.to_string()))
}

async fn refused(app: &App, who: Who, field: &'static str, wrong: String) -> Answered {
    let page = app
        .read(move |tx| drawn(tx, &who, None, (field, &wrong)))
        .await?;
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Team", ""))
}

/// The question before one leaves a team.
pub(super) async fn ask_leave(
    app: web::Data<App>,
    signed: SignedIn,
    team: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let (holder, team) = (holder(tx, &who)?, seq(&team)?);
        let found = own::teams(tx, &holder)?
            .into_iter()
            .find(|own| own.team == team)
            .ok_or_else(|| Error::not_found("Team", team))?;
        if let Some(detail) = found.stays {
            return Err(Error::Forbidden { detail });
        }
        let mut consequences = vec![
            "You see nothing of the team any more.".to_owned(),
            "Your roles and groups there are gone; a new invite does not bring them back."
                .to_owned(),
        ];
        let keys = own::keys_that_stop(tx, &holder, team)?;
        if !keys.is_empty() {
            consequences.push(format!(
                "SCIM API keys that you made stop working with 403: {}.",
                keys.join(", ")
            ));
        }
        Ok(ConfirmPage {
            page: who
                .page(Room::OwnProfile, format!("Leave {}?", found.name))
                .under("Profile", HERE),
            lead: "You can come back with an invite only.".into(),
            consequences,
            danger: true,
            ask: None,
            action: format!("{HERE}/teams/{team}/leave"),
            submit: "Leave team".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Leave team*. Whoever leaves the last one is signed out.
pub(super) async fn leave(
    app: web::Data<App>,
    signed: SignedIn,
    team: web::Path<String>,
) -> Answered {
    let (who, team, now) = (signed.who(), seq(&team)?, app.now());
    let left = app
        .write(move |tx| own::leave(tx, &holder(tx, &who)?, team, now))
        .await;
    let done = left.map(|team| Done::new(format!("You left {}.", team.name), ""));
    finish(&signed, HERE, done)
}

/// The team and the invite that a path names.
fn invite_of(path: &str) -> Result<(Seq, Seq)> {
    path.split_once('-')
        .and_then(|(team, invite)| Some((Seq(team.parse().ok()?), Seq(invite.parse().ok()?))))
        .ok_or_else(|| Error::not_found("Invite", ""))
}

/// *Join Team*.
pub(super) async fn join(
    app: web::Data<App>,
    signed: SignedIn,
    invite: web::Path<String>,
) -> Answered {
    let (who, (team, invite)) = (signed.who(), invite_of(&invite)?);
    let (nonce, now) = (Nonce::random(), app.now());
    let joined = app
        .write(move |tx| {
            let holder = holder(tx, &who)?;
            invites::accept(tx, &holder, team, invite, nonce, now)
        })
        .await;
    let done = joined.map(|_| {
        Done::new(
            "You are on the team.",
            "Change to it with the menu of teams at the top.",
        )
    });
    finish(&signed, HERE, done)
}

/// *Dismiss*.
pub(super) async fn dismiss(
    app: web::Data<App>,
    signed: SignedIn,
    invite: web::Path<String>,
) -> Answered {
    let (who, (team, invite), now) = (signed.who(), invite_of(&invite)?, app.now());
    let gone = app
        .write(move |tx| {
            let holder = holder(tx, &who)?;
            invites::dismiss(tx, &holder, team, invite, now)
        })
        .await;
    finish(
        &signed,
        HERE,
        gone.map(|_| Done::new("The invite is declined.", "")),
    )
}

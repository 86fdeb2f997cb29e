//! *Authentication*: the SCIM provisioning toggle and the list of SCIM API keys.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Link, Moment, Pill, Tone};
use super::super::super::console::team::authentication::{AuthenticationPage, KeyRow};
use super::super::super::console::{Page, Room};
use super::super::settings::teams;
use super::super::{Answered, Done, act, page as answer, show};
use super::profile;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{KeyAccess, KeyState, ScimKey};
use crate::provider::{keys, team};
use crate::store::Reads;

pub(super) const HERE: &str = "/team/authentication";
pub(super) const NEW: &str = "/team/authentication/scim/keys/new";
const TURN_ON: &str = "/team/authentication/scim/turn-on";
const TURN_OFF: &str = "/team/authentication/scim/turn-off";

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| authentication(tx, &who, now)).await
}

fn authentication(tx: &impl Reads, who: &Who, now: Timestamp) -> Result<AuthenticationPage> {
    let team = team::get(tx, &who.member)?;
    let on = team.scim_enabled;
    let keys = keys::list(tx, &who.member.may()?)?;
    Ok(AuthenticationPage {
        page: who.page(Room::Authentication, "Authentication"),
        on,
        toggle: if on { TURN_OFF } else { TURN_ON }.to_owned(),
        toggle_blocked: String::new(),
        base_url: who.scim_base.clone(),
        profile: Link::new(teams::profile(&team.profile), profile::HERE),
        profile_about: team.profile.preset.description(),
        generate: if on { NEW } else { "" }.to_owned(),
        generate_blocked: if on {
            String::new()
        } else {
            "Turn on SCIM provisioning first.".to_owned()
        },
        keys: keys
            .iter()
            .map(|key| row(tx, who, key, now))
            .collect::<Result<_>>()?,
    })
}

fn row(tx: &impl Reads, who: &Who, key: &ScimKey, now: Timestamp) -> Result<KeyRow> {
    let opens = key.opens_at(now);
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
    Ok(KeyRow {
        name: key.name.clone(),
        ending: key.last_four.clone(),
        options: options.join(", "),
        status: match key.state(now) {
            KeyState::Active => Pill::new(Tone::Good, "ACTIVE"),
            KeyState::Retiring => Pill::new(Tone::Warn, "RETIRING"),
            KeyState::Expired => Pill::new(Tone::Warn, "EXPIRED"),
            KeyState::Revoked => Pill::new(Tone::Quiet, "REVOKED"),
        },
        expires: match key.expires {
            Some(end) if key.state(now) != KeyState::Revoked => {
                let word = if end <= now { "expired" } else { "expires" };
                Some((word, Moment::new(end, now)))
            }
            _ => None,
        },
        creator: key.created_by.clone(),
        created: Moment::new(key.created, now),
        revoke: if opens {
            revocation(key.seq)
        } else {
            String::new()
        },
    })
}

fn revocation(key: Seq) -> String {
    format!("/team/authentication/scim/keys/{key}/revoke")
}

pub(super) fn below(who: &Who, title: &str) -> Page {
    who.page(Room::Authentication, title)
        .under("Authentication", HERE)
}

/// Asks before turning on.
pub(in super::super) async fn ask_on(signed: SignedIn) -> Answered {
    let question = ConfirmPage {
        page: below(&signed.for_page(), "Turn on SCIM provisioning?"),
        lead: "An identity provider with a SCIM API key can then manage this team.".into(),
        consequences: vec![
            "People and groups are created, changed and deactivated by the identity provider."
                .into(),
            "What it manages is best changed there, not here.".into(),
            "You can turn it off again at any time. Nobody is removed by that.".into(),
        ],
        danger: false,
        ask: None,
        action: TURN_ON.into(),
        submit: "Turn On".into(),
        cancel: HERE.into(),
    };
    answer(StatusCode::OK, &question)
}

/// Asks before turning off.
pub(in super::super) async fn ask_off(signed: SignedIn) -> Answered {
    let question = ConfirmPage {
        page: below(&signed.for_page(), "Turn off SCIM provisioning?"),
        lead: "Every request of an identity provider is then answered with 403.".into(),
        consequences: vec![
            "Members and groups stay as they are, and no longer follow the identity provider."
                .into(),
            "The mock Entra agent goes into quarantine at its next cycle if it points here.".into(),
            "Keys are kept and work again once it is turned on.".into(),
        ],
        danger: true,
        ask: None,
        action: TURN_OFF.into(),
        submit: "Turn Off".into(),
        cancel: HERE.into(),
    };
    answer(StatusCode::OK, &question)
}

/// *Turn On*.
pub(in super::super) async fn turn_on(app: web::Data<App>, signed: SignedIn) -> Answered {
    act(&app, signed, HERE.into(), |tx, who, now| {
        team::set_scim_enabled(tx, &who.member.may()?, true, now)?;
        let next = "Generate a SCIM API key for the identity provider.";
        Ok(Done::new("SCIM provisioning is on.", next))
    })
    .await
}

/// *Turn Off*.
pub(in super::super) async fn turn_off(app: web::Data<App>, signed: SignedIn) -> Answered {
    act(&app, signed, HERE.into(), |tx, who, now| {
        team::set_scim_enabled(tx, &who.member.may()?, false, now)?;
        Ok(Done::new("SCIM provisioning is off.", ""))
    })
    .await
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("SCIM API key", ""))
}

/// Asks before revoking.
pub(in super::super) async fn ask_revoke(
    app: web::Data<App>,
    signed: SignedIn,
    key: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let key = keys::get(tx, &who.member.may()?, seq(&key)?)?;
        Ok(ConfirmPage {
            page: below(&who, &format!("Revoke {}?", key.name)),
            lead: format!("The key ending in {} stops working at once.", key.last_four),
            consequences: vec![
                "The next request with it is answered with 401.".into(),
                "It cannot be made valid again; generate another one instead.".into(),
            ],
            danger: true,
            ask: None,
            action: revocation(key.seq),
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

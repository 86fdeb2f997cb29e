//! *SCIM provisioning*: the toggle with its questions, and the list of keys.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Link, Toggle, counted};
use super::super::super::console::team::authentication::Section;
use super::super::super::console::team::scim::ScimPage;
use super::super::settings::teams;
use super::super::{Answered, Done, act, page as answer, show};
use super::authentication::{below, rule};
use super::{environment, keys as rows, new_key, profile};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::provider::key_uses::KeyUses;
use crate::provider::sso::{self, Readiness};
use crate::provider::{keys, team};
use crate::store::Reads;

pub(super) const HERE: &str = Section::Scim.href();
const TURN_ON: &str = "/team/authentication/scim/turn-on";
const TURN_OFF: &str = "/team/authentication/scim/turn-off";

/// The switch of SCIM provisioning; off, it can be turned on only when exactly one SSO method is in use.
pub(super) fn toggle(on: bool, readiness: Readiness) -> Toggle {
    let what = "SCIM provisioning";
    match (on, readiness) {
        (true, _) => Toggle::asking(what, true, TURN_OFF),
        (false, Readiness::Ready) => Toggle::asking(what, false, TURN_ON),
        (false, _) => Toggle::blocked(what, false),
    }
}

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    let uses = app.key_uses.clone();
    show(&app, move |tx, now| load(tx, &who, &uses, now)).await
}

fn load(tx: &impl Reads, who: &Who, uses: &KeyUses, now: Timestamp) -> Result<ScimPage> {
    let team = team::get(tx, &who.member)?;
    let readiness = sso::readiness(tx, team.seq)?;
    let blocked = match (team.scim_enabled, readiness.reason()) {
        (false, None) => "Turn on SCIM provisioning first.".to_owned(),
        (_, reason) => reason.unwrap_or_default(),
    };
    Ok(ScimPage {
        page: who.page(Room::Authentication, "Authentication"),
        tabs: Section::Scim.tabs(),
        toggle: toggle(team.scim_enabled, readiness),
        blocked: (readiness != Readiness::Ready).then(|| rule(readiness, team.scim_enabled)),
        base_url: who.scim_base.clone(),
        environment: environment::HERE.into(),
        profile: Link::new(teams::profile(&team.profile), profile::HERE),
        profile_about: team.profile.preset.description(),
        generate: if blocked.is_empty() { new_key::NEW } else { "" }.to_owned(),
        generate_blocked: blocked,
        keys: keys::list(tx, &who.member.may()?)?
            .iter()
            .map(|key| rows::row(tx, who, key, uses, now))
            .collect::<Result<_>>()?,
    })
}

/// Asks before turning on.
pub(in super::super) async fn ask_on(signed: SignedIn) -> Answered {
    let question = ConfirmPage {
        page: below(
            &signed.for_page(),
            "Turn on SCIM provisioning?",
            Section::Scim,
        ),
        lead: "An identity provider with a SCIM API key can then manage this team.".into(),
        consequences: vec![
            "People and groups are created, changed and deactivated by the identity provider."
                .into(),
            "Members can no longer leave the team, or change their e-mail address or password, on \
             their own."
                .into(),
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

/// Asks before turning off, with numbers.
pub(in super::super) async fn ask_off(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let effects = team::effects_of_turning_off(tx, &who.member.may()?, now)?;
        let keys = counted(effects.keys, "key stops", "keys stop");
        let invites = match effects.invites {
            0 => "No invite that SCIM sent is pending.".to_owned(),
            some => format!(
                "{} that SCIM sent stay and can still be accepted.",
                counted(some, "pending invite", "pending invites")
            ),
        };
        Ok(ConfirmPage {
            page: below(&who, "Turn off SCIM provisioning?", Section::Scim),
            lead: "Every request of an identity provider is then answered with 403.".into(),
            consequences: vec![
                format!(
                    "{keys} answering. Keys are kept, not deleted, and work again once it is \
                     turned on."
                ),
                invites,
                format!(
                    "{} and {} stay as they are, and no longer follow the identity provider.",
                    counted(effects.members, "member", "members"),
                    counted(effects.groups, "group", "groups")
                ),
                "Members can again leave the team and change their password.".into(),
                "The mock Entra agent goes into quarantine at its next cycle if it points here."
                    .into(),
            ],
            danger: true,
            ask: None,
            action: TURN_OFF.into(),
            submit: "Turn Off".into(),
            cancel: HERE.into(),
        })
    })
    .await
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

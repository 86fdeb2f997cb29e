//! *Authentication Methods*: the SSO methods, the built-in ones, and where SCIM provisioning stands.

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Link, Notice, Pill, Toggle, Tone, counted};
use super::super::super::console::team::authentication::{
    AuthenticationPage, BuiltInRow, MethodRow, Section,
};
use super::super::super::console::{Page, Room};
use super::super::{Answered, Done, act, show};
use super::{scim, sso as methods};
use crate::access::May;
use crate::access::permission::ManageSso;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{BuiltIn, IdentityProvider, SsoMethod};
use crate::provider::sso::{self, Readiness};
use crate::provider::{keys, team};
use crate::store::Reads;

pub(super) const HERE: &str = Section::Methods.href();

/// People counted before a number is no news any more.
const MANY: u64 = 1_000;

/// A page below this room.
pub(super) fn below(who: &Who, title: &str, section: Section) -> Page {
    let page = who
        .page(Room::Authentication, title)
        .under("Authentication", HERE);
    match section {
        Section::Methods => page,
        other => page.under(other.label(), other.href()),
    }
}

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, now)).await
}

fn load(tx: &impl Reads, who: &Who, now: Timestamp) -> Result<AuthenticationPage> {
    let may: May<ManageSso> = who.member.may()?;
    let team = team::get(tx, &may)?;
    let all = sso::list(tx, &may)?;
    let working = keys::list(tx, &who.member.may()?)?
        .iter()
        .filter(|key| key.opens_at(now))
        .count() as u64;
    Ok(AuthenticationPage {
        page: who.page(Room::Authentication, "Authentication"),
        tabs: Section::Methods.tabs(),
        add: methods::NEW.to_owned(),
        mock: if all.iter().any(SsoMethod::is_in_use) {
            String::new()
        } else {
            format!("{HERE}/methods/mock-entra")
        },
        methods: all.iter().map(row).collect(),
        rule: rule(Readiness::of(&all), team.scim_enabled),
        built_ins: BuiltIn::ALL
            .map(|method| built_in(method, !team.built_ins_off.contains(&method)))
            .into(),
        scim: scim::toggle(team.scim_enabled, Readiness::of(&all)),
        keys: Link::new(
            match working {
                0 => "Base URL and SCIM API keys".to_owned(),
                _ => format!(
                    "Base URL and {} in use",
                    counted(working, "SCIM API key", "SCIM API keys")
                ),
            },
            Section::Scim.href(),
        ),
    })
}

fn row(method: &SsoMethod) -> MethodRow {
    let href = methods::address(method);
    MethodRow {
        kind: method.kind.label(),
        provider: match &method.identity_provider {
            IdentityProvider::Unknown => "none yet".to_owned(),
            IdentityProvider::MockEntra => "the mock Entra of this appliance".to_owned(),
            IdentityProvider::Saml(details) => details.issuer.clone(),
        },
        status: status(method),
        toggle: status_toggle(method, "list"),
        delete: format!("{href}/delete"),
        name: Link::new(&method.name, href),
    }
}

pub(super) fn status(method: &SsoMethod) -> Pill {
    match (method.is_configured(), method.enabled) {
        (false, _) => Pill::new(Tone::Warn, "NOT CONFIGURED"),
        (true, true) => Pill::new(Tone::Good, "ON"),
        (true, false) => Pill::new(Tone::Quiet, "OFF"),
    }
}

/// *Status*; `from` says which page to come back to.
pub(super) fn status_toggle(method: &SsoMethod, from: &str) -> Toggle {
    if !method.is_configured() {
        return Toggle::blocked(&method.name, false);
    }
    let word = if method.enabled { "off" } else { "on" };
    let href = format!("{}/turn-{word}?from={from}", methods::address(method));
    Toggle::posting(&method.name, method.enabled, href)
}

/// The rule in one notice: whether SCIM can be turned on and keys generated, and if not, what to do.
pub(super) fn rule(readiness: Readiness, scim_on: bool) -> Notice {
    match readiness.reason() {
        None => Notice::new(
            Tone::Good,
            "Exactly one SSO method is in use, as SCIM provisioning needs.",
            "",
        ),
        Some(reason) if scim_on => Notice::new(
            Tone::Warn,
            reason,
            "SCIM provisioning stays on and its keys go on working. New keys can be generated when \
             exactly one method is in use.",
        ),
        Some(reason) => Notice::new(
            Tone::Info,
            reason,
            "SCIM provisioning can be turned on when exactly one method is in use.",
        ),
    }
}

fn built_in(method: BuiltIn, on: bool) -> BuiltInRow {
    let href = format!(
        "{HERE}/built-in/{}/turn-{}",
        method.code(),
        if on { "off" } else { "on" }
    );
    BuiltInRow {
        name: method.label(),
        about: match method {
            BuiltIn::Password => {
                "E-mail address and password. Switched off, members who are not operators of this \
                 appliance cannot sign in; operators can."
            }
            BuiltIn::Google => {
                "A setting of the team alone: this appliance does not offer sign-in with Google."
            }
        },
        toggle: if on {
            Toggle::asking(method.label(), on, href)
        } else {
            Toggle::posting(method.label(), on, href)
        },
    }
}

fn built_in_of(code: &str) -> Result<BuiltIn> {
    BuiltIn::from_code(code).ok_or_else(|| Error::not_found("Authentication method", ""))
}

/// Asks before a built-in method is switched off.
pub(in super::super) async fn ask_built_in_off(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let method = built_in_of(&method)?;
        let (lead, consequences) = match method {
            BuiltIn::Password => password_off(tx, &who)?,
            BuiltIn::Google => (
                "The team's setting is kept; this appliance does not offer sign-in with Google.",
                vec!["Nobody notices: nobody signs in with Google here.".to_owned()],
            ),
        };
        let title = format!("Switch off {}?", method.label());
        Ok(ConfirmPage {
            page: below(&who, &title, Section::Methods),
            lead: lead.to_owned(),
            consequences,
            danger: method == BuiltIn::Password,
            ask: None,
            action: format!("{HERE}/built-in/{}/turn-off", method.code()),
            submit: "Switch off".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

fn password_off(tx: &impl Reads, who: &Who) -> Result<(&'static str, Vec<String>)> {
    let members = match sso::lockout(tx, &who.member.may()?, MANY)? {
        0 => "Nobody is locked out now: whoever has a password is an operator.".to_owned(),
        MANY => format!("{MANY} members or more can no longer sign in to this team."),
        some => format!(
            "{} can no longer sign in to this team, and {} signed out at the next click.",
            counted(some, "member", "members"),
            if some == 1 { "is" } else { "are" }
        ),
    };
    let mut consequences = vec![members];
    if !who.is_operator() {
        consequences.push("You are one of them: you are not an operator.".to_owned());
    }
    consequences.extend([
        "Sign-in through the SSO methods is not offered yet: members who are no operators have no \
         other way in."
            .to_owned(),
        "Operators of this appliance go on signing in with their passwords and can switch it on \
         again. If there is none, run scimlab admin upsert EMAIL on the host."
            .to_owned(),
        "SCIM keys are not touched.".to_owned(),
    ]);
    Ok((
        "Members of this team can then not sign in with a password.",
        consequences,
    ))
}

/// Switches a built-in method off.
pub(in super::super) async fn built_in_off(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    switch_built_in(&app, signed, &method, false).await
}

/// Switches a built-in method on.
pub(in super::super) async fn built_in_on(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    switch_built_in(&app, signed, &method, true).await
}

async fn switch_built_in(app: &App, signed: SignedIn, code: &str, on: bool) -> Answered {
    let method = built_in_of(code)?;
    act(app, signed, HERE.into(), move |tx, who, now| {
        sso::set_built_in(tx, &who.member.may()?, method, on, now)?;
        let word = if on { "on" } else { "off" };
        Ok(Done::new(format!("{} is {word}.", method.label()), ""))
    })
    .await
}

/// Sets up the mock Entra as the one SSO method.
pub(in super::super) async fn use_mock_entra(app: web::Data<App>, signed: SignedIn) -> Answered {
    let instance = Guid::random();
    act(&app, signed, HERE.into(), move |tx, who, now| {
        sso::ensure_one(tx, &who.member.may()?, instance, now)?;
        Ok(Done::new(
            "The mock Entra is the team's SSO method.",
            "SCIM provisioning can be turned on now.",
        ))
    })
    .await
}

//! SSO methods: *Add Authentication Method*, and a method's page with its actions.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Choice, Fact, Field, Moment, Notice, Tone, counted};
use super::super::super::console::team::authentication::Section;
use super::super::super::console::team::sso::{MethodPage, NewMethodPage};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, exact, finish, page as answer, see_other, show};
use super::authentication::{HERE, below, status, status_toggle};
use crate::access::May;
use crate::access::permission::ManageSso;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{Certificate, IdentityProvider, SsoKind, SsoMethod};
use crate::provider::sso::{self, Readiness, Wanted};
use crate::provider::{keys, team};
use crate::secret::Plain;
use crate::store::Reads;

pub(super) const NEW: &str = "/team/authentication/methods/new";

/// A method's page.
pub(super) fn address(method: &SsoMethod) -> String {
    format!("{HERE}/methods/{}", method.seq)
}

pub(super) fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("SSO method", ""))
}

/// What the form that adds a method sends.
#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct Added {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    instance: String,
}

fn new_form(who: &Who, added: &Added, (wrong, error): (&str, &str)) -> NewMethodPage {
    let of = |field: &str| if field == wrong { error } else { "" };
    let kinds = SsoKind::ALL.map(|kind| Choice::new(kind.code(), kind.label()));
    NewMethodPage {
        page: below(who, "Add Authentication Method", Section::Methods),
        fields: vec![
            Field::new("type", "Authentication type")
                .choices(kinds.into())
                .value(added.kind.as_str())
                .error(of("type"))
                .help("All of them speak SAML 2.0."),
            Field::new("name", "Name")
                .required()
                .max_length(100)
                .value(added.name.as_str())
                .error(of("name")),
        ],
        instance: added.instance.clone(),
        action: NEW.into(),
        cancel: HERE.into(),
    }
}

/// *Add Authentication Method*.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let added = Added {
        kind: SsoKind::EntraId.code().into(),
        name: String::new(),
        instance: Guid::random().to_string(),
    };
    let page = new_form(&signed.for_page(), &added, ("", ""));
    answer(StatusCode::OK, &page)
}

/// *Continue*: adds the method and leads to its page.
pub(in super::super) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    added: web::Form<Added>,
) -> Answered {
    let (who, now, added) = (signed.who(), app.now(), added.into_inner());
    let instance = added.instance.parse().unwrap_or_else(|_| Guid::random());
    let (member, kind) = (who.member.clone(), SsoKind::from_code(&added.kind));
    let name = added.name.clone();
    let made = app
        .write(move |tx| {
            let unknown = || Error::field("type", "Choose one of the types.");
            let kind = kind.ok_or_else(unknown)?;
            sso::add(tx, &member.may()?, kind, &name, instance, now)
        })
        .await;
    match made {
        Ok(method) => Ok(see_other(&address(&method))),
        Err(Error::Field { field, detail }) => {
            let page = new_form(&who, &added, (field, &sentence(&detail)));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// What the form of a method's page sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Typed {
    revision: String,
    name: String,
    sso_url: String,
    issuer: String,
    certificate: String,
    add_new_users: String,
}

impl Typed {
    /// As the method is.
    pub(super) fn of(method: &SsoMethod) -> Self {
        let mut typed = Self {
            revision: method.revision.to_string(),
            name: method.name.clone(),
            add_new_users: if method.add_new_users { "yes" } else { "" }.to_owned(),
            ..Self::default()
        };
        if let IdentityProvider::Saml(details) = &method.identity_provider {
            typed.sso_url.clone_from(&details.sso_url);
            typed.issuer.clone_from(&details.issuer);
            typed.certificate = pem(&details.certificate);
        }
        typed
    }

    /// With what metadata says.
    pub(super) fn with(self, metadata: sso::metadata::Metadata) -> Self {
        Self {
            sso_url: metadata.sso_url,
            issuer: metadata.issuer,
            certificate: metadata.certificate,
            ..self
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            name: self.name.clone(),
            sso_url: self.sso_url.clone(),
            issuer: self.issuer.clone(),
            certificate: self.certificate.clone(),
            add_new_users: !self.add_new_users.is_empty(),
        }
    }
}

fn pem(certificate: &Certificate) -> String {
    let lines: Vec<&str> = certificate
        .base64
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        lines.join("\n")
    )
}

/// A revision that no method has: a form that lost its own is stale.
fn revision(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

/// A method's page with these values in its form; `wrong` is a field and what is wrong with it.
pub(super) fn filled(
    who: &Who,
    method: &SsoMethod,
    typed: &Typed,
    (wrong, error): (&str, &str),
    now: Timestamp,
) -> MethodPage {
    let of = |field: &str| if field == wrong { error } else { "" }.to_owned();
    let uses_mock = method.identity_provider == IdentityProvider::MockEntra;
    let text = |name: &'static str, label: &str, value: &str| {
        let field = Field::new(name, label).value(value).error(of(name));
        if uses_mock && name != "name" {
            field
        } else {
            field.required()
        }
    };
    let certificate = match &method.identity_provider {
        IdentityProvider::Saml(details) => Some(&details.certificate),
        _ => None,
    };
    MethodPage {
        page: below(who, &method.name, Section::Methods),
        status: status(method),
        toggle: status_toggle(method, "page"),
        note: None,
        revision: typed.revision.clone(),
        name: text("name", "Name", &typed.name).max_length(100),
        fields: vec![
            text("sso_url", "SSO URL", &typed.sso_url)
                .max_length(2_048)
                .help(names(method.kind).0),
            text("issuer", "Identity provider issuer", &typed.issuer)
                .max_length(1_024)
                .help(names(method.kind).1),
        ],
        certificate: typed.certificate.clone(),
        certificate_error: of("certificate"),
        certificate_facts: certificate.map(facts).unwrap_or_default(),
        certificate_warning: certificate
            .map(|certificate| warning(certificate, now))
            .unwrap_or_default(),
        add_new_users: !typed.add_new_users.is_empty(),
        uses_mock,
        uses_other: ["sso_url", "issuer", "certificate"].contains(&wrong)
            || !typed.wanted().names_no_provider(),
        offers_mock: method.kind == SsoKind::EntraId && !uses_mock,
        metadata: String::new(),
        metadata_error: of("metadata"),
        service_provider: service_provider(who.base(), method),
        relay_state: method.relay_state.clone().unwrap_or_default(),
        here: address(method),
        list: HERE,
        configured: method.is_configured(),
    }
}

/// What the vendor calls the SSO URL and the issuer.
const fn names(kind: SsoKind) -> (&'static str, &'static str) {
    match kind {
        SsoKind::EntraId => (
            "Entra calls it Login URL.",
            "Entra calls it Microsoft Entra Identifier.",
        ),
        SsoKind::Okta => (
            "Okta calls it Identity Provider Single Sign-On URL.",
            "Okta calls it Identity Provider Issuer.",
        ),
        _ => (
            "Where sign-in requests are sent.",
            "The entity id of the identity provider.",
        ),
    }
}

fn facts(certificate: &Certificate) -> Vec<Fact> {
    vec![
        Fact::text("Subject", &certificate.subject),
        Fact::text("Valid from", exact(certificate.not_before)),
        Fact::text("Valid until", exact(certificate.not_after)),
        Fact::code("SHA-256", certificate.fingerprint.replace(':', " ")),
    ]
}

fn warning(certificate: &Certificate, now: Timestamp) -> String {
    if certificate.not_after <= now {
        let when = Moment::new(certificate.not_after, now).text;
        format!("The certificate expired {when}. Ask the identity provider for its present one.")
    } else if now < certificate.not_before {
        let when = Moment::new(certificate.not_before, now).text;
        format!("The certificate is not valid yet; it will be {when}.")
    } else {
        String::new()
    }
}

/// The entity id is one for every method, as Postman's is; the addresses are the method's own.
fn service_provider(base: &str, method: &SsoMethod) -> Vec<(&'static str, &'static str, String)> {
    let own = |end: &str| format!("{base}/sso/{}/{end}", method.instance);
    vec![
        ("entity-id", "Entity ID", format!("{base}/sso")),
        ("login-url", "Login URL", own("init")),
        ("acs-url", "ACS URL", own("callback")),
    ]
}

/// A method's page.
pub(in super::super) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let method = sso::get(tx, &who.member.may()?, seq(&method)?)?;
        Ok(filled(&who, &method, &Typed::of(&method), ("", ""), now))
    })
    .await
}

/// *Save Authentication*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), typed.into_inner());
    let seq = seq(&method)?;
    let (member, wanted, seen) = (
        who.member.clone(),
        typed.wanted(),
        revision(&typed.revision),
    );
    let saved = app
        .write(move |tx| {
            let may = member.may()?;
            let method = sso::save(tx, &may, seq, seen, &wanted, now)?;
            saved(tx, &may, &method)
        })
        .await;
    match saved {
        Err(Error::Field { field, detail }) => {
            let page = app
                .read(move |tx| {
                    let method = sso::get(tx, &who.member.may()?, seq)?;
                    let wrong = (field, sentence(&detail));
                    Ok(filled(&who, &method, &typed, (wrong.0, &wrong.1), now))
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Error::Conflict {
            attribute: "revision",
            detail,
        }) => stale(&app, who, seq, detail, now).await,
        done => finish(&signed, HERE, done),
    }
}

/// What saving did, and whether SCIM can be set up now.
fn saved(tx: &impl Reads, may: &May<ManageSso>, method: &SsoMethod) -> Result<Done> {
    let word = if method.enabled { "on" } else { "off" };
    let what = format!("{} is saved and {word}.", method.name);
    let next = match (
        sso::readiness(tx, may.team)?,
        team::get(tx, may)?.scim_enabled,
    ) {
        (Readiness::Ready, false) => "SCIM provisioning can be turned on now.",
        (Readiness::Several(_), _) => {
            "More than one method is enabled: turn off all but one to set up SCIM provisioning."
        }
        _ => "",
    };
    Ok(Done::new(what, next))
}

/// Somebody changed the method since this page was read: nothing is overwritten.
async fn stale(app: &App, who: Who, seq: Seq, detail: String, now: Timestamp) -> Answered {
    let page = app
        .read(move |tx| {
            let method = sso::get(tx, &who.member.may()?, seq)?;
            let mut page = filled(&who, &method, &Typed::of(&method), ("", ""), now);
            page.note = Some(Notice::new(Tone::Warn, detail, ""));
            Ok(page)
        })
        .await?;
    answer(StatusCode::CONFLICT, &page)
}

/// What the small forms of a method's page send.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Seen {
    #[serde(default)]
    revision: String,
}

/// *Use the mock Entra*.
pub(in super::super) async fn use_mock_entra(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    seen: web::Form<Seen>,
) -> Answered {
    let (seq, seen) = (seq(&method)?, revision(&seen.revision));
    let back = format!("{HERE}/methods/{seq}");
    act(&app, signed, back, move |tx, who, now| {
        let may = who.member.may()?;
        let method = sso::use_mock_entra(tx, &may, seq, seen, now)?;
        let mut done = saved(tx, &may, &method)?;
        done.elsewhere = Some(HERE.into());
        Ok(done)
    })
    .await
}

/// *Generate relay state*.
pub(in super::super) async fn generate_relay_state(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    seen: web::Form<Seen>,
) -> Answered {
    let (seq, seen) = (seq(&method)?, revision(&seen.revision));
    let value = Plain::token();
    let back = format!("{HERE}/methods/{seq}");
    act(&app, signed, back, move |tx, who, now| {
        let value = value.expose();
        sso::generate_relay_state(tx, &who.member.may()?, seq, seen, value, now)?;
        let next = "Copy it into the identity provider.";
        Ok(Done::new("The relay state is generated.", next))
    })
    .await
}

/// Where a switch was pressed.
#[derive(Debug, Deserialize)]
pub(in super::super) struct From {
    #[serde(default)]
    from: String,
}

/// *Status*: on.
pub(in super::super) async fn turn_on(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    from: web::Query<From>,
) -> Answered {
    set_enabled(&app, signed, seq(&method)?, &from, true).await
}

/// *Status*: off.
pub(in super::super) async fn turn_off(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
    from: web::Query<From>,
) -> Answered {
    set_enabled(&app, signed, seq(&method)?, &from, false).await
}

async fn set_enabled(app: &App, signed: SignedIn, seq: Seq, from: &From, on: bool) -> Answered {
    let back = match from.from.as_str() {
        "page" => format!("{HERE}/methods/{seq}"),
        _ => HERE.to_owned(),
    };
    act(app, signed, back, move |tx, who, now| {
        let method = sso::set_enabled(tx, &who.member.may()?, seq, on, now)?;
        let word = if on { "on" } else { "off" };
        Ok(Done::new(format!("{} is {word}.", method.name), ""))
    })
    .await
}

/// Asks before deleting.
pub(in super::super) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let may: May<ManageSso> = who.member.may()?;
        let method = sso::get(tx, &may, seq(&method)?)?;
        let keys = keys::list(tx, &who.member.may()?)?
            .iter()
            .filter(|key| key.opens_at(now))
            .count() as u64;
        let mut consequences = vec![
            "Its addresses at this end lead nowhere for good; a new method gets others.".to_owned(),
            "The details of the identity provider are forgotten.".to_owned(),
        ];
        let others = sso::list(tx, &may)?;
        let others = others
            .iter()
            .filter(|other| other.seq != method.seq && other.is_in_use())
            .count();
        if others == 0 && team::get(tx, &may)?.scim_enabled {
            consequences.push(format!(
                "No SSO method is left: SCIM provisioning stays on and its keys ({}) go on \
                 working, but no key can be generated until another method is in use.",
                counted(keys, "key", "keys")
            ));
        }
        Ok(ConfirmPage {
            page: below(&who, &format!("Delete {}?", method.name), Section::Methods),
            lead: format!("The {} method is deleted.", method.kind.label()),
            consequences,
            danger: true,
            ask: None,
            action: format!("{}/delete", address(&method)),
            submit: "Delete".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Delete*.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    method: web::Path<String>,
) -> Answered {
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let method = sso::remove(tx, &who.member.may()?, seq(&method)?, now)?;
        Ok(Done::new(format!("{} is deleted.", method.name), ""))
    })
    .await
}

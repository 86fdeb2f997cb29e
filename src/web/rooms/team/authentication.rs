//! *Authentication*: the SCIM provisioning toggle and the SCIM API keys.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::{ConfirmPage, FormPage};
use super::super::super::console::parts::{Field, Moment, Pill, Tone};
use super::super::super::console::team::authentication::{AuthenticationPage, KeyPage, KeyRow};
use super::super::super::console::{Page, Room};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, page as answer, show};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{KeyStatus, ScimKey};
use crate::provider::keys::KeyOptions;
use crate::provider::{keys, team};
use crate::secret::Plain;
use crate::store::Reads;

const HERE: &str = "/team/authentication";
const NEW: &str = "/team/authentication/scim/keys/new";
const TURN_ON: &str = "/team/authentication/scim/turn-on";
const TURN_OFF: &str = "/team/authentication/scim/turn-off";

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| authentication(tx, &who, now)).await
}

fn authentication(tx: &impl Reads, who: &Who, now: Timestamp) -> Result<AuthenticationPage> {
    let on = team::get(tx, &who.member)?.scim_enabled;
    let keys = keys::list(tx, &who.member)?;
    Ok(AuthenticationPage {
        page: who.page(Room::Authentication, "Authentication"),
        on,
        toggle: if on { TURN_OFF } else { TURN_ON }.to_owned(),
        toggle_blocked: String::new(),
        base_url: who.scim_base.clone(),
        generate: if on { NEW } else { "" }.to_owned(),
        generate_blocked: if on {
            String::new()
        } else {
            "Turn on SCIM provisioning first.".to_owned()
        },
        keys: keys.iter().map(|key| row(key, now)).collect(),
    })
}

fn row(key: &ScimKey, now: Timestamp) -> KeyRow {
    let active = key.status == KeyStatus::Active;
    KeyRow {
        name: key.name.clone(),
        ending: key.last_four.clone(),
        status: if active {
            Pill::new(Tone::Good, "ACTIVE")
        } else {
            Pill::new(Tone::Quiet, "REVOKED")
        },
        creator: key.created_by.clone(),
        created: Moment::new(key.created, now),
        revoke: if active {
            revocation(key.seq)
        } else {
            String::new()
        },
    }
}

fn revocation(key: Seq) -> String {
    format!("/team/authentication/scim/keys/{key}/revoke")
}

fn below(who: &Who, title: &str) -> Page {
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
    act(&app, signed, HERE.into(), |tx, who, _| {
        team::set_scim_enabled(tx, &who.member, true)?;
        let next = "Generate a SCIM API key for the identity provider.";
        Ok(Done::new("SCIM provisioning is on.", next))
    })
    .await
}

/// *Turn Off*.
pub(in super::super) async fn turn_off(app: web::Data<App>, signed: SignedIn) -> Answered {
    act(&app, signed, HERE.into(), |tx, who, _| {
        team::set_scim_enabled(tx, &who.member, false)?;
        Ok(Done::new("SCIM provisioning is off.", ""))
    })
    .await
}

fn key_form(who: &Who, name: &str, error: &str) -> FormPage {
    FormPage {
        page: below(who, "Generate SCIM API Key"),
        lead: "Name the key after who will use it. Its value is shown once, on the next page."
            .into(),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .max_length(100)
                .value(name)
                .error(error),
        ],
        action: NEW.into(),
        submit: "Generate".into(),
        cancel: HERE.into(),
    }
}

/// The form that names a new key.
pub(in super::super) async fn new_key(signed: SignedIn) -> Answered {
    answer(StatusCode::OK, &key_form(&signed.for_page(), "", ""))
}

#[derive(Deserialize)]
pub(in super::super) struct Named {
    #[serde(default)]
    name: String,
}

/// *Generate*: answers with the one page that shows the value.
pub(in super::super) async fn generate(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<Named>,
) -> Answered {
    let (who, now, name) = (signed.who(), app.now(), form.into_inner().name);
    let plain = Plain::scim_key();
    let (member, wanted, value) = (who.member.clone(), name.clone(), plain.clone());
    let made = app
        .write(move |tx| keys::create(tx, &member, &wanted, &value, &KeyOptions::default(), now))
        .await;
    match made {
        Ok(key) => answer(
            StatusCode::OK,
            &KeyPage {
                page: below(&who, "SCIM API key generated"),
                name: key.name,
                value: plain.expose().to_owned(),
                base_url: who.scim_base.clone(),
                done: HERE.into(),
            },
        ),
        Err(Error::Field { detail, .. }) => {
            let form = key_form(&who, &name, &sentence(&detail));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
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
        let key = keys::get(tx, &who.member, seq(&key)?)?;
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
        let key = keys::revoke(tx, &who.member, seq(&key)?, now)?;
        Ok(Done::new(format!("{} is revoked.", key.name), ""))
    })
    .await
}

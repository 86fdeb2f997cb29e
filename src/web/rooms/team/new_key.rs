//! *Generate SCIM API Key*: the form with its options, and the one page that shows the value.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::FormPage;
use super::super::super::console::parts::{Choice, Field};
use super::super::super::console::team::authentication::Section;
use super::super::super::console::team::scim::KeyPage;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, page as answer, show};
use super::authentication::below;
use super::scim::HERE;
use super::{environment, once};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::KeyAccess;
use crate::provider::keys::{self, KeyOptions};
use crate::provider::team;
use crate::scim::Preset;
use crate::store::Reads;

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wanted {
    once: String,
    name: String,
    access: String,
    expires: String,
    profile: String,
    user: String,
}

pub(super) const NEW: &str = "/team/authentication/scim/keys/new";
const READ_ONLY: &str = "read-only";
const DAY: Duration = Duration::from_hours(24);

impl Wanted {
    /// What the key is to be made with.
    fn options(&self, tx: &impl Reads, who: &Who) -> Result<KeyOptions> {
        Ok(KeyOptions {
            access: match self.access.as_str() {
                READ_ONLY => KeyAccess::ReadOnly,
                "" => KeyAccess::ReadWrite,
                _ => return Err(Error::field("access", "Choose what the key may do.")),
            },
            expires: self.end()?,
            profile: match self.profile.as_str() {
                "" => None,
                name => Some(
                    name.parse()
                        .map_err(|error| Error::field("profile", format!("{error}")))?,
                ),
            },
            user: match self.user.trim() {
                "" => None,
                name => Some(keys::user_to_bind(tx, &who.member.may()?, name)?.seq),
            },
        })
    }

    /// The key works through the day that was chosen.
    fn end(&self) -> Result<Option<Timestamp>> {
        let day = self.expires.trim();
        if day.is_empty() {
            return Ok(None);
        }
        let start = (day.len() == "2030-12-31".len())
            .then(|| Timestamp::parse(&format!("{day}T00:00:00Z")).ok())
            .flatten();
        match start {
            Some(start) => Ok(Some(start.plus(DAY))),
            None => Err(Error::field(
                "expires",
                "Enter a day such as 2030-12-31, or leave it empty.",
            )),
        }
    }
}

fn form(
    tx: &impl Reads,
    who: &Who,
    wanted: &Wanted,
    (wrong, error): (&str, &str),
) -> Result<FormPage> {
    let team = team::get(tx, &who.member)?;
    let mut profiles = vec![Choice::new(
        "",
        format!("the team's ({})", team.profile.preset.as_str()),
    )];
    profiles.extend(Preset::ALL.map(|preset| Choice::new(preset.as_str(), preset.as_str())));
    let mut fields = vec![
        Field::new("name", "Name")
            .required()
            .max_length(100)
            .value(wanted.name.as_str()),
        Field::new("access", "Access")
            .choices(vec![
                Choice::new("", "read and write"),
                Choice::new(READ_ONLY, "read only"),
            ])
            .value(wanted.access.as_str())
            .help("A read only key may GET and search."),
        Field::new("expires", "Expires after")
            .kind("date", "off")
            .max_length(10)
            .value(wanted.expires.as_str())
            .help("It works through this day in UTC. Empty: until it is revoked."),
        Field::new("profile", "Profile")
            .choices(profiles)
            .value(wanted.profile.as_str())
            .help("A key with a profile of its own takes none of the team's switches."),
        Field::new("user", "Member for /Me")
            .value(wanted.user.as_str())
            .help("The userName of the member that /Me stands for. Empty: /Me is answered 501."),
        Field::new("once", "")
            .kind("hidden", "off")
            .value(wanted.once.as_str()),
    ];
    for field in &mut fields {
        if field.name == wrong {
            error.clone_into(&mut field.error);
        }
    }
    Ok(FormPage {
        page: below(who, "Generate SCIM API Key", Section::Scim),
        lead: "Name the key after who will use it. Its value is shown once, on the next page."
            .into(),
        error: None,
        fields,
        action: NEW.into(),
        submit: "Generate".into(),
        cancel: HERE.into(),
    })
}

/// The form.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    let wanted = Wanted {
        once: once::seal(&app.sealer, &who.member),
        ..Wanted::default()
    };
    show(&app, move |tx, _| {
        keys::may_generate(tx, &who.member.may()?)?;
        form(tx, &who, &wanted, ("", ""))
    })
    .await
}

/// *Generate*: answers with the one page that shows the value.
pub(in super::super) async fn generate(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), wanted.into_inner());
    let plain = once::open(&app.sealer, &who.member, &wanted.once);
    let (asking, asked, value) = (who.clone(), wanted.clone(), plain.clone());
    let made = app
        .write(move |tx| {
            let may = asking.member.may()?;
            if let Some(key) = keys::with_value(tx, &may, &value)? {
                return once::made(key, now);
            }
            let options = asked.options(tx, &asking)?;
            keys::create(tx, &may, &asked.name, &value, &options, now)
        })
        .await;
    match made {
        Ok(key) => answer(
            StatusCode::OK,
            &KeyPage {
                page: below(&who, "SCIM API key generated", Section::Scim),
                name: key.name,
                value: plain.expose().to_owned(),
                base_url: who.scim_base.clone(),
                environment: environment::HERE.into(),
                previous: String::new(),
                done: HERE.into(),
            },
        ),
        Err(Error::Field { field, detail }) => {
            let page = app
                .read(move |tx| form(tx, &who, &wanted, (field, &sentence(&detail))))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

//! *New application*: the gallery, the form that names an application, and its making.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::entra::gallery::{GalleryCard, GalleryPage};
use super::super::super::console::parts::{Field, counted};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer};
use super::{application_address, tenant_of};
use crate::error::{Error, Result};
use crate::mapping::entra::{self, INBOUND, Preset};
use crate::sync::applications::{self, Ids};
use crate::sync::jobs::Template;

const LIST: &str = "/entra/applications";
const HERE: &str = "/entra/gallery";

#[derive(Deserialize)]
pub(in super::super) struct Chosen {
    #[serde(default)]
    template: String,
}

/// The gallery, or the form of the template that was chosen in it.
pub(in super::super) async fn page(signed: SignedIn, chosen: web::Query<Chosen>) -> Answered {
    let who = signed.for_page();
    if chosen.template.is_empty() {
        return answer(StatusCode::OK, &gallery(&who));
    }
    let offer = Offer::find(&chosen.template)?;
    answer(StatusCode::OK, &form(&who, offer, offer.name(), ""))
}

/// What an application can be made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// A SCIM endpoint that is provisioned.
    Outbound(&'static Preset),
    /// *API-driven provisioning to Microsoft Entra ID*.
    Inbound,
}

impl Offer {
    fn find(id: &str) -> Result<Self> {
        if id == INBOUND {
            return Ok(Self::Inbound);
        }
        Preset::find(id)
            .map(Self::Outbound)
            .ok_or_else(|| Error::not_found("Template", ""))
    }

    fn id(self) -> &'static str {
        match self {
            Self::Outbound(preset) => preset.id,
            Self::Inbound => INBOUND,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Outbound(preset) => preset.title,
            Self::Inbound => applications::INBOUND_NAME,
        }
    }

    fn date(self) -> &'static str {
        match self {
            Self::Outbound(preset) => preset.date,
            Self::Inbound => Preset::INBOUND.date,
        }
    }

    fn notes(self) -> &'static [&'static str] {
        match self {
            Self::Outbound(preset) => preset.notes,
            Self::Inbound => Preset::INBOUND.notes,
        }
    }

    fn summary(self) -> String {
        let rules = match self {
            Self::Outbound(preset) => preset.rules(),
            Self::Inbound => entra::inbound(),
        };
        let users = counted(
            rules.users.attributes.len() as u64,
            "attribute",
            "attributes",
        );
        match self {
            Self::Outbound(_) => format!(
                "Maps {users} of users and {} of groups.",
                rules.groups.attributes.len()
            ),
            Self::Inbound => format!("Maps {users} of SCIM users to users of Microsoft Entra ID."),
        }
    }

    /// What the portal proposes.
    fn name(self) -> &'static str {
        match self {
            Self::Outbound(preset) if preset == Preset::NON_GALLERY => "",
            Self::Outbound(_) => "Postman",
            Self::Inbound => applications::INBOUND_NAME,
        }
    }
}

fn gallery(who: &Who) -> GalleryPage {
    let others = Preset::ALL
        .into_iter()
        .filter(|preset| *preset != Preset::NON_GALLERY)
        .map(Offer::Outbound);
    GalleryPage {
        page: who
            .page(Room::Applications, "New application")
            .under("Enterprise applications", LIST),
        own: card(Offer::Outbound(Preset::NON_GALLERY)),
        cards: others.chain([Offer::Inbound]).map(card).collect(),
    }
}

fn card(offer: Offer) -> GalleryCard {
    GalleryCard {
        title: offer.title().to_owned(),
        date: offer.date(),
        summary: offer.summary(),
        notes: offer.notes().to_vec(),
        choose: format!("{HERE}?template={}", offer.id()),
    }
}

fn form(who: &Who, offer: Offer, name: &str, wrong: &str) -> FormPage {
    FormPage {
        page: who
            .page(
                Room::Applications,
                format!("New application: {}", offer.title()),
            )
            .under("Enterprise applications", LIST)
            .under("New application", HERE),
        lead: format!("{} {}", offer.summary(), offer.notes().join(" ")),
        error: None,
        fields: vec![
            Field::new("name", "What's the name of your app?")
                .required()
                .value(name)
                .error(wrong),
            Field::new("template", "")
                .kind("hidden", "off")
                .value(offer.id()),
        ],
        action: HERE.into(),
        submit: "Create".into(),
        cancel: HERE.into(),
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    template: String,
}

/// *Create*: the application, its app role *User*, and its job.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, offer) = (signed.who(), app.now(), Offer::find(&wanted.template)?);
    let (writer, name, ids) = (who.clone(), wanted.name.clone(), Ids::random());
    let made = app
        .write(move |tx| {
            let (tenant, operator) = (tenant_of(tx, &writer)?.seq, writer.operator()?);
            match offer {
                Offer::Outbound(preset) => {
                    let template = Template::Of(preset);
                    applications::create(tx, operator, tenant, template, &name, ids, now)
                }
                Offer::Inbound => {
                    applications::create_inbound(tx, operator, tenant, &name, ids, now)
                }
            }
        })
        .await;
    match made {
        Ok((application, _)) => {
            let (next, below) = match offer {
                Offer::Outbound(_) => (
                    "Assign one or two people, enter the Admin Credentials, and start provisioning.",
                    "",
                ),
                Offer::Inbound => (
                    "Start provisioning, and upload to the Provisioning API endpoint.",
                    "/provisioning",
                ),
            };
            let done = Done::new(format!("{} is created.", application.display_name), next);
            let address = format!("{}{below}", application_address(&application));
            finish(&signed, &address, Ok(done))
        }
        Err(Error::Field { detail, .. }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, offer, &wanted.name, &sentence(&detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

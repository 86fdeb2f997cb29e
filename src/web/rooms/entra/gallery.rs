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
use crate::mapping::entra::Preset;
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
    let preset = find(&chosen.template)?;
    answer(StatusCode::OK, &form(&who, preset, name_of(preset), ""))
}

fn find(id: &str) -> Result<&'static Preset> {
    Preset::find(id).ok_or_else(|| Error::not_found("Template", ""))
}

fn gallery(who: &Who) -> GalleryPage {
    let others = Preset::ALL
        .into_iter()
        .filter(|preset| *preset != Preset::NON_GALLERY);
    GalleryPage {
        page: who
            .page(Room::Applications, "New application")
            .under("Enterprise applications", LIST),
        own: card(Preset::NON_GALLERY),
        cards: others.map(card).collect(),
    }
}

fn card(preset: &'static Preset) -> GalleryCard {
    GalleryCard {
        title: preset.title.to_owned(),
        date: preset.date,
        summary: summary(preset),
        notes: preset.notes.to_vec(),
        choose: format!("{HERE}?template={}", preset.id),
    }
}

fn summary(preset: &Preset) -> String {
    let rules = preset.rules();
    format!(
        "Maps {} of users and {} of groups.",
        counted(
            rules.users.attributes.len() as u64,
            "attribute",
            "attributes"
        ),
        rules.groups.attributes.len()
    )
}

/// What the portal proposes.
fn name_of(preset: &Preset) -> &'static str {
    if preset == Preset::NON_GALLERY {
        ""
    } else {
        "Postman"
    }
}

fn form(who: &Who, preset: &Preset, name: &str, wrong: &str) -> FormPage {
    FormPage {
        page: who
            .page(
                Room::Applications,
                format!("New application: {}", preset.title),
            )
            .under("Enterprise applications", LIST)
            .under("New application", HERE),
        lead: format!("{} {}", summary(preset), preset.notes.join(" ")),
        error: None,
        fields: vec![
            Field::new("name", "What's the name of your app?")
                .required()
                .value(name)
                .error(wrong),
            Field::new("template", "")
                .kind("hidden", "off")
                .value(preset.id),
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
    let (who, now, preset) = (signed.who(), app.now(), find(&wanted.template)?);
    let (writer, name, ids) = (who.clone(), wanted.name.clone(), Ids::random());
    let made = app
        .write(move |tx| {
            let (tenant, template) = (tenant_of(tx, &writer)?.seq, Template::Of(preset));
            let operator = writer.operator()?;
            applications::create(tx, operator, tenant, template, &name, ids, now)
        })
        .await;
    match made {
        Ok((application, _)) => {
            let next =
                "Assign one or two people, enter the Admin Credentials, and start provisioning.";
            let done = Done::new(format!("{} is created.", application.display_name), next);
            finish(&signed, &application_address(&application), Ok(done))
        }
        Err(Error::Field { detail, .. }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, preset, &wanted.name, &sentence(&detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

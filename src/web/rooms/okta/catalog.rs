//! *Browse App Catalog*: the templates, the form that names an app, and its making.

use actix_web::web;
use serde::Deserialize;

use super::applications::HERE as LIST;
use super::form::refused;
use super::{Addresses, show_org, write_in_org};
use crate::directory::okta::apps::{self, LABEL_LIMIT};
use crate::directory::okta::templates::{self, Signing, TEMPLATES, Template};
use crate::error::{Error, Result};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::FormPage;
use crate::web::console::okta::catalog::{CatalogCard, CatalogPage};
use crate::web::console::parts::Field;
use crate::web::rooms::{Answered, Done, finish};

/// The catalogue.
pub(super) const HERE: &str = "/okta/catalog";

/// What the form sends, and what the address of a template asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Wanted {
    template: String,
    label: String,
}

/// The catalogue, or the form of the template that was chosen in it.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    chosen: web::Query<Wanted>,
) -> Answered {
    if chosen.template.is_empty() {
        return show_org(&app, signed, move |_, who, _, _| Ok(catalog(who))).await;
    }
    let template = find(&chosen.template)?;
    show_org(&app, signed, move |_, who, _, _| {
        Ok(form(who, template, template.label))
    })
    .await
}

fn find(key: &str) -> Result<&'static Template> {
    templates::find(key).ok_or_else(|| Error::not_found("Template", ""))
}

fn catalog(who: &Who) -> CatalogPage {
    CatalogPage {
        page: who
            .page(Room::OktaApplications, "Browse App Catalog")
            .under("Applications", LIST),
        cards: TEMPLATES.iter().map(card).collect(),
    }
}

fn card(template: &Template) -> CatalogCard {
    let mut notes = vec![if template.flavour.puts() {
        "Changes, activation and groups are sent by PUT.".to_owned()
    } else {
        "Profiles are sent by PUT, activation and groups by PATCH.".to_owned()
    }];
    notes.push(if template.group_push {
        "Push Groups is there.".to_owned()
    } else {
        no_group_push(template.label)
    });
    notes.push(
        match template.signing {
            Signing::Bearer => "Requests are signed by an API token.",
            Signing::Header => "Requests carry the Authorization header that you enter.",
            Signing::Wizard => "Requests are signed by an HTTP header or by Basic Auth.",
        }
        .to_owned(),
    );
    CatalogCard {
        title: template.label,
        description: template.description,
        notes,
        choose: format!("{HERE}?template={}", template.key),
    }
}

/// Why an app has no *Push Groups*.
pub(super) fn no_group_push(label: &str) -> String {
    format!("Push Groups is not there: the {label} app supports people only.")
}

fn form(who: &Who, template: &Template, label: &str) -> FormPage {
    FormPage {
        page: who
            .page(Room::OktaApplications, format!("Add {}", template.label))
            .under("Applications", LIST)
            .under("Browse App Catalog", HERE),
        lead: template.description.into(),
        error: None,
        fields: vec![
            Field::new("label", "Application label")
                .required()
                .max_length(u16::try_from(LABEL_LIMIT).unwrap_or(u16::MAX))
                .value(label),
            Field::new("template", "")
                .kind("hidden", "off")
                .value(template.key),
        ],
        action: HERE.into(),
        submit: "Done".into(),
        cancel: HERE.into(),
    }
}

/// *Done*: the app is made.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let template = find(&wanted.template)?;
    let label = wanted.label.clone();
    let made = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let made = apps::create(tx, administrator, template, &label, now)?;
        Ok((Addresses::new(tx, org).app(made.seq), made.label))
    })
    .await;
    match made {
        Ok((address, label)) => {
            let next = "Configure its API integration, then assign people.";
            let done = Done::new(format!("{label} is added."), next);
            finish(&signed, &address, Ok(done))
        }
        Err(error) => refused(form(&signed.who(), template, &wanted.label), error),
    }
}

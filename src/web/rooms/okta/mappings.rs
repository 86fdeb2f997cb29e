//! One mapping of an app's attribute (part 2.7 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::form::{save_form, show_form, unchanged};
use super::{Addresses, Typed, app_of, key, text_of};
use crate::directory::okta::apps::{self, MappingChange};
use crate::error::{Error, Result};
use crate::model::okta::{AttributeMapping, Org, PushStatus};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

const UPDATE: &str = "update";
const CREATE: &str = "create";
const NONE: &str = "none";

/// An app and an attribute of it.
type About = (String, String);

fn form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, name): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let attribute = app
        .attribute(name)
        .ok_or_else(|| Error::not_found("Attribute", ""))?;
    let (expression, apply, known) = match (typed, &attribute.mapping) {
        (Some(typed), _) => (
            text_of(typed, "expression").to_owned(),
            text_of(typed, "apply").to_owned(),
            text_of(typed, "revision").to_owned(),
        ),
        (None, Some(mapping)) => {
            let apply = match mapping.push {
                PushStatus::Push => UPDATE,
                PushStatus::DontPush => CREATE,
            };
            (mapping.expression.clone(), apply.to_owned(), revision(&app))
        }
        (None, None) => (String::new(), NONE.to_owned(), revision(&app)),
    };
    let mut page = frame(who, &app)
        .under(&app.label, &base)
        .under("Provisioning", format!("{base}/provisioning"));
    page.title = format!("Mapping of {}", attribute.title);
    Ok(FormPage {
        page,
        lead: if attribute.external_name.is_empty() {
            format!("{name} has no external name: it is never sent.")
        } else {
            format!("{name} is sent as {}.", attribute.external_name)
        },
        error: None,
        fields: vec![
            Field::new("expression", "Expression")
                .lines(4)
                .max_length(1024)
                .expected()
                .value(expression)
                .help("In Okta Expression Language, such as user.firstName."),
            Field::new("apply", "Apply mapping on")
                .choices(vec![
                    Choice::new(UPDATE, "Apply mapping on user create and update"),
                    Choice::new(CREATE, "Apply mapping on user create only"),
                    Choice::new(NONE, "Do not map"),
                ])
                .value(apply),
            Field::new("updates", "People who are assigned already")
                .choices(vec![
                    Choice::new("", "Don't apply updates"),
                    Choice::new("now", "Apply updates now"),
                ])
                .value(typed.map_or("", |typed| text_of(typed, "updates"))),
            Field::new("revision", "")
                .kind("hidden", "off")
                .value(known),
        ],
        action: format!("{base}/provisioning/mappings/{name}"),
        submit: "Save Mapping".into(),
        cancel: format!("{base}/provisioning"),
    })
}

/// The form.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), form).await
}

fn wanted(name: &str, typed: &Typed) -> MappingChange {
    let push = match text_of(typed, "apply") {
        CREATE => Some(PushStatus::DontPush),
        NONE => None,
        _ => Some(PushStatus::Push),
    };
    MappingChange {
        attribute: name.to_owned(),
        mapping: push.map(|push| AttributeMapping {
            expression: text_of(typed, "expression").to_owned(),
            push,
        }),
    }
}

/// *Save Mapping*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/provisioning", path.0);
    let sent = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        form,
        &back,
        |tx, org, administrator, sent, now| {
            let ((id, name), typed) = sent;
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let (key, now_too) = (key(org, app.seq), text_of(typed, "updates") == "now");
            let changes = [wanted(name, typed)];
            apps::save_mappings(tx, administrator, key, &changes, now_too, now)
                .map_err(|refusal| at_expression(refusal.into()))?;
            let next = if now_too {
                "It is applied to everybody who is assigned."
            } else {
                "It holds for whoever is assigned or changed from now on."
            };
            Ok(Done::new(format!("The mapping of {name} is saved."), next))
        },
    )
    .await
}

/// A page has one expression, so what is wrong with the mappings is wrong with that.
fn at_expression(error: Error) -> Error {
    match error {
        Error::Field { detail, .. } => Error::field("expression", detail),
        other => other,
    }
}

//! One mapping of an app's attribute (part 2.7 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::{
    Addresses, Typed, app_of, is_mendable, key, org_of, refused, show_org, text_of, write_in_org,
};
use crate::directory::okta::apps::{self, MappingChange};
use crate::error::{Error, Result};
use crate::model::okta::{AttributeMapping, Org, PushStatus};
use crate::store::Reads;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::{changed_meanwhile, revision};
use crate::web::rooms::{Answered, Done, finish};

const UPDATE: &str = "update";
const CREATE: &str = "create";
const NONE: &str = "none";

fn form(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    (id, name): (&str, &str),
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
    path: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let viewer = who.clone();
    let (id, name) = path.into_inner();
    show_org(&app, &who, move |tx, org, _| {
        form(tx, &viewer, org, (&id, &name), None)
    })
    .await
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
    path: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let ((id, name), typed) = (path.into_inner(), typed.into_inner());
    let (asked, change) = (id.clone(), wanted(&name, &typed));
    let (known, now_too) = (
        typed.get("revision").cloned(),
        text_of(&typed, "updates") == "now",
    );
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked)?;
        if known.is_some_and(|known| known != revision(&app)) {
            return Err(changed_meanwhile(&app.label));
        }
        let key = key(org, app.seq);
        Ok(apps::save_mappings(
            tx,
            administrator,
            key,
            &[change],
            now_too,
            now,
        )?)
    })
    .await;
    match saved {
        Ok(_) => {
            let next = if now_too {
                "It is applied to everybody who is assigned."
            } else {
                "It holds for whoever is assigned or changed from now on."
            };
            let done = Done::new(format!("The mapping of {name} is saved."), next);
            finish(&signed, &format!("{HERE}/{id}/provisioning"), Ok(done))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let form = app
                .read(move |tx| form(tx, &who, &org_of(tx, &who)?, (&id, &name), Some(&typed)))
                .await?;
            refused(form, at_expression(error))
        }
        Err(error) => Err(error.into()),
    }
}

/// A page has one expression, so what is wrong with the mappings is wrong with that.
fn at_expression(error: Error) -> Error {
    match error {
        Error::Field { detail, .. } => Error::field("expression", detail),
        other => other,
    }
}

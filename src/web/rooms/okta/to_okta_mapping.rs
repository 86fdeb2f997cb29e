//! One mapping from an app to an attribute of Okta users (parts 2.3 and 2.7 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::form::{save_form, show_form, unchanged};
use super::{Addresses, Typed, app_of, key, text_of};
use crate::directory::okta::imports;
use crate::error::{Error, Result};
use crate::mapping::okta::USER_ATTRIBUTES;
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

/// An app and an attribute of Okta users.
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
    let here = format!("{base}/provisioning/to-okta");
    let found = imports::to_okta_mappings(&app)
        .into_iter()
        .find(|(attribute, _)| attribute == name);
    let (name, mapping) = found.ok_or_else(|| Error::not_found("Attribute", ""))?;
    let title = USER_ATTRIBUTES
        .iter()
        .find(|base| base.name == name)
        .map_or(name, |base| base.title);
    let (expression, apply, known) = match (typed, mapping) {
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
            (mapping.expression, apply.to_owned(), revision(&app))
        }
        (None, None) => (String::new(), NONE.to_owned(), revision(&app)),
    };
    let mut page = frame(who, &app)
        .under(&app.label, &base)
        .under("To Okta", &here);
    page.title = format!("Mapping of {title}");
    Ok(FormPage {
        page,
        lead: format!("{name} of Okta users is made of what the app knows."),
        error: None,
        fields: vec![
            Field::new("expression", "Expression")
                .lines(4)
                .max_length(1024)
                .expected()
                .value(expression)
                .help("In Okta Expression Language, such as appuser.givenName."),
            Field::new("apply", "Apply mapping on")
                .choices(vec![
                    Choice::new(UPDATE, "Apply mapping on user create and update"),
                    Choice::new(CREATE, "Apply mapping on user create only"),
                    Choice::new(NONE, "Do not map"),
                ])
                .value(apply),
            Field::new("revision", "")
                .kind("hidden", "off")
                .value(known),
        ],
        action: format!("{here}/mappings/{name}"),
        submit: "Save Mapping".into(),
        cancel: here,
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

fn wanted(typed: &Typed) -> Option<AttributeMapping> {
    let push = match text_of(typed, "apply") {
        CREATE => Some(PushStatus::DontPush),
        NONE => None,
        _ => Some(PushStatus::Push),
    };
    push.map(|push| AttributeMapping {
        expression: text_of(typed, "expression").to_owned(),
        push,
    })
}

/// *Save Mapping*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/provisioning/to-okta", path.0);
    let sent = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        form,
        &back,
        |tx, org, administrator, ((id, name), typed), now| {
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let (key, wanted) = (key(org, app.seq), wanted(typed));
            let wanted = wanted.as_ref();
            imports::save_to_okta_mapping(tx, administrator, key, name, wanted, now)?;
            let next = "The next import follows it.";
            Ok(Done::new("The mapping is saved.", next))
        },
    )
    .await
}

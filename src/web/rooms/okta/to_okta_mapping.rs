//! One mapping from an app to an attribute of Okta users (parts 2.3 and 2.7 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::{
    Addresses, Typed, app_of, is_mendable, key, org_of, refused, show_org, text_of, write_in_org,
};
use crate::directory::okta::imports;
use crate::error::{Error, Result};
use crate::mapping::okta::USER_ATTRIBUTES;
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
    let here = format!("{base}/provisioning/to-okta");
    let found = imports::to_okta_mappings(&app)
        .into_iter()
        .find(|(attribute, _)| *attribute == name);
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

/// *Save Mapping*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, name) = path.into_inner();
    let typed = typed.into_inner();
    let push = match text_of(&typed, "apply") {
        CREATE => Some(PushStatus::DontPush),
        NONE => None,
        _ => Some(PushStatus::Push),
    };
    let wanted = push.map(|push| AttributeMapping {
        expression: text_of(&typed, "expression").to_owned(),
        push,
    });
    let (asked, known) = ((id.clone(), name.clone()), typed.get("revision").cloned());
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked.0)?;
        if known.is_some_and(|known| known != revision(&app)) {
            return Err(changed_meanwhile(&app.label));
        }
        let (key, wanted) = (key(org, app.seq), wanted.as_ref());
        Ok(imports::save_to_okta_mapping(
            tx,
            administrator,
            key,
            &asked.1,
            wanted,
            now,
        )?)
    })
    .await;
    match saved {
        Ok(_) => {
            let done = Done::new("The mapping is saved.", "The next import follows it.");
            let back = format!("{HERE}/{id}/provisioning/to-okta");
            finish(&signed, &back, Ok(done))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let page = app
                .read(move |tx| form(tx, &who, &org_of(tx, &who)?, (&id, &name), Some(&typed)))
                .await?;
            refused(page, error)
        }
        Err(error) => Err(error.into()),
    }
}

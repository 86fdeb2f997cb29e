//! *Add Attribute*, *Edit* and *Delete* in the profile of an app's users (part 2.6 of the Okta reference).

use actix_web::web;

use super::form::{save_form, show_form, unchanged};
use super::profile_editor::{frame, of_app, title_of};
use super::profile_forms::{
    Common, first, hidden, question, restrictions, taken, title, yes, yes_or_no,
};
use super::{Addresses, Typed, act_in_org, app_of, key, show_org, text_of};
use crate::directory::okta::apps;
use crate::error::{Error, Result};
use crate::mapping::okta::{CORE, ENTERPRISE};
use crate::model::okta::{AppAttribute, AttributeScope, OktaApp, Org};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

/// App and attribute.
type About = (String, String);

fn app_attribute<'a>(app: &'a OktaApp, name: &str) -> Result<&'a AppAttribute> {
    app.attribute(name)
        .ok_or_else(|| Error::not_found("Attribute", ""))
}

fn common_of_app(attribute: &AppAttribute) -> Common {
    Common {
        data_type: attribute.data_type,
        title: attribute.title.clone(),
        name: attribute.name.clone(),
        required: attribute.required,
        values: attribute.values.clone(),
        min_length: attribute.min_length,
        max_length: attribute.max_length,
    }
}

fn app_fields(said: &Typed, new: bool) -> Vec<Field> {
    let mut fields = first(said, new);
    fields.extend([
        Field::new("externalName", "External name")
            .max_length(255)
            .value(text_of(said, "externalName"))
            .help("Where it stands in the resource, such as title or emails.^[primary==true].value. Without one it is never sent."),
        Field::new("externalNamespace", "External namespace")
            .max_length(255)
            .value(text_of(said, "externalNamespace"))
            .suggestions(vec![
                Choice::new(CORE, "Core"),
                Choice::new(ENTERPRISE, "Enterprise"),
            ])
            .help("URN of the schema that the external name belongs to."),
    ]);
    fields.extend(restrictions(said));
    fields.push(
        Field::new("personal", "User personal")
            .choices(yes_or_no())
            .value(text_of(said, "personal"))
            .help("A personal value cannot be given to a group."),
    );
    fields.push(
        Field::new("union", "Combine values across groups")
            .choices(yes_or_no())
            .value(text_of(said, "union"))
            .help("Of an array: somebody has the values of all groups that assign, and not only of the highest."),
    );
    fields
}

fn wanted_of_app(typed: &Typed, old: Option<&AppAttribute>) -> Result<AppAttribute> {
    let fixed = old.map(|old| (old.name.as_str(), old.data_type));
    let common = Common::typed(typed, fixed)?;
    Ok(AppAttribute {
        name: common.name,
        title: common.title,
        external_name: text_of(typed, "externalName").to_owned(),
        external_namespace: text_of(typed, "externalNamespace").to_owned(),
        data_type: common.data_type,
        required: common.required,
        scope: if text_of(typed, "personal") == "yes" {
            AttributeScope::SelfOnly
        } else {
            AttributeScope::None
        },
        custom: old.is_none_or(|old| old.custom),
        values: common.values,
        union: text_of(typed, "union") == "yes",
        min_length: common.min_length,
        max_length: common.max_length,
        mapping: old.and_then(|old| old.mapping.clone()),
    })
}

fn app_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, name): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let here = of_app(Addresses::new(tx, org), &app);
    let new = name.is_empty();
    let mut known = typed.map(|typed| text_of(typed, "revision").to_owned());
    let mut said = typed.cloned().unwrap_or_default();
    if !new && typed.is_none() {
        let attribute = app_attribute(&app, name)?;
        said = common_of_app(attribute).shown();
        for (field, value) in [
            ("externalName", attribute.external_name.as_str()),
            ("externalNamespace", &attribute.external_namespace),
            ("personal", yes(attribute.scope == AttributeScope::SelfOnly)),
            ("union", yes(attribute.union)),
        ] {
            said.insert(field.to_owned(), value.to_owned());
        }
        known = Some(revision(&app));
    }
    let mut fields = app_fields(&said, new);
    if !new {
        fields.push(hidden(known.unwrap_or_default()));
    }
    let title = title("Add Attribute", (!new).then_some(name.as_str()));
    Ok(FormPage {
        page: frame(who, title).under(title_of(&app), &here),
        lead:
            "What fills the attribute is its mapping, on the Provisioning tab of the application."
                .into(),
        error: None,
        fields,
        action: if new {
            format!("{here}/new")
        } else {
            format!("{here}/attributes/{name}/edit")
        },
        submit: "Save".into(),
        cancel: here,
    })
}

fn back(id: &str) -> String {
    format!("{}/{id}/profile", super::applications::HERE)
}

/// The empty form.
pub(in crate::web::rooms) async fn new_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, (id.into_inner(), String::new()), app_form).await
}

/// *Save* of a new attribute.
pub(in crate::web::rooms) async fn create_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = back(&id);
    let form = ((id.into_inner(), String::new()), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        app_form,
        &back,
        |tx, org, administrator, ((id, _), typed), now| {
            let app = app_of(tx, org, id)?;
            let wanted = wanted_of_app(typed, None)?;
            if app.attribute(&wanted.name).is_some() {
                return Err(taken());
            }
            apps::put_attribute(tx, administrator, key(org, app.seq), &wanted, now)?;
            Ok(Done::new(
                format!("{} is added.", wanted.title),
                "Map it on the Provisioning tab next.",
            ))
        },
    )
    .await
}

/// The form with what an attribute is.
pub(in crate::web::rooms) async fn edit_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), app_form).await
}

/// *Save* of an attribute.
pub(in crate::web::rooms) async fn save_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = back(&path.0);
    let form = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        app_form,
        &back,
        |tx, org, administrator, ((id, name), typed), now| {
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let wanted = wanted_of_app(typed, Some(app_attribute(&app, name)?))?;
            apps::put_attribute(tx, administrator, key(org, app.seq), &wanted, now)?;
            Ok(Done::new(format!("{} is saved.", wanted.title), ""))
        },
    )
    .await
}

/// Asks before an attribute is deleted.
pub(in crate::web::rooms) async fn ask_delete_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &path.0)?;
        let attribute = app_attribute(&app, &path.1)?;
        let here = of_app(Addresses::new(tx, org), &app);
        let title = format!("Delete {}?", attribute.title);
        let at = format!("{here}/attributes/{}", attribute.name);
        Ok(question(
            frame(who, title).under(title_of(&app), &here),
            &at,
            here,
            vec![
                "Its mapping goes with it.".into(),
                "What was sent to the application stays there.".into(),
            ],
        ))
    })
    .await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete_of_app(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    let (id, name) = path.into_inner();
    act_in_org(
        &app,
        signed,
        back(&id),
        move |tx, org, administrator, now| {
            let app = app_of(tx, org, &id)?;
            let title = app_attribute(&app, &name)?.title.clone();
            apps::remove_attribute(tx, administrator, key(org, app.seq), &name, now)?;
            Ok(Done::new(format!("{title} is deleted."), ""))
        },
    )
    .await
}

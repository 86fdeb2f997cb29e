//! `/mappings` and `/meta/schemas`: profile mappings and the schemas of profiles (part 7.2 of the Okta reference). Only
//! the mappings from users to apps are there.

use actix_web::web;
use serde_json::{Map, Value, json};

use super::body::{Body, at, inner, text};
use super::call::{Answered, Call, Reply, missing};
use super::failure::OktaFailure;
use crate::directory::okta::apps::{MappingChange, put_attribute, remove_attribute, save_mappings};
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result};
use crate::directory::okta::{orgs, user_schema};
use crate::id::OktaKind;
use crate::model::okta::{
    AppAttribute, AttributeMapping, AttributeScope, AttributeType, OktaApp, Permission, PushStatus,
    UserAttribute,
};
use crate::store::okta::apps as rows;

/// Mappings a page, and most of them.
const PAGE: (usize, usize) = (20, 200);

/// `GET /mappings`.
pub(super) async fn list(call: Call) -> Answered {
    let source = call.query("sourceId").map(str::to_owned);
    let target = call.query("targetId").map(str::to_owned);
    call.list(OktaKind::ProfileMapping, PAGE, move |org, page| {
        let fits = |app: &OktaApp| {
            source
                .as_ref()
                .is_none_or(|id| *id == org.shapes.user_type())
                && target
                    .as_ref()
                    .is_none_or(|id| *id == org.shapes.id(OktaKind::App, app.seq))
        };
        page.fill(
            |behind, count| rows::after(org.tx, org.row, behind, count),
            |app| app.seq,
            |app| Ok(fits(app).then(|| org.shapes.mapping(app, false))),
        )
    })
    .await
}

/// `GET /mappings/{id}`.
pub(super) async fn get(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| {
        let (_, app) = org.mapped_app(&id)?;
        Ok(Reply::ok(&org.shapes.mapping(&app, true)))
    })
    .await
}

/// `POST /mappings/{id}`: what is given is merged; a property or an expression that is null takes a mapping away.
pub(super) async fn update(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let properties = inner(&members, &["properties"])?.ok_or(OktaFailure::Missing("properties"))?;
    let changes: Vec<MappingChange> = properties
        .iter()
        .map(|(attribute, given)| change(attribute, given))
        .collect::<Result<_>>()?;
    call.write(move |org, administrator, now| {
        let (key, _) = org.mapped_app(&id)?;
        let saved = save_mappings(org.tx, administrator, key, &changes, false, now)?;
        Ok(Reply::ok(&org.shapes.mapping(&saved, true)))
    })
    .await
}

fn change(attribute: &str, given: &Value) -> Result<MappingChange> {
    let nothing = Map::new();
    let given = match given {
        Value::Null => &nothing,
        given => given.as_object().ok_or(Refusal::Unreadable)?,
    };
    let mapping = match text(given, &["expression"])? {
        None => None,
        Some(expression) => Some(AttributeMapping {
            expression: expression.to_owned(),
            push: match text(given, &["pushStatus"])? {
                Some("DONT_PUSH") => PushStatus::DontPush,
                None | Some("PUSH") => PushStatus::Push,
                Some(other) => {
                    let sentence = format!("{other} is neither PUSH nor DONT_PUSH");
                    return Err(Refusal::field("properties", "expression", sentence));
                }
            },
        }),
    };
    Ok(MappingChange {
        attribute: attribute.to_owned(),
        mapping,
    })
}

/// `GET /meta/schemas/user/default`, and by the id that the links of users have.
pub(super) async fn user_schema(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| {
        if *id != "default" && *id != org.shapes.user_schema_id() {
            return Err(missing("UserSchema", &id));
        }
        let found = orgs::get(org.tx, org.row)?;
        Ok(Reply::ok(&org.shapes.user_schema(&found)))
    })
    .await
}

/// `POST /meta/schemas/user/default`: custom properties are added or replaced, null takes one away. Base properties stay
/// as they are.
pub(super) async fn update_user_schema(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let properties = inner(&members, &["definitions", "custom", "properties"])?;
    let mut changes: Vec<(String, Option<UserAttribute>)> = Vec::new();
    for (name, given) in properties.into_iter().flatten() {
        match given {
            Value::Null => changes.push((name.clone(), None)),
            Value::Object(given) => {
                changes.push((name.clone(), Some(user_attribute(name, given)?)));
            }
            _ => return Err(Refusal::Unreadable.into()),
        }
    }
    call.write(move |org, administrator, now| {
        if *id != "default" && *id != org.shapes.user_schema_id() {
            return Err(Refusal::not_found("UserSchema", id.as_str()));
        }
        let mut found = orgs::get(org.tx, org.row)?;
        for (name, wanted) in changes {
            found = match wanted {
                None => user_schema::remove_attribute(org.tx, administrator, &name, now)?,
                Some(wanted) => user_schema::put_attribute(org.tx, administrator, &wanted)?,
            };
        }
        Ok(Reply::ok(&org.shapes.user_schema(&found)))
    })
    .await
}

fn user_attribute(name: &str, given: &Map<String, Value>) -> Result<UserAttribute> {
    let app = attribute(name, given)?;
    let permissions = match at(given, &["permissions"])? {
        None => &Vec::new(),
        Some(Value::Array(permissions)) => permissions,
        Some(_) => return Err(Refusal::Unreadable),
    };
    let action = permissions
        .iter()
        .find(|one| one["principal"] == "SELF")
        .and_then(|one| one["action"].as_str());
    Ok(UserAttribute {
        name: app.name,
        title: app.title,
        description: text(given, &["description"])?
            .unwrap_or_default()
            .to_owned(),
        data_type: app.data_type,
        required: app.required,
        values: app.values,
        min_length: app.min_length,
        max_length: app.max_length,
        permission: Permission::ALL
            .into_iter()
            .find(|one| Some(one.name()) == action)
            .unwrap_or_default(),
    })
}

fn length(given: &Map<String, Value>, name: &'static str) -> Result<Option<u32>> {
    match at(given, &[name])? {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .and_then(|length| u32::try_from(length).ok())
            .map(Some)
            .ok_or(Refusal::Unreadable),
    }
}

/// `GET /meta/schemas/apps/{id}/default`.
pub(super) async fn app_schema(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&org.shapes.app_schema(&org.app(&id)?.1))))
        .await
}

/// `POST /meta/schemas/apps/{id}/default`: properties are added or replaced, null takes one away.
pub(super) async fn update_app_schema(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let mut changes: Vec<(String, Option<AppAttribute>)> = Vec::new();
    for part in ["base", "custom"] {
        let properties = inner(&members, &["definitions", part, "properties"])?;
        for (name, given) in properties.into_iter().flatten() {
            match given {
                Value::Null => changes.push((name.clone(), None)),
                Value::Object(_) if part == "base" && name == "userName" => {}
                Value::Object(given) => changes.push((name.clone(), Some(attribute(name, given)?))),
                _ => return Err(Refusal::Unreadable.into()),
            }
        }
    }
    call.write(move |org, administrator, now| {
        let (key, mut app) = org.app(&id)?;
        for (name, wanted) in changes {
            app = match wanted {
                None => remove_attribute(org.tx, administrator, key, &name, now)?,
                Some(mut wanted) => {
                    // A schema says nothing of mappings: they stay.
                    let old = app.attribute(&name);
                    wanted.mapping = old.and_then(|old| old.mapping.clone());
                    put_attribute(org.tx, administrator, key, &wanted, now)?
                }
            };
        }
        Ok(Reply::ok(&org.shapes.app_schema(&app)))
    })
    .await
}

fn attribute(name: &str, given: &Map<String, Value>) -> Result<AppAttribute> {
    let items = text(given, &["items", "type"])?;
    let data_type = match (text(given, &["type"])?, items) {
        (Some("string"), _) => AttributeType::String,
        (Some("number"), _) => AttributeType::Number,
        (Some("integer"), _) => AttributeType::Integer,
        (Some("boolean"), _) => AttributeType::Boolean,
        (Some("array"), Some("string")) => AttributeType::StringArray,
        (Some("array"), Some("number")) => AttributeType::NumberArray,
        (Some("array"), Some("integer")) => AttributeType::IntegerArray,
        (None, _) => return Err(Refusal::field("definitions", "type", BLANK)),
        (Some(other), _) => {
            let sentence = format!("{name}: {other} is no type of an attribute");
            return Err(Refusal::field("definitions", "type", sentence));
        }
    };
    let values = match at(given, &["enum"])? {
        None => Vec::new(),
        Some(Value::Array(values)) => values.clone(),
        Some(_) => return Err(Refusal::Unreadable),
    };
    let required = match at(given, &["required"])? {
        None => false,
        Some(Value::Bool(required)) => *required,
        Some(_) => return Err(Refusal::Unreadable),
    };
    let told = |member: &str| text(given, &[member]).map(Option::unwrap_or_default);
    Ok(AppAttribute {
        name: name.to_owned(),
        title: text(given, &["title"])?.unwrap_or(name).to_owned(),
        external_name: told("externalName")?.to_owned(),
        external_namespace: told("externalNamespace")?.to_owned(),
        data_type,
        required,
        scope: if told("scope")? == "SELF" {
            AttributeScope::SelfOnly
        } else {
            AttributeScope::None
        },
        union: told("union")? == "ENABLE",
        custom: true,
        values,
        min_length: length(given, "minLength")?,
        max_length: length(given, "maxLength")?,
        mapping: None,
    })
}

/// `GET /meta/types/user/{id}`: the user type.
pub(super) async fn user_type(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| {
        let known = org.shapes.user_type();
        if *id != known && *id != "default" {
            return Err(missing("UserType", &id));
        }
        Ok(Reply::ok(&json!({
            "id": known, "name": "user", "displayName": "User", "default": true,
            "description": "Okta user profile template with default permission settings",
        })))
    })
    .await
}

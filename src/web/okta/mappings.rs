//! `/mappings` and `/meta/schemas`: profile mappings and the schemas of profiles (part 7.2 of the Okta reference). Only
//! the mappings from users to apps are there.

use actix_web::web;
use serde_json::{Map, Value};

use super::apps::find as find_app;
use super::call::{Answered, Call, Reply, at, missing, object, text};
use super::failure::OktaFailure;
use super::shapes::Shapes;
use crate::directory::okta::apps::{MappingChange, put_attribute, remove_attribute, save_mappings};
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{
    AppAttribute, AttributeMapping, AttributeScope, AttributeType, OktaApp, PushStatus,
};
use crate::store::Reads;
use crate::store::okta::{AppKey, apps as rows};
use crate::web::App;

fn find(tx: &impl Reads, shapes: &Shapes, org: Seq, id: &str) -> Result<(AppKey, OktaApp)> {
    if let Some(app) = shapes.row(OktaKind::ProfileMapping, id) {
        let key = AppKey { org, app };
        if let Some(found) = rows::find(tx, key)? {
            return Ok((key, found));
        }
    }
    Err(Refusal::not_found("ProfileMapping", id))
}

/// `GET /mappings`.
pub(super) async fn list(app: web::Data<App>, call: Call) -> Answered {
    let limit = call.limit(20, 200)?;
    let source = call.query("sourceId").map(str::to_owned);
    let target = call.query("targetId").map(str::to_owned);
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::ProfileMapping, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let mut all = rows::all(tx, org)?;
            all.retain(|app| {
                app.seq > after
                    && source.as_ref().is_none_or(|id| *id == shapes.user_type())
                    && target
                        .as_ref()
                        .is_none_or(|id| *id == shapes.id(OktaKind::App, app.seq))
            });
            let next = (all.len() > limit).then(|| all[limit - 1].seq);
            let items = all
                .iter()
                .take(limit)
                .map(|app| shapes.mapping(app, false))
                .collect();
            Ok((
                items,
                next.map(|last| shapes.id(OktaKind::ProfileMapping, last)),
            ))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `GET /mappings/{id}`.
pub(super) async fn get(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (_, found) = find(tx, &shapes, org, &id)?;
        Ok(Reply::ok(shapes.mapping(&found, true)))
    })
    .await
}

/// `POST /mappings/{id}`: what is given is merged; an expression that is null takes a mapping away.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let Some(Value::Object(properties)) = members.get("properties") else {
        return Err(OktaFailure::Missing("properties"));
    };
    let changes: Vec<MappingChange> = properties
        .iter()
        .map(|(attribute, given)| change(attribute, given))
        .collect::<Result<_>>()?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, _) = find(tx, &shapes, administrator.org, &id)?;
        let saved = save_mappings(tx, administrator, key, &changes, false, now)?;
        Ok(Reply::ok(shapes.mapping(&saved, true)))
    })
    .await
}

fn change(attribute: &str, given: &Value) -> Result<MappingChange> {
    let expression = given.get("expression").unwrap_or(&Value::Null);
    let mapping = match expression {
        Value::Null => None,
        Value::String(expression) => Some(AttributeMapping {
            expression: expression.clone(),
            push: match given.get("pushStatus").and_then(Value::as_str) {
                Some("DONT_PUSH") => PushStatus::DontPush,
                None | Some("PUSH") => PushStatus::Push,
                Some(other) => {
                    let sentence = format!("{other} is neither PUSH nor DONT_PUSH");
                    return Err(Refusal::field("properties", "expression", sentence));
                }
            },
        }),
        _ => return Err(Refusal::Unreadable),
    };
    Ok(MappingChange {
        attribute: attribute.to_owned(),
        mapping,
    })
}

/// `GET /meta/schemas/user/default`, and by the id that the links of users have.
pub(super) async fn user_schema(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        if *id != "default" && *id != shapes.user_schema_id() {
            return Err(missing("UserSchema", &id));
        }
        Ok(Reply::ok(shapes.user_schema()))
    })
    .await
}

/// `GET /meta/schemas/apps/{id}/default`.
pub(super) async fn app_schema(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (_, found) = find_app(tx, &shapes, org, &id)?;
        Ok(Reply::ok(shapes.app_schema(&found)))
    })
    .await
}

/// `POST /meta/schemas/apps/{id}/default`: properties are added or replaced, null takes one away.
pub(super) async fn update_app_schema(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let mut changes: Vec<(String, Option<AppAttribute>)> = Vec::new();
    for part in ["base", "custom"] {
        let Some(Value::Object(properties)) = at(&members, &["definitions", part, "properties"])
        else {
            continue;
        };
        for (name, given) in properties {
            match given {
                Value::Null => changes.push((name.clone(), None)),
                Value::Object(_) if part == "base" && name == "userName" => {}
                Value::Object(given) => changes.push((name.clone(), Some(attribute(name, given)?))),
                _ => return Err(Refusal::Unreadable.into()),
            }
        }
    }
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, mut found) = find_app(tx, &shapes, administrator.org, &id)?;
        for (name, wanted) in changes {
            found = match wanted {
                None => remove_attribute(tx, administrator, key, &name, now)?,
                Some(mut wanted) => {
                    // A schema says nothing of mappings: they stay.
                    let old = found.attribute(&name);
                    wanted.mapping = old.and_then(|old| old.mapping.clone());
                    put_attribute(tx, administrator, key, &wanted, now)?
                }
            };
        }
        Ok(Reply::ok(shapes.app_schema(&found)))
    })
    .await
}

fn attribute(
    name: &str,
    given: &Map<String, Value>,
) -> std::result::Result<AppAttribute, OktaFailure> {
    let items = at(given, &["items", "type"]).and_then(Value::as_str);
    let data_type = match (text(given, "type"), items) {
        (Some("string"), _) => AttributeType::String,
        (Some("number"), _) => AttributeType::Number,
        (Some("integer"), _) => AttributeType::Integer,
        (Some("boolean"), _) => AttributeType::Boolean,
        (Some("array"), Some("string")) => AttributeType::StringArray,
        (Some("array"), Some("number")) => AttributeType::NumberArray,
        (Some("array"), Some("integer")) => AttributeType::IntegerArray,
        (None, _) => return Err(Refusal::field("definitions", "type", BLANK).into()),
        (Some(other), _) => {
            let sentence = format!("{name}: {other} is no type of an attribute");
            return Err(Refusal::field("definitions", "type", sentence).into());
        }
    };
    let values = match given.get("enum") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.clone(),
        Some(_) => return Err(Refusal::Unreadable.into()),
    };
    Ok(AppAttribute {
        name: name.to_owned(),
        title: text(given, "title").unwrap_or(name).to_owned(),
        external_name: text(given, "externalName").unwrap_or_default().to_owned(),
        external_namespace: text(given, "externalNamespace")
            .unwrap_or_default()
            .to_owned(),
        data_type,
        required: given
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        scope: if text(given, "scope") == Some("SELF") {
            AttributeScope::SelfOnly
        } else {
            AttributeScope::None
        },
        custom: true,
        values,
        mapping: None,
    })
}

/// `GET /meta/types/user/{id}` and the list of one: the user type.
pub(super) async fn user_type(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let known = shapes.user_type();
        if *id != known && *id != "default" {
            return Err(missing("UserType", &id));
        }
        Ok(Reply::ok(serde_json::json!({
            "id": known, "name": "user", "displayName": "User", "default": true,
            "description": "Okta user profile template with default permission settings",
        })))
    })
    .await
}

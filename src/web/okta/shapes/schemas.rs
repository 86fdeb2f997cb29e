//! Schemas of profiles and the mappings between them.

use serde_json::{Map, Value, json};

use super::Shapes;
use super::apps::push_status;
use crate::id::OktaKind;
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{
    AppAttribute, AttributeScope, AttributeType, OktaApp, Org, UserAttribute,
};

const DRAFT: &str = "http://json-schema.org/draft-04/schema#";

impl Shapes {
    /// The schema of the Okta user profile.
    pub(in crate::web::okta) fn user_schema(&self, org: &Org) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for attribute in &USER_ATTRIBUTES {
            let mut property = json!({
                "title": attribute.title,
                "type": "string",
                "mutability": "READ_WRITE",
                "scope": "NONE",
                "permissions": [{ "principal": "SELF", "action": "READ_ONLY" }],
                "master": { "type": "PROFILE_MASTER" },
            });
            if let Some(longest) = attribute.max_length {
                property["maxLength"] = longest.into();
            }
            if attribute.required {
                property["required"] = true.into();
                property["minLength"] = 1.into();
                required.push(attribute.name);
            }
            properties.insert(attribute.name.to_owned(), property);
        }
        let custom: Map<String, Value> = org
            .attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), custom(attribute)))
            .collect();
        let required_too: Vec<&str> = org
            .attributes
            .iter()
            .filter(|attribute| attribute.required)
            .map(|attribute| attribute.name.as_str())
            .collect();
        json!({
            "id": format!("{}/meta/schemas/user/default", self.base),
            "$schema": DRAFT,
            "name": "user",
            "title": "User",
            "type": "object",
            "definitions": {
                "base": { "id": "#base", "type": "object", "properties": properties, "required": required },
                "custom": { "id": "#custom", "type": "object", "properties": custom, "required": required_too },
            },
            "properties": { "profile": { "allOf": [
                { "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" },
            ] } },
        })
    }

    /// The schema of an app's users.
    pub(in crate::web::okta) fn app_schema(&self, app: &OktaApp) -> Value {
        let id = self.id(OktaKind::App, app.seq);
        let part = |custom: bool| {
            let all: Vec<&AppAttribute> = app
                .attributes
                .iter()
                .filter(|attribute| attribute.custom == custom)
                .collect();
            let mut properties: Map<String, Value> = all
                .iter()
                .map(|attribute| (attribute.name.clone(), property(attribute)))
                .collect();
            let mut required: Vec<&str> = all
                .iter()
                .filter(|attribute| attribute.required)
                .map(|attribute| attribute.name.as_str())
                .collect();
            if !custom {
                properties.insert(
                    "userName".into(),
                    json!({
                        "title": "Username", "type": "string", "required": true, "scope": "NONE",
                        "maxLength": 255, "master": { "type": "PROFILE_MASTER" },
                    }),
                );
                required.push("userName");
            }
            let name = if custom { "#custom" } else { "#base" };
            json!({ "id": name, "type": "object", "properties": properties, "required": required })
        };
        json!({
            "id": format!("{}/meta/schemas/apps/{id}/default", self.base),
            "$schema": DRAFT,
            "name": app.name,
            "title": format!("{} User", app.label),
            "type": "object",
            "definitions": { "base": part(false), "custom": part(true) },
            "properties": { "profile": { "allOf": [
                { "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" },
            ] } },
        })
    }

    /// The mapping from users to an app; lists show it without its properties.
    pub(in crate::web::okta) fn mapping(&self, app: &OktaApp, alone: bool) -> Value {
        let id = self.id(OktaKind::ProfileMapping, app.seq);
        let app_id = self.id(OktaKind::App, app.seq);
        let source = self.user_type();
        let schema = self.user_schema_id();
        let mut shown = json!({
            "id": id,
            "source": {
                "id": source, "name": "user", "type": "user",
                "_links": {
                    "self": self.href(&format!("meta/types/user/{source}")),
                    "schema": self.href(&format!("meta/schemas/user/{schema}")),
                },
            },
            "target": {
                "id": app_id, "name": app.name, "type": "appuser",
                "_links": {
                    "self": self.href(&format!("apps/{app_id}")),
                    "schema": self.href(&format!("meta/schemas/apps/{app_id}/default")),
                },
            },
        });
        if alone {
            let properties: Map<String, Value> = app
                .attributes
                .iter()
                .filter_map(|attribute| {
                    let mapping = attribute.mapping.as_ref()?;
                    let shown = json!({
                        "expression": mapping.expression,
                        "pushStatus": push_status(mapping.push),
                    });
                    Some((attribute.name.clone(), shown))
                })
                .collect();
            shown["properties"] = properties.into();
        }
        shown["_links"] = json!({ "self": self.href(&format!("mappings/{id}")) });
        shown
    }
}

/// A custom attribute of the Okta user.
fn custom(attribute: &UserAttribute) -> Value {
    let (kind, items) = kinds(attribute.data_type);
    let action = attribute.permission.name();
    let mut property = json!({
        "title": attribute.title,
        "type": kind,
        "mutability": "READ_WRITE",
        "scope": "NONE",
        "permissions": [{ "principal": "SELF", "action": action }],
        "master": { "type": "PROFILE_MASTER" },
    });
    if !attribute.description.is_empty() {
        property["description"] = attribute.description.as_str().into();
    }
    if attribute.required {
        property["required"] = true.into();
    }
    if let Some(items) = items {
        property["items"] = json!({ "type": items });
    }
    restrict(
        &mut property,
        &attribute.values,
        (attribute.min_length, attribute.max_length),
    );
    property
}

fn restrict(property: &mut Value, values: &[Value], lengths: (Option<u32>, Option<u32>)) {
    if !values.is_empty() {
        property["enum"] = values.to_vec().into();
    }
    if let Some(least) = lengths.0 {
        property["minLength"] = least.into();
    }
    if let Some(most) = lengths.1 {
        property["maxLength"] = most.into();
    }
}

fn property(attribute: &AppAttribute) -> Value {
    let (kind, items) = kinds(attribute.data_type);
    let mut property = json!({
        "title": attribute.title,
        "type": kind,
        "externalName": attribute.external_name,
        "externalNamespace": attribute.external_namespace,
        "scope": match attribute.scope {
            AttributeScope::SelfOnly => "SELF",
            AttributeScope::None => "NONE",
        },
        "mutability": "READ_WRITE",
        "master": { "type": "PROFILE_MASTER" },
    });
    if attribute.required {
        property["required"] = true.into();
    }
    if let Some(items) = items {
        property["items"] = json!({ "type": items });
        property["union"] = if attribute.union { "ENABLE" } else { "DISABLE" }.into();
    }
    restrict(
        &mut property,
        &attribute.values,
        (attribute.min_length, attribute.max_length),
    );
    property
}

/// `type`, and that of the elements of an array.
pub(in crate::web::okta) fn kinds(kind: AttributeType) -> (&'static str, Option<&'static str>) {
    match kind {
        AttributeType::String => ("string", None),
        AttributeType::Number => ("number", None),
        AttributeType::Integer => ("integer", None),
        AttributeType::Boolean => ("boolean", None),
        AttributeType::StringArray => ("array", Some("string")),
        AttributeType::NumberArray => ("array", Some("number")),
        AttributeType::IntegerArray => ("array", Some("integer")),
    }
}

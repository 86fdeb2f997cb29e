//! Schema discovery: the answer of a target's `GET /Schemas` as a target attribute list.
//!
//! Follows the table in Microsoft's "Schema discovery" of gallery applications: a complex attribute
//! becomes its sub-attributes, an attribute with several values becomes one entry for each canonical
//! type and sub-attribute, references are left out.

use serde_json::{Map, Value as Json};

use super::attributes::{AttributeType, ObjectKind};
use super::definition::{AttributeDefinition, Mutability};
use super::object::MOST_DEFINITIONS;
use super::target::{CORE_GROUP, CORE_USER};

/// Why an answer is no list of schemas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// It has no resources.
    #[error("the answer of /Schemas has no list of schemas under 'Resources'")]
    NoResources,
    /// The schema of the object is not among them.
    #[error("the answer of /Schemas has no schema {0}")]
    NoSchema(&'static str),
    /// There are more attributes than any target has.
    #[error("the schemas have more than {MOST_DEFINITIONS} attributes")]
    TooMany,
}

/// The attributes of users or groups in the answer to `GET /Schemas`: a list response, or a bare list.
/// Every schema that is not a core schema counts as an extension of users when its URN ends in `:User`,
/// of groups when it ends in `:Group`.
///
/// # Errors
/// When the answer is not one, or lacks the core schema.
pub fn discover(
    kind: ObjectKind,
    answer: &Json,
) -> Result<Vec<AttributeDefinition>, DiscoveryError> {
    let schemas = answer
        .as_array()
        .or_else(|| member(answer.as_object()?, "Resources")?.as_array())
        .ok_or(DiscoveryError::NoResources)?;
    let core = match kind {
        ObjectKind::User => CORE_USER,
        ObjectKind::Group => CORE_GROUP,
    };
    let tail = format!(":{}", kind.name().to_ascii_lowercase());
    let mut list = Vec::new();
    let mut has_core = false;
    for schema in schemas.iter().filter_map(Json::as_object) {
        let Some(id) = text(schema, "id") else {
            continue;
        };
        let is_core = id.eq_ignore_ascii_case(core);
        has_core |= is_core;
        if !is_core && !id.to_ascii_lowercase().ends_with(&tail) {
            continue;
        }
        let prefix = if is_core {
            String::new()
        } else {
            format!("{id}:")
        };
        for attribute in attributes(schema, "attributes") {
            flatten(&prefix, attribute, &mut list);
            if list.len() > MOST_DEFINITIONS {
                return Err(DiscoveryError::TooMany);
            }
        }
    }
    if !has_core {
        return Err(DiscoveryError::NoSchema(core));
    }
    let mut seen = std::collections::HashSet::new();
    list.retain(|definition: &AttributeDefinition| {
        seen.insert(definition.name.to_ascii_lowercase())
    });
    Ok(list)
}

fn flatten(prefix: &str, attribute: &Map<String, Json>, list: &mut Vec<AttributeDefinition>) {
    let Some(name) = text(attribute, "name") else {
        return;
    };
    let several = flag(attribute, "multiValued");
    if !is_type(attribute, "complex") {
        if !is_type(attribute, "reference") {
            list.push(simple(format!("{prefix}{name}"), attribute, several));
        }
        return;
    }
    let subs = attributes(attribute, "subAttributes");
    let named = |wanted: &str| {
        let is_it = |sub: &&&Map<String, Json>| {
            text(sub, "name").is_some_and(|n| n.eq_ignore_ascii_case(wanted))
        };
        subs.iter().find(is_it).copied()
    };
    let elements: Vec<String> = if several {
        let types = named("type")
            .map(|kind| texts(kind, "canonicalValues"))
            .unwrap_or_default();
        if types.is_empty() {
            vec!["[primary eq \"True\"]".to_owned()]
        } else {
            types
                .iter()
                .map(|kind| format!("[type eq \"{kind}\"]"))
                .collect()
        }
    } else {
        vec![String::new()]
    };
    for element in elements {
        for sub in &subs {
            let Some(sub_name) = text(sub, "name") else {
                continue;
            };
            let selects =
                sub_name.eq_ignore_ascii_case("type") || sub_name.eq_ignore_ascii_case("primary");
            if (several && selects) || is_type(sub, "reference") || is_type(sub, "complex") {
                continue;
            }
            list.push(simple(
                format!("{prefix}{name}{element}.{sub_name}"),
                sub,
                flag(sub, "multiValued"),
            ));
        }
    }
}

fn simple(name: String, attribute: &Map<String, Json>, multi_valued: bool) -> AttributeDefinition {
    let kind = match text(attribute, "type")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("boolean") => AttributeType::Boolean,
        Some("integer") => AttributeType::Integer,
        Some("datetime") => AttributeType::DateTime,
        Some("binary") => AttributeType::Binary,
        _ => AttributeType::String,
    };
    let mutability = match text(attribute, "mutability")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("readonly") => Mutability::ReadOnly,
        Some("immutable") => Mutability::Immutable,
        Some("writeonly") => Mutability::WriteOnly,
        _ => Mutability::ReadWrite,
    };
    AttributeDefinition {
        anchor: name == "id",
        required: flag(attribute, "required"),
        case_exact: flag(attribute, "caseExact"),
        multi_valued,
        mutability,
        ..AttributeDefinition::new(name, kind)
    }
}

fn member<'a>(members: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    let same = |(known, _): &(&String, &Json)| known.eq_ignore_ascii_case(name);
    members.iter().find(same).map(|(_, value)| value)
}

fn text<'a>(members: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    member(members, name)?
        .as_str()
        .filter(|text| !text.is_empty())
}

fn texts<'a>(members: &'a Map<String, Json>, name: &str) -> Vec<&'a str> {
    let list = member(members, name).and_then(Json::as_array);
    list.map(|list| list.iter().filter_map(Json::as_str).collect())
        .unwrap_or_default()
}

fn flag(members: &Map<String, Json>, name: &str) -> bool {
    member(members, name)
        .and_then(Json::as_bool)
        .unwrap_or(false)
}

fn is_type(attribute: &Map<String, Json>, kind: &str) -> bool {
    text(attribute, "type").is_some_and(|given| given.eq_ignore_ascii_case(kind))
}

fn attributes<'a>(members: &'a Map<String, Json>, name: &str) -> Vec<&'a Map<String, Json>> {
    let list = member(members, name).and_then(Json::as_array);
    list.map(|list| list.iter().filter_map(Json::as_object).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(kind: ObjectKind, answer: &Json) -> Vec<String> {
        let list = discover(kind, answer).unwrap();
        list.into_iter().map(|definition| definition.name).collect()
    }

    #[test]
    fn schemas_become_a_flat_list() {
        let sub = |name: &str| json!({"name": name, "type": "string"});
        let answer = json!({"Resources": [
            {"id": CORE_USER, "attributes": [
                {"name": "userName", "type": "string", "required": true, "caseExact": true, "mutability": "immutable"},
                {"name": "active", "type": "boolean"},
                {"name": "name", "type": "complex", "subAttributes": [sub("givenName"), sub("familyName")]},
                {"name": "emails", "type": "complex", "multiValued": true, "subAttributes": [
                    sub("value"), sub("display"), {"name": "type", "type": "string", "canonicalValues": ["work", "home"]}, {"name": "primary", "type": "boolean"}]},
                {"name": "roles", "type": "complex", "multiValued": true, "subAttributes": [
                    sub("value"), {"name": "primary", "type": "boolean"}, {"name": "$ref", "type": "reference"}]},
                {"name": "profileUrl", "type": "reference"},
                {"name": "tags", "type": "string", "multiValued": true},
            ]},
            {"id": "urn:x:2.0:User", "attributes": [{"name": "badge", "type": "integer"}, {"name": "badge", "type": "string"}]},
            {"id": CORE_GROUP, "attributes": [{"name": "displayName", "type": "string"}]},
        ]});
        assert_eq!(
            names(ObjectKind::User, &answer),
            [
                "userName",
                "active",
                "name.givenName",
                "name.familyName",
                "emails[type eq \"work\"].value",
                "emails[type eq \"work\"].display",
                "emails[type eq \"home\"].value",
                "emails[type eq \"home\"].display",
                "roles[primary eq \"True\"].value",
                "tags",
                "urn:x:2.0:User:badge",
            ]
        );
        let list = discover(ObjectKind::User, &answer).unwrap();
        assert_eq!(
            (list[0].required, list[0].case_exact, list[0].mutability),
            (true, true, Mutability::Immutable)
        );
        assert_eq!(
            (list[1].kind, list[9].multi_valued, list[10].kind),
            (AttributeType::Boolean, true, AttributeType::Integer)
        );
        assert_eq!(names(ObjectKind::Group, &answer), ["displayName"]);
    }

    #[test]
    fn what_is_no_list_of_schemas_is_refused() {
        for (answer, error) in [
            (json!({"detail": "no"}), DiscoveryError::NoResources),
            (json!("x"), DiscoveryError::NoResources),
            (json!([]), DiscoveryError::NoSchema(CORE_USER)),
            (
                json!({"resources": [{"id": CORE_GROUP}, 7]}),
                DiscoveryError::NoSchema(CORE_USER),
            ),
        ] {
            assert_eq!(discover(ObjectKind::User, &answer), Err(error));
        }
        let many: Vec<Json> = (0..3_000)
            .map(|n| json!({"name": format!("a{n}"), "type": "string"}))
            .collect();
        let answer = json!([{"id": CORE_USER, "attributes": many}]);
        assert_eq!(
            discover(ObjectKind::User, &answer),
            Err(DiscoveryError::TooMany)
        );
    }
}

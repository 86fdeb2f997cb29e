//! Attribute definitions of a directory, both ways.

use serde_json::{Map, Value as Json, json};

use super::super::attributes::AttributeType;
use super::super::definition::{AttributeDefinition, Mutability, ReferencedObject};
use super::super::object::MOST_DEFINITIONS;
use super::reader::{At, Members, Problems};

const KNOWN: &[&str] = &[
    "name",
    "anchor",
    "caseExact",
    "defaultValue",
    "flowNullValues",
    "multivalued",
    "mutability",
    "required",
    "type",
    "apiExpressions",
    "metadata",
    "referencedObjects",
];

const MUTABILITIES: [(&str, Mutability); 4] = [
    ("ReadWrite", Mutability::ReadWrite),
    ("ReadOnly", Mutability::ReadOnly),
    ("Immutable", Mutability::Immutable),
    ("WriteOnly", Mutability::WriteOnly),
];

fn definition_json(definition: &AttributeDefinition) -> Json {
    let mutability = MUTABILITIES
        .iter()
        .find(|(_, value)| *value == definition.mutability)
        .map_or("ReadWrite", |(name, _)| *name);
    let pairs: Vec<Json> = definition
        .api_expressions
        .iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    let references: Vec<Json> = definition
        .referenced_objects
        .iter()
        .map(|r| json!({ "referencedObjectName": r.object, "referencedProperty": r.property }))
        .collect();
    let mut members = Map::new();
    for (name, value) in [
        ("name", json!(definition.name)),
        ("anchor", json!(definition.anchor)),
        ("caseExact", json!(definition.case_exact)),
        ("defaultValue", json!(definition.default_value)),
        ("flowNullValues", json!(definition.flow_null_values)),
        ("multivalued", json!(definition.multi_valued)),
        ("mutability", json!(mutability)),
        ("required", json!(definition.required)),
        ("type", json!(definition.kind.name())),
        ("apiExpressions", json!(pairs)),
        ("metadata", json!(definition.metadata)),
        ("referencedObjects", json!(references)),
    ] {
        members.insert(name.to_owned(), value);
    }
    members.extend(definition.kept.clone());
    Json::Object(members)
}

/// Attribute definitions as an object definition of a directory has them.
pub fn attributes_json(list: &[AttributeDefinition]) -> Json {
    list.iter().map(definition_json).collect()
}

/// The attribute list of an object definition; `None` when the file gives none, or too long a one.
pub(super) fn read_definitions(
    object: &Members<'_>,
    problems: &mut Problems,
) -> Option<Vec<AttributeDefinition>> {
    let mut list: Vec<AttributeDefinition> = Vec::new();
    for at in object.list_of_at_most(MOST_DEFINITIONS, "attributes", problems)? {
        let Some(definition) = read_definition(&at, problems) else {
            continue;
        };
        if list.iter().any(|known| known.is_named(&definition.name)) {
            let reason = format!("the attribute '{}' is defined twice", definition.name);
            problems.note(&format!("{}.name", at.path), reason);
        }
        list.push(definition);
    }
    (!list.is_empty()).then_some(list)
}

fn read_definition(at: &At<'_>, problems: &mut Problems) -> Option<AttributeDefinition> {
    let members = at.members(problems)?;
    let types = AttributeType::ALL.map(|kind| (kind.name(), kind));
    Some(AttributeDefinition {
        name: members.required_text("name", problems)?,
        kind: members.one_of("type", &types, AttributeType::String, problems),
        anchor: members.flag("anchor", false, problems),
        required: members.flag("required", false, problems),
        multi_valued: members.flag("multivalued", false, problems),
        case_exact: members.flag("caseExact", false, problems),
        flow_null_values: members.flag("flowNullValues", false, problems),
        mutability: members.one_of("mutability", &MUTABILITIES, Mutability::ReadWrite, problems),
        default_value: members.text("defaultValue", problems),
        api_expressions: members
            .list("apiExpressions", problems)
            .iter()
            .filter_map(|pair| {
                let pair = pair.members(problems)?;
                let key = pair.required_text("key", problems)?;
                Some((key, pair.text("value", problems).unwrap_or_default()))
            })
            .collect(),
        referenced_objects: members
            .list("referencedObjects", problems)
            .iter()
            .filter_map(|reference| {
                let reference = reference.members(problems)?;
                Some(ReferencedObject {
                    object: reference.required_text("referencedObjectName", problems)?,
                    property: reference.text("referencedProperty", problems),
                })
            })
            .collect(),
        metadata: members
            .list("metadata", problems)
            .iter()
            .map(|entry| entry.value.clone())
            .collect(),
        kept: members.others(KNOWN),
    })
}

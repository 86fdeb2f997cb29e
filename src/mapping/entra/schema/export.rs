//! A job's rules as `synchronizationSchema` JSON: every property, in the order of the documented
//! samples.

use serde_json::{Map, Value as Json, json};

use super::super::attribute::AttributeMapping;
use super::super::attributes::ObjectKind;
use super::super::object::{Actions, ObjectMapping, SynchronizationRules};
use super::definitions::attributes_json;
use super::filters::scope_json;
use super::frame::{RuleFrame, Slot, Surroundings};
use super::tree::source_json;
use super::{API_DIRECTORY, SOURCE_DIRECTORY};

/// Id of the one rule of a new application, the same in every tenant.
const RULE_ID: &str = "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8";
const RULE_NAME: &str = "USERGROUP_OUTBOUND_USERGROUP";
/// Name of the one rule of an inbound job.
const INBOUND_RULE_NAME: &str = "USER_INBOUND_USER";
/// Id of the source directory's definition, the same in every tenant.
const SOURCE_DIRECTORY_ID: &str = "66e4a8cc-1b7b-435e-95f8-f06cea133828";
/// Version of a schema that was never changed, as in templates.
const FIRST_VERSION: &str = "6.0";

/// What a schema says of the job it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaIdentity {
    /// Id of the job, which is that of its schema.
    pub id: String,
    /// Id of the definition of the directory that is not the tenant's own: the target's, or that of an inbound job's
    /// source.
    pub target_directory_id: String,
    /// `@odata.context`, in answers of Graph.
    pub context: Option<String>,
}

/// The schema of a job.
pub fn export(rules: &SynchronizationRules, identity: &SchemaIdentity) -> Json {
    let mut schema = Map::new();
    if let Some(context) = &identity.context {
        schema.insert("@odata.context".to_owned(), json!(context));
    }
    schema.insert("id".to_owned(), json!(identity.id));
    let version = match rules.version.as_str() {
        "" => FIRST_VERSION,
        version => version,
    };
    schema.insert("version".to_owned(), json!(version));
    let Surroundings {
        properties,
        rules: given,
        directories,
    } = rules.frame.surroundings();
    let uploaded = !given.is_empty();
    let frames = rule_frames(rules, given);
    let lists = frames
        .iter()
        .map(|frame| rule_json(frame, rules, uploaded))
        .collect();
    schema.insert("synchronizationRules".to_owned(), Json::Array(lists));
    let directories = with_lists(directories, rules, &frames, identity);
    schema.insert("directories".to_owned(), Json::Array(directories));
    schema.extend(properties);
    Json::Object(schema)
}

/// Puts the defaults in their order, then what was given, which wins.
fn ordered(defaults: Vec<(&str, Json)>, given: &Map<String, Json>) -> Map<String, Json> {
    let mut members = Map::new();
    for (name, value) in defaults {
        members.insert(name.to_owned(), given.get(name).cloned().unwrap_or(value));
    }
    for (name, value) in given {
        members.entry(name.clone()).or_insert_with(|| value.clone());
    }
    members
}

fn rule_name(rules: &SynchronizationRules) -> &'static str {
    if rules.is_inbound() {
        INBOUND_RULE_NAME
    } else {
        RULE_NAME
    }
}

/// Name of the source directory where a rule does not say it.
fn source_directory(rules: &SynchronizationRules) -> &'static str {
    if rules.is_inbound() {
        API_DIRECTORY
    } else {
        SOURCE_DIRECTORY
    }
}

/// Ids of the rules that map users or groups: what *Provision on demand* is asked for by.
pub fn rule_ids(rules: &SynchronizationRules) -> Vec<String> {
    rule_frames(rules, rules.frame.surroundings().rules)
        .iter()
        .filter(|frame| (frame.mappings.iter()).any(|slot| !matches!(slot, Slot::Other(_))))
        .map(
            |frame| match frame.properties.get("id").and_then(Json::as_str) {
                Some(id) => id.to_owned(),
                None => RULE_ID.to_owned(),
            },
        )
        .collect()
}

/// The rules around the mappings. A mapping that has no place in them, because it was switched on
/// later, follows the mapping of users.
fn rule_frames(rules: &SynchronizationRules, mut frames: Vec<RuleFrame>) -> Vec<RuleFrame> {
    if frames.is_empty() {
        return vec![RuleFrame {
            properties: Map::new(),
            mappings: if rules.is_inbound() {
                vec![Slot::Users]
            } else {
                vec![Slot::Users, Slot::Groups]
            },
        }];
    }
    let has = |slot: &Slot| frames.iter().any(|frame| frame.mappings.contains(slot));
    if rules.groups.enabled
        && !has(&Slot::Groups)
        && let Some(frame) = frames
            .iter_mut()
            .find(|frame| frame.mappings.contains(&Slot::Users))
    {
        frame.mappings.push(Slot::Groups);
    }
    frames
}

fn rule_json(frame: &RuleFrame, rules: &SynchronizationRules, uploaded: bool) -> Json {
    let on_demand = if rules.is_inbound() { "False" } else { "True" };
    let metadata = json!([
        { "key": "defaultSourceObjectMappings", "value": "User" },
        { "key": "supportsProvisionOnDemand", "value": on_demand },
    ]);
    // An uploaded rule has the metadata it came with, though it be none.
    let metadata = if uploaded { json!([]) } else { metadata };
    let defaults = vec![
        ("id", json!(RULE_ID)),
        ("name", json!(rule_name(rules))),
        ("priority", json!(1)),
        ("editable", json!(true)),
        ("sourceDirectoryName", json!(source_directory(rules))),
        ("targetDirectoryName", json!(rules.target_directory())),
        ("containerFilter", Json::Null),
        ("groupFilter", Json::Null),
        ("metadata", metadata),
    ];
    let mut members = ordered(defaults, &frame.properties);
    let mappings: Vec<Json> = frame
        .mappings
        .iter()
        .map(|slot| match slot {
            Slot::Users => mapping_json(&rules.users),
            Slot::Groups => mapping_json(&rules.groups),
            Slot::Other(mapping) => Json::Object(mapping.clone()),
        })
        .collect();
    members.insert("objectMappings".to_owned(), Json::Array(mappings));
    Json::Object(members)
}

/// `flowTypes` of target object actions.
pub(super) fn flow_types(actions: Actions) -> String {
    let names: Vec<&str> = [
        (actions.create, "Add"),
        (actions.update, "Update"),
        (actions.delete, "Delete"),
    ]
    .into_iter()
    .filter_map(|(on, name)| on.then_some(name))
    .collect();
    if names.is_empty() {
        "None".to_owned()
    } else {
        names.join(", ")
    }
}

/// `metadata` of the object mappings of a new application.
pub(super) fn usual_metadata() -> Json {
    let entries = [
        ("IsCustomerDefined", "false"),
        ("DisableMonitoringForChanges", "false"),
        ("Disposition", "\"Normal\""),
        ("ExcludeFromReporting", "false"),
        ("EscrowBehavior", "\"Default\""),
        ("Unsynchronized", "false"),
    ];
    json!(entries.map(|(key, value)| json!({ "key": key, "value": value })))
}

fn mapping_json(mapping: &ObjectMapping) -> Json {
    let defaults = vec![
        ("name", json!(mapping.name)),
        ("enabled", json!(mapping.enabled)),
        ("flowTypes", json!(flow_types(mapping.actions))),
        ("sourceObjectName", json!(mapping.source_type.name())),
        ("targetObjectName", json!(mapping.target_object_name())),
        ("scope", scope_json(mapping)),
        ("metadata", usual_metadata()),
    ];
    let mut members = ordered(defaults, &mapping.kept);
    let attributes = mapping.attributes.iter().map(attribute_json).collect();
    members.insert("attributeMappings".to_owned(), Json::Array(attributes));
    Json::Object(members)
}

fn attribute_json(mapping: &AttributeMapping) -> Json {
    let defaults = vec![
        ("targetAttributeName", json!(mapping.target.as_str())),
        ("matchingPriority", json!(mapping.matching_priority)),
        ("defaultValue", json!(mapping.default_value)),
        (
            "exportMissingReferences",
            json!(mapping.export_missing_references),
        ),
        ("flowBehavior", json!(mapping.flow_behavior.name())),
        ("flowType", json!(mapping.flow.name())),
        ("source", source_json(&mapping.source)),
    ];
    Json::Object(ordered(defaults, &mapping.kept))
}

/// The directories with the attribute lists of the two mappings in their places; what has no place
/// gets one.
fn with_lists(
    mut all: Vec<Map<String, Json>>,
    rules: &SynchronizationRules,
    frames: &[RuleFrame],
    identity: &SchemaIdentity,
) -> Vec<Json> {
    for (slot, mapping) in [(Slot::Users, &rules.users), (Slot::Groups, &rules.groups)] {
        let Some(rule) = frames.iter().find(|frame| frame.mappings.contains(&slot)) else {
            continue;
        };
        let named = |property: &str, usual: &str| {
            let given = rule.properties.get(property).and_then(Json::as_str);
            given.unwrap_or(usual).to_owned()
        };
        let source = named("sourceDirectoryName", source_directory(rules));
        let target = named("targetDirectoryName", rules.target_directory());
        let other = identity.target_directory_id.as_str();
        let (source_id, target_id) = if rules.is_inbound() {
            (other, SOURCE_DIRECTORY_ID)
        } else {
            (SOURCE_DIRECTORY_ID, other)
        };
        let lists = [
            (
                source,
                source_id,
                mapping.source_type.name(),
                mapping.source_definitions(),
            ),
            (
                target,
                target_id,
                mapping.target_object_name(),
                mapping.target_definitions(),
            ),
        ];
        for (directory, id, object, list) in lists {
            let object = object_of(directory_of(&mut all, &directory, id), object);
            object.insert("attributes".to_owned(), attributes_json(list));
        }
    }
    all.into_iter().map(Json::Object).collect()
}

fn directory_of<'a>(
    all: &'a mut Vec<Map<String, Json>>,
    name: &str,
    id: &str,
) -> &'a mut Map<String, Json> {
    let index = all
        .iter()
        .position(|directory| directory.get("name").and_then(Json::as_str) == Some(name))
        .unwrap_or_else(|| {
            let named = Map::from_iter([
                ("id".to_owned(), json!(id)),
                ("name".to_owned(), json!(name)),
            ]);
            all.push(named);
            all.len() - 1
        });
    let defaults = vec![
        ("id", json!(id)),
        ("name", json!(name)),
        ("discoverabilities", json!("None")),
        ("discoveryDateTime", Json::Null),
        ("readOnly", json!(false)),
        ("version", Json::Null),
        ("objects", json!([])),
    ];
    all[index] = ordered(defaults, &all[index]);
    &mut all[index]
}

fn object_of<'a>(directory: &'a mut Map<String, Json>, name: &str) -> &'a mut Map<String, Json> {
    let slot = directory.entry("objects").or_insert_with(|| json!([]));
    if !slot.is_array() {
        *slot = json!([]);
    }
    let objects = slot
        .as_array_mut()
        .expect("the line above made it an array");
    let index = objects
        .iter()
        .position(|object| object.get("name").and_then(Json::as_str) == Some(name))
        .unwrap_or_else(|| {
            objects.push(json!({ "name": name }));
            objects.len() - 1
        });
    let defaults = vec![
        ("name", json!(name)),
        ("supportedApis", json!([])),
        ("metadata", json!([])),
        ("attributes", json!([])),
    ];
    let members = match &objects[index] {
        Json::Object(given) => ordered(defaults, given),
        _ => ordered(defaults, &Map::new()),
    };
    objects[index] = Json::Object(members);
    objects[index]
        .as_object_mut()
        .expect("the line above made it an object")
}

/// Name of an object kind's slot.
pub(super) fn slot_of(kind: ObjectKind) -> Slot {
    match kind {
        ObjectKind::User => Slot::Users,
        ObjectKind::Group => Slot::Groups,
    }
}

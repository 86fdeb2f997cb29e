//! `synchronizationSchema` JSON as the rules of a job: all of it or nothing.
//!
//! A file may be shorter than what the service writes: everything but names has a default. Of
//! everything else that is in it the rules keep a copy, so that it is there again in the next download;
//! annotations (`@odata...`) and unknown properties inside expression trees and filters are not kept.
//! Id and version belong to the job, not to the file.

use serde_json::{Map, Value as Json};

use super::super::attribute::{AttributeMapping, FlowBehavior, FlowType, MappingSource};
use super::super::attributes::ObjectKind;
use super::super::definition::AttributeDefinition;
use super::super::object::{
    Actions, MOST_MAPPINGS, MOST_PATTERNS, MappingError, ObjectMapping, ObjectMappingFields,
    SynchronizationRules,
};
use super::super::presets::{inbound, non_gallery};
use super::super::target::TargetPath;
use super::super::{source_definitions, target_definitions};
use super::definitions::read_definitions;
use super::export::{slot_of, usual_metadata};
use super::filters::read_scope;
use super::frame::{Frame, RuleFrame, Slot, Surroundings};
use super::reader::{At, Members, Problems, SchemaErrors};
use super::tree::read_source;
use super::{API_DIRECTORY, CUSTOM_DIRECTORY, SOURCE_DIRECTORY, SOURCE_DIRECTORY_NEW, is_tenant};

const SCHEMA: &[&str] = &["id", "version", "synchronizationRules", "directories"];
const MAPPING: &[&str] = &[
    "name",
    "enabled",
    "flowTypes",
    "sourceObjectName",
    "targetObjectName",
    "scope",
    "attributeMappings",
];
const ATTRIBUTE: &[&str] = &[
    "targetAttributeName",
    "matchingPriority",
    "defaultValue",
    "exportMissingReferences",
    "flowBehavior",
    "flowType",
    "source",
];
/// Largest matching priority: `Int32`.
const LARGEST_PRIORITY: u64 = 2_147_483_647;

/// Reads the text of a schema as JSON, which need not be one yet.
///
/// # Errors
/// For a text that is no JSON its line and column.
pub fn document(text: &str) -> Result<Json, SchemaErrors> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text)
        .map_err(|error| SchemaErrors::of_document(format!("this is not JSON: {error}")))
}

/// Reads a schema.
///
/// # Errors
/// Every problem with its path, at most a hundred.
pub fn import(json: &Json) -> Result<SynchronizationRules, SchemaErrors> {
    let mut problems = Problems::default();
    let rules = read(json, Way::Outbound, &mut problems);
    problems.or(rules)
}

/// Reads the schema of a job that uploads into the directory: its rule leads there from any other directory.
///
/// # Errors
/// As [`import`].
pub fn import_inbound(json: &Json) -> Result<SynchronizationRules, SchemaErrors> {
    let mut problems = Problems::default();
    let rules = read(json, Way::Inbound, &mut problems);
    problems.or(rules)
}

/// Which rules of a schema are the job's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Those that lead from the tenant's own directory to another.
    Outbound,
    /// Those that lead into it.
    Inbound,
}

impl Way {
    /// The names of both directories where a rule does not say them.
    const fn usual(self) -> (&'static str, &'static str) {
        match self {
            Self::Outbound => (SOURCE_DIRECTORY, CUSTOM_DIRECTORY),
            Self::Inbound => (API_DIRECTORY, SOURCE_DIRECTORY_NEW),
        }
    }

    fn takes(self, source: &str, target: &str) -> bool {
        match self {
            Self::Outbound => is_tenant(source) && !is_tenant(target),
            Self::Inbound => !is_tenant(source) && is_tenant(target),
        }
    }

    /// The mapping of groups when a file has none: switched off.
    fn no_groups(self) -> Option<ObjectMapping> {
        let rules = match self {
            Self::Outbound => non_gallery(),
            Self::Inbound => inbound(),
        };
        let mut fields = rules.groups.into_fields();
        fields.enabled = false;
        ObjectMapping::new(fields).ok()
    }

    /// The attribute lists where a file has none.
    fn usual_lists(self, kind: ObjectKind) -> Lists {
        match (self, kind) {
            (Self::Inbound, ObjectKind::User) => {
                let fields = inbound().users.into_fields();
                Lists {
                    source: fields.source_list,
                    target: fields.target_list,
                }
            }
            _ => Lists {
                source: None,
                target: None,
            },
        }
    }
}

/// An object mapping that the job works with, and the directories it goes between.
struct Chosen {
    fields: Option<ObjectMapping>,
    source_directory: String,
    target_directory: String,
}

fn read(json: &Json, way: Way, problems: &mut Problems) -> Option<SynchronizationRules> {
    let schema = At::root(json).members(problems)?;
    let directories = schema.list("directories", problems);
    let directories: Vec<Members<'_>> = directories
        .iter()
        .filter_map(|at| at.members(problems))
        .collect();
    let (mut users, mut groups) = (None, None);
    let mut frames = Vec::new();
    for at in schema.list("synchronizationRules", problems) {
        let Some(rule) = at.members(problems) else {
            continue;
        };
        frames.push(read_rule(
            way,
            &rule,
            &directories,
            &mut users,
            &mut groups,
            problems,
        ));
    }
    let Some(users) = users else {
        problems.note(
            "synchronizationRules",
            match way {
                Way::Outbound => format!(
                    "no object mapping reads 'User' of '{SOURCE_DIRECTORY}'; a job provisions users"
                ),
                Way::Inbound => format!(
                    "no object mapping writes 'User' of '{SOURCE_DIRECTORY_NEW}'; an inbound job makes users there"
                ),
            },
        );
        return None;
    };
    let surroundings = Surroundings {
        properties: schema.others(SCHEMA),
        rules: frames,
        directories: without_lists(&directories, &users, groups.as_ref()),
    };
    let frame = Frame::new(&users.target_directory, &surroundings);
    let groups = match groups {
        Some(groups) => groups.fields?,
        None => way.no_groups()?,
    };
    Some(SynchronizationRules {
        frame,
        ..SynchronizationRules::new(users.fields?, groups)
    })
}

fn read_rule(
    way: Way,
    rule: &Members<'_>,
    directories: &[Members<'_>],
    users: &mut Option<Chosen>,
    groups: &mut Option<Chosen>,
    problems: &mut Problems,
) -> RuleFrame {
    let name = |property: &str, usual: &str, problems: &mut Problems| {
        rule.text(property, problems)
            .unwrap_or_else(|| usual.to_owned())
    };
    let (usual_source, usual_target) = way.usual();
    let source = name("sourceDirectoryName", usual_source, problems);
    let target = name("targetDirectoryName", usual_target, problems);
    let ours = way.takes(&source, &target);
    let mut mappings = Vec::new();
    for at in rule.list("objectMappings", problems) {
        let Some(mapping) = at.members(problems) else {
            continue;
        };
        let kind = match mapping.text("sourceObjectName", problems) {
            Some(name) if name.eq_ignore_ascii_case("User") => Some(ObjectKind::User),
            Some(name) if name.eq_ignore_ascii_case("Group") => Some(ObjectKind::Group),
            _ => None,
        };
        let chosen = match kind {
            Some(ObjectKind::User) => &mut *users,
            _ => &mut *groups,
        };
        let (Some(kind), None, true) = (kind, &chosen, ours) else {
            mappings.push(Slot::Other(mapping.map.clone()));
            continue;
        };
        let usual = way.usual_lists(kind);
        let target_list = match mapping.text("targetObjectName", problems) {
            Some(object) => list(directories, &target, &object, problems),
            None => None,
        };
        let lists = Lists {
            source: list(directories, &source, kind.name(), problems).or(usual.source),
            target: target_list.or(usual.target),
        };
        *chosen = Some(Chosen {
            fields: read_mapping(&mapping, kind, lists, problems),
            source_directory: source.clone(),
            target_directory: target.clone(),
        });
        mappings.push(slot_of(kind));
    }
    RuleFrame {
        properties: rule.others(&["objectMappings"]),
        mappings,
    }
}

/// The attribute lists of both sides.
struct Lists {
    source: Option<Vec<AttributeDefinition>>,
    target: Option<Vec<AttributeDefinition>>,
}

/// The attribute list of an object of a directory.
fn list(
    directories: &[Members<'_>],
    directory: &str,
    object: &str,
    problems: &mut Problems,
) -> Option<Vec<AttributeDefinition>> {
    let named = |members: &Members<'_>, name: &str| {
        members.map.get("name").and_then(Json::as_str) == Some(name)
    };
    let directory = directories.iter().find(|d| named(d, directory))?;
    directory
        .list("objects", problems)
        .iter()
        .filter_map(|at| at.members(problems))
        .find(|members| named(members, object))
        .and_then(|members| read_definitions(&members, problems))
}

/// The directories without the attribute lists that the mappings hold themselves.
fn without_lists(
    directories: &[Members<'_>],
    users: &Chosen,
    groups: Option<&Chosen>,
) -> Vec<Map<String, Json>> {
    let mut all: Vec<Map<String, Json>> = directories.iter().map(|d| d.map.clone()).collect();
    for chosen in std::iter::once(users).chain(groups) {
        let Some(mapping) = &chosen.fields else {
            continue;
        };
        for (directory, object) in [
            (&chosen.source_directory, mapping.source_type.name()),
            (&chosen.target_directory, mapping.target_object_name()),
        ] {
            let named =
                |value: Option<&Json>, name: &str| value.and_then(Json::as_str) == Some(name);
            let objects = all
                .iter_mut()
                .find(|d| named(d.get("name"), directory))
                .and_then(|d| d.get_mut("objects"))
                .and_then(Json::as_array_mut);
            let definition = objects
                .and_then(|objects| objects.iter_mut().find(|o| named(o.get("name"), object)))
                .and_then(Json::as_object_mut);
            if let Some(definition) = definition {
                definition.shift_remove("attributes");
            }
        }
    }
    all
}

fn read_mapping(
    members: &Members<'_>,
    kind: ObjectKind,
    lists: Lists,
    problems: &mut Problems,
) -> Option<ObjectMapping> {
    let read = read_attributes(members, problems)?;
    let scope = read_scope(members, problems)?;
    let usual = ObjectMappingFields::new("", kind, Vec::new());
    let mut kept = members.others(MAPPING);
    if kept.get("metadata") == Some(&usual_metadata()) {
        kept.shift_remove("metadata");
    }
    let name = members.text("name", problems).unwrap_or_default();
    let fields = ObjectMappingFields {
        name: if name.trim().is_empty() {
            format!("Provision Microsoft Entra ID {}s", kind.name())
        } else {
            name
        },
        enabled: members.flag("enabled", true, problems),
        actions: read_actions(members, problems),
        attributes: read.iter().flatten().cloned().collect(),
        scope: scope.groups,
        input_filters: scope.input,
        category_filters: scope.category,
        source_list: lists.source.filter(|list| list != source_definitions(kind)),
        target_list: lists.target.filter(|list| list != target_definitions(kind)),
        target_object: members
            .text("targetObjectName", problems)
            .filter(|name| name != usual.target_object_name()),
        kept,
        ..usual
    };
    if read.iter().any(Option::is_none) {
        // Each has been reported; what is left need not fit together.
        return None;
    }
    ObjectMapping::new(fields)
        .map_err(|error| problems.note(&place_of(&error, members, &read), error.to_string()))
        .ok()
}

/// The attribute mappings, each as far as it can be read; `None` when there is too much of them.
fn read_attributes(
    members: &Members<'_>,
    problems: &mut Problems,
) -> Option<Vec<Option<AttributeMapping>>> {
    let given = members.list_of_at_most(MOST_MAPPINGS, "attributeMappings", problems)?;
    let mut patterns = 0;
    let mut read = Vec::with_capacity(given.len());
    for at in given {
        let mapping = read_attribute(&at, problems);
        patterns += mapping.as_ref().map_or(0, |m| m.source.patterns());
        if patterns > MOST_PATTERNS {
            let reason = format!(
                "up to here there are more than {MOST_PATTERNS} regular expressions; take some out"
            );
            problems.note(&at.path, reason);
            return None;
        }
        read.push(mapping);
    }
    Some(read)
}

/// Where mappings that do not fit together are to be mended: the last one of the attribute.
fn place_of(
    error: &MappingError,
    members: &Members<'_>,
    read: &[Option<AttributeMapping>],
) -> String {
    let list = members.path_of("attributeMappings");
    let (target, property) = match error {
        MappingError::NoMatchingAttribute | MappingError::TooMany { .. } => return list,
        MappingError::DuplicateMatchingPriority { second, .. } => (second, "matchingPriority"),
        MappingError::DuplicateTarget { target } => (target, "targetAttributeName"),
        MappingError::CannotMatch { target, .. } => (target, "matchingPriority"),
        MappingError::Incomplete { target, .. } => (target, "source"),
    };
    let is_it = |mapping: &AttributeMapping| mapping.target.as_str() == target;
    let index = read
        .iter()
        .rposition(|mapping| mapping.as_ref().is_some_and(is_it));
    index.map_or(list.clone(), |index| format!("{list}[{index}].{property}"))
}

fn read_actions(members: &Members<'_>, problems: &mut Problems) -> Actions {
    let Some(text) = members.text("flowTypes", problems) else {
        return Actions::default();
    };
    let mut actions = Actions {
        create: false,
        update: false,
        delete: false,
    };
    for name in text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        match name.to_ascii_lowercase().as_str() {
            "none" => {}
            "add" => actions.create = true,
            "update" => actions.update = true,
            "delete" => actions.delete = true,
            _ => problems.note(
                &members.path_of("flowTypes"),
                format!("'{name}' is none of Add, Update, Delete, None"),
            ),
        }
    }
    actions
}

fn read_attribute(at: &At<'_>, problems: &mut Problems) -> Option<AttributeMapping> {
    let members = at.members(problems)?;
    let target = members
        .required_text("targetAttributeName", problems)
        .and_then(|text| {
            TargetPath::parse(&text)
                .map_err(|e| problems.note(&members.path_of("targetAttributeName"), e.to_string()))
                .ok()
        });
    let source = match members.get("source") {
        None => Some(MappingSource::None),
        Some(at) => read_source(&at, problems),
    };
    let matching_priority = match members.get("matchingPriority").map(|at| at.value) {
        None => Some(0),
        Some(number) => {
            let fits = number.as_u64().filter(|n| *n <= LARGEST_PRIORITY);
            let fits = fits.and_then(|n| u32::try_from(n).ok());
            if fits.is_none() {
                let path = members.path_of("matchingPriority");
                problems.note(&path, "expected a whole number from 0");
            }
            fits
        }
    };
    let flow_types = FlowType::ALL.map(|flow| (flow.name(), flow));
    let behaviors = FlowBehavior::ALL.map(|behavior| (behavior.name(), behavior));
    Some(AttributeMapping {
        default_value: members.text("defaultValue", problems),
        flow: members.one_of("flowType", &flow_types, FlowType::Always, problems),
        flow_behavior: members.one_of(
            "flowBehavior",
            &behaviors,
            FlowBehavior::FlowWhenChanged,
            problems,
        ),
        export_missing_references: members.flag("exportMissingReferences", false, problems),
        kept: members.others(ATTRIBUTE),
        matching_priority: matching_priority?,
        ..AttributeMapping::new(source?, target?)
    })
}

//! Matching: is there an object in the target that belongs to a source object without a link?
//!
//! The matching attributes are tried in order of precedence; the first that finds something decides.

use serde_json::{Map, Value as Json};

use super::answer::{self, INCOMPATIBLE_FILTERING, MULTIPLE_ENTRIES};
use super::context::Run;
use super::dialect::entra;
use super::log::Story;
use crate::mapping::entra::{MappedAttribute, ObjectMapping, differs, read};
use crate::model::{ErrorInformation, ObjectKind};

/// The matching attributes that have a value, in order of precedence.
pub(super) fn keys<'a, 'b>(
    mapping: &ObjectMapping,
    mapped: &'b [MappedAttribute<'a>],
) -> Vec<&'b MappedAttribute<'a>> {
    let mut keys: Vec<_> = mapped
        .iter()
        .filter(|m| mapping.attributes[m.mapping].matching_priority > 0)
        .filter(|m| m.value.as_text().is_some_and(|text| !text.is_empty()))
        .collect();
    keys.sort_by_key(|m| mapping.attributes[m.mapping].matching_priority);
    keys
}

/// Id and content of an object of the target.
pub(super) type Found = (String, Map<String, Json>);

/// Looks for the object in the target.
pub(super) fn find(
    run: &Run,
    story: &mut Story,
    kind: ObjectKind,
    keys: &[&MappedAttribute<'_>],
) -> Result<Option<Found>, ErrorInformation> {
    for key in keys {
        let value = key.value.as_text().unwrap_or_default();
        let answer = run.send(story, &entra::find(kind, key.target, value))?;
        let mut found = answer::list(&answer)?;
        let Some(resource) = found.resources.pop() else {
            continue;
        };
        if found.total > 1 {
            return Err(error(
                "DuplicateTargetEntries",
                format!(
                    "{} objects of the application match '{}'.",
                    found.total, key.target
                ),
                "Make the matching attribute unique in the application, or choose another one.",
            ));
        }
        no_members(kind, &resource)?;
        let current = read(&resource, key.target);
        if current.is_some() && differs(&key.value, current.as_ref(), false) {
            return Err(error(
                INCOMPATIBLE_FILTERING,
                format!(
                    "The filter on '{}' found an object with another value.",
                    key.target
                ),
                "The application must answer filters with the objects that match, and no others.",
            ));
        }
        let Some(id) = answer::id_of(&resource) else {
            return Err(answer::incompatible("the resource has no id", &answer.body));
        };
        story.matched(key.target, true);
        return Ok(Some((id, resource)));
    }
    story.matched(keys.first().map_or("", |k| k.target.as_str()), false);
    Ok(None)
}

/// A group read without members must come without them.
pub(super) fn no_members(
    kind: ObjectKind,
    resource: &Map<String, Json>,
) -> Result<(), ErrorInformation> {
    let has_members = resource
        .get("members")
        .and_then(Json::as_array)
        .is_some_and(|members| !members.is_empty());
    if kind == ObjectKind::Group && has_members {
        return Err(error(
            MULTIPLE_ENTRIES,
            "The response contains members although excludedAttributes=members was asked for."
                .to_owned(),
            "The application must honour excludedAttributes.",
        ));
    }
    Ok(())
}

fn error(code: &str, reason: String, advice: &str) -> ErrorInformation {
    ErrorInformation {
        error_code: code.to_owned(),
        reason,
        recommended_action: Some(advice.to_owned()),
    }
}

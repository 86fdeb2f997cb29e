//! The `scope` of an object mapping, both ways: three sets of filter groups.

use serde_json::{Value as Json, json};

use super::super::object::{MOST_CLAUSES, ObjectMappingFields};
use super::super::operator::Operator;
use super::super::scope::{Clause, ScopingFilter};
use super::reader::{At, Members, Problems};

/// `scope` of a mapping; null without filters.
pub(super) fn scope_json(mapping: &ObjectMappingFields) -> Json {
    let sets = [
        &mapping.category_filters,
        &mapping.scope,
        &mapping.input_filters,
    ];
    if sets.iter().all(|set| set.is_empty()) {
        return Json::Null;
    }
    let [categories, groups, input] =
        sets.map(|set| set.iter().map(group_json).collect::<Vec<_>>());
    json!({ "categoryFilterGroups": categories, "groups": groups, "inputFilterGroups": input })
}

fn group_json(filter: &ScopingFilter) -> Json {
    let clause = |clause: &Clause| {
        let values: Vec<&str> = clause.value().into_iter().collect();
        json!({
            "sourceOperandName": clause.attribute(),
            "operatorName": clause.operator().name(),
            "targetOperand": { "values": values },
        })
    };
    let clauses: Vec<Json> = filter.clauses().iter().map(clause).collect();
    json!({ "name": filter.title(), "clauses": clauses })
}

/// The three sets of a mapping.
#[derive(Default)]
pub(super) struct Sets {
    pub(super) groups: Vec<ScopingFilter>,
    pub(super) input: Vec<ScopingFilter>,
    pub(super) category: Vec<ScopingFilter>,
}

/// Reads `scope`; `None` when it has too many clauses.
pub(super) fn read_scope(mapping: &Members<'_>, problems: &mut Problems) -> Option<Sets> {
    let Some(scope) = mapping.get("scope").and_then(|at| at.members(problems)) else {
        return Some(Sets::default());
    };
    let mut left = MOST_CLAUSES;
    let mut set = |name: &str| -> Option<Vec<ScopingFilter>> {
        let groups = scope.list(name, problems);
        let mut filters = Vec::with_capacity(groups.len());
        for group in groups {
            let clauses = group.value["clauses"].as_array().map_or(0, Vec::len);
            let Some(rest) = left.checked_sub(clauses) else {
                let reason = format!(
                    "up to here the filters have more than {MOST_CLAUSES} clauses; take some out"
                );
                problems.note(&group.path, reason);
                return None;
            };
            left = rest;
            filters.extend(read_group(&group, problems));
        }
        Some(filters)
    };
    Some(Sets {
        groups: set("groups")?,
        input: set("inputFilterGroups")?,
        category: set("categoryFilterGroups")?,
    })
}

fn read_group(at: &At<'_>, problems: &mut Problems) -> Option<ScopingFilter> {
    let members = at.members(problems)?;
    let title = members.text("name", problems).unwrap_or_default();
    let given = members.list("clauses", problems);
    let clauses: Vec<Clause> = given
        .iter()
        .filter_map(|clause| read_clause(clause, problems))
        .collect();
    if clauses.len() < given.len() {
        return None;
    }
    ScopingFilter::new(title, clauses)
        .map_err(|error| problems.note(&members.path_of("clauses"), error.to_string()))
        .ok()
}

fn read_clause(at: &At<'_>, problems: &mut Problems) -> Option<Clause> {
    let members = at.members(problems)?;
    let attribute = members.required_text("sourceOperandName", problems)?;
    let name = members.required_text("operatorName", problems)?;
    let Some(operator) = Operator::ALL
        .into_iter()
        .find(|operator| operator.name().eq_ignore_ascii_case(name.trim()))
    else {
        let names: Vec<&str> = Operator::ALL.iter().map(|o| o.name()).collect();
        problems.note(
            &members.path_of("operatorName"),
            format!("'{name}' is none of {}", names.join(", ")),
        );
        return None;
    };
    let values = match members.get("targetOperand") {
        Some(operand) => operand.members(problems)?.list("values", problems),
        None => Vec::new(),
    };
    let path = members.path_of("targetOperand.values");
    let value = match values.as_slice() {
        []
        | [
            At {
                value: Json::Null, ..
            },
        ] => None,
        [
            At {
                value: Json::String(text),
                ..
            },
        ] => Some(text.clone()),
        [
            At {
                value: other @ (Json::Number(_) | Json::Bool(_)),
                ..
            },
        ] => Some(other.to_string()),
        _ => {
            problems.note(
                &path,
                "a clause compares with one text; make a clause for each",
            );
            return None;
        }
    };
    Clause::new(attribute, operator, value.as_deref())
        .map_err(|error| problems.note(&at.path, error.to_string()))
        .ok()
}

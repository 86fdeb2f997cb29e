//! `bulkId:x` inside data and paths: finding it, putting an `id` in its place, taking it out for later.
//! RFC 7644 section 3.7.2.
//!
//! A string that is `bulkId:x` for an `x` of this request is a reference wherever it stands. In the places
//! where only a reference makes sense (`value`, `$ref`, `members`, `manager`, the filter of a PATCH path)
//! any `bulkId:x` is one, so that an unknown `x` fails instead of being stored. Walks use a list of what
//! is left to see; nothing recurses.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::Object;
use super::super::schema::ResourceType;
use super::{Ids, Operation};

const PREFIX: &str = "bulkId:";

/// What a string is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Names a resource.
    Reference,
    /// The path of a PATCH operation.
    Path,
    /// Anything else.
    Other,
}

impl Place {
    /// By the name of an attribute, or by a path to it: the last part counts.
    fn of(name: &str) -> Self {
        let last = name.rsplit([':', '.', ']']).next().unwrap_or(name);
        let last = last.split('[').next().unwrap_or(last);
        let reference = ["value", "$ref", "members", "manager"];
        if reference.iter().any(|r| last.eq_ignore_ascii_case(r)) {
            Self::Reference
        } else {
            Self::Other
        }
    }

    /// Where the members of an operation of a `PatchOp` stand: its `value` where its `path` says.
    fn in_patch(name: &str, target: Self) -> Self {
        if name.eq_ignore_ascii_case("path") {
            Self::Path
        } else if name.eq_ignore_ascii_case("value") {
            target
        } else {
            Self::of(name)
        }
    }
}

/// The place a PATCH operation works at; `None` when this object is none.
fn patch_target(object: &Object) -> Option<Place> {
    let member = |wanted: &str| object.iter().find(|(n, _)| n.eq_ignore_ascii_case(wanted));
    member("op")?;
    let path = member("path").and_then(|(_, path)| path.as_str());
    Some(path.map_or(Place::Other, Place::of))
}

/// Every string of `data` with its place. `patch`: the data is a `PatchOp`.
fn strings(data: &Value, patch: bool) -> Vec<(&str, Place)> {
    let mut found = vec![];
    let mut left = vec![(data, Place::Other)];
    while let Some((value, place)) = left.pop() {
        match value {
            Value::String(text) => found.push((text.as_str(), place)),
            Value::Array(elements) => left.extend(elements.iter().map(|e| (e, place))),
            Value::Object(object) => {
                let operation = if patch { patch_target(object) } else { None };
                left.extend(object.iter().map(|(name, value)| match operation {
                    Some(target) => (value, Place::in_patch(name, target)),
                    None => (value, Place::of(name)),
                }));
            }
            _ => {}
        }
    }
    found
}

fn for_each_mut(data: &mut Value, patch: bool, mut change: impl FnMut(&mut String, Place)) {
    let mut left = vec![(data, Place::Other)];
    while let Some((value, place)) = left.pop() {
        match value {
            Value::String(text) => change(text, place),
            Value::Array(elements) => left.extend(elements.iter_mut().map(|e| (e, place))),
            Value::Object(object) => {
                let operation = if patch { patch_target(object) } else { None };
                left.extend(object.iter_mut().map(|(name, value)| match operation {
                    Some(target) => (value, Place::in_patch(name, target)),
                    None => (value, Place::of(name)),
                }));
            }
            _ => {}
        }
    }
}

/// The references in one string.
fn in_text(text: &str, place: Place) -> Vec<&str> {
    match place {
        Place::Path => text
            .split("\"bulkId:")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(id, _)| id))
            .collect(),
        Place::Reference => tail(text).map(|(_, id)| id).into_iter().collect(),
        Place::Other => text.strip_prefix(PREFIX).into_iter().collect(),
    }
}

/// `bulkId:x`, or a URI that ends with `/bulkId:x`: what stands before, and the id.
fn tail(text: &str) -> Option<(&str, &str)> {
    if let Some(id) = text.strip_prefix(PREFIX) {
        return Some(("", id));
    }
    let at = text.rfind("/bulkId:")? + 1;
    let (head, rest) = text.split_at_checked(at)?;
    Some((head, rest.strip_prefix(PREFIX)?))
}

/// The ids an operation refers to, each once. `known`: ids of the request.
pub(super) fn find(operation: &Operation, known: &HashSet<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = vec![];
    let mut add = |id: &str| {
        if !seen.contains(id) {
            seen.insert(id.to_owned());
            found.push(id.to_owned());
        }
    };
    if let Some(id) = operation
        .resource()
        .and_then(|resource| resource.id.strip_prefix(PREFIX))
    {
        add(id);
    }
    if let Some((data, patch)) = operation.data() {
        for (text, place) in strings(data, patch) {
            for id in in_text(text, place) {
                if place != Place::Other || known.contains(id) {
                    add(id);
                }
            }
        }
    }
    found
}

/// The texts of an operation that stand where a reference can stand: perhaps ids of resources.
pub(super) fn mentions(operation: &Operation) -> Vec<&str> {
    let Some((data, patch)) = operation.data() else {
        return vec![];
    };
    strings(data, patch)
        .into_iter()
        .filter(|(_, place)| *place == Place::Reference)
        .map(|(text, _)| text.rsplit('/').next().unwrap_or(text))
        .collect()
}

/// Puts `id`s in the places of references in the data of a resource. `ids` maps `bulkId` to `id`; what it
/// does not have stays.
pub fn resolve(data: &mut Value, ids: &Ids) {
    for_each_mut(data, false, |text, place| rewrite(text, place, ids));
}

/// [`resolve`] for a `PatchOp`.
pub(super) fn resolve_patch(data: &mut Value, ids: &Ids) {
    for_each_mut(data, true, |text, place| rewrite(text, place, ids));
}

/// [`resolve`] for one text that is a reference.
pub(super) fn resolve_text(text: &mut String, ids: &Ids) {
    rewrite(text, Place::Other, ids);
}

fn rewrite(text: &mut String, place: Place, ids: &Ids) {
    let resolved = match place {
        Place::Path => Some(rewrite_path(text, ids)),
        Place::Reference => {
            tail(text).and_then(|(head, id)| ids.get(id).map(|real| format!("{head}{real}")))
        }
        Place::Other => text
            .strip_prefix(PREFIX)
            .and_then(|id| ids.get(id))
            .cloned(),
    };
    if let Some(resolved) = resolved {
        *text = resolved;
    }
}

/// One pass: a path can be long and name many.
fn rewrite_path(path: &str, ids: &Ids) -> String {
    let mut parts = path.split("\"bulkId:");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push('"');
        match part
            .split_once('"')
            .and_then(|(id, rest)| ids.get(id).map(|real| (real, rest)))
        {
            Some((real, rest)) => {
                out.push_str(real);
                out.push('"');
                out.push_str(rest);
            }
            None => {
                out.push_str(PREFIX);
                out.push_str(part);
            }
        }
    }
    out
}

/// Takes what refers to `pending` out of a resource; returns PATCH operations that put it back.
pub(super) fn take(data: &mut Value, rt: &ResourceType, pending: &HashSet<&str>) -> Vec<Value> {
    let Value::Object(resource) = data else {
        return vec![];
    };
    let mut operations = vec![];
    let mut emptied = vec![];
    for (key, value) in resource.iter_mut() {
        match (rt.extension(key), value) {
            (Some(_), Value::Object(container)) => {
                let prefix = format!("{key}:");
                take_from(container, &prefix, pending, &mut operations);
            }
            (_, value) => {
                if let Some(taken) = take_value(key, value, pending) {
                    operations.push(json!({ "op": "add", "path": key, "value": taken }));
                    if value.is_null() {
                        emptied.push(key.clone());
                    }
                }
            }
        }
    }
    for key in emptied {
        resource.shift_remove(&key);
    }
    operations
}

fn take_from(
    container: &mut Object,
    prefix: &str,
    pending: &HashSet<&str>,
    operations: &mut Vec<Value>,
) {
    container.retain(|key, value| {
        if let Some(taken) = take_value(key, value, pending) {
            let path = format!("{prefix}{key}");
            operations.push(json!({ "op": "add", "path": path, "value": taken }));
        }
        !value.is_null()
    });
}

/// What of an attribute refers to `pending`. Leaves null when that is all of it.
fn take_value(name: &str, value: &mut Value, pending: &HashSet<&str>) -> Option<Value> {
    let refers = |part: &Value| {
        let mut left = vec![(part, Place::of(name))];
        while let Some((value, place)) = left.pop() {
            match value {
                Value::String(text)
                    if in_text(text, place).iter().any(|id| pending.contains(id)) =>
                {
                    return true;
                }
                Value::Array(elements) => left.extend(elements.iter().map(|e| (e, place))),
                Value::Object(object) => {
                    left.extend(object.iter().map(|(name, v)| (v, Place::of(name))));
                }
                _ => {}
            }
        }
        false
    };
    match value {
        Value::Array(elements) => {
            let (taken, kept): (Vec<Value>, Vec<Value>) = std::mem::take(elements)
                .into_iter()
                .partition(|e| refers(e));
            *elements = kept;
            if elements.is_empty() && !taken.is_empty() {
                *value = Value::Null;
            }
            (!taken.is_empty()).then_some(Value::Array(taken))
        }
        whole if refers(whole) => Some(std::mem::take(whole)),
        _ => None,
    }
}

//! Enough of PATCH for what the agent sends, in both dialects; and of the encoding of queries.

use serde_json::{Map, Value as Json, json};

/// Applies one operation to a resource.
pub(super) fn apply(resource: &mut Map<String, Json>, operation: &Json) {
    let op = operation["op"].as_str().unwrap().to_lowercase();
    let value = operation["value"].clone();
    let Some(path) = operation["path"].as_str() else {
        for (path, value) in value.as_object().unwrap() {
            set(resource, path, value.clone());
        }
        return;
    };
    if path == "members" {
        let slot = resource.entry("members").or_insert_with(|| json!([]));
        let members = slot.as_array_mut().unwrap();
        let given = value.as_array().unwrap().clone();
        members.retain(|m| op != "replace" && !given.contains(m));
        if op != "remove" {
            members.extend(given);
        }
        return;
    }
    if let Some(id) = path.strip_prefix("members[value eq ") {
        let id: String = serde_json::from_str(id.trim_end_matches(']')).unwrap();
        let members = resource["members"].as_array_mut().unwrap();
        members.retain(|m| m["value"] != id.as_str());
        return;
    }
    if path == "roles" && op == "add" {
        let slot = resource.entry("roles").or_insert_with(|| json!([]));
        let roles = value.as_array().unwrap().clone();
        slot.as_array_mut().unwrap().extend(roles);
        return;
    }
    if op == "remove" {
        remove(resource, path);
    } else {
        set(resource, path, value);
    }
}

fn remove(resource: &mut Map<String, Json>, path: &str) {
    match path.rsplit_once(':') {
        Some((urn, name)) => {
            if let Some(extension) = resource.get_mut(urn) {
                extension.as_object_mut().unwrap().remove(name);
            }
        }
        None => {
            resource.remove(path);
        }
    }
}

fn set(resource: &mut Map<String, Json>, path: &str, value: Json) {
    let value = match value.as_str() {
        Some("True") => json!(true),
        Some("False") => json!(false),
        _ => value,
    };
    if let Some((outer, rest)) = path.split_once("[type eq \"") {
        let (kind, sub) = rest.split_once("\"].").unwrap();
        let slot = resource.entry(outer).or_insert_with(|| json!([]));
        let elements = slot.as_array_mut().unwrap();
        let at = elements
            .iter()
            .position(|e| e["type"] == kind)
            .unwrap_or_else(|| {
                elements.push(json!({ "type": kind }));
                elements.len() - 1
            });
        elements[at][sub] = value;
        return;
    }
    let (outer, inner) = match (path.rsplit_once(':'), path.split_once('.')) {
        (Some((urn, name)), _) => (urn, Some(name)),
        (None, Some((outer, inner))) => (outer, Some(inner)),
        (None, None) => (path, None),
    };
    match inner {
        Some(inner) => {
            let slot = resource.entry(outer).or_insert_with(|| json!({}));
            slot.as_object_mut().unwrap().insert(inner.into(), value);
        }
        None => {
            resource.insert(outer.into(), value);
        }
    }
}

/// A query value as it was before it was encoded.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = std::str::from_utf8(&rest[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &rest[2..];
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

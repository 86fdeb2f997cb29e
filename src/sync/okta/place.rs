//! Where the value of an attribute stands in a resource (part 2.6 of the Okta reference).

use serde_json::{Map, Value as Json, json};

use super::wire::USER;
use crate::model::okta::AppAttribute;

/// A part of an external name: a member, or the element of an array that has a member with this value.
enum Segment<'a> {
    Member(&'a str),
    Element(&'a str, Json),
}

fn segments(name: &str) -> Vec<Segment<'_>> {
    let mut found = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix("^[")
            && let Some((test, after)) = inside.split_once(']')
            && let Some((key, literal)) = test.split_once("==")
        {
            let literal = literal.trim();
            let quoted = literal.trim_matches(['\'', '"']);
            let value = match literal {
                "true" => json!(true),
                "false" => json!(false),
                _ => json!(quoted),
            };
            found.push(Segment::Element(key.trim(), value));
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let (member, after) = rest.split_once('.').unwrap_or((rest, ""));
            found.push(Segment::Member(member));
            rest = after;
        }
    }
    found
}

/// Puts a value where it belongs. An attribute without a position is never sent.
pub(super) fn put(resource: &mut Map<String, Json>, attribute: &AppAttribute, value: &Json) {
    let path = segments(&attribute.external_name);
    if path.is_empty() {
        return;
    }
    let root = root(resource, &attribute.external_namespace);
    set(root, &path, value);
}

/// The object that the position counts from: the resource, or its extension, which is named in `schemas`.
fn root<'a>(resource: &'a mut Map<String, Json>, namespace: &str) -> &'a mut Map<String, Json> {
    if namespace.is_empty() || namespace == USER {
        return resource;
    }
    if let Some(Json::Array(schemas)) = resource.get_mut("schemas")
        && !schemas.iter().any(|urn| urn == namespace)
    {
        schemas.push(json!(namespace));
    }
    object(resource.entry(namespace).or_insert(Json::Null))
}

fn object(value: &mut Json) -> &mut Map<String, Json> {
    if !value.is_object() {
        *value = Json::Object(Map::new());
    }
    match value {
        Json::Object(members) => members,
        _ => unreachable!("it was made one"),
    }
}

fn set(parent: &mut Map<String, Json>, path: &[Segment<'_>], value: &Json) {
    let [Segment::Member(name), rest @ ..] = path else {
        return;
    };
    match rest {
        [] => {
            parent.insert((*name).to_owned(), value.clone());
        }
        [Segment::Element(key, literal), rest @ ..] => {
            let array = parent.entry(*name).or_insert(Json::Null);
            if !array.is_array() {
                *array = json!([]);
            }
            let Json::Array(elements) = array else {
                return;
            };
            let index = elements.iter().position(|e| e.get(*key) == Some(literal));
            let index = index.unwrap_or_else(|| {
                elements.push(json!({ *key: literal }));
                elements.len() - 1
            });
            set(object(&mut elements[index]), rest, value);
        }
        rest => set(
            object(parent.entry(*name).or_insert(Json::Null)),
            rest,
            value,
        ),
    }
}

/// Takes a value away from where it belongs.
pub(super) fn remove(resource: &mut Map<String, Json>, attribute: &AppAttribute) {
    let path = segments(&attribute.external_name);
    let namespace = attribute.external_namespace.as_str();
    if namespace.is_empty() || namespace == USER {
        unset(resource, &path);
    } else if let Some(Json::Object(extension)) = resource.get_mut(namespace) {
        unset(extension, &path);
    }
}

fn unset(parent: &mut Map<String, Json>, path: &[Segment<'_>]) {
    let [Segment::Member(name), rest @ ..] = path else {
        return;
    };
    match rest {
        [] => {
            parent.shift_remove(*name);
        }
        [Segment::Element(key, literal), rest @ ..] => {
            let elements = parent.get_mut(*name).and_then(Json::as_array_mut);
            let mut elements = elements.into_iter().flatten();
            if let Some(Json::Object(element)) = elements.find(|e| e.get(*key) == Some(literal)) {
                unset(element, rest);
            }
        }
        rest => {
            if let Some(Json::Object(child)) = parent.get_mut(*name) {
                unset(child, rest);
            }
        }
    }
}

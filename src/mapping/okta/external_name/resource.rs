//! Writing attributes into resources and reading them out.
//!
//! Names of members are found as written, else without regard to case, as servers may spell them their way.

use serde_json::{Map, Value as Json, json};

use super::super::value::Value;
use super::{CORE, ExternalName, Literal, Segment};

/// What becomes of null and of the empty text in a new resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyValues {
    /// They are not sent.
    #[default]
    Omitted,
    /// They are sent, as `null` and `""`: *Push Null Values*.
    Sent,
}

/// Members of a new user, in the order of Okta's requests. Attributes that are not here stand after
/// `displayName`, in the order they came; extensions stand last.
const ORDER: [&str; 11] = [
    "schemas",
    "userName",
    "name",
    "emails",
    "phoneNumbers",
    "addresses",
    "displayName",
    "", // every other attribute
    "locale",
    "externalId",
    "groups",
];
const LAST: [&str; 2] = ["password", "active"];

/// The mapped part of a new resource: `schemas` and the attributes, each at its place, members in the order
/// of [`arrange`]. An extension is there, and named in `schemas`, only when one of its attributes is sent.
pub fn render(attributes: &[(ExternalName, Value<'_>)], empty: EmptyValues) -> Map<String, Json> {
    let mut resource = json!({ "schemas": [CORE] });
    for (name, value) in attributes {
        if empty == EmptyValues::Sent || !value.is_empty() {
            write(&mut resource, name, value.to_json());
        }
    }
    match resource {
        Json::Object(mut members) => {
            arrange(&mut members);
            members
        }
        _ => Map::new(),
    }
}

/// Brings the members of a new resource into the order of Okta's requests: `schemas`, `userName`, `name`,
/// `emails`, `phoneNumbers`, `addresses`, `displayName`, others, `locale`, `externalId`, `groups`,
/// `password`, `active`, extensions.
pub fn arrange(resource: &mut Map<String, Json>) {
    let rank = |name: &str| {
        let others = ORDER.iter().position(|known| known.is_empty());
        if let Some(place) = LAST.iter().position(|known| *known == name) {
            return ORDER.len() + place;
        }
        if name.contains(':') {
            return ORDER.len() + LAST.len();
        }
        let place = ORDER.iter().position(|known| *known == name);
        place.or(others).unwrap_or(ORDER.len())
    };
    let mut members: Vec<(String, Json)> = std::mem::take(resource).into_iter().collect();
    members.sort_by_key(|(name, _)| rank(name));
    resource.extend(members);
}

/// Replaces what stands at a name in a resource of the server, and nothing else; `None` takes it away. What
/// is left empty goes too: an element of which only its selector remains, a list without elements, an
/// object without members, an extension in `schemas`. What is no object stays as it is.
pub fn set(resource: &mut Json, name: &ExternalName, value: Option<&Value<'_>>) {
    match value {
        Some(value) => write(resource, name, value.to_json()),
        None => remove(resource, name),
    }
}

/// What stands at a name; null where nothing does.
pub fn get<'a>(resource: &'a Json, name: &ExternalName) -> Value<'a> {
    find(resource, name).map_or(Value::Null, Value::of)
}

fn find<'a>(resource: &'a Json, name: &ExternalName) -> Option<&'a Json> {
    let mut here = match name.extension() {
        Some(urn) => member(resource, urn)?,
        None => resource,
    };
    for segment in &name.segments {
        here = match segment {
            Segment::Member(wanted) => member(here, wanted)?,
            Segment::Element { key, literal } => here
                .as_array()?
                .iter()
                .find(|element| is_meant(element, key, literal))?,
        };
    }
    Some(here)
}

fn member<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    let object = object.as_object()?;
    object.get(&spelled(object, name)?)
}

/// The name as the object spells it.
fn spelled(object: &Map<String, Json>, name: &str) -> Option<String> {
    if object.contains_key(name) {
        return Some(name.to_owned());
    }
    object
        .keys()
        .find(|k| k.eq_ignore_ascii_case(name))
        .cloned()
}

/// A boolean may be a text: some servers write `"True"`.
fn is_meant(element: &Json, key: &str, literal: &Literal) -> bool {
    match (member(element, key), literal) {
        (Some(Json::Bool(flag)), Literal::Boolean(wanted)) => flag == wanted,
        (Some(Json::String(text)), Literal::Boolean(wanted)) => {
            text.eq_ignore_ascii_case(if *wanted { "true" } else { "false" })
        }
        (Some(Json::String(text)), Literal::Text(wanted)) => text == wanted,
        _ => false,
    }
}

fn write(resource: &mut Json, name: &ExternalName, value: Json) {
    let Some(object) = resource.as_object_mut() else {
        return;
    };
    let mut here = match name.extension() {
        Some(urn) => {
            announce(object, urn);
            entry(object, urn, || json!({}))
        }
        None => resource,
    };
    for (index, segment) in name.segments.iter().enumerate() {
        let next = name.segments.get(index + 1);
        here = match segment {
            Segment::Member(wanted) => {
                let empty = || match next {
                    Some(Segment::Element { .. }) => json!([]),
                    Some(Segment::Member(_)) => json!({}),
                    None => Json::Null,
                };
                // What is in the way gives way, as when a server has a text where an object belongs.
                if !here.is_object() {
                    *here = json!({});
                }
                match here.as_object_mut() {
                    Some(object) => entry(object, wanted, empty),
                    None => return,
                }
            }
            Segment::Element { key, literal } => {
                if !here.is_array() {
                    *here = json!([]);
                }
                match here.as_array_mut() {
                    Some(elements) => chosen(elements, key, literal),
                    None => return,
                }
            }
        };
    }
    *here = value;
}

/// The member of this name, made where there is none.
fn entry<'a>(
    object: &'a mut Map<String, Json>,
    name: &str,
    empty: impl FnOnce() -> Json,
) -> &'a mut Json {
    let name = spelled(object, name).unwrap_or_else(|| name.to_owned());
    object.entry(name).or_insert_with(empty)
}

/// The element that is meant, made where there is none.
fn chosen<'a>(elements: &'a mut Vec<Json>, key: &str, literal: &Literal) -> &'a mut Json {
    let found = elements
        .iter()
        .position(|element| is_meant(element, key, literal));
    let place = found.unwrap_or_else(|| {
        let literal = match literal {
            Literal::Boolean(flag) => Json::Bool(*flag),
            Literal::Text(text) => Json::String(text.clone()),
        };
        elements.push(json!({ key: literal }));
        elements.len() - 1
    });
    &mut elements[place]
}

/// Names an extension in `schemas`.
fn announce(resource: &mut Map<String, Json>, urn: &str) {
    let schemas = entry(resource, "schemas", || json!([CORE]));
    if let Some(schemas) = schemas.as_array_mut()
        && !schemas.iter().any(|known| is_urn(known, urn))
    {
        schemas.push(json!(urn));
    }
}

fn is_urn(schema: &Json, urn: &str) -> bool {
    schema.as_str().is_some_and(|s| s.eq_ignore_ascii_case(urn))
}

fn remove(resource: &mut Json, name: &ExternalName) {
    let Some(urn) = name.extension() else {
        take_away(resource, &name.segments);
        return;
    };
    let Some(object) = resource.as_object_mut() else {
        return;
    };
    let Some(spelling) = spelled(object, urn) else {
        return;
    };
    let Some(extension) = object.get_mut(&spelling) else {
        return;
    };
    if take_away(extension, &name.segments) {
        object.shift_remove(&spelling);
        let schemas = spelled(object, "schemas").and_then(|schemas| object.get_mut(&schemas));
        if let Some(Json::Array(schemas)) = schemas {
            schemas.retain(|known| !is_urn(known, urn));
        }
    }
}

/// Takes away what stands at the end of the way. Whether it was there and `here` is empty without it.
fn take_away(here: &mut Json, segments: &[Segment]) -> bool {
    let Some((first, rest)) = segments.split_first() else {
        return true;
    };
    match (first, here) {
        (Segment::Member(name), Json::Object(object)) => {
            let Some(name) = spelled(object, name) else {
                return false;
            };
            let gone = object
                .get_mut(&name)
                .is_some_and(|next| take_away(next, rest));
            if gone {
                object.shift_remove(&name);
            }
            gone && object.is_empty()
        }
        (Segment::Element { key, literal }, Json::Array(elements)) => {
            let meant = |element: &Json| is_meant(element, key, literal);
            let Some(place) = elements.iter().position(meant) else {
                return false;
            };
            let before = elements[place].as_object().map_or(0, Map::len);
            take_away(&mut elements[place], rest);
            let element = elements[place].as_object();
            let after = element.map_or(0, Map::len);
            let only_selector = element.is_some_and(|e| e.len() == 1 && spelled(e, key).is_some());
            if after < before && only_selector {
                elements.remove(place);
                return elements.is_empty();
            }
            false
        }
        _ => false,
    }
}

//! A SCIM user as a mapping source: what API-driven inbound provisioning reads.
//!
//! Attributes get the names of the service's attribute lists: `name.givenName`, `emails[type eq "work"].value`,
//! `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`. Follows entra.md 8.4.

use serde_json::{Map, Value as Json};

use super::source::Source;
use super::target::CORE_USER;
use crate::mapping::Value;

/// Deepest place that is read: extension, attribute, sub-attribute.
const DEPTH: usize = 3;

/// The attributes of a SCIM user, flat. `schemas` is left out; of several values with the same `type` the first counts,
/// and a single value of the enterprise extension's `manager` is its `value`.
pub fn source_of_scim_user(data: &Map<String, Json>) -> Source {
    let mut found = Vec::new();
    for (name, value) in data {
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        match value {
            // Core attributes may stand under their URN as well.
            Json::Object(members) if name.eq_ignore_ascii_case(CORE_USER) => {
                for (member, value) in members {
                    collect(member, value, DEPTH, &mut found);
                }
            }
            Json::Object(members) if is_urn(name) => {
                for (member, value) in members {
                    collect(&format!("{name}:{member}"), value, DEPTH, &mut found);
                }
            }
            value => collect(name, value, DEPTH, &mut found),
        }
    }
    // The last of equal names counts in a source; here it is the first.
    found.reverse();
    found.into_iter().collect()
}

fn is_urn(name: &str) -> bool {
    name.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
}

fn collect(name: &str, value: &Json, depth: usize, found: &mut Vec<(String, Value)>) {
    match value {
        Json::Null => {}
        Json::Object(_) | Json::Array(_) if depth == 0 => {}
        Json::Object(members) => {
            // A reference is what it points to.
            if let Some(value) = members.get("value") {
                collect(name, value, 0, found);
            }
            for (member, value) in members {
                collect(&format!("{name}.{member}"), value, depth - 1, found);
            }
        }
        Json::Array(items) => {
            let plain = |item: &&Json| !item.is_object() && !item.is_array() && !item.is_null();
            let texts: Vec<Json> = items.iter().filter(plain).cloned().collect();
            if !texts.is_empty() {
                found.push((name.to_owned(), Value::from_json(Json::Array(texts))));
            }
            for members in items.iter().filter_map(Json::as_object) {
                let Some(kind) = members.get("type").and_then(Json::as_str) else {
                    continue;
                };
                for (member, value) in members {
                    let name = format!("{name}[type eq \"{kind}\"].{member}");
                    collect(&name, value, 0, found);
                }
            }
        }
        value => found.push((name.to_owned(), Value::from_json(value.clone()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_have_the_names_of_the_attribute_list() {
        let data = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "externalId": "701984", "active": true, "nickName": null,
            "name": {"givenName": "Barbara"},
            "emails": [
                {"value": "b@example.com", "type": "work", "primary": true},
                {"value": "second@example.com", "type": "work"},
                {"value": "home@example.com"},
            ],
            "urn:ietf:params:scim:schemas:core:2.0:User": {"title": "Guide"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "department": "Tours", "manager": {"value": "89607", "displayName": "John Smith"},
            },
            "urn:ietf:params:scim:schemas:extension:csv:1.0:User": {"JobCode": 7, "Tags": ["a", "b"]},
        });
        let source = source_of_scim_user(data.as_object().unwrap());
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let csv = "urn:ietf:params:scim:schemas:extension:csv:1.0:User";
        for (name, value) in [
            ("externalId", "701984"),
            ("active", "True"),
            ("name.givenName", "Barbara"),
            (r#"emails[type eq "work"].value"#, "b@example.com"),
            (r#"emails[type eq "work"].primary"#, "True"),
            ("title", "Guide"),
            (&format!("{enterprise}:department"), "Tours"),
            (&format!("{enterprise}:manager"), "89607"),
            (&format!("{enterprise}:manager.displayName"), "John Smith"),
            (&format!("{csv}:JobCode"), "7"),
        ] {
            assert_eq!(source.get(name).as_text(), Some(value), "{name}");
        }
        assert_eq!(source.get(&format!("{csv}:Tags")).elements().len(), 2);
        for absent in ["schemas", "nickName", "emails"] {
            assert!(source.get(absent).is_null(), "{absent}");
        }
    }
}

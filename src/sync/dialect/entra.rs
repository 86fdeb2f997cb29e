//! The default wire dialect of Entra's provisioning service (no feature flag in the tenant URL).
//!
//! Follows Microsoft's "Develop a SCIM endpoint for user provisioning" and recorded traces:
//! capitalised `op`, one operation per attribute with a `path`, booleans as the strings `"True"` and
//! `"False"` in PATCH, the manager as a plain string, members as arrays of values, `members` excluded
//! from every read of groups.

use serde_json::{Map, Value as Json, json};

use crate::mapping::Value;
use crate::mapping::entra::{MappedAttribute, TargetPath, render_create};
use crate::model::ObjectKind;
use crate::sync::client::{Method, Request};
use crate::sync::reconcile::Difference;

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// `Users` or `Groups`.
const fn collection(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "Users",
        ObjectKind::Group => "Groups",
    }
}

/// The mapping's name for a kind of object.
pub(crate) const fn mapped_kind(kind: ObjectKind) -> crate::mapping::entra::ObjectKind {
    match kind {
        ObjectKind::User => crate::mapping::entra::ObjectKind::User,
        ObjectKind::Group => crate::mapping::entra::ObjectKind::Group,
    }
}

/// Encodes a query value as the service does: blanks as `+`, quotes as `%22`.
fn query(text: &str) -> String {
    encode(text, true)
}

fn encode(text: &str, blank_as_plus: bool) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' if blank_as_plus => out.push('+'),
            _ => {
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    out
}

/// Looks for an object: `GET Users?filter=userName+eq+%22…%22`.
pub fn find(kind: ObjectKind, attribute: &TargetPath, value: &str) -> Request {
    let filter = query(&format!("{attribute} eq {}", Json::from(value)));
    let path = match kind {
        ObjectKind::User => format!("Users?filter={filter}"),
        ObjectKind::Group => format!("Groups?excludedAttributes=members&filter={filter}"),
    };
    get(path)
}

/// Reads a linked object.
pub fn read(kind: ObjectKind, id: &str) -> Request {
    let path = resource(kind, id);
    get(match kind {
        ObjectKind::User => path,
        ObjectKind::Group => path + "?excludedAttributes=members",
    })
}

/// Creates an object.
pub fn create(kind: ObjectKind, attributes: &[MappedAttribute<'_>]) -> Request {
    Request {
        method: Method::Post,
        path: collection(kind).to_owned(),
        body: Some(Json::Object(render_create(mapped_kind(kind), attributes))),
    }
}

/// Changes attributes of a linked object, one operation each.
pub fn update(kind: ObjectKind, id: &str, differences: &[Difference]) -> Request {
    let operations = differences.iter().map(operation).collect();
    patch(kind, id, operations)
}

fn operation(difference: &Difference) -> Json {
    let op = if difference.old.is_none() {
        "Add"
    } else {
        "Replace"
    };
    json!({ "op": op, "path": difference.target.as_str(), "value": patch_value(difference) })
}

/// Booleans are spelled `"True"` and `"False"`, whatever the mapping's spelling.
fn patch_value(difference: &Difference) -> Json {
    match &difference.new {
        Value::Text(text) if difference.target.is_boolean() => {
            if text.eq_ignore_ascii_case("true") {
                json!("True")
            } else if text.eq_ignore_ascii_case("false") {
                json!("False")
            } else {
                json!(text)
            }
        }
        value => value.to_json(),
    }
}

/// Sets a user's manager: a plain string, not an object. `Add` when the target has none, else `Replace`.
pub fn set_manager(id: &str, target: &TargetPath, manager: &str, had_one: bool) -> Request {
    let op = if had_one { "Replace" } else { "Add" };
    let operation = json!({ "op": op, "path": target.as_str(), "value": manager });
    patch(ObjectKind::User, id, vec![operation])
}

/// Clears a user's manager, in the form of RFC 7644.
pub fn clear_manager(id: &str, target: &TargetPath) -> Request {
    let operation = json!({ "op": "Remove", "path": target.as_str() });
    patch(ObjectKind::User, id, vec![operation])
}

/// Adds members to a group in one operation.
pub fn add_members(id: &str, target: &TargetPath, members: &[&str]) -> Request {
    patch(
        ObjectKind::Group,
        id,
        vec![of_members("Add", target, members)],
    )
}

/// Removes members from a group in one operation.
pub fn remove_members(id: &str, target: &TargetPath, members: &[&str]) -> Request {
    patch(
        ObjectKind::Group,
        id,
        vec![of_members("Remove", target, members)],
    )
}

fn of_members(op: &str, target: &TargetPath, members: &[&str]) -> Json {
    let values: Vec<Json> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({ "op": op, "path": target.as_str(), "value": values })
}

/// Deletes a linked object.
pub fn delete(kind: ObjectKind, id: &str) -> Request {
    Request {
        method: Method::Delete,
        path: resource(kind, id),
        body: None,
    }
}

fn resource(kind: ObjectKind, id: &str) -> String {
    format!("{}/{}", collection(kind), encode(id, false))
}

fn get(path: String) -> Request {
    Request {
        method: Method::Get,
        path,
        body: None,
    }
}

fn patch(kind: ObjectKind, id: &str, operations: Vec<Json>) -> Request {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([PATCH_OP]));
    body.insert("Operations".to_owned(), Json::Array(operations));
    Request {
        method: Method::Patch,
        path: resource(kind, id),
        body: Some(Json::Object(body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> TargetPath {
        TargetPath::parse(text).unwrap()
    }

    #[test]
    fn filters_are_encoded_as_the_service_does() {
        for (kind, attribute, value, expected) in [
            (
                ObjectKind::User,
                "userName",
                "alice@contoso.com",
                "Users?filter=userName+eq+%22alice%40contoso.com%22",
            ),
            (
                ObjectKind::Group,
                "displayName",
                "Eng & \"Co\"",
                "Groups?excludedAttributes=members&filter=displayName+eq+%22Eng+%26+%5C%22Co%5C%22%22",
            ),
            (
                ObjectKind::User,
                r#"emails[type eq "work"].value"#,
                "é",
                "Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22%C3%A9%22",
            ),
        ] {
            assert_eq!(find(kind, &path(attribute), value).path, expected);
        }
    }

    #[test]
    fn ids_cannot_leave_their_path_segment() {
        assert_eq!(
            read(ObjectKind::User, "a/../b?c").path,
            "Users/a%2F..%2Fb%3Fc"
        );
        assert_eq!(
            read(ObjectKind::Group, "g").path,
            "Groups/g?excludedAttributes=members"
        );
        assert_eq!(delete(ObjectKind::Group, "g").path, "Groups/g");
    }

    #[test]
    fn updates_add_what_was_missing_and_replace_what_was_there() {
        let differences = [
            Difference {
                target: path("active"),
                old: Some(Value::from("True")),
                new: Value::from("false"),
                redacted: false,
            },
            Difference {
                target: path("title"),
                old: None,
                new: Value::from("Engineer"),
                redacted: false,
            },
        ];
        let body = update(ObjectKind::User, "U1", &differences).body.unwrap();
        assert_eq!(
            body,
            json!({ "schemas": [PATCH_OP], "Operations": [
                { "op": "Replace", "path": "active", "value": "False" },
                { "op": "Add", "path": "title", "value": "Engineer" },
            ]})
        );
    }

    #[test]
    fn references_have_their_own_shapes() {
        let manager = path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager");
        let operation = |request: Request| request.body.unwrap()["Operations"][0].clone();
        assert_eq!(
            operation(set_manager("U1", &manager, "M1", false)),
            json!({ "op": "Add", "path": manager.as_str(), "value": "M1" })
        );
        assert_eq!(
            operation(clear_manager("U1", &manager)),
            json!({ "op": "Remove", "path": manager.as_str() })
        );
        assert_eq!(
            operation(remove_members("G1", &path("members"), &["U1", "U2"])),
            json!({ "op": "Remove", "path": "members", "value": [{ "value": "U1" }, { "value": "U2" }] })
        );
    }
}

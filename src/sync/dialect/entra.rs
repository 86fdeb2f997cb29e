//! The requests that are the same in every dialect: search, read, create, delete, discovery.
//!
//! Follows Microsoft's "Develop a SCIM endpoint for user provisioning" and recorded traces: blanks of a
//! filter as `+`, its quotes as `%22`, `members` excluded from every read of groups.

use serde_json::Value as Json;

use crate::mapping::entra::TargetPath;
use crate::model::ObjectKind;
use crate::sync::client::{Method, Request};

/// `Users` or `Groups`.
pub(super) const fn collection(kind: ObjectKind) -> &'static str {
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
pub(in super::super) fn query(text: &str) -> String {
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

/// Asks which attributes the target has: `GET Schemas`.
pub fn schemas() -> Request {
    get("Schemas".to_owned())
}

/// Deletes a linked object.
pub fn delete(kind: ObjectKind, id: &str) -> Request {
    Request {
        method: Method::Delete,
        path: resource(kind, id),
        body: None,
    }
}

pub(super) fn resource(kind: ObjectKind, id: &str) -> String {
    format!("{}/{}", collection(kind), encode(id, false))
}

fn get(path: String) -> Request {
    Request {
        method: Method::Get,
        path,
        body: None,
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
}

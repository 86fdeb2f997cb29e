//! Every request that Okta sends, as a value (parts 1.3 to 1.11 of the Okta reference). Pure.
//!
//! Which of them are sent, and in which order, is the business of `people` and `groups`.

mod groups;
mod profile;

pub use groups::{
    Member, all_members, change_members, create_group, delete_group, rename_group, replace_group,
};
pub use profile::{Account, Changes, create_user};
pub(super) use profile::{changes, merge};

use serde_json::{Map, Value as Json, json};

use crate::model::okta::Wire;
use crate::sync::client::{Method, Request};
use crate::sync::dialect::entra;

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The schema of users.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of groups.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// *Test API Credentials*: users, and groups too when *Import Groups* is on.
pub fn test(import_groups: bool) -> Vec<Request> {
    let mut requests = vec![get("Users?startIndex=1&count=2".to_owned())];
    if import_groups {
        requests.push(get("Groups?startIndex=1&count=100".to_owned()));
    }
    requests
}

/// Resources in one page of an import.
pub const PAGE: u64 = 100;

/// A page of an import: users or groups from this place on.
pub fn page(collection: &str, start: u64) -> Request {
    get(format!("{collection}?startIndex={start}&count={PAGE}"))
}

/// The existence check: whoever has this user name.
pub fn find_user(wire: &Wire, user_name: &str) -> Request {
    find(wire, "Users", "userName", user_name)
}

/// The lookup of a group whose id is not known.
pub fn find_group(wire: &Wire, name: &str) -> Request {
    find(wire, "Groups", "displayName", name)
}

fn find(wire: &Wire, collection: &str, attribute: &str, value: &str) -> Request {
    // Of a literal plus nothing is left by encoding, so the other spelling of a blank is exact.
    let plus = entra::query(&format!("{attribute} eq {}", Json::from(value)));
    let filter = if wire.plus_for_blanks {
        plus
    } else {
        plus.replace('+', "%20")
    };
    get(format!(
        "{collection}?filter={filter}&startIndex=1&count=100"
    ))
}

/// Reads an account.
pub fn read_user(id: &str) -> Request {
    get(at("Users", id))
}

/// Reads a group.
pub fn read_group(id: &str) -> Request {
    get(at("Groups", id))
}

/// Replaces an account by what was read, changed.
pub fn replace_user(id: &str, resource: Map<String, Json>) -> Request {
    with_body(Method::Put, at("Users", id), Json::Object(resource))
}

/// Activates or deactivates an account: one operation, without a path.
pub fn set_active(id: &str, active: bool) -> Request {
    patch(
        "Users",
        id,
        &json!([{ "op": "replace", "value": { "active": active } }]),
    )
}

/// Sets a password: one operation, without a path.
pub fn set_password(id: &str, password: &str) -> Request {
    patch(
        "Users",
        id,
        &json!([{ "op": "replace", "value": { "password": password } }]),
    )
}

fn get(path: String) -> Request {
    Request {
        method: Method::Get,
        path,
        body: None,
    }
}

fn with_body(method: Method, path: String, body: Json) -> Request {
    Request {
        method,
        path,
        body: Some(body),
    }
}

fn patch(collection: &str, id: &str, operations: &Json) -> Request {
    let body = json!({ "schemas": [PATCH_OP], "Operations": operations });
    with_body(Method::Patch, at(collection, id), body)
}

/// The path of one resource.
fn at(collection: &str, id: &str) -> String {
    format!("{collection}/{}", entra::query(id).replace('+', "%20"))
}

#[cfg(test)]
mod tests;

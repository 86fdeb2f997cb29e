//! Requests about groups (part 1.11 of the Okta reference).

use serde_json::{Map, Value as Json, json};

use super::{GROUP, at, patch, with_body};
use crate::model::okta::Wire;
use crate::sync::client::{Method, Request};

/// A member as it is sent: `type` and `$ref` never are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// `value`: the `id` of the account.
    pub id: String,
    /// `display`: the name the app knows the person by.
    pub display: String,
}

fn members(list: &[Member]) -> Json {
    list.iter()
        .map(|member| json!({ "value": member.id, "display": member.display }))
        .collect()
}

/// Makes a group; without `externalId`, which Okta never sends for groups.
pub fn create_group(name: &str, list: &[Member]) -> Request {
    let body = json!({ "schemas": [GROUP], "displayName": name, "members": members(list) });
    with_body(Method::Post, "Groups".to_owned(), body)
}

/// Replaces a group with its complete list of members.
pub fn replace_group(wire: &Wire, id: &str, name: &str, list: &[Member]) -> Request {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([GROUP]));
    if wire.put_includes_id {
        body.insert("id".to_owned(), json!(id));
    }
    body.insert("displayName".to_owned(), json!(name));
    body.insert("members".to_owned(), members(list));
    with_body(Method::Put, at("Groups", id), Json::Object(body))
}

/// Tells the name: one operation without a path, whose value repeats the read-only `id`.
pub fn rename_group(id: &str, name: &str) -> Request {
    let value = json!({ "id": id, "displayName": name });
    patch("Groups", id, &json!([{ "op": "replace", "value": value }]))
}

/// Tells who went and who came: an operation for each who went, then one for all who came.
pub fn change_members(id: &str, removed: &[&str], added: &[Member]) -> Request {
    let mut operations: Vec<Json> = removed
        .iter()
        .map(|member| {
            let path = format!("members[value eq {}]", Json::from(*member));
            json!({ "op": "remove", "path": path })
        })
        .collect();
    if !added.is_empty() {
        operations.push(json!({ "op": "add", "path": "members", "value": members(added) }));
    }
    patch("Groups", id, &Json::Array(operations))
}

/// Tells the whole list.
pub fn all_members(wire: &Wire, id: &str, list: &[Member]) -> Request {
    let operation = if wire.full_push_without_path {
        json!({ "op": "replace", "value": { "members": members(list) } })
    } else {
        json!({ "op": "replace", "path": "members", "value": members(list) })
    };
    patch("Groups", id, &json!([operation]))
}

/// Deletes a group.
pub fn delete_group(id: &str) -> Request {
    Request {
        method: Method::Delete,
        path: at("Groups", id),
        body: None,
    }
}

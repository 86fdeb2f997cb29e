//! The requests that differ between dialects: POST and PATCH.

use serde_json::{Map, Value as Json, json};

use super::Dialect;
use super::entra::{collection, mapped_kind, resource};
use crate::mapping::Value;
use crate::mapping::entra::{MappedAttribute, Role, RoleFlow, TargetPath, render_create};
use crate::model::{ManagerRemoval, ObjectKind};
use crate::sync::client::{Method, Request};
use crate::sync::reconcile::Difference;

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

impl Dialect {
    /// Creates an object.
    pub fn create(&self, kind: ObjectKind, attributes: &[MappedAttribute<'_>]) -> Request {
        let body = render_create(mapped_kind(kind), attributes, self.microsoft_schema);
        Request {
            method: Method::Post,
            path: collection(kind).to_owned(),
            body: Some(Json::Object(body)),
        }
    }

    /// Changes attributes of a linked object: one operation per attribute, and in a dialect that combines
    /// them, one without path for the single values that the target has already.
    ///
    /// Names of sub-attributes and of extensions stay whole there: `"name.givenName"`,
    /// `"urn:…:User:department"`. A filtered path and `active` keep an operation of their own.
    pub fn update(&self, kind: ObjectKind, id: &str, differences: &[Difference]) -> Request {
        let (mut operations, mut combined) = (Vec::new(), Map::new());
        for difference in differences {
            if self.combines && is_combinable(difference) {
                let value = self.value(&difference.target, &difference.new);
                combined.insert(difference.target.to_string(), value);
            } else {
                operations.push(self.operation(difference));
            }
        }
        if !combined.is_empty() {
            operations.push(json!({ "op": self.operations.replace, "value": combined }));
        }
        patch(kind, id, operations)
    }

    fn operation(&self, difference: &Difference) -> Json {
        let path = difference.target.as_str();
        let roles = difference.roles.zip(Role::all(&difference.new));
        if let Some((flow, roles)) = roles {
            let (op, as_text) = match flow {
                RoleFlow::Additive => (self.operations.add, self.roles_as_text),
                RoleFlow::Assertive => (self.operations.replace, false),
            };
            let form = if as_text {
                Role::to_text_element
            } else {
                Role::to_element
            };
            let value: Vec<Json> = roles.iter().map(form).collect();
            return json!({ "op": op, "path": path, "value": value });
        }
        let op = if difference.old.is_none() {
            self.operations.add
        } else {
            self.operations.replace
        };
        json!({ "op": op, "path": path, "value": self.value(&difference.target, &difference.new) })
    }

    /// Booleans in the spelling of the dialect, whatever the mapping's; anything else as it is.
    fn value(&self, target: &TargetPath, value: &Value) -> Json {
        let flag = match value {
            Value::Text(text) if !target.is_boolean() => return json!(text),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => true,
            Value::Text(text) if text.eq_ignore_ascii_case("false") => false,
            other => return other.to_json(),
        };
        match (self.boolean_texts, flag) {
            (false, flag) => json!(flag),
            (true, true) => json!("True"),
            (true, false) => json!("False"),
        }
    }

    /// Sets a user's manager. `Add` when the target has none, else `Replace`.
    pub fn set_manager(
        &self,
        id: &str,
        target: &TargetPath,
        manager: &str,
        had_one: bool,
    ) -> Request {
        let op = if had_one {
            self.operations.replace
        } else {
            self.operations.add
        };
        let value = if self.manager_as_text {
            json!(manager)
        } else {
            json!({ "value": manager })
        };
        let operation = json!({ "op": op, "path": target.as_str(), "value": value });
        patch(ObjectKind::User, id, vec![operation])
    }

    /// Clears a user's manager; `manager` is the id of the one who goes.
    pub fn clear_manager(
        &self,
        id: &str,
        target: &TargetPath,
        manager: &str,
        form: ManagerRemoval,
    ) -> Request {
        let path = target.as_str();
        let remove = self.operations.remove;
        let operation = match form {
            ManagerRemoval::Remove => json!({ "op": remove, "path": path }),
            ManagerRemoval::RemoveByFilter => {
                json!({ "op": remove, "path": by_value(path, manager) })
            }
            ManagerRemoval::RemoveByValue => {
                json!({ "op": remove, "path": path, "value": manager })
            }
            ManagerRemoval::ReplaceWithEmpty => {
                json!({ "op": self.operations.replace, "path": path, "value": { "value": "" } })
            }
        };
        patch(ObjectKind::User, id, vec![operation])
    }

    /// Adds members to a group in one operation.
    pub fn add_members(&self, id: &str, target: &TargetPath, members: &[&str]) -> Request {
        let operation = of_members(self.operations.add, target, members);
        patch(ObjectKind::Group, id, vec![operation])
    }

    /// Removes members from a group in one request.
    pub fn remove_members(&self, id: &str, target: &TargetPath, members: &[&str]) -> Request {
        let remove = self.operations.remove;
        let operations = if self.removes_by_filter {
            let one =
                |member: &&str| json!({ "op": remove, "path": by_value(target.as_str(), member) });
            members.iter().map(one).collect()
        } else {
            vec![of_members(remove, target, members)]
        };
        patch(ObjectKind::Group, id, operations)
    }
}

/// Whether the target has a single value that is to have another. `active` is told apart in the samples of
/// both dialects.
fn is_combinable(difference: &Difference) -> bool {
    let target = &difference.target;
    difference.old.is_some()
        && difference.roles.is_none()
        && target.filter().is_none()
        && !target.is_boolean()
        && matches!(difference.new, Value::Text(_) | Value::Null)
}

fn by_value(path: &str, id: &str) -> String {
    format!("{path}[value eq {}]", Json::from(id))
}

fn of_members(op: &str, target: &TargetPath, members: &[&str]) -> Json {
    let values: Vec<Json> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({ "op": op, "path": target.as_str(), "value": values })
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
mod tests;

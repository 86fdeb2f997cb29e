//! [`BulkRequest`]: what a client uploads, read as tolerantly as the service does (entra.md 8.2).
//!
//! What is wrong with the request as a whole is refused at once; what is wrong with a single user shows up in the
//! provisioning log. So an operation is kept as it came, and only its frame is checked here.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::scim::urn::BULK_REQUEST;

/// Most operations of a request.
pub const OPERATIONS: usize = 50;
/// Most bytes of a request. The service names no limit; 50 users of 20 KiB each are more than its samples come to.
pub const BODY: usize = 1 << 20;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// It is no bulk request at all, or no SCIM. The sentence says what was found; the service's own answer is
    /// `Invalid Data Format` for all of these.
    #[error("Invalid Data Format: {0}")]
    Format(String),
    /// More operations than one request may have.
    #[error(
        "The request has {0} operations. A bulk request has at most {OPERATIONS}; send several requests."
    )]
    TooMany(usize),
}

/// An operation: a user as the client's system has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `bulkId`, as it came.
    pub bulk_id: String,
    /// `data`: the SCIM user.
    pub data: Map<String, Value>,
}

/// A request that can be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRequest {
    /// What it asks for, 1 to [`OPERATIONS`], in its order.
    pub operations: Vec<Operation>,
    /// Whether a `bulkId` occurs twice. The service's text forbids it and its own sample does it, so it is only said.
    pub repeated_bulk_id: bool,
}

impl BulkRequest {
    /// Reads the body of an upload.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub fn parse(body: &[u8]) -> Result<Self, BadRequest> {
        let format = |what: String| BadRequest::Format(what);
        let json: Value = serde_json::from_slice(body)
            .map_err(|error| format(format!("the body is not JSON ({error})")))?;
        let Value::Object(mut request) = json else {
            return Err(format("the body is not a JSON object".into()));
        };
        let is_bulk = request
            .get("schemas")
            .and_then(Value::as_array)
            .is_some_and(|urns| urns.iter().any(|urn| same(urn, BULK_REQUEST)));
        if !is_bulk {
            return Err(format(format!("schemas does not name {BULK_REQUEST}")));
        }
        let Some(Value::Array(operations)) = request.remove("Operations") else {
            return Err(format("Operations is not an array".into()));
        };
        if operations.is_empty() {
            return Err(format("Operations is empty".into()));
        }
        if operations.len() > OPERATIONS {
            return Err(BadRequest::TooMany(operations.len()));
        }
        let operations: Vec<Operation> = operations
            .into_iter()
            .enumerate()
            .map(|(place, operation)| {
                operation_of(operation)
                    .map_err(|what| format(format!("operation {} {what}", place + 1)))
            })
            .collect::<Result<_, _>>()?;
        let mut seen = HashSet::new();
        let repeated_bulk_id = !operations.iter().all(|o| seen.insert(o.bulk_id.as_str()));
        Ok(Self {
            operations,
            repeated_bulk_id,
        })
    }
}

pub(super) fn same(value: &Value, text: &str) -> bool {
    value
        .as_str()
        .is_some_and(|value| value.eq_ignore_ascii_case(text))
}

pub(super) fn operation_of(operation: Value) -> Result<Operation, String> {
    let Value::Object(mut operation) = operation else {
        return Err("is not an object".into());
    };
    if !operation.get("method").is_some_and(|m| same(m, "POST")) {
        return Err("has another method than POST, the only one there is".into());
    }
    if !operation.get("path").is_some_and(|p| same(p, "/Users")) {
        return Err("has another path than /Users, the only one there is".into());
    }
    let bulk_id = match operation.remove("bulkId") {
        Some(Value::String(id)) if !id.is_empty() => id,
        _ => return Err("has no bulkId".into()),
    };
    match operation.remove("data") {
        Some(Value::Object(data)) => Ok(Operation { bulk_id, data }),
        _ => Err("has no data".into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(operations: &Value) -> Vec<u8> {
        json!({ "schemas": [BULK_REQUEST], "Operations": operations, "failOnErrors": null })
            .to_string()
            .into_bytes()
    }

    fn user(bulk_id: &str) -> Value {
        json!({"method": "POST", "bulkId": bulk_id, "path": "/Users", "data": {"externalId": "1"}})
    }

    #[test]
    fn a_request_is_read_with_its_oddities() {
        let read = BulkRequest::parse(&request(&json!([user("a"), user("b")]))).unwrap();
        assert_eq!(read.operations.len(), 2);
        assert!(!read.repeated_bulk_id);
        let read = BulkRequest::parse(&request(&json!([user("a"), user("a")]))).unwrap();
        assert!(read.repeated_bulk_id);
        let fifty: Vec<Value> = (0..50).map(|n| user(&n.to_string())).collect();
        assert!(BulkRequest::parse(&request(&json!(fifty))).is_ok());
    }

    #[test]
    fn what_is_no_bulk_request_is_refused_with_what_was_found() {
        let without = |name: &str| {
            let mut operation = user("a");
            operation.as_object_mut().unwrap().remove(name);
            request(&json!([operation]))
        };
        let with = |name: &str, value: Value| {
            let mut operation = user("a");
            operation[name] = value;
            request(&json!([operation]))
        };
        for (body, what) in [
            (b"{".to_vec(), "not JSON"),
            (b"[]".to_vec(), "not a JSON object"),
            (br#"{"name":"John Doe"}"#.to_vec(), "schemas"),
            (br#"{"schemas":"x"}"#.to_vec(), "schemas"),
            (
                json!({"schemas": [BULK_REQUEST]}).to_string().into_bytes(),
                "Operations",
            ),
            (request(&json!([])), "empty"),
            (request(&json!([7])), "operation 1 is not an object"),
            (without("method"), "method"),
            (with("method", json!("DELETE")), "method"),
            (with("path", json!("/Groups")), "path"),
            (with("path", json!("/Users/1")), "path"),
            (without("bulkId"), "bulkId"),
            (with("bulkId", json!(7)), "bulkId"),
            (without("data"), "data"),
            (with("data", json!([])), "data"),
        ] {
            let error = BulkRequest::parse(&body).unwrap_err();
            let BadRequest::Format(text) = &error else {
                panic!("{error}");
            };
            assert!(text.contains(what), "{text}");
            assert!(error.to_string().starts_with("Invalid Data Format"));
        }
        let many: Vec<Value> = (0..51).map(|n| user(&n.to_string())).collect();
        let refused = BulkRequest::parse(&request(&json!(many)));
        assert_eq!(refused, Err(BadRequest::TooMany(51)));
    }
}

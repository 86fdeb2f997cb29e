//! From the body to a [`BulkRequest`]. RFC 7644 section 3.7, scim.md 2.13.

use std::collections::HashSet;

use serde_json::Value;

use super::super::error::{Error, echo, kind_of};
use super::super::message::check_schema;
use super::super::urn;
use super::{
    BulkOperation, BulkRequest, Collection, MAX_OPERATIONS, Operation, ResourcePath, reference,
};

pub(super) fn parse(body: Value) -> Result<BulkRequest, Error> {
    let Value::Object(message) = body else {
        return Err(Error::invalid_syntax(format!(
            "the body must be a JSON object, not {}",
            kind_of(&body)
        )));
    };
    check_schema(&message, urn::BULK_REQUEST)?;
    let (mut operations, mut fail_on_errors) = (None, None);
    for (name, value) in message {
        if name.eq_ignore_ascii_case("Operations") {
            operations = Some(value);
        } else if name.eq_ignore_ascii_case("failOnErrors") {
            fail_on_errors = stop_after(&value)?;
        }
    }
    let operations = match operations {
        Some(Value::Array(operations)) => operations,
        Some(other) => {
            return Err(Error::invalid_syntax(format!(
                "\"Operations\" must be an array, not {}",
                kind_of(&other)
            )));
        }
        None => return Err(Error::invalid_syntax("\"Operations\" is missing")),
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(Error::new(
            413,
            format!(
                "The bulk request has {} operations and exceeds the maxOperations ({MAX_OPERATIONS}). \
                 Send it in parts.",
                operations.len(),
            ),
        ));
    }
    let mut operations: Vec<BulkOperation> = operations.into_iter().map(operation).collect();
    refuse_repeated_ids(&mut operations);
    find_references(&mut operations);
    Ok(BulkRequest {
        fail_on_errors,
        operations,
    })
}

/// 0, null and absent: never stop.
fn stop_after(value: &Value) -> Result<Option<u64>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) if number.as_u64().is_some() => {
            Ok(number.as_u64().filter(|count| *count > 0))
        }
        _ => Err(Error::invalid_value(
            "\"failOnErrors\" must be an integer that is not negative",
        )),
    }
}

/// The members of an operation before they are understood.
#[derive(Default)]
struct Raw {
    method: Option<Value>,
    bulk_id: Option<Value>,
    version: Option<Value>,
    path: Option<Value>,
    data: Option<Value>,
}

fn operation(given: Value) -> BulkOperation {
    let mut raw = Raw::default();
    let mut refused = None;
    match given {
        Value::Object(members) => {
            for (name, value) in members {
                let slot = match name.to_ascii_lowercase().as_str() {
                    "method" => &mut raw.method,
                    "bulkid" => &mut raw.bulk_id,
                    "version" => &mut raw.version,
                    "path" => &mut raw.path,
                    "data" => &mut raw.data,
                    _ => continue,
                };
                *slot = Some(value).filter(|value| !value.is_null());
            }
        }
        other => {
            refused = Some(Error::invalid_syntax(format!(
                "an operation must be an object, not {}",
                kind_of(&other)
            )));
        }
    }
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    BulkOperation {
        method: text(&raw.method).map(|m| echo(&m)).unwrap_or_default(),
        bulk_id: text(&raw.bulk_id),
        wanted: refused.map_or_else(|| understand(raw), Err),
        references: vec![],
    }
}

fn understand(raw: Raw) -> Result<Operation, Error> {
    let method = string("method", raw.method)?.ok_or_else(|| {
        Error::invalid_syntax("\"method\" is missing; it is POST, PUT, PATCH or DELETE")
    })?;
    let bulk_id = string("bulkId", raw.bulk_id)?;
    let version = string("version", raw.version)?;
    let path = string("path", raw.path)?
        .ok_or_else(|| Error::invalid_syntax("\"path\" is missing, such as /Users"))?;
    let word = method.to_ascii_uppercase();
    if !matches!(word.as_str(), "POST" | "PUT" | "PATCH" | "DELETE") {
        return Err(Error::invalid_syntax(format!(
            "\"method\" must be POST, PUT, PATCH or DELETE, not \"{}\"",
            echo(&method)
        )));
    }
    let (collection, id) = segments(&path)?;
    let data = |data: Option<Value>| {
        data.ok_or_else(|| Error::invalid_syntax(format!("\"data\" is missing; {word} needs it")))
    };
    if word == "POST" {
        if id.is_some() {
            return Err(Error::invalid_value(format!(
                "POST creates a resource; its \"path\" is /{}",
                collection.as_str()
            )));
        }
        let bulk_id = bulk_id.filter(|id| !id.is_empty()).ok_or_else(|| {
            Error::invalid_syntax("\"bulkId\" is missing; POST needs one, unique in the request")
        })?;
        return Ok(Operation::Create {
            collection,
            bulk_id,
            data: data(raw.data)?,
        });
    }
    let Some(id) = id else {
        return Err(Error::invalid_value(format!(
            "{word} is about one resource; its \"path\" is /{}/ and an id",
            collection.as_str()
        )));
    };
    let resource = ResourcePath { collection, id };
    Ok(match word.as_str() {
        "PUT" => Operation::Replace {
            resource,
            version,
            data: data(raw.data)?,
        },
        "PATCH" => Operation::Patch {
            resource,
            version,
            data: data(raw.data)?,
        },
        _ => Operation::Delete { resource, version },
    })
}

fn string(name: &str, value: Option<Value>) -> Result<Option<String>, Error> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Error::invalid_syntax(format!(
            "\"{name}\" must be a string, not {}",
            kind_of(&other)
        ))),
    }
}

/// `/Users` or `/Users/id`; nothing else is reached by bulk, least of all another host.
fn segments(path: &str) -> Result<(Collection, Option<String>), Error> {
    if path.contains("://") || path.starts_with("//") || path.contains(['?', '#', '\\']) {
        return Err(Error::invalid_value(
            "\"path\" must be relative to the base URL and have no query, such as /Users/ID",
        ));
    }
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let mut parts = inner.split('/');
    let collection = match parts.next().unwrap_or("") {
        "Users" => Collection::Users,
        "Groups" => Collection::Groups,
        "Me" => {
            return Err(Error::new(
                501,
                "\"/Me\" cannot be used in a bulk request; name the resource",
            ));
        }
        other => {
            return Err(Error::new(
                404,
                format!(
                    "\"/{}\" is not an endpoint of bulk operations; they reach /Users and /Groups",
                    echo(other)
                ),
            ));
        }
    };
    match (parts.next(), parts.next()) {
        (None, _) => Ok((collection, None)),
        (Some(id), None) if !id.is_empty() => Ok((collection, Some(id.to_owned()))),
        _ => Err(Error::new(
            404,
            format!("\"{}\" is not the path of a resource", echo(path)),
        )),
    }
}

/// A `bulkId` names one POST; the first that has it keeps it.
fn refuse_repeated_ids(operations: &mut [BulkOperation]) {
    let mut seen = HashSet::new();
    for operation in operations {
        if let Some(id) = operation.created_as()
            && !seen.insert(id.to_owned())
        {
            operation.wanted = Err(Error::invalid_syntax(format!(
                "the bulkId \"{}\" belongs to an earlier operation; choose another",
                echo(id)
            )));
        }
    }
}

fn find_references(operations: &mut [BulkOperation]) {
    let known: HashSet<String> = operations
        .iter()
        .filter_map(|operation| operation.created_as().map(str::to_owned))
        .collect();
    for operation in operations {
        if let Ok(wanted) = &operation.wanted {
            operation.references = reference::find(wanted, &known);
        }
    }
}

impl BulkOperation {
    /// The id by which others refer to what this POST creates, also when the POST is wrong otherwise.
    pub(super) fn created_as(&self) -> Option<&str> {
        let post = self.method.eq_ignore_ascii_case("POST");
        self.bulk_id.as_deref().filter(|id| post && !id.is_empty())
    }
}

//! Bodies of calls: a JSON object, or JSON that is read with the place of every fault in it.

use std::collections::HashSet;

use actix_web::web;
use serde_json::{Map, Value};

use super::call::{BODY, bad};
use super::failure::GraphFailure;
use crate::mapping::entra::schema::{At, Members, Problems, SchemaErrors};

pub(super) use super::call::Sent;

/// Most problems of a body that are told.
const TOLD: usize = 10;

/// The bytes, which can be handed to another thread.
///
/// # Errors
/// Too many.
pub(super) fn bytes(sent: Sent) -> Result<web::Bytes, GraphFailure> {
    sent.map_err(|_| GraphFailure::TooLarge(BODY))
}

/// The body as JSON; `None` when there is none.
///
/// # Errors
/// That it is no JSON.
pub(super) fn json(bytes: &[u8]) -> Result<Option<Value>, GraphFailure> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(text).map(Some).map_err(|error| {
        bad(&format!(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format: {error}."
        ))
    })
}

/// The members of a body that must be an object.
///
/// # Errors
/// As [`json`], and when it is something else or nothing.
pub(super) fn object(sent: Sent) -> Result<Map<String, Value>, GraphFailure> {
    match json(&bytes(sent)?)? {
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(bad(
            "Unable to read JSON request payload: the body must be a JSON object.",
        )),
        None => Err(bad(
            "Write requests (excluding DELETE) must contain the Content-Type header declaration and a body.",
        )),
    }
}

/// Reads a body that is an object; no body is an empty one.
///
/// # Errors
/// As [`json`], and every problem that `read` notes.
pub(super) fn read<T>(
    bytes: &[u8],
    read: impl FnOnce(&Members<'_>, &mut Problems) -> Option<T>,
) -> Result<T, GraphFailure> {
    let body = json(bytes)?.unwrap_or_else(|| Value::Object(Map::new()));
    let mut problems = Problems::default();
    let value = At::root(&body)
        .members(&mut problems)
        .and_then(|members| read(&members, &mut problems));
    problems.or(value).map_err(|errors| refused(&errors))
}

/// What is wrong with a body, as one sentence.
pub(super) fn refused(errors: &SchemaErrors) -> GraphFailure {
    let mut seen = HashSet::new();
    let all: Vec<String> = errors
        .problems()
        .iter()
        .map(ToString::to_string)
        .filter(|problem| seen.insert(problem.clone()))
        .collect();
    let more = match all.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let told = &all[..all.len().min(TOLD)];
    bad(&format!(
        "The request body is wrong: {}{more}.",
        told.join("; ")
    ))
}

/// `[{"key": …, "value": …}]`; a null value is an empty one.
pub(super) fn pairs(
    members: &Members<'_>,
    name: &str,
    problems: &mut Problems,
) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for at in members.list(name, problems) {
        let Some(pair) = at.members(problems) else {
            continue;
        };
        let value = pair.text("value", problems).unwrap_or_default();
        if let Some(key) = pair.required_text("key", problems) {
            pairs.push((key, value));
        }
    }
    pairs
}

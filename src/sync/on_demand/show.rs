//! What only somebody who looks at one object is shown: its attributes at both ends, and the writes of a dry run.

use serde_json::{Map, Value as Json, json};
use ureq::http::HeaderMap;

use crate::mapping::entra::{ObjectMapping, read};
use crate::model::Exchange;
use crate::sync::client::{Answer, Client, Method, Request};
use crate::sync::log::{REDACTED, shown};
use crate::sync::objects::Candidate;

/// What stands in a dry run for the id that the target would give.
const NEW_ID: &str = "id-of-the-new-object";
/// What a dry run shows instead of an answer.
pub const NOT_SENT: &str = "Not sent: this is a dry run.";

/// What a dry run makes of a write: shown, and answered as if it had gone well.
pub(in crate::sync) fn unsent(client: &Client, request: &Request) -> (Exchange, Answer) {
    let exchange = Exchange {
        method: request.method.name().to_owned(),
        url: client.url(request),
        request: request.body.as_ref().map(Json::to_string),
        status: None,
        response: NOT_SENT.to_owned(),
        milliseconds: 0,
    };
    let (status, body) = match request.method {
        Method::Post => (201, json!({ "id": NEW_ID }).to_string()),
        Method::Get | Method::Put | Method::Patch | Method::Delete => (204, String::new()),
    };
    let answer = Answer {
        status,
        headers: HeaderMap::new(),
        body: body.into_bytes(),
    };
    (exchange, answer)
}

/// What the import step shows: what every object has, and what the mappings read.
pub(in crate::sync) fn attributes_of(
    mapping: &ObjectMapping,
    candidate: &Candidate,
) -> Map<String, Json> {
    const ALWAYS: [&str; 6] = [
        "objectId",
        "accountEnabled",
        "displayName",
        "userPrincipalName",
        "IsSoftDeleted",
        "appRoleAssignments",
    ];
    let mut shown_attributes = Map::new();
    let mapped = mapping
        .attributes
        .iter()
        .flat_map(|m| m.source.attributes());
    for name in ALWAYS.into_iter().chain(mapped) {
        let value = candidate.source.get(name);
        if value.is_null()
            || shown_attributes
                .keys()
                .any(|known| known.eq_ignore_ascii_case(name))
        {
            continue;
        }
        let redacted = mapping.attributes.iter().any(|m| {
            m.is_redacted()
                && m.source
                    .attributes()
                    .iter()
                    .any(|a| a.eq_ignore_ascii_case(name))
        });
        shown_attributes.insert(name.to_owned(), json!(shown(value, redacted)));
    }
    shown_attributes
}

/// What the matching step shows: the id in the target, and the mapped attributes there.
pub(in crate::sync) fn target_attributes(
    mapping: &ObjectMapping,
    resource: &Map<String, Json>,
) -> Map<String, Json> {
    let mut shown_attributes = Map::new();
    if let Some(id) = resource.get("id") {
        shown_attributes.insert("id".to_owned(), id.clone());
    }
    for mapped in &mapping.attributes {
        if mapped.reference().is_some() {
            continue;
        }
        if let Some(value) = read(resource, &mapped.target) {
            let text = if mapped.is_redacted() {
                REDACTED.to_owned()
            } else {
                shown(&value, false)
            };
            shown_attributes.insert(mapped.target.to_string(), json!(text));
        }
    }
    shown_attributes
}

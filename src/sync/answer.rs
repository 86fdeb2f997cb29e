//! What an HTTP answer means: a list, a resource, done, or an error with Entra's code and sentence.
//!
//! What an error status means is in `refusal`. Knows nothing of jobs and cycles.

use serde_json::{Map, Value as Json};

use super::client::{Answer, NoAnswer};
use super::refusal::refused;
use crate::model::ErrorInformation;

const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// How much of a body goes into a reason.
const QUOTED_BODY: usize = 1024;

/// Code of an answer that is not SCIM.
pub(super) const INCOMPATIBLE: &str = "SystemForCrossDomainIdentityManagementServiceIncompatible";
/// Code of a filter that finds what it should not.
pub(super) const INCOMPATIBLE_FILTERING: &str =
    "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering";
/// Code of several resources, or members, where one or none was asked for.
pub(super) const MULTIPLE_ENTRIES: &str =
    "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse";
/// Code of an object that was linked and is gone.
pub(super) const INVALID_ANCHOR: &str = "InvalidAnchor";

/// Codes of failures that usually mend themselves: tried again in the next cycle.
pub(super) fn is_transient(code: &str) -> bool {
    matches!(
        code,
        "TooManyRequests"
            | "InternalServerError"
            | "WebExceptionProtocolError"
            | "Timeout"
            | "InternalError"
    )
}

/// What an operation was aimed at: decides what 404 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// `/Users` or `/Groups`.
    Collection,
    /// One linked resource.
    Resource,
}

pub(super) fn failure(code: &str, reason: String, advice: &str) -> ErrorInformation {
    ErrorInformation {
        error_code: code.to_owned(),
        reason,
        recommended_action: Some(advice.to_owned()),
    }
}

pub(super) fn quoted(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut end = text.len().min(QUOTED_BODY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// An answer that cannot be understood as SCIM.
pub(super) fn incompatible(what: &str, body: &[u8]) -> ErrorInformation {
    failure(
        INCOMPATIBLE,
        format!(
            "The response of the application could not be parsed as SCIM: {what}. Web Response: {}",
            quoted(body)
        ),
        "Check that the tenant URL is the base of a SCIM 2.0 endpoint.",
    )
}

/// The failure when no answer came.
pub(super) fn unanswered(error: &NoAnswer) -> ErrorInformation {
    let (code, advice) = match error {
        NoAnswer::Timeout(_) => (
            "Timeout",
            "The application is too slow; the operation is tried again in the next cycle.",
        ),
        NoAnswer::Unreachable(_) | NoAnswer::Broken(_) => (
            "WebExceptionProtocolError",
            "Check that the application is running; the operation is tried again in the next cycle.",
        ),
        NoAnswer::Untrusted(_) => (
            "WebExceptionProtocolError",
            "Give the application a certificate for its host name from an authority that is trusted here, and TLS 1.2 or higher. The operation is tried again in the next cycle.",
        ),
        NoAnswer::NoToken(_) => (
            "WebExceptionProtocolError",
            "Check the Token Endpoint; the operation is tried again in the next cycle.",
        ),
        NoAnswer::TokenRefused(_) => (
            "Unauthorized",
            "Correct the Client Identifier or the Client Secret, then use Test Connection.",
        ),
    };
    failure(code, error.to_string(), advice)
}

/// The name .NET gives to a status, which the service's sentences show.
pub(super) fn status_name(status: u16) -> String {
    let name = match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "NoContent",
        301 => "MovedPermanently",
        302 => "Redirect",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        408 => "RequestTimeout",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableEntity",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => return status.to_string(),
    };
    name.to_owned()
}

fn json_object(answer: &Answer) -> Result<Map<String, Json>, ErrorInformation> {
    if let Some(kind) = answer.headers.get("content-type") {
        let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
        if !kind.contains("json") {
            let what = format!("its Content-Type is '{kind}', not application/scim+json");
            return Err(incompatible(&what, &answer.body));
        }
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Json::Object(members)) => Ok(members),
        Ok(_) => Err(incompatible("it is not a JSON object", &answer.body)),
        Err(error) => Err(incompatible(
            &format!("it is not JSON ({error})"),
            &answer.body,
        )),
    }
}

/// The answer to a filter.
#[derive(Debug)]
pub(super) struct Listed {
    /// What it shows.
    pub(super) resources: Vec<Map<String, Json>>,
    /// How many match, by its own account: `totalResults`, never fewer than it shows.
    pub(super) total: u64,
}

/// The resources of the answer to a filter. What contradicts itself is not SCIM.
pub(super) fn list(answer: &Answer) -> Result<Listed, ErrorInformation> {
    if answer.status != 200 {
        return Err(refused(answer, Aim::Collection));
    }
    let mut body = json_object(answer)?;
    let is_list = body
        .get("schemas")
        .and_then(Json::as_array)
        .is_some_and(|urns| {
            urns.iter()
                .filter_map(Json::as_str)
                .any(|urn| urn.eq_ignore_ascii_case(LIST_RESPONSE))
        });
    if !is_list {
        return Err(incompatible("it is not a ListResponse", &answer.body));
    }
    let said = body.get("totalResults").map(Json::as_u64);
    let resources = match body.remove("Resources") {
        Some(Json::Array(resources)) => resources,
        None if said == Some(Some(0)) => Vec::new(),
        _ => return Err(incompatible("it has no Resources", &answer.body)),
    };
    let shown = resources.len() as u64;
    let total = match said {
        None => shown,
        Some(None) => {
            return Err(incompatible("its totalResults is no number", &answer.body));
        }
        Some(Some(total)) if total < shown || total > 0 && shown == 0 => {
            let what = format!("its totalResults is {total}, but it has {shown} Resources");
            return Err(incompatible(&what, &answer.body));
        }
        Some(Some(total)) => total,
    };
    let resources = resources
        .into_iter()
        .map(|resource| match resource {
            Json::Object(members) => Ok(members),
            _ => Err(incompatible("a resource is not an object", &answer.body)),
        })
        .collect::<Result<_, _>>()?;
    Ok(Listed { resources, total })
}

/// The schemas in the answer to discovery: a list response, or an array.
pub(super) fn schemas(answer: &Answer) -> Result<Json, ErrorInformation> {
    let body: Json = serde_json::from_slice(&answer.body)
        .map_err(|error| incompatible(&format!("it is not JSON ({error})"), &answer.body))?;
    let resources = body.get("Resources").unwrap_or(&body);
    let is_schema = |schema: &Json| schema.get("id").is_some_and(Json::is_string);
    match resources {
        Json::Array(schemas) if schemas.iter().all(is_schema) => Ok(body),
        _ => Err(incompatible("it holds no schemas", &answer.body)),
    }
}

/// The resource in the answer to a read or a create, with its id.
pub(super) fn resource(
    answer: &Answer,
    aim: Aim,
) -> Result<(String, Map<String, Json>), ErrorInformation> {
    match answer.status {
        200 | 201 => {}
        202..=299 => {
            let what = format!(
                "its status is {} instead of one with the resource",
                status_name(answer.status)
            );
            return Err(incompatible(&what, &answer.body));
        }
        _ => return Err(refused(answer, aim)),
    }
    let body = json_object(answer)?;
    match id_of(&body) {
        Some(id) => Ok((id, body)),
        None => Err(incompatible("the resource has no id", &answer.body)),
    }
}

/// `id` of a resource.
pub(super) fn id_of(resource: &Map<String, Json>) -> Option<String> {
    resource
        .get("id")
        .and_then(Json::as_str)
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
}

/// Whether a write was accepted.
pub(super) fn accepted(answer: &Answer) -> Result<(), ErrorInformation> {
    match answer.status {
        200..=299 => Ok(()),
        _ => Err(refused(answer, Aim::Resource)),
    }
}

/// Whether the object is gone after a delete; one that was not there counts as gone.
pub(super) fn deleted(answer: &Answer) -> Result<(), ErrorInformation> {
    match answer.status {
        200..=299 | 404 => Ok(()),
        _ => Err(refused(answer, Aim::Resource)),
    }
}

/// An answer as a target would give it.
#[cfg(test)]
pub(super) fn answered(status: u16, kind: &str, body: &str) -> Answer {
    let mut headers = ureq::http::HeaderMap::new();
    headers.insert("content-type", kind.parse().unwrap());
    Answer {
        status,
        headers,
        body: body.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::answered as answer;
    use super::*;

    #[test]
    fn a_list_is_a_list_response_and_nothing_else() {
        const JSON: &str = "application/scim+json";
        let empty = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}"#;
        assert_eq!(list(&answer(200, JSON, empty)).unwrap().total, 0);
        for (kind, body) in [
            ("text/html", "<html>"),
            ("text/html", empty),
            (JSON, "[]"),
            (JSON, "{"),
            (JSON, r#"{"totalResults":0,"Resources":[]}"#),
            (
                JSON,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2}"#,
            ),
            (
                JSON,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":5,"Resources":[]}"#,
            ),
            (
                JSON,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[{"id":"1"}]}"#,
            ),
            (
                JSON,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":"1","Resources":[{"id":"1"}]}"#,
            ),
            (
                JSON,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":["id"]}"#,
            ),
        ] {
            assert_eq!(
                list(&answer(200, kind, body)).unwrap_err().error_code,
                INCOMPATIBLE,
                "{body}"
            );
        }
    }

    #[test]
    fn a_created_resource_needs_an_id() {
        let got = resource(
            &answer(201, "application/json", r#"{"id":"7"}"#),
            Aim::Collection,
        );
        assert_eq!(got.unwrap().0, "7");
        for (status, body) in [
            (201, r#"{"id":""}"#),
            (201, r#"{"id":7}"#),
            (201, "{}"),
            (201, ""),
            (204, ""),
            (202, r#"{"id":"7"}"#),
        ] {
            let refused = resource(&answer(status, "application/json", body), Aim::Collection);
            assert_eq!(
                refused.unwrap_err().error_code,
                INCOMPATIBLE,
                "{status} {body}"
            );
        }
    }
}

//! What an HTTP answer means: a list, a resource, done, or an error with Entra's code and sentence.
//!
//! Error codes follow Microsoft's "Analyze the provisioning logs"; which status gives which code is
//! our reading of their names. Knows nothing of jobs and cycles.

use serde_json::{Map, Value as Json};

use super::client::{Answer, NoAnswer};
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

fn failure(code: &str, reason: String, advice: &str) -> ErrorInformation {
    ErrorInformation {
        error_code: code.to_owned(),
        reason,
        recommended_action: Some(advice.to_owned()),
    }
}

fn quoted(body: &[u8]) -> String {
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
    };
    failure(code, error.to_string(), advice)
}

/// The name .NET gives to a status, which the service's sentences show.
pub(super) fn status_name(status: u16) -> String {
    let name = match status {
        200 => "OK",
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

/// The failure that an error status stands for.
pub(super) fn refused(answer: &Answer, aim: Aim) -> ErrorInformation {
    let (code, advice) = match answer.status {
        300..=399 => (
            INCOMPATIBLE,
            "Redirects are not followed; use the final URL as tenant URL.",
        ),
        401 => (
            "Unauthorized",
            "Check the Secret Token, then use Test Connection.",
        ),
        403 => (
            "InsufficientRights",
            "Give the Secret Token the right to do this in the application.",
        ),
        404 if aim == Aim::Resource => (
            INVALID_ANCHOR,
            "The object was removed from the application by someone else. Restart provisioning and clear the links, so that objects are matched again.",
        ),
        404 => (INCOMPATIBLE, "Check that the tenant URL is correct."),
        405 => (
            "MethodNotAllowed",
            "The application must support this method.",
        ),
        408 => ("Timeout", "The operation is tried again in the next cycle."),
        409 => (
            "EntryConflict",
            "An object with the same unique value exists in the application. Change one of the two, or the matching attribute.",
        ),
        422 => (
            "UnprocessableEntity",
            "Correct the value that the application refuses.",
        ),
        429 => (
            "TooManyRequests",
            "The application is overloaded; the operation is tried again in the next cycle.",
        ),
        501 => (
            "NotImplemented",
            "The application must support this operation.",
        ),
        500..=599 => (
            "InternalServerError",
            "The operation is tried again in the next cycle; look into the log of the application if it keeps failing.",
        ),
        _ => (
            "SystemForCrossDomainIdentityManagementBadRequest",
            "Read what the application answered, and correct the value or the attribute mapping.",
        ),
    };
    failure(
        code,
        format!(
            "StatusCode: {} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: {}.",
            status_name(answer.status),
            quoted(&answer.body)
        ),
        advice,
    )
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

/// The resources of the answer to a filter.
pub(super) fn list(answer: &Answer) -> Result<Vec<Map<String, Json>>, ErrorInformation> {
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
    let Some(Json::Array(resources)) = body.remove("Resources") else {
        return match body.get("totalResults").and_then(Json::as_u64) {
            Some(0) => Ok(Vec::new()),
            _ => Err(incompatible("it has no Resources", &answer.body)),
        };
    };
    resources
        .into_iter()
        .map(|resource| match resource {
            Json::Object(members) => Ok(members),
            _ => Err(incompatible("a resource is not an object", &answer.body)),
        })
        .collect()
}

/// The resource in the answer to a read or a create, with its id.
pub(super) fn resource(
    answer: &Answer,
    aim: Aim,
) -> Result<(String, Map<String, Json>), ErrorInformation> {
    if !matches!(answer.status, 200 | 201) {
        return Err(refused(answer, aim));
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

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::HeaderMap;

    fn answer(status: u16, kind: &str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn every_status_has_its_code() {
        for (status, aim, code) in [
            (
                400,
                Aim::Collection,
                "SystemForCrossDomainIdentityManagementBadRequest",
            ),
            (401, Aim::Resource, "Unauthorized"),
            (403, Aim::Resource, "InsufficientRights"),
            (404, Aim::Collection, INCOMPATIBLE),
            (404, Aim::Resource, INVALID_ANCHOR),
            (405, Aim::Resource, "MethodNotAllowed"),
            (409, Aim::Collection, "EntryConflict"),
            (422, Aim::Collection, "UnprocessableEntity"),
            (429, Aim::Collection, "TooManyRequests"),
            (500, Aim::Collection, "InternalServerError"),
            (501, Aim::Collection, "NotImplemented"),
            (503, Aim::Collection, "InternalServerError"),
            (302, Aim::Collection, INCOMPATIBLE),
        ] {
            assert_eq!(
                refused(&answer(status, "text/plain", ""), aim).error_code,
                code,
                "{status}"
            );
        }
    }

    #[test]
    fn a_list_is_a_list_response_and_nothing_else() {
        const JSON: &str = "application/scim+json";
        let empty = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}"#;
        assert_eq!(list(&answer(200, JSON, empty)).unwrap().len(), 0);
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
        for body in [r#"{"id":""}"#, r#"{"id":7}"#, "{}", ""] {
            assert!(resource(&answer(201, "application/json", body), Aim::Collection).is_err());
        }
    }
}

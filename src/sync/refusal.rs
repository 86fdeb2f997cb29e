//! The failure that an error status stands for, with the service's code and sentence.
//!
//! Codes follow Microsoft's "Analyze the provisioning logs"; which status, and which SCIM error, gives which
//! code is our reading of their names.

use serde_json::Value as Json;

use super::answer::{Aim, INCOMPATIBLE, INVALID_ANCHOR, failure, quoted, status_name};
use super::client::Answer;
use crate::model::ErrorInformation;

/// The failure that an error status stands for.
pub(super) fn refused(answer: &Answer, aim: Aim) -> ErrorInformation {
    if let Some((code, advice)) = refined(answer) {
        return failure(code, sentence(answer), advice);
    }
    let (code, advice) = match answer.status {
        300..=399 => return redirected(answer),
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
        409 => CONFLICT,
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
    failure(code, sentence(answer), advice)
}

/// The service's sentence about an error status.
fn sentence(answer: &Answer) -> String {
    format!(
        "StatusCode: {} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: {}.",
        status_name(answer.status),
        quoted(&answer.body)
    )
}

fn redirected(answer: &Answer) -> ErrorInformation {
    let to = answer
        .headers
        .get("location")
        .and_then(|value| value.to_str().ok())
        .map(|to| format!(" to {to}"))
        .unwrap_or_default();
    failure(
        INCOMPATIBLE,
        format!(
            "The application answered with a redirect{to} (StatusCode: {}), and redirects are not followed.",
            status_name(answer.status)
        ),
        "Use the final URL as tenant URL.",
    )
}

/// What a SCIM error says more precisely than its status. Targets put it into `scimType` or only into words.
fn refined(answer: &Answer) -> Option<(&'static str, &'static str)> {
    if !matches!(answer.status, 400 | 402 | 403 | 409 | 422) {
        return None;
    }
    let Ok(Json::Object(body)) = serde_json::from_slice(&answer.body) else {
        return None;
    };
    let text = |name: &str| {
        let value = body.get(name).and_then(Json::as_str).unwrap_or_default();
        value.to_ascii_lowercase()
    };
    let (kind, detail) = (text("scimType"), text("detail"));
    let says = |words: &[&str]| words.iter().any(|word| detail.contains(word));
    Some(match kind.as_str() {
        "uniqueness" => CONFLICT,
        "invalidpath" | "notarget" => NO_ATTRIBUTE,
        _ if says(&["license", "licence", "seat"])
            && says(&["limit", "exceed", "no more", "not enough", "available"]) =>
        {
            (
                "LicenseLimitExceeded",
                "Free a licence in the application, or buy more.",
            )
        }
        _ if answer.status != 400 => return None,
        _ if says(&["schemas", "extension schema"]) && says(&["unknown", "unsupported"]) => (
            INCOMPATIBLE,
            "The application does not know a schema that the service names in its requests; let it ignore unknown schemas.",
        ),
        _ if says(&["attribute", "path"])
            && says(&[
                "unknown",
                "not found",
                "not exist",
                "not defined",
                "unrecognized",
            ]) =>
        {
            NO_ATTRIBUTE
        }
        _ if says(&["required", "mandatory", "missing"]) => (
            "MandatoryFieldsMissing",
            "Fill the attribute in the directory, or give its mapping a default value.",
        ),
        _ if says(&["domain"])
            && says(&["not allowed", "not permitted", "not verified", "invalid"]) =>
        {
            (
                "InvalidDomain",
                "Use a value of a domain that the application permits, or permit this one there.",
            )
        }
        _ => return None,
    })
}

const CONFLICT: (&str, &str) = (
    "EntryConflict",
    "An object with the same unique value exists in the application. Change one of the two, or the matching attribute.",
);
const NO_ATTRIBUTE: (&str, &str) = (
    "SchemaAttributeNotFound",
    "The application does not have the attribute: remove its mapping, or add the attribute there.",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::answer::answered;

    const BAD_REQUEST: &str = "SystemForCrossDomainIdentityManagementBadRequest";

    #[test]
    fn every_status_has_its_code() {
        for (status, aim, code) in [
            (302, Aim::Collection, INCOMPATIBLE),
            (400, Aim::Collection, BAD_REQUEST),
            (401, Aim::Resource, "Unauthorized"),
            (403, Aim::Resource, "InsufficientRights"),
            (404, Aim::Collection, INCOMPATIBLE),
            (404, Aim::Resource, INVALID_ANCHOR),
            (405, Aim::Resource, "MethodNotAllowed"),
            (408, Aim::Resource, "Timeout"),
            (409, Aim::Collection, "EntryConflict"),
            (413, Aim::Collection, BAD_REQUEST),
            (422, Aim::Collection, "UnprocessableEntity"),
            (429, Aim::Collection, "TooManyRequests"),
            (500, Aim::Collection, "InternalServerError"),
            (501, Aim::Collection, "NotImplemented"),
            (503, Aim::Collection, "InternalServerError"),
        ] {
            let error = refused(&answered(status, "text/plain", ""), aim);
            assert_eq!(error.error_code, code, "{status}");
            assert!(error.recommended_action.is_some(), "{status}");
        }
    }

    #[test]
    fn a_scim_error_says_more_than_its_status() {
        for (status, body, code) in [
            (400, r#"{"scimType":"uniqueness"}"#, "EntryConflict"),
            (
                409,
                r#"{"scimType":"uniqueness","detail":"taken"}"#,
                "EntryConflict",
            ),
            (
                400,
                r#"{"scimType":"invalidPath"}"#,
                "SchemaAttributeNotFound",
            ),
            (400, r#"{"scimType":"noTarget"}"#, "SchemaAttributeNotFound"),
            (
                400,
                r#"{"detail":"Attribute 'shoeSize' is not defined."}"#,
                "SchemaAttributeNotFound",
            ),
            (
                400,
                r#"{"scimType":"invalidSyntax","detail":"Unknown extension schemas: http://x"}"#,
                INCOMPATIBLE,
            ),
            (
                400,
                r#"{"scimType":"invalidValue","detail":"userName is required"}"#,
                "MandatoryFieldsMissing",
            ),
            (
                400,
                r#"{"detail":"Mandatory field missing: emails"}"#,
                "MandatoryFieldsMissing",
            ),
            (
                400,
                r#"{"detail":"the domain x.example is not verified"}"#,
                "InvalidDomain",
            ),
            (
                403,
                r#"{"detail":"License limit exceeded"}"#,
                "LicenseLimitExceeded",
            ),
            (
                402,
                r#"{"detail":"no seats available"}"#,
                "LicenseLimitExceeded",
            ),
            (
                400,
                r#"{"scimType":"invalidValue","detail":"no"}"#,
                BAD_REQUEST,
            ),
            (400, "userName is required", BAD_REQUEST),
            (403, r#"{"detail":"required"}"#, "InsufficientRights"),
            (500, r#"{"scimType":"uniqueness"}"#, "InternalServerError"),
        ] {
            let error = refused(
                &answered(status, "application/scim+json", body),
                Aim::Collection,
            );
            assert_eq!(error.error_code, code, "{status} {body}");
            assert!(
                error.reason.contains(&format!("Web Response: {body}.")),
                "{}",
                error.reason
            );
        }
    }

    #[test]
    fn a_redirect_is_not_followed_and_says_where_it_leads() {
        let mut answer = answered(301, "text/html", "");
        let there = "https://elsewhere.example/scim".parse().unwrap();
        answer.headers.insert("location", there);
        let error = refused(&answer, Aim::Collection);
        assert_eq!(
            error.reason,
            "The application answered with a redirect to https://elsewhere.example/scim (StatusCode: MovedPermanently), and redirects are not followed."
        );
    }
}

//! What profiles and their switches change on the wire.

mod postman;
mod postman_acceptance;
mod postman_words;
mod switches;

use serde_json::{Value, json};
use ureq::http::Response;

use crate::team::{ERROR, header};

/// Asserts the SCIM error body with exactly this sentence.
fn says(row: &str, answer: &Response<Value>, status: u16, scim_type: Option<&str>, detail: &str) {
    let mut expected =
        json!({ "schemas": [ERROR], "status": status.to_string(), "detail": detail });
    if let Some(scim_type) = scim_type {
        expected["scimType"] = scim_type.into();
    }
    assert_eq!(answer.status(), status, "{row}: {}", answer.body());
    assert_eq!(answer.body(), &expected, "{row}");
    assert_eq!(
        header(answer, "content-type"),
        Some("application/scim+json"),
        "{row}"
    );
}

/// Asserts the platform's answer to what Postman does not have.
fn no_route(row: &str, answer: &Response<Value>) {
    assert_eq!(answer.status(), 404, "{row}: {}", answer.body());
    assert_eq!(
        answer.body(),
        &json!({
            "error": {
                "name": "NotFound",
                "message": "We can't seem to find what you are looking for."
            },
            "status": "error"
        }),
        "{row}"
    );
}

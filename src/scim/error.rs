//! The SCIM error: an HTTP status, a `scimType` and a sentence. RFC 7644 section 3.12.
//!
//! Knows nothing of HTTP libraries; [`Error::to_body`] is the JSON document a client receives.

use serde_json::{Value, json};

use super::urn;

/// Longest part of a client's own text that an error repeats, in characters.
const ECHO: usize = 64;

/// The `scimType` keywords of RFC 7644 table 9 and RFC 9865.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// A filter that cannot be read, or an operator its attribute does not allow.
    InvalidFilter,
    /// More results than the server is willing to compute.
    TooMany,
    /// A value that must be unique is already in use.
    Uniqueness,
    /// A change of something read-only or immutable, or removal of something required.
    Mutability,
    /// The body is not JSON or not the message expected.
    InvalidSyntax,
    /// A PATCH path that cannot be read or names no known attribute.
    InvalidPath,
    /// A PATCH path that selects nothing to operate on.
    NoTarget,
    /// A value that is missing or does not fit its attribute.
    InvalidValue,
    /// A protocol version that is not served.
    InvalidVers,
    /// Personal data in a request URI.
    Sensitive,
    /// A cursor nobody issued.
    InvalidCursor,
    /// A cursor that is too old.
    ExpiredCursor,
    /// A page size that is not acceptable.
    InvalidCount,
}

impl ScimType {
    /// The keyword as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }
}

/// What a SCIM client is told when a request fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    /// HTTP status code.
    pub status: u16,
    /// The keyword for machines, where RFC 7644 defines one.
    pub scim_type: Option<ScimType>,
    /// The sentence for people: what is wrong, where, and what to do.
    pub detail: String,
}

impl Error {
    /// Any status without a `scimType`.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
        }
    }

    fn typed(status: u16, scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: Some(scim_type),
            detail: detail.into(),
        }
    }

    /// 400 `invalidFilter`.
    pub fn invalid_filter(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidFilter, detail)
    }

    /// 400 `invalidPath`.
    pub fn invalid_path(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidPath, detail)
    }

    /// 400 `invalidValue`.
    pub fn invalid_value(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidValue, detail)
    }

    /// 400 `invalidSyntax`.
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidSyntax, detail)
    }

    /// 400 `mutability`.
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::Mutability, detail)
    }

    /// 400 `noTarget`.
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::NoTarget, detail)
    }

    /// 409 `uniqueness`.
    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self::typed(409, ScimType::Uniqueness, detail)
    }

    /// 400 `tooMany`.
    pub fn too_many(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::TooMany, detail)
    }

    /// 400 `invalidCursor`.
    pub fn invalid_cursor(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidCursor, detail)
    }

    /// 400 `expiredCursor`.
    pub fn expired_cursor(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::ExpiredCursor, detail)
    }

    /// 400 `invalidCount`.
    pub fn invalid_count(detail: impl Into<String>) -> Self {
        Self::typed(400, ScimType::InvalidCount, detail)
    }

    /// 403 `sensitive`.
    pub fn sensitive(detail: impl Into<String>) -> Self {
        Self::typed(403, ScimType::Sensitive, detail)
    }

    /// The body of RFC 7644 section 3.12; `status` is a string there.
    pub fn to_body(&self) -> Value {
        let mut body = json!({
            "schemas": [urn::ERROR],
            "status": self.status.to_string(),
        });
        if let Some(scim_type) = self.scim_type {
            body["scimType"] = scim_type.as_str().into();
        }
        body["detail"] = self.detail.as_str().into();
        body
    }
}

/// A short, printable form of text that a client sent, for use inside a sentence.
pub(super) fn echo(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(ECHO)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(ECHO).is_some() {
        out.push_str("...");
    }
    out
}

/// What kind of JSON value this is, for use inside a sentence.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_a_string_status_and_the_keyword() {
        let body = Error::uniqueness("userName is taken").to_body();
        assert_eq!(
            body,
            json!({"schemas": [urn::ERROR], "status": "409", "scimType": "uniqueness",
                   "detail": "userName is taken"})
        );
        assert!(Error::new(404, "gone").to_body().get("scimType").is_none());
    }

    #[test]
    fn an_echo_is_short_and_has_no_control_characters() {
        assert_eq!(echo("a\r\nb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(echo(&"x".repeat(100)).len(), 67);
    }
}

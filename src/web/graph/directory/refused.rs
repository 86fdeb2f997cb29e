//! What Graph says of what the directory refuses.

use super::super::failure::GraphFailure;
use crate::directory::graph;
use crate::error::Error;
use crate::model::ObjectKind;
use crate::web::failure::sentence;

const BAD: &str = "Request_BadRequest";

/// Refused with a sentence.
pub(super) fn refused(sentence: impl Into<String>) -> GraphFailure {
    GraphFailure::Bad(BAD, sentence.into())
}

/// Something that this query cannot have.
pub(super) fn unsupported(sentence: impl Into<String>) -> GraphFailure {
    GraphFailure::Bad("Request_UnsupportedQuery", sentence.into())
}

/// A value that a property cannot have.
pub(super) fn invalid(property: &str, kind: ObjectKind) -> GraphFailure {
    refused(format!(
        "Invalid value specified for property '{property}' of resource '{}'.",
        kind.name()
    ))
}

/// A property without which an object cannot be made.
pub(super) fn required(property: &str, kind: ObjectKind) -> GraphFailure {
    refused(format!(
        "A value is required for property '{property}' of resource '{}'.",
        kind.name()
    ))
}

/// Nothing has this key.
pub(super) fn unknown(key: &str) -> GraphFailure {
    GraphFailure::unknown(key)
}

/// What the directory said of a user or group, as Graph says it.
pub(super) fn of_domain(kind: ObjectKind, error: Error) -> GraphFailure {
    let name = |attribute: &str| {
        let known = graph::names(kind).iter();
        let mut found = known.filter(|known| known.attribute == attribute);
        found
            .next()
            .map_or_else(|| attribute.to_owned(), |known| known.graph.to_owned())
    };
    match error {
        Error::Conflict {
            attribute: attribute @ "userPrincipalName",
            ..
        } => refused(format!(
            "Another object with the same value for property {attribute} already exists."
        )),
        Error::Conflict { detail, .. }
        | Error::Field {
            field: "attributes" | "membershipRule",
            detail,
        } => refused(sentence(&detail)),
        Error::Field { field, .. } => invalid(&name(field), kind),
        other => other.into(),
    }
}

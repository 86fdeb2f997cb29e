//! What Postman's SCIM API says: its sentences, its error shapes and its discovery documents, as data.
//!
//! Sources: the operations, sentences and examples of Postman's official OpenAPI file of 2026
//! (postmanlabs/postman-api-sdk-ts), Postman's Learning Center, and, for routes that do not exist, one
//! public note of a live call. Used where a profile says so (`sentences`, `attributes`); nothing here
//! decides anything.

use serde_json::{Value, json};

use crate::error::Error;
use crate::scim::{self, ScimType, urn};
use crate::store;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// `/Users`.
    Users,
    /// `/Groups`.
    Groups,
    /// `/ResourceTypes`.
    ResourceTypes,
    /// Anything else.
    Else,
}

/// A sentence with its status and keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// HTTP status.
    pub status: u16,
    /// `scimType`.
    pub scim_type: Option<ScimType>,
    /// `detail`.
    pub detail: &'static str,
}

const fn sentence(status: u16, scim_type: Option<ScimType>, detail: &'static str) -> Sentence {
    Sentence {
        status,
        scim_type,
        detail,
    }
}

/// A filter that is not one of the documented ones.
pub const FILTER: Sentence = sentence(
    400,
    None,
    "You've used filter(s) that Postman doesn't support.",
);
/// A body that cannot be used.
pub const BODY: Sentence = sentence(
    400,
    Some(ScimType::InvalidSyntax),
    "The request body seems to be incomplete or have unsupported characters.",
);
/// No key, a wrong one, a revoked one.
pub const KEY: Sentence = sentence(
    401,
    None,
    "Unable to access the team. Check if you have entered a valid API key.",
);
/// An unknown user id.
pub const NO_PERSON: Sentence = sentence(404, None, "This person isn't a member of the team.");
/// An unknown group id.
pub const NO_GROUP: Sentence = sentence(404, None, "This group isn't a member of the team.");
/// The `userName` is taken.
pub const PERSON_TAKEN: Sentence = sentence(
    409,
    Some(ScimType::Uniqueness),
    "This person is already a member of the team.",
);
/// The name of a group is taken. Postman publishes no sentence for it; this one is ours.
pub const GROUP_TAKEN: Sentence = sentence(
    409,
    Some(ScimType::Uniqueness),
    "A group with this name already exists.",
);
/// A read of groups failed inside.
pub const READ_GROUPS_FAILED: Sentence = sentence(500, None, "Couldn't fetch members of the team.");
/// A write failed inside.
pub const WRITE_FAILED: Sentence = sentence(
    500,
    None,
    "Couldn't update this team member's information. Try again \u{2014} it should work next time around.",
);
/// A read of users failed inside.
pub const READ_USER_FAILED: Sentence = sentence(
    500,
    None,
    "Unable to fetch information about this team member.",
);

/// The published sentence for an error; `None` where there is none, or where the error has one already.
pub fn said(error: &Error, about: About, writes: bool) -> Option<Sentence> {
    Some(match error {
        Error::Invalid(invalid) => return of_protocol(invalid, about),
        Error::Unauthorized { .. } => KEY,
        Error::NotFound { kind: "User", .. } => NO_PERSON,
        Error::NotFound { kind: "Group", .. } => NO_GROUP,
        Error::Store(store::Error::Busy) => return None,
        Error::Store(_) if writes => WRITE_FAILED,
        Error::Store(_) if about == About::Groups => READ_GROUPS_FAILED,
        Error::Store(_) => READ_USER_FAILED,
        _ => return None,
    })
}

fn of_protocol(error: &scim::Error, about: About) -> Option<Sentence> {
    match (error.status, error.scim_type?) {
        (400, ScimType::InvalidFilter) if error.detail.starts_with("operation ") => Some(BODY),
        (400, ScimType::InvalidFilter) => Some(FILTER),
        (400, _) => Some(BODY),
        (409, ScimType::Uniqueness) if about == About::Groups => Some(GROUP_TAKEN),
        (409, ScimType::Uniqueness) => Some(PERSON_TAKEN),
        _ => None,
    }
}

impl Sentence {
    /// The SCIM error body with this sentence.
    pub fn body(self) -> Value {
        scim::Error {
            status: self.status,
            scim_type: self.scim_type,
            detail: self.detail.into(),
        }
        .to_body()
    }
}

/// The platform's answer to a route it does not have. Status 404.
pub fn no_route() -> Value {
    json!({
        "error": {
            "name": "NotFound",
            "message": "We can't seem to find what you are looking for.",
        },
        "status": "error",
    })
}

/// The platform's answer to a bad key where SCIM's shape is not used (`/ResourceTypes`). Status 401.
pub fn unauthorized_by_the_platform() -> Value {
    json!({
        "type": "https://api.postman.com/problems/unauthorized",
        "title": "Unauthorized",
        "detail": "Unauthorized",
        "status": 401,
    })
}

/// What the service provider configuration says in Postman's way, put over ours: no paging, no
/// preference among schemes.
pub fn dress_configuration(configuration: &mut Value) {
    configuration["documentationUri"] =
        "https://learning.postman.com/docs/administration/managing-your-team/configuring-scim"
            .into();
    configuration["authenticationSchemes"] = json!([{
        "name": "OAuth Bearer Token",
        "description": "Authentication scheme using the OAuth Bearer Token Standard",
        "specUri": "http://www.rfc-editor.org/info/rfc6750",
        "type": "oauthbearertoken",
    }]);
    if let Value::Object(members) = configuration {
        members.shift_remove("pagination");
    }
}

/// Postman's resource types. The enterprise extension is declared as required, though no example of
/// Postman's sends it and no answer has it.
pub fn resource_types(groups: bool) -> Vec<Value> {
    let mut types = vec![json!({
        "schemas": [urn::RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "User Account",
        "schema": urn::USER,
        "schemaExtensions": [{ "schema": urn::ENTERPRISE_USER, "required": true }],
    })];
    if groups {
        types.push(json!({
            "schemas": [urn::RESOURCE_TYPE],
            "id": "Group",
            "name": "Group",
            "endpoint": "/Groups",
            "description": "Group",
            "schema": urn::GROUP,
        }));
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_cause_has_its_sentence() {
        let users = |error: Error, writes| said(&error, About::Users, writes);
        let groups = |error: Error, writes| said(&error, About::Groups, writes);
        let bad = |error: scim::Error| Error::Invalid(error);
        for (found, expected) in [
            (
                users(bad(scim::Error::invalid_filter("x")), false),
                Some(FILTER),
            ),
            (
                groups(bad(scim::Error::invalid_filter("operation 1: x")), true),
                Some(BODY),
            ),
            (
                users(bad(scim::Error::invalid_syntax("x")), true),
                Some(BODY),
            ),
            (
                users(bad(scim::Error::invalid_value("x")), true),
                Some(BODY),
            ),
            (users(bad(scim::Error::no_target("x")), true), Some(BODY)),
            (
                users(Error::Unauthorized { presented: true }, false),
                Some(KEY),
            ),
            (users(Error::not_found("User", "1"), false), Some(NO_PERSON)),
            (
                groups(Error::not_found("Group", "1"), false),
                Some(NO_GROUP),
            ),
            (
                users(bad(scim::Error::uniqueness("x")), true),
                Some(PERSON_TAKEN),
            ),
            (
                groups(bad(scim::Error::uniqueness("x")), true),
                Some(GROUP_TAKEN),
            ),
            (
                users(Error::Store(store::Error::Panicked), true),
                Some(WRITE_FAILED),
            ),
            (
                groups(Error::Store(store::Error::Panicked), false),
                Some(READ_GROUPS_FAILED),
            ),
            (
                users(Error::Store(store::Error::Panicked), false),
                Some(READ_USER_FAILED),
            ),
            (users(Error::Store(store::Error::Busy), true), None),
            (
                users(bad(scim::Error::new(400, "its own sentence")), true),
                None,
            ),
            (users(bad(scim::Error::new(413, "too large")), true), None),
            (
                groups(Error::Refused(scim::Error::invalid_value("id 7")), true),
                None,
            ),
        ] {
            assert_eq!(found, expected);
        }
    }
}

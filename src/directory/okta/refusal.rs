//! Why an operation on an org did not happen, in the terms of Okta's error codes (part 7.1 of the Okta reference).
//!
//! The management API tells code, summary and causes; pages tell a sentence at a field, which is why every refusal can
//! become an [`Error`].

use crate::error::Error;
use crate::store;

/// Why an operation did not happen. Nothing of it remains when it is returned from a write closure.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// `E0000007`: there is no such object in this org.
    #[error("Not found: Resource not found: {id} ({kind})")]
    NotFound {
        /// `User`, `UserGroup`, `AppInstance`, `AppUser`, …
        kind: &'static str,
        /// The id as asked for.
        id: String,
    },
    /// `E0000001`: values that break a rule.
    #[error("{}", sentence(.causes, .subject))]
    Invalid {
        /// What the summary names: the object, or the attribute that must be unique.
        subject: &'static str,
        /// At least one.
        causes: Vec<Cause>,
    },
    /// The state of the object does not allow it.
    #[error("{}", .0.summary())]
    State(NotNow),
    /// `E0000075`: an attribute of an app user that a mapping fills.
    #[error(
        "Cannot modify the {attribute} attribute because it has a field mapping and profile push is enabled."
    )]
    Mapped {
        /// Variable name of the attribute.
        attribute: String,
    },
    /// `E0000003`: text that cannot be read.
    #[error("The request body was not well-formed.")]
    Unreadable,
    /// Everything else, the store among it.
    #[error(transparent)]
    Domain(#[from] Error),
}

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The attribute or field; a name of ours or of the profile.
    pub field: String,
    /// The sentence, without the field.
    pub sentence: String,
}

impl Cause {
    /// About a field.
    pub fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            sentence: sentence.into(),
        }
    }

    /// As an error tells it: `login: The field cannot be left blank`.
    pub fn text(&self) -> String {
        if self.field.is_empty() {
            self.sentence.clone()
        } else {
            format!("{}: {}", self.field, self.sentence)
        }
    }
}

/// What the state of something does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// `E0000016`: somebody who is active cannot be activated.
    AlreadyActive,
    /// `E0000032`: somebody who is not locked out cannot be unlocked.
    NotLockedOut,
    /// `E0000038`: anything else that the status of a person rules out.
    Status,
}

impl NotNow {
    /// `errorCode`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyActive => "E0000016",
            Self::NotLockedOut => "E0000032",
            Self::Status => "E0000038",
        }
    }

    /// `errorSummary`.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::AlreadyActive => "Activation failed because the user is already active",
            Self::NotLockedOut => "Unlock is not allowed for this user.",
            Self::Status => "This operation is not allowed in the user's current status.",
        }
    }
}

/// What the functions of an org return.
pub type Result<T> = std::result::Result<T, Refusal>;

/// The sentence Okta has for a value that must be unique and is taken.
pub const TAKEN: &str = "An object with this field already exists in the current organization";
/// The sentence Okta has for a value that must not be missing.
pub const BLANK: &str = "The field cannot be left blank";

fn sentence(causes: &[Cause], subject: &str) -> String {
    causes
        .first()
        .map_or_else(|| format!("Api validation failed: {subject}"), Cause::text)
}

impl Refusal {
    /// There is no such object.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over ids of any kind"
    )]
    pub fn not_found(kind: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            kind,
            id: id.to_string(),
        }
    }

    /// One value is wrong.
    pub fn field(subject: &'static str, field: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid {
            subject,
            causes: vec![Cause::new(field, sentence)],
        }
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Domain(Error::Store(error))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Domain(error) => error,
            Refusal::NotFound { kind, id } => Self::not_found(kind, id),
            Refusal::Invalid {
                ref causes,
                subject,
            } => {
                // A page knows its fields by the names of the profile; a name nobody has goes to the whole form, and is
                // told with the sentence.
                let field = causes.first().and_then(|cause| known(&cause.field));
                let detail = match (causes.first(), field) {
                    (None, _) => refusal.to_string(),
                    (Some(cause), Some(_)) => cause.sentence.clone(),
                    (Some(cause), None) => cause.text(),
                };
                Self::field(field.unwrap_or(subject), detail)
            }
            Refusal::State(_) => Self::Conflict {
                attribute: "status",
                detail: refusal.to_string(),
            },
            Refusal::Mapped { .. } | Refusal::Unreadable => Self::Conflict {
                attribute: "profile",
                detail: refusal.to_string(),
            },
        }
    }
}

/// Fields of forms that are no attributes of a person.
const FIELDS: &[&str] = &[
    "name",
    "description",
    "label",
    "subdomain",
    "baseUrl",
    "token",
    "user",
    "password",
    "uniqueField",
    "userName",
    "profile",
    "priority",
    "group",
    "expression",
    "template",
    "suffix",
    "externalName",
    "title",
    "status",
    "targetGroupName",
    "targetGroupId",
    "sourceGroupId",
    "groupIds",
    "membersPerPatch",
    "concurrency",
    "plainHttp",
    "exclude",
    "fullImport",
    "incrementalImport",
    "safeguard",
    "attributes",
    "match",
    "value",
    "type",
    "enum",
    "union",
    "minLength",
    "maxLength",
    "externalNamespace",
];

fn known(field: &str) -> Option<&'static str> {
    FIELDS
        .iter()
        .copied()
        .chain(
            crate::mapping::okta::USER_ATTRIBUTES
                .iter()
                .map(|attribute| attribute.name),
        )
        .find(|name| *name == field)
}

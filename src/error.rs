//! The one domain error. No HTTP in it: each surface renders it in its own shape (`web::failure`).

use crate::access::NotAllowed;
use crate::scim;
use crate::store;

/// Why an operation of the domain did not happen. Nothing of it remains when it is returned from a
/// write closure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such object, or not for this caller.
    #[error("{kind} {id} was not found")]
    NotFound {
        /// What kind of object.
        kind: &'static str,
        /// The id as asked for.
        id: String,
    },
    /// A value that must be unique is taken, or the object is in the wrong state.
    #[error("{detail}")]
    Conflict {
        /// Which attribute or field.
        attribute: &'static str,
        /// What clashes and what to do.
        detail: String,
    },
    /// Input that breaks a rule of the protocol.
    #[error(transparent)]
    Invalid(#[from] scim::Error),
    /// Input that breaks a rule of the team, in words that stay whatever the profile.
    #[error(transparent)]
    Refused(scim::Error),
    /// The endpoint's profile does not have what was asked for.
    #[error(transparent)]
    Absent(#[from] Absent),
    /// A field of a form or of a settings request that is not acceptable.
    #[error("{detail}")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// What is wrong and how to mend it.
        detail: String,
    },
    /// The caller may not do this.
    #[error("{detail}")]
    Forbidden {
        /// Why, and who could.
        detail: String,
    },
    /// The caller is unknown: no credentials, or bad ones.
    #[error("unauthorized")]
    Unauthorized {
        /// Whether credentials were presented at all (RFC 6750 section 3).
        presented: bool,
    },
    /// `If-Match` does not fit the present version.
    #[error("the resource has changed: its version is {actual}")]
    Precondition {
        /// Present version.
        actual: String,
    },
    /// Something that must be switched on is off.
    #[error("{what}")]
    Disabled {
        /// What is off and where to switch it on.
        what: String,
    },
    /// The team has sent more requests than its limit allows.
    #[error("Rate limit exceeded. Retry after the period indicated by the Retry-After header.")]
    RateLimited {
        /// Whole seconds until requests pass again, at least 1.
        retry_after_seconds: u32,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What an endpoint does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// Nothing is there.
    #[error("There is no SCIM endpoint at {path}.")]
    Path {
        /// The path, short and without control characters.
        path: String,
    },
    /// Something is there, but not for this method.
    #[error("Only {allow} is possible here.")]
    Method {
        /// The methods there are, in the form of the `Allow` header.
        allow: &'static str,
    },
}

impl From<NotAllowed> for Error {
    fn from(refused: NotAllowed) -> Self {
        Self::Forbidden {
            detail: refused.to_string(),
        }
    }
}

/// What domain functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
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

    /// A field is not acceptable.
    pub fn field(field: &'static str, detail: impl Into<String>) -> Self {
        Self::Field {
            field,
            detail: detail.into(),
        }
    }
}

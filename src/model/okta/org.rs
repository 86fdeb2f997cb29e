//! An org: Okta's tenant, and the tokens that open its management API.

use serde::{Deserialize, Serialize};

use super::UserAttribute;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::Digest;

/// An org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Row.
    pub seq: Seq,
    /// `org.name` of expressions; shown in the console.
    pub name: String,
    /// `org.subDomain` of expressions; unique among orgs.
    pub subdomain: String,
    /// When it was made.
    pub created: Timestamp,
    /// Row of the group *Everyone*.
    pub everyone: Seq,
    /// Custom attributes of the Okta user profile, in their order.
    #[serde(default)]
    pub attributes: Vec<UserAttribute>,
}

/// An API token of an org's management API (`Authorization: SSWS …`), kept as a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OktaToken {
    /// Row.
    pub seq: Seq,
    /// What it is for.
    pub name: String,
    /// Digest of the token.
    pub digest: Digest,
    /// Its last four characters, to tell it from others.
    pub last_four: String,
    /// Who made it.
    pub by: String,
    /// Row of that account; none for the command line.
    #[serde(default)]
    pub account: Option<Seq>,
    /// Since when.
    pub created: Timestamp,
}

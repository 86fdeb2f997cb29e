//! What belongs to the appliance and to no team: the token of its control API, and the key that signs
//! access tokens of the mock Entra.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::secret::{Digest, Sealed};

/// The secret that opens `/lab`: one at a time, kept as a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorToken {
    /// Digest of the token.
    pub digest: Digest,
    /// Its last four characters, to tell it from others.
    pub last_four: String,
    /// Who made it.
    pub by: String,
    /// Since when it opens the door.
    pub created: Timestamp,
}

/// The key that signs access tokens of the Graph API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// The private key as PKCS#8, sealed.
    pub sealed: Sealed,
}

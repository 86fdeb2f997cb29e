//! The registration whose secret automation presets.
//!
//! Its secret has an id of its own, so that a start with another value replaces it and leaves the secrets alone that
//! somebody made in the console.

use super::{NewRegistration, NewSecret, add, add_secret, remove_secret, rows, set_permissions};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Guid, Nonce, Seq};
use crate::model::{AppRegistration, ClientSecret, GraphPermission};
use crate::secret::PasswordHash;
use crate::store::{Reads, Write};

/// Client id of the preset registration unless another one is preset: `5c10ab00-0000-4000-8000-000000007644`.
pub const PRESET_CLIENT_ID: Guid = Guid::from_nonce(Nonce([
    0x5c, 0x10, 0xab, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x76, 0x44,
]));
/// *Secret ID* of the preset secret.
const SECRET_ID: Guid = Guid::from_nonce(Nonce([
    0x5c, 0x10, 0xab, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x76, 0x45,
]));
/// Name of the preset registration until somebody renames it.
const NAME: &str = "Automation";
/// Description of the preset secret.
const DESCRIPTION: &str = "Preset";
/// Milliseconds for which the secret counts: a hundred years, since whoever presets it renews it by starting again.
const LIFETIME: i64 = 100 * 365 * 86_400_000;

/// What inbound provisioning and the synchronization API with the directory around it ask for (entra.md 6.1, 6.7, 8.6).
const PERMISSIONS: [GraphPermission; 8] = [
    GraphPermission::AppRoleAssignmentReadWriteAll,
    GraphPermission::ApplicationReadWriteAll,
    GraphPermission::DirectoryReadWriteAll,
    GraphPermission::GroupReadWriteAll,
    GraphPermission::ProvisioningLogReadAll,
    GraphPermission::SynchronizationReadWriteAll,
    GraphPermission::SynchronizationDataUserUpload,
    GraphPermission::UserReadWriteAll,
];

/// The preset secret of a registration.
pub fn preset_secret(registration: &AppRegistration) -> Option<&ClientSecret> {
    let mut secrets = registration.secrets.iter();
    secrets.find(|secret| secret.id == SECRET_ID)
}

/// The registration of a tenant that has the preset secret.
///
/// # Errors
/// The store's.
pub fn with_preset_secret(tx: &impl Reads, tenant: Seq) -> Result<Option<AppRegistration>> {
    let mut all = rows::all(tx, tenant)?.into_iter();
    Ok(all.find(|registration| preset_secret(registration).is_some()))
}

/// Gives the registration with this client id the preset secret, instead of the one it or another registration of the
/// tenant had. A registration that is not there is made, with the permissions that automation needs; those of one that
/// is there stay as they are.
///
/// # Errors
/// `Conflict` when there are too many registrations or secrets, the store's.
pub fn preset(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    (app_id, object_id): (Guid, Guid),
    (hint, hash): (String, PasswordHash),
    now: Timestamp,
) -> Result<AppRegistration> {
    while let Some(other) = with_preset_secret(tx, tenant)? {
        remove_secret(tx, operator, tenant, other.seq, &SECRET_ID)?;
    }
    let registration = match rows::by_app_id(tx, tenant, &app_id)? {
        Some(found) => found,
        None => {
            let new = NewRegistration {
                app_id,
                object_id,
                display_name: NAME.into(),
            };
            let made = add(tx, operator, tenant, &new, now)?;
            set_permissions(tx, operator, tenant, made.seq, PERMISSIONS)?
        }
    };
    let secret = NewSecret {
        id: SECRET_ID,
        description: DESCRIPTION.into(),
        hint,
        hash,
        expires: Timestamp::from_millis(now.millis().saturating_add(LIFETIME)),
    };
    add_secret(tx, operator, tenant, registration.seq, secret, now)
}

//! *Bulk Edit* of *Push Groups* (part 1.11.6 of the Okta reference): one change of several pushed groups of an app, each
//! as [`push`] changes a single one.

use std::collections::BTreeSet;

use super::push;
use super::refusal::{Refusal, Result};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{PushMapping, PushMappingStatus};
use crate::store::okta::{AppKey, push as rows};
use crate::store::{Reads, Write};

/// Most pushed groups that one write changes: ours.
pub const AT_ONCE: usize = 100;

/// What is done to each of the pushed groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkEdit {
    /// *Activate group push*: what changed meanwhile is pushed at once.
    Activate,
    /// *Deactivate group push*: changes wait.
    Deactivate,
    /// *Unlink pushed group*.
    Unlink {
        /// *Delete the group in the target app* rather than *Leave the group in the target app*.
        delete_target: bool,
    },
}

impl BulkEdit {
    /// Whether it changes this one: what is active already is not activated.
    pub fn concerns(self, mapping: &PushMapping) -> bool {
        match self {
            Self::Activate => mapping.status != PushMappingStatus::Active,
            Self::Deactivate => mapping.status != PushMappingStatus::Inactive,
            Self::Unlink { .. } => true,
        }
    }
}

/// Those of the pushed groups that are still there.
///
/// # Errors
/// `Invalid` for more than [`AT_ONCE`], the store's.
pub fn chosen(tx: &impl Reads, key: AppKey, mappings: &BTreeSet<Seq>) -> Result<Vec<PushMapping>> {
    if mappings.len() > AT_ONCE {
        let many = format!("At most {AT_ONCE} pushed groups can be changed at once");
        return Err(Refusal::field("mapping", "mapping", many));
    }
    let found = mappings.iter().map(|row| Ok(rows::find(tx, key, *row)?));
    found.filter_map(Result::transpose).collect()
}

/// Changes the pushed groups that are chosen, and returns those that were not as wanted before. One that somebody
/// unlinked meanwhile is left out.
///
/// # Errors
/// As [`chosen`], and as the single operation of [`push`]: then none of them is changed.
pub fn edit(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    mappings: &BTreeSet<Seq>,
    edit: BulkEdit,
    now: Timestamp,
) -> Result<Vec<PushMapping>> {
    let mut concerned = chosen(tx, key, mappings)?;
    concerned.retain(|mapping| edit.concerns(mapping));
    for mapping in &concerned {
        let row = mapping.seq;
        match edit {
            BulkEdit::Activate => push::activate(tx, administrator, key, row, now).map(drop),
            BulkEdit::Deactivate => push::deactivate(tx, administrator, key, row, now).map(drop),
            BulkEdit::Unlink { delete_target } => {
                push::unlink(tx, administrator, key, row, delete_target, now)
            }
        }?;
    }
    Ok(concerned)
}

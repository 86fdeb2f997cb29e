//! *Restart provisioning* and what it clears: `synchronizationJobRestartCriteria` of Graph.

use std::fmt;
use std::ops::BitOr;
use std::str::FromStr;

use super::jobs::{configured, end_cycle, inbound_needs_email};
use super::quarantine;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory;
use crate::error::Result;
use crate::model::{Direction, Job, JobActivity, JobStatus};
use crate::store::jobs::{self, JobKey};
use crate::store::{Write, inbound};

/// `synchronizationJobRestartScope`: a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartScope(u32);

impl RestartScope {
    /// Clears nothing: starts a stopped job, tries a quarantined one at once.
    pub const NONE: Self = Self(0);
    /// Links and what is known of the target: every object is matched again.
    pub const CONNECTOR_DATA_STORE: Self = Self(1);
    /// Failures that wait for another attempt.
    pub const ESCROWS: Self = Self(2);
    /// The position in the change feed: the next cycle is an initial one.
    pub const WATERMARK: Self = Self(4);
    /// Quarantine and its back-off.
    pub const QUARANTINE_STATE: Self = Self(8);
    /// The four above.
    pub const FULL: Self = Self(15);
    /// Approves the deletions held back: *Allow deletes*.
    pub const FORCE_DELETES: Self = Self(32);

    /// Every flag with its name, in the order of Graph.
    const NAMED: [(Self, &'static str); 5] = [
        (Self::CONNECTOR_DATA_STORE, "ConnectorDataStore"),
        (Self::ESCROWS, "Escrows"),
        (Self::WATERMARK, "Watermark"),
        (Self::QUARANTINE_STATE, "QuarantineState"),
        (Self::FORCE_DELETES, "ForceDeletes"),
    ];

    /// Whether all flags of another are in it.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// As Graph numbers it.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// Of empty criteria: quarantine, watermark and escrows. Links stay.
impl Default for RestartScope {
    fn default() -> Self {
        Self::QUARANTINE_STATE | Self::WATERMARK | Self::ESCROWS
    }
}

impl BitOr for RestartScope {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// `None`, `Full`, or names joined by `, `.
impl fmt::Display for RestartScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = *self;
        let mut names = Vec::new();
        if rest.contains(Self::FULL) {
            names.push("Full");
            rest = Self(rest.0 & !Self::FULL.0);
        }
        for (flag, name) in Self::NAMED {
            if rest.contains(flag) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.push("None");
        }
        f.write_str(&names.join(", "))
    }
}

/// A name that is no flag of a restart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a restart scope; use None, ConnectorDataStore, Escrows, Watermark, QuarantineState, Full or ForceDeletes, joined by commas"
)]
pub struct UnknownRestartScope(String);

impl FromStr for RestartScope {
    type Err = UnknownRestartScope;

    /// Names joined by commas, with or without blanks, in any case; nothing at all is the default.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let mut scope = Self::NONE;
        for name in text.split(',').map(str::trim) {
            let flag = [(Self::NONE, "None"), (Self::FULL, "Full")]
                .into_iter()
                .chain(Self::NAMED)
                .find(|(_, known)| known.eq_ignore_ascii_case(name))
                .ok_or_else(|| UnknownRestartScope(name.to_owned()))?;
            scope = scope | flag.0;
        }
        Ok(scope)
    }
}

/// *Restart provisioning*: ends a running cycle, clears what `scope` says, starts the job and makes its next cycle due
/// at once: an initial one if the watermark was cleared. What waits for an inbound job is worked off first while it is
/// started, and purged when it is stopped.
///
/// # Errors
/// When credentials are missing.
pub fn restart(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    scope: RestartScope,
    now: Timestamp,
) -> Result<Job> {
    let mut job = configured(tx, key)?;
    end_cycle(tx, key, &job, now)?;
    if job.direction == Direction::Inbound {
        let escrows = scope.contains(RestartScope::ESCROWS);
        directory::inbound::restart(tx, key, &mut job, escrows, now)?;
        if scope.contains(RestartScope::CONNECTOR_DATA_STORE) {
            inbound::remove_all_links(tx, key)?;
        }
    }
    if scope.contains(RestartScope::CONNECTOR_DATA_STORE) {
        jobs::remove_all_links(tx, key)?;
    }
    if scope.contains(RestartScope::ESCROWS) {
        jobs::remove_all_escrows(tx, key)?;
        job.escrows_pruned = false;
    }
    if scope.contains(RestartScope::WATERMARK) {
        // An initial cycle looks at what is held back as at everything else.
        jobs::forget_held_deletions(tx, key)?;
        job.watermark = None;
    }
    if scope.contains(RestartScope::QUARANTINE_STATE) {
        quarantine::leave(&mut job);
    }
    job.force_deletes = scope.contains(RestartScope::FORCE_DELETES);
    if job.status != JobStatus::Quarantine {
        job.status = JobStatus::Active;
    }
    job.disabled = None;
    job.next_run = (job.direction == Direction::Outbound).then_some(now);
    job.note(now, JobActivity::Restart, scope.to_string());
    inbound_needs_email(&mut job, now);
    jobs::put(tx, key.tenant, &job)?;
    Ok(job)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_and_written_as_in_graph() {
        for (text, bits, written) in [
            ("", 14, "Escrows, Watermark, QuarantineState"),
            (" ", 14, "Escrows, Watermark, QuarantineState"),
            ("None", 0, "None"),
            ("Full", 15, "Full"),
            (
                "Watermark, Escrows,QuarantineState",
                14,
                "Escrows, Watermark, QuarantineState",
            ),
            ("connectorDataStore", 1, "ConnectorDataStore"),
            ("ForceDeletes", 32, "ForceDeletes"),
            ("ForceDeletes, Full", 47, "Full, ForceDeletes"),
            (
                "ConnectorDataStore,Escrows,Watermark,QuarantineState",
                15,
                "Full",
            ),
        ] {
            let scope: RestartScope = text.parse().unwrap();
            assert_eq!((scope.bits(), scope.to_string().as_str()), (bits, written));
        }
        for wrong in ["Everything", "Full,", "16"] {
            assert!(wrong.parse::<RestartScope>().is_err(), "{wrong}");
        }
    }
}

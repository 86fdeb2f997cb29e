//! What a restart does to an inbound job, and what time takes away of its uploads (entra.md 8.4).

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{Direction, Job};
use crate::store::inbound as rows;
use crate::store::jobs::{self as job_rows, JobKey};
use crate::store::{Write, directory, logs};

/// Most uploads that one write takes away.
const AT_ONCE: usize = 100;

/// A restart: of a stopped job, what waits is purged; of a running one, it is worked off first. Then, with `escrows`,
/// whoever waits for a manager waits no more. Changes `job`, which the caller keeps.
///
/// # Errors
/// The store's.
pub fn restart(
    tx: &Write<'_>,
    key: JobKey,
    job: &mut Job,
    escrows: bool,
    now: Timestamp,
) -> Result<()> {
    if !job.status.is_started() {
        rows::purge_waiting(tx, key, now)?;
    }
    if escrows {
        job.clear_escrows_after = rows::last_waiting(tx, key)?;
        if job.clear_escrows_after.is_none() {
            rows::await_nobody(tx, key)?;
        }
    }
    Ok(())
}

/// Takes a few uploads away that are older than what the provisioning log of their tenant keeps; tells whether there
/// may be more. What waits stays. Calls of a day that is over are forgotten.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<bool> {
    for tenant in directory::tenants(tx)? {
        rows::sweep_calls(tx, tenant.seq, now)?;
    }
    for (key, job) in job_rows::all(tx)? {
        if job.direction != Direction::Inbound {
            continue;
        }
        if let Some(days) = logs::retention(tx, key.tenant)?.days {
            let before = now.minus(Duration::from_hours(24 * u64::from(days)));
            if rows::sweep(tx, key, before, AT_ONCE)? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

//! API-driven inbound provisioning: bulk requests of a client become users of the directory (entra.md part 8).
//!
//! [`accept`] makes a request durable before the client is told so; [`work`] works uploads off one after the other, each
//! in one write (`apply` an operation, `references` the managers), and writes the provisioning log (`story`). Whoever
//! calls [`work`] repeats it while there is [`Progress::More`]. Must not know HTTP, tokens or the agent.
//!
//! Doing an upload a second time changes nothing: an operation says how a user should be, never how to change it. So a
//! client that repeats a request after a broken connection does no harm.

mod apply;
mod check;
pub mod from_csv;
mod references;
mod request;
mod restart;
mod story;

use std::cell::Cell;

use serde_json::Value;

pub use check::{Remark, check};
pub use request::{BODY, BadRequest, BulkRequest, OPERATIONS, Operation};
pub use restart::{restart, sweep};

use crate::access::{GraphClient, Operator};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, IdMix, Nonce, Seq};
use crate::model::{Direction, Job, Tenant, Upload};
use crate::store::inbound as rows;
use crate::store::jobs::{self as job_rows, JobKey};
use crate::store::{Reads, Write, directory};

/// Uploads a tenant may send in 24 hours with the largest licence (entra.md 8.1).
pub const DAILY_CALLS: u64 = 6_000;

/// Who uploads, with the proof that they may.
#[derive(Debug, Clone, Copy)]
pub enum Sender<'a> {
    /// A client of the Graph API.
    Client(&'a GraphClient),
    /// Somebody at the console.
    Operator(&'a Operator),
}

impl Sender<'_> {
    /// What the history of uploads calls them.
    fn name(&self) -> &str {
        match self {
            Self::Client(client) => &client.name,
            Self::Operator(operator) => &operator.name,
        }
    }
}

impl<'a> From<&'a GraphClient> for Sender<'a> {
    fn from(client: &'a GraphClient) -> Self {
        Self::Client(client)
    }
}

impl<'a> From<&'a Operator> for Sender<'a> {
    fn from(operator: &'a Operator) -> Self {
        Self::Operator(operator)
    }
}

/// Accepts a request: from here on it is done, whatever happens to the process or the connection.
///
/// # Errors
/// `Disabled` when the job is stopped, `RateLimited` when the tenant has sent as many as a day allows, `NotFound` when
/// there is no such inbound job, the store's.
pub fn accept<'a>(
    tx: &Write<'_>,
    by: impl Into<Sender<'a>>,
    key: JobKey,
    request: &BulkRequest,
    body: &str,
    request_id: Guid,
    now: Timestamp,
) -> Result<Upload> {
    let job = job(tx, key)?;
    if !job.status.is_started() {
        return Err(Error::Disabled {
            what: "The provisioning job is not started. Start it, and send the request again."
                .into(),
        });
    }
    if rows::calls_of_day(tx, key.tenant, now)? >= DAILY_CALLS {
        return Err(Error::RateLimited {
            retry_after_seconds: 3_600,
        });
    }
    rows::count_call(tx, key.tenant, now)?;
    let operations = u32::try_from(request.operations.len()).unwrap_or(u32::MAX);
    let upload = Upload {
        repeated_bulk_id: request.repeated_bulk_id,
        ..Upload::new(request_id, now, by.into().name(), operations)
    };
    Ok(rows::append(tx, key, upload, body)?)
}

/// The inbound job in a row.
///
/// # Errors
/// `NotFound` when there is none, or it is an outbound one; the store's.
pub fn job(tx: &impl Reads, key: JobKey) -> Result<Job> {
    job_rows::find(tx, key)?
        .filter(|job| job.direction == Direction::Inbound)
        .ok_or_else(|| Error::not_found("synchronization job", key.job))
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is.
    More,
    /// Nothing waits, or the job is stopped: staged data stays until it is started.
    Rest,
}

/// Jobs for which something waits that may be worked off.
///
/// # Errors
/// The store's.
pub fn due(tx: &impl Reads) -> Result<Vec<JobKey>> {
    let mut due = Vec::new();
    for key in rows::jobs_waiting(tx)? {
        if job_rows::find(tx, key)?.is_some_and(|job| job.status.is_started()) {
            due.push(key);
        }
    }
    Ok(due)
}

/// Works the oldest upload of a job off, or goes on with it. One write.
///
/// # Errors
/// The store's.
pub fn work(tx: &Write<'_>, key: JobKey, nonce: Nonce, now: Timestamp) -> Result<Progress> {
    let Some(mut job) = job_rows::find(tx, key)?.filter(|job| job.status.is_started()) else {
        return Ok(Progress::Rest);
    };
    let Some(mut upload) = first(tx, key)? else {
        return Ok(Progress::Rest);
    };
    let Some(tenant) = directory::tenant(tx, key.tenant)? else {
        return Ok(Progress::Rest);
    };
    let request = read(tx, key, upload.seq)?;
    let run = Run {
        tx,
        key,
        job: &job,
        tenant: &tenant,
        cycle_id: cycle_id(tx.mix(), key, upload.seq),
        now,
        first_entry: Cell::new(None),
    };
    if !upload.applied {
        let mut applied = Vec::with_capacity(request.len());
        for (number, operation) in (0_u64..).zip(&request) {
            applied.push(run.apply(operation, nonce.nth(number))?);
        }
        for one in applied {
            match one.tell(&run)? {
                Ended::Created => upload.outcome.created += 1,
                Ended::Updated => upload.outcome.updated += 1,
                Ended::Skipped => upload.outcome.skipped += 1,
                Ended::Failed => upload.outcome.failed += 1,
            }
        }
        upload.applied = true;
        upload.first_entry = run.first_entry.get();
    }
    if run.settle(&request)? == Progress::More {
        rows::put(tx, key, &upload)?;
        return Ok(Progress::More);
    }
    upload.processed = Some(now);
    rows::end(tx, key, &upload)?;
    if job
        .clear_escrows_after
        .is_some_and(|last| upload.seq >= last)
    {
        rows::await_nobody(tx, key)?;
        job.clear_escrows_after = None;
        job_rows::put(tx, key.tenant, &job)?;
    }
    Ok(Progress::More)
}

fn first(tx: &impl Reads, key: JobKey) -> Result<Option<Upload>> {
    match rows::first_waiting(tx, key)? {
        Some(upload) => Ok(rows::find(tx, key, upload)?),
        None => Ok(None),
    }
}

/// The operations of an upload, which were looked at when it was accepted.
fn read(tx: &impl Reads, key: JobKey, upload: Seq) -> Result<Vec<Operation>> {
    let body = rows::body(tx, key, upload)?.unwrap_or_default();
    Ok(BulkRequest::parse(body.as_bytes())
        .map_or_else(|_| Vec::new(), |request| request.operations))
}

/// What working an upload off goes by.
struct Run<'a, 't> {
    tx: &'a Write<'t>,
    key: JobKey,
    job: &'a Job,
    tenant: &'a Tenant,
    cycle_id: Guid,
    now: Timestamp,
    /// Where the first entry of this run stands in the log.
    first_entry: Cell<Option<Seq>>,
}

/// What groups the log entries of an upload.
pub fn cycle_id(mix: IdMix, key: JobKey, upload: Seq) -> Guid {
    Guid::of_row(mix, "upload", key.tenant, upload)
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Created,
    Updated,
    Skipped,
    Failed,
}

/// `externalId` of a user: the anchor, compared exactly. A number is read as its digits.
pub fn anchor(operation: &Operation) -> Option<String> {
    let (_, value) = operation
        .data
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("externalId"))?;
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

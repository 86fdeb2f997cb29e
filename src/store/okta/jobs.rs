//! The queues of what waits to be sent: one per app, in its order.

use redb::ReadableTable;

use super::{AppKey, page};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{JobKind, ProvisioningJob};
use crate::store::record::decode;
use crate::store::{Error, Reads, Write, rows, tables};

/// Appends a job to the queue of an app; it is due at once.
pub fn enqueue(tx: &Write<'_>, key: AppKey, kind: JobKind, now: Timestamp) -> Result<Seq, Error> {
    let seq = tx.next_seq(key.org, "okta_jobs")?;
    let job = ProvisioningJob {
        seq,
        kind,
        created: now,
        due: now,
        attempts: 0,
        waited: 0,
        reactivations: 0,
        begun: false,
    };
    put(tx, key, &job)?;
    Ok(seq)
}

/// Replaces a job that goes on later.
pub fn put(tx: &Write<'_>, key: AppKey, job: &ProvisioningJob) -> Result<(), Error> {
    let row = (key.org.0, key.app.0, job.seq.0);
    rows::put(tx, tables::OKTA_JOBS, row, job)
}

/// Takes a job away that has ended.
pub fn remove(tx: &Write<'_>, key: AppKey, job: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::OKTA_JOBS, (key.org.0, key.app.0, job.0))
}

/// The first `limit` jobs of an app after `after`.
pub fn after(
    tx: &impl Reads,
    key: AppKey,
    after: Seq,
    limit: usize,
) -> Result<Vec<ProvisioningJob>, Error> {
    page(tx, tables::OKTA_JOBS, key.org, key.app, after, limit)
}

/// The last `limit` jobs of an app, the newest first.
pub fn last(tx: &impl Reads, key: AppKey, limit: usize) -> Result<Vec<ProvisioningJob>, Error> {
    let at = |job: u64| (key.org.0, key.app.0, job);
    tx.open(tables::OKTA_JOBS)?
        .range(at(0)..=at(u64::MAX))?
        .rev()
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Every app for which something waits.
pub fn waiting(tx: &impl Reads) -> Result<Vec<AppKey>, Error> {
    let jobs = tx.open(tables::OKTA_JOBS)?;
    let mut apps = Vec::new();
    let mut from = (0, 0, 0);
    while let Some(row) = jobs.range(from..)?.next() {
        let (org, app, _) = row?.0.value();
        apps.push(AppKey {
            org: Seq(org),
            app: Seq(app),
        });
        // The first job of the next app: row numbers begin at 1.
        from = (org, app.saturating_add(1), 0);
    }
    Ok(apps)
}

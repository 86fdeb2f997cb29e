//! Uploads of inbound jobs: what was accepted, what of it waits, whom each `externalId` means, and managers who have not
//! come yet.

use std::ops::RangeInclusive;

use redb::ReadableTable;

use super::jobs::JobKey;
use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::Upload;

const HOUR: i64 = 3_600_000;
/// Hours of a day: the service counts uploads over 24 hours.
const DAY: u64 = 24;

fn key_of(key: JobKey, upload: Seq) -> (u64, u64, u64) {
    (key.tenant.0, key.job.0, upload.0)
}

fn whole(key: JobKey) -> RangeInclusive<(u64, u64, u64)> {
    (key.tenant.0, key.job.0, 0)..=(key.tenant.0, key.job.0, u64::MAX)
}

// Uploads.

/// Accepts an upload, whose row is assigned here: it waits to be worked off.
pub fn append(
    tx: &Write<'_>,
    key: JobKey,
    mut upload: Upload,
    body: &str,
) -> Result<Upload, Error> {
    upload.seq = tx.next_seq(key.tenant, "inbound_uploads")?;
    let at = key_of(key, upload.seq);
    rows::put(tx, tables::INBOUND_UPLOADS, at, &upload)?;
    tx.table(tables::INBOUND_BODIES)?.insert(at, body)?;
    tx.table(tables::INBOUND_WAITING)?.insert(at, ())?;
    Ok(upload)
}

/// An upload.
pub fn find(tx: &impl Reads, key: JobKey, upload: Seq) -> Result<Option<Upload>, Error> {
    rows::find(tx, tables::INBOUND_UPLOADS, key_of(key, upload))
}

/// The body of an upload.
pub fn body(tx: &impl Reads, key: JobKey, upload: Seq) -> Result<Option<String>, Error> {
    Ok(tx
        .open(tables::INBOUND_BODIES)?
        .get(key_of(key, upload))?
        .map(|body| body.value().to_owned()))
}

/// The newest `limit` uploads before `before`, newest first.
pub fn newest(
    tx: &impl Reads,
    key: JobKey,
    before: Option<Seq>,
    limit: usize,
) -> Result<Vec<Upload>, Error> {
    let last = match before {
        None => u64::MAX,
        Some(Seq(0)) => return Ok(Vec::new()),
        Some(Seq(before)) => before - 1,
    };
    tx.open(tables::INBOUND_UPLOADS)?
        .range((key.tenant.0, key.job.0, 0)..=(key.tenant.0, key.job.0, last))?
        .rev()
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The oldest `limit` uploads behind `after`, oldest first.
pub fn newer(tx: &impl Reads, key: JobKey, after: Seq, limit: usize) -> Result<Vec<Upload>, Error> {
    let first = key_of(key, Seq(after.0.saturating_add(1)));
    tx.open(tables::INBOUND_UPLOADS)?
        .range(first..=*whole(key).end())?
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// The oldest upload of a job that waits.
pub fn first_waiting(tx: &impl Reads, key: JobKey) -> Result<Option<Seq>, Error> {
    let waiting = tx.open(tables::INBOUND_WAITING)?;
    let first = waiting.range(whole(key))?.next().transpose()?;
    Ok(first.map(|(at, _)| Seq(at.value().2)))
}

/// How many uploads of a job wait, at most `most`.
pub fn count_waiting(tx: &impl Reads, key: JobKey, most: usize) -> Result<usize, Error> {
    let waiting = tx.open(tables::INBOUND_WAITING)?;
    Ok(waiting.range(whole(key))?.take(most).count())
}

/// Jobs for which uploads wait, each once.
pub fn jobs_waiting(tx: &impl Reads) -> Result<Vec<JobKey>, Error> {
    let waiting = tx.open(tables::INBOUND_WAITING)?;
    let (mut jobs, mut from) = (Vec::new(), (0, 0, 0));
    while let Some((at, _)) = waiting.range(from..)?.next().transpose()? {
        let (tenant, job, _) = at.value();
        jobs.push(JobKey {
            tenant: Seq(tenant),
            job: Seq(job),
        });
        from = (tenant, job, u64::MAX);
        // Row numbers never come near the end.
    }
    Ok(jobs)
}

/// Replaces an upload that goes on waiting.
pub fn put(tx: &Write<'_>, key: JobKey, upload: &Upload) -> Result<(), Error> {
    rows::put(tx, tables::INBOUND_UPLOADS, key_of(key, upload.seq), upload)
}

/// Keeps how an upload ended; it waits no more.
pub fn end(tx: &Write<'_>, key: JobKey, upload: &Upload) -> Result<(), Error> {
    let at = key_of(key, upload.seq);
    tx.table(tables::INBOUND_WAITING)?.remove(at)?;
    rows::put(tx, tables::INBOUND_UPLOADS, at, upload)
}

/// The newest upload of a job that waits.
pub fn last_waiting(tx: &impl Reads, key: JobKey) -> Result<Option<Seq>, Error> {
    let waiting = tx.open(tables::INBOUND_WAITING)?;
    let last = waiting.range(whole(key))?.next_back().transpose()?;
    Ok(last.map(|(at, _)| Seq(at.value().2)))
}

/// Lets nothing wait any more: what was not begun never happens. The uploads stay, marked as purged.
pub fn purge_waiting(tx: &Write<'_>, key: JobKey, now: Timestamp) -> Result<(), Error> {
    while let Some(seq) = first_waiting(tx, key)? {
        let at = key_of(key, seq);
        let Some(mut upload) = find(tx, key, seq)? else {
            tx.table(tables::INBOUND_WAITING)?.remove(at)?;
            continue;
        };
        upload.purged = !upload.applied;
        upload.processed = Some(now);
        end(tx, key, &upload)?;
    }
    Ok(())
}

/// Takes away what was received before a moment and does not wait, oldest first, at most `limit`; tells how many went.
pub fn sweep(tx: &Write<'_>, key: JobKey, before: Timestamp, limit: usize) -> Result<usize, Error> {
    let mut old = Vec::new();
    for row in tx
        .open(tables::INBOUND_UPLOADS)?
        .range(whole(key))?
        .take(limit)
    {
        let upload: Upload = decode(row?.1.value())?;
        if upload.received >= before || upload.processed.is_none() {
            break;
        }
        old.push(upload.seq);
    }
    for upload in &old {
        remove(tx, key, *upload)?;
    }
    Ok(old.len())
}

fn remove(tx: &Write<'_>, key: JobKey, upload: Seq) -> Result<(), Error> {
    let at = key_of(key, upload);
    tx.table(tables::INBOUND_WAITING)?.remove(at)?;
    tx.table(tables::INBOUND_BODIES)?.remove(at)?;
    rows::remove(tx, tables::INBOUND_UPLOADS, at)
}

/// Uploads of a tenant that were accepted in the 24 hours until now, counted by whole hours.
pub fn calls_of_day(tx: &impl Reads, tenant: Seq, now: Timestamp) -> Result<u64, Error> {
    let hour = hour(now);
    let calls = tx.open(tables::INBOUND_CALLS)?;
    let first = hour.saturating_sub(DAY - 1);
    let mut sum = 0;
    for row in calls.range((tenant.0, first)..=(tenant.0, hour))? {
        sum += row?.1.value();
    }
    Ok(sum)
}

/// Counts an upload.
pub fn count_call(tx: &Write<'_>, tenant: Seq, now: Timestamp) -> Result<(), Error> {
    let hour = hour(now);
    let mut calls = tx.table(tables::INBOUND_CALLS)?;
    let counted = calls.get((tenant.0, hour))?.map_or(0, |n| n.value());
    calls.insert((tenant.0, hour), counted + 1)?;
    Ok(())
}

/// Forgets uploads of hours that no day reaches any more.
pub fn sweep_calls(tx: &Write<'_>, tenant: Seq, now: Timestamp) -> Result<(), Error> {
    let first = hour(now).saturating_sub(DAY - 1);
    tx.table(tables::INBOUND_CALLS)?
        .remove_range((tenant.0, 0)..(tenant.0, first), |_| Ok(()))
}

fn hour(now: Timestamp) -> u64 {
    u64::try_from(now.millis() / HOUR).unwrap_or(0)
}

/// Takes up to `limit` rows away that belong to a job: uploads, links, managers waited for; tells how many went.
pub(super) fn remove_some(tx: &Write<'_>, key: JobKey, limit: usize) -> Result<usize, Error> {
    let (tenant, job) = (key.tenant.0, key.job.0);
    let uploads: Vec<u64> = tx
        .open(tables::INBOUND_UPLOADS)?
        .range(whole(key))?
        .take(limit)
        .map(|row| Ok(row?.0.value().2))
        .collect::<Result<_, Error>>()?;
    for upload in &uploads {
        remove(tx, key, Seq(*upload))?;
    }
    let mut gone = uploads.len();
    let anchors: Vec<String> = tx
        .open(tables::INBOUND_LINKS)?
        .range((tenant, job, "")..(tenant, job + 1, ""))?
        .take(limit - gone)
        .map(|row| Ok(row?.0.value().2.to_owned()))
        .collect::<Result<_, Error>>()?;
    for anchor in &anchors {
        tx.table(tables::INBOUND_LINKS)?
            .remove((tenant, job, anchor.as_str()))?;
    }
    gone += anchors.len();
    let waiting: Vec<u64> = tx
        .open(tables::INBOUND_AWAITED_MANAGER)?
        .range(whole(key))?
        .take(limit - gone)
        .map(|row| Ok(row?.0.value().2))
        .collect::<Result<_, Error>>()?;
    for user in &waiting {
        await_manager(tx, key, Seq(*user), None)?;
    }
    Ok(gone + waiting.len())
}

// Source objects.

/// The user whom an `externalId` means to a job.
pub fn link(tx: &impl Reads, key: JobKey, anchor: &str) -> Result<Option<Seq>, Error> {
    Ok(tx
        .open(tables::INBOUND_LINKS)?
        .get((key.tenant.0, key.job.0, anchor))?
        .map(|user| Seq(user.value())))
}

/// Forgets whom every `externalId` means.
pub fn remove_all_links(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (tenant, job) = (key.tenant.0, key.job.0);
    tx.table(tables::INBOUND_LINKS)?
        .remove_range((tenant, job, "")..(tenant, job + 1, ""), |_| Ok(()))
}

/// Keeps whom an `externalId` means.
pub fn put_link(tx: &Write<'_>, key: JobKey, anchor: &str, user: Seq) -> Result<(), Error> {
    tx.table(tables::INBOUND_LINKS)?
        .insert((key.tenant.0, key.job.0, anchor), user.0)?;
    Ok(())
}

// Managers who have not come yet.

/// The `externalId` of the manager whom a user waits for.
pub fn awaited_manager(tx: &impl Reads, key: JobKey, user: Seq) -> Result<Option<String>, Error> {
    Ok(tx
        .open(tables::INBOUND_AWAITED_MANAGER)?
        .get(key_of(key, user))?
        .map(|anchor| anchor.value().to_owned()))
}

/// Says whom a user waits for; `None`: for nobody any more.
pub fn await_manager(
    tx: &Write<'_>,
    key: JobKey,
    user: Seq,
    manager: Option<&str>,
) -> Result<(), Error> {
    let at = key_of(key, user);
    let before = awaited_manager(tx, key, user)?;
    let (tenant, job) = (key.tenant.0, key.job.0);
    let mut reports = tx.table(tables::INBOUND_MANAGER_TO_REPORT)?;
    if let Some(before) = &before {
        reports.remove((tenant, job, before.as_str(), user.0))?;
    }
    let mut awaited = tx.table(tables::INBOUND_AWAITED_MANAGER)?;
    match manager {
        Some(manager) => {
            reports.insert((tenant, job, manager, user.0), ())?;
            awaited.insert(at, manager)?;
        }
        None => {
            awaited.remove(at)?;
        }
    }
    Ok(())
}

/// A user who is gone waits for nobody, in any job. Whom an `externalId` meant may stay: row numbers are not given twice.
pub fn forget_user(tx: &Write<'_>, tenant: Seq, user: Seq) -> Result<(), Error> {
    let mut jobs = Vec::new();
    {
        let awaited = tx.open(tables::INBOUND_AWAITED_MANAGER)?;
        let (mut from, last) = ((tenant.0, 0, 0), (tenant.0, u64::MAX, u64::MAX));
        while let Some((at, _)) = awaited.range(from..=last)?.next().transpose()? {
            let (_, job, _) = at.value();
            jobs.push(Seq(job));
            // On to the next job: row numbers never come near the end.
            from = (tenant.0, job, u64::MAX);
        }
    }
    for job in jobs {
        await_manager(tx, JobKey { tenant, job }, user, None)?;
    }
    Ok(())
}

/// Nobody waits for a manager any more.
pub fn await_nobody(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (tenant, job) = (key.tenant.0, key.job.0);
    tx.table(tables::INBOUND_AWAITED_MANAGER)?
        .remove_range(whole(key), |_| Ok(()))?;
    tx.table(tables::INBOUND_MANAGER_TO_REPORT)?
        .remove_range((tenant, job, "", 0)..(tenant, job + 1, "", 0), |_| Ok(()))
}

/// Up to `limit` users who wait for this manager, behind the row `after`.
pub fn reports_waiting(
    tx: &impl Reads,
    key: JobKey,
    manager: &str,
    after: Seq,
    limit: usize,
) -> Result<Vec<Seq>, Error> {
    let (tenant, job) = (key.tenant.0, key.job.0);
    let first = (tenant, job, manager, after.0.saturating_add(1));
    tx.open(tables::INBOUND_MANAGER_TO_REPORT)?
        .range(first..=(tenant, job, manager, u64::MAX))?
        .take(limit)
        .map(|row| Ok(Seq(row?.0.value().3)))
        .collect()
}

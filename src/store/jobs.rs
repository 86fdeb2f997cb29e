//! The agent's rows: jobs, cycles, links, exported memberships, escrows, deletions held back.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::groups::object;
use super::job_counts::{self, Counted};
use super::record::{decode, encode};
use super::{Error, Reads, Write, logs, rows, tables};
use crate::id::Seq;
use crate::model::{Cycle, Escrow, Job, Link, ObjectKind, ObjectRef};

/// A job and whose it is: `(tenant, job)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobKey {
    /// Row of the tenant.
    pub tenant: Seq,
    /// Row of the job.
    pub job: Seq,
}

/// The job in this row.
pub fn find(tx: &impl Reads, key: JobKey) -> Result<Option<Job>, Error> {
    rows::find(tx, tables::JOBS, (key.tenant.0, key.job.0))
}

/// Every job of every tenant.
pub fn all(tx: &impl Reads) -> Result<Vec<(JobKey, Job)>, Error> {
    tx.open(tables::JOBS)?
        .iter()?
        .map(|row| {
            let (key, bytes) = row?;
            let (tenant, job) = key.value();
            Ok((
                JobKey {
                    tenant: Seq(tenant),
                    job: Seq(job),
                },
                decode(bytes.value())?,
            ))
        })
        .collect()
}

/// The job of an application: the product makes one per application.
pub fn of_application(
    tx: &impl Reads,
    tenant: Seq,
    application: Seq,
) -> Result<Option<Job>, Error> {
    let jobs: Vec<Job> = rows::page(tx, tables::JOBS, tenant, Seq(0), usize::MAX)?;
    Ok(jobs.into_iter().find(|job| job.application == application))
}

/// A row number for a new job.
pub fn next_seq(tx: &Write<'_>, tenant: Seq) -> Result<Seq, Error> {
    tx.next_seq(tenant, "jobs")
}

/// Inserts or replaces a job.
pub fn put(tx: &Write<'_>, tenant: Seq, job: &Job) -> Result<(), Error> {
    rows::put(tx, tables::JOBS, (tenant.0, job.seq.0), job)
}

/// Takes a job away. What belongs to it goes bit by bit, with [`remove_some`].
pub fn remove(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    job_counts::end(tx, key)?;
    rows::remove(tx, tables::JOBS, (key.tenant.0, key.job.0))
}

/// Takes up to `limit` rows away that belong to a job: log entries, links, escrows, deletions held back, exported
/// memberships, cycles, uploads. Whether some are left.
pub fn remove_some(tx: &Write<'_>, key: JobKey, limit: usize) -> Result<bool, Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    let mut left = limit;
    left -= logs::remove_of_job(tx, key, left)?;
    let whole = (t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX);
    left -= take(tx, tables::LINKS, whole.clone(), left)?;
    left -= take(tx, tables::ESCROWS, whole.clone(), left)?;
    left -= take(tx, tables::HELD_DELETIONS, whole, left)?;
    let members = (t, j, 0, 0, 0)..=(t, j, u64::MAX, u8::MAX, u64::MAX);
    left -= take(tx, tables::EXPORTED_MEMBERS, members, left)?;
    left -= take(tx, tables::CYCLES, (t, j, 0)..=(t, j, u64::MAX), left)?;
    left -= super::inbound::remove_some(tx, key, left)?;
    Ok(left == 0)
}

/// Takes up to `limit` rows of a range away; how many there were.
fn take<K, V>(
    tx: &Write<'_>,
    table: tables::Definition<K, V>,
    range: std::ops::RangeInclusive<K>,
    limit: usize,
) -> Result<usize, Error>
where
    K: redb::Key + for<'k> redb::Value<SelfType<'k> = K> + Clone + 'static,
    V: redb::Value + 'static,
{
    let keys: Vec<K> = tx
        .open(table)?
        .range::<K>(range)?
        .take(limit)
        .map(|row| Ok(row?.0.value()))
        .collect::<Result<_, Error>>()?;
    for key in &keys {
        tx.table(table)?.remove(key.clone())?;
    }
    Ok(keys.len())
}

// Cycles.

/// The cycle in this row.
pub fn cycle(tx: &impl Reads, key: JobKey, cycle: Seq) -> Result<Option<Cycle>, Error> {
    rows::find(tx, tables::CYCLES, (key.tenant.0, key.job.0, cycle.0))
}

/// The latest `limit` cycles, newest first.
pub fn cycles(tx: &impl Reads, key: JobKey, limit: usize) -> Result<Vec<Cycle>, Error> {
    tx.open(tables::CYCLES)?
        .range((key.tenant.0, key.job.0, 0)..=(key.tenant.0, key.job.0, u64::MAX))?
        .rev()
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Inserts or replaces a cycle.
pub fn put_cycle(tx: &Write<'_>, key: JobKey, cycle: &Cycle) -> Result<(), Error> {
    rows::put(
        tx,
        tables::CYCLES,
        (key.tenant.0, key.job.0, cycle.seq.0),
        cycle,
    )
}

// Links.

fn object_key(key: JobKey, object: ObjectRef) -> (u64, u64, u8, u64) {
    (key.tenant.0, key.job.0, object.kind.code(), object.seq.0)
}

/// The link of a source object.
pub fn link(tx: &impl Reads, key: JobKey, source: ObjectRef) -> Result<Option<Link>, Error> {
    rows::find(tx, tables::LINKS, object_key(key, source))
}

/// How many objects of a kind are linked: disabled ones too, and those that left the scope.
pub fn count_links(tx: &impl Reads, key: JobKey, kind: ObjectKind) -> Result<u64, Error> {
    job_counts::get(tx, key, Counted::Links(kind))
}

/// Up to `limit` links of a kind whose source rows lie after `after`, in the order of source rows.
pub fn links_after(
    tx: &impl Reads,
    key: JobKey,
    kind: ObjectKind,
    after: Seq,
    limit: usize,
) -> Result<Vec<Link>, Error> {
    let (t, j, k) = (key.tenant.0, key.job.0, kind.code());
    tx.open(tables::LINKS)?
        .range((t, j, k, after.0.saturating_add(1))..=(t, j, k, u64::MAX))?
        .take(limit)
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Links of a kind whose source rows lie after `after` and up to `through`, in the order of source rows.
pub fn links_between(
    tx: &impl Reads,
    key: JobKey,
    kind: ObjectKind,
    after: Seq,
    through: Seq,
) -> Result<Vec<Link>, Error> {
    let (t, j, k) = (key.tenant.0, key.job.0, kind.code());
    let first = after.0.saturating_add(1);
    if first > through.0 {
        return Ok(Vec::new());
    }
    tx.open(tables::LINKS)?
        .range((t, j, k, first)..=(t, j, k, through.0))?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Row of the last linked source object of a kind.
pub fn last_link(tx: &impl Reads, key: JobKey, kind: ObjectKind) -> Result<Option<Seq>, Error> {
    let links = tx.open(tables::LINKS)?;
    let (t, j, k) = (key.tenant.0, key.job.0, kind.code());
    let last = links
        .range((t, j, k, 0)..=(t, j, k, u64::MAX))?
        .next_back()
        .transpose()?;
    Ok(last.map(|(key, _)| Seq(key.value().3)))
}

/// Inserts or replaces a link.
pub fn put_link(tx: &Write<'_>, key: JobKey, link: &Link) -> Result<(), Error> {
    let bytes = encode(link)?;
    let is_new = tx
        .table(tables::LINKS)?
        .insert(object_key(key, link.source), bytes.as_slice())?
        .is_none();
    if is_new {
        job_counts::add(tx, key, Counted::Links(link.source.kind), 1)?;
    }
    Ok(())
}

/// Takes a link away, with the record of exported members if it is a group's.
pub fn remove_link(tx: &Write<'_>, key: JobKey, source: ObjectRef) -> Result<(), Error> {
    if source.kind == ObjectKind::Group {
        let mut exported = tx.table(tables::EXPORTED_MEMBERS)?;
        let (t, j, g) = (key.tenant.0, key.job.0, source.seq.0);
        exported.remove_range((t, j, g, 0, 0)..=(t, j, g, u8::MAX, u64::MAX), |_| Ok(()))?;
    }
    let was_there = tx
        .table(tables::LINKS)?
        .remove(object_key(key, source))?
        .is_some();
    if was_there {
        job_counts::add(tx, key, Counted::Links(source.kind), -1)?;
    }
    Ok(())
}

/// Forgets every link and exported membership of a job: the next cycle matches everything again.
pub fn remove_all_links(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    tx.table(tables::LINKS)?
        .remove_range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX), |_| Ok(()))?;
    tx.table(tables::EXPORTED_MEMBERS)?.remove_range(
        (t, j, 0, 0, 0)..=(t, j, u64::MAX, u8::MAX, u64::MAX),
        |_| Ok(()),
    )?;
    job_counts::forget(tx, key, Counted::Links(ObjectKind::User))?;
    job_counts::forget(tx, key, Counted::Links(ObjectKind::Group))
}

// Exported memberships.

/// Up to `limit` members of a source group that the target was told of, after one of them, in the order of the
/// directory's edges.
pub fn exported_members(
    tx: &impl Reads,
    key: JobKey,
    group: Seq,
    after: Option<ObjectRef>,
    limit: usize,
) -> Result<Vec<ObjectRef>, Error> {
    let (t, j, g) = (key.tenant.0, key.job.0, group.0);
    let (kind, seq) = after.map_or((0, 0), |a| (a.kind.code(), a.seq.0.saturating_add(1)));
    tx.open(tables::EXPORTED_MEMBERS)?
        .range((t, j, g, kind, seq)..=(t, j, g, u8::MAX, u64::MAX))?
        .take(limit)
        .map(|edge| {
            let (_, _, _, code, seq) = edge?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Whether the target was told of a member.
pub fn is_exported_member(
    tx: &impl Reads,
    key: JobKey,
    group: Seq,
    member: ObjectRef,
) -> Result<bool, Error> {
    let (t, j, g) = (key.tenant.0, key.job.0, group.0);
    let edge = (t, j, g, member.kind.code(), member.seq.0);
    Ok(tx.open(tables::EXPORTED_MEMBERS)?.get(edge)?.is_some())
}

/// Records that the target was told of a member.
pub fn add_exported_member(
    tx: &Write<'_>,
    key: JobKey,
    group: Seq,
    member: ObjectRef,
) -> Result<(), Error> {
    tx.table(tables::EXPORTED_MEMBERS)?.insert(
        (
            key.tenant.0,
            key.job.0,
            group.0,
            member.kind.code(),
            member.seq.0,
        ),
        (),
    )?;
    Ok(())
}

/// Records that the target was told to remove a member.
pub fn remove_exported_member(
    tx: &Write<'_>,
    key: JobKey,
    group: Seq,
    member: ObjectRef,
) -> Result<(), Error> {
    tx.table(tables::EXPORTED_MEMBERS)?.remove((
        key.tenant.0,
        key.job.0,
        group.0,
        member.kind.code(),
        member.seq.0,
    ))?;
    Ok(())
}

// Escrows.

/// The escrow of a source object.
pub fn escrow(tx: &impl Reads, key: JobKey, source: ObjectRef) -> Result<Option<Escrow>, Error> {
    rows::find(tx, tables::ESCROWS, object_key(key, source))
}

/// Every escrow of a job, users first.
pub fn escrows(tx: &impl Reads, key: JobKey) -> Result<Vec<Escrow>, Error> {
    let mut all = Vec::new();
    walk_escrows::<Error>(tx, key, None, |escrow| {
        all.push(escrow);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Hands the escrows of a job after one of its objects to a function until it breaks, users first, one at a time.
pub fn walk_escrows<E: From<Error>>(
    tx: &impl Reads,
    key: JobKey,
    after: Option<ObjectRef>,
    mut each: impl FnMut(Escrow) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let (t, j) = (key.tenant.0, key.job.0);
    let (kind, seq) = after.map_or((0, 0), |a| (a.kind.code(), a.seq.0.saturating_add(1)));
    let table = tx.open(tables::ESCROWS)?;
    for row in table
        .range((t, j, kind, seq)..=(t, j, u8::MAX, u64::MAX))
        .map_err(Error::from)?
    {
        let (_, bytes) = row.map_err(Error::from)?;
        if each(decode(bytes.value())?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// How many objects wait for another attempt.
pub fn count_escrows(tx: &impl Reads, key: JobKey) -> Result<u64, Error> {
    job_counts::get(tx, key, Counted::Escrows)
}

/// Inserts or replaces an escrow.
pub fn put_escrow(tx: &Write<'_>, key: JobKey, escrow: &Escrow) -> Result<(), Error> {
    let bytes = encode(escrow)?;
    let is_new = tx
        .table(tables::ESCROWS)?
        .insert(object_key(key, escrow.source), bytes.as_slice())?
        .is_none();
    if is_new {
        job_counts::add(tx, key, Counted::Escrows, 1)?;
    }
    Ok(())
}

/// Ends an escrow, if there is one.
pub fn remove_escrow(tx: &Write<'_>, key: JobKey, source: ObjectRef) -> Result<(), Error> {
    let was_there = tx
        .table(tables::ESCROWS)?
        .remove(object_key(key, source))?
        .is_some();
    if was_there {
        job_counts::add(tx, key, Counted::Escrows, -1)?;
    }
    Ok(())
}

/// Ends every escrow of a job.
pub fn remove_all_escrows(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    tx.table(tables::ESCROWS)?
        .remove_range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX), |_| Ok(()))?;
    job_counts::forget(tx, key, Counted::Escrows)
}

// Deletions held back.

/// Objects whose deletion or disabling is held back, users first.
pub fn held_deletions(tx: &impl Reads, key: JobKey) -> Result<Vec<ObjectRef>, Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    tx.open(tables::HELD_DELETIONS)?
        .range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX))?
        .map(|row| {
            let (_, _, code, seq) = row?.0.value();
            object(code, seq)
        })
        .collect()
}

/// Holds the deletion of an object back, or no longer.
pub fn hold_deletion(
    tx: &Write<'_>,
    key: JobKey,
    source: ObjectRef,
    held: bool,
) -> Result<(), Error> {
    let mut table = tx.table(tables::HELD_DELETIONS)?;
    if held {
        table.insert(object_key(key, source), ())?;
    } else {
        table.remove(object_key(key, source))?;
    }
    Ok(())
}

/// Forgets which deletions are held back: the next cycle looks at everything.
pub fn forget_held_deletions(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    tx.table(tables::HELD_DELETIONS)?
        .remove_range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX), |_| Ok(()))
}

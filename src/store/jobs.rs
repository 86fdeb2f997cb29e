//! The agent's rows: jobs, cycles, links, exported memberships, escrows.

use redb::ReadableTable;

use super::groups::object;
use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
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

fn job_range(key: JobKey, kind: ObjectKind) -> std::ops::RangeInclusive<(u64, u64, u8, u64)> {
    let (t, j, k) = (key.tenant.0, key.job.0, kind.code());
    (t, j, k, 0)..=(t, j, k, u64::MAX)
}

/// The link of a source object.
pub fn link(tx: &impl Reads, key: JobKey, source: ObjectRef) -> Result<Option<Link>, Error> {
    rows::find(tx, tables::LINKS, object_key(key, source))
}

/// How many objects of a kind are linked. Walks the links: for status pages, not for cycles.
pub fn count_links(tx: &impl Reads, key: JobKey, kind: ObjectKind) -> Result<u64, Error> {
    Ok(tx.open(tables::LINKS)?.range(job_range(key, kind))?.count() as u64)
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
    let last = links.range(job_range(key, kind))?.next_back().transpose()?;
    Ok(last.map(|(key, _)| Seq(key.value().3)))
}

/// Inserts or replaces a link.
pub fn put_link(tx: &Write<'_>, key: JobKey, link: &Link) -> Result<(), Error> {
    rows::put(tx, tables::LINKS, object_key(key, link.source), link)
}

/// Takes a link away, with the record of exported members if it is a group's.
pub fn remove_link(tx: &Write<'_>, key: JobKey, source: ObjectRef) -> Result<(), Error> {
    if source.kind == ObjectKind::Group {
        let mut exported = tx.table(tables::EXPORTED_MEMBERS)?;
        let (t, j, g) = (key.tenant.0, key.job.0, source.seq.0);
        exported.remove_range((t, j, g, 0, 0)..=(t, j, g, u8::MAX, u64::MAX), |_| Ok(()))?;
    }
    rows::remove(tx, tables::LINKS, object_key(key, source))
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
    Ok(())
}

// Exported memberships.

/// Members of a source group that the target was told of, in the order of the directory's edges.
pub fn exported_members(tx: &impl Reads, key: JobKey, group: Seq) -> Result<Vec<ObjectRef>, Error> {
    let (t, j, g) = (key.tenant.0, key.job.0, group.0);
    tx.open(tables::EXPORTED_MEMBERS)?
        .range((t, j, g, 0, 0)..=(t, j, g, u8::MAX, u64::MAX))?
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
    let (t, j) = (key.tenant.0, key.job.0);
    tx.open(tables::ESCROWS)?
        .range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX))?
        .map(|row| decode(row?.1.value()))
        .collect()
}

/// Inserts or replaces an escrow.
pub fn put_escrow(tx: &Write<'_>, key: JobKey, escrow: &Escrow) -> Result<(), Error> {
    rows::put(tx, tables::ESCROWS, object_key(key, escrow.source), escrow)
}

/// Ends an escrow, if there is one.
pub fn remove_escrow(tx: &Write<'_>, key: JobKey, source: ObjectRef) -> Result<(), Error> {
    rows::remove(tx, tables::ESCROWS, object_key(key, source))
}

/// Ends every escrow of a job.
pub fn remove_all_escrows(tx: &Write<'_>, key: JobKey) -> Result<(), Error> {
    let (t, j) = (key.tenant.0, key.job.0);
    tx.table(tables::ESCROWS)?
        .remove_range((t, j, 0, 0)..=(t, j, u8::MAX, u64::MAX), |_| Ok(()))?;
    Ok(())
}

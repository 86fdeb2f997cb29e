//! A cycle: one pass of a job, from the probe to the watermark, as a straight line.
//!
//! The head of the change feed is noted before anything else; it becomes the watermark at the end, so
//! that what changes meanwhile belongs to the next cycle. An interrupted cycle goes on at its saved
//! cursor; what was exported after the last save is found by matching and not created again.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;

use super::changes::{self, ChangeSet};
use super::client::Client;
use super::context::{AgentContext, Run};
use super::credentials::Connection;
use super::dialect::{self, Dialect};
use super::ending::stored;
use super::guard::Guard;
use super::objects::Reader;
use super::pipeline::{self, Flow, Page};
use super::probe::{ConnectionFailure, probe};
use super::save::{Saver, is_running};
use super::tenant_url::TenantUrl;
use super::throttle::Patience;
use super::{due, ending, export, guard, jobs as operations, managers, members, quarantine};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{
    Cycle, CycleCounts, CycleKind, CyclePhase, CycleState, Deletions, Job, ObjectKind, ObjectRef,
};
use crate::store::jobs::{self, JobKey};
use crate::store::{Snapshot, directory as rows};

/// Rows of groups in one page of the members phase, fewer when they are large.
const MEMBER_GROUPS: usize = 50;

/// Runs the next cycle of a job, or goes on with an interrupted one, and returns its row: `Running`
/// when the agent is shutting down, `Failed` when the target does not pass the probe, `Stopped` when
/// somebody restarted the job meanwhile.
///
/// # Errors
/// When there is no such job, a cycle of it is running already, or the store fails. What goes wrong
/// with the target is not an error; it is in the cycle and in the log.
pub fn run_cycle(context: &AgentContext, key: JobKey) -> Result<Cycle> {
    let _reserved = context.reserve(key)?;
    run_reserved(context, key)
}

/// The same for a cycle that was due at `now`, unless somebody else has run it since.
///
/// # Errors
/// As [`run_cycle`].
pub(super) fn run_if_due(
    context: &AgentContext,
    key: JobKey,
    now: Timestamp,
) -> Result<Option<Cycle>> {
    let _reserved = context.reserve(key)?;
    if due::is_due(context, key, now)? {
        run_reserved(context, key).map(Some)
    } else {
        Ok(None)
    }
}

fn run_reserved(context: &AgentContext, key: JobKey) -> Result<Cycle> {
    let plan = Plan::make(context, key)?;
    let client = client(context, &plan.job);
    let probed = client.and_then(|client| {
        probe(&client, &plan.job.rules, Guid::random()).map(|exchanges| (client, exchanges))
    });
    let (client, exchanges) = match probed {
        Ok(connected) => connected,
        Err(failure) => {
            return ending::not_connected(context, key, (plan.job, plan.cycle), &failure);
        }
    };
    let requests = plan.cycle.counts.requests + exchanges.len() as u64;
    let (job, cycle) = begin(context, key, plan.cycle)?;
    let run = Run {
        context: context.clone(),
        key,
        cycle: cycle.seq,
        cycle_id: cycle.id,
        domain: plan.domain,
        client,
        dialect: dialect(&job),
        requests: AtomicU64::new(requests),
        guard: Guard::new(&job, &cycle),
        incremental: cycle.kind == CycleKind::Incremental,
        patience: Patience::default(),
        on_demand: None,
        job,
    };
    let changed = match cycle.kind {
        CycleKind::Initial => None,
        CycleKind::Incremental => {
            let from = run.job.watermark.unwrap_or_default();
            let snapshot = context.store.read()?;
            let range = (from, cycle.head);
            Some(ChangeSet::collect(
                &snapshot,
                key,
                &run.job,
                range,
                cycle.began,
            )?)
        }
    };
    let mut saver = Saver { run: &run, cycle };
    saver.cycle.total = total(&run, changed.as_ref())?;
    match count_deletions(&mut saver, changed.as_ref())? {
        Flow::Completed => {}
        Flow::Interrupted => return Ok(saver.cycle),
        Flow::Ended => return stored(context, key, saver.cycle.seq),
    }
    for phase in [
        CyclePhase::Users,
        CyclePhase::Groups,
        CyclePhase::Managers,
        CyclePhase::Members,
    ] {
        if phase < saver.cycle.phase {
            continue;
        }
        if phase > saver.cycle.phase {
            saver.cycle.phase = phase;
            saver.cycle.after = Seq(0);
        }
        match run_phase(&mut saver, phase, changed.as_ref())? {
            Flow::Completed => {}
            Flow::Interrupted => return Ok(saver.cycle),
            Flow::Ended => return stored(context, key, saver.cycle.seq),
        }
    }
    ending::finish(saver, changed.as_ref())
}

/// What is known before the target is asked.
struct Plan {
    job: Job,
    cycle: Cycle,
    domain: String,
}

impl Plan {
    fn make(context: &AgentContext, key: JobKey) -> Result<Self> {
        let snapshot = context.store.read()?;
        let head = rows::head(&snapshot, key.tenant)?;
        let job = operations::get(&snapshot, key)?;
        let tenant = rows::tenant(&snapshot, key.tenant)?
            .ok_or_else(|| Error::not_found("tenant", key.tenant))?;
        let last = operations::current_cycle(&snapshot, key, &job)?;
        let cycle = match last {
            Some(running) if running.state == CycleState::Running => running,
            last => Cycle {
                seq: Seq(last.map_or(0, |c| c.seq.0) + 1),
                id: Guid::random(),
                kind: if job.watermark.is_none() {
                    CycleKind::Initial
                } else {
                    CycleKind::Incremental
                },
                state: CycleState::Running,
                began: context.clock.now(),
                ended: None,
                head,
                phase: CyclePhase::Users,
                after: Seq(0),
                total: 0,
                done: 0,
                counts: CycleCounts::default(),
                deletions: Deletions::Unplanned,
                admitted: 0,
                error: None,
            },
        };
        Ok(Self {
            job,
            cycle,
            domain: tenant.domain,
        })
    }
}

/// The client of a job's target.
pub(super) fn client(
    context: &AgentContext,
    job: &Job,
) -> std::result::Result<Client, ConnectionFailure> {
    let connection = Connection::of_job(job, &context.sealer)
        .map_err(|missing| ConnectionFailure::unusable(missing.to_string()))?;
    Ok(Client::new(
        connection,
        &context.ways(job.parallel_exports.max(1)),
    ))
}

/// How requests to a job's target are phrased: what its Tenant URL chooses.
pub(super) fn dialect(job: &Job) -> &'static Dialect {
    job.tenant_url
        .as_deref()
        .and_then(|url| url.parse::<TenantUrl>().ok())
        .map_or(&dialect::DEFAULT, |url| url.dialect())
}

/// The probe passed: the cycle's row comes into being, and a quarantine ends.
fn begin(context: &AgentContext, key: JobKey, mut cycle: Cycle) -> Result<(Job, Cycle)> {
    context.store.write(move |tx| {
        let mut job = operations::get(tx, key)?;
        if job.cycle != Some(cycle.seq) {
            // A restart between plan and now makes this an initial cycle.
            if job.watermark.is_none() {
                cycle.kind = CycleKind::Initial;
            }
            job.cycle = Some(cycle.seq);
        } else if !is_running(tx, key, cycle.seq)? {
            return Err(Error::Conflict {
                attribute: "cycle",
                detail: "The cycle was ended by a restart.".into(),
            });
        }
        cycle.error = None;
        job.successive_complete_failures = 0;
        quarantine::connected(&mut job);
        jobs::put_cycle(tx, key, &cycle)?;
        jobs::put(tx, key.tenant, &job)?;
        Ok((job, cycle))
    })
}

/// Units of work, for progress bars.
fn total(run: &Run, changed: Option<&ChangeSet>) -> Result<u64> {
    let rules = &run.job.rules;
    let (users, groups, managed, with_members) = if let Some(set) = changed {
        (
            set.users.len() as u64,
            set.groups.len() as u64,
            set.managers.len() as u64,
            set.members.len() as u64,
        )
    } else {
        let snapshot = run.context.store.read()?;
        let users = rows::count_users(&snapshot, run.key.tenant)?;
        let groups = rows::count_groups(&snapshot, run.key.tenant)?;
        (users, groups, users, groups)
    };
    let when = |flag: bool, units: u64| if flag { units } else { 0 };
    Ok(when(rules.users.enabled, users)
        + when(rules.groups.enabled, groups)
        + when(managers::mapping(&run.job).is_some(), managed)
        + when(members::mapping(&run.job).is_some(), with_members))
}

/// Before anything is sent: whether what has left may be deleted and disabled. A cycle that was interrupted after
/// the count keeps its verdict.
fn count_deletions(saver: &mut Saver<'_>, changed: Option<&ChangeSet>) -> Result<Flow> {
    if saver.cycle.deletions != Deletions::Unplanned {
        return Ok(Flow::Completed);
    }
    let run = saver.run;
    let Some(deletions) = guard::plan(run, changed)? else {
        return Ok(Flow::Interrupted);
    };
    if deletions == Deletions::Held {
        run.guard.hold();
    }
    saver.cycle.deletions = deletions;
    let (key, row) = (run.key, saver.cycle.clone());
    let written = run.context.store.write(move |tx| -> Result<bool> {
        let running = is_running(tx, key, row.seq)?;
        if running {
            jobs::put_cycle(tx, key, &row)?;
        }
        Ok(running)
    })?;
    Ok(if written {
        Flow::Completed
    } else {
        Flow::Ended
    })
}

fn run_phase(
    saver: &mut Saver<'_>,
    phase: CyclePhase,
    changed: Option<&ChangeSet>,
) -> Result<Flow> {
    let run = saver.run;
    match phase {
        CyclePhase::Users if run.job.rules.users.enabled => {
            objects(saver, ObjectKind::User, changed.map(|c| &c.users))
        }
        CyclePhase::Groups if run.job.rules.groups.enabled => {
            objects(saver, ObjectKind::Group, changed.map(|c| &c.groups))
        }
        CyclePhase::Users | CyclePhase::Groups => Ok(Flow::Completed),
        CyclePhase::Managers => match managers::mapping(&run.job) {
            None => Ok(Flow::Completed),
            Some(mapping) => pipeline::run(
                saver,
                |after| {
                    let limit = run.context.settings.source_page;
                    references(
                        run,
                        changed.map(|c| &c.managers),
                        after,
                        limit,
                        |reader, row| managers::one(reader, &mapping, row),
                        |reader| managers::page(reader, &mapping, after, limit),
                    )
                },
                |run, work, _| managers::export(run, &mapping, work),
            ),
        },
        CyclePhase::Members => match members::mapping(&run.job) {
            None => Ok(Flow::Completed),
            Some(mapping) => pipeline::run(
                saver,
                |after| {
                    let window = run.context.settings.members_window;
                    references(
                        run,
                        changed.map(|c| &c.members),
                        after,
                        MEMBER_GROUPS,
                        |reader, row| members::one(reader, row, window),
                        |reader| members::page(reader, after, (MEMBER_GROUPS, window)),
                    )
                },
                |run, work, part| members::export(run, &mapping, &work, part),
            ),
        },
    }
}

/// The phases of users and of groups.
fn objects(
    saver: &mut Saver<'_>,
    kind: ObjectKind,
    changed: Option<&BTreeSet<Seq>>,
) -> Result<Flow> {
    let run = saver.run;
    let limit = run.context.settings.source_page;
    let next = |after: Seq| {
        let tx = run.context.store.read()?;
        let reader = Reader {
            tx: &tx,
            key: run.key,
            job: &run.job,
        };
        let Some(set) = changed else {
            let page = reader.page(kind, after, limit)?;
            return Ok(page.map(|(candidates, through)| Page {
                units: candidates.len() as u64,
                items: candidates.into_iter().map(|c| (c.object.seq, c)).collect(),
                through,
            }));
        };
        let Some((rows, through)) = changes::page(set, after, limit) else {
            return Ok(None);
        };
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let object = ObjectRef { kind, seq: *row };
            if let Some(candidate) = reader.one(object)? {
                items.push((*row, candidate));
            }
        }
        Ok(Some(Page {
            items,
            through,
            units: rows.len() as u64,
        }))
    };
    pipeline::run(saver, next, |run, candidate, _| {
        export::export(run, candidate)
    })
}

/// A page of reference work: of the changed rows, or of all.
fn references<W>(
    run: &Run,
    changed: Option<&BTreeSet<Seq>>,
    after: Seq,
    limit: usize,
    one: impl Fn(&Reader<'_, Snapshot>, Seq) -> Result<Option<W>>,
    all: impl FnOnce(&Reader<'_, Snapshot>) -> Result<Option<Page<W>>>,
) -> Result<Option<Page<W>>> {
    let tx = run.context.store.read()?;
    let reader = Reader {
        tx: &tx,
        key: run.key,
        job: &run.job,
    };
    let Some(set) = changed else {
        return all(&reader);
    };
    let Some((rows, through)) = changes::page(set, after, limit) else {
        return Ok(None);
    };
    let mut items = Vec::new();
    for row in &rows {
        if let Some(work) = one(&reader, *row)? {
            items.push((*row, work));
        }
    }
    Ok(Some(Page {
        items,
        through,
        units: rows.len() as u64,
    }))
}

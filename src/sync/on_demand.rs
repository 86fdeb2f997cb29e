//! *Provision on demand*: one person, or one group with a few of its members, now.
//!
//! Follows Microsoft's "On-demand provisioning" and `synchronizationJob: provisionOnDemand`. It is a real export: the
//! same matching, decisions and requests as in a cycle, a log entry, and the link afterwards. Where a cycle works at
//! the same object, one waits for the other; the rest of the job goes on. The job need not be started.
//!
//! What the service leaves unpublished, as it is here:
//! * A failure is in the log and nowhere else: it goes into no escrow. A success ends the escrow of a person; that of
//!   a group stays, because members that were not chosen may be what waits.
//! * Chosen members are only put into the group. One that is not provisioned yet cannot be resolved.
//! * The flag `aadOptscim062020`, documented as not working here, works.
//! * A dry run (ours) sends what only reads, shows the writes, and leaves no trace.

mod merge;
mod rate;
mod report;
mod show;
mod subject;

pub(super) use self::rate::Rate;
pub use self::report::{Report, Verdict};
pub use self::show::NOT_SENT;
pub(super) use self::show::{attributes_of, target_attributes, unsent};
pub use self::subject::{MEMBERS, Subject};

use super::context::{AgentContext, Asked, Run};
use super::guard::Guard;
use super::log::Story;
use super::objects::{Candidate, Reader};
use super::outcome::{LinkChange, Outcome};
use super::probe::probe;
use super::reconcile::SourceState;
use super::throttle::Patience;
use super::{cycle, export, jobs as operations, managers, members};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::mapping::entra::SynchronizationRules;
use crate::model::{Link, LinkState, LogEntry, ObjectKind, ObjectRef, Status};
use crate::store::jobs::{self, JobKey};
use crate::store::{Snapshot, Write, directory as rows, logs};

/// Provisions somebody now, or shows what would be sent. Talks to the target: never call it in a write closure. `by`
/// is who asked for it.
///
/// # Errors
/// No such job or object; a chosen member that has nothing to do with the group; objects of this kind are not
/// provisioned; [`Error::RateLimited`] after five requests in ten seconds; the store's. What goes wrong with the
/// target is not an error; it is in the report.
pub fn provision(
    context: &AgentContext,
    key: JobKey,
    subject: &Subject,
    by: &str,
    dry_run: bool,
) -> Result<Report> {
    let began = context.clock.now();
    let (job, domain, candidate) = {
        let tx = context.store.read()?;
        let job = operations::get(&tx, key)?;
        let tenant =
            rows::tenant(&tx, key.tenant)?.ok_or_else(|| Error::not_found("tenant", key.tenant))?;
        let candidate = Reader {
            tx: &tx,
            key,
            job: &job,
        }
        .one(subject.object())?
        .ok_or_else(|| Error::not_found(subject.object().kind.name(), subject.object().seq))?;
        check(&tx, key, &job.rules, subject, &candidate)?;
        (job, tenant.domain, candidate)
    };
    context.beside().on_demand.count(context, key)?;
    let source = candidate.identity();
    let report = |connection, entry, ended| Report {
        subject: subject.clone(),
        source: source.clone(),
        dry_run,
        connection,
        entry,
        began,
        ended,
    };
    let connected = cycle::client(context, &job)
        .and_then(|client| probe(&client, &job.rules, Guid::random()).map(|_| client));
    let client = match connected {
        Ok(client) => client,
        Err(failure) => {
            let failed = Some((failure.information(), failure.exchanges));
            return Ok(report(failed, None, context.clock.now()));
        }
    };
    let run = Run {
        context: context.clone(),
        key,
        cycle: Seq(0),
        cycle_id: Guid::random(),
        domain,
        client,
        dialect: cycle::dialect(&job),
        requests: std::sync::atomic::AtomicU64::new(0),
        guard: Guard::open(),
        incremental: false,
        patience: Patience::default(),
        on_demand: Some(Asked {
            by: by.to_owned(),
            dry_run,
        }),
        job,
    };
    let outcomes = work(&run, subject, candidate)?;
    let mut entries = outcomes.iter().filter_map(|outcome| outcome.entry.clone());
    let first = entries.next();
    let mut entry = first.map(|first| entries.fold(first, merge::merge));
    if !dry_run && let Some(made) = &entry {
        let saved = made.clone();
        let seq = context
            .store
            .write(move |tx| save(tx, key, outcomes, saved))?;
        entry = entry.map(|entry| LogEntry { seq, ..entry });
    }
    Ok(report(None, entry, context.clock.now()))
}

/// Refuses what cannot be meant.
fn check(
    tx: &Snapshot,
    key: JobKey,
    rules: &SynchronizationRules,
    subject: &Subject,
    candidate: &Candidate,
) -> Result<()> {
    let (kind, mapping) = match subject.object().kind {
        ObjectKind::User => ("users", &rules.users),
        ObjectKind::Group => ("groups", &rules.groups),
    };
    if !mapping.enabled {
        return Err(Error::Disabled {
            what: format!("Provisioning of {kind} is switched off in the attribute mappings."),
        });
    }
    if candidate.state == SourceState::Purged {
        return Err(Error::Disabled {
            what: "On-demand provisioning does not delete objects that were removed already. The next cycle does."
                .into(),
        });
    }
    let group = subject.object().seq;
    for member in subject.members() {
        let known = rows::is_member(tx, key.tenant, group, *member)?
            || jobs::is_exported_member(tx, key, group, *member)?;
        if !known {
            return Err(Error::field(
                "members",
                "A chosen member is not in the group. Choose among its direct members.",
            ));
        }
    }
    Ok(())
}

/// The object, then its references.
fn work(run: &Run, subject: &Subject, candidate: Candidate) -> Result<Vec<Outcome>> {
    if let Some(unsupported) = unsupported(candidate.state) {
        return Ok(vec![refused(run, &candidate, unsupported)]);
    }
    let before = candidate.link.clone();
    let active = candidate.state == SourceState::Active;
    let first = export::export(run, candidate);
    let failed = first.failure().is_some();
    let link = match &first.link {
        LinkChange::Put(link) => Some((**link).clone()),
        LinkChange::Keep => before,
        LinkChange::Remove => None,
    };
    let mut outcomes = vec![first];
    if let Some(link) = link.filter(|l| active && !failed && l.state == LinkState::Active) {
        match subject.object().kind {
            ObjectKind::User => outcomes.extend(manager(run, subject, link)?),
            ObjectKind::Group => chosen_members(run, subject, link, &mut outcomes)?,
        }
    }
    Ok(outcomes)
}

fn manager(run: &Run, subject: &Subject, link: Link) -> Result<Option<Outcome>> {
    let Some(mapping) = managers::mapping(&run.job) else {
        return Ok(None);
    };
    let work = {
        let tx = run.context.store.read()?;
        match rows::user(&tx, run.key.tenant, subject.object().seq)? {
            Some(user) => {
                let reader = Reader {
                    tx: &tx,
                    key: run.key,
                    job: &run.job,
                };
                managers::work(&reader, &mapping, &user, link)?
            }
            None => None,
        }
    };
    Ok(work.map(|work| managers::export(run, &mapping, work)))
}

fn chosen_members(
    run: &Run,
    subject: &Subject,
    link: Link,
    outcomes: &mut Vec<Outcome>,
) -> Result<()> {
    let Some(mapping) = members::mapping(&run.job) else {
        return Ok(());
    };
    let work = {
        let tx = run.context.store.read()?;
        match rows::group(&tx, run.key.tenant, subject.object().seq)? {
            Some(group) => {
                members::chosen(&tx, run.key, &group, link.target_id, subject.members())?
            }
            None => None,
        }
    };
    if let Some(work) = work {
        let last = members::export(run, &mapping, &work, &mut |part| outcomes.push(part));
        outcomes.push(last);
    }
    Ok(())
}

/// What the service does not do on demand, as a sentence.
const fn unsupported(state: SourceState) -> Option<&'static str> {
    match state {
        SourceState::AccountDisabled => Some(
            "On-demand provisioning does not support users that are disabled in Microsoft Entra ID. Enable the user, or let the next cycle disable the account in the application.",
        ),
        SourceState::InRecycleBin => Some(
            "On-demand provisioning does not support objects in the recycle bin. Restore the object, or let the next cycle disable it in the application.",
        ),
        SourceState::Active | SourceState::OutOfScope | SourceState::Purged => None,
    }
}

fn refused(run: &Run, candidate: &Candidate, reason: &str) -> Outcome {
    let mapping = run.mapping(candidate.object.kind);
    let mut story = Story::begin(candidate.object, &candidate.name, candidate.identity());
    if let Some(link) = &candidate.link {
        story.target(&link.target_id);
    }
    story.retrieved(attributes_of(mapping, candidate));
    story.scoped(&candidate.scoping);
    let entry = story.skipped(run, "NotEffectivelyEntitled", reason.to_owned());
    Outcome::new(candidate.object, entry, LinkChange::Keep)
}

/// Links, members and the entry in one write. Returns the entry's position.
fn save(tx: &Write<'_>, key: JobKey, outcomes: Vec<Outcome>, entry: LogEntry) -> Result<Seq> {
    operations::get(tx, key)?;
    for outcome in outcomes {
        let object = outcome.object;
        match outcome.link {
            LinkChange::Keep => {}
            LinkChange::Put(link) => jobs::put_link(tx, key, &link)?,
            LinkChange::Remove => jobs::remove_link(tx, key, object)?,
        }
        for member in outcome.added {
            jobs::add_exported_member(tx, key, object.seq, member)?;
        }
        for member in outcome.removed {
            jobs::remove_exported_member(tx, key, object.seq, member)?;
        }
    }
    if entry.status != Status::Failure {
        let object = ObjectRef {
            kind: entry.kind,
            seq: entry.object,
        };
        if object.kind == ObjectKind::User {
            jobs::remove_escrow(tx, key, object)?;
        }
        jobs::hold_deletion(tx, key, object, false)?;
    }
    Ok(logs::append(tx, key.tenant, entry)?)
}

#[cfg(test)]
mod tests;

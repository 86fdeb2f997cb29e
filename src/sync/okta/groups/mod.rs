//! Jobs about a pushed group: what is sent, step by step (part 1.11 of the Okta reference). Talks to the target, writes
//! nothing.

mod steps;

use super::answer::{Kind, Refusal};
use super::members::Members;
use super::outcome::{Change, End, GroupChange, Outcome, Patience};
use super::session::{Session, Talk};
use super::text::{self, GroupStep};
use crate::directory::okta::events::{self, Event, EventType};
use crate::error::Result;
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{
    EventTarget, JobKind, OktaApp, OktaGroup, ProvisioningJob, PushMapping, PushMappingStatus,
};
use crate::store::Reads;
use crate::store::okta::{AppKey, groups, push};

/// A job about a group with the rows it needs, read before anything is sent.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) job: ProvisioningJob,
    pushed: Option<Pushed>,
    /// What events name.
    targets: Vec<EventTarget>,
}

/// A push mapping with its groups and their members.
#[derive(Debug)]
struct Pushed {
    mapping: PushMapping,
    group: OktaGroup,
    target: Option<OktaGroup>,
    members: Members,
}

/// Row of the mapping that a job is about.
pub(super) const fn mapping_of(kind: &JobKind) -> Option<Seq> {
    match kind {
        JobKind::PushGroup { mapping }
        | JobKind::RenameGroup { mapping }
        | JobKind::PushMembers { mapping }
        | JobKind::PushAllMembers { mapping } => Some(*mapping),
        _ => None,
    }
}

impl Group {
    /// Reads what a job is about.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn read(
        tx: &impl Reads,
        key: AppKey,
        app: &OktaApp,
        job: ProvisioningJob,
    ) -> Result<Self> {
        let mix = tx.mix();
        let mut targets = vec![events::app(mix, key.org, app)];
        let pushed = match mapping_of(&job.kind) {
            Some(row) => Pushed::read(tx, key, row, &job.kind)?,
            None => None,
        };
        if let Some(pushed) = &pushed {
            if let Some(target) = &pushed.target {
                targets.insert(0, events::app_group(mix, key.org, target));
            }
            targets.insert(0, events::group(mix, key.org, &pushed.group));
            targets.push(events::push_mapping(mix, key.org, &pushed.mapping));
        }
        Ok(Self {
            job,
            pushed,
            targets,
        })
    }
}

impl Group {
    /// Whether the job may make a group at the target.
    pub(super) fn may_make(&self) -> bool {
        let unknown = self.pushed.as_ref().is_some_and(|p| p.target.is_none());
        unknown && !self.job.begun
    }
}

impl Pushed {
    /// The name at the target: that of the group when it was pushed or renamed last.
    fn target_name(&self) -> &str {
        match self.mapping.target_name.as_str() {
            "" => &self.group.name,
            name => name,
        }
    }

    /// `None` when the mapping is gone, or pushes nothing.
    fn read(tx: &impl Reads, key: AppKey, row: Seq, kind: &JobKind) -> Result<Option<Self>> {
        let Some(mapping) = push::find(tx, key, row)? else {
            return Ok(None);
        };
        let pushes = match mapping.status {
            PushMappingStatus::Active => true,
            PushMappingStatus::Inactive => false,
            // Nothing more is pushed before somebody retries, which *Push now* does too.
            PushMappingStatus::Error => matches!(kind, JobKind::PushAllMembers { .. }),
        };
        let Some(group) = groups::find(tx, key.org, mapping.group)?.filter(|_| pushes) else {
            return Ok(None);
        };
        let target = match mapping.target {
            Some(target) => groups::find(tx, key.org, target)?,
            None => None,
        };
        let members = Members::read(tx, key, row, mapping.group)?;
        Ok(Some(Self {
            mapping,
            group,
            target,
            members,
        }))
    }
}

/// Why a job did not come to its end.
enum Stop {
    Failed(String),
    Later(Patience),
    Interrupted,
    /// Only a part was told so far.
    GoesOn,
}

/// A job at work.
struct Work<'a> {
    session: &'a Session,
    group: &'a Group,
    talk: Talk,
    events: Vec<(Event, Vec<Exchange>)>,
    /// What is known so far: kept even when a later step fails.
    change: GroupChange,
}

/// Does a job about a group.
pub(super) fn work(session: &Session, group: Group) -> Outcome {
    let mut work = Work {
        session,
        group: &group,
        talk: Talk::default(),
        events: Vec::new(),
        change: GroupChange {
            mapping: mapping_of(&group.job.kind).unwrap_or_default(),
            ..GroupChange::default()
        },
    };
    let done = match (&group.job.kind, &group.pushed) {
        (JobKind::DeleteGroup { name, external_id }, _) => work.delete(name, external_id),
        (kind, Some(pushed)) => work.push(kind, pushed),
        (_, None) => Ok(()),
    };
    let end = match done {
        Ok(()) => End::Done,
        Err(Stop::Later(patience)) => End::Later(patience),
        Err(Stop::Interrupted) => End::Interrupted,
        Err(Stop::GoesOn) => End::GoesOn,
        Err(Stop::Failed(text)) => End::Failed {
            subject: work.name().to_owned(),
            text,
        },
    };
    let (change, events) = match &group.pushed {
        Some(_) => (Change::Group(Box::new(work.change)), work.events),
        None => (Change::None, work.events),
    };
    let mut job = group.job;
    if let (JobKind::PushAllMembers { mapping }, Change::Group(change)) = (&job.kind, &change)
        && !change.told.is_empty()
    {
        // The list was replaced: when the job comes again, it only tells the rest.
        job.kind = JobKind::PushMembers { mapping: *mapping };
    }
    Outcome {
        job,
        end,
        change,
        events,
    }
}

impl Work<'_> {
    /// The group, by name.
    fn name(&self) -> &str {
        match (&self.group.job.kind, &self.group.pushed) {
            (JobKind::DeleteGroup { name, .. }, _) => name,
            (_, Some(pushed)) => &pushed.group.name,
            (_, None) => "unknown",
        }
    }

    fn event(&mut self, event: Event) {
        let exchanges = self.talk.take();
        self.events.push((event, exchanges));
    }

    fn succeeded(&mut self, kind: EventType) {
        self.event(Event::success(kind, self.group.targets.clone()));
    }

    /// A refusal that ends the job: waits where the target asks for it, else fails.
    fn refused(&mut self, step: GroupStep, refusal: &Refusal) -> Stop {
        let targets = &self.group.targets;
        if let Kind::Patience(seconds) = refusal.kind
            && let Some(patience) = Patience::after(&self.group.job, seconds)
        {
            let reason = format!(
                "{} The job is tried again in {} seconds.",
                refusal.reason, patience.waited
            );
            let limit = EventType::RateLimitExceeded;
            self.event(Event::failure(limit, &reason, targets.clone()));
            let retry = EventType::PushMappingFailedRetry;
            self.event(Event::failure(retry, &reason, targets.clone()));
            return Stop::Later(patience);
        }
        let kind = match step {
            GroupStep::Verifying => EventType::RemoteGroupVerifyExists,
            GroupStep::Creating => EventType::RemoteGroupAdd,
            GroupStep::Updating => EventType::RemoteGroupUpdate,
            GroupStep::Membership => EventType::RemoteMembershipUpdate,
            GroupStep::Deleting => EventType::RemoteGroupRemove,
        };
        self.event(Event::failure(kind, &refusal.reason, targets.clone()));
        if let Some(kind) = refusal.of_connection() {
            self.event(Event::failure(kind, &refusal.reason, targets.clone()));
        }
        let reason = if refusal.kind == Kind::Unauthorized {
            text::CREDENTIALS
        } else {
            &refusal.reason
        };
        let text = text::group_failed(step, self.name(), reason);
        let kind = if matches!(self.group.job.kind, JobKind::RenameGroup { .. }) {
            EventType::PushMappingRenameFailed
        } else {
            EventType::PushMappingFailed
        };
        self.event(Event::failure(kind, &text, targets.clone()));
        Stop::Failed(text)
    }
}

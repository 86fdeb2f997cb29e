//! *Provision on demand*: one person, or one group with a few of its members, now.
//!
//! Follows Microsoft's "On-demand provisioning" and `synchronizationJob: provisionOnDemand`. It is a real export: the
//! same matching, decisions and requests as in a cycle, a log entry, and the link afterwards. Where a cycle works at
//! the same object, one waits for the other; the rest of the job goes on. The job need not be started.
//!
//! What the service leaves unpublished, as it is here:
//! * A failure is in the log and nowhere else: it goes into no escrow. A success ends the escrow of the object.
//! * Chosen members are only put into the group. One that is not provisioned yet cannot be resolved.
//! * The flag `aadOptscim062020`, documented as not working here, works.
//! * A dry run (ours) sends what only reads, shows the writes, and leaves no trace.

mod merge;

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value as Json, json};
use ureq::http::HeaderMap;

use super::client::{Answer, Client, Method, Request};
use super::context::{AgentContext, Asked, Run};
use super::guard::Guard;
use super::log::{REDACTED, Story, shown};
use super::objects::{Candidate, Reader};
use super::outcome::{LinkChange, Outcome};
use super::probe::probe;
use super::reconcile::SourceState;
use super::throttle::Patience;
use super::{cycle, export, jobs as operations, managers, members};
use crate::clock::{Stopwatch, Timestamp};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::mapping::entra::{ObjectMapping, read};
use crate::model::{
    ErrorInformation, Exchange, Identity, Link, LinkState, LogEntry, ObjectKind, ObjectRef, Status,
};
use crate::store::jobs::{self, JobKey};
use crate::store::{Snapshot, Write, directory as rows, logs};

/// Most members of a group at a time.
pub const MEMBERS: usize = 5;
/// What stands in a dry run for the id that the target would give.
const NEW_ID: &str = "id-of-the-new-object";
/// What a dry run shows instead of an answer.
pub const NOT_SENT: &str = "Not sent: this is a dry run.";

/// Whom to provision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    object: ObjectRef,
    members: Vec<ObjectRef>,
}

impl Subject {
    /// A person.
    pub const fn user(user: Seq) -> Self {
        Self {
            object: ObjectRef::user(user),
            members: Vec::new(),
        }
    }

    /// A group, and those of its members that are put into it.
    ///
    /// # Errors
    /// More than five members, or one that is a group.
    pub fn group(group: Seq, mut members: Vec<ObjectRef>) -> Result<Self> {
        let refuse = |detail: &str| Err(Error::field("members", detail));
        members.sort_unstable();
        members.dedup();
        if members.len() > MEMBERS {
            return refuse("Choose at most 5 members at a time.");
        }
        if members.iter().any(|m| m.kind == ObjectKind::Group) {
            return refuse(
                "On-demand provisioning does not support nested groups. Choose people, and provision the other group by itself.",
            );
        }
        Ok(Self {
            object: ObjectRef::group(group),
            members,
        })
    }

    /// The kind that an `objectTypeName` stands for.
    ///
    /// # Errors
    /// Anything but users and groups, roles among them.
    pub fn kind_of(object_type_name: &str) -> Result<ObjectKind> {
        match object_type_name {
            name if name.eq_ignore_ascii_case("User") => Ok(ObjectKind::User),
            name if name.eq_ignore_ascii_case("Group") => Ok(ObjectKind::Group),
            name => Err(Error::field(
                "objectTypeName",
                format!("On-demand provisioning supports users and groups, not '{name}'."),
            )),
        }
    }

    /// The person or the group.
    pub const fn object(&self) -> ObjectRef {
        self.object
    }

    /// The chosen members.
    pub fn members(&self) -> &[ObjectRef] {
        &self.members
    }
}

/// How it ended: `result` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something was changed.
    Success,
    /// Nothing had to be changed, or may be.
    Skipped,
    /// It could not be done.
    Failure,
}

impl Verdict {
    /// As the API and the portal spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Skipped => "Skipped",
            Self::Failure => "Failure",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Whom it was about.
    pub subject: Subject,
    /// Name and object id.
    pub source: Identity,
    /// Whether only reads were sent.
    pub dry_run: bool,
    /// Step 1, *Test connection*, which is shown only when it fails: nothing else was done then.
    pub connection: Option<(ErrorInformation, Vec<Exchange>)>,
    /// The other steps. Its position is 0 in a dry run, which leaves nothing in the log.
    pub entry: Option<LogEntry>,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
}

impl Report {
    /// How it ended.
    pub fn verdict(&self) -> Verdict {
        match self.entry.as_ref().map(|entry| entry.status) {
            Some(Status::Success | Status::Warning) => Verdict::Success,
            Some(Status::Skipped) => Verdict::Skipped,
            Some(Status::Failure) | None => Verdict::Failure,
        }
    }

    /// Why nothing was changed, or why it could not be done.
    pub fn error(&self) -> Option<&ErrorInformation> {
        let entry = self.entry.as_ref().and_then(|entry| entry.error.as_ref());
        self.connection.as_ref().map(|(error, _)| error).or(entry)
    }
}

/// Requests of the last seconds, by job.
#[derive(Default)]
pub(super) struct Rate(Mutex<HashMap<(u64, u64), VecDeque<Stopwatch>>>);

impl Rate {
    /// Counts a request, unless there were too many lately. This is real time: the appliance's clock may stand still.
    fn count(&self, context: &AgentContext, key: JobKey) -> Result<()> {
        let (most, period) = context.settings.on_demand_rate;
        // Every change is a single step, so a panic elsewhere leaves the counts intact.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = all.entry((key.tenant.0, key.job.0)).or_default();
        while lately.front().is_some_and(|at| at.elapsed() >= period) {
            lately.pop_front();
        }
        if let Some(oldest) = lately.front()
            && lately.len() >= most
        {
            let left = period.saturating_sub(oldest.elapsed());
            return Err(Error::RateLimited {
                retry_after_seconds: u32::try_from(left.as_secs()).unwrap_or(u32::MAX).max(1),
            });
        }
        lately.push_back(Stopwatch::start());
        Ok(())
    }
}

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
        .one(subject.object)?
        .ok_or_else(|| Error::not_found(subject.object.kind.name(), subject.object.seq))?;
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
        requests: std::sync::atomic::AtomicU64::new(0),
        guard: Guard::open(),
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
    rules: &crate::mapping::entra::SynchronizationRules,
    subject: &Subject,
    candidate: &Candidate,
) -> Result<()> {
    let (kind, mapping) = match subject.object.kind {
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
    let group = subject.object.seq;
    for member in &subject.members {
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
        return Ok(vec![refused(run, candidate, unsupported)]);
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
        match subject.object.kind {
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
        match rows::user(&tx, run.key.tenant, subject.object.seq)? {
            Some(user) => managers::work(&tx, run.key, &mapping, &user, link)?,
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
        match rows::group(&tx, run.key.tenant, subject.object.seq)? {
            Some(group) => members::chosen(&tx, run.key, &group, link.target_id, &subject.members)?,
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

fn refused(run: &Run, candidate: Candidate, reason: &str) -> Outcome {
    let mapping = run.mapping(candidate.object.kind);
    let mut story = Story::begin(candidate.object, &candidate.name, candidate.identity());
    if let Some(link) = &candidate.link {
        story.target(&link.target_id);
    }
    story.retrieved(attributes_of(mapping, &candidate));
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
        jobs::remove_escrow(tx, key, object)?;
        jobs::hold_deletion(tx, key, object, false)?;
    }
    Ok(logs::append(tx, key.tenant, entry)?)
}

/// What a dry run makes of a write: shown, and answered as if it had gone well.
pub(super) fn unsent(client: &Client, request: &Request) -> (Exchange, Answer) {
    let exchange = Exchange {
        method: request.method.name().to_owned(),
        url: client.url(request),
        request: request.body.as_ref().map(Json::to_string),
        status: None,
        response: NOT_SENT.to_owned(),
        milliseconds: 0,
    };
    let (status, body) = match request.method {
        Method::Post => (201, json!({ "id": NEW_ID }).to_string()),
        Method::Get | Method::Patch | Method::Delete => (204, String::new()),
    };
    let answer = Answer {
        status,
        headers: HeaderMap::new(),
        body: body.into_bytes(),
    };
    (exchange, answer)
}

/// What the import step shows: what every object has, and what the mappings read.
pub(super) fn attributes_of(mapping: &ObjectMapping, candidate: &Candidate) -> Map<String, Json> {
    const ALWAYS: [&str; 6] = [
        "objectId",
        "accountEnabled",
        "displayName",
        "userPrincipalName",
        "IsSoftDeleted",
        "appRoleAssignments",
    ];
    let mut shown_attributes = Map::new();
    let mapped = mapping
        .attributes
        .iter()
        .flat_map(|m| m.source.attributes());
    for name in ALWAYS.into_iter().chain(mapped) {
        let value = candidate.source.get(name);
        if value.is_null()
            || shown_attributes
                .keys()
                .any(|known| known.eq_ignore_ascii_case(name))
        {
            continue;
        }
        let redacted = mapping.attributes.iter().any(|m| {
            m.is_redacted()
                && m.source
                    .attributes()
                    .iter()
                    .any(|a| a.eq_ignore_ascii_case(name))
        });
        shown_attributes.insert(name.to_owned(), json!(shown(value, redacted)));
    }
    shown_attributes
}

/// What the matching step shows: the id in the target, and the mapped attributes there.
pub(super) fn target_attributes(
    mapping: &ObjectMapping,
    resource: &Map<String, Json>,
) -> Map<String, Json> {
    let mut shown_attributes = Map::new();
    if let Some(id) = resource.get("id") {
        shown_attributes.insert("id".to_owned(), id.clone());
    }
    for mapped in &mapping.attributes {
        if mapped.reference().is_some() {
            continue;
        }
        if let Some(value) = read(resource, &mapped.target) {
            let text = if mapped.is_redacted() {
                REDACTED.to_owned()
            } else {
                shown(&value, false)
            };
            shown_attributes.insert(mapped.target.to_string(), json!(text));
        }
    }
    shown_attributes
}

#[cfg(test)]
mod tests;

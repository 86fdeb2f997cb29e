//! Walks through the target and compares.

use std::sync::{Arc, Mutex, PoisonError};

use super::listing::{self, Listing, Resource};
use super::{Drifted, Finding, Kind, Report, members};
use crate::error::Error;
use crate::id::{Nonce, Seq};
use crate::mapping::entra::{Context, ObjectMapping, Purpose};
use crate::model::{ErrorInformation, Job, Link, LinkState, ObjectKind, ObjectRef};
use crate::store::jobs::{self, JobKey};
use crate::store::{Snapshot, directory as rows};
use crate::sync::answer;
use crate::sync::client::Client;
use crate::sync::context::AgentContext;
use crate::sync::dialect::entra;
use crate::sync::log::shown;
use crate::sync::objects::Reader;
use crate::sync::reconcile::{SourceState, compare, compare_exported};
use crate::sync::{cycle, export, jobs as operations, members as group_members};

/// Links read at a time.
const PAGE: u64 = 500;
/// Objects that a list did not show and that are asked for one by one; the rest is believed to be missing.
const ASKED: u64 = 1_000;
/// Attributes of one finding.
const ATTRIBUTES: usize = 10;

/// Why a report ends early.
pub(super) enum Stopped {
    Target(ErrorInformation),
    Inside(Error),
    /// The agent shuts down.
    ShutDown,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Inside(error)
    }
}

impl From<crate::store::Error> for Stopped {
    fn from(error: crate::store::Error) -> Self {
        Self::Inside(error.into())
    }
}

type Outcome<T> = std::result::Result<T, Stopped>;

/// The whole report.
pub(super) fn all(context: &AgentContext, key: JobKey, report: &Arc<Mutex<Report>>) -> Outcome<()> {
    let (job, domain) = {
        let tx = context.store.read()?;
        let tenant =
            rows::tenant(&tx, key.tenant)?.ok_or_else(|| Error::not_found("tenant", key.tenant))?;
        (operations::get(&tx, key)?, tenant.domain)
    };
    let client =
        cycle::client(context, &job).map_err(|failure| Stopped::Target(failure.information()))?;
    let walk = Walk {
        context,
        key,
        job: &job,
        client: &client,
        domain,
        report,
    };
    for kind in [ObjectKind::User, ObjectKind::Group] {
        let mapping = walk.mapping(kind);
        if mapping.enabled {
            walk.kind(kind)?;
        }
    }
    Ok(())
}

struct Walk<'a> {
    context: &'a AgentContext,
    key: JobKey,
    job: &'a Job,
    client: &'a Client,
    domain: String,
    report: &'a Arc<Mutex<Report>>,
}

/// The links of a kind by the hash of the id in the target, and which were seen.
struct Index {
    entries: Vec<(u64, u64)>,
    seen: Vec<bool>,
}

fn hash(id: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

impl Index {
    /// Places of the links whose id has this hash.
    fn places(&self, id: &str) -> std::ops::Range<usize> {
        let wanted = hash(id);
        let first = self.entries.partition_point(|(hash, _)| *hash < wanted);
        let same = self.entries[first..]
            .iter()
            .take_while(|(hash, _)| *hash == wanted)
            .count();
        first..first + same
    }
}

impl Walk<'_> {
    fn mapping(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.job.rules.users,
            ObjectKind::Group => &self.job.rules.groups,
        }
    }

    fn report<T>(&self, change: impl FnOnce(&mut Report) -> T) -> T {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// To be asked before every request and every page of links.
    fn go_on(&self) -> Outcome<()> {
        if self.context.is_shutting_down() {
            return Err(Stopped::ShutDown);
        }
        Ok(())
    }

    fn links(&self, tx: &Snapshot, kind: ObjectKind, after: Seq) -> Outcome<Vec<Link>> {
        let through = Seq(after.0.saturating_add(PAGE));
        Ok(jobs::links_between(tx, self.key, kind, after, through)?)
    }

    /// Rows of a kind, as far as there are links.
    fn each_link(
        &self,
        kind: ObjectKind,
        mut each: impl FnMut(&Snapshot, Link) -> Outcome<()>,
    ) -> Outcome<()> {
        let head = {
            let tx = self.context.store.read()?;
            jobs::last_link(&tx, self.key, kind)?
        };
        let mut after = Seq(0);
        while head.is_some_and(|head| after < head) {
            self.go_on()?;
            let tx = self.context.store.read()?;
            for link in self.links(&tx, kind, after)? {
                each(&tx, link)?;
            }
            after = Seq(after.0.saturating_add(PAGE));
        }
        Ok(())
    }

    fn kind(&self, kind: ObjectKind) -> Outcome<()> {
        let mut entries = Vec::new();
        self.each_link(kind, |_, link| {
            entries.push((hash(&link.target_id), link.source.seq.0));
            Ok(())
        })?;
        entries.sort_unstable();
        let mut index = Index {
            seen: vec![false; entries.len()],
            entries,
        };
        let listed = self.list(kind, &mut index)?;
        if !listed {
            self.report(|report| {
                report.note(format!(
                    "The application does not list its {}, so each linked one is asked for, and unmanaged ones cannot be found.",
                    plural(kind)
                ));
            });
        }
        self.unseen(kind, &index, listed)
    }

    /// Walks through the list; false when the target has none.
    fn list(&self, kind: ObjectKind, index: &mut Index) -> Outcome<bool> {
        let mut listing = Listing::new(self.client, kind);
        loop {
            self.go_on()?;
            let before = listing.requests;
            let page = listing.next();
            self.report(|report| report.requests += listing.requests - before);
            let page = match page {
                Ok(page) if page.is_empty() => {
                    if let Some(error) = &listing.broke_off {
                        let note =
                            format!("The list of {} broke off: {}", plural(kind), error.reason);
                        self.report(|report| report.note(note));
                    }
                    return Ok(true);
                }
                Ok(page) => page,
                Err(error) if before == 0 && is_unsupported(&error) => return Ok(false),
                Err(error) => return Err(Stopped::Target(error)),
            };
            for resource in page {
                self.listed(kind, index, &resource)?;
            }
        }
    }

    fn listed(&self, kind: ObjectKind, index: &mut Index, resource: &Resource) -> Outcome<()> {
        let Some(id) = answer::id_of(resource) else {
            self.report(|report| report.note("The application lists resources without an id."));
            return Ok(());
        };
        let tx = self.context.store.read()?;
        for place in index.places(&id) {
            let source = ObjectRef {
                kind,
                seq: Seq(index.entries[place].1),
            };
            let Some(link) = jobs::link(&tx, self.key, source)?.filter(|l| l.target_id == id)
            else {
                continue;
            };
            if !std::mem::replace(&mut index.seen[place], true) {
                self.report(|report| report.done += 1);
                drop(tx);
                return self.linked(&link, resource);
            }
            return Ok(());
        }
        let name = ["userName", "displayName"]
            .iter()
            .find_map(|name| resource.get(*name).and_then(|value| value.as_str()));
        self.report(|report| {
            report.found(Finding {
                kind: Kind::Unmanaged,
                object: kind,
                source_id: String::new(),
                name: name.unwrap_or(&id).to_owned(),
                target_id: id.clone(),
                attributes: Vec::new(),
                note: String::new(),
            });
        });
        Ok(())
    }

    /// Links that the list did not show.
    fn unseen(&self, kind: ObjectKind, index: &Index, listed: bool) -> Outcome<()> {
        let unseen = index.seen.iter().zip(&index.entries);
        let mut rows: Vec<u64> = unseen
            .filter(|(seen, _)| !**seen)
            .map(|(_, (_, row))| *row)
            .collect();
        rows.sort_unstable();
        let mut asked = 0;
        for row in rows {
            self.go_on()?;
            let source = ObjectRef {
                kind,
                seq: Seq(row),
            };
            let link = {
                let tx = self.context.store.read()?;
                jobs::link(&tx, self.key, source)?
            };
            self.report(|report| report.done += 1);
            let Some(link) = link else { continue };
            if listed && asked == ASKED {
                self.report(|report| {
                    report.note("More than 1,000 linked objects are not in the list of the application; only the first were asked for one by one.");
                });
                self.missing(&link)?;
                continue;
            }
            asked += 1;
            let read = listing::read(self.client, &entra::read(kind, &link.target_id));
            self.report(|report| report.requests += 1);
            match read {
                Ok(Some(resource)) => self.linked(&link, &resource)?,
                Ok(None) => self.missing(&link)?,
                Err(error) => self.unknown(&link, &error)?,
            }
        }
        Ok(())
    }

    fn finding(&self, kind: Kind, link: &Link) -> Outcome<Finding> {
        let tx = self.context.store.read()?;
        let name = match link.source.kind {
            ObjectKind::User => rows::user(&tx, self.key.tenant, link.source.seq)?
                .map(|user| user.user_principal_name),
            ObjectKind::Group => {
                rows::group(&tx, self.key.tenant, link.source.seq)?.map(|g| g.display_name)
            }
        };
        Ok(Finding {
            kind,
            object: link.source.kind,
            source_id: link.source_id.to_string(),
            name: name.unwrap_or_else(|| link.source_id.to_string()),
            target_id: link.target_id.clone(),
            attributes: Vec::new(),
            note: String::new(),
        })
    }

    fn missing(&self, link: &Link) -> Outcome<()> {
        let finding = self.finding(Kind::Missing, link)?;
        self.report(|report| report.found(finding));
        Ok(())
    }

    fn unknown(&self, link: &Link, error: &ErrorInformation) -> Outcome<()> {
        let mut finding = self.finding(Kind::Unknown, link)?;
        finding.note = format!("{} ({})", error.reason, error.error_code);
        self.report(|report| report.found(finding));
        Ok(())
    }

    /// Compares a linked object with what the target shows of it.
    fn linked(&self, link: &Link, resource: &Resource) -> Outcome<()> {
        let kind = link.source.kind;
        let candidate = {
            let tx = self.context.store.read()?;
            let reader = Reader {
                tx: &tx,
                key: self.key,
                job: self.job,
            };
            reader.one(link.source)?
        };
        let Some(candidate) = candidate else {
            return Ok(());
        };
        let mapping = self.mapping(kind);
        let now = self.context.clock.now().millis();
        let context = Context::new(now, Nonce::random().0, self.domain.as_str());
        let mapped = mapping.map(&candidate.source, &context, Purpose::Update);
        let soft_delete = mapping.soft_delete().map(|m| &m.target);
        let left =
            candidate.scoping.left_alone || link.out_of_scope && link.state == LinkState::Active;
        if left || candidate.state == SourceState::Purged {
            return Ok(());
        }
        // What left the scope is only kept disabled.
        let only_active = matches!(
            candidate.state,
            SourceState::OutOfScope | SourceState::InRecycleBin
        );
        let leaves = export::leaves(self.job, &candidate);
        let pending = compare_exported(&mapped.attributes, &link.exported);
        let mut found: Vec<(Kind, Drifted)> = Vec::new();
        for difference in compare(&mapped.attributes, resource) {
            let is_active = Some(&difference.target) == soft_delete;
            let awaited = pending.iter().any(|p| p.target == difference.target);
            let off = link.state == LinkState::Disabled;
            let kind = match (is_active, only_active) {
                (false, true) => continue,
                (true, true) if leaves => Kind::Pending,
                (true, true) if !off => continue,
                (true, _) if awaited && off == (candidate.state == SourceState::Active) => {
                    Kind::Pending
                }
                (true, _) => Kind::Active,
                (false, false) if awaited => Kind::Pending,
                (false, false) => Kind::Attributes,
            };
            let drifted = Drifted {
                attribute: difference.target.to_string(),
                source: shown(&difference.new, difference.redacted),
                target: difference
                    .old
                    .as_ref()
                    .map(|old| shown(old, difference.redacted)),
            };
            found.push((kind, drifted));
        }
        for kind in [Kind::Attributes, Kind::Active, Kind::Pending] {
            let of_kind = found.iter().filter(|(k, _)| *k == kind);
            let attributes: Vec<Drifted> =
                of_kind.take(ATTRIBUTES).map(|(_, d)| d.clone()).collect();
            if !attributes.is_empty() {
                let mut finding = self.finding(kind, link)?;
                finding.attributes = attributes;
                self.report(|report| report.found(finding));
            }
        }
        if kind == ObjectKind::Group
            && candidate.state == SourceState::Active
            && group_members::mapping(self.job).is_some()
        {
            self.members(link)?;
        }
        Ok(())
    }

    fn members(&self, link: &Link) -> Outcome<()> {
        self.go_on()?;
        let read = listing::read(self.client, &members::request(link));
        self.report(|report| report.requests += 1);
        let resource = match read {
            Ok(Some(resource)) => resource,
            Ok(None) => return Ok(()),
            Err(error) => return self.unknown(link, &error),
        };
        let expected = {
            let tx = self.context.store.read()?;
            members::of_directory(&tx, self.key, link)?
        };
        let there = members::of_resource(&resource);
        if !resource.contains_key("members") && !expected.is_empty() {
            self.report(|report| {
                report.note("The application shows some groups without members: whether it has none or does not show them cannot be told.");
            });
        }
        if let Some(sentence) = members::difference(&expected, &there) {
            let mut finding = self.finding(Kind::Members, link)?;
            finding.note = sentence;
            self.report(|report| report.found(finding));
        }
        Ok(())
    }
}

fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "users",
        ObjectKind::Group => "groups",
    }
}

/// The target answers, but has no list: a filter is required, or lists are forbidden.
fn is_unsupported(error: &ErrorInformation) -> bool {
    matches!(
        error.error_code.as_str(),
        "SystemForCrossDomainIdentityManagementBadRequest"
            | "SystemForCrossDomainIdentityManagementServiceIncompatible"
            | "InsufficientRights"
            | "MethodNotAllowed"
            | "NotImplemented"
            | "UnprocessableEntity"
    )
}

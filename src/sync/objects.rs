//! Source pages: objects of the directory with everything an export needs, read from one snapshot.

use std::collections::BTreeMap;

use super::reconcile::SourceState;
use crate::directory::source::{entitlement, source_of_group, source_of_user_in};
use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::mapping::entra::{ObjectMapping, ScopingFilter, Source, Standing};
use crate::model::{
    DirectoryGroup, DirectoryUser, Identity, Job, Link, ObjectKind, ObjectRef, Scope,
};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};

/// An object to be exported.
pub(super) struct Candidate {
    pub(super) object: ObjectRef,
    pub(super) id: Guid,
    /// User principal name, or name of the group.
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) state: SourceState,
    pub(super) scoping: Scoping,
    pub(super) source: Source,
    pub(super) link: Option<Link>,
}

/// The verdicts of the scoping step.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a verdict of its own, shown as such in the log"
)]
pub(super) struct Scoping {
    pub(super) active: bool,
    pub(super) assigned: bool,
    pub(super) passes: bool,
    /// Whether the input or category filters say that this object is none of the job's business.
    pub(super) left_alone: bool,
    /// *Sync all users and groups*.
    pub(super) everyone: bool,
    /// Each clause of each scoping filter as the portal shows it, `{filter title} {attribute} {operator} {value}`,
    /// and whether it is true.
    pub(super) clauses: Vec<(String, bool)>,
}

impl Candidate {
    pub(super) fn identity(&self) -> Identity {
        Identity {
            id: self.id.to_string(),
            display_name: self.display_name.clone(),
        }
    }

    /// A source object that is gone for good and was linked.
    pub(super) fn purged(link: Link) -> Self {
        let name = ["userName", "displayName"]
            .iter()
            .find_map(|n| link.exported.get(*n).and_then(|v| v.as_str()))
            .map_or_else(|| link.source_id.to_string(), str::to_owned);
        Self {
            object: link.source,
            id: link.source_id,
            display_name: name.clone(),
            name,
            state: SourceState::Purged,
            scoping: Scoping::default(),
            source: Source::new(),
            link: Some(link),
        }
    }
}

/// Makes candidates of the rows of one job.
pub(super) struct Reader<'a, T: Reads> {
    pub(super) tx: &'a T,
    pub(super) key: JobKey,
    pub(super) job: &'a Job,
}

impl<T: Reads> Reader<'_, T> {
    fn assemble(
        &self,
        mapping: &ObjectMapping,
        mut candidate: Candidate,
        enabled: bool,
        deleted: bool,
    ) -> Result<Candidate> {
        let entitled = entitlement(
            self.tx,
            self.key.tenant,
            self.job.application,
            self.job.scope,
            candidate.object,
        )?;
        let verdict = mapping.standing(&candidate.source);
        let passes = verdict.standing == Standing::InScope;
        // The clauses are those of the set that decided.
        let filters = match verdict.standing {
            Standing::InScope | Standing::OutOfScope => &mapping.scope,
            Standing::Ignored => &mapping.input_filters,
            Standing::OtherCategory => &mapping.category_filters,
        };
        candidate.scoping = Scoping {
            active: enabled && !deleted,
            assigned: entitled.is_entitled(),
            passes,
            left_alone: verdict.standing.is_left_alone(),
            everyone: self.job.scope == Scope::All,
            clauses: filters
                .iter()
                .flat_map(ScopingFilter::labels)
                .zip(verdict.clauses)
                .map(|(label, clause)| (label, clause.satisfied))
                .collect(),
        };
        candidate.state = if !entitled.is_entitled() || !passes {
            SourceState::OutOfScope
        } else if deleted {
            SourceState::InRecycleBin
        } else if enabled {
            SourceState::Active
        } else {
            SourceState::AccountDisabled
        };
        if candidate.state != SourceState::Active {
            candidate.source.set("IsSoftDeleted", true);
        }
        Ok(candidate)
    }

    /// Whether the input or category filters say that a person is none of the job's business.
    pub(super) fn leaves_user_alone(&self, user: &DirectoryUser) -> Result<bool> {
        let mapping = &self.job.rules.users;
        if !mapping.can_leave_alone() {
            return Ok(false);
        }
        let (tenant, application) = (self.key.tenant, self.job.application);
        let source = source_of_user_in(self.tx, tenant, application, user, false)?;
        Ok(mapping.standing(&source).standing.is_left_alone())
    }

    /// Whether they say so of a group.
    pub(super) fn leaves_group_alone(&self, group: &DirectoryGroup) -> bool {
        let mapping = &self.job.rules.groups;
        let standing = || mapping.standing(&source_of_group(group, false)).standing;
        mapping.can_leave_alone() && standing().is_left_alone()
    }

    pub(super) fn user(&self, user: &DirectoryUser, link: Option<Link>) -> Result<Candidate> {
        let (tenant, application) = (self.key.tenant, self.job.application);
        let candidate = Candidate {
            object: ObjectRef::user(user.seq),
            id: user.id,
            name: user.user_principal_name.clone(),
            display_name: user.display_name().to_owned(),
            state: SourceState::OutOfScope,
            scoping: Scoping::default(),
            source: source_of_user_in(self.tx, tenant, application, user, false)?,
            link,
        };
        let (enabled, deleted) = (user.account_enabled, user.deleted.is_some());
        self.assemble(&self.job.rules.users, candidate, enabled, deleted)
    }

    pub(super) fn group(&self, group: &DirectoryGroup, link: Option<Link>) -> Result<Candidate> {
        let candidate = Candidate {
            object: ObjectRef::group(group.seq),
            id: group.id,
            name: group.display_name.clone(),
            display_name: group.display_name.clone(),
            state: SourceState::OutOfScope,
            scoping: Scoping::default(),
            source: source_of_group(group, false),
            link,
        };
        self.assemble(
            &self.job.rules.groups,
            candidate,
            true,
            group.deleted.is_some(),
        )
    }

    /// One object by its row; `None` when it is gone and was never linked.
    pub(super) fn one(&self, object: ObjectRef) -> Result<Option<Candidate>> {
        let link = jobs::link(self.tx, self.key, object)?;
        let tenant = self.key.tenant;
        Ok(match object.kind {
            ObjectKind::User => match rows::user(self.tx, tenant, object.seq)? {
                Some(user) => Some(self.user(&user, link)?),
                None => link.map(Candidate::purged),
            },
            ObjectKind::Group => match rows::group(self.tx, tenant, object.seq)? {
                Some(group) => Some(self.group(&group, link)?),
                None => link.map(Candidate::purged),
            },
        })
    }

    /// The next page of a kind after a row, in row order, and where it ends; `None` at the end. Linked
    /// objects whose row is gone are in it.
    pub(super) fn page(
        &self,
        kind: ObjectKind,
        after: Seq,
        limit: usize,
    ) -> Result<Option<(Vec<Candidate>, Seq)>> {
        let tenant = self.key.tenant;
        let mut page: BTreeMap<Seq, Candidate> = BTreeMap::new();
        let linked = jobs::links_after(self.tx, self.key, kind, after, limit)?;
        // What neither list has read to its end ends the page: it holds objects up to there.
        let mut through = match linked.last() {
            Some(last) if linked.len() == limit => last.source.seq,
            _ => Seq(u64::MAX),
        };
        let mut links: BTreeMap<Seq, Link> =
            linked.into_iter().map(|l| (l.source.seq, l)).collect();
        match kind {
            ObjectKind::User => {
                let users = rows::users_after(self.tx, tenant, after, limit)?;
                if let Some(last) = users.last().filter(|_| users.len() == limit) {
                    through = through.min(last.seq);
                }
                for user in users.iter().filter(|user| user.seq <= through) {
                    page.insert(user.seq, self.user(user, links.remove(&user.seq))?);
                }
            }
            ObjectKind::Group => {
                let groups = rows::groups_after(self.tx, tenant, after, limit)?;
                if let Some(last) = groups.last().filter(|_| groups.len() == limit) {
                    through = through.min(last.seq);
                }
                for group in groups.iter().filter(|group| group.seq <= through) {
                    page.insert(group.seq, self.group(group, links.remove(&group.seq))?);
                }
            }
        }
        links.retain(|seq, _| *seq <= through);
        while let Some((seq, link)) = links.pop_first() {
            page.insert(seq, Candidate::purged(link));
        }
        if page.is_empty() {
            return Ok(None);
        }
        Ok(Some((page.into_values().collect(), through)))
    }
}

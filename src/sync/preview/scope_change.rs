//! Who enters and who leaves the scope when scoping filters change.
//!
//! A [`ScopeChange`] looks at the directory page by page, each from a snapshot of the caller's, and keeps only counts
//! and the first names: it costs the same memory for a hundred people and for a million. Objects in the recycle bin
//! count neither way: they are out of scope before and after.

use std::collections::BTreeMap;

use super::super::export::{policy, target_state};
use super::super::reconcile::{Decision, Policy, SourceState, TargetState, decide};
use super::mapping_of;
use crate::directory::source::{entitlement, source_of_group, source_of_user};
use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::mapping::entra::{ObjectMapping, ScopingFilter, Source, Standing, in_scope};
use crate::model::{Job, Link, ObjectKind, ObjectRef};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};

/// An object that enters or leaves, and what the next cycle does with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Object id.
    pub id: Guid,
    /// User principal name, or name of the group.
    pub name: String,
    /// Name to show.
    pub display_name: String,
    /// What follows in the target.
    pub decision: Decision,
}

/// Objects that move in one direction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movement {
    /// How many.
    pub count: u64,
    /// How many of them are disabled in the target.
    pub disabled: u64,
    /// How many of them are deleted from the target.
    pub deleted: u64,
    /// How many of them are created in the target, or matched with what is there.
    pub created: u64,
    /// How many of them are updated in the target.
    pub updated: u64,
    /// The first of them, in creation order.
    pub first: Vec<Moved>,
}

/// The change from the job's filters to others, as far as the directory was looked at.
#[derive(Debug, Clone)]
pub struct ScopeChange {
    /// Objects that come into scope.
    pub enters: Movement,
    /// Objects that go out of scope.
    pub leaves: Movement,
    /// Objects that are in scope before and after.
    pub stays: u64,
    /// Objects looked at.
    pub looked_at: u64,
    /// Objects of this kind when the look began.
    pub total: u64,
    kind: ObjectKind,
    filters: Vec<ScopingFilter>,
    names: usize,
    after: Option<Seq>,
}

impl ScopeChange {
    /// Before anybody was looked at. At most `names` are kept in each direction.
    pub fn new(kind: ObjectKind, filters: Vec<ScopingFilter>, names: usize) -> Self {
        Self {
            enters: Movement::default(),
            leaves: Movement::default(),
            stays: 0,
            looked_at: 0,
            total: 0,
            kind,
            filters,
            names,
            after: Some(Seq(0)),
        }
    }

    /// Whether the whole directory was looked at.
    pub const fn is_complete(&self) -> bool {
        self.after.is_none()
    }

    /// Looks at the next `limit` objects.
    ///
    /// # Errors
    /// The store's.
    pub fn look(&mut self, tx: &impl Reads, key: JobKey, job: &Job, limit: usize) -> Result<()> {
        let Some(after) = self.after else {
            return Ok(());
        };
        if after == Seq(0) {
            self.total = match self.kind {
                ObjectKind::User => rows::count_users(tx, key.tenant)?,
                ObjectKind::Group => rows::count_groups(tx, key.tenant)?,
            };
        }
        let page = page(tx, key, self.kind, after, limit)?;
        self.after = page
            .last()
            .map(|object| object.seq)
            .filter(|_| page.len() == limit);
        self.looked_at += page.len() as u64;
        let mapping = mapping_of(job, self.kind);
        let policy = policy(self.kind, mapping, &job.settings);
        let mut links: Option<BTreeMap<Seq, Link>> = None;
        for object in page.iter().filter(|object| !object.deleted) {
            let (before, now) = self.verdicts(mapping, &object.source);
            let reference = ObjectRef {
                kind: self.kind,
                seq: object.seq,
            };
            if !(before || now)
                || !entitlement(tx, key.tenant, job.application, job.scope, reference)?
                    .is_entitled()
            {
                continue;
            }
            if before && now {
                self.stays += 1;
                continue;
            }
            if links.is_none() {
                let through = page.last().map_or(after, |object| object.seq);
                let read = jobs::links_between(tx, key, self.kind, after, through)?;
                links = Some(read.into_iter().map(|l| (l.source.seq, l)).collect());
            }
            let link = links.as_ref().and_then(|links| links.get(&object.seq));
            let target = link.map_or(TargetState::Absent, target_state);
            if now {
                self.enters
                    .add(object, entering(object.enabled, target, policy), self.names);
            } else {
                let decision = decide(SourceState::OutOfScope, target, policy);
                self.leaves.add(object, decision, self.names);
            }
        }
        Ok(())
    }

    /// Whether the object passes the filters of now, and the others. What input or category filters keep away counts
    /// neither way.
    fn verdicts(&self, mapping: &ObjectMapping, source: &Source) -> (bool, bool) {
        let standing = mapping.standing(source).standing;
        if standing.is_left_alone() {
            return (false, false);
        }
        (
            standing == Standing::InScope,
            in_scope(&self.filters, source).in_scope,
        )
    }
}

fn entering(enabled: bool, target: TargetState, policy: Policy) -> Decision {
    let state = if enabled {
        SourceState::Active
    } else {
        SourceState::AccountDisabled
    };
    decide(state, target, policy)
}

impl Movement {
    fn add(&mut self, object: &Looked, decision: Decision, names: usize) {
        self.count += 1;
        match decision {
            Decision::Create => self.created += 1,
            Decision::Update => self.updated += 1,
            Decision::Disable => self.disabled += 1,
            Decision::Delete => self.deleted += 1,
            Decision::Skip(_) => {}
        }
        if self.first.len() < names {
            self.first.push(Moved {
                id: object.id,
                name: object.name.clone(),
                display_name: object.display_name.clone(),
                decision,
            });
        }
    }

    /// How many of them nothing is done with.
    pub const fn untouched(&self) -> u64 {
        self.count - self.created - self.updated - self.disabled - self.deleted
    }
}

struct Looked {
    seq: Seq,
    id: Guid,
    name: String,
    display_name: String,
    enabled: bool,
    deleted: bool,
    source: Source,
}

fn page(
    tx: &impl Reads,
    key: JobKey,
    kind: ObjectKind,
    after: Seq,
    limit: usize,
) -> Result<Vec<Looked>> {
    Ok(match kind {
        ObjectKind::User => rows::users_after(tx, key.tenant, after, limit)?
            .into_iter()
            .map(|user| Looked {
                seq: user.seq,
                id: user.id,
                display_name: user.display_name().to_owned(),
                enabled: user.account_enabled,
                deleted: user.deleted.is_some(),
                source: source_of_user(&user, false),
                name: user.user_principal_name,
            })
            .collect(),
        ObjectKind::Group => rows::groups_after(tx, key.tenant, after, limit)?
            .into_iter()
            .map(|group| Looked {
                seq: group.seq,
                id: group.id,
                display_name: group.display_name.clone(),
                enabled: true,
                deleted: group.deleted.is_some(),
                source: source_of_group(&group, false),
                name: group.display_name,
            })
            .collect(),
    })
}

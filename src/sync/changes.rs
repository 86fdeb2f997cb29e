//! What an incremental cycle looks at: the change feed between watermark and head, escrows that are due, and
//! deletions that are held back. Its cost grows with the number of changes, not with the directory.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::escrow;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{ChangeKind, Job, ObjectKind, ObjectRef};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};

/// Changes read at once.
const PAGE: usize = 1000;

/// Rows to look at, by phase.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ChangeSet {
    pub(super) users: BTreeSet<Seq>,
    pub(super) groups: BTreeSet<Seq>,
    /// Users whose manager is compared.
    pub(super) managers: BTreeSet<Seq>,
    /// Groups whose members are compared.
    pub(super) members: BTreeSet<Seq>,
}

impl ChangeSet {
    /// Reads the feed after `watermark` up to `head`, the escrows due when the cycle `began`, and the deletions held
    /// back. The moment is the cycle's: a resumed one has passed objects that became due while it was interrupted, and
    /// must not take them for tried.
    pub(super) fn collect(
        tx: &impl Reads,
        key: JobKey,
        job: &Job,
        (watermark, head): (Seq, Seq),
        began: Timestamp,
    ) -> Result<Self> {
        let mut set = Self::default();
        let mut after = watermark;
        while after < head {
            let changes = rows::changes_after(tx, key.tenant, after, PAGE)?;
            let Some(last) = changes.last() else { break };
            after = last.seq;
            for change in changes.into_iter().take_while(|c| c.seq <= head) {
                set.add(tx, key, job, change.object, change.kind)?;
            }
        }
        jobs::walk_escrows(tx, key, None, |escrow| -> Result<ControlFlow<()>> {
            // What changed is tried anyway, and what waits for it goes along.
            if escrow::due(&escrow) <= began || set.contains(escrow.source) {
                set.add_escrowed(tx, key, escrow.source)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for object in jobs::held_deletions(tx, key)? {
            match object.kind {
                ObjectKind::User => set.users.insert(object.seq),
                ObjectKind::Group => set.groups.insert(object.seq),
            };
        }
        // Who is looked at is looked at whole: whoever enters the scope has references to be sent.
        set.managers.extend(&set.users);
        set.members.extend(&set.groups);
        Ok(set)
    }

    fn add(
        &mut self,
        tx: &impl Reads,
        key: JobKey,
        job: &Job,
        object: ObjectRef,
        change: ChangeKind,
    ) -> Result<()> {
        match (object.kind, change) {
            (_, ChangeKind::Assigned { application } | ChangeKind::Unassigned { application })
                if application != job.application => {}
            // Whoever comes back from the recycle bin is a member again of every group, which was not
            // exported while the person was away. Nothing is documented; without this the person
            // would stay out of the target's groups until each of them changes.
            (ObjectKind::User, ChangeKind::Restored) => {
                self.users.insert(object.seq);
                self.members
                    .extend(rows::groups_of(tx, key.tenant, object)?);
            }
            (ObjectKind::User, _) => {
                self.users.insert(object.seq);
            }
            (ObjectKind::Group, ChangeKind::MembersChanged { .. }) => {
                self.members.insert(object.seq);
            }
            (ObjectKind::Group, ChangeKind::Updated | ChangeKind::Purged { .. }) => {
                self.groups.insert(object.seq);
            }
            (
                ObjectKind::Group,
                ChangeKind::Assigned { .. }
                | ChangeKind::Unassigned { .. }
                | ChangeKind::Created
                | ChangeKind::Deleted
                | ChangeKind::Restored,
            ) => {
                self.groups.insert(object.seq);
                if !matches!(change, ChangeKind::Created) {
                    self.add_members(tx, key, job, object.seq)?;
                }
            }
        }
        Ok(())
    }

    /// People in a group that is or was assigned may have come into scope or left it.
    fn add_members(&mut self, tx: &impl Reads, key: JobKey, job: &Job, group: Seq) -> Result<()> {
        if job.scope == crate::model::Scope::All {
            return Ok(());
        }
        let members = rows::members(tx, key.tenant, group, None, usize::MAX)?;
        self.users.extend(
            members
                .into_iter()
                .filter(|m| m.kind == ObjectKind::User)
                .map(|m| m.seq),
        );
        Ok(())
    }

    /// An object that failed is tried again together with the references that wait for it.
    fn add_escrowed(&mut self, tx: &impl Reads, key: JobKey, object: ObjectRef) -> Result<()> {
        match object.kind {
            ObjectKind::User => {
                self.users.insert(object.seq);
                self.managers
                    .extend(rows::reports_of(tx, key.tenant, object.seq)?);
            }
            ObjectKind::Group => {
                self.groups.insert(object.seq);
            }
        }
        self.members
            .extend(rows::groups_of(tx, key.tenant, object)?);
        Ok(())
    }

    /// Whether an object is looked at, with its references.
    pub(super) fn contains(&self, object: ObjectRef) -> bool {
        match object.kind {
            ObjectKind::User => self.users.contains(&object.seq),
            ObjectKind::Group => self.groups.contains(&object.seq),
        }
    }
}

/// Up to `limit` rows of a set after a row, and the last of them.
pub(super) fn page(set: &BTreeSet<Seq>, after: Seq, limit: usize) -> Option<(Vec<Seq>, Seq)> {
    use std::ops::Bound::{Excluded, Unbounded};
    let rows: Vec<Seq> = set
        .range((Excluded(after), Unbounded))
        .take(limit)
        .copied()
        .collect();
    let last = *rows.last()?;
    Some((rows, last))
}

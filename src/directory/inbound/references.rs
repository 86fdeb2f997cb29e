//! Managers: named by their anchor, resolved as soon as both people are there, in whichever order they come.

use super::super::{get_user, users};
use super::apply::MANAGER;
use super::story::{Story, error};
use super::{Operation, Progress, Run, anchor};
use crate::access::Operator;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Action, DirectoryUser, ErrorInformation, ModifiedProperty};
use crate::store::{directory as rows, inbound};

/// Reports that get their manager in one write.
const AT_ONCE: usize = 200;

/// What became of a reference to a manager.
pub(super) enum Reference {
    /// The user has this manager already.
    Kept,
    /// The user has another one now.
    Changed(ModifiedProperty),
    /// The manager has not come: the user waits.
    Awaited(ErrorInformation),
}

impl Run<'_, '_> {
    /// Gives a user the manager with this anchor, or keeps that the user waits.
    pub(super) fn set_manager(&self, user: &DirectoryUser, anchor: &str) -> Result<Reference> {
        let Some(row) = self.user_of(anchor)? else {
            inbound::await_manager(self.tx, self.key, user.seq, Some(anchor))?;
            return Ok(Reference::Awaited(unresolved(anchor, user)));
        };
        inbound::await_manager(self.tx, self.key, user.seq, None)?;
        if user.manager == Some(row) {
            return Ok(Reference::Kept);
        }
        let (tx, tenant) = (self.tx, self.key.tenant);
        let old = match user.manager {
            Some(old) => rows::user(tx, tenant, old)?.map(|old| old.id.to_string()),
            None => None,
        };
        users::set_manager(
            tx,
            &Operator::provisioning_service(),
            tenant,
            user.seq,
            Some(row),
            self.now,
        )?;
        Ok(Reference::Changed(ModifiedProperty {
            display_name: MANAGER.into(),
            old_value: old,
            new_value: Some(get_user(tx, tenant, row)?.id.to_string()),
        }))
    }

    /// The user whom an anchor means: by what was uploaded before, else by `employeeId`, which is what an anchor is joined
    /// with by default.
    fn user_of(&self, anchor: &str) -> Result<Option<Seq>> {
        let tenant = self.key.tenant;
        if let Some(row) = inbound::link(self.tx, self.key, anchor)?
            && rows::user(self.tx, tenant, row)?.is_some_and(|user| user.deleted.is_none())
        {
            return Ok(Some(row));
        }
        let found = rows::users_by_value(self.tx, tenant, "employeeId", anchor, 2)?;
        Ok(match found.as_slice() {
            [only] => Some(only.seq),
            _ => None,
        })
    }

    /// Gives those their manager who waited for somebody of this upload, a bounded number of them.
    pub(super) fn settle(&self, request: &[Operation]) -> Result<Progress> {
        let mut left = AT_ONCE;
        for manager in request.iter().filter_map(anchor) {
            if self.user_of(&manager)?.is_none() {
                continue;
            }
            let waiting = inbound::reports_waiting(self.tx, self.key, &manager, Seq(0), left)?;
            for report in &waiting {
                self.settle_one(*report, &manager)?;
            }
            left -= waiting.len();
            if left == 0 {
                return Ok(Progress::More);
            }
        }
        Ok(Progress::Rest)
    }

    fn settle_one(&self, report: Seq, manager: &str) -> Result<()> {
        let found = rows::user(self.tx, self.key.tenant, report)?;
        let Some(user) = found.filter(|user| user.deleted.is_none()) else {
            return Ok(inbound::await_manager(self.tx, self.key, report, None)?);
        };
        if let Reference::Changed(modified) = self.set_manager(&user, manager)? {
            let mut story = Story::of_user(&user);
            story.modified.push(modified);
            story.provisioned(self, Action::Update, None)?;
        }
        Ok(())
    }
}

/// What the log says of a user whose manager has not come.
fn unresolved(manager: &str, user: &DirectoryUser) -> ErrorInformation {
    error(
        "UnableToResolveReferenceAttributeValue",
        format!(
            "We were unable to assign {manager} as the manager of {}. No user with the externalId {manager} is in the directory.",
            user.display_name()
        ),
        format!(
            "Send the user with the externalId {manager}. The manager is set as soon as that user is there; nothing has to be sent again."
        ),
    )
}

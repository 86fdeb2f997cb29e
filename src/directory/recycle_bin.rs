//! The recycle bin: deleted users and groups for 30 days, after which they are purged.
//!
//! Follows Entra: a soft-deleted object can be restored for 30 days and is then deleted permanently. The appliance's
//! clock says when that is; [`sweep`] does it, a few objects at a time.

use std::time::Duration;

use super::search::{self, Object, Page};
use super::{groups, users};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ObjectKind, ObjectRef};
use crate::store::{Reads, Write, directory as rows, recycle_bin};

/// How long an object is kept.
pub const KEPT: Duration = Duration::from_hours(30 * 24);

/// Objects purged by one write.
const AT_ONCE: usize = 50;
/// Members taken out of one group by one write.
const MEMBERS_AT_ONCE: usize = 2_000;

/// When what was deleted then is purged.
pub fn purge_due(deleted: Timestamp) -> Timestamp {
    deleted.plus(KEPT)
}

/// Refuses to restore what is overdue: parts of it may be gone already.
pub(super) fn still_kept(name: &str, deleted: Timestamp, now: Timestamp) -> Result<()> {
    if now < purge_due(deleted) {
        return Ok(());
    }
    Err(Error::Conflict {
        attribute: "deletedDateTime",
        detail: format!(
            "{name} was deleted more than 30 days ago and can no longer be restored; it is being purged"
        ),
    })
}

/// What a list of the bin is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Must stand somewhere in a name, in any case. Empty matches everything.
    pub text: String,
    /// Users or groups only.
    pub kind: Option<ObjectKind>,
    /// Matches to leave out at the start.
    pub skip: u64,
    /// Longest page.
    pub limit: usize,
}

/// What lies in the bin, the last deleted first.
///
/// # Errors
/// The store's.
pub fn list(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    query: &Query,
) -> Result<Page<Object>> {
    let needle = query.text.trim().to_lowercase();
    let mut page = Page {
        items: Vec::new(),
        total: 0,
    };
    for object in recycle_bin::all(tx, tenant)? {
        if query.kind.is_some_and(|kind| kind != object.kind) {
            continue;
        }
        let here = page.total >= query.skip && page.items.len() < query.limit;
        if needle.is_empty() && !here {
            page.total += 1;
            continue;
        }
        let Some(found) = search::object(tx, tenant, object)? else {
            continue;
        };
        let principal_name = match &found {
            Object::User(user) => user.user_principal_name.as_str(),
            Object::Group(_) => "",
        };
        let fits = [found.display_name(), principal_name]
            .iter()
            .any(|name| name.to_lowercase().contains(&needle));
        if fits {
            page.total += 1;
            if here {
                page.items.push(found);
            }
        }
    }
    Ok(page)
}

/// Purges what has lain in any tenant's bin for 30 days, some objects at a time; whether there is more to do.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<bool> {
    for tenant in rows::tenants(tx)? {
        if purge_overdue(tx, tenant.seq, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Purges what has lain in the bin for 30 days, the longest ago first and some objects at a time; whether there is
/// more to do.
///
/// # Errors
/// The store's.
pub fn purge_overdue(tx: &Write<'_>, tenant: Seq, now: Timestamp) -> Result<bool> {
    let until = now.minus(KEPT);
    if until < Timestamp::from_millis(0) {
        return Ok(false);
    }
    let due = recycle_bin::deleted_until(tx, tenant, until, AT_ONCE)?;
    for object in &due {
        match object.kind {
            ObjectKind::User => users::end(tx, tenant, object.seq, now)?,
            ObjectKind::Group => {
                if drain(tx, tenant, object.seq)? {
                    return Ok(true);
                }
                groups::end(tx, tenant, object.seq, now)?;
            }
        }
    }
    Ok(due.len() == AT_ONCE)
}

/// Takes members out of a large group that is overdue; whether some are left. Nobody is told of each: the group is gone
/// for every application already.
fn drain(tx: &Write<'_>, tenant: Seq, group: Seq) -> Result<bool> {
    let mut group = super::get_group(tx, tenant, group)?;
    if group.member_count <= MEMBERS_AT_ONCE as u64 {
        return Ok(false);
    }
    let members: Vec<ObjectRef> = rows::members(tx, tenant, group.seq, None, MEMBERS_AT_ONCE)?;
    for member in members {
        if rows::remove_member(tx, tenant, group.seq, member)? {
            group.member_count = group.member_count.saturating_sub(1);
        }
    }
    rows::put_group(tx, tenant, &group)?;
    Ok(true)
}

//! Many people at once, page by page: each page is a write of its own, and says behind whom to go on.

use super::super::evaluation::Evaluator;
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::orgs;
use super::super::refusal::Result;
use super::effects::entitle;
use super::{end, granting, rows, values, waiting};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AssignmentScope, OktaApp};
use crate::store::okta::{AppKey, apps, groups, users};
use crate::store::{Reads as _, Write};

/// Assigns up to `limit` members of a group after `after`; the member to go on behind, `None` at the end. Nothing
/// happens when the group does not assign any more, or the app is gone.
///
/// # Errors
/// The store's.
pub fn assign_page(
    tx: &Write<'_>,
    key: AppKey,
    group: Seq,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    assign_some(tx, Doer::Background, key, group, after, limit, now)
}

/// Looks at up to `limit` app users after `after` who may have been assigned through a group that no longer assigns
/// anybody, and ends the assignment of whoever no other group assigns; the person to go on behind, `None` at the end.
///
/// # Errors
/// The store's.
pub fn unassign_page(
    tx: &Write<'_>,
    key: AppKey,
    _group: Seq,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    unassign_some(tx, Doer::Background, key, after, limit, now)
}

/// Evaluates the mappings of up to `limit` app users after `after` again; with `force` everybody is pushed, not only
/// whose profile changed. The person to go on behind, `None` at the end.
///
/// # Errors
/// The store's.
pub fn apply_page(
    tx: &Write<'_>,
    key: AppKey,
    after: Seq,
    force: bool,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let Some(app) = apps::find(tx, key)? else {
        return Ok(None);
    };
    let evaluator = Evaluator::new(tx, &orgs::get(tx, key.org)?, app)?;
    let page = rows::after(tx, key, after, limit)?;
    let next = next(&page, limit, |assigned| assigned.user);
    for assigned in page {
        let Some(user) = users::find(tx, key.org, assigned.user)? else {
            continue;
        };
        let who = (None, &user);
        values::refresh(tx, Doer::Background, &evaluator, &assigned, who, force, now)?;
    }
    if force && next.is_none() {
        let target = events::app(tx.mix(), key.org, &evaluator.app);
        let event = Event::success(EventType::ForceSyncCompleted, vec![target]);
        record(tx, key.org, Doer::Background, event, Vec::new(), now)?;
    }
    Ok(next)
}

/// Sends up to `limit` app users after `after` who wait for *Provision User*. The person to go on behind, `None` at the
/// end, and when the app does not provision any more.
///
/// # Errors
/// The store's.
pub fn provision_page(
    tx: &Write<'_>,
    key: AppKey,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let Some(app) = apps::find(tx, key)?.filter(OktaApp::provisions) else {
        return Ok(None);
    };
    let page = rows::after(tx, key, after, limit)?;
    let next = next(&page, limit, |assigned| assigned.user);
    for assigned in page {
        let user = users::find(tx, key.org, assigned.user)?;
        if let Some(user) = user.filter(|user| waiting::waits(&app, &assigned, user)) {
            waiting::send(tx, Doer::Background, (key, &app), &user, assigned, now)?;
        }
    }
    Ok(next)
}

pub(super) fn assign_some(
    tx: &Write<'_>,
    doer: Doer<'_>,
    key: AppKey,
    group: Seq,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let (Some(app), Some(_)) = (apps::find(tx, key)?, rows::group(tx, key, group)?) else {
        return Ok(None);
    };
    let evaluator = Evaluator::new(tx, &orgs::get(tx, key.org)?, app)?;
    let page = groups::members(tx, key.org, group, after, limit)?;
    let next = next(&page, limit, |member| *member);
    for member in page {
        if let Some(user) = users::find(tx, key.org, member)? {
            entitle(tx, doer, &evaluator, &user, now)?;
        }
    }
    Ok(next)
}

pub(super) fn unassign_some(
    tx: &Write<'_>,
    doer: Doer<'_>,
    key: AppKey,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let Some(app) = apps::find(tx, key)? else {
        return Ok(None);
    };
    let evaluator = Evaluator::new(tx, &orgs::get(tx, key.org)?, app)?;
    let page = rows::after(tx, key, after, limit)?;
    let next = next(&page, limit, |assigned| assigned.user);
    for assigned in page {
        if assigned.scope != AssignmentScope::Group {
            continue;
        }
        let Some(user) = users::find(tx, key.org, assigned.user)? else {
            continue;
        };
        if granting(tx, key, user.seq)?.is_empty() {
            end(tx, doer, (key, &evaluator.app), &assigned, &user, now)?;
        } else {
            let who = (None, &user);
            values::refresh(tx, doer, &evaluator, &assigned, who, false, now)?;
        }
    }
    Ok(next)
}

/// The last of a full page.
fn next<T>(page: &[T], limit: usize, row: impl Fn(&T) -> Seq) -> Option<Seq> {
    page.last().filter(|_| page.len() == limit).map(row)
}

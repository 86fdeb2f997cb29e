//! Whose account was not found: counted first, so that the safeguard can halt the import, and then taken away page by
//! page (part 1.10 of the Okta reference).

use super::super::assignments;
use super::super::events::Cause as Doer;
use super::super::refusal::Result;
use super::super::{events::EventType, push};
use super::sourcing;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppUser, ImportRun, OktaApp};
use crate::store::okta::imports::Found;
use crate::store::okta::{AppKey, app_users, groups as group_rows, imports as rows, users};
use crate::store::{Reads, Write};

/// What a page of app users has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// How many have an account.
    pub known: u64,
    /// How many of those were not found.
    pub missing: u64,
    /// The app user to go on behind; `None` at the end.
    pub next: Option<Seq>,
}

/// Whether an import should have found the account of somebody, and did not. Accounts that were linked since it began
/// may stand on a page that was read before.
fn is_missing(tx: &impl Reads, key: AppKey, run: &ImportRun, assigned: &AppUser) -> Result<bool> {
    if assigned.account().is_none() || assigned.status_changed >= run.created {
        return Ok(false);
    }
    Ok(rows::found_by(tx, key, Found::User, assigned.user)? != Some(run.seq))
}

/// Looks at up to `limit` app users after `after`.
///
/// # Errors
/// The store's.
pub fn missing_page(
    tx: &impl Reads,
    key: AppKey,
    run: &ImportRun,
    after: Seq,
    limit: usize,
) -> Result<Missing> {
    let page = app_users::after(tx, key, after, limit)?;
    let mut found = Missing {
        known: 0,
        missing: 0,
        next: page
            .last()
            .filter(|_| page.len() == limit)
            .map(|last| last.user),
    };
    for assigned in page {
        found.known += u64::from(assigned.account().is_some());
        found.missing += u64::from(is_missing(tx, key, run, &assigned)?);
    }
    Ok(found)
}

/// Ends the assignments of those of up to `limit` app users after `after` whose account was not found; the app user to
/// go on behind, `None` at the end. Nothing is sent: there is no account any more.
///
/// # Errors
/// The store's.
pub fn remove_page(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    run: &mut ImportRun,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let agent = OrgAdministrator::itself(key.org);
    let doer = Doer::Administrator(&agent);
    let page = app_users::after(tx, key, after, limit)?;
    let next = page.last().filter(|_| page.len() == limit);
    let next = next.map(|last| last.user);
    for assigned in page {
        if !is_missing(tx, key, run, &assigned)? {
            continue;
        }
        let Some(person) = users::find(tx, key.org, assigned.user)? else {
            continue;
        };
        let who = (assigned.user_name.as_str(), &person);
        let kind = EventType::ImportUserDelete;
        assignments::tell(tx, doer, (key, app), kind, who, now)?;
        assignments::forget(tx, doer, (key, app), &assigned, &person, now)?;
        for group in group_rows::groups_of(tx, key.org, person.seq)? {
            push::members_changed(tx, key.org, group, now)?;
        }
        sourcing::vanished(tx, &agent, (key, app), &person, now)?;
        run.counts.removed += 1;
    }
    Ok(next)
}

/// Takes those of up to `limit` rows after `after` away that wait for confirmation and whose account was not found; the
/// row to go on behind, `None` at the end.
///
/// # Errors
/// The store's.
pub fn unconfirmed_page(
    tx: &Write<'_>,
    key: AppKey,
    run: &ImportRun,
    after: Seq,
    limit: usize,
) -> Result<Option<Seq>> {
    let page = rows::users(tx, key, after, limit)?;
    let next = page.last().filter(|_| page.len() == limit);
    let next = next.map(|last| last.seq);
    for imported in page.iter().filter(|imported| imported.run != run.seq) {
        rows::remove_user(tx, key, imported)?;
    }
    Ok(next)
}

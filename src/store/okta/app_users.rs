//! Who is assigned to an app: people, and groups that assign their members.

use redb::ReadableTable;

use super::{AppKey, edges, first, move_account, page};
use crate::id::Seq;
use crate::model::okta::{AppGroup, AppUser};
use crate::store::{Error, Reads, Write, rows, tables};

fn user_key(key: AppKey, user: Seq) -> (u64, u64, u64) {
    (key.org.0, key.app.0, user.0)
}

/// The assignment of a person.
pub fn find(tx: &impl Reads, key: AppKey, user: Seq) -> Result<Option<AppUser>, Error> {
    rows::find(tx, tables::OKTA_APP_USERS, user_key(key, user))
}

/// The first `limit` app users after `after`, in the order in which the people were made.
pub fn after(
    tx: &impl Reads,
    key: AppKey,
    after: Seq,
    limit: usize,
) -> Result<Vec<AppUser>, Error> {
    page(tx, tables::OKTA_APP_USERS, key.org, key.app, after, limit)
}

/// Whether anybody is assigned.
pub fn any(tx: &impl Reads, key: AppKey) -> Result<bool, Error> {
    let range = user_key(key, Seq(0))..=user_key(key, Seq(u64::MAX));
    Ok(tx
        .open(tables::OKTA_APP_USERS)?
        .range(range)?
        .next()
        .is_some())
}

/// The first person whose account has this `id` at the target.
pub fn by_account(tx: &impl Reads, key: AppKey, id: &str) -> Result<Option<Seq>, Error> {
    first(tx, tables::OKTA_ACCOUNT_TO_USER, key, id)
}

/// Inserts or replaces the assignment of a person.
pub fn put(tx: &Write<'_>, key: AppKey, app_user: &AppUser) -> Result<(), Error> {
    let user = app_user.user;
    let before = find(tx, key, user)?.and_then(|old| old.external_id);
    let after = app_user.external_id.as_deref();
    move_account(
        tx,
        tables::OKTA_ACCOUNT_TO_USER,
        key,
        user,
        before.as_deref(),
        after,
    )?;
    tx.table(tables::OKTA_USER_TO_APP)?
        .insert((key.org.0, user.0, key.app.0), ())?;
    rows::put(tx, tables::OKTA_APP_USERS, user_key(key, user), app_user)
}

/// Takes the assignment of a person away.
pub fn remove(tx: &Write<'_>, key: AppKey, user: Seq) -> Result<(), Error> {
    let account = find(tx, key, user)?.and_then(|old| old.external_id);
    let index = tables::OKTA_ACCOUNT_TO_USER;
    move_account(tx, index, key, user, account.as_deref(), None)?;
    super::imports::forget_found(tx, key, super::imports::Found::User, user)?;
    tx.table(tables::OKTA_USER_TO_APP)?
        .remove((key.org.0, user.0, key.app.0))?;
    rows::remove(tx, tables::OKTA_APP_USERS, user_key(key, user))
}

/// The apps a person is assigned to.
pub fn apps_of(tx: &impl Reads, org: Seq, user: Seq) -> Result<Vec<Seq>, Error> {
    edges(tx, tables::OKTA_USER_TO_APP, org, user, Seq(0), usize::MAX)
}

// Groups.

/// The assignment of a group.
pub fn group(tx: &impl Reads, key: AppKey, group: Seq) -> Result<Option<AppGroup>, Error> {
    rows::find(tx, tables::OKTA_APP_GROUPS, user_key(key, group))
}

/// Every group that assigns its members to an app.
pub fn groups(tx: &impl Reads, key: AppKey) -> Result<Vec<AppGroup>, Error> {
    groups_after(tx, key, Seq(0), usize::MAX)
}

/// The first `limit` groups after `after` that assign their members to an app.
pub fn groups_after(
    tx: &impl Reads,
    key: AppKey,
    after: Seq,
    limit: usize,
) -> Result<Vec<AppGroup>, Error> {
    page(tx, tables::OKTA_APP_GROUPS, key.org, key.app, after, limit)
}

/// Inserts or replaces the assignment of a group.
pub fn put_group(tx: &Write<'_>, key: AppKey, assignment: &AppGroup) -> Result<(), Error> {
    let group = assignment.group;
    tx.table(tables::OKTA_GROUP_TO_APP)?
        .insert((key.org.0, group.0, key.app.0), ())?;
    rows::put(
        tx,
        tables::OKTA_APP_GROUPS,
        user_key(key, group),
        assignment,
    )
}

/// Takes the assignment of a group away.
pub fn remove_group(tx: &Write<'_>, key: AppKey, group: Seq) -> Result<(), Error> {
    tx.table(tables::OKTA_GROUP_TO_APP)?
        .remove((key.org.0, group.0, key.app.0))?;
    rows::remove(tx, tables::OKTA_APP_GROUPS, user_key(key, group))
}

/// The apps a group is assigned to.
pub fn apps_of_group(tx: &impl Reads, org: Seq, group: Seq) -> Result<Vec<Seq>, Error> {
    edges(
        tx,
        tables::OKTA_GROUP_TO_APP,
        org,
        group,
        Seq(0),
        usize::MAX,
    )
}

//! What changes of people and memberships mean to assignments.

use super::super::evaluation::Evaluator;
use super::super::events::Cause as Doer;
use super::super::refusal::Result;
use super::super::{orgs, push};
use super::values::{self, New};
use super::{end, granting, rows};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{
    AppUserStatus, AssignmentScope, JobKind, OktaApp, OktaGroup, OktaUser, PasswordSync, Profile,
    SyncState, UserStatus,
};
use crate::secret::Sealed;
use crate::store::Write;
use crate::store::okta::{AppKey, apps, groups as group_rows, jobs};

/// Assigns somebody through the groups that assign to the app, unless that is so or the person is deactivated.
pub(super) fn entitle(
    tx: &Write<'_>,
    doer: Doer<'_>,
    evaluator: &Evaluator,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    if user.status == UserStatus::Deprovisioned {
        return Ok(());
    }
    let key = evaluator.key();
    match rows::find(tx, key, user.seq)? {
        // In person counts more than any group.
        Some(assigned) if assigned.scope == AssignmentScope::User => {}
        // Another group may be the highest now.
        Some(assigned) => {
            values::refresh(tx, doer, evaluator, &assigned, (None, user), false, now)?;
        }
        None => {
            let groups = granting(tx, key, user.seq)?;
            let new = New {
                scope: AssignmentScope::Group,
                user_name: None,
                typed: Profile::new(),
                groups: &groups,
            };
            values::assign(tx, doer, evaluator, user, new, now)?;
        }
    }
    Ok(())
}

/// Somebody came into a group.
pub(in crate::directory::okta) fn joined_group(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    group: &OktaGroup,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    for app in rows::apps_of_group(tx, org, group.seq)? {
        if let Some(evaluator) = evaluator(tx, org, app)? {
            entitle(tx, doer, &evaluator, user, now)?;
        }
    }
    Ok(())
}

/// Somebody left a group.
pub(in crate::directory::okta) fn left_group(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    group: &OktaGroup,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    for app in rows::apps_of_group(tx, org, group.seq)? {
        let key = AppKey { org, app };
        let Some(assigned) = rows::find(tx, key, user.seq)? else {
            continue;
        };
        let Some(evaluator) = evaluator(tx, org, app)? else {
            continue;
        };
        if assigned.scope == AssignmentScope::User {
            continue;
        }
        if granting(tx, key, user.seq)?.is_empty() {
            end(tx, doer, (key, &evaluator.app), &assigned, user, now)?;
        } else {
            values::refresh(tx, doer, &evaluator, &assigned, (None, user), false, now)?;
        }
    }
    Ok(())
}

/// A profile changed: where a mapped value changed, the target is told (1.6).
pub(in crate::directory::okta) fn person_changed(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    old: &OktaUser,
    new: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    for app in rows::apps_of(tx, org, new.seq)? {
        let key = AppKey { org, app };
        let Some(assigned) = rows::find(tx, key, new.seq)? else {
            continue;
        };
        if let Some(evaluator) = evaluator(tx, org, app)? {
            let (doer, who) = (Doer::Administrator(administrator), (Some(old), new));
            values::refresh(tx, doer, &evaluator, &assigned, who, false, now)?;
        }
    }
    Ok(())
}

/// Somebody was activated: assignments made before get their accounts, and groups assign again (1.8, 2.8).
pub(in crate::directory::okta) fn person_activated(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    for found in rows::apps_of(tx, org, user.seq)? {
        let key = AppKey { org, app: found };
        let Some(mut assigned) = rows::find(tx, key, user.seq)? else {
            continue;
        };
        let Some(found) = apps::find(tx, key)?.filter(OktaApp::provisions) else {
            continue;
        };
        // Whoever came from an import has an account already.
        if assigned.account().is_some() {
            let told = assigned.pushed.as_ref() == Some(&assigned.profile)
                && assigned.pushed_user_name.as_ref() == Some(&assigned.user_name);
            if !told && found.to_app.update_attributes {
                jobs::enqueue(tx, key, JobKind::PushProfile { user: user.seq }, now)?;
            }
            continue;
        }
        assigned.status = AppUserStatus::Staged;
        assigned.sync_state = SyncState::OutOfSync;
        rows::put(tx, key, &assigned)?;
        jobs::enqueue(tx, key, JobKind::Provision { user: user.seq }, now)?;
    }
    for group in group_rows::groups_of(tx, org, user.seq)? {
        for app in rows::apps_of_group(tx, org, group)? {
            let key = AppKey { org, app };
            if rows::find(tx, key, user.seq)?.is_some() {
                continue;
            }
            if let Some(evaluator) = evaluator(tx, org, app)? {
                entitle(
                    tx,
                    Doer::Administrator(administrator),
                    &evaluator,
                    user,
                    now,
                )?;
            }
        }
    }
    Ok(())
}

/// Somebody was deactivated: every assignment ends; memberships stay, but pushed groups shrink (1.7, 1.8).
pub(in crate::directory::okta) fn person_deactivated(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    let (org, doer) = (administrator.org, Doer::Administrator(administrator));
    for group in group_rows::groups_of(tx, org, user.seq)? {
        push::members_changed(tx, org, group, now)?;
    }
    for found in rows::apps_of(tx, org, user.seq)? {
        let key = AppKey { org, app: found };
        let Some(assigned) = rows::find(tx, key, user.seq)? else {
            continue;
        };
        match apps::find(tx, key)? {
            Some(app) => end(tx, doer, (key, &app), &assigned, user, now)?,
            None => rows::remove(tx, key, user.seq)?,
        }
    }
    Ok(())
}

/// Okta saw a new password in clear: apps that sync Okta passwords are told (1.9).
pub(in crate::directory::okta) fn password_changed(
    tx: &Write<'_>,
    org: Seq,
    user: &OktaUser,
    password: &Sealed,
    now: Timestamp,
) -> Result<()> {
    for found in rows::apps_of(tx, org, user.seq)? {
        let key = AppKey { org, app: found };
        let assigned = rows::find(tx, key, user.seq)?;
        if assigned.is_none_or(|assigned| assigned.external_id.is_none()) {
            continue;
        }
        let syncs = apps::find(tx, key)?
            .is_some_and(|app| app.provisions() && app.to_app.sync_password == PasswordSync::Okta);
        if syncs {
            let kind = JobKind::PushPassword {
                user: user.seq,
                password: Some(password.clone()),
            };
            jobs::enqueue(tx, key, kind, now)?;
        }
    }
    Ok(())
}

fn evaluator(tx: &Write<'_>, org: Seq, app: Seq) -> Result<Option<Evaluator>> {
    match apps::find(tx, AppKey { org, app })? {
        Some(app) => Ok(Some(Evaluator::new(tx, &orgs::get(tx, org)?, app)?)),
        None => Ok(None),
    }
}

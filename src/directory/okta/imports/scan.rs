//! A page of users that the target gave (the decision table of part 2.3 of the Okta reference).

use super::super::assignments::values;
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::lifecycle;
use super::super::refusal::{Refusal, Result};
use super::confirm::{confirm_row, make};
use super::evaluation::ToOktaEvaluator;
use super::matching::{Match, Matcher};
use super::remote::Remote;
use super::sourcing;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{
    AppUser, ImportResult, ImportRun, ImportedUser, OktaUser, SyncState, UserStatus,
};
use crate::store::okta::imports::Found;
use crate::store::okta::{AppKey, app_users, imports as rows, users};
use crate::store::{Reads, Write};

/// What an import reads its pages with; made again when it goes on after a crash.
#[derive(Debug)]
pub struct Importer {
    /// The mappings to Okta.
    pub evaluator: ToOktaEvaluator,
    /// The people of the org.
    pub matcher: Matcher,
}

/// Writes down what is in a page. Whoever this import found already is passed over.
///
/// # Errors
/// The store's.
pub fn scan_users(
    tx: &Write<'_>,
    key: AppKey,
    run: &mut ImportRun,
    importer: &mut Importer,
    page: &[Remote],
    now: Timestamp,
) -> Result<()> {
    let agent = OrgAdministrator::itself(key.org);
    let mut made = Vec::new();
    for remote in page {
        if let Some(user) = app_users::by_account(tx, key, &remote.id)? {
            if rows::found_by(tx, key, Found::User, user)? != Some(run.seq) {
                rows::put_found(tx, key, Found::User, user, run.seq)?;
                run.counts.scanned += 1;
                known(tx, &agent, key, run, importer, (user, remote), now)?;
            }
            continue;
        }
        let row = rows::by_account(tx, key, &remote.id)?;
        if row.as_ref().is_some_and(|row| row.run == run.seq) {
            continue;
        }
        run.counts.scanned += 1;
        if remote.active {
            made.extend(unknown(tx, &agent, key, run, importer, (row, remote), now)?);
        } else {
            // Only active users are imported.
            run.counts.skipped += 1;
            if let Some(row) = row {
                rows::remove_user(tx, key, &row)?;
            }
        }
    }
    if !made.is_empty() {
        let rules = &importer.evaluator.app.to_okta;
        importer.matcher.add(&made, rules);
    }
    Ok(())
}

/// Somebody whose account is linked: the app user's profile follows it, and with *profile sourcing* the person's.
fn known(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    key: AppKey,
    run: &mut ImportRun,
    importer: &Importer,
    (user, remote): (Seq, &Remote),
    now: Timestamp,
) -> Result<()> {
    let app = &importer.evaluator.app;
    let (Some(old), Some(person)) = (
        app_users::find(tx, key, user)?,
        users::find(tx, key.org, user)?,
    ) else {
        return Ok(());
    };
    let mut new = old.clone();
    new.remote_inactive = !remote.active;
    // What waits to be sent, or failed to be, is not undone by what the target still has.
    let waits = matches!(old.sync_state, SyncState::OutOfSync | SyncState::Error);
    if !waits {
        for attribute in &app.attributes {
            if !attribute.external_name.is_empty() {
                let value = remote.profile.get(&attribute.name).cloned();
                let never = value.is_none() && is_empty(&new, &attribute.name);
                if !never {
                    values::set(&mut new.profile, &attribute.name, value);
                }
            }
        }
        new.user_name.clone_from(&remote.user_name);
        new.pushed = Some(new.profile.clone());
        new.pushed_user_name = Some(new.user_name.clone());
    }
    let changed = new.profile != old.profile || new.user_name != old.user_name;
    if changed {
        new.last_updated = now;
        run.counts.updated += 1;
        tell(
            tx,
            (key, importer),
            EventType::UserImportProfile,
            (&new.user_name, &person),
            now,
        )?;
    } else {
        run.counts.unchanged += 1;
    }
    if new != old {
        app_users::put(tx, key, &new)?;
    }
    sourcing::follow(
        tx,
        agent,
        key,
        run,
        importer,
        (&old, &new),
        &person,
        remote,
        now,
    )
}

/// An attribute that has no value, or was cleared.
fn is_empty(assigned: &AppUser, name: &str) -> bool {
    let value = assigned.profile.get(name);
    value.is_none_or(|value| value.as_str() == Some(""))
}

/// Somebody whose account belongs to nobody yet: a row that waits, or that confirms by itself. A person who was made
/// for it is returned.
fn unknown(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    key: AppKey,
    run: &mut ImportRun,
    importer: &Importer,
    (row, remote): (Option<ImportedUser>, &Remote),
    now: Timestamp,
) -> Result<Option<OktaUser>> {
    let rules = &importer.evaluator.app.to_okta;
    let mut imported = match row {
        Some(row) => {
            let same = row.profile == remote.profile && row.user_name == remote.user_name;
            let count = if same {
                &mut run.counts.unchanged
            } else {
                &mut run.counts.updated
            };
            *count += 1;
            ImportedUser {
                user_name: remote.user_name.clone(),
                profile: remote.profile.clone(),
                run: run.seq,
                ..row
            }
        }
        None => {
            run.counts.new += 1;
            ImportedUser {
                seq: rows::next_user(tx, key.org)?,
                external_id: remote.id.clone(),
                user_name: remote.user_name.clone(),
                profile: remote.profile.clone(),
                result: ImportResult::New,
                user: None,
                chosen: false,
                error: None,
                run: run.seq,
                created: now,
            }
        }
    };
    let before = rows::user(tx, key, imported.seq)?;
    // A scheduled import does not look again for somebody who matched nobody.
    let stays = before.as_ref().is_some_and(|before| {
        before.chosen
            || before.result == ImportResult::Ignored
            || (run.scheduled && !rules.force_rematch && before.result == ImportResult::New)
    });
    let reactivates = rules.sourcing && rules.reactivate_deactivated;
    if !stays {
        let person = importer.evaluator.of_remote(remote, now);
        (imported.result, imported.user) =
            match importer
                .matcher
                .find(tx, key, rules, &person, reactivates)?
            {
                Match::Exact(user) => (ImportResult::Exact, Some(user)),
                Match::Partial(user) => (ImportResult::Partial, Some(user)),
                Match::Nobody => (ImportResult::New, None),
            };
    }
    rows::put_user(tx, key, &imported)?;
    let returns = reactivates && reactivated(tx, agent, key, &imported, now)?;
    let confirms = match imported.result {
        ImportResult::Exact => rules.confirm_exact || returns,
        ImportResult::Partial => rules.confirm_partial,
        ImportResult::New => rules.confirm_new,
        ImportResult::Ignored => false,
    };
    if !confirms {
        return Ok(None);
    }
    let evaluator = &importer.evaluator;
    let made = match imported.result {
        ImportResult::New => {
            make(tx, agent, evaluator, &imported, rules.activate_new, now).map(Some)
        }
        _ => Ok(None),
    };
    let done = made.and_then(|made| {
        let user = made.as_ref().map(|made| made.seq).or(imported.user);
        confirm_row(tx, agent, (key, &evaluator.app), &imported, user, now)?;
        Ok(made)
    });
    match done {
        Ok(made) => {
            run.counts.confirmed += 1;
            Ok(made)
        }
        Err(error @ Refusal::Domain(_)) => Err(error),
        Err(refusal) => {
            imported.error = Some(refusal.to_string());
            rows::put_user(tx, key, &imported)?;
            Ok(None)
        }
    }
}

/// *Reactivate deactivated Okta users*: whether the person who matches was deactivated, and is active again.
fn reactivated(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    key: AppKey,
    imported: &ImportedUser,
    now: Timestamp,
) -> Result<bool> {
    let Some(user) = imported
        .user
        .filter(|_| imported.result == ImportResult::Exact)
    else {
        return Ok(false);
    };
    let person = users::find(tx, key.org, user)?;
    if person.is_none_or(|person| person.status != UserStatus::Deprovisioned) {
        return Ok(false);
    }
    lifecycle::activate(tx, agent, user, now)?;
    Ok(true)
}

/// Writes down what an import did to somebody.
pub(super) fn tell(
    tx: &Write<'_>,
    (key, importer): (AppKey, &Importer),
    kind: EventType,
    (user_name, person): (&str, &OktaUser),
    now: Timestamp,
) -> Result<()> {
    let mix = tx.mix();
    let targets = vec![
        events::unassigned_app_user(mix, key, user_name, person),
        events::app(mix, key.org, &importer.evaluator.app),
        events::user(mix, key.org, person),
    ];
    let event = Event::success(kind, targets);
    record(tx, key.org, Doer::Background, event, Vec::new(), now)?;
    Ok(())
}

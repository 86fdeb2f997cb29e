//! *Profile & Lifecycle Sourcing*: what an import means to the person in Okta (part 2.3 of the Okta reference). Where
//! several apps source a person, the oldest of them is the highest source.

use serde_json::Value as Json;

use super::super::assignments;
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::lifecycle::{self, Transition};
use super::super::refusal::{Refusal, Result};
use super::super::users;
use super::remote::Remote;
use super::scan::Importer;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{
    AppUser, ImportRun, OktaApp, OktaUser, Profile, UserStatus, WhenDeactivated,
};
use crate::store::okta::{AppKey, app_users, apps};
use crate::store::{Reads, Write};

/// Whether an app is the highest source of somebody.
///
/// # Errors
/// The store's.
fn is_source(tx: &impl Reads, key: AppKey, app: &OktaApp, person: &OktaUser) -> Result<bool> {
    if !app.to_okta.sourcing {
        return Ok(false);
    }
    for other in app_users::apps_of(tx, key.org, person.seq)? {
        if other >= key.app {
            continue;
        }
        let other = apps::find(tx, AppKey { app: other, ..key })?;
        if other.is_some_and(|other| other.provisions() && other.to_okta.sourcing) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The person follows the account that was found.
#[expect(
    clippy::too_many_arguments,
    reason = "what is known of one account, read once by the caller"
)]
pub(super) fn follow(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    key: AppKey,
    run: &mut ImportRun,
    importer: &Importer,
    (old, new): (&AppUser, &AppUser),
    person: &OktaUser,
    remote: &Remote,
    now: Timestamp,
) -> Result<()> {
    let app = &importer.evaluator.app;
    if !is_source(tx, key, app, person)? {
        return Ok(());
    }
    let rules = &app.to_okta;
    if !remote.active {
        if !old.remote_inactive && ended(tx, agent, (key, app), new, person, now)? {
            run.counts.removed += 1;
        }
        return Ok(());
    }
    if old.remote_inactive && rules.reactivate_suspended && person.status == UserStatus::Suspended {
        lifecycle::perform(tx, agent, Transition::Unsuspend, person.seq, now)?;
    }
    let wanted = importer.evaluator.of_remote(remote, now);
    let mut changes = Profile::new();
    for (name, mapping) in super::to_okta_mappings(app) {
        let told = wanted.invalid.iter().all(|(invalid, _)| *invalid != name);
        if mapping.is_none() || wanted.create_only.contains(&name) || !told {
            continue;
        }
        let required = USER_ATTRIBUTES
            .iter()
            .any(|base| base.name == name && base.required);
        match wanted.profile.get(name) {
            Some(value) => drop(changes.insert(name.to_owned(), value.clone())),
            // A person cannot be without these: the target says nothing of them.
            None if required => {}
            None => drop(changes.insert(name.to_owned(), Json::Null)),
        }
    }
    let done = users::update(tx, agent, person.seq, &changes, now);
    refused(tx, (key, app), person, done.map(drop), now)
}

/// The account of somebody is inactive, or gone: what the app says of the person then; whether the assignment ended.
pub(super) fn ended(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    (key, app): (AppKey, &OktaApp),
    assigned: &AppUser,
    person: &OktaUser,
    now: Timestamp,
) -> Result<bool> {
    match app.to_okta.when_deactivated {
        WhenDeactivated::Nothing => Ok(false),
        WhenDeactivated::Suspend => {
            let done = lifecycle::perform(tx, agent, Transition::Suspend, person.seq, now);
            refused(tx, (key, app), person, done.map(drop), now)?;
            Ok(false)
        }
        WhenDeactivated::Deactivate => {
            let doer = Doer::Administrator(agent);
            assignments::forget(tx, doer, (key, app), assigned, person, now)?;
            if Transition::Deactivate.allowed(person.status) {
                lifecycle::deactivate(tx, agent, person.seq, now)?;
            }
            Ok(true)
        }
    }
}

/// The same for somebody whose account was not found, and whose assignment ended because of it.
pub(super) fn vanished(
    tx: &Write<'_>,
    agent: &OrgAdministrator,
    (key, app): (AppKey, &OktaApp),
    person: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    if !is_source(tx, key, app, person)? {
        return Ok(());
    }
    let transition = match app.to_okta.when_deactivated {
        WhenDeactivated::Nothing => return Ok(()),
        WhenDeactivated::Suspend => Transition::Suspend,
        WhenDeactivated::Deactivate => Transition::Deactivate,
    };
    let done = lifecycle::perform(tx, agent, transition, person.seq, now);
    refused(tx, (key, app), person, done.map(drop), now)
}

/// What the org refuses is told, and the import goes on.
fn refused(
    tx: &Write<'_>,
    (key, app): (AppKey, &OktaApp),
    person: &OktaUser,
    done: Result<()>,
    now: Timestamp,
) -> Result<()> {
    let refusal = match done {
        Ok(()) => return Ok(()),
        Err(error @ Refusal::Domain(_)) => return Err(error),
        Err(refusal) => refusal,
    };
    let mix = tx.mix();
    let targets = vec![
        events::app(mix, key.org, app),
        events::user(mix, key.org, person),
    ];
    let kind = EventType::ImportUpdateFailed;
    let event = Event::failure(kind, &refusal.to_string(), targets);
    record(tx, key.org, Doer::Background, event, Vec::new(), now)?;
    Ok(())
}

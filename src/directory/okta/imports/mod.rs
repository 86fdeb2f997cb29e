//! *Import* and *To Okta*: people and groups come from an app (parts 1.10 and 2.3 of the Okta reference).
//!
//! `sync::okta` reads the target page by page and hands each page over: [`scan_users`] and [`scan_group`] write down what
//! is in it, [`missing_page`] and [`remove_page`] take away whose account was not found. Accounts that belong to nobody
//! yet wait as [`ImportedUser`](crate::model::okta::ImportedUser) rows until they are confirmed ([`confirm()`]), by hand or by themselves. Confirming links an
//! account to a person, or makes one first; nothing is ever sent for it.

mod confirm;
mod evaluation;
mod groups;
mod matching;
mod missing;
mod remote;
mod scan;
pub mod schedule;
mod settings;
mod sourcing;

pub use confirm::{Choice, choose, clear_page, clear_unconfirmed, confirm};
pub use evaluation::{Person, ToOktaEvaluator, to_okta_mappings};
pub use groups::{remove_groups_page, scan_group};
pub use matching::{Match, Matcher};
pub use missing::{Missing, missing_page, remove_page, unconfirmed_page};
pub use remote::{Remote, RemoteGroup};
pub use scan::{Importer, scan_users};
pub use settings::{save_to_okta, save_to_okta_mapping};

use super::apps::get;
use super::events::{self, Cause as Doer, Event, EventType, record};
use super::refusal::{Refusal, Result};
use super::templates;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{ImportCounts, ImportPhase, ImportRun, ImportState, JobKind, OktaApp};
use crate::store::okta::{AppKey, apps, imports as rows, jobs};
use crate::store::{Reads, Write};

/// Most people in one import, as in Okta.
pub const LARGEST: u64 = 100_000;

/// Whether anything can be imported from apps of its template.
pub fn imports(app: &OktaApp) -> bool {
    templates::find(&app.template).is_none_or(|template| template.imports)
}

/// Why nothing can be imported from an app of a template that does not have it.
pub fn no_import(label: &str) -> String {
    format!("{label} does not support Import: people are created and changed in Okta only.")
}

fn supported(app: &OktaApp) -> Result<()> {
    if imports(app) {
        return Ok(());
    }
    Err(Refusal::field("import", "status", no_import(&app.label)))
}

/// The import of an app that waits or works, if there is one.
///
/// # Errors
/// The store's.
pub fn running(tx: &impl Reads, key: AppKey) -> Result<Option<ImportRun>> {
    let last = rows::last(tx, key, 1)?.pop();
    Ok(last.filter(|run| run.state == ImportState::Running))
}

/// *Import Now*.
///
/// # Errors
/// `Invalid` for an app that imports nothing, that does not provision, or whose import runs already; `NotFound`, the
/// store's.
pub fn import_now(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    now: Timestamp,
) -> Result<ImportRun> {
    let app = get(tx, key)?;
    supported(&app)?;
    if !app.provisions() {
        let off = format!("API integration of {} is not enabled", app.label);
        return Err(Refusal::field("import", "status", off));
    }
    if running(tx, key)?.is_some() {
        let sentence = format!("An import from {} is running already", app.label);
        return Err(Refusal::field("import", "status", sentence));
    }
    start(
        tx,
        Doer::Administrator(administrator),
        key,
        &app,
        false,
        now,
    )
}

/// The import that was due at a moment begins, unless one is running or nothing can be imported; the next one is planned.
///
/// # Errors
/// The store's.
pub fn begin_scheduled(tx: &Write<'_>, key: AppKey, now: Timestamp) -> Result<()> {
    if rows::due(tx, key)?.is_none_or(|at| at > now) {
        return Ok(());
    }
    let Some(app) = apps::find(tx, key)? else {
        return Ok(rows::put_due(tx, key, None)?);
    };
    settings::plan(tx, key, &app, now)?;
    if app.provisions() && running(tx, key)?.is_none() {
        start(tx, Doer::Background, key, &app, true, now)?;
    }
    Ok(())
}

/// After the clock went back: no import waits for a moment that its schedule does not name next.
///
/// # Errors
/// The store's.
pub fn plan_anew(tx: &Write<'_>, now: Timestamp) -> Result<()> {
    for (key, _) in rows::all_due(tx)? {
        match apps::find(tx, key)? {
            Some(app) => settings::plan(tx, key, &app, now)?,
            None => rows::put_due(tx, key, None)?,
        }
    }
    Ok(())
}

fn start(
    tx: &Write<'_>,
    doer: Doer<'_>,
    key: AppKey,
    app: &OktaApp,
    scheduled: bool,
    now: Timestamp,
) -> Result<ImportRun> {
    let run = ImportRun {
        seq: rows::next_seq(tx, key.org)?,
        scheduled,
        state: ImportState::Running,
        phase: ImportPhase::Users { start: 1 },
        begun: false,
        counts: ImportCounts::default(),
        total: 0,
        page: 0,
        note: None,
        created: now,
        ended: None,
    };
    rows::put(tx, key, &run)?;
    jobs::enqueue(tx, key, JobKind::Import { run: run.seq }, now)?;
    tell(tx, doer, (key, app), EventType::ImportStart, now)?;
    Ok(run)
}

/// Ends an import, with the requests that brought it there.
///
/// # Errors
/// The store's.
pub fn end(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    run: &mut ImportRun,
    (state, note): (ImportState, Option<String>),
    exchanges: Vec<Exchange>,
    now: Timestamp,
) -> Result<()> {
    run.state = state;
    run.ended = Some(now);
    let targets = vec![events::app(tx.mix(), key.org, app)];
    let event = match (state, &note) {
        (ImportState::Halted, Some(why)) => {
            Event::failure(EventType::ImportRoadblock, why, targets)
        }
        (ImportState::Failed, Some(why)) => Event::failure(EventType::ImportComplete, why, targets),
        _ => Event::success(EventType::ImportComplete, targets).because(&summary(&run.counts)),
    };
    run.note = note;
    rows::put(tx, key, run)?;
    record(tx, key.org, Doer::Background, event, exchanges, now)?;
    Ok(())
}

/// What the dialog says of an import.
pub fn summary(counts: &ImportCounts) -> String {
    let many = |count: u64, noun: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {noun}{plural}")
    };
    let said = format!(
        "{} users scanned! {} imported, {} updated, {} unchanged, {} removed.",
        counts.scanned,
        many(counts.new, "new user"),
        many(counts.updated, "existing user"),
        many(counts.unchanged, "existing user"),
        many(counts.removed, "user"),
    );
    let groups = format!(
        " {} groups scanned! {} imported, {} updated, {} unchanged, {} removed.",
        counts.groups,
        many(counts.new_groups, "new group"),
        many(counts.updated_groups, "existing group"),
        many(counts.unchanged_groups, "existing group"),
        many(counts.removed_groups, "group"),
    );
    said + &groups
}

fn tell(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    kind: EventType,
    now: Timestamp,
) -> Result<()> {
    let targets = vec![events::app(tx.mix(), key.org, app)];
    record(
        tx,
        key.org,
        doer,
        Event::success(kind, targets),
        Vec::new(),
        now,
    )?;
    Ok(())
}

/// The import in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn run_of(tx: &impl Reads, key: AppKey, run: Seq) -> Result<ImportRun> {
    rows::find(tx, key, run)?.ok_or_else(|| Refusal::not_found("Import", run))
}

//! *Import*: what the target has, read page by page (part 1.10 of the Okta reference). Each page, and each piece of what
//! follows from all of them, is a step: asked for, written down in small writes, and the job goes to the end of its
//! queue, so that nobody waits for an import. Whoever is killed asks for the last page again.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value as Json;

use super::answer::{Brought, Kind, List, Refusal};
use super::outcome::Patience;
use super::session::{Session, Talk};
use super::{text, wire};
use crate::clock::Timestamp;
use crate::directory::okta::events::{self, Cause, Event, EventType};
use crate::directory::okta::imports::{self as rules, Importer, Matcher, Remote, RemoteGroup};
use crate::directory::okta::{apps, orgs};
use crate::error::Result;
use crate::id::Seq;
use crate::model::Exchange;
use crate::model::okta::{ImportPhase, ImportRun, ImportState, JobKind, ProvisioningJob};
use crate::store::okta::{AppKey, imports, jobs};
use crate::store::{Reads as _, Write};

/// Users in one write.
const USERS: usize = 100;
/// Rows that are looked at in one write, and in one read.
const ROWS: usize = 500;

/// What is kept in memory between the pages of an import: made again where it is not there.
#[derive(Debug, Default)]
pub(super) struct Importing {
    importer: Option<(Seq, Importer)>,
}

impl Importing {
    /// What pages are read with, for the app as it is now.
    fn take(&mut self, session: &Session, run: Seq) -> Result<Importer> {
        if let Some((of, importer)) = self.importer.take()
            && of == run
            && importer.evaluator.app == session.app
        {
            return Ok(importer);
        }
        let tx = session.context.store.read()?;
        let org = orgs::get(&tx, session.key.org)?;
        let matcher = Matcher::new(&tx, session.key.org, &session.app.to_okta)?;
        let evaluator = rules::ToOktaEvaluator::new(&org, session.app.clone());
        Ok(Importer { evaluator, matcher })
    }
}

/// What a page has.
struct Page {
    total: u64,
    resources: Vec<Json>,
    /// A digest of its ids.
    digest: u64,
}

/// One step of an import.
///
/// # Errors
/// The store's.
pub(super) fn step(
    session: &Session,
    importing: &mut Importing,
    job: &ProvisioningJob,
) -> Result<()> {
    let key = session.key;
    let JobKind::Import { run } = job.kind else {
        return Ok(());
    };
    let found = imports::find(&session.context.store.read()?, key, run)?;
    let Some(run) = found.filter(|run| run.state == ImportState::Running) else {
        let seq = job.seq;
        let end = move |tx: &Write<'_>| Ok(jobs::remove(tx, key, seq)?);
        return session.context.store.write(end);
    };
    match run.phase {
        ImportPhase::Users { start } => users(session, importing, job, run, start),
        ImportPhase::Groups { start } => groups(session, job, run, start),
        ImportPhase::Missing {
            after,
            known,
            missing,
        } => count(session, job, run, (after, known, missing)),
        ImportPhase::Removing { .. }
        | ImportPhase::Unconfirmed { .. }
        | ImportPhase::RemovingGroups { .. } => remove(session, job, run),
    }
}

/// Asks for a page, and looks whether it can be one.
fn ask(
    session: &Session,
    talk: &mut Talk,
    collection: &str,
    start: u64,
    run: &ImportRun,
) -> std::result::Result<Page, Refusal> {
    let page = page_of(session.ask(talk, &wire::page(collection, start)))?;
    let unusable = |reason: String| {
        let kind = Kind::Other;
        Err(Refusal { kind, reason })
    };
    let total = page.total;
    if total > rules::LARGEST {
        let most = rules::LARGEST;
        return unusable(format!(
            "totalResults is {total}, and an import takes at most {most}."
        ));
    }
    if page.resources.is_empty() && start <= total {
        return unusable(format!(
            "totalResults is {total}, but the page at startIndex {start} is empty."
        ));
    }
    if start > 1 && page.digest == run.page && (page.resources.len() as u64) < total {
        return unusable(format!(
            "The page at startIndex {start} is the page before it once more."
        ));
    }
    Ok(page)
}

fn page_of(brought: Brought) -> std::result::Result<Page, Refusal> {
    let body = brought?.ok_or_else(|| Refusal {
        kind: Kind::Other,
        reason: "The answer is empty.".to_owned(),
    })?;
    let list = List::of(&body)?;
    let mut digest = DefaultHasher::new();
    for resource in list.resources {
        resource.get("id").and_then(Json::as_str).hash(&mut digest);
    }
    Ok(Page {
        total: list.total,
        resources: list.resources.to_vec(),
        digest: digest.finish(),
    })
}

/// Reads every resource of a page; one without an `id` is a bad answer.
fn read_all<T>(
    page: &Page,
    read: impl Fn(&Json) -> Option<T>,
) -> std::result::Result<Vec<T>, Refusal> {
    let resources = page.resources.iter().enumerate();
    resources
        .map(|(place, resource)| {
            read(resource).ok_or_else(|| Refusal {
                kind: Kind::Other,
                reason: format!("Resources[{place}] has no id."),
            })
        })
        .collect()
}

fn users(
    session: &Session,
    importing: &mut Importing,
    job: &ProvisioningJob,
    mut run: ImportRun,
    start: u64,
) -> Result<()> {
    let (key, context) = (session.key, &session.context);
    let mut importer = importing.take(session, run.seq)?;
    let mut talk = Talk::default();
    let asked = ask(session, &mut talk, "Users", start, &run).and_then(|page| {
        Ok((
            read_all(&page, |one| Remote::read(&session.app, one))?,
            page,
        ))
    });
    let (remotes, page) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return refused(session, job, run, "users", &refusal, talk.take()),
    };
    let now = context.clock.now();
    for some in remotes.chunks(USERS) {
        let some = some.to_vec();
        (run, importer) = context.store.write(move |tx| -> Result<_> {
            let (mut run, mut importer) = (run, importer);
            rules::scan_users(tx, key, &mut run, &mut importer, &some, now)?;
            imports::put(tx, key, &run)?;
            Ok((run, importer))
        })?;
    }
    importing.importer = Some((run.seq, importer));
    (run.total, run.page) = (page.total, page.digest);
    let next = start.saturating_add(wire::PAGE);
    run.phase = if next <= page.total {
        ImportPhase::Users { start: next }
    } else if session.app.provisioning.import_groups {
        run.page = 0;
        ImportPhase::Groups { start: 1 }
    } else {
        counting()
    };
    go_on(session, job, run, talk.take(), now)
}

fn groups(session: &Session, job: &ProvisioningJob, mut run: ImportRun, start: u64) -> Result<()> {
    let (key, context) = (session.key, &session.context);
    let mut talk = Talk::default();
    let asked = ask(session, &mut talk, "Groups", start, &run)
        .and_then(|page| Ok((read_all(&page, RemoteGroup::read)?, page)));
    let (remotes, page) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return refused(session, job, run, "groups", &refusal, talk.take()),
    };
    let now = context.clock.now();
    for remote in remotes {
        let (mut remote, mut first, mut more) = (remote, true, true);
        while more {
            let app = session.app.clone();
            (run, remote, more) = context.store.write(move |tx| -> Result<_> {
                let mut run = run;
                let more = rules::scan_group(tx, key, &app, &mut run, (&remote, first), now)?;
                imports::put(tx, key, &run)?;
                Ok((run, remote, more))
            })?;
            first = false;
        }
    }
    run.page = page.digest;
    let next = start.saturating_add(wire::PAGE);
    run.phase = if next <= page.total {
        ImportPhase::Groups { start: next }
    } else {
        counting()
    };
    go_on(session, job, run, talk.take(), now)
}

const fn counting() -> ImportPhase {
    ImportPhase::Missing {
        after: Seq(0),
        known: 0,
        missing: 0,
    }
}

/// Keeps how far an import is, and lets the others have their turn.
fn go_on(
    session: &Session,
    job: &ProvisioningJob,
    mut run: ImportRun,
    exchanges: Vec<Exchange>,
    now: Timestamp,
) -> Result<()> {
    let (key, seq, app) = (session.key, job.seq, session.app.clone());
    run.begun = true;
    session.context.store.write(move |tx| {
        imports::put(tx, key, &run)?;
        jobs::remove(tx, key, seq)?;
        jobs::enqueue(tx, key, JobKind::Import { run: run.seq }, now)?;
        if !exchanges.is_empty() {
            let targets = vec![events::app(tx.mix(), key.org, &app)];
            let event = Event::success(EventType::CallApi, targets);
            events::record(tx, key.org, Cause::Job(seq), event, exchanges, now)?;
        }
        Ok(())
    })
}

/// Counts a page of people whose account was not found; at the end the safeguard says whether they go.
fn count(
    session: &Session,
    job: &ProvisioningJob,
    mut run: ImportRun,
    (after, known, missing): (Seq, u64, u64),
) -> Result<()> {
    let (key, context) = (session.key, &session.context);
    let page = rules::missing_page(&context.store.read()?, key, &run, after, ROWS)?;
    let (known, missing) = (known + page.known, missing + page.missing);
    let safeguard = u64::from(session.app.to_okta.safeguard);
    if let Some(after) = page.next {
        run.phase = ImportPhase::Missing {
            after,
            known,
            missing,
        };
    } else if missing.saturating_mul(100) > safeguard.saturating_mul(known) {
        let why = format!(
            "The import would unassign {missing} of {known} users of {}, more than the {safeguard} % that its import safeguard allows. Nobody was unassigned.",
            session.app.label
        );
        return end(
            session,
            job,
            run,
            (ImportState::Halted, Some(why)),
            Vec::new(),
        );
    } else {
        run.phase = ImportPhase::Removing { after: Seq(0) };
    }
    go_on(session, job, run, Vec::new(), context.clock.now())
}

/// Takes a page of what was not found away.
fn remove(session: &Session, job: &ProvisioningJob, run: ImportRun) -> Result<()> {
    let (key, context, app) = (session.key, &session.context, session.app.clone());
    let now = context.clock.now();
    let run = context.store.write(move |tx| -> Result<ImportRun> {
        let mut run = run;
        run.phase = match run.phase {
            ImportPhase::Removing { after } => {
                match rules::remove_page(tx, key, &app, &mut run, after, ROWS, now)? {
                    Some(after) => ImportPhase::Removing { after },
                    None => ImportPhase::Unconfirmed { after: Seq(0) },
                }
            }
            ImportPhase::Unconfirmed { after } => {
                match rules::unconfirmed_page(tx, key, &run, after, ROWS)? {
                    Some(after) => ImportPhase::Unconfirmed { after },
                    None => ImportPhase::RemovingGroups { after: Seq(0) },
                }
            }
            ImportPhase::RemovingGroups { after } if app.provisioning.import_groups => {
                match rules::remove_groups_page(tx, key, &app, &mut run, after, ROWS, now)? {
                    Some(after) => ImportPhase::RemovingGroups { after },
                    None => DONE,
                }
            }
            _ => DONE,
        };
        imports::put(tx, key, &run)?;
        Ok(run)
    })?;
    if run.phase == DONE {
        let odd = (run.counts.scanned < run.total).then(|| {
            format!(
                "totalResults is {}, but {} users came: Okta asks for the next page at startIndex + 100, whatever came before.",
                run.total, run.counts.scanned
            )
        });
        return end(session, job, run, (ImportState::Completed, odd), Vec::new());
    }
    go_on(session, job, run, Vec::new(), now)
}

/// Behind every group.
const DONE: ImportPhase = ImportPhase::RemovingGroups {
    after: Seq(u64::MAX),
};

/// A page did not come: the import waits where the target asks for it, else it fails.
fn refused(
    session: &Session,
    job: &ProvisioningJob,
    run: ImportRun,
    what: &str,
    refusal: &Refusal,
    exchanges: Vec<Exchange>,
) -> Result<()> {
    let (key, context) = (session.key, &session.context);
    let now = context.clock.now();
    let app = session.app.clone();
    if let Kind::Patience(seconds) = refusal.kind
        && let Some(patience) = Patience::after(job, seconds)
    {
        let reason = format!(
            "{} The import goes on in {} seconds.",
            refusal.reason, patience.waited
        );
        let mut job = job.clone();
        (job.attempts, job.waited) = (patience.attempts, patience.waited);
        job.due = patience.due(now);
        return context.store.write(move |tx| {
            let targets = vec![events::app(tx.mix(), key.org, &app)];
            let event = Event::failure(EventType::RateLimitExceeded, &reason, targets);
            events::record(tx, key.org, Cause::Job(job.seq), event, exchanges, now)?;
            Ok(jobs::put(tx, key, &job)?)
        });
    }
    let kind = match refusal.kind {
        Kind::Unauthorized | Kind::Forbidden => EventType::AuthenticationFailure,
        Kind::Other | Kind::Unusable => EventType::ApiQuery,
        _ => EventType::GeneralFailure,
    };
    let (seq, reason) = (job.seq, refusal.reason.clone());
    context.store.write(move |tx| {
        let targets = vec![events::app(tx.mix(), key.org, &app)];
        let event = Event::failure(kind, &reason, targets);
        events::record(tx, key.org, Cause::Job(seq), event, Vec::new(), now)
    })?;
    let why = if refusal.kind == Kind::Unauthorized {
        text::CREDENTIALS.to_owned()
    } else {
        text::importing(what, &refusal.reason)
    };
    let why = text::import_failed(&session.app.label, &why);
    end(
        session,
        job,
        run,
        (ImportState::Failed, Some(why)),
        exchanges,
    )
}

fn end(
    session: &Session,
    job: &ProvisioningJob,
    run: ImportRun,
    how: (ImportState, Option<String>),
    exchanges: Vec<Exchange>,
) -> Result<()> {
    let (key, seq, app) = (session.key, job.seq, session.app.clone());
    let now = session.context.clock.now();
    session.context.store.write(move |tx| {
        let mut run = run;
        rules::end(tx, key, &app, &mut run, how, exchanges, now)?;
        Ok(jobs::remove(tx, key, seq)?)
    })
}

/// An import ends without another page.
///
/// # Errors
/// The store's.
pub(super) fn called_off(
    tx: &Write<'_>,
    key: AppKey,
    run: Seq,
    why: &str,
    now: Timestamp,
) -> Result<()> {
    let (Ok(app), Some(mut run)): (_, Option<ImportRun>) =
        (apps::get(tx, key), imports::find(tx, key, run)?)
    else {
        return Ok(());
    };
    let why = text::import_failed(&app.label, why);
    let how = (ImportState::Failed, Some(why));
    Ok(rules::end(tx, key, &app, &mut run, how, Vec::new(), now)?)
}

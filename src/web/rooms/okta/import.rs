//! *Import* of an app: *Import Now*, what was found, *Confirm Assignments* (parts 1.10 and 2.3 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame, has, status_pill};
use super::{Addresses, act_in_org, app_of, key, show_org};
use crate::clock::Timestamp;
use crate::directory::okta::imports::{self, ToOktaEvaluator};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{ImportResult, ImportRun, ImportState, ImportedUser, OktaApp, Org};
use crate::store::Snapshot;
use crate::store::okta::{AppKey, imports as rows, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::import::{ImportPage, ImportRow, LastImport};
use crate::web::console::parts::{Link, Moment, Notice, Pill, Tab, Tone, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done};

/// What an imported user is taken for: in the address, on its tab.
const RESULTS: [(ImportResult, &str, &str); 4] = [
    (ImportResult::Exact, "exact", "Exact match"),
    (ImportResult::Partial, "partial", "Partial match"),
    (ImportResult::New, "new", "New user"),
    (ImportResult::Ignored, "ignored", "Ignored"),
];

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, (&id, &ask), now)
    })
    .await
}

/// Why nothing can be imported.
pub(super) fn note(app: &OktaApp) -> Option<Notice> {
    if !imports::imports(app) {
        let next =
            "Choose an app of the catalogue that has it, such as SCIM 2.0 Test App (Header Auth).";
        return Some(Notice::new(
            Tone::Info,
            imports::no_import(&app.label),
            next,
        ));
    }
    (!app.provisions()).then(|| {
        Notice::new(
            Tone::Info,
            "Provisioning is not enabled, so nothing can be imported.",
            "Enable API integration on the Provisioning tab.",
        )
    })
}

/// The chosen result, else the first that somebody has.
fn chosen(ask: &Ask, counts: &[u64]) -> usize {
    let asked = RESULTS.iter().position(|(_, name, _)| *name == ask.status);
    let first = || counts.iter().position(|count| *count > 0);
    asked.or_else(first).unwrap_or(0)
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, ask): (&str, &Ask),
    now: Timestamp,
) -> Result<ImportPage> {
    let app = app_of(tx, org, id)?;
    let key = key(org, app.seq);
    let base = Addresses::new(tx, org).app(app.seq);
    let here = format!("{base}/import");
    let mut counts = Vec::new();
    for (result, ..) in RESULTS {
        counts.push(rows::count(tx, key, result)?);
    }
    let at = chosen(ask, &counts);
    let (result, total) = (RESULTS[at].0, counts[at]);
    let (url, part) = (ask.url(&here), ask.part_in_order(PAGE));
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let evaluator = ToOktaEvaluator::new(org, app.clone());
    let mut found = Vec::new();
    for imported in rows::with_result(tx, key, result, skip, part.limit)? {
        found.push(row(tx, org, &evaluator, &here, &imported, now)?);
    }
    let running = imports::running(tx, key)?.is_some();
    let note = note(&app);
    let post = |possible: bool, what: &str| {
        if possible {
            format!("{here}{what}")
        } else {
            String::new()
        }
    };
    let unconfirmed = counts[..3].iter().any(|count| *count > 0);
    Ok(ImportPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Import, has(&app)),
        import: post(note.is_none() && !running, ""),
        clear: post(unconfirmed, "/clear"),
        note,
        last: rows::last(tx, key, 1)?.pop().map(|run| last(&run, now)),
        results: RESULTS
            .iter()
            .zip(&counts)
            .enumerate()
            .map(|(place, ((_, name, label), count))| Tab {
                link: Link::new(
                    format!("{label} ({count})"),
                    format!("{here}?status={name}"),
                ),
                current: place == at,
            })
            .collect(),
        confirm: post(
            !found.is_empty() && result != ImportResult::Ignored,
            "/confirm",
        ),
        asks_activation: result == ImportResult::New,
        list: List {
            caption: "Imported users".into(),
            filter: None,
            columns: vec![
                Column::new("User in the app"),
                Column::new("Okta user assignment"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("user", "users"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "Nobody waits for confirmation",
                    "An import lists the accounts of the app that belong to nobody in Okta yet.",
                    Link::plain(""),
                ),
            ),
        },
        rows: found,
    })
}

fn last(run: &ImportRun, now: Timestamp) -> LastImport {
    LastImport {
        state: match run.state {
            ImportState::Running => Pill::new(Tone::Info, "Running"),
            ImportState::Completed => Pill::new(Tone::Good, "Completed"),
            ImportState::Failed => Pill::new(Tone::Bad, "Failed"),
            ImportState::Halted => Pill::new(Tone::Bad, "Halted"),
        },
        by: if run.scheduled {
            "Scheduled"
        } else {
            "Import Now"
        },
        at: Moment::new(run.ended.unwrap_or(run.created), now),
        summary: imports::summary(&run.counts),
        note: run.note.clone().unwrap_or_default(),
    }
}

fn row(
    tx: &Snapshot,
    org: &Org,
    evaluator: &ToOktaEvaluator,
    here: &str,
    imported: &ImportedUser,
    now: Timestamp,
) -> Result<ImportRow> {
    let person = evaluator.evaluate(&imported.user_name, &imported.profile, now);
    let who: Vec<&str> = ["firstName", "lastName", "email"]
        .into_iter()
        .filter_map(|name| person.text(name))
        .collect();
    let matched = match (imported.result, imported.user) {
        (ImportResult::Exact | ImportResult::Partial, Some(user)) => {
            users::find(tx, org.seq, user)?
        }
        _ => None,
    };
    let assignment = match (matched, imported.result) {
        (Some(user), _) => {
            let label = format!("{} ({})", user.display_name(), user.login());
            Link::new(label, Addresses::new(tx, org).user(user.seq))
        }
        (None, ImportResult::Ignored) => Link::plain("Ignored"),
        (None, ImportResult::New) => Link::plain("New Okta user"),
        (None, _) => Link::plain("Nobody any more"),
    };
    Ok(ImportRow {
        id: imported.seq.to_string(),
        user_name: imported.user_name.clone(),
        who: who.join(" "),
        assignment,
        error: imported.error.clone().unwrap_or_default(),
        choose: format!("{here}/{}", imported.seq),
    })
}

/// *Import Now*.
pub(in crate::web::rooms) async fn import_now(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{id}/import");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        imports::import_now(tx, administrator, key(org, app.seq), now)?;
        let next = "Open this page again to see what it found.";
        Ok(Done::new(
            format!("The import from {} has begun.", app.label),
            next,
        ))
    })
    .await
}

/// *Clear Unconfirmed Users*.
pub(in crate::web::rooms) async fn clear(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{id}/import");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        imports::clear_unconfirmed(tx, administrator, key(org, app.seq), now)?;
        Ok(Done::new("Unconfirmed users are cleared.", ""))
    })
    .await
}

/// What the form sends: the rows that were ticked, and *Auto-activate users after confirmation*.
type Sent = Vec<(String, String)>;

fn ticked(sent: &Sent) -> Result<Vec<Seq>> {
    let ticked: Vec<Seq> = sent
        .iter()
        .filter(|(name, _)| name == "row")
        .filter_map(|(_, value)| value.parse().ok().map(Seq))
        .collect();
    if ticked.is_empty() {
        return Err(Error::Conflict {
            attribute: "row",
            detail: "Select at least one user".into(),
        });
    }
    Ok(ticked)
}

/// *Confirm Assignments*: all that were ticked, or none of them.
pub(in crate::web::rooms) async fn confirm(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    sent: web::Form<Sent>,
) -> Answered {
    let back = format!("{HERE}/{id}/import");
    let sent = sent.into_inner();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let key: AppKey = key(org, app.seq);
        let activate = sent
            .iter()
            .any(|(name, value)| name == "activate" && value == "yes");
        let ticked = ticked(&sent)?;
        for row in &ticked {
            let imported = rows::user(tx, key, *row)?;
            let name = imported.map_or_else(String::new, |imported| imported.user_name);
            imports::confirm(tx, administrator, key, *row, activate, now).map_err(|refusal| {
                let sentence = refusal.to_string();
                match Error::from(refusal) {
                    Error::Field { .. } | Error::Conflict { .. } => Error::Conflict {
                        attribute: "row",
                        detail: format!("{name}: {sentence}"),
                    },
                    other => other,
                }
            })?;
        }
        let count = counted(ticked.len() as u64, "user is", "users are");
        let next = "Nothing was sent to the app: the accounts are there already.";
        Ok(Done::new(format!("{count} assigned."), next))
    })
    .await
}

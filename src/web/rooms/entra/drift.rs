//! The drift report of an application: asked for, watched, read.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;

use super::applications::frame;
use super::{application_address, application_at, outbound_job_of};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{Application, Direction, ObjectKind};
use crate::store::Reads;
use crate::store::jobs::JobKey;
use crate::sync::drift::{self, Finding, KEPT, Kind, Report, Stage};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::entra::applications::{ApplicationTab, tabs};
use crate::web::console::entra::drift::{DriftLive, DriftPage, DriftRow, DriftSection};
use crate::web::console::parts::{Fact, Link, Notice, Pill, Tone, counted, span, thousands};
use crate::web::failure::PageFailure;
use crate::web::rooms::{Answered, Done, exact, finish, html_with};

/// Anchor, heading, and what it means, of each kind.
const fn words(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Attributes => (
            "attributes",
            "Attributes changed in the application",
            "Somebody else changed them. They stay so until the object changes in the source, is provisioned on demand, or provisioning is restarted.",
        ),
        Kind::Active => (
            "active",
            "Enabled or disabled by hand",
            "The account was switched on or off in the application.",
        ),
        Kind::Missing => (
            "missing",
            "Missing in the application",
            "The link leads nowhere: the next change fails with InvalidAnchor. Restart provisioning and clear the links, so that objects are matched or created again.",
        ),
        Kind::Members => (
            "members",
            "Members differ",
            "Members are compared by what the application shows. A cycle never reads them; a restart that clears the links sends all of them again.",
        ),
        Kind::Unmanaged => (
            "unmanaged",
            "Not managed by this job",
            "Accounts and groups of the application that are linked to nothing here. They may have been made by hand, or by another job.",
        ),
        Kind::Pending => (
            "pending",
            "Waiting for the next cycle",
            "The source has changed since the last export. This is no drift.",
        ),
        Kind::Unknown => (
            "unknown",
            "Not compared",
            "The application did not show them as it should.",
        ),
    }
}

fn here(application: &Application) -> String {
    format!("{}/provisioning/drift", application_address(application))
}

fn live(application: &Application, report: &Report) -> DriftLive {
    let running = report.stage == Stage::Running;
    DriftLive {
        poll: if running {
            format!("{}/live", here(application))
        } else {
            String::new()
        },
        done: report.done,
        total: report.total,
        numbers: format!(
            "{} of {}, {}",
            thousands(report.done),
            counted(report.total, "linked object", "linked objects"),
            counted(report.requests, "request", "requests")
        ),
    }
}

fn find(tx: &impl Reads, id: &str) -> Result<(Application, JobKey)> {
    let (tenant, application) = application_at(tx, id)?;
    let tenant = tenant.seq;
    let (key, _) = outbound_job_of(tx, tenant, &application, "The drift report")?;
    Ok((application, key))
}

/// The page.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let (application, key) = find(&app.store.read()?, &id)?;
            let report = drift::latest(app.agent.context(), key);
            Ok(view(&who, &application, report.as_ref(), app.now()).render()?)
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// The fragment that is asked for every second while a report is under way.
pub(in crate::web::rooms) async fn fragment(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    drop(signed);
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let (application, key) = find(&app.store.read()?, &id)?;
            let report = drift::latest(app.agent.context(), key);
            let over = DriftLive {
                poll: String::new(),
                done: 0,
                total: 0,
                numbers: String::new(),
            };
            let shown = report.map_or(over, |report| live(&application, &report));
            Ok(shown.render()?)
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// *Compare now*.
pub(in crate::web::rooms) async fn start(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.who();
    let back = format!("/entra/applications/{id}/provisioning/drift");
    let begun = app
        .run(move |app| {
            who.operator()?;
            let (_, key) = find(&app.store.read()?, &id)?;
            drift::start(app.agent.context(), key)?;
            Ok(Done::new("The application is being read.", ""))
        })
        .await;
    finish(&signed, &back, begun)
}

fn view(
    who: &Who,
    application: &Application,
    report: Option<&Report>,
    now: Timestamp,
) -> DriftPage {
    let base = application_address(application);
    let running = report.is_some_and(|report| report.stage == Stage::Running);
    let complete = report.filter(|report| report.stage != Stage::Running);
    DriftPage {
        page: frame(who, application),
        tabs: tabs(&base, Direction::Outbound, ApplicationTab::Drift),
        start: if running {
            String::new()
        } else {
            here(application)
        },
        live: report
            .filter(|_| running)
            .map(|report| live(application, report)),
        status: complete.map(pill),
        notices: complete.map(notices).unwrap_or_default(),
        facts: complete
            .map(|report| facts(report, now))
            .unwrap_or_default(),
        sections: complete
            .map(|report| sections(application, report))
            .unwrap_or_default(),
    }
}

fn pill(report: &Report) -> Pill {
    match report.stage {
        Stage::Failed(_) => Pill::new(Tone::Bad, "Failed"),
        _ if report.is_clean() => Pill::new(Tone::Good, "In step"),
        _ => Pill::new(Tone::Warn, "Drifted"),
    }
}

fn notices(report: &Report) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Stage::Failed(error) = &report.stage {
        notices.push(Notice::new(
            Tone::Bad,
            format!("{} ({})", error.reason, error.error_code),
            error.recommended_action.clone().unwrap_or_default(),
        ));
    }
    let notes = report.notes.iter();
    notices.extend(notes.map(|note| Notice::new(Tone::Info, note.as_str(), "")));
    notices
}

fn facts(report: &Report, now: Timestamp) -> Vec<Fact> {
    let ended = report.ended.unwrap_or(now);
    let mut facts = vec![
        Fact::text("Complete", exact(ended)),
        Fact::text("Duration", span(ended.since(report.began))),
        Fact::text("Linked objects compared", thousands(report.done)),
        Fact::text("Requests, all of them GET", thousands(report.requests)),
    ];
    for kind in Kind::ALL {
        let (_, title, _) = words(kind);
        facts.push(Fact::text(title, thousands(report.count(kind))));
    }
    facts
}

fn sections(application: &Application, report: &Report) -> Vec<DriftSection> {
    Kind::ALL
        .into_iter()
        .filter(|kind| report.count(*kind) > 0)
        .map(|kind| {
            let (id, title, meaning) = words(kind);
            let count = report.count(kind);
            let more = count.saturating_sub(KEPT as u64);
            DriftSection {
                id,
                title,
                meaning,
                count: thousands(count),
                more: if more > 0 {
                    format!("{} more are not shown.", thousands(more))
                } else {
                    String::new()
                },
                rows: report
                    .findings
                    .iter()
                    .filter(|finding| finding.kind == kind)
                    .map(|finding| row(application, finding))
                    .collect(),
            }
        })
        .collect()
}

fn row(application: &Application, finding: &Finding) -> DriftRow {
    let (object, kind) = match finding.object {
        ObjectKind::User => ("/entra/users", "User"),
        ObjectKind::Group => ("/entra/groups", "Group"),
    };
    let known = !finding.source_id.is_empty();
    let helps = matches!(
        finding.kind,
        Kind::Attributes | Kind::Active | Kind::Pending
    );
    DriftRow {
        name: if known {
            Link::new(&finding.name, format!("{object}/{}", finding.source_id))
        } else {
            Link::plain(&finding.name)
        },
        detail: format!("{kind}, id {}", finding.target_id),
        attributes: finding
            .attributes
            .iter()
            .map(|d| {
                (
                    d.attribute.clone(),
                    d.source.clone(),
                    d.target.clone().unwrap_or_default(),
                )
            })
            .collect(),
        note: finding.note.clone(),
        provision: if known && helps {
            let base = application_address(application);
            format!("{base}/provisioning/on-demand?object={}", finding.source_id)
        } else {
            String::new()
        },
    }
}

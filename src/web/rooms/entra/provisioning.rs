//! The *Provisioning* tab: scope, start, stop, restart, live progress. Its *Admin Credentials* are in
//! `credentials`.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::chart::{CycleFigure, CycleHistory};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::provisioning::{
    JobActions, MappingRow, MappingSet, ProvisioningPage, Settings, SettingsPage,
};
use super::super::super::console::parts::{Fact, Notice, Tone, span, thousands};
use super::super::super::failure::PageFailure;
use super::super::{Answered, Done, act, exact, html_with, show};
use super::applications::frame;
use super::credentials::{self, Typed};
use super::provisioning_live::{busy, kind, latest, linked, live};
use super::{Rates, application_address, application_at, job_of};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::mapping::entra::{AttributeMapping, MappingSource, ObjectMapping};
use crate::model::{Application, Cycle, CycleState, Job, JobStatus, ObjectKind, Scope};
use crate::store::jobs::JobKey;
use crate::store::{Reads, Write};
use crate::sync::jobs;

/// Everything the tab reads.
pub(super) struct Loaded {
    application: Application,
    pub(super) key: JobKey,
    pub(super) job: Job,
    cycles: Vec<Cycle>,
}

pub(super) fn load(tx: &impl Reads, id: &str) -> Result<Loaded> {
    let (tenant, application) = application_at(tx, id)?;
    let tenant = tenant.seq;
    let (key, job) = job_of(tx, tenant, &application)?;
    let cycles = latest(tx, tenant, &job)?;
    Ok(Loaded {
        application,
        key,
        job,
        cycles,
    })
}

/// The tab.
pub(in super::super) async fn page(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            render(&app.store.read()?, &who, &id, None, &rates, app.now())
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// The tab, or before there are credentials only its forms.
pub(super) fn render(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    typed: Option<Typed>,
    rates: &Rates,
    now: Timestamp,
) -> std::result::Result<String, PageFailure> {
    use askama::Template as _;
    let loaded = load(tx, id)?;
    let base = application_address(&loaded.application);
    let page = frame(who, &loaded.application);
    let tabs = tabs(&base, ApplicationTab::Provisioning);
    let settings = settings(&base, &loaded.job, typed);
    if loaded.job.status == JobStatus::NotConfigured {
        let page = SettingsPage {
            page,
            tabs,
            settings,
        };
        return Ok(page.render()?);
    }
    let job = &loaded.job;
    let page = ProvisioningPage {
        page,
        tabs,
        actions: actions(&base, &loaded, now),
        live: live(
            tx,
            &loaded.application,
            (loaded.key, job),
            &loaded.cycles,
            rates,
            now,
        )?,
        trouble: trouble(&loaded),
        history: history(&loaded.cycles),
        statistics: [("Users", ObjectKind::User), ("Groups", ObjectKind::Group)]
            .into_iter()
            .map(|(name, kind)| Ok(Fact::text(name, thousands(linked(tx, loaded.key, kind)?))))
            .collect::<Result<_>>()?,
        technical: technical(&loaded),
        settings,
    };
    Ok(page.render()?)
}

/// The fragment that is asked for every second while something runs.
pub(in super::super) async fn fragment(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    drop(signed);
    show(&app, move |tx, now| {
        let loaded = load(tx, &id)?;
        let job = (loaded.key, &loaded.job);
        live(tx, &loaded.application, job, &loaded.cycles, &rates, now)
    })
    .await
}

fn actions(base: &str, loaded: &Loaded, now: Timestamp) -> JobActions {
    let to = |what: &str| format!("{base}/provisioning/{what}");
    let none = String::new;
    let running = busy(&loaded.job, loaded.cycles.first(), now);
    match loaded.job.status {
        JobStatus::NotConfigured => JobActions {
            blocked: "Test and save the Admin Credentials first.".into(),
            ..JobActions::default()
        },
        JobStatus::Paused | JobStatus::Disabled => JobActions {
            start: to("start"),
            ..JobActions::default()
        },
        JobStatus::Active | JobStatus::Quarantine => JobActions {
            cycle: if running { none() } else { to("cycle") },
            stop: to("stop"),
            restart: to("restart"),
            ..JobActions::default()
        },
    }
}

fn trouble(loaded: &Loaded) -> Option<Notice> {
    if let Some(quarantine) = &loaded.job.quarantine {
        let (error, mend) = (
            &quarantine.error,
            "Mend it below, test the connection, save, and restart provisioning.",
        );
        let what = format!("Quarantined ({}): {}", error.error_code, error.reason);
        let mend = error.recommended_action.as_deref().unwrap_or(mend);
        return Some(Notice::new(Tone::Bad, what, mend));
    }
    let failed = loaded.cycles.first()?;
    let error = failed.error.as_ref()?;
    (failed.state == CycleState::Failed).then(|| {
        let what = format!(
            "The last cycle failed ({}): {}",
            error.error_code, error.reason
        );
        let mend = error.recommended_action.clone().unwrap_or_default();
        Notice::new(Tone::Bad, what, mend)
    })
}

fn history(cycles: &[Cycle]) -> CycleHistory {
    let figures: Vec<CycleFigure> = cycles
        .iter()
        .rev()
        .filter(|cycle| cycle.ended.is_some())
        .map(|cycle| {
            let c = cycle.counts;
            let changed = c.created + c.updated + c.disabled + c.deleted;
            CycleFigure {
                succeeded: changed,
                failed: c.failed,
                title: format!(
                    "{}, {}: {changed} changed, {} failed, {} skipped",
                    kind(cycle),
                    exact(cycle.began),
                    c.failed,
                    c.skipped
                ),
            }
        })
        .collect();
    CycleHistory::new(&figures)
}

fn technical(loaded: &Loaded) -> Vec<Fact> {
    let job = &loaded.job;
    let moment = |at: Option<Timestamp>| at.map(exact).unwrap_or_default();
    let last = loaded.cycles.iter().find(|cycle| cycle.ended.is_some());
    let duration = last
        .and_then(|cycle| Some(span(cycle.ended?.since(cycle.began))))
        .unwrap_or_default();
    let activity = loaded.cycles.first().map(|cycle| cycle.id.to_string());
    let requests = last.map(|cycle| thousands(cycle.counts.requests));
    vec![
        Fact::text("Completed", moment(last.and_then(|cycle| cycle.ended))),
        Fact::text("Duration", duration),
        Fact::text("Requests sent", requests.unwrap_or_default()),
        Fact::text(
            "Steady state first achieved",
            moment(job.steady_state_first),
        ),
        Fact::text("Steady state last achieved", moment(job.steady_state_last)),
        Fact::text(
            "Provisioning interval",
            format!("{} min", job.interval_seconds / 60),
        ),
        Fact::code("Activity ID", activity.unwrap_or_default()),
        Fact::code("Job ID", &job.id),
        Fact::link(
            "Schema",
            "Review your schema here",
            format!(
                "{}/provisioning/schema",
                application_address(&loaded.application)
            ),
        ),
    ]
}

fn settings(base: &str, job: &Job, typed: Option<Typed>) -> Settings {
    let set = |mapping: &ObjectMapping| MappingSet {
        name: mapping.name.clone(),
        rows: mapping.attributes.iter().map(mapping_row).collect(),
    };
    Settings {
        credentials: credentials::form(base, job, typed),
        mappings: vec![set(&job.rules.users), set(&job.rules.groups)],
        save_scope: format!("{base}/provisioning/scope"),
        assigned_only: job.scope == Scope::AssignedOnly,
        notification_email: Settings::notification_email(
            job.notification_email.as_deref().unwrap_or_default(),
        ),
    }
}

/// A mapping's source as the portal writes it.
pub(super) fn source(source: &MappingSource) -> String {
    match source {
        MappingSource::Direct(name) => name.clone(),
        MappingSource::Constant(text) => format!("\"{text}\""),
        MappingSource::Expression(expression) => expression.to_string(),
        MappingSource::None => "None".into(),
    }
}

fn mapping_row(mapping: &AttributeMapping) -> MappingRow {
    MappingRow {
        source: source(&mapping.source),
        target: mapping.target.to_string(),
        matching: match mapping.matching_priority {
            0 => String::new(),
            priority => priority.to_string(),
        },
        when: mapping.flow.label(),
    }
}

#[derive(Deserialize)]
pub(in super::super) struct ScopeForm {
    #[serde(default)]
    scope: String,
    /// A form without the field leaves it as it is.
    #[serde(default)]
    notification_email: Option<String>,
}

/// *Save settings*.
pub(in super::super) async fn save_scope(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    form: web::Form<ScopeForm>,
) -> Answered {
    let scope = match form.scope.as_str() {
        "assigned" => Scope::AssignedOnly,
        "all" => Scope::All,
        _ => return Err(PageFailure::Malformed("choose a scope".into())),
    };
    let email = form.into_inner().notification_email;
    job_action(&app, signed, id.into_inner(), move |tx, who, key, _| {
        jobs::set_scope(tx, who.operator()?, key, scope)?;
        if let Some(email) = email {
            jobs::set_notification_email(tx, who.operator()?, key, &email)?;
        }
        Ok(Done::new(
            "The settings are saved.",
            "Restart provisioning to apply it to everybody.",
        ))
    })
    .await
}

/// Does something with the job of the address, wakes the agent, and leads back to the tab.
async fn job_action<F>(app: &App, signed: SignedIn, id: String, work: F) -> Answered
where
    F: FnOnce(&Write<'_>, &Who, JobKey, Timestamp) -> Result<Done> + Send + 'static,
{
    let back = format!("/entra/applications/{id}/provisioning");
    let answer = act(app, signed, back, move |tx, who, now| {
        let key = load(tx, &id)?.key;
        work(tx, who, key, now)
    })
    .await;
    app.agent.wake();
    answer
}

/// *Start provisioning*.
pub(in super::super) async fn start(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    job_action(&app, signed, id.into_inner(), |tx, who, key, now| {
        jobs::start(tx, who.operator()?, key, now)?;
        Ok(Done::new("Provisioning is started.", ""))
    })
    .await
}

/// A cycle at once instead of in 40 minutes.
pub(in super::super) async fn cycle(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    job_action(&app, signed, id.into_inner(), |tx, who, key, now| {
        jobs::request_cycle(tx, who.operator()?, key, now)?;
        Ok(Done::new("A cycle starts now.", ""))
    })
    .await
}

/// *Stop provisioning*.
pub(in super::super) async fn stop(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    job_action(&app, signed, id.into_inner(), |tx, who, key, _| {
        jobs::stop(tx, who.operator()?, key)?;
        Ok(Done::new(
            "Provisioning is stopped.",
            "A cycle that runs is finished first.",
        ))
    })
    .await
}

/// Asks before restarting.
pub(in super::super) async fn ask_restart(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let application = load(tx, &id)?.application;
        let base = application_address(&application);
        let mut page = frame(&who, &application)
            .under(&application.display_name, &base)
            .under("Provisioning", format!("{base}/provisioning"));
        "Restart provisioning?".clone_into(&mut page.title);
        Ok(ConfirmPage {
            page,
            lead: "The agent forgets how far it was and begins with an initial cycle.".into(),
            consequences: vec![
                "Everybody in the directory is looked at again.".into(),
                "Nothing is created twice: what it provisioned before stays linked.".into(),
                "Failures that wait for another try, and a quarantine, are cleared.".into(),
            ],
            danger: false,
            ask: None,
            action: format!("{base}/provisioning/restart"),
            submit: "Restart provisioning".into(),
            cancel: format!("{base}/provisioning"),
        })
    })
    .await
}

/// *Restart provisioning*.
pub(in super::super) async fn restart(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    job_action(&app, signed, id.into_inner(), |tx, who, key, now| {
        jobs::restart(tx, who.operator()?, key, jobs::RestartScope::default(), now)?;
        Ok(Done::new("Provisioning is restarted.", ""))
    })
    .await
}

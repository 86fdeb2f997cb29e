//! The *Provisioning* tab: credentials with *Test Connection*, scope, start, stop, restart, live progress.
//!
//! A token that was typed for *Test Connection* is kept sealed in the session, so that it need not be typed
//! again for *Save*; it is never sent back to the browser.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::chart::{CycleFigure, CycleHistory};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::provisioning::{
    JobActions, MappingSet, ProvisioningPage, Settings, SettingsPage,
};
use super::super::super::console::parts::{Fact, Link, Notice, Tone, counted, span, thousands};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, exact, finish, html_with, show};
use super::applications::frame;
use super::provisioning_live::{busy, kind, latest, linked, live};
use super::{Rates, application_address, application_of, job_of, tenant};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::mapping::entra::{MappingSource, ObjectMapping};
use crate::model::{Application, Cycle, CycleState, Job, JobStatus, ObjectKind, Scope};
use crate::secret::{Plain, Sealed};
use crate::store::jobs::JobKey;
use crate::store::{Reads, Write};
use crate::sync::{self, jobs};

/// What was posted with *Save* or *Test Connection*, to be shown again.
#[derive(Debug, Clone, Default)]
struct Again {
    tenant_url: String,
    token_kept: bool,
    wrong: Option<(String, String)>,
    tested: Option<Notice>,
}

/// Everything the tab reads.
struct Loaded {
    application: Application,
    key: JobKey,
    job: Job,
    cycles: Vec<Cycle>,
}

fn load(tx: &impl Reads, id: &str) -> Result<Loaded> {
    let tenant = tenant(tx)?.seq;
    let application = application_of(tx, tenant, id)?;
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
fn render(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    again: Option<Again>,
    rates: &Rates,
    now: Timestamp,
) -> std::result::Result<String, PageFailure> {
    use askama::Template as _;
    let loaded = load(tx, id)?;
    let base = application_address(&loaded.application);
    let page = frame(who, &loaded.application);
    let tabs = tabs(&base, ApplicationTab::Provisioning);
    let settings = settings(&base, &loaded.job, again);
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
        JobStatus::Paused => JobActions {
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
    ]
}

fn settings(base: &str, job: &Job, again: Option<Again>) -> Settings {
    let stored = job.secret_token.is_some();
    let again = again.unwrap_or_else(|| Again {
        tenant_url: job.tenant_url.clone().unwrap_or_default(),
        ..Again::default()
    });
    let (mut tenant_url, mut secret_token) =
        Settings::fields(&again.tenant_url, stored || again.token_kept);
    if again.token_kept {
        secret_token = secret_token
            .help("The token you just tested is kept until you save. Leave this empty to use it.");
    }
    if let Some((field, detail)) = again.wrong {
        if field == tenant_url.name {
            tenant_url = tenant_url.error(detail);
        } else {
            secret_token = secret_token.error(detail);
        }
    }
    let set = |mapping: &ObjectMapping, word: &str| MappingSet {
        name: Link::new(
            &mapping.name,
            format!("{base}/provisioning/mappings/{word}"),
        ),
        detail: counted(mapping.attributes.len() as u64, "attribute", "attributes"),
    };
    Settings {
        save: format!("{base}/provisioning/credentials"),
        test: format!("{base}/provisioning/test-connection"),
        tenant_url,
        secret_token,
        token_stored: stored,
        tested: again.tested,
        mappings: vec![
            set(&job.rules.users, "users"),
            set(&job.rules.groups, "groups"),
        ],
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

#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct Credentials {
    #[serde(default)]
    tenant_url: String,
    #[serde(default)]
    secret_token: String,
}

/// Name in the session of a token that was tested and not yet saved.
fn kept_name(id: &str) -> String {
    format!("tested {id}")
}

/// The token to use: the one just typed, else the one typed for the last test; `None` means the stored one.
fn token(app: &App, session: &Session, id: &str, typed: &str) -> Option<Plain> {
    if !typed.is_empty() {
        return Some(Plain::new(typed));
    }
    let kept = session.get::<Sealed>(&kept_name(id)).ok().flatten()?;
    app.sealer.open(&kept)
}

/// *Test Connection*: shows the same page with the verdict. Nothing is saved.
pub(in super::super) async fn test(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Credentials>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let token = token(&app, &session, &id, form.secret_token.trim());
    if let Some(token) = &token {
        session.insert(kept_name(&id), app.sealer.seal(token))?;
    }
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let again = tested(app, &id, &form, token)?;
            render(
                &app.store.read()?,
                &who,
                &id,
                Some(again),
                &rates,
                app.now(),
            )
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

fn tested(app: &App, id: &str, form: &Credentials, token: Option<Plain>) -> Result<Again> {
    // The snapshot is closed before anything is sent.
    let job = load(&app.store.read()?, id)?.job;
    let again = Again {
        tenant_url: form.tenant_url.clone(),
        token_kept: token.is_some(),
        ..Again::default()
    };
    let stored = || job.secret_token.as_ref().and_then(|s| app.sealer.open(s));
    let Some(token) = token.or_else(stored) else {
        let wrong = ("secret_token".into(), "Enter the Secret Token.".into());
        return Ok(Again {
            wrong: Some(wrong),
            ..again
        });
    };
    let notice = match sync::test_connection(&form.tenant_url, &token, &job.rules, Guid::random()) {
        Ok(_) => Notice::new(
            Tone::Good,
            format!("{}.", sync::SUCCESS),
            "Save to use them.",
        ),
        Err(failure) => Notice::new(Tone::Bad, sync::INVALID, failure.message),
    };
    Ok(Again {
        tested: Some(notice),
        ..again
    })
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    session: Session,
    id: web::Path<String>,
    form: web::Form<Credentials>,
) -> Answered {
    let (who, id, form) = (signed.who(), id.into_inner(), form.into_inner());
    let token = token(&app, &session, &id, form.secret_token.trim());
    let kept = token.is_some() && form.secret_token.trim().is_empty();
    let (asked, url, sealer) = (id.clone(), form.tenant_url.clone(), app.sealer.clone());
    let saved = app
        .write(move |tx| {
            let key = load(tx, &asked)?.key;
            jobs::save_credentials(tx, who.operator()?, key, &sealer, &url, token.as_ref())?;
            Ok(Done::new(
                "The Admin Credentials are saved.",
                "Start provisioning when you are ready.",
            ))
        })
        .await;
    if let Err(Error::Field { field, detail }) = saved {
        let again = Again {
            tenant_url: form.tenant_url,
            token_kept: kept,
            wrong: Some((field.to_owned(), sentence(&detail))),
            tested: None,
        };
        let who = signed.who();
        let html = app
            .run::<_, PageFailure, _>(move |app| {
                render(
                    &app.store.read()?,
                    &who,
                    &id,
                    Some(again),
                    &rates,
                    app.now(),
                )
            })
            .await?;
        return Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, html));
    }
    if saved.is_ok() {
        session.remove(&kept_name(&id));
    }
    finish(
        &signed,
        &format!("/entra/applications/{id}/provisioning"),
        saved,
    )
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
        jobs::restart(tx, who.operator()?, key, jobs::Reset::default(), now)?;
        Ok(Done::new("Provisioning is restarted.", ""))
    })
    .await
}

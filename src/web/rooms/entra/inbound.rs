//! The *Provisioning* tab of an API-driven provisioning application, and the Postman environment of one of its clients.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template as _;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::addresses;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::inbound::InboundPage;
use super::super::super::console::entra::job_settings::Notification;
use super::super::super::console::entra::provisioning::{
    Counter, JobActions, ProvisioningLive, job_pill,
};
use super::super::super::console::parts::{Choice, Link, Moment, Notice, Tone, counted};
use super::super::super::failure::{PageFailure, sentence};
use super::super::super::postman;
use super::super::{Answered, Done, finish, html_with};
use super::application_address;
use super::applications::frame;
use super::provisioning::{Loaded, load};
use super::provisioning_live::word;
use super::provisioning_state::activities;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{AppRegistration, Direction, Job, Reach, Tenant, Upload, UploadOutcome};
use crate::store::jobs::JobKey;
use crate::store::{Reads, directory, inbound as rows, jobs, registrations};
use crate::sync::jobs as job_actions;

/// Uploads that the counters look back on.
const LOOK_BACK: usize = 200;
/// Waiting uploads that are counted one by one.
const WAITING: usize = 1_000;
/// Where a client is registered.
const REGISTER: &str = "/entra/app-registrations/new";

/// The tab; `typed` is a *Notification Email* that was refused, with the reason.
pub(super) fn render(
    tx: &impl Reads,
    who: &Who,
    loaded: &Loaded,
    typed: Option<(&Notified, &str)>,
    now: Timestamp,
) -> std::result::Result<String, PageFailure> {
    let base = application_address(&loaded.application);
    let to = |below: &str| format!("{base}/{below}");
    let job = &loaded.job;
    let root = who.base();
    let clients = clients(tx, loaded)?;
    let page = InboundPage {
        page: frame(who, &loaded.application),
        tabs: tabs(&base, Direction::Inbound, ApplicationTab::Provisioning),
        actions: actions(&base, job.status.is_started()),
        live: live(tx, loaded, now)?,
        endpoint: addresses::bulk_upload(root, loaded.application.id, &job.id),
        job_id: job.id.clone(),
        token_endpoint: addresses::token_v2(root, loaded.tenant.id),
        clients: clients
            .iter()
            .map(|client| Choice::new(client.app_id.to_string(), &client.display_name))
            .collect(),
        environment: to("environment"),
        register: Link::new("New registration", REGISTER),
        notification: notification(job, typed),
        notify: to("provisioning/notification"),
        trouble: job.quarantine.as_ref().map(|quarantine| {
            let error = &quarantine.error;
            let what = format!("Quarantined ({}): {}", error.error_code, error.reason);
            let mend = error.recommended_action.as_deref().unwrap_or_default();
            Notice::new(Tone::Bad, what, mend)
        }),
        ways: vec![
            (
                Link::new("Edit attribute mappings", to("provisioning/mappings/users")),
                counted(
                    job.rules.users.attributes.len() as u64,
                    "attribute is mapped.",
                    "attributes are mapped.",
                ),
            ),
            (
                Link::new(
                    "Edit scoping filters",
                    to("provisioning/mappings/users/scope"),
                ),
                match job.rules.users.scope.len() {
                    0 => "Everybody who is uploaded is in scope.".to_owned(),
                    filters => counted(filters as u64, "scoping filter.", "scoping filters."),
                },
            ),
            (
                Link::new("Review your schema here", to("provisioning/schema")),
                "Download it, or replace it as a whole.".to_owned(),
            ),
            (
                Link::new("View provisioning logs", to("provisioning-logs")),
                "One entry for every person of every upload.".to_owned(),
            ),
        ],
        activities: activities(job, now),
    };
    Ok(page.render()?)
}

fn notification(job: &Job, typed: Option<(&Notified, &str)>) -> Notification {
    let Some((typed, wrong)) = typed else {
        let email = job.notification_email.as_deref().unwrap_or_default();
        return Notification::new(email, job.settings.notify);
    };
    let mut shown = Notification::new(&typed.notification_email, !typed.notify.is_empty());
    shown.email = shown.email.error(sentence(wrong));
    shown
}

/// What the form of *Notification Email* sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Notified {
    notification_email: String,
    notify: String,
}

/// *Save* of *Notification Email*.
pub(in crate::web::rooms) async fn notify(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Notified>,
) -> Answered {
    let (who, now, id, typed) = (signed.who(), app.now(), id.into_inner(), typed.into_inner());
    let (writer, asked, wanted) = (who.clone(), id.clone(), typed.clone());
    let saved = app
        .write(move |tx| {
            let key = load_inbound(tx, &asked)?.key;
            let (operator, notify) = (writer.operator()?, !wanted.notify.is_empty());
            job_actions::set_notification(
                tx,
                operator,
                key,
                &wanted.notification_email,
                notify,
                now,
            )
        })
        .await;
    match saved {
        Err(Error::Field { detail, .. }) => {
            let html = app
                .run::<_, PageFailure, _>(move |app| {
                    let tx = app.store.read()?;
                    let loaded = load_inbound(&tx, &id)?;
                    render(&tx, &who, &loaded, Some((&typed, &detail)), now)
                })
                .await?;
            Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, html))
        }
        done => {
            let back = format!("/entra/applications/{id}/provisioning");
            let done = done.map(|_| Done::new("The settings are saved.", ""));
            finish(&signed, &back, done)
        }
    }
}

/// What the tab of an inbound job reads; other jobs have no such page.
fn load_inbound(tx: &impl Reads, id: &str) -> Result<Loaded> {
    let loaded = load(tx, id)?;
    match loaded.job.direction {
        Direction::Inbound => Ok(loaded),
        Direction::Outbound => Err(Error::not_found("Page", "")),
    }
}

/// Buttons: an inbound job has no cycle that could be run now.
fn actions(base: &str, started: bool) -> JobActions {
    let to = |what: &str| format!("{base}/provisioning/{what}");
    let (start, stop) = if started {
        (String::new(), to("stop"))
    } else {
        (to("start"), String::new())
    };
    JobActions {
        start,
        stop,
        restart: to("restart"),
        ..JobActions::default()
    }
}

/// The fragment: the state, the last upload, what waits, and counters over the latest uploads.
pub(super) fn live(tx: &impl Reads, loaded: &Loaded, now: Timestamp) -> Result<ProvisioningLive> {
    let base = application_address(&loaded.application);
    let log = |query: &str| format!("{base}/provisioning-logs?{query}");
    let uploads = rows::newest(tx, loaded.key, None, LOOK_BACK)?;
    let waiting = rows::count_waiting(tx, loaded.key, WAITING)?;
    let started = loaded.job.status.is_started();
    let sum = |count: fn(&UploadOutcome) -> u32| {
        let counts = uploads
            .iter()
            .map(|upload| u64::from(count(&upload.outcome)));
        counts.sum()
    };
    Ok(ProvisioningLive {
        poll: if started && waiting > 0 {
            format!("{base}/provisioning/live")
        } else {
            String::new()
        },
        status: job_pill(word(&loaded.job)),
        strip: strip(&uploads, waiting, started, now),
        progress: None,
        counters: vec![
            Counter::new(
                "Created",
                sum(|outcome| outcome.created),
                log("action=create&status=success"),
            ),
            Counter::new(
                "Updated",
                sum(|outcome| outcome.updated),
                log("action=update&status=success"),
            ),
            Counter::new(
                "Skipped",
                sum(|outcome| outcome.skipped),
                log("status=skipped"),
            ),
            Counter::new(
                "Failed",
                sum(|outcome| outcome.failed),
                log("status=failure"),
            ),
        ],
    })
}

fn strip(uploads: &[Upload], waiting: usize, started: bool, now: Timestamp) -> Vec<String> {
    let mut strip = Vec::new();
    let last = uploads
        .iter()
        .find_map(|upload| Some((upload, upload.processed?)));
    match last {
        Some((upload, at)) => {
            let people = counted(u64::from(upload.operations), "operation", "operations");
            let failed = match upload.outcome.failed {
                0 => String::new(),
                failed => format!(", {failed} of them failed"),
            };
            let when = Moment::new(at, now).text;
            strip.push(format!(
                "The last upload, of {people}{failed}, was worked off {when}"
            ));
        }
        None => strip.push("Nothing was uploaded yet".into()),
    }
    if waiting > 0 {
        let more = if waiting == WAITING { "at least " } else { "" };
        let waits = counted(waiting as u64, "upload waits", "uploads wait");
        strip.push(format!("{more}{waits}"));
    }
    if !started {
        strip.push("Uploads are refused until it is started".into());
    }
    strip
}

/// Registrations that may upload to this application.
fn clients(tx: &impl Reads, loaded: &Loaded) -> Result<Vec<AppRegistration>> {
    let mut all = registrations::all(tx, loaded.tenant.seq)?;
    all.retain(|client| client.reaches(Reach::UPLOAD, loaded.application.seq));
    Ok(all)
}

/// The question before a restart.
pub(super) fn restart_question(who: &Who, loaded: &Loaded) -> ConfirmPage {
    let base = application_address(&loaded.application);
    let tab = format!("{base}/provisioning");
    let mut page = frame(who, &loaded.application)
        .under(&loaded.application.display_name, &base)
        .under("Provisioning", &tab);
    "Restart provisioning?".clone_into(&mut page.title);
    let started = loaded.job.status.is_started();
    ConfirmPage {
        page,
        lead: "Clients go on uploading to the same address.".into(),
        consequences: if started {
            vec![
                "Uploads that wait are worked off first.".into(),
                "Then failures that wait for another attempt are forgotten.".into(),
            ]
        } else {
            vec![
                "Uploads that wait are thrown away: what is in them never happens.".into(),
                "Provisioning is started.".into(),
            ]
        },
        danger: !started,
        ask: None,
        action: format!("{tab}/restart"),
        submit: "Restart provisioning".into(),
        cancel: tab,
    }
}

/// Whose environment.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Chosen {
    client: String,
}

/// *Download environment*, without a client secret.
pub(in crate::web::rooms) async fn environment(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
    id: web::Path<String>,
    chosen: web::Query<Chosen>,
) -> Answered {
    drop(signed);
    let (base, now) = (app.public_url.of(&request), app.now());
    let file = app
        .read(move |tx| {
            let loaded = load_inbound(tx, &id)?;
            let all = clients(tx, &loaded)?;
            let client: Option<Guid> = chosen.client.parse().ok();
            let client = all.iter().find(|known| Some(known.app_id) == client);
            let client = client.ok_or_else(|| Error::not_found("App registration", ""))?;
            Ok(of_client(&base, &loaded, client.app_id, "", now))
        })
        .await?;
    Ok(file.download())
}

/// The environment of a client of an inbound application.
pub(super) fn of_client(
    base: &str,
    loaded: &Loaded,
    client: Guid,
    secret: &str,
    now: Timestamp,
) -> postman::Environment {
    postman::inbound(
        base,
        &postman::Upload {
            client_id: client,
            client_secret: secret,
            tenant: loaded.tenant.id,
            service_principal: loaded.application.id,
            job_id: &loaded.job.id,
        },
        now,
    )
}

/// The inbound applications of a tenant.
pub(super) fn applications(tx: &impl Reads, tenant: &Tenant) -> Result<Vec<Loaded>> {
    let mut found = Vec::new();
    for application in directory::applications(tx, tenant.seq)? {
        let job = jobs::of_application(tx, tenant.seq, application.seq)?;
        if let Some(job) = job.filter(|job| job.direction == Direction::Inbound) {
            found.push(Loaded {
                key: JobKey {
                    tenant: tenant.seq,
                    job: job.seq,
                },
                tenant: tenant.clone(),
                application,
                job,
                cycles: Vec::new(),
            });
        }
    }
    Ok(found)
}

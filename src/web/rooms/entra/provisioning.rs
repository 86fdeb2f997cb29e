//! The *Provisioning* tab as a page: its state is in `provisioning_state`, what changes every second in
//! `provisioning_live`, its buttons in `provisioning_actions`, its *Admin Credentials* in `credentials` and its
//! *Settings* in `job_settings`.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::provisioning::{
    MappingSet, ProvisioningPage, Settings, SettingsPage,
};
use super::super::super::console::parts::{Fact, Link, counted, thousands};
use super::super::super::failure::PageFailure;
use super::super::{Answered, html_with, show};
use super::applications::frame;
use super::credentials::{self, Typed};
use super::job_settings::{self, TypedSettings};
use super::provisioning_live::{latest, linked, live};
use super::provisioning_state::{actions, activities, history, numbers, technical, trouble};
use super::{Rates, application_address, application_at, inbound, job_of, outbound};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::mapping::entra::{MappingSource, ObjectMapping};
use crate::model::{Application, Cycle, Direction, Job, JobStatus, ObjectKind, Tenant};
use crate::store::Reads;
use crate::store::jobs::JobKey;

/// Everything the tab reads.
pub(super) struct Loaded {
    pub(super) tenant: Tenant,
    pub(super) application: Application,
    pub(super) key: JobKey,
    pub(super) job: Job,
    pub(super) cycles: Vec<Cycle>,
}

pub(super) fn load(tx: &impl Reads, id: &str) -> Result<Loaded> {
    let (tenant, application) = application_at(tx, id)?;
    let (key, job) = job_of(tx, tenant.seq, &application)?;
    let cycles = latest(tx, tenant.seq, &job)?;
    Ok(Loaded {
        tenant,
        application,
        key,
        job,
        cycles,
    })
}

/// The same, refusing `what` for an inbound job, which has not got it.
pub(super) fn load_outbound(tx: &impl Reads, id: &str, what: &str) -> Result<Loaded> {
    let loaded = load(tx, id)?;
    outbound(&loaded.job, what)?;
    Ok(loaded)
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

/// What was posted and is to be shown again, of one form or the other.
#[derive(Default)]
pub(super) struct Again {
    pub(super) credentials: Option<Typed>,
    pub(super) settings: Option<TypedSettings>,
}

/// The tab, with what was typed into its *Admin Credentials*.
pub(super) fn render(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    typed: Option<Typed>,
    rates: &Rates,
    now: Timestamp,
) -> std::result::Result<String, PageFailure> {
    let again = Again {
        credentials: typed,
        settings: None,
    };
    render_again(tx, who, id, again, rates, now)
}

/// The tab, or before there are credentials only its forms.
pub(super) fn render_again(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    again: Again,
    rates: &Rates,
    now: Timestamp,
) -> std::result::Result<String, PageFailure> {
    use askama::Template as _;
    let loaded = load(tx, id)?;
    if loaded.job.direction == Direction::Inbound {
        return inbound::render(tx, who, &loaded, None, now);
    }
    let base = application_address(&loaded.application);
    let page = frame(who, &loaded.application);
    let tabs = tabs(&base, Direction::Outbound, ApplicationTab::Provisioning);
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
        trouble: trouble(tx, &base, &loaded, now)?,
        history: history(&loaded.cycles),
        statistics: [("Users", ObjectKind::User), ("Groups", ObjectKind::Group)]
            .into_iter()
            .map(|(name, kind)| Ok(Fact::text(name, thousands(linked(tx, loaded.key, kind)?))))
            .collect::<Result<_>>()?,
        technical: technical(&loaded),
        numbers: numbers(tx, &loaded)?,
        activities: activities(job, now),
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
        if loaded.job.direction == Direction::Inbound {
            return inbound::live(tx, &loaded, now);
        }
        let job = (loaded.key, &loaded.job);
        live(tx, &loaded.application, job, &loaded.cycles, &rates, now)
    })
    .await
}

fn settings(base: &str, job: &Job, again: Again) -> Settings {
    let set = |mapping: &ObjectMapping, word: &str| MappingSet {
        name: Link::new(
            &mapping.name,
            format!("{base}/provisioning/mappings/{word}"),
        ),
        detail: counted(mapping.attributes.len() as u64, "attribute", "attributes"),
    };
    Settings {
        mode: credentials::mode(job, again.credentials.as_ref()),
        notification: credentials::notification(job, again.credentials.as_ref()),
        credentials: credentials::form(base, job, again.credentials),
        mappings: vec![
            set(&job.rules.users, "users"),
            set(&job.rules.groups, "groups"),
        ],
        job: job_settings::form(base, job, again.settings),
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

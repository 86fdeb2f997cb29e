//! The buttons of the *Provisioning* tab: start, stop, a cycle now, restart, *Allow deletes*.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Page;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::entra::job_settings::Switch;
use super::super::super::console::entra::restart::RestartPage;
use super::super::super::console::parts::counted;
use super::super::super::failure::PageFailure;
use super::super::{Answered, Done, act, html_with, show};
use super::application_address;
use super::applications::frame;
use super::inbound;
use super::provisioning::{Loaded, load, load_outbound};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::Direction;
use crate::store::jobs::JobKey;
use crate::store::{Reads, Write, jobs as rows};
use crate::sync::jobs::{self, RestartScope};

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
    let asked = id.clone();
    job_action(&app, signed, id.into_inner(), move |tx, who, key, now| {
        jobs::stop(tx, who.operator()?, key, now)?;
        let next = match load(tx, &asked)?.job.direction {
            Direction::Outbound => "A cycle that runs is finished first.",
            Direction::Inbound => "Uploads are refused until it is started again.",
        };
        Ok(Done::new("Provisioning is stopped.", next))
    })
    .await
}

/// A page below the tab.
fn below(who: &Who, loaded: &Loaded, title: &str) -> (Page, String) {
    let base = application_address(&loaded.application);
    let tab = format!("{base}/provisioning");
    let mut page = frame(who, &loaded.application)
        .under(&loaded.application.display_name, &base)
        .under("Provisioning", &tab);
    title.clone_into(&mut page.title);
    (page, tab)
}

/// What a restart may clear: name in the form, flag, label, help.
const CLEARS: [(&str, RestartScope, &str, &str); 4] = [
    (
        "watermark",
        RestartScope::WATERMARK,
        "The position in the directory's changes (Watermark)",
        "The next cycle is an initial one: everybody is looked at again.",
    ),
    (
        "escrows",
        RestartScope::ESCROWS,
        "Failures that wait for another attempt (Escrows)",
        "Their times and counts begin anew.",
    ),
    (
        "quarantine",
        RestartScope::QUARANTINE_STATE,
        "Quarantine and its pauses (QuarantineState)",
        "The next attempt is made at once.",
    ),
    (
        "links",
        RestartScope::CONNECTOR_DATA_STORE,
        "Which objects belong together (ConnectorDataStore)",
        "Every object is matched again. Use it after changing the matching attribute, or when objects vanished from the target. With the three above, this is Full.",
    ),
];

/// Asks what a restart is to clear.
pub(in super::super) async fn ask_restart(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let tx = app.store.read()?;
            let loaded = load(&tx, &id)?;
            Ok(match loaded.job.direction {
                Direction::Inbound => inbound::restart_question(&who, &loaded).render()?,
                Direction::Outbound => restart_page(&tx, &who, &loaded)?.render()?,
            })
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

fn restart_page(tx: &impl Reads, who: &Who, loaded: &Loaded) -> Result<RestartPage> {
    let (page, tab) = below(who, loaded, "Restart provisioning?");
    let held = rows::held_deletions(tx, loaded.key)?.len() as u64;
    Ok(RestartPage {
        page,
        clears: CLEARS
            .map(|(name, flag, label, help)| Switch {
                name,
                label,
                help,
                on: RestartScope::default().contains(flag),
            })
            .into(),
        held: if held == 0 {
            String::new()
        } else {
            let held = counted(held, "deletion is", "deletions are");
            format!("{held} held back.")
        },
        force: Switch {
            name: "force_deletes",
            label: "Allow deletes (ForceDeletes)",
            help: "The next cycle deletes and disables all that it finds, whatever the threshold.",
            on: false,
        },
        action: format!("{tab}/restart"),
        cancel: tab,
    })
}

/// What a restart is to clear; a form without `chosen` asks for the default.
#[derive(Deserialize)]
pub(in super::super) struct Chosen {
    #[serde(default)]
    chosen: String,
    #[serde(flatten)]
    ticked: std::collections::HashMap<String, String>,
}

impl Chosen {
    fn scope(&self) -> RestartScope {
        if self.chosen.is_empty() {
            return RestartScope::default();
        }
        CLEARS
            .map(|(name, flag, ..)| (name, flag))
            .into_iter()
            .chain([("force_deletes", RestartScope::FORCE_DELETES)])
            .filter(|(name, _)| self.ticked.contains_key(*name))
            .fold(RestartScope::NONE, |scope, (_, flag)| scope | flag)
    }
}

/// *Restart provisioning*.
pub(in super::super) async fn restart(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    form: web::Form<Chosen>,
) -> Answered {
    let scope = form.scope();
    job_action(&app, signed, id.into_inner(), move |tx, who, key, now| {
        jobs::restart(tx, who.operator()?, key, scope, now)?;
        Ok(Done::new("Provisioning is restarted.", ""))
    })
    .await
}

/// What an inbound job has not.
const DELETES: &str = "Prevent accidental deletion";

/// Asks before deletions that are held back are approved.
pub(in super::super) async fn ask_deletes(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let loaded = load_outbound(tx, &id, DELETES)?;
        let (page, tab) = below(&who, &loaded, "Allow deletes?");
        let held = rows::held_deletions(tx, loaded.key)?.len() as u64;
        Ok(ConfirmPage {
            page,
            lead: format!("{} held back, above the threshold of one cycle.", counted(held, "deletion is", "deletions are")),
            consequences: vec![
                "The next cycle begins at once and deletes and disables them in the target, and whatever else has left by then.".into(),
                "After that cycle the threshold counts again.".into(),
                "If they are not meant, cancel, bring the people and groups back into scope, and restart provisioning.".into(),
            ],
            danger: true,
            ask: None,
            action: format!("{tab}/allow-deletes"),
            submit: "Allow deletes".into(),
            cancel: tab,
        })
    })
    .await
}

/// *Allow deletes*.
pub(in super::super) async fn allow_deletes(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let asked = id.clone();
    job_action(&app, signed, id.into_inner(), move |tx, who, key, now| {
        load_outbound(tx, &asked, DELETES)?;
        let scope = RestartScope::FORCE_DELETES;
        jobs::restart(tx, who.operator()?, key, scope, now)?;
        Ok(Done::new(
            "The deletions are allowed.",
            "A cycle starts now.",
        ))
    })
    .await
}

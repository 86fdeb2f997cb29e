//! Enterprise applications: the list, and the *Overview* tab.

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::entra::applications::{
    ApplicationPage, ApplicationRow, ApplicationTab, ApplicationsPage, tabs,
};
use super::super::super::console::entra::provisioning::job_pill;
use super::super::super::console::list::{Column, Empty, List, Pager};
use super::super::super::console::parts::{Fact, Link, counted, thousands};
use super::super::super::console::{Page, Room};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, exact, show};
use super::provisioning_live::word;
use super::{application_address, application_of, tenant_of};
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Application, Direction, Job, JobStatus};
use crate::store::{Reads, directory as rows, jobs};

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load_list(tx, &who, &ask)).await
}

fn load_list(tx: &impl Reads, who: &Who, ask: &Ask) -> Result<ApplicationsPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let all = rows::applications(tx, tenant)?;
    let url = ask.url("/entra/applications");
    let part = ask.part_in_order(PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let shown = all.iter().skip(skip).take(part.limit);
    Ok(ApplicationsPage {
        page: who.page(Room::Applications, "Enterprise applications"),
        create: "/entra/gallery".into(),
        rows: shown
            .map(|application| row(tx, tenant, application))
            .collect::<Result<_>>()?,
        list: List {
            caption: "Enterprise applications".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::new("Provisioning"),
                Column::wide("Tenant URL"),
                Column::number("Assigned"),
            ],
            pager: Pager::new(
                all.len() as u64,
                ask.page(),
                PAGE,
                ("application", "applications"),
                &url,
            ),
            empty: Empty::new(
                "No enterprise application",
                "Choose one of the gallery, or create your own.",
                Link::new("New application", "/entra/gallery"),
            ),
        },
    })
}

fn row(tx: &impl Reads, tenant: Seq, application: &Application) -> Result<ApplicationRow> {
    let job = jobs::of_application(tx, tenant, application.seq)?;
    let assigned = rows::assignments(tx, tenant, application.seq, None, usize::MAX)?;
    Ok(ApplicationRow {
        name: Link::new(&application.display_name, application_address(application)),
        status: job_pill(job.as_ref().map_or("Not configured", word)),
        target: job.and_then(|job| job.tenant_url).unwrap_or_default(),
        assigned: thousands(assigned.len() as u64),
    })
}

/// The frame of an application's tabs.
pub(super) fn frame(who: &Who, application: &Application) -> Page {
    who.page(Room::Applications, &application.display_name)
        .under("Enterprise applications", "/entra/applications")
}

/// *Overview*.
pub(in super::super) async fn overview(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &id)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str) -> Result<ApplicationPage> {
    let tenant = tenant_of(tx, who)?;
    let application = application_of(tx, tenant.seq, id)?;
    let job = jobs::of_application(tx, tenant.seq, application.seq)?;
    let base = application_address(&application);
    let direction = job
        .as_ref()
        .map_or(Direction::Outbound, |job| job.direction);
    Ok(ApplicationPage {
        page: frame(who, &application),
        tabs: tabs(&base, direction, ApplicationTab::Overview),
        status: job_pill(job.as_ref().map_or("Not configured", word)),
        rename: format!("{base}/rename"),
        delete: format!("{base}/delete"),
        tenant_id: tenant.id.to_string(),
        properties: vec![
            Fact::text("Name", &application.display_name),
            Fact::code("Application id", application.app_id.to_string()),
            Fact::code("Object id", application.id.to_string()),
            Fact::text("Added", exact(application.created)),
        ],
        steps: match (direction, &job) {
            (Direction::Inbound, Some(job)) => upload_steps(&base, job),
            _ => {
                let all = rows::assignments(tx, tenant.seq, application.seq, None, usize::MAX)?;
                steps(&base, all.len() as u64, job.as_ref())
            }
        },
    })
}

/// Getting started with a job that goes out.
fn steps(base: &str, assigned: u64, job: Option<&Job>) -> Vec<(Link, String)> {
    let step =
        |text: &str, path: &str, how: String| (Link::new(text, format!("{base}{path}")), how);
    vec![
        step(
            "Assign users and groups",
            "/users-and-groups",
            match assigned {
                0 => "Nobody is assigned yet.".into(),
                n => format!("{} so far.", counted(n, "assignment", "assignments")),
            },
        ),
        step(
            "Provision user accounts",
            "/provisioning",
            how_far(job).into(),
        ),
        step(
            "Read the provisioning logs",
            "/provisioning-logs",
            if job.is_some_and(|job| job.cycle.is_some()) {
                "One entry for every person and group that a cycle looked at."
            } else {
                "Nothing was provisioned yet."
            }
            .into(),
        ),
    ]
}

/// Getting started with API-driven provisioning.
fn upload_steps(base: &str, job: &Job) -> Vec<(Link, String)> {
    let to = |text: &str, address: String, how: &str| (Link::new(text, address), how.to_owned());
    vec![
        to(
            "Register a client",
            "/entra/app-registrations".into(),
            "An app registration with a client secret and the permission to upload.",
        ),
        to(
            "Start provisioning",
            format!("{base}/provisioning"),
            if job.status.is_started() {
                "Started: the Provisioning API endpoint takes uploads."
            } else {
                "Not started: uploads are refused."
            },
        ),
        to(
            "Read the provisioning logs",
            format!("{base}/provisioning-logs"),
            "One entry for every person of every upload.",
        ),
    ]
}

fn how_far(job: Option<&Job>) -> &'static str {
    match job.map(|job| job.status) {
        None | Some(JobStatus::NotConfigured) => "Enter the Admin Credentials, then start.",
        Some(JobStatus::Paused) => "Configured, and not started.",
        Some(JobStatus::Active) => "Started: a cycle every 40 minutes, or whenever you ask.",
        Some(JobStatus::Quarantine) => "In quarantine: the Provisioning tab says why.",
        Some(JobStatus::Disabled) => {
            "Disabled after 28 days of failures. Mend the cause, then start."
        }
    }
}

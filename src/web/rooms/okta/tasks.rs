//! *Dashboard > Tasks*: what failed and waits for somebody, and *Retry Selected*.

use actix_web::web;

use super::{Addresses, act_in_org, key, show_org};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{JobKind, Org, Task};
use crate::store::okta::{apps, tasks as rows};
use crate::store::{Snapshot, Write};
use crate::sync::okta as tasks;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::tasks::{TaskRow, TasksPage};
use crate::web::console::parts::{Link, Moment, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done};

/// The list.
pub(super) const HERE: &str = "/okta/tasks";

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, &ask, now)
    })
    .await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask, now: Timestamp) -> Result<TasksPage> {
    let total = rows::count(tx, org.seq)?;
    let url = ask.url(HERE);
    let part = ask.part_in_order(PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let found = rows::page_at(tx, org.seq, skip, part.limit)?;
    Ok(TasksPage {
        page: who.page(Room::OktaTasks, "Tasks"),
        retry: format!("{HERE}/retry"),
        dismiss: format!("{HERE}/dismiss"),
        rows: found
            .iter()
            .map(|task| row(tx, org, task, now))
            .collect::<Result<_>>()?,
        list: List {
            caption: "Tasks".into(),
            filter: None,
            columns: vec![
                Column::new("Task"),
                Column::wide("Application"),
                Column::wide("Error"),
                Column::wide("Since"),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("task", "tasks"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No tasks",
                    "What fails at an application waits here until somebody retries it.",
                    Link::new("System Log", Room::SystemLog.href()),
                ),
            ),
        },
    })
}

fn row(tx: &Snapshot, org: &Org, task: &Task, now: Timestamp) -> Result<TaskRow> {
    let addresses = Addresses::new(tx, org);
    let app = apps::find(tx, key(org, task.app))?;
    Ok(TaskRow {
        id: addresses.id(OktaKind::Task, task.seq).to_string(),
        subject: match task.job.user() {
            Some(user) => Link::new(&task.subject, addresses.user(user)),
            None => Link::plain(&task.subject),
        },
        app: app.map_or_else(
            || Link::plain(""),
            |app| Link::new(app.label, addresses.app(task.app)),
        ),
        kind: kind(&task.job),
        text: task.text.clone(),
        at: Moment::new(task.created, now),
    })
}

/// What waits, as the groups of the page in the Admin Console are called.
const fn kind(job: &JobKind) -> &'static str {
    match job {
        JobKind::Provision { .. }
        | JobKind::AssignGroup { .. }
        | JobKind::ProvisionWaiting { .. } => "Application account needs provisioning",
        JobKind::Deactivate { .. } | JobKind::UnassignGroup { .. } => {
            "Application account needs deprovisioning"
        }
        JobKind::PushProfile { .. } | JobKind::ApplyMappings { .. } => "Profile push failed",
        JobKind::PushPassword { .. } => "Password push failed",
        JobKind::PushGroup { .. }
        | JobKind::RenameGroup { .. }
        | JobKind::PushMembers { .. }
        | JobKind::PushAllMembers { .. }
        | JobKind::DeleteGroup { .. } => "Group push failed",
        JobKind::EvaluateRules { .. } | JobKind::ForgetRule { .. } => "Group rule",
        JobKind::Import { .. } | JobKind::ClearUnconfirmed => "Import failed",
        JobKind::ForgetAttribute { .. } => "Profile Editor",
    }
}

/// The tasks that were ticked, and others of the form.
type Sent = Vec<(String, String)>;

fn ticked(addresses: Addresses, sent: &Sent) -> Result<Vec<Seq>> {
    let ticked = sent
        .iter()
        .filter(|(name, _)| name == "task")
        .map(|(_, id)| addresses.row(OktaKind::Task, "Task", id))
        .collect::<Result<Vec<Seq>>>()?;
    if ticked.is_empty() {
        return Err(Error::Conflict {
            attribute: "task",
            detail: "Select at least one task".into(),
        });
    }
    Ok(ticked)
}

/// Does something with each task that was ticked.
async fn each(
    app: &App,
    signed: SignedIn,
    sent: Sent,
    what: &'static str,
    operation: fn(&Write<'_>, &OrgAdministrator, Seq, Timestamp) -> Result<()>,
) -> Answered {
    act_in_org(
        app,
        signed,
        HERE.to_owned(),
        move |tx, org, administrator, now| {
            let tasks = ticked(Addresses::new(tx, org), &sent)?;
            for task in &tasks {
                operation(tx, administrator, *task, now)?;
            }
            let count = counted(tasks.len() as u64, "task", "tasks");
            Ok(Done::new(format!("{count} {what}."), ""))
        },
    )
    .await
}

/// *Retry Selected*.
pub(in crate::web::rooms) async fn retry(
    app: web::Data<App>,
    signed: SignedIn,
    sent: web::Form<Sent>,
) -> Answered {
    let what = "tried again";
    each(&app, signed, sent.into_inner(), what, tasks::retry).await
}

/// *Mark as resolved*: nothing is sent.
pub(in crate::web::rooms) async fn dismiss(
    app: web::Data<App>,
    signed: SignedIn,
    sent: web::Form<Sent>,
) -> Answered {
    let what = "marked as resolved";
    each(&app, signed, sent.into_inner(), what, tasks::dismiss).await
}

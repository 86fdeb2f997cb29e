//! *Assignments* of an app: people and groups, and who can be assigned (part 2.5 of the Okta reference).

use actix_web::web;
use serde::Deserialize;

use super::applications::{frame, has, status_pill};
use super::people::{account_pill, scope};
use super::{Addresses, app_of, key, show_org};
use crate::directory::okta::assignments;
use crate::error::Result;
use crate::id::{OktaKind, Seq};
use crate::model::okta::{AppGroup, AppUser, AssignmentScope, OktaApp, Org};
use crate::store::Snapshot;
use crate::store::okta::{app_users as rows, groups, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, ListUrl, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::assignments::{AssignmentRow, AssignmentsPage};
use crate::web::console::parts::{Link, Notice, Tab, Tone, counted};
use crate::web::rooms::Answered;
use crate::web::rooms::ask::PAGE;

pub(super) const GROUPS: &str = "groups";
/// People who are looked at to tell whether anybody waits for *Provision User*.
const LOOKED_AT: usize = 1_000;

/// Which part of the assignments is wanted: people behind somebody, or groups.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskAssignments {
    view: String,
    after: String,
    page: String,
}

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskAssignments>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load(tx, who, org, &id, &ask)
    })
    .await
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &str,
    ask: &AskAssignments,
) -> Result<AssignmentsPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let here = format!("{base}/assignments");
    let of_groups = ask.view == GROUPS;
    let (rows, pager) = if of_groups {
        assigned_groups(tx, org, &app, ask, &here)?
    } else {
        assigned_people(tx, org, &app, ask, &here)?
    };
    let view = |label: &str, view: &str, current| Tab {
        link: Link::new(label, ListUrl::new(&here).with("view", view).to_string()),
        current,
    };
    let mut columns = vec![
        Column::new(if of_groups { "Group" } else { "Person" }),
        Column::wide("Type"),
    ];
    if !of_groups {
        columns.push(Column::new("Status"));
    }
    columns.push(Column::new(""));
    Ok(AssignmentsPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Assignments, has(&app)),
        views: vec![
            view("People", "", !of_groups),
            view("Groups", GROUPS, of_groups),
        ],
        assign_people: format!("{here}/people"),
        assign_groups: format!("{here}/groups"),
        provision: if assignments::anybody_waits(tx, &app, key(org, app.seq), LOOKED_AT)? {
            format!("{here}/provision")
        } else {
            String::new()
        },
        note: note(&app),
        list: List {
            caption: "Assignments".into(),
            filter: None,
            columns,
            pager,
            empty: if of_groups {
                Empty::new(
                    "No group is assigned",
                    "Everybody in an assigned group is assigned through it.",
                    Link::new("Assign to Groups", format!("{here}/groups")),
                )
            } else {
                Empty::new(
                    "Nobody is assigned",
                    "Assign people, or groups of them.",
                    Link::new("Assign to People", format!("{here}/people")),
                )
            },
        },
        rows,
    })
}

/// Why nobody who is assigned gets an account.
fn note(app: &OktaApp) -> Option<Notice> {
    if !app.provisions() {
        return Some(Notice::new(
            Tone::Info,
            "Provisioning is not enabled: whoever is assigned now gets no account.",
            "Enable API integration on the Provisioning tab. Whoever was assigned before waits for Provision User.",
        ));
    }
    (!app.to_app.create_users).then(|| {
        Notice::new(
            Tone::Info,
            "Create Users is not enabled: only people who have an account already are linked.",
            "Enable it on the Provisioning tab under To App.",
        )
    })
}

fn assigned_people(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    ask: &AskAssignments,
    here: &str,
) -> Result<(Vec<AssignmentRow>, Pager)> {
    let addresses = Addresses::new(tx, org);
    let after = addresses.row(OktaKind::User, "User", &ask.after).ok();
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut found = rows::after(
        tx,
        key(org, app.seq),
        after.unwrap_or(Seq(0)),
        limit.saturating_add(1),
    )?;
    let more = found.len() > limit;
    found.truncate(limit);
    let url = ListUrl::new(here);
    let next = match found.last().filter(|_| more) {
        Some(last) => {
            let id = addresses.id(OktaKind::User, last.user);
            url.with("after", id.as_str()).to_string()
        }
        None => String::new(),
    };
    let pager = Pager {
        summary: match (after, more) {
            (None, false) => counted(found.len() as u64, "person", "people"),
            (None, true) => format!("The first {} people", found.len()),
            (Some(_), _) => format!("{} more", counted(found.len() as u64, "person", "people")),
        },
        previous: match after {
            Some(_) => url.to_string(),
            None => String::new(),
        },
        next,
    };
    let mut shown = Vec::new();
    for assigned in &found {
        if let Some(row) = person(tx, org, app, assigned)? {
            shown.push(row);
        }
    }
    Ok((shown, pager))
}

fn person(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    assigned: &AppUser,
) -> Result<Option<AssignmentRow>> {
    let Some(user) = users::find(tx, org.seq, assigned.user)? else {
        return Ok(None);
    };
    let addresses = Addresses::new(tx, org);
    let id = addresses.id(OktaKind::User, user.seq);
    let here = format!("{}/assignments/people/{id}", addresses.app(app.seq));
    Ok(Some(AssignmentRow {
        name: Link::new(user.display_name(), addresses.user(user.seq)),
        detail: assigned.user_name.clone(),
        kind: scope(assigned).into(),
        status: Some(account_pill(app, assigned)),
        error: assignments::complaint(app, assigned)
            .unwrap_or_default()
            .to_owned(),
        edit: here.clone(),
        provision: if assignments::waits(app, assigned, &user) {
            format!("{here}/provision")
        } else {
            String::new()
        },
        remove: match assigned.scope {
            AssignmentScope::User => format!("{here}/remove"),
            AssignmentScope::Group => String::new(),
        },
        asks: if app.to_app.deactivate_users && app.provisions() {
            format!(
                "{} is unassigned, and the account at {} is deactivated, unless a group assigns it too.",
                user.display_name(),
                app.label
            )
        } else {
            format!(
                "{} is unassigned; the account at {} stays as it is.",
                user.display_name(),
                app.label
            )
        },
    }))
}

fn assigned_groups(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    ask: &AskAssignments,
    here: &str,
) -> Result<(Vec<AssignmentRow>, Pager)> {
    let mut all = rows::groups(tx, key(org, app.seq))?;
    all.sort_by_key(|assigned| (assigned.priority, assigned.group));
    let page = ask.page.parse().unwrap_or(1).max(1);
    let url = ListUrl::new(here).with("view", GROUPS);
    let pager = Pager::new(all.len() as u64, page, PAGE, ("group", "groups"), &url);
    let skip = usize::try_from((page - 1).saturating_mul(PAGE)).unwrap_or(usize::MAX);
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut shown = Vec::new();
    for assigned in all.iter().skip(skip).take(limit) {
        shown.extend(group(tx, org, app, assigned)?);
    }
    Ok((shown, pager))
}

fn group(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    assigned: &AppGroup,
) -> Result<Option<AssignmentRow>> {
    let addresses = Addresses::new(tx, org);
    let id = addresses.id(OktaKind::Group, assigned.group);
    let here = format!("{}/assignments/groups/{id}", addresses.app(app.seq));
    let found = groups::find(tx, org.seq, assigned.group)?;
    Ok(found.map(|group| AssignmentRow {
        name: Link::new(&group.name, addresses.group(group.seq)),
        detail: counted(group.member_count, "person", "people"),
        kind: format!("Priority {}", assigned.priority),
        status: None,
        error: String::new(),
        edit: here.clone(),
        provision: String::new(),
        remove: format!("{here}/remove"),
        asks: format!(
            "Whoever is assigned to {} only through {} is unassigned.",
            app.label, group.name
        ),
    }))
}

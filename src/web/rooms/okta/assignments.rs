//! *Assignments* of an app: people and groups, and who can be assigned (part 2.5 of the Okta reference).

use actix_web::web;
use serde::Deserialize;

use super::applications::{HERE, frame, has, status_pill};
use super::group_forms::{Picked, people_list};
use super::people::{account_pill, part, scope};
use super::{Addresses, act_in_org, administrator, app_of, group_of, key, show_org, user_of};
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::search;
use crate::error::Result;
use crate::id::{OktaKind, Seq};
use crate::model::okta::{
    AppGroup, AppUser, AssignmentScope, GroupType, OktaApp, Org, Profile, SyncState,
};
use crate::store::Snapshot;
use crate::store::okta::{app_users as rows, groups, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::entra::groups::{Candidate, PickPage};
use crate::web::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::assignments::{AssignmentRow, AssignmentsPage};
use crate::web::console::parts::{Link, Notice, Tab, Tone, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done};

const GROUPS: &str = "groups";

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
    let waits = assigned.external_id.is_none() || assigned.sync_state == SyncState::Error;
    Ok(Some(AssignmentRow {
        name: Link::new(user.display_name(), addresses.user(user.seq)),
        detail: assigned.user_name.clone(),
        kind: scope(assigned).into(),
        status: Some(account_pill(assigned)),
        error: assigned.error.clone().unwrap_or_default(),
        provision: if app.provisions() && waits && user.status.is_provisioned() {
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
    all.sort_by_key(|assigned| assigned.priority);
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
    let found = groups::find(tx, org.seq, assigned.group)?;
    Ok(found.map(|group| AssignmentRow {
        name: Link::new(&group.name, addresses.group(group.seq)),
        detail: counted(group.member_count, "person", "people"),
        kind: format!("Priority {}", assigned.priority),
        status: None,
        error: String::new(),
        provision: String::new(),
        remove: format!("{}/assignments/groups/{id}/remove", addresses.app(app.seq)),
        asks: format!(
            "Whoever is assigned to {} only through {} is unassigned.",
            app.label, group.name
        ),
    }))
}

/// Searches people to assign.
pub(in crate::web::rooms) async fn pick_people(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &id)?;
        let addresses = Addresses::new(tx, org);
        let proof = administrator(who, org)?;
        let found = search::people(tx, &proof, &ask.text(), None, part(&ask, PAGE))?;
        let mut candidates = Vec::new();
        for user in &found.items {
            let assigned = rows::find(tx, key(org, app.seq), user.seq)?;
            let there = assigned.is_some_and(|one| one.scope == AssignmentScope::User);
            candidates.push(Candidate {
                id: addresses.id(OktaKind::User, user.seq).to_string(),
                name: user.display_name(),
                detail: user.login().to_owned(),
                kind: "Person",
                blocked: if there { "Assigned" } else { "" }.to_owned(),
            });
        }
        let url = ask.url(format!("{}/assignments/people", addresses.app(app.seq)));
        let list = people_list(&ask, &url, found.total);
        Ok(picker(
            who,
            &org_app(addresses, &app),
            &url,
            candidates,
            list,
        ))
    })
    .await
}

/// Label and address of an app.
fn org_app(addresses: Addresses, app: &OktaApp) -> Link {
    Link::new(&app.label, addresses.app(app.seq))
}

fn picker(who: &Who, app: &Link, url: &ListUrl, rows: Vec<Candidate>, list: List) -> PickPage {
    let page = who
        .page(Room::OktaApplications, format!("Assign {}", app.text))
        .under("Applications", HERE)
        .under(&app.text, &app.href)
        .under("Assignments", format!("{}/assignments", app.href));
    PickPage {
        page,
        action: url.to_string(),
        verb: "Assign".into(),
        done: format!("{}/assignments", app.href),
        list,
        rows,
    }
}

/// Searches groups to assign.
pub(in crate::web::rooms) async fn pick_groups(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &id)?;
        let addresses = Addresses::new(tx, org);
        let proof = administrator(who, org)?;
        let found = search::groups(tx, &proof, &ask.text(), None, part(&ask, PAGE))?;
        let mut candidates = Vec::new();
        for group in &found.items {
            let there = rows::group(tx, key(org, app.seq), group.seq)?.is_some();
            candidates.push(Candidate {
                id: addresses.id(OktaKind::Group, group.seq).to_string(),
                name: group.name.clone(),
                detail: counted(group.member_count, "person", "people"),
                kind: match group.kind {
                    GroupType::AppGroup => "App group",
                    GroupType::OktaGroup | GroupType::BuiltIn => "Group",
                },
                blocked: if there { "Assigned" } else { "" }.to_owned(),
            });
        }
        let url = ask.url(format!("{}/assignments/groups", addresses.app(app.seq)));
        let list = List {
            caption: "Groups to assign".into(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(found.total, &url, Empty::no_match(&url)),
        };
        Ok(picker(
            who,
            &org_app(addresses, &app),
            &url,
            candidates,
            list,
        ))
    })
    .await
}

/// *Assign* of a person.
pub(in crate::web::rooms) async fn assign_person(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask
        .url(format!("{HERE}/{id}/assignments/people"))
        .to_string();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, user) = (app_of(tx, org, &id)?, user_of(tx, org, &picked.id)?);
        let change = AppUserChange::default();
        assignments::assign_user(tx, administrator, key(org, app.seq), user.seq, &change, now)?;
        let what = format!("{} is assigned to {}.", user.display_name(), app.label);
        Ok(Done::new(what, sent(&app)))
    })
    .await
}

/// What follows from an assignment.
fn sent(app: &OktaApp) -> &'static str {
    if app.provisions() {
        "The account is provisioned at once; the status below tells how it went."
    } else {
        "Nothing is sent: provisioning is not enabled."
    }
}

/// *Assign* of a group.
pub(in crate::web::rooms) async fn assign_group(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask
        .url(format!("{HERE}/{id}/assignments/groups"))
        .to_string();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, group) = (app_of(tx, org, &id)?, group_of(tx, org, &picked.id)?);
        let (key, values) = (key(org, app.seq), Profile::new());
        assignments::assign_group(tx, administrator, key, group.seq, None, &values, now)?;
        let what = format!("{} is assigned to {}.", group.name, app.label);
        Ok(Done::new(what, sent(&app)))
    })
    .await
}

/// *Provision User*.
pub(in crate::web::rooms) async fn provision(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, user) = path.into_inner();
    let back = format!("{HERE}/{id}/assignments");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, user) = (app_of(tx, org, &id)?, user_of(tx, org, &user)?);
        assignments::provision_user(tx, administrator, key(org, app.seq), user.seq, now)?;
        let what = format!("{} is provisioned to {}.", user.display_name(), app.label);
        Ok(Done::new(what, "The status below tells how it went."))
    })
    .await
}

/// Ends the assignment of a person.
pub(in crate::web::rooms) async fn unassign_person(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, user) = path.into_inner();
    let back = format!("{HERE}/{id}/assignments");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, user) = (app_of(tx, org, &id)?, user_of(tx, org, &user)?);
        assignments::unassign_user(tx, administrator, key(org, app.seq), user.seq, now)?;
        let what = format!("{} is no longer assigned in person.", user.display_name());
        Ok(Done::new(what, ""))
    })
    .await
}

/// Ends the assignment of a group.
pub(in crate::web::rooms) async fn unassign_group(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, group) = path.into_inner();
    let back = format!("{HERE}/{id}/assignments?view={GROUPS}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, group) = (app_of(tx, org, &id)?, group_of(tx, org, &group)?);
        assignments::unassign_group(tx, administrator, key(org, app.seq), group.seq, now)?;
        Ok(Done::new(
            format!("{} is no longer assigned.", group.name),
            "",
        ))
    })
    .await
}

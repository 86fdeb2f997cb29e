//! *Users and groups*: who is assigned to an application.

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::assignments::{AssignmentRow, AssignmentsPage};
use super::super::super::console::entra::groups::{Candidate, PickPage};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Link, Moment, Notice, Tone, counted};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, act, show};
use super::applications::frame;
use super::groups::{Picked, name_of};
use super::{
    any_object_of, application_address, application_of, group_address, tenant, user_address,
};
use crate::clock::Timestamp;
use crate::directory::applications;
use crate::directory::search::{self, Object, Query, State};
use crate::error::Result;
use crate::id::Seq;
use crate::model::{Application, Assignment, ObjectRef, Scope};
use crate::store::{Reads, directory as rows, jobs};

/// The tab.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &id, &ask, now)).await
}

fn load(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    ask: &Ask,
    now: Timestamp,
) -> Result<AssignmentsPage> {
    let tenant = tenant(tx)?.seq;
    let application = application_of(tx, tenant, id)?;
    let base = application_address(&application);
    let (rows, total) = assigned(tx, tenant, &application, ask, now)?;
    let here = format!("{base}/users-and-groups");
    let (url, add) = (ask.url(&here), format!("{here}/add"));
    Ok(AssignmentsPage {
        page: frame(who, &application),
        tabs: tabs(&base, ApplicationTab::UsersAndGroups),
        scope_note: scope_note(tx, tenant, &application)?,
        rows,
        list: List {
            caption: "Assignments".into(),
            filter: (total > 0 || ask.narrows()).then(|| Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Type"),
                Column::wide("Assigned"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("assignment", "assignments"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "Nobody is assigned",
                    "Assign one or two people first, and everybody once it works.",
                    Link::new("Add user/group", &add),
                ),
            ),
        },
        add,
    })
}

fn scope_note(tx: &impl Reads, tenant: Seq, application: &Application) -> Result<Option<Notice>> {
    let job = jobs::of_application(tx, tenant, application.seq)?;
    Ok(job.filter(|job| job.scope == Scope::All).map(|_| {
        Notice::new(
            Tone::Info,
            "Scope is \u{201c}Sync all users and groups\u{201d}: assignments do not decide who is provisioned.",
            "Change Scope on the Provisioning tab to use them.",
        )
    }))
}

/// Assignments of this page, groups among them, and how many match in all.
fn assigned(
    tx: &impl Reads,
    tenant: Seq,
    application: &Application,
    ask: &Ask,
    now: Timestamp,
) -> Result<(Vec<AssignmentRow>, u64)> {
    let part = ask.part_in_order(PAGE);
    let needle = ask.text().to_lowercase();
    let (mut shown, mut total) = (Vec::new(), 0);
    for assignment in rows::assignments(tx, tenant, application.seq, None, usize::MAX)? {
        let on_page = total >= part.skip && shown.len() < part.limit;
        if needle.is_empty() && !on_page {
            total += 1;
            continue;
        }
        let Some(object) = search::object(tx, tenant, assignment.principal)? else {
            continue;
        };
        if object.display_name().to_lowercase().contains(&needle) {
            total += 1;
            if on_page {
                shown.push(row(application, &assignment, object, now));
            }
        }
    }
    Ok((shown, total))
}

fn row(
    application: &Application,
    assignment: &Assignment,
    object: Object,
    now: Timestamp,
) -> AssignmentRow {
    let base = application_address(application);
    let remove = |id| format!("{base}/users-and-groups/{id}/remove");
    let created = Moment::new(assignment.created, now);
    match object {
        Object::User(user) => AssignmentRow {
            name: Link::new(user.display_name(), user_address(&user)),
            kind: "User",
            created,
            remove: remove(user.id),
            detail: user.user_principal_name,
        },
        Object::Group(group) => AssignmentRow {
            name: Link::new(&group.display_name, group_address(&group)),
            detail: counted(group.member_count, "member", "members"),
            kind: "Group",
            created,
            remove: remove(group.id),
        },
    }
}

/// Searches somebody to assign.
pub(in super::super) async fn pick(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load_pick(tx, &who, &id, &ask)).await
}

fn load_pick(tx: &impl Reads, who: &Who, id: &str, ask: &Ask) -> Result<PickPage> {
    let tenant = tenant(tx)?.seq;
    let application = application_of(tx, tenant, id)?;
    let base = application_address(&application);
    let here = format!("{base}/users-and-groups");
    let url = ask.url(format!("{here}/add"));
    let (found, total) = candidates(tx, who, tenant, &application, ask)?;
    Ok(PickPage {
        page: who
            .page(Room::Applications, "Add user/group")
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base)
            .under("Users and groups", &here),
        action: ask.url(format!("{here}/assign")).to_string(),
        verb: "Assign".into(),
        done: here,
        rows: found,
        list: List {
            caption: "People and groups to assign".into(),
            filter: Some(Filter::new(&url, "Search by name or user principal name")),
            columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
            pager: Pager::new(total, ask.page(), PAGE, ("candidate", "candidates"), &url),
            empty: Empty::no_match(&url),
        },
    })
}

/// Groups first, then users, as one list.
fn candidates(
    tx: &impl Reads,
    who: &Who,
    tenant: Seq,
    application: &Application,
    ask: &Ask,
) -> Result<(Vec<Candidate>, u64)> {
    let part = ask.part_in_order(PAGE);
    let query = |skip, limit| Query {
        text: ask.text(),
        state: State::Present,
        skip,
        limit,
    };
    let groups = search::groups(tx, who.operator()?, tenant, &query(part.skip, part.limit))?;
    let left = part.limit - groups.items.len();
    let skip = part.skip.saturating_sub(groups.total);
    let users = search::users(tx, who.operator()?, tenant, &query(skip, left))?;
    let mut found = Vec::new();
    for group in groups.items {
        let object = ObjectRef::group(group.seq);
        let blocked = if group.security_enabled {
            blocked(tx, tenant, application, object)?
        } else {
            "Not security-enabled"
        };
        found.push(Candidate {
            id: group.id.to_string(),
            detail: counted(group.member_count, "member", "members"),
            name: group.display_name,
            kind: "Group",
            blocked: blocked.into(),
        });
    }
    for user in users.items {
        let object = ObjectRef::user(user.seq);
        found.push(Candidate {
            id: user.id.to_string(),
            name: user.display_name().to_owned(),
            detail: user.user_principal_name,
            kind: "User",
            blocked: blocked(tx, tenant, application, object)?.into(),
        });
    }
    Ok((found, groups.total + users.total))
}

fn blocked(
    tx: &impl Reads,
    tenant: Seq,
    application: &Application,
    object: ObjectRef,
) -> Result<&'static str> {
    let assignment = rows::assignment(tx, tenant, application.seq, object)?;
    Ok(assignment.map_or("", |_| "Already assigned"))
}

/// *Assign*.
pub(in super::super) async fn assign(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = format!("/entra/applications/{id}/users-and-groups/add");
    act(
        &app,
        signed,
        ask.url(back).to_string(),
        move |tx, who, now| {
            let tenant = tenant(tx)?.seq;
            let application = application_of(tx, tenant, &id)?;
            let object = any_object_of(tx, tenant, &picked.id)?;
            applications::assign(tx, who.operator()?, tenant, application.seq, object, now)?;
            let what = format!("{} is assigned.", name_of(tx, tenant, object)?);
            Ok(Done::new(what, "The next cycle provisions it."))
        },
    )
    .await
}

/// *Remove*.
pub(in super::super) async fn unassign(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, object) = path.into_inner();
    let back = format!("/entra/applications/{id}/users-and-groups");
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant(tx)?.seq;
        let application = application_of(tx, tenant, &id)?;
        let object = any_object_of(tx, tenant, &object)?;
        applications::unassign(tx, who.operator()?, tenant, application.seq, object, now)?;
        let what = format!("{} is no longer assigned.", name_of(tx, tenant, object)?);
        Ok(Done::new(
            what,
            "The next cycle disables whoever is no longer in scope.",
        ))
    })
    .await
}

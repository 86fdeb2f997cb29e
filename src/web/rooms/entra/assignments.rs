//! *Users and groups*: who is assigned to an application.

use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::assignments::{AssignmentRow, AssignmentsPage};
use super::super::super::console::entra::groups::PickPage;
use super::super::super::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::super::console::parts::{Link, Moment, Notice, Tone, counted};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, act, show};
use super::app_roles;
use super::applications::frame;
use super::groups::{Picked, candidate, name_of};
use super::{
    any_object_of, application_address, group_address, outbound_application_of, tenant_of,
    user_address,
};
use crate::clock::Timestamp;
use crate::directory::applications;
use crate::directory::search::{self, Object};
use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::model::{AppRole, Application, Assignment, Direction, Scope};
use crate::store::{Reads, directory as rows, jobs};

/// What an inbound job has not: people come to it, and are not sent.
pub(super) const WHAT: &str = "The tab Users and groups";

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
    let tenant = tenant_of(tx, who)?.seq;
    let application = outbound_application_of(tx, tenant, id, WHAT)?;
    let base = application_address(&application);
    let (rows, total) = assigned(tx, tenant, &application, ask, now)?;
    let here = format!("{base}/users-and-groups");
    let (url, add) = (ask.url(&here), format!("{here}/add"));
    Ok(AssignmentsPage {
        page: frame(who, &application),
        tabs: tabs(&base, Direction::Outbound, ApplicationTab::UsersAndGroups),
        scope_note: scope_note(tx, tenant, &application)?,
        rows,
        list: List {
            caption: "Assignments".into(),
            filter: (total > 0 || ask.narrows()).then(|| Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Type"),
                Column::wide("Roles assigned"),
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
    let edit = |id| format!("{base}/users-and-groups/{id}/roles");
    let roles = app_roles::names(application, Some(assignment));
    let created = Moment::new(assignment.created, now);
    match object {
        Object::User(user) => AssignmentRow {
            name: Link::new(user.display_name(), user_address(&user)),
            kind: "User",
            roles,
            edit: edit(user.id),
            created,
            remove: remove(user.id),
            detail: user.user_principal_name,
        },
        Object::Group(group) => AssignmentRow {
            name: Link::new(&group.display_name, group_address(&group)),
            detail: counted(group.member_count, "member", "members"),
            kind: "Group",
            roles,
            edit: edit(group.id),
            created,
            remove: remove(group.id),
        },
    }
}

/// The role that is to be given: chosen above the list, kept in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in super::super) struct AskRole {
    #[serde(default)]
    role: String,
}

/// Searches somebody to assign.
pub(in super::super) async fn pick(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    role: web::Query<AskRole>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        load_pick(tx, &who, &id, &ask, &role.role)
    })
    .await
}

fn load_pick(tx: &impl Reads, who: &Who, id: &str, ask: &Ask, role: &str) -> Result<PickPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let application = outbound_application_of(tx, tenant, id, WHAT)?;
    let base = application_address(&application);
    let here = format!("{base}/users-and-groups");
    let chosen = chosen(&application, role);
    let url = ask
        .url(format!("{here}/add"))
        .with("role", &chosen.to_string());
    let part = ask.part_in_order(PAGE);
    let window = (part.skip, part.limit);
    let found = search::principals(tx, who.operator()?, tenant, &ask.text(), window)?;
    let candidates = found.items.into_iter().map(|object| {
        let blocked = blocked(tx, tenant, &application, &object, &chosen)?;
        Ok(candidate(object, blocked))
    });
    Ok(PickPage {
        page: who
            .page(Room::Applications, "Add user/group")
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base)
            .under("Users and groups", &here),
        action: ask
            .url(format!("{here}/assign"))
            .with("role", &chosen.to_string())
            .to_string(),
        verb: "Assign".into(),
        done: here,
        rows: candidates.collect::<Result<_>>()?,
        list: List {
            caption: "People and groups to assign".into(),
            filter: Some(filter(&application, &url)),
            columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
            pager: Pager::new(
                found.total,
                ask.page(),
                PAGE,
                ("candidate", "candidates"),
                &url,
            ),
            empty: Empty::no_match(&url),
        },
    })
}

/// The search, and the role where there is one to choose.
fn filter(application: &Application, url: &ListUrl) -> Filter {
    let filter = Filter::new(url, "Search by name or user principal name");
    let roles: Vec<(String, &str)> = application
        .roles
        .iter()
        .filter(|role| role.enabled)
        .map(|role| (role.id.to_string(), role.display_name.as_str()))
        .collect();
    if roles.is_empty() {
        return filter;
    }
    let none = AppRole::DEFAULT_ACCESS.to_string();
    let choices: Vec<(&str, &str)> = roles
        .iter()
        .map(|(id, name)| (id.as_str(), *name))
        .chain([(none.as_str(), "Default Access")])
        .collect();
    let mut filter = filter.select(url, "role", "Role", &choices);
    // There always is one: nothing to take away, and no *any*.
    filter.chips.retain(|chip| !chip.text.starts_with("Role: "));
    if let Some(role) = filter.selects.last_mut() {
        role.choices.remove(0);
    }
    filter
}

/// The role in the address, else the first one that can be given, else *Default Access*.
fn chosen(application: &Application, role: &str) -> Guid {
    let mut enabled = application.roles.iter().filter(|role| role.enabled);
    match role.parse::<Guid>() {
        Ok(id) => id,
        Err(_) => enabled
            .next()
            .map_or(AppRole::DEFAULT_ACCESS, |role| role.id),
    }
}

fn blocked(
    tx: &impl Reads,
    tenant: Seq,
    application: &Application,
    object: &Object,
    role: &Guid,
) -> Result<&'static str> {
    if matches!(object, Object::Group(group) if !group.security_enabled) {
        return Ok("Not security-enabled");
    }
    let assignment = rows::assignment(tx, tenant, application.seq, object.reference())?;
    Ok(match assignment {
        Some(had) if had.roles.contains(role) || *role == AppRole::DEFAULT_ACCESS => {
            "Already assigned"
        }
        Some(_) | None => "",
    })
}

/// *Assign*.
pub(in super::super) async fn assign(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    role: web::Query<AskRole>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask
        .url(format!("/entra/applications/{id}/users-and-groups/add"))
        .with("role", &role.role)
        .to_string();
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let application = outbound_application_of(tx, tenant, &id, WHAT)?;
        let object = any_object_of(tx, tenant, &picked.id)?;
        let role = chosen(&application, &role.role);
        let operator = who.operator()?;
        applications::assign_role(tx, operator, tenant, application.seq, object, role, now)?;
        let assignment = rows::assignment(tx, tenant, application.seq, object)?;
        let name = name_of(tx, tenant, object)?;
        let what = if application.roles.is_empty() {
            format!("{name} is assigned.")
        } else {
            let roles = app_roles::names(&application, assignment.as_ref());
            format!("{name} is assigned as {roles}.")
        };
        Ok(Done::new(what, "The next cycle provisions it."))
    })
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
        let tenant = tenant_of(tx, who)?.seq;
        let application = outbound_application_of(tx, tenant, &id, WHAT)?;
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

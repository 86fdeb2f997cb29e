//! Groups of the directory: the list, one group, adding and removing members.

use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::groups::{
    Candidate, DirectoryGroupMember, DirectoryGroupPage, DirectoryGroupRow, DirectoryGroupsPage,
    GroupActions, PickPage,
};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Pill, Tone, counted, thousands};
use super::super::ask::{MEMBERS_PAGE, PAGE};
use super::super::{Answered, Ask, Done, act, exact, show};
use super::{
    any_object_of, application_address, applications_of, group_address, group_of, page_of,
    tenant_of, transfer, user_address, users,
};
use crate::clock::Timestamp;
use crate::directory::search::{self, Object, Query, State};
use crate::directory::{get_group, groups};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{DirectoryGroup, ObjectRef};
use crate::store::{Reads, directory as rows};

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load_list(tx, &who, &ask, now)).await
}

fn load_list(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<DirectoryGroupsPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let found = page_of(ask.part(PAGE), |skip, limit| {
        let query = Query {
            text: ask.text(),
            state: State::Present,
            skip,
            limit,
        };
        search::groups(tx, who.operator()?, tenant, &query)
    })?;
    let url = ask.url("/entra/groups");
    Ok(DirectoryGroupsPage {
        page: who.page(Room::EntraGroups, "Groups"),
        create: "/entra/new-group".into(),
        import: "/entra/import".into(),
        deleted: "/entra/deleted?state=group".into(),
        exports: transfer::exports("groups"),
        rows: found.items.iter().map(|group| row(group, now)).collect(),
        list: List {
            caption: "Groups".into(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Membership type"),
                Column::number("Members"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "No groups",
                    "Create a group, or start scimlab with --seed demo.",
                    Link::new("New group", "/entra/new-group"),
                ),
            ),
        },
    })
}

fn row(group: &DirectoryGroup, now: Timestamp) -> DirectoryGroupRow {
    DirectoryGroupRow {
        name: Link::new(&group.display_name, group_address(group)),
        membership: membership(group),
        members: thousands(group.member_count),
        created: Moment::new(group.created, now),
    }
}

/// *Assigned* or *Dynamic*.
fn membership(group: &DirectoryGroup) -> &'static str {
    match group.dynamic {
        Some(_) => "Dynamic",
        None => "Assigned",
    }
}

/// One group.
pub(in super::super) async fn detail(
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
) -> Result<DirectoryGroupPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let group = group_of(tx, tenant, id)?;
    let address = group_address(&group);
    let mut assigned = Vec::new();
    for application in applications_of(tx, tenant, ObjectRef::group(group.seq))? {
        let to = application_address(&application);
        assigned.push(Link::new(&application.display_name, to));
    }
    let url = ask.url(&address);
    let add = if group.dynamic.is_some() || group.deleted.is_some() {
        String::new()
    } else {
        format!("{address}/members/add")
    };
    let empty = match &group.dynamic {
        Some(_) => Empty::new(
            "No members",
            "The rule means nobody, or is still being worked out.",
            Link::plain(""),
        ),
        None => Empty::new(
            "No members",
            "Add somebody; the next incremental cycle sends it.",
            Link::new("Add members", &add),
        ),
    };
    Ok(DirectoryGroupPage {
        page: who
            .page(Room::EntraGroups, &group.display_name)
            .under("Groups", "/entra/groups"),
        status: status(&group),
        bin: group
            .deleted
            .map_or_else(String::new, |since| users::bin(since, now)),
        actions: actions(&group),
        rule: group
            .dynamic
            .as_ref()
            .map_or_else(String::new, |dynamic| dynamic.rule.clone()),
        technical: facts(&group),
        memberships: memberships(tx, tenant, &group)?,
        assigned,
        rows: members(tx, tenant, &group, ask)?,
        list: List {
            caption: format!("Members of {}", group.display_name),
            filter: None,
            columns: vec![Column::new("Name"), Column::wide("State"), Column::new("")],
            pager: Pager::new(
                group.member_count,
                ask.page(),
                MEMBERS_PAGE,
                ("member", "members"),
                &url,
            ),
            empty: ask.empty(group.member_count, &url, empty),
        },
        add,
    })
}

fn status(group: &DirectoryGroup) -> Option<Pill> {
    if group.deleted.is_some() {
        Some(Pill::new(Tone::Bad, "Deleted"))
    } else if group.is_processing() {
        Some(Pill::new(Tone::Info, "Processing"))
    } else {
        None
    }
}

fn actions(group: &DirectoryGroup) -> GroupActions {
    let to = |what: &str| format!("{}/{what}", group_address(group));
    if group.deleted.is_some() {
        GroupActions {
            restore: to("restore"),
            delete_permanently: to("delete-permanently"),
            ..GroupActions::default()
        }
    } else {
        GroupActions {
            edit: to("edit"),
            delete: to("delete"),
            ..GroupActions::default()
        }
    }
}

fn facts(group: &DirectoryGroup) -> Vec<Fact> {
    let yes_or_no = if group.security_enabled { "Yes" } else { "No" };
    let mut facts = vec![
        Fact::code("Object id", group.id.to_string()),
        Fact::text("Membership type", membership(group)),
        Fact::text("Security enabled", yes_or_no),
        Fact::text("Created", exact(group.created)),
    ];
    if let Some(updated) = group.dynamic.as_ref().and_then(|dynamic| dynamic.updated) {
        facts.push(Fact::text("Membership last updated", exact(updated)));
    }
    for (name, value) in &group.attributes {
        facts.push(Fact::text(name, users::shown(value, ", ")));
    }
    facts
}

/// Groups in which this one is a direct member.
fn memberships(tx: &impl Reads, tenant: Seq, group: &DirectoryGroup) -> Result<Vec<Link>> {
    rows::groups_of(tx, tenant, ObjectRef::group(group.seq))?
        .into_iter()
        .map(|outer| {
            let outer = get_group(tx, tenant, outer)?;
            let address = group_address(&outer);
            Ok(Link::new(outer.display_name, address))
        })
        .collect()
}

fn members(
    tx: &impl Reads,
    tenant: Seq,
    group: &DirectoryGroup,
    ask: &Ask,
) -> Result<Vec<DirectoryGroupMember>> {
    let part = ask.part_in_order(MEMBERS_PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    // Edges are cheap to walk; only the people of this page are read.
    let edges = rows::members(tx, tenant, group.seq, None, skip.saturating_add(part.limit))?;
    let mut members = Vec::new();
    for edge in edges.into_iter().skip(skip) {
        if let Some(object) = search::object(tx, tenant, edge)? {
            members.push(member(group, object));
        }
    }
    Ok(members)
}

fn member(group: &DirectoryGroup, object: Object) -> DirectoryGroupMember {
    let remove = |id| match group.dynamic {
        Some(_) => String::new(),
        None => format!("{}/members/{id}/remove", group_address(group)),
    };
    match object {
        Object::User(user) => DirectoryGroupMember {
            name: Link::new(user.display_name(), user_address(&user)),
            status: users::status(&user),
            remove: remove(user.id),
            principal_name: user.user_principal_name,
        },
        Object::Group(nested) => DirectoryGroupMember {
            name: Link::new(&nested.display_name, group_address(&nested)),
            principal_name: counted(nested.member_count, "member", "members"),
            status: Pill::new(Tone::Quiet, "Group"),
            remove: remove(nested.id),
        },
    }
}

/// Searches somebody to add.
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
    let tenant = tenant_of(tx, who)?.seq;
    let group = group_of(tx, tenant, id)?;
    let address = group_address(&group);
    let found = search::principals(
        tx,
        who.operator()?,
        tenant,
        &ask.text(),
        (ask.part_in_order(PAGE).skip, ask.part_in_order(PAGE).limit),
    )?;
    let url = ask.url(format!("{address}/members/add"));
    let mut candidates = Vec::new();
    for object in found.items {
        let reference = object.reference();
        let blocked = if rows::is_member(tx, tenant, group.seq, reference)? {
            "Already a member"
        } else if reference == ObjectRef::group(group.seq) {
            "The group itself"
        } else {
            ""
        };
        candidates.push(candidate(object, blocked));
    }
    Ok(PickPage {
        page: who
            .page(Room::EntraGroups, "Add members")
            .under("Groups", "/entra/groups")
            .under(&group.display_name, &address),
        action: ask.url(format!("{address}/members")).to_string(),
        verb: "Add".into(),
        done: address,
        rows: candidates,
        list: List {
            caption: "People and groups to add".into(),
            filter: Some(Filter::new(&url, "Search by name or user principal name")),
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

/// Somebody or some group that can be picked unless something is in the way.
pub(super) fn candidate(object: Object, blocked: &str) -> Candidate {
    match object {
        Object::User(user) => Candidate {
            id: user.id.to_string(),
            name: user.display_name().to_owned(),
            detail: user.user_principal_name,
            kind: "User",
            blocked: blocked.into(),
        },
        Object::Group(group) => Candidate {
            id: group.id.to_string(),
            detail: counted(group.member_count, "member", "members"),
            name: group.display_name,
            kind: "Group",
            blocked: blocked.into(),
        },
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Picked {
    #[serde(default)]
    pub(in super::super) id: String,
}

/// *Add*.
pub(in super::super) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask
        .url(format!("/entra/groups/{id}/members/add"))
        .to_string();
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let group = group_of(tx, tenant, &id)?;
        let member = any_object_of(tx, tenant, &picked.id)?;
        groups::add_member(tx, who.operator()?, tenant, group.seq, member, now)?;
        let name = name_of(tx, tenant, member)?;
        let what = format!("{name} is a member of {}.", group.display_name);
        Ok(Done::new(what, "The next incremental cycle sends it."))
    })
    .await
}

/// *Remove*.
pub(in super::super) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, member) = path.into_inner();
    act(
        &app,
        signed,
        format!("/entra/groups/{id}"),
        move |tx, who, now| {
            let tenant = tenant_of(tx, who)?.seq;
            let group = group_of(tx, tenant, &id)?;
            let member = any_object_of(tx, tenant, &member)?;
            groups::remove_member(tx, who.operator()?, tenant, group.seq, member, now)?;
            let name = name_of(tx, tenant, member)?;
            let what = format!("{name} is no longer a member of {}.", group.display_name);
            Ok(Done::new(what, "The next incremental cycle sends it."))
        },
    )
    .await
}

/// What an object is called.
pub(super) fn name_of(tx: &impl Reads, tenant: Seq, object: ObjectRef) -> Result<String> {
    search::object(tx, tenant, object)?
        .map(|found| found.display_name().to_owned())
        .ok_or_else(|| Error::not_found("Object", ""))
}

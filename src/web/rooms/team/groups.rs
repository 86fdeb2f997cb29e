//! Groups of the team: the list, and one group with its members page by page.

use actix_web::web;
use serde_json::Value;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::exchange::Code;
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, thousands};
use super::super::super::console::team::groups::{GroupMember, GroupPage, GroupRow, GroupsPage};
use super::super::ask::{MEMBERS_PAGE, PAGE};
use super::super::{Answered, Ask, exact, show};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{Group, ObjectKind};
use crate::provider::browse;
use crate::provider::{endpoint, represent};
use crate::scim::Projection;
use crate::store::Reads;

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| groups(tx, &who, &ask, now)).await
}

fn groups(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<GroupsPage> {
    let found = browse::groups(tx, &who.member, &ask.text(), ask.part(PAGE))?;
    let url = ask.url("/team/groups");
    Ok(GroupsPage {
        page: who.page(Room::TeamGroups, "Groups"),
        rows: found.items.iter().map(|group| row(group, now)).collect(),
        list: List {
            caption: "Groups".into(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::number("Members"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "No groups yet",
                    "Assign a group to the enterprise application and start provisioning.",
                    who.way_to(Room::Applications, "Enterprise applications"),
                ),
            ),
        },
    })
}

fn row(group: &Group, now: Timestamp) -> GroupRow {
    GroupRow {
        name: Link::new(group.display_name(), address(&group.id.to_string())),
        members: thousands(group.member_count),
        created: Moment::new(group.meta.created, now),
    }
}

/// Address of a group's page.
pub(super) fn address(id: &str) -> String {
    format!("/team/groups/{id}")
}

/// One group.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| group(tx, &who, &id, &ask)).await
}

fn group(tx: &impl Reads, who: &Who, id: &str, ask: &Ask) -> Result<GroupPage> {
    let group = browse::get_group(tx, &who.member, id)?;
    let part = ask.part_in_order(MEMBERS_PAGE);
    let members = browse::members_of(tx, &who.member, &group, part.skip, part.limit)?;
    // Its members are listed below, page by page: never all of them at once.
    let without_members = Projection::parse(None, Some("members"))?;
    let (team, base) = (who.member.team, who.scim_base.as_str());
    let everything = endpoint::everything(tx, team)?;
    let resource = represent::group(tx, &everything, team, base, &group, &without_members)?;
    let url = ask.url(address(id));
    Ok(GroupPage {
        page: who
            .page(Room::TeamGroups, group.display_name())
            .under("Groups", "/team/groups"),
        technical: vec![
            Fact::code("id", group.id.to_string()),
            Fact::code("externalId", group.external_id().unwrap_or_default()),
            Fact::text("Members", thousands(group.member_count)),
            Fact::text("Created", exact(group.meta.created)),
            Fact::text("Last modified", exact(group.meta.last_modified)),
            Fact::code("Version", resource.version),
        ],
        json: Code::json(&Value::Object(resource.body).to_string()),
        rows: members.iter().map(member).collect(),
        list: List {
            caption: format!("Members of {}", group.display_name()),
            filter: None,
            columns: vec![Column::new("Name"), Column::new("User name")],
            pager: Pager::new(
                group.member_count,
                ask.page(),
                MEMBERS_PAGE,
                ("member", "members"),
                &url,
            ),
            empty: ask.empty(
group.member_count,
&url,
Empty::new(
                "No members",
                "Members arrive with the next cycle after somebody joins the group in the directory.",
                Link::plain(""),
            ),
),
        },
    })
}

fn member(member: &browse::GroupMember) -> GroupMember {
    let id = member.id.to_string();
    let (address, user_name) = match member.kind {
        ObjectKind::User => (super::members::address(&id), member.user_name.clone()),
        ObjectKind::Group => (address(&id), "Group".to_owned()),
    };
    GroupMember {
        name: Link::new(&member.label, address),
        user_name,
    }
}

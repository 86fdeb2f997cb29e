//! Groups of the team: the list, and one group with its roles, managers, and members page by page.

use actix_web::web;
use serde::Deserialize;
use serde_json::Value;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::exchange::Code;
use super::super::super::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Notice, Pill, Tone, thousands};
use super::super::super::console::team::groups::{
    GroupActions, GroupMember, GroupPage, GroupRow, GroupsPage, Manager,
};
use super::super::ask::{MEMBERS_PAGE, PAGE, TEXT};
use super::super::{Answered, Ask, exact, show};
use super::roles::through;
use crate::access::Permission;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Group, MemberState, ObjectKind, ObjectRef, Role};
use crate::provider::browse::{self, GroupSearch, Part};
use crate::provider::by_hand::appoint::labels;
use crate::provider::by_hand::groups::{Entrusted, entrusted, managers};
use crate::provider::roster::Origins;
use crate::provider::{endpoint, represent, team};
use crate::scim::Projection;
use crate::store::Reads;

/// Address of the list.
pub(super) const HERE: &str = "/team/groups";
/// Address of the form that makes one.
pub(super) const NEW: &str = "/team/groups/new";

/// The query of the list. Unknown parts are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct AskGroups {
    q: String,
    page: String,
    sort: String,
    role: String,
    managed: String,
}

impl AskGroups {
    fn search(&self) -> GroupSearch {
        GroupSearch {
            text: self.q.trim().chars().take(TEXT).collect(),
            role: Role::of_slug(&self.role),
            by_scim: match self.managed.as_str() {
                "scim" => Some(true),
                "hand" => Some(false),
                _ => None,
            },
        }
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn part(&self) -> Part {
        Part {
            skip: (self.page() - 1).saturating_mul(PAGE),
            limit: usize::try_from(PAGE).unwrap_or(usize::MAX),
            newest_first: self.sort != "created",
        }
    }

    fn url(&self) -> ListUrl {
        let sort = if self.sort == "created" {
            "created"
        } else {
            ""
        };
        ListUrl::new(HERE)
            .with("q", &self.search().text)
            .with("role", &self.role)
            .with("managed", &self.managed)
            .with("sort", sort)
    }
}

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskGroups>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| groups(tx, &who, &ask, now)).await
}

fn groups(tx: &impl Reads, who: &Who, ask: &AskGroups, now: Timestamp) -> Result<GroupsPage> {
    let search = ask.search();
    let found = browse::groups(tx, &who.member, &search, ask.part())?;
    let url = ask.url();
    let roles = Role::ALL.map(|role| (role.slug(), role.label()));
    let creates = who.member.has(Permission::CreateGroups);
    Ok(GroupsPage {
        page: who.page(Room::TeamGroups, "Groups"),
        create: if creates {
            NEW.to_owned()
        } else {
            String::new()
        },
        rows: found.items.iter().map(|group| row(group, now)).collect(),
        list: List {
            caption: "Groups".into(),
            filter: Some(
                Filter::new(&url, "Search by name")
                    .select(&url, "role", "Role", &roles)
                    .select(
                        &url,
                        "managed",
                        "Managed",
                        &[("scim", "By SCIM"), ("hand", "By hand")],
                    ),
            ),
            columns: vec![
                Column::new("Name"),
                Column::wide("Roles"),
                Column::number("Members"),
                Column::wide("Managed"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: empty(found.total, &search, &url, creates),
        },
    })
}

fn empty(total: u64, search: &GroupSearch, url: &ListUrl, creates: bool) -> Empty {
    if total > 0 {
        Empty::new(
            "There is no such page",
            "The list has become shorter, or the address was changed.",
            Link::new("First page", url.to_string()),
        )
    } else if *search != GroupSearch::default() {
        Empty::no_match(url)
    } else {
        Empty::new(
            "No groups yet",
            "Groups give roles to many people at once. Create one here, or let the identity provider push its own.",
            if creates {
                Link::new("Create Group", NEW)
            } else {
                Link::plain("")
            },
        )
    }
}

fn row(group: &Group, now: Timestamp) -> GroupRow {
    GroupRow {
        name: Link::new(group.display_name(), address(&group.id.to_string())),
        summary: group.summary.clone(),
        roles: labels(&group.roles),
        members: thousands(group.member_count),
        managed: mark(group),
        created: Moment::new(group.meta.created, now),
    }
}

/// The mark of groups that SCIM made or changed.
fn mark(group: &Group) -> Option<Pill> {
    group.written_by_scim.map(|_| Pill::new(Tone::Info, "SCIM"))
}

/// Address of a group's page.
pub(super) fn address(id: &str) -> String {
    format!("{HERE}/{id}")
}

/// One group.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| group(tx, &who, &id, &ask, now)).await
}

/// What this person may change about it; nothing for others.
fn entrusted_to(tx: &impl Reads, who: &Who, id: &str) -> Result<Option<Entrusted>> {
    let Ok(by) = who.member.may() else {
        return Ok(None);
    };
    match entrusted(tx, &by, id) {
        Ok(entrusted) => Ok(Some(entrusted)),
        Err(Error::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn actions(who: &Who, at: &str, entrusted: Option<&Entrusted>) -> GroupActions {
    let to = |allowed: bool, what: &str| {
        if allowed {
            format!("{at}/{what}")
        } else {
            String::new()
        }
    };
    let may = entrusted.is_some();
    GroupActions {
        edit: to(may, "edit"),
        roles: to(who.member.has(Permission::ManageBillingMembers), "roles"),
        delete: to(may, "delete"),
        add: to(may, "members/add"),
        add_manager: to(
            entrusted.is_some_and(Entrusted::may_have_managers),
            "managers/add",
        ),
    }
}

fn group(tx: &impl Reads, who: &Who, id: &str, ask: &Ask, now: Timestamp) -> Result<GroupPage> {
    let group = browse::get_group(tx, &who.member, id)?;
    let part = ask.part_in_order(MEMBERS_PAGE);
    let members = browse::members_of(tx, &who.member, &group, part.skip, part.limit)?;
    // Its members are listed below, page by page: never all of them at once.
    let without_members = Projection::Without(vec!["members".to_owned()]);
    let (seq, base) = (who.member.team, who.scim_base.as_str());
    let everything = endpoint::everything(tx, seq)?;
    let resource = represent::group(tx, &everything, seq, base, &group, &without_members)?;
    let at = address(id);
    let url = ask.url(at.clone());
    let entrusted = entrusted_to(tx, who, id)?;
    let actions = actions(who, &at, entrusted.as_ref());
    let add = actions.add.clone();
    Ok(GroupPage {
        page: who
            .page(Room::TeamGroups, group.display_name())
            .under("Groups", HERE),
        managed: mark(&group),
        notice: notice(&group, team::get(tx, &who.member)?.scim_enabled, now),
        summary: group.summary.clone(),
        roles: labels(&group.roles),
        through: through(&Origins::default().of(tx, &who.member, ObjectRef::group(group.seq))?),
        managers: managers_of(tx, who, &group, &at, entrusted.as_ref())?,
        no_managers: if group.roles == Role::by_default() {
            "Nobody. The team's Admins look after the group."
        } else {
            "The team's Admins. Only groups that have the Developer role alone have managers."
        }
        .to_owned(),
        technical: vec![
            Fact::code("id", group.id.to_string()),
            Fact::code("externalId", group.external_id().unwrap_or_default()),
            Fact::text("Members", thousands(group.member_count)),
            Fact::text("Created", exact(group.meta.created)),
            Fact::text("Last modified", exact(group.meta.last_modified)),
            Fact::text(
                "Last SCIM change",
                group
                    .written_by_scim
                    .map_or_else(|| "Never".to_owned(), exact),
            ),
            Fact::code("Version", resource.version),
        ],
        json: Code::json(&Value::Object(resource.body).to_string()),
        rows: members
            .iter()
            .map(|one| member(one, &at, entrusted.is_some()))
            .collect(),
        list: List {
            caption: format!("Members of {}", group.display_name()),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::wide("User name"),
                Column::new(""),
            ],
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
                    "Add people of the team, or let the identity provider push them.",
                    if add.is_empty() {
                        Link::plain("")
                    } else {
                        Link::new("Add members", add)
                    },
                ),
            ),
        },
        actions,
    })
}

/// What the identity provider decides about a group that SCIM made or changed.
fn notice(group: &Group, scim_is_on: bool, now: Timestamp) -> Option<Notice> {
    let when = Moment::new(group.written_by_scim?, now).text;
    Some(if scim_is_on {
        Notice::new(
            Tone::Info,
            format!("The identity provider manages this group; it last changed something {when}."),
            "Changes of name and members made here stay until it sends its own again. Roles, managers and the \
             description are never sent by it.",
        )
    } else {
        Notice::new(
            Tone::Info,
            format!("An identity provider managed this group and last changed something {when}."),
            "SCIM provisioning is off, so nothing is overwritten at present.",
        )
    })
}

fn managers_of(
    tx: &impl Reads,
    who: &Who,
    group: &Group,
    at: &str,
    entrusted: Option<&Entrusted>,
) -> Result<Vec<Manager>> {
    let found = managers(tx, &who.member, group)?;
    Ok(found
        .iter()
        .map(|user| {
            let id = user.id.to_string();
            Manager {
                name: Link::new(user.label(), super::members::address(&id)),
                idle: match user.state() {
                    MemberState::Active => "",
                    MemberState::Invited => "Invited",
                    MemberState::Deactivated => "Deactivated",
                }
                .to_owned(),
                remove: if entrusted.is_some() {
                    format!("{at}/managers/{id}/remove")
                } else {
                    String::new()
                },
            }
        })
        .collect())
}

fn member(member: &browse::GroupMember, at: &str, may_remove: bool) -> GroupMember {
    let id = member.id.to_string();
    let (address, user_name) = match member.kind {
        ObjectKind::User => (super::members::address(&id), member.user_name.clone()),
        ObjectKind::Group => (address(&id), "Group".to_owned()),
    };
    GroupMember {
        name: Link::new(&member.label, address),
        user_name,
        remove: if may_remove {
            format!("{at}/members/{id}/remove")
        } else {
            String::new()
        },
    }
}

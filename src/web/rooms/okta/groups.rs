//! *Directory > Groups*: the list, and one group with its people.

use actix_web::web;

use super::people::{part, status_pill};
use super::{Addresses, administrator, group_forms, group_of, key, show_org};
use crate::clock::Timestamp;
use crate::directory::okta::search;
use crate::error::Result;
use crate::id::{OktaKind, Seq};
use crate::model::okta::{GroupRule, GroupType, OktaGroup, Org};
use crate::store::Snapshot;
use crate::store::okta::{app_users, apps, groups, rules, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::okta::groups::{GroupPage, GroupPerson, GroupRow, GroupsPage};
use crate::web::console::okta::rules::{GroupsTab, tabs};
use crate::web::console::parts::{Fact, Link, Moment, thousands};
use crate::web::rooms::ask::{MEMBERS_PAGE, PAGE};
use crate::web::rooms::{Answered, Ask, exact};

/// The list.
pub(super) const HERE: &str = "/okta/groups";
const KINDS: [GroupType; 3] = [
    GroupType::OktaGroup,
    GroupType::AppGroup,
    GroupType::BuiltIn,
];

/// Whose a group is, in the words of the Admin Console.
pub(super) const fn kind(group: &OktaGroup) -> &'static str {
    kind_label(group.kind)
}

const fn kind_label(kind: GroupType) -> &'static str {
    match kind {
        GroupType::OktaGroup => "Okta group",
        GroupType::AppGroup => "App group",
        GroupType::BuiltIn => "Built-in",
    }
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load_list(tx, who, org, &ask, now)
    })
    .await
}

fn load_list(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask, now: Timestamp) -> Result<GroupsPage> {
    let of_kind = KINDS.into_iter().find(|kind| kind.name() == ask.state);
    let administrator = administrator(who, org)?;
    let found = search::groups(tx, &administrator, &ask.text(), of_kind, part(ask, PAGE))?;
    let addresses = Addresses::new(tx, org);
    let url = ask.url(HERE);
    let kinds = KINDS.map(|kind| (kind.name(), kind_label(kind)));
    Ok(GroupsPage {
        page: who.page(Room::OktaGroups, "Groups"),
        tabs: tabs(GroupsTab::All),
        create: group_forms::NEW.into(),
        rows: found
            .items
            .iter()
            .map(|group| GroupRow {
                name: Link::new(&group.name, addresses.group(group.seq)),
                description: group.description.clone(),
                kind: kind(group),
                people: thousands(group.member_count),
                created: Moment::new(group.created, now),
            })
            .collect(),
        list: List {
            caption: "Groups".into(),
            filter: Some(
                Filter::new(&url, "Search by name").select(&url, "state", "Source", &kinds),
            ),
            columns: vec![
                Column::new("Group name"),
                Column::wide("Source"),
                Column::number("People"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "No groups",
                    "Groups of the org stand here.",
                    Link::plain(""),
                ),
            ),
        },
    })
}

/// One group.
pub(in crate::web::rooms) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load(tx, who, org, &id, &ask)
    })
    .await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, id: &str, ask: &Ask) -> Result<GroupPage> {
    let group = group_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let address = addresses.group(group.seq);
    let url = ask.url(&address);
    let by_hand = |page: &str| match group.kind {
        GroupType::OktaGroup => format!("{address}/{page}"),
        GroupType::AppGroup | GroupType::BuiltIn => String::new(),
    };
    let assign = by_hand("people/add");
    let mut assigned = Vec::new();
    for row in app_users::apps_of_group(tx, org.seq, group.seq)? {
        if let Some(app) = apps::find(tx, key(org, row))? {
            assigned.push(Link::new(app.label, addresses.app(row)));
        }
    }
    Ok(GroupPage {
        page: who
            .page(Room::OktaGroups, &group.name)
            .under("Groups", HERE),
        kind: kind(&group),
        edit: by_hand("edit"),
        delete: by_hand("delete"),
        assign: assign.clone(),
        facts: facts(tx, org, &group)?,
        apps: assigned,
        rows: people(tx, org, &group, ask)?,
        list: List {
            caption: format!("People in {}", group.name),
            filter: None,
            columns: vec![
                Column::new("Person & username"),
                Column::wide("Status"),
                Column::new(""),
            ],
            pager: Pager::new(
                group.member_count,
                ask.page(),
                MEMBERS_PAGE,
                ("person", "people"),
                &url,
            ),
            empty: ask.empty(
                group.member_count,
                &url,
                Empty::new(
                    "Nobody in this group",
                    if assign.is_empty() {
                        "People come into it by themselves."
                    } else {
                        "Assign somebody."
                    },
                    Link::new("Assign people", &assign),
                ),
            ),
        },
    })
}

fn facts(tx: &Snapshot, org: &Org, group: &OktaGroup) -> Result<Vec<Fact>> {
    let addresses = Addresses::new(tx, org);
    let id = addresses.id(OktaKind::Group, group.seq);
    let mut facts = vec![
        Fact::code("Group ID", id.to_string()),
        Fact::text("Description", &group.description),
    ];
    if let Some(row) = group.app
        && let Some(app) = apps::find(tx, key(org, row))?
    {
        facts.push(Fact::link("Application", app.label, addresses.app(row)));
        let external = group.external_id.as_deref().unwrap_or_default();
        facts.push(Fact::code("External ID", external));
    }
    facts.extend([
        Fact::text("Created", exact(group.created)),
        Fact::text("Last updated", exact(group.last_updated)),
        Fact::text("Membership updated", exact(group.last_membership_updated)),
    ]);
    Ok(facts)
}

fn people(tx: &Snapshot, org: &Org, group: &OktaGroup, ask: &Ask) -> Result<Vec<GroupPerson>> {
    let part = ask.part_in_order(MEMBERS_PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let addresses = Addresses::new(tx, org);
    // Edges are cheap to walk; only the people of this page are read.
    let end = skip.saturating_add(part.limit);
    let edges = groups::members(tx, org.seq, group.seq, Seq(0), end)?;
    let rules = rules::all(tx, org.seq)?;
    let mut people = Vec::new();
    for row in edges.into_iter().skip(skip) {
        if let Some(user) = users::find(tx, org.seq, row)? {
            people.push(GroupPerson {
                name: Link::new(user.display_name(), addresses.user(row)),
                login: user.login().to_owned(),
                rules: holding(tx, org, group, row, &rules)?,
                status: status_pill(user.status),
                remove: match group.kind {
                    GroupType::OktaGroup => {
                        let id = addresses.id(OktaKind::User, row);
                        format!("{}/people/{id}/remove", addresses.group(group.seq))
                    }
                    GroupType::AppGroup | GroupType::BuiltIn => String::new(),
                },
            });
        }
    }
    Ok(people)
}

/// Names of the rules that hold somebody in a group.
fn holding(
    tx: &Snapshot,
    org: &Org,
    group: &OktaGroup,
    user: Seq,
    rules: &[GroupRule],
) -> Result<String> {
    if rules.is_empty() {
        return Ok(String::new());
    }
    let holders = rules::holders(tx, org.seq, group.seq, user)?;
    let names: Vec<&str> = rules
        .iter()
        .filter(|rule| holders.contains(&rule.seq))
        .map(|rule| rule.name.as_str())
        .collect();
    Ok(names.join(", "))
}

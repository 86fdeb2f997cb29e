//! Members and managers of a group: searching, adding, removing.

use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::groups::{Candidate, PickPage};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, act, show};
use super::groups::{HERE, address};
use crate::error::Result;
use crate::model::{MemberState, ObjectRef, Outcome, User};
use crate::provider::by_hand::groups::{
    Entrusted, add_manager as appoint, add_member, entrusted, may_manage,
    remove_manager as dismiss, remove_member,
};
use crate::provider::roster::{self, Order, Search};
use crate::store::{Reads, groups as rows};

/// Whom the search is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Members,
    Managers,
}

impl Wanted {
    const fn path(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Managers => "managers",
        }
    }
}

/// Searches somebody to add as a member.
pub(in super::super) async fn pick_member(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        pick(tx, &who, &id, &ask, Wanted::Members)
    })
    .await
}

/// Searches somebody to add as a manager.
pub(in super::super) async fn pick_manager(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        pick(tx, &who, &id, &ask, Wanted::Managers)
    })
    .await
}

fn pick(tx: &impl Reads, who: &Who, id: &str, ask: &Ask, wanted: Wanted) -> Result<PickPage> {
    let entrusted = entrusted(tx, &who.member.may()?, id)?;
    let (at, group) = (address(id), entrusted.group());
    let search = Search {
        text: ask.text(),
        ..Search::default()
    };
    let part = ask.part_in_order(PAGE);
    let found = roster::page(tx, &who.member, &search, Order::Name, part.skip, part.limit)?;
    let people = format!("{at}/{}", wanted.path());
    let url = ask.url(format!("{people}/add"));
    let title = match wanted {
        Wanted::Members => "Add members",
        Wanted::Managers => "Add manager",
    };
    let mut candidates = Vec::new();
    for user in &found.items {
        candidates.push(Candidate {
            id: user.id.to_string(),
            name: user.label(),
            detail: user.user_name().to_owned(),
            kind: super::members::state(user),
            blocked: blocked(tx, who, &entrusted, user, wanted)?,
        });
    }
    Ok(PickPage {
        page: who
            .page(Room::TeamGroups, title)
            .under("Groups", HERE)
            .under(group.display_name(), &at),
        action: ask.url(people).to_string(),
        verb: "Add".into(),
        done: at,
        rows: candidates,
        list: List {
            caption: "People of the team".into(),
            filter: Some(Filter::new(&url, "Search by name or e-mail")),
            columns: vec![Column::new("Name"), Column::wide("Status"), Column::new("")],
            pager: Pager::new(found.total, ask.page(), PAGE, ("member", "members"), &url),
            empty: Empty::no_match(&url),
        },
    })
}

/// Why somebody cannot be picked; empty when nothing speaks against it.
fn blocked(
    tx: &impl Reads,
    who: &Who,
    entrusted: &Entrusted,
    user: &User,
    wanted: Wanted,
) -> Result<String> {
    let group = entrusted.group();
    let why = match (wanted, user.state()) {
        (_, MemberState::Invited) => "Has not joined yet",
        (Wanted::Managers, MemberState::Deactivated) => "Deactivated",
        (Wanted::Members, _) => {
            let member = ObjectRef::user(user.seq);
            if rows::groups_of(tx, who.member.team, member)?.contains(&group.seq) {
                "Already a member"
            } else {
                ""
            }
        }
        (Wanted::Managers, _) if group.managers.contains(&user.seq) => "Already a manager",
        (Wanted::Managers, _) if !may_manage(tx, who.member.team, user)? => {
            "Has no role that manages groups"
        }
        (Wanted::Managers, _) => "",
    };
    Ok(why.to_owned())
}

#[derive(Deserialize)]
pub(in super::super) struct Picked {
    #[serde(default)]
    id: String,
}

/// *Add* of a member.
pub(in super::super) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask.url(format!("{}/members/add", address(&id))).to_string();
    act(&app, signed, back, move |tx, who, now| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        let group = entrusted.group().display_name().to_owned();
        let (user, outcome) = add_member(tx, entrusted, &picked.id, now)?;
        Ok(Done::new(
            match outcome {
                Outcome::Unchanged => format!("{} is in {group} already.", user.label()),
                _ => format!("{} is in {group} now.", user.label()),
            },
            "",
        ))
    })
    .await
}

/// *Remove* of a member.
pub(in super::super) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, member) = path.into_inner();
    act(&app, signed, address(&id), move |tx, who, now| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        let group = entrusted.group().display_name().to_owned();
        let (name, outcome) = remove_member(tx, entrusted, &member, now)?;
        Ok(Done::new(
            match outcome {
                Outcome::Unchanged => format!("{name} was not in {group}."),
                _ => format!("{name} is no longer in {group}."),
            },
            "",
        ))
    })
    .await
}

/// *Add* of a manager.
pub(in super::super) async fn add_manager(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    picked: web::Form<Picked>,
) -> Answered {
    act(&app, signed, address(&id), move |tx, who, now| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        let group = entrusted.group().display_name().to_owned();
        let (user, outcome) = appoint(tx, entrusted, &picked.id, now)?;
        Ok(Done::new(
            match outcome {
                Outcome::Unchanged => format!("{} manages {group} already.", user.label()),
                _ => format!("{} manages {group} now.", user.label()),
            },
            "",
        ))
    })
    .await
}

/// *Remove* of a manager.
pub(in super::super) async fn remove_manager(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, member) = path.into_inner();
    act(&app, signed, address(&id), move |tx, who, now| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        let group = entrusted.group().display_name().to_owned();
        let (user, outcome) = dismiss(tx, entrusted, &member, now)?;
        Ok(Done::new(
            match outcome {
                Outcome::Unchanged => format!("{} did not manage {group}.", user.label()),
                _ => format!("{} no longer manages {group}.", user.label()),
            },
            "",
        ))
    })
    .await
}

//! *Directory > People*: the list, and one person.

use actix_web::web;

use super::{Addresses, act_in_org, administrator, key, people_forms, show_org, user_of};
use crate::clock::Timestamp;
use crate::directory::okta::lifecycle;
use crate::directory::okta::search::{self, Part};
use crate::error::{Error, Result};
use crate::id::OktaKind;
use crate::model::okta::{
    AppUser, AppUserStatus, AssignmentScope, OktaApp, OktaUser, Org, SyncState, UserStatus,
};
use crate::store::Snapshot;
use crate::store::okta::{app_users, apps, groups};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::okta::people::{
    AssignedApp, PeoplePage, PersonPage, PersonRow, Transition,
};
use crate::web::console::parts::{Fact, Link, Moment, Pill, Tone};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done, exact};

/// The list.
pub(super) const HERE: &str = "/okta/people";

/// What a list asks for, in the terms of a search.
pub(super) fn part(ask: &Ask, size: u64) -> Part {
    let part = ask.part(size);
    Part {
        skip: part.skip,
        limit: part.limit,
        newest_first: part.newest_first,
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

fn load_list(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask, now: Timestamp) -> Result<PeoplePage> {
    let status = UserStatus::ALL
        .into_iter()
        .find(|status| status.name() == ask.status);
    let administrator = administrator(who, org)?;
    let found = search::people(tx, &administrator, &ask.text(), status, part(ask, PAGE))?;
    let addresses = Addresses::new(tx, org);
    let url = ask.url(HERE);
    let statuses = UserStatus::ALL.map(|status| (status.name(), status.label()));
    Ok(PeoplePage {
        page: who.page(Room::OktaPeople, "People"),
        create: people_forms::NEW.into(),
        rows: found
            .items
            .iter()
            .map(|user| PersonRow {
                name: Link::new(user.display_name(), addresses.user(user.seq)),
                login: user.login().to_owned(),
                email: user.text("email").unwrap_or_default().to_owned(),
                status: status_pill(user.status),
                created: Moment::new(user.created, now),
            })
            .collect(),
        list: List {
            caption: "People".into(),
            filter: Some(
                Filter::new(&url, "Search by name, username or email")
                    .select(&url, "status", "Status", &statuses),
            ),
            columns: vec![
                Column::new("Person & username"),
                Column::wide("Primary email"),
                Column::new("Status"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("person", "people"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "Nobody here yet",
                    "Add somebody, then assign an application.",
                    Link::new("Add person", people_forms::NEW),
                ),
            ),
        },
    })
}

/// The pill of a person's status, as the Admin Console names it.
pub(super) fn status_pill(status: UserStatus) -> Pill {
    let tone = match status {
        UserStatus::Active => Tone::Good,
        UserStatus::Staged | UserStatus::Deprovisioned => Tone::Quiet,
        UserStatus::Provisioned | UserStatus::Recovery | UserStatus::PasswordExpired => Tone::Info,
        UserStatus::LockedOut | UserStatus::Suspended => Tone::Warn,
    };
    Pill::new(tone, status.label())
}

/// How far an account is. Whoever was assigned before an app provisions has none there.
pub(super) fn account_pill(app: &OktaApp, app_user: &AppUser) -> Pill {
    match (app_user.sync_state, app_user.status) {
        (SyncState::Disabled, _) if app.provisions() && app_user.external_id.is_none() => {
            Pill::new(Tone::Quiet, "Not provisioned")
        }
        (SyncState::Error, _) => Pill::new(Tone::Bad, "Error"),
        (SyncState::OutOfSync, AppUserStatus::Staged) => Pill::new(Tone::Info, "Pending"),
        (SyncState::OutOfSync, _) => Pill::new(Tone::Info, "Out of sync"),
        (_, AppUserStatus::Staged) => Pill::new(Tone::Quiet, "Not provisioned"),
        (_, AppUserStatus::Provisioned) => Pill::new(Tone::Good, "Provisioned"),
        (_, AppUserStatus::Active) => Pill::new(Tone::Good, "Active"),
    }
}

/// *Individual* or *Group*.
pub(super) const fn scope(app_user: &AppUser) -> &'static str {
    match app_user.scope {
        AssignmentScope::User => "Individual",
        AssignmentScope::Group => "Group",
    }
}

/// One person.
pub(in crate::web::rooms) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| load(tx, who, org, &id)).await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<PersonPage> {
    let user = user_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let address = addresses.user(user.seq);
    let gone = user.status == UserStatus::Deprovisioned;
    let unless_gone = |page: &str| {
        if gone {
            String::new()
        } else {
            format!("{address}/{page}")
        }
    };
    let mut in_groups = Vec::new();
    for row in groups::groups_of(tx, org.seq, user.seq)? {
        if let Some(group) = groups::find(tx, org.seq, row)? {
            in_groups.push(Link::new(group.name, addresses.group(row)));
        }
    }
    Ok(PersonPage {
        page: who
            .page(Room::OktaPeople, user.display_name())
            .under("People", HERE),
        status: status_pill(user.status),
        edit: unless_gone("edit"),
        password: unless_gone("password"),
        transitions: transitions(&address, user.status),
        delete: if gone {
            format!("{address}/delete")
        } else {
            String::new()
        },
        profile: profile(&user),
        technical: technical(addresses, &user),
        groups: in_groups,
        apps: assigned(tx, org, &user)?,
    })
}

/// The whole profile, what everybody has first.
fn profile(user: &OktaUser) -> Vec<Fact> {
    let first = ["login", "firstName", "lastName", "email"];
    let shown = |value: &serde_json::Value| crate::web::rooms::entra::value_shown(value, ", ");
    let of = |name: &str| {
        let value = user.profile.get(name);
        Fact::text(name, value.map(shown).unwrap_or_default())
    };
    let others = user.profile.keys().map(String::as_str);
    let others = others.filter(|name| !first.contains(name));
    first.into_iter().chain(others).map(of).collect()
}

fn technical(addresses: Addresses, user: &OktaUser) -> Vec<Fact> {
    let moment =
        |name: &str, at: Option<Timestamp>| Fact::text(name, at.map(exact).unwrap_or_default());
    let id = addresses.id(OktaKind::User, user.seq);
    vec![
        Fact::code("User ID", id.to_string()),
        Fact::text("Created", exact(user.created)),
        moment("Activated", user.activated),
        moment("Status changed", user.status_changed),
        Fact::text("Last updated", exact(user.last_updated)),
        moment("Password changed", user.password_changed),
    ]
}

fn assigned(tx: &Snapshot, org: &Org, user: &OktaUser) -> Result<Vec<AssignedApp>> {
    let addresses = Addresses::new(tx, org);
    let mut assigned = Vec::new();
    for row in app_users::apps_of(tx, org.seq, user.seq)? {
        let key = key(org, row);
        let Some(app) = apps::find(tx, key)? else {
            continue;
        };
        if let Some(app_user) = app_users::find(tx, key, user.seq)? {
            assigned.push(AssignedApp {
                app: Link::new(&app.label, addresses.app(row)),
                user_name: app_user.user_name.clone(),
                scope: scope(&app_user),
                status: account_pill(&app, &app_user),
                error: app_user.error.unwrap_or_default(),
            });
        }
    }
    Ok(assigned)
}

/// What the status of somebody allows, as buttons.
fn transitions(address: &str, status: UserStatus) -> Vec<Transition> {
    let mut buttons: Vec<Transition> = lifecycle::Transition::all()
        .filter(|transition| transition.allowed(status))
        .filter_map(|transition| {
            let (label, asks) = words(transition)?;
            Some(Transition {
                label,
                action: format!("{address}/lifecycle/{}", transition.name()),
                asks,
                danger: transition == lifecycle::Transition::Deactivate,
            })
        })
        .collect();
    buttons.sort_by_key(|button| button.danger);
    buttons
}

/// Label of a transition, and what it means; none for what nobody asks for.
const fn words(transition: lifecycle::Transition) -> Option<(&'static str, &'static str)> {
    use lifecycle::Transition::{
        Activate, Deactivate, ExpirePassword, Lock, Reactivate, ResetPassword, Suspend, Unlock,
        Unsuspend,
    };
    Some(match transition {
        Activate => ("Activate", ""),
        Reactivate => ("Reactivate", ""),
        Suspend => ("Suspend", ""),
        Unsuspend => ("Unsuspend", ""),
        Unlock => ("Unlock", ""),
        ExpirePassword => ("Expire Password", ""),
        ResetPassword => ("Reset Password", ""),
        Deactivate => (
            "Deactivate",
            "Every assignment ends. Applications that deactivate users are told so.",
        ),
        Lock => return None,
    })
}

/// A button of the lifecycle.
pub(in crate::web::rooms) async fn change(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, name) = path.into_inner();
    let transition = lifecycle::Transition::all()
        .find(|transition| transition.name() == name && words(*transition).is_some())
        .ok_or_else(|| Error::not_found("Transition", ""))?;
    let back = format!("{HERE}/{id}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let user = user_of(tx, org, &id)?;
        let user = lifecycle::perform(tx, administrator, transition, user.seq, now)?;
        let what = format!("{}: {}.", user.display_name(), user.status.label());
        Ok(Done::new(what, "The System Log has what follows from it."))
    })
    .await
}

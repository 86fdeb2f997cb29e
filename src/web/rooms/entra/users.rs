//! Users of the directory: the list, one user, and what a click does with it.

use actix_web::web;
use serde_json::Value;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::{Ask as AskName, ConfirmPage};
use super::super::super::console::entra::users::{
    AssignedTo, UserActions, UserPage, UserRow, UsersPage,
};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Pill, Tone};
use super::super::ask::PAGE;
use super::super::named::{Named, act_once_named};
use super::super::{Answered, Ask, Done, act, exact, show};
use super::transfer;
use super::{
    application_address, applications_of, group_address, page_of, tenant_of, user_address, user_of,
};
use crate::clock::Timestamp;
use crate::directory::search::{self, Query, State};
use crate::directory::{get_group, recycle_bin, users};
use crate::error::Result;
use crate::id::Seq;
use crate::model::{DirectoryUser, ObjectRef};
use crate::store::{Reads, Snapshot, Write, directory as rows};

const NEXT_CYCLE: &str = "The next incremental cycle sends it.";

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load_list(tx, &who, &ask, now)).await
}

fn load_list(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<UsersPage> {
    let tenant = tenant_of(tx, who)?;
    let state = match ask.state.as_str() {
        "enabled" => State::Enabled,
        "disabled" => State::Disabled,
        "guest" => State::Guests,
        "deleted" => State::Deleted,
        _ => State::Present,
    };
    let found = page_of(ask.part(PAGE), |skip, limit| {
        let query = Query {
            text: ask.text(),
            state,
            skip,
            limit,
        };
        search::users(tx, who.operator()?, tenant.seq, &query)
    })?;
    let url = ask.url("/entra/users");
    Ok(UsersPage {
        page: who.page(Room::EntraUsers, "Users"),
        create: "/entra/users/new".into(),
        import: "/entra/import".into(),
        deleted: "/entra/deleted".into(),
        exports: transfer::exports("users"),
        rows: found.items.iter().map(|user| row(user, now)).collect(),
        list: List {
            caption: "Users".into(),
            filter: Some(
                Filter::new(&url, "Search by name or user principal name").select(
                    &url,
                    "state",
                    "State",
                    &[
                        ("enabled", "Enabled"),
                        ("disabled", "Disabled"),
                        ("deleted", "Deleted"),
                        ("guest", "Guest"),
                    ],
                ),
            ),
            columns: vec![
                Column::new("Name"),
                Column::new("State"),
                Column::wide("Department"),
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("user", "users"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "The directory is empty",
                    "Create a user, or start scimlab with --seed demo.",
                    Link::new("New user", "/entra/users/new"),
                ),
            ),
        },
    })
}

fn row(user: &DirectoryUser, now: Timestamp) -> UserRow {
    UserRow {
        name: Link::new(user.display_name(), user_address(user)),
        principal_name: user.user_principal_name.clone(),
        status: status(user),
        guest: user.guest,
        department: user.text("department").unwrap_or_default().to_owned(),
        created: Moment::new(user.created, now),
    }
}

/// *Enabled*, *Disabled* or *Deleted*.
pub(super) fn status(user: &DirectoryUser) -> Pill {
    match (user.deleted, user.account_enabled) {
        (Some(_), _) => Pill::new(Tone::Bad, "Deleted"),
        (None, true) => Pill::new(Tone::Good, "Enabled"),
        (None, false) => Pill::new(Tone::Quiet, "Disabled"),
    }
}

/// One user.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &id, now)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str, now: Timestamp) -> Result<UserPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let user = user_of(tx, tenant, id)?;
    let object = ObjectRef::user(user.seq);
    let mut groups = Vec::new();
    let mut assigned = direct(tx, tenant, object)?;
    for group in rows::groups_of(tx, tenant, object)? {
        let group = get_group(tx, tenant, group)?;
        let link = Link::new(&group.display_name, group_address(&group));
        for mut to in direct(tx, tenant, ObjectRef::group(group.seq))? {
            to.through = link.clone();
            assigned.push(to);
        }
        groups.push(link);
    }
    if user.account_enabled && user.deleted.is_none() {
        for to in &mut assigned {
            let application = &to.application.href;
            to.provision = format!("{application}/provisioning/on-demand?object={}", user.id);
        }
    }
    let manager = match user.manager {
        Some(manager) => rows::user(tx, tenant, manager)?,
        None => None,
    };
    Ok(UserPage {
        page: who
            .page(Room::EntraUsers, user.display_name())
            .under("Users", "/entra/users"),
        status: status(&user),
        guest: user.guest,
        bin: user
            .deleted
            .map_or_else(String::new, |since| bin(since, now)),
        actions: actions(&user),
        attributes: attributes(&user),
        technical: vec![
            Fact::code("Object id", user.id.to_string()),
            Fact::text("Created", exact(user.created)),
        ],
        manager: manager.map_or_else(
            || Link::plain(""),
            |m| Link::new(m.display_name(), user_address(&m)),
        ),
        groups,
        assigned,
    })
}

/// Applications that an object itself is assigned to.
fn direct(tx: &impl Reads, tenant: Seq, object: ObjectRef) -> Result<Vec<AssignedTo>> {
    let mut assigned = Vec::new();
    for application in applications_of(tx, tenant, object)? {
        let address = application_address(&application);
        let assignment = rows::assignment(tx, tenant, application.seq, object)?;
        assigned.push(AssignedTo {
            application: Link::new(&application.display_name, address),
            through: Link::plain("Directly"),
            roles: super::app_roles::names(&application, assignment.as_ref()),
            provision: String::new(),
        });
    }
    Ok(assigned)
}

/// Until when what was deleted then can be restored.
pub(super) fn bin(since: Timestamp, now: Timestamp) -> String {
    match days_left(since, now) {
        0 => "In the recycle bin for 30 days: it is about to be deleted permanently.".into(),
        1 => "In the recycle bin. It can be restored for one more day.".into(),
        days => format!("In the recycle bin. It can be restored for {days} more days."),
    }
}

/// Begun days until what was deleted then is purged.
pub(super) fn days_left(since: Timestamp, now: Timestamp) -> u64 {
    recycle_bin::purge_due(since)
        .since(now)
        .as_secs()
        .div_ceil(86_400)
}

fn actions(user: &DirectoryUser) -> UserActions {
    let to = |what: &str| format!("{}/{what}", user_address(user));
    if user.deleted.is_some() {
        return UserActions {
            restore: to("restore"),
            delete_permanently: to("delete-permanently"),
            ..UserActions::default()
        };
    }
    let (enable, disable) = if user.account_enabled {
        (String::new(), to("disable"))
    } else {
        (to("enable"), String::new())
    };
    UserActions {
        edit: to("edit"),
        enable,
        disable,
        delete: to("delete"),
        ..UserActions::default()
    }
}

fn attributes(user: &DirectoryUser) -> Vec<Fact> {
    let mut facts = vec![
        Fact::text("userPrincipalName", &user.user_principal_name),
        Fact::text("accountEnabled", user.account_enabled.to_string()),
    ];
    facts.extend(
        user.attributes
            .iter()
            .map(|(name, value)| Fact::text(name, shown(value, ", "))),
    );
    facts
}

/// A value as text, several ones joined.
pub(in super::super) fn shown(value: &Value, between: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            texts.join(between)
        }
        other => other.to_string(),
    }
}

/// Changes the user of the address and leads back to its page.
async fn change<F>(app: &App, signed: SignedIn, id: String, what: &'static str, work: F) -> Answered
where
    F: FnOnce(&Write<'_>, &Who, Seq, Seq, Timestamp) -> Result<DirectoryUser> + Send + 'static,
{
    let back = format!("/entra/users/{id}");
    act(app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let user = user_of(tx, tenant, &id)?;
        let user = work(tx, who, tenant, user.seq, now)?;
        Ok(Done::new(
            format!("{} {what}.", user.display_name()),
            NEXT_CYCLE,
        ))
    })
    .await
}

/// *Enable*.
pub(in super::super) async fn enable(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    change(
        &app,
        signed,
        id.into_inner(),
        "is enabled",
        |tx, who, tenant, user, now| {
            users::set_account_enabled(tx, who.operator()?, tenant, user, true, now)
        },
    )
    .await
}

/// *Disable*.
pub(in super::super) async fn disable(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    change(
        &app,
        signed,
        id.into_inner(),
        "is disabled",
        |tx, who, tenant, user, now| {
            users::set_account_enabled(tx, who.operator()?, tenant, user, false, now)
        },
    )
    .await
}

/// *Delete*: to the recycle bin.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    change(
        &app,
        signed,
        id.into_inner(),
        "is in the recycle bin",
        |tx, who, tenant, user, now| users::delete(tx, who.operator()?, tenant, user, now),
    )
    .await
}

/// *Restore user*.
pub(in super::super) async fn restore(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    change(
        &app,
        signed,
        id.into_inner(),
        "is restored",
        |tx, who, tenant, user, now| users::restore(tx, who.operator()?, tenant, user, now),
    )
    .await
}

fn purge_question(tx: &impl Reads, who: &Who, id: &str) -> Result<ConfirmPage> {
    let user = user_of(tx, tenant_of(tx, who)?.seq, id)?;
    let address = user_address(&user);
    Ok(ConfirmPage {
        page: who
            .page(
                Room::EntraUsers,
                format!("Delete {} permanently?", user.display_name()),
            )
            .under("Users", "/entra/users")
            .under(user.display_name(), &address),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Memberships, assignments and references to this manager go too.".into(),
            "The next cycle deletes the member in the target.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: user.user_principal_name.clone(),
            error: String::new(),
        }),
        action: format!("{address}/delete-permanently"),
        submit: "Delete permanently".into(),
        cancel: address,
    })
}

/// Asks for the name before deleting for good.
pub(in super::super) async fn ask_purge(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| purge_question(tx, &who, &id)).await
}

/// *Delete permanently*.
pub(in super::super) async fn purge(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| purge_question(tx, who, &asked);
    let back = "/entra/deleted";
    act_once_named(&app, signed, &named, question, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let user = user_of(tx, tenant, &id)?;
        users::purge(tx, who.operator()?, tenant, user.seq, now)?;
        let what = format!("{} is deleted permanently.", user.display_name());
        let next = "The next cycle deletes the member in the target.";
        Ok(Done::new(what, next))
    })
    .await
}

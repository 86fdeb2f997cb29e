//! Deactivating, reactivating and removing a member.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Field, Link, counted};
use super::super::super::console::team::member::RemovePage;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, finish, page as answer, show};
use super::members::{HERE, address};
use crate::access::{May, Permission, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Outcome, User};
use crate::provider::by_hand::estate::{self, Handed, Heir};
use crate::provider::by_hand::members::{
    deactivate as bar, reactivate as readmit, removable, remove as take_away,
};
use crate::provider::team;
use crate::store::Reads;

/// Asks before somebody is kept out.
pub(in super::super) async fn ask_deactivate(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let by = who.member.may::<permission::RemoveUsers>()?;
        let user = removable(tx, &by, &id)?;
        let (name, at) = (user.label(), address(&id));
        let mut consequences = vec![
            format!("{name} can no longer sign in to this team, and is signed out at once."),
            "Roles and groups are kept and count again after Reactivate.".to_owned(),
            "Identity providers see active: false, as after the SCIM call that does the same.".to_owned(),
        ];
        if user.written_by_scim.is_some() {
            consequences.push(
                "The identity provider may activate the member again the next time it sends the attribute."
                    .to_owned(),
            );
        }
        let held = estate::of(tx, &by, &user, now)?;
        if !held.keys.is_empty() {
            let names: Vec<_> = held.keys.iter().map(|key| key.name.as_str()).collect();
            consequences.push(format!(
                "SCIM API keys that {name} generated answer 403 until then: {}.",
                names.join(", ")
            ));
        }
        Ok(ConfirmPage {
            page: who
                .page(Room::Members, format!("Deactivate {name}?"))
                .under("Members", HERE)
                .under(&name, &at),
            lead: format!("{} stays on the list of members as Deactivated.", user.user_name()),
            consequences,
            danger: true,
            ask: None,
            action: format!("{at}/deactivate"),
            submit: "Deactivate".into(),
            cancel: at,
        })
    })
    .await
}

/// *Deactivate*.
pub(in super::super) async fn deactivate(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    act(&app, signed, address(&id), move |tx, who, now| {
        let (user, outcome) = bar(tx, &who.member.may()?, &id, now)?;
        Ok(match outcome {
            Outcome::Unchanged => {
                Done::new(format!("{} was deactivated already.", user.label()), "")
            }
            _ => Done::new(
                format!("{} is deactivated.", user.label()),
                "Roles and groups are kept. Reactivate undoes it.",
            ),
        })
    })
    .await
}

/// *Reactivate*.
pub(in super::super) async fn reactivate(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    act(&app, signed, address(&id), move |tx, who, now| {
        let (user, outcome) = readmit(tx, &who.member.may()?, &id, now)?;
        Ok(match outcome {
            Outcome::Unchanged => Done::new(format!("{} is active already.", user.label()), ""),
            _ => Done::new(
                format!("{} is active again.", user.label()),
                "With the roles and groups of before.",
            ),
        })
    })
    .await
}

/// What the page that asks sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Parting {
    heir: String,
}

/// Asks before somebody is removed.
pub(in super::super) async fn ask_remove(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let by = who.member.may::<permission::RemoveUsers>()?;
        let user = removable(tx, &by, &id)?;
        let own = user.account == who.account();
        let heir = if own { "" } else { who.viewer.email.as_str() };
        removal(tx, &who, &by, &user, (heir, ""), now)
    })
    .await
}

/// `heir` is what stands in the field, and what is wrong with it.
fn removal(
    tx: &impl Reads,
    who: &Who,
    by: &May<permission::RemoveUsers>,
    user: &User,
    (heir, wrong): (&str, &str),
    now: Timestamp,
) -> Result<RemovePage> {
    let (name, at) = (user.label(), address(&user.id.to_string()));
    let held = estate::of(tx, by, user, now)?;
    let mut consequences = vec![
        format!("{name} can no longer sign in to this team, and is signed out at once."),
        "The membership is gone with its roles and groups; SCIM clients get 404 for it.".to_owned(),
    ];
    if user.account == who.account() {
        consequences.insert(0, "This is you: you leave the team yourself.".to_owned());
    }
    if user.invite.is_some() {
        consequences.push("The pending invite is revoked.".to_owned());
    }
    if user.written_by_scim.is_some() && team::get(tx, &who.member)?.scim_enabled {
        consequences.push(
            "The identity provider makes the member anew as long as the person is assigned there: take the \
             assignment away first."
                .to_owned(),
        );
    }
    let keys = held.keys.iter();
    let groups = held.groups.iter();
    Ok(RemovePage {
        page: who
            .page(Room::Members, format!("Remove {name}?"))
            .under("Members", HERE)
            .under(&name, &at),
        lead: format!(
            "{} leaves the team. To keep the member and only bar the way in, deactivate instead.",
            user.user_name()
        ),
        consequences,
        keys: keys
            .map(|key| {
                let href = if who.member.has(Permission::ManageScim) {
                    "/team/authentication"
                } else {
                    ""
                };
                Link::new(format!("{} (ending {})", key.name, key.last_four), href)
            })
            .collect(),
        groups: groups
            .map(|group| {
                let href = super::groups::address(&group.id.to_string());
                Link::new(group.display_name(), href)
            })
            .collect(),
        heir: (!held.is_empty()).then(|| {
            Field::new("heir", "Hand over to")
                .max_length(254)
                .value(heir)
                .error(wrong)
                .help(if held.keys.is_empty() {
                    "User name of the member who manages these groups from now on. Empty: nobody but the Admins."
                } else {
                    "User name of an administrator in whose name the keys go on working, and who manages the groups. \
                     Empty: the keys answer 403 from now on, and the groups have no manager."
                })
        }),
        action: format!("{at}/remove"),
        cancel: at,
    })
}

/// *Remove Member*.
pub(in super::super) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    parting: web::Form<Parting>,
) -> Answered {
    let (who, now, id) = (signed.who(), app.now(), id.into_inner());
    let by = who
        .member
        .may::<permission::RemoveUsers>()
        .map_err(Error::from)?;
    let named = parting.into_inner().heir.trim().to_owned();
    let heir = (!named.is_empty()).then(|| Heir(named.clone()));
    let (asking, key) = (by.clone(), id.clone());
    let done = app
        .write(move |tx| take_away(tx, &asking, &key, heir.as_ref(), now))
        .await;
    match done {
        Ok(removed) => {
            let what = format!("{} is no longer on the team.", removed.user.label());
            let done = Done::new(format!("{what}{}", handed(&removed.handed)), "");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let page = app
                .read(move |tx| {
                    let user = removable(tx, &by, &id)?;
                    removal(tx, &who, &by, &user, (&named, &sentence(&detail)), now)
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error @ Error::Forbidden { .. }) => finish(&signed, &address(&id), Err(error)),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// ` Grace has 1 key and 2 groups now.`
fn handed(handed: &Handed) -> String {
    if handed.to.is_empty() {
        return String::new();
    }
    let count = |count: usize, one, many| (count > 0).then(|| counted(count as u64, one, many));
    let parts: Vec<_> = [
        count(handed.keys, "SCIM API key", "SCIM API keys"),
        count(handed.groups, "group", "groups"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(" {} now has {}.", handed.to, parts.join(" and "))
}

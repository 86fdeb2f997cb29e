//! Making a group, changing its name and description, deleting it.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::{Ask as Typed, ConfirmPage};
use super::super::super::console::parts::{Field, Notice, Tone, counted};
use super::super::super::console::team::group_form::GroupFormPage;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::groups::{HERE, NEW, address};
use crate::error::{Error, Result};
use crate::id::Nonce;
use crate::model::Outcome;
use crate::provider::by_hand::groups::{
    self, Entrusted, NAME_MAXIMUM, SUMMARY_MAXIMUM, Seen, entrusted,
};
use crate::store::Reads;

/// What the forms send.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wanted {
    name: String,
    summary: String,
    seen_name: String,
    seen_summary: String,
}

/// `wrong` is the field that was refused, with the sentence below it.
fn fields(wanted: &Wanted, wrong: (&str, &str)) -> Vec<Field> {
    let error = |field| if wrong.0 == field { wrong.1 } else { "" };
    vec![
        Field::new("name", "Name")
            .required()
            .max_length(u16::try_from(NAME_MAXIMUM).unwrap_or(u16::MAX))
            .value(wanted.name.as_str())
            .error(error("name")),
        Field::new("summary", "Description")
            .max_length(u16::try_from(SUMMARY_MAXIMUM).unwrap_or(u16::MAX))
            .value(wanted.summary.as_str())
            .error(error("summary"))
            .help("What the group is for. Shown here only; SCIM does not know it."),
    ]
}

fn new_form(who: &Who, wanted: &Wanted, wrong: (&str, &str)) -> GroupFormPage {
    GroupFormPage {
        page: who
            .page(Room::TeamGroups, "Create Group")
            .under("Groups", HERE),
        lead: "A new group has the Developer role, and you manage it. SCIM clients see it like their own.".into(),
        error: None,
        fields: fields(wanted, wrong),
        seen: None,
        action: NEW.into(),
        submit: "Create Group".into(),
        cancel: HERE.into(),
    }
}

/// The form that makes a group.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let page = new_form(&signed.for_page(), &Wanted::default(), ("", ""));
    answer(StatusCode::OK, &page)
}

/// *Create Group*.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), wanted.into_inner());
    let (by, asked, nonce) = (
        who.member.may().map_err(Error::from)?,
        wanted.clone(),
        Nonce::random(),
    );
    let made = app
        .write(move |tx| groups::create(tx, &by, &asked.name, &asked.summary, nonce, now))
        .await;
    match made {
        Ok(group) => {
            let next = "Add its members, and give it roles if Developer is not enough.";
            let done = Done::new(format!("{} is created.", group.display_name()), next);
            finish(&signed, &address(&group.id.to_string()), Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            let page = new_form(&who, &wanted, (field, &sentence(&detail)));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn edit_form(
    who: &Who,
    entrusted: &Entrusted,
    wanted: &Wanted,
    wrong: (&str, &str),
    error: Option<Notice>,
) -> GroupFormPage {
    let group = entrusted.group();
    let at = address(&group.id.to_string());
    GroupFormPage {
        page: who
            .page(Room::TeamGroups, "Edit Group")
            .under("Groups", HERE)
            .under(group.display_name(), &at),
        lead: if group.written_by_scim.is_some() {
            "The identity provider manages this group: a new name stays until it sends its own again."
        } else {
            ""
        }
        .into(),
        error,
        fields: fields(wanted, wrong),
        seen: Some((wanted.seen_name.clone(), wanted.seen_summary.clone())),
        action: format!("{at}/edit"),
        submit: "Save".into(),
        cancel: at,
    }
}

/// What the form shows of a group as it is.
fn present(entrusted: &Entrusted) -> Wanted {
    let group = entrusted.group();
    Wanted {
        name: group.display_name().to_owned(),
        summary: group.summary.clone(),
        seen_name: group.display_name().to_owned(),
        seen_summary: group.summary.clone(),
    }
}

/// The form that changes name and description.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        let wanted = present(&entrusted);
        Ok(edit_form(&who, &entrusted, &wanted, ("", ""), None))
    })
    .await
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, id, wanted) = (
        signed.who(),
        app.now(),
        id.into_inner(),
        wanted.into_inner(),
    );
    let (by, key, asked) = (
        who.member.may().map_err(Error::from)?,
        id.clone(),
        wanted.clone(),
    );
    let saved = app
        .write(move |tx| {
            let seen = Seen {
                name: asked.seen_name,
                summary: asked.seen_summary,
            };
            let group = entrusted(tx, &by, &key)?;
            groups::edit(tx, group, &seen, &asked.name, &asked.summary, now)
        })
        .await;
    match saved {
        Ok((group, outcome)) => {
            let what = match outcome {
                Outcome::Unchanged => "Nothing was changed.".to_owned(),
                _ => format!("{} is saved.", group.display_name()),
            };
            finish(&signed, &address(&id), Ok(Done::new(what, "")))
        }
        Err(error @ (Error::Field { .. } | Error::Conflict { .. })) => {
            let page = app
                .read(move |tx| refused(tx, &who, &id, &wanted, &error))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// The form again with what was typed. After somebody else was quicker it knows what is stored now, so that saving
/// once more is a decision.
fn refused(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    wanted: &Wanted,
    error: &Error,
) -> Result<GroupFormPage> {
    let entrusted = entrusted(tx, &who.member.may()?, id)?;
    Ok(match error {
        Error::Field { field, detail } => {
            edit_form(who, &entrusted, wanted, (field, &sentence(detail)), None)
        }
        other => {
            let now = present(&entrusted);
            let notice = Notice::new(
                Tone::Bad,
                sentence(&other.to_string()),
                format!(
                    "It is now called \"{}\"{}. Below is what you typed: save it, or cancel.",
                    now.name,
                    if now.summary.is_empty() {
                        String::new()
                    } else {
                        format!(", described as \"{}\"", now.summary)
                    }
                ),
            );
            let wanted = Wanted {
                seen_name: now.seen_name,
                seen_summary: now.seen_summary,
                ..wanted.clone()
            };
            edit_form(who, &entrusted, &wanted, ("", ""), Some(notice))
        }
    })
}

/// What the page that asks sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Confirmed {
    name: String,
}

fn confirm(who: &Who, entrusted: &Entrusted, error: &str) -> ConfirmPage {
    let group = entrusted.group();
    let (name, at) = (group.display_name(), address(&group.id.to_string()));
    let members = counted(group.member_count, "member stays", "members stay");
    let mut consequences = vec![format!(
        "Its {members} on the team, without the roles that come through this group."
    )];
    if group.written_by_scim.is_some() {
        consequences.push(
            "The identity provider gets 404 for it, and makes it anew as long as it is pushed: take the assignment \
             away first."
                .to_owned(),
        );
    }
    ConfirmPage {
        page: who
            .page(Room::TeamGroups, format!("Delete {name}?"))
            .under("Groups", HERE)
            .under(name, &at),
        lead: "The group, its roles and its managers are gone for good.".into(),
        consequences,
        danger: true,
        ask: Some(Typed {
            name: name.to_owned(),
            error: error.to_owned(),
        }),
        action: format!("{at}/delete"),
        submit: "Delete Group".into(),
        cancel: at,
    }
}

/// Asks before a group is deleted.
pub(in super::super) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let entrusted = entrusted(tx, &who.member.may()?, &id)?;
        Ok(confirm(&who, &entrusted, ""))
    })
    .await
}

/// *Delete Group*.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    confirmed: web::Form<Confirmed>,
) -> Answered {
    let (who, now, id) = (signed.who(), app.now(), id.into_inner());
    let (by, key, typed) = (
        who.member.may().map_err(Error::from)?,
        id.clone(),
        confirmed.into_inner().name,
    );
    let done = app
        .write(move |tx| {
            let entrusted = entrusted(tx, &by, &key)?;
            if typed.trim() != entrusted.group().display_name().trim() {
                return Err(Error::field("name", "This is not the name of the group."));
            }
            groups::delete(tx, entrusted, now)
        })
        .await;
    match done {
        Ok(group) => {
            let done = Done::new(format!("{} is deleted.", group.display_name()), "");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let page = app
                .read(move |tx| {
                    let entrusted = entrusted(tx, &who.member.may()?, &id)?;
                    Ok(confirm(&who, &entrusted, &sentence(&detail)))
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

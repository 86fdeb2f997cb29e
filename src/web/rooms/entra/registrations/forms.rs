//! *New registration*, *Rename* and *Delete*.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::Room;
use super::super::super::super::console::common::{Ask as AskName, ConfirmPage, FormPage};
use super::super::super::super::console::parts::{Field, Notice, Tone, counted};
use super::super::super::super::failure::{PageFailure, sentence};
use super::super::super::named::{Named, act_once_named};
use super::super::super::{Answered, Done, finish, page as answer, show};
use super::super::tenant_of;
use super::{HERE, NEW, TITLE, address, below, find};
use crate::directory::registrations::{self, NewRegistration};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::store::{Reads, Snapshot};

/// Longest name, in characters.
const NAME: u16 = 120;

/// What a form with a name sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Typed {
    name: String,
}

fn name_field(name: &str, wrong: &str) -> Field {
    Field::new("name", "Name")
        .required()
        .max_length(NAME)
        .value(name)
        .error(sentence(wrong))
}

fn new_form(who: &Who, name: &str, wrong: &str) -> FormPage {
    FormPage {
        page: who
            .page(Room::AppRegistrations, "Register an application")
            .under(TITLE, HERE),
        lead: "It gets ids and neither secrets nor permissions.".into(),
        error: None,
        fields: vec![
            name_field(name, wrong).help("Name it after the program that will sign in with it."),
        ],
        action: NEW.into(),
        submit: "Register".into(),
        cancel: HERE.into(),
    }
}

/// The empty form.
pub(in crate::web::rooms) async fn new(signed: SignedIn) -> Answered {
    answer(StatusCode::OK, &new_form(&signed.for_page(), "", ""))
}

/// *Register*.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    let new = NewRegistration {
        app_id: Guid::random(),
        object_id: Guid::random(),
        display_name: typed.name.clone(),
    };
    let writer = who.clone();
    let made = app
        .write(move |tx| {
            let tenant = tenant_of(tx, &writer)?.seq;
            registrations::add(tx, writer.operator()?, tenant, &new, now)
        })
        .await;
    match made {
        Ok(registration) => {
            let next = "Grant it permissions, and make a client secret.";
            let done = Done::new(
                format!("{} is registered.", registration.display_name),
                next,
            );
            finish(&signed, &address(&registration), Ok(done))
        }
        Err(Error::Field { detail, .. }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &new_form(&who, &typed.name, &detail),
        ),
        Err(Error::Conflict { detail, .. }) => {
            let mut form = new_form(&who, &typed.name, "");
            form.error = Some(Notice::new(Tone::Bad, sentence(&detail), ""));
            answer(StatusCode::CONFLICT, &form)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn rename_form(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    typed: Option<&str>,
    wrong: &str,
) -> Result<FormPage> {
    let (_, registration) = find(tx, who, id)?;
    let here = address(&registration);
    let name = &registration.display_name;
    Ok(FormPage {
        page: below(who, &registration, &format!("Rename {name}")),
        lead: "Ids, secrets and permissions stay as they are.".into(),
        error: None,
        fields: vec![name_field(typed.unwrap_or(name), wrong)],
        action: format!("{here}/rename"),
        submit: "Rename".into(),
        cancel: here,
    })
}

/// The form with the present name.
pub(in crate::web::rooms) async fn ask_rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| rename_form(tx, &who, &id, None, "")).await
}

/// *Rename*.
pub(in crate::web::rooms) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, id, name) = (signed.who(), id.into_inner(), typed.into_inner().name);
    let (writer, asked, given) = (who.clone(), id.clone(), name.clone());
    let renamed = app
        .write(move |tx| {
            let (tenant, found) = find(tx, &writer, &asked)?;
            registrations::rename(tx, writer.operator()?, tenant.seq, found.seq, &given)
        })
        .await;
    match renamed {
        Ok(registration) => {
            let what = format!("It is called {} now.", registration.display_name);
            finish(&signed, &address(&registration), Ok(Done::new(what, "")))
        }
        Err(Error::Field { detail, .. }) => {
            let again = app
                .read(move |tx| rename_form(tx, &who, &id, Some(&name), &detail))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn question(tx: &impl Reads, who: &Who, id: &str) -> Result<ConfirmPage> {
    let (_, registration) = find(tx, who, id)?;
    let here = address(&registration);
    let secrets = counted(
        registration.secrets.len() as u64,
        "client secret goes",
        "client secrets go",
    );
    Ok(ConfirmPage {
        page: below(
            who,
            &registration,
            &format!("Delete {}?", registration.display_name),
        ),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Access tokens that it has open nothing from now on, and it gets no others.".into(),
            format!("Its {secrets} too."),
            "What it uploaded or changed stays.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: registration.display_name,
            error: String::new(),
        }),
        action: format!("{here}/delete"),
        submit: "Delete".into(),
        cancel: here,
    })
}

/// Asks for the name before deleting.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| question(tx, &who, &id)).await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| question(tx, who, &asked);
    act_once_named(&app, signed, &named, question, HERE, move |tx, who, _| {
        let (tenant, found) = find(tx, who, &id)?;
        let gone = registrations::remove(tx, who.operator()?, tenant.seq, found.seq)?;
        Ok(Done::new(format!("{} is deleted.", gone.display_name), ""))
    })
    .await
}

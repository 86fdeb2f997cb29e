//! *Properties* of an application: its name, and its end.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::{Ask as AskName, ConfirmPage, FormPage};
use super::super::super::console::parts::Field;
use super::super::super::failure::{PageFailure, sentence};
use super::super::named::{Named, act_once_named};
use super::super::{Answered, Done, finish, page as answer, show};
use super::{application_address, application_of, tenant_of, work_off_soon};
use crate::directory::applications;
use crate::error::{Error, Result};
use crate::store::{Reads, Snapshot};
use crate::sync;

fn form(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    typed: Option<&str>,
    wrong: &str,
) -> Result<FormPage> {
    let application = application_of(tx, tenant_of(tx, who)?.seq, id)?;
    let base = application_address(&application);
    Ok(FormPage {
        page: who
            .page(
                Room::Applications,
                format!("Rename {}", application.display_name),
            )
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base),
        lead: "Ids, addresses and the synchronization job stay as they are.".into(),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .value(typed.unwrap_or(&application.display_name))
                .error(sentence(wrong)),
        ],
        action: format!("{base}/rename"),
        submit: "Rename".into(),
        cancel: base,
    })
}

/// The form with the present name.
pub(in super::super) async fn ask_rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| form(tx, &who, &id, None, "")).await
}

/// What the form of the name sends.
#[derive(Deserialize)]
pub(in super::super) struct Typed {
    #[serde(default)]
    name: String,
}

/// *Rename*.
pub(in super::super) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, id, name) = (signed.who(), id.into_inner(), typed.into_inner().name);
    let (writer, asked, given) = (who.clone(), id.clone(), name.clone());
    let renamed = app
        .write(move |tx| {
            let tenant = tenant_of(tx, &writer)?.seq;
            let application = application_of(tx, tenant, &asked)?.seq;
            applications::rename(tx, writer.operator()?, tenant, application, &given)
        })
        .await;
    match renamed {
        Ok(application) => {
            let what = format!(
                "The application is called {} now.",
                application.display_name
            );
            finish(
                &signed,
                &application_address(&application),
                Ok(Done::new(what, "")),
            )
        }
        Err(Error::Field { detail, .. }) => {
            let again = app
                .read(move |tx| form(tx, &who, &id, Some(&name), &detail))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn question(tx: &impl Reads, who: &Who, id: &str) -> Result<ConfirmPage> {
    let application = application_of(tx, tenant_of(tx, who)?.seq, id)?;
    let base = application_address(&application);
    Ok(ConfirmPage {
        page: who
            .page(
                Room::Applications,
                format!("Delete {}?", application.display_name),
            )
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Its app roles, assignments, credentials, mappings and provisioning logs go too.".into(),
            "A running cycle ends. Nothing is sent to the target: its users and groups stay as they are.".into(),
            "The service no longer knows which of them belong to whom; a new application matches them again.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: application.display_name,
            error: String::new(),
        }),
        action: format!("{base}/delete"),
        submit: "Delete".into(),
        cancel: base,
    })
}

/// Asks for the name before deleting.
pub(in super::super) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| question(tx, &who, &id)).await
}

/// *Delete*.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| question(tx, who, &asked);
    let back = "/entra/applications";
    let done = act_once_named(&app, signed, &named, question, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let application = application_of(tx, tenant, &id)?.seq;
        let gone = sync::applications::delete(tx, who.operator()?, tenant, application, now)?;
        let what = format!("{} is deleted.", gone.display_name);
        Ok(Done::new(what, "The target was not told."))
    })
    .await;
    work_off_soon(&app);
    done
}

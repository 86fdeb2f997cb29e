//! An app's label, *Activate* and *Deactivate*, and its end.

use actix_web::web;

use super::applications::{HERE, frame};
use super::form::{self, Id, save_form, show_form};
use super::{Addresses, Typed, act_in_org, app_of, key, text_of};
use crate::directory::okta::apps::{self, LABEL_LIMIT};
use crate::error::{Error, Result};
use crate::model::okta::{AppStatus, Org};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::{Ask as AskName, ConfirmPage, FormPage};
use crate::web::console::parts::Field;
use crate::web::rooms::named::Named;
use crate::web::rooms::{Answered, Done};

fn label_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let label = typed.map_or(app.label.as_str(), |typed| text_of(typed, "label"));
    let mut page = frame(who, &app).under(&app.label, &base);
    page.title = format!("Rename {}", app.label);
    Ok(FormPage {
        page,
        lead: "Its name, its id and everything that is assigned stay as they are.".into(),
        error: None,
        fields: vec![
            Field::new("label", "Application label")
                .required()
                .max_length(u16::try_from(LABEL_LIMIT).unwrap_or(u16::MAX))
                .value(label),
        ],
        action: format!("{base}/rename"),
        submit: "Save".into(),
        cancel: base,
    })
}

/// The form with the present label.
pub(in crate::web::rooms) async fn ask_rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), label_form).await
}

/// *Save* of the label.
pub(in crate::web::rooms) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}");
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        label_form,
        &back,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            let key = key(org, app_of(tx, org, id)?.seq);
            let renamed = apps::rename(tx, administrator, key, text_of(typed, "label"), now)?;
            let what = format!("The application is called {} now.", renamed.label);
            Ok(Done::new(what, ""))
        },
    )
    .await
}

/// *Activate*, *Deactivate*.
pub(in crate::web::rooms) async fn set_status(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, name) = path.into_inner();
    let (status, said) = match name.as_str() {
        "activate" => (AppStatus::Active, "active"),
        "deactivate" => (AppStatus::Inactive, "inactive: nothing is sent any more"),
        _ => return Err(Error::not_found("Transition", "").into()),
    };
    let back = format!("{HERE}/{id}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let app = apps::set_status(tx, administrator, key(org, app.seq), status, now)?;
        Ok(Done::new(format!("{} is {said}.", app.label), ""))
    })
    .await
}

fn question(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<ConfirmPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    Ok(ConfirmPage {
        page: who
            .page(Room::OktaApplications, format!("Delete {}?", app.label))
            .under("Applications", HERE)
            .under(&app.label, &base),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Its assignments, mappings, credentials, pushed groups and tasks go too.".into(),
            "Nothing is sent: accounts and groups at the application stay as they are.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: app.label,
            error: String::new(),
        }),
        action: format!("{base}/delete"),
        submit: "Delete".into(),
        cancel: base,
    })
}

/// Asks for the label before deleting.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    form::ask(&app, signed, id.into_inner(), question).await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let id = id.into_inner();
    form::delete(
        &app,
        signed,
        id,
        &named,
        question,
        HERE,
        |tx, org, administrator, id, now| {
            let app = app_of(tx, org, id)?;
            apps::delete(tx, administrator, key(org, app.seq), now)?;
            Ok(Done::new(format!("{} is deleted.", app.label), ""))
        },
    )
    .await
}

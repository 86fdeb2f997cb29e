//! An app's label, *Activate* and *Deactivate*, and its end.

use actix_web::web;

use super::applications::{HERE, frame};
use super::{
    Addresses, Typed, act_in_org, administrator, app_of, is_mendable, key, org_of, refused,
    show_org, text_of, write_in_org,
};
use crate::directory::okta::apps::{self, LABEL_LIMIT};
use crate::error::{Error, Result};
use crate::model::okta::{AppStatus, Org};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::{Ask as AskName, ConfirmPage, FormPage};
use crate::web::console::parts::Field;
use crate::web::rooms::named::{Named, act_once_named};
use crate::web::rooms::{Answered, Done, finish};

fn form(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    id: &str,
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        form(tx, &viewer, org, &id, None)
    })
    .await
}

/// *Save* of the label.
pub(in crate::web::rooms) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, typed) = (id.into_inner(), typed.into_inner());
    let (asked, label) = (id.clone(), text_of(&typed, "label").to_owned());
    let renamed = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked)?;
        Ok(apps::rename(
            tx,
            administrator,
            key(org, app.seq),
            &label,
            now,
        )?)
    })
    .await;
    match renamed {
        Ok(renamed) => {
            let done = Done::new(
                format!("The application is called {} now.", renamed.label),
                "",
            );
            finish(&signed, &format!("{HERE}/{id}"), Ok(done))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let form = app
                .read(move |tx| form(tx, &who, &org_of(tx, &who)?, &id, Some(&typed)))
                .await?;
            refused(form, error)
        }
        Err(error) => Err(error.into()),
    }
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

fn question(tx: &impl Reads, who: &Who, org: &Org, id: &str) -> Result<ConfirmPage> {
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        question(tx, &viewer, org, &id)
    })
    .await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| question(tx, who, &org_of(tx, who)?, &asked);
    act_once_named(&app, signed, &named, question, HERE, move |tx, who, now| {
        let org = org_of(tx, who)?;
        let app = app_of(tx, &org, &id)?;
        apps::delete(tx, &administrator(who, &org)?, key(&org, app.seq), now)?;
        Ok(Done::new(format!("{} is deleted.", app.label), ""))
    })
    .await
}

//! *Add group*, *Edit*, deleting a group, and who is in it.

use actix_web::web;

use super::form::{self, Id, refused, save_form, show_form};
use super::groups::HERE;
use super::picker::{self, Picked};
use super::{Addresses, Typed, act_in_org, group_of, show_org, text_of, user_of, write_in_org};
use crate::directory::okta::groups::{self, GroupProfile};
use crate::error::Result;
use crate::model::okta::Org;
use crate::store::Snapshot;
use crate::store::okta::groups as rows;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::{Ask as AskName, ConfirmPage, FormPage};
use crate::web::console::entra::groups::PickPage;
use crate::web::console::parts::Field;
use crate::web::rooms::named::Named;
use crate::web::rooms::{Answered, Ask, Done, finish};

/// The form of a new group.
pub(super) const NEW: &str = "/okta/groups/new";

fn wanted(typed: &Typed) -> GroupProfile {
    GroupProfile {
        name: text_of(typed, "name").to_owned(),
        description: text_of(typed, "description").to_owned(),
    }
}

fn fields(name: &str, description: &str) -> Vec<Field> {
    vec![
        Field::new("name", "Name")
            .required()
            .max_length(255)
            .value(name),
        Field::new("description", "Description")
            .max_length(1024)
            .value(description),
    ]
}

fn new_form(who: &Who, typed: &Typed) -> FormPage {
    FormPage {
        page: who
            .page(Room::OktaGroups, "Add group")
            .under("Groups", HERE),
        lead: String::new(),
        error: None,
        fields: fields(text_of(typed, "name"), text_of(typed, "description")),
        action: NEW.into(),
        submit: "Save".into(),
        cancel: HERE.into(),
    }
}

/// The empty form.
pub(in crate::web::rooms) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_org(&app, signed, move |_, who, _, _| {
        Ok(new_form(who, &Typed::new()))
    })
    .await
}

/// *Save* of a new group.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let asked = wanted(&typed);
    let made = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let group = groups::create(tx, administrator, &asked, now)?;
        Ok((Addresses::new(tx, org).group(group.seq), group.name))
    })
    .await;
    match made {
        Ok((address, name)) => {
            let done = Done::new(format!("{name} is created."), "Assign people next.");
            finish(&signed, &address, Ok(done))
        }
        Err(error) => refused(new_form(&signed.who(), &typed), error),
    }
}

fn edit_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let group = group_of(tx, org, id)?;
    let address = Addresses::new(tx, org).group(group.seq);
    let asked = typed.map(wanted);
    let (name, description) = match &asked {
        Some(asked) => (&asked.name, &asked.description),
        None => (&group.name, &group.description),
    };
    Ok(FormPage {
        page: who
            .page(Room::OktaGroups, "Edit group")
            .under("Groups", HERE)
            .under(&group.name, &address),
        lead: "Applications that the group is pushed to are told its new name, where they are to follow it.".into(),
        error: None,
        fields: fields(name, description),
        action: format!("{address}/edit"),
        submit: "Save".into(),
        cancel: address,
    })
}

/// The form with the present name.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), edit_form).await
}

/// *Save* of a group.
pub(in crate::web::rooms) async fn save(
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
        edit_form,
        &back,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            let group = group_of(tx, org, id)?;
            let group = groups::update(tx, administrator, group.seq, &wanted(typed), now)?;
            Ok(Done::new(format!("{} is saved.", group.name), ""))
        },
    )
    .await
}

fn question(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<ConfirmPage> {
    let group = group_of(tx, org, id)?;
    let address = Addresses::new(tx, org).group(group.seq);
    Ok(ConfirmPage {
        page: who
            .page(Room::OktaGroups, format!("Delete {}?", group.name))
            .under("Groups", HERE)
            .under(&group.name, &address),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Nobody is deleted with it.".into(),
            "Whoever is assigned to an application only through it is not assigned any more."
                .into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: group.name,
            error: String::new(),
        }),
        action: format!("{address}/delete"),
        submit: "Delete".into(),
        cancel: address,
    })
}

/// Asks for the name before deleting.
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
            let group = group_of(tx, org, id)?;
            groups::delete(tx, administrator, group.seq, now)?;
            Ok(Done::new(format!("{} is deleted.", group.name), ""))
        },
    )
    .await
}

/// Searches somebody to assign.
pub(in crate::web::rooms) async fn pick(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load_pick(tx, who, org, &id, &ask)
    })
    .await
}

fn load_pick(tx: &Snapshot, who: &Who, org: &Org, id: &str, ask: &Ask) -> Result<PickPage> {
    let group = group_of(tx, org, id)?;
    let address = Addresses::new(tx, org).group(group.seq);
    let page = who
        .page(Room::OktaGroups, "Assign people")
        .under("Groups", HERE)
        .under(&group.name, &address);
    let url = ask.url(format!("{address}/people/add"));
    let action = ask.url(format!("{address}/people")).to_string();
    picker::people(tx, (who, org), page, ask, &url, (action, address), |user| {
        let there = rows::is_member(tx, org.seq, group.seq, user.seq)?;
        Ok(if there { "In the group" } else { "" })
    })
}

/// *Assign*.
pub(in crate::web::rooms) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask.url(format!("{HERE}/{id}/people/add")).to_string();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (group, user) = (group_of(tx, org, &id)?, user_of(tx, org, &picked.id)?);
        groups::add_member(tx, administrator, group.seq, user.seq, now)?;
        let what = format!("{} is in {} now.", user.display_name(), group.name);
        Ok(Done::new(what, ""))
    })
    .await
}

/// *Remove*.
pub(in crate::web::rooms) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, user) = path.into_inner();
    let back = format!("{HERE}/{id}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (group, user) = (group_of(tx, org, &id)?, user_of(tx, org, &user)?);
        groups::remove_member(tx, administrator, group.seq, user.seq, now)?;
        let what = format!("{} is no longer in {}.", user.display_name(), group.name);
        Ok(Done::new(what, ""))
    })
    .await
}

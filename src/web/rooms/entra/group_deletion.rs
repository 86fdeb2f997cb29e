//! A group goes to the recycle bin, comes back, or goes for good.

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::{Ask as AskName, ConfirmPage};
use super::super::named::{Named, act_once_named};
use super::super::{Answered, Done, act, show};
use super::{group_address, group_of, tenant_of};
use crate::directory::groups;
use crate::error::Result;
use crate::store::{Reads, Snapshot};

/// *Delete*: to the recycle bin.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("/entra/groups/{id}");
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let group = group_of(tx, tenant, &id)?;
        groups::delete(tx, who.operator()?, tenant, group.seq, now)?;
        let what = format!("{} is in the recycle bin.", group.display_name);
        Ok(Done::new(what, "The next incremental cycle sends it."))
    })
    .await
}

/// *Restore group*.
pub(in super::super) async fn restore(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("/entra/groups/{id}");
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let group = group_of(tx, tenant, &id)?;
        groups::restore(tx, who.operator()?, tenant, group.seq, now)?;
        let what = format!("{} is restored.", group.display_name);
        Ok(Done::new(what, "The next incremental cycle sends it."))
    })
    .await
}

fn purge_question(tx: &impl Reads, who: &Who, id: &str) -> Result<ConfirmPage> {
    let group = group_of(tx, tenant_of(tx, who)?.seq, id)?;
    let address = group_address(&group);
    let title = format!("Delete {} permanently?", group.display_name);
    Ok(ConfirmPage {
        page: who
            .page(Room::EntraGroups, title)
            .under("Groups", "/entra/groups")
            .under(&group.display_name, &address),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "Its memberships and assignments go too; its members stay.".into(),
            "The next cycle deletes the group in the target.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: group.display_name,
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
        let group = group_of(tx, tenant, &id)?;
        groups::purge(tx, who.operator()?, tenant, group.seq, now)?;
        let what = format!("{} is deleted permanently.", group.display_name);
        let next = "The next cycle deletes the group in the target.";
        Ok(Done::new(what, next))
    })
    .await
}

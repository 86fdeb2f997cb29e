//! The recycle bin: deleted users and groups, the last deleted first.

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::deleted::{DeletedPage, DeletedRow};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Link, Moment, counted};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, show};
use super::users::days_left;
use super::{group_address, tenant_of, user_address};
use crate::clock::Timestamp;
use crate::directory::recycle_bin::{self, Query};
use crate::directory::search::Object;
use crate::error::Result;
use crate::model::ObjectKind;
use crate::store::Reads;

/// The page.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &ask, now)).await
}

fn load(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<DeletedPage> {
    let part = ask.part_in_order(PAGE);
    let query = Query {
        text: ask.text(),
        kind: match ask.state.as_str() {
            "user" => Some(ObjectKind::User),
            "group" => Some(ObjectKind::Group),
            _ => None,
        },
        skip: part.skip,
        limit: part.limit,
    };
    let tenant = tenant_of(tx, who)?.seq;
    let found = recycle_bin::list(tx, who.operator()?, tenant, &query)?;
    let url = ask.url("/entra/deleted");
    Ok(DeletedPage {
        page: who
            .page(Room::EntraUsers, "Recycle bin")
            .under("Users", "/entra/users"),
        rows: found.items.iter().map(|object| row(object, now)).collect(),
        list: List {
            caption: "Deleted users and groups".into(),
            filter: Some(
                Filter::new(&url, "Search by name or user principal name").select(
                    &url,
                    "state",
                    "Type",
                    &[("user", "Users"), ("group", "Groups")],
                ),
            ),
            columns: vec![
                Column::new("Name"),
                Column::wide("Type"),
                Column::wide("Deleted"),
                Column::new("Permanent deletion"),
                Column::new(""),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("object", "objects"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "The recycle bin is empty",
                    "Users and groups that are deleted come here for 30 days.",
                    Link::plain(""),
                ),
            ),
        },
    })
}

fn row(object: &Object, now: Timestamp) -> DeletedRow {
    let (address, detail, kind, deleted) = match object {
        Object::User(user) => (
            user_address(user),
            user.user_principal_name.clone(),
            "User",
            user.deleted,
        ),
        Object::Group(group) => (
            group_address(group),
            counted(group.member_count, "member", "members"),
            "Group",
            group.deleted,
        ),
    };
    let deleted = deleted.unwrap_or(now);
    DeletedRow {
        name: Link::new(object.display_name(), &address),
        detail,
        kind,
        deleted: Moment::new(deleted, now),
        left: match days_left(deleted, now) {
            0 => "due now".into(),
            days => format!("in {}", counted(days, "day", "days")),
        },
        restore: format!("{address}/restore"),
        purge: format!("{address}/delete-permanently"),
    }
}

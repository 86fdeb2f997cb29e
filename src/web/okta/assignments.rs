//! `/apps/{id}/users` and `/apps/{id}/groups`: who is assigned (part 7.2 of the Okta reference).

use actix_web::web;
use serde_json::{Map, Value};

use super::body::{Body, at, profile, text};
use super::call::{Answered, Call, Reply};
use super::failure::OktaFailure;
use crate::directory::okta::assignments::{
    AppUserChange, assign_group, assign_user, unassign_group, unassign_user, update_app_group,
    update_app_user,
};
use crate::directory::okta::{Refusal, Result};
use crate::id::OktaKind;
use crate::store::okta::app_users as rows;

/// App users a page, and most of them.
const USERS: (usize, usize) = (50, 500);
/// Groups a page, and most of them.
const GROUPS: (usize, usize) = (20, 200);

fn change(members: &Map<String, Value>) -> Result<AppUserChange> {
    Ok(AppUserChange {
        user_name: text(members, &["credentials", "userName"])?.map(str::to_owned),
        profile: profile(members, "profile")?,
    })
}

/// `POST /apps/{id}/users`.
pub(super) async fn assign(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let who = text(&members, &["id"])?.ok_or(OktaFailure::Missing("id"))?;
    let (who, change) = (who.to_owned(), change(&members)?);
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let user = org.user(&who)?.seq;
        let assigned = assign_user(org.tx, administrator, key, user, &change, now)?;
        Ok(Reply::ok(&org.shapes.app_user(&app, &assigned)))
    })
    .await
}

/// `GET /apps/{id}/users`.
pub(super) async fn list(call: Call, id: web::Path<String>) -> Answered {
    call.list(OktaKind::User, USERS, move |org, page| {
        let (key, app) = org.app(&id)?;
        page.fill(
            |behind, count| rows::after(org.tx, key, behind, count),
            |assigned| assigned.user,
            |assigned| Ok(Some(org.shapes.app_user(&app, assigned))),
        )
    })
    .await
}

/// `GET /apps/{id}/users/{user}`.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, who) = path.into_inner();
    call.read(move |org| {
        let (key, app) = org.app(&id)?;
        let assigned = org.app_user(key, &who)?;
        Ok(Reply::ok(&org.shapes.app_user(&app, &assigned)))
    })
    .await
}

/// `POST /apps/{id}/users/{user}`.
pub(super) async fn update(call: Call, path: web::Path<(String, String)>, body: Body) -> Answered {
    let change = change(&body.members()?)?;
    let (id, who) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let user = org.app_user(key, &who)?.user;
        let assigned = update_app_user(org.tx, administrator, key, user, &change, now)?;
        Ok(Reply::ok(&org.shapes.app_user(&app, &assigned)))
    })
    .await
}

/// `DELETE /apps/{id}/users/{user}`.
pub(super) async fn unassign(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, who) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, _) = org.app(&id)?;
        let user = org.app_user(key, &who)?.user;
        unassign_user(org.tx, administrator, key, user, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `GET /apps/{id}/groups`.
pub(super) async fn list_groups(call: Call, id: web::Path<String>) -> Answered {
    call.list(OktaKind::Group, GROUPS, move |org, page| {
        let (key, app) = org.app(&id)?;
        page.fill(
            |behind, count| rows::groups_after(org.tx, key, behind, count),
            |assigned| assigned.group,
            |assigned| Ok(Some(org.shapes.app_group(&app, assigned))),
        )
    })
    .await
}

/// `GET /apps/{id}/groups/{group}`.
pub(super) async fn get_group(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, group) = path.into_inner();
    call.read(move |org| {
        let (key, app) = org.app(&id)?;
        let assigned = org.app_group(key, &group)?;
        Ok(Reply::ok(&org.shapes.app_group(&app, &assigned)))
    })
    .await
}

/// `PUT /apps/{id}/groups/{group}`.
pub(super) async fn put_group(
    call: Call,
    path: web::Path<(String, String)>,
    body: Body,
) -> Answered {
    let members = body.members()?;
    let priority = priority(&members, "priority")?;
    let values = profile(&members, "profile")?;
    let (id, group) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let group = org.group(&group)?.seq;
        let assigned = assign_group(org.tx, administrator, key, group, priority, &values, now)?;
        Ok(Reply::ok(&org.shapes.app_group(&app, &assigned)))
    })
    .await
}

/// `PATCH /apps/{id}/groups/{group}`: a list of `replace` on `/priority` and `/profile`.
pub(super) async fn patch_group(
    call: Call,
    path: web::Path<(String, String)>,
    body: Body,
) -> Answered {
    let (mut wanted, mut values) = (None, None);
    for operation in &body.elements()? {
        let sort = (text(operation, &["op"])?, text(operation, &["path"])?);
        match sort {
            (Some("replace" | "add"), Some("/priority")) => {
                wanted = priority(operation, "value")?;
            }
            (Some("replace" | "add"), Some("/profile")) => {
                values = Some(profile(operation, "value")?);
            }
            _ => {
                return Err(OktaFailure::Parameter(
                    "only /priority and /profile can be replaced".into(),
                ));
            }
        }
    }
    let (id, group) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let group = org.app_group(key, &group)?.group;
        let values = values.as_ref();
        let assigned = update_app_group(org.tx, administrator, key, group, wanted, values, now)?;
        Ok(Reply::ok(&org.shapes.app_group(&app, &assigned)))
    })
    .await
}

/// `DELETE /apps/{id}/groups/{group}`.
pub(super) async fn delete_group(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, group) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (key, _) = org.app(&id)?;
        let group = org.app_group(key, &group)?.group;
        unassign_group(org.tx, administrator, key, group, now)?;
        Ok(Reply::none())
    })
    .await
}

fn priority(members: &Map<String, Value>, name: &str) -> Result<Option<u32>> {
    let Some(value) = at(members, &[name])? else {
        return Ok(None);
    };
    match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
        Some(priority) => Ok(Some(priority)),
        None => Err(Refusal::field(
            "priority",
            "priority",
            "A whole number from 0",
        )),
    }
}

//! `/apps/{id}/users` and `/apps/{id}/groups`: who is assigned (part 7.2 of the Okta reference).

use actix_web::web;
use serde_json::{Map, Value};

use super::apps::find as find_app;
use super::call::{Answered, Call, Reply, at, object, profile, text};
use super::failure::OktaFailure;
use super::groups::find as find_group;
use super::shapes::Shapes;
use super::users::{find as find_user, inside};
use crate::directory::okta::Refusal;
use crate::directory::okta::assignments::{
    self as directory, AppUserChange, assign_group, assign_user, unassign_group, unassign_user,
    update_app_user,
};
use crate::id::{OktaKind, Seq};
use crate::store::okta::app_users as rows;
use crate::web::App;

/// App users a page, and most of them.
const PAGE: usize = 50;
const MOST: usize = 500;

fn change(members: &Map<String, Value>) -> Result<AppUserChange, OktaFailure> {
    let name = at(members, &["credentials", "userName"]).and_then(Value::as_str);
    Ok(AppUserChange {
        user_name: name.map(str::to_owned),
        profile: profile(members, "profile")?,
    })
}

/// `POST /apps/{id}/users`.
pub(super) async fn assign(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let who = text(&members, "id")
        .ok_or(OktaFailure::Missing("id"))?
        .to_owned();
    let change = change(&members)?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let user = inside(find_user(tx, &shapes, org, &who))?;
        let assigned = assign_user(tx, administrator, key, user.seq, &change, now)?;
        Ok(Reply::ok(shapes.app_user(&found, &assigned)))
    })
    .await
}

/// `GET /apps/{id}/users`.
pub(super) async fn list(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let limit = call.limit(PAGE, MOST)?;
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let (key, found) = find_app(tx, &shapes, org, &id)?;
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::User, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let page = rows::after(tx, key, after, limit + 1)?;
            let next = (page.len() > limit).then(|| page[limit - 1].user);
            let items = page
                .iter()
                .take(limit)
                .map(|assigned| shapes.app_user(&found, assigned))
                .collect();
            Ok((items, next.map(|last| shapes.id(OktaKind::User, last))))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `GET /apps/{id}/users/{user}`.
pub(super) async fn get(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let (id, who) = path.into_inner();
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let user = find_user(tx, &shapes, org, &who)?;
        let assigned =
            rows::find(tx, key, user.seq)?.ok_or_else(|| Refusal::not_found("AppUser", &who))?;
        Ok(Reply::ok(shapes.app_user(&found, &assigned)))
    })
    .await
}

/// `POST /apps/{id}/users/{user}`.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Answered {
    let change = change(&object(&body)?)?;
    let (id, who) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let user = inside(find_user(tx, &shapes, org, &who))?;
        let assigned = update_app_user(tx, administrator, key, user.seq, &change, now)?;
        Ok(Reply::ok(shapes.app_user(&found, &assigned)))
    })
    .await
}

/// `DELETE /apps/{id}/users/{user}`.
pub(super) async fn unassign(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, who) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, _) = find_app(tx, &shapes, org, &id)?;
        let user = inside(find_user(tx, &shapes, org, &who))?;
        unassign_user(tx, administrator, key, user.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `GET /apps/{id}/groups`.
pub(super) async fn list_groups(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
) -> Answered {
    let limit = call.limit(20, 200)?;
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let (key, found) = find_app(tx, &shapes, org, &id)?;
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::Group, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let mut all = rows::groups(tx, key)?;
            all.retain(|assigned| assigned.group > after);
            let next = (all.len() > limit).then(|| all[limit - 1].group);
            let items = all
                .iter()
                .take(limit)
                .map(|assigned| shapes.app_group(&found, assigned))
                .collect();
            Ok((items, next.map(|last| shapes.id(OktaKind::Group, last))))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `GET /apps/{id}/groups/{group}`.
pub(super) async fn get_group(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let (id, group) = path.into_inner();
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let row = find_group(tx, &shapes, org, &group)?.seq;
        let assigned = rows::group(tx, key, row)?
            .ok_or_else(|| Refusal::not_found("ApplicationGroupAssignment", &group))?;
        Ok(Reply::ok(shapes.app_group(&found, &assigned)))
    })
    .await
}

/// `PUT /apps/{id}/groups/{group}`.
pub(super) async fn put_group(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let priority = priority(members.get("priority"))?;
    let values = profile(&members, "profile")?;
    let (id, group) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let group = find_group(tx, &shapes, org, &group)?;
        let assigned = assign_group(tx, administrator, key, group.seq, priority, &values, now)?;
        Ok(Reply::ok(shapes.app_group(&found, &assigned)))
    })
    .await
}

/// `PATCH /apps/{id}/groups/{group}`: a list of `replace` on `/priority` and `/profile`.
pub(super) async fn patch_group(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Answered {
    let operations: Vec<Map<String, Value>> =
        serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable)?;
    let (mut wanted_priority, mut values) = (None, None);
    for operation in &operations {
        let value = operation.get("value");
        match (text(operation, "op"), text(operation, "path"), value) {
            (Some("replace" | "add"), Some("/priority"), value) => {
                wanted_priority = priority(value)?;
            }
            (Some("replace" | "add"), Some("/profile"), Some(_)) => {
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
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, found) = find_app(tx, &shapes, org, &id)?;
        let group = find_group(tx, &shapes, org, &group)?.seq;
        let values = values.as_ref();
        let assigned = directory::update_app_group(
            tx,
            administrator,
            key,
            group,
            wanted_priority,
            values,
            now,
        )?;
        Ok(Reply::ok(shapes.app_group(&found, &assigned)))
    })
    .await
}

/// `DELETE /apps/{id}/groups/{group}`.
pub(super) async fn delete_group(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, group) = path.into_inner();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let (key, _) = find_app(tx, &shapes, org, &id)?;
        let group = find_group(tx, &shapes, org, &group)?;
        unassign_group(tx, administrator, key, group.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

fn priority(value: Option<&Value>) -> Result<Option<u32>, OktaFailure> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
            Some(priority) => Ok(Some(priority)),
            None => Err(Refusal::field("priority", "priority", "A whole number from 0").into()),
        },
    }
}

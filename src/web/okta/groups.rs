//! `/groups`: groups and who is in them (part 7.2 of the Okta reference).

use actix_web::web;
use serde_json::{Map, Value};

use super::body::{Body, at, inner};
use super::call::{Answered, Call, Reply};
use crate::directory::okta::groups::{self as directory, GroupProfile};
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result};
use crate::id::OktaKind;
use crate::model::okta::OktaGroup;
use crate::store::okta::{AppKey, app_users, apps, groups as rows, users};

/// Groups a page, and most of them.
const PAGE: usize = 200;
/// Members a page, and most of them.
const MEMBERS: usize = 1000;

/// `GET /groups`.
pub(super) async fn list(call: Call) -> Answered {
    let filter = call.filter(&["filter", "search"])?;
    let words = call.query("q").map(str::to_lowercase);
    call.list(OktaKind::Group, (PAGE, PAGE), move |org, page| {
        let shown = |group: &OktaGroup| {
            let called = words
                .as_ref()
                .is_none_or(|words| group.name.to_lowercase().starts_with(words));
            if !called {
                return Ok(None);
            }
            let shown = org.shapes.group(group);
            let fits = filter.as_ref().is_none_or(|filter| filter.fits(&shown));
            Ok(fits.then_some(shown))
        };
        page.fill(
            |behind, count| rows::after(org.tx, org.row, behind, count),
            |group| group.seq,
            shown,
        )
    })
    .await
}

fn wanted(members: &Map<String, Value>) -> Result<GroupProfile> {
    let read = |name: &str| match at(members, &["profile", name])? {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Refusal::field(
            "profile",
            "profile",
            "The field must be a string",
        )),
    };
    if inner(members, &["profile"])?.is_none() {
        return Err(Refusal::field("profile", "profile", BLANK));
    }
    Ok(GroupProfile {
        name: read("name")?,
        description: read("description")?,
    })
}

/// `POST /groups`.
pub(super) async fn create(call: Call, body: Body) -> Answered {
    let wanted = wanted(&body.members()?)?;
    call.write(move |org, administrator, now| {
        let group = directory::create(org.tx, administrator, &wanted, now)?;
        Ok(Reply::ok(&org.shapes.group(&group)))
    })
    .await
}

/// `GET /groups/{id}`.
pub(super) async fn get(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&org.shapes.group(&org.group(&id)?))))
        .await
}

/// `PUT /groups/{id}`.
pub(super) async fn update(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let wanted = wanted(&body.members()?)?;
    call.write(move |org, administrator, now| {
        let group = org.group(&id)?.seq;
        let group = directory::update(org.tx, administrator, group, &wanted, now)?;
        Ok(Reply::ok(&org.shapes.group(&group)))
    })
    .await
}

/// `DELETE /groups/{id}`.
pub(super) async fn delete(call: Call, id: web::Path<String>) -> Answered {
    call.write(move |org, administrator, now| {
        directory::delete(org.tx, administrator, org.group(&id)?.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `GET /groups/{id}/users`.
pub(super) async fn members(call: Call, id: web::Path<String>) -> Answered {
    call.list(OktaKind::User, (MEMBERS, MEMBERS), move |org, page| {
        let group = org.group(&id)?.seq;
        page.fill(
            |behind, count| rows::members(org.tx, org.row, group, behind, count),
            |member| *member,
            |member| {
                let user = users::find(org.tx, org.row, *member)?;
                Ok(user.map(|user| org.shapes.user(&user, false)))
            },
        )
    })
    .await
}

/// `GET /groups/{id}/apps`.
pub(super) async fn apps_of(call: Call, id: web::Path<String>) -> Answered {
    call.whole(move |org| {
        let group = org.group(&id)?;
        let mut items = Vec::new();
        for app in app_users::apps_of_group(org.tx, org.row, group.seq)? {
            let key = AppKey { org: org.row, app };
            items.extend(apps::find(org.tx, key)?.map(|app| org.shapes.app(&app)));
        }
        Ok(items)
    })
    .await
}

/// `PUT /groups/{id}/users/{user}`.
pub(super) async fn add_member(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (group, user) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (group, user) = (org.group(&group)?.seq, org.user(&user)?.seq);
        directory::add_member(org.tx, administrator, group, user, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `DELETE /groups/{id}/users/{user}`.
pub(super) async fn remove_member(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (group, user) = path.into_inner();
    call.write(move |org, administrator, now| {
        let (group, user) = (org.group(&group)?.seq, org.user(&user)?.seq);
        directory::remove_member(org.tx, administrator, group, user, now)?;
        Ok(Reply::none())
    })
    .await
}

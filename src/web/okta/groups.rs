//! `/groups`: groups and who is in them (part 7.2 of the Okta reference).

use actix_web::web;
use serde_json::{Map, Value};

use super::call::{Answered, Call, Reply, at, object};
use super::failure::OktaFailure;
use super::filter::Filter;
use super::shapes::Shapes;
use super::users::{find as find_user, inside};
use crate::directory::okta::groups::{self as directory, GroupProfile};
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::OktaGroup;
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, apps, groups as rows, users};
use crate::web::App;

/// Groups a page, and most of them.
const PAGE: usize = 200;
/// Groups that are read at once while they are searched.
const READ: usize = 500;
/// Groups that are looked at for one page of a search before it ends early.
const SCANNED: usize = 20_000;
/// Members a page, and most of them.
const MEMBERS: usize = 1000;

/// The group an address names.
pub(super) fn find(tx: &impl Reads, shapes: &Shapes, org: Seq, id: &str) -> Result<OktaGroup> {
    let row = shapes.row(OktaKind::Group, id);
    let found = match row {
        Some(row) => rows::find(tx, org, row)?,
        None => None,
    };
    found.ok_or_else(|| Refusal::not_found("UserGroup", id))
}

/// `GET /groups`.
pub(super) async fn list(app: web::Data<App>, call: Call) -> Answered {
    let limit = call.limit(PAGE, PAGE)?;
    let filter = ["filter", "search"]
        .iter()
        .find_map(|name| call.query(name))
        .map(|text| text.parse::<Filter>().map_err(OktaFailure::Parameter))
        .transpose()?;
    let words = call.query("q").map(str::to_lowercase);
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = app
        .scan(move |app| -> std::result::Result<_, OktaFailure> {
            let tx = app.store.read()?;
            let shapes = Shapes::new(&tx, org, &base);
            let mut after = match &after {
                Some(after) => shapes
                    .row(OktaKind::Group, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let (mut items, mut seen) = (Vec::new(), 0);
            loop {
                let page = rows::after(&tx, org, after, READ)?;
                let full = page.len() == READ;
                for group in page {
                    if items.len() == limit || seen == SCANNED {
                        return Ok((items, Some(shapes.id(OktaKind::Group, after))));
                    }
                    (seen, after) = (seen + 1, group.seq);
                    let called = words
                        .as_ref()
                        .is_none_or(|words| group.name.to_lowercase().starts_with(words));
                    let shown = shapes.group(&group);
                    if called && filter.as_ref().is_none_or(|filter| filter.fits(&shown)) {
                        items.push(shown);
                    }
                }
                if !full {
                    return Ok((items, None));
                }
            }
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

fn wanted(members: &Map<String, Value>) -> std::result::Result<GroupProfile, OktaFailure> {
    let read = |name: &str| match at(members, &["profile", name]) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Refusal::field(
            "profile",
            "profile",
            "The field must be a string",
        )),
    };
    if !members.contains_key("profile") {
        return Err(Refusal::field("profile", "profile", BLANK).into());
    }
    Ok(GroupProfile {
        name: read("name")?,
        description: read("description")?,
    })
}

/// `POST /groups`.
pub(super) async fn create(app: web::Data<App>, call: Call, body: web::Bytes) -> Answered {
    let wanted = wanted(&object(&body)?)?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let group = directory::create(tx, administrator, &wanted, now)?;
        Ok(Reply::ok(
            Shapes::new(tx, administrator.org, &base).group(&group),
        ))
    })
    .await
}

/// `GET /groups/{id}`.
pub(super) async fn get(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        Ok(Reply::ok(shapes.group(&find(tx, &shapes, org, &id)?)))
    })
    .await
}

/// `PUT /groups/{id}`.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let wanted = wanted(&object(&body)?)?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let group = find(tx, &shapes, administrator.org, &id)?;
        let group = directory::update(tx, administrator, group.seq, &wanted, now)?;
        Ok(Reply::ok(shapes.group(&group)))
    })
    .await
}

/// `DELETE /groups/{id}`.
pub(super) async fn delete(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let group = find(tx, &shapes, administrator.org, &id)?;
        directory::delete(tx, administrator, group.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `GET /groups/{id}/users`.
pub(super) async fn members(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let limit = call.limit(MEMBERS, MEMBERS)?;
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let group = find(tx, &shapes, org, &id)?;
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::User, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let page = rows::members(tx, org, group.seq, after, limit + 1)?;
            let next = (page.len() > limit).then(|| page[limit - 1]);
            let mut items = Vec::new();
            for member in page.into_iter().take(limit) {
                items.extend(users::find(tx, org, member)?.map(|user| shapes.user(&user, false)));
            }
            Ok((items, next.map(|last| shapes.id(OktaKind::User, last))))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `GET /groups/{id}/apps`.
pub(super) async fn apps_of(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let items = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let group = find(tx, &shapes, org, &id)?;
            let mut items = Vec::new();
            for app in app_users::apps_of_group(tx, org, group.seq)? {
                items.extend(apps::find(tx, AppKey { org, app })?.map(|app| shapes.app(&app)));
            }
            Ok(items)
        })
        .await?;
    Ok(Reply::page(items, call.links(None)))
}

/// `PUT /groups/{id}/users/{user}`.
pub(super) async fn add_member(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    member(&app, &call, path.into_inner(), true).await
}

/// `DELETE /groups/{id}/users/{user}`.
pub(super) async fn remove_member(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    member(&app, &call, path.into_inner(), false).await
}

async fn member(app: &App, call: &Call, (group, user): (String, String), add: bool) -> Answered {
    let (base, now) = (call.base.clone(), app.now());
    call.write(app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let group = find(tx, &shapes, org, &group)?;
        let user = inside(find_user(tx, &shapes, org, &user))?;
        if add {
            directory::add_member(tx, administrator, group.seq, user.seq, now)?;
        } else {
            directory::remove_member(tx, administrator, group.seq, user.seq, now)?;
        }
        Ok(Reply::none())
    })
    .await
}

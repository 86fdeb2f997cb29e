//! `/apps`: app integrations (part 7.2 of the Okta reference). `name` of a new app is the key of a template; apps that
//! other tools make for SAML (`signOnMode`, no `name`) are apps of the wizard.

use actix_web::web;
use serde_json::{Map, Value, json};

use super::call::{Answered, Call, Reply, at, object, text};
use super::failure::OktaFailure;
use super::filter::Filter;
use super::shapes::Shapes;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::apps as directory;
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result, templates};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{AppStatus, OktaApp, PushStatus, UsernameTemplate};
use crate::store::okta::{AppKey, app_users, apps as rows};
use crate::store::{Reads, Write};
use crate::web::App;

/// The app an address names.
pub(super) fn find(
    tx: &impl Reads,
    shapes: &Shapes,
    org: Seq,
    id: &str,
) -> Result<(AppKey, OktaApp)> {
    if let Some(app) = shapes.row(OktaKind::App, id) {
        let key = AppKey { org, app };
        if let Some(found) = rows::find(tx, key)? {
            return Ok((key, found));
        }
    }
    Err(Refusal::not_found("AppInstance", id))
}

/// `GET /apps`.
pub(super) async fn list(app: web::Data<App>, call: Call) -> Answered {
    let limit = call.limit(200, 200)?;
    let filter = call
        .query("filter")
        .map(|text| text.parse::<Filter>().map_err(OktaFailure::Parameter))
        .transpose()?;
    let words = call.query("q").map(str::to_lowercase);
    let after = call.query("after").map(str::to_owned);
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::App, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            let mut fitting = Vec::new();
            for found in rows::all(tx, org)? {
                let called = words.as_ref().is_none_or(|words| {
                    found.label.to_lowercase().starts_with(words)
                        || found.name.to_lowercase().starts_with(words)
                });
                let shown = shapes.app(&found);
                if found.seq > after && called && filter.as_ref().is_none_or(|f| f.fits(&shown)) {
                    fitting.push((found.seq, shown));
                }
            }
            let next = (fitting.len() > limit).then(|| fitting[limit - 1].0);
            fitting.truncate(limit);
            let items = fitting.into_iter().map(|(_, shown)| shown).collect();
            Ok((items, next.map(|last| shapes.id(OktaKind::App, last))))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `POST /apps`.
pub(super) async fn create(app: web::Data<App>, call: Call, body: web::Bytes) -> Answered {
    let members = object(&body)?;
    let key = text(&members, "name").unwrap_or("aiw");
    let template = templates::find(key).ok_or_else(|| {
        let known: Vec<&str> = templates::TEMPLATES.iter().map(|one| one.key).collect();
        let sentence = format!("There is no app {key} here; there are {}", known.join(", "));
        Refusal::field("name", "name", sentence)
    })?;
    let activate = call.flag("activate")?.unwrap_or(true);
    let label = text(&members, "label").unwrap_or(template.label).to_owned();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let org = administrator.org;
        let made = directory::create(tx, administrator, template, &label, now)?;
        let key = AppKey { org, app: made.seq };
        let mut made = save_username(tx, administrator, key, made, &members, now)?;
        if !activate {
            made = directory::set_status(tx, administrator, key, AppStatus::Inactive, now)?;
        }
        Ok(Reply::ok(Shapes::new(tx, org, &base).app(&made)))
    })
    .await
}

/// `GET /apps/{id}`.
pub(super) async fn get(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (_, found) = find(tx, &shapes, org, &id)?;
        Ok(Reply::ok(shapes.app(&found)))
    })
    .await
}

/// `PUT /apps/{id}`: label and username format; the rest of an app is not changed by a call in Okta either, or has an
/// address of its own.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let label = text(&members, "label")
        .ok_or_else(|| Refusal::field("label", "label", BLANK))?
        .to_owned();
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, found) = find(tx, &shapes, administrator.org, &id)?;
        let found = if found.label == label {
            found
        } else {
            directory::rename(tx, administrator, key, &label, now)?
        };
        let found = save_username(tx, administrator, key, found, &members, now)?;
        Ok(Reply::ok(shapes.app(&found)))
    })
    .await
}

/// `DELETE /apps/{id}`.
pub(super) async fn delete(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, _) = find(tx, &shapes, administrator.org, &id)?;
        directory::delete(tx, administrator, key, now)
    })
    .await?;
    while call.write(&app, |tx, _| directory::sweep(tx)).await? {}
    Ok(Reply::none())
}

/// `POST /apps/{id}/lifecycle/activate` and `…/deactivate`.
pub(super) async fn lifecycle(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, operation) = path.into_inner();
    let status = match operation.as_str() {
        "activate" => AppStatus::Active,
        "deactivate" => AppStatus::Inactive,
        other => return Err(super::call::missing("Operation", other)),
    };
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, _) = find(tx, &shapes, administrator.org, &id)?;
        directory::set_status(tx, administrator, key, status, now)?;
        Ok(Reply::ok(json!({})))
    })
    .await
}

/// `GET /users/{id}/appLinks`: what is on somebody's dashboard.
pub(super) async fn links_of(app: web::Data<App>, call: Call, who: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let items = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let user = super::users::find(tx, &shapes, org, &who)?;
            let mut items = Vec::new();
            for app in app_users::apps_of(tx, org, user.seq)? {
                let key = AppKey { org, app };
                let (Some(found), Some(_)) = (rows::find(tx, key)?, app_users::find(tx, key, user.seq)?)
                else {
                    continue;
                };
                items.push(json!({
                    "id": crate::directory::okta::events::app_user_id(tx.mix(), key, user.seq),
                    "label": found.label,
                    "appName": found.name,
                    "appInstanceId": shapes.id(OktaKind::App, app),
                    "appAssignmentId": crate::directory::okta::events::app_user_id(tx.mix(), key, user.seq),
                    "credentialsSetup": false,
                    "hidden": false,
                    "sortOrder": items.len(),
                }));
            }
            Ok(items)
        })
        .await?;
    Ok(Reply::page(items, call.links(None)))
}

/// `credentials.userNameTemplate`, if it is given and another one.
fn save_username(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    app: OktaApp,
    members: &Map<String, Value>,
    now: Timestamp,
) -> Result<OktaApp> {
    let Some(Value::Object(given)) = at(members, &["credentials", "userNameTemplate"]) else {
        return Ok(app);
    };
    let wanted = UsernameTemplate {
        template: text(given, "template")
            .unwrap_or(&app.username.template)
            .to_owned(),
        custom: match text(given, "type") {
            None => app.username.custom,
            Some(kind) => kind == "CUSTOM",
        },
        suffix: match text(given, "userSuffix").or_else(|| text(given, "suffix")) {
            None => app.username.suffix.clone(),
            Some(suffix) => suffix.to_owned(),
        },
        push: match text(given, "pushStatus") {
            Some("DONT_PUSH") => PushStatus::DontPush,
            Some("PUSH") => PushStatus::Push,
            _ => app.username.push,
        },
    };
    if wanted == app.username {
        return Ok(app);
    }
    directory::save_username(tx, administrator, key, &wanted, false, now)
}

//! `/apps`: app integrations (part 7.2 of the Okta reference). `name` of a new app is the key of a template; apps that
//! other tools make for signing on (`signOnMode`, no `name`) are apps of the wizard. Nobody signs on to an app here:
//! what they say of it is told back.

use actix_web::web;
use serde_json::{Map, Value, json};

use super::body::{Body, inner, text};
use super::call::{Answered, Call, Reply, missing};
use super::described::described;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::apps as directory;
use crate::directory::okta::events::app_user_id;
use crate::directory::okta::refusal::BLANK;
use crate::directory::okta::{Refusal, Result, templates};
use crate::id::OktaKind;
use crate::model::okta::{AppStatus, OktaApp, PushStatus, UsernameTemplate};
use crate::store::okta::{AppKey, app_users, apps as rows};
use crate::store::{Reads as _, Write};

/// Apps a page, and most of them.
const PAGE: usize = 200;

/// `GET /apps`.
pub(super) async fn list(call: Call) -> Answered {
    let filter = call.filter(&["filter"])?;
    let words = call.query("q").map(str::to_lowercase);
    call.list(OktaKind::App, (PAGE, PAGE), move |org, page| {
        let shown = |app: &OktaApp| {
            let called = words.as_ref().is_none_or(|words| {
                app.label.to_lowercase().starts_with(words)
                    || app.name.to_lowercase().starts_with(words)
            });
            if !called {
                return Ok(None);
            }
            let shown = org.shapes.app(app);
            let fits = filter.as_ref().is_none_or(|filter| filter.fits(&shown));
            Ok(fits.then_some(shown))
        };
        page.fill(
            |behind, count| rows::after(org.tx, org.row, behind, count),
            |app| app.seq,
            shown,
        )
    })
    .await
}

/// `POST /apps`.
pub(super) async fn create(call: Call, body: Body) -> Answered {
    let members = body.members()?;
    let key = text(&members, &["name"])?.unwrap_or("aiw");
    let template = templates::find(key).ok_or_else(|| {
        let known: Vec<&str> = templates::TEMPLATES.iter().map(|one| one.key).collect();
        let sentence = format!("There is no app {key} here; there are {}", known.join(", "));
        Refusal::field("name", "name", sentence)
    })?;
    let activate = call.flag("activate")?.unwrap_or(true);
    let label = text(&members, &["label"])?.unwrap_or(template.label);
    let label = label.to_owned();
    let described = described(&members)?;
    call.write(move |org, administrator, now| {
        let made = directory::create(org.tx, administrator, template, &label, now)?;
        let key = AppKey {
            org: org.row,
            app: made.seq,
        };
        save_username(org.tx, administrator, key, made, &members, now)?;
        let mut made = directory::describe(org.tx, administrator, key, described, now)?;
        if !activate {
            made = directory::set_status(org.tx, administrator, key, AppStatus::Inactive, now)?;
        }
        Ok(Reply::ok(&org.shapes.app(&made)))
    })
    .await
}

/// `GET /apps/{id}`.
pub(super) async fn get(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&org.shapes.app(&org.app(&id)?.1))))
        .await
}

/// `PUT /apps/{id}`: label, username format and what has no effect; the rest of an app is not changed by a call in Okta
/// either, or has an address of its own.
pub(super) async fn update(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let label = text(&members, &["label"])?
        .ok_or_else(|| Refusal::field("label", "label", BLANK))?
        .to_owned();
    let described = described(&members)?;
    call.write(move |org, administrator, now| {
        let (key, mut app) = org.app(&id)?;
        if app.label != label {
            app = directory::rename(org.tx, administrator, key, &label, now)?;
        }
        save_username(org.tx, administrator, key, app, &members, now)?;
        let app = directory::describe(org.tx, administrator, key, described, now)?;
        Ok(Reply::ok(&org.shapes.app(&app)))
    })
    .await
}

/// `DELETE /apps/{id}`.
pub(super) async fn delete(call: Call, id: web::Path<String>) -> Answered {
    call.write(move |org, administrator, now| {
        directory::delete(org.tx, administrator, org.app(&id)?.0, now)
    })
    .await?;
    while call.write(|org, _, _| directory::sweep(org.tx)).await? {}
    Ok(Reply::none())
}

/// `POST /apps/{id}/lifecycle/activate` and `…/deactivate`.
pub(super) async fn lifecycle(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, operation) = path.into_inner();
    let status = match operation.as_str() {
        "activate" => AppStatus::Active,
        "deactivate" => AppStatus::Inactive,
        other => return Err(missing("Operation", other)),
    };
    call.write(move |org, administrator, now| {
        directory::set_status(org.tx, administrator, org.app(&id)?.0, status, now)?;
        Ok(Reply::ok(&json!({})))
    })
    .await
}

/// `GET /apps/{id}/credentials/keys`: no app has a key to sign with.
pub(super) async fn keys(call: Call, id: web::Path<String>) -> Answered {
    call.whole(move |org| {
        org.app(&id)?;
        Ok(Vec::new())
    })
    .await
}

/// `GET /users/{id}/appLinks`: what is on somebody's dashboard.
pub(super) async fn links_of(call: Call, who: web::Path<String>) -> Answered {
    call.whole(move |org| {
        let user = org.user(&who)?;
        let mut items = Vec::new();
        for app in app_users::apps_of(org.tx, org.row, user.seq)? {
            let key = AppKey { org: org.row, app };
            let Some(found) = rows::find(org.tx, key)? else {
                continue;
            };
            let assignment = app_user_id(org.tx.mix(), key, user.seq);
            items.push(json!({
                "id": assignment,
                "label": found.label,
                "appName": found.name,
                "appInstanceId": org.shapes.id(OktaKind::App, app),
                "appAssignmentId": assignment,
                "credentialsSetup": false,
                "hidden": false,
                "sortOrder": items.len(),
            }));
        }
        Ok(items)
    })
    .await
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
    let Some(given) = inner(members, &["credentials", "userNameTemplate"])? else {
        return Ok(app);
    };
    let wanted = UsernameTemplate {
        template: text(given, &["template"])?
            .unwrap_or(&app.username.template)
            .to_owned(),
        custom: match text(given, &["type"])? {
            None => app.username.custom,
            Some(kind) => kind == "CUSTOM",
        },
        suffix: match text(given, &["userSuffix"])?.or(text(given, &["suffix"])?) {
            None => app.username.suffix.clone(),
            Some(suffix) => suffix.to_owned(),
        },
        push: match text(given, &["pushStatus"])? {
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

//! `/apps/{id}/features` and `/apps/{id}/connections/default`: the *Provisioning* tab as objects (part 2.4 of the Okta
//! reference). Okta offers them for some apps of its catalogue; here every app has them.

use actix_web::web;
use serde_json::{Map, Value, json};

use super::apps::find as find_app;
use super::call::{Answered, Call, Reply, at, missing, object, text};
use super::failure::OktaFailure;
use super::shapes::Shapes;
use crate::directory::okta::apps::{Integration, configure, save_to_app};
use crate::directory::okta::templates::Signing;
use crate::directory::okta::{Refusal, templates};
use crate::id::OktaKind;
use crate::model::okta::{AppAuthentication, OktaApp, PasswordSync, ToApp};
use crate::secret::Plain;
use crate::web::App;

const NAME: &str = "USER_PROVISIONING";
/// Longest token, in characters.
const TOKEN_LIMIT: usize = 4096;

fn shown(shapes: &Shapes, base: &str, app: &OktaApp) -> Value {
    let status = |on: bool| if on { "ENABLED" } else { "DISABLED" };
    let id = shapes.id(OktaKind::App, app.seq);
    let to_app = &app.to_app;
    let password = to_app.sync_password;
    json!({
        "name": NAME,
        "status": status(app.provisioning.enabled),
        "description": "User provisioning settings from Okta to a downstream application",
        "capabilities": {
            "create": { "lifecycleCreate": { "status": status(to_app.create_users) } },
            "update": {
                "lifecycleDeactivate": { "status": status(to_app.deactivate_users) },
                "profile": { "status": status(to_app.update_attributes) },
                "password": {
                    "status": status(password != PasswordSync::Off),
                    "seed": if password == PasswordSync::Okta { "OKTA" } else { "RANDOM" },
                    "change": if password == PasswordSync::Okta { "CHANGE" } else { "KEEP_EXISTING" },
                },
            },
        },
        "_links": { "self": {
            "href": format!("{base}/apps/{id}/features/{NAME}"),
            "hints": { "allow": ["GET", "PUT"] },
        } },
    })
}

/// `GET /apps/{id}/features`.
pub(super) async fn list(app: web::Data<App>, call: Call, id: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let item = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let (_, found) = find_app(tx, &shapes, org, &id)?;
            Ok(shown(&shapes, &base, &found))
        })
        .await?;
    Ok(Reply::page(vec![item], call.links(None)))
}

/// `GET /apps/{id}/features/{name}`.
pub(super) async fn get(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, name) = path.into_inner();
    named(&name)?;
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (_, found) = find_app(tx, &shapes, org, &id)?;
        Ok(Reply::ok(shown(&shapes, &base, &found)))
    })
    .await
}

/// `PUT /apps/{id}/features/{name}`: the content of `capabilities` alone; what is not given stays.
pub(super) async fn put(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> Answered {
    let (id, name) = path.into_inner();
    named(&name)?;
    let members = object(&body)?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, found) = find_app(tx, &shapes, administrator.org, &id)?;
        let wanted = wanted(found.to_app, &members)?;
        let saved = save_to_app(tx, administrator, key, wanted, now)?;
        Ok(Reply::ok(shown(&shapes, &base, &saved)))
    })
    .await
}

fn named(name: &str) -> Result<(), OktaFailure> {
    if name == NAME {
        Ok(())
    } else {
        Err(missing("Feature", name))
    }
}

fn wanted(mut to_app: ToApp, members: &Map<String, Value>) -> Result<ToApp, Refusal> {
    let on = |path: &[&str]| match at(members, path).and_then(Value::as_str) {
        None => Ok(None),
        Some("ENABLED") => Ok(Some(true)),
        Some("DISABLED") => Ok(Some(false)),
        Some(other) => Err(Refusal::field(
            "capabilities",
            "status",
            format!("{other} is neither ENABLED nor DISABLED"),
        )),
    };
    if let Some(on) = on(&["create", "lifecycleCreate", "status"])? {
        to_app.create_users = on;
    }
    if let Some(on) = on(&["update", "lifecycleDeactivate", "status"])? {
        to_app.deactivate_users = on;
    }
    if let Some(on) = on(&["update", "profile", "status"])? {
        to_app.update_attributes = on;
    }
    if let Some(on) = on(&["update", "password", "status"])? {
        let seed = at(members, &["update", "password", "seed"]).and_then(Value::as_str);
        to_app.sync_password = match (on, seed) {
            (false, _) => PasswordSync::Off,
            (true, Some("OKTA")) => PasswordSync::Okta,
            (true, None | Some("RANDOM")) => PasswordSync::Random,
            (true, Some(other)) => {
                let sentence = format!("{other} is neither OKTA nor RANDOM");
                return Err(Refusal::field("capabilities", "password", sentence));
            }
        };
    }
    Ok(to_app)
}

fn connection(shapes: &Shapes, base: &str, app: &OktaApp) -> Value {
    let id = shapes.id(OktaKind::App, app.seq);
    let address = format!("{base}/apps/{id}/connections/default");
    let (status, switch) = if app.provisioning.enabled {
        ("ENABLED", "deactivate")
    } else {
        ("DISABLED", "activate")
    };
    let scheme = match app.provisioning.authentication {
        Some(AppAuthentication::Bearer { .. } | AppAuthentication::Header { .. }) => "TOKEN",
        Some(AppAuthentication::Basic { .. }) | None => "UNKNOWN",
    };
    json!({
        "authScheme": scheme,
        "status": status,
        "baseUrl": app.provisioning.base_url,
        "profile": { "authScheme": scheme },
        "_links": {
            "self": { "href": address },
            switch: { "href": format!("{address}/lifecycle/{switch}") },
        },
    })
}

/// `GET /apps/{id}/connections/default`.
pub(super) async fn get_connection(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let (_, found) = find_app(tx, &shapes, org, &id)?;
        Ok(Reply::ok(connection(&shapes, &base, &found)))
    })
    .await
}

/// `POST /apps/{id}/connections/default?activate=`.
pub(super) async fn post_connection(
    app: web::Data<App>,
    call: Call,
    id: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let activate = call.flag("activate")?;
    let url = text(&members, "baseUrl").map(str::to_owned);
    let token = match at(&members, &["profile", "token"]).and_then(Value::as_str) {
        Some(token) if token.is_empty() || token.chars().count() > TOKEN_LIMIT => {
            return Err(Refusal::field("provisioning", "token", "The token is none").into());
        }
        token => token.map(|token| app.sealer.seal(&Plain::new(token))),
    };
    let scheme = at(&members, &["profile", "authScheme"]).and_then(Value::as_str);
    if !matches!(scheme, None | Some("TOKEN")) {
        return Err(Refusal::field("provisioning", "token", "authScheme is TOKEN here").into());
    }
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, found) = find_app(tx, &shapes, administrator.org, &id)?;
        let header = templates::find(&found.template)
            .is_some_and(|template| template.signing == Signing::Header);
        let wanted = Integration {
            enabled: activate.unwrap_or(found.provisioning.enabled),
            base_url: url.unwrap_or_else(|| found.provisioning.base_url.clone()),
            authentication: token.map(|token| {
                if header {
                    AppAuthentication::Header { value: token }
                } else {
                    AppAuthentication::Bearer { token }
                }
            }),
            unique_field: found.provisioning.unique_field.clone(),
            import_groups: found.provisioning.import_groups,
        };
        let saved = configure(tx, administrator, key, &wanted, now)?;
        Ok(Reply::ok(connection(&shapes, &base, &saved)))
    })
    .await
}

/// `POST /apps/{id}/connections/default/lifecycle/{operation}`.
pub(super) async fn switch_connection(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, operation) = path.into_inner();
    let enabled = match operation.as_str() {
        "activate" => true,
        "deactivate" => false,
        other => return Err(missing("Operation", other)),
    };
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let (key, found) = find_app(tx, &shapes, administrator.org, &id)?;
        let wanted = Integration {
            enabled,
            base_url: found.provisioning.base_url,
            authentication: None,
            unique_field: found.provisioning.unique_field,
            import_groups: found.provisioning.import_groups,
        };
        configure(tx, administrator, key, &wanted, now)?;
        Ok(Reply::none())
    })
    .await
}

//! `/apps/{id}/features` and `/apps/{id}/connections/default`: the *Provisioning* tab as objects (part 2.4 of the Okta
//! reference). Okta offers them for some apps of its catalogue; here every app has them.

use actix_web::web;
use serde_json::{Map, Value, json};

use super::body::{Body, text};
use super::call::{Answered, Call, Reply, missing};
use super::inbound;
use super::shapes::Shapes;
use crate::directory::okta::apps::{Integration, configure, save_to_app};
use crate::directory::okta::imports::{imports, save_to_okta};
use crate::directory::okta::templates::Signing;
use crate::directory::okta::{Refusal, templates};
use crate::id::OktaKind;
use crate::model::okta::{AppAuthentication, OktaApp, PasswordSync, ToApp};
use crate::secret::Plain;

const NAME: &str = "USER_PROVISIONING";
/// Longest token, in characters.
const TOKEN_LIMIT: usize = 4096;

fn shown(shapes: &Shapes, app: &OktaApp) -> Value {
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
            "href": shapes.address(&format!("apps/{id}/features/{NAME}")),
            "hints": { "allow": ["GET", "PUT"] },
        } },
    })
}

/// `GET /apps/{id}/features`.
pub(super) async fn list(call: Call, id: web::Path<String>) -> Answered {
    call.whole(move |org| {
        let app = org.app(&id)?.1;
        let mut all = vec![shown(&org.shapes, &app)];
        if imports(&app) {
            all.push(inbound::shown(&org.shapes, &app));
        }
        Ok(all)
    })
    .await
}

/// `GET /apps/{id}/features/{name}`.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, name) = path.into_inner();
    call.read(move |org| {
        let app = org.app(&id)?.1;
        Ok(Reply::ok(&match named(&name, &app)? {
            Feature::User => shown(&org.shapes, &app),
            Feature::Inbound => inbound::shown(&org.shapes, &app),
        }))
    })
    .await
}

/// `PUT /apps/{id}/features/{name}`: the content of `capabilities` alone; what is not given stays.
pub(super) async fn put(call: Call, path: web::Path<(String, String)>, body: Body) -> Answered {
    let (id, name) = path.into_inner();
    let members = body.members()?;
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        Ok(Reply::ok(&match named(&name, &app)? {
            Feature::User => {
                let wanted = wanted(app.to_app, &members)?;
                let saved = save_to_app(org.tx, administrator, key, wanted, now)?;
                shown(&org.shapes, &saved)
            }
            Feature::Inbound => {
                let wanted = inbound::wanted(app.to_okta, &members)?;
                let saved = save_to_okta(org.tx, administrator, key, &wanted, now)?;
                inbound::shown(&org.shapes, &saved)
            }
        }))
    })
    .await
}

/// The features that an app can have.
enum Feature {
    User,
    Inbound,
}

fn named(name: &str, app: &OktaApp) -> Result<Feature, Refusal> {
    match name {
        NAME => Ok(Feature::User),
        inbound::NAME if imports(app) => Ok(Feature::Inbound),
        other => Err(Refusal::not_found("Feature", other)),
    }
}

fn wanted(mut to_app: ToApp, members: &Map<String, Value>) -> Result<ToApp, Refusal> {
    let on = |path: &[&str]| match text(members, path)? {
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
        let seed = text(members, &["update", "password", "seed"])?;
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

fn connection(shapes: &Shapes, app: &OktaApp) -> Value {
    let id = shapes.id(OktaKind::App, app.seq);
    let address = shapes.address(&format!("apps/{id}/connections/default"));
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
pub(super) async fn get_connection(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&connection(&org.shapes, &org.app(&id)?.1))))
        .await
}

/// `POST /apps/{id}/connections/default?activate=`.
pub(super) async fn post_connection(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let activate = call.flag("activate")?;
    let url = text(&members, &["baseUrl"])?.map(str::to_owned);
    let token = match text(&members, &["profile", "token"])? {
        Some(token) if token.is_empty() || token.chars().count() > TOKEN_LIMIT => {
            return Err(Refusal::field("provisioning", "token", "The token is none").into());
        }
        token => token.map(|token| call.app.sealer.seal(&Plain::new(token))),
    };
    let scheme = text(&members, &["profile", "authScheme"])?;
    if !matches!(scheme, None | Some("TOKEN")) {
        return Err(Refusal::field("provisioning", "token", "authScheme is TOKEN here").into());
    }
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let header = templates::find(&app.template)
            .is_some_and(|template| template.signing == Signing::Header);
        let wanted = Integration {
            enabled: activate.unwrap_or(app.provisioning.enabled),
            base_url: url.unwrap_or(app.provisioning.base_url),
            authentication: token.map(|token| {
                if header {
                    AppAuthentication::Header { value: token }
                } else {
                    AppAuthentication::Bearer { token }
                }
            }),
            unique_field: app.provisioning.unique_field,
            import_groups: app.provisioning.import_groups,
        };
        let saved = configure(org.tx, administrator, key, &wanted, now)?;
        Ok(Reply::ok(&connection(&org.shapes, &saved)))
    })
    .await
}

/// `POST /apps/{id}/connections/default/lifecycle/{operation}`.
pub(super) async fn switch_connection(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, operation) = path.into_inner();
    let enabled = match operation.as_str() {
        "activate" => true,
        "deactivate" => false,
        other => return Err(missing("Operation", other)),
    };
    call.write(move |org, administrator, now| {
        let (key, app) = org.app(&id)?;
        let wanted = Integration {
            enabled,
            base_url: app.provisioning.base_url,
            authentication: None,
            unique_field: app.provisioning.unique_field,
            import_groups: app.provisioning.import_groups,
        };
        configure(org.tx, administrator, key, &wanted, now)?;
        Ok(Reply::none())
    })
    .await
}

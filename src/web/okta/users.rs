//! `/users`: people and their lifecycle (part 7.2 of the Okta reference).

use std::ops::ControlFlow;

use actix_web::web;
use serde_json::{Map, Value, json};

use super::call::{Answered, Call, Reply, at, missing, object, profile, text};
use super::failure::OktaFailure;
use super::filter::Filter;
use super::shapes::Shapes;
use super::shapes::etag;
use crate::directory::okta::lifecycle::{Transition, perform};
use crate::directory::okta::refusal::Refusal;
use crate::directory::okta::users::{self as people, NewUser, PASSWORD_LIMIT};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{CredentialProvider, OktaUser, UserStatus};
use crate::secret::{Plain, Sealed};
use crate::store::Reads;
use crate::store::okta::{groups, users as rows};
use crate::web::App;

/// People a page, and most of them.
const PAGE: usize = 200;
/// People who are looked at for one page of a search before it ends early.
const SCANNED: usize = 20_000;

/// The person an address names: by id, or by login.
pub(super) fn find(
    tx: &impl Reads,
    shapes: &Shapes,
    org: Seq,
    who: &str,
) -> Result<OktaUser, OktaFailure> {
    let by_id = match shapes.row(OktaKind::User, who) {
        Some(row) => rows::find(tx, org, row)?,
        None => None,
    };
    match by_id {
        Some(user) => Ok(user),
        None => rows::by_login(tx, org, who)?.ok_or_else(|| missing("User", who)),
    }
}

/// `GET /users`.
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
        .scan(move |app| -> Result<_, OktaFailure> {
            let tx = app.store.read()?;
            let shapes = Shapes::new(&tx, org, &base);
            let after = match &after {
                Some(after) => shapes
                    .row(OktaKind::User, after)
                    .ok_or_else(|| OktaFailure::Parameter("after is no cursor".into()))?,
                None => Seq(0),
            };
            if let Some(login) = filter
                .as_ref()
                .and_then(|filter| filter.sought("profile.login"))
            {
                let found = rows::by_login(&tx, org, login)?.filter(|user| user.seq > after);
                return Ok((
                    found.iter().map(|user| shapes.user(user, false)).collect(),
                    None,
                ));
            }
            // Nobody who is deactivated is listed unless the status is asked for.
            let everybody = filter.as_ref().is_some_and(|filter| filter.names("status"));
            let (mut items, mut seen, mut last, mut more) = (Vec::new(), 0, after, false);
            rows::walk::<OktaFailure>(&tx, org, after, |user| {
                if items.len() == limit || seen == SCANNED {
                    more = true;
                    return Ok(ControlFlow::Break(()));
                }
                (seen, last) = (seen + 1, user.seq);
                if user.status == UserStatus::Deprovisioned && !everybody {
                    return Ok(ControlFlow::Continue(()));
                }
                if words.as_ref().is_some_and(|words| !called(&user, words)) {
                    return Ok(ControlFlow::Continue(()));
                }
                let shown = shapes.user(&user, false);
                if filter.as_ref().is_none_or(|filter| filter.fits(&shown)) {
                    items.push(shown);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            let next = more.then(|| shapes.id(OktaKind::User, last));
            Ok((items, next))
        })
        .await?;
    Ok(Reply::page(items, call.links(next.as_deref())))
}

/// `q`: first name, last name or e-mail address begin with it.
fn called(user: &OktaUser, words: &str) -> bool {
    ["firstName", "lastName", "email"].iter().any(|name| {
        user.text(name)
            .is_some_and(|value| value.to_lowercase().starts_with(words))
    })
}

/// `POST /users`.
pub(super) async fn create(app: web::Data<App>, call: Call, body: web::Bytes) -> Answered {
    let members = object(&body)?;
    let credentials = Credentials::read(&app, &members)?;
    let activate = call.flag("activate")?.unwrap_or(true);
    let by_provider = call.flag("provider")?.unwrap_or(false);
    let provider = match at(&members, &["credentials", "provider", "type"]).and_then(Value::as_str)
    {
        None | Some("OKTA") if !by_provider => CredentialProvider::Okta,
        Some("FEDERATION") => CredentialProvider::Federation,
        Some("SOCIAL") => CredentialProvider::Social,
        None | Some(_) => {
            return Err(Refusal::field(
                "provider",
                "provider",
                "The provider is one of OKTA, FEDERATION and SOCIAL",
            )
            .into());
        }
    };
    let change_password = match call.query("nextLogin") {
        None => false,
        Some("changePassword") => true,
        Some(_) => return Err(OktaFailure::Parameter("nextLogin is changePassword".into())),
    };
    let groups: Vec<String> = match members.get("groupIds") {
        None | Some(Value::Null) => Vec::new(),
        Some(given) => serde_json::from_value(given.clone()).map_err(|_| Refusal::Unreadable)?,
    };
    let mut new = NewUser {
        profile: profile(&members, "profile")?,
        activate,
        provider,
        password: credentials.password,
        change_password,
        recovery_question: credentials.question,
        groups: Vec::new(),
    };
    let base = call.base.clone();
    let now = app.now();
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        for group in groups {
            let row = shapes.row(OktaKind::Group, &group);
            new.groups
                .push(row.ok_or_else(|| Refusal::not_found("UserGroup", &group))?);
        }
        let user = people::create(tx, administrator, &new, now)?;
        Ok(Reply::ok(shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// `GET /users/{id}`.
pub(super) async fn get(app: web::Data<App>, call: Call, who: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    call.read(&app, move |tx| {
        let shapes = Shapes::new(tx, org, &base);
        let user = find(tx, &shapes, org, &who)?;
        Ok(Reply::ok(shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// `PUT /users/{id}`: what is not given is cleared.
pub(super) async fn replace(
    app: web::Data<App>,
    call: Call,
    who: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    change(&app, &call, who.into_inner(), &body, true).await
}

/// `POST /users/{id}`: what is not given stays.
pub(super) async fn update(
    app: web::Data<App>,
    call: Call,
    who: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    change(&app, &call, who.into_inner(), &body, false).await
}

async fn change(app: &App, call: &Call, who: String, body: &[u8], strict: bool) -> Answered {
    let members = object(body)?;
    let credentials = Credentials::read(app, &members)?;
    let given = members
        .contains_key("profile")
        .then(|| profile(&members, "profile"))
        .transpose()?;
    if given.is_none() && strict {
        return Err(OktaFailure::Missing("profile"));
    }
    let (base, now) = (call.base.clone(), app.now());
    call.write(app, move |tx, administrator| {
        let org = administrator.org;
        let shapes = Shapes::new(tx, org, &base);
        let mut user = inside(find(tx, &shapes, org, &who))?;
        if let Some(given) = &given {
            user = if strict {
                people::replace(tx, administrator, user.seq, given, now)?
            } else {
                people::update(tx, administrator, user.seq, given, now)?
            };
        }
        if let Some(password) = &credentials.password {
            user = people::set_password(tx, administrator, user.seq, password, now)?;
        }
        if let Some(question) = &credentials.question {
            user = people::set_recovery_question(tx, administrator, user.seq, question, now)?;
        }
        Ok(Reply::ok(shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// `DELETE /users/{id}`: in two steps.
pub(super) async fn delete(app: web::Data<App>, call: Call, who: web::Path<String>) -> Answered {
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let user = inside(find(tx, &shapes, administrator.org, &who))?;
        people::delete(tx, administrator, user.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `POST /users/{id}/lifecycle/{operation}`.
pub(super) async fn lifecycle(
    app: web::Data<App>,
    call: Call,
    path: web::Path<(String, String)>,
) -> Answered {
    let (who, operation) = path.into_inner();
    // Nobody locks people by a call: too many failed attempts do.
    let transition = Transition::all()
        .find(|one| one.name() == operation && *one != Transition::Lock)
        .ok_or_else(|| missing("Operation", &operation))?;
    let mail = call.flag("sendEmail")?;
    let (base, now) = (call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let user = inside(find(tx, &shapes, administrator.org, &who))?;
        let user = perform(tx, administrator, transition, user.seq, now)?;
        let body = match transition {
            Transition::Unlock | Transition::ExpirePassword if mail.is_none() => {
                shapes.user(&user, true)
            }
            _ => json!({}),
        };
        Ok(Reply::ok(body))
    })
    .await
}

/// `POST /users/{id}/credentials/change_password`: Okta sees the new one in clear.
pub(super) async fn change_password(
    app: web::Data<App>,
    call: Call,
    who: web::Path<String>,
    body: web::Bytes,
) -> Answered {
    let members = object(&body)?;
    let (old, new) = (
        password(&members, "oldPassword")?,
        password(&members, "newPassword")?,
    );
    let sealed = app.sealer.seal(&new);
    let (sealer, base, now) = (app.sealer.clone(), call.base.clone(), app.now());
    call.write(&app, move |tx, administrator| {
        let shapes = Shapes::new(tx, administrator.org, &base);
        let user = inside(find(tx, &shapes, administrator.org, &who))?;
        let present = user.password.as_ref().and_then(|kept| sealer.open(kept));
        if !present.is_some_and(|present| present.same(&old)) {
            return Err(Refusal::field(
                "password",
                "oldPassword",
                "Old Password is not correct",
            ));
        }
        let user = people::set_password(tx, administrator, user.seq, &sealed, now)?;
        Ok(Reply::ok(shapes.user(&user, true)["credentials"].clone()))
    })
    .await
}

/// `GET /users/{id}/groups`.
pub(super) async fn groups_of(app: web::Data<App>, call: Call, who: web::Path<String>) -> Answered {
    let (org, base) = (call.org(), call.base.clone());
    let items = call
        .read(&app, move |tx| {
            let shapes = Shapes::new(tx, org, &base);
            let user = find(tx, &shapes, org, &who)?;
            let mut items = Vec::new();
            for group in groups::groups_of(tx, org, user.seq)? {
                items.extend(groups::find(tx, org, group)?.map(|group| shapes.group(&group)));
            }
            Ok(items)
        })
        .await?;
    Ok(Reply::page(items, call.links(None)))
}

/// `credentials` of a body.
struct Credentials {
    password: Option<Sealed>,
    question: Option<String>,
}

impl Credentials {
    fn read(app: &App, members: &Map<String, Value>) -> Result<Self, OktaFailure> {
        let password = match at(members, &["credentials", "password", "value"]) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(app.sealer.seal(&checked(text)?)),
            Some(_) => return Err(Refusal::Unreadable.into()),
        };
        let question = at(members, &["credentials", "recovery_question", "question"]);
        Ok(Self {
            password,
            question: question
                .and_then(Value::as_str)
                .map(|text| text.chars().take(100).collect()),
        })
    }
}

fn password(members: &Map<String, Value>, name: &'static str) -> Result<Plain, OktaFailure> {
    let value = members.get(name).and_then(Value::as_object);
    let value = value.and_then(|value| text(value, "value"));
    checked(value.ok_or(OktaFailure::Missing(name))?)
}

fn checked(password: &str) -> Result<Plain, OktaFailure> {
    if password.is_empty() || password.chars().count() > PASSWORD_LIMIT {
        let sentence = format!("A password has 1 to {PASSWORD_LIMIT} characters");
        return Err(Refusal::field("password", "password", sentence).into());
    }
    Ok(Plain::new(password))
}

/// What is looked up inside of a write.
pub(super) fn inside<T>(found: Result<T, OktaFailure>) -> Result<T, Refusal> {
    found.map_err(|failure| match failure {
        OktaFailure::Refused(refusal) => refusal,
        other => Refusal::Domain(other.into()),
    })
}

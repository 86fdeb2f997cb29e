//! `/users`: people and their lifecycle (part 7.2 of the Okta reference).

use actix_web::web;
use serde_json::json;

use super::body::{Body, at, inner, profile, text};
use super::call::{Answered, Call, Reply, missing};
use super::credentials::Credentials;
use super::failure::OktaFailure;
use super::org::Org;
use super::shapes::etag;
use crate::directory::okta::lifecycle::{Transition, perform};
use crate::directory::okta::orgs;
use crate::directory::okta::refusal::{Refusal, Result};
use crate::directory::okta::users::{self as people, NewUser};
use crate::id::OktaKind;
use crate::model::okta::{CredentialProvider, OktaUser, UserStatus};
use crate::store::Reads;
use crate::store::okta::{groups, users as rows};

/// People a page, and most of them.
const PAGE: usize = 200;

/// `GET /users`. Only a list that nothing is asked of leaves out who is deactivated.
pub(super) async fn list(call: Call) -> Answered {
    let filter = call.filter(&["filter", "search"])?;
    let words = call.query("q").map(str::to_lowercase);
    call.list(OktaKind::User, (PAGE, PAGE), move |org, page| {
        let shown = |user: &OktaUser| {
            if user.status == UserStatus::Deprovisioned && filter.is_none() {
                return Ok(None);
            }
            if words.as_ref().is_some_and(|words| !called(user, words)) {
                return Ok(None);
            }
            let shown = org.shapes.user(user, false);
            let fits = filter.as_ref().is_none_or(|filter| filter.fits(&shown));
            Ok(fits.then_some(shown))
        };
        let logins = filter.as_ref().and_then(|f| f.sought("profile.login"));
        page.fill(
            |behind, count| match &logins {
                Some(logins) => {
                    let mut found = Vec::new();
                    for login in logins {
                        found.extend(rows::by_login(org.tx, org.row, login)?);
                    }
                    found.retain(|user| user.seq > behind);
                    found.sort_by_key(|user| user.seq);
                    found.dedup_by_key(|user| user.seq);
                    found.truncate(count);
                    Ok(found)
                }
                None => rows::after(org.tx, org.row, behind, count),
            },
            |user| user.seq,
            shown,
        )
    })
    .await
}

/// `q`: first name, last name or e-mail address begin with it.
fn called(user: &OktaUser, words: &str) -> bool {
    ["firstName", "lastName", "email"].iter().any(|name| {
        user.text(name)
            .is_some_and(|value| value.to_lowercase().starts_with(words))
    })
}

/// `POST /users`.
pub(super) async fn create(call: Call, body: Body) -> Answered {
    let members = body.members()?;
    let credentials = Credentials::read(&call.app.sealer, &members)?;
    let kind = text(&members, &["type", "id"])?.map(str::to_owned);
    let activate = call.flag("activate")?.unwrap_or(true);
    let by_provider = call.flag("provider")?.unwrap_or(false);
    let provider = match text(&members, &["credentials", "provider", "type"])? {
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
    let groups: Vec<String> = match at(&members, &["groupIds"])? {
        None => Vec::new(),
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
    call.write(move |org, administrator, now| {
        check_type(org, kind.as_deref())?;
        for group in groups {
            new.groups.push(org.group(&group)?.seq);
        }
        let user = people::create(org.tx, administrator, &new, now)?;
        Ok(Reply::ok(&org.shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// There is one type of users.
fn check_type<T: Reads>(org: &Org<'_, T>, id: Option<&str>) -> Result<()> {
    match id {
        Some(id) if id != org.shapes.user_type() => Err(Refusal::not_found("UserType", id)),
        _ => Ok(()),
    }
}

/// `GET /users/{id}`; `me` is whoever made the token of the call.
pub(super) async fn get(call: Call, who: web::Path<String>) -> Answered {
    let administrator = call.administrator.clone();
    call.read(move |org| {
        if *who == "me" {
            let creator = orgs::creator(org.tx, &administrator)?;
            return Ok(Reply::ok(&org.shapes.creator(&creator)));
        }
        let user = org.user(&who)?;
        Ok(Reply::ok(&org.shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// `PUT /users/{id}`: what a profile does not give is cleared. Without a profile only credentials change.
pub(super) async fn replace(call: Call, who: web::Path<String>, body: Body) -> Answered {
    change(&call, who.into_inner(), &body, true).await
}

/// `POST /users/{id}`: what is not given stays.
pub(super) async fn update(call: Call, who: web::Path<String>, body: Body) -> Answered {
    change(&call, who.into_inner(), &body, false).await
}

async fn change(call: &Call, who: String, body: &Body, strict: bool) -> Answered {
    let members = body.members()?;
    let credentials = Credentials::read(&call.app.sealer, &members)?;
    let kind = text(&members, &["type", "id"])?.map(str::to_owned);
    let given = match inner(&members, &["profile"])? {
        Some(_) => Some(profile(&members, "profile")?),
        None if strict && credentials.is_empty() => return Err(OktaFailure::Missing("profile")),
        None => None,
    };
    call.write(move |org, administrator, now| {
        let tx = org.tx;
        check_type(org, kind.as_deref())?;
        let mut user = org.user(&who)?;
        if let Some(given) = &given {
            user = if strict {
                people::replace(tx, administrator, user.seq, given, now)?
            } else {
                people::update(tx, administrator, user.seq, given, now)?
            };
        }
        let user = credentials.save(org, administrator, user, now)?;
        Ok(Reply::ok(&org.shapes.user(&user, true)).tagged(etag(user.last_updated)))
    })
    .await
}

/// `DELETE /users/{id}`: in two steps.
pub(super) async fn delete(call: Call, who: web::Path<String>) -> Answered {
    call.write(move |org, administrator, now| {
        people::delete(org.tx, administrator, org.user(&who)?.seq, now)?;
        Ok(Reply::none())
    })
    .await
}

/// `POST /users/{id}/lifecycle/{operation}`. No operation gives out a link: there is no page where anybody could set a
/// password.
pub(super) async fn lifecycle(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (who, operation) = path.into_inner();
    // Nobody locks people by a call: too many failed attempts do.
    let transition = Transition::all()
        .find(|one| one.name() == operation && *one != Transition::Lock)
        .ok_or_else(|| missing("Operation", &operation))?;
    let mail = call.flag("sendEmail")?;
    call.write(move |org, administrator, now| {
        let user = perform(org.tx, administrator, transition, org.user(&who)?.seq, now)?;
        let body = match transition {
            Transition::Unlock | Transition::ExpirePassword if mail.is_none() => {
                org.shapes.user(&user, true)
            }
            _ => json!({}),
        };
        Ok(Reply::ok(&body))
    })
    .await
}

/// `GET /users/{id}/groups`.
pub(super) async fn groups_of(call: Call, who: web::Path<String>) -> Answered {
    call.whole(move |org| {
        let user = org.user(&who)?;
        let mut items = Vec::new();
        for group in groups::groups_of(org.tx, org.row, user.seq)? {
            let found = groups::find(org.tx, org.row, group)?;
            items.extend(found.map(|group| org.shapes.group(&group)));
        }
        Ok(items)
    })
    .await
}

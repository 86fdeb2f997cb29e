//! `GET /audit/logs` and `GET /audit-actions`: the team's record in the shape of Postman's API (its official API file,
//! "Audit Logs").
//!
//! A personal API key in `x-api-key` is the only way in. `since` and `until` are the first moments of their days in
//! UTC, the second is not part of the list any more. Where Postman's page is silent: a page has 100 events unless
//! `limit` says otherwise, and a parameter that cannot be understood is a 400 that names it.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde_json::{Map, Value, json};

use super::failure::outline;
use super::{App, origin};
use crate::access::permission::ViewAuditLogs;
use crate::access::{May, Member};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{Actor, AuditAction, AuditEvent, Party};
use crate::provider::audit::{self, Filter, Order, Subject};
use crate::provider::{api_keys, team};
use crate::secret::Plain;
use crate::store::{Reads, accounts, memberships, users};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Events a page, unless asked for fewer or more.
const LIMIT: usize = 100;
/// Most events a page.
const LIMIT_MAXIMUM: usize = 300;

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiFailure {
    /// The key opens nothing.
    #[error("Invalid API Key. Every request requires a valid API Key to be sent.")]
    Key,
    /// The key's owner may not read the record.
    #[error("You do not have permissions to view audit actions")]
    Permission,
    /// `action` is not of the form of one.
    #[error("Invalid audit action format. Expected format: prefix.action_name (e.g., user.login).")]
    Action,
    /// Another parameter cannot be understood.
    #[error("{0}")]
    Parameter(String),
    /// There is such an address, but not for this method.
    #[error("Only GET is possible here.")]
    Method,
    /// What went wrong inside.
    #[error(transparent)]
    Domain(Error),
}

impl From<Error> for ApiFailure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthorized { .. } => Self::Key,
            Error::Forbidden { .. } => Self::Permission,
            other => Self::Domain(other),
        }
    }
}

impl ResponseError for ApiFailure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Key => StatusCode::UNAUTHORIZED,
            Self::Permission => StatusCode::FORBIDDEN,
            Self::Action | Self::Parameter(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Domain(error) => outline(error).status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (status, name, message) = match self {
            Self::Domain(error) => {
                let outline = outline(error);
                (outline.status, "ServerError", outline.detail)
            }
            other => {
                let name = match other {
                    Self::Key => "AuthenticationError",
                    Self::Permission => "ForbiddenRequest",
                    Self::Action => "InvalidAuditAction",
                    Self::Method => "MethodNotAllowed",
                    _ => "InvalidParameter",
                };
                (other.status_code(), name, other.to_string())
            }
        };
        answer(
            status,
            &json!({ "error": { "name": name, "message": message } }),
        )
    }
}

fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .body(body.to_string())
}

/// Who asks, if the key is in the one header that counts: never in the address, a cookie or `Authorization`.
fn key(request: &HttpRequest) -> std::result::Result<Plain, ApiFailure> {
    let mut all = request.headers().get_all(X_API_KEY);
    match (all.next().map(|value| value.to_str()), all.next()) {
        (Some(Ok(key)), None) if !key.trim().is_empty() => Ok(Plain::new(key.trim())),
        _ => Err(ApiFailure::Key),
    }
}

fn permitted(member: &Member) -> Result<May<ViewAuditLogs>> {
    Ok(member.may()?)
}

/// Whatever else is sent here.
pub(super) async fn other_method() -> std::result::Result<HttpResponse, ApiFailure> {
    Err(ApiFailure::Method)
}

/// `GET /audit-actions`. The slug is called `name` in one edition of Postman's documents and `code` in another.
pub(super) async fn actions(
    app: web::Data<App>,
    request: HttpRequest,
) -> std::result::Result<HttpResponse, ApiFailure> {
    let (key, now) = (key(&request)?, app.now());
    app.read(move |tx| permitted(&api_keys::authenticate(tx, &key, now)?))
        .await?;
    let actions: Vec<Value> = AuditAction::all()
        .iter()
        .map(|action| json!({ "name": action.slug, "code": action.slug, "displayName": action.name }))
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "data": actions })))
}

/// `GET /audit/logs`.
pub(super) async fn logs(
    app: web::Data<App>,
    request: HttpRequest,
) -> std::result::Result<HttpResponse, ApiFailure> {
    let (key, now) = (key(&request)?, app.now());
    let origin = std::sync::Arc::new(origin::of(&request, &app));
    let query = request.query_string().to_owned();
    let body = app.run(move |app| -> std::result::Result<Value, ApiFailure> {
        let tx = app.store.read().map_err(Error::from)?;
        // Asked before the parameters are looked at: a stranger learns nothing from them.
        let member = api_keys::authenticate(&tx, &key, now)?.coming_from(&origin);
        let member = permitted(&member)?;
        let asked = Asked::read(&query)?;
        let subject = match asked.user {
            Some(account) => Some(vec![Subject::of_account(&tx, member.team, account)?]),
            None => None,
        };
        let filter = Filter {
            action: asked.action,
            subjects: subject,
            from: asked.since,
            before: asked.before,
            called: String::new(),
        };
        let found = audit::page(&tx, &member, &filter, asked.order, asked.after, asked.limit)?;
        let team = team::get(&tx, &member)?;
        let team = json!({ "name": team.name, "id": team.seq.0 });
        let trails = found
            .events
            .iter()
            .map(|(position, event)| trail(&tx, &member, *position, event, &team))
            .collect::<Result<Vec<Value>>>()?;
        let next = found.next.map(|next| format!("{:016x}", next.0));
        Ok(json!({ "trails": trails, "nextCursor": next }))
    });
    Ok(answer(StatusCode::OK, &body.await?))
}

/// The query of a list.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    user: Option<Seq>,
    action: Option<String>,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
    limit: usize,
    after: Option<Seq>,
    order: Order,
}

impl Asked {
    fn read(query: &str) -> std::result::Result<Self, ApiFailure> {
        let wrong = |name: &str, expected: &str| {
            ApiFailure::Parameter(format!("The parameter {name} is {expected}."))
        };
        let mut asked = Self {
            user: None,
            action: None,
            since: None,
            before: None,
            limit: LIMIT,
            after: None,
            order: Order::NewestFirst,
        };
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| ApiFailure::Parameter("The query could not be read.".into()))?;
        for (name, value) in pairs.into_inner() {
            let number = || value.parse::<u64>().ok();
            let day = || {
                let long = value.len() == "2026-01-31".len();
                long.then(|| Timestamp::parse(&format!("{value}T00:00:00Z")).ok())
                    .flatten()
                    .ok_or_else(|| wrong(&name, "a day in the form YYYY-MM-DD"))
            };
            match name.as_str() {
                "userId" => {
                    let user = number().ok_or_else(|| wrong(&name, "the number of a user"))?;
                    asked.user = Some(Seq(user));
                }
                "action" => asked.action = Some(action(&value)?),
                "since" => asked.since = Some(day()?),
                "until" => asked.before = Some(day()?),
                "limit" => {
                    asked.limit = number()
                        .and_then(|limit| usize::try_from(limit).ok())
                        .filter(|limit| (1..=LIMIT_MAXIMUM).contains(limit))
                        .ok_or_else(|| wrong(&name, "a number from 1 to 300"))?;
                }
                "cursor" => {
                    let known = value.len() == 16;
                    let position = u64::from_str_radix(&value, 16).ok().filter(|_| known);
                    let position =
                        position.ok_or_else(|| wrong(&name, "a nextCursor of an earlier page"))?;
                    asked.after = Some(Seq(position));
                }
                "orderBy" | "order_by" => {
                    asked.order = match value.as_str() {
                        "asc" => Order::OldestFirst,
                        "desc" => Order::NewestFirst,
                        _ => return Err(wrong(&name, "asc or desc")),
                    };
                }
                _ => {}
            }
        }
        Ok(asked)
    }
}

/// A slug as its form asks for; one that no event has is no mistake.
fn action(value: &str) -> std::result::Result<String, ApiFailure> {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    };
    match value.split_once('.') {
        Some((prefix, rest)) if plain(prefix) && plain(rest) => Ok(value.to_owned()),
        _ => Err(ApiFailure::Action),
    }
}

fn trail(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    position: Seq,
    event: &AuditEvent,
    team: &Value,
) -> Result<Value> {
    let (actor, active) = match event.by {
        Actor::Account(account) => (Some(account), is_active(tx, member, account)?),
        Actor::Key(_) => (event.author, true),
        Actor::CommandLine => (None, true),
    };
    let mut who = person(&event.actor, actor);
    if event.by == Actor::CommandLine {
        who["name"] = event.actor_label().into();
    }
    // Of what was done to nobody, the user is whoever did it, as in Postman's own example.
    let user = if event.subject.email.is_empty() {
        who.clone()
    } else {
        person(&event.subject, target(tx, member, event)?)
    };
    who["active"] = active.into();
    Ok(json!({
        "id": position.0,
        "ip": event.origin.address,
        "userAgent": event.origin.user_agent,
        "action": event.action().slug,
        "timestamp": event.at,
        "message": event.message(),
        "data": {
            "actor": who,
            "user": user,
            "team": team,
            "variables": variables(event),
        },
    }))
}

fn person(party: &Party, id: Option<Seq>) -> Value {
    json!({
        "name": party.label(),
        "username": party.email,
        "email": party.email,
        "id": id.map(|id| id.0),
    })
}

fn is_active(tx: &impl Reads, member: &May<ViewAuditLogs>, account: Seq) -> Result<bool> {
    let Some(user) = memberships::find(tx, account, member.team)? else {
        return Ok(false);
    };
    let user = users::find(tx, member.team, user)?;
    Ok(user.is_some_and(|user| user.active()))
}

/// The account behind the member that an event is about.
fn target(tx: &impl Reads, member: &May<ViewAuditLogs>, event: &AuditEvent) -> Result<Option<Seq>> {
    if let Ok(id) = event.target.parse::<ScimId>()
        && let Some(user) = users::find_by_id(tx, member.team, &id)?
    {
        return Ok(Some(user.account));
    }
    let account = accounts::find_by_name(tx, &event.subject.email)?;
    Ok(account.map(|account| account.seq))
}

fn variables(event: &AuditEvent) -> Map<String, Value> {
    let mut variables: Map<String, Value> = event
        .variables
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let mut add = |name: &str, value: Value| {
        variables.insert(name.to_owned(), value);
    };
    if !event.attributes.is_empty() {
        add("attributes", event.attributes.clone().into());
    }
    if !event.target.is_empty() {
        add("target", event.target.as_str().into());
    }
    if !event.subject.name.is_empty() {
        add("targetName", event.subject.name.as_str().into());
    }
    if !event.origin.request_id.is_empty() {
        add("requestId", event.origin.request_id.as_str().into());
    }
    if let Actor::Key(key) = event.by {
        add("keyId", key.0.into());
        add("keyName", event.actor.name.as_str().into());
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_or_refused_by_name() {
        let read = |query: &str| Asked::read(query).map_err(|failure| failure.to_string());
        let asked = read(
            "userId=7&action=user.logout&since=2026-01-01&until=2026-01-31&limit=300&orderBy=asc&x=1",
        )
        .unwrap();
        let day = |text: &str| Timestamp::parse(text).ok();
        assert_eq!(
            asked,
            Asked {
                user: Some(Seq(7)),
                action: Some("user.logout".into()),
                since: day("2026-01-01T00:00:00Z"),
                before: day("2026-01-31T00:00:00Z"),
                limit: 300,
                after: None,
                order: Order::OldestFirst,
            }
        );
        assert_eq!(read("").unwrap().limit, 100);
        assert_eq!(
            read("cursor=000000000000000a").unwrap().after,
            Some(Seq(10))
        );
        assert_eq!(read("order_by=asc").unwrap().order, Order::OldestFirst);
        for (query, named) in [
            ("userId=ada", "userId"),
            ("since=yesterday", "since"),
            ("since=2026-1-1", "since"),
            ("until=2026-02-30", "until"),
            ("limit=0", "limit"),
            ("limit=301", "limit"),
            ("limit=-1", "limit"),
            ("cursor=zz", "cursor"),
            ("cursor=+00000000000000a", "cursor"),
            ("orderBy=up", "orderBy"),
        ] {
            let refused = read(query).unwrap_err();
            assert!(
                refused.starts_with(&format!("The parameter {named} is ")),
                "{refused}"
            );
        }
        for action in ["login", "user.", ".login", "user.lo gin", "user.<b>"] {
            let refused = Asked::read(&format!("action={action}")).unwrap_err();
            assert!(matches!(refused, ApiFailure::Action), "{action}");
        }
        // Postman's own example of the form, of which there are no events.
        assert_eq!(
            read("action=user.login").unwrap().action.unwrap(),
            "user.login"
        );
    }
}

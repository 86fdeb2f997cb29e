//! What an answer means to Okta: a list, a resource, done, or a refusal with its reason (parts 1.4, 1.5, 1.12 of the
//! Okta reference). Pure.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value as Json};
use ureq::http::StatusCode;

use super::jackson;
use crate::directory::okta::events::EventType;
use crate::sync::client::{Answer, NoAnswer};

/// Most characters of a target's own words.
const DETAIL_LIMIT: usize = 1024;

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 429, with the seconds of `Retry-After` if they are such.
    Patience(Option<u64>),
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 501.
    NotImplemented,
    /// Another status.
    Other,
    /// An answer that cannot be used.
    Unusable,
    /// None came.
    Unanswered,
}

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: Kind,
    /// `<reason phrase>. Errors reported by remote server: <detail>`, or a sentence.
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn unusable(reason: impl Into<String>) -> Self {
        Self {
            kind: Kind::Unusable,
            reason: reason.into(),
        }
    }

    /// What it says of the connection, besides the step that failed (part 2.11 of the Okta reference).
    pub(super) const fn of_connection(&self) -> Option<EventType> {
        match self.kind {
            Kind::Unauthorized | Kind::Forbidden => Some(EventType::AuthenticationFailure),
            Kind::Unusable => Some(EventType::ApiQuery),
            Kind::Unanswered => Some(EventType::GeneralFailure),
            Kind::Patience(_) | Kind::NotFound | Kind::NotImplemented | Kind::Other => None,
        }
    }
}

/// What a request brought: JSON, nothing, or a refusal.
pub(super) type Brought = Result<Option<Json>, Refusal>;

/// Reads an answer, or why none came.
pub(super) fn read(answer: Result<Answer, NoAnswer>) -> Brought {
    parsed(answer)
}

/// Whether an answer can be used. What it says is not kept: groups may be large.
pub(super) fn done(answer: Result<Answer, NoAnswer>) -> Result<(), Refusal> {
    parsed::<IgnoredAny>(answer).map(|_| ())
}

/// Reads an answer as something.
fn parsed<T: DeserializeOwned>(answer: Result<Answer, NoAnswer>) -> Result<Option<T>, Refusal> {
    let answer = answer.map_err(|error| Refusal {
        kind: match error {
            NoAnswer::TokenRefused(_) => Kind::Unauthorized,
            _ => Kind::Unanswered,
        },
        reason: error.to_string(),
    })?;
    let empty = answer.body.iter().all(u8::is_ascii_whitespace);
    if !(200..300).contains(&answer.status) {
        return Err(refused(&answer, empty));
    }
    if empty {
        return Ok(None);
    }
    match serde_json::from_slice(&answer.body) {
        Ok(json) => Ok(Some(json)),
        Err(_) => Err(Refusal::unusable(with_detail(
            answer.status,
            jackson::complaint(&answer.body).as_deref(),
        ))),
    }
}

fn refused(answer: &Answer, empty: bool) -> Refusal {
    let kind = match answer.status {
        429 => Kind::Patience(retry_after(answer)),
        401 => Kind::Unauthorized,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        501 => Kind::NotImplemented,
        _ => Kind::Other,
    };
    let detail = if empty {
        None
    } else {
        jackson::complaint(&answer.body).or_else(|| detail(&answer.body))
    };
    Refusal {
        kind,
        reason: with_detail(answer.status, detail.as_deref()),
    }
}

/// Whole seconds only: dates, decimals and words count as no header at all.
fn retry_after(answer: &Answer) -> Option<u64> {
    let text = answer.headers.get("retry-after")?.to_str().ok()?.trim();
    text.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    text.parse().ok()
}

/// `detail` of a SCIM 2.0 error, or the description of the first of SCIM 1.1's.
fn detail(body: &[u8]) -> Option<String> {
    let body: Json = serde_json::from_slice(body).ok()?;
    let old = || body.get("Errors")?.get(0)?.get("description");
    let text = body.get("detail").or_else(old)?.as_str()?;
    Some(text.chars().take(DETAIL_LIMIT).collect())
}

fn with_detail(status: u16, detail: Option<&str>) -> String {
    let code = StatusCode::from_u16(status).ok();
    let phrase = code
        .and_then(|code| code.canonical_reason())
        .map_or_else(|| format!("HTTP status {status}"), ToOwned::to_owned);
    match detail {
        Some(detail) => format!("{phrase}. Errors reported by remote server: {detail}"),
        None => format!("{phrase}."),
    }
}

/// What a lookup found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    Nobody,
    /// The first hit: its `id`, and whether it says that it is inactive.
    One {
        id: String,
        inactive: bool,
    },
}

/// The answer to a lookup: a list with numbers that are numbers, or 404 with a SCIM error.
pub(super) fn lookup(answer: Result<Answer, NoAnswer>) -> Result<Found, Refusal> {
    let not_there = answer.as_ref().is_ok_and(is_missing);
    let body = match read(answer) {
        Err(refusal) if not_there && refusal.kind == Kind::NotFound => return Ok(Found::Nobody),
        Err(refusal) => return Err(refusal),
        Ok(None) => return Err(Refusal::unusable("The list of resources is empty text.")),
        Ok(Some(body)) => body,
    };
    let list = List::of(&body)?;
    if list.total == 0 {
        return Ok(Found::Nobody);
    }
    let first = list.resources.first().and_then(Json::as_object);
    match first.and_then(|resource| Some((id_of(resource)?, resource))) {
        Some((id, resource)) => Ok(Found::One {
            id,
            inactive: resource.get("active") == Some(&Json::Bool(false)),
        }),
        None => Err(Refusal::unusable(format!(
            "totalResults is {}, but the first of Resources has no id.",
            list.total
        ))),
    }
}

/// Whether a 404 says in SCIM that nobody was found, rather than that the address is wrong.
fn is_missing(answer: &Answer) -> bool {
    answer.status == 404
        && serde_json::from_slice::<Json>(&answer.body)
            .is_ok_and(|body| body.get("schemas").is_some() || body.get("detail").is_some())
}

/// A list response. Names count in any case.
pub(super) struct List<'a> {
    pub(super) total: u64,
    pub(super) resources: &'a [Json],
}

impl<'a> List<'a> {
    pub(super) fn of(body: &'a Json) -> Result<Self, Refusal> {
        let members = body
            .as_object()
            .ok_or_else(|| Refusal::unusable("The answer is no list of resources."))?;
        let member = |name: &str| {
            let found = members
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value)
        };
        for name in ["totalResults", "startIndex", "itemsPerPage"] {
            if let Some(value) = member(name)
                && !value.is_u64()
            {
                return Err(Refusal::unusable(format!(
                    "{name} must be a whole number, and is {value}."
                )));
            }
        }
        let total = member("totalResults")
            .and_then(Json::as_u64)
            .ok_or_else(|| {
                Refusal::unusable("The answer is no list of resources: it has no totalResults.")
            })?;
        let resources = match member("Resources") {
            Some(Json::Array(resources)) => resources.as_slice(),
            None => &[],
            Some(_) => return Err(Refusal::unusable("Resources must be an array.")),
        };
        Ok(Self { total, resources })
    }
}

/// `id` of a resource.
pub(super) fn id_of(resource: &Map<String, Json>) -> Option<String> {
    let id = resource.get("id").and_then(Json::as_str);
    id.filter(|id| !id.is_empty()).map(ToOwned::to_owned)
}

/// The `id` of what was just made. `empty` is what is said when nothing came back.
pub(super) fn made(brought: Brought, empty: &str) -> Result<String, Refusal> {
    let Some(body) = brought? else {
        return Err(Refusal::unusable(empty));
    };
    body.as_object()
        .and_then(id_of)
        .ok_or_else(|| Refusal::unusable("The answer has no id."))
}

/// What a read of one resource brought: an object, of whatever kind. A list counts: Okta merges into it all the same.
pub(super) fn object(brought: Brought) -> Result<Map<String, Json>, Refusal> {
    match brought? {
        Some(Json::Object(members)) => Ok(members),
        Some(_) => Err(Refusal::unusable("The answer is no resource.")),
        None => Err(Refusal::unusable("The answer is empty.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::answer::answered;

    fn read_of(status: u16, body: &str) -> Brought {
        read(Ok(answered(status, "application/scim+json", body)))
    }

    /// 1.12: `{Reason}. Errors reported by remote server: {detail}`.
    #[test]
    fn a_refusal_is_the_reason_phrase_and_the_detail() {
        for (status, body, reason) in [
            (
                409,
                r#"{"detail":"taken","status":409}"#,
                "Conflict. Errors reported by remote server: taken",
            ),
            (
                409,
                r#"{"detail":"taken","status":"409"}"#,
                "Conflict. Errors reported by remote server: taken",
            ),
            (
                400,
                r#"{"Errors":[{"description":"no","code":400}]}"#,
                "Bad Request. Errors reported by remote server: no",
            ),
            (500, "", "Internal Server Error."),
            (500, "{}", "Internal Server Error."),
            (302, "", "Found."),
            (599, "", "HTTP status 599."),
        ] {
            assert_eq!(read_of(status, body).unwrap_err().reason, reason);
        }
        let page = read_of(502, "error code: 502").unwrap_err().reason;
        assert!(page.starts_with("Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token 'error'"), "{page}");
        let page = read_of(200, "<html>").unwrap_err().reason;
        assert!(
            page.starts_with(
                "OK. Errors reported by remote server: Invalid JSON: Unexpected character ('<'"
            ),
            "{page}"
        );
    }

    /// 1.13: integer seconds; everything else counts as no header.
    #[test]
    fn only_whole_seconds_are_a_retry_after() {
        for (header, seconds) in [
            (Some("30"), Some(30)),
            (Some(" 0 "), Some(0)),
            (Some("1.5"), None),
            (Some("-1"), None),
            (Some("+5"), None),
            (Some("null"), None),
            (Some(""), None),
            (Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
            (Some("99999999999999999999999"), None),
            (None, None),
        ] {
            let mut answer = answered(429, "text/plain", "");
            if let Some(text) = header {
                answer.headers.insert("retry-after", text.parse().unwrap());
            }
            assert_eq!(
                read(Ok(answer)).unwrap_err().kind,
                Kind::Patience(seconds),
                "{header:?}"
            );
        }
    }

    /// 1.4: 200 with nobody or 404 with an error body; 1.5: strings where numbers belong; 1.1: any case of names.
    #[test]
    fn a_lookup_finds_somebody_or_nobody_or_fails() {
        let look = |status, body: &str| lookup(Ok(answered(status, "application/json", body)));
        for (status, body) in [
            (200, r#"{"totalResults":0,"Resources":[]}"#),
            (200, r#"{"totalResults":0}"#),
            (
                404,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}"#,
            ),
            (404, r#"{"detail":"not found"}"#),
        ] {
            assert_eq!(look(status, body), Ok(Found::Nobody), "{body}");
        }
        for (body, inactive) in [
            (
                r#"{"totalResults":1,"Resources":[{"id":"U1","active":true}]}"#,
                false,
            ),
            (
                r#"{"totalresults":2,"startindex":1,"itemsperpage":2,"resources":[{"id":"U1"},{"id":"U2"}]}"#,
                false,
            ),
            (
                r#"{"totalResults":1,"Resources":[{"id":"U1","active":false}]}"#,
                true,
            ),
        ] {
            let one = Found::One {
                id: "U1".to_owned(),
                inactive,
            };
            assert_eq!(look(200, body), Ok(one), "{body}");
        }
        for (status, body) in [
            (404, ""),
            (404, "<html>"),
            (404, "{}"),
            (200, ""),
            (200, "[]"),
            (200, r#"{"id":"U1","userName":"a"}"#),
            (200, r#"{"totalResults":"1","Resources":[{"id":"U1"}]}"#),
            (
                200,
                r#"{"totalResults":1,"startIndex":"1","Resources":[{"id":"U1"}]}"#,
            ),
            (200, r#"{"totalResults":1.5,"Resources":[{"id":"U1"}]}"#),
            (200, r#"{"totalResults":1,"Resources":[]}"#),
            (200, r#"{"totalResults":1,"Resources":{"id":"U1"}}"#),
            (200, r#"{"totalResults":1,"Resources":[{"id":7}]}"#),
        ] {
            assert!(look(status, body).is_err(), "{status} {body}");
        }
    }

    /// 1.4: 2xx with an id, whatever the number; an empty body has its own sentence (1.12).
    #[test]
    fn what_was_made_has_an_id() {
        assert_eq!(
            made(read_of(201, r#"{"id":"U1"}"#), "empty"),
            Ok("U1".to_owned())
        );
        assert_eq!(
            made(read_of(200, r#"{"id":"U1"}"#), "empty"),
            Ok("U1".to_owned())
        );
        assert_eq!(made(read_of(201, ""), "empty").unwrap_err().reason, "empty");
        assert!(made(read_of(201, r#"{"id":""}"#), "empty").is_err());
        assert!(made(read_of(409, r#"{"id":"U1"}"#), "empty").is_err());
    }
}

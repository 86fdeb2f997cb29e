//! What a SCIM request says outside its body: credentials, query parameters, preconditions.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::Value;

use super::body::Body;
use super::recorder::Seen;
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::{Absent, Error, Result};
use crate::model::Origin;
use crate::provider::rate::{Kind, Limits};
use crate::provider::{self, IfMatch, Query, query};
use crate::scim::{self, Projection, json, message};
use crate::secret::Plain;
use crate::store::Reads;
use crate::web::failure::ScimFailure;
use crate::web::{App, origin};

/// The request without its body.
pub(in crate::web) struct ScimRequest {
    key: std::result::Result<Plain, Unusable>,
    parameters: std::result::Result<Parameters, scim::Error>,
    content: std::result::Result<(), scim::Error>,
    /// `Content-Length`; none for chunked bodies.
    pub(super) length: Option<u64>,
    /// `Accept`.
    accept: Accept,
    if_match: IfMatch,
    if_none_match: Option<String>,
    /// Below the base URL; short and printable, for messages.
    path: String,
    /// Base URL of the SCIM endpoint, without a trailing slash.
    pub(super) base: String,
    /// What it counts as against a rate limit.
    kind: Kind,
    /// What the record of this request learns on the way.
    pub(super) seen: Arc<Seen>,
    /// Where it came from; of writes only, because reads leave no trace in the team's record.
    origin: Option<Arc<Origin>>,
}

/// Why there is no key to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unusable {
    /// No `Authorization` header.
    Absent,
    /// More than one, or not text.
    Odd,
}

impl FromRequest for ScimRequest {
    type Error = ScimFailure;
    type Future = Ready<std::result::Result<Self, ScimFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let base = request
            .app_data::<web::Data<App>>()
            .map(|app| app.public_url.below(request, "/scim/v2"))
            .unwrap_or_default();
        let text = |name| -> Option<String> {
            Some(
                request
                    .headers()
                    .get(name)?
                    .to_str()
                    .unwrap_or("?")
                    .to_owned(),
            )
        };
        let (kind, seen) = (kind(request), Seen::of(request));
        let origin = request
            .app_data::<web::Data<App>>()
            .filter(|_| kind == Kind::Write)
            .map(|app| origin::with_id(request, app, seen.request_id.to_string()));
        ready(Ok(Self {
            key: key(request.headers()),
            parameters: Parameters::read(request.query_string()),
            content: acceptable_content(request.headers()),
            length: length(request.headers()),
            if_match: IfMatch(text(header::IF_MATCH)),
            if_none_match: text(header::IF_NONE_MATCH),
            base,
            accept: Accept::of(request.headers()),
            path: shown(request.path()),
            kind,
            seen,
            origin: origin.map(Arc::new),
        }))
    }
}

/// `Authorization: Bearer KEY` (the scheme in any case), or the bare key, as clients in the field send
/// it. Keys in URLs, forms and cookies are never looked at.
fn key(headers: &HeaderMap) -> std::result::Result<Plain, Unusable> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let value = all.next().ok_or(Unusable::Absent)?;
    if all.next().is_some() {
        return Err(Unusable::Odd);
    }
    let text = value.to_str().map_err(|_| Unusable::Odd)?.trim();
    let key = match text.split_once(' ').unwrap_or((text, "")) {
        (scheme, key) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        _ => text,
    };
    if key.is_empty() {
        Err(Unusable::Absent)
    } else {
        Ok(Plain::new(key))
    }
}

/// What a client takes for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accept {
    /// Nothing said, everything, or SCIM's own media type among others.
    Scim,
    /// `application/json` and not SCIM's own.
    PlainJson,
    /// Something that excludes JSON.
    NoJson,
}

impl Accept {
    /// Reads the header. Weights are ignored, but for `q=0`.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut found = None;
        for value in headers.get_all(header::ACCEPT) {
            let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
            for range in text.split(',') {
                let mut parts = range.split(';').map(str::trim);
                let media = parts.next().unwrap_or_default();
                let excluded =
                    parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
                match media {
                    _ if excluded => found = found.or(Some(Self::NoJson)),
                    "" => {}
                    "*/*" | "application/*" | "application/scim+json" => return Self::Scim,
                    "application/json" => found = Some(Self::PlainJson),
                    _ => found = found.or(Some(Self::NoJson)),
                }
            }
        }
        found.unwrap_or(Self::Scim)
    }
}

/// What the client says about the length of the body.
fn length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// A path as an error may repeat it.
fn shown(path: &str) -> String {
    if path.len() <= 100 && path.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return path.to_owned();
    }
    path.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// A search by POST reads (RFC 7644 section 3.4.3).
fn kind(request: &HttpRequest) -> Kind {
    if request.method().is_safe() || request.path().ends_with("/.search") {
        Kind::Read
    } else {
        Kind::Write
    }
}

/// Parameters of a query that mean something here (RFC 7644 section 3.4.2, RFC 9865).
const PARAMETERS: [&str; 8] = [
    "attributes",
    "excludedAttributes",
    "filter",
    "sortBy",
    "sortOrder",
    "startIndex",
    "count",
    "cursor",
];

/// What a query string says, each of [`PARAMETERS`] at most once.
#[derive(Debug, Default)]
struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// The query string: `+` is a space, `%2B` a plus (A29). Of a repeated parameter the first counts.
    fn read(query: &str) -> std::result::Result<Self, scim::Error> {
        let mut read = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if let Some(known) = PARAMETERS.iter().find(|known| **known == name)
                && read.get(known).is_none()
            {
                read.0.push((known, value));
            }
        }
        Ok(read)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter();
        all.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }
}

fn decode(text: &str) -> std::result::Result<String, scim::Error> {
    let refused = || {
        scim::Error::invalid_filter(
            "The query string is not valid percent-encoded UTF-8. Encode a percent sign as %25.",
        )
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                let (Some(high), Some(low)) = (high, low) else {
                    return Err(refused());
                };
                u8::try_from(high * 16 + low).map_err(|_| refused())?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| refused())
}

/// A40: SCIM JSON, JSON, or nothing said; UTF-8; not compressed.
fn acceptable_content(headers: &HeaderMap) -> std::result::Result<(), scim::Error> {
    let unsupported = |detail: &str| Err(scim::Error::new(415, detail));
    if headers.contains_key(header::CONTENT_ENCODING) {
        return unsupported("Compressed bodies are not accepted; send the body as it is.");
    }
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let text = value.to_str().unwrap_or("?").to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    if !matches!(media, "" | "application/scim+json" | "application/json") {
        return unsupported("Send the body as application/scim+json or application/json.");
    }
    let charset = parts.find_map(|p| p.strip_prefix("charset="));
    if charset.is_some_and(|c| c.trim_matches('"') != "utf-8") {
        return unsupported("Send the body in UTF-8.");
    }
    Ok(())
}

impl ScimRequest {
    /// Who is calling: checks the key against the store, and whether it may write if the request does.
    ///
    /// # Errors
    /// [`Error::Unauthorized`], [`Error::Disabled`], [`Error::Forbidden`], [`Error::RateLimited`].
    pub(in crate::web) fn caller(&self, app: &App) -> Result<Arc<ScimCaller>> {
        let caller = self.recognized(app, app.now())?;
        // Limits are about real load, and clients wait in real time.
        self.admit(app, &caller, app.real_now())?;
        self.check_accept(&caller)?;
        if self.kind == Kind::Write {
            provider::keys::allow_write(&caller)?;
        }
        Ok(match &self.origin {
            Some(origin) => Arc::new((*caller).clone().coming_from(origin)),
            None => caller,
        })
    }

    /// The key check alone.
    fn recognized(&self, app: &App, now: Timestamp) -> Result<Arc<ScimCaller>> {
        let snapshot = app.store.read()?;
        let caller = app
            .callers
            .authenticate(&snapshot, self.key()?, &app.endpoints, now)?;
        self.seen.caller(&caller);
        Ok(caller)
    }

    fn key(&self) -> Result<&Plain> {
        self.key.as_ref().map_err(|why| Error::Unauthorized {
            presented: *why == Unusable::Odd,
        })
    }

    /// The key check as it comes out within a write: for what asks more than once.
    ///
    /// # Errors
    /// [`Error::Unauthorized`], [`Error::Disabled`].
    pub(super) fn authenticated(
        &self,
        tx: &impl Reads,
        app: &App,
        now: Timestamp,
    ) -> Result<ScimCaller> {
        let caller = provider::keys::authenticate(tx, self.key()?, &app.endpoints, now)?;
        Ok(match &self.origin {
            Some(origin) => caller.coming_from(origin),
            None => caller,
        })
    }

    /// Notes whose endpoint it is, if that can be known, for requests that need no key to be answered.
    pub(super) fn recognize(&self, app: &App) {
        // Who it is does not matter to the answer, so neither does why that is unknown.
        let _ = self.recognized(app, app.now());
    }

    /// A40: with `acceptStrict`, an `Accept` without JSON is refused.
    fn check_accept(&self, caller: &ScimCaller) -> Result<()> {
        if caller.service().accept_strict && self.accept == Accept::NoJson {
            let detail = "Answers are application/scim+json; the Accept header excludes it.";
            return Err(scim::Error::new(406, detail).into());
        }
        Ok(())
    }

    /// The `If-Match` header, where the endpoint has versions.
    ///
    /// # Errors
    /// 428 when there is none and `requireIfMatch` is on.
    pub(super) fn if_match(&self, caller: &ScimCaller) -> Result<IfMatch> {
        let service = caller.service();
        match &self.if_match {
            _ if !service.etag => Ok(IfMatch::default()),
            IfMatch(None) if service.require_if_match => Err(scim::Error::new(
                428,
                "Changes need an If-Match header with the version, as ETag and meta.version give it.",
            )
            .into()),
            header => Ok(header.clone()),
        }
    }

    /// The `If-None-Match` header, where the endpoint has versions.
    pub(super) fn if_none_match(&self, caller: &ScimCaller) -> Option<&str> {
        self.if_none_match
            .as_deref()
            .filter(|_| caller.service().etag)
    }

    /// That nothing is where this request goes.
    pub(super) fn absent(&self) -> Error {
        Error::Absent(Absent::Path {
            path: self.path.clone(),
        })
    }

    /// Counts the request against its team's limits, once.
    fn admit(&self, app: &App, caller: &ScimCaller, now: Timestamp) -> Result<()> {
        if self.seen.was_counted() {
            return Ok(());
        }
        let service = &caller.endpoint.profile.service;
        let limits = Limits {
            reads_per_minute: service.reads_per_minute,
            writes_per_minute: service.writes_per_minute,
        };
        match app.rates.check(caller.team, self.kind, limits, now) {
            Some(allowance) => {
                self.seen.allowance(allowance);
                allowance.admit()
            }
            None => Ok(()),
        }
    }

    fn parameter(&self, name: &str) -> Result<Option<&str>> {
        let parameters = self.parameters.as_ref().map_err(Clone::clone)?;
        Ok(parameters.get(name))
    }

    /// `attributes` and `excludedAttributes`.
    pub(super) fn projection(&self, caller: &ScimCaller) -> Result<Projection> {
        let (only, without) = (
            self.parameter("attributes")?,
            self.parameter("excludedAttributes")?,
        );
        Ok(Projection::parse(only, without, caller.rules())?)
    }

    /// Everything a list is asked for.
    pub(super) fn query(&self, kind: query::Kind, caller: &ScimCaller) -> Result<Query> {
        let filter = self.parameter("filter")?;
        if filter.is_some() && caller.service().sensitive_get_filters {
            return Err(scim::Error::sensitive(
                "A filter in a URL ends up in logs. Send it in the body of a POST to .search.",
            )
            .into());
        }
        let number =
            |name| -> Result<Option<u64>> { Ok(message::integer(name, self.parameter(name)?)?) };
        let asked = query::Asked {
            filter,
            sort_by: self.parameter("sortBy")?,
            sort_order: self.parameter("sortOrder")?,
            start_index: number("startIndex")?,
            count: number("count")?,
            cursor: self.parameter("cursor")?,
            projection: self.projection(caller)?,
        };
        Query::read(kind, &asked, caller)
    }

    /// RFC 7644 section 3.4.2 asks discovery endpoints to refuse filters.
    pub(super) fn refuse_filter(&self) -> Result<()> {
        match self.parameter("filter")? {
            Some(_) => Err(Error::Forbidden {
                detail: "Filters are not supported here.".into(),
            }),
            None => Ok(()),
        }
    }

    /// Reads the body as one JSON document.
    pub(super) fn json(&self, body: &Body) -> Result<Value> {
        self.json_within(body, &json::Limits::default())
    }

    /// [`Self::json`] with bounds of one's own.
    pub(super) fn json_within(&self, body: &Body, limits: &json::Limits) -> Result<Value> {
        self.content.clone()?;
        Ok(json::parse(body.whole()?, limits)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plus_is_a_space_and_percent_2b_a_plus() {
        let p = Parameters::read("filter=userName+eq+%22a%2Bb%40x.com%22&count=1&count=2").unwrap();
        assert_eq!(p.get("filter").unwrap(), "userName eq \"a+b@x.com\"");
        assert_eq!(p.get("count").unwrap(), "1");
        for bad in ["filter=%ZZ", "filter=%F", "filter=%FF"] {
            assert_eq!(Parameters::read(bad).unwrap_err().status, 400, "{bad}");
        }
    }

    #[test]
    fn keys_come_with_or_without_a_scheme_and_only_once() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(
                    header::AUTHORIZATION,
                    header::HeaderValue::from_static(value),
                );
            }
            key(&headers).map(|k| k.expose().to_owned())
        };
        assert_eq!(read(&["Bearer k"]), Ok("k".into()));
        assert_eq!(read(&["bearer  k"]), Ok("k".into()));
        assert_eq!(read(&["k"]), Ok("k".into()));
        assert_eq!(read(&["Bearer "]), Err(Unusable::Absent));
        assert_eq!(read(&[]), Err(Unusable::Absent));
        assert_eq!(read(&["Bearer a", "Bearer a"]), Err(Unusable::Odd));
    }

    #[test]
    fn an_accept_header_names_json_or_excludes_it() {
        for (values, expected) in [
            (&[][..], Accept::Scim),
            (&["application/scim+json"], Accept::Scim),
            (&["application/json"], Accept::PlainJson),
            (&["Application/JSON; charset=utf-8"], Accept::PlainJson),
            (&["application/json, application/scim+json"], Accept::Scim),
            (&["text/html", "application/json;q=0.5"], Accept::PlainJson),
            (&["text/html, */*;q=0.1"], Accept::Scim),
            (&["text/xml"], Accept::NoJson),
            (&["application/json;q=0, text/xml"], Accept::NoJson),
            (&[""], Accept::Scim),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ACCEPT, header::HeaderValue::from_static(value));
            }
            assert_eq!(Accept::of(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn media_types_other_than_json_are_refused() {
        for (value, status) in [
            ("application/scim+json; charset=utf-8", None),
            ("application/json;charset=\"UTF-8\"", None),
            ("text/xml", Some(415)),
            ("application/json; charset=utf-16", Some(415)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::CONTENT_TYPE,
                header::HeaderValue::from_static(value),
            );
            let status_of = acceptable_content(&headers).err().map(|e| e.status);
            assert_eq!(status_of, status, "{value}");
        }
    }
}

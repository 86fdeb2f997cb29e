//! Who calls, what the query says, and what is answered (part 7.1 of the Okta reference).
//!
//! An API token comes as `Authorization: SSWS …`; it decides the org. Calls are counted by token and minute of the real
//! clock.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::{Mutex, PoisonError};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Responder, ResponseError as _, web,
};
use serde_json::Value;

use super::failure::OktaFailure;
use super::filter::Filter;
use super::org::Org;
use super::page::{Page, Part};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::{Refusal, orgs};
use crate::id::{OktaKind, Seq};
use crate::secret::Plain;
use crate::store::{Snapshot, Write};
use crate::web::{App, log};

/// Calls a minute of one token.
pub(super) const LIMIT: u32 = 10_000;
const MINUTE: i64 = 60;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RATE_RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// Calls of this minute, by org and token.
#[derive(Default)]
pub(in crate::web) struct Rates(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    minute: i64,
    calls: HashMap<(Seq, Option<Seq>), u32>,
}

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    remaining: u32,
    /// Seconds since 1970 when the next minute begins.
    reset: i64,
    over: bool,
}

impl Rates {
    fn count(&self, token: (Seq, Option<Seq>), seconds: i64) -> Standing {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = seconds.div_euclid(MINUTE);
        if counted.minute != minute {
            counted.minute = minute;
            counted.calls.clear();
        }
        let calls = counted.calls.entry(token).or_default();
        *calls = calls.saturating_add(1);
        Standing {
            remaining: LIMIT.saturating_sub(*calls),
            reset: (minute + 1) * MINUTE,
            over: *calls > LIMIT,
        }
    }
}

/// Lets those in who have a token, counts them, and adds the headers that every answer has.
pub(super) async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = request_id(request.request());
    let entered = enter(&request);
    let (mut response, standing) = match entered {
        Ok((administrator, standing)) if !standing.over => {
            request.extensions_mut().insert(administrator);
            let response = next.call(request).await?.map_into_boxed_body();
            (response, Some(standing))
        }
        Ok((_, standing)) => {
            let refused = OktaFailure::Rate.error_response();
            (request.into_response(refused), Some(standing))
        }
        Err(failure) => (request.into_response(failure.error_response()), None),
    };
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    add(REQUEST_ID, id);
    if let Some(standing) = standing {
        add(RATE_LIMIT, LIMIT.to_string());
        add(RATE_REMAINING, standing.remaining.to_string());
        add(RATE_RESET, standing.reset.to_string());
    }
    Ok(response)
}

fn request_id(request: &HttpRequest) -> String {
    let id = log::request_id(request);
    let letters = id.chars().filter(char::is_ascii_alphanumeric);
    std::iter::once("req".to_owned())
        .chain(letters.map(String::from))
        .collect()
}

fn enter(request: &ServiceRequest) -> Result<(OrgAdministrator, Standing), OktaFailure> {
    let (Some(app), Some(rates)) = (
        request.app_data::<web::Data<App>>(),
        request.app_data::<web::Data<Rates>>(),
    ) else {
        return Err(OktaFailure::Token);
    };
    let token = token(request.headers()).ok_or(OktaFailure::Token)?;
    let tx = app.store.read()?;
    let administrator = orgs::authenticate(&tx, &token)?.ok_or(OktaFailure::Token)?;
    let seconds = app.real_now().millis().div_euclid(1000);
    let standing = rates.count((administrator.org, administrator.token), seconds);
    Ok((administrator, standing))
}

/// The token of `Authorization: SSWS …`, if that header is there once. The blank may be left out: Okta's own SDK for Python
/// sends none.
fn token(headers: &HeaderMap) -> Option<Plain> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let (Some(value), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_at_checked("SSWS".len())?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("SSWS") && !token.is_empty()).then(|| Plain::new(token))
}

/// A call that was let in, without its body: what its query says, and the ways to its org.
pub(super) struct Call {
    /// The appliance.
    pub(super) app: web::Data<App>,
    /// By whom.
    pub(super) administrator: OrgAdministrator,
    /// What every address begins with, without slash at its end.
    base: String,
    /// Address of this call, without its query.
    url: String,
    query: Vec<(String, String)>,
}

impl FromRequest for Call {
    type Error = OktaFailure;
    type Future = Ready<Result<Self, OktaFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, OktaFailure> {
        let administrator = request.extensions().get::<OrgAdministrator>().cloned();
        let (Some(administrator), Some(app)) =
            (administrator, request.app_data::<web::Data<App>>())
        else {
            return Err(OktaFailure::Token);
        };
        let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|_| OktaFailure::Parameter("the query cannot be read".into()))?
            .into_inner();
        Ok(Self {
            administrator,
            app: app.clone(),
            base: app.public_url.below(request, "/okta/api/v1"),
            url: app.public_url.below(request, request.path()),
            query,
        })
    }

    /// A parameter of the query; an empty one is none.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A parameter that is `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, OktaFailure> {
        match self.query(name) {
            None => Ok(None),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(OktaFailure::Parameter(format!("{name} is true or false"))),
        }
    }

    /// `limit`: more than the most is the most.
    pub(super) fn limit(&self, default: usize, most: usize) -> Result<usize, OktaFailure> {
        match self.query("limit").map(str::parse::<usize>) {
            None => Ok(default),
            Some(Ok(limit)) if limit > 0 => Ok(limit.min(most)),
            Some(_) => Err(OktaFailure::Parameter(format!(
                "limit is a number from 1 to {most}"
            ))),
        }
    }

    /// What must fit of the parameters of these names; none when none is given.
    pub(super) fn filter(&self, names: &[&str]) -> Result<Option<Filter>, OktaFailure> {
        let all = names
            .iter()
            .filter_map(|name| self.query(name))
            .map(|text| text.parse().map_err(OktaFailure::Parameter))
            .collect::<Result<Vec<Filter>, _>>()?;
        Ok((!all.is_empty()).then_some(Filter::All(all)))
    }

    /// `Link` headers: this page, and the next one behind a cursor.
    fn links(&self, next: Option<&str>) -> Vec<String> {
        let mut links = vec![format!("<{}>; rel=\"self\"", self.address(None))];
        if let Some(next) = next {
            links.push(format!("<{}>; rel=\"next\"", self.address(Some(next))));
        }
        links
    }

    fn address(&self, after: Option<&str>) -> String {
        use crate::web::console::list::encoded;
        let kept = self
            .query
            .iter()
            .filter(|(name, _)| after.is_none() || name != "after")
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut url = self.url.clone();
        for (name, value) in kept.chain(after.map(|after| ("after", after))) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&encoded(name));
            url.push('=');
            url.push_str(&encoded(value));
        }
        url
    }

    /// Answers what one snapshot says.
    pub(super) async fn read(
        &self,
        work: impl FnOnce(&Org<'_, Snapshot>) -> Answered + Send + 'static,
    ) -> Answered {
        let (row, base) = (self.administrator.org, self.base.clone());
        self.app
            .run(move |app| work(&Org::new(&app.store.read()?, row, &base)))
            .await
    }

    /// Answers a whole list, in its turn: what is read for it may be much.
    pub(super) async fn whole(
        &self,
        work: impl FnOnce(&Org<'_, Snapshot>) -> Result<Vec<Value>, OktaFailure> + Send + 'static,
    ) -> Answered {
        self.cut(move |org| Ok((work(org)?, None))).await
    }

    /// Answers the page of a list that the query asks for; `after` is the id of this kind of the row before it.
    pub(super) async fn list(
        &self,
        kind: OktaKind,
        (default, most): (usize, usize),
        work: impl FnOnce(&Org<'_, Snapshot>, Page) -> Result<Part, OktaFailure> + Send + 'static,
    ) -> Answered {
        let limit = self.limit(default, most)?;
        let after = self.query("after").map(str::to_owned);
        self.cut(move |org| {
            let behind = match &after {
                Some(after) => org.named(kind, "after", after)?,
                None => Seq(0),
            };
            let part = work(org, Page { limit, behind })?;
            let next = part.next.map(|last| org.shapes.id(kind, last));
            Ok((part.items, next))
        })
        .await
    }

    /// Answers items and where they go on, in their turn.
    pub(super) async fn cut(
        &self,
        work: impl FnOnce(&Org<'_, Snapshot>) -> Result<(Vec<Value>, Option<String>), OktaFailure>
        + Send
        + 'static,
    ) -> Answered {
        let (row, base) = (self.administrator.org, self.base.clone());
        let (mut reply, next) = self
            .app
            .scan(move |app| -> Result<_, OktaFailure> {
                let (items, next) = work(&Org::new(&app.store.read()?, row, &base))?;
                Ok((Reply::ok(&Value::Array(items)), next))
            })
            .await?;
        reply.links = self.links(next.as_deref());
        Ok(reply)
    }

    /// Writes in one durable transaction, at the moment that the org's clock shows, and wakes whoever sends.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Org<'_, Write<'_>>, &OrgAdministrator, Timestamp) -> Result<T, Refusal>
        + Send
        + 'static,
    ) -> Result<T, OktaFailure> {
        let (administrator, base, now) = (
            self.administrator.clone(),
            self.base.clone(),
            self.app.now(),
        );
        let submitted = self
            .app
            .submit(move |tx| {
                let org = Org::new(tx, administrator.org, &base);
                work(&org, &administrator, now)
            })
            .await?;
        let done = submitted.end().await?;
        self.app.agent.wake();
        Ok(done)
    }
}

/// What is answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    status: StatusCode,
    body: Option<String>,
    links: Vec<String>,
    etag: Option<String>,
}

/// What the handlers return.
pub(super) type Answered = Result<Reply, OktaFailure>;

impl Reply {
    /// 200 with a body.
    pub(super) fn ok(body: &Value) -> Self {
        Self::with_status(StatusCode::OK, body)
    }

    /// Another status with a body.
    pub(super) fn with_status(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            body: Some(body.to_string()),
            ..Self::default()
        }
    }

    /// 204.
    pub(super) fn none() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// Another status without a body.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// The same with an entity tag.
    pub(super) fn tagged(mut self, etag: String) -> Self {
        self.etag = Some(etag);
        self
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        for link in self.links {
            response.append_header((header::LINK, link));
        }
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}

/// A moment as Okta prints it, or null.
pub(super) fn moment(moment: Option<Timestamp>) -> Value {
    moment.map_or(Value::Null, |moment| moment.to_string().into())
}

/// There is nothing of this kind.
pub(super) fn missing(kind: &'static str, id: &str) -> OktaFailure {
    Refusal::not_found(kind, id).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_token_and_minute() {
        let rates = Rates::default();
        let token = (Seq(1), Some(Seq(1)));
        for _ in 0..LIMIT {
            assert!(!rates.count(token, 120).over);
        }
        let standing = rates.count(token, 179);
        assert_eq!((standing.remaining, standing.reset), (0, 180));
        assert!(standing.over);
        assert!(!rates.count((Seq(2), Some(Seq(1))), 179).over);
        assert_eq!(rates.count(token, 180).remaining, LIMIT - 1);
    }

    #[test]
    fn a_token_comes_in_the_one_header_with_its_scheme() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            token(&headers).map(|token| token.expose().to_owned())
        };
        assert_eq!(read(&["SSWS abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["ssws  abc "]).as_deref(), Some("abc"));
        assert_eq!(read(&["SSWSabc"]).as_deref(), Some("abc"));
        for values in [
            &[][..],
            &["Bearer abc"],
            &["SSWS "],
            &["SSWS"],
            &["abc"],
            &["SSW abc"],
            &["SSWS a", "SSWS a"],
        ] {
            assert_eq!(read(values), None);
        }
    }
}

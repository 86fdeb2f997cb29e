//! Who calls, what the query says, and what is answered.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Responder, ResponseError as _, web,
};
use serde_json::{Value, json};

use super::failure::{GraphFailure, Told};
use crate::access::{GraphClient, Operator};
use crate::directory::access_token::{self, Claims};
use crate::id::{Guid, Nonce};
use crate::model::{GraphPermission, Reach};
use crate::store::{Snapshot, Write};
use crate::sync::summary::object::Version;
use crate::web::App;

/// Most bytes of a body.
pub(super) const BODY: usize = 4 << 20;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// The ids of a call: `request-id` is ours, `client-request-id` the client's, or the same.
#[derive(Debug, Clone, Copy)]
struct Ids {
    request: Guid,
    client: Guid,
}

/// Lets those in who have a token, and adds what every answer has.
pub(super) async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let ours = Guid::from_nonce(Nonce::random());
    let theirs = request.headers().get(CLIENT_REQUEST_ID);
    let ids = Ids {
        request: ours,
        client: theirs
            .and_then(|id| id.to_str().ok()?.parse().ok())
            .unwrap_or(ours),
    };
    let mut response = match enter(&request) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            request.extensions_mut().insert(ids);
            next.call(request).await?.map_into_boxed_body()
        }
        Err(failure) => request.into_response(failure.error_response()),
    };
    let told = response.response().extensions().get::<Told>().cloned();
    if let Some(Told { code, message }) = told {
        let date = app_time(response.request());
        let body = json!({ "error": { "code": code, "message": message, "innerError": {
            "date": date,
            "request-id": ids.request.to_string(),
            "client-request-id": ids.client.to_string(),
        } } });
        response = response.map_body(|head, _| {
            let json = HeaderValue::from_static("application/json");
            head.headers_mut().insert(header::CONTENT_TYPE, json);
            BoxBody::new(body.to_string())
        });
    }
    let headers = response.headers_mut();
    for (name, id) in [(REQUEST_ID, ids.request), (CLIENT_REQUEST_ID, ids.client)] {
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

/// The moment without fractions and zone, as errors have it.
fn app_time(request: &HttpRequest) -> String {
    let app = request.app_data::<web::Data<App>>();
    let now = app.map_or_else(String::new, |app| app.now().to_string());
    now.get(..19).unwrap_or_default().to_owned()
}

fn enter(request: &ServiceRequest) -> Result<GraphClient, GraphFailure> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or(GraphFailure::NoToken)?;
    let token = bearer(request.request()).ok_or(GraphFailure::NoToken)?;
    let claims: Claims = app
        .token_keys
        .known(app)?
        .and_then(|key| key.claims(&token))
        .ok_or(GraphFailure::Token)?;
    let tx = app.store.read()?;
    access_token::authenticate(&tx, &claims, app.now())?.ok_or(GraphFailure::Token)
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let mut all = request.headers().get_all(header::AUTHORIZATION);
    let (Some(value), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

/// A call that was let in, without its body.
#[derive(Clone)]
pub(super) struct Call {
    /// The appliance.
    pub(super) app: web::Data<App>,
    /// By whom.
    pub(super) client: GraphClient,
    /// `/graph/v1.0` or `/graph/beta`.
    pub(super) version: Version,
    /// What every address begins with: host, `/graph` and the version, without slash at its end.
    pub(super) base: String,
    /// `request-id` of the answer.
    pub(super) request_id: Guid,
    /// Address of this call, without its query.
    url: String,
    query: Vec<(String, String)>,
}

impl FromRequest for Call {
    type Error = GraphFailure;
    type Future = Ready<Result<Self, GraphFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, GraphFailure> {
        let extensions = request.extensions();
        let (Some(client), Some(ids), Some(app)) = (
            extensions.get::<GraphClient>(),
            extensions.get::<Ids>(),
            request.app_data::<web::Data<App>>(),
        ) else {
            return Err(GraphFailure::NoToken);
        };
        let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|_| bad("The query cannot be read."))?
            .into_inner();
        let (version, below) = match request.match_info().get("version") {
            Some("beta") => (Version::Beta, "/graph/beta"),
            _ => (Version::V1, "/graph/v1.0"),
        };
        Ok(Self {
            app: app.clone(),
            client: client.clone(),
            version,
            base: app.public_url.below(request, below),
            request_id: ids.request,
            url: app.public_url.below(request, request.path()),
            query,
        })
    }

    /// Proof of one of these permissions.
    ///
    /// # Errors
    /// [`GraphFailure::Denied`] without.
    pub(super) fn may(&self, one_of: &[GraphPermission]) -> Result<Operator, GraphFailure> {
        self.client.may(one_of).ok_or(GraphFailure::Denied)
    }

    /// Proof that it may do this with applications, if only with its own.
    ///
    /// # Errors
    /// [`GraphFailure::Denied`] without.
    pub(super) fn may_somewhere(&self, reach: Reach) -> Result<Operator, GraphFailure> {
        let everywhere = self.may(reach.everywhere);
        everywhere.or_else(|_| self.may(reach.owned))
    }

    /// An option of the query such as `$top`; an empty one is none. The dollar may be left out.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| {
                let known = known.strip_prefix('$').unwrap_or(known);
                known.eq_ignore_ascii_case(name)
            })
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// `$top`: 1 to `most`; more than the most is the most.
    pub(super) fn top(&self, default: usize, most: usize) -> Result<usize, GraphFailure> {
        match self.option("top").map(str::parse::<usize>) {
            None => Ok(default),
            Some(Ok(top)) if top > 0 => Ok(top.min(most)),
            Some(_) => Err(bad(&format!("$top is a whole number from 1 to {most}."))),
        }
    }

    /// Whether `$count` asks how many there are.
    pub(super) fn counts(&self) -> bool {
        self.option("count")
            .is_some_and(|count| count.eq_ignore_ascii_case("true"))
    }

    /// `@odata.nextLink`: the same call, going on behind this token.
    pub(super) fn next_link(&self, token: &str) -> String {
        use crate::web::console::list::encoded;
        let kept = self.query.iter().filter(|(name, _)| {
            !name
                .strip_prefix('$')
                .unwrap_or(name)
                .eq_ignore_ascii_case("skiptoken")
        });
        let mut url = self.url.clone();
        for (name, value) in kept
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain([("$skiptoken", token)])
        {
            url.push(if url.contains('?') { '&' } else { '?' });
            // The dollar stays as it is: it is what people look for.
            url.push_str(&encoded(name).replace("%24", "$"));
            url.push('=');
            url.push_str(&encoded(value));
        }
        url
    }

    /// Answers what one snapshot says.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self, &Snapshot) -> Result<T, GraphFailure> + Send + 'static,
    ) -> Result<T, GraphFailure> {
        let call = self.clone();
        self.app
            .run(move |app| work(&call, &app.store.read()?))
            .await
    }

    /// The same where a whole table may be walked: only as many at once as there are cores.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self, &Snapshot) -> Result<T, GraphFailure> + Send + 'static,
    ) -> Result<T, GraphFailure> {
        let call = self.clone();
        self.app
            .scan(move |app| work(&call, &app.store.read()?))
            .await
    }

    /// Writes in one durable transaction, and wakes the agent.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>) -> Result<T, GraphFailure> + Send + 'static,
    ) -> Result<T, GraphFailure> {
        let done = self.app.submit(work).await?.end().await?;
        self.app.agent.wake();
        Ok(done)
    }
}

/// A body as it comes.
pub(super) type Sent = Result<web::Bytes, actix_web::Error>;

/// A request that cannot be understood.
pub(super) fn bad(sentence: &str) -> GraphFailure {
    GraphFailure::Bad("BadRequest", sentence.to_owned())
}

/// What is answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    status: StatusCode,
    body: Option<String>,
    /// Whether the body is no JSON.
    plain: bool,
    location: Option<String>,
}

/// What the handlers return.
pub(super) type Answered = Result<Reply, GraphFailure>;

impl Reply {
    /// 200 with a body.
    pub(super) fn ok(body: &Value) -> Self {
        Self::with_status(StatusCode::OK, body)
    }

    /// Another status with a body.
    fn with_status(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            body: Some(body.to_string()),
            plain: false,
            location: None,
        }
    }

    /// 201 with what was made.
    pub(super) fn created(body: &Value) -> Self {
        Self::with_status(StatusCode::CREATED, body)
    }

    /// 204.
    pub(super) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            ..Self::default()
        }
    }

    /// 200 with a number: `$count`.
    pub(super) fn number(number: u64) -> Self {
        Self {
            body: Some(number.to_string()),
            plain: true,
            ..Self::default()
        }
    }

    /// 202 with the address where one can see what becomes of it.
    pub(super) fn accepted(location: String) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            location: Some(location),
            ..Self::default()
        }
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        match self.body {
            Some(body) if self.plain => response.content_type("text/plain").body(body),
            Some(body) => response
                .content_type("application/json;odata.metadata=minimal;charset=utf-8")
                .body(body),
            None => response.finish(),
        }
    }
}

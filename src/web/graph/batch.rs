//! `$batch`: up to 20 calls in one, each answered as if it had come alone.
//!
//! A call of a batch goes through the same routes with the same token: a second instance of this surface's service, of
//! which every worker has one, takes it as it would take it from the network. Calls are worked off one after the other,
//! those that depend on others behind these.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::rc::Rc;

use actix_http::{Payload, Request, h1};
use actix_service::boxed::{RcService, rc_service};
use actix_service::{IntoServiceFactory as _, ServiceFactory as _};
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::middleware::{NormalizePath, TrailingSlash};
use actix_web::{App as Actix, HttpRequest, web};
use base64ct::{Base64, Encoding as _};
use serde_json::{Map, Value, json};

use super::Rates;
use super::call::{Answered, BODY, Call, Reply, bad};
use super::failure::GraphFailure;
use crate::error::Error;
use crate::store;
use crate::web::App;

/// Most calls of a batch.
const MOST: usize = 20;

/// Headers of a call that are those of its batch, whatever it says.
const OF_THE_BATCH: [HeaderName; 5] = [
    header::AUTHORIZATION,
    header::HOST,
    header::FORWARDED,
    header::X_FORWARDED_HOST,
    header::X_FORWARDED_FOR,
];
/// Headers that say how a body travels, which it does not here.
const OF_THE_WIRE: [HeaderName; 5] = [
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::EXPECT,
    header::UPGRADE,
];

type Service = RcService<Request, ServiceResponse<BoxBody>, actix_web::Error>;

/// The service of a worker that takes the calls of batches; made when the first batch comes.
#[derive(Clone, Default)]
pub(super) struct InProcess(Rc<RefCell<Option<Service>>>);

impl InProcess {
    async fn service(
        &self,
        app: &web::Data<App>,
        rates: &web::Data<Rates>,
    ) -> Result<Service, GraphFailure> {
        if let Some(known) = self.0.borrow().as_ref() {
            return Ok(Rc::clone(known));
        }
        let routes = Actix::new()
            .app_data(app.clone())
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .service(super::routes(rates.clone()));
        let made = routes.into_factory().new_service(AppConfig::default());
        let made = made.await.map_err(|()| store_panicked())?;
        let made: Service = rc_service(made);
        Ok(Rc::clone(self.0.borrow_mut().insert(made)))
    }
}

fn store_panicked() -> GraphFailure {
    Error::Store(store::Error::Panicked).into()
}

/// One call of a batch.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    id: String,
    method: Method,
    /// Below the version, with a slash in front.
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<String>,
    /// Steps that have to end well before it, by their place.
    depends_on: Vec<usize>,
}

/// Answers a batch.
pub(super) async fn post(
    call: Call,
    request: HttpRequest,
    rates: web::Data<Rates>,
    sent: Result<web::Bytes, actix_web::Error>,
) -> Answered {
    let body = sent.map_err(|_| GraphFailure::TooLarge(BODY))?;
    let steps = read(&body)?;
    let in_process = request.app_data::<InProcess>().cloned().unwrap_or_default();
    let service = in_process.service(&call.app, &rates).await?;
    let root = request.path().trim_end_matches("/$batch").to_owned();
    let mut answers: Vec<Option<Value>> = vec![None; steps.len()];
    let mut waiting: Vec<usize> = (0..steps.len()).collect();
    // There is no circle: each round has at least one that waits for nobody.
    while !waiting.is_empty() {
        let (ready, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|place| {
            let before = &steps[**place].depends_on;
            before.iter().all(|place| answers[*place].is_some())
        });
        for place in ready {
            let step = &steps[place];
            let well = |place: &usize| {
                let status = answers[*place]
                    .as_ref()
                    .and_then(|answer| answer["status"].as_u64());
                status.is_some_and(|status| status < 400)
            };
            let answer = if !step.depends_on.iter().all(well) {
                refused(
                    step,
                    424,
                    "FailedDependency",
                    "A request that this one depends on failed.",
                )
            } else if is_batch(&step.url) {
                refused(
                    step,
                    400,
                    "BadRequest",
                    "A batch cannot be part of a batch.",
                )
            } else {
                perform(&service, &request, &root, step).await?
            };
            answers[place] = Some(answer);
        }
        waiting = later;
    }
    Ok(Reply::ok(&json!({ "responses": answers })))
}

fn refused(step: &Step, status: u16, code: &str, message: &str) -> Value {
    json!({
        "id": step.id,
        "status": status,
        "headers": { "Content-Type": "application/json" },
        "body": { "error": { "code": code, "message": message } },
    })
}

fn is_batch(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.replace("%24", "$").trim_matches('/') == "$batch"
}

/// Lets the routes answer a call.
async fn perform(
    service: &Service,
    batch: &HttpRequest,
    root: &str,
    step: &Step,
) -> Result<Value, GraphFailure> {
    let Ok(uri) = encoded(&format!("{root}{}", step.url)).parse::<Uri>() else {
        return Ok(refused(step, 400, "BadRequest", "The url cannot be read."));
    };
    let (_, mut payload) = h1::Payload::create(true);
    if let Some(body) = &step.body {
        payload.unread_data(web::Bytes::from(body.clone()));
    }
    let mut request = Request::with_payload(Payload::from(payload));
    let head = request.head_mut();
    (head.method, head.uri) = (step.method.clone(), uri);
    head.peer_addr = batch.peer_addr();
    for name in OF_THE_BATCH {
        for value in batch.headers().get_all(&name) {
            head.headers.append(name.clone(), value.clone());
        }
    }
    for (name, value) in &step.headers {
        head.headers.insert(name.clone(), value.clone());
    }
    let response = match service.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(_) => return Err(store_panicked()),
    };
    let status = response.status().as_u16();
    let mut headers = Map::new();
    for (name, value) in response.headers() {
        if let Ok(value) = value.to_str() {
            headers.insert(titled(name), value.into());
        }
    }
    let body = to_bytes(response.into_body()).await;
    let body = body.map_err(|_| store_panicked())?;
    let mut answer = json!({ "id": step.id, "status": status, "headers": headers });
    if !body.is_empty() {
        answer["body"] = match serde_json::from_slice(&body) {
            Ok(json) => json,
            Err(_) => Base64::encode_string(&body).into(),
        };
    }
    Ok(answer)
}

/// The name of a header as people write it.
fn titled(name: &HeaderName) -> String {
    let parts = name.as_str().split('-').map(|part| {
        let mut chars = part.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}

/// An address in which clients leave blanks and quotes as they are.
fn encoded(url: &str) -> String {
    let stays = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
    let mut encoded = String::with_capacity(url.len());
    for c in url.chars() {
        if stays(c) {
            encoded.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Reads the calls of a batch.
fn read(body: &[u8]) -> Result<Vec<Step>, GraphFailure> {
    let format = || bad("Invalid batch payload format.");
    let body: Value = serde_json::from_slice(body).map_err(|_| format())?;
    let requests = body
        .get("requests")
        .and_then(Value::as_array)
        .ok_or_else(format)?;
    if requests.is_empty() {
        return Err(format());
    }
    if requests.len() > MOST {
        return Err(bad(&format!(
            "Number of batch request steps exceeds the maximum value of {MOST}."
        )));
    }
    let mut places = BTreeMap::new();
    for (place, request) in requests.iter().enumerate() {
        let id = id_of(request.get("id")).ok_or_else(format)?;
        if places.insert(id.clone(), place).is_some() {
            return Err(bad(&format!(
                "Request Id {id} has to be unique in a batch."
            )));
        }
    }
    let steps: Vec<Step> = requests
        .iter()
        .map(|request| step(request, &places))
        .collect::<Result<_, _>>()?;
    check_order(&steps)?;
    Ok(steps)
}

fn id_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn step(request: &Value, places: &BTreeMap<String, usize>) -> Result<Step, GraphFailure> {
    let format = || bad("Invalid batch payload format.");
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let id = id_of(request.get("id")).ok_or_else(format)?;
    let method = text("method").ok_or_else(format)?.to_ascii_uppercase();
    let method = match method.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => method.parse().map_err(|_| format())?,
        _ => {
            return Err(bad(&format!(
                "The method of request {id} is none of a batch."
            )));
        }
    };
    let url = text("url")
        .filter(|url| !url.is_empty())
        .ok_or_else(format)?;
    if url.contains("://") && !url.contains('?') || url.starts_with("//") {
        return Err(bad(&format!(
            "The url of request {id} must be relative, such as /users."
        )));
    }
    let mut headers = Vec::new();
    let given = match request.get("headers") {
        None | Some(Value::Null) => None,
        Some(Value::Object(given)) => Some(given),
        Some(_) => return Err(format()),
    };
    for (name, value) in given.into_iter().flatten() {
        let value = value.as_str().and_then(|value| value.parse().ok());
        let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value) else {
            return Err(bad(&format!("A header of request {id} cannot be read.")));
        };
        if !OF_THE_BATCH.contains(&name) && !OF_THE_WIRE.contains(&name) {
            headers.push((name, value));
        }
    }
    let body = match request.get("body") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let depends_on = match request.get("dependsOn") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(ids)) => ids
            .iter()
            .map(|known| {
                let known = id_of(Some(known)).ok_or_else(format)?;
                places.get(&known).copied().ok_or_else(|| {
                    bad(&format!(
                        "Request {id} depends on {known}, which is not in the batch."
                    ))
                })
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(format()),
    };
    Ok(Step {
        id,
        method,
        url: format!("/{}", url.trim_start_matches('/')),
        headers,
        body,
        depends_on,
    })
}

/// Makes sure that nobody waits for itself.
fn check_order(steps: &[Step]) -> Result<(), GraphFailure> {
    let mut done = HashSet::new();
    loop {
        let before = done.len();
        for (place, step) in steps.iter().enumerate() {
            if step.depends_on.iter().all(|other| done.contains(other)) {
                done.insert(place);
            }
        }
        if done.len() == steps.len() {
            return Ok(());
        }
        if done.len() == before {
            return Err(bad(
                "The requests of the batch depend on each other in a circle.",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(requests: &Value) -> Result<Vec<Step>, String> {
        let body = json!({ "requests": requests }).to_string();
        read(body.as_bytes()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_calls_of_a_batch_are_read() {
        let steps = of(&json!([
            { "id": "1", "method": "get", "url": "users?$top=1", "headers": { "Authorization": "x", "Prefer": "y" } },
            { "id": 2, "method": "POST", "url": "/users", "body": { "a": 1 }, "dependsOn": ["1"] },
        ]))
        .unwrap();
        assert_eq!(steps[0].method, Method::GET);
        assert_eq!(steps[0].url, "/users?$top=1");
        assert_eq!(steps[0].headers.len(), 1, "the token is that of the batch");
        assert_eq!(steps[1].id, "2");
        assert_eq!(steps[1].body.as_deref(), Some("{\"a\":1}"));
        assert_eq!(steps[1].depends_on, [0]);
    }

    #[test]
    fn what_is_no_batch_is_told() {
        let get = |id: &str| json!({ "id": id, "method": "GET", "url": "/users" });
        let with = |name: &str, value: Value| {
            let mut request = get("1");
            request[name] = value;
            json!([request])
        };
        let many: Vec<Value> = (0..=MOST).map(|id| get(&id.to_string())).collect();
        for (requests, why) in [
            (json!([]), "Invalid batch payload format."),
            (json!("x"), "Invalid batch payload format."),
            (json!([7]), "Invalid batch payload format."),
            (json!(many), "exceeds the maximum value of 20."),
            (json!([get("1"), get("1")]), "has to be unique"),
            (with("id", json!("")), "Invalid batch payload format."),
            (with("method", json!("TRACE")), "none of a batch"),
            (with("url", json!("")), "Invalid batch payload format."),
            (
                with("url", json!("https://graph.example/v1.0/users")),
                "must be relative",
            ),
            (
                with("url", json!("//graph.example/users")),
                "must be relative",
            ),
            (with("headers", json!({ "a b": "x" })), "cannot be read"),
            (with("headers", json!([])), "Invalid batch payload format."),
            (with("dependsOn", json!(["2"])), "not in the batch"),
            (with("dependsOn", json!(["1"])), "in a circle"),
        ] {
            let found = of(&requests).unwrap_err();
            assert!(found.contains(why), "{requests}: {found}");
        }
        assert!(read(b"{").is_err());
    }

    #[test]
    fn addresses_are_encoded_where_clients_leave_them_as_they_are() {
        for (url, expected) in [
            (
                "/users?$filter=a eq 'b c'",
                "/users?$filter=a%20eq%20'b%20c'",
            ),
            ("/users/%C3%A9", "/users/%C3%A9"),
            ("/users/é", "/users/%C3%A9"),
        ] {
            assert_eq!(encoded(url), expected);
        }
        assert!(is_batch("/$batch?x") && is_batch("/%24batch/") && !is_batch("/users"));
    }
}

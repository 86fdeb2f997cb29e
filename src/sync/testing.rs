//! For tests: a small SCIM target in this process that records what it is asked, and a directory with
//! a job that points at it.

mod patch;
mod scripted;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use patch::{apply, decode};
pub(super) use scripted::{Asked, Given, Scripted};
use serde_json::{Map, Value as Json, json};

use super::context::AgentContext;
use super::credentials::Credentials;
use super::jobs::{self, Template};
use super::run_cycle;
use crate::access::Operator;
use crate::clock::{Clock as _, FixedClock, Timestamp};
use crate::directory::{AttributeChange, applications, groups, users};
use crate::error::Result;
use crate::id::{Guid, Seq};

use crate::model::{Cycle, Job, LogEntry, ObjectKind, ObjectRef, Scope, Tenant};
use crate::secret::{Plain, Sealer};
use crate::store::jobs::JobKey;
use crate::store::{Store, Write, directory as rows, logs};

/// A request that the target got: method, path below the base, body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Got {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Json,
}

/// An answer that is not what a SCIM server would give.
#[derive(Clone)]
pub(crate) enum Fault {
    /// These bytes, and then nothing until the agent hangs up.
    Stalled(&'static str),
    /// These bytes, then the end.
    Bytes(String),
    /// Status, Content-Type, body.
    Answer(u16, &'static str, &'static str),
    /// Fewer bytes than announced, then the end.
    Truncated,
    /// The end, without a byte.
    Closed,
}

type Chaos = Box<dyn FnMut(&str, &str) -> Option<Fault> + Send>;

#[derive(Default)]
struct Resources {
    next: u64,
    /// By collection and id.
    all: BTreeMap<(String, String), Map<String, Json>>,
    seen: Vec<String>,
    got: Vec<Got>,
    chaos: Option<Chaos>,
}

/// The target. Its thread ends with the test process.
pub(crate) struct Target {
    pub(crate) url: String,
    state: Arc<Mutex<Resources>>,
}

impl Target {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/scim", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Resources::default()));
        let theirs = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&theirs);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { url, state }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Resources> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was asked since the last call: `METHOD path` and the operations or nothing.
    pub(super) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().seen)
    }

    /// As [`Target::seen`], without what only reads.
    pub(super) fn writes(&self) -> Vec<String> {
        let seen = self.seen().into_iter();
        seen.filter(|request| !request.starts_with("GET "))
            .collect()
    }

    /// As [`Target::seen`], whole.
    pub(super) fn got(&self) -> Vec<Got> {
        std::mem::take(&mut self.lock().got)
    }

    pub(crate) fn chaos(&self, f: impl FnMut(&str, &str) -> Option<Fault> + Send + 'static) {
        self.lock().chaos = Some(Box::new(f));
    }

    pub(super) fn calm(&self) {
        self.lock().chaos = None;
    }

    pub(super) fn put(&self, collection: &str, resource: Json) -> String {
        let Json::Object(members) = resource else {
            panic!("a resource is an object")
        };
        self.lock().create(collection, members)
    }

    /// Changes an attribute behind the agent's back.
    pub(super) fn set(&self, collection: &str, id: &str, attribute: &str, value: impl Into<Json>) {
        let value = value.into();
        self.change(collection, id, |resource| {
            resource.insert(attribute.to_owned(), value);
        });
    }

    /// Somebody else changes a resource.
    pub(super) fn change(
        &self,
        collection: &str,
        id: &str,
        change: impl FnOnce(&mut Map<String, Json>),
    ) {
        let mut state = self.lock();
        change(state.all.get_mut(&(collection.into(), id.into())).unwrap());
    }

    /// Somebody else removes a resource.
    pub(super) fn remove(&self, collection: &str, id: &str) {
        self.lock().all.remove(&(collection.into(), id.into()));
    }

    pub(crate) fn all(&self, collection: &str) -> Vec<Map<String, Json>> {
        let state = self.lock();
        let of = state.all.iter().filter(|((c, _), _)| c == collection);
        of.map(|(_, r)| r.clone()).collect()
    }
}

impl Resources {
    fn create(&mut self, collection: &str, mut resource: Map<String, Json>) -> String {
        self.next += 1;
        let id = format!("{}{}", &collection[..1], self.next);
        resource.insert("id".into(), json!(id));
        self.all.insert((collection.into(), id.clone()), resource);
        id
    }

    fn handle(&mut self, method: &str, path: &str, body: &Json) -> (u16, Option<Json>) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parts = path.trim_start_matches("/scim/").split('/');
        let collection = parts.next().unwrap_or_default().to_owned();
        let id = parts.next().map(str::to_owned);
        let at = (collection.clone(), id.clone().unwrap_or_default());
        match (method, id) {
            ("GET", None) if !query.contains("filter=") => self.list(&collection, query),
            ("GET", None) => {
                let filter = query
                    .split('&')
                    .find_map(|p| p.strip_prefix("filter="))
                    .unwrap();
                let filter = decode(filter);
                let (attribute, value) = filter.split_once(" eq ").unwrap();
                let value: String = serde_json::from_str(value).unwrap();
                let found: Vec<Json> = self
                    .all
                    .iter()
                    .filter(|((c, _), r)| {
                        *c == collection && r.get(attribute).is_some_and(|v| v == value.as_str())
                    })
                    .map(|(_, r)| Json::Object(without_members(r)))
                    .collect();
                (
                    200,
                    Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                    "totalResults": found.len(), "Resources": found })),
                )
            }
            ("POST", None) => {
                let id = self.create(&collection, body.as_object().unwrap().clone());
                (201, Some(Json::Object(self.all[&(collection, id)].clone())))
            }
            ("GET", Some(_)) => match self.all.get(&at) {
                Some(r) if !query.contains("excludedAttributes") => {
                    (200, Some(Json::Object(r.clone())))
                }
                Some(r) => (200, Some(Json::Object(without_members(r)))),
                None => (404, Some(json!({ "status": "404" }))),
            },
            ("PUT", Some(id)) => match self.all.get_mut(&at) {
                Some(r) => {
                    body.as_object().unwrap().clone_into(r);
                    r.insert("id".into(), json!(id));
                    (200, Some(Json::Object(r.clone())))
                }
                None => (404, Some(json!({ "status": "404" }))),
            },
            ("PATCH", Some(_)) => match self.all.get_mut(&at) {
                Some(r) => {
                    for operation in body["Operations"].as_array().unwrap() {
                        apply(r, operation);
                    }
                    (204, None)
                }
                None => (404, Some(json!({ "status": "404" }))),
            },
            ("DELETE", Some(_)) => match self.all.remove(&at) {
                Some(_) => (204, None),
                None => (404, None),
            },
            _ => (405, None),
        }
    }
}

impl Resources {
    /// A page of a collection, 1-based.
    fn list(&self, collection: &str, query: &str) -> (u16, Option<Json>) {
        let number = |name: &str| -> usize {
            let given = query.split('&').find_map(|p| p.strip_prefix(name));
            given.unwrap().parse().unwrap()
        };
        let of = self.all.iter().filter(|((c, _), _)| c == collection);
        let shown = |resource: &Map<String, Json>| {
            if query.contains("excludedAttributes") {
                without_members(resource)
            } else {
                resource.clone()
            }
        };
        let all: Vec<Json> = of.map(|(_, r)| Json::Object(shown(r))).collect();
        let page: Vec<Json> = all
            .iter()
            .skip(number("startIndex=") - 1)
            .take(number("count="))
            .cloned()
            .collect();
        (
            200,
            Some(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": all.len(), "Resources": page })),
        )
    }
}

fn without_members(resource: &Map<String, Json>) -> Map<String, Json> {
    let mut copy = resource.clone();
    copy.remove("members");
    copy
}

fn serve(stream: TcpStream, state: &Mutex<Resources>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split_whitespace();
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return;
        };
        let (mut length, mut authorized) = (0, false);
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 {
                return;
            }
            let header = header.trim_end();
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
            if name.eq_ignore_ascii_case("authorization") {
                authorized = value.trim() == "Bearer secret-token";
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let body: Json = serde_json::from_slice(&body).unwrap_or(Json::Null);
        let mut target = state.lock().unwrap_or_else(PoisonError::into_inner);
        let operations = body
            .get("Operations")
            .map(|o| format!(" {o}"))
            .unwrap_or_default();
        let shown = path.trim_start_matches("/scim");
        target.seen.push(format!("{method} {shown}{operations}"));
        target.got.push(Got {
            method: method.to_owned(),
            path: shown.to_owned(),
            body: body.clone(),
        });
        let fault = target.chaos.as_mut().and_then(|chaos| chaos(method, path));
        let (status, kind, text) = match fault {
            Some(Fault::Closed) => return,
            Some(Fault::Truncated) => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 500\r\n\r\n{\"schemas\":");
                return;
            }
            Some(Fault::Stalled(text)) => {
                drop(target);
                let _ = stream.write_all(text.as_bytes());
                // Until the agent hangs up.
                let _ = reader.read(&mut [0]);
                return;
            }
            Some(Fault::Bytes(bytes)) => {
                drop(target);
                let _ = stream.write_all(bytes.as_bytes());
                return;
            }
            Some(Fault::Answer(status, kind, text)) => (status, kind, text.to_owned()),
            None if !authorized => (401, "application/scim+json", "{}".to_owned()),
            None => {
                let (status, answer) = target.handle(method, path, &body);
                let text = answer.map(|a| a.to_string()).unwrap_or_default();
                (status, "application/scim+json", text)
            }
        };
        drop(target);
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        let head = if status == 204 {
            "HTTP/1.1 204 X\r\n\r\n".to_owned()
        } else {
            head
        };
        if stream.write_all((head + &text).as_bytes()).is_err() {
            return;
        }
    }
}

/// A tenant with an application and its job, pointing at a target.
pub(super) struct Lab {
    pub(super) target: Target,
    pub(super) context: AgentContext,
    pub(super) clock: Arc<FixedClock>,
    pub(super) key: JobKey,
    pub(super) app: Seq,
}

pub(super) fn operator() -> Operator {
    Operator::of_this_process()
}

impl Lab {
    /// Everybody is in scope unless `scope` says otherwise; exports one at a time, so that the order
    /// of requests is known.
    pub(super) fn new(scope: Scope) -> Self {
        let target = Target::start();
        let store = Store::in_memory().unwrap();
        let clock = Arc::new(FixedClock::new(Timestamp::from_millis(1_750_000_000_000)));
        let sealer = Sealer::new(&[7; 32]);
        let context = AgentContext::new(store.clone(), clock.clone(), sealer.clone());
        let url = target.url.clone();
        let (app, job) = store
            .write(move |tx| -> Result<(Seq, Seq)> {
                let tenant = Tenant {
                    seq: rows::next_tenant_seq(tx)?,
                    id: Guid::random(),
                    name: "Contoso".into(),
                    domain: "contoso.com".into(),
                    created: Timestamp::default(),
                    extensions: Vec::new(),
                    schema_extension_app: None,
                };
                rows::put_tenant(tx, &tenant)?;
                let new = applications::NewApplication {
                    id: Guid::random(),
                    app_id: Guid::random(),
                    display_name: "Postman".into(),
                };
                let now = Timestamp::default();
                let app = applications::add(tx, &operator(), tenant.seq, &new, now)?.seq;
                let mut job = jobs::create(
                    tx,
                    &operator(),
                    tenant.seq,
                    app,
                    Template::NonGallery,
                    Guid::random(),
                )?;
                job.scope = scope;
                job.parallel_exports = 1;
                crate::store::jobs::put(tx, tenant.seq, &job)?;
                let key = JobKey {
                    tenant: tenant.seq,
                    job: job.seq,
                };
                let token = Plain::new("secret-token");
                jobs::save_credentials(tx, &operator(), key, &sealer, &url, Some(&token.into()))?;
                jobs::start(tx, &operator(), key, now)?;
                Ok((app, job.seq))
            })
            .unwrap();
        Self {
            target,
            context,
            clock,
            key: JobKey {
                tenant: Seq(1),
                job,
            },
            app,
        }
    }

    /// Runs a closure in a write.
    pub(super) fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.context.store.write(f).unwrap()
    }

    pub(super) fn user(&self, name: &str, manager: Option<Seq>) -> Seq {
        let name = name.to_owned();
        self.write(move |tx| {
            let upn = format!("{name}@contoso.com");
            let new = users::NewUser {
                id: Guid::random(),
                account_enabled: true,
                guest: false,
                manager,
                attributes: vec![
                    text(ObjectKind::User, "userPrincipalName", &upn),
                    text(ObjectKind::User, "displayName", &name),
                ],
            };
            Ok(users::create(tx, &operator(), Seq(1), &new, Timestamp::default())?.seq)
        })
    }

    pub(super) fn group(&self, name: &str, members: &[Seq]) -> Seq {
        let (name, members) = (name.to_owned(), members.to_vec());
        self.write(move |tx| {
            let now = Timestamp::default();
            let new = groups::NewGroup {
                id: Guid::random(),
                attributes: vec![text(ObjectKind::Group, "displayName", &name)],
            };
            let group = groups::create(tx, &operator(), Seq(1), &new, now)?.seq;
            for member in members {
                groups::add_member(tx, &operator(), Seq(1), group, ObjectRef::user(member), now)?;
            }
            Ok(group)
        })
    }

    /// Assigns objects to the application, or takes their assignments away.
    pub(super) fn assigned(&self, objects: &[ObjectRef], assigned: bool) {
        let (app, objects, now) = (self.app, objects.to_vec(), self.now());
        self.write(move |tx| {
            for object in objects {
                if assigned {
                    applications::assign(tx, &operator(), Seq(1), app, object, now)?;
                } else {
                    applications::unassign(tx, &operator(), Seq(1), app, object, now)?;
                }
            }
            Ok(())
        });
    }

    pub(super) fn rename(&self, user: Seq, display_name: &str) {
        self.set(user, "displayName", display_name);
    }

    /// Changes an attribute of a user.
    pub(super) fn set(&self, user: Seq, attribute: &str, value: &str) {
        let (change, now) = (text(ObjectKind::User, attribute, value), self.now());
        self.write(move |tx| users::update(tx, &operator(), Seq(1), user, &[change], now));
    }

    pub(super) fn rename_group(&self, group: Seq, display_name: &str) {
        let change = text(ObjectKind::Group, "displayName", display_name);
        let now = self.now();
        self.write(move |tx| groups::update(tx, &operator(), Seq(1), group, &[change], now));
    }

    pub(super) fn join(&self, group: Seq, user: Seq) {
        let (member, now) = (ObjectRef::user(user), self.now());
        self.write(move |tx| groups::add_member(tx, &operator(), Seq(1), group, member, now));
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Changes the row of the job directly.
    pub(super) fn configure(&self, change: impl FnOnce(&mut Job)) {
        let (key, mut job) = (self.key, self.job());
        change(&mut job);
        self.write(move |tx| Ok(crate::store::jobs::put(tx, key.tenant, &job)?));
    }

    /// Lets this time pass, and runs what becomes due in it, each cycle at its own moment. Returns their number.
    pub(super) fn pass(&self, time: std::time::Duration) -> u64 {
        let end = self.now().plus(time);
        let mut cycles = 0;
        loop {
            let next = super::next_due(&self.context.store.read().unwrap()).unwrap();
            let Some(at) = next.filter(|at| *at <= end) else {
                break;
            };
            self.clock.advance(at.since(self.now()));
            cycles += super::run_due(&self.context, self.now()).unwrap();
        }
        self.clock.advance(end.since(self.now()));
        cycles
    }

    /// Recipients and subjects of the mails about provisioning, oldest first.
    pub(super) fn mails(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let tx = self.context.store.read().unwrap();
        crate::store::mail::walk_back(&tx, |mail| {
            assert_eq!(mail.kind, crate::model::MailKind::Provisioning);
            found.push((mail.to, mail.subject));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        found.reverse();
        found
    }

    /// Saves a Tenant URL and credentials.
    pub(super) fn connect(&self, url: &str, credentials: Credentials) {
        let (url, key, sealer) = (url.to_owned(), self.key, self.context.sealer.clone());
        self.write(move |tx| {
            jobs::save_credentials(tx, &operator(), key, &sealer, &url, Some(&credentials))
        });
    }

    pub(super) fn cycle(&self) -> Cycle {
        run_cycle(&self.context, self.key).unwrap()
    }

    pub(super) fn job(&self) -> Job {
        jobs::get(&self.context.store.read().unwrap(), self.key).unwrap()
    }

    /// Entries of the log, oldest first.
    pub(super) fn log(&self) -> Vec<LogEntry> {
        let mut entries = Vec::new();
        let tx = self.context.store.read().unwrap();
        logs::walk_back(&tx, self.key, None, |entry| -> Result<_> {
            entries.push(entry);
            Ok(std::ops::ControlFlow::Continue(()))
        })
        .unwrap();
        entries.reverse();
        entries
    }

    /// Codes of the entries that are errors or skips, oldest first.
    pub(super) fn codes(&self) -> Vec<String> {
        self.log()
            .into_iter()
            .filter_map(|e| e.error.map(|error| error.error_code))
            .collect()
    }
}

/// Sets an attribute of a user or a group.
pub(super) fn text(kind: ObjectKind, name: &str, value: &str) -> AttributeChange {
    AttributeChange::of_text(kind, name, value).unwrap()
}

//! *Traffic*: what SCIM clients sent and what they were answered, read from the recorder of this process.
//!
//! The operator's room: bodies name the people of every team.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::Room;
use super::super::console::exchange::{Code, Exchange as Shown};
use super::super::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::console::parts::{Fact, Link, Moment, Notice, Pill, Tone, span};
use super::super::console::traffic::{ExchangePage, TrafficPage, TrafficRow, TrafficRows};
use super::ask::PAGE;
use super::{Answered, curl, exact, show};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::lab::traffic::{Body, Exchange, Found, MASK, Recorded, Recorder, StatusClass, Wanted};
use crate::store::{Reads, teams};

const HERE: &str = "/traffic";
/// The rows alone.
pub(super) const LIVE: &str = "/traffic/live";
/// Longest text that is searched for, in characters.
const TEXT: usize = 200;
/// What stands for the key of a request that brought none, or none that opened anything.
const NO_KEY: &str = "Not authenticated";

/// Statuses with their values in the address and their labels.
const STATUSES: [(StatusClass, &str, &str); 3] = [
    (StatusClass::Success, "success", "Success"),
    (StatusClass::Refused, "refused", "Refused (4xx)"),
    (StatusClass::Failed, "failed", "Failed (5xx)"),
];
const METHODS: [(&str, &str); 5] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];
const PATHS: [(&str, &str); 8] = [
    ("/Users", "/Users"),
    ("/Groups", "/Groups"),
    ("/Bulk", "/Bulk"),
    ("/Me", "/Me"),
    ("/.search", "/.search"),
    ("/ServiceProviderConfig", "/ServiceProviderConfig"),
    ("/ResourceTypes", "/ResourceTypes"),
    ("/Schemas", "/Schemas"),
];

/// The query of the list. Unknown parts are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskTraffic {
    q: String,
    page: String,
    method: String,
    status: String,
    key: String,
    team: String,
    path: String,
    /// Set while the tail is followed.
    live: String,
}

impl AskTraffic {
    fn wanted(&self) -> Wanted {
        let chosen = STATUSES.iter().find(|(_, value, _)| *value == self.status);
        Wanted {
            method: self.method.clone(),
            status: chosen.map(|(class, ..)| *class),
            key_name: self.key.clone(),
            team: self.team.parse().ok().map(Seq),
            path: self.path.clone(),
            text: self.text(),
        }
    }

    fn text(&self) -> String {
        self.q.trim().chars().take(TEXT).collect()
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn url(&self) -> ListUrl {
        ListUrl::new(HERE)
            .with("q", &self.text())
            .with("method", &self.method)
            .with("status", &self.status)
            .with("key", &self.key)
            .with("team", &self.team)
            .with("path", &self.path)
            .with("live", if self.live.is_empty() { "" } else { "on" })
    }

    /// The same at another address.
    fn url_at(&self, path: &str) -> String {
        let url = self.url().to_string();
        let query = url.strip_prefix(HERE).unwrap_or_default();
        format!("{path}{query}")
    }
}

/// The list.
pub(super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskTraffic>,
) -> Answered {
    let who = signed.for_page();
    let recorder = app.recorder.clone();
    show(&app, move |tx, now| load(tx, &recorder, &who, &ask, now)).await
}

/// The rows alone, for a page that follows the tail.
pub(super) async fn live(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskTraffic>,
) -> Answered {
    let who = signed.who();
    let recorder = app.recorder.clone();
    show(&app, move |tx, now| rows(tx, &recorder, &who, &ask, now)).await
}

fn load(
    tx: &impl Reads,
    recorder: &Recorder,
    who: &Who,
    ask: &AskTraffic,
    now: Timestamp,
) -> Result<TrafficPage> {
    let names = recorder.key_names();
    let keys: Vec<(&str, &str)> = names.iter().map(|name| (&**name, &**name)).collect();
    let mut named = Vec::new();
    for seq in recorder.teams() {
        named.extend(teams::find(tx, seq)?.map(|team| (seq.to_string(), team.name)));
    }
    let named: Vec<(&str, &str)> = named.iter().map(|(seq, name)| (&**seq, &**name)).collect();
    let url = ask.url();
    let tail = if ask.live.is_empty() {
        Link::new("Live tail", url.with("live", "on").to_string())
    } else {
        Link::new("Stop live tail", url.with("live", "").to_string())
    };
    let mut filter = Filter::new(&url, "Search by path, person, client or request id")
        .select(&url, "method", "Method", &METHODS)
        .select(&url, "status", "Status", &STATUSES.map(|(_, v, l)| (v, l)))
        .select(&url, "key", "Key", &keys)
        .select(&url, "path", "Path", &PATHS);
    if named.len() > 1 || !ask.team.is_empty() {
        filter = filter.select(&url, "team", "Team", &named);
    }
    if !ask.live.is_empty() {
        filter.keep.push(("live", "on".to_owned()));
    }
    Ok(TrafficPage {
        page: who.page(Room::Traffic, "Traffic"),
        lead: "The last 1,000 SCIM requests and their answers, newest first, and the last 100 that were not authenticated. \
               Kept in memory until the appliance stops; secrets are masked."
            .into(),
        tail,
        filter,
        rows: rows(tx, recorder, who, ask, now)?,
    })
}

fn rows(
    tx: &impl Reads,
    recorder: &Recorder,
    who: &Who,
    ask: &AskTraffic,
    now: Timestamp,
) -> Result<TrafficRows> {
    let skip = (ask.page() - 1).saturating_mul(PAGE);
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let found = look(recorder, who.operator()?, &ask.wanted(), skip, size);
    let url = ask.url();
    let rows = found.exchanges.iter().map(|r| row(tx, &r.exchange, now));
    Ok(TrafficRows {
        // Older pages stand still.
        poll: if ask.live.is_empty() || ask.page() > 1 {
            String::new()
        } else {
            ask.url_at(LIVE)
        },
        rows: rows.collect::<Result<_>>()?,
        list: List {
            caption: "Traffic".into(),
            filter: None,
            columns: vec![
                Column::new("Request"),
                Column::new("Status"),
                Column::wide("Key"),
                Column {
                    class: "wide number",
                    ..Column::number("Duration")
                },
                Column::wide("Time"),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("request", "requests"), &url),
            empty: empty(&found, ask, &url),
        },
    })
}

/// Only an operator reads what all teams' clients said.
fn look(
    recorder: &Recorder,
    _operator: &Operator,
    wanted: &Wanted,
    skip: u64,
    size: usize,
) -> Found {
    recorder.list(wanted, skip, size)
}

fn empty(found: &Found, ask: &AskTraffic, url: &ListUrl) -> Empty {
    if found.total > 0 {
        Empty::new(
            "There is no such page",
            "Older requests have made room for newer ones.",
            Link::new("First page", url.to_string()),
        )
    } else if ask.wanted() == Wanted::default() {
        Empty::new(
            "No requests yet",
            "Generate a SCIM API key and let a client use it; every request shows up here.",
            Link::new("SCIM provisioning", "/team/authentication/scim"),
        )
    } else {
        Empty::new(
            "Nothing matches",
            "Try fewer words, or another method, status, key or path.",
            Link::new("Clear the filter", HERE),
        )
    }
}

fn row(tx: &impl Reads, exchange: &Exchange, now: Timestamp) -> Result<TrafficRow> {
    Ok(TrafficRow {
        target: Link::new(exchange.target.as_str(), format!("{HERE}/{}", exchange.id)),
        method: exchange.method.to_string(),
        status: status(exchange),
        key: key(exchange).to_owned(),
        team: team(tx, exchange)?,
        duration: duration(exchange),
        at: Moment::new(exchange.at, now),
    })
}

fn key(exchange: &Exchange) -> &str {
    exchange.client.as_ref().map_or(NO_KEY, |c| &c.key_name)
}

fn team(tx: &impl Reads, exchange: &Exchange) -> Result<String> {
    let team = exchange.client.as_ref().map_or(Seq(0), |c| c.team);
    Ok(teams::find(tx, team)?.map_or_else(String::new, |team| team.name))
}

fn status(exchange: &Exchange) -> Pill {
    let reason = StatusCode::from_u16(exchange.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    Shown::status_pill(exchange.status, reason.unwrap_or_default())
}

fn duration(exchange: &Exchange) -> String {
    match exchange.duration.as_micros() {
        micros @ 0..1_000 => format!("{micros} \u{b5}s"),
        _ => span(exchange.duration),
    }
}

/// One exchange.
pub(super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let found = app.recorder.find(&id);
    show(&app, move |tx, now| {
        let found = found.ok_or_else(|| Error::not_found("Request", &*id))?;
        page(tx, &who, &found, now)
    })
    .await
}

fn page(
    tx: &impl Reads,
    who: &Who,
    recorded: &Arc<Recorded>,
    now: Timestamp,
) -> Result<ExchangePage> {
    let exchange = &recorded.exchange;
    let title = format!("{} {}", exchange.method, exchange.target.path());
    let took = duration(exchange);
    let at = Moment::new(exchange.at, now).text;
    Ok(ExchangePage {
        page: who.page(Room::Traffic, title).under("Traffic", HERE),
        status: status(exchange),
        verdict: match &exchange.client {
            Some(client) => format!(
                "Sent with the key {} {at}, answered in {took}.",
                client.key_name
            ),
            None => format!("Not authenticated; sent {at}, answered in {took}."),
        },
        request_id: exchange.request_id().to_owned(),
        kept: kept(exchange),
        summary: vec![
            Fact::text("Team", team(tx, exchange)?),
            Fact::text("Key", key(exchange)),
            Fact::text("Client", exchange.user_agent()),
            Fact::text("Time", exact(exchange.at)),
            Fact::text("Duration", took),
        ],
        exchange: Shown {
            method: exchange.method.to_string(),
            path: exchange.target.as_str().to_owned(),
            status: status(exchange),
            duration: duration(exchange),
            request_headers: exchange.request_headers.as_str().to_owned(),
            request: code(&exchange.request),
            response_headers: exchange.response_headers.as_str().to_owned(),
            response: code(&exchange.response),
            open: true,
        },
        curl: curl::command(exchange, &who.scim_base),
        curl_note: curl::note(exchange).to_owned(),
    })
}

fn code(body: &Body) -> Code {
    match body {
        Body::Empty => Code::json(""),
        Body::NotKept(why) => Code::json(why.sentence()),
        Body::Kept {
            text,
            size,
            cut: true,
            ..
        } => Code::json(&format!(
            "{text}\n\u{2026} (the first {} of {size} bytes)",
            text.len()
        )),
        Body::Kept { text, .. } => Code::json(text),
    }
}

/// What is shown otherwise than it was sent.
fn kept(exchange: &Exchange) -> Option<Notice> {
    let mut masked: Vec<&str> = Vec::new();
    for name in [&exchange.request, &exchange.response]
        .into_iter()
        .flat_map(Body::masked)
    {
        if !masked.contains(&&**name) {
            masked.push(name);
        }
    }
    if masked.is_empty() {
        return None;
    }
    Some(Notice::new(
        Tone::Info,
        format!("Shown as {MASK}: {}.", masked.join(", ")),
        "The values were replaced before anything was stored; nobody can bring them back.",
    ))
}

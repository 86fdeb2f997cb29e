//! *Reports > System Log*: the list, newest first, and one event.
//!
//! A search reads so many events at most and then says where it stopped.

use actix_web::web;
use serde::Deserialize;

use super::{app_of, group_of, show_org, user_of};
use crate::clock::Timestamp;
use crate::directory::okta::events::{self, EventType};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::okta::{EventResult, EventTarget, Org, SystemEvent};
use crate::store::okta::events::{self as rows, Condition, Found, Order};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::exchange::Code;
use crate::web::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use crate::web::console::okta::system_log::{
    EventPage, EventRow, SystemLogPage, Target, result_pill,
};
use crate::web::console::parts::{Fact, Link, Moment};
use crate::web::okta::Shapes;
use crate::web::rooms::ask::{PAGE, TEXT};
use crate::web::rooms::{Answered, entra, exact};

/// The list.
pub(super) const HERE: &str = "/okta/system-log";
/// Events that one page reads at most.
const READS: usize = 20_000;
const RESULTS: [(EventResult, &str); 3] = [
    (EventResult::Success, "Success"),
    (EventResult::Failure, "Failure"),
    (EventResult::Skipped, "Skipped"),
];

/// What the address of the list asks for. Bad values count as absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskEvents {
    q: String,
    event: String,
    result: String,
    transaction: String,
    before: String,
}

impl AskEvents {
    fn text(&self) -> String {
        self.q.trim().chars().take(TEXT).collect()
    }

    fn kind(&self) -> Option<EventType> {
        let mut all = EventType::ALL.iter();
        all.find(|kind| kind.name() == self.event).copied()
    }

    fn result(&self) -> Option<EventResult> {
        let mut all = RESULTS.iter();
        all.find(|(result, _)| result.name() == self.result)
            .map(|(result, _)| *result)
    }

    /// `transaction.id`, which all events of a job have.
    fn transaction(&self) -> &str {
        self.transaction.trim()
    }

    /// The position that the page is behind, by the id of the event there: a page of another org that was left open
    /// leads to no other place of this log.
    fn before(&self, tx: &impl Reads, org: &Org) -> Option<Seq> {
        let uuid = self.before.parse::<Guid>().ok()?;
        events::position(tx.mix(), org.seq, &uuid)
    }

    fn url(&self) -> ListUrl {
        ListUrl::new(HERE)
            .with("q", &self.text())
            .with("event", self.kind().map_or("", EventType::name))
            .with("result", self.result().map_or("", EventResult::name))
            .with("transaction", self.transaction())
    }

    fn bar(&self) -> Filter {
        let url = self.url();
        let kinds: Vec<(&str, &str)> = EventType::ALL
            .iter()
            .map(|kind| (kind.name(), kind.name()))
            .collect();
        let results = RESULTS.map(|(result, label)| (result.name(), label));
        Filter::new(&url, "Search by target: name, username or id")
            .select(&url, "event", "Event type", &kinds)
            .select(&url, "result", "Result", &results)
            .kept(&url, "transaction", "Events of one job")
    }

    /// The page of events behind a position.
    fn find(&self, tx: &impl Reads, org: &Org, order: Order, behind: Option<Seq>) -> Result<Found> {
        let needle = self.text().to_lowercase();
        let job = self.transaction();
        let kind = self.kind().map(|kind| vec![kind.name().to_owned()]);
        let wanted: Vec<Condition> = kind
            .map(Condition::Types)
            .into_iter()
            .chain(self.result().map(|result| Condition::Results(vec![result])))
            .collect();
        let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let bounds = (limit, READS);
        let fits = |event: &SystemEvent| {
            (job.is_empty() || event.transaction == job)
                && (needle.is_empty() || event.targets.iter().any(|t| is_meant(t, &needle)))
        };
        Ok(rows::search_for(
            tx, org.seq, &wanted, order, behind, bounds, fits,
        )?)
    }
}

fn is_meant(target: &EventTarget, needle: &str) -> bool {
    let parts = [&target.display_name, &target.alternate_id, &target.id];
    parts
        .iter()
        .any(|part| part.to_lowercase().contains(needle))
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskEvents>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, &ask, now)
    })
    .await
}

fn to(tx: &impl Reads, org: &Org, url: &ListUrl, before: Option<Seq>) -> String {
    let before = before.map(|position| events::uuid(tx.mix(), org.seq, position).to_string());
    let before = before.unwrap_or_default();
    url.with("before", &before).to_string()
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    ask: &AskEvents,
    now: Timestamp,
) -> Result<SystemLogPage> {
    let before = ask.before(tx, org);
    let found = ask.find(tx, org, Order::NewestFirst, before)?;
    let url = ask.url();
    let unfinished = (found.events.len() as u64) < PAGE && found.next.is_some();
    let empty = if unfinished {
        Empty::new(
            "Nothing among the newest events",
            "The log is long, so it is searched a part at a time.",
            Link::new("Search further", to(tx, org, &url, found.next)),
        )
    } else if url != ListUrl::new(HERE) || before.is_some() {
        Empty::no_match(&url)
    } else {
        Empty::new(
            "Nothing happened yet",
            "Everything that is done in this org, and everything it sends, leaves an event here.",
            Link::plain(""),
        )
    };
    Ok(SystemLogPage {
        page: who.page(Room::SystemLog, "System Log"),
        rows: found
            .events
            .iter()
            .map(|event| row(tx, org, event, now))
            .collect(),
        list: List {
            caption: "System Log".into(),
            filter: Some(ask.bar()),
            columns: vec![
                Column::new("Event"),
                Column::wide("Actor"),
                Column::wide("Targets"),
                Column::new("Result"),
                Column::wide("Time"),
            ],
            pager: Pager {
                summary: summary(found.events.len(), before.is_some(), unfinished),
                previous: previous(tx, org, (ask, before), &url, &found)?,
                next: found
                    .next
                    .map_or_else(String::new, |next| to(tx, org, &url, Some(next))),
            },
            empty,
        },
    })
}

fn summary(count: usize, further: bool, unfinished: bool) -> String {
    let which = if further { "older" } else { "newest" };
    let noun = if count == 1 { "event" } else { "events" };
    let rest = if unfinished {
        "; older ones were not looked at yet"
    } else {
        ""
    };
    format!("{count} {which} {noun}{rest}")
}

/// The address of the page of newer events; empty on the first.
fn previous(
    tx: &impl Reads,
    org: &Org,
    (ask, before): (&AskEvents, Option<Seq>),
    url: &ListUrl,
    found: &Found,
) -> Result<String> {
    let Some(before) = before else {
        return Ok(String::new());
    };
    let first = found
        .events
        .first()
        .map_or(Seq(before.0.saturating_sub(1)), |e| e.seq);
    let newer = ask.find(tx, org, Order::OldestFirst, Some(first))?;
    Ok(match (newer.next, newer.events.last()) {
        // The page ends before the one behind its newest event.
        (Some(_), Some(newest)) => to(tx, org, url, Some(Seq(newest.seq.0.saturating_add(1)))),
        _ => to(tx, org, url, None),
    })
}

/// An event as lists show it.
pub(super) fn row(tx: &impl Reads, org: &Org, event: &SystemEvent, now: Timestamp) -> EventRow {
    let uuid = events::uuid(tx.mix(), org.seq, event.seq);
    // An account has the name of its person, and a pushed group mostly that of its group.
    let mut targets: Vec<String> = Vec::new();
    for target in &event.targets {
        if !targets.contains(&target.display_name) {
            targets.push(target.display_name.clone());
        }
    }
    EventRow {
        message: Link::new(&event.message, format!("{HERE}/{uuid}")),
        kind: event.event_type.clone(),
        actor: event.actor.display_name.clone(),
        targets,
        result: result_pill(event.outcome.result.name()),
        reason: event.outcome.reason.clone().unwrap_or_default(),
        at: Moment::new(event.published, now),
    }
}

/// One event.
pub(in crate::web::rooms) async fn event(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load_event(tx, who, org, &id)
    })
    .await
}

fn load_event(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<EventPage> {
    let unknown = || Error::not_found("Event", "");
    let uuid = id.parse::<Guid>().map_err(|_| unknown())?;
    let position = events::position(tx.mix(), org.seq, &uuid).ok_or_else(unknown)?;
    let event = rows::find(tx, org.seq, position)?.ok_or_else(unknown)?;
    let exchanges = rows::exchanges(tx, org.seq, position)?;
    // No address stands in an event, so that of the management API need not be known.
    let json = Shapes::new(tx, org.seq, "").event(&event);
    Ok(EventPage {
        page: who
            .page(Room::SystemLog, &event.message)
            .under("System Log", HERE),
        result: result_pill(event.outcome.result.name()),
        reason: event.outcome.reason.clone().unwrap_or_default(),
        facts: facts(&event),
        targets: event.targets.iter().map(|t| target(tx, org, t)).collect(),
        job: of_job(&event),
        json: Code::json(&json.to_string()),
        exchanges: entra::exchanges_shown(&exchanges, ""),
    })
}

fn facts(event: &SystemEvent) -> Vec<Fact> {
    let kind = if event.in_background { "JOB" } else { "WEB" };
    let of_kind = ListUrl::new(HERE).with("event", &event.event_type);
    vec![
        Fact::link("Event type", &event.event_type, of_kind.to_string()),
        Fact::text("Time", exact(event.published)),
        Fact::text("Actor", &event.actor.display_name),
        Fact::text("Severity", event.severity.name()),
        Fact::text("Transaction type", kind),
        Fact::link("Transaction ID", &event.transaction, of_job(event)),
    ]
}

/// The list of what belongs to the same job; empty where there is none.
fn of_job(event: &SystemEvent) -> String {
    if event.transaction.is_empty() {
        return String::new();
    }
    let list = ListUrl::new(HERE).with("transaction", &event.transaction);
    list.to_string()
}

/// A target with its page, where there still is one.
fn target(tx: &Snapshot, org: &Org, target: &EventTarget) -> Target {
    let id = &target.id;
    let (room, there) = match target.kind.as_str() {
        "User" => (super::people::HERE, user_of(tx, org, id).is_ok()),
        "UserGroup" | "AppGroup" => (super::groups::HERE, group_of(tx, org, id).is_ok()),
        "AppInstance" => (super::applications::HERE, app_of(tx, org, id).is_ok()),
        _ => ("", false),
    };
    let address = if there {
        format!("{room}/{id}")
    } else {
        String::new()
    };
    Target {
        name: Link::new(&target.display_name, address),
        kind: target.kind.clone(),
        alternate_id: target.alternate_id.clone(),
        id: id.clone(),
    }
}

//! The management API of the mock Okta with many people: every page of `/users`, and searches of a long System Log.

use std::path::Path;
use std::time::Duration;

use scimlab::clock::{Clock as _, Stopwatch, SystemClock};
use scimlab::id::{OktaId, OktaKind, Seq};
use scimlab::model::okta::{
    CredentialProvider, EventActor, EventOutcome, EventResult, EventSeverity, EventTarget,
    OktaUser, SystemEvent, UserStatus,
};
use scimlab::store::okta::{events, orgs, users};
use scimlab::store::{self, Options, Reads as _, Store};
use serde_json::Value;
use ureq::Agent;

use super::{progress, user_name};

/// People per write.
const CHUNK: u64 = 5_000;
/// Events about each person.
const EVENTS: u64 = 10;
/// Pages at either end whose times are told apart.
const ENDS: usize = 25;
/// People whose events are searched for.
const SEARCHES: u64 = 50;

/// Adds people up to `people` to the first org of a data directory, and events about each. The appliance must have been
/// started on it once, with `SCIMLAB_OKTA_TOKEN`, and must not be running.
pub(super) fn seed(directory: &Path, people: u64) -> Result<(), String> {
    let store = Store::open(&Options::new(directory)).map_err(|e| e.to_string())?;
    let snapshot = store.read().map_err(|e| e.to_string())?;
    let org = orgs::all(&snapshot).map_err(|e| e.to_string())?;
    let org = org.first().ok_or("there is no org")?.seq;
    let there = users::count(&snapshot, org).map_err(|e| e.to_string())?;
    drop(snapshot);
    let bar = progress("people", people);
    for first in (there..people).step_by(usize::try_from(CHUNK).unwrap_or(usize::MAX)) {
        let last = people.min(first + CHUNK);
        store
            .write(move |tx| add(tx, org, first..last))
            .map_err(|error: store::Error| error.to_string())?;
        bar.inc(last - first);
    }
    bar.finish();
    Ok(())
}

fn add(tx: &store::Write<'_>, org: Seq, numbers: std::ops::Range<u64>) -> Result<(), store::Error> {
    let now = SystemClock.now();
    let actor = EventActor {
        id: OktaId::of_row(tx.mix(), OktaKind::User, org, Seq(0)).to_string(),
        kind: "SystemPrincipal".into(),
        alternate_id: "system@okta.com".into(),
        display_name: "Okta System".into(),
    };
    for number in numbers {
        let name = user_name(number);
        let profile = [
            ("login", name.as_str()),
            ("email", &name),
            ("firstName", "Load"),
            ("lastName", &name),
        ];
        let seq = users::next_seq(tx, org)?;
        let user = OktaUser {
            seq,
            status: UserStatus::Active,
            profile: profile
                .map(|(name, text)| (name.to_owned(), text.into()))
                .into(),
            provider: CredentialProvider::Okta,
            password: None,
            recovery_question: None,
            created: now,
            activated: Some(now),
            status_changed: Some(now),
            last_updated: now,
            password_changed: None,
        };
        users::put(tx, org, &user)?;
        let event = SystemEvent {
            seq: Seq(0),
            published: now,
            event_type: "user.account.update_profile".into(),
            message: "Update user profile for Okta".into(),
            severity: EventSeverity::Info,
            outcome: EventOutcome {
                result: EventResult::Success,
                reason: None,
            },
            actor: actor.clone(),
            targets: vec![EventTarget {
                id: OktaId::of_row(tx.mix(), OktaKind::User, org, seq).to_string(),
                kind: "User".into(),
                alternate_id: name.clone(),
                display_name: name,
            }],
            in_background: true,
            transaction: String::new(),
            sent: false,
        };
        for _ in 0..EVENTS {
            events::append(tx, org, event.clone(), Vec::new())?;
        }
    }
    Ok(())
}

/// Reads every page of `/users` as its links lead, then the events of some people, and prints how long it took.
pub(super) fn measure(base: &str, token: &str) -> Result<(), String> {
    let base = base.trim_end_matches('/');
    let agent = Agent::config_builder()
        .timeout_recv_response(Some(Duration::from_mins(1)))
        .proxy(None)
        .build()
        .new_agent();
    let get = |url: &str| -> Result<(Duration, Vec<Value>, Option<String>), String> {
        let watch = Stopwatch::start();
        let mut response = agent
            .get(url)
            .header("Authorization", format!("SSWS {token}"))
            .call()
            .map_err(|e| format!("{url}: {e}"))?;
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|e| e.to_string())?;
        let took = watch.elapsed();
        let next = response
            .headers()
            .get_all("link")
            .iter()
            .filter_map(|link| link.to_str().ok()?.strip_suffix(">; rel=\"next\""))
            .map(|link| link.trim_start_matches('<').to_owned())
            .next();
        let items = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        Ok((took, items, next))
    };
    let (mut pages, mut ids) = (Vec::new(), Vec::new());
    let mut next = Some(format!("{base}/users?limit=200"));
    let watch = Stopwatch::start();
    while let Some(url) = next {
        let (took, items, following) = get(&url)?;
        pages.push(took);
        ids.extend(
            items
                .iter()
                .filter_map(|user| Some(user["id"].as_str()?.to_owned())),
        );
        next = following;
    }
    let all = watch.elapsed();
    println!("{} people on {} pages in {all:.1?}", ids.len(), pages.len());
    if pages.len() >= 3 * ENDS {
        let (first, rest) = pages.split_at(ENDS);
        let (middle, last) = rest.split_at(rest.len() - ENDS);
        for (which, times) in [("first", first), ("other", middle), ("last", last)] {
            print(&format!("{which} {} pages", times.len()), times);
        }
    }
    let mut searches = Vec::new();
    let step = (ids.len() / usize::try_from(SEARCHES).unwrap_or(1)).max(1);
    for id in ids.iter().step_by(step) {
        let url = format!("{base}/logs?limit=100&filter=target.id%20eq%20%22{id}%22");
        let (mut took, mut events, mut next) = get(&url)?;
        while let Some(url) = next.take_if(|_| events.len() < usize::try_from(EVENTS).unwrap_or(0))
        {
            let (more, found, following) = get(&url)?;
            took += more;
            events.extend(found);
            next = following;
        }
        if events.len() < usize::try_from(EVENTS).unwrap_or(0) {
            return Err(format!("{id} has {} events", events.len()));
        }
        searches.push(took);
    }
    print(
        &format!("events of one person, {} searches", searches.len()),
        &searches,
    );
    Ok(())
}

fn print(what: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1));
    let told = |percent| at(percent).map_or(0.0, |took| took.as_secs_f64() * 1_000.0);
    println!(
        "{what}: p50 {:.2} ms, p90 {:.2} ms, most {:.2} ms",
        told(50),
        told(90),
        told(100)
    );
}

//! `GET /logs`: the System Log (parts 2.11 and 7.2 of the Okta reference).

use std::time::Duration;

use serde_json::Value;

use super::call::{Answered, Call};
use super::failure::OktaFailure;
use super::filter::Filter;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::EventResult;
use crate::store::okta::events::{self, Condition, Order};

/// Events a page, and most of them.
const PAGE: usize = 100;
const MOST: usize = 1000;
/// Events that are looked at for one page before it ends early.
const SCANNED: usize = 50_000;
/// How far back is looked when nobody says.
const DEFAULT: Duration = Duration::from_hours(7 * 24);

/// What the query asks for.
struct Asked {
    since: Timestamp,
    until: Option<Timestamp>,
    order: Order,
    after: Option<Seq>,
    limit: usize,
    filter: Option<Filter>,
    words: Vec<String>,
}

impl Asked {
    fn read(call: &Call, now: Timestamp) -> Result<Self, OktaFailure> {
        let moment = |name: &str| {
            call.query(name)
                .map(|text| {
                    Timestamp::parse(text)
                        .map_err(|why| OktaFailure::Parameter(format!("{name}: {why}")))
                })
                .transpose()
        };
        let order = match call
            .query("sortOrder")
            .map(str::to_ascii_uppercase)
            .as_deref()
        {
            None | Some("ASCENDING") => Order::OldestFirst,
            Some("DESCENDING") => Order::NewestFirst,
            Some(_) => {
                let sentence = "sortOrder is ASCENDING or DESCENDING";
                return Err(OktaFailure::Parameter(sentence.into()));
            }
        };
        let after = call
            .query("after")
            .map(|text| u64::from_str_radix(text, 16).map(Seq))
            .transpose()
            .map_err(|_| OktaFailure::Parameter("after is no cursor".into()))?;
        let words = call.query("q").unwrap_or_default();
        Ok(Self {
            since: moment("since")?.unwrap_or_else(|| now.minus(DEFAULT)),
            until: moment("until")?,
            order,
            after,
            limit: call.limit(PAGE, MOST)?,
            filter: call.filter(&["filter"])?,
            words: words.split_whitespace().map(str::to_lowercase).collect(),
        })
    }
}

/// `GET /logs`. Without `until` a list that is read forwards has no end: it links to what will come.
pub(super) async fn list(call: Call) -> Answered {
    let Asked {
        since,
        until,
        order,
        after,
        limit,
        filter,
        words,
    } = Asked::read(&call, call.app.now())?;
    let polls = until.is_none() && order == Order::OldestFirst;
    call.cut(move |org| {
        let bounds = (limit, SCANNED);
        let mut wanted = vec![Condition::Since(since)];
        wanted.extend(until.map(Condition::Until));
        wanted.extend(filter.iter().flat_map(conditions));
        let found = events::search_for(org.tx, org.row, &wanted, order, after, bounds, |event| {
            if filter.is_none() && words.is_empty() {
                return true;
            }
            let shown = org.shapes.event(event);
            filter.as_ref().is_none_or(|filter| filter.fits(&shown))
                && words.iter().all(|word| says(&shown, word))
        })?;
        let items = found.events.iter().map(|event| org.shapes.event(event));
        let last = found.events.last().map(|event| event.seq).or(after);
        let next = found.next.or(if polls { last } else { None });
        Ok((items.collect(), next.map(|next| format!("{:016x}", next.0))))
    })
    .await
}

/// What every event that fits a filter has, of what events are looked up by.
fn conditions(filter: &Filter) -> Vec<Condition> {
    let texts = |name: &str| {
        let sought = filter.sought(name)?;
        Some(sought.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let results = texts("outcome.result").map(|texts| {
        [
            EventResult::Success,
            EventResult::Failure,
            EventResult::Skipped,
        ]
        .into_iter()
        .filter(|result| {
            let name = result.name();
            texts.iter().any(|text| text.eq_ignore_ascii_case(name))
        })
        .collect()
    });
    [
        texts("eventType").map(Condition::Types),
        texts("actor.id").map(Condition::Actors),
        texts("target.id").map(Condition::Targets),
        results.map(Condition::Results),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `q`: a value of the event has the word in it, which is in lower case.
fn says(shown: &Value, word: &str) -> bool {
    match shown {
        Value::String(text) => text.to_lowercase().contains(word),
        Value::Array(elements) => elements.iter().any(|element| says(element, word)),
        Value::Object(members) => members.values().any(|member| says(member, word)),
        _ => false,
    }
}

//! `GET /logs`: the System Log (parts 2.11 and 7.2 of the Okta reference).

use std::time::Duration;

use actix_web::web;

use super::call::{Answered, Call, Reply};
use super::failure::OktaFailure;
use super::filter::Filter;
use super::shapes::Shapes;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::store::okta::events::{self, Order};
use crate::web::App;

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
        let filter = call.query("filter").map(str::parse).transpose();
        let words = call.query("q").unwrap_or_default();
        Ok(Self {
            since: moment("since")?.unwrap_or_else(|| now.minus(DEFAULT)),
            until: moment("until")?,
            order,
            after,
            limit: call.limit(PAGE, MOST)?,
            filter: filter.map_err(OktaFailure::Parameter)?,
            words: words.split_whitespace().map(str::to_lowercase).collect(),
        })
    }
}

/// `GET /logs`. Without `until` a list that is read forwards has no end: it links to what will come.
pub(super) async fn list(app: web::Data<App>, call: Call) -> Answered {
    let asked = Asked::read(&call, app.now())?;
    let polls = asked.until.is_none() && asked.order == Order::OldestFirst;
    let before = asked.after;
    let (org, base) = (call.org(), call.base.clone());
    let (items, next) = app
        .scan(move |app| -> Result<_, OktaFailure> {
            let tx = app.store.read()?;
            let shapes = Shapes::new(&tx, org, &base);
            let Asked {
                since,
                until,
                order,
                after,
                limit,
                filter,
                words,
            } = asked;
            let found = events::search(&tx, org, order, after, (limit, SCANNED), |event| {
                if event.published < since || until.is_some_and(|until| event.published >= until) {
                    return false;
                }
                if filter.is_none() && words.is_empty() {
                    return true;
                }
                let shown = shapes.event(event);
                let said = || shown.to_string().to_lowercase();
                filter.as_ref().is_none_or(|filter| filter.fits(&shown))
                    && (words.is_empty() || {
                        let said = said();
                        words.iter().all(|word| said.contains(word))
                    })
            })?;
            let items: Vec<_> = found
                .events
                .iter()
                .map(|event| shapes.event(event))
                .collect();
            let last = found.events.last().map(|event| event.seq);
            Ok((
                items,
                found.next.or(if polls { last.or(before) } else { None }),
            ))
        })
        .await?;
    let next = next.map(|next| format!("{:016x}", next.0));
    Ok(Reply::page(items, call.links(next.as_deref())))
}

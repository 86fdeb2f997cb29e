//! A page of a list: what fits, up to `$top`, and where the next one goes on.

use serde_json::Value;

use super::super::answer::{collection, entity};
use super::super::call::Call;
use super::super::failure::GraphFailure;
use super::described::{self, selected};
use super::query::{Query, Select};
use super::refused::unsupported;

/// Objects that are read at most to fill a page; the next one goes on there, as an empty page if need be.
const READS: usize = 50_000;
/// Objects that are read at once while they are held against a filter.
const STEP: usize = 500;

type Result<T> = std::result::Result<T, GraphFailure>;

/// An item with the token behind which a page goes on; none when it is not to be seen.
pub(super) type Row<T> = (String, Option<T>);

/// What was found.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// In order.
    pub(super) items: Vec<T>,
    /// Where the next page goes on.
    pub(super) next: Option<String>,
}

/// The page that was asked for.
pub(super) fn page<T>(
    query: &Query,
    shown: impl Fn(&T) -> Value,
    mut source: impl FnMut(Option<&str>, usize) -> Result<Vec<Row<T>>>,
) -> Result<Page<T>> {
    let mut items = Vec::new();
    let mut last = query.after.clone();
    let mut reads = 0;
    loop {
        let step = match query.filter {
            Some(_) => STEP,
            // One more, to see whether there is one.
            None => query.top + 1 - items.len(),
        };
        let read = source(last.as_deref(), step)?;
        let ended = read.len() < step;
        reads += read.len();
        for (token, item) in read {
            if let Some(item) = item.filter(|item| fits(query, || shown(item))) {
                if items.len() == query.top {
                    return Ok(Page { items, next: last });
                }
                items.push(item);
            }
            last = Some(token);
        }
        if ended {
            return Ok(Page { items, next: None });
        }
        if reads >= READS {
            return Ok(Page { items, next: last });
        }
    }
}

/// How many there are.
pub(super) fn count<T>(
    query: &Query,
    shown: impl Fn(&T) -> Value,
    mut source: impl FnMut(Option<&str>, usize) -> Result<Vec<Row<T>>>,
) -> Result<u64> {
    let (mut last, mut count) = (None, 0);
    loop {
        let read = source(last.as_deref(), STEP)?;
        let ended = read.len() < STEP;
        for (token, item) in read {
            let seen = item.is_some_and(|item| fits(query, || shown(&item)));
            count += u64::from(seen);
            last = Some(token);
        }
        if ended {
            return Ok(count);
        }
    }
}

fn fits(query: &Query, shown: impl FnOnce() -> Value) -> bool {
    let filter = query.filter.as_ref();
    filter.is_none_or(|filter| filter.fits(&shown()))
}

/// A source of items that are all at hand, in the order of their tokens.
pub(super) fn of_all<T: Clone>(
    all: &[(String, T)],
) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<T>>> {
    |after: Option<&str>, limit: usize| {
        let before = |token: &str| after.is_some_and(|after| token <= after);
        let first = all.partition_point(|(token, _)| before(token));
        let read = all[first..].iter().take(limit);
        Ok(read
            .map(|(token, item)| (token.clone(), Some(item.clone())))
            .collect())
    }
}

/// The token of a row: rows in order have tokens in order.
pub(super) fn token(row: u64) -> String {
    format!("{row:020}")
}

/// The row of a token.
pub(super) fn row(token: &str) -> Result<u64> {
    token.parse().map_err(|_| expired())
}

/// A token that none of ours is.
pub(super) fn expired() -> GraphFailure {
    GraphFailure::Bad(
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request."
            .into(),
    )
}

/// A list as it is answered: a page of what a source has, and how many there are where that is asked for. `full` is what an
/// item is held against a filter with, `shown` what is answered of it.
pub(super) fn listed<T>(
    call: &Call,
    context: &str,
    query: &Query,
    (full, shown): (impl Fn(&T) -> Value, impl Fn(&T) -> Result<Value>),
    source: impl FnMut(Option<&str>, usize) -> Result<Vec<Row<T>>>,
    number: impl FnOnce() -> Result<u64>,
) -> Result<Value> {
    let counted = query.count.then(number).transpose()?;
    let found = page(query, full, source)?;
    let items = found.items.iter().map(shown).collect::<Result<_>>()?;
    let next = found.next.as_deref();
    Ok(collection(call, context, items, next, counted))
}

/// What `$select` leaves of a value.
pub(super) fn shown(full: Value, select: &Select) -> Value {
    match (full, select) {
        (Value::Object(full), Some(names)) if !names.iter().any(|name| name == "*") => names
            .iter()
            .map(|name| (name.clone(), full.get(name).cloned().unwrap_or_default()))
            .collect(),
        (full, _) => full,
    }
}

/// One value of a set.
pub(super) fn one(call: &Call, set: &str, query: &Query, full: Value) -> Value {
    let object = shown(full, &query.select);
    entity(call, &described::one(set, &query.select), object)
}

/// A list of values of a set that are all at hand, each with a token by which they are ordered.
pub(super) fn whole(
    call: &Call,
    set: &str,
    query: &Query,
    mut all: Vec<(String, Value)>,
) -> Result<Value> {
    if query.expand.is_some() {
        return Err(unsupported("$expand is not supported here."));
    }
    if query.order.is_some_and(|order| order.descending) {
        return Err(unsupported("Sorting not supported for current query."));
    }
    if let Some(order) = query.order {
        let key = |value: &Value| value[order.by].as_str().unwrap_or_default().to_lowercase();
        for (token, value) in &mut all {
            *token = format!("{}\u{0}{token}", key(value));
        }
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let shown = |value: &Value| Ok(shown(value.clone(), &query.select));
    listed(
        call,
        &selected(set, &query.select),
        query,
        (Value::clone, shown),
        of_all(&all),
        || count(query, Value::clone, of_all(&all)),
    )
}

//! A page of a list: what fits, up to `$top`, and where the next one goes on.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::failure::GraphFailure;
use super::query::Query;
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

/// The answer with a page.
pub(super) fn answer(
    call: &Call,
    context: &str,
    items: Vec<Value>,
    next: Option<&str>,
    count: Option<u64>,
) -> Value {
    let mut body = json!({ "@odata.context": context_of(call, context) });
    if let Some(count) = count {
        body["@odata.count"] = json!(count);
    }
    if let Some(next) = next {
        body["@odata.nextLink"] = json!(call.next_link(next));
    }
    body["value"] = Value::Array(items);
    body
}

/// A list of values that are all at hand, each with a token by which they are ordered.
pub(super) fn whole(
    call: &Call,
    context: &str,
    query: &Query,
    mut all: Vec<(String, Value)>,
    shown: impl Fn(Value) -> Value,
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
    let counted = query
        .count
        .then(|| count(query, Value::clone, of_all(&all)))
        .transpose()?;
    let found = page(query, Value::clone, of_all(&all))?;
    let items = found.items.into_iter().map(shown).collect();
    Ok(answer(call, context, items, found.next.as_deref(), counted))
}

/// `@odata.context`.
pub(in crate::web::graph) fn context_of(call: &Call, context: &str) -> String {
    format!("{}/$metadata#{context}", call.base)
}

/// One object with its context in front.
pub(in crate::web::graph) fn entity(call: &Call, context: &str, object: Value) -> Value {
    let mut body = json!({ "@odata.context": context_of(call, context) });
    if let (Value::Object(body), Value::Object(object)) = (&mut body, object) {
        body.extend(object);
    }
    body
}

//! Answers of the synchronization API: what `$select`, `$filter`, `$top`, `$skip` and `$count` say of values that are all at
//! hand. Options that are not among them are ignored, as Graph does with many.

use std::convert::Infallible;

use serde_json::{Map, Value};

use super::super::answer::{self, selected};
use super::super::call::{Call, Reply, bad};
use super::super::failure::GraphFailure;
use super::super::odata::Filter;

/// Entities of a page at most.
const PAGE: usize = 100;

/// An entity or a complex value, 200.
pub(super) fn entity(call: &Call, context: &str, value: Value) -> Reply {
    Reply::ok(&in_context(call, context, value))
}

/// The same, not yet an answer.
pub(super) fn in_context(call: &Call, context: &str, value: Value) -> Value {
    answer::entity(call, context, selected(call, value))
}

/// A page of a collection.
///
/// # Errors
/// A `$filter`, `$top` or `$skiptoken` that cannot be understood.
pub(super) fn collection(
    call: &Call,
    context: &str,
    mut items: Vec<Value>,
) -> Result<Reply, GraphFailure> {
    if let Some(text) = call.option("filter") {
        let filter = Filter::read(text)?;
        items.retain(|item| fits(&filter, item));
    }
    let number = |name: &str| match call.option(name).map(str::parse::<usize>) {
        None => Ok(0),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(bad(&format!("${name} is a whole number."))),
    };
    let (count, top) = (items.len(), call.top(PAGE, PAGE)?);
    let skipped = number("skip")?;
    let start = skipped.saturating_add(number("skiptoken")?);
    let page = items.into_iter().skip(start).take(top);
    let page: Vec<Value> = page.map(|item| selected(call, item)).collect();
    let end = start.saturating_add(page.len());
    let next = (end < count).then(|| (end - skipped).to_string());
    let counted = call.counts().then_some(count as u64);
    let body = answer::collection(call, context, page, next.as_deref(), counted);
    Ok(Reply::ok(&body))
}

/// Whether an item fits; names of its members are understood in any case.
fn fits(filter: &Filter, item: &Value) -> bool {
    let members = || item.as_object().into_iter().flat_map(Map::keys);
    let spelled = |name: &str| {
        let known = members().find(|known| known.eq_ignore_ascii_case(name));
        Ok::<_, Infallible>(known.map_or(name, String::as_str).to_owned())
    };
    let Ok(filter) = filter.clone().with_names(&spelled);
    filter.fits(item)
}

/// Whether `$expand` names a navigation property.
pub(super) fn expands(call: &Call, name: &str) -> bool {
    let mut expanded = call.option("expand").unwrap_or_default().split(',');
    expanded.any(|known| known.trim().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_filtered_by_what_they_have_whatever_its_case() {
        let item = json!({ "templateId": "scim", "default": true, "name": "it's" });
        let has = |text: &str| Filter::read(text).ok().map(|filter| fits(&filter, &item));
        for text in [
            "templateId eq 'scim'",
            "templateid EQ  'scim'",
            "name eq 'it''s' and default eq true",
            "startswith(templateId,'sc')",
        ] {
            assert_eq!(has(text), Some(true), "{text}");
        }
        for text in ["templateId eq 'x'", "other eq 'scim'", "default eq false"] {
            assert_eq!(has(text), Some(false), "{text}");
        }
        for text in ["", "a", "a eq", "a eq 'b"] {
            assert_eq!(has(text), None, "{text}");
        }
    }
}

//! Answers as `OData` has them: `@odata.context` in front, `value`, and what `$select`, `$filter`, `$top`, `$skip` and
//! `$count` say. Options that are not among them are ignored, as Graph does with many.

use serde_json::{Value, json};

use super::super::call::{Call, Reply, bad};
use super::super::directory::page::{self, context_of};
use super::super::failure::GraphFailure;

/// Entities of a page at most.
const PAGE: usize = 100;

/// An entity or a complex value, 200.
pub(super) fn entity(call: &Call, context: &str, value: Value) -> Reply {
    Reply::ok(&in_context(call, context, value))
}

/// The same, not yet an answer.
pub(super) fn in_context(call: &Call, context: &str, value: Value) -> Value {
    page::entity(call, context, selected(call, value))
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
    if let Some(filter) = call.option("filter") {
        let wanted = Equal::read(filter)?;
        items.retain(|item| wanted.fits(item));
    }
    let number = |name: &str| match call.option(name).map(str::parse::<usize>) {
        None => Ok(0),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(bad(&format!("${name} is a whole number."))),
    };
    let (count, top) = (items.len(), call.top(PAGE, PAGE)?);
    let start = number("skip")?.saturating_add(number("skiptoken")?);
    let page = items.into_iter().skip(start).take(top);
    let page: Vec<Value> = page.map(|item| selected(call, item)).collect();
    let end = start.saturating_add(page.len());
    let mut body = json!({ "@odata.context": context_of(call, context) });
    if call
        .option("count")
        .is_some_and(|wanted| wanted.eq_ignore_ascii_case("true"))
    {
        body["@odata.count"] = json!(count);
    }
    body["value"] = Value::Array(page);
    if end < count {
        let skipped = number("skip")?;
        let next = call.next_link(&(end - skipped).to_string());
        body["@odata.nextLink"] = json!(next);
    }
    Ok(Reply::ok(&body))
}

/// Whether `$expand` names a navigation property.
pub(super) fn expands(call: &Call, name: &str) -> bool {
    let mut expanded = call.option("expand").unwrap_or_default().split(',');
    expanded.any(|known| known.trim().eq_ignore_ascii_case(name))
}

/// Only the members that `$select` names; all without.
fn selected(call: &Call, item: Value) -> Value {
    let (Some(names), Value::Object(members)) = (call.option("select"), &item) else {
        return item;
    };
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    let wanted = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let kept = members
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| (name.clone(), value.clone()));
    Value::Object(kept.collect())
}

/// `name eq 'value'`.
#[derive(Debug, PartialEq, Eq)]
struct Equal {
    name: String,
    value: String,
}

impl Equal {
    fn read(filter: &str) -> Result<Self, GraphFailure> {
        let parts = filter
            .split_once(' ')
            .and_then(|(name, rest)| Some((name, rest.trim_start().split_once(' ')?)));
        let value = match parts {
            Some((name, (operator, value))) if operator.eq_ignore_ascii_case("eq") => {
                let value = value.trim();
                let text = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''));
                match text {
                    Some(text) if !text.replace("''", "").contains('\'') => {
                        Some((name, text.replace("''", "'")))
                    }
                    None if matches!(value, "true" | "false") => Some((name, value.to_owned())),
                    _ => None,
                }
            }
            _ => None,
        };
        let (name, value) = value.ok_or_else(|| {
            bad("$filter: only a comparison such as templateId eq 'scim' is possible here.")
        })?;
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }

    fn fits(&self, item: &Value) -> bool {
        let members = item.as_object();
        let found = members.and_then(|members| {
            members
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&self.name))
        });
        match found {
            Some((_, Value::String(text))) => *text == self.value,
            Some((_, Value::Bool(flag))) => flag.to_string() == self.value,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_read_and_everything_else_refused() {
        let read = |text: &str| Equal::read(text).ok().map(|e| (e.name, e.value));
        let is = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(read("templateId eq 'scim'"), is("templateId", "scim"));
        assert_eq!(read("name EQ  'it''s'"), is("name", "it's"));
        assert_eq!(read("default eq true"), is("default", "true"));
        for text in [
            "",
            "a",
            "a eq",
            "a eq b",
            "a ne 'b'",
            "a eq 'b' or 'c'",
            "a eq 'b",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

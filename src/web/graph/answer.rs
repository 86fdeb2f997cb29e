//! What answers have in common: `@odata.context` in front, what `$select` leaves, how many there are, and the link to the
//! next page.

use serde_json::{Value, json};

use super::call::Call;

/// `@odata.context`.
pub(super) fn context_of(call: &Call, context: &str) -> String {
    format!("{}/$metadata#{context}", call.base)
}

/// One object with its context in front.
pub(super) fn entity(call: &Call, context: &str, object: Value) -> Value {
    let mut body = json!({ "@odata.context": context_of(call, context) });
    if let (Value::Object(body), Value::Object(object)) = (&mut body, object) {
        body.extend(object);
    }
    body
}

/// A page of a collection, with the token behind which the next one goes on, and with a count where there is one.
pub(super) fn collection(
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

/// Only the members that `$select` names, of whatever has no list of its properties; all without.
pub(super) fn selected(call: &Call, item: Value) -> Value {
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

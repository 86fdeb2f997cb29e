//! What Entra ID and Okta really send, rewritten to what the RFC means before the core looks at it.
//!
//! Each rule is one row of [`QUIRKS`]: its name, who sends it, the switch of [`Rules`] that allows it, and the
//! raw and the rewritten operation. A test of `patch` reads every row in both forms and
//! demands the same result; with the switch off the raw form must not give it.
//!
//! | rule | raw | rewritten |
//! |---|---|---|
//! | `capital-op` | `"op": "Add"` | `"op": "add"` |
//! | `null-ref` | `{"$ref": null, "value": "1"}` | `{"value": "1"}` |
//! | `boolean-string` | `"value": "False"` for `active` | `"value": false` |
//! | `dotted-key` | no path, `{"name.givenName": "x"}` | path `name.givenName`, `"x"` |
//! | `urn-colon-key` | no path, `{"urn:...:User:department": "x"}` | path `urn:...:User:department` |
//! | `remove-listed` | remove `members`, value `[{"value": "1"}]` | remove `members[value eq "1"]` |
//! | `string-for-complex` | `manager` = `"271"` | `manager` = `{"value": "271"}` |
//! | `array-for-singular` | `manager` = `[{"value": "271"}]` | `manager` = `{"value": "271"}` |
//! | `one-for-many` | `emails` = `{...}` | `emails` = `[{...}]` |

use serde_json::Value;

use super::Object;
use super::error::Error;
use super::path::{Located, locate};
use super::profile::Rules;
use super::schema::{Attribute, Kind, ResourceType};

/// One documented deviation.
#[derive(Debug, Clone, Copy)]
pub struct Quirk {
    /// Short name.
    pub name: &'static str,
    /// Whose client does it.
    pub sent_by: &'static str,
    /// Name of the switch that allows it; empty when it is always allowed.
    pub switch: &'static str,
    /// The operation as it comes, JSON.
    pub raw: &'static str,
    /// The same in the RFC's words, JSON.
    pub rewritten: &'static str,
}

/// Every deviation that is understood.
pub const QUIRKS: &[Quirk] = &[
    Quirk {
        name: "capital-op",
        sent_by: "Entra ID",
        switch: "",
        raw: r#"{"op":"Replace","path":"title","value":"x"}"#,
        rewritten: r#"{"op":"replace","path":"title","value":"x"}"#,
    },
    Quirk {
        name: "null-ref",
        sent_by: "Entra ID",
        switch: "",
        raw: r#"{"op":"add","path":"roles","value":[{"$ref":null,"value":"1","display":null}]}"#,
        rewritten: r#"{"op":"add","path":"roles","value":[{"value":"1"}]}"#,
    },
    Quirk {
        name: "boolean-string",
        sent_by: "Entra ID",
        switch: "coerceBooleanStrings",
        raw: r#"{"op":"replace","path":"active","value":"False"}"#,
        rewritten: r#"{"op":"replace","path":"active","value":false}"#,
    },
    Quirk {
        name: "dotted-key",
        sent_by: "Entra ID with aadOptscim062020",
        switch: "dottedKeys",
        raw: r#"{"op":"replace","value":{"name.givenName":"x"}}"#,
        rewritten: r#"{"op":"replace","path":"name.givenName","value":"x"}"#,
    },
    Quirk {
        name: "urn-colon-key",
        sent_by: "Entra ID with aadOptscim062020",
        switch: "dottedKeys",
        raw: r#"{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"x"}}"#,
        rewritten: r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"x"}"#,
    },
    Quirk {
        name: "remove-listed",
        sent_by: "Entra ID, for members and other lists",
        switch: "removeWithValue",
        raw: r#"{"op":"Remove","path":"emails","value":[{"value":"babs@jensen.org"}]}"#,
        rewritten: r#"{"op":"remove","path":"emails[value eq \"babs@jensen.org\"]"}"#,
    },
    Quirk {
        name: "string-for-complex",
        sent_by: "Entra ID",
        switch: "coerceShapes",
        raw: r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"271"}"#,
        rewritten: r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"271"}}"#,
    },
    Quirk {
        name: "array-for-singular",
        sent_by: "Entra ID",
        switch: "coerceShapes",
        raw: r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":[{"value":"271"}]}"#,
        rewritten: r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"271"}}"#,
    },
    Quirk {
        name: "one-for-many",
        sent_by: "Okta and hand-written clients",
        switch: "coerceShapes",
        raw: r#"{"op":"add","path":"emails","value":{"value":"a@b.c"}}"#,
        rewritten: r#"{"op":"add","path":"emails","value":[{"value":"a@b.c"}]}"#,
    },
];

/// `capital-op`: the operation in lower case, unless the letter of the key word matters.
pub(super) fn operation_word(op: &str, rules: &Rules) -> String {
    if rules.op_case_sensitive {
        op.to_owned()
    } else {
        op.to_ascii_lowercase()
    }
}

/// `boolean-string`: never truthiness, or "False" would be true.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// `one-for-many`: what is not an array, as the only element; given back when that is not allowed.
pub(super) fn as_elements(value: Value, rules: &Rules) -> Result<Vec<Value>, Value> {
    match value {
        Value::String(text) if text.is_empty() && rules.coerce_shapes => Ok(vec![]),
        one if rules.coerce_shapes => Ok(vec![one]),
        one => Err(one),
    }
}

/// `boolean-string`, `array-for-singular` and `string-for-complex`: called only for a value whose JSON
/// type does not fit its attribute. Null stands for "unassigned".
pub(super) fn reshape(attribute: &Attribute, value: Value, rules: &Rules) -> Value {
    match (attribute.kind, value) {
        (Kind::Boolean, Value::String(text)) if rules.coerce_boolean_strings => {
            boolean(&text).map_or(Value::String(text), Value::Bool)
        }
        (kind, Value::Array(mut elements))
            if rules.coerce_shapes && !attribute.multi_valued && elements.len() <= 1 =>
        {
            match elements.pop() {
                // An element that is itself an array stays what it is: one step, no recursion.
                Some(nested @ Value::Array(_)) => Value::Array(vec![nested]),
                Some(text @ Value::String(_)) if kind == Kind::Complex => in_value(attribute, text),
                one => one.unwrap_or(Value::Null),
            }
        }
        (Kind::Complex, text @ Value::String(_)) if rules.coerce_shapes => {
            in_value(attribute, text)
        }
        (_, value) => value,
    }
}

/// Microsoft's validator takes a manager away with an object whose `value` is empty: null then.
pub(super) fn emptied(attribute: &Attribute, value: Value, rules: &Rules) -> Value {
    let empty = |object: &Object| {
        object.len() == 1 && object.get("value").and_then(Value::as_str) == Some("")
    };
    match value {
        Value::Object(object)
            if rules.coerce_shapes
                && attribute.kind == Kind::Complex
                && !attribute.multi_valued
                && empty(&object) =>
        {
            Value::Null
        }
        value => value,
    }
}

fn in_value(attribute: &Attribute, text: Value) -> Value {
    if text.as_str() == Some("") {
        return Value::Null;
    }
    match attribute.sub("value") {
        Some(sub) if !sub.is_read_only() => {
            let mut object = Object::new();
            object.insert(sub.name.clone(), text);
            Value::Object(object)
        }
        _ => text,
    }
}

/// What a name in a filter stands for. Entra checks references with `id eq "…" and manager eq "…"`,
/// without the URN of the extension that has `manager`: a name that the base schema lacks may be an
/// extension's.
pub(super) fn locate_anywhere(
    rt: &ResourceType,
    text: &str,
    rules: &Rules,
) -> Result<Located, String> {
    locate(rt, text, rules).or_else(|sentence| {
        let mut extensions = rt
            .extensions
            .iter()
            .filter(|_| rules.coerce_shapes && !text.contains(':'));
        extensions
            .find_map(|e| locate(rt, &format!("{}:{text}", e.schema.id), rules).ok())
            .ok_or(sentence)
    })
}

/// Whether a key of a path-less PATCH value is a path rather than the name of an attribute or URN.
pub(super) fn is_path_key(key: &str, rt: &ResourceType) -> bool {
    match rt.split_urn(key) {
        Some((_, rest)) => !rest.is_empty(),
        None => key.contains(['.', '[']),
    }
}

/// `urn-colon-key` in a resource body: `{"urn:...:User:department": "x"}` becomes
/// `{"urn:...:User": {"department": "x"}}`.
///
/// # Errors
/// 400 `invalidSyntax` when both forms name the same attribute.
pub(super) fn nest_urn_keys(
    body: &mut Object,
    rt: &ResourceType,
    rules: &Rules,
) -> Result<(), Error> {
    if !rules.dotted_keys || rt.extensions.is_empty() {
        return Ok(());
    }
    let flat: Vec<String> = body
        .keys()
        .filter(|key| {
            rt.split_urn(key)
                .is_some_and(|(schema, rest)| schema.id != rt.schema.id && !rest.is_empty())
        })
        .cloned()
        .collect();
    for key in flat {
        let Some((schema, rest)) = rt.split_urn(&key) else {
            continue;
        };
        let name = rest.get(1..).unwrap_or("").to_owned();
        let urn = schema.id.to_string();
        let Some(value) = body.shift_remove(&key) else {
            continue;
        };
        let existing = body
            .keys()
            .find(|k| k.eq_ignore_ascii_case(&urn))
            .cloned()
            .unwrap_or(urn);
        let container = body
            .entry(existing)
            .or_insert_with(|| Value::Object(Object::new()));
        let taken = match container {
            Value::Object(object) if !object.keys().any(|k| k.eq_ignore_ascii_case(&name)) => {
                object.insert(name, value);
                false
            }
            _ => true,
        };
        if taken {
            return Err(Error::invalid_syntax(format!(
                "\"{}\" is given twice",
                super::error::echo(&key)
            )));
        }
    }
    Ok(())
}

//! One value against one attribute: types, shapes, limits. RFC 7643 sections 2.3 to 2.5.
//!
//! What comes out is canonical: names in schema case, no nulls, no empty arrays or objects, no
//! provider-computed parts, no duplicate elements.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::Object;
use super::country;
use super::error::{Error, echo, kind_of};
use super::filter::comparison_of;
use super::key;
use super::precis;
use super::profile::{MultiplePrimary, Rules, Unknown};
use super::quirks;
use super::schema::{Attribute, Format, Kind, Mutability, Returned};

/// Most elements of a multi-valued attribute (a group's members are not one).
pub(super) const MAX_ELEMENTS: usize = 1_000;
/// Longest plain string, in characters.
const MAX_STRING: usize = 4_096;
/// Longest reference or binary text, in bytes.
const MAX_LONG_STRING: usize = 65_536;

/// What a null inside a complex value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Nothing: the sub-attribute is left out.
    Drop,
    /// PATCH: the sub-attribute is to be cleared. Stays as null.
    Keep,
}

/// A whole attribute as in POST and PUT. `None`: unassigned.
pub(super) fn whole(
    attribute: &Attribute,
    value: Value,
    rules: &Rules,
) -> Result<Option<Value>, Error> {
    if !attribute.multi_valued {
        return single(attribute, None, value, Nulls::Drop, rules);
    }
    let elements = many(attribute, value, rules)?;
    Ok((!elements.is_empty()).then_some(Value::Array(elements)))
}

/// The elements of a multi-valued attribute. Empty: unassigned.
pub(super) fn many(
    attribute: &Attribute,
    value: Value,
    rules: &Rules,
) -> Result<Vec<Value>, Error> {
    let given = match value {
        Value::Null => return Ok(vec![]),
        Value::Array(elements) => elements,
        other => match quirks::as_elements(other, rules) {
            Ok(elements) => elements,
            Err(other) => return Err(misfit(attribute, None, &other, "an array")),
        },
    };
    check_count(attribute, given.len())?;
    let mut elements = Vec::with_capacity(given.len());
    for element in given {
        if element.is_null() {
            return Err(Error::invalid_value(format!(
                "\"{}\" must not contain null",
                attribute.name
            )));
        }
        elements.extend(single(attribute, None, element, Nulls::Drop, rules)?);
    }
    if elements.len() > 1 {
        let mut seen = HashSet::with_capacity(elements.len());
        elements.retain(|element| seen.insert(identity(attribute, element)));
        one_primary(attribute, &mut elements, rules)?;
    }
    Ok(elements)
}

/// Refuses more elements than an attribute may have.
pub(super) fn check_count(attribute: &Attribute, count: usize) -> Result<(), Error> {
    if count <= MAX_ELEMENTS {
        return Ok(());
    }
    Err(Error::invalid_value(format!(
        "\"{}\" has {count} values; at most {MAX_ELEMENTS} are allowed",
        attribute.name
    )))
}

fn one_primary(attribute: &Attribute, elements: &mut [Value], rules: &Rules) -> Result<(), Error> {
    let primaries = elements.iter_mut().filter(|e| is_primary(e)).skip(1);
    for element in primaries {
        match rules.multiple_primary {
            MultiplePrimary::Refuse => return Err(two_primaries(attribute)),
            MultiplePrimary::KeepFirst => element["primary"] = Value::Bool(false),
        }
    }
    Ok(())
}

pub(super) fn two_primaries(attribute: &Attribute) -> Error {
    Error::invalid_value(format!(
        "only one value of \"{}\" can be primary",
        attribute.name
    ))
}

pub(super) fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// What makes two elements the same: `value` and `type` where there is a `value`, else everything but
/// a false `primary`.
pub(super) fn identity(attribute: &Attribute, element: &Value) -> String {
    let Some(object) = element.as_object() else {
        return match element {
            Value::String(text) => comparison_of(attribute).key(text).into_owned(),
            other => other.to_string(),
        };
    };
    let text = |name: &str| match (attribute.sub(name), object.get(name)) {
        (Some(sub), Some(Value::String(text))) => Some(comparison_of(sub).key(text)),
        _ => None,
    };
    if let Some(value) = text("value") {
        let kind = text("type").unwrap_or(Cow::Borrowed(""));
        return format!("{value}\0{kind}");
    }
    let mut parts: Vec<_> = object
        .iter()
        .filter(|(name, value)| !(name.as_str() == "primary" && **value == Value::Bool(false)))
        .map(|(name, value)| format!("{name}\0{value}"))
        .collect();
    parts.sort_unstable();
    parts.join("\0")
}

/// A singular value or one element. `None`: unassigned. `parent` is for error sentences.
pub(super) fn single(
    attribute: &Attribute,
    parent: Option<&Attribute>,
    value: Value,
    nulls: Nulls,
    rules: &Rules,
) -> Result<Option<Value>, Error> {
    if value.is_null() {
        return Ok(None);
    }
    let value = if fits(attribute.kind, &value) {
        value
    } else {
        quirks::reshape(attribute, value, rules)
    };
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::Complex, Value::Object(object)) => complex(attribute, object, nulls, rules),
        (Kind::String, Value::String(text)) => {
            check_string(attribute, parent, &text, rules)?;
            Ok(Some(Value::String(text)))
        }
        (Kind::Reference | Kind::Binary | Kind::DateTime, Value::String(text)) => {
            if text.is_empty() {
                return Ok(None);
            }
            check_formatted(attribute, parent, &text, rules)?;
            Ok(Some(Value::String(text)))
        }
        (kind, value) if fits(kind, &value) => Ok(Some(value)),
        (kind, value) => {
            let expected = match kind {
                Kind::Boolean => "true or false",
                Kind::Integer => "an integer",
                Kind::Decimal => "a number",
                Kind::Complex => "an object",
                _ => "a string",
            };
            Err(misfit(attribute, parent, &value, expected))
        }
    }
}

fn fits(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::String | Kind::Reference | Kind::Binary | Kind::DateTime => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Decimal => value.is_number(),
        Kind::Complex => value.is_object(),
    }
}

fn complex(
    attribute: &Attribute,
    given: Object,
    nulls: Nulls,
    rules: &Rules,
) -> Result<Option<Value>, Error> {
    let mut object = Object::with_capacity(given.len());
    for (name, value) in given {
        let Some(sub) = attribute.sub(&name) else {
            // `null-ref`: a null says nothing, whoever knows the name.
            if value.is_null() || rules.unknown_attributes == Unknown::Ignore {
                continue;
            }
            return Err(Error::invalid_syntax(format!(
                "\"{}\" has no sub-attribute \"{}\"",
                attribute.name,
                echo(&name)
            )));
        };
        if sub.is_read_only() {
            continue;
        }
        let canonical = if sub.multi_valued {
            whole(sub, value, rules)?
        } else {
            single(sub, Some(attribute), value, nulls, rules)?
        };
        // Never returned: accepted and thrown away, like a password.
        if sub.returned == Returned::Never {
            continue;
        }
        match (canonical, nulls) {
            (Some(value), _) => {
                object.insert(sub.name.clone(), value);
            }
            (None, Nulls::Keep) => {
                object.insert(sub.name.clone(), Value::Null);
            }
            (None, Nulls::Drop) => {}
        }
    }
    if nulls == Nulls::Keep {
        return Ok(Some(Value::Object(object)));
    }
    if object.is_empty() {
        return Ok(None);
    }
    check_complete(attribute, &object)?;
    Ok(Some(Value::Object(object)))
}

/// Checks that a complex value has the sub-attributes it must have.
pub(super) fn check_complete(attribute: &Attribute, object: &Object) -> Result<(), Error> {
    let missing = attribute
        .sub_attributes
        .iter()
        .find(|sub| sub.required && !sub.is_read_only() && !object.contains_key(&sub.name));
    match missing {
        Some(sub) => Err(Error::invalid_value(format!(
            "\"{}.{}\" is required",
            attribute.name, sub.name
        ))),
        None => Ok(()),
    }
}

/// Checks that what is immutable and had a value has it still: the attribute, or sub-attributes of a
/// singular one. (Elements of a list come and go whole.)
pub(super) fn check_immutable(
    attribute: &Attribute,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<(), Error> {
    let changed = |name: String| {
        Err(Error::mutability(format!(
            "\"{name}\" cannot be changed once it is set"
        )))
    };
    if attribute.mutability == Mutability::Immutable && before.is_some() && before != after {
        return changed(attribute.name.clone());
    }
    if attribute.multi_valued {
        return Ok(());
    }
    for sub in immutable_subs(attribute) {
        let of = |value: Option<&Value>| value.and_then(|v| v.get(&sub.name)).cloned();
        let had = of(before);
        if had.is_some() && had != of(after) {
            return changed(format!("{}.{}", attribute.name, sub.name));
        }
    }
    Ok(())
}

/// The sub-attributes that can be set once.
pub(super) fn immutable_subs(attribute: &Attribute) -> impl Iterator<Item = &Attribute> {
    attribute
        .sub_attributes
        .iter()
        .map(|sub| &**sub)
        .filter(|sub| sub.mutability == Mutability::Immutable)
}

fn label(attribute: &Attribute, parent: Option<&Attribute>) -> String {
    match parent {
        Some(parent) => format!("{}.{}", parent.name, attribute.name),
        None => attribute.name.clone(),
    }
}

fn misfit(
    attribute: &Attribute,
    parent: Option<&Attribute>,
    value: &Value,
    expected: &str,
) -> Error {
    let label = label(attribute, parent);
    Error::invalid_value(match value {
        Value::String(text) => {
            format!(
                "\"{label}\" must be {expected}, not the string \"{}\"",
                echo(text)
            )
        }
        other => format!("\"{label}\" must be {expected}, not {}", kind_of(other)),
    })
}

fn check_string(
    attribute: &Attribute,
    parent: Option<&Attribute>,
    text: &str,
    rules: &Rules,
) -> Result<(), Error> {
    if text.len() > MAX_STRING && text.chars().nth(MAX_STRING).is_some() {
        return Err(Error::invalid_value(format!(
            "\"{}\" is longer than {MAX_STRING} characters",
            label(attribute, parent)
        )));
    }
    if attribute.required && text.is_empty() {
        return Err(Error::invalid_value(format!(
            "\"{}\" is required and must not be empty",
            label(attribute, parent)
        )));
    }
    let identifies = comparison_of(attribute) == key::Comparison::Prepared;
    let checked = match attribute.handling.format {
        Format::UserName if rules.precis_strict => {
            key::check(text).and_then(|()| precis::check(text))
        }
        Format::Country if rules.check_formats && !country::is_code(text) => {
            Err(Error::invalid_value(format!(
                "\"{}\" is not a country code of ISO 3166-1 alpha-2 such as US",
                echo(text)
            )))
        }
        _ if identifies => key::check(text),
        _ => Ok(()),
    };
    checked.map_err(|e| {
        Error::invalid_value(format!("\"{}\": {}", label(attribute, parent), e.detail))
    })
}

fn check_formatted(
    attribute: &Attribute,
    parent: Option<&Attribute>,
    text: &str,
    rules: &Rules,
) -> Result<(), Error> {
    let certificate = attribute.handling.format == Format::Certificate;
    let problem = match attribute.kind {
        _ if text.len() > MAX_LONG_STRING => "is longer than 65536 bytes",
        Kind::Binary if decode_base64(text).is_none() => "is not base64",
        Kind::Binary if certificate && rules.check_formats && !is_certificate(text) => {
            "is not one certificate in DER"
        }
        Kind::Reference if rules.check_formats && !is_uri(text) => {
            "is not a URI (RFC 3986); encode other characters with %"
        }
        Kind::DateTime if instant(text).is_none() => {
            "is not a dateTime such as 2026-01-31T09:30:00Z"
        }
        _ => return Ok(()),
    };
    Err(Error::invalid_value(format!(
        "\"{}\" {problem}",
        label(attribute, parent)
    )))
}

/// Nanoseconds since 1970 of an `xsd:dateTime`; without zone it is UTC.
pub(super) fn instant(text: &str) -> Option<i128> {
    // The date library also reads shorter and annotated forms; xsd:dateTime has neither.
    let zone = text.get(19..)?;
    if text.as_bytes().get(10) != Some(&b'T') || zone.contains('[') {
        return None;
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_nanosecond());
    }
    let zoned = format!("{text}Z");
    zoned
        .parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_nanosecond)
}

/// Whether all characters are those of a URI, absolute or relative.
fn is_uri(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_hexdigit());
        let fits = match byte {
            b'%' => hex(bytes.next()) && hex(bytes.next()),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Whether this is the base64 of one DER sequence that fills all bytes: one certificate and not several.
fn is_certificate(text: &str) -> bool {
    let Some(bytes) = decode_base64(text) else {
        return false;
    };
    let [0x30, first, rest @ ..] = bytes.as_slice() else {
        return false;
    };
    if *first < 0x80 {
        return usize::from(*first) == rest.len();
    }
    let count = usize::from(first & 0x7f);
    match rest.split_at_checked(count) {
        Some((length, content)) if (1..=4).contains(&count) => {
            let length = length
                .iter()
                .fold(0_usize, |all, byte| (all << 8) | usize::from(*byte));
            length == content.len()
        }
        _ => false,
    }
}

/// Bytes of base64 or base64url text, padded or not.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    if padding > 2 || body.len() % 4 == 1 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 2);
    let mut window: u32 = 0;
    let mut bits = 0;
    for letter in body.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        window = (window << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((window >> bits) & 0xff).unwrap_or(0));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_compared_across_offsets() {
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(1_000_000_000));
        assert_eq!(instant("1970-01-01T02:00:01+02:00"), Some(1_000_000_000));
        assert_eq!(instant("1970-01-01T00:00:01"), Some(1_000_000_000));
        assert_eq!(instant("1970-01-01T00:00:00.5Z"), Some(500_000_000));
        for bad in [
            "yesterday",
            "",
            "2011-05-13",
            "2011-05-13 04:42:34Z",
            "2011-05-13T04Z",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn base64_is_decoded_in_both_alphabets() {
        assert_eq!(decode_base64("AA==").unwrap(), [0]);
        assert_eq!(
            decode_base64("-_8").unwrap(),
            decode_base64("+/8=").unwrap()
        );
        assert_eq!(decode_base64("").unwrap(), Vec::<u8>::new());
        for bad in ["A", "AA=", "A A=", "\u{e9}", "AA===", "AAAA="] {
            assert_eq!(decode_base64(bad), None, "{bad}");
        }
    }
}

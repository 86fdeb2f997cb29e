//! Protocol messages: `ListResponse`, the `PatchOp` envelope, paging parameters. RFC 7644 sections
//! 3.4.2, 3.4.2.4 and 3.5.2.

use serde_json::{Value, json};

use super::Object;
use super::error::{Error, echo, kind_of};
use super::profile::Rules;
use super::urn;

/// Page size when the client names none.
pub const DEFAULT_COUNT: u64 = 100;

/// The page a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Number of the first resource, counted from 1.
    pub start_index: u64,
    /// Most resources to return; 0 asks for the total only.
    pub count: u64,
}

impl Page {
    /// Of `startIndex` and `count`: absent ones get their defaults, numbers out of range the nearest bound
    /// (RFC 7644 section 3.4.2.4); no page is longer than `most`.
    pub fn of(start_index: Option<u64>, count: Option<u64>, most: u64) -> Self {
        Self {
            start_index: start_index.unwrap_or(1).max(1),
            count: count.unwrap_or(DEFAULT_COUNT).min(most),
        }
    }

    /// How many resources stand before this page.
    pub fn skipped(self) -> u64 {
        self.start_index.saturating_sub(1)
    }
}

/// A non-negative integer; negative ones count as 0, ones too large to hold as the largest.
///
/// # Errors
/// 400 `invalidValue` for text that is not an integer.
pub fn integer(name: &str, text: Option<&str>) -> Result<Option<u64>, Error> {
    let Some(text) = text else {
        return Ok(None);
    };
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::invalid_value(format!(
            "\"{name}\" must be an integer, not \"{}\"",
            echo(text)
        )));
    }
    if negative {
        return Ok(Some(0));
    }
    Ok(Some(digits.parse().unwrap_or(u64::MAX)))
}

/// A `ListResponse` with all four members, `totalResults` counting every match and not only this page.
pub fn list_response(resources: Vec<Value>, total: u64, start_index: u64) -> Value {
    let mut body = json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
    });
    body["Resources"] = Value::Array(resources);
    body
}

/// Checks that a body is a `PatchOp` and returns its operations, of which there may be none.
///
/// # Errors
/// 400 `invalidSyntax`.
pub fn check_patch_envelope(body: Value, rules: &Rules) -> Result<Vec<Value>, Error> {
    let Value::Object(message) = body else {
        return Err(Error::invalid_syntax(format!(
            "the body must be a JSON object, not {}",
            kind_of(&body)
        )));
    };
    if rules.patch_schema {
        check_schema(&message, urn::PATCH_OP)?;
    }
    let operations = message
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("Operations"));
    match operations {
        Some((_, Value::Array(operations))) => Ok(operations),
        Some((_, other)) => Err(Error::invalid_syntax(format!(
            "\"Operations\" must be an array, not {}",
            kind_of(&other)
        ))),
        None => Err(Error::invalid_syntax("\"Operations\" is missing")),
    }
}

/// Checks that the `schemas` of a message name `wanted`.
///
/// # Errors
/// 400 `invalidSyntax`.
pub fn check_schema(message: &Object, wanted: &str) -> Result<(), Error> {
    let named = message
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("schemas"))
        .filter_map(|(_, value)| value.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .any(|urn| urn.eq_ignore_ascii_case(wanted));
    if named {
        return Ok(());
    }
    Err(Error::invalid_syntax(format!(
        "\"schemas\" must be an array that contains \"{wanted}\""
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_edges_are_clamped_and_words_refused() {
        let cases = [
            (None, None, 200, 1, 100),
            (None, None, 50, 1, 50),
            (Some("0"), Some("0"), 200, 1, 0),
            (Some("-5"), Some("-3"), 200, 1, 0),
            (Some("999"), Some("1000"), 200, 999, 200),
            (Some("99999999999999999999"), Some("7"), 200, u64::MAX, 7),
        ];
        for (start, count, most, start_index, size) in cases {
            let [start, count] = [start, count].map(|text| integer("n", text).unwrap());
            let page = Page::of(start, count, most);
            assert_eq!((page.start_index, page.count), (start_index, size));
        }
        for bad in ["abc", "1.5", "", "-", "1e3"] {
            assert!(integer("count", Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_always_has_four_members_as_integers() {
        assert_eq!(
            list_response(vec![], 0, 1),
            json!({"schemas": [urn::LIST_RESPONSE], "totalResults": 0, "startIndex": 1,
                   "itemsPerPage": 0, "Resources": []})
        );
    }

    #[test]
    fn what_is_not_a_patch_message_is_refused() {
        for body in [
            json!([]),
            json!({"Operations": []}),
            json!({"schemas": urn::PATCH_OP, "Operations": []}),
            json!({"schemas": ["x"], "Operations": []}),
            json!({"schemas": [urn::PATCH_OP]}),
            json!({"schemas": [urn::PATCH_OP], "Operations": {}}),
        ] {
            assert!(
                check_patch_envelope(body.clone(), &Rules::strict()).is_err(),
                "{body}"
            );
        }
        let ok = json!({"schemas": [urn::PATCH_OP.to_uppercase()], "operations": [1]});
        assert_eq!(
            check_patch_envelope(ok, &Rules::interop()).unwrap(),
            [json!(1)]
        );
        let other =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PutOp"], "Operations": [1]});
        assert!(check_patch_envelope(other, &Rules::postman()).is_ok());
    }
}

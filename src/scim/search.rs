//! The `SearchRequest` message: a query as a body. RFC 7644 section 3.4.3, RFC 9865 section 2.
//!
//! It has the query parameters of a list as members, so both end in the same values:
//! [`Page`](super::message::Page), [`Projection`](super::Projection), [`Filter`](super::Filter).

use serde_json::Value;

use super::error::{Error, kind_of};
use super::message::check_schema;
use super::urn;

/// A query as a client wrote it. All members are optional; null counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// Names of attributes to return.
    pub attributes: Vec<String>,
    /// Names of attributes to leave out.
    pub excluded_attributes: Vec<String>,
    /// The filter.
    pub filter: Option<String>,
    /// Path of the attribute to sort by.
    pub sort_by: Option<String>,
    /// `ascending` or `descending`, as written.
    pub sort_order: Option<String>,
    /// Number of the first resource, counted from 1; less than 1 is read as 1.
    pub start_index: Option<u64>,
    /// Most resources to return; a negative number is read as 0.
    pub count: Option<u64>,
    /// Where to go on; empty asks for the first page.
    pub cursor: Option<String>,
}

impl SearchRequest {
    /// Reads the message.
    ///
    /// # Errors
    /// 400 `invalidSyntax` for a body that is not this message, 400 `invalidValue` for a `startIndex` or
    /// `count` that is not an integer.
    pub fn parse(body: Value) -> Result<Self, Error> {
        let Value::Object(message) = body else {
            return Err(Error::invalid_syntax(format!(
                "the body must be a JSON object, not {}",
                kind_of(&body)
            )));
        };
        check_schema(&message, urn::SEARCH_REQUEST)?;
        let mut request = Self::default();
        for (name, value) in message {
            if value.is_null() {
                continue;
            }
            match name.to_ascii_lowercase().as_str() {
                "attributes" => request.attributes = names("attributes", value)?,
                "excludedattributes" => {
                    request.excluded_attributes = names("excludedAttributes", value)?;
                }
                "filter" => request.filter = Some(text("filter", value)?),
                "sortby" => request.sort_by = Some(text("sortBy", value)?),
                "sortorder" => request.sort_order = Some(text("sortOrder", value)?),
                "startindex" => {
                    request.start_index = Some(integer("startIndex", &value)?.max(1));
                }
                "count" => request.count = Some(integer("count", &value)?),
                "cursor" => request.cursor = Some(text("cursor", value)?),
                _ => {}
            }
        }
        Ok(request)
    }
}

fn text(name: &str, value: Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(Error::invalid_syntax(format!(
            "\"{name}\" must be a string, not {}",
            kind_of(&other)
        ))),
    }
}

fn names(name: &str, value: Value) -> Result<Vec<String>, Error> {
    let refuse = |found: &str| {
        Error::invalid_syntax(format!(
            "\"{name}\" must be an array of attribute names, not {found}"
        ))
    };
    let Value::Array(elements) = value else {
        return Err(refuse(kind_of(&value)));
    };
    let one = |element| match element {
        Value::String(text) => Ok(text),
        other => Err(refuse(&format!("an array with {}", kind_of(&other)))),
    };
    elements.into_iter().map(one).collect()
}

/// Negative numbers count as 0. A number too large to be an integer has become a fraction on its way
/// through the JSON reader, so it is refused like one.
fn integer(name: &str, value: &Value) -> Result<u64, Error> {
    let number = value.as_u64().or_else(|| {
        value
            .as_i64()
            .map(|number| u64::try_from(number).unwrap_or(0))
    });
    number.ok_or_else(|| {
        let found = match value {
            Value::Number(number) => number.to_string(),
            other => kind_of(other).to_owned(),
        };
        Error::invalid_value(format!(
            "\"{name}\" must be an integer below 2^64, not {found}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::error::ScimType;
    use super::super::message::Page;
    use super::*;

    fn read(members: &Value) -> Result<SearchRequest, Error> {
        let mut body = json!({"schemas": [urn::SEARCH_REQUEST]});
        for (name, value) in members.as_object().unwrap() {
            body[name.as_str()] = value.clone();
        }
        SearchRequest::parse(body)
    }

    #[test]
    fn all_members_are_optional_and_read_in_any_case() {
        assert_eq!(read(&json!({})).unwrap(), SearchRequest::default());
        let found = read(
            &json!({"Attributes": ["userName"], "excludedAttributes": null,
            "filter": "active eq true", "sortBy": "userName", "sortOrder": "descending",
            "startIndex": -4, "COUNT": 7, "cursor": "", "unknown": {}}),
        )
        .unwrap();
        let expected = SearchRequest {
            attributes: vec!["userName".into()],
            excluded_attributes: vec![],
            filter: Some("active eq true".into()),
            sort_by: Some("userName".into()),
            sort_order: Some("descending".into()),
            start_index: Some(1),
            count: Some(7),
            cursor: Some(String::new()),
        };
        assert_eq!(found, expected);
        let page = |members| {
            let asked = read(&members).unwrap();
            let page = Page::of(asked.start_index, asked.count, 200);
            (page.start_index, page.count)
        };
        assert_eq!(page(json!({})), (1, 100));
        assert_eq!(page(json!({"count": -1, "startIndex": 0})), (1, 0));
        assert_eq!(page(json!({"count": 5_000, "startIndex": 9})), (9, 200));
    }

    #[test]
    fn what_is_not_a_search_request_is_refused_evil_20() {
        use ScimType::{InvalidSyntax, InvalidValue};
        let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
        let cases = [
            (json!({"schemas": ["x"]}), InvalidSyntax),
            (json!({"filter": 5}), InvalidSyntax),
            (json!({"attributes": "userName"}), InvalidSyntax),
            (json!({"excludedAttributes": [1]}), InvalidSyntax),
            (json!({"sortBy": []}), InvalidSyntax),
            (json!({"cursor": 1}), InvalidSyntax),
            (json!({"count": huge}), InvalidValue),
            (json!({"count": 1.5}), InvalidValue),
            (json!({"count": "10"}), InvalidValue),
            (json!({"startIndex": true}), InvalidValue),
        ];
        for (members, expected) in cases {
            assert_eq!(
                read(&members).unwrap_err().scim_type,
                Some(expected),
                "{members}"
            );
        }
        assert!(SearchRequest::parse(json!([])).is_err());
    }
}

//! Bodies of calls: read whole up to a size, as an object of members, and what stands in them. What is missing or null
//! is not given; what has another type than it must have makes a body unreadable.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::{Map, Value};

use super::failure::OktaFailure;
use crate::directory::okta::{Refusal, Result};
use crate::model::okta::Profile;

/// Most bytes of a body.
pub(super) const LIMIT: usize = 1 << 20;

/// The body of a call, whatever its media type.
pub(super) struct Body(web::Bytes);

impl FromRequest for Body {
    type Error = OktaFailure;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, OktaFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|_| Refusal::Unreadable)?;
            match payload.to_bytes_limited(LIMIT).await {
                Ok(Ok(bytes)) => Ok(Self(bytes)),
                Ok(Err(_)) => Err(Refusal::Unreadable.into()),
                Err(_) => Err(OktaFailure::TooLarge),
            }
        })
    }
}

impl Body {
    /// Its members; an empty body has none.
    pub(super) fn members(&self) -> Result<Map<String, Value>> {
        if self.0.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        serde_json::from_slice(&self.0).map_err(|_| Refusal::Unreadable)
    }

    /// Its elements.
    pub(super) fn elements(&self) -> Result<Vec<Map<String, Value>>> {
        serde_json::from_slice(&self.0).map_err(|_| Refusal::Unreadable)
    }
}

/// What stands at a path of members.
pub(super) fn at<'a>(members: &'a Map<String, Value>, path: &[&str]) -> Result<Option<&'a Value>> {
    let Some((name, rest)) = path.split_first() else {
        return Ok(None);
    };
    match members.get(*name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) if rest.is_empty() => Ok(Some(value)),
        Some(Value::Object(members)) => at(members, rest),
        Some(_) => Err(Refusal::Unreadable),
    }
}

/// The text at a path.
pub(super) fn text<'a>(members: &'a Map<String, Value>, path: &[&str]) -> Result<Option<&'a str>> {
    match at(members, path)? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::Unreadable),
    }
}

/// The members at a path.
pub(super) fn inner<'a>(
    members: &'a Map<String, Value>,
    path: &[&str],
) -> Result<Option<&'a Map<String, Value>>> {
    match at(members, path)? {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(Refusal::Unreadable),
    }
}

/// A member that is an object of values, such as `profile`; none is an empty one.
pub(super) fn profile(members: &Map<String, Value>, name: &str) -> Result<Profile> {
    let values = inner(members, &[name])?.into_iter().flatten();
    Ok(values
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(text: &str) -> Body {
        Body(web::Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn a_body_is_an_object_or_nothing() {
        assert_eq!(body(" \n").members().unwrap(), Map::new());
        assert_eq!(body(r#"{"a":1}"#).members().unwrap().len(), 1);
        let deep = "[".repeat(1000);
        for text in ["[]", "null", "1", "{", r#"{"a":1} x"#, "\u{0}", &deep] {
            assert!(
                matches!(body(text).members(), Err(Refusal::Unreadable)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_has_another_type_is_not_taken_for_absent() {
        let value = json!({ "a": { "b": "x", "n": null, "o": {} }, "t": "x" });
        let members = value.as_object().unwrap();
        assert_eq!(text(members, &["a", "b"]).unwrap(), Some("x"));
        for absent in [&["z"][..], &["a", "z"], &["a", "n"], &["a", "n", "z"]] {
            assert_eq!(text(members, absent).unwrap(), None, "{absent:?}");
            assert_eq!(inner(members, absent).unwrap(), None, "{absent:?}");
        }
        for odd in [&["a"][..], &["a", "o"], &["t", "z"]] {
            assert!(text(members, odd).is_err(), "{odd:?}");
        }
        assert!(inner(members, &["t"]).is_err());
        assert!(profile(members, "t").is_err());
        assert!(profile(members, "z").unwrap().is_empty());
    }
}

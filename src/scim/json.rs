//! Reading JSON from clients: [`parse`] refuses what two parsers could read differently and what
//! could cost more than the request is worth.
//!
//! `serde_json` alone keeps the last of two equal keys in silence, so a proxy that reads the first
//! sees another document. Every failure is 400 `invalidSyntax` with line and column. A byte-order mark
//! is refused (RFC 8259 section 8.1 does not allow senders to add one).

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::{Error, echo};

/// Upper bounds of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nesting of arrays and objects.
    pub depth: usize,
    /// Members of one object.
    pub keys: usize,
    /// Elements of an array.
    pub array: usize,
    /// Elements of an array that may list group members: under `members`, or `value` in a PATCH.
    pub members: usize,
    /// Bytes of a string or key.
    pub string: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 32,
            keys: 256,
            array: 10_000,
            members: 100_000,
            string: 65_536,
        }
    }
}

/// Reads one JSON document.
///
/// # Errors
/// 400 `invalidSyntax` with line and column: not JSON, not UTF-8, trailing text, a key that occurs twice
/// (also when only the case differs), a NUL character, or a limit exceeded.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Seed {
        limits,
        depth: 0,
        array: limits.array,
    };
    seed.deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|e| Error::invalid_syntax(format!("the body is not acceptable JSON: {e}")))
}

#[derive(Clone, Copy)]
struct Seed<'l> {
    limits: &'l Limits,
    depth: usize,
    /// How long an array in this place may be.
    array: usize,
}

impl Seed<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= self.limits.depth {
            return Err(E::custom(format_args!(
                "nested deeper than {} levels",
                self.limits.depth
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
            array: self.limits.array,
            ..self
        })
    }

    fn text<E: de::Error>(self, text: &str) -> Result<(), E> {
        if text.len() > self.limits.string {
            return Err(E::custom(format_args!(
                "a string longer than {} bytes",
                self.limits.string
            )));
        }
        if text.as_bytes().contains(&0) {
            return Err(E::custom("a NUL character in a string"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.text(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(value) = access.next_element_seed(inner)? {
            if array.len() >= self.array {
                return Err(de::Error::custom(format_args!(
                    "an array of more than {} elements",
                    self.array
                )));
            }
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        let mut seen = Keys::default();
        while let Some(key) = access.next_key::<String>()? {
            self.text(&key)?;
            if object.len() >= self.limits.keys {
                return Err(de::Error::custom(format_args!(
                    "an object of more than {} members",
                    self.limits.keys
                )));
            }
            if seen.is_repeated(&object, &key) {
                return Err(de::Error::custom(format_args!(
                    "the key \"{}\" occurs twice (names do not differ by case)",
                    echo(&key)
                )));
            }
            let listing = key.eq_ignore_ascii_case("members") || key.eq_ignore_ascii_case("value");
            let value = access.next_value_seed(Seed {
                array: if listing {
                    self.limits.members
                } else {
                    self.limits.array
                },
                ..inner
            })?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// Objects up to this size are scanned for equal keys, larger ones get a set.
const SCANNED: usize = 16;

#[derive(Default)]
struct Keys(HashSet<String>);

impl Keys {
    fn is_repeated(&mut self, object: &Map<String, Value>, key: &str) -> bool {
        if object.len() < SCANNED {
            return object.keys().any(|k| same(k, key));
        }
        if self.0.is_empty() {
            self.0.extend(object.keys().map(|k| k.to_lowercase()));
        }
        !self.0.insert(key.to_lowercase())
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::error::ScimType;
    use super::*;

    fn read(text: &str) -> Result<Value, Error> {
        parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn ordinary_documents_are_read_as_they_are() {
        let text = r#"{"a":[1,-2,3.5,true,null,"x\u00e9"],"b":{"a":{}}}"#;
        assert_eq!(
            read(text).unwrap(),
            json!({"a":[1,-2,3.5,true,null,"x\u{e9}"],"b":{"a":{}}})
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
        let wide = format!(
            "{{{}}}",
            (0..300)
                .map(|i| format!("\"k{i}\":1"))
                .collect::<Vec<_>>()
                .join(",")
        );
        let long = format!("[{}1]", "1,".repeat(10_000));
        let many: Vec<String> = (0..20).map(|i| format!("\"k{i}\":1")).collect();
        let repeated_late = format!("{{{},\"K3\":2}}", many.join(","));
        let cases: &[(&str, &str)] = &[
            ("", "EOF"),
            (r#"{"userName":"a","userName":"b"}"#, "occurs twice"),
            (r#"{"userName":"a","USERNAME":"b"}"#, "occurs twice"),
            (r#"[{"\u00e9":1,"\u00c9":2}]"#, "occurs twice"),
            (&repeated_late, "occurs twice"),
            (r#"{"a":1} x"#, "trailing"),
            (r#"{"a":"#, "EOF"),
            (r#"{"a":"\ud800"}"#, "hex escape"),
            (r#"{"a":"\u0000"}"#, "NUL"),
            ("\u{feff}{}", "expected value"),
            ("[1e400]", "out of range"),
            (&deep, "deeper than 32"),
            (&wide, "more than 256"),
            (&long, "more than 10000"),
        ];
        for (text, sentence) in cases {
            let error = read(text).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax), "{text}");
            assert!(
                error.detail.contains(sentence),
                "{} for {sentence}",
                error.detail
            );
            assert!(error.detail.contains("line 1 column"), "{}", error.detail);
        }
        assert!(parse(b"\"\xff\"", &Limits::default()).is_err());
    }

    #[test]
    fn lists_of_members_may_be_longer() {
        for key in ["members", "value"] {
            let text = format!("{{\"{key}\":[{}1]}}", "1,".repeat(10_000));
            assert!(read(&text).is_ok());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, &Limits::default());
        }

        #[test]
        fn no_json_like_text_makes_it_panic(text in r#"[\[\]{}":,0-9a-z\\u.eE+ -]{0,80}"#) {
            let ours = read(&text);
            let theirs = serde_json::from_str::<Value>(&text);
            // We are never more lenient, and agree where both accept.
            if let Ok(value) = ours {
                prop_assert_eq!(value, theirs.unwrap());
            }
        }
    }
}

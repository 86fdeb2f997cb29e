//! JSON with positions: every value and every key knows its line and column, so that a mistake in a
//! seed file can be shown where it stands.
//!
//! The grammar is RFC 8259; escapes and numbers are read by `serde_json`. Repeated keys are errors
//! here, because in a hand-written file they are mistakes.

use std::fmt;

/// A place in a text, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(Key, Node)>),
}

impl Node {
    /// The value without its place.
    pub(super) fn plain(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(number) => number.clone().into(),
            Value::Text(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(Self::plain).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, node)| (key.text.clone(), node.plain()))
                .collect(),
        }
    }
}

impl Value {
    /// What a reader would call it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// A key and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) at: Position,
    pub(super) text: String,
}

/// What was expected, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: Position,
    pub(super) message: String,
}

/// Deepest nesting; a seed file needs six levels.
const DEPTH: usize = 32;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let mut reader = Reader {
        rest: text.strip_prefix('\u{feff}').unwrap_or(text),
        at: Position { line: 1, column: 1 },
    };
    let node = reader.value(0)?;
    reader.blank();
    if reader.rest.is_empty() {
        Ok(node)
    } else {
        Err(reader.expected("the end of the file"))
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: Position,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Moves over the first `bytes` bytes, which end between two characters.
    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        for c in taken.chars() {
            if c == '\n' {
                self.at.line += 1;
                self.at.column = 1;
            } else {
                self.at.column += 1;
            }
        }
        self.rest = rest;
        taken
    }

    fn blank(&mut self) {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let length = self.rest.len() - self.rest.trim_start_matches(blank).len();
        self.advance(length);
    }

    fn expected(&self, what: &str) -> Mistake {
        let found = match self.peek() {
            Some(c) => format!("{c:?}"),
            None => "the end of the file".to_owned(),
        };
        Mistake {
            at: self.at,
            message: format!("expected {what}, found {found}"),
        }
    }

    /// Moves over a character if it comes next, after blanks.
    fn take(&mut self, c: char) -> bool {
        self.blank();
        let found = self.rest.starts_with(c);
        if found {
            self.advance(c.len_utf8());
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, Mistake> {
        self.blank();
        let at = self.at;
        if depth > DEPTH {
            return Err(Mistake {
                at,
                message: format!("expected at most {DEPTH} levels of nesting"),
            });
        }
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Value::Text(self.text()?),
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { at, value })
    }

    fn word(&mut self) -> Result<Value, Mistake> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            let follows = self.rest.strip_prefix(word);
            if follows.is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric())) {
                self.advance(word.len());
                return Ok(value);
            }
        }
        Err(self.expected("a JSON value"))
    }

    fn number(&mut self) -> Result<Value, Mistake> {
        let end = self
            .rest
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest.len());
        match serde_json::from_str(&self.rest[..end]) {
            Ok(number) => {
                self.advance(end);
                Ok(Value::Number(number))
            }
            Err(_) => Err(Mistake {
                at: self.at,
                message: format!("expected a number, found {:?}", &self.rest[..end]),
            }),
        }
    }

    fn text(&mut self) -> Result<String, Mistake> {
        let at = self.at;
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find_map(|(i, c)| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes.then_some(i + 1)
        });
        let Some(end) = end else {
            return Err(Mistake {
                at,
                message: "this text has no closing quotation mark".into(),
            });
        };
        match serde_json::from_str(&self.rest[..end]) {
            Ok(text) => {
                self.advance(end);
                Ok(text)
            }
            Err(_) => Err(Mistake {
                at,
                message: "this text contains a bad escape or a line break; write \\n for one and \
                          close the text on its line"
                    .into(),
            }),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Mistake> {
        self.advance(1);
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Value::Array(items));
            }
            if !self.take(',') {
                return Err(self.expected("',' or ']'"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Mistake> {
        self.advance(1);
        let mut members: Vec<(Key, Node)> = Vec::new();
        if self.take('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            let at = self.at;
            if self.peek() != Some('"') {
                return Err(self.expected("a key in quotation marks"));
            }
            let text = self.text()?;
            if members.iter().any(|(key, _)| key.text == text) {
                return Err(Mistake {
                    at,
                    message: format!("the key {text:?} stands here a second time"),
                });
            }
            if !self.take(':') {
                return Err(self.expected("':'"));
            }
            members.push((Key { at, text }, self.value(depth + 1)?));
            if self.take('}') {
                return Ok(Value::Object(members));
            }
            if !self.take(',') {
                return Err(self.expected("',' or '}'"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            ".{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                proptest::collection::btree_map(".{0,6}", inner, 0..6)
                    .prop_map(|m| m.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_writes(json in any_json(), pretty: bool) {
            let text = if pretty { format!("{json:#}") } else { json.to_string() };
            prop_assert_eq!(Node::plain(&parse(&text).unwrap()), json);
        }

        #[test]
        fn refuses_what_serde_json_refuses(text in r#"[\[\]{}",:0-9a-z\\ .-]{0,24}"#) {
            if serde_json::from_str::<serde_json::Value>(&text).is_err() {
                prop_assert!(parse(&text).is_err());
            }
        }
    }

    #[test]
    fn a_mistake_is_shown_where_it_stands() {
        for (text, line, column, message) in [
            (
                "{\n  \"a\": tru\n}",
                2,
                8,
                "expected a JSON value, found 't'",
            ),
            ("[1\n 2]", 2, 2, "expected ',' or ']', found '2'"),
            (
                "{\"a\":1,\n}",
                2,
                1,
                "expected a key in quotation marks, found '}'",
            ),
            ("{\"a\":1, \"a\":2}", 1, 9, "a second time"),
            ("[\"é\", \"x]", 1, 7, "no closing quotation mark"),
            ("[\"\\q\"]", 1, 2, "bad escape"),
            ("[01]", 1, 2, "expected a number"),
            ("", 1, 1, "found the end of the file"),
            ("{} {}", 1, 4, "expected the end of the file"),
        ] {
            let mistake = parse(text).unwrap_err();
            assert_eq!(mistake.at, Position { line, column }, "{text}");
            assert!(mistake.message.contains(message), "{}", mistake.message);
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}

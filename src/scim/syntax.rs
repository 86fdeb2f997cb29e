//! The grammar of filters and paths, RFC 7644 section 3.4.2.2 and figure 7, without any schema.
//!
//! Text becomes a small tree with positions; `filter` and `path` resolve it against a resource type.
//! Corrections of the published grammar (errata 4670, 4690/7322, 7319, 8924) are applied: attribute
//! operators bind tightest, then `not`, `and`, `or`; a value filter contains no other value filter;
//! any run of spaces separates, none is needed at a quote or bracket. Nesting, clauses and length are
//! limited before anything recurses.

use std::fmt;

use serde_json::{Number, Value};

use super::error::echo;

/// Longest filter or path, in bytes.
pub const MAX_LENGTH: usize = 16_384;
/// Deepest nesting of parentheses and brackets.
pub const MAX_DEPTH: usize = 32;
/// Most comparisons in one filter.
pub const MAX_CLAUSES: usize = 200;

/// Where and why text is not a filter or path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Character position, counted from 1.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.position)
    }
}

/// A comparison of RFC 7644 table 3, without `pr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Operator {
    /// The keyword in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        const ALL: [Operator; 9] = [
            Operator::Eq,
            Operator::Ne,
            Operator::Co,
            Operator::Sw,
            Operator::Ew,
            Operator::Gt,
            Operator::Ge,
            Operator::Lt,
            Operator::Le,
        ];
        ALL.into_iter()
            .find(|op| op.as_str().eq_ignore_ascii_case(word))
    }
}

/// A name as written, with its byte offset. Equality ignores the offset.
#[derive(Debug, Clone, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Byte offset in the whole text.
    pub at: usize,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What is asked of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum TestSyntax {
    /// `pr`.
    Present,
    /// An operator and a JSON literal (never an array or object).
    Compare(Operator, Value),
}

/// A filter as written.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterSyntax {
    /// All of them.
    And(Vec<FilterSyntax>),
    /// Any of them.
    Or(Vec<FilterSyntax>),
    /// The complement.
    Not(Box<FilterSyntax>),
    /// `name op value`.
    Test(Name, TestSyntax),
    /// `name[filter]`, or `name[filter].sub op value`.
    Element {
        /// The multi-valued attribute.
        name: Name,
        /// What one and the same element must fulfil.
        filter: Box<FilterSyntax>,
        /// A further test on a sub-attribute of that element.
        then: Option<(Name, TestSyntax)>,
    },
}

impl FilterSyntax {
    /// Reads a whole filter.
    ///
    /// # Errors
    /// The position and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut reader = Reader::new(text)?;
        let filter = reader.any_of(0, Place::Filter)?;
        reader.end()?;
        Ok(filter)
    }

    /// The sub-attributes an element must have, when this is a conjunction of `eq` only:
    /// `type eq "work" and primary eq true`.
    pub fn selectors(&self) -> Option<Vec<(&str, &Value)>> {
        match self {
            Self::Test(name, TestSyntax::Compare(Operator::Eq, value)) => {
                Some(vec![(name.text.as_str(), value)])
            }
            Self::And(parts) => {
                let lists: Option<Vec<_>> = parts.iter().map(Self::selectors).collect();
                Some(lists?.into_iter().flatten().collect())
            }
            _ => None,
        }
    }
}

/// A PATCH path or attribute reference as written: `urn:attr[filter].sub`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawPath {
    /// `urn:attr`, `attr`, `attr.sub` or a bare URN.
    pub(super) name: Name,
    /// Inside the brackets.
    pub(super) filter: Option<FilterSyntax>,
    /// Behind the brackets.
    pub(super) sub: Option<Name>,
}

impl RawPath {
    pub(super) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut reader = Reader::new(text)?;
        let name = reader.name()?;
        let (filter, sub) = if reader.eat(b'[') {
            let filter = reader.any_of(1, Place::Element)?;
            reader.spaces();
            reader.expect(b']')?;
            (Some(filter), reader.sub()?)
        } else {
            (None, None)
        };
        reader.end()?;
        Ok(Self { name, filter, sub })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Filter,
    Element,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    clauses: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, SyntaxError> {
        if text.len() > MAX_LENGTH {
            return Err(SyntaxError {
                position: MAX_LENGTH,
                message: format!("longer than {MAX_LENGTH} bytes"),
            });
        }
        if let Some((at, _)) = text.char_indices().find(|(_, c)| c.is_control()) {
            return Err(error(text, at, "a control character"));
        }
        Ok(Self {
            text,
            at: 0,
            clauses: 0,
        })
    }

    fn fail(&self, message: impl Into<String>) -> SyntaxError {
        error(self.text, self.at, message)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), SyntaxError> {
        if self.eat(byte) {
            return Ok(());
        }
        Err(self.fail(format!("expected `{}`", char::from(byte))))
    }

    fn end(&mut self) -> Result<(), SyntaxError> {
        self.spaces();
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(self.fail(format!("unexpected text \"{}\"", echo(self.rest()))))
    }

    /// The run of characters up to a space, quote or bracket. Does not move.
    fn word(&self) -> &'t str {
        let rest = self.rest();
        let length = rest
            .find([' ', '"', '(', ')', '[', ']'])
            .unwrap_or(rest.len());
        rest.get(..length).unwrap_or("")
    }

    fn name(&mut self) -> Result<Name, SyntaxError> {
        let word = self.word();
        if word.is_empty() {
            return Err(self.fail("expected an attribute name"));
        }
        let name = Name {
            text: word.to_owned(),
            at: self.at,
        };
        self.at += word.len();
        Ok(name)
    }

    /// `.sub` behind a closing bracket, if it is there.
    fn sub(&mut self) -> Result<Option<Name>, SyntaxError> {
        if !self.eat(b'.') {
            return Ok(None);
        }
        self.name().map(Some)
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let word = self.word();
        let found = word.eq_ignore_ascii_case(keyword);
        if found {
            self.at += word.len();
        }
        found
    }

    fn any_of(&mut self, depth: usize, place: Place) -> Result<FilterSyntax, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(self.fail(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let mut parts = vec![self.all_of(depth, place)?];
        self.spaces();
        while self.keyword("or") {
            parts.push(self.all_of(depth, place)?);
            self.spaces();
        }
        Ok(joined(parts, FilterSyntax::Or))
    }

    fn all_of(&mut self, depth: usize, place: Place) -> Result<FilterSyntax, SyntaxError> {
        let mut parts = vec![self.one(depth, place)?];
        self.spaces();
        while self.keyword("and") {
            parts.push(self.one(depth, place)?);
            self.spaces();
        }
        Ok(joined(parts, FilterSyntax::And))
    }

    fn group(&mut self, depth: usize, place: Place) -> Result<FilterSyntax, SyntaxError> {
        self.expect(b'(')?;
        let inner = self.any_of(depth + 1, place)?;
        self.spaces();
        self.expect(b')')?;
        Ok(inner)
    }

    fn one(&mut self, depth: usize, place: Place) -> Result<FilterSyntax, SyntaxError> {
        self.spaces();
        if self.peek() == Some(b'(') {
            return self.group(depth, place);
        }
        let start = self.at;
        if self.keyword("not") {
            self.spaces();
            if self.peek() == Some(b'(') {
                let inner = self.group(depth, place)?;
                return Ok(FilterSyntax::Not(Box::new(inner)));
            }
            self.at = start;
        }
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return Err(self.fail(format!("more than {MAX_CLAUSES} comparisons")));
        }
        let name = self.name()?;
        if self.peek() != Some(b'[') {
            return Ok(FilterSyntax::Test(name, self.test()?));
        }
        if place == Place::Element {
            return Err(self.fail("a value filter cannot contain another one"));
        }
        self.expect(b'[')?;
        let filter = Box::new(self.any_of(depth + 1, Place::Element)?);
        self.spaces();
        self.expect(b']')?;
        let then = match self.sub()? {
            Some(sub) => Some((sub, self.test()?)),
            None => None,
        };
        Ok(FilterSyntax::Element { name, filter, then })
    }

    fn test(&mut self) -> Result<TestSyntax, SyntaxError> {
        self.spaces();
        let word = self.word();
        if word.is_empty() {
            return Err(self.fail("expected an operator (eq ne co sw ew gt ge lt le pr)"));
        }
        if self.keyword("pr") {
            return Ok(TestSyntax::Present);
        }
        let Some(operator) = Operator::parse(word) else {
            return Err(self.fail(format!(
                "unknown operator \"{}\"; use eq ne co sw ew gt ge lt le or pr",
                echo(word)
            )));
        };
        self.at += word.len();
        self.spaces();
        Ok(TestSyntax::Compare(operator, self.value()?))
    }

    fn value(&mut self) -> Result<Value, SyntaxError> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let word = self.word();
        let value = match word {
            w if w.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            w if w.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            w if w.eq_ignore_ascii_case("null") => Some(Value::Null),
            w => serde_json::from_str::<Number>(w).ok().map(Value::Number),
        };
        let Some(value) = value else {
            return Err(self.fail(match word.trim_matches('\'') {
                "" => "expected a value: \"text\", a number, true, false or null".to_owned(),
                bare => format!("text must stand in double quotes: \"{}\"", echo(bare)),
            }));
        };
        self.at += word.len();
        Ok(value)
    }

    fn string(&mut self) -> Result<Value, SyntaxError> {
        let rest = self.rest();
        let mut escaped = false;
        let close = rest.bytes().enumerate().skip(1).find(|(_, byte)| {
            let closes = !escaped && *byte == b'"';
            escaped = !escaped && *byte == b'\\';
            closes
        });
        let literal = close.and_then(|(end, _)| rest.get(..=end));
        let Some(literal) = literal else {
            return Err(self.fail("the quote is not closed"));
        };
        let text: String = serde_json::from_str(literal)
            .map_err(|_| self.fail("not a JSON string: check the backslashes"))?;
        self.at += literal.len();
        Ok(Value::String(text))
    }
}

fn error(text: &str, at: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        position: text.get(..at).map_or(at, |head| head.chars().count()) + 1,
        message: message.into(),
    }
}

/// A single part stands for itself; nested lists of the same kind become one, so that printing and
/// reading again gives the same tree.
fn joined(
    parts: Vec<FilterSyntax>,
    wrap: impl FnOnce(Vec<FilterSyntax>) -> FilterSyntax,
) -> FilterSyntax {
    match <[FilterSyntax; 1]>::try_from(parts) {
        Ok([one]) => one,
        Err(parts) => wrap(parts),
    }
}

fn write_test(f: &mut fmt::Formatter<'_>, test: &TestSyntax) -> fmt::Result {
    match test {
        TestSyntax::Present => f.write_str("pr"),
        TestSyntax::Compare(operator, value) => write!(f, "{} {value}", operator.as_str()),
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, parts: &[FilterSyntax], word: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            write!(f, " {word} ")?;
        }
        match part {
            FilterSyntax::And(_) | FilterSyntax::Or(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

impl fmt::Display for FilterSyntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => write_list(f, parts, "and"),
            Self::Or(parts) => write_list(f, parts, "or"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Test(name, test) => {
                write!(f, "{} ", name.text)?;
                write_test(f, test)
            }
            Self::Element { name, filter, then } => {
                write!(f, "{}[{filter}]", name.text)?;
                match then {
                    Some((sub, test)) => {
                        write!(f, ".{} ", sub.text)?;
                        write_test(f, test)
                    }
                    None => Ok(()),
                }
            }
        }
    }
}

/// Whether this is a name of RFC 7643 section 2.1, with `$` allowed anywhere (`$ref`).
pub(super) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'$')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn grouping_follows_the_corrected_precedence() {
        let cases = [
            ("a pr or b pr and c pr", "a pr or (b pr and c pr)"),
            ("(a pr or b pr) and c pr", "(a pr or b pr) and c pr"),
            ("not(a pr) and b pr", "not (a pr) and b pr"),
            ("not  (a pr and b pr)", "not (a pr and b pr)"),
            ("a EQ\"x\" AND b Pr", "a eq \"x\" and b pr"),
            (
                "e[t eq \"w\" and (v co \"x\" or p eq TRUE)]",
                "e[t eq \"w\" and (v co \"x\" or p eq true)]",
            ),
            ("e[t eq \"w\"].v eq \"x\"", "e[t eq \"w\"].v eq \"x\""),
            ("not pr", "not pr"),
            ("a eq \"q\\\"]\"", "a eq \"q\\\"]\""),
            ("a eq -1.5", "a eq -1.5"),
        ];
        for (text, printed) in cases {
            assert_eq!(
                FilterSyntax::parse(text).unwrap().to_string(),
                printed,
                "{text}"
            );
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        let cases = [
            ("", 1, "attribute name"),
            ("a", 2, "operator"),
            ("a eq", 5, "expected a value"),
            ("a regex \"x\"", 3, "\"regex\""),
            ("a eq 'x'", 6, "\"x\""),
            ("a eq x", 6, "double quotes"),
            ("a pr garbage", 6, "unexpected text \"garbage\""),
            ("a pr and", 9, "attribute name"),
            ("(a pr", 6, "expected `)`"),
            ("e[a[b pr]]", 4, "another one"),
            ("a eq \"x", 6, "not closed"),
            ("a\teq \"x\"", 2, "control"),
        ];
        for (text, position, message) in cases {
            let error = FilterSyntax::parse(text).unwrap_err();
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn size_is_limited_before_anything_recurses() {
        let deep = format!("{}a pr{}", "(".repeat(8_000), ")".repeat(8_000));
        let many = vec!["a pr"; 5_000 / 4].join(" or ");
        let long = format!("a eq \"{}\"", "x".repeat(MAX_LENGTH));
        for (text, message) in [(deep, "deeper"), (many, "comparisons"), (long, "longer")] {
            assert!(
                FilterSyntax::parse(&text)
                    .unwrap_err()
                    .message
                    .contains(message)
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = FilterSyntax::parse(&text);
            let _ = RawPath::parse(&text);
        }

        #[test]
        fn printing_and_reading_again_gives_the_same(text in r#"(not ?\()?[ab](\[[cd] eq "x"\])?(\.e)? ?(pr|eq "\\"?"|gt 5)?\)?( (and|or) \(?[ab] pr\)?){0,3}"#) {
            if let Ok(filter) = FilterSyntax::parse(&text) {
                prop_assert_eq!(FilterSyntax::parse(&filter.to_string()).unwrap(), filter);
            }
        }
    }
}

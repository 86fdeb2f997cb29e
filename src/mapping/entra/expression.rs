//! [`Expression`]: the text of an attribute mapping, read into a tree and printed back.
//!
//! Grammar: `[attribute]`, `"text"`, a number (`12`, `-3`, `1.5`, `&HF7`), `Name(argument, ...)` with
//! arguments that may be left empty, and a comparison (`=`, `<>`, `<`, `<=`, `>`, `>=`) where a
//! function takes a condition. Inside quotes `\` and `"` are written `\\` and `\"`. Attribute names
//! run to the matching closing bracket. Function names are read in any case and printed as
//! documented. An expression has at most 10,000 characters (the service's limit) and nests at most
//! 64 deep (ours). What a name means stands in `functions/`; what it computes in `evaluate`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::functions::{self, Arity, Function};
use super::pattern::Pattern;

/// Longest accepted expression, in characters.
pub(super) const MAX_CHARACTERS: usize = 10_000;
/// Deepest accepted nesting of calls.
pub(super) const MAX_DEPTH: usize = 64;

/// A parsed mapping expression. Stored and serialised as its text in canonical spacing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    root: Node,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `[name]`: a source attribute, without the brackets.
    Attribute(String),
    /// `"text"`: a constant, unescaped.
    Text(String),
    /// A number as written: decimal, or hexadecimal after `&H`.
    Number(String),
    /// A named constant of the language: `vbTextCompare` or `vbBinaryCompare`.
    Keyword(&'static str),
    /// A function call.
    Call(Call),
    /// Two operands and how they are compared; stands only where a function takes a condition.
    Compare(Box<Node>, Comparison, Box<Node>),
}

/// A function call with as many arguments as the function allows.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Option<Node>>,
    pub(super) position: Position,
    /// The regular expression argument, compiled, when it is a constant.
    pub(super) pattern: Option<Pattern>,
}

impl Call {
    /// The function called.
    pub fn function(&self) -> &'static Function {
        self.function
    }

    /// The arguments in order; `None` for one that was left empty.
    pub fn arguments(&self) -> &[Option<Node>] {
        &self.arguments
    }
}

/// Calls are equal when they say the same, wherever they stand.
impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name && self.arguments == other.arguments
    }
}

impl Eq for Call {}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A place in the text of an expression. Displays `line 1, column 8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Bytes before this place.
    pub offset: usize,
    /// Line, counted from 1; lines end with `\n`.
    pub line: usize,
    /// Characters before this place in its line, plus one.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a text is not an expression. Displays what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {position}{}: {message}", Near(.found))]
pub struct ParseError {
    /// Where the trouble starts.
    pub position: Position,
    /// What is wrong and how to put it right.
    pub message: String,
    /// The offending text, shortened; empty at the end of the expression.
    pub found: String,
}

struct Near<'a>(&'a str);

impl fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            found => write!(f, ", near '{found}'"),
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`ParseError`] with the place: syntax, an unknown function, a wrong number of arguments, a
    /// constant that is not a regular expression where one is needed, or a limit of the module.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser { text, at: 0 };
        if text.chars().count() > MAX_CHARACTERS {
            return Err(parser.error_at(
                text.char_indices()
                    .nth(MAX_CHARACTERS)
                    .map_or(0, |(at, _)| at),
                format!("the expression is longer than {MAX_CHARACTERS} characters; shorten it"),
            ));
        }
        let root = parser.operand(0)?;
        parser.skip_blanks();
        let end = parser.at;
        if parser.comparison().is_some() {
            return Err(parser.error_at(
                end,
                "a comparison can stand only in the condition of IIF or CBool",
            ));
        }
        if !parser.rest().is_empty() {
            return Err(parser.error(
                "the expression has ended here; remove what follows, or join parts with Join or Append",
            ));
        }
        Ok(Self { root })
    }

    /// The outermost part.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The source attributes it reads, in the order of the text, with repetitions.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| {
            if let Node::Attribute(name) = node {
                names.push(name.as_str());
            }
        });
        names
    }

    /// Whether it calls the function of this name anywhere.
    pub fn calls(&self, function: &str) -> bool {
        let mut found = false;
        self.root.visit(&mut |node| {
            found |= matches!(node, Node::Call(call) if call.function.name == function);
        });
        found
    }
}

impl Node {
    pub(super) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Node)) {
        see(self);
        match self {
            Self::Call(call) => {
                for argument in call.arguments.iter().flatten() {
                    argument.visit(see);
                }
            }
            Self::Compare(left, _, right) => {
                left.visit(see);
                right.visit(see);
            }
            Self::Attribute(_) | Self::Text(_) | Self::Number(_) | Self::Keyword(_) => {}
        }
    }
}

impl FromStr for Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, "[{name}]"),
            Self::Text(text) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Self::Number(text) => f.write_str(text),
            Self::Keyword(name) => f.write_str(name),
            Self::Call(call) => {
                write!(f, "{}(", call.function.name)?;
                for (index, argument) in call.arguments.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    if let Some(argument) = argument {
                        argument.fmt(f)?;
                    }
                }
                f.write_str(")")
            }
            Self::Compare(left, comparison, right) => {
                write!(f, "{left} {} {right}", comparison.symbol())
            }
        }
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|e| serde::de::Error::custom(format_args!("expression {text:?}: {e}")))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Skips blanks and then `token`, when it stands there.
    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let there = self.rest().starts_with(token);
        if there {
            self.at += token.len();
        }
        there
    }

    fn position_of(&self, offset: usize) -> Position {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Position {
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.at, message)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError {
            position: self.position_of(offset),
            message: message.into(),
            found: self.text[offset..]
                .lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(20)
                .collect(),
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Node, ParseError> {
        self.skip_blanks();
        if depth > MAX_DEPTH {
            return Err(self.error(format!(
                "functions are nested more than {MAX_DEPTH} deep; split the mapping"
            )));
        }
        match self.rest().chars().next() {
            None => Err(self.error(
                "an attribute [name], a constant \"text\" or a function is missing at the end",
            )),
            Some('[') => self.attribute(),
            Some('"') => self.constant(),
            Some('&' | '-' | '0'..='9') => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.named(depth),
            Some('\u{201c}' | '\u{201d}' | '\'') => {
                Err(self.error("write constants in straight double quotes: \"text\""))
            }
            Some(_) => Err(self.error(
                "expected an attribute [name], a constant \"text\", a number or a function",
            )),
        }
    }

    fn attribute(&mut self) -> Result<Node, ParseError> {
        let start = self.at;
        let mut depth = 0_usize;
        for (index, c) in self.rest().char_indices() {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let name = self.rest()[1..index].trim();
                if name.is_empty() {
                    return Err(self.error("an attribute needs a name between the brackets"));
                }
                self.at += index + 1;
                return Ok(Node::Attribute(name.to_owned()));
            }
        }
        Err(self.error_at(
            start,
            "the bracket is never closed; add ']' after the attribute name",
        ))
    }

    fn constant(&mut self) -> Result<Node, ParseError> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((index, c)) = characters.next() {
            match c {
                '"' => {
                    self.at += index + 1;
                    return Ok(Node::Text(text));
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\\' | '"'))) => text.push(escaped),
                    Some((_, other)) => {
                        return Err(self.error_at(
                            start + index,
                            format!("a backslash in a constant is written twice: \\\\{other}"),
                        ));
                    }
                    None => break,
                },
                _ => text.push(c),
            }
        }
        Err(self.error_at(start, "the constant is never closed; add '\"' at its end"))
    }

    fn number(&mut self) -> Result<Node, ParseError> {
        let rest = self.rest();
        let digits = |from: usize, wanted: fn(&char) -> bool| {
            rest[from..].chars().take_while(wanted).count()
        };
        let length = if rest.starts_with('&') {
            let hexadecimal = rest.get(1..2).is_some_and(|h| h.eq_ignore_ascii_case("h"));
            match if hexadecimal {
                digits(2, char::is_ascii_hexdigit)
            } else {
                0
            } {
                0 => return Err(self.error("hexadecimal numbers are written &H and digits: &HF7")),
                17.. => return Err(self.error("the number has more than 16 hexadecimal digits")),
                count => 2 + count,
            }
        } else {
            let sign = usize::from(rest.starts_with('-'));
            let whole = digits(sign, char::is_ascii_digit);
            if whole == 0 {
                return Err(self.error("a number needs digits after the sign"));
            }
            let end = sign + whole;
            let fraction = match rest[end..].strip_prefix('.') {
                Some(_) => match digits(end + 1, char::is_ascii_digit) {
                    0 => return Err(self.error("a number needs digits after the point")),
                    count => 1 + count,
                },
                None => 0,
            };
            end + fraction
        };
        self.at += length;
        Ok(Node::Number(rest[..length].to_owned()))
    }

    fn named(&mut self, depth: usize) -> Result<Node, ParseError> {
        let start = self.at;
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = &rest[..length];
        self.at += length;
        if !self.take("(") {
            return functions::keyword(name).map(Node::Keyword).ok_or_else(|| {
                self.error_at(
                    start,
                    format!("write [{name}] for an attribute, \"{name}\" for a constant, {name}(...) for a function"),
                )
            });
        }
        let function = functions::find(name).map_err(|message| self.error_at(start, message))?;
        if function.top_level && depth > 0 {
            return Err(self.error_at(
                start,
                format!(
                    "{} cannot stand inside of another function; make it the whole expression",
                    function.name
                ),
            ));
        }
        let mut call = Call {
            function,
            arguments: Vec::new(),
            position: self.position_of(start),
            pattern: None,
        };
        if !self.take(")") {
            loop {
                self.argument(&mut call, depth)?;
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err(self.error(format!(
                        "expected ',' or ')' after argument {} of {}",
                        call.arguments.len(),
                        function.name
                    )));
                }
            }
        }
        check_arity(function, call.arguments.len())
            .map_err(|message| self.error_at(start, message))?;
        Ok(Node::Call(call))
    }

    fn argument(&mut self, call: &mut Call, depth: usize) -> Result<(), ParseError> {
        self.skip_blanks();
        if matches!(self.rest().chars().next(), Some(',' | ')')) {
            call.arguments.push(None);
            return Ok(());
        }
        let start = self.at;
        let mut node = self.operand(depth + 1)?;
        let parameter = call.function.parameter(call.arguments.len());
        self.skip_blanks();
        let operator_at = self.at;
        if let Some(comparison) = self.comparison() {
            if !parameter.is_some_and(|p| p.condition) {
                return Err(self.error_at(
                    operator_at,
                    "a comparison can stand only in the condition of IIF or CBool",
                ));
            }
            let right = self.operand(depth + 1)?;
            node = Node::Compare(Box::new(node), comparison, Box::new(right));
            self.one_comparison()?;
        }
        if let (Some(parameter), Node::Text(text)) = (parameter, &node)
            && parameter.pattern
        {
            call.pattern = Some(Pattern::new(text).map_err(|reason| {
                self.error_at(start, format!("this is not a regular expression: {reason}"))
            })?);
        }
        call.arguments.push(Some(node));
        Ok(())
    }

    /// A condition is one comparison: what people write to join two of them is refused by name.
    fn one_comparison(&mut self) -> Result<(), ParseError> {
        self.skip_blanks();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic() && c != '&' && c != '|')
            .unwrap_or(rest.len());
        let joins = ["and", "or", "&&", "&", "||", "|"];
        if joins.iter().any(|j| rest[..end].eq_ignore_ascii_case(j)) {
            return Err(self.error(
                "a condition is one comparison; for a second one nest another IIF in a branch",
            ));
        }
        Ok(())
    }

    fn comparison(&mut self) -> Option<Comparison> {
        // Longer operators first, so that `<=` is not read as `<`.
        [
            Comparison::NotEqual,
            Comparison::LessOrEqual,
            Comparison::GreaterOrEqual,
            Comparison::Equal,
            Comparison::Less,
            Comparison::Greater,
        ]
        .into_iter()
        .find(|comparison| self.take(comparison.symbol()))
    }
}

fn check_arity(function: &Function, given: usize) -> Result<(), String> {
    let name = function.name;
    let usage = function.signature();
    let (least, most) = match function.arity {
        Arity::Between(least, most) => (least, most),
        Arity::AtLeast(least) => (least, usize::MAX),
        Arity::ThenPairs(before) => {
            if given > before && (given - before) % 2 == 1 {
                return Err(format!(
                    "{name} needs keys and values in pairs after its first {before} arguments, and the last key has no value; usage: {usage}"
                ));
            }
            (before + 2, usize::MAX)
        }
    };
    if given < least {
        let bound = if least == most { "exactly" } else { "at least" };
        return Err(format!(
            "{name} needs {bound} {least} arguments, {given} given; usage: {usage}"
        ));
    }
    if given > most {
        let bound = if least == most { "exactly" } else { "at most" };
        return Err(format!(
            "{name} takes {bound} {most} arguments, {given} given; usage: {usage}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prints_as_the_portal_does() {
        for (text, printed) in [
            (
                "switch( [IsSoftDeleted],,\"False\" ,\n\"True\")",
                "Switch([IsSoftDeleted], , \"False\", \"True\")",
            ),
            (
                "Replace([mail],\"@x\", , ,\"\", ,)",
                "Replace([mail], \"@x\", , , \"\", , )",
            ),
            ("[ mail ]", "[mail]"),
            (
                "Coalesce([emails[type eq \"work\"].value])",
                "Coalesce([emails[type eq \"work\"].value])",
            ),
            ("BitAnd(&hF7,-3)", "BitAnd(&hF7, -3)"),
            ("IIF([a]<=1.5,[b],)", "IIF([a] <= 1.5, [b], )"),
            ("guid( )", "Guid()"),
            (
                "InStr([a],\"\\\\\\\"\",1,VBTEXTCOMPARE)",
                "InStr([a], \"\\\\\\\"\", 1, vbTextCompare)",
            ),
        ] {
            let expression = Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(expression.to_string(), printed);
            assert_eq!(Expression::parse(printed).unwrap(), expression);
        }
    }

    #[test]
    fn errors_say_what_and_where() {
        for (text, column, part) in [
            ("", 1, "is missing at the end"),
            ("Append([a], \"x", 13, "never closed"),
            ("Foo([a])", 1, "there is no function Foo"),
            ("Mid([a])", 1, "usage: Mid(source, start, length)"),
            ("Not([a], [b])", 1, "takes exactly 1 arguments"),
            ("Switch([a],\"d\",\"k\")", 1, "the last key has no value"),
            ("Switch([a],\"d\")", 1, "at least 4"),
            ("Append(Right([a], 2), \"x\")", 8, "Microsoft Entra Connect"),
            ("Trim([a])", 1, "use Replace with the regular expression"),
            ("Now([a])", 1, "takes exactly 0 arguments"),
            ("FormatDateTime([a], \"yyyy\")", 1, "at least 3"),
            ("SelectUniqueValue([a])", 1, "at least 2"),
            (
                "Not(SelectUniqueValue([a], [b]))",
                5,
                "make it the whole expression",
            ),
            ("IIF([a]=\"x\" And [b]=\"y\", 1, 2)", 13, "nest another IIF"),
            ("IIF([a]=\"x\" || [b]=\"y\", 1, 2)", 13, "nest another IIF"),
            ("Tolowr([a])", 1, "did you mean ToLower?"),
            ("Append([a] [b])", 12, "expected ',' or ')'"),
            ("Append([a, \"x\")", 8, "add ']'"),
            ("mail", 1, "write [mail] for an attribute"),
            ("\u{201c}x\u{201d}", 1, "straight double quotes"),
            ("Not([])", 5, "needs a name"),
            ("[a] = \"x\"", 5, "only in the condition"),
            ("Not([a] = \"x\")", 9, "only in the condition"),
            ("Not([a]) + 1", 10, "has ended here"),
            (
                "Replace([a], , \"(\", , \"\", , )",
                16,
                "not a regular expression",
            ),
            ("Append([a], \"\\d\")", 14, "written twice"),
            ("BitAnd(&H, 1)", 8, "&H and digits"),
            ("Left([\u{fc}], -)", 11, "digits after the sign"),
        ] {
            let error = Expression::parse(text).expect_err(text);
            assert_eq!(error.position.column, column, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
            let place = format!("at line 1, column {column}");
            assert!(error.to_string().starts_with(&place), "{error}");
        }
        let error = Expression::parse("Left([\u{fc}], -)").unwrap_err();
        assert_eq!((error.position.offset, error.found.as_str()), (11, "-)"));
    }

    #[test]
    fn errors_in_long_expressions_name_the_line() {
        let text = "Join(\" \",\r\n  [givenName],\n  Foo([surname]),\n  [mail])";
        let error = Expression::parse(text).unwrap_err();
        let place = (error.position.line, error.position.column);
        assert_eq!((place, error.found.as_str()), ((3, 3), "Foo([surname]),"));
        assert_eq!(
            error.to_string(),
            "at line 3, column 3, near 'Foo([surname]),': there is no function Foo; check the spelling"
        );
    }

    #[test]
    fn length_and_depth_are_limited() {
        let long = format!("\"{}\"", "\u{fc}".repeat(MAX_CHARACTERS - 1));
        assert!(
            Expression::parse(&long)
                .unwrap_err()
                .message
                .contains("10000")
        );
        assert!(Expression::parse(&format!("\"{}\"", "x".repeat(MAX_CHARACTERS - 2))).is_ok());
        let nested = |depth: usize| format!("{}[a]{}", "Not(".repeat(depth), ")".repeat(depth));
        assert!(Expression::parse(&nested(MAX_DEPTH)).is_ok());
        let error = Expression::parse(&nested(MAX_DEPTH + 1)).unwrap_err();
        assert!(error.message.contains("nested"), "{error}");
    }

    #[test]
    fn names_what_it_reads_and_calls() {
        let expression = Expression::parse("Redact(Join(\" \", [a], [B], [a]))").unwrap();
        assert_eq!(expression.attributes(), ["a", "B", "a"]);
        assert!(expression.calls("Redact") && !expression.calls("Not"));
    }

    fn leaf() -> impl Strategy<Value = Node> {
        prop_oneof![
            "[a-zA-Z][a-zA-Z0-9_.]{0,8}(\\[[a-z \"]{0,5}\\])?".prop_map(Node::Attribute),
            "\\PC{0,12}".prop_map(Node::Text),
            "-?[0-9]{1,6}(\\.[0-9]{1,3})?|&H[0-9A-F]{1,16}".prop_map(Node::Number),
            Just(Node::Keyword("vbTextCompare")),
        ]
    }

    fn call(name: &str, arguments: Vec<Option<Node>>) -> Node {
        Node::Call(Call {
            function: functions::find(name).unwrap(),
            arguments,
            position: Position::default(),
            pattern: None,
        })
    }

    fn node() -> impl Strategy<Value = Node> {
        leaf().prop_recursive(4, 40, 4, |inner| {
            let argument = proptest::option::of(inner.clone());
            let many = |range| proptest::collection::vec(argument.clone(), range);
            prop_oneof![
                many(2..6).prop_map(|arguments| call("Join", arguments)),
                many(3..4).prop_map(|arguments| call("Mid", arguments)),
                (many(2..3), 1_usize..3, argument.clone()).prop_map(|(mut arguments, pairs, a)| {
                    arguments.extend(std::iter::repeat_n(a, pairs * 2));
                    call("Switch", arguments)
                }),
                (inner.clone(), inner.clone(), many(2..3)).prop_map(|(left, right, mut rest)| {
                    let condition =
                        Node::Compare(Box::new(left), Comparison::LessOrEqual, Box::new(right));
                    rest.insert(0, Some(condition));
                    call("IIF", rest)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_printed_reads_back_the_same(root in node()) {
            let expression = Expression { root };
            let printed = expression.to_string();
            let again = Expression::parse(&printed)
                .map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
            prop_assert_eq!(again, expression);
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = Expression::parse(&text);
        }

        #[test]
        fn nearly_right_texts_do_not_panic_either(
            text in "(Switch|IIF|Replace|Mid|Join|&H|[\\[\\]\"\\\\(),=<>& .a1-]){0,30}",
        ) {
            let _ = Expression::parse(&text);
        }
    }
}

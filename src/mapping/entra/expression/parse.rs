//! The parser: text to tree, or the first thing that is wrong with it.

use super::{Call, Comparison, Node, ParseError, Position};
use crate::mapping::entra::functions::{self, Arity, Function};
use crate::mapping::entra::object::MOST_PATTERNS;
use crate::mapping::entra::pattern::Pattern;
use crate::mapping::position::found_at;

/// Longest accepted expression, in characters.
pub(in crate::mapping::entra) const MAX_CHARACTERS: usize = 10_000;
/// Deepest accepted nesting of calls.
pub(super) const MAX_DEPTH: usize = 64;

/// Reads a whole text.
pub(super) fn expression(text: &str) -> Result<Node, ParseError> {
    let mut parser = Parser {
        text,
        at: 0,
        patterns: 0,
    };
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
    // It is stored as it is printed, and has to be read again.
    let printed = root.to_string().chars().count();
    if printed > MAX_CHARACTERS {
        return Err(parser.error_at(
            0,
            format!("with a blank behind each comma the expression has {printed} characters, more than {MAX_CHARACTERS}; shorten it"),
        ));
    }
    Ok(root)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Regular expressions compiled so far.
    patterns: usize,
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
        Position::of(self.text, offset)
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.at, message)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError {
            position: self.position_of(offset),
            message: message.into(),
            found: found_at(self.text, offset),
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
            self.patterns += 1;
            if self.patterns > MOST_PATTERNS {
                return Err(self.error_at(
                    start,
                    format!("the expression has more than {MOST_PATTERNS} regular expressions; split the mapping"),
                ));
            }
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

//! The parser: text to tree, or the first thing that is wrong with it. Operators and their order are here,
//! what an operand can be is in `operand`.

mod operand;

use super::super::error::SyntaxError;
use super::super::pattern::{MOST_WRITTEN, Pattern};
use super::Purpose;
use super::node::{Comparison, Kind, Node, Operator, Piece};

/// Longest accepted expression, in characters.
pub(in crate::mapping::okta) const MAX_CHARACTERS: usize = 10_000;
/// Deepest accepted nesting.
pub(in crate::mapping::okta) const MAX_DEPTH: usize = 64;

pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Reads a whole text.
pub(super) fn expression(text: &str, purpose: Purpose) -> Parsed<Node> {
    check_length(text)?;
    let mut parser = Parser::new(text, purpose, false);
    let root = parser.expression(0)?;
    parser.end()?;
    Ok(root)
}

pub(super) fn check_length(text: &str) -> Parsed<()> {
    match text.char_indices().nth(MAX_CHARACTERS) {
        None => Ok(()),
        Some((at, _)) => Err(SyntaxError::at(
            text,
            at,
            format!("the expression is longer than {MAX_CHARACTERS} characters; shorten it"),
        )),
    }
}

/// Operators of other dialects, with what to write here.
const OTHER_OPERATORS: [(&str, &str); 10] = [
    ("eq", "write =="),
    ("ne", "write !="),
    ("lt", "write <"),
    ("le", "write <="),
    ("gt", "write >"),
    ("ge", "write >="),
    ("div", "write /"),
    ("mod", "write %"),
    ("instanceof", "types cannot be asked for"),
    ("between", "write two comparisons joined by AND"),
];

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    purpose: Purpose,
    /// Whether `fn:` functions may stand here.
    in_template: bool,
    /// Whether names mean attributes of the elements of a list.
    in_projection: bool,
    /// Bytes of the regular expressions read so far.
    patterns: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, purpose: Purpose, in_template: bool) -> Self {
        Self {
            text,
            at: 0,
            purpose,
            in_template,
            in_projection: false,
            patterns: 0,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Skips blanks and then `token`, when it stands there.
    pub(super) fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let there = self.rest().starts_with(token);
        if there {
            self.at += token.len();
        }
        there
    }

    /// The name that stands here, perhaps empty.
    fn name_here(&self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// Skips blanks and then a word of the language in any case.
    fn word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let there = self.name_here().eq_ignore_ascii_case(word);
        if there {
            self.at += word.len();
        }
        there
    }

    pub(super) fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.text, self.at, message)
    }

    fn error_at(&self, at: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.text, at, message)
    }

    fn end(&mut self) -> Parsed<()> {
        self.skip_blanks();
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// What to say about something that stands where the expression could end.
    pub(super) fn unexpected(&self) -> SyntaxError {
        let word = self.name_here();
        let other = OTHER_OPERATORS
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name));
        if let Some((name, instead)) = other {
            return self.error(format!("there is no operator {name}; {instead}"));
        }
        self.error(match self.rest().chars().next() {
            Some('=') => "nothing can be assigned; compare with ==",
            Some('&') => "write AND, or &&",
            Some('|') => "write OR, or ||",
            Some(')') => "this parenthesis was never opened",
            Some('}') => "this brace was never opened",
            Some(']') => "this bracket was never opened",
            Some('"' | '\'') => "join texts with +, and double a quote inside of a text",
            _ => "the expression has ended here; remove what follows, or join parts with +",
        })
    }

    /// `condition ? value : ...`, `value ?: ...`, or what binds tighter. Alternatives in a row are flat.
    pub(super) fn expression(&mut self, depth: usize) -> Parsed<Node> {
        self.skip_blanks();
        if depth > MAX_DEPTH {
            return Err(self.error(format!(
                "the expression is nested more than {MAX_DEPTH} deep; split the mapping"
            )));
        }
        let at = self.at;
        let mut pieces = Vec::new();
        loop {
            let head = self.any_of(depth)?;
            if self.take("?:") {
                pieces.push(Piece::Unless(head));
            } else if self.take("?") {
                let value = self.expression(depth + 1)?;
                if !self.take(":") {
                    self.skip_blanks();
                    return Err(if self.rest().is_empty() {
                        self.error("the part for otherwise is missing; add : and a value")
                    } else {
                        self.unexpected()
                    });
                }
                pieces.push(Piece::When(head, value));
            } else if pieces.is_empty() {
                return Ok(head);
            } else {
                return Ok(Node::new(at, Kind::Choice(pieces, Box::new(head))));
            }
        }
    }

    fn any_of(&mut self, depth: usize) -> Parsed<Node> {
        let first = self.all_of(depth)?;
        let at = first.at;
        let mut items = vec![first];
        while self.take("||") || self.word("or") {
            items.push(self.all_of(depth)?);
        }
        Ok(flat(at, items, Kind::Or))
    }

    fn all_of(&mut self, depth: usize) -> Parsed<Node> {
        let first = self.comparison(depth)?;
        let at = first.at;
        let mut items = vec![first];
        while self.take("&&") || self.word("and") {
            items.push(self.comparison(depth)?);
        }
        Ok(flat(at, items, Kind::And))
    }

    fn comparison(&mut self, depth: usize) -> Parsed<Node> {
        let left = self.sum(depth)?;
        let at = left.at;
        if self.word("matches") {
            let right = self.sum(depth)?;
            let pattern = self.pattern(&right)?;
            return Ok(Node::new(
                at,
                Kind::Matches(Box::new(left), Box::new(right), pattern),
            ));
        }
        // Longer operators first, so that `<=` is not read as `<`.
        let found = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ]
        .into_iter()
        .find(|(symbol, _)| self.take(symbol));
        let Some((_, how)) = found else {
            return Ok(left);
        };
        let right = self.sum(depth)?;
        Ok(Node::new(
            at,
            Kind::Compare(Box::new(left), how, Box::new(right)),
        ))
    }

    /// A constant regular expression, compiled.
    fn pattern(&mut self, node: &Node) -> Parsed<Option<Pattern>> {
        let Kind::Text(text) = &node.kind else {
            return Ok(None);
        };
        self.patterns += text.len();
        if self.patterns > MOST_WRITTEN {
            return Err(self.error_at(
                node.at,
                format!(
                    "the regular expressions are longer than {MOST_WRITTEN} bytes together; shorten them"
                ),
            ));
        }
        Pattern::constant(text).map(Some).map_err(|reason| {
            self.error_at(
                node.at,
                format!("this is not a regular expression: {reason}"),
            )
        })
    }

    fn sum(&mut self, depth: usize) -> Parsed<Node> {
        let signs = [("+", Operator::Add), ("-", Operator::Subtract)];
        self.chain(depth, &signs, Self::product)
    }

    fn product(&mut self, depth: usize) -> Parsed<Node> {
        let signs = [
            ("*", Operator::Multiply),
            ("/", Operator::Divide),
            ("%", Operator::Remainder),
        ];
        self.chain(depth, &signs, Self::unary)
    }

    fn chain(
        &mut self,
        depth: usize,
        signs: &[(&str, Operator)],
        part: fn(&mut Self, usize) -> Parsed<Node>,
    ) -> Parsed<Node> {
        let first = part(self, depth)?;
        let at = first.at;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let sign_at = self.at;
            self.no_counting()?;
            let Some((_, operator)) = signs.iter().find(|(sign, _)| self.take(sign)) else {
                break;
            };
            rest.push((*operator, sign_at, part(self, depth)?));
        }
        Ok(if rest.is_empty() {
            first
        } else {
            Node::new(at, Kind::Chain(Box::new(first), rest))
        })
    }

    fn no_counting(&self) -> Parsed<()> {
        if self.rest().starts_with("++") || self.rest().starts_with("--") {
            return Err(self.error("there is no ++ and no --; write + 1 or - 1"));
        }
        Ok(())
    }

    fn unary(&mut self, depth: usize) -> Parsed<Node> {
        self.skip_blanks();
        let at = self.at;
        if depth > MAX_DEPTH {
            return Err(self.error(format!(
                "the expression is nested more than {MAX_DEPTH} deep; split the mapping"
            )));
        }
        self.no_counting()?;
        if self.rest().starts_with("!=") {
            return Err(self.error("a value is missing before !="));
        }
        if self.take("!") || self.word("not") {
            let inner = self.unary(depth + 1)?;
            return Ok(Node::new(at, Kind::Not(Box::new(inner))));
        }
        for (sign, negative) in [("-", true), ("+", false)] {
            if self.take(sign) {
                let inner = self.unary(depth + 1)?;
                return Ok(Node::new(at, Kind::Sign(negative, Box::new(inner))));
            }
        }
        self.operand(depth)
    }
}

/// One item as it is, several as a chain.
fn flat(at: usize, mut items: Vec<Node>, chain: fn(Vec<Node>) -> Kind) -> Node {
    match (items.pop(), items.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            items.extend(last);
            Node::new(at, chain(items))
        }
    }
}

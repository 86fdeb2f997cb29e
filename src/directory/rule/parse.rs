//! From the text of a rule to its tree, or to the first mistake.

use fancy_regex::{Regex, RegexBuilder};

use super::super::attributes::is_extension;
use super::{Comparison, Node, Property, Quantity, RuleError, Test};
use crate::mapping::entra::{self, AttributeType, source_attributes};

/// Deepest nesting of parentheses and `-not`.
const DEPTH: usize = 32;
/// Steps after which matching a pattern is given up.
const BACKTRACK_LIMIT: usize = 20_000;

type Result<T> = std::result::Result<T, RuleError>;

/// Source attributes that no rule may ask for: computed, references, or never kept.
const NOT_COMPARED: &[&str] = &[
    "IsSoftDeleted",
    "appRoleAssignments",
    "manager",
    "originalUserPrincipalName",
    "passwordProfile.password",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
    End,
}

impl Token {
    fn name(&self) -> String {
        match self {
            Self::Word(word) => format!("{word:?}"),
            Self::Text(_) => "a text in quotation marks".to_owned(),
            Self::Sign(sign) => format!("{sign:?}"),
            Self::End => "the end of the rule".to_owned(),
        }
    }
}

/// A comparison operator and whether it is the negative one of its pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    StartsWith,
    Contains,
    Match,
    In,
}

const OPERATORS: &[(&str, Operator, bool)] = &[
    ("eq", Operator::Equal, false),
    ("ne", Operator::Equal, true),
    ("startsWith", Operator::StartsWith, false),
    ("notStartsWith", Operator::StartsWith, true),
    ("contains", Operator::Contains, false),
    ("notContains", Operator::Contains, true),
    ("match", Operator::Match, false),
    ("notMatch", Operator::Match, true),
    ("in", Operator::In, false),
    ("notIn", Operator::In, true),
];

/// Reads a whole rule.
pub(super) fn rule(text: &str) -> Result<Node> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
    };
    let node = reader.any_of(0)?;
    match reader.peek() {
        Token::End => Ok(node),
        _ => reader.expected("-and, -or or the end of the rule"),
    }
}

/// Each with the character it begins at, from 1; the last one is the end.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let begin = at + 1;
        if c.is_whitespace() {
            at += 1;
        } else if matches!(c, '(' | ')' | '[' | ']' | ',') {
            tokens.push((begin, Token::Sign(c)));
            at += 1;
        } else if matches!(c, '"' | '\'') {
            let (quoted, next) = quoted(&chars, at)?;
            tokens.push((begin, Token::Text(quoted)));
            at = next;
        } else {
            let word: String = chars[at..]
                .iter()
                .take_while(|c| !c.is_whitespace() && !"()[],\"'".contains(**c))
                .collect();
            at += word.chars().count();
            tokens.push((begin, Token::Word(word)));
        }
    }
    tokens.push((chars.len() + 1, Token::End));
    Ok(tokens)
}

/// A quoted text that begins at `from`, and where it ends.
fn quoted(chars: &[char], from: usize) -> Result<(String, usize)> {
    let quote = chars[from];
    let mut text = String::new();
    let mut at = from + 1;
    while let Some(&c) = chars.get(at) {
        match c {
            // In double quotation marks a backtick takes what follows as it is.
            '`' if quote == '"' => {
                if let Some(&escaped) = chars.get(at + 1) {
                    text.push(escaped);
                }
                at += 2;
            }
            c if c == quote && quote == '\'' && chars.get(at + 1) == Some(&'\'') => {
                text.push('\'');
                at += 2;
            }
            c if c == quote => return Ok((text, at + 1)),
            c => {
                text.push(c);
                at += 1;
            }
        }
    }
    Err(RuleError {
        position: from + 1,
        message: format!("the text that begins here has no {quote} at its end"),
    })
}

struct Reader<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(_, t)| t)
    }

    fn position(&self) -> usize {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(1, |(at, _)| *at)
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(RuleError {
            position: self.position(),
            message: message.into(),
        })
    }

    fn expected<T>(&self, what: &str) -> Result<T> {
        self.wrong(format!("expected {what}, found {}", self.peek().name()))
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    /// Moves over a word of the language, with or without its hyphen.
    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(w) if bare(w).eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = *self.peek() == Token::Sign(sign);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> Result<()> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            self.expected(&format!("{sign:?}"))
        }
    }

    fn any_of(&mut self, depth: usize) -> Result<Node> {
        let mut nodes = vec![self.all_of(depth)?];
        while self.take_word("or") {
            nodes.push(self.all_of(depth)?);
        }
        Ok(one_or(nodes, Node::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Node> {
        let mut nodes = vec![self.term(depth)?];
        while self.take_word("and") {
            nodes.push(self.term(depth)?);
        }
        Ok(one_or(nodes, Node::And))
    }

    fn term(&mut self, depth: usize) -> Result<Node> {
        if depth >= DEPTH {
            return self.wrong(format!("a rule is nested at most {DEPTH} levels deep"));
        }
        if self.take_word("not") {
            return Ok(Node::Not(Box::new(self.term(depth + 1)?)));
        }
        if self.take_sign('(') {
            let node = self.any_of(depth + 1)?;
            self.sign(')')?;
            return Ok(node);
        }
        self.test().map(Node::Test)
    }

    fn test(&mut self) -> Result<Test> {
        let (property, kind, many) = self.property()?;
        let quantity = if self.take_word("any") {
            Quantity::Any
        } else if self.take_word("all") {
            Quantity::All
        } else {
            Quantity::One
        };
        match (quantity, many) {
            (Quantity::One, true) => {
                return self.expected("-any or -all, because this property has several values");
            }
            (Quantity::Any | Quantity::All, false) => {
                self.at -= 1;
                return self.wrong("-any and -all are for properties with several values");
            }
            (Quantity::One, false) => {
                let (comparison, negative) = self.comparison(kind)?;
                return Ok(Test {
                    property,
                    quantity,
                    comparison,
                    negative,
                });
            }
            (Quantity::Any | Quantity::All, true) => {}
        }
        self.sign('(')?;
        if !matches!(self.peek(), Token::Word(word) if word == "_") {
            return self.expected("_, which stands for each value");
        }
        self.at += 1;
        let (comparison, negative) = self.comparison(kind)?;
        self.sign(')')?;
        Ok(Test {
            property,
            quantity,
            comparison,
            negative,
        })
    }

    fn property(&mut self) -> Result<(Property, AttributeType, bool)> {
        let Token::Word(word) = self.peek() else {
            return self.expected("a property such as user.department");
        };
        let Some(name) = word
            .split_once('.')
            .filter(|(object, _)| object.eq_ignore_ascii_case("user"))
            .map(|(_, name)| name.to_owned())
        else {
            return self.expected("a property such as user.department");
        };
        let known = source_attributes(entra::ObjectKind::User)
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(&name));
        let found = if name.eq_ignore_ascii_case("userType") {
            (Property::UserType, AttributeType::String, false)
        } else if let Some(known) = known.filter(|known| !NOT_COMPARED.contains(&known.name)) {
            let property = match known.name {
                "accountEnabled" => Property::AccountEnabled,
                "objectId" => Property::ObjectId,
                "userPrincipalName" => Property::PrincipalName,
                name => Property::Attribute(name.to_owned()),
            };
            (property, known.kind, known.multi_valued)
        } else if is_extension(&name) {
            (Property::Attribute(name), AttributeType::String, false)
        } else {
            return self.wrong(format!("{word} is not a property that a rule can ask for"));
        };
        self.at += 1;
        Ok(found)
    }

    fn comparison(&mut self, kind: AttributeType) -> Result<(Comparison, bool)> {
        let found = match self.peek() {
            Token::Word(word) => OPERATORS
                .iter()
                .find(|(name, ..)| bare(word).eq_ignore_ascii_case(name)),
            _ => None,
        };
        let Some(&(_, operator, negative)) = found else {
            let names: Vec<String> = OPERATORS.iter().map(|(n, ..)| format!("-{n}")).collect();
            return self.expected(&format!("one of {}", names.join(", ")));
        };
        let boolean = kind == AttributeType::Boolean;
        if boolean && operator != Operator::Equal {
            return self.wrong("true and false are compared with -eq and -ne");
        }
        self.at += 1;
        if operator == Operator::In {
            return Ok((Comparison::In(self.list()?), negative));
        }
        let text = match self.peek() {
            Token::Word(word) if word.eq_ignore_ascii_case("null") || word == "$null" => None,
            Token::Word(word)
                if boolean && matches!(word.to_lowercase().as_str(), "true" | "false") =>
            {
                Some(word.clone())
            }
            Token::Text(text)
                if !boolean || matches!(text.to_lowercase().as_str(), "true" | "false") =>
            {
                Some(text.clone())
            }
            _ if boolean => return self.expected("true, false or null"),
            _ => return self.expected("a text in quotation marks"),
        };
        let comparison = match (operator, text) {
            (Operator::Equal | Operator::In, None) => Comparison::Null,
            (_, None) => return self.wrong("null is compared with -eq and -ne"),
            (Operator::Equal | Operator::In, Some(text)) => Comparison::Equal(text.to_lowercase()),
            (Operator::StartsWith, Some(text)) => Comparison::StartsWith(text.to_lowercase()),
            (Operator::Contains, Some(text)) => Comparison::Contains(text.to_lowercase()),
            (Operator::Match, Some(text)) => Comparison::Match(Box::new(self.pattern(&text)?)),
        };
        self.at += 1;
        Ok((comparison, negative))
    }

    /// In any case, as everything in a rule.
    fn pattern(&self, text: &str) -> Result<Regex> {
        RegexBuilder::new(&format!("(?i){text}"))
            .backtrack_limit(BACKTRACK_LIMIT)
            .build()
            .or_else(|error| self.wrong(format!("not a regular expression: {error}")))
    }

    /// In lower case.
    fn list(&mut self) -> Result<Vec<String>> {
        self.sign('[')?;
        let mut texts = Vec::new();
        loop {
            match self.peek() {
                Token::Text(text) => texts.push(text.to_lowercase()),
                _ => return self.expected("a text in quotation marks"),
            }
            self.next();
            if self.take_sign(']') {
                return Ok(texts);
            }
            if !self.take_sign(',') {
                return self.expected("',' or ']'");
            }
        }
    }
}

/// An operator without its hyphen.
fn bare(word: &str) -> &str {
    word.strip_prefix('-').unwrap_or(word)
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 {
        nodes.remove(0)
    } else {
        many(nodes)
    }
}

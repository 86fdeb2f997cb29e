//! Rules of dynamic groups: which people a rule means.
//!
//! Follows the rule syntax of Entra's dynamic membership groups, for users: `user.<property> <operator> <value>`
//! joined by `-and`, `-or` and `-not`, with parentheses. Operators may be written with or without their hyphen; texts
//! are compared without regard to case. What is not in it: `memberOf`, arithmetic with dates, and device rules.
//!
//! | what | how |
//! |---|---|
//! | properties | the stored source attributes of users by their names, `userType`, and directory extensions |
//! | comparison | `-eq` `-ne` `-startsWith` `-notStartsWith` `-contains` `-notContains` `-match` `-notMatch` `-in` `-notIn` |
//! | values | `"text"` (a backtick escapes), `'text'` (`''` is one quotation mark), `true`, `false`, `null`, `["a", "b"]` |
//! | several values | `user.proxyAddresses -any (_ -startsWith "SMTP:")`, and `-all` |
//! | precedence | comparison, `-not`, `-and`, `-or` |
//!
//! Nobody has a value in a property that is null: `-eq` to a text is false of it, `-ne` is true, and so on for every
//! pair of operators.

mod parse;

use std::str::FromStr;

use fancy_regex::Regex;

use crate::model::DirectoryUser;

/// Longest rule in characters, as in Entra.
pub const LENGTH: usize = 3072;

/// A rule that was understood.
#[derive(Debug, Clone)]
pub struct MembershipRule {
    text: String,
    root: Node,
}

/// What is wrong with a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {message}")]
pub struct RuleError {
    /// Character, counted from 1.
    pub position: usize,
    /// What was expected and what was found.
    pub message: String,
}

#[derive(Debug, Clone)]
enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Test(Test),
}

/// One comparison.
#[derive(Debug, Clone)]
struct Test {
    property: Property,
    /// Which of several values must fit.
    quantity: Quantity,
    comparison: Comparison,
    /// Whether the operator is the negative one of its pair.
    negative: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    /// The property has one value.
    One,
    Any,
    All,
}

#[derive(Debug, Clone)]
enum Comparison {
    Null,
    /// In lower case.
    Equal(String),
    StartsWith(String),
    Contains(String),
    Match(Box<Regex>),
    In(Vec<String>),
}

/// What is compared, in the spelling of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Property {
    AccountEnabled,
    ObjectId,
    PrincipalName,
    UserType,
    Attribute(String),
}

impl MembershipRule {
    /// The rule as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it means this person. One in the recycle bin is no exception.
    pub fn matches(&self, user: &DirectoryUser) -> bool {
        self.root.holds(user)
    }
}

impl PartialEq for MembershipRule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for MembershipRule {}

impl FromStr for MembershipRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let text = text.trim();
        if text.chars().count() > LENGTH {
            return Err(RuleError {
                position: LENGTH + 1,
                message: format!("a rule has at most {LENGTH} characters"),
            });
        }
        Ok(Self {
            root: parse::rule(text)?,
            text: text.to_owned(),
        })
    }
}

impl Node {
    fn holds(&self, user: &DirectoryUser) -> bool {
        match self {
            Self::Or(nodes) => nodes.iter().any(|node| node.holds(user)),
            Self::And(nodes) => nodes.iter().all(|node| node.holds(user)),
            Self::Not(node) => !node.holds(user),
            Self::Test(test) => test.holds(user),
        }
    }
}

impl Test {
    fn holds(&self, user: &DirectoryUser) -> bool {
        let values = self.property.values(user);
        let holds = |value: Option<&str>| self.comparison.holds(value) != self.negative;
        match self.quantity {
            Quantity::One => holds(values.first().map(String::as_str)),
            Quantity::Any => values.iter().any(|value| holds(Some(value))),
            // As of an empty list everywhere: all of no values fit.
            Quantity::All => values.iter().all(|value| holds(Some(value))),
        }
    }
}

impl Comparison {
    /// `value` is in lower case.
    fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self, Self::Null);
        };
        match self {
            Self::Null => false,
            Self::Equal(text) => value == text,
            Self::StartsWith(text) => value.starts_with(text.as_str()),
            Self::Contains(text) => value.contains(text.as_str()),
            // A pattern that takes too many steps fits nobody.
            Self::Match(pattern) => pattern.is_match(value).unwrap_or(false),
            Self::In(texts) => texts.iter().any(|text| text == value),
        }
    }
}

impl Property {
    /// In lower case.
    fn values(&self, user: &DirectoryUser) -> Vec<String> {
        use serde_json::Value;
        match self {
            Self::AccountEnabled => vec![user.account_enabled.to_string()],
            Self::ObjectId => vec![user.id.to_string()],
            Self::PrincipalName => vec![user.user_principal_name.to_lowercase()],
            Self::UserType => vec![if user.guest { "guest" } else { "member" }.to_owned()],
            Self::Attribute(name) => match user.attributes.get(name) {
                Some(Value::String(text)) => vec![text.to_lowercase()],
                Some(Value::Array(values)) => values
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_lowercase)
                    .collect(),
                _ => Vec::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests;

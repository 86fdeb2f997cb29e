//! `filter` and `search`: comparisons of members of an answer, in the syntax that SCIM has (part 7.2 of the Okta
//! reference).
//!
//! `status eq "ACTIVE"`, `profile.login sw "a"`, `lastUpdated gt "2026-01-01T00:00:00.000Z"`, joined with `and`, `or`,
//! `not` and parentheses. Texts are compared without regard to case, moments as moments because all are written alike.
//! An array fits when one of its elements does.

use std::str::FromStr;

use serde_json::Value;

/// Longest text of a filter, in bytes.
const LONGEST: usize = 4096;
/// Deepest nesting.
const DEEPEST: u8 = 16;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    /// All of them.
    All(Vec<Filter>),
    /// At least one.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A member compares like this.
    Compare {
        /// Its path.
        path: Vec<String>,
        /// How.
        operator: Operator,
        /// With what; null for `pr`.
        value: Value,
    },
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Contains,
    Starts,
    Ends,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Present,
}

impl Filter {
    /// Whether a value fits.
    pub(super) fn fits(&self, of: &Value) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.fits(of)),
            Self::Any(any) => any.iter().any(|one| one.fits(of)),
            Self::Not(one) => !one.fits(of),
            Self::Compare {
                path,
                operator,
                value,
            } => {
                if *operator == Operator::NotEqual {
                    return !reach(of, path, &mut |found| {
                        compare(found, Operator::Equal, value)
                    });
                }
                reach(of, path, &mut |found| compare(found, *operator, value))
            }
        }
    }

    /// Texts of which a member must be equal to one, whatever else is asked.
    pub(super) fn sought(&self, name: &str) -> Option<Vec<&str>> {
        match self {
            Self::All(all) => all.iter().find_map(|one| one.sought(name)),
            Self::Any(any) => any
                .iter()
                .map(|one| one.sought(name))
                .collect::<Option<Vec<_>>>()
                .map(|texts| texts.concat()),
            Self::Compare {
                path,
                operator: Operator::Equal,
                value,
            } if path.join(".") == name => value.as_str().map(|text| vec![text]),
            _ => None,
        }
    }
}

/// Whether one of the values at a path fits.
fn reach(of: &Value, path: &[String], fits: &mut impl FnMut(&Value) -> bool) -> bool {
    match (of, path.split_first()) {
        (Value::Array(items), _) => items.iter().any(|item| reach(item, path, fits)),
        (Value::Object(members), Some((name, rest))) => members
            .get(name)
            .is_some_and(|member| reach(member, rest, fits)),
        (_, Some(_)) => false,
        (value, None) => fits(value),
    }
}

fn compare(found: &Value, operator: Operator, wanted: &Value) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if operator == Operator::Present {
        return !found.is_null() && found.as_str() != Some("");
    }
    let order = match (found, wanted) {
        (Value::String(found), Value::String(wanted)) => {
            let (found, wanted) = (found.to_lowercase(), wanted.to_lowercase());
            match operator {
                Operator::Contains => return found.contains(&wanted),
                Operator::Starts => return found.starts_with(&wanted),
                Operator::Ends => return found.ends_with(&wanted),
                _ => Some(found.cmp(&wanted)),
            }
        }
        (Value::Number(found), Value::Number(wanted)) => {
            found.as_f64().partial_cmp(&wanted.as_f64())
        }
        (found, wanted) if found == wanted => Some(Equal),
        _ => None,
    };
    match operator {
        Operator::Equal => order == Some(Equal),
        Operator::Greater => order == Some(Greater),
        Operator::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
        Operator::Less => order == Some(Less),
        Operator::LessOrEqual => matches!(order, Some(Less | Equal)),
        _ => false,
    }
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("a filter has at most {LONGEST} bytes"));
        }
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens, at: 0 };
        let filter = reader.any(0)?;
        match reader.peek() {
            None => Ok(filter),
            Some(token) => Err(format!("{token} is not expected there")),
        }
    }
}

/// A word, a parenthesis, or a value in quotes (with its first quote).
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' | ')' => 1,
            '"' => {
                let mut escaped = false;
                let close = rest.char_indices().skip(1).find(|(_, c)| {
                    let closes = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    closes
                });
                close.ok_or("a quote is never closed")?.0 + 1
            }
            _ => rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
                .unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(end);
        tokens.push(token.to_owned());
        rest = behind.trim_start();
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn word(&mut self, word: &str) -> bool {
        let there = self
            .peek()
            .is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(there);
        there
    }

    fn take(&mut self, what: &str) -> Result<String, String> {
        let token = self.peek().ok_or_else(|| format!("{what} is missing"))?;
        let token = token.to_owned();
        self.at += 1;
        Ok(token)
    }

    fn any(&mut self, depth: u8) -> Result<Filter, String> {
        if depth > DEEPEST {
            return Err(format!("a filter nests at most {DEEPEST} deep"));
        }
        let mut any = vec![self.all(depth)?];
        while self.word("or") {
            any.push(self.all(depth)?);
        }
        Ok(single(any, Filter::Any))
    }

    fn all(&mut self, depth: u8) -> Result<Filter, String> {
        let mut all = vec![self.one(depth)?];
        while self.word("and") {
            all.push(self.one(depth)?);
        }
        Ok(single(all, Filter::All))
    }

    fn one(&mut self, depth: u8) -> Result<Filter, String> {
        if self.word("not") {
            if depth > DEEPEST {
                return Err(format!("a filter nests at most {DEEPEST} deep"));
            }
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.word("(") {
            let inner = self.any(depth + 1)?;
            return if self.word(")") {
                Ok(inner)
            } else {
                Err("a parenthesis is never closed".to_owned())
            };
        }
        let path = self.take("a member")?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        if !path.chars().all(plain) || path.split('.').any(str::is_empty) {
            return Err(format!("{path} is no member"));
        }
        let operator = match self.take("an operator")?.to_ascii_lowercase().as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "co" => Operator::Contains,
            "sw" => Operator::Starts,
            "ew" => Operator::Ends,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            "pr" => Operator::Present,
            other => return Err(format!("{other} is no operator")),
        };
        let value = if operator == Operator::Present {
            Value::Null
        } else {
            let token = self.take("a value")?;
            serde_json::from_str(&token).map_err(|_| format!("{token} is no value"))?
        };
        Ok(Filter::Compare {
            path: path.split('.').map(str::to_owned).collect(),
            operator,
            value,
        })
    }
}

fn single(mut many: Vec<Filter>, join: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    match many.len() {
        1 => many.swap_remove(0),
        _ => join(many),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_compared() {
        let event = json!({
            "eventType": "application.provision.user.push",
            "published": "2026-01-15T09:30:00.000Z",
            "outcome": { "result": "FAILURE", "reason": null },
            "target": [{ "id": "00u1", "type": "User" }, { "id": "0oa1", "type": "AppInstance" }],
            "count": 3,
        });
        for (text, fits) in [
            (r#"eventType eq "application.provision.user.push""#, true),
            (r#"eventType eq "Application.Provision.User.PUSH""#, true),
            (r#"eventType sw "application.provision""#, true),
            (
                r#"eventType ew "push" and outcome.result eq "FAILURE""#,
                true,
            ),
            (
                r#"eventType co "group" or outcome.result eq "SUCCESS""#,
                false,
            ),
            (r#"target.id eq "0oa1""#, true),
            (r#"target.id eq "0oa2""#, false),
            (r#"target.id ne "0oa2""#, true),
            (r#"published gt "2026-01-15T09:30:00.000Z""#, false),
            (r#"published ge "2026-01-15T09:30:00.000Z""#, true),
            (r#"published lt "2026-02""#, true),
            ("count le 3", true),
            ("count lt 3", false),
            ("outcome.result pr", true),
            ("outcome.reason pr", false),
            ("nothing pr", false),
            ("outcome.reason eq null", true),
            (r#"not (target.type eq "User")"#, false),
            ("(count eq 1 or count eq 3) and not count eq 4", true),
        ] {
            assert_eq!(text.parse::<Filter>().unwrap().fits(&event), fits, "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let deep = format!("{}a pr{}", "(".repeat(40), ")".repeat(40));
        let nots = format!("{}a pr", "not ".repeat(40));
        for text in [
            "",
            "a",
            "a eq",
            "a is 1",
            "a eq b",
            r#"a eq "b"#,
            "(a pr",
            "a pr b",
            "a..b pr",
            "and",
            &deep,
            &nots,
        ] {
            assert!(text.parse::<Filter>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_sought_is_known() {
        for (text, sought) in [
            (r#"profile.login eq "a\"b""#, Some(vec!["a\"b"])),
            ("status pr", None),
            (r#"status pr and profile.login eq "a""#, Some(vec!["a"])),
            (
                r#"profile.login eq "a" or profile.login eq "b""#,
                Some(vec!["a", "b"]),
            ),
            (r#"profile.login eq "a" or status pr"#, None),
            (r#"not profile.login eq "a""#, None),
            (r#"profile.login sw "a""#, None),
            ("profile.login eq null", None),
        ] {
            let filter: Filter = text.parse().unwrap();
            assert_eq!(filter.sought("profile.login"), sought, "{text}");
        }
    }
}

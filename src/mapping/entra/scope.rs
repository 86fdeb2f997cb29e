//! Scoping filters: which objects a mapping handles.
//!
//! A filter is clauses joined by AND, several filters are joined by OR. Every operator but `IS NULL`
//! is false for an attribute without value. Follows Microsoft's "Scoping users or groups to be
//! provisioned with scoping filters"; operators keep the portal's spelling.

use serde::{Deserialize, Serialize};

use super::attributes::{self, AttributeType};
use super::operator::Operator;
use super::pattern::Pattern;
use super::source::Source;
use crate::mapping::Value;

/// Why a clause or filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// The attribute cannot be used in scoping filters.
    #[error("'{attribute}' cannot be used in a scoping filter: {reason}")]
    UnsupportedAttribute {
        /// The attribute.
        attribute: String,
        /// Why.
        reason: &'static str,
    },
    /// The operator does not go with the type of the attribute.
    #[error("{operator} cannot be used with '{attribute}'; choose another operator")]
    UnsupportedOperator {
        /// The attribute.
        attribute: String,
        /// The operator.
        operator: &'static str,
    },
    /// The operator needs a value.
    #[error("{operator} on '{attribute}' needs a value; use IS NULL to find empty attributes")]
    MissingValue {
        /// The attribute.
        attribute: String,
        /// The operator.
        operator: &'static str,
    },
    /// The operator takes no value.
    #[error("{operator} on '{attribute}' takes no value; remove it")]
    UnexpectedValue {
        /// The attribute.
        attribute: String,
        /// The operator.
        operator: &'static str,
    },
    /// The value is not what the operator needs.
    #[error("{operator} on '{attribute}': '{value}' is not {expected}")]
    BadValue {
        /// The attribute.
        attribute: String,
        /// The operator.
        operator: &'static str,
        /// The value.
        value: String,
        /// What it should be.
        expected: String,
    },
    /// A filter has no clauses.
    #[error("the scoping filter '{title}' has no clauses; add one or delete the filter")]
    NoClauses {
        /// Title of the filter.
        title: String,
    },
}

/// A clause as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ClauseRow {
    attribute: String,
    operator: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// One condition on a source attribute. JSON:
/// `{"attribute":"country","operator":"EQUALS","value":"US"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ClauseRow", into = "ClauseRow")]
pub struct Clause {
    attribute: String,
    operator: Operator,
    operand: Operand,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operand {
    Nothing,
    Text(String),
    Number(i64, String),
    Pattern(Pattern),
}

impl Clause {
    /// A clause that the service would accept.
    ///
    /// # Errors
    /// See [`ScopeError`].
    pub fn new(
        attribute: impl Into<String>,
        operator: Operator,
        value: Option<&str>,
    ) -> Result<Self, ScopeError> {
        let attribute = attribute.into();
        check_attribute(&attribute, operator)?;
        let bad = |value: &str, expected: String| ScopeError::BadValue {
            attribute: attribute.clone(),
            operator: operator.name(),
            value: value.to_owned(),
            expected,
        };
        let operand = match value.filter(|v| !v.is_empty()) {
            None if operator.is_binary() => {
                return Err(ScopeError::MissingValue {
                    attribute,
                    operator: operator.name(),
                });
            }
            Some(_) if !operator.is_binary() => {
                return Err(ScopeError::UnexpectedValue {
                    attribute,
                    operator: operator.name(),
                });
            }
            None => Operand::Nothing,
            Some(text) if operator.is_numeric() => Operand::Number(
                text.trim()
                    .parse()
                    .map_err(|_| bad(text, "a whole number".to_owned()))?,
                text.to_owned(),
            ),
            Some(text) if matches!(operator, Operator::RegexMatch | Operator::NotRegexMatch) => {
                Operand::Pattern(
                    Pattern::new(text)
                        .map_err(|reason| bad(text, format!("a regular expression: {reason}")))?,
                )
            }
            Some(text) => Operand::Text(text.to_owned()),
        };
        Ok(Self {
            attribute,
            operator,
            operand,
        })
    }

    /// The source attribute.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The value as written; `None` for operators without.
    pub fn value(&self) -> Option<&str> {
        match &self.operand {
            Operand::Nothing => None,
            Operand::Text(text) | Operand::Number(_, text) => Some(text),
            Operand::Pattern(pattern) => Some(pattern.text()),
        }
    }

    /// Whether an object satisfies the clause, and the sentence the provisioning log shows.
    fn verdict(&self, source: &Source) -> ClauseVerdict {
        let actual = source.get(&self.attribute);
        let satisfied = match (self.operator, actual.is_null_or_empty()) {
            (Operator::IsNull, empty) => empty,
            (_, true) => false,
            (_, false) => self.holds(actual),
        };
        let shown = if actual.is_null_or_empty() {
            "null".to_owned()
        } else {
            format!("'{actual}'")
        };
        let operand = self.value().map(|v| format!(" '{v}'")).unwrap_or_default();
        ClauseVerdict {
            satisfied,
            text: format!(
                "{} {}{operand}: {} (value is {shown})",
                self.attribute,
                self.operator.name(),
                if satisfied { "true" } else { "false" },
            ),
        }
    }

    /// For an attribute that has a value. What cannot be compared does not satisfy a clause.
    fn holds(&self, actual: &Value) -> bool {
        let Some(text) = actual.as_text() else {
            return self.operator == Operator::IsNotNull;
        };
        let number = || text.trim().parse::<i64>().ok();
        match (self.operator, &self.operand) {
            (Operator::IsNotNull, _) => true,
            (Operator::IsTrue, _) => text.eq_ignore_ascii_case("true"),
            (Operator::IsFalse, _) => text.eq_ignore_ascii_case("false"),
            (Operator::Equals, Operand::Text(wanted)) => self.same(text, wanted),
            (Operator::NotEquals, Operand::Text(wanted)) => !self.same(text, wanted),
            (Operator::Includes, Operand::Text(wanted)) => text.contains(wanted.as_str()),
            (Operator::EndsWith, Operand::Text(wanted)) => text.ends_with(wanted.as_str()),
            // A match that was given up satisfies neither operator.
            (Operator::RegexMatch, Operand::Pattern(p)) => p.is_match(text).unwrap_or(false),
            (Operator::NotRegexMatch, Operand::Pattern(p)) => !p.is_match(text).unwrap_or(true),
            (Operator::GreaterThan, Operand::Number(than, _)) => {
                number().is_some_and(|n| n > *than)
            }
            (Operator::GreaterThanOrEquals, Operand::Number(than, _)) => {
                number().is_some_and(|n| n >= *than)
            }
            (Operator::BitsSet, Operand::Number(bits, _)) => {
                number().is_some_and(|n| n & bits != 0)
            }
            (Operator::BitsClear, Operand::Number(bits, _)) => {
                number().is_some_and(|n| n & bits == 0)
            }
            _ => false,
        }
    }

    /// Booleans are equal in any spelling, texts only when identical.
    fn same(&self, actual: &str, wanted: &str) -> bool {
        let boolean =
            attributes::standard(&self.attribute).is_some_and(|a| a.kind == AttributeType::Boolean);
        actual == wanted || (boolean && actual.eq_ignore_ascii_case(wanted))
    }
}

fn check_attribute(attribute: &str, operator: Operator) -> Result<(), ScopeError> {
    let refuse = |reason| {
        Err(ScopeError::UnsupportedAttribute {
            attribute: attribute.to_owned(),
            reason,
        })
    };
    if attribute.trim().is_empty() {
        return refuse("a clause names a source attribute");
    }
    if attribute.eq_ignore_ascii_case("userType") {
        return refuse("userType is not supported");
    }
    let Some(known) = attributes::standard(attribute) else {
        return Ok(());
    };
    match known.kind {
        AttributeType::Reference => refuse("references are not supported"),
        AttributeType::DateTime => refuse("dates are not supported"),
        _ if known.multi_valued => refuse("attributes with several values are not supported"),
        kind if operator.supports(kind) => Ok(()),
        _ => Err(ScopeError::UnsupportedOperator {
            attribute: attribute.to_owned(),
            operator: operator.name(),
        }),
    }
}

impl TryFrom<ClauseRow> for Clause {
    type Error = ScopeError;

    fn try_from(row: ClauseRow) -> Result<Self, ScopeError> {
        Self::new(row.attribute, row.operator, row.value.as_deref())
    }
}

impl From<Clause> for ClauseRow {
    fn from(clause: Clause) -> Self {
        Self {
            value: clause.value().map(str::to_owned),
            attribute: clause.attribute,
            operator: clause.operator,
        }
    }
}

/// A scoping filter as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ScopingFilterRow {
    title: String,
    clauses: Vec<Clause>,
}

/// A title and one or more clauses, joined by AND.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ScopingFilterRow", into = "ScopingFilterRow")]
pub struct ScopingFilter {
    title: String,
    clauses: Vec<Clause>,
}

impl ScopingFilter {
    /// A filter with clauses.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(title: impl Into<String>, clauses: Vec<Clause>) -> Result<Self, ScopeError> {
        let title = title.into();
        if clauses.is_empty() {
            return Err(ScopeError::NoClauses { title });
        }
        Ok(Self { title, clauses })
    }

    /// Title in the portal.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The clauses, all of which must be true.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// What the portal calls the clauses, in their order: `{filter title} {attribute} {operator} {value}`.
    pub fn labels(&self) -> impl Iterator<Item = String> {
        self.clauses().iter().map(|clause| {
            let parts = [
                self.title(),
                clause.attribute(),
                clause.operator().name(),
                clause.value().unwrap_or_default(),
            ];
            parts.join(" ").trim().to_owned()
        })
    }

    /// Whether an object passes this filter, with the verdict on each clause.
    pub fn evaluate(&self, source: &Source) -> ScopeVerdict {
        let clauses: Vec<ClauseVerdict> = self.clauses.iter().map(|c| c.verdict(source)).collect();
        ScopeVerdict {
            in_scope: clauses.iter().all(|c| c.satisfied),
            clauses,
        }
    }
}

impl TryFrom<ScopingFilterRow> for ScopingFilter {
    type Error = ScopeError;

    fn try_from(row: ScopingFilterRow) -> Result<Self, ScopeError> {
        Self::new(row.title, row.clauses)
    }
}

impl From<ScopingFilter> for ScopingFilterRow {
    fn from(filter: ScopingFilter) -> Self {
        Self {
            title: filter.title,
            clauses: filter.clauses,
        }
    }
}

/// Whether an object is in scope, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeVerdict {
    /// Whether the object passes.
    pub in_scope: bool,
    /// The verdict on every clause, in order.
    pub clauses: Vec<ClauseVerdict>,
}

/// Verdict on one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseVerdict {
    /// Whether the clause is true for the object.
    pub satisfied: bool,
    /// The clause, the verdict and the value it was about, as a sentence.
    pub text: String,
}

/// Whether an object passes at least one of the filters; without filters every object does.
pub fn in_scope(filters: &[ScopingFilter], source: &Source) -> ScopeVerdict {
    let verdicts: Vec<ScopeVerdict> = filters.iter().map(|f| f.evaluate(source)).collect();
    ScopeVerdict {
        in_scope: verdicts.is_empty() || verdicts.iter().any(|v| v.in_scope),
        clauses: verdicts.into_iter().flat_map(|v| v.clauses).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source() -> Source {
        serde_json::from_value(json!({
            "country": "US", "mail": "kim@domain.com", "department": "", "accountEnabled": true,
            "extension_a_level": 12, "extension_a_flags": "6", "proxyAddresses": ["a", "b"],
        }))
        .unwrap()
    }

    #[test]
    fn operators_follow_the_table_and_null_satisfies_only_is_null() {
        use Operator as O;
        for (attribute, operator, value, wanted) in [
            ("country", O::Equals, Some("US"), true),
            ("Country", O::Equals, Some("us"), false),
            ("country", O::NotEquals, Some("us"), true),
            ("city", O::NotEquals, Some("Oslo"), false),
            ("accountEnabled", O::IsTrue, None, true),
            ("accountEnabled", O::IsFalse, None, false),
            ("accountEnabled", O::Equals, Some("true"), true),
            ("dirSyncEnabled", O::IsFalse, None, false),
            ("city", O::IsNull, None, true),
            ("department", O::IsNull, None, true),
            ("country", O::IsNull, None, false),
            ("country", O::IsNotNull, None, true),
            ("city", O::IsNotNull, None, false),
            ("mail", O::RegexMatch, Some(".*\\@domain.com"), true),
            ("mail", O::RegexMatch, Some("^domain"), false),
            ("mail", O::NotRegexMatch, Some("^domain"), true),
            ("city", O::NotRegexMatch, Some("x"), false),
            ("extension_a_level", O::GreaterThan, Some("12"), false),
            (
                "extension_a_level",
                O::GreaterThanOrEquals,
                Some("12"),
                true,
            ),
            ("extension_a_none", O::GreaterThan, Some("0"), false),
            ("extension_a_flags", O::BitsSet, Some("2"), true),
            ("extension_a_flags", O::BitsClear, Some("1"), true),
            ("extension_a_flags", O::BitsClear, Some("4"), false),
            ("mail", O::Includes, Some("@dom"), true),
            ("mail", O::Includes, Some("@DOM"), false),
            ("mail", O::EndsWith, Some(".com"), true),
        ] {
            let clause = Clause::new(attribute, operator, value)
                .unwrap_or_else(|e| panic!("{attribute} {}: {e}", operator.name()));
            let verdict = clause.verdict(&source());
            assert_eq!(verdict.satisfied, wanted, "{}", verdict.text);
        }
    }

    #[test]
    fn what_the_service_refuses_is_refused() {
        use Operator as O;
        for (attribute, operator, value, part) in [
            ("members", O::IsNotNull, None, "references"),
            ("manager", O::Equals, Some("x"), "references"),
            ("appRoleAssignments", O::IsNull, None, "several values"),
            ("proxyAddresses", O::Includes, Some("x"), "several values"),
            ("userType", O::Equals, Some("Guest"), "userType"),
            ("employeeHireDate", O::Equals, Some("x"), "dates"),
            ("country", O::Equals, None, "needs a value"),
            ("country", O::Equals, Some(""), "needs a value"),
            ("country", O::IsNull, Some("x"), "takes no value"),
            ("country", O::IsTrue, None, "cannot be used with"),
            ("country", O::GreaterThan, Some("1"), "cannot be used with"),
            (
                "accountEnabled",
                O::RegexMatch,
                Some("x"),
                "cannot be used with",
            ),
            (
                "extension_a_level",
                O::GreaterThan,
                Some("x"),
                "is not a whole number",
            ),
            (
                "country",
                O::RegexMatch,
                Some("("),
                "is not a regular expression",
            ),
            (" ", O::IsNull, None, "names a source attribute"),
        ] {
            let error = Clause::new(attribute, operator, value).expect_err(attribute);
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(ScopingFilter::new("empty", vec![]).is_err());
        assert!(serde_json::from_value::<Operator>(json!("IsMemberOf")).is_err());
    }

    #[test]
    fn clauses_are_joined_by_and_filters_by_or() {
        let filters: Vec<ScopingFilter> = serde_json::from_value(json!([
            {"title": "US sales", "clauses": [
                {"attribute": "country", "operator": "EQUALS", "value": "US"},
                {"attribute": "department", "operator": "REGEX MATCH", "value": "Sales.*"}]},
            {"title": "Mail", "clauses": [{"attribute": "mail", "operator": "IS NOT NULL"}]},
        ]))
        .unwrap();
        assert!(!filters[0].evaluate(&source()).in_scope);
        let verdict = in_scope(&filters, &source());
        assert!(verdict.in_scope);
        assert_eq!(
            verdict.clauses[1].text,
            "department REGEX MATCH 'Sales.*': false (value is null)"
        );
        assert!(!in_scope(&filters[..1], &source()).in_scope);
        assert!(in_scope(&[], &source()).in_scope);
        let again = serde_json::to_value(&filters).unwrap();
        assert_eq!(
            again[1]["clauses"][0],
            json!({"attribute": "mail", "operator": "IS NOT NULL"})
        );
        assert_eq!(
            serde_json::from_value::<Vec<ScopingFilter>>(again).unwrap(),
            filters
        );
    }
}

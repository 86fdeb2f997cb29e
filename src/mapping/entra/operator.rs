//! [`Operator`]: the operators of scoping filters, in the portal's spelling, with the types of
//! attributes they go with.

use serde::{Deserialize, Serialize};

use super::attributes::AttributeType;

/// Operator of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// The value is identical, case included.
    #[serde(rename = "EQUALS")]
    Equals,
    /// The value is another one.
    #[serde(rename = "NOT EQUALS")]
    NotEquals,
    /// The Boolean is true.
    #[serde(rename = "IS TRUE")]
    IsTrue,
    /// The Boolean is false.
    #[serde(rename = "IS FALSE")]
    IsFalse,
    /// There is no value.
    #[serde(rename = "IS NULL")]
    IsNull,
    /// There is a value.
    #[serde(rename = "IS NOT NULL")]
    IsNotNull,
    /// The regular expression matches somewhere.
    #[serde(rename = "REGEX MATCH")]
    RegexMatch,
    /// The regular expression matches nowhere.
    #[serde(rename = "NOT REGEX MATCH")]
    NotRegexMatch,
    /// The whole number is greater.
    #[serde(rename = "Greater_Than")]
    GreaterThan,
    /// The whole number is greater or equal.
    #[serde(rename = "Greater_Than_OR_EQUALS")]
    GreaterThanOrEquals,
    /// The text contains the value, case included.
    Includes,
    /// The text ends with the value, case included.
    #[serde(rename = "ENDS_WITH")]
    EndsWith,
    /// The whole number shares a bit with the value.
    #[serde(rename = "&")]
    BitsSet,
    /// The whole number shares no bit with the value.
    #[serde(rename = "!&")]
    BitsClear,
}

impl Operator {
    /// Every operator, in the order of the portal's list.
    pub const ALL: [Self; 14] = [
        Self::Equals,
        Self::NotEquals,
        Self::IsTrue,
        Self::IsFalse,
        Self::IsNull,
        Self::IsNotNull,
        Self::RegexMatch,
        Self::NotRegexMatch,
        Self::GreaterThan,
        Self::GreaterThanOrEquals,
        Self::Includes,
        Self::EndsWith,
        Self::BitsSet,
        Self::BitsClear,
    ];

    /// The portal's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::NotEquals => "NOT EQUALS",
            Self::IsTrue => "IS TRUE",
            Self::IsFalse => "IS FALSE",
            Self::IsNull => "IS NULL",
            Self::IsNotNull => "IS NOT NULL",
            Self::RegexMatch => "REGEX MATCH",
            Self::NotRegexMatch => "NOT REGEX MATCH",
            Self::GreaterThan => "Greater_Than",
            Self::GreaterThanOrEquals => "Greater_Than_OR_EQUALS",
            Self::Includes => "Includes",
            Self::EndsWith => "ENDS_WITH",
            Self::BitsSet => "&",
            Self::BitsClear => "!&",
        }
    }

    /// Whether it takes a value to compare with.
    pub const fn is_binary(self) -> bool {
        !matches!(
            self,
            Self::IsTrue | Self::IsFalse | Self::IsNull | Self::IsNotNull
        )
    }

    pub(super) const fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::GreaterThan | Self::GreaterThanOrEquals | Self::BitsSet | Self::BitsClear
        )
    }

    /// Whether the portal offers it for attributes of this type.
    pub const fn supports(self, kind: AttributeType) -> bool {
        match self {
            Self::IsNull | Self::IsNotNull => true,
            Self::IsTrue | Self::IsFalse => matches!(kind, AttributeType::Boolean),
            Self::Equals | Self::NotEquals => matches!(
                kind,
                AttributeType::String | AttributeType::Boolean | AttributeType::Integer
            ),
            Self::RegexMatch | Self::NotRegexMatch | Self::Includes | Self::EndsWith => {
                matches!(kind, AttributeType::String)
            }
            Self::GreaterThan | Self::GreaterThanOrEquals | Self::BitsSet | Self::BitsClear => {
                matches!(kind, AttributeType::Integer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operator_reads_back_as_it_is_spelled() {
        for operator in Operator::ALL {
            assert_eq!(
                serde_json::to_value(operator).unwrap(),
                json!(operator.name())
            );
        }
    }
}

//! `$filter` of the `OData` protocol: comparisons joined with `and`, `or`, `not` and parentheses (entra.md 6.7 and 7.1).
//!
//! Names of properties, operators and functions are understood in any case, as Microsoft's own clients need it.
//! `contains` stands between property and value, as the reference of the provisioning log has it, or before them in
//! parentheses, as `OData` has it; `startswith` and `endswith` only there. What there is to compare is the business of
//! whoever asked: the log makes conditions of its own of a filter, objects of the directory are held against it by
//! [`Filter::fits`].

mod fits;
mod read;
mod search;

use super::call::bad;
use super::failure::GraphFailure;

pub(super) use read::read;
pub(super) use search::read as read_search;

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of them.
    All(Vec<Filter>),
    /// At least one.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A property compares like this.
    Compare {
        /// Its path, with slashes.
        property: String,
        /// How.
        comparison: Comparison,
        /// With what.
        value: Literal,
    },
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// `eq`.
    Equal,
    /// `ne`.
    NotEqual,
    /// `contains`.
    Contains,
    /// `startswith`.
    Starts,
    /// `endswith`.
    Ends,
    /// `gt`.
    Greater,
    /// `ge`.
    GreaterOrEqual,
    /// `lt`.
    Less,
    /// `le`.
    LessOrEqual,
    /// A word of the text begins like this: `$search`.
    Word,
}

/// What is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// In quotes.
    Text(String),
    /// `true`, `null`, a number, a moment, an id.
    Bare(String),
}

impl Literal {
    /// Without quotes.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Bare(text) => text,
        }
    }

    /// Whether it is `null`, which stands for no value.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Bare(word) if word.eq_ignore_ascii_case("null"))
    }
}

impl Filter {
    /// The comparisons when all of them have to hold, else none.
    pub(super) fn conjunction(&self) -> Option<Vec<(&str, Comparison, &Literal)>> {
        match self {
            Self::All(all) => {
                let parts = all.iter().map(Self::conjunction);
                parts
                    .collect::<Option<Vec<_>>>()
                    .map(|parts| parts.concat())
            }
            Self::Compare {
                property,
                comparison,
                value,
            } => Some(vec![(property, *comparison, value)]),
            Self::Any(_) | Self::Not(_) => None,
        }
    }

    /// Reads `$filter`.
    ///
    /// # Errors
    /// What cannot be understood.
    pub(super) fn read(text: &str) -> Result<Self, GraphFailure> {
        read(text).map_err(|why| Self::refused(&why))
    }

    /// A filter that cannot be had, and why.
    pub(super) fn refused(why: &str) -> GraphFailure {
        bad(&format!("Invalid filter clause: {why}"))
    }

    /// Gives every property the name that `known` finds for it.
    ///
    /// # Errors
    /// Its first.
    pub(super) fn with_names<E>(
        self,
        known: &impl Fn(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        let each = |all: Vec<Self>| {
            let named = all.into_iter().map(|one| one.with_names(known));
            named.collect::<Result<Vec<_>, E>>()
        };
        Ok(match self {
            Self::All(all) => Self::All(each(all)?),
            Self::Any(any) => Self::Any(each(any)?),
            Self::Not(one) => Self::Not(Box::new(one.with_names(known)?)),
            Self::Compare {
                property,
                comparison,
                value,
            } => Self::Compare {
                property: known(&property)?,
                comparison,
                value,
            },
        })
    }
}

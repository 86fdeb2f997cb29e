//! How much an object mapping may hold. Microsoft publishes no such bounds; these are ours.
//!
//! A job is read with every batch of a cycle, and reading one compares its mappings with each other and
//! compiles its regular expressions: without bounds an uploaded file could make that take minutes.

use super::super::attribute::MappingSource;
use super::MappingError;
use super::fields::ObjectMappingFields;

/// Attribute mappings.
pub(in super::super) const MOST_MAPPINGS: usize = 1_000;
/// Constant regular expressions in all expressions.
pub(in super::super) const MOST_PATTERNS: usize = 100;
/// Clauses of all filters of all sets.
pub(in super::super) const MOST_CLAUSES: usize = 200;
/// Attributes in the list of one side.
pub(in super::super) const MOST_DEFINITIONS: usize = 2_000;

impl MappingSource {
    /// How many regular expressions were compiled for it.
    pub(in super::super) fn patterns(&self) -> usize {
        match self {
            Self::Expression(expression) => expression.patterns(),
            Self::Direct(_) | Self::Constant(_) | Self::None => 0,
        }
    }
}

/// Whether the fields keep to the bounds.
pub(super) fn check(fields: &ObjectMappingFields) -> Result<(), MappingError> {
    let filters = [
        &fields.scope,
        &fields.input_filters,
        &fields.category_filters,
    ];
    let clauses = filters.into_iter().flatten().map(|f| f.clauses().len());
    let patterns = fields.attributes.iter().map(|m| m.source.patterns());
    for (what, most, count) in [
        ("attribute mappings", MOST_MAPPINGS, fields.attributes.len()),
        (
            "regular expressions in its expressions",
            MOST_PATTERNS,
            patterns.sum(),
        ),
        ("clauses in its filters", MOST_CLAUSES, clauses.sum()),
        (
            "attributes in the source attribute list",
            MOST_DEFINITIONS,
            fields.source_definitions().len(),
        ),
        (
            "attributes in the target attribute list",
            MOST_DEFINITIONS,
            fields.target_definitions().len(),
        ),
    ] {
        if count > most {
            return Err(MappingError::TooMany { what, most });
        }
    }
    Ok(())
}

//! The three filter sets of an object mapping as one verdict: [`ObjectMapping::standing`].
//!
//! `groups` are the scoping filters of the portal. `categoryFilterGroups` say whether an object
//! belongs to the mapping at all, `inputFilterGroups` whether it is read; what fails those two is left
//! alone, also when it was provisioned before. Follows the `filter` resource of Microsoft Graph.

use super::object::ObjectMapping;
use super::scope::{ClauseVerdict, in_scope};
use super::source::Source;

/// What the filters say of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It passes all three sets.
    InScope,
    /// It fails the scoping filters: what is in the target is deprovisioned.
    OutOfScope,
    /// It fails the input filters: nothing is done.
    Ignored,
    /// It fails the category filters: it does not belong to this mapping, and nothing is done.
    OtherCategory,
}

impl Standing {
    /// Whether the object is left alone, whatever is in the target.
    pub const fn is_left_alone(self) -> bool {
        matches!(self, Self::Ignored | Self::OtherCategory)
    }
}

/// The verdict with the clauses that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterVerdict {
    /// What the filters say.
    pub standing: Standing,
    /// The clauses of the set that decided, with their sentences.
    pub clauses: Vec<ClauseVerdict>,
}

impl ObjectMapping {
    /// Whether there are filters that may leave an object alone.
    pub fn can_leave_alone(&self) -> bool {
        !self.category_filters.is_empty() || !self.input_filters.is_empty()
    }

    /// What the three filter sets say of an object: category first, then input, then scope.
    pub fn standing(&self, source: &Source) -> FilterVerdict {
        for (filters, fails) in [
            (&self.category_filters, Standing::OtherCategory),
            (&self.input_filters, Standing::Ignored),
        ] {
            let verdict = in_scope(filters, source);
            if !verdict.in_scope {
                return FilterVerdict {
                    standing: fails,
                    clauses: verdict.clauses,
                };
            }
        }
        let verdict = in_scope(&self.scope, source);
        FilterVerdict {
            standing: if verdict.in_scope {
                Standing::InScope
            } else {
                Standing::OutOfScope
            },
            clauses: verdict.clauses,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_filter_set_has_its_own_consequence() {
        let set = |attribute: &str, value: &str| json!([{"title": "t", "clauses": [{"attribute": attribute, "operator": "EQUALS", "value": value}]}]);
        let mapping: ObjectMapping = serde_json::from_value(json!({
            "name": "Users", "source_type": "User", "enabled": true,
            "attributes": [{"source": {"type": "Direct", "value": "mail"}, "target": "userName", "matching_priority": 1}],
            "scope": set("country", "NO"), "input_filters": set("city", "Oslo"),
            "category_filters": set("employeeType", "staff"),
        }))
        .unwrap();
        for (person, standing) in [
            (
                json!({"country": "NO", "city": "Oslo", "employeeType": "staff"}),
                Standing::InScope,
            ),
            (
                json!({"country": "SE", "city": "Oslo", "employeeType": "staff"}),
                Standing::OutOfScope,
            ),
            (
                json!({"country": "SE", "city": "Rome", "employeeType": "staff"}),
                Standing::Ignored,
            ),
            (
                json!({"country": "NO", "city": "Oslo"}),
                Standing::OtherCategory,
            ),
        ] {
            let source: Source = serde_json::from_value(person).unwrap();
            let verdict = mapping.standing(&source);
            assert_eq!(verdict.standing, standing);
            assert_eq!(verdict.clauses.len(), 1);
        }
        assert!(!Standing::OutOfScope.is_left_alone());
    }
}

//! What the form of a scoping filter sends: a title and rows of clauses, in the order of the page.

use super::super::super::super::console::entra::mappings::scope_form::ClauseFields;
use super::super::super::super::console::parts::Choice;
use super::super::super::super::failure::sentence;
use crate::mapping::entra::{Clause, Operator, ScopingFilter};

/// Empty rows at the end of a form.
const SPARE: usize = 2;
/// Most clauses in a form.
const CLAUSES: usize = 50;

/// A clause as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct TypedClause {
    attribute: String,
    operator: String,
    value: String,
}

impl TypedClause {
    fn is_blank(&self) -> bool {
        self.attribute.trim().is_empty() && self.value.trim().is_empty()
    }

    /// What is typed for operators that take no value is refused by the clause itself.
    fn read(&self) -> Result<Clause, String> {
        let operator = Operator::ALL
            .into_iter()
            .find(|operator| operator.name() == self.operator)
            .ok_or_else(|| "Choose an operator.".to_owned())?;
        let value = Some(self.value.as_str()).filter(|value| !value.is_empty());
        Clause::new(self.attribute.trim(), operator, value)
            .map_err(|error| sentence(&error.to_string()))
    }
}

/// The form.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedFilter {
    pub(super) step: String,
    pub(super) revision: String,
    pub(super) title: String,
    clauses: Vec<TypedClause>,
}

/// What is wrong with a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FilterFaults {
    pub(super) title: String,
    /// By row of the form.
    clauses: Vec<(usize, String)>,
    /// With the whole.
    pub(super) whole: String,
}

impl TypedFilter {
    /// From the pairs of a form; what it does not know is left out.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "step" => typed.step = value,
                "revision" => typed.revision = value,
                "title" => typed.title = value,
                "attribute" if typed.clauses.len() < CLAUSES => typed.clauses.push(TypedClause {
                    attribute: value,
                    ..TypedClause::default()
                }),
                "operator" => {
                    if let Some(clause) = typed.clauses.last_mut() {
                        clause.operator = value;
                    }
                }
                "value" => {
                    if let Some(clause) = typed.clauses.last_mut() {
                        clause.value = value;
                    }
                }
                _ => {}
            }
        }
        typed
    }

    /// A filter as it is.
    pub(super) fn of(filter: &ScopingFilter) -> Self {
        let clauses = filter.clauses().iter().map(|clause| TypedClause {
            attribute: clause.attribute().to_owned(),
            operator: clause.operator().name().to_owned(),
            value: clause.value().unwrap_or_default().to_owned(),
        });
        Self {
            title: filter.title().to_owned(),
            clauses: clauses.collect(),
            ..Self::default()
        }
    }

    /// The filter that was typed. Rows without anything in them do not count.
    pub(super) fn filter(&self) -> Result<ScopingFilter, FilterFaults> {
        let mut faults = FilterFaults::default();
        if self.title.trim().is_empty() {
            "Give the filter a title.".clone_into(&mut faults.title);
        }
        let mut clauses = Vec::new();
        for (row, clause) in self.clauses.iter().enumerate() {
            if clause.is_blank() {
                continue;
            }
            match clause.read() {
                Ok(clause) => clauses.push(clause),
                Err(detail) => faults.clauses.push((row, detail)),
            }
        }
        if clauses.is_empty() && faults.clauses.is_empty() {
            "The filter has no clauses. Fill in at least one.".clone_into(&mut faults.whole);
        }
        if faults != FilterFaults::default() {
            return Err(faults);
        }
        ScopingFilter::new(self.title.trim(), clauses).map_err(|error| FilterFaults {
            whole: sentence(&error.to_string()),
            ..FilterFaults::default()
        })
    }

    /// The rows of the page, with empty ones at the end.
    pub(super) fn rows(&self, faults: &FilterFaults) -> Vec<ClauseFields> {
        let mut typed = self.clauses.clone();
        while typed.last().is_some_and(TypedClause::is_blank) {
            typed.pop();
        }
        let spare = if self.step == "more" {
            SPARE * 2
        } else {
            SPARE
        };
        let wanted = (typed.len() + spare).max(self.clauses.len());
        typed.resize_with(wanted.min(CLAUSES), TypedClause::default);
        let error = |row: usize| {
            let mut of = faults.clauses.iter().filter(|(at, _)| *at == row);
            of.next()
                .map_or_else(String::new, |(_, detail)| detail.clone())
        };
        typed
            .into_iter()
            .enumerate()
            .map(|(row, clause)| ClauseFields {
                number: row + 1,
                attribute: clause.attribute,
                operator: clause.operator,
                value: clause.value,
                error: error(row),
            })
            .collect()
    }

    /// What a page sends along to say the same again.
    pub(super) fn hidden(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = vec![pair("revision", &self.revision), pair("title", &self.title)];
        for clause in self.clauses.iter().filter(|clause| !clause.is_blank()) {
            pairs.push(pair("attribute", &clause.attribute));
            pairs.push(pair("operator", &clause.operator));
            pairs.push(pair("value", &clause.value));
        }
        pairs
    }
}

/// The operators, in the order of the portal's list.
pub(super) fn operators() -> Vec<Choice> {
    Operator::ALL
        .into_iter()
        .map(|operator| Choice::new(operator.name(), operator.name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(&str, &str)]) -> TypedFilter {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        TypedFilter::read(all.iter().map(owned).collect())
    }

    #[test]
    fn a_filter_survives_the_form() {
        let typed = pairs(&[
            ("title", " Sales "),
            ("attribute", "country"),
            ("operator", "EQUALS"),
            ("value", "US"),
            ("attribute", ""),
            ("operator", "EQUALS"),
            ("value", ""),
            ("attribute", "mail"),
            ("operator", "IS NOT NULL"),
            ("value", ""),
        ]);
        let filter = typed.filter().unwrap();
        assert_eq!((filter.title(), filter.clauses().len()), ("Sales", 2));
        let again = TypedFilter::of(&filter);
        assert_eq!(again.filter().unwrap(), filter);
        assert_eq!(again.rows(&FilterFaults::default()).len(), 4);
        assert_eq!(TypedFilter::read(typed.hidden()).filter().unwrap(), filter);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_row() {
        let typed = pairs(&[
            ("attribute", "country"),
            ("operator", "EQUALS"),
            ("value", ""),
            ("attribute", "manager"),
            ("operator", "EQUALS"),
            ("value", "x"),
            ("attribute", "city"),
            ("operator", "IsMemberOf"),
            ("value", "x"),
        ]);
        let faults = typed.filter().unwrap_err();
        assert!(!faults.title.is_empty());
        let rows = typed.rows(&faults);
        assert!(rows[0].error.contains("needs a value"), "{}", rows[0].error);
        assert!(rows[1].error.contains("references"), "{}", rows[1].error);
        assert!(rows[2].error.contains("operator"), "{}", rows[2].error);
        let empty = pairs(&[("title", "x")]).filter().unwrap_err();
        assert!(empty.whole.contains("no clauses"), "{empty:?}");
    }
}

//! The names of parameters in an expression tree of the schema. Where the service's `functions` answer
//! is not known to differ, they are the documented names.
//!
//! Empty arguments are left out of a tree, so a `Replace` can only be read back by its keys.

use super::super::functions::{Arity, Function};

/// Keys that differ from the documented parameter names.
const KEYS: &[(&str, &[&str])] = &[
    (
        "Replace",
        &[
            "source",
            "Find",
            "RegularExpression",
            "RegularExpressionGroupName",
            "Replacement",
            "ReplacementPropertyName",
            "Template",
        ],
    ),
    ("Switch", &["source", "defaultValue", "switchValue"]),
];

/// The key of argument `index`; of the repeated parameter for one that comes after all.
pub(super) fn key(function: &Function, index: usize) -> &'static str {
    if let Some((_, keys)) = KEYS.iter().find(|(name, _)| *name == function.name) {
        return keys.get(index).or(keys.last()).copied().unwrap_or("source");
    }
    function
        .parameter(index)
        .or_else(|| function.parameters.last())
        .map_or("source", |parameter| parameter.name)
}

/// Index of the first argument that can be repeated; `None` when each has its place.
pub(super) fn repeated_from(function: &Function) -> Option<usize> {
    match function.arity {
        Arity::Between(..) => None,
        Arity::AtLeast(_) => Some(function.parameters.len().saturating_sub(1)),
        Arity::ThenPairs(before) => Some(before),
    }
}

/// Fewest arguments of a call, empty ones included.
pub(super) fn fewest(function: &Function) -> usize {
    match function.arity {
        Arity::Between(least, _) | Arity::AtLeast(least) => least,
        Arity::ThenPairs(before) => before + 2,
    }
}

/// Which argument a key means: its place, or that of the repeated parameter. Documented names are
/// taken as well as keys, in any case.
pub(super) fn place(function: &Function, given: &str) -> Option<usize> {
    let places = repeated_from(function).map_or(function.parameters.len(), |repeated| repeated + 1);
    (0..places).find(|&index| {
        key(function, index).eq_ignore_ascii_case(given)
            || function
                .parameter(index)
                .is_some_and(|parameter| parameter.name.eq_ignore_ascii_case(given))
    })
}

//! The table of functions itself.

use std::collections::BTreeSet;

use crate::mapping::okta::{Arity, FUNCTIONS, Family};

#[test]
fn every_function_has_its_own_name_and_a_sentence() {
    let names: BTreeSet<&str> = FUNCTIONS.iter().map(|f| f.name).collect();
    assert_eq!(names.len(), FUNCTIONS.len());
    for function in FUNCTIONS {
        assert!(function.summary.ends_with('.'), "{}", function.name);
        assert!(function.signature().starts_with(function.name));
        let most = match function.arity {
            Arity::Between(_, most) => most,
            Arity::AtLeast(_) | Arity::ThenPairs(_) => function.parameters.len(),
        };
        assert_eq!(most, function.parameters.len(), "{}", function.name);
    }
}

#[test]
fn a_family_is_written_before_the_name() {
    for function in FUNCTIONS {
        let prefix = match function.family {
            Family::Arrays => "Arrays.",
            Family::Convert => "Convert.",
            Family::Country => "Iso3166Convert.",
            Family::Claims => "Groups.",
            Family::Time => "Time.",
            Family::User => "user.",
            Family::String | Family::Groups | Family::Directory => continue,
        };
        assert!(function.name.starts_with(prefix), "{}", function.name);
    }
}

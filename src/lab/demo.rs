//! The seeds that are always at hand: `demo`, a small company with every awkward case, and `empty`.

use super::people;
use super::seed::{Seed, SeedApplication, parse};
use crate::model::Scope;
use crate::sync::jobs::Template;

const DEMO: &str = include_str!("demo.json");

/// A studio park with 26 people in 5 groups, among them the two people of Microsoft's inbound
/// provisioning quickstart, and what makes provisioning interesting: people without mail, a disabled
/// account, a guest, names with diacritics, a very long name, two managers of each other, somebody in
/// the recycle bin, somebody unassigned, and a nested group that is not assigned itself.
///
/// # Panics
/// Never: the file is part of the program, and a test reads it.
pub fn demo() -> Seed {
    parse(DEMO).expect("the shipped seed is well-formed, as a test shows")
}

/// The text of the demo seed, as a start for a seed file of one's own.
pub const fn demo_file() -> &'static str {
    DEMO
}

/// Nobody yet; the application stands ready to be configured.
pub fn empty() -> Seed {
    Seed {
        tenant_name: "Contoso".into(),
        domain: "contoso.example".into(),
        users: Vec::new(),
        groups: Vec::new(),
        applications: vec![SeedApplication {
            name: people::APPLICATION.into(),
            template: Template::Postman,
            scope: Scope::AssignedOnly,
            assignments: Vec::new(),
            roles: Vec::new(),
        }],
    }
}

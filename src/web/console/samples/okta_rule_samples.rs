//! Samples of the pages about rules of the mock Okta.

use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::okta::rules::{GroupsTab, Preview, RulePage, RuleRow, RulesPage, tabs};
use super::super::parts::{Fact, Field, Link, Notice, Pill, Tone};
use super::super::{Page, Room};
use super::{PEOPLE, long_name, viewer};

const CONDITION: &str =
    "String.startsWith(user.department, \"Sales\") AND !isMemberOfGroupName(\"Vendors\")";

fn pills() -> [Pill; 3] {
    [
        Pill::new(Tone::Good, "Active"),
        Pill::new(Tone::Quiet, "Inactive"),
        Pill::new(Tone::Bad, "Invalid"),
    ]
}

impl RulesPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let url = ListUrl::new("/okta/groups/rules").with("q", "a");
        let rows = pills().into_iter().enumerate().map(|(n, status)| RuleRow {
            name: Link::new(
                if n == 0 {
                    "Sales".to_owned()
                } else {
                    long_name()
                },
                "/okta/groups/rules/1",
            ),
            expression: CONDITION.repeat(n + 1),
            groups: PEOPLE[n].0.to_owned(),
            status,
        });
        let many = Self {
            page: Page::new(Room::OktaGroups, "Groups", &viewer()),
            tabs: tabs(GroupsTab::Rules),
            create: "/okta/groups/rules/new".to_owned(),
            list: List {
                caption: "Rules".to_owned(),
                filter: Some(Filter::new(&url, "Search by name or condition")),
                columns: vec![
                    Column::new("Rule"),
                    Column::wide("Groups"),
                    Column::new("Status"),
                ],
                pager: Pager::new(2_000, 1, 25, ("rule", "rules"), &url),
                empty: Empty::new("No rules", "Add one.", Link::new("Add rule", "/")),
            },
            rows: rows.collect(),
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl RulePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let [active, inactive, invalid] = pills();
        let preview = |person: Field, verdict| Preview {
            action: "/okta/groups/rules/1".to_owned(),
            person,
            verdict,
        };
        let person = Field::new("person", "Preview an Okta user").value("ada@contoso.example");
        let matches = Notice::new(Tone::Good, "The rule puts Ada into its groups.", "");
        let links = || PEOPLE.map(|(name, _)| Link::new(name, "/okta/people/1"));
        let used = Self {
            page: Page::new(Room::OktaGroups, "Sales", &viewer()).under("Groups", "/okta/groups"),
            status: active,
            activate: String::new(),
            deactivate: "/okta/groups/rules/1/deactivate".to_owned(),
            edit: String::new(),
            delete: String::new(),
            note: None,
            expression: CONDITION.repeat(4),
            groups: vec![Link::new(long_name(), "/okta/groups/1")],
            excluded: links().to_vec(),
            facts: vec![Fact::code("Rule ID", "0prAbCdEfGhIjKlMnOpQ")],
            preview: preview(person.clone(), Some(matches)),
        };
        let waiting = Self {
            status: inactive,
            activate: "/okta/groups/rules/1/activate".to_owned(),
            deactivate: String::new(),
            edit: "/okta/groups/rules/1/edit".to_owned(),
            delete: "/okta/groups/rules/1/delete".to_owned(),
            excluded: Vec::new(),
            preview: preview(person.error("Nobody in this org has this username."), None),
            ..used.clone()
        };
        let broken = Self {
            page: Page::new(Room::OktaGroups, long_name(), &viewer()),
            status: invalid,
            activate: String::new(),
            edit: String::new(),
            note: Some(Notice::new(
                Tone::Bad,
                "A group of this rule was deleted.",
                "Delete the rule.",
            )),
            groups: Vec::new(),
            ..waiting.clone()
        };
        vec![("active", used), ("inactive", waiting), ("invalid", broken)]
    }
}

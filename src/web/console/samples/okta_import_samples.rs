//! Samples of *Import* and *To Okta* of an app of the mock Okta.

use super::super::list::{Column, Empty};
use super::super::okta::applications::AppTab;
use super::super::okta::import::{ImportPage, ImportRow, LastImport};
use super::super::okta::provisioning::{
    FormSection, MappingRow, Setting, ToOktaForm, ToOktaPage, settings,
};
use super::super::parts::{Choice, Fact, Field, Link, Notice, Pill, Tab, Tone};
use super::okta_app_samples::{BASE, active, list, of_tab, page, tick, to};
use super::{long_name, moment};

const SUMMARY: &str = "3 users scanned! 1 new user imported, 1 existing user updated, 1 existing user unchanged, 0 users removed.";

impl ImportPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |assignment: Link, error: &str| ImportRow {
            id: "7".to_owned(),
            user_name: "ann@contoso.example".to_owned(),
            who: format!("{} Doe ann@contoso.example", long_name()),
            assignment,
            error: error.to_owned(),
            choose: to("import/7"),
        };
        let tab = |label: &str, current| Tab {
            link: Link::new(label, to("import?status=exact")),
            current,
        };
        let columns = vec![
            Column::new("User in the app"),
            Column::new("Okta user assignment"),
            Column::new(""),
        ];
        let found = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::Import),
            import: to("import"),
            clear: to("import/clear"),
            note: None,
            last: Some(LastImport {
                state: Pill::new(Tone::Good, "Completed"),
                by: "Scheduled",
                at: moment("2 minutes ago"),
                summary: SUMMARY.to_owned(),
                note: String::new(),
            }),
            results: vec![tab("Exact match (1,204)", true), tab("Ignored (0)", false)],
            confirm: to("import/confirm"),
            asks_activation: true,
            list: list("Imported users", columns),
            rows: vec![
                row(Link::new(long_name(), "/okta/people/1"), ""),
                row(
                    Link::plain("New Okta user"),
                    "lastName: The field cannot be left blank",
                ),
            ],
        };
        let failed = Self {
            clear: String::new(),
            last: found.last.clone().map(|last| LastImport {
                state: Pill::new(Tone::Bad, "Failed"),
                by: "Import Now",
                note: "Import from app App failed: Error while importing users: Forbidden."
                    .to_owned(),
                ..last
            }),
            confirm: String::new(),
            asks_activation: false,
            rows: Vec::new(),
            ..found.clone()
        };
        let refused = Self {
            import: String::new(),
            last: None,
            note: Some(Notice::new(
                Tone::Info,
                "Postman does not support Import: people are created and changed in Okta only.",
                "Choose another app.",
            )),
            ..failed.clone()
        };
        vec![("found", found), ("failed", failed), ("refused", refused)]
    }
}

impl ToOktaPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |expression: &str| MappingRow {
            title: "First name".to_owned(),
            name: "firstName".to_owned(),
            expression: expression.to_owned(),
            apply: if expression.is_empty() { "" } else { "Create" },
            value: String::new(),
            wrong: String::new(),
            edit: to("provisioning/to-okta/mappings/firstName"),
        };
        let columns = vec![
            Column::new("Attribute"),
            Column::new("Value"),
            Column::wide("Apply on"),
            Column::new(""),
        ];
        let shown = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::Provisioning),
            settings: settings(BASE, Setting::ToOkta, true),
            note: None,
            sections: vec![
                (
                    "General",
                    vec![
                        Fact::text("Full import schedule", "Every day (America/New_York)"),
                        Fact::code("Okta username format", "appuser.userName"),
                    ],
                ),
                (
                    "User Creation & Matching",
                    vec![Fact::text("Allow partial matches", "Enabled")],
                ),
            ],
            edit: to("provisioning/to-okta/edit"),
            list: list("Okta Attribute Mappings", columns),
            rows: vec![row("appuser.givenName"), row("")],
        };
        let refused = Self {
            note: Some(Notice::new(
                Tone::Info,
                "Postman does not support Import.",
                "Choose another app.",
            )),
            edit: String::new(),
            ..shown.clone()
        };
        let mut empty = shown.clone();
        empty.rows = Vec::new();
        empty.list.empty = Empty::new("No attributes", "Okta users have none.", Link::plain(""));
        vec![("shown", shown), ("refused", refused), ("empty", empty)]
    }
}

impl ToOktaForm {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let wrong = Self {
            page: page(),
            error: Some(Notice::new(Tone::Bad, "App was changed meanwhile.", "")),
            revision: "7".to_owned(),
            fields: vec![
                Field::new("fullImport", "Full import schedule")
                    .choices(vec![Choice::new("", "Never")])
                    .error("The full import may not run more often."),
                Field::new("safeguard", "Import safeguard").value("20"),
            ],
            sections: vec![
                FormSection {
                    title: "General",
                    fields: 0..2,
                    ticks: Vec::new(),
                },
                FormSection {
                    title: "User Creation & Matching",
                    fields: 2..2,
                    ticks: vec![tick("email", "Email matches")],
                },
            ],
            action: to("provisioning/to-okta/edit"),
            cancel: to("provisioning/to-okta"),
        };
        let fine = Self {
            error: None,
            ..wrong.clone()
        };
        vec![("wrong", wrong), ("fine", fine)]
    }
}

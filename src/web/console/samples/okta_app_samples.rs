//! Samples of the tabs of an app of the mock Okta.

use super::super::exchange::{Code, Exchange};
use super::super::list::{Column, Empty, List, ListUrl, Pager};
use super::super::okta::applications::{AppTab, SignOnPage, tabs};
use super::super::okta::assignments::{AssignmentRow, AssignmentsPage};
use super::super::okta::catalog::{CatalogCard, CatalogPage};
use super::super::okta::provisioning::{
    Feature, IntegrationPage, MappingRow, Preview, Setting, Tick, ToAppForm, ToAppPage, WirePage,
    settings,
};
use super::super::okta::push_groups::{
    BulkBar, Candidate, FindGroupsPage, PushGroupsPage, PushRow, PushRuleRow,
};
use super::super::okta::tokens::{TokenPage, TokenRow, TokensPage};
use super::super::parts::{Choice, Field, Link, Notice, Pill, Tab, Toggle, Tone};
use super::super::{Page, Room};
use super::{long_name, moment, viewer};

pub(super) const BASE: &str = "/okta/applications/1";
const ERROR: &str = "Automatic provisioning of user Ann Doe to app Postman failed: Error while creating user Ann \
                     Doe: Conflict. Errors reported by remote server: A pending invite exists for this e-mail.";

pub(super) fn page() -> Page {
    Page::new(Room::OktaApplications, "Postman", &viewer())
        .under("Applications", "/okta/applications")
}

pub(super) fn of_tab(tab: AppTab) -> Vec<Tab> {
    tabs(BASE, tab, (true, true))
}

pub(super) fn to(path: &str) -> String {
    format!("{BASE}/{path}")
}

pub(super) fn list(caption: &str, columns: Vec<Column>) -> List {
    let url = ListUrl::new(BASE);
    List {
        caption: caption.to_owned(),
        filter: None,
        columns,
        pager: Pager::new(412, 1, 25, ("person", "people"), &url),
        empty: Empty::new(
            "Nobody is assigned",
            "Assign somebody.",
            Link::new("Assign", BASE),
        ),
    }
}

pub(super) fn active() -> Pill {
    Pill::new(Tone::Good, "Active")
}

pub(super) fn tick(name: &'static str, label: &'static str) -> Tick {
    Tick {
        name,
        label,
        on: true,
        help: "Creates or links a user.".to_owned(),
    }
}

impl ToAppPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |expression: &str, value: &str, wrong: &str| MappingRow {
            title: "Email type".to_owned(),
            name: "emailType".to_owned(),
            expression: expression.to_owned(),
            apply: if expression.is_empty() {
                ""
            } else {
                "Create and update"
            },
            value: value.to_owned(),
            wrong: wrong.to_owned(),
            edit: to("provisioning/mappings/emailType"),
        };
        let columns = vec![
            Column::new("Attribute"),
            Column::new("Value"),
            Column::wide("Apply on"),
            Column::new("Preview"),
            Column::new(""),
        ];
        let enabled = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::Provisioning),
            settings: settings(BASE, Setting::ToApp, true),
            not_enabled: None,
            features: vec![Feature {
                label: "Create Users",
                state: Pill::new(Tone::Good, "Enabled"),
                help: "Creates or links a user.".to_owned(),
            }],
            edit: to("provisioning/to-app"),
            force: to("provisioning/force-sync"),
            preview: Preview {
                action: to("provisioning"),
                person: Field::new("person", "Preview an Okta user").value("ann@contoso.example"),
                shown: true,
            },
            list: list("Attribute Mappings", columns),
            rows: vec![
                row(
                    "(user.email != null && user.email != '') ? 'work' : ''",
                    "work",
                    "",
                ),
                row("user.title", &long_name(), ""),
                row("String.len(", "", "at 11: an operand is missing"),
                row("", "", ""),
            ],
        };
        let fresh = Self {
            not_enabled: Some(Empty::new(
                "Provisioning is not enabled",
                "Enable it.",
                Link::new("Configure API Integration", to("provisioning/integration")),
            )),
            force: String::new(),
            preview: Preview {
                person: Field::new("person", "Preview an Okta user")
                    .error("Nobody has this username."),
                shown: false,
                ..enabled.preview.clone()
            },
            rows: Vec::new(),
            ..enabled.clone()
        };
        vec![("enabled", enabled), ("fresh", fresh)]
    }
}

impl ToAppForm {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let with = Self {
            page: page(),
            error: Some(Notice::new(Tone::Bad, "Postman was changed meanwhile.", "")),
            revision: "7".to_owned(),
            ticks: vec![
                tick("create_users", "Create Users"),
                tick("update_attributes", "Update User Attributes"),
            ],
            password: Some(
                Field::new("password", "Sync Password")
                    .choices(vec![Choice::new("off", "Not enabled")]),
            ),
            no_password: String::new(),
            action: to("provisioning/to-app"),
            cancel: to("provisioning"),
        };
        let without = Self {
            error: None,
            password: None,
            no_password: "Postman does not support Sync Password.".to_owned(),
            ..with.clone()
        };
        vec![("passwords", with), ("postman", without)]
    }
}

impl IntegrationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let exchange = Exchange {
            method: "GET".to_owned(),
            path: "/Users?startIndex=1&count=2".to_owned(),
            status: Exchange::status_pill(401, "Unauthorized"),
            duration: "4 ms".to_owned(),
            request_headers: String::new(),
            request: Code::json(""),
            response_headers: String::new(),
            response: Code::json(r#"{"status":"401","detail":"Invalid key"}"#),
            open: true,
        };
        let failed = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::Provisioning),
            settings: settings(BASE, Setting::Integration, true),
            error: None,
            enable: tick("enabled", "Enable API integration"),
            fields: vec![
                Field::new("baseUrl", "Base URL")
                    .kind("url", "off")
                    .value("http://127.0.0.1:7644/scim/v2"),
                Field::new("token", "API Token")
                    .kind("password", "off")
                    .error("Enter the token."),
            ],
            import_groups: Some(tick("importGroups", "Import Groups")),
            revision: "7".to_owned(),
            save: to("provisioning/integration"),
            test: to("provisioning/integration/test"),
            test_label: "Test API Credentials",
            tested: Some(Notice::new(
                Tone::Bad,
                "Error authenticating: Unauthorized. Errors reported by remote server: Invalid key",
                "Confirm that the API token is active.",
            )),
            abilities: vec![
                ("Create Users", active()),
                ("Push Groups", Pill::new(Tone::Quiet, "Not selected")),
            ],
            exchanges: vec![exchange],
        };
        let fresh = Self {
            tested: None,
            abilities: Vec::new(),
            exchanges: Vec::new(),
            import_groups: None,
            ..failed.clone()
        };
        vec![("failed", failed), ("fresh", fresh)]
    }
}

impl WirePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "refused",
            Self {
                page: page(),
                status: active(),
                tabs: of_tab(AppTab::Provisioning),
                settings: settings(BASE, Setting::Wire, true),
                error: Some(Notice::new(Tone::Bad, "Postman was changed meanwhile.", "")),
                verbs: "PATCH for activation and groups",
                switches: vec![tick("plainHttp", "Allow plain HTTP")],
                fields: vec![
                    Field::new("concurrency", "People at once")
                        .value("many")
                        .error("Enter a whole number from 0 to 64."),
                ],
                revision: "7".to_owned(),
                action: to("provisioning/wire"),
            },
        )]
    }
}

impl SignOnPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "stored",
            Self {
                page: page(),
                status: active(),
                tabs: of_tab(AppTab::SignOn),
                error: None,
                fields: vec![
                    Field::new("format", "Application username format")
                        .choices(vec![Choice::new("0", "Okta username")]),
                    Field::new("template", "Custom rule"),
                ],
                revision: "7".to_owned(),
                action: to("sign-on"),
            },
        )]
    }
}

impl AssignmentsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let tab = |label: &str, current| Tab {
            link: Link::new(label, to("assignments")),
            current,
        };
        let row = |name: &str, status: Pill, error: &str| AssignmentRow {
            name: Link::new(name, "/okta/people/1"),
            detail: "ann@contoso.example".to_owned(),
            kind: "Individual".to_owned(),
            status: Some(status),
            error: error.to_owned(),
            edit: to("assignments/people/1"),
            provision: if error.is_empty() {
                String::new()
            } else {
                to("assignments/people/1/provision")
            },
            remove: to("assignments/people/1/remove"),
            asks: "The account is deactivated.".to_owned(),
        };
        let columns = vec![
            Column::new("Person"),
            Column::wide("Type"),
            Column::new("Status"),
            Column::new(""),
        ];
        let many = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::Assignments),
            views: vec![tab("People", true), tab("Groups", false)],
            assign_people: to("assignments/people"),
            assign_groups: to("assignments/groups"),
            provision: to("assignments/provision"),
            note: None,
            list: list("Assignments", columns),
            rows: vec![
                row("Ann Doe", Pill::new(Tone::Bad, "Error"), ERROR),
                row(&long_name(), Pill::new(Tone::Good, "Provisioned"), ""),
            ],
        };
        let empty = Self {
            note: Some(Notice::new(
                Tone::Info,
                "Provisioning is not enabled.",
                "Enable it.",
            )),
            provision: String::new(),
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl PushGroupsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, status: Pill, error: &str| PushRow {
            id: "gPm1".to_owned(),
            group: Link::new(name, "/okta/groups/1"),
            rule: if error.is_empty() {
                String::new()
            } else {
                long_name()
            },
            target: name.to_owned(),
            status,
            error: error.to_owned(),
            pushed: Some(moment("3 min ago")),
            push: to("push-groups/1/push"),
            activate: to("push-groups/1/activate"),
            deactivate: to("push-groups/1/deactivate"),
            unlink: to("push-groups/1/unlink"),
        };
        let rule = |name: &str| PushRuleRow {
            name: name.to_owned(),
            criteria: format!("Group name starts with \u{201c}{name}\u{201d}"),
            pushes: "14 groups".to_owned(),
            status: active(),
            change: to("push-groups/rules/1/deactivate"),
            verb: "Deactivate",
            edit: to("push-groups/rules/1/edit"),
            delete: to("push-groups/rules/1/delete"),
        };
        let columns = vec![
            Column::new("Group in Okta"),
            Column::wide("Group in the app"),
            Column::new("Push status"),
            Column::wide("Last push"),
            Column::new(""),
        ];
        let many = Self {
            page: page(),
            status: active(),
            tabs: of_tab(AppTab::PushGroups),
            find: to("push-groups/find"),
            find_by_rule: to("push-groups/rules/new"),
            rules: vec![rule("Engineering"), rule(&long_name())],
            rename: Some(Toggle::posting("renaming", true, to("push-groups/rename"))),
            note: None,
            bulk: Some(BulkBar {
                action: to("push-groups/bulk"),
                choices: vec![Choice::new("deactivate", "Deactivate group push")],
                all: true,
                turn: to("push-groups"),
            }),
            list: list("Pushed groups", columns),
            rows: vec![
                row("Engineering", active(), ""),
                row(&long_name(), Pill::new(Tone::Bad, "Error"), ERROR),
            ],
        };
        let none = Self {
            find: String::new(),
            rename: None,
            note: Some(Notice::new(
                Tone::Info,
                "Push Groups is not there.",
                "Choose another app.",
            )),
            bulk: None,
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("none", none)]
    }
}

impl FindGroupsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, blocked: &str| Candidate {
            name: name.to_owned(),
            detail: "14 people".to_owned(),
            choose: to("push-groups/new?group=1"),
            blocked: blocked.to_owned(),
        };
        vec![(
            "many",
            Self {
                page: page(),
                done: to("push-groups"),
                list: list(
                    "Groups to push",
                    vec![Column::new("Group"), Column::new("")],
                ),
                rows: vec![row("Engineering", ""), row(&long_name(), "Pushed already")],
            },
        )]
    }
}

impl CatalogPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let card = |title| CatalogCard {
            title,
            description: "Users only, no group push.",
            notes: vec!["Profiles are sent by PUT.".to_owned()],
            choose: "/okta/catalog?template=postman".to_owned(),
        };
        vec![(
            "all",
            Self {
                page: page(),
                cards: vec![card("Postman"), card("App Integration Wizard (SCIM)")],
            },
        )]
    }
}

impl TokensPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Token name"),
            Column::wide("Created by"),
            Column::wide("Created"),
            Column::new(""),
        ];
        let row = |name: String| TokenRow {
            name,
            ending: "a1b2".to_owned(),
            by: "ada@contoso.example".to_owned(),
            created: moment("3 days ago"),
            revoke: "/okta/tokens/00TeVqN3sYkA9bLm0XwZ/revoke".to_owned(),
        };
        let many = Self {
            page: page(),
            create: "/okta/tokens/new".to_owned(),
            list: list("API tokens", columns),
            rows: vec![row("Terraform".to_owned()), row(long_name())],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl TokenPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "made",
            Self {
                page: page(),
                name: "Terraform".to_owned(),
                value: "00abcdefghijklmnopqrstuvwxyz0123456789ABCD".to_owned(),
                done: "/okta/tokens".to_owned(),
            },
        )]
    }
}

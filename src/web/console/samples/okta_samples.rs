//! Samples of the pages of the mock Okta.

use super::super::exchange::{Code, Exchange};
use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::okta::applications::{
    AppTab, ApplicationPage, ApplicationRow, ApplicationsPage, tabs,
};
use super::super::okta::dashboard::{DashboardPage, Figure, Glance};
use super::super::okta::groups::{GroupPage, GroupPerson, GroupRow, GroupsPage};
use super::super::okta::orgs::{OrgRow, OrgsPage};
use super::super::okta::people::{AssignedApp, PeoplePage, PersonPage, PersonRow, Transition};
use super::super::okta::rules::{GroupsTab, tabs as groups_tabs};
use super::super::okta::system_log::{EventPage, EventRow, SystemLogPage, Target, result_pill};
use super::super::okta::tasks::{TaskRow, TasksPage};
use super::super::parts::{Fact, Link, Pill, Tone};
use super::super::{Page, Room};
use super::{PEOPLE, USER_JSON, long_name, moment, viewer};

const ERROR: &str = "Automatic provisioning of user Ann Doe to app Postman failed: Error while creating user Ann \
                     Doe: Conflict. Errors reported by remote server: A pending invite exists for this e-mail.";

fn list(caption: &str, columns: Vec<Column>, total: u64, noun: (&str, &str)) -> List {
    let url = ListUrl::new("/okta/people").with("q", "a");
    List {
        caption: caption.to_owned(),
        filter: Some(Filter::new(&url, "Search by name")),
        columns,
        pager: Pager::new(total, 1, 25, noun, &url),
        empty: Empty::new("Nobody here yet", "Add somebody.", Link::plain("")),
    }
}

fn people() -> Vec<(String, String)> {
    PEOPLE
        .iter()
        .map(|(name, mail)| ((*name).to_owned(), (*mail).to_owned()))
        .chain([(long_name(), format!("{}@contoso.example", "x".repeat(80)))])
        .collect()
}

fn event(n: usize) -> EventRow {
    EventRow {
        message: Link::new(
            "Push new user to external application",
            "/okta/system-log/6e1f2a3b-0c4d-4e5f-8a9b-7c6d5e4f3a2b",
        ),
        kind: "application.provision.user.push".to_owned(),
        actor: "Okta System".to_owned(),
        targets: vec![people()[n].0.clone(), "Postman".to_owned()],
        result: result_pill(["SUCCESS", "FAILURE", "SKIPPED"][n % 3]),
        reason: if n % 3 == 1 {
            ERROR.to_owned()
        } else {
            String::new()
        },
        at: moment("3 min ago"),
    }
}

impl DashboardPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let figure = |number: &str, of: &str| Figure {
            number: number.to_owned(),
            of: Link::new(of, "/okta/people"),
            bad: of == "tasks",
            zero: number == "0",
        };
        let settled = Self {
            page: Page::new(Room::OktaDashboard, "Dashboard", &viewer()),
            orgs: "/okta/orgs".to_owned(),
            tokens: "/okta/tokens".to_owned(),
            org: Some(Glance {
                figures: vec![
                    figure("12,480", "people"),
                    figure("14", "groups"),
                    figure("0", "applications"),
                    figure("3", "tasks"),
                ],
                steps: vec![(
                    Link::new("Add people", "/okta/people"),
                    "12 so far.".to_owned(),
                )],
                facts: vec![
                    Fact::text("Name", long_name()),
                    Fact::code("Org ID", "00oAbCdEfGhIjKlMnOpQ"),
                ],
                events: (0..4).map(event).collect(),
                log: "/okta/system-log".to_owned(),
            }),
            empty: Empty::new(
                "No org yet",
                "Make one.",
                Link::new("Create org", "/okta/orgs/new"),
            ),
        };
        let empty = Self {
            org: None,
            tokens: String::new(),
            ..settled.clone()
        };
        vec![("settled", settled), ("empty", empty)]
    }
}

impl OrgsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let mut viewer = viewer();
        viewer.other_orgs = vec![Link::new(long_name(), "/okta/orgs/2/open")];
        let row = |name: String, open| OrgRow {
            name,
            subdomain: "contoso".to_owned(),
            people: "12,480".to_owned(),
            groups: "14".to_owned(),
            size: "412 people, 14 groups".to_owned(),
            open,
            open_at: "/okta/orgs/1/open".to_owned(),
            rename: "/okta/orgs/1/rename".to_owned(),
        };
        let columns = vec![
            Column::new("Name"),
            Column::wide("Subdomain"),
            Column::number("People"),
            Column::number("Groups"),
            Column::new(""),
        ];
        let many = Self {
            page: Page::new(Room::OktaDashboard, "Orgs", &viewer).under("Dashboard", "/okta"),
            create: "/okta/orgs/new".to_owned(),
            list: list("Orgs", columns, 2, ("org", "orgs")),
            rows: vec![row("Contoso".to_owned(), true), row(long_name(), false)],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

fn state(n: usize) -> Pill {
    match n % 4 {
        0 => Pill::new(Tone::Good, "Active"),
        1 => Pill::new(Tone::Info, "Pending user action"),
        2 => Pill::new(Tone::Warn, "Suspended"),
        _ => Pill::new(Tone::Quiet, "Deactivated"),
    }
}

impl PeoplePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Person & username"),
            Column::wide("Primary email"),
            Column::new("Status"),
            Column::wide("Created"),
        ];
        let rows = people()
            .into_iter()
            .enumerate()
            .map(|(n, (name, mail))| PersonRow {
                name: Link::new(name, "/okta/people/1"),
                login: mail.clone(),
                email: mail,
                status: state(n),
                created: moment("3 days ago"),
            });
        let many = Self {
            page: Page::new(Room::OktaPeople, "People", &viewer()),
            create: "/okta/people/new".to_owned(),
            list: list("People", columns, 12_480, ("person", "people")),
            rows: rows.collect(),
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl PersonPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let transition = |label, danger| Transition {
            label,
            action: "/okta/people/1/suspend".to_owned(),
            asks: if danger {
                "Every account is deactivated."
            } else {
                ""
            },
            danger,
        };
        let app = |status: Pill, error: &str| AssignedApp {
            app: Link::new("Postman", "/okta/applications/1"),
            user_name: "ann@contoso.example".to_owned(),
            scope: "Individual",
            status,
            error: error.to_owned(),
        };
        let active = Self {
            page: Page::new(Room::OktaPeople, "Ann Doe", &viewer()).under("People", "/okta/people"),
            status: state(0),
            edit: "/okta/people/1/edit".to_owned(),
            password: "/okta/people/1/password".to_owned(),
            transitions: vec![transition("Suspend", false), transition("Deactivate", true)],
            delete: String::new(),
            profile: vec![
                Fact::text("login", "ann@contoso.example"),
                Fact::text("department", ""),
            ],
            technical: vec![Fact::code("User ID", "00uAbCdEfGhIjKlMnOpQ")],
            groups: vec![Link::new(long_name(), "/okta/groups/1")],
            apps: vec![
                app(Pill::new(Tone::Good, "Provisioned"), ""),
                app(Pill::new(Tone::Bad, "Error"), ERROR),
            ],
        };
        let gone = Self {
            page: Page::new(Room::OktaPeople, long_name(), &viewer()),
            status: state(3),
            edit: String::new(),
            password: String::new(),
            transitions: vec![transition("Activate", false)],
            delete: "/okta/people/1/delete".to_owned(),
            groups: Vec::new(),
            apps: Vec::new(),
            ..active.clone()
        };
        vec![("active", active), ("deactivated", gone)]
    }
}

impl GroupsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Group name"),
            Column::wide("Source"),
            Column::number("People"),
            Column::wide("Created"),
        ];
        let row = |name: String, description: String| GroupRow {
            name: Link::new(name, "/okta/groups/1"),
            description,
            kind: "Okta group",
            people: "14".to_owned(),
            created: moment("3 days ago"),
        };
        let many = Self {
            page: Page::new(Room::OktaGroups, "Groups", &viewer()),
            tabs: groups_tabs(GroupsTab::All),
            create: "/okta/groups/new".to_owned(),
            list: list("Groups", columns, 2, ("group", "groups")),
            rows: vec![
                row("Everyone".to_owned(), String::new()),
                row(long_name(), long_name()),
            ],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl GroupPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Person & username"),
            Column::wide("Status"),
            Column::new(""),
        ];
        let rows = people()
            .into_iter()
            .enumerate()
            .map(|(n, (name, login))| GroupPerson {
                name: Link::new(name, "/okta/people/1"),
                login,
                rules: if n % 2 == 0 {
                    String::new()
                } else {
                    long_name()
                },
                status: state(n),
                remove: "/okta/groups/1/people/1/remove".to_owned(),
            });
        let many = Self {
            page: Page::new(Room::OktaGroups, "Engineering", &viewer())
                .under("Groups", "/okta/groups"),
            kind: "Okta group",
            edit: "/okta/groups/1/edit".to_owned(),
            delete: "/okta/groups/1/delete".to_owned(),
            assign: "/okta/groups/1/people/add".to_owned(),
            facts: vec![Fact::code("Group ID", "00gAbCdEfGhIjKlMnOpQ")],
            apps: vec![Link::new("Postman", "/okta/applications/1")],
            list: list("People in Engineering", columns, 140, ("person", "people")),
            rows: rows.collect(),
        };
        let empty = Self {
            assign: String::new(),
            edit: String::new(),
            delete: String::new(),
            apps: Vec::new(),
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl ApplicationsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Application"),
            Column::new("Status"),
            Column::new("API integration"),
            Column::wide("Base URL"),
        ];
        let row = |label: String, base_url: &str| ApplicationRow {
            label: Link::new(label, "/okta/applications/1"),
            kind: "App Integration Wizard: GET and PUT throughout".to_owned(),
            status: Pill::new(Tone::Good, "Active"),
            provisioning: Pill::new(Tone::Quiet, "Not enabled"),
            base_url: base_url.to_owned(),
        };
        let many = Self {
            page: Page::new(Room::OktaApplications, "Applications", &viewer()),
            create: "/okta/catalog".to_owned(),
            list: list("Applications", columns, 2, ("application", "applications")),
            rows: vec![
                row("Postman".to_owned(), "http://127.0.0.1:7644/scim/v2"),
                row(long_name(), ""),
            ],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

/// The frame of an app's tabs.
fn of_app() -> Page {
    Page::new(Room::OktaApplications, "Postman", &viewer())
        .under("Applications", "/okta/applications")
}

impl ApplicationPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "fresh",
            Self {
                page: of_app(),
                status: Pill::new(Tone::Good, "Active"),
                tabs: tabs("/okta/applications/1", AppTab::General, (true, true)),
                facts: vec![
                    Fact::text("Application label", "Postman"),
                    Fact::code("App ID", "0oaAbCdEfGhIjKlMnOpQ"),
                ],
                steps: vec![(
                    Link::new(
                        "Configure API Integration",
                        "/okta/applications/1/provisioning",
                    ),
                    "Not enabled yet.".to_owned(),
                )],
                rename: "/okta/applications/1/rename".to_owned(),
                transitions: Vec::new(),
                delete: "/okta/applications/1/delete".to_owned(),
            },
        )]
    }
}

impl TasksPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Task"),
            Column::wide("Application"),
            Column::new("Error"),
            Column::wide("Since"),
        ];
        let row = |id: &str, subject: Link| TaskRow {
            id: id.to_owned(),
            subject,
            app: Link::new("Postman", "/okta/applications/1"),
            kind: "Application account needs provisioning",
            text: ERROR.to_owned(),
            at: moment("3 min ago"),
        };
        let many = Self {
            page: Page::new(Room::OktaTasks, "Tasks", &viewer()),
            retry: "/okta/tasks/retry".to_owned(),
            dismiss: "/okta/tasks/dismiss".to_owned(),
            list: list("Tasks", columns, 2, ("task", "tasks")),
            rows: vec![
                row("1", Link::new("Ann Doe", "/okta/people/1")),
                row("2", Link::plain(long_name())),
            ],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl SystemLogPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = vec![
            Column::new("Event"),
            Column::wide("Actor"),
            Column::wide("Targets"),
            Column::new("Result"),
            Column::wide("Time"),
        ];
        let many = Self {
            page: Page::new(Room::SystemLog, "System Log", &viewer()),
            list: list("System Log", columns, 7, ("event", "events")),
            rows: (0..people().len()).map(event).collect(),
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

impl EventPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let target = |name: &str, kind: &str, href: &str| Target {
            name: Link::new(name, href),
            kind: kind.to_owned(),
            alternate_id: "unknown".to_owned(),
            id: "0uaAbCdEfGhIjKlMnOpQ".to_owned(),
        };
        let failed = Self {
            page: Page::new(
                Room::SystemLog,
                "Push new user to external application",
                &viewer(),
            )
            .under("System Log", "/okta/system-log"),
            result: result_pill("FAILURE"),
            reason: ERROR.to_owned(),
            facts: vec![Fact::link(
                "Event type",
                "application.provision.user.push",
                "/okta/system-log?event=application.provision.user.push",
            )],
            targets: vec![
                target("Ann Doe", "AppUser", ""),
                target(&long_name(), "User", "/okta/people/1"),
            ],
            job: "/okta/system-log?transaction=puj1".to_owned(),
            json: Code::json(
                r#"{"eventType":"application.provision.user.push","severity":"ERROR"}"#,
            ),
            exchanges: vec![Exchange {
                method: "POST".to_owned(),
                path: "/Users".to_owned(),
                status: Exchange::status_pill(409, "Conflict"),
                duration: "12 ms".to_owned(),
                request_headers: String::new(),
                request: Code::json(USER_JSON),
                response_headers: String::new(),
                response: Code::json(r#"{"status":"409"}"#),
                open: true,
            }],
        };
        let quiet = Self {
            reason: String::new(),
            result: result_pill("SUCCESS"),
            targets: Vec::new(),
            exchanges: Vec::new(),
            ..failed.clone()
        };
        vec![("failed", failed), ("quiet", quiet)]
    }
}

//! Samples of *Provision on demand*, of the drift report and of the files of the log.

use super::super::entra::applications::{ApplicationTab, tabs};
use super::super::entra::drift::{DriftLive, DriftPage, DriftRow, DriftSection};
use super::super::entra::logs::{Download, DownloadPage, Modified, Step, result_pill};
use super::super::entra::on_demand::{Candidate, ChoosePage, ConfirmPage, Member, ResultPage};
use super::super::exchange::{Code, Exchange};
use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::parts::{Fact, Link, Notice, Pill, Tone};
use super::super::{Page, Room};
use super::{PEOPLE, USER_JSON, application, long_name, viewer};

const BASE: &str = "/entra/applications/1";

fn page(title: &str) -> Page {
    Page::new(Room::Applications, title, &viewer())
        .under("Enterprise applications", "/entra/applications")
        .under(application(), BASE)
        .under("Provisioning", format!("{BASE}/provisioning"))
}

impl ChoosePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let url = ListUrl::new(format!("{BASE}/provisioning/on-demand")).with("q", "a");
        let all = |rows: Vec<Candidate>| Self {
            page: page("Provision on demand"),
            tabs: tabs(
                BASE,
                crate::model::Direction::Outbound,
                ApplicationTab::OnDemand,
            ),
            notice: Some(Notice::new(
                Tone::Info,
                "The Tenant URL has the flag aadOptscim062020. Microsoft documents that provision on demand does not work with it.",
                "Here it does.",
            )),
            list: List {
                caption: "People and groups".to_owned(),
                filter: Some(Filter::new(&url, "Select a user or group")),
                columns: vec![Column::new("Name"), Column::wide("Type")],
                pager: Pager::new(rows.len() as u64, 1, 25, ("object", "objects"), &url),
                empty: Empty::no_match(&url),
            },
            rows,
        };
        let row = |name: &str, detail: &str, kind| Candidate {
            name: Link::new(name, format!("{BASE}/provisioning/on-demand?object=5e6c")),
            detail: detail.to_owned(),
            kind,
        };
        let mut rows = vec![row("Engineering", "12 members", "Group")];
        rows.extend(PEOPLE.iter().map(|(name, email)| row(name, email, "User")));
        rows.push(row(&long_name(), "long@contoso.example", "User"));
        vec![("many", all(rows)), ("none", all(Vec::new()))]
    }
}

impl ConfirmPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let here = format!("{BASE}/provisioning/on-demand");
        let person = Self {
            page: page("Provision on demand"),
            notice: Some(Notice::new(
                Tone::Bad,
                "On-demand provisioning takes 5 requests in 10 seconds. Try again in 7 seconds.",
                "",
            )),
            kind: "User",
            subject: Link::new(long_name(), "/entra/users/5e6c"),
            detail: "long@contoso.example".to_owned(),
            id: "5e6c9bae-ab4d-4239-8ad0-174391d110eb".to_owned(),
            action: here.clone(),
            another: here.clone(),
            members: Vec::new(),
            members_error: String::new(),
            list: None,
        };
        let url = ListUrl::new(&here).with("object", "5e6c");
        let members = PEOPLE.iter().enumerate().map(|(n, (name, email))| Member {
            id: format!("00000000-0000-4000-8000-00000000000{n}"),
            name: (*name).to_owned(),
            detail: (*email).to_owned(),
            chosen: n < 2,
            blocked: if n == 3 {
                "Nested groups are not supported."
            } else {
                ""
            }
            .to_owned(),
        });
        let group = Self {
            notice: None,
            kind: "Group",
            subject: Link::new("Engineering", "/entra/groups/5e6c"),
            detail: "1,200 members".to_owned(),
            members: members.collect(),
            members_error: "Choose at most 5 members at a time.".to_owned(),
            list: Some(List {
                caption: "Members".to_owned(),
                filter: Some(Filter::new(&url, "Search members").kept(
                    &url,
                    "object",
                    "Engineering",
                )),
                columns: Vec::new(),
                pager: Pager::new(1_200, 2, 50, ("member", "members"), &url),
                empty: Empty::no_match(&url),
            }),
            ..person.clone()
        };
        vec![("person", person), ("group", group)]
    }
}

impl ResultPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let step = |name: &str, status: &str, description: &str, details: Vec<Fact>| Step {
            name: name.to_owned(),
            status: result_pill(status),
            description: description.to_owned(),
            details,
        };
        let dry = Self {
            page: page("Zo\u{eb} M\u{fc}ller"),
            status: Pill::new(Tone::Good, "Success"),
            verdict: "This would be sent. Nothing was changed, here or in the application."
                .to_owned(),
            dry_run: true,
            steps: vec![
                step(
                    "2. Import user",
                    "success",
                    "Retrieved User 'zoe@contoso.example' from Microsoft Entra ID.",
                    vec![Fact::text("displayName", "Zo\u{eb}")],
                ),
                step(
                    "3. Determine if user is in scope",
                    "success",
                    "Determine if User in scope by evaluating against each scoping filter.",
                    vec![
                        Fact::text("Active in source system", "True"),
                        Fact::text("Assigned to application", "True"),
                        Fact::text("Scope sync all", "False"),
                        Fact::text("User has required role", "True"),
                        Fact::text("Only Sales department EQUALS Sales", "True"),
                    ],
                ),
                step(
                    "4. Match user between source and target",
                    "success",
                    "No matching User was found in customappsso.",
                    Vec::new(),
                ),
                step(
                    "5. Perform action",
                    "success",
                    "User 'zoe@contoso.example' was created in customappsso.",
                    Vec::new(),
                ),
            ],
            modified: vec![Modified {
                name: "userName".to_owned(),
                old: String::new(),
                new: long_name(),
                source: "userPrincipalName".to_owned(),
            }],
            exchanges: vec![Exchange {
                method: "POST".to_owned(),
                path: "/Users".to_owned(),
                status: Pill::new(Tone::Info, "Not sent"),
                duration: "0 ms".to_owned(),
                request_headers: String::new(),
                request: Code::json(USER_JSON),
                response_headers: String::new(),
                response: Code::json("Not sent: this is a dry run."),
                open: true,
            }],
            action: format!("{BASE}/provisioning/on-demand"),
            fields: vec![("object", "5e6c".to_owned())],
            another: format!("{BASE}/provisioning/on-demand"),
            entry: Link::plain(""),
        };
        let mut failed = dry.clone();
        failed.status = Pill::new(Tone::Bad, "Failure");
        failed.dry_run = false;
        failed.verdict = "The application did not answer in time.".to_owned();
        failed.steps = vec![step(
            "1. Test connection",
            "failure",
            "You appear to have entered invalid credentials.",
            vec![Fact::code(
                "Error code",
                "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable",
            )],
        )];
        failed.modified = Vec::new();
        failed.exchanges = Vec::new();
        let mut done = dry.clone();
        done.dry_run = false;
        done.verdict = "It was created in the application.".to_owned();
        done.entry = Link::new(
            "View in the provisioning logs",
            format!("{BASE}/provisioning-logs/1"),
        );
        vec![("dry", dry), ("failed", failed), ("done", done)]
    }
}

impl DriftPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let fresh = Self {
            page: page("Drift report"),
            tabs: tabs(
                BASE,
                crate::model::Direction::Outbound,
                ApplicationTab::Drift,
            ),
            start: format!("{BASE}/provisioning/drift"),
            live: None,
            status: None,
            notices: Vec::new(),
            facts: Vec::new(),
            sections: Vec::new(),
        };
        let mut running = fresh.clone();
        running.start = String::new();
        running.live = Some(DriftLive {
            poll: format!("{BASE}/provisioning/drift/live"),
            done: 40,
            total: 412,
            numbers: "40 of 412 linked objects, 3 requests".to_owned(),
        });
        let mut done = fresh.clone();
        done.status = Some(Pill::new(Tone::Warn, "Drifted"));
        done.notices = vec![Notice::new(
            Tone::Info,
            "The application does not list its users.",
            "",
        )];
        done.facts = vec![
            Fact::text("Complete", "2026-05-04 03:00:54 UTC"),
            Fact::text("Members differ", "1"),
        ];
        done.sections = vec![DriftSection {
            id: "attributes",
            title: "Attributes changed in the application",
            meaning: "Somebody else changed them.",
            count: "412".to_owned(),
            more: "212 more are not shown.".to_owned(),
            rows: PEOPLE
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .chain([long_name()])
                .map(|name| DriftRow {
                    name: Link::new(name, "/entra/users/5e6c"),
                    detail: "User, id 4c1d9e2f77aa03b1".to_owned(),
                    attributes: vec![
                        (
                            "displayName".to_owned(),
                            "Ada".to_owned(),
                            "Somebody".to_owned(),
                        ),
                        ("title".to_owned(), long_name(), String::new()),
                    ],
                    note: String::new(),
                    provision: format!("{BASE}/provisioning/on-demand?object=5e6c"),
                })
                .collect(),
        }];
        vec![("fresh", fresh), ("running", running), ("done", done)]
    }
}

impl DownloadPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let file = |name: &str| Download {
            file: Link::new(name, format!("/entra/provisioning-logs/download/{name}")),
            what: "One row an entry.",
        };
        vec![(
            "filtered",
            Self {
                page: Page::new(
                    Room::ProvisioningLogs,
                    "Download provisioning logs",
                    &viewer(),
                )
                .under("Provisioning logs", "/entra/provisioning-logs"),
                narrowed: vec![Fact::text("Status", "Failure")],
                files: vec![file("ProvisioningLogs.csv"), file("ProvisioningLogs.json")],
                back: "/entra/provisioning-logs".to_owned(),
            },
        )]
    }
}

//! Samples of the larger Entra pages and of the shared pages.

use super::super::chart::{CycleFigure, CycleHistory, Sparkline};
use super::super::common::{Ask, ConfirmPage, FormPage};
use super::super::entra::applications::{ApplicationTab, tabs};
use super::super::entra::credentials::CredentialsForm;
use super::super::entra::job_settings::{JobSettingsForm, Notification};
use super::super::entra::logs::{LogPage, LogRow, LogsPage, Modified, Step, Trouble, result_pill};
use super::super::entra::provisioning::{
    Activity, Counter, JobActions, JobTrouble, MappingSet, Progress, ProvisioningLive,
    ProvisioningPage, Settings, SettingsPage, job_pill,
};
use super::super::exchange::{Code, Exchange};
use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::parts::{Choice, Fact, Field, Link, Notice, Tone};
use super::super::{Page, Room};
use super::{PEOPLE, USER_JSON, application, long_name, moment, viewer};

const BASE: &str = "/entra/applications/1";

fn page() -> Page {
    Page::new(Room::Applications, application(), &viewer())
        .under("Enterprise applications", "/entra/applications")
}

impl Progress {
    pub(crate) fn sample() -> Self {
        Self {
            phase: "Initial cycle: users".to_owned(),
            done: 1_240,
            total: 4_112,
            numbers: "1,240 of 4,112".to_owned(),
            rate: Some(Sparkline::new(
                &[0, 800, 1_500, 1_900, 1_850, 1_200, 1_870],
                "1,870/s",
            )),
            left: "about 2 s left".to_owned(),
            last_error: "Zo\u{eb} M\u{fc}ller: the team answered 409 (uniqueness).".to_owned(),
        }
    }
}

fn settings() -> Settings {
    let set = |name: &str, word: &str| MappingSet {
        name: Link::new(name, format!("{BASE}/provisioning/mappings/{word}")),
        detail: "22 attributes".to_owned(),
    };
    Settings {
        credentials: CredentialsForm::stored(BASE),
        mappings: vec![
            set("Provision Microsoft Entra ID Users", "users"),
            set("Provision Microsoft Entra ID Groups", "groups"),
        ],
        mode: Field::new("mode", "Provisioning Mode")
            .choices(vec![
                Choice::new("Manual", "Manual"),
                Choice::new("Automatic", "Automatic"),
            ])
            .value("Automatic")
            .help("Once saved, it cannot be put back to Manual."),
        notification: Notification::new("ops@contoso.example", true),
        job: JobSettingsForm::sample(BASE),
    }
}

fn counters(numbers: [u64; 4]) -> Vec<Counter> {
    let log = |query: &str| format!("{BASE}/provisioning-logs?{query}");
    vec![
        Counter::new("Created", numbers[0], log("action=create&status=success")),
        Counter::new("Updated", numbers[1], log("action=update&status=success")),
        Counter::new("Disabled", numbers[2], log("action=disable&status=success")),
        Counter::new("Failed", numbers[3], log("status=failure")),
    ]
}

fn healthy() -> ProvisioningPage {
    let cycles: Vec<_> = [
        (4_112, 3),
        (12, 0),
        (0, 0),
        (40, 0),
        (0, 0),
        (0, 2),
        (300, 14),
        (4, 0),
        (0, 0),
        (9, 0),
    ]
    .iter()
    .map(|(succeeded, failed)| CycleFigure {
        succeeded: *succeeded,
        failed: *failed,
        title: format!("{succeeded} changed, {failed} failed"),
    })
    .collect();
    ProvisioningPage {
        page: page(),
        tabs: tabs(
            BASE,
            crate::model::Direction::Outbound,
            ApplicationTab::Provisioning,
        ),
        actions: JobActions {
            cycle: format!("{BASE}/provisioning/cycle"),
            stop: format!("{BASE}/provisioning/stop"),
            restart: format!("{BASE}/provisioning/restart"),
            ..JobActions::default()
        },
        live: ProvisioningLive {
            poll: String::new(),
            status: job_pill("On"),
            strip: vec![
                "Incremental cycle complete 3 min ago".to_owned(),
                "Next cycle in 37 min".to_owned(),
            ],
            progress: None,
            counters: counters([4_112, 331, 12, 0]),
        },
        trouble: None,
        history: CycleHistory::new(&cycles),
        statistics: vec![Fact::text("Users", "4,098"), Fact::text("Groups", "14")],
        technical: vec![
            Fact::text("Completed", "2026-05-04 03:00:54 UTC"),
            Fact::text("Duration", "2.4 s"),
            Fact::text("Steady state first achieved", "2026-05-04 02:20:11 UTC"),
            Fact::text("Provisioning interval", "40 min"),
            Fact::code("Activity ID", "b6502552-018d-49bd-8869-c47194dc65c1"),
            Fact::code(
                "Job ID",
                "scim.74beb1753b804b63b9d56f0b76082b16.10a7a801-7101-4c69-ae00-ce9f75f8460a",
            ),
        ],
        numbers: vec![
            Fact::text("Imported (countImported)", "4,112"),
            Fact::text("Failed objects (countEscrowed)", "3"),
        ],
        activities: vec![Activity {
            at: moment("2 h ago"),
            name: "Enable/restart provisioning configuration",
            detail: "Escrows, Watermark, QuarantineState".to_owned(),
        }],
        settings: settings(),
    }
}

impl ProvisioningPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let well = healthy();
        let mut running = well.clone();
        running.live.poll = format!("{BASE}/provisioning/live");
        running.live.status = job_pill("Running");
        running.live.strip = vec!["Initial cycle started 2 s ago".to_owned()];
        running.live.progress = Some(Progress::sample());
        running.live.counters = counters([1_226, 0, 0, 14]);
        running.history = CycleHistory::new(&[]);
        let mut off = well.clone();
        off.live.status = job_pill("Off");
        off.live.strip = vec!["Nothing is provisioned until it is started".to_owned()];
        off.live.counters = counters([0; 4]);
        off.history = CycleHistory::new(&[]);
        off.actions = JobActions {
            blocked: "Test and save the Admin Credentials first.".to_owned(),
            ..JobActions::default()
        };
        off.statistics = vec![Fact::text("Users", "0"), Fact::text("Groups", "0")];
        let mut broken = well.clone();
        broken.live.status = job_pill("Quarantined");
        broken.live.counters = counters([4_112, 331, 12, 41]);
        broken.actions.start = format!("{BASE}/provisioning/start");
        broken.actions.stop = String::new();
        let notice = Notice::new(
            Tone::Bad,
            "Quarantined: the target refused the Secret Token (401, SystemForCrossDomainIdentityManagementCredentialValidationFailure).",
            "Generate a new SCIM API key under Team, Authentication, enter it below, test the connection and restart.",
        );
        broken.trouble = Some(JobTrouble {
            notice,
            facts: vec![
                Fact::code("Reason", "EncounteredQuarantineException"),
                Fact::text("In quarantine since", "2 days ago"),
                Fact::text("Attempts", "10"),
                Fact::text("Next attempt", "in 22 h"),
            ],
            ways: vec![Link::new(
                "Restart provisioning",
                format!("{BASE}/provisioning/restart"),
            )],
        });
        broken.settings.credentials.tested = Some(Notice::new(
            Tone::Bad,
            "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.",
            "GET http://127.0.0.1:7644/scim/v2/Users?filter=userName+eq+%228c1f%22 answered 401 Unauthorized.",
        ));
        vec![
            ("well", well),
            ("running", running),
            ("off", off),
            ("broken", broken),
        ]
    }
}

impl SettingsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let fresh = Self {
            page: page(),
            tabs: tabs(
                BASE,
                crate::model::Direction::Outbound,
                ApplicationTab::Provisioning,
            ),
            settings: Settings {
                credentials: CredentialsForm::empty(BASE),
                job: JobSettingsForm::blocked(BASE),
                ..settings()
            },
        };
        let mut wrong = fresh.clone();
        wrong.settings.credentials = CredentialsForm::mistyped(BASE);
        wrong.settings.job = JobSettingsForm::refused(BASE);
        let mut refused = fresh.clone();
        refused.settings.credentials = CredentialsForm::refused(BASE);
        vec![("fresh", fresh), ("wrong", wrong), ("refused", refused)]
    }
}

impl LogsPage {
    #[expect(clippy::too_many_lines, reason = "a table is long")]
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let url = ListUrl::new(format!("{BASE}/provisioning-logs"));
        let list = |url: &ListUrl, total| List {
            caption: "Provisioning logs".to_owned(),
            filter: Some(
                Filter::new(url, "Identity: name or id")
                    .select(
                        url,
                        "action",
                        "Action",
                        &[
                            ("create", "Create"),
                            ("update", "Update"),
                            ("disable", "Disable"),
                            ("delete", "Delete"),
                        ],
                    )
                    .select(
                        url,
                        "status",
                        "Status",
                        &[
                            ("success", "Success"),
                            ("failure", "Failure"),
                            ("skipped", "Skipped"),
                            ("warning", "Warning"),
                        ],
                    )
                    .day(url, "from", "From")
                    .day(url, "until", "Until")
                    .pasted(url, "job", "Job ID")
                    .pasted(url, "cycle", "Cycle ID")
                    .pasted(url, "change", "Change ID"),
            ),
            columns: vec![
                Column::new("Identity"),
                Column::new("Action"),
                Column::wide("Source System"),
                Column::wide("Target System"),
                Column::new("Status"),
                Column::wide("Reason"),
                Column::wide("Date"),
            ],
            pager: Pager::new(total, 1, 25, ("entry", "entries"), url),
            empty: Empty::new(
                "No entries yet",
                "Every person and group that a cycle looks at leaves one here.",
                Link::new("Start provisioning", format!("{BASE}/provisioning")),
            ),
        };
        let rows =
            PEOPLE
                .iter()
                .map(|(name, _)| name.to_string())
                .chain([long_name()])
                .enumerate()
                .map(|(n, name)| {
                    LogRow {
                identity: Link::new(name, format!("{BASE}/provisioning-logs/1")),
                id: "5e6c9bae-ab4d-4239-8ad0-174391d110eb".to_owned(),
                action: ["Create", "Update", "Disable"][n % 3].to_owned(),
                source: "Microsoft Entra ID",
                target: if n == 2 { long_name() } else { application().to_owned() },
                status: result_pill(["success", "failure", "skipped", "warning"][n % 4]),
                reason: match n % 4 {
                    1 => "The team answered 409: another member has this userName (EntryConflict).",
                    2 => "Not assigned to the application (NotEffectivelyEntitled).",
                    3 => "The manager is not provisioned (UnableToResolveReferenceAttributeValue).",
                    _ => "",
                }
                .to_owned(),
                at: moment("3 min ago"),
            }
                })
                .collect();
        let filtered = url
            .with("status", "failure")
            .with("cycle", "b6502552-018d-49bd-8869-c47194dc65c1");
        let tabs = || {
            tabs(
                BASE,
                crate::model::Direction::Outbound,
                ApplicationTab::ProvisioningLogs,
            )
        };
        vec![
            (
                "many",
                Self {
                    page: page(),
                    tabs: Vec::new(),
                    kept: "Kept for 30 days.".to_owned(),
                    retention: "/entra/provisioning-logs/retention".to_owned(),
                    download: "/entra/provisioning-logs/download".to_owned(),
                    list: list(&filtered, 8_200),
                    rows,
                },
            ),
            (
                "empty",
                Self {
                    page: page(),
                    tabs: tabs(),
                    kept: "Kept for ever.".to_owned(),
                    retention: "/entra/provisioning-logs/retention".to_owned(),
                    download: "/entra/provisioning-logs/download".to_owned(),
                    list: list(&url, 0),
                    rows: Vec::new(),
                },
            ),
        ]
    }
}

impl LogPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let step = |name: &str, status: &str, description: &str, details: Vec<Fact>| Step {
            name: name.to_owned(),
            status: result_pill(status),
            description: description.to_owned(),
            details,
        };
        let head = |name: &str| {
            Page::new(Room::Applications, name, &viewer())
                .under("Enterprise applications", "/entra/applications")
                .under(application(), BASE)
                .under("Provisioning logs", format!("{BASE}/provisioning-logs"))
        };
        let exchange =
            |method: &str, path: &str, code, reason, request: &str, response: &str, open| {
                Exchange {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    status: Exchange::status_pill(code, reason),
                    duration: "12 ms".to_owned(),
                    request_headers:
                        "Authorization: Bearer \u{2026}\nContent-Type: application/scim+json"
                            .to_owned(),
                    request: Code::json(request),
                    response_headers: "Content-Type: application/scim+json".to_owned(),
                    response: Code::json(response),
                    open,
                }
            };
        let import = || {
            step(
                "Import",
                "success",
                "Received User 'zoe@contoso.example' change of type (Add) from Microsoft Entra ID",
                vec![Fact::text("userPrincipalName", "zoe@contoso.example")],
            )
        };
        let scope = || {
            step(
                "Scope",
                "success",
                "Determine if User in scope by evaluating against each scoping filter",
                vec![
                    Fact::text("Active in the source system", "True"),
                    Fact::text("Assigned to the application", "True"),
                ],
            )
        };
        let failed = Self {
            page: head("Zo\u{eb} M\u{fc}ller"),
            status: result_pill("failure"),
            verdict: "Create failed 3 min ago: another member has the same userName.".to_owned(),
            steps: vec![
                import(),
                scope(),
                step("Match", "success", "No matching User was found in Postman", Vec::new()),
                step("Map", "success", "4 attributes were computed", Vec::new()),
                step("Provision", "failure", "Failed to create User 'zoe@contoso.example' in Postman", vec![Fact::code("ReportableIdentifier", "zoe@contoso.example")]),
            ],
            trouble: Some(Trouble {
                code: "EntryConflict".to_owned(),
                reason: "StatusCode: Conflict. Message: userName zoe@contoso.example is taken by another user of the team.".to_owned(),
                meaning: "Conflicting attribute values: an object with the same unique value exists in the application.",
                recommendation: "Remove or rename the other member, or match on another attribute. The agent tries again with the next cycle.".to_owned(),
                failed: true,
            }),
            explained: vec!["It is in scope, because it is assigned.".to_owned(), "The application answered POST with 409.".to_owned()],
            again: Link::new("Provision this person again", format!("{BASE}/provisioning/on-demand?object=5e6c")),
            modified: vec![
                Modified { name: "userName".to_owned(), old: String::new(), new: "zoe@contoso.example".to_owned(), source: "userPrincipalName".to_owned() },
                Modified { name: "active".to_owned(), old: "False".to_owned(), new: "True".to_owned(), source: "Not([IsSoftDeleted])".to_owned() },
                Modified { name: "title".to_owned(), old: "Intern".to_owned(), new: String::new(), source: "jobTitle".to_owned() },
            ],
            summary: vec![Fact::code("Source id", "5e6c9bae-ab4d-4239-8ad0-174391d110eb"), Fact::text("Target id", ""), Fact::code("Cycle", "b6502552-018d-49bd-8869-c47194dc65c1"), Fact::text("Duration", "38 ms")],
            exchanges: vec![
                exchange("GET", "/Users?filter=userName+eq+%22zoe%40contoso.example%22", 200, "OK", "", r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"#, false),
                exchange("POST", "/Users", 409, "Conflict", USER_JSON, r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"userName is taken."}"#, true),
            ],
        };
        let skipped = Self {
            page: head(&long_name()),
            status: result_pill("skipped"),
            verdict: "Skipped 3 min ago: not assigned to the application.".to_owned(),
            steps: vec![
                import(),
                step(
                    "Scope",
                    "skipped",
                    "The User is not effectively entitled: not assigned to the application.",
                    Vec::new(),
                ),
            ],
            trouble: None,
            modified: Vec::new(),
            exchanges: Vec::new(),
            ..failed.clone()
        };
        vec![("failed", failed), ("skipped", skipped)]
    }
}

impl FormPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let key = Self {
            page: Page::new(Room::Authentication, "Generate SCIM API Key", &viewer())
                .under("Authentication", "/team/authentication"),
            lead: "The value is shown once, right after this step.".to_owned(),
            error: None,
            fields: vec![
                Field::new("name", "Key name")
                    .required()
                    .max_length(100)
                    .help("Who or what will use it, for example \"Entra agent\".")
                    .value("Entra agent")
                    .error("There is already a key of this name. Choose another."),
            ],
            action: "/team/authentication/scim/keys".to_owned(),
            submit: "Generate".to_owned(),
            cancel: "/team/authentication".to_owned(),
        };
        let user = Self {
            page: Page::new(Room::EntraUsers, "New user", &viewer()).under("Users", "/entra/users"),
            lead: String::new(),
            error: None,
            fields: vec![
                Field::new("displayName", "Display name").required(),
                Field::new("userPrincipalName", "User principal name")
                    .required()
                    .help("Looks like an e-mail address, for example ada@contoso.example."),
                Field::new("givenName", "Given name"),
                Field::new("surname", "Surname"),
                Field::new("mail", "Mail").kind("email", "off"),
                Field::new("department", "Department"),
            ],
            action: "/entra/users".to_owned(),
            submit: "Create".to_owned(),
            cancel: "/entra/users".to_owned(),
        };
        let failed = user.clone().failed(
            "The store is busy.",
            "Nothing was saved. Try again in a moment.",
        );
        vec![("key", key), ("user", user), ("failed", failed)]
    }
}

impl ConfirmPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let on = Self {
            page: Page::new(
                Room::Authentication,
                "Turn on SCIM provisioning?",
                &viewer(),
            )
            .under("Authentication", "/team/authentication"),
            lead: "An identity provider will be able to manage the people of Acme.".to_owned(),
            consequences: vec![
                "Members cannot leave the team themselves.".to_owned(),
                "Members cannot change their e-mail address or password.".to_owned(),
                "Only admins can remove members.".to_owned(),
            ],
            danger: false,
            ask: None,
            action: "/team/authentication/scim/turn-on".to_owned(),
            submit: "Turn On".to_owned(),
            cancel: "/team/authentication".to_owned(),
        };
        let delete = Self {
            page: Page::new(
                Room::EntraUsers,
                format!("Delete {} permanently?", long_name()),
                &viewer(),
            )
            .under("Users", "/entra/users"),
            lead: "This cannot be undone.".to_owned(),
            consequences: vec![
                "The user leaves the recycle bin and 3 groups.".to_owned(),
                "The next cycle deletes the member in the team.".to_owned(),
            ],
            danger: true,
            ask: Some(Ask {
                name: "ada@contoso.example".to_owned(),
                error: "That is not the name. Type it exactly as shown.".to_owned(),
            }),
            action: "/entra/users/1/delete-permanently".to_owned(),
            submit: "Delete permanently".to_owned(),
            cancel: "/entra/users/1".to_owned(),
        };
        vec![("on", on), ("delete", delete)]
    }
}

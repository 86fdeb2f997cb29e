//! Samples of the overview.

use super::super::entra::provisioning::Progress;
use super::super::list::Empty;
use super::super::overview::{Check, CycleRow, Failure, Flow, OverviewPage, Stage, cycle_pill};
use super::super::parts::{Link, Tone};
use super::super::{Page, Room};
use super::{long_name, moment, viewer};

fn stages(figures: [(&str, &str); 4]) -> [Stage; 4] {
    let rooms = [
        ("Directory", "/entra/users"),
        (
            "Scope and mappings",
            "/entra/applications/1/users-and-groups",
        ),
        ("Wire", "/entra/applications/1/provisioning-logs"),
        ("Team", "/team/members"),
    ];
    std::array::from_fn(|n| Stage {
        name: rooms[n].0,
        href: rooms[n].1.to_owned(),
        figure: figures[n].0.to_owned(),
        unit: figures[n].1.to_owned(),
        tone: Tone::Quiet,
    })
}

fn flow(tone: Tone, label: &str) -> Flow {
    Flow {
        tone,
        label: label.to_owned(),
    }
}

fn checks() -> Vec<Check> {
    [
        (
            "Turn on SCIM provisioning",
            "/team/authentication",
            "The team answers SCIM requests.",
        ),
        (
            "Generate a SCIM API key",
            "/team/authentication",
            "The agent signs in with it. It is shown once.",
        ),
        (
            "Enter the Admin Credentials",
            "/entra/applications/1/provisioning",
            "Tenant URL and Secret Token, then Test Connection.",
        ),
        (
            "Assign users and groups",
            "/entra/applications/1/users-and-groups",
            "Only assigned people are provisioned.",
        ),
        (
            "Start provisioning",
            "/entra/applications/1/provisioning",
            "The initial cycle creates everybody in scope.",
        ),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, (text, href, why))| Check {
        what: Link::new(text, href),
        why: why.to_owned(),
        done: n == 0,
    })
    .collect()
}

fn failures() -> Vec<Failure> {
    [
        ("Zo\u{eb} M\u{fc}ller".to_owned(), "The team answered 409 (uniqueness): another member has the userName zoe@contoso.example."),
        ("Platform".to_owned(), "We were unable to assign Sam Reyes as the members of Platform. (UnableToResolveReferenceAttributeValue)"),
        (long_name(), "The team did not answer within 30 s (Timeout)."),
    ]
    .into_iter()
    .map(|(who, why)| Failure {
        object: Link::new(who, "/entra/applications/1/provisioning-logs/1"),
        reason: why.to_owned(),
        at: moment("3 min ago"),
    })
    .collect()
}

fn cycle(kind: &str, state: &'static str, counts: [&str; 5]) -> CycleRow {
    let [created, updated, disabled, failed, requests] = counts.map(str::to_owned);
    let runs = state == "Running";
    CycleRow {
        kind: Link::new(kind, "/entra/applications/1/provisioning-logs"),
        state: cycle_pill(state),
        ended: (!runs).then(|| moment("28 min ago")),
        created,
        updated,
        disabled,
        failed,
        requests,
        duration: if runs { "" } else { "2.4 s" }.to_owned(),
    }
}

fn cycles() -> Vec<CycleRow> {
    vec![
        cycle("Incremental", "Complete", ["0", "0", "0", "0", "2"]),
        cycle("Incremental", "Complete", ["1", "14", "2", "0", "41"]),
        cycle("Initial", "Complete", ["398", "0", "0", "0", "1,206"]),
    ]
}

impl OverviewPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let well = Self {
            page: Page::new(Room::Overview, "Overview", &viewer()),
            verdict: "Directory and team agree. The next incremental cycle starts in 12 min."
                .to_owned(),
            stages: stages([
                ("412", "people, 9 groups"),
                ("398", "people in scope"),
                ("41", "requests in the cycle 28 min ago"),
                ("398", "members, 9 groups"),
            ]),
            flows: [
                flow(Tone::Good, "14 skipped"),
                flow(Tone::Good, ""),
                flow(Tone::Good, ""),
            ],
            progress: None,
            provisioning: "/entra/applications/1/provisioning".to_owned(),
            failures: Vec::new(),
            all_failures: String::new(),
            checks: Vec::new(),
            cycles: cycles(),
            no_cycles: Empty::new(
                "No cycle has run yet",
                "Enter the Admin Credentials, then start provisioning.",
                Link::new(
                    "Enter the Admin Credentials",
                    "/entra/applications/1/provisioning",
                ),
            ),
        };
        let empty = Self {
            verdict: "Nothing is provisioned yet. Five steps lead to the first cycle.".to_owned(),
            stages: stages([
                ("25", "people, 5 groups"),
                ("0", "people in scope"),
                ("0", "requests"),
                ("0", "members"),
            ]),
            flows: [
                flow(Tone::Quiet, "none assigned"),
                flow(Tone::Quiet, "off"),
                flow(Tone::Quiet, ""),
            ],
            checks: checks(),
            cycles: Vec::new(),
            ..well.clone()
        };
        let mut broken = Self {
            verdict: "3 objects fail. The agent tries them again with the next cycle.".to_owned(),
            flows: [
                flow(Tone::Good, "14 skipped"),
                flow(Tone::Info, "running"),
                flow(Tone::Bad, "3 failing"),
            ],
            progress: Some(Progress::sample()),
            failures: failures(),
            all_failures: "/entra/applications/1/provisioning-logs?status=failure".to_owned(),
            cycles: vec![
                cycle("Incremental", "Running", ["0", "3", "0", "1", "12"]),
                cycle("Incremental", "With failures", ["0", "3", "0", "3", "12"]),
                cycle("Incremental", "Failed", ["0", "0", "0", "0", "1"]),
                cycle("Initial", "Restarted", ["12,480", "0", "0", "0", "37,440"]),
            ],
            ..well.clone()
        };
        broken.stages[2].unit = "requests in the last cycle, 3 failures".to_owned();
        broken.stages[2].tone = Tone::Bad;
        vec![("well", well), ("empty", empty), ("broken", broken)]
    }
}

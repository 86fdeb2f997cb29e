//! The overview: the loop as one picture, what runs, what failed, what to do first.

use askama::Template;

use super::Page;
use super::entra::provisioning::Progress;
use super::parts::{Link, Moment, Tone};

/// A box of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `Directory`, `Scope and mappings`, `Wire`, `Team`.
    pub name: &'static str,
    /// Page behind it.
    pub href: String,
    /// The large figure.
    pub figure: String,
    /// What the figure counts (`people, 9 groups`).
    pub unit: String,
    /// [`Tone::Bad`] where something fails.
    pub tone: Tone,
}

/// An arrow between two boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Good, busy ([`Tone::Info`]), broken, or at rest.
    pub tone: Tone,
    /// Two words below the arrow (`7 skipped`); empty when all passes.
    pub label: String,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Who or what, linked to the log entry.
    pub object: Link,
    /// Why, one sentence.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// A line of the first-run checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What to do, linked to where it is done.
    pub what: Link,
    /// One sentence why.
    pub why: String,
    /// Whether it is done.
    pub done: bool,
}

/// The overview.
#[derive(Debug, Clone, Template)]
#[template(path = "overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// One sentence: is it well?
    pub verdict: String,
    /// Colour of the verdict.
    pub tone: Tone,
    /// The four boxes, left to right.
    pub stages: [Stage; 4],
    /// The three arrows between them.
    pub flows: [Flow; 3],
    /// The running cycle.
    pub progress: Option<Progress>,
    /// Address of the provisioning page; empty before there is an application.
    pub provisioning: String,
    /// Last failures, newest first, at most five.
    pub failures: Vec<Failure>,
    /// Address of the log filtered to failures.
    pub all_failures: String,
    /// The checklist; empty once everything is done and there was a cycle.
    pub checks: Vec<Check>,
}

impl OverviewPage {
    /// Boxes with the arrow that leaves them, for the template.
    pub fn loop_parts(&self) -> impl Iterator<Item = (&Stage, Option<&Flow>)> {
        self.stages
            .iter()
            .zip(self.flows.iter().map(Some).chain([None]))
    }

    /// How many lines of the checklist are done.
    pub fn done(&self) -> usize {
        self.checks.iter().filter(|check| check.done).count()
    }
}

#[cfg(test)]
impl OverviewPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{long_name, moment, viewer};
        let page = || Page::new(super::Room::Overview, "Overview", &viewer());
        let stage = |name, href: &str, figure: &str, unit: &str, tone| Stage {
            name,
            href: href.to_owned(),
            figure: figure.to_owned(),
            unit: unit.to_owned(),
            tone,
        };
        let flow = |tone, label: &str| Flow {
            tone,
            label: label.to_owned(),
        };
        let check = |text: &str, href: &str, why: &str, done| Check {
            what: Link::new(text, href),
            why: why.to_owned(),
            done,
        };
        let checks = |n: usize| {
            [
                check(
                    "Turn on SCIM provisioning",
                    "/team/authentication",
                    "The team answers SCIM requests.",
                    n > 0,
                ),
                check(
                    "Generate a SCIM API key",
                    "/team/authentication",
                    "The agent signs in with it. It is shown once.",
                    n > 1,
                ),
                check(
                    "Enter the Admin Credentials",
                    "/entra/applications/1/provisioning",
                    "Tenant URL and Secret Token, then Test Connection.",
                    n > 2,
                ),
                check(
                    "Assign users and groups",
                    "/entra/applications/1/users-and-groups",
                    "Only assigned people are provisioned.",
                    n > 3,
                ),
                check(
                    "Start provisioning",
                    "/entra/applications/1/provisioning",
                    "The initial cycle creates everybody in scope.",
                    n > 4,
                ),
            ]
            .to_vec()
        };
        let well = Self {
            page: page(),
            verdict: "Directory and team agree. The next incremental cycle starts in 12 min."
                .to_owned(),
            tone: Tone::Good,
            stages: [
                stage(
                    "Directory",
                    "/entra/users",
                    "412",
                    "people, 9 groups",
                    Tone::Quiet,
                ),
                stage(
                    "Scope and mappings",
                    "/entra/applications/1/users-and-groups",
                    "398",
                    "people in scope",
                    Tone::Quiet,
                ),
                stage(
                    "Wire",
                    "/entra/applications/1/provisioning-logs",
                    "1,206",
                    "requests, 0 errors",
                    Tone::Quiet,
                ),
                stage(
                    "Team",
                    "/team/members",
                    "398",
                    "members, 9 groups",
                    Tone::Quiet,
                ),
            ],
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
        };
        let empty = Self {
            verdict: "Nothing is provisioned yet. Five steps lead to the first cycle.".to_owned(),
            tone: Tone::Info,
            stages: [
                stage(
                    "Directory",
                    "/entra/users",
                    "25",
                    "people, 5 groups",
                    Tone::Quiet,
                ),
                stage(
                    "Scope and mappings",
                    "/entra/applications/1/users-and-groups",
                    "0",
                    "people in scope",
                    Tone::Quiet,
                ),
                stage(
                    "Wire",
                    "/entra/applications/1/provisioning-logs",
                    "0",
                    "requests",
                    Tone::Quiet,
                ),
                stage("Team", "/team/members", "0", "members", Tone::Quiet),
            ],
            flows: [
                flow(Tone::Quiet, "none assigned"),
                flow(Tone::Quiet, "off"),
                flow(Tone::Quiet, ""),
            ],
            checks: checks(1),
            ..well.clone()
        };
        let failures = [
            (
                "Zoë Müller",
                "The team answered 409 (uniqueness): another member has the userName zoe@contoso.com.",
            ),
            (
                "Bjørn Åse",
                "Skipped: mail is empty, and it is the matching attribute (ImportSkipped).",
            ),
            (
                "Platform",
                "We were unable to assign Sam Reyes as the members of Platform. (UnableToResolveReferenceAttributeValue)",
            ),
        ];
        let mut broken = Self {
            verdict: "3 objects fail. The agent tries them again with the next cycle.".to_owned(),
            tone: Tone::Bad,
            flows: [
                flow(Tone::Good, "14 skipped"),
                flow(Tone::Info, "running"),
                flow(Tone::Bad, "3 failing"),
            ],
            progress: Some(Progress::sample()),
            failures: failures
                .iter()
                .map(|(who, why)| Failure {
                    object: Link::new(*who, "/entra/applications/1/provisioning-logs/1"),
                    reason: (*why).to_owned(),
                    at: moment("3 min ago"),
                })
                .chain([Failure {
                    object: Link::new(long_name(), "/"),
                    reason: "The team did not answer within 30 s (Timeout).".to_owned(),
                    at: moment("5 min ago"),
                }])
                .collect(),
            all_failures: "/entra/applications/1/provisioning-logs?status=failure".to_owned(),
            ..well.clone()
        };
        broken.stages[2].unit = "requests, 4 errors".to_owned();
        broken.stages[2].tone = Tone::Bad;
        vec![("well", well), ("empty", empty), ("broken", broken)]
    }
}

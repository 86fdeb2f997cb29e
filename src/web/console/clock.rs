//! *Clock*: what the appliance takes for now, how to turn it, and the token of the control API.

use askama::Template;

use super::Page;
use super::entra::provisioning::Progress;
use super::parts::{Fact, Field, Notice, Pill};

/// What an advance shows while it is under way, and of the last one afterwards; fetched again by itself.
#[derive(Debug, Clone, Template)]
#[template(path = "clock_live.html")]
pub struct ClockLive {
    /// Address of this fragment while there is something to follow; empty otherwise.
    pub poll: String,
    /// *Real time*, *Simulated*, *Standing still*.
    pub state: Pill,
    /// What the clock shows, in words.
    pub shown: String,
    /// The real moment, and the difference to it.
    pub beside: Vec<String>,
    /// How far the advance is.
    pub progress: Option<Progress>,
    /// Address a form is posted to, to end it; empty when none is under way.
    pub halt: String,
    /// What came of the last advance.
    pub last: Option<Notice>,
}

/// A way to advance that needs no typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leap {
    /// As it is posted: `PT40M`.
    pub duration: &'static str,
    /// *40 minutes*.
    pub label: &'static str,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "clock.html")]
pub struct ClockPage {
    /// The frame.
    pub page: Page,
    /// The fragment, rendered.
    pub live: String,
    /// What was wrong with what was posted, when no field is to blame.
    pub error: Option<Notice>,
    /// Address *Advance* is posted to.
    pub advance: String,
    /// Leaps of one press.
    pub leaps: Vec<Leap>,
    /// A duration to type.
    pub duration: Field,
    /// Address *Set* is posted to.
    pub set: String,
    /// The moment and the speed.
    pub hands: Vec<Field>,
    /// Address *Stand still* or *Go on* is posted to, and which of them it is.
    pub freeze: String,
    /// Whether it stands still.
    pub frozen: bool,
    /// Address *Back to real time* is posted to; empty while it follows it.
    pub real: String,
    /// What is known of the operator token.
    pub token: Vec<Fact>,
    /// Address *Generate* is posted to.
    pub generate: String,
    /// Address *Revoke* is posted to; empty when there is no token.
    pub revoke: String,
    /// A command to try the control API with.
    pub example: String,
}

/// The one page that shows the operator token.
#[derive(Debug, Clone, Template)]
#[template(path = "clock_token.html")]
pub struct TokenPage {
    /// The frame.
    pub page: Page,
    /// The token.
    pub value: String,
    /// A command to try it with.
    pub example: String,
    /// Where *Done* leads.
    pub done: String,
}

#[cfg(test)]
impl ClockPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::Room;
        use super::parts::Tone;
        use super::samples::viewer;
        let live = |state: Pill, poll: &str, progress: Option<Progress>| {
            let fragment = ClockLive {
                poll: poll.to_owned(),
                state,
                shown: "2026-05-04 03:00:54 UTC".to_owned(),
                beside: vec![
                    "real time 2026-04-06 03:00:54 UTC".to_owned(),
                    "28 days ahead".to_owned(),
                ],
                halt: if progress.is_some() {
                    "/clock/halt".to_owned()
                } else {
                    String::new()
                },
                progress,
                last: Some(Notice::new(
                    Tone::Good,
                    "28 days went by.",
                    "1,008 cycles ran.",
                )),
            };
            fragment.render().unwrap()
        };
        let page = |live: String, real: &str, error: Option<Notice>| {
            Self {
            page: Page::new(Room::Clock, "Clock", &viewer()),
            live,
            error,
            advance: "/clock/advance".to_owned(),
            leaps: vec![
                Leap { duration: "PT40M", label: "40 minutes" },
                Leap { duration: "P28D", label: "28 days" },
            ],
            duration: Field::new("duration", "Duration").required().value("90 days"),
            set: "/clock".to_owned(),
            hands: vec![Field::new("now", "Moment (UTC)").value("2026-05-04T03:00")],
            freeze: "/clock/freeze".to_owned(),
            frozen: false,
            real: real.to_owned(),
            token: vec![Fact::code("Ends in", "x7Qa")],
            generate: "/clock/token".to_owned(),
            revoke: "/clock/token/revoke".to_owned(),
            example: "curl -H \"Authorization: Bearer $SCIMLAB_OPERATOR_TOKEN\" http://127.0.0.1:7644/lab/clock".to_owned(),
        }
        };
        let progress = Progress {
            phase: "Advancing to 2026-05-04 03:00:54 UTC".to_owned(),
            done: 7,
            total: 28,
            numbers: "at 2026-04-13 03:00:54 UTC, 252 cycles".to_owned(),
            rate: None,
            left: String::new(),
            last_error: String::new(),
        };
        vec![
            (
                "real",
                page(
                    live(Pill::new(Tone::Quiet, "Real time"), "", None),
                    "",
                    None,
                ),
            ),
            (
                "simulated",
                page(
                    live(
                        Pill::new(Tone::Warn, "Simulated"),
                        "/clock/live",
                        Some(progress),
                    ),
                    "/clock/real",
                    None,
                ),
            ),
            (
                "wrong",
                page(
                    live(Pill::new(Tone::Warn, "Standing still"), "", None),
                    "/clock/real",
                    Some(Notice::new(
                        Tone::Bad,
                        "The clock is being advanced.",
                        "Wait, or stop it.",
                    )),
                ),
            ),
        ]
    }
}

#[cfg(test)]
impl TokenPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::Room;
        use super::samples::viewer;
        vec![(
            "shown",
            Self {
                page: Page::new(Room::Clock, "Operator token", &viewer()).under("Clock", "/clock"),
                value: "b2a9f0c1d2e3f4".repeat(3),
                example: "curl http://127.0.0.1:7644/lab/clock".to_owned(),
                done: "/clock".to_owned(),
            },
        )]
    }
}

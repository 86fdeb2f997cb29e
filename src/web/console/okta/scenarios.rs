//! *Scenarios*: what can be played, and what came of it.

use askama::Template;

use super::super::Page;
use super::super::exchange::Exchange;
use super::super::parts::{Fact, Field, Link, Notice, Pill};
use super::system_log::EventRow;

/// A scenario in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioRow {
    /// What it is called, linked.
    pub title: Link,
    /// What happens.
    pub about: &'static str,
    /// How it went last; none when it was not played since the start.
    pub last: Option<Pill>,
}

/// The catalogue.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/scenarios.html")]
pub struct ScenariosPage {
    /// The frame.
    pub page: Page,
    /// Every scenario.
    pub rows: Vec<ScenarioRow>,
}

/// What was done, and what followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepShown {
    /// Who did it.
    pub by: &'static str,
    /// What.
    pub what: String,
    /// The events that it caused.
    pub events: Vec<EventRow>,
    /// `and 960 more events, with 2,000 requests in all`; empty when all are shown.
    pub more: String,
    /// The requests behind them, in order.
    pub exchanges: Vec<Exchange>,
}

/// How a scenario went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// Whether it went as it must.
    pub outcome: Pill,
    /// With which app, when, which names.
    pub facts: Vec<Fact>,
    /// Why it broke off; empty when it did not.
    pub failure: String,
    /// What must be so, and whether it is.
    pub checks: Vec<(String, Pill)>,
    /// What was done.
    pub steps: Vec<StepShown>,
}

/// One scenario.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/scenario.html")]
pub struct ScenarioPage {
    /// The frame; its title is that of the scenario.
    pub page: Page,
    /// What happens.
    pub about: &'static str,
    /// POST: plays it; empty when no app provisions.
    pub play: String,
    /// *Application*.
    pub app: Field,
    /// Said when no app provisions.
    pub missing: Option<Notice>,
    /// What came of it last.
    pub last: Option<Played>,
    /// The same with a script.
    pub curl: String,
}

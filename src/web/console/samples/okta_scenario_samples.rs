//! Samples of the pages of scenarios.

use super::super::exchange::{Code, Exchange};
use super::super::okta::scenarios::{Played, ScenarioPage, ScenarioRow, ScenariosPage, StepShown};
use super::super::okta::system_log::{EventRow, result_pill};
use super::super::parts::{Choice, Fact, Field, Link, Notice, Pill, Tone};
use super::super::{Page, Room};
use super::{USER_JSON, long_name, moment, viewer};

const ABOUT: &str = "A person is made and assigned to the app. Okta looks for the account by its user name, finds none, \
                     and makes it with one POST.";

impl ScenariosPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let row = |title: &str, last: Option<Pill>| ScenarioRow {
            title: Link::new(title, "/okta/scenarios/hire"),
            about: ABOUT,
            last,
        };
        let page = Self {
            page: Page::new(Room::OktaScenarios, "Scenarios", &viewer()),
            rows: vec![
                row(
                    "Somebody is hired",
                    Some(Pill::new(Tone::Good, "As expected")),
                ),
                row(
                    "Somebody leaves",
                    Some(Pill::new(Tone::Bad, "Not as expected")),
                ),
                row("Somebody comes back", None),
            ],
        };
        vec![("played", page)]
    }
}

impl ScenarioPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let event = |result: &str| EventRow {
            message: Link::new(
                "Push new user to external application",
                "/okta/system-log/1",
            ),
            kind: "application.provision.user.push".to_owned(),
            actor: "Okta System".to_owned(),
            targets: vec![long_name(), "Postman".to_owned()],
            result: result_pill(result),
            reason: "Conflict. Errors reported by remote server: A pending invite exists."
                .to_owned(),
            at: moment("3 min ago"),
        };
        let exchange = Exchange {
            method: "POST".to_owned(),
            path: "http://127.0.0.1:7644/scim/v2/Users".to_owned(),
            status: Exchange::status_pill(409, "Conflict"),
            duration: "4 ms".to_owned(),
            request_headers: String::new(),
            request: Code::json(USER_JSON),
            response_headers: String::new(),
            response: Code::json("<html>"),
            open: true,
        };
        let step = |by: &'static str, what: &str| StepShown {
            by,
            what: what.to_owned(),
            events: vec![event("SUCCESS"), event("FAILURE")],
            more: "Not shown here: 960 events and 2,000 requests, which stand in the System Log."
                .to_owned(),
            exchanges: vec![exchange.clone()],
        };
        let quiet = StepShown {
            events: Vec::new(),
            more: String::new(),
            exchanges: Vec::new(),
            ..step("Clock", "30 seconds go by on the clock of the appliance.")
        };
        let check = |what: &str, tone: Tone, word: &str| (what.to_owned(), Pill::new(tone, word));
        let played = Played {
            outcome: Pill::new(Tone::Bad, "Not as expected"),
            facts: vec![
                Fact::link("Application", long_name(), "/okta/applications/1"),
                Fact::code("In every name", "hh3x9k"),
            ],
            failure: "The target cannot be reached: connection refused.".to_owned(),
            checks: vec![
                check("One lookup and one POST", Tone::Good, "Yes"),
                check("Ann has an account", Tone::Bad, "No"),
            ],
            steps: vec![
                step("Okta", &format!("{} is assigned to the app.", long_name())),
                quiet,
            ],
        };
        let choices = vec![Choice::new("1", "Postman"), Choice::new("2", long_name())];
        let base = Self {
            page: Page::new(Room::OktaScenarios, "Somebody is hired", &viewer())
                .under("Scenarios", "/okta/scenarios"),
            about: ABOUT,
            play: "/okta/scenarios/hire".to_owned(),
            app: Field::new("app", "Application").choices(choices),
            missing: None,
            last: Some(played),
            curl: "curl -X POST http://127.0.0.1:7644/lab/scenarios/hire".to_owned(),
        };
        let never = Self {
            last: None,
            ..base.clone()
        };
        let missing = Self {
            missing: Some(Notice::new(
                Tone::Info,
                "No application provisions yet.",
                "Connect one first.",
            )),
            ..never.clone()
        };
        vec![("played", base), ("never", never), ("no-app", missing)]
    }
}

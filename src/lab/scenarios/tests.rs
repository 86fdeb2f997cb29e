//! Every scenario against a small target in this process, with an app of each kind.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::access::{Operator, OrgAdministrator};
use crate::clock::{Clock as _, FixedClock};
use crate::directory::okta::{apps, orgs, templates};
use crate::error::Error;
use crate::id::{Nonce, Seq};
use crate::lab::faults::{Fault, Faults};
use crate::model::okta::{AppAuthentication, ToApp};
use crate::secret::{Plain, Sealer};
use crate::store::Store;
use crate::store::okta::apps as rows;
use crate::sync::AgentContext;
use crate::sync::testing::{Fault as Answer, Target};

const START: Timestamp = Timestamp::from_millis(1_750_000_000_000);
const ORG: Seq = Seq(1);
const KEY: AppKey = AppKey {
    org: ORG,
    app: Seq(1),
};

/// What the target does for an armed fault, byte for byte.
fn answer(fault: Fault) -> Answer {
    let Fault::Answer {
        status,
        content_type,
        retry_after,
        body,
    } = fault
    else {
        return Answer::Stalled("");
    };
    let wait = retry_after.map_or_else(String::new, |wait| format!("Retry-After: {wait}\r\n"));
    let phrase = if status == 502 { "Bad Gateway" } else { "X" };
    Answer::Bytes(format!(
        "HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: {content_type}\r\n{wait}Content-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

struct Lab {
    target: Target,
    context: AgentContext,
    clock: Arc<FixedClock>,
    faults: Faults,
    operator: Operator,
}

impl Lab {
    /// An org with an app of a template, everything on.
    fn new(template: &str) -> Self {
        let target = Target::start();
        let clock = Arc::new(FixedClock::new(START));
        let sealer = Sealer::new(&[7; 32]);
        let mut context = AgentContext::new(Store::in_memory().unwrap(), clock.clone(), sealer);
        context.settings.okta_timeout = Duration::from_secs(2);
        let lab = Self {
            target,
            context,
            clock,
            faults: Faults::default(),
            operator: Operator::of_this_process(),
        };
        let (operator, template) = (lab.operator.clone(), templates::find(template).unwrap());
        let token = lab.context.sealer.seal(&Plain::new("secret-token"));
        let base_url = lab.target.url.clone();
        lab.context
            .store
            .write(move |tx| -> Result<()> {
                orgs::create(tx, &operator, "Example", "example", START)?;
                let administrator = OrgAdministrator::of(&operator, ORG);
                let mut app = apps::create(tx, &administrator, template, "App", START)?;
                app.to_app = ToApp {
                    create_users: true,
                    update_attributes: true,
                    deactivate_users: true,
                    exclude_username_updates: false,
                    sync_password: PasswordSync::Okta,
                };
                app.rename_app_groups = true;
                app.provisioning.enabled = true;
                app.provisioning.base_url = base_url;
                app.provisioning.authentication = Some(AppAuthentication::Bearer { token });
                Ok(rows::put(tx, ORG, &app)?)
            })
            .unwrap();
        let faults = lab.faults.clone();
        lab.target.chaos(move |method, path| {
            let armed = faults.at(path).map(answer);
            // The account that is hidden is there all the same.
            let hidden = method == "POST"
                && matches!(faults.at("hhhhhh"), Some(Fault::Answer { status: 200, .. }));
            let conflict = r#"{"detail":"User already exists in the database.","status":"409"}"#;
            armed.or_else(|| {
                hidden.then_some(Answer::Answer(409, "application/scim+json", conflict))
            })
        });
        lab
    }

    fn play(&self, name: &str, nonce: u8, bundled: Option<Bundled>) -> Result<Run> {
        let pass = |until: Timestamp| {
            self.clock.advance(until.since(self.clock.now()));
            Ok(())
        };
        let cast = Cast {
            context: &self.context,
            operator: &self.operator,
            key: KEY,
            bundled,
            pass: &pass,
            nonce: Nonce([nonce; 16]),
        };
        run(find(name).unwrap(), cast)
    }

    /// As if the target were the bundled provider.
    fn bundled(&self) -> Bundled {
        Bundled {
            team: Seq(1),
            invites: false,
            faults: self.faults.clone(),
        }
    }

    fn configure(&self, change: impl FnOnce(&mut OktaApp)) {
        let mut app = apps::get(&self.context.store.read().unwrap(), KEY).unwrap();
        change(&mut app);
        let store = &self.context.store;
        store.write(move |tx| rows::put(tx, ORG, &app)).unwrap();
    }
}

fn as_expected(run: &Run) {
    let wrong: Vec<&Check> = run.checks.iter().filter(|check| !check.holds).collect();
    let steps: Vec<String> = run
        .steps
        .iter()
        .map(|step| {
            let told = step.events.iter().map(|told| {
                let sent = told
                    .exchanges
                    .iter()
                    .map(|x| format!("{} {} {:?} {:?}", x.method, x.url, x.status, x.request));
                let outcome = &told.event.outcome;
                format!(
                    "\n    {} {:?} {:?} {:#?}",
                    told.event.event_type,
                    outcome.result,
                    outcome.reason,
                    sent.collect::<Vec<_>>()
                )
            });
            format!("{}{}", step.what, told.collect::<String>())
        })
        .collect();
    let (name, app) = (run.scenario, &run.app);
    assert!(
        run.is_as_expected(),
        "{name} {app}: {:?} {wrong:#?}\n{}",
        run.failure,
        steps.join("\n")
    );
    assert!(!run.checks.is_empty(), "{name}: nothing is checked");
}

/// 10.4, each with an app of the catalogue and one of the wizard.
fn goes_as_expected(names: &[&str]) {
    for template in ["scim2headerauth", "aiw"] {
        let lab = Lab::new(template);
        for name in names {
            let run = lab.play(name, 7, Some(lab.bundled())).unwrap();
            as_expected(&run);
            assert_eq!(run.word, "hhhhhh");
            assert!(
                lab.faults.at("hhhhhh").is_none(),
                "{name} leaves nothing behind"
            );
        }
    }
}

#[test]
fn hire() {
    goes_as_expected(&["hire"]);
}

#[test]
fn existing_account() {
    goes_as_expected(&["existing-account"]);
}

#[test]
fn conflict() {
    goes_as_expected(&["conflict"]);
}

#[test]
fn rename() {
    goes_as_expected(&["rename"]);
}

#[test]
fn clear_attribute() {
    goes_as_expected(&["clear-attribute"]);
}

#[test]
fn unassign() {
    goes_as_expected(&["unassign"]);
}

#[test]
fn password() {
    goes_as_expected(&["password"]);
}

#[test]
fn leave() {
    goes_as_expected(&["leave"]);
}

#[test]
fn rehire() {
    goes_as_expected(&["rehire"]);
}

#[test]
fn rehire_through_group() {
    goes_as_expected(&["rehire-through-group"]);
}

#[test]
fn suspend() {
    goes_as_expected(&["suspend"]);
}

#[test]
fn push_group() {
    goes_as_expected(&["push-group"]);
}

#[test]
fn push_existing_group() {
    goes_as_expected(&["push-existing-group"]);
}

#[test]
fn member_not_assigned() {
    goes_as_expected(&["member-not-assigned"]);
}

#[test]
fn large_group() {
    goes_as_expected(&["large-group"]);
}

#[test]
fn too_many_requests() {
    goes_as_expected(&["too-many-requests"]);
}

#[test]
fn html_error() {
    goes_as_expected(&["html-error"]);
}

#[test]
fn new_token() {
    goes_as_expected(&["new-token"]);
}

#[test]
fn timeout() {
    goes_as_expected(&["timeout"]);
}

/// 10.4: a scenario makes what it needs, so it can be played again in the same org.
#[test]
fn a_scenario_can_be_played_again() {
    let lab = Lab::new("scim2headerauth");
    let words: Vec<String> = [7, 8]
        .into_iter()
        .map(|nonce| {
            let run = lab.play("push-group", nonce, None).unwrap();
            as_expected(&run);
            run.word
        })
        .collect();
    assert_eq!(words, ["hhhhhh", "iiiiii"]);
}

/// What was refused, in words.
fn refused(lab: &Lab, name: &str, bundled: Option<Bundled>) -> String {
    let before = lab.context.store.read().unwrap().number();
    let what = match lab.play(name, 7, bundled) {
        Err(Error::Conflict { detail, .. }) => detail,
        other => panic!("{name}: {other:?}"),
    };
    let after = lab.context.store.read().unwrap().number();
    assert_eq!(after, before, "{name}: nothing was begun");
    what
}

/// A target that is not ours cannot be told to misbehave: what it would have to do is said.
#[test]
fn scenarios_that_need_a_bad_target_say_what_a_foreign_one_would_have_to_do() {
    let lab = Lab::new("scim2headerauth");
    for (name, what) in [
        ("conflict", "409 to the POST"),
        ("too-many-requests", "429 to the first two lookups"),
        ("html-error", "with an HTML page"),
        ("timeout", "stay silent"),
        ("pending-invite", "invited by hand"),
    ] {
        let said = refused(&lab, name, None);
        assert!(
            said.contains("needs the bundled provider") && said.contains(what),
            "{said}"
        );
    }
    let said = refused(&lab, "pending-invite", Some(lab.bundled()));
    assert!(
        said.starts_with("Give the team the profile of Postman"),
        "{said}"
    );
}

#[test]
fn an_app_that_lacks_something_is_told_what_to_turn_on() {
    let lab = Lab::new("postman");
    let said = refused(&lab, "push-group", None);
    assert!(said.starts_with("App has no Push Groups."), "{said}");
    lab.configure(|app| app.to_app = ToApp::default());
    for (name, toggle) in [
        ("hire", "Turn Create Users on for App"),
        ("password", "Turn Create Users on for App"),
    ] {
        assert!(refused(&lab, name, None).starts_with(toggle), "{name}");
    }
    lab.configure(|app| app.to_app.create_users = true);
    for (name, toggle) in [
        ("rename", "Turn Update User Attributes on"),
        ("leave", "Turn Deactivate Users on"),
        ("password", "Turn Sync Password (Okta password) on"),
    ] {
        assert!(refused(&lab, name, None).starts_with(toggle), "{name}");
    }
    lab.configure(|app| app.provisioning.enabled = false);
    let said = refused(&lab, "hire", None);
    assert!(said.starts_with("App does not provision."), "{said}");
}

/// A target that is wrong is told from one that is right.
#[test]
fn what_is_not_as_it_must_be_is_said() {
    let lab = Lab::new("scim2headerauth");
    // It makes accounts that are not active.
    lab.target.chaos(|method, _| {
        let made = r#"{"id":"U1","userName":"other","active":false}"#;
        (method == "POST").then_some(Answer::Answer(201, "application/scim+json", made))
    });
    let run = lab.play("hire", 7, None).unwrap();
    assert!(!run.is_as_expected());
    let wrong = run.checks.iter().filter(|check| !check.holds);
    let wrong: Vec<&str> = wrong.map(|check| check.what.as_str()).collect();
    assert_eq!(wrong, ["The account is active", "It has her user name"]);
}

/// Steps hold what they caused, with the requests and answers.
#[test]
fn a_run_tells_who_did_what_and_what_was_sent() {
    let lab = Lab::new("scim2headerauth");
    let run = lab.play("existing-account", 7, None).unwrap();
    let steps: Vec<(Actor, &str)> = run.steps.iter().map(|s| (s.by, s.what.as_str())).collect();
    assert_eq!(
        steps,
        [
            (
                Actor::Target,
                "Somebody else makes an account for ann.hhhhhh@scenarios.example."
            ),
            (
                Actor::Administrator,
                "Ann Doe is added to the org as ann.hhhhhh@scenarios.example."
            ),
            (Actor::Administrator, "Ann is assigned to the app."),
            (Actor::Target, "What the target has now."),
        ]
    );
    assert_eq!(run.steps[0].asked[0].method, "POST");
    let assigned = &run.steps[2];
    assert_eq!(assigned.event_count, assigned.events.len());
    let sent = assigned.events.iter().flat_map(|told| &told.exchanges);
    let sent: Vec<(&str, Option<u16>)> = sent.map(|x| (x.method.as_str(), x.status)).collect();
    assert_eq!(
        sent,
        [("GET", Some(200)), ("GET", Some(200)), ("PUT", Some(200))]
    );
    assert_eq!(assigned.request_count, 3);
}

#[test]
fn names_are_the_catalogues_own_and_are_found() {
    let mut names: Vec<&str> = all().map(|scenario| scenario.name).collect();
    assert_eq!(names.len(), 20);
    for name in &names {
        assert_eq!(find(name).map(|found| found.name), Some(*name));
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 20);
    assert!(find("nothing").is_none());
}

#[test]
fn the_last_run_of_each_scenario_is_kept_and_one_is_played_at_a_time() {
    let runs = Runs::default();
    let run = |began: i64| Run {
        scenario: "hire",
        key: KEY,
        app: String::new(),
        word: String::new(),
        began: Timestamp::from_millis(began),
        steps: Vec::new(),
        checks: Vec::new(),
        failure: None,
    };
    let meanwhile = runs.play(|| {
        assert!(matches!(
            runs.play(|| Ok(run(1))),
            Err(Error::Conflict { .. })
        ));
        Ok(run(2))
    });
    assert_eq!(meanwhile.unwrap().began.millis(), 2);
    runs.play(|| Ok(run(3))).unwrap();
    assert_eq!(runs.of(ORG, "hire").unwrap().began.millis(), 3);
    assert!(runs.of(Seq(2), "hire").is_none());
}

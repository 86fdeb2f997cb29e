//! `/lab/scenarios`: every scenario against the bundled provider, through the agent of the appliance.

use serde_json::{Value, json};
use ureq::http::{Request, Response};

use super::{KEY, Okta};

const OPERATOR: &str = "token-of-the-operator";

/// An appliance with an org whose app provisions into a team of this profile.
fn lab(profile: &str, template: &str) -> (Okta, String) {
    let okta = Okta::start_with(&[
        ("SCIMLAB_OPERATOR_TOKEN", OPERATOR),
        ("SCIMLAB_SCIM_PROFILE", profile),
    ]);
    let app = okta.app(template);
    (okta, app)
}

impl Okta {
    fn lab(&self, method: &str, path: &str, token: &str, body: &str) -> Response<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/lab{path}", self.server.url))
            .header("Authorization", format!("Bearer {token}"));
        self.server.send(request, body.into()).unwrap()
    }

    fn play(&self, name: &str, body: &str) -> Response<Value> {
        self.lab("POST", &format!("/scenarios/{name}"), OPERATOR, body)
    }

    /// Plays a scenario that must go as expected.
    fn goes_well(&self, name: &str) -> Value {
        let answer = self.play(name, "");
        assert_eq!(answer.status(), 200, "{name}: {}", answer.body());
        let run = answer.into_body();
        assert_eq!(run["asExpected"], true, "{name}: {:#}", run["checks"]);
        run
    }
}

/// 10.4, with an app of the catalogue and one of the wizard. `timeout` takes a minute of real time and is left to the
/// tests of the library.
#[test]
fn every_scenario_goes_as_expected_with_the_bundled_provider() {
    for template in ["scim2headerauth", "aiw"] {
        let (okta, app) = lab("standard", template);
        let on = json!({ "status": "ENABLED" });
        let password = json!({ "status": "ENABLED", "seed": "OKTA", "change": "CHANGE" });
        let features = json!({
            "create": { "lifecycleCreate": on },
            "update": { "lifecycleDeactivate": on, "profile": on, "password": password },
        });
        let address = format!("/apps/{app}/features/USER_PROVISIONING");
        okta.call("PUT", &address, &features, 200);
        let catalogue = okta.lab("GET", "/scenarios", OPERATOR, "").into_body();
        let catalogue = catalogue["scenarios"].as_array().unwrap();
        assert_eq!(catalogue.len(), 20);
        for scenario in catalogue {
            assert_eq!(scenario["identityProvider"], "okta");
            assert!(!scenario["about"].as_str().unwrap().is_empty());
            let name = scenario["name"].as_str().unwrap();
            if !["timeout", "pending-invite"].contains(&name) {
                okta.goes_well(name);
            }
        }
        // Patience was asked for: 30 seconds, and 60, of which some went by in real time.
        let clock = okta.lab("GET", "/clock", OPERATOR, "").into_body();
        let ahead = clock["offsetSeconds"].as_i64().unwrap();
        assert!((60..=91).contains(&ahead), "{clock}");
    }
}

/// 6, *Pending-invite error*: the error, the task, the cure and the retry, with what was sent.
#[test]
fn the_pending_invite_of_postmans_page_is_a_scenario() {
    let (okta, _) = lab("postman", "postman");
    for name in ["hire", "conflict", "unassign", "leave", "rehire"] {
        okta.goes_well(name);
    }
    let run = okta.goes_well("pending-invite");
    let step = |what: &str| {
        let steps = run["steps"].as_array().unwrap();
        let found = steps.iter().find(|step| step["what"] == what);
        found.unwrap_or_else(|| panic!("{what}: {run:#}"))
    };
    let refused = step("Ann is assigned to the app.")["events"]
        .as_array()
        .unwrap();
    let failed = refused
        .iter()
        .find(|e| e["eventType"] == "application.provision.user.push");
    let failed = failed.unwrap();
    assert_eq!(failed["result"], "FAILURE");
    let reason = failed["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("Conflict. Errors reported by remote server:"),
        "{reason}"
    );
    assert_eq!(failed["exchanges"][0]["method"], "POST");
    assert_eq!(failed["exchanges"][0]["status"], 409);
    assert_eq!(
        failed["exchanges"][0]["request"]["name"]["givenName"],
        "Ann"
    );
    let cured = step("Retry Selected, for the task of Ann.")["events"]
        .as_array()
        .unwrap();
    let sent = cured
        .iter()
        .flat_map(|e| e["exchanges"].as_array().unwrap());
    let sent: Vec<(&str, u64)> = sent
        .map(|x| (x["method"].as_str().unwrap(), x["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(sent, [("GET", 200), ("POST", 201)]);
}

/// A team that takes people in without asking has no such error: it is said what to do.
#[test]
fn what_a_scenario_lacks_is_said_before_anything_is_done() {
    let (okta, app) = lab("standard", "postman");
    for (name, body, status, says) in [
        (
            "pending-invite",
            String::new(),
            409,
            "Give the team the profile of Postman",
        ),
        ("push-group", String::new(), 409, "Team has no Push Groups."),
        (
            "password",
            json!({ "app": app }).to_string(),
            409,
            "Turn Sync Password",
        ),
        (
            "hire",
            json!({ "app": "Nothing" }).to_string(),
            404,
            "App Nothing was not found",
        ),
        (
            "hire",
            json!({ "org": "nothing" }).to_string(),
            409,
            "No app provisions yet.",
        ),
        ("hire", "{".to_owned(), 400, "The body cannot be read"),
        (
            "hire",
            json!({ "wait": 1 }).to_string(),
            400,
            "unknown field `wait`",
        ),
        (
            "nothing",
            String::new(),
            404,
            "Scenario nothing was not found",
        ),
    ] {
        let answer = okta.play(name, &body);
        assert_eq!(answer.status(), status, "{name} {body}: {}", answer.body());
        let said = answer.body()["error"]["message"].as_str().unwrap();
        assert!(said.contains(says), "{name} {body}: {said}");
    }
    assert_eq!(okta.get("/users").as_array().unwrap().len(), 0);
    for body in [json!({ "app": "Team" }), json!({ "app": app })] {
        let run = okta.play("hire", &body.to_string()).into_body();
        assert_eq!(run["app"]["id"], app.as_str());
        assert_eq!(run["asExpected"], true);
    }
    let closed = okta.lab("POST", "/scenarios/hire", KEY, "");
    assert_eq!(closed.status(), 401);
    assert_eq!(
        okta.lab("GET", "/scenarios/hire", OPERATOR, "").status(),
        405
    );
}

/// Where nothing is said, the app is the first one that has what the scenario needs.
#[test]
fn the_app_is_the_first_that_suits() {
    let (okta, postman) = lab("standard", "postman");
    let test_app = okta.app("scim2headerauth");
    assert_eq!(okta.goes_well("hire")["app"]["id"], postman.as_str());
    let run = okta.goes_well("push-group");
    assert_eq!(run["app"]["id"], test_app.as_str());
}

//! Bad answers: each ends in a task with Okta's text, and the queue goes on (parts 1.3 to 1.12 of the Okta reference).

use std::net::TcpListener;
use std::time::Duration;

use super::super::super::testing::Fault;
use super::super::probe;
use super::*;

const SCIM: &str = "application/scim+json";

fn is_lookup(method: &str, path: &str) -> bool {
    method == "GET" && path.contains("filter=")
}

/// What the task says after `Automatic provisioning of user ann Doe to app App failed: `, and the events.
fn provisioning(lab: &Lab) -> (String, Vec<String>) {
    let before = lab.told().len();
    let ann = lab.person("ann");
    lab.assign(ann);
    lab.drain();
    let task = lab.task();
    let what = task.strip_prefix("Automatic provisioning of user ann Doe to app App failed: ");
    let what = what.unwrap_or_else(|| panic!("{task}")).to_owned();
    // The next one is not held up.
    lab.target.calm();
    lab.assign(lab.person("bob"));
    lab.drain();
    assert_eq!(lab.waiting(), []);
    let told = lab.told();
    let told = told[before..told.len() - 3].to_vec();
    (what, told)
}

/// 1.12, *lookup fails*: nothing is posted.
#[test]
fn a_lookup_that_fails_is_a_task() {
    const VERIFY: &str = "Error while verifying if user ann@x.test exists: ";
    const CREDENTIALS: &str =
        "The credentials used to connect to the API were invalid; please check your configuration";
    for (fault, text, of_connection) in [
        (
            Fault::Answer(403, SCIM, r#"{"detail":"no"}"#),
            "Forbidden. Errors reported by remote server: no",
            Some("authentication_failure"),
        ),
        (
            Fault::Answer(500, SCIM, r#"{"detail":"oh"}"#),
            "Internal Server Error. Errors reported by remote server: oh",
            None,
        ),
        (
            Fault::Answer(502, "text/html", "error code: 502"),
            "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token 'error': was expecting ('true', 'false' or 'null') at [Source: java.io.StringReader@",
            None,
        ),
        (
            Fault::Answer(200, "text/html", "<html>"),
            "OK. Errors reported by remote server: Invalid JSON: Unexpected character ('<' (code 60)): expected a valid value",
            Some("api_query"),
        ),
        (Fault::Answer(302, "text/html", ""), "Found.", None),
        (
            Fault::Answer(404, "text/html", "<h1>"),
            "Not Found. Errors reported by remote server: Invalid JSON",
            None,
        ),
        (
            Fault::Answer(200, SCIM, ""),
            "The list of resources is empty text.",
            Some("api_query"),
        ),
        (
            Fault::Answer(200, SCIM, r#"{"id":"1","userName":"ann@x.test"}"#),
            "The answer is no list of resources: it has no totalResults.",
            Some("api_query"),
        ),
        (
            Fault::Answer(
                200,
                SCIM,
                r#"{"totalResults":"1","Resources":[{"id":"1"}]}"#,
            ),
            r#"totalResults must be a whole number, and is "1"."#,
            Some("api_query"),
        ),
        (
            Fault::Answer(
                200,
                SCIM,
                r#"{"totalResults":1,"startIndex":"1","Resources":[{"id":"1"}]}"#,
            ),
            r#"startIndex must be a whole number, and is "1"."#,
            Some("api_query"),
        ),
        (Fault::Closed, "The ", Some("general_failure")),
        (Fault::Truncated, "The ", Some("general_failure")),
        (
            Fault::Bytes("hello\r\n\r\n".to_owned()),
            "The ",
            Some("general_failure"),
        ),
    ] {
        let lab = Lab::oin();
        lab.target
            .chaos(move |method, path| is_lookup(method, path).then(|| fault.clone()));
        lab.target.seen();
        let (what, told) = provisioning(&lab);
        assert!(what.starts_with(&format!("{VERIFY}{text}")), "{what}");
        assert_eq!(lab.target.all("Users").len(), 1, "only bob's: {what}");
        let mut expected = vec!["user.verify_exists FAILURE".to_owned()];
        expected.extend(of_connection.map(|kind| format!("integration.{kind} FAILURE")));
        expected.push("user.sync FAILURE".to_owned());
        assert_eq!(told, expected);
    }
    // 1.12, *bad credentials*.
    let lab = Lab::oin();
    lab.target
        .chaos(|_, _| Some(Fault::Answer(401, SCIM, r#"{"detail":"key"}"#)));
    let (what, told) = provisioning(&lab);
    assert_eq!(what, CREDENTIALS);
    assert_eq!(
        told,
        [
            "user.verify_exists FAILURE",
            "integration.authentication_failure FAILURE",
            "user.sync FAILURE"
        ]
    );
    let reason = lab.events()[0].outcome.reason.clone().unwrap();
    assert_eq!(
        reason,
        "Unauthorized. Errors reported by remote server: key"
    );
}

/// 1.4 and 1.12: a conflict stops the job without a second look; an empty answer has its own sentence.
#[test]
fn a_post_that_fails_is_a_task() {
    for (fault, text, of_connection) in [
        (
            Fault::Answer(
                409,
                SCIM,
                r#"{"detail":"User already exists in the database.","status":409}"#,
            ),
            "Conflict. Errors reported by remote server: User already exists in the database.",
            None,
        ),
        (
            Fault::Answer(400, SCIM, r#"{"detail":"bad"}"#),
            "Bad Request. Errors reported by remote server: bad",
            None,
        ),
        (
            Fault::Answer(201, SCIM, ""),
            "Create new user returned empty user.",
            Some("api_query"),
        ),
        (
            Fault::Answer(201, SCIM, r#"{"userName":"ann@x.test"}"#),
            "The answer has no id.",
            Some("api_query"),
        ),
        (Fault::Closed, "The ", Some("general_failure")),
    ] {
        let lab = Lab::oin();
        lab.target
            .chaos(move |method, _| (method == "POST").then(|| fault.clone()));
        let (what, told) = provisioning(&lab);
        let expected = format!("Error while creating user ann Doe: {text}");
        assert!(what.starts_with(&expected), "{what}");
        let mut expected = vec!["user.verify_exists SUCCESS".to_owned()];
        expected.push("user.push FAILURE".to_owned());
        expected.extend(of_connection.map(|kind| format!("integration.{kind} FAILURE")));
        expected.push("user.sync FAILURE".to_owned());
        assert_eq!(told, expected);
        let events = lab.events();
        let push = events
            .iter()
            .find(|e| e.event_type.ends_with("user.push"))
            .unwrap();
        assert!(push.outcome.reason.as_ref().unwrap().starts_with(text));
        assert!(push.sent);
    }
}

/// 1.6: bad answers to the GET and to the PUT. A list instead of a resource is merged into and put back.
#[test]
fn an_update_that_fails_is_a_task() {
    let list = r#"{"totalResults":1,"Resources":[{"id":"U1"}]}"#;
    for (on, fault, text) in [
        (
            "GET",
            Fault::Answer(500, SCIM, ""),
            "Internal Server Error.",
        ),
        ("GET", Fault::Answer(200, SCIM, ""), "The answer is empty."),
        (
            "GET",
            Fault::Answer(200, SCIM, "[]"),
            "The answer is no resource.",
        ),
        (
            "GET",
            Fault::Answer(200, "text/html", "<html>"),
            "OK. Errors reported by remote server: Invalid JSON",
        ),
        (
            "PUT",
            Fault::Answer(400, SCIM, r#"{"detail":"bad"}"#),
            "Bad Request. Errors reported by remote server: bad",
        ),
        (
            "PUT",
            Fault::Answer(200, "text/html", "ok"),
            "OK. Errors reported by remote server: Invalid JSON: Unrecognized token 'ok'",
        ),
        ("PUT", Fault::Closed, "The "),
    ] {
        let lab = Lab::aiw();
        let (ann, _) = lab.provisioned("ann");
        lab.target
            .chaos(move |method, _| (method == on).then(|| fault.clone()));
        lab.change(ann, "firstName", "Anne");
        lab.drain();
        let task = lab.task();
        let expected = format!(
            "Automatic profile push of user Anne Doe to app App failed: Error while trying to push profile update for ann@x.test: {text}"
        );
        assert!(task.starts_with(&expected), "{task}");
        // What was not told is told by the retry.
        lab.target.calm();
        lab.retry();
        lab.drain();
        assert_eq!(lab.target.all("Users")[0]["name"]["givenName"], "Anne");
        assert_eq!(lab.tasks(), []);
    }
    let lab = Lab::aiw();
    let (ann, _) = lab.provisioned("ann");
    lab.target
        .chaos(move |method, _| (method == "GET").then_some(Fault::Answer(200, SCIM, list)));
    lab.change(ann, "firstName", "Anne");
    lab.target.got();
    lab.drain();
    let put = lab.target.got().pop().unwrap().body;
    assert_eq!(
        (&put["totalResults"], &put["name"]["givenName"]),
        (&json!(1), &json!("Anne"))
    );
}

/// 1.7: bad answers to a deactivation.
#[test]
fn a_deactivation_that_fails_is_a_task() {
    for (lab, on, fault, text, of_connection) in [
        (
            Lab::oin(),
            "PATCH",
            Fault::Answer(404, SCIM, r#"{"detail":"gone"}"#),
            "Not Found. Errors reported by remote server: gone",
            None,
        ),
        (
            Lab::aiw(),
            "GET",
            Fault::Answer(404, SCIM, r#"{"detail":"gone"}"#),
            "Not Found. Errors reported by remote server: gone",
            None,
        ),
        (
            Lab::aiw(),
            "PUT",
            Fault::Answer(500, SCIM, ""),
            "Internal Server Error.",
            None,
        ),
        (
            Lab::oin(),
            "PATCH",
            Fault::Closed,
            "The ",
            Some("general_failure"),
        ),
    ] {
        let (ann, _) = lab.provisioned("ann");
        lab.target
            .chaos(move |method, _| (method == on).then(|| fault.clone()));
        lab.unassign(ann);
        lab.drain();
        let task = lab.task();
        let expected = format!(
            "Automatic deprovisioning of user ann Doe from app App failed: Error while deactivating user ann@x.test: {text}"
        );
        assert!(task.starts_with(&expected), "{task}");
        let mut expected = vec!["user.deactivate FAILURE".to_owned()];
        expected.extend(of_connection.map(|kind| format!("integration.{kind} FAILURE")));
        expected.push("user.deprovision FAILURE".to_owned());
        assert_eq!(lab.told()[3..], expected);
        lab.target.calm();
        lab.retry();
        lab.drain();
        assert_eq!((lab.tasks(), lab.waiting()), (vec![], vec![]));
        assert_eq!(lab.target.all("Users")[0]["active"], false);
    }
}

/// 1.9 and 2.11: a password that the target refuses is a task, and its event names the issue.
#[test]
fn a_password_that_cannot_be_pushed_is_a_task() {
    for (lab, on) in [(Lab::oin(), "PATCH"), (Lab::aiw(), "PUT")] {
        lab.configure(|app| app.to_app.sync_password = crate::model::okta::PasswordSync::Okta);
        let (ann, _) = lab.provisioned("ann");
        lab.target.chaos(move |method, _| {
            (method == on).then_some(Fault::Answer(400, SCIM, r#"{"detail":"too weak"}"#))
        });
        let sealed = lab.context.sealer.seal(&Plain::new("N3w-secret"));
        lab.write(move |tx| {
            Ok(users::set_password(
                tx,
                &administrator(),
                ann,
                &sealed,
                now(),
            )?)
        });
        lab.drain();
        let task = lab.task();
        let reason = "Bad Request. Errors reported by remote server: too weak";
        assert!(task.ends_with(reason) && !task.contains("N3w"), "{task}");
        assert_eq!(lab.told().last().unwrap(), "user.password FAILURE");
        lab.target.calm();
        lab.retry();
        lab.drain();
        assert_eq!(lab.target.all("Users")[0]["password"], "N3w-secret");
        assert_eq!(lab.tasks(), []);
    }
}

/// 1.1: the timeout, here a short one; and nobody at home.
#[test]
fn a_target_that_is_silent_or_absent_is_a_task() {
    let mut lab = Lab::oin();
    lab.context.settings.okta_timeout = Duration::from_millis(200);
    lab.target
        .chaos(|_, _| Some(Fault::Stalled("HTTP/1.1 200 OK\r\n")));
    let (what, _) = provisioning(&lab);
    assert!(what.contains("The target did not answer in time"), "{what}");

    let lab = Lab::oin();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    lab.connect(&format!("http://{closed}"), "secret-token");
    lab.assign(lab.person("ann"));
    lab.drain();
    assert!(
        lab.task().contains("exists: The target cannot be reached"),
        "{}",
        lab.task()
    );
}

/// Okta's reasons are cut at 255 characters (1.12); a task keeps more.
#[test]
fn a_long_detail_is_cut() {
    let lab = Lab::oin();
    lab.target.chaos(|method, _| {
        let page = concat!(r#"{"detail":""#, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", r#""}"#);
        (method == "POST").then_some(Fault::Answer(400, SCIM, page))
    });
    lab.assign(lab.person("ann"));
    lab.drain();
    assert!(lab.task().chars().count() > 300);
    for event in lab.events() {
        let reason = event.outcome.reason.unwrap_or_default();
        assert!(reason.chars().count() <= 255);
    }
}

/// 1.3: the texts of the test of the credentials.
#[test]
fn a_test_of_the_credentials_says_what_is_wrong() {
    let lab = Lab::aiw();
    let probed = probe(&lab.context, lab.key, lab.app());
    assert_eq!(
        probed.result.as_deref(),
        Ok("Connector configured successfully")
    );
    assert!(probed.capabilities.contains(&("Create Users", true)));
    assert_eq!(probed.exchanges.len(), 1);
    let catalogue = Lab::oin();
    let app = catalogue.app();
    let probed = probe(&catalogue.context, catalogue.key, app);
    assert_eq!(
        probed.result.as_deref(),
        Ok("App was verified successfully!")
    );
    assert_eq!(probed.capabilities, []);
    for (fault, text) in [
        (
            Fault::Answer(403, "text/html", "<html>"),
            "Forbidden. Errors reported by remote server: Invalid JSON: Unexpected character ('<' (code 60)): expected a valid value (number, String, array, object, 'true', 'false' or 'null') at [Source: java.io.StringReader@",
        ),
        (
            Fault::Answer(401, SCIM, r#"{"detail":"key"}"#),
            "Unauthorized. Errors reported by remote server: key",
        ),
        (
            Fault::Answer(200, SCIM, r#"{"totalResults":"0"}"#),
            "totalResults must be a whole number",
        ),
        (Fault::Answer(200, SCIM, ""), "The answer is empty."),
        (Fault::Closed, "The "),
    ] {
        lab.target.chaos(move |_, _| Some(fault.clone()));
        let failed = probe(&lab.context, lab.key, lab.app()).result.unwrap_err();
        assert!(
            failed.starts_with(&format!("Error authenticating: {text}")),
            "{failed}"
        );
    }
}

//! *`OAuth2` client credentials grant*: tokens are fetched, kept on the appliance's clock, fetched anew, and
//! nobody's secret gets into a log.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::id::Guid;
use crate::model::{CredentialLocation, CycleState, JobStatus, Scope};
use crate::secret::Plain;
use crate::sync::testing::{Asked, Given, Lab, Scripted};
use crate::sync::{ClientCredentials, Connection, Credentials, test_connection};

const VALIDATION: &str = "SystemForCrossDomainIdentityManagementCredentialValidation";

fn client(server: &Scripted, location: CredentialLocation) -> Credentials {
    Credentials::Client(ClientCredentials {
        token_endpoint: format!("{}/oauth/token", server.url),
        client_id: "agent:1".into(),
        client_secret: Plain::new("hidden&secret"),
        location,
    })
}

/// Gives the tokens `t1`, `t2`, …, each for an hour, and answers everybody else with nobody.
fn granting(refuses: impl Fn(&str) -> bool + Send + 'static) -> Scripted {
    let given = AtomicUsize::new(0);
    Scripted::start(move |asked| {
        if asked.path == "/oauth/token" {
            let number = given.fetch_add(1, Ordering::SeqCst) + 1;
            return Given::json(
                200,
                format!(
                    r#"{{"access_token":"t{number}","token_type":"Bearer","expires_in":3600}}"#
                ),
            );
        }
        if refuses(asked.header("authorization")) {
            return Given::json(401, "{}");
        }
        Given::nobody()
    })
}

fn brief(asked: &[Asked]) -> Vec<String> {
    asked
        .iter()
        .map(|a| {
            let path = a.path.split('?').next().unwrap_or_default();
            format!("{} {path} {}", a.method, a.header("authorization"))
        })
        .collect()
}

#[test]
fn a_token_is_fetched_with_basic_or_in_the_body() {
    let lab = Lab::new(Scope::All);
    // agent%3A1:hidden%26secret
    let basic = "Basic YWdlbnQlM0ExOmhpZGRlbiUyNnNlY3JldA==";
    let grant = "grant_type=client_credentials";
    for (location, header, body) in [
        (CredentialLocation::Header, basic, grant.to_owned()),
        (
            CredentialLocation::Body,
            "",
            format!("{grant}&client_id=agent%3A1&client_secret=hidden%26secret"),
        ),
    ] {
        let server = granting(|_| false);
        let connection = Connection::new(&server.url, client(&server, location)).unwrap();
        let rules = lab.job().rules;
        let exchanges = test_connection(&lab.context, connection, &rules, Guid::random()).unwrap();
        let asked = server.asked();
        assert_eq!(asked[0].header("authorization"), header);
        assert_eq!(
            asked[0].header("content-type"),
            "application/x-www-form-urlencoded"
        );
        assert_eq!(asked[0].body, body);
        assert_eq!(
            brief(&asked[1..]),
            ["GET /Users Bearer t1", "GET /Groups Bearer t1"]
        );
        assert_eq!(exchanges.len(), 3);
        let shown = format!("{exchanges:?}");
        assert!(
            !shown.contains("hidden") && !shown.contains("t1\""),
            "{shown}"
        );
        assert!(shown.contains(grant), "{shown}");
    }
}

#[test]
fn a_token_is_kept_until_it_expires_by_the_appliances_clock() {
    let lab = Lab::new(Scope::All);
    let server = granting(|_| false);
    lab.connect(&server.url, client(&server, CredentialLocation::Header));
    for (wait, requests) in [
        (0, vec!["POST /oauth/token", "Bearer t1", "Bearer t1"]),
        (40, vec!["Bearer t1", "Bearer t1"]),
        (20, vec!["POST /oauth/token", "Bearer t2", "Bearer t2"]),
        (59, vec!["Bearer t2", "Bearer t2"]),
    ] {
        lab.clock.advance(Duration::from_mins(wait));
        assert_eq!(lab.cycle().state, CycleState::Succeeded);
        let seen = brief(&server.asked());
        assert_eq!(seen.len(), requests.len(), "{seen:?}");
        for (seen, wanted) in seen.iter().zip(requests) {
            assert!(
                seen.starts_with(wanted) || seen.ends_with(wanted),
                "{seen} {wanted}"
            );
        }
    }
}

#[test]
fn a_refused_token_is_fetched_anew_once() {
    let lab = Lab::new(Scope::All);
    let server = granting(|authorization| authorization == "Bearer t1");
    lab.connect(&server.url, client(&server, CredentialLocation::Header));
    assert_eq!(lab.cycle().state, CycleState::Succeeded);
    let basic = "Basic YWdlbnQlM0ExOmhpZGRlbiUyNnNlY3JldA==";
    assert_eq!(
        brief(&server.asked()),
        [
            format!("POST /oauth/token {basic}"),
            "GET /Users Bearer t1".into(),
            format!("POST /oauth/token {basic}"),
            "GET /Users Bearer t2".into(),
            "GET /Groups Bearer t2".into(),
        ]
    );

    let server = granting(|_| true);
    lab.connect(&server.url, client(&server, CredentialLocation::Header));
    assert_eq!(lab.cycle().state, CycleState::Failed);
    assert_eq!(brief(&server.asked()).len(), 4);
    let quarantine = lab.job().quarantine.unwrap();
    assert_eq!(quarantine.error.error_code, format!("{VALIDATION}Failure"));
}

#[test]
fn another_secret_is_another_token() {
    let lab = Lab::new(Scope::All);
    let server = granting(|_| false);
    for (secret, token) in [
        ("one", "Bearer t1"),
        ("two", "Bearer t2"),
        ("one", "Bearer t1"),
    ] {
        let mut credentials = client(&server, CredentialLocation::Body);
        if let Credentials::Client(client) = &mut credentials {
            client.client_secret = Plain::new(secret);
        }
        lab.connect(&server.url, credentials);
        lab.cycle();
        assert!(
            brief(&server.asked()).last().unwrap().ends_with(token),
            "{secret}"
        );
    }
}

#[test]
fn what_a_token_endpoint_answers_has_its_own_sentence() {
    let lab = Lab::new(Scope::All);
    let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(9));
    for (status, body, code, sentence) in [
        (
            401,
            r#"{"error":"invalid_client"}"#,
            "Failure",
            "refused the client: invalid_client. Check the Client Identifier",
        ),
        (
            400,
            r#"{"error":"unauthorized_client","error_description":"not you"}"#,
            "Failure",
            "refused the client: unauthorized_client (not you).",
        ),
        (403, &long, "Failure", "refused the client: xxxxxxxxx."),
        (
            500,
            "<html>",
            "Unavailable",
            "refused the client: status 500.",
        ),
        (302, "", "Unavailable", "refused the client: status 302."),
        (
            200,
            "<html>",
            "Unavailable",
            "did not answer with an access token: ",
        ),
        (
            200,
            r#"{"token":"t"}"#,
            "Unavailable",
            "did not answer with an access token: ",
        ),
        (
            200,
            r#"{"access_token":""}"#,
            "Unavailable",
            "an access token that cannot be sent.",
        ),
        (
            200,
            r#"{"access_token":"a\nb"}"#,
            "Unavailable",
            "an access token that cannot be sent.",
        ),
    ] {
        let body = body.to_owned();
        let server = Scripted::start(move |_| Given::json(status, body.clone()));
        let credentials = client(&server, CredentialLocation::Header);
        let connection = Connection::new(&server.url, credentials).unwrap();
        let rules = lab.job().rules;
        let failure =
            test_connection(&lab.context, connection, &rules, Guid::random()).unwrap_err();
        assert_eq!(failure.code, format!("{VALIDATION}{code}"), "{failure}");
        assert!(failure.message.contains(sentence), "{failure}");
        assert!(failure.message.contains(&server.url), "{failure}");
        assert_eq!(failure.exchanges.len(), 1);
        assert_eq!(server.asked().len(), 1, "nothing is sent without a token");
    }
    let gone = Credentials::Client(ClientCredentials {
        token_endpoint: "http://127.0.0.1:1/token".into(),
        client_id: "a".into(),
        client_secret: Plain::new("b"),
        location: CredentialLocation::Header,
    });
    lab.connect(&lab.target.url.clone(), gone);
    assert_eq!(lab.cycle().state, CycleState::Failed);
    let job = lab.job();
    assert_eq!(job.status, JobStatus::Quarantine);
    let reason = job.quarantine.unwrap().error.reason;
    assert!(
        reason.contains("http://127.0.0.1:1/token gave no access token"),
        "{reason}"
    );
}

#[test]
fn a_job_with_the_old_secret_token_goes_on() {
    let lab = Lab::new(Scope::All);
    let mut row = serde_json::to_value(lab.job()).unwrap();
    let members = row.as_object_mut().unwrap();
    let authentication = members.remove("authentication").unwrap();
    members.insert("secret_token".into(), authentication["token"].clone());
    let old: crate::model::Job = serde_json::from_value(row).unwrap();
    assert_eq!(old.authentication, lab.job().authentication);
    lab.configure(move |job| job.authentication = old.authentication);
    lab.user("ann", None);
    assert_eq!(lab.cycle().counts.created, 1);
}

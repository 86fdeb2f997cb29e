//! `X-Request-Id`: on every answer, and in the log.

use ureq::http::Request;

use crate::server::{KEY, Server};
use crate::team::{Team, header};

fn id_of(team: &Team, method: &str, path: &str, own: Option<&str>) -> String {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}/scim/v2{path}", team.server.url))
        .header("Authorization", format!("Bearer {KEY}"));
    if let Some(own) = own {
        request = request.header("X-Request-Id", own);
    }
    let answer = team.server.send(request, Vec::new()).unwrap();
    let id = header(&answer, "x-request-id");
    id.unwrap_or_else(|| panic!("{method} {path}")).to_owned()
}

#[test]
fn every_answer_has_an_id_and_no_two_the_same() {
    let team = Team::new();
    let mut ids = Vec::new();
    for (method, path) in [
        ("GET", "/Users"),
        ("GET", "/Users"),
        ("GET", "/Users/0000"),
        ("GET", "/nowhere"),
        ("DELETE", "/Users"),
        ("POST", "/Users"),
        ("GET", "/Users?filter=%ZZ"),
        ("GET", "/ServiceProviderConfig"),
    ] {
        ids.push(id_of(&team, method, path, None));
    }
    let stranger = Request::get(format!("{}/scim/v2/Users", team.server.url));
    let answer = team.server.send(stranger, Vec::new()).unwrap();
    assert_eq!(answer.status(), 401);
    ids.push(header(&answer, "x-request-id").unwrap().to_owned());
    assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
    let answers = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), answers, "{ids:?}");
}

#[test]
fn a_clients_own_id_comes_back_when_it_is_usable() {
    let team = Team::new();
    for own in ["7", "4bf92f35/77b3:4da6", &"x".repeat(64)] {
        assert_eq!(id_of(&team, "GET", "/Users", Some(own)), own);
    }
    for odd in ["a b", &"x".repeat(65), "caf\u{e9}"] {
        assert_ne!(id_of(&team, "GET", "/Users", Some(odd)), odd);
    }
}

#[test]
fn the_log_has_the_id_too() {
    let root = tempfile::TempDir::new().unwrap();
    let server = Server::start_with(
        root.path(),
        &[
            ("SCIMLAB_SCIM_KEY", KEY),
            ("SCIMLAB_LOG", "scimlab::web=debug"),
        ],
    );
    let request = Request::get(format!("{}/scim/v2/Users?filter=x", server.url))
        .header("Authorization", format!("Bearer {KEY}"))
        .header("X-Request-Id", "trace-7");
    server.send(request, Vec::new()).unwrap();
    server.kill();
    let log = std::fs::read_to_string(root.path().join("log")).unwrap();
    let line = log.lines().find(|line| line.contains("/scim/v2/Users"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("trace-7"), "{line}");
    assert!(!log.contains("filter") && !log.contains(KEY), "{log}");
}

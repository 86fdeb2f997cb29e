//! Requests a minute.

use crate::server::{KEY, Server};
use crate::team::{Team, header, refused};

#[test]
fn misc_12_the_181st_write_hears_when_to_come_back_and_reads_still_pass() {
    let root = tempfile::TempDir::new().unwrap();
    let server = Server::start_with(
        root.path(),
        &[
            ("SCIMLAB_SCIM_KEY", KEY),
            ("SCIMLAB_SCIM_PROFILE", "postman"),
        ],
    );
    let write = || server.call("DELETE", "/Users/nobody", &serde_json::Value::Null);
    for n in 1..=180 {
        let answer = write();
        assert_eq!(answer.status(), 404, "MISC-12: write {n}");
        assert_eq!(header(&answer, "x-ratelimit-limit"), Some("180"));
        let left = (180 - n).to_string();
        assert_eq!(header(&answer, "x-ratelimit-remaining"), Some(&*left));
    }
    let answer = write();
    refused("MISC-12, point 11", &answer, 429, "");
    let wait: u64 = header(&answer, "retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "MISC-12, point 11: {wait}");
    assert_eq!(header(&answer, "x-ratelimit-remaining"), Some("0"));
    assert!(header(&answer, "x-ratelimit-reset").is_some());
    assert!(header(&answer, "x-request-id").is_some());
    let read = || server.call("GET", "/Users?count=0", &serde_json::Value::Null);
    for n in 1..=300 {
        let answer = read();
        assert_eq!(answer.status(), 200, "MISC-12: read {n}");
        assert_eq!(header(&answer, "x-ratelimit-limit"), Some("300"));
        let left = (300 - n).to_string();
        assert_eq!(header(&answer, "x-ratelimit-remaining"), Some(&*left));
    }
    let answer = read();
    refused("point 11, read 301", &answer, 429, "");
    let wait: u64 = header(&answer, "retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "point 11: {wait}");
}

/// Clients wait in real time, so it is real time that counts: a clock that stands still keeps nobody out for ever,
/// and one that is advanced lets nobody in.
#[test]
fn misc_12_the_limit_does_not_follow_the_turned_clock() {
    let root = tempfile::TempDir::new().unwrap();
    let server = Server::start_with(
        root.path(),
        &[
            ("SCIMLAB_SCIM_KEY", KEY),
            ("SCIMLAB_SCIM_PROFILE", "postman"),
            ("SCIMLAB_OPERATOR_TOKEN", "operator"),
        ],
    );
    let write = || server.call("DELETE", "/Users/nobody", &serde_json::Value::Null);
    for n in 1..=180 {
        assert_eq!(write().status(), 404, "write {n}");
    }
    assert_eq!(write().status(), 429);
    let request = ureq::http::Request::post(format!("{}/lab/clock", server.url))
        .header("Authorization", "Bearer operator");
    let asked = br#"{"advance":"PT2M"}"#.to_vec();
    assert_eq!(server.send(request, asked).unwrap().status(), 200);
    assert_eq!(write().status(), 429, "no real minute has passed");
}

#[test]
fn misc_12_the_standard_profile_has_no_limit() {
    let team = Team::new();
    for n in 1..=400 {
        let answer = team.delete("/Users/nobody");
        assert_eq!(answer.status(), 404, "MISC-12: write {n}");
        assert_eq!(header(&answer, "x-ratelimit-limit"), None);
    }
}

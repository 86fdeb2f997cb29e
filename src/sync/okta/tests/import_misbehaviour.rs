//! Bad answers to an import: each ends it with Okta's text, and the queue goes on (parts 1.10, 1.12 and 1.13 of the Okta
//! reference).

use super::super::super::testing::Fault;
use super::*;
use crate::model::okta::{ImportPhase, ImportState};

const SCIM: &str = "application/scim+json";

fn json_bytes(body: &str) -> Fault {
    Fault::Bytes(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {SCIM}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// An import while the target answers its pages like this; how it ended, and the event that tells what was wrong.
fn failed(fault: Fault) -> (String, String) {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    lab.target
        .chaos(move |_, path| path.contains("startIndex").then(|| fault.clone()));
    let run = lab.import();
    assert_eq!(run.state, ImportState::Failed);
    let mut told = lab.told();
    assert_eq!(
        told.pop().as_deref(),
        Some("system.import.complete FAILURE")
    );
    let what = told.pop().unwrap();
    assert_eq!(lab.waiting(), [], "the queue goes on");
    assert!(lab.row(ann).external_id.is_some(), "nobody is gone");
    lab.target.calm();
    lab.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(lab.import().state, ImportState::Completed);
    (run.note.unwrap(), what)
}

#[test]
fn a_bad_answer_ends_an_import_with_its_reason() {
    let page = |total: u64, body: &str| {
        json_bytes(&format!(
            r#"{{"totalResults":{total},"Resources":[{body}]}}"#
        ))
    };
    for (fault, reason, event) in [
        (
            Fault::Answer(403, SCIM, r#"{"detail":"no"}"#),
            "Forbidden. Errors reported by remote server: no",
            "integration.authentication_failure",
        ),
        (
            Fault::Answer(500, SCIM, r#"{"detail":"oh"}"#),
            "Internal Server Error. Errors reported by remote server: oh",
            "integration.api_query",
        ),
        (
            Fault::Answer(404, SCIM, ""),
            "Not Found.",
            "integration.general_failure",
        ),
        (
            Fault::Answer(200, "text/html", "<html>"),
            "OK. Errors reported by remote server: Invalid JSON: Unexpected character",
            "integration.api_query",
        ),
        (
            Fault::Answer(200, SCIM, ""),
            "The answer is empty.",
            "integration.api_query",
        ),
        (
            Fault::Answer(200, SCIM, "[]"),
            "The answer is no list of resources.",
            "integration.api_query",
        ),
        (
            Fault::Answer(200, SCIM, r#"{"totalResults":"1","Resources":[]}"#),
            r#"totalResults must be a whole number, and is "1"."#,
            "integration.api_query",
        ),
        (
            page(1, ""),
            "totalResults is 1, but the page at startIndex 1 is empty.",
            "integration.api_query",
        ),
        (
            page(250, r#"{"id":"U1","userName":"a"}"#),
            "The page at startIndex 101 is the page before it once more.",
            "integration.api_query",
        ),
        (
            page(1_000_000_000, r#"{"id":"U1","userName":"a"}"#),
            "totalResults is 1000000000, and an import takes at most 100000.",
            "integration.api_query",
        ),
        (
            page(1, r#"{"userName":"a"}"#),
            "Resources[0] has no id.",
            "integration.api_query",
        ),
        (
            page(1, "7"),
            "Resources[0] has no id.",
            "integration.api_query",
        ),
        (
            page(1, r#"{"id":""}"#),
            "Resources[0] has no id.",
            "integration.api_query",
        ),
        (Fault::Closed, "The ", "integration.general_failure"),
        (Fault::Truncated, "The ", "integration.general_failure"),
        (
            Fault::Bytes("hello\r\n\r\n".to_owned()),
            "The ",
            "integration.general_failure",
        ),
    ] {
        let (note, told) = failed(fault);
        let expected = format!("Import from app App failed: Error while importing users: {reason}");
        assert!(note.starts_with(&expected), "{note}");
        assert_eq!(told, format!("{event} FAILURE"), "{note}");
    }
    let (note, told) = failed(Fault::Answer(401, SCIM, "{}"));
    assert_eq!(
        note,
        "Import from app App failed: The credentials used to connect to the API were invalid; please check your configuration"
    );
    assert_eq!(told, "integration.authentication_failure FAILURE");
}

#[test]
fn bad_groups_end_an_import_too() {
    let lab = Lab::oin();
    lab.configure(|app| app.provisioning.import_groups = true);
    lab.target.chaos(|_, path| {
        path.contains("Groups")
            .then_some(Fault::Answer(501, SCIM, r#"{"detail":"no groups"}"#))
    });
    let run = lab.import();
    assert_eq!(
        run.note.as_deref(),
        Some(
            "Import from app App failed: Error while importing groups: Not Implemented. Errors reported by remote server: no groups"
        )
    );
}

/// The time-out is that of every request.
#[test]
fn a_target_that_never_answers_ends_an_import() {
    let mut lab = Lab::oin();
    lab.context.settings.okta_timeout = std::time::Duration::from_millis(300);
    lab.target.chaos(|_, path| {
        path.contains("startIndex")
            .then_some(Fault::Stalled("HTTP/1.1"))
    });
    let run = lab.import();
    assert_eq!(run.state, ImportState::Failed);
    assert_eq!(lab.waiting(), []);
}

/// Somebody who comes twice, on one page or on two, is one person.
#[test]
fn somebody_who_comes_twice_is_counted_once() {
    let lab = Lab::oin();
    let user = |id: &str| format!(r#"{{"id":"{id}","userName":"{id}@x.test"}}"#);
    let (twice, other) = (user("U1"), user("U2"));
    lab.target.chaos(move |_, path| {
        let body = if path.contains("startIndex=1&") {
            format!(r#"{{"totalResults":102,"Resources":[{twice},{twice}]}}"#)
        } else {
            format!(r#"{{"totalResults":102,"Resources":[{twice},{other}]}}"#)
        };
        path.contains("startIndex").then(|| json_bytes(&body))
    });
    let run = lab.import();
    assert_eq!((run.counts.scanned, run.counts.new), (2, 2));
    assert_eq!(lab.results(), ["U1@x.test New", "U2@x.test New"]);
    assert_eq!(
        run.note.as_deref(),
        Some(
            "totalResults is 102, but 2 users came: Okta asks for the next page at startIndex + 100, whatever came before."
        )
    );
}

/// A target that gives everything at once is asked on, and believed.
#[test]
fn a_target_that_does_not_page_is_read_all_the_same() {
    let lab = Lab::oin();
    let all: Vec<String> = (0..150)
        .map(|n| format!(r#"{{"id":"U{n}","userName":"p{n}@x.test"}}"#))
        .collect();
    let body = format!(r#"{{"totalResults":150,"Resources":[{}]}}"#, all.join(","));
    lab.target
        .chaos(move |_, path| path.contains("startIndex").then(|| json_bytes(&body)));
    lab.target.seen();
    let run = lab.import();
    assert_eq!(lab.target.seen().len(), 2);
    assert_eq!((run.state, run.counts.new), (ImportState::Completed, 150));
}

/// 1.13: "user import" is among what waits; it holds nobody back, and goes on where it was.
#[test]
fn an_import_waits_after_a_429_and_goes_on_where_it_was() {
    let lab = Lab::oin();
    for n in 0..150 {
        lab.account(&format!("p{n}"));
    }
    let mut refused = 0;
    lab.target.chaos(move |_, path| {
        let again = path.contains("startIndex=101") && refused < 2;
        refused += u32::from(again);
        again.then_some(Fault::Answer(429, SCIM, "{}"))
    });
    let run = lab.import();
    assert_eq!(run.phase, ImportPhase::Users { start: 101 });
    let waiting = lab.waiting();
    assert_eq!((waiting.len(), waiting[0].waited), (1, 300));
    assert_eq!(
        lab.told().last().unwrap(),
        "integration.rate_limit_exceeded FAILURE"
    );
    let eve = lab.person("eve");
    lab.assign(eve);
    lab.drain();
    assert!(lab.row(eve).external_id.is_some(), "nobody is held back");
    lab.target.seen();
    lab.clock.advance(std::time::Duration::from_mins(5));
    lab.drain();
    assert_eq!(lab.waiting()[0].waited, 600);
    lab.clock.advance(std::time::Duration::from_mins(10));
    lab.drain();
    assert_eq!(
        lab.target.seen(),
        ["GET /Users?startIndex=101&count=100"; 2],
        "the first page is not asked for again"
    );
    let run = lab.last_import();
    assert_eq!(run.state, ImportState::Completed);
    assert_eq!(run.counts.new, 150);
    // Ten attempts, and no more.
    lab.target.chaos(|_, path| {
        path.contains("startIndex")
            .then_some(Fault::Answer(429, SCIM, "{}"))
    });
    lab.import();
    for _ in 0..9 {
        let wait = lab.waiting()[0].due.since(lab.clock.now());
        lab.clock.advance(wait);
        lab.drain();
    }
    assert_eq!(lab.waiting(), []);
    assert_eq!(lab.last_import().state, ImportState::Failed);
}

/// A process that ends after a part of a page was written down asks for the page again; nobody counts twice.
#[test]
fn a_page_that_comes_again_changes_nothing() {
    let lab = Lab::oin();
    lab.provisioned("ann");
    lab.account("bob");
    let (key, run) = (lab.key, lab.import());
    let before = run.counts;
    lab.write(move |tx| {
        let run = ImportRun {
            state: ImportState::Running,
            phase: ImportPhase::Users { start: 1 },
            page: 0,
            ended: None,
            ..run
        };
        import_rows::put(tx, key, &run)?;
        let kind = crate::model::okta::JobKind::Import { run: run.seq };
        Ok(jobs::enqueue(tx, key, kind, now())?)
    });
    lab.drain();
    assert_eq!(lab.last_import().counts, before);
    assert_eq!(lab.results(), ["bob@x.test New"]);
}

/// An app that is taken out of use while an import waits ends it.
#[test]
fn an_import_of_an_app_that_sends_nothing_ends() {
    let lab = Lab::oin();
    let key = lab.key;
    lab.write(move |tx| Ok(imports::import_now(tx, &administrator(), key, now())?));
    lab.configure(|app| app.provisioning.enabled = false);
    lab.target.seen();
    assert_eq!(lab.sent(), [""; 0]);
    let run = lab.last_import();
    assert_eq!(
        run.note.as_deref(),
        Some("Import from app App failed: API integration is not enabled")
    );
    assert_eq!(lab.waiting(), []);
}

/// 6: *Pull updates*: Postman does not support it.
#[test]
fn the_postman_app_does_not_import() {
    let lab = Lab::new("postman");
    let key = lab.key;
    let store = &lab.context.store;
    let refused = store.write(move |tx| imports::import_now(tx, &administrator(), key, now()));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "status: App does not support Import: people are created and changed in Okta only."
    );
    let refused = store.write(move |tx| {
        imports::save_to_okta(tx, &administrator(), key, &ToOkta::default(), now())
    });
    assert!(refused.is_err());
}

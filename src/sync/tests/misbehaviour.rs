//! Every way a target misbehaves: the code and the sentence it gets, that the others are provisioned all
//! the same, and that the object arrives once the target is well again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::directory::users;
use crate::id::Seq;
use crate::model::{CycleState, ErrorInformation, Scope};
use crate::sync::testing::{Fault, Lab, operator};

const SCIM: &str = "application/scim+json";
const PREFIX: &str = "SystemForCrossDomainIdentityManagement";
const LIST: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#;

/// An answer with headers of its own.
fn raw(status: &str, headers: &str, body: &str) -> Fault {
    let length = body.len();
    Fault::Bytes(format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {SCIM}\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    ))
}

fn listed(total: &str, resources: &str) -> Fault {
    raw(
        "200 OK",
        "",
        &format!("{LIST}\"totalResults\":{total},\"Resources\":[{resources}]}}"),
    )
}

/// Hits requests of a method whose path has a part, from the first.
fn break_it(lab: &Lab, method: &'static str, part: &'static str, fault: Fault) {
    lab.target
        .chaos(move |asked, path| (asked == method && path.contains(part)).then(|| fault.clone()));
}

/// Three people who are to be provisioned.
fn three() -> Lab {
    let lab = Lab::new(Scope::All);
    for name in ["ann", "bob", "cid"] {
        lab.user(name, None);
    }
    lab
}

/// The one error after so many entries.
fn error(lab: &Lab, from: usize) -> ErrorInformation {
    let mut errors: Vec<_> = lab
        .log()
        .into_iter()
        .skip(from)
        .filter_map(|e| e.error)
        .collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}

/// As [`error`], with this code, `+` being [`PREFIX`], and these words.
fn says(lab: &Lab, from: usize, (code, words): (&str, &str)) -> ErrorInformation {
    let error = error(lab, from);
    assert_eq!(error.error_code, code.replace('+', PREFIX), "{error:?}");
    assert!(error.reason.contains(words), "{words}: {}", error.reason);
    error
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn answers_to_a_search_that_are_no_use() {
    let bob = r#"{"id":"7","userName":"bob@contoso.com"}"#;
    for (fault, code, words) in [
        (
            listed("5", bob),
            "DuplicateTargetEntries",
            "5 objects of the application match",
        ),
        (
            listed("2", &format!("{bob},{bob}")),
            "DuplicateTargetEntries",
            "2 objects of the application match 'userName'.",
        ),
        (
            listed("0", bob),
            "+ServiceIncompatible",
            "its totalResults is 0, but it has 1 Resources",
        ),
        (
            listed("3", ""),
            "+ServiceIncompatible",
            "its totalResults is 3, but it has 0 Resources",
        ),
        (
            listed("-1", bob),
            "+ServiceIncompatible",
            "its totalResults is no number",
        ),
        (
            listed("1", r#"{"userName":"bob@contoso.com"}"#),
            "+ServiceIncompatible",
            "the resource has no id",
        ),
        (
            listed("1", r#"{"id":"7","userName":"eve@contoso.com"}"#),
            "+ServiceIncompatibleFiltering",
            "found an object with another value",
        ),
        (
            raw("200 OK", "", "{}"),
            "+ServiceIncompatible",
            "it is not a ListResponse",
        ),
        (
            raw("200 OK", "", "{\"schemas\":"),
            "+ServiceIncompatible",
            "it is not JSON",
        ),
        (
            Fault::Answer(200, "text/html", "<html>Welcome"),
            "+ServiceIncompatible",
            "its Content-Type is 'text/html'",
        ),
        (
            Fault::Answer(404, SCIM, "{}"),
            "+ServiceIncompatible",
            "StatusCode: NotFound",
        ),
        (
            raw("302 Found", "Location: /login\r\n", ""),
            "+ServiceIncompatible",
            "a redirect to /login (StatusCode: Redirect), and redirects are not followed",
        ),
        (
            Fault::Answer(401, SCIM, "{}"),
            "Unauthorized",
            "StatusCode: Unauthorized",
        ),
        (
            Fault::Answer(403, SCIM, "{}"),
            "InsufficientRights",
            "StatusCode: Forbidden",
        ),
        (
            Fault::Answer(500, SCIM, "{}"),
            "InternalServerError",
            "StatusCode: InternalServerError",
        ),
        (
            Fault::Answer(501, SCIM, "{}"),
            "NotImplemented",
            "StatusCode: NotImplemented",
        ),
        (
            Fault::Answer(503, SCIM, "{}"),
            "InternalServerError",
            "StatusCode: ServiceUnavailable",
        ),
        (
            Fault::Answer(429, SCIM, "{}"),
            "TooManyRequests",
            "StatusCode: TooManyRequests",
        ),
        (
            Fault::Closed,
            "WebExceptionProtocolError",
            "The answer of the target is not usable",
        ),
        (
            Fault::Truncated,
            "WebExceptionProtocolError",
            "The answer of the target is not usable",
        ),
        (
            Fault::Bytes("hello\r\n\r\n".into()),
            "WebExceptionProtocolError",
            "not usable",
        ),
        (
            raw(
                "200 OK",
                "",
                &format!("{LIST}\"x\":\"{}\"}}", "x".repeat(4 << 20)),
            ),
            "WebExceptionProtocolError",
            "it is larger than 4194304 bytes",
        ),
    ] {
        let lab = three();
        break_it(&lab, "GET", "bob%40", fault);
        let cycle = lab.cycle();
        assert_eq!(cycle.state, CycleState::EntryLevelErrors, "{words}");
        assert_eq!(cycle.counts.created, 2, "{words}");
        let error = says(&lab, 0, (code, words));
        assert!(
            error
                .reason
                .contains("It will be retried again after this date:"),
            "{error:?}"
        );
        assert!(error.recommended_action.is_some(), "{error:?}");
        lab.target.calm();
        lab.clock.advance(Duration::from_hours(6));
        let cycle = lab.cycle();
        assert_eq!(
            (cycle.state, cycle.counts.created),
            (CycleState::Succeeded, 1),
            "{words}"
        );
        assert_eq!(lab.target.all("Users").len(), 3);
    }
}

#[test]
fn a_target_that_takes_too_long_is_not_waited_for() {
    for fault in [
        Fault::Stalled(""),
        Fault::Stalled("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"schemas\""),
    ] {
        let mut lab = three();
        lab.context.settings.timeout = Duration::from_secs(3);
        break_it(&lab, "GET", "bob%40", fault);
        assert_eq!(lab.cycle().counts.created, 2);
        let error = error(&lab, 0);
        assert_eq!(error.error_code, "Timeout");
        assert!(
            error
                .reason
                .starts_with("The target did not answer in time"),
            "{error:?}"
        );
    }
}

#[test]
fn answers_to_a_creation_that_are_no_use() {
    for (fault, code, words) in [
        (
            raw("201 Created", "", ""),
            "+ServiceIncompatible",
            "it is not JSON",
        ),
        (
            raw("201 Created", "", "{}"),
            "+ServiceIncompatible",
            "the resource has no id",
        ),
        (
            Fault::Answer(204, SCIM, ""),
            "+ServiceIncompatible",
            "its status is NoContent instead of one with the resource",
        ),
        (
            Fault::Answer(409, SCIM, r#"{"scimType":"uniqueness","detail":"taken"}"#),
            "EntryConflict",
            "taken",
        ),
        (
            Fault::Answer(
                400,
                SCIM,
                r#"{"scimType":"invalidValue","detail":"title is required"}"#,
            ),
            "MandatoryFieldsMissing",
            "title is required",
        ),
        (
            Fault::Answer(
                400,
                SCIM,
                r#"{"scimType":"invalidPath","detail":"no shoeSize"}"#,
            ),
            "SchemaAttributeNotFound",
            "no shoeSize",
        ),
        (
            Fault::Answer(400, SCIM, "{}"),
            "+BadRequest",
            "StatusCode: BadRequest",
        ),
        (
            Fault::Answer(422, SCIM, "{}"),
            "UnprocessableEntity",
            "UnprocessableEntity",
        ),
        (
            Fault::Answer(405, SCIM, ""),
            "MethodNotAllowed",
            "MethodNotAllowed",
        ),
    ] {
        let lab = three();
        let hit = Arc::new(Mutex::new(0));
        lab.target.chaos(move |method, _| {
            let mut hit = hit.lock().unwrap();
            *hit += u32::from(method == "POST");
            (method == "POST" && *hit == 2).then(|| fault.clone())
        });
        assert_eq!(lab.cycle().counts.created, 2, "{words}");
        says(&lab, 0, (code, words));
    }
}

#[test]
fn a_creation_may_be_answered_with_200() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    break_it(
        &lab,
        "POST",
        "/Users",
        Fault::Answer(200, "application/json", r#"{"id":"U9"}"#),
    );
    let cycle = lab.cycle();
    assert_eq!(
        (cycle.state, cycle.counts.created),
        (CycleState::Succeeded, 1)
    );
}

#[test]
fn a_linked_object_that_answers_strangely() {
    for (method, fault, code, words) in [
        (
            "GET",
            Fault::Answer(404, SCIM, "{}"),
            "InvalidAnchor",
            "StatusCode: NotFound",
        ),
        (
            "GET",
            raw("200 OK", "", "[]"),
            "+ServiceIncompatible",
            "it is not a JSON object",
        ),
        (
            "PATCH",
            Fault::Answer(404, SCIM, "{}"),
            "InvalidAnchor",
            "StatusCode: NotFound",
        ),
        (
            "PATCH",
            Fault::Answer(409, SCIM, "{}"),
            "EntryConflict",
            "StatusCode: Conflict",
        ),
        (
            "PATCH",
            Fault::Closed,
            "WebExceptionProtocolError",
            "not usable",
        ),
    ] {
        let lab = three();
        lab.cycle();
        let before = lab.log().len();
        for user in 1..=3 {
            lab.rename(Seq(user), "Renamed");
        }
        break_it(&lab, method, "/Users/U2", fault);
        assert_eq!(lab.cycle().counts.updated, 2, "{words}");
        says(&lab, before, (code, words));
    }
}

#[test]
fn members_that_were_not_asked_for_are_several_entries() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.group("Eng", &[user]);
    let found = r#"{"id":"G7","displayName":"Eng","members":[{"value":"x"}]}"#;
    break_it(&lab, "GET", "Eng", listed("1", found));
    lab.cycle();
    let error = lab.log().into_iter().find_map(|e| e.error).unwrap();
    assert_eq!(
        error.error_code,
        format!("{PREFIX}MultipleEntriesInResponse")
    );
}

#[test]
fn a_delete_of_what_is_gone_is_done() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    lab.cycle();
    let now = lab.now();
    lab.write(move |tx| users::delete(tx, &operator(), Seq(1), user, now));
    lab.cycle();
    lab.write(move |tx| users::purge(tx, &operator(), Seq(1), user, now));
    break_it(&lab, "DELETE", "/Users", Fault::Answer(404, SCIM, "{}"));
    assert_eq!(lab.cycle().counts.deleted, 1);
}

#[test]
fn a_busy_target_that_names_a_moment_is_waited_for() {
    let busy = |headers: &str| raw("429 Too Many Requests", headers, "{}");
    for (fault, times, waits, created) in [
        (busy("Retry-After: 7\r\n"), 1, vec![7], 3),
        (busy("Retry-After: 7\r\n"), 2, vec![7, 7], 3),
        (busy("Retry-After: 7\r\n"), 3, vec![7, 7], 2),
        (busy("Retry-After: 600\r\n"), 1, vec![], 2),
        (busy(""), 1, vec![], 2),
        (
            raw("503 Service Unavailable", "Retry-After: 3\r\n", "{}"),
            1,
            vec![3],
            3,
        ),
    ] {
        let mut lab = three();
        let waited = Arc::new(Mutex::new(Vec::new()));
        let waits_seen = Arc::clone(&waited);
        lab.context.settings.pause = Some(Arc::new(move |wait| {
            waits_seen.lock().unwrap().push(wait.as_secs());
        }));
        let mut left = times;
        lab.target.chaos(move |_, path| {
            let hit = left > 0 && path.contains("bob%40");
            left -= u32::from(hit);
            hit.then(|| fault.clone())
        });
        assert_eq!(lab.cycle().counts.created, created);
        assert_eq!(*waited.lock().unwrap(), waits);
        if created == 2 {
            assert_eq!(error(&lab, 0).error_code, "TooManyRequests");
        }
    }
}

#[test]
fn a_target_on_another_port_or_gone_means_quarantine_and_nothing_is_lost() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.configure(|job| job.tenant_url = Some("http://127.0.0.1:1/scim".into()));
    assert_eq!(lab.cycle().state, CycleState::Failed);
    let url = lab.target.url.clone();
    lab.configure(move |job| job.tenant_url = Some(url));
    assert_eq!(lab.cycle().counts.created, 1);
    assert_eq!(lab.target.all("Users")[0]["active"], json!(true));
}

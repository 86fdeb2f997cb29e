//! The provider acceptance list of Postman's behaviour: the record of writes (point 15).

use scimlab::error::Error;
use scimlab::id::Seq;
use scimlab::model::{Actor, AuditEvent, Operation, Outcome};
use scimlab::provider::audit;
use scimlab::store::Write;
use serde_json::json;

use super::{deactivate, grace, make_account};
use crate::team::{GROUP, Team, USER, encoded, named};

#[test]
fn point_15_every_write_leaves_one_event_and_what_was_refused_none() {
    fn events(tx: &Write<'_>) -> Result<Vec<AuditEvent>, Error> {
        let newest = audit::list(tx, &grace().may().unwrap(), None, 1_000)?;
        Ok(newest.into_iter().rev().map(|(_, event)| event).collect())
    }
    let (team, known) = Team::with_profile("postman").arranged(|tx| {
        make_account(tx, "invited@example.com")?;
        Ok(events(tx)?.len())
    });
    let id = team.user(&json!({
        "schemas": [USER], "userName": "taylor.lee@example.com", "active": true,
        "name": { "givenName": "Taylor", "familyName": "Lee" }
    }));
    let invited = team.user(&named("invited@example.com"));
    let (path, mut expected) = (format!("/Users/{id}"), Vec::new());
    let mut event = |target: &str, operation: Operation, outcome: Outcome, changed: &[&str]| {
        let changed: Vec<String> = changed.iter().map(|&name| name.into()).collect();
        expected.push((target.to_owned(), operation, outcome, changed));
    };
    event(
        &id,
        Operation::UserCreate,
        Outcome::Joined,
        &["userName", "active", "name"],
    );
    event(
        &invited,
        Operation::UserCreate,
        Outcome::Invited,
        &["userName", "active"],
    );
    let body = json!({ "schemas": [USER], "name": { "givenName": "Tay", "familyName": "Lee" } });
    for (outcome, changed) in [
        (Outcome::Done, ["name"].as_slice()),
        (Outcome::Unchanged, &[]),
    ] {
        assert_eq!(team.put(&path, &body).status(), 200, "15 PUT");
        event(&id, Operation::UserReplace, outcome, changed);
    }
    for (active, outcome) in [(false, Outcome::Deactivated), (true, Outcome::Reactivated)] {
        let operations = json!([{ "op": "replace", "value": { "active": active } }]);
        assert_eq!(team.patch(&path, operations).status(), 200, "15 PATCH");
        event(&id, Operation::UserPatch, outcome, &["active"]);
    }
    let group = team.group("Secret Crew", &[]);
    event(
        &group,
        Operation::GroupCreate,
        Outcome::Done,
        &["displayName"],
    );
    let place = format!("/Groups/{group}");
    for (operation, changed, outcome) in [
        (
            json!({ "op": "add", "path": "members", "value": [{ "value": id }] }),
            "members",
            Outcome::MembersAdded,
        ),
        (
            json!({ "op": "replace", "value": { "displayName": "Hidden Crew" } }),
            "displayName",
            Outcome::Done,
        ),
    ] {
        let answer = team.patch(&place, json!([operation]));
        assert_eq!(answer.status(), 200, "15 PATCH {changed}");
        event(&group, Operation::GroupPatch, outcome, &[changed]);
    }
    assert_eq!(team.delete(&place).status(), 204, "15 DELETE");
    event(&group, Operation::GroupDelete, Outcome::Done, &[]);

    // Refused, or a read: nothing is on record of it.
    let body = json!({ "schemas": [GROUP] });
    let found = format!("/Users?filter={}", encoded("externalId eq \"x\""));
    for (what, answer, status) in [
        (
            "again",
            team.post("/Users", &named("TAYLOR.LEE@example.com")),
            409,
        ),
        ("rename", team.put(&path, &named("tay@other.example")), 400),
        ("gone", team.patch(&place, deactivate()), 404),
        ("no name", team.post("/Groups", &body), 400),
        ("no route", team.delete(&path), 404),
        (
            "no key",
            team.with_key("wrong", "POST", "/Users", &body),
            401,
        ),
        ("read", team.get(&path), 200),
        ("filter", team.get(&found), 400),
    ] {
        assert_eq!(answer.status(), status, "15 {what}: {}", answer.body());
    }

    let (_, all) = team.arranged(events);
    let seen: Vec<_> = all[known..]
        .iter()
        .map(|event| {
            assert_eq!(event.by, Actor::Key(Seq(1)), "15: {event:?}");
            let target = event.target.clone();
            (
                target,
                event.operation,
                event.outcome,
                event.attributes.clone(),
            )
        })
        .collect();
    assert_eq!(seen, expected, "15");
    // People and groups are in the record by name, as they were called then.
    let written = format!("{all:?}");
    for name in ["taylor.lee@", "Hidden Crew"] {
        assert!(written.contains(name), "15: no {name} in {written}");
    }
}

//! The golden conversations of part 1.16 of the Okta reference, step by step.

use super::super::probe;
use super::*;

const FIND: &str = "/Users?filter=userName%20eq%20%22ann%40x.test%22&startIndex=1&count=100";

fn lines(seen: impl AsRef<[String]>, wanted: &[&str]) {
    let wanted: Vec<String> = wanted.iter().map(|line| (*line).to_owned()).collect();
    assert_eq!(seen.as_ref(), wanted);
}

#[test]
fn the_wizards_app_full_life_of_one_user_and_one_group() {
    let lab = Lab::aiw();
    lab.configure(|app| app.provisioning.import_groups = true);
    // 1, 2: Test Connector Configuration.
    assert!(probe(&lab.context, lab.key, lab.app()).result.is_ok());
    lines(
        lab.target.seen(),
        &[
            "GET /Users?startIndex=1&count=2",
            "GET /Groups?startIndex=1&count=100",
        ],
    );
    // 3, 4: assigned.
    let ann = lab.person("ann");
    lab.assign(ann);
    lines(lab.sent(), &[&format!("GET {FIND}"), "POST /Users"]);
    let id = lab.row(ann).external_id.unwrap();
    // 5, 6: firstName changed in Okta.
    lab.change(ann, "firstName", "Anne");
    let (get, put) = (format!("GET /Users/{id}"), format!("PUT /Users/{id}"));
    lines(lab.sent(), &[&get, &put]);
    assert_eq!(lab.target.all("Users")[0]["name"]["givenName"], "Anne");
    // 7 to 10: a group is pushed.
    let eng = lab.group("Eng", &[ann]);
    let mapping = lab.push(eng, "Eng");
    lab.target.got();
    lab.drain();
    let got = lab.target.got();
    let paths: Vec<String> = got
        .iter()
        .map(|g| format!("{} {}", g.method, g.path))
        .collect();
    let target = lab.target.all("Groups")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        paths,
        [
            "GET /Groups?filter=displayName%20eq%20%22Eng%22&startIndex=1&count=100".to_owned(),
            "POST /Groups".to_owned(),
            format!("GET /Groups/{target}"),
            format!("PUT /Groups/{target}"),
        ]
    );
    let members = json!([{ "value": id, "display": "ann@x.test" }]);
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Eng", "members": members });
    assert_eq!((&got[1].body, &got[3].body), (&group, &group));
    // 11: unassigned.
    lab.leave(eng, ann);
    lab.drain();
    lab.unassign(ann);
    lines(lab.sent(), &[&get, &put]);
    assert_eq!(lab.target.all("Users")[0]["active"], false);
    // 12, 13: assigned again.
    lab.assign(ann);
    lines(lab.sent(), &[&format!("GET {FIND}"), &get, &put]);
    assert_eq!(lab.target.all("Users")[0]["active"], true);
    assert_eq!(lab.row(ann).external_id, Some(id));
    // 14: unlinked, with the group.
    lab.unlink(mapping, true);
    lines(lab.sent(), &[&format!("DELETE /Groups/{target}")]);
    assert_eq!(lab.tasks(), []);
    assert_eq!(lab.waiting(), []);
}

/// The conversation shows neither the name that goes with each change of members (1.11.2) nor the profile that follows
/// an activation (1.8): both are switched off where it does not.
#[test]
fn an_app_of_the_catalogue_same_life() {
    let lab = Lab::oin();
    lab.configure(|app| app.wire.rename_with_members = false);
    // 1: Test API Credentials.
    assert!(probe(&lab.context, lab.key, lab.app()).result.is_ok());
    lines(lab.target.seen(), &["GET /Users?startIndex=1&count=2"]);
    // 2, 3: assigned.
    let ann = lab.person("ann");
    lab.assign(ann);
    lines(lab.sent(), &[&format!("GET {FIND}"), "POST /Users"]);
    let id = lab.row(ann).external_id.unwrap();
    // 4: profile update.
    lab.change(ann, "firstName", "Anne");
    let (get, put) = (format!("GET /Users/{id}"), format!("PUT /Users/{id}"));
    lines(lab.sent(), &[&get, &put]);
    // 5 to 7: a group is pushed.
    let eng = lab.group("Eng", &[ann]);
    let mapping = lab.push(eng, "Eng");
    lab.target.got();
    let seen = lab.sent();
    let posted = lab.target.got().remove(0).body;
    let target = lab.target.all("Groups")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let patch = |operations: serde_json::Value| format!("PATCH /Groups/{target} {operations}");
    let members = json!([{ "value": id, "display": "ann@x.test" }]);
    lines(
        seen,
        &[
            "POST /Groups",
            &patch(json!([{ "op": "replace", "value": { "id": target, "displayName": "Eng" } }])),
            &patch(json!([{ "op": "add", "path": "members", "value": members }])),
        ],
    );
    let empty = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Eng", "members": [] });
    assert_eq!(posted, empty);
    // 8: Push Now.
    lab.push_now(mapping);
    let whole = patch(json!([{ "op": "replace", "path": "members", "value": members }]));
    lines(lab.sent(), &[&whole]);
    // 9: somebody leaves the group.
    lab.leave(eng, ann);
    let gone = patch(json!([{ "op": "remove", "path": format!("members[value eq \"{id}\"]") }]));
    lines(lab.sent(), &[&gone]);
    // 10: unassigned.
    lab.unassign(ann);
    let active = |to: bool| {
        let operations = json!([{ "op": "replace", "value": { "active": to } }]);
        format!("PATCH /Users/{id} {operations}")
    };
    lines(lab.sent(), &[&active(false)]);
    // 11: assigned again.
    lab.configure(|app| app.to_app.update_attributes = false);
    lab.assign(ann);
    lines(lab.sent(), &[&format!("GET {FIND}"), &active(true)]);
    // 12: unlinked, with the group.
    lab.unlink(mapping, true);
    lines(lab.sent(), &[&format!("DELETE /Groups/{target}")]);
    assert_eq!(lab.tasks(), []);
    assert_eq!(lab.waiting(), []);
}

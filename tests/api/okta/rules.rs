//! `/groups/rules`: group rules, as the SDKs and the Terraform provider call them (parts 3.5 and 7.2).

use serde_json::{Value, json};

use super::{Okta, person};

fn rule(name: &str, condition: &str, groups: &[&str], excluded: &[&str]) -> Value {
    json!({
        "type": "group_rule",
        "name": name,
        "conditions": {
            "people": { "users": { "exclude": excluded }, "groups": { "exclude": [] } },
            "expression": { "value": condition, "type": "urn:okta:expression:1.0" },
        },
        "actions": { "assignUserToGroups": { "groupIds": groups } },
    })
}

const SALES: &str = "user.department == \"Sales\"";

#[test]
fn a_rule_is_made_inactive_activated_changed_and_deleted() {
    let okta = Okta::start();
    let (group, ann) = (okta.group("Sales"), okta.person("Ann"));
    let made = okta.post("/groups/rules", &rule("Sales", SALES, &[&group], &[]));
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("0pr"));
    assert_eq!(made["status"], "INACTIVE");
    assert_eq!(made["type"], "group_rule");
    assert_eq!(
        made["actions"]["assignUserToGroups"]["groupIds"],
        json!([group])
    );
    let path = format!("/groups/rules/{id}");
    assert_eq!(okta.get(&path), made);
    assert_eq!(okta.get("/groups/rules?search=sal")[0]["id"], id.as_str());
    assert_eq!(okta.get("/groups/rules?search=x"), json!([]));

    let members = |okta: &Okta| okta.get(&format!("/groups/{group}/users"));
    let department = json!({ "profile": { "department": "Sales" } });
    okta.post(&format!("/users/{ann}"), &department);
    assert_eq!(members(&okta), json!([]));
    okta.call(
        "POST",
        &format!("{path}/lifecycle/activate"),
        &Value::Null,
        204,
    );
    assert_eq!(members(&okta)[0]["id"], ann.as_str());
    let mut bob = person("Bob");
    bob["profile"]["department"] = "Sales".into();
    okta.post("/users?activate=true", &bob);
    assert_eq!(members(&okta).as_array().unwrap().len(), 2);

    // Only inactive rules are changed, and their groups are not.
    let changed = rule("Sellers", SALES, &[&group], &[&ann]);
    let refused = okta.call("PUT", &path, &changed, 400);
    assert_eq!(
        refused["errorSummary"],
        "Api validation failed: validateRule"
    );
    okta.call("DELETE", &path, &Value::Null, 400);
    okta.call(
        "POST",
        &format!("{path}/lifecycle/deactivate"),
        &Value::Null,
        204,
    );
    assert_eq!(members(&okta).as_array().unwrap().len(), 2);
    let other = okta.group("Other");
    okta.call("PUT", &path, &rule("S", SALES, &[&other], &[]), 400);
    let saved = okta.call("PUT", &path, &changed, 200);
    assert_eq!(saved["name"], "Sellers");
    assert_eq!(
        saved["conditions"]["people"]["users"]["exclude"],
        json!([ann])
    );
    okta.call(
        "DELETE",
        &format!("{path}?removeUsers=true"),
        &Value::Null,
        202,
    );
    okta.call("GET", &path, &Value::Null, 404);
    assert_eq!(members(&okta), json!([]));
}

#[test]
fn what_is_no_rule_is_refused_with_its_cause() {
    let okta = Okta::start();
    let group = okta.group("Sales");
    for (wrong, says) in [
        (rule("", SALES, &[&group], &[]), "name: The field cannot"),
        (rule("R", "user.", &[&group], &[]), "expression: at line 1"),
        (
            rule("R", "user.shoe == 4", &[&group], &[]),
            "Invalid property shoe",
        ),
        (rule("R", SALES, &[], &[]), "groupIds: "),
        (rule("R", SALES, &["00gNothing"], &[]), "groupIds: "),
        (rule("R", SALES, &[&group], &["00uNobody"]), "exclude: "),
        (json!({ "type": "other" }), "type: group_rule"),
    ] {
        let refused = okta.call("POST", "/groups/rules", &wrong, 400);
        assert_eq!(refused["errorCode"], "E0000001", "{wrong}");
        let cause = refused["errorCauses"][0]["errorSummary"].as_str().unwrap();
        assert!(cause.contains(says), "{cause}");
    }
    okta.call(
        "POST",
        "/groups/rules/0prAbCdEfGhIjKlMnOp1/lifecycle/activate",
        &Value::Null,
        404,
    );
}

/// A rule whose group is gone: `INVALID`, which clients must be able to read and delete.
#[test]
fn a_rule_whose_group_is_gone_is_invalid() {
    let okta = Okta::start();
    let group = okta.group("Sales");
    let made = okta.post("/groups/rules", &rule("Sales", SALES, &[&group], &[]));
    let path = format!("/groups/rules/{}", made["id"].as_str().unwrap());
    assert_eq!(made["allGroupsValid"], true);
    okta.call("DELETE", &format!("/groups/{group}"), &Value::Null, 204);
    let found = okta.get(&path);
    assert_eq!(found["status"], "INVALID");
    assert_eq!(found["allGroupsValid"], false);
    okta.call(
        "POST",
        &format!("{path}/lifecycle/activate"),
        &Value::Null,
        400,
    );
    okta.call("DELETE", &path, &Value::Null, 202);
}

/// 7.1: pages.
#[test]
fn rules_are_listed_by_pages() {
    let okta = Okta::start();
    let group = okta.group("Sales");
    for n in 0..3 {
        okta.post(
            "/groups/rules",
            &rule(&format!("R{n}"), SALES, &[&group], &[]),
        );
    }
    let first = okta.get("/groups/rules?limit=2");
    let names: Vec<_> = first
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["name"].clone())
        .collect();
    assert_eq!(names, ["R0", "R1"]);
    let after = first[1]["id"].as_str().unwrap();
    let second = okta.get(&format!("/groups/rules?limit=2&after={after}"));
    assert_eq!(second.as_array().unwrap().len(), 1);
    assert_eq!(second[0]["name"], "R2");
}

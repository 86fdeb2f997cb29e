//! `PUT`: PUT.

use serde_json::{Value, json};

use crate::team::{ENTERPRISE, Example, GROUP, Team, USER, named, refused, text};

#[test]
fn the_same_again_changes_nothing() {
    let team = Example::new();
    for path in [
        format!("/Users/{}", team.u1),
        format!("/Groups/{}", team.g1),
    ] {
        let before = team.read(&path);
        let answer = team.put(&path, &before);
        assert_eq!(answer.status(), 200, "PUT-02: {}", answer.body());
        assert_eq!(answer.body(), &before, "PUT-02");
        assert_eq!(team.read(&path), before, "PUT-02");
    }
}

#[test]
fn a_password_that_is_left_out_is_not_taken_away() {
    let team = Team::new();
    let mut body = named("keeps@example.com");
    body["password"] = json!("t1meMa$heen");
    let path = format!("/Users/{}", team.user(&body));
    let before = team.read(&path);
    // No client can read it, so none can send it back: leaving it out is no change.
    let answer = team.put(&path, &named("keeps@example.com"));
    assert_eq!(answer.status(), 200, "PUT-07: {}", answer.body());
    assert_eq!(answer.body(), &before, "PUT-07");
    let configuration = team.read("/ServiceProviderConfig");
    assert_eq!(
        configuration["changePassword"]["supported"], false,
        "PUT-07: and none can be changed"
    );
}

#[test]
fn what_is_left_out_is_cleared_unless_clients_never_mean_that() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let body = json!({
        "schemas": [USER],
        "userName": "BJensen@example.com",
        "name": { "familyName": "Jensen-Lee" },
        "title": null,
        "emails": [],
        "id": team.u2,
        "groups": [],
        "meta": { "created": "1999-01-01T00:00:00Z", "version": "W/\"99\"" },
    });
    let before = team.read(&path);
    let answer = team.put(&path, &body);
    assert_eq!(answer.status(), 200, "{}", answer.body());
    let after = answer.body();
    assert_eq!(after["userName"], "BJensen@example.com", "PUT-12");
    assert_eq!(
        after["name"],
        json!({ "familyName": "Jensen-Lee" }),
        "PUT-15"
    );
    for gone in ["title", "emails", "displayName", ENTERPRISE] {
        assert!(after.get(gone).is_none(), "PUT-08, PUT-16 {gone}");
    }
    assert_eq!(after["schemas"], json!([USER]), "PUT-16");
    assert_eq!(after["active"], true, "PUT-06");
    assert_eq!(after["externalId"], "E1", "A14");
    for kept in ["/id", "/groups", "/meta/created"] {
        assert_eq!(after.pointer(kept), before.pointer(kept), "PUT-10 {kept}");
    }
    assert_ne!(after["meta"]["version"], before["meta"]["version"]);
    assert_eq!(&team.read(&path), after);
    // `active: false` of a user is kept just the same.
    let boss = format!("/Users/{}", team.u3);
    let answer = team.put(&boss, &named("boss@example.com"));
    assert_eq!(answer.body()["active"], false, "PUT-06");
}

#[test]
fn a_refused_replacement_leaves_everything_as_it_was() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    let group = format!("/Groups/{}", team.g1);
    let absent = format!("/Users/{}", "0".repeat(48));
    let wrong_type = format!("/Users/{}", team.g1);
    let g = |more: Value| {
        let mut body = json!({ "schemas": [GROUP], "displayName": "Renamed" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let before = (team.read(&user), team.read(&group));
    for (row, path, body, status, kind) in [
        ("PUT-03", &absent, named("new@example.com"), 404, ""),
        ("PUT-23", &wrong_type, named("new@example.com"), 404, ""),
        (
            "PUT-04",
            &user,
            json!({ "schemas": [USER], "title": "x" }),
            400,
            "invalidValue",
        ),
        (
            "PUT-11",
            &user,
            named("JSMITH@example.com"),
            409,
            "uniqueness",
        ),
        (
            "no schemas",
            &user,
            json!({ "userName": "x" }),
            400,
            "invalidSyntax",
        ),
        (
            "no name",
            &group,
            json!({ "schemas": [GROUP] }),
            400,
            "invalidValue",
        ),
        (
            "A21",
            &group,
            g(json!({ "displayName": "managers" })),
            409,
            "uniqueness",
        ),
        (
            "A32",
            &group,
            g(json!({ "members": [{ "value": team.u3 }, { "value": "nobody" }] })),
            400,
            "invalidValue",
        ),
        (
            "A32 itself",
            &group,
            g(json!({ "members": [{ "value": team.g1 }] })),
            400,
            "invalidValue",
        ),
        (
            "members text",
            &group,
            g(json!({ "members": [5] })),
            400,
            "invalidValue",
        ),
    ] {
        refused(row, &team.put(path, &body), status, kind);
        assert_eq!((team.read(&user), team.read(&group)), before, "{row}");
        assert_eq!(team.list("/Users").len(), 3, "{row}");
    }
}

#[test]
fn a_group_keeps_its_members_unless_they_are_named() {
    let team = Example::new();
    let path = format!("/Groups/{}", team.g1);
    let body =
        |members: Value| json!({ "schemas": [GROUP], "displayName": "Guides", "members": members });
    let answer = team.put(
        &path,
        &json!({ "schemas": [GROUP], "displayName": "Guides" }),
    );
    assert_eq!(answer.status(), 200, "A14");
    assert_eq!(
        team.members(&team.g1),
        Example::sorted(&[&team.u1, &team.u2]),
        "A14"
    );
    team.put(&path, &body(json!([{ "value": team.u2 }])));
    assert_eq!(
        team.members(&team.g1),
        std::slice::from_ref(&team.u2),
        "PUT-19"
    );
    let u1 = team.read(&format!("/Users/{}", team.u1));
    assert!(u1.get("groups").is_none(), "PUT-19: {u1}");
    team.put(&path, &body(json!([])));
    assert!(team.members(&team.g1).is_empty(), "PUT-18");
}

#[test]
fn an_answer_can_be_projected() {
    let team = Example::new();
    let path = format!("/Users/{}?attributes=userName", team.u2);
    let answer = team.put(&path, &named("jsmith@example.com"));
    assert_eq!(answer.status(), 200, "PUT-20");
    assert_eq!(answer.body().as_object().unwrap().len(), 3, "PUT-20");
    assert_eq!(text(answer.body(), "/userName"), "jsmith@example.com");
}

//! The profile `strict`: the rows whose answer differs, marked `[S]` in the list of examples.

use serde_json::{Value, json};

use crate::team::{ENTERPRISE, Example, GROUP, USER, encoded, named, refused};

#[test]
fn a_body_says_exactly_what_the_schemas_know() {
    let team = Example::with_profile("strict");
    let user = |more: Value| {
        let mut body = named("new@example.com");
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (row, path, body, kind) in [
        (
            "POST-13",
            "/Users",
            user(json!({ "schemas": [USER, USER] })),
            "invalidValue",
        ),
        (
            "POST-14",
            "/Groups",
            json!({
                "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                "displayName": "New",
            }),
            "invalidValue",
        ),
        (
            "POST-18",
            "/Users",
            user(json!({ "favoriteColor": "blue" })),
            "invalidSyntax",
        ),
        (
            "POST-22",
            "/Users",
            user(json!({ "emails": { "value": "a@x" } })),
            "invalidValue",
        ),
        (
            "POST-46",
            "/Users",
            user(json!({ "addresses": [{ "country": "Sierra Leone" }] })),
            "invalidValue",
        ),
        (
            "A13 container without its schema",
            "/Users",
            user(json!({ ENTERPRISE: { "department": "x" } })),
            "invalidSyntax",
        ),
        (
            "A2",
            "/Users",
            user(json!({ "active": "False" })),
            "invalidValue",
        ),
        (
            "EVIL-14 kelvin",
            "/Users",
            named("\u{212a}@x"),
            "invalidValue",
        ),
    ] {
        refused(row, &team.post(path, &body), 400, kind);
    }
    assert_eq!(team.list("/Users").len(), 3);
    assert_eq!(team.list("/Groups").len(), 3);
    // What is right is right in every profile.
    team.user(&user(json!({
        "schemas": [USER, ENTERPRISE],
        "addresses": [{ "country": "SL" }],
        "emails": [{ "value": "a@x" }],
        ENTERPRISE: { "department": "x" },
    })));
    for (one, other) in [("i@x", "\u{130}@x"), ("k@x", "K@x")] {
        team.user(&named(one));
        let second = team.post("/Users", &named(other)).status().as_u16();
        assert_eq!(second == 409, other.is_ascii(), "EVIL-14 {other}: {second}");
    }
}

#[test]
fn a_text_is_no_boolean() {
    let team = Example::with_profile("strict");
    for (row, filter) in [
        ("FLT-16", "active eq \"False\""),
        ("FLT-59", "roles[primary eq \"True\"].value eq \"admin\""),
    ] {
        let answer = team.get(&format!("/Users?filter={}", encoded(filter)));
        refused(row, &answer, 400, "invalidFilter");
    }
    let path = format!("/Users/{}", team.u1);
    let before = team.read(&path);
    for (row, operations, kind) in [
        (
            "PAT-16",
            json!([{ "op": "Replace", "path": "active", "value": "False" }]),
            "invalidValue",
        ),
        (
            "PAT-15",
            json!([{ "op": "replace", "value": { "id": "other", "title": "X" } }]),
            "mutability",
        ),
        (
            "PAT-36",
            json!([{
                "op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "1"
            }]),
            "noTarget",
        ),
        (
            "A5",
            json!([{ "op": "remove", "path": "emails", "value": [{ "value": "babs@jensen.org" }] }]),
            "invalidSyntax",
        ),
        (
            "A30",
            json!([{ "op": "add", "path": "title", "value": null }]),
            "invalidValue",
        ),
        (
            "PAT-65",
            json!([{
                "op": "add", "path": "roles", "value": [{ "value": "admin", "primary": "True" }]
            }]),
            "invalidValue",
        ),
        (
            "MISC-08",
            json!([{ "op": "Replace", "path": "active", "value": "False" }]),
            "invalidValue",
        ),
    ] {
        refused(row, &team.patch(&path, operations), 400, kind);
        assert_eq!(team.read(&path), before, "{row}");
    }
    // What a client of the letter sends instead of MISC-08 and PAT-65.
    let answer = team.patch(
        &path,
        json!([
            { "op": "replace", "path": "active", "value": false },
            { "op": "add", "path": "roles", "value": [{ "value": "admin", "primary": true }] }
        ]),
    );
    assert_eq!(answer.status(), 200, "{}", answer.body());
    assert_eq!(answer.body()["active"], false);
    assert_eq!(
        answer.body()["roles"],
        json!([{ "value": "admin", "primary": true }])
    );
    assert_eq!(team.delete(&path).status(), 204, "MISC-08");
}

#[test]
fn a_value_has_the_shape_of_its_attribute() {
    let team = Example::with_profile("strict");
    let path = format!("/Users/{}", team.u1);
    let manager = format!("{ENTERPRISE}:manager");
    let department = format!("{ENTERPRISE}:department");
    let named = json!([{ "op": "add", "path": manager, "value": { "value": team.u3 } }]);
    let answer = team.patch(&path, named);
    assert_eq!(answer.status(), 200, "{}", answer.body());
    let before = team.read(&path);
    for (row, operations, kind) in [
        (
            "PAT-19",
            json!([{ "op": "replace", "value": { &department: "D" } }]),
            "invalidPath",
        ),
        (
            "PAT-27",
            json!([{ "op": "add", "path": "emails", "value": { "value": "n@x" } }]),
            "invalidValue",
        ),
        (
            "PAT-59",
            json!([{ "op": "replace", "path": manager, "value": "" }]),
            "invalidValue",
        ),
        (
            "PAT-59 a text",
            json!([{ "op": "replace", "path": manager, "value": team.u2 }]),
            "invalidValue",
        ),
        (
            "PAT-60",
            json!([{ "op": "add", "path": manager, "value": [{ "value": team.u2 }] }]),
            "invalidValue",
        ),
    ] {
        refused(row, &team.patch(&path, operations), 400, kind);
        assert_eq!(team.read(&path), before, "{row}");
    }
    let home = before["emails"][1].clone();
    let answer = team.patch(
        &path,
        json!([
            { "op": "replace", "path": department, "value": "D" },
            { "op": "remove", "path": manager },
            {
                "op": "replace", "path": "emails[type eq \"work\"]", "value": { "value": "n@x" }
            }
        ]),
    );
    assert_eq!(answer.status(), 200, "{}", answer.body());
    assert_eq!(
        answer.body()[ENTERPRISE],
        json!({ "department": "D", "employeeNumber": "701984" }),
        "PAT-19, PAT-59"
    );
    assert_eq!(
        answer.body()["emails"],
        json!([{ "value": "n@x" }, home]),
        "PAT-35: the new element is the value and nothing more"
    );
    assert_eq!(&team.read(&path), answer.body());
}

#[test]
fn members_are_removed_by_a_filter_only() {
    let team = Example::with_profile("strict");
    let path = format!("/Groups/{}", team.g1);
    let before = team.read(&path);
    let (u1, u2) = (&team.u1, &team.u2);
    let remove = |value: Value| json!([{ "op": "Remove", "path": "members", "value": value }]);
    for (row, operations, kind) in [
        (
            "GRP-03",
            remove(json!([{ "$ref": null, "value": u1 }])),
            "invalidSyntax",
        ),
        (
            "GRP-04",
            remove(json!([{ "value": u1 }, { "value": u2 }])),
            "invalidSyntax",
        ),
        ("GRP-06 text", remove(json!(u1)), "invalidSyntax"),
        (
            "GRP-06 object",
            remove(json!({ "value": u1 })),
            "invalidSyntax",
        ),
        ("GRP-06 number", remove(json!(5)), "invalidSyntax"),
        ("GRP-07", remove(json!([{ "id": u1 }])), "invalidSyntax"),
        (
            "GRP-18",
            json!([{ "op": "replace", "value": { "id": team.g2, "displayName": "N" } }]),
            "mutability",
        ),
    ] {
        refused(row, &team.patch(&path, operations), 400, kind);
        assert_eq!(team.read(&path), before, "{row}: members and name stay");
    }
    let answer = team.patch(
        &path,
        json!([
            { "op": "remove", "path": format!("members[value eq \"{u1}\"]") },
            { "op": "replace", "value": { "id": team.g1, "displayName": "N" } }
        ]),
    );
    assert_eq!(answer.status(), 204, "{}", answer.body());
    assert_eq!(team.members(&team.g1), std::slice::from_ref(u2), "GRP-03");
    assert_eq!(team.read(&path)["displayName"], "N", "GRP-18");
}

#[test]
fn what_a_replacement_leaves_out_is_cleared() {
    let team = Example::with_profile("strict");
    for (id, name) in [
        (&team.u1, "bjensen@example.com"),
        (&team.u3, "boss@example.com"),
    ] {
        let path = format!("/Users/{id}");
        let before = team.read(&path);
        let mut body = named(name);
        body["groups"] = json!([]);
        body["meta"] = json!({ "created": "1999-01-01T00:00:00Z", "version": "W/\"99\"" });
        body["id"] = json!(team.u2);
        refused("another id", &team.put(&path, &body), 400, "mutability");
        assert_eq!(team.read(&path), before, "another id");
        body["id"] = json!(id);
        let answer = team.put(&path, &body);
        assert_eq!(answer.status(), 200, "PUT-06: {}", answer.body());
        for kept in ["/id", "/groups", "/meta/created"] {
            let after = answer.body().pointer(kept);
            assert_eq!(after, before.pointer(kept), "PUT-10 {kept}");
        }
        for gone in ["active", "externalId", "title"] {
            let kept = answer.body().get(gone);
            assert!(kept.is_none(), "PUT-06 {gone}: {}", answer.body());
        }
        assert_eq!(&team.read(&path), answer.body(), "PUT-06");
    }
}

#[test]
fn two_groups_may_have_one_name() {
    let team = Example::with_profile("strict");
    let operation = json!([{ "op": "replace", "path": "displayName", "value": "Managers" }]);
    let answer = team.patch(&format!("/Groups/{}", team.g1), operation);
    assert!(answer.status().is_success(), "GRP-19: {}", answer.body());
    let mut expected = vec![team.g1.clone(), team.g2.clone()];
    expected.sort();
    let mut found = team.found("/Groups", "displayName eq \"managers\"");
    found.sort();
    assert_eq!(found, expected, "GRP-19");
    team.group("Managers", &[&team.u1]);
}

#[test]
fn an_answer_nobody_can_read_is_not_given() {
    let team = Example::with_profile("strict");
    for (accept, status) in [
        ("text/xml", 406),
        ("text/xml, application/scim+json;q=0.5", 200),
        ("application/*", 200),
        ("*/*", 200),
    ] {
        let answer = team.with("GET", "/Users", &[("Accept", accept)], "");
        assert_eq!(answer.status(), status, "DISC-21 {accept}");
    }
}

#[test]
fn a_list_of_attributes_has_names_only() {
    let team = Example::with_profile("strict");
    let filtered = encoded("emails[type eq \"work\"]");
    for path in [format!("/Users/{}", team.u1), "/Users".to_owned()] {
        for parameter in ["attributes", "excludedAttributes"] {
            let answer = team.get(&format!("{path}?{parameter}={filtered}"));
            refused("A48", &answer, 400, "invalidValue");
        }
    }
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["emails[type eq \"work\"]"],
    });
    refused(
        "A48",
        &team.post("/Users/.search", &search),
        400,
        "invalidValue",
    );
    let lenient = Example::with_profile("standard");
    let read =
        |attributes: &str| lenient.read(&format!("/Users/{}?attributes={attributes}", lenient.u1));
    assert_eq!(read(&filtered), read("emails"), "A48");
}

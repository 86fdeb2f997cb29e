//! `PATCH /Users/{id}`: PAT.

use serde_json::{Value, json};

use crate::team::{ENTERPRISE, Example, USER, named, ops, refused, text};

/// What a row expects of the user afterwards: a pointer and its value; null for absent.
type After = Vec<(String, Value)>;

fn after(pairs: &[(&str, Value)]) -> After {
    pairs
        .iter()
        .map(|(pointer, value)| ((*pointer).to_owned(), value.clone()))
        .collect()
}

fn at(body: &Value, pointer: &str) -> Value {
    body.pointer(pointer).cloned().unwrap_or_default()
}

/// A fresh user like U1, for rows that change it.
fn fresh(team: &Example, n: usize) -> String {
    let mut body = team.read(&format!("/Users/{}", team.u1));
    body["userName"] = json!(format!("row{n}@example.com"));
    body["externalId"] = json!(format!("row{n}"));
    text(&team.create("/Users", &body), "/id").to_owned()
}

#[test]
fn operations_change_what_they_say() {
    let team = Example::new();
    let ent = |attribute: &str| format!("/{ENTERPRISE}/{attribute}");
    let work = json!({ "type": "work", "value": "bjensen@example.com", "primary": true });
    let home = json!({ "type": "home", "value": "babs@jensen.org" });
    let u3 = &team.u3;
    let operation = json!([{ "op": "add", "path": "displayName", "value": "The Boss" }]);
    team.patch(&format!("/Users/{u3}"), operation);
    let rows: Vec<(&str, Value, After)> = vec![
        (
            "PAT-01",
            json!([{ "op": "replace", "path": "title", "value": "X" }]),
            after(&[("/title", json!("X"))]),
        ),
        (
            "PAT-07",
            json!([{ "op": "add", "path": "title", "value": "T" }]),
            after(&[("/title", json!("T"))]),
        ),
        (
            "PAT-09",
            json!([{ "op": "replace", "path": "nickName", "value": "B" }]),
            after(&[("/nickName", json!("B"))]),
        ),
        (
            "PAT-15",
            json!([{ "op": "replace", "value": { "id": "other", "title": "X" } }]),
            after(&[("/title", json!("X"))]),
        ),
        (
            "PAT-16",
            json!([{ "op": "Replace", "path": "active", "value": "False" }]),
            after(&[("/active", json!(false))]),
        ),
        (
            "PAT-17",
            json!([{ "op": "replace", "value": { "active": false } }]),
            after(&[("/active", json!(false))]),
        ),
        (
            "PAT-19",
            json!([{ "op": "replace", "value": { format!("{ENTERPRISE}:department"): "D" } }]),
            vec![
                (ent("department"), json!("D")),
                (ent("employeeNumber"), json!("701984")),
                ("/schemas/1".into(), json!(ENTERPRISE)),
            ],
        ),
        (
            "PAT-20",
            json!([{ "op": "add", "value": { ENTERPRISE: { "department": "D" } } }]),
            vec![
                (ent("department"), json!("D")),
                (ent("employeeNumber"), json!("701984")),
            ],
        ),
        (
            "PAT-21",
            json!([{ "op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "D" }]),
            vec![(ent("department"), json!("D"))],
        ),
        (
            "PAT-23",
            json!([{ "op": "replace", "path": "name", "value": { "familyName": "X" } }]),
            after(&[(
                "/name",
                json!({ "givenName": "Barbara", "familyName": "X" }),
            )]),
        ),
        (
            "PAT-24",
            json!([{
                "op": "replace", "path": "name",
                "value": { "familyName": null, "givenName": "Y" }
            }]),
            after(&[("/name", json!({ "givenName": "Y" }))]),
        ),
        (
            "PAT-25",
            json!([
                { "op": "remove", "path": "name" },
                { "op": "replace", "path": "name.familyName", "value": "Z" }
            ]),
            after(&[("/name", json!({ "familyName": "Z" }))]),
        ),
        (
            "PAT-27",
            json!([{ "op": "add", "path": "emails", "value": { "value": "n@x" } }]),
            after(&[("/emails", json!([work, home, { "value": "n@x" }]))]),
        ),
        (
            "PAT-29",
            json!([{
                "op": "add", "path": "emails",
                "value": [{ "value": "n@x", "type": "other", "primary": true }]
            }]),
            after(&[
                ("/emails/2/primary", json!(true)),
                ("/emails/2/value", json!("n@x")),
            ]),
        ),
        (
            "PAT-32",
            json!([{ "op": "replace", "path": "emails", "value": [{ "value": "n@x" }] }]),
            after(&[("/emails", json!([{ "value": "n@x" }]))]),
        ),
        (
            "PAT-33 empty",
            json!([{ "op": "replace", "path": "emails", "value": [] }]),
            after(&[("/emails", Value::Null)]),
        ),
        (
            "PAT-33 null",
            json!([{ "op": "replace", "path": "emails", "value": null }]),
            after(&[("/emails", Value::Null)]),
        ),
        (
            "PAT-35",
            json!([{
                "op": "replace", "path": "emails[type eq \"work\"]", "value": { "value": "n@x" }
            }]),
            after(&[
                ("/emails/0/value", json!("n@x")),
                ("/emails/0/type", json!("work")),
                ("/emails/1", home.clone()),
            ]),
        ),
        (
            "PAT-36",
            json!([{
                "op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "1"
            }]),
            after(&[("/phoneNumbers", json!([{ "type": "work", "value": "1" }]))]),
        ),
        (
            "PAT-39",
            json!([{ "op": "remove", "path": "emails[type eq \"home\"]" }]),
            after(&[("/emails", json!([work]))]),
        ),
        (
            "PAT-41",
            json!([{
                "op": "remove",
                "path": "emails[type eq \"work\" and value ew \"example.com\"]"
            }]),
            after(&[("/emails", json!([home]))]),
        ),
        (
            "PAT-43",
            json!([
                { "op": "add", "path": "emails[type eq \"work\"].display", "value": "d" },
                { "op": "remove", "path": "emails[type eq \"work\"].display" }
            ]),
            after(&[("/emails", json!([work, home]))]),
        ),
        (
            "PAT-59 empty",
            json!([
                { "op": "add", "path": format!("{ENTERPRISE}:manager"), "value": u3 },
                { "op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": "" }
            ]),
            vec![
                (ent("manager"), Value::Null),
                (ent("department"), json!("Tour")),
            ],
        ),
        (
            "container names its schema",
            json!([{
                "op": "add", "path": ENTERPRISE,
                "value": { "schemas": [ENTERPRISE], "costCenter": "4130" }
            }]),
            vec![(ent("costCenter"), json!("4130"))],
        ),
        (
            "PAT-59 empty object",
            json!([
                { "op": "add", "path": format!("{ENTERPRISE}:manager"), "value": u3 },
                { "op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": { "value": "" } }
            ]),
            vec![(ent("manager"), Value::Null)],
        ),
        (
            "PAT-59 remove",
            json!([
                { "op": "add", "path": format!("{ENTERPRISE}:manager"), "value": u3 },
                { "op": "remove", "path": format!("{ENTERPRISE}:manager") }
            ]),
            vec![(ent("manager"), Value::Null)],
        ),
        (
            "PAT-60",
            json!([{
                "op": "add", "path": format!("{ENTERPRISE}:manager"), "value": [{ "value": u3 }]
            }]),
            vec![(ent("manager/value"), json!(u3))],
        ),
        (
            "PAT-61",
            json!([{
                "op": "replace", "path": format!("{ENTERPRISE}:manager.value"), "value": u3
            }]),
            vec![
                (ent("manager/value"), json!(u3)),
                (ent("manager/displayName"), json!("The Boss")),
            ],
        ),
        (
            "PAT-65",
            json!([{
                "op": "add", "path": "roles", "value": [{ "value": "admin", "primary": "True" }]
            }]),
            after(&[("/roles", json!([{ "value": "admin", "primary": true }]))]),
        ),
        (
            "PAT-69",
            json!([
                { "op": "Replace", "path": "displayName", "value": "New" },
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "n@x" },
                { "op": "Replace", "path": "name.givenName", "value": "G" },
                { "op": "Add", "path": "externalId", "value": "ext" },
                { "op": "Add", "path": format!("{ENTERPRISE}:employeeNumber"), "value": "7" }
            ]),
            vec![
                ("/displayName".into(), json!("New")),
                ("/emails/0/value".into(), json!("n@x")),
                ("/name/givenName".into(), json!("G")),
                ("/externalId".into(), json!("ext")),
                (ent("employeeNumber"), json!("7")),
            ],
        ),
        (
            "A3",
            json!([{ "op": "replace", "value": {
                "displayName": "Bjfe", "name.givenName": "Kjfe",
                format!("{ENTERPRISE}:employeeNumber"): "42"
            } }]),
            vec![
                ("/displayName".into(), json!("Bjfe")),
                ("/name/givenName".into(), json!("Kjfe")),
                (ent("employeeNumber"), json!("42")),
            ],
        ),
        (
            "A47",
            json!([{ "op": "remove", "path": ENTERPRISE }]),
            vec![
                (format!("/{ENTERPRISE}"), Value::Null),
                ("/schemas".into(), json!([USER])),
            ],
        ),
    ];
    for (n, (row, operations, expected)) in rows.into_iter().enumerate() {
        let path = format!("/Users/{}", fresh(&team, n));
        let before = team.read(&path);
        let answer = team.patch(&path, operations);
        assert_eq!(answer.status(), 200, "{row}: {}", answer.body());
        for (pointer, value) in expected {
            assert_eq!(
                at(answer.body(), &pointer),
                value,
                "{row} {pointer}: {}",
                answer.body()
            );
        }
        assert_eq!(&team.read(&path), answer.body(), "{row}");
        if row != "PAT-43" && !row.starts_with("PAT-59") {
            assert_ne!(
                answer.body()["meta"]["version"],
                before["meta"]["version"],
                "{row}"
            );
        }
        if row == "PAT-29" {
            assert_ne!(at(answer.body(), "/emails/0/primary"), json!(true), "{row}");
        }
    }
}

#[test]
fn what_changes_nothing_keeps_version_and_time() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let before = team.read(&path);
    for (row, operations) in [
        (
            "PAT-08",
            json!([{ "op": "add", "path": "title", "value": "Guide" }]),
        ),
        (
            "PAT-28",
            json!([{
                "op": "add", "path": "emails",
                "value": [{ "type": "home", "value": "babs@jensen.org" }]
            }]),
        ),
        (
            "PAT-40",
            json!([{ "op": "remove", "path": "emails[type eq \"nope\"]" }]),
        ),
        (
            "PAT-53",
            json!([
                { "op": "add", "path": "nickName", "value": "A" },
                { "op": "remove", "path": "nickName" }
            ]),
        ),
        (
            "A30",
            json!([{ "op": "add", "path": "title", "value": null }]),
        ),
        ("absent", json!([{ "op": "remove", "path": "nickName" }])),
    ] {
        let answer = team.patch(&path, operations);
        assert_eq!(answer.status(), 200, "{row}: {}", answer.body());
        assert_eq!(answer.body(), &before, "{row}");
    }
    assert_eq!(team.read(&path), before);
}

#[test]
fn what_cannot_be_applied_is_refused_as_a_whole() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let before = team.read(&path);
    let op =
        |op: &str, path: &str, value: Value| json!([{ "op": op, "path": path, "value": value }]);
    let remove = |path: &str| json!([{ "op": "remove", "path": path }]);
    let x = || json!("x");
    for (row, operations, kind) in [
        ("PAT-03", op("move", "title", x()), "invalidSyntax"),
        (
            "PAT-03",
            json!([{ "path": "title", "value": "x" }]),
            "invalidSyntax",
        ),
        ("PAT-04", json!([]), "invalidSyntax"),
        (
            "PAT-04",
            json!({ "op": "remove", "path": "title" }),
            "invalidSyntax",
        ),
        ("PAT-04", Value::Null, "invalidSyntax"),
        ("PAT-11", json!([{ "op": "remove" }]), "noTarget"),
        ("PAT-12", remove("userName"), "mutability"),
        (
            "PAT-13",
            op("replace", "userName", Value::Null),
            "invalidValue",
        ),
        (
            "PAT-13",
            op("replace", "userName", json!("")),
            "invalidValue",
        ),
        ("A7", op("replace", "id", x()), "mutability"),
        ("A7", op("replace", "meta.created", x()), "mutability"),
        (
            "A7",
            op("add", "groups", json!([{ "value": team.g2 }])),
            "mutability",
        ),
        (
            "PAT-31",
            op(
                "add",
                "emails",
                json!([
                    { "value": "a@x", "primary": true }, { "value": "b@x", "primary": true }
                ]),
            ),
            "invalidValue",
        ),
        (
            "PAT-37",
            op("replace", "emails[value co \"zzz\"].value", x()),
            "noTarget",
        ),
        ("PAT-44", op("replace", ".value", x()), "invalidPath"),
        ("PAT-44", op("replace", "a b", x()), "invalidPath"),
        ("PAT-45", remove("emails[type gt 5]"), "invalidFilter"),
        (
            "PAT-47",
            op("replace", "name.first.second", x()),
            "invalidPath",
        ),
        (
            "PAT-48",
            op("replace", "emails[0].value", x()),
            "invalidPath",
        ),
        ("PAT-48", op("replace", "/emails/0", x()), "invalidPath"),
        (
            "PAT-49",
            op("replace", "name[givenName eq \"x\"].familyName", x()),
            "invalidPath",
        ),
        ("PAT-51", op("replace", "title", json!(5)), "invalidValue"),
        ("PAT-51", op("replace", "active", json!({})), "invalidValue"),
        ("PAT-51", op("replace", "name", x()), "invalidValue"),
        ("A20", op("replace", "nosuch", x()), "invalidPath"),
        (
            "PAT-52",
            json!([
                { "op": "replace", "path": "title", "value": "A" },
                { "op": "replace", "path": "nosuch", "value": "B" }
            ]),
            "invalidPath",
        ),
        ("PAT-64", op("add", "emails", json!([null])), "invalidValue"),
        (
            "no value",
            json!([{ "op": "add", "path": "title" }]),
            "invalidValue",
        ),
        (
            "value text",
            json!([{ "op": "add", "value": "x" }]),
            "invalidValue",
        ),
        (
            "path number",
            json!([{ "op": "add", "path": 5, "value": "x" }]),
            "invalidPath",
        ),
        ("op number", json!([{ "op": 5 }]), "invalidSyntax"),
        ("operation text", json!(["remove"]), "invalidSyntax"),
    ] {
        let shown = format!("{row} {operations}");
        refused(&shown, &team.patch(&path, operations), 400, kind);
        assert_eq!(team.read(&path), before, "{shown}");
    }
    for (row, path_of) in [
        ("PAT-44", "emails[type eq \"work\""),
        ("PAT-44", "emails[].value"),
    ] {
        let answer = team.patch(&path, op("replace", path_of, x()));
        assert_eq!(answer.status(), 400, "{row}");
        assert!(
            matches!(
                text(answer.body(), "/scimType"),
                "invalidPath" | "invalidFilter"
            ),
            "{row}: {}",
            answer.body()
        );
    }
    for (row, operations) in [
        ("PAT-63", op("add", "schemas", json!(["urn:unknown"]))),
        ("PAT-63", op("remove", "schemas", json!([USER]))),
        ("PAT-63", remove(&format!("schemas[value eq \"{USER}\"]"))),
    ] {
        let answer = team.patch(&path, operations);
        assert_eq!(answer.status(), 400, "{row}: {}", answer.body());
    }
    for (row, body) in [
        (
            "PAT-05",
            json!({ "Operations": [{ "op": "remove", "path": "title" }] }),
        ),
        (
            "PAT-05",
            json!({ "schemas": [USER], "Operations": [{ "op": "remove", "path": "title" }] }),
        ),
        (
            "PAT-04",
            json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }),
        ),
    ] {
        let answer = team.server.call("PATCH", &path, &body);
        refused(row, &answer, 400, "invalidSyntax");
    }
    let twice = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"add","op":"remove","path":"title"}]}"#;
    refused(
        "PAT-03 twice",
        &team.with("PATCH", &path, &[], twice),
        400,
        "invalidSyntax",
    );
    let taken = op("replace", "userName", json!("Jsmith@example.com"));
    refused("taken", &team.patch(&path, taken), 409, "uniqueness");
    let absent = format!("/Users/{}", "0".repeat(48));
    refused("PAT-57", &team.patch(&absent, remove("title")), 404, "");
    assert_eq!(team.read(&path), before);
}

#[test]
fn a_projected_answer_has_only_what_was_asked_for() {
    let team = Example::new();
    let answer = team.patch(
        &format!("/Users/{}?attributes=title", team.u1),
        json!([{ "op": "replace", "path": "title", "value": "X" }]),
    );
    assert_eq!(answer.status(), 200, "PAT-55");
    let mut names: Vec<_> = answer.body().as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["id", "schemas", "title"], "PAT-55");
}

#[test]
fn many_operations_are_fine_and_too_many_are_refused() {
    let team = Example::new();
    let path = format!("/Users/{}", team.u1);
    let many = |n: usize| -> Value {
        (0..n)
            .map(|i| json!({ "op": "replace", "path": "title", "value": format!("t{i}") }))
            .collect()
    };
    let answer = team.patch(&path, many(1000));
    assert_eq!(answer.body()["title"], "t999", "PAT-67: {}", answer.body());
    let answer = team.patch(&path, many(1001));
    assert!(
        matches!(answer.status().as_u16(), 400 | 413),
        "PAT-67: {}",
        answer.body()
    );
    assert!(text(answer.body(), "/detail").contains("1000"), "PAT-67");
    assert_eq!(team.read(&path)["title"], "t999", "PAT-67");
}

#[test]
fn concurrent_changes_of_different_attributes_all_stay() {
    let team = Example::new();
    let path = format!("/Users/{}", team.user(&named("busy@example.com")));
    let attributes = [
        "title",
        "nickName",
        "userType",
        "locale",
        "timezone",
        "displayName",
        "externalId",
        "preferredLanguage",
    ];
    std::thread::scope(|scope| {
        for attribute in attributes {
            let (team, path) = (&team, &path);
            scope.spawn(move || {
                let operation = json!([{ "op": "add", "path": attribute, "value": attribute }]);
                let answer = team.server.call("PATCH", path, &ops(operation));
                assert_eq!(answer.status(), 200, "PAT-68: {}", answer.body());
            });
        }
    });
    let user = team.read(&path);
    for attribute in attributes {
        assert_eq!(user[attribute], attribute, "PAT-68: {user}");
    }
}

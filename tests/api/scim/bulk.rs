//! `/Bulk`: BULK, and what hostile bodies meet.

use serde_json::{Value, json};
use ureq::http::Response;

use crate::server::Server;
use crate::team::{ENTERPRISE, Example, GROUP, Team, USER, header, named, ops, refused, text};

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// `bulk.maxOperations` and `bulk.maxPayloadSize` as published.
const OPERATIONS: usize = 1_000;
const PAYLOAD: usize = 1_048_576;

fn request(operations: Value) -> Value {
    let mut body = json!({ "schemas": [REQUEST] });
    body["Operations"] = operations;
    body
}

/// The results of a bulk request that was processed; checks the message and what every result has.
fn results_of(answer: Response<Value>) -> Vec<Value> {
    assert_eq!(answer.status(), 200, "{}", answer.body());
    assert_eq!(
        header(&answer, "content-type"),
        Some("application/scim+json")
    );
    let body = answer.into_body();
    assert_eq!(body["schemas"], json!([RESPONSE]));
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    let results = body["Operations"].as_array().unwrap().clone();
    for result in &results {
        let status: u16 = text(result, "/status").parse().unwrap();
        if status >= 300 {
            assert_eq!(result["response"]["schemas"], json!([ERROR]), "{result}");
            assert_eq!(result["response"]["status"], result["status"], "{result}");
            assert!(text(result, "/response/detail").len() > 10, "{result}");
            assert!(result.get("version").is_none(), "{result}");
        } else {
            assert!(result.get("response").is_none(), "{result}");
            assert!(text(result, "/location").starts_with("http"), "{result}");
        }
    }
    results
}

fn bulk(team: &Team, operations: Value) -> Vec<Value> {
    results_of(team.post("/Bulk", &request(operations)))
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|result| text(result, "/status"))
        .collect()
}

/// The id of the resource that a result is about.
fn id(result: &Value) -> &str {
    text(result, "/location").rsplit('/').next().unwrap()
}

/// The result of the operation with this bulk id.
fn of<'r>(results: &'r [Value], bulk_id: &str) -> &'r Value {
    let mut all = results.iter().filter(|result| result["bulkId"] == bulk_id);
    let found = all
        .next()
        .unwrap_or_else(|| panic!("{bulk_id} in {results:?}"));
    assert!(all.next().is_none(), "{bulk_id} twice in {results:?}");
    found
}

fn post_user(bulk_id: &str, user_name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": bulk_id, "data": named(user_name) })
}

/// POST of a group with the members of these bulk ids.
fn post_group(bulk_id: &str, name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|id| json!({ "value": format!("bulkId:{id}") }))
        .collect();
    json!({ "method": "POST", "path": "/Groups", "bulkId": bulk_id,
            "data": { "schemas": [GROUP], "displayName": name, "members": members } })
}

#[test]
fn each_method_does_what_a_request_of_its_own_does() {
    let team = Example::new();
    let mut put = named("jsmith@example.com");
    put["title"] = json!("Put");
    let results = bulk(
        &team,
        json!([
            post_user("a", "new@example.com"),
            { "method": "PUT", "path": format!("/Users/{}", team.u2), "bulkId": "b", "data": put },
            { "method": "PATCH", "path": format!("/Users/{}", team.u1),
              "data": ops(json!([{ "op": "replace", "path": "title", "value": "Patched" }])) },
            { "method": "patch", "path": format!("Groups/{}", team.g2),
              "data": ops(json!([{ "op": "add", "path": "members", "value": [{ "value": team.u3 }] }])) },
            { "method": "DELETE", "path": format!("/Users/{}", team.u3) },
        ]),
    );
    assert_eq!(
        statuses(&results),
        ["201", "200", "200", "204", "204"],
        "BULK-01"
    );
    let methods: Vec<&str> = results.iter().map(|r| text(r, "/method")).collect();
    assert_eq!(
        methods,
        ["POST", "PUT", "PATCH", "patch", "DELETE"],
        "BULK-01"
    );
    assert_eq!(results[0]["bulkId"], "a", "BULK-01");
    assert_eq!(results[1]["bulkId"], "b", "BULK-01");
    let base = format!("{}/scim/v2", team.server.url);
    for (result, path) in results.iter().zip([
        format!("/Users/{}", id(&results[0])),
        format!("/Users/{}", team.u2),
        format!("/Users/{}", team.u1),
        format!("/Groups/{}", team.g2),
        format!("/Users/{}", team.u3),
    ]) {
        assert_eq!(result["location"], format!("{base}{path}"), "BULK-01");
        if result["method"] == "DELETE" {
            assert_eq!(team.get(&path).status(), 404, "BULK-01");
            assert!(result.get("version").is_none(), "BULK-01");
        } else if !path.contains(&team.g2) {
            let version = &team.read(&path)["meta"]["version"];
            assert_eq!(&result["version"], version, "BULK-01");
        }
    }
    assert_eq!(
        team.read(&format!("/Users/{}", team.u2))["title"],
        "Put",
        "BULK-01"
    );
    assert_eq!(
        team.read(&format!("/Users/{}", team.u1))["title"],
        "Patched",
        "BULK-01"
    );
    assert!(
        team.members(&team.g2).is_empty(),
        "BULK-01: the deleted user is no member"
    );
}

#[test]
fn references_become_ids_wherever_they_stand() {
    let team = Example::new();
    let in_data = bulk(
        &team,
        json!([
            post_group("tours", "Tours", &["qwerty"]),
            post_user("qwerty", "qwerty@example.com"),
        ]),
    );
    assert_eq!(statuses(&in_data), ["201", "201"], "BULK-02");
    let user = id(of(&in_data, "qwerty")).to_owned();
    let group = id(of(&in_data, "tours")).to_owned();
    assert_eq!(
        team.members(&group),
        [user.as_str()],
        "BULK-02: a forward reference"
    );
    assert_eq!(
        of(&in_data, "tours")["version"],
        team.read(&format!("/Groups/{group}"))["meta"]["version"],
        "BULK-02"
    );

    let results = bulk(
        &team,
        json!([
            { "method": "POST", "path": "/Users", "bulkId": "report", "data": {
                "schemas": [USER, ENTERPRISE], "userName": "report@example.com",
                ENTERPRISE: { "manager": { "value": "bulkId:boss" } } } },
            post_user("boss", "second.boss@example.com"),
            { "method": "PATCH", "path": "/Users/bulkId:boss",
              "data": ops(json!([{ "op": "add", "path": "title", "value": "bulkId of a boss" }])) },
            { "method": "PATCH", "path": format!("/Groups/{}", team.g1),
              "data": ops(json!([{ "op": "add", "path": "members", "value": [
                  { "value": "bulkId:boss", "type": "User" }, { "value": "bulkId:report" }] }])) },
            { "method": "PATCH", "path": format!("/Groups/{}", team.g1),
              "data": ops(json!([{ "op": "remove", "path": "members[value eq \"bulkId:report\"]" }])) },
            { "method": "PUT", "path": format!("/Groups/{}", team.g2), "data": {
                "schemas": [GROUP], "displayName": "Managers",
                "members": [{ "value": "bulkId:boss", "$ref": "../Users/bulkId:boss" }] } },
        ]),
    );
    assert!(
        results.iter().all(|r| text(r, "/status").starts_with('2')),
        "{results:?}"
    );
    let (boss, report) = (id(of(&results, "boss")), id(of(&results, "report")));
    let shown = team.read(&format!("/Users/{report}"));
    assert_eq!(shown[ENTERPRISE]["manager"]["value"], boss, "BULK-05");
    let shown = team.read(&format!("/Users/{boss}"));
    assert_eq!(shown["title"], "bulkId of a boss", "BULK-06");
    let members = team.members(&team.g1);
    assert!(members.contains(&boss.to_owned()), "{members:?}");
    assert!(!members.contains(&report.to_owned()), "{members:?}");
    assert_eq!(team.members(&team.g2), [boss]);
}

#[test]
fn a_circle_of_references_is_created_whole_or_not_at_all() {
    let team = Example::new();
    let results = bulk(
        &team,
        json!([
            post_group("a", "Ring A", &["b"]),
            post_group("b", "Ring B", &["a"])
        ]),
    );
    assert_eq!(statuses(&results), ["201", "201"], "BULK-04");
    let (a, b) = (id(of(&results, "a")), id(of(&results, "b")));
    assert_eq!(team.members(a), [b], "BULK-04");
    assert_eq!(team.members(b), [a], "BULK-04");
    for (name, group) in [("a", a), ("b", b)] {
        let version = &team.read(&format!("/Groups/{group}"))["meta"]["version"];
        assert_eq!(&of(&results, name)["version"], version, "BULK-04");
    }

    let before = (team.list("/Groups").len(), team.list("/Users").len());
    let results = bulk(
        &team,
        json!([
            post_group("c", "Ring C", &["d"]),
            post_user("alone", "alone@example.com"),
            post_group("d", "Tour Guides", &["e"]),
            post_group("e", "Ring E", &["c", "alone"]),
        ]),
    );
    for name in ["c", "d", "e"] {
        let result = of(&results, name);
        assert_eq!(result["status"], "409", "BULK-04: never half");
        assert!(
            result.get("location").is_none(),
            "BULK-04: a failed POST has none"
        );
        let detail = text(result, "/response/detail");
        assert!(
            detail.contains("\"d\" failed") && detail.contains("Tour Guides"),
            "{detail}"
        );
    }
    assert_eq!(
        of(&results, "alone")["status"],
        "201",
        "BULK-04: outside of the circle"
    );
    let after = (team.list("/Groups").len(), team.list("/Users").len());
    assert_eq!(after, (before.0, before.1 + 1), "BULK-04: never half");

    let three = bulk(
        &team,
        json!([
            post_group("x", "Three X", &["y"]),
            post_group("y", "Three Y", &["z"]),
            post_group("z", "Three Z", &["x"]),
        ]),
    );
    assert_eq!(statuses(&three), ["201", "201", "201"], "a circle of three");
    assert_eq!(team.members(id(of(&three, "z"))), [id(of(&three, "x"))]);

    let own = |bulk_id: &str, name: &str| {
        json!({ "method": "POST", "path": "/Users", "bulkId": bulk_id, "data": {
            "schemas": [USER, ENTERPRISE], "userName": name,
            ENTERPRISE: { "manager": { "value": format!("bulkId:{bulk_id}") } } } })
    };
    let results = bulk(
        &team,
        json!([
            own("me", "own.boss@example.com"),
            post_group("self", "Self", &["self"])
        ]),
    );
    let boss = id(of(&results, "me"));
    let shown = team.read(&format!("/Users/{boss}"));
    assert_eq!(
        shown[ENTERPRISE]["manager"]["value"], boss,
        "one can be one's own manager"
    );
    assert_eq!(
        of(&results, "self")["status"],
        "409",
        "a group is not its own member"
    );
}

#[test]
fn a_reference_without_a_resource_fails_its_operation_alone() {
    let team = Example::new();
    let results = bulk(
        &team,
        json!([
            post_group("g", "Dangling", &["nobody"]),
            post_user("taken", "jsmith@example.com"),
            post_group("h", "Of a failure", &["taken"]),
            { "method": "PATCH", "path": "/Users/bulkId:taken", "data": ops(json!([])) },
            { "method": "DELETE", "path": "/Users/bulkId:h" },
            post_user("good", "good@example.com"),
        ]),
    );
    assert_eq!(of(&results, "g")["status"], "409", "BULK-08");
    assert!(
        text(of(&results, "g"), "/response/detail").contains("bulkId:nobody"),
        "BULK-08"
    );
    assert_eq!(of(&results, "taken")["status"], "409", "BULK-09");
    assert_eq!(
        of(&results, "taken")["response"]["scimType"],
        "uniqueness",
        "BULK-09"
    );
    assert_eq!(of(&results, "h")["status"], "409", "BULK-09");
    assert_eq!(
        of(&results, "good")["status"],
        "201",
        "BULK-08, BULK-09: others are done"
    );
    let failed: Vec<&Value> = results.iter().filter(|r| r["status"] == "409").collect();
    assert_eq!(failed.len(), 5, "BULK-09: {results:?}");
    assert_eq!(team.list("/Groups").len(), 3, "BULK-08, BULK-09");
}

#[test]
fn what_is_wrong_with_an_operation_is_its_own_result() {
    let team = Example::new();
    let user = format!("/Users/{}", team.u1);
    let stale = team.read(&user)["meta"]["version"].clone();
    let change = ops(json!([{ "op": "replace", "path": "title", "value": "x" }]));
    team.patch(
        &user,
        json!([{ "op": "replace", "path": "title", "value": "y" }]),
    );
    let elsewhere = "http://127.0.0.1:9/scim/v2/Users";
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        (
            "BULK-10",
            json!({ "method": "POST", "path": "/Users", "data": named("a@example.com") }),
            "400",
            "invalidSyntax",
        ),
        (
            "BULK-16",
            json!({ "method": "PUT", "path": user, "version": stale, "data": named("bjensen@example.com") }),
            "412",
            "",
        ),
        (
            "BULK-16",
            json!({ "method": "PATCH", "path": user, "version": stale, "data": change }),
            "412",
            "",
        ),
        (
            "BULK-16",
            json!({ "method": "DELETE", "path": user, "version": stale }),
            "412",
            "",
        ),
        (
            "BULK-17",
            json!({ "method": "GET", "path": user }),
            "400",
            "invalidSyntax",
        ),
        ("BULK-17", json!({ "path": user }), "400", "invalidSyntax"),
        (
            "BULK-18",
            json!({ "method": "POST", "path": "/Nope", "bulkId": "n", "data": {} }),
            "404",
            "",
        ),
        (
            "BULK-18",
            json!({ "method": "POST", "path": elsewhere, "bulkId": "o", "data": named("b@example.com") }),
            "400",
            "invalidValue",
        ),
        (
            "no such user",
            json!({ "method": "DELETE", "path": "/Users/2819c223" }),
            "404",
            "",
        ),
        (
            "/Me",
            json!({ "method": "POST", "path": "/Me", "bulkId": "m", "data": named("c@example.com") }),
            "501",
            "",
        ),
        (
            "no data",
            json!({ "method": "PUT", "path": user }),
            "400",
            "invalidSyntax",
        ),
        (
            "no path",
            json!({ "method": "DELETE" }),
            "400",
            "invalidSyntax",
        ),
        ("not an object", json!(7), "400", "invalidSyntax"),
        (
            "no userName",
            json!({ "method": "POST", "path": "/Users", "bulkId": "u", "data": { "schemas": [USER] } }),
            "400",
            "invalidValue",
        ),
    ];
    let all: Vec<Value> = cases
        .iter()
        .map(|(_, operation, ..)| operation.clone())
        .collect();
    let results = bulk(&team, json!(all));
    assert_eq!(results.len(), cases.len());
    for ((row, operation, status, scim_type), result) in cases.iter().zip(&results) {
        assert_eq!(result["status"], *status, "{row}: {operation} {result}");
        let found = result["response"]["scimType"].as_str().unwrap_or_default();
        assert_eq!(found, *scim_type, "{row}: {result}");
        if *status == "412" {
            let location = format!("{}/scim/v2{user}", team.server.url);
            assert_eq!(
                result["location"], location,
                "{row}: a failed PUT has a location"
            );
        }
    }
    assert_eq!(team.list("/Users").len(), 3);
    assert_eq!(team.read(&user)["title"], "y", "BULK-16");
    let present = team.read(&user)["meta"]["version"].clone();
    let operation =
        json!([{ "method": "PATCH", "path": user, "version": present, "data": change }]);
    assert_eq!(
        statuses(&bulk(&team, operation)),
        ["200"],
        "BULK-16: the present version passes"
    );
}

#[test]
fn fail_on_errors_ends_the_job() {
    let team = Example::new();
    let gone = |n: usize| json!({ "method": "DELETE", "path": format!("/Users/gone-{n}") });
    let job = |limit: Value, operations: Value| {
        let mut body = request(operations);
        body["failOnErrors"] = limit;
        results_of(team.post("/Bulk", &body))
    };
    let after = [
        post_user("a", "a@example.com"),
        post_user("b", "b@example.com"),
    ];
    let results = job(json!(1), json!([gone(1), after[0], after[1]]));
    assert_eq!(statuses(&results), ["404"], "BULK-12");

    let operations = json!([
        after[0],
        gone(1),
        after[1],
        gone(2),
        post_user("c", "c@example.com")
    ]);
    let results = job(json!(2), operations);
    assert_eq!(statuses(&results), ["201", "404", "201", "404"], "BULK-13");
    assert_eq!(
        team.found("/Users", "userName eq \"c@example.com\"").len(),
        0,
        "BULK-13"
    );

    for never in [json!(0), Value::Null] {
        let results = job(never, json!([gone(1), gone(2), gone(3)]));
        assert_eq!(statuses(&results), ["404", "404", "404"], "BULK-14");
    }
    let all = bulk(&team, json!([gone(1), gone(2)]));
    assert_eq!(statuses(&all), ["404", "404"], "BULK-14");

    // More than are on their way at a time: what follows the failure is never done.
    let mut many: Vec<Value> = (0..200)
        .map(|n| post_user(&format!("n{n}"), &format!("n{n}@example.com")))
        .collect();
    many[5] = gone(5);
    let before = team.read("/Users?count=0")["totalResults"]
        .as_u64()
        .unwrap();
    let results = job(json!(1), json!(many));
    assert_eq!(results.len(), 6, "BULK-12");
    let now = team.read("/Users?count=0")["totalResults"]
        .as_u64()
        .unwrap();
    assert_eq!(now, before + 5, "BULK-12: nothing after the failure");
}

#[test]
fn names_are_unique_inside_a_bulk_too() {
    let team = Team::new();
    let results = bulk(
        &team,
        json!([
            post_user("one", "Same@example.com"),
            post_user("two", "same@EXAMPLE.com"),
            post_user("one", "other@example.com"),
        ]),
    );
    assert_eq!(statuses(&results), ["201", "409", "400"], "BULK-25");
    assert_eq!(results[1]["response"]["scimType"], "uniqueness", "BULK-25");
    assert_eq!(
        team.list("/Users").len(),
        1,
        "BULK-25, and a bulkId is given once"
    );
}

#[test]
fn the_limits_are_those_that_are_published_and_nothing_beyond_is_done() {
    let team = Team::new();
    let published = team.read("/ServiceProviderConfig")["bulk"].clone();
    let expected =
        json!({ "supported": true, "maxOperations": OPERATIONS, "maxPayloadSize": PAYLOAD });
    assert_eq!(published, expected);
    let many = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|n| post_user(&format!("{n}"), &format!("u{n}@example.com")))
            .collect()
    };
    let answer = team.post("/Bulk", &request(json!(many(OPERATIONS + 1))));
    refused("BULK-20", &answer, 413, "");
    assert!(
        text(answer.body(), "/detail").contains("maxOperations (1000)"),
        "BULK-20"
    );
    assert!(
        team.list("/Users").is_empty(),
        "BULK-20: nothing is executed"
    );
    let small = format!(
        "{{\"schemas\":[\"{REQUEST}\"],\"Operations\":[{}]}}",
        "1,".repeat(50_000) + "1"
    );
    let answer = team.with("POST", "/Bulk", &[], &small);
    refused("BULK-20", &answer, 413, "");

    let mut body = request(json!([post_user("a", "a@example.com")])).to_string();
    body.push_str(&" ".repeat(PAYLOAD + 1 - body.len()));
    let answer = team.with("POST", "/Bulk", &[], &body);
    refused("BULK-21", &answer, 413, "");
    assert!(
        text(answer.body(), "/detail").contains("1048576"),
        "BULK-21"
    );
    assert!(
        team.list("/Users").is_empty(),
        "BULK-21: nothing is executed"
    );
    body.pop();
    let answer = team.with("POST", "/Bulk", &[], &body);
    assert_eq!(
        statuses(&results_of(answer)),
        ["201"],
        "BULK-21: exactly the limit passes"
    );

    let results = bulk(&team, json!(many(OPERATIONS)));
    assert_eq!(
        results.len(),
        OPERATIONS,
        "BULK-20: exactly the limit passes"
    );
    assert!(results.iter().all(|result| result["status"] == "201"));
}

#[test]
fn an_envelope_that_is_no_bulk_request_is_refused_whole() {
    let team = Team::new();
    let mut deep = json!(1);
    for _ in 0..60 {
        deep = json!([deep]);
    }
    for (row, body, scim_type) in [
        ("BULK-22", json!({ "schemas": [REQUEST] }), "invalidSyntax"),
        (
            "BULK-22",
            json!({ "schemas": [REQUEST], "Operations": {} }),
            "invalidSyntax",
        ),
        ("BULK-22", json!({ "Operations": [] }), "invalidSyntax"),
        ("BULK-22", json!([]), "invalidSyntax"),
        (
            "failOnErrors",
            json!({ "schemas": [REQUEST], "failOnErrors": -1, "Operations": [] }),
            "invalidValue",
        ),
        (
            "depth",
            request(json!([post_user("a", "a@example.com"), deep])),
            "invalidSyntax",
        ),
    ] {
        refused(row, &team.post("/Bulk", &body), 400, scim_type);
    }
    for text in ["", "{", "{\"schemas\":[],\"schemas\":[]}"] {
        refused(
            text,
            &team.with("POST", "/Bulk", &[], text),
            400,
            "invalidSyntax",
        );
    }
    refused("GET", &team.get("/Bulk"), 405, "");
    assert!(team.list("/Users").is_empty(), "BULK-22");
    assert!(
        bulk(&team, json!([])).is_empty(),
        "nothing to do is no error"
    );
}

#[test]
fn bodies_made_to_hurt_get_an_answer() {
    let team = Team::new();
    // Each group contains the next one, so the last is done first.
    let chain: Vec<Value> = (0..OPERATIONS)
        .map(|n| match n + 1 {
            OPERATIONS => post_group(&format!("c{n}"), &format!("Chain {n}"), &[]),
            next => post_group(
                &format!("c{n}"),
                &format!("Chain {n}"),
                &[&format!("c{next}")],
            ),
        })
        .collect();
    let results = bulk(&team, json!(chain));
    assert_eq!(results.len(), OPERATIONS);
    assert!(
        results.iter().all(|result| result["status"] == "201"),
        "a chain"
    );
    assert_eq!(
        results[0]["bulkId"], "c999",
        "results come in the order of processing"
    );
    let first = id(of(&results, "c0"));
    assert_eq!(team.members(first), [id(of(&results, "c1"))]);

    // One circle of everything, with one member that cannot be.
    let circle: Vec<Value> = (0..OPERATIONS)
        .map(|n| {
            let name = if n == 500 {
                "Chain 0".to_owned()
            } else {
                format!("Circle {n}")
            };
            post_group(
                &format!("c{n}"),
                &name,
                &[&format!("c{}", (n + 1) % OPERATIONS)],
            )
        })
        .collect();
    let results = bulk(&team, json!(circle));
    assert_eq!(results.len(), OPERATIONS);
    assert!(
        results.iter().all(|result| result["status"] == "409"),
        "a circle"
    );
    assert!(
        results
            .iter()
            .all(|r| text(r, "/response/detail").len() < 1_000)
    );

    // References to references, ids that are none, and what looks like a reference.
    let long = "x".repeat(10_000);
    for odd in [
        "",
        "bulkId:",
        "bulkId:bulkId:a",
        "a\"b",
        long.as_str(),
        "../../x",
        "%2e%2e",
    ] {
        let results = bulk(
            &team,
            json!([
                { "method": "DELETE", "path": format!("/Users/bulkId:{odd}") },
                { "method": "DELETE", "path": format!("/Users/{odd}") },
                post_group("g", "Odd", &[odd]),
            ]),
        );
        assert_eq!(results.len(), 3, "{odd}");
        assert!(
            results.iter().all(|r| text(r, "/status").starts_with('4')),
            "{odd}: {results:?}"
        );
    }
    assert_eq!(team.get("/ServiceProviderConfig").status(), 200);
}

#[test]
fn nobody_waits_for_an_answer_that_was_not_promised() {
    let team = Team::new();
    let body = request(json!([post_user("a", "a@example.com")])).to_string();
    let prefer = [
        ("Prefer", "respond-async"),
        ("Content-Type", "application/scim+json"),
    ];
    let answer = team.with("POST", "/Bulk", &prefer, &body);
    assert!(header(&answer, "preference-applied").is_none(), "MISC-01");
    assert_eq!(statuses(&results_of(answer)), ["201"], "MISC-01: never 202");
    let body = named("b@example.com").to_string();
    assert_eq!(
        team.with("POST", "/Users", &prefer, &body).status(),
        201,
        "MISC-01"
    );
}

#[test]
fn a_team_can_switch_it_off() {
    let team = Team::new().becomes("standard", &json!({ "bulk": false }));
    let body = request(json!([post_user("a", "a@example.com")]));
    refused("BULK-24", &team.post("/Bulk", &body), 501, "");
    refused("BULK-24", &team.post("/Bulk", &json!({})), 501, "");
}

/// The server answers others while it works.
#[test]
fn a_long_job_leaves_room_for_others() {
    let team = Team::new();
    let job = |prefix: &str| {
        let operations: Vec<Value> = (0..OPERATIONS)
            .map(|n| post_user(&format!("{n}"), &format!("{prefix}{n}@example.com")))
            .collect();
        request(json!(operations))
    };
    let server: &Server = &team.server;
    std::thread::scope(|scope| {
        let jobs: Vec<_> = ["a", "b", "c", "d"]
            .map(|prefix| {
                let body = job(prefix);
                scope.spawn(move || results_of(server.call("POST", "/Bulk", &body)))
            })
            .into();
        for n in 0..20 {
            let body = named(&format!("single{n}@example.com"));
            assert_eq!(server.call("POST", "/Users", &body).status(), 201);
        }
        for job in jobs {
            let results = job.join().unwrap();
            assert!(results.iter().all(|result| result["status"] == "201"));
        }
    });
    let total = &team.read("/Users?count=0")["totalResults"];
    assert_eq!(total, &json!(4 * OPERATIONS + 20));
}

/// The inbound API takes a `bulkId` twice and answers 202; it is an endpoint of its own. Here the rules
/// of RFC 7644 hold: the name of an operation is its own.
#[test]
fn what_the_inbound_api_takes_is_judged_by_the_standard_here() {
    let team = Team::new();
    let mut body = request(json!([
        post_user("701984", "one@example.com"),
        post_user("701984", "two@example.com"),
        post_user("701985", "three@example.com"),
    ]));
    body["failOnErrors"] = Value::Null;
    let answer = team.post("/Bulk", &body);
    assert_ne!(answer.status(), 202, "BULK-26");
    assert!(header(&answer, "location").is_none(), "BULK-26");
    let results = results_of(answer);
    assert_eq!(results.len(), 3, "BULK-26: null is no limit of errors");
    assert_eq!(results[1]["status"], "400", "BULK-26: {results:?}");
    assert_eq!(results[2]["status"], "201", "BULK-26: {results:?}");
    assert!(
        team.found("/Users", "userName eq \"two@example.com\"")
            .is_empty()
    );
}

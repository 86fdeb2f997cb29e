//! Groups with many members: what costs by the change must not cost by the group.

use serde_json::{Value, json};

use crate::team::{GROUP, Team, named, refused, text};

/// Users made at once; in debug builds a request costs a millisecond.
fn many(team: &Team, count: usize) -> Vec<String> {
    let mut made: Vec<(usize, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                scope.spawn(move || {
                    (thread..count)
                        .step_by(8)
                        .map(|n| (n, team.user(&named(&format!("m{n}@example.com")))))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    made.sort();
    made.into_iter().map(|(_, id)| id).collect()
}

fn members(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({ "value": id })).collect()
}

/// Users made by bulk requests; their ids in no order.
fn twenty_thousand(team: &Team) -> Vec<String> {
    let some = |request: usize| -> Vec<String> {
        let operations: Value = (0..1_000)
            .map(|n| {
                json!({
                    "method": "POST", "path": "/Users", "bulkId": format!("{n}"),
                    "data": named(&format!("u{request}-{n}@example.com")),
                })
            })
            .collect();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
        });
        let answer = team.post("/Bulk", &body);
        let results = answer.body()["Operations"].as_array().unwrap().iter();
        results
            .map(|result| text(result, "/location").rsplit('/').next().unwrap())
            .map(str::to_owned)
            .collect()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| scope.spawn(move || (thread..20).step_by(4).flat_map(some).collect()))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread: std::thread::ScopedJoinHandle<'_, Vec<String>>| {
                thread.join().unwrap()
            })
            .collect()
    })
}

#[test]
fn a_group_of_twenty_thousand_is_created_by_one_request() {
    let team = Team::new();
    let users = twenty_thousand(&team);
    assert_eq!(users.len(), 20_000);
    let body =
        |members: Value| json!({ "schemas": [GROUP], "displayName": "All", "members": members });
    let answer = team.post("/Groups", &body(members(&users)));
    assert_eq!(answer.status(), 201, "EVIL-35");
    let group = text(answer.body(), "/id").to_owned();
    let mut expected = users;
    expected.sort();
    assert_eq!(team.members(&group), expected, "EVIL-35");

    // One more than a list may have, and more than a request may have.
    let few: Value = (0..=100_000)
        .map(|n| json!({ "value": format!("{n}") }))
        .collect();
    let answer = team.post("/Groups", &body(few));
    refused("EVIL-35 members", &answer, 400, "invalidSyntax");
    let long: Value = (0..=100_000)
        .map(|n| json!({ "value": format!("{n:0100}") }))
        .collect();
    let answer = team.post("/Groups", &body(long));
    refused("EVIL-35 bytes", &answer, 413, "");
    assert_eq!(team.read("/Groups?count=0")["totalResults"], 1, "EVIL-35");
}

#[test]
fn members_come_in_thousands_and_one_goes() {
    let team = Team::new();
    let users = many(&team, 2_000);
    let group = team.group("Crowd", &[]);
    let path = format!("/Groups/{group}");
    for chunk in users.chunks(1_000) {
        let answer = team.patch(
            &path,
            json!([{ "op": "add", "path": "members", "value": members(chunk) }]),
        );
        assert_eq!(answer.status(), 204, "EVIL-36: {}", answer.body());
        assert!(answer.body().is_null(), "EVIL-36: members are not echoed");
    }
    let one = format!("members[value eq \"{}\"]", users[700]);
    let answer = team.patch(&path, json!([{ "op": "remove", "path": one }]));
    assert_eq!(answer.status(), 204, "EVIL-36: {}", answer.body());
    let head = team.read(&format!("{path}?excludedAttributes=members"));
    assert!(head.get("members").is_none(), "EVIL-36: {head}");
    assert_eq!(team.members(&group).len(), 1_999, "EVIL-36");
    assert!(!team.members(&group).contains(&users[700]), "EVIL-36");

    // Some groups like it in a list: whole, and without members when nobody wants them.
    for n in 0..4 {
        let body = json!({
            "schemas": [GROUP], "displayName": format!("Crowd {n}"),
            "members": members(&users),
        });
        team.create("/Groups?attributes=id", &body);
    }
    let listed = team.list("/Groups");
    assert_eq!(listed.len(), 5, "EVIL-38");
    for group in &listed[1..] {
        assert_eq!(
            group["members"].as_array().map(Vec::len),
            Some(2_000),
            "EVIL-38"
        );
    }
    for group in team.list("/Groups?excludedAttributes=members") {
        assert!(group.get("members").is_none(), "EVIL-38");
    }
}

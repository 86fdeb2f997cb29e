//! Bulk requests as far as they can be decided without a store: rows of scim.md 4.11.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::error::ScimType;
use super::super::{schemas, urn};
use super::*;

fn request(operations: impl Into<Value>) -> BulkRequest {
    let body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations.into()});
    BulkRequest::parse(body).unwrap()
}

fn ids(pairs: &[(&str, &str)]) -> Ids {
    pairs
        .iter()
        .map(|(bulk_id, id)| ((*bulk_id).to_owned(), (*id).to_owned()))
        .collect()
}

fn post(endpoint: &str, bulk_id: &str, data: impl Into<Value>) -> Value {
    json!({"method": "POST", "path": endpoint, "bulkId": bulk_id, "data": data.into()})
}

#[test]
fn the_envelope_is_read_with_its_limits_bulk_20_bulk_22() {
    let parse = BulkRequest::parse;
    let stops = [
        (json!(1), Some(1)),
        (json!(0), None),
        (Value::Null, None),
        (json!(7), Some(7)),
    ];
    for (given, expected) in stops {
        let body = json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": given, "Operations": []});
        assert_eq!(parse(body).unwrap().fail_on_errors, expected, "{given}");
    }
    let refused = [
        (json!([]), ScimType::InvalidSyntax),
        (json!({"Operations": []}), ScimType::InvalidSyntax),
        (
            json!({"schemas": [urn::BULK_REQUEST]}),
            ScimType::InvalidSyntax,
        ),
        (
            json!({"schemas": [urn::BULK_REQUEST], "Operations": {}}),
            ScimType::InvalidSyntax,
        ),
        (
            json!({"schemas": [urn::BULK_REQUEST], "Operations": [], "failOnErrors": -1}),
            ScimType::InvalidValue,
        ),
        (
            json!({"schemas": [urn::BULK_REQUEST], "Operations": [], "failOnErrors": 1.5}),
            ScimType::InvalidValue,
        ),
    ];
    for (body, expected) in refused {
        assert_eq!(
            parse(body.clone()).unwrap_err().scim_type,
            Some(expected),
            "{body}"
        );
    }
    let many: Vec<Value> = (0..=MAX_OPERATIONS).map(|_| json!({})).collect();
    let error = parse(json!({"schemas": [urn::BULK_REQUEST], "Operations": many})).unwrap_err();
    assert_eq!(error.status, 413);
    assert!(error.detail.contains("1000"), "{error}");
    let error = payload_exceeded();
    assert_eq!(error.status, 413, "BULK-21");
    assert!(error.detail.contains("1048576"), "{error}");
}

#[test]
fn a_wrong_operation_is_wrong_alone_bulk_10_bulk_17_bulk_18() {
    let data = json!({});
    let cases = [
        (json!(1), 400),
        (
            json!({"method": "POST", "path": "/Users", "data": data}),
            400,
        ),
        (
            json!({"method": "POST", "path": "/Users", "bulkId": "", "data": data}),
            400,
        ),
        (
            json!({"method": "POST", "path": "/Users", "bulkId": 7, "data": data}),
            400,
        ),
        (
            json!({"method": "POST", "path": "/Users/1", "bulkId": "b", "data": data}),
            400,
        ),
        (
            json!({"method": "POST", "path": "/Users", "bulkId": "b"}),
            400,
        ),
        (
            json!({"method": "POST", "path": "/Nope", "bulkId": "b", "data": data}),
            404,
        ),
        (
            json!({"method": "POST", "path": "/Me", "bulkId": "b", "data": data}),
            501,
        ),
        (json!({"method": "GET", "path": "/Users/1"}), 400),
        (json!({"path": "/Users/1"}), 400),
        (json!({"method": "DELETE"}), 400),
        (json!({"method": "DELETE", "path": "/Users"}), 400),
        (json!({"method": "DELETE", "path": "/Users/1/2"}), 404),
        (json!({"method": "DELETE", "path": "/Users//"}), 404),
        (
            json!({"method": "DELETE", "path": "https://other.example/Users/1"}),
            400,
        ),
        (
            json!({"method": "DELETE", "path": "//other.example/Users/1"}),
            400,
        ),
        (json!({"method": "DELETE", "path": "/Users/1?x=y"}), 400),
        (json!({"method": "PUT", "path": "/Users/1"}), 400),
        (
            json!({"method": "PATCH", "path": "/Users/1", "data": null}),
            400,
        ),
    ];
    for (operation, status) in cases {
        let mut all = request(json!([
            operation,
            {"method": "DELETE", "path": "/Users/9"}
        ]))
        .operations;
        assert!(all.pop().unwrap().wanted.is_ok());
        let error = all.pop().unwrap().wanted.unwrap_err();
        assert_eq!(error.status, status, "{operation}: {error}");
    }
}

#[test]
fn a_bulk_id_is_used_once() {
    let all = request(json!([
        post("/Users", "a", json!({})),
        post("/Users", "a", json!({})),
        post("/Users", "b", json!({})),
    ]))
    .operations;
    let ok: Vec<bool> = all.iter().map(|o| o.wanted.is_ok()).collect();
    assert_eq!(ok, [true, false, true]);
    let error = all[1].wanted.as_ref().unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
}

#[test]
fn references_are_found_and_resolved_bulk_02_bulk_05_bulk_06() {
    let ent = urn::ENTERPRISE_USER;
    let known = ids(&[("u", "ID")]);
    let cases = [
        (
            json!({"members": [{"value": "bulkId:u", "type": "User"}]}),
            json!({"members": [{"value": "ID", "type": "User"}]}),
        ),
        (json!({"members": ["bulkId:u"]}), json!({"members": ["ID"]})),
        (
            json!({"members": [{"$ref": "https://h/Users/bulkId:u", "value": "1"}]}),
            json!({"members": [{"$ref": "https://h/Users/ID", "value": "1"}]}),
        ),
        (
            json!({(ent): {"manager": {"value": "bulkId:u"}}}),
            json!({(ent): {"manager": {"value": "ID"}}}),
        ),
        (
            json!({(ent): {"manager": "bulkId:u"}}),
            json!({(ent): {"manager": "ID"}}),
        ),
        (
            json!({(format!("{ent}:manager")): "bulkId:u"}),
            json!({(format!("{ent}:manager")): "ID"}),
        ),
        (
            json!({"urn:x": {"sponsor": "bulkId:u"}}),
            json!({"urn:x": {"sponsor": "ID"}}),
        ),
    ];
    for (data, expected) in cases {
        let all = request(json!([
            post("/Users", "u", json!({})),
            post("/Groups", "g", data.clone())
        ]));
        assert_eq!(all.operations[1].references(), ["u"], "{data}");
        let Operation::Create { data, .. } = all.operations[1].resolve(&known).unwrap() else {
            panic!("a POST creates");
        };
        assert_eq!(data, expected);
    }
    let patches = [
        (
            json!({"op": "remove", "path": "members[value eq \"bulkId:u\"]"}),
            json!({"op": "remove", "path": "members[value eq \"ID\"]"}),
        ),
        (
            json!({"op": "add", "path": "members", "value": [{"value": "bulkId:u"}]}),
            json!({"op": "add", "path": "members", "value": [{"value": "ID"}]}),
        ),
        (
            json!({"op": "add", "path": format!("{ent}:manager"), "value": "bulkId:u"}),
            json!({"op": "add", "path": format!("{ent}:manager"), "value": "ID"}),
        ),
        (
            json!({"op": "add", "value": {"members": [{"value": "bulkId:u"}]}}),
            json!({"op": "add", "value": {"members": [{"value": "ID"}]}}),
        ),
    ];
    for (operation, expected) in patches {
        let data = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
        let all = request(json!([
            post("/Users", "u", json!({})),
            {"method": "PATCH", "path": "/Groups/bulkId:u", "data": data}
        ]));
        let Operation::Patch { data, resource, .. } = all.operations[1].resolve(&known).unwrap()
        else {
            panic!("a PATCH patches");
        };
        assert_eq!(data["Operations"][0], expected);
        assert_eq!(resource.path(), "/Groups/ID");
    }
}

#[test]
fn a_reference_to_nothing_fails_where_only_a_reference_can_stand_bulk_08_bulk_09() {
    let ent = urn::ENTERPRISE_USER;
    let all = request(json!([
        post("/Groups", "1", json!({"members": [{"value": "bulkId:gone"}]})),
        post("/Users", "2", json!({(ent): {"manager": {"value": "bulkId:gone"}}})),
        {"method": "DELETE", "path": "/Users/bulkId:gone"},
        {"method": "PATCH", "path": "/Groups/1", "data":
            {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:gone\"]"}]}},
    ]));
    for operation in &all.operations {
        let error = operation.resolve(&Ids::new()).unwrap_err();
        assert_eq!(error.status, 409, "{operation:?}");
        assert!(error.detail.contains("gone"), "{error}");
    }
    let text = request(json!([
        post("/Users", "2", json!({"id": "bulkId:1", "displayName": "bulkId:gone"})),
        {"method": "PATCH", "path": "/Users/1", "data":
            {"Operations": [{"op": "replace", "path": "title", "value": "bulkId:gone"}]}},
    ]));
    for operation in &text.operations {
        assert!(operation.resolve(&Ids::new()).is_ok(), "POST-09");
    }
}

#[test]
fn operations_keep_their_order_but_wait_for_what_they_refer_to() {
    use Step::{Cycle, One};
    let group = |id: &str, members: &[&str]| {
        let members: Vec<Value> = members.iter().map(|m| json!({"value": m})).collect();
        post("/Groups", id, json!({"members": members}))
    };
    let add = |path: &str, member: &str| {
        json!({"method": "PATCH", "path": path, "data": {"Operations":
            [{"op": "add", "path": "members", "value": [{"value": member}]}]}})
    };
    let delete = |path: &str| json!({"method": "DELETE", "path": path});
    let cases = [
        (
            json!([delete("/Users/1"), group("a", &[])]),
            vec![One(0), One(1)],
        ),
        // A forward reference waits, what has nothing to do with it does not.
        (
            json!([
                group("a", &["bulkId:b"]),
                delete("/Users/1"),
                group("b", &[]),
                delete("/Users/2")
            ]),
            vec![One(1), One(2), One(0), One(3)],
        ),
        // Operations on one resource keep their order.
        (
            json!([
                add("/Groups/1", "bulkId:b"),
                delete("/Groups/1"),
                group("b", &[])
            ]),
            vec![One(2), One(0), One(1)],
        ),
        // What is mentioned must not be gone yet.
        (
            json!([
                group("a", &["7", "bulkId:b"]),
                delete("/Users/7"),
                group("b", &[])
            ]),
            vec![One(2), One(0), One(1)],
        ),
        // Circles: two, one with itself, and one with a tail (BULK-04).
        (
            json!([
                group("a", &["bulkId:b"]),
                delete("/Users/1"),
                group("b", &["bulkId:a"])
            ]),
            vec![One(1), Cycle(vec![0, 2])],
        ),
        (json!([group("a", &["bulkId:a"])]), vec![Cycle(vec![0])]),
        (
            json!([
                group("a", &["bulkId:b"]),
                add("/Groups/bulkId:a", "bulkId:c"),
                group("b", &["bulkId:a", "bulkId:c"]),
                group("c", &[])
            ]),
            vec![One(3), Cycle(vec![0, 2]), One(1)],
        ),
        // References to nothing do not wait for anything.
        (json!([group("a", &["bulkId:no"])]), vec![One(0)]),
    ];
    for (operations, expected) in cases {
        assert_eq!(request(operations.clone()).plan(), expected, "{operations}");
    }
}

#[test]
fn a_circle_is_cut_and_closed_again() {
    let ent = urn::ENTERPRISE_USER;
    let all = request(json!([
        post(
            "/Users",
            "a",
            json!({"userName": "a",
            (ent): {"department": "d", "manager": {"value": "bulkId:b"}}})
        ),
        post(
            "/Groups",
            "g",
            json!({"displayName": "g", "members":
            [{"value": "1"}, {"value": "bulkId:h"}]})
        ),
        post("/Groups", "h", json!({"members": [{"value": "bulkId:g"}]})),
    ]));
    let cut = |i: usize, rt| {
        let known = ids(&[("g", "G")]);
        let apart = all.operations[i]
            .resolve_apart(rt, &known, &["b", "h"])
            .unwrap();
        let Operation::Create { data, .. } = apart.operation else {
            panic!("a POST creates");
        };
        (data, apart.patch.map(|p| p["Operations"].clone()))
    };
    let (data, patch) = cut(0, schemas::user());
    assert_eq!(data, json!({"userName": "a", (ent): {"department": "d"}}));
    assert_eq!(
        patch.unwrap(),
        json!([{"op": "add", "path": format!("{ent}:manager"), "value": {"value": "bulkId:b"}}])
    );
    let (data, patch) = cut(1, schemas::group());
    assert_eq!(
        data,
        json!({"displayName": "g", "members": [{"value": "1"}]})
    );
    let mut patch = patch.unwrap();
    resolve(&mut patch, &ids(&[("h", "ID")]));
    assert_eq!(
        patch,
        json!([{"op": "add", "path": "members", "value": [{"value": "ID"}]}])
    );
    let (data, patch) = cut(2, schemas::group());
    assert_eq!(data, json!({"members": [{"value": "G"}]}));
    assert_eq!(patch, None);
    let outside = all.operations[0].resolve_apart(schemas::user(), &Ids::new(), &[]);
    assert_eq!(outside.unwrap_err().status, 409);
}

#[test]
fn results_are_rendered_with_string_statuses_bulk_01_bulk_16() {
    let all = request(json!([
        post("/Users", "q", json!({})),
        {"method": "PUT", "path": "/Users/1", "version": "W/\"1\"", "data": {}},
        {"method": "Nope", "path": "/Users/1"},
        {},
    ]))
    .operations;
    let stale = Error::new(412, "stale");
    let body = bulk_response([
        all[0].done(201, "http://h/Users/1".into(), Some("W/\"1\"".into())),
        all[1].failed(&stale, Some("http://h/Users/1".into())),
        all[2].failed(all[2].wanted.as_ref().unwrap_err(), None),
        all[3].failed(all[3].wanted.as_ref().unwrap_err(), None),
    ]);
    assert_eq!(body["schemas"], json!([urn::BULK_RESPONSE]));
    assert_eq!(
        body["Operations"][0],
        json!({"method": "POST", "bulkId": "q", "version": "W/\"1\"", "location": "http://h/Users/1",
               "status": "201"})
    );
    assert_eq!(
        body["Operations"][1],
        json!({"method": "PUT", "location": "http://h/Users/1", "status": "412",
               "response": stale.to_body()})
    );
    assert_eq!(body["Operations"][2]["method"], "Nope");
    assert_eq!(body["Operations"][3].get("method"), None);
    assert_eq!(body["Operations"][3]["status"], "400");
    assert_eq!(body.get("failOnErrors"), None);
}

proptest! {
    #[test]
    fn the_plan_runs_everything_once_and_after_what_it_refers_to(
        graph in proptest::collection::vec(
            (proptest::collection::vec(0_usize..14, 0..3), 0_u8..3), 0..14)
    ) {
        let operations: Vec<Value> = graph.iter().enumerate().map(|(i, (refs, kind))| {
            let members: Vec<Value> =
                refs.iter().map(|r| json!({"value": format!("bulkId:{r}")})).collect();
            match kind {
                0 => json!({"method": "PUT", "path": "/Groups/1", "data": {"members": members}}),
                _ => post("/Groups", &i.to_string(), json!({"members": members})),
            }
        }).collect();
        let made = request(Value::Array(operations));
        let steps = made.plan();
        let mut place = vec![None; graph.len()];
        let mut circles = vec![];
        for (at, step) in steps.iter().enumerate() {
            let members = match step {
                Step::One(one) => vec![*one],
                Step::Cycle(several) => {
                    circles.extend(several.clone());
                    several.clone()
                }
            };
            for i in members {
                prop_assert_eq!(place[i].replace(at), None, "runs twice");
            }
        }
        for (i, (refs, kind)) in graph.iter().enumerate() {
            prop_assert!(place[i].is_some(), "never runs");
            for r in refs {
                let exists = graph.get(*r).is_some_and(|(_, kind)| *kind != 0);
                prop_assert!(!exists || place[*r] < place[i] || (place[*r] == place[i] && circles.contains(&i)));
            }
            let earlier = (0..i).rev().find(|j| graph[*j].1 == 0);
            if let (0, Some(j)) = (*kind, earlier) {
                prop_assert!(place[j] < place[i], "operations on one resource changed places");
            }
        }
    }

    #[test]
    fn no_operation_makes_it_panic(text in r#"[\[\]{}":,a-z /bulkId$.0-9]{0,40}"#) {
        let data = json!({"members": text, "Operations": [{"op": "add", "path": text, "value": text}]});
        let all = request(json!([
            {"method": "PATCH", "path": format!("/Users/{text}"), "data": data, "bulkId": text},
            {"method": "POST", "path": "/Users", "data": {"value": text}, "bulkId": text}
        ]));
        for operation in &all.operations {
            let _ = operation.resolve(&Ids::new());
        }
        prop_assert_eq!(all.plan().len(), 2);
    }
}

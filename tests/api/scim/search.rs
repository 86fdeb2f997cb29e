//! POST `.search`, and queries over all resource types: PAGE-27 to PAGE-32, GET-22, GET-23.

use serde_json::{Value, json};

use crate::team::{Example, Team, encoded, header, refused, text};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A `SearchRequest` with these members.
fn request(members: Value) -> Value {
    let mut body = members;
    body["schemas"] = json!([SEARCH]);
    body
}

fn search(team: &Team, path: &str, members: Value) -> Value {
    let answer = team.post(path, &request(members));
    assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
    assert_eq!(
        header(&answer, "content-type"),
        Some("application/scim+json")
    );
    let body = answer.into_body();
    assert_eq!(body["schemas"], json!([LIST]));
    body
}

fn ids(list: &Value) -> Vec<&str> {
    let all = list["Resources"].as_array().unwrap();
    all.iter().map(|resource| text(resource, "/id")).collect()
}

#[test]
fn a_search_is_a_get_whose_parameters_are_in_the_body() {
    let team = Example::new();
    for (path, members, query) in [
        ("/Users", json!({}), ""),
        ("/Groups", json!({ "filter": null, "cursor": null }), ""),
        (
            "/Users",
            json!({ "filter": "userName co \"e\" and active eq true", "attributes": ["userName", "emails.type"],
                    "count": 1 }),
            "?filter=userName%20co%20%22e%22%20and%20active%20eq%20true&attributes=userName,emails.type&count=1",
        ),
        (
            "/Users",
            json!({ "excludedAttributes": ["emails", "meta"], "startIndex": 2, "sortBy": "userName",
                    "sortOrder": "descending" }),
            "?excludedAttributes=emails,meta&startIndex=2&sortBy=userName&sortOrder=descending",
        ),
        (
            "/Groups",
            json!({ "Filter": "displayName sw \"T\"", "COUNT": 5 }),
            "?filter=displayName%20sw%20%22T%22&count=5",
        ),
        ("/Groups", json!({ "count": -1 }), "?count=-1"),
    ] {
        let found = search(&team, &format!("{path}/.search"), members);
        assert_eq!(
            found,
            team.read(&format!("{path}{query}")),
            "PAGE-27 {path}{query}"
        );
    }
    let one = search(
        &team,
        "/Users/.search",
        json!({ "filter": "userName eq \"jsmith@example.com\"", "attributes": ["userName"] }),
    );
    assert_eq!(ids(&one), [team.u2.as_str()], "PAGE-27");
    assert!(one["Resources"][0].get("emails").is_none(), "PAGE-27");
}

#[test]
fn the_root_finds_every_type_in_one_list() {
    let team = Example::new();
    let displayed = [&team.u1, &team.g1, &team.g2, &team.g3];
    let found = search(&team, "/.search", json!({ "filter": "displayName pr" }));
    assert_eq!(found["totalResults"], 4, "PAGE-28");
    assert_eq!(
        Example::sorted(
            &ids(&found)
                .iter()
                .map(|id| (*id).to_owned())
                .collect::<Vec<_>>()
                .iter()
                .collect::<Vec<_>>()
        ),
        Example::sorted(&displayed),
        "PAGE-28"
    );
    for resource in found["Resources"].as_array().unwrap() {
        let kind = text(resource, "/meta/resourceType");
        let location = text(resource, "/meta/location");
        assert!(
            location.contains(&format!("/{kind}s/")),
            "PAGE-28: {resource}"
        );
        let path = location.split_once("/scim/v2").unwrap().1;
        assert_eq!(
            resource,
            &team.read(path),
            "PAGE-28: each as at its own place"
        );
    }
    let all = search(&team, "/.search", json!({}));
    assert_eq!(all["totalResults"], 6, "PAGE-28");
    for root in ["", "/"] {
        assert_eq!(team.read(root), all, "GET {root}");
        let of = |filter: &str| team.read(&format!("{root}?filter={}", encoded(filter)));
        let groups = of("meta.resourceType eq \"Group\"");
        assert_eq!(groups["totalResults"], 3, "GET-22");
        assert!(
            groups["Resources"]
                .as_array()
                .unwrap()
                .iter()
                .all(|group| group["meta"]["resourceType"] == "Group"),
            "GET-22"
        );
        let users = of("userName pr");
        assert_eq!(users["totalResults"], 3, "GET-23: groups have no value");
        assert!(ids(&users).contains(&team.u3.as_str()), "GET-23");
        assert_eq!(of("not (userName pr)")["totalResults"], 3, "GET-23");
        refused(
            "half a filter",
            &team.get(&format!("{root}?filter=userName%20eq")),
            400,
            "invalidFilter",
        );
    }
    let mut paged = Vec::new();
    for start in 1..=6 {
        let page = search(
            &team,
            "/.search",
            json!({ "startIndex": start, "count": 1 }),
        );
        assert_eq!(page["itemsPerPage"], 1);
        paged.extend(ids(&page).into_iter().map(str::to_owned));
    }
    assert_eq!(paged, ids(&all), "pages of the root follow each other");
}

#[test]
fn what_is_no_search_request_is_refused() {
    let team = Team::new();
    let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
    for (row, members, scim_type) in [
        ("PAGE-30", json!({ "filter": 5 }), "invalidSyntax"),
        ("PAGE-30", json!({ "filter": "userName" }), "invalidFilter"),
        ("EVIL-20", json!({ "count": huge }), "invalidValue"),
        ("words", json!({ "count": "10" }), "invalidValue"),
        (
            "attributes",
            json!({ "attributes": "userName" }),
            "invalidSyntax",
        ),
        (
            "both",
            json!({ "attributes": ["userName"], "excludedAttributes": ["emails"] }),
            "invalidValue",
        ),
        (
            "sortOrder",
            json!({ "sortBy": "userName", "sortOrder": "sideways" }),
            "invalidValue",
        ),
        ("cursor", json!({ "cursor": "AAAA" }), "invalidCursor"),
    ] {
        for path in ["/Users/.search", "/Groups/.search", "/.search"] {
            if path == "/Groups/.search" && row == "sortOrder" {
                continue;
            }
            let answer = team.post(path, &request(members.clone()));
            refused(&format!("{row} {path} {members}"), &answer, 400, scim_type);
        }
    }
    for body in ["", "[]", "{}", "{\"schemas\":[\"x\"]}", "{"] {
        let answer = team.with("POST", "/Users/.search", &[], body);
        refused(body, &answer, 400, "invalidSyntax");
    }
    refused("PAGE-32", &team.get("/Users/.search"), 405, "");
    assert_eq!(
        header(&team.get("/Users/.search"), "allow"),
        Some("OPTIONS, POST"),
        "PAGE-32"
    );
}

#[test]
fn an_empty_cursor_asks_for_the_first_page() {
    let team = Example::new();
    for path in ["/Users/.search", "/.search"] {
        let all = search(&team, path, json!({}));
        let mut found: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = search(&team, path, json!({ "cursor": cursor, "count": 2 }));
            assert!(page.get("startIndex").is_none(), "PAGE-31");
            found.extend(ids(&page).into_iter().map(str::to_owned));
            match page.get("nextCursor") {
                Some(next) => next.as_str().unwrap().clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(found, ids(&all), "PAGE-31 {path}");
    }
}

#[test]
fn a_team_can_switch_searches_off() {
    let everything = request(json!({}));
    let team = Example::new().team;
    let team = team.becomes("standard", &json!({ "rootQuery": false }));
    refused("PAGE-28", &team.post("/.search", &everything), 501, "");
    refused("GET-22", &team.get("/"), 501, "");
    refused("GET-23", &team.get("?filter=userName%20pr"), 501, "");
    assert_eq!(team.post("/Users/.search", &everything).status(), 200);

    let team = team.becomes("standard", &json!({ "rootQuery": true, "search": false }));
    for path in ["/Users/.search", "/Groups/.search", "/.search"] {
        refused(path, &team.post(path, &everything), 501, "");
    }
    assert_eq!(team.get("/").status(), 200);
}

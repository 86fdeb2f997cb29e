//! `startIndex` and `count`: PAGE.

use serde_json::{Value, json};

use crate::team::{Example, Team, encoded, named, refused, text};

#[test]
fn pages_have_edges() {
    let team = Example::new();
    for (row, query, start, items) in [
        ("PAGE-10", "startIndex=0", 1, 3),
        ("PAGE-10", "startIndex=-5", 1, 3),
        ("PAGE-11", "count=0", 1, 0),
        ("PAGE-12", "count=-3", 1, 0),
        ("PAGE-14", "startIndex=999", 999, 0),
        ("second page", "startIndex=3&count=2", 3, 1),
        ("cap", "count=100000", 1, 3),
    ] {
        for filter in ["", "&filter=userName%20pr"] {
            let body = team.read(&format!("/Users?{query}{filter}"));
            assert_eq!(body["totalResults"], 3, "{row} {query}{filter}");
            assert_eq!(body["startIndex"], start, "{row} {query}{filter}");
            assert_eq!(body["itemsPerPage"], items, "{row} {query}{filter}");
            assert_eq!(
                body["Resources"].as_array().map(Vec::len),
                Some(items),
                "{row} {query}{filter}"
            );
        }
    }
    for (row, query) in [
        ("PAGE-15", "count=abc"),
        ("PAGE-15", "startIndex=1.5"),
        ("EVIL-20", "count=1e400"),
    ] {
        refused(
            row,
            &team.get(&format!("/Users?{query}")),
            400,
            "invalidValue",
        );
    }
    for number in [
        "99999999999999999999",
        "18446744073709551615",
        "-99999999999999999999",
    ] {
        for name in ["startIndex", "count"] {
            let answer = team.get(&format!("/Users?{name}={number}"));
            assert!(
                matches!(answer.status().as_u16(), 200 | 400),
                "PAGE-16, EVIL-20 {name}={number}: {}",
                answer.body()
            );
        }
    }
}

#[test]
fn pages_are_complete_in_creation_order_and_capped() {
    let team = Team::new();
    let made: Vec<String> = (0..205)
        .map(|n| team.user(&named(&format!("u{n}@example.com"))))
        .collect();
    let ids = |body: &Value| -> Vec<String> {
        body["Resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| text(r, "/id").to_owned())
            .collect()
    };
    let first = team.read("/Users");
    assert_eq!(first["itemsPerPage"], 100, "a page without count");
    let big = team.read("/Users?count=1000");
    assert_eq!(big["itemsPerPage"], 200, "A27: the cap is silent");
    assert_eq!(big["totalResults"], 205);
    let mut seen = Vec::new();
    while seen.len() < made.len() {
        let page = team.read(&format!("/Users?count=50&startIndex={}", seen.len() + 1));
        let page = ids(&page);
        assert!(!page.is_empty());
        seen.extend(page);
    }
    assert_eq!(seen, made);
    // A filtered list pages the same way.
    let filter = encoded("userName ew \"@example.com\"");
    let page = team.read(&format!("/Users?filter={filter}&count=3&startIndex=204"));
    assert_eq!(ids(&page), made[203..]);
    assert_eq!(page["totalResults"], json!(205));
}

#[test]
fn lists_are_sorted_by_any_attribute() {
    let team = Example::new();
    let (u1, u2, u3) = (&team.u1, &team.u2, &team.u3);
    let names = team.list("/Users?sortBy=userName");
    let mut reversed = team.list("/Users?sortBy=userName&sortOrder=descending");
    reversed.reverse();
    assert_eq!(names, reversed, "PAGE-02");
    let mut expected: Vec<&str> = names.iter().map(|u| text(u, "/userName")).collect();
    expected.sort_by_key(|name| name.to_lowercase());
    let found: Vec<&str> = names.iter().map(|u| text(u, "/userName")).collect();
    assert_eq!(found, expected);
    let ids = |query: &str| -> Vec<String> {
        let page = team.list(&format!("/Users?{query}"));
        page.iter().map(|u| text(u, "/id").to_owned()).collect()
    };
    assert_eq!(ids("sortBy=title").last(), Some(u2), "PAGE-03");
    let descending = ids("sortBy=title&sortOrder=descending");
    assert_eq!(descending.first(), Some(u2), "PAGE-04");
    // Neither the order of creation nor that of code points: Barbara stands between the two.
    for (user, name) in [(u2, "zoe"), (u3, "ada")] {
        let operation = json!([{ "op": "add", "path": "name.givenName", "value": name }]);
        let answer = team.patch(&format!("/Users/{user}"), operation);
        assert_eq!(answer.status(), 200, "PAGE-06: {}", answer.body());
    }
    let [u1, u2, u3] = [u1, u2, u3].map(String::clone);
    assert_eq!(
        ids("sortBy=name.givenName"),
        [u3.clone(), u1.clone(), u2.clone()],
        "PAGE-06"
    );
    assert_eq!(
        ids("sortBy=name.givenName&sortOrder=descending"),
        [u2, u1, u3],
        "PAGE-06"
    );
    for (row, query) in [
        ("PAGE-07", "sortOrder=sideways"),
        ("PAGE-07", "sortBy=userName&sortOrder=sideways"),
        ("PAGE-08", "sortBy=nosuch"),
    ] {
        refused(
            row,
            &team.get(&format!("/Users?{query}")),
            400,
            "invalidValue",
        );
    }
}

#[test]
fn a_cursor_leads_through_a_list() {
    let team = Example::new();
    let first = team.read("/Users?cursor=&count=2");
    let cursor = text(&first, "/nextCursor").to_owned();
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    assert!(cursor.chars().all(unreserved), "PAGE-18 {cursor}");
    assert_eq!(first.get("previousCursor"), None, "PAGE-18");
    assert_eq!(first.get("startIndex"), None, "PAGE-18");
    assert_eq!(first["totalResults"], 3);
    assert_eq!(team.read("/Users?cursor&count=2")["itemsPerPage"], 2, "P60");
    for (filter, sort) in [("", ""), ("&filter=id%20pr", "&sortBy=name.familyName")] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = team.read(&format!("/Users?cursor={cursor}&count=2{filter}{sort}"));
            let resources = page["Resources"].as_array().unwrap();
            seen.extend(resources.iter().map(|r| text(r, "/id").to_owned()));
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().unwrap().to_owned(),
                None => break,
            }
        }
        seen.sort();
        let everybody = Example::sorted(&[&team.u1, &team.u2, &team.u3]);
        assert_eq!(seen, everybody, "PAGE-19 {filter}{sort}");
    }
    for (row, query, kind) in [
        ("PAGE-20", "cursor=AAAA".to_owned(), "invalidCursor"),
        (
            "PAGE-23",
            format!("cursor={cursor}&filter=title%20pr"),
            "invalidCursor",
        ),
        (
            "PAGE-23",
            format!("cursor={cursor}&count=1"),
            "invalidCount",
        ),
        (
            "both ways",
            format!("cursor={cursor}&startIndex=1"),
            "invalidValue",
        ),
    ] {
        refused(row, &team.get(&format!("/Users?{query}")), 400, kind);
    }
    let other = team.get(&format!("/Groups?cursor={cursor}"));
    refused("another endpoint", &other, 400, "invalidCursor");
}

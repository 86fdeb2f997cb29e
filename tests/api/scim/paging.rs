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

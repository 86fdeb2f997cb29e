//! `filter`: FLT.

use serde_json::json;

use crate::team::{ENTERPRISE, Example, USER, encoded, named, refused};

#[test]
fn filters_find_exactly_what_they_say() {
    let team = Example::new();
    team.patch(
        &format!("/Users/{}", team.u1),
        json!([{ "op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": team.u3 }]),
    );
    let (u1, u2, u3) = (&*team.u1, &*team.u2, &*team.u3);
    for (row, filter, expected) in [
        (
            "FLT-02",
            "userName eq \"BJENSEN@example.com\"".to_owned(),
            &[u1][..],
        ),
        (
            "FLT-03",
            "UserName EQ \"bjensen@example.com\"".into(),
            &[u1],
        ),
        ("FLT-04", format!("{USER}:userName sw \"BJ\""), &[u1]),
        ("FLT-06", "externalId eq \"E1\"".into(), &[u1]),
        ("FLT-06", "externalId eq \"e1\"".into(), &[]),
        ("FLT-07", format!("id eq \"{u1}\""), &[u1]),
        ("FLT-07 unknown", "id eq \"nobody\"".into(), &[]),
        ("FLT-08", "title pr".into(), &[u1, u3]),
        ("FLT-10", "not(title pr)".into(), &[u2]),
        ("FLT-11", "title pr and active eq true".into(), &[u1]),
        (
            "FLT-12",
            "title pr or userType eq \"Intern\"".into(),
            &[u1, u2, u3],
        ),
        (
            "FLT-14",
            "(userType eq \"Intern\" or title pr) and active eq false".into(),
            &[u3],
        ),
        ("FLT-15", "active eq false".into(), &[u3]),
        ("FLT-16", "active eq \"False\"".into(), &[u3]),
        ("FLT-18", "name.familyName co \"ens\"".into(), &[u1]),
        (
            "FLT-19",
            "userName ew \"example.com\"".into(),
            &[u1, u2, u3],
        ),
        ("FLT-20", "emails co \"jensen.org\"".into(), &[u1]),
        (
            "FLT-22",
            "emails[type eq \"work\" and value co \"jsmith\"]".into(),
            &[u2],
        ),
        (
            "FLT-23",
            "emails[type eq \"home\" and value co \"example.com\"]".into(),
            &[],
        ),
        (
            "FLT-24",
            "emails.type eq \"home\" and emails.value co \"example.com\"".into(),
            &[u1],
        ),
        (
            "FLT-26",
            "emails[type eq \"work\" or (type eq \"home\" and value ew \"@jensen.org\")]".into(),
            &[u1, u2],
        ),
        (
            "FLT-27",
            "emails[type eq \"work\" and not (value co \"jsmith\")]".into(),
            &[u1],
        ),
        (
            "A9",
            "emails[type eq \"work\"].value eq \"jsmith@example.com\"".into(),
            &[u2],
        ),
        ("FLT-30", format!("schemas eq \"{ENTERPRISE}\""), &[u1]),
        (
            "FLT-31",
            "meta.lastModified gt \"2011-05-13T04:42:34Z\"".into(),
            &[u1, u2, u3],
        ),
        (
            "FLT-32",
            "meta.lastModified lt \"2011-05-13T04:42:34+02:00\"".into(),
            &[],
        ),
        ("FLT-35", "title eq null".into(), &[u2]),
        ("FLT-35", "title ne null".into(), &[u1, u3]),
        ("FLT-36", "title ne \"Guide\"".into(), &[u2, u3]),
        (
            "FLT-55",
            format!("groups.value eq \"{}\"", team.g1),
            &[u1, u2],
        ),
        ("FLT-56", format!("{ENTERPRISE}:manager eq \"{u3}\""), &[u1]),
        (
            "FLT-56",
            format!("{ENTERPRISE}:manager.value eq \"{u3}\""),
            &[u1],
        ),
        (
            "FLT-59",
            "roles[primary eq \"True\"].value eq \"admin\"".into(),
            &[],
        ),
        (
            "FLT-60",
            "userName   eq    \"jsmith@example.com\"".into(),
            &[u2],
        ),
        (
            "A36",
            format!("id eq \"{u1}\" and manager eq \"{u3}\""),
            &[u1],
        ),
        (
            "A36",
            format!("id eq \"{u1}\" and {ENTERPRISE}:manager eq \"{u3}\""),
            &[u1],
        ),
        (
            "A36",
            format!("id eq \"{u2}\" and {ENTERPRISE}:manager eq \"{u3}\""),
            &[],
        ),
        ("A38", "userName eq\"jsmith@example.com\"".into(), &[u2]),
        (
            "index and more",
            "userName eq \"boss@example.com\" and active eq true".into(),
            &[],
        ),
        (
            "displayName",
            "displayName eq \"babs JENSEN\"".into(),
            &[u1],
        ),
        (
            "MISC-04",
            "userName eq \"f3c7a1de-0000-4000-8000-000000000000\"".into(),
            &[],
        ),
    ] {
        assert_eq!(team.found("/Users", &filter), expected, "{row}: {filter}");
    }
}

#[test]
fn group_filters_know_members() {
    let team = Example::new();
    for (row, filter, expected) in [
        (
            "FLT-51",
            "displayName eq \"tour guides\"".to_owned(),
            &[&team.g1][..],
        ),
        (
            "FLT-52",
            format!("members.value eq \"{}\"", team.u1),
            &[&team.g1],
        ),
        ("FLT-52", format!("members eq \"{}\"", team.u1), &[&team.g1]),
        (
            "FLT-52 nested",
            format!("members eq \"{}\"", team.g1),
            &[&team.g3],
        ),
        ("not a member", format!("members eq \"{}\"", team.u3), &[]),
        ("no members", "not (members pr)".into(), &[&team.g2]),
    ] {
        let expected: Vec<String> = expected.iter().map(|id| (*id).clone()).collect();
        assert_eq!(team.found("/Groups", &filter), expected, "{row}: {filter}");
    }
    let filter = format!("id eq \"{}\" and members eq \"{}\"", team.g1, team.u2);
    let found = team.list(&format!(
        "/Groups?attributes=id&filter={}",
        encoded(&filter)
    ));
    assert_eq!(found.len(), 1, "FLT-54");
    assert_eq!(found[0]["id"], json!(team.g1), "FLT-54");
    assert!(found[0].get("members").is_none(), "FLT-54");
}

#[test]
fn what_is_not_a_filter_is_refused() {
    let team = Example::new();
    for (row, filter) in [
        (
            "FLT-28",
            "emails[type eq \"work\" and addresses[type eq \"x\"]]",
        ),
        ("FLT-34", "meta.lastModified gt \"yesterday\""),
        ("FLT-38", "userName regex \"x\""),
        ("FLT-39", "userName eq"),
        ("FLT-40", "userName eq 'bjensen'"),
        ("FLT-40", "userName eq bjensen"),
        ("FLT-42", ""),
        ("FLT-43", "userName eq \"a\" xor title pr"),
        ("FLT-43", "userName pr garbage"),
        ("FLT-44", "name eq \"x\""),
        ("FLT-46", "nosuch eq \"x\""),
        ("FLT-47", "name.given.first eq \"x\""),
        ("FLT-48", "password eq \"x\""),
        ("FLT-58", "x509Certificates.value gt \"AA==\""),
        ("A9", "emails[type eq \"work\"] eq \"x\""),
        ("active number", "active eq 1"),
        ("active gt", "active gt true"),
        ("unbalanced", "(userName pr"),
        ("unbalanced", "userName pr)"),
        ("no end", "userName eq \"x"),
    ] {
        let answer = team.get(&format!("/Users?filter={}", encoded(filter)));
        refused(&format!("{row}: {filter}"), &answer, 400, "invalidFilter");
    }
    // Of all types together an attribute that none has is one without a value.
    let nothing = team.read(&format!("/?filter={}", encoded("nosuch eq \"x\"")));
    assert_eq!(nothing["totalResults"], 0, "FLT-46: {nothing}");
    let answer = team.get(&format!(
        "/Users?filter={}",
        encoded("userName regex \"x\"")
    ));
    assert!(answer.body().to_string().contains("regex"), "FLT-38");
}

#[test]
fn a_plus_is_a_space_unless_encoded() {
    let team = Example::new();
    let plus = team.user(&named("a+b@x.com"));
    let found = |query: &str| team.list(&format!("/Users?filter={query}"));
    let ids: Vec<_> = found("userName+eq+%22a%2Bb%40x.com%22")
        .iter()
        .map(|r| r["id"].clone())
        .collect();
    assert_eq!(ids, [json!(plus)], "FLT-50");
    assert!(found("userName+eq+%22a+b%40x.com%22").is_empty(), "FLT-50");
}

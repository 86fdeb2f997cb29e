//! Hostile and odd input: EVIL. Nothing here may crash, hang, grow without bound, or answer 500.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::server::KEY;
use crate::team::{Example, GROUP, Team, USER, encoded, named, ops, refused, text};

fn head(method: &str, path: &str, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: Bearer {KEY}\r\n{more}\r\n"
    )
}

#[test]
fn a_body_that_is_too_large_is_refused_early() {
    let team = Team::new();
    let big = "x".repeat(1 << 20);
    let answer = team.post("/Users", &named(&big));
    refused("EVIL-02 with length", &answer, 413, "");
    assert!(
        text(answer.body(), "/detail").contains("1048576"),
        "EVIL-02"
    );

    // Chunked, without Content-Length: 2 MiB, far from the 100 MB it could be.
    let mut request = head(
        "POST",
        "/scim/v2/Users",
        "Content-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n",
    )
    .into_bytes();
    let blanks = vec![b' '; 0x10000];
    for _ in 0..32 {
        request.extend_from_slice(b"10000\r\n");
        request.extend_from_slice(&blanks);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    let (status, answer) = team.raw(&request);
    assert_eq!(status, 413, "EVIL-02 chunked: {answer}");
    assert!(
        answer.contains("application/scim+json"),
        "EVIL-02: {answer}"
    );

    let request = head("POST", "/scim/v2/Users", "Content-Length: 4294967296\r\n");
    let (status, answer) = team.raw(request.as_bytes());
    assert_eq!(status, 413, "EVIL-03: {answer}");
    assert!(team.list("/Users").is_empty());
}

#[test]
fn who_sends_slowly_or_not_at_all_keeps_nobody_waiting() {
    let team = Team::new();
    let address = team.server.url.strip_prefix("http://").unwrap();
    // More than there are threads: headers that never end, and bodies that never come.
    let stalled: Vec<TcpStream> = (0..100)
        .map(|n| {
            let mut request = head("POST", "/scim/v2/Users", "Content-Length: 1000\r\n");
            if n % 2 == 0 {
                request.truncate(60);
            } else {
                request.push_str("{\"schemas\":");
            }
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(request.as_bytes()).unwrap();
            connection
        })
        .collect();
    for n in 0..20 {
        team.user(&named(&format!("quick{n}@example.com")));
    }
    assert_eq!(team.list("/Users").len(), 20);
    // Who gives up has done nothing.
    drop(stalled);
    assert_eq!(team.list("/Users").len(), 20);
}

#[test]
fn limits_of_filters_are_where_they_are_said_to_be() {
    let team = Example::new();
    let found = |filter: &str| {
        let query = filter.replace(' ', "+").replace('"', "%22");
        team.get(&format!("/Users?filter={query}"))
    };
    let clauses = |n: usize| vec!["title pr"; n].join(" or ");
    let nested = |n: usize| format!("{}title pr{}", "(".repeat(n), ")".repeat(n));
    let long = |n: usize| format!("userName eq \"{}\"", "x".repeat(n - 14));
    for (row, fits, too_much) in [
        ("EVIL-22", clauses(200), clauses(201)),
        ("depth", nested(31), nested(33)),
        ("thousands of parentheses", nested(1), nested(8_000)),
        ("EVIL-23", long(16_384), long(16_385)),
        ("unbalanced", nested(2), "(".repeat(16_000)),
    ] {
        let answer = found(&fits);
        assert_eq!(answer.status(), 200, "{row}: {}", answer.body());
        let answer = found(&too_much);
        refused(row, &answer, 400, "invalidFilter");
        assert!(
            answer.body().to_string().len() < 1_000,
            "{row}: a short echo"
        );
    }
}

#[test]
fn a_bulk_request_is_bounded_like_any_other() {
    let team = Team::new();
    let send = |body: &str| team.with("POST", "/Bulk", &[], body);
    let message = |operations: &str| {
        format!(
            "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\
             \"Operations\":[{operations}]}}"
        )
    };
    let deep = format!(
        "{{\"data\":{}1{}}}",
        "[".repeat(400_000),
        "]".repeat(400_000)
    );
    let twice = "{\"method\":\"POST\",\"method\":\"DELETE\",\"path\":\"/Users/1\"}";
    for (row, body) in [
        ("depth", message(&deep)),
        ("EVIL-04", message(twice)),
        ("EVIL-47", message("") + " x"),
        ("EVIL-08", message("{\"method\":\"\\ud800\"}")),
    ] {
        refused(row, &send(&body), 400, "invalidSyntax");
    }
    let many = vec!["{}"; 100_000].join(",");
    refused("EVIL-02 operations", &send(&message(&many)), 413, "");
    // Everybody refers to everybody who comes later: as many references as fit into a request.
    let chain: Vec<String> = (0..900)
        .map(|n| {
            let next = (n + 1) % 900;
            format!(
                "{{\"method\":\"POST\",\"path\":\"/Groups\",\"bulkId\":\"g{n}\",\"data\":{{\
                 \"schemas\":[\"{GROUP}\"],\"displayName\":\"g{n}\",\
                 \"members\":[{{\"value\":\"bulkId:g{next}\"}}]}}}}"
            )
        })
        .collect();
    let answer = send(&message(&chain.join(",")));
    assert_eq!(answer.status(), 200, "BULK-04: {}", answer.body());
    let made = team.read("/Groups?count=0")["totalResults"].clone();
    assert!(
        made == 900 || made == 0,
        "BULK-04: never a part of a circle: {made}"
    );
    assert!(team.list("/Users").is_empty());
}

#[test]
fn text_that_two_parsers_could_read_differently_is_refused() {
    let team = Team::new();
    let user = |rest: &str| format!("{{\"schemas\":[\"{USER}\"],{rest}}}").into_bytes();
    let mut with_byte = user("\"userName\":\"a?b\"");
    let at = with_byte.iter().position(|b| *b == b'?').unwrap();
    with_byte[at] = 0xFF;
    let utf16: Vec<u8> = String::from_utf8(user("\"userName\":\"a\""))
        .unwrap()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [&b"\xEF\xBB\xBF"[..], &user("\"userName\":\"a\"")].concat();
    let trailing = [&user("\"userName\":\"a\"")[..], b" x"].concat();
    let deep = user(&format!(
        "\"x\":{}{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    ));
    let deep_object = user(&format!(
        "\"x\":{}1{}",
        "{\"a\":".repeat(50_000),
        "}".repeat(50_000)
    ));
    for (row, body) in [
        ("EVIL-04", user("\"userName\":\"a\",\"userName\":\"b\"")),
        (
            "EVIL-04 case",
            user("\"userName\":\"a\",\"USERNAME\":\"b\""),
        ),
        ("EVIL-06", with_byte),
        ("EVIL-07 UTF-16", utf16),
        ("EVIL-07 BOM", marked),
        ("EVIL-08", user("\"userName\":\"\\ud800\"")),
        ("EVIL-47", trailing),
        ("deep array", deep),
        ("deep object", deep_object),
        ("number", user("\"userName\":\"a\",\"title\":1e400")),
    ] {
        let mut request = head(
            "POST",
            "/scim/v2/Users",
            &format!("Content-Length: {}\r\n", body.len()),
        )
        .into_bytes();
        request.extend_from_slice(&body);
        let (status, answer) = team.raw(&request);
        assert_eq!(status, 400, "{row}: {answer}");
        assert!(
            answer.contains("\"scimType\":\"invalidSyntax\""),
            "{row}: {answer}"
        );
    }
    assert!(team.list("/Users").is_empty());
}

#[test]
fn names_that_look_alike_are_one_name() {
    let team = Example::new();
    for (row, name, kind) in [
        ("EVIL-10", "zero\u{200b}width@x", "invalidValue"),
        ("EVIL-10", "join\u{200d}er@x", "invalidValue"),
        ("EVIL-10", "\u{202e}moc.x@a", "invalidValue"),
        ("EVIL-32", "a\r\nb", "invalidValue"),
        ("NUL", "a\0b", "invalidSyntax"),
        ("blank", "  ", "invalidValue"),
    ] {
        let answer = team.post("/Users", &named(name));
        refused(&format!("{row} {name:?}"), &answer, 400, kind);
    }
    team.user(&named("caf\u{e9}@x"));
    let answer = team.post("/Users", &named("cafe\u{301}@x"));
    refused("EVIL-11", &answer, 409, "uniqueness");
    let wide = "\u{ff22}\u{ff2a}\u{ff25}\u{ff2e}\u{ff33}\u{ff25}\u{ff2e}@example.com";
    refused(
        "EVIL-12",
        &team.post("/Users", &named(wide)),
        409,
        "uniqueness",
    );
    assert_eq!(
        team.found("/Users", &format!("userName eq \"{wide}\"")),
        std::slice::from_ref(&team.u1),
        "EVIL-12: the filter compares the same way"
    );
    team.user(&named("i@x"));
    team.user(&named("\u{130}@x"));
    team.user(&named("k@x"));
    refused(
        "EVIL-14 kelvin",
        &team.post("/Users", &named("\u{212a}@x")),
        409,
        "uniqueness",
    );
    // Letters of two scripts are two letters. No page marks names that only look alike: the console shows
    // them as they are, and neither this nor another test claims more.
    team.user(&named("admin@x"));
    let cyrillic = team.user(&named("\u{430}dmin@x"));
    assert_eq!(
        team.found("/Users", "userName eq \"\u{430}dmin@x\""),
        [cyrillic],
        "EVIL-15: another letter, another name"
    );
    let sigma = team.user(&named(
        "\u{39f}\u{394}\u{3a5}\u{3a3}\u{3a3}\u{395}\u{3a5}\u{3a3}",
    ));
    let boss = format!("/Users/{}", team.u3);
    let renamed = |name: &str| {
        let operation = json!([{ "op": "replace", "path": "userName", "value": name }]);
        team.patch(&boss, operation)
    };
    let (medial, at_the_end) = (
        "\u{3bf}\u{3b4}\u{3c5}\u{3c3}\u{3c3}\u{3b5}\u{3c5}\u{3c3}",
        "\u{3bf}\u{3b4}\u{3c5}\u{3c3}\u{3c3}\u{3b5}\u{3c5}\u{3c2}",
    );
    let found = |name: &str| team.found("/Users", &format!("userName eq \"{name}\""));
    assert_eq!(found(medial), std::slice::from_ref(&sigma), "EVIL-16");
    let answer = team.post("/Users", &named(medial));
    refused("EVIL-16 POST", &answer, 409, "uniqueness");
    refused("EVIL-16 PATCH", &renamed(medial), 409, "uniqueness");
    // A sigma that was written as final is a letter of its own, for all three.
    assert!(found(at_the_end).is_empty(), "EVIL-16");
    let final_sigma = team.user(&named(at_the_end));
    assert_eq!(found(at_the_end), [final_sigma], "EVIL-16");
    refused("EVIL-16 PATCH", &renamed(at_the_end), 409, "uniqueness");
    assert_eq!(found(medial), [sigma], "EVIL-16");
}

#[test]
fn quantities_have_limits() {
    let team = Example::new();
    let emails: Vec<_> = (0..10_000)
        .map(|n| json!({ "value": format!("e{n}@x") }))
        .collect();
    let mut body = named("many@example.com");
    body["emails"] = json!(emails);
    let answer = team.post("/Users", &body);
    refused("EVIL-18", &answer, 400, "invalidValue");
    assert!(text(answer.body(), "/detail").contains("1000"), "EVIL-18");
    let mut body = named("keys@example.com");
    for n in 0..10_000 {
        body[format!("unknown{n}")] = json!(1);
    }
    let status = team.post("/Users", &body).status();
    assert!(matches!(status.as_u16(), 201 | 400), "EVIL-19: {status}");

    let clauses = vec!["title pr"; 5_000].join(" or ");
    let long = format!("userName eq \"{}\"", "x".repeat(20_000));
    let nested = format!("{}title pr{}", "(".repeat(5_000), ")".repeat(5_000));
    let nots = format!("{}title pr{}", "not (".repeat(3_000), ")".repeat(3_000));
    for (row, filter) in [
        ("EVIL-22", &clauses),
        ("EVIL-23", &long),
        ("nested", &nested),
        ("nots", &nots),
    ] {
        let answer = team.get(&format!(
            "/Users?filter={}",
            filter.replace(' ', "+").replace('"', "%22")
        ));
        refused(row, &answer, 400, "invalidFilter");
    }
    let huge = encoded(&format!("userName eq \"{}\"", "x".repeat(65_536)));
    let (status, _) =
        team.raw(head("GET", &format!("/scim/v2/Users?filter={huge}"), "").as_bytes());
    assert!(matches!(status, 400 | 414 | 431), "EVIL-23: {status}");

    let path = format!("/Users/{}", team.u1);
    let dots = "a".to_owned() + &".a".repeat(8_000);
    let answer = team.patch(
        &path,
        json!([{ "op": "replace", "path": dots, "value": 1 }]),
    );
    refused("EVIL-24", &answer, 400, "invalidPath");
    assert!(answer.body().to_string().len() < 1_000, "S40: a short echo");
    let answer = team.patch(
        &path,
        json!([{ "op": "remove", "path": format!("emails{}", "[".repeat(8_000)) }]),
    );
    assert_eq!(answer.status(), 400, "EVIL-24: {}", answer.body());
    let needle = "n".repeat(10_240);
    assert!(
        team.found("/Users", &format!("userName co \"{needle}\""))
            .is_empty(),
        "EVIL-26"
    );
}

#[test]
fn odd_requests_are_answered_in_scim() {
    let team = Example::new();
    for query in ["filter=%ZZ", "filter=%FF", "filter=%", "%FF=1"] {
        let (status, answer) =
            team.raw(head("GET", &format!("/scim/v2/Users?{query}"), "").as_bytes());
        assert_eq!(status, 400, "EVIL-27 {query}: {answer}");
        assert!(
            answer.contains("messages:2.0:Error"),
            "EVIL-27 {query}: {answer}"
        );
    }
    let first = encoded("userName eq \"boss@example.com\"");
    let found = team.list(&format!("/Users?filter={first}&filter=title+pr"));
    assert_eq!(found.len(), 1, "EVIL-28: the first wins");
    for path in [
        "/scim/v2/Users/../Groups",
        "/scim/v2/Users/%00",
        "/scim/v2/Users/%2e%2e",
        "/scim/v2/Users/%FF",
        "/scim/v2/%FF",
        "/scim/v2//Users//x",
    ] {
        let (status, answer) = team.raw(head("GET", path, "").as_bytes());
        assert!(
            matches!(status, 200 | 400 | 404),
            "EVIL-42 {path}: {answer}"
        );
    }
    let answer = team.with(
        "GET",
        &format!("/Users/{}", team.u1),
        &[("X-HTTP-Method-Override", "DELETE")],
        "",
    );
    assert_eq!(answer.status(), 200, "EVIL-44");
    assert_eq!(team.list("/Users").len(), 3, "EVIL-44");
    let answer = team.with("GET", "/Users", &[("Prefer", "respond-async")], "");
    assert_eq!(answer.status(), 200, "MISC-01");
}

#[test]
fn a_foreign_host_header_never_enters_an_address() {
    let team = Example::new();
    let path = format!("/scim/v2/Users/{}", team.u1);
    for more in [
        "",
        "X-Forwarded-Host: evil.example\r\n",
        "Forwarded: host=evil.example\r\n",
    ] {
        let host = if more.is_empty() {
            "evil.example"
        } else {
            "127.0.0.1"
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Authorization: Bearer {KEY}\r\n{more}\r\n"
        );
        let (status, answer) = team.raw(request.as_bytes());
        assert_eq!(status, 200, "EVIL-43: {answer}");
        assert!(!answer.contains("evil.example"), "EVIL-43: {answer}");
    }
}

#[test]
fn what_is_dangerous_elsewhere_is_plain_text_here() {
    // There is no export as CSV, or of any other kind that a spreadsheet would read, and so nothing that
    // would have to neutralise EVIL-31 but the answer itself.
    let team = Team::new();
    for (row, attribute, value) in [
        ("EVIL-30", "displayName", "<script>alert(1)</script>"),
        ("EVIL-31", "displayName", "=cmd|' /C calc'!A0"),
        ("quotes", "title", "\"'\\\u{1F600}"),
    ] {
        let mut body = named(&format!("{}@example.com", row.to_lowercase()));
        body[attribute] = json!(value);
        let id = team.user(&body);
        assert_eq!(
            team.read(&format!("/Users/{id}"))[attribute],
            value,
            "{row}"
        );
    }
}

#[test]
fn many_members_at_once_are_one_request() {
    let team = Team::new();
    let members: Vec<String> = (0..60)
        .map(|n| team.user(&named(&format!("m{n}@example.com"))))
        .collect();
    let ids: Vec<&str> = members.iter().map(String::as_str).collect();
    let group = team.group("Crowd", &ids);
    assert_eq!(team.members(&group).len(), 60);
    let strangers: Vec<Value> = (0..20_000)
        .map(|n| json!({ "value": format!("{n:048x}") }))
        .collect();
    let operation = json!([{ "op": "add", "path": "members", "value": strangers }]);
    let answer = team.patch(&format!("/Groups/{group}"), operation);
    refused("EVIL-35", &answer, 400, "invalidValue");
    assert!(
        answer.body().to_string().len() < 2_000,
        "A32: ten ids at most"
    );
    assert_eq!(team.members(&group).len(), 60, "EVIL-35");
}

#[test]
fn two_hundred_writers_at_once_neither_deadlock_nor_lose_anything() {
    let team = Team::new();
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let team = &team;
            scope.spawn(move || {
                for n in 0..10 {
                    let mut name = String::new();
                    write!(name, "p{thread}-{n}@example.com").unwrap();
                    let answer = team.post("/Users", &named(&name));
                    assert_eq!(answer.status(), 201, "EVIL-40: {}", answer.body());
                    let path = format!("/Users/{}", text(answer.body(), "/id"));
                    let patch = ops(json!([{ "op": "add", "path": "title", "value": name }]));
                    let answer = team.server.call("PATCH", &path, &patch);
                    assert_eq!(answer.body()["title"], json!(name), "EVIL-40");
                }
            });
        }
    });
    assert_eq!(team.read("/Users?count=0")["totalResults"], 200, "EVIL-40");
}

//! Requests, byte for byte (parts 1.3 to 1.11 of the Okta reference).

use super::*;

fn line(request: &Request) -> String {
    let body = request
        .body
        .as_ref()
        .map(|body| format!(" {body}"))
        .unwrap_or_default();
    format!("{} {}{body}", request.method.name(), request.path)
}

/// 1.1: blanks as `%20` or `+`, `@` and quotes encoded, the parameters in their order.
#[test]
fn queries_are_encoded_as_oktas() {
    let now = Wire::default();
    let then = Wire {
        plus_for_blanks: true,
        ..Wire::default()
    };
    for (request, path) in [
        (
            find_user(&now, "a@b.com"),
            "Users?filter=userName%20eq%20%22a%40b.com%22&startIndex=1&count=100",
        ),
        (
            find_user(&then, "a@b.com"),
            "Users?filter=userName+eq+%22a%40b.com%22&startIndex=1&count=100",
        ),
        (
            find_user(&now, "a+b \"c\"@d"),
            "Users?filter=userName%20eq%20%22a%2Bb%20%5C%22c%5C%22%40d%22&startIndex=1&count=100",
        ),
        (
            find_group(&now, "R & D"),
            "Groups?filter=displayName%20eq%20%22R%20%26%20D%22&startIndex=1&count=100",
        ),
        (read_user("a/b c"), "Users/a%2Fb%20c"),
        (read_group("G1"), "Groups/G1"),
    ] {
        assert_eq!(line(&request), format!("GET {path}"));
    }
}

/// 1.3: users, and groups when they are imported.
#[test]
fn the_test_of_the_credentials_reads_lists() {
    let lines = |groups| -> Vec<String> { test(groups).iter().map(line).collect() };
    assert_eq!(lines(false), ["GET Users?startIndex=1&count=2"]);
    assert_eq!(
        lines(true),
        [
            "GET Users?startIndex=1&count=2",
            "GET Groups?startIndex=1&count=100"
        ]
    );
}

/// 1.7, 1.8, 1.9, 1.11.3: bodies as the reference shows them.
#[test]
fn patches_have_no_path_but_for_members() {
    let (now, other) = (
        Wire::default(),
        Wire {
            full_push_without_path: true,
            put_includes_id: true,
            ..Wire::default()
        },
    );
    let ann = Member {
        id: "U1".to_owned(),
        display: "ann@x.test".to_owned(),
    };
    let members = r#"[{"value":"U1","display":"ann@x.test"}]"#;
    let patch = |operations: &str| {
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":{operations}}}"#
        )
    };
    let group = r#""schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]"#;
    for (request, expected) in [
        (
            set_active("U1", false),
            format!(
                "PATCH Users/U1 {}",
                patch(r#"[{"op":"replace","value":{"active":false}}]"#)
            ),
        ),
        (
            set_active("U1", true),
            format!(
                "PATCH Users/U1 {}",
                patch(r#"[{"op":"replace","value":{"active":true}}]"#)
            ),
        ),
        (
            set_password("U1", "p"),
            format!(
                "PATCH Users/U1 {}",
                patch(r#"[{"op":"replace","value":{"password":"p"}}]"#)
            ),
        ),
        (
            rename_group("G1", "Eng"),
            format!(
                "PATCH Groups/G1 {}",
                patch(r#"[{"op":"replace","value":{"id":"G1","displayName":"Eng"}}]"#)
            ),
        ),
        (
            change_members("G1", &["U2", "U3"], std::slice::from_ref(&ann)),
            format!(
                "PATCH Groups/G1 {}",
                patch(&format!(
                    r#"[{{"op":"remove","path":"members[value eq \"U2\"]"}},{{"op":"remove","path":"members[value eq \"U3\"]"}},{{"op":"add","path":"members","value":{members}}}]"#
                ))
            ),
        ),
        (
            all_members(&now, "G1", std::slice::from_ref(&ann)),
            format!(
                "PATCH Groups/G1 {}",
                patch(&format!(
                    r#"[{{"op":"replace","path":"members","value":{members}}}]"#
                ))
            ),
        ),
        (
            all_members(&now, "G1", &[]),
            format!(
                "PATCH Groups/G1 {}",
                patch(r#"[{"op":"replace","path":"members","value":[]}]"#)
            ),
        ),
        (
            all_members(&other, "G1", std::slice::from_ref(&ann)),
            format!(
                "PATCH Groups/G1 {}",
                patch(&format!(
                    r#"[{{"op":"replace","value":{{"members":{members}}}}}]"#
                ))
            ),
        ),
        (
            create_group("Eng", &[]),
            format!(r#"POST Groups {{{group},"displayName":"Eng","members":[]}}"#),
        ),
        (
            replace_group(&now, "G1", "Eng", std::slice::from_ref(&ann)),
            format!(r#"PUT Groups/G1 {{{group},"displayName":"Eng","members":{members}}}"#),
        ),
        (
            replace_group(&other, "G1", "Eng", &[]),
            format!(r#"PUT Groups/G1 {{{group},"id":"G1","displayName":"Eng","members":[]}}"#),
        ),
        (delete_group("G1"), "DELETE Groups/G1".to_owned()),
    ] {
        assert_eq!(line(&request), expected);
    }
}

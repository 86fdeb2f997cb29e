//! What guards every page and every action, checked against the console's own route table.

use scimlab::web::rooms::listed;

use crate::browser::{Appliance, EMAIL, KEY, PASSWORD};

/// An address of a route: ids of nothing in place of the placeholders.
fn address(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn every_action_refuses_what_another_site_caused() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let posts: Vec<_> = listed()
        .into_iter()
        .filter(|r| r.method == "POST")
        .collect();
    assert!(posts.len() > 15, "the route table has lost its actions");
    for route in posts {
        let path = address(route.path);
        for headers in [
            &[("Sec-Fetch-Site", "cross-site")][..],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Origin", "https://evil.example")],
            &[("Origin", "null")],
            &[
                ("Sec-Fetch-Site", "cross-site"),
                ("Origin", appliance.url.as_str()),
            ],
        ] {
            let page = browser.send("POST", &path, headers, &[]);
            assert_eq!(page.status, 403, "{path} {headers:?}");
            page.says("Another site tried");
        }
        let own = browser.send("POST", &path, &[("Origin", &appliance.url)], &[]);
        own.says_not("Another site tried");
        // Some of these signed us out or in again.
        if path == "/logout" || path == "/login" {
            browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
        }
    }
}

#[test]
fn every_page_and_action_needs_somebody_signed_in() {
    let appliance = Appliance::start();
    let stranger = appliance.stranger();
    for route in listed().into_iter().filter(|route| route.needs.is_some()) {
        let path = address(route.path);
        let page = stranger.send(
            &route.method,
            &path,
            &[("Sec-Fetch-Site", "same-origin")],
            &[],
        );
        assert_eq!(page.status, 303, "{} {path}", route.method);
        let login = if route.method == "POST" || path == "/" {
            "/login".to_owned()
        } else {
            format!("/login?next={}", path.replace('/', "%2F"))
        };
        assert_eq!(page.location, login, "{} {path}", route.method);
        assert_eq!(
            stranger.cookie(),
            "",
            "a visitor without state gets no cookie"
        );
    }
}

#[test]
fn every_page_carries_the_policy_and_is_kept_by_nobody() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    for route in listed().into_iter().filter(|route| route.method == "GET") {
        let path = address(route.path);
        let page = browser.get(&path);
        assert!(page.status < 500, "{path}: {}", page.body);
        assert_eq!(page.header("Cache-Control"), "no-store", "{path}");
        assert_eq!(page.header("X-Content-Type-Options"), "nosniff", "{path}");
        assert_eq!(page.header("Referrer-Policy"), "same-origin", "{path}");
        let policy = page.header("Content-Security-Policy");
        for part in [
            "default-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

#[test]
fn an_unknown_address_and_a_wrong_method_are_pages_too() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    for (method, path, status) in [
        ("GET", "/nowhere", 404),
        ("GET", "/team/members/../../etc/passwd", 404),
        ("GET", "/team/members/0000", 404),
        ("GET", "/team/groups/0000", 404),
        ("GET", "/team/authentication/scim/keys/99/revoke", 404),
        ("GET", "/team/authentication/scim/keys/x/revoke", 404),
        ("GET", "/entra/users/nobody", 404),
        (
            "GET",
            "/entra/groups/00000000-0000-4000-8000-000000000000",
            404,
        ),
        ("GET", "/entra/applications/1/provisioning", 404),
        ("POST", "/entra/applications/1/provisioning/start", 404),
        ("POST", "/team/members", 405),
        ("DELETE", "/team/authentication", 405),
        ("GET", "/logout", 405),
    ] {
        let page = browser.send(method, path, &[("Sec-Fetch-Site", "same-origin")], &[]);
        assert_eq!(page.status, status, "{method} {path}: {}", page.body);
        page.says("<!doctype html>");
    }
}

#[test]
fn assets_are_cached_for_ever_and_only_under_their_own_hash() {
    let appliance = Appliance::start();
    let stranger = appliance.stranger();
    let login = stranger.open("/login");
    let assets = login.links("/static/");
    assert_eq!(assets.len(), 3, "{assets:?}");
    for asset in assets {
        let file = stranger.open(&asset);
        assert_eq!(
            file.header("Cache-Control"),
            "public, max-age=31536000, immutable"
        );
        let (_, name) = asset.rsplit_once('/').unwrap();
        assert_eq!(
            stranger.get(&format!("/static/000000000000/{name}")).status,
            404
        );
    }
}

#[test]
fn the_scim_endpoint_asks_for_no_origin() {
    let appliance = Appliance::start();
    let user =
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x@example.com"}"#;
    assert_eq!(appliance.scim(KEY, "POST", "/Users", user).0, 201);
}

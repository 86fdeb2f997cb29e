//! The security checklist for keys and for the console, row by row.
//!
//! [`ROWS`] names the test that holds each row; what is not in a file beside stands below.

use std::path::Path;
use std::time::Duration;

use scimlab::web::rooms::listed;
use ureq::http::Request;

use crate::browser::{Appliance, Browser, EMAIL, KEY, PASSWORD};
use crate::within::Within;

/// Rows of the checklist: id, what it asks in a few words, the test.
const ROWS: [(&str, &str, &str); 22] = [
    (
        "S1",
        "256 random bits with a fixed prefix (no checksum)",
        "src/secret.rs::keys_are_long_distinct_and_recognisable",
    ),
    (
        "S2",
        "only a hash is stored",
        "tests/console/security.rs::no_secret_is_in_any_log_page_or_dump",
    ),
    (
        "S3",
        "a key is shown once",
        "tests/console/security.rs::a_key_is_shown_on_one_page_once",
    ),
    (
        "S4",
        "keys may end",
        "src/provider/tests/api_keys.rs::keys_have_names_an_end_and_one_owner",
    ),
    (
        "S5",
        "revocation counts from the next request",
        "tests/console/security.rs::a_key_is_shown_on_one_page_once",
    ),
    (
        "S6",
        "each kind of secret opens one door",
        "tests/console/security.rs::each_kind_of_secret_opens_its_own_door_and_no_other",
    ),
    (
        "S7",
        "never in an address, a form, a cookie or a log",
        "tests/console/security.rs::no_secret_is_in_any_log_page_or_dump",
    ),
    (
        "S8",
        "unknown, revoked and expired get the same 401",
        "src/provider/tests/api_keys.rs::keys_have_names_an_end_and_one_owner",
    ),
    (
        "S9",
        "no Basic, no cookie at the SCIM endpoint",
        "tests/console/security.rs::each_kind_of_secret_opens_its_own_door_and_no_other",
    ),
    (
        "S10",
        "tokens for client credentials alone, for one hour and one audience",
        "tests/api/inbound/tokens.rs::a_token_says_who_has_it_and_what_it_opens_for_one_hour",
    ),
    (
        "S64",
        "sign-in is slowed down, in the same words for everybody",
        "tests/console/security.rs::hammering_an_account_keeps_its_owner_at_another_address_in",
    ),
    (
        "S80",
        "cookie flags, rotation, idle and absolute end, sign-out on the server",
        "tests/console/sessions.rs::a_session_rests_for_half_an_hour_and_lives_for_half_a_day",
    ),
    (
        "S81",
        "requests that other sites cause are refused",
        "tests/console/guards.rs::every_action_refuses_what_another_site_caused",
    ),
    (
        "S82",
        "escaped text and a strict policy",
        "tests/console/guards.rs::every_page_carries_the_policy_and_is_kept_by_nobody",
    ),
    (
        "S83",
        "no link and no image from SCIM data",
        "tests/console/security.rs::an_address_from_scim_data_is_text",
    ),
    (
        "S84",
        "no formula in a CSV file",
        "tests/console/audit.rs::evil_31_the_export_is_complete_and_no_cell_is_a_formula",
    ),
    (
        "S85",
        "roles are checked on the server (without asking for the password again)",
        "tests/console/crawl.rs::",
    ),
    (
        "S86",
        "the record says who, when, key, target, attributes, result, request; reading it is a permission",
        "tests/console/audit.rs::every_kind_of_actor_leaves_an_event_that_says_who_what_and_from_where",
    ),
    (
        "S87",
        "no default password, a link that works once",
        "tests/console/sign_in.rs::the_setup_link_makes_the_first_administrator_once",
    ),
    (
        "S88",
        "no other origin reads the SCIM endpoint or the audit API",
        "tests/console/security.rs::no_other_origin_is_let_in",
    ),
    (
        "S89",
        "a Host header enters no address",
        "tests/console/security.rs::a_host_header_enters_no_page",
    ),
    ("S90", "SSO settings", "tests/console/sso.rs::"),
];

#[test]
fn every_row_of_the_checklist_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ids = (1..=10).chain(80..=90).map(|n| format!("S{n}"));
    for id in ids {
        assert!(ROWS.iter().any(|row| row.0 == id), "{id} is missing");
    }
    for (id, words, test) in ROWS {
        let (file, name) = test.split_once("::").unwrap();
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(
            source.contains(&format!("fn {name}")),
            "{id} ({words}): there is no {test}"
        );
    }
}

fn ask(url: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String, ureq::http::HeaderMap) {
    let mut request = Request::get(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into();
    let (parts, mut body) = agent.run(request.body(()).unwrap()).unwrap().into_parts();
    (
        parts.status.as_u16(),
        body.read_to_string().unwrap(),
        parts.headers,
    )
}

/// What a page shows in the field with this id.
fn shown(page: &str, id: &str) -> String {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).unwrap();
    let (_, rest) = rest.split_once("value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn api_key(browser: &Browser, name: &str) -> String {
    let page = browser.post("/profile/api-keys/new", &[("name", name)]);
    assert_eq!(page.status, 200, "{}", page.body);
    shown(&page.body, "key-value")
}

#[test]
fn each_kind_of_secret_opens_its_own_door_and_no_other() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let key = api_key(&browser, "Reader");
    let cookie = browser.cookie();
    let bearer = |key: &str| format!("Bearer {key}");
    let logs = |headers: &[(&str, &str)]| ask(&appliance.url, "/audit/logs", headers).0;
    let users = |headers: &[(&str, &str)]| ask(&appliance.url, "/scim/v2/Users", headers).0;
    let page = |headers: &[(&str, &str)]| ask(&appliance.url, "/team/members", headers).0;
    assert_eq!(logs(&[("x-api-key", &key)]), 200, "S6");
    assert_eq!(users(&[("Authorization", &bearer(KEY))]), 200, "S6");
    assert_eq!(page(&[("Cookie", &cookie)]), 200, "S6");
    assert_eq!(
        logs(&[("x-api-key", KEY)]),
        401,
        "S6: a SCIM key is no API key"
    );
    assert_eq!(
        users(&[("Authorization", &bearer(&key))]),
        401,
        "S6: nor the other way"
    );
    assert_eq!(users(&[("x-api-key", KEY)]), 401, "S6");
    assert_eq!(logs(&[("Authorization", &bearer(&key))]), 401, "S7");
    assert_eq!(logs(&[("Cookie", &cookie)]), 401, "S9: no cookie is a key");
    assert_eq!(users(&[("Cookie", &cookie)]), 401, "S9");
    let query = format!("/audit/logs?x-api-key={key}&apikey={key}");
    assert_eq!(
        ask(&appliance.url, &query, &[]).0,
        401,
        "S7: not in an address"
    );
    for key in [KEY, &key] {
        let answer = page(&[("Authorization", &bearer(key)), ("x-api-key", key)]);
        assert_eq!(answer, 303, "S6: no key signs in");
    }
    // "user:key" as Basic has it.
    let basic = "Basic dXNlcjprZXktb2YtdGhlLWZpcnN0LXRlYW0=";
    assert_eq!(users(&[("Authorization", basic)]), 401, "S9");
    let graph = |headers: &[(&str, &str)]| ask(&appliance.url, "/graph/v1.0/users", headers).0;
    for key in [KEY, &key] {
        let answer = graph(&[("Authorization", &bearer(key)), ("x-api-key", key)]);
        assert_eq!(answer, 401, "S6: no key is a token");
    }
    assert_eq!(graph(&[("Cookie", &cookie)]), 401, "S6");
    assert_eq!(graph(&[("Authorization", basic)]), 401, "S6");
}

#[test]
fn a_key_is_shown_on_one_page_once() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let page = browser.post(
        "/team/authentication/scim/keys/new",
        &[("name", "Once"), ("access", "")],
    );
    let scim = shown(&page.body, "key-value");
    assert_eq!(page.header("Cache-Control"), "no-store", "S3");
    let api = api_key(&browser, "Once");
    assert!(
        scim.starts_with("scimlab_") && api.starts_with("scimlab_api_"),
        "S1"
    );
    for path in ["/team/authentication", "/profile/api-keys", "/team/audit"] {
        let page = browser.open(path);
        page.says_not(&scim).says_not(&api);
    }
    browser
        .open("/profile/api-keys")
        .says(&format!("ends in <code>{}</code>", &api[api.len() - 4..]))
        .says("Active");
    let logs = || ask(&appliance.url, "/audit/logs", &[("x-api-key", &api)]).0;
    assert_eq!(logs(), 200);
    let revoke = browser
        .open("/profile/api-keys")
        .links("/profile/api-keys/");
    let revoke = revoke
        .iter()
        .find(|link| link.ends_with("/revoke"))
        .unwrap();
    browser
        .open(revoke)
        .says("The next request with this key is refused.");
    browser
        .submit(revoke, &[])
        .says("Once is revoked.")
        .says("Revoked");
    assert_eq!(logs(), 401, "S5: at once");
    browser.submit(revoke, &[]).says("Once is revoked.");
    assert_eq!(browser.get("/profile/api-keys/99/revoke").status, 404);
    for (name, expires, said) in [
        ("", "", "Give the key a name"),
        ("Late", "2001-01-01", "would have expired already"),
        ("Odd", "soon", "Enter a day such as"),
    ] {
        let fields = [("name", name), ("expires", expires)];
        let page = browser.post("/profile/api-keys/new", &fields);
        assert_eq!(page.status, 422, "{name}");
        page.says(said).says(&format!("value=\"{name}\""));
    }
}

#[test]
fn no_secret_is_in_any_log_page_or_dump() {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_SEED", "demo"),
        ("SCIMLAB_LOG", "trace"),
        ("SCIMLAB_SCIM_KEY", KEY),
    ]);
    let link = appliance.setup.clone();
    let browser = appliance.stranger();
    let (wrong, guess) = ("t1g3r-wrong-password", "t1g3r-guess");
    let first = [
        ("email", EMAIL),
        ("name", "Ada"),
        ("password", PASSWORD),
        ("again", wrong),
    ];
    assert_eq!(browser.post(&link, &first).status, 422);
    let first = [first[0], first[1], first[2], ("again", PASSWORD)];
    assert_eq!(browser.post(&link, &first).status, 303);
    let mut secrets = vec![
        ("password", PASSWORD.to_owned()),
        ("wrong password", wrong.to_owned()),
        ("guess", guess.to_owned()),
        ("setup link", link.rsplit('/').next().unwrap().to_owned()),
        ("preset key", KEY.to_owned()),
    ];
    let token = |browser: &Browser| {
        let cookie = browser.cookie();
        cookie[cookie.len() - 64..].to_owned()
    };
    secrets.push(("first session", token(&browser)));
    assert_eq!(
        browser
            .post("/login", &[("email", EMAIL), ("password", wrong)])
            .status,
        401
    );
    let browser = appliance.administrator();
    secrets.push(("session", token(&browser)));
    let page = browser.post(
        "/team/authentication/scim/keys/new",
        &[("name", "Traced"), ("access", "")],
    );
    let scim = shown(&page.body, "key-value");
    let api = api_key(&browser, "Traced");
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "bob@example.com", "password": "t1g3r-scim-password",
    });
    for key in [KEY, &scim, "t1g3r-bearer"] {
        appliance.scim(key, "POST", "/Users", &body.to_string());
        let query = format!("/scim/v2/Users?access_token={key}");
        ask(&appliance.url, &query, &[]);
    }
    // What looks like one of our keys is recognised wherever a client puts it.
    ask(&appliance.url, "/scim/v2/Users", &[("User-Agent", &scim)]);
    ask(&appliance.url, "/audit/logs", &[("x-api-key", &api)]);
    ask(&appliance.url, "/audit/logs", &[("x-api-key", guess)]);
    secrets.extend([
        ("SCIM key", scim),
        ("API key", api),
        ("password by SCIM", "t1g3r-scim-password".to_owned()),
        ("bearer of a stranger", "t1g3r-bearer".to_owned()),
    ]);
    let application = browser
        .open("/entra/applications")
        .links("/entra/applications/");
    let provisioning = format!("{}/provisioning", application[0]);
    browser.post(
        &format!("{provisioning}/credentials"),
        &[
            ("tenant_url", &format!("{}/scim/v2", appliance.url)),
            ("secret_token", "t1g3r-secret-token"),
        ],
    );
    secrets.push(("secret token", "t1g3r-secret-token".to_owned()));

    let mut pages = String::new();
    let mut traffic = browser.open("/traffic").links("/traffic/");
    traffic.extend(browser.open("/team/audit").links("/team/audit/"));
    traffic.push(provisioning);
    for route in listed().into_iter().filter(|route| route.method == "GET") {
        traffic.push(route.path.replace(|c| "{}".contains(c), ""));
    }
    for path in traffic {
        pages += &browser.get(&path).body;
    }
    pages += &ask(&appliance.url, "/metrics", &[]).1;
    browser.submit("/logout", &[]);
    let log = appliance.log();
    assert!(log.contains("request"), "the log is written at all");
    let dump = appliance.dump();
    assert!(dump.contains("bob@example.com"));
    for (name, secret) in &secrets {
        for (place, text) in [("log", &log), ("pages", &pages), ("dump", &dump)] {
            if let Some(at) = text.find(secret.as_str()) {
                let around = text.get(at.saturating_sub(200)..at).unwrap_or_default();
                panic!("S2, S7: the {name} is in the {place}, behind {around}");
            }
        }
    }
}

/// Hammers the sign-in from an address that a proxy on this host names.
fn try_from(url: &str, address: &str, password: &str) -> u16 {
    let body = format!("email=ada%40example.com&password={password}");
    let request = Request::post(format!("{url}/login"))
        .header("X-Forwarded-For", address)
        .header("Content-Type", "application/x-www-form-urlencoded");
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into();
    let answer = agent.run(request.body(body).unwrap()).unwrap();
    let status = answer.status().as_u16();
    if status == 429 || status == 503 {
        let after = answer.headers().get("Retry-After").unwrap();
        assert!(after.to_str().unwrap().parse::<u32>().unwrap() > 0);
    }
    status
}

#[test]
fn hammering_an_account_keeps_its_owner_at_another_address_in() {
    let appliance = Within::behind_a_proxy();
    let right = PASSWORD.replace(' ', "+");
    let attacker = |password: &str| try_from(&appliance.url, "192.0.2.66", password);
    for n in 0..5 {
        assert_eq!(attacker("wrong"), 401, "try {n}");
    }
    assert_eq!(attacker("wrong"), 429, "S64: then it has to wait");
    assert_eq!(attacker(&right), 429, "S64: even with the right password");
    assert_eq!(
        try_from(&appliance.url, "198.51.100.7", &right),
        303,
        "S64: the owner at another address is not locked out"
    );
    appliance.advance(Duration::from_secs(2));
    assert_eq!(attacker("wrong"), 401, "S64: and it may go on, slowly");
    assert_eq!(attacker("wrong"), 429);
    appliance.advance(Duration::from_mins(15));
    assert_eq!(attacker(&right), 303, "S64: a quarter of an hour forgets");
}

#[test]
fn a_forwarded_address_is_not_believed_without_a_proxy() {
    let appliance = Within::start();
    for n in 0..5 {
        assert_eq!(
            try_from(&appliance.url, &format!("192.0.2.{n}"), "wrong"),
            401
        );
    }
    assert_eq!(
        try_from(&appliance.url, "192.0.2.99", "wrong"),
        429,
        "S64: another claim is no other address"
    );
}

#[test]
fn an_address_from_scim_data_is_text() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "bob@example.com",
        "profileUrl": "javascript:alert(1)",
        "photos": [{"value": "https://evil.example/pixel.png", "type": "photo"}],
    });
    let made = appliance.scim(KEY, "POST", "/Users", &body.to_string());
    let user: serde_json::Value = serde_json::from_str(&made.1).unwrap();
    assert_eq!(made.0, 201, "{user}");
    let page = browser.open(&format!("/team/members/{}", user["id"].as_str().unwrap()));
    // S83, EVIL-34.
    page.says("javascript:alert(1)")
        .says_not("href=\"javascript")
        .says_not("src=\"https://evil")
        .says_not("href=\"https://evil");
    let policy = page.header("Content-Security-Policy");
    assert!(policy.contains("img-src 'self'"), "S83: {policy}");
    assert!(policy.contains("base-uri 'none'"), "S82: {policy}");
}

#[test]
fn no_other_origin_is_let_in() {
    let appliance = Appliance::start();
    let bearer = format!("Bearer {KEY}");
    for (path, key) in [
        ("/scim/v2/Users", ("Authorization", bearer.as_str())),
        ("/audit/logs", ("x-api-key", "x")),
        ("/login", ("Accept", "*/*")),
    ] {
        let (_, _, headers) = ask(
            &appliance.url,
            path,
            &[key, ("Origin", "https://evil.example")],
        );
        for name in headers.keys() {
            assert!(
                !name.as_str().starts_with("access-control-"),
                "S88: {path} {name}"
            );
        }
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[test]
fn a_host_header_enters_no_page() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let cookie = browser.cookie();
    for path in ["/login", "/team/authentication", "/profile/api-keys", "/"] {
        let headers = [("Host", "evil.example"), ("Cookie", cookie.as_str())];
        let (_, body, headers) = ask(&appliance.url, path, &headers);
        assert!(!body.contains("evil.example"), "S89: {path}");
        let location = headers.get("Location").map(|v| v.to_str().unwrap());
        assert!(
            !location.unwrap_or_default().contains("evil"),
            "S89: {path}"
        );
    }
    let headers = [
        ("Host", "evil.example"),
        ("Authorization", &*format!("Bearer {KEY}")),
    ];
    let (_, body, _) = ask(&appliance.url, "/scim/v2/Users", &headers);
    assert!(!body.contains("evil.example"), "S89, EVIL-43");
}

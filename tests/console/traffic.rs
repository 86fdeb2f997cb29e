//! `/traffic`: the last SCIM requests.

use ureq::http::Request;

use crate::browser::{Appliance, KEY};

const EVIL: &str = "<script>alert(1)</script>";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn appliance() -> Appliance {
    Appliance::start()
}

/// Sends a request with these headers besides the key's; returns its `X-Request-Id`.
fn send(
    appliance: &Appliance,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> String {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}/scim/v2{path}", appliance.url))
        .header("Content-Type", "application/scim+json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let answer = if body.is_empty() {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.body(body.to_owned()).unwrap())
    };
    let answer = answer.unwrap();
    let id = answer.headers().get("x-request-id").unwrap();
    id.to_str().unwrap().to_owned()
}

#[test]
fn an_empty_list_says_the_next_step() {
    let appliance = appliance();
    let browser = appliance.administrator();
    browser
        .open("/traffic")
        .says("No requests yet")
        .says("href=\"/team/authentication/scim\"");
    appliance.scim(KEY, "GET", "/Users", "");
    browser.open("/traffic").says("1 request<").says("Preset 1");
    browser
        .open("/traffic?method=DELETE")
        .says("Nothing matches")
        .says("href=\"/traffic\"");
    browser
        .open("/traffic?page=9")
        .says("There is no such page");
    assert_eq!(browser.get("/traffic/nothing").status, 404);
}

#[test]
fn a_request_is_shown_with_both_sides_and_without_its_secrets() {
    let appliance = appliance();
    let secret = "t1g3r-Z3bra";
    let body = serde_json::json!({
        "schemas": [USER], "userName": "evil@example.com", "displayName": EVIL, "password": secret,
    });
    let key = format!("Bearer {KEY}");
    let id = send(
        &appliance,
        "POST",
        "/Users",
        &[
            ("Authorization", &key),
            ("Cookie", secret),
            ("User-Agent", EVIL),
            ("X-Request-Id", "<b>7</b>"),
        ],
        &body.to_string(),
    );
    assert_eq!(id, "<b>7</b>");
    let browser = appliance.administrator();
    let list = browser.open("/traffic?q=EVIL%40example.com&method=POST&status=success&path=/Users");
    list.says("1 request<").says("Preset 1").says("201 Created");
    let page = browser.open(&list.links("/traffic/")[0]);
    // EVIL-30: nothing of a client becomes markup, neither its name nor its body nor its id.
    page.says("value=\"&#60;b&#62;7&#60;/b&#62;\"")
        .says("&#60;script&#62;alert(1)&#60;/script&#62;")
        .says("&lt;script&gt;alert(1)&lt;/script&gt;")
        .says_not(EVIL)
        .says_not("<b>7")
        .says("Shown as [masked]: password.")
        .says("[masked]")
        .says("user-agent: ")
        .says("x-request-id: ")
        .says("evil@example.com")
        .says_not(secret)
        .says_not(KEY)
        .says_not("authorization")
        .says_not("cookie");
    // POST-27: no page shows the password, neither of the request nor of the user.
    let members = browser.open("/team/members");
    members.says("evil@example.com").says_not(secret);
    let user = &members.links("/team/members/")[0];
    browser.open(user).says("evil@example.com").says_not(secret);
}

#[test]
fn filters_are_shown_without_their_values() {
    let appliance = appliance();
    appliance.scim(
        KEY,
        "GET",
        "/Users?filter=userName%20eq%20%22ada%40x.com%22",
        "",
    );
    let browser = appliance.administrator();
    browser
        .open("/traffic")
        .says("filter=userName eq &#34;***&#34;")
        .says_not("ada@x.com");
}

#[test]
fn strangers_are_shown_and_push_nobody_out() {
    let appliance = appliance();
    appliance.scim(KEY, "GET", "/Groups", "");
    for _ in 0..150 {
        assert_eq!(appliance.scim("wrong", "GET", "/Users", "").0, 401);
    }
    let browser = appliance.administrator();
    let page = browser.open("/traffic");
    page.says("of 101 requests").says("Not authenticated");
    let next = page.links("/traffic?page=");
    browser.open(&next[0]).says("26\u{2013}50 of 101 requests");
    browser.open("/traffic?key=Preset%201").says("/Groups");
}

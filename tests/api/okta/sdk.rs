//! What Okta's SDK for Python makes of the API (part 7). `tests/clients/okta_sdk.py` runs the SDK itself.

use serde_json::Value;

use super::{Okta, TOKEN, links};

/// 7.2: the SDK sends no blank behind SSWS, takes the last `Link` of an answer for the only one, and its users lead to their
/// schema and type.
#[test]
fn the_official_sdk_finds_what_it_needs() {
    let okta = Okta::start();
    okta.person("Ann");
    okta.person("Bob");
    let ssws = format!("SSWS{TOKEN}");
    let page = okta.ask("GET", "/users?limit=1", Some(&ssws), &Value::Null);
    assert_eq!(page.status(), 200);
    assert_eq!(links(&page).last().unwrap().0, "next");

    let ann = okta.get("/users/ann@x.test");
    let follow = |link: &str| {
        let url = ann["_links"][link]["href"].as_str().unwrap();
        okta.get(url.split_once("/okta/api/v1").unwrap().1)
    };
    assert_eq!(follow("schema"), okta.get("/meta/schemas/user/default"));
    assert_eq!(follow("type")["id"], ann["type"]["id"]);
    let other = okta.call("GET", "/meta/schemas/user/oscNOTHING", &Value::Null, 404);
    assert_eq!(other["errorCode"], "E0000007");
}

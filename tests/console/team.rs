//! `/team/...`: members, groups, the SCIM toggle and the keys.

use crate::browser::{Appliance, KEY};

const HERE: &str = "/team/authentication";
const SCIM: &str = "/team/authentication/scim";
const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

fn user(name: &str, display: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name, "displayName": display,
        "name": {"givenName": display, "familyName": "x"},
        "emails": [{"type": "work", "value": format!("mail-of-{name}")}],
    })
    .to_string()
}

fn id(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

#[test]
fn the_toggle_asks_first_and_closes_the_scim_endpoint() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let users = || appliance.scim(KEY, "GET", "/Users", "").0;
    assert_eq!(users(), 200);
    let question = browser.open(HERE).links(&format!("{SCIM}/turn-"));
    assert_eq!(question, ["/team/authentication/scim/turn-off"]);
    browser
        .open(&question[0])
        .says("Turn off SCIM provisioning?");
    assert_eq!(users(), 200, "asking changes nothing");
    let page = browser.submit(&question[0], &[]);
    page.says("SCIM provisioning is off.")
        .says("Turn on SCIM provisioning first.");
    let (status, body) = appliance.scim(KEY, "GET", "/Users", "");
    assert_eq!(status, 403, "AUTH-13: {body}");
    assert!(
        body.contains("messages:2.0:Error") && !body.contains("Resources"),
        "AUTH-13: {body}"
    );
    browser.open(SCIM).says_not("SCIM provisioning is off.");
    let refused = browser.post(&format!("{SCIM}/keys/new"), &[("name", "k")]);
    assert_eq!(refused.status, 403, "no key while it is off");
    browser
        .submit(&format!("{SCIM}/turn-on"), &[])
        .says("SCIM provisioning is on.");
    assert_eq!(users(), 200, "keys work again");
}

#[test]
fn a_key_is_shown_once_works_and_is_refused_once_revoked() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let new = format!("{SCIM}/keys/new");
    for (name, said) in [
        ("", "Give the key a name"),
        ("Preset 1", "Another key of this team has this name."),
    ] {
        let page = browser.post(&new, &[("name", name)]);
        assert_eq!(page.status, 422);
        page.says(said);
    }
    let page = browser.post(&new, &[("name", "Entra <agent>")]);
    assert_eq!(
        (page.status, page.header("Cache-Control")),
        (200, "no-store")
    );
    let value = page
        .body
        .split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap()
        .to_owned();
    page.says("Entra &#60;agent&#62;")
        .says("It is shown this once");
    assert_eq!(appliance.scim(&value, "GET", "/Users", "").0, 200);
    let list = browser.open(SCIM);
    list.says_not(&value)
        .says("Entra &#60;agent&#62;")
        .says(&value[value.len() - 4..]);
    for path in [HERE, SCIM, &new, "/"] {
        browser.open(path).says_not(&value);
    }
    assert!(
        !appliance.log().contains(&value),
        "nor does the log show it"
    );
    let links = list.links(&format!("{SCIM}/keys/"));
    let revoke = links.iter().find(|link| link.ends_with("/revoke")).unwrap();
    browser.open(revoke).says("Revoke Entra &#60;agent&#62;?");
    assert_eq!(appliance.scim(&value, "GET", "/Users", "").0, 200);
    browser.submit(revoke, &[]).says("REVOKED");
    assert_eq!(
        appliance.scim(&value, "GET", "/Users", "").0,
        401,
        "AUTH-03: at once"
    );
    assert_eq!(
        appliance.scim(KEY, "GET", "/Users", "").0,
        200,
        "others are not touched"
    );
}

#[test]
fn members_are_searched_filtered_and_paged_on_the_server() {
    let appliance = Appliance::start();
    for n in 0..30 {
        let body = user(
            &format!("user{n:02}@example.com"),
            &format!("Person {n:02}"),
        );
        assert_eq!(appliance.scim(KEY, "POST", "/Users", &body).0, 201);
    }
    let browser = appliance.administrator();
    let first = browser.open("/team/members");
    first
        .says("1\u{2013}25 of 31 members")
        .says("Person 29")
        .says_not("Person 04");
    browser
        .open("/team/members?page=2")
        .says("Person 04")
        .says_not("Person 29");
    browser
        .open("/team/members?sort=created")
        .says("Person 00")
        .says_not("Person 29");
    browser
        .open("/team/members?q=PERSON+07")
        .says("1 member<")
        .says("user07@");
    browser
        .open("/team/members?q=mail-of-user11")
        .says("Person 11");
    browser
        .open("/team/members?q=nobody")
        .says("Nothing matches");
    browser
        .open("/team/members?status=deactivated")
        .says("Nothing matches");
    browser
        .open("/team/members?page=999999999999")
        .says("There is no such page");
    browser
        .open("/team/members?page=-1&sort=nonsense&x=y")
        .says("31 members");
}

#[test]
fn names_that_look_like_markup_are_shown_as_text_everywhere() {
    let appliance = Appliance::start();
    let (status, body) = appliance.scim(KEY, "POST", "/Users", &user("evil@example.com", EVIL));
    assert_eq!(status, 201, "{body}");
    let member = id(&body);
    let group = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": EVIL, "members": [{"value": member}],
    });
    let (status, body) = appliance.scim(KEY, "POST", "/Groups", &group.to_string());
    assert_eq!(status, 201, "{body}");
    let browser = appliance.administrator();
    for path in [
        "/team/members".to_owned(),
        format!("/team/members/{member}"),
        "/team/members?q=%3Cscript%3E".to_owned(),
        "/team/groups".to_owned(),
        format!("/team/groups/{}", id(&body)),
        "/team/groups?q=%3Cscript%3E".to_owned(),
    ] {
        let page = browser.open(&path);
        // EVIL-30: what is stored as it came is escaped wherever it is shown.
        page.says_not("<script>").says("&#60;script&#62;");
        if !path.contains('?') {
            page.says(EVIL_SHOWN);
        }
    }
}

#[test]
fn an_address_of_a_member_is_no_link_that_runs() {
    let appliance = Appliance::start();
    let mut body: serde_json::Value =
        serde_json::from_str(&user("link@example.com", "Link")).unwrap();
    body["profileUrl"] = "javascript:alert(1)".into();
    body["photos"] = serde_json::json!([{"value": "data:text/html,x", "type": "photo"}]);
    let (status, body) = appliance.scim(KEY, "POST", "/Users", &body.to_string());
    assert_eq!(status, 201, "EVIL-34: {body}");
    let browser = appliance.administrator();
    let page = browser.open(&format!("/team/members/{}", id(&body)));
    page.says("javascript:alert(1)")
        .says_not("href=\"javascript:")
        .says_not("src=\"data:text");
}

#[test]
fn a_group_lists_its_members_page_by_page_and_never_in_its_json() {
    let appliance = Appliance::start();
    let mut members = Vec::new();
    for n in 0..51 {
        let body = user(
            &format!("user{n:02}@example.com"),
            &format!("Person {n:02}"),
        );
        members.push(
            serde_json::json!({"value": id(&appliance.scim(KEY, "POST", "/Users", &body).1)}),
        );
    }
    let group = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Everybody", "members": members,
    });
    let address = format!(
        "/team/groups/{}",
        id(&appliance.scim(KEY, "POST", "/Groups", &group.to_string()).1)
    );
    let browser = appliance.administrator();
    browser.open("/team/groups").says("Everybody").says(">51<");
    let page = browser.open(&address);
    page.says("1\u{2013}50 of 51 members")
        .says("Person 00")
        .says_not("Person 50")
        .says_not("&quot;members&quot;");
    browser
        .open(&format!("{address}?page=2"))
        .says("Person 50")
        .says_not("Person 00");
    let person = browser.open(&browser.open(&address).links("/team/members/")[0]);
    person
        .says("Everybody")
        .says("Person 00")
        .says("emails[work]");
}

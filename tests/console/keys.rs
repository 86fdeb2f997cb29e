//! `/team/authentication/scim`: the rule of exactly one SSO method, keys from their making to their end.

use std::time::Duration;

use crate::browser::{Appliance, Browser, EMAIL, KEY, PASSWORD, Page, scim};
use crate::within::Within;

const HERE: &str = "/team/authentication/scim";
const NEW: &str = "/team/authentication/scim/keys/new";
const MOCK: &str = "/team/authentication/methods/mock-entra";

/// The value on the page that shows it.
fn value(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let mut parts = page.body.split('"');
    let value = parts.find(|part| part.starts_with("scimlab_"));
    value.unwrap_or_else(|| panic!("{}", page.body)).to_owned()
}

/// The hidden field of a form.
fn hidden(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&start).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn link(page: &Page, end: &str) -> String {
    let links = page.links(&format!("{HERE}/keys/"));
    let found = links.iter().find(|link| link.ends_with(end));
    found.unwrap_or_else(|| panic!("{end}: {links:?}")).clone()
}

/// Adds a method of Microsoft Entra ID with the mock Entra at its other end: configured and on.
fn add_method(browser: &Browser, name: &str) -> String {
    let form = browser.open("/team/authentication/methods/new");
    let fields = [
        ("type", "entra-id"),
        ("name", name),
        ("instance", &hidden(&form, "instance")),
    ];
    let made = browser.post("/team/authentication/methods/new", &fields);
    assert_eq!(made.status, 303, "{}", made.body);
    browser.submit(
        &format!("{}/mock-entra", made.location),
        &[("revision", "0")],
    );
    made.location
}

/// An appliance in this process with one method and SCIM on.
fn ready() -> (Within, Browser) {
    let within = Within::start();
    let browser = within.administrator();
    browser.submit(MOCK, &[]);
    browser.submit(&format!("{HERE}/turn-on"), &[]);
    (within, browser)
}

fn users(within: &Within, key: &str) -> u16 {
    scim(&within.url, key, "GET", "/Users", "").0
}

#[test]
fn every_branch_of_the_rule_is_told_on_the_page_and_enforced() {
    let within = Within::start();
    let browser = within.administrator();
    let refused = |said: &str| {
        browser
            .open(HERE)
            .says(said)
            .says("class=\"switch blocked\"")
            .says("disabled aria-describedby=\"generate-blocked\"");
        browser.open("/team/authentication").says(said);
        let page = browser.submit(&format!("{HERE}/turn-on"), &[]);
        page.says(said).says_not("SCIM provisioning is on.");
        let page = browser.get(NEW);
        assert_eq!(page.status, 403, "{}", page.body);
    };
    refused("You must have SSO configured prior to enabling SCIM.");
    let form = browser.open("/team/authentication/methods/new");
    let instance = hidden(&form, "instance");
    let fields = [("type", "okta"), ("name", "Okta"), ("instance", &instance)];
    browser.post("/team/authentication/methods/new", &fields);
    refused("The SSO method is not configured yet.");
    let first = add_method(&browser, "First");
    browser.submit(&format!("{first}/turn-off"), &[]);
    refused("No SSO method is enabled: turn one on");
    browser.submit(&format!("{first}/turn-on"), &[]);
    let second = add_method(&browser, "Second");
    refused("2 SSO methods are enabled: turn one off");
    browser.submit(&format!("{second}/turn-off"), &[]);
    browser
        .submit(&format!("{HERE}/turn-on"), &[])
        .says("SCIM provisioning is on.");
    let key = value(&browser.post(NEW, &[("name", "k")]));
    assert_eq!(users(&within, &key), 200);

    // A second method blocks new keys and nothing else.
    browser.submit(&format!("{second}/turn-on"), &[]);
    browser
        .open(HERE)
        .says("2 SSO methods are enabled: turn one off")
        .says("SCIM provisioning stays on and its keys go on working.")
        .says("disabled aria-describedby=\"generate-blocked\"");
    for page in [browser.get(NEW), browser.post(NEW, &[("name", "l")])] {
        assert_eq!(page.status, 409, "{}", page.body);
        page.says("2 SSO methods are enabled: turn one off");
    }
    assert_eq!(users(&within, &key), 200);
    let next = value(&browser.post(&link(&browser.open(HERE), "/regenerate"), &[]));
    assert_eq!(users(&within, &next), 200, "regenerating is no new key");
}

#[test]
fn sending_the_form_twice_makes_one_key_and_shows_it_again() {
    let (within, browser) = ready();
    let once = hidden(&browser.open(NEW), "once");
    assert!(!once.contains("scimlab_"), "sealed");
    let fields = [("once", once.as_str()), ("name", "Entra agent")];
    let first = value(&browser.post(NEW, &fields));
    assert_eq!(value(&browser.post(NEW, &fields)), first);
    let list = browser.open(HERE);
    assert_eq!(list.body.matches("ACTIVE").count(), 1, "{}", list.body);
    within.advance(Duration::from_mins(2));
    let late = browser.post(NEW, &fields);
    assert_eq!(late.status, 409);
    late.says("has made the key Entra agent already")
        .says_not(&first);

    // A refused form keeps the same key in hand.
    let once = hidden(&browser.open(NEW), "once");
    let refused = browser.post(NEW, &[("once", &once), ("name", "Entra agent")]);
    assert_eq!(refused.status, 422);
    assert_eq!(hidden(&refused, "once"), once);

    let page = link(&browser.open(HERE), "/regenerate");
    let once = hidden(&browser.open(&page), "once");
    let fields = [("once", once.as_str()), ("keep", "yes"), ("hours", "1")];
    let second = value(&browser.post(&page, &fields));
    assert_eq!(value(&browser.post(&page, &fields)), second);
    let list = browser.open(HERE);
    assert_eq!(list.body.matches("</svg>RETIRING").count(), 1);
    assert_eq!(list.body.matches("</svg>ACTIVE").count(), 1);

    // A revoked value does not come back by an old form.
    browser.submit(&link(&list, "/revoke"), &[]);
    let again = browser.post(&page, &fields);
    assert_eq!(again.status, 409, "{}", again.body);
    assert_eq!(users(&within, &second), 401);
}

#[test]
fn the_previous_key_works_until_its_hours_are_over() {
    let (within, browser) = ready();
    let old = value(&browser.post(NEW, &[("name", "Entra agent")]));
    let regenerate = link(&browser.open(HERE), "/regenerate");
    browser
        .open(&regenerate)
        .says("Keep the previous key working")
        .says("value=\"24\"")
        .says(&old[old.len() - 4..]);
    for hours in ["0", "169", "-1", "1.5", "", "many", "99999999999999999999"] {
        let page = browser.post(&regenerate, &[("keep", "yes"), ("hours", hours)]);
        assert_eq!(page.status, 422, "{hours}");
        page.says("Enter a whole number of hours from 1 to 168")
            .says(&format!("name=\"hours\" value=\"{hours}\""));
    }
    let page = browser.post(&regenerate, &[("keep", "yes"), ("hours", "24")]);
    page.says("goes on working and stops in 1 day");
    let new = value(&page);
    for key in [&old, &new] {
        assert_eq!(users(&within, key), 200, "both while one switches over");
    }
    within.advance(Duration::from_hours(23));
    // No session lasts that long.
    within
        .administrator()
        .open(HERE)
        .says("RETIRING")
        .says("stops <time")
        .says("in 1 h");
    assert_eq!(users(&within, &old), 200);
    within.advance(Duration::from_hours(1));
    assert_eq!(users(&within, &old), 401, "its hours are over");
    assert_eq!(users(&within, &new), 200);
    let browser = within.administrator();
    browser.open(HERE).says_not("RETIRING").says("REVOKED");

    let again = browser.post(&regenerate, &[]);
    assert_eq!(again.status, 409, "{}", again.body);
    again.says("Only an active key can be regenerated.");
    let page = browser.post(&link(&browser.open(HERE), "/regenerate"), &[]);
    page.says("The previous key does not work any more.");
    assert_eq!(users(&within, &new), 401);
}

#[test]
fn a_key_expires_is_revoked_and_only_then_deleted() {
    let (within, browser) = ready();
    let fields = [("name", "Wall"), ("expires", "2030-01-02")];
    let key = value(&browser.post(NEW, &fields));
    let list = browser.open(HERE);
    list.says("expires <time").says("in 2 days");
    let delete = link(&list, "/revoke").replace("/revoke", "/delete");
    browser
        .submit(&delete, &[])
        .says("Wall still works. Revoke it before you delete it.");
    assert_eq!(users(&within, &key), 200);
    within.advance(Duration::from_hours(48));
    assert_eq!(users(&within, &key), 401);
    let browser = within.administrator();
    browser.open(HERE).says("EXPIRED").says("expired <time");
    browser
        .open(&delete)
        .says("Delete Wall?")
        .says("Its name is free for another key.");
    browser.submit(&delete, &[]).says("Wall is deleted.");
    browser.open(HERE).says("No keys yet");
    assert_eq!(browser.post(&delete, &[]).status, 404, "twice is gone");

    let key = value(&browser.post(NEW, &[("name", "Wall")]));
    let list = browser.open(HERE);
    browser
        .open(&link(&list, "/revoke"))
        .says("It was never used.");
    assert_eq!(users(&within, &key), 200);
    // Days have passed, so the count is on its way to the store: it shows when it is there.
    let used = "It was last used just now, by tests of the console/1.0.";
    let arrived = (0..600).any(|_| {
        let shown = browser.open(&link(&list, "/revoke")).body.contains(used);
        if !shown {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        shown
    });
    assert!(arrived, "{used}");
    let page = browser.submit(&link(&list, "/revoke"), &[]);
    page.says("REVOKED").says("revoked <time");
    browser.submit(&link(&page, "/delete"), &[]);
    assert_eq!(users(&within, &key), 401);
}

#[test]
fn last_use_client_and_requests_are_shown_and_survive_a_restart() {
    let appliance = Appliance::start();
    for path in ["/Users", "/Groups", "/Users?filter=nonsense"] {
        appliance.scim(KEY, "GET", path, "");
    }
    appliance.scim("wrong", "GET", "/Users", "");
    let shown = |browser: &Browser, requests: u32| {
        browser
            .open(HERE)
            .says(&format!("<td class=\"number wide\">{requests}</td>"))
            .says("<span class=\"sub\">tests of the console/1.0</span>");
    };
    shown(&appliance.administrator(), 3);
    let appliance = appliance.restarted();
    shown(&appliance.administrator(), 3);
    appliance.scim(KEY, "GET", "/Users", "");
    shown(&appliance.administrator(), 4);
}

#[test]
fn counts_go_to_the_store_while_requests_come() {
    let (within, browser) = ready();
    let key = value(&browser.post(NEW, &[("name", "k")]));
    for _ in 0..3 {
        assert_eq!(users(&within, &key), 200);
        within.advance(Duration::from_secs(61));
    }
    // The last request handed all counts over; a later one starts anew, and both are added up.
    assert_eq!(users(&within, &key), 200);
    let browser = within.administrator();
    let mut page = browser.open(HERE);
    for _ in 0..100 {
        if page.body.contains("<td class=\"number wide\">4</td>") {
            break;
        }
        page = browser.open(HERE);
    }
    page.says("<td class=\"number wide\">4</td>");
}

#[test]
fn turning_off_lists_what_follows_with_numbers() {
    let (within, browser) = ready();
    let key = value(&browser.post(NEW, &[("name", "k")]));
    let body = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bea@example.com"}"#;
    assert_eq!(scim(&within.url, &key, "POST", "/Users", body).0, 201);
    browser
        .open(&format!("{HERE}/turn-off"))
        .says("1 key stops answering.")
        .says("No invite that SCIM sent is pending.")
        .says("2 members and 0 groups stay as they are")
        .says("Members can again leave the team");
    browser.submit(&format!("{HERE}/turn-off"), &[]);
    assert_eq!(users(&within, &key), 403);
    browser.submit(&format!("{HERE}/turn-on"), &[]);
    assert_eq!(users(&within, &key), 200);
}

#[test]
fn a_preset_key_brings_its_sso_method_and_leaves_later_choices_alone() {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_SCIM_KEY", KEY),
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
    ]);
    let browser = appliance.administrator();
    let page = browser.open("/team/authentication");
    page.says("Mock Entra")
        .says("Exactly one SSO method is in use");
    let off = page
        .links("/team/authentication/methods/1/turn-off")
        .remove(0);
    browser
        .submit(&off, &[])
        .says("No SSO method is enabled")
        .says("its keys go on working");
    let appliance = appliance.restarted();
    assert_eq!(appliance.scim(KEY, "GET", "/Users", "").0, 200);
    let browser = appliance.administrator();
    browser
        .open("/team/authentication")
        .says("No SSO method is enabled");
}

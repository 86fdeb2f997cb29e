//! `/team/audit`: the record, its filters, one event, the export; who may see it.

use scimlab::model::Role;

use crate::browser::{Appliance, EMAIL, KEY, PASSWORD};
use crate::within::Within;

const HERE: &str = "/team/audit";
const EVIL: &str = "<script>alert(1)</script>";

fn user(name: &str, display: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name, "displayName": display,
    })
    .to_string()
}

fn id(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    value["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_kind_of_actor_leaves_an_event_that_says_who_what_and_from_where() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let made = appliance.scim(KEY, "POST", "/Users", &user("bob@example.com", EVIL));
    let bob = id(&made.1);
    browser.submit("/team/authentication/scim/turn-off", &[]);
    browser.submit("/team/authentication/scim/turn-on", &[]);
    let page = browser.open(HERE);
    // A sign-in, a SCIM key, the console and the command line.
    page.says("Successful Login via Password")
        .says("successfully logged in using the password.")
        .says(EMAIL)
        .says("SCIM User Provisioned")
        .says("SCIM API key")
        .says("Preset 1 provisioned")
        .says("SCIM provisioning disabled")
        .says("SCIM provisioning enabled")
        .says("Created or Repaired Administrator")
        .says("127.0.0.1")
        .says("Kept for 180 days.")
        // EVIL-30: names are text.
        .says("&#60;script&#62;")
        .says_not(EVIL);
    let filtered = browser.open(&format!(
        "{HERE}?action=team.scim_add_member&q=bob%40example.com"
    ));
    filtered
        .says("1 event, newest first")
        .says("Event: SCIM User Provisioned");
    let events = filtered.links(&format!("{HERE}/"));
    let event = events
        .iter()
        .find(|link| link[HERE.len() + 1..].parse::<u64>().is_ok());
    let event = browser.open(event.unwrap());
    event
        .says("team.scim_add_member")
        .says("displayName, userName")
        .says("Preset 1")
        .says("ureq/")
        .says(&bob)
        .says(&format!("href=\"/team/members/{bob}\""))
        .says(&format!("/team/audit?about={bob}"));
    // The request behind it is still recorded.
    let exchange = event.links("/traffic/");
    browser
        .open(&exchange[0])
        .says("POST")
        .says("bob@example.com");
}

#[test]
fn the_filters_narrow_and_say_so() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let bob = id(&appliance
        .scim(KEY, "POST", "/Users", &user("bob@example.com", "Bob"))
        .1);
    let crew =
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Crew"}"#;
    let crew = id(&appliance.scim(KEY, "POST", "/Groups", crew).1);
    let add = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": bob}]}],
    });
    let patched = appliance.scim(KEY, "PATCH", &format!("/Groups/{crew}"), &add.to_string());
    assert!(patched.0 < 300, "{}", patched.1);
    let count = |query: &str| {
        let page = browser.open(&format!("{HERE}?{query}"));
        let body = page.body;
        body.split_once(", newest first").map_or(0, |(before, _)| {
            let number = before.rsplit('>').next().unwrap();
            number.split(' ').next().unwrap().parse::<u32>().unwrap()
        })
    };
    browser
        .open(HERE)
        .says("Preset 1 added Bob to the group Crew.");
    assert_eq!(count("action=team.add_group_member"), 1);
    assert_eq!(
        count(&format!("about={crew}")),
        2,
        "created, and somebody came in"
    );
    assert_eq!(
        count(&format!("about={bob}")),
        2,
        "provisioned, and put into the group"
    );
    assert_eq!(count("q=bob%40example.com"), 2);
    assert_eq!(count("q=Nobody"), 0);
    assert_eq!(count("from=2001-01-01&until=2001-12-31"), 0);
    assert_eq!(count("from=2001-01-01&action=team.create_group"), 1);
    assert_eq!(count("from=nonsense&action=team.create_group"), 1);
    // Who is gone is still in the record, under the name of then.
    assert_eq!(
        appliance
            .scim(KEY, "DELETE", &format!("/Users/{bob}"), "")
            .0,
        204
    );
    assert_eq!(count(&format!("about={bob}")), 3);
    assert_eq!(
        count("q=bob%40example.com"),
        2,
        "by name: provisioned and deleted"
    );
    browser
        .open(&format!("{HERE}?q=nobody"))
        .says("Nothing matches")
        .says("href=\"/team/audit\"");
    for odd in ["/team/audit/0", "/team/audit/x", "/team/audit/99999"] {
        assert_eq!(browser.get(odd).status, 404, "{odd}");
    }
}

#[test]
fn pages_lead_to_older_events_and_back() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    for n in 0..60 {
        appliance.scim(
            KEY,
            "POST",
            "/Users",
            &user(&format!("u{n}@example.com"), "U"),
        );
    }
    let query = format!("{HERE}?action=team.scim_add_member");
    let first = browser.open(&query);
    first.says("25 events").says_not("Previous</a>");
    let more = |page: &crate::browser::Page, rel: &str| {
        let mark = format!("rel=\"{rel}\" href=\"");
        let (_, rest) = page
            .body
            .split_once(&mark)
            .unwrap_or_else(|| panic!("no {rel}"));
        rest.split('"').next().unwrap().replace("&#38;", "&")
    };
    let second = browser.open(&more(&first, "next"));
    let third = browser.open(&more(&second, "next"));
    third.says("10 events").says_not("rel=\"next\"");
    let back = browser.open(&more(&third, "prev"));
    assert_eq!(back.links(HERE), second.links(HERE));
    assert_eq!(more(&second, "prev"), query);
}

#[test]
fn evil_31_the_export_is_complete_and_no_cell_is_a_formula() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let evil = "=HYPERLINK(\"http://evil.example\")";
    appliance.scim(KEY, "POST", "/Users", &user("bob@example.com", evil));
    for n in 0..600 {
        appliance.scim(
            KEY,
            "POST",
            "/Users",
            &user(&format!("u{n}@example.com"), "U"),
        );
    }
    let page = browser.open(HERE);
    assert!(page.links("/team/audit/export.csv").len() == 1);
    let file = browser.open("/team/audit/export.csv?action=team.scim_add_member");
    assert_eq!(file.header("Content-Type"), "text/csv; charset=utf-8");
    assert!(file.header("Content-Disposition").starts_with("attachment"));
    assert_eq!(file.header("Cache-Control"), "no-store");
    assert!(
        file.body
            .starts_with("\"Time\",\"Event\",\"Action\",\"Member\"")
    );
    assert_eq!(
        file.body.matches("\r\n").count(),
        602,
        "headings and every event"
    );
    assert!(
        file.body
            .contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
        "EVIL-31 and S84"
    );
    for line in file.body.lines().skip(1) {
        for cell in line.split("\",\"") {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '@', '\t']), "{cell}");
        }
    }
    let none = browser.open("/team/audit/export.csv?action=user.logout");
    assert_eq!(none.body.matches("\r\n").count(), 1, "the headings alone");
}

#[test]
fn without_days_the_export_is_of_the_last_seven() {
    let appliance = Within::start();
    let browser = appliance.administrator();
    appliance.advance(std::time::Duration::from_hours(8 * 24));
    // The session is over too.
    let browser = {
        drop(browser);
        appliance.administrator()
    };
    let rows = |query: &str| {
        let file = browser.open(&format!("/team/audit/export.csv{query}"));
        file.body.matches("\r\n").count() - 1
    };
    assert_eq!(rows(""), 1, "the sign-in of today");
    assert_eq!(rows("?from=2029-12-31"), 3, "the upsert and both sign-ins");
    assert_eq!(rows("?until=2030-01-05"), 2);
}

#[test]
fn only_operators_choose_how_long_it_is_kept_and_only_administrators_read_it() {
    let appliance = Appliance::with_people(&[
        ("dev@example.com", &[Role::Developer]),
        ("admin@example.com", &[Role::Admin]),
    ]);
    let developer = appliance.person("dev@example.com");
    for path in [HERE, "/team/audit/1", "/team/audit/export.csv"] {
        let page = developer.get(path);
        assert_eq!(page.status, 403, "{path}");
        page.says("View audit logs");
    }
    developer
        .open("/profile/api-keys")
        .says_not("href=\"/team/audit\"");
    let administrator = appliance.person("admin@example.com");
    administrator
        .open(HERE)
        .says("Created or Repaired")
        .says_not("/team/audit/retention");
    assert_eq!(administrator.get("/team/audit/retention").status, 403);
    let operator = appliance.administrator();
    operator.open(HERE).says("href=\"/team/audit/retention\"");
    for bad in ["", "29", "3651", "many", "-1"] {
        let page = operator.post("/team/audit/retention", &[("days", bad)]);
        assert_eq!(page.status, 422, "{bad:?}");
        page.says("Choose 30 to 3650 days.");
    }
    let page = operator.submit("/team/audit/retention", &[("days", "90")]);
    page.says("The audit log is kept for 90 days.")
        .says("Kept for 90 days.")
        .says("changed how long the audit log is kept: 90 days.");
}

#[test]
fn sign_ins_and_sign_outs_are_in_the_record_with_failures() {
    let appliance = Appliance::start();
    let stranger = appliance.stranger();
    for _ in 0..3 {
        let wrong = [("email", EMAIL), ("password", "not the password")];
        assert_eq!(stranger.post("/login", &wrong).status, 401);
    }
    stranger.post(
        "/login",
        &[("email", "nobody@example.com"), ("password", PASSWORD)],
    );
    let browser = appliance.administrator();
    browser.submit("/logout", &[]);
    let browser = appliance.administrator();
    let page = browser.open(HERE);
    page.says("User Logout").says("Failed Login via Password");
    let failed = browser.open(&format!("{HERE}?action=user.login_password_failure"));
    failed
        .says("3 events, newest first")
        .says("Somebody tried to log in as")
        .says_not("not the password")
        .says_not("nobody@example.com");
}

//! `/okta/applications/{app}/import` and `/okta/applications/{app}/provisioning/to-okta`: people of the team come into the
//! org.

use crate::browser::{Appliance, Browser, KEY};
use crate::okta::{app, connect, id, org, person, wait_until};

const EVIL: &str = "<script>alert(1)</script>";

fn appliance() -> (Appliance, Browser, String) {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let scim = app(&browser, "scim2headerauth", "Team");
    connect(&appliance, &browser, &scim, &format!("Bearer {KEY}"));
    (appliance, browser, scim)
}

/// Somebody whom another client of the team makes.
fn by_scim(appliance: &Appliance, first: &str, last: &str, email: &str) {
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": email,
        "name": { "givenName": first, "familyName": last },
        "emails": [{ "value": email, "type": "work", "primary": true }],
        "active": true,
    });
    let (status, answer) = appliance.scim(KEY, "POST", "/Users", &body.to_string());
    assert_eq!(status, 201, "{answer}");
}

fn import(browser: &Browser, scim: &str) {
    let tab = format!("{scim}/import");
    browser
        .submit(&tab, &[])
        .says("The import from Team has begun.");
    wait_until(browser, &tab, "Completed");
}

/// The number of the row with this name, from the address of its form.
fn row(browser: &Browser, tab: &str, status: &str, name: &str) -> String {
    let page = browser.open(&format!("{tab}?status={status}"));
    let at = page
        .body
        .find(name)
        .unwrap_or_else(|| panic!("{}", page.body));
    let rest = &page.body[at..];
    let from = rest.find("/import/").unwrap() + "/import/".len();
    rest[from..].split('"').next().unwrap().to_owned()
}

#[test]
fn people_of_the_team_are_imported_matched_and_confirmed() {
    let (appliance, browser, scim) = appliance();
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let tab = format!("{scim}/import");
    browser
        .open(&tab)
        .says("Nobody waits for confirmation")
        .says("Import Now");
    by_scim(&appliance, "Ann", "Doe", "ann@contoso.example");
    by_scim(&appliance, "Bob", EVIL, "bob@contoso.example");
    by_scim(&appliance, "Cid", "Cox", "cid@contoso.example");
    import(&browser, &scim);
    browser
        .open(&tab)
        .says("users scanned!")
        .says("Exact match (1)")
        .says("ann@contoso.example")
        .says("Ann Doe (ann@contoso.example)")
        .says("Confirm Assignments")
        .says_not(EVIL);
    browser
        .open(&format!("{tab}?status=new"))
        .says("bob@contoso.example")
        .says("New Okta user")
        .says("Auto-activate users after confirmation")
        .says_not(EVIL);
    // One who is there already.
    let first = row(&browser, &tab, "exact", "ann@contoso.example");
    let confirm = format!("{tab}/confirm");
    browser
        .submit(&confirm, &[("row", &first)])
        .says("1 user is assigned.");
    browser.open(&ann).says("Team").says("Active");
    browser
        .open(&format!("{scim}/assignments"))
        .says("Ann Doe")
        .says("Active");
    // One who is made.
    let second = row(&browser, &tab, "new", "bob@contoso.example");
    browser
        .submit(&confirm, &[("row", &second), ("activate", "yes")])
        .says("1 user is assigned.");
    browser
        .open("/okta/people?q=bob")
        .says("bob@contoso.example")
        .says("Pending user action")
        .says_not(EVIL);
    browser
        .open("/okta/system-log?event=system.import.complete")
        .says("Complete user import");
    // Nothing was ticked; and a row that is gone.
    browser
        .submit(&confirm, &[])
        .says("Select at least one user");
    let gone = browser.post(&confirm, &[("row", &first)]);
    assert_ne!(gone.status, 200);
    browser
        .submit(&format!("{tab}/clear"), &[])
        .says("Unconfirmed users are cleared.")
        .says_not("cid@contoso.example");
}

#[test]
fn an_administrator_changes_what_an_account_is_taken_for() {
    let (appliance, browser, scim) = appliance();
    let eve = person(&browser, "Eve", "Stone", "eve@contoso.example");
    by_scim(&appliance, "Ann", "Doe", "ann@contoso.example");
    import(&browser, &scim);
    let tab = format!("{scim}/import");
    let number = row(&browser, &tab, "new", "ann@contoso.example");
    let form = format!("{tab}/{number}");
    browser
        .open(&form)
        .says("Assignment of ann@contoso.example")
        .says("New Okta user");
    let wrong = browser.post(&form, &[("choice", "match"), ("user", "nobody@x.test")]);
    assert_eq!(wrong.status, 422);
    wrong
        .says("Nobody in this org has this username.")
        .says("nobody@x.test")
        .says("aria-invalid=\"true\"");
    browser
        .submit(&form, &[("choice", "ignore"), ("user", "")])
        .says("ann@contoso.example is changed.")
        .says("Ignored (1)");
    browser
        .submit(
            &form,
            &[("choice", "match"), ("user", "eve@contoso.example")],
        )
        .says("Exact match (1)");
    browser
        .submit(&format!("{tab}/confirm"), &[("row", &number)])
        .says("1 user is assigned.");
    browser
        .open(&format!("{scim}/assignments"))
        .says("Eve Stone")
        .says(id(&eve));
    assert_eq!(browser.get(&form).status, 404);
    assert_eq!(browser.get(&format!("{tab}/none")).status, 404);
}

/// 2.3: *Edit*, *Save*, and what is refused, each at its field.
#[test]
fn the_panel_to_okta_is_edited_and_saved() {
    let (_appliance, browser, scim) = appliance();
    let panel = format!("{scim}/provisioning/to-okta");
    browser
        .open(&panel)
        .says("Full import schedule")
        .says("Never")
        .says("20 % of the app&#39;s users")
        .says("Email matches")
        .says("appuser.givenName");
    let edit = format!("{panel}/edit");
    let form = browser.open(&edit);
    form.says("Allow partial matches")
        .says("Auto-confirm new users");
    let revision = form.hidden("revision");
    let typed = |changes: &[(&'static str, &str)]| {
        let mut all = vec![
            ("revision", revision.clone()),
            ("fullImport", "0 0 * * *".to_owned()),
            ("incrementalImport", "0 * * * *".to_owned()),
            ("timezone", "America/New_York".to_owned()),
            ("format", "CUSTOM".to_owned()),
            ("expression", "appuser.userName".to_owned()),
            ("safeguard", "30 %".to_owned()),
            ("username", "yes".to_owned()),
            ("partial", "yes".to_owned()),
            ("deactivated", "suspend".to_owned()),
        ];
        for (name, value) in changes {
            all.retain(|(known, _)| known != name);
            all.push((name, (*value).to_owned()));
        }
        all
    };
    let post = |fields: &[(&'static str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser.post(&edit, &fields)
    };
    for (name, value, said) in [
        (
            "fullImport",
            "*/5 * * * *",
            "The full import may not run more often than the incremental import",
        ),
        ("fullImport", "never", "This is no schedule: never."),
        ("timezone", "Mars", "There is no time zone Mars"),
        (
            "expression",
            "appuser.shoeSize",
            "Invalid property shoeSize",
        ),
        ("expression", "", "Enter"),
        (
            "safeguard",
            "much",
            "The import safeguard is a percentage, 0 to 100.",
        ),
        (
            "safeguard",
            "101",
            "The import safeguard is a percentage, 0 to 100",
        ),
        (
            "attributes",
            "shoeSize",
            "Okta users have no attribute shoeSize",
        ),
        (
            "username",
            "",
            "Choose what makes an imported user an exact match",
        ),
    ] {
        let page = post(&typed(&[(name, value)]));
        assert_eq!(page.status, 422, "{name}={value}");
        if said != "Enter" {
            page.says(said);
        }
        page.says("America/New_York").says("appuser.userName");
        if value == "Mars" || name == "expression" {
            page.says("aria-invalid=\"true\"");
        }
    }
    assert_eq!(post(&typed(&[])).status, 303);
    browser
        .open(&panel)
        .says("Every day (America/New_York)")
        .says("Every hour (America/New_York)")
        .says("Next import")
        .says("appuser.userName")
        .says("30 % of the app")
        .says("Okta username format matches")
        .says("Suspend");
    let late = post(&typed(&[]));
    assert_eq!(late.status, 422);
    late.says("was changed by somebody else meanwhile");
}

/// 2.3 and 2.7: what an attribute of Okta users is made of.
#[test]
fn a_mapping_to_okta_is_edited_and_saved() {
    let (_appliance, browser, scim) = appliance();
    let panel = format!("{scim}/provisioning/to-okta");
    let mapping = format!("{panel}/mappings/nickName");
    let form = browser.open(&mapping);
    form.says("appuser.nickName");
    let revision = form.hidden("revision");
    let fields = |expression: &'static str| {
        [
            ("expression", expression),
            ("apply", "create"),
            ("revision", revision.as_str()),
        ]
    };
    let wrong = browser.post(&mapping, &fields("appuser."));
    assert_eq!(wrong.status, 422);
    wrong.says("aria-invalid=\"true\"").says("appuser.");
    browser
        .submit(&mapping, &fields("appuser.givenName + '!'"))
        .says("The mapping is saved.")
        .says("appuser.givenName + &#39;!&#39;");
    for none in ["login", "shoeSize"] {
        let answer = browser.get(&format!("{panel}/mappings/{none}"));
        assert_eq!(answer.status, 404, "{none}");
    }
}

/// 6: Postman's app pulls nothing.
#[test]
fn the_postman_app_says_why_nothing_is_imported() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let postman = app(&browser, "postman", "Postman");
    let why = "Postman does not support Import: people are created and changed in Okta only.";
    browser
        .open(&postman)
        .says_not(&format!("{postman}/import\""));
    browser
        .open(&format!("{postman}/provisioning"))
        .says_not("To Okta");
    for page in ["import", "provisioning/to-okta"] {
        browser.open(&format!("{postman}/{page}")).says(why);
    }
    browser.submit(&format!("{postman}/import"), &[]).says(why);
    let edit = format!("{postman}/provisioning/to-okta/edit");
    let refused = browser.post(&edit, &[("safeguard", "20"), ("email", "yes")]);
    assert_eq!(refused.status, 422);
    refused.says(why);
}

//! `/settings/teams`: more than one team, and which one the console shows.

use crate::browser::{Appliance, KEY};

const HERE: &str = "/settings/teams";

fn user(name: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name,
    })
    .to_string()
}

#[test]
fn a_team_is_created_opened_and_renamed_and_teams_see_nothing_of_each_other() {
    let appliance = Appliance::start();
    let body = user("ada@acme.example");
    assert_eq!(appliance.scim(KEY, "POST", "/Users", &body).0, 201);
    let browser = appliance.administrator();
    browser
        .open("/team/members")
        .says("<span class=\"team\">Acme</span>")
        .says_not("Change to another team");
    browser
        .open(HERE)
        .says("1 team<")
        .says("open in this console");

    let page = browser.submit(
        &format!("{HERE}/new"),
        &[("name", " Contoso <b> "), ("profile", "postman")],
    );
    page.says("Contoso &#60;b&#62; is created.")
        .says("You must have SSO configured prior to enabling SCIM.")
        .says("Change to another team")
        .says(">Acme</button>");
    browser.open("/team/members").says_not("ada@acme.example");
    browser.submit("/team/authentication/methods/mock-entra", &[]);
    browser.submit("/team/authentication/scim/turn-on", &[]);
    let made = browser.post("/team/authentication/scim/keys/new", &[("name", "Okta")]);
    let key = made
        .body
        .split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap();
    let body = user("bob@contoso.example");
    assert_eq!(appliance.scim(key, "POST", "/Users", &body).0, 201);
    browser.open("/team/members").says("bob@contoso.example");
    browser
        .open(HERE)
        .says("2 teams<")
        .says("postman</td>")
        .says("standard</td>");

    let opens = browser.open(HERE).links(&format!("{HERE}/1/open"));
    browser
        .submit(&opens[0], &[])
        .says("You are in Acme now.")
        .says("ada@acme.example")
        .says_not("bob@contoso.example");
    assert_eq!(appliance.scim(key, "GET", "/Users", "").0, 200);

    let another = appliance.administrator();
    another.open("/team/members").says("ada@acme.example");
    browser.submit(&format!("{HERE}/2/open"), &[]);
    another
        .open("/team/members")
        .says("ada@acme.example")
        .says_not("bob@contoso.example");

    browser.open(&format!("{HERE}/2/rename")).says("Contoso");
    browser
        .submit(&format!("{HERE}/2/rename"), &[("name", "Fabrikam")])
        .says("The team is called Fabrikam now.")
        .says_not("Contoso");
    browser
        .open(&format!("{HERE}?q=fabri"))
        .says("1 team<")
        .says_not("standard</td>");
    browser
        .open(&format!("{HERE}?q=nobody"))
        .says("Nothing matches");
    browser
        .open(&format!("{HERE}?page=9"))
        .says("There is no such page");
}

#[test]
fn a_name_that_cannot_be_is_refused_at_the_field_and_stays_typed() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let long = "n".repeat(101);
    for (name, said) in [
        ("", "Give the team a name"),
        (" \t", "Give the team a name"),
        (long.as_str(), "Give the team a name"),
        ("ACME", "Another team has this name."),
    ] {
        let page = browser.post(
            &format!("{HERE}/new"),
            &[("name", name), ("profile", "strict")],
        );
        assert_eq!(page.status, 422, "{name:?}");
        page.says(said)
            .says("aria-invalid=\"true\"")
            .says(&format!("value=\"{name}\""))
            .says("value=\"strict\" selected");
    }
    let page = browser.post(
        &format!("{HERE}/new"),
        &[("name", "Okta's"), ("profile", "okta")],
    );
    assert_eq!(page.status, 422);
    page.says("There is no profile")
        .says("id=\"profile-error\"");
    browser.submit(&format!("{HERE}/new"), &[("name", "Other")]);
    let page = browser.post(&format!("{HERE}/2/rename"), &[("name", "acme")]);
    assert_eq!(page.status, 422);
    page.says("Another team has this name.")
        .says("Rename Other");
    browser
        .submit(&format!("{HERE}/1/rename"), &[("name", "acme")])
        .says("The team is called acme now.");
    for path in ["/9/rename", "/x/rename"] {
        assert_eq!(browser.get(&format!("{HERE}{path}")).status, 404, "{path}");
    }
    for path in ["/9/open", "/x/open", "/9/rename", "/x/rename"] {
        let page = browser.post(&format!("{HERE}{path}"), &[("name", "n")]);
        assert_eq!(page.status, 404, "{path}");
    }
}

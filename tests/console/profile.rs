//! `/team/authentication/profile`: the preset, single switches; and the options of a key.

use crate::browser::{Appliance, KEY};

const HERE: &str = "/team/authentication/profile";
const NEW_KEY: &str = "/team/authentication/scim/keys/new";

/// The value of the hidden field.
fn revision(body: &str) -> String {
    let (_, rest) = body.split_once("name=\"revision\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn key(body: &str) -> String {
    body.split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

#[test]
fn a_preset_is_used_after_saying_what_changes() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open("/team/authentication/scim")
        .says(">standard</a>")
        .says(HERE);
    browser
        .open(HERE)
        .says("Every switch is as standard has it.")
        .says("id=\"preset-standard\" name=\"preset\" value=\"standard\" checked");
    let question = format!("{HERE}/preset?preset=postman");
    browser
        .open(&question)
        .says("Use the profile postman?")
        .says("(1 key)")
        .says("putGroups: PUT /Groups/{id} does not exist.")
        .says("schemas: /Schemas and single resource types do not exist.")
        .says_not("patchUser:");
    browser
        .open(HERE)
        .says("Every switch is as standard has it.");
    browser
        .submit(&question, &[])
        .says("The profile is postman now.")
        .says("value=\"postman\" checked");
    let again = browser.get(&question);
    assert_eq!((again.status, again.location.as_str()), (303, HERE));
    browser.open(HERE).says("The profile is postman already.");
    for wrong in ["", "?preset=", "?preset=Postman"] {
        let page = browser.get(&format!("{HERE}/preset{wrong}"));
        assert_eq!(page.status, 400, "{wrong}");
        page.says("choose standard, strict, postman or postman-2022");
        assert_eq!(
            browser.post(&format!("{HERE}/preset{wrong}"), &[]).status,
            400
        );
    }
}

#[test]
fn single_switches_are_turned_marked_and_turned_back() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let state = revision(&browser.open(HERE).body);
    let page = browser.submit(
        HERE,
        &[
            ("revision", &state),
            ("bulk", "false"),
            ("readsPerMinute", "250"),
            ("patchGroup", "noContent"),
        ],
    );
    page.says("bulk: /Bulk does not exist.")
        .says("readsPerMinute: at most 250 reads a minute.")
        .says("Turned away from standard: 2 switches.")
        .says("The preset: /Bulk exists.")
        .says("The preset: no limit of reads a minute.");
    browser
        .open("/team/authentication/scim")
        .says("standard, 2 switches turned");
    let state = revision(&browser.open(HERE).body);
    let page = browser.submit(HERE, &[("revision", &state), ("bulk", "true")]);
    page.says("bulk: /Bulk exists.")
        .says("Turned away from standard: 1 switch.");
    browser
        .open(&format!("{HERE}/preset?preset=standard"))
        .says("What was turned by hand (1 switch) is turned back.");
    browser
        .submit(&format!("{HERE}/preset?preset=standard"), &[])
        .says("Every switch is as standard has it.");
    let state = revision(&browser.open(HERE).body);
    browser
        .submit(HERE, &[("revision", &state), ("bulk", "true")])
        .says("No switch was turned.");
}

#[test]
fn values_that_no_switch_has_are_named_and_stay_typed_and_stale_pages_overwrite_nothing() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let state = revision(&browser.open(HERE).body);
    let page = browser.post(
        HERE,
        &[
            ("revision", &state),
            ("maxResults", "<many>"),
            ("bulk", "perhaps"),
            ("search", "false"),
        ],
    );
    assert_eq!(page.status, 422);
    page.says("Mend what is marked below: bulk, maxResults.")
        .says("value=\"&#60;many&#62;\"")
        .says("Enter a whole number from 1 to 1000.")
        .says("Choose true or false.")
        .says("<option value=\"false\" selected>POST /.search does not exist");
    browser
        .open(HERE)
        .says("Every switch is as standard has it.");
    browser.submit(&format!("{HERE}/preset?preset=strict"), &[]);
    for state in [state.as_str(), "", "x"] {
        let page = browser.post(HERE, &[("revision", state), ("bulk", "false")]);
        assert_eq!(page.status, 409);
        page.says("somebody changed the profile")
            .says("Every switch is as strict has it.");
    }
}

#[test]
fn a_key_is_made_with_options_and_shows_them() {
    let appliance = Appliance::start();
    let user = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bea@example.com"}"#;
    assert_eq!(appliance.scim(KEY, "POST", "/Users", user).0, 201);
    let browser = appliance.administrator();
    browser.open(NEW_KEY).says("the team&#39;s (standard)");
    let page = browser.post(
        NEW_KEY,
        &[
            ("name", "Dashboard"),
            ("access", "read-only"),
            ("expires", "2999-12-31"),
            ("profile", "strict"),
            ("user", " BEA@example.com "),
        ],
    );
    assert_eq!(page.status, 200, "{}", page.body);
    let key = key(&page.body);
    browser
        .open("/team/authentication/scim")
        .says("read only, profile strict, /Me is bea@example.com")
        .says("3000-01-01T00:00:00.000Z");
    assert_eq!(appliance.scim(&key, "GET", "/Users", "").0, 200);
    assert_eq!(appliance.scim(&key, "POST", "/Users", user).0, 403);
    let (status, body) = appliance.scim(&key, "GET", "/Me", "");
    assert_eq!(status, 200);
    assert!(body.contains("bea@example.com"), "{body}");
}

#[test]
fn options_that_no_key_has_are_refused_at_their_field() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    for (name, value, said) in [
        ("access", "everything", "Choose what the key may do."),
        ("expires", "tomorrow", "Enter a day such as 2030-12-31"),
        ("expires", "2030-02-30", "Enter a day such as 2030-12-31"),
        ("expires", "2001-01-01", "would have expired already"),
        ("profile", "okta", "There is no profile"),
        ("user", "nobody@example.com", "no member with this userName"),
    ] {
        let page = browser.post(NEW_KEY, &[("name", "Typed <name>"), (name, value)]);
        assert_eq!(page.status, 422, "{name}={value}: {}", page.body);
        page.says(said)
            .says(&format!("id=\"{name}-error\""))
            .says("value=\"Typed &#60;name&#62;\"");
    }
    browser
        .open("/team/authentication/scim")
        .says_not("Typed &#60;name&#62;");
}

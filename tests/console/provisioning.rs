//! `/entra/applications/{application}/provisioning`: Microsoft's tutorial for Postman, step 5, form by form; settings,
//! accidental deletions, restart.

use crate::browser::{Appliance, Browser, KEY, Page};
use crate::entra::{application, wait_for_the_cycle};

/// An appliance whose job has credentials, and the address of its tab.
fn configured(appliance: &Appliance) -> (Browser, String, String) {
    let browser = appliance.administrator();
    let app = application(&browser);
    let tab = format!("{app}/provisioning");
    let url = format!("{}/scim/v2", appliance.url);
    let fields = [("tenant_url", url.as_str()), ("secret_token", KEY)];
    browser
        .submit(&format!("{tab}/credentials"), &fields)
        .says("The Admin Credentials are saved.");
    (browser, app, tab)
}

/// Posts *Settings* as the page has them, with some fields changed.
fn save(browser: &Browser, tab: &str, changed: &[(&str, &str)]) -> Page {
    let revision = browser.open(tab).hidden("revision");
    let mut fields = vec![
        ("revision", revision.as_str()),
        ("scope", "assigned"),
        ("threshold", "500"),
        ("read_before_write", "yes"),
        ("members_per_patch", "100"),
        ("manager_removal", "remove"),
    ];
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.post(&format!("{tab}/settings"), &fields)
}

#[test]
fn the_tutorial_for_postman_can_be_followed_form_by_form() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let tab = format!("{app}/provisioning");
    let page = browser.open(&tab);
    for words in [
        "Provisioning Mode",
        "<option value=\"Manual\" selected>Manual</option><option value=\"Automatic\">Automatic</option>",
        "Admin Credentials",
        "Tenant URL",
        "Secret Token",
        "Test Connection",
        "Notification Email",
        "Send an email notification when a failure occurs",
        "Mappings",
        "Settings",
        "Provisioning Status",
        "Scope",
        "Test and save the Admin Credentials first.",
    ] {
        page.says(words);
    }
    let url = format!("{}/scim/v2/", appliance.url);
    let credentials = |mode: &str, email: &str| {
        let fields = [
            ("mode", mode),
            ("tenant_url", url.as_str()),
            ("secret_token", KEY),
            ("notification_email", email),
            ("notify", "yes"),
        ];
        browser.post(&format!("{tab}/credentials"), &fields)
    };
    // On before there are credentials: refused with the reason.
    let early = save(&browser, &tab, &[("status", "on")]);
    assert_eq!(early.status, 303);
    browser.open(&tab).says("Provisioning has no credentials.");

    let manual = credentials("Manual", "ops@example.com");
    assert_eq!(manual.status, 422);
    manual.says("Set the Provisioning Mode to Automatic");
    let wrong = credentials("Automatic", "ops at example");
    assert_eq!(wrong.status, 422);
    wrong
        .says("Enter an e-mail address such as")
        .says("value=\"ops at example\"")
        .says_not(KEY);
    assert_eq!(credentials("Automatic", "ops@example.com").status, 303);
    browser
        .open(&tab)
        .says("The Admin Credentials are saved.")
        .says("value=\"ops@example.com\"")
        .says_not("<option value=\"Manual\"");
    let back = credentials("Manual", "ops@example.com");
    assert_eq!(back.status, 422);
    back.says("cannot be put back to Manual");

    let on = save(&browser, &tab, &[("status", "on"), ("scope", "assigned")]);
    assert_eq!(on.status, 303);
    browser
        .open(&tab)
        .says("The settings are saved and provisioning is started.");
    wait_for_the_cycle(&browser, &app).says("Initial cycle complete");
    for words in [
        "Statistics to date",
        "View technical information",
        "Completed",
        "Duration",
        "Steady state first achieved",
        "Provisioning interval",
        "Activity ID",
        "Job ID",
        "countImported",
        "Stop provisioning",
        "Restart provisioning",
    ] {
        browser.open(&tab).says(words);
    }
    let off = save(&browser, &tab, &[("status", "off")]);
    assert_eq!(off.status, 303);
    browser
        .open(&tab)
        .says("provisioning is stopped")
        .says("Start provisioning");
}

#[test]
fn settings_are_refused_at_their_field_and_overwrite_nothing_unseen() {
    let appliance = Appliance::start();
    let (browser, _, tab) = configured(&appliance);
    for (field, value, said) in [
        ("members_per_patch", "0", "Enter a number from 1 to 1000."),
        (
            "members_per_patch",
            "many",
            "Enter a number from 1 to 1000.",
        ),
        ("manager_removal", "shout", "Choose one of the forms."),
        (
            "threshold",
            "-1",
            "Enter how many objects one cycle may delete",
        ),
    ] {
        let page = save(
            &browser,
            &tab,
            &[("prevent_deletion", "yes"), (field, value)],
        );
        assert_eq!(page.status, 422, "{field}");
        page.says(said);
        // A list shows what it has.
        if field != "manager_removal" {
            page.says(&format!("value=\"{value}\""));
        }
    }
    let seen = browser.open(&tab).hidden("revision");
    assert_eq!(
        save(&browser, &tab, &[("prevent_deletion", "yes")]).status,
        303
    );
    let stale = save(
        &browser,
        &tab,
        &[("revision", &seen), ("members_per_patch", "7")],
    );
    assert_eq!(stale.status, 422);
    stale
        .says("Somebody changed these settings meanwhile")
        .says("value=\"7\"");
    // What is shown then can be saved knowingly.
    assert_ne!(stale.hidden("revision"), seen);
    let switches = [
        ("skip_out_of_scope_deletions", "yes"),
        ("target_supports_soft_delete", "yes"),
        ("send_null_replace", "yes"),
        ("switch_null_bug", "yes"),
        ("members_per_patch", "7"),
        ("manager_removal", "empty"),
    ];
    assert_eq!(save(&browser, &tab, &switches).status, 303);
    let page = browser.open(&tab);
    for name in [
        "skip_out_of_scope_deletions",
        "switch_null_bug",
        "read_before_write",
    ] {
        page.says(&format!("name=\"{name}\" value=\"yes\" checked"));
    }
    page.says_not("name=\"prevent_deletion\" value=\"yes\" checked")
        .says("value=\"7\"")
        .says("<option value=\"empty\" selected>");
}

#[test]
fn deletions_held_back_are_shown_and_allowed() {
    let appliance = Appliance::start();
    let (browser, app, tab) = configured(&appliance);
    save(&browser, &tab, &[("status", "on")]);
    wait_for_the_cycle(&browser, &app);
    save(
        &browser,
        &tab,
        &[
            ("status", "on"),
            ("prevent_deletion", "yes"),
            ("threshold", "0"),
        ],
    );
    let list = browser.open(&format!("{app}/users-and-groups"));
    let remove = list.links(&format!("{app}/users-and-groups/"));
    let remove = remove
        .iter()
        .find(|link| link.ends_with("/remove"))
        .unwrap();
    browser.submit(remove, &[]);
    browser.submit(&format!("{tab}/cycle"), &[]);
    wait_for_the_cycle(&browser, &app);
    let page = browser.open(&tab);
    page.says("Quarantined (TooManyDeletes)")
        .says("Deletions held back")
        .says("Allow deletes");
    browser.open("/").says("Too many deletions are held back");
    let log = browser.open(&format!("{app}/provisioning-logs?action=stagedDelete"));
    log.says("StagedDelete");
    browser
        .open(&format!("{tab}/allow-deletes"))
        .says("Allow deletes?")
        .says("held back, above the threshold");
    browser
        .submit(&format!("{tab}/allow-deletes"), &[])
        .says("The deletions are allowed.");
    wait_for_the_cycle(&browser, &app).says("Incremental cycle complete");
    browser.open(&tab).says_not("Quarantined");
}

#[test]
fn a_restart_clears_what_is_ticked() {
    let appliance = Appliance::start();
    let (browser, app, tab) = configured(&appliance);
    save(&browser, &tab, &[("status", "on")]);
    wait_for_the_cycle(&browser, &app);
    let page = browser.open(&format!("{tab}/restart"));
    for (name, ticked) in [
        ("watermark", true),
        ("escrows", true),
        ("quarantine", true),
        ("links", false),
    ] {
        let tick = if ticked { " checked" } else { "" };
        page.says(&format!(
            "name=\"{name}\" value=\"yes\"{tick} aria-describedby"
        ));
    }
    page.says_not("ForceDeletes");
    // Nothing ticked: an incremental cycle.
    let restart = |fields: &[(&str, &str)]| {
        browser
            .submit(&format!("{tab}/restart"), fields)
            .says("Provisioning is restarted.");
        wait_for_the_cycle(&browser, &app)
    };
    restart(&[("chosen", "yes")]).says("Incremental cycle complete");
    restart(&[("chosen", "yes"), ("watermark", "yes")]).says("Initial cycle complete");
    // Links too: everybody is matched again.
    restart(&[("chosen", "yes"), ("watermark", "yes"), ("links", "yes")]);
    let log = browser.open(&format!("{app}/provisioning-logs"));
    let entries = log.links(&format!("{app}/provisioning-logs/"));
    let searched = |entry: &String| browser.open(entry).body.contains("filter=");
    assert!(entries.iter().any(searched));
}

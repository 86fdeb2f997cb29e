//! *To Okta* and *Import*: two people whom another client made in the team; one is somebody of the org, one is new.

use crate::chromium::with_window;
use crate::okta::{
    add_integration, add_person, appliance, create_org, enable, good, save_credentials,
};
use crate::tutorial::turn_scim_on;

fn account(first: &str, last: &str, email: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": email,
        "name": { "givenName": first, "familyName": last },
        "emails": [{ "value": email, "type": "work", "primary": true }],
        "active": true,
    })
    .to_string()
}

#[test]
fn people_of_the_team_are_imported_and_confirmed() {
    let appliance = appliance("empty");
    with_window(&appliance, 1280, async |window| {
        let (url, key) = turn_scim_on(&window, "Okta").await;
        create_org(&window).await;
        add_person(&window, "Ann", "Doe", "ann@contoso.example").await;
        for (first, last, email) in [
            ("Ann", "Doe", "ann@contoso.example"),
            ("Bob", "Stone", "bob@contoso.example"),
        ] {
            let body = account(first, last, email);
            let (status, answer) = appliance.scim(&key, "POST", "/Users", &body);
            assert_eq!(status, 201, "{answer}");
        }
        let label = "Imported from the team";
        let app = add_integration(&window, "App Integration Wizard (SCIM)", label).await;
        enable(&window, &url, &["SCIM connector base URL"]).await;
        save_credentials(
            &window,
            "Test Connector Configuration",
            &key,
            "Connector configured successfully",
        )
        .await;

        window.press("To Okta").await;
        window.wait_for("h2", "Provisioning to Okta").await;
        window.press("Edit").await;
        window.wait_for("h1", "Provisioning to Okta").await;
        window.tick("Allow partial matches").await;
        window.press("Save").await;
        good(&window, "Provisioning to Okta is saved.").await;

        window.press("Import").await;
        window
            .wait_for("main", "Nobody waits for confirmation")
            .await;
        window.press("Import Now").await;
        good(&window, "has begun.").await;
        let import = format!("{app}/import");
        let row = ["ann@contoso.example", "Ann Doe (ann@contoso.example)"];
        window.watch(&import, &row, true).await;
        window.click("tbody input[name=row]").await;
        window.press("Confirm Assignments").await;
        good(&window, "1 user is assigned.").await;

        window.open(&format!("{import}?status=new")).await;
        let bob = "tbody input[aria-label='Select bob@contoso.example']";
        window.click(bob).await;
        window.tick("Auto-activate users after confirmation").await;
        window.press("Confirm Assignments").await;
        good(&window, "1 user is assigned.").await;

        let assignments = format!("{app}/assignments");
        for name in ["Ann Doe", "Bob Stone"] {
            window.watch(&assignments, &[name, "Active"], true).await;
        }
        window
            .watch("/okta/people", &["Bob Stone", "Pending user action"], true)
            .await;
        window
    });
}

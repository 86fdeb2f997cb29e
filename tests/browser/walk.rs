//! The tutorials, clicked through: turn SCIM on, make a key, connect Entra, watch it provision.

use crate::chromium::with_window;
use crate::console::{Appliance, EMAIL, PASSWORD};

#[test]
fn from_the_toggle_to_the_log_of_the_first_cycle() {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
        ("SCIMLAB_SEED", "demo"),
    ]);
    with_window(&appliance, 1280, async |window| {
        window.wait_for("main", "0 of 5 done").await;
        window.press("Set up one SSO method").await;
        window.wait_for("main", "No SSO method yet").await;
        window.press("Use the mock Entra").await;
        window.wait_for(".notice", "The mock Entra is").await;
        window.press("SCIM provisioning").await;
        window
            .wait_for("main", "Turn on SCIM provisioning first.")
            .await;
        window.click("a.switch").await;
        window.wait_for("h1", "Turn on SCIM provisioning?").await;
        window.press("Turn On").await;
        window.wait_for(".notice", "SCIM provisioning is on.").await;

        window.press("Generate SCIM API Key").await;
        window.fill("name", "Entra agent").await;
        window.press("Generate").await;
        window.wait_for("h1", "SCIM API key generated").await;
        let value = |id: &str| format!("return document.getElementById('{id}').value");
        let key = window
            .script(&value("key-value"))
            .await
            .as_str()
            .unwrap()
            .to_owned();
        let url = window
            .script(&value("base-url"))
            .await
            .as_str()
            .unwrap()
            .to_owned();
        assert!(key.starts_with("scimlab_"), "{key}");
        window.press("Done").await;
        window.wait_for("tbody", "Entra agent").await;
        assert!(
            !window
                .script("return document.documentElement.outerHTML")
                .await
                .as_str()
                .unwrap()
                .contains(&key)
        );

        window.open("/entra/applications").await;
        window.click("tbody a").await;
        window.press("Provisioning").await;
        window.click("#mode option[value=Automatic]").await;
        window.fill("tenant_url", &url).await;
        window.fill("secret_token", "not-the-key").await;
        window.press("Test Connection").await;
        window
            .wait_for(
                ".notice.bad",
                "You appear to have entered invalid credentials.",
            )
            .await;
        window.fill("secret_token", &key).await;
        window.press("Test Connection").await;
        window
            .wait_for(".notice.good", "The supplied credentials are authorized")
            .await;
        window.press("Save").await;
        window
            .wait_for(".notice.good", "The Admin Credentials are saved.")
            .await;
        window.press("Start provisioning").await;
        // Nothing is clicked from here on: the page follows the cycle by itself.
        window.wait_for(".strip", "Initial cycle complete").await;
        window.wait_for("main", "Stop provisioning").await;

        window.press("Provisioning logs").await;
        window.wait_for("tbody", "Create").await;
        window.click("tbody a").await;
        window.wait_for("main", "HTTP exchanges").await;
        window.open("/").await;
        window.wait_for("main", "members,").await;
        window
    });
}

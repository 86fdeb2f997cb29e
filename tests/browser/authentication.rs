//! The Postman half of the tutorials, clicked through, with what follows in the years after: a second SSO method,
//! a key that is regenerated while the clock moves.

use std::time::Duration;

use crate::chromium::{Window, with_window_at};
use crate::console::{EMAIL, PASSWORD, scim};
use crate::within::Within;

const SCIM: &str = "/team/authentication/scim";

fn users(within: &Within, key: &str) -> u16 {
    scim(&within.url, key, "GET", "/Users", "").0
}

/// The value on the page that shows it.
async fn value(window: &Window) -> String {
    let script = "return document.getElementById('key-value').value";
    window.script(script).await.as_str().unwrap().to_owned()
}

/// *Add Authentication Method* with the mock Entra at the other end.
async fn add_method(window: &Window, name: &str) {
    window.open("/team/authentication").await;
    window.press("Add Authentication Method").await;
    window.fill("name", name).await;
    window.press("Continue").await;
    window.wait_for("h1", name).await;
    window.wait_for("main", "Configure Later").await;
    window.press("Use the mock Entra").await;
    let saved = format!("{name} is saved and on.");
    window.wait_for(".notice", &saved).await;
}

#[test]
fn one_method_the_toggle_a_key_a_second_method_and_a_regenerated_key() {
    let within = Within::start();
    with_window_at(&within.url, 1280, async |window| {
        // S22: "You must have SSO configured prior to enabling SCIM".
        window.open(SCIM).await;
        window
            .wait_for(
                ".notice",
                "You must have SSO configured prior to enabling SCIM.",
            )
            .await;
        window.wait_for(".switch.blocked", "Off").await;
        add_method(&window, "Contoso Entra").await;

        // S22: "Next to SCIM provisioning, select the OFF toggle. Click Turn On".
        window.press("SCIM provisioning").await;
        window.click("a.switch").await;
        window.wait_for("h1", "Turn on SCIM provisioning?").await;
        window.press("Turn On").await;
        window.wait_for(".notice", "SCIM provisioning is on.").await;

        // "Generate SCIM API Key", name, "Generate", copy, "Done".
        window.press("Generate SCIM API Key").await;
        window.fill("name", "Entra agent").await;
        window.press("Generate").await;
        window.wait_for("h1", "SCIM API key generated").await;
        let old = value(&window).await;
        window.press("Done").await;
        window.wait_for("tbody", "ACTIVE").await;
        assert_eq!(users(&within, &old), 200);

        // S22: with more than one method there is no option to generate a key.
        add_method(&window, "Second Entra").await;
        window.open(SCIM).await;
        window
            .wait_for(
                "#generate-blocked",
                "2 SSO methods are enabled: turn one off",
            )
            .await;
        window
            .wait_for("header button[disabled]", "Generate SCIM API Key")
            .await;
        assert_eq!(users(&within, &old), 200, "what exists goes on working");
        window.open("/team/authentication").await;
        window.click("tbody tr:nth-child(2) button.switch").await;
        window.wait_for(".notice", "Second Entra is off.").await;
        window.open(SCIM).await;
        window
            .wait_for("header a.button", "Generate SCIM API Key")
            .await;

        // S22: "you will have the option to keep the previous key active briefly while you switch over".
        window.click("tbody a[href$='/regenerate']").await;
        window.wait_for("h1", "Regenerate Entra agent?").await;
        window.press("Regenerate").await;
        window.wait_for("h1", "SCIM API key regenerated").await;
        window
            .wait_for("main", "goes on working and stops in 1 day")
            .await;
        let new = value(&window).await;
        window.press("Done").await;
        window.wait_for("tbody", "RETIRING").await;
        assert_eq!((users(&within, &old), users(&within, &new)), (200, 200));
        within.advance(Duration::from_hours(24));
        assert_eq!((users(&within, &old), users(&within, &new)), (401, 200));

        window.open("/login").await;
        window.sign_in().await;
        window.open(SCIM).await;
        window.wait_for("tbody", "REVOKED").await;
        window.click("tbody a[href$='/delete']").await;
        window.wait_for("h1", "Delete Entra agent?").await;
        window.press("Delete").await;
        window.wait_for(".notice", "Entra agent is deleted.").await;
        window
    });
}

#[test]
fn metadata_is_uploaded_without_any_script() {
    let within = Within::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("metadata.xml");
    let metadata = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
        xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"urn:contoso\"><IDPSSODescriptor>\
        <KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>QUJD</ds:X509Certificate>\
        </ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService \
        Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
        Location=\"https://idp.contoso.example/sso\"/></IDPSSODescriptor></EntityDescriptor>";
    std::fs::write(&file, metadata).unwrap();
    with_window_at(&within.url, 390, async |window| {
        window.open("/team/authentication/methods/new").await;
        window.fill("name", "Contoso").await;
        window.press("Continue").await;
        window.choose("file", &file).await;
        window.press("Read metadata").await;
        window
            .wait_for(".notice", "The form is filled from the metadata.")
            .await;
        let filled = "return [...document.querySelectorAll('#sso_url, #issuer, #certificate')]\
                      .map(field => field.value).join(' ')";
        assert_eq!(
            window.script(filled).await,
            "https://idp.contoso.example/sso urn:contoso QUJD"
        );
        window.press("Save Authentication").await;
        window
            .wait_for("#certificate-error", "no X.509 certificate")
            .await;
        window
    });
}

#[test]
fn who_is_signed_in_with_the_password_stays_when_passwords_are_switched_off() {
    let within = Within::start();
    with_window_at(&within.url, 1280, async |window| {
        window.open("/team/authentication").await;
        window
            .click("a.switch[href$='/built-in/password/turn-off']")
            .await;
        window.wait_for("h1", "Switch off Password?").await;
        window.press("Switch off").await;
        window.wait_for(".notice", "Password is off.").await;
        window
    });
    // An operator comes in again.
    let browser = crate::console::Browser::at(&within.url);
    let page = browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
    assert_eq!(page.status, 303, "{}", page.body);
}

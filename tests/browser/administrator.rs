//! An administrator's first day, from the setup link to the record of all of it.

use crate::chromium::{Window, with_strangers_window};
use crate::console::{Appliance, EMAIL, PASSWORD};

const OWN_PASSWORD: &str = "a password of her own";

/// Opens the page of the member whom this text finds; returns its address.
async fn open_member(window: &Window, text: &str) -> String {
    window.open(&format!("/team/members?q={text}")).await;
    window.click("tbody a").await;
    window.wait_for("h1", "").await;
    window.path().await
}

/// *Update Roles* of a member: switches one role.
async fn switch_role(window: &Window, member: &str, role: &str) {
    window.open(&format!("{member}/roles")).await;
    let tick = format!("input[name=role][value={role}]");
    window.click(&tick).await;
    window.press("Update Roles").await;
}

async fn set_up(window: &Window, link: &str) {
    window.open(link).await;
    window
        .wait_for("main", "You become its first administrator.")
        .await;
    for (name, text) in [
        ("email", EMAIL),
        ("name", "Ada"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ] {
        window.fill(name, text).await;
    }
    window.press("Create administrator").await;
    window.wait_for("h1", "Overview").await;
}

/// One SSO method, the toggle, a key; returns the key.
async fn turn_scim_on(window: &Window) -> String {
    window.open("/team/authentication").await;
    window.press("Add Authentication Method").await;
    window.fill("name", "Contoso Entra").await;
    window.press("Continue").await;
    window.press("Use the mock Entra").await;
    window
        .wait_for(".notice", "Contoso Entra is saved and on.")
        .await;
    window.press("SCIM provisioning").await;
    window.click("a.switch").await;
    window.press("Turn On").await;
    window.wait_for(".notice", "SCIM provisioning is on.").await;
    window.press("Generate SCIM API Key").await;
    window.fill("name", "Entra agent").await;
    window.press("Generate").await;
    window.wait_for("h1", "SCIM API key generated").await;
    let script = "return document.getElementById('key-value').value";
    let key = window.script(script).await.as_str().unwrap().to_owned();
    window.press("Done").await;
    window.wait_for("tbody", "ACTIVE").await;
    key
}

/// Nobody takes the only administrator away, not even the own hand.
async fn last_administrator_stays(window: &Window) -> String {
    let own = open_member(window, "ada").await;
    window
        .wait_for("main", "the only active administrator")
        .await;
    switch_role(window, &own, "admin").await;
    window
        .wait_for("main", "the only active administrator")
        .await;
    own
}

async fn invite_eve(window: &Window) {
    window.open("/team/invites/new").await;
    window.fill("emails", "eve@x.example").await;
    window.press("Send Invite").await;
    window.wait_for(".notice", "1 invite sent").await;
    window.open("/mail").await;
    window.click("tbody a").await;
    window.press("Join Team").await;
    window.wait_for("h1", "Join Acme").await;
    for (name, text) in [
        ("name", "Eve"),
        ("password", OWN_PASSWORD),
        ("again", OWN_PASSWORD),
    ] {
        window.fill(name, text).await;
    }
    window.press("Join Team").await;
    window.wait_for("header.top", "eve@x.example").await;
    window.sign_out().await;
}

#[test]
fn from_the_setup_link_to_the_record_of_everything() {
    let appliance = Appliance::start_with(&[]);
    with_strangers_window(&appliance.url, 1280, async |window| {
        set_up(&window, &appliance.setup).await;
        let key = turn_scim_on(&window).await;
        let body = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob@x.example"}"#;
        assert_eq!(appliance.scim(&key, "POST", "/Users", body).0, 201);
        let own = last_administrator_stays(&window).await;

        invite_eve(&window).await;
        window.sign_in_as(EMAIL, PASSWORD).await;
        let eve = open_member(&window, "eve").await;
        switch_role(&window, &eve, "admin").await;
        window.wait_for("main", "Admin, Developer").await;
        // There are two now: the first may go.
        switch_role(&window, &own, "admin").await;
        window.wait_for("h1", "Ada").await;
        window
            .wait_for(".notice", "The roles of Ada are updated.")
            .await;
        window.sign_out().await;

        window.sign_in_as("eve@x.example", OWN_PASSWORD).await;
        window.open("/team/audit").await;
        for event in [
            "Created or Repaired Administrator",
            "Custom Auth Scheme created",
            "SCIM provisioning enabled",
            "Created SCIM Key",
            "SCIM User Provisioned",
            "Sent Invite",
            "Accepted Team Invite",
            "Updated User Roles",
            "User Logout",
            "Successful Login via Password",
        ] {
            window.wait_for("tbody", event).await;
        }
        window
    });
}

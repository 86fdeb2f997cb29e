//! Microsoft's tutorial for Postman, its steps 2 to 6, from the first click to quarantine and back.

use crate::chromium::{Window, with_window};
use crate::console::{Appliance, EMAIL, PASSWORD};

const KEYS: &str = "/team/authentication/scim";
const MAIL: &str = "ops@contoso.example";

/// *Generate SCIM API Key*; returns the SCIM base URL and the key.
async fn generate(window: &Window, name: &str) -> (String, String) {
    window.open(KEYS).await;
    window.press("Generate SCIM API Key").await;
    window.fill("name", name).await;
    window.press("Generate").await;
    window.wait_for("h1", "SCIM API key generated").await;
    let mut shown = Vec::new();
    for id in ["base-url", "key-value"] {
        let script = format!("return document.getElementById('{id}').value");
        shown.push(window.script(&script).await.as_str().unwrap().to_owned());
    }
    window.press("Done").await;
    window.wait_for("tbody", name).await;
    let key = shown.pop().unwrap();
    (shown.pop().unwrap(), key)
}

/// Step 2: Postman supports provisioning, and has a key of this name.
pub(crate) async fn turn_scim_on(window: &Window, key: &str) -> (String, String) {
    window.press("Set up one SSO method").await;
    window.press("Use the mock Entra").await;
    window.wait_for(".notice", "The mock Entra is").await;
    window.press("SCIM provisioning").await;
    window.click("a.switch").await;
    window.wait_for("h1", "Turn on SCIM provisioning?").await;
    window.press("Turn On").await;
    window.wait_for(".notice", "SCIM provisioning is on.").await;
    generate(window, key).await
}

/// Step 3: the application, from the gallery; returns its address.
async fn add_from_the_gallery(window: &Window) -> String {
    window.open("/entra/applications").await;
    window.press("New application").await;
    window.press("Choose Postman (January 2024)").await;
    window.wait_for("h1", "New application: Postman").await;
    window.fill("name", "Postman tutorial").await;
    window.press("Create").await;
    window
        .wait_for(".notice.good", "Postman tutorial is created.")
        .await;
    window.path().await
}

/// Step 4: who is in scope.
async fn assign(window: &Window) {
    window.press("Users and groups").await;
    window.wait_for("main", "Nobody is assigned").await;
    window.press("Add user/group").await;
    for name in ["Guest Services", "Maria Santos"] {
        window.wait_for("h1", "Add user/group").await;
        window.fill("q", name).await;
        window.press("Search").await;
        window.wait_for(".chosen", name).await;
        window.press(&format!("Assign {name}")).await;
        let assigned = format!("{name} is assigned");
        window.wait_for(".notice.good", &assigned).await;
    }
    window.press("Done").await;
    window.wait_for("tbody", "Guest Services").await;
    window.wait_for("tbody", "Maria Santos").await;
}

/// *Admin Credentials*: tested, then saved.
async fn save_credentials(window: &Window, key: &str) {
    window.fill("secret_token", key).await;
    window.press("Test Connection").await;
    window
        .wait_for(
            ".notice.good",
            "The supplied credentials are authorized to enable provisioning",
        )
        .await;
    window.press("Save").await;
    window
        .wait_for(".notice.good", "The Admin Credentials are saved.")
        .await;
}

/// Step 5, from *Provisioning Mode* to *Notification Email*.
async fn configure(window: &Window, application: &str, url: &str, key: &str) {
    window.open(application).await;
    window.press("Provisioning").await;
    window.click("#mode option[value=Automatic]").await;
    window.fill("tenant_url", url).await;
    window.fill("notification_email", MAIL).await;
    let ticked = "return document.getElementById('notify').checked";
    if window.script(ticked).await != true {
        window.click("#notify").await;
    }
    save_credentials(window, key).await;
    assert_eq!(window.script(ticked).await, true);
    let email = "return document.getElementById('notification_email').value";
    assert_eq!(window.script(email).await, MAIL);
}

/// Step 5, *Mappings*: the attributes of the tutorial's two tables, and no others.
async fn review_mappings(window: &Window, application: &str) {
    let users = ["userName", "name.givenName", "name.familyName", "active"];
    let groups = ["displayName", "members"];
    for (kind, wanted) in [("users", users.as_slice()), ("groups", &groups)] {
        window.open(&format!("{application}/provisioning")).await;
        let name = format!("Synchronize Microsoft Entra {kind} to Postman");
        window.press(&name).await;
        window.wait_for("h1", &name).await;
        window.wait_for(".mappings", "Matching precedence 1").await;
        let script = "return [...document.querySelectorAll('.mappings tbody td.long > code')].map(c => c.textContent)";
        let mapped = window.script(script).await;
        let mut mapped: Vec<&str> = mapped
            .as_array()
            .unwrap()
            .iter()
            .map(|target| target.as_str().unwrap())
            .collect();
        let mut wanted = wanted.to_vec();
        mapped.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(mapped, wanted);
        window.press("Save").await;
        window.wait_for(".notice.good", "saved").await;
    }
}

/// Step 5, *Settings*: *Provisioning Status*, *Scope*, *Save*; the initial cycle runs by itself.
async fn turn_provisioning_on(window: &Window, application: &str) {
    window.open(&format!("{application}/provisioning")).await;
    window.click("#status-on").await;
    window.click("#scope-assigned").await;
    window.click("#settings > footer button").await;
    window
        .wait_for(
            ".notice.good",
            "The settings are saved and provisioning is started.",
        )
        .await;
    window.wait_for(".strip", "Initial cycle complete").await;
    window.wait_for(".strip", "On").await;
}

/// Step 6: logs and status.
async fn monitor(window: &Window, application: &str) {
    window.press("Provisioning logs").await;
    for text in ["Create", "Guest Services", "Maria Santos", "Success"] {
        window.wait_for("tbody", text).await;
    }
    window.open(&format!("{application}/provisioning")).await;
    window.wait_for("main", "Statistics to date").await;
    window.click("details.fold > summary").await;
    window.wait_for("main", "Steady state first achieved").await;
    window.open("/team/members").await;
    window.wait_for("tbody", "Maria Santos").await;
    window.wait_for("tbody", "Grace Okafor").await;
}

/// Postman stops to take the key.
async fn revoke(window: &Window) {
    window.open(KEYS).await;
    window.press("Revoke Entra agent").await;
    window.wait_for("h1", "Revoke Entra agent?").await;
    window.press("Revoke").await;
    window
        .wait_for(".notice.good", "Entra agent is revoked.")
        .await;
}

/// Lets time go by on the page *Clock*.
async fn advance(window: &Window, by: &str) {
    window.open("/clock").await;
    window.press(by).await;
    window
        .wait_for(".notice.good", &format!("{by} went by"))
        .await;
}

/// The newest mail is about this job and goes to the *Notification Email*.
async fn mailed(window: &Window, subject: &str, sentence: &str) {
    window.open("/mail").await;
    window.wait_for("tbody tr:first-child", subject).await;
    window.wait_for("tbody tr:first-child", MAIL).await;
    window.click("tbody tr:first-child a").await;
    window.wait_for("main", sentence).await;
    window.press("Open provisioning").await;
    window.wait_for("h1", "Postman tutorial").await;
}

#[test]
fn the_tutorial_from_the_first_click_to_quarantine_and_back() {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
        ("SCIMLAB_SEED", "demo"),
    ]);
    with_window(&appliance, 1280, async |window| {
        let (url, key) = turn_scim_on(&window, "Entra agent").await;
        let application = add_from_the_gallery(&window).await;
        assign(&window).await;
        configure(&window, &application, &url, &key).await;
        review_mappings(&window, &application).await;
        turn_provisioning_on(&window, &application).await;
        monitor(&window, &application).await;

        revoke(&window).await;
        advance(&window, "40 minutes").await;
        mailed(
            &window,
            "Provisioning of Postman tutorial is in quarantine",
            "does not reach its target",
        )
        .await;
        window.wait_for(".strip", "Quarantined").await;
        window
            .wait_for("main", "EncounteredQuarantineException")
            .await;

        advance(&window, "28 days").await;
        mailed(
            &window,
            "Provisioning of Postman tutorial was disabled",
            "failed for 28 days and was disabled",
        )
        .await;
        window.wait_for(".strip", "Disabled").await;
        window
            .wait_for(".strip", "Nothing is provisioned until it is started")
            .await;

        let (_, key) = generate(&window, "Entra agent again").await;
        window.open(&format!("{application}/provisioning")).await;
        save_credentials(&window, &key).await;
        window.press("Restart provisioning").await;
        window.wait_for("h1", "Restart provisioning?").await;
        window.press("Restart provisioning").await;
        window
            .wait_for(".notice.good", "Provisioning is restarted.")
            .await;
        window.wait_for(".strip", "Initial cycle complete").await;
        window.wait_for(".strip", "On").await;
        let trouble = "return document.querySelector('[aria-label=\"What is wrong\"]') === null";
        window.open(&format!("{application}/provisioning")).await;
        window.wait_for(".strip", "Initial cycle complete").await;
        assert_eq!(window.script(trouble).await, true);
        window
    });
}

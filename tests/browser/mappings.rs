//! The mapping editor, clicked through: a wrong expression, the right one, its preview, and a scoping filter.

use crate::chromium::{Window, with_window};
use crate::console::Appliance;

const WRONG: &str = "Switch([IsSoftDeleted], , \"False\" \"True\")";
const RIGHT: &str = "Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")";

/// The page of the user mapping, with somebody chosen.
async fn open_users(window: &Window) -> String {
    window.open("/entra/applications").await;
    window.click("tbody a").await;
    window.press("Mappings").await;
    window
        .press("Synchronize Microsoft Entra users to Postman")
        .await;
    window.wait_for("h1", "Synchronize Microsoft Entra").await;
    window.fill("q", "babs").await;
    window.press("Choose person").await;
    window.click("#preview .lines a").await;
    window.wait_for("th.live", "Value for Babs Jensen").await;
    window.wait_for("td.live", "bjensen@example.com").await;
    window.path().await
}

/// Refuses the wrong expression where it is wrong, then takes the right one.
async fn mend_active(window: &Window) {
    window.click("a[href*='attributes/3']").await;
    window.wait_for("h1", "Edit Attribute").await;
    // The builder knows the value before anybody asks.
    window.wait_for("#tested", "Value for Babs Jensen").await;
    window.fill("expression", WRONG).await;
    // Nothing is pressed: the page follows what is typed.
    window.wait_for("#tested", "Line 1, column 35").await;
    window.press("Save").await;
    window
        .wait_for(".notice.bad", "The old mapping stays.")
        .await;
    window
        .wait_for("#expression-error", "Line 1, column 35")
        .await;
    window.wait_for("pre.fault mark", "\"").await;
    window.fill("expression", RIGHT).await;
    window.press("Test expression").await;
    window.wait_for("#tested .result", "True").await;
    window.wait_for("#tested", "IsSoftDeleted").await;
    window.press("Save").await;
    window
        .wait_for(".notice.good", "The mapping is saved.")
        .await;
    window.wait_for(".mappings", RIGHT).await;
    window.wait_for("#requests", "\"active\": true").await;
}

/// Sees who leaves, goes back, and saves.
async fn narrow_the_scope(window: &Window) {
    window.press("All assigned users").await;
    window.press("Add scoping filter").await;
    window.fill("title", "Only guides").await;
    window.fill("attribute", "jobTitle").await;
    window
        .click("#operator-1 option[value='REGEX MATCH']")
        .await;
    window.fill("value", "(Guide").await;
    window.press("Preview the change").await;
    window
        .wait_for("#clause-1-error", "is not a regular expression")
        .await;
    window.fill("value", "Guide").await;
    window.press("Preview the change").await;
    window
        .wait_for("h1", "Save the scoping filter Only guides?")
        .await;
    window.wait_for("main", "John Smith").await;
    window
        .wait_for("main", "The next cycle is an initial one")
        .await;
    window.press("Change the filter").await;
    window.wait_for("h1", "Add scoping filter").await;
    window.press("Preview the change").await;
    window.press("Save").await;
    window
        .wait_for(".notice.good", "The scoping filter Only guides is saved.")
        .await;
    window.wait_for("main", "REGEX MATCH").await;
}

#[test]
fn a_mapping_is_mended_with_its_preview_and_the_scope_narrowed_with_who_leaves() {
    let appliance = Appliance::start();
    with_window(&appliance, 1280, async |window| {
        let users = open_users(&window).await;
        mend_active(&window).await;
        narrow_the_scope(&window).await;
        window
            .open(&format!("{users}?person=john.smith@contoso.example"))
            .await;
        window.wait_for("#preview", "Not in scope").await;
        window
            .wait_for("#preview", "it does not pass the scoping filters")
            .await;
        window
    });
}

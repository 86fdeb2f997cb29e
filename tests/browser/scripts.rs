//! What `app.js` adds: shortcuts, the remembered theme, copy buttons, questions before hard steps.

use crate::chromium::with_window;
use crate::console::Appliance;

#[test]
fn shortcuts_search_go_and_explain_themselves() {
    let appliance = Appliance::start();
    with_window(&appliance, 1280, async |window| {
        window.open("/entra/users").await;
        window.keys("?").await;
        window.wait_for("#shortcuts", "Keyboard shortcuts").await;
        window.click("#shortcuts button").await;
        window.keys("/").await;
        assert_eq!(window.script("return document.activeElement.id").await, "q");
        window.open("/entra/users").await;
        window.keys("gm").await;
        window.wait_for("h1", "Members").await;
        assert_eq!(window.path().await, "/team/members");
        window
    });
}

#[test]
fn the_theme_is_switched_and_remembered() {
    let appliance = Appliance::start();
    with_window(&appliance, 1280, async |window| {
        let colour = "return getComputedStyle(document.body).backgroundColor";
        let theme = "return document.documentElement.dataset.theme || ''";
        let before = window.script(colour).await;
        assert_eq!(window.script(theme).await, "");
        window.click("[data-theme-toggle]").await;
        let (after, chosen) = (window.script(colour).await, window.script(theme).await);
        assert_ne!(before, after);
        window.open("/team/groups").await;
        assert_eq!(window.script(theme).await, chosen);
        assert_eq!(window.script(colour).await, after);
        window.keys("t").await;
        assert_eq!(window.script(colour).await, before);
        window
    });
}

#[test]
fn an_address_is_copied_with_one_click() {
    let appliance = Appliance::start();
    with_window(&appliance, 1280, async |window| {
        window.open("/team/authentication/scim").await;
        window.click("[data-copy=base-url]").await;
        window.wait_for("[data-copy=base-url]", "Copied").await;
        window
    });
}

#[test]
fn deleting_asks_first_and_no_means_no() {
    let appliance = Appliance::start();
    with_window(&appliance, 1280, async |window| {
        window.open("/entra/users").await;
        window.click("tbody a").await;
        window.press("Delete").await;
        window
            .wait_for("#confirm", "moves to the recycle bin")
            .await;
        window.click("#confirm [value=no]").await;
        window.wait_for("main", "Disable").await;
        window.press("Delete").await;
        window.click("#confirm [value=yes]").await;
        window.wait_for(".notice", "is in the recycle bin.").await;
        window
    });
}

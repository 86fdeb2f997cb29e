//! Somebody is invited, finds the mail, joins, and gets another role.

use crate::chromium::with_window;
use crate::console::{Appliance, EMAIL, PASSWORD};

#[test]
fn from_the_invite_through_the_mail_to_another_role() {
    let appliance = Appliance::start();
    let fresh = "a password of her own";
    with_window(&appliance, 1280, async |window| {
        window.open("/team/invites").await;
        window.press("Invite People").await;
        window.fill("emails", "eve@x.example\nnobody").await;
        window.press("Send Invite").await;
        window
            .wait_for(".notice", "1 invite sent, 1 not understood.")
            .await;
        window.wait_for("main", "Bad address").await;

        window.open("/mail").await;
        window.click("tbody a").await;
        window
            .wait_for("main", "invited you to join the team Acme as Developer")
            .await;
        window.press("Join Team").await;
        window.wait_for("h1", "Join Acme").await;
        window
            .wait_for(".notice", "joining signs you in as eve@x.example instead")
            .await;
        window.fill("name", "Eve").await;
        window.fill("password", fresh).await;
        window.fill("again", fresh).await;
        window.press("Join Team").await;
        window.wait_for("h1", "Profile").await;
        window.wait_for("header.top", "eve@x.example").await;
        window.wait_for("main", "Developer").await;

        window.sign_out().await;
        window.sign_in_as(EMAIL, PASSWORD).await;
        window.open("/team/invites").await;
        window.wait_for("tbody", "Accepted").await;
        window.open("/team/members?q=eve").await;
        window.click("tbody a").await;
        let page = window.path().await;
        window.open(&format!("{page}/roles")).await;
        window.click("input[name=role][value=billing]").await;
        window.press("Update Roles").await;
        window.wait_for("main", "Billing").await;

        window.sign_out().await;
        window.sign_in_as("eve@x.example", fresh).await;
        window.open("/profile").await;
        window.wait_for("main", "Billing, Developer").await;
        window
    });
}

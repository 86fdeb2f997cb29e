//! Postman's page about Okta, from the first click to the pending invite and its cure; and an app of the wizard,
//! which pushes a group as well.

use crate::chromium::{Window, with_window};
use crate::console::{Appliance, EMAIL, PASSWORD};
use crate::tutorial::turn_scim_on;

const MEMBERS: &str = "/team/members";
const ANN: &str = "ann@contoso.example";
const CEM: &str = "cem@contoso.example";
const EVE: &str = "eve@contoso.example";

pub(crate) fn appliance(seed: &str) -> Appliance {
    Appliance::start_with(&[
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
        ("SCIMLAB_SEED", seed),
    ])
}

pub(crate) async fn good(window: &Window, text: &str) {
    window.wait_for(".notice.good", text).await;
}

/// The team's endpoint is Postman's.
async fn use_the_postman_profile(window: &Window) {
    window.open("/team/authentication/profile").await;
    window.tick("postman").await;
    window.press("Use this preset").await;
    window.wait_for("h1", "Use the profile postman?").await;
    window.press("Use postman").await;
    good(window, "The profile is postman now.").await;
}

pub(crate) async fn create_org(window: &Window) {
    window.open("/okta").await;
    window.press("Create org").await;
    window.fill("name", "Contoso").await;
    window.fill("subdomain", "contoso").await;
    window.press("Create").await;
    good(window, "Contoso is created.").await;
}

pub(crate) async fn add_person(window: &Window, first: &str, last: &str, login: &str) {
    window.open("/okta/people").await;
    window.press("Add person").await;
    for (name, text) in [
        ("firstName", first),
        ("lastName", last),
        ("login", login),
        ("email", login),
        ("password", "Correct-horse-7"),
    ] {
        window.fill(name, text).await;
    }
    window.press("Save").await;
    good(window, &format!("{first} {last} is added: Active.")).await;
}

/// A group with one person.
async fn add_group(window: &Window, name: &str, person: &str) {
    window.open("/okta/groups").await;
    window.press("Add group").await;
    window.fill("name", name).await;
    window.press("Save").await;
    good(window, &format!("{name} is created.")).await;
    window.press("Assign people").await;
    window.press(&format!("Assign {person}")).await;
    good(window, &format!("{person} is in {name} now.")).await;
    window.press("Done").await;
    window.wait_for("tbody", person).await;
}

/// *Browse App Catalog* > *Add Integration*; returns the address of the app.
pub(crate) async fn add_integration(window: &Window, template: &str, label: &str) -> String {
    window.open("/okta/applications").await;
    window.press("Browse App Catalog").await;
    window.press(&format!("Add Integration: {template}")).await;
    window.wait_for("h1", &format!("Add {template}")).await;
    window.fill("label", label).await;
    window.press("Done").await;
    good(window, &format!("{label} is added.")).await;
    window.path().await
}

/// *Provisioning* > *Configure API Integration* > *Enable API integration*.
pub(crate) async fn enable(window: &Window, url: &str, labels: &[&str]) {
    window.press("Provisioning").await;
    window.wait_for("main", "Provisioning is not enabled").await;
    window.press("Configure API Integration").await;
    for label in labels {
        window.wait_for("main label", label).await;
    }
    window.tick("Enable API integration").await;
    window.fill("baseUrl", url).await;
}

/// Tests a key that Postman does not know, then the right one; saves it.
pub(crate) async fn save_credentials(window: &Window, test: &str, key: &str, verified: &str) {
    window.fill("token", "a-wrong-key").await;
    window.press(test).await;
    let failed = "Error authenticating: Unauthorized. Errors reported by remote server:";
    for text in [
        failed,
        "Confirm that SCIM is enabled at the target, that the API token is correct, and that it is active.",
    ] {
        window.wait_for(".notice.bad", text).await;
    }
    window.fill("token", key).await;
    window.press(test).await;
    good(window, verified).await;
    window.press("Save").await;
    good(window, "API integration is enabled.").await;
}

/// *To App* > *Edit* > the features > *Save*.
async fn enable_features(window: &Window) {
    window.press("To App").await;
    window.wait_for("h2", "Provisioning to App").await;
    window.press("Edit").await;
    window.wait_for("h1", "Provisioning to App").await;
    for feature in ["Create Users", "Update User Attributes", "Deactivate Users"] {
        window.tick(feature).await;
    }
    window.press("Save").await;
    good(window, "Provisioning to App is saved.").await;
    let enabled = "return [...document.querySelectorAll('.lines li')].filter(\
                   li => li.textContent.trim().endsWith('Enabled')).length";
    assert_eq!(window.script(enabled).await, 3);
}

/// *Assignments* > *Assign to People* or *Assign to Groups*.
async fn assign(window: &Window, app: &str, label: &str, button: &str, name: &str) {
    window.open(app).await;
    window.press("Assignments").await;
    window.press(button).await;
    window.wait_for("h1", &format!("Assign {label}")).await;
    window.fill("q", name).await;
    window.press("Search").await;
    window.wait_for(".chosen", name).await;
    window.press(&format!("Assign {name}")).await;
    good(window, &format!("{name} is assigned to {label}.")).await;
    window.press("Done").await;
    window.wait_for(".tabs", "Groups").await;
}

/// Opens the person of this name in the org, *Edit profile*, and gives another last name.
async fn rename(window: &Window, name: &str, last: &str, renamed: &str) {
    window.open("/okta/people").await;
    window.press(name).await;
    window.press("Edit profile").await;
    window.fill("lastName", last).await;
    window.press("Save").await;
    good(window, &format!("The profile of {renamed} is saved.")).await;
}

/// *Remove* of an assignment, which asks.
async fn unassign(window: &Window, assignments: &str, name: &str) {
    window.open(assignments).await;
    window.press(&format!("Remove {name}")).await;
    window
        .wait_for("#confirm", "the account at Postman is deactivated")
        .await;
    window.click("#confirm [value=yes]").await;
    good(window, &format!("{name} is no longer assigned in person.")).await;
}

async fn invite(window: &Window, email: &str) {
    window.open("/team/invites").await;
    window.press("Invite People").await;
    window.fill("emails", email).await;
    window.press("Send Invite").await;
    window.wait_for(".notice", "1 invite sent").await;
}

/// Removes the pending invite from the team's settings.
async fn revoke_invite(window: &Window, email: &str) {
    window.open("/team/invites").await;
    window.press(&format!("Revoke invite of {email}")).await;
    let question = format!("Revoke the invite of {email}?");
    window.wait_for("h1", &question).await;
    window.press("Revoke").await;
    good(window, &format!("The invite of {email} is revoked.")).await;
}

/// Somebody who was invited by hand cannot be created until the invite is gone.
async fn pending_invite(window: &Window, app: &str, assignments: &str) {
    invite(window, EVE).await;
    assign(window, app, "Postman", "Assign to People", "Eve Stone").await;
    let error = "Error while creating user Eve Stone: Conflict. Errors reported by remote server:";
    window
        .watch(assignments, &["Eve Stone", "Error", error], true)
        .await;
    let failed = "Automatic provisioning of user Eve Stone to app Postman failed:";
    window
        .watch("/okta/tasks", &["Eve Stone", failed], true)
        .await;
    revoke_invite(window, EVE).await;
    window.open("/okta/tasks").await;
    window.click("tbody input[name=task]").await;
    window.press("Retry Selected").await;
    good(window, "1 task tried again.").await;
    window
        .watch(assignments, &["Eve Stone", "Provisioned"], true)
        .await;
    window
        .watch(MEMBERS, &["Eve Stone", EVE, "Active"], true)
        .await;
    window.open("/okta/tasks").await;
    window.wait_for("main", "No tasks").await;
}

#[test]
fn the_postman_app_from_the_first_click_to_the_pending_invite() {
    with_window(&appliance("empty"), 1280, async |window| {
        let (url, key) = turn_scim_on(&window, "Okta").await;
        use_the_postman_profile(&window).await;
        create_org(&window).await;
        add_person(&window, "Ann", "Doe", ANN).await;
        add_person(&window, "Cem", "Kaya", CEM).await;
        add_person(&window, "Eve", "Stone", EVE).await;
        add_group(&window, "Designers", "Cem Kaya").await;

        let app = add_integration(&window, "Postman", "Postman").await;
        window
            .wait_for("main", "Push Groups is not there: the Postman app supports")
            .await;
        enable(&window, &url, &["Enable API integration", "API Token"]).await;
        save_credentials(
            &window,
            "Test API Credentials",
            &key,
            "Postman was verified successfully!",
        )
        .await;
        enable_features(&window).await;

        assign(&window, &app, "Postman", "Assign to People", "Ann Doe").await;
        assign(&window, &app, "Postman", "Assign to Groups", "Designers").await;
        let assignments = format!("{app}/assignments");
        for row in [
            ["Ann Doe", "Individual", "Provisioned"],
            ["Cem Kaya", "Group", "Provisioned"],
        ] {
            window.watch(&assignments, &row, true).await;
        }
        window
            .watch(MEMBERS, &["Ann Doe", ANN, "Active"], true)
            .await;
        window
            .watch(MEMBERS, &["Cem Kaya", CEM, "Active"], true)
            .await;

        rename(&window, "Ann Doe", "Roe", "Ann Roe").await;
        window
            .watch(MEMBERS, &["Ann Roe", ANN, "Active"], true)
            .await;
        window.watch(MEMBERS, &["Ann Doe"], false).await;

        unassign(&window, &assignments, "Ann Roe").await;
        window
            .watch(MEMBERS, &["Ann Roe", "Deactivated"], true)
            .await;
        assign(&window, &app, "Postman", "Assign to People", "Ann Roe").await;
        window.watch(MEMBERS, &["Ann Roe", "Active"], true).await;

        pending_invite(&window, &app, &assignments).await;
        window
    });
}

/// *Push Groups* > *Find groups by name* > *Save*.
async fn push_group(window: &Window, app: &str, group: &str) {
    window.open(app).await;
    window.press("Push Groups").await;
    window.wait_for("main", "No group is pushed").await;
    window.press("Find groups by name").await;
    window.wait_for("h1", "Find groups by name").await;
    window.fill("q", group).await;
    window.press("Search").await;
    window.wait_for(".chosen", group).await;
    window.press(&format!("Choose {group}")).await;
    window.wait_for("h1", &format!("Push {group}")).await;
    window.wait_for("main", "Create Group").await;
    window.press("Save").await;
    good(window, &format!("{group} is pushed.")).await;
}

/// *Unlink* with *Delete the group in the target app*.
async fn unlink(window: &Window, pushed: &str, group: &str) {
    window.open(pushed).await;
    window.press(&format!("Unlink {group}")).await;
    window.wait_for("h1", &format!("Unlink {group}")).await;
    window
        .wait_for("main", "Delete the group in the target app")
        .await;
    window.press("Unlink").await;
    good(window, &format!("{group} is unlinked.")).await;
}

#[test]
fn an_app_of_the_wizard_pushes_a_group_into_the_team() {
    with_window(&appliance("demo"), 1280, async |window| {
        let (url, key) = turn_scim_on(&window, "Okta").await;
        let label = "Provisioned by the wizard";
        let app = add_integration(&window, "App Integration Wizard (SCIM)", label).await;
        let labels = [
            "SCIM connector base URL",
            "Unique identifier field for users",
            "Authentication Mode",
            "Authorization",
            "Import Groups",
        ];
        enable(&window, &url, &labels).await;
        window.tick("Import Groups").await;
        save_credentials(
            &window,
            "Test Connector Configuration",
            &key,
            "Connector configured successfully",
        )
        .await;
        enable_features(&window).await;

        let group = "Guest Services";
        assign(&window, &app, label, "Assign to Groups", group).await;
        let assignments = format!("{app}/assignments");
        window
            .watch(
                &assignments,
                &["Grace Okafor", "Group", "Provisioned"],
                true,
            )
            .await;
        window.watch(&assignments, &["Pending"], false).await;

        push_group(&window, &app, group).await;
        let pushed = format!("{app}/push-groups");
        window.watch(&pushed, &[group, "Active", "ago"], true).await;
        window.watch("/team/groups", &[group], true).await;
        window.press(group).await;
        window.wait_for("h1", group).await;
        for name in ["Grace Okafor", "Priya Iyer"] {
            window.wait_for("main", name).await;
        }

        unlink(&window, &pushed, group).await;
        window.watch("/team/groups", &[group], false).await;
        window
            .watch(MEMBERS, &["Grace Okafor", "Active"], true)
            .await;
        window
    });
}

/// *Directory > Groups > Rules* > *Add rule* > *Activate*, with a look at the preview in between.
async fn add_rule(window: &Window, group: &str) {
    window.open("/okta/groups").await;
    window.press("Rules").await;
    window.wait_for("main", "No rules").await;
    window.press("Add rule").await;
    window.wait_for("h1", "Add rule").await;
    window.fill("name", "Sales").await;
    window
        .fill("expression", "user.department == \"Sales\"")
        .await;
    window.fill("groupIds", group).await;
    window.press("Save").await;
    good(window, "Sales is saved.").await;
    window.fill("person", CEM).await;
    window.press("Preview").await;
    window
        .wait_for(".notice", "The rule does not match Cem Kaya.")
        .await;
    window.press("Activate").await;
    good(window, "Sales is active.").await;
}

/// 3.5: a person begins to match a rule, is in its group, and has an account; and loses both again.
#[test]
fn a_group_rule_provisions_whoever_begins_to_match() {
    with_window(&appliance("empty"), 1280, async |window| {
        let (url, key) = turn_scim_on(&window, "Okta").await;
        use_the_postman_profile(&window).await;
        create_org(&window).await;
        add_person(&window, "Ann", "Doe", ANN).await;
        add_person(&window, "Cem", "Kaya", CEM).await;
        add_group(&window, "Sellers", "Ann Doe").await;
        let app = add_integration(&window, "Postman", "Postman").await;
        enable(&window, &url, &["Enable API integration", "API Token"]).await;
        let verified = "Postman was verified successfully!";
        save_credentials(&window, "Test API Credentials", &key, verified).await;
        enable_features(&window).await;
        assign(&window, &app, "Postman", "Assign to Groups", "Sellers").await;
        add_rule(&window, "Sellers").await;

        let department = async |text: &str| {
            window.open("/okta/people").await;
            window.press("Cem Kaya").await;
            window.press("Edit profile").await;
            window.fill("department", text).await;
            window.press("Save").await;
            good(&window, "The profile of Cem Kaya is saved.").await;
        };
        department("Sales").await;
        window.open("/okta/groups").await;
        window.press("Sellers").await;
        window.wait_for("tbody", "Cem Kaya").await;
        window.wait_for("tbody", "By rule: Sales").await;
        let assignments = format!("{app}/assignments");
        window
            .watch(&assignments, &["Cem Kaya", "Group", "Provisioned"], true)
            .await;
        window
            .watch(MEMBERS, &["Cem Kaya", CEM, "Active"], true)
            .await;

        department("Legal").await;
        window
            .watch(MEMBERS, &["Cem Kaya", "Deactivated"], true)
            .await;
        window.watch(MEMBERS, &["Ann Doe", "Active"], true).await;
        window
    });
}

/// 10.4: a scenario is chosen, played, and what Okta sent is there to be unfolded.
#[test]
fn a_scenario_is_played_with_a_click() {
    with_window(&appliance("demo"), 390, async |window| {
        let (url, key) = turn_scim_on(&window, "Okta").await;
        let label = "SCIM 2.0 Test App (Header Auth)";
        add_integration(&window, label, "Test App").await;
        enable(&window, &url, &["Base URL"]).await;
        window.fill("token", &format!("Bearer {key}")).await;
        window.press("Save").await;
        good(&window, "API integration is enabled.").await;
        enable_features(&window).await;

        window.open("/okta/scenarios").await;
        window.press("Somebody comes back").await;
        window.wait_for("h1", "Somebody comes back").await;
        window.press("Play").await;
        good(&window, "The scenario went as expected.").await;
        window
            .wait_for("#checks", "Ann has the account that she had")
            .await;
        window
            .wait_for("#steps", "Ann is deactivated in Okta.")
            .await;
        // The last request of the step in which she comes back is unfolded.
        window
            .wait_for("#steps details[open] summary", "PATCH")
            .await;
        window.wait_for("#steps details[open] pre", "active").await;
        window.open("/okta/scenarios").await;
        window.wait_for("main", "As expected").await;
        window
    });
}

//! `/okta/groups/rules`: group rules are made, previewed, activated, changed and deleted.

use crate::browser::{Appliance, KEY};
use crate::okta::{app, connect, group, id, org, person, wait_until};

const DOE: &str = "user.lastName == \"Doe\"";

const EVIL: &str = "<script>alert(1)</script>";

#[test]
#[expect(clippy::too_many_lines, reason = "one walk from first to last")]
fn a_rule_is_made_previewed_activated_and_deleted() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let bob = person(&browser, "Bob", "Roe", "bob@contoso.example");
    let doe = group(&browser, "Family <Doe>");
    browser
        .open("/okta/groups")
        .says("/okta/groups/rules\">Rules");
    browser
        .open("/okta/groups/rules")
        .says("No rules")
        .says("Add rule");

    // What is wrong is said at its field, and what was typed is kept.
    let form = "/okta/groups/rules/new";
    browser.open(form).says("THEN assign to");
    let typed = |name: &'static str, condition: &'static str, groups: &'static str| {
        [
            ("name", name),
            ("expression", condition),
            ("groupIds", groups),
            ("exclude", ""),
        ]
    };
    for (wrong, said) in [
        (typed("", DOE, "Family <Doe>"), "cannot be left blank"),
        (
            typed("R", "user.shoe ==", "Family <Doe>"),
            "At line 1, column 13",
        ),
        (
            typed("R", "user.shoe == 4", "Family <Doe>"),
            "Invalid property shoe",
        ),
        (typed("R", DOE, "Nowhere"), "There is no group Nowhere"),
        (typed("R", DOE, "Everyone"), "BUILT_IN"),
    ] {
        let page = browser.post(form, &wrong);
        assert_eq!(page.status, 422, "{said}");
        page.says(said).says("aria-invalid=\"true\"");
    }
    let mut wrong = typed("R", DOE, "Family <Doe>");
    wrong[3].1 = "nobody@x.example";
    let page = browser.post(form, &wrong);
    assert_eq!(page.status, 422);
    page.says("Nobody in this org has the username nobody@x.example");

    let rule = browser
        .post(form, &typed(EVIL, DOE, "Family <Doe>"))
        .location;
    browser
        .open(&rule)
        .says("Inactive")
        .says("&#60;script&#62;")
        .says_not(EVIL)
        .says("Family &#60;Doe&#62;");
    browser
        .open("/okta/groups/rules?q=lastname")
        .says("Inactive");
    browser
        .open("/okta/groups/rules?state=ACTIVE")
        .says_not("Inactive</span>");
    for (login, said) in [
        (
            "ann@contoso.example",
            "The rule puts Ann Doe into its groups",
        ),
        ("bob@contoso.example", "The rule does not match Bob Roe"),
        (
            "eve@contoso.example",
            "Nobody in this org has this username",
        ),
    ] {
        browser.open(&format!("{rule}?person={login}")).says(said);
    }
    browser.open(&doe).says_not("ann@contoso.example");

    browser.submit(&format!("{rule}/activate"), &[]);
    browser.open(&rule).says("Active").says_not("/edit\"");
    browser
        .open(&doe)
        .says("ann@contoso.example")
        .says("By rule:")
        .says_not("bob@contoso.example");
    let fields = [("firstName", "Bob"), ("lastName", "Doe")];
    browser.submit(&format!("{bob}/edit"), &fields);
    browser.open(&doe).says("bob@contoso.example");

    // Taken out by hand, somebody is excluded.
    browser.submit(&format!("{doe}/people/{}/remove", id(&bob)), &[]);
    browser.open(&doe).says_not("bob@contoso.example");
    browser.open(&rule).says("Bob Doe");
    browser
        .open(&format!("{rule}?person=bob@contoso.example"))
        .says("The rule leaves Bob Doe alone");
    wait_until(
        &browser,
        "/okta/system-log",
        "User added to exclusion list for group rule",
    );

    // Only an inactive rule is changed and deleted.
    let edited = [
        ("name", "The Does"),
        ("expression", DOE),
        ("exclude", "ann@contoso.example\n"),
    ];
    let refused = browser.post(&format!("{rule}/edit"), &edited);
    assert_eq!(refused.status, 422);
    refused.says("Only an inactive rule can be changed");
    browser.submit(&format!("{rule}/deactivate"), &[]);
    browser
        .open(&format!("{rule}/edit"))
        .says("bob@contoso.example");
    browser.submit(&format!("{rule}/edit"), &edited);
    browser.open(&rule).says("The Does").says("Ann Doe");
    browser.open(&doe).says("ann@contoso.example");
    browser.submit(&format!("{rule}/activate"), &[]);
    browser
        .open(&doe)
        .says_not("ann@contoso.example")
        .says("bob@contoso.example");

    browser.submit(&format!("{rule}/deactivate"), &[]);
    browser
        .open(&format!("{rule}/delete"))
        .says("Remove them from the groups");
    browser.submit(&format!("{rule}/delete"), &[("people", "remove")]);
    browser.open("/okta/groups/rules").says("No rules");
    browser.open(&doe).says_not("bob@contoso.example");
    assert_eq!(browser.get(&rule).status, 404);
    browser.open(&ann);
}

/// 1.11.6: "Push Groups (by name, by rule)".
#[test]
fn groups_are_found_by_rule_and_pushed() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    group(&browser, "Eng West");
    let test = app(&browser, "scim2headerauth", "Test App");
    connect(&appliance, &browser, &test, &format!("Bearer {KEY}"));
    let tab = format!("{test}/push-groups");
    browser.open(&tab).says("Find groups by rule");
    let form = format!("{tab}/rules/new");
    let typed = |name: &'static str, value: &'static str| {
        [
            ("name", name),
            ("how", "starts with"),
            ("value", value),
            ("describedHow", "contains"),
            ("description", ""),
            ("immediately", "yes"),
        ]
    };
    for (name, value, said) in [
        ("", "eng", "cannot be left blank"),
        ("R", "", "cannot be left blank"),
    ] {
        let page = browser.post(&form, &typed(name, value));
        assert_eq!(page.status, 422);
        page.says(said).says("aria-invalid=\"true\"");
    }
    browser
        .submit(&form, &typed("<Engineering>", "eng"))
        .says("it pushes 1 group.");
    wait_until(&browser, &tab, "just now");
    group(&browser, "Eng East");
    let page = browser.open(&tab);
    page.says("Group name starts with")
        .says("2 groups")
        .says("By rule: <bdi>&#60;Engineering&#62;</bdi>");
    let at = format!("{tab}/rules/");
    let rule = page
        .links(&at)
        .into_iter()
        .find_map(|link| link.strip_suffix("/edit").map(str::to_owned))
        .unwrap();
    browser.submit(&format!("{rule}/deactivate"), &[]);
    group(&browser, "Eng North");
    browser
        .open(&tab)
        .says("2 groups")
        .says_not("<bdi>Eng North");
    browser.open(&format!("{rule}/edit")).says("value=\"eng\"");
    browser.submit(&format!("{rule}/edit"), &typed("North", "Eng No"));
    browser.submit(&format!("{rule}/activate"), &[]);
    browser.open(&tab).says("3 groups").says("<bdi>Eng North");
    browser
        .open(&format!("{rule}/delete"))
        .says("Delete them in the target app");
    browser.submit(&format!("{rule}/delete"), &[("mappings", "remove")]);
    browser
        .open(&tab)
        .says("No group is pushed")
        .says_not("By rule");
}

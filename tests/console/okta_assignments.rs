//! `/okta/applications/{app}/assignments/...`: values of assignments, priorities, and everybody who waits.

use crate::browser::{Appliance, Browser, KEY};
use crate::okta::{app, connect, group, id, org, person, wait_until};

/// *Do not map* of an attribute, so that its value is typed.
fn unmap(browser: &Browser, app: &str, attribute: &str) {
    let form = format!("{app}/provisioning/mappings/{attribute}");
    browser
        .submit(&form, &[("expression", ""), ("apply", "none")])
        .says("is saved.");
}

/// 2.10: initial provisioning of people who were assigned before is one press.
#[test]
fn everybody_who_waits_is_provisioned_by_one_button() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let postman = app(&browser, "postman", "Postman");
    let here = format!("{postman}/assignments");
    for name in ["Ann", "Cem"] {
        let login = format!("{}@contoso.example", name.to_lowercase());
        let somebody = person(&browser, name, "Doe", &login);
        browser.submit(&format!("{here}/people"), &[("id", id(&somebody))]);
    }
    browser
        .open(&here)
        .says("Ann Doe")
        .says_not("Provision Users");
    let early = browser.post(&format!("{here}/provision"), &[]);
    browser.open(&early.location).says("is not enabled.");
    connect(&appliance, &browser, &postman, KEY);
    browser
        .open(&here)
        .says("Provision Users")
        .says("Not provisioned");
    browser
        .submit(&format!("{here}/provision"), &[])
        .says("Everybody who waits is provisioned to Postman.");
    for _ in 0..300 {
        let page = browser.open(&here);
        if page.body.matches(">Provisioned<").count() == 2 {
            page.says_not("Provision User");
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!("not everybody was provisioned")
}

/// 2.5: "mapping + values typed by the admin"; 2.2: what a mapping keeps up to date is not among them.
#[test]
fn values_of_a_person_are_typed() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let made = app(&browser, "scim2headerauth", "Test App");
    unmap(&browser, &made, "nickName");
    let token = format!("Bearer {KEY}");
    connect(&appliance, &browser, &made, &token);
    let here = format!("{made}/assignments");
    let form = format!("{here}/people/{}", id(&ann));
    let typed = [
        ("userName", "annie@contoso.example"),
        ("profile.title", "Boss"),
    ];
    browser
        .open(&form)
        .says("Assign Ann Doe")
        .says("What is left empty is given by the mappings.")
        .says("name=\"profile.title\"");
    browser
        .submit(&form, &typed)
        .says("Ann Doe is assigned to Test App in person.")
        .says("annie@contoso.example");
    wait_until(&browser, &here, ">Provisioned<");
    let page = browser.open(&form);
    page.says("Kept up to date by mappings")
        .says("value=\"annie@contoso.example\"")
        .says("name=\"profile.nickName\"")
        .says_not("name=\"profile.title\"");
    let revision = page.hidden("revision");
    let fields = |nick| {
        [
            ("revision", revision.as_str()),
            ("userName", "annie@contoso.example"),
            ("profile.nickName", nick),
        ]
    };
    let blank = browser.post(&form, &[("userName", " ")]);
    assert_eq!(blank.status, 422);
    blank.says("cannot be left blank");
    browser
        .submit(&form, &fields("Annie"))
        .says("The assignment of Ann Doe is saved.");
    browser.open(&form).says("value=\"Annie\"");
    let stale = browser.post(&form, &fields("Nan"));
    assert_eq!(stale.status, 422);
    stale
        .says("was changed by somebody else meanwhile")
        .says("value=\"Nan\"");
    let kind = "application.provision.user.push_profile";
    wait_until(
        &browser,
        &format!("/okta/system-log?event={kind}&result=SUCCESS"),
        "<bdi>Ann Doe</bdi>, <bdi>Test App</bdi></td>",
    );
    assert_eq!(browser.get(&format!("{here}/people/nobody")).status, 404);
}

/// 2.5: values of a group, its priority, and what is typed for one person, which counts more.
#[test]
fn values_and_priority_of_a_group_are_typed_and_a_person_overrides_them() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let cem = person(&browser, "Cem", "Kaya", "cem@contoso.example");
    let made = app(&browser, "aiw", "Wizard");
    unmap(&browser, &made, "nickName");
    let here = format!("{made}/assignments");
    let teams = ["Builders", "Painters"].map(|name| {
        let team = group(&browser, name);
        browser.submit(&format!("{team}/people"), &[("id", id(&cem))]);
        browser
            .submit(&format!("{here}/groups"), &[("id", id(&team))])
            .says("is assigned to Wizard.");
        format!("{here}/groups/{}", id(&team))
    });
    let groups = format!("{here}?view=groups");
    browser.open(&groups).says("Priority 0").says("Priority 1");
    let own = format!("{here}/people/{}", id(&cem));
    let values = |priority, nick| [("priority", priority), ("profile.nickName", nick)];
    for (team, fields) in teams
        .iter()
        .zip([values("1", "Builder"), values("2", "Painter")])
    {
        browser
            .open(team)
            .says("0 is the highest.")
            .says("name=\"profile.nickName\"");
        browser
            .submit(team, &fields)
            .says("is saved.")
            .says(&format!("Priority {}", fields[0].1));
    }
    wait_until(&browser, &own, "value=\"Builder\"").says("is assigned through a group.");
    let wrong = browser.post(&teams[1], &values("first", "Painter"));
    assert_eq!(wrong.status, 422);
    wrong
        .says("Enter a whole number; 0 is the highest.")
        .says("value=\"first\"");
    browser.submit(&teams[1], &values("0", "Painter"));
    wait_until(&browser, &own, "value=\"Painter\"");

    let fields = [
        ("userName", "cem@contoso.example"),
        ("profile.nickName", "Cemo"),
    ];
    browser
        .submit(&own, &fields)
        .says("Cem Kaya is assigned to Wizard in person.")
        .says("Individual");
    browser.submit(&teams[1], &values("0", "Polisher"));
    wait_until(&browser, &groups, "Priority 0");
    browser.open(&own).says("value=\"Cemo\"");
    browser
        .submit(&format!("{own}/remove"), &[])
        .says("is no longer assigned in person.")
        .says("Group");
    wait_until(&browser, &own, "value=\"Polisher\"");
    let nobody = format!("{here}/groups/00gAAAAAAAAAAAAAAAAA");
    assert_eq!(browser.get(&nobody).status, 404);
}

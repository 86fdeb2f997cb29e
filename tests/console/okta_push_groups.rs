//! `/okta/applications/{app}/push-groups/bulk`: several pushed groups at once.

use crate::browser::{Appliance, Browser, KEY, Page};
use crate::okta::{app, connect, group, id, org, person, wait_until};

const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

/// An app that pushes these groups, with Ann in each; the address of its *Push Groups*. The groups are at the team.
fn pushing(appliance: &Appliance, browser: &Browser, names: &[&str]) -> String {
    org(browser, "Contoso", "contoso");
    let ann = person(browser, "Ann", "Doe", "ann@contoso.example");
    let aiw = app(browser, "aiw", "Wizard");
    connect(appliance, browser, &aiw, KEY);
    let tab = format!("{aiw}/push-groups");
    for name in names {
        let made = group(browser, name);
        browser.submit(&format!("{made}/people"), &[("id", id(&ann))]);
        let fields = [
            ("group", id(&made)),
            ("targetGroupId", "create"),
            ("targetGroupName", name),
        ];
        browser.submit(&format!("{tab}/new"), &fields);
    }
    for _ in 0..300 {
        if browser.open(&tab).body.matches(" ago</time>").count()
            + browser.open(&tab).body.matches("just now</time>").count()
            == names.len()
        {
            return tab;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!("not every group was pushed: {}", browser.open(&tab).body)
}

/// The boxes of a page: the id of each, and whether it is ticked.
fn boxes(page: &Page) -> Vec<(String, bool)> {
    let found = page.body.split("name=\"mapping\" value=\"").skip(1);
    found
        .map(|rest| {
            let (id, rest) = rest.split_once('"').unwrap();
            let tag = rest.split('>').next().unwrap();
            (id.to_owned(), tag.ends_with(" checked"))
        })
        .collect()
}

/// What the form of the list asks for.
fn asking(tab: &str, action: &str, ticked: &[(String, bool)]) -> String {
    let ids = ticked.iter().map(|(id, _)| format!("&mapping={id}"));
    format!("{tab}/bulk?action={action}{}", ids.collect::<String>())
}

/// The names of the groups of the team.
fn groups_say(browser: &Browser, name: &str) -> bool {
    browser.open("/team/groups").body.contains(name)
}

fn wait_for_deletion(browser: &Browser, name: &str) {
    for _ in 0..300 {
        if !groups_say(browser, name) {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!("{name} was not deleted in the team")
}

/// C9327, C9328, C9329, C9331: with the team of the appliance at the other end.
#[test]
fn several_pushed_groups_are_changed_at_once() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let tab = pushing(&appliance, &browser, &[EVIL, "Builders", "Gardeners"]);
    let page = browser.open(&tab);
    page.says("Bulk Edit")
        .says("Deactivate group push")
        .says_not(EVIL);
    let all = boxes(&page);
    assert_eq!(
        all.iter().map(|(_, on)| *on).collect::<Vec<_>>(),
        [false; 3]
    );
    // Every group of the page, without script.
    let link = page.links(&format!("{tab}?")).remove(0);
    let page = browser.open(&link.replace("&#38;", "&"));
    page.says("Select none");
    assert!(boxes(&page).iter().all(|(_, on)| *on), "{}", page.body);

    let two = asking(&tab, "deactivate", &all[..2]);
    browser
        .open(&two)
        .says("Deactivate the push of 2 groups?")
        .says(EVIL_SHOWN)
        .says("2 groups are no longer pushed.")
        .says("waits until the push is activated")
        .says_not("Gardeners")
        .says_not(EVIL);
    browser
        .submit(&two, &[])
        .says("2 groups are no longer pushed.");
    assert_eq!(
        browser.open(&tab).body.matches("Inactive</span>").count(),
        2
    );
    let three = asking(&tab, "deactivate", &all);
    browser
        .open(&three)
        .says("Deactivate the push of 1 group?")
        .says("2 groups are inactive already.");
    browser
        .submit(&asking(&tab, "activate", &all), &[])
        .says("2 groups are pushed from now on.");
    browser.open(&tab).says_not("Inactive</span>");

    let delete = asking(&tab, "delete", &all[..2]);
    browser
        .open(&delete)
        .says("Unlink 2 groups?")
        .says("What was pushed is deleted in the target app.");
    browser.submit(&delete, &[]).says("2 groups are unlinked.");
    wait_for_deletion(&browser, EVIL_SHOWN);
    wait_for_deletion(&browser, "Builders");
    // What somebody did meanwhile is no reason to do less.
    let leave = asking(&tab, "leave", &all);
    browser
        .open(&leave)
        .says("Unlink 1 group?")
        .says("What was pushed stays in the target app");
    browser
        .submit(&leave, &[])
        .says("1 group is unlinked.")
        .says("No group is pushed")
        .says_not("Bulk Edit");
    let again = browser.submit(&leave, &[]);
    again.says("None of these groups was to be changed any more.");
    assert!(groups_say(&browser, "Gardeners"), "it was left in the team");
    wait_until(&browser, "/okta/system-log", "group_push.delete_appgroup");
}

/// Nothing ticked, an action nobody knows, ids of elsewhere.
#[test]
fn what_cannot_be_done_to_a_set_is_said() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let tab = pushing(&appliance, &browser, &["Builders"]);
    let all = boxes(&browser.open(&tab));
    for (address, status, said) in [
        (asking(&tab, "delete", &[]), 409, "select at least one"),
        (
            asking(&tab, "activate", &all),
            409,
            "None of the selected groups would change",
        ),
        (asking(&tab, "shred", &all), 404, "Page not found"),
        (
            format!("{tab}/bulk?action=leave&mapping=17"),
            404,
            "Page not found",
        ),
        (format!("{tab}/bulk"), 404, "Page not found"),
    ] {
        let page = browser.get(&address);
        assert_eq!(page.status, status, "{address}");
        page.says(said);
    }
    let answer = browser.post(&asking(&tab, "shred", &all), &[]);
    assert_eq!(answer.status, 404);
    // Without API integration, groups can still be unlinked.
    let integration = tab.replace("push-groups", "provisioning/integration");
    browser.submit(
        &integration,
        &[("mode", "header"), ("uniqueField", "userName")],
    );
    browser
        .open(&tab)
        .says("Provisioning is not enabled")
        .says("Unlink: Leave the group in the target app")
        .says_not("Deactivate group push");
    let activate = asking(&tab, "deactivate", &all);
    browser.submit(&activate, &[]);
    let activate = asking(&tab, "activate", &all);
    browser.submit(&activate, &[]).says("is not enabled");
}

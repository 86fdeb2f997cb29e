//! `/okta/applications/...`: apps are configured, people and groups assigned and pushed, and what fails is retried.

use crate::browser::{Appliance, KEY};
use crate::okta::{app, connect, group, id, open_the_other_org, org, person, wait_until};

const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

/// Seed 002, the Okta half, and part 6: from *Configure API Integration* to the member of the team and back.
#[test]
#[expect(clippy::too_many_lines, reason = "one walk from first to last")]
fn the_postman_app_is_configured_and_provisions() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    browser
        .open("/okta/catalog")
        .says("Postman")
        .says("SCIM 2.0 Test App (Header Auth)")
        .says("App Integration Wizard (SCIM)");
    let postman = app(&browser, "postman", "Postman");
    let general = browser.open(&postman);
    general
        .says("Push Groups is not there")
        .says_not("/push-groups\"");
    let tab = format!("{postman}/provisioning");
    browser
        .open(&tab)
        .says("Provisioning is not enabled")
        .says("Configure API Integration");
    let form = format!("{tab}/integration");
    let test = format!("{form}/test");
    browser
        .open(&form)
        .says("Enable API integration")
        .says("API Token")
        .says("Test API Credentials")
        .says_not("Import Groups");

    let url = format!("{}/scim/v2", appliance.url);
    let typed = |token| {
        [
            ("enabled", "yes"),
            ("baseUrl", url.as_str()),
            ("token", token),
        ]
    };
    let failed = browser.post(&test, &typed("a-wrong-key"));
    assert_eq!(failed.status, 200);
    failed
        .says("Error authenticating: Unauthorized. Errors reported by remote server:")
        .says("Confirm that SCIM is enabled")
        .says("GET")
        .says("startIndex=1&#38;count=2")
        .says_not("a-wrong-key");
    let refused = browser.post(&form, &typed("a-wrong-key"));
    assert_eq!(refused.status, 422);
    refused.says("Error authenticating: Unauthorized.");
    browser.open(&tab).says("Provisioning is not enabled");
    for (name, value, said) in [
        ("baseUrl", "", "Enter the base URL."),
        (
            "baseUrl",
            "http://h.test/scim",
            "It must begin with https://",
        ),
    ] {
        let mut wrong = typed(KEY).to_vec();
        wrong.retain(|(field, _)| *field != name);
        wrong.push((name, value));
        for address in [&form, &test] {
            let page = browser.post(address, &wrong);
            assert_eq!(page.status, 422, "{address}: {said}");
            page.says(said)
                .says("aria-invalid=\"true\"")
                .says_not("HTTP exchange");
        }
    }
    // A token that was tested need not be typed again.
    let tested = browser.post(&test, &typed(KEY));
    tested
        .says("Postman was verified successfully!")
        .says("The one you just tested is kept")
        .says_not(KEY);
    browser
        .submit(&form, &typed(""))
        .says("API integration is enabled")
        .says("Create Users")
        .says_not(KEY);
    let log = browser.open("/okta/system-log?event=application.configuration.update");
    let event = browser.open(&log.links("/okta/system-log/")[0]);
    event
        .says("Error authenticating: Unauthorized.")
        .says("HTTP exchanges")
        .says("401 Unauthorized")
        .says("eventType")
        .says_not("a-wrong-key");

    let edit = format!("{tab}/to-app");
    let panel = browser.open(&edit);
    panel
        .says("Create Users")
        .says("Update User Attributes")
        .says("Deactivate Users")
        .says("Exclude Username Updates")
        .says("does not support Sync Password");
    let stale = panel.hidden("revision");
    let ticks = |revision: &str| {
        [
            ("revision".to_owned(), revision.to_owned()),
            ("create_users".to_owned(), "yes".to_owned()),
            ("update_attributes".to_owned(), "yes".to_owned()),
            ("deactivate_users".to_owned(), "yes".to_owned()),
        ]
    };
    let sent = ticks(&stale);
    let sent: Vec<_> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser
        .submit(&edit, &sent)
        .says("Provisioning to App is saved.")
        .says("Enabled");
    let late = browser.post(&edit, &sent);
    assert_eq!(late.status, 422);
    late.says("was changed by somebody else meanwhile");

    let here = format!("{postman}/assignments");
    browser
        .submit(&format!("{here}/people?q=ann"), &[("id", id(&ann))])
        .says("Ann Doe is assigned to Postman.")
        .says("Assigned");
    wait_until(&browser, &here, "Provisioned").says("Ann Doe");
    browser.open(&ann).says("Provisioned").says("Postman");
    browser
        .open("/team/members?q=ann")
        .says("ann@contoso.example");
    let pushed =
        browser.open("/okta/system-log?event=application.provision.user.push&result=SUCCESS");
    pushed.says("<bdi>Ann Doe</bdi>, <bdi>Postman</bdi></td>");
    browser
        .open(&pushed.links("/okta/system-log/")[0])
        .says("201 Created")
        .says_not(KEY);
    browser
        .submit(&format!("{here}/people/{}/remove", id(&ann)), &[])
        .says("is no longer assigned in person.");
    let kind = "application.provision.user.deactivate";
    wait_until(
        &browser,
        &format!("/okta/system-log?event={kind}&result=SUCCESS"),
        "Push user deactivation",
    );
}

/// 6, "Pending-invite error": error, task, fix and retry.
#[test]
fn a_failed_job_is_a_task_that_is_retried() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    browser.submit("/team/authentication/profile/preset?preset=postman", &[]);
    let people = b"ann@contoso.example";
    let fields: [(&str, &str, &[u8]); 2] = [("emails", "", people), ("role", "", b"user")];
    let invited = browser.upload("/team/invites/new", &fields);
    assert!(invited.status < 400, "{}", invited.body);
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let postman = app(&browser, "postman", "Postman");
    connect(&appliance, &browser, &postman, KEY);
    let here = format!("{postman}/assignments");
    browser.submit(&format!("{here}/people"), &[("id", id(&ann))]);
    let failed = wait_until(&browser, &here, "Error while creating user Ann Doe");
    failed.says("Provision User").says(">Error<");
    browser.open(&ann).says("Error while creating user Ann Doe");
    let tasks = browser.open("/okta/tasks");
    tasks
        .says("Application account needs provisioning")
        .says("Automatic provisioning of user Ann Doe to app Postman failed:");
    let none = browser.post("/okta/tasks/retry", &[]);
    browser
        .open(&none.location)
        .says("Select at least one task.");
    let (_, rest) = tasks.body.split_once("name=\"task\" value=\"").unwrap();
    let task = rest.split('"').next().unwrap();
    // A page of this org that was left open means no task of another.
    org(&browser, "Fabrikam", "fabrikam");
    for what in ["retry", "dismiss"] {
        let stale = browser.post(&format!("/okta/tasks/{what}"), &[("task", task)]);
        assert_eq!(stale.status, 404, "{what}");
    }
    open_the_other_org(&browser);

    let invites = browser.open("/team/invites?q=ann").links("/team/invites/");
    let mut seqs = invites
        .iter()
        .filter_map(|link| id(link).parse::<u64>().ok());
    let revoke = format!("/team/invites/revoke?invite={}", seqs.next().unwrap());
    browser.submit(&revoke, &[]).says("1 invite revoked.");
    browser
        .submit("/okta/tasks/retry", &[("task", task)])
        .says("1 task tried again.");
    wait_until(&browser, &here, "Provisioned").says_not("Error while creating");
    browser.open("/okta/tasks").says("No tasks");
}

/// 2.1: the wizard's form.
#[test]
fn the_wizards_form_has_its_own_labels() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let aiw = app(&browser, "aiw", EVIL);
    let form = format!("{aiw}/provisioning/integration");
    browser
        .open(&form)
        .says("SCIM connector base URL")
        .says("Unique identifier field for users")
        .says("Basic Auth")
        .says("Import Groups")
        .says("Test Connector Configuration");
    let basic = [
        ("enabled", "yes"),
        ("baseUrl", "http://127.0.0.1:1/"),
        ("mode", "basic"),
    ];
    let refused = browser.post(&form, &basic);
    assert_eq!(refused.status, 422);
    refused.says("Enter the username.");
}

/// 10.3: what Okta fixes for everybody is chosen for an app, as far as it counts for it; R1 among it.
#[test]
fn the_wire_of_an_app_is_chosen() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let wire = |template: &str| {
        let made = app(&browser, template, template);
        format!("{made}/provisioning/wire")
    };
    browser
        .open(&wire("postman"))
        .says("Placeholder password")
        .says("PUT after 501")
        .says("People at once")
        .says_not("Members in one PATCH")
        .says_not("Id in the PUT of a group");
    browser
        .open(&wire("aiw"))
        .says("Id in the PUT of a group")
        .says_not("Members in one PATCH")
        .says_not("PUT after 501");
    let wire = wire("scim2headerauth");
    let page = browser.open(&wire);
    page.says("Name before members")
        .says("Members in one PATCH")
        .says("Default: 100.")
        .says("name=\"placeholderPassword\" value=\"yes\" checked")
        .says_not("name=\"plainHttp\" value=\"yes\" checked");
    let integration = wire.replace("/wire", "/integration");
    let elsewhere = [
        ("baseUrl", "http://target.test/scim/v2"),
        ("token", "secret"),
    ];
    let refused = browser.post(&integration, &elsewhere);
    assert_eq!(refused.status, 422);
    refused.says("where Wire allows plain HTTP");

    let stale = page.hidden("revision");
    let fields = |members| {
        [
            ("revision", stale.as_str()),
            ("plainHttp", "yes"),
            ("membersPerPatch", members),
            ("concurrency", "4"),
        ]
    };
    for members in ["0", "1001", "many", ""] {
        let refused = browser.post(&wire, &fields(members));
        assert_eq!(refused.status, 422, "{members}");
        refused
            .says("Enter a whole number from 1 to 1000.")
            .says("name=\"plainHttp\" value=\"yes\" checked")
            .says(&format!("value=\"{members}\""));
    }
    browser
        .submit(&wire, &fields("50"))
        .says("Wire is saved.")
        .says("name=\"plainHttp\" value=\"yes\" checked")
        .says_not("name=\"placeholderPassword\" value=\"yes\" checked")
        .says("value=\"50\"")
        .says("value=\"4\"");
    let late = browser.post(&wire, &fields("60"));
    assert_eq!(late.status, 422);
    late.says("was changed by somebody else meanwhile");
    browser
        .submit(&integration, &elsewhere)
        .says("API integration is saved, and not enabled.");
    let back = browser.post(&wire, &[("membersPerPatch", "50"), ("concurrency", "4")]);
    assert_eq!(back.status, 422);
    back.says("The base URL of this app is plain HTTP");
}

/// 1.11.6: find by name, create or link, push now, deactivate, unlink.
#[test]
fn a_group_is_pushed_by_an_app_that_can() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let team = group(&browser, EVIL);
    browser.submit(&format!("{team}/people"), &[("id", id(&ann))]);
    let aiw = app(&browser, "aiw", EVIL);
    let tab = format!("{aiw}/push-groups");
    browser
        .open(&tab)
        .says("Provisioning is not enabled")
        .says("No group is pushed");
    connect(&appliance, &browser, &aiw, KEY);
    browser
        .submit(&format!("{aiw}/assignments/groups"), &[("id", id(&team))])
        .says("is assigned to");
    wait_until(&browser, &format!("{aiw}/assignments"), "Provisioned").says("Group");
    browser
        .open(&format!("{aiw}/assignments?view=groups"))
        .says(EVIL_SHOWN)
        .says("Priority 0")
        .says_not(EVIL);

    let find = browser.open(&format!("{tab}/find?q=%3Cscript"));
    find.says(EVIL_SHOWN).says_not(EVIL);
    let new = find.links(&format!("{tab}/new?group=")).remove(0);
    browser
        .open(&new)
        .says("Create Group")
        .says("Push group memberships immediately");
    let fields = [
        ("group", id(&team)),
        ("targetGroupId", "create"),
        ("targetGroupName", ""),
    ];
    let blank = browser.post(&format!("{tab}/new"), &fields);
    assert_eq!(blank.status, 422);
    blank.says("cannot be left blank");
    let fields = [
        ("group", id(&team)),
        ("targetGroupId", "create"),
        ("targetGroupName", "Builders"),
    ];
    browser
        .submit(&format!("{tab}/new"), &fields)
        .says("is pushed.")
        .says_not(EVIL);
    wait_until(&browser, &tab, " ago</time>");
    browser.open("/team/groups?q=Builders").says("Builders");
    let row = browser.open(&tab).links(&format!("{tab}/"));
    let to = |name: &str| {
        row.iter()
            .find(|link| link.ends_with(name))
            .unwrap()
            .clone()
    };
    browser.submit(&to("/push"), &[]).says("is pushed now.");
    browser
        .submit(&to("/deactivate"), &[])
        .says("is no longer pushed.")
        .says("Inactive");
    let row = browser.open(&tab).links(&format!("{tab}/"));
    let activate = row.iter().find(|link| link.ends_with("/activate")).unwrap();
    browser.submit(activate, &[]).says("is pushed from now on.");
    browser
        .submit(&format!("{tab}/rename"), &[])
        .says("App groups keep their names.");
    let unlink = to("/unlink");
    browser
        .open(&unlink)
        .says("Delete the group in the target app");
    browser
        .submit(&unlink, &[("target", "delete")])
        .says("is unlinked.")
        .says("No group is pushed");
    for _ in 0..300 {
        if !browser
            .open("/team/groups?q=Builders")
            .body
            .contains(">Builders<")
        {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!("the group was not deleted in the team")
}

/// 2.7: mappings with their preview, and the username.
#[test]
fn mappings_are_previewed_edited_and_refused_with_their_place() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    person(&browser, "Ann", "Doe", "ann@contoso.example");
    let postman = app(&browser, "postman", "Postman");
    let tab = format!("{postman}/provisioning");
    browser
        .open(&format!("{tab}?person=nobody"))
        .says("Nobody in this org has this username.");
    browser
        .open(&format!("{tab}?person=ann@contoso.example"))
        .says("Preview")
        .says("<bdi>work</bdi>")
        .says("<bdi>Ann</bdi>");
    let given = format!("{tab}/mappings/givenName");
    browser
        .open(&given)
        .says("user.firstName")
        .says("Apply mapping on user create only");
    for (expression, said) in [
        ("user.", "line 1, column 6"),
        ("user.shoeSize", "Invalid property shoeSize"),
    ] {
        let refused = browser.post(&given, &[("expression", expression), ("apply", "update")]);
        assert_eq!(refused.status, 422, "{expression}");
        refused
            .says(said)
            .says("aria-invalid=\"true\"")
            .says(expression);
    }
    let fields = [
        ("expression", "String.toUpperCase(user.firstName)"),
        ("apply", "create"),
    ];
    browser
        .submit(&given, &fields)
        .says("The mapping of givenName is saved.")
        .says("String.toUpperCase(user.firstName)");
    browser
        .open(&format!("{tab}?person=ann@contoso.example"))
        .says("<bdi>ANN</bdi>");
    browser
        .submit(&given, &[("expression", ""), ("apply", "none")])
        .says("Not mapped");
    assert_eq!(browser.get(&format!("{tab}/mappings/nothing")).status, 404);

    let sign_on = format!("{postman}/sign-on");
    browser
        .open(&sign_on)
        .says("Application username format")
        .says("Okta username prefix");
    let refused = browser.post(&sign_on, &[("format", "custom"), ("template", "${source.")]);
    assert_eq!(refused.status, 422);
    refused.says("aria-invalid=\"true\"").says("${source.");
    browser
        .submit(&sign_on, &[("format", "1"), ("push", "create")])
        .says("The application username format is saved.");
    browser
        .open(&format!("{tab}?person=ann@contoso.example"))
        .says("<bdi>ann</bdi>");
}

#[test]
fn an_app_is_renamed_taken_out_of_use_and_deleted() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let refused = browser.post("/okta/catalog", &[("template", "aiw"), ("label", " ")]);
    assert_eq!(refused.status, 422);
    refused.says("cannot be left blank");
    assert_eq!(browser.get("/okta/catalog?template=nothing").status, 404);
    let made = app(&browser, "scim2headerauth", "Test App");
    browser
        .submit(&format!("{made}/rename"), &[("label", EVIL)])
        .says("The application is called")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    let click = |name: &str| browser.submit(&format!("{made}/status/{name}"), &[]);
    click("deactivate")
        .says("Inactive")
        .says(&format!("{made}/delete"));
    click("activate")
        .says(">Active<")
        .says_not(&format!("{made}/delete"));
    click("deactivate");
    browser
        .submit(&format!("{made}/delete"), &[("name", EVIL)])
        .says("is deleted.");
    assert_eq!(browser.get(&made).status, 404);
    assert_eq!(
        browser.post(&format!("{made}/status/explode"), &[]).status,
        404
    );
}

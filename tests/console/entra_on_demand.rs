//! `/entra/applications/{application}/provisioning/on-demand` and `/drift`.

use crate::browser::{Appliance, Browser, KEY, Page};
use crate::entra::application;

/// The application of the sample directory, connected to the bundled provider and not started.
pub(crate) fn connected(appliance: &Appliance, browser: &Browser) -> String {
    let app = application(browser);
    let url = format!("{}/scim/v2", appliance.url);
    let fields = [("tenant_url", url.as_str()), ("secret_token", KEY)];
    browser.submit(&format!("{app}/provisioning/credentials"), &fields);
    app
}

/// Object id of the newest user that is offered by this name.
fn offered(browser: &Browser, app: &str, name: &str) -> String {
    let here = format!("{app}/provisioning/on-demand");
    let page = browser.open(&format!("{here}?q={name}"));
    let links = page.links(&format!("{here}?object="));
    links[0].rsplit('=').next().unwrap().to_owned()
}

fn new_user(browser: &Browser, name: &str, principal: &str) -> String {
    let fields = [
        ("displayName", name),
        ("userPrincipalName", principal),
        ("mail", principal),
    ];
    let answer = browser.post("/entra/users/new", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

fn assign(browser: &Browser, app: &str, id: &str) {
    browser.submit(&format!("{app}/users-and-groups/assign"), &[("id", id)]);
}

fn provision(browser: &Browser, app: &str, fields: &[(&str, &str)]) -> Page {
    browser.post(&format!("{app}/provisioning/on-demand"), fields)
}

const EVIL: &str = "<script>alert(1)</script>";

#[test]
fn a_person_is_tried_out_provisioned_and_found_in_the_log() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = connected(&appliance, &browser);
    let user = new_user(&browser, EVIL, "hedwig@contoso.example");
    let id = user.rsplit('/').next().unwrap();
    assert_eq!(offered(&browser, &app, "hedwig"), id);
    browser
        .open(&format!("{app}/provisioning/on-demand?object={id}"))
        .says("hedwig@contoso.example")
        .says("Dry run")
        .says_not("<script>");

    provision(&browser, &app, &[("object", id)])
        .says("Skipped")
        .says("not effectively entitled")
        .says("Assigned to application")
        .says("Scope sync all")
        .says("User has required role")
        .says("Active in source system")
        .says("3. Determine if user is in scope")
        .says_not("1. Test connection");
    assign(&browser, &app, id);
    browser
        .open(&user)
        .says("Provision this person again")
        .says(&format!("{app}/provisioning/on-demand?object={id}"));

    let dry = provision(&browser, &app, &[("object", id), ("dry_run", "yes")]);
    assert_eq!(dry.status, 200);
    dry.says("This would be sent.")
        .says("Not sent")
        .says("2. Import user")
        .says("4. Match user between source and target")
        .says("5. Perform action")
        .says("Modified Properties")
        .says_not("View in the provisioning logs")
        .says_not("<script>")
        .says_not(KEY);
    let team = || {
        appliance.scim(
            KEY,
            "GET",
            "/Users?filter=userName+eq+%22hedwig@contoso.example%22",
            "",
        )
    };
    assert!(team().1.contains("\"totalResults\":0"));

    let done = provision(&browser, &app, &[("object", id)]);
    done.says("Success")
        .says("It was created in the application.")
        .says("201 Created")
        .says("Retry")
        .says("Provision another object");
    assert!(team().1.contains("\"totalResults\":1"));
    let entry = done.links(&format!("{app}/provisioning-logs/")).remove(0);
    browser
        .open(&entry)
        .says("EntryImport")
        .says("EntrySynchronizationAdd")
        .says("EntryExportAdd")
        .says("asked for it with Provision on demand")
        .says("Provision this person again")
        .says_not("<script>");

    provision(&browser, &app, &[("object", id)])
        .says("Skipped")
        .says("The state of the user in both the source and target systems already match.");
    // Five in ten seconds; a slow machine needs some more for that.
    let refused = (0..40).find_map(|_| {
        let page = provision(&browser, &app, &[("object", id), ("dry_run", "yes")]);
        (page.status == 429).then_some(page)
    });
    let many = refused.unwrap();
    many.says("On-demand provisioning takes 5 requests in 10 seconds.");
}

#[test]
fn a_group_is_provisioned_with_at_most_five_chosen_members() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = connected(&appliance, &browser);
    let groups = browser.open("/entra/groups").links("/entra/groups/");
    let large = groups.iter().find_map(|group| {
        let id = group.rsplit('/').next()?.to_owned();
        let page = browser.get(&format!("{app}/provisioning/on-demand?object={id}"));
        let boxes = page.body.split("name=\"member\" value=\"").skip(1);
        let ids: Vec<String> = boxes
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        (ids.len() > 5).then_some((id, ids, page))
    });
    let (id, ids, page) = large.unwrap();
    page.says("Members to provision with the group, at most 5");
    browser.post(&format!("{app}/users-and-groups/assign"), &[("id", &id)]);
    let with = |members: &[String]| {
        let mut fields = vec![("object", id.as_str())];
        fields.extend(members.iter().map(|member| ("member", member.as_str())));
        provision(&browser, &app, &fields)
    };
    let refused = with(&ids[..6]);
    assert_eq!(refused.status, 422);
    refused.says("Choose at most 5 members at a time.");
    assert_eq!(refused.body.matches(" checked").count(), 6);
    with(&ids[..2])
        .says("Warning")
        .says("We were unable to assign")
        .says("2. Import group");
    let stranger = new_user(&browser, "Stranger", "stranger@contoso.example");
    let stranger = stranger.rsplit('/').next().unwrap().to_owned();
    let refused = with(&[stranger]);
    assert_eq!(refused.status, 422);
    refused.says("is not in the group");
}

#[test]
fn who_is_disabled_is_not_offered_and_has_a_sentence() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = connected(&appliance, &browser);
    let user = new_user(&browser, "Hedwig", "hedwig@contoso.example");
    let id = user.rsplit('/').next().unwrap();
    assign(&browser, &app, id);
    browser.submit(&format!("{user}/disable"), &[]);
    browser
        .open(&format!("{app}/provisioning/on-demand?q=hedwig"))
        .says("Nothing matches");
    provision(&browser, &app, &[("object", id)])
        .says("Skipped")
        .says("On-demand provisioning does not support users that are disabled");
    let nobody = provision(
        &browser,
        &app,
        &[("object", "00000000-0000-4000-8000-000000000000")],
    );
    assert_eq!(nobody.status, 404);
}

#[test]
fn a_connection_that_fails_is_step_one() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let url = format!("{}/scim/v2", appliance.url);
    let fields = [
        ("tenant_url", url.as_str()),
        ("secret_token", "no-such-key"),
    ];
    browser.post(&format!("{app}/provisioning/credentials"), &fields);
    let id = offered(&browser, &app, "");
    provision(&browser, &app, &[("object", &id)])
        .says("Failure")
        .says("1. Test connection")
        .says_not("2. Import")
        .says_not("no-such-key");
}

#[test]
fn the_drift_report_says_who_changed_and_who_is_unknown() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = connected(&appliance, &browser);
    let user = new_user(&browser, EVIL, "hedwig@contoso.example");
    let id = user.rsplit('/').next().unwrap();
    assign(&browser, &app, id);
    provision(&browser, &app, &[("object", id)]).says("Success");
    let here = format!("{app}/provisioning/drift");
    browser
        .open(&here)
        .says("Microsoft Entra does not do this")
        .says("No report yet");
    let report = || {
        browser.submit(&here, &[]);
        for _ in 0..600 {
            if !browser
                .open(&format!("{here}/live"))
                .body
                .contains("data-poll-url")
            {
                return browser.open(&here);
            }
            std::thread::park_timeout(std::time::Duration::from_millis(50));
        }
        panic!("the report did not end within half a minute")
    };
    report()
        .says("Linked objects compared")
        .says("Not managed by this job");
    let found = appliance.scim(
        KEY,
        "GET",
        "/Users?filter=userName+eq+%22hedwig@contoso.example%22",
        "",
    );
    let in_team = found
        .1
        .split("\"id\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}"#;
    appliance.scim(KEY, "PATCH", &format!("/Users/{in_team}"), body);
    report()
        .says("Drifted")
        .says("Enabled or disabled by hand")
        .says(&format!("{app}/provisioning/on-demand?object={id}"))
        .says_not("<script>")
        .says_not(KEY);
}

/// Flags of the tenant URL are no part of what requests begin with.
#[test]
fn exchanges_are_shown_below_a_tenant_url_with_a_flag_too() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = connected(&appliance, &browser);
    let url = format!("{}/scim/v2?aadOptscim062020", appliance.url);
    let fields = [("tenant_url", url.as_str()), ("secret_token", KEY)];
    browser.submit(&format!("{app}/provisioning/credentials"), &fields);
    let user = new_user(&browser, "Hedy", "hedy@contoso.example");
    let id = user.rsplit('/').next().unwrap();
    assign(&browser, &app, id);
    let page = provision(&browser, &app, &[("object", id)]);
    let entry = page
        .links(&format!("{app}/provisioning-logs/"))
        .pop()
        .unwrap();
    for page in [page, browser.open(&entry)] {
        page.says("<span class=\"method\">POST</span> /Users<")
            .says_not("<span class=\"method\">POST</span> http");
    }
}

//! `/entra/...`: users, groups, applications, provisioning and its logs.

use crate::browser::{Appliance, Browser, KEY, Page};

const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

pub(crate) fn application(browser: &Browser) -> String {
    browser
        .open("/entra/applications")
        .links("/entra/applications/")
        .remove(0)
}

fn create(browser: &Browser, name: &str, principal: &str) -> String {
    let fields = [("displayName", name), ("userPrincipalName", principal)];
    let answer = browser.post("/entra/users/new", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

#[test]
fn a_user_is_created_edited_disabled_deleted_restored_and_purged() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let page = browser.post(
        "/entra/users/new",
        &[("displayName", EVIL), ("userPrincipalName", "no at sign")],
    );
    assert_eq!(page.status, 422);
    page.says("userPrincipalName must contain @")
        .says(EVIL_SHOWN)
        .says("value=\"no at sign\"");
    let address = create(&browser, "Grace Hopper", "grace@contoso.example");
    browser
        .open(&address)
        .says("Grace Hopper is created.")
        .says("Enabled");
    let taken = browser.post(
        "/entra/users/new",
        &[
            ("displayName", "G"),
            ("userPrincipalName", "GRACE@contoso.example"),
        ],
    );
    assert_eq!(taken.status, 422);
    taken.says("Another user (Grace Hopper) has the user principal name");

    let edit = format!("{address}/edit");
    browser.open(&edit).says("value=\"grace@contoso.example\"");
    let fields = |manager| {
        [
            ("displayName", "Grace B. Hopper"),
            ("userPrincipalName", "grace@contoso.example"),
            ("department", "Navy"),
            ("manager", manager),
        ]
    };
    let page = browser.post(&edit, &fields("nobody@contoso.example"));
    assert_eq!(page.status, 422);
    page.says("Nobody here has this user principal name.")
        .says("value=\"Navy\"");
    browser.open(&address).says_not("Navy");
    browser
        .submit(&edit, &fields("grace@contoso.example"))
        .says("Grace B. Hopper is saved.")
        .says("Navy");

    let act = |what: &str| browser.submit(&format!("{address}/{what}"), &[]);
    act("disable")
        .says("is disabled.")
        .says(&format!("{address}/enable"));
    act("enable").says("is enabled.");
    let early = browser.post(
        &format!("{address}/delete-permanently"),
        &[("name", "grace@contoso.example")],
    );
    browser
        .open(&early.location)
        .says_not("is deleted permanently");
    act("delete")
        .says("is in the recycle bin.")
        .says("It can be restored for 30 more days.");
    browser
        .open("/entra/users?q=hopper")
        .says("Nothing matches");
    browser
        .open("/entra/users?q=hopper&state=deleted")
        .says("Grace B. Hopper");
    let late = browser.post(&edit, &fields(""));
    assert_eq!(late.status, 422);
    late.says("is in the recycle bin; restore it first");
}

#[test]
fn deleting_for_good_asks_for_the_name() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let address = create(&browser, EVIL, "grace@contoso.example");
    browser.submit(&format!("{address}/delete"), &[]);
    browser
        .submit(&format!("{address}/restore"), &[])
        .says("is restored.");
    browser.submit(&format!("{address}/delete"), &[]);
    let purge = format!("{address}/delete-permanently");
    browser
        .open(&purge)
        .says("This cannot be undone.")
        .says(EVIL_SHOWN)
        .says_not("<script>");
    let page = browser.post(&purge, &[("name", "grace")]);
    assert_eq!(page.status, 422);
    page.says("That is not the name.");
    browser
        .submit(&purge, &[("name", "grace@contoso.example")])
        .says("is deleted permanently.");
    assert_eq!(browser.get(&address).status, 404);
}

#[test]
fn members_and_assignments_come_and_go() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let user = create(&browser, EVIL, "grace@contoso.example");
    let id = user.rsplit('/').next().unwrap();
    let group = browser
        .open("/entra/groups")
        .links("/entra/groups/")
        .remove(0);
    let pick = browser.open(&format!("{group}/members/add?q=grace"));
    pick.says(EVIL_SHOWN).says_not("<script>").says(id);
    browser
        .submit(&format!("{group}/members?q=grace"), &[("id", id)])
        .says("is a member of")
        .says("Already a member");
    browser.open(&group).says(EVIL_SHOWN).says_not("<script>");
    browser.open(&user).says(&group);
    browser
        .submit(&format!("{group}/members/{id}/remove"), &[])
        .says("is no longer a member");

    let app = application(&browser);
    let here = format!("{app}/users-and-groups");
    browser
        .open(&format!("{here}/add?q=grace"))
        .says(EVIL_SHOWN)
        .says_not("<script>");
    browser
        .submit(&format!("{here}/assign?q=grace"), &[("id", id)])
        .says("is assigned.")
        .says("Already assigned");
    browser
        .open(&format!("{here}?q=script"))
        .says(EVIL_SHOWN)
        .says_not("<script>");
    browser.open(&user).says("Directly");
    browser
        .submit(&format!("{here}/{id}/remove"), &[])
        .says("is no longer assigned.");
    for path in [
        "/entra/users?q=grace",
        "/entra/users",
        "/entra/groups",
        "/entra/applications",
        &app,
    ] {
        browser.open(path).says_not("<script>");
    }
}

/// Asks for the live fragment until nothing runs any more.
pub(crate) fn wait_for_the_cycle(browser: &Browser, app: &str) -> Page {
    for _ in 0..600 {
        let page = browser.open(&format!("{app}/provisioning/live"));
        if !page.body.contains("data-poll-url") {
            return page;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!("the cycle did not end within a minute")
}

fn read_the_logs(browser: &Browser, app: &str) {
    let logs = format!("{app}/provisioning-logs");
    let list = browser.open(&logs);
    list.says("Create").says("Success");
    let created = browser.open(&format!("{logs}?action=create&status=success"));
    let entry = browser.open(&created.links(&format!("{logs}/"))[0]);
    entry
        .says("Import")
        .says("Scope")
        .says("Provision")
        .says("201 Created")
        .says("HTTP exchanges")
        .says_not(KEY);
    browser
        .open(&format!("{logs}?status=skipped"))
        .says("not effectively entitled");
    browser
        .open(&format!("{logs}?q=nobody-has-this-name"))
        .says("Nothing matches");
    let next = list.links(&format!("{logs}?before="));
    browser.open(&next[0]).says("older entr");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one walk from first to last")]
fn the_loop_is_connected_started_and_read_in_the_console() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let tab = format!("{app}/provisioning");
    let (url, test, save) = (
        format!("{}/scim/v2", appliance.url),
        format!("{tab}/test-connection"),
        format!("{tab}/credentials"),
    );
    browser
        .open(&tab)
        .says("Admin Credentials")
        .says_not("Start provisioning");

    for (address, token, status, said) in [
        ("", KEY, 200, "Please provide a valid tenant URL"),
        (url.as_str(), "", 200, "Enter the Secret Token."),
        (
            url.as_str(),
            "a-wrong-key",
            200,
            "You appear to have entered invalid credentials.",
        ),
        (
            url.as_str(),
            KEY,
            200,
            "The supplied credentials are authorized to enable provisioning.",
        ),
    ] {
        let stranger = appliance.administrator();
        let page = stranger.post(&test, &[("tenant_url", address), ("secret_token", token)]);
        assert_eq!(page.status, status);
        page.says(said);
        if !token.is_empty() {
            page.says_not(&format!("value=\"{token}\""));
        }
    }
    browser.open(&tab).says_not("Start provisioning");
    let wrong = browser.post(&save, &[("tenant_url", "htp:/x"), ("secret_token", KEY)]);
    assert_eq!(wrong.status, 422);
    wrong
        .says("Please provide a valid tenant URL")
        .says("value=\"htp:/x\"")
        .says_not(KEY);

    // A token that was tested need not be typed again.
    let tested = browser.post(&test, &[("tenant_url", &url), ("secret_token", KEY)]);
    tested.says("The one you just tested is kept").says_not(KEY);
    let page = browser.submit(&save, &[("tenant_url", &url), ("secret_token", "")]);
    page.says("The Admin Credentials are saved.")
        .says("Start provisioning")
        .says_not(KEY);

    browser
        .submit(&format!("{tab}/start"), &[])
        .says("Provisioning is started.");
    wait_for_the_cycle(&browser, &app)
        .says("Initial cycle complete")
        .says("Next cycle in ");
    browser
        .open(&tab)
        .says("Stop provisioning")
        .says("Run a cycle now")
        .says("Initial cycle, ");
    browser
        .open("/team/members")
        .says_not("No members yet")
        .says_not("<script>");
    browser.open("/").says("skipped");

    read_the_logs(&browser, &app);
    browser
        .submit(&format!("{tab}/cycle"), &[])
        .says("A cycle starts now.");
    wait_for_the_cycle(&browser, &app).says("Incremental cycle complete");
    browser
        .open(&format!("{tab}/restart"))
        .says("Restart provisioning?");
    browser
        .submit(&format!("{tab}/restart"), &[])
        .says("Provisioning is restarted.");
    wait_for_the_cycle(&browser, &app).says("Initial cycle complete");
    let revision = browser.open(&tab).hidden("revision");
    let fields = [
        ("revision", revision.as_str()),
        ("status", "on"),
        ("scope", "all"),
        ("members_per_patch", "100"),
        ("manager_removal", "remove"),
    ];
    browser
        .submit(&format!("{tab}/settings"), &fields)
        .says("The settings are saved.");
    browser
        .open(&format!("{app}/users-and-groups"))
        .says("assignments do not decide");
    assert_eq!(
        browser
            .post(&format!("{tab}/settings"), &[("scope", "some")])
            .status,
        400
    );
    browser
        .submit(&format!("{tab}/stop"), &[])
        .says("Provisioning is stopped.")
        .says("Start provisioning");
}

#[test]
fn client_credentials_are_tested_saved_and_never_shown() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let tab = format!("{}/provisioning", application(&browser));
    let (test, save) = (
        format!("{tab}/test-connection"),
        format!("{tab}/credentials"),
    );
    browser
        .open(&tab)
        .says("Authentication Method")
        .says("OAuth2 client credentials grant")
        .says("Token Endpoint")
        .says("Client Identifier");
    let url = format!("{}/scim/v2?aadOptscim062020", appliance.url);
    // Nobody gives access tokens there.
    let endpoint = format!("{}/nowhere/token", appliance.url);
    let typed = [
        ("tenant_url", url.as_str()),
        ("method", "client-credentials"),
        ("token_endpoint", &endpoint),
        ("client_id", "agent-7"),
        ("client_secret", "a-hidden-secret"),
        ("location", "Body"),
    ];
    let page = browser.post(&test, &typed);
    assert_eq!(page.status, 200);
    page.says("You appear to have entered invalid credentials.")
        .says("The token endpoint")
        .says("POST")
        .says("client_secret=***")
        .says("value=\"agent-7\"")
        .says("<option value=\"client-credentials\" selected>")
        .says("<option value=\"Body\" selected>")
        .says("The one you just tested is kept")
        .says_not("a-hidden-secret");
    // What was tested need not be typed again.
    let without: Vec<_> = typed
        .iter()
        .copied()
        .filter(|(name, _)| *name != "client_secret")
        .collect();
    browser
        .submit(&save, &without)
        .says("The Admin Credentials are saved.")
        .says("agent-7")
        .says("aadOptscim062020")
        .says("One is stored. Leave this empty to keep it.")
        .says_not("a-hidden-secret");

    for (name, value, said) in [
        (
            "token_endpoint",
            "login",
            "Enter the address of the token endpoint.",
        ),
        ("client_id", "", "Enter the Client Identifier."),
        ("client_id", "a b", "visible ASCII characters only"),
        (
            "tenant_url",
            "http://h/#x",
            "Please provide a valid tenant URL for your application.",
        ),
    ] {
        let wrong: Vec<_> = without
            .iter()
            .map(|(known, before)| (*known, if *known == name { value } else { *before }))
            .collect();
        let page = browser.post(&save, &wrong);
        assert_eq!(page.status, 422, "{said}");
        page.says(said).says("aria-invalid=\"true\"");
    }
    // The other method has a secret of its own.
    let token = [("tenant_url", url.as_str()), ("method", "secret-token")];
    let page = browser.post(&save, &token);
    assert_eq!(page.status, 422);
    page.says("Enter the Secret Token.");
    let page = browser.post(&test, &[token[0], token[1], ("secret_token", KEY)]);
    page.says("The supplied credentials are authorized to enable provisioning.")
        .says("/Users?filter=userName+eq+")
        .says("excludedAttributes=members")
        .says("200 OK")
        .says_not(KEY);
}

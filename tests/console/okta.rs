//! `/okta/...`: an org from nothing to people who are provisioned into the team, and everything that can be done there.

use crate::browser::{Appliance, Browser, KEY, Page};

const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

/// Makes an org that is then shown.
pub(crate) fn org(browser: &Browser, name: &str, subdomain: &str) {
    let fields = [("name", name), ("subdomain", subdomain)];
    browser
        .submit("/okta/orgs/new", &fields)
        .says("is created.")
        .says("You are in it now.");
}

/// Opens the one of two orgs that is not shown.
pub(crate) fn open_the_other_org(browser: &Browser) {
    let links = browser.open("/okta/orgs").links("/okta/orgs/");
    let open = links.into_iter().find(|link| link.ends_with("/open"));
    browser.submit(&open.unwrap(), &[]).says("You are in");
}

/// Adds somebody who is active; the address.
pub(crate) fn person(browser: &Browser, first: &str, last: &str, login: &str) -> String {
    let fields = [
        ("firstName", first),
        ("lastName", last),
        ("login", login),
        ("email", login),
        ("password", "Correct-horse-7"),
    ];
    let answer = browser.post("/okta/people/new", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

/// Adds a group; the address.
pub(crate) fn group(browser: &Browser, name: &str) -> String {
    let answer = browser.post("/okta/groups/new", &[("name", name)]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

/// Adds an app of the catalogue; the address.
pub(crate) fn app(browser: &Browser, template: &str, label: &str) -> String {
    let answer = browser.post("/okta/catalog", &[("template", template), ("label", label)]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

/// The last part of an address.
pub(crate) fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// Enables API integration with the team of the appliance, and everything that *To App* can send.
pub(crate) fn connect(appliance: &Appliance, browser: &Browser, app: &str, token: &str) {
    let url = format!("{}/scim/v2", appliance.url);
    let fields = [
        ("enabled", "yes"),
        ("baseUrl", url.as_str()),
        ("token", token),
        ("uniqueField", "userName"),
        ("mode", "header"),
    ];
    browser
        .submit(&format!("{app}/provisioning/integration"), &fields)
        .says("was verified successfully");
    let fields = [
        ("create_users", "yes"),
        ("update_attributes", "yes"),
        ("deactivate_users", "yes"),
    ];
    browser
        .submit(&format!("{app}/provisioning/to-app"), &fields)
        .says("Provisioning to App is saved.");
}

/// Opens a page until it says something.
pub(crate) fn wait_until(browser: &Browser, path: &str, text: &str) -> Page {
    for _ in 0..300 {
        let page = browser.open(path);
        if page.body.contains(text) {
            return page;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    panic!(
        "{path} did not say {text:?} within half a minute: {}",
        browser.open(path).body
    )
}

#[test]
fn before_there_is_an_org_every_page_leads_to_where_one_is_made() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    for path in [
        "/okta/people",
        "/okta/people/new",
        "/okta/groups",
        "/okta/groups/rules",
        "/okta/profile-editor",
        "/okta/profile-editor/user/new",
        "/okta/applications",
        "/okta/catalog",
        "/okta/tasks",
        "/okta/tokens",
        "/okta/scenarios",
        "/okta/scenarios/hire",
        "/okta/system-log",
    ] {
        let answer = browser.get(path);
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (303, "/okta"),
            "{path}"
        );
    }
    browser
        .open("/okta")
        .says("No org yet")
        .says("/okta/orgs/new");
    browser.open("/okta/orgs").says("No org yet");
    let refused = browser.post("/okta/people/new", &[("firstName", "Ann")]);
    assert_eq!(refused.status, 409);
    refused.says("Create an org first.");
}

#[test]
fn an_org_is_made_opened_and_named_by_its_pages() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let refused = browser.post(
        "/okta/orgs/new",
        &[("name", EVIL), ("subdomain", "no blanks")],
    );
    assert_eq!(refused.status, 422);
    refused
        .says("Enter up to 63 letters, digits and hyphens")
        .says("value=\"no blanks\"")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    org(&browser, EVIL, "contoso");
    let taken = browser.post(
        "/okta/orgs/new",
        &[("name", "Other"), ("subdomain", "Contoso")],
    );
    assert_eq!(taken.status, 422);
    taken.says("already exists in the current organization");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    org(&browser, "Fabrikam", "fabrikam");
    browser.open("/okta/people").says("Nobody here yet");
    // A link leads to whom it names, whichever org is shown.
    browser
        .open(&ann)
        .says("Ann Doe")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    let orgs = browser.open("/okta/orgs");
    orgs.says("Fabrikam").says("shown in this console");
    open_the_other_org(&browser);
    browser.open("/okta").says(EVIL_SHOWN).says_not(EVIL);
    browser.open("/okta/people").says("ann@contoso.example");
    assert_eq!(browser.get("/okta/people/00uAAAAAAAAAAAAAAAAA").status, 404);
    assert_eq!(browser.get("/okta/people/nobody").status, 404);
}

/// The address names the org, whichever is shown.
#[test]
fn an_org_is_renamed() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    org(&browser, "Fabrikam", "fabrikam");
    let links = browser.open("/okta/orgs").links("/okta/orgs/");
    let mut rename = links.into_iter().filter(|link| link.ends_with("/rename"));
    let rename = rename.next().unwrap();
    browser.open(&rename).says("Rename Contoso");
    let blank = browser.post(&rename, &[("name", " ")]);
    assert_eq!(blank.status, 422);
    blank.says("cannot be left blank");
    browser
        .submit(&rename, &[("name", EVIL)])
        .says("The org is called")
        .says(EVIL_SHOWN)
        .says("Fabrikam")
        .says_not(EVIL)
        .says_not("<bdi>Contoso");
    browser.open("/okta").says("Org Fabrikam");
    let gone = "/okta/orgs/00oAAAAAAAAAAAAAAAAA/rename";
    assert_eq!(browser.get(gone).status, 404);
    assert_eq!(browser.post(gone, &[("name", "X")]).status, 404);
    open_the_other_org(&browser);
    browser
        .open("/okta/system-log?event=system.org.lifecycle.update")
        .says("Update Okta org");
}

#[test]
fn a_person_goes_through_the_lifecycle() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let refused = browser.post("/okta/people/new", &[("firstName", EVIL), ("login", "ann")]);
    assert_eq!(refused.status, 422);
    refused
        .says("aria-invalid=\"true\"")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    let fields = [
        ("firstName", EVIL),
        ("lastName", "Doe"),
        ("login", "ann@contoso.example"),
        ("email", "ann@contoso.example"),
        ("activation", "later"),
    ];
    let ann = browser.post("/okta/people/new", &fields).location;
    browser
        .open(&ann)
        .says("Staged")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    let click = |name: &str| browser.submit(&format!("{ann}/lifecycle/{name}"), &[]);
    click("activate").says("Pending user action");
    browser
        .submit(
            &format!("{ann}/password"),
            &[("password", "Correct-horse-7")],
        )
        .says("has a new password.")
        .says_not("Correct-horse-7");
    let empty = browser.post(&format!("{ann}/password"), &[("password", "")]);
    assert_eq!(empty.status, 422);
    empty.says("Enter the new password.");

    let edit = format!("{ann}/edit");
    let revision = browser.open(&edit).hidden("revision");
    let fields = |revision, title| {
        [
            ("revision", revision),
            ("firstName", "Ann"),
            ("lastName", "Doe"),
            ("login", "ann@contoso.example"),
            ("email", "ann@contoso.example"),
            ("title", title),
        ]
    };
    browser
        .submit(&edit, &fields(revision.as_str(), "Engineer"))
        .says("The profile of Ann Doe is saved.")
        .says("Engineer");
    let stale = browser.post(&edit, &fields(revision.as_str(), "Manager"));
    assert_eq!(stale.status, 422);
    stale
        .says("was changed by somebody else meanwhile")
        .says("value=\"Manager\"");
    browser.open(&ann).says("Engineer").says_not("Manager");
    let edited = |address| {
        let revision = browser.open(&edit).hidden("revision");
        let fields = [("revision", revision.as_str()), ("postalAddress", address)];
        browser.submit(&edit, &fields);
        browser.open(&ann)
    };
    edited("Main Street 1\nSpringfield").says("Main Street 1\nSpringfield");
    // A browser sends one line back, which changes nothing.
    edited("Main Street 1Springfield").says("Main Street 1\nSpringfield");
    edited("Elsewhere")
        .says("Elsewhere")
        .says_not("Main Street");

    browser.open("/okta/people?q=doe").says("Ann Doe");
    browser
        .open("/okta/people?q=nobody")
        .says("Nothing matches");
    browser
        .open("/okta/people?status=SUSPENDED")
        .says("Nothing matches");
    let early = browser.post(&format!("{ann}/delete"), &[("name", "ann@contoso.example")]);
    browser.open(&early.location).says("is not deactivated");
    click("deactivate").says("Deactivated");
    assert_eq!(
        browser.post(&format!("{ann}/lifecycle/lock"), &[]).status,
        404
    );
    let wrong = browser.post(&format!("{ann}/delete"), &[("name", "ann")]);
    assert_eq!(wrong.status, 422);
    wrong.says("That is not the name.");
    browser
        .submit(&format!("{ann}/delete"), &[("name", "ann@contoso.example")])
        .says("Ann Doe is deleted.");
    assert_eq!(browser.get(&ann).status, 404);
    browser
        .open("/okta/system-log?event=user.lifecycle.deactivate")
        .says("Deactivate Okta user")
        .says_not("Suspend Okta user</a>");
}

#[test]
fn a_group_is_made_filled_renamed_and_deleted() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let blank = browser.post("/okta/groups/new", &[("name", " ")]);
    assert_eq!(blank.status, 422);
    blank.says("cannot be left blank");
    let team = group(&browser, EVIL);
    browser
        .open(&format!("{team}/people/add?q=ann"))
        .says("Ann Doe")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    browser
        .submit(&format!("{team}/people?q=ann"), &[("id", id(&ann))])
        .says("Ann Doe is in")
        .says("In the group");
    browser.open(&ann).says(EVIL_SHOWN).says(&team);
    browser
        .open(&team)
        .says("1 person")
        .says("ann@contoso.example");
    browser
        .submit(
            &format!("{team}/edit"),
            &[("name", "Team"), ("description", "All")],
        )
        .says("Team is saved.");
    browser
        .submit(&format!("{team}/people/{}/remove", id(&ann)), &[])
        .says("is no longer in Team.")
        .says("Nobody in this group");
    browser
        .open("/okta/groups?q=te")
        .says("Team")
        .says_not("Everyone</");
    browser
        .open("/okta/groups?state=BUILT_IN")
        .says("Everyone")
        .says_not(">Team<");
    browser
        .submit(&format!("{team}/delete"), &[("name", "Team")])
        .says("Team is deleted.");
    assert_eq!(browser.get(&team).status, 404);
}

#[test]
fn a_token_is_shown_once_and_revoked() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let blank = browser.post("/okta/tokens/new", &[("name", "")]);
    assert_eq!(blank.status, 422);
    blank.says("cannot be left blank");
    let made = browser.post("/okta/tokens/new", &[("name", EVIL)]);
    assert_eq!(made.status, 200);
    made.says("Token Value").says(EVIL_SHOWN).says_not(EVIL);
    let (_, rest) = made.body.split_once("id=\"token-value\"").unwrap();
    let value = rest
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(value.len() > 32, "{value}");
    let list = browser.open("/okta/tokens");
    list.says(&value[value.len() - 4..]).says_not(value);
    let revoke = list
        .links("/okta/tokens/")
        .into_iter()
        .find(|link| link.ends_with("/revoke"));
    browser
        .submit(&revoke.unwrap(), &[])
        .says("is revoked.")
        .says("No API tokens");
    for token in ["7", "00TAAAAAAAAAAAAAAAAA"] {
        let revoke = format!("/okta/tokens/{token}/revoke");
        assert_eq!(browser.post(&revoke, &[]).status, 404, "{token}");
    }
}

/// The log is read page by page, each behind an event of the one before, and back.
#[test]
fn a_page_of_the_log_is_behind_the_last_event_of_the_one_before() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    for number in 0..30 {
        group(&browser, &format!("Group {number:02}"));
    }
    let list = "/okta/system-log?event=group.lifecycle.create";
    let newest = browser.open(list);
    newest
        .says("Group 29")
        .says("Group 05")
        .says_not("Group 04");
    let to = |page: &Page, rel: &str| {
        let (_, rest) = page
            .body
            .split_once(&format!("rel=\"{rel}\" href=\""))
            .unwrap();
        rest.split('"').next().unwrap().replace("&#38;", "&")
    };
    let older = browser.open(&to(&newest, "next"));
    older.says("Group 04").says("Group 00").says_not("Group 05");
    browser
        .open(&to(&older, "prev"))
        .says("Group 29")
        .says_not("Group 04");
    // What is no place is the newest.
    browser
        .open(&format!("{list}&before=7"))
        .says("Group 29")
        .says_not("Group 04");
}

/// Both orgs have an event and a token in each of these rows.
#[test]
fn an_address_means_an_event_or_a_token_of_its_own_org_whichever_is_shown() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let make = |name: &str, subdomain: &str, first: &str| {
        org(&browser, name, subdomain);
        person(
            &browser,
            first,
            "Doe",
            &format!("{first}@{subdomain}.example"),
        );
        browser.post("/okta/tokens/new", &[("name", first)]);
        let log = browser.open("/okta/system-log?event=user.lifecycle.create");
        let tokens = browser.open("/okta/tokens").links("/okta/tokens/");
        let revoke = tokens.into_iter().find(|link| link.ends_with("/revoke"));
        (log.links("/okta/system-log/").remove(0), revoke.unwrap())
    };
    let (event, revoke) = make("Contoso", "contoso", "Ann");
    make("Fabrikam", "fabrikam", "Cem");
    browser
        .open(&event)
        .says("Ann Doe")
        .says("change org")
        .says("Org Contoso")
        .says_not("Cem");
    assert_eq!(browser.get("/okta/system-log/1").status, 404);
    // A place in the log of Contoso is none in that of Fabrikam, which begins with its newest event.
    let place = format!("/okta/system-log?before={}", id(&event));
    browser
        .open(&place)
        .says(" newest events")
        .says_not(" older event");
    browser.submit(&revoke, &[]).says("Ann is revoked.");
    browser.open("/okta/tokens").says("<bdi>Cem</bdi>");
    open_the_other_org(&browser);
    browser.open("/okta/tokens").says("No API tokens");
}

/// 10.4: the catalogue, what is said before it can be played, and what a run shows.
#[test]
fn a_scenario_is_played_and_shows_its_steps_and_exchanges() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    if browser.open("/okta").body.contains("No org yet") {
        org(&browser, "Contoso", "contoso");
    }
    browser
        .open("/okta/scenarios")
        .says("Somebody is hired")
        .says("/okta/scenarios/pending-invite")
        .says_not("As expected");
    browser
        .open("/okta/scenarios/hire")
        .says("No application provisions yet.")
        .says("/lab/scenarios/hire")
        .says_not("name=\"app\"");
    let address = app(&browser, "scim2headerauth", EVIL);
    connect(&appliance, &browser, &address, &format!("Bearer {KEY}"));
    let with = [("app", id(&address))];
    browser
        .submit("/okta/scenarios/hire", &with)
        .says("The scenario went as expected.")
        .says("One lookup and one POST")
        .says("Ann is assigned to the app.")
        .says("application.provision.user.push")
        .says("/scim/v2/Users?filter=")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    browser.open("/okta/scenarios").says("As expected");
    // What is missing is said, and nothing is made.
    browser
        .submit("/okta/scenarios/password", &with)
        .says("Turn Sync Password (Okta password) on for")
        .says_not("id=\"steps\"");
    let gone = browser.post("/okta/scenarios/nothing", &with);
    assert_eq!(gone.status, 404);
    let gone = browser.post("/okta/scenarios/hire", &[("app", "0oa1")]);
    assert_eq!(gone.status, 404);
}

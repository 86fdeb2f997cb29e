//! Every page, wide and as narrow as a phone, light and dark: axe finds nothing, nothing sticks out.

use std::collections::{BTreeMap, VecDeque};

use crate::chromium::{Window, variable, with_window};
use crate::console::{Appliance, Browser, KEY};

/// Pages that need no id.
const PAGES: [&str; 43] = [
    "/",
    "/team/members",
    "/team/members?q=nobody&role=admin&sort=name",
    "/team/groups",
    "/team/groups?role=billing&managed=scim",
    "/team/groups/new",
    "/team/roles",
    "/team/authentication",
    "/team/authentication/built-in/password/turn-off",
    "/team/authentication/methods/new",
    "/team/authentication/methods/1",
    "/team/authentication/methods/1/delete",
    "/team/authentication/domains",
    "/team/authentication/domains/new",
    "/team/authentication/scim",
    "/team/authentication/scim/keys/1/regenerate",
    "/team/authentication/scim/turn-off",
    "/team/authentication/scim/keys/new",
    "/team/authentication/scim/keys/1/revoke",
    "/entra/users",
    "/entra/users?q=nobody",
    "/entra/users?state=deleted",
    "/entra/users/new",
    "/entra/groups",
    "/entra/applications",
    "/traffic?q=nobody",
    "/team/authentication/profile",
    "/team/authentication/profile/preset?preset=postman",
    "/team/invites",
    "/team/invites?state=accepted",
    "/team/invites/new",
    "/team/invites/1",
    "/team/invites/1/revoke",
    "/mail",
    "/mail/1",
    "/mail/settings",
    "/profile",
    "/team/schemas",
    "/team/schemas/new",
    "/settings/teams",
    "/settings/teams/new",
    "/settings/teams/1/rename",
    "/nowhere",
];

/// Adds a scoping filter that everybody passes.
fn filtered(browser: &crate::console::Browser, new: &str) {
    let form = browser.open(new);
    let (_, rest) = form.body.split_once("name=\"revision\" value=\"").unwrap();
    let revision = rest.split('"').next().unwrap();
    let fields = [
        ("revision", revision),
        ("step", "save"),
        ("title", "Named people"),
        ("attribute", "userPrincipalName"),
        ("operator", "IS NOT NULL"),
        ("value", ""),
    ];
    browser.submit(new, &fields);
}

/// Provisions the sample directory, so that every page has something to show; returns pages with ids.
fn provisioned(appliance: &Appliance) -> Vec<String> {
    let browser = appliance.administrator();
    let app = browser
        .open("/entra/applications")
        .links("/entra/applications/")
        .remove(0);
    let url = format!("{}/scim/v2", appliance.url);
    let fields = [("tenant_url", url.as_str()), ("secret_token", KEY)];
    browser.submit(&format!("{app}/provisioning/credentials"), &fields);
    filtered(
        &browser,
        &format!("{app}/provisioning/mappings/users/scope/new"),
    );
    browser.submit(&format!("{app}/provisioning/start"), &[]);
    let live = format!("{app}/provisioning/live");
    while browser.open(&live).body.contains("data-poll-url") {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let user = browser
        .open("/entra/users")
        .links("/entra/users/")
        .remove(1);
    let group = browser
        .open("/entra/groups")
        .links("/entra/groups/")
        .remove(0);
    let logs = format!("{app}/provisioning-logs");
    let entry = |query: &str| {
        browser
            .open(&format!("{logs}?{query}"))
            .links(&format!("{logs}/"))
            .remove(0)
    };
    // An account that nobody here knows, and a report that finds it.
    browser.submit(&format!("{app}/provisioning/drift"), &[]);
    let drift = format!("{app}/provisioning/drift/live");
    while browser.open(&drift).body.contains("data-poll-url") {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let demand = |object: &str| {
        let id = object.rsplit('/').next().unwrap();
        format!("{app}/provisioning/on-demand?object={id}")
    };
    // A password that is masked, and a refusal.
    let body = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@x.example","password":"t1g3r!Z3bra"}"#;
    appliance.scim(KEY, "POST", "/Users", body);
    appliance.scim(KEY, "GET", "/nowhere", "");
    let exchange = |query: &str| {
        browser
            .open(&format!("/traffic?{query}"))
            .links("/traffic/")
            .remove(0)
    };
    vec![
        exchange("q=masked"),
        exchange("status=refused"),
        "/traffic".to_owned(),
        demand(&user),
        demand(&group),
        format!("{app}/provisioning/on-demand"),
        format!("{app}/provisioning/drift"),
        "/entra/provisioning-logs?cycle=nonsense".to_owned(),
        format!("{user}/edit"),
        user,
        format!("{group}/members/add"),
        group,
        format!("{app}/users-and-groups"),
        format!("{app}/users-and-groups/add"),
        format!("{app}/provisioning"),
        format!("{app}/provisioning/restart"),
        format!("{app}/provisioning/allow-deletes"),
        format!("{app}/provisioning/schema"),
        format!("{app}/provisioning/schema/restore"),
        format!("{app}/provisioning/mappings/users/attribute-list"),
        format!("{app}/provisioning/mappings/users/attribute-list/new"),
        format!("{app}/provisioning/mappings/users/attribute-list/edit?name=title"),
        format!("{logs}?q=nobody"),
        entry("action=create"),
        entry("status=skipped"),
        logs,
        app,
    ]
}

/// The pages of a member, of a group, and of everything that can be done to them.
fn people(appliance: &Appliance) -> Vec<String> {
    let browser = appliance.administrator();
    let one_of = |list: &str| {
        let links = browser.open(list).links(&format!("{list}/"));
        let mut ids = links
            .into_iter()
            .filter(|link| link.len() > list.len() + 48);
        ids.next().unwrap()
    };
    let (member, group) = (one_of("/team/members"), one_of("/team/groups"));
    let of_member = ["", "/roles", "/deactivate", "/remove"];
    let of_group = [
        "",
        "/edit",
        "/roles",
        "/delete",
        "/members/add",
        "/managers/add",
    ];
    let of_member = of_member.map(|page| format!("{member}{page}"));
    let of_group = of_group.map(|page| format!("{group}{page}"));
    of_member.into_iter().chain(of_group).collect()
}

/// Adds a schema, options to a key, an SSO method, domains and a second team; returns pages with ids.
fn settled(appliance: &Appliance) -> Vec<String> {
    let browser = appliance.administrator();
    let document =
        r#"{"id": "urn:example:badge", "name": "Badge", "attributes": [{"name": "number"}]}"#;
    let fields = [("extends", "User"), ("document", document)];
    browser.submit("/team/schemas/new", &fields);
    let fields = [
        ("name", "Wall"),
        ("access", "read-only"),
        ("expires", "2999-12-31"),
    ];
    browser.post("/team/authentication/scim/keys/new", &fields);
    let people = b"eve@x.example, nobody";
    browser.upload(
        "/team/invites/new",
        &[("emails", "", people), ("role", "", b"user")],
    );
    let fields = [("type", "okta"), ("name", "Okta")];
    browser.post("/team/authentication/methods/new", &fields);
    for name in ["contoso.example", "fabrikam.example"] {
        browser.submit("/team/authentication/domains/new", &[("name", name)]);
    }
    let verify = "/team/authentication/domains/contoso.example/verify";
    browser.submit(verify, &[]);
    browser.submit("/settings/teams/new", &[("name", "Contoso")]);
    browser.submit("/settings/teams/1/open", &[]);
    browser.submit("/team/authentication/scim/keys/2/revoke", &[]);
    browser.post("/profile/api-keys/new", &[("name", "Reports")]);
    let fields = [
        ("revision", "0"),
        ("host", "127.0.0.1"),
        ("port", "9"),
        ("protection", "none"),
        ("from", "scimlab@contoso.example"),
    ];
    browser.post("/mail/settings", &fields);
    let gone = browser
        .open("/entra/users")
        .links("/entra/users/")
        .remove(2);
    browser.submit(&format!("{gone}/delete"), &[]);
    directory(&browser);
    let inbound = inbound(&browser);
    let of_team = [
        "schemas/1",
        "schemas/1/replace",
        "schemas/1/remove",
        "authentication/methods/2",
        "authentication/domains/contoso.example",
        "authentication/domains/fabrikam.example",
        "authentication/domains/fabrikam.example/delete",
    ]
    .map(|page| format!("/team/{page}"));
    let others = [
        format!("{gone}/delete-permanently"),
        "/mail/settings/remove".to_owned(),
        "/profile/teams/1/leave".to_owned(),
        "/settings/operators/1/remove".to_owned(),
        "/team/authentication/scim/keys/2/delete".to_owned(),
        "/team/authentication/scim/turn-on".to_owned(),
        "/team/invites/revoke?invite=1".to_owned(),
    ];
    of_team.into_iter().chain(others).chain(inbound).collect()
}

/// An API-driven provisioning application, and a client with a long name and a secret; returns their pages.
fn inbound(browser: &Browser) -> Vec<String> {
    let fields = [("template", "api2aad-2024"), ("name", "HR")];
    let tab = browser.post("/entra/gallery", &fields).location;
    browser.submit(&format!("{tab}/start"), &[]);
    let name = "Wolfeschlegelsteinhausenbergerdorff".repeat(3);
    let client = browser
        .post("/entra/app-registrations/new", &[("name", &name)])
        .location;
    let fields = [("description", name.as_str()), ("expires", "180")];
    browser.post(&format!("{client}/secrets/new"), &fields);
    let app = tab.trim_end_matches("/provisioning").to_owned();
    let table = b"WorkerID,Name,JobCode\n1,Ann,TL\n";
    let csv = [("csv", "", &table[..]), ("do", "", &b"send"[..])];
    browser.upload(&format!("{app}/uploads/csv"), &csv);
    [
        format!("{app}/uploads"),
        format!("{app}/uploads/1"),
        format!("{app}/uploads/send"),
        format!("{app}/uploads/send?from=1"),
        format!("{app}/uploads/csv"),
        tab.clone(),
        format!("{tab}/restart"),
        format!("{tab}/mappings"),
        format!("{tab}/mappings/users"),
        format!("{tab}/mappings/users/attributes/0"),
        format!("{tab}/mappings/users/scope"),
        format!("{tab}/schema"),
        app,
        format!("{client}/secrets"),
        format!("{client}/secrets/new"),
        format!("{client}/permissions"),
        format!("{client}/owned"),
        format!("{client}/rename"),
        format!("{client}/delete"),
        client,
    ]
    .into()
}

/// A group in the recycle bin, a dynamic one, a second tenant, an extension, and an app role.
fn directory(browser: &Browser) {
    let rule = "user.department -eq \"Sales\" -and user.accountEnabled -eq true";
    for (name, kind) in [("Gone", "Assigned"), ("By rule", "Dynamic User")] {
        let fields = [
            ("displayName", name),
            ("membershipType", kind),
            ("membershipRule", rule),
        ];
        let group = browser.post("/entra/new-group", &fields).location;
        if name == "Gone" {
            browser.submit(&format!("{group}/delete"), &[]);
        }
    }
    let app = browser
        .open("/entra/applications")
        .links("/entra/applications/")
        .remove(0);
    let fields = [("display_name", "Admin"), ("value", "admin")];
    browser.submit(&format!("{app}/app-roles/new"), &fields);
    let tenants = browser.open("/entra/tenants").links("/entra/tenants/");
    let tenant = tenants.iter().find(|link| !link.ends_with("/new")).unwrap();
    let fields = [
        ("name", "badge"),
        ("data_type", "String"),
        ("target", "User"),
    ];
    browser.submit(&format!("{tenant}/extensions/new"), &fields);
    let fields = [("name", "Fabrikam"), ("domain", "fabrikam.example")];
    browser.submit("/entra/tenants/new", &fields);
    browser.submit(&format!("{tenant}/open"), &[]);
}

/// More orgs; and in the first one, which every new session shows, people, a pushed group, apps of every kind, a task
/// and a token; returns pages with ids.
#[expect(
    clippy::too_many_lines,
    reason = "one of everything, from first to last"
)]
fn org(appliance: &Appliance) -> Vec<String> {
    let elsewhere = appliance.administrator();
    for (name, subdomain) in [("Fabrikam", "fabrikam"), ("Northwind", "northwind")] {
        let fields = [("name", name), ("subdomain", subdomain)];
        elsewhere.submit("/okta/orgs/new", &fields);
    }
    let browser = appliance.administrator();
    let person = |first: &str, login: &str| {
        let fields = [
            ("firstName", first),
            ("lastName", "\u{645}\u{62d}\u{645}\u{62f}"),
            ("login", login),
            ("email", login),
            ("password", "Correct-horse-7"),
        ];
        browser.post("/okta/people/new", &fields).location
    };
    let long = "Wolfeschlegelsteinhausenbergerdorffwelchevoralte";
    let (ann, gone) = (
        person(long, "ann@x.example"),
        person("Eve", "eve@x.example"),
    );
    browser.submit(&format!("{gone}/lifecycle/deactivate"), &[]);
    let group = browser.post("/okta/groups/new", &[("name", long)]).location;
    let id = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    browser.submit(&format!("{group}/people"), &[("id", &id(&ann))]);
    let app = |template: &str| {
        let fields = [("template", template), ("label", long)];
        browser.post("/okta/catalog", &fields).location
    };
    let (postman, wizard, unused) = (app("postman"), app("aiw"), app("scim2headerauth"));
    browser.submit(&format!("{unused}/status/deactivate"), &[]);
    let url = format!("{}/scim/v2", appliance.url);
    for app in [&postman, &wizard] {
        let fields = [
            ("enabled", "yes"),
            ("baseUrl", url.as_str()),
            ("token", KEY),
            ("uniqueField", "userName"),
        ];
        browser.submit(&format!("{app}/provisioning/integration"), &fields);
        let group = [("id", id(&group))];
        let group = [(group[0].0, group[0].1.as_str())];
        browser.submit(&format!("{app}/assignments/groups"), &group);
        browser.submit(&format!("{app}/assignments/people"), &[("id", &id(&ann))]);
    }
    // Create Users is off, so that nobody is found: a task.
    while browser.open("/okta/tasks").body.contains("No tasks") {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let fields = [("group", id(&group)), ("targetGroupName", long.to_owned())];
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.submit(&format!("{wizard}/push-groups/new"), &fields);
    let fields = [("name", long), ("how", "starts with"), ("value", "Every")];
    browser.submit(&format!("{wizard}/push-groups/rules/new"), &fields);
    let fields = [("type", "string"), ("title", long), ("name", "shirt")];
    browser.submit("/okta/profile-editor/user/new", &fields);
    browser.submit(&format!("{wizard}/profile/new"), &fields);
    browser.post("/okta/tokens/new", &[("name", long)]);
    let fields = [
        ("name", &long[..50.min(long.len())]),
        ("expression", "user.lastName != null"),
        ("groupIds", long),
        ("exclude", "ann@x.example"),
    ];
    let rule = browser.post("/okta/groups/rules/new", &fields).location;
    let page = browser.open(&format!("{wizard}/push-groups"));
    let (_, pushed) = page.body.split_once("name=\"mapping\" value=\"").unwrap();
    let pushed = pushed.split('"').next().unwrap();
    let bulk = format!("{wizard}/push-groups/bulk?action=delete&mapping={pushed}");
    let at = format!("{wizard}/push-groups/rules/");
    let push_rule = page
        .links(&at)
        .into_iter()
        .find(|link| link.ends_with("/edit"))
        .unwrap();
    let import = format!("{wizard}/import");
    browser.submit(&import, &[]);
    while !browser.open(&import).body.contains("Completed") {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let failures = browser.open("/okta/system-log?result=FAILURE");
    let create = [("create_users", "yes")];
    browser.submit(&format!("{wizard}/provisioning/to-app"), &create);
    let with = [("app", id(&wizard))];
    let with = [(with[0].0, with[0].1.as_str())];
    browser
        .submit("/okta/scenarios/new-token", &with)
        .says("The scenario went as expected.");
    vec![
        failures.links("/okta/system-log/").remove(0),
        "/okta".to_owned(),
        "/okta/orgs".to_owned(),
        "/okta/profile-editor".to_owned(),
        "/okta/profile-editor/user".to_owned(),
        "/okta/profile-editor/user/new".to_owned(),
        "/okta/profile-editor/user/attributes/shirt/edit".to_owned(),
        "/okta/profile-editor/user/attributes/shirt/delete".to_owned(),
        format!("{wizard}/profile"),
        format!("{wizard}/profile/new"),
        format!("{wizard}/profile/attributes/shirt/edit"),
        format!("{wizard}/profile/attributes/shirt/delete"),
        "/okta/groups/rules".to_owned(),
        "/okta/groups/rules/new".to_owned(),
        format!("{rule}/edit"),
        format!("{rule}/delete"),
        format!("{rule}?person=ann@x.example"),
        rule,
        "/okta/people".to_owned(),
        "/okta/people?q=nobody".to_owned(),
        "/okta/system-log".to_owned(),
        "/okta/tasks".to_owned(),
        "/okta/tokens".to_owned(),
        "/okta/scenarios".to_owned(),
        "/okta/scenarios/new-token".to_owned(),
        "/okta/catalog?template=postman".to_owned(),
        format!("{ann}/edit"),
        ann,
        format!("{gone}/delete"),
        group,
        format!("{postman}/assignments"),
        format!("{postman}/assignments?view=groups"),
        format!("{wizard}/provisioning?person=ann@x.example"),
        format!("{wizard}/provisioning/integration"),
        format!("{wizard}/provisioning/to-app"),
        format!("{wizard}/provisioning/to-okta"),
        format!("{wizard}/provisioning/to-okta/edit"),
        import,
        format!("{wizard}/import?status=ignored"),
        format!("{postman}/import"),
        format!("{wizard}/push-groups"),
        format!("{wizard}/push-groups?select=all"),
        bulk,
        format!("{wizard}/push-groups/rules/new"),
        push_rule.clone(),
        push_rule.replace("/edit", "/delete"),
        format!("{wizard}/push-groups/find"),
        format!("{unused}/delete"),
        unused,
        wizard,
        postman,
    ]
}

/// Answers that are no page: downloads, and parts of pages.
const NO_PAGE: [&str; 15] = [
    "/entra/applications/{application}/environment",
    "/entra/applications/{application}/provisioning/drift/live",
    "/entra/applications/{application}/provisioning/live",
    "/entra/applications/{application}/provisioning/schema/download",
    "/entra/export/groups.csv",
    "/entra/export/groups.json",
    "/entra/export/users.csv",
    "/entra/export/users.json",
    "/entra/provisioning-logs/download/{file}",
    "/team/audit/export.csv",
    "/team/authentication/scim/environment",
    "/team/members/export",
    "/clock/live",
    "/traffic/live",
    "/",
];
/// Links to the same kind of page that are followed: the first member has other buttons than the second.
const OF_A_KIND: usize = 4;

/// The line of the route table that an address belongs to. Lines with fewer placeholders win.
fn pattern<'p>(address: &str, patterns: &[&'p str]) -> Option<&'p str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let fits = |pattern: &&&str| {
        let (parts, given) = (pattern.split('/'), path.split('/'));
        parts.clone().count() == given.clone().count()
            && parts
                .zip(given)
                .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
    };
    patterns
        .iter()
        .filter(fits)
        .min_by_key(|pattern| pattern.matches('{').count())
        .copied()
}

/// One address of every page that links lead to from `known`; every line of the route table has one.
fn one_of_each(appliance: &Appliance, known: &[String]) -> Vec<String> {
    let browser = appliance.administrator();
    let listed = scimlab::web::rooms::listed();
    let patterns: Vec<&str> = listed
        .iter()
        .filter(|route| route.method == "GET" && route.needs.is_some())
        .map(|route| route.path)
        .collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut waiting: VecDeque<String> = known.iter().cloned().collect();
    while let Some(address) = waiting.pop_front() {
        let Some(line) = pattern(&address, &patterns) else {
            continue;
        };
        let addresses = found.entry(line).or_default();
        if addresses.len() == OF_A_KIND || addresses.contains(&address) || NO_PAGE.contains(&line) {
            continue;
        }
        addresses.push(address.clone());
        let page = browser.get(&address);
        for part in page.body.split(" href=\"").skip(1) {
            let link = part.split('"').next().unwrap_or_default();
            waiting.push_back(link.replace("&#38;", "&"));
        }
    }
    let missing: Vec<&str> = patterns
        .into_iter()
        .filter(|line| !NO_PAGE.contains(line) && !found.contains_key(line))
        .collect();
    assert!(missing.is_empty(), "no link leads to {missing:#?}");
    found
        .into_values()
        .filter_map(|addresses| addresses.into_iter().next())
        .filter(|address| !known.contains(address))
        .collect()
}

/// Pages that say what is wrong: nothing is there, and SCIM keeps people in the team.
const REFUSED: [&str; 2] = ["/nowhere", "/profile/teams/1/leave"];

/// Every other page is there for somebody who just signed in.
fn all_there(appliance: &Appliance, paths: &[String]) {
    let browser = appliance.administrator();
    let gone: Vec<&String> = paths
        .iter()
        .filter(|path| !REFUSED.contains(&path.as_str()))
        .filter(|path| browser.get(path).status != 200)
        .collect();
    assert!(gone.is_empty(), "no pages: {gone:#?}");
}

async fn check(window: &Window, axe: &str, path: &str, theme: &str, wrong: &mut Vec<String>) {
    window.open(path).await;
    let dress = format!("document.documentElement.dataset.theme = '{theme}'");
    window.script(&dress).await;
    let over = "return document.documentElement.scrollWidth - innerWidth";
    let over = window.script(over).await.as_i64().unwrap();
    if over > 0 {
        wrong.push(format!("{path} {theme}: sticks out by {over} px"));
    }
    window.script(axe).await;
    let run = "const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations.map(\
               v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ')).join(', '))))";
    for violation in window.script_later(run).await.as_array().unwrap() {
        wrong.push(format!("{path} {theme}: {violation}"));
    }
}

fn every_page(width: u32, theme: &str) {
    let axe = std::fs::read_to_string(variable("AXE_PATH")).unwrap();
    let appliance = Appliance::start();
    let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(provisioned(&appliance));
    paths.extend(people(&appliance));
    paths.extend(settled(&appliance));
    paths.extend(org(&appliance));
    paths.extend(one_of_each(&appliance, &paths));
    all_there(&appliance, &paths);
    with_window(&appliance, width, async |window| {
        let mut wrong = Vec::new();
        for path in &paths {
            check(&window, &axe, path, theme, &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        window
    });
}

#[test]
fn every_page_is_accessible_wide_and_light() {
    every_page(1280, "light");
}

#[test]
fn every_page_is_accessible_wide_and_dark() {
    every_page(1280, "dark");
}

#[test]
fn every_page_is_accessible_on_a_phone_in_light() {
    every_page(390, "light");
}

#[test]
fn every_page_is_accessible_on_a_phone_in_the_dark() {
    every_page(390, "dark");
}

#[test]
fn the_doors_are_accessible_too() {
    let axe = std::fs::read_to_string(variable("AXE_PATH")).unwrap();
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let people = b"eve@x.example";
    browser.upload(
        "/team/invites/new",
        &[("emails", "", people), ("role", "", b"user")],
    );
    let url = format!("{}/invites/", appliance.url);
    let invite = browser.open("/mail/1").links(&url).remove(0);
    let invite = invite.strip_prefix(&appliance.url).unwrap().to_owned();
    for width in [1280, 390] {
        with_window(&appliance, width, async |window| {
            window
                .script("document.querySelector('form[action=\"/logout\"]').submit()")
                .await;
            window.wait_for("h1", "Sign in").await;
            let mut wrong = Vec::new();
            for path in ["/login", "/setup/0000", invite.as_str(), "/invites/0000"] {
                for theme in ["light", "dark"] {
                    check(&window, &axe, path, theme, &mut wrong).await;
                }
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            window
        });
    }
}

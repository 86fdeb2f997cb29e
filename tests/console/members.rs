//! `/team/members` and `/team/roles`: who is on the team, what they may do, and how they leave.

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, EMAIL, KEY, PASSWORD};

const HERE: &str = "/team/members";
const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

fn user(name: &str, display: &str) -> String {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name, "displayName": display,
    })
    .to_string()
}

fn id(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    let id = value["id"].as_str();
    id.unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// Address of the page of the only member that a search finds.
fn member(browser: &Browser, name: &str) -> String {
    let page = browser.open(&format!("{HERE}?q={name}"));
    let links = page.links(&format!("{HERE}/"));
    let mut links = links
        .into_iter()
        .filter(|link| link.len() > HERE.len() + 40 && !link.contains('?'));
    links
        .next()
        .unwrap_or_else(|| panic!("{name}: {}", page.body))
}

fn team() -> Appliance {
    Appliance::with_people(&[
        ("super@example.com", &[Role::SuperAdmin]),
        ("admin@example.com", &[Role::Admin, Role::Developer]),
        ("billing@example.com", &[Role::Billing]),
        ("developer@example.com", &[Role::Developer]),
    ])
}

#[test]
fn roles_are_updated_on_the_members_own_page() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let developer = member(&admin, "developer");
    let form = format!("{developer}/roles");
    admin.open(&developer).says("Update Roles").says(&form);
    admin
        .open(&form)
        .says("value=\"community-manager\"")
        .says("only Super Admins can give this role");
    let update = |was: &str, roles: &[&str]| {
        let mut fields = vec![("was", was)];
        fields.extend(roles.iter().map(|role| ("role", *role)));
        admin.post(&form, &fields)
    };
    let done = update("user", &["user", "community-manager"]);
    assert_eq!(done.status, 303, "{}", done.body);
    admin
        .open(&done.location)
        .says("The roles of developer are updated.")
        .says("Community Manager")
        .says("changed the roles of developer: gave Community Manager.");

    // A double submit, and a page that somebody else's change made stale.
    assert_eq!(update("user", &["user", "community-manager"]).status, 303);
    let stale = update("user", &["user", "billing"]);
    assert_eq!(stale.status, 422);
    stale
        .says("changed after this page was drawn")
        .says("value=\"user,community-manager\"");
    admin.open(&developer).says_not("gave Billing");

    let none = update("user,community-manager", &[]);
    assert_eq!(none.status, 422);
    none.says("Choose at least one role.");
    let sup = update(
        "user,community-manager",
        &["user", "community-manager", "super-admin"],
    );
    assert_eq!(sup.status, 422);
    sup.says("so only Super Admins can give")
        .says_not("Something broke");
    assert_eq!(update("user,community-manager", &["wizard"]).status, 400);
    assert_eq!(
        admin
            .get(&format!("{HERE}/{}/roles", "0".repeat(48)))
            .status,
        404
    );
}

#[test]
fn many_rows_are_updated_at_once_or_none_of_them() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let id_of = |name: &str| {
        let address = member(&admin, name);
        address.rsplit_once('/').unwrap().1.to_owned()
    };
    let (developer, billing, boss) = (id_of("developer"), id_of("billing"), id_of("super"));
    admin
        .open(HERE)
        .says("Update Roles")
        .says(&format!("{developer}:user"));
    let update = |rows: &[(&str, &str, &[&str])]| {
        let mut fields = Vec::new();
        for (id, was, roles) in rows {
            fields.push(("was", format!("{id}:{was}")));
            fields.extend(roles.iter().map(|role| ("role", format!("{id}:{role}"))));
        }
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        admin.post(&format!("{HERE}/roles?q=example"), &fields)
    };
    // The last one is refused, so the first is not written either.
    let refused = update(&[
        (&developer, "user", &["user", "partner-manager"]),
        (&boss, "super-admin", &["user"]),
    ]);
    assert_eq!(refused.status, 422);
    refused
        .says("Nothing was saved.")
        .says("Only Super Admins can take the Super Admin role away.")
        .says("class=\"wrong\"");
    // What was chosen is still ticked.
    let chosen = format!("value=\"{developer}:partner-manager\" form=\"update-roles\" checked");
    refused.says(&chosen);
    admin.open(HERE).says_not("Partner Manager,");

    let done = update(&[
        (&developer, "user", &["user", "partner-manager"]),
        (&billing, "billing", &["billing", "user"]),
        (&boss, "super-admin", &["super-admin"]),
    ]);
    assert_eq!(
        (done.status, done.location.as_str()),
        (303, "/team/members?q=example")
    );
    admin
        .open(&done.location)
        .says("The roles of 2 members are updated.")
        .says("Developer, Partner Manager")
        .says("Billing, Developer");
    let again = update(&[(&developer, "user", &["user", "partner-manager"])]);
    admin.open(&again.location).says("No roles were changed.");
    let stale = update(&[(&billing, "billing", &["billing", "admin"])]);
    assert_eq!(stale.status, 422);
    stale.says("changed after this page was drawn");
}

#[test]
fn the_list_is_searched_filtered_sorted_and_exported() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let group =
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"=Crew"}"#;
    for (name, display) in [
        ("zoe@example.com", "Zo\u{eb}"),
        ("anna@example.com", "+Anna"),
    ] {
        let made = appliance.scim(KEY, "POST", "/Users", &user(name, display));
        assert_eq!(made.0, 201, "{}", made.1);
    }
    let made = appliance.scim(KEY, "POST", "/Groups", group);
    assert_eq!(made.0, 201, "{}", made.1);
    let page = admin.open(&format!("{HERE}?sort=name"));
    let order: Vec<_> = ["+Anna", "developer", "Zo\u{eb}"]
        .iter()
        .map(|name| {
            page.body
                .find(&format!("<bdi>{name}</bdi>"))
                .unwrap_or(usize::MAX)
        })
        .collect();
    assert!(order.is_sorted() && order[2] < usize::MAX, "{order:?}");
    page.says("aria-sort=\"ascending\"");
    admin
        .open(&format!("{HERE}?role=billing"))
        .says("1 member<")
        .says("billing@example.com")
        .says("Role: Billing");
    admin
        .open(&format!("{HERE}?role=billing&status=deactivated"))
        .says("Nothing matches");
    admin
        .open(&format!("{HERE}?page=99"))
        .says("There is no such page");

    let file = admin.open(&format!("{HERE}/export?q=zo"));
    assert_eq!(file.header("Content-Type"), "text/csv; charset=utf-8");
    assert!(file.header("Content-Disposition").contains("members.csv"));
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.body);
    assert!(
        lines[0].starts_with("User name,Name,State,Roles,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("zoe@example.com,Zo\u{eb},Active,Developer,"),
        "{}",
        lines[1]
    );
    let all = admin.open(&format!("{HERE}/export"));
    assert!(
        all.body.contains("anna@example.com,'+Anna,"),
        "{}",
        all.body
    );
    assert_eq!(all.body.lines().count(), 8, "{}", all.body);
    assert_eq!(
        appliance
            .person("developer@example.com")
            .get(&format!("{HERE}/export"))
            .status,
        403
    );
}

#[test]
fn a_member_is_deactivated_and_reactivated_as_the_scim_call_would() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let body = appliance
        .scim(KEY, "POST", "/Users", &user("zoe@example.com", "Zo\u{eb}"))
        .1;
    let (id, zoe) = (id(&body), format!("{HERE}/{}", id(&body)));
    let page = admin.open(&zoe);
    page.says("The identity provider manages this member")
        .says("The SCIM call it equals")
        .says(&format!("/scim/v2/Users/{id}"))
        .says("POST</span> /Users")
        .says("Last SCIM change");
    admin
        .open(&format!("{zoe}/deactivate"))
        .says("Deactivate Zo\u{eb}?")
        .says("Roles and groups are kept");
    let version = |expected: &str| {
        let body = appliance.scim(KEY, "GET", &format!("/Users/{id}"), "").1;
        assert!(body.contains(expected), "{expected}: {body}");
    };
    admin
        .submit(&format!("{zoe}/deactivate"), &[])
        .says("Zo\u{eb} is deactivated.")
        .says("Reactivate");
    version("\"active\":false");
    version("W/\\\"2\\\"");
    admin
        .submit(&format!("{zoe}/deactivate"), &[])
        .says("was deactivated already");
    version("W/\\\"2\\\"");
    admin
        .open(&format!("{HERE}?status=deactivated"))
        .says("1 member<");
    admin
        .submit(&format!("{zoe}/reactivate"), &[])
        .says("is active again.")
        .says("reactivated Zo\u{eb}.");
    version("\"active\":true");
    version("W/\\\"3\\\"");
}

#[test]
fn who_is_barred_is_signed_out_at_once() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let developer = appliance.person("developer@example.com");
    developer
        .open(HERE)
        .says_not("Update Roles")
        .says_not("Export CSV");
    let page = member(&admin, "developer");
    assert_eq!(developer.get(&format!("{page}/remove")).status, 403);
    developer
        .open(&page)
        .says_not("Remove Member")
        .says_not("Audit trail")
        .says_not("SCIM calls");
    admin.submit(&format!("{page}/deactivate"), &[]);
    let gone = developer.get(HERE);
    assert_eq!(gone.status, 303);
    assert!(gone.location.starts_with("/login"), "{}", gone.location);
    let refused = developer.post(
        "/login",
        &[("email", "developer@example.com"), ("password", PASSWORD)],
    );
    assert_ne!(refused.status, 303);
}

#[test]
fn super_admins_and_the_last_administrator_stay() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let boss = member(&admin, "super");
    admin
        .open(&boss)
        .says("Only Super Admins can do this to a Super Admin.")
        .says_not("Remove Member");
    for action in ["remove", "deactivate"] {
        assert_eq!(
            admin.get(&format!("{boss}/{action}")).status,
            403,
            "{action}"
        );
        admin
            .submit(&format!("{boss}/{action}"), &[])
            .says("Only Super Admins can do this");
    }
    let top = appliance.person("super@example.com");
    for name in ["admin%40", "ada%40"] {
        let page = member(&top, name);
        top.submit(&format!("{page}/remove"), &[("heir", "")])
            .says("is no longer on the team.");
    }
    let own = member(&top, "super");
    top.open(&own)
        .says("the only active administrator")
        .says_not("Remove Member");
    top.submit(&format!("{own}/deactivate"), &[])
        .says("the only active administrator");
    let mut fields = vec![("was", "super-admin")];
    fields.push(("role", "user"));
    let refused = top.post(&format!("{own}/roles"), &fields);
    assert_eq!(refused.status, 422);
    refused.says("the only active administrator");
}

#[test]
fn removing_somebody_asks_who_takes_over_the_keys_and_groups() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let made = admin.post("/team/authentication/scim/keys/new", &[("name", "Okta")]);
    let key = made
        .body
        .split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap_or_else(|| panic!("{}", made.body))
        .to_owned();
    admin.submit("/team/groups/new", &[("name", "Crew"), ("summary", "")]);
    let top = appliance.person("super@example.com");
    let leaver = member(&top, "admin%40");
    let question = format!("{leaver}/remove");
    top.open(&question)
        .says("SCIM API keys that stop working")
        .says("Okta (ending")
        .says("Groups without this manager")
        .says("Crew")
        .says("value=\"super@example.com\"");
    for (heir, why) in [
        (
            "nobody@example.com",
            "Nobody else on the team has this user name.",
        ),
        ("developer@example.com", "is not an administrator"),
        ("billing@example.com", "without the Developer role"),
    ] {
        let refused = top.post(&question, &[("heir", heir)]);
        assert_eq!(refused.status, 422, "{heir}");
        refused.says(why).says(&format!("value=\"{heir}\""));
    }
    top.submit(&question, &[("heir", "super@example.com")])
        .says("admin is no longer on the team. super now has 1 SCIM API key and 1 group.");
    assert_eq!(appliance.scim(&key, "GET", "/Users", "").0, 200);
    assert_eq!(
        top.post(&question, &[("heir", "")]).status,
        404,
        "done already"
    );
    top.open("/team/groups?q=crew");
    let group = top.open("/team/groups").links("/team/groups/");
    let group = group.iter().find(|link| link.len() > 40).unwrap();
    top.open(group).says(">super</a>");
    // A member who is gone may still sign in nowhere.
    assert_eq!(admin.get(HERE).status, 303);

    // Without an heir the key answers Postman's 403.
    let own = member(&appliance.person(EMAIL), "super");
    let ada = appliance.person(EMAIL);
    let refused = ada.post(&format!("{own}/remove"), &[("heir", "")]);
    assert_eq!(refused.status, 303, "Ada is an Admin only");
    ada.open(&own).says("Only Super Admins can do this");
    let (status, body) = appliance.scim(&key, "GET", "/Users", "");
    assert_eq!(status, 200, "{body}");
}

#[test]
fn the_table_of_roles_says_who_has_what_and_what_it_allows() {
    let appliance = team();
    for who in ["developer@example.com", "super@example.com"] {
        let page = appliance.person(who).open("/team/roles");
        page.says("What each role allows")
            .says("The team has a Super Admin")
            .says("1 of 2 support users")
            .says("/team/members?role=super-admin")
            .says("(default)");
        for role in Role::ALL {
            page.says(role.label());
        }
    }
}

#[test]
fn names_of_every_kind_are_shown_as_text() {
    let appliance = team();
    let long = "W".repeat(120);
    let rtl = "\u{645}\u{62d}\u{645}\u{62f} \u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}";
    let admin = appliance.person("admin@example.com");
    for (n, name) in [EVIL, &long, rtl, "\"'><img src=x onerror=alert(1)>"]
        .iter()
        .enumerate()
    {
        let made = appliance.scim(
            KEY,
            "POST",
            "/Users",
            &user(&format!("u{n}@x.example"), name),
        );
        assert_eq!(made.0, 201, "{}", made.1);
        let page = format!("{HERE}/{}", id(&made.1));
        for path in [
            page.clone(),
            format!("{page}/roles"),
            format!("{page}/remove"),
            format!("{page}/deactivate"),
            HERE.to_owned(),
        ] {
            let shown = admin.open(&path);
            shown.says_not("<script>alert").says_not("<img src=x");
            if *name == EVIL {
                shown.says(EVIL_SHOWN);
            }
        }
        admin
            .submit(&format!("{page}/deactivate"), &[])
            .says_not("<script>alert")
            .says_not("<img src=x");
        let roles = admin.post(
            &format!("{page}/roles"),
            &[
                ("was", "user"),
                ("role", "user"),
                ("role", "partner-manager"),
            ],
        );
        admin
            .open(&roles.location)
            .says_not("<script>alert")
            .says_not("<img src=x");
    }
    let evil = admin.open(&format!(
        "{HERE}?q=%22%3E%3Cscript%3E&role=%3Cscript%3E&sort=%3Cscript%3E"
    ));
    evil.says_not("<script>").says("Nothing matches");
}

#[test]
fn ten_thousand_members_are_a_page_at_a_time() {
    let appliance = Appliance::with_members(10_000);
    let admin = appliance.administrator();
    admin
        .open(HERE)
        .says("1\u{2013}25 of 10,001 members")
        .says("page=2");
    admin
        .open(&format!("{HERE}?sort=name&page=401"))
        .says("10,001\u{2013}10,001 of 10,001 members");
    admin
        .open(&format!("{HERE}?q=person-09999&role=user"))
        .says("1 member<");
    let file = admin.open(&format!("{HERE}/export"));
    assert_eq!(file.body.lines().count(), 10_002);
    admin.open("/team/roles").says("10,001");
}

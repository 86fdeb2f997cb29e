//! `/team/groups`: made, described, filled, handed to managers and deleted by hand, beside what SCIM does to them.

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, KEY};

const HERE: &str = "/team/groups";

fn id(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    let id = value["id"].as_str();
    id.unwrap_or_else(|| panic!("{body}")).to_owned()
}

fn pushed(appliance: &Appliance, name: &str) -> String {
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name,
    });
    let (status, body) = appliance.scim(KEY, "POST", "/Groups", &body.to_string());
    assert_eq!(status, 201, "{body}");
    id(&body)
}

fn team() -> Appliance {
    Appliance::with_people(&[
        ("super@example.com", &[Role::SuperAdmin]),
        ("admin@example.com", &[Role::Admin, Role::Developer]),
        ("billing@example.com", &[Role::Billing]),
        ("developer@example.com", &[Role::Developer]),
        ("other@example.com", &[Role::Developer]),
    ])
}

/// Makes a group and returns its address.
fn create(browser: &Browser, name: &str) -> String {
    let made = browser.post(
        &format!("{HERE}/new"),
        &[("name", name), ("summary", "Why")],
    );
    assert_eq!(made.status, 303, "{}", made.body);
    made.location
}

/// Wire id of the member with this name, as the search for somebody to add offers it.
fn candidate(browser: &Browser, group: &str, name: &str) -> String {
    let page = browser.open(&format!("{group}/members/add?q={name}"));
    let (_, rest) = page
        .body
        .split_once("name=\"id\" value=\"")
        .unwrap_or_else(|| panic!("{name}: {}", page.body));
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn a_developer_makes_a_group_and_manages_it() {
    let appliance = team();
    let developer = appliance.person("developer@example.com");
    developer.open(HERE).says("Create Group");
    let crew = create(&developer, "  Crew ");
    developer
        .open(&crew)
        .says("Crew is created.")
        .says(">developer</a>")
        .says("<p>Developer</p>")
        .says("Why");
    let taken = developer.post(
        &format!("{HERE}/new"),
        &[("name", "CREW"), ("summary", "Two")],
    );
    assert_eq!(taken.status, 422);
    taken
        .says("Another group has this name.")
        .says("value=\"CREW\"")
        .says("value=\"Two\"");
    for name in ["", " ", &"n".repeat(201)] {
        let refused = developer.post(&format!("{HERE}/new"), &[("name", name)]);
        assert_eq!(refused.status, 422);
        refused.says("Give the group a name of 1 to 200 characters.");
    }
    let other = candidate(&developer, &crew, "other");
    let page = developer.submit(&format!("{crew}/members"), &[("id", &other)]);
    page.says("other is in Crew now.").says("Already a member");
    developer
        .submit(&format!("{crew}/members"), &[("id", &other)])
        .says("other is in Crew already.");
    developer
        .open(&crew)
        .says("1 member<")
        .says("other@example.com");

    // The other one is a member, not a manager.
    let stranger = appliance.person("other@example.com");
    let page = stranger.open(&crew);
    page.says_not("Add members")
        .says_not("Update Roles")
        .says_not(">Edit<");
    for path in ["members/add", "edit", "delete", "managers/add"] {
        let refused = stranger.get(&format!("{crew}/{path}"));
        assert_eq!(refused.status, 403, "{path}");
        refused.says("Only its managers and the team&#39;s Admins");
    }
    stranger
        .submit(&format!("{crew}/members/{other}/remove"), &[])
        .says("Only its managers and the team&#39;s Admins")
        .says("1 member<");
    developer
        .submit(&format!("{crew}/managers"), &[("id", &other)])
        .says("other manages Crew now.");
    stranger
        .submit(&format!("{crew}/members/{other}/remove"), &[])
        .says("other is no longer in Crew.");
    stranger
        .submit(&format!("{crew}/managers/{other}/remove"), &[])
        .says("other no longer manages Crew.")
        .says_not("Add members");
    let billing = appliance.person("billing@example.com");
    billing.open(HERE).says_not("Create Group");
    assert_eq!(billing.get(&format!("{HERE}/new")).status, 403);
}

#[test]
fn name_and_description_are_saved_over_what_was_shown_alone() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let crew = create(&admin, "Crew");
    let wire = crew.rsplit_once('/').unwrap().1.to_owned();
    let save = |seen: (&str, &str), name: &str, summary: &str| {
        admin.post(
            &format!("{crew}/edit"),
            &[
                ("seen_name", seen.0),
                ("seen_summary", seen.1),
                ("name", name),
                ("summary", summary),
            ],
        )
    };
    let version = || {
        let body = appliance.scim(KEY, "GET", &format!("/Groups/{wire}"), "").1;
        let value: serde_json::Value = serde_json::from_str(&body).unwrap();
        (
            value["displayName"].as_str().unwrap().to_owned(),
            value["meta"]["version"].as_str().unwrap().to_owned(),
        )
    };
    admin.open(&format!("{crew}/edit")).says("value=\"Crew\"");
    assert_eq!(save(("Crew", "Why"), "Crew", "Because").status, 303);
    assert_eq!(
        version(),
        ("Crew".into(), "W/\"1\"".into()),
        "no SCIM attribute"
    );
    assert_eq!(save(("Crew", "Because"), "Team", "Because").status, 303);
    assert_eq!(version(), ("Team".into(), "W/\"2\"".into()));
    assert_eq!(
        save(("Crew", "Because"), "Team", "Because").status,
        303,
        "twice"
    );
    assert_eq!(version().1, "W/\"2\"");

    // SCIM was quicker: what was typed is kept, and saving it is a decision now.
    let rename = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"replace","value":{"displayName":"Pushed"}}]}"#;
    let pushed = appliance.scim(KEY, "PATCH", &format!("/Groups/{wire}"), rename);
    assert!(pushed.0 < 300, "{}", pushed.1);
    let stale = save(("Team", "Because"), "Mine", "Because");
    assert_eq!(stale.status, 422);
    stale
        .says("changed after this page was drawn")
        .says("It is now called &#34;Pushed&#34;")
        .says("name=\"seen_name\" value=\"Pushed\"")
        .says("value=\"Mine\"");
    assert_eq!(version().0, "Pushed");
    assert_eq!(save(("Pushed", "Because"), "Mine", "Because").status, 303);
    assert_eq!(version().0, "Mine");
    admin
        .open(&crew)
        .says("The identity provider manages this group")
        .says("SCIM</span>");
    let long = save(("Mine", "Because"), "Mine", &"x".repeat(501));
    assert_eq!(long.status, 422);
    long.says("at most 500 characters");
}

#[test]
fn roles_of_a_group_are_those_of_its_members_and_take_its_managers_away() {
    let appliance = team();
    let developer = appliance.person("developer@example.com");
    let admin = appliance.person("admin@example.com");
    let crew = create(&developer, "Crew");
    let other = candidate(&developer, &crew, "other");
    developer.submit(&format!("{crew}/members"), &[("id", &other)]);
    assert_eq!(developer.get(&format!("{crew}/roles")).status, 403);
    let form = format!("{crew}/roles");
    admin.open(&form).says("Everybody in Crew has these roles");
    admin
        .submit(
            &form,
            &[("was", "user"), ("role", "user"), ("role", "admin")],
        )
        .says("The roles of Crew are updated.")
        .says("Only groups that have the Developer role alone have managers.");
    let risen = appliance.person("other@example.com");
    risen.open("/team/members").says("Update Roles");
    admin
        .open("/team/members?q=other")
        .says("Admin through Crew");
    admin
        .open(&format!("/team/members/{other}"))
        .says("<span class=\"quiet\">through</span>")
        .says(&crew);
    assert_eq!(
        developer.get(&format!("{crew}/edit")).status,
        403,
        "no manager any more"
    );
    assert_eq!(admin.get(&format!("{crew}/managers/add")).status, 200);
    admin
        .submit(&format!("{crew}/managers"), &[("id", &other)])
        .says("Only groups that have the Developer role alone");
    let stale = admin.post(&form, &[("was", "user"), ("role", "billing")]);
    assert_eq!(stale.status, 422);
    stale.says("changed after this page was drawn");
    // Somebody with Billing alone gives and takes Billing.
    let billing = appliance.person("billing@example.com");
    billing.submit(
        &form,
        &[
            ("was", "admin,user"),
            ("role", "admin"),
            ("role", "user"),
            ("role", "billing"),
        ],
    );
    let more = billing.post(&form, &[("was", "admin,billing,user"), ("role", "user")]);
    assert_eq!(more.status, 422);
    more.says("With the Billing role you can give and take Billing only, not Admin.");
    admin
        .open(&format!("{HERE}?role=billing"))
        .says("1 group<")
        .says("Crew");
}

#[test]
fn a_group_of_super_admins_is_changed_by_super_admins() {
    let appliance = team();
    let boss = appliance.person("super@example.com");
    let admin = appliance.person("admin@example.com");
    let top = create(&admin, "Top");
    let other = candidate(&admin, &top, "other");
    boss.submit(
        &format!("{top}/roles"),
        &[("was", "user"), ("role", "super-admin")],
    );
    let page = admin.open(&top);
    page.says_not("Add members")
        .says_not("Delete")
        .says("<p>Super Admin</p>");
    for path in ["members/add", "edit", "delete"] {
        let refused = admin.get(&format!("{top}/{path}"));
        assert_eq!(refused.status, 403, "{path}");
        refused.says("only Super Admins can change it");
    }
    let refused = admin.post(&format!("{top}/members"), &[("id", &other)]);
    admin
        .get(&refused.location)
        .says("only Super Admins can change it");
    let taken = admin.post(
        &format!("{top}/roles"),
        &[("was", "super-admin"), ("role", "user")],
    );
    assert_eq!(taken.status, 422);
    boss.submit(&format!("{top}/members"), &[("id", &other)])
        .says("other is in Top now.");
    // SCIM is refused with the key of an Admin, in words that say which key would do.
    let made = admin.post("/team/authentication/scim/keys/new", &[("name", "Okta")]);
    let key = made
        .body
        .split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap_or_else(|| panic!("{}", made.body));
    let wire = top.rsplit_once('/').unwrap().1;
    let empty = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"remove","path":"members"}]}"#;
    for (method, body) in [("PATCH", empty), ("DELETE", "")] {
        let (status, body) = appliance.scim(key, method, &format!("/Groups/{wire}"), body);
        assert_eq!(status, 403, "{method} {body}");
        assert!(
            body.contains("messages:2.0:Error") && body.contains("that a Super Admin generated"),
            "{body}"
        );
    }
    boss.open(&top).says("1 member<");
}

#[test]
fn a_group_is_deleted_by_its_name_and_its_members_stay() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let crew = create(&admin, "Crew");
    let other = candidate(&admin, &crew, "other");
    admin.submit(&format!("{crew}/members"), &[("id", &other)]);
    let question = format!("{crew}/delete");
    admin
        .open(&question)
        .says("Delete Crew?")
        .says("1 member stays on the team");
    let refused = admin.post(&question, &[("name", "crew")]);
    assert_eq!(refused.status, 422);
    refused.says("This is not the name of the group.");
    admin
        .submit(&question, &[("name", "Crew")])
        .says("Crew is deleted.");
    assert_eq!(
        admin.post(&question, &[("name", "Crew")]).status,
        404,
        "twice"
    );
    admin
        .open(&format!("/team/members/{other}"))
        .says("In no group.");
    let wire = crew.rsplit_once('/').unwrap().1;
    assert_eq!(
        appliance.scim(KEY, "GET", &format!("/Groups/{wire}"), "").0,
        404
    );
}

#[test]
fn people_who_were_only_invited_are_offered_but_not_added() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    admin.submit("/team/authentication/profile/preset?preset=postman", &[]);
    // Somebody who has an account already, on no team, and a domain that nobody verified.
    let page = admin.open("/team/members?q=other");
    let other = page
        .links("/team/members/")
        .into_iter()
        .find(|link| link.len() > 60)
        .unwrap();
    admin.submit(&format!("{other}/remove"), &[("heir", "")]);
    let body = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"other@example.com",
        "name":{"givenName":"Other","familyName":"One"},"active":true}"#;
    let (status, made) = appliance.scim(KEY, "POST", "/Users", body);
    assert_eq!(status, 201, "{made}");
    admin
        .open("/team/members?status=invited")
        .says("1 member<")
        .says("Invited");
    let crew = create(&admin, "Crew");
    admin
        .open(&format!("{crew}/members/add?q=other"))
        .says("Has not joined yet");
    admin
        .submit(&format!("{crew}/members"), &[("id", &id(&made))])
        .says("has not accepted the invite to the team");
    admin.open(&crew).says("No members");
}

#[test]
fn names_of_every_kind_are_shown_as_text_and_two_hundred_groups_are_pages() {
    let appliance = team();
    let admin = appliance.person("admin@example.com");
    let evil = "<script>alert(1)</script>";
    let rtl = "\u{641}\u{631}\u{64a}\u{642}";
    for name in [evil, rtl, &"G".repeat(120), "\"'><img src=x>"] {
        let made = admin.post(&format!("{HERE}/new"), &[("name", name), ("summary", name)]);
        assert_eq!(made.status, 303, "{name}");
        let group = made.location;
        for path in [
            "",
            "/edit",
            "/roles",
            "/delete",
            "/members/add",
            "/managers/add",
        ] {
            admin
                .open(&format!("{group}{path}"))
                .says_not("<script>alert")
                .says_not("<img src=x>");
        }
    }
    for n in 0..200 {
        let group = pushed(&appliance, &format!("Group {n:03}"));
        if n % 2 == 0 {
            let roles = [("was", "user"), ("role", "user"), ("role", "billing")];
            let done = admin.post(&format!("{HERE}/{group}/roles"), &roles);
            assert_eq!(done.status, 303);
        }
    }
    admin
        .open(HERE)
        .says("1\u{2013}25 of 204 groups")
        .says_not("<script>alert");
    admin
        .open(&format!("{HERE}?role=billing"))
        .says("of 100 groups");
    admin
        .open(&format!("{HERE}?managed=hand"))
        .says("4 groups<");
    admin
        .open(&format!("{HERE}?managed=scim&q=group%20199"))
        .says("1 group<");
    admin.open("/team/roles").says(">100</a>");
}

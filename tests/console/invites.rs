//! `/team/invites` and `/invites/…`: inviting people, and joining through the link.

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, KEY, PASSWORD, Page};

const HERE: &str = "/team/invites";
const NEW: &str = "/team/invites/new";

fn invite(browser: &Browser, emails: &str, roles: &[&str]) -> Page {
    let mut parts: Vec<(&str, &str, &[u8])> = vec![("emails", "", emails.as_bytes())];
    parts.extend(roles.iter().map(|role| ("role", "", role.as_bytes())));
    browser.upload(NEW, &parts)
}

/// Path of the page of the newest invite for this address.
fn found(browser: &Browser, email: &str) -> String {
    let list = browser.open(&format!("{HERE}?q={email}"));
    let links = list.links(&format!("{HERE}/"));
    let own = |link: &&String| link[HERE.len() + 1..].chars().all(|c| c.is_ascii_digit());
    links.iter().find(own).unwrap().clone()
}

/// Path of the link that accepts the newest invite for this address.
fn link(browser: &Browser, email: &str) -> String {
    let page = browser.open(&found(browser, email));
    let at = page.body.find("/invites/1-").unwrap();
    let rest = &page.body[at..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[test]
fn each_address_is_reported_and_what_was_wrong_stays_typed() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser.open(HERE).says("Nobody was invited yet");
    browser
        .open(NEW)
        .says("value=\"user\" checked")
        .says("Add from file");
    let csv = b"Name,E-mail\n\"Lovelace, Ada\",carl@x.example\nBob,<script>@x\n";
    let page = browser.upload(
        NEW,
        &[
            ("emails", "", b"bob@x.example, nobody\nADA@example.com"),
            ("file", "people.csv", csv),
            ("role", "", b"user"),
            ("role", "", b"billing"),
        ],
    );
    assert_eq!(page.status, 200, "{}", page.body);
    page.says("2 invites sent, 1 known already, 2 not understood.")
        .says("Already a member")
        .says(">bob@x.example</a>")
        .says("Bad address")
        .says("nobody\n")
        .says_not("<script>");
    browser
        .open(HERE)
        .says("2 invites<")
        .says("Developer")
        .says("Billing");
    let again = invite(&browser, "bob@x.example", &["user"]);
    again
        .says("0 invites sent, 1 known already.")
        .says("Already invited");
    for (emails, roles, wrong) in [
        ("", &["user"][..], "Enter at least one address"),
        ("eve@x.example", &[], "Choose at least one role"),
    ] {
        let page = invite(&browser, emails, roles);
        assert_eq!(page.status, 422);
        page.says(wrong).says(emails);
    }
    let page = browser.upload(
        NEW,
        &[
            ("emails", "", b"eve@x.example"),
            ("file", "big.csv", &vec![b'x'; 300 << 10]),
            ("role", "", b"user"),
        ],
    );
    assert_eq!(page.status, 422);
    page.says("larger than 256 KiB").says("eve@x.example");
    browser.open(HERE).says("2 invites<");
    assert_eq!(browser.post(NEW, &[("emails", "x@x.example")]).status, 400);
}

#[test]
fn a_thousand_addresses_are_invited_at_once_and_their_list_has_pages() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let many: Vec<String> = (0..1_000).map(|n| format!("p{n}@x.example")).collect();
    invite(&browser, &many.join(",\r\n"), &["user"])
        .says("1,000 invites sent.")
        .says("and 500 more");
    browser
        .open(&format!("{HERE}?page=2"))
        .says("of 1,000 invites");
    browser.open("/mail").says("of 1,000 mails");
    invite(&browser, &many.join("\n"), &["user"]).says("0 invites sent, 1,000 known already.");
    browser.open("/mail").says("of 1,000 mails");
}

#[test]
fn somebody_new_joins_through_the_link_with_the_roles_of_the_invite() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    invite(&browser, "eve@x.example", &["user", "billing"]);
    let link = link(&browser, "eve@x.example");
    let visitor = appliance.stranger();
    visitor
        .open(&link)
        .says("invited eve@x.example to the team Acme")
        .says("Password again")
        .says_not("Dismiss");
    let good = PASSWORD;
    for (name, password, again, wrong) in [
        (
            "Eve",
            "short",
            "short",
            "The password needs at least 10 characters",
        ),
        ("Eve", good, "another long one", "The two passwords differ"),
        (&"n".repeat(101), good, good, "at most 100 characters"),
    ] {
        let page = visitor.post(
            &link,
            &[("name", name), ("password", password), ("again", again)],
        );
        assert_eq!(page.status, 422, "{wrong}");
        page.says(wrong).says(name).says_not(good);
    }
    let answer = [("name", "Eve <b>"), ("password", good), ("again", good)];
    let page = visitor.submit(&link, &answer);
    page.says("Eve &#60;b&#62;")
        .says("eve@x.example")
        .says("Billing, Developer");
    assert_eq!(visitor.post(&link, &answer).status, 410, "it works once");
    visitor.get(&link).says("This invite was accepted");
    appliance.person("eve@x.example").open("/profile");
    browser
        .open(&found(&browser, "eve@x.example"))
        .says("Accepted")
        .says_not("Copy Invite Link");
    assert!(!appliance.log().contains(&link[9..]), "a secret");
}

#[test]
fn links_that_lead_nowhere_look_alike_and_are_slowed_down() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    invite(&browser, "eve@x.example", &["user"]);
    let link = link(&browser, "eve@x.example");
    let page = found(&browser, "eve@x.example");
    browser
        .open(&format!("{page}/revoke"))
        .says("Revoke the invite of eve@x.example?");
    browser
        .submit(&format!("{page}/revoke"), &[])
        .says("The invite of eve@x.example is revoked.");
    let stranger = appliance.stranger();
    let gone = stranger.get(&link);
    assert_eq!(gone.status, 404);
    let changed = format!("{}0", &link[..link.len() - 1]);
    for other in ["/invites/1-99-00", "/invites/x", changed.as_str()] {
        let unknown = stranger.get(other);
        assert_eq!(unknown.status, 404);
        assert_eq!(unknown.body, gone.body, "{other}");
    }
    stranger.get("/invites/y");
    assert_eq!(stranger.get("/invites/z").status, 429);
    let twice = browser.submit(&format!("{page}/revoke"), &[]);
    twice.says("This invite was revoked.");
}

#[test]
fn an_account_joins_with_its_password_or_signed_in_and_others_are_told() {
    let appliance = Appliance::with_people(&[
        ("dev@x.example", &[Role::Developer]),
        ("eve@x.example", &[Role::Developer]),
    ]);
    let browser = appliance.administrator();
    // Both leave, so that they are accounts without a team here.
    browser.submit("/team/authentication/scim/turn-off", &[]);
    for email in ["dev@x.example", "eve@x.example"] {
        let person = appliance.person(email);
        person.open("/profile/teams/1/leave").says("Leave Acme?");
        assert_eq!(person.post("/profile/teams/1/leave", &[]).status, 303);
        let out = appliance
            .stranger()
            .post("/login", &[("email", email), ("password", PASSWORD)]);
        assert_eq!(out.status, 403, "on no team");
    }
    invite(&browser, "dev@x.example eve@x.example", &["user"]);
    let link = link(&browser, "dev@x.example");
    let visitor = appliance.stranger();
    visitor
        .open(&link)
        .says("The password of dev@x.example.")
        .says_not("Password again");
    let wrong = visitor.post(&link, &[("password", "not the password")]);
    assert_eq!(wrong.status, 422);
    wrong.says("That is not the password");
    browser
        .open(&link)
        .says("You are signed in as ada@example.com.")
        .says("joining signs you in as dev@x.example instead");
    assert_eq!(browser.post(&format!("{link}/dismiss"), &[]).status, 403);
    visitor
        .submit(&link, &[("password", PASSWORD)])
        .says("dev@x.example")
        .says("Acme");
}

#[test]
fn a_pending_invite_blocks_scim_and_says_so_until_it_is_revoked() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser.submit("/team/authentication/profile/preset?preset=postman", &[]);
    invite(&browser, "eve@x.example", &["user"]);
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "eve@x.example",
        "name": {"givenName": "Eve", "familyName": "X"}, "active": true,
    })
    .to_string();
    let (status, answer) = appliance.scim(KEY, "POST", "/Users", &body);
    assert_eq!(status, 409, "{answer}");
    assert!(
        answer.contains("eve@x.example has a pending invite"),
        "{answer}"
    );
    let page = found(&browser, "eve@x.example");
    browser
        .open(&page)
        .says("is refused with 409 and names this invite")
        .says("/traffic?q=eve%40x.example");
    let seq = page.rsplit_once('/').unwrap().1;
    browser
        .open(&format!(
            "{HERE}/revoke?invite={seq}&invite=99&invite=x&other=1"
        ))
        .says("Revoke 1 invite?");
    browser
        .submit(&format!("{HERE}/revoke?invite={seq}"), &[])
        .says("1 invite revoked.");
    assert_eq!(
        browser.get(&format!("{HERE}/revoke?invite={seq}")).status,
        409
    );
    assert_eq!(appliance.scim(KEY, "POST", "/Users", &body).0, 201);
}

#[test]
fn an_invite_is_sent_again_with_the_same_link() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    invite(&browser, "eve@x.example", &["user"]);
    let before = link(&browser, "eve@x.example");
    let page = found(&browser, "eve@x.example");
    browser
        .submit(&format!("{page}/resend"), &[])
        .says("The invite of eve@x.example was sent again.");
    assert_eq!(link(&browser, "eve@x.example"), before);
    browser.open("/mail").says("2 mails<");
    for path in ["/99", "/x", "/99/revoke"] {
        assert_eq!(browser.get(&format!("{HERE}{path}")).status, 404, "{path}");
    }
    let developer = Appliance::with_people(&[("dev@x.example", &[Role::Developer])]);
    let developer = developer.person("dev@x.example");
    for path in [HERE, NEW] {
        assert_eq!(developer.get(path).status, 403, "{path}");
    }
}

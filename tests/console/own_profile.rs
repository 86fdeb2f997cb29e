//! `/profile`: one's own name, password, teams and invites.

use scimlab::model::Role;

use crate::browser::{Appliance, EMAIL, PASSWORD};

const HERE: &str = "/profile";
const ANOTHER: &str = "another long password";

fn change(present: &str, password: &str, again: &str) -> [(&'static str, String); 3] {
    [
        ("present", present.to_owned()),
        ("password", password.to_owned()),
        ("again", again.to_owned()),
    ]
}

fn fields<'a>(of: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    of.iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[test]
fn while_scim_is_on_the_page_says_who_to_ask_and_the_server_refuses() {
    let appliance = Appliance::with_people(&[("dev@x.example", &[Role::Developer])]);
    let person = appliance.person("dev@x.example");
    person
        .open(HERE)
        .says("SCIM provisioning is on for Acme")
        .says("Contact a Team Admin.")
        .says_not("New password")
        .says_not("/profile/teams/1/leave");
    let typed = change(PASSWORD, ANOTHER, ANOTHER);
    person
        .submit("/profile/password", &fields(&typed))
        .says("members cannot change their e-mail address or password");
    person
        .submit("/profile/teams/1/leave", &[])
        .says("members cannot leave by themselves");
    assert_eq!(person.get("/profile/teams/1/leave").status, 403);
    person.open(HERE).says("Acme");
    appliance.person("dev@x.example");
}

#[test]
fn a_password_changes_with_the_present_one_and_other_sessions_end() {
    let appliance = Appliance::with_people(&[("dev@x.example", &[Role::Developer])]);
    appliance
        .administrator()
        .submit("/team/authentication/scim/turn-off", &[]);
    let (person, other) = (
        appliance.person("dev@x.example"),
        appliance.person("dev@x.example"),
    );
    for (present, password, again, wrong) in [
        (
            "not mine at all",
            ANOTHER,
            ANOTHER,
            "That is not your password",
        ),
        (PASSWORD, "short", "short", "at least 10 characters"),
        (
            PASSWORD,
            ANOTHER,
            "something else",
            "The two passwords differ",
        ),
    ] {
        let typed = change(present, password, again);
        let page = person.post("/profile/password", &fields(&typed));
        assert_eq!(page.status, 422, "{wrong}");
        page.says(wrong).says_not(present).says_not(ANOTHER);
    }
    let before = person.cookie();
    let typed = change(PASSWORD, ANOTHER, ANOTHER);
    person
        .submit("/profile/password", &fields(&typed))
        .says("Your password is changed.");
    assert_ne!(person.cookie(), before, "a new token");
    assert_eq!(other.get(HERE).status, 303, "the other session has ended");
    let old = [("email", "dev@x.example"), ("password", PASSWORD)];
    assert_eq!(appliance.stranger().post("/login", &old).status, 401);
    let new = [("email", "dev@x.example"), ("password", ANOTHER)];
    assert_eq!(appliance.stranger().post("/login", &new).status, 303);
}

#[test]
fn the_operator_keeps_the_password_form_and_the_last_administrator_stays() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open(HERE)
        .says("New password")
        .says("SCIM provisioning is on for Acme, so members cannot leave");
    browser.submit("/team/authentication/scim/turn-off", &[]);
    browser.open(HERE).says("is the only active administrator");
    browser
        .submit("/profile/teams/1/leave", &[])
        .says("is the only active administrator");
    browser.open(HERE).says(EMAIL);
}

#[test]
fn a_name_is_saved_shown_as_text_and_refused_at_the_field() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let script = "<script>alert(1)</script>";
    browser
        .submit("/profile/name", &[("name", script)])
        .says("Your name is saved.")
        .says("&#60;script&#62;alert(1)")
        .says_not(script);
    for name in ["", "  ", &"n".repeat(101)] {
        let page = browser.post("/profile/name", &[("name", name)]);
        assert_eq!(page.status, 422);
        page.says("id=\"name-error\"");
    }
    for path in ["/profile/teams/9/leave", "/profile/teams/x/leave"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
        assert_eq!(browser.post(path, &[]).status, 404, "{path}");
    }
    for path in ["/profile/invites/1-9/join", "/profile/invites/x/dismiss"] {
        assert_eq!(browser.post(path, &[]).status, 404, "{path}");
    }
}

#[test]
fn an_invite_to_another_team_waits_on_the_page() {
    let appliance = Appliance::with_people(&[("dev@x.example", &[Role::Developer])]);
    let browser = appliance.administrator();
    browser.submit(
        "/settings/teams/new",
        &[("name", "Contoso"), ("profile", "standard")],
    );
    let send = || {
        browser.upload(
            "/team/invites/new",
            &[("emails", "", b"dev@x.example"), ("role", "", b"user")],
        );
    };
    send();
    let person = appliance.person("dev@x.example");
    person
        .open(HERE)
        .says("Contoso")
        .says("invited you as Developer")
        .says("/profile/invites/2-1/join");
    person
        .submit("/profile/invites/2-1/dismiss", &[])
        .says("The invite is declined.");
    send();
    person
        .submit("/profile/invites/2-2/join", &[])
        .says("You are on the team.")
        .says("Contoso");
    let twice = person.submit("/profile/invites/2-2/join", &[]);
    twice.says("This invite was accepted already.");
}

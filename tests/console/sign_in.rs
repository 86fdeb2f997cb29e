//! `/login`, `/logout`, `/setup/{token}`.

use crate::browser::{Appliance, EMAIL, PASSWORD};

#[test]
fn signing_in_leads_back_to_the_page_that_was_asked_for() {
    let appliance = Appliance::start();
    let browser = appliance.stranger();
    let asked = browser.get("/team/members?q=a&status=active");
    assert_eq!(
        asked.location,
        "/login?next=%2Fteam%2Fmembers%3Fq%3Da%26status%3Dactive"
    );
    browser
        .open(&asked.location)
        .says("value=\"/team/members?q=a&#38;status=active\"");
    let credentials = [
        ("email", "ADA@example.com"),
        ("password", PASSWORD),
        ("next", "/team/members?q=a&status=active"),
    ];
    let page = browser.post("/login", &credentials);
    assert_eq!(
        (page.status, page.location.as_str()),
        (303, "/team/members?q=a&status=active")
    );
    browser.open(&page.location).says(EMAIL);
    assert_eq!(browser.get("/login").location, "/", "once is enough");
}

#[test]
fn sign_in_never_leads_elsewhere() {
    let appliance = Appliance::start();
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "",
    ] {
        let browser = appliance.stranger();
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/login", &fields).location, "/", "{next:?}");
    }
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_the_same_words() {
    let appliance = Appliance::start();
    let browser = appliance.stranger();
    let refused = |email, password| {
        let page = browser.post("/login", &[("email", email), ("password", password)]);
        assert_eq!(page.status, 401);
        page.says("E-mail and password do not match.")
            .says_not(&format!("value=\"{password}\""));
        page.body.replace(email, "")
    };
    let wrong = refused(EMAIL, "not the password");
    let unknown = refused("nobody@example.com", "not the password");
    assert_eq!(wrong, unknown);
    assert_eq!(browser.cookie(), "", "a failure leaves no session");
    assert_eq!(browser.get("/").status, 303);
}

#[test]
fn guessing_is_slowed_down_even_with_the_right_password() {
    let appliance = Appliance::start();
    let browser = appliance.stranger();
    for _ in 0..5 {
        browser.post("/login", &[("email", EMAIL), ("password", "wrong")]);
    }
    let page = browser.post("/login", &[("email", EMAIL), ("password", "wrong")]);
    assert!(matches!(page.status, 429 | 401), "{}", page.body);
    for _ in 0..4 {
        browser.post("/login", &[("email", EMAIL), ("password", "wrong")]);
    }
    let page = browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
    assert_eq!(page.status, 429, "{}", page.body);
    page.says("Too many tries. Wait ");
    let other = [("email", "bob@example.com"), ("password", "wrong")];
    assert_eq!(
        browser.post("/login", &other).status,
        401,
        "others are not slowed down"
    );
}

#[test]
fn a_planted_cookie_is_worth_nothing_after_sign_in_and_none_after_sign_out() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let first = browser.cookie();
    browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
    let second = browser.cookie();
    assert_ne!(first, second, "a new session with every sign-in");
    let page = browser.submit("/logout", &[]);
    page.says("You have signed out.");
    for cookie in [&first, &second] {
        browser.plant(cookie);
        assert_eq!(browser.get("/").status, 303, "an ended session stays ended");
    }
}

#[test]
fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let appliance = Appliance::start();
    let browser = appliance.stranger();
    let page = browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]);
    let cookie = page.header("Set-Cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[test]
fn the_setup_link_makes_the_first_administrator_once() {
    let appliance = Appliance::start_with(&[("SCIMLAB_SEED", "empty")]);
    let browser = appliance.stranger();
    browser.open("/login").says("Nobody can sign in yet.");
    let link = appliance.setup.as_str();
    browser.open(link).says("Set up scimlab").says("ends in ");
    let fields = |password, again| {
        [
            ("email", "grace@example.com"),
            ("name", "Grace <b>Hopper</b>"),
            ("password", password),
            ("again", again),
        ]
    };
    for (password, again, said) in [
        (
            "short",
            "short",
            "The password needs at least 10 characters.",
        ),
        (
            "long enough 1",
            "long enough 2",
            "The two passwords differ.",
        ),
    ] {
        let page = browser.post(link, &fields(password, again));
        assert_eq!(page.status, 422);
        page.says(said)
            .says("value=\"grace@example.com\"")
            .says("Grace &#60;b&#62;Hopper")
            .says_not(&format!("value=\"{password}\""));
    }
    let page = browser.submit(link, &fields("long enough 1", "long enough 1"));
    page.says("grace@example.com");
    let again = appliance.stranger().get(link);
    assert_eq!(again.status, 403);
    again.says("This setup link is no longer valid.");
    let wrong = appliance
        .stranger()
        .post("/setup/0000", &fields("long enough 1", "long enough 1"));
    assert_eq!(wrong.status, 403);
    assert!(
        !appliance.log().contains("long enough"),
        "the log holds no password"
    );
}

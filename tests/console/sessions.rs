//! `/settings/sessions` and how long sessions last.

use std::time::Duration;

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, EMAIL, PASSWORD};
use crate::within::Within;

const HERE: &str = "/settings/sessions";
const OTHER: &str = "grace@example.com";

const MINUTE: Duration = Duration::from_mins(1);

fn is_in(browser: &Browser) -> bool {
    browser.get("/team/members").status == 200
}

#[test]
fn sessions_are_listed_and_one_or_all_of_a_person_are_ended() {
    let appliance = Appliance::with_people(&[(OTHER, &[Role::Developer])]);
    let browser = appliance.administrator();
    let (here, there) = (appliance.person(OTHER), appliance.person(OTHER));
    let page = browser.open(HERE);
    page.says("3 sessions")
        .says("This browser")
        .says(OTHER)
        .says("127.0.0.1")
        .says("30 min without use")
        .says("ureq/");
    let forms = |needle: &str| -> Vec<String> {
        let page = browser.open(HERE);
        let actions = page.body.split("action=\"").skip(1);
        let actions = actions.map(|rest| rest.split('"').next().unwrap().to_owned());
        actions.filter(|action| action.contains(needle)).collect()
    };
    // The cookie's token is nowhere on the page, and what is there is worth nothing as one.
    let token = browser.cookie();
    let token = token.split_once('=').unwrap().1;
    page.says_not(&token[token.len() - 64..]);
    let ends: Vec<String> = forms("/end")
        .into_iter()
        .filter(|a| !a.contains("/of/"))
        .collect();
    assert_eq!(ends.len(), 2, "not one's own: {ends:?}");
    browser
        .submit(&ends[0], &[])
        .says("is over.")
        .says("2 sessions");
    assert_eq!(usize::from(is_in(&here)) + usize::from(is_in(&there)), 1);
    assert_eq!(browser.post(&ends[0], &[]).status, 404, "over already");
    let again = appliance.person(OTHER);
    let all = forms("/of/");
    browser
        .submit(&all[0], &[])
        .says("2 sessions of ")
        .says("1 session<");
    assert!(!is_in(&here) && !is_in(&there) && !is_in(&again));
    // Of oneself, the one that asks stays.
    let elsewhere = appliance.administrator();
    browser.submit(&forms("/of/")[0], &[]).says("1 session of ");
    assert!(is_in(&browser) && !is_in(&elsewhere));
    browser
        .open("/team/audit")
        .says("User Session Revoked")
        .says("ended 2 sessions of");
    browser
        .open(&format!("{HERE}?q=grace"))
        .says("Nothing matches");
    assert_eq!(browser.post(&format!("{HERE}/xyz/end"), &[]).status, 404);
    assert_eq!(appliance.person(OTHER).get(HERE).status, 403);
}

#[test]
fn a_session_rests_for_half_an_hour_and_lives_for_half_a_day() {
    let appliance = Within::start();
    let browser = appliance.administrator();
    appliance.advance(29 * MINUTE);
    assert!(is_in(&browser));
    appliance.advance(29 * MINUTE);
    assert!(is_in(&browser), "use keeps it alive");
    appliance.advance(31 * MINUTE);
    assert!(!is_in(&browser), "rest ends it");

    let browser = appliance.administrator();
    for _ in 0..(12 * 60 / 20 - 1) {
        appliance.advance(20 * MINUTE);
        assert!(is_in(&browser));
    }
    // A notice is a change of the session; it does not prolong it either.
    browser.submit("/team/audit/retention", &[("days", "90")]);
    appliance.advance(20 * MINUTE);
    assert!(!is_in(&browser), "the end is absolute");
}

#[test]
fn who_wants_to_stay_signed_in_does_for_thirty_days_of_rest() {
    let appliance = Within::start();
    let browser = Browser::at(&appliance.url);
    let fields = [("email", EMAIL), ("password", PASSWORD), ("stay", "yes")];
    assert_eq!(browser.post("/login", &fields).status, 303);
    for _ in 0..3 {
        appliance.advance(29 * 24 * 60 * MINUTE);
        assert!(is_in(&browser));
    }
    appliance.advance(4 * 24 * 60 * MINUTE);
    assert!(!is_in(&browser), "ninety days are the end");
    browser.post("/login", &fields);
    appliance.advance(31 * 24 * 60 * MINUTE);
    assert!(!is_in(&browser), "thirty-one days of rest");
}

#[test]
fn a_page_that_renews_itself_keeps_no_session_alive() {
    let appliance = Within::start();
    let browser = appliance.administrator();
    for _ in 0..31 {
        appliance.advance(MINUTE);
        browser.get("/traffic/live?live=on");
    }
    assert!(!is_in(&browser));
}

#[test]
fn what_was_ended_is_not_brought_back_by_a_request_under_way() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let cookie = browser.cookie();
    browser.submit("/logout", &[]);
    browser.plant(&cookie);
    // An action would leave a notice in the session.
    let page = browser.post("/team/authentication/scim/turn-off", &[]);
    assert_eq!((page.status, page.location.as_str()), (303, "/login"));
    browser.plant(&cookie);
    assert!(!is_in(&browser));
}

//! `/settings/operators`: who owns the appliance.

use scimlab::model::Role;

use crate::browser::{Appliance, EMAIL};

const HERE: &str = "/settings/operators";
const OTHER: &str = "grace@example.com";

#[test]
fn operators_are_added_and_removed_and_the_last_one_stays() {
    let appliance = Appliance::with_people(&[(OTHER, &[Role::Developer])]);
    let browser = appliance.administrator();
    let page = browser.open(HERE);
    page.says(EMAIL)
        .says("Can sign in")
        .says("The only one who can sign in");
    assert!(
        page.links(&format!("{HERE}/")).is_empty(),
        "nobody to remove"
    );
    for (email, said) in [
        ("nobody@example.com", "Nobody signs in with this address."),
        (EMAIL, "This person is an operator already."),
        ("<b>", "Nobody signs in with this address."),
    ] {
        let page = browser.post(HERE, &[("email", email)]);
        assert_eq!(page.status, 422, "{email}");
        page.says(said).says_not("<b>");
    }
    let grace = appliance.person(OTHER);
    assert_eq!(grace.get("/settings/teams").status, 403);
    browser
        .submit(HERE, &[("email", " GRACE@example.com ")])
        .says("is an operator now.")
        .says(OTHER);
    assert_eq!(grace.get("/settings/teams").status, 200, "at once");
    let again = browser.post(HERE, &[("email", OTHER)]);
    assert_eq!(again.status, 422, "a double submit does nothing twice");
    let remove = browser.open(HERE).links(&format!("{HERE}/"));
    assert_eq!(remove.len(), 2);
    let own = remove.iter().find(|link| link.contains("/1/")).unwrap();
    browser.open(own).says("as operator?").says(EMAIL);
    let gone = browser.post(own, &[]);
    assert_eq!(
        gone.location, "/team/members",
        "not a page that is closed now"
    );
    browser
        .open("/team/members")
        .says("is no operator any more.");
    assert_eq!(browser.get(HERE).status, 403);
    let last = grace.open(HERE);
    last.says("The only one who can sign in");
    let other = remove.iter().find(|link| *link != own).unwrap();
    grace
        .submit(other, &[])
        .says("is the only operator who can sign in");
    // All of it is in the record of the first team.
    browser
        .open("/team/audit")
        .says("Added Operator")
        .says("Removed Operator");
    for odd in [
        "/settings/operators/x/remove",
        "/settings/operators/999/remove",
    ] {
        assert_eq!(grace.get(odd).status, 404, "{odd}");
    }
}

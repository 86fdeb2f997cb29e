//! `/team/authentication/domains`: adding, marking as verified, deleting, and what a verified one changes.

use crate::browser::{Appliance, KEY};

const HERE: &str = "/team/authentication/domains";
const EVIL: &str = "<script>alert(1)</script>.example";

#[test]
fn a_domain_is_added_verified_by_hand_and_deleted() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open(HERE)
        .says("No domains yet")
        .says("What a verified domain changes");
    let page = browser.submit(&format!("{HERE}/new"), &[("name", " Contoso.Example. ")]);
    page.says("<h1>contoso.example</h1>")
        .says("UNVERIFIED")
        .says("value=\"scimlab-domain-verification=")
        .says("This appliance asks no name server.")
        .says("Verify Later");
    browser
        .open(HERE)
        .says("contoso.example</a>")
        .says("UNVERIFIED");
    let here = format!("{HERE}/contoso.example");
    let page = browser.submit(&format!("{here}/verify"), &[]);
    page.says("contoso.example is verified, by hand.")
        .says("marked by hand; DNS was not asked")
        .says_not("UNVERIFIED")
        .says_not("Mark as verified");
    browser.submit(&format!("{here}/verify"), &[]);
    browser.open(HERE).says("marked by ");
    browser
        .open(&format!("{here}/delete"))
        .says("Delete contoso.example?")
        .says("It counts as unverified at once");
    browser
        .submit(&format!("{here}/delete"), &[])
        .says("contoso.example is deleted.")
        .says("No domains yet");
    for (method, end) in [("GET", ""), ("GET", "/delete"), ("POST", "/verify")] {
        let path = format!("{here}{end}");
        let own = [("Sec-Fetch-Site", "same-origin")];
        assert_eq!(browser.send(method, &path, &own, &[]).status, 404, "{path}");
    }
}

#[test]
fn what_is_no_domain_is_refused_at_the_field_and_stays_there() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let new = format!("{HERE}/new");
    for (typed, shown) in [
        ("localhost", "localhost"),
        ("ada@example.com", "ada@example.com"),
        (EVIL, "&#60;script&#62;alert(1)&#60;/script&#62;.example"),
        ("", ""),
    ] {
        let page = browser.post(&new, &[("name", typed)]);
        assert_eq!(page.status, 422, "{typed}");
        page.says("id=\"name-error\"")
            .says("Enter a domain such as example.com")
            .says(&format!("value=\"{shown}\""));
    }
    browser.submit(&new, &[("name", "example.com")]);
    // A double click leads to the one domain.
    let page = browser.submit(&new, &[("name", "EXAMPLE.com")]);
    page.says("<h1>example.com</h1>");
    let page = browser.submit(&new, &[("name", "b\u{fc}cher.example")]);
    page.says("<h1>b\u{fc}cher.example</h1>");
    browser
        .submit(&format!("{HERE}/b%C3%BCcher.example/verify"), &[])
        .says("b\u{fc}cher.example is verified, by hand.");
}

#[test]
fn the_page_says_what_the_present_profile_makes_of_it_and_so_it_is() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open(HERE)
        .says("because the profile standard lets every one of them join at once");
    browser.submit("/team/authentication/profile/preset?preset=postman", &[]);
    browser
        .open(HERE)
        .says("an existing account with an address in the domain joins at once")
        .says("SCIM may change a member&#39;s userName to an address in the domain");
    let user = |name: &str| {
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{name}","active":true}}"#
        )
    };
    let (status, made) = appliance.scim(KEY, "POST", "/Users", &user("bea@contoso.example"));
    assert_eq!(status, 201, "{made}");
    let id = made.split("\"id\":\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let rename = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"userName","value":"bea@fabrikam.example"}]}"#;
    let path = format!("/Users/{id}");
    let patch = || appliance.scim(KEY, "PATCH", &path, rename).0;
    assert_eq!(patch(), 400, "not verified yet");
    browser.submit(&format!("{HERE}/new"), &[("name", "fabrikam.example")]);
    assert_eq!(patch(), 400, "claimed only");
    browser.submit(&format!("{HERE}/fabrikam.example/verify"), &[]);
    assert_eq!(patch(), 200);
}

#[test]
fn a_domain_that_another_team_verified_stays_its_own() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser.submit(&format!("{HERE}/new"), &[("name", "contoso.example")]);
    browser.submit(&format!("{HERE}/contoso.example/verify"), &[]);
    browser.submit("/settings/teams/new", &[("name", "Other")]);
    browser.open(HERE).says("No domains yet");
    browser.submit(&format!("{HERE}/new"), &[("name", "contoso.example")]);
    browser
        .submit(&format!("{HERE}/contoso.example/verify"), &[])
        .says("Another team of this appliance has verified contoso.example.")
        .says("UNVERIFIED");
}

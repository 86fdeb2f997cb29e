//! `/okta/profile-editor`: attributes are added, edited and deleted, and stand where people and mappings are edited.

use crate::browser::Appliance;
use crate::okta::{app, org, person};

#[test]
#[expect(clippy::too_many_lines, reason = "one walk from first to last")]
fn attributes_are_added_used_and_deleted() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    org(&browser, "Contoso", "contoso");
    let ann = person(&browser, "Ann", "Doe", "ann@contoso.example");
    let test = app(&browser, "scim2headerauth", "Test App");
    browser
        .open("/okta/profile-editor")
        .says("User (default)")
        .says("31 attributes, 0 of them custom")
        .says("Test App User");
    let user = "/okta/profile-editor/user";
    browser
        .open(&format!("{user}?q=countrycode"))
        .says("countryCode")
        .says("at most 2 characters")
        .says("Base");

    let form = format!("{user}/new");
    browser
        .open(&form)
        .says("Variable name")
        .says("string array");
    let typed = |name: &'static str, kind: &'static str, members: &'static str| {
        [
            ("type", kind),
            ("title", "Shirt <size>"),
            ("name", name),
            ("description", "Of a T-shirt"),
            ("enum", members),
            ("minLength", ""),
            ("maxLength", ""),
            ("required", "no"),
            ("permission", "READ_WRITE"),
        ]
    };
    for (wrong, said) in [
        (typed("", "string", ""), "A variable name has letters"),
        (typed("firstName", "string", ""), "already exists"),
        (typed("size", "integer", "4\nmany"), "Many is no number"),
    ] {
        let page = browser.post(&form, &wrong);
        assert_eq!(page.status, 422, "{said}");
        page.says(said).says("aria-invalid=\"true\"");
    }
    let mut wrong = typed("shirt", "string", "");
    wrong[5].1 = "x";
    let page = browser.post(&form, &wrong);
    assert_eq!(page.status, 422);
    page.says("Enter a whole number");
    browser.submit(&form, &typed("shirt", "string", "S\r\nM\r\nL"));
    let page = browser.post(&form, &typed("shirt", "string", ""));
    assert_eq!(page.status, 422);
    page.says("an attribute of this name already");
    browser
        .open(&format!("{user}?q=shirt"))
        .says("Shirt &#60;size&#62;")
        .says("string, one of 3")
        .says("Custom");

    // On the person's page, as a drop-down.
    let edit = format!("{ann}/edit");
    browser
        .open(&edit)
        .says("Shirt &#60;size&#62;")
        .says("<option value=\"M\"");
    browser.submit(&edit, &[("custom.shirt", "M")]);
    browser.open(&ann).says("shirt").says(">M<");
    let page = browser.post(&edit, &[("custom.shirt", "XL")]);
    assert_eq!(page.status, 422);
    page.says("Shirt: The value is not one of those allowed");

    // In a mapping; what uses it keeps it.
    let attribute = format!("{test}/profile/new");
    browser.open(&attribute).says("External name");
    let fields = [
        ("type", "string"),
        ("title", "Shirt"),
        ("name", "shirtSize"),
        ("externalName", "shirt"),
        ("externalNamespace", "urn:example:1.0:User"),
        ("required", "no"),
        ("personal", "no"),
    ];
    let mut wrong = fields;
    wrong[3].1 = "emails.^[";
    let page = browser.post(&attribute, &wrong);
    assert_eq!(page.status, 422);
    page.says("aria-invalid=\"true\"");
    browser.submit(&attribute, &fields);
    browser
        .open(&format!("{test}/profile?q=shirt"))
        .says("shirtSize")
        .says("Custom");
    let mapping = format!("{test}/provisioning/mappings/shirtSize");
    browser.submit(
        &mapping,
        &[("expression", "user.shirt"), ("apply", "update")],
    );
    browser
        .open(&format!("{test}/provisioning?person=ann@contoso.example"))
        .says("user.shirt")
        .says("<bdi>M</bdi>");
    let at = format!("{user}/attributes/shirt");
    browser
        .open(&format!("{at}/delete"))
        .says("Everybody&#39;s value goes with it.");
    browser
        .submit(&format!("{at}/delete"), &[])
        .says("used by the mapping of shirtSize of Test App");
    let of_app = format!("{test}/profile/attributes/shirtSize");
    browser
        .open(&format!("{of_app}/edit"))
        .says("value=\"shirt\"");
    let mut saved = fields.to_vec();
    saved[1].1 = "Shirt at the app";
    browser.submit(&format!("{of_app}/edit"), &saved);
    browser
        .open(&format!("{test}/profile?q=shirt"))
        .says("Shirt at the app");
    browser.open(&format!("{of_app}/delete"));
    browser
        .submit(&format!("{of_app}/delete"), &[])
        .says("Shirt at the app is deleted.");

    browser.open(&format!("{at}/edit")).says("Of a T-shirt");
    let mut required = typed("", "", "S\nM").to_vec();
    required[7].1 = "yes";
    browser.submit(&format!("{at}/edit"), &required);
    browser
        .open("/okta/people/new")
        .says("Shirt &#60;size&#62;");
    let nameless = [
        ("firstName", "Bob"),
        ("lastName", "Roe"),
        ("login", "bob@contoso.example"),
        ("email", "bob@contoso.example"),
    ];
    let page = browser.post("/okta/people/new", &nameless);
    assert_eq!(page.status, 422);
    page.says("Shirt: The field cannot be left blank")
        .says("value=\"bob@contoso.example\"");
    let mut whole = nameless.to_vec();
    whole.push(("custom.shirt", "S"));
    assert_eq!(browser.post("/okta/people/new", &whole).status, 303);
    browser
        .submit(&format!("{at}/delete"), &[])
        .says("is deleted.");
    browser.open(&ann).says_not(">M<");
    browser
        .open(&format!("{user}?q=shirt"))
        .says_not("Custom</td>");
}

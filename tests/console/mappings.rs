//! `/entra/applications/{application}/provisioning/mappings`: the mapping editor, its preview, and scoping filters.

use crate::browser::{Appliance, Browser, Page};
use crate::entra::application;

const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

fn mappings(browser: &Browser) -> String {
    format!("{}/provisioning/mappings", application(browser))
}

/// The value of a hidden field.
fn hidden(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&start).expect("the field is there");
    rest.split('"').next().unwrap().to_owned()
}

fn user_named(browser: &Browser, name: &str) -> String {
    let page = browser.open(&format!("/entra/users?q={name}"));
    let mut links = page.links("/entra/users/").into_iter();
    let address = links.find(|link| link.len() > 40).unwrap();
    address.rsplit('/').next().unwrap().to_owned()
}

/// A form of *Edit Attribute*.
fn typed<'a>(
    revision: &'a str,
    step: &'a str,
    (kind, text): (&'a str, &'a str),
    target: &'a str,
) -> Vec<(&'static str, &'a str)> {
    vec![
        ("revision", revision),
        ("step", step),
        ("type", kind),
        ("source", text),
        ("expression", text),
        ("constant", text),
        ("target", target),
        ("match", "no"),
        ("apply", "Always"),
    ]
}

#[test]
fn the_mappings_are_listed_by_their_portal_names() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = mappings(&browser);
    let page = browser.open(&here);
    page.says("Synchronize Microsoft Entra users to Postman")
        .says("Synchronize Microsoft Entra groups to Postman")
        .says("4 attributes")
        .says("All assigned users")
        .says("Create, Update, Delete");
    // The tab of the application and the Provisioning page lead here.
    let app = application(&browser);
    browser.open(&app).says(&here);
    let provisioning = browser.open(&format!("{app}/provisioning"));
    provisioning
        .says(&format!("{here}/users"))
        .says(&format!("{here}/groups"));
    assert_eq!(browser.get(&format!("{here}/devices")).status, 404);
}

#[test]
fn every_row_shows_what_it_gives_for_the_chosen_person_and_the_requests() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = format!("{}/users", mappings(&browser));
    let babs = user_named(&browser, "bjensen");
    let page = browser.open(&format!("{here}?person={babs}"));
    page.says("Value for <bdi>Babs Jensen</bdi>")
        .says("<bdi>bjensen@example.com</bdi>")
        .says("<bdi>Jensen</bdi>")
        .says("Matching precedence 1")
        .says("</span> /Users?filter=userName+eq+%22bjensen%40example.com%22")
        .says("</span> /Users</code>")
        .says("</span> /Users/{id}</code>")
        .says("PatchOp");
    // The choice stays in the links of the page.
    page.says(&format!("attributes/0?person={babs}"));
    let found = browser.open(&format!("{here}?q=kathy&person={babs}"));
    found
        .says("Kathy Jensen")
        .says("Value for <bdi>Babs Jensen</bdi>");
    let nobody = browser.open(&format!("{here}?q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E"));
    nobody
        .says("Nothing matches.")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    // Nobody chosen, or somebody who is gone: there is a preview all the same.
    for person in [
        "",
        "?person=nobody",
        "?person=00000000-0000-4000-8000-000000000000",
    ] {
        browser.open(&format!("{here}{person}")).says("Value for ");
    }
    let groups = browser.open(&here.replace("/users", "/groups"));
    groups.says("Value for ").says("members, ").says("/Groups");
}

#[test]
fn a_wrong_mapping_is_refused_at_its_field_and_the_old_one_stays() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = format!("{}/users", mappings(&browser));
    let row = format!("{here}/attributes/3");
    let form = browser.open(&row);
    form.says("Not([IsSoftDeleted])").says("Expression builder");
    let revision = hidden(&form, "revision");
    let text = "Join(\" \",\n  [givenName] [surname]) <b>";
    let wrong = browser.post(
        &row,
        &typed(&revision, "save", ("Expression", text), "active"),
    );
    assert_eq!(wrong.status, 422);
    wrong
        .says("Line 2, column 15")
        .says("<mark>")
        .says("aria-invalid")
        .says("&#60;b&#62;")
        .says("The old mapping stays.");
    for (kind, source, target, said) in [
        ("Direct", "", "title", "Choose the source attribute."),
        ("Expression", "Foo([mail])", "title", "Line 1, column 1"),
        ("Direct", "mail", "userName", "is mapped twice"),
        (
            "Direct",
            "mail",
            "two words",
            "Attribute names have letters",
        ),
        ("Constant", "", "title", "Enter the constant value."),
        ("None", "", "title", "needs a default value"),
    ] {
        let fields = typed(&revision, "save", (kind, source), target);
        let page = browser.post(&format!("{here}/attributes/new"), &fields);
        assert_eq!(page.status, 422, "{kind} {source} {target}");
        page.says(said);
    }
    let mut twice = typed(&revision, "save", ("Direct", "mail"), "title");
    twice.retain(|(name, _)| *name != "match");
    twice.extend([("match", "yes"), ("precedence", "1")]);
    let page = browser.post(&format!("{here}/attributes/new"), &twice);
    assert_eq!(page.status, 422);
    page.says("Matching precedence 1 is used by");
    browser
        .open(&here)
        .says("Not([IsSoftDeleted])")
        .says_not("title</code>");
}

#[test]
fn a_test_shows_the_value_and_saves_nothing() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = format!("{}/users", mappings(&browser));
    let add = format!("{here}/attributes/new");
    let revision = hidden(&browser.open(&add), "revision");
    let test = |text: &str, person: &str| {
        let mut fields = typed(&revision, "test", ("Expression", text), "");
        fields.push(("person", person));
        browser.post(&add, &fields)
    };
    let page = test("Join(\" \", [givenName], [surname])", "bjensen@example.com");
    assert_eq!(page.status, 200);
    page.says("<bdi>Barbara Jensen</bdi>")
        .says("It reads")
        .says("value=\"bjensen@example.com\"");
    test("Join(\" \", [givenName", "kathy").says("Line 1, column ");
    test("IgnoreFlowIfNullOrEmpty([mobile])", "bjensen@example.com").says("Dropped:");
    test("[mobile]", "bjensen@example.com").says("Null:");
    test("[mail]", "nobody at all").says("Nobody here has this name");
    // Without a target attribute the default value and the flow count all the same.
    let mut unfinished = typed(&revision, "test", ("Direct", "mobile"), "");
    unfinished.retain(|(name, _)| *name != "apply");
    unfinished.extend([("apply", "ObjectAddOnly"), ("default", "no phone")]);
    browser
        .post(&add, &unfinished)
        .says("no phone</bdi>")
        .says("applies only during object creation");
    browser.open(&here).says_not("Join(");
}

#[test]
fn mappings_are_added_edited_and_deleted() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = format!("{}/users", mappings(&browser));
    let add = format!("{here}/attributes/new");
    let revision = hidden(&browser.open(&add), "revision");
    let fields = typed(&revision, "save", ("Direct", "jobTitle"), "title");
    browser
        .submit(&add, &fields)
        .says("The mapping is saved.")
        .says("The next cycle is an initial one.")
        .says("title</code>");
    let row = format!("{here}/attributes/4");
    // Whoever still has the page of before is told, and what was typed stays.
    let stale = browser.post(
        &row,
        &typed(&revision, "save", ("Constant", EVIL), "nickName"),
    );
    assert_eq!(stale.status, 422);
    stale
        .says("were changed meanwhile")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    let page = browser.open(&row);
    page.says("value=\"jobTitle\"");
    let revision = hidden(&page, "revision");
    let mut once = typed(&revision, "save", ("Direct", "department"), "title");
    once.retain(|(name, _)| *name != "apply");
    once.extend([("apply", "ObjectAddOnly"), ("default", "none yet")]);
    browser
        .submit(&row, &once)
        .says("Only during object creation")
        .says("none yet");
    let revision = hidden(&browser.open(&here), "revision");
    let delete = |row: usize| {
        let fields = [("revision", revision.as_str())];
        browser.submit(&format!("{here}/attributes/{row}/delete"), &fields)
    };
    delete(0)
        .says("No attribute matches objects")
        .says("userName</code>");
    delete(4)
        .says("The mapping is deleted.")
        .says_not("title</code>");
    // The page of before again.
    delete(3)
        .says("were changed meanwhile")
        .says("active</code>");
    assert_eq!(browser.get(&format!("{here}/attributes/99")).status, 404);
    assert_eq!(browser.get(&format!("{here}/attributes/x")).status, 404);
}

#[test]
fn groups_can_be_switched_off_and_users_cannot() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let base = mappings(&browser);
    let users = format!("{base}/users");
    let page = browser.open(&users);
    page.says("The mapping of users cannot be switched off.");
    let revision = hidden(&page, "revision");
    let fields = [("revision", revision.as_str()), ("create", "yes")];
    browser
        .submit(&users, &fields)
        .says("cannot be switched off");
    let groups = format!("{base}/groups");
    browser
        .submit(&groups, &fields)
        .says("The object mapping is saved.")
        .says("Disabled")
        .says("this object mapping is switched off");
    browser.open(&base).says("Disabled");
    let revision = hidden(&browser.open(&users), "revision");
    let fields = [
        ("revision", revision.as_str()),
        ("enabled", "yes"),
        ("update", "yes"),
    ];
    browser
        .submit(&users, &fields)
        .says("skipped if nothing is found")
        .says("Create is switched off");
}

/// A form of a scoping filter with one clause.
fn filter<'a>(
    revision: &'a str,
    step: &'a str,
    title: &'a str,
    (attribute, operator, value): (&'a str, &'a str, &'a str),
) -> Vec<(&'static str, &'a str)> {
    vec![
        ("revision", revision),
        ("step", step),
        ("title", title),
        ("attribute", attribute),
        ("operator", operator),
        ("value", value),
        ("attribute", ""),
        ("operator", "EQUALS"),
        ("value", ""),
    ]
}

#[test]
fn who_enters_and_who_leaves_is_shown_before_a_filter_is_saved() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let scope = format!("{}/users/scope", mappings(&browser));
    browser.open(&scope).says("No scoping filter");
    let new = format!("{scope}/new");
    let form = browser.open(&new);
    let revision = hidden(&form, "revision");
    for (title, clause, said) in [
        ("", ("country", "EQUALS", "USA"), "Give the filter a title."),
        ("x", ("country", "EQUALS", ""), "needs a value"),
        (
            "x",
            ("manager", "IS NULL", ""),
            "references are not supported",
        ),
        (
            "x",
            ("country", "REGEX MATCH", "("),
            "is not a regular expression",
        ),
        ("x", ("country", "IsMemberOf", "x"), "Choose an operator."),
        ("x", ("", "EQUALS", ""), "has no clauses"),
    ] {
        let page = browser.post(&new, &filter(&revision, "preview", title, clause));
        assert_eq!(page.status, 422, "{said}");
        page.says(said).says("The old filters stay.");
    }
    let more = browser.post(
        &new,
        &filter(&revision, "more", EVIL, ("city", "EQUALS", "x")),
    );
    assert_eq!(more.status, 200);
    more.says("Clause 5").says(EVIL_SHOWN).says_not(EVIL);

    let wanted = |step| {
        filter(
            &revision,
            step,
            EVIL,
            ("department", "EQUALS", "Tour Operations"),
        )
    };
    let question = browser.post(&new, &wanted("preview"));
    assert_eq!(question.status, 200);
    question
        .says("Leave")
        .says("Nothing is saved yet.")
        .says("The next cycle is an initial one")
        .says("Whoever leaves is disabled in the target")
        .says(EVIL_SHOWN)
        .says_not(EVIL);
    browser.open(&scope).says("No scoping filter");
    let back = browser.post(&new, &wanted("edit"));
    back.says("value=\"Tour Operations\"");
    browser
        .submit(&new, &wanted("save"))
        .says("is saved.")
        .says("department")
        .says("Tour Operations")
        .says_not(EVIL);
    let late = browser.post(&new, &wanted("save"));
    assert_eq!(late.status, 422);
    late.says("were changed meanwhile");

    let edit = browser.open(&format!("{scope}/0"));
    edit.says("value=\"Tour Operations\"").says(EVIL_SHOWN);
    let question = browser.open(&format!("{scope}/0/delete"));
    question.says("Enter").says("Delete the scoping filter");
    let revision = hidden(&question, "revision");
    browser
        .submit(&format!("{scope}/0/delete"), &[("revision", &revision)])
        .says("The scoping filter is deleted.")
        .says("No scoping filter");
    assert_eq!(browser.get(&format!("{scope}/0")).status, 404);
}

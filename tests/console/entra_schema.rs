//! `/entra/applications/{application}/provisioning/schema`: download, upload, restore, and the attribute list.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use scimlab::model::Role;
use serde_json::{Value as Json, json};

use crate::browser::{Appliance, Browser, Page};
use crate::entra::application;

fn schema(browser: &Browser) -> String {
    format!("{}/provisioning/schema", application(browser))
}

fn download(browser: &Browser, at: &str) -> Json {
    let page = browser.open(&format!("{at}/download"));
    serde_json::from_str(&page.body).unwrap()
}

fn version(json: &Json) -> String {
    json["version"].as_str().unwrap().to_owned()
}

/// The version that the page carries; empty before the first change.
fn revision(browser: &Browser, at: &str) -> String {
    let page = browser.open(at);
    let (_, rest) = page.body.split_once("name=\"revision\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn upload(browser: &Browser, at: &str, revision: &str, json: &Json) -> Page {
    let text = json.to_string();
    browser.upload(
        at,
        &[
            ("revision", "", revision.as_bytes()),
            ("file", "schema.json", text.as_bytes()),
            ("schema", "", b""),
        ],
    )
}

#[test]
fn a_schema_is_downloaded_changed_uploaded_and_the_defaults_restored() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let at = schema(&browser);
    browser
        .open(&at)
        .says("Restore default mappings")
        .says("Users are matched by mail only.")
        .says("ensure that the SAML and SCIM values used for user.email match");
    let mut json = download(&browser, &at);
    let mapping = &mut json["synchronizationRules"][0]["objectMappings"][0];
    assert_eq!(mapping["attributeMappings"].as_array().unwrap().len(), 4);
    mapping["note"] = json!("kept");
    mapping["attributeMappings"][0]["source"] =
        json!({"name": "userPrincipalName", "type": "Attribute"});
    let answer = upload(&browser, &at, &revision(&browser, &at), &json);
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
        .open(&at)
        .says("The schema is replaced.")
        .says("Nothing: none of the known mistakes is in these mappings.")
        .says("Increment:1");
    let changed = download(&browser, &at);
    let mapping = &changed["synchronizationRules"][0]["objectMappings"][0];
    assert_eq!(mapping["note"], "kept");
    assert_eq!(
        mapping["attributeMappings"][0]["source"]["expression"],
        "[userPrincipalName]"
    );

    // Somebody who saw the first version does not overwrite the second.
    upload(&browser, &at, "", &json);
    browser
        .open(&at)
        .says("Somebody else changed the mappings in the meantime.");
    assert_eq!(version(&download(&browser, &at)), version(&changed));

    let ask = browser.open(&format!("{at}/restore"));
    ask.says("The mappings become those of Postman (May 2025) again.");
    let (_, rest) = ask.body.split_once("/schema/restore?revision=").unwrap();
    let seen = rest.split_once('"').unwrap().0.to_owned();
    let answer = browser.post(&format!("{at}/restore?revision={seen}"), &[]);
    assert_eq!(answer.status, 303);
    browser
        .open(&at)
        .says("The default mappings are restored.")
        .says("Users are matched by mail only.");
}

#[test]
fn a_wrong_schema_changes_nothing_and_names_every_place() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let at = schema(&browser);
    let good = download(&browser, &at);
    let mut json = good.clone();
    let rows = "/synchronizationRules/0/objectMappings/0/attributeMappings";
    *json.pointer_mut(&format!("{rows}/3/source")).unwrap() =
        json!({"type": "Function", "expression": "Not([IsSoftDeleted]"});
    *json.pointer_mut(&format!("{rows}/1/flowType")).unwrap() = json!("<b>never</b>");
    let answer = upload(&browser, &at, "", &json);
    assert_eq!(answer.status, 422);
    answer
        .says("It has 2 problems. Nothing was changed.")
        .says("synchronizationRules[0].objectMappings[0].attributeMappings[3].source.expression")
        .says("column 20")
        .says("&#60;b&#62;never&#60;/b&#62;");
    assert_eq!(download(&browser, &at), good);
    let page = browser.upload(&at, &[("schema", "", b"{\"<x>\"")]);
    assert_eq!(page.status, 422);
    page.says("this is not JSON").says("{&#34;&#60;x&#62;&#34;");
    let page = browser.upload(&at, &[("file", "x.json", b"\xff\xfe")]);
    page.says("the file is not UTF-8 text");
    let page = browser.upload(&at, &[]);
    page.says("choose a file, or paste its content");
}

#[test]
fn the_attribute_list_follows_the_rules_of_the_service() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let at = schema(&browser);
    let list = format!(
        "{}/provisioning/mappings/users/attribute-list",
        application(&browser)
    );
    browser
        .open(&list)
        .says("Edit attribute list for Postman")
        .says("Primary key, Required, Exact case");
    let custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User:badge";
    let revision = revision(&browser, &at);
    let fields = |name: &'static str, kind: &'static str| {
        [
            ("revision", ""),
            ("was", ""),
            ("name", name),
            ("type", kind),
        ]
    };
    assert_eq!(revision, "");
    for (name, kind, said) in [
        (
            "badge",
            "String",
            "Name a custom attribute urn:ietf:params:scim:schemas:extension:YourName:2.0:User:attribute",
        ),
        (custom, "Boolean", "A custom attribute is of type String"),
        ("USERNAME", "String", "is in the list already"),
        ("<b>", "String", "&#60;b&#62;"),
        ("roles", "Text", "Choose a type of the list."),
        ("roles", "Reference", "Name what it refers to"),
    ] {
        let page = browser.post(&format!("{list}/new"), &fields(name, kind));
        assert_eq!(page.status, 422, "{name}");
        page.says(said);
    }
    let answer = browser.post(&format!("{list}/new"), &fields(custom, "String"));
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, list.as_str())
    );
    browser
        .open(&format!("{list}?q=badge"))
        .says("The attribute list is saved.")
        .says(custom)
        .says("1 attribute");

    // The form that was drawn before is stale now.
    let page = browser.post(&format!("{list}/new"), &fields("ims", "String"));
    assert_eq!(page.status, 422);
    page.says("Somebody else changed the mappings in the meantime.");

    let form = browser.open(&format!("{list}/edit?name={custom}"));
    form.says("value=\"urn:ietf:params:scim:schemas:extension:Contoso:2.0:User:badge\"");
    let seen = self::revision(&browser, &at);
    let change = [
        ("revision", seen.as_str()),
        ("was", custom),
        ("name", custom),
        ("type", "String"),
        ("case_exact", "yes"),
    ];
    assert_eq!(browser.post(&format!("{list}/edit"), &change).status, 303);
    browser.open(&format!("{list}?q=badge")).says("Exact case");
    let json = download(&browser, &at);
    let object = &json["directories"][1]["objects"][0];
    let is_it = |attribute: &&Json| attribute["name"] == custom;
    let found = object["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .find(is_it)
        .unwrap();
    assert_eq!(
        (&found["caseExact"], &found["required"]),
        (&json!(true), &json!(false))
    );

    browser
        .open(&format!("{list}/edit?name=userName"))
        .says("is mapped; delete its mapping first");
    let seen = self::revision(&browser, &at);
    let gone = [("revision", seen.as_str()), ("was", custom)];
    assert_eq!(browser.post(&format!("{list}/remove"), &gone).status, 303);
    browser
        .open(&format!("{list}?q=badge"))
        .says("The attribute is deleted from the list.");
    assert_eq!(
        browser.get(&format!("{list}/edit?name={custom}")).status,
        404
    );
    assert_eq!(
        browser.get(&list.replace("/users/", "/people/")).status,
        404
    );
}

/// An upload arrives as slowly as its sender likes, and counts for what the sender may when it has arrived.
#[test]
fn who_is_no_operator_any_more_replaces_no_schema_with_an_upload_begun_before() {
    const OTHER: &str = "grace@example.com";
    let appliance = Appliance::with_people(&[(OTHER, &[Role::Developer])]);
    let browser = appliance.administrator();
    browser.submit("/settings/operators", &[("email", OTHER)]);
    let grace = appliance.person(OTHER);
    let at = schema(&browser);
    let before = download(&browser, &at);
    let mut json = before.clone();
    let mapping = &mut json["synchronizationRules"][0]["objectMappings"][0];
    mapping["name"] = json!("Not by her");

    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n{json}\r\n--b--\r\n"
    );
    let (first, rest) = body.split_at(body.len() / 2);
    let host = appliance.url.strip_prefix("http://").unwrap();
    let mut slow = TcpStream::connect(host).unwrap();
    write!(
        slow,
        "POST {at} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{first}",
        grace.cookie(),
        body.len()
    )
    .unwrap();
    let remove = browser
        .open("/settings/operators")
        .links("/settings/operators/");
    let hers = remove.iter().find(|link| !link.contains("/1/")).unwrap();
    browser.submit(hers, &[]).says("is no operator any more.");
    slow.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    assert!(download(&browser, &at) == before, "she replaced it");

    // The same file from somebody who still is one.
    let answer = upload(&browser, &at, &revision(&browser, &at), &json);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_ne!(download(&browser, &at), before);
}

#[test]
fn the_schema_of_an_inbound_job_is_uploaded_and_restored_as_what_it_is() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let fields = [("template", "api2aad-2024"), ("name", "HR")];
    let made = browser.post("/entra/gallery", &fields);
    assert_eq!(made.status, 303, "{}", made.body);
    let at = format!("{}/schema", made.location);
    browser
        .open(&at)
        .says("API-driven provisioning to Microsoft Entra ID");
    let mut json = download(&browser, &at);
    let rule = &mut json["synchronizationRules"][0];
    assert_eq!(rule["targetDirectoryName"], "Microsoft Entra ID");
    let mappings = &mut rule["objectMappings"][0]["attributeMappings"];
    let before = mappings.as_array().unwrap().len();
    mappings.as_array_mut().unwrap().pop();
    let answer = upload(&browser, &at, &revision(&browser, &at), &json);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let mapped = |json: &Json| {
        let mappings = &json["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"];
        mappings.as_array().unwrap().len()
    };
    assert_eq!(mapped(&download(&browser, &at)), before - 1);
    let restore = format!(
        "{at}/restore?revision={}",
        version(&download(&browser, &at)).replace(' ', "%20")
    );
    assert_eq!(browser.post(&restore, &[]).status, 303);
    assert_eq!(mapped(&download(&browser, &at)), before);
}

//! An API-driven provisioning application, page by page: what it has, and what it says of what it has not.

use serde_json::Value;

use crate::browser::{Appliance, Browser};

const CODE: &str = "urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode";

/// A fresh application; the address of its *Provisioning* tab.
fn made(browser: &Browser) -> String {
    let fields = [("template", "api2aad-2024"), ("name", "HR")];
    browser.post("/entra/gallery", &fields).location
}

#[test]
fn the_landing_page_has_the_endpoint_the_job_id_and_the_buttons_of_the_portal() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    browser
        .open("/entra/gallery")
        .says("API-driven provisioning to Microsoft Entra ID");
    let tab = made(&browser);
    let page = browser.open(&tab);
    page.says("Provisioning API endpoint")
        .says("/bulkUpload")
        .says("Job ID")
        .says("API2AAD.")
        .says("Start provisioning")
        .says("View provisioning logs")
        .says("Nothing was uploaded yet")
        .says_not("Tenant URL")
        .says_not("Secret Token")
        .says_not("Provision on demand")
        .says_not("Run a cycle now");
    browser
        .submit(&format!("{tab}/start"), &[])
        .says("Stop provisioning");
    browser
        .open(&format!("{tab}/restart"))
        .says("Uploads that wait are worked off first.");
    browser.submit(&format!("{tab}/stop"), &[]);
    browser
        .open(&format!("{tab}/restart"))
        .says("Uploads that wait are thrown away");
    browser
        .submit(&format!("{tab}/restart"), &[])
        .says("Provisioning is restarted.");
    let notification = format!("{tab}/notification");
    browser
        .post(&notification, &[("notification_email", "nobody")])
        .says("Enter an e-mail address such as admin@example.com");
    browser
        .submit(
            &notification,
            &[("notification_email", "hr@x.example"), ("notify", "yes")],
        )
        .says("hr@x.example");
}

#[test]
fn what_an_inbound_job_has_not_is_refused_with_a_sentence() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let tab = made(&browser);
    for page in ["on-demand", "drift", "drift/live", "allow-deletes"] {
        let page = browser.get(&format!("{tab}/{page}"));
        assert_eq!(page.status, 403);
        page.says("is not available for API-driven provisioning");
    }
    let app = tab.trim_end_matches("/provisioning");
    for (page, name) in [
        ("users-and-groups", "Users and groups"),
        ("users-and-groups/add", "Users and groups"),
        ("app-roles", "App roles"),
        ("app-roles/new", "App roles"),
    ] {
        let page = browser.get(&format!("{app}/{page}"));
        assert_eq!(page.status, 403);
        page.says(&format!(
            "The tab {name} is not available for API-driven provisioning"
        ));
    }
    for page in [
        "mappings/groups",
        "mappings/groups/scope",
        "mappings/groups/scope/new",
        "mappings/groups/attributes/0",
        "mappings/groups/attributes/new",
        "mappings/groups/attribute-list",
        "mappings/groups/attribute-list/new",
    ] {
        let page = browser.get(&format!("{tab}/{page}"));
        assert_eq!(page.status, 403);
        page.says("there is no mapping of groups");
    }
    // Nor is anything of it changed by a request without a page.
    let role = [("display_name", "Boss"), ("enabled", "Yes")];
    for (address, fields) in [
        (format!("{app}/app-roles/new"), &role[..]),
        (
            format!("{tab}/mappings/groups/attributes/0/delete"),
            &[("revision", "x")][..],
        ),
    ] {
        let refused = browser.post(&address, fields);
        assert_ne!(refused.status, 200, "{address}");
        let said = match refused.status {
            303 => browser.get(&refused.location),
            _ => refused,
        };
        said.says("API-driven provisioning");
    }
    let fields = [
        ("tenant_url", "http://127.0.0.1:9/scim/v2"),
        ("secret_token", "x"),
    ];
    browser
        .submit(&format!("{tab}/credentials"), &fields)
        .says("is not available for API-driven provisioning")
        .says("Provisioning API endpoint");
}

#[test]
fn a_change_of_the_mappings_counts_for_what_is_worked_off_next_and_no_cycle_is_promised() {
    const AFTER: &str = "It counts for every upload that is worked off from now on.";
    const BEFORE: &str = "A change counts for every upload that is worked off after it.";
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let tab = made(&browser);
    let mapping = format!("{tab}/mappings/users");
    for page in [format!("{tab}/mappings"), format!("{mapping}/attributes/2")] {
        browser.open(&page).says(BEFORE).says_not("initial one");
    }
    let page = browser.open(&mapping);
    page.says(AFTER).says_not("initial one");
    // What is uploaded deletes nobody, so there is no box for it; and nothing is sent anywhere.
    page.says("id=\"create\"").says("id=\"update\"");
    page.says_not("id=\"delete\"").says_not("Show the request");
    page.says_not("Worth looking at");
    let revision = page.hidden("revision");
    let switches = [
        ("revision", revision.as_str()),
        ("enabled", "yes"),
        ("update", "yes"),
        ("delete", &page.hidden("delete")),
    ];
    let saved = browser.submit(&mapping, &switches);
    saved.says(AFTER).says_not("initial one");
    saved.says("it is updated with what differs; else it is skipped.");
    browser
        .open(&format!("{tab}/mappings"))
        .says("<td>Update</td>");
    let revision = saved.hidden("revision");
    let gone = [("revision", revision.as_str())];
    browser
        .submit(&format!("{mapping}/attributes/2/delete"), &gone)
        .says("The mapping is deleted.")
        .says(AFTER)
        .says_not("initial one");
    let schema = format!("{tab}/schema");
    browser.open(&schema).says_not("IsSoftDeleted");
    browser
        .open(&format!("{schema}/restore"))
        .says(AFTER)
        .says_not("initial one");
    browser
        .open(&format!("{tab}-logs"))
        .says("Every person of every upload leaves one here.");
}

#[test]
fn mappings_filters_and_schema_know_scim_attributes_and_custom_extensions() {
    let appliance = Appliance::empty();
    let browser = appliance.administrator();
    let tab = made(&browser);
    let mapping = format!("{tab}/mappings/users");
    browser
        .open(&mapping)
        .says("Sam Sample")
        .says("employeeId")
        .says("A user of the directory is looked for by employeeId 701000.");
    // The list of what clients upload takes an attribute of their own.
    let list = format!("{mapping}/attribute-list");
    browser.open(&list).says("Edit attribute list for API");
    let new = format!("{list}/new");
    let revision = browser.open(&new).hidden("revision");
    let fields = [
        ("revision", revision.as_str()),
        ("name", CODE),
        ("type", "String"),
    ];
    browser
        .submit(&new, &fields)
        .says("The attribute list is saved.")
        .says_not("initial one");
    let add = format!("{mapping}/attributes/new");
    let form = browser.open(&add);
    form.says(CODE);
    let expression = format!("Join(\"\", [title], \"(\", [{CODE}], \")\")");
    let revision = form.hidden("revision");
    let fields = [
        ("revision", revision.as_str()),
        ("type", "Expression"),
        ("expression", expression.as_str()),
        ("target", "extensionAttribute1"),
        ("match", "no"),
        ("apply", "Always"),
        ("step", "save"),
    ];
    browser.submit(&add, &fields).says("The mapping is saved.");
    let scope = format!("{mapping}/scope");
    browser
        .open(&scope)
        .says("everybody who is uploaded is in scope");
    let new = format!("{scope}/new");
    let revision = browser.open(&new).hidden("revision");
    let filter = [
        ("revision", revision.as_str()),
        ("step", ""),
        ("title", "Tours"),
        (
            "attribute",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ),
        ("operator", "EQUALS"),
        ("value", "Tour Operations"),
    ];
    browser
        .post(&new, &filter)
        .says("People of the latest uploads")
        .says_not("the target")
        .says_not("initial one");
    // The schema that is downloaded can be uploaded again, and is as clients of Microsoft expect it.
    let text = browser.open(&format!("{tab}/schema/download")).body;
    let schema: Value = serde_json::from_str(&text).unwrap();
    let tenant = ["Azure Active Directory", "Microsoft Entra ID"];
    let source = schema["directories"]
        .as_array()
        .unwrap()
        .iter()
        .find(|directory| !tenant.contains(&directory["name"].as_str().unwrap()))
        .unwrap();
    let user = source["objects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|object| object["name"] == "User")
        .unwrap();
    assert!(user.to_string().contains(CODE), "{user}");
    let mapped = schema["synchronizationRules"][0]["objectMappings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|m| m["sourceObjectName"] == "User" && m["targetObjectName"] == "User");
    assert!(mapped, "{schema:#}");
    let page = browser.open(&format!("{tab}/schema"));
    let revision = page.hidden("revision");
    let parts = [
        ("revision", "", revision.as_bytes()),
        ("file", "schema.json", text.as_bytes()),
    ];
    let back = browser.upload(&format!("{tab}/schema"), &parts);
    assert_eq!(back.status, 303, "{}", back.body);
    browser.open(&mapping).says("extensionAttribute1");
}

#[test]
fn the_environment_is_filled_in_for_a_client_that_may_upload() {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_ADMIN_EMAIL", crate::browser::EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", crate::browser::PASSWORD),
        ("SCIMLAB_ENTRA_CLIENT_SECRET", "preset-client-secret"),
    ]);
    let browser = appliance.administrator();
    let apps = browser.open("/entra/applications");
    let app = apps
        .links("/entra/applications/")
        .into_iter()
        .find(|app| browser.open(app).body.contains("Register a client"))
        .unwrap();
    let client = "5c10ab00-0000-4000-8000-000000007644";
    let file = browser.open(&format!("{app}/environment?client={client}"));
    assert!(file.header("content-disposition").contains("Test-API2AAD"));
    let read: Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(read["values"][0]["value"], client);
    assert_eq!(read["values"][1]["value"], "", "the secret was shown once");
    assert_eq!(
        browser.get(&format!("{app}/environment?client=x")).status,
        404
    );
}

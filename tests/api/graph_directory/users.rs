//! `/users` and what a person has to do with others.

use serde_json::{Value, json};

use super::{Graph, moment, names, person, reference, text};

#[test]
fn entra_6_7_a_person_is_made_read_changed_and_deleted() {
    let graph = Graph::start();
    let mut body = person("ann");
    body["businessPhones"] = json!(["+1 1"]);
    body["mobilePhone"] = json!("+1 2");
    body["employeeId"] = json!("701984");
    body["otherMails"] = json!(["ann@home.example"]);
    body["onPremisesExtensionAttributes"] = json!({ "extensionAttribute1": "x" });
    let made = graph.make("/users", &body);
    let id = text(&made["id"]);
    assert!(text(&made["@odata.context"]).ends_with("/graph/v1.0/$metadata#users/$entity"));
    assert_eq!(made["businessPhones"], json!(["+1 1"]));
    assert_eq!(made["mobilePhone"], "+1 2");

    for key in [id.as_str(), "ann@contoso.example", "ANN@contoso.example"] {
        let read = graph.get(&format!("/users/{key}"));
        assert_eq!(
            names(&read),
            [
                "@odata.context",
                "businessPhones",
                "displayName",
                "givenName",
                "id",
                "jobTitle",
                "mail",
                "mobilePhone",
                "officeLocation",
                "preferredLanguage",
                "surname",
                "userPrincipalName"
            ]
            .into()
        );
        assert_eq!(read["id"], id.as_str());
    }
    // The beta says more.
    let beta = graph
        .send("GET", &format!("/beta/users/{id}"), "")
        .into_body();
    assert_eq!(beta["employeeId"], "701984");
    assert_eq!(beta["accountEnabled"], true);
    assert_eq!(beta["otherMails"], json!(["ann@home.example"]));
    assert_eq!(
        beta["onPremisesExtensionAttributes"]["extensionAttribute1"],
        "x"
    );
    assert_eq!(beta["passwordProfile"], Value::Null, "write only");
    moment(&beta["createdDateTime"]);

    let path = format!("/users/{id}");
    graph.done(
        "PATCH",
        &path,
        &json!({
            "displayName": "Ann Other", "jobTitle": "Guide", "accountEnabled": false, "userType": "Guest",
            "mobilePhone": null, "businessPhones": [], "onPremisesExtensionAttributes": null,
        }),
    );
    let selected = "displayName,jobTitle,accountEnabled,userType,mobilePhone,businessPhones,onPremisesExtensionAttributes,assignedLicenses";
    let read = graph.get(&format!("{path}?$select={selected}"));
    assert!(text(&read["@odata.context"]).ends_with(&format!("#users({selected})/$entity")));
    assert_eq!(read["displayName"], "Ann Other");
    assert_eq!(read["jobTitle"], "Guide");
    assert_eq!(read["accountEnabled"], false);
    assert_eq!(read["userType"], "Guest");
    assert_eq!(read["mobilePhone"], Value::Null);
    assert_eq!(read["businessPhones"], json!([]));
    assert_eq!(
        read["onPremisesExtensionAttributes"]["extensionAttribute1"],
        Value::Null
    );
    assert_eq!(read["assignedLicenses"], json!([]), "a list is never null");
    assert_eq!(read.get("id"), None, "nobody asked for it");

    graph.done("DELETE", &path, &Value::Null);
    graph.refused("GET", &path, &Value::Null, 404, "Request_ResourceNotFound");
    assert!(graph.list("/users").is_empty());
}

#[test]
fn entra_6_7_a_manager_is_set_read_and_taken_away() {
    let graph = Graph::start();
    let (ann, bob) = (graph.user("ann", &json!({})), graph.user("bob", &json!({})));
    let manager = format!("/users/{ann}/manager");
    let of_manager = format!("{manager}/$ref");
    let told = graph.refused(
        "GET",
        &manager,
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );
    assert!(told.contains("'manager' does not exist"), "{told}");
    graph.done("PUT", &of_manager, &reference(&bob));
    let read = graph.get(&manager);
    assert_eq!(read["@odata.type"], "#microsoft.graph.user");
    assert_eq!(read["id"], bob.as_str());
    let address = text(&graph.get(&of_manager)["@odata.id"]);
    assert!(
        address.ends_with(&format!("/graph/v1.0/directoryObjects/{bob}")),
        "{address}"
    );
    assert_eq!(
        graph.each(&format!("/users/{bob}/directReports"), "id"),
        [ann.as_str()]
    );
    let expanded = graph.get(&format!(
        "/users/{ann}?$expand=manager($select=id,displayName)"
    ));
    assert_eq!(
        expanded["manager"],
        json!({ "@odata.type": "#microsoft.graph.user", "id": bob, "displayName": "bob" })
    );
    let listed =
        graph.list("/users?$expand=manager&$filter=userPrincipalName eq 'ann@contoso.example'");
    assert_eq!(listed[0]["manager"]["id"], bob.as_str());
    graph.done("DELETE", &of_manager, &Value::Null);
    graph.refused(
        "DELETE",
        &of_manager,
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );
    // One that is made with a manager.
    let mut body = person("cid");
    body["manager@odata.bind"] = json!(format!("https://graph.microsoft.com/v1.0/users/{bob}"));
    let cid = text(&graph.make("/users", &body)["id"]);
    assert_eq!(
        graph.get(&format!("/users/{cid}/manager"))["id"],
        bob.as_str()
    );
}

#[test]
fn entra_6_7_people_are_found_by_every_filter_that_scripts_use() {
    let graph = Graph::start();
    for (alias, more) in [
        (
            "ann",
            json!({ "displayName": "Ann Lee", "mail": "ann@contoso.example", "employeeId": "1", "department": "Rides" }),
        ),
        (
            "anton",
            json!({ "displayName": "Anton Ost", "mail": "shared@contoso.example", "accountEnabled": false }),
        ),
        (
            "bob",
            json!({ "displayName": "Bob O'Hara", "mail": "SHARED@contoso.example", "department": "Tours" }),
        ),
        (
            "cid",
            json!({ "displayName": "Cid Lee", "userType": "Guest" }),
        ),
    ] {
        graph.user(alias, &more);
    }
    let id = text(&graph.get("/users/bob@contoso.example")["id"]);
    for (filter, found) in [
        (format!("id eq '{id}'"), "bob"),
        ("userPrincipalName eq 'ANN@contoso.example'".into(), "ann"),
        ("mail eq 'shared@contoso.example'".into(), "anton bob"),
        ("employeeId eq '1'".into(), "ann"),
        ("startswith(userPrincipalName,'an')".into(), "ann anton"),
        ("startsWith(displayName,'an')".into(), "ann anton"),
        (
            "startswith(userPrincipalName,'an') and accountEnabled eq false".into(),
            "anton",
        ),
        (
            "endsWith(userPrincipalName,'b@contoso.example')".into(),
            "bob",
        ),
        ("endswith(mail,'@contoso.example')".into(), "ann anton bob"),
        ("accountEnabled eq true".into(), "ann bob cid"),
        ("accountEnabled ne true".into(), "anton"),
        ("userType eq 'Guest'".into(), "cid"),
        ("displayName eq 'Bob O''Hara'".into(), "bob"),
        ("displayName in ('Ann Lee','Cid Lee')".into(), "ann cid"),
        (
            "userPrincipalName in ('ann@contoso.example','cid@contoso.example')".into(),
            "ann cid",
        ),
        (
            format!("id eq '{id}' or mail eq 'ann@contoso.example'"),
            "ann bob",
        ),
        (
            "department eq 'Rides' or (department eq 'Tours' and mail ne null)".into(),
            "ann bob",
        ),
        ("not(department eq 'Rides')".into(), "anton bob cid"),
        ("mail eq null".into(), "cid"),
        (
            "department ne null and not startswith(displayName,'A')".into(),
            "bob",
        ),
        ("employeeId eq '2'".into(), ""),
        ("id eq 'nobody'".into(), ""),
    ] {
        let path = format!("/users?$filter={filter}&$count=true&$select=mailNickname");
        let body = graph.get(&path);
        let aliases = body["value"].as_array().unwrap();
        let aliases: Vec<_> = aliases
            .iter()
            .map(|user| text(&user["mailNickname"]))
            .collect();
        assert_eq!(aliases.join(" "), found, "{filter}");
        assert_eq!(body["@odata.count"], aliases.len(), "{filter}");
        let number = graph.get(&format!("/users/$count?$filter={filter}"));
        assert_eq!(number, aliases.len(), "{filter}");
    }
    assert_eq!(graph.get("/users/$count"), 4);
    let search = "/users?$search=\"displayName:lee\" OR \"displayName:ha\"&$select=mailNickname";
    assert_eq!(graph.each(search, "mailNickname"), ["ann", "bob", "cid"]);
    let ordered = "/users?$orderby=userPrincipalName desc&$top=3&$select=mailNickname";
    let page = graph.get(ordered);
    assert_eq!(page["value"][0]["mailNickname"], "cid");
    let next = text(&page["@odata.nextLink"]);
    let next = next.split_once("/graph/v1.0").unwrap().1;
    assert_eq!(graph.each(next, "mailNickname"), ["ann"]);
}

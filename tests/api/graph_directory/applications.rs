//! Templates, applications, service principals, and who is assigned to them.

use scimlab::model::GraphPermission;
use serde_json::{Value, json};

use super::{CLIENT, Graph, moment, text};

const NON_GALLERY: &str = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

#[test]
fn entra_6_7_an_application_is_made_of_a_template() {
    let graph = Graph::start();
    let all = graph.list("/applicationTemplates");
    assert!(all.iter().any(|one| one["id"] == NON_GALLERY));
    let name = "API-driven provisioning to Microsoft Entra ID";
    let found = graph.list(&format!(
        "/applicationTemplates?$filter=displayName eq '{name}'"
    ));
    assert_eq!(found.len(), 1);
    assert_eq!(
        graph.get(&format!("/applicationTemplates/{NON_GALLERY}"))["displayName"],
        "Custom"
    );
    for (template, prefix) in [
        (NON_GALLERY.to_owned(), "scim."),
        (text(&found[0]["id"]), "API2AAD."),
    ] {
        let path = format!("/applicationTemplates/{template}/instantiate");
        let made = graph.make(&path, &json!({ "displayName": format!("Made {prefix}") }));
        let (application, principal) = (&made["application"], &made["servicePrincipal"]);
        assert_eq!(application["appId"], principal["appId"]);
        assert_ne!(application["id"], principal["id"]);
        assert_eq!(principal["applicationTemplateId"], template.as_str());
        assert_eq!(principal["appRoles"][0]["displayName"], "User");
        moment(&principal["createdDateTime"]);
        let principal = text(&principal["id"]);
        let jobs = graph.lab("GET", "/jobs", &Value::Null);
        let jobs = jobs["jobs"].as_array().unwrap();
        let job = jobs
            .iter()
            .find(|job| job["servicePrincipalId"] == principal.as_str());
        assert!(text(&job.unwrap()["id"]).starts_with(prefix));
        let id = text(&application["id"]);
        assert_eq!(
            graph.get(&format!("/applications/{id}"))["displayName"],
            format!("Made {prefix}")
        );
        let app_id = text(&application["appId"]);
        assert_eq!(
            graph.get(&format!("/applications(appId='{app_id}')"))["id"],
            id.as_str()
        );
    }
    // App registrations are applications too.
    let clients = graph.list(&format!("/applications?$filter=appId eq '{CLIENT}'"));
    assert_eq!(clients.len(), 1);
    assert_eq!(
        clients[0]["passwordCredentials"][0]["secretText"],
        Value::Null
    );
    let missing = "/applicationTemplates/19930998-8617-4ea6-98ce-9a741eba5d9e/instantiate";
    graph.refused(
        "POST",
        missing,
        &json!({ "displayName": "x" }),
        404,
        "Request_ResourceNotFound",
    );
    let path = format!("/applicationTemplates/{NON_GALLERY}/instantiate");
    for body in [
        json!({}),
        json!({ "displayName": " " }),
        json!({ "displayName": 7 }),
    ] {
        graph.refused("POST", &path, &body, 400, "Request_BadRequest");
    }
}

#[test]
fn entra_6_7_service_principals_are_found_renamed_and_deleted() {
    let graph = Graph::start();
    let path = format!("/applicationTemplates/{NON_GALLERY}/instantiate");
    let made = graph.make(&path, &json!({ "displayName": "Ticket desk" }));
    let (id, app_id) = (
        text(&made["servicePrincipal"]["id"]),
        text(&made["servicePrincipal"]["appId"]),
    );
    for filter in [
        "displayName eq 'ticket desk'".to_owned(),
        "startswith(displayName,'Ticket')".to_owned(),
        // Microsoft's CSV2SCIM asks with whichever of both it was given.
        format!("id eq '{id}' or appId eq '{id}'"),
        format!("id eq '{app_id}' or appId eq '{app_id}'"),
    ] {
        let found = graph.list(&format!(
            "/servicePrincipals?$filter={filter}&$select=id,displayName&$top=5"
        ));
        assert_eq!(
            found,
            [json!({ "id": id, "displayName": "Ticket desk" })],
            "{filter}"
        );
    }
    let by_key = format!("/servicePrincipals(appId='{app_id}')");
    assert_eq!(graph.get(&by_key)["id"], id.as_str());
    graph.done(
        "PATCH",
        &by_key,
        &json!({ "displayName": "Desk", "notes": "ours" }),
    );
    let of_id = format!("/servicePrincipals/{id}");
    assert_eq!(graph.get(&of_id)["displayName"], "Desk");
    assert_eq!(graph.list(&format!("{of_id}/owners")), [] as [Value; 0]);
    let count = graph.get("/servicePrincipals/$count").as_u64().unwrap();
    let ordered = graph.each("/servicePrincipals?$orderby=displayName", "displayName");
    let mut sorted = ordered.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!((ordered.len() as u64, &ordered), (count, &sorted));
    graph.done("DELETE", &of_id, &Value::Null);
    graph.refused("GET", &of_id, &Value::Null, 404, "Request_ResourceNotFound");
    assert_eq!(graph.get("/servicePrincipals/$count"), count - 1);
}

#[test]
fn entra_6_7_people_and_groups_are_assigned_to_an_application() {
    let graph = Graph::start();
    let principal = graph.list("/servicePrincipals").remove(0);
    let id = text(&principal["id"]);
    let (ann, rides) = (graph.user("ann", &json!({})), graph.group("Rides"));
    let path = format!("/servicePrincipals/{id}/appRoleAssignedTo");
    let zero = "00000000-0000-0000-0000-000000000000";
    let wanted =
        |of: &str, role: &str| json!({ "principalId": of, "resourceId": id, "appRoleId": role });
    let made = graph.make(&path, &wanted(&ann, zero));
    assert_eq!(made["principalType"], "User");
    assert_eq!(made["principalDisplayName"], "ann");
    assert_eq!(made["resourceId"], id.as_str());
    assert_eq!(made["appRoleId"], zero);
    moment(&made["createdDateTime"]);
    let told = graph.refused(
        "POST",
        &path,
        &wanted(&ann, zero),
        400,
        "Request_BadRequest",
    );
    assert_eq!(
        told,
        "Permission being assigned already exists on the object"
    );
    assert_eq!(
        graph.make(&path, &wanted(&rides, zero))["principalType"],
        "Group"
    );
    assert_eq!(graph.each(&path, "principalId"), [ann.as_str(), &rides]);
    let filtered = format!("{path}?$filter=principalId eq {rides}&$count=true");
    assert_eq!(graph.get(&filtered)["@odata.count"], 1);
    let one = format!("{path}/{}", text(&made["id"]));
    assert_eq!(graph.get(&one)["principalId"], ann.as_str());
    graph.done("DELETE", &one, &Value::Null);
    graph.refused(
        "DELETE",
        &one,
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );
    assert_eq!(graph.each(&path, "principalId"), [rides.as_str()]);
    let none = "19930998-8617-4ea6-98ce-9a741eba5d9e";
    graph.refused(
        "POST",
        &path,
        &wanted(none, zero),
        404,
        "Request_ResourceNotFound",
    );
    let told = graph.refused(
        "POST",
        &path,
        &wanted(&ann, none),
        400,
        "Request_BadRequest",
    );
    assert!(told.contains("was not found on application"), "{told}");
    for body in [
        json!({ "resourceId": id, "appRoleId": zero }),
        json!({ "principalId": ann, "appRoleId": zero }),
        json!({ "principalId": ann, "resourceId": none, "appRoleId": zero }),
        json!({ "principalId": "x", "resourceId": id, "appRoleId": zero }),
    ] {
        graph.refused("POST", &path, &body, 400, "Request_BadRequest");
    }
}

#[test]
fn somebody_has_an_assignment_for_each_role() {
    let graph = Graph::start();
    let path = format!("/applicationTemplates/{NON_GALLERY}/instantiate");
    let made = graph.make(&path, &json!({ "displayName": "Desk" }));
    let (id, role) = (
        text(&made["servicePrincipal"]["id"]),
        text(&made["servicePrincipal"]["appRoles"][0]["id"]),
    );
    let ann = graph.user("ann", &json!({}));
    let path = format!("/servicePrincipals/{id}/appRoleAssignedTo");
    let body = json!({ "principalId": ann, "resourceId": id, "appRoleId": role });
    let assigned = graph.make(&path, &body);
    assert_eq!(graph.each(&path, "appRoleId"), [role.as_str()]);
    graph.done(
        "DELETE",
        &format!("{path}/{}", text(&assigned["id"])),
        &Value::Null,
    );
    assert!(graph.list(&path).is_empty());
}

#[test]
fn a_client_that_may_only_change_its_own_owns_what_it_makes() {
    let graph = Graph::with(&[GraphPermission::ApplicationReadWriteOwnedBy]);
    let path = format!("/applicationTemplates/{NON_GALLERY}/instantiate");
    let made = graph.make(&path, &json!({ "displayName": "Mine" }));
    let mine = format!(
        "/servicePrincipals/{}",
        text(&made["servicePrincipal"]["id"])
    );
    let owners = graph.list(&format!("{mine}/owners"));
    assert_eq!((owners.len(), &owners[0]["appId"]), (1, &json!(CLIENT)));
    assert_eq!(
        owners[0]["@odata.type"],
        "#microsoft.graph.servicePrincipal"
    );
    graph.done("PATCH", &mine, &json!({ "displayName": "Still mine" }));
    let others = graph.list("/servicePrincipals?$filter=displayName ne 'Still mine'");
    let theirs = format!("/servicePrincipals/{}", text(&others[0]["id"]));
    for (method, body) in [
        ("PATCH", json!({ "displayName": "x" })),
        ("DELETE", Value::Null),
    ] {
        graph.refused(method, &theirs, &body, 403, "Authorization_RequestDenied");
    }
    graph.done("DELETE", &mine, &Value::Null);
    graph.refused("GET", &mine, &Value::Null, 404, "Request_ResourceNotFound");
}

#[test]
fn entra_6_7_tools_learn_of_the_tenant_when_they_start() {
    let graph = Graph::start();
    let organization = graph.list("/organization").remove(0);
    assert_eq!(
        organization["verifiedDomains"][0]["name"],
        "contoso.example"
    );
    let id = text(&organization["id"]);
    assert_eq!(
        graph.get(&format!("/organization/{id}"))["displayName"],
        organization["displayName"]
    );
    let selected = graph.get(&format!("/organization/{id}?$select=id,displayName"));
    assert!(
        text(&selected["@odata.context"]).ends_with("#organization(id,displayName)/$entity"),
        "{selected}"
    );
    assert_eq!(selected.as_object().map(serde_json::Map::len), Some(3));
    assert_eq!(graph.each("/domains", "id"), ["contoso.example"]);
    assert_eq!(graph.get("/domains/contoso.example")["isDefault"], true);
    graph.refused(
        "GET",
        "/domains/fabrikam.example",
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );
    let told = graph.refused("GET", "/me", &Value::Null, 400, "BadRequest");
    assert_eq!(
        told,
        "/me request is only valid with delegated authentication flow."
    );
}

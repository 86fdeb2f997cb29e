//! What is refused, how, and that nothing came of it.

use scimlab::model::GraphPermission;
use serde_json::{Value, json};

use super::{Graph, person, reference, team};

fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[test]
fn entra_6_1_bad_bodies_are_refused_in_the_words_of_graph() {
    let graph = Graph::start();
    let ann = graph.user("ann", &json!({}));
    let rides = graph.group("Rides");
    let (user, group) = (format!("/users/{ann}"), format!("/groups/{rides}"));
    let members = format!("{group}/members/$ref");
    let bad = "Request_BadRequest";
    let twice = with(
        person("zed"),
        "userPrincipalName",
        json!("ANN@contoso.example"),
    );
    let taken = "Another object with the same value for property userPrincipalName already exists.";
    let many: Vec<String> = (0..21).map(|_| format!("https://g/{ann}")).collect();
    for (method, path, body, status, code, told) in [
        ("POST", "/users", Value::Null, 400, "BadRequest", "a body"),
        (
            "POST",
            "/users",
            json!([]),
            400,
            "BadRequest",
            "Unable to read JSON request payload",
        ),
        (
            "POST",
            "/users",
            json!("x"),
            400,
            "BadRequest",
            "Unable to read JSON request payload",
        ),
        (
            "POST",
            "/users",
            json!({}),
            400,
            bad,
            "A value is required for property 'accountEnabled' of resource 'User'.",
        ),
        (
            "POST",
            "/users",
            without(person("zed"), "userPrincipalName"),
            400,
            bad,
            "A value is required for property 'userPrincipalName' of resource 'User'.",
        ),
        (
            "POST",
            "/users",
            without(person("zed"), "passwordProfile"),
            400,
            bad,
            "A password must be specified to create a new user.",
        ),
        ("POST", "/users", twice, 400, bad, taken),
        (
            "POST",
            "/users",
            with(person("zed"), "userPrincipalName", json!("zed")),
            400,
            bad,
            "Invalid value specified for property 'userPrincipalName' of resource 'User'.",
        ),
        (
            "POST",
            "/users",
            with(person("zed"), "nickname", json!("z")),
            400,
            bad,
            "Invalid property 'nickname'.",
        ),
        (
            "POST",
            "/users",
            with(
                person("zed"),
                "extension_0123456789abcdef0123456789abcdef_x",
                json!("z"),
            ),
            400,
            bad,
            "not defined",
        ),
        (
            "POST",
            "/users",
            with(
                person("zed"),
                "manager@odata.bind",
                json!(format!("https://g/groups/{rides}")),
            ),
            400,
            bad,
            "'manager'",
        ),
        (
            "PATCH",
            &user,
            json!({ "displayName": null }),
            400,
            bad,
            "property 'displayName' of resource 'User'",
        ),
        (
            "PATCH",
            &user,
            json!({ "usageLocation": "Norway" }),
            400,
            bad,
            "'usageLocation'",
        ),
        ("PATCH", &user, json!({ "mail": ["x"] }), 400, bad, "'mail'"),
        ("PATCH", &user, json!({ "id": "x" }), 400, bad, "read-only"),
        (
            "PATCH",
            "/users/nobody@contoso.example",
            json!({}),
            404,
            "Request_ResourceNotFound",
            "'nobody@contoso.example'",
        ),
        (
            "PATCH",
            &format!("/users/{rides}"),
            json!({}),
            404,
            "Request_ResourceNotFound",
            "does not exist",
        ),
        (
            "DELETE",
            "/users/19930998-8617-4ea6-98ce-9a741eba5d9e",
            Value::Null,
            404,
            "Request_ResourceNotFound",
            "does not exist",
        ),
        (
            "PUT",
            &format!("{user}/manager/$ref"),
            json!({}),
            400,
            bad,
            "@odata.id",
        ),
        (
            "PUT",
            &format!("{user}/manager/$ref"),
            reference(&rides),
            400,
            bad,
            "'manager'",
        ),
        (
            "PUT",
            &format!("{user}/manager/$ref"),
            reference("nobody"),
            404,
            "Request_ResourceNotFound",
            "'nobody'",
        ),
        (
            "POST",
            "/groups",
            json!({}),
            400,
            bad,
            "A value is required for property 'displayName' of resource 'Group'.",
        ),
        (
            "POST",
            "/groups",
            without(team("x"), "securityEnabled"),
            400,
            bad,
            "'securityEnabled' of resource 'Group'",
        ),
        (
            "POST",
            "/groups",
            with(team("x"), "groupTypes", json!(["Unified"])),
            400,
            bad,
            "'groupTypes'",
        ),
        (
            "POST",
            "/groups",
            with(team("x"), "groupTypes", json!(["DynamicMembership"])),
            400,
            bad,
            "'membershipRule'",
        ),
        (
            "PATCH",
            &group,
            json!({ "groupTypes": ["DynamicMembership"], "membershipRule": "user.x" }),
            400,
            bad,
            "",
        ),
        (
            "PATCH",
            &group,
            json!({ "members@odata.bind": many }),
            400,
            bad,
            "at most 20",
        ),
        (
            "PATCH",
            &group,
            json!({ "members@odata.bind": [format!("https://g/{ann}"), format!("https://g/{ann}")] }),
            400,
            bad,
            "already exist",
        ),
        (
            "POST",
            &members,
            json!({ "id": ann }),
            400,
            bad,
            "@odata.id",
        ),
        ("POST", &members, reference(&rides), 400, bad, "'members'"),
        (
            "POST",
            &members,
            reference("19930998-8617-4ea6-98ce-9a741eba5d9e"),
            404,
            "Request_ResourceNotFound",
            "does not exist",
        ),
        ("PUT", "/users", json!({}), 405, "BadRequest", "method"),
        ("POST", &user, json!({}), 405, "BadRequest", "method"),
        (
            "GET",
            "/users/a/b/c",
            Value::Null,
            400,
            "BadRequest",
            "segment",
        ),
    ] {
        let sentence = graph.refused(method, path, &body, status, code);
        assert!(
            sentence.contains(told),
            "{method} {path} {body}: {sentence}"
        );
    }
    let cut = graph.send("POST", "/v1.0/users", "{\"displayName\":");
    assert_eq!(
        (cut.status().as_u16(), &cut.body()["error"]["code"]),
        (400, &json!("BadRequest"))
    );
    // Nothing came of it.
    assert_eq!(graph.get("/users/$count"), 1);
    assert_eq!(graph.get("/groups/$count"), 1);
    assert!(graph.list(&format!("{group}/members")).is_empty());
    assert_eq!(graph.get(&user)["displayName"], "ann");
}

#[test]
fn entra_6_7_bad_queries_are_refused() {
    let graph = Graph::start();
    for (query, code, told) in [
        ("$filter=displayName", "BadRequest", "Invalid filter clause"),
        (
            "$filter=nickname eq 'x'",
            "BadRequest",
            "property named 'nickname' on type 'microsoft.graph.user'",
        ),
        ("$filter=displayName eq 'x", "BadRequest", "never closed"),
        (
            "$select=nickname",
            "BadRequest",
            "Parsing OData Select and Expand failed",
        ),
        (
            "$expand=owners",
            "BadRequest",
            "Parsing OData Select and Expand failed",
        ),
        (
            "$expand=manager($levels=max)",
            "Request_UnsupportedQuery",
            "$levels",
        ),
        (
            "$orderby=displayName",
            "Request_UnsupportedQuery",
            "Sorting not supported for current query.",
        ),
        (
            "$orderby=userPrincipalName sideways",
            "Request_UnsupportedQuery",
            "Sorting",
        ),
        (
            "$top=0",
            "Request_BadRequest",
            "Must be between 1 and 999 inclusive.",
        ),
        (
            "$top=1000",
            "Request_BadRequest",
            "Invalid page size specified: '1000'.",
        ),
        ("$top=many", "Request_BadRequest", "Invalid page size"),
        ("$skip=5", "Request_UnsupportedQuery", "$skip"),
        ("$skiptoken=x", "Directory_ExpiredPageToken", "page token"),
        ("$search=ann", "Request_BadRequest", "double quotes"),
    ] {
        let sentence = graph.refused("GET", &format!("/users?{query}"), &Value::Null, 400, code);
        assert!(sentence.contains(told), "{query}: {sentence}");
    }
    for path in [
        "/groups?$skiptoken=x",
        "/directory/deletedItems/microsoft.graph.user?$skiptoken=x",
        "/directory/deletedItems/microsoft.graph.user?$skiptoken=1.u",
    ] {
        graph.refused("GET", path, &Value::Null, 400, "Directory_ExpiredPageToken");
    }
    let principal = super::text(&graph.list("/servicePrincipals")[0]["id"]);
    for token in ["x", "u1", "u1.x", "%C3%A9.1"] {
        let path = format!("/servicePrincipals/{principal}/appRoleAssignedTo?$skiptoken={token}");
        graph.refused(
            "GET",
            &path,
            &Value::Null,
            400,
            "Directory_ExpiredPageToken",
        );
    }
}

#[test]
fn entra_6_1_every_noun_asks_for_its_permission() {
    let graph = Graph::with(&[GraphPermission::AuditLogReadAll]);
    let id = "19930998-8617-4ea6-98ce-9a741eba5d9e";
    let principal = format!("/servicePrincipals/{id}");
    for (method, path) in [
        ("GET", "/users".to_owned()),
        ("GET", "/users/$count".to_owned()),
        ("POST", "/users".to_owned()),
        ("GET", format!("/users/{id}")),
        ("PATCH", format!("/users/{id}")),
        ("DELETE", format!("/users/{id}")),
        ("GET", format!("/users/{id}/manager")),
        ("PUT", format!("/users/{id}/manager/$ref")),
        ("DELETE", format!("/users/{id}/manager/$ref")),
        ("GET", format!("/users/{id}/memberOf")),
        ("GET", "/groups".to_owned()),
        ("POST", "/groups".to_owned()),
        ("GET", format!("/groups/{id}")),
        ("DELETE", format!("/groups/{id}")),
        ("GET", format!("/groups/{id}/members")),
        ("POST", format!("/groups/{id}/members/$ref")),
        ("DELETE", format!("/groups/{id}/members/{id}/$ref")),
        ("GET", format!("/directoryObjects/{id}")),
        (
            "GET",
            "/directory/deletedItems/microsoft.graph.user".to_owned(),
        ),
        ("GET", "/applications".to_owned()),
        ("GET", format!("/applications/{id}")),
        ("GET", "/servicePrincipals".to_owned()),
        ("GET", principal.clone()),
        ("DELETE", principal.clone()),
        ("GET", format!("{principal}/owners")),
        ("GET", format!("{principal}/appRoleAssignedTo")),
        ("POST", format!("{principal}/appRoleAssignedTo")),
        ("POST", format!("/applicationTemplates/{id}/instantiate")),
        ("GET", "/organization".to_owned()),
        ("GET", "/domains".to_owned()),
    ] {
        let body = match method {
            "GET" | "DELETE" => Value::Null,
            _ => json!({}),
        };
        let answer = graph.ask(method, &path, &body);
        assert_eq!(answer.status(), 403, "{method} {path}: {}", answer.body());
        assert_eq!(
            answer.body()["error"]["code"],
            "Authorization_RequestDenied"
        );
    }
}

#[test]
fn who_may_change_memberships_may_not_change_groups() {
    let graph = Graph::with(&[
        GraphPermission::GroupMemberReadWriteAll,
        GraphPermission::UserReadWriteAll,
    ]);
    let ann = graph.user("ann", &json!({}));
    graph.refused(
        "POST",
        "/groups",
        &team("Rides"),
        403,
        "Authorization_RequestDenied",
    );
    let none = "/groups/19930998-8617-4ea6-98ce-9a741eba5d9e";
    let bind = json!({ "members@odata.bind": [format!("https://g/{ann}")] });
    graph.refused("PATCH", none, &bind, 404, "Request_ResourceNotFound");
    graph.refused(
        "PATCH",
        none,
        &json!({ "displayName": "x" }),
        403,
        "Authorization_RequestDenied",
    );
    graph.refused(
        "POST",
        &format!("{none}/members/$ref"),
        &reference(&ann),
        404,
        "Request_ResourceNotFound",
    );
}

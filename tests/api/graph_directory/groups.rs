//! `/groups`, and who is in them.

use serde_json::{Value, json};

use super::{Graph, reference, team, text};

#[test]
fn entra_6_7_a_group_is_made_read_changed_and_deleted() {
    let graph = Graph::start();
    let id = graph.group("Rides");
    let path = format!("/groups/{id}");
    let read = graph.get(&path);
    assert_eq!(read["displayName"], "Rides");
    assert_eq!(read["groupTypes"], json!([]));
    assert_eq!(read["securityEnabled"], true);
    assert_eq!(read["mailEnabled"], false);
    assert_eq!(read["resourceProvisioningOptions"], json!([]));
    assert_eq!(read["deletedDateTime"], Value::Null);
    graph.done(
        "PATCH",
        &path,
        &json!({ "displayName": "Tours", "description": "Who leads them" }),
    );
    let read = graph.get(&format!("{path}?$select=displayName,description"));
    assert_eq!(
        (&read["displayName"], &read["description"]),
        (&json!("Tours"), &json!("Who leads them"))
    );
    assert_eq!(
        graph.each("/groups?$filter=displayName eq 'Tours'", "id"),
        [id.as_str()]
    );
    assert_eq!(
        graph.each(&format!("/groups?$filter=id eq '{id}'"), "id"),
        [id.as_str()]
    );
    assert!(
        graph
            .list("/groups?$filter=displayName eq 'Rides'")
            .is_empty()
    );
    assert_eq!(
        graph.get("/groups/$count?$filter=securityEnabled eq true"),
        1
    );
    graph.done("DELETE", &path, &Value::Null);
    graph.refused("GET", &path, &Value::Null, 404, "Request_ResourceNotFound");
    assert_eq!(graph.get("/groups/$count"), 0);
}

#[test]
fn entra_6_7_members_are_added_listed_and_removed() {
    let graph = Graph::start();
    let (ann, bob) = (graph.user("ann", &json!({})), graph.user("bob", &json!({})));
    let (rides, inner) = (graph.group("Rides"), graph.group("Inner"));
    let members = format!("/groups/{rides}/members");
    graph.add(&rides, &ann);
    graph.add(&rides, &inner);
    let told = graph.refused(
        "POST",
        &format!("{members}/$ref"),
        &reference(&ann),
        400,
        "Request_BadRequest",
    );
    assert_eq!(
        told,
        "One or more added object references already exist for the following modified properties: 'members'."
    );
    let bind = json!({ "members@odata.bind": [
        format!("https://graph.microsoft.com/v1.0/directoryObjects/{bob}") ] });
    graph.done("PATCH", &format!("/groups/{rides}"), &bind);
    let listed = graph.list(&members);
    let kinds: Vec<_> = listed
        .iter()
        .map(|one| (text(&one["@odata.type"]), text(&one["id"])))
        .collect();
    let user = || "#microsoft.graph.user".to_owned();
    assert_eq!(
        kinds,
        [
            (user(), ann.clone()),
            (user(), bob.clone()),
            ("#microsoft.graph.group".into(), inner.clone())
        ]
    );
    assert_eq!(graph.get(&format!("{members}/$count")), 3);
    assert_eq!(
        graph.each(
            &format!("{members}?$filter=displayName eq 'bob'&$select=id"),
            "id"
        ),
        [bob.as_str()]
    );
    let expanded = graph.get(&format!("/groups/{rides}?$expand=members($select=id)"));
    assert_eq!(expanded["members"].as_array().unwrap().len(), 3);
    for path in [
        format!("/users/{ann}/memberOf"),
        format!("/groups/{inner}/memberOf"),
    ] {
        let of = graph.list(&path);
        assert_eq!((of.len(), &of[0]["id"]), (1, &json!(rides)));
        assert_eq!(of[0]["@odata.type"], "#microsoft.graph.group");
    }
    // Who lies in the recycle bin is seen by nobody, and is a member again afterwards.
    graph.done("DELETE", &format!("/users/{bob}"), &Value::Null);
    assert_eq!(graph.each(&members, "id"), [ann.as_str(), &inner]);
    assert_eq!(graph.get(&format!("{members}/$count")), 2);
    let object = graph.get(&format!("/directoryObjects/{inner}"));
    assert_eq!(object["@odata.type"], "#microsoft.graph.group");
    let removed = format!("{members}/{ann}/$ref");
    graph.done("DELETE", &removed, &Value::Null);
    graph.refused(
        "DELETE",
        &removed,
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );
    assert_eq!(graph.each(&members, "id"), [inner.as_str()]);
}

#[test]
fn entra_6_7_a_dynamic_group_has_a_rule_and_no_members_by_hand() {
    let graph = Graph::start();
    let ann = graph.user("ann", &json!({ "department": "Rides" }));
    let mut body = team("Everybody of Rides");
    body["groupTypes"] = json!(["DynamicMembership"]);
    body["membershipRule"] = json!("user.department -eq \"Rides\"");
    body["membershipRuleProcessingState"] = json!("On");
    let made = graph.make("/groups", &body);
    assert_eq!(made["groupTypes"], json!(["DynamicMembership"]));
    let path = format!("/groups/{}", text(&made["id"]));
    let told = graph.refused(
        "POST",
        &format!("{path}/members/$ref"),
        &reference(&ann),
        400,
        "Request_BadRequest",
    );
    assert!(told.contains("dynamic group"), "{told}");
    // People who are made later are weighed in the same write.
    let bob = graph.user("bob", &json!({ "department": "Rides" }));
    let members = || graph.each(&format!("{path}/members"), "id");
    assert_eq!(members(), [ann.as_str(), &bob]);
    graph.done(
        "PATCH",
        &format!("/users/{bob}"),
        &json!({ "department": "Tours" }),
    );
    assert_eq!(members(), [ann.as_str()]);
    let found = graph.list("/groups?$filter=groupTypes/any(c:c eq 'DynamicMembership')");
    assert_eq!(found.len(), 1);
    graph.done(
        "PATCH",
        &path,
        &json!({ "groupTypes": [], "membershipRule": null }),
    );
    let read = graph.get(&path);
    assert_eq!(
        (&read["membershipRule"], &read["groupTypes"]),
        (&Value::Null, &json!([]))
    );
    graph.add(&text(&made["id"]), &bob);
    assert!(members().contains(&bob));
}

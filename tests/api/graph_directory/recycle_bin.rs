//! `/directory/deletedItems`.

use serde_json::{Value, json};

use super::{Graph, moment, person};

#[test]
fn entra_6_7_who_was_deleted_is_listed_restored_and_purged() {
    let graph = Graph::start();
    let (ann, bob) = (graph.user("ann", &json!({})), graph.user("bob", &json!({})));
    let rides = graph.group("Rides");
    for path in [
        format!("/users/{ann}"),
        format!("/users/{bob}"),
        format!("/groups/{rides}"),
    ] {
        graph.done("DELETE", &path, &Value::Null);
    }
    let bin = "/directory/deletedItems";
    let users = graph.list(&format!(
        "{bin}/microsoft.graph.user?$select=id,deletedDateTime"
    ));
    assert_eq!(users.len(), 2);
    for user in &users {
        moment(&user["deletedDateTime"]);
    }
    assert_eq!(
        graph.each(&format!("{bin}/microsoft.graph.group"), "id"),
        [rides.as_str()]
    );
    let filtered = format!("{bin}/microsoft.graph.user?$filter=displayName eq 'ann'");
    assert_eq!(graph.each(&filtered, "id"), [ann.as_str()]);
    let one = graph.get(&format!("{bin}/{ann}"));
    assert_eq!(one["@odata.type"], "#microsoft.graph.user");

    let restored = graph.ask("POST", &format!("{bin}/{ann}/restore"), &Value::Null);
    assert_eq!(restored.status(), 200, "{}", restored.body());
    assert_eq!(restored.body()["@odata.type"], "#microsoft.graph.user");
    assert_eq!(graph.get(&format!("/users/{ann}"))["displayName"], "ann");
    graph.refused(
        "GET",
        &format!("{bin}/{ann}"),
        &Value::Null,
        404,
        "Request_ResourceNotFound",
    );

    // The name is somebody else's by now.
    graph.make("/users", &person("bob"));
    let restore = format!("{bin}/{bob}/restore");
    let told = graph.refused("POST", &restore, &Value::Null, 400, "Request_BadRequest");
    assert_eq!(
        told,
        "Another object with the same value for property userPrincipalName already exists."
    );
    graph.done("DELETE", &format!("{bin}/{bob}"), &Value::Null);
    graph.done("DELETE", &format!("{bin}/{rides}"), &Value::Null);
    for id in [&bob, &rides] {
        graph.refused(
            "DELETE",
            &format!("{bin}/{id}"),
            &Value::Null,
            404,
            "Request_ResourceNotFound",
        );
    }
    assert!(
        graph
            .list(&format!("{bin}/microsoft.graph.user"))
            .is_empty()
    );
}

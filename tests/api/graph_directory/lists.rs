//! Lists that are longer than a page.

use std::collections::BTreeSet;

use scimlab::clock::{Clock as _, SystemClock};
use scimlab::id::Guid;
use scimlab::model::{DirectoryUser, ObjectRef};
use scimlab::store::directory as rows;
use serde_json::json;

use super::{Graph, text};

const PEOPLE: usize = 3_000;

/// Follows a list to its end: names, and how many pages there were.
fn walked(graph: &Graph, path: &str, property: &str) -> (Vec<String>, usize) {
    let mut path = path.to_owned();
    let (mut all, mut pages) = (Vec::new(), 0);
    loop {
        let page = graph.get(&path);
        let items = page["value"].as_array().unwrap();
        all.extend(items.iter().map(|item| text(&item[property])));
        pages += 1;
        match page.get("@odata.nextLink") {
            None => return (all, pages),
            Some(next) => {
                let next = text(next);
                let (_, rest) = next.split_once("/graph/v1.0").unwrap();
                rest.clone_into(&mut path);
            }
        }
    }
}

#[test]
fn three_thousand_people_are_walked_with_none_twice_or_lost() {
    let graph = Graph::edited(|tx| {
        let tenant = rows::first_tenant(tx)?.unwrap().seq;
        // Whoever was deleted long ago is purged when the appliance starts.
        let now = SystemClock.now();
        for number in 0..PEOPLE {
            let seq = rows::next_user_seq(tx, tenant)?;
            let name = format!("p{number:04}");
            let user = DirectoryUser {
                seq,
                id: Guid::random(),
                user_principal_name: format!("{name}@contoso.example"),
                account_enabled: number % 3 != 0,
                guest: false,
                manager: None,
                // Some lie in the recycle bin, among them a whole run.
                deleted: (number % 10 == 7 || (1_000..1_250).contains(&number)).then_some(now),
                created: now,
                attributes: [("displayName".to_owned(), json!(name))].into(),
            };
            rows::put_user(tx, tenant, &user)?;
        }
        Ok(())
    });
    let present = |number: &usize| number % 10 != 7 && !(1_000..1_250).contains(number);
    let name = |number: usize| format!("p{number:04}");
    let all: Vec<String> = (0..PEOPLE).filter(present).map(name).collect();

    let (found, pages) = walked(&graph, "/users?$select=displayName", "displayName");
    assert_eq!((&found, pages), (&all, all.len().div_ceil(100)));
    let (found, _) = walked(&graph, "/users?$select=displayName&$top=999", "displayName");
    assert_eq!(found, all);
    let (found, _) = walked(
        &graph,
        "/users?$orderby=userPrincipalName desc&$select=displayName&$top=77",
        "displayName",
    );
    assert!(found.iter().eq(all.iter().rev()));
    let enabled: Vec<String> = (0..PEOPLE)
        .filter(|number| present(number) && number % 3 != 0)
        .map(name)
        .collect();
    let (found, pages) = walked(
        &graph,
        "/users?$filter=accountEnabled eq true&$select=displayName&$top=250",
        "displayName",
    );
    assert_eq!((&found, pages), (&enabled, enabled.len().div_ceil(250)));
    let begins: Vec<String> = all
        .iter()
        .filter(|name| name.starts_with("p01"))
        .cloned()
        .collect();
    let (found, _) = walked(
        &graph,
        "/users?$filter=startswith(userPrincipalName,'P01')&$select=displayName&$top=7",
        "displayName",
    );
    assert_eq!(found, begins);
    assert_eq!(graph.get("/users/$count"), all.len());
    let deleted = "/directory/deletedItems/microsoft.graph.user?$select=displayName&$top=50";
    let (found, _) = walked(&graph, deleted, "displayName");
    let unique: BTreeSet<&String> = found.iter().collect();
    assert_eq!(
        (found.len(), unique.len()),
        (PEOPLE - all.len(), PEOPLE - all.len())
    );
}

#[test]
fn members_and_assignments_are_walked_too() {
    let graph = Graph::edited(|tx| {
        let tenant = rows::first_tenant(tx)?.unwrap().seq;
        let now = SystemClock.now();
        let application = rows::applications(tx, tenant)?.remove(0);
        let group = scimlab::model::DirectoryGroup {
            seq: rows::next_group_seq(tx, tenant)?,
            id: Guid::random(),
            display_name: "Everybody".into(),
            security_enabled: true,
            member_count: 250,
            deleted: None,
            created: now,
            attributes: std::collections::BTreeMap::new(),
            dynamic: None,
        };
        rows::put_group(tx, tenant, &group)?;
        for number in 0..250 {
            let user = DirectoryUser {
                seq: rows::next_user_seq(tx, tenant)?,
                id: Guid::random(),
                user_principal_name: format!("p{number:04}@contoso.example"),
                account_enabled: true,
                guest: false,
                manager: None,
                deleted: None,
                created: now,
                attributes: [("displayName".to_owned(), json!(format!("p{number:04}")))].into(),
            };
            rows::put_user(tx, tenant, &user)?;
            let member = ObjectRef::user(user.seq);
            rows::add_member(tx, tenant, group.seq, member)?;
            // Every second one has two roles, which are two assignments.
            let roles = match number % 2 {
                0 => Vec::new(),
                _ => vec![Guid::from_bytes([1; 16]), Guid::from_bytes([2; 16])],
            };
            let assignment = scimlab::model::Assignment {
                principal: member,
                created: now,
                roles,
            };
            rows::put_assignment(tx, tenant, application.seq, &assignment)?;
        }
        Ok(())
    });
    let group = text(&graph.list("/groups")[0]["id"]);
    let (found, pages) = walked(&graph, &format!("/groups/{group}/members"), "id");
    let unique: BTreeSet<&String> = found.iter().collect();
    assert_eq!((found.len(), unique.len(), pages), (250, 250, 3));
    let principal = text(&graph.list("/servicePrincipals")[0]["id"]);
    for top in [1, 7, 100] {
        let path = format!("/servicePrincipals/{principal}/appRoleAssignedTo?$top={top}");
        let (found, pages) = walked(&graph, &path, "id");
        let unique: BTreeSet<&String> = found.iter().collect();
        assert_eq!((found.len(), unique.len()), (375, 375), "{top}");
        assert_eq!(pages, 375_usize.div_ceil(top), "{top}");
    }
}

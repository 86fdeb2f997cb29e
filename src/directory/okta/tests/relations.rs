//! Part 3.2: what mappings know of a person's manager.

use super::*;
use crate::directory::okta::apps::{MappingChange, save_mappings};
use crate::directory::okta::assignments::{AppUserChange, assign_user};
use crate::id::{OktaId, OktaKind};
use crate::model::okta::{AttributeMapping, PushStatus};
use crate::store::Reads as _;

/// The title that this mapping gives to somebody whose profile says this of the manager.
fn title(lab: &Lab, expression: &str, says: &[(&str, &str)]) -> Option<String> {
    let changes = vec![MappingChange {
        attribute: "title".into(),
        mapping: Some(AttributeMapping {
            expression: expression.into(),
            push: PushStatus::Push,
        }),
    }];
    let mut new = person("Ann");
    new.profile.extend(profile(says));
    new.profile.insert(
        "login".into(),
        Value::from(format!("ann{}@x.test", lab.events(0).len())),
    );
    lab.run(move |tx, admin| {
        save_mappings(tx, admin, KEY, &changes, false, now())?;
        let ann = users::create(tx, admin, &new, now())?.seq;
        let assigned = assign_user(tx, admin, KEY, ann, &AppUserChange::default(), now())?;
        let title = assigned.profile.get("title").and_then(Value::as_str);
        Ok(title.map(str::to_owned))
    })
}

#[test]
fn the_manager_is_whom_the_profile_names() {
    let lab = Lab::new("scim2headerauth");
    let bob = lab.add("Bob").seq;
    lab.run(move |tx, admin| assign_user(tx, admin, KEY, bob, &AppUserChange::default(), now()));
    let mix = lab.store.read().unwrap().mix();
    let id = OktaId::of_row(mix, OktaKind::User, ORG, bob).to_string();
    let last_name = "getManagerUser('active_directory').firstName";
    let bob = Some("Bob".to_owned());
    for (says, manager) in [
        (vec![("managerId", id.as_str())], bob.clone()),
        (vec![("managerId", "BOB@x.test")], bob.clone()),
        (vec![("manager", "bob@x.test")], bob.clone()),
        (vec![("managerId", "4711"), ("manager", "bob@x.test")], bob),
        (vec![("managerId", ""), ("manager", "Bob Doe")], None),
        (vec![], None),
    ] {
        assert_eq!(title(&lab, last_name, &says), manager, "{says:?}");
    }
    let says = [("managerId", "bob@x.test")];
    for (expression, given) in [
        ("user.getLinkedObject('manager').email", Some("bob@x.test")),
        ("user.getLinkedObject('mentor').email", None),
        (
            "getManagerAppUser('active_directory', 'scim2headerauth').givenName",
            Some("Bob"),
        ),
        (
            "getManagerAppUser('active_directory', 'slack').givenName",
            None,
        ),
        ("getAssistantUser('active_directory').firstName", None),
        (
            "getAssistantAppUser('active_directory', 'scim2headerauth').givenName",
            None,
        ),
    ] {
        assert_eq!(
            title(&lab, expression, &says).as_deref(),
            given,
            "{expression}"
        );
    }
}

//! Part 2.11: which events the operations of an org leave behind. Those of what is sent are in the tests of `sync::okta`.

use super::*;
use crate::directory::okta::apps::{MappingChange, force_sync, save_mappings};
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::events::EventType;
use crate::directory::okta::lifecycle::{Transition, perform};
use crate::directory::okta::push::{self, NewPush, PushTarget};
use crate::model::okta::{AttributeMapping, PushStatus};

/// What a piece of work left in the log.
fn left(lab: &Lab, work: impl FnOnce()) -> Vec<String> {
    let before = lab.events(0).len();
    work();
    lab.events(before)
}

/// The same about people only: memberships of *Everyone* come and go with them.
fn left_about_people(lab: &Lab, work: impl FnOnce()) -> Vec<String> {
    let mut left = left(lab, work);
    left.retain(|name| name.starts_with("user."));
    left
}

/// *Directory users*: the rows `user.lifecycle...`, `user.account...`.
#[test]
fn what_happens_to_people_is_in_the_log() {
    let lab = Lab::new("postman");
    let mut ann = Seq(0);
    let new = NewUser {
        activate: false,
        ..person("Ann")
    };
    let made = left_about_people(&lab, || {
        ann = lab
            .run(move |tx, admin| users::create(tx, admin, &new, now()))
            .seq;
    });
    assert_eq!(made, ["user.lifecycle.create"]);
    let perform = |transition| {
        left_about_people(&lab, || {
            lab.run(move |tx, admin| perform(tx, admin, transition, ann, now()));
        })
    };
    let set_password = || {
        left_about_people(&lab, || {
            lab.run(move |tx, admin| users::set_password(tx, admin, ann, &sealed("a"), now()));
        })
    };
    assert_eq!(perform(Transition::Activate), ["user.lifecycle.activate"]);
    assert_eq!(
        perform(Transition::Reactivate),
        ["user.lifecycle.reactivate"]
    );
    assert!(set_password().contains(&"user.account.update_password".to_owned()));
    assert_eq!(perform(Transition::Suspend), ["user.lifecycle.suspend"]);
    assert_eq!(perform(Transition::Unsuspend), ["user.lifecycle.unsuspend"]);
    let changes = profile(&[("title", "Boss")]);
    let changed = left_about_people(&lab, || {
        lab.run(move |tx, admin| users::update(tx, admin, ann, &changes, now()));
    });
    assert_eq!(changed, ["user.account.update_profile"]);
    assert_eq!(
        perform(Transition::Deactivate),
        ["user.lifecycle.deactivate"]
    );
    let deleted = left_about_people(&lab, || {
        lab.run(move |tx, admin| users::delete(tx, admin, ann, now()));
    });
    assert_eq!(
        deleted,
        [
            "user.lifecycle.delete.initiated",
            "user.lifecycle.delete.completed"
        ]
    );
}

/// *Directory groups*, *group assigned*, *assignment life*.
#[test]
fn groups_and_assignments_are_in_the_log() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    let mut eng = Seq(0);
    assert_eq!(
        left(&lab, || eng = lab.group("Eng").seq),
        ["group.lifecycle.create"]
    );
    let wanted = GroupProfile {
        name: "Dev".into(),
        description: String::new(),
    };
    let renamed = left(&lab, || {
        lab.run(move |tx, admin| directory_groups::update(tx, admin, eng, &wanted, now()));
    });
    assert_eq!(renamed, ["group.profile.update"]);
    let granted = left(&lab, || {
        lab.run(move |tx, admin| {
            assignments::assign_group(tx, admin, KEY, eng, None, &Profile::new(), now())
        });
    });
    assert_eq!(granted, ["group.application_assignment.add"]);
    assert_eq!(
        left(&lab, || lab.join(eng, ann)),
        [
            "group.user_membership.add",
            "application.user_membership.add"
        ]
    );
    let values = profile(&[("displayName", "A")]);
    let updated = left(&lab, || {
        lab.run(move |tx, admin| {
            assignments::update_app_group(tx, admin, KEY, eng, None, Some(&values), now())
        });
    });
    assert_eq!(updated, ["group.application_assignment.update"]);
    let provisioned = left(&lab, || {
        lab.run(move |tx, admin| assignments::provision_user(tx, admin, KEY, ann, now()));
    });
    assert_eq!(provisioned, ["application.user_membership.provision"]);
    let named = left(&lab, || {
        lab.run(move |tx, admin| {
            let change = AppUserChange {
                user_name: Some("annie".into()),
                profile: Profile::new(),
            };
            assignments::update_app_user(tx, admin, KEY, ann, &change, now())
        });
    });
    assert_eq!(
        named,
        [
            "application.user_membership.change_username",
            "application.user_membership.update"
        ]
    );
    let left_group = left(&lab, || {
        lab.run(move |tx, admin| directory_groups::remove_member(tx, admin, eng, ann, now()));
    });
    assert_eq!(
        left_group,
        [
            "group.user_membership.remove",
            "application.user_membership.remove"
        ]
    );
    let revoked = left(&lab, || {
        lab.run(move |tx, admin| assignments::unassign_group(tx, admin, KEY, eng, now()));
    });
    assert_eq!(revoked, ["group.application_assignment.remove"]);
    let deleted = left(&lab, || {
        lab.run(move |tx, admin| directory_groups::delete(tx, admin, eng, now()));
    });
    assert_eq!(deleted, ["group.lifecycle.delete"]);
}

/// *mapping create*, *mapping toggled*, *removed*; *Save mappings*; *Force Sync job*.
#[test]
fn mappings_and_force_sync_are_in_the_log() {
    let lab = Lab::new("scim2headerauth");
    let eng = lab.group("Eng").seq;
    let mut mapping = Seq(0);
    let created = left(&lab, || {
        let new = NewPush {
            group: eng,
            target: PushTarget::Named("Eng".into()),
            active: true,
        };
        mapping = lab
            .run(move |tx, admin| push::create(tx, admin, KEY, &new, now()))
            .seq;
    });
    assert_eq!(
        created,
        ["application.provision.group_push.mapping.created"]
    );
    let paused = left(&lab, || {
        lab.run(move |tx, admin| push::deactivate(tx, admin, KEY, mapping, now()));
    });
    assert_eq!(
        paused,
        ["application.provision.group_push.deactivate_mapping"]
    );
    let resumed = left(&lab, || {
        lab.run(move |tx, admin| push::activate(tx, admin, KEY, mapping, now()));
    });
    assert_eq!(
        resumed,
        ["application.provision.group_push.activate_mapping"]
    );
    let unlinked = left(&lab, || {
        lab.run(move |tx, admin| push::unlink(tx, admin, KEY, mapping, false, now()));
    });
    assert_eq!(unlinked, ["application.provision.group_push.removed"]);
    let saved = left(&lab, || {
        let changes = vec![MappingChange {
            attribute: "title".into(),
            mapping: Some(AttributeMapping {
                expression: "user.department".into(),
                push: PushStatus::Push,
            }),
        }];
        lab.run(move |tx, admin| save_mappings(tx, admin, KEY, &changes, false, now()));
    });
    assert_eq!(saved, ["application.provision.field_mapping_rule.change"]);
    let synced = left(&lab, || {
        lab.run(|tx, admin| force_sync(tx, admin, KEY, now()));
        let next = lab.run(|tx, _| assignments::apply_page(tx, KEY, Seq(0), true, 10, now()));
        assert_eq!(next, None);
    });
    assert_eq!(
        synced,
        [
            "app.app_instance.provision_sync_job.started",
            "app.app_instance.provision_sync_job.completed"
        ]
    );
}

/// What Okta's catalogue has and nothing here does: no filter of the log offers it.
#[test]
fn what_nothing_does_is_no_event() {
    for name in [
        "application.provision.user.activate",
        "application.provision.user.delete",
        "application.provision.user.import",
        "application.provision.group.import",
        "application.provision.user.remove_entitlements",
        "application.provision.group_push.mapping.deactivated.source.group.renamed",
        "application.account.detect",
    ] {
        assert!(
            EventType::ALL.iter().all(|kind| kind.name() != name),
            "{name}"
        );
    }
}

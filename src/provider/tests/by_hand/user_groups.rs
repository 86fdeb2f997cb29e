//! Groups by hand, and what SCIM may not do to groups of Super Admins.

use super::*;

#[test]
fn groups_are_changed_by_their_managers_and_by_admins() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let manager = join(&h, "manager", "D");
    let stranger = join(&h, "stranger", "D");
    let billing = join(&h, "billing", "B");
    assert!(new_group(&h, &billing, "Crew").is_err());
    let crew = new_group(&h, &manager, "Crew").unwrap();
    assert_eq!(crew.roles, roles("D"));
    assert_eq!(crew.written_by_scim, None);
    let same = detail(new_group(&h, &manager, " crew "));
    assert!(same.contains("Another group"), "{same}");
    for name in ["", "  ", "a\u{7}b", &"n".repeat(201)] {
        assert!(new_group(&h, &manager, name).is_err(), "{name:?}");
    }
    put_in(&h, &manager, &crew, &stranger).unwrap();
    let refused = detail(put_in(&h, &stranger, &crew, &manager));
    assert!(refused.contains("Only its managers"), "{refused}");
    put_in(&h, &admin, &crew, &admin).unwrap();
    // The group gets more than Developer: its manager is none any more.
    update_group(&h, &admin, &crew, "D", "AD").unwrap();
    let refused = detail(put_in(&h, &manager, &crew, &manager));
    assert!(refused.contains("Only its managers"), "{refused}");
    assert!(update_group(&h, &manager, &crew, "AD", "D").is_err());
    let stale = detail(update_group(&h, &admin, &crew, "D", "BD"));
    assert!(stale.contains("changed after"), "{stale}");
    h.is_clean("groups");
}

#[test]
fn a_manager_cannot_rise_through_a_group_around_the_own_one() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let manager = join(&h, "manager", "D");
    let inner = new_group(&h, &manager, "Inner").unwrap();
    let outer = new_group(&h, &admin, "Outer").unwrap();
    update_group(&h, &admin, &outer, "D", "A").unwrap();
    add(&h, &h.ours, &outer, &inner.id.to_string()).unwrap();
    let refused = detail(put_in(&h, &manager, &inner, &manager));
    assert!(refused.contains("Only its managers"), "{refused}");
    put_in(&h, &admin, &inner, &manager).unwrap();
    assert!(signed_in(&h, &manager).roles.contains(&Role::Admin));
}

pub(super) fn appoint(h: &House, by: &User, group: &Group, whom: &User) -> Result<Outcome> {
    let (by, group, id) = (signed_in(h, by), group.id.to_string(), whom.id.to_string());
    write(h, move |tx| {
        let entrusted = entrusted(tx, &by.may()?, &group)?;
        let (_, outcome) = by_hand::add_manager(tx, entrusted, &id, LATER)?;
        Ok(outcome)
    })
}

#[test]
fn managers_are_active_developers_of_developer_groups() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let billing = join(&h, "billing", "B");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    assert_eq!(appoint(&h, &admin, &crew, &dev).unwrap(), Outcome::Done);
    assert_eq!(
        appoint(&h, &admin, &crew, &dev).unwrap(),
        Outcome::Unchanged
    );
    let without = detail(appoint(&h, &admin, &crew, &billing));
    assert!(without.contains("without the Developer role"), "{without}");
    bar(&h, &admin, &dev).unwrap();
    let other = new_group(&h, &admin, "Other").unwrap();
    let barred = detail(appoint(&h, &admin, &other, &dev));
    assert!(barred.contains("deactivated"), "{barred}");
    update_group(&h, &admin, &other, "D", "BD").unwrap();
    let more = detail(appoint(&h, &admin, &other, &admin));
    assert!(more.contains("Developer role alone"), "{more}");
}

#[test]
fn only_what_scim_shows_moves_the_version_of_a_group() {
    let h = house(Preset::Standard);
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let crew = new_group(&h, &admin, "Crew").unwrap();
    let version = || group_now(&h, &crew).meta.version();
    let edit = |seen: (&str, &str), name: &'static str, summary: &'static str| {
        let (by, id) = (signed_in(&h, &admin), crew.id.to_string());
        let seen = Seen {
            name: seen.0.into(),
            summary: seen.1.into(),
        };
        write(&h, move |tx| {
            let entrusted = entrusted(tx, &by.may()?, &id)?;
            Ok(by_hand::edit(tx, entrusted, &seen, name, summary, LATER)?.1)
        })
    };
    assert_eq!(version(), "W/\"1\"");
    assert_eq!(
        edit(("Crew", ""), "Crew", "All of us").unwrap(),
        Outcome::Done
    );
    update_group(&h, &admin, &crew, "D", "BD").unwrap();
    update_group(&h, &admin, &crew, "BD", "D").unwrap();
    appoint(&h, &admin, &crew, &dev).unwrap();
    assert_eq!(version(), "W/\"1\"", "description, roles and managers");
    assert_eq!(
        edit(("Crew", "All of us"), "The crew", "All of us").unwrap(),
        Outcome::Done
    );
    assert_eq!(version(), "W/\"2\"", "the name");
    assert_eq!(
        edit(("Crew", "All of us"), "The crew", "All of us").unwrap(),
        Outcome::Unchanged,
        "a double submit does nothing twice"
    );
    let stale = detail(edit(("Crew", ""), "Mine", "x"));
    assert!(stale.contains("changed after"), "{stale}");
    put_in(&h, &admin, &crew, &dev).unwrap();
    assert_eq!(put_in(&h, &admin, &crew, &dev).unwrap(), Outcome::Unchanged);
    assert_eq!(version(), "W/\"3\"", "a member");
    take_out(&h, &admin, &crew, &dev).unwrap();
    assert_eq!(
        take_out(&h, &admin, &crew, &dev).unwrap(),
        Outcome::Unchanged
    );
    assert_eq!(
        (version().as_str(), group_now(&h, &crew).member_count),
        ("W/\"4\"", 0)
    );
    assert_eq!(group_now(&h, &crew).meta.last_modified, LATER);
    h.is_clean("versions");
}

#[test]
fn people_who_have_not_joined_are_put_into_no_group() {
    let h = house(Preset::Postman);
    let admin = join(&h, "admin", "AD");
    let loner = h.loner("loner@elsewhere.example");
    let invited = h.post(&h.ours, &named("loner@elsewhere.example")).unwrap();
    assert_eq!(invited.state(), MemberState::Invited);
    let crew = new_group(&h, &admin, "Crew").unwrap();
    for refused in [
        put_in(&h, &admin, &crew, &invited),
        appoint(&h, &admin, &crew, &invited),
        bar(&h, &admin, &invited),
    ] {
        let detail = detail(refused);
        assert!(detail.contains("has not accepted"), "{detail}");
    }
    remove(&h, &admin, &invited, None).unwrap();
    assert_eq!(h.find(&h.ours, &loner.sign_in_name), None);
    h.is_clean("invited");
}

fn add(h: &House, by: &ScimCaller, group: &Group, member: &str) -> Result<Group> {
    let operations = json!([{ "op": "add", "path": "members", "value": [{ "value": member }] }]);
    patch_group(&h.store, by, &group.id.to_string(), &operations)
}

fn replace(h: &House, by: &ScimCaller, group: &Group, body: Value) -> Result<Group> {
    let (by, id) = (by.clone(), group.id.to_string());
    write(h, move |tx| {
        let replacement = groups::Replacement::read(body, by.rules())?;
        groups::replace(tx, &by, &id, replacement, &IfMatch::default(), LATER)
    })
}

fn delete(h: &House, by: &ScimCaller, group: &Group) -> Result<()> {
    let (by, id) = (by.clone(), group.id.to_string());
    write(h, move |tx| {
        groups::delete(tx, &by, &id, &IfMatch::default(), LATER)
    })
}

/// Learning Center, "Manage user groups": SCIM may change the membership of a group holding Super Admin only if the
/// key was created by a Super Admin.
#[test]
fn scim_changes_groups_of_super_admins_with_a_super_admins_key_alone() {
    let h = house(Preset::Postman);
    let boss = join(&h, "boss", "SD");
    let admin = join(&h, "admin", "AD");
    let dev = join(&h, "dev", "D");
    let theirs = key_of(&h, &admin, "of-an-admin");
    let top = make_group(&h.store, &theirs, "Top").unwrap();
    assert_eq!(top.written_by_scim, Some(NOW));
    add(&h, &theirs, &top, &boss.id.to_string()).expect("a group like any other so far");
    update_group(&h, &boss, &top, "D", "S").unwrap();
    let inner = make_group(&h.store, &theirs, "Inner").unwrap();

    let empty = json!({ "schemas": [urn::GROUP], "displayName": "Top", "members": [] });
    let no_members = json!([{ "op": "remove", "path": "members" }]);
    let attempts = |by: &ScimCaller| {
        [
            add(&h, by, &top, &dev.id.to_string()).map(drop),
            add(&h, by, &top, &inner.id.to_string()).map(drop),
            patch_group(&h.store, by, &top.id.to_string(), &no_members).map(drop),
            replace(&h, by, &top, empty.clone()).map(drop),
            delete(&h, by, &top),
        ]
    };
    let before = super::super::lines(&h.store);
    for refused in attempts(&theirs) {
        let detail = detail(refused);
        assert!(
            detail.contains("generated") && detail.contains("Super Admin"),
            "{detail}"
        );
    }
    assert_eq!(
        super::super::lines(&h.store),
        before,
        "a refused request leaves nothing"
    );

    // The name is free, and so is what changes nothing.
    let named = json!([{ "op": "replace", "value": { "displayName": "The top" } }]);
    patch_group(&h.store, &theirs, &top.id.to_string(), &named).unwrap();
    add(&h, &theirs, &top, &boss.id.to_string()).expect("is a member already");

    // A group inside it conveys the role too.
    let ours = key_of(&h, &boss, "of-a-super-admin");
    add(&h, &ours, &top, &inner.id.to_string()).unwrap();
    assert!(add(&h, &theirs, &inner, &dev.id.to_string()).is_err());
    assert!(delete(&h, &theirs, &inner).is_err());
    add(&h, &ours, &inner, &dev.id.to_string()).unwrap();
    assert!(signed_in(&h, &dev).roles.contains(&Role::SuperAdmin));

    // A key of the command line is the appliance owner's.
    delete(&h, &h.ours, &inner).unwrap();
    // It counts what the author is now.
    update(&h, &boss, &admin, "AD", "SAD").unwrap();
    add(&h, &theirs, &top, &dev.id.to_string()).unwrap();
    update(&h, &boss, &boss, "SD", "AD").unwrap();
    take_out(&h, &admin, &group_now(&h, &top), &boss).unwrap();
    assert!(delete(&h, &ours, &top).is_err(), "no longer a Super Admin");
    delete(&h, &theirs, &top).unwrap();
    h.is_clean("groups of Super Admins");
}

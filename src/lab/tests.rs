//! Seeds loaded into a store, and the changes of a demonstration.

use super::seed::{self, Principal, load, parse};
use super::*;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::source::{Entitlement, entitlement};
use crate::model::{ObjectRef, Scope};
use crate::store::{self, Store, directory as rows};

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn loaded(seed: Seed) -> (Store, Seeded) {
    let store = Store::in_memory().unwrap();
    let operator = Operator::of_this_process();
    let seeded = load(&store, &operator, seed, &mut Ids::from_number(7), now()).unwrap();
    assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
    (store, seeded)
}

fn text_of<'a>(user: &'a seed::SeedUser, name: &str) -> Option<&'a str> {
    let change = user
        .attributes
        .iter()
        .find(|change| change.name() == name)?;
    change.text()
}

#[test]
fn the_demo_seed_has_every_awkward_case() {
    let seed = demo::demo();
    assert_eq!((seed.users.len(), seed.groups.len()), (26, 5));
    let count =
        |test: &dyn Fn(&seed::SeedUser) -> bool| seed.users.iter().filter(|u| test(u)).count();
    assert_eq!(count(&|u| text_of(u, "mail").is_none()), 2);
    assert_eq!(count(&|u| !u.account_enabled), 1);
    assert_eq!(count(&|u| u.deleted), 1);
    let is_guest =
        |u: &seed::SeedUser| u.guest && text_of(u, "userPrincipalName").unwrap().contains("#EXT#");
    assert_eq!(count(&is_guest), 1);
    assert!(count(&|u| !text_of(u, "displayName").unwrap().is_ascii()) >= 4);
    assert!(count(&|u| text_of(u, "displayName").unwrap().len() > 100) >= 1);
    let cycle = seed.users.iter().enumerate().any(|(position, user)| {
        user.manager
            .is_some_and(|m| m != position && seed.users[m].manager == Some(position))
    });
    assert!(cycle, "two people manage each other");
    assert!(
        seed.groups
            .iter()
            .any(|g| g.members.iter().any(|m| matches!(m, Principal::Group(_))))
    );
    let barbara = &seed.users[1];
    let kathy = &seed.users[2];
    assert_eq!(text_of(barbara, "employeeId"), Some("701984"));
    assert_eq!(
        text_of(kathy, "userPrincipalName"),
        Some("Kjensen@example.com")
    );
    assert_eq!(
        (text_of(kathy, "mail"), kathy.manager),
        (Some("kjensen@example.com"), Some(1))
    );
}

#[test]
fn seeds_become_tenants_whose_indexes_hold() {
    let example = parse(include_str!("../../examples/seeds/acme.json")).unwrap();
    for seed in [
        demo::demo(),
        demo::empty(),
        example,
        people::generate(1203, 1, "b.example"),
    ] {
        let (users, groups) = (seed.users.len(), seed.groups.len());
        let expected = seed.clone();
        let (store, seeded) = loaded(seed);
        let tx = store.read().unwrap();
        let tenant = rows::first_tenant(&tx).unwrap().unwrap();
        assert_eq!(
            (tenant.seq, tenant.domain),
            (seeded.tenant.seq, expected.domain)
        );
        let tenant = tenant.seq;
        assert_eq!(rows::count_users(&tx, tenant).unwrap(), users as u64);
        assert_eq!(rows::count_groups(&tx, tenant).unwrap(), groups as u64);
        for (user, seq) in expected.users.iter().zip(&seeded.users) {
            let row = rows::user(&tx, tenant, *seq).unwrap().unwrap();
            assert_eq!(row.manager, user.manager.map(|m| seeded.users[m]));
            assert_eq!(row.account_enabled, user.account_enabled);
            assert_eq!(row.guest, user.guest);
            assert_eq!(row.deleted.is_some(), user.deleted);
            assert_eq!(row.text("displayName"), text_of(user, "displayName"));
        }
        for (group, seq) in expected.groups.iter().zip(&seeded.groups) {
            let row = rows::group(&tx, tenant, *seq).unwrap().unwrap();
            assert_eq!(row.member_count, group.members.len() as u64);
        }
        for (application, made) in expected.applications.iter().zip(&seeded.applications) {
            let row = made.application.seq;
            let assigned = rows::assignments(&tx, tenant, row, None, usize::MAX).unwrap();
            assert_eq!(assigned.len(), application.assignments.len());
            assert_eq!(
                (made.template, made.scope),
                (application.template, application.scope)
            );
        }
    }
}

#[test]
fn made_up_people_are_the_same_every_time_and_everybody_is_assigned() {
    let seed = people::generate(1000, 42, "b.example");
    assert_eq!(seed, people::generate(1000, 42, "b.example"));
    assert_ne!(seed, people::generate(1000, 43, "b.example"));
    assert_eq!((seed.users.len(), seed.groups.len()), (1000, 100));
    let count =
        |test: &dyn Fn(&seed::SeedUser) -> bool| seed.users.iter().filter(|u| test(u)).count();
    assert_eq!(count(&|u| text_of(u, "mail").is_none()), 10);
    assert_eq!(count(&|u| !u.account_enabled), 10);
    assert_eq!(count(&|u| u.deleted), 5);
    assert!(count(&|u| !text_of(u, "displayName").unwrap().is_ascii()) > 20);
    let unique = |name: &str| {
        let all = seed.users.iter().filter_map(|u| text_of(u, name));
        all.collect::<std::collections::HashSet<_>>().len()
    };
    assert_eq!(unique("userPrincipalName"), 1000);
    for (position, user) in seed.users.iter().enumerate() {
        assert!(
            user.manager
                .is_none_or(|m| m < position && !seed.users[m].deleted)
        );
        let me = Principal::User(position);
        let memberships = seed
            .groups
            .iter()
            .filter(|g| g.members.contains(&me))
            .count();
        let direct = seed.applications[0].assignments.contains(&me);
        assert!(if direct {
            memberships == 0
        } else {
            (1..=3).contains(&memberships)
        });
    }
    for size in [0, 1, 2, 19] {
        assert_eq!(people::generate(size, 1, "b.example").users.len(), size);
    }
}

#[test]
fn a_day_changes_nine_things_and_is_the_same_every_time() {
    for seed in [
        demo::demo(),
        people::generate(400, 3, "b.example"),
        people::generate(4100, 3, "b.example"),
    ] {
        let days: Vec<_> = [(); 2]
            .map(|()| loaded(seed.clone()))
            .map(|(store, seeded)| {
                let (tenant, application) =
                    (seeded.tenant.seq, seeded.applications[0].application.seq);
                let hire = Ids::from_number(8).next_guid();
                let made = store
                    .write(move |tx| {
                        let operator = Operator::of_this_process();
                        changes::change_some_people(tx, &operator, tenant, application, hire, now())
                    })
                    .unwrap();
                let tx = store.read().unwrap();
                assert_eq!(store::check(&tx).unwrap(), []);
                made
            })
            .into();
        assert_eq!(days[0].len(), 9, "{:?}", days[0]);
        assert_eq!(days[0], days[1]);
        let subjects: std::collections::HashSet<_> = days[0].iter().map(|c| c.object).collect();
        assert_eq!(subjects.len(), 9, "nobody is changed twice");
    }
}

#[test]
fn a_day_in_an_empty_directory_changes_nothing() {
    let (store, seeded) = loaded(demo::empty());
    let (tenant, application) = (seeded.tenant.seq, seeded.applications[0].application.seq);
    let made = store.write(move |tx| {
        let hire = Ids::from_number(8).next_guid();
        let operator = Operator::of_this_process();
        changes::change_some_people(tx, &operator, tenant, application, hire, now())
    });
    assert_eq!(made.unwrap(), []);
}

#[test]
fn finance_is_nested_and_therefore_not_entitled() {
    let (store, seeded) = loaded(demo::demo());
    let tx = store.read().unwrap();
    let application = seeded.applications[0].application.seq;
    let verdict = |name: &str| {
        let user = rows::user_by_principal_name(&tx, seeded.tenant.seq, name)
            .unwrap()
            .unwrap();
        let object = ObjectRef::user(user.seq);
        entitlement(
            &tx,
            seeded.tenant.seq,
            application,
            Scope::AssignedOnly,
            object,
        )
        .unwrap()
    };
    assert_eq!(verdict("ebony.clark@contoso.example"), Entitlement::None);
    assert_eq!(verdict("maria.santos@contoso.example"), Entitlement::Direct);
    assert_eq!(verdict("samuel.reed@contoso.example"), Entitlement::None);
    assert!(matches!(
        verdict("bjensen@example.com"),
        Entitlement::ByGroup(_)
    ));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of mistakes")]
fn a_mistake_in_a_seed_file_is_told_with_line_and_column() {
    let file = |users: &str, groups: &str, applications: &str| {
        format!(
            "{{\"tenant\": {{\"name\": \"A\", \"domain\": \"a.example\"}},\n\"users\": [\n{users}\n],\n\
             \"groups\": [\n{groups}\n],\n\"applications\": [\n{applications}\n]}}"
        )
    };
    let ann = r#"{"userPrincipalName": "ann@a.example", "displayName": "Ann"}"#;
    let sales = r#"{"displayName": "Sales", "members": ["ANN@a.example"]}"#;
    assert!(parse(&file(ann, sales, "")).is_ok());
    let users = |line: &str| file(&format!("{ann},\n{line}"), "", "");
    let groups = |line: &str| file(ann, &format!("{sales},\n{line}"), "");
    let applications = |line: &str| file(ann, sales, line);
    for (text, line, column, message) in [
        (
            users(r#"{"userPrincipalName": "Ann@A.example", "displayName": "B"}"#),
            4,
            23,
            "taken by the user at line 3, column 1",
        ),
        (
            users(r#"{"userPrincipalName": "bob", "displayName": "B"}"#),
            4,
            23,
            "must contain @",
        ),
        (
            users(r#"{"userPrincipalName": "b@a"}"#),
            4,
            1,
            "expected \"displayName\"",
        ),
        (
            users(r#"{"userPrincipalName": "b@a", "displayName": "B", "manager": "c@a"}"#),
            4,
            61,
            "found \"c@a\"",
        ),
        (
            users(r#"{"userPrincipalName": "b@a", "displayName": "B", "userName": "b"}"#),
            4,
            50,
            "\"userName\" is not an attribute",
        ),
        (
            users(r#"{"userPrincipalName": "b@a", "displayName": "B", "employeeId": 7}"#),
            4,
            64,
            "found a number",
        ),
        (
            users(r#"{"userPrincipalName": "b@a", "displayName": "B", "MAIL": "b", "mail": "b"}"#),
            4,
            63,
            "mail stands here a second time",
        ),
        (
            users(r#"{"userPrincipalName": "b@a", "displayName": "B", "guest": "yes"}"#),
            4,
            59,
            "expected true or false",
        ),
        (users("7"), 4, 1, "expected an object, found a number"),
        (
            groups(r#"{"displayName": "B", "members": ["Sales", "nobody"]}"#),
            7,
            43,
            "found \"nobody\"",
        ),
        (
            groups(r#"{"displayName": "B", "members": ["Sales", "sales"]}"#),
            7,
            43,
            "a second time",
        ),
        (
            groups(r#"{"displayName": "B", "members": ["b"]}"#),
            7,
            34,
            "member of itself",
        ),
        (
            groups(r#"{"displayName": "sales", "members": ["Sales"]}"#),
            7,
            38,
            "several groups",
        ),
        (
            applications(r#"{"name": "P", "template": "slack"}"#),
            9,
            27,
            "found \"slack\"",
        ),
        (
            applications(r#"{"name": "P", "template": "postman", "scope": "none"}"#),
            9,
            47,
            "found \"none\"",
        ),
        (
            applications(r#"{"name": "P", "template": "postman", "users": []}"#),
            9,
            38,
            "found \"users\"",
        ),
        (
            applications(
                r#"{"name": "P", "template": "postman", "assignments": {"users": ["x@a"]}}"#,
            ),
            9,
            64,
            "found \"x@a\"",
        ),
        (
            "{\"tenant\": {\"name\": \"A\"}}".to_owned(),
            1,
            12,
            "expected \"domain\"",
        ),
        (
            "{\n\"tenants\": 1}".to_owned(),
            2,
            1,
            "expected one of tenant, users",
        ),
        ("{\"tenant\": ".to_owned(), 1, 12, "the end of the file"),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.message.contains(message), "{error}\n{text}");
        assert_eq!(
            (error.at.line, error.at.column),
            (line, column),
            "{error}\n{text}"
        );
    }
}

#[test]
fn a_seed_has_dynamic_groups_app_roles_and_extensions() {
    let file = r#"{
  "tenant": { "name": "A", "domain": "a.example" },
  "users": [
    { "userPrincipalName": "ann@a.example", "displayName": "Ann", "department": "Sales",
      "extension_0123456789abcdef0123456789abcdef_badge": "7" },
    { "userPrincipalName": "bo@a.example", "displayName": "Bo", "department": "Sales", "deleted": true },
    { "userPrincipalName": "cy@a.example", "displayName": "Cy" }
  ],
  "groups": [ { "displayName": "Sales", "membershipRule": "user.department -eq \"Sales\"" } ],
  "applications": [ { "name": "Postman", "template": "postman", "appRoles": [
    { "displayName": "Admin", "value": "admin", "users": ["ann@a.example"], "groups": ["Sales"] },
    { "displayName": "User" } ] } ]
}"#;
    let (store, seeded) = loaded(parse(file).unwrap());
    let tx = store.read().unwrap();
    let (tenant, group) = (seeded.tenant.seq, seeded.groups[0]);
    assert_eq!(seeded.tenant.extensions.len(), 1);
    let members = rows::members(&tx, tenant, group, None, 9).unwrap();
    let [ann, bo, _] = seeded.users[..] else {
        panic!("three");
    };
    assert_eq!(members, [ObjectRef::user(ann), ObjectRef::user(bo)]);
    assert!(
        !rows::group(&tx, tenant, group)
            .unwrap()
            .unwrap()
            .is_processing()
    );
    let application = seeded.applications[0].application.seq;
    for object in [ObjectRef::user(ann), ObjectRef::group(group)] {
        let assigned = rows::assignment(&tx, tenant, application, object)
            .unwrap()
            .unwrap();
        assert_eq!(assigned.roles.len(), 1);
    }
    let application = rows::application(&tx, tenant, application)
        .unwrap()
        .unwrap();
    assert_eq!(application.roles.len(), 2);

    for (from, to, message) in [
        ("-eq \\\"Sales\\\"", "is Sales", "line 9"),
        ("\"value\": \"admin\"", "\"value\": \"a b\"", "no blanks"),
        (
            "\"displayName\": \"User\"",
            "\"displayName\": \"User\", \"value\": \"admin\"",
            "already",
        ),
        (
            "\"membershipRule\"",
            "\"members\": [\"cy@a.example\"], \"membershipRule\"",
            "not both",
        ),
    ] {
        let error = parse(&file.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

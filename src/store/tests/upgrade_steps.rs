//! Steps of the layout one by one. A file of today from which the indexes of a step are taken is one of the version before
//! it; opened, it has them again as they were. `upgrade` has a whole file of layout 3, with the step that moves the log;
//! `okta_events` the one of the System Log; `upgrade_people` and `missing numbers` of `tests` the first.

use redb::{Database, TableHandle as _, WriteTransaction};
use serde_json::{Value, json};

use super::{fill, findings, text};
use crate::id::Seq;
use crate::model::okta::{AppUser, OktaGroup};
use crate::model::{
    Account, Actor, AuditEvent, DirectoryGroup, DirectoryUser, Operation, Session, Team,
};
use crate::secret::Digest;
use crate::store::okta::{AppKey, app_users, groups};
use crate::store::{
    Error, Options, Store, Write, accounts, audit, directory, sessions, tables, teams,
};

const WHEN: &str = "2026-01-01T00:00:00.000Z";

/// The name of a table, and how it is taken out of a file.
type Index = (&'static str, fn(&WriteTransaction));

macro_rules! index {
    ($table:ident) => {
        (stringify!($table), |transaction| {
            let there = transaction.delete_table(tables::$table.engine).unwrap();
            assert!(there, "{}", tables::$table.engine.name());
        })
    };
}

fn read<T: serde::de::DeserializeOwned>(row: Value) -> T {
    serde_json::from_value(row).unwrap()
}

/// Something for every index, and beside it something that is not to be in it.
fn write(tx: &Write<'_>) -> Result<(), Error> {
    let operator = |account: Account| Account {
        operator: true,
        ..account
    };
    let ann = accounts::find(tx, Seq(1))?.unwrap();
    accounts::put(tx, &operator(ann))?;
    for (number, account) in [(1, Some(1)), (2, Some(2)), (3, None)] {
        let session: Session = read(json!({"account": account, "state": {}, "expires": WHEN}));
        sessions::put(tx, &Digest([number; 32]), &session)?;
    }
    for (by, operation) in [
        (1, Operation::ScimTurnOn),
        (1, Operation::UserCreate),
        (2, Operation::UserPatch),
    ] {
        let event: AuditEvent = read(json!({
            "at": WHEN, "by": Actor::Account(Seq(by)), "operation": operation, "outcome": "Done",
        }));
        audit::append(tx, super::TEAM, &event)?;
    }
    for (seq, deleted, attributes) in [
        (
            1,
            None,
            json!({"displayName": "Ann", "employeeId": "A7", "mail": "Ann@mail.example"}),
        ),
        (2, None, json!({"displayName": "Bob", "employeeId": "a7"})),
        (3, None, json!({"displayName": "Cho"})),
        (
            4,
            Some(WHEN),
            json!({"displayName": "Dan", "employeeId": "A9", "mail": "d@mail.example"}),
        ),
    ] {
        let user: DirectoryUser = read(json!({
            "seq": seq, "id": format!("00000000-0000-4000-8000-00000000000{seq}"),
            "user_principal_name": format!("u{seq}@contoso.example"), "account_enabled": true,
            "guest": false, "manager": null, "deleted": deleted, "created": WHEN, "attributes": attributes,
        }));
        directory::put_user(tx, Seq(1), &user)?;
    }
    for (seq, deleted) in [(1, None), (2, Some(WHEN))] {
        let group: DirectoryGroup = read(json!({
            "seq": seq, "id": format!("00000000-0000-4000-9000-00000000000{seq}"),
            "display_name": format!("g{seq}"), "security_enabled": true, "member_count": 0,
            "deleted": deleted, "created": WHEN, "attributes": {},
        }));
        directory::put_group(tx, Seq(1), &group)?;
    }
    let key = |app| AppKey {
        org: Seq(1),
        app: Seq(app),
    };
    // One account in two apps, two people with one account, nobody's.
    for (app, user, id) in [
        (1, 1, Some("a-1")),
        (1, 2, Some("a-1")),
        (1, 3, None),
        (2, 1, Some("a-1")),
    ] {
        let app_user: AppUser = read(json!({
            "user": user, "scope": "USER", "status": "PROVISIONED", "sync_state": "SYNCHRONIZED",
            "external_id": id, "user_name": "ann@example.com", "profile": {}, "created": WHEN,
            "last_updated": WHEN, "status_changed": WHEN,
        }));
        app_users::put(tx, key(app), &app_user)?;
    }
    for (seq, app, id) in [
        (1, Some(1), Some("g-1")),
        (2, Some(2), Some("g-1")),
        (3, Some(1), None),
        (4, None, None),
    ] {
        let group: OktaGroup = read(json!({
            "seq": seq, "kind": if app.is_some() { "APP_GROUP" } else { "OKTA_GROUP" }, "name": "Guides",
            "app": app, "external_id": id, "created": WHEN, "last_updated": WHEN,
            "last_membership_updated": WHEN,
        }));
        groups::put(tx, Seq(1), &group)?;
    }
    Ok(())
}

/// What a dump has of some tables.
fn lines(store: &Store, indexes: &[Index]) -> Vec<String> {
    let is_of = |line: &&str, (name, _): &Index| line.starts_with(&format!("{name} "));
    text(store)
        .lines()
        .filter(|line| indexes.iter().any(|index| is_of(line, index)))
        .map(str::to_owned)
        .collect()
}

/// Opens a file of `version`, which has none of these indexes, and compares what it has then with `wanted` entries of
/// each.
fn come_back(version: u64, indexes: &[(Index, usize)]) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    let store = Store::open(&options).unwrap();
    fill(&store);
    store.write(write).unwrap();
    assert_eq!(findings(&store), []);
    let before: Vec<_> = indexes
        .iter()
        .map(|(index, wanted)| {
            let lines = lines(&store, &[*index]);
            assert_eq!(lines.len(), *wanted, "{}: {lines:?}", index.0);
            lines
        })
        .collect();
    drop(store);
    let database = Database::open(options.file()).unwrap();
    let transaction = database.begin_write().unwrap();
    for ((_, take_out), _) in indexes {
        take_out(&transaction);
    }
    transaction
        .open_table(tables::META.engine)
        .unwrap()
        .insert("schema_version", version)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let store = Store::open(&options).unwrap();
    assert_eq!(findings(&store), []);
    let after: Vec<_> = indexes
        .iter()
        .map(|(index, _)| lines(&store, &[*index]))
        .collect();
    assert_eq!(after, before);
    (directory, store)
}

#[test]
fn from_2_to_3_events_operators_and_sessions_can_be_looked_up_and_no_record_is_cut() {
    let (_directory, store) = come_back(
        2,
        &[
            (index!(AUDIT_TO_BUCKET), 6),
            (index!(OPERATORS), 1),
            (index!(ACCOUNT_TO_SESSION), 2),
        ],
    );
    let team = teams::find(&store.read().unwrap(), super::TEAM).unwrap();
    assert_eq!(team.unwrap().audit_days, Team::AUDIT_DAYS_MOST);
}

#[test]
fn from_3_to_4_the_recycle_bin_is_in_the_order_of_deletion() {
    come_back(3, &[(index!(DELETED_OBJECTS), 2)]);
}

#[test]
fn from_6_to_7_people_and_groups_of_the_mock_okta_are_found_by_their_accounts() {
    come_back(
        6,
        &[
            (index!(OKTA_ACCOUNT_TO_USER), 3),
            (index!(OKTA_ACCOUNT_TO_GROUP), 2),
        ],
    );
}

#[test]
fn from_7_to_8_people_are_found_by_employee_id_and_mail() {
    come_back(7, &[(index!(VALUE_TO_DIRECTORY_USER), 3)]);
}

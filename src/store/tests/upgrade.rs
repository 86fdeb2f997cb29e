//! A file of layout 3, written by hand as that version wrote it, is opened by this one.

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};
use serde_json::json;

use super::findings;
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::model::{Action, Authentication, LogRetention, ObjectKind, ObjectRef, StepKind};
use crate::secret::Sealed;
use crate::store::jobs::{self, JobKey};
use crate::store::logs::Condition;
use crate::store::tables::{self, Definition, Row};
use crate::store::upgrade::SCHEMA_VERSION;
use crate::store::{Options, Store, directory, logs, recycle_bin};

/// The index of the log before it could be searched.
const OLD_INDEX: TableDefinition<'_, (u64, u64, u64), ()> =
    TableDefinition::new("JOB_TO_LOG_ENTRY");

const JOB: JobKey = JobKey {
    tenant: Seq(1),
    job: Seq(1),
};

/// Entries of the old log: a full block and a part of the next.
const ENTRIES: u64 = 70;

pub(super) const USERS: [&str; 2] = [
    r#"{"seq":1,"id":"19930998-8617-4ea6-98ce-9a741eba5d9e","user_principal_name":"Ann@contoso.example","account_enabled":true,"guest":false,"manager":null,"deleted":null,"created":"2026-01-01T00:00:00.000Z","attributes":{"displayName":"Ann","employeeId":"A7"}}"#,
    r#"{"seq":2,"id":"b8b2be43-fc34-4d8f-8626-a2da1025917f","user_principal_name":"bob@contoso.example","account_enabled":true,"guest":false,"manager":1,"deleted":"2026-01-03T00:00:00.000Z","created":"2026-01-01T00:00:00.000Z","attributes":{"displayName":"Bob"}}"#,
];
const GROUPS: [&str; 2] = [
    r#"{"seq":1,"id":"03b56cde-4f53-411d-9e17-3436a85e2aee","display_name":"Guides","security_enabled":true,"member_count":1,"deleted":null,"created":"2026-01-01T00:00:00.000Z","attributes":{}}"#,
    r#"{"seq":2,"id":"8296ea1e-2970-4366-a472-95a7862d708f","display_name":"Drivers","security_enabled":true,"member_count":0,"deleted":"2026-01-02T00:00:00.000Z","created":"2026-01-01T00:00:00.000Z","attributes":{}}"#,
];
const IDS: [(&str, (u8, u64)); 4] = [
    ("19930998-8617-4ea6-98ce-9a741eba5d9e", (1, 1)),
    ("b8b2be43-fc34-4d8f-8626-a2da1025917f", (1, 2)),
    ("03b56cde-4f53-411d-9e17-3436a85e2aee", (2, 1)),
    ("8296ea1e-2970-4366-a472-95a7862d708f", (2, 2)),
];
const TENANT: &str = r#"{"seq":1,"id":"cfba71f4-9b4e-48a4-8de9-ceab596a7823","name":"Contoso","domain":"contoso.example","created":"2026-01-01T00:00:00.000Z"}"#;
pub(super) const APPLICATION: &str = r#"{"seq":1,"id":"7967f8cc-342b-43fb-a3d1-de0f70d9a4ae","app_id":"fdc89407-5c64-4a9a-8c44-3ed9f44ada79","display_name":"Postman","created":"2026-01-01T00:00:00.000Z"}"#;
const ASSIGNMENT: &str =
    r#"{"principal":{"kind":"User","seq":1},"created":"2026-01-01T00:00:00.000Z"}"#;
pub(super) const JOB_ROW: &str = r#"{"seq":1,"id":"scim.cfba71f49b4e48a48de9ceab596a7823.2202d662-dcc2-40ec-a00d-df4315dcde96","application":1,"status":"Quarantine","tenant_url":"http://127.0.0.1:44289/scim/v2","secret_token":"00ff","scope":"AssignedOnly","rules":{"users":{"name":"Users","source_type":"User","enabled":true,"actions":{"create":true,"update":true,"delete":true},"attributes":[{"source":{"type":"Direct","value":"mail"},"target":"userName","matching_priority":1,"flow":"Always"},{"source":{"type":"Expression","value":"Not([IsSoftDeleted])"},"target":"active","matching_priority":0,"flow":"Always"}],"scope":[]},"groups":{"name":"Groups","source_type":"Group","enabled":true,"actions":{"create":true,"update":true,"delete":true},"attributes":[{"source":{"type":"Direct","value":"displayName"},"target":"displayName","matching_priority":1,"flow":"Always"},{"source":{"type":"Direct","value":"members"},"target":"members","matching_priority":0,"flow":"Always"}],"scope":[]}},"interval_seconds":2400,"parallel_exports":8,"watermark":10,"cycle":1,"next_run":"2026-01-04T00:00:00.000Z","quarantine":{"began":"2026-01-03T00:00:00.000Z","count":2,"error":{"errorCode":"Unreachable","reason":"no answer","recommendedAction":null}},"steady_state_first":null,"steady_state_last":null}"#;
const CYCLE: &str = r#"{"seq":1,"id":"74625f84-bb62-4867-a613-79fc35278d94","kind":"Initial","state":"Succeeded","began":"2026-01-02T00:00:00.000Z","ended":"2026-01-02T00:00:01.000Z","head":10,"phase":"Members","after":1,"total":3,"done":3,"counts":{"examined":3,"created":2,"updated":1,"disabled":0,"deleted":0,"skipped":0,"failed":0,"requests":5},"error":null}"#;
const LINK: &str = r#"{"source":{"kind":"User","seq":1},"source_id":"19930998-8617-4ea6-98ce-9a741eba5d9e","target_id":"a77b","state":"Active","out_of_scope":false,"exported":{"userName":"ann@contoso.example","active":"True"}}"#;
const ESCROW: &str = r#"{"source":{"kind":"User","seq":2},"first_failure":"2026-01-02T00:00:00.000Z","attempts":3,"cycle":1,"error":{"errorCode":"EntryConflict","reason":"taken","recommendedAction":null}}"#;

/// Entry `number` of the log, which had everything in one row.
fn old_entry(number: u64) -> String {
    json!({
        "seq": number, "job": 1, "cycleId": "74625f84-bb62-4867-a613-79fc35278d94",
        "activityDateTime": Timestamp::from_millis(1_767_312_000_000).plus(std::time::Duration::from_secs(number)),
        "kind": "User", "object": 1,
        "action": if number == 5 { "disable" } else { "update" }, "status": "success", "error": null,
        "durationInMilliseconds": number,
        "source": { "id": "19930998-8617-4ea6-98ce-9a741eba5d9e", "displayName": "Ann" },
        "target": { "id": "a77b", "displayName": "ann@contoso.example" },
        "steps": [{
            "name": "EntryExportUpdate", "provisioningStepType": "export", "status": "success",
            "description": format!("step of {number}"), "details": { "ReportableIdentifier": "ann@contoso.example" },
        }],
        "modifiedProperties": [{ "displayName": "active", "oldValue": null, "newValue": "True" }],
        "exchanges": [{
            "method": "GET", "url": "http://127.0.0.1:44289/scim/v2/Users", "request": null, "status": 200,
            "response": "{}", "milliseconds": 1,
        }],
    })
    .to_string()
}

fn put<'k, K: redb::Key + 'static>(
    transaction: &WriteTransaction,
    table: Definition<K, Row>,
    key: K::SelfType<'k>,
    json: &str,
) where
    K::SelfType<'k>: Clone,
{
    let row = [&[1], json.as_bytes()].concat();
    let mut table = transaction.open_table(table.engine).unwrap();
    table.insert(key, row.as_slice()).unwrap();
}

fn index<K: redb::Key + 'static, V: redb::Value + 'static>(
    transaction: &WriteTransaction,
    table: Definition<K, V>,
    key: K::SelfType<'_>,
    value: V::SelfType<'_>,
) {
    let mut table = transaction.open_table(table.engine).unwrap();
    table.insert(key, value).unwrap();
}

/// The tables that came since are not there, the one that went is.
fn write_layout_3(transaction: &WriteTransaction) {
    transaction
        .delete_table(tables::DELETED_OBJECTS.engine)
        .unwrap();
    transaction
        .delete_table(tables::VALUE_TO_DIRECTORY_USER.engine)
        .unwrap();
    transaction
        .delete_table(tables::DYNAMIC_GROUPS.engine)
        .unwrap();
    transaction
        .delete_table(tables::HELD_DELETIONS.engine)
        .unwrap();
    transaction.delete_table(tables::JOB_COUNTS.engine).unwrap();
    transaction
        .delete_table(tables::LOG_DETAILS.engine)
        .unwrap();
    transaction.delete_table(tables::LOG_BLOCKS.engine).unwrap();

    put(transaction, tables::TENANTS, 1, TENANT);
    for (row, (user, group)) in (1..).zip(USERS.into_iter().zip(GROUPS)) {
        put(transaction, tables::DIRECTORY_USERS, (1, row), user);
        put(transaction, tables::DIRECTORY_GROUPS, (1, row), group);
    }
    let name = (1, "ann@contoso.example");
    index(transaction, tables::UPN_TO_DIRECTORY_USER, name, 1);
    index(transaction, tables::MANAGER_TO_REPORT, (1, 1, 2), ());
    for (id, object) in IDS {
        let id: Guid = id.parse().unwrap();
        let key = (1, id.bytes());
        index(transaction, tables::OBJECT_ID_TO_OBJECT, key, object);
    }
    let (there, back) = ((1, 1, 1, 1), (1, 1, 1, 1));
    index(transaction, tables::DIRECTORY_GROUP_TO_MEMBER, there, ());
    index(transaction, tables::DIRECTORY_MEMBER_TO_GROUP, back, ());
    put(transaction, tables::APPLICATIONS, (1, 1), APPLICATION);
    put(transaction, tables::ASSIGNMENTS, (1, 1, 1, 1), ASSIGNMENT);
    let assigned = (1, 1, 1, 1);
    index(transaction, tables::PRINCIPAL_TO_APPLICATION, assigned, ());
    put(transaction, tables::JOBS, (1, 1), JOB_ROW);
    put(transaction, tables::CYCLES, (1, 1, 1), CYCLE);
    put(transaction, tables::LINKS, (1, 1, 1, 1), LINK);
    put(transaction, tables::ESCROWS, (1, 1, 1, 2), ESCROW);
    let mut job_to_entry = transaction.open_table(OLD_INDEX).unwrap();
    for number in 1..=ENTRIES {
        let entry = old_entry(number);
        put(transaction, tables::LOG_ENTRIES, (1, number), &entry);
        job_to_entry.insert((1, 1, number), ()).unwrap();
    }
    for (counter, value) in [
        ("applications", 1),
        ("directory_groups", 2),
        ("directory_groups_total", 2),
        ("directory_users", 2),
        ("directory_users_total", 2),
        ("jobs", 1),
        ("log_entries", ENTRIES),
    ] {
        index(transaction, tables::COUNTERS, (1, counter), value);
    }
    index(transaction, tables::COUNTERS, (0, "tenants"), 1);
    index(transaction, tables::META, "schema_version", 3);
}

/// The version that a file says it has, and whether it has the old index of the log.
fn layout(file: &std::path::Path) -> (u64, bool) {
    let database = Database::open(file).unwrap();
    let read = database.begin_read().unwrap();
    let meta = read.open_table(tables::META.engine).unwrap();
    let version = meta.get("schema_version").unwrap().unwrap().value();
    (version, read.open_table(OLD_INDEX).is_ok())
}

fn old_file() -> (tempfile::TempDir, Options) {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::new(directory.path());
    drop(Store::open(&options).unwrap());
    let database = Database::open(options.file()).unwrap();
    let transaction = database.begin_write().unwrap();
    write_layout_3(&transaction);
    transaction.commit().unwrap();
    drop(database);
    assert_eq!(layout(&options.file()), (3, true));
    (directory, options)
}

#[test]
fn a_file_of_layout_3_is_read_as_what_it_was() {
    let (_directory, options) = old_file();
    let store = Store::open(&options).unwrap();
    assert_eq!(findings(&store), []);
    let tx = store.read().unwrap();

    let bob = ObjectRef::user(Seq(2));
    let drivers = ObjectRef::group(Seq(2));
    assert_eq!(recycle_bin::all(&tx, Seq(1)).unwrap(), [bob, drivers]);
    let middle = Timestamp::parse("2026-01-02T12:00:00Z").unwrap();
    let overdue = recycle_bin::deleted_until(&tx, Seq(1), middle, 9).unwrap();
    assert_eq!(overdue, [drivers]);
    assert_eq!(directory::dynamic_groups(&tx, Seq(1)).unwrap(), []);

    let found = directory::users_by_value(&tx, Seq(1), "employeeId", "a7", 2).unwrap();
    assert_eq!(found.iter().map(|user| user.seq.0).collect::<Vec<_>>(), [1]);

    let job = jobs::find(&tx, JOB).unwrap().unwrap();
    let token = Sealed::from_text("00ff");
    assert_eq!(
        job.authentication,
        Some(Authentication::SecretToken { token })
    );
    assert_eq!(job.quarantine.unwrap().count, 2);
    let cycle = jobs::cycle(&tx, JOB, Seq(1)).unwrap().unwrap();
    assert_eq!((cycle.counts.created, cycle.counts.staged), (2, 0));
    assert_eq!(jobs::count_links(&tx, JOB, ObjectKind::User).unwrap(), 1);
    assert_eq!(jobs::escrows(&tx, JOB).unwrap()[0].attempts, 3);

    // By what a search looks for in a block that is described, and in the one that is not full.
    let disabled = [Condition::Actions(vec![Action::Disable])];
    let found = logs::newest(&tx, Seq(1), &disabled, 9).unwrap();
    assert_eq!(found.iter().map(|head| head.seq.0).collect::<Vec<_>>(), [5]);
    let all = logs::newest(&tx, Seq(1), &[], usize::MAX).unwrap();
    let positions: Vec<u64> = all.iter().map(|head| head.seq.0).collect();
    assert_eq!(positions, (1..=ENTRIES).rev().collect::<Vec<_>>());
    for number in [1, 63, 64, ENTRIES] {
        let entry = logs::find(&tx, Seq(1), Seq(number)).unwrap().unwrap();
        assert_eq!(entry.steps[0].kind, StepKind::Export);
        assert_eq!(entry.steps[0].description, format!("step of {number}"));
        assert_eq!(entry.modified_properties.len(), 1);
        assert_eq!(entry.exchanges[0].status, Some(200));
    }
}

#[test]
fn the_log_of_an_older_file_is_kept_until_somebody_says_otherwise() {
    let (_directory, options) = old_file();
    let store = Store::open(&options).unwrap();
    let tx = store.read().unwrap();
    let kept = LogRetention { days: None };
    assert_eq!(logs::retention(&tx, Seq(1)).unwrap(), kept);
    let new = logs::retention(&tx, Seq(2)).unwrap();
    assert_eq!(new, LogRetention::default());
}

#[test]
fn an_older_file_is_kept_beside_the_upgraded_one_and_upgraded_once() {
    let (directory, options) = old_file();
    drop(Store::open(&options).unwrap());
    assert_eq!(layout(&options.file()), (SCHEMA_VERSION, false));
    let copy = directory.path().join("scimlab.v3.redb");
    assert_eq!(layout(&copy), (3, true));
    std::fs::remove_file(&copy).unwrap();
    drop(Store::open(&options).unwrap());
    let files = std::fs::read_dir(directory.path()).unwrap();
    assert_eq!(files.count(), 1, "a file of today needs no copy");
}

//! Uploads by example: what becomes of people, everything that can be wrong with one, and stopping and restarting.

mod managers;
mod removal;

use serde_json::{Value, json};

use crate::access::{GraphClient, Operator};
use crate::clock::Timestamp;
use crate::directory::applications::{self, NewApplication};
use crate::directory::inbound::{self, BulkRequest, Progress};
use crate::directory::tenants;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce, Seq};
use crate::mapping::entra::{
    AttributeMapping, Clause, MappingSource, Operator as Comparison, ScopingFilter,
};
use crate::model::{Action, DirectoryUser, Job, LogEntry, Status, StepKind, Tenant, UploadOutcome};
use crate::store::jobs::JobKey;
use crate::store::{Reads as _, Store, directory, inbound as rows, logs};
use crate::sync::jobs;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

struct Bench {
    store: Store,
    key: JobKey,
    nonce: std::cell::Cell<u64>,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + second * 1000)
}

fn client(tenant: Seq) -> GraphClient {
    GraphClient {
        tenant,
        registration: Seq(1),
        app_id: Guid::from_nonce(Nonce([9; 16])),
        name: "HR".into(),
        permissions: std::collections::BTreeSet::new(),
        owns: std::collections::BTreeSet::new(),
    }
}

impl Bench {
    fn new() -> Self {
        let store = Store::in_memory().unwrap();
        let key = store
            .write(|tx| -> Result<JobKey> {
                let operator = Operator::of_this_process();
                let id = |n: u8| Guid::from_nonce(Nonce([n; 16]));
                let tenant: Tenant = tenants::create(
                    tx,
                    &operator,
                    &tenants::TenantName {
                        name: "Contoso".into(),
                        domain: "contoso.example".into(),
                    },
                    id(1),
                    at(0),
                )?;
                let new = NewApplication {
                    id: id(2),
                    app_id: id(3),
                    display_name: "API".into(),
                };
                let application = applications::add(tx, &operator, tenant.seq, &new, at(0))?;
                let tenant = tenant.seq;
                let job = jobs::create_inbound(tx, &operator, tenant, application.seq, id(4))?;
                let key = JobKey {
                    tenant,
                    job: job.seq,
                };
                jobs::start(tx, &operator, key, at(0))?;
                Ok(key)
            })
            .unwrap();
        Self {
            store,
            key,
            nonce: std::cell::Cell::new(0),
        }
    }

    fn accept(&self, users: &[Value]) -> Result<()> {
        let operations: Vec<Value> = users
            .iter()
            .enumerate()
            .map(|(n, data)| json!({"method": "POST", "bulkId": n.to_string(), "path": "/Users", "data": data}))
            .collect();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
        })
        .to_string();
        let request = BulkRequest::parse(body.as_bytes()).unwrap();
        let key = self.key;
        self.store.write(move |tx| {
            let id = Guid::from_nonce(Nonce([5; 16]));
            inbound::accept(tx, &client(key.tenant), key, &request, &body, id, at(1)).map(drop)
        })
    }

    fn work(&self) {
        loop {
            let number = self.nonce.get() + 1;
            self.nonce.set(number);
            let (key, nonce) = (self.key, Nonce([7; 16]).nth(number));
            let progress = self
                .store
                .write(move |tx| inbound::work(tx, key, nonce, at(2)));
            if progress.unwrap() == Progress::Rest {
                return;
            }
        }
    }

    /// Uploads, works off, and returns how it ended.
    fn upload(&self, users: &[Value]) -> UploadOutcome {
        self.accept(users).unwrap();
        self.work();
        let tx = self.store.read().unwrap();
        rows::newest(&tx, self.key, None, 1).unwrap()[0].outcome
    }

    fn user(&self, name: &str) -> DirectoryUser {
        let tx = self.store.read().unwrap();
        let found = directory::user_by_principal_name(&tx, self.key.tenant, name).unwrap();
        found.unwrap_or_else(|| panic!("{name} is not there"))
    }

    /// The newest entry of the log.
    fn entry(&self) -> LogEntry {
        let tx = self.store.read().unwrap();
        let head = logs::newest(&tx, self.key.tenant, &[], 1)
            .unwrap()
            .remove(0);
        logs::complete(&tx, self.key.tenant, head).unwrap()
    }

    /// Every entry of the log, the oldest first.
    fn entries(&self) -> Vec<LogEntry> {
        let tx = self.store.read().unwrap();
        let mut heads = logs::newest(&tx, self.key.tenant, &[], usize::MAX).unwrap();
        heads.reverse();
        heads
            .into_iter()
            .map(|head| logs::complete(&tx, self.key.tenant, head).unwrap())
            .collect()
    }

    fn code(&self) -> String {
        self.entry()
            .error
            .map_or_else(String::new, |error| error.error_code)
    }
}

fn person(anchor: &str, name: &str) -> Value {
    json!({"externalId": anchor, "userName": name, "displayName": name, "active": true})
}

fn outcome(created: u32, updated: u32, skipped: u32, failed: u32) -> UploadOutcome {
    UploadOutcome {
        created,
        updated,
        skipped,
        failed,
    }
}

#[test]
fn a_user_is_created_updated_left_alone_disabled_and_enabled() {
    let bench = Bench::new();
    let mut ann = person("1", "ann@contoso.example");
    ann["title"] = json!("Guide");
    ann["emails"] = json!([{"type": "work", "value": "ann@mail.example"}]);
    assert_eq!(bench.upload(&[ann.clone()]), outcome(1, 0, 0, 0));
    let user = bench.user("ann@contoso.example");
    assert!(user.account_enabled);
    assert_eq!(user.text("employeeId"), Some("1"));
    assert_eq!(user.text("jobTitle"), Some("Guide"));
    assert_eq!(user.text("mail"), Some("ann@mail.example"));
    let entry = bench.entry();
    assert_eq!(
        (entry.action, entry.status),
        (Action::Create, Status::Success)
    );
    assert_eq!(entry.source.id, "1");
    let kinds: Vec<StepKind> = entry.steps.iter().map(|step| step.kind).collect();
    let four = [
        StepKind::Import,
        StepKind::Matching,
        StepKind::Scoping,
        StepKind::Export,
    ];
    assert_eq!(kinds, four);

    // Again: a client that repeats a request does no harm.
    assert_eq!(bench.upload(&[ann.clone()]), outcome(0, 0, 1, 0));
    assert_eq!(bench.code(), "RedundantExport");

    // What is not sent is not cleared.
    ann.as_object_mut().unwrap().remove("title");
    ann["userName"] = json!("ann.b@contoso.example");
    assert_eq!(bench.upload(&[ann.clone()]), outcome(0, 1, 0, 0));
    assert_eq!(
        bench.user("ann.b@contoso.example").text("jobTitle"),
        Some("Guide")
    );
    let modified = bench.entry().modified_properties;
    assert_eq!(modified.len(), 1);
    assert_eq!(
        modified[0].old_value.as_deref(),
        Some("ann@contoso.example")
    );

    ann["active"] = json!(false);
    assert_eq!(bench.upload(&[ann.clone()]), outcome(0, 1, 0, 0));
    assert_eq!(bench.entry().action, Action::Disable);
    assert!(!bench.user("ann.b@contoso.example").account_enabled);
    ann["active"] = json!(true);
    bench.upload(&[ann]);
    assert_eq!(bench.entry().action, Action::Update);
    assert!(bench.user("ann.b@contoso.example").account_enabled);
}

#[test]
fn what_is_wrong_with_a_user_is_said_in_the_log_and_stops_nobody_else() {
    let bench = Bench::new();
    bench.upload(&[person("1", "ann@contoso.example")]);
    let mut nameless = person("2", "x@contoso.example");
    nameless.as_object_mut().unwrap().remove("displayName");
    let mut odd = person("3", "y@contoso.example");
    odd["active"] = json!("perhaps");
    for (user, code) in [
        (json!({"userName": "z@contoso.example"}), "ImportSkipped"),
        (nameless, "MandatoryFieldsMissing"),
        (odd, "SchemaPropertyCanOnlyAcceptValue"),
        (
            person("4", "no address"),
            "AzureActiveDirectoryInvalidUserPrincipalName",
        ),
        (person("5", "Ann@contoso.example"), "EntryConflict"),
    ] {
        let good = person("1", "ann@contoso.example");
        assert_eq!(
            bench.upload(&[good, user.clone()]),
            outcome(0, 0, 1, 1),
            "{user}"
        );
        assert_eq!(bench.code(), code, "{user}");
        let error = bench.entry().error.unwrap();
        assert!(
            error
                .recommended_action
                .is_some_and(|action| !action.is_empty())
        );
    }
    let tx = bench.store.read().unwrap();
    assert_eq!(directory::count_users(&tx, bench.key.tenant).unwrap(), 1);
}

#[test]
fn two_people_with_one_number_are_nobody() {
    let bench = Bench::new();
    bench.upload(&[
        person("1", "ann@contoso.example"),
        person("2", "bob@contoso.example"),
    ]);
    let key = bench.key;
    let bob = bench.user("bob@contoso.example").seq;
    let ann = bench.user("ann@contoso.example").seq;
    let changed = bench.store.write(move |tx| -> Result<()> {
        use crate::directory::{AttributeChange, AttributeValue, users};
        use crate::model::ObjectKind;
        for row in [ann, bob] {
            let number = AttributeValue::Text("7".into());
            let change = AttributeChange::set(ObjectKind::User, "employeeId", number)?;
            let operator = Operator::of_this_process();
            users::update(tx, &operator, key.tenant, row, &[change], at(3))?;
        }
        Ok(())
    });
    changed.unwrap();
    assert_eq!(
        bench.upload(&[person("7", "c@contoso.example")]),
        outcome(0, 0, 0, 1)
    );
    assert_eq!(bench.code(), "DuplicateTargetEntries");
}

#[test]
fn scoping_filters_read_what_was_uploaded() {
    let bench = Bench::new();
    let key = bench.key;
    let changed = bench.store.write(move |tx| -> Result<()> {
        let mut rules = inbound::job(tx, key)?.rules;
        let mut fields = rules.users.into_fields();
        let clause = Clause::new("title", Comparison::Equals, Some("Guide")).unwrap();
        fields.scope = vec![ScopingFilter::new("Guides", vec![clause]).unwrap()];
        rules.users = crate::mapping::entra::ObjectMapping::new(fields).unwrap();
        jobs::set_rules(tx, &Operator::of_this_process(), key, rules, at(1)).map(drop)
    });
    changed.unwrap();
    let mut ann = person("1", "ann@contoso.example");
    assert_eq!(bench.upload(&[ann.clone()]), outcome(0, 0, 1, 0));
    assert_eq!(bench.code(), "NotEffectivelyEntitled");
    ann["title"] = json!("Guide");
    assert_eq!(bench.upload(&[ann]), outcome(1, 0, 0, 0));
}

#[test]
fn a_stopped_job_takes_nothing_and_keeps_what_waits() {
    let bench = Bench::new();
    bench.accept(&[person("1", "ann@contoso.example")]).unwrap();
    let key = bench.key;
    let operator = Operator::of_this_process;
    bench.stop();
    let refused = bench.accept(&[person("2", "bob@contoso.example")]);
    assert!(matches!(refused, Err(Error::Disabled { .. })));
    bench.work();
    {
        let tx = bench.store.read().unwrap();
        assert_eq!(rows::count_waiting(&tx, key, 9).unwrap(), 1);
        assert!(inbound::due(&tx).unwrap().is_empty());
    }
    bench
        .store
        .write(move |tx| jobs::start(tx, &operator(), key, at(3)))
        .unwrap();
    bench.work();
    bench.user("ann@contoso.example");
}

impl Bench {
    fn job(&self) -> Job {
        inbound::job(&self.store.read().unwrap(), self.key).unwrap()
    }

    fn stop(&self) {
        let key = self.key;
        let stopped = self
            .store
            .write(move |tx| jobs::stop(tx, &Operator::of_this_process(), key, at(2)));
        stopped.unwrap();
    }

    fn restart(&self) {
        let (key, scope) = (self.key, jobs::RestartScope::default());
        let restarted = self
            .store
            .write(move |tx| jobs::restart(tx, &Operator::of_this_process(), key, scope, at(3)));
        restarted.unwrap();
    }

    /// Edits every attribute mapping.
    fn remap(&self, edit: impl Fn(&mut AttributeMapping) + Send + 'static) {
        let key = self.key;
        let changed = self.store.write(move |tx| -> Result<()> {
            let mut rules = inbound::job(tx, key)?.rules;
            let mut fields = rules.users.into_fields();
            fields.attributes.iter_mut().for_each(&edit);
            rules.users = crate::mapping::entra::ObjectMapping::new(fields).unwrap();
            jobs::set_rules(tx, &Operator::of_this_process(), key, rules, at(1)).map(drop)
        });
        changed.unwrap();
    }

    /// Whom a user waits for.
    fn awaits(&self, name: &str) -> Option<String> {
        let user = self.user(name).seq;
        rows::awaited_manager(&self.store.read().unwrap(), self.key, user).unwrap()
    }
}

fn report(anchor: &str, name: &str, manager: &str) -> Value {
    let mut data = person(anchor, name);
    data[ENTERPRISE] = json!({"manager": {"value": manager}});
    data
}

#[test]
fn a_restart_of_a_running_job_works_off_what_waits_and_then_forgets_who_waits() {
    let bench = Bench::new();
    bench.upload(&[report("1", "ann@contoso.example", "9")]);
    bench.accept(&[person("2", "bob@contoso.example")]).unwrap();
    bench.restart();
    assert_eq!(bench.awaits("ann@contoso.example").as_deref(), Some("9"));
    bench.work();
    bench.user("bob@contoso.example");
    assert_eq!(bench.awaits("ann@contoso.example"), None);
    assert_eq!(bench.job().clear_escrows_after, None);
    // Who comes now is nobody's manager by what was sent before.
    bench.upload(&[person("9", "cho@contoso.example")]);
    assert_eq!(bench.user("ann@contoso.example").manager, None);

    // Nothing waits: at once.
    bench.upload(&[report("3", "dan@contoso.example", "10")]);
    bench.restart();
    assert_eq!(bench.awaits("dan@contoso.example"), None);
}

#[test]
fn a_restart_of_a_stopped_job_purges_what_waits() {
    let bench = Bench::new();
    bench.accept(&[person("1", "ann@contoso.example")]).unwrap();
    bench.stop();
    bench.restart();
    assert!(bench.job().status.is_started());
    bench.work();
    let tx = bench.store.read().unwrap();
    assert_eq!(directory::count_users(&tx, bench.key.tenant).unwrap(), 0);
    let upload = rows::newest(&tx, bench.key, None, 1).unwrap().remove(0);
    assert!(upload.purged && upload.processed.is_some());
    assert_eq!(rows::first_waiting(&tx, bench.key).unwrap(), None);
    drop(tx);
    // The job takes uploads again.
    assert_eq!(
        bench.upload(&[person("1", "ann@contoso.example")]),
        outcome(1, 0, 0, 0)
    );
}

#[test]
fn an_upload_leads_to_the_log_entries_of_its_operations() {
    let bench = Bench::new();
    bench.upload(&[person("0", "zoe@contoso.example")]);
    bench.upload(&[
        person("1", "ann@contoso.example"),
        json!({"userName": "nobody@contoso.example"}),
        report("2", "bob@contoso.example", "9"),
    ]);
    let tx = bench.store.read().unwrap();
    let upload = rows::newest(&tx, bench.key, None, 1).unwrap().remove(0);
    let Seq(first) = upload.first_entry.unwrap();
    let names: Vec<String> = (first..first + 3)
        .map(|position| {
            let head = logs::head(&tx, bench.key.tenant, Seq(position))
                .unwrap()
                .unwrap();
            assert_eq!(
                head.cycle_id,
                inbound::cycle_id(tx.mix(), bench.key, upload.seq)
            );
            head.source.id
        })
        .collect();
    assert_eq!(names, ["1", "1", "2"]);
}

#[test]
fn people_of_another_domain_and_other_matching_attributes_are_refused_in_the_log() {
    let bench = Bench::new();
    bench.remap(|mapping| {
        if mapping.target.as_str() == "userPrincipalName" {
            mapping.source = MappingSource::Direct("userName".into());
        }
    });
    let foreign = person("1", "ann@fabrikam.example");
    assert_eq!(bench.upload(&[foreign]), outcome(0, 0, 0, 1));
    let error = bench.entry().error.unwrap();
    assert_eq!(
        error.error_code,
        "AzureActiveDirectoryInvalidUserPrincipalName"
    );
    assert!(
        error.reason.contains("contoso.example") && error.reason.contains("ann@fabrikam.example")
    );
    assert_eq!(
        bench.upload(&[person("1", "ann@CONTOSO.example")]),
        outcome(1, 0, 0, 0)
    );
    bench.remap(|mapping| {
        mapping.matching_priority = u32::from(mapping.target.as_str() == "displayName");
    });
    assert_eq!(
        bench.upload(&[person("2", "bob@contoso.example")]),
        outcome(0, 0, 0, 1)
    );
    assert_eq!(bench.code(), "SchemaAttributeNotFound");
}

#[test]
fn an_attribute_of_a_custom_extension_is_mapped() {
    let bench = Bench::new();
    bench.remap(|mapping| {
        if mapping.target.as_str() == "jobTitle" {
            let text = r#"Join("", [title], "(", [urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode], ")")"#;
            mapping.source = MappingSource::Expression(text.parse().unwrap());
        }
    });
    let mut ann = person("1", "ann@contoso.example");
    ann["title"] = json!("Tour Lead");
    ann["urn:ietf:params:scim:schemas:extension:csv:1.0:User"] = json!({"JobCode": "TL-1001"});
    assert_eq!(bench.upload(&[ann]), outcome(1, 0, 0, 0));
    let user = bench.user("ann@contoso.example");
    assert_eq!(user.text("jobTitle"), Some("Tour Lead(TL-1001)"));
}

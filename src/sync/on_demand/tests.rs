//! *Provision on demand*: the steps, the limits, and what is left behind.

use serde_json::{Value as Json, json};

use super::*;
use crate::clock::Timestamp;
use crate::directory::{groups, users};
use crate::model::{Action, Scope};
use crate::sync::testing::{Fault, Lab, operator, text};

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

fn ask(lab: &Lab, subject: &Subject, dry_run: bool) -> Report {
    lab.target.seen();
    provision(&lab.context, lab.key, subject, "ada@contoso.com", dry_run).unwrap()
}

/// Without the two requests of the probe.
fn seen(lab: &Lab) -> Vec<String> {
    let mut seen = lab.target.seen();
    seen.drain(..2);
    seen
}

fn steps(report: &Report) -> Vec<(&str, &str)> {
    let entry = report.entry.as_ref().unwrap();
    let steps = entry.steps.iter();
    steps.map(|s| (s.name.as_str(), s.kind.name())).collect()
}

fn link(lab: &Lab, object: ObjectRef) -> Option<Link> {
    jobs::link(&lab.context.store.read().unwrap(), lab.key, object).unwrap()
}

#[test]
fn a_person_is_created_with_manager_link_and_one_entry() {
    let lab = Lab::new(Scope::All);
    let mia = lab.user("mia", None);
    assert_eq!(
        ask(&lab, &Subject::user(mia), false).verdict(),
        Verdict::Success
    );
    let ann = lab.user("ann", Some(mia));
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.verdict(), Verdict::Success);
    assert_eq!(
        seen(&lab),
        [
            "GET /Users?filter=userName+eq+%22ann%40contoso.com%22".to_owned(),
            "POST /Users".to_owned(),
            format!(
                "PATCH /Users/U2 {}",
                json!([{ "op": "Add", "path": MANAGER, "value": "U1" }])
            ),
        ]
    );
    assert_eq!(
        steps(&report),
        [
            ("EntryImport", "import"),
            ("EntrySynchronizationScoping", "scoping"),
            ("EntryImport", "matching"),
            ("EntrySynchronizationAdd", "matching"),
            ("EntryExportAdd", "export"),
            ("EntryReferenceResolution", "referenceResolution"),
            ("EntryExportUpdate", "export"),
        ]
    );
    let entry = report.entry.unwrap();
    assert_eq!(entry.action, Action::Create);
    assert_eq!(entry.initiated_by.as_deref(), Some("ada@contoso.com"));
    assert_eq!(
        entry.steps[0].details["userPrincipalName"],
        "ann@contoso.com"
    );
    assert_eq!(entry.steps[0].details["IsSoftDeleted"], "False");
    assert_eq!(
        entry.steps[0].description,
        "Retrieved User 'ann@contoso.com' from Microsoft Entra ID"
    );
    assert_eq!(lab.log().last(), Some(&entry));
    assert_eq!(
        link(&lab, ObjectRef::user(ann)).unwrap().exported[MANAGER],
        "U1"
    );
    // The next cycle finds nothing to do.
    lab.target.seen();
    lab.cycle();
    let again = lab.target.seen();
    assert!(
        again.iter().all(|request| request.starts_with("GET ")),
        "{again:?}"
    );
}

#[test]
fn who_is_in_step_is_skipped_with_what_the_target_shows() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.verdict(), Verdict::Skipped);
    assert_eq!(report.error().unwrap().error_code, "RedundantExport");
    assert_eq!(seen(&lab), ["GET /Users/U1"]);
    let entry = report.entry.unwrap();
    let matching = entry
        .steps
        .iter()
        .find(|s| s.kind.name() == "matching")
        .unwrap();
    assert_eq!(
        matching.description,
        "Retrieved  'ann@contoso.com' from customappsso"
    );
    assert_eq!(matching.details["userName"], "ann@contoso.com");
    assert_eq!(matching.details["id"], "U1");
}

#[test]
fn a_job_need_not_be_started() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| operations::stop(tx, &operator(), key, now));
    assert_eq!(
        ask(&lab, &Subject::user(ann), false).verdict(),
        Verdict::Success
    );
}

#[test]
fn who_is_not_assigned_is_skipped_and_who_was_is_disabled() {
    let lab = Lab::new(Scope::AssignedOnly);
    let ann = lab.user("ann", None);
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.error().unwrap().error_code, "NotEffectivelyEntitled");
    assert_eq!(seen(&lab), [""; 0]);
    let scoping = &report.entry.unwrap().steps[1];
    assert_eq!(scoping.status, Status::Skipped);
    assert_eq!(
        [
            &scoping.details["IsActive"],
            &scoping.details["Assigned"],
            &scoping.details["ScopeSyncAll"]
        ],
        ["True", "False", "False"]
    );
    let who = [ObjectRef::user(ann)];
    lab.assigned(&who, true);
    assert_eq!(
        ask(&lab, &Subject::user(ann), false).verdict(),
        Verdict::Success
    );
    lab.assigned(&who, false);
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.entry.as_ref().unwrap().action, Action::Disable);
    assert!(steps(&report).contains(&("EntryExportUpdateSoftDelete", "export")));
    assert_eq!(lab.target.all("Users")[0]["active"], false);
}

#[test]
fn what_the_service_does_not_do_on_demand_has_a_sentence_and_no_request() {
    let lab = Lab::new(Scope::All);
    let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
    lab.cycle();
    let now = Timestamp::default();
    lab.write(move |tx| users::set_account_enabled(tx, &operator(), Seq(1), ann, false, now));
    lab.write(move |tx| users::delete(tx, &operator(), Seq(1), bob, now));
    for (user, words) in [
        (ann, "users that are disabled"),
        (bob, "in the recycle bin"),
    ] {
        let report = ask(&lab, &Subject::user(user), false);
        assert_eq!(report.verdict(), Verdict::Skipped);
        let error = report.error().unwrap();
        assert_eq!(error.error_code, "NotEffectivelyEntitled");
        assert!(error.reason.contains(words), "{}", error.reason);
        assert_eq!(seen(&lab), [""; 0]);
    }
    assert!(Subject::kind_of("Role").is_err());
    let group = Subject::group(Seq(1), vec![ObjectRef::group(Seq(2))]);
    assert!(group.unwrap_err().to_string().contains("nested groups"));
}

#[test]
fn a_group_gets_the_chosen_members_and_no_others() {
    let lab = Lab::new(Scope::All);
    let people: Vec<Seq> = ["a", "b", "c"].iter().map(|n| lab.user(n, None)).collect();
    lab.cycle();
    let late = lab.user("late", None);
    let group = lab.group("Eng", &[people[0], people[1], people[2], late]);
    let chosen = vec![ObjectRef::user(people[0]), ObjectRef::user(people[2])];
    let report = ask(&lab, &Subject::group(group, chosen).unwrap(), false);
    assert_eq!(
        seen(&lab)[1..],
        [
            "POST /Groups".to_owned(),
            format!(
                "PATCH /Groups/G4 {}",
                json!([{ "op": "Add", "path": "members", "value": [{ "value": "U1" }, { "value": "U3" }] }])
            )
        ]
    );
    assert_eq!(report.entry.unwrap().status, Status::Success);
    let unprovisioned = Subject::group(group, vec![ObjectRef::user(late)]).unwrap();
    let report = ask(&lab, &unprovisioned, false);
    let error = report.error().unwrap();
    assert_eq!(error.error_code, "UnableToResolveReferenceAttributeValue");
    assert!(
        error
            .reason
            .starts_with("We were unable to assign late@contoso.com as the members of Eng.")
    );
    // A cycle sends the rest.
    lab.cycle();
    assert_eq!(
        lab.target.all("Groups")[0]["members"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_member_that_left_is_taken_out_and_a_stranger_is_refused() {
    let lab = Lab::new(Scope::All);
    let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
    let group = lab.group("Eng", &[ann]);
    lab.cycle();
    let who = ObjectRef::user(ann);
    lab.write(move |tx| {
        groups::remove_member(tx, &operator(), Seq(1), group, who, Timestamp::default())
    });
    ask(&lab, &Subject::group(group, vec![who]).unwrap(), false);
    assert_eq!(lab.target.all("Groups")[0]["members"], json!([]));
    let stranger = Subject::group(group, vec![ObjectRef::user(bob)]).unwrap();
    let refused = provision(&lab.context, lab.key, &stranger, "ada", false);
    assert!(matches!(
        refused,
        Err(Error::Field {
            field: "members",
            ..
        })
    ));
}

#[test]
fn five_members_and_five_requests_in_ten_seconds_are_the_limits() {
    let members = |count| {
        (1..=count)
            .map(|n| ObjectRef::user(Seq(n)))
            .collect::<Vec<_>>()
    };
    assert!(Subject::group(Seq(1), members(5)).is_ok());
    let refused = Subject::group(Seq(1), members(6)).unwrap_err();
    assert_eq!(refused.to_string(), "Choose at most 5 members at a time.");

    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    for _ in 0..5 {
        ask(&lab, &Subject::user(ann), false);
    }
    let refused = provision(&lab.context, lab.key, &Subject::user(ann), "ada", false);
    assert!(matches!(
        refused,
        Err(Error::RateLimited {
            retry_after_seconds: 1..=10
        })
    ));
}

#[test]
fn a_connection_that_fails_is_the_first_step_and_the_only_one() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.target
        .chaos(|_, _| Some(Fault::Answer(401, "application/scim+json", "{}")));
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.verdict(), Verdict::Failure);
    let (error, exchanges) = report.connection.clone().unwrap();
    assert_eq!(
        error.error_code,
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    );
    assert_eq!(exchanges.len(), 1);
    assert!(report.entry.is_none() && lab.log().is_empty());
}

#[test]
fn a_failure_is_logged_and_goes_into_no_escrow_and_a_success_ends_one() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    let refuse = |method: &str, _: &str| {
        (method == "POST").then_some(Fault::Answer(409, "application/scim+json", "{}"))
    };
    let escrow = |lab: &Lab| {
        let tx = lab.context.store.read().unwrap();
        jobs::escrow(&tx, lab.key, ObjectRef::user(ann)).unwrap()
    };
    lab.target.chaos(refuse);
    let report = ask(&lab, &Subject::user(ann), false);
    assert_eq!(report.verdict(), Verdict::Failure);
    assert_eq!(report.error().unwrap().error_code, "EntryConflict");
    assert!(steps(&report).contains(&("EntryExportAdd", "export")));
    assert!(escrow(&lab).is_none());
    lab.cycle();
    assert!(escrow(&lab).is_some());
    lab.target.calm();
    ask(&lab, &Subject::user(ann), false);
    assert!(escrow(&lab).is_none());
}

#[test]
fn members_that_failed_and_were_not_chosen_still_wait() {
    let lab = Lab::new(Scope::All);
    let people = ["ann", "bob"].map(|name| lab.user(name, None));
    let group = lab.group("Eng", &people);
    lab.target.chaos(|method, path| {
        let hit = method == "PATCH" && path.contains("/Groups/");
        hit.then_some(Fault::Answer(409, "application/scim+json", "{}"))
    });
    lab.cycle();
    lab.target.calm();
    let chosen = vec![ObjectRef::user(people[0])];
    ask(&lab, &Subject::group(group, chosen).unwrap(), false);
    lab.clock.advance(std::time::Duration::from_hours(6));
    lab.cycle();
    let members = lab.target.all("Groups")[0]["members"].clone();
    assert_eq!(members, json!([{ "value": "U1" }, { "value": "U2" }]));
    let tx = lab.context.store.read().unwrap();
    assert_eq!(jobs::count_escrows(&tx, lab.key).unwrap(), 0);
}

#[test]
fn a_dry_run_reads_shows_the_writes_and_leaves_no_trace() {
    let lab = Lab::new(Scope::All);
    let mia = lab.user("mia", None);
    lab.cycle();
    let ann = lab.user("ann", Some(mia));
    let before = lab.log().len();
    let report = ask(&lab, &Subject::user(ann), true);
    assert_eq!(
        seen(&lab),
        ["GET /Users?filter=userName+eq+%22ann%40contoso.com%22"]
    );
    let entry = report.entry.as_ref().unwrap();
    assert_eq!((entry.seq, report.verdict()), (Seq(0), Verdict::Success));
    let shown: Vec<(&str, &str)> = entry
        .exchanges
        .iter()
        .filter(|exchange| exchange.response == NOT_SENT)
        .map(|exchange| {
            (
                exchange.method.as_str(),
                exchange.url.rsplit('/').next().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("POST", "Users"), ("PATCH", "id-of-the-new-object")]
    );
    assert!(link(&lab, ObjectRef::user(ann)).is_none());
    assert_eq!(
        (lab.log().len(), lab.target.all("Users").len()),
        (before, 1)
    );
    let body: Json = serde_json::from_str(entry.exchanges[1].request.as_ref().unwrap()).unwrap();
    assert_eq!(body["userName"], "ann@contoso.com");
}

#[test]
fn two_who_ask_for_the_same_person_at_once_create_it_once() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    let posts = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = posts.clone();
    lab.target.chaos(move |method, _| {
        if method == "POST" {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        None
    });
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| provision(&lab.context, lab.key, &Subject::user(ann), "ada", false));
        }
        scope.spawn(|| lab.cycle());
    });
    assert_eq!(posts.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn a_scoping_filter_is_a_line_with_its_title() {
    use crate::mapping::entra::{Clause, ObjectMapping, Operator, ScopingFilter};
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    let key = lab.key;
    lab.write(move |tx| {
        let mut rules = operations::get(tx, key)?.rules;
        let mut fields = rules.users.into_fields();
        let clause = Clause::new("department", Operator::Equals, Some("Sales")).unwrap();
        fields.scope = vec![ScopingFilter::new("Only Sales", vec![clause]).unwrap()];
        rules.users = ObjectMapping::new(fields).unwrap();
        operations::set_rules(tx, &operator(), key, rules, Timestamp::default())
    });
    let line = |report: Report| {
        let scoping = report.entry.unwrap().steps.remove(1);
        scoping.details["ScopeEvaluationResult"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let filtered = line(ask(&lab, &Subject::user(ann), true));
    assert_eq!(
        filtered,
        r#"{"Only Sales department EQUALS Sales":"False"}"#
    );
    let department = text(ObjectKind::User, "department", "Sales");
    lab.write(move |tx| {
        users::update(
            tx,
            &operator(),
            Seq(1),
            ann,
            &[department],
            Timestamp::default(),
        )
    });
    let passed = line(ask(&lab, &Subject::user(ann), true));
    assert_eq!(passed, r#"{"Only Sales department EQUALS Sales":"True"}"#);
}

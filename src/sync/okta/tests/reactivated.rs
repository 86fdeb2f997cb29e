//! Accounts that were inactive and should be active again: part 1.8 of the Okta reference.

use super::super::super::testing::Fault;
use super::*;
use crate::model::okta::AppUserStatus;

/// 1.8: a server that hides inactive accounts is told to make one with the same `externalId`; where that is taken, the
/// person is stuck.
#[test]
fn somebody_whom_the_target_hides_is_made_again() {
    for conflict in [false, true] {
        let lab = Lab::oin();
        lab.target.got();
        let ann = lab.person("ann");
        lab.assign(ann);
        lab.drain();
        let first = lab.target.got()[1].body["externalId"].clone();
        lab.unassign(ann);
        lab.drain();
        lab.target.chaos(move |method, path| match method {
            "GET" if path.contains("filter=") => {
                let nobody = r#"{"totalResults":0,"Resources":[]}"#;
                Some(Fault::Answer(200, "application/scim+json", nobody))
            }
            "POST" if conflict => Some(Fault::Answer(409, "application/scim+json", "")),
            _ => None,
        });
        lab.assign(ann);
        lab.target.got();
        lab.drain();
        let asked = lab.target.got();
        assert_eq!(asked[1].method, "POST");
        assert_eq!(asked[1].body["externalId"], first);
        assert_eq!(lab.tasks().len(), usize::from(conflict));
        let stuck = lab.row(ann).status == AppUserStatus::Staged;
        assert_eq!(stuck, conflict);
    }
}

/// 1.8: an account that stays inactive is told of, and the job comes again; ten times.
#[test]
fn an_account_that_stays_inactive_puts_the_job_off() {
    let lab = Lab::oin();
    lab.configure(|app| app.to_app.update_attributes = false);
    let id = lab.target.put(
        "Users",
        json!({ "userName": "ann@x.test", "active": false }),
    );
    let stubborn = r#"{"id":"U1","active":false}"#;
    lab.target.chaos(move |method, _| {
        (method == "PATCH").then_some(Fault::Answer(200, "application/scim+json", stubborn))
    });
    let ann = lab.person("ann");
    lab.assign(ann);
    lab.drain();
    let text = "Automatic provisioning of user ann Doe to app App failed: User ann@x.test provision to app App failed due to delay in reactivating remote User. Rescheduling provision job.";
    assert_eq!(lab.tasks()[0].text, text);
    assert_eq!(lab.waiting().len(), 1);
    assert_eq!(lab.row(ann).external_id, Some(id));
    assert_eq!(lab.row(ann).status, AppUserStatus::Staged);
    for _ in 0..9 {
        assert_eq!(lab.sent(), [""; 0], "not before its time");
        lab.clock.advance(std::time::Duration::from_mins(5));
        assert_eq!(lab.sent().len(), 2);
        assert_eq!(lab.tasks().len(), 1);
    }
    assert!(lab.task().ends_with("delay in reactivating remote User."));
    // It becomes active after all.
    lab.target.calm();
    lab.retry();
    lab.drain();
    assert_eq!(lab.row(ann).status, AppUserStatus::Provisioned);
    assert_eq!(lab.tasks(), []);
}

//! The steps of the log by their names, types and sentences: 7.4 of the reference, one object for each.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::directory::users;
use crate::id::Seq;
use crate::model::{Action, LogEntry, ObjectKind, Scope, Status};
use crate::sync::testing::{Lab, operator, text};

/// Name, type, verdict and sentence of every step of the newest entry about an object.
fn steps(entry: &LogEntry) -> Vec<(&str, &str, &str, &str)> {
    let steps = entry.steps.iter();
    steps
        .map(|s| {
            (
                s.name.as_str(),
                s.kind.name(),
                s.status.name(),
                s.description.as_str(),
            )
        })
        .collect()
}

const SCOPING: (&str, &str, &str, &str) = (
    "EntrySynchronizationScoping",
    "scoping",
    "success",
    "Determine if User in scope by evaluating against each scoping filter",
);

fn last(lab: &Lab) -> LogEntry {
    lab.cycle();
    lab.log().pop().unwrap()
}

#[test]
fn a_created_user() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    let entry = last(&lab);
    assert_eq!(
        steps(&entry),
        [
            (
                "EntryImportAdd",
                "import",
                "success",
                "Received User 'ann@contoso.com' change of type (Add) from Microsoft Entra ID"
            ),
            SCOPING,
            (
                "EntryImport",
                "matching",
                "success",
                "No matching User was found in customappsso"
            ),
            (
                "EntrySynchronizationAdd",
                "matching",
                "success",
                "User 'ann@contoso.com' will be created in customappsso (User is active and assigned in Microsoft Entra ID, but no matching User was found in customappsso)"
            ),
            (
                "EntryExportAdd",
                "export",
                "success",
                "User 'ann@contoso.com' was created in customappsso"
            ),
        ]
    );
    assert_eq!(
        entry.steps[4].details["ReportableIdentifier"],
        "ann@contoso.com"
    );
}

#[test]
fn a_changed_a_disabled_and_a_deleted_user() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    lab.rename(ann, "Ann Example");
    let retrieved = (
        "EntryImport",
        "matching",
        "success",
        "Retrieved  'ann@contoso.com' from customappsso",
    );
    let received = (
        "EntryImportUpdate",
        "import",
        "success",
        "Received User 'ann@contoso.com' change of type (Update) from Microsoft Entra ID",
    );
    let changed = last(&lab);
    assert_eq!(
        steps(&changed),
        [
            received,
            SCOPING,
            retrieved,
            (
                "EntrySynchronizationUpdate",
                "processing",
                "success",
                "User 'ann@contoso.com' will be updated in customappsso (User is active and assigned in Microsoft Entra ID)"
            ),
            (
                "EntryExportUpdate",
                "export",
                "success",
                "User 'ann@contoso.com' was updated in customappsso"
            ),
        ]
    );

    let now = lab.context.clock.now();
    lab.write(move |tx| users::delete(tx, &operator(), Seq(1), ann, now));
    let disabled = last(&lab);
    assert_eq!(disabled.action, Action::Disable);
    let names: Vec<&str> = disabled.steps.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "EntryImportUpdate",
            "EntrySynchronizationScoping",
            "EntryImport",
            "EntrySynchronizationUpdate",
            "EntryExportUpdateSoftDelete",
        ]
    );

    lab.clock.advance(Duration::from_hours(31 * 24));
    let now = lab.context.clock.now();
    lab.write(move |tx| users::purge(tx, &operator(), Seq(1), ann, now));
    let deleted = last(&lab);
    assert_eq!(
        steps(&deleted),
        [
            (
                "EntryImportDelete",
                "import",
                "success",
                "Received User 'ann@contoso.com' change of type (Delete) from Microsoft Entra ID"
            ),
            (
                "EntrySynchronizationDelete",
                "processing",
                "success",
                "User 'ann@contoso.com' will be deleted in customappsso (no longer exists in Microsoft Entra ID)"
            ),
            (
                "EntryExportDelete",
                "export",
                "success",
                "User 'ann@contoso.com' was deleted from customappsso"
            ),
        ]
    );
}

#[test]
fn what_is_skipped_says_why() {
    let lab = Lab::new(Scope::AssignedOnly);
    lab.user("ann", None);
    let entry = last(&lab);
    assert_eq!(entry.status, Status::Skipped);
    let skip = entry.steps.last().unwrap();
    assert_eq!(
        (skip.name.as_str(), skip.kind.name()),
        ("EntrySynchronizationSkip", "processing")
    );
    assert!(
        skip.description
            .starts_with("The User 'ann@contoso.com' will be skipped. The User in Microsoft Entra ID is not effectively entitled"),
        "{}",
        skip.description
    );
    assert_eq!(skip.details["SkipReason"], "NotEffectivelyEntitled");

    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.cycle();
    // A change that no mapping reads.
    let change = text(ObjectKind::User, "companyName", "Contoso");
    lab.write(move |tx| {
        users::update(
            tx,
            &operator(),
            Seq(1),
            ann,
            &[change],
            Timestamp::default(),
        )
    });
    let entry = last(&lab);
    let skip = entry.steps.last().unwrap();
    assert_eq!(skip.details["SkipReason"], "RedundantExport");
    assert_eq!(
        skip.description,
        "The state of the user in both the source and target systems already match. No change to the User 'ann@contoso.com' currently needs to be made."
    );
}

#[test]
fn a_reference_that_cannot_be_resolved_is_a_step_of_its_own() {
    let lab = Lab::new(Scope::AssignedOnly);
    let manager = lab.user("mia", None);
    let ann = lab.user("ann", Some(manager));
    lab.assigned(&[crate::model::ObjectRef::user(ann)], true);
    let entry = last(&lab);
    let step = entry.steps.last().unwrap();
    assert_eq!(step.kind.name(), "referenceResolution");
    assert_eq!(
        entry.error.unwrap().error_code,
        "UnableToResolveReferenceAttributeValue"
    );
    assert!(
        step.description.starts_with(
            "We were unable to assign mia@contoso.com as the manager of ann@contoso.com."
        ),
        "{}",
        step.description
    );
}

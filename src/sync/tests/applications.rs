//! Applications with their jobs, and what becomes of roles and rules in a cycle.

use crate::clock::Timestamp;
use crate::directory::app_roles::{self, RoleDetails};
use crate::directory::{applications as assignments, dynamic, users};
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::model::{AppRole, CycleKind, ObjectKind, ObjectRef, Scope};
use crate::store::{check, directory as rows, jobs as job_rows};
use crate::sync::applications::{self, Ids};
use crate::sync::jobs::{self, Template};
use crate::sync::run_cycle;
use crate::sync::testing::{Lab, operator, text};

const TENANT: Seq = Seq(1);

#[test]
fn an_application_of_a_template_has_the_role_user_and_a_job() {
    let lab = Lab::new(Scope::All);
    let (application, job) = lab.write(|tx| {
        let now = Timestamp::default();
        let (template, ids) = (Template::Postman, Ids::random());
        applications::create(tx, &operator(), TENANT, template, " Postman ", ids, now)
    });
    assert_eq!(application.display_name, "Postman");
    let names: Vec<_> = application
        .roles
        .iter()
        .map(|role| role.display_name.as_str())
        .collect();
    assert_eq!(names, ["User"]);
    assert_eq!(job.application, application.seq);
    assert_eq!(job.rules, Template::Postman.rules());
}

#[test]
fn a_deleted_application_leaves_nothing_behind_and_the_target_alone() {
    let lab = Lab::new(Scope::All);
    let ann = lab.user("ann", None);
    lab.group("Sales", &[ann]);
    let app = lab.app;
    lab.write(move |tx| {
        let (ann, now) = (ObjectRef::user(ann), Timestamp::default());
        assignments::assign(tx, &operator(), TENANT, app, ann, now)
    });
    lab.cycle();
    assert!(!lab.target.seen().is_empty());
    let key = lab.key;
    lab.write(move |tx| {
        Ok(job_rows::hold_deletion(
            tx,
            key,
            ObjectRef::user(ann),
            true,
        )?)
    });
    let before = rows::applications(&lab.context.store.read().unwrap(), TENANT).unwrap();
    assert_eq!(before.len(), 1);
    let (now, key) = (lab.context.clock.now(), lab.key);
    lab.write(move |tx| {
        job_rows::hold_deletion(tx, key, ObjectRef::user(ann), true)?;
        applications::delete(tx, &operator(), TENANT, app, now)
    });
    let tx = lab.context.store.read().unwrap();
    assert!(rows::applications(&tx, TENANT).unwrap().is_empty());
    assert!(job_rows::all(&tx).unwrap().is_empty());
    let gone = run_cycle(&lab.context, lab.key).unwrap_err();
    assert!(matches!(gone, Error::NotFound { .. }), "{gone}");

    while lab.write(applications::sweep) {}
    let tx = lab.context.store.read().unwrap();
    assert!(rows::every_application(&tx, TENANT).unwrap().is_empty());
    assert!(job_rows::cycles(&tx, lab.key, 9).unwrap().is_empty());
    assert_eq!(
        job_rows::count_links(&tx, lab.key, ObjectKind::User).unwrap(),
        0
    );
    assert!(job_rows::held_deletions(&tx, lab.key).unwrap().is_empty());
    assert!(lab.log().is_empty());
    let left = rows::applications_of(&tx, TENANT, ObjectRef::user(ann)).unwrap();
    assert!(left.is_empty());
    assert_eq!(check(&tx).unwrap(), []);
    assert!(lab.target.seen().is_empty());
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn a_deleted_job_leaves_nothing_behind_and_its_application_can_have_another() {
    let lab = Lab::new(Scope::All);
    lab.user("ann", None);
    lab.cycle();
    let (app, key, now) = (lab.app, lab.key, lab.now());
    lab.write(move |tx| applications::delete_job(tx, &operator(), key, now));
    let gone = run_cycle(&lab.context, key).unwrap_err();
    assert!(matches!(gone, Error::NotFound { .. }), "{gone}");
    let made = lab.write(move |tx| {
        jobs::create(
            tx,
            &operator(),
            TENANT,
            app,
            Template::NonGallery,
            Guid::random(),
        )
    });
    assert_ne!(made.seq, key.job);
    while lab.write(applications::sweep) {}
    let tx = lab.context.store.read().unwrap();
    assert_eq!(
        job_rows::count_links(&tx, key, ObjectKind::User).unwrap(),
        0
    );
    assert!(job_rows::cycles(&tx, key, 9).unwrap().is_empty());
    assert!(lab.log().is_empty());
    let application = rows::application(&tx, TENANT, app).unwrap().unwrap();
    assert!(application.deleted_jobs.is_empty());
    let jobs: Vec<_> = job_rows::all(&tx).unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(check(&tx).unwrap(), []);
    assert_eq!(lab.target.all("Users").len(), 1);
}

#[test]
fn entra_3_6_a_change_of_roles_is_seen_by_the_next_incremental_cycle() {
    let lab = Lab::new(Scope::AssignedOnly);
    let (ann, app) = (ObjectRef::user(lab.user("ann", None)), lab.app);
    lab.user("bo", None);
    let role = lab.write(move |tx| {
        let details = RoleDetails {
            display_name: "Admin".into(),
            enabled: true,
            ..RoleDetails::default()
        };
        let role = app_roles::add(tx, &operator(), TENANT, app, &details, Guid::random())?;
        let (none, now) = (AppRole::DEFAULT_ACCESS, Timestamp::default());
        assignments::assign_role(tx, &operator(), TENANT, app, ann, none, now)?;
        Ok(role.id)
    });
    assert_eq!(lab.cycle().counts.created, 1);
    let cycle = lab.cycle();
    assert_eq!(
        (cycle.kind, cycle.counts.examined),
        (CycleKind::Incremental, 0)
    );
    lab.write(move |tx| {
        let now = Timestamp::default();
        app_roles::set_roles(tx, &operator(), TENANT, app, ann, &[role], now)
    });
    assert_eq!(lab.cycle().counts.examined, 1);
}

#[test]
fn entra_1_8_a_dynamic_group_is_provisioned_as_its_members_move() {
    let lab = Lab::new(Scope::All);
    let (ann, bo) = (lab.user("ann", None), lab.user("bo", None));
    let group = lab.group("Sales", &[]);
    let department = |user: Seq, name: &'static str| {
        lab.write(move |tx| {
            let change = [text(ObjectKind::User, "department", name)];
            users::update(tx, &operator(), TENANT, user, &change, Timestamp::default())
        });
    };
    department(ann, "Sales");
    lab.write(move |tx| {
        let rule = Some("user.department -eq \"Sales\"");
        dynamic::set_rule(tx, &operator(), TENANT, group, rule, Timestamp::default())
    });
    while lab.write(|tx| dynamic::step(tx, Timestamp::default())) {}
    lab.cycle();
    let members = || {
        let groups = lab.target.all("Groups");
        groups[0]["members"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(members(), 1);
    department(bo, "Sales");
    lab.cycle();
    assert_eq!(members(), 2);
    department(ann, "HR");
    department(bo, "HR");
    lab.cycle();
    assert_eq!(members(), 0);
}

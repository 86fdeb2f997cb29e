//! The deprovisioning table of the service over the wire: what is sent when somebody leaves, for every setting.
//!
//! One test a row of the table, one case a column; each case names its cell. Rules behind the table: "How
//! provisioning works" and "Skip deletion of user accounts that go out of scope".

use crate::directory::{groups, users};
use crate::id::Seq;
use crate::mapping::entra::{
    Actions, AttributeMapping, Clause, MappingSource, ObjectMapping, ObjectMappingFields, Operator,
    ScopingFilter, SynchronizationRules, TargetPath,
};
use crate::model::{ObjectRef, Scope};
use crate::sync::jobs::{self, NewSettings};
use crate::sync::testing::{Lab, operator};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Everything as it comes.
    Default,
    /// No mapping to `active`, and a target that cannot disable.
    Unmapped,
    /// No mapping to `active`, and a target that could disable.
    UnmappedCapable,
    UpdateOff,
    DeleteOff,
    Skip,
}
use Column::{Default, DeleteOff, Skip, Unmapped, UnmappedCapable, UpdateOff};

const COLUMNS: [Column; 6] = [
    Default,
    Unmapped,
    UnmappedCapable,
    UpdateOff,
    DeleteOff,
    Skip,
];

fn rules(
    rules: &SynchronizationRules,
    column: Column,
    filter: Option<&ScopingFilter>,
) -> SynchronizationRules {
    let mut rules = rules.clone();
    let mut fields: ObjectMappingFields = rules.users.into_fields();
    if matches!(column, Unmapped | UnmappedCapable) {
        fields.attributes.retain(|m| m.target.as_str() != "active");
    }
    fields.actions = Actions {
        create: true,
        update: column != UpdateOff,
        delete: column != DeleteOff,
    };
    fields.scope = filter.cloned().into_iter().collect();
    rules.users = ObjectMapping::new(fields).unwrap();
    rules
}

/// A job of one column, with one user who is provisioned.
struct Case {
    lab: Lab,
    user: Seq,
}

impl Case {
    fn new(column: Column, scope: Scope, filter: Option<&ScopingFilter>) -> Self {
        let lab = Lab::new(scope);
        let user = lab.user("ann", None);
        let (key, job) = (lab.key, lab.job());
        let rules = rules(&job.rules, column, filter);
        let mut settings = job.settings;
        settings.skip_out_of_scope_deletions = column == Skip;
        settings.target_supports_soft_delete = column == UnmappedCapable;
        let now = lab.now();
        lab.write(move |tx| {
            jobs::set_rules(tx, &operator(), key, rules, now)?;
            let seen = jobs::settings_revision(&jobs::get(tx, key)?);
            let new = NewSettings { scope, settings };
            jobs::save_settings(tx, &operator(), key, &seen, new, now)
        });
        if scope == Scope::AssignedOnly {
            lab.assigned(&[ObjectRef::user(user)], true);
        }
        assert_eq!(lab.cycle().counts.created, 1, "{column:?}");
        lab.target.seen();
        Self { lab, user }
    }

    /// Runs a cycle and says in the table's words what was sent.
    fn sent(&self) -> String {
        self.lab.cycle();
        let writes = self.lab.target.writes();
        let [write] = &writes[..] else {
            assert!(writes.is_empty(), "{writes:?}");
            return "-".into();
        };
        let names = |what: &str| write.contains(&format!(r#""path":"{what}""#));
        match write.split(' ').next() {
            Some("DELETE") => "DELETE".into(),
            Some("PATCH") if names("active") && write.contains(r#""value":"False""#) => {
                assert!(!names("displayName"), "{write}");
                "off".into()
            }
            Some("PATCH") if names("active") => {
                assert!(write.contains(r#""value":"True""#), "{write}");
                if names("displayName") { "on+" } else { "on" }.into()
            }
            Some("PATCH") if names("displayName") => "+".into(),
            _ => panic!("{write}"),
        }
    }

    fn assigned(&self, assigned: bool) {
        self.lab.assigned(&[ObjectRef::user(self.user)], assigned);
    }

    fn enabled(&self, enabled: bool) {
        let (user, now) = (self.user, self.lab.now());
        self.lab.write(move |tx| {
            users::set_account_enabled(tx, &operator(), Seq(1), user, enabled, now).map(drop)
        });
    }

    fn deleted(&self) {
        let (user, now) = (self.user, self.lab.now());
        self.lab
            .write(move |tx| users::delete(tx, &operator(), Seq(1), user, now).map(drop));
    }

    fn restored(&self) {
        let (user, now) = (self.user, self.lab.now());
        self.lab
            .write(move |tx| users::restore(tx, &operator(), Seq(1), user, now).map(drop));
    }

    fn purged(&self) {
        let (user, now) = (self.user, self.lab.now());
        self.lab.write(move |tx| {
            users::delete(tx, &operator(), Seq(1), user, now)?;
            users::purge(tx, &operator(), Seq(1), user, now).map(drop)
        });
    }

    fn department(&self, name: &str) {
        self.lab.set(self.user, "department", name);
    }
}

/// One row: what each column sends after an event.
fn row(event: &str, expected: [&str; 6], what: impl Fn(Column) -> String) {
    for (column, expected) in COLUMNS.into_iter().zip(expected) {
        assert_eq!(what(column), expected, "1.9 {event} x {column:?}");
    }
}

#[test]
fn unassigned() {
    row(
        "Unassigned",
        ["off", "DELETE", "-", "-", "off", "-"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.assigned(false);
            case.sent()
        },
    );
}

fn engineering() -> ScopingFilter {
    let clause = Clause::new("department", Operator::NotEquals, Some("Left")).unwrap();
    ScopingFilter::new("Stays", vec![clause]).unwrap()
}

#[test]
fn a_scoping_filter_becomes_false() {
    row(
        "Scoping filter becomes false",
        ["off", "DELETE", "-", "-", "off", "-"],
        |column| {
            let case = Filtered::new(column);
            case.0.department("Left");
            case.0.sent()
        },
    );
}

/// A job with a scoping filter that its user passes.
struct Filtered(Case);

impl Filtered {
    fn new(column: Column) -> Self {
        let case = Case::new(column, Scope::All, None);
        case.department("Engineering");
        case.lab.cycle();
        let (key, now) = (case.lab.key, case.lab.now());
        let rules = rules(&case.lab.job().rules, column, Some(&engineering()));
        case.lab
            .write(move |tx| jobs::set_rules(tx, &operator(), key, rules, now));
        case.lab.cycle();
        case.lab.target.seen();
        Self(case)
    }
}

#[test]
fn account_disabled() {
    row(
        "accountEnabled=false",
        ["off", "-", "-", "-", "off", "off"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.enabled(false);
            case.sent()
        },
    );
}

#[test]
fn soft_deleted() {
    row(
        "Soft delete (recycle bin)",
        ["off", "-", "-", "-", "off", "off"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.deleted();
            case.sent()
        },
    );
}

#[test]
fn hard_deleted() {
    row(
        "Hard delete",
        ["DELETE", "DELETE", "DELETE", "DELETE", "-", "DELETE"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.purged();
            case.sent()
        },
    );
    // Also after a cycle that found the object in the recycle bin.
    row(
        "Hard delete, later",
        ["DELETE", "DELETE", "DELETE", "DELETE", "-", "DELETE"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.deleted();
            case.sent();
            let (user, now) = (case.user, case.lab.now());
            case.lab
                .write(move |tx| users::purge(tx, &operator(), Seq(1), user, now).map(drop));
            case.sent()
        },
    );
}

#[test]
fn back_again() {
    // The name changed meanwhile: differences go along with the activation.
    row(
        "Re-enabled",
        ["on+", "+", "+", "-", "on+", "on+"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.enabled(false);
            case.sent();
            case.enabled(true);
            case.lab.rename(case.user, "Ann again");
            case.sent()
        },
    );
    row("Restored", ["on+", "+", "+", "-", "on+", "on+"], |column| {
        let case = Case::new(column, Scope::AssignedOnly, None);
        case.deleted();
        case.sent();
        case.restored();
        case.lab.rename(case.user, "Ann again");
        case.sent()
    });
    // Who was deleted in the target comes anew; who was left alone there is active already.
    row(
        "Re-assigned",
        ["on+", "POST", "+", "-", "on+", "+"],
        |column| {
            let case = Case::new(column, Scope::AssignedOnly, None);
            case.assigned(false);
            case.sent();
            case.assigned(true);
            case.lab.rename(case.user, "Ann again");
            if column == Unmapped {
                assert_eq!(case.lab.cycle().counts.created, 1);
                return "POST".into();
            }
            case.sent()
        },
    );
}

#[test]
fn who_is_no_longer_managed_is_not_deleted_when_it_is_purged() {
    // Unassigned first: disabled or left as it is, and from then on none of the job's business. Where losing the scope
    // is a DELETE, there is nothing left to delete.
    row("Unassigned, then purged", ["-"; 6], |column| {
        let case = Case::new(column, Scope::AssignedOnly, None);
        case.assigned(false);
        case.sent();
        case.purged();
        case.sent()
    });
}

#[test]
fn who_was_skipped_is_disabled_once_the_switch_is_off() {
    let case = Case::new(Skip, Scope::AssignedOnly, None);
    case.assigned(false);
    assert_eq!(case.sent(), "-");
    let (key, mut job) = (case.lab.key, case.lab.job());
    job.settings.skip_out_of_scope_deletions = false;
    let now = case.lab.now();
    case.lab.write(move |tx| {
        crate::store::jobs::put(tx, key.tenant, &job)?;
        jobs::restart(tx, &operator(), key, jobs::RestartScope::default(), now)
    });
    assert_eq!(case.sent(), "off");
}

#[test]
fn references_of_what_was_skipped_are_not_sent_either() {
    let lab = Lab::new(Scope::AssignedOnly);
    let (ann, bob) = (lab.user("ann", None), lab.user("bob", None));
    let group = lab.group("Eng", &[]);
    lab.configure(|job| job.settings.skip_out_of_scope_deletions = true);
    let skipped = [ObjectRef::user(ann), ObjectRef::group(group)];
    lab.assigned(&skipped, true);
    lab.assigned(&[ObjectRef::user(bob)], true);
    assert_eq!(lab.cycle().counts.created, 3);
    lab.assigned(&skipped, false);
    let now = lab.now();
    lab.write(move |tx| users::set_manager(tx, &operator(), Seq(1), ann, Some(bob), now));
    lab.join(group, bob);
    lab.target.seen();
    lab.cycle();
    assert_eq!(lab.target.writes(), [""; 0]);
    // Back in scope, both catch up.
    lab.assigned(&skipped, true);
    lab.cycle();
    let sent = lab.target.writes();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent.iter().all(|r| r.starts_with("PATCH ")), "{sent:?}");
}

#[test]
fn the_reasons_of_is_soft_deleted_are_four() {
    for (reason, leave, back) in [
        (
            "no longer assigned",
            (|c: &Case| c.assigned(false)) as fn(&Case),
            (|c: &Case| c.assigned(true)) as fn(&Case),
        ),
        ("accountEnabled", |c| c.enabled(false), |c| c.enabled(true)),
        ("soft-deleted", Case::deleted, Case::restored),
    ] {
        let case = Case::new(Default, Scope::AssignedOnly, None);
        leave(&case);
        assert_eq!(case.sent(), "off", "{reason}");
        back(&case);
        assert_eq!(case.sent(), "on", "{reason}");
    }
    let Filtered(case) = Filtered::new(Default);
    case.department("Left");
    assert_eq!(case.sent(), "off", "scoping filter");
    case.department("Engineering");
    assert_eq!(case.sent(), "on", "scoping filter");
}

#[test]
fn nobody_is_created_who_is_disabled_or_out_of_scope() {
    let lab = Lab::new(Scope::AssignedOnly);
    let ann = lab.user("ann", None);
    lab.user("bob", None);
    lab.assigned(&[ObjectRef::user(ann)], true);
    let now = lab.now();
    lab.write(move |tx| users::set_account_enabled(tx, &operator(), Seq(1), ann, false, now));
    let cycle = lab.cycle();
    assert_eq!((cycle.counts.created, cycle.counts.skipped), (0, 2));
    assert_eq!(lab.codes(), ["NotEffectivelyEntitled"; 2]);
    // Not looked for either.
    assert!(
        lab.target
            .seen()
            .iter()
            .all(|r| r.starts_with("GET /") && !r.contains("contoso"))
    );
}

/// A group cannot be disabled: it is deleted when it leaves the scope, goes to the recycle bin or is purged.
#[test]
fn groups_are_deleted() {
    for (event, expected) in [
        ("unassigned", true),
        ("deleted", true),
        ("purged", true),
        ("skipped", false),
        ("delete off", false),
    ] {
        let lab = Lab::new(Scope::AssignedOnly);
        let group = lab.group("Eng", &[]);
        let now = lab.now();
        lab.configure(|job| {
            job.settings.skip_out_of_scope_deletions = event == "skipped";
            // What a target can do about people does not matter here.
            job.settings.target_supports_soft_delete = true;
            let mut fields = job.rules.groups.clone().into_fields();
            fields.actions.delete = event != "delete off";
            job.rules.groups = ObjectMapping::new(fields).unwrap();
        });
        lab.assigned(&[ObjectRef::group(group)], true);
        assert_eq!(lab.cycle().counts.created, 1);
        match event {
            "deleted" | "purged" => lab.write(move |tx| {
                groups::delete(tx, &operator(), Seq(1), group, now)?;
                if event == "purged" {
                    groups::purge(tx, &operator(), Seq(1), group, now)?;
                }
                Ok(())
            }),
            _ => lab.assigned(&[ObjectRef::group(group)], false),
        }
        let cycle = lab.cycle();
        assert_eq!(cycle.counts.deleted, u64::from(expected), "{event}");
        assert_eq!(lab.target.all("Groups").is_empty(), expected, "{event}");
    }
}

/// A value that is gone in the source is not cleared in the target, and not sent on creation.
#[test]
fn null_is_not_sent() {
    let case = Case::new(Default, Scope::All, None);
    assert!(!case.lab.target.all("Users")[0].contains_key("title"));
    let set = |value: &str| {
        case.lab.set(case.user, "jobTitle", value);
        case.lab.cycle();
    };
    set("Boss");
    assert_eq!(case.lab.target.all("Users")[0]["title"], "Boss");
    case.lab.target.seen();
    set("");
    assert_eq!(case.lab.target.all("Users")[0]["title"], "Boss");
    assert_eq!(case.lab.target.writes(), [""; 0]);
}

/// A default value is used on creation only.
#[test]
fn a_default_value_counts_on_creation_only() {
    let lab = Lab::new(Scope::All);
    let user = lab.user("ann", None);
    let mut rules = lab.job().rules;
    let mut fields = rules.users.into_fields();
    let target = TargetPath::parse("nickName").unwrap();
    let mut mapping = AttributeMapping::new(MappingSource::Direct("companyName".into()), target);
    mapping.default_value = Some("nobody".into());
    fields.attributes.push(mapping);
    rules.users = ObjectMapping::new(fields).unwrap();
    let (key, now) = (lab.key, lab.now());
    lab.write(move |tx| jobs::set_rules(tx, &operator(), key, rules, now));
    lab.cycle();
    assert_eq!(lab.target.all("Users")[0]["nickName"], "nobody");
    lab.target.set("Users", "U1", "nickName", "somebody");
    lab.rename(user, "Ann");
    lab.cycle();
    assert_eq!(lab.target.all("Users")[0]["nickName"], "somebody");
}

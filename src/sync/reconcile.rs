//! What is to be done with one object: pure, no I/O.
//!
//! [`decide`] is the deprovisioning table and the per-object pipeline of the service as one function;
//! [`compare`] finds the attributes in which source and target differ. Follows Microsoft's "How
//! provisioning works" and "Skip deletion of user accounts that go out of scope".

use serde_json::{Map, Value as Json};

use crate::mapping::Value;
use crate::mapping::entra::{
    Actions, Mapped, MappedAttribute, Role, RoleFlow, TargetPath, UnsentReason, due, read,
};

/// The object in the source, as far as provisioning cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    /// Assigned (or everybody is), passes the scoping filters, enabled.
    Active,
    /// Not assigned, or the scoping filters are false.
    OutOfScope,
    /// In scope, but `accountEnabled` is false.
    AccountDisabled,
    /// In the recycle bin.
    InRecycleBin,
    /// Gone for good.
    Purged,
}

/// The object in the target, as far as the agent knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetState {
    /// No link and, if the source is active, nothing found by matching.
    Absent,
    /// Linked or matched, not disabled by this job.
    Present,
    /// Linked, and disabled by this job.
    Disabled,
    /// Linked, disabled because it left the scope: no longer managed.
    Unmanaged,
    /// Linked, left the scope and was left as it is, because nothing may be sent then: no longer managed either.
    Released,
}

/// What a job may do with objects of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, on or off"
)]
pub struct Policy {
    /// Target object actions.
    pub actions: Actions,
    /// Whether a mapping tells the target of disabled objects. Groups have none.
    pub has_soft_delete: bool,
    /// Whether the target could disable objects of this kind though no mapping does: what leaves the scope is then
    /// not deleted either.
    pub soft_delete_unmapped: bool,
    /// Objects of this kind that lie in the recycle bin leave the target when it has no soft delete.
    /// True of groups, which cannot be disabled.
    pub bin_is_loss: bool,
    /// `SkipOutOfScopeDeletions`: leave alone what goes out of scope.
    pub skip_out_of_scope_deletions: bool,
}

/// Why nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// Source and target agree.
    RedundantExport,
    /// Not assigned, filtered out, disabled or deleted in the source.
    NotEffectivelyEntitled,
    /// A target object action is switched off.
    ActionOff,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// POST.
    Create,
    /// PATCH the differences, if there are any.
    Update,
    /// PATCH the differences, among them the one that disables.
    Disable,
    /// DELETE.
    Delete,
    /// Nothing.
    Skip(SkipReason),
}

/// Decides.
pub fn decide(source: SourceState, target: TargetState, policy: Policy) -> Decision {
    use SkipReason::{ActionOff, NotEffectivelyEntitled};
    let Actions {
        create,
        update,
        delete,
    } = policy.actions;
    let allowed = |flag: bool, decision| {
        if flag {
            decision
        } else {
            Decision::Skip(ActionOff)
        }
    };
    match (source, target) {
        (SourceState::Active, TargetState::Absent) => allowed(create, Decision::Create),
        (SourceState::Active, _) => allowed(update, Decision::Update),
        (_, TargetState::Absent)
        | (SourceState::Purged, TargetState::Unmanaged | TargetState::Released) => {
            Decision::Skip(NotEffectivelyEntitled)
        }
        (SourceState::Purged, _) => allowed(delete, Decision::Delete),
        (SourceState::OutOfScope, _) if policy.skip_out_of_scope_deletions => {
            Decision::Skip(NotEffectivelyEntitled)
        }
        (_, TargetState::Disabled | TargetState::Unmanaged) if policy.has_soft_delete => {
            Decision::Skip(NotEffectivelyEntitled)
        }
        _ if policy.has_soft_delete => allowed(update, Decision::Disable),
        (SourceState::OutOfScope, _) if policy.soft_delete_unmapped => {
            Decision::Skip(NotEffectivelyEntitled)
        }
        (SourceState::OutOfScope, _) => allowed(delete, Decision::Delete),
        (SourceState::InRecycleBin, _) if policy.bin_is_loss => allowed(delete, Decision::Delete),
        _ => Decision::Skip(NotEffectivelyEntitled),
    }
}

/// One attribute in which source and target differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Attribute of the target.
    pub target: TargetPath,
    /// What the target has.
    pub old: Option<Value>,
    /// What it should have; null only where the job clears attributes. Of roles that are only added, those that are
    /// missing.
    pub new: Value,
    /// Whether logs must show `[Redact]`.
    pub redacted: bool,
    /// Set when the value is a list of app roles.
    pub roles: Option<RoleFlow>,
}

/// Differences between mapped values and a resource of the target. A value that the mapping does not
/// give is not a difference: null is never sent.
pub fn compare(mapped: &[MappedAttribute<'_>], current: &Map<String, Json>) -> Vec<Difference> {
    compare_with(mapped, |target| read(current, target))
}

/// Differences between mapped values and those last exported, by target attribute.
pub fn compare_exported(
    mapped: &[MappedAttribute<'_>],
    exported: &Map<String, Json>,
) -> Vec<Difference> {
    compare_with(mapped, |target| {
        exported
            .get(target.as_str())
            .cloned()
            .map(Value::from_json)
            .filter(|value| !value.is_null())
    })
}

fn compare_with(
    mapped: &[MappedAttribute<'_>],
    current: impl Fn(&TargetPath) -> Option<Value>,
) -> Vec<Difference> {
    mapped
        .iter()
        .filter_map(|attribute| {
            let old = current(attribute.target);
            let new = wanted(attribute, old.as_ref())?;
            Some(Difference {
                target: attribute.target.clone(),
                old,
                new,
                redacted: attribute.redacted,
                roles: attribute.roles,
            })
        })
        .collect()
}

/// What has to be sent of an attribute, if anything.
fn wanted(attribute: &MappedAttribute<'_>, old: Option<&Value>) -> Option<Value> {
    let roles = attribute.roles.zip(Role::all(&attribute.value));
    let Some((flow, roles)) = roles else {
        return due(attribute, old);
    };
    let missing: Vec<&Role> = roles.iter().filter(|role| !role.is_in(old)).collect();
    match flow {
        RoleFlow::Additive if missing.is_empty() => None,
        RoleFlow::Additive => Some(Value::List(
            missing.into_iter().map(Role::to_value).collect(),
        )),
        RoleFlow::Assertive => {
            let others = old.map_or(0, |old| old.elements().len());
            let same = missing.is_empty() && others == roles.len();
            (!same).then(|| attribute.value.clone())
        }
    }
}

/// Attributes that the target has and the mapping no longer gives, to be cleared if the reason is one that
/// clears. The service sends nothing in this case; a job may be told to.
pub fn cleared(
    mapped: &Mapped<'_>,
    clears: impl Fn(&UnsentReason) -> bool,
    current: impl Fn(&TargetPath) -> Option<Value>,
) -> Vec<Difference> {
    mapped
        .unsent
        .iter()
        .filter(|unsent| clears(&unsent.reason))
        .filter_map(|unsent| {
            let old = current(unsent.target).filter(|old| !old.is_null_or_empty())?;
            Some(Difference {
                target: unsent.target.clone(),
                old: Some(old),
                new: Value::Null,
                redacted: false,
                roles: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use SourceState::{AccountDisabled, Active, InRecycleBin, OutOfScope, Purged};
    use TargetState::{Absent, Disabled, Present, Released, Unmanaged};

    const ALL: Actions = Actions {
        create: true,
        update: true,
        delete: true,
    };
    const USERS: Policy = Policy {
        actions: ALL,
        has_soft_delete: true,
        soft_delete_unmapped: false,
        bin_is_loss: false,
        skip_out_of_scope_deletions: false,
    };

    fn letter(decision: Decision) -> &'static str {
        match decision {
            Decision::Create => "POST",
            Decision::Update => "PATCH",
            Decision::Disable => "off",
            Decision::Delete => "DELETE",
            Decision::Skip(SkipReason::ActionOff) => "blocked",
            Decision::Skip(_) => "-",
        }
    }

    /// Microsoft's deprovisioning table: the object is in the target and was active.
    #[test]
    fn the_deprovisioning_table() {
        let unmapped = Policy {
            has_soft_delete: false,
            ..USERS
        };
        let no_update = Policy {
            actions: Actions {
                update: false,
                ..ALL
            },
            ..USERS
        };
        let no_delete = Policy {
            actions: Actions {
                delete: false,
                ..ALL
            },
            ..USERS
        };
        let skipping = Policy {
            skip_out_of_scope_deletions: true,
            ..USERS
        };
        let groups = Policy {
            bin_is_loss: true,
            ..unmapped
        };
        let policies = [USERS, unmapped, no_update, no_delete, skipping, groups];
        let capable = Policy {
            soft_delete_unmapped: true,
            ..unmapped
        };
        assert_eq!(letter(decide(OutOfScope, Present, capable)), "-");
        assert_eq!(letter(decide(Purged, Present, capable)), "DELETE");
        for (source, expected) in [
            (
                OutOfScope,
                ["off", "DELETE", "blocked", "off", "-", "DELETE"],
            ),
            (AccountDisabled, ["off", "-", "blocked", "off", "off", "-"]),
            (
                InRecycleBin,
                ["off", "-", "blocked", "off", "off", "DELETE"],
            ),
            (
                Purged,
                ["DELETE", "DELETE", "DELETE", "blocked", "DELETE", "DELETE"],
            ),
            (
                Active,
                ["PATCH", "PATCH", "blocked", "PATCH", "PATCH", "PATCH"],
            ),
        ] {
            let got = policies.map(|policy| letter(decide(source, Present, policy)));
            assert_eq!(got, expected, "{source:?}");
        }
    }

    #[test]
    fn what_depends_on_the_link() {
        for (source, expected) in [
            (Active, ["POST", "PATCH", "PATCH", "PATCH"]),
            // Left as it was while the skip switch was on, which is off now.
            (OutOfScope, ["-", "-", "-", "off"]),
            (AccountDisabled, ["-", "-", "-", "off"]),
            (InRecycleBin, ["-", "-", "-", "off"]),
            (Purged, ["-", "DELETE", "-", "-"]),
        ] {
            let states = [Absent, Disabled, Unmanaged, Released];
            let got = states.map(|target| letter(decide(source, target, USERS)));
            assert_eq!(got, expected, "{source:?}");
        }
        let match_only = Policy {
            actions: Actions {
                create: false,
                ..ALL
            },
            ..USERS
        };
        assert_eq!(letter(decide(Active, Absent, match_only)), "blocked");
    }

    #[test]
    fn only_values_that_differ_are_differences() {
        let paths: Vec<TargetPath> = [
            "userName",
            "active",
            "title",
            r#"emails[type eq "work"].value"#,
        ]
        .iter()
        .map(|p| TargetPath::parse(p).unwrap())
        .collect();
        let values = ["ANN@contoso.com", "True", "Boss", "ann@contoso.com"];
        let mapped: Vec<MappedAttribute<'_>> = paths
            .iter()
            .zip(values)
            .map(|(target, value)| MappedAttribute::new(target, Value::from(value)))
            .collect();
        let current = serde_json::json!({
            "userName": "ann@contoso.com", "active": true, "nickName": "Annie",
            "emails": [{ "type": "work", "value": "old@contoso.com" }]
        });
        let differences = compare(&mapped, current.as_object().unwrap());
        let got: Vec<(&str, Option<&str>)> = differences
            .iter()
            .map(|d| (d.target.as_str(), d.old.as_ref().and_then(Value::as_text)))
            .collect();
        assert_eq!(
            got,
            [
                ("title", None),
                (r#"emails[type eq "work"].value"#, Some("old@contoso.com"))
            ]
        );
    }
}

//! Changing the rules of a job one piece at a time: an attribute mapping, a scoping filter, what may be done in the
//! target.
//!
//! Every change is refused whole when the rules do not fit together afterwards; the old ones stay. Whoever changes
//! them names the [`revision`] that was seen, so that nobody overwrites what somebody else did meanwhile. A change
//! makes the next cycle an initial one (`jobs::set_rules`).

use sha2::{Digest as _, Sha256};

use super::jobs;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::mapping::entra::{
    Actions, AttributeMapping, MappingError, ObjectMapping, ObjectMappingFields, ScopingFilter,
    SynchronizationRules,
};
use crate::model::{Job, ObjectKind};
use crate::secret::Digest;
use crate::store::Write;
use crate::store::jobs::JobKey;

/// One change of the mapping of a kind of objects. Rows are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleChange {
    /// *Enabled* and *Target Object Actions*.
    Switches {
        /// Whether objects of this kind are provisioned.
        enabled: bool,
        /// What may be done in the target.
        actions: Actions,
    },
    /// *Add New Mapping*: behind the others.
    AddMapping(AttributeMapping),
    /// *Edit Attribute*.
    ReplaceMapping(usize, AttributeMapping),
    /// *Delete*.
    RemoveMapping(usize),
    /// The scoping filters, all of them.
    Filters(Vec<ScopingFilter>),
}

/// What somebody has seen of the rules: other rules have another one. 64 hex digits.
pub fn revision(rules: &SynchronizationRules) -> String {
    Digest(Sha256::digest(json(rules)).into()).to_string()
}

fn json(rules: &SynchronizationRules) -> Vec<u8> {
    serde_json::to_vec(rules).expect("rules are texts, numbers and lists of them")
}

/// Changes the rules of a job.
///
/// # Errors
/// [`Error::Precondition`] when the rules are not those of the revision; [`Error::Field`] when they would not fit
/// together; when there is no such job or row.
pub fn change(
    tx: &Write<'_>,
    operator: &Operator,
    key: JobKey,
    kind: ObjectKind,
    seen: &str,
    change: RuleChange,
    now: Timestamp,
) -> Result<Job> {
    let rules = jobs::get(tx, key)?.rules;
    let actual = revision(&rules);
    if actual != seen {
        return Err(Error::Precondition { actual });
    }
    let rules = changed(rules, kind, change)?;
    jobs::set_rules(tx, operator, key, rules, now)
}

/// The rules after a change.
///
/// # Errors
/// [`Error::Field`] when they would not fit together; when there is no such row.
pub fn changed(
    mut rules: SynchronizationRules,
    kind: ObjectKind,
    change: RuleChange,
) -> Result<SynchronizationRules> {
    let slot = match kind {
        ObjectKind::User => &mut rules.users,
        ObjectKind::Group => &mut rules.groups,
    };
    let mut fields = slot.clone().into_fields();
    apply(&mut fields, kind, change)?;
    *slot = ObjectMapping::new(fields).map_err(|error| misfit(&error))?;
    Ok(rules)
}

fn apply(fields: &mut ObjectMappingFields, kind: ObjectKind, change: RuleChange) -> Result<()> {
    let unknown = |row: usize| Error::not_found("Attribute mapping", row);
    match change {
        RuleChange::Switches { enabled, actions } => {
            if kind == ObjectKind::User && !enabled {
                return Err(Error::field(
                    "enabled",
                    "The mapping of users cannot be switched off. Stop provisioning, or switch the target object actions off.",
                ));
            }
            fields.enabled = enabled;
            fields.actions = actions;
        }
        RuleChange::AddMapping(mapping) => fields.attributes.push(mapping),
        RuleChange::ReplaceMapping(row, mapping) => {
            *fields.attributes.get_mut(row).ok_or_else(|| unknown(row))? = mapping;
        }
        RuleChange::RemoveMapping(row) if row < fields.attributes.len() => {
            fields.attributes.remove(row);
        }
        RuleChange::RemoveMapping(row) => return Err(unknown(row)),
        RuleChange::Filters(filters) => fields.scope = filters,
    }
    Ok(())
}

/// Which field of a form is to blame.
fn misfit(error: &MappingError) -> Error {
    let field = match error {
        MappingError::DuplicateTarget { .. } | MappingError::TooMany { .. } => "target",
        MappingError::DuplicateMatchingPriority { .. } => "precedence",
        MappingError::NoMatchingAttribute | MappingError::CannotMatch { .. } => "match",
        MappingError::Incomplete { .. } => "source",
    };
    Error::field(field, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::entra::{MappingSource, TargetPath, postman};

    fn mapping(target: &str, precedence: u32) -> AttributeMapping {
        let source = MappingSource::Direct("userPrincipalName".into());
        AttributeMapping {
            matching_priority: precedence,
            ..AttributeMapping::new(source, TargetPath::parse(target).unwrap())
        }
    }

    fn field_of(result: Result<SynchronizationRules>) -> &'static str {
        match result {
            Err(Error::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_at_the_field_to_blame() {
        let after = |change| changed(postman(), ObjectKind::User, change);
        for (change, field) in [
            (RuleChange::AddMapping(mapping("ACTIVE", 0)), "target"),
            (RuleChange::AddMapping(mapping("title", 1)), "precedence"),
            (RuleChange::RemoveMapping(0), "match"),
            (
                RuleChange::Switches {
                    enabled: false,
                    actions: Actions::default(),
                },
                "enabled",
            ),
        ] {
            assert_eq!(field_of(after(change.clone())), field, "{change:?}");
        }
        assert!(after(RuleChange::RemoveMapping(9)).is_err());
        let rules = after(RuleChange::AddMapping(mapping("title", 2))).unwrap();
        assert_eq!(rules.users.attributes.len(), 5);
        assert_eq!(rules.groups, postman().groups);
    }

    #[test]
    fn groups_can_be_switched_off() {
        let off = RuleChange::Switches {
            enabled: false,
            actions: Actions::default(),
        };
        let rules = changed(postman(), ObjectKind::Group, off).unwrap();
        assert!(!rules.groups.enabled && rules.users.enabled);
    }

    #[test]
    fn other_rules_have_another_revision() {
        let (rules, other) = (
            postman(),
            changed(postman(), ObjectKind::User, RuleChange::RemoveMapping(1)).unwrap(),
        );
        assert_eq!(revision(&rules), revision(&postman()));
        assert_ne!(revision(&rules), revision(&other));
        assert_eq!(revision(&rules).len(), 64);
    }
}

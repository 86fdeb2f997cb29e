//! Who may give and take which role: Postman's rules as functions over sets of roles.
//!
//! | rule | source |
//! |---|---|
//! | everybody has at least one role, several are allowed | Learning Center, "Manage roles", all versions |
//! | while nobody is a Super Admin, any Admin may appoint one; afterwards only Super Admins | of February 2024 |
//! | Admins neither remove Super Admins nor take that role away | the same |
//! | Billing is given by Super Admins, Admins and Billing members, who may give nothing else | of 2021 and 2024 |
//! | a team has at most two support users: people whose roles are Admin or Billing alone | 2022 to 2025 |
//!
//! Pure: what is stored comes in as arguments. That one administrator stays is `provider::membership`'s.

use std::collections::BTreeSet;
use std::fmt;

use crate::access::Permission;
use crate::error::Error;
use crate::model::Role;

/// Most people of a team whose roles are Admin or Billing alone.
pub const SUPPORT_USERS: usize = 2;

/// Why a role is neither given nor taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nothing would be left.
    NoRole,
    /// The team has a Super Admin, so only Super Admins give the role.
    GivesSuperAdmin,
    /// Only Super Admins take it away.
    TakesSuperAdmin,
    /// Somebody with Billing alone may give and take that role and no other.
    NotBilling(Role),
    /// None of the roles allows it.
    Nothing,
    /// Two people have Admin or Billing alone already.
    TooManySupportUsers,
    /// What only a Super Admin may do to somebody who is one.
    OfSuperAdmin,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRole => f.write_str("Choose at least one role. Developer is the default."),
            Self::GivesSuperAdmin => f.write_str(
                "The team has a Super Admin, so only Super Admins can give this role. Ask one of them.",
            ),
            Self::TakesSuperAdmin => f.write_str(
                "Only Super Admins can take the Super Admin role away. Ask one of them.",
            ),
            Self::NotBilling(role) => write!(
                f,
                "With the Billing role you can give and take Billing only, not {}. Ask an Admin.",
                role.label()
            ),
            Self::Nothing => {
                f.write_str("Your roles do not let you change roles. Ask a Super Admin or an Admin.")
            }
            Self::TooManySupportUsers => write!(
                f,
                "A team can have {SUPPORT_USERS} people whose roles are Admin or Billing alone. Give another role \
                 too, such as Developer.",
            ),
            Self::OfSuperAdmin => {
                f.write_str("Only Super Admins can do this to a Super Admin. Ask one of them.")
            }
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoRole | Refused::TooManySupportUsers => {
                Self::field("roles", refused.to_string())
            }
            _ => Self::Forbidden {
                detail: refused.to_string(),
            },
        }
    }
}

fn has(roles: &BTreeSet<Role>, permission: Permission) -> bool {
    roles.iter().any(|role| permission.is_of(*role))
}

/// Whether somebody with the roles `own` may give `role` (or take it, when `held`) in a team that has a
/// Super Admin or not.
///
/// # Errors
/// Why not.
pub fn may_change(
    own: &BTreeSet<Role>,
    super_admin_exists: bool,
    role: Role,
    held: bool,
) -> Result<(), Refused> {
    let manages = has(own, Permission::ManageRoles);
    match role {
        Role::SuperAdmin if own.contains(&Role::SuperAdmin) => Ok(()),
        Role::SuperAdmin if held => Err(Refused::TakesSuperAdmin),
        Role::SuperAdmin if own.contains(&Role::Admin) && super_admin_exists => {
            Err(Refused::GivesSuperAdmin)
        }
        Role::SuperAdmin if own.contains(&Role::Admin) => Ok(()),
        Role::Billing if has(own, Permission::ManageBillingMembers) => Ok(()),
        _ if manages => Ok(()),
        _ if has(own, Permission::ManageBillingMembers) => Err(Refused::NotBilling(role)),
        _ => Err(Refused::Nothing),
    }
}

/// Whether somebody with the roles `own` may turn the roles `before` into `after`.
///
/// # Errors
/// The first reason why not.
pub fn may_update(
    own: &BTreeSet<Role>,
    super_admin_exists: bool,
    before: &BTreeSet<Role>,
    after: &BTreeSet<Role>,
) -> Result<(), Refused> {
    if after.is_empty() {
        return Err(Refused::NoRole);
    }
    for role in before.symmetric_difference(after) {
        may_change(own, super_admin_exists, *role, before.contains(role))?;
    }
    Ok(())
}

/// Whether somebody with the roles `own` may remove or deactivate somebody who holds `theirs`, or change a
/// group that conveys `theirs`.
///
/// # Errors
/// [`Refused::OfSuperAdmin`].
pub fn may_touch(own: &BTreeSet<Role>, theirs: &BTreeSet<Role>) -> Result<(), Refused> {
    if theirs.contains(&Role::SuperAdmin) && !own.contains(&Role::SuperAdmin) {
        return Err(Refused::OfSuperAdmin);
    }
    Ok(())
}

/// Whether somebody with these effective roles takes no seat: Admin or Billing and nothing else.
pub fn is_support_user(roles: &BTreeSet<Role>) -> bool {
    !roles.is_empty()
        && roles
            .iter()
            .all(|role| matches!(role, Role::Admin | Role::Billing))
}

/// Whether a group may have managers: its members get Developer from it and nothing else.
pub fn is_developer_only(roles: &BTreeSet<Role>) -> bool {
    roles.len() == 1 && roles.contains(&Role::Developer)
}

/// Roles as people list them, most powerful first: `Admin, Developer`.
pub fn labels(roles: &BTreeSet<Role>) -> String {
    roles
        .iter()
        .map(|role| role.label())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn roles(letters: &str) -> BTreeSet<Role> {
        letters
            .chars()
            .map(|letter| match letter {
                'S' => Role::SuperAdmin,
                'A' => Role::Admin,
                'B' => Role::Billing,
                'D' => Role::Developer,
                'C' => Role::CommunityManager,
                'P' => Role::PartnerManager,
                other => panic!("no role {other}"),
            })
            .collect()
    }

    #[test]
    fn who_may_turn_which_roles_into_which() {
        use Refused::{GivesSuperAdmin, NoRole, NotBilling, Nothing, TakesSuperAdmin};
        type Row = (
            &'static str,
            bool,
            &'static str,
            &'static str,
            Result<(), Refused>,
        );
        let table: &[Row] = &[
            // Everybody has at least one role.
            ("S", true, "D", "", Err(NoRole)),
            ("A", false, "D", "", Err(NoRole)),
            // Admins give and take what is below Super Admin, several at once.
            ("A", true, "D", "A", Ok(())),
            ("A", true, "A", "D", Ok(())),
            ("AD", true, "D", "DBCP", Ok(())),
            ("A", true, "DBCP", "D", Ok(())),
            // The first Super Admin may be appointed by any Admin, afterwards only Super Admins do.
            ("A", false, "A", "SA", Ok(())),
            ("A", true, "A", "SA", Err(GivesSuperAdmin)),
            ("S", true, "D", "S", Ok(())),
            ("S", false, "D", "SD", Ok(())),
            ("D", false, "D", "SD", Err(Nothing)),
            ("B", false, "D", "SD", Err(NotBilling(Role::SuperAdmin))),
            // Admins do not take it away, though they may change the other roles of a Super Admin.
            ("A", true, "SA", "A", Err(TakesSuperAdmin)),
            ("A", false, "SA", "A", Err(TakesSuperAdmin)),
            ("S", true, "SA", "A", Ok(())),
            ("A", true, "S", "SD", Ok(())),
            // Billing members manage Billing members and nobody else.
            ("B", true, "D", "BD", Ok(())),
            ("B", true, "BD", "D", Ok(())),
            ("B", true, "B", "", Err(NoRole)),
            ("B", true, "D", "AD", Err(NotBilling(Role::Admin))),
            ("B", true, "BD", "B", Err(NotBilling(Role::Developer))),
            (
                "BD",
                true,
                "D",
                "DC",
                Err(NotBilling(Role::CommunityManager)),
            ),
            ("AB", true, "D", "AD", Ok(())),
            ("A", true, "D", "B", Ok(())),
            // Others change nothing.
            ("D", true, "D", "AD", Err(Nothing)),
            ("D", true, "D", "BD", Err(Nothing)),
            ("C", true, "D", "DC", Err(Nothing)),
            ("P", true, "SD", "D", Err(TakesSuperAdmin)),
            // What stays as it is needs nothing.
            ("D", true, "SA", "SA", Ok(())),
        ];
        for (own, exists, before, after, verdict) in table {
            assert_eq!(
                may_update(&roles(own), *exists, &roles(before), &roles(after)),
                *verdict,
                "{own} turns {before} into {after}, a Super Admin exists: {exists}"
            );
        }
    }

    #[test]
    fn only_super_admins_touch_super_admins() {
        for (own, theirs, allowed) in [
            ("A", "S", false),
            ("A", "SD", false),
            ("ADB", "S", false),
            ("S", "S", true),
            ("SA", "SA", true),
            ("A", "A", true),
            ("A", "D", true),
        ] {
            let verdict = may_touch(&roles(own), &roles(theirs));
            assert_eq!(verdict.is_ok(), allowed, "{own} touches {theirs}");
        }
    }

    #[test]
    fn support_users_have_admin_or_billing_alone_and_managed_groups_developer_alone() {
        for (held, support, developer) in [
            ("", false, false),
            ("A", true, false),
            ("B", true, false),
            ("AB", true, false),
            ("AD", false, false),
            ("D", false, true),
            ("DC", false, false),
            ("S", false, false),
            ("SA", false, false),
        ] {
            assert_eq!(is_support_user(&roles(held)), support, "{held}");
            assert_eq!(is_developer_only(&roles(held)), developer, "{held}");
        }
    }

    fn any_roles() -> impl Strategy<Value = BTreeSet<Role>> {
        proptest::collection::btree_set(proptest::sample::select(Role::ALL.to_vec()), 0..5)
    }

    proptest! {
        #[test]
        fn nobody_comes_to_be_a_super_admin_or_stops_being_one_without_a_super_admin(
            own in any_roles(), before in any_roles(), after in any_roles()
        ) {
            let allowed = may_update(&own, true, &before, &after).is_ok();
            if before.contains(&Role::SuperAdmin) != after.contains(&Role::SuperAdmin) && allowed {
                prop_assert!(own.contains(&Role::SuperAdmin));
            }
            if before != after && allowed {
                prop_assert!(has(&own, Permission::ManageBillingMembers));
            }
        }

        #[test]
        fn an_update_is_allowed_when_every_change_in_it_is(
            own in any_roles(), exists: bool, before in any_roles(), after in any_roles()
        ) {
            let each = before
                .symmetric_difference(&after)
                .all(|role| may_change(&own, exists, *role, before.contains(role)).is_ok());
            let whole = may_update(&own, exists, &before, &after).is_ok();
            prop_assert_eq!(whole, each && !after.is_empty());
        }
    }
}

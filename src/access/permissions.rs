//! What the roles of a team allow (Postman's Learning Center, "Roles and permissions" of February 2024 and the
//! tables of its SSO, SCIM and domain pages of 2025).
//!
//! Only what the appliance offers stands here: Postman's rows about workspaces, payment or usage have
//! nothing to enforce. Rules that depend on data, such as who may take a Super Admin's role, are
//! `provider::roles`'.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::{Member, Operator};
use crate::model::Role;

/// Something that a role allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See who is on the team, its groups and roles.
    ViewTeam,
    /// Invite people, and take invites back.
    AddUsers,
    /// Remove, deactivate and reactivate members.
    RemoveUsers,
    /// Give and take roles.
    ManageRoles,
    /// Give and take the Billing role.
    ManageBillingMembers,
    /// Set up single sign-on.
    ManageSso,
    /// Turn SCIM provisioning on and off; its keys, profile and schemas.
    ManageScim,
    /// Add, verify and delete domains.
    ManageDomains,
    /// Read the audit log.
    ViewAuditLogs,
    /// Make groups that have the Developer role only, and look after those one manages.
    CreateGroups,
    /// Make, change and delete every group.
    ManageGroups,
    /// Change the team's name.
    EditTeam,
}

impl Permission {
    /// All of them, in the order of the table of roles.
    pub const ALL: [Self; 12] = [
        Self::ViewTeam,
        Self::AddUsers,
        Self::RemoveUsers,
        Self::ManageRoles,
        Self::ManageBillingMembers,
        Self::ManageSso,
        Self::ManageScim,
        Self::ManageDomains,
        Self::ViewAuditLogs,
        Self::CreateGroups,
        Self::ManageGroups,
        Self::EditTeam,
    ];

    /// Whether a role gives it.
    pub const fn is_of(self, role: Role) -> bool {
        match role {
            Role::SuperAdmin | Role::Admin => true,
            Role::Billing => matches!(self, Self::ViewTeam | Self::ManageBillingMembers),
            Role::Developer => matches!(self, Self::ViewTeam | Self::CreateGroups),
            Role::CommunityManager
            | Role::ApiNetworkManager
            | Role::ApiGovernanceManager
            | Role::PartnerManager => matches!(self, Self::ViewTeam),
        }
    }

    /// What it is called in the table of roles.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ViewTeam => "View members, groups and roles",
            Self::AddUsers => "Add users",
            Self::RemoveUsers => "Remove users",
            Self::ManageRoles => "Manage team Admins and Developers",
            Self::ManageBillingMembers => "Manage Billing members",
            Self::ManageSso => "Manage SSO",
            Self::ManageScim => "Manage SCIM provisioning",
            Self::ManageDomains => "Add, verify and delete domains",
            Self::ViewAuditLogs => "View audit logs",
            Self::CreateGroups => "Create Developer groups",
            Self::ManageGroups => "Manage all groups",
            Self::EditTeam => "Change the team's name",
        }
    }
}

/// A permission as a type, so that a signature can ask for it.
pub trait Permit {
    /// Which one.
    const PERMISSION: Permission;
}

macro_rules! permits {
    ($($name:ident),* $(,)?) => {
        /// Each [`Permission`] as a type.
        pub mod permission {
            $(
                #[doc = concat!("[`Permission::", stringify!($name), "`](super::Permission::", stringify!($name), ").")]
                #[derive(Debug, Clone, Copy, PartialEq, Eq)]
                pub enum $name {}
                impl super::Permit for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )*
        }
    };
}
permits! {
    ViewTeam, AddUsers, RemoveUsers, ManageRoles, ManageBillingMembers, ManageSso, ManageScim,
    ManageDomains, ViewAuditLogs, CreateGroups, ManageGroups, EditTeam,
}

/// A member who has the permission `P`. Made by [`Member::may`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct May<P: Permit> {
    member: Member,
    permission: PhantomData<P>,
}

impl<P: Permit> May<P> {
    pub(super) fn of(member: &Member) -> Result<Self, NotAllowed> {
        if !member.has(P::PERMISSION) {
            return Err(NotAllowed(P::PERMISSION));
        }
        Ok(Self {
            member: member.clone(),
            permission: PhantomData,
        })
    }
}

impl std::error::Error for NotAllowed {}

impl<P: Permit> Deref for May<P> {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.member
    }
}

/// None of the member's roles gives this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAllowed(pub Permission);

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Your roles in this team do not allow this ({}). Ask a Super Admin or an Admin of the team.",
            self.0.label()
        )
    }
}

/// What a page or an action of the console asks of whoever is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing more than being signed in: one's own things.
    SignIn,
    /// A permission in the open team.
    Permission(Permission),
    /// Owning the appliance.
    Operator,
}

impl Needs {
    /// Whether these are enough.
    pub fn met_by(self, member: &Member, operator: Option<&Operator>) -> bool {
        match self {
            Self::SignIn => true,
            Self::Permission(permission) => member.has(permission),
            Self::Operator => operator.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Seq;

    fn of_role(role: Role) -> Member {
        Member {
            roles: [role].into(),
            ..Member::of_this_process(Seq(1))
        }
    }

    #[test]
    fn the_matrix_is_postmans() {
        let row = |permission: Permission| -> String {
            Role::ALL
                .iter()
                .map(|role| if permission.is_of(*role) { 'x' } else { '.' })
                .collect()
        };
        // Super Admin, Admin, Billing, Developer, Community, API Network, API Governance, Partner Manager.
        let table = [
            (Permission::ViewTeam, "xxxxxxxx"),
            (Permission::AddUsers, "xx......"),
            (Permission::RemoveUsers, "xx......"),
            (Permission::ManageRoles, "xx......"),
            (Permission::ManageBillingMembers, "xxx....."),
            (Permission::ManageSso, "xx......"),
            (Permission::ManageScim, "xx......"),
            (Permission::ManageDomains, "xx......"),
            (Permission::ViewAuditLogs, "xx......"),
            (Permission::CreateGroups, "xx.x...."),
            (Permission::ManageGroups, "xx......"),
            (Permission::EditTeam, "xx......"),
        ];
        assert_eq!(table.map(|(permission, _)| permission), Permission::ALL);
        for (permission, roles) in table {
            assert_eq!(row(permission), roles, "{permission:?}");
        }
    }

    #[test]
    fn proof_is_given_to_those_who_have_the_permission_only() {
        assert!(of_role(Role::Admin).may::<permission::ManageScim>().is_ok());
        let refused = of_role(Role::Developer).may::<permission::ManageScim>();
        assert_eq!(refused, Err(NotAllowed(Permission::ManageScim)));
        let mut nobody = of_role(Role::Admin);
        nobody.roles.clear();
        assert_eq!(
            nobody.may::<permission::ViewTeam>(),
            Err(NotAllowed(Permission::ViewTeam))
        );
    }
}

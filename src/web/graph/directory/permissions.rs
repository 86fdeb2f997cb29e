//! Which permissions open which noun, as the reference of each operation lists them.

use crate::model::GraphPermission::{
    self, AppRoleAssignmentReadWriteAll, ApplicationReadAll, ApplicationReadWriteAll,
    ApplicationReadWriteOwnedBy, DirectoryReadAll, DirectoryReadWriteAll, GroupMemberReadWriteAll,
    GroupReadAll, GroupReadWriteAll, OrganizationReadAll, UserReadAll, UserReadWriteAll,
};
use crate::model::Reach;

/// Reading users.
pub(super) const READ_USERS: &[GraphPermission] = &[
    UserReadAll,
    UserReadWriteAll,
    DirectoryReadAll,
    DirectoryReadWriteAll,
];
/// Making, changing and deleting users.
pub(super) const WRITE_USERS: &[GraphPermission] = &[UserReadWriteAll, DirectoryReadWriteAll];
/// Reading groups and who is in them.
pub(super) const READ_GROUPS: &[GraphPermission] = &[
    GroupReadAll,
    GroupReadWriteAll,
    GroupMemberReadWriteAll,
    DirectoryReadAll,
    DirectoryReadWriteAll,
];
/// Making, changing and deleting groups.
pub(super) const WRITE_GROUPS: &[GraphPermission] = &[GroupReadWriteAll, DirectoryReadWriteAll];
/// Putting somebody into a group, or out of it.
pub(super) const WRITE_MEMBERS: &[GraphPermission] = &[
    GroupMemberReadWriteAll,
    GroupReadWriteAll,
    DirectoryReadWriteAll,
];
/// Reading objects of any kind.
pub(super) const READ_DIRECTORY: &[GraphPermission] = &[DirectoryReadAll, DirectoryReadWriteAll];
/// Reading applications, service principals and who is assigned.
pub(super) const READ_APPLICATIONS: &[GraphPermission] = &[
    ApplicationReadAll,
    ApplicationReadWriteAll,
    ApplicationReadWriteOwnedBy,
    DirectoryReadAll,
    DirectoryReadWriteAll,
];
/// Making, changing and deleting applications.
pub(super) const WRITE_APPLICATIONS: Reach = Reach {
    everywhere: &[ApplicationReadWriteAll, DirectoryReadWriteAll],
    owned: &[ApplicationReadWriteOwnedBy],
};
/// Assigning somebody to an application.
pub(super) const ASSIGN: &[GraphPermission] = &[AppRoleAssignmentReadWriteAll];
/// Reading what the tenant says of itself.
pub(super) const READ_ORGANIZATION: &[GraphPermission] =
    &[OrganizationReadAll, DirectoryReadAll, DirectoryReadWriteAll];

//! What the provisioning service reads: objects as flat mapping sources, and who is entitled to an
//! application.
//!
//! Attribute names are those of the service's source schema, which a mapping puts between brackets.
//! References (`manager`, `members`) are left out: they are exported later, by object.

use serde_json::Value as Json;
use std::collections::BTreeMap;

use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::mapping::Value;
use crate::mapping::entra::Source;
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef, Scope};
use crate::store::{Reads, directory as rows};

/// A person as the mapping sees it. `is_soft_deleted` is the caller's verdict on all four reasons
/// (not entitled, scoping filter, recycle bin, account disabled).
///
/// A guest's `userPrincipalName` is turned back to the one at home
/// (`ann_fabrikam.example#EXT#@contoso.example` becomes `ann@fabrikam.example`);
/// `originalUserPrincipalName` is always the full one.
pub fn source_of_user(user: &DirectoryUser, is_soft_deleted: bool) -> Source {
    let mut source = attributes(&user.attributes);
    let original = user.user_principal_name.as_str();
    source.set("objectId", user.id.to_string());
    source.set("userPrincipalName", home_principal_name(original));
    source.set("originalUserPrincipalName", original);
    source.set("accountEnabled", user.account_enabled);
    source.set("IsSoftDeleted", is_soft_deleted);
    source
}

/// A group as the mapping sees it. `is_soft_deleted` as for a person, without the account.
pub fn source_of_group(group: &DirectoryGroup, is_soft_deleted: bool) -> Source {
    let mut source = attributes(&group.attributes);
    source.set("objectId", group.id.to_string());
    source.set("displayName", group.display_name.as_str());
    source.set("securityEnabled", group.security_enabled);
    source.set("IsSoftDeleted", is_soft_deleted);
    source
}

fn attributes(of_row: &BTreeMap<String, Json>) -> Source {
    of_row
        .iter()
        .map(|(name, value)| (name.as_str(), Value::from_json(value.clone())))
        .collect()
}

/// Turns `alias_home.example#EXT#@here.example` into `alias@home.example`; any other name stays. The
/// last underscore stands for the `@`, since a domain cannot contain one.
fn home_principal_name(name: &str) -> String {
    let turned = name
        .find("#EXT#")
        .and_then(|at| name[..at].rsplit_once('_'))
        .filter(|(alias, domain)| !alias.is_empty() && !domain.is_empty());
    match turned {
        Some((alias, domain)) => format!("{alias}@{domain}"),
        None => name.to_owned(),
    }
}

/// The app roles of a person in an application, own ones and those of assigned groups with the person as a direct
/// member, each once and in the order of the application: the computed source attribute `appRoleAssignments`, whose
/// values are objects with `id`, `value` and `displayName` (entra.md 3.6). `None` for *Default Access* only, and for
/// nobody who is not assigned. Groups in the recycle bin give nothing.
///
/// # Errors
/// The store's.
pub fn app_role_assignments(
    tx: &impl Reads,
    tenant: Seq,
    application: Seq,
    user: Seq,
) -> Result<Option<Value>> {
    let user = ObjectRef::user(user);
    let own = rows::assignment(tx, tenant, application, user)?;
    let mut had: Vec<Guid> = own.map_or_else(Vec::new, |own| own.roles);
    for group in rows::groups_of(tx, tenant, user)? {
        let assigned = rows::assignment(tx, tenant, application, ObjectRef::group(group))?;
        if let Some(assigned) = assigned.filter(|assigned| !assigned.roles.is_empty())
            && rows::group(tx, tenant, group)?.is_some_and(|g| g.deleted.is_none())
        {
            had.extend(assigned.roles);
        }
    }
    if had.is_empty() {
        return Ok(None);
    }
    let Some(found) = rows::application(tx, tenant, application)? else {
        return Ok(None);
    };
    let roles: Vec<Value> = found
        .roles
        .iter()
        .filter(|role| had.contains(&role.id))
        .map(|role| {
            let members = [
                ("id", Json::from(role.id.to_string())),
                ("value", Json::from(role.value.clone())),
                ("displayName", Json::from(role.display_name.as_str())),
            ];
            Value::Object(
                members
                    .map(|(name, value)| (name.to_owned(), value))
                    .into_iter()
                    .collect(),
            )
        })
        .collect();
    Ok(Some(Value::List(roles)).filter(|roles| !roles.is_null()))
}

/// A person as the mapping of an application sees it: [`source_of_user`] with `appRoleAssignments`.
///
/// # Errors
/// The store's.
pub fn source_of_user_in(
    tx: &impl Reads,
    tenant: Seq,
    application: Seq,
    user: &DirectoryUser,
    is_soft_deleted: bool,
) -> Result<Source> {
    let mut source = source_of_user(user, is_soft_deleted);
    if let Some(roles) = app_role_assignments(tx, tenant, application, user.seq)? {
        source.set("appRoleAssignments", roles);
    }
    Ok(source)
}

/// Why an object is in scope of an application's provisioning, before scoping filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entitlement {
    /// The job syncs all users and groups.
    Everyone,
    /// The object itself is assigned.
    Direct,
    /// A user is a direct member of this assigned group.
    ByGroup(Seq),
    /// Not assigned.
    None,
}

impl Entitlement {
    /// Whether the object is in scope at all.
    pub const fn is_entitled(self) -> bool {
        !matches!(self, Self::None)
    }
}

/// How an object comes to be in scope: by the job's setting, by its own assignment, or by an
/// assigned group that is not in the recycle bin and has it as a direct member (nested groups are
/// not expanded; a group is never entitled by another). The state of the object itself does not
/// count here.
///
/// # Errors
/// The store's.
pub fn entitlement(
    tx: &impl Reads,
    tenant: Seq,
    application: Seq,
    scope: Scope,
    object: ObjectRef,
) -> Result<Entitlement> {
    if scope == Scope::All {
        return Ok(Entitlement::Everyone);
    }
    if rows::assignment(tx, tenant, application, object)?.is_some() {
        return Ok(Entitlement::Direct);
    }
    if object.kind == ObjectKind::Group {
        return Ok(Entitlement::None);
    }
    for group in rows::groups_of(tx, tenant, object)? {
        if rows::assignment(tx, tenant, application, ObjectRef::group(group))?.is_some()
            && rows::group(tx, tenant, group)?.is_some_and(|g| g.deleted.is_none())
        {
            return Ok(Entitlement::ByGroup(group));
        }
    }
    Ok(Entitlement::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_has_the_name_of_home() {
        for (full, home) in [
            (
                "ann_fabrikam.example#EXT#@contoso.example",
                "ann@fabrikam.example",
            ),
            (
                "ann_b_fabrikam.example#EXT#@contoso.example",
                "ann_b@fabrikam.example",
            ),
            ("ann_b@contoso.example", "ann_b@contoso.example"),
            ("ann#EXT#@contoso.example", "ann#EXT#@contoso.example"),
        ] {
            assert_eq!(home_principal_name(full), home);
        }
    }
}

//! From rows to wire forms: computed attributes, `$ref`, `meta`.

use serde_json::{Value, json};

use crate::error::Result;
use crate::id::{ScimId, Seq};
use crate::model::{Group, Meta, ObjectKind, ObjectRef, User};
use crate::scim::{self, Object, Projection, representation, urn};
use crate::store::{Reads, groups as group_rows, users as user_rows};

/// A resource as a client gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The body.
    pub body: Object,
    /// `ETag`.
    pub version: String,
    /// `Location`.
    pub location: String,
}

/// The wire form of a user. `base` is the base URL of the SCIM endpoint without a trailing slash.
///
/// # Errors
/// The store's.
pub fn user(
    tx: &impl Reads,
    team: Seq,
    base: &str,
    user: &User,
    projection: &Projection,
) -> Result<Resource> {
    let groups = projection.wants(scim::user(), "groups");
    let mut full = full_user(tx, team, base, user, groups)?;
    full.body = projection.apply(scim::user(), full.body);
    Ok(full)
}

/// The wire form of a user before projection, for filters and for [`user`].
pub(super) fn full_user(
    tx: &impl Reads,
    team: Seq,
    base: &str,
    user: &User,
    with_groups: bool,
) -> Result<Resource> {
    let computed = if with_groups {
        let groups = groups_attribute(tx, team, base, user.seq)?;
        (!groups.is_empty()).then(|| ("groups", Value::from(groups)))
    } else {
        None
    };
    let mut resource = resource(
        scim::user(),
        base,
        &user.id,
        &user.attributes,
        user.meta,
        computed,
    );
    complete_manager(tx, team, base, &mut resource.body)?;
    Ok(resource)
}

/// The wire form of a group. Its members are read only when the projection wants them.
///
/// # Errors
/// The store's.
pub fn group(
    tx: &impl Reads,
    team: Seq,
    base: &str,
    group: &Group,
    projection: &Projection,
) -> Result<Resource> {
    let members = projection.wants(scim::group(), "members");
    let mut full = full_group(tx, team, base, group, members)?;
    full.body = projection.apply(scim::group(), full.body);
    Ok(full)
}

pub(super) fn full_group(
    tx: &impl Reads,
    team: Seq,
    base: &str,
    group: &Group,
    with_members: bool,
) -> Result<Resource> {
    let computed = if with_members {
        let members = members_attribute(tx, team, base, group.seq)?;
        Some(("members", Value::from(members)))
    } else {
        None
    };
    Ok(resource(
        scim::group(),
        base,
        &group.id,
        &group.attributes,
        group.meta,
        computed,
    ))
}

fn resource(
    rt: &scim::ResourceType,
    base: &str,
    id: &ScimId,
    attributes: &Object,
    meta: Meta,
    computed: Option<(&'static str, Value)>,
) -> Resource {
    let id = id.to_string();
    let location = format!("{base}{}/{id}", rt.endpoint);
    let version = meta.version();
    let body = representation::represent(
        rt,
        &id,
        attributes,
        representation::Meta {
            created: &meta.created.to_string(),
            last_modified: &meta.last_modified.to_string(),
            version: &version,
            location: &location,
        },
        computed,
    );
    Resource {
        body,
        version,
        location,
    }
}

fn groups_attribute(tx: &impl Reads, team: Seq, base: &str, user: Seq) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for (seq, direct) in super::users::groups_of(tx, team, user)? {
        if let Some(group) = group_rows::find(tx, team, seq)? {
            values.push(json!({
                "value": group.id,
                "$ref": format!("{base}/Groups/{}", group.id),
                "display": group.display_name(),
                "type": if direct { "direct" } else { "indirect" },
            }));
        }
    }
    Ok(values)
}

fn members_attribute(tx: &impl Reads, team: Seq, base: &str, group: Seq) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for member in group_rows::members(tx, team, group, 0, usize::MAX)? {
        if let Some((id, display)) = named(tx, team, member)? {
            let (endpoint, kind) = match member.kind {
                ObjectKind::User => ("Users", "User"),
                ObjectKind::Group => ("Groups", "Group"),
            };
            let mut value = json!({
                "value": id,
                "$ref": format!("{base}/{endpoint}/{id}"),
                "type": kind,
            });
            if let Some(display) = display {
                value["display"] = display.into();
            }
            values.push(value);
        }
    }
    Ok(values)
}

/// Id of a member and what it is called, if it has a name (see [`User::called`]).
///
/// # Errors
/// The store's.
pub fn named(
    tx: &impl Reads,
    team: Seq,
    member: ObjectRef,
) -> Result<Option<(ScimId, Option<String>)>> {
    Ok(match member.kind {
        ObjectKind::User => user_rows::find(tx, team, member.seq)?.map(|u| (u.id, u.called())),
        ObjectKind::Group => group_rows::find(tx, team, member.seq)?
            .map(|g| (g.id, Some(g.display_name().to_owned()))),
    })
}

/// `manager.displayName` and `manager.$ref` are computed from the user that `manager.value` names; a
/// dangling value stays as it is.
fn complete_manager(tx: &impl Reads, team: Seq, base: &str, body: &mut Object) -> Result<()> {
    let Some(manager) = body
        .get_mut(urn::ENTERPRISE_USER)
        .and_then(|e| e.get_mut("manager"))
        .and_then(Value::as_object_mut)
    else {
        return Ok(());
    };
    let id = manager
        .get("value")
        .and_then(Value::as_str)
        .and_then(|v| v.parse::<ScimId>().ok());
    if let Some(id) = id
        && let Some(user) = user_rows::find_by_id(tx, team, &id)?
    {
        manager.insert("$ref".into(), format!("{base}/Users/{id}").into());
        // Never the client's: it is the manager's own name, and a manager without one has none here.
        match user.called() {
            Some(name) => manager.insert("displayName".into(), name.into()),
            None => manager.remove("displayName"),
        };
    }
    Ok(())
}

//! From rows to wire forms: computed attributes, `$ref`, `meta`.

use serde_json::{Value, json};

use crate::error::Result;
use crate::id::{ScimId, Seq};
use crate::model::{Group, Meta, ObjectKind, ObjectRef, User};
use crate::access::ScimCaller;
use crate::scim::{Endpoint, Object, Projection, ResourceType, representation, urn};
use crate::store::{Reads, groups as group_rows, users as user_rows};

/// From where a resource is looked at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Whose it is.
    pub team: Seq,
    /// What the endpoint is like.
    pub endpoint: &'a Endpoint,
    /// Base URL of the SCIM endpoint, without a trailing slash.
    pub base: &'a str,
}

impl<'a> View<'a> {
    /// As a SCIM client sees it.
    pub fn of(caller: &'a ScimCaller, base: &'a str) -> Self {
        Self {
            team: caller.team,
            endpoint: &caller.endpoint,
            base,
        }
    }

    fn user(self) -> &'a ResourceType {
        &self.endpoint.types.user
    }

    fn group(self) -> &'a ResourceType {
        &self.endpoint.types.group
    }
}

/// A resource as a client gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The body.
    pub body: Object,
    /// `ETag`; none where the endpoint has no versions.
    pub version: Option<String>,
    /// `Location`.
    pub location: String,
}

/// The wire form of a user.
///
/// # Errors
/// The store's.
pub fn user(
    tx: &impl Reads,
    view: View<'_>,
    user: &User,
    projection: &Projection,
) -> Result<Resource> {
    let groups = projection.wants(view.user(), "groups");
    let mut full = full_user(tx, view, user, groups)?;
    full.body = projection.apply(view.user(), full.body);
    Ok(full)
}

/// The wire form of a user before projection, for filters and for [`user`].
pub(super) fn full_user(
    tx: &impl Reads,
    view: View<'_>,
    user: &User,
    with_groups: bool,
) -> Result<Resource> {
    let computed = if with_groups {
        let groups = groups_attribute(tx, view, user.seq)?;
        (!groups.is_empty()).then(|| ("groups", Value::from(groups)))
    } else {
        None
    };
    let mut resource = resource(
        view,
        view.user(),
        &user.id,
        &user.attributes,
        user.meta,
        computed,
    );
    complete_manager(tx, view, &mut resource.body)?;
    Ok(resource)
}

/// The wire form of a group. Its members are read only when the projection wants them.
///
/// # Errors
/// The store's.
pub fn group(
    tx: &impl Reads,
    view: View<'_>,
    group: &Group,
    projection: &Projection,
) -> Result<Resource> {
    let members = projection.wants(view.group(), "members");
    let mut full = full_group(tx, view, group, members)?;
    full.body = projection.apply(view.group(), full.body);
    Ok(full)
}

pub(super) fn full_group(
    tx: &impl Reads,
    view: View<'_>,
    group: &Group,
    with_members: bool,
) -> Result<Resource> {
    let computed = if with_members {
        let members = members_attribute(tx, view, group.seq)?;
        Some(("members", Value::from(members)))
    } else {
        None
    };
    Ok(resource(
        view,
        view.group(),
        &group.id,
        &group.attributes,
        group.meta,
        computed,
    ))
}

fn resource(
    view: View<'_>,
    rt: &ResourceType,
    id: &ScimId,
    attributes: &Object,
    meta: Meta,
    computed: Option<(&'static str, Value)>,
) -> Resource {
    let id = id.to_string();
    let location = format!("{}{}/{id}", view.base, rt.endpoint);
    let version = view.endpoint.profile.service.etag.then(|| meta.version());
    let body = representation::represent(
        rt,
        &id,
        attributes,
        representation::Meta {
            created: &meta.created.to_string(),
            last_modified: &meta.last_modified.to_string(),
            version: version.as_deref().unwrap_or_default(),
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

fn groups_attribute(tx: &impl Reads, view: View<'_>, user: Seq) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for (seq, direct) in super::users::groups_of(tx, view.team, user)? {
        if let Some(group) = group_rows::find(tx, view.team, seq)? {
            values.push(json!({
                "value": group.id,
                "$ref": format!("{}/Groups/{}", view.base, group.id),
                "display": group.display_name(),
                "type": if direct { "direct" } else { "indirect" },
            }));
        }
    }
    Ok(values)
}

fn members_attribute(tx: &impl Reads, view: View<'_>, group: Seq) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for member in group_rows::members(tx, view.team, group, 0, usize::MAX)? {
        if let Some((id, display)) = named(tx, view.team, member)? {
            let (endpoint, kind) = match member.kind {
                ObjectKind::User => ("Users", "User"),
                ObjectKind::Group => ("Groups", "Group"),
            };
            let mut value = json!({
                "value": id,
                "$ref": format!("{}/{endpoint}/{id}", view.base),
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
fn complete_manager(tx: &impl Reads, view: View<'_>, body: &mut Object) -> Result<()> {
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
        && let Some(user) = user_rows::find_by_id(tx, view.team, &id)?
    {
        manager.insert("$ref".into(), format!("{}/Users/{id}", view.base).into());
        // Never the client's: it is the manager's own name, and a manager without one has none here.
        match user.called() {
            Some(name) => manager.insert("displayName".into(), name.into()),
            None => manager.remove("displayName"),
        };
    }
    Ok(())
}

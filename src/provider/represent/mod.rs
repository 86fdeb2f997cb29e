//! From rows to wire forms: computed attributes, `$ref`, `meta`.

use serde_json::{Value, json};

mod body;
mod glance;
mod text;

use crate::access::ScimCaller;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{Group, Meta, ObjectKind, ObjectRef, User};
use crate::scim::{self, Endpoint, Object, Projection, representation, urn};
use crate::store::{Reads, Snapshot, Stored, View, groups as group_rows, users as user_rows};

pub use body::Body;
pub(super) use glance::Glance;
pub(super) use text::{Scribe, costly};

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
    endpoint: &Endpoint,
    team: Seq,
    base: &str,
    user: &User,
    projection: &Projection,
) -> Result<Resource> {
    let groups = projection.wants(&endpoint.types.user, "groups");
    let computed = if groups {
        let groups = groups_attribute(tx, team, base, user.seq)?;
        (!groups.is_empty()).then(|| ("groups", Value::from(groups)))
    } else {
        None
    };
    let rt = &endpoint.types.user;
    let mut full = resource(rt, base, &user.id, &user.attributes, user.meta, computed);
    complete_manager(tx, team, base, &mut full.body)?;
    full.body = projection.apply(rt, full.body);
    Ok(full)
}

/// The wire form of a group. Its members are read only when the projection wants them.
///
/// # Errors
/// The store's.
pub fn group(
    tx: &impl Reads,
    endpoint: &Endpoint,
    team: Seq,
    base: &str,
    group: &Group,
    projection: &Projection,
) -> Result<Resource> {
    let members = projection.wants(&endpoint.types.group, "members");
    let computed = if members {
        let members = members_attribute(tx, team, base, group.seq)?;
        Some(("members", Value::from(members)))
    } else {
        None
    };
    let rt = &endpoint.types.group;
    let mut full = resource(rt, base, &group.id, &group.attributes, group.meta, computed);
    full.body = projection.apply(rt, full.body);
    Ok(full)
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
    let manager = body
        .get_mut(urn::ENTERPRISE_USER)
        .and_then(|e| e.get_mut("manager"));
    match manager {
        Some(manager) => with_manager(base, manager, |id| {
            Ok(user_rows::find_by_id(tx, team, id)?.map(|user| user.called()))
        }),
        None => Ok(()),
    }
}

/// The same for one value; `called` finds a user and what that user is called.
fn with_manager(
    base: &str,
    manager: &mut Value,
    called: impl FnOnce(&ScimId) -> Result<Option<Option<String>>>,
) -> Result<()> {
    let Some(manager) = manager.as_object_mut() else {
        return Ok(());
    };
    let id = manager
        .get("value")
        .and_then(Value::as_str)
        .and_then(|v| v.parse::<ScimId>().ok());
    if let Some(id) = id
        && let Some(name) = called(&id)?
    {
        manager.insert("$ref".into(), format!("{base}/Users/{id}").into());
        // Never the client's: it is the manager's own name, and a manager without one has none here.
        match name {
            Some(name) => manager.insert("displayName".into(), name.into()),
            None => manager.remove("displayName"),
        };
    }
    Ok(())
}

/// A resource as text, for an answer.
#[derive(Debug)]
pub struct Rendered {
    /// The body.
    pub body: Body,
    /// `ETag`.
    pub version: String,
    /// `Location`.
    pub location: String,
}

/// The user or group with this id as text. `known` says of a version whether the client has it already;
/// then the body is empty.
///
/// # Errors
/// [`crate::error::Error::NotFound`], also for another team's; the store's.
pub fn read(
    snapshot: &Snapshot,
    caller: &ScimCaller,
    base: &str,
    (kind, id): (ObjectKind, &str),
    projection: &Projection,
    known: impl FnOnce(&str) -> bool,
) -> Result<Option<Rendered>> {
    let view = View::new(snapshot, caller.team);
    let found = view.by_id(kind, id, |row| {
        if known(&text::version(&row)) {
            return Ok(None);
        }
        rendered(&view, caller, base, kind, projection, &row).map(Some)
    })?;
    found.ok_or_else(|| Error::not_found(kind.name(), super::shown(id)))?
}

/// A resource that was just written, as text; `None` when it has been written again or taken away since, so
/// that what was written is not there to be read any more.
///
/// # Errors
/// The store's.
pub fn written(
    snapshot: &Snapshot,
    caller: &ScimCaller,
    base: &str,
    object: ObjectRef,
    meta: Meta,
    projection: &Projection,
) -> Result<Option<Rendered>> {
    let view = View::new(snapshot, caller.team);
    let found = view.row(object, |row| {
        // Row numbers are never used again, and a revision is never that of something else.
        if row.meta.revision != meta.revision {
            return Ok(None);
        }
        rendered(&view, caller, base, object.kind, projection, &row).map(Some)
    })?;
    found.unwrap_or(Ok(None))
}

fn rendered(
    view: &View<'_>,
    caller: &ScimCaller,
    base: &str,
    kind: ObjectKind,
    projection: &Projection,
    row: &Stored<'_>,
) -> Result<Rendered> {
    let scribe = text::Scribe::new(view, caller, base, kind, projection);
    let mut body = Body::default();
    scribe.write(row, &mut body)?;
    body.note_members(view)?;
    let rt = super::resource_type(&caller.endpoint, kind);
    Ok(Rendered {
        body,
        version: text::version(row),
        location: text::location(rt, base, row.id),
    })
}

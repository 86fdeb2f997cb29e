//! What calls refer to: objects by their address, their id or their name.

use serde_json::Value;

use super::super::body::{self, Sent};
use super::super::failure::GraphFailure;
use super::refused::{refused, unknown};
use crate::directory::graph;
use crate::directory::import::Reference;
use crate::id::Seq;
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef};
use crate::store::{Reads, directory as rows};

/// The reference in a body of a `$ref` address: `{"@odata.id":"…/directoryObjects/{id}"}`.
///
/// # Errors
/// When there is none.
pub(super) fn referred(sent: Sent) -> Result<Reference, GraphFailure> {
    let members = body::object(sent)?;
    let Some(Value::String(address)) = members.get("@odata.id") else {
        return Err(refused(
            "The body of this request must contain '@odata.id', the address of an object.",
        ));
    };
    reference(&Value::from(address.as_str()))
}

/// An address of an object, such as stands in `members@odata.bind`.
///
/// # Errors
/// When it is none.
pub(super) fn reference(value: &Value) -> Result<Reference, GraphFailure> {
    match graph::reference(value) {
        Ok(Some(reference)) => Ok(reference),
        Ok(None) | Err(_) => Err(refused(
            "Invalid object identifier: an address such as …/directoryObjects/{id} is expected.",
        )),
    }
}

/// The user with this object id or user principal name.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none outside the recycle bin.
pub(super) fn user(tx: &impl Reads, tenant: Seq, key: &str) -> Result<DirectoryUser, GraphFailure> {
    let found = match Reference::of(key) {
        Reference::Id(id) => match rows::object_by_id(tx, tenant, &id)? {
            Some(object) if object.kind == ObjectKind::User => rows::user(tx, tenant, object.seq)?,
            Some(_) | None => None,
        },
        Reference::Name(name) => rows::user_by_principal_name(tx, tenant, &name)?,
    };
    let present = found.filter(|user| user.deleted.is_none());
    present.ok_or_else(|| unknown(key))
}

/// The group with this object id.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none outside the recycle bin.
pub(super) fn group(
    tx: &impl Reads,
    tenant: Seq,
    key: &str,
) -> Result<DirectoryGroup, GraphFailure> {
    let id = key.parse().map_err(|_| unknown(key))?;
    let found = match rows::object_by_id(tx, tenant, &id)? {
        Some(object) if object.kind == ObjectKind::Group => rows::group(tx, tenant, object.seq)?,
        Some(_) | None => None,
    };
    let present = found.filter(|group| group.deleted.is_none());
    present.ok_or_else(|| unknown(key))
}

/// The user or group outside the recycle bin that is referred to.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none.
pub(super) fn object(
    tx: &impl Reads,
    tenant: Seq,
    reference: &Reference,
) -> Result<ObjectRef, GraphFailure> {
    let key = match reference {
        Reference::Id(id) => id.to_string(),
        Reference::Name(name) => name.clone(),
    };
    match user(tx, tenant, &key) {
        Ok(user) => Ok(ObjectRef::user(user.seq)),
        Err(GraphFailure::Resource(_)) => Ok(ObjectRef::group(group(tx, tenant, &key)?.seq)),
        Err(other) => Err(other),
    }
}

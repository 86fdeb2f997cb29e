//! `/directory/deletedItems`: users and groups in the recycle bin, for 30 days (entra.md 1.7).

use actix_web::web;

use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::described::{DIRECTORY_OBJECT, GROUPS, USERS, answered, object, selected, shown};
use super::members::{of_token, token};
use super::page::{self, Row, expired};
use super::permissions::{READ_GROUPS, READ_USERS, WRITE_GROUPS, WRITE_USERS};
use super::query::Query;
use super::refused::{of_domain, unknown};
use crate::clock::Timestamp;
use crate::directory::search::{self, Object};
use crate::directory::{groups, users};
use crate::id::Seq;
use crate::model::{GraphPermission, ObjectKind, ObjectRef};
use crate::store::{Reads, Snapshot, directory as rows, recycle_bin};

type Path = web::Path<(String, String)>;
type Result<T> = std::result::Result<T, GraphFailure>;

/// The kind that a cast such as `microsoft.graph.user` names.
fn cast(name: &str) -> Option<ObjectKind> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("microsoft.").unwrap_or(&name);
    match name {
        "graph.user" => Some(ObjectKind::User),
        "graph.group" => Some(ObjectKind::Group),
        _ => None,
    }
}

fn readers(kind: ObjectKind) -> &'static [GraphPermission] {
    match kind {
        ObjectKind::User => READ_USERS,
        ObjectKind::Group => READ_GROUPS,
    }
}

fn writers(kind: ObjectKind) -> &'static [GraphPermission] {
    match kind {
        ObjectKind::User => WRITE_USERS,
        ObjectKind::Group => WRITE_GROUPS,
    }
}

/// A page of one kind, or one object by its id.
pub(super) async fn get(call: Call, path: Path) -> Answered {
    let (_, named) = path.into_inner();
    let Some(kind) = cast(&named) else {
        return one(call, named).await;
    };
    call.may(readers(kind))?;
    let (noun, set) = match kind {
        ObjectKind::User => (&USERS, "users"),
        ObjectKind::Group => (&GROUPS, "groups"),
    };
    let query = Query::of(&call, noun)?;
    let body = call.scan(move |call, tx| {
        let source = || source(tx, call.client.tenant, kind);
        let shown = |found: &Object| {
            let full = object(found);
            Ok(shown(kind, full, &query.select, call.version))
        };
        let context = selected(set, &query.select);
        page::listed(call, &context, &query, (object, shown), source(), || {
            page::count(&query, object, source())
        })
    });
    Ok(Reply::ok(&body.await?))
}

/// What lies in the bin, the last deleted first. A token is the moment and the object.
fn source(
    tx: &Snapshot,
    tenant: Seq,
    kind: ObjectKind,
) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<Object>>> {
    move |after, limit| {
        let after = match after {
            Some(after) => {
                let (at, of) = after.split_once('.').ok_or_else(expired)?;
                let at = at.parse().map_err(|_| expired())?;
                Some((Timestamp::from_millis(at), of_token(of)?))
            }
            None => None,
        };
        let found = recycle_bin::deleted_before(tx, tenant, after, limit)?.into_iter();
        let found = found.map(|(at, of)| {
            let object = if of.kind == kind {
                search::object(tx, tenant, of)?
            } else {
                None
            };
            Ok((format!("{}.{}", at.millis(), token(of)), object))
        });
        found.collect()
    }
}

/// The object in the bin with this id.
fn find(tx: &impl Reads, tenant: Seq, key: &str) -> Result<(ObjectRef, Object)> {
    let id = key.parse().map_err(|_| unknown(key))?;
    let of = rows::object_by_id(tx, tenant, &id)?.ok_or_else(|| unknown(key))?;
    let found = search::object(tx, tenant, of)?.filter(|object| match object {
        Object::User(user) => user.deleted.is_some(),
        Object::Group(group) => group.deleted.is_some(),
    });
    Ok((of, found.ok_or_else(|| unknown(key))?))
}

async fn one(call: Call, key: String) -> Answered {
    let query = Query::of(&call, &DIRECTORY_OBJECT)?;
    let body = call.read(move |call, tx| {
        let (of, object) = find(tx, call.client.tenant, &key)?;
        call.may(readers(of.kind))?;
        Ok(answered(call, &object, &query))
    });
    Ok(Reply::ok(&body.await?))
}

/// Deletes an object for good.
pub(super) async fn purge(call: Call, path: Path) -> Answered {
    let (caller, (_, key), now) = (call.clone(), path.into_inner(), call.app.now());
    call.write(move |tx| {
        let tenant = caller.client.tenant;
        let (of, _) = find(tx, tenant, &key)?;
        let operator = caller.may(writers(of.kind))?;
        let purged = match of.kind {
            ObjectKind::User => users::purge(tx, &operator, tenant, of.seq, now),
            ObjectKind::Group => groups::purge(tx, &operator, tenant, of.seq, now),
        };
        purged.map_err(|error| of_domain(of.kind, error))
    })
    .await?;
    Ok(Reply::no_content())
}

/// Brings an object back.
pub(super) async fn restore(call: Call, path: Path) -> Answered {
    let query = Query::of(&call, &DIRECTORY_OBJECT)?;
    let (caller, (_, key), now) = (call.clone(), path.into_inner(), call.app.now());
    let restored = call.write(move |tx| {
        let tenant = caller.client.tenant;
        let (of, _) = find(tx, tenant, &key)?;
        let operator = caller.may(writers(of.kind))?;
        let restored = match of.kind {
            ObjectKind::User => {
                users::restore(tx, &operator, tenant, of.seq, now).map(Object::User)
            }
            ObjectKind::Group => {
                groups::restore(tx, &operator, tenant, of.seq, now).map(Object::Group)
            }
        };
        restored.map_err(|error| of_domain(of.kind, error))
    });
    let body = answered(&call, &restored.await?, &query);
    Ok(Reply::ok(&body))
}

//! What objects have to do with each other: manager and reports, memberships, and objects of whatever kind by their id.

use actix_web::web;
use serde_json::Value;

use super::super::body::Sent;
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::described::{DIRECTORY_OBJECT, answered, object as described, selected, typed};
use super::page;
use super::permissions::{READ_DIRECTORY, READ_GROUPS, READ_USERS, WRITE_USERS};
use super::query::Query;
use super::references;
use super::refused::{of_domain, unknown};
use super::users::{address, manager_of, user_row};
use crate::directory::search::{self, Object};
use crate::directory::users as people;
use crate::id::Seq;
use crate::model::{DirectoryUser, ObjectKind, ObjectRef};
use crate::store::{Reads, Snapshot, directory as rows};

type Path = web::Path<(String, String)>;
type Result<T> = std::result::Result<T, GraphFailure>;

/// Whom somebody reports to.
pub(super) async fn manager(call: Call, path: Path) -> Answered {
    call.may(READ_USERS)?;
    let (query, (_, key)) = (Query::of(&call, &DIRECTORY_OBJECT)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let manager = managing(tx, call.client.tenant, &key)?;
        Ok(answered(call, &Object::User(manager), &query))
    });
    Ok(Reply::ok(&body.await?))
}

/// The address of whom somebody reports to.
pub(super) async fn manager_reference(call: Call, path: Path) -> Answered {
    call.may(READ_USERS)?;
    let (_, key) = path.into_inner();
    let body =
        call.read(move |call, tx| Ok(address(call, &managing(tx, call.client.tenant, &key)?)));
    Ok(Reply::ok(&body.await?))
}

fn managing(tx: &impl Reads, tenant: Seq, key: &str) -> Result<DirectoryUser> {
    let user = references::user(tx, tenant, key)?;
    manager_of(tx, tenant, &user)?.ok_or_else(|| unknown("manager"))
}

/// Gives somebody a manager.
pub(super) async fn set_manager(call: Call, path: Path, sent: Sent) -> Answered {
    let operator = call.may(WRITE_USERS)?;
    let wanted = references::referred(sent)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let row = references::user(tx, tenant, &key)?.seq;
        let manager = user_row(references::object(tx, tenant, &wanted)?)?;
        people::set_manager(tx, &operator, tenant, row, Some(manager), now)
            .map_err(|error| of_domain(ObjectKind::User, error))
    })
    .await?;
    Ok(Reply::no_content())
}

/// Takes somebody's manager away.
pub(super) async fn remove_manager(call: Call, path: Path) -> Answered {
    let operator = call.may(WRITE_USERS)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let user = references::user(tx, tenant, &key)?;
        user.manager.ok_or_else(|| unknown("manager"))?;
        people::set_manager(tx, &operator, tenant, user.seq, None, now)
            .map_err(|error| of_domain(ObjectKind::User, error))
    })
    .await?;
    Ok(Reply::no_content())
}

/// Who reports to somebody.
pub(super) async fn reports(call: Call, path: Path) -> Answered {
    call.may(READ_USERS)?;
    let (_, key) = path.into_inner();
    listed(call, move |tx, tenant| {
        let manager = references::user(tx, tenant, &key)?.seq;
        let reports = rows::reports_of(tx, tenant, manager)?;
        Ok(reports.into_iter().map(ObjectRef::user).collect())
    })
    .await
}

/// The groups that somebody is in.
pub(super) async fn member_of_user(call: Call, path: Path) -> Answered {
    call.may(READ_USERS)?;
    let (_, key) = path.into_inner();
    listed(call, move |tx, tenant| {
        let member = ObjectRef::user(references::user(tx, tenant, &key)?.seq);
        groups_of(tx, tenant, member)
    })
    .await
}

/// The groups that a group is in.
pub(super) async fn member_of_group(call: Call, path: Path) -> Answered {
    call.may(READ_GROUPS)?;
    let (_, key) = path.into_inner();
    listed(call, move |tx, tenant| {
        let member = ObjectRef::group(references::group(tx, tenant, &key)?.seq);
        groups_of(tx, tenant, member)
    })
    .await
}

fn groups_of(tx: &Snapshot, tenant: Seq, member: ObjectRef) -> Result<Vec<ObjectRef>> {
    let groups = rows::groups_of(tx, tenant, member)?;
    Ok(groups.into_iter().map(ObjectRef::group).collect())
}

/// A page of these objects; those in the recycle bin are none of them.
async fn listed(
    call: Call,
    of: impl FnOnce(&Snapshot, Seq) -> Result<Vec<ObjectRef>> + Send + 'static,
) -> Answered {
    let query = Query::of(&call, &DIRECTORY_OBJECT)?;
    let body = call.read(move |call, tx| {
        let tenant = call.client.tenant;
        let all: Vec<_> = of(tx, tenant)?
            .into_iter()
            .map(|object| (page::token(object.seq.0), object))
            .collect();
        let source = || {
            let mut references = page::of_all(&all);
            move |after: Option<&str>, limit: usize| -> Result<Vec<page::Row<Object>>> {
                let read = references(after, limit)?.into_iter();
                let found = read.map(|(token, reference)| {
                    let object = match reference {
                        Some(reference) => present(tx, tenant, reference)?,
                        None => None,
                    };
                    Ok((token, object))
                });
                found.collect()
            }
        };
        let shown = |found: &Object| Ok(typed(found, &query.select, call.version));
        let context = selected("directoryObjects", &query.select);
        page::listed(call, &context, &query, (described, shown), source(), || {
            page::count(&query, described, source())
        })
    });
    Ok(Reply::ok(&body.await?))
}

/// An object outside the recycle bin.
pub(super) fn present(tx: &impl Reads, tenant: Seq, of: ObjectRef) -> Result<Option<Object>> {
    let object = search::object(tx, tenant, of)?;
    Ok(object.filter(|object| match object {
        Object::User(user) => user.deleted.is_none(),
        Object::Group(group) => group.deleted.is_none(),
    }))
}

/// A user or group by its object id.
pub(super) async fn object(call: Call, path: Path) -> Answered {
    call.may(READ_DIRECTORY)?;
    let (query, (_, key)) = (Query::of(&call, &DIRECTORY_OBJECT)?, path.into_inner());
    let body: Value = call
        .read(move |call, tx| {
            let tenant = call.client.tenant;
            let id = key.parse().map_err(|_| unknown(&key))?;
            let found = match rows::object_by_id(tx, tenant, &id)? {
                Some(reference) => present(tx, tenant, reference)?,
                None => None,
            };
            let object = found.ok_or_else(|| unknown(&key))?;
            Ok(answered(call, &object, &query))
        })
        .await?;
    Ok(Reply::ok(&body))
}

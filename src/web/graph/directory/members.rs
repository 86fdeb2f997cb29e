//! `/groups/{id}/members`: who is in a group, users and groups.

use actix_web::web;

use super::super::body::Sent;
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::described::{DIRECTORY_OBJECT, object, selected, typed};
use super::page::{self, Row, expired};
use super::permissions::{READ_GROUPS, WRITE_MEMBERS};
use super::query::Query;
use super::references;
use super::refused::{of_domain, refused, unknown};
use super::relations::present;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::groups as directory;
use crate::directory::import::Reference;
use crate::directory::search::Object;
use crate::id::Seq;
use crate::model::{ObjectKind, ObjectRef};
use crate::store::{Snapshot, Write, directory as rows};

type Path = web::Path<(String, String)>;
type Result<T> = std::result::Result<T, GraphFailure>;

/// A page of members, users first.
pub(super) async fn list(call: Call, path: Path) -> Answered {
    call.may(READ_GROUPS)?;
    let (query, (_, key)) = (Query::of(&call, &DIRECTORY_OBJECT)?, path.into_inner());
    let body = call.scan(move |call, tx| {
        let tenant = call.client.tenant;
        let group = references::group(tx, tenant, &key)?;
        let source = || source(tx, tenant, group.seq);
        let shown = |found: &Object| Ok(typed(found, &query.select, call.version));
        let context = selected("directoryObjects", &query.select);
        page::listed(call, &context, &query, (object, shown), source(), || {
            page::count(&query, object, source())
        })
    });
    Ok(Reply::ok(&body.await?))
}

fn source(
    tx: &Snapshot,
    tenant: Seq,
    group: Seq,
) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<Object>>> {
    move |after, limit| {
        let after = after.map(of_token).transpose()?;
        let found = rows::members(tx, tenant, group, after, limit)?.into_iter();
        let found = found.map(|of| Ok((token(of), present(tx, tenant, of)?)));
        found.collect()
    }
}

/// The place of an object in a list of users and groups, as a token.
pub(super) fn token(object: ObjectRef) -> String {
    let kind = match object.kind {
        ObjectKind::User => 'u',
        ObjectKind::Group => 'v',
    };
    format!("{kind}{}", page::token(object.seq.0))
}

/// The place behind which a page goes on.
pub(super) fn of_token(token: &str) -> Result<ObjectRef> {
    let (kind, row) = token.split_at_checked(1).ok_or_else(expired)?;
    let row = Seq(page::row(row)?);
    match kind {
        "u" => Ok(ObjectRef::user(row)),
        "v" => Ok(ObjectRef::group(row)),
        _ => Err(expired()),
    }
}

/// How many members a group has.
pub(super) async fn count(call: Call, path: Path) -> Answered {
    call.may(READ_GROUPS)?;
    let (query, (_, key)) = (Query::of(&call, &DIRECTORY_OBJECT)?, path.into_inner());
    let number = call.scan(move |call, tx| {
        let tenant = call.client.tenant;
        let group = references::group(tx, tenant, &key)?.seq;
        page::count(&query, object, source(tx, tenant, group))
    });
    Ok(Reply::number(number.await?))
}

/// Adds a member.
pub(super) async fn add(call: Call, path: Path, sent: Sent) -> Answered {
    let operator = call.may(WRITE_MEMBERS)?;
    let member = references::referred(sent)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let group = references::group(tx, tenant, &key)?.seq;
        let member = references::object(tx, tenant, &member)?;
        link(tx, &operator, tenant, group, member, now)
    })
    .await?;
    Ok(Reply::no_content())
}

/// Adds a member who is none yet.
pub(super) fn link(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    group: Seq,
    member: ObjectRef,
    now: Timestamp,
) -> Result<()> {
    let added = directory::add_member(tx, operator, tenant, group, member, now)
        .map_err(|error| of_domain(ObjectKind::Group, error))?;
    if added { Ok(()) } else { Err(already()) }
}

/// Somebody is a member already.
pub(super) fn already() -> GraphFailure {
    refused(
        "One or more added object references already exist for the following modified properties: 'members'.",
    )
}

/// Takes a member out.
pub(super) async fn remove(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let operator = call.may(WRITE_MEMBERS)?;
    let (tenant, (_, key, member), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let group = references::group(tx, tenant, &key)?.seq;
        let named = references::object(tx, tenant, &Reference::of(&member))?;
        let removed = directory::remove_member(tx, &operator, tenant, group, named, now)
            .map_err(|error| of_domain(ObjectKind::Group, error))?;
        if removed {
            Ok(())
        } else {
            Err(unknown(&member))
        }
    })
    .await?;
    Ok(Reply::no_content())
}

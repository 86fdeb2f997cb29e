//! `/groups`: groups of the directory, assigned and dynamic ones.

use std::collections::HashSet;

use actix_web::web;
use serde_json::Value;

use super::super::answer::entity;
use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::super::odata::{Comparison, Filter};
use super::described::{GROUPS, group, one, selected, shown, typed};
use super::members::{already, link};
use super::page::{self, Row};
use super::people::{Rule, Said};
use super::permissions::{READ_GROUPS, WRITE_GROUPS, WRITE_MEMBERS};
use super::query::Query;
use super::references;
use super::refused::{of_domain, required};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::groups::{self as directory, NewGroup};
use crate::directory::{dynamic, get_group, search};
use crate::id::{Guid, Seq};
use crate::model::{DirectoryGroup, ObjectKind};
use crate::store::{Snapshot, Write, directory as rows, recycle_bin};
use crate::web::housekeeping::work_off_soon;

const KIND: ObjectKind = ObjectKind::Group;
/// Members that are shown with a group that is asked for with them.
const EXPANDED: usize = 20;

type Path = web::Path<(String, String)>;
type Result<T> = std::result::Result<T, GraphFailure>;

/// A page of groups.
pub(super) async fn list(call: Call) -> Answered {
    let operator = call.may(READ_GROUPS)?;
    let query = Query::of(&call, &GROUPS)?;
    let body = call.scan(move |call, tx| {
        let tenant = call.client.tenant;
        let shown = |found: &DirectoryGroup| shown_with(call, tx, &operator, found, &query);
        let context = selected("groups", &query.select);
        let source = source(tx, tenant, &query);
        page::listed(call, &context, &query, (group, shown), source, || {
            number(tx, tenant, &query)
        })
    });
    Ok(Reply::ok(&body.await?))
}

/// How many there are.
pub(super) async fn count(call: Call) -> Answered {
    call.may(READ_GROUPS)?;
    let query = Query::of(&call, &GROUPS)?;
    let number = call.scan(move |call, tx| number(tx, call.client.tenant, &query));
    Ok(Reply::number(number.await?))
}

fn number(tx: &Snapshot, tenant: Seq, query: &Query) -> Result<u64> {
    if query.filter.is_some() {
        return page::count(query, group, source(tx, tenant, query));
    }
    let deleted = recycle_bin::all(tx, tenant)?;
    let deleted = deleted.iter().filter(|object| object.kind == KIND).count();
    Ok(rows::count_groups(tx, tenant)?.saturating_sub(deleted as u64))
}

/// The groups that a query can mean: one that is named by its id, or all in the order of their making.
fn source<'a>(
    tx: &'a Snapshot,
    tenant: Seq,
    query: &'a Query,
) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<DirectoryGroup>>> + 'a {
    let id = query.filter.as_ref().and_then(only_id);
    move |after, limit| {
        let after = Seq(after.map_or(Ok(0), page::row)?);
        if let Some(id) = id {
            let found = match references::group(tx, tenant, id) {
                Ok(group) => Some(group),
                Err(GraphFailure::Resource(_)) => None,
                Err(other) => return Err(other),
            };
            let behind = found.filter(|group| group.seq > after);
            let named = behind.map(|group| (page::token(group.seq.0), Some(group)));
            return Ok(named.into_iter().collect());
        }
        let found = rows::groups_after(tx, tenant, after, limit)?.into_iter();
        Ok(found
            .map(|group| {
                let token = page::token(group.seq.0);
                (token, Some(group).filter(|group| group.deleted.is_none()))
            })
            .collect())
    }
}

fn only_id(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::All(all) => all.iter().find_map(only_id),
        Filter::Compare {
            property,
            comparison: Comparison::Equal,
            value,
        } if property == "id" => Some(value.text()),
        _ => None,
    }
}

fn shown_with(
    call: &Call,
    tx: &Snapshot,
    operator: &Operator,
    found: &DirectoryGroup,
    query: &Query,
) -> Result<Value> {
    let mut object = shown(KIND, group(found), &query.select, call.version);
    if let Some((name, select)) = &query.expand {
        let tenant = call.client.tenant;
        let members = search::members(tx, operator, tenant, found.seq, None, EXPANDED)?;
        let members = members.iter().map(|of| typed(of, select, call.version));
        object[*name] = members.collect();
    }
    Ok(object)
}

/// A group by its object id.
pub(super) async fn get(call: Call, path: Path) -> Answered {
    let operator = call.may(READ_GROUPS)?;
    let (query, (_, key)) = (Query::of(&call, &GROUPS)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let found = references::group(tx, call.client.tenant, &key)?;
        let object = shown_with(call, tx, &operator, &found, &query)?;
        Ok(entity(call, &one("groups", &query.select), object))
    });
    Ok(Reply::ok(&body.await?))
}

/// Makes a group.
pub(super) async fn create(call: Call, sent: Sent) -> Answered {
    let operator = call.may(WRITE_GROUPS)?;
    let body = body::object(sent)?;
    let said = Said::of(KIND, &body)?;
    said.require(
        KIND,
        &[
            "displayName",
            "mailEnabled",
            "mailNickname",
            "securityEnabled",
        ],
    )?;
    if said.dynamic == Some(true) && !said.members.is_empty() {
        return Err(required("membershipRule", KIND));
    }
    let rule = said.new_rule(false)?;
    let (tenant, id, now) = (call.client.tenant, Guid::random(), call.app.now());
    let made = call.write(move |tx| {
        let new = NewGroup {
            id,
            attributes: said.changes.clone(),
        };
        let made = directory::create(tx, &operator, tenant, &new, now)
            .map_err(|error| of_domain(KIND, error))?;
        add_members(tx, &operator, tenant, made.seq, &said, now)?;
        follow(tx, &operator, tenant, &made, &rule, now)?;
        Ok(get_group(tx, tenant, made.seq)?)
    });
    let made = made.await?;
    work_off_soon(&call.app);
    let object = shown(KIND, group(&made), &None, call.version);
    Ok(Reply::created(&entity(&call, "groups/$entity", object)))
}

/// Gives a group its rule, or none.
fn follow(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    group: &DirectoryGroup,
    rule: &Rule,
    now: Timestamp,
) -> Result<()> {
    let rule = match rule {
        Rule::Kept => return Ok(()),
        Rule::None => None,
        Rule::New(rule) => Some(rule.as_str()),
    };
    let followed = dynamic::set_rule(tx, operator, tenant, group.seq, rule, now);
    followed.map(drop).map_err(|error| of_domain(KIND, error))
}

/// Adds the members that a body names; none of them may be one already.
fn add_members(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    row: Seq,
    said: &Said,
    now: Timestamp,
) -> Result<()> {
    let mut added = HashSet::new();
    for member in &said.members {
        let member = references::object(tx, tenant, member)?;
        if !added.insert(member) {
            return Err(already());
        }
        link(tx, operator, tenant, row, member, now)?;
    }
    Ok(())
}

/// Changes a group, or adds members to it.
pub(super) async fn update(call: Call, path: Path, sent: Sent) -> Answered {
    let said = Said::of(KIND, &body::object(sent)?)?;
    let only_members = said.changes.is_empty() && said.rule == Rule::Kept && said.dynamic.is_none();
    let permissions = if only_members && !said.members.is_empty() {
        WRITE_MEMBERS
    } else {
        WRITE_GROUPS
    };
    let operator = call.may(permissions)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let found = references::group(tx, tenant, &key)?;
        let rule = said.new_rule(found.dynamic.is_some())?;
        directory::update(tx, &operator, tenant, found.seq, &said.changes, now)
            .map_err(|error| of_domain(KIND, error))?;
        follow(tx, &operator, tenant, &found, &rule, now)?;
        add_members(tx, &operator, tenant, found.seq, &said, now)
    })
    .await?;
    work_off_soon(&call.app);
    Ok(Reply::no_content())
}

/// Moves a group to the recycle bin.
pub(super) async fn delete(call: Call, path: Path) -> Answered {
    let operator = call.may(WRITE_GROUPS)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let row = references::group(tx, tenant, &key)?.seq;
        directory::delete(tx, &operator, tenant, row, now).map_err(|error| of_domain(KIND, error))
    })
    .await?;
    Ok(Reply::no_content())
}

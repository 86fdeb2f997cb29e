//! `/users`: people of the directory.
//!
//! Which rows a filter can mean is asked of the store's indexes where it names somebody by id, user principal name, mail
//! or employee id; whatever else it says is held against those. Other filters walk the directory page by page.

use actix_web::web;
use serde_json::{Value, json};

use super::super::answer::{context_of, entity};
use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::super::odata::{Comparison, Filter};
use super::described::{USERS, one, selected, shown, typed, user};
use super::page::{self, Row};
use super::people::Said;
use super::permissions::{READ_USERS, WRITE_USERS};
use super::query::{Order, Query};
use super::references;
use super::refused::{of_domain, refused, required};
use crate::directory::search::Object;
use crate::directory::users::{self as people, NewUser};
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::model::{DirectoryUser, ObjectKind};
use crate::store::directory_names::{Names, principal_names, rows_by_value};
use crate::store::{Reads, Snapshot, directory as rows, recycle_bin};

const KIND: ObjectKind = ObjectKind::User;

type Result<T> = std::result::Result<T, GraphFailure>;

/// A page of people.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_USERS)?;
    let query = Query::of(&call, &USERS)?;
    let body = call.scan(move |call, tx| load(call, tx, &query)).await?;
    Ok(Reply::ok(&body))
}

fn load(call: &Call, tx: &Snapshot, query: &Query) -> Result<Value> {
    let tenant = call.client.tenant;
    let way = Way::of(tx, tenant, query)?;
    let shown = |found: &DirectoryUser| shown_with(call, tx, found, query);
    let context = selected("users", &query.select);
    let source = way.source(tx, tenant);
    page::listed(call, &context, query, (user, shown), source, || {
        number(tx, tenant, query, &way)
    })
}

/// How many there are.
pub(super) async fn count(call: Call) -> Answered {
    call.may(READ_USERS)?;
    let query = Query::of(&call, &USERS)?;
    let number = call.scan(move |call, tx| {
        let tenant = call.client.tenant;
        number(tx, tenant, &query, &Way::of(tx, tenant, &query)?)
    });
    Ok(Reply::number(number.await?))
}

fn number(tx: &Snapshot, tenant: Seq, query: &Query, way: &Way) -> Result<u64> {
    if query.filter.is_some() {
        return page::count(query, user, way.source(tx, tenant));
    }
    let deleted = recycle_bin::all(tx, tenant)?;
    let deleted = deleted.iter().filter(|object| object.kind == KIND).count();
    Ok(rows::count_users(tx, tenant)?.saturating_sub(deleted as u64))
}

/// What of somebody is shown, with whom they report to if that is asked for.
fn shown_with(call: &Call, tx: &Snapshot, found: &DirectoryUser, query: &Query) -> Result<Value> {
    let mut object = shown(KIND, user(found), &query.select, call.version);
    if let Some((name, select)) = &query.expand
        && let Some(manager) = manager_of(tx, call.client.tenant, found)?
    {
        object[*name] = typed(&Object::User(manager), select, call.version);
    }
    Ok(object)
}

/// Somebody's manager, unless that one lies in the recycle bin.
pub(super) fn manager_of(
    tx: &impl Reads,
    tenant: Seq,
    of: &DirectoryUser,
) -> Result<Option<DirectoryUser>> {
    let manager = match of.manager {
        Some(manager) => rows::user(tx, tenant, manager)?,
        None => None,
    };
    Ok(manager.filter(|manager| manager.deleted.is_none()))
}

/// Where the people that a query can mean are found.
enum Way {
    /// These rows, in order.
    Rows(Vec<Seq>),
    /// By their names, which begin like this.
    Names { prefix: String, descending: bool },
    /// Everybody, in the order of their making.
    All,
}

impl Way {
    fn of(tx: &impl Reads, tenant: Seq, query: &Query) -> Result<Self> {
        let filter = query.filter.as_ref();
        let begins = filter.and_then(prefix);
        if let Some(Order { descending, .. }) = query.order {
            let prefix = begins.unwrap_or_default().to_owned();
            return Ok(Self::Names { prefix, descending });
        }
        if let Some(keys) = filter.and_then(keys) {
            let mut found = Vec::new();
            for (property, value) in keys {
                find(tx, tenant, property, value, &mut found)?;
            }
            found.sort_unstable();
            found.dedup();
            return Ok(Self::Rows(found));
        }
        Ok(match begins {
            Some(prefix) => Self::Names {
                prefix: prefix.to_owned(),
                descending: false,
            },
            None => Self::All,
        })
    }

    /// The people, each with the token behind which a page goes on.
    fn source<'a>(
        &'a self,
        tx: &'a Snapshot,
        tenant: Seq,
    ) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<DirectoryUser>>> + 'a {
        move |after, limit| match self {
            Self::Names { prefix, descending } => {
                let names = Names {
                    prefix,
                    after,
                    descending: *descending,
                };
                let found = principal_names(tx, tenant, names, limit)?.into_iter();
                let users = found.map(|(name, row)| Ok((name, rows::user(tx, tenant, row)?)));
                users.collect()
            }
            Self::Rows(all) => {
                let first = match after {
                    Some(token) => {
                        let after = Seq(page::row(token)?);
                        all.partition_point(|row| *row <= after)
                    }
                    None => 0,
                };
                let found = all.iter().skip(first).take(limit);
                let users =
                    found.map(|row| Ok((page::token(row.0), rows::user(tx, tenant, *row)?)));
                users.collect()
            }
            Self::All => {
                let after = Seq(after.map_or(Ok(0), page::row)?);
                let found = rows::users_after(tx, tenant, after, limit)?.into_iter();
                Ok(found
                    .map(|user| {
                        let token = page::token(user.seq.0);
                        (token, Some(user).filter(|user| user.deleted.is_none()))
                    })
                    .collect())
            }
        }
    }
}

/// Values of which everybody who fits must have one.
fn keys(filter: &Filter) -> Option<Vec<(&str, &str)>> {
    match filter {
        Filter::All(all) => all.iter().find_map(keys),
        Filter::Any(any) => {
            let each = any.iter().map(keys).collect::<Option<Vec<_>>>();
            each.map(|keys| keys.concat())
        }
        Filter::Compare {
            property,
            comparison: Comparison::Equal,
            value,
        } if !value.is_null() => {
            let keyed = matches!(property.as_str(), "id" | "userPrincipalName")
                || rows::LOOKED_UP.contains(&property.as_str());
            keyed.then(|| vec![(property.as_str(), value.text())])
        }
        Filter::Not(_) | Filter::Compare { .. } => None,
    }
}

/// What the user principal names of all who fit begin with.
fn prefix(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::All(all) => all.iter().find_map(prefix),
        Filter::Compare {
            property,
            comparison: Comparison::Starts,
            value,
        } if property == "userPrincipalName" && !value.is_null() => Some(value.text()),
        _ => None,
    }
}

fn find(
    tx: &impl Reads,
    tenant: Seq,
    property: &str,
    value: &str,
    found: &mut Vec<Seq>,
) -> Result<()> {
    match property {
        "id" | "userPrincipalName" => match references::user(tx, tenant, value) {
            Ok(user) => found.push(user.seq),
            Err(GraphFailure::Resource(_)) => {}
            Err(other) => return Err(other),
        },
        attribute => found.extend(rows_by_value(tx, tenant, attribute, value, usize::MAX)?),
    }
    Ok(())
}

/// Somebody by object id or user principal name.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    call.may(READ_USERS)?;
    let (query, (_, key)) = (Query::of(&call, &USERS)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let found = references::user(tx, call.client.tenant, &key)?;
        let object = shown_with(call, tx, &found, &query)?;
        Ok(entity(call, &one("users", &query.select), object))
    });
    Ok(Reply::ok(&body.await?))
}

/// Makes somebody.
pub(super) async fn create(call: Call, sent: Sent) -> Answered {
    let operator = call.may(WRITE_USERS)?;
    let said = Said::of(KIND, &body::object(sent)?)?;
    let enabled = said.account_enabled;
    let enabled = enabled.ok_or_else(|| required("accountEnabled", KIND))?;
    said.require(KIND, &["displayName", "mailNickname", "userPrincipalName"])?;
    if !said.password {
        return Err(refused(
            "A password must be specified to create a new user.",
        ));
    }
    let (tenant, id, now) = (call.client.tenant, Guid::random(), call.app.now());
    let made = call.write(move |tx| {
        let manager = match &said.manager {
            Some(manager) => Some(user_row(references::object(tx, tenant, manager)?)?),
            None => None,
        };
        let new = NewUser {
            id,
            account_enabled: enabled,
            guest: said.guest.unwrap_or_default(),
            manager,
            attributes: said.changes,
        };
        people::create(tx, &operator, tenant, &new, now).map_err(|error| of_domain(KIND, error))
    });
    let object = shown(KIND, user(&made.await?), &None, call.version);
    Ok(Reply::created(&entity(&call, "users/$entity", object)))
}

/// The row of a reference to a user.
///
/// # Errors
/// When it is to a group.
pub(super) fn user_row(object: crate::model::ObjectRef) -> Result<Seq> {
    match object.kind {
        ObjectKind::User => Ok(object.seq),
        ObjectKind::Group => Err(super::refused::invalid("manager", KIND)),
    }
}

/// Changes somebody.
pub(super) async fn update(call: Call, path: web::Path<(String, String)>, sent: Sent) -> Answered {
    let operator = call.may(WRITE_USERS)?;
    let said = Said::of(KIND, &body::object(sent)?)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let row = references::user(tx, tenant, &key)?.seq;
        let manager = match &said.manager {
            Some(manager) => Some(user_row(references::object(tx, tenant, manager)?)?),
            None => None,
        };
        let work = || -> crate::error::Result<()> {
            people::update(tx, &operator, tenant, row, &said.changes, now)?;
            if let Some(guest) = said.guest {
                people::set_guest(tx, &operator, tenant, row, guest, now)?;
            }
            if let Some(enabled) = said.account_enabled {
                people::set_account_enabled(tx, &operator, tenant, row, enabled, now)?;
            }
            if manager.is_some() {
                people::set_manager(tx, &operator, tenant, row, manager, now)?;
            }
            Ok(())
        };
        work().map_err(|error: Error| of_domain(KIND, error))
    })
    .await?;
    Ok(Reply::no_content())
}

/// Moves somebody to the recycle bin.
pub(super) async fn delete(call: Call, path: web::Path<(String, String)>) -> Answered {
    let operator = call.may(WRITE_USERS)?;
    let (tenant, (_, key), now) = (call.client.tenant, path.into_inner(), call.app.now());
    call.write(move |tx| {
        let row = references::user(tx, tenant, &key)?.seq;
        people::delete(tx, &operator, tenant, row, now).map_err(|error| of_domain(KIND, error))
    })
    .await?;
    Ok(Reply::no_content())
}

/// The address of a user, as `$ref` answers it.
pub(super) fn address(call: &Call, of: &DirectoryUser) -> Value {
    json!({
        "@odata.context": context_of(call, "directoryObjects/$ref"),
        "@odata.id": format!("{}/directoryObjects/{}", call.base, of.id),
    })
}

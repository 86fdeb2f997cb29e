//! `/servicePrincipals/{id}/appRoleAssignedTo`: who is assigned to an application, and as what.
//!
//! The directory keeps one assignment of a principal with its roles; Graph has one for each role, and one for *Default
//! Access*, whose `appRoleId` has no bit set. The id of one is made of principal and role, as 43 characters.

use actix_web::web;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Map, Value, json};

use super::super::answer::entity;
use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::super::principal;
use super::members::{of_token, token};
use super::page::{self, Row, expired, shown};
use super::permissions::ASSIGN;
use super::query::{Noun, Query, spelled};
use super::references;
use super::refused::{refused, unknown};
use super::relations::present;
use super::service_principals::readable;
use crate::directory::import::Reference;
use crate::directory::search::Object;
use crate::directory::{app_roles, applications};
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::model::{AppRole, Application, Assignment};
use crate::store::{Reads, Snapshot, directory as rows};

type Result<T> = std::result::Result<T, GraphFailure>;

const PROPERTIES: &[&str] = &[
    "id",
    "deletedDateTime",
    "appRoleId",
    "createdDateTime",
    "principalDisplayName",
    "principalId",
    "principalType",
    "resourceDisplayName",
    "resourceId",
];

const NOUN: Noun = Noun {
    type_name: "appRoleAssignment",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &[],
    searched: &[],
};

/// One of Graph's assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    principal: Guid,
    role: Guid,
}

impl Key {
    fn id(self) -> String {
        let both = [*self.principal.bytes(), *self.role.bytes()].concat();
        Base64UrlUnpadded::encode_string(&both)
    }

    fn of(id: &str) -> Option<Self> {
        let both = Base64UrlUnpadded::decode_vec(id).ok()?;
        let (principal, role) = both.split_at_checked(16)?;
        let guid = |bytes: &[u8]| bytes.try_into().ok().map(Guid::from_bytes);
        let key = Self {
            principal: guid(principal)?,
            role: guid(role)?,
        };
        Some(key).filter(|key| key.id() == id)
    }
}

/// The roles of an assignment as Graph counts them.
fn roles_of(assignment: &Assignment) -> Vec<Guid> {
    match assignment.roles.as_slice() {
        [] => vec![AppRole::DEFAULT_ACCESS],
        roles => roles.to_vec(),
    }
}

fn described(of: &Application, to: &Object, assignment: &Assignment, role: Guid) -> Value {
    let principal = match to {
        Object::User(user) => user.id,
        Object::Group(group) => group.id,
    };
    json!({
        "id": Key { principal, role }.id(),
        "deletedDateTime": null,
        "appRoleId": role.to_string(),
        "createdDateTime": assignment.created,
        "principalDisplayName": to.display_name(),
        "principalId": principal.to_string(),
        "principalType": to.reference().kind.name(),
        "resourceDisplayName": of.display_name,
        "resourceId": of.id.to_string(),
    })
}

fn context(of: &Application) -> String {
    format!("servicePrincipals('{}')/appRoleAssignedTo", of.id)
}

/// A page of assignments, those of users first.
pub(super) async fn list(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.scan(move |call, tx| {
        let found = readable(call, tx, &key)?;
        let tenant = call.client.tenant;
        let source = || source(tx, tenant, &found);
        let shown = |full: &Value| Ok(shown(full.clone(), &query.select));
        let context = context(&found);
        page::listed(
            call,
            &context,
            &query,
            (Value::clone, shown),
            source(),
            || page::count(&query, Value::clone, source()),
        )
    });
    Ok(Reply::ok(&body.await?))
}

/// Assignments one by one: a token is the principal's and how many of its own were seen.
fn source<'a>(
    tx: &'a Snapshot,
    tenant: Seq,
    of: &'a Application,
) -> impl FnMut(Option<&str>, usize) -> Result<Vec<Row<Value>>> + 'a {
    move |after, limit| {
        let mut found = Vec::new();
        let mut behind = None;
        if let Some(after) = after {
            let (principal, seen) = after.split_once('.').ok_or_else(expired)?;
            let (principal, seen) = (of_token(principal)?, page::row(seen)?);
            if let Some(assignment) = rows::assignment(tx, tenant, of.seq, principal)? {
                each(tx, tenant, of, &assignment, &mut found)?;
                let seen = usize::try_from(seen).unwrap_or(usize::MAX);
                found.drain(..seen.min(found.len()));
            }
            behind = Some(principal);
        }
        let read = rows::assignments(tx, tenant, of.seq, behind, limit)?;
        for assignment in &read {
            each(tx, tenant, of, assignment, &mut found)?;
        }
        found.truncate(limit);
        Ok(found)
    }
}

fn each(
    tx: &Snapshot,
    tenant: Seq,
    of: &Application,
    assignment: &Assignment,
    found: &mut Vec<Row<Value>>,
) -> Result<()> {
    let to = present(tx, tenant, assignment.principal)?;
    for (place, role) in roles_of(assignment).into_iter().enumerate() {
        let token = format!("{}.{}", token(assignment.principal), place + 1);
        let value = to.as_ref().map(|to| described(of, to, assignment, role));
        found.push((token, value));
    }
    Ok(())
}

/// One assignment.
pub(super) async fn get(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (query, (_, key, id)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let found = readable(call, tx, &key)?;
        let (assignment, role) = named(tx, call.client.tenant, &found, &id)?;
        let to = present(tx, call.client.tenant, assignment.principal)?;
        let to = to.ok_or_else(|| unknown(&id))?;
        let object = shown(described(&found, &to, &assignment, role), &query.select);
        Ok(entity(
            call,
            &format!("{}/$entity", context(&found)),
            object,
        ))
    });
    Ok(Reply::ok(&body.await?))
}

/// The assignment with this id, and which role of it is meant.
fn named(tx: &impl Reads, tenant: Seq, of: &Application, id: &str) -> Result<(Assignment, Guid)> {
    let key = Key::of(id).ok_or_else(|| unknown(id))?;
    let found = match rows::object_by_id(tx, tenant, &key.principal)? {
        Some(principal) => rows::assignment(tx, tenant, of.seq, principal)?,
        None => None,
    };
    let found = found.filter(|found| roles_of(found).contains(&key.role));
    found
        .map(|found| (found, key.role))
        .ok_or_else(|| unknown(id))
}

fn guid(body: &Map<String, Value>, name: &str) -> Result<Guid> {
    match body.get(name) {
        None | Some(Value::Null) => Err(refused(format!(
            "A value is required for property '{name}' of resource 'AppRoleAssignment'."
        ))),
        Some(value) => {
            let id = value.as_str().and_then(|text| text.parse().ok());
            id.ok_or_else(|| {
                refused(format!(
                    "Invalid value specified for property '{name}' of resource 'AppRoleAssignment'."
                ))
            })
        }
    }
}

/// Assigns somebody.
pub(super) async fn create(call: Call, path: web::Path<(String, String)>, sent: Sent) -> Answered {
    let operator = call.may(ASSIGN)?;
    let body = body::object(sent)?;
    let (to, of) = (guid(&body, "principalId")?, guid(&body, "resourceId")?);
    let role = match body.get("appRoleId") {
        None => AppRole::DEFAULT_ACCESS,
        Some(_) => guid(&body, "appRoleId")?,
    };
    let (caller, (_, key), now) = (call.clone(), path.into_inner(), call.app.now());
    let made = call.write(move |tx| {
        let tenant = caller.client.tenant;
        let found = principal::application(&caller, tx, &key)?;
        if found.id != of {
            return Err(refused(
                "The resourceId of the assignment must be the id of this service principal.",
            ));
        }
        if role != AppRole::DEFAULT_ACCESS && found.role(&role).is_none() {
            return Err(refused(format!(
                "Permission being assigned was not found on application '{}'.",
                found.app_id
            )));
        }
        let principal = references::object(tx, tenant, &Reference::Id(to))?;
        let assigned =
            applications::assign_role(tx, &operator, tenant, found.seq, principal, role, now);
        if !assigned.map_err(of_domain)? {
            return Err(refused(
                "Permission being assigned already exists on the object",
            ));
        }
        let assignment = rows::assignment(tx, tenant, found.seq, principal)?;
        let to = present(tx, tenant, principal)?;
        let (Some(assignment), Some(to)) = (assignment, to) else {
            return Err(unknown("principal"));
        };
        let object = described(&found, &to, &assignment, role);
        Ok(entity(
            &caller,
            &format!("{}/$entity", context(&found)),
            object,
        ))
    });
    Ok(Reply::created(&made.await?))
}

fn of_domain(error: Error) -> GraphFailure {
    match error {
        Error::Field { detail, .. } | Error::Conflict { detail, .. } => {
            refused(crate::web::failure::sentence(&detail))
        }
        other => other.into(),
    }
}

/// Takes an assignment away. Whoever loses the last role is assigned no more.
pub(super) async fn delete(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let operator = call.may(ASSIGN)?;
    let (caller, (_, key, id), now) = (call.clone(), path.into_inner(), call.app.now());
    call.write(move |tx| {
        let tenant = caller.client.tenant;
        let found = principal::application(&caller, tx, &key)?;
        let (assignment, role) = named(tx, tenant, &found, &id)?;
        let mut left = assignment.roles;
        left.retain(|known| *known != role);
        let principal = assignment.principal;
        let done = if left.is_empty() {
            applications::unassign(tx, &operator, tenant, found.seq, principal, now)
        } else {
            app_roles::set_roles(tx, &operator, tenant, found.seq, principal, &left, now)
        };
        done.map(drop).map_err(of_domain)
    })
    .await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_assignment_says_who_has_which_role() {
        let key = Key {
            principal: "19930998-8617-4ea6-98ce-9a741eba5d9e".parse().unwrap(),
            role: AppRole::DEFAULT_ACCESS,
        };
        let id = key.id();
        assert_eq!((id.len(), Key::of(&id)), (43, Some(key)));
        for wrong in ["", "x", &id[1..], &format!("{id}A"), "////"] {
            assert_eq!(Key::of(wrong), None, "{wrong}");
        }
    }
}

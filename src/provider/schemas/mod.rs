//! Schema extensions of a team: an administrator adds a schema, and the team's users or groups have its
//! attributes from the next request on. RFC 7643 sections 3.3 and 7.
//!
//! What resources hold and what their schemas say never contradict each other: a document that stored data
//! does not fit is refused. Removing a schema deletes nothing: its data stays with the resources, unseen,
//! and a [`TeamSchema`] with `removed` remembers what it is; adding the same URN again shows it again. Checks
//! against stored data read the team's users or groups one by one inside the write.

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use super::{audit, team};
use crate::access::permission::ManageScim;
use crate::access::{May, Member};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ObjectKind, Operation, Outcome, TeamSchema};
use crate::scim::json::{self as scim_json, Limits};
use crate::scim::schema::{Attributes, Extension};
use crate::scim::{self, Object, ResourceType, ResourceTypes, Rules, Schema};
use crate::store::{Reads, Write, groups, schemas as rows, teams, users};

/// Most extensions of a team.
pub const MAXIMUM: usize = 20;

/// Reads a document as it was typed.
///
/// # Errors
/// Field `document`: where it is no JSON, or which attribute is not acceptable and why.
pub fn read(document: &str) -> Result<Schema> {
    scim_json::parse(document.as_bytes(), &Limits::default())
        .and_then(Schema::parse)
        .map_err(|error| Error::field("document", error.detail))
}

/// Adds an extension to the team's users or groups.
///
/// # Errors
/// The document is not acceptable; its URN is taken or built in; the team has [`MAXIMUM`] already; it is
/// required and a resource lacks it; data from an earlier schema of this URN does not fit.
pub fn add(
    tx: &Write<'_>,
    member: &May<ManageScim>,
    extends: ObjectKind,
    required: bool,
    document: &str,
    now: Timestamp,
) -> Result<TeamSchema> {
    let schema = read(document)?;
    let present = rows::list(tx, member.team)?;
    let live = || present.iter().filter(|row| row.removed.is_none());
    if live().count() >= MAXIMUM {
        return Err(Error::field(
            "document",
            format!("A team has at most {MAXIMUM} schemas of its own. Remove one first."),
        ));
    }
    let same = |row: &&TeamSchema| row.urn.eq_ignore_ascii_case(&schema.id);
    let built_in = ResourceTypes::standard();
    let clash = if live().any(|row| same(&row)) {
        Some("the team has a schema with this id already; replace that one, or choose another id")
    } else if (built_in.schemas().iter()).any(|known| known.id.eq_ignore_ascii_case(&schema.id)) {
        Some("this schema is built in; choose another id")
    } else {
        None
    };
    if let Some(clash) = clash {
        return Err(Error::field(
            "document",
            format!("\"id\": \"{}\": {clash}.", schema.id),
        ));
    }
    let hidden = present
        .iter()
        .filter(|row| row.removed.is_some() && row.extends == extends)
        .find(same);
    if let Some(hidden) = hidden.filter(|hidden| *hidden.urn != *schema.id) {
        return Err(Error::field(
            "document",
            format!(
                "\"id\": data of an earlier schema is stored under \"{}\"; write the id exactly like that.",
                hidden.urn
            ),
        ));
    }
    if required || hidden.is_some() {
        check_stored(tx, member.team, extends, &schema, required)?;
    }
    let row = TeamSchema {
        seq: match hidden {
            Some(hidden) => hidden.seq,
            None => rows::next_seq(tx, member.team)?,
        },
        urn: schema.id.to_string(),
        extends,
        required,
        document: document.to_owned(),
        created_by: member.name.clone(),
        created: now,
        removed: None,
    };
    save(tx, member, &row, Operation::SchemaAdd, now)?;
    Ok(row)
}

/// Replaces the document of an extension, and whether it is required. Id and resource type stay.
///
/// # Errors
/// [`Error::NotFound`]; the document is not acceptable or has another id; stored data does not fit it.
pub fn replace(
    tx: &Write<'_>,
    member: &May<ManageScim>,
    schema: Seq,
    required: bool,
    document: &str,
    now: Timestamp,
) -> Result<TeamSchema> {
    let old = get(tx, member, schema)?;
    let schema = read(document)?;
    if *schema.id != *old.urn {
        return Err(Error::field(
            "document",
            format!(
                "\"id\" must stay \"{}\". Add another schema for another id.",
                old.urn
            ),
        ));
    }
    if old.document == document && old.required == required {
        return Ok(old);
    }
    check_stored(tx, member.team, old.extends, &schema, required)?;
    let row = TeamSchema {
        required,
        document: document.to_owned(),
        ..old
    };
    save(tx, member, &row, Operation::SchemaReplace, now)?;
    Ok(row)
}

/// Removes an extension. Data of it stays with the resources and is neither shown nor changed any more; it
/// is there again when a schema of the same URN is added. `hide` says that this is meant.
///
/// # Errors
/// [`Error::NotFound`]; resources hold data of it and `hide` is false.
pub fn remove(
    tx: &Write<'_>,
    member: &May<ManageScim>,
    schema: Seq,
    hide: bool,
    now: Timestamp,
) -> Result<TeamSchema> {
    let row = get(tx, member, schema)?;
    let held = in_use(tx, member, &row)?;
    if held && !hide {
        return Err(Error::Conflict {
            attribute: "schema",
            detail: format!(
                "{}s of the team hold data of this schema. Confirm that it is to be hidden.",
                row.extends.name()
            ),
        });
    }
    if held {
        let removed = TeamSchema {
            removed: Some(now),
            ..row.clone()
        };
        save(tx, member, &removed, Operation::SchemaRemove, now)?;
    } else {
        rows::remove(tx, member.team, row.seq)?;
        changed(tx, member, &row, Operation::SchemaRemove, now)?;
    }
    Ok(row)
}

/// Whether a resource of the team holds data of this schema. Reads until it finds one.
///
/// # Errors
/// The store's.
pub fn in_use(tx: &impl Reads, member: &May<ManageScim>, schema: &TeamSchema) -> Result<bool> {
    let mut found = false;
    each(tx, member.team, schema.extends, |_, attributes| {
        found = attributes.contains_key(&schema.urn);
        Ok(if found {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    Ok(found)
}

/// An extension of the team.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &May<ManageScim>, schema: Seq) -> Result<TeamSchema> {
    rows::find(tx, member.team, schema)?
        .filter(|row| row.removed.is_none())
        .ok_or_else(|| Error::not_found("Schema", schema))
}

/// The extensions of the team, oldest first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, member: &May<ManageScim>) -> Result<Vec<TeamSchema>> {
    live(tx, member.team)
}

fn live(tx: &impl Reads, team: Seq) -> Result<Vec<TeamSchema>> {
    let mut all = rows::list(tx, team)?;
    all.retain(|row| row.removed.is_none());
    Ok(all)
}

/// What the team adds to users and to groups, for [`super::Endpoints`].
///
/// # Errors
/// [`Error::Disabled`] when a document that was accepted once is not any more.
pub(super) fn extensions(tx: &impl Reads, team: Seq) -> Result<(Vec<Extension>, Vec<Extension>)> {
    let (mut user, mut group) = (Vec::new(), Vec::new());
    for row in live(tx, team)? {
        let schema = read(&row.document).map_err(|error| Error::Disabled {
            what: format!(
                "The schema {} of this team cannot be used: {error}. Replace or remove it.",
                row.urn
            ),
        })?;
        let extension = Extension {
            schema,
            required: row.required,
        };
        match row.extends {
            ObjectKind::User => user.push(extension),
            ObjectKind::Group => group.push(extension),
        }
    }
    Ok((user, group))
}

/// Stores a row and lets every endpoint of the team be made anew.
fn save(
    tx: &Write<'_>,
    member: &Member,
    row: &TeamSchema,
    operation: Operation,
    now: Timestamp,
) -> Result<()> {
    rows::put(tx, member.team, row)?;
    changed(tx, member, row, operation, now)
}

/// The team's endpoint is another from now on, and the audit says why.
fn changed(
    tx: &Write<'_>,
    member: &Member,
    row: &TeamSchema,
    operation: Operation,
    now: Timestamp,
) -> Result<()> {
    let mut team = team::get(tx, member)?;
    team.revision += 1;
    teams::put(tx, &team)?;
    let (by, target) = (member, &row.urn);
    audit::of_action(tx, member.team, by, now, operation, target, Outcome::Done)
}

/// Hands every resource of a kind, by the name people know it, to a function until it breaks.
fn each(
    tx: &impl Reads,
    team: Seq,
    kind: ObjectKind,
    mut work: impl FnMut(&str, &Object) -> Result<ControlFlow<()>>,
) -> Result<()> {
    match kind {
        ObjectKind::User => users::walk(tx, team, |user| work(user.user_name(), &user.attributes)),
        ObjectKind::Group => groups::walk(tx, team, |group| {
            work(group.display_name(), &group.attributes)
        }),
    }
}

/// Holds stored data against a schema that is to be in force.
fn check_stored(
    tx: &impl Reads,
    team: Seq,
    kind: ObjectKind,
    schema: &Schema,
    required: bool,
) -> Result<()> {
    let urn = schema.id.to_string();
    let alone = alone(kind, schema, required);
    let rules = Rules::interop();
    each(tx, team, kind, |name, attributes| {
        let kind = kind.name();
        let Some(data) = attributes.get(&urn) else {
            return if required {
                Err(Error::field(
                    "required",
                    format!(
                        "The {kind} \"{name}\" has nothing of this schema, and every {kind} would need it. \
                         Add it as not required, fill it in, and require it then."
                    ),
                ))
            } else {
                Ok(ControlFlow::Continue(()))
            };
        };
        let mut body: Object = Map::new();
        body.insert("schemas".into(), json!([&*alone.schema.id, urn]));
        body.insert(urn.clone(), data.clone());
        match scim::resource::create(&alone, Value::Object(body), &rules) {
            Ok(_) => Ok(ControlFlow::Continue(())),
            Err(error) => Err(Error::field(
                "document",
                format!(
                    "The {kind} \"{name}\" holds data that does not fit: {}. Change the data first, or the \
                     schema so that it fits.",
                    error.detail.trim_end_matches('.')
                ),
            )),
        }
    })
}

/// A resource type that has nothing but this extension.
fn alone(kind: ObjectKind, schema: &Schema, required: bool) -> ResourceType {
    let types = ResourceTypes::standard();
    let mut rt = match kind {
        ObjectKind::User => types.user.clone(),
        ObjectKind::Group => types.group.clone(),
    };
    rt.schema.attributes = Attributes::default();
    rt.extensions = vec![Extension {
        schema: schema.clone(),
        required,
    }];
    rt
}

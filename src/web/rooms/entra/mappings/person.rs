//! Whose values the mapping pages show: found by object id, by user principal name or by a part of a name.

use super::super::super::super::console::entra::mappings::Picker;
use super::super::super::super::console::list::ListUrl;
use super::super::super::super::console::parts::Link;
use super::super::super::ask::TEXT;
use super::Loaded;
use crate::access::Operator;
use crate::directory::search::{self, Object};
use crate::error::Result;
use crate::id::Guid;
use crate::model::{ObjectKind, ObjectRef};
use crate::store::{Reads, directory as rows};
use crate::sync::preview;

/// Found objects that are offered.
const OFFERED: usize = 8;

/// The one somebody chose, else the first that is worth looking at.
pub(super) fn chosen(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    asked: &str,
) -> Result<Option<ObjectRef>> {
    let asked = asked.trim();
    if !asked.is_empty()
        && let Some(object) = named(tx, operator, loaded, kind, asked)?
    {
        return Ok(Some(object));
    }
    preview::first_choice(tx, loaded.key, &loaded.job, kind)
}

/// The object that an id, a user principal name or a part of a name means.
pub(super) fn named(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    text: &str,
) -> Result<Option<ObjectRef>> {
    let tenant = loaded.tenant.seq;
    if let Ok(id) = text.parse::<Guid>() {
        let object = rows::object_by_id(tx, tenant, &id)?;
        return Ok(object.filter(|object| object.kind == kind));
    }
    if kind == ObjectKind::User
        && let Some(user) = rows::user_by_principal_name(tx, tenant, text)?
    {
        return Ok(Some(ObjectRef::user(user.seq)));
    }
    let found = search::first(tx, operator, tenant, kind, text, 1)?;
    Ok(found.first().map(Object::reference))
}

/// The search, with what it found.
pub(super) fn picker(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    query: &str,
) -> Result<Picker> {
    let query: String = query.trim().chars().take(TEXT).collect();
    let action = loaded.object(kind);
    let mut found = Vec::new();
    let mut note = String::new();
    if !query.is_empty() {
        let url = ListUrl::new(&action);
        let mut objects =
            search::first(tx, operator, loaded.tenant.seq, kind, &query, OFFERED + 1)?;
        if objects.len() > OFFERED {
            objects.truncate(OFFERED);
            "There are more. Type more of the name.".clone_into(&mut note);
        } else if objects.is_empty() {
            "Nothing matches. Search for another part of the name.".clone_into(&mut note);
        }
        found = objects
            .iter()
            .map(|object| {
                let (id, detail) = match object {
                    Object::User(user) => (user.id, user.user_principal_name.clone()),
                    Object::Group(group) => (group.id, group.id.to_string()),
                };
                let href = url.with("person", &id.to_string()).to_string();
                (Link::new(object.display_name(), href), detail)
            })
            .collect();
    }
    Ok(Picker {
        action,
        query,
        hint: match kind {
            ObjectKind::User => "Search by name or user principal name",
            ObjectKind::Group => "Search by name",
        },
        found,
        note,
    })
}

//! The few members of a representation that a filter or an order looks at, built as values.

use super::text::{complete_manager, costly, damaged, entries, meta_of};
use super::{groups_attribute, members_attribute};
use crate::error::Result;
use crate::model::{ObjectKind, ObjectRef};
use crate::scim::{Object, ResourceType, urn};
use crate::store::{Stored, View};

/// The members of a representation that a filter or an order looks at, built as values.
pub(in crate::provider) struct Glance<'q> {
    roots: Vec<&'q str>,
    kind: ObjectKind,
    schemas: bool,
    costly: bool,
    manager: bool,
    /// Only these members of a group matter, if the group has them.
    sought: Option<Vec<(&'q str, ObjectRef)>>,
}

impl<'q> Glance<'q> {
    /// Of these roots. `manager`: the computed parts of a manager matter.
    pub(in crate::provider) fn new(kind: ObjectKind, roots: Vec<&'q str>, manager: bool) -> Self {
        Self {
            schemas: roots.contains(&"schemas"),
            costly: roots.contains(&costly(kind)),
            manager,
            sought: None,
            roots,
            kind,
        }
    }

    /// Of a group's members only these matter: `value` and whom it names.
    pub(in crate::provider) fn seek(&mut self, sought: Vec<(&'q str, ObjectRef)>) {
        self.sought = Some(sought);
    }

    /// What it looks at in one row.
    pub(in crate::provider) fn at(
        &self,
        view: &View<'_>,
        rt: &ResourceType,
        base: &str,
        row: &Stored<'_>,
    ) -> Result<Object> {
        let entries = entries(row)?;
        let mut object = entries.pick(&self.roots).map_err(|e| damaged(&e))?;
        if self.manager
            && let Some(manager) = object
                .get_mut(urn::ENTERPRISE_USER)
                .and_then(|extension| extension.get_mut("manager"))
        {
            complete_manager(view, base, manager)?;
        }
        if self.roots.contains(&"id") {
            object.insert("id".into(), row.id.into());
        }
        if self.roots.contains(&"meta") {
            object.insert("meta".into(), meta_of(rt, base, row));
        }
        if self.schemas {
            let extensions = rt.extensions.iter().map(|e| &*e.schema.id);
            let urns: Vec<&str> = std::iter::once(&*rt.schema.id)
                .chain(extensions.filter(|urn| entries.get(urn).is_some()))
                .collect();
            object.insert("schemas".into(), urns.into());
        }
        if self.costly {
            let (tx, team) = (view.snapshot(), view.team());
            let values = match (self.kind, &self.sought) {
                (ObjectKind::User, _) => groups_attribute(tx, team, base, row.seq)?,
                (ObjectKind::Group, None) => members_attribute(tx, team, base, row.seq)?,
                (ObjectKind::Group, Some(sought)) => {
                    let mut values = Vec::new();
                    for (value, member) in sought {
                        if view.is_member(row.seq, *member)? {
                            values.push(serde_json::json!({ "value": value }));
                        }
                    }
                    values
                }
            };
            if !values.is_empty() {
                object.insert(costly(self.kind).into(), values.into());
            }
        }
        Ok(object)
    }
}

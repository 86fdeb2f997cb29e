//! Where the rows of one part of a query come from: an index, or all of them.

use std::ops::ControlFlow;

use super::Part;
use crate::access::ScimCaller;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ObjectKind, ObjectRef};
use crate::provider::represent::{Glance, costly};
use crate::provider::resource_type;
use crate::scim::sort::Key;
use crate::scim::{Filter, ResourceType};
use crate::store::view::Order;
use crate::store::{Stored, View};

/// What kind of index answers a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Index {
    /// At most a few rows.
    One,
    /// As many rows as share a value.
    Many,
}

/// The best index for a filter, if any.
pub(super) fn path_of_index(filter: &Filter) -> Option<Index> {
    let paths = filter.indexable();
    let mut kinds: Vec<Index> = paths
        .iter()
        .filter_map(|(path, _)| match *path {
            "id" | "userName" | "externalId" => Some(Index::One),
            "displayName" | "members.value" | "groups.value" => Some(Index::Many),
            _ => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.first().copied()
}

/// The rows of one type that a query is about.
pub(super) struct Source<'q> {
    view: &'q View<'q>,
    base: &'q str,
    part: &'q Part,
    rt: &'q ResourceType,
    /// In creation order; `None`: every row.
    rows: Option<Vec<Seq>>,
    glance: Option<Glance<'q>>,
}

/// One row that a query finds.
pub(super) struct Found<'r> {
    pub(super) row: &'r Stored<'r>,
    /// What it is sorted by.
    pub(super) key: Option<Key>,
}

impl<'q> Source<'q> {
    pub(super) fn new(
        view: &'q View<'q>,
        caller: &'q ScimCaller,
        base: &'q str,
        part: &'q Part,
    ) -> Result<Self> {
        let rt = resource_type(&caller.endpoint, part.kind);
        let rows = match &part.filter {
            Some(filter) => candidates(view, rt, part.kind, filter)?,
            None => None,
        };
        let mut roots = Vec::new();
        let mut manager = false;
        if let Some(filter) = &part.filter {
            roots = filter.roots();
            manager = filter.paths().any(is_manager);
        }
        if let Some(sort) = &part.sort {
            roots.extend(sort.root());
            manager |= sort.path().is_some_and(is_manager);
        }
        let glance = if part.filter.is_none() && part.sort.is_none() {
            None
        } else {
            let mut glance = Glance::new(part.kind, roots, manager);
            let sorted_by_members =
                part.sort.as_ref().and_then(|s| s.root()) == Some(costly(part.kind));
            if let Some(filter) = &part.filter
                && part.kind == ObjectKind::Group
                && !sorted_by_members
                && let Some(values) = filter.sought_values("members")
            {
                let mut sought = Vec::new();
                for value in values {
                    sought.extend(member(view, value)?.into_iter().map(|m| (value, m)));
                }
                glance.seek(sought);
            }
            Some(glance)
        };
        Ok(Self {
            view,
            base,
            part,
            rt,
            rows,
            glance,
        })
    }

    /// How many rows there are, when nothing is asked of them.
    pub(super) fn count(&self) -> Result<Option<u64>> {
        Ok(match self.part.filter {
            None => Some(self.view.count(self.part.kind)?),
            Some(_) => None,
        })
    }

    /// Hands every row behind `after` that the filter lets through to a function until it breaks, in
    /// creation order.
    pub(super) fn each(
        &self,
        after: Seq,
        mut each: impl FnMut(&Found<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut consider = |row: Stored<'_>| self.consider(&row, &mut each);
        match &self.rows {
            None => self.view.walk::<Error>(self.part.kind, after, consider),
            Some(rows) => {
                for seq in rows.iter().filter(|seq| **seq > after) {
                    let object = ObjectRef {
                        kind: self.part.kind,
                        seq: *seq,
                    };
                    let done = self.view.row(object, &mut consider)?.transpose()?;
                    if done.is_some_and(|flow| flow.is_break()) {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// The same from a position, where nothing is asked of the rows.
    pub(super) fn each_at(
        &self,
        position: u64,
        mut each: impl FnMut(&Found<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.view.walk_at::<Error>(self.part.kind, position, |row| {
            each(&Found {
                row: &row,
                key: None,
            })
        })
    }

    fn consider(
        &self,
        row: &Stored<'_>,
        each: &mut impl FnMut(&Found<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let Some(glance) = &self.glance else {
            return each(&Found { row, key: None });
        };
        let object = glance.at(self.view, self.rt, self.base, row)?;
        let matches = self.part.filter.as_ref().is_none_or(|f| f.matches(&object));
        if !matches {
            return Ok(ControlFlow::Continue(()));
        }
        let key = self.part.sort.as_ref().and_then(|sort| sort.key(&object));
        each(&Found { row, key })
    }
}

/// Whether a path looks at what is computed of a manager.
fn is_manager(path: &str) -> bool {
    path.ends_with(":manager")
        || path.ends_with(":manager.displayName")
        || path.ends_with(":manager.$ref")
}

/// Rows of which every match is one, in creation order; `None` when no index helps.
fn candidates(
    view: &View<'_>,
    rt: &ResourceType,
    kind: ObjectKind,
    filter: &Filter,
) -> Result<Option<Vec<Seq>>> {
    let tests = filter.indexable();
    let value_of = |path: &str| tests.iter().find(|(p, _)| *p == path).map(|(_, v)| *v);
    if value_of("meta.resourceType").is_some_and(|name| !name.eq_ignore_ascii_case(&rt.name)) {
        return Ok(Some(Vec::new()));
    }
    if let Some(id) = value_of("id") {
        return Ok(Some(
            view.by_id(kind, id, |row| row.seq)?.into_iter().collect(),
        ));
    }
    for (path, order) in [
        ("userName", Order::UserName),
        ("externalId", Order::ExternalId),
        ("displayName", Order::DisplayName),
    ] {
        if let Some(value) = value_of(path) {
            return Ok(view.rows_with(kind, order, value)?);
        }
    }
    if kind == ObjectKind::Group
        && let Some(id) = value_of("members.value")
    {
        return Ok(Some(match member(view, id)? {
            Some(member) => view.groups_of(member)?,
            None => Vec::new(),
        }));
    }
    if kind == ObjectKind::User
        && let Some(id) = value_of("groups.value")
    {
        return Ok(Some(
            match view.by_id(ObjectKind::Group, id, |row| row.seq)? {
                Some(group) => users_below(view, group)?,
                None => Vec::new(),
            },
        ));
    }
    Ok(None)
}

/// The user or group with this wire id.
fn member(view: &View<'_>, id: &str) -> Result<Option<ObjectRef>> {
    for kind in [ObjectKind::User, ObjectKind::Group] {
        if let Some(seq) = view.by_id(kind, id, |row| row.seq)? {
            return Ok(Some(ObjectRef { kind, seq }));
        }
    }
    Ok(None)
}

/// Every user in a group, directly or through groups in it, in creation order.
fn users_below(view: &View<'_>, group: Seq) -> Result<Vec<Seq>> {
    let (mut users, mut groups) = (Vec::new(), vec![group]);
    let mut seen = std::collections::HashSet::from([group]);
    while let Some(group) = groups.pop() {
        for member in view.members(group)? {
            match member.kind {
                ObjectKind::User => users.push(member.seq),
                ObjectKind::Group if seen.insert(member.seq) => groups.push(member.seq),
                ObjectKind::Group => {}
            }
        }
    }
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

//! Lists: filter, page, project (RFC 7644 section 3.4.2).
//!
//! `id`, `userName`, `externalId` and `displayName` with `eq` are answered from indexes, alone or as
//! part of an `and`; anything else walks the rows. Pages are in creation order and do not shift while
//! resources are added.

use std::ops::ControlFlow;

use serde_json::Value;

use super::represent::{Resource, full_group, full_user};
use crate::access::ScimCaller;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{Group, User};
use crate::scim::message::Page;
use crate::scim::{self, Filter, Projection, ResourceType};
use crate::store::{self, Reads, groups, users};

/// What a client asks of a list.
#[derive(Debug, Default)]
pub struct Query {
    /// Only resources that fulfil it.
    pub filter: Option<Filter>,
    /// Which of them.
    pub page: Page,
    /// What of each.
    pub projection: Projection,
}

impl Query {
    /// Whether this is a point read (0) or may walk rows or edges (a lot): an index answers it, and
    /// the attribute that costs reads is not asked for or belongs to few.
    pub fn weight(&self, rt: &ResourceType, costly: &str) -> usize {
        let indexed = self.filter.as_ref().is_some_and(|filter| {
            let known = ["id", "userName", "externalId", "displayName"];
            filter
                .indexable()
                .iter()
                .any(|(path, _)| known.contains(path))
        });
        let light = indexed && (costly == "groups" || !self.projection.wants(rt, costly));
        if light { 0 } else { usize::MAX }
    }
}

/// A page of resources.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// At most `count` of them.
    pub resources: Vec<Value>,
    /// How many fulfil the filter.
    pub total: u64,
    /// As asked, at least 1.
    pub start_index: u64,
}

/// Lists users.
///
/// # Errors
/// The store's.
pub fn list_users(
    tx: &impl Reads,
    caller: &ScimCaller,
    base: &str,
    query: &Query,
) -> Result<Listing> {
    list(tx, &Users, caller.team, base, query)
}

/// Lists groups.
///
/// # Errors
/// The store's.
pub fn list_groups(
    tx: &impl Reads,
    caller: &ScimCaller,
    base: &str,
    query: &Query,
) -> Result<Listing> {
    list(tx, &Groups, caller.team, base, query)
}

/// What the two kinds of lists do differently.
trait Listed {
    type Row;
    /// Computed attribute that costs reads: loaded only if asked for.
    const COSTLY: &'static str;
    fn resource_type(&self) -> &'static ResourceType;
    fn count(&self, tx: &impl Reads, team: Seq) -> std::result::Result<u64, store::Error>;
    fn page(
        &self,
        tx: &impl Reads,
        team: Seq,
        skip: usize,
        limit: usize,
    ) -> std::result::Result<Vec<Self::Row>, store::Error>;
    /// Rows that an index gives for `path eq value`; `None` when no index knows the path.
    fn indexed(
        &self,
        tx: &impl Reads,
        team: Seq,
        path: &str,
        value: &str,
    ) -> std::result::Result<Option<Vec<Self::Row>>, store::Error>;
    fn walk(
        &self,
        tx: &impl Reads,
        team: Seq,
        each: impl FnMut(Self::Row) -> Result<ControlFlow<()>>,
    ) -> Result<()>;
    fn full(
        &self,
        tx: &impl Reads,
        team: Seq,
        base: &str,
        row: &Self::Row,
        costly: bool,
    ) -> Result<Resource>;
}

fn list<L: Listed>(
    tx: &impl Reads,
    kind: &L,
    team: Seq,
    base: &str,
    query: &Query,
) -> Result<Listing> {
    let rt = kind.resource_type();
    let shows_costly = query.projection.wants(rt, L::COSTLY);
    let show = |row: &L::Row| -> Result<Value> {
        let full = kind.full(tx, team, base, row, shows_costly)?;
        Ok(Value::Object(query.projection.apply(rt, full.body)))
    };
    let skip = usize::try_from(query.page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.page.count).unwrap_or(usize::MAX);
    let mut listing = Listing {
        resources: Vec::new(),
        total: 0,
        start_index: query.page.start_index,
    };
    let Some(filter) = &query.filter else {
        listing.total = kind.count(tx, team)?;
        if limit > 0 && query.page.skipped() < listing.total {
            for row in kind.page(tx, team, skip, limit)? {
                listing.resources.push(show(&row)?);
            }
        }
        return Ok(listing);
    };
    let tests_costly = filter.needs(L::COSTLY);
    let mut matched = 0;
    let mut consider = |row: L::Row| -> Result<ControlFlow<()>> {
        let full = kind.full(tx, team, base, &row, tests_costly)?;
        if filter.matches(&full.body) {
            if matched >= skip && listing.resources.len() < limit {
                listing.resources.push(show(&row)?);
            }
            matched += 1;
        }
        Ok(ControlFlow::Continue(()))
    };
    let mut candidates = None;
    for (path, value) in filter.indexable() {
        candidates = kind.indexed(tx, team, path, value)?;
        if candidates.is_some() {
            break;
        }
    }
    match candidates {
        Some(rows) => rows
            .into_iter()
            .try_for_each(|row| consider(row).map(|_| ()))?,
        None => kind.walk(tx, team, consider)?,
    }
    listing.total = matched as u64;
    Ok(listing)
}

/// The rows behind row numbers.
fn rows<T>(
    seqs: Vec<Seq>,
    find: impl Fn(Seq) -> std::result::Result<Option<T>, store::Error>,
) -> std::result::Result<Vec<T>, store::Error> {
    seqs.into_iter()
        .filter_map(|seq| find(seq).transpose())
        .collect()
}

struct Users;

impl Listed for Users {
    type Row = User;
    const COSTLY: &'static str = "groups";

    fn resource_type(&self) -> &'static ResourceType {
        scim::user()
    }

    fn count(&self, tx: &impl Reads, team: Seq) -> std::result::Result<u64, store::Error> {
        users::count(tx, team)
    }

    fn page(
        &self,
        tx: &impl Reads,
        team: Seq,
        skip: usize,
        limit: usize,
    ) -> std::result::Result<Vec<User>, store::Error> {
        users::page_at(tx, team, skip, limit)
    }

    fn indexed(
        &self,
        tx: &impl Reads,
        team: Seq,
        path: &str,
        value: &str,
    ) -> std::result::Result<Option<Vec<User>>, store::Error> {
        let find = |seq| users::find(tx, team, seq);
        Ok(Some(match path {
            "id" => match value.parse::<ScimId>() {
                Ok(id) => users::find_by_id(tx, team, &id)?.into_iter().collect(),
                Err(_) => Vec::new(),
            },
            "userName" => users::find_by_user_name(tx, team, value)?
                .into_iter()
                .collect(),
            "externalId" => rows(users::seqs_by_external_id(tx, team, value)?, find)?,
            "displayName" => rows(users::seqs_by_display_name(tx, team, value)?, find)?,
            _ => return Ok(None),
        }))
    }

    fn walk(
        &self,
        tx: &impl Reads,
        team: Seq,
        each: impl FnMut(User) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        users::walk::<Error>(tx, team, each)
    }

    fn full(
        &self,
        tx: &impl Reads,
        team: Seq,
        base: &str,
        row: &User,
        costly: bool,
    ) -> Result<Resource> {
        full_user(tx, team, base, row, costly)
    }
}

struct Groups;

impl Listed for Groups {
    type Row = Group;
    const COSTLY: &'static str = "members";

    fn resource_type(&self) -> &'static ResourceType {
        scim::group()
    }

    fn count(&self, tx: &impl Reads, team: Seq) -> std::result::Result<u64, store::Error> {
        groups::count(tx, team)
    }

    fn page(
        &self,
        tx: &impl Reads,
        team: Seq,
        skip: usize,
        limit: usize,
    ) -> std::result::Result<Vec<Group>, store::Error> {
        groups::page_at(tx, team, skip, limit)
    }

    fn indexed(
        &self,
        tx: &impl Reads,
        team: Seq,
        path: &str,
        value: &str,
    ) -> std::result::Result<Option<Vec<Group>>, store::Error> {
        let find = |seq| groups::find(tx, team, seq);
        Ok(Some(match path {
            "id" => match value.parse::<ScimId>() {
                Ok(id) => groups::find_by_id(tx, team, &id)?.into_iter().collect(),
                Err(_) => Vec::new(),
            },
            "displayName" => rows(groups::seqs_by_display_name(tx, team, value)?, find)?,
            "externalId" => rows(groups::seqs_by_external_id(tx, team, value)?, find)?,
            _ => return Ok(None),
        }))
    }

    fn walk(
        &self,
        tx: &impl Reads,
        team: Seq,
        each: impl FnMut(Group) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        groups::walk::<Error>(tx, team, each)
    }

    fn full(
        &self,
        tx: &impl Reads,
        team: Seq,
        base: &str,
        row: &Group,
        costly: bool,
    ) -> Result<Resource> {
        full_group(tx, team, base, row, costly)
    }
}

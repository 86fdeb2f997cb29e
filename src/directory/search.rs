//! Lists for the console: people and groups by text and state, in creation order, a page at a time.
//!
//! A search walks every row of the tenant once, because a text may stand anywhere in a name; nothing
//! but the page is kept.

use std::ops::ControlFlow;

use crate::access::Operator;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef};
use crate::store::{Reads, directory as rows};

/// Which objects a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Everybody who is not in the recycle bin.
    #[default]
    Present,
    /// Those of them whose account is enabled; all groups.
    Enabled,
    /// Those of them whose account is disabled; no group.
    Disabled,
    /// Those of them who are guests; no group.
    Guests,
    /// The recycle bin.
    Deleted,
}

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Must stand somewhere in `displayName`, `userPrincipalName` or `mail`, in any case. Empty
    /// matches everything.
    pub text: String,
    /// Which state.
    pub state: State,
    /// Matches to leave out at the start.
    pub skip: u64,
    /// Longest page.
    pub limit: usize,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The matches of the page, oldest first.
    pub items: Vec<T>,
    /// Matches on all pages.
    pub total: u64,
}

/// People that match.
///
/// # Errors
/// The store's.
pub fn users(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    query: &Query,
) -> Result<Page<DirectoryUser>> {
    let mut page = Pager::new(query);
    rows::walk_users::<Error>(tx, tenant, |user| {
        let in_state = match query.state {
            State::Present => user.deleted.is_none(),
            State::Enabled => user.deleted.is_none() && user.account_enabled,
            State::Disabled => user.deleted.is_none() && !user.account_enabled,
            State::Guests => user.deleted.is_none() && user.guest,
            State::Deleted => user.deleted.is_some(),
        };
        if in_state
            && page.matches(&[
                user.display_name(),
                &user.user_principal_name,
                user.text("mail").unwrap_or_default(),
            ])
        {
            page.take(user);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(page.page)
}

/// Groups that match by `displayName` or `mail`.
///
/// # Errors
/// The store's.
pub fn groups(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    query: &Query,
) -> Result<Page<DirectoryGroup>> {
    let mut page = Pager::new(query);
    rows::walk_groups::<Error>(tx, tenant, |group| {
        let in_state = match query.state {
            State::Present | State::Enabled => group.deleted.is_none(),
            State::Disabled | State::Guests => false,
            State::Deleted => group.deleted.is_some(),
        };
        let mail = group.attributes.get("mail").and_then(|m| m.as_str());
        if in_state && page.matches(&[&group.display_name, mail.unwrap_or_default()]) {
            page.take(group);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(page.page)
}

/// The first `limit` users or groups that are not in the recycle bin and match a text as lists do, oldest first.
/// Stops as soon as they are found.
///
/// # Errors
/// The store's.
pub fn first(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    kind: ObjectKind,
    text: &str,
    limit: usize,
) -> Result<Vec<Object>> {
    let needle = text.trim().to_lowercase();
    let matches = |texts: &[&str]| texts.iter().any(|t| t.to_lowercase().contains(&needle));
    let mut found = Vec::new();
    let more = |found: &Vec<Object>| {
        if found.len() < limit {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    match kind {
        ObjectKind::User => rows::walk_users::<Error>(tx, tenant, |user| {
            let mail = user.text("mail").unwrap_or_default();
            let names = [user.display_name(), &user.user_principal_name, mail];
            if user.deleted.is_none() && matches(&names) {
                found.push(Object::User(user));
            }
            Ok(more(&found))
        })?,
        ObjectKind::Group => rows::walk_groups::<Error>(tx, tenant, |group| {
            if group.deleted.is_none() && matches(&[&group.display_name]) {
                found.push(Object::Group(group));
            }
            Ok(more(&found))
        })?,
    }
    Ok(found)
}

/// An object with what a list shows of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// A person.
    User(DirectoryUser),
    /// A group.
    Group(DirectoryGroup),
}

impl Object {
    /// Name to show.
    pub fn display_name(&self) -> &str {
        match self {
            Self::User(user) => user.display_name(),
            Self::Group(group) => &group.display_name,
        }
    }

    /// What points at it.
    pub fn reference(&self) -> ObjectRef {
        match self {
            Self::User(user) => ObjectRef::user(user.seq),
            Self::Group(group) => ObjectRef::group(group.seq),
        }
    }
}

/// Groups and people that match, as one list: groups first. `skip` matches are left out at the start, and at most
/// `limit` are on the page.
///
/// # Errors
/// The store's.
pub fn principals(
    tx: &impl Reads,
    operator: &Operator,
    tenant: Seq,
    text: &str,
    (skip, limit): (u64, usize),
) -> Result<Page<Object>> {
    let query = |skip, limit| Query {
        text: text.to_owned(),
        state: State::Present,
        skip,
        limit,
    };
    let groups = groups(tx, operator, tenant, &query(skip, limit))?;
    let left = limit - groups.items.len();
    let behind = skip.saturating_sub(groups.total);
    let users = users(tx, operator, tenant, &query(behind, left))?;
    let found = groups.items.into_iter().map(Object::Group);
    Ok(Page {
        items: found
            .chain(users.items.into_iter().map(Object::User))
            .collect(),
        total: groups.total + users.total,
    })
}

/// The object that a reference points at, in the recycle bin or not.
///
/// # Errors
/// The store's.
pub fn object(tx: &impl Reads, tenant: Seq, object: ObjectRef) -> Result<Option<Object>> {
    Ok(match object.kind {
        ObjectKind::User => rows::user(tx, tenant, object.seq)?.map(Object::User),
        ObjectKind::Group => rows::group(tx, tenant, object.seq)?.map(Object::Group),
    })
}

/// Up to `limit` direct members of a group after `after`, users first, each kind in creation order.
///
/// # Errors
/// The store's.
pub fn members(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    after: Option<ObjectRef>,
    limit: usize,
) -> Result<Vec<Object>> {
    objects(tx, tenant, rows::members(tx, tenant, group, after, limit)?)
}

/// Up to `limit` users and groups assigned to an application after `after`, users first.
///
/// # Errors
/// The store's.
pub fn assigned(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    application: Seq,
    after: Option<ObjectRef>,
    limit: usize,
) -> Result<Vec<Object>> {
    let assignments = rows::assignments(tx, tenant, application, after, limit)?;
    objects(
        tx,
        tenant,
        assignments.into_iter().map(|a| a.principal).collect(),
    )
}

fn objects(tx: &impl Reads, tenant: Seq, of: Vec<ObjectRef>) -> Result<Vec<Object>> {
    of.into_iter()
        .filter_map(|reference| object(tx, tenant, reference).transpose())
        .collect()
}

struct Pager<'a, T> {
    query: &'a Query,
    needle: String,
    page: Page<T>,
}

impl<'a, T> Pager<'a, T> {
    fn new(query: &'a Query) -> Self {
        Self {
            query,
            needle: query.text.trim().to_lowercase(),
            page: Page {
                items: Vec::new(),
                total: 0,
            },
        }
    }

    fn matches(&self, texts: &[&str]) -> bool {
        self.needle.is_empty()
            || texts
                .iter()
                .any(|text| text.to_lowercase().contains(&self.needle))
    }

    fn take(&mut self, item: T) {
        if self.page.total >= self.query.skip && self.page.items.len() < self.query.limit {
            self.page.items.push(item);
        }
        self.page.total += 1;
    }
}

//! Reading the record: a filtered page, one event, the trail of a person or group, an export.

use crate::access::May;
use crate::access::permission::ViewAuditLogs;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{AuditEvent, User};
use crate::store::audit::{Bounds, Found, Key, Wanted};
use crate::store::{Reads, audit as rows, memberships};

pub use crate::store::audit::Order;

/// Rows that one page may read: a search for something rare goes on where it stopped.
const ROWS: usize = 20_000;

/// An event and its position, by which it is found again.
pub type Event = (Seq, AuditEvent);

/// Somebody or something that events are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A person: what was done by the account, and to the member.
    Person {
        /// Account, if there is one.
        account: Option<Seq>,
        /// Member of the team, if there is one.
        user: Option<Seq>,
    },
    /// A group: what was done to it.
    Group(Seq),
    /// A member or group that is gone: what was done to it.
    Gone(Seq),
}

impl Subject {
    /// A member of a team.
    pub fn of(user: &User) -> Self {
        Self::Person {
            account: Some(user.account),
            user: Some(user.seq),
        }
    }

    /// An account, and whatever it is in the team.
    ///
    /// # Errors
    /// The store's.
    pub fn of_account(tx: &impl Reads, team: Seq, account: Seq) -> Result<Self> {
        Ok(Self::Person {
            account: Some(account),
            user: memberships::find(tx, account, team)?,
        })
    }

    fn keys(self) -> Vec<Key> {
        match self {
            Self::Person { account, user } => account
                .map(Key::Account)
                .into_iter()
                .chain(user.map(Key::User))
                .collect(),
            Self::Group(group) => vec![Key::Group(group)],
            Self::Gone(row) => vec![Key::User(row), Key::Group(row)],
        }
    }
}

/// What is looked for; empty parts do not narrow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Slug of the kind of event.
    pub action: Option<String>,
    /// About at least one of these, as who did it or to whom; an empty list is nobody, and nothing is found.
    pub subjects: Option<Vec<Subject>>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// Somebody is called like this, as actor or target, in any case. Not in an index: the search reads on.
    pub called: String,
}

impl Filter {
    fn wanted(&self) -> Wanted {
        let action = self
            .action
            .iter()
            .map(|slug| vec![Key::Action(slug.clone())]);
        let subjects = self
            .subjects
            .iter()
            .map(|any| any.iter().flat_map(|subject| subject.keys()).collect());
        Wanted {
            all: action.chain(subjects).collect(),
            from: self.from,
            before: self.before,
        }
    }
}

/// A page of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The events, in the order asked for.
    pub events: Vec<Event>,
    /// Position behind which the next page begins; none when nothing more is there.
    pub next: Option<Seq>,
    /// Whether the search stopped before the page was full, to go on in the next one.
    pub unfinished: bool,
}

/// A page of the team's record.
///
/// # Errors
/// The store's.
pub fn page(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
) -> Result<Page> {
    read(tx, member.team, filter, order, after, limit)
}

fn read(
    tx: &impl Reads,
    team: Seq,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
) -> Result<Page> {
    // One more than asked for tells whether there is another page.
    let bounds = Bounds {
        events: limit + 1,
        rows: ROWS,
    };
    let called = filter.called.to_lowercase();
    let also = |event: &AuditEvent| {
        called.is_empty()
            || [&event.actor, &event.subject]
                .into_iter()
                .flat_map(|party| [&party.name, &party.email])
                .any(|text| text.to_lowercase().contains(&called))
    };
    let Found { mut events, next } =
        rows::search(tx, team, &filter.wanted(), order, after, bounds, also)?;
    if events.len() > limit {
        events.truncate(limit);
        let next = events.last().map(|(position, _)| *position);
        return Ok(Page {
            events,
            next,
            unfinished: false,
        });
    }
    Ok(Page {
        unfinished: next.is_some(),
        events,
        next,
    })
}

/// The next events for an export, oldest last, at most `limit`; and where to go on.
///
/// # Errors
/// The store's.
pub fn export(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    filter: &Filter,
    after: Option<Seq>,
    limit: usize,
) -> Result<Page> {
    read(tx, member.team, filter, Order::NewestFirst, after, limit)
}

/// The `limit` events before a position, newest first; without one, the newest. A position is what
/// stands beside each event.
///
/// # Errors
/// The store's.
pub fn list(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    before: Option<Seq>,
    limit: usize,
) -> Result<Vec<Event>> {
    let all = Filter::default();
    Ok(read(tx, member.team, &all, Order::NewestFirst, before, limit)?.events)
}

/// One event.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &May<ViewAuditLogs>, position: Seq) -> Result<AuditEvent> {
    rows::find(tx, member.team, position)?.ok_or_else(|| Error::not_found("Event", position))
}

/// What events are found by whose target has this wire id, though it is gone: a member or a group, of which there
/// can be no more than one each.
pub fn gone(tx: &impl Reads, id: &str) -> Option<Subject> {
    let seq = id.parse::<ScimId>().ok()?.seq(tx.mix());
    Some(Subject::Gone(seq))
}

/// The newest `limit` events about a member of the viewer's team: what the person did, and what was done to it. For
/// the member's page; whoever may see the page may see its trail only with the permission.
///
/// # Errors
/// The store's.
pub fn of_person(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    user: &User,
    limit: usize,
) -> Result<Page> {
    let filter = Filter {
        subjects: Some(vec![Subject::of(user)]),
        ..Filter::default()
    };
    page(tx, member, &filter, Order::NewestFirst, None, limit)
}

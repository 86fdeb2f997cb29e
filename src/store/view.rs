//! A team's users and groups through one snapshot: the reading side of lists.

use std::ops::{Bound, ControlFlow};

use redb::ReadOnlyTable;

use super::gaps;
use super::stored::{Stored, read};
use super::tables::{self, Definition, Row};
use super::{Error, Reads, Snapshot, groups, users};
use crate::id::{IdMix, ScimId, Seq};
use crate::model::{Group, ObjectKind, ObjectRef, User};

/// The rows of one kind.
type Rows = ReadOnlyTable<(u64, u64), Row>;
/// `(team, value, row)`.
type Values = Definition<(u64, &'static str, u64), ()>;

/// One team in one snapshot.
pub struct View<'s> {
    snapshot: &'s Snapshot,
    team: Seq,
}

/// An index that is in the order of an attribute's comparison key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Of users; every user has one.
    UserName,
    /// Of users or groups.
    DisplayName,
    /// Of users or groups.
    ExternalId,
}

impl<'s> View<'s> {
    /// Of a team in a snapshot.
    pub fn new(snapshot: &'s Snapshot, team: Seq) -> Self {
        Self { snapshot, team }
    }

    /// The team.
    pub fn team(&self) -> Seq {
        self.team
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// The mix of this file's SCIM ids.
    pub fn mix(&self) -> IdMix {
        self.snapshot.mix()
    }

    fn rows(&self, kind: ObjectKind) -> Result<&Rows, Error> {
        match kind {
            ObjectKind::User => self.snapshot.table(tables::USERS),
            ObjectKind::Group => self.snapshot.table(tables::GROUPS),
        }
    }

    /// How many there are of a kind.
    ///
    /// # Errors
    /// The engine's.
    pub fn count(&self, kind: ObjectKind) -> Result<u64, Error> {
        match kind {
            ObjectKind::User => users::count(self.snapshot, self.team),
            ObjectKind::Group => groups::count(self.snapshot, self.team),
        }
    }

    /// Reads a row.
    ///
    /// # Errors
    /// The engine's, or a damaged row.
    pub fn row<R>(
        &self,
        object: ObjectRef,
        each: impl FnOnce(Stored<'_>) -> R,
    ) -> Result<Option<R>, Error> {
        let key = (self.team.0, object.seq.0);
        self.rows(object.kind)?
            .get(key)?
            .map(|bytes| read_kind(object.kind, bytes.value(), each))
            .transpose()
    }

    /// Reads the row that a wire id belongs to.
    ///
    /// # Errors
    /// The engine's, or a damaged row.
    pub fn by_id<R>(
        &self,
        kind: ObjectKind,
        id: &str,
        each: impl FnOnce(Stored<'_>) -> R,
    ) -> Result<Option<R>, Error> {
        let Ok(parsed) = id.parse::<ScimId>() else {
            return Ok(None);
        };
        let seq = parsed.seq(self.mix());
        let found = self.row(ObjectRef { kind, seq }, |row| {
            (row.id == id).then(|| each(row))
        })?;
        Ok(found.flatten())
    }

    /// Hands the rows behind row number `after` to a function until it breaks, in creation order.
    ///
    /// # Errors
    /// The engine's, a damaged row, or the function's.
    pub fn walk<E: From<Error>>(
        &self,
        kind: ObjectKind,
        after: Seq,
        each: impl FnMut(Stored<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        self.walk_from(kind, Seq(after.0.saturating_add(1)), 0, each)
    }

    /// The same from the row with `position` rows before it.
    ///
    /// # Errors
    /// The engine's, a damaged row, or the function's.
    pub fn walk_at<E: From<Error>>(
        &self,
        kind: ObjectKind,
        position: u64,
        each: impl FnMut(Stored<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let (first, skip) = if position == 0 {
            (Seq(1), 0)
        } else {
            let table = match kind {
                ObjectKind::User => tables::USER_GAPS,
                ObjectKind::Group => tables::GROUP_GAPS,
            };
            let table = self.snapshot.table(table)?;
            gaps::seek(table, self.team, position)?
        };
        self.walk_from(
            kind,
            first,
            usize::try_from(skip).unwrap_or(usize::MAX),
            each,
        )
    }

    fn walk_from<E: From<Error>>(
        &self,
        kind: ObjectKind,
        first: Seq,
        skip: usize,
        mut each: impl FnMut(Stored<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let range = (self.team.0, first.0)..=(self.team.0, u64::MAX);
        let rows = self.rows(kind)?.range(range).map_err(Error::from)?;
        for row in rows.skip(skip) {
            let (_, bytes) = row.map_err(Error::from)?;
            if read_kind(kind, bytes.value(), &mut each)??.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Groups in which `member` is a direct member, in creation order.
    ///
    /// # Errors
    /// The engine's.
    pub fn groups_of(&self, member: ObjectRef) -> Result<Vec<Seq>, Error> {
        let code = member.kind.code();
        let (team, row) = (self.team.0, member.seq.0);
        self.snapshot
            .table(tables::MEMBER_TO_GROUP)?
            .range((team, code, row, 0)..=(team, code, row, u64::MAX))?
            .map(|edge| Ok(Seq(edge?.0.value().3)))
            .collect()
    }

    /// Whether `member` is a direct member of `group`.
    ///
    /// # Errors
    /// The engine's.
    pub fn is_member(&self, group: Seq, member: ObjectRef) -> Result<bool, Error> {
        let key = (self.team.0, member.kind.code(), member.seq.0, group.0);
        Ok(self
            .snapshot
            .table(tables::MEMBER_TO_GROUP)?
            .get(key)?
            .is_some())
    }

    /// Every direct member of a group, users first.
    ///
    /// # Errors
    /// The engine's.
    pub fn members(&self, group: Seq) -> Result<Vec<ObjectRef>, Error> {
        groups::members(self.snapshot, self.team, group, 0, usize::MAX)
    }

    /// Rows whose value in an index is this; `None` when there is no such index.
    ///
    /// # Errors
    /// The engine's.
    pub fn rows_with(
        &self,
        kind: ObjectKind,
        order: Order,
        value: &str,
    ) -> Result<Option<Vec<Seq>>, Error> {
        let (tx, team) = (self.snapshot, self.team);
        Ok(Some(match (kind, order) {
            (ObjectKind::User, Order::UserName) => users::seq_by_user_name(tx, team, value)?
                .into_iter()
                .collect(),
            (ObjectKind::User, Order::DisplayName) => users::seqs_by_display_name(tx, team, value)?,
            (ObjectKind::User, Order::ExternalId) => users::seqs_by_external_id(tx, team, value)?,
            (ObjectKind::Group, Order::DisplayName) => {
                groups::seqs_by_display_name(tx, team, value)?
            }
            (ObjectKind::Group, Order::ExternalId) => groups::seqs_by_external_id(tx, team, value)?,
            (ObjectKind::Group, Order::UserName) => return Ok(None),
        }))
    }

    /// Hands the entries of an index behind (or, descending, before) a key and row to a function, in
    /// the order of the index, until it breaks. Rows without a value are not in it.
    ///
    /// # Errors
    /// The engine's, or the function's.
    pub fn walk_order<E: From<Error>>(
        &self,
        kind: ObjectKind,
        order: Order,
        after: Option<(&str, Seq)>,
        descending: bool,
        mut each: impl FnMut(&str, Seq) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let table: Values = match (kind, order) {
            (ObjectKind::User, Order::UserName) => {
                return self.walk_user_names(after.map(|(key, _)| key), descending, each);
            }
            (ObjectKind::User, Order::DisplayName) => tables::DISPLAY_NAME_TO_USER,
            (ObjectKind::User, Order::ExternalId) => tables::EXTERNAL_ID_TO_USER,
            (ObjectKind::Group, Order::DisplayName) => tables::DISPLAY_NAME_TO_GROUP,
            (ObjectKind::Group, Order::ExternalId) => tables::EXTERNAL_ID_TO_GROUP,
            (ObjectKind::Group, Order::UserName) => return Ok(()),
        };
        let team = self.team.0;
        let (first, last) = ((team, "", 0), (team.saturating_add(1), "", 0));
        let bounds = match after.map(|(key, row)| (team, key, row.0)) {
            None => (Bound::Included(first), Bound::Excluded(last)),
            Some(at) if descending => (Bound::Included(first), Bound::Excluded(at)),
            Some(at) => (Bound::Excluded(at), Bound::Excluded(last)),
        };
        let table = self.snapshot.table(table)?;
        let entries = table
            .range::<(u64, &str, u64)>(bounds)
            .map_err(Error::from)?;
        directed(entries, descending, |entry| {
            let (key, _) = entry.map_err(Error::from)?;
            let (_, value, row) = key.value();
            each(value, Seq(row))
        })
    }

    fn walk_user_names<E: From<Error>>(
        &self,
        after: Option<&str>,
        descending: bool,
        mut each: impl FnMut(&str, Seq) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let team = self.team.0;
        let (first, last) = ((team, ""), (team.saturating_add(1), ""));
        let bounds = match after.map(|key| (team, key)) {
            None => (Bound::Included(first), Bound::Excluded(last)),
            Some(at) if descending => (Bound::Included(first), Bound::Excluded(at)),
            Some(at) => (Bound::Excluded(at), Bound::Excluded(last)),
        };
        let table = self.snapshot.table(tables::USER_NAME_TO_USER)?;
        let entries = table.range::<(u64, &str)>(bounds).map_err(Error::from)?;
        directed(entries, descending, |entry| {
            let (key, row) = entry.map_err(Error::from)?;
            each(key.value().1, Seq(row.value()))
        })
    }
}

fn directed<T, E>(
    entries: impl DoubleEndedIterator<Item = T>,
    descending: bool,
    mut each: impl FnMut(T) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut entries = entries;
    while let Some(entry) = if descending {
        entries.next_back()
    } else {
        entries.next()
    } {
        if each(entry)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn read_kind<R>(
    kind: ObjectKind,
    bytes: &[u8],
    each: impl FnOnce(Stored<'_>) -> R,
) -> Result<R, Error> {
    match kind {
        ObjectKind::User => read::<User, R>(bytes, each),
        ObjectKind::Group => read::<Group, R>(bytes, each),
    }
}

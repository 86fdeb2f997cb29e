//! Records of users: objects first, then managers, who may stand further down in the file.

use super::super::users as people;
use super::super::{get_user, users::NewUser};
use super::{ImportError, Mistake, RECORDS, Reference, Report, UserRecord, at, blamed, plain};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::id::{Guids, Seq};
use crate::model::{DirectoryUser, ObjectKind};
use crate::store::{Reads, Write, directory as rows};

type Result<T> = std::result::Result<T, ImportError>;

/// Imports users, all or none. Those without an object id get one of `ids`.
///
/// # Errors
/// The first mistake with its place, or the store's.
pub fn users(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    records: &[UserRecord],
    ids: &Guids,
    now: Timestamp,
) -> Result<Report> {
    if let Some(record) = records.get(RECORDS) {
        let message = format!("a file has at most {RECORDS} records; split it");
        return Err(Mistake::new(record.at, message).into());
    }
    let importing = Importing {
        tx,
        operator,
        tenant,
        ids,
        now,
    };
    let mut report = Report::default();
    let mut rows: Vec<(Seq, bool)> = Vec::with_capacity(records.len());
    for record in records {
        rows.push(importing.one(record, &mut report)?);
    }
    for (record, (row, counted)) in records.iter().zip(rows) {
        if importing.manager(record, row)? && !counted {
            report.unchanged -= 1;
            report.updated += 1;
        }
    }
    Ok(report)
}

struct Importing<'a, 't> {
    tx: &'a Write<'t>,
    operator: &'a Operator,
    tenant: Seq,
    ids: &'a Guids,
    now: Timestamp,
}

impl Importing<'_, '_> {
    /// The row of a record, and whether it counts as created or updated already.
    fn one(&self, record: &UserRecord, report: &mut Report) -> Result<(Seq, bool)> {
        let Some(before) = self.find(record)? else {
            let new = NewUser {
                id: record.id.unwrap_or_else(|| self.ids.next()),
                account_enabled: record.account_enabled.unwrap_or(true),
                guest: record.guest.unwrap_or(false),
                manager: None,
                attributes: plain(&record.changes),
            };
            let made = people::create(self.tx, self.operator, self.tenant, &new, self.now);
            let made = Self::blame(record, made)?;
            report.created += 1;
            return Ok((made.seq, true));
        };
        let row = before.seq;
        let (tx, operator, tenant, now) = (self.tx, self.operator, self.tenant, self.now);
        let changes = plain(&record.changes);
        let mut after = Self::blame(
            record,
            people::update(tx, operator, tenant, row, &changes, now),
        )?;
        if let Some(guest) = record.guest {
            after = at(
                record.at,
                people::set_guest(tx, operator, tenant, row, guest, now),
            )?;
        }
        if let Some(enabled) = record.account_enabled {
            let changed = people::set_account_enabled(tx, operator, tenant, row, enabled, now);
            after = at(record.at, changed)?;
        }
        let changed = after != before;
        if changed {
            report.updated += 1;
        } else {
            report.unchanged += 1;
        }
        Ok((row, changed))
    }

    fn blame<T>(record: &UserRecord, result: crate::error::Result<T>) -> Result<T> {
        let place = match &result {
            Err(error) => blamed(error, record.at, &record.changes),
            Ok(_) => record.at,
        };
        at(place, result)
    }

    /// Who a record is about.
    fn find(&self, record: &UserRecord) -> Result<Option<DirectoryUser>> {
        let name = record
            .changes
            .iter()
            .find(|(_, change)| change.name() == "userPrincipalName")
            .and_then(|(_, change)| change.text());
        if let Some(id) = &record.id {
            let Some(object) = rows::object_by_id(self.tx, self.tenant, id)? else {
                return Ok(None);
            };
            if object.kind != ObjectKind::User {
                let message = format!("{id} is the object id of a group");
                return Err(Mistake::new(record.at, message).into());
            }
            return at(record.at, get_user(self.tx, self.tenant, object.seq)).map(Some);
        }
        match name {
            Some(name) => Ok(rows::user_by_principal_name(self.tx, self.tenant, name)?),
            None => Ok(None),
        }
    }

    /// Whether the manager changed.
    fn manager(&self, record: &UserRecord, row: Seq) -> Result<bool> {
        let Some((place, wanted)) = &record.manager else {
            return Ok(false);
        };
        let manager = match wanted {
            None => None,
            Some(reference) => {
                Some(user_of(self.tx, self.tenant, reference).and_then(|found| {
                    found.ok_or_else(|| {
                        Mistake::new(*place, "the manager is neither here nor in this file").into()
                    })
                })?)
            }
        };
        let before = at(record.at, get_user(self.tx, self.tenant, row))?;
        let (tx, operator, tenant, now) = (self.tx, self.operator, self.tenant, self.now);
        let after = people::set_manager(tx, operator, tenant, row, manager, now);
        Ok(at(*place, after)?.manager != before.manager)
    }
}

/// The user that is referred to, if there is one outside the recycle bin.
pub(super) fn user_of(tx: &impl Reads, tenant: Seq, reference: &Reference) -> Result<Option<Seq>> {
    let found = match reference {
        Reference::Name(name) => rows::user_by_principal_name(tx, tenant, name)?,
        Reference::Id(id) => match rows::object_by_id(tx, tenant, id)? {
            Some(object) if object.kind == ObjectKind::User => rows::user(tx, tenant, object.seq)?,
            Some(_) | None => None,
        },
    };
    Ok(found
        .filter(|user| user.deleted.is_none())
        .map(|user| user.seq))
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Failed(error) => error,
            other => Self::field("file", other.to_string()),
        }
    }
}

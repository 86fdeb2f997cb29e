//! The outbox, the index of what waits in it, and its settings.
//!
//! The outbox is the appliance's: tenant 0. Its rows are numbered without gaps and go in the order in which
//! they came, so the number of rows is the distance between the ends.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::record::decode;
use super::{Error, Reads, Write, rows, tables};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::{Delivery, Mail, MailSettings};

const ALL: Seq = Seq(0);
const SETTINGS: &str = "mail";

/// The settings; those of a new installation when nothing was set.
pub fn settings(tx: &impl Reads) -> Result<MailSettings, Error> {
    Ok(rows::find(tx, tables::SETTINGS, SETTINGS)?.unwrap_or_default())
}

/// Replaces the settings.
pub fn put_settings(tx: &Write<'_>, settings: &MailSettings) -> Result<(), Error> {
    rows::put(tx, tables::SETTINGS, SETTINGS, settings)
}

/// The mail in this row.
pub fn find(tx: &impl Reads, mail: Seq) -> Result<Option<Mail>, Error> {
    rows::find(tx, tables::MAILS, (ALL.0, mail.0))
}

/// A row number for a new mail.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "mails")
}

/// The key of a mail among those that wait: moments before 1970 count as its beginning.
pub(super) fn due_key(mail: &Mail) -> Option<(u64, u64)> {
    match mail.delivery {
        Delivery::Waiting { due } => Some((moment(due), mail.seq.0)),
        Delivery::Kept | Delivery::Sent { .. } | Delivery::Failed { .. } => None,
    }
}

fn moment(at: Timestamp) -> u64 {
    u64::try_from(at.millis()).unwrap_or(0)
}

/// Inserts or replaces a mail.
pub fn put(tx: &Write<'_>, mail: &Mail) -> Result<(), Error> {
    let old = find(tx, mail.seq)?.as_ref().and_then(due_key);
    index(tx, old, due_key(mail))?;
    rows::put(tx, tables::MAILS, (ALL.0, mail.seq.0), mail)
}

fn index(tx: &Write<'_>, old: Option<(u64, u64)>, new: Option<(u64, u64)>) -> Result<(), Error> {
    if old == new {
        return Ok(());
    }
    let mut index = tx.table(tables::DUE_MAILS)?;
    if let Some(old) = old {
        index.remove(old)?;
    }
    if let Some(new) = new {
        index.insert(new, ())?;
    }
    Ok(())
}

/// Drops the oldest mails until at most `keep` are left; returns how many went.
pub fn trim(tx: &Write<'_>, keep: u64) -> Result<u64, Error> {
    let mut gone = 0;
    while let Some((first, last)) = ends(tx)?
        && last - first >= keep
    {
        if let Some(mail) = find(tx, Seq(first))? {
            index(tx, due_key(&mail), None)?;
        }
        rows::remove(tx, tables::MAILS, (ALL.0, first))?;
        gone += 1;
    }
    Ok(gone)
}

/// The lowest and the highest row.
fn ends(tx: &impl Reads) -> Result<Option<(u64, u64)>, Error> {
    let table = tx.open(tables::MAILS)?;
    let mut range = table.range((ALL.0, 0)..=(ALL.0, u64::MAX))?;
    let Some(first) = range.next().transpose()? else {
        return Ok(None);
    };
    let first = first.0.value().1;
    let last = match range.next_back().transpose()? {
        Some(last) => last.0.value().1,
        None => first,
    };
    Ok(Some((first, last)))
}

/// The `limit` mails that have waited longest, of those that are due at `now`.
pub fn due(tx: &impl Reads, now: Timestamp, limit: usize) -> Result<Vec<Mail>, Error> {
    let index = tx.open(tables::DUE_MAILS)?;
    let mut found = Vec::new();
    for entry in index.range((0, 0)..=(moment(now), u64::MAX))?.take(limit) {
        let (_, seq) = entry?.0.value();
        found.extend(find(tx, Seq(seq))?);
    }
    Ok(found)
}

/// Every mail that waits, due or not.
pub fn waiting(tx: &impl Reads) -> Result<Vec<Mail>, Error> {
    due(tx, Timestamp::from_millis(i64::MAX), usize::MAX)
}

/// Hands mails to a function until it breaks, newest first.
pub fn walk_back(
    tx: &impl Reads,
    mut each: impl FnMut(Mail) -> ControlFlow<()>,
) -> Result<(), Error> {
    let table = tx.open(tables::MAILS)?;
    for row in table.range((ALL.0, 0)..=(ALL.0, u64::MAX))?.rev() {
        if each(decode(row?.1.value())?).is_break() {
            break;
        }
    }
    Ok(())
}

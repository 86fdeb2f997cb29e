//! How long a team's record is kept, and the sweep of what is older.
//!
//! Postman keeps 180 days on its Enterprise plan (Learning Center, "Audit logs"). The number of days is the team's
//! and chosen by an operator: an administrator who could shorten it could hide what was done.

use std::time::Duration;

use super::Entry;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Operation, Outcome, Team};
use crate::store::{Write, audit as rows, teams};

/// What a team may choose, in days.
pub const RETENTION_DAYS: std::ops::RangeInclusive<u16> = 30..=Team::AUDIT_DAYS_MOST;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Events that went.
    pub events: usize,
    /// Whether there is more to do.
    pub more: bool,
}

/// Keeps a team's record for so many days from now on.
///
/// # Errors
/// [`Error::NotFound`]; a number of days outside of [`RETENTION_DAYS`].
pub fn keep_for(
    tx: &Write<'_>,
    operator: &Operator,
    team: Seq,
    days: u16,
    now: Timestamp,
) -> Result<Team> {
    let mut team = teams::find(tx, team)?.ok_or_else(|| Error::not_found("Team", team))?;
    if !RETENTION_DAYS.contains(&days) {
        return Err(Error::field(
            "days",
            format!(
                "Choose {} to {} days.",
                RETENTION_DAYS.start(),
                RETENTION_DAYS.end()
            ),
        ));
    }
    let outcome = if team.audit_days == days {
        Outcome::Unchanged
    } else {
        team.audit_days = days;
        teams::put(tx, &team)?;
        Outcome::Done
    };
    Entry::new(operator, now, Operation::RetentionChoose, outcome)
        .with("retention", format!("{days} days"))
        .write(tx, team.seq)?;
    Ok(team)
}

/// Takes away what every team has kept long enough: of each at most one bucket of neighbouring events, so that the
/// write is a small one. Call it again while there is more.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<Swept> {
    let mut swept = Swept::default();
    for team in teams::list(tx)? {
        let kept = Duration::from_hours(24 * u64::from(team.audit_days));
        let gone = rows::sweep(tx, team.seq, now.minus(kept))?;
        swept.events += gone;
        swept.more |= gone > 0;
    }
    Ok(swept)
}

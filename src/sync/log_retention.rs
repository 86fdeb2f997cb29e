//! How long the provisioning log is kept, and the sweep of what is older.
//!
//! The service keeps 30 days with a paid licence and 7 without; here it is a setting of each tenant.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::LogRetention;
use crate::store::{Write, logs};

/// What may be chosen, in days, besides keeping everything.
pub const DAYS: RangeInclusive<u16> = 1..=3650;

/// Keeps the log of a tenant for so many days from now on; for ever when `None`.
///
/// # Errors
/// [`Error::Field`] for a number of days outside of [`DAYS`]; the store's.
pub fn keep_for(
    tx: &Write<'_>,
    _: &Operator,
    tenant: Seq,
    days: Option<u16>,
) -> Result<LogRetention> {
    if days.is_some_and(|days| !DAYS.contains(&days)) {
        let detail = format!("Enter {} to {} days.", DAYS.start(), DAYS.end());
        return Err(Error::field("days", detail));
    }
    let retention = LogRetention { days };
    logs::put_retention(tx, tenant, retention)?;
    Ok(retention)
}

/// Takes away a few of the entries whose time is over; tells whether there may be more.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<bool> {
    for tenant in logs::tenants(tx)? {
        if let Some(days) = logs::retention(tx, tenant)?.days {
            let before = now.minus(Duration::from_hours(24 * u64::from(days)));
            if logs::sweep(tx, tenant, before)? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scope;
    use crate::sync::testing::{Lab, operator};

    #[test]
    fn entries_go_when_their_days_are_over_and_not_before() {
        let lab = Lab::new(Scope::All);
        lab.user("ann", None);
        lab.cycle();
        assert!(!lab.log().is_empty());
        let sweep_at = |days: u64| {
            let now = lab
                .context
                .clock
                .now()
                .plus(Duration::from_hours(24 * days));
            while lab.write(move |tx| sweep(tx, now)) {}
            lab.log().len()
        };
        assert!(sweep_at(30) > 0);
        lab.write(|tx| keep_for(tx, &operator(), Seq(1), None));
        assert!(sweep_at(4_000) > 0);
        lab.write(|tx| keep_for(tx, &operator(), Seq(1), Some(7)));
        assert!(sweep_at(7) > 0);
        assert_eq!(sweep_at(8), 0);
    }

    #[test]
    fn a_number_of_days_has_bounds() {
        let lab = Lab::new(Scope::All);
        for days in [0, 3651] {
            let refused = lab
                .context
                .store
                .write(move |tx| keep_for(tx, &operator(), Seq(1), Some(days)));
            assert!(matches!(refused, Err(Error::Field { field: "days", .. })));
        }
    }
}

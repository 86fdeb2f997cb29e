//! Escrow: objects whose last attempt failed, and when they are tried again.
//!
//! Microsoft's schedule is 6, 12 and 24 hours after the first failure, then every 24 hours, for 28
//! days; then the entry is removed and the job disabled. Failures that usually mend themselves (overload, server
//! errors, timeouts) are tried in the next cycle first. A change of the object in the source makes it due at once.

use std::time::Duration;

use super::answer::is_transient;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::{ErrorInformation, Escrow, ObjectRef};

const HOUR: Duration = Duration::from_hours(1);
/// How long an object is retried.
const LIMIT: Duration = Duration::from_hours(28 * 24);

/// When an object that failed is due for another attempt, in the first cycle from then on.
pub fn due(escrow: &Escrow) -> Timestamp {
    let transient = is_transient(&escrow.error.error_code);
    let step = if transient {
        escrow.attempts.saturating_sub(1)
    } else {
        escrow.attempts
    };
    let wait = match step {
        0 => Duration::ZERO,
        1 => 6 * HOUR,
        2 => 12 * HOUR,
        later => 24 * HOUR * later.saturating_sub(2),
    };
    escrow.first_failure.plus(wait)
}

/// The escrow after another failure.
pub(super) fn after_failure(
    old: Option<Escrow>,
    source: ObjectRef,
    cycle: Seq,
    error: ErrorInformation,
    now: Timestamp,
) -> Escrow {
    match old {
        // Attributes and references of one object may fail in the same cycle: one attempt.
        Some(old) => Escrow {
            attempts: old.attempts + u32::from(old.cycle != cycle),
            cycle,
            error,
            ..old
        },
        None => Escrow {
            source,
            first_failure: now,
            attempts: 1,
            cycle,
            error,
        },
    }
}

/// Whether the object is not tried any more.
pub(super) fn is_over(escrow: &Escrow, now: Timestamp) -> bool {
    now.since(escrow.first_failure) >= LIMIT
}

/// Why a job is disabled whose object `name` failed for 28 days.
pub(super) fn gave_up(name: &str, error: &ErrorInformation) -> ErrorInformation {
    ErrorInformation {
        error_code: error.error_code.clone(),
        reason: format!(
            "'{name}' failed for 28 days and is not tried any more. {}",
            error.reason
        ),
        recommended_action: error.recommended_action.clone(),
    }
}

/// Appends the service's sentence about the next attempt to the reason of a failure.
pub(super) fn announce(reason: &mut String, escrow: &Escrow) {
    if !reason.ends_with(['.', '!', '?']) {
        reason.push('.');
    }
    reason.push_str(&announcement(escrow));
}

fn announcement(escrow: &Escrow) -> String {
    let due = due(escrow).to_string();
    format!(
        " This operation was retried {} times. It will be retried again after this date: {} UTC",
        escrow.attempts.saturating_sub(1),
        due.replace('Z', "0000Z")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_follow_the_published_series() {
        let escrow = |code: &str, attempts| Escrow {
            source: ObjectRef::user(Seq(1)),
            first_failure: Timestamp::from_millis(0),
            attempts,
            cycle: Seq(1),
            error: ErrorInformation {
                error_code: code.into(),
                reason: String::new(),
                recommended_action: None,
            },
        };
        let hours = |e: &Escrow| due(e).since(Timestamp::from_millis(0)).as_secs() / 3600;
        for (attempts, lasting, transient) in
            [(1, 6, 0), (2, 12, 6), (3, 24, 12), (4, 48, 24), (5, 72, 48)]
        {
            assert_eq!(
                hours(&escrow("EntryConflict", attempts)),
                lasting,
                "{attempts}"
            );
            assert_eq!(hours(&escrow("Timeout", attempts)), transient, "{attempts}");
        }
        assert!(announcement(&escrow("Timeout", 1)).ends_with("1970-01-01T00:00:00.0000000Z UTC"));
    }
}

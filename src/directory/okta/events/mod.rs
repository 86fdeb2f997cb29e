//! The System Log: which events there are, whom they name, and writing one down (part 2.11 of the Okta reference).

mod targets;
mod types;

pub use targets::{
    app, app_group, app_user, app_user_id, group, group_rule, push_mapping, push_rule,
    unassigned_app_user, user,
};
pub use types::EventType;

use std::time::Duration;

use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::{Guid, IdMix, OktaId, OktaKind, Seq};
use crate::model::Exchange;
use crate::model::okta::{
    EventActor, EventOutcome, EventResult, EventSeverity, EventTarget, SystemEvent,
};
use crate::store::okta::{events as rows, orgs};
use crate::store::{Error, Reads as _, Write};

/// How long events are kept, as in Okta.
pub const KEPT: Duration = Duration::from_hours(90 * 24);
/// Most characters of a reason.
pub const REASON_LIMIT: usize = 255;

/// Whose doing an event is.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'a> {
    /// Somebody's, by a click or a call: a transaction of type `WEB`.
    Administrator(&'a OrgAdministrator),
    /// Okta's own while it works at a job of a queue: a transaction of type `JOB`.
    Job(Seq),
    /// The same where it does not matter which job it was.
    Background,
}

/// What is to be written down.
#[derive(Debug, Clone)]
pub struct Event {
    kind: EventType,
    result: EventResult,
    reason: Option<String>,
    targets: Vec<EventTarget>,
}

impl Event {
    /// It was done.
    pub const fn success(kind: EventType, targets: Vec<EventTarget>) -> Self {
        Self {
            kind,
            result: EventResult::Success,
            reason: None,
            targets,
        }
    }

    /// It was not, and why; the reason is cut at [`REASON_LIMIT`].
    pub fn failure(kind: EventType, reason: &str, targets: Vec<EventTarget>) -> Self {
        Self {
            kind,
            result: EventResult::Failure,
            reason: Some(cut(reason)),
            targets,
        }
    }

    /// There was nothing to do.
    pub const fn skipped(kind: EventType, targets: Vec<EventTarget>) -> Self {
        Self {
            kind,
            result: EventResult::Skipped,
            reason: None,
            targets,
        }
    }

    /// The same with a reason, which a success may have as well; cut at [`REASON_LIMIT`].
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(cut(reason));
        self
    }
}

/// What tells the GUIDs of events apart from those of other rows.
const UUID: &str = "okta event";

/// `uuid`: the id of the event at a position of an org's log.
pub fn uuid(mix: IdMix, org: Seq, position: Seq) -> Guid {
    Guid::of_row(mix, UUID, org, position)
}

/// The position in an org's log that an event's `uuid` names; none when it is of another org.
pub fn position(mix: IdMix, org: Seq, uuid: &Guid) -> Option<Seq> {
    uuid.row(mix, UUID, org)
}

fn cut(reason: &str) -> String {
    reason.chars().take(REASON_LIMIT).collect()
}

/// Writes an event down, with the requests behind it; its position in the log.
///
/// # Errors
/// The store's.
pub fn record(
    tx: &Write<'_>,
    org: Seq,
    cause: Cause<'_>,
    event: Event,
    exchanges: Vec<Exchange>,
    now: Timestamp,
) -> Result<Seq, Error> {
    let mix = tx.mix();
    let cause = match cause {
        Cause::Administrator(administrator) if administrator.is_itself() => Cause::Background,
        cause => cause,
    };
    let severity = match event.result {
        EventResult::Failure => event.kind.severity_of_failure(),
        EventResult::Success | EventResult::Skipped => EventSeverity::Info,
    };
    let (actor, transaction) = match cause {
        Cause::Administrator(administrator) => (actor(mix, administrator), String::new()),
        Cause::Job(job) => (
            okta_system(mix, org),
            OktaId::of_row(mix, OktaKind::Job, org, job).to_string(),
        ),
        Cause::Background => (okta_system(mix, org), String::new()),
    };
    let event = SystemEvent {
        seq: Seq(0),
        published: now,
        event_type: event.kind.name().to_owned(),
        message: event.kind.message().to_owned(),
        severity,
        outcome: EventOutcome {
            result: event.result,
            reason: event.reason,
        },
        actor,
        targets: event.targets,
        in_background: matches!(cause, Cause::Job(_) | Cause::Background),
        transaction,
        sent: false,
    };
    rows::append(tx, org, event, exchanges)
}

/// Takes up to a thousand events away that are older than [`KEPT`]; whether there may be more to do.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>, now: Timestamp) -> Result<bool, Error> {
    for org in orgs::all(tx)? {
        if rows::remove_before(tx, org.seq, now.minus(KEPT), 1000)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Okta itself, who works at jobs.
fn okta_system(mix: IdMix, org: Seq) -> EventActor {
    EventActor {
        id: OktaId::of_row(mix, OktaKind::User, org, Seq(0)).to_string(),
        kind: "SystemPrincipal".to_owned(),
        alternate_id: "system@okta.com".to_owned(),
        display_name: "Okta System".to_owned(),
    }
}

/// Whoever clicked or called. A token's own id stands where Okta has that of the user who made it: tokens belong to
/// the org here.
fn actor(mix: IdMix, administrator: &OrgAdministrator) -> EventActor {
    let org = administrator.org;
    let id = match administrator.token {
        Some(token) => OktaId::of_row(mix, OktaKind::ApiToken, org, token),
        None => OktaId::of_row(mix, OktaKind::Org, Seq(0), org),
    };
    EventActor {
        id: id.to_string(),
        kind: "User".to_owned(),
        alternate_id: administrator.name.clone(),
        display_name: administrator.name.clone(),
    }
}

#[cfg(test)]
mod tests;

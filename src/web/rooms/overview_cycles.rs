//! What the overview says of the latest cycles: the table, and the requests on the wire.
//!
//! A cycle that finds nothing to do still sends the probe. Its few requests say nothing about the loop, so
//! that the wire shows the latest cycle that sent more.

use super::super::console::list::Empty;
use super::super::console::overview::{CycleRow, Stage, cycle_pill};
use super::super::console::parts::{Link, Moment, Tone, counted, span, thousands};
use crate::clock::Timestamp;
use crate::model::{Cycle, CycleKind, CycleState, JobStatus};
use crate::sync::PROBE_REQUESTS;

/// Cycles in the table.
const ROWS: usize = 5;

/// The table; `cycles` are newest first, `logs` is the address of the provisioning logs.
pub(super) fn rows(cycles: &[Cycle], logs: &str, now: Timestamp) -> Vec<CycleRow> {
    cycles
        .iter()
        .take(ROWS)
        .map(|cycle| CycleRow {
            kind: Link::new(kind(cycle.kind), logs),
            state: cycle_pill(word(cycle.state)),
            ended: cycle.ended.map(|at| Moment::new(at, now)),
            created: thousands(cycle.counts.created),
            updated: thousands(cycle.counts.updated),
            disabled: thousands(cycle.counts.disabled),
            failed: thousands(cycle.counts.failed),
            requests: thousands(cycle.counts.requests),
            duration: cycle
                .ended
                .map(|at| span(at.since(cycle.began)))
                .unwrap_or_default(),
        })
        .collect()
}

const fn kind(kind: CycleKind) -> &'static str {
    match kind {
        CycleKind::Initial => "Initial",
        CycleKind::Incremental => "Incremental",
    }
}

const fn word(state: CycleState) -> &'static str {
    match state {
        CycleState::Running => "Running",
        CycleState::Succeeded => "Complete",
        CycleState::EntryLevelErrors => "With failures",
        CycleState::Failed => "Failed",
        CycleState::Stopped => "Restarted",
    }
}

/// The next step before the first cycle; without a job there is no application yet.
pub(super) fn none(job: Option<JobStatus>, provisioning: &str) -> Empty {
    let title = "No cycle has run yet";
    match job {
        None => Empty::new(
            title,
            "Cycles belong to an enterprise application. Start scimlab with --seed demo to have one.",
            Link::plain(""),
        ),
        Some(JobStatus::NotConfigured) => Empty::new(
            title,
            "Enter the Admin Credentials, then start provisioning.",
            Link::new("Enter the Admin Credentials", provisioning),
        ),
        Some(JobStatus::Paused | JobStatus::Disabled) => Empty::new(
            title,
            "Start provisioning: the initial cycle brings everybody who is in scope into the team.",
            Link::new("Start provisioning", provisioning),
        ),
        Some(JobStatus::Active | JobStatus::Quarantine) => Empty::new(
            title,
            "The initial cycle is due. Watch it on the Provisioning tab.",
            Link::new("Provisioning", provisioning),
        ),
    }
}

/// The *Wire* box; `cycles` are newest first, `href` is the address behind it.
pub(super) fn wire(cycles: &[Cycle], href: String, now: Timestamp) -> Stage {
    let (requests, unit, tone) = sent(cycles, now);
    Stage {
        name: "Wire",
        href,
        figure: thousands(requests),
        unit,
        tone,
    }
}

fn sent(cycles: &[Cycle], now: Timestamp) -> (u64, String, Tone) {
    let Some(last) = cycles.first() else {
        return (0, "requests".into(), Tone::Quiet);
    };
    if last.counts.failed > 0 {
        let failures = counted(last.counts.failed, "failure", "failures");
        let unit = format!("requests in the last cycle, {failures}");
        return (last.counts.requests, unit, Tone::Bad);
    }
    let worked = cycles
        .iter()
        .find(|cycle| cycle.counts.requests > PROBE_REQUESTS);
    let (requests, unit) = match worked {
        None => (0, "requests beyond the probe".to_owned()),
        Some(cycle) => {
            let unit = match cycle.ended {
                None => "requests in the running cycle".to_owned(),
                Some(_) if cycle.seq == last.seq => "requests in the last cycle".to_owned(),
                Some(at) => {
                    // The moment stays in one piece where the line breaks.
                    let when = Moment::new(at, now).text.replace(' ', "\u{a0}");
                    format!("requests in the cycle {when}")
                }
            };
            (cycle.counts.requests, unit)
        }
    };
    (requests, unit, Tone::Quiet)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::id::{Guid, Seq};
    use crate::model::{CycleCounts, CyclePhase};

    const BEGAN: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    /// Ended cycles with these requests and failures, newest first; each ended `hours` hours ago in turn.
    fn cycles(of: &[(u64, u64)]) -> Vec<Cycle> {
        let count = of.len() as u64;
        of.iter()
            .zip(0_u64..)
            .map(|(&(requests, failed), age)| {
                let began = BEGAN.plus(Duration::from_hours(count - age));
                Cycle {
                    seq: Seq(count - age),
                    id: Guid::random(),
                    kind: CycleKind::Incremental,
                    state: CycleState::Succeeded,
                    began,
                    ended: Some(began.plus(Duration::from_millis(2_480))),
                    head: Seq(0),
                    phase: CyclePhase::Members,
                    after: Seq(0),
                    total: 0,
                    done: 0,
                    counts: CycleCounts {
                        failed,
                        requests,
                        ..CycleCounts::default()
                    },
                    deletions: crate::model::Deletions::Allowed,
                    admitted: 0,
                    error: None,
                }
            })
            .collect()
    }

    fn said(cycles: &[Cycle]) -> (String, String, Tone) {
        let now = cycles
            .first()
            .map_or(BEGAN, |cycle| cycle.began.plus(Duration::from_mins(1)));
        let stage = wire(cycles, "/logs".into(), now);
        (stage.figure, stage.unit, stage.tone)
    }

    #[test]
    fn the_wire_shows_the_latest_cycle_that_sent_more_than_the_probe() {
        for (of, figure, unit, tone) in [
            (&[][..], "0", "requests", Tone::Quiet),
            (
                &[(1_206, 0)],
                "1,206",
                "requests in the last cycle",
                Tone::Quiet,
            ),
            (
                &[(2, 0), (2, 0), (1_206, 0), (9, 0)],
                "1,206",
                "requests in the cycle 2\u{a0}h\u{a0}ago",
                Tone::Quiet,
            ),
            (
                &[(1, 0), (2, 0)],
                "0",
                "requests beyond the probe",
                Tone::Quiet,
            ),
            (
                &[(7, 3), (1_206, 0)],
                "7",
                "requests in the last cycle, 3 failures",
                Tone::Bad,
            ),
            (
                &[(2, 1), (1_206, 0)],
                "2",
                "requests in the last cycle, 1 failure",
                Tone::Bad,
            ),
            (
                &[(2, 0), (7, 3)],
                "7",
                "requests in the cycle 1\u{a0}h\u{a0}ago",
                Tone::Quiet,
            ),
        ] {
            let wanted = (figure.to_owned(), unit.to_owned(), tone);
            assert_eq!(said(&cycles(of)), wanted, "{of:?}");
        }
        let mut running = cycles(&[(40, 0), (1_206, 0)]);
        running[0].ended = None;
        running[0].state = CycleState::Running;
        assert_eq!(said(&running).1, "requests in the running cycle");
    }

    #[test]
    fn the_table_has_the_five_latest_and_no_end_for_the_running_one() {
        let mut cycles = cycles(&[(3, 0), (2_000, 0), (2, 0), (2, 0), (2, 0), (2, 0)]);
        cycles[0].ended = None;
        cycles[0].state = CycleState::Running;
        cycles[4].kind = CycleKind::Initial;
        let rows = rows(&cycles, "/logs", cycles[0].began);
        assert_eq!(rows.len(), 5);
        assert_eq!((&rows[0].ended, rows[0].duration.as_str()), (&None, ""));
        assert_eq!(rows[0].state.word, "Running");
        assert_eq!(rows[1].state.word, "Complete");
        assert_eq!(rows[1].duration, "2.4 s");
        assert_eq!(rows[1].requests, "2,000");
        assert_eq!(
            rows[1].ended.as_ref().map(|at| at.text.as_str()),
            Some("59 min ago")
        );
        assert_eq!(rows[1].kind, Link::new("Incremental", "/logs"));
        assert_eq!(rows[4].kind, Link::new("Initial", "/logs"));
    }

    #[test]
    fn before_the_first_cycle_the_next_step_is_named() {
        for (job, href) in [
            (None, ""),
            (Some(JobStatus::NotConfigured), "/here"),
            (Some(JobStatus::Paused), "/here"),
            (Some(JobStatus::Active), "/here"),
        ] {
            assert_eq!(none(job, "/here").link.href, href, "{job:?}");
        }
    }
}

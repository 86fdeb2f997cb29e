//! Which jobs of a queue may begin (part 10.2 of the Okta reference). Pure.
//!
//! Jobs begin in their order. Those about people run side by side, but never two about one person. A job about a group
//! waits until everything before it is done, and holds back what is behind it. Okta publishes none of this; nor what a
//! target's request for patience (429) means for the others. Here the first one holds everybody back, because a target
//! that is overloaded is so for all; when the same job is refused again, only its person, and groups, go on waiting.

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{JobKind, ProvisioningJob};

/// Jobs that are looked at, at once.
pub(super) const WINDOW: usize = 400;
/// Up to so many people are worked at one after the other.
const FEW: usize = 20;
/// How many people are worked at at once when more wait.
pub(super) const MANY: usize = 8;
/// Most people in one batch for each that is worked at at once.
const EACH: usize = 25;

/// What to do now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    /// Nothing can begin.
    Wait,
    /// These people, so many of them at once.
    People(Vec<ProvisioningJob>, usize),
    /// This job alone.
    Alone(ProvisioningJob),
}

/// What may begin of the first jobs of a queue. `concurrency` is the app's choice; 0 lets the number of waiting people
/// decide.
pub(super) fn next(jobs: &[ProvisioningJob], concurrency: usize, now: Timestamp) -> Next {
    let mut batch: Vec<ProvisioningJob> = Vec::new();
    // People with a job that has not ended, and whether groups wait for it.
    let (mut held, mut groups_wait) = (HashSet::<Seq>::new(), false);
    for job in jobs {
        // An import holds nobody back: each page of it takes its turn.
        if is_import(&job.kind) {
            if batch.is_empty() && job.due <= now {
                return Next::Alone(job.clone());
            }
            continue;
        }
        let Some(user) = job.kind.user() else {
            let begins =
                batch.is_empty() && (is_local(&job.kind) || (!groups_wait && job.due <= now));
            if begins {
                return Next::Alone(job.clone());
            }
            break;
        };
        if !held.insert(user) {
            groups_wait = true;
        } else if job.due <= now {
            batch.push(job.clone());
        } else if holds_everybody(job) {
            break;
        } else {
            groups_wait |= job.reactivations == 0;
        }
    }
    if batch.is_empty() {
        return Next::Wait;
    }
    let width = match concurrency {
        0 if batch.len() <= FEW => 1,
        0 => MANY,
        chosen => chosen.min(batch.len()),
    };
    batch.truncate(if width == 1 { 1 } else { width * EACH });
    Next::People(batch, width)
}

/// What a push of members does as well: the same push, appended before it began. It reads who is a member when it begins,
/// and whoever gets an account later appends another.
pub(super) fn done_with(job: &ProvisioningJob, waiting: &[ProvisioningJob]) -> Vec<Seq> {
    if !matches!(job.kind, JobKind::PushMembers { .. }) {
        return Vec::new();
    }
    let same = waiting
        .iter()
        .filter(|other| other.kind == job.kind && other.seq != job.seq);
    same.map(|other| other.seq).collect()
}

/// Whether a job sends nothing, so that no target can hold it back.
pub(super) const fn is_local(kind: &JobKind) -> bool {
    matches!(
        kind,
        JobKind::AssignGroup { .. }
            | JobKind::UnassignGroup { .. }
            | JobKind::ApplyMappings { .. }
            | JobKind::ProvisionWaiting { .. }
            | JobKind::EvaluateRules { .. }
            | JobKind::ForgetRule { .. }
            | JobKind::ClearUnconfirmed
            | JobKind::ForgetAttribute { .. }
    )
}

/// Whether a job is an import.
pub(super) const fn is_import(kind: &JobKind) -> bool {
    matches!(kind, JobKind::Import { .. })
}

const fn holds_everybody(job: &ProvisioningJob) -> bool {
    job.attempts == 1 && job.waited > 0
}

/// The moment at which something may begin, which may be past; `None` for an empty queue.
pub(super) fn earliest(jobs: &[ProvisioningJob]) -> Option<Timestamp> {
    let mut earliest: Option<Timestamp> = None;
    let (mut held, mut groups_wait) = (HashSet::<Seq>::new(), false);
    for job in jobs {
        if is_import(&job.kind) {
            earliest = Some(earliest.map_or(job.due, |at| at.min(job.due)));
            continue;
        }
        let Some(user) = job.kind.user() else {
            if earliest.is_none() || !groups_wait || is_local(&job.kind) {
                return Some(earliest.map_or(job.due, |at| at.min(job.due)));
            }
            break;
        };
        if !held.insert(user) {
            groups_wait = true;
            continue;
        }
        earliest = Some(earliest.map_or(job.due, |at| at.min(job.due)));
        if holds_everybody(job) {
            break;
        }
        groups_wait |= job.reactivations == 0;
    }
    earliest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn job(seq: u64, kind: JobKind) -> ProvisioningJob {
        ProvisioningJob {
            seq: Seq(seq),
            kind,
            created: at(0),
            due: at(0),
            attempts: 0,
            waited: 0,
            reactivations: 0,
            begun: false,
        }
    }

    fn person(seq: u64, user: u64) -> ProvisioningJob {
        job(seq, JobKind::Provision { user: Seq(user) })
    }

    fn group(seq: u64) -> ProvisioningJob {
        let mapping = Seq(1);
        job(seq, JobKind::PushMembers { mapping })
    }

    fn refused(job: ProvisioningJob, attempts: u32, due: i64) -> ProvisioningJob {
        let (due, waited) = (at(due), 30);
        ProvisioningJob {
            due,
            attempts,
            waited,
            ..job
        }
    }

    fn put_off(job: ProvisioningJob, due: i64) -> ProvisioningJob {
        let (due, reactivations) = (at(due), 1);
        ProvisioningJob {
            due,
            reactivations,
            ..job
        }
    }

    /// Rows of what may begin at second 10, with eight at once.
    fn rows(jobs: &[ProvisioningJob]) -> Vec<u64> {
        match next(jobs, 8, at(10)) {
            Next::Wait => Vec::new(),
            Next::People(jobs, _) => jobs.iter().map(|job| job.seq.0).collect(),
            Next::Alone(job) => vec![job.seq.0],
        }
    }

    /// 10.2 and 1.13.
    #[test]
    fn what_may_begin() {
        let expansion = |seq| {
            let (group, after) = (Seq(1), Seq(0));
            job(seq, JobKind::AssignGroup { group, after })
        };
        for (what, jobs, begin) in [
            ("nothing", vec![], vec![]),
            (
                "people side by side",
                vec![person(1, 1), person(2, 2)],
                vec![1, 2],
            ),
            (
                "one job of a person",
                vec![person(1, 1), person(2, 1), person(3, 2)],
                vec![1, 3],
            ),
            (
                "a group holds back",
                vec![person(1, 1), group(2), person(3, 3)],
                vec![1],
            ),
            ("a group alone", vec![group(2), person(3, 3)], vec![2]),
            (
                "the first 429 holds all",
                vec![refused(person(1, 1), 1, 40), person(2, 2)],
                vec![],
            ),
            (
                "jobs before it go",
                vec![person(1, 1), refused(person(2, 2), 1, 40), person(3, 3)],
                vec![1],
            ),
            (
                "the second holds one",
                vec![refused(person(1, 1), 2, 40), person(2, 2)],
                vec![2],
            ),
            (
                "and its person",
                vec![refused(person(1, 1), 2, 40), person(2, 1)],
                vec![],
            ),
            (
                "and groups",
                vec![refused(person(1, 1), 2, 40), group(2)],
                vec![],
            ),
            (
                "until it is over",
                vec![refused(person(1, 1), 1, 10), person(2, 2)],
                vec![1, 2],
            ),
            (
                "a slow account holds its person",
                vec![put_off(person(1, 1), 40), person(2, 1)],
                vec![],
            ),
            (
                "but no group",
                vec![put_off(person(1, 1), 40), group(2)],
                vec![2],
            ),
            (
                "a group that was refused",
                vec![refused(group(1), 1, 40), person(2, 2)],
                vec![],
            ),
            (
                "an expansion sends nothing",
                vec![refused(person(1, 1), 2, 40), expansion(2)],
                vec![2],
            ),
            (
                "an expansion after people",
                vec![person(1, 1), expansion(2), person(3, 3)],
                vec![1],
            ),
        ] {
            assert_eq!(rows(&jobs), begin, "{what}");
            let due = earliest(&jobs);
            assert_eq!(
                due.is_some_and(|at_| at_ <= at(10)),
                !begin.is_empty(),
                "{what}"
            );
        }
    }

    /// 1.13: parallelism is not published. One at a time while few wait, so that traces are reproducible.
    #[test]
    fn few_are_worked_at_one_by_one_and_many_at_once() {
        let people = |count: u64| -> Vec<_> { (1..=count).map(|n| person(n, n)).collect() };
        for (waiting, concurrency, batch, width) in [
            (1, 0, 1, 1),
            (20, 0, 1, 1),
            (21, 0, 21, 8),
            (400, 0, 200, 8),
            (400, 1, 1, 1),
            (400, 4, 100, 4),
            (3, 4, 3, 3),
        ] {
            match next(&people(waiting), concurrency, at(0)) {
                Next::People(jobs, at_once) => assert_eq!((jobs.len(), at_once), (batch, width)),
                other => panic!("{other:?}"),
            }
        }
    }

    proptest! {
        /// Otherwise a scheduler would turn round and round, or a queue would wait for nothing.
        #[test]
        fn a_queue_is_due_when_something_may_begin(
            shapes in prop::collection::vec((0_u8..5, 0_u64..4, 0_u32..4, 0_u32..2, 0_i64..20), 0..12),
        ) {
            let jobs: Vec<ProvisioningJob> = (1..).zip(shapes).map(|(seq, (kind, user, attempts, off, due))| {
                let mut job = match kind {
                    0 => group(seq),
                    1 => job(seq, JobKind::ApplyMappings { after: Seq(0), force: false }),
                    _ => person(seq, user),
                };
                (job.attempts, job.waited, job.reactivations) = (attempts, 30, off);
                job.due = if is_local(&job.kind) { at(0) } else { at(due) };
                job
            }).collect();
            let begins = next(&jobs, 0, at(10)) != Next::Wait;
            let due = earliest(&jobs).is_some_and(|moment| moment <= at(10));
            prop_assert_eq!(begins, due);
        }
    }
}

//! Overload: a target that says when to come back is waited for, within bounds.
//!
//! What the service does with 429 inside a cycle is not published. Here, an answer of 429 or 503 with a
//! `Retry-After` of at most a minute is waited for and the request sent again, twice at most; without it,
//! or with a longer one, the object fails and is tried in the next cycle. A target that goes on refusing
//! after many waits is not waited for any more, so that it cannot hold a cycle for ever. The wait is real
//! time, because the target's is: the appliance's clock may be turned.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::client::Answer;
use crate::clock::Timestamp;

/// Longest wait that is accepted.
const LONGEST: Duration = Duration::from_mins(1);
/// How often one request is sent again.
pub(super) const AGAIN: u32 = 2;
/// Waits in a row, by all threads of a cycle, after which it waits no more.
const IN_VAIN: u32 = 32;

/// Counts what waiting brought in one cycle.
#[derive(Debug, Default)]
pub(super) struct Patience {
    in_vain: AtomicU32,
}

impl Patience {
    /// How long to wait before the request that got this answer is sent again; `None` when it is not.
    pub(super) fn wait(&self, answer: &Answer, now: Timestamp) -> Option<Duration> {
        if !matches!(answer.status, 429 | 503) {
            self.in_vain.store(0, Ordering::Relaxed);
            return None;
        }
        let wait = retry_after(answer, now).filter(|wait| *wait <= LONGEST)?;
        let before = self.in_vain.fetch_add(1, Ordering::Relaxed);
        (before < IN_VAIN).then_some(wait)
    }
}

/// `Retry-After`: seconds, or a date, which is compared with the answer's own `Date` when it has one.
fn retry_after(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let header = |name: &str| answer.headers.get(name)?.to_str().ok().map(str::trim);
    let text = header("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let base = header("date").and_then(http_date).unwrap_or(now);
    Some(http_date(text)?.since(base))
}

fn http_date(text: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Timestamp::from_millis(date.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::HeaderMap;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer {
            status,
            headers: map,
            body: Vec::new(),
        }
    }

    #[test]
    fn a_short_retry_after_is_waited_for() {
        let now = Timestamp::parse("2026-01-31T09:30:00Z").unwrap();
        let later = ("retry-after", "Sat, 31 Jan 2026 09:30:20 GMT");
        for (status, headers, seconds) in [
            (429, vec![("retry-after", "7")], Some(7)),
            (503, vec![("retry-after", " 0 ")], Some(0)),
            (429, vec![("retry-after", "60")], Some(60)),
            (429, vec![("retry-after", "61")], None),
            (429, vec![("retry-after", "soon")], None),
            (429, vec![("retry-after", "-1")], None),
            (429, vec![], None),
            (500, vec![("retry-after", "7")], None),
            (200, vec![("retry-after", "7")], None),
            (429, vec![later], Some(20)),
            (
                429,
                vec![later, ("date", "Sat, 31 Jan 2026 09:30:15 GMT")],
                Some(5),
            ),
            (
                429,
                vec![("retry-after", "Sat, 31 Jan 2026 09:29:00 GMT")],
                Some(0),
            ),
            (
                429,
                vec![("retry-after", "Sat, 31 Jan 2026 10:30:00 GMT")],
                None,
            ),
        ] {
            let wait = Patience::default().wait(&answer(status, &headers), now);
            assert_eq!(
                wait,
                seconds.map(Duration::from_secs),
                "{status} {headers:?}"
            );
        }
    }

    #[test]
    fn waiting_in_vain_ends() {
        let patience = Patience::default();
        let busy = answer(429, &[("retry-after", "1")]);
        let now = Timestamp::default();
        for _ in 0..IN_VAIN {
            assert!(patience.wait(&busy, now).is_some());
        }
        assert!(patience.wait(&busy, now).is_none());
        assert!(patience.wait(&answer(200, &[]), now).is_none());
        assert!(patience.wait(&busy, now).is_some(), "it works again");
    }
}

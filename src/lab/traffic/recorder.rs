//! The ring in which exchanges are kept, and how they are found again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;

use super::{Body, Exchange, Side};
use crate::id::{Guid, Guids, Nonce, Seq};

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Exchanges of clients with a valid key.
    pub exchanges: usize,
    /// Exchanges without one. They have room of their own, so that a flood of them pushes nothing else out.
    pub strangers: usize,
    /// Bytes of all bodies together; an eighth of them is the strangers'.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            exchanges: 1_000,
            strangers: 100,
            bytes: 32 << 20,
        }
    }
}

/// An exchange with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Counts up from 1 in the order of answers.
    pub number: u64,
    /// What was said.
    pub exchange: Exchange,
}

/// An exchange as it is kept: what has to be done for people to read it is done when somebody does.
#[derive(Debug)]
struct Kept {
    number: u64,
    weight: usize,
    unread: Mutex<Option<(Exchange, Option<Bytes>)>>,
    read: OnceLock<Arc<Recorded>>,
}

impl Kept {
    fn read(&self) -> &Arc<Recorded> {
        self.read.get_or_init(|| {
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut exchange, answer) = unread.take().unwrap_or_default();
            if let Some(answer) = answer {
                exchange.response = Body::of(Side::Response, &answer, answer.len());
            }
            Arc::new(Recorded {
                number: self.number,
                exchange,
            })
        })
    }
}

#[derive(Debug, Default)]
struct Ring {
    kept: VecDeque<Arc<Kept>>,
    weight: usize,
}

impl Ring {
    /// Adds an exchange and returns what has to go for it, to be dropped outside of the lock.
    fn push(&mut self, kept: Arc<Kept>, most: usize, bytes: usize) -> Gone {
        self.weight += kept.weight;
        self.kept.push_back(kept);
        let mut gone = Gone::None;
        while self.kept.len() > most || self.weight > bytes {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.weight -= oldest.weight;
            gone = gone.and(oldest);
        }
        gone
    }
}

/// What went; nearly always one, which needs no memory.
enum Gone {
    None,
    One(Arc<Kept>),
    Many(Vec<Arc<Kept>>),
}

impl Gone {
    fn and(self, another: Arc<Kept>) -> Self {
        match self {
            Self::None => Self::One(another),
            Self::One(one) => Self::Many(vec![one, another]),
            Self::Many(mut many) => {
                many.push(another);
                Self::Many(many)
            }
        }
    }
}

#[derive(Debug, Default)]
struct Rings {
    last: u64,
    clients: Ring,
    strangers: Ring,
}

/// Statuses by their first digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusClass {
    /// Below 400.
    Success,
    /// 400 to 499.
    Refused,
    /// 500 and above.
    Failed,
}

impl StatusClass {
    /// The class of a status.
    pub const fn of(status: u16) -> Self {
        match status {
            0..400 => Self::Success,
            400..500 => Self::Refused,
            _ => Self::Failed,
        }
    }
}

/// What is looked for; empty parts do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Exactly this method.
    pub method: String,
    /// Statuses of this class.
    pub status: Option<StatusClass>,
    /// Sent with a key of exactly this name.
    pub key_name: String,
    /// Sent with a key of this team.
    pub team: Option<Seq>,
    /// Paths that begin so.
    pub path: String,
    /// In the target, an id, the client's name for itself, the key's name or a body; in any case.
    pub text: String,
}

impl Wanted {
    fn takes(&self, exchange: &Exchange, needle: &str) -> bool {
        let key_name = exchange.client.as_ref().map_or("", |c| &c.key_name);
        (self.method.is_empty() || self.method == exchange.method)
            && self
                .status
                .is_none_or(|class| class == StatusClass::of(exchange.status))
            && (self.key_name.is_empty() || self.key_name == key_name)
            && self
                .team
                .is_none_or(|team| exchange.client.as_ref().is_some_and(|c| c.team == team))
            && exchange.target.path().starts_with(&self.path)
            && (needle.is_empty()
                || [
                    exchange.target.as_str(),
                    exchange.request_id(),
                    &exchange.id,
                    exchange.user_agent(),
                    key_name,
                    exchange.request.text(),
                    exchange.response.text(),
                ]
                .iter()
                .any(|text| text.to_lowercase().contains(needle)))
    }
}

/// A page of what was found, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The page.
    pub exchanges: Vec<Arc<Recorded>>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Keeps the last exchanges. Cheap to clone: all clones are one.
#[derive(Debug, Clone)]
pub struct Recorder {
    bounds: Bounds,
    rings: Arc<Mutex<Rings>>,
    ids: Arc<Guids>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new(Bounds::default())
    }
}

impl Recorder {
    /// Nothing recorded yet.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            rings: Arc::default(),
            ids: Arc::new(Guids::new(Nonce::random())),
        }
    }

    /// An id for an exchange that begins.
    pub fn next_id(&self) -> Guid {
        self.ids.next()
    }

    /// Keeps an exchange; the oldest of its kind go when there is no more room.
    pub fn record(&self, exchange: Exchange) {
        self.keep(exchange, None);
    }

    /// The same for an exchange whose response is still missing: `answer` becomes it when somebody reads. Until
    /// then it lies here as it was sent, so this is for what a client was just given and never for what a
    /// client sent: there may be a password in that.
    pub fn record_answered(&self, exchange: Exchange, answer: Bytes) {
        self.keep(exchange, Some(answer));
    }

    fn keep(&self, exchange: Exchange, answer: Option<Bytes>) {
        let known = exchange.client.is_some();
        let mut kept = Arc::new(Kept {
            number: 0,
            weight: exchange.weight() + answer.as_ref().map_or(0, Bytes::len),
            unread: Mutex::new(Some((exchange, answer))),
            read: OnceLock::new(),
        });
        let strangers = self.bounds.bytes / 8;
        let mut rings = self.lock();
        rings.last += 1;
        if let Some(kept) = Arc::get_mut(&mut kept) {
            kept.number = rings.last;
        }
        let gone = if known {
            let bytes = self.bounds.bytes - strangers;
            rings.clients.push(kept, self.bounds.exchanges, bytes)
        } else {
            let most = self.bounds.strangers;
            rings.strangers.push(kept, most, strangers)
        };
        drop(rings);
        drop(gone);
    }

    /// Exchanges that fit, newest first: `limit` of them after the first `skip`. Bodies are searched without
    /// holding anybody up.
    pub fn list(&self, wanted: &Wanted, skip: u64, limit: usize) -> Found {
        let needle = wanted.text.to_lowercase();
        let mut found = Found {
            exchanges: Vec::new(),
            total: 0,
        };
        for recorded in self.all() {
            if wanted.takes(&recorded.exchange, &needle) {
                if found.total >= skip && found.exchanges.len() < limit {
                    found.exchanges.push(recorded);
                }
                found.total += 1;
            }
        }
        found
    }

    /// The exchange with this id of ours.
    pub fn find(&self, id: &str) -> Option<Arc<Recorded>> {
        let all = self.all();
        all.into_iter().find(|r| &*r.exchange.id == id)
    }

    /// The last exchange whose answer said this request id. Clients choose ids of their own, and may use one twice.
    pub fn find_by_request_id(&self, id: &str) -> Option<Arc<Recorded>> {
        let all = self.all();
        all.into_iter().find(|r| r.exchange.request_id() == id)
    }

    /// Teams whose keys were used, in order.
    pub fn teams(&self) -> Vec<Seq> {
        let all = self.all();
        let mut teams: Vec<Seq> = all
            .iter()
            .filter_map(|r| r.exchange.client.as_ref().map(|c| c.team))
            .collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    /// Names of the keys that were used, in order.
    pub fn key_names(&self) -> Vec<String> {
        let all = self.all();
        let names = all.iter().filter_map(|r| r.exchange.client.as_ref());
        let mut names: Vec<String> = names.map(|c| c.key_name.to_string()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Everything that is kept, newest first.
    fn all(&self) -> Vec<Arc<Recorded>> {
        let rings = self.lock();
        let both = [&rings.clients, &rings.strangers];
        let mut all: Vec<_> = both.iter().flat_map(|ring| &ring.kept).cloned().collect();
        drop(rings);
        all.sort_unstable_by_key(|kept| std::cmp::Reverse(kept.number));
        all.iter().map(|kept| Arc::clone(kept.read())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Body, Client, Headers, LONGEST, Side, Target};
    use super::*;
    use crate::clock::Timestamp;
    use crate::id::Seq;

    fn exchange(id: &str, key: &str, body: &str) -> Exchange {
        Exchange {
            id: id.into(),
            client_id: None,
            at: Timestamp::from_millis(0),
            duration: Duration::ZERO,
            method: "GET".into(),
            target: Target::new("/Users", ""),
            client: (!key.is_empty()).then(|| Client {
                team: Seq(1),
                key_name: key.into(),
            }),
            status: 200,
            request_headers: Headers::default(),
            request: Body::of(Side::Request, body.as_bytes(), LONGEST),
            response_headers: Headers::default(),
            response: Body::Empty,
        }
    }

    fn ids(found: &Found) -> Vec<&str> {
        found.exchanges.iter().map(|r| &*r.exchange.id).collect()
    }

    #[test]
    fn the_oldest_go_first_and_strangers_push_nobody_out() {
        let recorder = Recorder::new(Bounds {
            exchanges: 3,
            strangers: 2,
            bytes: 1 << 20,
        });
        for n in 0..5 {
            recorder.record(exchange(&format!("known{n}"), "key", ""));
            for m in 0..9 {
                recorder.record(exchange(&format!("stranger{n}{m}"), "", ""));
            }
        }
        let found = recorder.list(&Wanted::default(), 0, 10);
        assert_eq!(
            ids(&found),
            ["stranger48", "stranger47", "known4", "known3", "known2"]
        );
        assert_eq!(found.total, 5);
        assert!(recorder.find("known2").is_some());
        assert!(recorder.find("known1").is_none());
    }

    #[test]
    fn an_answer_is_read_when_somebody_looks_and_weighs_the_same_before() {
        let recorder = Recorder::new(Bounds {
            exchanges: 1_000,
            strangers: 1_000,
            bytes: 800,
        });
        for n in 0..20 {
            let answer = format!(
                r#"{{"id":"{n:02}","apiToken":"t1g3r","x":"{}"}}"#,
                "x".repeat(63)
            );
            assert_eq!(answer.len(), 100);
            recorder.record_answered(exchange(&n.to_string(), "key", ""), answer.into());
        }
        let found = recorder.list(&Wanted::default(), 0, 100);
        assert_eq!(found.total, 7);
        for recorded in &found.exchanges {
            let text = recorded.exchange.response.text();
            assert!(text.contains(super::super::MASK) && !text.contains("t1g3r"));
        }
    }

    #[test]
    fn bodies_together_stay_below_the_bound() {
        let recorder = Recorder::new(Bounds {
            exchanges: 1_000,
            strangers: 1_000,
            bytes: 8_000,
        });
        let body = format!("[\"{}\"]", "x".repeat(996));
        for n in 0..50 {
            recorder.record(exchange(&n.to_string(), "key", &body));
            recorder.record(exchange(&n.to_string(), "", &body));
        }
        let found = recorder.list(&Wanted::default(), 0, 100);
        let weight: usize = found.exchanges.iter().map(|r| r.exchange.weight()).sum();
        assert_eq!((found.total, weight), (8, 8_000));
        // One that is larger than all room goes at once, and takes the others along.
        recorder.record(exchange(
            "huge",
            "key",
            &format!("[\"{}\"]", "x".repeat(9_000)),
        ));
        assert_eq!(recorder.list(&Wanted::default(), 0, 100).total, 1);
    }

    #[test]
    fn exchanges_are_found_by_what_is_known_of_them() {
        let recorder = Recorder::default();
        recorder.record(exchange("a", "Entra", r#"{"userName":"Ada@example.com"}"#));
        let mut other = exchange("b", "Okta", "");
        other.method = "DELETE".into();
        other.status = 404;
        other.target = Target::new("/Groups/1", "");
        other.client_id = Some("Trace-7".into());
        recorder.record(other);
        let mut stranger = exchange("c", "", "");
        stranger.status = 401;
        recorder.record(stranger);
        let wanted = Wanted::default;
        for (wanted, expected) in [
            (wanted(), &["c", "b", "a"][..]),
            (
                Wanted {
                    method: "DELETE".into(),
                    ..wanted()
                },
                &["b"],
            ),
            (
                Wanted {
                    status: Some(StatusClass::Refused),
                    ..wanted()
                },
                &["c", "b"],
            ),
            (
                Wanted {
                    status: Some(StatusClass::Failed),
                    ..wanted()
                },
                &[],
            ),
            (
                Wanted {
                    key_name: "Entra".into(),
                    ..wanted()
                },
                &["a"],
            ),
            (
                Wanted {
                    team: Some(Seq(1)),
                    ..wanted()
                },
                &["b", "a"],
            ),
            (
                Wanted {
                    team: Some(Seq(2)),
                    ..wanted()
                },
                &[],
            ),
            (
                Wanted {
                    path: "/Groups".into(),
                    ..wanted()
                },
                &["b"],
            ),
            (
                Wanted {
                    text: "ada@EXAMPLE".into(),
                    ..wanted()
                },
                &["a"],
            ),
            (
                Wanted {
                    text: "trace-7".into(),
                    ..wanted()
                },
                &["b"],
            ),
            (
                Wanted {
                    text: "nobody".into(),
                    ..wanted()
                },
                &[],
            ),
        ] {
            assert_eq!(ids(&recorder.list(&wanted, 0, 10)), expected, "{wanted:?}");
        }
        let second = recorder.list(&wanted(), 1, 1);
        assert_eq!((ids(&second), second.total), (vec!["b"], 3));
        assert_eq!(recorder.key_names(), ["Entra", "Okta"]);
    }
}

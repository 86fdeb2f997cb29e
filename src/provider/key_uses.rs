//! What is done with SCIM keys: when last, by which client, how often.
//!
//! Counted in memory, because a write for each request would be most of a request's work, and added to the
//! store about once a minute and at a clean end. A crash forgets the last minute of counts and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::KeyUse;
use crate::secret::SCIM_KEY_PREFIX;
use crate::store::{Reads, Write, key_uses as rows, keys};

/// How long counts stay in memory alone while requests come.
const INTERVAL: Duration = Duration::from_mins(1);
/// Most characters of a client's name that are kept.
const CLIENT: usize = 200;

/// Counts of keys, by team and key.
pub type Counts = HashMap<(Seq, Seq), KeyUse>;

/// Counts that are not in the store yet. Cheap to clone; clones share the memory.
#[derive(Debug, Clone, Default)]
pub struct KeyUses(Arc<Mutex<Counted>>);

#[derive(Debug, Default)]
struct Counted {
    counts: Counts,
    /// When the oldest of them was counted.
    since: Option<Timestamp>,
}

impl KeyUses {
    /// Counts a request that a key opened the door for. `client` is its `User-Agent`, or empty. Answers with
    /// what should be written down now, if it is time for that.
    pub fn count(&self, team: Seq, key: Seq, client: &str, now: Timestamp) -> Option<Counts> {
        let mut counted = self.counted();
        let key = counted.counts.entry((team, key)).or_default();
        key.requests += 1;
        key.last = Some(now);
        if !client.is_empty() && client != key.client {
            key.client = printable(client);
        }
        let since = *counted.since.get_or_insert(now);
        (now.since(since) >= INTERVAL).then(|| counted.take())
    }

    /// Everything that is not in the store yet, to be written down.
    pub fn take(&self) -> Counts {
        self.counted().take()
    }

    /// Remembers again what could not be written down.
    pub fn put_back(&self, counts: Counts) {
        let mut counted = self.counted();
        for (place, earlier) in counts {
            let later = counted.counts.remove(&place).unwrap_or_default();
            counted.counts.insert(place, sum(earlier, later));
        }
    }

    /// What was done with a key, written down or not.
    ///
    /// # Errors
    /// The store's.
    pub fn of(&self, tx: &impl Reads, team: Seq, key: Seq) -> Result<KeyUse> {
        let stored = rows::find(tx, team, key)?;
        let counted = self.counted().counts.get(&(team, key)).cloned();
        Ok(sum(stored, counted.unwrap_or_default()))
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn take(&mut self) -> Counts {
        self.since = None;
        std::mem::take(&mut self.counts)
    }
}

/// Adds counts to the store. Keys that were deleted meanwhile are forgotten.
///
/// # Errors
/// The store's.
pub fn write_down(tx: &Write<'_>, counts: &Counts) -> Result<()> {
    for ((team, key), count) in counts {
        if keys::find(tx, *team, *key)?.is_some() {
            let total = sum(rows::find(tx, *team, *key)?, count.clone());
            rows::put(tx, *team, *key, &total)?;
        }
    }
    Ok(())
}

fn sum(earlier: KeyUse, later: KeyUse) -> KeyUse {
    KeyUse {
        requests: earlier.requests.saturating_add(later.requests),
        last: later.last.max(earlier.last),
        client: if later.client.is_empty() {
            earlier.client
        } else {
            later.client
        },
    }
}

/// A client that sends a key in the wrong place does not get it stored.
fn printable(client: &str) -> String {
    if client.contains(SCIM_KEY_PREFIX) {
        return String::new();
    }
    client
        .chars()
        .filter(|c| !c.is_control())
        .take(CLIENT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KeyAccess, KeyStatus, ScimKey};
    use crate::secret::Plain;
    use crate::store::{self, Store};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const TEAM: Seq = Seq(1);

    fn store_with_key() -> Store {
        let store = Store::in_memory().unwrap();
        let plain = Plain::scim_key();
        let key = ScimKey {
            seq: Seq(1),
            name: "key".into(),
            digest: plain.digest(),
            last_four: plain.last_four(),
            status: KeyStatus::Active,
            created_by: "ada".into(),
            created: NOW,
            revoked: None,
            expires: None,
            access: KeyAccess::ReadWrite,
            profile: None,
            user: None,
            author: None,
            successor: None,
        };
        store
            .write(move |tx| store::keys::put(tx, TEAM, &key))
            .unwrap();
        store
    }

    #[test]
    fn requests_are_counted_and_handed_over_about_once_a_minute() {
        let uses = KeyUses::default();
        let later = |seconds| NOW.plus(Duration::from_secs(seconds));
        assert!(uses.count(TEAM, Seq(1), "Entra/1.0", NOW).is_none());
        assert!(uses.count(TEAM, Seq(2), "", later(30)).is_none());
        let counts = uses.count(TEAM, Seq(1), "", later(60)).unwrap();
        assert_eq!(
            counts[&(TEAM, Seq(1))],
            KeyUse {
                requests: 2,
                last: Some(later(60)),
                client: "Entra/1.0".into()
            }
        );
        assert_eq!(counts.len(), 2);
        assert!(
            uses.count(TEAM, Seq(1), "", later(61)).is_none(),
            "a minute begins"
        );
        assert_eq!(uses.take().len(), 1);
        assert!(uses.take().is_empty());
    }

    #[test]
    fn a_key_shows_what_is_written_down_and_what_is_not() {
        let store = store_with_key();
        let uses = KeyUses::default();
        uses.count(TEAM, Seq(1), "first", NOW);
        uses.count(TEAM, Seq(7), "of a key that is deleted meanwhile", NOW);
        let counts = uses.take();
        store.write(move |tx| write_down(tx, &counts)).unwrap();
        uses.count(TEAM, Seq(1), "sec\u{1b}ond", NOW.plus(INTERVAL));
        let tx = store.read().unwrap();
        let shown = uses.of(&tx, TEAM, Seq(1)).unwrap();
        assert_eq!((shown.requests, shown.client.as_str()), (2, "second"));
        assert_eq!(shown.last, Some(NOW.plus(INTERVAL)));
        assert_eq!(uses.of(&tx, TEAM, Seq(7)).unwrap(), KeyUse::default());
    }

    #[test]
    fn what_could_not_be_written_down_is_not_lost() {
        let uses = KeyUses::default();
        uses.count(TEAM, Seq(1), "earlier", NOW);
        let counts = uses.take();
        uses.count(TEAM, Seq(1), "later", NOW.plus(INTERVAL));
        uses.put_back(counts);
        let all = uses.take();
        let of = &all[&(TEAM, Seq(1))];
        assert_eq!((of.requests, of.client.as_str()), (2, "later"));
    }

    #[test]
    fn a_long_client_name_is_cut() {
        let uses = KeyUses::default();
        uses.count(TEAM, Seq(1), &"x".repeat(5_000), NOW);
        assert_eq!(uses.take()[&(TEAM, Seq(1))].client.len(), CLIENT);
    }
}

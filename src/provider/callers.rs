//! Who presented a key, remembered for as long as the data is the same.
//!
//! Who a caller is follows from rows of keys, teams, roles, memberships and schemas. Instead of knowing which
//! changes matter, nothing that was found in one state of the store is used in another: one commit, of
//! whatever, and everybody is looked up again. So a key that was revoked opens nothing from the moment on
//! at which its revocation is acknowledged. What depends on the time is judged on every request.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Endpoints, keys};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::ScimKey;
use crate::secret::Plain;
use crate::store::Snapshot;

/// Remembers who has valid keys. Cheap to clone; clones share the memory.
#[derive(Debug, Clone, Default)]
pub struct Callers(Arc<RwLock<Known>>);

/// Callers by the digest of their key, as a snapshot of this number has them. Only of good keys, so there are
/// never more than the store has.
#[derive(Debug, Default)]
struct Known {
    number: u64,
    callers: HashMap<[u8; 32], Arc<Good>>,
}

#[derive(Debug)]
struct Good {
    key: ScimKey,
    caller: Arc<ScimCaller>,
}

impl Callers {
    /// The same as [`keys::authenticate`].
    ///
    /// # Errors
    /// Those of [`keys::authenticate`].
    pub fn authenticate(
        &self,
        snapshot: &Snapshot,
        presented: &Plain,
        endpoints: &Endpoints,
        now: Timestamp,
    ) -> Result<Arc<ScimCaller>> {
        let digest = presented.digest();
        if let Some(good) = self.find(snapshot.number(), &digest.0)
            && good.key.opens_at(now)
        {
            return Ok(Arc::clone(&good.caller));
        }
        let (key, caller) = keys::find_caller(snapshot, &digest, endpoints, now)?;
        let caller = Arc::new(caller);
        let good = Good {
            key,
            caller: Arc::clone(&caller),
        };
        self.remember(snapshot.number(), digest.0, good);
        Ok(caller)
    }

    fn find(&self, number: u64, digest: &[u8; 32]) -> Option<Arc<Good>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let good = known.callers.get(digest);
        good.filter(|_| known.number == number).cloned()
    }

    /// Of an older snapshot than the newest seen nothing is kept.
    fn remember(&self, number: u64, digest: [u8; 32], good: Good) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.number < number {
            known.number = number;
            known.callers.clear();
        }
        if known.number == number {
            known.callers.insert(digest, Arc::new(good));
        }
    }
}

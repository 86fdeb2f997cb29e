//! [`Ids`]: object ids from a seeded generator.

use fake::rand::rngs::Xoshiro256PlusPlus;
use fake::rand::{Rng, SeedableRng};

use crate::id::{Guid, Nonce};

/// An endless supply of GUIDs. The same beginning gives the same GUIDs on every machine (the
/// algorithm is xoshiro256++).
#[derive(Debug, Clone)]
pub struct Ids(Xoshiro256PlusPlus);

impl Ids {
    /// Reproducible, for demonstrations and tests.
    pub fn from_number(number: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(number))
    }

    /// With a beginning that nobody can guess, for an installation that stays.
    pub fn from_nonce(nonce: Nonce) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(&nonce.0);
        // The generator must not start from all zeros.
        seed[16..].copy_from_slice(&nonce.0.map(|byte| !byte));
        Self(Xoshiro256PlusPlus::from_seed(seed))
    }

    /// The next GUID.
    pub fn next_guid(&mut self) -> Guid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Guid::from_nonce(Nonce(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_ids_everywhere() {
        let mut ids = Ids::from_number(1);
        let first = [ids.next_guid(), ids.next_guid()];
        let mut again = Ids::from_number(1);
        assert_eq!(first, [again.next_guid(), again.next_guid()]);
        assert_ne!(first[0], first[1]);
        assert_ne!(first[0], Ids::from_number(2).next_guid());
        assert_ne!(first[0], Ids::from_nonce(Nonce([0; 16])).next_guid());
    }
}

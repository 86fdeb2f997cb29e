//! [`Random`]: random bytes that follow from a seed and a place, so that an evaluation can be repeated.

use sha2::{Digest, Sha256};

/// A stream of bytes nobody can guess without the seed: SHA-256 in counter mode.
pub(super) struct Random {
    key: [u8; 32],
    block: u64,
    bytes: Vec<u8>,
}

impl Random {
    /// The stream of the call that stands at `offset` in mapping number `stream`.
    pub(super) fn new(seed: [u8; 16], stream: usize, offset: usize) -> Self {
        let mut key = Sha256::new();
        key.update(seed);
        key.update(stream.to_be_bytes());
        key.update(offset.to_be_bytes());
        Self {
            key: key.finalize().into(),
            block: 0,
            bytes: Vec::new(),
        }
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.bytes.pop() {
                return byte;
            }
            let mut digest = Sha256::new();
            digest.update(self.key);
            digest.update(self.block.to_be_bytes());
            self.block = self.block.wrapping_add(1);
            self.bytes = digest.finalize().to_vec();
        }
    }

    /// A number below `bound` (at most 256), every one as likely as the others.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = bound.clamp(1, 256);
        loop {
            let byte = usize::from(self.byte());
            if byte < 256 - 256 % bound {
                return byte % bound;
            }
        }
    }
}

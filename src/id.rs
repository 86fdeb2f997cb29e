//! Identifiers: dense row numbers inside, opaque ids outside.
//!
//! Owns [`Seq`] (the storage key of every row), [`ScimId`] (48 hex digits, the shape Postman
//! documents in `documentation/services/ScimService.md` of its SDK), [`Guid`] (Entra's object ids) and [`OktaId`]. Knows nothing of where rows are kept.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

mod okta;

pub use okta::{OktaId, OktaKind};

/// Number of a row within its team or tenant and kind, counted from 1. Never leaves the process
/// in this form.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Sixteen bytes that nobody can guess. Taken as an argument by everything that makes an id, so
/// that write closures stay deterministic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 16]);

impl Nonce {
    /// From the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done then.
    #[expect(
        clippy::disallowed_methods,
        reason = "one of the two sources of randomness"
    )]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
        Self(bytes)
    }
}

impl Nonce {
    /// The nonce with this number of those that follow from this one: as many as a closure needs, each as hard to
    /// guess as the first.
    #[must_use]
    pub fn nth(self, number: u64) -> Self {
        let digest = Sha256::new()
            .chain_update(self.0)
            .chain_update(number.to_be_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(bytes)
    }
}

/// Hides a [`Seq`] in eight bytes that do not look sequential. An invertible mix (multiplication by
/// an odd number and an xor-shift) with a constant drawn once per data file; secrecy comes from the
/// nonce beside it, not from this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdMix(u64);

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
/// Multiplicative inverse of [`ODD`] modulo 2^64.
const ODD_INVERSE: u64 = 0xf1de_83e1_9937_733d;

impl IdMix {
    /// With the constant of a data file.
    pub const fn new(constant: u64) -> Self {
        Self(constant)
    }

    const fn mix(self, seq: Seq) -> u64 {
        let x = (seq.0 ^ self.0).wrapping_mul(ODD);
        x ^ (x >> 32)
    }

    const fn unmix(self, x: u64) -> Seq {
        let x = x ^ (x >> 32);
        Seq(x.wrapping_mul(ODD_INVERSE) ^ self.0)
    }
}

/// A SCIM resource id: 24 bytes, printed as 48 lower-case hex digits. Bytes 0 to 7 carry the mixed
/// [`Seq`], so that a lookup needs no index; bytes 8 to 23 are random and are compared with the row.
/// Compared exactly (`id` is caseExact, RFC 7643 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScimId([u8; 24]);

impl ScimId {
    /// The id of row `seq`.
    pub fn new(mix: IdMix, seq: Seq, nonce: Nonce) -> Self {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&mix.mix(seq).to_be_bytes());
        bytes[8..].copy_from_slice(&nonce.0);
        Self(bytes)
    }

    /// The row this id claims to be. The caller must compare the row's own id with this one.
    pub fn seq(&self, mix: IdMix) -> Seq {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        mix.unmix(u64::from_be_bytes(first))
    }
}

impl fmt::Display for ScimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 48];
        hex(&self.0, &mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// What an id of a row carries besides the number, so that nobody can make one up by accident.
fn row_digest(mix: IdMix, kind: &str, tenant: Seq, row: u64) -> u64 {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update(mix.0.to_be_bytes())
        .chain_update(tenant.0.to_be_bytes())
        .chain_update(row.to_be_bytes())
        .finalize();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(bytes)
}

/// The text is not an id of this kind. Carries no detail: for a client it is just an unknown id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed id")]
pub struct MalformedId;

impl FromStr for ScimId {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        let mut bytes = [0; 24];
        read_hex(text.as_bytes(), &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// A GUID in its usual text form, the object id of everything in the mock Entra directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid([u8; 16]);

/// Bytes of a row's GUID that carry its number; those of the version are not among them.
const ROW_PLACES: [usize; 8] = [0, 1, 2, 3, 4, 5, 9, 10];
/// Bytes of a row's GUID that only a GUID of this kind has.
const CHECK_PLACES: [usize; 8] = [6, 7, 8, 11, 12, 13, 14, 15];

impl Guid {
    /// The one without a bit set: no object has it.
    pub const ZERO: Self = Self([0; 16]);

    /// A version 4 GUID from sixteen bytes (six bits of which it overwrites).
    pub const fn from_nonce(nonce: Nonce) -> Self {
        let mut bytes = nonce.0;
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes)
    }

    /// From the sixteen bytes in printing order, of whatever version.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A fresh random GUID.
    pub fn random() -> Self {
        Self::from_nonce(Nonce::random())
    }

    /// The GUID of a row that has no other: made of its number, so that no index is needed to find the row again.
    /// `kind` tells apart several GUIDs of one row.
    pub fn of_row(mix: IdMix, kind: &str, tenant: Seq, row: Seq) -> Self {
        let number = (mix.mix(row) ^ Self::mask(mix, kind, tenant)).to_be_bytes();
        let digest = row_digest(mix, kind, tenant, row.0).to_be_bytes();
        let mut bytes = [0; 16];
        for (place, byte) in ROW_PLACES.into_iter().zip(number) {
            bytes[place] = byte;
        }
        for (place, byte) in CHECK_PLACES.into_iter().zip(digest) {
            bytes[place] = byte;
        }
        Self::from_nonce(Nonce(bytes))
    }

    /// The row whose GUID of this kind it is.
    pub fn row(&self, mix: IdMix, kind: &str, tenant: Seq) -> Option<Seq> {
        let number = u64::from_be_bytes(ROW_PLACES.map(|place| self.0[place]));
        let row = mix.unmix(number ^ Self::mask(mix, kind, tenant));
        (Self::of_row(mix, kind, tenant, row) == *self).then_some(row)
    }

    fn mask(mix: IdMix, kind: &str, tenant: Seq) -> u64 {
        row_digest(mix, kind, tenant, 0)
    }

    /// Of its sixteen bytes, in printing order, as [`Self::bytes`] gave them.
    pub const fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The sixteen bytes, in printing order.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 36];
        let (mut from, mut to) = (0, 0);
        for length in [4, 2, 2, 2, 6] {
            hex(&self.0[from..from + length], &mut text[to..]);
            from += length;
            to += 2 * length + 1;
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Guid {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        let t = text.as_bytes();
        if t.len() != 36 || [8, 13, 18, 23].iter().any(|&i| t[i] != b'-') {
            return Err(MalformedId);
        }
        let mut digits = [0; 32];
        for (to, from) in digits.iter_mut().zip(t.iter().filter(|&&b| b != b'-')) {
            *to = from.to_ascii_lowercase();
        }
        let mut bytes = [0; 16];
        read_hex(&digits, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Guids of one process that look random, no two alike, without asking the operating system for each: for
/// what is named in logs. Whoever knows a few can guess the next.
#[derive(Debug)]
pub struct Guids {
    first: [u64; 2],
    given: AtomicU64,
}

impl Guids {
    /// Those of a random beginning.
    pub fn new(Nonce(bytes): Nonce) -> Self {
        let half = |from: usize| {
            let bytes = bytes.iter().skip(from).take(8);
            bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        Self {
            first: [half(0), half(8)],
            given: AtomicU64::new(0),
        }
    }

    /// The next one.
    pub fn next(&self) -> Guid {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 16];
        for (half, first) in bytes.chunks_exact_mut(8).zip(self.first) {
            // Different numbers stay different.
            let mixed = IdMix(first).mix(Seq(number));
            half.copy_from_slice(&mixed.wrapping_mul(ODD).to_be_bytes());
        }
        Guid::from_nonce(Nonce(bytes))
    }
}

/// Writes two digits for each byte. By hand: ids are printed for every resource that is sent.
fn hex(bytes: &[u8], to: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (to, byte) in to.chunks_exact_mut(2).zip(bytes) {
        to[0] = DIGITS[usize::from(byte >> 4)];
        to[1] = DIGITS[usize::from(byte & 15)];
    }
}

/// Lower-case digits only, so that every id has exactly one spelling.
fn read_hex(text: &[u8], out: &mut [u8]) -> Result<(), MalformedId> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Ok(b - b'0'),
        b'a'..=b'f' => Ok(b - b'a' + 10),
        _ => Err(MalformedId),
    };
    if text.len() != out.len() * 2 {
        return Err(MalformedId);
    }
    for (to, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        *to = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(())
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
serde_as_text!(ScimId);
serde_as_text!(Guid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scim_id_carries_its_row_and_nothing_else_opens_it() {
        let mix = IdMix::new(0x0123_4567_89ab_cdef);
        for n in [0, 1, 2, 99_999, u64::MAX] {
            let id = ScimId::new(mix, Seq(n), Nonce([7; 16]));
            let text = id.to_string();
            assert_eq!(text.len(), 48);
            assert_eq!(text.parse::<ScimId>().unwrap(), id);
            assert_eq!(id.seq(mix), Seq(n));
        }
    }

    #[test]
    fn ids_have_one_spelling() {
        let id = ScimId::new(IdMix::new(1), Seq(5), Nonce([0xab; 16])).to_string();
        assert!(id.to_uppercase().parse::<ScimId>().is_err());
        assert!(id[1..].parse::<ScimId>().is_err());
        assert!("../../etc/passwd".parse::<ScimId>().is_err());
    }

    #[test]
    fn guids_of_a_process_are_all_different() {
        let guids = Guids::new(Nonce([7; 16]));
        let all: std::collections::BTreeSet<Guid> = (0..10_000).map(|_| guids.next()).collect();
        assert_eq!(all.len(), 10_000);
        let other = Guids::new(Nonce([8; 16])).next();
        assert!(!all.contains(&other));
    }

    #[test]
    fn a_row_without_id_has_guids_that_lead_back_to_it_and_to_no_other() {
        let mix = IdMix::new(0x0123_4567_89ab_cdef);
        let mut all = std::collections::BTreeSet::new();
        for row in [0, 1, 2, 63, 64, 1_000_000, u64::MAX].map(Seq) {
            for (kind, tenant) in [("a", 1), ("a", 2), ("b", 1)] {
                let guid = Guid::of_row(mix, kind, Seq(tenant), row);
                assert_eq!(guid.row(mix, kind, Seq(tenant)), Some(row));
                assert_eq!(guid.row(mix, kind, Seq(tenant + 7)), None);
                assert_eq!(guid.row(mix, "c", Seq(tenant)), None);
                assert_eq!(&guid.to_string()[14..15], "4");
                assert!(all.insert(guid));
            }
        }
        assert_eq!(Guid::random().row(mix, "a", Seq(1)), None);
    }

    #[test]
    fn a_guid_reads_any_case_and_prints_lower() {
        let guid: Guid = "54D382A4-2819-4C22-B49E-0A1B2C3D4E5F".parse().unwrap();
        assert_eq!(guid.to_string(), "54d382a4-2819-4c22-b49e-0a1b2c3d4e5f");
        assert!(
            "54d382a4_2819-4c22-b49e-0a1b2c3d4e5f"
                .parse::<Guid>()
                .is_err()
        );
        let v4 = Guid::from_nonce(Nonce([0xff; 16])).to_string();
        assert_eq!((&v4[14..15], &v4[19..20]), ("4", "b"));
    }
}

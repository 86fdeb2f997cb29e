//! Okta's ids: twenty letters and digits, of which the first three tell the kind (`00u`: a user).
//!
//! Made of the row's number like [`Guid::of_row`](super::Guid::of_row), so that no index is needed to find the row
//! again. Prefixes: part 0.2 and 7.1 of the Okta reference.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{IdMix, MalformedId, Seq, row_digest};

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OktaKind {
    /// `00o`: an org.
    Org,
    /// `00u`: a user.
    User,
    /// `00g`: a group.
    Group,
    /// `0pr`: a group rule.
    GroupRule,
    /// `0oa`: an app integration.
    App,
    /// `0ua`: the assignment of a user to an app.
    AppUser,
    /// `gPm`: a group-push mapping.
    PushMapping,
    /// `gPr`: a group-push rule (the letters are ours; no source shows one).
    PushRule,
    /// `prm`: the profile mapping from users to an app.
    ProfileMapping,
    /// `prn`: the profile mapping from an app to users (the letters are ours; Okta's are `prm` too).
    ReverseMapping,
    /// `oty`: a user type.
    UserType,
    /// `osc`: a schema.
    Schema,
    /// `00T`: an API token.
    ApiToken,
    /// `puj`: a provisioning job.
    Job,
    /// `tsk`: a task of the dashboard (the letters are ours; no source shows one).
    Task,
    /// `oae`: an error that was answered.
    Error,
}

impl OktaKind {
    /// The first three letters.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Org => "00o",
            Self::User => "00u",
            Self::Group => "00g",
            Self::GroupRule => "0pr",
            Self::App => "0oa",
            Self::AppUser => "0ua",
            Self::PushMapping => "gPm",
            Self::PushRule => "gPr",
            Self::ProfileMapping => "prm",
            Self::ReverseMapping => "prn",
            Self::UserType => "oty",
            Self::Schema => "osc",
            Self::ApiToken => "00T",
            Self::Job => "puj",
            Self::Task => "tsk",
            Self::Error => "oae",
        }
    }
}

/// An id of Okta's shape. Compared exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OktaId([u8; LENGTH]);

const LENGTH: usize = 20;
const PREFIX: usize = 3;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Bits that only an id of this kind, org and row has: what 17 digits hold beyond the row's number.
const CHECK_BITS: u32 = 37;

impl OktaId {
    /// The id of a row.
    pub fn of_row(mix: IdMix, kind: OktaKind, org: Seq, row: Seq) -> Self {
        let number = mix.mix(row) ^ row_digest(mix, kind.prefix(), org, 0);
        let check = row_digest(mix, kind.prefix(), org, row.0) >> (64 - CHECK_BITS);
        let mut rest = u128::from(number) << CHECK_BITS | u128::from(check);
        let mut bytes = [0; LENGTH];
        bytes[..PREFIX].copy_from_slice(kind.prefix().as_bytes());
        for place in bytes[PREFIX..].iter_mut().rev() {
            let digit = usize::try_from(rest % 62).unwrap_or_default();
            *place = DIGITS[digit];
            rest /= 62;
        }
        Self(bytes)
    }

    /// The row whose id of this kind it is.
    pub fn row(&self, mix: IdMix, kind: OktaKind, org: Seq) -> Option<Seq> {
        let digits = self.0.strip_prefix(kind.prefix().as_bytes())?;
        let mut rest: u128 = 0;
        for byte in digits {
            let digit = DIGITS.iter().position(|d| d == byte)?;
            rest = rest.checked_mul(62)?.checked_add(digit as u128)?;
        }
        let number = u64::try_from(rest >> CHECK_BITS).ok()?;
        let row = mix.unmix(number ^ row_digest(mix, kind.prefix(), org, 0));
        (Self::of_row(mix, kind, org, row) == *self).then_some(row)
    }

    /// The twenty characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OktaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OktaId {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| MalformedId)?;
        if bytes.iter().all(u8::is_ascii_alphanumeric) {
            Ok(Self(bytes))
        } else {
            Err(MalformedId)
        }
    }
}

impl Serialize for OktaId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for OktaId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_row_and_to_no_other() {
        let mix = IdMix::new(42);
        for row in [1, 2, 3, 1_000_000, u64::MAX] {
            let id = OktaId::of_row(mix, OktaKind::User, Seq(1), Seq(row));
            assert_eq!(id.as_str().len(), 20);
            assert!(id.as_str().starts_with("00u"));
            assert_eq!(id.as_str().parse::<OktaId>(), Ok(id));
            assert_eq!(id.row(mix, OktaKind::User, Seq(1)), Some(Seq(row)));
            assert_eq!(id.row(mix, OktaKind::User, Seq(2)), None, "another org");
            assert_eq!(id.row(mix, OktaKind::Group, Seq(1)), None, "another kind");
            assert_eq!(id.row(IdMix::new(43), OktaKind::User, Seq(1)), None);
        }
    }

    #[test]
    fn what_is_no_id_is_nobodys() {
        let mix = IdMix::new(42);
        for text in ["", "00u", "00uzzzzzzzzzzzzzzzzz", "00u00000000000000000"] {
            let found = text.parse::<OktaId>().ok();
            let row = found.and_then(|id| id.row(mix, OktaKind::User, Seq(1)));
            assert_eq!(row, None, "{text}");
        }
        assert!("00u-0000000000000000".parse::<OktaId>().is_err());
    }
}

//! Secrets as types: made once, shown once, kept as digests or sealed.
//!
//! Random keys (SCIM keys, session and setup tokens) are 256 bits from the operating system, so a
//! single SHA-256 is enough to store them and cheap enough for every request; people's passwords get
//! argon2id. What must be read back (the token an agent sends to its target) is sealed with a key
//! that lies in a file of its own. Knows nothing of where any of it is stored.
//! `Debug` of every type here shows no secret.

use std::fmt;

use argon2::password_hash::phc::{PasswordHash as Phc, Salt};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

mod signing;

pub use signing::SigningKey;

/// Starts every generated SCIM key, so that secret scanners and people recognise one. Never change
/// it: keys in use carry it.
pub const SCIM_KEY_PREFIX: &str = "scimlab_";

/// Starts every personal API key. Begins like a SCIM key, so that whatever keeps those out of logs keeps these out.
pub const API_KEY_PREFIX: &str = "scimlab_api_";

/// Starts every API token of a mock Okta org; for the same reasons.
pub const OKTA_TOKEN_PREFIX: &str = "scimlab_okta_";

/// Starts every client secret of a mock Entra app registration; for the same reasons.
pub const CLIENT_SECRET_PREFIX: &str = "scimlab_client_";

#[expect(
    clippy::disallowed_methods,
    reason = "one of the two sources of randomness"
)]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
            let _ = write!(s, "{b:02x}");
            s
        })
}

/// A secret in clear text, on its way to or from a client. Not printable, not storable.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(String);

impl Plain {
    /// Wraps what a client presented or an operator preset.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A fresh SCIM key: the prefix and 64 hex digits.
    pub fn scim_key() -> Self {
        Self(format!("{SCIM_KEY_PREFIX}{}", hex(&random::<32>())))
    }

    /// A fresh personal API key: the prefix and 64 hex digits.
    pub fn api_key() -> Self {
        Self(format!("{API_KEY_PREFIX}{}", hex(&random::<32>())))
    }

    /// A fresh API token of a mock Okta org: the prefix and 64 hex digits.
    pub fn okta_token() -> Self {
        Self(format!("{OKTA_TOKEN_PREFIX}{}", hex(&random::<32>())))
    }

    /// A fresh client secret: the prefix and 64 hex digits.
    pub fn client_secret() -> Self {
        Self(format!("{CLIENT_SECRET_PREFIX}{}", hex(&random::<32>())))
    }

    /// A fresh token for a session or a setup link: 64 hex digits.
    pub fn token() -> Self {
        Self(hex(&random::<32>()))
    }

    /// What is stored instead of the secret.
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Whether both are the same text, in constant time.
    pub fn same(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }

    /// The clear text. Call it only to show the secret once or to send it to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, for recognising a key in a list; empty for short secrets, where
    /// four characters would give too much away.
    pub fn last_four(&self) -> String {
        let count = self.0.chars().count();
        if count < 16 {
            String::new()
        } else {
            self.0.chars().skip(count - 4).collect()
        }
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(..)")
    }
}

/// SHA-256 of a random secret. Equality takes constant time.
#[derive(Debug, Clone, Copy, Eq)]
pub struct Digest(pub [u8; 32]);

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl std::str::FromStr for Digest {
    type Err = MalformedDigest;

    fn from_str(text: &str) -> Result<Self, MalformedDigest> {
        unhex(text)
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(MalformedDigest)
    }
}

/// The text is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hex digits")]
pub struct MalformedDigest;

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok())
        .collect()
}

/// A password as argon2id stores it (PHC string), with the parameters it was made with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

/// A new password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than [`PASSWORD_MINIMUM`] characters.
    #[error("the password needs at least {PASSWORD_MINIMUM} characters")]
    TooShort,
    /// More than 1,024 bytes: hashing it would be a way to keep the server busy.
    #[error("the password may have at most 1024 bytes")]
    TooLong,
}

/// Least number of characters of a password that a person chooses.
pub const PASSWORD_MINIMUM: usize = 10;

/// 19 MiB, two passes, one lane: the first recommendation of the OWASP password storage page, which
/// is also argon2's default.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Slow work is a mistake on a thread for which others wait: the store's writer, and those that serve requests.
fn slow() {
    debug_assert!(
        !std::thread::current()
            .name()
            .is_some_and(|name| name == "store-writer" || name.starts_with("actix-")),
        "passwords are hashed and keys are made on a thread for which nobody else waits"
    );
}

impl PasswordHash {
    /// Hashes a password. Takes tens of milliseconds: never inside a write closure, nor where requests are served.
    ///
    /// # Errors
    /// Says why the password is refused.
    ///
    /// # Panics
    /// Never: the salt is well-formed and the parameters are the library's own.
    pub fn new(password: &Plain) -> Result<Self, PasswordRefused> {
        if password.0.chars().count() < PASSWORD_MINIMUM {
            return Err(PasswordRefused::TooShort);
        }
        if password.0.len() > 1024 {
            return Err(PasswordRefused::TooLong);
        }
        Ok(Self::hash(password))
    }

    fn hash(password: &Plain) -> Self {
        slow();
        let salt = Salt::new(&random::<16>()).expect("sixteen bytes are a valid salt");
        let hash: Phc = argon2()
            .hash_password_with_salt(password.0.as_bytes(), salt.as_ref())
            .expect("the library's own parameters hash any password of this length");
        Self(hash.to_string())
    }

    /// Whether `password` is the one. Takes as long as [`PasswordHash::new`].
    pub fn verify(&self, password: &Plain) -> bool {
        slow();
        Phc::new(&self.0).is_ok_and(|hash| {
            argon2()
                .verify_password(password.0.as_bytes(), &hash)
                .is_ok()
        })
    }

    /// Does the work of a verification and fails: called for an unknown e-mail address, so that the
    /// answer takes as long as for a known one.
    pub fn verify_nothing(password: &Plain) -> bool {
        let _ = Self::hash(password);
        false
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Seals secrets that must be read back, with XChaCha20-Poly1305 and a random nonce per message.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    cookie_key: [u8; 64],
    cursor_key: [u8; 32],
    link_key: [u8; 32],
}

/// A sealed secret: 24 bytes of nonce and the ciphertext, as hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// From text that a client sent back; whether it is one is found out by [`Sealer::open`].
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As it is kept or sent.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl Sealer {
    /// With the 32 bytes of a key file.
    pub fn new(key: &[u8; 32]) -> Self {
        let half = |purpose: &str| -> [u8; 32] {
            Sha256::new()
                .chain_update(key)
                .chain_update(purpose)
                .finalize()
                .into()
        };
        let mut cookie_key = [0; 64];
        cookie_key[..32].copy_from_slice(&half("scimlab cookie key, first half"));
        cookie_key[32..].copy_from_slice(&half("scimlab cookie key, second half"));
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            cookie_key,
            cursor_key: half("scimlab cursor key"),
            link_key: half("scimlab link key"),
        }
    }

    /// A key of its own for signing cookies, derived so that sessions survive a restart.
    pub const fn cookie_key(&self) -> [u8; 64] {
        self.cookie_key
    }

    /// A key of its own for sealing cursors, derived so that they survive a restart.
    pub const fn cursor_key(&self) -> [u8; 32] {
        self.cursor_key
    }

    /// A key of its own for the tokens of links, derived so that a link is the same after a restart.
    pub fn link_key(&self) -> LinkKey {
        LinkKey(self.link_key)
    }

    /// Bytes for a new key file.
    pub fn new_key() -> [u8; 32] {
        random()
    }

    /// Seals a secret.
    ///
    /// # Panics
    /// Never: encryption fails only beyond 256 GiB.
    pub fn seal(&self, secret: &Plain) -> Sealed {
        let nonce = random::<24>();
        let ciphertext = self
            .cipher
            .encrypt(&nonce.into(), secret.0.as_bytes())
            .expect("a secret is shorter than 256 GiB");
        Sealed(hex(&[nonce.as_slice(), &ciphertext].concat()))
    }

    /// Opens what this key sealed; `None` for anything else.
    pub fn open(&self, sealed: &Sealed) -> Option<Plain> {
        let bytes = unhex(&sealed.0)?;
        let (nonce, ciphertext) = bytes.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let plain = self.cipher.decrypt(&nonce.into(), ciphertext).ok()?;
        String::from_utf8(plain).ok().map(Plain)
    }
}

/// Makes the tokens of links that have to be shown more than once, such as that of an invite: each is
/// HMAC-SHA-256 of what the link is for. So nothing secret is stored, neither in clear nor sealed, and a write
/// closure needs no randomness to make one.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// The token of these parts, in this order: 64 hex digits.
    ///
    /// # Panics
    /// Never: a MAC takes a key of any length.
    pub fn token(&self, parts: &[&str]) -> Plain {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in parts {
            // With the length in front, no two lists of parts read the same.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Plain(hex(&mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(..)")
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_long_distinct_and_recognisable() {
        let (a, b) = (Plain::scim_key(), Plain::scim_key());
        assert_ne!(a.digest(), b.digest());
        assert!(a.expose().starts_with(SCIM_KEY_PREFIX));
        assert_eq!(a.expose().len(), SCIM_KEY_PREFIX.len() + 64);
        assert!(a.expose().ends_with(&a.last_four()));
        assert_eq!(Plain::new("short").last_four(), "");
        assert_eq!(format!("{a:?}"), "Plain(..)");
    }

    #[test]
    fn slow_work_is_refused_where_others_wait() {
        type Work = fn();
        let work: [Work; 3] = [
            || drop(PasswordHash::new(&Plain::new("correct horse"))),
            || {
                let _ = PasswordHash::verify_nothing(&Plain::new("correct horse"));
            },
            || drop(SigningKey::generate()),
        ];
        for name in [
            "store-writer",
            "actix-server worker 0",
            "actix-rt|system:0|arbiter:1",
        ] {
            for work in work {
                let thread = std::thread::Builder::new().name(name.into());
                assert!(thread.spawn(work).unwrap().join().is_err(), "{name}");
            }
        }
        let elsewhere = std::thread::Builder::new().name("agent-scheduler".into());
        assert!(elsewhere.spawn(work[0]).unwrap().join().is_ok());
    }

    #[test]
    fn a_token_of_a_link_is_the_same_for_the_same_parts_and_key_only() {
        let key = Sealer::new(&[1; 32]).link_key();
        let token = key.token(&["1", "23"]);
        assert_eq!(token.expose().len(), 64);
        assert!(token.same(&Sealer::new(&[1; 32]).link_key().token(&["1", "23"])));
        for other in [
            key.token(&["12", "3"]),
            key.token(&["1", "23", ""]),
            Sealer::new(&[2; 32]).link_key().token(&["1", "23"]),
            Plain::new(""),
        ] {
            assert!(!token.same(&other));
        }
        assert_eq!(format!("{key:?}"), "LinkKey(..)");
    }

    #[test]
    fn a_password_verifies_and_another_does_not() {
        let hash = PasswordHash::new(&Plain::new("correct horse")).unwrap();
        assert!(hash.verify(&Plain::new("correct horse")));
        assert!(!hash.verify(&Plain::new("correct horsf")));
        assert_eq!(
            PasswordHash::new(&Plain::new("short")).unwrap_err(),
            PasswordRefused::TooShort
        );
    }

    #[test]
    fn sealed_secrets_open_only_with_their_key_and_unchanged() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal(&Plain::new("token"));
        assert_eq!(sealer.open(&sealed).unwrap().expose(), "token");
        assert!(Sealer::new(&[2; 32]).open(&sealed).is_none());
        let mut changed = sealed.0.clone();
        let last = if changed.pop() == Some('0') { '1' } else { '0' };
        changed.push(last);
        assert!(sealer.open(&Sealed(changed)).is_none());
        assert!(sealer.open(&Sealed("zz".into())).is_none());
    }
}

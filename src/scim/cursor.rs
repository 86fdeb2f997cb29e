//! Cursors: RFC 9865. Where the next page of a list begins, as text that only its maker can read or make.
//!
//! Nothing is kept on the server: a cursor is its own sealed record of team, endpoint, filter and
//! order, the last resource that was shown, the page size and the moment it was made. The last
//! *resource* and not a position is what makes paging exact while others add and remove. Knows no
//! clock and no key file: both are arguments.

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::Error;
use super::sort::Rank;
use super::value::decode_base64;

/// How long a cursor is good for, in seconds: `pagination.cursorTimeout`.
pub const TIMEOUT_SECONDS: u32 = 3_600;
/// Longest cursor that is looked at, in bytes. The longest that is made holds the comparison key of a value of
/// 65,536 bytes, each of which takes at most six in JSON (control characters are escaped), in base64, which
/// makes four of three: 512 KiB and a little for the rest.
const LONGEST: usize = 640 << 10;
const NONCE: usize = 24;

/// The key that seals cursors.
#[derive(Clone, Copy)]
pub struct CursorKey(pub [u8; 32]);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(..)")
    }
}

/// Which list a cursor belongs to. A cursor of any other list is as good as forged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List<'a> {
    /// Row of the team.
    pub team: u64,
    /// `/Users`, `/Groups` or `/`.
    pub endpoint: &'a str,
    /// Filter and order in canonical notation.
    pub selection: &'a str,
}

/// What a cursor remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last resource of the page before.
    pub after: Rank,
    /// Page size of the first page.
    pub count: u64,
    /// Matches as they were counted for the first page, where counting is dear.
    pub total: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    /// Digest of [`List`].
    l: String,
    a: Rank,
    c: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    /// Milliseconds since 1970.
    i: i64,
}

impl List<'_> {
    fn digest(&self) -> String {
        let mut sha = Sha256::new();
        sha.update(self.team.to_be_bytes());
        for part in [self.endpoint, self.selection] {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part.as_bytes());
        }
        let bytes: [u8; 32] = sha.finalize().into();
        encode_base64url(&bytes[..16])
    }
}

impl Cursor {
    /// Seals a cursor at `now` (milliseconds since 1970). The text has unreserved characters of a URI only.
    ///
    /// # Panics
    /// Never: the payload is JSON by construction and shorter than the cipher's limit.
    pub fn seal(&self, key: &CursorKey, list: List<'_>, now: i64) -> String {
        let payload = Payload {
            l: list.digest(),
            a: self.after.clone(),
            c: self.count,
            n: self.total,
            i: now,
        };
        let plain = serde_json::to_vec(&payload).expect("a cursor is plain JSON");
        // The nonce is made of the text, so that no randomness is needed: equal nonces mean equal texts.
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"scimlab cursor nonce")
            .chain_update(key.0)
            .chain_update(&plain)
            .finalize()
            .into();
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&digest[..NONCE]);
        let cipher = XChaCha20Poly1305::new((&key.0).into());
        let sealed = cipher
            .encrypt(&nonce.into(), plain.as_slice())
            .expect("a cursor is shorter than 256 GiB");
        encode_base64url(&[nonce.as_slice(), &sealed].concat())
    }

    /// Opens a cursor that a client sent for this list.
    ///
    /// # Errors
    /// 400 `invalidCursor` for anything this key did not seal for this list, in one sentence that does
    /// not tell what is wrong with it; 400 `expiredCursor` for one that is too old.
    pub fn open(text: &str, key: &CursorKey, list: List<'_>, now: i64) -> Result<Self, Error> {
        let payload = unseal(text, key)
            .filter(|payload| payload.l == list.digest())
            .ok_or_else(|| {
                Error::invalid_cursor(
                    "This cursor is not valid here. Ask for the first page again, with the same \
                     parameters on every page.",
                )
            })?;
        if now.saturating_sub(payload.i) > i64::from(TIMEOUT_SECONDS) * 1_000 {
            return Err(Error::expired_cursor(format!(
                "This cursor is older than {TIMEOUT_SECONDS} seconds. Ask for the first page again."
            )));
        }
        Ok(Self {
            after: payload.a,
            count: payload.c,
            total: payload.n,
        })
    }
}

fn unseal(text: &str, key: &CursorKey) -> Option<Payload> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = decode_base64(text)?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let cipher = XChaCha20Poly1305::new((&key.0).into());
    let plain = cipher.decrypt(&nonce.into(), sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Base64 for URLs, without padding.
fn encode_base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let window = chunk
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0_u32, |w, b| (w << 8) | u32::from(*b));
        for place in 0..=chunk.len() {
            let six = (window >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[six as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sort::Key;
    use super::*;

    const KEY: CursorKey = CursorKey([7; 32]);
    const LIST: List<'_> = List {
        team: 1,
        endpoint: "/Users",
        selection: "title pr",
    };

    fn cursor() -> Cursor {
        Cursor {
            after: Rank {
                key: Some(Key::Text("jensen \u{e9}".into())),
                kind: 0,
                row: 17,
            },
            count: 2,
            total: Some(9),
        }
    }

    fn kind(result: Result<Cursor, Error>) -> (String, String) {
        let body = result.unwrap_err().to_body();
        (body["scimType"].to_string(), body["detail"].to_string())
    }

    #[test]
    fn a_cursor_opens_for_its_own_list_until_it_expires() {
        let text = cursor().seal(&KEY, LIST, 5_000);
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(text.chars().all(unreserved), "PAGE-18 {text}");
        assert_eq!(Cursor::open(&text, &KEY, LIST, 5_000).unwrap(), cursor());
        // The clock may be turned back.
        assert!(Cursor::open(&text, &KEY, LIST, 0).is_ok());
        let last = 5_000 + 3_600_000;
        assert!(Cursor::open(&text, &KEY, LIST, last).is_ok());
        let late = kind(Cursor::open(&text, &KEY, LIST, last + 1));
        assert_eq!(late.0, "\"expiredCursor\"", "PAGE-22");
    }

    #[test]
    fn whatever_else_comes_gets_the_same_sentence() {
        let text = cursor().seal(&KEY, LIST, 0);
        let forged = kind(Cursor::open("AAAA", &KEY, LIST, 0));
        assert_eq!(forged.0, "\"invalidCursor\"", "PAGE-20");
        let other_team = List { team: 2, ..LIST };
        let other_filter = List {
            selection: "title eq \"x\"",
            ..LIST
        };
        let other_endpoint = List {
            endpoint: "/Groups",
            ..LIST
        };
        let expired = 10_000_000;
        let cases = [
            ("PAGE-24", kind(Cursor::open(&text, &KEY, other_team, 0))),
            (
                "PAGE-24 expired",
                kind(Cursor::open(&text, &KEY, other_team, expired)),
            ),
            ("PAGE-23", kind(Cursor::open(&text, &KEY, other_filter, 0))),
            (
                "endpoint",
                kind(Cursor::open(&text, &KEY, other_endpoint, 0)),
            ),
            (
                "key",
                kind(Cursor::open(&text, &CursorKey([8; 32]), LIST, 0)),
            ),
            (
                "long",
                kind(Cursor::open(&"A".repeat(1 << 20), &KEY, LIST, 0)),
            ),
        ];
        for (row, found) in cases {
            assert_eq!(found, forged, "{row}");
        }
    }

    /// Where a page ends at this value.
    fn ending_at(key: Key) -> Cursor {
        Cursor {
            after: Rank {
                key: Some(key),
                ..cursor().after
            },
            ..cursor()
        }
    }

    #[test]
    fn the_longest_values_are_read_back() {
        for letter in ["a", "\u{e9}", "\u{1}", "\""] {
            let cursor = ending_at(Key::Text(letter.repeat(65_536 / letter.len())));
            let text = cursor.seal(&KEY, LIST, 0);
            assert_eq!(Cursor::open(&text, &KEY, LIST, 0), Ok(cursor), "{letter:?}");
        }
    }

    proptest! {
        #[test]
        fn a_decimal_is_the_same_in_a_cursor(value in proptest::num::f64::NORMAL) {
            let cursor = ending_at(Key::Decimal(value));
            let text = cursor.seal(&KEY, LIST, 0);
            prop_assert_eq!(Cursor::open(&text, &KEY, LIST, 0), Ok(cursor));
        }

        #[test]
        fn a_changed_cursor_is_refused(at in 0_usize..60, to in "[A-Za-z0-9_-]") {
            let text = cursor().seal(&KEY, LIST, 0);
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            let opened = Cursor::open(&changed, &KEY, LIST, 0);
            prop_assert!(changed == text || opened.is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            let _ = Cursor::open(&text, &KEY, LIST, 0);
        }

        #[test]
        fn base64_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode_base64(&encode_base64url(&bytes)), Some(bytes));
        }
    }
}

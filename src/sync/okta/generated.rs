//! Passwords that Okta makes up: the placeholder of a new account, and the random one of *Sync Password* (parts 1.4
//! and 1.9 of the Okta reference).

use crate::id::Nonce;
use crate::secret::Plain;

/// Length of the placeholder that a new account gets though *Sync Password* is off.
pub(super) const PLACEHOLDER: usize = 8;
/// Length of *a randomly generated password*.
pub(super) const RANDOM: usize = 16;

const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A password of letters and digits with at least one capital, one small letter and one digit, as the default policy
/// of an org asks.
pub(super) fn password(nonce: Nonce, length: usize) -> Plain {
    let mut number = 0;
    loop {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            number += 1;
            // Bytes above the last multiple of 62 would make some characters likelier than others.
            let fair = nonce.nth(number).0.into_iter().filter(|byte| *byte < 248);
            let characters = fair.map(|byte| char::from(CHARACTERS[usize::from(byte) % 62]));
            text.extend(characters.take(length - text.len()));
        }
        let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit) {
            return Plain::new(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1.4: a random placeholder of 8 characters; 1.9: a random password of 16.
    #[test]
    fn a_password_has_its_length_and_every_kind_of_character() {
        for seed in 0..50 {
            for length in [PLACEHOLDER, RANDOM] {
                let made = password(Nonce([seed; 16]), length);
                let text = made.expose();
                assert_eq!(text.len(), length);
                assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
                assert!(text.bytes().any(|b| b.is_ascii_digit()));
                assert!(text.bytes().any(|b| b.is_ascii_uppercase()));
                assert!(text.bytes().any(|b| b.is_ascii_lowercase()));
            }
        }
        let other = password(Nonce([1; 16]), RANDOM);
        assert!(!password(Nonce([0; 16]), RANDOM).same(&other));
    }
}

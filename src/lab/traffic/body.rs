//! A recorded body: bounded, and without secrets.

use super::redact;

/// Most bytes of one body that are kept.
pub const LONGEST: usize = 64 << 10;
/// Most bytes of a body that came without a valid key: strangers get little room.
pub const LONGEST_OF_STRANGERS: usize = 4 << 10;

/// Why a body is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKept {
    /// It cannot be read as JSON and might hold a secret.
    NotJson,
    /// It was not read: it was too large, ended early, or nobody asked for it.
    Unread,
    /// It was sent piece by piece.
    Streamed,
}

impl NotKept {
    /// One sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotJson => {
                "Not kept: it is not JSON, so nobody can say whether there is a secret in it."
            }
            Self::Unread => "Not kept: the request was answered without reading it.",
            Self::Streamed => "Not kept: it was sent piece by piece.",
        }
    }
}

/// The body of a request or of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// There was none.
    #[default]
    Empty,
    /// As it was sent, but for what is masked.
    Kept {
        /// The text; its beginning when `cut`.
        text: Box<str>,
        /// Names of members whose values were masked.
        masked: Vec<Box<str>>,
        /// Bytes that were sent.
        size: usize,
        /// Whether there was more of it.
        cut: bool,
    },
    /// There was one.
    NotKept(NotKept),
}

/// Whose body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A client's: anything may be in it.
    Request,
    /// Ours. It never has a PATCH operation in it, whose `path` might come late.
    Response,
}

impl Body {
    /// Keeps at most `longest` bytes of `bytes`, without secrets.
    pub fn of(side: Side, bytes: &[u8], longest: usize) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        let cut = bytes.len() > longest;
        let kept = bytes.get(..longest).unwrap_or(bytes);
        let first = kept.iter().find(|b| !b.is_ascii_whitespace());
        if !matches!(first, Some(b'{' | b'[')) {
            return Self::NotKept(NotKept::NotJson);
        }
        let text = match std::str::from_utf8(kept) {
            Ok(text) => text,
            // A letter was cut in two.
            Err(error) if cut && error.error_len().is_none() => {
                let valid = kept.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(valid).unwrap_or_default()
            }
            Err(_) => return Self::NotKept(NotKept::NotJson),
        };
        let read = redact::may_hold_a_secret(kept) || (cut && side == Side::Request);
        let (text, masked) = if read {
            match redact::redact(text, cut) {
                Some(redacted) => (redacted.text.into(), redacted.masked),
                None => return Self::NotKept(NotKept::NotJson),
            }
        } else {
            (text.into(), Vec::new())
        };
        Self::Kept {
            text,
            masked,
            size: bytes.len(),
            cut,
        }
    }

    /// Bytes of memory that the text takes.
    pub fn weight(&self) -> usize {
        match self {
            Self::Kept { text, .. } => text.len(),
            _ => 0,
        }
    }

    /// The text that is kept; empty when there is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Kept { text, .. } => text,
            _ => "",
        }
    }

    /// Names of members whose values were masked.
    pub fn masked(&self) -> &[Box<str>] {
        match self {
            Self::Kept { masked, .. } => masked,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Body {
        Body::of(Side::Request, bytes, LONGEST)
    }

    #[test]
    fn what_is_not_json_is_not_kept() {
        assert_eq!(of(b""), Body::Empty);
        for odd in [
            &b"password=t1g3r"[..],
            b"p%61ssword=t1g3r",
            b"<password>t1g3r</password>",
            b"{\"a\":\"\xff\"}",
            b"{password: 't1g3r'}",
            b"\xff\xfe{\0\"\0p\0",
            b"  ",
        ] {
            assert_eq!(of(odd), Body::NotKept(NotKept::NotJson), "{odd:?}");
        }
        // No such word in it: shown as it came, for whoever looks for the fault.
        assert_eq!(of(b" {\"userName\": ").text(), " {\"userName\": ");
    }

    #[test]
    fn a_long_body_is_cut_and_says_so() {
        let body = format!("{{\"a\":\"{}\"}}", "\u{e9}".repeat(LONGEST));
        let Body::Kept {
            text, size, cut, ..
        } = of(body.as_bytes())
        else {
            panic!("kept");
        };
        assert_eq!((size, cut), (body.len(), true));
        assert!(text.len() <= LONGEST && text.len() > LONGEST - 2);
    }

    #[test]
    fn a_secret_whose_path_is_behind_the_cut_is_masked() {
        let filler = "x".repeat(LONGEST);
        let body =
            format!(r#"{{"Operations":[{{"value":"t1g3r","x":"{filler}","path":"password"}}]}}"#);
        let kept = of(body.as_bytes());
        assert!(kept.weight() > LONGEST / 2);
        assert!(!kept.text().contains("t1g3r"));
    }
}

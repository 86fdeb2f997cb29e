//! Headers that may be remembered: those of two lists. `Authorization`, `Cookie` and whatever nobody has
//! thought of are in neither.

use super::shown;
use crate::secret::SCIM_KEY_PREFIX;

/// Longest value, in bytes.
const VALUE: usize = 256;

/// Of a request, in lower case.
fn of_a_request(name: &str) -> bool {
    matches!(
        name,
        "accept"
            | "accept-encoding"
            | "content-encoding"
            | "content-length"
            | "content-type"
            | "expect"
            | "host"
            | "if-match"
            | "if-none-match"
            | "prefer"
            | "transfer-encoding"
            | "user-agent"
            | "x-request-id"
    )
}

/// Of an answer, in lower case.
fn of_an_answer(name: &str) -> bool {
    matches!(
        name,
        "allow"
            | "cache-control"
            | "content-type"
            | "etag"
            | "location"
            | "preference-applied"
            | "retry-after"
            | "www-authenticate"
            | "x-ratelimit-limit"
            | "x-ratelimit-remaining"
            | "x-ratelimit-reset"
            | "x-request-id"
    )
}

/// Headers as people read them: `content-type: application/json`, one a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Box<str>);

impl Headers {
    /// Those of a request. Names come in lower case.
    pub fn of_request<'a>(all: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        Self::of(of_a_request, all)
    }

    /// Those of an answer. Names come in lower case.
    pub fn of_response<'a>(all: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        Self::of(of_an_answer, all)
    }

    fn of<'a>(known: fn(&str) -> bool, all: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut text = String::with_capacity(256);
        for (name, value) in all.filter(|(name, _)| known(name)) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(name);
            text.push_str(": ");
            match plain(value) {
                Some(value) => text.push_str(value),
                None => text.push_str(&shown(&String::from_utf8_lossy(value), VALUE)),
            }
        }
        // One look at all of them: hardly ever is there a key of ours in any.
        if text.contains(SCIM_KEY_PREFIX) {
            text = text
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| format!("{name}: {}", shown(value, VALUE)))
                .collect::<Vec<_>>()
                .join("\n");
        }
        Self(text.into())
    }

    /// One a line.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first value of `name`, given in lower case; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(known, value)| (known == name).then_some(value))
            .unwrap_or_default()
    }
}

/// A short value of printable ASCII, which is nearly every value.
fn plain(value: &[u8]) -> Option<&str> {
    let printable = value
        .iter()
        .fold(true, |all, b| all & (0x20..0x7f).contains(b));
    if printable && value.len() <= VALUE {
        std::str::from_utf8(value).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_headers_are_remembered() {
        let sent: [(&str, &[u8]); 9] = [
            ("authorization", b"Bearer t1g3r"),
            ("cookie", b"session=t1g3r"),
            ("proxy-authorization", b"t1g3r"),
            ("x-api-key", b"t1g3r"),
            ("content-type", b"application/scim+json"),
            ("user-agent", b"agent\r\nauthorization: scimlab_t1g3r"),
            ("host", b"scimlab_t1g3r.example"),
            ("user-agent", b"<b>\xff"),
            ("if-match", b"W/\"3\""),
        ];
        let headers = Headers::of_request(sent.into_iter());
        assert_eq!(
            headers.as_str(),
            "content-type: application/scim+json\nuser-agent: ***\nhost: ***\nuser-agent: <b>\u{fffd}\nif-match: W/\"3\""
        );
        assert_eq!(headers.get("if-match"), "W/\"3\"");
        assert_eq!(headers.get("accept"), "");
        let answered: [(&str, &[u8]); 2] = [("set-cookie", b"t1g3r"), ("etag", b"W/\"3\"")];
        let headers = Headers::of_response(answered.into_iter());
        assert_eq!(headers.as_str(), "etag: W/\"3\"");
    }
}

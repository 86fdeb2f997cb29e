//! [`Address`]: what requests to a target are sent to, and what makes a text one.

use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

use super::is_link_local;

/// The base of a target, without slash at its end, and query parameters that every request carries after its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    base: String,
    query: String,
}

/// Why a text is no address: a sentence about "it" that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadAddress(pub &'static str);

impl Address {
    /// Of parts that were checked.
    pub(in crate::sync) fn new(base: &str, query: String) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            query,
        }
    }

    /// The URL of a path below, with exactly one slash between. `path` may have a query.
    pub fn join(&self, path: &str) -> String {
        let separator = match (self.query.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        format!("{}/{path}{separator}{}", self.base, self.query)
    }

    /// What every request begins with: without query and without slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }
}

/// A plain base such as `https://host/scim/v2`: absolute, `http` or `https`, without user information and fragment. A
/// query is kept.
impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        checked_address(text).map_err(BadAddress)?;
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        Ok(Self::new(base, query.trim_matches('&').to_owned()))
    }
}

/// Checks what every address that the agent is given must be: absolute, `http` or `https`, a host and
/// nobody's name or password. The error is a sentence about "it".
pub(in crate::sync) fn checked_address(text: &str) -> Result<Uri, &'static str> {
    if text.contains('#') {
        return Err("It must not have a fragment ('#…').");
    }
    let uri: Uri = text
        .parse()
        .map_err(|_| "It must look like https://host/path and contain no blanks.")?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err("It must begin with http:// or https://."),
    }
    let authority = uri
        .authority()
        .filter(|a| !a.host().is_empty())
        .ok_or("It names no host.")?;
    if authority.as_str().contains('@') {
        return Err("It must not carry a user name or password; there are fields for credentials.");
    }
    let bare = authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok_and(is_link_local) {
        return Err("Link-local addresses are refused.");
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_base_keeps_its_query_and_has_one_slash() {
        for (text, path, url) in [
            ("http://h:1/scim/v2", "Users", "http://h:1/scim/v2/Users"),
            (" http://h/scim// ", "Users/1", "http://h/scim/Users/1"),
            ("http://h/scim/?", "Users", "http://h/scim/Users"),
            ("https://h/s?code=a", "Users", "https://h/s/Users?code=a"),
            (
                "https://h/s?code=a",
                "Users?count=2",
                "https://h/s/Users?count=2&code=a",
            ),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.join(path), url);
        }
    }

    #[test]
    fn what_is_no_base_is_refused() {
        for text in [
            "",
            "scim/v2",
            "ftp://h/scim",
            "http://",
            "http://u:p@h/scim",
            "http://h/scim#x",
            "http://169.254.169.254/scim",
            "http://[fe80::1]/scim",
            "http://h /scim",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}

//! Reads the address and the name of an identity provider as an administrator types them.

use crate::error::{Error, Result};

/// Longest URL in bytes.
const URL: usize = 2_048;
/// Longest entity id in characters (SAML 2.0 core, section 8.3.6).
const ISSUER: usize = 1_024;

/// The SSO URL: http or https, with a host, without credentials.
pub(super) fn sso_url(text: &str) -> Result<String> {
    let text = text.trim();
    let refused = |why: &str| Err(Error::field("sso_url", why));
    if text.is_empty() {
        return refused("Enter the URL to which sign-in requests are sent.");
    }
    if text.len() > URL {
        return refused("The URL may have at most 2048 characters.");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return refused("Enter a whole URL such as https://idp.example.com/sso.");
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return refused("The URL has to begin with https:// or http://.");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) || text.contains(['<', '>', '"']) {
        return refused("The URL has characters that no URL has. Copy it again.");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return refused("The URL may not contain a user name or password.");
    }
    let host = authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(authority, |(host, _)| host);
    if host.is_empty() || host.starts_with('.') {
        return refused("The URL has no host. Enter one such as https://idp.example.com/sso.");
    }
    Ok(text.to_owned())
}

/// The entity id: any one word.
pub(super) fn issuer(text: &str) -> Result<String> {
    let text = text.trim();
    let refused = |why: &str| Err(Error::field("issuer", why));
    if text.is_empty() {
        return refused("Enter the entity id of the identity provider.");
    }
    if text.chars().count() > ISSUER {
        return refused("The issuer may have at most 1024 characters.");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refused("The issuer is one word without spaces, often a URL. Copy it again.");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sso_url_is_absolute_and_has_a_host() {
        let long = format!("https://a.example/{}", "x".repeat(URL));
        for (text, taken) in [
            (" https://idp.example.com/sso?a=b#c ", true),
            ("HTTP://localhost:8080", true),
            ("https://[::1]:8443/saml", true),
            ("https://b\u{fc}cher.example/", true),
            ("", false),
            ("idp.example.com/sso", false),
            ("javascript:alert(1)", false),
            ("javascript://x/%0aalert(1)", false),
            ("ftp://idp.example.com/", false),
            ("https://", false),
            ("https:///sso", false),
            ("https://:443/", false),
            ("https://ada:secret@idp.example.com/", false),
            ("https://idp.example.com/a b", false),
            ("https://idp.example.com/\u{7}", false),
            ("https://idp.example.com/<script>", false),
            (long.as_str(), false),
        ] {
            assert_eq!(sso_url(text).is_ok(), taken, "{text:.60}");
        }
    }

    #[test]
    fn an_issuer_is_one_word() {
        for (text, taken) in [
            ("https://sts.windows.net/4a1/", true),
            (" urn:example:idp ", true),
            ("http://www.okta.com/exk1", true),
            ("", false),
            ("two words", false),
            ("a\u{0}b", false),
        ] {
            assert_eq!(issuer(text).is_ok(), taken, "{text:?}");
        }
        assert!(issuer(&"x".repeat(ISSUER + 1)).is_err());
    }
}

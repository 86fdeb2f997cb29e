//! [`TenantUrl`]: the base URL of a target, checked, and the dialect that its feature flag chooses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

use super::client::is_link_local;
use super::dialect::{self, Dialect};

/// The *Tenant URL* of a job, such as `https://host/scim/v2?aadOptscim062020`: absolute, `http` or
/// `https`, without user information and fragment. Slashes at the end of its path do not count.
///
/// A feature flag among the query parameters chooses the [`Dialect`] and is not sent. The other
/// parameters are part of the address (an access code of a gateway, say): every request carries them after
/// its own. What the service does with them is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUrl {
    /// Up to the path, without slash at its end.
    base: String,
    /// As it was typed, flags included; may be empty.
    query: String,
    /// The parameters that are sent.
    kept: String,
    dialect: &'static Dialect,
}

/// Why a text cannot be a tenant URL: a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Please provide a valid tenant URL for your application. {0}")]
pub struct BadTenantUrl(pub &'static str);

/// Checks what every address that the agent is given must be: absolute, `http` or `https`, a host and
/// nobody's name or password. The error is a sentence about "it".
pub(super) fn checked_address(text: &str) -> Result<Uri, &'static str> {
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

impl FromStr for TenantUrl {
    type Err = BadTenantUrl;

    fn from_str(text: &str) -> Result<Self, BadTenantUrl> {
        let text = text.trim();
        checked_address(text).map_err(BadTenantUrl)?;
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut chosen: Option<&'static Dialect> = None;
        let mut kept: Vec<&str> = Vec::new();
        for parameter in query.split('&').filter(|p| !p.is_empty()) {
            match dialect::chosen_by(parameter) {
                None => kept.push(parameter),
                Some(dialect) if chosen.is_none_or(|other| other == dialect) => {
                    chosen = Some(dialect);
                }
                Some(_) => {
                    return Err(BadTenantUrl(
                        "Its feature flags contradict each other; keep one of them.",
                    ));
                }
            }
        }
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            query: query.to_owned(),
            kept: kept.join("&"),
            dialect: chosen.unwrap_or(&dialect::DEFAULT),
        })
    }
}

impl TenantUrl {
    /// The URL of a path below, with exactly one slash between. `path` may have a query.
    pub fn join(&self, path: &str) -> String {
        let separator = match (self.kept.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        format!("{}/{path}{separator}{}", self.base, self.kept)
    }

    /// What every request begins with: without query and without slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How requests are phrased.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

/// As it was typed, but for slashes at the end of its path.
impl fmt::Display for TenantUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)?;
        if self.query.is_empty() {
            return Ok(());
        }
        write!(f, "?{}", self.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> TenantUrl {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn one_slash_stands_between_base_and_path() {
        for text in [
            "http://h:1/scim/v2",
            "http://h:1/scim/v2/",
            " http://h:1/scim/v2// ",
            "http://h:1/scim/v2/?",
        ] {
            assert_eq!(url(text).join("Users"), "http://h:1/scim/v2/Users");
            assert_eq!(url(text).to_string(), "http://h:1/scim/v2");
        }
    }

    #[test]
    fn a_feature_flag_chooses_the_dialect_and_is_not_sent() {
        for (text, dialect, sent) in [
            ("https://h/scim", "default", "https://h/scim/Users/1"),
            (
                "https://h/scim/?aadOptscim062020",
                "aadOptscim062020",
                "https://h/scim/Users/1",
            ),
            (
                "https://h/scim?aadOptscim062020",
                "aadOptscim062020",
                "https://h/scim/Users/1",
            ),
            (
                "https://h/scim?AADoptSCIM062020=",
                "aadOptscim062020",
                "https://h/scim/Users/1",
            ),
            (
                "https://h/scim?AzureAdScimPatch062020",
                "aadOptscim062020",
                "https://h/scim/Users/1",
            ),
            (
                "https://h/scim?AzureAdScimPatch2017",
                "default",
                "https://h/scim/Users/1",
            ),
            (
                "https://h/scim?code=a%20b&aadOptscim062020&x=1",
                "aadOptscim062020",
                "https://h/scim/Users/1?code=a%20b&x=1",
            ),
            (
                "https://h/scim?code=a",
                "default",
                "https://h/scim/Users/1?code=a",
            ),
        ] {
            let url = url(text);
            assert_eq!(url.dialect().name, dialect, "{text}");
            assert_eq!(url.join("Users/1"), sent, "{text}");
            assert_eq!(super::tests::url(&url.to_string()), url, "{text}");
        }
        let with_code = url("https://h/scim?aadOptscim062020&code=a");
        assert_eq!(
            with_code.join("Users?filter=x"),
            "https://h/scim/Users?filter=x&code=a"
        );
        assert_eq!(with_code.base(), "https://h/scim");
    }

    #[test]
    fn what_is_not_a_base_url_is_refused() {
        for text in [
            "",
            "scim/v2",
            "ftp://h/scim",
            "http://",
            "http://u:p@h/scim",
            "http://h/scim?aadOptscim062020&AzureAdScimPatch2017",
            "http://h/scim#x",
            "http://169.254.169.254/scim",
            "http://[::ffff:169.254.169.254]/scim",
            "http://[fe80::1]/scim",
            "http://h /scim",
        ] {
            let error = text.parse::<TenantUrl>().expect_err(text).to_string();
            assert!(
                error.starts_with("Please provide a valid tenant URL for your application. It")
                    || error.ends_with("Link-local addresses are refused."),
                "{error}"
            );
        }
    }
}

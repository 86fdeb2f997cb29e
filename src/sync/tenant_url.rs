//! [`TenantUrl`]: the base URL of a target, checked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

use super::client::is_link_local;

/// The *Tenant URL* of a job, such as `http://127.0.0.1:7644/scim/v2`: absolute, `http` or `https`,
/// without user information, query and fragment. Kept without slashes at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUrl(String);

/// Why a text cannot be a tenant URL: a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Please provide a valid tenant URL for your application: {0}")]
pub struct BadTenantUrl(pub &'static str);

impl FromStr for TenantUrl {
    type Err = BadTenantUrl;

    fn from_str(text: &str) -> Result<Self, BadTenantUrl> {
        let text = text.trim();
        if text.contains('#') {
            return Err(BadTenantUrl("it must not have a fragment ('#…')."));
        }
        let uri: Uri = text.parse().map_err(|_| {
            BadTenantUrl("it must look like https://host/scim/v2 and contain no blanks.")
        })?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            _ => return Err(BadTenantUrl("it must begin with http:// or https://.")),
        }
        let authority = uri
            .authority()
            .filter(|a| !a.host().is_empty())
            .ok_or(BadTenantUrl("it names no host."))?;
        if authority.as_str().contains('@') {
            return Err(BadTenantUrl(
                "it must not carry a user name or password; use the Secret Token.",
            ));
        }
        let bare = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        if bare.parse::<IpAddr>().is_ok_and(is_link_local) {
            return Err(BadTenantUrl("link-local addresses are refused."));
        }
        if let Some(query) = uri.query() {
            return Err(BadTenantUrl(
                if query.to_ascii_lowercase().contains("scim") {
                    "feature flags after '?' choose another wire dialect, which this agent does not speak; remove them."
                } else {
                    "it must not have a query ('?…')."
                },
            ));
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl TenantUrl {
    /// The URL of a path below, with exactly one slash between.
    pub fn join(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }

    /// As kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_stands_between_base_and_path() {
        for text in [
            "http://h:1/scim/v2",
            "http://h:1/scim/v2/",
            " http://h:1/scim/v2// ",
        ] {
            let url: TenantUrl = text.parse().unwrap();
            assert_eq!(url.join("Users"), "http://h:1/scim/v2/Users");
        }
    }

    #[test]
    fn what_is_not_a_base_url_is_refused() {
        for text in [
            "",
            "scim/v2",
            "ftp://h/scim",
            "http://",
            "http://u:p@h/scim",
            "http://h/scim?aadOptscim062020",
            "http://h/scim?x=1",
            "http://h/scim#x",
            "http://169.254.169.254/scim",
            "http://[::ffff:169.254.169.254]/scim",
            "http://[fe80::1]/scim",
            "http://h /scim",
        ] {
            assert!(text.parse::<TenantUrl>().is_err(), "{text}");
        }
    }
}

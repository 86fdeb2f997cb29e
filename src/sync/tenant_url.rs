//! [`TenantUrl`]: the base URL of a target, checked, and the dialect that its feature flag chooses.

use std::fmt;
use std::str::FromStr;

use super::client::{Address, checked_address};
use super::dialect::{self, Dialect};

/// The *Tenant URL* of a job, such as `https://host/scim/v2?aadOptscim062020`: absolute, `http` or
/// `https`, without user information and fragment. Slashes at the end of its path do not count.
///
/// A feature flag among the query parameters chooses the [`Dialect`] and is not sent. The other
/// parameters are part of the address (an access code of a gateway, say): every request carries them after
/// its own. What the service does with them is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUrl {
    /// What requests are sent to.
    address: Address,
    /// As it was typed, flags included; may be empty.
    query: String,
    dialect: &'static Dialect,
}

/// Why a text cannot be a tenant URL: a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Please provide a valid tenant URL for your application. {0}")]
pub struct BadTenantUrl(pub &'static str);

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
            address: Address::new(base, kept.join("&")),
            query: query.to_owned(),
            dialect: chosen.unwrap_or(&dialect::DEFAULT),
        })
    }
}

impl TenantUrl {
    /// The URL of a path below, with exactly one slash between. `path` may have a query.
    pub fn join(&self, path: &str) -> String {
        self.address.join(path)
    }

    /// What every request begins with: without query and without slash at its end.
    pub fn base(&self) -> &str {
        self.address.base()
    }

    /// What requests are sent to.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How requests are phrased.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

/// As it was typed, but for slashes at the end of its path.
impl fmt::Display for TenantUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base())?;
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

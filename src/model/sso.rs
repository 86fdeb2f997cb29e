//! Single sign-on methods of a team, and what is counted of its SCIM keys.
//!
//! Kinds, fields and labels follow Postman's *Authentication Methods* page (Learning Center, "SSO").

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{Guid, Seq};

/// The kinds that *Add Authentication Method* offers; all speak SAML 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SsoKind {
    /// Microsoft AD FS.
    AdFs,
    /// Microsoft Entra ID, formerly Azure AD.
    EntraId,
    /// Any other SAML 2.0 identity provider.
    CustomSaml,
    /// Duo.
    Duo,
    /// Google Workspace, formerly G Suite.
    GoogleWorkspace,
    /// Okta.
    Okta,
    /// `OneLogin`.
    OneLogin,
    /// Ping Identity.
    PingIdentity,
}

impl SsoKind {
    /// In the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::AdFs,
        Self::EntraId,
        Self::CustomSaml,
        Self::Duo,
        Self::GoogleWorkspace,
        Self::Okta,
        Self::OneLogin,
        Self::PingIdentity,
    ];

    /// The vendor's name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AdFs => "Microsoft AD FS",
            Self::EntraId => "Microsoft Entra ID",
            Self::CustomSaml => "Custom SAML 2.0",
            Self::Duo => "Duo",
            Self::GoogleWorkspace => "Google Workspace",
            Self::Okta => "Okta",
            Self::OneLogin => "OneLogin",
            Self::PingIdentity => "Ping Identity",
        }
    }

    /// The word for it in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AdFs => "ad-fs",
            Self::EntraId => "entra-id",
            Self::CustomSaml => "saml",
            Self::Duo => "duo",
            Self::GoogleWorkspace => "google-workspace",
            Self::Okta => "okta",
            Self::OneLogin => "onelogin",
            Self::PingIdentity => "ping-identity",
        }
    }

    /// The kind of a form's word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A certificate that an identity provider signs with. Parsed once; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// DER in base64, on one line.
    pub base64: String,
    /// Whose it says it is: RFC 4514, printable, at most 200 characters.
    pub subject: String,
    /// From when on it is valid.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// SHA-256 of the DER, as pairs of hex digits with colons.
    pub fingerprint: String,
}

/// What a SAML identity provider says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlDetails {
    /// Where sign-in requests are sent: an http or https URL.
    pub sso_url: String,
    /// Its entity id.
    pub issuer: String,
    /// What its assertions are signed with.
    pub certificate: Certificate,
}

/// The other end of a method.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentityProvider {
    /// *Configure Later*.
    #[default]
    Unknown,
    /// The mock Entra of this appliance: it is at hand, so there is nothing to exchange.
    MockEntra,
    /// An identity provider elsewhere.
    Saml(SamlDetails),
}

/// A way for the members of a team to sign in through an identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoMethod {
    /// Row.
    pub seq: Seq,
    /// Which vendor's.
    pub kind: SsoKind,
    /// Unique in the team, in any case.
    pub name: String,
    /// Random; a part of the addresses that the identity provider is given. Unique on this appliance.
    pub instance: Guid,
    /// The other end.
    #[serde(default)]
    pub identity_provider: IdentityProvider,
    /// *Status*, for the whole team.
    #[serde(default)]
    pub enabled: bool,
    /// *Automatically add new users*: whoever signs in first joins as a Developer.
    #[serde(default)]
    pub add_new_users: bool,
    /// What an identity provider has to send when sign-in starts there.
    #[serde(default)]
    pub relay_state: Option<String>,
    /// Who added it: the name at that time.
    pub created_by: String,
    /// When.
    pub created: Timestamp,
    /// Grows with every change, so that a page can tell that it is stale.
    #[serde(default)]
    pub revision: u64,
}

impl SsoMethod {
    /// Whether the other end is known.
    pub fn is_configured(&self) -> bool {
        self.identity_provider != IdentityProvider::Unknown
    }

    /// Whether it counts for the rule that SCIM needs exactly one: configured and on.
    pub fn is_in_use(&self) -> bool {
        self.enabled && self.is_configured()
    }
}

/// A way to sign in that needs no identity provider. Each is on unless a team switched it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BuiltIn {
    /// E-mail address and password.
    Password,
    /// A Google account. A setting alone: an appliance without a network cannot ask Google.
    Google,
}

impl BuiltIn {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Password, Self::Google];

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Password => "Password",
            Self::Google => "Google OAuth 2.0",
        }
    }

    /// The word for it in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Google => "google",
        }
    }

    /// The method of an address's word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}

/// What was done with a SCIM key. Counted in memory and added here now and then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// Requests that it opened the door for.
    pub requests: u64,
    /// The last one.
    pub last: Option<Timestamp>,
    /// `User-Agent` of the last one that sent any: printable, at most 200 characters.
    #[serde(default)]
    pub client: String,
}

//! A person of an org and the states of its lifecycle (part 2.8 of the Okta reference).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Profile;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::Sealed;

/// `status` of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserStatus {
    /// Made but not activated.
    Staged,
    /// Activated, has not signed in yet: *Pending user action*.
    Provisioned,
    /// May sign in.
    Active,
    /// The password is being reset.
    Recovery,
    /// The password must be changed.
    PasswordExpired,
    /// Too many failed attempts.
    LockedOut,
    /// May not sign in for now; keeps every assignment.
    Suspended,
    /// *Deactivated*: may not sign in and has no assignment.
    Deprovisioned,
}

impl UserStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Staged,
        Self::Provisioned,
        Self::Active,
        Self::Recovery,
        Self::PasswordExpired,
        Self::LockedOut,
        Self::Suspended,
        Self::Deprovisioned,
    ];

    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
            Self::Recovery => "RECOVERY",
            Self::PasswordExpired => "PASSWORD_EXPIRED",
            Self::LockedOut => "LOCKED_OUT",
            Self::Suspended => "SUSPENDED",
            Self::Deprovisioned => "DEPROVISIONED",
        }
    }

    /// As the Admin Console shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Staged => "Staged",
            Self::Provisioned => "Pending user action",
            Self::Active => "Active",
            Self::Recovery => "Recovery",
            Self::PasswordExpired => "Password expired",
            Self::LockedOut => "Locked out",
            Self::Suspended => "Suspended",
            Self::Deprovisioned => "Deactivated",
        }
    }

    /// Whether apps that the person is assigned to have an account: neither before activation nor after deactivation.
    pub const fn is_provisioned(self) -> bool {
        !matches!(self, Self::Staged | Self::Deprovisioned)
    }
}

/// `credentials.provider.type`: who checks the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CredentialProvider {
    /// Okta itself.
    #[default]
    Okta,
    /// An identity provider that Okta trusts; the person has no password here.
    Federation,
    /// A social identity provider.
    Social,
}

impl CredentialProvider {
    /// As the management API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okta => "OKTA",
            Self::Federation => "FEDERATION",
            Self::Social => "SOCIAL",
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OktaUser {
    /// Row.
    pub seq: Seq,
    /// Where the person stands.
    pub status: UserStatus,
    /// `profile`: `login`, `email`, `firstName`, `lastName` and what else is set.
    pub profile: Profile,
    /// Who checks the password.
    #[serde(default)]
    pub provider: CredentialProvider,
    /// The password, sealed: *Sync Okta Password* sends it. `None` when the person has none.
    #[serde(default)]
    pub password: Option<Sealed>,
    /// `credentials.recovery_question.question`; the answer is not kept.
    #[serde(default)]
    pub recovery_question: Option<String>,
    /// When the person was made.
    pub created: Timestamp,
    /// When the person was activated last.
    #[serde(default)]
    pub activated: Option<Timestamp>,
    /// When the status changed last.
    #[serde(default)]
    pub status_changed: Option<Timestamp>,
    /// When anything changed last.
    pub last_updated: Timestamp,
    /// When the password changed last.
    #[serde(default)]
    pub password_changed: Option<Timestamp>,
}

impl OktaUser {
    /// An attribute of the profile as text, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.profile.get(name).and_then(Value::as_str)
    }

    /// The sign-in name, unique in the org.
    pub fn login(&self) -> &str {
        self.text("login").unwrap_or_default()
    }

    /// As events and tasks name the person: first and last name, else the login.
    pub fn display_name(&self) -> String {
        let names = ["firstName", "lastName"].map(|name| self.text(name).unwrap_or_default());
        match names.map(str::trim) {
            ["", ""] => self.login().to_owned(),
            [only, ""] | ["", only] => only.to_owned(),
            [first, last] => format!("{first} {last}"),
        }
    }
}

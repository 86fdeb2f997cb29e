//! Mails that the appliance would send, and how they leave it.
//!
//! A mail is kept as what it says, not as bytes: subject, paragraphs of plain text and at most one link. The
//! link of an invite is a secret and is no part of the row; it is made again whenever the mail is shown or sent
//! (`mail::letter`).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::Sealed;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MailKind {
    /// An invite to a team, with the link that accepts it.
    Invite,
    /// Somebody is on a team without having been asked.
    Joined,
    /// Somebody was added to a group.
    GroupJoined,
    /// Somebody was removed from a group.
    GroupLeft,
    /// A team added or verified a domain: for its administrators.
    Domain,
    /// A provisioning job is in quarantine.
    Provisioning,
    /// An operator tried the relay.
    Test,
}

impl MailKind {
    /// Every kind, in the order of lists to choose from.
    pub const ALL: [Self; 7] = [
        Self::Invite,
        Self::Joined,
        Self::GroupJoined,
        Self::GroupLeft,
        Self::Domain,
        Self::Provisioning,
        Self::Test,
    ];

    /// The kind in addresses of lists.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Joined => "joined",
            Self::GroupJoined => "group-joined",
            Self::GroupLeft => "group-left",
            Self::Domain => "domain",
            Self::Provisioning => "provisioning",
            Self::Test => "test",
        }
    }

    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Invite => "Invite",
            Self::Joined => "Joined a team",
            Self::GroupJoined => "Added to a group",
            Self::GroupLeft => "Removed from a group",
            Self::Domain => "Domain",
            Self::Provisioning => "Provisioning failure",
            Self::Test => "Test",
        }
    }
}

/// Where the one link of a mail leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailLink {
    /// To the page that accepts this invite of the mail's team.
    Invite(Seq),
    /// To a page of the console: its label and its path.
    Page {
        /// What the link says.
        label: String,
        /// Begins with a slash.
        path: String,
    },
}

/// How far a mail came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Stays here: no relay was configured when it was written.
    Kept,
    /// Waits for the relay; is tried at this moment.
    Waiting {
        /// Next attempt.
        due: Timestamp,
    },
    /// The relay took it.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// It will not be tried again.
    Failed {
        /// When that was clear.
        at: Timestamp,
    },
}

/// A mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Row; rows are numbered without gaps, the oldest are dropped.
    pub seq: Seq,
    /// The team it is about; none for mails of the appliance itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Seq>,
    /// What it is about.
    pub kind: MailKind,
    /// Address of the one recipient, as it is known here. May be no address: then the mail cannot be sent.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Paragraphs of plain text.
    pub text: Vec<String>,
    /// The link below the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<MailLink>,
    /// When it was written.
    pub written: Timestamp,
    /// How far it came.
    pub delivery: Delivery,
    /// How often it was handed to a relay.
    #[serde(default)]
    pub attempts: u32,
    /// What the last attempt failed with; empty after none or a good one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub failure: String,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Protection {
    /// Not at all: for a relay on this host or network.
    None,
    /// STARTTLS, which the relay must offer.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl Protection {
    /// Every way, in the order of the form.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Tls, Self::None];

    /// The way as the form sends it.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// The server that takes mails of this appliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Protection of the connection.
    pub protection: Protection,
    /// Who signs in there; empty when nobody does.
    #[serde(default)]
    pub user: String,
    /// The user's password, sealed.
    #[serde(default)]
    pub password: Option<Sealed>,
    /// Sender of every mail.
    pub from: String,
    /// Certificates in PEM of authorities that are trusted besides the public ones; may be empty.
    #[serde(default)]
    pub authorities: String,
}

/// Settings of the outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Where mails go; none keeps them here.
    #[serde(default)]
    pub relay: Option<Relay>,
    /// Whether people are told when they are added to or removed from a group.
    #[serde(default)]
    pub group_mails: bool,
    /// Grows with every change, so that a stale form is noticed.
    #[serde(default)]
    pub revision: u64,
}

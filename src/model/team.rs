//! The team: accounts, which are global; users, which are an account's membership of a team; groups; keys.

use std::collections::BTreeSet;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ObjectKind;
use super::audit::Origin;
use super::membership::{MemberState, Role};
use super::sso::BuiltIn;
use crate::clock::Timestamp;
use crate::id::{ScimId, Seq};
use crate::scim::Preset;
use crate::scim::profile::Setting;
use crate::secret::{Digest, PasswordHash};

/// A team: the tenant of the service provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Team {
    /// Row.
    pub seq: Seq,
    /// Shown in the console.
    pub name: String,
    /// The *SCIM provisioning* toggle. While off, every SCIM request is answered with 403.
    pub scim_enabled: bool,
    /// When the team was made.
    pub created: Timestamp,
    /// What its SCIM endpoint is like. Keys may be bound to another preset.
    #[serde(default)]
    pub profile: Setting,
    /// Grows with every change of `profile` and of the team's schema extensions, so that what is derived
    /// from them can be kept in memory.
    #[serde(default)]
    pub revision: u64,
    /// For how many days the record of its events is kept.
    #[serde(
        default = "Team::audit_days_by_default",
        skip_serializing_if = "Team::is_audit_default"
    )]
    pub audit_days: u16,
    /// Built-in ways to sign in that are switched off.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub built_ins_off: BTreeSet<BuiltIn>,
}

impl Team {
    /// Postman's number for its Enterprise plan (Learning Center, "Audit logs").
    pub const AUDIT_DAYS: u16 = 180;
    /// The longest that can be chosen.
    pub const AUDIT_DAYS_MOST: u16 = 3_650;

    const fn audit_days_by_default() -> u16 {
        Self::AUDIT_DAYS
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over references"
    )]
    const fn is_audit_default(days: &u16) -> bool {
        *days == Self::AUDIT_DAYS
    }
}

/// A person, known by a sign-in name across all teams. What the person is in a team is a [`User`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Row.
    pub seq: Seq,
    /// An e-mail address, or the `userName` that SCIM sent, as typed. Compared as a `userName` is, and
    /// never changed: a new `userName` is a membership of another account.
    #[serde(alias = "email")]
    pub sign_in_name: String,
    /// Shown in the console.
    pub name: String,
    /// argon2id; none for people whom SCIM brought, who cannot sign in with a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordHash>,
    /// Owns the appliance. Never given by SCIM.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub operator: bool,
    /// When the account was made.
    pub created: Timestamp,
}

impl Account {
    /// The SCIM attributes of a member who came through the console.
    pub fn as_attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        attributes.insert("userName".into(), self.sign_in_name.as_str().into());
        if !self.name.is_empty() {
            attributes.insert("displayName".into(), self.name.as_str().into());
        }
        attributes.insert("active".into(), true.into());
        attributes
    }
}

/// A session of the console.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Whose it is; `None` before sign-in (a flash notice may live in it already).
    pub account: Option<Seq>,
    /// State of the session middleware.
    pub state: Map<String, Value>,
    /// Absolute end.
    pub expires: Timestamp,
    /// When it began.
    #[serde(default)]
    pub started: Timestamp,
    /// When it was last used, to the minute.
    #[serde(default)]
    pub seen: Timestamp,
    /// Whether *Stay signed in* was ticked.
    #[serde(default)]
    pub stay: bool,
    /// Where it began.
    #[serde(default)]
    pub origin: Origin,
}

impl Session {
    /// How long it may rest, unless somebody wanted to stay signed in.
    pub const IDLE: Duration = Duration::from_mins(30);
    /// How long it may rest when somebody wanted to stay signed in. Both are Postman's numbers.
    pub const IDLE_WHEN_STAYING: Duration = Duration::from_hours(30 * 24);
    /// Absolute life, unless somebody wanted to stay signed in.
    pub const LIFE: Duration = Duration::from_hours(12);
    /// Absolute life when somebody wanted to stay signed in.
    pub const LIFE_WHEN_STAYING: Duration = Duration::from_hours(90 * 24);

    /// Whether it is over: at its absolute end, or after too long a rest.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let idle = if self.stay {
            Self::IDLE_WHEN_STAYING
        } else {
            Self::IDLE
        };
        self.expires <= now || now.since(self.seen) >= idle
    }
}

/// The one-time link that makes the first administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetupLink {
    /// Digest of the token in the link.
    pub digest: Digest,
    /// 30 minutes after it was printed.
    pub expires: Timestamp,
}

/// A schema with which a team extends its users or groups. RFC 7643 section 7.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamSchema {
    /// Row.
    pub seq: Seq,
    /// The schema's id as the document spells it; the key of the data in resources.
    pub urn: String,
    /// What it extends.
    pub extends: ObjectKind,
    /// Whether every resource must have it.
    pub required: bool,
    /// The document as it was typed.
    pub document: String,
    /// Who added it: the name at that time.
    pub created_by: String,
    /// When it was added.
    pub created: Timestamp,
    /// When it was removed, if resources held data of it then: the data stays with them, unseen, and this
    /// row says what it is.
    #[serde(default)]
    pub removed: Option<Timestamp>,
}

/// The `meta` attributes and the revision behind the `ETag` (RFC 7643 section 3.1, RFC 7644 3.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// `meta.created`.
    pub created: Timestamp,
    /// `meta.lastModified`: equals `created` until the first real change.
    pub last_modified: Timestamp,
    /// Starts at 1 and grows by one with every change of content.
    pub revision: u64,
}

impl Meta {
    /// Of a resource made at `now`.
    pub const fn new(now: Timestamp) -> Self {
        Self {
            created: now,
            last_modified: now,
            revision: 1,
        }
    }

    /// After a change at `now`.
    #[must_use]
    pub const fn changed(self, now: Timestamp) -> Self {
        Self {
            created: self.created,
            last_modified: now,
            revision: self.revision + 1,
        }
    }

    /// The weak tag of this revision, as `ETag` and `meta.version` carry it.
    pub fn version(self) -> String {
        format!("W/\"{}\"", self.revision)
    }
}

/// A member of the team as SCIM sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Row.
    pub seq: Seq,
    /// Wire id.
    pub id: ScimId,
    /// Times and revision.
    pub meta: Meta,
    /// Every stored attribute under its schema name; extension data under its URN. Never `schemas`,
    /// `id`, `meta`, `groups` or `password`.
    pub attributes: Map<String, Value>,
    /// Whose membership this is. Its sign-in name and the `userName` have the same comparison key.
    #[serde(default)]
    pub account: Seq,
    /// What the member may do.
    #[serde(
        default = "Role::by_default",
        skip_serializing_if = "Role::are_default"
    )]
    pub roles: BTreeSet<Role>,
    /// The pending invite that has to be accepted before this person is on the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<Seq>,
    /// When SCIM made or last changed it; none for somebody whom SCIM never touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by_scim: Option<Timestamp>,
}

impl User {
    fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// `userName`; every stored user has one.
    pub fn user_name(&self) -> &str {
        self.text("userName").unwrap_or_default()
    }

    /// `displayName`.
    pub fn display_name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// `active`; true when unset.
    pub fn active(&self) -> bool {
        self.attributes
            .get("active")
            .and_then(Value::as_bool)
            .unwrap_or(true)
    }

    /// How this person stands in the team.
    pub fn state(&self) -> MemberState {
        if !self.active() {
            MemberState::Deactivated
        } else if self.invite.is_some() {
            MemberState::Invited
        } else {
            MemberState::Active
        }
    }

    /// Whether this person may administer the team now by a role of their own. What comes through groups
    /// an identity provider can take away, so it does not count where an administrator must remain.
    pub fn administers(&self) -> bool {
        self.roles.iter().any(|role| role.administers()) && self.state() == MemberState::Active
    }

    /// What this person is called: see [`called`].
    pub fn called(&self) -> Option<String> {
        called(&self.attributes)
    }

    /// What a list for people shows: the name, else `userName`.
    pub fn label(&self) -> String {
        self.called().unwrap_or_else(|| self.user_name().to_owned())
    }
}

/// What a person with these attributes is called: `displayName`, else `name.formatted`, else given and
/// family name. None for a user of whom only `userName` is known, which is an identifier and not a name.
pub fn called(attributes: &Map<String, Value>) -> Option<String> {
    let name = attributes.get("displayName").and_then(Value::as_str);
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let part = |key| {
        attributes
            .get("name")
            .and_then(|n| n.get(key))
            .and_then(Value::as_str)
    };
    if let Some(formatted) = part("formatted") {
        return Some(formatted.to_owned());
    }
    let parts: Vec<&str> = [part("givenName"), part("familyName")]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A group of the team. Its members are edges (`store::groups`), never part of the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Row.
    pub seq: Seq,
    /// Wire id.
    pub id: ScimId,
    /// Times and revision.
    pub meta: Meta,
    /// Number of membership edges.
    pub member_count: u64,
    /// `displayName`, `externalId` and extension data. Never `members`.
    pub attributes: Map<String, Value>,
    /// What its members may do beyond their own roles.
    #[serde(
        default = "Role::by_default",
        skip_serializing_if = "Role::are_default"
    )]
    pub roles: BTreeSet<Role>,
    /// Members who may change it, as rows of users. Only groups that have the Developer role alone have any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub managers: BTreeSet<Seq>,
    /// What it is for, in the console's words; not a SCIM attribute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// When SCIM made or last changed it; none for a group that SCIM never touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by_scim: Option<Timestamp>,
}

impl Group {
    /// A group without members, with the role that Postman gives new groups.
    pub fn new(seq: Seq, id: ScimId, now: Timestamp, attributes: Map<String, Value>) -> Self {
        Self {
            seq,
            id,
            meta: Meta::new(now),
            member_count: 0,
            attributes,
            roles: Role::by_default(),
            managers: BTreeSet::new(),
            summary: String::new(),
            written_by_scim: None,
        }
    }

    /// `displayName`; every stored group has one.
    pub fn display_name(&self) -> &str {
        self.attributes
            .get("displayName")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        self.attributes.get("externalId").and_then(Value::as_str)
    }
}

/// Whether a key opens the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It was revoked and never will again.
    Revoked,
}

/// What a list of keys says of one, at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It works.
    Active,
    /// Another key took its place; it works a little longer.
    Retiring,
    /// Its time is over.
    Expired,
    /// It was revoked, or the overlap with its successor is over.
    Revoked,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAccess {
    /// Everything.
    #[default]
    ReadWrite,
    /// GET, HEAD and searches.
    ReadOnly,
}

/// A SCIM API key of a team. The key itself is shown once and never stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScimKey {
    /// Row.
    pub seq: Seq,
    /// Unique among the team's keys that no other key took the place of.
    pub name: String,
    /// SHA-256 of the key.
    pub digest: Digest,
    /// For recognising the key in a list.
    pub last_four: String,
    /// Active or revoked.
    pub status: KeyStatus,
    /// Who made it: the name at that time.
    pub created_by: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was revoked.
    #[serde(default)]
    pub revoked: Option<Timestamp>,
    /// From when on it opens nothing any more: an expiry that was chosen, or the end of the overlap after
    /// another key took its place.
    #[serde(default)]
    pub expires: Option<Timestamp>,
    /// What it may do.
    #[serde(default)]
    pub access: KeyAccess,
    /// Profile of the requests made with it; none: the team's.
    #[serde(default)]
    pub profile: Option<Preset>,
    /// The user that `/Me` stands for.
    #[serde(default)]
    pub user: Option<Seq>,
    /// The administrator's account it stands and falls with; none for keys made at the command line.
    #[serde(default)]
    pub author: Option<Seq>,
    /// The key that took its place.
    #[serde(default)]
    pub successor: Option<Seq>,
}

impl ScimKey {
    /// How it stands at `now`.
    pub fn state(&self, now: Timestamp) -> KeyState {
        let over = self.expires.is_some_and(|end| end <= now);
        match (self.status, self.successor) {
            (KeyStatus::Revoked, _) => KeyState::Revoked,
            (KeyStatus::Active, Some(_)) if over => KeyState::Revoked,
            (KeyStatus::Active, Some(_)) => KeyState::Retiring,
            (KeyStatus::Active, None) if over => KeyState::Expired,
            (KeyStatus::Active, None) => KeyState::Active,
        }
    }

    /// Whether it opens the door at this moment, provided that SCIM is on.
    pub fn opens_at(&self, now: Timestamp) -> bool {
        matches!(self.state(now), KeyState::Active | KeyState::Retiring)
    }
}

//! Who belongs to a team and how they came there: roles, invites, domains, and the record of writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::secret::{LinkKey, Plain};

use super::audit::{Origin, Party};

/// A role in a team (Postman's Learning Center, "Roles and permissions"): what can be given to people and
/// groups on its Enterprise plan. Partner and Guest are never given by hand, Flow Editor belongs to other
/// plans, and Organization Manager to organizations, which the appliance does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Everything. Given by Super Admins, or by an Admin while the team has none.
    SuperAdmin,
    /// Members and settings of the team. Never given by SCIM.
    Admin,
    /// Plan and payments; here: gives and takes this very role.
    Billing,
    /// Postman's default; what everybody has whom SCIM creates.
    Developer,
    /// Public visibility of workspaces and the team's profile.
    CommunityManager,
    /// The private API network.
    ApiNetworkManager,
    /// Rules of API governance.
    ApiGovernanceManager,
    /// Partner workspaces and their invitations.
    PartnerManager,
}

impl Role {
    /// All of them, most powerful first.
    pub const ALL: [Self; 8] = [
        Self::SuperAdmin,
        Self::Admin,
        Self::Billing,
        Self::Developer,
        Self::CommunityManager,
        Self::ApiNetworkManager,
        Self::ApiGovernanceManager,
        Self::PartnerManager,
    ];

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SuperAdmin => "Super Admin",
            Self::Admin => "Admin",
            Self::Billing => "Billing",
            Self::Developer => "Developer",
            Self::CommunityManager => "Community Manager",
            Self::ApiNetworkManager => "API Network Manager",
            Self::ApiGovernanceManager => "API Governance Manager",
            Self::PartnerManager => "Partner Manager",
        }
    }

    /// Its word in forms and addresses, in the style of the API's slugs (`admin`, `user` and
    /// `community-manager` are Postman's; the others are not published).
    pub const fn slug(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super-admin",
            Self::Admin => "admin",
            Self::Billing => "billing",
            Self::Developer => "user",
            Self::CommunityManager => "community-manager",
            Self::ApiNetworkManager => "api-network-manager",
            Self::ApiGovernanceManager => "api-governance-manager",
            Self::PartnerManager => "partner-manager",
        }
    }

    /// The role with this slug.
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// Whether it administers the team.
    pub const fn administers(self) -> bool {
        matches!(self, Self::SuperAdmin | Self::Admin)
    }

    /// The roles of somebody to whom none were given by hand.
    pub fn by_default() -> BTreeSet<Self> {
        BTreeSet::from([Self::Developer])
    }

    pub(super) fn are_default(roles: &BTreeSet<Self>) -> bool {
        roles.len() == 1 && roles.contains(&Self::Developer)
    }
}

/// How somebody stands in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// Has not accepted the invite yet: is listed, but is not on the team.
    Invited,
    /// On the team.
    Active,
    /// May not sign in to the team; everything is kept.
    Deactivated,
}

/// Who sent an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InviteOrigin {
    /// A SCIM request for somebody whose account is not the team's to take.
    Scim,
    /// An administrator, by hand.
    Console,
}

/// What became of an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InviteState {
    /// Waits for an answer. Such invites do not expire.
    Pending,
    /// The person joined.
    Accepted,
    /// The person declined.
    Dismissed,
    /// The team took it back.
    Revoked,
}

/// An invite to a team. At most one per team and address is pending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Row.
    pub seq: Seq,
    /// Whose sign-in name it is for, as typed or as SCIM sent it.
    pub email: String,
    /// The membership that waits for it; none for invites sent by hand.
    #[serde(default)]
    pub user: Option<Seq>,
    /// Who sent it.
    pub origin: InviteOrigin,
    /// What became of it.
    pub state: InviteState,
    /// When it was sent.
    pub created: Timestamp,
    /// When it stopped being pending.
    #[serde(default)]
    pub settled: Option<Timestamp>,
    /// Name of the administrator or of the key, at that time.
    pub by: String,
    /// The account of who sent it by hand; none at the command line, for SCIM, and before this was kept.
    #[serde(default)]
    pub sender: Option<Seq>,
    /// What the person may do after joining.
    #[serde(default = "Role::by_default")]
    pub roles: BTreeSet<Role>,
}

impl Invite {
    /// The secret in this invite's link: whoever has it may accept. It belongs to this row and its address
    /// alone, and is made when it is needed: a row that comes back from a backup under another address has
    /// another one.
    pub fn token(&self, team: Seq, key: &LinkKey) -> Plain {
        let (team, invite) = (team.to_string(), self.seq.to_string());
        let created = self.created.millis().to_string();
        key.token(&["invite", &team, &invite, &self.email, &created])
    }

    /// Path of the page that accepts it. A secret, like the token in it.
    pub fn path(&self, team: Seq, key: &LinkKey) -> String {
        let token = self.token(team, key);
        format!("/invites/{team}-{}-{}", self.seq, token.expose())
    }
}

/// How a domain was found to be the team's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerificationMethod {
    /// An administrator marked it as verified: an appliance without a network can look nothing up.
    Manual,
}

/// The proof that a domain is the team's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Since when.
    pub at: Timestamp,
    /// How.
    pub how: VerificationMethod,
    /// Name of the administrator, at that time.
    pub by: String,
}

/// A domain of e-mail addresses that a team claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Lower case, without a dot at its end.
    pub name: String,
    /// When it was added.
    pub added: Timestamp,
    /// Random part of the TXT record that shows whose it is; empty for one that was added before there was one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// None while it is only claimed.
    #[serde(default)]
    pub verified: Option<Verification>,
}

/// Who caused a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A SCIM key of the team.
    Key(Seq),
    /// Somebody signed in to the console.
    Account(Seq),
    /// The owner of the data directory.
    CommandLine,
}

/// Declares an enum and the list of its values, so that tables over them can be checked for gaps.
macro_rules! listed {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

listed! {
    /// What was asked for.
    #[expect(missing_docs, reason = "each name says what was done to which object")]
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Operation {
        UserCreate,
        UserReplace,
        UserPatch,
        UserDelete,
        GroupCreate,
        GroupReplace,
        GroupPatch,
        GroupDelete,
        TeamCreate,
        TeamRename,
        ProfileChoose,
        SchemaAdd,
        SchemaReplace,
        SchemaRemove,
        ScimTurnOn,
        ScimTurnOff,
        KeyGenerate,
        KeyRegenerate,
        KeyRevoke,
        KeyDelete,
        SsoAdd,
        SsoUpdate,
        SsoTurnOn,
        SsoTurnOff,
        SsoRemove,
        BuiltInTurnOn,
        BuiltInTurnOff,
        InviteSend,
        InviteAccept,
        InviteDismiss,
        InviteRevoke,
        InviteResend,
        DomainAdd,
        DomainVerify,
        DomainRemove,
        AdministratorUpsert,
        RolesUpdate,
        MemberRemove,
        MemberDeactivate,
        MemberReactivate,
        GroupRoleAdd,
        GroupRoleRemove,
        GroupManagerAdd,
        GroupManagerRemove,
        KeyHandOver,
        SignIn,
        SignOut,
        SessionEnd,
        OperatorAdd,
        OperatorRemove,
        ApiKeyGenerate,
        ApiKeyRevoke,
        RetentionChoose,
        AccountRename,
        PasswordChange,
        TeamLeave,
        MailSettingsChange,
        OperatorTokenGenerate,
        OperatorTokenRevoke,
        ClockTurn,
    }
}

listed! {
    /// What came of it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Outcome {
        /// It was done.
        Done,
        /// Everything was as asked for already.
        Unchanged,
        /// Somebody is on the team from now on.
        Joined,
        /// Somebody was invited and is listed meanwhile.
        Invited,
        /// Somebody may no longer sign in to the team, or was made like that.
        Deactivated,
        /// Somebody may sign in to the team again.
        Reactivated,
        /// Of a change of a group: all it did was to take members in.
        MembersAdded,
        /// Of a change of a group: all it did was to let members go.
        MembersRemoved,
        /// It was tried in vain: of sign-ins only.
        Failed,
    }
}

/// One event of a team's record. Refused requests changed nothing and are not here, but for failed sign-ins.
/// Fields that came later are absent in older events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// How the actor was called then: a person, or the key.
    #[serde(default, skip_serializing_if = "Party::is_unknown")]
    pub actor: Party,
    /// The account behind a key: its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Seq>,
    /// Where the request came from.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
    /// What was asked for.
    pub operation: Operation,
    /// Wire id of the user or group; row of a key or invite; name of a domain or of a way to sign in; URN of a schema; empty for the team itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// How the target was called then.
    #[serde(default, skip_serializing_if = "Party::is_unknown")]
    pub subject: Party,
    /// Members of the team it is about besides the target, e.g. who came into a group. Not more than [`ABOUT_MAXIMUM`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<Seq>,
    /// Names of the attributes that changed, never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// What else is worth knowing, by name: never a secret, never an attribute's value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// Most members that an event names besides its target.
pub const ABOUT_MAXIMUM: usize = 20;

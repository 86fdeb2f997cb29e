//! Authorisation by type: who may call a domain function is in its signature.
//!
//! A value of these types is proof that somebody was authenticated. They can be made in three places
//! only, found by searching for `::authenticated` and `::of_this_process`: the sign-in and key checks
//! of `provider`, and the command line, whose user already owns the data directory.
//!
//! What a [`Member`] may do is decided once, by [`Member::may`]: a domain function that asks for a
//! [`May`] of a permission cannot be called by somebody who lacks it.

mod permissions;

pub use permissions::{May, Needs, NotAllowed, Permission, Permit, permission};

use std::collections::BTreeSet;

use std::sync::Arc;

use crate::id::{Guid, Seq};
use crate::model::okta::OktaToken;
use crate::model::{
    Account, Actor, AppRegistration, GraphPermission, KeyAccess, Origin, Reach, Role, ScimKey,
};
use crate::scim::profile::Service;
use crate::scim::{Endpoint, ResourceTypes, Rules};

/// A SCIM client with a valid key of a team whose SCIM is on.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimCaller {
    /// The key's team: every look-up is confined to it.
    pub team: Seq,
    /// Row of the key.
    pub key: Seq,
    /// Name of the key, for logs.
    pub key_name: Arc<str>,
    /// What the key may do.
    pub access: KeyAccess,
    /// The user that `/Me` stands for.
    pub user: Option<Seq>,
    /// What the endpoint is like for this key.
    pub endpoint: Arc<Endpoint>,
    /// The account that the key stands and falls with.
    pub author: Option<Seq>,
    /// Where the request came from; not known of reads, which leave no trace.
    pub origin: Option<Arc<Origin>>,
}

impl ScimCaller {
    /// After the key check.
    pub(crate) fn authenticated(team: Seq, key: &ScimKey, endpoint: Arc<Endpoint>) -> Self {
        Self {
            team,
            key: key.seq,
            key_name: key.name.as_str().into(),
            access: key.access,
            user: key.user,
            endpoint,
            author: key.author,
            origin: None,
        }
    }

    /// A caller of a team with the standard profile, for tests of what callers may do.
    #[cfg(test)]
    pub(crate) fn of_test(team: Seq) -> Self {
        Self {
            team,
            key: Seq(1),
            key_name: "key".into(),
            access: KeyAccess::ReadWrite,
            user: None,
            endpoint: Endpoint::of(crate::scim::Preset::Standard),
            author: None,
            origin: None,
        }
    }

    /// Who it is in the record of the team's writes.
    pub fn actor(&self) -> Actor {
        Actor::Key(self.key)
    }

    /// How this caller's requests are read.
    pub fn rules(&self) -> &Rules {
        &self.endpoint.profile.rules
    }

    /// Users and groups as this caller knows them.
    pub fn types(&self) -> &ResourceTypes {
        &self.endpoint.types
    }

    /// What this caller is offered and answered.
    pub fn service(&self) -> &Service {
        &self.endpoint.profile.service
    }
}

/// A person who is on a team, with what the roles there allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The team.
    pub team: Seq,
    /// Shown as creator of what they make.
    pub name: String,
    /// Whose membership it is; none for the command line.
    pub account: Option<Seq>,
    /// Own roles and those through groups, as they were when the request came.
    pub roles: BTreeSet<Role>,
    /// Where the request came from, for the record.
    pub origin: Option<Arc<Origin>>,
}

impl Member {
    /// After sign-in, with the effective roles.
    pub(crate) fn authenticated(team: Seq, account: &Account, roles: BTreeSet<Role>) -> Self {
        Self {
            team,
            name: account.name.clone(),
            account: Some(account.seq),
            roles,
            origin: None,
        }
    }

    /// The owner of the data directory, at the command line.
    pub(crate) fn of_this_process(team: Seq) -> Self {
        Self {
            team,
            name: "command line".into(),
            account: None,
            roles: BTreeSet::from([Role::SuperAdmin]),
            origin: None,
        }
    }

    /// Whether one of the roles gives this permission.
    pub fn has(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| permission.is_of(*role))
    }

    /// Proof that this person has a permission. Which one follows from the function that is called with it.
    ///
    /// # Errors
    /// [`NotAllowed`] when none of the roles gives it.
    pub fn may<P: Permit>(&self) -> Result<May<P>, NotAllowed> {
        May::of(self)
    }

    /// Who it is in the record of the team's writes.
    pub fn actor(&self) -> Actor {
        self.account.map_or(Actor::CommandLine, Actor::Account)
    }
}

/// A person who proved to own an account, whatever teams it belongs to: for answering invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHolder {
    /// The account.
    pub account: Seq,
    /// What invites to this person are addressed to.
    pub sign_in_name: String,
    /// Where the request came from, for the record.
    pub origin: Option<Arc<Origin>>,
}

impl AccountHolder {
    /// After sign-in.
    pub(crate) fn authenticated(account: &Account) -> Self {
        Self {
            account: account.seq,
            sign_in_name: account.sign_in_name.clone(),
            origin: None,
        }
    }

    /// Who it is in the record of a team's writes.
    pub fn actor(&self) -> Actor {
        Actor::Account(self.account)
    }
}

/// Somebody who has the link of a pending invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHolder {
    /// The team that invites.
    pub team: Seq,
    /// Row of the invite.
    pub invite: Seq,
}

impl LinkHolder {
    /// After the token of the link was compared.
    pub(crate) fn of_link(team: Seq, invite: Seq) -> Self {
        Self { team, invite }
    }
}

/// The owner of the appliance: identity providers, agents, settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Shown as author of changes.
    pub name: String,
    /// Who it is; none for the command line.
    pub account: Option<Seq>,
    /// Where the request came from, for the record.
    pub origin: Option<Arc<Origin>>,
}

impl Operator {
    /// After sign-in of an account that is marked as one.
    pub(crate) fn authenticated(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            account: Some(account.seq),
            origin: None,
        }
    }

    /// The owner of the data directory, at the command line.
    pub(crate) fn of_this_process() -> Self {
        Self {
            name: "command line".into(),
            account: None,
            origin: None,
        }
    }

    /// The provisioning service itself, which changes a directory in the name of an inbound job.
    pub(crate) fn provisioning_service() -> Self {
        Self {
            name: "Azure AD Provisioning Service".into(),
            account: None,
            origin: None,
        }
    }

    /// Whoever holds the operator token.
    pub(crate) fn by_token() -> Self {
        Self {
            name: "operator token".into(),
            account: None,
            origin: None,
        }
    }

    /// Who it is in the record of a team's writes.
    pub fn actor(&self) -> Actor {
        self.account.map_or(Actor::CommandLine, Actor::Account)
    }
}

/// A client of the Graph API with a valid access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphClient {
    /// Row of its tenant: every look-up is confined to it.
    pub tenant: Seq,
    /// Row of its registration.
    pub registration: Seq,
    /// Its client id.
    pub app_id: Guid,
    /// Shown as author of changes.
    pub name: String,
    /// `roles` of its token.
    pub permissions: BTreeSet<GraphPermission>,
    /// Rows of the enterprise applications that it owns.
    pub owns: BTreeSet<Seq>,
}

impl GraphClient {
    /// After its token was checked.
    pub(crate) fn authenticated(
        tenant: Seq,
        registration: &AppRegistration,
        permissions: BTreeSet<GraphPermission>,
    ) -> Self {
        Self {
            tenant,
            registration: registration.seq,
            app_id: registration.app_id,
            name: registration.display_name.clone(),
            permissions,
            owns: registration.owns.clone(),
        }
    }

    /// Whether it has one of these permissions.
    pub fn has(&self, one_of: &[GraphPermission]) -> bool {
        one_of.iter().any(|p| self.permissions.contains(p))
    }

    /// Whether it may do this with an application.
    pub fn reaches(&self, reach: Reach, application: Seq) -> bool {
        reach.covers(&self.permissions, &self.owns, application)
    }

    /// Proof that it may do what needs one of these permissions: inside its own tenant it then does what an operator
    /// does.
    pub fn may(&self, one_of: &[GraphPermission]) -> Option<Operator> {
        self.has(one_of).then(|| Operator {
            name: self.name.clone(),
            account: None,
            origin: None,
        })
    }
}

/// Whoever may administer one org of the mock Okta: the operator, or a program with one of the org's API tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgAdministrator {
    /// Row of the org.
    pub org: Seq,
    /// Shown as author of changes.
    pub name: String,
    /// Row of the token; `None` for the operator.
    pub token: Option<Seq>,
    /// Whether it is the org itself, working at its own jobs.
    pub(crate) itself: bool,
    /// Row of the operator's account; `None` for a token and for the command line.
    pub account: Option<Seq>,
}

impl OrgAdministrator {
    /// The operator owns every org.
    pub fn of(operator: &Operator, org: Seq) -> Self {
        Self {
            org,
            name: operator.name.clone(),
            token: None,
            itself: false,
            account: operator.account,
        }
    }

    /// The org itself, for what its jobs do without anybody's click: an import that confirms by itself.
    pub(crate) fn itself(org: Seq) -> Self {
        Self {
            org,
            name: "Okta System".to_owned(),
            token: None,
            account: None,
            itself: true,
        }
    }

    /// Whether it is the org itself rather than somebody.
    pub fn is_itself(&self) -> bool {
        self.itself
    }

    /// Whoever presented an API token of an org.
    pub(crate) fn by_token(org: Seq, token: &OktaToken) -> Self {
        Self {
            org,
            name: token.name.clone(),
            token: Some(token.seq),
            itself: false,
            account: None,
        }
    }
}

/// A proof says where the request came from whose proof it is, so that the record can tell without anybody
/// handing it through.
macro_rules! coming_from {
    ($($type:ty),*) => {
        $(impl $type {
            /// The same, with what is known of the request.
            #[must_use]
            pub fn coming_from(mut self, origin: &Arc<Origin>) -> Self {
                self.origin = Some(Arc::clone(origin));
                self
            }
        })*
    };
}
coming_from!(ScimCaller, Member, AccountHolder, Operator);

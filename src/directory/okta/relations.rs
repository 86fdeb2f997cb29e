//! Who is related to somebody, for the expressions that ask (part 3.2 of the Okta reference).
//!
//! Okta takes managers from Active Directory, which is not there. The manager is whom the profile names instead: by
//! `managerId`, else by `manager`, each an id or a login. The linked object `manager` is the same person. Nobody has an
//! assistant.

use serde_json::Value as Json;

use super::known::members;
use super::refusal::Result;
use crate::id::{OktaId, OktaKind, Seq};
use crate::mapping::okta::{Profile as Members, Related};
use crate::model::okta::OktaUser;
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, users};

/// Name of the linked object.
const MANAGER: &str = "manager";

/// Somebody's manager, as far as a mapping can ask.
#[derive(Debug, Default)]
pub(super) struct Relations {
    manager: Option<Members>,
    /// App user profiles of the manager, by the name of the app.
    manager_apps: Vec<(String, Members)>,
}

/// Whether an expression asks for somebody who is related.
pub(super) fn asks(expression: &str) -> bool {
    ["getManager", "getLinkedObject"]
        .iter()
        .any(|name| expression.contains(name))
}

impl Relations {
    /// Reads them, with what the manager is in these apps.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn of(
        tx: &impl Reads,
        org: Seq,
        user: &OktaUser,
        apps: &[(String, Seq)],
    ) -> Result<Self> {
        let Some(manager) = manager(tx, org, user)? else {
            return Ok(Self::default());
        };
        let mut manager_apps = Vec::new();
        for (name, app) in apps {
            let key = AppKey { org, app: *app };
            let assigned = app_users::find(tx, key, manager.seq)?;
            manager_apps.extend(assigned.map(|one| (name.clone(), members(&one.profile))));
        }
        Ok(Self {
            manager: Some(members(&manager.profile)),
            manager_apps,
        })
    }

    /// As expressions know it.
    pub(super) fn related(&self) -> Related<'_> {
        let manager = self.manager.as_ref();
        Related {
            linked: manager
                .map(|manager| (MANAGER, manager))
                .into_iter()
                .collect(),
            manager,
            manager_apps: self
                .manager_apps
                .iter()
                .map(|(name, profile)| (name.as_str(), profile))
                .collect(),
            ..Related::default()
        }
    }
}

fn manager(tx: &impl Reads, org: Seq, user: &OktaUser) -> Result<Option<OktaUser>> {
    for attribute in ["managerId", MANAGER] {
        let named = user.profile.get(attribute).and_then(Json::as_str);
        let Some(named) = named.filter(|named| !named.is_empty()) else {
            continue;
        };
        let row = named
            .parse::<OktaId>()
            .ok()
            .and_then(|id| id.row(tx.mix(), OktaKind::User, org));
        let by_id = match row {
            Some(row) => users::find(tx, org, row)?,
            None => None,
        };
        if let Some(found) = by_id.or(users::by_login(tx, org, named)?) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

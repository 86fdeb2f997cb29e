//! What expressions know of one person: profile, status, groups.

use crate::clock::Timestamp;
use crate::id::{OktaId, OktaKind, Seq};
use crate::mapping::okta::{Context, Group, Internal, Profile as Members};
use crate::model::okta::{OktaUser, Profile};
use crate::store::okta::groups;
use crate::store::{Error, Reads};

/// What is looked up for one person.
pub(super) struct Known {
    id: String,
    status: &'static str,
    user: Members,
    groups: Vec<(String, &'static str, String, Option<String>)>,
}

impl Known {
    /// Looks it up; the groups only when somebody asks for them.
    pub(super) fn of(
        tx: &impl Reads,
        org: Seq,
        user: &OktaUser,
        with_groups: bool,
    ) -> Result<Self, Error> {
        let mix = tx.mix();
        let mut known = Self {
            id: OktaId::of_row(mix, OktaKind::User, org, user.seq).to_string(),
            status: user.status.name(),
            user: members(&user.profile),
            groups: Vec::new(),
        };
        if with_groups {
            for group in groups::groups_of(tx, org, user.seq)? {
                let Some(group) = groups::find(tx, org, group)? else {
                    continue;
                };
                let source = group
                    .app
                    .map(|app| OktaId::of_row(mix, OktaKind::App, org, app).to_string());
                let id = OktaId::of_row(mix, OktaKind::Group, org, group.seq).to_string();
                known
                    .groups
                    .push((id, group.kind.name(), group.name, source));
            }
        }
        Ok(known)
    }

    /// As an expression sees it.
    pub(super) fn context(&self, now: Timestamp) -> Context<'_> {
        Context {
            user: Some(&self.user),
            source: Some(&self.user),
            internal: Internal {
                id: Some(&self.id),
                status: Some(self.status),
            },
            groups: self
                .groups
                .iter()
                .map(|(id, kind, name, source)| Group {
                    id,
                    kind,
                    name,
                    source_id: source.as_deref(),
                })
                .collect(),
            now_millis: now.millis(),
            ..Context::default()
        }
    }
}

/// A profile as expressions have it.
pub(super) fn members(profile: &Profile) -> Members {
    profile
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

//! The org of a call inside of one transaction: its objects by the ids that addresses and bodies name, and how they are
//! shown. An id of another org or kind is nobody's here.

use super::failure::OktaFailure;
use super::shapes::Shapes;
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{AppGroup, AppUser, OktaApp, OktaGroup, OktaUser, PushMapping};
use crate::store::okta::{AppKey, app_users, apps, groups, push, users};
use crate::store::{Error, Reads};

/// The org, as far as a transaction sees it.
pub(super) struct Org<'a, T> {
    /// The transaction.
    pub(super) tx: &'a T,
    /// Row of the org.
    pub(super) row: Seq,
    /// How its objects are shown.
    pub(super) shapes: Shapes,
}

impl<'a, T: Reads> Org<'a, T> {
    /// The org in a row; addresses of its objects begin with `base`.
    pub(super) fn new(tx: &'a T, row: Seq, base: &str) -> Self {
        Self {
            tx,
            row,
            shapes: Shapes::new(tx, row, base),
        }
    }

    fn find<R>(
        &self,
        (kind, called): (OktaKind, &'static str),
        id: &str,
        read: impl FnOnce(Seq) -> std::result::Result<Option<R>, Error>,
    ) -> Result<R> {
        let found = match self.shapes.row(kind, id) {
            Some(row) => read(row)?,
            None => None,
        };
        found.ok_or_else(|| Refusal::not_found(called, id))
    }

    fn key(&self, app: Seq) -> AppKey {
        AppKey { org: self.row, app }
    }

    /// A person, by id or by login.
    pub(super) fn user(&self, who: &str) -> Result<OktaUser> {
        self.find((OktaKind::User, "User"), who, |row| {
            users::find(self.tx, self.row, row)
        })
        .or_else(|missing| users::by_login(self.tx, self.row, who)?.ok_or(missing))
    }

    /// A group.
    pub(super) fn group(&self, id: &str) -> Result<OktaGroup> {
        self.find((OktaKind::Group, "UserGroup"), id, |row| {
            groups::find(self.tx, self.row, row)
        })
    }

    /// An app.
    pub(super) fn app(&self, id: &str) -> Result<(AppKey, OktaApp)> {
        let app = self.find((OktaKind::App, "AppInstance"), id, |row| {
            apps::find(self.tx, self.key(row))
        })?;
        Ok((self.key(app.seq), app))
    }

    /// The app whose profile mapping this is.
    pub(super) fn mapped_app(&self, id: &str) -> Result<(AppKey, OktaApp)> {
        let app = self.find((OktaKind::ProfileMapping, "ProfileMapping"), id, |row| {
            apps::find(self.tx, self.key(row))
        })?;
        Ok((self.key(app.seq), app))
    }

    /// The assignment of a person, who is named like [`Self::user`].
    pub(super) fn app_user(&self, key: AppKey, who: &str) -> Result<AppUser> {
        let user = self.user(who)?;
        app_users::find(self.tx, key, user.seq)?.ok_or_else(|| Refusal::not_found("AppUser", who))
    }

    /// The assignment of a group.
    pub(super) fn app_group(&self, key: AppKey, group: &str) -> Result<AppGroup> {
        let row = self.group(group)?.seq;
        let found = app_users::group(self.tx, key, row)?;
        found.ok_or_else(|| Refusal::not_found("ApplicationGroupAssignment", group))
    }

    /// A group-push mapping of an app.
    pub(super) fn push_mapping(&self, key: AppKey, id: &str) -> Result<PushMapping> {
        self.find((OktaKind::PushMapping, "GroupPushMapping"), id, |row| {
            push::find(self.tx, key, row)
        })
    }

    /// The row that a parameter of the query names.
    pub(super) fn named(
        &self,
        kind: OktaKind,
        parameter: &str,
        id: &str,
    ) -> std::result::Result<Seq, OktaFailure> {
        let row = self.shapes.row(kind, id);
        row.ok_or_else(|| OktaFailure::Parameter(format!("{parameter}: {id} is none of this org")))
    }
}

//! The org of a call inside of one transaction: its objects by the ids that addresses and bodies name, and how they are
//! shown. An id of another org or kind is nobody's here.

use super::failure::OktaFailure;
use super::shapes::Shapes;
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{AppGroup, AppUser, GroupRule, OktaApp, OktaGroup, OktaUser, PushMapping};
use crate::store::okta::{AppKey, app_users, apps, groups, push, rules, users};
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

    /// A group rule.
    pub(super) fn group_rule(&self, id: &str) -> Result<GroupRule> {
        self.find((OktaKind::GroupRule, "GroupRule"), id, |row| {
            rules::find(self.tx, self.row, row)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Operator, OrgAdministrator};
    use crate::clock::Timestamp;
    use crate::directory::okta::{groups as groups_of, orgs, templates, users as people};
    use crate::store::{Store, Write};

    /// Somebody, a group and an app with the same names; the ids that the org gives them.
    fn fill(tx: &Write<'_>, subdomain: &str) -> Result<(Seq, [String; 5])> {
        let (operator, now) = (
            Operator::of_this_process(),
            Timestamp::from_millis(1_700_000_000_000),
        );
        let row = orgs::create(tx, &operator, "Org", subdomain, now)?.seq;
        let admin = OrgAdministrator::of(&operator, row);
        let names = ["login", "email", "firstName", "lastName"];
        let profile = names.map(|name| (name.to_owned(), "ann@x.test".into()));
        let ann = people::NewUser::active(profile.into());
        let user = people::create(tx, &admin, &ann, now)?.seq;
        let group = groups_of::GroupProfile {
            name: "Engineers".into(),
            description: String::new(),
        };
        let group = groups_of::create(tx, &admin, &group, now)?.seq;
        let template = templates::find("aiw").ok_or(Refusal::Unreadable)?;
        let app = crate::directory::okta::apps::create(tx, &admin, template, "App", now)?.seq;
        let org = Org::new(tx, row, "");
        let ids = [
            (OktaKind::User, user),
            (OktaKind::Group, group),
            (OktaKind::App, app),
            (OktaKind::ProfileMapping, app),
            (OktaKind::PushMapping, Seq(1)),
        ];
        Ok((row, ids.map(|(kind, row)| org.shapes.id(kind, row))))
    }

    #[test]
    fn ids_of_another_org_are_nobodys() {
        let store = Store::in_memory().unwrap();
        let work = |tx: &Write<'_>| Ok::<_, Refusal>([fill(tx, "one")?, fill(tx, "two")?]);
        let [(one, ids), (two, others)] = store.write(work).unwrap();
        let tx = store.read().unwrap();
        let (one, two) = (Org::new(&tx, one, ""), Org::new(&tx, two, ""));
        for (org, own, foreign) in [(&one, &ids, &others), (&two, &others, &ids)] {
            let (key, _) = org.app(&own[2]).unwrap();
            let found = |ids: &[String; 5]| {
                [
                    org.user(&ids[0]).is_ok(),
                    org.group(&ids[1]).is_ok(),
                    org.app(&ids[2]).is_ok(),
                    org.mapped_app(&ids[3]).is_ok(),
                    org.named(OktaKind::User, "after", &ids[0]).is_ok(),
                    org.named(OktaKind::PushMapping, "after", &ids[4]).is_ok(),
                ]
            };
            assert_eq!(found(own), [true; 6]);
            assert_eq!(found(foreign), [false; 6]);
            // An id of another kind is nobody's either, and a login is one of this org.
            assert!(org.group(&own[0]).is_err() && org.app_user(key, &own[2]).is_err());
            assert_eq!(org.user("ANN@x.test").unwrap(), org.user(&own[0]).unwrap());
        }
    }
}

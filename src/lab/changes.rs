//! A day in the life of a directory: the changes that a demonstration makes between two cycles.
//!
//! Nine kinds of change, each to somebody else, chosen by rule and not by chance. The rules look at
//! the first few hundred people and groups only, so the cost does not grow with the directory.

use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::source::{Entitlement, entitlement};
use crate::directory::users::NewUser;
use crate::directory::{AttributeChange, AttributeValue, applications, groups, users};
use crate::error::Result;
use crate::id::{Guid, Seq};
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef, Scope};
use crate::store::{Write, directory as rows};

/// People and groups among which subjects are chosen.
const LOOKED_AT: usize = 500;

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMade {
    /// Who or what was changed.
    pub object: ObjectRef,
    /// Name to show, as it was before the change.
    pub name: String,
    /// What happened, in a few words.
    pub what: String,
}

/// Makes the changes, leaving out those for which nobody suits. A person is only chosen when enabled,
/// a member, with mail, and entitled to the application.
///
/// # Errors
/// A rule of the directory (when called a second time: the new hire's name is taken), the store's.
pub fn change_some_people(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    application: Seq,
    new_hire: Guid,
    now: Timestamp,
) -> Result<Vec<ChangeMade>> {
    let mut day = Day::begin(tx, operator, tenant, application, now)?;
    day.rename()?;
    day.change_department()?;
    day.disable()?;
    day.unassign()?;
    day.hire(new_hire)?;
    day.leave_group()?;
    day.delete()?;
    day.restore()?;
    day.rename_group()?;
    Ok(day.made)
}

struct Day<'a, 'w> {
    tx: &'a Write<'w>,
    operator: &'a Operator,
    tenant: Seq,
    application: Seq,
    now: Timestamp,
    /// Nobody is chosen twice: who is chosen is taken out. Those without reports come first, so that
    /// a change of one person is a change of one person.
    people: Vec<(DirectoryUser, Entitlement)>,
    recycled: Vec<DirectoryUser>,
    /// Assigned groups.
    groups: Vec<DirectoryGroup>,
    made: Vec<ChangeMade>,
}

impl<'a, 'w> Day<'a, 'w> {
    fn begin(
        tx: &'a Write<'w>,
        operator: &'a Operator,
        tenant: Seq,
        application: Seq,
        now: Timestamp,
    ) -> Result<Self> {
        let (mut people, mut recycled, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut leads = Vec::new();
        let entitled = |object| entitlement(tx, tenant, application, Scope::AssignedOnly, object);
        for user in rows::users_after(tx, tenant, Seq(0), LOOKED_AT)? {
            let how = entitled(ObjectRef::user(user.seq))?;
            if !user.account_enabled
                || user.guest
                || user.text("mail").is_none()
                || !how.is_entitled()
            {
                continue;
            }
            if user.deleted.is_some() {
                recycled.push(user);
            } else if rows::reports_of(tx, tenant, user.seq)?.is_empty() {
                people.push((user, how));
            } else {
                leads.push((user, how));
            }
        }
        people.append(&mut leads);
        for group in rows::groups_after(tx, tenant, Seq(0), LOOKED_AT)? {
            if group.deleted.is_none() && entitled(ObjectRef::group(group.seq))?.is_entitled() {
                groups.push(group);
            }
        }
        Ok(Self {
            tx,
            operator,
            tenant,
            application,
            now,
            people,
            recycled,
            groups,
            made: Vec::new(),
        })
    }

    fn note(&mut self, object: ObjectRef, name: &str, what: impl Into<String>) {
        self.made.push(ChangeMade {
            object,
            name: name.to_owned(),
            what: what.into(),
        });
    }

    /// The first person who suits and was not chosen before.
    fn choose(
        &mut self,
        mut suits: impl FnMut(&Self, &DirectoryUser, Entitlement) -> Result<bool>,
    ) -> Result<Option<DirectoryUser>> {
        for position in 0..self.people.len() {
            let (user, how) = &self.people[position];
            if suits(self, user, *how)? {
                return Ok(Some(self.people.remove(position).0));
            }
        }
        Ok(None)
    }

    fn set(&self, user: &DirectoryUser, changes: &[(&str, String)]) -> Result<()> {
        let changes = changes_of(ObjectKind::User, changes)?;
        users::update(
            self.tx,
            self.operator,
            self.tenant,
            user.seq,
            &changes,
            self.now,
        )
        .map(drop)
    }

    fn rename(&mut self) -> Result<()> {
        let chosen = self.choose(|_, user, how| {
            Ok(matches!(how, Entitlement::ByGroup(_)) && user.text("givenName").is_some())
        })?;
        let Some(user) = chosen else {
            return Ok(());
        };
        let given = user.text("givenName").unwrap_or_default();
        let display = format!("{given} Novak");
        self.set(
            &user,
            &[("surname", "Novak".into()), ("displayName", display)],
        )?;
        self.note(
            ObjectRef::user(user.seq),
            user.display_name(),
            "renamed: surname is now Novak",
        );
        Ok(())
    }

    fn change_department(&mut self) -> Result<()> {
        let chosen = self.choose(|_, user, how| {
            Ok(matches!(how, Entitlement::ByGroup(_))
                && user.text("department") != Some("Special Projects"))
        })?;
        let Some(user) = chosen else {
            return Ok(());
        };
        self.set(&user, &[("department", "Special Projects".into())])?;
        self.note(
            ObjectRef::user(user.seq),
            user.display_name(),
            "department is now Special Projects",
        );
        Ok(())
    }

    fn disable(&mut self) -> Result<()> {
        let Some(user) = self.choose(|_, _, how| Ok(matches!(how, Entitlement::ByGroup(_))))?
        else {
            return Ok(());
        };
        users::set_account_enabled(
            self.tx,
            self.operator,
            self.tenant,
            user.seq,
            false,
            self.now,
        )?;
        self.note(
            ObjectRef::user(user.seq),
            user.display_name(),
            "account disabled",
        );
        Ok(())
    }

    /// Somebody whose own assignment is the only one.
    fn unassign(&mut self) -> Result<()> {
        let chosen = self.choose(|day, user, how| {
            Ok(how == Entitlement::Direct && day.assigned_groups_of(user)?.is_empty())
        })?;
        let Some(user) = chosen else {
            return Ok(());
        };
        let principal = ObjectRef::user(user.seq);
        let (tx, operator) = (self.tx, self.operator);
        applications::unassign(
            tx,
            operator,
            self.tenant,
            self.application,
            principal,
            self.now,
        )?;
        self.note(
            principal,
            user.display_name(),
            "no longer assigned to the application",
        );
        Ok(())
    }

    fn hire(&mut self, id: Guid) -> Result<()> {
        let Some(group) = self.groups.first().cloned() else {
            return Ok(());
        };
        let domain = rows::tenant(self.tx, self.tenant)?
            .map_or_else(|| "contoso.example".to_owned(), |tenant| tenant.domain);
        let address = format!("newton.hire@{domain}");
        let new = NewUser {
            id,
            account_enabled: true,
            guest: false,
            manager: None,
            attributes: changes_of(
                ObjectKind::User,
                &[
                    ("userPrincipalName", address.clone()),
                    ("displayName", "Newton Hire".into()),
                    ("givenName", "Newton".into()),
                    ("surname", "Hire".into()),
                    ("mail", address),
                    ("jobTitle", "Trainee".into()),
                    ("department", group.display_name.chars().take(64).collect()),
                    ("preferredLanguage", "en-US".into()),
                ],
            )?,
        };
        let user = users::create(self.tx, self.operator, self.tenant, &new, self.now)?;
        let member = ObjectRef::user(user.seq);
        self.change_member(group.seq, member, true)?;
        let what = format!("hired, and added to {}", group.display_name);
        self.note(member, user.display_name(), what);
        Ok(())
    }

    fn change_member(&self, group: Seq, member: ObjectRef, add: bool) -> Result<()> {
        let change = if add {
            groups::add_member
        } else {
            groups::remove_member
        };
        change(self.tx, self.operator, self.tenant, group, member, self.now).map(drop)
    }

    /// Somebody in two assigned groups leaves one of them, or else in one.
    fn leave_group(&mut self) -> Result<()> {
        let mut chosen = self.choose(|day, user, _| Ok(day.assigned_groups_of(user)?.len() > 1))?;
        if chosen.is_none() {
            chosen = self.choose(|_, _, how| Ok(matches!(how, Entitlement::ByGroup(_))))?;
        }
        let Some(user) = chosen else {
            return Ok(());
        };
        let Some(group) = self.assigned_groups_of(&user)?.into_iter().next() else {
            return Ok(());
        };
        let member = ObjectRef::user(user.seq);
        self.change_member(group.seq, member, false)?;
        let what = format!("no longer a member of {}", group.display_name);
        self.note(member, user.display_name(), what);
        Ok(())
    }

    fn assigned_groups_of(&self, user: &DirectoryUser) -> Result<Vec<DirectoryGroup>> {
        let of = rows::groups_of(self.tx, self.tenant, ObjectRef::user(user.seq))?;
        Ok(self
            .groups
            .iter()
            .filter(|group| of.contains(&group.seq))
            .cloned()
            .collect())
    }

    fn delete(&mut self) -> Result<()> {
        let Some(user) = self.choose(|_, _, how| Ok(matches!(how, Entitlement::ByGroup(_))))?
        else {
            return Ok(());
        };
        users::delete(self.tx, self.operator, self.tenant, user.seq, self.now)?;
        self.note(
            ObjectRef::user(user.seq),
            user.display_name(),
            "moved to the recycle bin",
        );
        Ok(())
    }

    /// Somebody who was in the recycle bin before.
    fn restore(&mut self) -> Result<()> {
        let Some(user) = self.recycled.pop() else {
            return Ok(());
        };
        users::restore(self.tx, self.operator, self.tenant, user.seq, self.now)?;
        self.note(
            ObjectRef::user(user.seq),
            user.display_name(),
            "restored from the recycle bin",
        );
        Ok(())
    }

    fn rename_group(&mut self) -> Result<()> {
        let Some(group) = self.groups.pop() else {
            return Ok(());
        };
        let name = format!("{} (all sites)", group.display_name);
        let what = format!("renamed to {name}");
        let changes = changes_of(ObjectKind::Group, &[("displayName", name)])?;
        groups::update(
            self.tx,
            self.operator,
            self.tenant,
            group.seq,
            &changes,
            self.now,
        )?;
        self.note(ObjectRef::group(group.seq), &group.display_name, what);
        Ok(())
    }
}

fn changes_of(kind: ObjectKind, values: &[(&str, String)]) -> Result<Vec<AttributeChange>> {
    values
        .iter()
        .map(|(name, value)| AttributeChange::set(kind, name, AttributeValue::Text(value.clone())))
        .collect()
}

//! From a [`Seed`] to a tenant in the store.

use super::{Principal, Seed, SeedApplication, SeedGroup, SeedUser};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::directory::applications::{self, NewApplication};
use crate::directory::groups::{self, NewGroup};
use crate::directory::users::{self, NewUser};
use crate::directory::{AttributeChange, app_roles, dynamic, is_extension};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::lab::Ids;
use crate::model::{
    Application, DirectoryExtension, ExtensionType, ObjectKind, ObjectRef, Scope, Tenant,
};
use crate::store::{Store, Write, directory as rows};
use crate::sync::jobs::Template;

/// Objects or references written by one closure.
const CHUNK: usize = 500;

/// What a seed has become.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// The new tenant.
    pub tenant: Tenant,
    /// Rows of the people, in the order of the seed.
    pub users: Vec<Seq>,
    /// Rows of the groups, in the order of the seed.
    pub groups: Vec<Seq>,
    /// The applications, in the order of the seed; their synchronization jobs are the caller's to
    /// make.
    pub applications: Vec<SeededApplication>,
}

/// An application of a new tenant, with what its job needs.
#[derive(Debug, Clone)]
pub struct SeededApplication {
    /// The row.
    pub application: Application,
    /// Which attribute mappings it starts with.
    pub template: Template,
    /// Who is in scope.
    pub scope: Scope,
}

/// Loads a seed into a new tenant, in several writes. The tenant itself is written last: until then
/// nobody can see any of it, and after an interruption there is no half tenant.
///
/// # Errors
/// A rule of the directory that the seed breaks (a parsed or generated one breaks none), the store's.
pub fn load(
    store: &Store,
    operator: &Operator,
    seed: Seed,
    ids: &mut Ids,
    now: Timestamp,
) -> Result<Seeded> {
    let mut tenant = Tenant {
        seq: Seq(0),
        id: ids.next_guid(),
        name: seed.tenant_name,
        domain: seed.domain,
        created: now,
        extensions: Vec::new(),
        schema_extension_app: None,
    };
    tenant.seq = store.write(|tx| rows::next_tenant_seq(tx).map_err(Error::from))?;
    let mut loading = Loading {
        store,
        operator: operator.clone(),
        tenant: tenant.seq,
        now,
        users: Vec::with_capacity(seed.users.len()),
        groups: Vec::with_capacity(seed.groups.len()),
    };
    loading.users(&seed.users, ids)?;
    loading.groups(&seed.groups, ids)?;
    let applications = loading.applications(seed.applications, ids)?;
    while store.write(move |tx| dynamic::step_of(tx, tenant.seq, now))? {}
    loading.recycle(&seed.users, &seed.groups)?;
    tenant.extensions = extensions(&seed.users, &seed.groups);
    let row = tenant.clone();
    store.write(move |tx| rows::put_tenant(tx, &row).map_err(Error::from))?;
    Ok(Seeded {
        tenant,
        users: loading.users,
        groups: loading.groups,
        applications,
    })
}

/// The directory extensions that somebody has, each once.
fn extensions(users: &[SeedUser], groups: &[SeedGroup]) -> Vec<DirectoryExtension> {
    let of_users = users
        .iter()
        .map(|user| (ObjectKind::User, &user.attributes));
    let of_groups = groups
        .iter()
        .map(|group| (ObjectKind::Group, &group.attributes));
    let mut found: Vec<DirectoryExtension> = Vec::new();
    for (target, attributes) in of_users.chain(of_groups) {
        for name in attributes.iter().map(AttributeChange::name) {
            let known = |e: &DirectoryExtension| e.name == name && e.target == target;
            if is_extension(name) && !found.iter().any(known) {
                found.push(DirectoryExtension {
                    name: name.to_owned(),
                    data_type: ExtensionType::String,
                    target,
                });
            }
        }
    }
    found
}

struct Loading<'a> {
    store: &'a Store,
    operator: Operator,
    tenant: Seq,
    now: Timestamp,
    users: Vec<Seq>,
    groups: Vec<Seq>,
}

impl Loading<'_> {
    /// Does something with each item, a chunk per write, and collects the results.
    fn chunks<I, O, F>(&self, items: &[I], one: F) -> Result<Vec<O>>
    where
        I: Clone + Send + 'static,
        O: Send + 'static,
        F: Fn(&Write<'_>, &Operator, I) -> Result<O> + Clone + Send + 'static,
    {
        let mut results = Vec::with_capacity(items.len());
        for chunk in items.chunks(CHUNK) {
            let (chunk, one, operator) = (chunk.to_vec(), one.clone(), self.operator.clone());
            results.extend(self.store.write(move |tx| -> Result<Vec<O>> {
                chunk
                    .into_iter()
                    .map(|item| one(tx, &operator, item))
                    .collect()
            })?);
        }
        Ok(results)
    }

    fn reference(&self, principal: Principal) -> ObjectRef {
        match principal {
            Principal::User(position) => ObjectRef::user(self.users[position]),
            Principal::Group(position) => ObjectRef::group(self.groups[position]),
        }
    }

    /// People in two rounds: a manager who stands later in the list is set afterwards.
    fn users(&mut self, seed: &[SeedUser], ids: &mut Ids) -> Result<()> {
        let (tenant, now) = (self.tenant, self.now);
        let mut later = Vec::new();
        for (number, chunk) in seed.chunks(CHUNK).enumerate() {
            let first = number * CHUNK;
            let new: Vec<NewUser> = chunk
                .iter()
                .map(|user| NewUser {
                    id: ids.next_guid(),
                    account_enabled: user.account_enabled,
                    guest: user.guest,
                    // Rows of the same chunk are not known yet.
                    manager: user.manager.and_then(|m| self.users.get(m).copied()),
                    attributes: user.attributes.clone(),
                })
                .collect();
            for (offset, user) in chunk.iter().enumerate() {
                if let Some(manager) = user.manager.filter(|m| *m >= first) {
                    later.push((first + offset, manager));
                }
            }
            let made = self.chunks(&new, move |tx, operator, user| {
                users::create(tx, operator, tenant, &user, now).map(|user| user.seq)
            })?;
            self.users.extend(made);
        }
        let managers: Vec<(Seq, Seq)> = later
            .into_iter()
            .map(|(user, manager)| (self.users[user], self.users[manager]))
            .collect();
        self.chunks(&managers, move |tx, operator, (user, manager)| {
            users::set_manager(tx, operator, tenant, user, Some(manager), now).map(drop)
        })?;
        Ok(())
    }

    fn groups(&mut self, seed: &[SeedGroup], ids: &mut Ids) -> Result<()> {
        let (tenant, now) = (self.tenant, self.now);
        let new: Vec<NewGroup> = seed
            .iter()
            .map(|group| NewGroup {
                id: ids.next_guid(),
                attributes: group.attributes.clone(),
            })
            .collect();
        self.groups = self.chunks(&new, move |tx, operator, group| {
            groups::create(tx, operator, tenant, &group, now).map(|group| group.seq)
        })?;
        let rules: Vec<(Seq, String)> = seed
            .iter()
            .zip(&self.groups)
            .filter_map(|(group, seq)| Some((*seq, group.rule.clone()?)))
            .collect();
        self.chunks(&rules, move |tx, operator, (group, rule)| {
            dynamic::set_rule(tx, operator, tenant, group, Some(&rule), now).map(drop)
        })?;
        let members: Vec<(Seq, ObjectRef)> = seed
            .iter()
            .zip(&self.groups)
            .flat_map(|(group, seq)| group.members.iter().map(|m| (*seq, self.reference(*m))))
            .collect();
        self.chunks(&members, move |tx, operator, (group, member)| {
            groups::add_member(tx, operator, tenant, group, member, now).map(drop)
        })?;
        Ok(())
    }

    fn applications(
        &self,
        seed: Vec<SeedApplication>,
        ids: &mut Ids,
    ) -> Result<Vec<SeededApplication>> {
        let (tenant, now) = (self.tenant, self.now);
        let mut applications = Vec::with_capacity(seed.len());
        for one in seed {
            let new = NewApplication {
                id: ids.next_guid(),
                app_id: ids.next_guid(),
                display_name: one.name,
            };
            let operator = self.operator.clone();
            let application = self
                .store
                .write(move |tx| applications::add(tx, &operator, tenant, &new, now))?;
            let row = application.seq;
            let assigned: Vec<ObjectRef> =
                one.assignments.iter().map(|p| self.reference(*p)).collect();
            self.chunks(&assigned, move |tx, operator, principal| {
                applications::assign(tx, operator, tenant, row, principal, now).map(drop)
            })?;
            for role in one.roles {
                let (id, operator) = (ids.next_guid(), self.operator.clone());
                self.store.write(move |tx| {
                    app_roles::add(tx, &operator, tenant, row, &role.details, id).map(drop)
                })?;
                let had: Vec<ObjectRef> =
                    role.assigned.iter().map(|p| self.reference(*p)).collect();
                self.chunks(&had, move |tx, operator, principal| {
                    applications::assign_role(tx, operator, tenant, row, principal, id, now)
                        .map(drop)
                })?;
            }
            applications.push(SeededApplication {
                application,
                template: one.template,
                scope: one.scope,
            });
        }
        Ok(applications)
    }

    /// The recycle bin last, since nobody in it can be referred to any more.
    fn recycle(&self, users: &[SeedUser], groups: &[SeedGroup]) -> Result<()> {
        let (tenant, now) = (self.tenant, self.now);
        let rows: Vec<Seq> = (users.iter().zip(&self.users))
            .filter_map(|(user, seq)| user.deleted.then_some(*seq))
            .collect();
        self.chunks(&rows, move |tx, operator, user| {
            users::delete(tx, operator, tenant, user, now).map(drop)
        })?;
        let rows: Vec<Seq> = (groups.iter().zip(&self.groups))
            .filter_map(|(group, seq)| group.deleted.then_some(*seq))
            .collect();
        self.chunks(&rows, move |tx, operator, group| {
            groups::delete(tx, operator, tenant, group, now).map(drop)
        })?;
        Ok(())
    }
}

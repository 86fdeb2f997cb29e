//! Do the directory and the team agree? What ought to be in the team is derived from the directory and
//! the job's mappings, then compared with what is there, attribute by attribute and member by member.
//!
//! Reads both ends directly and nothing that the agent wrote about its own work, so that it can catch
//! the agent being wrong. Who belongs into the target follows the same documents as the agent: entitled,
//! in scope, present, enabled, with a matching value.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde_json::{Map, Value as Json};

use crate::directory::source;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::mapping::Value;
use crate::mapping::entra::{
    self, Context, ObjectMapping, Purpose, Reference, Source, TargetPath, differs, in_scope,
};
use crate::model::{DirectoryGroup, DirectoryUser, Group, Job, ObjectKind, ObjectRef, Role, User};
use crate::scim::urn;
use crate::store::{Reads, directory as rows, groups, users};

/// What the directory says about one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// It belongs into the team, in use.
    Present,
    /// It does not belong there; if an earlier cycle brought it in, it must be inactive (a user) or
    /// gone (a group).
    Absent(Reason),
}

/// Why an object does not belong into the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Neither assigned nor a direct member of an assigned group.
    NotAssigned,
    /// A scoping filter says no.
    ScopingFilter,
    /// It lies in the recycle bin.
    RecycleBin,
    /// The account is disabled.
    Disabled,
    /// The attribute to match by has no value.
    NoMatchingValue,
}

impl Reason {
    /// The reason in words, for a table.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAssigned => "not assigned",
            Self::ScopingFilter => "scoping filter",
            Self::RecycleBin => "in the recycle bin",
            Self::Disabled => "account disabled",
            Self::NoMatchingValue => "no value to match by",
        }
    }
}

/// How one object stands at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Object of the directory.
    pub object: ObjectRef,
    /// Name there.
    pub name: String,
    /// What ought to be.
    pub expected: Expectation,
    /// Whether the team has it.
    pub found: bool,
    /// Whether it is in use there.
    pub active: bool,
    /// Every difference, as `attribute: expected … but found …`.
    pub mismatches: Vec<String>,
}

/// Both ends compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// One line an object of the directory, users first.
    pub standings: Vec<Standing>,
    /// Objects of the team that nothing in the directory stands for. Administrators do not count.
    pub strangers: Vec<String>,
}

impl Agreement {
    /// Number of differences; 0 means that source and target agree.
    pub fn mismatches(&self) -> usize {
        self.strangers.len()
            + self
                .standings
                .iter()
                .map(|s| s.mismatches.len())
                .sum::<usize>()
    }
}

/// Compares the directory of `tenant`, seen through `job`, with `team`.
///
/// # Errors
/// The store's.
pub fn compare(tx: &impl Reads, tenant: Seq, job: &Job, team: Seq) -> Result<Agreement> {
    let domain = rows::tenant(tx, tenant)?
        .map(|t| t.domain)
        .unwrap_or_default();
    let mut comparison = Comparison {
        tx,
        tenant,
        team,
        job,
        context: Context::new(0, [0; 16], domain),
        users: HashMap::new(),
        agreement: Agreement::default(),
    };
    let mut directory_users = Vec::new();
    rows::walk_users::<Error>(tx, tenant, |user| {
        directory_users.push(user);
        Ok(ControlFlow::Continue(()))
    })?;
    for user in &directory_users {
        comparison.locate(user)?;
    }
    for user in &directory_users {
        comparison.user(user)?;
    }
    comparison.groups()?;
    comparison.strangers()?;
    Ok(comparison.agreement)
}

struct Comparison<'a, R> {
    tx: &'a R,
    tenant: Seq,
    team: Seq,
    job: &'a Job,
    context: Context,
    /// What is expected of each directory user, and the team's user that stands for it.
    users: HashMap<Seq, (Expectation, Option<Seq>)>,
    agreement: Agreement,
}

impl<R: Reads> Comparison<'_, R> {
    /// The first reason against an object, in the order in which the agent looks.
    fn expectation(
        &self,
        object: ObjectRef,
        mapping: &ObjectMapping,
        source: &Source,
        deleted: bool,
        enabled: bool,
    ) -> Result<Expectation> {
        let application = self.job.application;
        let entitlement =
            source::entitlement(self.tx, self.tenant, application, self.job.scope, object)?;
        Ok(if self.matching_value(mapping, source).is_none() {
            Expectation::Absent(Reason::NoMatchingValue)
        } else if !entitlement.is_entitled() {
            Expectation::Absent(Reason::NotAssigned)
        } else if !in_scope(&mapping.scope, source).in_scope {
            Expectation::Absent(Reason::ScopingFilter)
        } else if deleted {
            Expectation::Absent(Reason::RecycleBin)
        } else if !enabled {
            Expectation::Absent(Reason::Disabled)
        } else {
            Expectation::Present
        })
    }

    /// Value of the attribute with the highest matching precedence.
    fn matching_value(&self, mapping: &ObjectMapping, source: &Source) -> Option<String> {
        let first = *mapping.matching().first()?;
        let mapped = mapping.map(source, &self.context, Purpose::Create);
        let value = mapped.get(&first.target)?;
        value
            .value
            .as_text()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn source(&self, user: &DirectoryUser) -> Result<Source> {
        source::source_of_user_in(self.tx, self.tenant, self.job.application, user, false)
    }

    fn locate(&mut self, user: &DirectoryUser) -> Result<()> {
        let mapping = &self.job.rules.users;
        let object = ObjectRef::user(user.seq);
        let source = self.source(user)?;
        let expected = self.expectation(
            object,
            mapping,
            &source,
            user.deleted.is_some(),
            user.account_enabled,
        )?;
        let twin = match self.matching_value(mapping, &source) {
            Some(name) => users::find_by_user_name(self.tx, self.team, &name)?.map(|u| u.seq),
            None => None,
        };
        self.users.insert(user.seq, (expected, twin));
        Ok(())
    }

    fn user(&mut self, user: &DirectoryUser) -> Result<()> {
        let Some(&(expected, twin)) = self.users.get(&user.seq) else {
            return Ok(());
        };
        let twin = match twin {
            Some(seq) => users::find(self.tx, self.team, seq)?,
            None => None,
        };
        let mut mismatches = Vec::new();
        match (&expected, &twin) {
            (Expectation::Present, Some(twin)) => {
                let source = self.source(user)?;
                let target = with_id(&twin.attributes, &twin.id.to_string());
                self.attributes(&self.job.rules.users, &source, &target, &mut mismatches);
                self.manager(user, twin, &mut mismatches)?;
            }
            (Expectation::Present, None) => mismatches.push("missing in the team".to_owned()),
            (Expectation::Absent(_), Some(twin)) if twin.active() => {
                mismatches.push("active in the team but does not belong there".to_owned());
            }
            (Expectation::Absent(_), _) => {}
        }
        self.agreement.standings.push(Standing {
            object: ObjectRef::user(user.seq),
            name: user.display_name().to_owned(),
            expected,
            found: twin.is_some(),
            active: twin.as_ref().is_some_and(User::active),
            mismatches,
        });
        Ok(())
    }

    fn attributes(
        &self,
        mapping: &ObjectMapping,
        source: &Source,
        target: &Map<String, Json>,
        mismatches: &mut Vec<String>,
    ) {
        for mapped in mapping
            .map(source, &self.context, Purpose::Update)
            .attributes
        {
            let found = entra::read(target, mapped.target);
            if differs(&mapped.value, found.as_ref(), false) {
                mismatches.push(difference(mapped.target, &mapped.value, found.as_ref()));
            }
        }
    }

    fn manager(&self, user: &DirectoryUser, twin: &User, out: &mut Vec<String>) -> Result<()> {
        let mapping = &self.job.rules.users;
        if !mapping
            .references()
            .iter()
            .any(|r| r.reference == Reference::Manager)
        {
            return Ok(());
        }
        let wanted = match user.manager.and_then(|m| self.users.get(&m)) {
            Some((Expectation::Present, Some(seq))) => {
                users::find(self.tx, self.team, *seq)?.map(|u| u.id.to_string())
            }
            _ => None,
        };
        let found = twin
            .attributes
            .get(urn::ENTERPRISE_USER)
            .and_then(|e| e.get("manager"))
            .and_then(|m| m.get("value"))
            .and_then(Json::as_str);
        // A manager out of scope is left as it was (documented), so only a wrong one counts.
        if let Some(wanted) = wanted
            && found != Some(wanted.as_str())
        {
            out.push(format!(
                "manager: expected {wanted} but found {}",
                found.unwrap_or("nothing")
            ));
        }
        Ok(())
    }

    fn groups(&mut self) -> Result<()> {
        let mut all = Vec::new();
        rows::walk_groups::<Error>(self.tx, self.tenant, |group| {
            all.push(group);
            Ok(ControlFlow::Continue(()))
        })?;
        let mut twins = HashMap::new();
        for group in &all {
            let standing = self.standing_of(group)?;
            twins.insert(group.seq, standing);
        }
        for group in &all {
            self.group(group, &twins)?;
        }
        Ok(())
    }

    fn standing_of(&self, group: &DirectoryGroup) -> Result<(Expectation, Option<Seq>)> {
        let mapping = &self.job.rules.groups;
        let source = source::source_of_group(group, false);
        let object = ObjectRef::group(group.seq);
        let mut expected =
            self.expectation(object, mapping, &source, group.deleted.is_some(), true)?;
        if !mapping.enabled {
            expected = Expectation::Absent(Reason::NotAssigned);
        }
        let twin = match self.matching_value(mapping, &source) {
            Some(name) => groups::seqs_by_display_name(self.tx, self.team, &name)?.pop(),
            None => None,
        };
        Ok((expected, twin))
    }

    fn group(
        &mut self,
        group: &DirectoryGroup,
        twins: &HashMap<Seq, (Expectation, Option<Seq>)>,
    ) -> Result<()> {
        let Some(&(expected, twin)) = twins.get(&group.seq) else {
            return Ok(());
        };
        let twin = match twin {
            Some(seq) => groups::find(self.tx, self.team, seq)?,
            None => None,
        };
        let mut mismatches = Vec::new();
        match (&expected, &twin) {
            (Expectation::Present, Some(twin)) => {
                let source = source::source_of_group(group, false);
                let target = with_id(&twin.attributes, &twin.id.to_string());
                self.attributes(&self.job.rules.groups, &source, &target, &mut mismatches);
                self.members(group, twin, twins, &mut mismatches)?;
            }
            (Expectation::Present, None) => mismatches.push("missing in the team".to_owned()),
            (Expectation::Absent(_), Some(_)) => {
                mismatches.push("in the team but does not belong there".to_owned());
            }
            (Expectation::Absent(_), None) => {}
        }
        self.agreement.standings.push(Standing {
            object: ObjectRef::group(group.seq),
            name: group.display_name.clone(),
            expected,
            found: twin.is_some(),
            active: twin.is_some(),
            mismatches,
        });
        Ok(())
    }

    /// Members in use must be the same at both ends; what became of people who no longer belong into
    /// the team is not held against a group.
    fn members(
        &self,
        group: &DirectoryGroup,
        twin: &Group,
        twins: &HashMap<Seq, (Expectation, Option<Seq>)>,
        mismatches: &mut Vec<String>,
    ) -> Result<()> {
        let mut wanted = BTreeSet::new();
        for member in rows::members(self.tx, self.tenant, group.seq, None, usize::MAX)? {
            let (found, kind) = match member.kind {
                ObjectKind::User => (self.users.get(&member.seq), ObjectKind::User),
                ObjectKind::Group => (twins.get(&member.seq), ObjectKind::Group),
            };
            if let Some((Expectation::Present, Some(seq))) = found {
                wanted.insert(ObjectRef { kind, seq: *seq });
            }
        }
        let found: BTreeSet<ObjectRef> =
            groups::members(self.tx, self.team, twin.seq, 0, usize::MAX)?
                .into_iter()
                .collect();
        let missing = wanted.difference(&found).count();
        let mut surplus = 0;
        for member in found.difference(&wanted) {
            let in_use = match member.kind {
                ObjectKind::User => {
                    users::find(self.tx, self.team, member.seq)?.is_some_and(|u| u.active())
                }
                ObjectKind::Group => true,
            };
            surplus += usize::from(in_use);
        }
        if missing > 0 {
            mismatches.push(format!("members: {missing} missing"));
        }
        if surplus > 0 {
            mismatches.push(format!("members: {surplus} too many"));
        }
        Ok(())
    }

    /// Active users and groups of the team that no object of the directory stands for, administrators aside.
    fn strangers(&mut self) -> Result<()> {
        let known: BTreeSet<Seq> = self.users.values().filter_map(|(_, twin)| *twin).collect();
        let mut strangers = Vec::new();
        users::walk::<Error>(self.tx, self.team, |user| {
            // Administrators came by the console, not by provisioning.
            let by_hand = user.roles.contains(&Role::Admin);
            if user.active() && !by_hand && !known.contains(&user.seq) {
                strangers.push(user.user_name().to_owned());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let names: BTreeSet<&str> = self
            .agreement
            .standings
            .iter()
            .filter(|s| s.object.kind == ObjectKind::Group)
            .map(|s| s.name.as_str())
            .collect();
        groups::walk::<Error>(self.tx, self.team, |group| {
            if !names.contains(group.display_name()) {
                strangers.push(group.display_name().to_owned());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        self.agreement.strangers = strangers;
        Ok(())
    }
}

fn with_id(attributes: &Map<String, Json>, id: &str) -> Map<String, Json> {
    let mut full = attributes.clone();
    full.insert("id".into(), id.into());
    full
}

fn difference(target: &TargetPath, wanted: &Value, found: Option<&Value>) -> String {
    let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    format!("{}: expected {wanted} but found {found}", target.as_str())
}

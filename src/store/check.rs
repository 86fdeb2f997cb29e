//! `scimlab check`: every index, mirror table and counter is derived again from the primary rows and
//! compared.
//!
//! Each expected entry is looked up, and the number of expected entries is compared with the size of
//! the table; together that is equality, without holding an index in memory.

mod inbound;

use std::collections::BTreeMap;

use redb::{ReadableTable, ReadableTableMetadata};

use super::gaps::Gaps;
use super::record::{Record, decode};
use super::rows::Rows;
use super::tables::{self, Definition, Row};
use super::{
    Error, Reads, Snapshot, accounts, audit, directory, invites, memberships, recycle_bin,
};
use crate::clock::Timestamp;
use crate::id::{IdMix, ScimId, Seq};
use crate::model::{
    Account, ApiKey, AuditEvent, DirectoryGroup, DirectoryUser, Domain, Group, Invite, InviteState,
    KeyStatus, Mail, ObjectRef, ScimKey, Session, SsoMethod, User,
};
use crate::scim::key::{fold, prepare};

/// One difference between what the rows say and what an index or counter holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding(pub String);

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Compares everything that is derived with what it is derived from. Empty means clean.
///
/// # Errors
/// The engine's, or a row that cannot be read at all.
pub fn check(snapshot: &Snapshot) -> Result<Vec<Finding>, Error> {
    let mut check = Check {
        snapshot,
        findings: Vec::new(),
        deleted: 0,
    };
    check.accounts()?;
    check.keys()?;
    check.api_keys()?;
    check.sessions()?;
    check.audit()?;
    check.sso()?;
    check.invites()?;
    check.domains()?;
    check.mails()?;
    check.users()?;
    check.groups()?;
    check.gaps(tables::USERS, tables::USER_GAPS)?;
    check.gaps(tables::GROUPS, tables::GROUP_GAPS)?;
    check.mirror(tables::GROUP_TO_MEMBER, tables::MEMBER_TO_GROUP)?;
    check.directory_users()?;
    check.directory_groups()?;
    check.mirror(
        tables::DIRECTORY_GROUP_TO_MEMBER,
        tables::DIRECTORY_MEMBER_TO_GROUP,
    )?;
    check.assignments()?;
    check.logs()?;
    check.job_counts()?;
    check.inbound()?;
    check.okta()?;
    Ok(check.findings)
}

/// The snapshot that is checked, and what was found so far.
pub(super) struct Check<'a> {
    pub(super) snapshot: &'a Snapshot,
    findings: Vec<Finding>,
    /// People in a recycle bin.
    deleted: u64,
}

type Edges = Definition<(u64, u64, u8, u64), ()>;
type EdgesBack = Definition<(u64, u8, u64, u64), ()>;

impl Check<'_> {
    pub(super) fn say(&mut self, text: String) {
        self.findings.push(Finding(text));
    }

    /// Reports an index whose size differs from what the rows ask for.
    pub(super) fn size<K: redb::Key + 'static, V: redb::Value + 'static>(
        &mut self,
        table: Definition<K, V>,
        expected: u64,
    ) -> Result<(), Error> {
        use redb::TableHandle;
        let actual = self.snapshot.length(table)?;
        if actual != expected {
            self.say(format!(
                "{} has {actual} entries instead of {expected}",
                table.engine.name()
            ));
        }
        Ok(())
    }

    pub(super) fn counters(
        &mut self,
        kind: &'static str,
        mut expected: BTreeMap<u64, u64>,
    ) -> Result<(), Error> {
        // Whoever has a counter and no rows has counted none.
        for counter in self.snapshot.open(tables::COUNTERS)?.iter()? {
            let (key, _) = counter?;
            let (tenant, name) = key.value();
            if name == kind {
                expected.entry(tenant).or_default();
            }
        }
        for (tenant, count) in expected {
            let actual = self.snapshot.counter(Seq(tenant), kind)?;
            if actual != count {
                self.say(format!(
                    "counter {kind} of {tenant} is {actual} instead of {count}"
                ));
            }
        }
        Ok(())
    }

    /// Reports an index entry that is missing or points elsewhere.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "expectations are made on the spot"
    )]
    pub(super) fn entry<K: redb::Key + 'static, V: redb::Value + 'static, T: PartialEq>(
        &mut self,
        table: Definition<K, V>,
        key: K::SelfType<'_>,
        expected: Option<T>,
        read: impl Fn(V::SelfType<'_>) -> T,
    ) -> Result<(), Error> {
        use redb::TableHandle;
        let shown = format!("{key:?}");
        let actual = self
            .snapshot
            .table(table)?
            .get(key)?
            .map(|v| read(v.value()));
        if actual != expected {
            self.say(format!(
                "{} is wrong or missing for {shown}",
                table.engine.name()
            ));
        }
        Ok(())
    }

    pub(super) fn each<K: redb::Key + 'static, T: Record>(
        &mut self,
        table: Definition<K, Row>,
        mut each: impl FnMut(&mut Self, K::SelfType<'_>, T) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let snapshot = self.snapshot;
        let mut count = 0;
        for row in snapshot.open(table)?.iter()? {
            let (key, bytes) = row?;
            count += 1;
            each(self, key.value(), decode(bytes.value())?)?;
        }
        Ok(count)
    }

    fn accounts(&mut self) -> Result<(), Error> {
        let (mut passwords, mut operators) = (0, 0);
        let count = self.each(tables::ACCOUNTS, |check, seq, account: Account| {
            passwords += u64::from(account.password.is_some());
            if account.operator {
                operators += 1;
                check.entry(tables::OPERATORS, seq, Some(()), |v| v)?;
            }
            let key = accounts::name_key(&account.sign_in_name);
            check.entry(
                tables::SIGN_IN_NAME_TO_ACCOUNT,
                key.as_str(),
                Some(seq),
                |v| v,
            )?;
            let nothing = account.password.is_none()
                && memberships::of_account(check.snapshot, Seq(seq))?.is_empty();
            if nothing {
                check.say(format!(
                    "account {seq} has neither a password nor a membership"
                ));
            }
            Ok(())
        })?;
        self.size(tables::SIGN_IN_NAME_TO_ACCOUNT, count)?;
        self.size(tables::OPERATORS, operators)?;
        self.counters(accounts::PASSWORDS, BTreeMap::from([(0, passwords)]))
    }

    /// Whose membership a user is, and the indexes that follow from it.
    fn membership(&mut self, team: u64, user: &User) -> Result<(), Error> {
        let (account, seq) = (user.account, user.seq.0);
        let key = (account.0, team);
        self.entry(tables::ACCOUNT_TO_USER, key, Some(seq), |v| v)?;
        let administrator = user.administers().then_some(seq);
        let key = (team, account.0);
        self.entry(tables::ADMINISTRATORS, key, administrator, |v| v)?;
        match accounts::find(self.snapshot, account)? {
            Some(account)
                if accounts::name_key(&account.sign_in_name)
                    == accounts::name_key(user.user_name()) => {}
            Some(_) => self.say(format!(
                "user {seq} of team {team} is named unlike its account"
            )),
            None => self.say(format!("user {seq} of team {team} has no account")),
        }
        if let Some(invite) = user.invite {
            let pending = invites::find(self.snapshot, Seq(team), invite)?
                .is_some_and(|i| i.state == InviteState::Pending && i.user == Some(user.seq));
            if !pending {
                self.say(format!(
                    "user {seq} of team {team} waits for no pending invite"
                ));
            }
        }
        Ok(())
    }

    fn invites(&mut self) -> Result<(), Error> {
        let mut pending = 0;
        self.each(tables::INVITES, |check, (team, seq), invite: Invite| {
            if invite.state == InviteState::Pending {
                pending += 1;
                let key = accounts::name_key(&invite.email);
                let key = (team, key.as_str());
                check.entry(tables::ADDRESS_TO_INVITE, key, Some(seq), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::ADDRESS_TO_INVITE, pending)
    }

    fn domains(&mut self) -> Result<(), Error> {
        let mut verified = 0;
        self.each(tables::DOMAINS, |check, (team, name), domain: Domain| {
            if domain.name != name {
                check.say(format!(
                    "domain {name} of team {team} lies under another name"
                ));
            }
            if domain.verified.is_some() {
                verified += 1;
                check.entry(tables::DOMAIN_TO_TEAM, name, Some(team), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::DOMAIN_TO_TEAM, verified)
    }

    fn keys(&mut self) -> Result<(), Error> {
        let mut active = 0;
        self.each(tables::SCIM_KEYS, |check, row, key: ScimKey| {
            if key.status == KeyStatus::Active {
                active += 1;
                check.entry(tables::DIGEST_TO_SCIM_KEY, &key.digest.0, Some(row), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::DIGEST_TO_SCIM_KEY, active)
    }

    fn mails(&mut self) -> Result<(), Error> {
        let mut waiting = 0;
        self.each(tables::MAILS, |check, _, mail: Mail| {
            if let Some(key) = super::mail::due_key(&mail) {
                waiting += 1;
                check.entry(tables::DUE_MAILS, key, Some(()), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::DUE_MAILS, waiting)
    }

    fn api_keys(&mut self) -> Result<(), Error> {
        let mut usable = 0;
        let count = self.each(tables::API_KEYS, |check, row, key: ApiKey| {
            let owned = (key.account.0, row);
            check.entry(tables::ACCOUNT_TO_API_KEY, owned, Some(()), |v| v)?;
            if key.revoked.is_none() {
                usable += 1;
                check.entry(tables::DIGEST_TO_API_KEY, &key.digest.0, Some(row), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::ACCOUNT_TO_API_KEY, count)?;
        self.size(tables::DIGEST_TO_API_KEY, usable)
    }

    fn sessions(&mut self) -> Result<(), Error> {
        let mut owned = 0;
        self.each(tables::SESSIONS, |check, token, session: Session| {
            if let Some(account) = session.account {
                owned += 1;
                let key = (account.0, token);
                check.entry(tables::ACCOUNT_TO_SESSION, key, Some(()), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::ACCOUNT_TO_SESSION, owned)
    }

    /// The entries of each bucket of events, one bucket after the other.
    fn audit(&mut self) -> Result<(), Error> {
        let (mut entries, mut open) = (0, (0, 0));
        let mut events: Vec<AuditEvent> = Vec::new();
        self.each(tables::TEAM_AUDIT, |check, (team, position), event| {
            let bucket = (team, audit::bucket(position));
            if bucket != open {
                entries += check.bucket(open, &events)?;
                events.clear();
                open = bucket;
            }
            events.push(event);
            Ok(())
        })?;
        entries += self.bucket(open, &events)?;
        self.size(tables::AUDIT_TO_BUCKET, entries)
    }

    fn bucket(&mut self, (team, bucket): (u64, u64), events: &[AuditEvent]) -> Result<u64, Error> {
        let expected = audit::expected(events, self.snapshot.mix());
        for text in &expected {
            let key = (team, text.as_str(), bucket);
            self.entry(tables::AUDIT_TO_BUCKET, key, Some(()), |v| v)?;
        }
        Ok(expected.len() as u64)
    }

    fn sso(&mut self) -> Result<(), Error> {
        let methods = self.each(tables::SSO_METHODS, |check, row, method: SsoMethod| {
            let instance = method.instance.bytes();
            check.entry(tables::INSTANCE_TO_SSO_METHOD, instance, Some(row), |v| v)
        })?;
        self.size(tables::INSTANCE_TO_SSO_METHOD, methods)
    }

    fn users(&mut self) -> Result<(), Error> {
        let (mut totals, mut named, mut external) = (BTreeMap::new(), 0, 0);
        let mut administrators = 0;
        let mix = self.snapshot.mix();
        let count = self.each(tables::USERS, |check, (team, seq), user: User| {
            *totals.entry(team).or_default() += 1;
            check.id("user", &user.id, mix, seq);
            check.membership(team, &user)?;
            administrators += u64::from(user.administers());
            let key = accounts::name_key(user.user_name());
            check.entry(
                tables::USER_NAME_TO_USER,
                (team, key.as_str()),
                Some(seq),
                |v| v,
            )?;
            if let Some(name) = user.display_name() {
                named += 1;
                let key = (team, &*fold(name), seq);
                check.entry(tables::DISPLAY_NAME_TO_USER, key, Some(()), |v| v)?;
            }
            if let Some(id) = user.external_id() {
                external += 1;
                check.entry(
                    tables::EXTERNAL_ID_TO_USER,
                    (team, id, seq),
                    Some(()),
                    |v| v,
                )?;
            }
            Ok(())
        })?;
        self.size(tables::USER_NAME_TO_USER, count)?;
        self.size(tables::ACCOUNT_TO_USER, count)?;
        self.size(tables::ADMINISTRATORS, administrators)?;
        self.size(tables::DISPLAY_NAME_TO_USER, named)?;
        self.size(tables::EXTERNAL_ID_TO_USER, external)?;
        self.counters("users_total", totals)
    }

    fn id(&mut self, kind: &str, id: &ScimId, mix: IdMix, seq: u64) {
        if id.seq(mix) != Seq(seq) {
            self.say(format!("the id of {kind} {seq} belongs to another row"));
        }
    }

    fn groups(&mut self) -> Result<(), Error> {
        let (mut totals, mut external) = (BTreeMap::new(), 0);
        let mix = self.snapshot.mix();
        let count = self.each(tables::GROUPS, |check, (team, seq), group: Group| {
            *totals.entry(team).or_default() += 1;
            check.id("group", &group.id, mix, seq);
            let key = (team, &*prepare(group.display_name()), seq);
            check.entry(tables::DISPLAY_NAME_TO_GROUP, key, Some(()), |v| v)?;
            if let Some(id) = group.external_id() {
                external += 1;
                check.entry(
                    tables::EXTERNAL_ID_TO_GROUP,
                    (team, id, seq),
                    Some(()),
                    |v| v,
                )?;
            }
            check.member_count(
                "group",
                tables::GROUP_TO_MEMBER,
                team,
                seq,
                group.member_count,
            )
        })?;
        self.size(tables::DISPLAY_NAME_TO_GROUP, count)?;
        self.size(tables::EXTERNAL_ID_TO_GROUP, external)?;
        self.counters("groups_total", totals)
    }

    fn member_count(
        &mut self,
        kind: &str,
        edges: Edges,
        tenant: u64,
        group: u64,
        expected: u64,
    ) -> Result<(), Error> {
        let range = (tenant, group, 0, 0)..=(tenant, group, u8::MAX, u64::MAX);
        let actual = self.snapshot.open(edges)?.range(range)?.count() as u64;
        if actual != expected {
            self.say(format!(
                "{kind} {group} counts {expected} members instead of {actual}"
            ));
        }
        Ok(())
    }

    /// The counters of missing row numbers, team by team.
    fn gaps(&mut self, rows: Rows, gaps: Gaps) -> Result<(), Error> {
        let snapshot = self.snapshot;
        let (rows, mut expected) = (snapshot.open(rows)?, 0);
        let mut teams = std::collections::BTreeSet::new();
        for entry in rows.iter()? {
            teams.insert(entry?.0.value().0);
        }
        for entry in snapshot.open(gaps)?.iter()? {
            teams.insert(entry?.0.value().0);
        }
        for team in teams {
            let range = || rows.range((team, 0)..=(team, u64::MAX));
            // Numbers behind the last row are missing too once they were used.
            let live = range()?.count() as u64;
            let highest = live + super::gaps::total(snapshot, gaps, Seq(team))?;
            let numbers = range()?.map(|row| Ok(row?.0.value().1));
            super::gaps::recount(numbers, highest, |level, bucket, count| {
                expected += 1;
                self.entry(gaps, (team, level, bucket), Some(count), |v| v)
            })?;
        }
        self.size(gaps, expected)
    }

    fn mirror(&mut self, forward: Edges, backward: EdgesBack) -> Result<(), Error> {
        let snapshot = self.snapshot;
        let mut count = 0;
        for edge in snapshot.open(forward)?.iter()? {
            let (tenant, group, kind, member) = edge?.0.value();
            count += 1;
            self.entry(backward, (tenant, kind, member, group), Some(()), |v| v)?;
        }
        self.size(backward, count)
    }

    fn directory_users(&mut self) -> Result<(), Error> {
        let (mut totals, mut present, mut managed) = (BTreeMap::new(), 0, 0);
        let (mut deleted, mut values) = (0, 0);
        self.each(
            tables::DIRECTORY_USERS,
            |check, (tenant, seq), user: DirectoryUser| {
                *totals.entry(tenant).or_default() += 1;
                let ids = tables::OBJECT_ID_TO_OBJECT;
                check.entry(ids, (tenant, user.id.bytes()), Some((1, seq)), |v| v)?;
                if user.deleted.is_none() {
                    present += 1;
                    let name = user.user_principal_name.to_lowercase();
                    let key = (tenant, name.as_str());
                    check.entry(tables::UPN_TO_DIRECTORY_USER, key, Some(seq), |v| v)?;
                    for (attribute, value) in directory::looked_up(&user) {
                        values += 1;
                        let key = (tenant, attribute, value.as_str(), seq);
                        check.entry(tables::VALUE_TO_DIRECTORY_USER, key, Some(()), |v| v)?;
                    }
                }
                deleted += check.deleted(tenant, ObjectRef::user(Seq(seq)), user.deleted)?;
                if let Some(manager) = user.manager {
                    managed += 1;
                    let key = (tenant, manager.0, seq);
                    check.entry(tables::MANAGER_TO_REPORT, key, Some(()), |v| v)?;
                }
                Ok(())
            },
        )?;
        self.size(tables::UPN_TO_DIRECTORY_USER, present)?;
        self.size(tables::VALUE_TO_DIRECTORY_USER, values)?;
        self.size(tables::MANAGER_TO_REPORT, managed)?;
        self.deleted = deleted;
        self.counters("directory_users_total", totals)
    }

    /// 1 for an object in the recycle bin, which the index must know.
    fn deleted(
        &mut self,
        tenant: u64,
        object: ObjectRef,
        deleted: Option<Timestamp>,
    ) -> Result<u64, Error> {
        let Some(deleted) = deleted else {
            return Ok(0);
        };
        let key = recycle_bin::key(Seq(tenant), deleted, object);
        self.entry(tables::DELETED_OBJECTS, key, Some(()), |v| v)?;
        Ok(1)
    }

    /// After the people.
    fn directory_groups(&mut self) -> Result<(), Error> {
        let mut totals = BTreeMap::new();
        let (mut deleted, mut dynamic) = (self.deleted, 0);
        let groups = self.each(
            tables::DIRECTORY_GROUPS,
            |check, (tenant, seq), group: DirectoryGroup| {
                *totals.entry(tenant).or_default() += 1;
                let ids = tables::OBJECT_ID_TO_OBJECT;
                check.entry(ids, (tenant, group.id.bytes()), Some((2, seq)), |v| v)?;
                deleted += check.deleted(tenant, ObjectRef::group(Seq(seq)), group.deleted)?;
                if group.dynamic.is_some() {
                    dynamic += 1;
                    let mark = Some(u64::from(group.is_processing()));
                    check.entry(tables::DYNAMIC_GROUPS, (tenant, seq), mark, |v| v)?;
                }
                let edges = tables::DIRECTORY_GROUP_TO_MEMBER;
                check.member_count("directory group", edges, tenant, seq, group.member_count)
            },
        )?;
        self.size(tables::DELETED_OBJECTS, deleted)?;
        self.size(tables::DYNAMIC_GROUPS, dynamic)?;
        let users = self.snapshot.length(tables::DIRECTORY_USERS)?;
        self.size(tables::OBJECT_ID_TO_OBJECT, users + groups)?;
        self.counters("directory_groups_total", totals)
    }

    fn assignments(&mut self) -> Result<(), Error> {
        let snapshot = self.snapshot;
        let mut count = 0;
        for row in snapshot.open(tables::ASSIGNMENTS)?.iter()? {
            let (tenant, application, kind, principal) = row?.0.value();
            count += 1;
            let key = (tenant, kind, principal, application);
            self.entry(tables::PRINCIPAL_TO_APPLICATION, key, Some(()), |v| v)?;
        }
        self.size(tables::PRINCIPAL_TO_APPLICATION, count)
    }
}

impl Snapshot {
    fn length<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: Definition<K, V>,
    ) -> Result<u64, Error> {
        Ok(self.table(table)?.len()?)
    }
}

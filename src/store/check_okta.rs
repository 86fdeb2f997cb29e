//! Indexes and counters of the mock Okta org, for `scimlab check`.

use std::collections::BTreeMap;

use redb::ReadableTable as _;

use super::check::Check;
use super::okta::{event_blocks, groups, users};
use super::{Error, Reads as _, tables};
use crate::id::Seq;
use crate::model::okta::{
    AppGroup, AppUser, GroupRule, ImportedUser, OktaGroup, OktaToken, OktaUser, PushMapping,
    SystemEvent, Task,
};

impl Check<'_> {
    /// Everything that is derived from the rows of the orgs.
    pub(super) fn okta(&mut self) -> Result<(), Error> {
        self.okta_tokens()?;
        self.okta_users()?;
        self.okta_groups()?;
        self.okta_rules()?;
        self.okta_assignments()?;
        self.okta_mappings()?;
        self.okta_imports()?;
        self.okta_tasks()?;
        self.okta_events()
    }

    fn okta_tokens(&mut self) -> Result<(), Error> {
        let count = self.each(tables::OKTA_TOKENS, |check, row, token: OktaToken| {
            let digest = &token.digest.0;
            check.entry(tables::DIGEST_TO_OKTA_TOKEN, digest, Some(row), |v| v)
        })?;
        self.size(tables::DIGEST_TO_OKTA_TOKEN, count)
    }

    fn okta_users(&mut self) -> Result<(), Error> {
        let mut totals = BTreeMap::new();
        let count = self.each(tables::OKTA_USERS, |check, (org, row), user: OktaUser| {
            *totals.entry(org).or_default() += 1;
            let login = users::login_key(user.login());
            let key = (org, login.as_str());
            check.entry(tables::LOGIN_TO_OKTA_USER, key, Some(row), |v| v)
        })?;
        self.size(tables::LOGIN_TO_OKTA_USER, count)?;
        self.counters(users::TOTAL, totals)
    }

    fn okta_groups(&mut self) -> Result<(), Error> {
        let (mut totals, mut members, mut accounts) = (BTreeMap::new(), 0, 0);
        let snapshot = self.snapshot;
        let count = self.each(
            tables::OKTA_GROUPS,
            |check, (org, row), group: OktaGroup| {
                *totals.entry(org).or_default() += 1;
                let name = groups::name_key(&group.name);
                let key = (org, name.as_str(), row);
                check.entry(tables::NAME_TO_OKTA_GROUP, key, Some(()), |v| v)?;
                if let Some((app, id)) = group.app.zip(group.external_id.as_deref()) {
                    accounts += 1;
                    let key = (org, app.0, id, row);
                    check.entry(tables::OKTA_ACCOUNT_TO_GROUP, key, Some(()), |v| v)?;
                }
                let mut edges = 0;
                for edge in snapshot
                    .open(tables::OKTA_GROUP_TO_MEMBER)?
                    .range((org, row, 0)..=(org, row, u64::MAX))?
                {
                    let (_, _, user) = edge?.0.value();
                    edges += 1;
                    let back = (org, user, row);
                    check.entry(tables::OKTA_MEMBER_TO_GROUP, back, Some(()), |v| v)?;
                }
                members += edges;
                if edges != group.member_count {
                    check.say(format!(
                        "group {row} of org {org} has {edges} members, its row says {}",
                        group.member_count
                    ));
                }
                Ok(())
            },
        )?;
        self.size(tables::NAME_TO_OKTA_GROUP, count)?;
        self.size(tables::OKTA_ACCOUNT_TO_GROUP, accounts)?;
        self.size(tables::OKTA_GROUP_TO_MEMBER, members)?;
        self.size(tables::OKTA_MEMBER_TO_GROUP, members)?;
        self.counters(groups::TOTAL, totals)
    }

    /// Whom rules hold is a member, and both ways of looking it up say the same.
    fn okta_rules(&mut self) -> Result<(), Error> {
        let (mut held, snapshot) = (0, self.snapshot);
        self.each(
            tables::OKTA_GROUP_RULES,
            |check, (org, row), rule: GroupRule| {
                for edge in snapshot
                    .open(tables::OKTA_RULE_TO_MEMBER)?
                    .range((org, row, 0, 0)..=(org, row, u64::MAX, u64::MAX))?
                {
                    let (_, _, user, group) = edge?.0.value();
                    held += 1;
                    let back = (org, group, user, row);
                    check.entry(tables::OKTA_MEMBER_TO_RULE, back, Some(()), |v| v)?;
                    let member = (org, group, user);
                    check.entry(tables::OKTA_GROUP_TO_MEMBER, member, Some(()), |v| v)?;
                    if !rule.groups.contains(&Seq(group)) {
                        check.say(format!(
                            "rule {row} of org {org} holds user {user} in group {group}, which is none of its groups"
                        ));
                    }
                }
                Ok(())
            },
        )?;
        self.size(tables::OKTA_RULE_TO_MEMBER, held)?;
        self.size(tables::OKTA_MEMBER_TO_RULE, held)
    }

    fn okta_assignments(&mut self) -> Result<(), Error> {
        let mut accounts = 0;
        let people = self.each(
            tables::OKTA_APP_USERS,
            |check, (org, app, user), assigned: AppUser| {
                if let Some(id) = &assigned.external_id {
                    accounts += 1;
                    let key = (org, app, id.as_str(), user);
                    check.entry(tables::OKTA_ACCOUNT_TO_USER, key, Some(()), |v| v)?;
                }
                let back = (org, user, app);
                check.entry(tables::OKTA_USER_TO_APP, back, Some(()), |v| v)
            },
        )?;
        self.size(tables::OKTA_USER_TO_APP, people)?;
        self.size(tables::OKTA_ACCOUNT_TO_USER, accounts)?;
        let groups = self.each(
            tables::OKTA_APP_GROUPS,
            |check, (org, app, group), _: AppGroup| {
                let back = (org, group, app);
                check.entry(tables::OKTA_GROUP_TO_APP, back, Some(()), |v| v)
            },
        )?;
        self.size(tables::OKTA_GROUP_TO_APP, groups)
    }

    fn okta_mappings(&mut self) -> Result<(), Error> {
        let count = self.each(
            tables::OKTA_PUSH_MAPPINGS,
            |check, (org, app, row), mapping: PushMapping| {
                let back = (org, mapping.group.0, app);
                check.entry(tables::OKTA_GROUP_TO_PUSH_MAPPING, back, Some(row), |v| v)
            },
        )?;
        self.size(tables::OKTA_GROUP_TO_PUSH_MAPPING, count)
    }

    fn okta_imports(&mut self) -> Result<(), Error> {
        let count = self.each(
            tables::OKTA_IMPORTED_USERS,
            |check, (org, app, row), imported: ImportedUser| {
                let account = (org, app, imported.external_id.as_str());
                check.entry(
                    tables::OKTA_ACCOUNT_TO_IMPORTED_USER,
                    account,
                    Some(row),
                    |v| v,
                )?;
                let result = (org, app, imported.result.number(), row);
                check.entry(
                    tables::OKTA_RESULT_TO_IMPORTED_USER,
                    result,
                    Some(()),
                    |v| v,
                )
            },
        )?;
        self.size(tables::OKTA_ACCOUNT_TO_IMPORTED_USER, count)?;
        self.size(tables::OKTA_RESULT_TO_IMPORTED_USER, count)
    }

    fn okta_tasks(&mut self) -> Result<(), Error> {
        let (mut totals, mut people) = (BTreeMap::new(), 0);
        self.each(tables::OKTA_TASKS, |check, (org, row), task: Task| {
            *totals.entry(org).or_default() += 1;
            if let Some(user) = task.job.user() {
                people += 1;
                let key = (org, task.app.0, user.0, row);
                check.entry(tables::OKTA_USER_TO_TASK, key, Some(()), |v| v)?;
            }
            Ok(())
        })?;
        self.size(tables::OKTA_USER_TO_TASK, people)?;
        self.counters(super::okta::tasks::TOTAL, totals)
    }

    fn okta_events(&mut self) -> Result<(), Error> {
        let (mut sent, mut blocks) = (0, 0);
        let (mut open, mut events) = ((0, 0), Vec::<SystemEvent>::new());
        self.each(
            tables::OKTA_EVENTS,
            |check, (org, row), event: SystemEvent| {
                if event.seq.0 != row {
                    check.say(format!("event {row} of org {org} says it is another"));
                }
                sent += u64::from(event.sent);
                let block = (org, event_blocks::block(row));
                if block != open {
                    blocks += check.okta_event_block(open, &events)?;
                    events.clear();
                    open = block;
                }
                events.push(event);
                Ok(())
            },
        )?;
        blocks += self.okta_event_block(open, &events)?;
        self.size(tables::OKTA_EVENT_BLOCKS, blocks)?;
        self.size(tables::OKTA_EVENT_EXCHANGES, sent)
    }

    /// A block is described once its last position was given; how many descriptions there must be of it.
    fn okta_event_block(&mut self, key: (u64, u64), events: &[SystemEvent]) -> Result<u64, Error> {
        let (org, block) = key;
        let last = block * event_blocks::SIZE + (event_blocks::SIZE - 1);
        if events.last().is_none_or(|event| event.seq.0 != last) {
            return Ok(0);
        }
        let blocks = self.snapshot.open(tables::OKTA_EVENT_BLOCKS)?;
        let stored = blocks.get(key)?;
        if !stored.is_some_and(|bytes| event_blocks::agrees(bytes.value(), events)) {
            self.say(format!(
                "block {block} of the System Log of org {org} is described wrongly"
            ));
        }
        Ok(1)
    }
}

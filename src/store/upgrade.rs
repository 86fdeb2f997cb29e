//! Layout upgrades: numbered steps from one version of the tables and keys to the next.
//!
//! Each step runs in one write transaction at open, after a copy of the file was kept beside it. A
//! file newer than the program is refused (`open`). Changes of a single row type need no step here:
//! see `store::record`.

use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::{Database, ReadableTable, TableDefinition, WriteTransaction};

use super::Error;
use super::directory;
use super::gaps::{self, Gaps};
use super::log_blocks;
use super::logs;
use super::okta::event_blocks;
use super::open::Create;
use super::open::OpenError;
use super::record::{decode, encode};
use super::recycle_bin;
use super::rows::Rows;
use super::tables;
use super::upgrade_people;
use crate::id::{IdMix, Seq};
use crate::model::{
    Account, DirectoryGroup, DirectoryUser, LogDetails, LogHead, LogRetention, ObjectRef, Session,
    Team, okta,
};

/// Version of the layout this program writes: 1 is the first, and every step leads to the next.
pub(super) const SCHEMA_VERSION: u64 = 1 + STEPS.len() as u64;

/// A step: the version it starts from, what it does in words, and the work.
struct Step {
    from: u64,
    what: &'static str,
    apply: fn(&WriteTransaction) -> Result<(), Error>,
}

/// Every step ever, oldest first. Version 1 is the first layout.
const STEPS: &[Step] = &[
    Step {
        from: 1,
        what: "accounts and memberships for everybody, missing row numbers counted",
        apply: to_version_2,
    },
    Step {
        from: 2,
        what: "events of the record, operators and sessions can be looked up",
        apply: to_version_3,
    },
    Step {
        from: 3,
        what: "objects of the recycle bin by the moment of their deletion",
        apply: to_version_4,
    },
    Step {
        from: 4,
        what: "the provisioning log can be searched",
        apply: to_version_5,
    },
    Step {
        from: 5,
        what: "the System Log of an org can be searched",
        apply: to_version_6,
    },
    Step {
        from: 6,
        what: "app users and app groups of the mock Okta by their accounts",
        apply: to_version_7,
    },
    Step {
        from: 7,
        what: "people can be found by employeeId and mail",
        apply: to_version_8,
    },
];

fn to_version_2(transaction: &WriteTransaction) -> Result<(), Error> {
    upgrade_people::apply(transaction)?;
    count_gaps(transaction, tables::USERS, tables::USER_GAPS)?;
    count_gaps(transaction, tables::GROUPS, tables::GROUP_GAPS)
}

fn to_version_3(transaction: &WriteTransaction) -> Result<(), Error> {
    let mix = transaction
        .open_table(tables::META.engine)?
        .get("id_mix")?
        .map_or(0, |mix| mix.value());
    let mut index = transaction.open_table(tables::AUDIT_TO_BUCKET.engine)?;
    for row in transaction.open_table(tables::TEAM_AUDIT.engine)?.iter()? {
        let (key, bytes) = row?;
        let (team, position) = key.value();
        let bucket = super::audit::bucket(position);
        for text in super::audit::expected(&[decode(bytes.value())?], IdMix::new(mix)) {
            index.insert((team, text.as_str(), bucket), ())?;
        }
    }
    let mut operators = transaction.open_table(tables::OPERATORS.engine)?;
    for row in transaction.open_table(tables::ACCOUNTS.engine)?.iter()? {
        let (seq, bytes) = row?;
        if decode::<Account>(bytes.value())?.operator {
            operators.insert(seq.value(), ())?;
        }
    }
    // The record was kept for ever: it is not cut before somebody said so.
    let mut teams = transaction.open_table(tables::TEAMS.engine)?;
    let mut known = Vec::new();
    for row in teams.iter()? {
        known.push(decode::<Team>(row?.1.value())?);
    }
    for mut team in known {
        team.audit_days = Team::AUDIT_DAYS_MOST;
        teams.insert(team.seq.0, encode(&team)?.as_slice())?;
    }
    let mut sessions = transaction.open_table(tables::ACCOUNT_TO_SESSION.engine)?;
    for row in transaction.open_table(tables::SESSIONS.engine)?.iter()? {
        let (token, bytes) = row?;
        if let Some(account) = decode::<Session>(bytes.value())?.account {
            sessions.insert((account.0, token.value()), ())?;
        }
    }
    Ok(())
}

fn to_version_4(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut index = transaction.open_table(tables::DELETED_OBJECTS.engine)?;
    for row in transaction
        .open_table(tables::DIRECTORY_USERS.engine)?
        .iter()?
    {
        let (key, bytes) = row?;
        let user: DirectoryUser = decode(bytes.value())?;
        if let Some(deleted) = user.deleted {
            let object = ObjectRef::user(user.seq);
            index.insert(recycle_bin::key(Seq(key.value().0), deleted, object), ())?;
        }
    }
    for row in transaction
        .open_table(tables::DIRECTORY_GROUPS.engine)?
        .iter()?
    {
        let (key, bytes) = row?;
        let group: DirectoryGroup = decode(bytes.value())?;
        if let Some(deleted) = group.deleted {
            let object = ObjectRef::group(group.seq);
            index.insert(recycle_bin::key(Seq(key.value().0), deleted, object), ())?;
        }
    }
    Ok(())
}

fn to_version_5(transaction: &WriteTransaction) -> Result<(), Error> {
    let entries: TableDefinition<'_, (u64, u64, u64), ()> =
        TableDefinition::new("JOB_TO_LOG_ENTRY");
    transaction.delete_table(entries)?;
    keep_logs(transaction)?;
    let mut details = transaction.open_table(tables::LOG_DETAILS.engine)?;
    let mut entries = transaction.open_table(tables::LOG_ENTRIES.engine)?;
    let mut blocks = transaction.open_table(tables::LOG_BLOCKS.engine)?;
    // Block by block, so that a log of years does not lie in memory.
    let mut after = Bound::Unbounded;
    loop {
        let first = entries
            .range((after, Bound::Unbounded))?
            .next()
            .transpose()?;
        let Some((tenant, first)) = first.map(|(key, _)| key.value()) else {
            return Ok(());
        };
        let (block, size) = (log_blocks::block(first), log_blocks::SIZE);
        let last = block * size + (size - 1);
        let mut heads = Vec::new();
        for row in entries.range((tenant, first)..=(tenant, last))? {
            let (_, bytes) = row?;
            // What is in one row now was in the other: both ignore what they do not know.
            let head: LogHead = decode(bytes.value())?;
            let rest: LogDetails = decode(bytes.value())?;
            details.insert((tenant, head.seq.0), encode(&rest)?.as_slice())?;
            heads.push(head);
        }
        for head in &heads {
            entries.insert((tenant, head.seq.0), encode(head)?.as_slice())?;
        }
        if heads.last().is_some_and(|head| head.seq.0 == last) {
            blocks.insert((tenant, block), log_blocks::describe(&heads).as_slice())?;
        }
        after = Bound::Excluded((tenant, last));
    }
}

fn to_version_6(transaction: &WriteTransaction) -> Result<(), Error> {
    let events = transaction.open_table(tables::OKTA_EVENTS.engine)?;
    let mut blocks = transaction.open_table(tables::OKTA_EVENT_BLOCKS.engine)?;
    // Block by block, so that a log of months does not lie in memory.
    let mut after = Bound::Unbounded;
    loop {
        let first = events
            .range((after, Bound::Unbounded))?
            .next()
            .transpose()?;
        let Some((org, first)) = first.map(|(key, _)| key.value()) else {
            return Ok(());
        };
        let number = event_blocks::block(first);
        let last = number * event_blocks::SIZE + (event_blocks::SIZE - 1);
        let mut of_block: Vec<okta::SystemEvent> = Vec::new();
        for row in events.range((org, first)..=(org, last))? {
            of_block.push(decode(row?.1.value())?);
        }
        if of_block.last().is_some_and(|event| event.seq.0 == last) {
            let description = event_blocks::describe(&of_block);
            blocks.insert((org, number), description.as_slice())?;
        }
        after = Bound::Excluded((org, last));
    }
}

fn to_version_7(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut index = transaction.open_table(tables::OKTA_ACCOUNT_TO_USER.engine)?;
    for row in transaction
        .open_table(tables::OKTA_APP_USERS.engine)?
        .iter()?
    {
        let (key, bytes) = row?;
        let (org, app, user) = key.value();
        if let Some(id) = decode::<okta::AppUser>(bytes.value())?.external_id {
            index.insert((org, app, id.as_str(), user), ())?;
        }
    }
    let mut index = transaction.open_table(tables::OKTA_ACCOUNT_TO_GROUP.engine)?;
    for row in transaction.open_table(tables::OKTA_GROUPS.engine)?.iter()? {
        let (key, bytes) = row?;
        let (org, seq) = key.value();
        let group: okta::OktaGroup = decode(bytes.value())?;
        if let Some((app, id)) = group.app.zip(group.external_id) {
            index.insert((org, app.0, id.as_str(), seq), ())?;
        }
    }
    Ok(())
}

fn to_version_8(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut values = transaction.open_table(tables::VALUE_TO_DIRECTORY_USER.engine)?;
    for row in transaction
        .open_table(tables::DIRECTORY_USERS.engine)?
        .iter()?
    {
        let (key, bytes) = row?;
        let (tenant, row) = key.value();
        let user: DirectoryUser = decode(bytes.value())?;
        for (attribute, value) in directory::looked_up(&user) {
            values.insert((tenant, attribute, value.as_str(), row), ())?;
        }
    }
    Ok(())
}

/// The provisioning log was kept for ever: it is not cut before somebody said so.
fn keep_logs(transaction: &WriteTransaction) -> Result<(), Error> {
    let forever = encode(&LogRetention { days: None })?;
    let mut settings = transaction.open_table(tables::SETTINGS.engine)?;
    for row in transaction.open_table(tables::TENANTS.engine)?.iter()? {
        let key = logs::retention_key(Seq(row?.0.value()));
        settings.insert(key.as_str(), forever.as_slice())?;
    }
    Ok(())
}

/// Version 1 counted no missing numbers.
fn count_gaps(transaction: &WriteTransaction, rows: Rows, gaps: Gaps) -> Result<(), Error> {
    let rows = transaction.open_table(rows.engine)?;
    let mut gaps = transaction.open_table(gaps.engine)?;
    let mut after = Bound::Unbounded;
    while let Some((key, _)) = rows.range((after, Bound::Unbounded))?.next().transpose()? {
        let team = key.value().0;
        let numbers = rows
            .range((team, 0)..=(team, u64::MAX))?
            .map(|row| Ok::<_, Error>(row?.0.value().1));
        gaps::recount(numbers, 0, |level, bucket, count| {
            gaps.insert((team, level, bucket), count)?;
            Ok(())
        })?;
        after = Bound::Excluded((team, u64::MAX));
    }
    Ok(())
}

pub(super) fn run(database: &Database, path: &Path, found: u64) -> Result<(), OpenError> {
    run_steps(database, path, found, STEPS, SCHEMA_VERSION)
}

fn run_steps(
    database: &Database,
    path: &Path,
    found: u64,
    steps: &[Step],
    target: u64,
) -> Result<(), OpenError> {
    if found == target {
        return Ok(());
    }
    let copy = keep_copy(path, found)?;
    tracing::info!(copy = %copy.display(), "kept a copy of the data file before upgrading it");
    for step in steps.iter().filter(|step| step.from >= found) {
        tracing::info!(from = step.from, "upgrading the data file: {}", step.what);
        apply(database, step).map_err(|error| OpenError::Damaged {
            path: path.to_owned(),
            reason: format!("the upgrade \"{}\" failed: {error}", step.what),
        })?;
    }
    Ok(())
}

fn apply(database: &Database, step: &Step) -> Result<(), Error> {
    let transaction = database.begin_write()?;
    tables::visit(&mut Create(&transaction))?;
    (step.apply)(&transaction)?;
    transaction
        .open_table(tables::META.engine)?
        .insert("schema_version", step.from + 1)?;
    transaction.commit()?;
    Ok(())
}

fn keep_copy(path: &Path, version: u64) -> Result<PathBuf, OpenError> {
    let copy = path.with_extension(format!("v{version}.redb"));
    if path.exists() {
        std::fs::copy(path, &copy).map_err(|e| OpenError::Unusable {
            path: copy.clone(),
            reason: e.to_string(),
        })?;
    }
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use redb::{ReadableDatabase, ReadableTable};

    use super::*;

    #[test]
    fn steps_run_in_order_from_the_version_found_and_keep_a_copy() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("scimlab.redb");
        let database = Database::create(&path).unwrap();
        let first = database.begin_write().unwrap();
        first
            .open_table(tables::META.engine)
            .unwrap()
            .insert("schema_version", 1)
            .unwrap();
        first.commit().unwrap();
        let steps = [
            Step {
                from: 1,
                what: "add a",
                apply: |t| {
                    t.open_table(tables::META.engine)?.insert("a", 1)?;
                    Ok(())
                },
            },
            Step {
                from: 2,
                what: "double a",
                apply: |t| {
                    let mut meta = t.open_table(tables::META.engine)?;
                    let old = meta.get("a")?.map_or(0, |v| v.value());
                    meta.insert("a", old * 2)?;
                    Ok(())
                },
            },
        ];
        run_steps(&database, &path, 1, &steps, 3).unwrap();
        let meta = database
            .begin_read()
            .unwrap()
            .open_table(tables::META.engine)
            .unwrap();
        assert_eq!(meta.get("a").unwrap().unwrap().value(), 2);
        assert_eq!(meta.get("schema_version").unwrap().unwrap().value(), 3);
        assert!(directory.path().join("scimlab.v1.redb").exists());
    }
}

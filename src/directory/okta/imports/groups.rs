//! Groups that the target gave: they become app groups, whose members are the people whose accounts are linked (part
//! 1.10 of the Okta reference).

use std::collections::BTreeSet;

use super::super::assignments;
use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::push;
use super::super::refusal::Result;
use super::super::rules;
use super::remote::RemoteGroup;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{GroupType, ImportRun, JobKind, OktaApp, OktaGroup};
use crate::store::okta::imports::Found;
use crate::store::okta::{AppKey, app_users, groups as rows, imports, jobs, users};
use crate::store::{Reads, Write};

/// Members that come or go in one write.
const MEMBERS: usize = 1000;

/// Writes down a group; whether there is more of it, for which this is called again. A group that this import found
/// already is passed over. `first` is whether this is the first call for it.
///
/// # Errors
/// The store's.
pub fn scan_group(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    run: &mut ImportRun,
    (remote, first): (&RemoteGroup, bool),
    now: Timestamp,
) -> Result<bool> {
    let known = match rows::by_account(tx, key, &remote.id)? {
        Some(row) => rows::find(tx, key.org, row)?,
        None => None,
    };
    let is_new = known.is_none();
    let mut group = match known {
        Some(known) => {
            let found = imports::found_by(tx, key, Found::Group, known.seq)?;
            if first && found == Some(run.seq) {
                return Ok(false);
            }
            known
        }
        None => made(tx, key, remote, now)?,
    };
    let renamed = group.name != remote.name;
    group.name.clone_from(&remote.name);
    let (coming, going) = difference(tx, key, &group, remote)?;
    let changes = coming.len() + going.len();
    if first {
        run.counts.groups += 1;
        let count = match (is_new, renamed || changes > 0) {
            (true, _) => &mut run.counts.new_groups,
            (false, true) => &mut run.counts.updated_groups,
            (false, false) => &mut run.counts.unchanged_groups,
        };
        *count += 1;
        imports::put_found(tx, key, Found::Group, group.seq, run.seq)?;
        let kind = if is_new {
            Some(EventType::ImportGroupCreate)
        } else {
            renamed.then_some(EventType::ImportGroupUpdate)
        };
        if is_new || renamed {
            group.last_updated = now;
            rows::put(tx, key.org, &group)?;
        }
        if let Some(kind) = kind {
            tell(tx, (key, app), kind, &group, now)?;
        }
        if changes > 0 {
            let kind = EventType::RemoteMembershipImport;
            tell(tx, (key, app), kind, &group, now)?;
        }
    }
    let some: Vec<(Seq, bool)> = coming
        .into_iter()
        .map(|user| (user, true))
        .chain(going.into_iter().map(|user| (user, false)))
        .take(MEMBERS)
        .collect();
    change_members(tx, key, group, &some, now)?;
    Ok(changes > MEMBERS)
}

fn made(tx: &Write<'_>, key: AppKey, remote: &RemoteGroup, now: Timestamp) -> Result<OktaGroup> {
    Ok(OktaGroup {
        seq: rows::next_seq(tx, key.org)?,
        kind: GroupType::AppGroup,
        name: remote.name.clone(),
        description: String::new(),
        app: Some(key.app),
        external_id: Some(remote.id.clone()),
        member_count: 0,
        created: now,
        last_updated: now,
        last_membership_updated: now,
    })
}

/// Who must come into a group, and who must leave it.
fn difference(
    tx: &impl Reads,
    key: AppKey,
    group: &OktaGroup,
    remote: &RemoteGroup,
) -> Result<(Vec<Seq>, Vec<Seq>)> {
    let mut wanted = BTreeSet::new();
    for member in &remote.members {
        wanted.extend(app_users::by_account(tx, key, member)?);
    }
    let there: BTreeSet<Seq> = rows::members(tx, key.org, group.seq, Seq(0), usize::MAX)?
        .into_iter()
        .collect();
    let coming = wanted.difference(&there).copied().collect();
    Ok((coming, there.difference(&wanted).copied().collect()))
}

fn change_members(
    tx: &Write<'_>,
    key: AppKey,
    mut group: OktaGroup,
    changes: &[(Seq, bool)],
    now: Timestamp,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    for (user, comes) in changes {
        if *comes {
            let added = rows::add_member(tx, key.org, group.seq, *user)?;
            group.member_count += u64::from(added);
        } else if rows::remove_member(tx, key.org, group.seq, *user)? {
            group.member_count = group.member_count.saturating_sub(1);
        }
    }
    group.last_membership_updated = now;
    rows::put(tx, key.org, &group)?;
    let doer = Doer::Background;
    for (user, comes) in changes {
        let Some(person) = users::find(tx, key.org, *user)? else {
            continue;
        };
        if *comes {
            assignments::joined_group(tx, key.org, doer, &group, &person, now)?;
        } else {
            assignments::left_group(tx, key.org, doer, &group, &person, now)?;
        }
        rules::groups_of_person_changed(tx, key.org, *user, now)?;
    }
    Ok(())
}

/// Takes app groups away that were not found, and into which nothing is pushed, until `limit` groups were looked at or
/// a thousand members have left; the group to go on behind, `None` at the end.
///
/// # Errors
/// The store's.
pub fn remove_groups_page(
    tx: &Write<'_>,
    key: AppKey,
    app: &OktaApp,
    run: &mut ImportRun,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let page = rows::of_app(tx, key, after, limit)?;
    let mut next = page.last().copied().filter(|_| page.len() == limit);
    let pushed = push::all(tx, key)?;
    let (mut left, mut before) = (MEMBERS, after);
    for row in page {
        let Some(group) = rows::find(tx, key.org, row)? else {
            continue;
        };
        let found = imports::found_by(tx, key, Found::Group, row)? == Some(run.seq);
        let target = pushed.iter().any(|mapping| mapping.target == Some(row));
        if found || target || group.created >= run.created {
            before = row;
            continue;
        }
        let members: Vec<(Seq, bool)> = rows::members(tx, key.org, row, Seq(0), left)?
            .into_iter()
            .map(|user| (user, false))
            .collect();
        let last = members.len() < left;
        left -= members.len();
        change_members(tx, key, group.clone(), &members, now)?;
        if !last {
            next = Some(before);
            break;
        }
        for app in app_users::apps_of_group(tx, key.org, row)? {
            let key = AppKey { app, ..key };
            app_users::remove_group(tx, key, row)?;
            let (group, after) = (row, Seq(0));
            jobs::enqueue(tx, key, JobKind::UnassignGroup { group, after }, now)?;
        }
        if let Some(group) = rows::find(tx, key.org, row)? {
            rows::remove(tx, key.org, &group)?;
            tell(tx, (key, app), EventType::ImportGroupDelete, &group, now)?;
            run.counts.removed_groups += 1;
        }
        before = row;
    }
    Ok(next)
}

fn tell(
    tx: &Write<'_>,
    (key, app): (AppKey, &OktaApp),
    kind: EventType,
    group: &OktaGroup,
    now: Timestamp,
) -> Result<()> {
    let mix = tx.mix();
    let targets = vec![
        events::app_group(mix, key.org, group),
        events::app(mix, key.org, app),
    ];
    let event = Event::success(kind, targets);
    record(tx, key.org, Doer::Background, event, Vec::new(), now)?;
    Ok(())
}

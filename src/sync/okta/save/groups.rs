//! What a job about a pushed group changes of its mapping.

use super::super::outcome::{End, GroupChange};
use super::super::tasks;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::{GroupType, OktaGroup, PushMapping, PushMappingStatus};
use crate::store::Write;
use crate::store::okta::{AppKey, groups, push};

/// Keeps what is known now. The row is read again: the mapping may have changed meanwhile, or be gone.
pub(super) fn changed(
    tx: &Write<'_>,
    key: AppKey,
    change: &GroupChange,
    end: &End,
    now: Timestamp,
) -> Result<()> {
    let Some(mut mapping) = push::find(tx, key, change.mapping)? else {
        return Ok(());
    };
    let before = mapping.clone();
    if let Some(id) = &change.external_id {
        mapping.target = Some(app_group(
            tx,
            key,
            &mapping,
            id,
            change.name.as_deref(),
            now,
        )?);
    }
    if let Some(name) = &change.name {
        mapping.target_name.clone_from(name);
        rename(tx, key, &mapping, name, now)?;
    }
    if let Some(name) = &change.named_after {
        mapping.named_after.clone_from(name);
    }
    for (user, id) in &change.told {
        push::tell(tx, key, mapping.seq, *user, id.as_deref())?;
    }
    if change.pushed {
        mapping.last_push = Some(now);
    }
    match end {
        End::Done => {
            if mapping.status == PushMappingStatus::Error {
                mapping.status = PushMappingStatus::Active;
            }
            mapping.error = None;
            if before.error.is_some() {
                tasks::clear_mapping(tx, key, mapping.seq)?;
            }
        }
        End::Failed { text, .. } => {
            mapping.status = PushMappingStatus::Error;
            mapping.error = Some(text.clone());
        }
        End::PutOff { .. } | End::Later(_) | End::Interrupted | End::GoesOn => {}
    }
    if mapping != before {
        mapping.last_updated = now;
        push::put(tx, key, &mapping)?;
    }
    Ok(())
}

/// The app group with this id at the target: one that is known, or a new one.
fn app_group(
    tx: &Write<'_>,
    key: AppKey,
    mapping: &PushMapping,
    id: &str,
    name: Option<&str>,
    now: Timestamp,
) -> Result<Seq> {
    if let Some(target) = mapping.target {
        return Ok(target);
    }
    let name = name.unwrap_or(&mapping.target_name);
    for row in groups::by_name(tx, key.org, name)? {
        let known = groups::find(tx, key.org, row)?;
        if known.is_some_and(|g| g.app == Some(key.app) && g.external_id.as_deref() == Some(id)) {
            return Ok(row);
        }
    }
    let group = OktaGroup {
        seq: groups::next_seq(tx, key.org)?,
        kind: GroupType::AppGroup,
        name: name.to_owned(),
        description: String::new(),
        app: Some(key.app),
        external_id: Some(id.to_owned()),
        member_count: 0,
        created: now,
        last_updated: now,
        last_membership_updated: now,
    };
    groups::put(tx, key.org, &group)?;
    Ok(group.seq)
}

fn rename(
    tx: &Write<'_>,
    key: AppKey,
    mapping: &PushMapping,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let Some(target) = mapping.target else {
        return Ok(());
    };
    if let Some(mut group) = groups::find(tx, key.org, target)?
        && group.name != name
    {
        name.clone_into(&mut group.name);
        group.last_updated = now;
        groups::put(tx, key.org, &group)?;
    }
    Ok(())
}

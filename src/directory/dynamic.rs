//! Dynamic groups: a rule says who is in them.
//!
//! A change of a person is weighed against every rule in the same write (`weigh`); a new rule is weighed against
//! everybody in steps of some hundred people ([`step`]), between which other writes go on, and the group says so
//! meanwhile. Nobody's membership is edited by hand, and groups are no members, as in Entra. Who lies in the recycle bin
//! stays what they were and is weighed again when they are restored.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::groups::record_membership;
use super::rule::MembershipRule;
use super::{get_group, get_user, record};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ChangeKind, DirectoryGroup, DirectoryUser, DynamicMembership, ObjectRef};
use crate::store::{Reads, Write, directory as rows};

/// People weighed by one step.
const STEP: usize = 500;

/// Reads a rule.
///
/// # Errors
/// `Field` with the place of the mistake.
pub fn parse(rule: &str) -> Result<MembershipRule> {
    rule.parse()
        .map_err(|error: super::rule::RuleError| Error::field("membershipRule", error.to_string()))
}

/// Gives a group a rule, or none: then its members stay, and are edited by hand from now on. With a new rule everybody
/// has to be weighed: call [`step`] until it is done. Groups among the members go.
///
/// # Errors
/// `Field` with the place of the mistake, `Conflict` in the recycle bin, `NotFound`, the store's.
pub fn set_rule(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    group: Seq,
    rule: Option<&str>,
    now: Timestamp,
) -> Result<DirectoryGroup> {
    let mut group = get_group(tx, tenant, group)?;
    if group.deleted.is_some() {
        return Err(super::in_recycle_bin(&group.display_name));
    }
    let rule = rule.map(parse).transpose()?;
    if group.dynamic.as_ref().map(|d| d.rule.as_str()) == rule.as_ref().map(MembershipRule::text) {
        return Ok(group);
    }
    if rule.is_some() {
        // Users come first: whatever follows the last possible one is a group.
        let users_end = ObjectRef::user(Seq(u64::MAX));
        for nested in rows::members(tx, tenant, group.seq, Some(users_end), usize::MAX)? {
            super::groups::unlink(tx, tenant, group.seq, nested, now)?;
        }
        group = get_group(tx, tenant, group.seq)?;
    }
    group.dynamic = rule.map(|rule| DynamicMembership {
        rule: rule.text().to_owned(),
        processing: Some(Seq(0)),
        updated: None,
    });
    rows::put_group(tx, tenant, &group)?;
    let object = ObjectRef::group(group.seq);
    record(tx, tenant, object, ChangeKind::Updated, now)?;
    Ok(group)
}

/// Refuses to edit the members of a dynamic group by hand.
pub(super) fn by_hand(group: &DirectoryGroup) -> Result<()> {
    if group.dynamic.is_none() {
        return Ok(());
    }
    Err(Error::Conflict {
        attribute: "membershipRule",
        detail: format!(
            "{} is a dynamic group: its rule says who is in it. Change the rule, or its membership type",
            group.display_name
        ),
    })
}

/// Weighs one person, who was just saved, against the rule of every dynamic group.
pub(super) fn weigh(
    tx: &Write<'_>,
    tenant: Seq,
    user: &DirectoryUser,
    now: Timestamp,
) -> Result<()> {
    for (group, _) in rows::dynamic_groups(tx, tenant)? {
        let mut group = get_group(tx, tenant, group)?;
        let Some(rule) = rule_of(&group) else {
            continue;
        };
        if put(tx, tenant, &mut group, &rule, user, now)? {
            if let Some(dynamic) = &mut group.dynamic {
                dynamic.updated = Some(now);
            }
            rows::put_group(tx, tenant, &group)?;
        }
    }
    Ok(())
}

/// Weighs the next people against a rule that was saved in some tenant; whether there is more to do.
///
/// # Errors
/// The store's.
pub fn step(tx: &Write<'_>, now: Timestamp) -> Result<bool> {
    for tenant in rows::tenants(tx)? {
        if step_of(tx, tenant.seq, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The same in one tenant.
///
/// # Errors
/// The store's.
pub fn step_of(tx: &Write<'_>, tenant: Seq, now: Timestamp) -> Result<bool> {
    let groups = rows::dynamic_groups(tx, tenant)?;
    let Some((group, _)) = groups.into_iter().find(|(_, processing)| *processing) else {
        return Ok(false);
    };
    let mut group = get_group(tx, tenant, group)?;
    let after = group
        .dynamic
        .as_ref()
        .and_then(|dynamic| dynamic.processing);
    let people = rows::users_after(tx, tenant, after.unwrap_or_default(), STEP)?;
    if let Some(rule) = rule_of(&group) {
        for user in people.iter().filter(|user| user.deleted.is_none()) {
            put(tx, tenant, &mut group, &rule, user, now)?;
        }
    }
    if let Some(dynamic) = &mut group.dynamic {
        dynamic.processing = people
            .last()
            .filter(|_| people.len() == STEP)
            .map(|last| last.seq);
        dynamic.updated = Some(now);
    }
    rows::put_group(tx, tenant, &group)?;
    Ok(true)
}

/// Rules that are remembered by each thread; there is one writer.
const REMEMBERED: usize = 1_000;

thread_local! {
    /// Rules by their text, because reading one costs more than weighing somebody.
    static RULES: RefCell<HashMap<String, Option<Rc<MembershipRule>>>> = RefCell::default();
}

/// A rule is checked before it is saved; one that this program no longer understands leaves everybody where they are.
fn rule_of(group: &DirectoryGroup) -> Option<Rc<MembershipRule>> {
    let text = &group.dynamic.as_ref()?.rule;
    RULES.with_borrow_mut(|rules| {
        if let Some(known) = rules.get(text) {
            return known.clone();
        }
        if rules.len() >= REMEMBERED {
            rules.clear();
        }
        let rule = text.parse().ok().map(Rc::new);
        rules.insert(text.clone(), rule.clone());
        rule
    })
}

/// Puts a person in or out, as the rule says; whether that changed anything. The caller saves the group.
fn put(
    tx: &Write<'_>,
    tenant: Seq,
    group: &mut DirectoryGroup,
    rule: &MembershipRule,
    user: &DirectoryUser,
    now: Timestamp,
) -> Result<bool> {
    let member = ObjectRef::user(user.seq);
    let changed = if rule.matches(user) {
        let added = rows::add_member(tx, tenant, group.seq, member)?;
        group.member_count += u64::from(added);
        added
    } else {
        let removed = rows::remove_member(tx, tenant, group.seq, member)?;
        group.member_count = group.member_count.saturating_sub(u64::from(removed));
        removed
    };
    if changed {
        record_membership(tx, tenant, group, member, now)?;
    }
    Ok(changed)
}

/// Whether a rule means a person: *Validate rules*.
///
/// # Errors
/// `Field` with the place of the mistake, `NotFound`, the store's.
pub fn validate(
    tx: &impl Reads,
    _operator: &Operator,
    tenant: Seq,
    rule: &str,
    user: Seq,
) -> Result<bool> {
    Ok(parse(rule)?.matches(&get_user(tx, tenant, user)?))
}

//! Group rules of an org, and whom each holds in which group.

use redb::ReadableTable as _;

use crate::id::Seq;
use crate::model::okta::GroupRule;
use crate::store::{Error, Reads, Write, rows, tables};

/// The rule in this row, unless it is deleted.
pub fn find(tx: &impl Reads, org: Seq, rule: Seq) -> Result<Option<GroupRule>, Error> {
    let found: Option<GroupRule> = deleted_or_not(tx, org, rule)?;
    Ok(found.filter(|rule| rule.removal.is_none()))
}

/// The rule in this row, though it may be deleted.
pub fn deleted_or_not(tx: &impl Reads, org: Seq, rule: Seq) -> Result<Option<GroupRule>, Error> {
    rows::find(tx, tables::OKTA_GROUP_RULES, (org.0, rule.0))
}

/// Every rule of an org, oldest first.
pub fn all(tx: &impl Reads, org: Seq) -> Result<Vec<GroupRule>, Error> {
    let mut found = rows::page(tx, tables::OKTA_GROUP_RULES, org, Seq(0), usize::MAX)?;
    found.retain(|rule: &GroupRule| rule.removal.is_none());
    Ok(found)
}

/// A row number for a new rule.
pub fn next_seq(tx: &Write<'_>, org: Seq) -> Result<Seq, Error> {
    tx.next_seq(org, "okta_group_rules")
}

/// Inserts or replaces a rule.
pub fn put(tx: &Write<'_>, org: Seq, rule: &GroupRule) -> Result<(), Error> {
    rows::put(tx, tables::OKTA_GROUP_RULES, (org.0, rule.seq.0), rule)
}

/// Takes a rule away that holds nobody any more.
pub fn remove(tx: &Write<'_>, org: Seq, rule: Seq) -> Result<(), Error> {
    rows::remove(tx, tables::OKTA_GROUP_RULES, (org.0, rule.0))
}

/// Notes that a rule holds somebody in a group; false when it did already.
pub fn hold(tx: &Write<'_>, org: Seq, rule: Seq, (group, user): (Seq, Seq)) -> Result<bool, Error> {
    let there = (org.0, rule.0, user.0, group.0);
    let added = tx
        .table(tables::OKTA_RULE_TO_MEMBER)?
        .insert(there, ())?
        .is_none();
    if added {
        let back = (org.0, group.0, user.0, rule.0);
        tx.table(tables::OKTA_MEMBER_TO_RULE)?.insert(back, ())?;
    }
    Ok(added)
}

/// Notes that a rule lets somebody go; false when it did not hold the person there.
pub fn let_go(
    tx: &Write<'_>,
    org: Seq,
    rule: Seq,
    (group, user): (Seq, Seq),
) -> Result<bool, Error> {
    let there = (org.0, rule.0, user.0, group.0);
    let removed = tx
        .table(tables::OKTA_RULE_TO_MEMBER)?
        .remove(there)?
        .is_some();
    if removed {
        let back = (org.0, group.0, user.0, rule.0);
        tx.table(tables::OKTA_MEMBER_TO_RULE)?.remove(back)?;
    }
    Ok(removed)
}

/// The rules that hold somebody in a group; none holds whoever was added by hand only.
pub fn holders(tx: &impl Reads, org: Seq, group: Seq, user: Seq) -> Result<Vec<Seq>, Error> {
    let at = |rule: u64| (org.0, group.0, user.0, rule);
    tx.open(tables::OKTA_MEMBER_TO_RULE)?
        .range(at(0)..=at(u64::MAX))?
        .map(|row| Ok(Seq(row?.0.value().3)))
        .collect()
}

/// The first `limit` people whom rules hold in a group, with the rule.
pub fn held_in(
    tx: &impl Reads,
    org: Seq,
    group: Seq,
    limit: usize,
) -> Result<Vec<(Seq, Seq)>, Error> {
    tx.open(tables::OKTA_MEMBER_TO_RULE)?
        .range((org.0, group.0, 0, 0)..=(org.0, group.0, u64::MAX, u64::MAX))?
        .take(limit)
        .map(|row| {
            let (_, _, user, rule) = row?.0.value();
            Ok((Seq(user), Seq(rule)))
        })
        .collect()
}

/// The first `limit` memberships that a rule holds: group and person.
pub fn held_by(
    tx: &impl Reads,
    org: Seq,
    rule: Seq,
    limit: usize,
) -> Result<Vec<(Seq, Seq)>, Error> {
    tx.open(tables::OKTA_RULE_TO_MEMBER)?
        .range((org.0, rule.0, 0, 0)..=(org.0, rule.0, u64::MAX, u64::MAX))?
        .take(limit)
        .map(|row| {
            let (_, _, user, group) = row?.0.value();
            Ok((Seq(group), Seq(user)))
        })
        .collect()
}

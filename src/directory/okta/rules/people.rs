//! Evaluating people: who is held by which rule, and what follows for groups.
//!
//! Only people who are activated are evaluated: those who are staged or deactivated stay where they are. A rule whose
//! condition cannot be told for somebody leaves that person where the person is.

use super::super::events::{self, Cause as Doer, Event, EventType, record};
use super::super::groups;
use super::super::known::Known;
use super::super::refusal::{Refusal, Result};
use super::condition::Read;
use super::{AT_ONCE, EXCLUDED, SUBJECT, all, excluded_full};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{GroupRule, JobKind, OktaGroup, OktaUser, RuleRemoval, RuleStatus};
use crate::store::okta::{AppKey, jobs, rules as rows, users};
use crate::store::{Reads as _, Write};

/// How often somebody is looked at because a rule changed the groups that others ask for: chains of rules come to rest
/// before, rules that contradict each other never would.
const ROUNDS: usize = 20;
/// People of a deleted group who are let go at once.
const PAGE: usize = 1_000;

/// The active rules of an org, read.
struct Active {
    org: Seq,
    rules: Vec<Read>,
    asks_groups: bool,
}

impl Active {
    fn of(tx: &Write<'_>, org: Seq) -> Result<Self> {
        let rules: Vec<Read> = all(tx, org)?
            .into_iter()
            .filter(|rule| rule.status == RuleStatus::Active)
            .map(Read::new)
            .collect();
        let asks_groups = rules.iter().any(Read::asks_groups);
        Ok(Self {
            org,
            rules,
            asks_groups,
        })
    }

    /// Puts somebody where the rules want the person, and takes the person away from where none does any more.
    fn apply(&self, tx: &Write<'_>, user: Seq, now: Timestamp) -> Result<()> {
        let Some(user) = users::find(tx, self.org, user)? else {
            return Ok(());
        };
        if !user.status.is_provisioned() {
            return Ok(());
        }
        for round in 0..ROUNDS {
            let changed = self.round(tx, &user, round == 0, now)?;
            if !(changed && self.asks_groups) {
                return Ok(());
            }
        }
        let rules: Vec<&GroupRule> = self
            .rules
            .iter()
            .filter(|read| read.asks_groups())
            .map(|read| &read.rule)
            .collect();
        let why = "The rules contradict each other: what one does makes another one undo it.";
        failed(tx, self.org, &rules, &user, why, now)
    }

    /// Whether the groups of the person changed.
    fn round(&self, tx: &Write<'_>, user: &OktaUser, tells: bool, now: Timestamp) -> Result<bool> {
        let known = Known::of(tx, self.org, user, self.asks_groups)?;
        let (mut held, mut free) = (Vec::new(), Vec::new());
        for read in &self.rules {
            let rule = &read.rule;
            if rule.excluded.contains(&user.seq) {
                free.push(rule);
                continue;
            }
            match read.holds(&known, now) {
                Ok(true) => held.push(rule),
                Ok(false) => free.push(rule),
                Err(why) if tells => failed(tx, self.org, &[rule], user, &why, now)?,
                Err(_) => {}
            }
        }
        let mut changed = false;
        // Who changes from one rule to another in the same group does not leave it in between.
        for rule in held {
            for group in &rule.groups {
                if rows::hold(tx, self.org, rule.seq, (*group, user.seq))? {
                    changed |= groups::join(tx, self.org, Doer::Background, *group, user, now)?;
                }
            }
        }
        for rule in free {
            for group in &rule.groups {
                changed |= let_go(tx, self.org, rule.seq, (*group, user), now)?;
            }
        }
        Ok(changed)
    }
}

/// Ends that a rule holds somebody; whoever no rule holds any more leaves the group. Whether the person left.
fn let_go(
    tx: &Write<'_>,
    org: Seq,
    rule: Seq,
    (group, user): (Seq, &OktaUser),
    now: Timestamp,
) -> Result<bool> {
    if !rows::let_go(tx, org, rule, (group, user.seq))?
        || !rows::holders(tx, org, group, user.seq)?.is_empty()
    {
        return Ok(false);
    }
    groups::leave(tx, org, Doer::Background, group, user, now)
}

/// A person was made or activated, or the profile changed: the rules decide again. Whoever changes people calls it.
///
/// # Errors
/// The store's.
pub fn person_changed(tx: &Write<'_>, org: Seq, user: Seq, now: Timestamp) -> Result<()> {
    let active = Active::of(tx, org)?;
    if active.rules.is_empty() {
        return Ok(());
    }
    active.apply(tx, user, now)
}

/// Somebody came into a group or left it otherwise than by a rule.
pub(in crate::directory::okta) fn groups_of_person_changed(
    tx: &Write<'_>,
    org: Seq,
    user: Seq,
    now: Timestamp,
) -> Result<()> {
    let active = Active::of(tx, org)?;
    if active.asks_groups {
        active.apply(tx, user, now)?;
    }
    Ok(())
}

/// A group got another name or is gone: everybody is evaluated again, if a rule asks for groups.
pub(in crate::directory::okta) fn groups_changed(
    tx: &Write<'_>,
    org: Seq,
    now: Timestamp,
) -> Result<()> {
    if Active::of(tx, org)?.asks_groups
        && let Some(after) = evaluate_page(tx, org, None, Seq(0), AT_ONCE, now)?
    {
        let kind = JobKind::EvaluateRules { rule: None, after };
        jobs::enqueue(tx, AppKey::of_org(org), kind, now)?;
    }
    Ok(())
}

/// Evaluates up to `limit` people after `after`; the person to go on behind, `None` at the end. Nothing happens when
/// the rule that it was begun for is not active any more.
///
/// # Errors
/// The store's.
pub fn evaluate_page(
    tx: &Write<'_>,
    org: Seq,
    rule: Option<Seq>,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let active = Active::of(tx, org)?;
    let begun_for = match rule {
        None => None,
        Some(rule) => match active.rules.iter().find(|read| read.rule.seq == rule) {
            Some(read) => Some(&read.rule),
            None => return Ok(None),
        },
    };
    let page = users::after(tx, org, after, limit)?;
    for user in &page {
        active.apply(tx, user.seq, now)?;
    }
    if let Some(last) = page.last().filter(|_| page.len() == limit) {
        return Ok(Some(last.seq));
    }
    if let Some(rule) = begun_for {
        let kind = EventType::RuleEvaluation;
        super::tell(tx, org, Doer::Background, kind, rule, now)?;
    }
    Ok(None)
}

/// Lets up to `limit` memberships go that a deleted rule holds, and takes the rule away at the end; whether there is
/// more to do.
///
/// # Errors
/// The store's.
pub fn forget_page(
    tx: &Write<'_>,
    org: Seq,
    rule: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<bool> {
    let Some(rule) = rows::deleted_or_not(tx, org, rule)? else {
        return Ok(false);
    };
    let Some(removal) = rule.removal else {
        return Ok(false);
    };
    let active = Active::of(tx, org)?;
    let held = rows::held_by(tx, org, rule.seq, limit)?;
    for (group, user) in &held {
        match users::find(tx, org, *user)? {
            Some(user) if removal == RuleRemoval::RemovePeople => {
                let left = let_go(tx, org, rule.seq, (*group, &user), now)?;
                if left && active.asks_groups {
                    active.apply(tx, user.seq, now)?;
                }
            }
            Some(_) | None => drop(rows::let_go(tx, org, rule.seq, (*group, *user))?),
        }
    }
    if held.len() == limit {
        return Ok(true);
    }
    rows::remove(tx, org, rule.seq)?;
    Ok(false)
}

/// Somebody is taken out of a group by hand: rules that hold the person there exclude the person (3.5), which is told
/// as Okta's own doing.
pub(in crate::directory::okta) fn removed_by_hand(
    tx: &Write<'_>,
    org: Seq,
    group: &OktaGroup,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    for rule in rows::holders(tx, org, group.seq, user.seq)? {
        rows::let_go(tx, org, rule, (group.seq, user.seq))?;
        let Some(mut rule) = rows::find(tx, org, rule)? else {
            continue;
        };
        if rule.excluded.contains(&user.seq) || rule.status == RuleStatus::Invalid {
            continue;
        }
        if rule.excluded.len() >= EXCLUDED {
            let sentence = format!(
                "{} is put into the group by the rule {}, which cannot exclude anybody more: {}",
                user.display_name(),
                rule.name,
                excluded_full()
            );
            return Err(Refusal::field(SUBJECT, "exclude", sentence));
        }
        rule.excluded.push(user.seq);
        rule.last_updated = now;
        rows::put(tx, org, &rule)?;
        let mix = tx.mix();
        let targets = vec![
            events::user(mix, org, user),
            events::group_rule(mix, org, &rule),
            events::group(mix, org, group),
        ];
        let event = Event::success(EventType::RuleAddExclusion, targets);
        record(tx, org, Doer::Background, event, Vec::new(), now)?;
    }
    Ok(())
}

/// Nobody is held in a deleted group.
pub(super) fn release(tx: &Write<'_>, org: Seq, group: Seq) -> Result<()> {
    loop {
        let held = rows::held_in(tx, org, group, PAGE)?;
        for (user, rule) in &held {
            rows::let_go(tx, org, *rule, (group, *user))?;
        }
        if held.len() < PAGE {
            return Ok(());
        }
    }
}

/// Somebody is deleted: no rule holds or excludes the person any more.
pub(in crate::directory::okta) fn forget_person(tx: &Write<'_>, org: Seq, user: Seq) -> Result<()> {
    for group in crate::store::okta::groups::groups_of(tx, org, user)? {
        for rule in rows::holders(tx, org, group, user)? {
            rows::let_go(tx, org, rule, (group, user))?;
        }
    }
    for mut rule in all(tx, org)? {
        if rule.excluded.contains(&user) {
            rule.excluded.retain(|excluded| *excluded != user);
            rows::put(tx, org, &rule)?;
        }
    }
    Ok(())
}

/// Writes down that a condition cannot be told for somebody.
fn failed(
    tx: &Write<'_>,
    org: Seq,
    rules: &[&GroupRule],
    user: &OktaUser,
    why: &str,
    now: Timestamp,
) -> Result<()> {
    let mix = tx.mix();
    let mut targets = vec![events::user(mix, org, user)];
    targets.extend(rules.iter().map(|rule| events::group_rule(mix, org, rule)));
    let event = Event::failure(EventType::RuleError, why, targets);
    record(tx, org, Doer::Background, event, Vec::new(), now)?;
    Ok(())
}

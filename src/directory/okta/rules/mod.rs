//! Group rules: made, changed, taken in and out of use, deleted (part 3.5 of the Okta reference; what it leaves out is
//! Okta's help on group rules).
//!
//! A rule that is active *holds* whoever its condition is true of in its groups. Somebody who is held by no rule any
//! more leaves; somebody who was added by hand and begins to match is held from then on. Whoever is taken out by hand is
//! excluded from the rule, else it would put the person back. Deactivating lets nobody go. `people` evaluates.

mod condition;
mod people;

pub use condition::{Verdict, preview};
pub use people::{evaluate_page, forget_page, person_changed};
pub(super) use people::{forget_person, groups_changed, groups_of_person_changed, removed_by_hand};

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::refusal::{BLANK, Refusal, Result, TAKEN};
use super::{groups, orgs, users};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{GroupRule, JobKind, OktaGroup, RuleRemoval, RuleStatus};
use crate::store::okta::{AppKey, jobs, rules as rows};
use crate::store::{Reads, Write};

/// Most rules of an org.
pub const RULES: usize = 2_000;
/// Most people whom a rule leaves alone.
pub const EXCLUDED: usize = 100;
/// Most groups of one rule.
pub const GROUPS: usize = 100;
/// Longest name, in characters.
pub const NAME_LIMIT: usize = 50;
/// People who are looked at at once, before the rest is left to the queue.
const AT_ONCE: usize = 200;
/// What refusals of rules name, as recorded: `Api validation failed: validateRule`.
const SUBJECT: &str = "validateRule";

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRule {
    /// `name`.
    pub name: String,
    /// `conditions.expression.value`.
    pub expression: String,
    /// Rows of the groups to put people in.
    pub groups: Vec<Seq>,
    /// Rows of the people whom it leaves alone.
    pub excluded: Vec<Seq>,
}

/// The rule in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, org: Seq, rule: Seq) -> Result<GroupRule> {
    rows::find(tx, org, rule)?.ok_or_else(|| Refusal::not_found("GroupRule", rule))
}

/// Every rule of an org, oldest first.
///
/// # Errors
/// The store's.
pub fn all(tx: &impl Reads, org: Seq) -> Result<Vec<GroupRule>> {
    Ok(rows::all(tx, org)?)
}

/// Makes a rule, which is inactive.
///
/// # Errors
/// `Invalid` for a name that is none or taken, an expression that is no condition, with the place, groups that take no
/// members by hand or are none, too many of anything; `NotFound` for a group or a person; the store's.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    new: &NewRule,
    now: Timestamp,
) -> Result<GroupRule> {
    let org = administrator.org;
    let others = all(tx, org)?;
    if others.len() >= RULES {
        let many = format!("An org has at most {RULES} group rules");
        return Err(Refusal::field(SUBJECT, "name", many));
    }
    let rule = GroupRule {
        seq: rows::next_seq(tx, org)?,
        name: checked_name(&others, &new.name, None)?,
        status: RuleStatus::Inactive,
        expression: checked_expression(tx, org, &new.expression)?,
        groups: checked_groups(tx, org, &new.groups)?,
        excluded: checked_people(tx, org, &new.excluded)?,
        created: now,
        last_updated: now,
        removal: None,
    };
    rows::put(tx, org, &rule)?;
    Ok(rule)
}

/// Changes an inactive rule. Its groups stay those it was made with.
///
/// # Errors
/// As [`create`]; `Invalid` for a rule that is not inactive and for other groups; `NotFound`.
pub fn update(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    rule: Seq,
    new: &NewRule,
    now: Timestamp,
) -> Result<GroupRule> {
    let org = administrator.org;
    let mut found = get(tx, org, rule)?;
    if found.status != RuleStatus::Inactive {
        let sentence = "Only an inactive rule can be changed; deactivate it first";
        return Err(Refusal::field(SUBJECT, "status", sentence));
    }
    if checked_groups(tx, org, &new.groups)? != found.groups {
        let sentence =
            "The groups of a rule cannot be changed; delete the rule and make another one";
        return Err(Refusal::field(SUBJECT, "groupIds", sentence));
    }
    found.name = checked_name(&all(tx, org)?, &new.name, Some(rule))?;
    found.expression = checked_expression(tx, org, &new.expression)?;
    found.excluded = checked_people(tx, org, &new.excluded)?;
    found.last_updated = now;
    rows::put(tx, org, &found)?;
    Ok(found)
}

/// Activates a rule: everybody is evaluated, the first at once, the rest page by page.
///
/// # Errors
/// `Invalid` for a rule one of whose groups is gone, or whose expression names an attribute that is; `NotFound`, the
/// store's.
pub fn activate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    rule: Seq,
    now: Timestamp,
) -> Result<GroupRule> {
    let org = administrator.org;
    let mut found = get(tx, org, rule)?;
    match found.status {
        RuleStatus::Active => return Ok(found),
        RuleStatus::Inactive => {}
        RuleStatus::Invalid => {
            let sentence = "A group of the rule was deleted; the rule can only be deleted";
            return Err(Refusal::field(SUBJECT, "status", sentence));
        }
    }
    checked_expression(tx, org, &found.expression)?;
    found.status = RuleStatus::Active;
    found.last_updated = now;
    rows::put(tx, org, &found)?;
    let doer = Doer::Administrator(administrator);
    tell(tx, org, doer, EventType::RuleTrigger, &found, now)?;
    if let Some(after) = evaluate_page(tx, org, Some(rule), Seq(0), AT_ONCE, now)? {
        let rule = Some(rule);
        let kind = JobKind::EvaluateRules { rule, after };
        jobs::enqueue(tx, AppKey::of_org(org), kind, now)?;
    }
    Ok(found)
}

/// Deactivates a rule: nobody is evaluated any more, and whom it holds stays.
///
/// # Errors
/// `Invalid` for a rule that cannot be used any more, `NotFound`, the store's.
pub fn deactivate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    rule: Seq,
    now: Timestamp,
) -> Result<GroupRule> {
    let org = administrator.org;
    let mut found = get(tx, org, rule)?;
    match found.status {
        RuleStatus::Inactive => return Ok(found),
        RuleStatus::Active => {}
        RuleStatus::Invalid => {
            let sentence = "A group of the rule was deleted; the rule can only be deleted";
            return Err(Refusal::field(SUBJECT, "status", sentence));
        }
    }
    found.status = RuleStatus::Inactive;
    found.last_updated = now;
    rows::put(tx, org, &found)?;
    let doer = Doer::Administrator(administrator);
    tell(tx, org, doer, EventType::RuleDeactivated, &found, now)?;
    Ok(found)
}

/// Deletes a rule. Whom it holds stays in the groups, or leaves them: the first at once, the rest page by page.
///
/// # Errors
/// `Invalid` for a rule that is active, `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    rule: Seq,
    removal: RuleRemoval,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    let mut found = get(tx, org, rule)?;
    if found.status == RuleStatus::Active {
        let sentence = "The rule is active; deactivate it first";
        return Err(Refusal::field(SUBJECT, "status", sentence));
    }
    found.removal = Some(removal);
    found.last_updated = now;
    rows::put(tx, org, &found)?;
    if forget_page(tx, org, rule, AT_ONCE, now)? {
        let kind = JobKind::ForgetRule { rule };
        jobs::enqueue(tx, AppKey::of_org(org), kind, now)?;
    }
    Ok(())
}

/// A group is deleted: nobody is held in it any more, and its rules cannot be used any more.
pub(super) fn group_deleted(
    tx: &Write<'_>,
    group: &OktaGroup,
    org: Seq,
    now: Timestamp,
) -> Result<()> {
    people::release(tx, org, group.seq)?;
    for mut rule in all(tx, org)? {
        if !rule.groups.contains(&group.seq) || rule.status == RuleStatus::Invalid {
            continue;
        }
        rule.status = RuleStatus::Invalid;
        rule.last_updated = now;
        rows::put(tx, org, &rule)?;
        let doer = Doer::Background;
        tell(tx, org, doer, EventType::RuleInvalidate, &rule, now)?;
    }
    Ok(())
}

fn checked_name(others: &[GroupRule], name: &str, itself: Option<Seq>) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::field(SUBJECT, "name", BLANK));
    }
    if name.chars().count() > NAME_LIMIT {
        let long = format!("The field is too long. It may have at most {NAME_LIMIT} characters");
        return Err(Refusal::field(SUBJECT, "name", long));
    }
    let lower = name.to_lowercase();
    let taken =
        |other: &&GroupRule| Some(other.seq) != itself && other.name.to_lowercase() == lower;
    if others.iter().any(|other| taken(&other)) {
        return Err(Refusal::field(SUBJECT, "name", TAKEN));
    }
    Ok(name.to_owned())
}

fn checked_expression(tx: &impl Reads, org: Seq, expression: &str) -> Result<String> {
    let expression = expression.trim();
    condition::check(&orgs::get(tx, org)?, expression)
        .map_err(|why| Refusal::field(SUBJECT, "expression", why))?;
    Ok(expression.to_owned())
}

fn checked_groups(tx: &impl Reads, org: Seq, given: &[Seq]) -> Result<Vec<Seq>> {
    let mut checked = Vec::new();
    for group in given {
        let group = groups::own(tx, org, *group).map_err(|refusal| match refusal {
            Refusal::Invalid { causes, .. } => {
                let sentence = causes.first().map(|cause| cause.sentence.clone());
                Refusal::field(SUBJECT, "groupIds", sentence.unwrap_or_default())
            }
            other => other,
        })?;
        if !checked.contains(&group.seq) {
            checked.push(group.seq);
        }
    }
    if checked.is_empty() {
        return Err(Refusal::field(SUBJECT, "groupIds", BLANK));
    }
    if checked.len() > GROUPS {
        let many = format!("A rule has at most {GROUPS} groups");
        return Err(Refusal::field(SUBJECT, "groupIds", many));
    }
    Ok(checked)
}

fn checked_people(tx: &impl Reads, org: Seq, given: &[Seq]) -> Result<Vec<Seq>> {
    let mut checked = Vec::new();
    for user in given {
        let user = users::get(tx, org, *user)?;
        if !checked.contains(&user.seq) {
            checked.push(user.seq);
        }
    }
    if checked.len() > EXCLUDED {
        return Err(Refusal::field(SUBJECT, "exclude", excluded_full()));
    }
    Ok(checked)
}

fn excluded_full() -> String {
    format!("A rule excludes at most {EXCLUDED} people")
}

/// Writes an event about a rule down.
fn tell(
    tx: &Write<'_>,
    org: Seq,
    doer: Doer<'_>,
    kind: EventType,
    rule: &GroupRule,
    now: Timestamp,
) -> Result<()> {
    let event = Event::success(kind, vec![events::group_rule(tx.mix(), org, rule)]);
    record(tx, org, doer, event, Vec::new(), now)?;
    Ok(())
}

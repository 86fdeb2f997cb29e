//! *Find groups by rule* (part 1.11.6 of the Okta reference): rules that push groups by what they are called.
//!
//! A rule makes mappings, for the groups that match when it is made, activated or changed, and for those that begin to
//! match later. It never takes one away: a mapping goes with [`push::unlink`], or with its rule by [`delete`].

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::push::{self, NewPush, PushTarget};
use super::refusal::{BLANK, Refusal, Result, TAKEN};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{Criterion, GroupType, OktaApp, OktaGroup, PushRule};
use crate::store::okta::{AppKey, apps, groups, push as mapping_rows, push_rules as rows};
use crate::store::{Reads, Write};

/// Most groups that a rule may match.
pub const GROUPS: usize = 100;
/// Most rules of an app: ours.
pub const RULES: usize = 100;
/// Longest name of a rule, and longest text of a criterion, in characters.
pub const TEXT_LIMIT: usize = 255;

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPushRule {
    /// *Rule name*.
    pub name: String,
    /// What the name of a group must have.
    pub group_name: Option<Criterion>,
    /// What the description must have as well.
    pub description: Option<Criterion>,
    /// *Immediately push groups found by this rule*.
    pub immediately: bool,
}

/// What becomes of the mappings of a deleted rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mappings {
    /// They stay, as if they had been made by name.
    Stay,
    /// They are unlinked, and the groups at the target deleted.
    GoWithGroups,
}

/// The rule in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, key: AppKey, rule: Seq) -> Result<PushRule> {
    rows::find(tx, key, rule)?.ok_or_else(|| Refusal::not_found("GroupPushRule", rule))
}

/// Every rule of an app, oldest first.
///
/// # Errors
/// The store's.
pub fn all(tx: &impl Reads, key: AppKey) -> Result<Vec<PushRule>> {
    Ok(rows::all(tx, key)?)
}

/// Makes a rule, which is active, and mappings for the groups that match now.
///
/// # Errors
/// `Invalid` for an app that pushes no groups, a name that is none or taken, no criterion, or more groups that match
/// than [`GROUPS`]; `NotFound`, the store's. Nothing is pushed then.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    new: &NewPushRule,
    now: Timestamp,
) -> Result<PushRule> {
    push::pushing(tx, key)?;
    let others = all(tx, key)?;
    if others.len() >= RULES {
        let many = format!("An app has at most {RULES} rules");
        return Err(Refusal::field("rule", "name", many));
    }
    let wanted = checked(&others, new, None)?;
    let rule = PushRule {
        seq: rows::next_seq(tx, key.org)?,
        name: wanted.name,
        group_name: wanted.group_name,
        description: wanted.description,
        active: true,
        immediately: wanted.immediately,
        created: now,
        last_updated: now,
    };
    rows::put(tx, key, &rule)?;
    find_groups(tx, Doer::Administrator(administrator), key, &rule, now)?;
    Ok(rule)
}

/// Changes a rule; mappings are made for groups that match only now, and none goes.
///
/// # Errors
/// As [`create`]; `NotFound`.
pub fn update(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    rule: Seq,
    new: &NewPushRule,
    now: Timestamp,
) -> Result<PushRule> {
    push::pushing(tx, key)?;
    let mut found = get(tx, key, rule)?;
    let wanted = checked(&all(tx, key)?, new, Some(rule))?;
    found.name = wanted.name;
    found.group_name = wanted.group_name;
    found.description = wanted.description;
    found.immediately = wanted.immediately;
    found.last_updated = now;
    rows::put(tx, key, &found)?;
    if found.active {
        find_groups(tx, Doer::Administrator(administrator), key, &found, now)?;
    }
    Ok(found)
}

/// Lets a rule make mappings again, or no more. Those that it made stay as they are.
///
/// # Errors
/// As [`create`] when it is activated; `NotFound`, the store's.
pub fn set_active(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    rule: Seq,
    active: bool,
    now: Timestamp,
) -> Result<PushRule> {
    let mut found = get(tx, key, rule)?;
    if found.active == active {
        return Ok(found);
    }
    found.active = active;
    found.last_updated = now;
    rows::put(tx, key, &found)?;
    if active {
        push::pushing(tx, key)?;
        find_groups(tx, Doer::Administrator(administrator), key, &found, now)?;
    }
    Ok(found)
}

/// Deletes a rule, and with it, if so asked, its mappings with the groups at the target.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    rule: Seq,
    mappings: Mappings,
    now: Timestamp,
) -> Result<()> {
    let found = get(tx, key, rule)?;
    let app = apps::find(tx, key)?.ok_or_else(|| Refusal::not_found("AppInstance", key.app))?;
    for mut mapping in made_by(tx, key, rule)? {
        match mappings {
            Mappings::Stay => {
                mapping.rule = None;
                mapping_rows::put(tx, key, &mapping)?;
            }
            Mappings::GoWithGroups => {
                push::unlink(tx, administrator, key, mapping.seq, true, now)?;
            }
        }
    }
    rows::remove(tx, key, found.seq)?;
    if mappings == Mappings::GoWithGroups {
        let mix = tx.mix();
        let targets = vec![
            events::push_rule(mix, key.org, &found),
            events::app(mix, key.org, &app),
        ];
        let event = Event::success(EventType::PushRuleDeleted, targets);
        let doer = Doer::Administrator(administrator);
        record(tx, key.org, doer, event, Vec::new(), now)?;
    }
    Ok(())
}

/// A group was made, or got another name or description: active rules that it matches push it. What does not work is
/// told by an event and stops nothing.
pub(super) fn group_changed(
    tx: &Write<'_>,
    org: Seq,
    group: &OktaGroup,
    now: Timestamp,
) -> Result<()> {
    for app in apps::all(tx, org)? {
        if !app.group_push {
            continue;
        }
        let key = AppKey { org, app: app.seq };
        for rule in all(tx, key)? {
            if rule.active && rule.matches(&group.name, &group.description) {
                let room = made_by(tx, key, rule.seq)?.len() < GROUPS;
                map(tx, Doer::Background, (key, &app), &rule, (group, room), now)?;
            }
        }
    }
    Ok(())
}

/// Mappings that a rule made, whether their groups still match or not.
///
/// # Errors
/// The store's.
pub fn made_by(
    tx: &impl Reads,
    key: AppKey,
    rule: Seq,
) -> Result<Vec<crate::model::okta::PushMapping>> {
    let mut made = push::all(tx, key)?;
    made.retain(|mapping| mapping.rule == Some(rule));
    Ok(made)
}

/// Makes mappings for every group that matches and is not pushed to the app yet.
fn find_groups(
    tx: &Write<'_>,
    doer: Doer<'_>,
    key: AppKey,
    rule: &PushRule,
    now: Timestamp,
) -> Result<()> {
    let app = apps::find(tx, key)?.ok_or_else(|| Refusal::not_found("AppInstance", key.app))?;
    let mut matching: Vec<OktaGroup> = Vec::new();
    groups::walk::<Refusal>(tx, key.org, |group| {
        if group.kind != GroupType::AppGroup && rule.matches(&group.name, &group.description) {
            if matching.len() == GROUPS {
                let many = format!(
                    "More than {GROUPS} groups match; a rule can push {GROUPS} groups at most"
                );
                return Err(Refusal::field("rule", "value", many));
            }
            matching.push(group);
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    let mut made = made_by(tx, key, rule.seq)?.len();
    for group in &matching {
        let room = made < GROUPS;
        made += usize::from(map(tx, doer, (key, &app), rule, (group, room), now)?);
    }
    Ok(())
}

/// Pushes a group because of a rule: into the app group of its name, or a new one. Whether a mapping was made.
fn map(
    tx: &Write<'_>,
    doer: Doer<'_>,
    (key, app): (AppKey, &OktaApp),
    rule: &PushRule,
    (group, room): (&OktaGroup, bool),
    now: Timestamp,
) -> Result<bool> {
    if mapping_rows::of_group(tx, key, group.seq)?.is_some() {
        return Ok(false);
    }
    let mix = tx.mix();
    let targets = vec![
        events::group(mix, key.org, group),
        events::app(mix, key.org, app),
        events::push_rule(mix, key.org, rule),
    ];
    let new = NewPush {
        group: group.seq,
        target: PushTarget::Named(group.name.clone()),
        active: rule.immediately,
    };
    let done = if room {
        push::create_as(tx, doer, key, &new, Some(rule.seq), now).map(drop)
    } else {
        let full = format!("The rule pushes {GROUPS} groups already");
        Err(Refusal::field("rule", "value", full))
    };
    let event = match &done {
        Ok(()) => Event::success(EventType::PushMappingFromRule, targets),
        Err(Refusal::Invalid { causes, .. }) => {
            let taken = causes.iter().any(|cause| cause.sentence == TAKEN);
            let kind = if taken {
                EventType::PushMappingFromRuleDuplicate
            } else {
                EventType::PushMappingFromRuleInvalid
            };
            let why = causes.first().map_or("", |cause| cause.sentence.as_str());
            Event::failure(kind, why, targets)
        }
        Err(_) => return done.map(|()| false),
    };
    record(tx, key.org, doer, event, Vec::new(), now)?;
    Ok(done.is_ok())
}

fn checked(others: &[PushRule], new: &NewPushRule, itself: Option<Seq>) -> Result<NewPushRule> {
    let name = limited("name", &new.name)?;
    if name.is_empty() {
        return Err(Refusal::field("rule", "name", BLANK));
    }
    let lower = name.to_lowercase();
    if others
        .iter()
        .any(|other| Some(other.seq) != itself && other.name.to_lowercase() == lower)
    {
        return Err(Refusal::field("rule", "name", TAKEN));
    }
    let criterion = |field, given: &Option<Criterion>| -> Result<Option<Criterion>> {
        let Some(given) = given else { return Ok(None) };
        let text = limited(field, &given.text)?;
        Ok((!text.is_empty()).then_some(Criterion {
            how: given.how,
            text,
        }))
    };
    let group_name = criterion("value", &new.group_name)?;
    let description = criterion("description", &new.description)?;
    if group_name.is_none() && description.is_none() {
        return Err(Refusal::field("rule", "value", BLANK));
    }
    Ok(NewPushRule {
        name,
        group_name,
        description,
        immediately: new.immediately,
    })
}

fn limited(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > TEXT_LIMIT {
        let long = format!("The field is too long. It may have at most {TEXT_LIMIT} characters");
        return Err(Refusal::field("rule", field, long));
    }
    Ok(text.to_owned())
}

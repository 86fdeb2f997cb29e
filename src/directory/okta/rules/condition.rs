//! The condition of a rule: what may be saved, and whether it is true of somebody.

use serde_json::{Map, Value as Json};

use super::super::known::Known;
use super::super::refusal::{BLANK, Result};
use super::super::{orgs, users};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::{Context, Expression, Purpose, USER_ATTRIBUTES, Value};
use crate::model::okta::{AttributeType, GroupRule, Org};
use crate::store::Reads;

/// A rule whose condition is read.
pub(super) struct Read {
    pub(super) rule: GroupRule,
    expression: std::result::Result<Expression, String>,
}

impl Read {
    pub(super) fn new(rule: GroupRule) -> Self {
        let expression = Expression::parse_for(&rule.expression, Purpose::GroupRule)
            .map_err(|error| error.to_string());
        Self { rule, expression }
    }

    /// Whether the condition depends on groups.
    pub(super) fn asks_groups(&self) -> bool {
        asks_groups(&self.rule.expression)
    }

    /// Whether the condition is true of somebody; else why that cannot be told.
    pub(super) fn holds(&self, known: &Known, now: Timestamp) -> std::result::Result<bool, String> {
        let expression = self.expression.as_ref().map_err(Clone::clone)?;
        expression
            .holds(&known.context(now))
            .map_err(|error| error.to_string())
    }
}

/// Every function about groups has the word in its name; an attribute that has it too costs a look more.
fn asks_groups(expression: &str) -> bool {
    expression.contains("Group")
}

/// Some value of a type.
fn sample(kind: AttributeType) -> Json {
    match kind {
        AttributeType::String => Json::from("x"),
        AttributeType::Number | AttributeType::Integer => Json::from(1),
        AttributeType::Boolean => Json::from(true),
        AttributeType::StringArray => Json::from(vec!["x"]),
        AttributeType::NumberArray | AttributeType::IntegerArray => Json::from(vec![1]),
    }
}

/// What a rule means to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The condition is true.
    Matches,
    /// The condition is false.
    DoesNot,
    /// The rule leaves the person alone.
    Excluded,
    /// Only people who are active are evaluated.
    NotActive,
    /// The condition cannot be evaluated, and why.
    Fails(String),
}

/// What a condition means to a person, without anything being done.
///
/// # Errors
/// `Invalid` for a condition that is none, `NotFound` for the person, the store's.
pub fn preview(
    tx: &impl Reads,
    administrator: &OrgAdministrator,
    rule: &GroupRule,
    user: Seq,
    now: Timestamp,
) -> Result<Verdict> {
    let user = users::get(tx, administrator.org, user)?;
    if !user.status.is_provisioned() {
        return Ok(Verdict::NotActive);
    }
    if rule.excluded.contains(&user.seq) {
        return Ok(Verdict::Excluded);
    }
    let read = Read::new(rule.clone());
    let known = Known::of(tx, administrator.org, &user, read.asks_groups())?;
    Ok(match read.holds(&known, now) {
        Ok(true) => Verdict::Matches,
        Ok(false) => Verdict::DoesNot,
        Err(why) => Verdict::Fails(why),
    })
}

/// Whether this can be the condition of a rule: it is one, names only attributes that people have, and is true or
/// false.
///
/// # Errors
/// A sentence that says what is wrong, and where.
pub(super) fn check(org: &Org, expression: &str) -> std::result::Result<(), String> {
    if expression.is_empty() {
        return Err(BLANK.to_owned());
    }
    let read =
        Expression::parse_for(expression, Purpose::GroupRule).map_err(|error| error.to_string())?;
    for reference in read.references() {
        if let Some(attribute) = reference.attribute
            && !orgs::has_attribute(org, attribute)
        {
            let position = reference.position;
            return Err(format!(
                "at {position}: Invalid property {attribute} in expression {expression}"
            ));
        }
    }
    // Somebody who has everything: what is neither true nor false for this person is so for nobody.
    let everything: Map<String, Json> = USER_ATTRIBUTES
        .iter()
        .map(|attribute| (attribute.name.to_owned(), Json::from("x")))
        .chain(
            org.attributes
                .iter()
                .map(|attribute| (attribute.name.clone(), sample(attribute.data_type))),
        )
        .collect();
    let context = Context {
        user: Some(&everything),
        ..Context::default()
    };
    match read.evaluate(&context) {
        Ok(value) if !matches!(value, Value::Boolean(_) | Value::Null) => Err(format!(
            "the result is {}; the condition of a rule is true or false",
            value.kind()
        )),
        // What fails for this person may hold for another one.
        Ok(_) | Err(_) => Ok(()),
    }
}

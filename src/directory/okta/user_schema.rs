//! *Profile Editor* of the Okta user profile: custom attributes of an org (part 2.6 of the Okta reference).
//!
//! An attribute that a mapping or a group rule uses cannot be deleted. With a deleted one the values of people go, page
//! by page; until the last is gone, none of the same name can be made.

use serde_json::Value;

use super::apps::VARIABLE_LIMIT;
use super::evaluation::typed;
use super::orgs;
use super::refusal::{BLANK, Cause, Refusal, Result, TAKEN};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::{Expression, Purpose, Template, USER_ATTRIBUTES};
use crate::model::okta::{AttributeType, JobKind, Org, RuleStatus, UserAttribute};
use crate::store::okta::{AppKey, apps, jobs, orgs as rows, rules, users};
use crate::store::{Reads, Write};

/// Most custom attributes of an org: ours.
const ATTRIBUTES: usize = 100;
/// Longest text of any attribute, in characters: ours.
const LONGEST: u32 = 4096;
/// People who are looked at at once, before the rest is left to the queue.
const AT_ONCE: usize = 200;
/// What refusals of schemas name.
const SUBJECT: &str = "definitions";

/// Adds a custom attribute, or replaces the one of the same name.
///
/// # Errors
/// `Invalid` for a name that is none or that of a base attribute, another type than it was made with, allowed values
/// that do not fit, or too many attributes; the store's.
pub fn put_attribute(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    attribute: &UserAttribute,
) -> Result<Org> {
    let mut org = orgs::get(tx, administrator.org)?;
    let attribute = checked(attribute)?;
    let lower = attribute.name.to_lowercase();
    let full = org.attributes.len() >= ATTRIBUTES;
    match org
        .attributes
        .iter_mut()
        .find(|old| old.name.to_lowercase() == lower)
    {
        Some(old) if old.name != attribute.name => {
            return Err(Refusal::field(SUBJECT, "name", TAKEN));
        }
        Some(old) if old.data_type != attribute.data_type => {
            let sentence = "The data type of an attribute cannot be changed";
            return Err(Refusal::field(SUBJECT, "type", sentence));
        }
        Some(old) => *old = attribute,
        None if full => {
            let many = format!("An org has at most {ATTRIBUTES} custom attributes");
            return Err(Refusal::field(SUBJECT, "name", many));
        }
        None => {
            if is_being_forgotten(tx, org.seq, &attribute.name)? {
                let sentence = "An attribute of this name is being deleted; try again in a moment";
                return Err(Refusal::field(SUBJECT, "name", sentence));
            }
            org.attributes.push(attribute);
        }
    }
    rows::put(tx, &org)?;
    Ok(org)
}

/// Takes a custom attribute away, with the values of everybody.
///
/// # Errors
/// `Invalid` for one that a mapping or a group rule uses, `NotFound` for one that the org does not have, the store's.
pub fn remove_attribute(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    name: &str,
    now: Timestamp,
) -> Result<Org> {
    let mut org = orgs::get(tx, administrator.org)?;
    if !org
        .attributes
        .iter()
        .any(|attribute| attribute.name == name)
    {
        return Err(Refusal::not_found("UserProfileProperty", name));
    }
    if let Some(user) = used_by(tx, org.seq, name)? {
        let sentence = format!("The attribute is used by {user}; change that first");
        return Err(Refusal::field(SUBJECT, "name", sentence));
    }
    org.attributes.retain(|attribute| attribute.name != name);
    rows::put(tx, &org)?;
    if let Some(after) = forget_page(tx, org.seq, name, Seq(0), AT_ONCE, now)? {
        let name = name.to_owned();
        let kind = JobKind::ForgetAttribute { name, after };
        jobs::enqueue(tx, AppKey::of_org(org.seq), kind, now)?;
    }
    Ok(org)
}

/// Takes the value of a deleted attribute from up to `limit` people after `after`; the person to go on behind, `None` at
/// the end.
///
/// # Errors
/// The store's.
pub fn forget_page(
    tx: &Write<'_>,
    org: Seq,
    name: &str,
    after: Seq,
    limit: usize,
    now: Timestamp,
) -> Result<Option<Seq>> {
    let mut page = users::after(tx, org, after, limit)?;
    let next = page
        .last()
        .filter(|_| page.len() == limit)
        .map(|user| user.seq);
    for user in &mut page {
        if user.profile.remove(name).is_some() {
            user.last_updated = now;
            users::put(tx, org, user)?;
        }
    }
    Ok(next)
}

fn is_being_forgotten(tx: &impl Reads, org: Seq, wanted: &str) -> Result<bool> {
    let waiting = jobs::after(tx, AppKey::of_org(org), Seq(0), usize::MAX)?;
    Ok(waiting
        .iter()
        .any(|job| matches!(&job.kind, JobKind::ForgetAttribute { name, .. } if name == wanted)))
}

/// What uses an attribute, in words.
fn used_by(tx: &impl Reads, org: Seq, name: &str) -> Result<Option<String>> {
    for app in apps::all(tx, org)? {
        let mapped = app.attributes.iter().find(|attribute| {
            attribute
                .mapping
                .as_ref()
                .and_then(|mapping| Expression::parse(&mapping.expression).ok())
                .is_some_and(|expression| names(&expression, name))
        });
        if let Some(mapped) = mapped {
            return Ok(Some(format!(
                "the mapping of {} of {}",
                mapped.name, app.label
            )));
        }
        let template = Template::parse(&app.username.template).ok();
        if template.is_some_and(|template| {
            template
                .references()
                .iter()
                .any(|reference| reference.attribute == Some(name))
        }) {
            return Ok(Some(format!("the application username of {}", app.label)));
        }
    }
    for rule in rules::all(tx, org)? {
        let expression = Expression::parse_for(&rule.expression, Purpose::GroupRule).ok();
        if rule.status != RuleStatus::Invalid
            && expression.is_some_and(|expression| names(&expression, name))
        {
            return Ok(Some(format!("the group rule {}", rule.name)));
        }
    }
    Ok(None)
}

fn names(expression: &Expression, attribute: &str) -> bool {
    expression.references().iter().any(|reference| {
        matches!(reference.root, "user" | "source" | "") && reference.attribute == Some(attribute)
    })
}

fn checked(attribute: &UserAttribute) -> Result<UserAttribute> {
    let mut attribute = attribute.clone();
    attribute.title = attribute.title.trim().into();
    attribute.description = attribute.description.trim().into();
    super::apps::check_variable(&attribute.name)?;
    let lower = attribute.name.to_lowercase();
    if USER_ATTRIBUTES
        .iter()
        .any(|base| base.name.to_lowercase() == lower)
    {
        return Err(Refusal::field(SUBJECT, "name", TAKEN));
    }
    if attribute.title.is_empty() {
        return Err(Refusal::field(SUBJECT, "title", BLANK));
    }
    for (field, text) in [
        ("title", &attribute.title),
        ("description", &attribute.description),
    ] {
        if text.chars().count() > VARIABLE_LIMIT {
            let long =
                format!("The field is too long. It may have at most {VARIABLE_LIMIT} characters");
            return Err(Refusal::field(SUBJECT, field, long));
        }
    }
    check_restrictions(
        attribute.data_type,
        &attribute.values,
        (attribute.min_length, attribute.max_length),
    )?;
    Ok(attribute)
}

/// Whether allowed values and lengths go together with a data type.
///
/// # Errors
/// `Invalid`, at `enum`, `minLength` or `maxLength`.
pub(super) fn check_restrictions(
    kind: AttributeType,
    values: &[Value],
    (min_length, max_length): (Option<u32>, Option<u32>),
) -> Result<()> {
    let lengths = min_length.is_some() || max_length.is_some();
    if lengths && !matches!(kind, AttributeType::String) {
        let sentence = "Only a string has a length";
        return Err(Refusal::field(SUBJECT, "minLength", sentence));
    }
    if min_length.unwrap_or(0) > max_length.unwrap_or(LONGEST) {
        let sentence = "The minimum must not be larger than the maximum";
        return Err(Refusal::field(SUBJECT, "minLength", sentence));
    }
    if max_length.is_some_and(|most| most == 0 || most > LONGEST) {
        let sentence = format!("Enter 1 to {LONGEST}");
        return Err(Refusal::field(SUBJECT, "maxLength", sentence));
    }
    if !values.is_empty() && kind == AttributeType::Boolean {
        let sentence = "A boolean has no list of values";
        return Err(Refusal::field(SUBJECT, "enum", sentence));
    }
    let each = element(kind);
    for value in values {
        if let Err(why) = typed(each, value.clone()) {
            return Err(Refusal::field(SUBJECT, "enum", format!("{value}: {why}")));
        }
    }
    Ok(())
}

/// The type of one value: of an element where there are several.
fn element(kind: AttributeType) -> AttributeType {
    match kind {
        AttributeType::StringArray => AttributeType::String,
        AttributeType::NumberArray => AttributeType::Number,
        AttributeType::IntegerArray => AttributeType::Integer,
        single => single,
    }
}

/// A value as a custom attribute of a person has it; `None` clears.
///
/// # Errors
/// What is wrong with it.
pub(super) fn value(
    attribute: &UserAttribute,
    given: &Value,
) -> std::result::Result<Option<Value>, Cause> {
    let wrong = |sentence: String| Cause::new(&attribute.name, sentence);
    let given = match given {
        Value::String(text) => Value::from(text.trim()),
        other => other.clone(),
    };
    let value = typed(attribute.data_type, given).map_err(wrong)?;
    if let Some(value) = &value {
        let lengths = (attribute.min_length, attribute.max_length);
        check_value(&attribute.values, lengths, value).map_err(wrong)?;
    }
    Ok(value)
}

/// Whether a value is one of those allowed, and of the length that is.
///
/// # Errors
/// A sentence.
pub(super) fn check_value(
    values: &[Value],
    (min_length, max_length): (Option<u32>, Option<u32>),
    value: &Value,
) -> std::result::Result<(), String> {
    if let Value::String(text) = value {
        let length = text.chars().count();
        let (least, most) = (min_length.unwrap_or(0), max_length.unwrap_or(LONGEST));
        if length < least as usize {
            return Err(format!(
                "The field is too short. It must have at least {least} characters"
            ));
        }
        if length > most as usize {
            return Err(format!(
                "The field is too long. It may have at most {most} characters"
            ));
        }
    }
    let allowed = |one: &Value| values.is_empty() || values.contains(one);
    let fits = match value {
        Value::Array(items) => items.iter().all(allowed),
        one => allowed(one),
    };
    if fits {
        Ok(())
    } else {
        Err("The value is not one of those allowed".to_owned())
    }
}

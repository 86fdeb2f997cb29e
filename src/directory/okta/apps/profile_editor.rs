//! *Profile Editor* and *Attribute Mappings* (parts 2.6 and 2.7 of the Okta reference).

use super::super::events::EventType;
use super::super::refusal::{BLANK, Cause, Refusal, Result, TAKEN};
use super::super::{orgs, user_schema};
use super::{get, save, tell};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::{Expression, ExternalName};
use crate::model::okta::{AppAttribute, AttributeMapping, JobKind, OktaApp, Org};
use crate::store::Write;
use crate::store::okta::{AppKey, apps as rows, jobs};

/// Most attributes of an app.
const ATTRIBUTES: usize = 250;
/// Longest name of an attribute, in characters.
pub(in crate::directory::okta) const VARIABLE_LIMIT: usize = 255;

/// What a mapping becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingChange {
    /// Variable name of the attribute.
    pub attribute: String,
    /// The mapping; *Do not map* is `None`.
    pub mapping: Option<AttributeMapping>,
}

/// Saves mappings; with `apply_now` everybody's profile is evaluated again: *Apply updates now*.
///
/// # Errors
/// `Invalid` for an attribute the app does not have, and for an expression that is none or names an attribute that
/// nobody has, with the place; `NotFound`, the store's. Nothing is saved then.
pub fn save_mappings(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    changes: &[MappingChange],
    apply_now: bool,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    let org = orgs::get(tx, key.org)?;
    let mut causes = Vec::new();
    for change in changes {
        let Some(attribute) = app
            .attributes
            .iter_mut()
            .find(|attribute| attribute.name == change.attribute)
        else {
            let name = &change.attribute;
            causes.push(Cause::new(
                "",
                format!("Property name '{name}' is not defined in profile"),
            ));
            continue;
        };
        match &change.mapping {
            Some(mapping) => match check(&org, &mapping.expression) {
                Ok(()) => attribute.mapping = Some(mapping.clone()),
                Err(why) => causes.push(Cause::new(&change.attribute, why)),
            },
            None => attribute.mapping = None,
        }
    }
    if !causes.is_empty() {
        let subject = "properties";
        return Err(Refusal::Invalid { subject, causes });
    }
    app.last_updated = now;
    rows::put(tx, key.org, &app)?;
    tell(tx, administrator, EventType::MappingRuleChange, &app, now)?;
    if apply_now {
        apply(tx, key, false, now)?;
    }
    Ok(app)
}

/// *Force Sync*: evaluates the mappings of everybody again and pushes them.
///
/// # Errors
/// `Invalid` while the app does not provision, `NotFound`, the store's.
pub fn force_sync(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    now: Timestamp,
) -> Result<OktaApp> {
    let app = get(tx, key)?;
    if !app.provisions() {
        let off = format!("API integration of {} is not enabled", app.label);
        return Err(Refusal::field("provisioning", "status", off));
    }
    tell(tx, administrator, EventType::ForceSyncStarted, &app, now)?;
    apply(tx, key, true, now)?;
    Ok(app)
}

fn apply(tx: &Write<'_>, key: AppKey, force: bool, now: Timestamp) -> Result<()> {
    let after = Seq(0);
    jobs::enqueue(tx, key, JobKind::ApplyMappings { after, force }, now)?;
    Ok(())
}

/// Adds an attribute, or replaces the one of the same name. Whether it is custom stays as it was.
///
/// # Errors
/// `Invalid` for a name that is none, an external name that is none, a mapping that is none, or too many attributes;
/// `NotFound`, the store's.
pub fn put_attribute(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    attribute: &AppAttribute,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    let mut attribute = attribute.clone();
    check_variable(&attribute.name)?;
    if attribute.name == "userName" {
        return Err(Refusal::field("definitions", "name", TAKEN));
    }
    if attribute.title.trim().is_empty() {
        return Err(Refusal::field("definitions", "title", BLANK));
    }
    ExternalName::parse(&attribute.external_name, &attribute.external_namespace)
        .map_err(|error| Refusal::field("definitions", "externalName", error.to_string()))?;
    user_schema::check_restrictions(
        attribute.data_type,
        &attribute.values,
        (attribute.min_length, attribute.max_length),
    )?;
    if attribute.union && !attribute.data_type.is_array() {
        let sentence = "Only an array can combine values across groups";
        return Err(Refusal::field("definitions", "union", sentence));
    }
    if let Some(mapping) = &attribute.mapping {
        check(&orgs::get(tx, key.org)?, &mapping.expression)
            .map_err(|why| Refusal::field("definitions", "expression", why))?;
    }
    let full = app.attributes.len() >= ATTRIBUTES;
    match app
        .attributes
        .iter_mut()
        .find(|old| old.name == attribute.name)
    {
        Some(old) if old.custom && old.data_type != attribute.data_type => {
            let sentence = "The data type of an attribute cannot be changed";
            return Err(Refusal::field("definitions", "type", sentence));
        }
        Some(old) => {
            attribute.custom = old.custom;
            *old = attribute;
        }
        None if full => {
            let many = format!("An app has at most {ATTRIBUTES} attributes");
            return Err(Refusal::field("definitions", "name", many));
        }
        None => {
            attribute.custom = true;
            app.attributes.push(attribute);
        }
    }
    save(tx, administrator, key, app, now)
}

/// Takes a custom attribute away; app users keep no value that anybody sees.
///
/// # Errors
/// `Invalid` for an attribute of the template, `NotFound` for one the app does not have, the store's.
pub fn remove_attribute(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    name: &str,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    match app.attribute(name) {
        None => return Err(Refusal::not_found("AppUserProfileProperty", name)),
        Some(attribute) if !attribute.custom => {
            let sentence = format!("{name} is a base attribute; it can be left unmapped");
            return Err(Refusal::field("definitions", "name", sentence));
        }
        Some(_) => {}
    }
    app.attributes.retain(|attribute| attribute.name != name);
    save(tx, administrator, key, app, now)
}

/// Whether this can be the variable name of an attribute.
///
/// # Errors
/// `Invalid`, with what such a name has.
pub(in crate::directory::okta) fn check_variable(name: &str) -> Result<()> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if starts && plain && name.len() <= VARIABLE_LIMIT {
        return Ok(());
    }
    let sentence = "A variable name has letters, digits and underscores, and begins with a letter";
    Err(Refusal::field("definitions", "name", sentence))
}

/// Whether this can be the expression of a mapping: it is one, and names only attributes that people have.
///
/// # Errors
/// A sentence that says what is wrong, and where.
pub(super) fn check(org: &Org, expression: &str) -> std::result::Result<(), String> {
    if expression.trim().is_empty() {
        return Err(BLANK.to_owned());
    }
    let read = Expression::parse(expression).map_err(|error| error.to_string())?;
    for reference in read.references() {
        let Some(attribute) = reference.attribute else {
            continue;
        };
        let of_person = matches!(reference.root, "user" | "source");
        let method = matches!(
            attribute,
            "getInternalProperty" | "getLinkedObject" | "getGroups"
        ) || attribute.starts_with("isMemberOf");
        let known = orgs::has_attribute(org, attribute);
        if of_person && !method && !known {
            let position = reference.position;
            return Err(format!(
                "at {position}: Invalid property {attribute} in expression {expression}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3.4: "unknown reference: save-time error".
    #[test]
    fn an_expression_is_refused_with_its_place() {
        let org = Org {
            seq: Seq(1),
            name: "A".to_owned(),
            subdomain: "a".to_owned(),
            created: Timestamp::from_millis(0),
            everyone: Seq(1),
            attributes: Vec::new(),
        };
        for good in [
            "user.firstName",
            "source.login",
            "'x'",
            "String.len(user.email)",
        ] {
            assert_eq!(check(&org, good), Ok(()), "{good}");
        }
        for (bad, says) in [
            ("", "blank"),
            ("user.", "at "),
            ("user.shoeSize", "Invalid property shoeSize"),
            ("Strin.len(user.email)", "at "),
        ] {
            let why = check(&org, bad).unwrap_err();
            assert!(why.contains(says), "{bad}: {why}");
        }
    }
}

//! Saving *To Okta* (parts 2.3 and 2.4 of the Okta reference).

use super::super::apps::{get, save};
use super::super::refusal::{BLANK, Refusal, Result};
use super::evaluation;
use super::schedule::Schedule;
use super::supported;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::mapping::okta::{Expression, USER_ATTRIBUTES};
use crate::model::okta::{AttributeMapping, ImportSchedule, ImportUsername, OktaApp, ToOkta};
use crate::store::Write;
use crate::store::okta::{AppKey, imports as rows};

/// Most attributes of a combination.
const COMBINATION: usize = 10;

/// Saves *To Okta*, without its mappings: those stay as they are. The next import follows the new schedule.
///
/// # Errors
/// `Invalid` for an app that imports nothing, for a schedule or an expression that is none, for a full import more
/// often than the incremental one, for a combination of what people do not have; `NotFound`, the store's.
pub fn save_to_okta(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    wanted: &ToOkta,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    supported(&app)?;
    let mut wanted = ToOkta {
        mappings: std::mem::take(&mut app.to_okta.mappings),
        ..wanted.clone()
    };
    check_schedules(&wanted, now)?;
    if let ImportUsername::Custom(expression) = &mut wanted.username {
        *expression = expression.trim().to_owned();
        check_expression(&app, expression)
            .map_err(|why| Refusal::field("toOkta", "expression", why))?;
    }
    if wanted.safeguard > 100 {
        let sentence = "The import safeguard is a percentage, 0 to 100";
        return Err(Refusal::field("toOkta", "safeguard", sentence));
    }
    let exact = &mut wanted.exact;
    exact.attributes.retain(|name| !name.trim().is_empty());
    if exact.attributes.len() > COMBINATION {
        let many = format!("A combination has at most {COMBINATION} attributes");
        return Err(Refusal::field("toOkta", "attributes", many));
    }
    for name in &mut exact.attributes {
        *name = name.trim().to_owned();
        if !USER_ATTRIBUTES
            .iter()
            .any(|base| base.name == name.as_str())
        {
            let sentence = format!("Okta users have no attribute {name}");
            return Err(Refusal::field("toOkta", "attributes", sentence));
        }
    }
    if exact.attributes.is_empty() {
        if !exact.username && !exact.email {
            let sentence = "Choose what makes an imported user an exact match";
            return Err(Refusal::field("toOkta", "match", sentence));
        }
    } else {
        (exact.username, exact.email) = (false, false);
    }
    app.to_okta = wanted;
    let app = save(tx, administrator, key, app, now)?;
    plan(tx, key, &app, now)?;
    Ok(app)
}

/// Notes when an import of an app begins by itself.
pub(super) fn plan(tx: &Write<'_>, key: AppKey, app: &OktaApp, now: Timestamp) -> Result<()> {
    let next = |schedule: &ImportSchedule| Schedule::parse(schedule).ok()?.next(now);
    let both = [&app.to_okta.full, &app.to_okta.incremental];
    let at = both.into_iter().flatten().filter_map(next).min();
    Ok(rows::put_due(tx, key, at)?)
}

fn check_schedules(wanted: &ToOkta, now: Timestamp) -> Result<()> {
    let read = |schedule: &Option<ImportSchedule>, field| match schedule {
        None => Ok(None),
        Some(schedule) => Schedule::parse(schedule)
            .map(|read| read.shortest(now))
            .map_err(|why| Refusal::field("toOkta", field, why)),
    };
    let full = read(&wanted.full, "fullImport")?;
    let incremental = read(&wanted.incremental, "incrementalImport")?;
    if let Some((full, incremental)) = full.zip(incremental)
        && full < incremental
    {
        let sentence = "The full import may not run more often than the incremental import";
        return Err(Refusal::field("toOkta", "fullImport", sentence));
    }
    Ok(())
}

/// Saves one mapping from the app to Okta; *Do not map* is `None`.
///
/// # Errors
/// `Invalid` for an app that imports nothing, for an attribute that people do not have, the login among them, and for
/// an expression that is none; `NotFound`, the store's.
pub fn save_to_okta_mapping(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    attribute: &str,
    mapping: Option<&AttributeMapping>,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    supported(&app)?;
    if attribute == "login" || !USER_ATTRIBUTES.iter().any(|base| base.name == attribute) {
        return Err(Refusal::not_found("UserProfileProperty", attribute));
    }
    if let Some(mapping) = mapping {
        check_expression(&app, &mapping.expression)
            .map_err(|why| Refusal::field("toOkta", "expression", why))?;
    }
    let default = evaluation::template_mapping(&app, attribute);
    if default.as_ref() == mapping {
        app.to_okta.mappings.remove(attribute);
    } else {
        let mapping = mapping.cloned();
        app.to_okta.mappings.insert(attribute.to_owned(), mapping);
    }
    save(tx, administrator, key, app, now)
}

/// Whether this can be an expression over what the app knows of a person.
fn check_expression(app: &OktaApp, expression: &str) -> std::result::Result<(), String> {
    if expression.trim().is_empty() {
        return Err(BLANK.to_owned());
    }
    let read = Expression::parse(expression).map_err(|error| error.to_string())?;
    for reference in read.references() {
        let Some(attribute) = reference.attribute else {
            continue;
        };
        let of_app = matches!(reference.root, "appuser" | "source");
        if of_app && attribute != "userName" && app.attribute(attribute).is_none() {
            let position = reference.position;
            return Err(format!(
                "at {position}: Invalid property {attribute} in expression {expression}"
            ));
        }
    }
    Ok(())
}

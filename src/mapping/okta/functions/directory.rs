//! What the user object and the directories are asked: internal properties, linked objects, managers and
//! assistants, Active Directory and Workday. The answers come from the context; what is not there is null.

use super::super::context::{Context, Profile, object_value as object};
use super::super::error::ErrorKind;
use super::super::evaluate::Outcome;
use super::super::value::Value;
use super::Arguments;

/// The only documented source of managers and assistants, also the name of its app.
const ACTIVE_DIRECTORY: &str = "active_directory";
const WORKDAY: &str = "workday";

pub(super) fn internal_property<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let name = arguments.text_or_empty(0)?;
    let internal = arguments.context().internal;
    let found = match &*name {
        "id" => internal.id,
        // Documented as not supported.
        "status" => internal.status.filter(|status| *status != "DEPROVISIONED"),
        other => {
            let message = format!("there is no internal property '{other}'; use id or status");
            return Err(arguments.failed(ErrorKind::Reference, message));
        }
    };
    Ok(found.map_or(Value::Null, Value::from))
}

pub(super) fn linked_object<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let name = arguments.text_or_empty(0)?;
    Ok(object(by_name(&arguments.context().related.linked, &name)))
}

pub(super) fn manager<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    related(arguments, |context, _| context.related.manager)
}

pub(super) fn manager_app<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    related(arguments, |context, app| {
        by_name(&context.related.manager_apps, app)
    })
}

pub(super) fn assistant<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    related(arguments, |context, _| context.related.assistant)
}

pub(super) fn assistant_app<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    related(arguments, |context, app| {
        by_name(&context.related.assistant_apps, app)
    })
}

fn by_name<'a>(profiles: &[(&'a str, &'a Profile)], wanted: &str) -> Option<&'a Profile> {
    let found = profiles.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, profile)| *profile)
}

fn related<'a>(
    arguments: &mut Arguments<'_, 'a>,
    find: fn(&Context<'a>, &str) -> Option<&'a Profile>,
) -> Outcome<'a> {
    let source = arguments.text_or_empty(0)?;
    if source != ACTIVE_DIRECTORY {
        let message =
            format!("'{source}' has no managers; the only source is \"{ACTIVE_DIRECTORY}\"");
        return Err(arguments.failed(ErrorKind::Reference, message));
    }
    let app = arguments.text_or_empty(1)?;
    Ok(object(find(arguments.context(), &app)))
}

/// True for exactly one assignment.
pub(super) fn has_directory_user<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    has(arguments, ACTIVE_DIRECTORY, |count| count == 1)
}

/// True for any assignment.
pub(super) fn has_workday_user<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    has(arguments, WORKDAY, |count| count > 0)
}

#[expect(clippy::unnecessary_wraps, reason = "as every function of the table")]
fn has<'a>(arguments: &Arguments<'_, 'a>, app: &str, enough: fn(usize) -> bool) -> Outcome<'a> {
    let count = arguments.context().assignments(app).count();
    Ok(Value::Boolean(enough(count)))
}

pub(super) fn find_directory_user<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    find(arguments, ACTIVE_DIRECTORY)
}

pub(super) fn find_workday_user<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    find(arguments, WORKDAY)
}

/// The profile of the only assignment; null for none and for several.
#[expect(clippy::unnecessary_wraps, reason = "as every function of the table")]
fn find<'a>(arguments: &Arguments<'_, 'a>, app: &str) -> Outcome<'a> {
    let mut assignments = arguments.context().assignments(app);
    let first = assignments.next();
    Ok(object(first.filter(|_| assignments.next().is_none())))
}

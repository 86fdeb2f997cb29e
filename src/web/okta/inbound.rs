//! `INBOUND_PROVISIONING`: *To Okta* as an object (part 2.4 of the Okta reference). What the panel has and the object has
//! not stays as it is.

use serde_json::{Map, Value, json};

use super::body::{at, text};
use super::shapes::Shapes;
use crate::directory::okta::Refusal;
use crate::id::OktaKind;
use crate::model::okta::{ExactMatch, ImportSchedule, ImportUsername, OktaApp, ToOkta};

/// Its name.
pub(super) const NAME: &str = "INBOUND_PROVISIONING";

const MATCH: [&str; 2] = ["importRules", "userCreateAndMatch"];
const SETTINGS: &str = "importSettings";

pub(super) fn shown(shapes: &Shapes, app: &OktaApp) -> Value {
    let status = |on: bool| if on { "ENABLED" } else { "DISABLED" };
    let id = shapes.id(OktaKind::App, app.seq);
    let rules = &app.to_okta;
    let (format, expression) = match &rules.username {
        ImportUsername::Email => ("EMAIL", Value::Null),
        ImportUsername::Custom(expression) => ("CUSTOM", json!(expression)),
    };
    let mut schedule = Map::new();
    let planned = rules.full.is_some() || rules.incremental.is_some();
    schedule.insert("status".to_owned(), json!(status(planned)));
    for (name, import) in [
        ("fullImport", &rules.full),
        ("incrementalImport", &rules.incremental),
    ] {
        if let Some(import) = import {
            let one = json!({ "expression": import.expression, "timezone": import.timezone });
            schedule.insert(name.to_owned(), one);
        }
    }
    // The object knows no combination of criteria.
    let criteria = match (&rules.exact, rules.exact.attributes.is_empty()) {
        (
            ExactMatch {
                username: true,
                email: false,
                ..
            },
            true,
        ) => json!("USERNAME"),
        (
            ExactMatch {
                username: false,
                email: true,
                ..
            },
            true,
        ) => json!("EMAIL"),
        _ => Value::Null,
    };
    json!({
        "name": NAME,
        "status": status(app.provisioning.enabled),
        "description": "In-bound provisioning settings from provisioning app to Okta",
        "capabilities": {
            "importSettings": {
                "username": { "usernameFormat": format, "userNameExpression": expression },
                "schedule": schedule,
            },
            "importRules": { "userCreateAndMatch": {
                "exactMatchCriteria": criteria,
                "allowPartialMatch": rules.allow_partial,
                "autoConfirmPartialMatch": rules.confirm_partial,
                "autoConfirmExactMatch": rules.confirm_exact,
                "autoConfirmNewUsers": rules.confirm_new,
                "autoActivateNewUsers": rules.activate_new,
            } },
        },
        "_links": { "self": {
            "href": shapes.address(&format!("apps/{id}/features/{NAME}")),
            "hints": { "allow": ["GET", "PUT"] },
        } },
    })
}

fn wrong(field: &'static str, sentence: String) -> Refusal {
    Refusal::field("capabilities", field, sentence)
}

/// What `capabilities` says; what is not given stays.
pub(super) fn wanted(mut rules: ToOkta, members: &Map<String, Value>) -> Result<ToOkta, Refusal> {
    let expression = text(members, &[SETTINGS, "username", "userNameExpression"])?;
    let format = match text(members, &[SETTINGS, "username", "usernameFormat"])? {
        Some(format) => Some(format),
        None => text(members, &[SETTINGS, "username", "userNameFormat"])?,
    };
    match format {
        None => {}
        Some("EMAIL") => rules.username = ImportUsername::Email,
        Some("CUSTOM") => {
            rules.username = ImportUsername::Custom(expression.unwrap_or_default().to_owned());
        }
        Some(other) => {
            let sentence = format!("{other} is neither EMAIL nor CUSTOM");
            return Err(wrong("userName", sentence));
        }
    }
    let import = |name: &str, before: Option<ImportSchedule>| {
        let path = [SETTINGS, "schedule", name];
        if at(members, &path)?.is_none() {
            return Ok::<_, Refusal>(before);
        }
        let part = |member| text(members, &[SETTINGS, "schedule", name, member]);
        let Some(expression) = part("expression")? else {
            return Ok(None);
        };
        Ok(Some(ImportSchedule {
            expression: expression.to_owned(),
            timezone: part("timezone")?.unwrap_or("UTC").to_owned(),
        }))
    };
    rules.full = import("fullImport", rules.full.take())?;
    rules.incremental = import("incrementalImport", rules.incremental.take())?;
    match text(members, &[SETTINGS, "schedule", "status"])? {
        None | Some("ENABLED") => {}
        Some("DISABLED") => (rules.full, rules.incremental) = (None, None),
        Some(other) => {
            let sentence = format!("{other} is neither ENABLED nor DISABLED");
            return Err(wrong("status", sentence));
        }
    }
    let of_match = |name| [MATCH[0], MATCH[1], name];
    match text(members, &of_match("exactMatchCriteria"))? {
        None => {}
        Some(criteria @ ("EMAIL" | "USERNAME")) => {
            rules.exact = ExactMatch {
                username: criteria == "USERNAME",
                email: criteria == "EMAIL",
                attributes: Vec::new(),
            };
        }
        Some(other) => {
            let sentence = format!("{other} is neither EMAIL nor USERNAME");
            return Err(wrong("match", sentence));
        }
    }
    for (name, switch) in [
        ("allowPartialMatch", &mut rules.allow_partial),
        ("autoConfirmPartialMatch", &mut rules.confirm_partial),
        ("autoConfirmExactMatch", &mut rules.confirm_exact),
        ("autoConfirmNewUsers", &mut rules.confirm_new),
        ("autoActivateNewUsers", &mut rules.activate_new),
    ] {
        match at(members, &of_match(name))? {
            None | Some(Value::Null) => {}
            Some(Value::Bool(on)) => *switch = *on,
            Some(_) => return Err(wrong("match", format!("{name} is true or false"))),
        }
    }
    Ok(rules)
}

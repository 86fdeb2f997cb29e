//! `start`, `pause`, `restart`.

use actix_web::web;

use super::super::body;
use super::super::call::{Answered, Call, Reply};
use super::place::{JobPlace, Need};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::mapping::entra::schema::{At, Members, Problems};
use crate::model::Job;
use crate::store::Write;
use crate::sync::jobs::{self, RestartScope};

type Path = web::Path<(String, String, String)>;

async fn act<F>(call: Call, path: Path, act: F) -> Answered
where
    F: FnOnce(&Write<'_>, &JobPlace, Timestamp) -> Result<Job> + Send + 'static,
{
    let (_, principal, job) = path.into_inner();
    let (asked, now) = (call.clone(), call.app.now());
    call.write(move |tx| {
        let place = JobPlace::of(&asked, tx, (&principal, &job), Need::Write)?;
        act(tx, &place, now)?;
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}

/// Starts a job.
pub(super) async fn start(call: Call, path: Path) -> Answered {
    act(call, path, |tx, place, now| {
        jobs::start(tx, &place.operator, place.key, now)
    })
    .await
}

/// Stops a job; a cycle that runs is finished.
pub(super) async fn pause(call: Call, path: Path) -> Answered {
    act(call, path, |tx, place, now| {
        jobs::stop(tx, &place.operator, place.key, now)
    })
    .await
}

/// Restarts a job, clearing what the criteria say.
pub(super) async fn restart(call: Call, path: Path, sent: body::Sent) -> Answered {
    let scope = body::read(&body::bytes(sent)?, reset_scope)?;
    act(call, path, move |tx, place, now| {
        jobs::restart(tx, &place.operator, place.key, scope, now)
    })
    .await
}

/// `{"criteria": {"resetScope": "Watermark, Escrows"}}`. Some generated clients send the flags as a list.
fn reset_scope(body: &Members<'_>, problems: &mut Problems) -> Option<RestartScope> {
    let Some(criteria) = body.get("criteria") else {
        return Some(RestartScope::default());
    };
    let criteria = criteria.members(problems)?;
    let Some(At { value, path }) = criteria.get("resetScope") else {
        return Some(RestartScope::default());
    };
    let text = if value.is_array() {
        let list = value.as_array().into_iter().flatten();
        let names: Option<Vec<&str>> = list.map(serde_json::Value::as_str).collect();
        names.map(|names| names.join(","))
    } else {
        criteria.text("resetScope", problems)
    };
    let Some(text) = text else {
        problems.note(&path, "expected names of flags, joined by commas");
        return None;
    };
    text.parse()
        .map_err(|wrong: jobs::UnknownRestartScope| problems.note(&path, wrong.to_string()))
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> std::result::Result<RestartScope, String> {
        body::read(body.to_string().as_bytes(), reset_scope).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_scope_of_a_restart_is_read_in_every_form() {
        let usual = RestartScope::default();
        for (body, expected) in [
            (json!({}), usual),
            (json!({ "criteria": null }), usual),
            (json!({ "criteria": {} }), usual),
            (json!({ "criteria": { "resetScope": "" } }), usual),
            (
                json!({ "criteria": { "@odata.type": "#microsoft.graph.synchronizationJobRestartCriteria", "resetScope": "Watermark, Escrows, QuarantineState" } }),
                usual,
            ),
            (
                json!({ "criteria": { "resetScope": "Full" } }),
                RestartScope::FULL,
            ),
            (
                json!({ "criteria": { "resetScope": ["Watermark", "ForceDeletes"] } }),
                RestartScope::WATERMARK | RestartScope::FORCE_DELETES,
            ),
        ] {
            assert_eq!(read(&body), Ok(expected), "{body}");
        }
        for (body, said) in [
            (json!([]), "expected an object"),
            (json!({ "criteria": 1 }), "criteria: expected an object"),
            (
                json!({ "criteria": { "resetScope": "Everything" } }),
                "criteria.resetScope: \"Everything\" is not a restart scope",
            ),
            (
                json!({ "criteria": { "resetScope": [1] } }),
                "criteria.resetScope: expected names of flags",
            ),
        ] {
            let failure = read(&body).unwrap_err();
            assert!(failure.contains(said), "{body}: {failure}");
        }
    }
}

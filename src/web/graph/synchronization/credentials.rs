//! `validateCredentials`: *Test Connection*, with what a body gives or with what is saved (entra.md 6.4 and 2.3).

use actix_web::web;

use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply, bad};
use super::super::failure::GraphFailure;
use super::place::{Need, Place, look_up};
use super::templates;
use crate::id::Guid;
use crate::mapping::entra::SynchronizationRules;
use crate::mapping::entra::schema::{Members, Problems};
use crate::model::{Direction, Job};
use crate::sync::secrets::Secrets;
use crate::sync::{self, Connection};

/// What is asked.
struct Asked {
    /// `useSavedCredentials`.
    saved: bool,
    credentials: Vec<(String, String)>,
    template: Option<String>,
}

impl Asked {
    fn read(body: &Members<'_>, problems: &mut Problems) -> Self {
        let asked = Self {
            saved: body.flag("useSavedCredentials", false, problems),
            credentials: body::pairs(body, "credentials", problems),
            template: body.text("templateId", problems),
        };
        if !asked.saved && asked.credentials.is_empty() {
            problems.note(
                "credentials",
                "is missing; give them, or useSavedCredentials",
            );
        }
        asked
    }
}

fn read(sent: Sent) -> Result<Asked, GraphFailure> {
    body::read(&body::bytes(sent)?, |body, problems| {
        Some(Asked::read(body, problems))
    })
}

/// With a job: its mappings say what is looked for.
pub(super) async fn of_a_job(
    call: Call,
    path: web::Path<(String, String, String)>,
    sent: Sent,
) -> Answered {
    let (_, principal, job) = path.into_inner();
    let place = look_up(&call, principal, job, Need::Write).await?;
    let asked = read(sent)?;
    if place.job.direction == Direction::Inbound {
        return Err(no_target());
    }
    let rules = place.job.rules.clone();
    test(call, asked, Some(place.job), rules).await
}

/// Before there is a job, by a template.
pub(super) async fn before_a_job(
    call: Call,
    path: web::Path<(String, String)>,
    sent: Sent,
) -> Answered {
    let (_, principal) = path.into_inner();
    let job = call
        .read(move |call, tx| {
            let place = Place::of(call, tx, &principal, Need::Write)?;
            place.job(call, tx)
        })
        .await?;
    let asked = read(sent)?;
    let rules = match (&asked.template, &job) {
        (Some(id), _) => {
            let template = templates::find(id)
                .ok_or_else(|| bad(&format!("templateId: there is no template '{id}'.")))?;
            template.rules()
        }
        (None, Some(job)) => job.rules.clone(),
        (None, None) => {
            return Err(bad(
                "templateId: is missing; without a job it says what to look for, such as scim.",
            ));
        }
    };
    if rules.is_inbound() {
        return Err(no_target());
    }
    test(call, asked, job, rules).await
}

fn no_target() -> GraphFailure {
    bad("API-driven provisioning has no target, and so no credentials to validate.")
}

/// Talks to the target.
async fn test(call: Call, asked: Asked, job: Option<Job>, rules: SynchronizationRules) -> Answered {
    call.app
        .run(move |app| -> Result<(), GraphFailure> {
            let connection = match (asked.saved, &job) {
                (true, None) => {
                    return Err(bad(
                        "useSavedCredentials: nothing is saved, because the application has no job.",
                    ));
                }
                (true, Some(job)) => Connection::of_job(job, &app.sealer).map_err(Into::into),
                (false, job) => {
                    Secrets::read(&asked.credentials)?.connection(job.as_ref(), &app.sealer)?
                }
            };
            let context = app.agent.context();
            connection
                .and_then(|connection| {
                    sync::test_connection(context, connection, &rules, Guid::random())
                })
                .map(|_| ())
                .map_err(GraphFailure::from)
        })
        .await?;
    Ok(Reply::no_content())
}

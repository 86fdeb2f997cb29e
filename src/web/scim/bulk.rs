//! `/Bulk` (RFC 7644 section 3.7): the operations of `crate::provider::bulk`, handed to the writer one
//! after the other and awaited.

use std::collections::VecDeque;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;

use super::body::Body;
use super::request::ScimRequest;
use super::{Answered, json, not_offered};
use crate::error::Error;
use crate::id::Nonce;
use crate::provider::bulk::{Done, Job, NotDone, Turn};
use crate::provider::keys;
use crate::scim::bulk::{self, MAX_PAYLOAD, OperationResult, Step};
use crate::scim::{self, BulkRequest, json as reader};
use crate::web::App;
use crate::web::app::Submitted;
use crate::web::failure::{self, ScimFailure};

/// Turns that wait for the writer at most. They share trips to the disk, and leave room in its queue for
/// other requests.
const AHEAD: usize = 64;

/// How the JSON of a bulk request is bounded: by its size, and by the depth of a resource below `data`.
fn limits() -> reader::Limits {
    let resource = reader::Limits::default();
    reader::Limits {
        depth: resource.depth + 3,
        array: MAX_PAYLOAD,
        ..resource
    }
}

pub(in crate::web) async fn post(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let body = Body::read(&request, payload, MAX_PAYLOAD).await;
    let (request, job, turns) = app
        .weigh(body.weight(), move |app| {
            let caller = request.caller(app)?;
            if !caller.service().bulk {
                return Err(not_offered("Bulk requests are"));
            }
            if matches!(body, Body::TooLarge(_)) {
                return Err(bulk::payload_exceeded().into());
            }
            let message = request.json_within(&body, &limits())?;
            let wanted = BulkRequest::parse(message)?;
            let (job, turns) = Job::new(wanted, &caller, request.base.clone());
            Ok::<_, ScimFailure>((request, Arc::new(job), turns))
        })
        .await?;
    let results = run(&app, &Arc::new(request), &job, turns).await;
    Ok(json(StatusCode::OK, &bulk::bulk_response(results)))
}

/// A turn on its way, or why it could not be handed over.
type Handed = Result<Submitted<Vec<Done>, NotDone>, scim::Error>;

/// Runs all turns, or as many as `failOnErrors` allows. Occupies no thread while the disk works.
async fn run(
    app: &App,
    request: &Arc<ScimRequest>,
    job: &Arc<Job>,
    turns: Vec<Turn>,
) -> Vec<OperationResult> {
    let mut report = Report {
        job,
        results: Vec::with_capacity(turns.len()),
        failures: 0,
    };
    let mut waiting: VecDeque<(Step, Handed)> = VecDeque::with_capacity(AHEAD);
    let mut refused: Option<scim::Error> = None;
    for turn in turns {
        if waiting.len() >= AHEAD
            && let Some((step, handed)) = waiting.pop_front()
        {
            report.add(&step, handed).await;
        }
        if report.is_full() {
            return report.results;
        }
        let step = turn.step().clone();
        let handed = match &refused {
            // A store that is busy is not asked a thousand times.
            Some(error) => Err(error.clone()),
            None => hand_over(app, request, job, turn).await,
        };
        refused = handed.as_ref().err().cloned();
        waiting.push_back((step, handed));
    }
    for (step, handed) in waiting {
        report.add(&step, handed).await;
        if report.is_full() {
            break;
        }
    }
    report.results
}

async fn hand_over(app: &App, request: &Arc<ScimRequest>, job: &Arc<Job>, turn: Turn) -> Handed {
    let (theirs, job, state) = (Arc::clone(request), Arc::clone(job), app.clone());
    let submitted = app.submit(move |tx| {
        let now = state.now();
        let authenticate = || {
            let caller = theirs.authenticated(tx, &state, now)?;
            keys::allow_write(&caller)?;
            Ok(caller)
        };
        turn.perform(&job, tx, authenticate, Nonce::random, now)
    });
    submitted.await.map_err(|error| match error {
        NotDone::Failed(error) => failure::message(&error),
        NotDone::Stopped => failure::message(&Error::Store(crate::store::Error::Refused)),
    })
}

/// The results so far.
struct Report<'j> {
    job: &'j Job,
    results: Vec<OperationResult>,
    failures: u64,
}

impl Report<'_> {
    /// Waits for a turn and notes its results; there are none after `failOnErrors` was reached.
    async fn add(&mut self, step: &Step, handed: Handed) {
        let outcome = match handed {
            Ok(submitted) => match submitted.end().await {
                Ok(done) => Ok(done),
                Err(NotDone::Stopped) => return,
                Err(NotDone::Failed(error)) => Err(failure::message(&error)),
            },
            Err(error) => Err(error),
        };
        let results = self.job.results(step, outcome);
        let failed = results.iter().filter(|result| result.is_failure()).count();
        self.failures += failed as u64;
        self.results.extend(results);
    }

    /// No further operation is done.
    fn is_full(&self) -> bool {
        let limit = self.job.fail_on_errors();
        limit.is_some_and(|limit| self.failures >= limit)
    }
}

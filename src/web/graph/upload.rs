//! `bulkUpload`: a bulk request is accepted, and worked off afterwards (entra.md 8.1 to 8.3).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use actix_web::http::header;
use actix_web::{HttpRequest, web};

use super::call::{Answered, Call, Reply};
use super::failure::GraphFailure;
use super::principal;
use crate::clock::Timestamp;
use crate::directory::inbound::{self, BODY, BadRequest, BulkRequest};
use crate::id::Seq;
use crate::model::Reach;
use crate::store::jobs::JobKey;
use crate::store::{Snapshot, jobs};
use crate::web::console::list::encoded;

/// Calls in a window.
const CALLS: usize = 40;
/// How long a call counts, in milliseconds: five seconds but for a tenth. A client that keeps exactly to 40 in five
/// seconds is not refused because one call travelled faster than another.
const WINDOW: i64 = 4_900;

/// Uploads of the last seconds, by tenant and job: 40 in 5 seconds. Time is that of the world outside: a limit that
/// stands still with a frozen clock would never open again.
#[derive(Default)]
pub(in crate::web) struct Rates(Mutex<HashMap<(Seq, Seq), VecDeque<Timestamp>>>);

impl Rates {
    /// Counts a call; seconds to wait when it is one too many, which does not count.
    fn count(&self, key: JobKey, now: Timestamp) -> Result<(), u32> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = all.entry((key.tenant, key.job)).or_default();
        while calls.front().is_some_and(|first| {
            let age = now.millis() - first.millis();
            // Negative when the machine's clock went back.
            !(0..WINDOW).contains(&age)
        }) {
            calls.pop_front();
        }
        if let (Some(first), true) = (calls.front(), calls.len() >= CALLS) {
            let left = WINDOW - (now.millis() - first.millis());
            return Err(u32::try_from(left.div_euclid(1000) + 1).unwrap_or(5));
        }
        calls.push_back(now);
        Ok(())
    }
}

/// Accepts an upload.
pub(super) async fn post(
    call: Call,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    rates: web::Data<Rates>,
    body: Result<web::Bytes, actix_web::Error>,
) -> Answered {
    let (_, principal, job_id) = path.into_inner();
    let named = job_id.clone();
    let key = call
        .read(move |call, tx| job_of(call, tx, &principal, &named))
        .await?;
    rates
        .count(key, call.app.real_now())
        .map_err(GraphFailure::Rate)?;
    if !is_scim(&request) {
        return Err(invalid("the content type is not application/scim+json"));
    }
    let body = body.map_err(|_| GraphFailure::TooLarge(BODY))?;
    if body.len() > BODY {
        return Err(GraphFailure::TooLarge(BODY));
    }
    let parsed = BulkRequest::parse(&body).map_err(|refused| match refused {
        BadRequest::Format(what) => invalid(&what),
        BadRequest::TooMany(_) => GraphFailure::Bad("TooManyOperations", refused.to_string()),
    })?;
    // What was parsed as JSON is UTF-8.
    let text = String::from_utf8(body.to_vec()).map_err(|_| invalid("the body is not UTF-8"))?;
    let (client, request_id, now) = (call.client.clone(), call.request_id, call.app.now());
    call.write(move |tx| {
        Ok(inbound::accept(
            tx, &client, key, &parsed, &text, request_id, now,
        )?)
    })
    .await?;
    let filter = format!("jobid eq '{job_id}'");
    Ok(Reply::accepted(format!(
        "{}/auditLogs/provisioning/?$filter={}",
        call.base,
        encoded(&filter).replace("%27", "'")
    )))
}

fn invalid(what: &str) -> GraphFailure {
    GraphFailure::Bad("BadRequest", format!("Invalid Data Format: {what}."))
}

/// Whether the body is said to be SCIM; parameters such as a charset may follow.
fn is_scim(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE);
    let kind = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/scim+json")
}

/// The inbound job of a service principal, which the client may upload to.
fn job_of(
    call: &Call,
    tx: &Snapshot,
    principal: &str,
    job_id: &str,
) -> Result<JobKey, GraphFailure> {
    let tenant = call.client.tenant;
    let unknown = |what: &str| GraphFailure::unknown(what);
    let (application, _) = principal::reached(call, tx, principal, Reach::UPLOAD)?;
    let job = jobs::of_application(tx, tenant, application.seq)?
        .filter(|job| job.id.eq_ignore_ascii_case(job_id))
        .ok_or_else(|| unknown(job_id))?;
    let key = JobKey {
        tenant,
        job: job.seq,
    };
    inbound::job(tx, key).map_err(|_| unknown(job_id))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_calls_pass_in_five_seconds() {
        let (rates, start) = (Rates::default(), Timestamp::from_millis(1_000_000));
        let key = JobKey {
            tenant: Seq(1),
            job: Seq(1),
        };
        let at = |millis| Timestamp::from_millis(start.millis() + millis);
        for call in 0..40 {
            assert_eq!(rates.count(key, at(call * 100)), Ok(()));
        }
        assert_eq!(rates.count(key, at(4_500)), Err(1));
        assert_eq!(rates.count(key, at(4_998)), Ok(()));
        assert!(rates.count(key, at(4_999)).is_err());
        let other = JobKey {
            tenant: Seq(1),
            job: Seq(2),
        };
        assert_eq!(rates.count(other, at(4_500)), Ok(()));
        // The clock of the machine was set back.
        assert_eq!(rates.count(key, at(-60_000)), Ok(()));
    }
}

//! Counts what is done with SCIM keys, once a request, and hands the counts to the store about once a minute.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header;

use super::recorder::Seen;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::provider::key_uses::write_down;
use crate::store::Submission;
use crate::web::App;

/// Counts the request, if a key opened the door for it. Waits for nothing.
pub(super) fn count(app: &App, seen: &Seen, response: &ServiceResponse<BoxBody>, at: Timestamp) {
    let Some((team, key)) = seen.key() else {
        return;
    };
    let client = response.request().headers().get(header::USER_AGENT);
    let client = client
        .and_then(|name| name.to_str().ok())
        .unwrap_or_default();
    let Some(counts) = app.key_uses.count(team, key, client, at) else {
        return;
    };
    let counts = Arc::new(counts);
    let (written, kept) = (Arc::clone(&counts), Arc::clone(&counts));
    let uses = app.key_uses.clone();
    let submission = Submission::new(
        move |tx| write_down(tx, &written),
        move |result: Result<(), Error>| {
            if result.is_err() {
                uses.put_back((*kept).clone());
            }
        },
    );
    if app.store.try_enqueue(submission).is_err() {
        app.key_uses.put_back((*counts).clone());
    }
}

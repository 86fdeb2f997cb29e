//! What time takes away: events kept long enough, sessions that are over. Every ten minutes, in small writes, so that
//! requests in between do not wait.

use std::time::Duration;

use actix_web::rt::time::interval;

use super::App;
use crate::error::Result;
use crate::lab;
use crate::provider::sessions;

/// How often it is looked for. The appliance's clock says what is over; this is real time.
const EVERY: Duration = Duration::from_mins(10);

/// Goes on for as long as the server runs.
pub(super) async fn keep(app: App) {
    let mut due = interval(EVERY);
    loop {
        due.tick().await;
        if let Err(error) = tidy(&app).await {
            tracing::warn!(%error, "old events and sessions could not be swept; trying again later");
        }
    }
}

/// Goes on with what a change only began, while the answer is already on its way. What is left of it after a restart is
/// found as everything else here.
pub(super) fn work_off_soon(app: &App) {
    let app = app.clone();
    actix_web::rt::spawn(async move {
        let now = app.now();
        if let Err(error) = app.run(move |app| lab::work_off(&app.store, now)).await {
            tracing::warn!(%error, "work in the directory was broken off; housekeeping goes on with it");
        }
    });
}

async fn tidy(app: &App) -> Result<()> {
    let (now, real) = (app.now(), app.real_now());
    while app.write(move |tx| sessions::sweep(tx, real)).await? {}
    app.run(move |app| lab::sweep(&app.store, now)).await
}

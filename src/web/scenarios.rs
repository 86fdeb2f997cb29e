//! Playing scenarios: what the control API and the console have in common.

use std::sync::Arc;

use super::App;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Nonce;
use crate::lab::scenarios::{Bundled, Cast, Run, Scenario, run};
use crate::model::okta::{AppAuthentication, OktaApp};
use crate::provider::keys;
use crate::scim::profile::ExistingAccount;
use crate::secret::{Plain, Sealer};
use crate::store::okta::AppKey;

/// Plays a scenario with an app. Takes as long as the requests do; runs on the blocking pool.
///
/// # Errors
/// Those of [`run`]; `Conflict` while another one is played.
pub(super) fn play(
    app: &App,
    operator: &Operator,
    scenario: &Scenario,
    key: AppKey,
) -> Result<Arc<Run>> {
    let okta_app = crate::directory::okta::apps::get(&app.store.read()?, key)?;
    let bundled = bundled(app, &okta_app)?;
    let pass = |until: Timestamp| {
        // In whole seconds, and never too little.
        let milliseconds = until.since(app.now()).as_millis();
        let duration = format!("PT{}S", milliseconds.div_ceil(1000));
        app.time.advance(operator, &duration).map(drop)
    };
    app.runs.play(|| {
        run(
            scenario,
            Cast {
                context: app.agent.context(),
                operator,
                key,
                bundled,
                pass: &pass,
                nonce: Nonce::random(),
            },
        )
    })
}

/// The team that an app leads to: the one whose key the app has.
fn bundled(app: &App, okta_app: &OktaApp) -> Result<Option<Bundled>> {
    let provisioning = &okta_app.provisioning;
    let Some(token) = provisioning
        .authentication
        .as_ref()
        .filter(|_| provisioning.base_url.ends_with("/scim/v2"))
        .and_then(|stored| token(stored, &app.sealer))
    else {
        return Ok(None);
    };
    let caller = keys::authenticate(&app.store.read()?, &token, &app.endpoints, app.now());
    Ok(caller.ok().map(|caller| Bundled {
        team: caller.team,
        invites: caller.service().existing_account != ExistingAccount::Join,
        faults: app.faults.clone(),
    }))
}

/// The bearer token that an app sends.
fn token(stored: &AppAuthentication, sealer: &Sealer) -> Option<Plain> {
    match stored {
        AppAuthentication::Bearer { token } => sealer.open(token),
        AppAuthentication::Header { value } => {
            let value = sealer.open(value)?;
            let token = value.expose().strip_prefix("Bearer ")?;
            Some(Plain::new(token))
        }
        AppAuthentication::Basic { .. } => None,
    }
}

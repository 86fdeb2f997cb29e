//! *Test API Credentials*, *Test Connector Configuration* (part 1.3 of the Okta reference).

use super::answer::{List, Refusal};
use super::session::{Session, Talk};
use super::wire;
use crate::directory::okta::imports;
use crate::model::Exchange;
use crate::model::okta::{Flavour, OktaApp};
use crate::store::okta::AppKey;
use crate::sync::context::AgentContext;

/// How a test of the credentials ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// Why it failed, in Okta's words; or what the administrator reads when it did not.
    pub result: Result<String, String>,
    /// What the dialog of the App Integration Wizard lists, with a tick or a cross each; empty for other apps.
    pub capabilities: Vec<(&'static str, bool)>,
    /// The wire behind it.
    pub exchanges: Vec<Exchange>,
}

/// Tests the credentials of an app, as they are stored or as they were typed into a copy of it. Takes up to twice the
/// timeout: never call it inside a write closure.
pub fn probe(context: &AgentContext, key: AppKey, app: OktaApp) -> Probed {
    let session = Session::open(context, key, app);
    let mut talk = Talk::default();
    let verdict = verdict(&session, &mut talk);
    let app = &session.app;
    let wizard = app.flavour == Flavour::Aiw;
    Probed {
        result: match verdict {
            Ok(()) if wizard => Ok("Connector configured successfully".to_owned()),
            Ok(()) => Ok(format!("{} was verified successfully!", app.label)),
            Err(refusal) => Err(format!("Error authenticating: {}", refusal.reason)),
        },
        capabilities: if wizard {
            capabilities(app)
        } else {
            Vec::new()
        },
        exchanges: talk.take(),
    }
}

/// Zero results are fine; what is asked for is 200 and a list.
fn verdict(session: &Session, talk: &mut Talk) -> Result<(), Refusal> {
    for request in wire::test(session.app.provisioning.import_groups) {
        let brought = session.ask(talk, &request)?;
        let body = brought.ok_or_else(|| Refusal::unusable("The answer is empty."))?;
        List::of(&body)?;
    }
    Ok(())
}

fn capabilities(app: &OktaApp) -> Vec<(&'static str, bool)> {
    vec![
        ("User Import", imports::imports(app)),
        ("Import Profile Updates", imports::imports(app)),
        ("Create Users", app.to_app.create_users),
        ("Update User Attributes", app.to_app.update_attributes),
        ("Push Groups", app.group_push),
    ]
}

//! Events of the System Log in their envelope (part 2.11 of the Okta reference).

use serde_json::{Value, json};

use super::Shapes;
use crate::directory::okta::events;
use crate::model::okta::SystemEvent;

impl Shapes {
    /// An event. What nobody knows here is null as in Okta's own examples.
    pub(in crate::web) fn event(&self, event: &SystemEvent) -> Value {
        let uuid = events::uuid(self.mix, self.org, event.seq).to_string();
        let actor = &event.actor;
        // Events of one job share its id; a click or a call has one of its own.
        let transaction = if event.transaction.is_empty() {
            uuid.clone()
        } else {
            event.transaction.clone()
        };
        let detail = if actor.id.starts_with("00T") {
            json!({ "requestApiTokenId": actor.id })
        } else {
            json!({})
        };
        let targets: Vec<Value> = event
            .targets
            .iter()
            .map(|target| {
                json!({
                    "id": target.id, "type": target.kind, "alternateId": target.alternate_id,
                    "displayName": target.display_name, "detailEntry": null,
                })
            })
            .collect();
        json!({
            "actor": {
                "id": actor.id, "type": actor.kind, "alternateId": actor.alternate_id,
                "displayName": actor.display_name, "detailEntry": null,
            },
            "client": {
                "userAgent": null, "zone": null, "device": null, "id": null, "ipAddress": null,
                "geographicalContext": null,
            },
            "device": null,
            "authenticationContext": {
                "authenticationProvider": null, "credentialProvider": null, "credentialType": null,
                "issuer": null, "interface": null, "authenticationStep": 0, "externalSessionId": null,
            },
            "displayMessage": event.message,
            "eventType": event.event_type,
            "outcome": { "result": event.outcome.result.name(), "reason": event.outcome.reason },
            "published": event.published,
            "securityContext": {
                "asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null,
            },
            "severity": event.severity.name(),
            "debugContext": { "debugData": {} },
            "legacyEventType": null,
            "transaction": {
                "type": if event.in_background { "JOB" } else { "WEB" },
                "id": transaction,
                "detail": detail,
            },
            "uuid": uuid,
            "version": "0",
            "request": { "ipChain": [] },
            "target": targets,
        })
    }
}

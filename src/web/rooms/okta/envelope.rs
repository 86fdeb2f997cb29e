//! An event as the System Log API answers it (part 2.11 of the Okta reference).

use serde_json::{Value, json};

use crate::id::{Guid, IdMix, Seq};
use crate::model::okta::{EventTarget, SystemEvent};

/// What ids of events are made of.
const KIND: &str = "okta_event";

/// The whole event.
pub(super) fn envelope(mix: IdMix, org: Seq, event: &SystemEvent) -> Value {
    let target = |target: &EventTarget| {
        json!({
            "id": target.id,
            "type": target.kind,
            "alternateId": target.alternate_id,
            "displayName": target.display_name,
            "detailEntry": null,
        })
    };
    json!({
        "actor": {
            "id": event.actor.id,
            "type": event.actor.kind,
            "alternateId": event.actor.alternate_id,
            "displayName": event.actor.display_name,
            "detailEntry": null,
        },
        "client": null,
        "device": null,
        "displayMessage": event.message,
        "eventType": event.event_type,
        "outcome": { "result": event.outcome.result.name(), "reason": event.outcome.reason },
        "published": event.published.to_string(),
        "severity": event.severity.name(),
        "target": event.targets.iter().map(target).collect::<Vec<_>>(),
        "transaction": {
            "type": if event.in_background { "JOB" } else { "WEB" },
            "id": event.transaction,
            "detail": {},
        },
        "uuid": Guid::of_row(mix, KIND, org, event.seq).to_string(),
        "version": "0",
    })
}

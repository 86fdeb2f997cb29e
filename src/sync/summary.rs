//! Entries of the provisioning log in the shapes of Graph: pure; `web::graph` has the routes.
//!
//! `object` is `provisioningObjectSummary`, `on_demand` the answer of `provisionOnDemand`, `codes` the table of error
//! codes. [`Surroundings`] holds what is the same for every entry of a job and is therefore not kept with each.

pub mod codes;
pub mod object;
pub mod on_demand;

use serde_json::{Map, Value as Json, json};

use crate::id::{Guid, IdMix, Seq};
use crate::model::{Application, Direction, Job, LogEntry, ObjectKind, StepKind, Tenant};
use crate::store::logs;

/// Name of the source today.
pub const SOURCE: &str = "Microsoft Entra ID";
/// Name of the source before it was renamed, which older answers show.
pub const OLD_SOURCE: &str = "Azure Active Directory";
/// Name of the target directory of a SCIM application.
pub const TARGET: &str = "customappsso";
/// Name of the source of an inbound job.
pub const API: &str = "API";
/// `initiatedBy` of a cycle.
pub const SERVICE: &str = "Azure AD Provisioning Service";

/// What the entries of a job have in common.
#[derive(Debug, Clone)]
pub struct Surroundings {
    mix: IdMix,
    tenant: Seq,
    tenant_id: Guid,
    job_id: String,
    application_id: Guid,
    service_principal_id: Guid,
    service_principal: String,
    source_system: Guid,
    target_system: Guid,
    direction: Direction,
}

impl Surroundings {
    /// Of a job of an application. `mix` is the store's.
    pub fn new(mix: IdMix, tenant: &Tenant, application: &Application, job: &Job) -> Self {
        Self {
            mix,
            tenant: tenant.seq,
            tenant_id: tenant.id,
            job_id: job.id.clone(),
            application_id: application.app_id,
            service_principal_id: application.id,
            service_principal: application.display_name.clone(),
            source_system: Guid::of_row(mix, "source system", tenant.seq, Seq(0)),
            target_system: Guid::of_row(mix, "target system", tenant.seq, application.seq),
            direction: job.direction,
        }
    }

    /// `jobId`.
    pub fn job_id(&self) -> &str {
        &self.job_id
    }

    /// `tenantId`.
    pub const fn tenant_id(&self) -> Guid {
        self.tenant_id
    }

    /// `sourceSystem.displayName`.
    pub const fn source_name(&self) -> &'static str {
        match self.direction {
            Direction::Outbound => SOURCE,
            Direction::Inbound => API,
        }
    }

    /// `targetSystem.displayName`.
    pub const fn target_name(&self) -> &'static str {
        match self.direction {
            Direction::Outbound => TARGET,
            Direction::Inbound => SOURCE,
        }
    }

    /// `targetIdentity.identityType`: what objects of a kind are called in the target.
    pub const fn target_type(&self, kind: ObjectKind) -> &'static str {
        match self.direction {
            Direction::Outbound => target_type(kind),
            Direction::Inbound => kind.name(),
        }
    }

    /// Name of the application.
    pub fn application(&self) -> &str {
        &self.service_principal
    }

    /// `id` of an entry.
    pub fn id(&self, entry: Seq) -> Guid {
        logs::id(self.mix, self.tenant, entry)
    }

    /// `changeId` of an entry.
    pub fn change_id(&self, entry: Seq) -> Guid {
        logs::change_id(self.mix, self.tenant, entry)
    }
}

/// `identityType` in the target: the URN of the resource's schema.
pub const fn target_type(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ObjectKind::Group => "urn:ietf:params:scim:schemas:core:2.0:Group",
    }
}

/// `details` of a step. A scoping step says the same a second time, in newer words.
pub fn step_details(step: &crate::model::Step) -> Map<String, Json> {
    const NEWER: [(&str, &str); 3] = [
        ("IsActive", "Active in the source system"),
        ("Assigned", "Assigned to the application"),
        (
            "IsInProvisioningScopeDisplayName",
            "Scoping filter evaluation passed",
        ),
    ];
    let mut details = step.details.clone();
    if step.kind == StepKind::Scoping {
        for (old, new) in NEWER {
            if let Some(value) = step.details.get(old) {
                details.insert(new.to_owned(), value.clone());
            }
        }
    }
    details
}

/// `modifiedProperties`.
fn modified_properties(entry: &LogEntry) -> Vec<Json> {
    entry
        .modified_properties
        .iter()
        .map(|property| {
            json!({
                "displayName": property.display_name,
                "oldValue": property.old_value,
                "newValue": property.new_value,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;

//! `/domains`: the verified domain of a tenant.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call};
use super::organization::OfTenant;
use super::query::{Noun, spelled};
use crate::model::Tenant;

const PROPERTIES: &[&str] = &[
    "id",
    "authenticationType",
    "availabilityStatus",
    "isAdminManaged",
    "isDefault",
    "isInitial",
    "isRoot",
    "isVerified",
    "supportedServices",
];

const NOUN: Noun = Noun {
    type_name: "domain",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &[],
    searched: &[],
};

fn described(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.domain,
        "authenticationType": "Managed",
        "availabilityStatus": null,
        "isAdminManaged": true,
        "isDefault": true,
        "isInitial": true,
        "isRoot": true,
        "isVerified": true,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
    })
}

static DOMAINS: OfTenant = OfTenant {
    noun: NOUN,
    set: "domains",
    described,
    key: |tenant| tenant.domain.clone(),
};

/// The list, of one.
pub(super) async fn list(call: Call) -> Answered {
    DOMAINS.list(call).await
}

/// The domain by its name.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    DOMAINS.get(call, path.into_inner().1).await
}

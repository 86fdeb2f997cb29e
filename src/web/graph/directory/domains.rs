//! `/domains`: the verified domain of a tenant.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, Reply};
use super::organization::tenant;
use super::page::{self, entity};
use super::permissions::READ_ORGANIZATION;
use super::query::{Noun, Query, spelled};
use super::refused::unknown;
use super::service_principals::shown;
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

/// The list, of one.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_ORGANIZATION)?;
    let query = Query::of(&call, &NOUN)?;
    let body = call.read(move |call, tx| {
        let tenant = tenant(call, tx)?;
        let all = vec![(page::token(tenant.seq.0), described(&tenant))];
        let context = super::described::selected("domains", &query.select);
        page::whole(call, &context, &query, all, |full| {
            shown(full, &query.select)
        })
    });
    Ok(Reply::ok(&body.await?))
}

/// The domain by its name.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    call.may(READ_ORGANIZATION)?;
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let tenant = tenant(call, tx)?;
        if !tenant.domain.eq_ignore_ascii_case(&key) {
            return Err(unknown(&key));
        }
        Ok(entity(
            call,
            "domains/$entity",
            shown(described(&tenant), &query.select),
        ))
    });
    Ok(Reply::ok(&body.await?))
}

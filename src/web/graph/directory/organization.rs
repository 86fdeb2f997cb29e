//! `/organization`: the tenant itself; and `/me`, who is nobody where a program calls.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::page::{self, entity};
use super::permissions::READ_ORGANIZATION;
use super::query::{Noun, Query, spelled};
use super::refused::unknown;
use super::service_principals::shown;
use crate::model::Tenant;
use crate::store::{Snapshot, directory as rows};

const PROPERTIES: &[&str] = &[
    "id",
    "deletedDateTime",
    "assignedPlans",
    "businessPhones",
    "city",
    "country",
    "countryLetterCode",
    "createdDateTime",
    "defaultUsageLocation",
    "displayName",
    "marketingNotificationEmails",
    "onPremisesLastSyncDateTime",
    "onPremisesSyncEnabled",
    "postalCode",
    "preferredLanguage",
    "provisionedPlans",
    "securityComplianceNotificationMails",
    "securityComplianceNotificationPhones",
    "state",
    "street",
    "technicalNotificationMails",
    "tenantType",
    "verifiedDomains",
];

const NOUN: Noun = Noun {
    type_name: "organization",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &[],
    searched: &[],
};

fn described(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id.to_string(),
        "deletedDateTime": null,
        "assignedPlans": [],
        "businessPhones": [],
        "city": null,
        "country": null,
        "countryLetterCode": null,
        "createdDateTime": tenant.created,
        "defaultUsageLocation": null,
        "displayName": tenant.name,
        "marketingNotificationEmails": [],
        "onPremisesLastSyncDateTime": null,
        "onPremisesSyncEnabled": null,
        "postalCode": null,
        "preferredLanguage": null,
        "provisionedPlans": [],
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "state": null,
        "street": null,
        "technicalNotificationMails": [],
        "tenantType": "AAD",
        "verifiedDomains": [{
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": true,
            "isInitial": true,
            "name": tenant.domain,
            "type": "Managed",
        }],
    })
}

/// The tenant of the client's token.
///
/// # Errors
/// The store's.
pub(super) fn tenant(call: &Call, tx: &Snapshot) -> Result<Tenant, GraphFailure> {
    let found = rows::tenant(tx, call.client.tenant)?;
    found.ok_or_else(|| unknown("organization"))
}

/// The list, of one.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_ORGANIZATION)?;
    let query = Query::of(&call, &NOUN)?;
    let body = call.read(move |call, tx| {
        let tenant = tenant(call, tx)?;
        let all = vec![(page::token(tenant.seq.0), described(&tenant))];
        let context = super::described::selected("organization", &query.select);
        page::whole(call, &context, &query, all, |full| {
            shown(full, &query.select)
        })
    });
    Ok(Reply::ok(&body.await?))
}

/// The tenant by its id.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    call.may(READ_ORGANIZATION)?;
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let tenant = tenant(call, tx)?;
        if !tenant.id.to_string().eq_ignore_ascii_case(&key) {
            return Err(unknown(&key));
        }
        let object = shown(described(&tenant), &query.select);
        Ok(entity(call, "organization/$entity", object))
    });
    Ok(Reply::ok(&body.await?))
}

/// There is no person behind a token here.
pub(super) async fn me(_: Call) -> Answered {
    Err(GraphFailure::Bad(
        "BadRequest",
        "/me request is only valid with delegated authentication flow.".into(),
    ))
}

//! `/organization`: the tenant itself; and `/me`, who is nobody where a program calls.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::page;
use super::permissions::READ_ORGANIZATION;
use super::query::{Noun, Query, spelled};
use super::refused::unknown;
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

/// A set in which there is one thing: what the tenant says of itself.
pub(super) struct OfTenant {
    pub(super) noun: Noun,
    /// As addresses and contexts call it.
    pub(super) set: &'static str,
    pub(super) described: fn(&Tenant) -> Value,
    /// What it is asked for by.
    pub(super) key: fn(&Tenant) -> String,
}

impl OfTenant {
    pub(super) async fn list(&'static self, call: Call) -> Answered {
        call.may(READ_ORGANIZATION)?;
        let query = Query::of(&call, &self.noun)?;
        let body = call.read(move |call, tx| {
            let tenant = tenant(call, tx)?;
            let all = vec![(page::token(tenant.seq.0), (self.described)(&tenant))];
            page::whole(call, self.set, &query, all)
        });
        Ok(Reply::ok(&body.await?))
    }

    pub(super) async fn get(&'static self, call: Call, key: String) -> Answered {
        call.may(READ_ORGANIZATION)?;
        let query = Query::of(&call, &self.noun)?;
        let body = call.read(move |call, tx| {
            let tenant = tenant(call, tx)?;
            if !(self.key)(&tenant).eq_ignore_ascii_case(&key) {
                return Err(unknown(&key));
            }
            let full = (self.described)(&tenant);
            Ok(page::one(call, self.set, &query, full))
        });
        Ok(Reply::ok(&body.await?))
    }
}

static ORGANIZATION: OfTenant = OfTenant {
    noun: NOUN,
    set: "organization",
    described,
    key: |tenant| tenant.id.to_string(),
};

/// The list, of one.
pub(super) async fn list(call: Call) -> Answered {
    ORGANIZATION.list(call).await
}

/// The tenant by its id.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    ORGANIZATION.get(call, path.into_inner().1).await
}

/// There is no person behind a token here.
pub(super) async fn me(_: Call) -> Answered {
    Err(GraphFailure::Bad(
        "BadRequest",
        "/me request is only valid with delegated authentication flow.".into(),
    ))
}

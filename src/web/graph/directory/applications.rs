//! `/applications`: what enterprise applications and app registrations are registered as. Read only: applications are made of
//! templates, registrations in the console.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::super::principal::Key;
use super::organization::tenant;
use super::page;
use super::permissions::READ_APPLICATIONS;
use super::query::{Noun, Query, spelled};
use super::refused::unknown;
use super::service_principals::roles;
use crate::id::{Guid, Seq};
use crate::model::{AppRegistration, Application, Tenant};
use crate::store::{Reads as _, Snapshot, directory as rows, registrations};

type Result<T> = std::result::Result<T, GraphFailure>;

const PROPERTIES: &[&str] = &[
    "id",
    "deletedDateTime",
    "appId",
    "applicationTemplateId",
    "createdDateTime",
    "description",
    "displayName",
    "groupMembershipClaims",
    "identifierUris",
    "notes",
    "publisherDomain",
    "signInAudience",
    "tags",
    "addIns",
    "appRoles",
    "keyCredentials",
    "passwordCredentials",
    "requiredResourceAccess",
];

const NOUN: Noun = Noun {
    type_name: "application",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &["displayName"],
    searched: &["displayName"],
};

/// What enterprise applications and registrations say alike.
fn described(tenant: &Tenant, id: Guid, app_id: Guid, name: &str) -> Value {
    json!({
        "id": id.to_string(),
        "deletedDateTime": null,
        "appId": app_id.to_string(),
        "applicationTemplateId": null,
        "createdDateTime": null,
        "description": null,
        "displayName": name,
        "groupMembershipClaims": null,
        "identifierUris": [],
        "notes": null,
        "publisherDomain": tenant.domain,
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "addIns": [],
        "appRoles": [],
        "keyCredentials": [],
        "passwordCredentials": [],
        "requiredResourceAccess": [],
    })
}

/// An enterprise application as it is registered. Its object id is another one than that of its service principal.
pub(super) fn stored(call: &Call, tx: &Snapshot, of: &Application) -> Result<Value> {
    let tenant = tenant(call, tx)?;
    let id = Guid::of_row(tx.mix(), "application", tenant.seq, of.seq);
    let template = super::application_templates::of(tx, tenant.seq, of)?;
    let mut object = described(&tenant, id, of.app_id, &of.display_name);
    object["applicationTemplateId"] = json!(template.to_string());
    object["createdDateTime"] = json!(of.created);
    object["appRoles"] = roles(of);
    Ok(object)
}

/// A client of the Graph API.
fn registered(call: &Call, tx: &Snapshot, of: &AppRegistration) -> Result<Value> {
    let tenant = tenant(call, tx)?;
    let id = Guid::of_row(tx.mix(), "registration", tenant.seq, of.seq);
    let mut object = described(&tenant, id, of.app_id, &of.display_name);
    object["createdDateTime"] = json!(of.created);
    let secrets = of.secrets.iter().map(|secret| {
        json!({
            "customKeyIdentifier": null,
            "displayName": secret.description,
            "endDateTime": secret.expires,
            "hint": secret.hint,
            "keyId": secret.id.to_string(),
            "secretText": null,
            "startDateTime": secret.created,
        })
    });
    object["passwordCredentials"] = secrets.collect();
    Ok(object)
}

/// All of them: enterprise applications first, each kind in the order of its making.
fn all(call: &Call, tx: &Snapshot) -> Result<Vec<(String, Value)>> {
    let tenant = call.client.tenant;
    let token = |kind: char, row: Seq| format!("{kind}{}", page::token(row.0));
    let mut all = Vec::new();
    for one in rows::applications(tx, tenant)? {
        all.push((token('a', one.seq), stored(call, tx, &one)?));
    }
    for one in registrations::all(tx, tenant)? {
        all.push((token('r', one.seq), registered(call, tx, &one)?));
    }
    Ok(all)
}

/// A page of them.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_APPLICATIONS)?;
    let query = Query::of(&call, &NOUN)?;
    let body = call.read(move |call, tx| page::whole(call, "applications", &query, all(call, tx)?));
    Ok(Reply::ok(&body.await?))
}

/// One by its object id, or by `(appId='…')`.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    call.may(READ_APPLICATIONS)?;
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let wanted = Key::of(&key).ok_or_else(|| unknown(key.trim_start_matches('/')))?;
        let property = match wanted {
            Key::Id(_) => "id",
            Key::AppId(_) => "appId",
        };
        let id = wanted.guid().to_string();
        let mut all = all(call, tx)?.into_iter();
        let found = all.find(|(_, object)| object[property] == id.as_str());
        let (_, object) = found.ok_or_else(|| unknown(&id))?;
        Ok(page::one(call, "applications", &query, object))
    });
    Ok(Reply::ok(&body.await?))
}

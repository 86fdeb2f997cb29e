//! `/servicePrincipals`: enterprise applications.

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::owned::{changeable, readable};
use super::page::{self, entity};
use super::permissions::READ_APPLICATIONS;
use super::query::{Noun, Query, Select, spelled};
use super::references::{self, Sent};
use super::refused::{refused, unknown};
use crate::directory::applications as directory;
use crate::id::Guid;
use crate::model::{AppRole, Application, Tenant};
use crate::store::{Snapshot, directory as rows, registrations};
use crate::sync::applications;
use crate::web::housekeeping::work_off_soon;

type Path = web::Path<(String, String)>;
type Result<T> = std::result::Result<T, GraphFailure>;

/// What there is of a service principal.
const PROPERTIES: &[&str] = &[
    "id",
    "deletedDateTime",
    "accountEnabled",
    "alternativeNames",
    "appDescription",
    "appDisplayName",
    "appId",
    "applicationTemplateId",
    "appOwnerOrganizationId",
    "appRoleAssignmentRequired",
    "appRoles",
    "createdDateTime",
    "description",
    "disabledByMicrosoftStatus",
    "displayName",
    "homepage",
    "loginUrl",
    "logoutUrl",
    "notes",
    "notificationEmailAddresses",
    "oauth2PermissionScopes",
    "preferredSingleSignOnMode",
    "publisherName",
    "replyUrls",
    "resourceSpecificApplicationPermissions",
    "servicePrincipalNames",
    "servicePrincipalType",
    "signInAudience",
    "tags",
    "addIns",
    "keyCredentials",
    "passwordCredentials",
];

/// Service principals.
pub(super) const NOUN: Noun = Noun {
    type_name: "servicePrincipal",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &["displayName"],
    searched: &["displayName"],
};

/// An app role.
fn role(role: &AppRole) -> Value {
    json!({
        "allowedMemberTypes": ["User"],
        "description": role.description,
        "displayName": role.display_name,
        "id": role.id.to_string(),
        "isEnabled": role.enabled,
        "origin": "Application",
        "value": role.value,
    })
}

/// Roles of an application.
pub(super) fn roles(application: &Application) -> Value {
    application.roles.iter().map(role).collect()
}

/// A service principal with everything that is known.
pub(super) fn described(tenant: &Tenant, application: &Application, template: Guid) -> Value {
    json!({
        "id": application.id.to_string(),
        "deletedDateTime": null,
        "accountEnabled": true,
        "alternativeNames": [],
        "appDescription": null,
        "appDisplayName": application.display_name,
        "appId": application.app_id.to_string(),
        "applicationTemplateId": template.to_string(),
        "appOwnerOrganizationId": tenant.id.to_string(),
        "appRoleAssignmentRequired": true,
        "appRoles": roles(application),
        "createdDateTime": application.created,
        "description": null,
        "disabledByMicrosoftStatus": null,
        "displayName": application.display_name,
        "homepage": null,
        "loginUrl": null,
        "logoutUrl": null,
        "notes": null,
        "notificationEmailAddresses": [],
        "oauth2PermissionScopes": [],
        "preferredSingleSignOnMode": null,
        "publisherName": tenant.name,
        "replyUrls": [],
        "resourceSpecificApplicationPermissions": [],
        "servicePrincipalNames": [application.app_id.to_string()],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "addIns": [],
        "keyCredentials": [],
        "passwordCredentials": [],
    })
}

/// The same by its row in the store.
pub(super) fn stored(call: &Call, tx: &Snapshot, application: &Application) -> Result<Value> {
    let tenant = rows::tenant(tx, call.client.tenant)?;
    let tenant = tenant.ok_or_else(|| unknown("tenant"))?;
    let template = super::application_templates::of(tx, tenant.seq, application)?;
    Ok(described(&tenant, application, template))
}

/// What of an object is shown.
pub(super) fn shown(full: Value, select: &Select) -> Value {
    match (full, select) {
        (Value::Object(full), Some(names)) if !names.iter().any(|name| name == "*") => names
            .iter()
            .map(|name| (name.clone(), full.get(name).cloned().unwrap_or_default()))
            .collect(),
        (full, _) => full,
    }
}

fn all(call: &Call, tx: &Snapshot) -> Result<Vec<(String, Value)>> {
    let found = rows::applications(tx, call.client.tenant)?.into_iter();
    let found = found.map(|one| Ok((page::token(one.seq.0), stored(call, tx, &one)?)));
    found.collect()
}

/// A page of service principals.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_APPLICATIONS)?;
    let query = Query::of(&call, &NOUN)?;
    let body = call.read(move |call, tx| {
        let context = super::described::selected("servicePrincipals", &query.select);
        let shown = |full| shown(full, &query.select);
        page::whole(call, &context, &query, all(call, tx)?, shown)
    });
    Ok(Reply::ok(&body.await?))
}

/// How many there are.
pub(super) async fn count(call: Call) -> Answered {
    call.may(READ_APPLICATIONS)?;
    let query = Query::of(&call, &NOUN)?;
    let number = call.read(move |call, tx| {
        let all = all(call, tx)?;
        page::count(&query, Value::clone, page::of_all(&all))
    });
    Ok(Reply::number(number.await?))
}

/// One of them.
pub(super) async fn get(call: Call, path: Path) -> Answered {
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let found = readable(call, tx, &key)?;
        let object = shown(stored(call, tx, &found)?, &query.select);
        let context = super::described::selected("servicePrincipals", &query.select);
        Ok(entity(call, &format!("{context}/$entity"), object))
    });
    Ok(Reply::ok(&body.await?))
}

/// Gives one another name. Whatever else Graph keeps of one, this directory has no use for.
pub(super) async fn update(call: Call, path: Path, sent: Sent) -> Answered {
    let body = references::members(sent)?;
    let mut name = None;
    for (property, value) in &body {
        match (spelled(PROPERTIES, property).as_deref(), value) {
            (Some("displayName"), Value::String(text)) => name = Some(text.clone()),
            (Some(known @ ("displayName" | "id" | "appId" | "appRoles")), _) => {
                return Err(refused(format!(
                    "Invalid value specified for property '{known}' of resource 'ServicePrincipal'."
                )));
            }
            (Some(_), _) => {}
            (None, _) if property.contains("@odata.") => {}
            (None, _) => return Err(refused(format!("Invalid property '{property}'."))),
        }
    }
    let (caller, (_, key)) = (call.clone(), path.into_inner());
    call.write(move |tx| {
        let (found, operator) = changeable(&caller, tx, &key)?;
        if let Some(name) = name {
            directory::rename(tx, &operator, caller.client.tenant, found.seq, &name)?;
        }
        Ok(())
    })
    .await?;
    Ok(Reply::no_content())
}

/// Deletes one with its job.
pub(super) async fn delete(call: Call, path: Path) -> Answered {
    let (caller, (_, key), now) = (call.clone(), path.into_inner(), call.app.now());
    call.write(move |tx| {
        let (found, operator) = changeable(&caller, tx, &key)?;
        Ok(applications::delete(
            tx,
            &operator,
            caller.client.tenant,
            found.seq,
            now,
        )?)
    })
    .await?;
    work_off_soon(&call.app);
    Ok(Reply::no_content())
}

/// Clients that own one.
pub(super) async fn owners(call: Call, path: Path) -> Answered {
    let (query, (_, key)) = (Query::of(&call, &NOUN)?, path.into_inner());
    let body = call.read(move |call, tx| {
        let found = readable(call, tx, &key)?;
        let owners = registrations::all(tx, call.client.tenant)?.into_iter();
        let owners = owners.filter(|client| client.owns.contains(&found.seq));
        let owners = owners.map(|client| {
            let owner = json!({
                "@odata.type": "#microsoft.graph.servicePrincipal",
                "id": client.object_id.to_string(),
                "appId": client.app_id.to_string(),
                "displayName": client.display_name,
                "servicePrincipalType": "Application",
            });
            (page::token(client.seq.0), owner)
        });
        let context = super::described::selected("directoryObjects", &query.select);
        let shown = |full| shown(full, &query.select);
        page::whole(call, &context, &query, owners.collect(), shown)
    });
    Ok(Reply::ok(&body.await?))
}

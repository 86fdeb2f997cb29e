//! `/servicePrincipals`: enterprise applications.

use actix_web::web;
use serde_json::{Value, json};

use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::super::principal;
use super::organization::tenant;
use super::page;
use super::permissions::{READ_APPLICATIONS, WRITE_APPLICATIONS};
use super::query::{Noun, Query, spelled};
use super::refused::refused;
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
    let tenant = tenant(call, tx)?;
    let template = super::application_templates::of(tx, tenant.seq, application)?;
    Ok(described(&tenant, application, template))
}

fn all(call: &Call, tx: &Snapshot) -> Result<Vec<(String, Value)>> {
    let found = rows::applications(tx, call.client.tenant)?.into_iter();
    let found = found.map(|one| Ok((page::token(one.seq.0), stored(call, tx, &one)?)));
    found.collect()
}

/// An application that the client may read.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none, [`GraphFailure::Denied`].
pub(super) fn readable(call: &Call, tx: &Snapshot, key: &str) -> Result<Application> {
    call.may(READ_APPLICATIONS)?;
    principal::application(call, tx, key)
}

/// A page of service principals.
pub(super) async fn list(call: Call) -> Answered {
    call.may(READ_APPLICATIONS)?;
    let query = Query::of(&call, &NOUN)?;
    let body =
        call.read(move |call, tx| page::whole(call, "servicePrincipals", &query, all(call, tx)?));
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
        let full = stored(call, tx, &found)?;
        Ok(page::one(call, "servicePrincipals", &query, full))
    });
    Ok(Reply::ok(&body.await?))
}

/// Gives one another name. Whatever else Graph keeps of one, this directory has no use for.
pub(super) async fn update(call: Call, path: Path, sent: Sent) -> Answered {
    let body = body::object(sent)?;
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
        let (found, operator) = principal::reached(&caller, tx, &key, WRITE_APPLICATIONS)?;
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
        let (found, operator) = principal::reached(&caller, tx, &key, WRITE_APPLICATIONS)?;
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
        page::whole(call, "directoryObjects", &query, owners.collect())
    });
    Ok(Reply::ok(&body.await?))
}

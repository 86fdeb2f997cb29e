//! *API permissions*: application permissions of Microsoft Graph, granted with saving.

use actix_web::web;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::registrations::{
    PermissionRow, PermissionsPage, RegistrationTab, tabs,
};
use super::super::super::super::console::parts::counted;
use super::super::super::{Answered, Done, act, show};
use super::super::{changed_meanwhile, revision};
use super::{HERE, address, find, frame};
use crate::directory::registrations;
use crate::error::Error;
use crate::model::{AppRegistration, GraphPermission};

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let (_, registration) = find(tx, &who, &id)?;
        Ok(filled(&who, &registration))
    })
    .await
}

fn filled(who: &Who, registration: &AppRegistration) -> PermissionsPage {
    let here = address(registration);
    let row = |permission: &GraphPermission| PermissionRow {
        name: permission.name(),
        description: permission.description(),
        on: registration.permissions.contains(permission),
    };
    PermissionsPage {
        page: frame(who, registration),
        tabs: tabs(&here, RegistrationTab::Permissions),
        action: format!("{here}/permissions"),
        revision: revision(&registration.permissions),
        rows: GraphPermission::ALL.iter().map(row).collect(),
    }
}

/// *Save*: all that are ticked, and no others.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Answered {
    let back = format!("{HERE}/{id}/permissions");
    act(&app, signed, back, move |tx, who, _| {
        let (tenant, found) = find(tx, who, &id)?;
        let named = |wanted: &'static str| {
            let pairs = pairs.iter();
            pairs.filter(move |(name, _)| name == wanted)
        };
        let seen = named("revision").next().map_or("", |(_, seen)| seen);
        if seen != revision(&found.permissions) {
            return Err(changed_meanwhile(&found.display_name));
        }
        let ticked = named("permission").map(|(_, text)| {
            GraphPermission::find(text)
                .ok_or_else(|| Error::field("permission", "Choose permissions of the list."))
        });
        let ticked: Vec<GraphPermission> = ticked.collect::<Result<_, _>>()?;
        let operator = who.operator()?;
        let saved = registrations::set_permissions(tx, operator, tenant.seq, found.seq, ticked)?;
        let count = counted(
            saved.permissions.len() as u64,
            "permission is granted.",
            "permissions are granted.",
        );
        Ok(Done::new(
            count,
            "They count for tokens that are issued from now on.",
        ))
    })
    .await
}

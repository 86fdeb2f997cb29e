//! The directory half of the Graph API: users, groups, applications and who is assigned to them (entra.md 6.7).
//!
//! One file a noun. Handlers read JSON, call one function of [`crate::directory`] in one write, and answer as Graph does;
//! changes get into the change feed as those of the console do. What Graph wants `ConsistencyLevel: eventual` for is
//! answered without it too: indexes here are never behind.

mod app_role_assigned_to;
mod application_templates;
mod applications;
mod deleted_items;
mod described;
mod domains;
mod groups;
mod members;
mod organization;
mod page;
mod people;
mod permissions;
mod query;
mod references;
mod refused;
mod relations;
mod service_principals;
mod users;

use actix_web::web;

use super::principal::PRINCIPAL;
use super::resource;
use crate::web::read;

/// Every route.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    people_and_groups(config);
    what_they_use(config);
    config
        .service(resource("/directoryObjects/{id}").route(read().to(relations::object)))
        .service(
            resource("/directory/deletedItems/{id}")
                .route(read().to(deleted_items::get))
                .route(web::delete().to(deleted_items::purge)),
        )
        .service(
            resource("/directory/deletedItems/{id}/restore")
                .route(web::post().to(deleted_items::restore)),
        )
        .service(resource("/organization").route(read().to(organization::list)))
        .service(resource("/organization/{id}").route(read().to(organization::get)))
        .service(resource("/domains").route(read().to(domains::list)))
        .service(resource("/domains/{id}").route(read().to(domains::get)))
        .service(resource("/me").route(read().to(organization::me)));
}

fn people_and_groups(config: &mut web::ServiceConfig) {
    config
        .service(
            resource("/users")
                .route(read().to(users::list))
                .route(web::post().to(users::create)),
        )
        .service(resource("/users/$count").route(read().to(users::count)))
        .service(
            resource("/users/{id}")
                .route(read().to(users::get))
                .route(web::patch().to(users::update))
                .route(web::delete().to(users::delete)),
        )
        .service(resource("/users/{id}/manager").route(read().to(relations::manager)))
        .service(
            resource("/users/{id}/manager/$ref")
                .route(read().to(relations::manager_reference))
                .route(web::put().to(relations::set_manager))
                .route(web::delete().to(relations::remove_manager)),
        )
        .service(resource("/users/{id}/directReports").route(read().to(relations::reports)))
        .service(resource("/users/{id}/memberOf").route(read().to(relations::member_of_user)))
        .service(
            resource("/groups")
                .route(read().to(groups::list))
                .route(web::post().to(groups::create)),
        )
        .service(resource("/groups/$count").route(read().to(groups::count)))
        .service(
            resource("/groups/{id}")
                .route(read().to(groups::get))
                .route(web::patch().to(groups::update))
                .route(web::delete().to(groups::delete)),
        )
        .service(resource("/groups/{id}/memberOf").route(read().to(relations::member_of_group)))
        .service(resource("/groups/{id}/members").route(read().to(members::list)))
        .service(resource("/groups/{id}/members/$count").route(read().to(members::count)))
        .service(resource("/groups/{id}/members/$ref").route(web::post().to(members::add)))
        .service(
            resource("/groups/{id}/members/{member}/$ref").route(web::delete().to(members::remove)),
        );
}

fn what_they_use(config: &mut web::ServiceConfig) {
    config
        .service(resource("/applicationTemplates").route(read().to(application_templates::list)))
        .service(
            resource("/applicationTemplates/{id}").route(read().to(application_templates::get)),
        )
        .service(
            resource("/applicationTemplates/{id}/instantiate")
                .route(web::post().to(application_templates::instantiate)),
        )
        .service(resource("/applications").route(read().to(applications::list)))
        .service(
            resource(r"/applications{key:/[^/()]+|\([^/]*\)}").route(read().to(applications::get)),
        )
        .service(resource("/servicePrincipals").route(read().to(service_principals::list)))
        .service(resource("/servicePrincipals/$count").route(read().to(service_principals::count)))
        .service(
            resource(PRINCIPAL)
                .route(read().to(service_principals::get))
                .route(web::patch().to(service_principals::update))
                .route(web::delete().to(service_principals::delete)),
        )
        .service(
            resource(&format!("{PRINCIPAL}/owners")).route(read().to(service_principals::owners)),
        )
        .service(
            resource(&format!("{PRINCIPAL}/appRoleAssignedTo"))
                .route(read().to(app_role_assigned_to::list))
                .route(web::post().to(app_role_assigned_to::create)),
        )
        .service(
            resource(&format!("{PRINCIPAL}/appRoleAssignedTo/{{assignment}}"))
                .route(read().to(app_role_assigned_to::get))
                .route(web::delete().to(app_role_assigned_to::delete)),
        );
}

//! `/okta/api/v1`: the management API of the mock Okta orgs, as far as provisioning needs it (part 7 of the Okta
//! reference).
//!
//! An API token (`Authorization: SSWS …`) opens it and decides the org. Only what works is routed: everything else is a
//! 404 of Okta's shape. Addresses, bodies, paging, errors and headers are Okta's; where a shape has members that nothing
//! stands behind, they have Okta's defaults or say what they were told (`described`). `me` is whoever made the token.

mod apps;
mod assignments;
mod body;
mod call;
mod credentials;
mod described;
mod failure;
mod features;
mod filter;
mod groups;
mod inbound;
mod logs;
mod mappings;
mod org;
mod page;
mod push;
mod rules;
mod shapes;
mod users;

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, web};

use super::read;
pub(super) use call::Rates;
use call::{Answered, Call, Reply};
use failure::OktaFailure;
pub(super) use shapes::Shapes;

/// Every route; `rates` is shared by all workers. What is beside the API wants a token too: it decides the org.
pub(super) fn routes(rates: web::Data<Rates>) -> impl HttpServiceFactory {
    let api = web::scope("/okta/api/v1")
        .app_data(rates.clone())
        .wrap(from_fn(call::admit))
        .configure(people)
        .configure(integrations)
        .configure(profiles)
        .service(resource("/logs").route(read().to(logs::list)))
        .default_service(web::route().to(no_address));
    let beside = web::scope("/okta/.well-known")
        .app_data(rates)
        .wrap(from_fn(call::admit))
        .service(resource("/okta-organization").route(read().to(organization)))
        .default_service(web::route().to(no_address));
    (api, beside)
}

fn resource(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::route().to(other_method))
}

fn people(config: &mut web::ServiceConfig) {
    config
        .service(
            resource("/users")
                .route(read().to(users::list))
                .route(web::post().to(users::create)),
        )
        .service(
            resource("/users/{user}")
                .route(read().to(users::get))
                .route(web::put().to(users::replace))
                .route(web::post().to(users::update))
                .route(web::delete().to(users::delete)),
        )
        .service(
            resource("/users/{user}/lifecycle/{operation}").route(web::post().to(users::lifecycle)),
        )
        .service(
            resource("/users/{user}/credentials/change_password")
                .route(web::post().to(credentials::change_password)),
        )
        .service(
            resource("/users/{user}/credentials/change_recovery_question")
                .route(web::post().to(credentials::change_recovery_question)),
        )
        .service(resource("/users/{user}/groups").route(read().to(users::groups_of)))
        .service(resource("/users/{user}/appLinks").route(read().to(apps::links_of)))
        .service(
            resource("/groups")
                .route(read().to(groups::list))
                .route(web::post().to(groups::create)),
        )
        .configure(group_rules)
        .service(
            resource("/groups/{group}")
                .route(read().to(groups::get))
                .route(web::put().to(groups::update))
                .route(web::delete().to(groups::delete)),
        )
        .service(resource("/groups/{group}/users").route(read().to(groups::members)))
        .service(resource("/groups/{group}/apps").route(read().to(groups::apps_of)))
        .service(
            resource("/groups/{group}/users/{user}")
                .route(web::put().to(groups::add_member))
                .route(web::delete().to(groups::remove_member)),
        );
}

/// Before groups: `rules` is the id of none.
fn group_rules(config: &mut web::ServiceConfig) {
    config
        .service(
            resource("/groups/rules")
                .route(read().to(rules::list))
                .route(web::post().to(rules::create)),
        )
        .service(
            resource("/groups/rules/{rule}")
                .route(read().to(rules::get))
                .route(web::put().to(rules::update))
                .route(web::delete().to(rules::delete)),
        )
        .service(
            resource("/groups/rules/{rule}/lifecycle/{operation}")
                .route(web::post().to(rules::lifecycle)),
        );
}

fn integrations(config: &mut web::ServiceConfig) {
    config
        .service(
            resource("/apps")
                .route(read().to(apps::list))
                .route(web::post().to(apps::create)),
        )
        .service(
            resource("/apps/{app}")
                .route(read().to(apps::get))
                .route(web::put().to(apps::update))
                .route(web::delete().to(apps::delete)),
        )
        .service(resource("/apps/{app}/credentials/keys").route(read().to(apps::keys)))
        .service(
            resource("/apps/{app}/lifecycle/{operation}").route(web::post().to(apps::lifecycle)),
        )
        .service(
            resource("/apps/{app}/users")
                .route(read().to(assignments::list))
                .route(web::post().to(assignments::assign)),
        )
        .service(
            resource("/apps/{app}/users/{user}")
                .route(read().to(assignments::get))
                .route(web::post().to(assignments::update))
                .route(web::delete().to(assignments::unassign)),
        )
        .service(resource("/apps/{app}/groups").route(read().to(assignments::list_groups)))
        .service(
            resource("/apps/{app}/groups/{group}")
                .route(read().to(assignments::get_group))
                .route(web::put().to(assignments::put_group))
                .route(web::patch().to(assignments::patch_group))
                .route(web::delete().to(assignments::delete_group)),
        )
        .service(
            resource("/apps/{app}/group-push/mappings")
                .route(read().to(push::list))
                .route(web::post().to(push::create)),
        )
        .service(
            resource("/apps/{app}/group-push/mappings/{mapping}")
                .route(read().to(push::get))
                .route(web::patch().to(push::update))
                .route(web::delete().to(push::delete)),
        );
}

fn profiles(config: &mut web::ServiceConfig) {
    config
        .service(resource("/apps/{app}/features").route(read().to(features::list)))
        .service(
            resource("/apps/{app}/features/{name}")
                .route(read().to(features::get))
                .route(web::put().to(features::put)),
        )
        .service(
            resource("/apps/{app}/connections/default")
                .route(read().to(features::get_connection))
                .route(web::post().to(features::post_connection)),
        )
        .service(
            resource("/apps/{app}/connections/default/lifecycle/{operation}")
                .route(web::post().to(features::switch_connection)),
        )
        .service(resource("/mappings").route(read().to(mappings::list)))
        .service(
            resource("/mappings/{mapping}")
                .route(read().to(mappings::get))
                .route(web::post().to(mappings::update)),
        )
        .service(
            resource("/meta/schemas/user/{schema}")
                .route(read().to(mappings::user_schema))
                .route(web::post().to(mappings::update_user_schema)),
        )
        .service(
            resource("/meta/schemas/apps/{app}/default")
                .route(read().to(mappings::app_schema))
                .route(web::post().to(mappings::update_app_schema)),
        )
        .service(resource("/meta/types/user/{type}").route(read().to(mappings::user_type)));
}

/// `GET /.well-known/okta-organization`: an org of the classic engine, which has no authentication policies.
async fn organization(call: Call) -> Answered {
    call.read(|org| Ok(Reply::ok(&org.shapes.organization())))
        .await
}

/// Whatever else is asked for.
async fn no_address(_: Call, request: HttpRequest) -> Answered {
    let path = request.path().chars().take(200).collect::<String>();
    Err(call::missing("Endpoint", &path))
}

/// Another method at an address that there is.
async fn other_method(_: Call) -> Answered {
    Err(OktaFailure::Method)
}

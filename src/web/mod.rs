//! The rim: everything that speaks HTTP. actix-web and askama are named nowhere else.
//!
//! This file is the route table. A handler extracts, calls one domain function in one transaction on
//! the blocking pool ([`app::App`]), and maps the result; errors are rendered by [`failure`], one way
//! per surface.

pub mod app;
pub mod assets;
mod auth;
pub mod console;
pub mod failure;
pub mod health;
mod log;
pub mod rooms;
mod running;
mod same_origin;
pub mod scim;
pub mod session;

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{DefaultHeaders, NormalizePath, TrailingSlash, from_fn};
use actix_web::{App as Actix, HttpServer, web};
use tracing_actix_web::TracingLogger;

use self::scim::groups::Groups;
use self::scim::users::Users;
pub use app::{App, PublicUrl};
pub use running::{Running, start};

fn server(app: App, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let data = web::Data::new(app);
    let state = rooms::ProcessState::new();
    Ok(HttpServer::new(move || {
        Actix::new()
            .app_data(data.clone())
            .wrap(
                DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Referrer-Policy", "no-referrer")),
            )
            // Administrators paste the base URL with and without its last slash.
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .wrap(TracingLogger::<log::RequestSpan>::new())
            .configure(|config| routes(config, &data, &state))
    })
    .workers(workers)
    .shutdown_timeout(5)
    .listen(listener)?
    .run())
}

/// Every route of the appliance; those of the console stand in [`rooms`].
fn routes(config: &mut web::ServiceConfig, app: &App, state: &rooms::ProcessState) {
    config
        .route("/livez", web::get().to(health::livez))
        .route("/readyz", web::get().to(health::readyz))
        .service(
            web::scope("/scim/v2")
                .wrap(from_fn(scim::words::speak))
                .wrap(from_fn(scim::recorder::record))
                .service(
                    web::resource(["/.search", "/Users/.search", "/Groups/.search"])
                        .post(scim::search)
                        .default_service(scim::other_method("POST")),
                )
                .service(
                    web::resource("/Users")
                        .get(scim::resources::list::<Users>)
                        .post(scim::resources::create::<Users>)
                        .default_service(scim::other_method("GET, POST")),
                )
                .service(
                    web::resource("/Users/{id}")
                        .get(scim::resources::get::<Users>)
                        .put(scim::resources::replace::<Users>)
                        .patch(scim::resources::patch::<Users>)
                        .delete(scim::resources::delete::<Users>)
                        .default_service(scim::other_method("GET, PUT, PATCH, DELETE")),
                )
                .service(
                    web::resource("/Groups")
                        .get(scim::resources::list::<Groups>)
                        .post(scim::resources::create::<Groups>)
                        .default_service(scim::other_method("GET, POST")),
                )
                .service(
                    web::resource("/Groups/{id}")
                        .get(scim::resources::get::<Groups>)
                        .put(scim::resources::replace::<Groups>)
                        .patch(scim::resources::patch::<Groups>)
                        .delete(scim::resources::delete::<Groups>)
                        .default_service(scim::other_method("GET, PUT, PATCH, DELETE")),
                )
                .service(
                    web::resource("/ServiceProviderConfig")
                        .get(scim::discovery::service_provider_config)
                        .default_service(scim::other_method("GET")),
                )
                .service(
                    web::resource("/ResourceTypes")
                        .get(scim::discovery::resource_types)
                        .default_service(scim::other_method("GET")),
                )
                .service(
                    web::resource("/ResourceTypes/{name}")
                        .get(scim::discovery::resource_type)
                        .default_service(scim::other_method("GET")),
                )
                .service(
                    web::resource("/Schemas")
                        .get(scim::discovery::schemas)
                        .default_service(scim::other_method("GET")),
                )
                .service(
                    web::resource("/Schemas/{urn}")
                        .get(scim::discovery::schema)
                        .default_service(scim::other_method("GET")),
                )
                .route("/Me", web::route().to(scim::me))
                .route("/Bulk", web::route().to(scim::bulk))
                .default_service(web::route().to(scim::not_found)),
        );
    rooms::configure(config, app, state);
}

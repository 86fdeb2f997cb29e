//! The rim: everything that speaks HTTP. actix-web and askama are named nowhere else.
//!
//! This file is the route table. A handler extracts, calls one domain function in one transaction
//! (small work on the spot, heavy work on the blocking pool: [`app::App`]), and maps the result; errors are rendered by [`failure`], one way
//! per surface.

pub mod addresses;
pub mod app;
pub mod assets;
mod audit_api;
mod auth;
pub mod console;
pub mod failure;
mod graph;
pub mod health;
mod housekeeping;
mod lab;
mod log;
mod login;
mod okta;
mod origin;
mod passwords;
mod postman;
mod replies;
pub mod rooms;
mod running;
mod same_origin;
mod scenarios;
pub mod scim;
pub mod session;
mod streamed;
mod throttle;
mod whole_form;

use std::net::TcpListener;

use actix_web::dev::{HttpServiceFactory, Server};
use actix_web::middleware::{DefaultHeaders, NormalizePath, TrailingSlash, from_fn};
use actix_web::{App as Actix, HttpServer, Route, guard, web};

use self::scim::groups::Groups;
use self::scim::users::Users;
pub use app::{App, PublicUrl, Scans};
pub use passwords::Passwords;
pub use running::{Running, start};

fn server(app: App, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let data = web::Data::new(app);
    let state = rooms::ProcessState::new();
    let rates = SurfaceRates::default();
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
            .wrap(log::Requests)
            .configure(|config| routes(config, &data, &state, &rates))
    })
    .workers(workers)
    .shutdown_timeout(5)
    .listen(listener)?
    .run())
}

/// Calls that are counted, shared by all workers.
#[derive(Clone)]
struct SurfaceRates {
    okta: web::Data<okta::Rates>,
    uploads: web::Data<graph::Rates>,
}

impl Default for SurfaceRates {
    fn default() -> Self {
        Self {
            okta: web::Data::new(okta::Rates::default()),
            uploads: web::Data::new(graph::Rates::default()),
        }
    }
}

/// Every route of the appliance; those of the console stand in [`rooms`].
fn routes(
    config: &mut web::ServiceConfig,
    app: &App,
    state: &rooms::ProcessState,
    rates: &SurfaceRates,
) {
    config
        .service(scim_routes())
        .route("/livez", web::get().to(health::livez))
        .route("/readyz", web::get().to(health::readyz))
        .service(lab_routes())
        .service(okta::routes(rates.okta.clone()))
        .service(login::routes())
        .service(graph::routes(rates.uploads.clone()))
        .service(
            web::resource("/audit/logs")
                .route(read().to(audit_api::logs))
                .default_service(web::route().to(audit_api::other_method)),
        )
        .service(
            web::resource("/audit-actions")
                .route(read().to(audit_api::actions))
                .default_service(web::route().to(audit_api::other_method)),
        );
    rooms::configure(config, app, state);
}

/// The SCIM surface (RFC 7644 section 3.2). A GET answers HEAD too: the body is cut off by the server.
///
/// Resources are tried one after the other, so what is asked most stands first.
fn scim_routes() -> impl HttpServiceFactory {
    const LIST: &str = "GET, HEAD, OPTIONS, POST";
    const ONE: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, PUT";
    const ME: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
    const READ: &str = "GET, HEAD, OPTIONS";
    const SEND: &str = "OPTIONS, POST";
    web::scope("/scim/v2")
        .wrap(from_fn(scim::faults::misbehave))
        .wrap(from_fn(scim::recorder::record))
        .service(
            web::resource("/Users")
                .route(read().to(scim::resources::list::<Users>))
                .post(scim::resources::create::<Users>)
                .default_service(scim::other_method(LIST)),
        )
        .service(
            web::resource("/Users/.search")
                .post(scim::search::users)
                .default_service(scim::other_method(SEND)),
        )
        .service(
            web::resource("/Users/{id}")
                .route(read().to(scim::resources::get::<Users>))
                .put(scim::resources::replace::<Users>)
                .patch(scim::resources::patch::<Users>)
                .delete(scim::resources::delete::<Users>)
                .default_service(scim::other_method(ONE)),
        )
        .service(
            web::resource("/Groups")
                .route(read().to(scim::resources::list::<Groups>))
                .post(scim::resources::create::<Groups>)
                .default_service(scim::other_method(LIST)),
        )
        .service(
            web::resource("/Groups/.search")
                .post(scim::search::groups)
                .default_service(scim::other_method(SEND)),
        )
        .service(
            web::resource("/Groups/{id}")
                .route(read().to(scim::resources::get::<Groups>))
                .put(scim::resources::replace::<Groups>)
                .patch(scim::resources::patch::<Groups>)
                .delete(scim::resources::delete::<Groups>)
                .default_service(scim::other_method(ONE)),
        )
        .service(
            web::resource("")
                .route(read().to(scim::search::root))
                .default_service(scim::other_method(READ)),
        )
        .service(
            web::resource("/.search")
                .post(scim::search::everything)
                .default_service(scim::other_method(SEND)),
        )
        .service(
            web::resource("/Me")
                .route(read().to(scim::me::get))
                .post(scim::me::create)
                .put(scim::me::replace)
                .patch(scim::me::patch)
                .delete(scim::me::delete)
                .default_service(scim::other_method(ME)),
        )
        .service(
            web::resource("/Bulk")
                .post(scim::bulk::post)
                .default_service(scim::other_method(SEND)),
        )
        .service(
            web::resource("/ServiceProviderConfig")
                .route(read().to(scim::discovery::service_provider_config))
                .default_service(scim::other_method(READ)),
        )
        .service(
            web::resource("/ResourceTypes")
                .route(read().to(scim::discovery::resource_types))
                .default_service(scim::other_method(READ)),
        )
        .service(
            web::resource("/ResourceTypes/{name}")
                .route(read().to(scim::discovery::resource_type))
                .default_service(scim::other_method(READ)),
        )
        .service(
            web::resource("/Schemas")
                .route(read().to(scim::discovery::schemas))
                .default_service(scim::other_method(READ)),
        )
        .service(
            web::resource("/Schemas/{urn}")
                .route(read().to(scim::discovery::schema))
                .default_service(scim::other_method(READ)),
        )
        .default_service(web::route().to(scim::not_found))
}

/// The appliance's own control API.
fn lab_routes() -> impl HttpServiceFactory {
    web::scope("/lab")
        .app_data(lab::json_config())
        .service(
            web::resource("/clock")
                .get(lab::clock::get)
                .post(lab::clock::post)
                .default_service(lab::other_method("GET, POST")),
        )
        .service(
            web::resource("/jobs")
                .get(lab::jobs::list)
                .default_service(lab::other_method("GET")),
        )
        .service(
            web::resource("/jobs/{job}")
                .get(lab::jobs::get)
                .default_service(lab::other_method("GET")),
        )
        .service(
            web::resource("/jobs/{job}/{verb}")
                .post(lab::jobs::post)
                .default_service(lab::other_method("POST")),
        )
        .service(
            web::resource("/scenarios")
                .get(lab::scenarios::list)
                .default_service(lab::other_method("GET")),
        )
        .service(
            web::resource("/scenarios/{name}")
                .post(lab::scenarios::post)
                .default_service(lab::other_method("POST")),
        )
        .default_service(web::route().to(lab::no_address))
}

/// A route for GET and HEAD.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

//! `/graph/v1.0` and `/graph/beta`: the part of Microsoft Graph that provisioning is driven by (entra.md parts 6 to 8).
//!
//! A token of `/login` opens it and decides the tenant; what it may do is in the token. Only what works is routed:
//! everything else is a 404 of Graph's shape. Both versions have the same addresses; where shapes differ, [`Call`] says
//! which version was asked.

mod answer;
mod batch;
mod body;
mod call;
mod directory;
mod failure;
mod filter;
mod logs;
mod odata;
mod principal;
mod synchronization;
mod upload;

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, web};

use self::call::{Answered, Call};
use self::failure::GraphFailure;
use super::read;
pub(super) use upload::Rates;

/// Every route; `rates` is shared by all workers.
pub(super) fn routes(rates: web::Data<Rates>) -> impl HttpServiceFactory {
    web::scope("/graph/{version:v1\\.0|beta}")
        .app_data(rates)
        .app_data(batch::InProcess::default())
        .app_data(web::PayloadConfig::new(call::BODY))
        .wrap(from_fn(call::admit))
        .configure(synchronization::routes)
        .service(resource("/auditLogs/provisioning").route(read().to(logs::list)))
        .service(resource("/$batch").route(web::post().to(batch::post)))
        .configure(directory::routes)
        .default_service(web::route().to(no_address))
}

fn resource(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::route().to(other_method))
}

/// Whatever else is asked for.
async fn no_address(_: Call, request: HttpRequest) -> Answered {
    let segment = request.path().rsplit('/').next().unwrap_or_default();
    let segment = segment.chars().take(100).collect::<String>();
    Err(GraphFailure::Segment(segment))
}

/// Another method at an address that there is.
async fn other_method(_: Call) -> Answered {
    Err(GraphFailure::Method)
}

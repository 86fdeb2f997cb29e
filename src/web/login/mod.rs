//! `/login/{tenant}`: the part of Entra's sign-in that programs use to get an access token for the Graph API (entra.md
//! 8.5): client credentials, the keys that tokens are signed with, and the metadata that libraries read first.
//!
//! Version 1 and 2 of the token endpoint differ in how the resource is named, and only there.

mod failure;
mod keys;
mod token;

use actix_web::dev::HttpServiceFactory;
use actix_web::web;

pub(crate) use keys::TokenKeys;

use super::read;

/// Most bytes of a form.
const FORM: usize = 16 << 10;

/// Every route. `/login` itself is the console's.
pub(super) fn routes() -> impl HttpServiceFactory {
    let resource =
        |path: &str| web::resource(path).default_service(web::route().to(failure::other_method));
    web::scope("/login/{tenant}")
        .app_data(web::PayloadConfig::new(FORM))
        .service(resource("/oauth2/v2.0/token").route(web::post().to(token::issue)))
        .service(resource("/oauth2/token").route(web::post().to(token::issue)))
        .service(resource("/discovery/v2.0/keys").route(read().to(keys::list)))
        .service(
            resource("/v2.0/.well-known/openid-configuration").route(read().to(keys::metadata)),
        )
        .service(resource("/discovery/instance").route(read().to(keys::instance_discovery)))
        .default_service(web::route().to(failure::no_address))
}

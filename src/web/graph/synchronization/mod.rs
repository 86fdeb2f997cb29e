//! `servicePrincipals/{id}/synchronization`: the jobs of an application, their schemas, secrets and templates
//! (entra.md part 6).
//!
//! `place` says which job an address means and what the client may do with it; `job_json` renders jobs and is pure;
//! every other file is one family of operations. The operations are those of the console: nothing here decides anything
//! about provisioning. What talks to a target runs on the blocking pool and holds no snapshot meanwhile.
//!
//! `acquireAccessToken` is not there: it exchanges the code of somebody's consent, and there are no applications here
//! that ask for one.

mod credentials;
mod directories;
mod job_json;
mod jobs;
mod lifecycle;
mod object_connections;
mod odata;
mod on_demand;
mod parse_expression;
mod place;
mod schema;
mod secrets;
mod templates;

use actix_web::web;

use super::principal::PRINCIPAL;
use super::{resource, upload};
use crate::web::read;

/// Every route. What has a name of its own stands before what is named by an id.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let root = format!("{PRINCIPAL}/synchronization");
    let jobs = format!("{root}/jobs");
    let job = format!("{jobs}/{{job}}");
    let of_job = format!("{job}/schema");
    let template = format!("{root}/templates/{{template}}");
    let of_template = format!("{template}/schema");
    let post = |at: String, route: actix_web::Route| resource(&at).route(route);
    config
        .service(resource(&root).route(read().to(secrets::container)))
        .service(
            resource(&format!("{root}/secrets"))
                .route(read().to(secrets::list))
                .route(web::put().to(secrets::put)),
        )
        .service(resource(&format!("{root}/templates")).route(read().to(templates::list)))
        .service(resource(&template).route(read().to(templates::get)))
        .service(resource(&of_template).route(read().to(templates::schema)))
        .service(
            resource(&jobs)
                .route(read().to(jobs::list))
                .route(web::post().to(jobs::create)),
        )
        .service(post(
            format!("{jobs}/validateCredentials"),
            web::post().to(credentials::before_a_job),
        ))
        .service(
            resource(&job)
                .route(read().to(jobs::get))
                .route(web::delete().to(jobs::delete)),
        )
        .service(post(
            format!("{job}/start"),
            web::post().to(lifecycle::start),
        ))
        .service(post(
            format!("{job}/pause"),
            web::post().to(lifecycle::pause),
        ))
        .service(post(
            format!("{job}/restart"),
            web::post().to(lifecycle::restart),
        ))
        .service(post(
            format!("{job}/validateCredentials"),
            web::post().to(credentials::of_a_job),
        ))
        .service(post(
            format!("{job}/provisionOnDemand"),
            web::post().to(on_demand::post),
        ))
        .service(post(
            format!("{job}/bulkUpload"),
            web::post().to(upload::post),
        ))
        .service(
            resource(&format!("{job}/objectConnections('{{object}}')"))
                .route(read().to(object_connections::get))
                .route(web::delete().to(object_connections::delete)),
        )
        .service(
            resource(&format!("{job}/objectConnections"))
                .route(read().to(object_connections::list)),
        )
        .service(
            resource(&of_job)
                .route(read().to(schema::get))
                .route(web::put().to(schema::put))
                .route(web::patch().to(schema::put))
                .route(web::delete().to(schema::delete)),
        )
        .service(post(
            format!("{of_job}/parseExpression"),
            web::post().to(parse_expression::post),
        ))
        .service(resource(&format!("{of_job}/directories")).route(read().to(directories::list)))
        .service(
            resource(&format!("{of_job}/directories/{{directory}}"))
                .route(read().to(directories::get)),
        )
        .service(post(
            format!("{of_job}/directories/{{directory}}/discover"),
            web::post().to(directories::discover),
        ));
    for schema in [of_job, of_template] {
        for name in ["functions", "functions()"] {
            let at = format!("{schema}/{name}");
            config.service(resource(&at).route(read().to(schema::functions)));
        }
        for name in ["filterOperators", "filterOperators()"] {
            let at = format!("{schema}/{name}");
            config.service(resource(&at).route(read().to(schema::filter_operators)));
        }
    }
}

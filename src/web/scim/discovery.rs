//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644 section 4).
//!
//! The configuration can be read without a key (RFC 7643 section 5 wants its authentication schemes to
//! be); the others need one.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::request::ScimRequest;
use super::{Answered, json};
use crate::error::Error;
use crate::scim::{ResourceTypes, discovery, message};
use crate::web::App;

pub(in crate::web) async fn service_provider_config(request: ScimRequest) -> Answered {
    request.refuse_filter()?;
    let body =
        discovery::service_provider_config(&discovery::Capabilities::default(), &request.base);
    Ok(json(StatusCode::OK, &body))
}

/// Paging and sorting parameters are ignored; filters are refused.
async fn listed(
    app: web::Data<App>,
    request: ScimRequest,
    all: fn(&ResourceTypes, &str) -> Vec<Value>,
) -> Answered {
    app.run(move |app| {
        request.caller(app)?;
        request.refuse_filter()?;
        let all = all(&ResourceTypes::standard(), &request.base);
        let total = all.len() as u64;
        Ok(json(StatusCode::OK, &message::list_response(all, total, 1)))
    })
    .await
}

async fn single(
    app: web::Data<App>,
    request: ScimRequest,
    kind: &'static str,
    name: String,
    find: fn(&ResourceTypes, &str, &str) -> Option<Value>,
) -> Answered {
    app.run(move |app| {
        request.caller(app)?;
        match find(&ResourceTypes::standard(), &name, &request.base) {
            Some(found) => Ok(json(StatusCode::OK, &found)),
            None => {
                let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
                Err(Error::not_found(kind, name).into())
            }
        }
    })
    .await
}

pub(in crate::web) async fn resource_types(app: web::Data<App>, request: ScimRequest) -> Answered {
    listed(app, request, discovery::resource_types).await
}

pub(in crate::web) async fn resource_type(
    app: web::Data<App>,
    request: ScimRequest,
    name: web::Path<String>,
) -> Answered {
    single(
        app,
        request,
        "ResourceType",
        name.into_inner(),
        discovery::resource_type,
    )
    .await
}

pub(in crate::web) async fn schemas(app: web::Data<App>, request: ScimRequest) -> Answered {
    listed(app, request, discovery::schema_documents).await
}

pub(in crate::web) async fn schema(
    app: web::Data<App>,
    request: ScimRequest,
    urn: web::Path<String>,
) -> Answered {
    single(
        app,
        request,
        "Schema",
        urn.into_inner(),
        discovery::schema_by_urn,
    )
    .await
}

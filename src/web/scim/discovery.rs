//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644 section 4).
//!
//! Where the profile says so, the configuration can be read without a key (RFC 7643 section 5 wants its
//! authentication schemes to be); the others need one.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::Value;

use super::request::ScimRequest;
use super::{Answered, json};
use crate::error::{Error, Result};
use crate::provider::postman;
use crate::scim::profile::{Attributes, Sentences};
use crate::scim::{Endpoint, discovery, message, urn};
use crate::web::App;

/// Of the key's endpoint; strangers see the first team's, if it may be read without a key.
pub(in crate::web) async fn service_provider_config(
    app: web::Data<App>,
    request: ScimRequest,
) -> Answered {
    app.run(move |app| {
        let endpoint = match request.caller(app) {
            Ok(caller) => Arc::clone(&caller.endpoint),
            Err(error @ (Error::Unauthorized { .. } | Error::Disabled { .. })) => {
                open(app).ok_or(error)?
            }
            Err(error) => return Err(error.into()),
        };
        request.refuse_filter()?;
        let service = &endpoint.profile.service;
        let capabilities = discovery::Capabilities::of(service);
        let mut body = discovery::service_provider_config(&capabilities, &request.base);
        if service.sentences == Sentences::Postman {
            postman::dress_configuration(&mut body);
        }
        Ok(json(StatusCode::OK, &body))
    })
    .await
}

/// The endpoint whose configuration everybody may read.
fn open(app: &App) -> Option<Arc<Endpoint>> {
    let snapshot = app.store.read().ok()?;
    let endpoint = app.endpoints.of_strangers(&snapshot).ok()?;
    endpoint.profile.service.open_config.then_some(endpoint)
}

/// Whether a document describes something the endpoint has: without groups neither their type nor their
/// schemas.
fn exists(document: &Value, endpoint: &Endpoint) -> bool {
    let id = document["id"].as_str().unwrap_or_default();
    let of_groups = || {
        let extensions = &endpoint.types.group.extensions;
        id == "Group" || id == urn::GROUP || extensions.iter().any(|e| *e.schema.id == *id)
    };
    endpoint.profile.service.groups || !of_groups()
}

fn shown(mut documents: Vec<Value>, endpoint: &Endpoint) -> Vec<Value> {
    documents.retain(|document| exists(document, endpoint));
    documents
}

/// Paging and sorting parameters are ignored; filters are refused.
fn listed(request: &ScimRequest, all: Vec<Value>) -> Answered {
    request.refuse_filter()?;
    let total = all.len() as u64;
    Ok(json(StatusCode::OK, &message::list_response(all, total, 1)))
}

fn found(kind: &'static str, name: &str, document: Option<Value>) -> Answered {
    match document {
        Some(document) => Ok(json(StatusCode::OK, &document)),
        None => {
            let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
            Err(Error::not_found(kind, name).into())
        }
    }
}

/// The caller's endpoint, if it has `/Schemas` and single resource types.
fn describing(app: &App, request: &ScimRequest) -> Result<Arc<Endpoint>> {
    let endpoint = Arc::clone(&request.caller(app)?.endpoint);
    if endpoint.profile.service.schemas {
        Ok(endpoint)
    } else {
        Err(request.absent())
    }
}

pub(in crate::web) async fn resource_types(app: web::Data<App>, request: ScimRequest) -> Answered {
    app.run(move |app| {
        let endpoint = Arc::clone(&request.caller(app)?.endpoint);
        let service = &endpoint.profile.service;
        let all = match service.attributes {
            Attributes::All => shown(
                discovery::resource_types(&endpoint.types, &request.base),
                &endpoint,
            ),
            Attributes::Postman => postman::resource_types(service.groups),
        };
        if service.resource_types_array {
            request.refuse_filter()?;
            return Ok(json(StatusCode::OK, &Value::Array(all)));
        }
        listed(&request, all)
    })
    .await
}

pub(in crate::web) async fn resource_type(
    app: web::Data<App>,
    request: ScimRequest,
    name: web::Path<String>,
) -> Answered {
    app.run(move |app| {
        let endpoint = describing(app, &request)?;
        let document = discovery::resource_type(&endpoint.types, &name, &request.base);
        let document = document.filter(|document| exists(document, &endpoint));
        found("ResourceType", &name, document)
    })
    .await
}

pub(in crate::web) async fn schemas(app: web::Data<App>, request: ScimRequest) -> Answered {
    app.run(move |app| {
        let endpoint = describing(app, &request)?;
        let all = discovery::schema_documents(&endpoint.types, &request.base);
        listed(&request, shown(all, &endpoint))
    })
    .await
}

pub(in crate::web) async fn schema(
    app: web::Data<App>,
    request: ScimRequest,
    urn: web::Path<String>,
) -> Answered {
    app.run(move |app| {
        let endpoint = describing(app, &request)?;
        let document = discovery::schema_by_urn(&endpoint.types, &urn, &request.base);
        let document = document.filter(|document| exists(document, &endpoint));
        found("Schema", &urn, document)
    })
    .await
}

//! The documents of `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`. RFC 7643 sections 5 to 7.
//!
//! They say only what works; what that is comes in as [`Capabilities`]. `base_url` is the absolute URL up
//! to and without the slash before `Users`.

use serde_json::{Value, json};

use super::Object;
use super::bulk::{MAX_OPERATIONS, MAX_PAYLOAD};
use super::cursor::TIMEOUT_SECONDS;
use super::message::DEFAULT_COUNT;
use super::profile::Service;
use super::resource_types::ResourceTypes;
use super::schema::{Attribute, Kind, ResourceType, Schema};
use super::urn;

/// What the service provider supports.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one published `supported` flag"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// PATCH.
    pub patch: bool,
    /// Bulk.
    pub bulk: bool,
    /// Most operations of a bulk request.
    pub bulk_max_operations: u64,
    /// Most bytes of a bulk request.
    pub bulk_max_payload_size: u64,
    /// Filters.
    pub filter: bool,
    /// Most resources in a response.
    pub filter_max_results: u64,
    /// Setting a password.
    pub change_password: bool,
    /// Sorting.
    pub sort: bool,
    /// Entity tags.
    pub etag: bool,
    /// Cursor pagination, RFC 9865.
    pub cursor: bool,
    /// Seconds a cursor is good for; published with `cursor` only.
    pub cursor_timeout: u64,
}

impl Capabilities {
    /// What an endpoint with these switches offers.
    pub fn of(service: &Service) -> Self {
        let if_bulk = |most: usize| if service.bulk { most as u64 } else { 0 };
        Self {
            patch: true,
            bulk: service.bulk,
            bulk_max_operations: if_bulk(MAX_OPERATIONS),
            bulk_max_payload_size: if_bulk(MAX_PAYLOAD),
            filter: true,
            filter_max_results: service.max_results.into(),
            change_password: false,
            sort: service.sort,
            etag: service.etag,
            cursor: service.cursor,
            cursor_timeout: TIMEOUT_SECONDS.into(),
        }
    }
}

impl Default for Capabilities {
    /// Of the standard's endpoint.
    fn default() -> Self {
        Self::of(&Service::standard())
    }
}

fn meta(resource_type: &str, location: &str) -> Value {
    json!({ "resourceType": resource_type, "location": location })
}

/// The one service provider configuration.
pub fn service_provider_config(capabilities: &Capabilities, base_url: &str) -> Value {
    let supported = |flag: bool| json!({ "supported": flag });
    let mut pagination = json!({
        "cursor": capabilities.cursor,
        "index": true,
        "defaultPaginationMethod": "index",
        "defaultPageSize": DEFAULT_COUNT.min(capabilities.filter_max_results),
        "maxPageSize": capabilities.filter_max_results,
    });
    if capabilities.cursor {
        pagination["cursorTimeout"] = capabilities.cursor_timeout.into();
    }
    json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": supported(capabilities.patch),
        "bulk": {
            "supported": capabilities.bulk,
            "maxOperations": capabilities.bulk_max_operations,
            "maxPayloadSize": capabilities.bulk_max_payload_size,
        },
        "filter": {
            "supported": capabilities.filter,
            "maxResults": capabilities.filter_max_results,
        },
        "changePassword": supported(capabilities.change_password),
        "sort": supported(capabilities.sort),
        "etag": supported(capabilities.etag),
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A SCIM API key in the Authorization header as a bearer token.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "pagination": pagination,
        "meta": meta("ServiceProviderConfig", &format!("{base_url}/ServiceProviderConfig")),
    })
}

/// All resource types.
pub fn resource_types(types: &ResourceTypes, base_url: &str) -> Vec<Value> {
    types
        .all()
        .map(|rt| resource_type_document(rt, base_url))
        .into()
}

/// The resource type of this name (exact case), or `None`.
pub fn resource_type(types: &ResourceTypes, name: &str, base_url: &str) -> Option<Value> {
    types
        .by_name(name)
        .map(|rt| resource_type_document(rt, base_url))
}

fn resource_type_document(rt: &ResourceType, base_url: &str) -> Value {
    let extensions: Vec<_> = rt
        .extensions
        .iter()
        .map(|e| json!({ "schema": &*e.schema.id, "required": e.required }))
        .collect();
    json!({
        "schemas": [urn::RESOURCE_TYPE],
        "id": rt.name,
        "name": rt.name,
        "endpoint": rt.endpoint,
        "description": rt.description,
        "schema": &*rt.schema.id,
        "schemaExtensions": extensions,
        "meta": meta("ResourceType", &format!("{base_url}/ResourceTypes/{}", rt.name)),
    })
}

/// All schemas.
pub fn schema_documents(types: &ResourceTypes, base_url: &str) -> Vec<Value> {
    let all = types.schemas();
    all.into_iter()
        .map(|schema| schema_document(schema, base_url))
        .collect()
}

/// The schema with this URN (any case), or `None`.
pub fn schema_by_urn(types: &ResourceTypes, urn: &str, base_url: &str) -> Option<Value> {
    types
        .schemas()
        .into_iter()
        .find(|schema| schema.id.eq_ignore_ascii_case(urn))
        .map(|schema| schema_document(schema, base_url))
}

/// One schema as published under `/Schemas`.
pub fn schema_document(schema: &Schema, base_url: &str) -> Value {
    let attributes: Vec<_> = schema.attributes.iter().map(|a| attribute(a)).collect();
    json!({
        "schemas": [urn::SCHEMA],
        "id": &*schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": attributes,
        "meta": meta("Schema", &format!("{base_url}/Schemas/{}", schema.id)),
    })
}

fn attribute(of: &Attribute) -> Value {
    let mut out = Object::new();
    out.insert("name".into(), of.name.as_str().into());
    out.insert("type".into(), of.kind.as_str().into());
    out.insert("multiValued".into(), of.multi_valued.into());
    out.insert("description".into(), of.description.as_str().into());
    out.insert("required".into(), of.required.into());
    if !of.canonical_values.is_empty() {
        out.insert("canonicalValues".into(), of.canonical_values.clone().into());
    }
    if !matches!(of.kind, Kind::Complex | Kind::Boolean) {
        out.insert("caseExact".into(), of.case_exact.into());
    }
    out.insert("mutability".into(), of.mutability.as_str().into());
    out.insert("returned".into(), of.returned.as_str().into());
    if !matches!(of.kind, Kind::Complex | Kind::Boolean) {
        out.insert("uniqueness".into(), of.uniqueness.as_str().into());
    }
    if !of.reference_types.is_empty() {
        out.insert("referenceTypes".into(), of.reference_types.clone().into());
    }
    if !of.sub_attributes.is_empty() {
        let subs: Vec<_> = of.sub_attributes.iter().map(|sub| attribute(sub)).collect();
        out.insert("subAttributes".into(), subs.into());
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::super::schemas;
    use super::*;

    #[test]
    fn only_what_works_is_advertised() {
        let config = service_provider_config(&Capabilities::default(), "http://h/scim/v2");
        let flags = ["patch", "bulk", "filter", "changePassword", "sort", "etag"]
            .map(|name| config[name]["supported"].as_bool().unwrap());
        assert_eq!(flags, [true, true, true, false, true, true]);
        assert_eq!(config["bulk"]["maxOperations"], 1_000);
        assert_eq!(config["bulk"]["maxPayloadSize"], 1_048_576);
        assert_eq!(config["filter"]["maxResults"], 200);
        assert_eq!(config["pagination"]["cursor"], true);
        assert_eq!(config["pagination"]["cursorTimeout"], 3_600);
        let without = Capabilities {
            cursor: false,
            ..Capabilities::default()
        };
        let config = service_provider_config(&without, "http://h/scim/v2");
        assert_eq!(config["pagination"]["cursor"], false);
        assert!(config["pagination"].get("cursorTimeout").is_none());
        assert_eq!(
            config["meta"]["location"],
            "http://h/scim/v2/ServiceProviderConfig"
        );
    }

    #[test]
    fn what_is_switched_off_is_not_advertised() {
        let few = Capabilities::of(&Service::postman());
        assert_eq!(few.filter_max_results, 100);
        let offered = (few.bulk, few.sort, few.etag, few.cursor);
        assert_eq!(offered, (false, false, false, false));
        assert_eq!((few.bulk_max_operations, few.bulk_max_payload_size), (0, 0));
    }

    #[test]
    fn schemas_and_resource_types_agree() {
        let types = ResourceTypes::standard();
        let documents = schema_documents(&types, "http://h");
        assert_eq!(documents.len(), 6);
        for rt in resource_types(&types, "http://h") {
            let urn = rt["schema"].as_str().unwrap();
            assert!(documents.iter().any(|d| d["id"] == urn));
            assert_eq!(
                resource_type(&types, rt["name"].as_str().unwrap(), "http://h"),
                Some(rt.clone())
            );
        }
        let user = schema_by_urn(&types, &urn::USER.to_uppercase(), "http://h").unwrap();
        assert_eq!(user["attributes"][0]["name"], "userName");
        assert_eq!(user["attributes"][0]["required"], true);
        assert_eq!(user["attributes"][0]["uniqueness"], "server");
        assert!(!serde_json::to_string(&documents).unwrap().contains("null"));
        assert_eq!(schema_by_urn(&types, "urn:unknown", "http://h"), None);
    }

    #[test]
    fn documents_fit_their_own_schemas() {
        let described = &schemas::discovery()[0];
        let config = service_provider_config(&Capabilities::default(), "http://h");
        for (name, value) in config.as_object().unwrap() {
            if ["schemas", "meta"].contains(&name.as_str()) {
                continue;
            }
            let attribute = described.attributes.get(name).expect("published attribute");
            assert_eq!(attribute.multi_valued, value.is_array(), "{name}");
        }
    }
}

//! Environments of Postman, filled in: the one of Microsoft's inbound quickstart, and the one of a SCIM collection.
//!
//! Names of variables are those of the collections that use them.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::{Value, json};

use super::addresses;
use crate::clock::Timestamp;
use crate::directory::access_token::GRAPH_APP_ID;
use crate::id::Guid;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Environment {
    /// Its name, in ASCII without quotes.
    pub(super) name: &'static str,
    /// What is in it.
    pub(super) text: String,
}

impl Environment {
    /// The file as a download.
    pub(super) fn download(self) -> HttpResponse {
        let attachment = format!("attachment; filename=\"{}\"", self.name);
        HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((header::CONTENT_DISPOSITION, attachment))
            .body(self.text)
    }
}

/// Who uploads where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upload<'a> {
    /// *Application (client) ID*.
    pub(super) client_id: Guid,
    /// A client secret; empty where it is not known.
    pub(super) client_secret: &'a str,
    /// *Directory (tenant) ID*.
    pub(super) tenant: Guid,
    /// Object id of the API-driven provisioning application.
    pub(super) service_principal: Guid,
    /// *Job ID*.
    pub(super) job_id: &'a str,
}

/// `Test-API2AAD`: for the collection *Microsoft Entra Inbound Provisioning*. `base` is the appliance's base URL.
pub(super) fn inbound(base: &str, upload: &Upload<'_>, now: Timestamp) -> Environment {
    let endpoint = addresses::bulk_upload(base, upload.service_principal, upload.job_id);
    let values = [
        ("client_id", upload.client_id.to_string()),
        ("client_secret", upload.client_secret.to_owned()),
        ("token_endpoint", addresses::token_v2(base, upload.tenant)),
        ("jobId", upload.job_id.to_owned()),
        ("bulk_upload_endpoint", endpoint),
        ("ms_graph_resource_id", GRAPH_APP_ID.to_owned()),
        ("graph_base", addresses::graph(base)),
    ];
    Environment {
        name: "Test-API2AAD.postman_environment.json",
        text: text("Test-API2AAD", &values, upload.client_id, now),
    }
}

/// For a collection of the SCIM API's requests; `base_url` is the SCIM base URL. `id` tells it from others.
pub(super) fn scim(base_url: &str, key: &str, id: Guid, now: Timestamp) -> Environment {
    let values = [
        ("baseUrl", base_url),
        ("scimApiKey", key),
        ("userId", ""),
        ("groupId", ""),
        // The collection makes up one that nobody has.
        ("userEmail", ""),
        ("firstName", "Kim"),
        ("lastName", "Akers"),
        ("externalId", "KA-2041"),
        ("locale", "en-US"),
        ("userGroup", ""),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    Environment {
        name: "Postman-SCIM-API.postman_environment.json",
        text: text("Postman SCIM API", &values, id, now),
    }
}

/// Variables whose values Postman hides.
const SECRETS: [&str; 2] = ["client_secret", "scimApiKey"];

fn text(name: &str, values: &[(&str, String)], id: Guid, now: Timestamp) -> String {
    let values: Vec<Value> = values
        .iter()
        .map(|(key, value)| {
            let kind = if SECRETS.contains(key) {
                "secret"
            } else {
                "default"
            };
            json!({ "key": key, "value": value, "type": kind, "enabled": true })
        })
        .collect();
    let file = json!({
        "id": id.to_string(),
        "name": name,
        "values": values,
        "_postman_variable_scope": "environment",
        "_postman_exported_at": now.to_string(),
        "_postman_exported_using": concat!("scimlab/", env!("CARGO_PKG_VERSION")),
    });
    format!("{file:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7f0d6b9e-6d1c-4d59-9d1e-7a4d3c1b2a00";

    /// Its variables, which are those of the file that the examples have beside the collection.
    fn as_shipped(file: &Environment, shipped: &str) -> Vec<(String, String, String)> {
        let (found, beside) = (values(&file.text), values(shipped));
        let names = |of: &[(String, String, String)]| {
            let each = of
                .iter()
                .map(|(name, _, kind)| (name.clone(), kind.clone()));
            each.collect::<Vec<_>>()
        };
        assert_eq!(names(&found), names(&beside));
        found
    }

    fn values(text: &str) -> Vec<(String, String, String)> {
        let read: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read["_postman_variable_scope"], "environment");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        read["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| (text(&v["key"]), text(&v["value"]), text(&v["type"])))
            .collect()
    }

    #[test]
    fn the_environment_of_the_quickstart_has_its_variables() {
        let id: Guid = ID.parse().unwrap();
        let upload = Upload {
            client_id: id,
            client_secret: "",
            tenant: id,
            service_principal: id,
            job_id: "API2AAD.x.y",
        };
        let file = inbound("http://127.0.0.1:7644", &upload, Timestamp::from_millis(0));
        let shipped = include_str!("../../examples/postman/Test-API2AAD.postman_environment.json");
        let found = as_shipped(&file, shipped);
        let secret = ("client_secret".into(), String::new(), "secret".into());
        assert_eq!(found[1], secret);
        assert_eq!(found[5].1, "00000003-0000-0000-c000-000000000000");
        assert_eq!(found[6].1, "http://127.0.0.1:7644/graph");
        assert!(found[4].1.ends_with("/jobs/API2AAD.x.y/bulkUpload"));
        assert_eq!(file.name, "Test-API2AAD.postman_environment.json");
    }

    #[test]
    fn the_environment_of_the_scim_collection_hides_the_key() {
        let id: Guid = ID.parse().unwrap();
        let file = scim(
            "http://127.0.0.1:7644/scim/v2",
            "k",
            id,
            Timestamp::from_millis(0),
        );
        let shipped =
            include_str!("../../examples/postman/Postman SCIM API.postman_environment.json");
        let found = as_shipped(&file, shipped);
        assert_eq!(found[1], ("scimApiKey".into(), "k".into(), "secret".into()));
    }
}

//! What a running appliance leaves in its data directory for other commands: `runtime.json`.
//!
//! The data file itself is locked while the appliance runs. This file is readable by its owner only,
//! because it may name secrets that were preset.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Addresses and ids of a running appliance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Runtime {
    /// `http://127.0.0.1:7644`.
    pub(super) base_url: String,
    /// Base URL of the SCIM endpoint.
    pub(super) scim_base_url: String,
    /// A SCIM key, if it was preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scim_key: Option<String>,
    /// The operator token, if it was preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) operator_token: Option<String>,
    /// An API token of the first org of the mock Okta, if it was preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) okta_token: Option<String>,
    /// Org URL of the mock Okta, to which clients add `/api/v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) okta_org_url: Option<String>,
    /// The first app of the first org.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) okta_app_id: Option<String>,
    /// Tenant id of the mock Entra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_tenant_id: Option<String>,
    /// Client id of an app registration of that tenant: of the preset one, or the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_client_id: Option<String>,
    /// Its client secret, if it was preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_client_secret: Option<String>,
    /// Where clients get access tokens for the Graph API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_token_endpoint: Option<String>,
    /// Root of the Graph API, to which clients add `/v1.0` or `/beta`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) graph_base: Option<String>,
    /// Object id of the first application whose job goes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_service_principal_id: Option<String>,
    /// Synchronization job of that application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_job_id: Option<String>,
    /// Object id of the first API-driven provisioning application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_inbound_service_principal_id: Option<String>,
    /// *Job ID* of that application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_inbound_job_id: Option<String>,
    /// *Provisioning API endpoint* of that application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) entra_bulk_upload_endpoint: Option<String>,
}

const FILE: &str = "runtime.json";

impl Runtime {
    pub(super) fn read(directory: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(directory.join(FILE))?;
        serde_json::from_str(&text).map_err(io::Error::other)
    }

    /// Written to a file beside it first, so that a reader never sees half of it.
    pub(super) fn write(&self, directory: &Path) -> io::Result<()> {
        let fresh = directory.join(format!("{FILE}.new"));
        let mut file = private(&fresh)?;
        file.write_all(
            serde_json::to_string_pretty(self)
                .map_err(io::Error::other)?
                .as_bytes(),
        )?;
        file.write_all(b"\n")?;
        drop(file);
        fs::rename(&fresh, directory.join(FILE))
    }

    pub(super) fn remove(directory: &Path) {
        // Gone already is as good.
        let _ = fs::remove_file(directory.join(FILE));
    }
}

/// Creates or empties a file that only its owner may read.
pub(super) fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

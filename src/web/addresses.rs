//! Where programs find the token endpoint and the Graph API of this appliance: what pages, files and the command line
//! tell them. `base` is a base URL without a trailing slash.

use crate::id::Guid;

/// Root of the Graph API: to which `/v1.0` or `/beta` is added.
pub fn graph(base: &str) -> String {
    format!("{base}/graph")
}

/// *OAuth 2.0 token endpoint (v2)* of a tenant.
pub fn token_v2(base: &str, tenant: Guid) -> String {
    format!("{base}/login/{tenant}/oauth2/v2.0/token")
}

/// *OAuth 2.0 token endpoint (v1)* of a tenant.
pub fn token_v1(base: &str, tenant: Guid) -> String {
    format!("{base}/login/{tenant}/oauth2/token")
}

/// *Provisioning API endpoint* of an inbound job (entra.md 8.1).
pub fn bulk_upload(base: &str, service_principal: Guid, job_id: &str) -> String {
    let graph = graph(base);
    format!(
        "{graph}/v1.0/servicePrincipals/{service_principal}/synchronization/jobs/{job_id}/bulkUpload"
    )
}

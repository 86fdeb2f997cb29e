//! Samples of *Admin Credentials*.

use super::super::entra::credentials::CredentialsForm;

impl CredentialsForm {
    fn sample(base: &str, tenant_url: &str, token_stored: bool) -> Self {
        let (tenant_url, secret_token) = Self::fields(tenant_url, token_stored);
        Self {
            save: format!("{base}/provisioning/credentials"),
            test: format!("{base}/provisioning/test-connection"),
            tenant_url,
            secret_token,
            token_stored,
            tested: None,
        }
    }

    pub(super) fn stored(base: &str) -> Self {
        Self::sample(base, "http://127.0.0.1:7644/scim/v2/", true)
    }

    pub(super) fn empty(base: &str) -> Self {
        Self::sample(base, "", false)
    }

    pub(super) fn mistyped(base: &str) -> Self {
        let mut form = Self::empty(base);
        form.tenant_url = form.tenant_url.value("htp:/localhost").error("Please provide a valid tenant URL for your application: it starts with http:// or https://.");
        form
    }
}

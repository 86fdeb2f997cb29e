//! *Admin Credentials* of the *Provisioning* tab: where requests go, what signs them, and *Test Connection*.

use super::super::parts::{Field, Notice};

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsForm {
    /// Address the credentials are posted to.
    pub save: String,
    /// Address *Test Connection* posts the same form to.
    pub test: String,
    /// *Tenant URL*.
    pub tenant_url: Field,
    /// *Secret Token*; never echoed.
    pub secret_token: Field,
    /// Whether a token is stored.
    pub token_stored: bool,
    /// Outcome of *Test Connection*.
    pub tested: Option<Notice>,
}

impl CredentialsForm {
    /// The two fields of *Admin Credentials*.
    pub fn fields(tenant_url: &str, token_stored: bool) -> (Field, Field) {
        let url = Field::new("tenant_url", "Tenant URL")
            .required()
            .kind("url", "off")
            .max_length(2_048)
            .value(tenant_url)
            .help("The SCIM base URL of the target. The bundled team shows its own under Authentication.");
        let token = Field::new("secret_token", "Secret Token")
            .kind("password", "off")
            .max_length(4_096);
        let token = if token_stored {
            token.help("A token is stored. Leave this empty to keep it.")
        } else {
            token.required().help("A SCIM API key of the target.")
        };
        (url, token)
    }
}

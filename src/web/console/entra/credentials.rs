//! *Admin Credentials* of the *Provisioning* tab: where requests go, what signs them, and *Test Connection*.
//!
//! Field names are the vendor's: *Authentication Method*, *Tenant URL*, *Secret Token*; *Token Endpoint*,
//! *Client Identifier*, *Client Secret*.

use serde::Deserialize;

use super::super::exchange::Exchange;
use super::super::parts::{Choice, Field, Notice};
use crate::model::CredentialLocation;

/// *Authentication Method*, as the form posts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// *Secret Token*.
    #[default]
    SecretToken,
    /// *`OAuth2` client credentials grant*.
    ClientCredentials,
}

impl Method {
    const fn slug(self) -> &'static str {
        match self {
            Self::SecretToken => "secret-token",
            Self::ClientCredentials => "client-credentials",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::SecretToken => "Secret Token",
            Self::ClientCredentials => "OAuth2 client credentials grant",
        }
    }
}

/// What the fields show; secrets are never among it.
#[derive(Debug, Clone, Copy)]
pub struct Entered<'a> {
    /// *Tenant URL*.
    pub tenant_url: &'a str,
    /// *Authentication Method*.
    pub method: Method,
    /// *Token Endpoint*.
    pub token_endpoint: &'a str,
    /// *Client Identifier*.
    pub client_id: &'a str,
    /// Where a token request carries the client's credentials.
    pub location: CredentialLocation,
}

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsForm {
    /// Address the credentials are posted to.
    pub save: String,
    /// Address *Test Connection* posts the same form to.
    pub test: String,
    /// *Tenant URL*.
    pub tenant_url: Field,
    /// *Authentication Method*: decides which of the two groups of fields below counts.
    pub method: Field,
    /// *Secret Token*; never echoed.
    pub secret_token: Field,
    /// *Token Endpoint*, *Client Identifier*, *Client Secret* (never echoed) and where they are sent.
    pub client: Vec<Field>,
    /// Whether credentials are stored.
    pub stored: bool,
    /// Outcome of *Test Connection*.
    pub tested: Option<Notice>,
    /// What *Test Connection* sent and got.
    pub exchanges: Vec<Exchange>,
}

impl CredentialsForm {
    /// The form with its fields filled. `stored` is the method whose secret is stored, `kept` the one whose
    /// secret was tested and waits in the session. Addresses and outcomes are still empty.
    pub fn new(entered: &Entered<'_>, stored: Option<Method>, kept: Option<Method>) -> Self {
        let methods = [Method::SecretToken, Method::ClientCredentials]
            .map(|method| Choice::new(method.slug(), method.label()));
        let secret = |method: Method, field: Field, fresh: &str| {
            let field = field.kind("password", "off").max_length(4_096).expected();
            if kept == Some(method) {
                field.help(
                    "The one you just tested is kept until you save. Leave this empty to use it.",
                )
            } else if stored == Some(method) {
                field.help("One is stored. Leave this empty to keep it.")
            } else {
                field.help(fresh)
            }
        };
        let location = match entered.location {
            CredentialLocation::Header => "Header",
            CredentialLocation::Body => "Body",
        };
        Self {
            save: String::new(),
            test: String::new(),
            tenant_url: Field::new("tenant_url", "Tenant URL")
                .required()
                .kind("url", "off")
                .max_length(2_048)
                .value(entered.tenant_url)
                .help("The SCIM base URL of the target. The bundled team shows its own under Authentication. Add ?aadOptscim062020 for Entra's newer dialect, or ?rfc7644 for a target that takes nothing but the standard (ours: Entra has no such flag)."),
            method: Field::new("method", "Authentication Method")
                .choices(methods.into())
                .value(entered.method.slug()),
            secret_token: secret(
                Method::SecretToken,
                Field::new("secret_token", "Secret Token"),
                "A SCIM API key of the target.",
            ),
            client: vec![
                Field::new("token_endpoint", "Token Endpoint")
                    .kind("url", "off")
                    .max_length(2_048)
                    .expected()
                    .value(entered.token_endpoint)
                    .help("Where the agent fetches access tokens, such as https://login.example/oauth/token."),
                Field::new("client_id", "Client Identifier")
                    .max_length(1_024)
                    .expected()
                    .value(entered.client_id),
                secret(
                    Method::ClientCredentials,
                    Field::new("client_secret", "Client Secret"),
                    "What the target's administrator gave you with the identifier.",
                ),
                Field::new("location", "Credentials of a token request")
                    .choices(vec![
                        Choice::new("Header", "In the Authorization header (Basic)"),
                        Choice::new("Body", "In the body of the request"),
                    ])
                    .value(location),
            ],
            stored: stored.is_some(),
            tested: None,
            exchanges: Vec::new(),
        }
    }

    /// Shows what is wrong at the field of this name.
    pub fn complain(&mut self, name: &str, detail: String) {
        let fields = [
            &mut self.tenant_url,
            &mut self.method,
            &mut self.secret_token,
        ];
        let mut fields = fields.into_iter().chain(&mut self.client);
        if let Some(field) = fields.find(|field| field.name == name) {
            field.error = detail;
        }
    }
}

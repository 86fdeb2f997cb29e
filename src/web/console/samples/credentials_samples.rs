//! Samples of *Admin Credentials*.

use super::super::entra::credentials::{CredentialsForm, Entered, Method};
use super::super::exchange::{Code, Exchange};
use super::super::parts::{Notice, Tone};
use crate::model::CredentialLocation;

const TOKEN: Entered<'static> = Entered {
    tenant_url: "http://127.0.0.1:7644/scim/v2/",
    method: Method::SecretToken,
    token_endpoint: "",
    client_id: "",
    location: CredentialLocation::Header,
};

impl CredentialsForm {
    fn at(mut self, base: &str) -> Self {
        self.save = format!("{base}/provisioning/credentials");
        self.test = format!("{base}/provisioning/test-connection");
        self
    }

    pub(super) fn stored(base: &str) -> Self {
        Self::new(&TOKEN, Some(Method::SecretToken), None).at(base)
    }

    pub(super) fn empty(base: &str) -> Self {
        let nothing = Entered {
            tenant_url: "",
            ..TOKEN
        };
        Self::new(&nothing, None, None).at(base)
    }

    pub(super) fn mistyped(base: &str) -> Self {
        let typed = Entered {
            tenant_url: "htp:/localhost",
            ..TOKEN
        };
        let mut form = Self::new(&typed, None, Some(Method::SecretToken)).at(base);
        form.complain(
            "tenant_url",
            "Please provide a valid tenant URL for your application. It must begin with http:// or https://.".into(),
        );
        form
    }

    /// The other method, tested and refused.
    pub(super) fn refused(base: &str) -> Self {
        let client = Entered {
            tenant_url: "https://scim.example/v2?aadOptscim062020",
            method: Method::ClientCredentials,
            token_endpoint: "https://login.example/oauth/token",
            client_id: "provisioning-agent",
            location: CredentialLocation::Body,
        };
        let stored = Some(Method::ClientCredentials);
        let mut form = Self::new(&client, stored, stored).at(base);
        form.complain("client_secret", "Enter the Client Secret.".into());
        form.tested = Some(Notice::new(
            Tone::Bad,
            crate::sync::INVALID,
            "The token endpoint refused the client: invalid_client.",
        ));
        form.exchanges = vec![Exchange {
            method: "POST".into(),
            path: "https://login.example/oauth/token".into(),
            status: Exchange::status_pill(401, "Unauthorized"),
            duration: "12 ms".into(),
            request_headers: String::new(),
            request: Code::json(
                "grant_type=client_credentials&client_id=provisioning-agent&client_secret=***",
            ),
            response_headers: String::new(),
            response: Code::json("The token endpoint refused the client: invalid_client."),
            open: true,
        }];
        form
    }
}

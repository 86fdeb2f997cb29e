//! *Admin Credentials* of a job as they are stored: how its requests are signed, secrets sealed.
//!
//! Names follow the portal's *Authentication Method* and the secrets of Graph's `synchronization`
//! (`SecretToken`; `Oauth2ClientId`, `Oauth2ClientSecret`, `Oauth2TokenExchangeUri`,
//! `CredentialLocationInRequest`).

use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::Sealed;

/// *Authentication Method*. Written as `{"method":"SecretToken",…}`; a bare sealed text, which older
/// versions wrote, reads as a secret token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "method")]
pub enum Authentication {
    /// *Secret Token*: sent as it is, as Bearer.
    SecretToken {
        /// The token.
        token: Sealed,
    },
    /// *`OAuth2` client credentials grant*: an access token is fetched with a client's secret.
    ClientCredentials(SealedClient),
}

/// An OAuth client with its secret sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedClient {
    /// *Token Endpoint*: absolute, `http` or `https`.
    pub token_endpoint: String,
    /// *Client Identifier*.
    pub client_id: String,
    /// *Client Secret*.
    pub client_secret: Sealed,
    /// Where a token request carries both.
    #[serde(default)]
    pub location: CredentialLocation,
}

/// `CredentialLocationInRequest`: where a token request carries the client's identifier and secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CredentialLocation {
    /// In an `Authorization: Basic` header.
    #[default]
    Header,
    /// In the form, as `client_id` and `client_secret`.
    Body,
}

impl<'de> Deserialize<'de> for Authentication {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(tag = "method")]
        enum Tagged {
            SecretToken { token: Sealed },
            ClientCredentials(SealedClient),
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Tagged(Tagged),
            Token(Sealed),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Token(token) | Either::Tagged(Tagged::SecretToken { token }) => {
                Self::SecretToken { token }
            }
            Either::Tagged(Tagged::ClientCredentials(client)) => Self::ClientCredentials(client),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_versions_wrote_is_a_secret_token() {
        let token = Sealed::from_text("00ff");
        let old: Authentication = serde_json::from_str("\"00ff\"").unwrap();
        assert_eq!(old, Authentication::SecretToken { token });
    }

    #[test]
    fn both_methods_read_as_they_were_written() {
        let secret = Sealed::from_text("00ff");
        for method in [
            Authentication::SecretToken {
                token: secret.clone(),
            },
            Authentication::ClientCredentials(SealedClient {
                token_endpoint: "https://login.example/token".into(),
                client_id: "agent".into(),
                client_secret: secret,
                location: CredentialLocation::Body,
            }),
        ] {
            let text = serde_json::to_string(&method).unwrap();
            assert_eq!(
                serde_json::from_str::<Authentication>(&text).unwrap(),
                method,
                "{text}"
            );
        }
    }
}

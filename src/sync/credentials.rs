//! [`Connection`]: where a job's requests go and what signs them, with the secrets opened; and what may
//! be saved as such.

use super::client::checked_address;
use super::tenant_url::{BadTenantUrl, TenantUrl};
use crate::error::{Error, Result};
use crate::model::{Authentication, CredentialLocation, Job, SealedClient};
use crate::secret::{Plain, Sealer};

/// The longest secret, identifier or address that is kept, in bytes.
const LONGEST: usize = 4096;

/// How requests are signed: *Authentication Method* with its fields.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// *Secret Token*.
    SecretToken(Plain),
    /// *`OAuth2` client credentials grant*.
    Client(ClientCredentials),
}

/// The fields of *`OAuth2` client credentials grant*.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// *Token Endpoint*: an absolute `http` or `https` address.
    pub token_endpoint: String,
    /// *Client Identifier*.
    pub client_id: String,
    /// *Client Secret*.
    pub client_secret: Plain,
    /// Where a token request carries both.
    pub location: CredentialLocation,
}

impl From<Plain> for Credentials {
    fn from(token: Plain) -> Self {
        Self::SecretToken(token)
    }
}

impl Credentials {
    /// Opens what is stored; `None` when it was sealed with another installation's key.
    pub fn open(stored: &Authentication, sealer: &Sealer) -> Option<Self> {
        Some(match stored {
            Authentication::SecretToken { token } => Self::SecretToken(sealer.open(token)?),
            Authentication::ClientCredentials(client) => Self::Client(ClientCredentials {
                token_endpoint: client.token_endpoint.clone(),
                client_id: client.client_id.clone(),
                client_secret: sealer.open(&client.client_secret)?,
                location: client.location,
            }),
        })
    }

    /// For storing.
    pub fn seal(&self, sealer: &Sealer) -> Authentication {
        match self {
            Self::SecretToken(token) => Authentication::SecretToken {
                token: sealer.seal(token),
            },
            Self::Client(client) => Authentication::ClientCredentials(SealedClient {
                token_endpoint: client.token_endpoint.clone(),
                client_id: client.client_id.clone(),
                client_secret: sealer.seal(&client.client_secret),
                location: client.location,
            }),
        }
    }

    /// Whether they can be used at all.
    ///
    /// # Errors
    /// [`Error::Field`] (`secret_token`, `token_endpoint`, `client_id`, `client_secret`): empty, too long,
    /// or characters that no header takes.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::SecretToken(token) => {
                let token = token.expose();
                if token.trim().is_empty() {
                    return Err(Error::field(
                        "secret_token",
                        "The Secret Token is empty; paste the SCIM API key of the target.",
                    ));
                }
                secret("secret_token", "Secret Token", token)
            }
            Self::Client(client) => {
                checked_address(&client.token_endpoint).map_err(|why| {
                    Error::field(
                        "token_endpoint",
                        format!("Enter the address of the token endpoint. {why}"),
                    )
                })?;
                if client.token_endpoint.len() > LONGEST {
                    return Err(Error::field(
                        "token_endpoint",
                        "The Token Endpoint is too long.",
                    ));
                }
                if client.client_id.is_empty() {
                    return Err(Error::field("client_id", "Enter the Client Identifier."));
                }
                secret("client_id", "Client Identifier", &client.client_id)?;
                if client.client_secret.expose().is_empty() {
                    return Err(Error::field("client_secret", "Enter the Client Secret."));
                }
                secret(
                    "client_secret",
                    "Client Secret",
                    client.client_secret.expose(),
                )
            }
        }
    }
}

fn secret(field: &'static str, label: &str, text: &str) -> Result<()> {
    if text.len() > LONGEST {
        let detail = format!("The {label} is longer than {LONGEST} characters.");
        return Err(Error::field(field, detail));
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        let detail = format!("The {label} may contain visible ASCII characters only.");
        return Err(Error::field(field, detail));
    }
    Ok(())
}

/// Where requests go and what signs them.
#[derive(Debug, Clone)]
pub struct Connection {
    /// *Tenant URL*.
    pub url: TenantUrl,
    /// What signs requests.
    pub credentials: Credentials,
}

/// Why a job has no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoConnection {
    /// It has no tenant URL, or none that can be one.
    #[error(transparent)]
    Url(#[from] BadTenantUrl),
    /// It has no credentials.
    #[error("There are no credentials yet; save them first.")]
    Missing,
    /// They were sealed with another installation's key.
    #[error(
        "The stored credentials cannot be opened with this installation's key; save them again."
    )]
    Sealed,
}

impl Connection {
    /// From what was typed.
    ///
    /// # Errors
    /// When the text is no tenant URL.
    pub fn new(
        tenant_url: &str,
        credentials: Credentials,
    ) -> std::result::Result<Self, BadTenantUrl> {
        Ok(Self {
            url: tenant_url.parse()?,
            credentials,
        })
    }

    /// The stored connection of a job.
    ///
    /// # Errors
    /// When it is not complete.
    pub fn of_job(job: &Job, sealer: &Sealer) -> std::result::Result<Self, NoConnection> {
        let url = job.tenant_url.as_deref().unwrap_or_default().parse()?;
        let stored = job.authentication.as_ref().ok_or(NoConnection::Missing)?;
        let credentials = Credentials::open(stored, sealer).ok_or(NoConnection::Sealed)?;
        Ok(Self { url, credentials })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(endpoint: &str, id: &str, secret: &str) -> Credentials {
        Credentials::Client(ClientCredentials {
            token_endpoint: endpoint.into(),
            client_id: id.into(),
            client_secret: Plain::new(secret),
            location: CredentialLocation::Header,
        })
    }

    #[test]
    fn what_no_header_takes_is_refused_at_its_field() {
        let endpoint = "https://login.example/token";
        let long = "x".repeat(LONGEST + 1);
        for (credentials, field) in [
            (Plain::new("key").into(), None),
            (Plain::new(" ").into(), Some("secret_token")),
            (Plain::new("a\nb").into(), Some("secret_token")),
            (Plain::new("\u{e9}").into(), Some("secret_token")),
            (Plain::new(&*long).into(), Some("secret_token")),
            (client(endpoint, "id", "secret"), None),
            (client("http://h/t?x=1", "id", "secret"), None),
            (client("", "id", "secret"), Some("token_endpoint")),
            (client("ftp://h/t", "id", "secret"), Some("token_endpoint")),
            (
                client("http://169.254.169.254/t", "id", "secret"),
                Some("token_endpoint"),
            ),
            (client(endpoint, "", "secret"), Some("client_id")),
            (client(endpoint, "a b", "secret"), Some("client_id")),
            (client(endpoint, "id", ""), Some("client_secret")),
            (client(endpoint, "id", "a\r\nb"), Some("client_secret")),
        ] {
            let refused = match credentials.check() {
                Ok(()) => None,
                Err(Error::Field { field, .. }) => Some(field),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(refused, field, "{credentials:?}");
        }
    }

    #[test]
    fn what_is_sealed_opens_again_with_the_same_key_only() {
        let (mine, theirs) = (Sealer::new(&[7; 32]), Sealer::new(&[8; 32]));
        for credentials in [
            Plain::new("key").into(),
            client("https://h/t", "id", "hidden"),
        ] {
            let sealed: Authentication = credentials.seal(&mine);
            assert!(!format!("{sealed:?}").contains("hidden"));
            assert!(Credentials::open(&sealed, &theirs).is_none());
            let opened = Credentials::open(&sealed, &mine).unwrap();
            match (opened, credentials) {
                (Credentials::SecretToken(a), Credentials::SecretToken(b)) => assert!(a.same(&b)),
                (Credentials::Client(a), Credentials::Client(b)) => {
                    assert!(a.client_secret.same(&b.client_secret));
                    assert_eq!(
                        (a.token_endpoint, a.client_id),
                        (b.token_endpoint, b.client_id)
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

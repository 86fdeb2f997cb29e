//! [`Signature`]: what goes into the `Authorization` header of every request.

use base64ct::{Base64, Encoding as _};

use super::super::credentials::{ClientCredentials, Credentials};
use super::Ways;
use super::tokens::Grant;
use crate::secret::Plain;

/// What signs the requests of a client.
#[derive(Debug, Clone)]
pub enum Signature {
    /// `Bearer …` with a token that was given.
    Bearer(Plain),
    /// The whole value, as it is.
    Header(Plain),
    /// `Basic …`: the base 64 of name and password.
    Basic {
        /// Name.
        user: String,
        /// Password.
        password: Plain,
    },
    /// `Bearer …` with an access token that is fetched when it is needed.
    Granted(ClientCredentials),
}

impl From<Credentials> for Signature {
    fn from(credentials: Credentials) -> Self {
        match credentials {
            Credentials::SecretToken(token) => Self::Bearer(token),
            Credentials::Client(client) => Self::Granted(client),
        }
    }
}

/// A signature, ready for use.
pub(super) enum Signing {
    /// The value of the header.
    Fixed(Plain),
    Granted(Grant),
}

impl Signature {
    pub(super) fn ready(self, ways: &Ways) -> Signing {
        Signing::Fixed(match self {
            Self::Bearer(token) => bearer(&token),
            Self::Header(value) => value,
            Self::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                Plain::new(format!("Basic {}", Base64::encode_string(pair.as_bytes())))
            }
            Self::Granted(client) => {
                let clock = std::sync::Arc::clone(&ways.clock);
                return Signing::Granted(Grant::new(client, clock, &ways.tokens));
            }
        })
    }
}

/// `Bearer …`.
pub(super) fn bearer(token: &Plain) -> Plain {
    Plain::new(format!("Bearer {}", token.expose()))
}

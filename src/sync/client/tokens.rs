//! Access tokens of the *`OAuth2` client credentials grant*: fetched from a token endpoint, kept until they
//! expire, fetched anew when a target refuses one.
//!
//! Follows RFC 6749 sections 4.4 and 5. The endpoint's answer is never logged as it is: it holds the token.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use serde::Deserialize;

use super::super::credentials::ClientCredentials;
use super::failure::NoAnswer;
use super::{ANSWER_LIMIT, milliseconds, whole};
use crate::clock::{Clock, Stopwatch, Timestamp};
use crate::model::{CredentialLocation, Exchange};
use crate::secret::Plain;

/// How long a token lives whose endpoint does not say: an hour, the least that Microsoft asks of endpoints.
const LIFETIME: u64 = 3600;

type Slot = Arc<Mutex<Option<AccessToken>>>;

/// The access tokens in use, by client; clones share them. Kept in memory only.
#[derive(Clone, Default)]
pub struct AccessTokens(Arc<Mutex<HashMap<[u8; 32], Slot>>>);

impl AccessTokens {
    /// The place for the token of a client; another secret is another client.
    fn slot(&self, client: &ClientCredentials) -> Slot {
        let text = format!(
            "{}\n{}\n{:?}\n{}",
            client.token_endpoint,
            client.client_id,
            client.location,
            client.client_secret.expose()
        );
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(Plain::new(text).digest().0).or_default())
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessTokens(..)")
    }
}

#[derive(Clone)]
struct AccessToken {
    value: Plain,
    expires: Timestamp,
}

/// The right of one client to access tokens.
pub(super) struct Grant {
    client: ClientCredentials,
    clock: Arc<dyn Clock>,
    slot: Slot,
}

/// What a token endpoint answers when it grants one.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// What a token endpoint answers when it does not (RFC 6749 section 5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Grant {
    pub(super) fn new(
        client: ClientCredentials,
        clock: Arc<dyn Clock>,
        tokens: &AccessTokens,
    ) -> Self {
        let slot = tokens.slot(&client);
        Self {
            client,
            clock,
            slot,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<AccessToken>> {
        // Replaced as a whole, so a panic elsewhere leaves it intact.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token in use, or a new one. One thread fetches, the others wait for it.
    pub(super) fn token(&self, agent: &ureq::Agent) -> Result<Plain, NoAnswer> {
        let mut slot = self.lock();
        if let Some(token) = &*slot
            && self.clock.now() < token.expires
        {
            return Ok(token.value.clone());
        }
        self.fetch_into(&mut slot, agent).1
    }

    /// Another token than the one that was refused, which another thread may have fetched already.
    pub(super) fn another(&self, agent: &ureq::Agent, refused: &Plain) -> Result<Plain, NoAnswer> {
        let mut slot = self.lock();
        match &*slot {
            Some(token) if !token.value.same(refused) => Ok(token.value.clone()),
            _ => self.fetch_into(&mut slot, agent).1,
        }
    }

    /// A new token whatever is in use, with the request behind it.
    pub(super) fn renew(&self, agent: &ureq::Agent) -> (Exchange, Result<(), NoAnswer>) {
        let (exchange, token) = self.fetch_into(&mut self.lock(), agent);
        (exchange, token.map(|_| ()))
    }

    fn fetch_into(
        &self,
        slot: &mut Option<AccessToken>,
        agent: &ureq::Agent,
    ) -> (Exchange, Result<Plain, NoAnswer>) {
        let (exchange, granted) = self.fetch(agent);
        *slot = granted.as_ref().ok().cloned();
        (exchange, granted.map(|token| token.value))
    }

    fn fetch(&self, agent: &ureq::Agent) -> (Exchange, Result<AccessToken, NoAnswer>) {
        let watch = Stopwatch::start();
        let asked = self.clock.now();
        let ClientCredentials {
            token_endpoint,
            client_id,
            client_secret,
            location,
        } = &self.client;
        let request = agent
            .post(token_endpoint)
            .header("Accept", "application/json");
        let mut form = vec![("grant_type", "client_credentials")];
        let request = match location {
            CredentialLocation::Header => {
                // RFC 6749 section 2.3.1: both parts are form-encoded first.
                let pair = format!("{}:{}", encoded(client_id), encoded(client_secret.expose()));
                let basic = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
                request.header("Authorization", basic)
            }
            CredentialLocation::Body => {
                form.push(("client_id", client_id));
                form.push(("client_secret", client_secret.expose()));
                request
            }
        };
        let answer = whole(request.send_form(form.iter().copied()), ANSWER_LIMIT);
        let mut shown = form;
        if let Some(secret) = shown.iter_mut().find(|(name, _)| *name == "client_secret") {
            secret.1 = "***";
        }
        let shown: Vec<String> = shown
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let status = answer.as_ref().ok().map(|answer| answer.status);
        let granted = match answer {
            Err(error) => Err(NoAnswer::NoToken(format!(
                "The token endpoint {token_endpoint} gave no access token. {error}"
            ))),
            Ok(answer) => self.understand(answer.status, &answer.body, asked),
        };
        let response = match &granted {
            Ok(token) => format!("(an access token, valid until {})", token.expires),
            Err(error) => error.to_string(),
        };
        let exchange = Exchange {
            method: "POST".to_owned(),
            url: token_endpoint.clone(),
            request: Some(shown.join("&")),
            status,
            response,
            milliseconds: milliseconds(watch),
        };
        (exchange, granted)
    }

    fn understand(
        &self,
        status: u16,
        body: &[u8],
        asked: Timestamp,
    ) -> Result<AccessToken, NoAnswer> {
        let endpoint = &self.client.token_endpoint;
        if status != 200 {
            let why = match serde_json::from_slice::<Refused>(body) {
                Ok(refused) if refused.error_description.is_empty() => refused.error,
                Ok(refused) => format!("{} ({})", refused.error, refused.error_description),
                Err(_) => format!("status {status}"),
            };
            let kind = if matches!(status, 400 | 401 | 403) {
                NoAnswer::TokenRefused
            } else {
                NoAnswer::NoToken
            };
            return Err(kind(format!(
                "The token endpoint {endpoint} refused the client: {why}. Check the Client Identifier and the Client Secret."
            )));
        }
        let granted: Granted = serde_json::from_slice(body).map_err(|error| {
            NoAnswer::NoToken(format!(
                "The token endpoint {endpoint} did not answer with an access token: {error}."
            ))
        })?;
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if !visible(&granted.access_token) {
            return Err(NoAnswer::NoToken(format!(
                "The token endpoint {endpoint} answered with an access token that cannot be sent."
            )));
        }
        let lifetime = Duration::from_secs(granted.expires_in.unwrap_or(LIFETIME));
        Ok(AccessToken {
            value: Plain::new(granted.access_token),
            expires: asked.plus(lifetime),
        })
    }
}

/// `application/x-www-form-urlencoded`.
fn encoded(text: &str) -> String {
    super::super::dialect::entra::query(text)
}

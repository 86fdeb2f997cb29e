//! *Test Connection*, which is also the keep-alive probe at the start of every cycle.
//!
//! Two reads with a random name that nobody has: users by their first matching attribute, then groups
//! when they are provisioned. The target must answer 200 with an empty `ListResponse`. Codes and
//! sentences are those of the portal.

use std::fmt::Write as _;

use super::answer::{self, INCOMPATIBLE, INCOMPATIBLE_FILTERING};
use super::client::{Answer, Client, Method, NoAnswer, Request};
use super::context::AgentContext;
use super::credentials::{Connection, NoConnection};
use super::dialect::entra;
use crate::id::Guid;
use crate::mapping::entra::SynchronizationRules;
use crate::model::{ErrorInformation, Exchange, ObjectKind};

/// The portal's sentence when the test succeeds.
pub const SUCCESS: &str = "The supplied credentials are authorized to enable provisioning";
/// The portal's sentence when it does not; the detail follows in [`ConnectionFailure::message`].
pub const INVALID: &str = "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.";

/// Requests of one probe, at most: users, then groups.
pub const PROBE_REQUESTS: u64 = 2;

const UNAUTHORIZED: &str = "SystemForCrossDomainIdentityManagementCredentialValidationFailure";
const UNAVAILABLE: &str = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable";
const BAD_URL: &str = "SystemForCrossDomainIdentityManagementInvalidCredentials";

/// The connection does not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectionFailure {
    /// `SystemForCrossDomainIdentityManagement…`.
    pub code: String,
    /// What the target answered, in the portal's words.
    pub message: String,
    /// The wire behind it.
    pub exchanges: Vec<Exchange>,
}

impl ConnectionFailure {
    /// As the status of a job shows it.
    pub fn information(&self) -> ErrorInformation {
        ErrorInformation {
            error_code: self.code.clone(),
            reason: self.message.clone(),
            recommended_action: Some(
                "Correct the Admin Credentials, then use Test Connection.".to_owned(),
            ),
        }
    }

    /// Nothing was sent, because there is nothing to send it to or to sign it with.
    pub(super) fn unusable(message: String) -> Self {
        Self {
            code: BAD_URL.to_owned(),
            message,
            exchanges: Vec::new(),
        }
    }
}

/// Tests a connection as *Test Connection* does: an access token is fetched anew, then the probe. `nobody`
/// is a fresh random GUID. Takes up to three times the timeout: never call it inside a write closure.
///
/// # Errors
/// Why the connection does not work, with what was sent and what came back.
pub fn test_connection(
    context: &AgentContext,
    connection: Connection,
    rules: &SynchronizationRules,
    nobody: Guid,
) -> Result<Vec<Exchange>, ConnectionFailure> {
    let client = Client::new(connection, &context.ways(1));
    let mut exchanges = Vec::with_capacity(3);
    sign_in(&client, &mut exchanges)?;
    match probe(&client, rules, nobody) {
        Ok(probed) => {
            exchanges.extend(probed);
            Ok(exchanges)
        }
        Err(mut failure) => {
            exchanges.append(&mut failure.exchanges);
            Err(ConnectionFailure {
                exchanges,
                ..failure
            })
        }
    }
}

/// Fetches an access token where one is needed.
pub(super) fn sign_in(
    client: &Client,
    exchanges: &mut Vec<Exchange>,
) -> Result<(), ConnectionFailure> {
    let Some((exchange, signed_in)) = client.sign_in() else {
        return Ok(());
    };
    exchanges.push(exchange);
    signed_in.map_err(|error| {
        let (code, message) = no_answer(&error);
        ConnectionFailure {
            code: code.to_owned(),
            message,
            exchanges: std::mem::take(exchanges),
        }
    })
}

impl From<NoConnection> for ConnectionFailure {
    fn from(missing: NoConnection) -> Self {
        Self::unusable(missing.to_string())
    }
}

/// Probes with an existing client.
pub(super) fn probe(
    client: &Client,
    rules: &SynchronizationRules,
    nobody: Guid,
) -> Result<Vec<Exchange>, ConnectionFailure> {
    let nobody = nobody.to_string();
    let mut exchanges = Vec::with_capacity(2);
    for (kind, mapping) in [
        (ObjectKind::User, &rules.users),
        (ObjectKind::Group, &rules.groups),
    ] {
        let Some(attribute) = mapping
            .matching()
            .first()
            .copied()
            .filter(|_| mapping.enabled)
        else {
            continue;
        };
        let request = entra::find(kind, &attribute.target, &nobody);
        let (exchange, answer) = client.send(&request);
        exchanges.push(exchange);
        if let Err((code, message)) = verdict(client, &request, answer) {
            return Err(ConnectionFailure {
                code: code.to_owned(),
                message,
                exchanges,
            });
        }
    }
    Ok(exchanges)
}

fn verdict(
    client: &Client,
    request: &Request,
    answer: Result<Answer, NoAnswer>,
) -> Result<(), (&'static str, String)> {
    let answer = answer.map_err(|error| no_answer(&error))?;
    let described = || describe(&client.url(request), request.method, &answer);
    match answer.status {
        200 => match answer::list(&answer) {
            Ok(found) if found.total == 0 => Ok(()),
            Ok(found) => Err((
                INCOMPATIBLE_FILTERING,
                format!(
                    "The filter for a name that does not exist found {} resources, so filtering does not work. {}",
                    found.total,
                    unexpected(&described())
                ),
            )),
            Err(error) => Err((INCOMPATIBLE, error.reason)),
        },
        _ => Err(refusal(&answer, &described())),
    }
}

/// Code and sentence when no answer came.
pub(super) fn no_answer(error: &NoAnswer) -> (&'static str, String) {
    let code = match error {
        NoAnswer::TokenRefused(_) => UNAUTHORIZED,
        _ => UNAVAILABLE,
    };
    let text = error.to_string();
    (code, unexpected(text.trim_end_matches('.')))
}

/// Code and sentence of an answer other than 200.
pub(super) fn refusal(answer: &Answer, described: &str) -> (&'static str, String) {
    let code = match answer.status {
        401 | 403 => UNAUTHORIZED,
        404 => {
            let message = format!(
                "An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response. To address this issue, ensure that the tenant URL is correct. {described}"
            );
            return (INCOMPATIBLE, message);
        }
        300..=399 => {
            let message = format!(
                "{} Redirects are not followed; use the final URL as tenant URL.",
                unexpected(described)
            );
            return (INCOMPATIBLE, message);
        }
        408 | 429 | 500..=599 => UNAVAILABLE,
        _ => INCOMPATIBLE,
    };
    (code, unexpected(described))
}

fn unexpected(what: &str) -> String {
    format!(
        "While attempting to validate our authorization to access your application, we received this unexpected response: {what}. Please check the service and try again."
    )
}

pub(super) fn describe(url: &str, method: Method, answer: &Answer) -> String {
    let mut headers = String::new();
    for (name, value) in &answer.headers {
        if name == "set-cookie" {
            continue;
        }
        let _ = write!(headers, "{name}: {} ", value.to_str().unwrap_or("(binary)"));
    }
    let body = String::from_utf8_lossy(&answer.body);
    let body: String = body.chars().take(1024).collect();
    format!(
        "Received response from Web resource. Resource: {url} Operation: {} Response Status Code: {} Response Headers: {}Response Content: {body}",
        method.name(),
        answer::status_name(answer.status),
        headers,
    )
}

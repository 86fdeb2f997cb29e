//! *Test Connection*, which is also the keep-alive probe at the start of every cycle.
//!
//! Two reads with a random name that nobody has: users by their first matching attribute, then groups
//! when they are provisioned. The target must answer 200 with an empty `ListResponse`. Codes and
//! sentences are those of the portal.

use std::fmt::Write as _;

use super::answer::{self, INCOMPATIBLE, INCOMPATIBLE_FILTERING};
use super::client::{self, Answer, Client, Method, NoAnswer, Request};
use super::dialect::entra;
use super::tenant_url::TenantUrl;
use crate::id::Guid;
use crate::mapping::entra::SynchronizationRules;
use crate::model::{ErrorInformation, Exchange, ObjectKind};
use crate::secret::Plain;

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
                "Correct the Tenant URL or the Secret Token, then use Test Connection.".to_owned(),
            ),
        }
    }

    pub(super) fn bad_url(message: String) -> Self {
        Self {
            code: BAD_URL.to_owned(),
            message,
            exchanges: Vec::new(),
        }
    }
}

/// Tests a tenant URL and a token as *Test Connection* does. `nobody` is a fresh random GUID. Takes up
/// to twice [`client::TIMEOUT`]: never call it inside a write closure.
///
/// # Errors
/// Why the connection does not work, with what was sent and what came back.
pub fn test_connection(
    tenant_url: &str,
    token: &Plain,
    rules: &SynchronizationRules,
    nobody: Guid,
) -> Result<Vec<Exchange>, ConnectionFailure> {
    let base: TenantUrl = tenant_url
        .parse()
        .map_err(|e: super::tenant_url::BadTenantUrl| ConnectionFailure::bad_url(e.to_string()))?;
    probe(&Client::new(base, token, 1, client::TIMEOUT), rules, nobody)
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
    let answer = answer.map_err(|error| (UNAVAILABLE, unexpected(&error.to_string())))?;
    let described = || unexpected(&describe(&client.url(request), request.method, &answer));
    match answer.status {
        200 => match answer::list(&answer) {
            Ok(found) if found.is_empty() => Ok(()),
            Ok(found) => Err((
                INCOMPATIBLE_FILTERING,
                format!(
                    "The filter for a name that does not exist found {} resources, so filtering does not work. {}",
                    found.len(),
                    described()
                ),
            )),
            Err(error) => Err((INCOMPATIBLE, error.reason)),
        },
        401 | 403 => Err((UNAUTHORIZED, described())),
        404 => Err((
            INCOMPATIBLE,
            format!(
                "An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response. To address this issue, ensure that the tenant URL is correct. {}",
                describe(&client.url(request), request.method, &answer)
            ),
        )),
        408 | 429 | 500..=599 => Err((UNAVAILABLE, described())),
        _ => Err((INCOMPATIBLE, described())),
    }
}

fn unexpected(what: &str) -> String {
    format!(
        "While attempting to validate our authorization to access your application, we received this unexpected response: {what}. Please check the service and try again."
    )
}

fn describe(url: &str, method: Method, answer: &Answer) -> String {
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

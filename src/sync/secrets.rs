//! The secrets of a job as Graph has them: keys and values, read with what is secret masked, and replaced as a whole.
//!
//! Beside the Admin Credentials they carry settings of the portal: *Scope* (`SyncAll`), who is notified and the
//! threshold of *Prevent accidental deletion* (`SyncNotificationSettings`, a JSON text), `SkipOutOfScopeDeletions`. What a
//! new set leaves out is as in a new job. Follows `synchronization: secrets` of Microsoft Graph; keys of other connectors
//! than SCIM's are refused, because nothing would come of them.

use serde_json::{Value as Json, json};

use super::credentials::{ClientCredentials, Connection, Credentials, NoConnection};
use super::jobs;
use super::probe::ConnectionFailure;
use super::tenant_url::TenantUrl;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::mail::delivery::is_address;
use crate::model::{
    Authentication, CredentialLocation, Direction, Job, JobActivity, JobSettings, JobStatus, Scope,
};
use crate::secret::{Plain, Sealer};
use crate::store::Write;
use crate::store::jobs::{self as rows, JobKey};

/// What is shown instead of a secret, and given to keep it.
pub const MASK: &str = "*";

const BASE_ADDRESS: &str = "BaseAddress";
const SECRET_TOKEN: &str = "SecretToken";
const CLIENT_ID: &str = "Oauth2ClientId";
const CLIENT_SECRET: &str = "Oauth2ClientSecret";
const TOKEN_ENDPOINT: &str = "Oauth2TokenExchangeUri";
const SYNC_ALL: &str = "SyncAll";
const NOTIFICATION: &str = "SyncNotificationSettings";
const SKIP_DELETIONS: &str = "SkipOutOfScopeDeletions";
/// What scripts give in advance because the service wants it there; the agent fetches access tokens by itself.
const FETCHED: [&str; 2] = ["Oauth2AccessToken", "Oauth2AccessTokenCreationTime"];

/// `synchronizationSecret`: every key that Graph knows.
const KEYS: &[&str] = &[
    "None",
    "UserName",
    "Password",
    SECRET_TOKEN,
    "AppKey",
    BASE_ADDRESS,
    "ClientIdentifier",
    "ClientSecret",
    "SingleSignOnType",
    "Sandbox",
    "Url",
    "Domain",
    "ConsumerKey",
    "ConsumerSecret",
    "TokenKey",
    "TokenExpiration",
    "Oauth2AccessToken",
    "Oauth2AccessTokenCreationTime",
    "Oauth2RefreshToken",
    SYNC_ALL,
    "InstanceName",
    CLIENT_ID,
    CLIENT_SECRET,
    "CompanyId",
    "UpdateKeyOnSoftDelete",
    "SynchronizationSchedule",
    "SystemOfRecord",
    "SandboxName",
    "EnforceDomain",
    NOTIFICATION,
    SKIP_DELETIONS,
    "Oauth2AuthorizationCode",
    "Oauth2RedirectUri",
    "ApplicationTemplateIdentifier",
    TOKEN_ENDPOINT,
    "Oauth2AuthorizationUri",
    "AuthenticationType",
    "Server",
    "PerformInboundEntitlementGrants",
    "HardDeletesEnabled",
    "SyncAgentCompatibilityKey",
    "SyncAgentADContainer",
    "ValidateDomain",
    "TestReferences",
    "ConnectionString",
];

/// A set of secrets as a client gave it.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    base_address: Option<String>,
    secret_token: Option<Plain>,
    client_id: Option<String>,
    client_secret: Option<Plain>,
    token_endpoint: Option<String>,
    sync_all: bool,
    skip_deletions: bool,
    notification: Notification,
}

/// `SyncNotificationSettings`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Notification {
    notify: bool,
    recipients: Option<String>,
    delete_threshold: Option<u64>,
}

impl Default for Notification {
    fn default() -> Self {
        let JobSettings {
            notify,
            delete_threshold,
            ..
        } = JobSettings::default();
        Self {
            notify,
            recipients: None,
            delete_threshold,
        }
    }
}

impl Secrets {
    /// Reads keys and values; names of keys in any case. An empty value is none.
    ///
    /// # Errors
    /// [`Error::Field`], named `key` or `value`: a key that there is not, that SCIM does not use or that is given twice;
    /// a value that cannot be one.
    pub fn read(given: &[(String, String)]) -> Result<Self> {
        let mut secrets = Self::default();
        let mut seen = Vec::with_capacity(given.len());
        for (key, value) in given {
            let Some(known) = KEYS.iter().copied().find(|k| k.eq_ignore_ascii_case(key)) else {
                let key: String = key.chars().take(100).collect();
                return refuse("key", format!("Requested value '{key}' was not found."));
            };
            if seen.contains(&known) {
                return refuse("key", format!("The key '{known}' is given twice."));
            }
            seen.push(known);
            secrets.take(known, value)?;
        }
        if secrets.secret_token.is_some() && secrets.has_client() {
            return refuse(
                "key",
                format!(
                    "Give either {SECRET_TOKEN}, or {CLIENT_ID}, {CLIENT_SECRET} and {TOKEN_ENDPOINT}."
                ),
            );
        }
        Ok(secrets)
    }

    fn take(&mut self, key: &'static str, value: &str) -> Result<()> {
        let text = || Some(value.trim().to_owned()).filter(|text| !text.is_empty());
        let secret = || text().map(Plain::new);
        match key {
            BASE_ADDRESS => self.base_address = text(),
            SECRET_TOKEN => self.secret_token = secret(),
            CLIENT_ID => self.client_id = text(),
            CLIENT_SECRET => self.client_secret = secret(),
            TOKEN_ENDPOINT => self.token_endpoint = text(),
            SYNC_ALL => self.sync_all = flag(key, value)?,
            SKIP_DELETIONS => self.skip_deletions = flag(key, value)?,
            NOTIFICATION => self.notification = Notification::read(value)?,
            key if FETCHED.contains(&key) => {}
            key => {
                return refuse(
                    "key",
                    format!("SCIM applications do not use the key '{key}'. Leave it out."),
                );
            }
        }
        Ok(())
    }

    fn has_client(&self) -> bool {
        self.client_id.is_some() || self.client_secret.is_some() || self.token_endpoint.is_some()
    }

    fn has_credentials(&self) -> bool {
        self.base_address.is_some() || self.secret_token.is_some() || self.has_client()
    }

    /// What signs requests, with stored secrets where the mask stands; `None` when nothing is given.
    fn credentials(&self, job: Option<&Job>, sealer: &Sealer) -> Result<Option<Credentials>> {
        let stored = job.and_then(|job| job.authentication.as_ref());
        let opened = stored.and_then(|stored| Credentials::open(stored, sealer));
        let missing = |key: &str| {
            let detail = format!(
                "{key}: '{MASK}' stands for the value that is stored, and none is. Give the value."
            );
            Error::field("value", detail)
        };
        let credentials = if let Some(token) = &self.secret_token {
            Credentials::SecretToken(match opened {
                _ if token.expose() != MASK => token.clone(),
                Some(Credentials::SecretToken(stored)) => stored,
                _ => return Err(missing(SECRET_TOKEN)),
            })
        } else if self.has_client() {
            let secret = self.client_secret.clone().unwrap_or_else(|| Plain::new(""));
            let location = match stored {
                Some(Authentication::ClientCredentials(client)) => client.location,
                _ => CredentialLocation::default(),
            };
            Credentials::Client(ClientCredentials {
                token_endpoint: self.token_endpoint.clone().unwrap_or_default(),
                client_id: self.client_id.clone().unwrap_or_default(),
                client_secret: match opened {
                    _ if secret.expose() != MASK => secret,
                    Some(Credentials::Client(stored)) => stored.client_secret,
                    _ => return Err(missing(CLIENT_SECRET)),
                },
                location,
            })
        } else {
            return Ok(None);
        };
        credentials.check()?;
        Ok(Some(credentials))
    }

    /// Where *Test Connection* with these secrets goes; stored ones stand in for the mask.
    ///
    /// # Errors
    /// [`Error::Field`] for credentials that cannot be used.
    pub fn connection(
        &self,
        job: Option<&Job>,
        sealer: &Sealer,
    ) -> Result<std::result::Result<Connection, ConnectionFailure>> {
        let Some(credentials) = self.credentials(job, sealer)? else {
            return Ok(Err(NoConnection::Missing.into()));
        };
        let url = self.base_address.as_deref().unwrap_or_default();
        let connection = Connection::new(url, credentials);
        Ok(connection.map_err(|bad| NoConnection::from(bad).into()))
    }
}

fn refuse<T>(field: &'static str, detail: String) -> Result<T> {
    Err(Error::field(field, detail))
}

fn flag(key: &str, value: &str) -> Result<bool> {
    match value.trim() {
        "" => Ok(false),
        text if text.eq_ignore_ascii_case("true") => Ok(true),
        text if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => refuse("value", format!("{key} is \"true\" or \"false\".")),
    }
}

impl Notification {
    fn read(text: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let wrong = |what: &str| {
            Error::field(
                "value",
                format!(
                    "{NOTIFICATION} is a JSON text such as {{\"Enabled\":true,\"Recipients\":\"admin@example.com\",\"DeleteThresholdEnabled\":true,\"DeleteThresholdValue\":500}}: {what}."
                ),
            )
        };
        let json: Json = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        let members = json.as_object().ok_or_else(|| wrong("it is no object"))?;
        let is = |name: &str| match members.get(name) {
            None | Some(Json::Null) => Ok(false),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(_) => Err(wrong(&format!("{name} is neither true nor false"))),
        };
        let recipients = match members.get("Recipients") {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) if text.trim().is_empty() => None,
            Some(Json::String(text)) if is_address(text.trim()) => Some(text.trim().to_owned()),
            Some(_) => return Err(wrong("Recipients is no e-mail address")),
        };
        let threshold = match members.get("DeleteThresholdValue") {
            None | Some(Json::Null) => None,
            Some(value) => Some(
                (value.as_u64()).ok_or_else(|| wrong("DeleteThresholdValue is no whole number"))?,
            ),
        };
        let delete_threshold = match (is("DeleteThresholdEnabled")?, threshold) {
            (false, _) => None,
            (true, Some(value)) => Some(value),
            (true, None) => return Err(wrong("DeleteThresholdValue is missing")),
        };
        Ok(Self {
            notify: is("Enabled")?,
            recipients,
            delete_threshold,
        })
    }

    fn of(job: &Job) -> Self {
        Self {
            notify: job.settings.notify,
            recipients: job.notification_email.clone(),
            delete_threshold: job.settings.delete_threshold,
        }
    }

    fn text(&self) -> String {
        let mut json = json!({
            "Enabled": self.notify,
            "DeleteThresholdEnabled": self.delete_threshold.is_some(),
        });
        if let Some(recipients) = &self.recipients {
            json["Recipients"] = json!(recipients);
        }
        if let Some(value) = self.delete_threshold {
            json["DeleteThresholdValue"] = json!(value);
        }
        json.to_string()
    }
}

/// The secrets of a job, masked. One that was never configured has none.
pub fn masked(job: &Job) -> Vec<(&'static str, String)> {
    let outbound = job.direction == Direction::Outbound;
    let mut shown = Vec::new();
    if outbound && job.tenant_url.is_none() && job.authentication.is_none() {
        return shown;
    }
    if let Some(url) = &job.tenant_url {
        shown.push((BASE_ADDRESS, url.clone()));
    }
    match &job.authentication {
        None => {}
        Some(Authentication::SecretToken { .. }) => shown.push((SECRET_TOKEN, MASK.to_owned())),
        Some(Authentication::ClientCredentials(client)) => shown.extend([
            (CLIENT_ID, client.client_id.clone()),
            (CLIENT_SECRET, MASK.to_owned()),
            (TOKEN_ENDPOINT, client.token_endpoint.clone()),
        ]),
    }
    shown.push((NOTIFICATION, Notification::of(job).text()));
    if outbound {
        shown.push((SYNC_ALL, (job.scope == Scope::All).to_string()));
        if job.settings.skip_out_of_scope_deletions {
            shown.push((SKIP_DELETIONS, "True".to_owned()));
        }
    }
    shown
}

/// Replaces the secrets of a job. Links, watermark and escrows stay; a job that runs goes on with them.
///
/// # Errors
/// When there is no such job; [`Error::Field`] for what cannot be used, or what an inbound job has no use for.
pub fn replace(
    tx: &Write<'_>,
    _: &Operator,
    key: JobKey,
    sealer: &Sealer,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<Job> {
    let mut job = jobs::get(tx, key)?;
    if job.direction == Direction::Inbound {
        if secrets.has_credentials() || secrets.sync_all || secrets.skip_deletions {
            return refuse(
                "key",
                format!(
                    "A job of API-driven provisioning has no target: it takes {NOTIFICATION} only."
                ),
            );
        }
    } else {
        let url = (secrets.base_address.as_deref())
            .map(str::parse::<TenantUrl>)
            .transpose()
            .map_err(|bad| Error::field("value", format!("{BASE_ADDRESS}: {bad}")))?;
        let credentials = secrets.credentials(Some(&job), sealer)?;
        job.tenant_url = url.map(|url| url.to_string());
        job.authentication = credentials.map(|credentials| credentials.seal(sealer));
        let complete = job.tenant_url.is_some() && job.authentication.is_some();
        job.status = match (job.status, complete) {
            (JobStatus::NotConfigured, true) => JobStatus::Paused,
            (JobStatus::Paused, false) => JobStatus::NotConfigured,
            (status, _) => status,
        };
        job.scope = if secrets.sync_all {
            Scope::All
        } else {
            Scope::AssignedOnly
        };
        job.settings.skip_out_of_scope_deletions = secrets.skip_deletions;
    }
    let notification = secrets.notification.clone();
    job.settings.notify = notification.notify;
    job.settings.delete_threshold = notification.delete_threshold;
    job.notification_email = notification.recipients;
    job.note(now, JobActivity::UpdateSettings, "Secrets");
    jobs::inbound_needs_email(&mut job, now);
    rows::put(tx, key.tenant, &job)?;
    Ok(job)
}

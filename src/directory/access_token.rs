//! Access tokens for the Graph API: which claims one has, and whether one that is presented counts.
//!
//! Signing is `secret`'s, time is an argument. Tokens are those that Entra issues to a client for Microsoft Graph
//! (version 1.0 claims, entra.md 8.5), with `azp` and `azpacr` of version 2.0 beside `appid` and `appidacr`.

use serde::{Deserialize, Serialize};

use crate::access::GraphClient;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Guid, Nonce};
use crate::model::{AppRegistration, GraphPermission, Tenant};
use crate::store::{Reads, directory, registrations};

/// Seconds for which a token is said to count.
pub const LIFETIME: i64 = 3_599;
/// Application id of Microsoft Graph.
pub const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Address of Microsoft Graph: audience of the tokens.
pub const GRAPH: &str = "https://graph.microsoft.com";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Audience: [`GRAPH`].
    pub aud: String,
    /// Issuer: `https://sts.windows.net/{tenant}/`.
    pub iss: String,
    /// Seconds since 1970 when it was issued.
    pub iat: i64,
    /// From when on it counts.
    pub nbf: i64,
    /// Until when.
    pub exp: i64,
    /// Display name of the client.
    pub app_displayname: String,
    /// Its client id.
    pub appid: String,
    /// `1`: it showed a secret.
    pub appidacr: String,
    /// Its client id, as version 2.0 calls it.
    pub azp: String,
    /// `1`: it showed a secret.
    pub azpacr: String,
    /// `app`: no person is behind it.
    pub idtyp: String,
    /// Object id of its service principal.
    pub oid: String,
    /// Its permissions.
    pub roles: Vec<String>,
    /// The same as `oid`.
    pub sub: String,
    /// Tenant id.
    pub tid: String,
    /// Id of the token.
    pub uti: String,
    /// `1.0`.
    pub ver: String,
}

impl Claims {
    /// Of a token for a client that showed its secret at `now`.
    pub fn new(tenant: &Tenant, client: &AppRegistration, nonce: Nonce, now: Timestamp) -> Self {
        let issued = now.millis().div_euclid(1000);
        Self {
            aud: GRAPH.into(),
            iss: format!("https://sts.windows.net/{}/", tenant.id),
            iat: issued,
            nbf: issued,
            exp: issued + LIFETIME + 1,
            app_displayname: client.display_name.clone(),
            appid: client.app_id.to_string(),
            appidacr: "1".into(),
            azp: client.app_id.to_string(),
            azpacr: "1".into(),
            idtyp: "app".into(),
            oid: client.object_id.to_string(),
            roles: client
                .permissions
                .iter()
                .map(|p| p.name().to_owned())
                .collect(),
            sub: client.object_id.to_string(),
            tid: tenant.id.to_string(),
            uti: Guid::from_nonce(nonce).to_string(),
            ver: "1.0".into(),
        }
    }
}

/// Whoever presents a token with these claims, whose signature was checked; `None` when it has expired, is not valid yet,
/// or its client or tenant is no more.
///
/// # Errors
/// The store's.
pub fn authenticate(
    tx: &impl Reads,
    claims: &Claims,
    now: Timestamp,
) -> Result<Option<GraphClient>> {
    let seconds = now.millis().div_euclid(1000);
    let (Ok(tenant), Ok(app_id)) = (claims.tid.parse(), claims.appid.parse::<Guid>()) else {
        return Ok(None);
    };
    if claims.aud != GRAPH || seconds < claims.nbf || seconds >= claims.exp {
        return Ok(None);
    }
    let tenants = directory::tenants(tx)?;
    let Some(tenant) = tenants
        .into_iter()
        .find(|found: &Tenant| found.id == tenant)
    else {
        return Ok(None);
    };
    let Some(client) = registrations::by_app_id(tx, tenant.seq, &app_id)? else {
        return Ok(None);
    };
    let permissions = claims
        .roles
        .iter()
        .filter_map(|name| GraphPermission::find(name))
        .collect();
    Ok(Some(GraphClient::authenticated(
        tenant.seq,
        &client,
        permissions,
    )))
}

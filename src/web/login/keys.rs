//! The key that signs access tokens, and what is told of it: JSON Web Keys, OpenID metadata, instance discovery.

use std::sync::{Arc, OnceLock};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::failure::Plain;
use crate::error::{Error, Result};
use crate::model::TokenKey;
use crate::secret::SigningKey;
use crate::store::registrations;
use crate::web::App;

/// The key of this data file, made when it is needed first. Cheap to clone: all clones are one.
#[derive(Debug, Clone, Default)]
pub struct TokenKeys(Arc<OnceLock<SigningKey>>);

impl TokenKeys {
    /// The key, if there is one yet: without one, no token was ever issued.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::web) fn known(&self, app: &App) -> Result<Option<&SigningKey>> {
        if let Some(key) = self.0.get() {
            return Ok(Some(key));
        }
        let kept = registrations::signing_key(&app.store.read()?)?;
        Ok(kept
            .and_then(|kept| open(app, &kept))
            .map(|key| self.0.get_or_init(|| key)))
    }

    /// The key; one is made and kept when there is none, which takes up to a second: not on a thread that serves requests.
    ///
    /// # Errors
    /// The store's; `Disabled` when the kept key cannot be opened.
    pub(in crate::web) fn get(&self, app: &App) -> Result<&SigningKey> {
        if let Some(key) = self.known(app)? {
            return Ok(key);
        }
        let made = SigningKey::generate();
        let row = TokenKey {
            sealed: app.sealer.seal(made.pem()),
        };
        // Whoever came first in another thread or process made the one that counts.
        let kept = app.store.write(move |tx| -> Result<TokenKey> {
            Ok(registrations::keep_signing_key(tx, &row)?)
        })?;
        let key = open(app, &kept).ok_or_else(|| Error::Disabled {
            what: "The key of access tokens cannot be opened: the key file of this data directory is another one."
                .into(),
        })?;
        Ok(self.0.get_or_init(|| key))
    }
}

fn open(app: &App, kept: &TokenKey) -> Option<SigningKey> {
    SigningKey::from_pem(&app.sealer.open(&kept.sealed)?)
}

type Answered = std::result::Result<HttpResponse, Plain>;

fn unavailable(error: &Error) -> Plain {
    tracing::error!(%error, "no key of access tokens");
    let text = "The key cannot be read. The log of the server says more.";
    Plain(text, StatusCode::INTERNAL_SERVER_ERROR)
}

/// `discovery/v2.0/keys`.
pub(super) async fn list(app: web::Data<App>) -> Answered {
    let keys = app
        .run(|app| app.token_keys.get(app).map(SigningKey::public_jwk))
        .await
        .map_err(|error: Error| unavailable(&error))?;
    Ok(HttpResponse::Ok().json(json!({ "keys": [keys] })))
}

/// `.well-known/openid-configuration`.
pub(super) async fn metadata(
    app: web::Data<App>,
    request: HttpRequest,
    tenant: web::Path<String>,
) -> HttpResponse {
    let base = app
        .public_url
        .below(&request, &format!("/login/{}", *tenant));
    HttpResponse::Ok().json(json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{base}/v2.0"),
        // Libraries refuse metadata without one; there is nothing to sign in to.
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nbf", "appid", "azp", "oid", "roles", "tid", "ver",
        ],
    }))
}

/// `discovery/instance`: where the metadata of a tenant is, for libraries that ask before they trust an authority.
pub(super) async fn instance_discovery(
    app: web::Data<App>,
    request: HttpRequest,
    tenant: web::Path<String>,
) -> HttpResponse {
    let base = app
        .public_url
        .below(&request, &format!("/login/{}", *tenant));
    HttpResponse::Ok().json(json!({
        "tenant_discovery_endpoint": format!("{base}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [],
    }))
}

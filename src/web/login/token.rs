//! The token endpoint: client credentials in the form or in a Basic header, for Microsoft Graph.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64ct::{Base64, Encoding as _};
use serde_json::json;

use super::failure::Refused;
use crate::directory::access_token::{Claims, GRAPH, GRAPH_APP_ID, LIFETIME};
use crate::error::Error;
use crate::id::{Guid, Nonce};
use crate::model::{AppRegistration, Tenant};
use crate::secret::Plain;
use crate::store::{Snapshot, directory, registrations};
use crate::web::throttle::Network;
use crate::web::{App, origin};

/// What a client asks for.
struct Asked {
    client_id: String,
    client_secret: Plain,
}

/// Issues a token.
pub(super) async fn issue(
    app: web::Data<App>,
    request: HttpRequest,
    tenant: web::Path<String>,
    body: Result<web::Bytes, actix_web::Error>,
) -> HttpResponse {
    let issued = match body {
        Ok(body) => answer(&app, &request, &tenant, &body).await,
        Err(_) => Err(Refused::Form),
    };
    match issued {
        Ok(token) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store, no-cache"))
            .insert_header((header::PRAGMA, "no-cache"))
            .json(json!({
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "ext_expires_in": LIFETIME,
                "access_token": token,
            })),
        Err(refused) => refused.answer(&app, &request),
    }
}

async fn answer(
    app: &App,
    request: &HttpRequest,
    tenant: &str,
    body: &[u8],
) -> Result<String, Refused> {
    let named = tenant.to_owned();
    let text = std::str::from_utf8(body).map_err(|_| Refused::Form)?;
    let form = web::Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|_| Refused::Form)?
        .into_inner();
    let asked = asked(request, &form, &app.public_url.below(request, "/graph"))?;
    let (tenant, client) = {
        let id = asked.client_id.clone();
        let found = app.run(move |app| -> Result<_, Error> {
            let tx = app.store.read()?;
            let Some(tenant) = tenant_of(&tx, &named)? else {
                return Ok(Err(Refused::Tenant(named)));
            };
            let client = match id.parse::<Guid>() {
                Ok(id) => registrations::by_app_id(&tx, tenant.seq, &id)?,
                Err(_) => None,
            };
            Ok(client
                .map(|client| (tenant.clone(), client))
                .ok_or(Refused::Client {
                    client: id,
                    tenant: tenant.name,
                }))
        });
        found.await??
    };
    check_secret(app, request, &client, asked.client_secret).await?;
    let token = app
        .run(move |app| -> Result<String, Error> {
            let claims = Claims::new(&tenant, &client, Nonce::random(), app.now());
            Ok(app.token_keys.get(app)?.sign(&claims))
        })
        .await?;
    Ok(token)
}

/// A tenant by its id, or by its domain.
fn tenant_of(tx: &Snapshot, named: &str) -> Result<Option<Tenant>, Error> {
    let same = |tenant: &Tenant| {
        tenant.id.to_string().eq_ignore_ascii_case(named)
            || tenant.domain.eq_ignore_ascii_case(named)
    };
    Ok(directory::tenants(tx)?.into_iter().find(same))
}

async fn check_secret(
    app: &App,
    request: &HttpRequest,
    client: &AppRegistration,
    secret: Plain,
) -> Result<(), Refused> {
    let now = app.now();
    let hint = secret.last_four();
    // Hashing takes long: only secrets that end like this one are tried.
    let alike: Vec<_> = client
        .secrets
        .iter()
        .filter(|kept| kept.hint == hint)
        .map(|kept| (kept.hash.clone(), kept.expires))
        .collect();
    let network = Network::of(origin::address(request, app));
    let fits = app.passwords.run(network, move || {
        Ok(alike
            .into_iter()
            .filter(|(hash, _)| hash.verify(&secret))
            .map(|(_, expires)| expires)
            .max())
    });
    match fits.await? {
        Some(expires) if expires > now => Ok(()),
        Some(_) => Err(Refused::Expired(client.app_id.to_string())),
        None => Err(Refused::Secret(client.app_id.to_string())),
    }
}

fn asked(request: &HttpRequest, form: &[(String, String)], graph: &str) -> Result<Asked, Refused> {
    let field = |name: &str| {
        form.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    match field("grant_type") {
        None => return Err(Refused::Missing("grant_type")),
        Some("client_credentials") => {}
        Some(other) => return Err(Refused::Grant(other.chars().take(100).collect())),
    }
    let basic = basic(request);
    let (id, secret) = match (&basic, field("client_id"), field("client_secret")) {
        (Some((id, secret)), _, _) => (id.as_str(), secret.as_str()),
        (None, None, _) => return Err(Refused::Missing("client_id")),
        (None, Some(_), None) => return Err(Refused::Missing("client_secret")),
        (None, Some(id), Some(secret)) => (id, secret),
    };
    for resource in [field("resource"), field("scope")].into_iter().flatten() {
        check_resource(resource, graph)?;
    }
    Ok(Asked {
        client_id: id.chars().take(100).collect(),
        client_secret: Plain::new(secret),
    })
}

/// Microsoft Graph by its address, by its application id, or as this appliance has it; as resource, or as scope with
/// `/.default` behind it.
fn check_resource(asked: &str, graph: &str) -> Result<(), Refused> {
    let named = asked.trim();
    let named = named.strip_suffix(".default").unwrap_or(named);
    let named = named.trim_end_matches('/');
    let known = [GRAPH, GRAPH_APP_ID, graph];
    if known.iter().any(|known| known.eq_ignore_ascii_case(named)) {
        return Ok(());
    }
    Err(Refused::Resource(asked.chars().take(200).collect()))
}

/// Client id and secret of a Basic header (RFC 6749 section 2.3.1: each form-encoded, which not every client does).
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Base64::decode_vec(encoded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    web::Query::<Vec<(String, String)>>::from_query(&format!("v={text}"))
        .ok()
        .and_then(|pairs| pairs.into_inner().pop())
        .map_or_else(|| text.to_owned(), |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn credentials_come_in_the_form_or_in_a_header_and_the_resource_in_three_spellings() {
        let here = "http://127.0.0.1:7644/graph";
        let plain = TestRequest::default().to_http_request();
        for (name, resource) in [
            ("scope", "https://graph.microsoft.com/.default"),
            ("scope", ""),
            ("resource", "https://graph.microsoft.com"),
            ("resource", GRAPH_APP_ID),
            ("scope", "00000003-0000-0000-c000-000000000000/.default"),
            ("scope", "http://127.0.0.1:7644/graph/.default"),
        ] {
            let sent = form(&[
                ("grant_type", "client_credentials"),
                ("client_id", "id"),
                ("client_secret", "s"),
                (name, resource),
            ]);
            assert!(asked(&plain, &sent, here).is_ok(), "{name}={resource}");
        }
        let header = Base64::encode_string(b"id:a%7Eb");
        let basic = TestRequest::default()
            .insert_header(("Authorization", format!("Basic {header}")))
            .to_http_request();
        let sent = form(&[("grant_type", "client_credentials")]);
        let read = asked(&basic, &sent, here).unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!(
            (read.client_id.as_str(), read.client_secret.expose()),
            ("id", "a~b")
        );
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let plain = TestRequest::default().to_http_request();
        for (pairs, says) in [
            (&[][..], "'grant_type'"),
            (&[("grant_type", "password")], "'password'"),
            (&[("grant_type", "client_credentials")], "'client_id'"),
            (
                &[("grant_type", "client_credentials"), ("client_id", "x")],
                "'client_secret'",
            ),
            (
                &[
                    ("grant_type", "client_credentials"),
                    ("client_id", "x"),
                    ("client_secret", "y"),
                    ("scope", "https://vault.azure.net/.default"),
                ],
                "vault",
            ),
        ] {
            match asked(&plain, &form(pairs), "http://127.0.0.1/graph") {
                Err(refused) => assert!(refused.to_string().contains(says), "{refused}"),
                Ok(_) => panic!("{pairs:?}"),
            }
        }
    }
}

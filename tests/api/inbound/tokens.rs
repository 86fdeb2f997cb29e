//! The token endpoint by the table of 8.5: variants of the request, claims, errors, what is published of the key.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};

use super::*;

const GRAPH: &str = "https://graph.microsoft.com";
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";

/// A part of a token, read.
fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
}

#[test]
fn a_token_is_issued_for_every_form_of_the_request() {
    let inbound = Inbound::start();
    let client = inbound.known.client.clone();
    let body = [
        ("client_id", client.as_str()),
        ("client_secret", SECRET),
        ("grant_type", "client_credentials"),
    ];
    let grant = [("grant_type", "client_credentials")];
    let basic = Base64::encode_string(format!("{client}:{SECRET}").as_bytes());
    let scope = format!("{GRAPH}/.default");
    let (v1, v2) = ("oauth2/token", "oauth2/v2.0/token");
    for (path, credentials, form) in [
        (v2, None, [&body[..], &[("scope", scope.as_str())]].concat()),
        // What the Postman collection sends.
        (
            v2,
            Some(basic.as_str()),
            [&grant[..], &[("scope", ""), ("resource", GRAPH_ID)]].concat(),
        ),
        (
            v1,
            Some(basic.as_str()),
            [&grant[..], &[("resource", GRAPH_ID)]].concat(),
        ),
        (v1, None, [&body[..], &[("resource", GRAPH)]].concat()),
        (
            v1,
            None,
            [&body[..], &[("resource", "https://graph.microsoft.com/")]].concat(),
        ),
    ] {
        let answer = inbound.ask_token(path, credentials, &form);
        assert_eq!(answer.status(), 200, "{path} {form:?}: {}", answer.body());
        assert!(header(&answer, "cache-control").contains("no-store"));
        let body = answer.body();
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 3599);
        assert_eq!(body["ext_expires_in"], 3599);
        let token = body["access_token"].as_str().unwrap();
        let read = inbound.send(
            "GET",
            "/v1.0/auditLogs/provisioning",
            &[("Authorization", &format!("Bearer {token}"))],
            "",
        );
        assert_eq!(read.status(), 200, "{}", read.body());
    }
    // The tenant by its domain.
    let form = [&body[..], &[("scope", scope.as_str())]].concat();
    let answer = inbound.ask_token_of("contoso.example", v2, None, &form);
    assert_eq!(answer.status(), 200, "{}", answer.body());
}

#[test]
fn a_token_says_who_has_it_and_what_it_opens_for_one_hour() {
    let inbound = Inbound::start();
    let (head, claims) = (part(&inbound.token, 0), part(&inbound.token, 1));
    assert_eq!(
        (&head["alg"], &head["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    let tenant = &inbound.known.tenant;
    for (claim, value) in [
        ("aud", json!(GRAPH)),
        ("iss", json!(format!("https://sts.windows.net/{tenant}/"))),
        ("appid", json!(inbound.known.client)),
        ("azp", json!(inbound.known.client)),
        ("appidacr", json!("1")),
        ("azpacr", json!("1")),
        ("app_displayname", json!("HR")),
        ("idtyp", json!("app")),
        ("tid", json!(tenant)),
        ("ver", json!("1.0")),
        (
            "roles",
            json!([
                "ProvisioningLog.Read.All",
                "SynchronizationData-User.Upload"
            ]),
        ),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    assert_eq!(claims["oid"], claims["sub"]);
    let number = |claim: &str| claims[claim].as_i64().unwrap();
    assert_eq!(number("iat"), number("nbf"));
    assert_eq!(number("exp") - number("iat"), 3_600);

    let at = |path: &str| {
        let url = format!("{}/login/{tenant}/{path}", inbound.server.url);
        let answer = inbound
            .server
            .send(Request::builder().uri(url), Vec::new())
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        answer.into_body()
    };
    let keys = at("discovery/v2.0/keys");
    let key = &keys["keys"][0];
    assert_eq!(key["kid"], head["kid"]);
    assert_eq!((&key["kty"], &key["use"]), (&json!("RSA"), &json!("sig")));
    assert!(
        key["n"].is_string() && key["e"].is_string() && key["d"].is_null(),
        "{key}"
    );
    let metadata = at("v2.0/.well-known/openid-configuration");
    let ours = format!("{}/login/{tenant}", inbound.server.url);
    assert_eq!(
        metadata["token_endpoint"],
        format!("{ours}/oauth2/v2.0/token")
    );
    assert_eq!(metadata["jwks_uri"], format!("{ours}/discovery/v2.0/keys"));
    let instance = at("discovery/instance?api-version=1.1");
    assert_eq!(
        instance["tenant_discovery_endpoint"],
        format!("{ours}/v2.0/.well-known/openid-configuration")
    );
}

#[test]
fn what_is_wrong_with_a_request_for_a_token_has_its_code() {
    let inbound = Inbound::start();
    let client = inbound.known.client.clone();
    let nobody = "11111111-2222-3333-4444-555555555555";
    let whole = |client: &str, secret: &str, grant: &str, scope: &str| -> Vec<(String, String)> {
        [
            ("client_id", client),
            ("client_secret", secret),
            ("grant_type", grant),
            ("scope", scope),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    };
    let credentials = "client_credentials";
    let graph = "https://graph.microsoft.com/.default";
    for (form, status, error, code, text) in [
        (
            whole(&client, "another-secret-of-nobody", credentials, graph),
            401,
            "invalid_client",
            7_000_215,
            "Invalid client secret provided.",
        ),
        (
            whole(nobody, SECRET, credentials, graph),
            400,
            "unauthorized_client",
            700_016,
            nobody,
        ),
        (
            whole(
                &client,
                SECRET,
                credentials,
                "https://vault.azure.net/.default",
            ),
            400,
            "invalid_resource",
            500_011,
            "The resource principal named https://vault.azure.net/.default was not found",
        ),
        (
            whole(&client, SECRET, "password", graph),
            400,
            "unsupported_grant_type",
            70_003,
            "The app requested an unsupported grant type 'password'.",
        ),
        (
            whole(&client, SECRET, "", graph),
            400,
            "invalid_request",
            900_144,
            "'grant_type'",
        ),
        (
            whole(&client, "", credentials, graph),
            400,
            "invalid_request",
            900_144,
            "'client_secret'",
        ),
    ] {
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = inbound.ask_token("oauth2/v2.0/token", None, &form);
        assert_eq!(answer.status(), status, "{form:?}: {}", answer.body());
        let body = answer.body();
        assert_eq!(body["error"], error);
        assert_eq!(body["error_codes"], json!([code]));
        let description = body["error_description"].as_str().unwrap();
        assert!(
            description.starts_with(&format!("AADSTS{code}: ")),
            "{description}"
        );
        assert!(description.contains(text), "{description}");
        let ids = format!(
            " Trace ID: {} Correlation ID: {} Timestamp: {}",
            body["trace_id"].as_str().unwrap(),
            body["correlation_id"].as_str().unwrap(),
            body["timestamp"].as_str().unwrap()
        );
        assert!(description.ends_with(&ids), "{description}");
        let timestamp = body["timestamp"].as_str().unwrap();
        assert!(
            timestamp.len() == 20 && timestamp.ends_with('Z'),
            "{timestamp}"
        );
        assert_eq!(
            body["error_uri"],
            format!("https://login.microsoftonline.com/error?code={code}")
        );
    }
    let form = whole(&client, SECRET, credentials, graph);
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = inbound.ask_token_of("fabrikam.example", "oauth2/v2.0/token", None, &form);
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.body()["error_codes"], json!([90_002]));
    // A secret has its day.
    inbound.lab("POST", "/clock", &json!({"now": "2099-01-02T00:00:00Z"}));
    let answer = inbound.ask_token("oauth2/v2.0/token", None, &form);
    assert_eq!(answer.status(), 401, "{}", answer.body());
    assert_eq!(answer.body()["error_codes"], json!([7_000_222]));
    let url = format!(
        "{}/login/{}/oauth2/v2.0/token",
        inbound.server.url, inbound.known.tenant
    );
    let answer = inbound
        .server
        .send(Request::builder().uri(url), Vec::new())
        .unwrap();
    assert_eq!(answer.status(), 405);
}

//! `POST /Users` and what POST has in common: POST.

use serde_json::{Value, json};

use crate::team::{ENTERPRISE, Example, Team, USER, header, named, refused, text};

/// The base64 of a certificate in DER: self-signed, Ed25519, of the name `Barbara`.
const CERTIFICATE: &str = "MIIBODCB66ADAgECAhRfAEIDmfva7VRfuoiPH3yBHFMl4jAFBgMrZXAwEjEQMA4GA1UEAwwH\
    QmFyYmFyYTAeFw0yNjExMjIwOTEwMjNaFw0zNjExMTkwOTEwMjNaMBIxEDAOBgNVBAMMB0JhcmJhcmEwKjAFBgMrZXADIQAN\
    +WCQNl7ro7XPIJCfFTLeN8GYaRPwdLCnURtYInexlaNTMFEwHQYDVR0OBBYEFMpDAGvdt1/1S3YlicgnTm56JBz1MB8GA1Ud\
    IwQYMBaAFMpDAGvdt1/1S3YlicgnTm56JBz1MA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAvcAhTmt8qKdvvLsG1lzWSMLd\
    dLo55cGK2Zd49ANQVaW/WXT3DwMnzeGkra6TGE2SIAbwlwXQOijNDcMxClE/Cw==";

#[test]
fn a_minimal_user_is_complete_afterwards() {
    let team = Team::new();
    let answer = team.post("/Users", &named("min@example.com"));
    assert_eq!(answer.status(), 201, "POST-01");
    let body = answer.body();
    assert_eq!(
        header(&answer, "location"),
        Some(text(body, "/meta/location")),
        "POST-01"
    );
    assert_eq!(
        header(&answer, "etag"),
        Some(text(body, "/meta/version")),
        "POST-01"
    );
    assert_eq!(
        body["meta"]["created"], body["meta"]["lastModified"],
        "POST-01"
    );
    assert_eq!(body["meta"]["resourceType"], "User", "POST-01");
    assert_eq!(body["active"], true, "POST-01");
    assert_eq!(text(body, "/id").len(), 48, "POST-01");
    let location = text(body, "/meta/location");
    assert_eq!(
        location,
        format!("{}/scim/v2/Users/{}", team.server.url, text(body, "/id"))
    );
    let path = location.split_once("/scim/v2").unwrap().1;
    assert_eq!(&team.read(path), body, "POST-01: the location leads there");
}

#[test]
fn a_full_user_comes_back_as_sent() {
    for profile in ["standard", "strict"] {
        let team = Team::with_profile(profile);
        let mut body = named("boss@example.com");
        body["displayName"] = json!("The Boss");
        let boss = team.user(&body);
        let sent = json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": "701984",
            "userName": "bjensen@example.com",
            "name": {
                "formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen",
                "givenName": "Barbara", "middleName": "Jane", "honorificPrefix": "Ms.",
                "honorificSuffix": "III",
            },
            "displayName": "Babs Jensen",
            "nickName": "Babs",
            "profileUrl": "https://login.example.com/bjensen",
            "title": "Tour Guide",
            "userType": "Employee",
            "preferredLanguage": "en-US",
            "locale": "en-US",
            "timezone": "America/Los_Angeles",
            "active": true,
            "emails": [
                { "value": "Bjensen@Example.com", "type": "work", "primary": true },
                { "value": "babs@jensen.org", "type": "home", "display": "private" },
            ],
            "phoneNumbers": [
                { "value": "555-555-5555", "type": "work" },
                { "value": "555-555-4444", "type": "mobile" },
            ],
            "ims": [{ "value": "someaimhandle", "type": "aim" }],
            "photos": [{ "value": "https://photos.example.com/F", "type": "photo" }],
            "addresses": [{
                "type": "work", "streetAddress": "100 Universal City Plaza",
                "locality": "Hollywood", "region": "CA", "postalCode": "91608", "country": "US",
                "formatted": "100 Universal City Plaza\nHollywood, CA 91608 US", "primary": true,
            }],
            "entitlements": [{ "value": "editor" }],
            "roles": [{ "value": "admin", "display": "Administrator" }],
            "x509Certificates": [{ "value": CERTIFICATE }],
            ENTERPRISE: {
                "employeeNumber": "701984", "costCenter": "4130",
                "organization": "Universal Studios", "division": "Theme Park",
                "department": "Tour Operations",
                "manager": { "value": boss, "displayName": "ignored" },
            },
        });
        let made = team.create("/Users", &sent);
        for (name, value) in sent.as_object().unwrap() {
            if name == ENTERPRISE {
                for (name, value) in value.as_object().unwrap() {
                    if name != "manager" {
                        assert_eq!(&made[ENTERPRISE][name], value, "POST-02 {name}");
                    }
                }
            } else {
                assert_eq!(&made[name], value, "POST-02 {name}");
            }
        }
        let manager = &made[ENTERPRISE]["manager"];
        assert_eq!(manager["value"], json!(boss), "POST-31");
        assert_eq!(manager["displayName"], "The Boss", "POST-31");
        assert!(
            text(manager, "/$ref").ends_with(&format!("/Users/{boss}")),
            "POST-31"
        );
    }
}

#[test]
fn what_is_not_a_user_is_refused_and_nothing_is_written() {
    let team = Example::new();
    let with = |name: &str, value: Value| {
        let mut body = named("new@example.com");
        body[name] = value;
        body.to_string()
    };
    for (row, body, status, kind) in [
        (
            "POST-03",
            json!({ "schemas": [USER] }).to_string(),
            400,
            "invalidValue",
        ),
        ("POST-05", with("userName", json!(42)), 400, "invalidValue"),
        (
            "userName empty",
            with("userName", json!("")),
            400,
            "invalidValue",
        ),
        (
            "userName null",
            with("userName", Value::Null),
            400,
            "invalidValue",
        ),
        (
            "POST-06",
            named("bjensen@example.com").to_string(),
            409,
            "uniqueness",
        ),
        (
            "POST-07",
            named("BJENSEN@EXAMPLE.COM").to_string(),
            409,
            "uniqueness",
        ),
        (
            "A50",
            named("boss@example.com").to_string(),
            409,
            "uniqueness",
        ),
        (
            "POST-10",
            json!({ "userName": "new@example.com" }).to_string(),
            400,
            "invalidSyntax",
        ),
        ("POST-11", with("schemas", json!([])), 400, "invalidSyntax"),
        (
            "schemas text",
            with("schemas", json!(USER)),
            400,
            "invalidSyntax",
        ),
        ("POST-21", with("active", json!("yes")), 400, "invalidValue"),
        ("POST-23", with("name", json!("x")), 400, "invalidValue"),
        ("title number", with("title", json!(5)), 400, "invalidValue"),
        (
            "emails null element",
            with("emails", json!([null])),
            400,
            "invalidValue",
        ),
        (
            "A31",
            with(
                "emails",
                json!([
                    { "value": "a@x", "primary": true }, { "value": "b@x", "primary": true }
                ]),
            ),
            400,
            "invalidValue",
        ),
        ("POST-33", " ".into(), 400, "invalidSyntax"),
        ("POST-34", "[]".into(), 400, "invalidSyntax"),
        ("POST-34", "\"x\"".into(), 400, "invalidSyntax"),
        (
            "POST-35",
            format!("{{\"schemas\":[\"{USER}\"],\"userName\":\"new@exa"),
            400,
            "invalidSyntax",
        ),
        (
            "POST-47",
            with("x509Certificates", json!([{ "value": "not base64!" }])),
            400,
            "invalidValue",
        ),
    ] {
        let answer = team.with(
            "POST",
            "/Users",
            &[("Content-Type", "application/scim+json")],
            &body,
        );
        refused(&format!("{row} {body}"), &answer, status, kind);
        assert_eq!(team.list("/Users").len(), 3, "{row}: nothing half-written");
    }
    let answer = team.post("/Users", &Value::Null);
    refused("POST-33", &answer, 400, "invalidSyntax");
}

#[test]
fn sentences_say_what_is_wrong_and_where() {
    let team = Example::new();
    for (body, words) in [
        ("{\"schemas\": [", &["line 1 column"][..]),
        (
            "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}",
            &["userName"][..],
        ),
        (
            "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"n\",\"active\":\"yes\"}",
            &["active", "true"][..],
        ),
        (
            "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"bjensen@example.com\"}",
            &["bjensen@example.com", "already"][..],
        ),
    ] {
        let answer = team.with("POST", "/Users", &[], body);
        let detail = text(answer.body(), "/detail");
        for word in words {
            assert!(detail.contains(word), "{word} in: {detail}");
        }
    }
}

#[test]
fn what_clients_send_besides_the_standard_is_tolerated() {
    let team = Example::new();
    let with = |row: &str, more: Value| {
        let mut body = named(&format!("{row}@example.com"));
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        team.create("/Users", &body)
    };
    let made = with("POST-09", json!({ "id": "bulkId:1" }));
    assert!(!text(&made, "/id").contains("bulkId"), "POST-09");
    let made = with("POST-13", json!({ "schemas": [USER, USER] }));
    assert_eq!(made["schemas"], json!([USER]), "POST-13");
    let made = with("POST-15", json!({ "schemas": [USER.to_uppercase()] }));
    assert_eq!(made["schemas"], json!([USER]), "POST-15");
    with("POST-17", json!({ "schemas": [USER, ENTERPRISE] }));
    let made = with("POST-18", json!({ "favoriteColor": "blue" }));
    assert!(made.get("favoriteColor").is_none(), "POST-18");
    let made = team.create(
        "/Users",
        &json!({ "SCHEMAS": [USER], "USERNAME": "odd@example.com", "Emails": [{ "Value": "o@x" }] }),
    );
    assert_eq!(made["userName"], "odd@example.com", "POST-19");
    assert_eq!(made["emails"], json!([{ "value": "o@x" }]), "POST-19");
    let made = with("POST-22", json!({ "emails": { "value": "a@x" } }));
    assert_eq!(made["emails"], json!([{ "value": "a@x" }]), "POST-22");
    let twice = json!([{ "value": "a@x", "type": "work" }, { "value": "a@x", "type": "work" }]);
    let made = with("POST-25", json!({ "emails": twice }));
    assert_eq!(made["emails"].as_array().unwrap().len(), 1, "POST-25");
    let both = json!([{ "value": "a@x", "type": "work" }, { "value": "a@x", "type": "home" }]);
    let made = with("POST-26", json!({ "emails": both }));
    assert_eq!(made["emails"], both, "POST-26");
    let made = with("POST-29", json!({ "nickName": "" }));
    assert!(
        team.found("/Users", "nickName pr").is_empty(),
        "POST-29: {made}"
    );
    let made = with("POST-30", json!({ "externalId": "E1" }));
    assert_eq!(made["externalId"], "E1", "POST-30");
    let made = with(
        "POST-46",
        json!({ "addresses": [{ "country": "Sierra Leone" }] }),
    );
    assert_eq!(made["addresses"][0]["country"], "Sierra Leone", "POST-46");
    let made = with(
        "MISC-05",
        json!({ "roles": [], "meta": { "resourceType": "User" } }),
    );
    assert!(made.get("roles").is_none(), "MISC-05");
    let made = with("MISC-06", json!({ "addresses": null, "title": null }));
    assert!(
        made.get("addresses").is_none() && made.get("title").is_none(),
        "MISC-06"
    );
    let made = with("A2", json!({ "active": "False" }));
    assert_eq!(made["active"], false, "A2");
}

#[test]
fn a_password_is_never_shown() {
    let team = Team::new();
    let mut body = named("secret@example.com");
    body["password"] = json!("t1meMa$heen");
    let answer = team.post("/Users?attributes=password,userName", &body);
    assert_eq!(answer.status(), 201, "POST-27");
    let id = text(answer.body(), "/id").to_owned();
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["password", "userName"],
    });
    let mut seen = format!("{}{}", answer.body(), team.log());
    for path in [
        format!("/Users/{id}"),
        format!("/Users/{id}?attributes=password"),
        "/Users".to_owned(),
        "/Users?attributes=password,userName".to_owned(),
        "/Users?filter=userName%20eq%20%22secret%40example.com%22".to_owned(),
        "/".to_owned(),
    ] {
        let shown = team.read(&path).to_string();
        assert!(shown.contains(&id), "POST-27 {path}: {shown}");
        seen.push_str(&shown);
    }
    for path in ["/Users/.search", "/.search"] {
        let shown = team.post(path, &search).into_body().to_string();
        assert!(shown.contains(&id), "POST-27 {path}: {shown}");
        seen.push_str(&shown);
    }
    // What the pages show of it: tests/console/traffic.rs.
    assert!(!seen.contains("t1meMa$heen"), "POST-27, GET-14: {seen}");
    assert!(!seen.contains("\"password\""), "GET-14: {seen}");
}

#[test]
fn an_answer_can_be_projected() {
    let team = Team::new();
    let answer = team.post("/Users?attributes=userName", &named("p@example.com"));
    assert_eq!(answer.status(), 201, "POST-37");
    let mut names: Vec<_> = answer.body().as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["id", "schemas", "userName"], "POST-37");
}

#[test]
fn of_two_creations_at_once_one_wins() {
    let team = Team::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    team.post("/Users", &named("race@example.com"))
                        .status()
                        .as_u16()
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|s| **s == 201).count(),
        1,
        "POST-45: {statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|s| **s == 409).count(),
        7,
        "POST-45: {statuses:?}"
    );
    assert_eq!(team.list("/Users").len(), 1, "POST-45");
}

//! The quickstart of the inbound provisioning API with its own body, to its end and beyond: two people are uploaded,
//! appear in the directory, and in the team after the next cycle of the outbound job.

use scimlab::model::DirectoryUser;
use scimlab::sync::Credentials;

use super::*;

/// "Bulk request with SCIM Enterprise User Schema" of the quickstart, byte by byte.
const BODY: &str = include_str!("quickstart.json");

fn attributes(user: &DirectoryUser) -> Vec<(&str, &str)> {
    [
        "employeeId",
        "displayName",
        "givenName",
        "surname",
        "jobTitle",
        "preferredLanguage",
        "mail",
        "telephoneNumber",
        "streetAddress",
        "city",
        "state",
        "postalCode",
        "country",
        "department",
        "companyName",
    ]
    .into_iter()
    .map(|name| (name, user.text(name).unwrap_or_default()))
    .collect()
}

#[test]
fn both_people_of_the_quickstart_arrive_in_the_directory_and_then_in_the_team() {
    // The team is another appliance: the directory knows its address before it starts.
    let place = tempfile::tempdir().unwrap();
    let team = Server::start(place.path());
    let url = format!("{}/scim/v2", team.url);
    let root = tempfile::tempdir().unwrap();
    let known = prepare(root.path(), &USUAL, |_, _| Ok(()));
    let key: [u8; 32] = std::fs::read(root.path().join("data/secret.key"))
        .unwrap()
        .try_into()
        .unwrap();
    {
        let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
        let outbound = known.outbound.2;
        store
            .write(move |tx| -> Result<(), Error> {
                let now = SystemClock.now();
                let (operator, sealer) = (operator(tx, now)?, Sealer::new(&key));
                let credentials = Credentials::from(Plain::new(KEY));
                let target = Some(&credentials);
                jobs::save_credentials(tx, &operator, outbound, &sealer, &url, target)?;
                jobs::set_scope(tx, &operator, outbound, Scope::All)?;
                jobs::start(tx, &operator, outbound, now)?;
                Ok(())
            })
            .unwrap();
    }
    let inbound = Inbound::over(root, known);
    let cycle = format!("/jobs/{}/cycle", inbound.known.outbound.1);
    assert_eq!(inbound.lab("POST", &cycle, &Value::Null).status(), 200);
    let in_team = |name: &str| {
        let path = format!(
            "/Users?filter={}",
            encoded(&format!("userName eq \"{name}\""))
        );
        team.call("GET", &path, &Value::Null).into_body()
    };
    assert_eq!(in_team("bjensen@example.com")["totalResults"], 0);

    let answer = inbound.upload(BODY);
    assert_eq!(answer.status(), 202, "{}", answer.body());
    // Both are created. The manager 89607 has not come, which the entry of the first says; nothing has failed.
    inbound.until("both are there", |inbound| {
        (inbound.entries("").len() == 2).then_some(())
    });
    let created = inbound.entries("provisioningAction eq 'create'");
    let told: Vec<_> = created
        .iter()
        .map(|entry| {
            let (id, info) = (
                &entry["sourceIdentity"]["id"],
                &entry["provisioningStatusInfo"],
            );
            (
                id.as_str(),
                info["status"].as_str(),
                &info["errorInformation"]["errorCode"],
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("701985"), Some("success"), &Value::Null),
            (
                Some("701984"),
                Some("warning"),
                &Value::from("UnableToResolveReferenceAttributeValue")
            ),
        ]
    );

    assert_eq!(inbound.lab("POST", &cycle, &Value::Null).status(), 200);
    let babs = &in_team("bjensen@example.com")["Resources"][0];
    assert_eq!(babs["name"]["familyName"], "Jensen", "{babs}");
    assert_eq!(babs["active"], true);
    let kathy = &in_team("kjensen@example.com")["Resources"][0];
    assert_eq!(kathy["name"]["givenName"], "Kathy", "{kathy}");

    let (_inbound, (babs, kathy)) = inbound.looked_at(|store, known| {
        let tx = store.read().unwrap();
        let user = |name: &str| {
            let found = directory::user_by_principal_name(&tx, known.key.tenant, name);
            found.unwrap().unwrap_or_else(|| panic!("{name}"))
        };
        (
            user("bjensen@contoso.example"),
            user("Kjensen@contoso.example"),
        )
    });
    assert!(babs.account_enabled && kathy.account_enabled);
    assert_eq!(kathy.manager, Some(babs.seq));
    assert_eq!(babs.manager, None);
    let common = |name: &str| match name {
        "preferredLanguage" => "en-US",
        "city" => "Hollywood",
        "state" => "CA",
        "country" => "USA",
        "department" => "Tour Operations",
        "companyName" => "Universal Studios",
        "surname" => "Jensen",
        _ => "",
    };
    for (user, own) in [
        (
            &babs,
            [
                ("employeeId", "701984"),
                ("displayName", "Babs Jensen"),
                ("givenName", "Barbara"),
                ("jobTitle", "Tour Guide"),
                ("mail", "bjensen@example.com"),
                ("telephoneNumber", "555-555-5555"),
                ("streetAddress", "100 Universal City Plaza"),
                ("postalCode", "91608"),
            ],
        ),
        (
            &kathy,
            [
                ("employeeId", "701985"),
                ("displayName", "Kathy Jensen"),
                ("givenName", "Kathy"),
                ("jobTitle", "Tour Lead"),
                ("mail", "kjensen@example.com"),
                ("telephoneNumber", "555-555-5545"),
                ("streetAddress", "100 Oracle City Plaza"),
                ("postalCode", "91618"),
            ],
        ),
    ] {
        for (name, value) in attributes(user) {
            let own = own.iter().find(|(known, _)| *known == name);
            let expected = own.map_or_else(|| common(name), |(_, value)| *value);
            assert_eq!(value, expected, "{name}");
        }
    }
}

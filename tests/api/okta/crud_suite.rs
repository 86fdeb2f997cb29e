//! Part 4.4: Okta's SCIM 2.0 CRUD suite, through the org into the bundled provider, for catalogue apps and apps of the
//! wizard.

use serde_json::{Value, json};

use super::Okta;

fn run(template: &str) {
    let okta = Okta::start();
    let app = okta.app(template);
    let mail = "crud.suite@x.test";
    let scim = |path: &str| okta.server.call("GET", path, &Value::Null).into_body();

    // C1
    okta.get(&format!("/apps/{app}"));
    // C2
    let made = okta.post(
        "/users?activate=true",
        &json!({
            "profile": {
                "firstName": "Crud", "lastName": "Suite", "email": mail, "login": mail,
                "title": "Engineer", "primaryPhone": "415.123.4567",
            },
            "credentials": {
                "password": { "value": "Kv7J2LEa" },
                "recovery_question": {
                    "question": "Who's a major player in the cowboy scene?", "answer": "okta",
                },
            },
        }),
    );
    let user = made["id"].as_str().unwrap();
    let assign = |given: &str| {
        okta.post(
            &format!("/apps/{app}/users"),
            &json!({
                "id": user, "scope": "USER", "credentials": { "userName": mail },
                "profile": { "familyName": "Suite", "givenName": given, "emailType": "work", "email": mail },
            }),
        )
    };
    let settled = |okta: &Okta| {
        let shown = okta.get(&format!("/apps/{app}/users/{user}"));
        shown["status"] == "PROVISIONED" && shown["syncState"] == "SYNCHRONIZED"
    };
    // C3
    let assigned = assign("Crud");
    assert_eq!(assigned["scope"], "USER");
    okta.until("the account is made", settled);
    // C4
    let found = scim(&format!("/Users?filter=userName%20eq%20%22{mail}%22"));
    let account = &found["Resources"][0];
    assert_eq!(account["userName"], mail);
    assert_eq!(account["emails"][0]["value"], mail);
    assert_eq!(account["name"]["familyName"], "Suite");
    assert_eq!(account["name"]["givenName"], "Crud");
    let scim_id = account["id"].as_str().unwrap();
    let account = || scim(&format!("/Users/{scim_id}"));
    // C5
    okta.call(
        "PUT",
        &format!("/users/{user}"),
        &json!({ "profile": {
            "firstName": "Crudupdate", "lastName": "Suite", "email": mail, "login": mail,
        } }),
        200,
    );
    // C6
    okta.until("the name is pushed", |_| {
        account()["name"]["givenName"] == "Crudupdate"
    });
    okta.until("the push is noted", settled);
    // C7
    okta.post(&format!("/users/{user}/lifecycle/deactivate"), &Value::Null);
    okta.call(
        "GET",
        &format!("/apps/{app}/users/{user}"),
        &Value::Null,
        404,
    );
    // C8
    okta.until("the account is deactivated", |_| {
        account()["active"] == false
    });
    // C9
    okta.post(
        &format!("/users/{user}/lifecycle/activate?sendEmail=false"),
        &Value::Null,
    );
    // C10
    assign("Crudupdate");
    // C11: the same account, not another one
    okta.until("the account is active again", |_| {
        account()["active"] == true
    });
    okta.until("the link is noted", settled);
    let shown = okta.get(&format!("/apps/{app}/users/{user}"));
    assert_eq!(shown["externalId"], scim_id);
    // C12
    okta.call(
        "DELETE",
        &format!("/apps/{app}/users/{user}"),
        &Value::Null,
        204,
    );
    // C13
    okta.until("the account is deactivated again", |_| {
        account()["active"] == false
    });
    let found = scim(&format!("/Users?filter=userName%20eq%20%22{mail}%22"));
    assert_eq!(found["totalResults"], 1);
}

#[test]
fn the_crud_suite_passes_with_a_catalogue_app() {
    run("postman");
}

#[test]
fn the_crud_suite_passes_with_header_authentication() {
    run("scim2headerauth");
}

#[test]
fn the_crud_suite_passes_with_an_app_of_the_wizard() {
    run("aiw");
}

//! What profiles and their switches change on the wire.

mod postman;
mod postman_acceptance;
mod postman_keys;
mod postman_people;
mod postman_record;
mod postman_words;
mod switches;

use scimlab::access::Member;
use scimlab::clock::{Clock as _, SystemClock};
use scimlab::error::Error;
use scimlab::id::{Nonce, Seq};
use scimlab::model::Account;
use scimlab::provider::accounts;
use scimlab::secret::PasswordHash;
use scimlab::store::{Write, accounts as account_rows};
use serde_json::{Value, json};
use ureq::http::Response;

use crate::team::{ERROR, header};

/// Asserts the SCIM error body with exactly this sentence.
fn says(row: &str, answer: &Response<Value>, status: u16, scim_type: Option<&str>, detail: &str) {
    let mut expected =
        json!({ "schemas": [ERROR], "status": status.to_string(), "detail": detail });
    if let Some(scim_type) = scim_type {
        expected["scimType"] = scim_type.into();
    }
    assert_eq!(answer.status(), status, "{row}: {}", answer.body());
    assert_eq!(answer.body(), &expected, "{row}");
    assert_eq!(
        header(answer, "content-type"),
        Some("application/scim+json"),
        "{row}"
    );
}

/// Asserts the platform's answer to what Postman does not have.
fn no_route(row: &str, answer: &Response<Value>) {
    assert_eq!(answer.status(), 404, "{row}: {}", answer.body());
    assert_eq!(
        answer.body(),
        &json!({
            "error": {
                "name": "NotFound",
                "message": "We can't seem to find what you are looking for."
            },
            "status": "error"
        }),
        "{row}"
    );
}

/// An administrator of the first team, at work in the console; of no account.
fn grace() -> Member {
    Member {
        team: Seq(1),
        name: "Grace".into(),
        account: None,
        origin: None,
        roles: [scimlab::model::Role::Admin].into(),
    }
}

/// An account that can sign in and belongs to no team.
fn make_account(tx: &Write<'_>, name: &str) -> Result<(), Error> {
    let account = Account {
        seq: account_rows::next_seq(tx)?,
        sign_in_name: name.to_owned(),
        name: "Somebody".into(),
        password: Some(unusable()),
        operator: false,
        created: SystemClock.now(),
    };
    Ok(account_rows::put(tx, &account)?)
}

/// Made without the work of hashing; it verifies nothing.
fn unusable() -> PasswordHash {
    serde_json::from_value(json!("$argon2id$none")).unwrap()
}

/// An administrator of the first team.
fn make_administrator(tx: &Write<'_>, name: &str) -> Result<Account, Error> {
    let (nonce, now) = (Nonce::random(), SystemClock.now());
    accounts::upsert(tx, name, "Administrator", unusable(), nonce, now)
}

/// The operations with which Postman's clients deactivate somebody.
fn deactivate() -> Value {
    json!([{ "op": "replace", "value": { "active": false } }])
}

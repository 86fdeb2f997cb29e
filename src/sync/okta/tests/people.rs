//! Accounts of people: parts 1.4 to 1.9 of the Okta reference.

use super::super::super::testing::{Fault, Given, Scripted};
use super::*;
use crate::model::okta::{AppUserStatus, PasswordSync, SyncState};

/// 1.1: headers of reads and writes, the DELETE without a body too.
#[test]
fn every_request_has_oktas_headers() {
    let lab = Lab::oin();
    let server = Scripted::start(|asked| match asked.method.as_str() {
        "GET" => Given::nobody(),
        "DELETE" => Given::json(204, ""),
        _ => Given::json(201, r#"{"id":"X1"}"#),
    });
    lab.connect(&server.url, "t0ken");
    lab.assign(lab.person("ann"));
    lab.drain();
    let key = lab.key;
    lab.write(move |tx| {
        let kind = crate::model::okta::JobKind::DeleteGroup {
            name: "G".to_owned(),
            external_id: "G1".to_owned(),
        };
        Ok(jobs::enqueue(tx, key, kind, now())?)
    });
    lab.drain();
    let asked = server.asked();
    let methods: Vec<&str> = asked.iter().map(|a| a.method.as_str()).collect();
    assert_eq!(methods, ["GET", "POST", "DELETE"]);
    for asked in &asked {
        for (name, value) in [
            ("accept", "application/scim+json"),
            ("accept-charset", "utf-8"),
            ("accept-encoding", "gzip,deflate"),
            ("user-agent", "Okta SCIM Client 1.0.0"),
            ("authorization", "Bearer t0ken"),
        ] {
            assert_eq!(asked.header(name), value, "{}", asked.method);
        }
        let typed = if asked.method == "GET" {
            ""
        } else {
            "application/scim+json; charset=utf-8"
        };
        assert_eq!(asked.header("content-type"), typed, "{}", asked.method);
        for name in [
            "if-match",
            "if-none-match",
            "expect",
            "transfer-encoding",
            "content-encoding",
        ] {
            assert_eq!(asked.header(name), "", "{}", asked.method);
        }
    }
}

/// 1.1: Bearer, the raw header, Basic.
#[test]
fn requests_are_signed_in_three_ways() {
    let server = Scripted::start(|_| Given::nobody());
    let lab = Lab::oin();
    let sealer = lab.context.sealer.clone();
    let seal = |text: &str| sealer.seal(&Plain::new(text));
    for (authentication, header) in [
        (
            AppAuthentication::Bearer { token: seal("abc") },
            "Bearer abc",
        ),
        (AppAuthentication::Header { value: seal("abc") }, "abc"),
        (
            AppAuthentication::Basic {
                user: "okta".into(),
                password: seal("p:w"),
            },
            "Basic b2t0YTpwOnc=",
        ),
    ] {
        let mut app = lab.app();
        app.provisioning.base_url.clone_from(&server.url);
        app.provisioning.authentication = Some(authentication);
        let probed = super::super::probe(&lab.context, lab.key, app);
        assert!(probed.result.is_ok(), "{probed:?}");
        assert_eq!(server.asked()[0].header("authorization"), header);
    }
}

/// 1.4: the lookup, then the account, its members in Okta's order; what is empty is not sent.
#[test]
fn an_account_is_made_with_its_members_in_order() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    lab.change(ann, "department", "Labs");
    lab.change(ann, "displayName", "Ann Doe");
    lab.change(ann, "locale", "en-US");
    lab.target.got();
    lab.assign(ann);
    lab.drain();
    let got = lab.target.got();
    let mut body = got[1].body.clone();
    let password = body["password"].as_str().unwrap().to_owned();
    assert_eq!(password.len(), 8);
    let okta_id = body["externalId"].as_str().unwrap().to_owned();
    assert!(okta_id.starts_with("00u") && okta_id.len() == 20);
    body["password"] = json!("?");
    body["externalId"] = json!("00u");
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "userName": "ann@x.test",
        "name": { "givenName": "ann", "familyName": "Doe" },
        "emails": [{ "primary": true, "value": "ann@x.test", "type": "work" }],
        "displayName": "Ann Doe",
        "locale": "en-US",
        "externalId": "00u",
        "groups": [],
        "password": "?",
        "active": true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Labs" }
    });
    assert_eq!(body.to_string(), expected.to_string());
    let row = lab.row(ann);
    assert_eq!(
        (row.status, row.sync_state),
        (AppUserStatus::Provisioned, SyncState::Synchronized)
    );
    assert_eq!(
        lab.told(),
        [
            "user.verify_exists SUCCESS",
            "user.push SUCCESS",
            "user.sync SUCCESS"
        ]
    );
    // The password is sent, but shown to nobody.
    let tx = lab.context.store.read().unwrap();
    let pushed = lab.events()[1].seq;
    let exchange = events::exchanges(&tx, ORG, pushed).unwrap().remove(0);
    assert!(exchange.request.unwrap().contains(r#""password":"***""#));
}

/// 1.4: a name, and the kind of the e-mail address, only as they are mapped; the locale as it is written.
#[test]
fn what_is_not_mapped_is_not_sent() {
    let lab = Lab::oin();
    let made = |name: &str| {
        let user = lab.person(name);
        lab.change(user, "displayName", "Somebody");
        lab.change(user, "locale", "en_US");
        lab.assign(user);
        lab.target.got();
        lab.drain();
        lab.target.got()[1].body.clone()
    };
    let body = made("ann");
    assert_eq!(
        (&body["displayName"], &body["locale"]),
        (&json!("Somebody"), &json!("en_US"))
    );
    assert_eq!(body["emails"][0]["type"], "work");
    lab.configure(|app| {
        for attribute in &mut app.attributes {
            if ["displayName", "emailType"].contains(&attribute.name.as_str()) {
                attribute.mapping = None;
            }
        }
    });
    let body = made("bob");
    assert_eq!(body.get("displayName"), None);
    let emails = json!([{ "primary": true, "value": "bob@x.test" }]);
    assert_eq!(body["emails"], emails);
}

/// 1.1: Okta's samples are `text/json`, and other servers call JSON what they like.
#[test]
fn an_answer_counts_whatever_its_type_is_called() {
    for content_type in [
        "text/json;charset=UTF-8",
        "application/scim+json",
        "application/json",
        "text/plain",
    ] {
        let lab = Lab::oin();
        lab.target.chaos(move |method, _| {
            Some(match method {
                "GET" => Fault::Answer(200, content_type, r#"{"totalResults":0,"Resources":[]}"#),
                _ => Fault::Answer(201, content_type, r#"{"id":"U1"}"#),
            })
        });
        let ann = lab.person("ann");
        lab.assign(ann);
        lab.drain();
        assert_eq!(lab.row(ann).external_id.as_deref(), Some("U1"));
    }
}

/// 1.4, 10.3: without the placeholder there is no password at all; with *Sync Password* it is the real one or 16 random
/// characters.
#[test]
fn the_first_password_is_what_the_settings_say() {
    let lab = Lab::oin();
    let mut number = 0;
    let mut first = |sync, placeholder, real: Option<&str>| {
        lab.configure(|app| {
            app.to_app.sync_password = sync;
            app.wire.placeholder_password = placeholder;
        });
        number += 1;
        let user = lab.person(&format!("p{number}"));
        let sealed = real.map(|text| lab.context.sealer.seal(&Plain::new(text)));
        lab.write(move |tx| {
            let mut row = users::get(tx, ORG, user)?;
            row.password = sealed;
            Ok(crate::store::okta::users::put(tx, ORG, &row)?)
        });
        lab.target.got();
        lab.assign(user);
        lab.drain();
        let sent = lab.target.got()[1].body.get("password").cloned();
        sent.map(|p| p.as_str().unwrap().to_owned())
    };
    assert_eq!(first(PasswordSync::Off, true, None).unwrap().len(), 8);
    assert_eq!(
        first(PasswordSync::Off, true, Some("real")).unwrap().len(),
        8
    );
    assert_eq!(first(PasswordSync::Off, false, None), None);
    assert_eq!(first(PasswordSync::Random, false, None).unwrap().len(), 16);
    assert_eq!(
        first(PasswordSync::Okta, true, Some("real")),
        Some("real".to_owned())
    );
    assert_eq!(first(PasswordSync::Okta, true, None).unwrap().len(), 8);
}

/// 1.4: the value of the filter is that of the unique identifier field.
#[test]
fn the_existence_check_asks_for_the_unique_identifier() {
    let lab = Lab::aiw();
    lab.configure(|app| app.provisioning.unique_field = "email".to_owned());
    let ann = lab.person("ann");
    lab.change(ann, "email", "a+b@y.test");
    lab.assign(ann);
    let find = "GET /Users?filter=userName%20eq%20%22a%2Bb%40y.test%22&startIndex=1&count=100";
    assert_eq!(lab.sent()[0], find);
    lab.configure(|app| app.wire.plus_for_blanks = true);
    lab.assign(lab.person("bob"));
    let find = "GET /Users?filter=userName+eq+%22bob%40x.test%22&startIndex=1&count=100";
    assert_eq!(lab.sent()[0], find);
}

/// 1.12: Create Users off and no match; and with a match the account is linked all the same (0.3).
#[test]
fn without_create_users_accounts_are_only_linked() {
    let lab = Lab::oin();
    lab.configure(|app| app.to_app.create_users = false);
    let ann = lab.person("ann");
    lab.assign(ann);
    assert_eq!(lab.sent().len(), 1);
    let text = "Automatic provisioning of user ann Doe to app App failed: Matching user not found.";
    assert_eq!(lab.task(), text);
    let row = lab.row(ann);
    assert_eq!(
        (row.status, row.sync_state),
        (AppUserStatus::Staged, SyncState::Error)
    );
    assert_eq!(row.error.as_deref(), Some(text));
    assert_eq!(
        lab.told(),
        ["user.verify_exists SUCCESS", "user.sync FAILURE"]
    );
    // Somebody makes the account, and the task is retried.
    let id = lab
        .target
        .put("Users", json!({ "userName": "ann@x.test", "active": true }));
    lab.retry();
    lab.drain();
    assert_eq!(lab.tasks(), []);
    assert_eq!(lab.row(ann).external_id, Some(id));
    assert_eq!(lab.row(ann).error, None);
}

/// 1.5: the account is linked; with updates on it is told the profile, with updates off nothing.
#[test]
fn an_account_that_is_there_is_linked() {
    for updates in [true, false] {
        let lab = Lab::oin();
        lab.configure(|app| app.to_app.update_attributes = updates);
        let old = json!({ "userName": "ann@x.test", "active": true, "title": "Old", "x": 1,
            "name": { "givenName": "Other", "formatted": "kept" } });
        let id = lab.target.put("Users", old);
        let ann = lab.person("ann");
        lab.assign(ann);
        let seen = lab.sent();
        let more: Vec<&str> = seen[1..].iter().map(String::as_str).collect();
        if updates {
            assert_eq!(
                more,
                [format!("GET /Users/{id}"), format!("PUT /Users/{id}")]
            );
            let now = &lab.target.all("Users")[0];
            assert_eq!(
                now["name"],
                json!({ "givenName": "ann", "formatted": "kept", "familyName": "Doe" })
            );
            assert_eq!((&now["title"], &now["x"]), (&json!("Old"), &json!(1)));
        } else {
            assert_eq!(more, [""; 0]);
        }
        let row = lab.row(ann);
        assert_eq!(row.external_id, Some(id));
        assert_eq!(
            (row.status, row.sync_state),
            (AppUserStatus::Provisioned, SyncState::Synchronized)
        );
    }
}

/// 1.5, 1.8: an inactive account is activated: by PATCH before the profile, or in the PUT.
#[test]
fn an_inactive_account_is_activated_when_it_is_linked() {
    for (lab, updates, requests) in [
        (Lab::oin(), true, 4),
        (Lab::oin(), false, 2),
        (Lab::aiw(), true, 3),
        (Lab::aiw(), false, 3),
    ] {
        lab.configure(|app| app.to_app.update_attributes = updates);
        lab.target.put(
            "Users",
            json!({ "userName": "ann@x.test", "active": false, "x": 1 }),
        );
        let ann = lab.person("ann");
        lab.assign(ann);
        let seen = lab.sent();
        assert_eq!(seen.len(), requests, "{seen:?}");
        let account = &lab.target.all("Users")[0];
        assert_eq!(
            (&account["active"], &account["x"]),
            (&json!(true), &json!(1))
        );
        assert_eq!(account.contains_key("name"), updates);
        assert!(
            lab.told().contains(&"user.reactivate SUCCESS".to_owned()),
            "{:?}",
            lab.told()
        );
        assert_eq!(lab.row(ann).status, AppUserStatus::Provisioned);
    }
}

/// 1.6: only what changed is merged into what the server returned; everything else is echoed, a leaked password too.
#[test]
fn an_update_echoes_what_the_server_returned() {
    let lab = Lab::oin();
    let (ann, id) = lab.provisioned("ann");
    lab.target.change("Users", &id, |resource| {
        resource.insert("password".into(), json!("TkdFNVdIVkxhM2c9"));
        resource.insert("title".into(), json!("drifted"));
        resource.insert("meta".into(), json!({ "resourceType": "User" }));
        resource.insert(
            "emails".into(),
            json!([
            { "value": "own@y.test", "type": "home" },
            { "value": "ann@x.test", "primary": true, "type": "work", "display": "d" }]),
        );
    });
    let before = lab.target.all("Users")[0].clone();
    lab.change(ann, "email", "new@x.test");
    lab.change(ann, "lastName", "Roe");
    lab.target.got();
    lab.drain();
    let got = lab.target.got();
    assert_eq!(
        got.len(),
        2,
        "two changes of one person are one GET and PUT: {got:?}"
    );
    let mut expected = serde_json::Value::Object(before);
    expected["name"]["familyName"] = json!("Roe");
    expected["emails"][1]["value"] = json!("new@x.test");
    assert_eq!(got[1].body, expected);
}

/// 1.6: telling the profile never changes the status at the target.
#[test]
fn a_profile_push_leaves_the_status_as_it_is() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, id) = lab.provisioned("ann");
        lab.target.change("Users", &id, |account| {
            account.insert("active".into(), json!(false));
        });
        lab.change(ann, "firstName", "Anne");
        lab.drain();
        let account = &lab.target.all("Users")[0];
        assert_eq!(account["name"]["givenName"], "Anne");
        assert_eq!(account["active"], false);
    }
}

/// 1.6: cleared values are dropped, or the empty text with *Push Null Values*.
#[test]
fn a_cleared_attribute_is_dropped_or_empty() {
    for push_null_values in [false, true] {
        let lab = Lab::oin();
        lab.configure(|app| app.wire.push_null_values = push_null_values);
        let (ann, _) = lab.provisioned("ann");
        lab.change(ann, "title", "Boss");
        lab.drain();
        assert_eq!(lab.target.all("Users")[0]["title"], "Boss");
        lab.change(ann, "title", "");
        lab.drain();
        let account = &lab.target.all("Users")[0];
        let expected = push_null_values.then(|| json!(""));
        assert_eq!(account.get("title"), expected.as_ref());
        assert_eq!(lab.tasks(), []);
    }
}

/// 1.6: the user name is part of the PUT, unless *Exclude Username Updates*.
#[test]
fn a_new_user_name_is_told_unless_it_is_excluded() {
    for exclude in [false, true] {
        let lab = Lab::aiw();
        lab.configure(|app| app.to_app.exclude_username_updates = exclude);
        let (ann, _) = lab.provisioned("ann");
        lab.change(ann, "login", "anne@x.test");
        lab.drain();
        let name = if exclude { "ann@x.test" } else { "anne@x.test" };
        assert_eq!(lab.target.all("Users")[0]["userName"], name);
        assert_eq!(lab.row(ann).sync_state, SyncState::Synchronized);
    }
}

/// 1.6: the GET answers 404: a task, and nothing is made again.
#[test]
fn an_account_that_is_gone_is_a_task() {
    let lab = Lab::oin();
    let (ann, id) = lab.provisioned("ann");
    lab.target.remove("Users", &id);
    lab.change(ann, "firstName", "Anne");
    assert_eq!(lab.sent(), [format!("GET /Users/{id}")]);
    let text =
        "Automatic profile push of user Anne Doe to app App failed: Matching user not found.";
    assert_eq!(lab.task(), text);
    assert_eq!(lab.told().last().unwrap(), "user.push_profile FAILURE");
    assert_eq!(lab.row(ann).sync_state, SyncState::Error);
}

/// 1.7: GET and PUT as the server has it, or one PATCH; a 501 falls back to PUT only when that is switched on.
#[test]
fn whoever_is_unassigned_is_deactivated() {
    let lab = Lab::aiw();
    let (ann, id) = lab.provisioned("ann");
    lab.target.set("Users", &id, "title", "theirs");
    lab.unassign(ann);
    assert_eq!(
        lab.sent(),
        [format!("GET /Users/{id}"), format!("PUT /Users/{id}")]
    );
    let account = &lab.target.all("Users")[0];
    assert_eq!(
        (&account["active"], &account["title"]),
        (&json!(false), &json!("theirs"))
    );
    assert_eq!(
        lab.told()[3..],
        ["user.deactivate SUCCESS", "user.deprovision SUCCESS"]
    );

    for fallback in [false, true] {
        let lab = Lab::oin();
        lab.configure(|app| app.wire.put_after_501 = fallback);
        let (ann, id) = lab.provisioned("ann");
        lab.target.chaos(|method, _| {
            let body = r#"{"detail":"no PATCH"}"#;
            (method == "PATCH").then_some(crate::sync::testing::Fault::Answer(
                501,
                "application/scim+json",
                body,
            ))
        });
        lab.unassign(ann);
        let seen = lab.sent();
        assert!(seen[0].starts_with(&format!("PATCH /Users/{id}")));
        assert_eq!(seen.len(), if fallback { 3 } else { 1 });
        if !fallback {
            assert_eq!(
                lab.task(),
                "Automatic deprovisioning of user ann Doe from app App failed: Error while deactivating user ann@x.test: Not Implemented. Errors reported by remote server: no PATCH"
            );
        }
        assert_eq!(lab.target.all("Users")[0]["active"], json!(!fallback));
    }
}

/// 1.7: with *Deactivate Users* off the assignment goes, and nothing is sent.
#[test]
fn without_deactivate_users_nothing_is_sent() {
    let lab = Lab::oin();
    lab.configure(|app| app.to_app.deactivate_users = false);
    let (ann, _) = lab.provisioned("ann");
    lab.unassign(ann);
    assert_eq!(lab.sent(), [""; 0]);
}

/// 1.9: PATCH without a path, or GET and PUT; the event says whose password it was.
#[test]
fn a_password_is_pushed() {
    for (lab, real) in [(Lab::oin(), true), (Lab::oin(), false), (Lab::aiw(), true)] {
        lab.configure(|app| app.to_app.sync_password = PasswordSync::Okta);
        let (ann, id) = lab.provisioned("ann");
        let password = real.then(|| lab.context.sealer.seal(&Plain::new("N3w!")));
        let key = lab.key;
        lab.write(move |tx| {
            let kind = crate::model::okta::JobKind::PushPassword {
                user: ann,
                password,
            };
            Ok(jobs::enqueue(tx, key, kind, now())?)
        });
        let seen = lab.sent();
        let sent = lab.target.all("Users")[0]["password"]
            .as_str()
            .unwrap()
            .to_owned();
        if lab.app().flavour.puts() {
            assert_eq!(
                seen,
                [format!("GET /Users/{id}"), format!("PUT /Users/{id}")]
            );
        } else {
            let operations = json!([{ "op": "replace", "value": { "password": sent } }]);
            assert_eq!(seen, [format!("PATCH /Users/{id} {operations}")]);
        }
        let event = if real {
            assert_eq!(sent, "N3w!");
            "user.push_okta_password SUCCESS"
        } else {
            assert_eq!(sent.len(), 16);
            "user.push_password SUCCESS"
        };
        assert_eq!(lab.told().last().unwrap(), event);
        assert!(lab.row(ann).password_changed.is_some());
    }
}

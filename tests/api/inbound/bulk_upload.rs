//! `bulkUpload` by the tables of the reference: address and limits (8.1), body (8.2), refusals (8.3), processing (8.4).

use scimlab::access::Operator;
use scimlab::model::{GraphPermission, Status};
use scimlab::store::{directory, inbound as rows};
use scimlab::sync::jobs;
use serde_json::{Value, json};

use super::*;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn an_upload_is_accepted_at_both_versions_and_by_both_keys_of_the_service_principal() {
    let inbound = Inbound::start();
    let Known {
        principal,
        app_id,
        job,
        ..
    } = &inbound.known;
    assert!(job.starts_with("API2AAD."), "{job}");
    let ours = "11111111-2222-3333-4444-555555555555";
    for (number, (version, named, kind)) in [
        ("v1.0", format!("/{principal}"), SCIM),
        (
            "beta",
            format!("/{principal}"),
            "application/scim+json; charset=utf-8",
        ),
        (
            "v1.0",
            format!("(appId='{app_id}')"),
            "Application/SCIM+JSON;charset=UTF-8",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = inbound.send(
            "POST",
            &format!("/{version}/servicePrincipals{named}/synchronization/jobs/{job}/bulkUpload"),
            &[
                ("Authorization", &inbound.bearer()),
                ("Content-Type", kind),
                ("client-request-id", ours),
            ],
            &bulk(&[person(&number.to_string(), &format!("p{number}"))]),
        );
        assert_eq!(answer.status(), 202, "{named}: {}", answer.body());
        assert_eq!(answer.body(), &Value::Null, "no body");
        assert_eq!(header(&answer, "content-length"), "0");
        assert_eq!(header(&answer, "client-request-id"), ours);
        assert!(header(&answer, "request-id").parse::<Guid>().is_ok());
        let location = header(&answer, "location");
        assert_eq!(
            location,
            format!(
                "{}/graph/{version}/auditLogs/provisioning/?$filter=jobid%20eq%20'{job}'",
                inbound.server.url
            )
        );
        // The address leads to what became of it.
        let path = location.split_once("/graph").unwrap().1;
        let entries = inbound.until("the log has entries", |inbound| {
            let page = inbound.get(path);
            assert_eq!(page.status(), 200, "{}", page.body());
            let entries = page.body()["value"].as_array().unwrap().clone();
            (entries.len() > number).then_some(entries)
        });
        assert_eq!(entries[0]["sourceIdentity"]["id"], number.to_string());
        assert_eq!(entries[0]["provisioningAction"], "create");
    }
}

#[test]
fn what_is_no_bulk_request_is_an_invalid_data_format() {
    let inbound = Inbound::start();
    let endpoint = inbound.endpoint("v1.0");
    let good = bulk(&[person("1", "ann")]);
    let token = inbound.bearer();
    for kind in ["", "application/json", "text/plain", "application/scim"] {
        let headers = [("Authorization", token.as_str()), ("Content-Type", kind)];
        let headers = &headers[..if kind.is_empty() { 1 } else { 2 }];
        let answer = inbound.send("POST", &endpoint, headers, &good);
        let message = refused(&answer, 400, "BadRequest");
        assert!(
            message.starts_with("Invalid Data Format"),
            "{kind}: {message}"
        );
    }
    let operation = |edit: fn(&mut Value)| {
        let mut whole: Value = serde_json::from_str(&good).unwrap();
        edit(&mut whole["Operations"][0]);
        whole.to_string()
    };
    for body in [
        // "Send non-SCIM data" of Microsoft's collection.
        r#"{"name":"John Doe"}"#.to_owned(),
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        good.replace("BulkRequest", "ListResponse"),
        good.replace("Operations", "Actions"),
        operation(|operation| operation["method"] = json!("DELETE")),
        operation(|operation| operation["path"] = json!("/Groups")),
        operation(|operation| operation["data"] = json!("Ann")),
        operation(|operation| drop(operation.as_object_mut().unwrap().remove("bulkId"))),
        format!("{}{}{}", "[".repeat(5_000), 1, "]".repeat(5_000)),
    ] {
        let answer = inbound.upload(&body);
        let message = refused(&answer, 400, "BadRequest");
        assert!(
            message.starts_with("Invalid Data Format"),
            "{body}: {message}"
        );
    }
    let large = format!("{good}{}", " ".repeat(5 << 20));
    let answer = inbound.upload(&large);
    assert!(refused(&answer, 413, "RequestEntityTooLarge").contains("bytes"));
    assert!(
        inbound.entries("").is_empty(),
        "nothing of all that was done"
    );
}

#[test]
fn fifty_operations_are_the_most() {
    let inbound = Inbound::start();
    let people = |count: u32| -> Vec<Value> {
        (0..count)
            .map(|n| person(&n.to_string(), &format!("p{n}")))
            .collect()
    };
    let answer = inbound.upload(&bulk(&people(51)));
    let message = refused(&answer, 400, "TooManyOperations");
    assert!(
        message.contains("51") && message.contains("at most 50"),
        "{message}"
    );
    assert_eq!(inbound.provision(&people(50)).len(), 50);
    let (_inbound, count) = inbound.looked_at(|store, known| {
        let tx = store.read().unwrap();
        directory::count_users(&tx, known.key.tenant).unwrap()
    });
    assert_eq!(count, 50);
}

#[test]
fn a_token_that_is_missing_foreign_or_over_is_refused() {
    let inbound = Inbound::start();
    let endpoint = inbound.endpoint("v1.0");
    let parts: Vec<&str> = inbound.token.split('.').collect();
    let unsigned = format!("Bearer {}.{}.", parts[0], parts[1]);
    let forged = format!(
        "Bearer {}.{}.{}",
        parts[0],
        parts[1],
        parts[2].to_uppercase()
    );
    let ask = |token: Option<&str>| {
        let headers: Vec<(&str, &str)> = token.iter().map(|t| ("Authorization", *t)).collect();
        inbound.send("POST", &endpoint, &headers, &bulk(&[person("1", "ann")]))
    };
    for (token, message) in [
        (None, "Access token is empty."),
        (Some("Bearer "), "Access token is empty."),
        (Some("Basic YTpi"), "Access token is empty."),
        (
            Some("Bearer nonsense"),
            "Access token has expired or is not yet valid.",
        ),
        (
            Some(unsigned.as_str()),
            "Access token has expired or is not yet valid.",
        ),
        (
            Some(forged.as_str()),
            "Access token has expired or is not yet valid.",
        ),
    ] {
        let answer = ask(token);
        assert_eq!(
            refused(&answer, 401, "InvalidAuthenticationToken"),
            message,
            "{token:?}"
        );
        assert_eq!(header(&answer, "www-authenticate"), "Bearer");
    }
    // One hour later by the appliance's clock.
    let minute = |minutes: u32| {
        let answer = inbound.lab(
            "POST",
            "/clock",
            &json!({"advance": format!("PT{minutes}M")}),
        );
        assert_eq!(answer.status(), 200, "{}", answer.body());
    };
    minute(59);
    assert_eq!(inbound.upload(&bulk(&[person("1", "ann")])).status(), 202);
    minute(2);
    let answer = inbound.upload(&bulk(&[person("1", "ann")]));
    let message = refused(&answer, 401, "InvalidAuthenticationToken");
    assert_eq!(message, "Access token has expired or is not yet valid.");
    let fresh = format!("Bearer {}", inbound.new_token());
    let headers = [("Authorization", fresh.as_str()), ("Content-Type", SCIM)];
    let answer = inbound.send("POST", &endpoint, &headers, &bulk(&[person("1", "ann")]));
    assert_eq!(answer.status(), 202, "{}", answer.body());
}

#[test]
fn uploading_needs_its_permission_and_owners_only_reach_their_own() {
    const DENIED: &str = "Authorization_RequestDenied";
    let body = bulk(&[person("1", "ann")]);
    let reader = Inbound::start_with(&[GraphPermission::ProvisioningLogReadAll], |_, _| Ok(()));
    let message = refused(&reader.upload(&body), 403, DENIED);
    assert_eq!(
        message,
        "Insufficient privileges to complete the operation."
    );
    drop(reader);

    let owned = [GraphPermission::SynchronizationDataUserUploadOwnedBy];
    let stranger = Inbound::start_with(&owned, |_, _| Ok(()));
    refused(&stranger.upload(&body), 403, DENIED);
    let log = stranger.log("v1.0", &[]);
    refused(&log, 403, DENIED);
    let (owner, ()) = stranger.looked_at(|store, known| {
        let key = known.key;
        store
            .write(move |tx| -> Result<(), Error> {
                let operator = operator(tx, SystemClock.now())?;
                let job = job_rows::find(tx, key)?.unwrap();
                let client = Seq(1);
                let (tenant, application) = (key.tenant, job.application);
                registrations::set_owner(tx, &operator, tenant, client, application, true)?;
                Ok(())
            })
            .unwrap();
    });
    assert_eq!(owner.upload(&body).status(), 202);
}

#[test]
fn what_is_not_there_is_not_found_and_other_methods_are_not_allowed() {
    let inbound = Inbound::start();
    let Known {
        principal,
        job,
        outbound: (outbound, outbound_job, _),
        ..
    } = &inbound.known;
    let nobody = "11111111-2222-3333-4444-555555555555";
    let ask = |method: &str, principal: &str, job: &str| {
        inbound.send(
            method,
            &format!("/v1.0/servicePrincipals/{principal}/synchronization/jobs/{job}/bulkUpload"),
            &[("Authorization", &inbound.bearer()), ("Content-Type", SCIM)],
            if method == "GET" { "" } else { "{}" },
        )
    };
    for (principal, job) in [
        (nobody, job.as_str()),
        ("none", job.as_str()),
        (principal, "API2AAD.none"),
        (principal, outbound_job),
        // An outbound job takes no uploads.
        (outbound, outbound_job),
        (outbound, job),
    ] {
        refused(
            &ask("POST", principal, job),
            404,
            "Request_ResourceNotFound",
        );
    }
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        refused(&ask(method, principal, job), 405, "BadRequest");
    }
    let nowhere = inbound.get("/v1.0/auditLogs/signIns");
    assert!(refused(&nowhere, 400, "BadRequest").contains("'signIns'"));
}

#[test]
fn forty_calls_in_five_seconds_are_the_most() {
    let inbound = Inbound::start();
    let body = bulk(&[person("1", "ann")]);
    let statuses: Vec<u16> = (0..41)
        .map(|_| inbound.upload(&body).status().as_u16())
        .collect();
    assert!(
        statuses[..40].iter().all(|status| *status == 202),
        "{statuses:?}"
    );
    let answer = inbound.until("one call too many in five seconds", |inbound| {
        let answer = inbound.upload(&body);
        (answer.status() == 429).then_some(answer)
    });
    refused(&answer, 429, "TooManyRequests");
    let seconds: u64 = header(&answer, "retry-after").parse().unwrap();
    assert!((1..=5).contains(&seconds), "{seconds}");
}

#[test]
fn a_day_has_six_thousand_calls() {
    let inbound = Inbound::start_with(&USUAL, |tx, known| {
        let now = SystemClock.now();
        for _ in 0..5_999 {
            rows::count_call(tx, known.key.tenant, now)?;
        }
        Ok(())
    });
    let body = bulk(&[person("1", "ann")]);
    assert_eq!(inbound.upload(&body).status(), 202);
    let answer = inbound.upload(&body);
    refused(&answer, 429, "TooManyRequests");
    assert!(header(&answer, "retry-after").parse::<u64>().unwrap() > 5);
    // A day later the first token is over as well.
    inbound.lab("POST", "/clock", &json!({"advance": "PT25H"}));
    let fresh = format!("Bearer {}", inbound.new_token());
    let headers = [("Authorization", fresh.as_str()), ("Content-Type", SCIM)];
    let answer = inbound.send("POST", &inbound.endpoint("v1.0"), &headers, &body);
    assert_eq!(answer.status(), 202, "{}", answer.body());
}

#[test]
fn a_stopped_job_takes_no_uploads_and_one_without_email_is_in_quarantine() {
    let inbound = Inbound::start_with(&USUAL, |tx, known| {
        let operator = operator(tx, SystemClock.now())?;
        jobs::set_notification(tx, &operator, known.key, "", false, SystemClock.now())?;
        Ok(())
    });
    let job = format!("/jobs/{}", inbound.known.job);
    let told = inbound.lab("GET", &job, &Value::Null);
    assert_eq!(told.body()["status"], "Quarantine", "{}", told.body());
    let entries = inbound.provision(&[person("1", "ann")]);
    assert_eq!(
        entries[0]["provisioningStatusInfo"]["status"],
        Status::Success.name()
    );

    let stopped = inbound.lab("POST", &format!("{job}/stop"), &Value::Null);
    assert_eq!(stopped.status(), 200, "{}", stopped.body());
    let answer = inbound.upload(&bulk(&[person("2", "bob")]));
    let message = refused(&answer, 400, "Request_BadRequest");
    assert!(message.contains("not started"), "{message}");
    let started = inbound.lab("POST", &format!("{job}/start"), &Value::Null);
    assert_eq!(started.status(), 200, "{}", started.body());
    inbound.provision(&[person("2", "bob")]);

    let (_inbound, job) = inbound.looked_at(|store, known| {
        let key = known.key;
        store
            .write(move |tx| -> Result<_, Error> {
                let now = SystemClock.now();
                let operator: Operator = operator(tx, now)?;
                jobs::set_notification(tx, &operator, key, "hr@contoso.example", false, now)
            })
            .unwrap()
    });
    assert!(
        job.status.is_started() && job.quarantine.is_none(),
        "{:?}",
        job.status
    );
}

#[test]
fn a_request_is_taken_with_its_oddities() {
    let inbound = Inbound::start();
    let mut ann = person("1", "ann");
    ann["nobodyKnows"] = json!({"this": [1, 2]});
    ann["urn:ietf:params:scim:schemas:extension:csv:1.0:User"] = json!({"JobCode": "TL-1001"});
    ann[ENTERPRISE] = json!({
        "manager": {"value": "2", "$ref": "../Users/2", "displayName": "Somebody"},
    });
    let mut first = person("3", "carla");
    first["title"] = json!("Guide");
    let mut last = first.clone();
    last["title"] = json!("Lead");
    let people = [ann, person("2", "bob"), first, last];
    // Every operation with the same bulkId, and failOnErrors null, as in the service's own sample.
    let body = bulk(&people).replace(r#""bulkId":"1""#, r#""bulkId":"0""#);
    assert!(body.contains(r#""failOnErrors":null"#));
    assert_eq!(inbound.upload(&body).status(), 202);
    inbound.until("the upload is worked off", |inbound| {
        (inbound.entries("").len() >= 4).then_some(())
    });
    let (inbound, (users, upload)) = inbound.looked_at(|store, known| {
        let tx = store.read().unwrap();
        let user = |name: &str| {
            let name = format!("{name}@contoso.example");
            let found = directory::user_by_principal_name(&tx, known.key.tenant, &name);
            found.unwrap().unwrap()
        };
        let upload = rows::newest(&tx, known.key, None, 1).unwrap().remove(0);
        ([user("ann"), user("bob"), user("carla")], upload)
    });
    let [ann, bob, carla] = users;
    assert_eq!(ann.manager, Some(bob.seq));
    assert_eq!(carla.text("jobTitle"), Some("Lead"), "the last one counts");
    assert!(upload.repeated_bulk_id);
    assert_eq!((upload.outcome.created, upload.outcome.updated), (3, 1));

    // Nobody is deleted for not being sent; who leaves is sent as inactive.
    let mut leaver = person("2", "bob");
    leaver["active"] = json!(false);
    let entries = inbound.provision(&[leaver]);
    assert_eq!(entries[0]["provisioningAction"], "disable");
    let (_inbound, (bob, count)) = inbound.looked_at(|store, known| {
        let tx = store.read().unwrap();
        let bob = directory::user_by_principal_name(&tx, known.key.tenant, "bob@contoso.example");
        let count = directory::count_users(&tx, known.key.tenant).unwrap();
        (bob.unwrap().unwrap(), count)
    });
    assert!(!bob.account_enabled && bob.deleted.is_none());
    assert_eq!(count, 3);
}

#[test]
fn what_was_accepted_is_done_after_the_process_is_killed_and_repeating_it_changes_nothing() {
    let inbound = Inbound::start();
    let people: Vec<Value> = (0..50)
        .map(|n| person(&n.to_string(), &format!("p{n}")))
        .collect();
    for _ in 0..4 {
        assert_eq!(inbound.upload(&bulk(&people)).status(), 202);
    }
    // Killed, whatever it has done until now.
    let (inbound, ()) = inbound.looked_at(|_, _| ());
    inbound.until("everything is worked off", |inbound| {
        (inbound.entries("").len() == 200).then_some(())
    });
    let created = inbound.entries("provisioningAction eq 'create'");
    assert_eq!(created.len(), 50);
    let again = inbound.entries("provisioningStatusInfo/status eq 'skipped'");
    assert_eq!(again.len(), 150);
    let (_inbound, count) = inbound.looked_at(|store, known| {
        let tx = store.read().unwrap();
        directory::count_users(&tx, known.key.tenant).unwrap()
    });
    assert_eq!(count, 50);
}

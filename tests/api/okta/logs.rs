//! `/logs` (parts 2.11 and 7.2).

use serde_json::{Value, json};

use super::{Okta, TOKEN, links};

#[test]
fn the_log_is_filtered_paged_and_read_in_both_directions() {
    let okta = Okta::start();
    let app = okta.app("postman");
    let ann = okta.person("Ann");
    okta.post(&format!("/apps/{app}/users"), &json!({ "id": ann }));
    let sync = "/logs?filter=eventType%20eq%20%22application.provision.user.sync%22";
    okta.until("the event of the job", |okta| okta.get(sync) != json!([]));
    let event = okta.get(sync)[0].clone();
    assert_eq!(event["outcome"]["result"], "SUCCESS");
    assert_eq!(
        (&event["severity"], &event["version"]),
        (&json!("INFO"), &json!("0"))
    );
    assert_eq!(event["transaction"]["type"], "JOB");
    let ids: Vec<&str> = event["target"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|target| target["id"].as_str())
        .collect();
    assert!(
        ids.contains(&app.as_str()) && ids.contains(&ann.as_str()),
        "{ids:?}"
    );

    let made = okta.get(&format!(
        "/logs?filter=target.id%20eq%20%22{ann}%22%20and%20eventType%20sw%20%22user.lifecycle%22"
    ));
    let types: Vec<&Value> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["eventType"])
        .collect();
    assert_eq!(types, ["user.lifecycle.create", "user.lifecycle.activate"]);
    assert_eq!(made[0]["transaction"]["type"], "WEB");
    let token = made[0]["transaction"]["detail"]["requestApiTokenId"]
        .as_str()
        .unwrap();
    assert!(token.starts_with("00T"));

    let newest = okta.get("/logs?sortOrder=DESCENDING&limit=1");
    let oldest = okta.get("/logs?limit=1");
    assert_eq!(oldest[0]["eventType"], "system.org.lifecycle.create");
    assert_ne!(newest[0]["uuid"], oldest[0]["uuid"]);
    assert_eq!(okta.get("/logs?q=nobody-is-called-so"), json!([]));
    assert_eq!(okta.get("/logs?since=2100-01-01T00:00:00Z"), json!([]));
    assert_eq!(okta.get("/logs?until=2000-01-01T00:00:00Z"), json!([]));
    for wrong in ["since=x", "sortOrder=up", "limit=x", "after=x", "filter=x"] {
        okta.call("GET", &format!("/logs?{wrong}"), &Value::Null, 400);
    }
}

/// 7.2: a list that is read forwards goes on with what comes later.
#[test]
fn a_list_that_is_polled_has_no_end() {
    let okta = Okta::start();
    let ssws = format!("SSWS {TOKEN}");
    let mut path = "/logs?limit=2".to_owned();
    let mut seen = 0;
    loop {
        let page = okta.ask("GET", &path, Some(&ssws), &Value::Null);
        let events = page.body().as_array().unwrap().len();
        let next = links(&page).into_iter().find(|(rel, _)| rel == "next");
        let (_, url) = next.unwrap();
        path = url.split_once("/okta/api/v1").unwrap().1.to_owned();
        if events == 0 {
            break;
        }
        seen += events;
    }
    assert!(seen >= 2, "{seen}");
    okta.person("Ann");
    assert_eq!(okta.get(&path)[0]["eventType"], "user.lifecycle.create");
}

/// 7.2: what is looked up and what is read find the same.
#[test]
fn the_log_is_searched_by_type_actor_target_and_result() {
    let okta = Okta::start();
    let people: Vec<String> = (0..70).map(|n| okta.person(&format!("P{n}"))).collect();
    let found = |filter: &str| {
        let filter = filter.replace(' ', "%20").replace('"', "%22");
        let found = okta.get(&format!("/logs?limit=1000&filter={filter}"));
        found.as_array().unwrap().clone()
    };
    let all = okta.get("/logs?limit=1000");
    let me = okta.get("/users/me")["id"].as_str().unwrap().to_owned();
    for (filter, path, value) in [
        (
            "eventType eq \"User.Lifecycle.Create\"".to_owned(),
            "/eventType",
            "user.lifecycle.create",
        ),
        (format!("actor.id eq \"{me}\""), "/actor/id", &me),
        (
            format!("target.id eq \"{}\"", people[3]),
            "/target/0/id",
            &people[3],
        ),
        (
            "outcome.result eq \"SUCCESS\" and severity pr".to_owned(),
            "/outcome/result",
            "SUCCESS",
        ),
    ] {
        let expected: Vec<Value> = all
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event.pointer(path) == Some(&json!(value)))
            .cloned()
            .collect();
        assert!(!expected.is_empty(), "{filter}");
        assert_eq!(found(&filter), expected, "{filter}");
    }
    let either = format!(
        "target.id eq \"{}\" or target.id eq \"{}\"",
        people[3], people[69]
    );
    let one = |person: &str| found(&format!("target.id eq \"{person}\"")).len();
    assert_eq!(found(&either).len(), one(&people[3]) + one(&people[69]));
    for nothing in ["outcome.result eq \"ALLOW\"", "actor.id eq \"00uNOBODY\""] {
        assert_eq!(found(nothing), Vec::<Value>::new(), "{nothing}");
    }
}

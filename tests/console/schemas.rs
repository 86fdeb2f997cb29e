//! `/team/schemas`: an administrator adds a schema, and SCIM clients of that team meet it everywhere.

use serde_json::{Value, json};

use crate::browser::{Appliance, Browser, KEY};

const HERE: &str = "/team/schemas";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const BADGE: &str = "urn:example:params:scim:schemas:badge:1.0:User";
const COST: &str = "urn:example:params:scim:schemas:cost:1.0:Group";

fn badge() -> Value {
    json!({"id": BADGE, "name": "Badge <b>", "attributes": [
        {"name": "number", "type": "integer", "description": "On the <front>"},
        {"name": "colour", "caseExact": true},
        {"name": "pin", "mutability": "writeOnly", "returned": "never"},
        {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
            {"name": "value", "required": true}, {"name": "type"}]}
    ]})
}

fn add(browser: &Browser, extends: &str, document: &Value) -> String {
    let fields = [
        ("extends", extends),
        ("required", ""),
        ("document", &document.to_string()),
    ];
    let page = browser.post(&format!("{HERE}/new"), &fields);
    assert_eq!(page.status, 303, "{}", page.body);
    page.location
}

/// Sends a SCIM request and expects this status.
fn scim(appliance: &Appliance, key: &str, call: (&str, &str), body: &Value, status: u16) -> Value {
    let sent = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let (got, answer) = appliance.scim(key, call.0, call.1, &sent);
    assert_eq!(got, status, "{call:?} {sent}: {answer}");
    serde_json::from_str(&answer).unwrap_or(Value::Null)
}

fn created(appliance: &Appliance, name: &str, data: &Value) -> String {
    let body = json!({"schemas": [USER, BADGE], "userName": name, BADGE: data});
    let user = scim(appliance, KEY, ("POST", "/Users"), &body, 201);
    user["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_schema_is_published_enforced_filtered_patched_and_projected() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser.open(HERE).says("No schemas of this team yet");
    browser
        .open(&format!("{HERE}/new"))
        .says("urn:example:params:scim:schemas:extension:badge:1.0:User");
    let page = browser.open(&add(&browser, "User", &badge()));
    page.says("is added.")
        .says("Badge &#60;b&#62;")
        .says("On the &#60;front&#62;")
        .says("doors.value")
        .says("complex, several");
    browser.open(HERE).says(BADGE).says("1 schema<");

    let get = |path: &str| scim(&appliance, KEY, ("GET", path), &Value::Null, 200);
    let published = get(&format!("/Schemas/{BADGE}"));
    assert_eq!(published["attributes"][0]["name"], "number");
    assert!(get("/Schemas").to_string().contains(BADGE));
    let types = get("/ResourceTypes/User");
    assert!(
        types["schemaExtensions"]
            .as_array()
            .unwrap()
            .contains(&json!({"schema": BADGE, "required": false}))
    );

    let badge = json!({"number": 7, "colour": "Red", "pin": "1234", "doors": [{"value": "a"}]});
    let ada = created(&appliance, "bea@example.com", &badge);
    let bob = created(&appliance, "bob@example.com", &json!({"number": 9}));
    let shown = get(&format!("/Users/{ada}"));
    assert_eq!(
        shown[BADGE],
        json!({"number": 7, "colour": "Red", "doors": [{"value": "a"}]})
    );
    assert!(shown["schemas"].as_array().unwrap().contains(&json!(BADGE)));
    browser
        .open(&format!("/team/members/{ada}"))
        .says("number")
        .says("Red")
        .says(BADGE);
    for wrong in [
        json!({"number": "seven"}),
        json!({"number": 1.5}),
        json!({"doors": [{"type": "front"}]}),
        json!({"colour": {"value": "x"}}),
    ] {
        let body = json!({"schemas": [USER, BADGE], "userName": "eve@example.com", BADGE: wrong});
        let error = scim(&appliance, KEY, ("POST", "/Users"), &body, 400);
        assert_eq!(error["scimType"], "invalidValue", "{wrong}");
    }

    let found = |filter: &str| {
        let path = format!(
            "/Users?filter={}",
            filter.replace(' ', "%20").replace('"', "%22")
        );
        get(&path)["totalResults"].as_u64().unwrap()
    };
    assert_eq!(found(&format!("{BADGE}:number gt 8")), 1);
    assert_eq!(found(&format!("{BADGE}:colour eq \"Red\"")), 1);
    assert_eq!(found(&format!("{BADGE}:colour eq \"red\"")), 0);
    assert_eq!(found(&format!("{BADGE}:doors[value eq \"a\"]")), 1);

    let patch = |operation: Value, status: u16| {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation]});
        let path = format!("/Users/{ada}");
        scim(&appliance, KEY, ("PATCH", &path), &body, status)
    };
    patch(
        json!({"op": "replace", "path": format!("{BADGE}:number"), "value": 8}),
        200,
    );
    patch(
        json!({"op": "add", "path": format!("{BADGE}:doors"), "value": [{"value": "b"}]}),
        200,
    );
    patch(
        json!({"op": "replace", "path": format!("{BADGE}:number"), "value": "many"}),
        400,
    );
    assert_eq!(
        get(&format!("/Users/{ada}"))[BADGE],
        json!({"number": 8, "colour": "Red", "doors": [{"value": "a"}, {"value": "b"}]})
    );
    let only = get(&format!("/Users/{ada}?attributes={BADGE}:number"));
    assert_eq!(only[BADGE], json!({"number": 8}));
    assert!(only.get("userName").is_none());
    let without = get(&format!("/Users/{ada}?excludedAttributes={BADGE}"));
    assert!(without.get(BADGE).is_none());

    let body =
        json!({"schemas": [USER, BADGE], "userName": "bob@example.com", BADGE: {"number": 10}});
    let path = format!("/Users/{bob}");
    let replaced = scim(&appliance, KEY, ("PUT", &path), &body, 200);
    assert_eq!(replaced[BADGE], json!({"number": 10}));
}

#[test]
fn another_team_does_not_know_the_schema() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let address = add(&browser, "User", &badge());
    browser.submit("/settings/teams/new", &[("name", "Other")]);
    browser.submit("/team/authentication/methods/mock-entra", &[]);
    browser.submit("/team/authentication/scim/turn-on", &[]);
    let page = browser.post("/team/authentication/scim/keys/new", &[("name", "k")]);
    let other = page
        .body
        .split('"')
        .find(|part| part.starts_with("scimlab_"))
        .unwrap();
    browser.open(HERE).says("No schemas of this team yet");
    assert_eq!(browser.get(&address).status, 404);
    assert_eq!(browser.post(&format!("{address}/remove"), &[]).status, 404);
    let (nothing, path) = (Value::Null, format!("/Schemas/{BADGE}"));
    scim(&appliance, other, ("GET", &path), &nothing, 404);
    scim(&appliance, KEY, ("GET", &path), &nothing, 200);
    let body = json!({"schemas": [USER, BADGE], "userName": "a@b.example", BADGE: {"number": 1}});
    let made = scim(&appliance, other, ("POST", "/Users"), &body, 201);
    assert!(made.get(BADGE).is_none(), "{made}");
    // The same schema in the other team is another one.
    let narrower = json!({"id": BADGE, "name": "Other badge", "attributes": [{"name": "code"}]});
    add(&browser, "User", &narrower);
    let seen = scim(&appliance, KEY, ("GET", &path), &nothing, 200);
    assert_eq!(seen["attributes"][0]["name"], "number");
}

#[test]
fn a_schema_of_groups_is_met_by_groups_only() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let cost = json!({"id": COST, "name": "Cost", "attributes": [{"name": "centre"}]});
    add(&browser, "Group", &cost);
    let body = json!({"schemas": [GROUP, COST], "displayName": "Sales", COST: {"centre": "4711"}});
    let group = scim(&appliance, KEY, ("POST", "/Groups"), &body, 201);
    let path = format!("/Groups/{}", group["id"].as_str().unwrap());
    let seen = scim(&appliance, KEY, ("GET", &path), &Value::Null, 200);
    assert_eq!(seen[COST], json!({"centre": "4711"}));
    let filter = format!("/Groups?filter={COST}:centre%20eq%20%224711%22");
    let found = scim(&appliance, KEY, ("GET", &filter), &Value::Null, 200);
    assert_eq!(found["totalResults"], 1);
    let filter = format!("/Users?filter={COST}:centre%20pr");
    scim(&appliance, KEY, ("GET", &filter), &Value::Null, 400);
}

#[test]
fn what_is_wrong_with_a_document_is_said_at_the_field_and_stays_typed() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    add(&browser, "User", &badge());
    let with = |key: &str, value: Value| {
        let mut document = badge();
        document["id"] = json!("urn:example:other");
        document[key] = value;
        document.to_string()
    };
    for (document, said) in [
        ("", "line 1 column"),
        ("{\n  \"id\": <oops>\n}", "line 2 column"),
        ("{\"id\": \"a\", \"ID\": \"b\"}", "line 1 column"),
        ("[]", "A schema is a JSON object"),
        (&with("id", json!("badge")), "badge"),
        (&with("id", json!(USER)), USER),
        (
            &with("id", json!(BADGE.to_uppercase())),
            "has a schema with this id already",
        ),
        (&with("name", Value::Null), "name"),
        (
            &with("attributes", json!([{"name": "sn", "type": "number"}])),
            "sn",
        ),
        (
            &with("attributes", json!([{"name": "id"}])),
            "every resource has it already",
        ),
        (&with("colour", json!("red")), "colour"),
    ] {
        let fields = [
            ("extends", "Group"),
            ("required", "yes"),
            ("document", document),
        ];
        let page = browser.post(&format!("{HERE}/new"), &fields);
        assert_eq!(page.status, 422, "{document}: {}", page.body);
        page.says(said)
            .says("id=\"document-error\"")
            .says("<option value=\"Group\" selected>")
            .says("<option value=\"yes\" selected>")
            .says_not("<oops>");
    }
    let document = with("name", json!("Other"));
    let fields = [("extends", "Device"), ("document", &document)];
    let page = browser.post(&format!("{HERE}/new"), &fields);
    assert_eq!(page.status, 422);
    page.says("Choose User or Group.");
    browser.open(HERE).says("1 schema<");
    for path in ["/9", "/x", "/9/replace", "/9/remove"] {
        assert_eq!(browser.get(&format!("{HERE}{path}")).status, 404, "{path}");
    }
}

#[test]
fn a_schema_is_required_or_replaced_only_where_stored_data_fits() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let address = add(&browser, "User", &badge());
    // The administrator is a User like any other.
    let filter = "/Users?filter=userName%20eq%20%22ada@example.com%22";
    let found = scim(&appliance, KEY, ("GET", filter), &Value::Null, 200);
    let administrator = format!("/Users/{}", found["Resources"][0]["id"].as_str().unwrap());
    let operations = json!([{"op": "add", "path": format!("{BADGE}:number"), "value": 1}]);
    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations
    });
    scim(&appliance, KEY, ("PATCH", &administrator), &patch, 200);
    let ada = created(&appliance, "bea@example.com", &json!({"number": 7}));
    let plain = json!({"schemas": [USER], "userName": "bob@example.com"});
    let bob = scim(&appliance, KEY, ("POST", "/Users"), &plain, 201);
    let replace = format!("{address}/replace");
    let document = badge().to_string();
    browser.open(&replace).says("must fit the new schema");

    let page = browser.post(&replace, &[("required", "yes"), ("document", &document)]);
    assert_eq!(page.status, 422);
    page.says("The User &#34;bob@example.com&#34; has nothing of this schema")
        .says("id=\"required-error\"");
    let unfit = document.replace("integer", "boolean");
    let page = browser.post(&replace, &[("document", &unfit)]);
    assert_eq!(page.status, 422);
    page.says("The User &#34;ada@example.com&#34; holds data that does not fit");
    let elsewhere = document.replace(BADGE, "urn:example:elsewhere");
    browser
        .post(&replace, &[("document", &elsewhere)])
        .says("must stay");

    let path = format!("/Users/{}", bob["id"].as_str().unwrap());
    scim(&appliance, KEY, ("DELETE", &path), &Value::Null, 204);
    browser
        .submit(&replace, &[("required", "yes"), ("document", &document)])
        .says("is replaced.")
        .says("every User must have it");
    let error = scim(&appliance, KEY, ("POST", "/Users"), &plain, 400);
    assert_eq!(error["scimType"], "invalidValue");
    let path = format!("/Users/{ada}");
    scim(&appliance, KEY, ("GET", &path), &Value::Null, 200);
}

#[test]
fn removing_hides_data_after_the_name_was_typed_and_adding_shows_it_again() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let unused =
        json!({"id": "urn:example:unused", "name": "Unused", "attributes": [{"name": "a"}]});
    let address = add(&browser, "User", &unused);
    browser
        .open(&format!("{address}/remove"))
        .says("Remove Unused?")
        .says_not("to confirm");
    browser
        .submit(&format!("{address}/remove"), &[])
        .says("urn:example:unused is removed.");

    let address = add(&browser, "User", &badge());
    let ada = created(&appliance, "bea@example.com", &json!({"number": 7}));
    let remove = format!("{address}/remove");
    browser
        .open(&remove)
        .says("Users hold data of it.")
        .says("to confirm");
    for name in ["", "badge"] {
        let page = browser.post(&remove, &[("name", name)]);
        assert_eq!(page.status, 422);
        page.says("That is not the name of this schema.");
    }
    let path = format!("/Users/{ada}");
    let seen = || scim(&appliance, KEY, ("GET", &path), &Value::Null, 200);
    assert_eq!(seen()[BADGE], json!({"number": 7}));
    browser
        .submit(&remove, &[("name", "Badge <b>")])
        .says("is removed.");
    let hidden = seen();
    assert!(hidden.get(BADGE).is_none(), "{hidden}");
    assert_eq!(hidden["schemas"], json!([USER]));
    let filter = format!("/Users?filter={BADGE}:number%20pr");
    scim(&appliance, KEY, ("GET", &filter), &Value::Null, 400);
    let patch = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "displayName", "value": "Ada"}]});
    scim(&appliance, KEY, ("PATCH", &path), &patch, 200);
    add(&browser, "User", &badge());
    assert_eq!(seen()[BADGE], json!({"number": 7}));
}

#[test]
fn a_profile_that_leaves_schemas_out_is_told_on_the_page() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    add(&browser, "User", &badge());
    browser.open(HERE).says_not("Clients do not meet");
    let preset = "/team/authentication/profile/preset?preset=postman";
    browser.submit(preset, &[]);
    browser
        .open(HERE)
        .says("Clients do not meet these schemas: the profile postman");
}

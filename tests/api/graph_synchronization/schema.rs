//! The schema of a job, its directories, and what the language of mappings has.

use serde_json::{Value, json};

use super::Graph;

#[test]
fn a_schema_is_read_replaced_and_taken_back() {
    let graph = Graph::start();
    let at = format!("{}/schema", graph.outbound_job());
    let schema = graph.get(&at);
    let context = schema["@odata.context"].as_str().unwrap();
    assert!(
        context.ends_with(&format!(
            "/jobs('{}')/schema/$entity",
            graph.told("entra_job_id")
        )),
        "{context}"
    );
    assert_eq!(schema["id"], graph.told("entra_job_id"));
    assert_eq!(schema["directories"].as_array().unwrap().len(), 2);
    graph.connect();
    graph.post(
        204,
        &format!("{}/start", graph.outbound_job()),
        &Value::Null,
    );
    graph.cycle();

    let mut changed = schema.clone();
    let mappings = "/synchronizationRules/0/objectMappings/0/attributeMappings";
    let mapped = changed
        .pointer_mut(mappings)
        .unwrap()
        .as_array_mut()
        .unwrap();
    let before = mapped.len();
    mapped.push(json!({
        "@odata.type": "#microsoft.graph.attributeMapping",
        "source": { "name": "jobTitle", "type": "Attribute" }, "targetAttributeName": "title" }));
    graph.expect(204, "PUT", &at, &changed);
    let after = graph.get(&at);
    assert_ne!(after["version"], schema["version"]);
    let mapped = after.pointer(mappings).unwrap().as_array().unwrap();
    assert_eq!(mapped.len(), before + 1);
    assert_eq!(mapped[before]["source"]["expression"], "[jobTitle]");
    assert_eq!(mapped[before]["flowType"], "Always");
    // Generated clients send PATCH for the same.
    let version = after["version"].clone();
    graph.expect(204, "PATCH", &at, &after);
    assert_ne!(graph.get(&at)["version"], version);

    graph.expect(204, "DELETE", &at, &Value::Null);
    let restored = graph.get(&at);
    assert_eq!(restored.pointer(mappings), schema.pointer(mappings));

    let mut wrong = schema.clone();
    wrong["synchronizationRules"][0]["objectMappings"][0]["enabled"] = json!("perhaps");
    for (body, said) in [
        (
            wrong,
            "synchronizationRules[0].objectMappings[0].enabled: expected true or false",
        ),
        (json!("{"), "line 1"),
        (json!([]), "expected an object"),
        (json!({}), "synchronizationRules"),
        (Value::Null, "expected an object"),
    ] {
        let refused = graph.refused(400, "PUT", &at, &body);
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(graph.get(&at)["version"], restored["version"]);
}

/// entra.md 8.4, last paragraph.
#[test]
fn the_schema_of_an_inbound_job_takes_a_custom_attribute_as_microsofts_client_adds_it() {
    let graph = Graph::start();
    let at = format!("{}/schema", graph.inbound_job());
    let mut schema = graph.get(&at);
    let job_code = "urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode";
    let tenant = [json!("Azure Active Directory"), json!("Microsoft Entra ID")];
    let source = schema["directories"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|directory| !tenant.contains(&directory["name"]))
        .unwrap();
    let user = source["objects"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|o| o["name"] == "User");
    let attributes = &mut user.unwrap()["attributes"];
    attributes
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": job_code, "type": "String" }));
    graph.expect(204, "PUT", &at, &schema);
    let text = graph.get(&at).to_string();
    assert!(text.contains(job_code));
    graph.expect(204, "DELETE", &at, &Value::Null);
    let restored = graph.get(&at);
    assert!(!restored.to_string().contains(job_code));
    let rule = &restored["synchronizationRules"][0];
    let mapping = &rule["objectMappings"][0];
    assert_eq!(
        (&mapping["sourceObjectName"], &mapping["targetObjectName"]),
        (&json!("User"), &json!("User"))
    );
}

#[test]
fn functions_and_operators_are_listed_with_and_without_parentheses() {
    let graph = Graph::start();
    let schema = format!("{}/schema", graph.outbound_job());
    let functions = graph.get(&format!("{schema}/functions"));
    assert_eq!(functions, graph.get(&format!("{schema}/functions()")));
    let all = functions["value"].as_array().unwrap();
    let append = all.iter().find(|f| f["name"] == "Append").unwrap();
    assert_eq!(
        append["parameters"][0],
        json!({ "name": "source", "required": true, "allowMultipleOccurrences": false, "type": "String" })
    );
    let operators = graph.get(&format!("{schema}/filterOperators"));
    assert_eq!(operators, graph.get(&format!("{schema}/filterOperators()")));
    let names: Vec<_> = operators["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["name"].clone())
        .collect();
    for name in [
        "EQUALS",
        "IS FALSE",
        "IS NOT NULL",
        "IS NULL",
        "IS TRUE",
        "NOT EQUALS",
        "NOT REGEX MATCH",
        "REGEX MATCH",
    ] {
        assert!(names.contains(&json!(name)), "{name}");
    }
}

/// The example of entra.md 6.6.
#[test]
fn an_expression_is_parsed_and_evaluated() {
    let graph = Graph::start();
    let at = format!("{}/schema/parseExpression", graph.outbound_job());
    let asked = json!({
        "expression": "Replace([preferredLanguage], \"-\", , , \"_\", , )",
        "targetAttributeDefinition": null,
        "testInputObject": { "definition": null, "properties": [
            { "key": "preferredLanguage", "value": "EN-US" },
            { "key": "appRoleAssignments", "value@odata.type": "#Collection(String)", "value": ["Default Assignment"] } ] } });
    let mut answer = graph.post(200, &at, &asked);
    let context = answer
        .as_object_mut()
        .unwrap()
        .remove("@odata.context")
        .unwrap();
    assert!(
        context
            .as_str()
            .unwrap()
            .ends_with("$metadata#microsoft.graph.parseExpressionResponse")
    );
    assert_eq!(
        answer,
        json!({ "error": null, "evaluationSucceeded": true, "evaluationResult": ["EN_US"], "parsingSucceeded": true,
            "parsedExpression": {
                "expression": "Replace([preferredLanguage], \"-\", , , \"_\", , )", "name": "Replace", "type": "Function",
                "parameters": [
                    { "key": "source",      "value": { "expression": "[preferredLanguage]", "name": "preferredLanguage", "parameters": [], "type": "Attribute" } },
                    { "key": "Find",        "value": { "expression": "\"-\"", "name": "-", "parameters": [], "type": "Constant" } },
                    { "key": "Replacement", "value": { "expression": "\"_\"", "name": "_", "parameters": [], "type": "Constant" } } ] } })
    );
    let wrong = graph.post(200, &at, &json!({ "expression": "Append([a]" }));
    assert_eq!(wrong["parsingSucceeded"], false);
    assert_eq!(wrong["parsedExpression"], Value::Null);
    for name in ["code", "message", "target", "details", "innerError"] {
        assert!(wrong["error"].get(name).is_some(), "{name}");
    }
    let domain = graph.post(
        200,
        &at,
        &json!({ "expression": "DefaultDomain()", "testInputObject": { "properties": [] } }),
    );
    assert_eq!(domain["evaluationResult"], json!(["contoso.example"]));
    for (body, said) in [
        (json!({}), "expression: is missing"),
        (
            json!({ "expression": "[a]", "testInputObject": { "properties": [{ "value": 1 }] } }),
            "testInputObject: properties[0].key: is missing",
        ),
        (
            json!({ "expression": "[a]", "targetAttributeDefinition": 1 }),
            "targetAttributeDefinition: expected an object",
        ),
    ] {
        let refused = graph.refused(400, "POST", &at, &body);
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn directories_are_listed_and_the_targets_is_discovered() {
    let graph = Graph::start();
    let at = format!("{}/schema/directories", graph.outbound_job());
    let all = graph.get(&at);
    let ids: Vec<&str> = all["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["id"].as_str().unwrap())
        .collect();
    let [tenant, target] = ids[..] else {
        panic!("{all}")
    };
    let one = graph.get(&format!("{at}/{target}"));
    assert_eq!(one["objects"], all["value"][1]["objects"]);
    let discover = format!("{at}/{target}/discover");
    assert!(
        graph
            .refused(400, "POST", &discover, &Value::Null)
            .contains("tenant URL")
    );
    graph.connect();
    let found = graph.post(200, &discover, &Value::Null);
    assert_eq!(
        found["discoverabilities"],
        "AttributeNames, AttributeDataTypes"
    );
    assert!(found["discoveryDateTime"].as_str().unwrap().ends_with('Z'));
    let users = found["objects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["name"].as_str().unwrap().ends_with("User"));
    let names: Vec<_> = users.unwrap()["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["name"].clone())
        .collect();
    assert!(names.contains(&json!("userName")), "{names:?}");
    // Nothing is saved.
    assert_eq!(
        graph.get(&format!("{at}/{target}"))["objects"],
        one["objects"]
    );
    let own = format!("{at}/{tenant}/discover");
    assert!(
        graph
            .refused(400, "POST", &own, &Value::Null)
            .contains("Only the directory of a target")
    );
    graph.refused(404, "GET", &format!("{at}/nothing"), &Value::Null);
}

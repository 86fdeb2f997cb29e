//! Schemas there and back: the documented sample, what a file may leave out, what is kept of it, and
//! how a wrong one is refused.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::{
    AttributeMapping, Expression, FlowBehavior, FlowType, MappingSource, Node, ObjectMapping,
    Preset, SynchronizationRules, TargetPath, inbound, non_gallery,
};
use super::*;

fn identity() -> SchemaIdentity {
    SchemaIdentity {
        id: "scim.e4bbf44533ea4eabb17027f3a92e92aa.0cb5b8a0-4a2f-4a2b-9d0a-9f8a3a8f5e11".into(),
        target_directory_id: "9f4a52dd-31be-4c2f-8f7c-3f0b4f2b9b11".into(),
        context: None,
    }
}

fn import_text(text: &str) -> Result<SynchronizationRules, SchemaErrors> {
    document(text).and_then(|json| import(&json))
}

fn there_and_back(schema: &Json) -> Json {
    export(
        &import(schema).unwrap_or_else(|e| panic!("{e}")),
        &identity(),
    )
}

/// The shape of the reference, with lists that are not empty.
fn sample() -> Json {
    let leaf = |expression: &str, name: &str, kind: &str| json!({"expression": expression, "name": name, "type": kind, "parameters": []});
    let mapping = |target: &str, priority: u32, default: Json, source: Json| {
        json!({"targetAttributeName": target, "matchingPriority": priority, "defaultValue": default,
            "exportMissingReferences": false, "flowBehavior": "FlowWhenChanged", "flowType": "Always", "source": source})
    };
    let attribute = |name: &str, kind: &str, references: Json| {
        json!({"name": name, "anchor": name == "objectId", "caseExact": false, "defaultValue": null, "flowNullValues": false,
            "multivalued": false, "mutability": "ReadWrite", "required": false, "type": kind,
            "apiExpressions": [], "metadata": [], "referencedObjects": references})
    };
    let switch = |text: &str| json!({"key": "switchValue", "value": leaf(&format!("\"{text}\""), text, "Constant")});
    let metadata = json!([
        {"key": "IsCustomerDefined", "value": "false"}, {"key": "DisableMonitoringForChanges", "value": "false"},
        {"key": "Disposition", "value": "\"Normal\""}, {"key": "ExcludeFromReporting", "value": "false"},
        {"key": "EscrowBehavior", "value": "\"Default\""}, {"key": "Unsynchronized", "value": "false"}]);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let core_group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    json!({
        "id": identity().id, "version": "6.0",
        "synchronizationRules": [{
            "id": "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8", "name": "USERGROUP_OUTBOUND_USERGROUP",
            "priority": 1, "editable": true,
            "sourceDirectoryName": "Azure Active Directory", "targetDirectoryName": "customappsso",
            "containerFilter": null, "groupFilter": null,
            "metadata": [{"key": "defaultSourceObjectMappings", "value": "User"}, {"key": "supportsProvisionOnDemand", "value": "True"}],
            "objectMappings": [
                {"name": "Provision Microsoft Entra ID Users", "enabled": true, "flowTypes": "Add, Update, Delete",
                 "sourceObjectName": "User", "targetObjectName": enterprise, "scope": null, "metadata": metadata,
                 "attributeMappings": [
                    mapping("userName", 1, Json::Null, leaf("[userPrincipalName]", "userPrincipalName", "Attribute")),
                    mapping("active", 0, Json::Null, json!({
                        "expression": "Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")", "name": "Switch", "type": "Function",
                        "parameters": [{"key": "source", "value": leaf("[IsSoftDeleted]", "IsSoftDeleted", "Attribute")},
                            switch("False"), switch("True"), switch("True"), switch("False")]})),
                    mapping("emails[type eq \"work\"].value", 0, Json::Null, leaf("[mail]", "mail", "Attribute")),
                    mapping("title", 0, json!("Employee"), Json::Null),
                    mapping(&format!("{enterprise}:manager"), 0, Json::Null, leaf("[manager]", "manager", "Attribute"))]},
                {"name": "Provision Microsoft Entra ID Groups", "enabled": true, "flowTypes": "Add, Update, Delete",
                 "sourceObjectName": "Group", "targetObjectName": core_group, "scope": null, "metadata": [],
                 "attributeMappings": [
                    mapping("displayName", 1, Json::Null, leaf("[displayName]", "displayName", "Attribute")),
                    mapping("externalId", 0, Json::Null, leaf("[objectId]", "objectId", "Attribute")),
                    mapping("members", 0, Json::Null, leaf("[members]", "members", "Attribute"))]}]}],
        "directories": [
            {"id": "66e4a8cc-1b7b-435e-95f8-f06cea133828", "name": "Azure Active Directory",
             "discoverabilities": "None", "discoveryDateTime": null, "readOnly": false, "version": null,
             "objects": [
                {"name": "User", "supportedApis": [], "metadata": [], "attributes": [
                    attribute("objectId", "String", json!([])),
                    attribute("manager", "Reference", json!([{"referencedObjectName": "User", "referencedProperty": null}]))]},
                {"name": "Group", "supportedApis": [], "metadata": [], "attributes": [attribute("objectId", "String", json!([]))]}]},
            {"id": identity().target_directory_id, "name": "customappsso",
             "discoverabilities": "None", "discoveryDateTime": null, "readOnly": false, "version": null,
             "objects": [
                {"name": enterprise, "supportedApis": [], "metadata": [], "attributes": [attribute("userName", "String", json!([]))]},
                {"name": core_group, "supportedApis": [], "metadata": [], "attributes": [attribute("displayName", "String", json!([]))]}]}]
    })
}

#[test]
fn the_documented_schema_comes_back_letter_by_letter() {
    let schema = sample();
    let back = there_and_back(&schema);
    assert_eq!(
        serde_json::to_string_pretty(&back).unwrap(),
        serde_json::to_string_pretty(&schema).unwrap()
    );
}

#[test]
fn every_preset_comes_back_as_it_is() {
    for preset in Preset::ALL {
        let rules = preset.rules();
        let schema = export(&rules, &identity());
        let back = import(&schema).unwrap_or_else(|e| panic!("{}: {e}", preset.id));
        assert_eq!((&back.users, &back.groups), (&rules.users, &rules.groups));
        assert_eq!(export(&back, &identity()), schema, "{}", preset.id);
        let directory = &schema["synchronizationRules"][0]["targetDirectoryName"];
        assert_eq!(directory, preset.directory);
        assert_eq!(&schema["directories"][1]["name"], directory);
    }
}

#[test]
fn a_new_application_has_the_documented_shape() {
    let schema = export(&non_gallery(), &identity());
    let names =
        |value: &Json| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let (given, wanted) = (&schema, &sample());
    assert_eq!(names(given), names(wanted));
    for path in [
        "/synchronizationRules/0",
        "/synchronizationRules/0/objectMappings/0",
        "/synchronizationRules/0/objectMappings/0/attributeMappings/0",
        "/synchronizationRules/0/objectMappings/0/attributeMappings/1/source",
        "/directories/0",
        "/directories/1/objects/0",
        "/directories/1/objects/0/attributes/0",
    ] {
        let (given, wanted) = (given.pointer(path).unwrap(), wanted.pointer(path).unwrap());
        assert_eq!(names(given), names(wanted), "{path}");
    }
    let rule = &schema["synchronizationRules"][0];
    assert_eq!(
        rule["objectMappings"][0]["attributeMappings"]
            .as_array()
            .unwrap()
            .len(),
        22
    );
    assert_eq!(rule["metadata"][1]["key"], "supportsProvisionOnDemand");
}

/// What the service's documents show as valid though it is short.
#[test]
fn a_minimal_schema_is_enough() {
    let schema = json!({"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User", "attributeMappings": [
        {"source": {"name": "extensionAttribute10", "type": "Attribute"}, "targetAttributeName": "officeCode", "matchingPriority": 1}]}]}],
        "directories": [{"name": "customappsso", "objects": [{"name": "other", "attributes": [{"name": "officeCode", "type": "String"}]}]}]});
    let rules = import(&schema).unwrap();
    assert_eq!(rules.users.name, "Provision Microsoft Entra ID Users");
    assert_eq!(
        rules.users.attributes[0].source,
        MappingSource::Direct("extensionAttribute10".into())
    );
    assert!(rules.users.actions.delete && rules.users.enabled && !rules.groups.enabled);
    let full = export(&rules, &identity());
    assert_eq!(
        full["synchronizationRules"][0]["objectMappings"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(there_and_back(&full), full);
}

#[test]
fn what_is_not_understood_is_kept() {
    let mut schema = sample();
    schema["extra"] = json!({"a": [1]});
    schema["@odata.context"] = json!("https://graph.microsoft.com/v1.0/$metadata");
    let rule = &mut schema["synchronizationRules"][0];
    rule["containerFilter"] = json!({"includedContainers": ["OU=x"]});
    rule["tag"] = json!("t");
    rule["objectMappings"][0]["metadata"] = json!([{"key": "Unheard", "value": "of"}]);
    rule["objectMappings"][0]["note"] = json!(1);
    rule["objectMappings"][0]["attributeMappings"][0]["hint"] = json!("h");
    let contact =
        json!({"name": "Contacts", "sourceObjectName": "Contact", "attributeMappings": "as it is"});
    rule["objectMappings"]
        .as_array_mut()
        .unwrap()
        .insert(1, contact);
    let inbound = json!({"name": "IN", "sourceDirectoryName": "Workday", "targetDirectoryName": "Azure Active Directory",
        "objectMappings": [{"sourceObjectName": "User", "anything": true}]});
    let rules = schema["synchronizationRules"].as_array_mut().unwrap();
    rules.insert(0, inbound);
    let directories = schema["directories"].as_array_mut().unwrap();
    directories[0]["objects"][0]["attributes"][0]["more"] = json!(true);
    directories[0]["objects"][0]["attributes"][0]["metadata"] =
        json!([{"key": "MaximumLength", "value": "64"}]);
    directories.push(json!({"name": "Workday", "objects": []}));
    let back = there_and_back(&schema);
    schema
        .as_object_mut()
        .unwrap()
        .shift_remove("@odata.context");
    // The inbound rule gets the properties every rule has.
    for (name, value) in back["synchronizationRules"][0].as_object().unwrap() {
        assert!(
            schema["synchronizationRules"][0]
                .get(name)
                .is_none_or(|given| given == value),
            "{name}"
        );
    }
    schema["synchronizationRules"][0] = back["synchronizationRules"][0].clone();
    assert_eq!(back, schema);
    assert_eq!(there_and_back(&back), back);
}

#[test]
fn filters_come_back_in_their_sets() {
    let mut schema = sample();
    let clause = |name: &str, operator: &str, values: Json| json!({"sourceOperandName": name, "operatorName": operator, "targetOperand": {"values": values}});
    let scope = json!({
        "categoryFilterGroups": [{"name": "Staff", "clauses": [clause("employeeType", "EQUALS", json!(["staff"]))]}],
        "groups": [
            {"name": "US sales", "clauses": [clause("country", "EQUALS", json!(["US"])), clause("department", "REGEX MATCH", json!(["Sales.*"]))]},
            {"name": "Directors", "clauses": [clause("jobTitle", "Includes", json!(["Director"])), clause("mail", "IS NOT NULL", json!([]))]}],
        "inputFilterGroups": [{"name": "", "clauses": [clause("city", "NOT EQUALS", json!(["Oslo"]))]}]});
    schema["synchronizationRules"][0]["objectMappings"][0]["scope"] = scope;
    let rules = import(&schema).unwrap();
    assert_eq!(
        (
            rules.users.scope.len(),
            rules.users.input_filters.len(),
            rules.users.category_filters.len()
        ),
        (2, 1, 1)
    );
    assert_eq!(export(&rules, &identity()), schema);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn a_wrong_schema_is_refused_whole_with_every_path() {
    let mapping = "synchronizationRules[0].objectMappings[0]";
    let attribute = |index: usize| format!("{mapping}.attributeMappings[{index}]");
    for (pointer, value, path, part) in [
        (
            "/attributeMappings/1/source",
            json!({"type": "Function", "expression": "Append([a]"}),
            format!("{}.source.expression", attribute(1)),
            "column 11",
        ),
        (
            "/attributeMappings/2/targetAttributeName",
            json!("USERNAME"),
            format!("{}.targetAttributeName", attribute(2)),
            "mapped twice",
        ),
        (
            "/attributeMappings/0/matchingPriority",
            json!(0),
            format!("{mapping}.attributeMappings"),
            "no attribute matches",
        ),
        (
            "/attributeMappings/2/matchingPriority",
            json!(1),
            format!("{}.matchingPriority", attribute(2)),
            "precedence 1 is used",
        ),
        (
            "/attributeMappings/2/matchingPriority",
            json!(-1),
            format!("{}.matchingPriority", attribute(2)),
            "whole number",
        ),
        (
            "/attributeMappings/4/matchingPriority",
            json!(2),
            format!("{}.matchingPriority", attribute(4)),
            "references",
        ),
        (
            "/attributeMappings/3/defaultValue",
            Json::Null,
            format!("{}.source", attribute(3)),
            "neither a source nor a default",
        ),
        (
            "/attributeMappings/2/targetAttributeName",
            json!("e mails"),
            format!("{}.targetAttributeName", attribute(2)),
            "attribute names have",
        ),
        (
            "/attributeMappings/2/flowType",
            json!("Sometimes"),
            format!("{}.flowType", attribute(2)),
            "'Sometimes' is none of Always",
        ),
        (
            "/flowTypes",
            json!("Add, Move"),
            format!("{mapping}.flowTypes"),
            "'Move'",
        ),
        (
            "/sourceObjectName",
            json!("Contact"),
            "synchronizationRules".to_owned(),
            "no object mapping reads 'User'",
        ),
        (
            "/enabled",
            json!(7),
            format!("{mapping}.enabled"),
            "expected true or false",
        ),
        (
            "/attributeMappings",
            json!({}),
            format!("{mapping}.attributeMappings"),
            "expected a list",
        ),
        (
            "/scope",
            json!({"groups": [{"name": "x", "clauses": [{"sourceOperandName": "city", "operatorName": "LIKE"}]}]}),
            format!("{mapping}.scope.groups[0].clauses[0].operatorName"),
            "'LIKE' is none of",
        ),
        (
            "/scope",
            json!({"groups": [{"name": "x", "clauses": [{"sourceOperandName": "manager", "operatorName": "EQUALS", "targetOperand": {"values": ["x"]}}]}]}),
            format!("{mapping}.scope.groups[0].clauses[0]"),
            "references are not supported",
        ),
    ] {
        let mut schema = sample();
        *schema
            .pointer_mut(&format!(
                "/synchronizationRules/0/objectMappings/0{pointer}"
            ))
            .unwrap() = value;
        let errors = import(&schema).expect_err(part);
        let found = errors
            .problems()
            .iter()
            .any(|p| p.path == path && p.reason.contains(part));
        assert!(found, "{path}: {part}\n{errors}");
    }
    let mut schema = sample();
    schema["synchronizationRules"][0]["objectMappings"][0]["enabled"] = json!([]);
    schema["directories"][1]["objects"][0]["attributes"][0]["type"] = json!("Text");
    assert_eq!(import(&schema).unwrap_err().problems().len(), 2);
    for (text, part) in [
        ("{", "not JSON: EOF"),
        ("[]", "expected an object"),
        ("{}", "synchronizationRules"),
    ] {
        assert!(
            import_text(text).unwrap_err().to_string().contains(part),
            "{text}"
        );
    }
}

fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z]{1,8}".prop_map(|name| format!("[{name}]")),
        "[ -~]{0,8}".prop_map(|text| Expression::parse(&format!(
            "\"{}\"",
            text.replace('\\', "\\\\").replace('"', "\\\"")
        ))
        .unwrap()
        .to_string()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let optional = prop_oneof![inner.clone(), Just(String::new())];
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("Append({a}, {b})")),
            inner.clone().prop_map(|a| format!("Not({a})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("Join({a}, {b}, {c})")),
            (
                inner.clone(),
                optional.clone(),
                inner.clone(),
                inner.clone()
            )
                .prop_map(|(a, b, c, d)| format!("Switch({a}, {b}, {c}, {d})")),
            (inner.clone(), optional.clone(), optional.clone(), optional)
                .prop_map(|(a, b, c, d)| format!("Replace({a}, {b}, , , {c}, , {d})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("IIF({a} = {b}, {c}, \"\")")),
        ]
    })
}

fn attributes() -> impl Strategy<Value = Vec<AttributeMapping>> {
    let source = prop_oneof![
        "[a-zA-Z]{1,10}".prop_map(MappingSource::Direct),
        ".{0,8}".prop_map(MappingSource::Constant),
        expressions().prop_filter_map("only functions", |text| {
            let expression = Expression::parse(&text).ok()?;
            matches!(expression.root(), Node::Call(_))
                .then(|| MappingSource::Expression(expression))
        }),
        Just(MappingSource::None),
    ];
    let row = (
        source,
        "[a-z]{1,6}",
        proptest::option::of(".{0,6}"),
        0..5_usize,
        0..2_usize,
    );
    proptest::collection::vec(row, 0..8).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(index, (source, name, default, flow, behavior))| {
            let target = TargetPath::parse(&format!("x{index}{name}")).unwrap();
            AttributeMapping {
                default_value: default
                    .or_else(|| (source == MappingSource::None).then(String::new)),
                flow: FlowType::ALL[flow],
                flow_behavior: FlowBehavior::ALL[behavior],
                ..AttributeMapping::new(source, target)
            }
        })
        .collect()
    })
}

proptest! {
    #[test]
    fn any_rules_come_back_as_they_were(attributes in attributes(), enabled: bool, version in "[a-z0-9.]{0,8}") {
        let mut fields = non_gallery().users.into_fields();
        fields.enabled = enabled;
        fields.attributes.truncate(1);
        fields.attributes.extend(attributes);
        let users = ObjectMapping::new(fields).unwrap();
        let rules = SynchronizationRules { version, ..SynchronizationRules::new(users, non_gallery().groups) };
        let schema = export(&rules, &identity());
        let back = import(&schema).unwrap();
        prop_assert_eq!(&back.users, &rules.users);
        let again = export(&SynchronizationRules { version: rules.version, ..back }, &identity());
        prop_assert_eq!(again, schema);
    }

    #[test]
    fn no_document_makes_the_reader_panic(text in "[\\[\\]{}\",:a-z0-9 ]{0,60}") {
        let _ = import_text(&text);
    }
}

/// More of anything than a job can be read with in a moment is refused, before all of it is looked at.
#[test]
fn a_schema_without_measure_is_refused() {
    let many = |count: usize, make: &dyn Fn(usize) -> Json| (0..count).map(make).collect::<Json>();
    let name = |n: usize| json!({"name": format!("a{n}")});
    let row = |n: usize| json!({"targetAttributeName": format!("a{n}"), "defaultValue": "x"});
    let pattern = |n: usize| {
        let expression = format!(r#"Replace([mail], , "\\w{{{}}}", , "", , )"#, 1 + n % 9);
        json!({"targetAttributeName": format!("a{n}"), "source": {"type": "Function", "expression": expression}})
    };
    let clause = |n: usize| json!({"sourceOperandName": "city", "operatorName": "EQUALS", "targetOperand": {"values": [n]}});
    let group = |n: usize| json!({"name": "x", "clauses": many(n, &clause)});
    let mapping = "synchronizationRules[0].objectMappings[0]";
    let attributes = "directories[1].objects[0].attributes";
    for (pointer, value, path, part) in [
        (
            "/synchronizationRules/0/objectMappings/0/attributeMappings",
            many(1_001, &row),
            format!("{mapping}.attributeMappings"),
            "at most 1000",
        ),
        (
            "/synchronizationRules/0/objectMappings/0/attributeMappings",
            many(102, &pattern),
            format!("{mapping}.attributeMappings[100]"),
            "more than 100 regular expressions",
        ),
        (
            "/synchronizationRules/0/objectMappings/0/scope",
            json!({"groups": [group(150)], "inputFilterGroups": [group(50), group(1)]}),
            format!("{mapping}.scope.inputFilterGroups[1]"),
            "more than 200 clauses",
        ),
        (
            "/directories/1/objects/0/attributes",
            many(2_001, &name),
            attributes.to_owned(),
            "at most 2000",
        ),
    ] {
        let mut schema = sample();
        *schema.pointer_mut(pointer).unwrap() = value;
        let errors = import(&schema).expect_err(part);
        let [problem] = errors.problems() else {
            panic!("{part}\n{errors}");
        };
        assert_eq!(problem.path, path, "{errors}");
        assert!(problem.reason.contains(part), "{errors}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let error = import_text(&deep).unwrap_err().to_string();
    assert!(error.contains("recursion limit"), "{error}");
}

#[test]
fn an_inbound_schema_is_the_one_microsofts_client_looks_for_and_comes_back() {
    let rules = inbound();
    let schema = export(&rules, &identity());
    let rule = &schema["synchronizationRules"][0];
    assert_eq!(rule["targetDirectoryName"], "Microsoft Entra ID");
    let mapping = &rule["objectMappings"][0];
    assert_eq!(
        (&mapping["sourceObjectName"], &mapping["targetObjectName"]),
        (&json!("User"), &json!("User"))
    );
    assert_eq!(rule["objectMappings"].as_array().unwrap().len(), 1);
    // Their client takes the first directory that is not the tenant's, and its object `User`.
    let tenant = ["Azure Active Directory", "Microsoft Entra ID"];
    let directories = schema["directories"].as_array().unwrap();
    let source = directories
        .iter()
        .find(|d| !tenant.contains(&d["name"].as_str().unwrap()))
        .unwrap();
    assert_eq!(source["name"], rule["sourceDirectoryName"]);
    assert_eq!(source["objects"][0]["name"], "User");
    assert_eq!(source["objects"][0]["attributes"][0]["name"], "externalId");
    let back = import_inbound(&schema).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((&back.users, &back.groups), (&rules.users, &rules.groups));
    assert_eq!(export(&back, &identity()), schema);
    assert!(back.is_inbound() && !non_gallery().is_inbound());

    // Microsoft's way to a custom attribute: one more source attribute, one more mapping.
    let mut changed = schema.clone();
    let job_code = "urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode";
    let place = directories.iter().position(|d| d == source).unwrap();
    let list = &mut changed["directories"][place]["objects"][0]["attributes"];
    list.as_array_mut()
        .unwrap()
        .push(json!({"name": job_code, "type": "String"}));
    let mappings =
        &mut changed["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"];
    mappings.as_array_mut().unwrap().push(json!({
        "targetAttributeName": "extensionAttribute1",
        "source": {"expression": format!("Join(\" \", [title], \"(\", [{job_code}], \")\")"), "type": "Function"}}));
    let back = import_inbound(&changed).unwrap_or_else(|e| panic!("{e}"));
    assert!(back.users.unknown_source_attributes().is_empty());
    assert_eq!(
        back.users.attributes.len(),
        rules.users.attributes.len() + 1
    );
}

#[test]
fn a_rule_in_the_other_direction_is_not_the_jobs() {
    let outbound = export(&non_gallery(), &identity());
    let refused = import_inbound(&outbound).unwrap_err().to_string();
    assert!(
        refused.contains("writes 'User' of 'Microsoft Entra ID'"),
        "{refused}"
    );
    assert!(import(&export(&inbound(), &identity())).is_err());
}

#[test]
fn on_demand_is_asked_for_by_the_rule_that_maps_users_or_groups() {
    assert_eq!(
        rule_ids(&non_gallery()),
        ["03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8"]
    );
    let mut schema = sample();
    schema["synchronizationRules"][0]["id"] = json!("mine");
    assert_eq!(rule_ids(&import(&schema).unwrap()), ["mine"]);
}

//! Every answer held to the types of Graph's metadata (entra.md 6.2): what a property is called, what it is, whether it
//! may be null, how the members of an enumeration are spelled. Generated clients read by these and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Value, json};

use super::Graph;
use super::on_demand::{RULE, asked, people, subject};

/// Types with their kind and properties, enumerations with their members, as the reference lists them.
const TYPES: &str = include_str!("../../parity/entra-types.tsv");

struct Property {
    name: &'static str,
    of: &'static str,
    several: bool,
    required: bool,
    navigation: bool,
}

enum Type {
    Structure {
        entity: bool,
        open: bool,
        properties: Vec<Property>,
    },
    Enumeration {
        flags: bool,
        members: Vec<&'static str>,
    },
}

fn property(text: &'static str) -> Property {
    let (name, kind) = text.split_once(": ").unwrap();
    let (kind, navigation) = match kind.strip_suffix(" (nav)") {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let (kind, required) = match kind.strip_suffix('!') {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let inner = kind.strip_prefix('[').and_then(|k| k.strip_suffix(']'));
    Property {
        name,
        of: inner.unwrap_or(kind),
        several: inner.is_some(),
        required,
        navigation,
    }
}

fn types() -> BTreeMap<&'static str, Type> {
    let read = |line: &'static str| match line.split('\t').collect::<Vec<_>>()[..] {
        [name, kind, properties] => {
            let properties = properties.split("; ").filter(|text| *text != "-");
            let structure = Type::Structure {
                entity: kind.starts_with("entity"),
                open: kind.ends_with(" open"),
                properties: properties.map(property).collect(),
            };
            (name, structure)
        }
        [name, members] => {
            let plain = name.strip_suffix(" (flags)");
            let members = members
                .split(", ")
                .filter_map(|member| member.split(' ').next());
            let enumeration = Type::Enumeration {
                flags: plain.is_some(),
                members: members.collect(),
            };
            (plain.unwrap_or(name), enumeration)
        }
        _ => panic!("{line}"),
    };
    TYPES.lines().map(read).collect()
}

struct Check {
    types: Rc<BTreeMap<&'static str, Type>>,
    seen: BTreeSet<&'static str>,
    problems: BTreeSet<String>,
}

impl Check {
    fn value(&mut self, of: &'static str, value: &Value, path: &str) {
        let text = value.as_str();
        let fits = match of {
            "String" => text.is_some(),
            "Boolean" => value.is_boolean(),
            "Int32" | "Int64" => value.is_i64(),
            "Guid" => text.is_some_and(|t| t.parse::<scimlab::id::Guid>().is_ok()),
            "DateTimeOffset" => text.is_some_and(is_moment),
            "Duration" => text.is_some_and(|t| t.starts_with('P') && t.len() > 2),
            other => return self.named(other, value, path),
        };
        if !fits {
            self.problems.insert(format!("{path} is no {of}: {value}"));
        }
    }

    fn named(&mut self, of: &'static str, value: &Value, path: &str) {
        match Rc::clone(&self.types).get(of) {
            // Declared elsewhere in the metadata: publicError, identity.
            None => assert_eq!(of, "publicError", "{path}"),
            Some(Type::Enumeration { flags, members }) => {
                let text = value.as_str().unwrap_or_default();
                let one = |name: &str| {
                    // Samples write the keys of metadata in camel case, which readers take as well.
                    members.iter().any(|known| match path.rsplit_once('.') {
                        Some((_, "key")) => known.eq_ignore_ascii_case(name),
                        _ => *known == name,
                    })
                };
                let fits = if *flags {
                    text.split(", ").all(one)
                } else {
                    one(text)
                };
                if !fits {
                    self.problems.insert(format!("{path} is no {of}: {value}"));
                }
            }
            Some(Type::Structure { .. }) => self.structure(of, value, path),
        }
    }

    fn structure(&mut self, of: &'static str, value: &Value, path: &str) {
        let Some(members) = value.as_object() else {
            self.problems.insert(format!("{path} is no {of}: {value}"));
            return;
        };
        self.seen.insert(of);
        let types = Rc::clone(&self.types);
        let Some(Type::Structure {
            entity,
            open,
            properties,
        }) = types.get(of)
        else {
            return;
        };
        for property in properties {
            let path = format!("{path}.{}", property.name);
            match members.get(property.name) {
                None if property.navigation => {}
                None => drop(self.problems.insert(format!("{path} is missing"))),
                Some(Value::Null) if property.required => {
                    self.problems.insert(format!("{path} is null"));
                }
                Some(Value::Null) => {}
                Some(Value::Array(all)) if property.several => {
                    for one in all {
                        self.value(property.of, one, &path);
                    }
                }
                Some(one) if !property.several => self.value(property.of, one, &path),
                Some(_) => drop(self.problems.insert(format!("{path} is no list"))),
            }
        }
        for name in members.keys().filter(|name| !name.contains('@')) {
            let known = properties.iter().any(|property| property.name == name);
            // Samples have the names of functions and operators, which the metadata does not.
            let sampled = name == "name"
                && ["attributeMappingFunctionSchema", "filterOperatorSchema"].contains(&of);
            let identified = *entity && name == "id";
            if !(known || *open || sampled || identified) {
                self.problems
                    .insert(format!("{path}.{name} is not declared"));
            }
        }
    }

    /// An answer: a value, or the values of a collection.
    fn answer(&mut self, of: &'static str, answer: &Value) {
        let alone = std::slice::from_ref(answer);
        let all = answer["value"].as_array().map_or(alone, Vec::as_slice);
        assert!(!all.is_empty(), "{of}");
        for one in all {
            self.value(of, one, of);
        }
    }
}

fn is_moment(text: &str) -> bool {
    let (date, rest) = text.split_at_checked(19).unwrap_or(("", ""));
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let fraction = rest.strip_suffix('Z').unwrap_or("no");
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    shape == "0000-00-00T00:00:00"
        && (fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits))
}

/// A job with filters, that ran well, failed on demand, and then went into quarantine; its templates and secrets.
#[test]
fn every_answer_has_the_types_of_the_metadata() {
    let mut check = Check {
        types: Rc::new(types()),
        seen: BTreeSet::new(),
        problems: BTreeSet::new(),
    };
    let (graph, people) = Graph::prepared(|tx, _| people(tx), |_| None);
    let (root, job) = (graph.outbound(), graph.outbound_job());
    check.answer("synchronizationJob", &graph.get(&job));
    graph.connect();
    let schema = format!("{job}/schema");
    let mut filtered = graph.get(&schema);
    filtered["synchronizationRules"][0]["objectMappings"][0]["scope"] = json!({
        "categoryFilterGroups": [], "inputFilterGroups": [],
        "groups": [{ "name": "Named", "clauses": [
            { "sourceOperandName": "displayName", "operatorName": "IS NOT NULL", "targetOperand": { "values": [] } }] }] });
    // What provisioning does not look at comes back as it was.
    let rule = &mut filtered["synchronizationRules"][0];
    rule["containerFilter"] = json!({ "includedContainers": ["OU=People"] });
    rule["groupFilter"] = json!({ "includedGroups": ["Sales"] });
    let user = &mut filtered["directories"][1]["objects"][0];
    user["metadata"] = json!([{ "key": "IsSoftDeletionSupported", "value": "True" }]);
    user["attributes"][0]["metadata"] = json!([{ "key": "MaximumLength", "value": "64" }]);
    graph.expect(204, "PUT", &schema, &filtered);
    check.answer("synchronizationSchema", &graph.get(&schema));
    graph.post(204, &format!("{job}/start"), &Value::Null);
    graph.cycle();
    let limits = json!({ "value": [
        graph.credentials()[0], { "key": "SecretToken", "value": "wrong" },
        { "key": "SyncNotificationSettings", "value": "{\"Enabled\":false,\"DeleteThresholdEnabled\":true,\"DeleteThresholdValue\":9}" }] });
    graph.expect(204, "PUT", &format!("{root}/secrets"), &limits);
    graph.post(
        200,
        &format!("{job}/provisionOnDemand"),
        &asked(RULE, &subject("User", &people.user)),
    );
    graph.cycle();
    let quarantined = graph.get(&format!("{job}?$expand=schema"));
    assert_eq!(quarantined["status"]["code"], "Quarantine");
    check.answer("synchronizationJob", &quarantined);
    check.answer("synchronizationJob", &graph.get(&graph.inbound_job()));
    check.answer(
        "synchronizationSchema",
        &graph.get(&format!("{}/schema", graph.inbound_job())),
    );

    check.answer("synchronization", &graph.get(&root));
    check.answer(
        "synchronizationTemplate",
        &graph.get(&format!("{root}/templates")),
    );
    check.answer(
        "directoryDefinition",
        &graph.get(&format!("{schema}/directories")),
    );
    check.answer(
        "attributeMappingFunctionSchema",
        &graph.get(&format!("{schema}/functions")),
    );
    check.answer(
        "filterOperatorSchema",
        &graph.get(&format!("{schema}/filterOperators()")),
    );
    for expression in ["Switch([a], , \"b\", \"c\")", "Append("] {
        let parsed = graph.post(
            200,
            &format!("{schema}/parseExpression"),
            &json!({ "expression": expression }),
        );
        check.answer("parseExpressionResponse", &parsed);
    }
    let told = graph.get("/auditLogs/provisioning?$top=1000");
    check.answer("provisioningObjectSummary", &told);

    let problems: Vec<String> = check.problems.into_iter().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // What requests hold, what has nothing in it, and what is there only while a cycle runs.
    let unseen_here = [
        "bulkUpload",
        "expressionInputObject",
        "stringKeyObjectValuePair",
        "synchronizationJobApplicationParameters",
        "synchronizationJobRestartCriteria",
        "synchronizationJobSubject",
        "synchronizationLinkedObjects",
        "synchronizationProgress",
    ];
    let all = types();
    let unseen: Vec<&str> = all
        .iter()
        .filter(|(name, of)| matches!(of, Type::Structure { .. }) && !check.seen.contains(*name))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(unseen, unseen_here);
}

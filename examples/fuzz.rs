//! The parsers of what clients send under libFuzzer: `FUZZ_TARGET` is `filter`, `path`, `patch` or `bulk`;
//! and the mapping expressions that administrators write: `expression` in the language of Entra, `okta` in that of
//! Okta.
//!
//! Beyond "does not panic, hang or grow": what one part of the core produces, the others accept. Built
//! and run by `tests/fuzz/run`, which also makes the first inputs out of the tests.

#![no_main]

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scimlab::mapping::entra::{Context, Expression, Source, evaluate};
use scimlab::mapping::okta;
use scimlab::scim::bulk::{Operation, Step};
use scimlab::scim::{
    self, AttributePath, BulkRequest, Filter, Object, PatchRequest, PathSyntax, ResourceType,
    Rules, json, resource, urn,
};
use serde_json::{Value, json};

static TARGET: LazyLock<fn(&[u8])> =
    LazyLock::new(|| match std::env::var("FUZZ_TARGET").as_deref() {
        Ok("filter") => filter,
        Ok("path") => path,
        Ok("patch") => patch,
        Ok("bulk") => bulk,
        Ok("expression") => expression,
        Ok("okta") => okta_expression,
        other => {
            panic!("FUZZ_TARGET is {other:?}: choose filter, path, patch, bulk, expression or okta")
        }
    });

fuzz_target!(|input: &[u8]| TARGET(input));

/// A user with something at every kind of attribute.
static USER: LazyLock<Object> = LazyLock::new(|| {
    let body = json!({
        "schemas": [urn::USER, urn::ENTERPRISE_USER],
        "userName": "bjensen@example.com",
        "externalId": "E1",
        "name": { "givenName": "Barbara", "familyName": "Jensen" },
        "displayName": "Babs Jensen",
        "title": "Guide",
        "active": true,
        "emails": [
            { "type": "work", "value": "bjensen@example.com", "primary": true },
            { "type": "home", "value": "babs@jensen.org" },
        ],
        "x509Certificates": [{ "value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjEL" }],
        urn::ENTERPRISE_USER: { "department": "Tour", "manager": { "value": "1" } },
    });
    match resource::create(scim::user(), body, &Rules::interop()) {
        Ok(user) => user,
        Err(error) => panic!("the sample user: {error}"),
    }
});

static GROUP: LazyLock<Object> =
    LazyLock::new(|| Object::from_iter([("displayName".to_owned(), json!("Tour Guides"))]));

fn rules() -> [Rules; 2] {
    [Rules::interop(), Rules::strict()]
}

fn types() -> [(&'static ResourceType, &'static Object); 2] {
    [(scim::user(), &USER), (scim::group(), &GROUP)]
}

fn filter(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    for rules in rules() {
        for (rt, sample) in types() {
            let Ok(filter) = Filter::parse(text, rt, &rules) else {
                continue;
            };
            let matches = filter.matches(sample);
            let nobody = filter.matches(&Object::new());
            // The exact complement (A11), as far as the limits of depth and length let it be said.
            if let Ok(not) = Filter::parse(&format!("not ({text})"), rt, &rules) {
                assert_eq!(not.matches(sample), !matches, "{text}");
                assert_eq!(not.matches(&Object::new()), !nobody, "{text}");
            }
            if let Ok(both) = Filter::parse(&format!("({text}) and title pr"), rt, &rules) {
                assert_eq!(
                    both.matches(sample),
                    matches && sample.contains_key("title")
                );
            }
            filter.indexable();
        }
    }
}

fn path(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let _ = PathSyntax::parse(text);
    for rules in rules() {
        for (rt, sample) in types() {
            let _ = AttributePath::parse(text, rt, &rules);
            for op in ["add", "replace", "remove"] {
                for value in [
                    Value::Null,
                    json!("x"),
                    json!(true),
                    json!([{ "value": "x" }]),
                ] {
                    let operations = json!([{ "op": op, "path": text, "value": value }]);
                    apply(rt, sample, &operations, &rules);
                }
            }
        }
    }
}

/// Applies operations; what comes of it must be a resource like any other.
fn apply(rt: &ResourceType, current: &Object, operations: &Value, rules: &Rules) {
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    changed(rt, current, body, rules);
}

fn changed(rt: &ResourceType, current: &Object, body: Value, rules: &Rules) {
    let Ok(request) = PatchRequest::parse(rt, body, rules) else {
        return;
    };
    let edits = request.clone().group_edits();
    let Ok(after) = request.apply(rt, current, rules) else {
        return;
    };
    assert_eq!(
        edits.attributes.apply(rt, current, rules).as_ref(),
        Ok(&after)
    );
    // A client may send back what it reads (RFC 7644 section 3.5.1), and nothing changes.
    let mut read = after.clone();
    read.insert("schemas".into(), resource::schemas_of(rt, &after).into());
    let again = resource::replace(rt, &after, Value::Object(read), rules);
    assert_eq!(again.as_ref(), Ok(&after), "PUT of what PATCH made");
}

fn patch(input: &[u8]) {
    let Ok(body) = json::parse(input, &json::Limits::default()) else {
        return;
    };
    for rules in rules() {
        for (rt, sample) in types() {
            changed(rt, sample, body.clone(), &rules);
        }
    }
}

fn bulk(input: &[u8]) {
    let Ok(body) = json::parse(input, &json::Limits::default()) else {
        return;
    };
    let Ok(request) = BulkRequest::parse(body) else {
        return;
    };
    if request.operations.len() > 100 {
        return;
    }
    let mut ids = HashMap::new();
    let mut done = HashSet::new();
    for step in request.plan() {
        let members = match step {
            Step::One(index) => vec![index],
            Step::Cycle(indexes) => indexes,
        };
        for index in members {
            assert!(done.insert(index), "operation {index} is planned twice");
            let operation = &request.operations[index];
            let Ok(wanted) = operation.resolve(&ids) else {
                continue;
            };
            match wanted {
                Operation::Create { bulk_id, data, .. } => {
                    for rules in rules() {
                        let _ = resource::create(scim::user(), data.clone(), &rules);
                    }
                    ids.insert(bulk_id, format!("{index:048x}"));
                }
                Operation::Patch { data, .. } => {
                    changed(scim::user(), &USER, data, &Rules::interop());
                }
                _ => {}
            }
        }
    }
    assert_eq!(
        done.len(),
        request.operations.len(),
        "every operation is planned"
    );
}

fn expression(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let Ok(expression) = Expression::parse(text) else {
        return;
    };
    let printed = expression.to_string();
    assert_eq!(
        Expression::parse(&printed).as_ref(),
        Ok(&expression),
        "{printed}"
    );
    let mut source = Source::new();
    for (index, name) in expression.attributes().into_iter().enumerate() {
        // Of every kind something: a date, a number, several values, a text, nothing.
        match index % 5 {
            0 => source.set(name, "2020-03-16-07:00"),
            1 => source.set(name, "-129699324000000000"),
            2 => source.set(
                name,
                scimlab::mapping::Value::from_json(json!(["a", {"value": "b"}])),
            ),
            3 => source.set(name, "\u{c5}se O'Neil <a@b>"),
            _ => {}
        }
    }
    let context = Context::new(1_629_913_278_000, [7; 16], "contoso.com");
    let first = evaluate(&expression, &source, &context);
    assert_eq!(first, evaluate(&expression, &source, &context), "{text}");
}

/// Somebody with an attribute of every kind under the names that the inputs use most.
static OKTA: LazyLock<serde_json::Map<String, Value>> = LazyLock::new(|| {
    let profile = json!({
        "a": "text", "b": 42, "c": [1, "two", null], "d": "2015-07-30T23:58:32Z", "e": true,
        "login": "ann@example.com", "email": "Ann@Example.com", "firstName": "\u{c5}se", "lastName": "O'Neil",
        "countryCode": "US", "managerId": null, "items": ["x", "y"], "n": -1.5,
    });
    let group =
        |name: &str| json!({ "id": format!("00g{name}"), "type": "OKTA_GROUP", "name": name });
    let given = json!({
        "user": profile, "source": profile, "appuser": profile, "app": profile, "org": profile,
        "groups": [group("Sales"), group("Everyone")],
        "internal": { "id": "00u1", "status": "ACTIVE" },
        "zendesk": profile, "managerUser": profile, "session": { "amr": ["pwd"] },
    });
    match given {
        Value::Object(given) => given,
        other => panic!("the sample person: {other}"),
    }
});

/// Okta's language: what is read is evaluated within its limits, twice to the same, as a template too.
fn okta_expression(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let given: okta::Profile = OKTA.clone().into_iter().collect();
    let context = match okta::Context::from_json(&given, 1_629_913_278_000) {
        Ok(context) => context,
        Err(reason) => panic!("the sample person: {reason}"),
    };
    for purpose in [
        okta::Purpose::Mapping,
        okta::Purpose::GroupRule,
        okta::Purpose::Claim,
    ] {
        let Ok(expression) = okta::Expression::parse_for(text, purpose) else {
            continue;
        };
        assert_eq!(expression.text(), text);
        let shown = |value: Result<okta::Value<'_>, okta::EvaluationError>| {
            value.map(|value| value.into_json().to_string())
        };
        let first = shown(expression.evaluate(&context));
        assert_eq!(first, shown(expression.evaluate(&context)), "{text}");
        let _ = expression.holds(&context);
        for reference in expression.references() {
            assert!(
                !reference.root.is_empty() || reference.attribute.is_some(),
                "{text}"
            );
        }
        expression.warnings();
    }
    if let Ok(template) = okta::Template::parse(text)
        && let Ok(value) = template.evaluate(&context)
    {
        value.into_json();
    }
}

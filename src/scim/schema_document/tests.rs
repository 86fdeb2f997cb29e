//! What can be registered as an extension, and what cannot.

use serde_json::json;

use super::super::{discovery, schemas};
use super::*;

const BADGE: &str = "urn:example:params:scim:schemas:badge:1.0:User";

fn read(attributes: impl Into<Value>) -> Result<Schema, Error> {
    Schema::parse(json!({"id": BADGE, "name": "Badge", "attributes": attributes.into()}))
}

#[test]
fn a_published_schema_is_read_back_as_it_is() {
    let published = &schemas::user().extensions[0].schema;
    let mut document = discovery::schema_document(published, "http://h");
    document["id"] = BADGE.into();
    let read = Schema::parse(document.clone()).unwrap();
    assert_eq!(&*read.id, BADGE);
    assert_eq!(read.attributes, published.attributes);
    let mut again = discovery::schema_document(&read, "http://h");
    again["meta"] = document["meta"].clone();
    assert_eq!(again, document);
}

#[test]
fn what_is_not_said_has_the_defaults_of_the_standard() {
    let schema = read(
        json!([{"name": "code"}, {"name": "pin", "mutability": "writeOnly"},
        {"name": "door", "type": "reference", "referenceTypes": ["external"]}]),
    )
    .unwrap();
    let code = schema.attributes.get("CODE").unwrap();
    assert_eq!(
        (code.kind, code.mutability, code.returned, code.uniqueness),
        (
            Kind::String,
            Mutability::ReadWrite,
            Returned::Default,
            Uniqueness::None
        )
    );
    assert!(!code.multi_valued && !code.required && !code.case_exact);
    let pin = schema.attributes.get("pin").unwrap();
    assert_eq!(pin.returned, Returned::Never);
    assert!(schema.attributes.get("door").unwrap().case_exact);
}

#[test]
fn attributes_that_cannot_be_kept_are_refused_by_name() {
    let many: Vec<Value> = (0..201).map(|i| json!({"name": format!("a{i}")})).collect();
    let cases = [
        (json!([]), "at least one"),
        (json!({}), "array"),
        (json!([1]), "attributes[0]"),
        (json!([{}]), "\"name\" is missing"),
        (json!([{"name": "1a"}]), "not a name"),
        (json!([{"name": "$ref"}]), "not a name"),
        (json!([{"name": "a b"}]), "not a name"),
        (json!([{"name": "a".repeat(101)}]), "not a name"),
        (json!([{"name": "a"}, {"name": "A"}]), "twice"),
        (json!([{"name": "Meta"}]), "\"meta\""),
        (json!([{"name": "a", "colour": 1}]), "\"colour\""),
        (json!([{"name": "a", "type": "text"}]), "string, boolean"),
        (json!([{"name": "a", "required": "yes"}]), "true or false"),
        (json!([{"name": "a", "mutability": "never"}]), "readOnly"),
        (json!([{"name": "a", "uniqueness": "server"}]), "uniqueness"),
        (
            json!([{"name": "a", "required": true, "mutability": "readOnly"}]),
            "drop one",
        ),
        (
            json!([{"name": "a", "required": true, "returned": "never"}]),
            "not kept",
        ),
        (
            json!([{"name": "a", "mutability": "writeOnly", "returned": "default"}]),
            "writeOnly",
        ),
        (
            json!([{"name": "a", "type": "integer", "canonicalValues": ["1"]}]),
            "canonicalValues",
        ),
        (
            json!([{"name": "a", "canonicalValues": [1]}]),
            "array of strings",
        ),
        (
            json!([{"name": "a", "referenceTypes": ["uri"]}]),
            "referenceTypes",
        ),
        (
            json!([{"name": "a", "type": "reference", "referenceTypes": ["Car"]}]),
            "User, Group",
        ),
        (json!([{"name": "a", "type": "complex"}]), "subAttributes"),
        (
            json!([{"name": "a", "type": "complex", "subAttributes": []}]),
            "at least one",
        ),
        (
            json!([{"name": "a", "subAttributes": [{"name": "b"}]}]),
            "only a complex",
        ),
        (
            json!([{"name": "a", "type": "complex", "subAttributes":
                [{"name": "b", "type": "complex", "subAttributes": [{"name": "c"}]}]}]),
            "\"a.b\": a sub-attribute cannot",
        ),
        (
            json!([{"name": "a", "type": "complex", "subAttributes":
                [{"name": "b", "multiValued": true}]}]),
            "\"a.b\": several",
        ),
        (json!(many), "more than 200"),
        (
            json!([{"name": "a", "description": "x".repeat(70_000)}]),
            "65536",
        ),
    ];
    for (attributes, part) in cases {
        let error = read(attributes.clone()).unwrap_err();
        assert!(error.detail.contains(part), "{error} lacks {part}");
        assert_eq!(error.status, 400);
    }
}

#[test]
fn the_urn_must_be_ones_own() {
    let cases = [
        "",
        "badge",
        "urn:x",
        "urn:x:badge",
        "urn:example:",
        "urn:example:a b",
        "urn:example:badge:",
        "urn:-x:badge",
        "https://example.com/badge",
        "urn:ietf:params:scim:api:messages:2.0:Mine",
        "URN:ietf:params:scim:schemas:core:2.0:USER",
        "urn:ietf:params:scim:schemas:core:2.0:User:badge",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ];
    let with =
        |id: &str| Schema::parse(json!({"id": id, "name": "n", "attributes": [{"name": "a"}]}));
    for id in cases {
        assert!(with(id).is_err(), "{id}");
    }
    for id in [
        BADGE,
        "urn:example:badge",
        "urn:ietf:params:scim:schemas:extension:x:2.0:User",
    ] {
        assert!(with(id).is_ok(), "{id}");
    }
    for document in [
        json!([]),
        json!({"id": BADGE, "attributes": [{"name": "a"}]}),
        json!({"id": BADGE, "name": "n"}),
        json!({"id": BADGE, "name": "n", "attributes": [{"name": "a"}], "schemas": [urn::USER]}),
        json!({"id": BADGE, "name": "n", "attributes": [{"name": "a"}], "extra": 1}),
    ] {
        assert!(Schema::parse(document.clone()).is_err(), "{document}");
    }
}

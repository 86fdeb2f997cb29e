//! Whatever a client sends, a PATCH ends in an error or in a sound resource.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::Rules;
use super::tests::{patch_with, plan};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "(true|False|work|a@b.c|)".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key =
            "(value|type|primary|display|emails|active|name|givenName|name\\.x|members|urn:x)";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_operation_makes_it_panic_or_leaves_an_odd_state(
        op in "(add|Remove|replace|x)",
        path in proptest::option::of("(emails|emails\\[type eq \"work\"\\](\\.value|\\.primary)?|active|name(\\.givenName)?|members|title|schemas|roles\\.value)"),
        value in proptest::option::of(any_json()),
    ) {
        let mut operation = json!({"op": op});
        if let Some(path) = path {
            operation["path"] = path.into();
        }
        if let Some(value) = value {
            operation["value"] = value;
        }
        let rules = Rules::interop();
        let _ = plan(&json!([operation]));
        if let Ok(found) = patch_with(&json!([operation]), &rules) {
            let primaries = found.get("emails").and_then(Value::as_array).map_or(0, |list| {
                list.iter().filter(|e| e["primary"] == json!(true)).count()
            });
            prop_assert!(primaries <= 1);
            prop_assert!(found.contains_key("userName"));
            for value in found.values() {
                prop_assert!(!value.is_null() && *value != json!([]) && *value != json!({}), "{found:?}");
            }
        }
    }
}

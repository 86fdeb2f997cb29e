//! What the language of mappings and filters has, as Graph lists it: `functions` and `filterOperators` of a schema.
//!
//! Follows `synchronizationSchema: functions` and `filterOperators` of Microsoft Graph.

use serde_json::{Value as Json, json};

use super::super::attributes::AttributeType;
use super::super::functions::{Arity, FUNCTIONS, Function};
use super::super::operator::Operator;
use super::keys::{fewest, key, repeated_from};

/// Every function as `attributeMappingFunctionSchema`. Its parameters have the names that they have in expression
/// trees.
pub fn functions_json() -> Vec<Json> {
    FUNCTIONS.iter().map(function_json).collect()
}

fn function_json(function: &Function) -> Json {
    let repeated = repeated_from(function);
    let last = match function.arity {
        Arity::ThenPairs(_) => repeated.map_or(0, |first| first + 1),
        _ => function.parameters.len(),
    };
    let parameters: Vec<Json> = (0..last)
        .map(|index| {
            let condition = (function.parameter(index)).is_some_and(|parameter| parameter.condition);
            json!({
                "name": key(function, index),
                "required": index < fewest(function),
                "allowMultipleOccurrences": repeated.is_some_and(|first| index >= first),
                "type": if condition { AttributeType::Boolean } else { AttributeType::String }.name(),
            })
        })
        .collect();
    json!({ "id": function.name, "name": function.name, "parameters": parameters })
}

/// Every operator of scoping filters as `filterOperatorSchema`.
pub fn filter_operators_json() -> Vec<Json> {
    Operator::ALL
        .into_iter()
        .map(|operator| {
            let supported = AttributeType::ALL
                .into_iter()
                .filter(|kind| operator.supports(*kind));
            json!({
                "id": operator.name(),
                "name": operator.name(),
                "arity": if operator.is_binary() { "Binary" } else { "Unary" },
                "multivaluedComparisonType": "All",
                "supportedAttributeTypes": supported.map(AttributeType::name).collect::<Vec<_>>(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(all: &'a [Json], name: &str) -> &'a Json {
        all.iter().find(|one| one["name"] == name).unwrap()
    }

    #[test]
    fn every_function_has_its_parameters() {
        let all = functions_json();
        assert_eq!(all.len(), FUNCTIONS.len());
        let parameter = |name: &str, required: bool, several: bool| json!({"name": name, "required": required, "allowMultipleOccurrences": several, "type": "String"});
        assert_eq!(
            of(&all, "Append"),
            &json!({"id": "Append", "name": "Append", "parameters": [
                parameter("source", true, false), parameter("suffix", true, false)]})
        );
        assert_eq!(
            of(&all, "Switch")["parameters"],
            json!([
                parameter("source", true, false),
                parameter("defaultValue", true, false),
                parameter("switchValue", true, true),
            ])
        );
        let join = of(&all, "Join")["parameters"].as_array().unwrap();
        assert_eq!(join.last().unwrap()["allowMultipleOccurrences"], true);
        assert_eq!(of(&all, "IIF")["parameters"][0]["type"], "Boolean");
    }

    #[test]
    fn operators_say_what_they_compare() {
        let all = filter_operators_json();
        assert_eq!(
            of(&all, "EQUALS"),
            &json!({"id": "EQUALS", "name": "EQUALS", "arity": "Binary", "multivaluedComparisonType": "All",
                "supportedAttributeTypes": ["String", "Integer", "Boolean"]})
        );
        assert_eq!(of(&all, "IS TRUE")["arity"], "Unary");
        assert_eq!(
            of(&all, "IS TRUE")["supportedAttributeTypes"],
            json!(["Boolean"])
        );
        assert_eq!(
            of(&all, "IS NULL")["supportedAttributeTypes"]
                .as_array()
                .unwrap()
                .len(),
            6
        );
    }
}

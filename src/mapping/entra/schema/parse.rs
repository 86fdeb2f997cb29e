//! `parseExpression`: reads an expression and tries it on test input.
//!
//! Follows `synchronizationSchema: parseExpression` of Microsoft Graph. The codes of its errors are not
//! documented; ours are `ExpressionParsingFailed` and `ExpressionEvaluationFailed`.

use serde_json::{Value as Json, json};

use super::super::context::Context;
use super::super::evaluate::{Evaluated, evaluate};
use super::super::expression::Expression;
use super::super::source::Source;
use super::reader::{At, Problems, SchemaErrors};
use super::tree::expression_json;
use crate::mapping::Value;

/// An error as Graph shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicError {
    /// Code for machines.
    pub code: &'static str,
    /// What is wrong, where, and what to do.
    pub message: String,
}

/// What came of an expression and test input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedExpression {
    /// The expression, when it is one.
    pub expression: Option<Expression>,
    /// Its values for the input; `None` when it could not be computed. No values when it is null or
    /// takes the attribute out of the flow.
    pub result: Option<Vec<String>>,
    /// Why it is no expression, or could not be computed.
    pub error: Option<PublicError>,
}

impl ParsedExpression {
    /// `parseExpressionResponse`.
    pub fn to_json(&self) -> Json {
        let error = self.error.as_ref().map(|error| {
            json!({
                "code": error.code,
                "message": error.message,
                "target": null,
                "details": [],
                "innerError": null,
            })
        });
        json!({
            "error": error,
            "evaluationSucceeded": self.result.is_some(),
            "evaluationResult": self.result.as_deref().unwrap_or_default(),
            "parsingSucceeded": self.expression.is_some(),
            "parsedExpression": self.expression.as_ref().map(expression_json),
        })
    }
}

/// Reads an expression and, when there is input, evaluates it.
pub fn parse_expression(text: &str, input: Option<&Source>, context: &Context) -> ParsedExpression {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            return ParsedExpression {
                expression: None,
                result: None,
                error: Some(PublicError {
                    code: "ExpressionParsingFailed",
                    message: error.to_string(),
                }),
            };
        }
    };
    let evaluated = input.map(|source| evaluate(&expression, source, context));
    let (result, error) = match evaluated {
        None => (None, None),
        Some(Ok(Evaluated::Value(value))) => (Some(texts(&value)), None),
        Some(Ok(Evaluated::Dropped)) => (Some(Vec::new()), None),
        Some(Err(error)) => (
            None,
            Some(PublicError {
                code: "ExpressionEvaluationFailed",
                message: error.to_string(),
            }),
        ),
    };
    ParsedExpression {
        expression: Some(expression),
        result,
        error,
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.elements().iter().map(Value::to_string).collect()
}

/// Reads `testInputObject`: `{"properties": [{"key", "value"}]}`; null is no input.
///
/// # Errors
/// Every problem with its path.
pub fn read_test_input(json: &Json) -> Result<Option<Source>, SchemaErrors> {
    if json.is_null() {
        return Ok(None);
    }
    let mut problems = Problems::default();
    let source = At::root(json).members(&mut problems).map(|input| {
        let mut source = Source::new();
        for property in input.list("properties", &mut problems) {
            let Some(property) = property.members(&mut problems) else {
                continue;
            };
            if let Some(name) = property.required_text("key", &mut problems) {
                let value = property.map.get("value").cloned().unwrap_or(Json::Null);
                source.set(name, Value::from_json(value));
            }
        }
        source
    });
    problems.or(source).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(expression: &str, input: &Json) -> Json {
        let input = read_test_input(input).unwrap();
        let context = Context::new(0, [0; 16], "contoso.com");
        parse_expression(expression, input.as_ref(), &context).to_json()
    }

    #[test]
    fn the_documented_exchange() {
        let input = json!({"definition": null, "properties": [
            {"key": "preferredLanguage", "value": "EN-US"},
            {"key": "appRoleAssignments", "value@odata.type": "#Collection(String)", "value": ["Default Assignment"]},
        ]});
        let text = r#"Replace([preferredLanguage], "-", , , "_", , )"#;
        let leaf = |expression: &str, name: &str, kind: &str| json!({"expression": expression, "name": name, "parameters": [], "type": kind});
        assert_eq!(
            asked(text, &input),
            json!({
                "error": null, "evaluationSucceeded": true, "evaluationResult": ["EN_US"], "parsingSucceeded": true,
                "parsedExpression": {"expression": text, "name": "Replace", "type": "Function", "parameters": [
                    {"key": "source", "value": leaf("[preferredLanguage]", "preferredLanguage", "Attribute")},
                    {"key": "Find", "value": leaf("\"-\"", "-", "Constant")},
                    {"key": "Replacement", "value": leaf("\"_\"", "_", "Constant")},
                ]},
            })
        );
    }

    #[test]
    fn what_cannot_be_read_or_computed_says_why() {
        let answer = asked("Append([a]", &json!({}));
        assert_eq!(answer["parsingSucceeded"], false);
        assert_eq!(answer["parsedExpression"], Json::Null);
        assert!(
            answer["error"]["message"]
                .as_str()
                .unwrap()
                .contains("column 11")
        );
        let answer = asked(r#"IIF([country]="NO","a","b")"#, &json!({"properties": []}));
        assert_eq!(
            (&answer["parsingSucceeded"], &answer["evaluationSucceeded"]),
            (&json!(true), &json!(false))
        );
        assert!(answer["error"]["message"].as_str().unwrap().contains("IIF"));
        let answer = asked("[mail]", &Json::Null);
        assert_eq!(
            (&answer["evaluationSucceeded"], &answer["error"]),
            (&json!(false), &Json::Null)
        );
        assert!(read_test_input(&json!({"properties": [{"value": 1}]})).is_err());
    }
}

//! From the grammar of a filter to a filter over one resource type: names are looked up, values typed.

use std::sync::Arc;

use serde_json::Value;

use crate::scim::error::{Error, echo};
use crate::scim::path::{Located, sub_of};
use crate::scim::profile::Rules;
use crate::scim::quirks;
use crate::scim::schema::{Attribute, Kind, ResourceType, Returned};
use crate::scim::syntax::{FilterSyntax, Name, Operator, TestSyntax};
use crate::scim::value::{decode_base64, instant};

use super::{
    ElementTest, Expression, Field, Operand, ResourceTest, Test, ValueFilter, comparison_of,
};

/// What names are looked up in.
pub(super) struct Resolver<'a> {
    pub(super) text: &'a str,
    pub(super) rt: &'a ResourceType,
    pub(super) rules: &'a Rules,
    /// A name the type does not know is an attribute without a value, not a mistake.
    pub(super) unknown_is_unassigned: bool,
}

type Place = (Option<Arc<str>>, Arc<Attribute>, Option<Arc<Attribute>>);

/// What a test says of an attribute without a value.
fn of_unassigned(test: &TestSyntax) -> bool {
    match test {
        TestSyntax::Compare(Operator::Eq, value) => value.is_null(),
        TestSyntax::Compare(Operator::Ne, value) => !value.is_null(),
        TestSyntax::Present | TestSyntax::Compare(..) => false,
    }
}

impl Resolver<'_> {
    fn fail(&self, name: &Name, sentence: &str) -> Error {
        let head = self.text.get(..name.at).unwrap_or("");
        Error::invalid_filter(format!(
            "filter: {sentence} (at character {})",
            head.chars().count() + 1
        ))
    }

    pub(super) fn expression(
        &self,
        syntax: &FilterSyntax,
    ) -> Result<Expression<ResourceTest>, Error> {
        Ok(match syntax {
            FilterSyntax::And(parts) => Expression::And(self.list(parts)?),
            FilterSyntax::Or(parts) => Expression::Or(self.list(parts)?),
            FilterSyntax::Not(inner) => Expression::Not(Box::new(self.expression(inner)?)),
            FilterSyntax::Test(name, test) => {
                let Some((schema, attribute, sub)) = self.locate(name)? else {
                    return Ok(Expression::Test(ResourceTest::Decided(of_unassigned(test))));
                };
                let (attribute, sub) = match sub {
                    None if attribute.kind == Kind::Complex && *test != TestSyntax::Present => {
                        let value = attribute.sub("value").map(Arc::clone).ok_or_else(|| {
                            let sentence = format!(
                                "\"{}\" is complex: name one of its sub-attributes",
                                attribute.name
                            );
                            self.fail(name, &sentence)
                        })?;
                        (attribute, Some(value))
                    }
                    sub => (attribute, sub),
                };
                let typed = typed(sub.as_deref().unwrap_or(&attribute), test, self.rules)
                    .map_err(|sentence| self.fail(name, &sentence))?;
                let field = Field::new(schema, attribute, sub);
                typed.map(|test| ResourceTest::Attribute(field, test))
            }
            FilterSyntax::Element { name, filter, then } => {
                let Some((schema, attribute, sub)) = self.locate(name)? else {
                    return Ok(Expression::Test(ResourceTest::Decided(false)));
                };
                if sub.is_some() || !attribute.multi_valued {
                    return Err(self.fail(name, "only a multi-valued attribute can have `[`"));
                }
                let mut inside = element_expression(filter, &attribute, self.rules)?;
                if let Some((sub, test)) = then {
                    let more = FilterSyntax::Test(sub.clone(), test.clone());
                    let more = element_expression(&more, &attribute, self.rules)?;
                    inside = match inside {
                        Expression::And(mut parts) => {
                            parts.push(more);
                            Expression::And(parts)
                        }
                        one => Expression::And(vec![one, more]),
                    };
                }
                let field = Field::new(schema, attribute, None);
                Expression::Test(ResourceTest::Element(field, ValueFilter(inside)))
            }
        })
    }

    fn list(&self, parts: &[FilterSyntax]) -> Result<Vec<Expression<ResourceTest>>, Error> {
        parts.iter().map(|part| self.expression(part)).collect()
    }

    /// `None`: the type has no such attribute, and that is no mistake.
    fn locate(&self, name: &Name) -> Result<Option<Place>, Error> {
        match quirks::locate_anywhere(self.rt, &name.text, self.rules) {
            Ok(Located::Attribute { attribute, .. }) if attribute.returned == Returned::Never => {
                let sentence = format!("\"{}\" cannot be searched", attribute.name);
                Err(self.fail(name, &sentence))
            }
            Ok(Located::Attribute {
                schema,
                attribute,
                sub,
            }) => Ok(Some((schema, attribute, sub))),
            Ok(Located::Container(_) | Located::Resource) => Err(self.fail(
                name,
                "a schema is not an attribute; filter on `schemas` instead",
            )),
            Err(_) if self.unknown_is_unassigned => Ok(None),
            Err(sentence) => Err(self.fail(name, &sentence)),
        }
    }
}

pub(super) fn element_expression(
    syntax: &FilterSyntax,
    attribute: &Attribute,
    rules: &Rules,
) -> Result<Expression<ElementTest>, Error> {
    let refuse = |sentence: String| Error::invalid_filter(format!("filter: {sentence}"));
    let list = |parts: &[FilterSyntax]| {
        parts
            .iter()
            .map(|part| element_expression(part, attribute, rules))
            .collect::<Result<Vec<_>, Error>>()
    };
    Ok(match syntax {
        FilterSyntax::And(parts) => Expression::And(list(parts)?),
        FilterSyntax::Or(parts) => Expression::Or(list(parts)?),
        FilterSyntax::Not(inner) => {
            Expression::Not(Box::new(element_expression(inner, attribute, rules)?))
        }
        FilterSyntax::Test(name, test) => {
            let sub = if attribute.kind == Kind::Complex {
                Some(sub_of(attribute, &name.text).map_err(refuse)?)
            } else if name.text.eq_ignore_ascii_case("value") {
                None
            } else {
                return Err(refuse(format!(
                    "use `value` inside {}[...]",
                    attribute.name
                )));
            };
            let typed = typed(sub.as_deref().unwrap_or(attribute), test, rules).map_err(refuse)?;
            typed.map(|test| ElementTest { sub, test })
        }
        FilterSyntax::Element { name, .. } => {
            return Err(refuse(format!(
                "\"{}\": a value filter cannot contain another one",
                echo(&name.text)
            )));
        }
    })
}

/// A test, perhaps inverted: `eq null` is the complement of `pr`.
enum Typed {
    Plain(Test),
    Inverted(Test),
}

impl Typed {
    fn map<T>(self, wrap: impl FnOnce(Test) -> T) -> Expression<T> {
        match self {
            Self::Plain(test) => Expression::Test(wrap(test)),
            Self::Inverted(test) => Expression::Not(Box::new(Expression::Test(wrap(test)))),
        }
    }
}

fn typed(attribute: &Attribute, test: &TestSyntax, rules: &Rules) -> Result<Typed, String> {
    let (operator, value) = match test {
        TestSyntax::Present => return Ok(Typed::Plain(Test::Present)),
        TestSyntax::Compare(operator, value) => (*operator, value),
    };
    let word = operator.as_str();
    if value.is_null() {
        return match operator {
            Operator::Eq => Ok(Typed::Inverted(Test::Present)),
            Operator::Ne => Ok(Typed::Plain(Test::Present)),
            _ => Err(format!("`{word}` cannot be used with null")),
        };
    }
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    let substring = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
    let allowed = match attribute.kind {
        Kind::String => true,
        Kind::Reference => equality || substring,
        Kind::Boolean | Kind::Binary => equality,
        Kind::Decimal | Kind::Integer | Kind::DateTime => !substring,
        Kind::Complex => false,
    };
    let kind = attribute.kind.as_str();
    let name = &attribute.name;
    if !allowed {
        return Err(format!(
            "`{word}` cannot be used with \"{name}\" of type {kind}"
        ));
    }
    let operand = match (attribute.kind, value) {
        (Kind::String | Kind::Reference, Value::String(text)) => {
            let comparison = comparison_of(attribute);
            Some(Operand::Text {
                key: comparison.key(text).into_owned(),
                given: text.clone(),
                comparison,
            })
        }
        (Kind::Boolean, Value::Bool(flag)) => Some(Operand::Boolean(*flag)),
        (Kind::Boolean, Value::String(text)) if rules.coerce_boolean_strings => {
            quirks::boolean(text).map(Operand::Boolean)
        }
        (Kind::Integer | Kind::Decimal, Value::Number(number)) => {
            Some(Operand::Number(number.clone()))
        }
        (Kind::DateTime, Value::String(text)) => {
            instant(text).map(|moment| Operand::Instant(text.clone(), moment))
        }
        (Kind::Binary, Value::String(text)) => {
            decode_base64(text).map(|bytes| Operand::Bytes(text.clone(), bytes))
        }
        _ => None,
    };
    match operand {
        Some(operand) => Ok(Typed::Plain(Test::Compare(operator, operand))),
        None => Err(format!(
            "{} does not fit \"{name}\" of type {kind}",
            echo(&value.to_string())
        )),
    }
}

//! Filters: RFC 7644 section 3.4.2.2, typed by the schema when they are read.
//!
//! A [`Filter`] is evaluated over the full representation of a resource (`id`, `meta`, `schemas`,
//! `groups` and `members` included). It also says what it could be answered with from an index
//! ([`Filter::indexable`]) and which attributes it looks at ([`Filter::roots`], [`Filter::paths`]).
//!
//! Choices where the standard is silent: `ne` holds for an unassigned attribute; `not (...)` is the
//! exact complement; a complex attribute without sub-attribute means its `value`; `eq null` means
//! unassigned.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::Error;
use super::key::Comparison;
use super::profile::Rules;
use super::schema::{Attribute, ResourceType, Uniqueness};
use super::syntax::{FilterSyntax, Operator, SyntaxError};
use super::value::{decode_base64, instant};
use field::Field;
use resolve::{Resolver, element_expression};

pub(super) mod field;
mod resolve;

/// `and`, `or`, `not` over tests of some kind.
#[derive(Debug, Clone, PartialEq)]
enum Expression<T> {
    And(Vec<Expression<T>>),
    Or(Vec<Expression<T>>),
    Not(Box<Expression<T>>),
    Test(T),
}

/// What is asked of the values found.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Present,
    Compare(Operator, Operand),
}

/// A typed right side.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Text {
        given: String,
        key: String,
        comparison: Comparison,
    },
    Boolean(bool),
    Number(serde_json::Number),
    /// Text as given, and the moment in nanoseconds.
    Instant(String, i128),
    /// Text as given, and the bytes.
    Bytes(String, Vec<u8>),
}

#[derive(Debug, Clone, PartialEq)]
enum ResourceTest {
    Attribute(Field, Test),
    Element(Field, ValueFilter),
    /// A test of an attribute that this type of resource does not have, decided already.
    Decided(bool),
}

/// A filter over resources of one type.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter(Expression<ResourceTest>);

/// A test of one element of a multi-valued attribute; `None` is the element itself, for attributes
/// without sub-attributes.
#[derive(Debug, Clone, PartialEq)]
struct ElementTest {
    sub: Option<Arc<Attribute>>,
    test: Test,
}

/// A filter over the elements of one multi-valued attribute: what stands between `[` and `]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueFilter(Expression<ElementTest>);

impl<T> Expression<T> {
    fn holds(&self, test: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(test)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(test)),
            Self::Not(inner) => !inner.holds(test),
            Self::Test(one) => test(one),
        }
    }

    /// Every test, wherever it stands.
    fn tests(&self) -> Vec<&T> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::tests).collect(),
            Self::Not(inner) => inner.tests(),
            Self::Test(one) => vec![one],
        }
    }

    /// The test alone, or each conjunct that is one.
    fn conjuncts(&self) -> Vec<&T> {
        match self {
            Self::Test(one) => vec![one],
            Self::And(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            Self::Or(_) | Self::Not(_) => vec![],
        }
    }
}

impl Filter {
    /// Reads a filter for resources of type `rt`.
    ///
    /// # Errors
    /// 400 `invalidFilter` with position: bad grammar, unknown attribute, an operator or value its
    /// attribute does not allow, an attribute that is never returned.
    pub fn parse(text: &str, rt: &ResourceType, rules: &Rules) -> Result<Self, Error> {
        let syntax = FilterSyntax::parse(text).map_err(|e| refuse(&e))?;
        let resolver = Resolver {
            text,
            rt,
            rules,
            unknown_is_unassigned: false,
        };
        resolver.expression(&syntax).map(Self)
    }

    /// Reads a filter for a query over several types: one filter for each, in their order. An attribute
    /// that a type lacks counts as unassigned there (RFC 7644 section 3.4.2.1), whoever has it. With one
    /// type this is [`Filter::parse`].
    ///
    /// # Errors
    /// Those of [`Filter::parse`], but for unknown attributes.
    pub fn parse_each(
        text: &str,
        types: &[&ResourceType],
        rules: &Rules,
    ) -> Result<Vec<Self>, Error> {
        let syntax = FilterSyntax::parse(text).map_err(|e| refuse(&e))?;
        types
            .iter()
            .map(|rt| {
                let resolver = Resolver {
                    text,
                    rt,
                    rules,
                    unknown_is_unassigned: types.len() > 1,
                };
                resolver.expression(&syntax).map(Self)
            })
            .collect()
    }

    /// Whether a resource, given as its full representation, fulfils this filter. Members of the
    /// representation that [`Self::roots`] does not name may be missing.
    pub fn matches(&self, resource: &Object) -> bool {
        self.0.holds(&|test| match test {
            ResourceTest::Attribute(field, test) => test.holds(&mut field.values(resource)),
            ResourceTest::Element(field, filter) => field
                .elements(resource)
                .any(|element| filter.matches(element)),
            ResourceTest::Decided(holds) => *holds,
        })
    }

    /// Every `attribute eq "text"` that each matching resource must fulfil, as canonical path and text as
    /// given: the whole filter, or the conjuncts of an `and`. Looking up any of them in an index and then testing [`Self::matches`]
    /// gives the exact answer.
    pub fn indexable(&self) -> Vec<(&str, &str)> {
        self.0
            .conjuncts()
            .into_iter()
            .filter_map(ResourceTest::equality)
            .collect()
    }

    /// The members of a representation that the answer depends on: names of attributes and URNs of
    /// extensions, in schema case, each once.
    pub fn roots(&self) -> Vec<&str> {
        let mut roots: Vec<&str> = self.fields().map(Field::root).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// The canonical path of everything the answer depends on.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.fields().map(|field| field.path.as_str())
    }

    /// The texts that `attribute` (core, multi-valued) is compared with, when everything asked of it is
    /// whether one of its elements has this very `value`. The answer is then the same when only
    /// elements with these values are looked at. `None` when more is asked.
    pub fn sought_values(&self, attribute: &str) -> Option<Vec<&str>> {
        let mut values = Vec::new();
        for test in self.0.tests() {
            match test {
                ResourceTest::Attribute(field, _) | ResourceTest::Element(field, _)
                    if field.schema.is_some() || field.attribute.name != attribute => {}
                ResourceTest::Decided(_) => {}
                ResourceTest::Attribute(
                    Field { sub: Some(sub), .. },
                    Test::Compare(Operator::Eq, Operand::Text { given, .. }),
                ) if sub.name == "value" => values.push(given.as_str()),
                ResourceTest::Element(_, filter) => values.extend(filter.listed_values()?),
                ResourceTest::Attribute(..) => return None,
            }
        }
        Some(values)
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.0.tests().into_iter().filter_map(|test| match test {
            ResourceTest::Attribute(field, _) | ResourceTest::Element(field, _) => Some(field),
            ResourceTest::Decided(_) => None,
        })
    }
}

impl ResourceTest {
    /// Of `attribute eq "text"`: the canonical path and the text as given.
    fn equality(&self) -> Option<(&str, &str)> {
        match self {
            Self::Attribute(field, Test::Compare(Operator::Eq, Operand::Text { given, .. })) => {
                Some((&field.path, given))
            }
            _ => None,
        }
    }
}

impl ValueFilter {
    /// Resolves what stands between the brackets behind `attribute`.
    pub(super) fn resolve(
        syntax: &FilterSyntax,
        attribute: &Attribute,
        rules: &Rules,
    ) -> Result<Self, Error> {
        element_expression(syntax, attribute, rules).map(Self)
    }

    /// Whether one element fulfils this filter.
    pub fn matches(&self, element: &Value) -> bool {
        self.0.holds(&|one| {
            let value = match &one.sub {
                Some(sub) => element.as_object().and_then(|o| o.get(&sub.name)),
                None => Some(element),
            };
            one.test.holds(&mut value.into_iter())
        })
    }

    /// The sub-attributes an element must have, when this is a conjunction of `eq` over
    /// sub-attributes; `None` otherwise.
    pub fn selectors(&self) -> Option<Vec<(&Attribute, Value)>> {
        fn collect<'f>(
            expression: &'f Expression<ElementTest>,
            out: &mut Vec<(&'f Attribute, Value)>,
        ) -> Option<()> {
            match expression {
                Expression::And(parts) => parts.iter().try_for_each(|part| collect(part, out)),
                Expression::Test(ElementTest {
                    sub: Some(sub),
                    test: Test::Compare(Operator::Eq, operand),
                }) => {
                    out.push((sub, operand.to_value()));
                    Some(())
                }
                _ => None,
            }
        }
        let mut out = vec![];
        collect(&self.0, &mut out).map(|()| out)
    }

    /// [`Self::listed_values`] for attributes without sub-attributes.
    pub(super) fn listed_texts(&self) -> Option<Vec<&str>> {
        match &self.0 {
            Expression::Test(ElementTest {
                sub: None,
                test: Test::Compare(Operator::Eq, Operand::Text { given, .. }),
            }) => Some(vec![given]),
            _ => None,
        }
    }

    /// The texts, when this is `value eq "a"` or several of them joined by `or`; `None` otherwise.
    pub fn listed_values(&self) -> Option<Vec<&str>> {
        fn one(expression: &Expression<ElementTest>) -> Option<&str> {
            match expression {
                Expression::Test(ElementTest {
                    sub: Some(sub),
                    test: Test::Compare(Operator::Eq, Operand::Text { given, .. }),
                }) if sub.name == "value" => Some(given),
                _ => None,
            }
        }
        match &self.0 {
            Expression::Or(parts) => parts.iter().map(one).collect(),
            other => one(other).map(|value| vec![value]),
        }
    }
}

impl Test {
    fn holds<'v>(&self, values: &mut impl Iterator<Item = &'v Value>) -> bool {
        match self {
            Self::Present => values.any(is_present),
            Self::Compare(Operator::Ne, operand) => {
                let mut assigned = values.filter(|v| !v.is_null()).peekable();
                assigned.peek().is_none() || assigned.any(|v| !operand.fits(Operator::Eq, v))
            }
            Self::Compare(operator, operand) => values.any(|v| operand.fits(*operator, v)),
        }
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(object) => object.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

impl Operand {
    fn to_value(&self) -> Value {
        match self {
            Self::Text { given, .. } | Self::Instant(given, _) | Self::Bytes(given, _) => {
                Value::String(given.clone())
            }
            Self::Boolean(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
        }
    }

    fn fits(&self, operator: Operator, value: &Value) -> bool {
        match (self, value) {
            (
                Self::Text {
                    key, comparison, ..
                },
                Value::String(text),
            ) => match operator {
                Operator::Eq => comparison.is_key(text, key),
                Operator::Co => comparison.key(text).contains(key.as_str()),
                Operator::Sw => comparison.key(text).starts_with(key.as_str()),
                Operator::Ew => comparison.key(text).ends_with(key.as_str()),
                _ => ordered(operator, (*comparison.key(text)).cmp(key.as_str())),
            },
            (Self::Boolean(flag), Value::Bool(found)) => ordered(operator, found.cmp(flag)),
            (Self::Number(number), Value::Number(found)) => {
                let order = match (found.as_i64(), number.as_i64()) {
                    (Some(a), Some(b)) => Some(a.cmp(&b)),
                    _ => found
                        .as_f64()
                        .zip(number.as_f64())
                        .and_then(|(a, b)| a.partial_cmp(&b)),
                };
                order.is_some_and(|o| ordered(operator, o))
            }
            (Self::Instant(_, moment), Value::String(text)) => {
                instant(text).is_some_and(|found| ordered(operator, found.cmp(moment)))
            }
            (Self::Bytes(_, bytes), Value::String(text)) => {
                decode_base64(text).is_some_and(|found| ordered(operator, found.cmp(bytes)))
            }
            _ => false,
        }
    }
}

fn ordered(operator: Operator, order: std::cmp::Ordering) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

fn refuse(error: &SyntaxError) -> Error {
    Error::invalid_filter(format!("filter: {error}"))
}

/// How text of this attribute is compared. URNs in `schemas` are compared without regard to case.
pub(super) fn comparison_of(attribute: &Attribute) -> Comparison {
    if attribute.case_exact && attribute.name != "schemas" {
        Comparison::Exact
    } else if attribute.uniqueness == Uniqueness::None {
        Comparison::Folded
    } else {
        Comparison::Prepared
    }
}

fn write_expression<T>(
    f: &mut fmt::Formatter<'_>,
    expression: &Expression<T>,
    write: &impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    let (parts, word) = match expression {
        Expression::Test(test) => return write(f, test),
        Expression::Not(inner) => {
            f.write_str("not (")?;
            write_expression(f, inner, write)?;
            return f.write_str(")");
        }
        Expression::And(parts) => (parts, " and "),
        Expression::Or(parts) => (parts, " or "),
    };
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        let grouped = matches!(part, Expression::And(_) | Expression::Or(_));
        f.write_str(if grouped { "(" } else { "" })?;
        write_expression(f, part, write)?;
        f.write_str(if grouped { ")" } else { "" })?;
    }
    Ok(())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("pr"),
            Self::Compare(operator, operand) => {
                write!(f, "{} {}", operator.as_str(), operand.to_value())
            }
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_expression(f, &self.0, &|f, test| match test {
            ResourceTest::Attribute(field, test) => write!(f, "{} {test}", field.path),
            ResourceTest::Element(field, filter) => write!(f, "{}[{filter}]", field.path),
            ResourceTest::Decided(holds) => write!(f, "{holds}"),
        })
    }
}

impl fmt::Display for ValueFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_expression(f, &self.0, &|f, one| {
            let name = one.sub.as_ref().map_or("value", |sub| &sub.name);
            write!(f, "{name} {}", one.test)
        })
    }
}

#[cfg(test)]
mod tests;

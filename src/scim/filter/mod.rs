//! Filters: RFC 7644 section 3.4.2.2, typed by the schema when they are read.
//!
//! A [`Filter`] is evaluated over the full representation of a resource (`id`, `meta`, `schemas`,
//! `groups` and `members` included). It also says what it could be answered with from an index
//! ([`Filter::indexable`]) and which costly attributes it looks at ([`Filter::needs`]).
//!
//! Choices where the standard is silent: `ne` holds for an unassigned attribute; `not (...)` is the
//! exact complement; a complex attribute without sub-attribute means its `value`; `eq null` means
//! unassigned.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::{Error, echo};
use super::key::Comparison;
use super::path::{Located, sub_of};
use super::profile::Rules;
use super::quirks;
use super::schema::{Attribute, Kind, ResourceType, Returned, Uniqueness};
use super::syntax::{FilterSyntax, Name, Operator, SyntaxError, TestSyntax};
use super::value::{decode_base64, instant};

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

/// An attribute of the resource, perhaps of an extension, perhaps one sub-attribute.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    /// Canonical notation: `userName`, `emails.value`, `urn:...:User:manager.value`.
    path: String,
    schema: Option<Arc<str>>,
    attribute: Arc<Attribute>,
    sub: Option<Arc<Attribute>>,
}

#[derive(Debug, Clone, PartialEq)]
enum ResourceTest {
    Attribute(Field, Test),
    Element(Field, ValueFilter),
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

    fn any(&self, found: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.any(found)),
            Self::Not(inner) => inner.any(found),
            Self::Test(one) => found(one),
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
        let resolver = Resolver { text, rt, rules };
        resolver.expression(&syntax).map(Self)
    }

    /// Whether a resource, given as its full representation, fulfils this filter.
    pub fn matches(&self, resource: &Object) -> bool {
        self.0.holds(&|test| match test {
            ResourceTest::Attribute(field, test) => test.holds(&mut field.values(resource)),
            ResourceTest::Element(field, filter) => field
                .elements(resource)
                .any(|element| filter.matches(element)),
        })
    }

    /// When the whole filter is `attribute eq "text"`: the canonical path and the text as given.
    pub fn equality(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Expression::Test(test) => test.equality(),
            _ => None,
        }
    }

    /// Every `attribute eq "text"` that each matching resource must fulfil: the whole filter, or the
    /// conjuncts of an `and`. Looking up any of them in an index and then testing [`Self::matches`]
    /// gives the exact answer.
    pub fn indexable(&self) -> Vec<(&str, &str)> {
        self.0
            .conjuncts()
            .into_iter()
            .filter_map(ResourceTest::equality)
            .collect()
    }

    /// Whether the answer depends on the core or common attribute of this name (any case).
    pub fn needs(&self, attribute: &str) -> bool {
        self.0.any(&|test| {
            let (ResourceTest::Attribute(field, _) | ResourceTest::Element(field, _)) = test;
            field.schema.is_none() && field.attribute.name.eq_ignore_ascii_case(attribute)
        })
    }
}

impl ResourceTest {
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

impl Field {
    fn new(
        schema: Option<Arc<str>>,
        attribute: Arc<Attribute>,
        sub: Option<Arc<Attribute>>,
    ) -> Self {
        let mut path = schema
            .as_ref()
            .map_or(String::new(), |urn| format!("{urn}:"));
        path.push_str(&attribute.name);
        if let Some(sub) = &sub {
            path.push('.');
            path.push_str(&sub.name);
        }
        Self {
            path,
            schema,
            attribute,
            sub,
        }
    }

    /// The values of the attribute: its elements, or the one value.
    fn elements<'r>(&self, resource: &'r Object) -> impl Iterator<Item = &'r Value> + use<'r> {
        let base = match &self.schema {
            Some(urn) => resource.get(&**urn).and_then(Value::as_object),
            None => Some(resource),
        };
        let found = base.and_then(|o| o.get(&self.attribute.name));
        let (one, many) = match found {
            Some(Value::Array(elements)) => (None, elements.as_slice()),
            other => (other, [].as_slice()),
        };
        one.into_iter().chain(many)
    }

    fn values<'r>(&self, resource: &'r Object) -> impl Iterator<Item = &'r Value> + use<'r> {
        let sub = self.sub.clone();
        self.elements(resource).filter_map(move |value| match &sub {
            Some(sub) => value.as_object().and_then(|o| o.get(&sub.name)),
            None => Some(value),
        })
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

struct Resolver<'a> {
    text: &'a str,
    rt: &'a ResourceType,
    rules: &'a Rules,
}

impl Resolver<'_> {
    fn fail(&self, name: &Name, sentence: &str) -> Error {
        let head = self.text.get(..name.at).unwrap_or("");
        Error::invalid_filter(format!(
            "filter: {sentence} (at character {})",
            head.chars().count() + 1
        ))
    }

    fn expression(&self, syntax: &FilterSyntax) -> Result<Expression<ResourceTest>, Error> {
        Ok(match syntax {
            FilterSyntax::And(parts) => Expression::And(self.list(parts)?),
            FilterSyntax::Or(parts) => Expression::Or(self.list(parts)?),
            FilterSyntax::Not(inner) => Expression::Not(Box::new(self.expression(inner)?)),
            FilterSyntax::Test(name, test) => {
                let (schema, attribute, sub) = self.locate(name)?;
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
                let (schema, attribute, sub) = self.locate(name)?;
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

    #[expect(clippy::type_complexity, reason = "the parts of one located name")]
    fn locate(
        &self,
        name: &Name,
    ) -> Result<(Option<Arc<str>>, Arc<Attribute>, Option<Arc<Attribute>>), Error> {
        match quirks::locate_anywhere(self.rt, &name.text, self.rules) {
            Ok(Located::Attribute { attribute, .. }) if attribute.returned == Returned::Never => {
                let sentence = format!("\"{}\" cannot be searched", attribute.name);
                Err(self.fail(name, &sentence))
            }
            Ok(Located::Attribute {
                schema,
                attribute,
                sub,
            }) => Ok((schema, attribute, sub)),
            Ok(Located::Container(_) | Located::Resource) => Err(self.fail(
                name,
                "a schema is not an attribute; filter on `schemas` instead",
            )),
            Err(sentence) => Err(self.fail(name, &sentence)),
        }
    }
}

fn element_expression(
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
            super::quirks::boolean(text).map(Operand::Boolean)
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

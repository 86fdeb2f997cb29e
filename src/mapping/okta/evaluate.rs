//! Evaluation: a tree and a [`Context`] become a [`Value`].
//!
//! Owns what surrounds the functions: names, operators, paths, the order of alternatives, and the limits of
//! what one evaluation may cost. Knows no function by name.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::Value as Json;

use super::context::{Context, Profile, object_value};
use super::error::{ErrorKind, Failure};
use super::expression::node::{Call, Comparison, Kind, Node, Piece, Step, is_root};
use super::functions::Arguments;
use super::operators;
use super::pattern::match_work;
use super::value::Value;

/// Most bytes of a text that an expression may make.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// Most units of work of one evaluation: parts evaluated, elements and blocks of text made.
const BUDGET: usize = 1 << 20;
/// Bytes of a text that cost a unit.
const BLOCK: usize = 64;

pub(super) type Outcome<'a> = Result<Value<'a>, Failure>;

pub(super) fn evaluate<'a>(node: &'a Node, context: &Context<'a>) -> Outcome<'a> {
    Scope::new(context, &Cell::new(BUDGET)).value(node)
}

pub(super) fn holds(node: &Node, context: &Context<'_>) -> Result<bool, Failure> {
    Scope::new(context, &Cell::new(BUDGET)).condition(node)
}

/// The expressions of a template, which are one evaluation together.
pub(super) struct Joined<'c, 'a> {
    context: &'c Context<'a>,
    budget: Cell<usize>,
    /// The text so far.
    pub(super) text: String,
}

impl<'c, 'a> Joined<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>) -> Self {
        Self {
            context,
            budget: Cell::new(BUDGET),
            text: String::new(),
        }
    }

    /// Adds the text of a value: scalars in the spelling of Java, lists with commas, nothing for null.
    pub(super) fn push(&mut self, node: &'a Node) -> Result<(), Failure> {
        let scope = Scope::new(self.context, &self.budget);
        let value = scope.value(node)?;
        if value.is_null() {
            return Ok(());
        }
        let kind = value.kind();
        let text = value.into_text().ok_or_else(|| {
            let message =
                format!("the result is {kind}, a string is needed; name one attribute of it");
            Failure::new(node.at, ErrorKind::Type, message)
        })?;
        scope.made(node.at, text.len())?;
        fits(node.at, self.text.len() + text.len())?;
        self.text.push_str(&text);
        Ok(())
    }
}

fn fits(at: usize, bytes: usize) -> Result<(), Failure> {
    if bytes > MAX_TEXT {
        let message = "the text is longer than 1 MiB";
        return Err(Failure::new(at, ErrorKind::TooLarge, message));
    }
    Ok(())
}

/// What an evaluation has at hand.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'a> {
    pub(super) context: &'s Context<'a>,
    budget: &'s Cell<usize>,
    /// The element of a list that a projection looks at.
    element: Option<&'s Value<'a>>,
}

impl<'s, 'a> Scope<'s, 'a> {
    fn new(context: &'s Context<'a>, budget: &'s Cell<usize>) -> Self {
        Self {
            context,
            budget,
            element: None,
        }
    }

    /// Takes work off the budget.
    pub(super) fn charge(&self, at: usize, units: usize) -> Result<(), Failure> {
        let left = self.budget.get().checked_sub(units);
        self.budget.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| {
            Failure::new(
                at,
                ErrorKind::TooLarge,
                "the evaluation takes too much work; split the mapping",
            )
        })
    }

    /// Checks a text that was made, and charges for it.
    pub(super) fn made(&self, at: usize, bytes: usize) -> Result<(), Failure> {
        fits(at, bytes)?;
        self.charge(at, bytes / BLOCK)
    }

    pub(super) fn value(&self, node: &'a Node) -> Outcome<'a> {
        let value = self.raw(node)?;
        // Groups are objects to what asks for their names and ids to everybody else.
        match (&node.kind, value) {
            (Kind::Call(call), Value::List(groups)) if call.function.gives_groups => {
                let id = |group: Value<'a>| operators::property(group, "id");
                Ok(Value::List(groups.into_iter().map(id).collect()))
            }
            (_, value) => Ok(value),
        }
    }

    fn raw(&self, node: &'a Node) -> Outcome<'a> {
        self.charge(node.at, 1)?;
        match &node.kind {
            Kind::Null => Ok(Value::Null),
            Kind::Boolean(flag) => Ok(Value::Boolean(*flag)),
            Kind::Integer(integer) => Ok(Value::Integer(*integer)),
            Kind::Number(number) => Ok(Value::Number(*number)),
            Kind::Text(text) => Ok(Value::from(text.as_str())),
            Kind::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.value(item)).collect();
                items.map(Value::List)
            }
            Kind::Map(members) => {
                let mut map = Profile::new();
                for (key, value) in members {
                    map.insert(key.clone(), self.value(value)?.into_json());
                }
                Ok(Value::Map(Cow::Owned(map)))
            }
            Kind::Name(name) => self.name(node.at, name, false),
            Kind::Call(call) => self.call(node.at, call),
            Kind::Path(base, steps) => self.path(base, steps),
            Kind::Not(inner) => Ok(Value::Boolean(!self.condition(inner)?)),
            Kind::Sign(negative, inner) => operators::sign(inner.at, *negative, self.value(inner)?),
            Kind::Chain(first, rest) => {
                let mut sum = self.value(first)?;
                for (operator, at, next) in rest {
                    let next = self.value(next)?;
                    sum = operators::compute(self, *at, sum, *operator, &next)?;
                }
                Ok(sum)
            }
            Kind::Compare(left, how, right) => self.compare(node.at, left, *how, right),
            Kind::Matches(left, right, pattern) => {
                let left = self.value(left)?;
                let pattern = match pattern {
                    Some(pattern) => Ok(pattern.clone()),
                    None => operators::pattern(self, right.at, self.value(right)?),
                }?;
                let Some(text) = left.as_text() else {
                    return Ok(Value::Boolean(false));
                };
                self.charge(right.at, match_work(&text))?;
                let found = pattern.is_match(&text);
                found
                    .map(Value::Boolean)
                    .map_err(|reason| Failure::new(right.at, ErrorKind::Pattern, reason))
            }
            Kind::And(items) => self.first(items, false),
            Kind::Or(items) => self.first(items, true),
            Kind::Choice(pieces, last) => self.choice(pieces, last),
        }
    }

    /// Whether a condition equals `wanted` somewhere in a chain; what stands behind is not looked at.
    fn first(&self, items: &'a [Node], wanted: bool) -> Outcome<'a> {
        for item in items {
            if self.condition(item)? == wanted {
                return Ok(Value::Boolean(wanted));
            }
        }
        Ok(Value::Boolean(!wanted))
    }

    fn choice(&self, pieces: &'a [Piece], last: &'a Node) -> Outcome<'a> {
        for piece in pieces {
            match piece {
                Piece::When(condition, value) => {
                    if self.condition(condition)? {
                        return self.value(value);
                    }
                }
                Piece::Unless(value) => {
                    let value = self.value(value)?;
                    if !value.is_empty() {
                        return Ok(value);
                    }
                }
            }
        }
        self.value(last)
    }

    /// A value that has to be true or false.
    fn condition(&self, node: &'a Node) -> Result<bool, Failure> {
        let value = self.value(node)?;
        let truth = match &value {
            Value::Boolean(flag) => Some(*flag),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        truth.ok_or_else(|| {
            let message = format!(
                "a condition has to be true or false, this is {}; compare it with ==",
                value.kind()
            );
            Failure::new(node.at, ErrorKind::Type, message)
        })
    }

    fn compare(&self, at: usize, left: &'a Node, how: Comparison, right: &'a Node) -> Outcome<'a> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let holds = match how {
            Comparison::Equal => operators::equal(&left, &right),
            Comparison::NotEqual => !operators::equal(&left, &right),
            _ => {
                let order = operators::order(at, &left, &right)?;
                match how {
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        };
        Ok(Value::Boolean(holds))
    }

    /// `dotted` is whether a dot follows: only then can a name be that of an app.
    fn name(&self, at: usize, name: &str, dotted: bool) -> Outcome<'a> {
        if let Some(Value::Map(element)) = self.element
            && element.contains_key(name)
        {
            return Ok(operators::property(Value::Map(element.clone()), name));
        }
        if is_root(name) {
            return Ok(object_value(self.context.root(name)));
        }
        if dotted {
            if let Some(profile) = self.context.app(name) {
                return Ok(profile);
            }
            if !matches!(self.context.attribute(name), Some(Json::Object(_))) {
                let message = format!(
                    "Invalid property {name} in expression: there is no app of this name; write user.attribute, appuser.attribute or the name of an app"
                );
                return Err(Failure::new(at, ErrorKind::Reference, message));
            }
        }
        self.json(at, self.context.attribute(name))
    }

    /// A value of a profile; what is copied of it is charged.
    fn json(&self, at: usize, json: Option<&'a Json>) -> Outcome<'a> {
        if let Some(Json::Array(items)) = json {
            self.charge(at, items.len())?;
        }
        Ok(json.map_or(Value::Null, Value::of))
    }

    fn call(&self, at: usize, call: &'a Call) -> Outcome<'a> {
        let values: Result<Vec<_>, _> = call.arguments.iter().map(|a| self.value(a)).collect();
        (call.function.run)(&mut Arguments {
            at,
            call,
            values: values?,
            scope: *self,
        })
    }

    fn path(&self, base: &'a Node, steps: &'a [Step]) -> Outcome<'a> {
        let mut value = match &base.kind {
            Kind::Name(name) => {
                let dotted = matches!(steps.first(), Some(Step::Property(_)));
                self.charge(base.at, 1)?;
                self.name(base.at, name, dotted)?
            }
            _ => self.raw(base)?,
        };
        for step in steps {
            value = match (step, value) {
                // Nothing has nothing: a manager that is not there has no name.
                (_, Value::Null) => Value::Null,
                (Step::Property(name), Value::Map(Cow::Borrowed(profile))) => {
                    self.json(base.at, profile.get(name))?
                }
                (Step::Property(name), value @ Value::Map(_)) => operators::property(value, name),
                (Step::Property(name), value) => {
                    let message = format!(
                        "Invalid property {name} in expression: {} has no attributes",
                        value.kind()
                    );
                    return Err(Failure::new(base.at, ErrorKind::Reference, message));
                }
                (Step::Index(index), value) => {
                    operators::element(index.at, value, &self.value(index)?)?
                }
                (Step::Project(inner), Value::List(items)) => {
                    self.charge(base.at, items.len())?;
                    let project = |item: &Value<'a>| {
                        let scope = Scope {
                            element: Some(item),
                            ..*self
                        };
                        scope.value(inner)
                    };
                    let projected: Result<Vec<_>, _> = items.iter().map(project).collect();
                    Value::List(projected?)
                }
                (Step::Project(inner), value) => {
                    let message = format!("only arrays have elements, this is {}", value.kind());
                    return Err(Failure::new(inner.at, ErrorKind::Type, message));
                }
            };
        }
        Ok(value)
    }
}

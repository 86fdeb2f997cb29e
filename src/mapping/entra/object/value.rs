//! [`Computation`]: what computes the value of one attribute, and the value.
//!
//! A default value counts only while an object is created, and a null is never a value. Knows nothing
//! of the other mappings of an object.

use super::super::attribute::{AttributeMapping, FlowType, MappingSource};
use super::super::context::Context;
use super::super::evaluate::{Evaluated, evaluate_for};
use super::super::expression::{Expression, Node};
use super::super::source::Source;
use super::super::target::TargetPath;
use super::mapped::{Purpose, UnsentReason};
use crate::mapping::Value;

/// The part of an [`AttributeMapping`] that its value depends on. A mapping that is still being written
/// can be computed as well: it may have no target attribute yet.
#[derive(Debug, Clone, Copy)]
pub struct Computation<'a> {
    /// Where the value comes from.
    pub source: &'a MappingSource,
    /// The attribute it writes; `None` while it is not known.
    pub target: Option<&'a TargetPath>,
    /// Value when the source is null while an object is created.
    pub default_value: Option<&'a str>,
    /// When the mapping applies.
    pub flow: FlowType,
}

impl<'a> From<&'a AttributeMapping> for Computation<'a> {
    fn from(mapping: &'a AttributeMapping) -> Self {
        Self {
            source: &mapping.source,
            target: Some(&mapping.target),
            default_value: mapping.default_value.as_deref(),
            flow: mapping.flow,
        }
    }
}

impl Computation<'_> {
    /// The value, unless it is one of references; null never. `index` is the place of the mapping in
    /// its object mapping: mappings at different places draw different random values.
    ///
    /// # Errors
    /// Why there is none to send.
    pub fn value(
        self,
        index: usize,
        source: &Source,
        context: &Context,
        purpose: Purpose,
    ) -> Result<Value, UnsentReason> {
        if purpose == Purpose::Update && self.flow == FlowType::ObjectAddOnly {
            return Err(UnsentReason::CreateOnly);
        }
        let value = match self.source {
            MappingSource::Direct(name) => source.get(name).clone(),
            MappingSource::Constant(text) => Value::from(text.as_str()),
            MappingSource::Expression(expression) => {
                match evaluate_for(expression, source, context, self.target, index)
                    .map_err(UnsentReason::Failed)?
                {
                    Evaluated::Value(Value::Null) if is_nulled(expression, context, purpose) => {
                        return Err(UnsentReason::SwitchNull);
                    }
                    Evaluated::Value(value) => value,
                    Evaluated::Dropped => return Err(UnsentReason::Dropped),
                }
            }
            MappingSource::None => Value::Null,
        };
        match (self.default_value, purpose) {
            _ if !value.is_null() => self.fitting(value),
            (Some(default), Purpose::Create) => Ok(Value::from(default)),
            _ => Err(UnsentReason::Null),
        }
    }

    /// An element of a multi-valued attribute and a sub-attribute take one value; elsewhere only the
    /// target knows.
    fn fitting(self, value: Value) -> Result<Value, UnsentReason> {
        let takes_one = self
            .target
            .is_some_and(|target| target.filter().is_some() || target.sub_attribute().is_some());
        match value {
            Value::List(mut values) if takes_one => match values.len() {
                1 => Ok(values.remove(0)),
                several => Err(UnsentReason::SeveralValues(several)),
            },
            value => Ok(value),
        }
    }
}

/// Whether the documented defect of `Switch` made this null.
fn is_nulled(expression: &Expression, context: &Context, purpose: Purpose) -> bool {
    let Node::Call(call) = expression.root() else {
        return false;
    };
    let source = call.arguments().first().and_then(Option::as_ref);
    purpose == Purpose::Update
        && call.function().name == "Switch"
        && source.is_some_and(|source| context.nulls_switch_on(source))
}

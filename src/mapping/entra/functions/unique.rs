//! `SelectUniqueValue`: asks the target which value is still free.

use super::super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// The value of the first rule that is free; rules without a value are passed over. When every value
/// is taken the attribute cannot be provisioned, which is a failure that is retried.
pub(super) fn select_unique_value(arguments: &Arguments<'_>) -> Result<Value, Stop> {
    let mut last = None;
    for index in 0..arguments.count() {
        let Some(value) = arguments.text(index)?.filter(|value| !value.is_empty()) else {
            continue;
        };
        if !arguments.is_taken(&value)? {
            return Ok(Value::from(value));
        }
        last = Some(value);
    }
    match last {
        None => Ok(Value::Null),
        Some(last) => Err(arguments.failed(format!(
            "the value of every rule is taken in the target, also '{last}'; add a rule"
        ))),
    }
}

//! `Arrays.*`. Wherever an array is expected, a text counts as its parts between commas and null as empty.

use super::super::error::ErrorKind;
use super::super::evaluate::Outcome;
use super::super::operators::equal;
use super::super::switches::ArraysRemove;
use super::super::value::{Value, csv};
use super::Arguments;

pub(super) fn add<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut items = arguments.list(0)?;
    items.push(arguments.take(1));
    Ok(Value::List(items))
}

pub(super) fn remove<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut items = arguments.list(0)?;
    let unwanted = arguments.take(1);
    match arguments.context().switches.arrays_remove {
        ArraysRemove::All => items.retain(|item| !equal(item, &unwanted)),
        ArraysRemove::First => {
            if let Some(index) = items.iter().position(|item| equal(item, &unwanted)) {
                items.remove(index);
            }
        }
    }
    Ok(Value::List(items))
}

#[expect(clippy::unnecessary_wraps, reason = "as every function of the table")]
pub(super) fn clear<'a>(_: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    Ok(Value::List(Vec::new()))
}

pub(super) fn get<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut items = arguments.list(0)?;
    let index = arguments.integer(1)?;
    let count = items.len();
    let place = usize::try_from(index).ok().filter(|place| *place < count);
    place.map(|place| items.swap_remove(place)).ok_or_else(|| {
        let message = format!("there is no element {index}, the array has {count}, counted from 0");
        arguments.failed(ErrorKind::Range, message)
    })
}

/// Scalars, arrays and comma-separated texts become one array; null adds nothing.
pub(super) fn flatten<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut flat = Vec::new();
    for index in 0..arguments.count() {
        let items = arguments.list(index)?;
        let mut waiting: Vec<_> = items.into_iter().rev().collect();
        while let Some(item) = waiting.pop() {
            match item {
                Value::List(items) => {
                    arguments.scope.charge(arguments.at, items.len())?;
                    waiting.extend(items.into_iter().rev());
                }
                Value::Null => {}
                item => flat.push(item),
            }
        }
    }
    Ok(Value::List(flat))
}

pub(super) fn contains<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let items = arguments.list(0)?;
    let wanted = arguments.take(1);
    Ok(Value::Boolean(
        items.iter().any(|item| equal(item, &wanted)),
    ))
}

pub(super) fn size<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let count = arguments.list(0)?.len();
    Ok(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
}

pub(super) fn is_empty<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    Ok(Value::Boolean(arguments.list(0)?.is_empty()))
}

pub(super) fn to_csv_string<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let items = arguments.list(0)?;
    arguments.made(csv(&items))
}

//! `Iso3166Convert.*`: the codes of ISO 3166-1 into each other. A code that is none gives null.

use rust_iso3166::CountryCode;

use super::super::error::Failure;
use super::super::evaluate::Outcome;
use super::super::value::Value;
use super::Arguments;

pub(super) fn to_alpha2<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    Ok(country(arguments)?.map_or(Value::Null, |country| Value::from(country.alpha2)))
}

pub(super) fn to_alpha3<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    Ok(country(arguments)?.map_or(Value::Null, |country| Value::from(country.alpha3)))
}

/// Three digits, as the standard writes them.
pub(super) fn to_numeric<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let country = country(arguments)?;
    Ok(country.map_or(Value::Null, |c| Value::from(format!("{:03}", c.numeric))))
}

/// The short name in English of the standard.
pub(super) fn to_name<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    Ok(country(arguments)?.map_or(Value::Null, |country| Value::from(country.name)))
}

/// By two letters, three letters or digits, in any case.
fn country(arguments: &mut Arguments<'_, '_>) -> Result<Option<CountryCode>, Failure> {
    let Some(text) = arguments.filled(0)? else {
        return Ok(None);
    };
    let code = text.trim().to_ascii_uppercase();
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    Ok(match code.len() {
        1..=3 if digits => code.parse().ok().and_then(rust_iso3166::from_numeric),
        2 => rust_iso3166::from_alpha2(&code),
        3 => rust_iso3166::from_alpha3(&code),
        _ => None,
    })
}

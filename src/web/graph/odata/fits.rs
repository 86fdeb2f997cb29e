//! Whether an object, as it is answered, fits a filter.
//!
//! Texts of the directory are compared without regard to case. A list fits when one of its elements does; no value and
//! an empty list are `null`.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Comparison, Filter, Literal};
use crate::clock::Timestamp;

impl Filter {
    /// Whether it does.
    pub(in crate::web::graph) fn fits(&self, object: &Value) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.fits(object)),
            Self::Any(any) => any.iter().any(|one| one.fits(object)),
            Self::Not(one) => !one.fits(object),
            Self::Compare {
                property,
                comparison: Comparison::NotEqual,
                value,
            } => !reach(object, property, Comparison::Equal, value),
            Self::Compare {
                property,
                comparison,
                value,
            } => reach(object, property, *comparison, value),
        }
    }
}

/// Whether one of the values at a path compares like this.
fn reach(of: &Value, path: &str, comparison: Comparison, wanted: &Literal) -> bool {
    let (name, rest) = match path.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let found = of.get(name).unwrap_or(&Value::Null);
    match (found, rest) {
        (Value::Array(items), Some(rest)) => items
            .iter()
            .any(|item| reach(item, rest, comparison, wanted)),
        (found, Some(rest)) => reach(found, rest, comparison, wanted),
        (Value::Array(items), None) if !items.is_empty() => {
            items.iter().any(|item| compare(item, comparison, wanted))
        }
        (Value::Array(_), None) => compare(&Value::Null, comparison, wanted),
        (found, None) => compare(found, comparison, wanted),
    }
}

fn compare(found: &Value, comparison: Comparison, wanted: &Literal) -> bool {
    if found.is_null() || wanted.is_null() {
        return comparison == Comparison::Equal && found.is_null() && wanted.is_null();
    }
    let order = match found {
        Value::String(found) => {
            let (lower, text) = (found.to_lowercase(), wanted.text().to_lowercase());
            match comparison {
                Comparison::Contains => return lower.contains(&text),
                Comparison::Starts => return lower.starts_with(&text),
                Comparison::Ends => return lower.ends_with(&text),
                Comparison::Word => return begins_a_word(&lower, &text),
                _ => moments(found, wanted).unwrap_or_else(|| lower.cmp(&text)),
            }
        }
        Value::Bool(found) => match wanted.text().to_ascii_lowercase().parse::<bool>() {
            Ok(wanted) => found.cmp(&wanted),
            Err(_) => return false,
        },
        Value::Number(found) => {
            let order = wanted.text().parse::<f64>().ok();
            match order.and_then(|wanted| found.as_f64()?.partial_cmp(&wanted)) {
                Some(order) => order,
                None => return false,
            }
        }
        _ => return false,
    };
    match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        _ => false,
    }
}

/// How a moment stands to one that is written without quotes; none when either is something else.
fn moments(found: &str, wanted: &Literal) -> Option<Ordering> {
    let Literal::Bare(wanted) = wanted else {
        return None;
    };
    let (found, wanted) = (
        Timestamp::parse(found).ok()?,
        Timestamp::parse(wanted).ok()?,
    );
    Some(found.cmp(&wanted))
}

fn begins_a_word(text: &str, with: &str) -> bool {
    text.match_indices(with).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::read;

    #[test]
    fn objects_are_held_against_filters() {
        let object = json!({
            "displayName": "Ada Lovelace", "mail": null, "accountEnabled": true,
            "businessPhones": ["1", "2"], "proxyAddresses": [], "size": 7,
            "createdDateTime": "2026-01-31T09:30:00.000Z",
            "onPremisesExtensionAttributes": { "extensionAttribute1": "x" },
            "domains": [{ "name": "a.example" }, { "name": "b.example" }],
        });
        for (filter, fits) in [
            ("displayName eq 'ADA lovelace'", true),
            ("displayName eq 'ada'", false),
            ("displayName ne 'ada'", true),
            ("startswith(displayName,'ada')", true),
            ("endswith(displayName,'LACE')", true),
            ("contains(displayName,'a l')", true),
            ("contains(displayName,'b')", false),
            ("displayName ge 'ada' and displayName lt 'b'", true),
            ("mail eq null", true),
            ("mail ne null", false),
            ("mail eq 'null'", false),
            ("mail ne 'x'", true),
            ("startswith(mail,'a')", false),
            ("displayName ne null", true),
            ("accountEnabled eq true", true),
            ("accountEnabled ne true", false),
            ("accountEnabled eq 'yes'", false),
            ("not(accountEnabled eq false)", true),
            ("businessPhones/any(p:p eq '2')", true),
            ("businessPhones/any(p:p eq '3')", false),
            ("proxyAddresses eq null", true),
            ("proxyAddresses/any(p:startswith(p,'smtp:'))", false),
            ("size gt 6 and size le 7", true),
            ("size eq x", false),
            ("createdDateTime ge 2026-01-31T10:30:00+01:00", true),
            ("createdDateTime gt 2026-01-31T09:30:00Z", false),
            ("createdDateTime lt 2027-01-01T00:00:00Z", true),
            (
                "onPremisesExtensionAttributes/extensionAttribute1 eq 'X'",
                true,
            ),
            ("domains/any(d:d/name eq 'b.example')", true),
            ("domains/any(d:d/name eq 'c.example')", false),
            ("mail eq 'x' or displayName in ('x','Ada Lovelace')", true),
        ] {
            assert_eq!(read(filter).unwrap().fits(&object), fits, "{filter}");
        }
    }
}

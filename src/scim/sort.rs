//! `sortBy` and `sortOrder`: RFC 7644 section 3.4.2.3.
//!
//! Text is ordered by code point of its comparison key (folded unless the attribute is case exact), no
//! locale. A resource without a value is last, ties stand in creation order; descending is the exact
//! reverse of ascending, so that an index can be read backwards.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Object;
use super::error::{Error, echo};
use super::filter::comparison_of;
use super::filter::field::Field;
use super::path::Located;
use super::profile::Rules;
use super::quirks;
use super::schema::{Attribute, Kind, ResourceType, Returned};
use super::value::instant;

/// What resources of one type are ordered by.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// `None`: the type does not have the attribute, so no resource of it has a value.
    field: Option<Field>,
    descending: bool,
}

/// The value that a resource is ordered by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Key {
    /// The comparison key of text.
    Text(String),
    /// False before true.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
    /// Nanoseconds since 1970.
    Moment(i128),
}

/// Where a resource stands in a list: totally ordered, ascending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    /// `None` stands behind every value; always `None` in a list that is not sorted.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Which of the types that the list is over.
    #[serde(rename = "t", default)]
    pub kind: u8,
    /// Creation order within the type.
    #[serde(rename = "r")]
    pub row: u64,
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Decimal(a), Self::Decimal(b)) => a.total_cmp(b),
            (Self::Moment(a), Self::Moment(b)) => a.cmp(b),
            // Types of one attribute that differ between two kinds of resources.
            (a, b) => a.class().cmp(&b.class()),
        }
    }
}

impl Key {
    const fn class(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Integer(_) => 1,
            Self::Decimal(_) => 2,
            Self::Moment(_) => 3,
            Self::Text(_) => 4,
        }
    }

    fn of(attribute: &Attribute, value: &Value) -> Option<Self> {
        match (attribute.kind, value) {
            (Kind::DateTime, Value::String(text)) => instant(text).map(Self::Moment),
            (_, Value::String(text)) => {
                Some(Self::Text(comparison_of(attribute).key(text).into_owned()))
            }
            (_, Value::Bool(flag)) => Some(Self::Flag(*flag)),
            (Kind::Integer, Value::Number(number)) => {
                Some(Self::Integer(number.as_i64().unwrap_or(i64::MAX)))
            }
            (_, Value::Number(number)) => number.as_f64().map(Self::Decimal),
            _ => None,
        }
    }
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = match (&self.key, &other.key) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        keys.then(self.kind.cmp(&other.kind))
            .then(self.row.cmp(&other.row))
    }
}

impl Sort {
    /// Reads both parameters for a list over these types: one value for each, in their order. `None`
    /// without `sortBy`.
    ///
    /// # Errors
    /// 400 `invalidValue`: an order that is none, an attribute that no type has, that is complex
    /// without a `value`, or that is never returned.
    pub fn parse(
        by: Option<&str>,
        order: Option<&str>,
        types: &[&ResourceType],
        rules: &Rules,
    ) -> Result<Option<Vec<Self>>, Error> {
        let descending = match order.map(str::trim) {
            None | Some("") => false,
            Some(word) if word.eq_ignore_ascii_case("ascending") => false,
            Some(word) if word.eq_ignore_ascii_case("descending") => true,
            Some(word) => {
                return Err(Error::invalid_value(format!(
                    "\"sortOrder\" must be ascending or descending, not \"{}\"",
                    echo(word)
                )));
            }
        };
        let Some(by) = by.map(str::trim).filter(|by| !by.is_empty()) else {
            return Ok(None);
        };
        let located: Vec<Result<Field, String>> =
            types.iter().map(|rt| locate(rt, by, rules)).collect();
        if located.iter().all(Result::is_err) {
            let sentence = located.into_iter().find_map(Result::err);
            return Err(Error::invalid_value(format!(
                "sortBy: {}",
                sentence.unwrap_or_default()
            )));
        }
        Ok(Some(
            located
                .into_iter()
                .map(|field| Self {
                    field: field.ok(),
                    descending,
                })
                .collect(),
        ))
    }

    /// From the last to the first.
    pub fn descending(&self) -> bool {
        self.descending
    }

    /// Canonical path of the attribute; `None` when the type does not have it.
    pub fn path(&self) -> Option<&str> {
        self.field.as_ref().map(|field| field.path.as_str())
    }

    /// The member of a representation that [`Self::key`] looks at: a name or an extension's URN.
    pub fn root(&self) -> Option<&str> {
        self.field.as_ref().map(Field::root)
    }

    /// The value of a resource, given as its full representation: of a multi-valued attribute the
    /// primary element's, else the first one's.
    pub fn key(&self, resource: &Object) -> Option<Key> {
        let field = self.field.as_ref()?;
        let mut elements = field.elements(resource);
        let first = elements.next()?;
        let is_primary = |e: &&Value| e.get("primary") == Some(&Value::Bool(true));
        let chosen = if is_primary(&first) {
            first
        } else {
            elements.find(is_primary).unwrap_or(first)
        };
        match &field.sub {
            Some(sub) => Key::of(sub, chosen.get(&sub.name)?),
            None => Key::of(&field.attribute, chosen),
        }
    }

    /// How two places compare in the order asked for.
    pub fn compare(&self, a: &Rank, b: &Rank) -> Ordering {
        if self.descending { b.cmp(a) } else { a.cmp(b) }
    }
}

fn locate(rt: &ResourceType, by: &str, rules: &Rules) -> Result<Field, String> {
    match quirks::locate_anywhere(rt, by, rules)? {
        Located::Attribute {
            schema,
            attribute,
            sub,
        } => {
            if attribute.returned == Returned::Never
                || sub.as_ref().is_some_and(|s| s.returned == Returned::Never)
            {
                return Err(format!("\"{}\" cannot be sorted by", echo(by)));
            }
            let sub = match sub {
                None if attribute.kind == Kind::Complex => match attribute.sub("value") {
                    Some(value) => Some(value.clone()),
                    None => {
                        return Err(format!(
                            "\"{}\" is complex: name one of its sub-attributes",
                            echo(by)
                        ));
                    }
                },
                sub => sub,
            };
            Ok(Field::new(schema, attribute, sub))
        }
        Located::Container(_) | Located::Resource => {
            Err(format!("\"{}\" is a schema, not an attribute", echo(by)))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{schemas, urn};
    use super::*;

    fn sort(by: &str, order: Option<&str>) -> Result<Option<Vec<Sort>>, Error> {
        Sort::parse(Some(by), order, &[schemas::user()], &Rules::interop())
    }

    fn ranked(by: &str, order: Option<&str>, people: &[Value]) -> Vec<usize> {
        let sort = sort(by, order).unwrap().unwrap().remove(0);
        let mut ranks: Vec<Rank> = people
            .iter()
            .enumerate()
            .map(|(row, person)| Rank {
                key: sort.key(person.as_object().unwrap()),
                kind: 0,
                row: row as u64,
            })
            .collect();
        ranks.sort_by(|a, b| sort.compare(a, b));
        ranks
            .iter()
            .map(|r| usize::try_from(r.row).unwrap())
            .collect()
    }

    #[test]
    fn people_stand_in_the_order_asked_for() {
        let people = [
            json!({"userName": "b", "title": "Guide", "name": {"givenName": "\u{c9}va"},
                   "externalId": "a", "active": true,
                   "emails": [{"value": "z@x"}, {"value": "A@x", "primary": true}],
                   "meta": {"created": "2026-01-01T02:00:00+02:00"}}),
            json!({"userName": "A", "name": {"givenName": "Zoe"}, "externalId": "B",
                   "active": false, "emails": [{"value": "b@x"}],
                   "meta": {"created": "2026-01-01T00:30:00Z"}}),
            json!({"userName": "c", "title": "boss", "meta": {"created": "2025-01-01T00:00:00Z"}}),
        ];
        let cases: [(&str, Option<&str>, [usize; 3]); 11] = [
            // PAGE-02
            ("userName", None, [1, 0, 2]),
            ("USERNAME", Some("Descending"), [2, 0, 1]),
            // PAGE-03, PAGE-04: without a value last, then first.
            ("title", Some("ascending"), [2, 0, 1]),
            ("title", Some("descending"), [1, 0, 2]),
            // PAGE-06
            ("name.givenName", None, [1, 0, 2]),
            // caseExact: capitals first.
            ("externalId", None, [1, 0, 2]),
            ("emails.value", None, [0, 1, 2]),
            ("emails", None, [0, 1, 2]),
            ("active", None, [1, 0, 2]),
            ("meta.created", None, [2, 0, 1]),
            // Nobody has it: creation order.
            ("nickName", None, [0, 1, 2]),
        ];
        for (by, order, expected) in cases {
            assert_eq!(ranked(by, order, &people), expected, "{by} {order:?}");
        }
    }

    #[test]
    fn what_cannot_be_sorted_by_is_refused() {
        let cases = [
            ("userName", Some("sideways"), "PAGE-07"),
            ("nosuch", None, "PAGE-08"),
            ("name", None, "complex"),
            ("password", None, "never returned"),
            (urn::USER, None, "a schema"),
            ("a b", None, "no name"),
        ];
        for (by, order, row) in cases {
            let error = sort(by, order).unwrap_err();
            assert_eq!(
                error.to_body()["scimType"],
                "invalidValue",
                "{row}: {error}"
            );
        }
        let alone = Sort::parse(None, Some("up"), &[schemas::user()], &Rules::interop());
        assert!(alone.is_err(), "PAGE-07 without sortBy");
        assert!(sort("", None).unwrap().is_none());
    }

    #[test]
    fn a_type_without_the_attribute_stands_behind_the_others() {
        let types = [schemas::user(), schemas::group()];
        let sorts = Sort::parse(Some("userName"), None, &types, &Rules::interop());
        let sorts = sorts.unwrap().unwrap();
        assert_eq!(sorts[0].path(), Some("userName"));
        assert_eq!(sorts[1].path(), None);
        assert_eq!(sorts[1].key(&Object::new()), None);
    }
}

//! [`Source`]: a source object as mappings and scoping filters see it.
//!
//! Owns how attribute names are compared. Looking one up allocates nothing: a cycle does it for every
//! mapping of every object.

use std::cmp::Ordering;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::mapping::Value;

/// A source object: attribute names and values, flat. Names are compared without regard to (ASCII)
/// case; an absent attribute is null.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source(
    /// Sorted by [`order`], each name once.
    Vec<(String, Value)>,
);

impl Source {
    /// Without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// From one flat JSON object.
    pub fn from_json(members: Map<String, Json>) -> Self {
        members
            .into_iter()
            .map(|(name, value)| (name, Value::from_json(value)))
            .collect()
    }

    /// Sets an attribute, replacing what it had.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let attribute = (name.into(), value.into());
        match self.place(&attribute.0) {
            Ok(at) => self.0[at] = attribute,
            Err(at) => self.0.insert(at, attribute),
        }
    }

    /// The value of an attribute; null when it is absent.
    pub fn get(&self, name: &str) -> &Value {
        const ABSENT: &Value = &Value::Null;
        self.place(name).map_or(ABSENT, |at| &self.0[at].1)
    }

    /// Attributes by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| order(known, name))
    }
}

/// The order of names without regard to ASCII case.
fn order(left: &str, right: &str) -> Ordering {
    let left = left.bytes().map(|b| b.to_ascii_lowercase());
    left.cmp(right.bytes().map(|b| b.to_ascii_lowercase()))
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Source {
    /// Of several attributes with one name the last one counts.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(attributes: I) -> Self {
        let mut all: Vec<(String, Value)> = attributes
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        // The sort is stable: among equal names the last one stays the last.
        all.sort_by(|(left, _), (right, _)| order(left, right));
        all.dedup_by(|later, kept| {
            let same = order(&later.0, &kept.0).is_eq();
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        Self(all)
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from_json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_regard_to_case_and_the_last_of_equal_ones_counts() {
        let mut source: Source = [("mail", "1"), ("b", "2"), ("Mail", "3"), ("MAIL", "4")]
            .into_iter()
            .collect();
        assert_eq!(source.get("mAIL"), &Value::from("4"));
        assert_eq!(source.get("absent"), &Value::Null);
        source.set("B", "5");
        source.set("a", "6");
        let all: Vec<(&str, &Value)> = source.iter().collect();
        let text = |value: &str| Value::from(value);
        assert_eq!(
            all,
            [("a", &text("6")), ("B", &text("5")), ("MAIL", &text("4"))]
        );
    }
}

//! From stored attributes to the full wire form of a resource. RFC 7643 section 3.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Object;
use super::resource::schemas_of;
use super::schema::ResourceType;

/// What the provider knows about a resource, already in wire form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta<'a> {
    /// RFC 3339.
    pub created: &'a str,
    /// RFC 3339.
    pub last_modified: &'a str,
    /// Entity tag with quotes and `W/`, the text of the `ETag` header; left out when empty.
    pub version: &'a str,
    /// Absolute URI, the text of the `Location` header.
    pub location: &'a str,
}

/// The full representation: `schemas`, `id`, the stored attributes, `computed` (the `groups` of a user,
/// the `members` of a group; not repeated from storage), `meta`. Take it through a
/// [`Projection`](super::Projection) before it leaves.
pub fn represent(
    rt: &ResourceType,
    id: &str,
    attributes: &Object,
    meta: Meta<'_>,
    computed: impl IntoIterator<Item = (&'static str, Value)>,
) -> Object {
    let mut out = Object::with_capacity(attributes.len() + 5);
    out.insert("schemas".into(), schemas_of(rt, attributes).into());
    out.insert("id".into(), id.into());
    for (name, value) in attributes {
        out.insert(name.clone(), value.clone());
    }
    for (name, value) in computed {
        out.insert(name.into(), value);
    }
    let mut known = json!({
        "resourceType": rt.name,
        "created": meta.created,
        "lastModified": meta.last_modified,
        "location": meta.location,
    });
    if !meta.version.is_empty() {
        known["version"] = meta.version.into();
    }
    out.insert("meta".into(), known);
    out
}

/// The members of a JSON object as text, in their order: read in one pass that builds no values.
#[derive(Debug, Default)]
pub struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Entries<'a> {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// The parser's, for anything else.
    pub fn read(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Name and value of each member.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.iter()
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// The value of a member that is text.
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        let Text(text) = serde_json::from_str(self.get(name)?.get()).ok()?;
        Some(text)
    }

    /// Builds values of the members with these names.
    ///
    /// # Errors
    /// The parser's.
    pub fn pick(&self, names: &[&str]) -> serde_json::Result<Object> {
        self.iter()
            .filter(|(name, _)| names.contains(name))
            .map(|(name, value)| Ok((name.to_owned(), serde_json::from_str(value.get())?)))
            .collect()
    }
}

/// Text that is borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::with_capacity(16);
                while let Some((Text(name), value)) = map.next_entry()? {
                    entries.push((name, value));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{schemas, urn};
    use super::*;

    #[test]
    fn everything_stands_where_the_standard_wants_it() {
        let attributes = json!({"userName": "a", (urn::ENTERPRISE_USER): {"department": "d"}});
        let meta = Meta {
            created: "2026-01-01T00:00:00Z",
            last_modified: "2026-01-02T00:00:00Z",
            version: "W/\"1\"",
            location: "http://h/Users/1",
        };
        let resource = represent(
            schemas::user(),
            "1",
            attributes.as_object().unwrap(),
            meta,
            [("groups", json!([{"value": "g"}]))],
        );
        assert_eq!(
            Value::Object(resource),
            json!({
                "schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1", "userName": "a",
                (urn::ENTERPRISE_USER): {"department": "d"}, "groups": [{"value": "g"}],
                "meta": {"resourceType": "User", "created": "2026-01-01T00:00:00Z",
                         "lastModified": "2026-01-02T00:00:00Z", "version": "W/\"1\"",
                         "location": "http://h/Users/1"}
            })
        );
    }

    #[test]
    fn members_are_read_as_text_and_built_on_demand() {
        let text =
            r#"{ "userName": "a", "emails": [ {"value":"x"} ], "n\u0061me": {"f": "\u00e9"}}"#;
        let entries = Entries::read(text).unwrap();
        assert_eq!(entries.text("userName").unwrap(), "a");
        assert_eq!(entries.text("emails"), None);
        assert_eq!(entries.get("emails").unwrap().get(), r#"[ {"value":"x"} ]"#);
        let picked = entries.pick(&["name", "nosuch"]).unwrap();
        assert_eq!(Value::Object(picked), json!({"name": {"f": "\u{e9}"}}));
        assert!(Entries::read("[]").is_err());
    }
}

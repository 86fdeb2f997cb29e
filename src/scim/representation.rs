//! From stored attributes to the full wire form of a resource. RFC 7643 section 3.

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
}

//! An attribute of a resource as filters and sorting find it.

use std::sync::Arc;

use serde_json::Value;

use crate::scim::Object;
use crate::scim::schema::Attribute;

/// An attribute of the resource, perhaps of an extension, perhaps one sub-attribute.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scim) struct Field {
    /// Canonical notation: `userName`, `emails.value`, `urn:...:User:manager.value`.
    pub(in crate::scim) path: String,
    pub(in crate::scim) schema: Option<Arc<str>>,
    pub(in crate::scim) attribute: Arc<Attribute>,
    pub(in crate::scim) sub: Option<Arc<Attribute>>,
}

impl Field {
    pub(in crate::scim) fn new(
        schema: Option<Arc<str>>,
        attribute: Arc<Attribute>,
        sub: Option<Arc<Attribute>>,
    ) -> Self {
        let mut path = schema
            .as_ref()
            .map_or(String::new(), |urn| format!("{urn}:"));
        path.push_str(&attribute.name);
        if let Some(sub) = &sub {
            path.push('.');
            path.push_str(&sub.name);
        }
        Self {
            path,
            schema,
            attribute,
            sub,
        }
    }

    /// The values of the attribute: its elements, or the one value.
    pub(in crate::scim) fn elements<'r>(
        &self,
        resource: &'r Object,
    ) -> impl Iterator<Item = &'r Value> + use<'r> {
        let base = match &self.schema {
            Some(urn) => resource.get(&**urn).and_then(Value::as_object),
            None => Some(resource),
        };
        let found = base.and_then(|o| o.get(&self.attribute.name));
        let (one, many) = match found {
            Some(Value::Array(elements)) => (None, elements.as_slice()),
            other => (other, [].as_slice()),
        };
        one.into_iter().chain(many)
    }

    pub(in crate::scim) fn values<'r>(
        &self,
        resource: &'r Object,
    ) -> impl Iterator<Item = &'r Value> + use<'r> {
        let sub = self.sub.clone();
        self.elements(resource).filter_map(move |value| match &sub {
            Some(sub) => value.as_object().and_then(|o| o.get(&sub.name)),
            None => Some(value),
        })
    }

    /// The member of the representation that holds the attribute: its name, or the extension's URN.
    pub(in crate::scim) fn root(&self) -> &str {
        match &self.schema {
            Some(urn) => urn,
            None => &self.attribute.name,
        }
    }
}

//! Where the value of an attribute stands in a resource: the external name of the app's profile (part 2.6 of the Okta
//! reference), as `mapping::okta` reads it.

use serde_json::{Map, Value as Json};

use crate::mapping::okta::{ExternalName, Value, set};
use crate::model::okta::AppAttribute;

/// Puts a value where it belongs. An attribute without a position is never sent.
pub(super) fn put(resource: &mut Map<String, Json>, attribute: &AppAttribute, value: &Json) {
    at(resource, attribute, Some(&Value::of(value)));
}

/// Takes a value away from where it belongs.
pub(super) fn remove(resource: &mut Map<String, Json>, attribute: &AppAttribute) {
    at(resource, attribute, None);
}

fn at(resource: &mut Map<String, Json>, attribute: &AppAttribute, value: Option<&Value<'_>>) {
    // What is no external name is refused when the attribute is saved.
    let name = ExternalName::parse(&attribute.external_name, &attribute.external_namespace);
    let Ok(Some(name)) = name else { return };
    let mut whole = Json::Object(std::mem::take(resource));
    set(&mut whole, &name, value);
    if let Json::Object(members) = whole {
        *resource = members;
    }
}

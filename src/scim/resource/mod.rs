//! POST and PUT: from a body to the attributes that are stored. RFC 7644 sections 3.3 and 3.5.1.
//!
//! The stored object holds attributes only: no `schemas`, `id`, `meta` or `groups`, and of a group no
//! `members` (edges; see [`take_members`]). A password is accepted and thrown away.

mod members;

use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::{Error, echo, kind_of};
use super::omitted::{add_missing, keep_parts, keep_unknown, stays_when_omitted};
use super::profile::{PutOmitted, Rules, Unknown};
use super::quirks;
use super::schema::{Attribute, Attributes, Mutability, ResourceType, Returned};
use super::value::{check_complete, check_immutable, immutable_subs, whole};

pub(super) use members::members;
pub use members::{MemberType, MemberValue, take_members};

/// The attributes of a new resource. For groups call [`take_members`] first.
///
/// # Errors
/// 400 `invalidSyntax` for a body that is not this resource (`schemas`), 400 `invalidValue` for
/// values that do not fit or are missing.
pub fn create(rt: &ResourceType, body: Value, rules: &Rules) -> Result<Object, Error> {
    let mut given = Given::read(rt, body, rules)?;
    for attribute in &rt.schema.attributes {
        if let Some(default) = &attribute.handling.default
            && !given.names(attribute)
        {
            given
                .attributes
                .insert(attribute.name.clone(), default.clone());
        }
    }
    check_required(rt, &given.attributes)?;
    Ok(given.attributes)
}

/// The attributes after PUT. `current` is what is stored now; what of it the endpoint does not know stays.
/// For groups call [`take_members`] first: `None` there means that the members stay.
///
/// # Errors
/// Those of [`create`], and 400 `mutability` for a different value of an immutable attribute.
pub fn replace(
    rt: &ResourceType,
    current: &Object,
    body: Value,
    rules: &Rules,
) -> Result<Object, Error> {
    let mut given = Given::read(rt, body, rules)?;
    for attribute in rt.schema.attributes.iter().chain(&rt.common) {
        let Some(now) = current.get(&attribute.name) else {
            continue;
        };
        if given.names(attribute) {
            keep_parts(attribute, now, rules, &mut given.attributes);
        } else if stays_when_omitted(attribute, rules) {
            given.attributes.insert(attribute.name.clone(), now.clone());
        }
        keep_immutable(attribute, now, &mut given.attributes)?;
    }
    keep_unknown(rt, current, &mut given.attributes);
    for extension in &rt.extensions {
        let urn = &*extension.schema.id;
        let Some(Value::Object(now)) = current.get(urn) else {
            continue;
        };
        let mut container = match given.attributes.get_mut(urn) {
            Some(Value::Object(container)) => std::mem::take(container),
            _ => Object::new(),
        };
        if rules.put_omitted == PutOmitted::Keep {
            add_missing(now, &mut container);
        }
        for attribute in &extension.schema.attributes {
            if let Some(now) = now.get(&attribute.name) {
                keep_immutable(attribute, now, &mut container)?;
            }
        }
        if !container.is_empty() {
            given
                .attributes
                .insert(urn.to_owned(), Value::Object(container));
        }
    }
    check_required(rt, &given.attributes)?;
    Ok(given.attributes)
}

/// Refuses a body whose `id` is not that of the resource it shall replace, unless the rules ignore what is
/// read-only.
///
/// # Errors
/// 400 `mutability`.
pub fn check_id(body: &Value, id: &str, rules: &Rules) -> Result<(), Error> {
    let named = body.as_object().and_then(|body| {
        let mut members = body.iter();
        members.find(|(name, _)| name.eq_ignore_ascii_case("id"))
    });
    match named {
        Some((_, given)) if !rules.ignore_read_only_in_value && *given != *id => Err(
            Error::mutability("\"id\" is read-only and not the id of this resource; leave it out"),
        ),
        _ => Ok(()),
    }
}

/// What is immutable stays when a PUT leaves it out, and must not differ when it does not.
fn keep_immutable(attribute: &Attribute, now: &Value, to: &mut Object) -> Result<(), Error> {
    if attribute.mutability == Mutability::Immutable {
        to.entry(&attribute.name).or_insert_with(|| now.clone());
    } else if !attribute.multi_valued && immutable_subs(attribute).next().is_some() {
        let slot = to
            .entry(&attribute.name)
            .or_insert_with(|| Value::Object(Object::new()));
        for sub in immutable_subs(attribute) {
            if let (Value::Object(slot), Some(now)) = (&mut *slot, now.get(&sub.name)) {
                slot.entry(&sub.name).or_insert_with(|| now.clone());
            }
        }
        if slot.as_object().is_some_and(Object::is_empty) {
            to.shift_remove(&attribute.name);
        }
    }
    check_immutable(attribute, Some(now), to.get(&attribute.name))
}

/// The URNs of a stored object: the base schema and each extension it has data of.
pub fn schemas_of<'rt>(rt: &'rt ResourceType, attributes: &Object) -> Vec<&'rt str> {
    let extensions = rt
        .extensions
        .iter()
        .map(|e| &*e.schema.id)
        .filter(|urn| attributes.contains_key(*urn));
    std::iter::once(&*rt.schema.id).chain(extensions).collect()
}

/// A body after reading: canonical attributes, and which core attributes it named (also with null).
struct Given {
    attributes: Object,
    named: Vec<Arc<Attribute>>,
}

impl Given {
    fn names(&self, attribute: &Arc<Attribute>) -> bool {
        self.named.iter().any(|named| Arc::ptr_eq(named, attribute))
    }

    fn read(rt: &ResourceType, body: Value, rules: &Rules) -> Result<Self, Error> {
        let Value::Object(mut body) = body else {
            return Err(Error::invalid_syntax(format!(
                "the body must be a JSON object, not {}",
                kind_of(&body)
            )));
        };
        quirks::nest_urn_keys(&mut body, rt, rules)?;
        check_schemas(rt, &body, rules)?;
        let mut given = Self {
            attributes: Object::with_capacity(body.len()),
            named: Vec::with_capacity(body.len()),
        };
        for (key, value) in body {
            if let Some(attribute) = rt.attribute(&key) {
                given.named.push(Arc::clone(attribute));
                assign(attribute, value, rules, &mut given.attributes)?;
            } else if let Some(extension) = rt.extension(&key) {
                let schema = &extension.schema;
                let container = container(&schema.attributes, &key, value, rules)?;
                if !container.is_empty() {
                    given
                        .attributes
                        .insert(schema.id.to_string(), Value::Object(container));
                }
            } else if rules.unknown_attributes == Unknown::Refuse {
                return Err(Error::invalid_syntax(format!(
                    "{} has no attribute \"{}\"",
                    rt.name,
                    echo(&key)
                )));
            }
        }
        Ok(given)
    }
}

fn container(
    attributes: &Attributes,
    urn: &str,
    value: Value,
    rules: &Rules,
) -> Result<Object, Error> {
    let given = match value {
        Value::Null => Object::new(),
        Value::Object(given) => given,
        other => {
            return Err(Error::invalid_value(format!(
                "\"{}\" must be an object, not {}",
                echo(urn),
                kind_of(&other)
            )));
        }
    };
    let mut container = Object::with_capacity(given.len());
    for (key, value) in given {
        match attributes.get(&key) {
            Some(attribute) => assign(attribute, value, rules, &mut container)?,
            None if rules.unknown_attributes == Unknown::Ignore => {}
            None => {
                return Err(Error::invalid_syntax(format!(
                    "{} has no attribute \"{}\"",
                    echo(urn),
                    echo(&key)
                )));
            }
        }
    }
    Ok(container)
}

fn assign(
    attribute: &Attribute,
    value: Value,
    rules: &Rules,
    to: &mut Object,
) -> Result<(), Error> {
    let computed = attribute.is_read_only() || attribute.name == "schemas";
    if computed || attribute.handling.stored_apart {
        return Ok(());
    }
    let canonical = whole(attribute, value, rules)?;
    if let Some(value) = canonical
        && attribute.returned != Returned::Never
    {
        to.insert(attribute.name.clone(), value);
    }
    Ok(())
}

fn check_schemas(rt: &ResourceType, body: &Object, rules: &Rules) -> Result<(), Error> {
    let base = &*rt.schema.id;
    let given = body
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("schemas"))
        .map(|(_, value)| value);
    let urns: Option<Vec<&str>> = given
        .and_then(Value::as_array)
        .and_then(|list| list.iter().map(Value::as_str).collect());
    let urns = urns.filter(|list| list.iter().any(|urn| urn.eq_ignore_ascii_case(base)));
    let Some(urns) = urns else {
        return Err(Error::invalid_syntax(format!(
            "\"schemas\" must be an array that contains \"{base}\""
        )));
    };
    if rules.unknown_schemas == Unknown::Ignore {
        return Ok(());
    }
    for (i, urn) in urns.iter().enumerate() {
        let known = urn.eq_ignore_ascii_case(base) || rt.extension(urn).is_some();
        let repeated = urns.iter().take(i).any(|u| u.eq_ignore_ascii_case(urn));
        if !known || repeated {
            let what = if known {
                "listed twice"
            } else {
                "not known here"
            };
            return Err(Error::invalid_value(format!(
                "\"schemas\": \"{}\" is {what}",
                echo(urn)
            )));
        }
    }
    let unlisted = rt.extensions.iter().map(|e| &*e.schema.id).find(|urn| {
        body.keys().any(|k| k.eq_ignore_ascii_case(urn))
            && !urns.iter().any(|u| u.eq_ignore_ascii_case(urn))
    });
    match unlisted {
        Some(urn) => Err(Error::invalid_syntax(format!(
            "\"{urn}\" has data but is not in \"schemas\""
        ))),
        None => Ok(()),
    }
}

/// Checks that every required attribute is assigned.
pub(super) fn check_required(rt: &ResourceType, attributes: &Object) -> Result<(), Error> {
    required(&rt.schema.attributes, attributes)?;
    for extension in &rt.extensions {
        match attributes.get(&*extension.schema.id) {
            Some(Value::Object(container)) => required(&extension.schema.attributes, container)?,
            _ if extension.required => {
                return Err(Error::invalid_value(format!(
                    "the extension \"{}\" is required",
                    extension.schema.id
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

fn required(of: &Attributes, attributes: &Object) -> Result<(), Error> {
    let missing = of.iter().find(|attribute| {
        attribute.required && !attribute.is_read_only() && !attributes.contains_key(&attribute.name)
    });
    if let Some(attribute) = missing {
        return Err(Error::invalid_value(format!(
            "\"{}\" is required",
            attribute.name
        )));
    }
    for attribute in of {
        if attribute.sub_attributes.iter().any(|sub| sub.required) {
            let elements = match attributes.get(&attribute.name) {
                Some(Value::Array(elements)) => elements.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            for element in elements.iter().filter_map(Value::as_object) {
                check_complete(attribute, element)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

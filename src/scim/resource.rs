//! POST and PUT: from a body to the attributes that are stored. RFC 7644 sections 3.3 and 3.5.1.
//!
//! The stored object holds attributes only: no `schemas`, `id`, `meta` or `groups`, and of a group no
//! `members` (edges; see [`take_members`]). A password is accepted and thrown away.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::{Error, echo, kind_of};
use super::omitted::{add_missing, keep_parts, keep_unknown, stays_when_omitted};
use super::profile::{PutOmitted, Rules, Unknown};
use super::quirks;
use super::schema::{Attribute, Attributes, Mutability, ResourceType, Returned};
use super::value::{check_complete, check_immutable, immutable_subs, whole};

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberType {
    /// A user.
    User,
    /// A group in a group.
    Group,
}

/// A member as a client names it. Whether it exists is for the provider to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemberValue {
    /// The `id` of the member; not empty.
    pub value: String,
    /// What the client says it is.
    pub member_type: Option<MemberType>,
}

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

/// Takes `members` out of a group's body. `None`: the body does not name them; empty: null or `[]`.
/// Repeated members collapse.
///
/// # Errors
/// 400 `invalidValue` for an element without a `value` string.
pub fn take_members(body: &mut Object, rules: &Rules) -> Result<Option<Vec<MemberValue>>, Error> {
    let Some(key) = body.keys().find(|k| k.eq_ignore_ascii_case("members")) else {
        return Ok(None);
    };
    let key = key.clone();
    body.shift_remove(&key)
        .map(|value| members(value, rules))
        .transpose()
}

/// Members from any accepted shape: an array of `{value}` objects, or (coerced) of strings, or one.
pub(super) fn members(value: Value, rules: &Rules) -> Result<Vec<MemberValue>, Error> {
    let elements = match value {
        Value::Null => return Ok(vec![]),
        Value::Array(elements) => elements,
        // Fails closed: an empty string is not "no members".
        Value::String(text) if text.is_empty() => return Err(bad_member("an empty string")),
        other => quirks::as_elements(other, rules).map_err(|other| bad_member(kind_of(&other)))?,
    };
    let mut seen = HashSet::with_capacity(elements.len());
    let mut members = Vec::with_capacity(elements.len());
    for element in elements {
        let member = member(element, rules)?;
        if seen.insert(member.value.clone()) {
            members.push(member);
        }
    }
    Ok(members)
}

fn member(element: Value, rules: &Rules) -> Result<MemberValue, Error> {
    let (value, kind) = match element {
        Value::String(text) if rules.coerce_shapes => (Some(text), None),
        Value::Object(object) => {
            let (mut value, mut kind) = (None, None);
            for (name, found) in object {
                if name.eq_ignore_ascii_case("value") {
                    value = Some(found);
                } else if name.eq_ignore_ascii_case("type") {
                    kind = Some(found);
                }
            }
            match value {
                Some(Value::String(text)) => (Some(text), kind),
                Some(other) => return Err(bad_member(kind_of(&other))),
                None => return Err(bad_member("an object without \"value\"")),
            }
        }
        other => return Err(bad_member(kind_of(&other))),
    };
    let value = value.filter(|text| !text.is_empty());
    let value = value.ok_or_else(|| bad_member("an empty string"))?;
    let member_type = match kind.as_ref().and_then(Value::as_str) {
        Some(text) if text.eq_ignore_ascii_case("User") => Some(MemberType::User),
        Some(text) if text.eq_ignore_ascii_case("Group") => Some(MemberType::Group),
        Some(text) if rules.unknown_attributes == Unknown::Refuse => {
            return Err(Error::invalid_value(format!(
                "a member is a User or a Group, not \"{}\"",
                echo(text)
            )));
        }
        _ => None,
    };
    Ok(MemberValue { value, member_type })
}

fn bad_member(found: &str) -> Error {
    Error::invalid_value(format!(
        "\"members\" lists objects with the member's id as \"value\", not {found}"
    ))
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
mod tests {
    use serde_json::json;

    use super::super::error::ScimType;
    use super::super::{schemas, urn};
    use super::*;

    fn user(more: Value) -> Value {
        let mut body = json!({"schemas": [urn::USER], "userName": "a@b.c"});
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        body
    }

    fn made(more: Value) -> Value {
        Value::Object(create(schemas::user(), user(more), &Rules::interop()).unwrap())
    }

    #[test]
    fn a_new_user_is_canonical() {
        let cases = [
            (json!({}), json!({})),
            (json!({"active": "False"}), json!({"active": false})),
            (json!({"active": null}), json!({"active": null})),
            (
                json!({"id": "bulkId:1", "meta": {"resourceType": "User"}, "groups": [{"value": "g"}]}),
                json!({}),
            ),
            (
                json!({"favoriteColor": "red", "password": "s3cret"}),
                json!({}),
            ),
            (
                json!({"roles": [], "addresses": null, "title": null, "name": {"givenName": null}}),
                json!({}),
            ),
            (
                json!({"NICKNAME": "n", "Emails": {"VALUE": "x", "nosuch": 1}}),
                json!({"nickName": "n", "emails": [{"value": "x"}]}),
            ),
            (
                json!({"emails": [{"value": "X", "type": "work"}, {"value": "x", "type": "work"}, {"value": "x", "type": "home"}]}),
                json!({"emails": [{"value": "X", "type": "work"}, {"value": "x", "type": "home"}]}),
            ),
            (
                json!({(urn::ENTERPRISE_USER): {"manager": {"value": "9", "displayName": "Boss"}, "department": null}}),
                json!({(urn::ENTERPRISE_USER): {"manager": {"value": "9"}}}),
            ),
            (
                json!({(format!("{}:department", urn::ENTERPRISE_USER)): "D"}),
                json!({(urn::ENTERPRISE_USER): {"department": "D"}}),
            ),
        ];
        for (body, expected) in cases {
            let mut all = json!({"userName": "a@b.c", "active": true});
            for (name, value) in expected.as_object().unwrap() {
                all[name.as_str()] = value.clone();
            }
            if all["active"].is_null() {
                all.as_object_mut().unwrap().shift_remove("active");
            }
            assert_eq!(made(body.clone()), all, "{body}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        use ScimType::{InvalidSyntax, InvalidValue};
        let many: Vec<Value> = (0..2_000)
            .map(|i| json!({"value": format!("{i}@x")}))
            .collect();
        let cases = [
            (json!([]), InvalidSyntax),
            (json!({"userName": "a"}), InvalidSyntax),
            (json!({"schemas": [], "userName": "a"}), InvalidSyntax),
            (
                json!({"schemas": [urn::GROUP], "userName": "a"}),
                InvalidSyntax,
            ),
            (json!({"schemas": [urn::USER]}), InvalidValue),
            (user(json!({"userName": ""})), InvalidValue),
            (user(json!({"userName": 42})), InvalidValue),
            (user(json!({"userName": "a\u{200b}b"})), InvalidValue),
            (user(json!({"userName": "a\r\nb"})), InvalidValue),
            (user(json!({"active": "yes"})), InvalidValue),
            (user(json!({"name": "x"})), InvalidValue),
            (user(json!({"emails": [null]})), InvalidValue),
            (user(json!({"emails": many})), InvalidValue),
            (
                user(
                    json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}),
                ),
                InvalidValue,
            ),
            (
                user(json!({"x509Certificates": [{"value": "not base64!"}]})),
                InvalidValue,
            ),
            (user(json!({"title": "x".repeat(5_000)})), InvalidValue),
            (user(json!({(urn::ENTERPRISE_USER): "x"})), InvalidValue),
        ];
        for (body, expected) in cases {
            let error = create(schemas::user(), body, &Rules::interop()).unwrap_err();
            assert_eq!(error.scim_type, Some(expected), "{error}");
        }
    }

    #[test]
    fn strict_rules_refuse_unknown_names_and_loose_shapes() {
        let strict = |body: Value| create(schemas::user(), body, &Rules::strict());
        for more in [
            json!({"favoriteColor": "red"}),
            json!({"emails": {"value": "x"}}),
            json!({"active": "False"}),
            json!({"userName": "two words"}),
            json!({"schemas": [urn::USER, urn::USER]}),
            json!({"schemas": [urn::USER, "urn:x"]}),
            json!({(urn::ENTERPRISE_USER): {"department": "d"}}),
        ] {
            assert!(strict(user(more.clone())).is_err(), "{more}");
        }
        assert!(strict(user(json!({"title": "t"}))).is_ok());
    }

    #[test]
    fn put_clears_what_is_omitted_but_what_is_protected() {
        let current = made(json!({"externalId": "E1", "active": false, "title": "t",
            "name": {"givenName": "g", "familyName": "f"}, (urn::ENTERPRISE_USER): {"department": "d"}}));
        let current = current.as_object().unwrap();
        let body = user(json!({"name": {"familyName": "F"}}));
        let interop = replace(schemas::user(), current, body.clone(), &Rules::interop()).unwrap();
        assert_eq!(
            Value::Object(interop),
            json!({"userName": "a@b.c", "name": {"familyName": "F"}, "externalId": "E1", "active": false})
        );
        let strict = replace(schemas::user(), current, body, &Rules::strict()).unwrap();
        assert_eq!(
            Value::Object(strict),
            json!({"userName": "a@b.c", "name": {"familyName": "F"}})
        );
        let cleared = user(json!({"externalId": null}));
        let cleared = replace(schemas::user(), current, cleared, &Rules::interop()).unwrap();
        assert!(!cleared.contains_key("externalId"));
    }

    #[test]
    fn members_leave_the_body() {
        let rules = Rules::interop();
        let cases = [
            (json!({}), None),
            (json!({"members": null}), Some(vec![])),
            (json!({"Members": []}), Some(vec![])),
            (
                json!({"members": [{"value": "1", "type": "Group"}, {"value": "1"}, "2"]}),
                Some(vec![("1", Some(MemberType::Group)), ("2", None)]),
            ),
        ];
        for (body, expected) in cases {
            let mut body = body.as_object().unwrap().clone();
            let found = take_members(&mut body, &rules).unwrap();
            let found =
                found.map(|list| list.into_iter().map(|m| (m.value, m.member_type)).collect());
            let expected: Option<Vec<(String, _)>> = expected.map(|list| {
                list.into_iter()
                    .map(|(id, kind)| (id.to_owned(), kind))
                    .collect()
            });
            assert_eq!(found, expected);
            assert!(body.is_empty());
        }
        for bad in [
            json!([{"id": "1"}]),
            json!([1]),
            json!([null]),
            json!(""),
            json!([{"value": 1}]),
        ] {
            let mut body = json!({"members": bad}).as_object().unwrap().clone();
            assert!(take_members(&mut body, &rules).is_err(), "{bad}");
        }
    }

    #[test]
    fn schemas_follow_the_data() {
        let plain = made(json!({}));
        assert_eq!(
            schemas_of(schemas::user(), plain.as_object().unwrap()),
            [urn::USER]
        );
        let more = made(json!({(urn::ENTERPRISE_USER): {"department": "d"}}));
        assert_eq!(
            schemas_of(schemas::user(), more.as_object().unwrap()),
            [urn::USER, urn::ENTERPRISE_USER]
        );
    }
}

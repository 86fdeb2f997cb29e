//! Mapped attributes and SCIM JSON: the body of a create request, reading a current value back from
//! a resource of the target, and the comparison of the two.
//!
//! Knows no request and no dialect. Follows the samples of Microsoft's "Develop a SCIM endpoint for
//! user provisioning".

use serde_json::{Map, Value as Json, json};

use super::attributes::ObjectKind;
use super::object::MappedAttribute;
use super::roles::{APP_ROLE_TYPE, Role};
use super::target::{CORE_GROUP, CORE_USER, ENTERPRISE_USER, TargetPath};
use crate::mapping::Value;

/// Microsoft's own URN, which the service puts into every created group.
const MICROSOFT_GROUP: &str =
    "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/// The body of a create request. `schemas`, `externalId`, `userName` and `active` come first, then
/// the other attributes by name, extensions last; mappings into the same element are merged.
///
/// With `microsoft_schema` a group names Microsoft's own schema beside the standard's, as the service does.
pub fn render_create(
    kind: ObjectKind,
    attributes: &[MappedAttribute<'_>],
    microsoft_schema: bool,
) -> Map<String, Json> {
    let mut members = Map::new();
    members.insert("meta".to_owned(), json!({ "resourceType": kind.name() }));
    for attribute in attributes {
        match attribute.roles.and_then(|_| Role::all(&attribute.value)) {
            Some(roles) => {
                let elements: Vec<Json> = roles.iter().map(Role::to_element).collect();
                members.insert(attribute.target.attribute().to_owned(), json!(elements));
            }
            None => place(&mut members, attribute.target, &attribute.value),
        }
    }
    let mut members: Vec<(String, Json)> = members.into_iter().collect();
    members.sort_by_cached_key(|(name, _)| {
        let first = ["externalId", "userName", "active"];
        let rank = first.iter().position(|f| f == name).unwrap_or(first.len());
        (rank, name.contains(':'), name.to_ascii_lowercase())
    });
    let schemas: &[&str] = match kind {
        ObjectKind::User => &[CORE_USER, ENTERPRISE_USER],
        ObjectKind::Group if microsoft_schema => &[CORE_GROUP, MICROSOFT_GROUP],
        ObjectKind::Group => &[CORE_GROUP],
    };
    std::iter::once(("schemas".to_owned(), json!(schemas)))
        .chain(members)
        .collect()
}

fn place(resource: &mut Map<String, Json>, target: &TargetPath, value: &Value) {
    let container = match target.extension() {
        Some(urn) => object_at(resource, urn),
        None => resource,
    };
    let value = json_for(target, value);
    let Some((by, wanted)) = target.filter() else {
        match target.sub_attribute() {
            Some(sub) => object_at(container, target.attribute()).insert(sub.to_owned(), value),
            None => container.insert(target.attribute().to_owned(), value),
        };
        return;
    };
    let slot = container
        .entry(target.attribute().to_owned())
        .or_insert_with(|| json!([]));
    if !slot.is_array() {
        *slot = json!([]);
    }
    let Json::Array(elements) = slot else { return };
    let index = elements
        .iter()
        .position(|element| matches_filter(element, by, wanted))
        .unwrap_or_else(|| {
            elements.push(Json::Object(new_element(target, by, wanted)));
            elements.len() - 1
        });
    if let Json::Object(element) = &mut elements[index] {
        element.insert(target.sub_attribute().unwrap_or("value").to_owned(), value);
    }
}

fn object_at<'a>(parent: &'a mut Map<String, Json>, name: &str) -> &'a mut Map<String, Json> {
    let slot = parent.entry(name.to_owned()).or_insert_with(|| json!({}));
    if !slot.is_object() {
        *slot = json!({});
    }
    slot.as_object_mut()
        .expect("the line above made it an object")
}

fn new_element(target: &TargetPath, by: &str, wanted: &str) -> Map<String, Json> {
    let is = |name: &str, text: &str| name.eq_ignore_ascii_case(text);
    let mut element = Map::new();
    if is(by, "primary") {
        element.insert(by.to_owned(), json!(is(wanted, "true")));
        if is(target.attribute(), "roles") {
            element.insert("type".to_owned(), json!(APP_ROLE_TYPE));
        }
        return element;
    }
    if is(target.attribute(), "emails") && is(by, "type") && is(wanted, "work") {
        element.insert("primary".to_owned(), json!(true));
    }
    element.insert(by.to_owned(), json!(wanted));
    element
}

fn json_for(target: &TargetPath, value: &Value) -> Json {
    match value.as_text() {
        Some(text) if target.is_boolean() && text.eq_ignore_ascii_case("true") => json!(true),
        Some(text) if target.is_boolean() && text.eq_ignore_ascii_case("false") => json!(false),
        _ => value.to_json(),
    }
}

/// The value a resource of the target has at an attribute; `None` when it has none. Names are
/// compared without regard to case, filters take the first element that fits.
pub fn read(resource: &Map<String, Json>, target: &TargetPath) -> Option<Value> {
    let container = match target.extension() {
        Some(urn) => member(resource, urn)?.as_object()?,
        None => resource,
    };
    let mut found = member(container, target.attribute())?;
    if let Some((by, wanted)) = target.filter() {
        found = found
            .as_array()?
            .iter()
            .find(|element| matches_filter(element, by, wanted))?;
    }
    if let Some(sub) = target.sub_attribute() {
        found = member(found.as_object()?, sub)?;
    }
    Some(Value::from_json(found.clone())).filter(|value| !value.is_null())
}

fn member<'a>(members: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    members.get(name).or_else(|| {
        members
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

fn matches_filter(element: &Json, by: &str, wanted: &str) -> bool {
    let value = element.as_object().and_then(|members| member(members, by));
    match value {
        Some(Json::String(text)) => text.eq_ignore_ascii_case(wanted),
        Some(Json::Bool(flag)) => flag.to_string().eq_ignore_ascii_case(wanted),
        // An element without `primary` is not the primary one (RFC 7643 section 2.4).
        None => by.eq_ignore_ascii_case("primary") && wanted.eq_ignore_ascii_case("false"),
        Some(_) => false,
    }
}

/// Whether the target has to be changed to show the desired value. Texts are compared without regard
/// to case unless the target attribute is `case_exact`; booleans always are. The order of several
/// values does not matter. An empty text is the same as no value. A complex current value counts as its `value`.
pub fn differs(desired: &Value, current: Option<&Value>, case_exact: bool) -> bool {
    match (desired, current.unwrap_or(&Value::Null)) {
        (desired, current) if desired.is_null_or_empty() || current.is_null_or_empty() => {
            desired.is_null_or_empty() != current.is_null_or_empty()
        }
        (Value::Text(desired), Value::Text(current)) => !same_text(desired, current, case_exact),
        (Value::List(desired), Value::List(current)) => {
            desired.len() != current.len()
                || !covers(desired, current, case_exact)
                || !covers(current, desired, case_exact)
        }
        (Value::Text(_), Value::Object(current)) => {
            let value = member(current, "value").cloned().map(Value::from_json);
            differs(desired, value.as_ref(), case_exact)
        }
        (Value::List(values), Value::Text(_) | Value::Object(_)) if values.len() == 1 => {
            differs(&values[0], current, case_exact)
        }
        (Value::Text(_) | Value::Object(_), Value::List(values)) if values.len() == 1 => {
            differs(desired, values.first(), case_exact)
        }
        (desired, current) => desired != current,
    }
}

fn covers(these: &[Value], those: &[Value], case_exact: bool) -> bool {
    these.iter().all(|this| {
        those
            .iter()
            .any(|that| !differs(this, Some(that), case_exact))
    })
}

fn same_text(a: &str, b: &str, case_exact: bool) -> bool {
    let boolean = |t: &str| t.eq_ignore_ascii_case("true") || t.eq_ignore_ascii_case("false");
    if a == b {
        return true;
    }
    if boolean(a) && boolean(b) {
        return a.eq_ignore_ascii_case(b);
    }
    !case_exact && a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> TargetPath {
        TargetPath::parse(text).unwrap_or_else(|e| panic!("{e}"))
    }

    fn object(json: Json) -> Map<String, Json> {
        match json {
            Json::Object(members) => members,
            other => panic!("not an object: {other}"),
        }
    }

    fn render(kind: ObjectKind, rows: &[(&str, Value)]) -> Json {
        let targets: Vec<TargetPath> = rows.iter().map(|(target, _)| path(target)).collect();
        let mapped: Vec<MappedAttribute<'_>> = rows
            .iter()
            .zip(&targets)
            .map(|((_, value), target)| MappedAttribute::new(target, value.clone()))
            .collect();
        Json::Object(render_create(kind, &mapped, true))
    }

    #[test]
    fn a_created_user_looks_like_the_documented_sample() {
        let urn = |name: &str| format!("{ENTERPRISE_USER}:{name}");
        let body = render(
            ObjectKind::User,
            &[
                ("userName", "u@contoso.com".into()),
                ("active", "True".into()),
                ("emails[type eq \"work\"].value", "m@contoso.com".into()),
                ("name.givenName", "Given".into()),
                ("name.familyName", "Family".into()),
                ("addresses[type eq \"work\"].locality", "Oslo".into()),
                ("addresses[type eq \"work\"].country", "NO".into()),
                ("phoneNumbers[type eq \"work\"].value", "1".into()),
                ("phoneNumbers[type eq \"mobile\"].value", "2".into()),
                ("externalId", "x".into()),
                (&urn("department"), "IT".into()),
                (&urn("employeeNumber"), "42".into()),
                ("urn:example:2.0:User:tag", "t".into()),
            ],
        );
        let wanted = json!({
            "schemas": [CORE_USER, ENTERPRISE_USER],
            "externalId": "x",
            "userName": "u@contoso.com",
            "active": true,
            "addresses": [{"type": "work", "locality": "Oslo", "country": "NO"}],
            "emails": [{"primary": true, "type": "work", "value": "m@contoso.com"}],
            "meta": {"resourceType": "User"},
            "name": {"givenName": "Given", "familyName": "Family"},
            "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "mobile", "value": "2"}],
            "urn:example:2.0:User": {"tag": "t"},
            ENTERPRISE_USER: {"department": "IT", "employeeNumber": "42"},
        });
        assert_eq!(body.to_string(), wanted.to_string());
    }

    #[test]
    fn a_created_group_and_a_role_look_like_the_documented_samples() {
        let group = render(
            ObjectKind::Group,
            &[("displayName", "Eng".into()), ("externalId", "8aa1".into())],
        );
        assert_eq!(
            group,
            json!({
                "schemas": [CORE_GROUP, MICROSOFT_GROUP],
                "externalId": "8aa1",
                "displayName": "Eng",
                "meta": {"resourceType": "Group"},
            })
        );
        let user = render(
            ObjectKind::User,
            &[("roles[primary eq \"True\"].value", "Admin".into())],
        );
        assert_eq!(
            user["roles"],
            json!([{"primary": true, "type": APP_ROLE_TYPE, "value": "Admin"}])
        );
    }

    #[test]
    fn mappings_that_contradict_each_other_still_render() {
        let body = render(
            ObjectKind::User,
            &[
                ("name", "x".into()),
                ("name.givenName", "y".into()),
                ("name[type eq \"a\"].v", "z".into()),
            ],
        );
        assert_eq!(body["name"], json!([{"type": "a", "v": "z"}]));
    }

    #[test]
    fn current_values_are_read_back() {
        let resource = object(json!({
            "userName": "u", "active": true, "NAME": {"givenName": "G"},
            "emails": [{"type": "home", "value": "h"}, {"type": "Work", "value": "w"}],
            "roles": [{"value": "a"}, {"value": "b", "primary": true}],
            ENTERPRISE_USER: {"department": "IT", "manager": {"value": "1"}},
            "title": null, "tags": [],
        }));
        for (target, wanted) in [
            ("username", Some("u")),
            ("active", Some("True")),
            ("name.givenName", Some("G")),
            ("name.familyName", None),
            ("emails[type eq \"work\"].value", Some("w")),
            ("emails[type eq \"other\"].value", None),
            ("emails[type eq \"work\"].display", None),
            ("roles[primary eq \"True\"].value", Some("b")),
            ("roles[primary eq \"False\"].value", Some("a")),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                Some("IT"),
            ),
            ("urn:none:department", None),
            ("title", None),
            ("tags", None),
            ("userName.value", None),
        ] {
            assert_eq!(
                read(&resource, &path(target)),
                wanted.map(Value::from),
                "{target}"
            );
        }
    }

    #[test]
    fn what_was_rendered_is_read_back_without_difference() {
        let rows = [
            ("active", Value::from("False")),
            ("emails[type eq \"work\"].value", "a@b".into()),
            ("name.formatted", "A B".into()),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
                "7".into(),
            ),
        ];
        let body = object(render(ObjectKind::User, &rows));
        for (target, value) in rows {
            assert!(
                !differs(&value, read(&body, &path(target)).as_ref(), true),
                "{target}"
            );
        }
    }

    #[test]
    fn differences_respect_case_only_when_told() {
        let value = |json: Json| Value::from_json(json);
        for (desired, current, loose, exact) in [
            (json!("a"), json!("a"), false, false),
            (json!("a"), json!("A"), false, true),
            (json!("\u{c4}"), json!("\u{e4}"), false, true),
            (json!("a"), json!("b"), true, true),
            (json!("True"), json!(true), false, false),
            (json!("true"), json!("True"), false, false),
            (json!("False"), json!(true), true, true),
            (json!("a"), json!(null), true, true),
            (json!(""), json!(null), false, false),
            (json!("7"), json!(7), false, false),
            (json!(["a", "b"]), json!(["b", "a"]), false, false),
            (json!(["a", "b"]), json!(["a"]), true, true),
            (json!(["a", "a"]), json!(["a", "b"]), true, true),
            (
                json!("1"),
                json!({"value": "1", "displayName": "x"}),
                false,
                false,
            ),
            (json!("1"), json!({"displayName": "x"}), true, true),
            (json!("a"), json!(["a"]), false, false),
        ] {
            let (desired, current) = (value(desired), value(current));
            assert_eq!(
                differs(&desired, Some(&current), false),
                loose,
                "{desired} {current}"
            );
            assert_eq!(
                differs(&desired, Some(&current), true),
                exact,
                "{desired} {current}"
            );
        }
        assert!(differs(&Value::from("a"), None, false));
    }
}

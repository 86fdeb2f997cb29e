//! Target attributes: their names, and the SCIM JSON they stand for.
//!
//! Owns [`TargetPath`], the small path syntax of a target directory definition
//! (`emails[type eq "work"].value`, `name.familyName`, `urn:...:User:department`), the body of a
//! create request, reading a current value back from a resource, and the comparison of the two.
//! Follows the request samples of Microsoft's "Develop a SCIM endpoint for user provisioning".

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::attribute::MappedAttribute;
use super::attributes::ObjectKind;
use crate::mapping::Value;

const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Microsoft's own URN, which the service puts into every created group.
const MICROSOFT_GROUP: &str =
    "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
/// Value of `type` in a role that an app role assignment makes.
const APP_ROLE_TYPE: &str = "WindowsAzureActiveDirectoryRole";

/// A target attribute name, checked. Dereferences to the text as it was written; equal when the
/// texts are equal but for ASCII case.
#[derive(Debug, Clone)]
pub struct TargetPath {
    text: String,
    /// URN of the schema extension; `None` for core attributes.
    extension: Option<String>,
    attribute: String,
    /// Sub-attribute and value of `[type eq "work"]`.
    filter: Option<(String, String)>,
    sub: Option<String>,
}

/// Why a text is not a target attribute name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("target attribute '{text}': {reason}")]
pub struct TargetPathError {
    /// The text.
    pub text: String,
    /// What is wrong and how such a name looks.
    pub reason: &'static str,
}

impl TargetPath {
    /// Reads a target attribute name.
    ///
    /// # Errors
    /// When the text is neither `name`, `name.sub`, `name[sub eq "value"]` nor
    /// `name[sub eq "value"].sub`, with or without `urn:...:` before it.
    pub fn parse(text: &str) -> Result<Self, TargetPathError> {
        Self::read_text(text).map_err(|reason| TargetPathError {
            text: text.to_owned(),
            reason,
        })
    }

    fn read_text(text: &str) -> Result<Self, &'static str> {
        let before_filter = text.find('[').unwrap_or(text.len());
        let is_urn = text
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        let (urn, rest) = match text[..before_filter].rfind(':') {
            Some(colon) if is_urn => (Some(&text[..colon]), &text[colon + 1..]),
            _ => (None, text),
        };
        let name_end = rest.find(['[', '.']).unwrap_or(rest.len());
        let (attribute, rest) = rest.split_at(name_end);
        let (filter, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (filter, rest) = inside
                    .split_once("\"]")
                    .ok_or("close the filter like this: emails[type eq \"work\"].value")?;
                (Some(read_filter(filter)?), rest)
            }
            None => (None, rest),
        };
        let sub = match rest.strip_prefix('.') {
            Some(sub) => Some(name(sub)?),
            None if rest.is_empty() => None,
            None => return Err("after the filter comes '.' and a sub-attribute, or nothing"),
        };
        let core = |urn: &&str| {
            !urn.eq_ignore_ascii_case(CORE_USER) && !urn.eq_ignore_ascii_case(CORE_GROUP)
        };
        Ok(Self {
            text: text.to_owned(),
            extension: urn.filter(core).map(str::to_owned),
            attribute: name(attribute)?,
            filter,
            sub,
        })
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// URN of the extension the attribute belongs to; `None` for core attributes.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The attribute itself, without URN, filter and sub-attribute.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Sub-attribute and value of the filter in brackets.
    pub fn filter(&self) -> Option<(&str, &str)> {
        self.filter
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The sub-attribute after the point.
    pub fn sub_attribute(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// Whether the schema gives the attribute the type Boolean: `active` of a user, and `primary`.
    pub fn is_boolean(&self) -> bool {
        let last = self.sub.as_ref().unwrap_or(&self.attribute);
        let active = self.extension.is_none() && self.sub.is_none() && self.filter.is_none();
        (active && last.eq_ignore_ascii_case("active"))
            || (self.sub.is_some() && last.eq_ignore_ascii_case("primary"))
    }
}

/// Letters, digits, `$`, `_` and `-`, as RFC 7643 section 2.1 names attributes.
fn name(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '-');
    if text.is_empty() {
        return Err("an attribute name is missing");
    }
    if !text.chars().all(fits) {
        return Err("attribute names have letters, digits, '$', '_' and '-' only");
    }
    Ok(text.to_owned())
}

fn read_filter(text: &str) -> Result<(String, String), &'static str> {
    const SHAPE: &str = "a filter looks like this: [type eq \"work\"]";
    let (attribute, rest) = text.trim_start().split_once(' ').ok_or(SHAPE)?;
    let (operator, value) = rest.trim_start().split_once(' ').ok_or(SHAPE)?;
    if !operator.eq_ignore_ascii_case("eq") {
        return Err("the filter of a target attribute knows 'eq' only");
    }
    let value = value.trim_start().strip_prefix('"').ok_or(SHAPE)?;
    if value.contains(['"', '\\']) {
        return Err("the value of a filter cannot contain '\"' or '\\'");
    }
    Ok((name(attribute)?, value.to_owned()))
}

impl Deref for TargetPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for TargetPath {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for TargetPath {}

impl fmt::Display for TargetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for TargetPath {
    type Err = TargetPathError;

    fn from_str(text: &str) -> Result<Self, TargetPathError> {
        Self::parse(text)
    }
}

impl Serialize for TargetPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for TargetPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The body of a create request. `schemas`, `externalId`, `userName` and `active` come first, then
/// the other attributes by name, extensions last; mappings into the same element are merged.
pub fn render_create(kind: ObjectKind, attributes: &[MappedAttribute<'_>]) -> Map<String, Json> {
    let mut members = Map::new();
    members.insert("meta".to_owned(), json!({ "resourceType": kind.name() }));
    for attribute in attributes {
        place(&mut members, attribute.target, &attribute.value);
    }
    let mut members: Vec<(String, Json)> = members.into_iter().collect();
    members.sort_by_cached_key(|(name, _)| {
        let first = ["externalId", "userName", "active"];
        let rank = first.iter().position(|f| f == name).unwrap_or(first.len());
        (rank, name.contains(':'), name.to_ascii_lowercase())
    });
    let schemas = match kind {
        ObjectKind::User => [CORE_USER, ENTERPRISE_USER],
        ObjectKind::Group => [CORE_GROUP, MICROSOFT_GROUP],
    };
    std::iter::once(("schemas".to_owned(), json!(schemas)))
        .chain(members)
        .collect()
}

fn place(resource: &mut Map<String, Json>, target: &TargetPath, value: &Value) {
    let container = match &target.extension {
        Some(urn) => object_at(resource, urn),
        None => resource,
    };
    let value = json_for(target, value);
    let Some((by, wanted)) = &target.filter else {
        match &target.sub {
            Some(sub) => object_at(container, &target.attribute).insert(sub.clone(), value),
            None => container.insert(target.attribute.clone(), value),
        };
        return;
    };
    let slot = container
        .entry(target.attribute.clone())
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
        element.insert(
            target.sub.clone().unwrap_or_else(|| "value".to_owned()),
            value,
        );
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
        if is(&target.attribute, "roles") {
            element.insert("type".to_owned(), json!(APP_ROLE_TYPE));
        }
        return element;
    }
    if is(&target.attribute, "emails") && is(by, "type") && is(wanted, "work") {
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
    let container = match &target.extension {
        Some(urn) => member(resource, urn)?.as_object()?,
        None => resource,
    };
    let mut found = member(container, &target.attribute)?;
    if let Some((by, wanted)) = &target.filter {
        found = found
            .as_array()?
            .iter()
            .find(|element| matches_filter(element, by, wanted))?;
    }
    if let Some(sub) = &target.sub {
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
            .map(|((_, value), target)| MappedAttribute {
                target,
                value: value.clone(),
                mapping: 0,
                redacted: false,
            })
            .collect();
        Json::Object(render_create(kind, &mapped))
    }

    #[test]
    fn paths_have_parts() {
        let phone = path("phoneNumbers[type eq \"mobile\"].value");
        assert_eq!(
            (phone.attribute(), phone.filter(), phone.sub_attribute()),
            ("phoneNumbers", Some(("type", "mobile")), Some("value"))
        );
        let department =
            path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
        assert_eq!(
            (department.extension(), department.attribute()),
            (Some(ENTERPRISE_USER), "department")
        );
        let manager =
            path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value");
        assert_eq!(
            (manager.attribute(), manager.sub_attribute()),
            ("manager", Some("value"))
        );
        let core = path("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName");
        assert_eq!(
            (core.extension(), core.sub_attribute()),
            (None, Some("givenName"))
        );
        let custom = path("urn:x:2.0:User:things[type eq \"a:b.c\"].value");
        assert_eq!(
            (custom.extension(), custom.filter()),
            (Some("urn:x:2.0:User"), Some(("type", "a:b.c")))
        );
    }

    #[test]
    fn texts_that_are_no_paths_are_refused() {
        for text in [
            "",
            ".",
            "a.",
            "a b",
            "name.",
            "a:b",
            "urn:x:",
            "emails[type eq work].value",
            "emails[type ne \"work\"]",
            "emails[type eq \"work\"]value",
            "emails[type eq \"work\"",
            "emails[]",
            "a.b.c",
            "a[x eq \"\\\"]",
        ] {
            let error = TargetPath::parse(text).expect_err(text);
            assert!(error.to_string().contains(text));
        }
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

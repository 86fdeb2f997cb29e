//! `attributes` and `excludedAttributes`: RFC 7644 section 3.9 and `returned` of RFC 7643 section 7.
//!
//! `schemas` and `id` are always returned. Unknown names are ignored; so is a value filter in a name, and the
//! attribute comes whole, unless [`Rules::filtered_names`] says otherwise.

use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::Error;
use super::path::{Located, locate};
use super::profile::Rules;
use super::schema::{Attribute, Extension, ResourceType, Returned};

/// Which attributes a client wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Projection {
    /// What is returned by default.
    #[default]
    Default,
    /// What is always returned, and these.
    Only(Vec<String>),
    /// What is returned by default, without these.
    Without(Vec<String>),
}

impl Projection {
    /// Reads both parameters, comma-separated; an empty one counts as absent.
    ///
    /// # Errors
    /// 400 `invalidValue` when both are given: they exclude each other. The same for a name with a value filter,
    /// which RFC 7644 section 3.10 does not know, where [`Rules::filtered_names`] does not let it pass.
    pub fn parse(
        attributes: Option<&str>,
        excluded: Option<&str>,
        rules: &Rules,
    ) -> Result<Self, Error> {
        Self::of(
            attributes.unwrap_or("").split(','),
            excluded.unwrap_or("").split(','),
            rules,
        )
    }

    /// [`Projection::parse`] for lists of names, as in a [`SearchRequest`](super::SearchRequest).
    ///
    /// # Errors
    /// Those of [`Projection::parse`].
    pub fn of<'n>(
        attributes: impl IntoIterator<Item = &'n str>,
        excluded: impl IntoIterator<Item = &'n str>,
        rules: &Rules,
    ) -> Result<Self, Error> {
        let (only, without) = (names(attributes, rules)?, names(excluded, rules)?);
        match (only.is_empty(), without.is_empty()) {
            (true, true) => Ok(Self::Default),
            (false, true) => Ok(Self::Only(only)),
            (true, false) => Ok(Self::Without(without)),
            (false, false) => Err(Error::invalid_value(
                "\"attributes\" and \"excludedAttributes\" exclude each other; send one of them",
            )),
        }
    }

    /// True when the client named attributes: PATCH must then answer 200 with the resource.
    pub fn is_explicit(&self) -> bool {
        *self != Self::Default
    }

    /// Whether a response needs the core or common attribute `name` at all, or part of it.
    pub fn wants(&self, rt: &ResourceType, name: &str) -> bool {
        let Some(attribute) = rt.attribute(name) else {
            return false;
        };
        Plan::new(self, rt).core(attribute) != Keep::Nothing
    }

    /// Cuts a full representation to what is wanted.
    #[must_use]
    pub fn apply(&self, rt: &ResourceType, resource: Object) -> Object {
        let cutter = Cutter::new(self, rt);
        let mut out = Object::with_capacity(resource.len());
        for (key, value) in resource {
            match cutter.member(&key) {
                Some(Member::Attribute(attribute)) => {
                    if let Some(value) = cutter.cut(&attribute, value) {
                        out.insert(key, value);
                    }
                }
                Some(Member::Extension(extension)) => {
                    let Value::Object(container) = value else {
                        continue;
                    };
                    let mut kept = Object::with_capacity(container.len());
                    for (name, value) in container {
                        if let Some(shown) = cutter.inner(extension, &name)
                            && let Some(value) = cutter.cut(&shown, value)
                        {
                            kept.insert(name, value);
                        }
                    }
                    if !kept.is_empty() {
                        out.insert(key, Value::Object(kept));
                    }
                }
                None => {}
            }
        }
        out
    }
}

/// A projection made ready for one type of resource: says of each member of a representation what of it is
/// shown, one by one, so that a representation can be cut while it is written.
pub struct Cutter<'r> {
    plan: Plan,
    rt: &'r ResourceType,
}

/// A member of a representation that its type knows.
pub enum Member<'r, 'p> {
    /// A core or common attribute.
    Attribute(Shown<'r, 'p>),
    /// The container of an extension; ask [`Cutter::inner`] about what is in it.
    Extension(&'r Extension),
}

/// An attribute and how much of it is shown.
pub struct Shown<'r, 'p> {
    attribute: &'r Attribute,
    keep: Keep<'p>,
}

impl Shown<'_, '_> {
    /// Not shown at all.
    pub fn nothing(&self) -> bool {
        self.keep == Keep::Nothing
    }

    /// Whether the client asked for no part of it in particular.
    pub fn everything(&self) -> bool {
        self.keep == Keep::All
    }

    /// Shown as it is, whatever its value.
    pub fn whole(&self) -> bool {
        self.keep == Keep::All && !restricted(self.attribute)
    }
}

impl<'r> Cutter<'r> {
    /// Resolves the names of a projection.
    pub fn new(projection: &Projection, rt: &'r ResourceType) -> Self {
        Self {
            plan: Plan::new(projection, rt),
            rt,
        }
    }

    /// The type of the resources.
    pub fn resource_type(&self) -> &'r ResourceType {
        self.rt
    }

    /// What a member of a representation is; `None` for one that the type does not know, which is
    /// never shown.
    pub fn member(&self, key: &str) -> Option<Member<'r, '_>> {
        if let Some(attribute) = self.rt.attribute(key) {
            return Some(Member::Attribute(Shown {
                attribute,
                keep: self.plan.core(attribute),
            }));
        }
        self.rt.extension(key).map(Member::Extension)
    }

    /// How much of the core or common attribute of this name is shown.
    pub fn attribute(&self, name: &str) -> Option<Shown<'r, '_>> {
        match self.member(name) {
            Some(Member::Attribute(shown)) => Some(shown),
            _ => None,
        }
    }

    /// The same for an attribute of an extension.
    pub fn inner(&self, extension: &'r Extension, name: &str) -> Option<Shown<'r, '_>> {
        let attribute = extension.schema.attributes.get(name)?;
        let whole = self.plan.whole_container(&extension.schema.id);
        Some(Shown {
            attribute,
            keep: self.plan.keep(attribute, whole),
        })
    }

    /// What stays of a value; `None` when nothing does.
    pub fn cut(&self, shown: &Shown<'_, '_>, value: Value) -> Option<Value> {
        cut(shown.attribute, &shown.keep, value)
    }
}

/// The names that are there, without value filters.
fn names<'n>(
    given: impl IntoIterator<Item = &'n str>,
    rules: &Rules,
) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for given in given {
        let name = match given.split_once('[') {
            Some(_) if !rules.filtered_names => {
                return Err(Error::invalid_value(format!(
                    "\"{}\" has a value filter; \"attributes\" and \"excludedAttributes\" take names only",
                    given.trim()
                )));
            }
            Some((name, _)) => name.trim(),
            None => given.trim(),
        };
        if !name.is_empty() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// How much of an attribute stays.
#[derive(Debug, PartialEq)]
enum Keep<'p> {
    Nothing,
    All,
    Subs(Vec<&'p str>),
    AllBut(Vec<&'p str>),
}

/// The names of a projection, resolved.
struct Plan {
    mode: Mode,
    named: Vec<Located>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Default,
    Only,
    Without,
}

impl Plan {
    fn new(projection: &Projection, rt: &ResourceType) -> Self {
        let (mode, names) = match projection {
            Projection::Default => (Mode::Default, [].as_slice()),
            Projection::Only(names) => (Mode::Only, names.as_slice()),
            Projection::Without(names) => (Mode::Without, names.as_slice()),
        };
        let rules = Rules::interop();
        let named = names
            .iter()
            .filter_map(|name| locate(rt, name, &rules).ok())
            .collect();
        Self { mode, named }
    }

    fn core(&self, attribute: &Arc<Attribute>) -> Keep<'_> {
        let whole = self.named.iter().any(|n| matches!(n, Located::Resource));
        self.keep(attribute, whole)
    }

    fn whole_container(&self, urn: &str) -> bool {
        self.named
            .iter()
            .any(|n| matches!(n, Located::Container(named) if **named == *urn))
    }

    /// `whole`: the schema of the attribute was named.
    fn keep(&self, attribute: &Arc<Attribute>, whole: bool) -> Keep<'_> {
        let mut all = whole;
        let mut subs = vec![];
        for located in &self.named {
            if let Located::Attribute {
                attribute: named,
                sub,
                ..
            } = located
                && Arc::ptr_eq(named, attribute)
            {
                match sub {
                    Some(sub) => subs.push(sub.name.as_str()),
                    None => all = true,
                }
            }
        }
        match (attribute.returned, self.mode) {
            (Returned::Always, _) | (Returned::Default, Mode::Default) => Keep::All,
            (Returned::Never, _) | (Returned::Request, Mode::Default | Mode::Without) => {
                Keep::Nothing
            }
            (_, Mode::Only) if all => Keep::All,
            (_, Mode::Only) if !subs.is_empty() => Keep::Subs(subs),
            (_, Mode::Only) => Keep::Nothing,
            (_, Mode::Without) if all => Keep::Nothing,
            (_, Mode::Without) if !subs.is_empty() => Keep::AllBut(subs),
            (_, Mode::Without) => Keep::All,
        }
    }
}

/// Whether parts of the attribute are not returned by default.
fn restricted(attribute: &Attribute) -> bool {
    attribute.handling.partial
        || attribute
            .sub_attributes
            .iter()
            .any(|sub| matches!(sub.returned, Returned::Never | Returned::Request))
}

/// What stays of a value; `None` when nothing does.
fn cut(attribute: &Attribute, keep: &Keep<'_>, value: Value) -> Option<Value> {
    match keep {
        Keep::Nothing => return None,
        Keep::All if !restricted(attribute) => return Some(value),
        _ => {}
    }
    let stays = |name: &str| {
        let returned = attribute.sub(name).map_or(Returned::Never, |s| s.returned);
        match (returned, keep) {
            (Returned::Never, _) => false,
            (Returned::Always, _) => true,
            (_, Keep::Subs(subs)) => subs.contains(&name),
            (Returned::Request, _) => false,
            (_, Keep::AllBut(subs)) => !subs.contains(&name),
            (_, _) => true,
        }
    };
    let one = |value: Value| match value {
        Value::Object(mut object) => {
            object.retain(|name, _| stays(name));
            (!object.is_empty()).then_some(Value::Object(object))
        }
        other => Some(other),
    };
    match value {
        Value::Array(elements) if elements.is_empty() && *keep == Keep::All => {
            Some(Value::Array(elements))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.into_iter().filter_map(one).collect();
            (!elements.is_empty()).then_some(Value::Array(elements))
        }
        other => one(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{schemas, urn};
    use super::*;

    fn shown(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let full = json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1", "userName": "u", "password": "p",
            "name": {"givenName": "g", "familyName": "f"},
            "emails": [{"value": "e", "type": "work"}],
            (urn::ENTERPRISE_USER): {"department": "d", "division": "v"},
            "meta": {"resourceType": "User"}
        });
        let projection = Projection::parse(attributes, excluded, &Rules::interop()).unwrap();
        Value::Object(projection.apply(schemas::user(), full.as_object().unwrap().clone()))
    }

    #[test]
    fn named_attributes_are_shown_with_the_minimum() {
        let ent = urn::ENTERPRISE_USER;
        let department = format!("{ent}:department");
        let cases = [
            ("userName", json!({"userName": "u"})),
            (
                "USERNAME,Emails.Value",
                json!({"userName": "u", "emails": [{"value": "e"}]}),
            ),
            ("name.givenName", json!({"name": {"givenName": "g"}})),
            (department.as_str(), json!({(ent): {"department": "d"}})),
            (ent, json!({(ent): {"department": "d", "division": "v"}})),
            ("doesNotExist", json!({})),
            ("password", json!({})),
            (
                "emails[type eq \"work\"]",
                json!({"emails": [{"value": "e", "type": "work"}]}),
            ),
        ];
        for (names, expected) in cases {
            let mut all = json!({"schemas": [urn::USER, ent], "id": "1"});
            all.as_object_mut()
                .unwrap()
                .extend(expected.as_object().unwrap().clone());
            assert_eq!(shown(Some(names), None), all, "{names}");
        }
    }

    #[test]
    fn excluded_attributes_are_left_out_but_the_minimum() {
        let found = shown(None, Some("emails,name.familyName,id,schemas,meta"));
        assert_eq!(
            found,
            json!({"schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1", "userName": "u",
                   "name": {"givenName": "g"},
                   (urn::ENTERPRISE_USER): {"department": "d", "division": "v"}})
        );
        assert!(shown(None, None).get("password").is_none());
        assert!(shown(None, None).get("emails").is_some());
    }

    #[test]
    fn both_at_once_are_refused_and_members_need_not_be_loaded() {
        let rules = &Rules::interop();
        assert!(Projection::parse(Some("a"), Some("b"), rules).is_err());
        let group = schemas::group();
        let wants = |a, e| {
            Projection::parse(a, e, rules)
                .unwrap()
                .wants(group, "members")
        };
        assert!(wants(None, None));
        assert!(!wants(None, Some("members")));
        assert!(!wants(Some("displayName"), None));
        assert!(wants(Some("members.value"), None));
        assert!(wants(None, Some("members.display")));
    }
}

//! *Edit attribute list*: what may be added to, changed in and removed from the attribute list of a
//! target.
//!
//! Follows Microsoft's "Edit the list of supported attributes": a custom attribute is named
//! `urn:ietf:params:scim:schemas:extension:<Name>:2.0:User:<attribute>` and is a single-valued text;
//! attributes of the standard schemas may be added by their own names and with their own types; a
//! reference names the object it points to.

use super::attributes::{AttributeType, ObjectKind};
use super::definition::{AttributeDefinition, find};
use super::object::{MappingError, ObjectMapping};
use super::target::{ENTERPRISE_USER, TargetPath, TargetPathError};

const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:";
/// Attributes of RFC 7643's user and group, without `schemas` and `meta`.
const CORE_USER_ATTRIBUTES: &[&str] = &[
    "id",
    "externalId",
    "userName",
    "name",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    "password",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
];
const CORE_GROUP_ATTRIBUTES: &[&str] = &["id", "externalId", "displayName", "members"];

/// Why a change of the list is refused. The sentence names what to do; [`AttributeListError::field`]
/// says which column it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeListError {
    /// The name is no name.
    #[error("{0}")]
    Name(#[from] TargetPathError),
    /// The name is in the list already.
    #[error("'{0}' is in the list already; change it there, or choose another name")]
    Duplicate(String),
    /// A custom attribute with another form of name.
    #[error(
        "name a custom attribute urn:ietf:params:scim:schemas:extension:YourName:2.0:{kind}:attribute"
    )]
    Form {
        /// `User` or `Group`.
        kind: &'static str,
    },
    /// A custom attribute that is not a single text.
    #[error("a custom attribute is of type String; the service supports no other")]
    CustomType,
    /// A custom attribute with several values.
    #[error("a custom attribute has one value; the service supports no others")]
    CustomMultiValue,
    /// A reference that points nowhere.
    #[error("name what it refers to, such as {ENTERPRISE_USER}; a reference needs it")]
    Reference,
    /// A referenced object without a reference.
    #[error("only an attribute of type Reference refers to an object; leave this empty")]
    NotReference,
    /// A second primary key.
    #[error("'{0}' is the primary key; there is one")]
    SecondAnchor(String),
    /// The primary key is taken away.
    #[error("the primary key cannot be removed; the service finds objects by it")]
    Anchor,
    /// No such attribute.
    #[error("'{0}' is not in the list")]
    Unknown(String),
    /// An attribute that is mapped is taken away.
    #[error("'{0}' is mapped; delete its mapping first")]
    Mapped(String),
    /// The mapping does not fit together any more.
    #[error("{0}")]
    Mapping(#[from] MappingError),
}

impl AttributeListError {
    /// The field of the form: `name`, `type`, `multi_valued`, `referenced` or `anchor`.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::CustomType => "type",
            Self::CustomMultiValue => "multi_valued",
            Self::Reference | Self::NotReference => "referenced",
            Self::SecondAnchor(_) => "anchor",
            _ => "name",
        }
    }
}

/// Whether the name is not one of the standard schemas.
pub fn is_custom(kind: ObjectKind, path: &TargetPath) -> bool {
    let standard = match kind {
        ObjectKind::User => CORE_USER_ATTRIBUTES,
        ObjectKind::Group => CORE_GROUP_ATTRIBUTES,
    };
    match path.extension() {
        Some(urn) => !(kind == ObjectKind::User && urn.eq_ignore_ascii_case(ENTERPRISE_USER)),
        None => !standard
            .iter()
            .any(|name| name.eq_ignore_ascii_case(path.attribute())),
    }
}

fn check(kind: ObjectKind, definition: &AttributeDefinition) -> Result<(), AttributeListError> {
    let path = TargetPath::parse(&definition.name)?;
    let refers = !definition.referenced_objects.is_empty();
    if is_custom(kind, &path) {
        let fits = path.extension().is_some_and(|urn| {
            let own = urn
                .get(..EXTENSION.len())
                .filter(|start| start.eq_ignore_ascii_case(EXTENSION));
            let name = urn.get(EXTENSION.len()..).unwrap_or_default();
            let tail = format!(":2.0:{}", kind.name());
            let base = name.strip_suffix(tail.as_str());
            own.is_some() && base.is_some_and(|base| !base.is_empty())
        });
        if !fits {
            return Err(AttributeListError::Form { kind: kind.name() });
        }
        if definition.kind != AttributeType::String {
            return Err(AttributeListError::CustomType);
        }
        if definition.multi_valued {
            return Err(AttributeListError::CustomMultiValue);
        }
    }
    match (definition.kind, refers) {
        (AttributeType::Reference, false) => Err(AttributeListError::Reference),
        (AttributeType::Reference, true) | (_, false) => Ok(()),
        (_, true) => Err(AttributeListError::NotReference),
    }
}

/// A list with an attribute added to it, or changed in it: `was` is the name it had, `None` for a new one. `mapped` says
/// of a name whether a mapping uses it.
fn with_attribute(
    mut list: Vec<AttributeDefinition>,
    was: Option<&str>,
    definition: AttributeDefinition,
    mapped: impl Fn(&str) -> bool,
) -> Result<Vec<AttributeDefinition>, AttributeListError> {
    let place = match was {
        None => None,
        Some(was) => Some(
            list.iter()
                .position(|known| known.is_named(was))
                .ok_or_else(|| AttributeListError::Unknown(was.to_owned()))?,
        ),
    };
    let other = |known: &(usize, &AttributeDefinition)| Some(known.0) != place;
    let mut others = list
        .iter()
        .enumerate()
        .filter(other)
        .map(|(_, known)| known);
    if others.any(|known| known.is_named(&definition.name)) {
        return Err(AttributeListError::Duplicate(definition.name));
    }
    if definition.anchor
        && let Some((_, anchor)) = list
            .iter()
            .enumerate()
            .filter(other)
            .find(|(_, d)| d.anchor)
    {
        return Err(AttributeListError::SecondAnchor(anchor.name.clone()));
    }
    match place {
        None => list.push(definition),
        Some(index) => {
            if !definition.is_named(&list[index].name) && mapped(&list[index].name) {
                return Err(AttributeListError::Mapped(list[index].name.clone()));
            }
            if list[index].anchor && !definition.anchor {
                return Err(AttributeListError::Anchor);
            }
            list[index] = definition;
        }
    }
    Ok(list)
}

/// A list without an attribute.
fn without_attribute(
    mut list: Vec<AttributeDefinition>,
    name: &str,
    mapped: impl Fn(&str) -> bool,
) -> Result<Vec<AttributeDefinition>, AttributeListError> {
    let known = find(&list, name).ok_or_else(|| AttributeListError::Unknown(name.to_owned()))?;
    if known.anchor {
        return Err(AttributeListError::Anchor);
    }
    if mapped(name) {
        return Err(AttributeListError::Mapped(known.name.clone()));
    }
    list.retain(|known| !known.is_named(name));
    Ok(list)
}

impl ObjectMapping {
    /// The mapping with an attribute added to its target's list, or changed in it: `was` is the name it
    /// had, `None` for a new one.
    ///
    /// # Errors
    /// See [`AttributeListError`]. A mapped attribute keeps its name.
    pub fn with_target_attribute(
        self,
        was: Option<&str>,
        definition: AttributeDefinition,
    ) -> Result<Self, AttributeListError> {
        check(self.source_type, &definition)?;
        let list = self.target_definitions().to_vec();
        let list = with_attribute(list, was, definition, |name| self.maps(name))?;
        self.with_target_list(list)
    }

    /// The mapping without an attribute in its target's list.
    ///
    /// # Errors
    /// For the primary key, for an attribute that is mapped, and for a name that is not in the list.
    pub fn without_target_attribute(self, name: &str) -> Result<Self, AttributeListError> {
        let list = self.target_definitions().to_vec();
        let list = without_attribute(list, name, |name| self.maps(name))?;
        self.with_target_list(list)
    }

    /// The same as [`Self::with_target_attribute`] for the source's list, which is a SCIM client's own: an extension of any
    /// version may be in it (entra.md 8.4).
    ///
    /// # Errors
    /// See [`AttributeListError`]. An attribute that a mapping reads keeps its name.
    pub fn with_source_attribute(
        self,
        was: Option<&str>,
        definition: AttributeDefinition,
    ) -> Result<Self, AttributeListError> {
        TargetPath::parse(&definition.name)?;
        let list = self.source_definitions().to_vec();
        let list = with_attribute(list, was, definition, |name| self.reads(name))?;
        self.with_source_list(list)
    }

    /// The mapping without an attribute in its source's list.
    ///
    /// # Errors
    /// For the primary key, for an attribute that a mapping reads, and for a name that is not in the list.
    pub fn without_source_attribute(self, name: &str) -> Result<Self, AttributeListError> {
        let list = self.source_definitions().to_vec();
        let list = without_attribute(list, name, |name| self.reads(name))?;
        self.with_source_list(list)
    }

    fn with_source_list(self, list: Vec<AttributeDefinition>) -> Result<Self, AttributeListError> {
        let mut fields = self.into_fields();
        fields.source_list = Some(list);
        Ok(Self::new(fields)?)
    }

    /// Whether an attribute mapping reads the source attribute of this name.
    pub fn reads(&self, name: &str) -> bool {
        let mut read = self.attributes.iter().flat_map(|m| m.source.attributes());
        read.any(|attribute| attribute.eq_ignore_ascii_case(name))
    }

    /// Whether an attribute mapping writes the target attribute of this name.
    pub fn maps(&self, name: &str) -> bool {
        let is_it = |target: &TargetPath| target.as_str().eq_ignore_ascii_case(name);
        self.attributes.iter().any(|mapping| is_it(&mapping.target))
    }

    /// The mapping with another target attribute list.
    ///
    /// # Errors
    /// None that the present mapping has not.
    pub fn with_target_list(
        self,
        list: Vec<AttributeDefinition>,
    ) -> Result<Self, AttributeListError> {
        let standard = super::target_definitions(self.source_type);
        let mut fields = self.into_fields();
        fields.target_list = Some(list).filter(|list| list != standard);
        Ok(Self::new(fields)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReferencedObject, inbound, non_gallery};
    use super::*;

    fn attribute(name: &str, kind: AttributeType) -> AttributeDefinition {
        AttributeDefinition::new(name, kind)
    }

    const CUSTOM: &str = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User:badge";

    #[test]
    fn attributes_are_added_changed_and_removed() {
        let mapping = non_gallery().users;
        let count = mapping.target_definitions().len();
        let mapping = mapping
            .with_target_attribute(None, attribute(CUSTOM, AttributeType::String))
            .unwrap();
        assert_eq!(mapping.target_definitions().len(), count + 1);
        let exact = AttributeDefinition {
            case_exact: true,
            ..attribute(CUSTOM, AttributeType::String)
        };
        let mapping = mapping
            .with_target_attribute(Some(&CUSTOM.to_uppercase()), exact)
            .unwrap();
        assert!(
            find(mapping.target_definitions(), CUSTOM)
                .unwrap()
                .case_exact
        );
        let mapping = mapping.without_target_attribute(CUSTOM).unwrap();
        assert_eq!(
            mapping,
            non_gallery().users,
            "the standard list is not stored"
        );
    }

    #[test]
    fn a_scim_clients_own_attributes_are_added_to_the_source() {
        const CODE: &str = "urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode";
        let mapping = inbound().users;
        let count = mapping.source_definitions().len();
        let mapping = mapping
            .with_source_attribute(None, attribute(CODE, AttributeType::String))
            .unwrap();
        assert_eq!(mapping.source_definitions().len(), count + 1);
        assert!(mapping.reads("title") && !mapping.reads(CODE));
        for (name, part) in [("title", "is mapped"), ("externalId", "primary key")] {
            let refused = mapping.clone().without_source_attribute(name).unwrap_err();
            assert!(refused.to_string().contains(part), "{refused}");
        }
        let mapping = mapping.without_source_attribute(CODE).unwrap();
        assert_eq!(mapping.source_definitions().len(), count);
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table is long")]
    fn what_the_service_does_not_support_is_refused() {
        let many = AttributeDefinition {
            multi_valued: true,
            ..attribute(CUSTOM, AttributeType::String)
        };
        let anchor = AttributeDefinition {
            anchor: true,
            ..attribute("nickName", AttributeType::String)
        };
        let pointing = AttributeDefinition {
            referenced_objects: vec![ReferencedObject {
                object: "User".into(),
                property: None,
            }],
            ..attribute("photos", AttributeType::String)
        };
        for (was, definition, field, part) in [
            (
                None,
                attribute("badge", AttributeType::String),
                "name",
                "urn:ietf:params:scim:schemas:extension:YourName:2.0:User:attribute",
            ),
            (
                None,
                attribute("urn:contoso:2.0:User:badge", AttributeType::String),
                "name",
                "urn:ietf",
            ),
            (
                None,
                attribute(
                    "urn:ietf:params:scim:schemas:extension::2.0:User:badge",
                    AttributeType::String,
                ),
                "name",
                "urn:ietf",
            ),
            (
                None,
                attribute(CUSTOM, AttributeType::Boolean),
                "type",
                "type String",
            ),
            (None, many, "multi_valued", "one value"),
            (
                None,
                attribute("USERNAME", AttributeType::String),
                "name",
                "in the list already",
            ),
            (
                None,
                attribute("e mails", AttributeType::String),
                "name",
                "attribute names",
            ),
            (
                None,
                attribute("roles", AttributeType::Reference),
                "referenced",
                "refers",
            ),
            (None, pointing, "referenced", "leave this empty"),
            (
                Some("nickName"),
                anchor,
                "anchor",
                "'id' is the primary key",
            ),
            (
                Some("title"),
                attribute("roles", AttributeType::String),
                "name",
                "'title' is mapped",
            ),
            (
                Some("absent"),
                attribute("roles", AttributeType::String),
                "name",
                "not in the list",
            ),
            (
                Some("id"),
                attribute("id", AttributeType::String),
                "name",
                "primary key cannot",
            ),
        ] {
            let error = non_gallery()
                .users
                .with_target_attribute(was, definition)
                .expect_err(part);
            assert!(error.to_string().contains(part), "{error}");
            assert_eq!(error.field(), field, "{error}");
        }
        for (name, part) in [
            ("id", "primary key"),
            ("userName", "is mapped"),
            ("absent", "not in the list"),
        ] {
            let error = non_gallery()
                .users
                .without_target_attribute(name)
                .expect_err(part);
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn standard_attributes_come_with_their_own_types() {
        let roles = AttributeDefinition {
            multi_valued: true,
            ..attribute("roles", AttributeType::String)
        };
        let primary = attribute("emails[type eq \"work\"].primary", AttributeType::Boolean);
        let mapping = non_gallery()
            .users
            .with_target_attribute(None, roles)
            .unwrap();
        assert!(mapping.with_target_attribute(None, primary).is_ok());
    }
}

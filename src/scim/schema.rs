//! Schemas as values: [`Schema`], [`Attribute`], [`ResourceType`]. RFC 7643 sections 2.2, 6 and 7.
//!
//! Everything the rest of the core knows about an attribute it reads from here, so a schema that
//! somebody defines later behaves like the built-in ones (which are tables in `schemas`). Names and
//! URNs are compared without regard to case; look-ups do not allocate, they are on the hot path.

use std::sync::Arc;

use serde_json::Value;

/// Data type of an attribute, RFC 7643 section 2.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// UTF-8 text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Decimal,
    /// A number without fraction or exponent.
    Integer,
    /// `xsd:dateTime` text, compared as a moment.
    DateTime,
    /// Base64 text, compared as bytes.
    Binary,
    /// A URI.
    Reference,
    /// An object with sub-attributes.
    Complex,
}

impl Kind {
    /// The word published in `/Schemas`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

/// Who may change an attribute, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutability {
    /// Only the provider.
    ReadOnly,
    /// The client, at any time.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client, who never gets it back.
    WriteOnly,
}

impl Mutability {
    /// The word published in `/Schemas`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When an attribute is part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returned {
    /// Whatever the client asks.
    Always,
    /// Unless the client asks otherwise.
    Default,
    /// Only when the client names it.
    Request,
    /// Never.
    Never,
}

impl Returned {
    /// The word published in `/Schemas`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Default => "default",
            Self::Request => "request",
            Self::Never => "never",
        }
    }
}

/// How far a value must be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// Within the provider (for us: within the team).
    Server,
    /// Everywhere.
    Global,
}

impl Uniqueness {
    /// The word published in `/Schemas`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}

/// A form of text that no data type of the standard stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// None in particular.
    #[default]
    Any,
    /// A user name: the refusals of RFC 8265 apply under `precisStrict`.
    UserName,
    /// A country code of ISO 3166-1 alpha-2, under `checkFormats`.
    Country,
    /// One certificate in DER, under `checkFormats`.
    Certificate,
}

/// What this provider does with an attribute beyond what a schema can publish.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handling {
    /// Value assigned on create when the client does not name the attribute. Null beats it.
    pub default: Option<Value>,
    /// PUT without the attribute leaves it alone (see `PutOmitted::KeepProtected`).
    pub kept_when_omitted: bool,
    /// What its text must be, beyond its data type.
    pub format: Format,
    /// Lives outside the stored object: a group's members are edges.
    pub stored_apart: bool,
    /// Values may have sub-attributes that are not among `sub_attributes` and are not shown: the endpoint
    /// knows only part of a complex attribute.
    pub partial: bool,
}

/// One attribute or sub-attribute with its characteristics.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Name in the schema's own case.
    pub name: String,
    /// Data type.
    pub kind: Kind,
    /// An array of values.
    pub multi_valued: bool,
    /// Must be assigned.
    pub required: bool,
    /// Text is compared with regard to case.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is returned.
    pub returned: Returned,
    /// How far it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted.
    pub canonical_values: Vec<String>,
    /// For references: resource type names, `external` or `uri`.
    pub reference_types: Vec<String>,
    /// For complex attributes; empty otherwise.
    pub sub_attributes: Attributes,
    /// For people.
    pub description: String,
    /// Not published.
    pub handling: Handling,
}

impl Attribute {
    /// The sub-attribute of this name, in any case.
    pub fn sub(&self, name: &str) -> Option<&Arc<Attribute>> {
        self.sub_attributes.get(name)
    }

    /// True for attributes only the provider sets.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }
}

/// A list of attributes with a quick look-up by name in any case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributes {
    /// Length and first letter of each name: a look-up scans one cache line before it compares text.
    tags: Vec<(u8, u8)>,
    list: Vec<Arc<Attribute>>,
}

impl Attributes {
    /// The attribute of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&Arc<Attribute>> {
        let tag = tag(name);
        self.tags
            .iter()
            .zip(&self.list)
            .find(|(t, a)| **t == tag && a.name.eq_ignore_ascii_case(name))
            .map(|(_, a)| a)
    }

    /// All of them, in the order of the schema.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<Attribute>> {
        self.list.iter()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

fn tag(name: &str) -> (u8, u8) {
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let first = name.bytes().next().unwrap_or(0).to_ascii_lowercase();
    (length, first)
}

impl FromIterator<Attribute> for Attributes {
    fn from_iter<I: IntoIterator<Item = Attribute>>(attributes: I) -> Self {
        let list: Vec<_> = attributes.into_iter().map(Arc::new).collect();
        Self {
            tags: list.iter().map(|a| tag(&a.name)).collect(),
            list,
        }
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = &'a Arc<Attribute>;
    type IntoIter = std::slice::Iter<'a, Arc<Attribute>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A schema: a URN and its attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The URN.
    pub id: Arc<str>,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Its attributes; common ones (`id`, `meta`, ...) are not among them.
    pub attributes: Attributes,
}

/// A schema that adds to a resource type.
#[derive(Debug, Clone, PartialEq)]
pub struct Extension {
    /// What it adds.
    pub schema: Schema,
    /// Every resource must have it.
    pub required: bool,
}

/// A kind of resource: where it lives and what it consists of. RFC 7643 section 6.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceType {
    /// `User`, `Group`; the value of `meta.resourceType`.
    pub name: String,
    /// `/Users`, relative to the base URL.
    pub endpoint: String,
    /// For people.
    pub description: String,
    /// The base schema.
    pub schema: Schema,
    /// Registered extensions.
    pub extensions: Vec<Extension>,
    /// `schemas`, `id`, `externalId`, `meta`: RFC 7643 section 3.1.
    pub common: Attributes,
}

impl ResourceType {
    /// The core or common attribute of this name, in any case.
    pub fn attribute(&self, name: &str) -> Option<&Arc<Attribute>> {
        self.schema
            .attributes
            .get(name)
            .or_else(|| self.common.get(name))
    }

    /// The extension with this URN, in any case.
    pub fn extension(&self, urn: &str) -> Option<&Extension> {
        self.extensions
            .iter()
            .find(|e| e.schema.id.eq_ignore_ascii_case(urn))
    }

    /// Splits `urn:...:attr.sub` behind the longest URN this resource type knows. `None` when the text
    /// begins with none of them. The rest is empty for a bare URN, else it begins with `:` or `.`.
    pub fn split_urn<'t>(&self, text: &'t str) -> Option<(&Schema, &'t str)> {
        std::iter::once(&self.schema)
            .chain(self.extensions.iter().map(|e| &e.schema))
            .filter_map(|schema| {
                let length = schema.id.len();
                let (head, rest) = text.split_at_checked(length)?;
                (head.eq_ignore_ascii_case(&schema.id)
                    && (rest.is_empty() || rest.starts_with([':', '.'])))
                .then_some((schema, rest))
            })
            .max_by_key(|(schema, _)| schema.id.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{schemas, urn};

    #[test]
    fn names_are_found_in_any_case() {
        let user = schemas::user();
        assert_eq!(user.attribute("USERNAME").unwrap().name, "userName");
        assert_eq!(user.attribute("Id").unwrap().name, "id");
        assert_eq!(
            user.attribute("emails").unwrap().sub("VALUE").unwrap().name,
            "value"
        );
        assert!(user.attribute("userNam").is_none());
        assert!(user.attribute("").is_none());
        assert!(
            user.extension(&urn::ENTERPRISE_USER.to_uppercase())
                .is_some()
        );
    }

    #[test]
    fn a_urn_is_split_by_the_longest_known_prefix() {
        let user = schemas::user();
        let text = format!("{}:manager.value", urn::ENTERPRISE_USER.to_uppercase());
        let (schema, rest) = user.split_urn(&text).unwrap();
        assert_eq!(&*schema.id, urn::ENTERPRISE_USER);
        assert_eq!(rest, ":manager.value");
        assert!(
            user.split_urn("urn:ietf:params:scim:schemas:core:2.0:Users:x")
                .is_none()
        );
        assert_eq!(user.split_urn(urn::USER).unwrap().1, "");
    }
}

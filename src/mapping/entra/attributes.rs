//! The source attributes an enterprise application can map from, with their types.
//!
//! The standard list of the service's source directory; directory extensions
//! (`extension_<appId>_<name>`) come on top and are not listed here. Names are matched without
//! regard to case everywhere.

use serde::{Deserialize, Serialize};

/// The kinds of objects that are provisioned to a SCIM application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObjectKind {
    /// A person.
    User,
    /// A group.
    Group,
}

impl ObjectKind {
    /// `User` or `Group`, the name in logs and schemas.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }
}

/// Type of an attribute in a directory definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AttributeType {
    /// Text.
    #[default]
    String,
    /// A whole number.
    Integer,
    /// Points to another object; exported after all objects exist.
    Reference,
    /// Bytes, in Base64.
    Binary,
    /// `True` or `False`.
    Boolean,
    /// A date with time.
    DateTime,
}

impl AttributeType {
    /// Every type, in the order of the service's enumeration.
    pub const ALL: [Self; 6] = [
        Self::String,
        Self::Integer,
        Self::Reference,
        Self::Binary,
        Self::Boolean,
        Self::DateTime,
    ];

    /// The service's spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Integer => "Integer",
            Self::Reference => "Reference",
            Self::Binary => "Binary",
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
        }
    }
}

/// One source attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceAttribute {
    /// Name, as it stands between brackets in an expression.
    pub name: &'static str,
    /// Type of each value.
    pub kind: AttributeType,
    /// Whether it can hold several values.
    pub multi_valued: bool,
    /// Whether the directory guarantees a value.
    pub required: bool,
}

const fn text(name: &'static str) -> SourceAttribute {
    SourceAttribute {
        name,
        kind: AttributeType::String,
        multi_valued: false,
        required: false,
    }
}

const fn required(name: &'static str) -> SourceAttribute {
    SourceAttribute {
        required: true,
        ..text(name)
    }
}

const fn many(name: &'static str) -> SourceAttribute {
    SourceAttribute {
        multi_valued: true,
        ..text(name)
    }
}

const fn typed(name: &'static str, kind: AttributeType) -> SourceAttribute {
    SourceAttribute { kind, ..text(name) }
}

const USER: &[SourceAttribute] = &[
    required("objectId"),
    SourceAttribute {
        required: true,
        ..typed("IsSoftDeleted", AttributeType::Boolean)
    },
    SourceAttribute {
        required: true,
        ..typed("accountEnabled", AttributeType::Boolean)
    },
    many("appRoleAssignments"),
    text("city"),
    text("companyName"),
    text("country"),
    text("department"),
    typed("dirSyncEnabled", AttributeType::Boolean),
    required("displayName"),
    typed("employeeHireDate", AttributeType::DateTime),
    text("employeeId"),
    text("employeeOrgData.costCenter"),
    text("employeeOrgData.division"),
    text("employeeType"),
    text("extensionAttribute1"),
    text("extensionAttribute2"),
    text("extensionAttribute3"),
    text("extensionAttribute4"),
    text("extensionAttribute5"),
    text("extensionAttribute6"),
    text("extensionAttribute7"),
    text("extensionAttribute8"),
    text("extensionAttribute9"),
    text("extensionAttribute10"),
    text("extensionAttribute11"),
    text("extensionAttribute12"),
    text("extensionAttribute13"),
    text("extensionAttribute14"),
    text("extensionAttribute15"),
    text("facsimileTelephoneNumber"),
    text("givenName"),
    text("jobTitle"),
    text("mail"),
    text("mailNickname"),
    typed("manager", AttributeType::Reference),
    text("mobile"),
    text("onPremisesDistinguishedName"),
    text("onPremisesDomainName"),
    text("onPremisesImmutableId"),
    text("onPremisesSecurityIdentifier"),
    text("onPremisesUserPrincipalName"),
    text("originalUserPrincipalName"),
    required("passwordProfile.password"),
    text("physicalDeliveryOfficeName"),
    text("postalCode"),
    required("preferredLanguage"),
    many("proxyAddresses"),
    text("state"),
    text("streetAddress"),
    required("surname"),
    text("telephoneNumber"),
    text("usageLocation"),
    required("userPrincipalName"),
];

const GROUP: &[SourceAttribute] = &[
    required("objectId"),
    SourceAttribute {
        required: true,
        ..typed("IsSoftDeleted", AttributeType::Boolean)
    },
    text("description"),
    required("displayName"),
    text("mail"),
    typed("mailEnabled", AttributeType::Boolean),
    text("mailNickname"),
    SourceAttribute {
        multi_valued: true,
        ..typed("members", AttributeType::Reference)
    },
    typed("securityEnabled", AttributeType::Boolean),
];

/// The standard source attributes of users or groups: the anchor and the computed ones first, the
/// rest by name.
pub const fn source_attributes(kind: ObjectKind) -> &'static [SourceAttribute] {
    match kind {
        ObjectKind::User => USER,
        ObjectKind::Group => GROUP,
    }
}

/// The definition of a standard attribute of either kind.
pub(super) fn standard(name: &str) -> Option<&'static SourceAttribute> {
    USER.iter()
        .chain(GROUP)
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

//! The attribute lists a job starts with: the source directory's, and those of a SCIM application.
//!
//! The target list is that of a non-gallery application: the attributes of its default mappings and
//! the rest of RFC 7643's user and group that fits "one value per type". The service does not publish
//! the list whole, so it is our choice beyond the mapped attributes.

use std::sync::LazyLock;

use super::attributes::{AttributeType, ObjectKind, source_attributes};
use super::definition::{AttributeDefinition, ReferencedObject};
use super::target::{CORE_GROUP, ENTERPRISE_USER};

/// Text attributes of a user: single ones, then elements by type.
const USER_TEXT: &[&str] = &[
    "displayName",
    "title",
    "preferredLanguage",
    "name.givenName",
    "name.familyName",
    "name.formatted",
    "name.honorificPrefix",
    "name.honorificSuffix",
    "name.middleName",
    "nickName",
    "userType",
    "locale",
    "timezone",
    "profileUrl",
    "emails[type eq \"work\"].value",
    "emails[type eq \"home\"].value",
    "emails[type eq \"other\"].value",
    "phoneNumbers[type eq \"work\"].value",
    "phoneNumbers[type eq \"mobile\"].value",
    "phoneNumbers[type eq \"fax\"].value",
    "phoneNumbers[type eq \"home\"].value",
    "phoneNumbers[type eq \"pager\"].value",
    "phoneNumbers[type eq \"other\"].value",
    "roles[primary eq \"True\"].value",
    "roles[primary eq \"True\"].display",
    "roles[primary eq \"True\"].type",
];

const ADDRESS_TYPES: &[&str] = &["work", "home", "other"];
const ADDRESS_PARTS: &[&str] = &[
    "formatted",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
];

const ENTERPRISE_TEXT: &[&str] = &[
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
];

static SOURCE_USER: LazyLock<Vec<AttributeDefinition>> = LazyLock::new(|| source(ObjectKind::User));
static SOURCE_GROUP: LazyLock<Vec<AttributeDefinition>> =
    LazyLock::new(|| source(ObjectKind::Group));
static TARGET_USER: LazyLock<Vec<AttributeDefinition>> = LazyLock::new(user);
static TARGET_GROUP: LazyLock<Vec<AttributeDefinition>> = LazyLock::new(group);

/// The attributes of the source directory's users or groups.
pub fn source_definitions(kind: ObjectKind) -> &'static [AttributeDefinition] {
    match kind {
        ObjectKind::User => &SOURCE_USER,
        ObjectKind::Group => &SOURCE_GROUP,
    }
}

/// The attributes of a SCIM application's users or groups.
pub fn target_definitions(kind: ObjectKind) -> &'static [AttributeDefinition] {
    match kind {
        ObjectKind::User => &TARGET_USER,
        ObjectKind::Group => &TARGET_GROUP,
    }
}

fn source(kind: ObjectKind) -> Vec<AttributeDefinition> {
    source_attributes(kind)
        .iter()
        .map(AttributeDefinition::from)
        .collect()
}

fn text(name: impl Into<String>) -> AttributeDefinition {
    AttributeDefinition::new(name, AttributeType::String)
}

fn anchor() -> AttributeDefinition {
    AttributeDefinition {
        anchor: true,
        required: true,
        case_exact: true,
        ..text("id")
    }
}

fn required(name: &str) -> AttributeDefinition {
    AttributeDefinition {
        required: true,
        ..text(name)
    }
}

fn reference(name: String, to: &str) -> AttributeDefinition {
    AttributeDefinition {
        referenced_objects: vec![ReferencedObject {
            object: to.to_owned(),
            property: None,
        }],
        ..AttributeDefinition::new(name, AttributeType::Reference)
    }
}

fn external_id() -> AttributeDefinition {
    AttributeDefinition {
        case_exact: true,
        ..text("externalId")
    }
}

fn user() -> Vec<AttributeDefinition> {
    let mut list = vec![
        anchor(),
        required("userName"),
        AttributeDefinition::new("active", AttributeType::Boolean),
    ];
    list.extend(USER_TEXT.iter().map(|name| text(*name)));
    for kind in ADDRESS_TYPES {
        list.extend(
            ADDRESS_PARTS
                .iter()
                .map(|part| text(format!("addresses[type eq \"{kind}\"].{part}"))),
        );
    }
    list.push(external_id());
    list.push(AttributeDefinition {
        mutability: super::definition::Mutability::WriteOnly,
        case_exact: true,
        ..text("password")
    });
    list.extend(
        ENTERPRISE_TEXT
            .iter()
            .map(|name| text(format!("{ENTERPRISE_USER}:{name}"))),
    );
    list.push(reference(
        format!("{ENTERPRISE_USER}:manager"),
        ENTERPRISE_USER,
    ));
    list
}

fn group() -> Vec<AttributeDefinition> {
    vec![
        anchor(),
        required("displayName"),
        external_id(),
        AttributeDefinition {
            multi_valued: true,
            referenced_objects: [ENTERPRISE_USER, CORE_GROUP]
                .into_iter()
                .map(|object| ReferencedObject {
                    object: object.to_owned(),
                    property: None,
                })
                .collect(),
            ..AttributeDefinition::new("members", AttributeType::Reference)
        },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::presets::non_gallery;
    use super::*;

    #[test]
    fn the_lists_have_every_attribute_of_the_default_mappings_once() {
        let rules = non_gallery();
        for mapping in [&rules.users, &rules.groups] {
            let list = target_definitions(mapping.source_type);
            let names: HashSet<String> = list.iter().map(|d| d.name.to_lowercase()).collect();
            assert_eq!(names.len(), list.len());
            for attribute in &mapping.attributes {
                assert!(
                    names.contains(&attribute.target.to_lowercase()),
                    "{}",
                    attribute.target
                );
            }
            assert_eq!(list.iter().filter(|d| d.anchor).count(), 1);
            assert_eq!(
                source_definitions(mapping.source_type)
                    .iter()
                    .filter(|d| d.anchor)
                    .count(),
                1
            );
        }
    }
}

//! The attribute mappings applications start with, as rows of data.

use super::attribute::{
    Actions, AttributeMapping, MappingSource, ObjectMapping, ObjectMappingFields,
    SynchronizationRules,
};
use super::attributes::ObjectKind;
use super::expression::Expression;
use super::target::TargetPath;

/// Expression (a bare attribute is a direct mapping), target, matching precedence.
type Row = (&'static str, &'static str, u32);

/// The mappings Postman's documentation asks for in "Configure SCIM with Microsoft Entra ID".
const POSTMAN_USER: &[Row] = &[
    ("[mail]", "userName", 1),
    ("[surname]", "name.familyName", 0),
    ("[givenName]", "name.givenName", 0),
    ("Not([IsSoftDeleted])", "active", 0),
];

const POSTMAN_GROUP: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[members]", "members", 0),
];

/// The default of a non-gallery SCIM application.
const NON_GALLERY_USER: &[Row] = &[
    ("[userPrincipalName]", "userName", 1),
    (
        r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
        "active",
        0,
    ),
    ("[displayName]", "displayName", 0),
    ("[jobTitle]", "title", 0),
    ("[mail]", r#"emails[type eq "work"].value"#, 0),
    ("[preferredLanguage]", "preferredLanguage", 0),
    ("[givenName]", "name.givenName", 0),
    ("[surname]", "name.familyName", 0),
    (r#"Join(" ", [givenName], [surname])"#, "name.formatted", 0),
    (
        "[physicalDeliveryOfficeName]",
        r#"addresses[type eq "work"].formatted"#,
        0,
    ),
    (
        "[streetAddress]",
        r#"addresses[type eq "work"].streetAddress"#,
        0,
    ),
    ("[city]", r#"addresses[type eq "work"].locality"#, 0),
    ("[state]", r#"addresses[type eq "work"].region"#, 0),
    ("[postalCode]", r#"addresses[type eq "work"].postalCode"#, 0),
    ("[country]", r#"addresses[type eq "work"].country"#, 0),
    (
        "[telephoneNumber]",
        r#"phoneNumbers[type eq "work"].value"#,
        0,
    ),
    ("[mobile]", r#"phoneNumbers[type eq "mobile"].value"#, 0),
    (
        "[facsimileTelephoneNumber]",
        r#"phoneNumbers[type eq "fax"].value"#,
        0,
    ),
    ("[mailNickname]", "externalId", 0),
    (
        "[employeeId]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        0,
    ),
    (
        "[department]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        0,
    ),
    (
        "[manager]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        0,
    ),
];

const NON_GALLERY_GROUP: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[objectId]", "externalId", 0),
    ("[members]", "members", 0),
];

/// The rules of Postman's own instructions: users by `mail`, groups by name.
pub fn postman() -> SynchronizationRules {
    rules(
        ("Synchronize Microsoft Entra users to Postman", POSTMAN_USER),
        (
            "Synchronize Microsoft Entra groups to Postman",
            POSTMAN_GROUP,
        ),
    )
}

/// The rules of an application created as "non-gallery": 22 user attributes, three of groups.
pub fn non_gallery() -> SynchronizationRules {
    rules(
        ("Provision Microsoft Entra ID Users", NON_GALLERY_USER),
        ("Provision Microsoft Entra ID Groups", NON_GALLERY_GROUP),
    )
}

fn rules(users: (&str, &[Row]), groups: (&str, &[Row])) -> SynchronizationRules {
    SynchronizationRules {
        users: object_mapping(ObjectKind::User, users),
        groups: object_mapping(ObjectKind::Group, groups),
    }
}

fn object_mapping(source_type: ObjectKind, (name, rows): (&str, &[Row])) -> ObjectMapping {
    ObjectMapping::new(ObjectMappingFields {
        name: name.to_owned(),
        source_type,
        enabled: true,
        actions: Actions::default(),
        attributes: rows.iter().map(attribute_mapping).collect(),
        scope: Vec::new(),
    })
    .expect("the rows above fit together, as a test shows")
}

fn attribute_mapping((source, target, matching_priority): &Row) -> AttributeMapping {
    let direct = source.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
    let source = match direct {
        Some(name) => MappingSource::Direct(name.to_owned()),
        None => MappingSource::Expression(
            Expression::parse(source).expect("the rows above are expressions, as a test shows"),
        ),
    };
    let target = TargetPath::parse(target).expect("the rows above are paths, as a test shows");
    AttributeMapping {
        matching_priority: *matching_priority,
        ..AttributeMapping::new(source, target)
    }
}

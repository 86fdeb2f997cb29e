//! The mappings of an application made with *Create your own application*: 22 user attributes, three
//! of groups. Follows Microsoft's "Develop and plan provisioning for a SCIM endpoint".

use super::{Preset, Row};

const USERS: &[Row] = &[
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

const GROUPS: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[objectId]", "externalId", 0),
    ("[members]", "members", 0),
];

/// *Create your own application*, then *Integrate any other application you don't find in the gallery*.
pub(super) const NON_GALLERY: Preset = Preset {
    id: "non-gallery",
    date: "2026-04-06",
    title: "Non-gallery application",
    directory: "customappsso",
    notes: &[
        "Users match by userPrincipalName, groups by displayName.",
        "A target that does not take all 22 attributes refuses or ignores the rest: delete the mappings it does not need.",
        "jobTitle, mail and most others are empty for many people; an empty value is not sent.",
    ],
    users: ("Provision Microsoft Entra ID Users", USERS),
    groups: ("Provision Microsoft Entra ID Groups", GROUPS),
};

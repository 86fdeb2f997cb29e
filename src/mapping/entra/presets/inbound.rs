//! The mappings of *API-driven provisioning to Microsoft Entra ID*: a SCIM user becomes a user of the directory.
//! Follows entra.md 8.4; the documentation names the attributes, the client of Microsoft's repository the rows.
//!
//! `employeeId` is written from `externalId` alone: the enterprise extension's `employeeNumber`, which Microsoft's list
//! maps there as well, cannot have a second mapping to the same attribute. `userType` is not mapped: Entra knows `Member`
//! and `Guest` only, and the `Employee` of the service's own sample is neither. `userPrincipalName` is what stands before the
//! `@` of `userName`, in the tenant's domain: people of another domain cannot be made, and the sample's `example.com` is
//! nobody's.

use super::{Preset, Row};

/// Identifier of the preset.
pub(super) const ID: &str = "api2aad-2024";

pub(super) static API2AAD: Preset = Preset {
    id: ID,
    date: "2025-03-04",
    title: "API-driven provisioning to Microsoft Entra ID",
    directory: "Microsoft Entra ID",
    notes: &[
        "Programs upload people in SCIM bulk requests, and they become users of this directory.",
        "Who uploads is an app registration with the permission SynchronizationData-User.Upload.",
    ],
    users: ("Provision API-driven users to Microsoft Entra ID", USERS),
    groups: ("Groups", GROUPS),
};

const USERS: &[Row] = &[
    ("[externalId]", "employeeId", 1),
    (
        r#"Append(Replace([userName], , "(?<Suffix>@(.)*)", "Suffix", "", , ), Join("", "@", DefaultDomain()))"#,
        "userPrincipalName",
        0,
    ),
    ("[displayName]", "displayName", 0),
    ("[name.givenName]", "givenName", 0),
    ("[name.familyName]", "surname", 0),
    ("[title]", "jobTitle", 0),
    ("[active]", "accountEnabled", 0),
    ("[preferredLanguage]", "preferredLanguage", 0),
    (r#"[emails[type eq "work"].value]"#, "mail", 0),
    (
        r#"[phoneNumbers[type eq "work"].value]"#,
        "telephoneNumber",
        0,
    ),
    (
        r#"[addresses[type eq "work"].streetAddress]"#,
        "streetAddress",
        0,
    ),
    (r#"[addresses[type eq "work"].locality]"#, "city", 0),
    (r#"[addresses[type eq "work"].region]"#, "state", 0),
    (r#"[addresses[type eq "work"].postalCode]"#, "postalCode", 0),
    (r#"[addresses[type eq "work"].country]"#, "country", 0),
    (
        "[urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department]",
        "department",
        0,
    ),
    (
        "[urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization]",
        "companyName",
        0,
    ),
    (
        "[urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager]",
        "manager",
        0,
    ),
];

/// Groups do not come this way; an object mapping must match by something.
const GROUPS: &[Row] = &[("[displayName]", "displayName", 1)];

/// Attributes of a SCIM user that the attribute list offers.
pub(super) const SOURCE: &[&str] = &[
    "externalId",
    "userName",
    "displayName",
    "name.formatted",
    "name.givenName",
    "name.familyName",
    "name.middleName",
    "name.honorificPrefix",
    "name.honorificSuffix",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    r#"emails[type eq "work"].value"#,
    r#"emails[type eq "home"].value"#,
    r#"phoneNumbers[type eq "work"].value"#,
    r#"phoneNumbers[type eq "mobile"].value"#,
    r#"phoneNumbers[type eq "fax"].value"#,
    r#"addresses[type eq "work"].formatted"#,
    r#"addresses[type eq "work"].streetAddress"#,
    r#"addresses[type eq "work"].locality"#,
    r#"addresses[type eq "work"].region"#,
    r#"addresses[type eq "work"].postalCode"#,
    r#"addresses[type eq "work"].country"#,
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
];

//! The mappings Postman's documentation asked for, by date, with what it said about them.
//!
//! Follows "Configure SCIM with Microsoft Entra ID" and its history, and Microsoft's tutorial
//! "Configure Postman for automatic user provisioning" of 2024-03-25.

use super::{Preset, Row};

const BY_NAME_AND_SWITCH: &[Row] = &[
    ("[userPrincipalName]", "userName", 1),
    ("[surname]", "name.familyName", 0),
    ("[givenName]", "name.givenName", 0),
    (
        r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
        "active",
        0,
    ),
];

const BY_NAME: &[Row] = &[
    ("[userPrincipalName]", "userName", 1),
    ("[surname]", "name.familyName", 0),
    ("[givenName]", "name.givenName", 0),
    ("Not([IsSoftDeleted])", "active", 0),
];

const BY_MAIL: &[Row] = &[
    ("[mail]", "userName", 1),
    ("[surname]", "name.familyName", 0),
    ("[givenName]", "name.givenName", 0),
    ("Not([IsSoftDeleted])", "active", 0),
];

const GROUPS: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[members]", "members", 0),
];

const DELETE_THE_REST: &str = "You must remove any existing attribute mappings that aren't on this list to avoid any conflicts or mismatches.";
const ASSIGNED_ONLY: &str = "Under Settings, set Scope to Sync only assigned users and groups.";

/// By `userPrincipalName`, `active` by a `Switch`.
pub(super) const POSTMAN_2022: Preset = Preset {
    id: "postman-2022",
    date: "2022-12-08",
    title: "Postman (December 2022)",
    directory: "Postman",
    notes: &[
        DELETE_THE_REST,
        "Group mappings are optional. For eight days, from 2022-11-30, the list also mapped objectId to externalId of groups.",
        "Switch has a documented fault in incremental cycles; since January 2024 the page uses Not([IsSoftDeleted]).",
        ASSIGNED_ONLY,
    ],
    users: (
        "Synchronize Azure Active Directory Users to Postman",
        BY_NAME_AND_SWITCH,
    ),
    groups: (
        "Synchronize Azure Active Directory Groups to Postman",
        GROUPS,
    ),
};

/// By `userPrincipalName`, `active` by `Not`.
pub(super) const POSTMAN_2024: Preset = Preset {
    id: "postman-2024",
    date: "2024-01-22",
    title: "Postman (January 2024)",
    directory: "Postman",
    notes: &[
        DELETE_THE_REST,
        "active is computed with Not([IsSoftDeleted]), as Microsoft recommends.",
        "These are also the attributes of Microsoft's tutorial of 2024-03-25: userName, active, name.givenName and name.familyName; displayName and members of groups.",
        ASSIGNED_ONLY,
    ],
    users: ("Synchronize Microsoft Entra users to Postman", BY_NAME),
    groups: ("Synchronize Microsoft Entra groups to Postman", GROUPS),
};

/// By `mail`, which the page calls `user.email`.
pub(super) const POSTMAN_2025: Preset = Preset {
    id: "postman-2025",
    date: "2025-05-30",
    title: "Postman (May 2025)",
    directory: "Postman",
    notes: &[
        "To avoid creating duplicate accounts, ensure that the SAML and SCIM values used for user.email match.",
        DELETE_THE_REST,
        "The page's user.email is the directory attribute mail. It is empty for cloud-only users without a mailbox, who are then skipped.",
        "Group mappings are optional.",
        ASSIGNED_ONLY,
    ],
    users: ("Synchronize Microsoft Entra users to Postman", BY_MAIL),
    groups: ("Synchronize Microsoft Entra groups to Postman", GROUPS),
};

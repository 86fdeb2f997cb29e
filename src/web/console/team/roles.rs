//! Roles: the table of all of them, and the form that gives them to a member or a group.

use askama::Template;

use super::super::Page;
use super::super::parts::{Link, Notice};

/// A role in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// What it is called.
    pub label: &'static str,
    /// What it is for, one sentence.
    pub purpose: &'static str,
    /// Who gives it, one sentence.
    pub given: &'static str,
    /// Whether new members have it.
    pub default: bool,
    /// How many members have it, linked to their list.
    pub members: Link,
    /// How many of them through groups alone; empty when none.
    pub through: String,
    /// How many groups have it, linked to their list.
    pub groups: Link,
}

/// A line of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRow {
    /// What it allows.
    pub label: &'static str,
    /// Whether each role gives it, in the order of the headings.
    pub given: Vec<bool>,
}

/// All roles with what they allow.
#[derive(Debug, Clone, Template)]
#[template(path = "team/roles.html")]
pub struct RolesPage {
    /// The frame.
    pub page: Page,
    /// How many people take no seat, and how many may.
    pub support: String,
    /// What to know about the Super Admin of this team, one sentence.
    pub super_admin: String,
    /// The roles, most powerful first.
    pub rows: Vec<RoleRow>,
    /// Headings of the matrix: the roles' labels.
    pub headings: Vec<&'static str>,
    /// The matrix.
    pub permissions: Vec<PermissionRow>,
}

/// A role that comes through groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// What it is called.
    pub role: &'static str,
    /// The first of those groups, linked.
    pub groups: Vec<Link>,
    /// How many more there are (`and 12 more`); empty when all are shown.
    pub more: String,
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChoice {
    /// Unique on the page.
    pub id: String,
    /// What the form sends as `role`.
    pub value: String,
    /// What it is called.
    pub label: &'static str,
    /// What it is for; empty where there is no room.
    pub purpose: &'static str,
    /// Whether it is ticked.
    pub checked: bool,
    /// Why it cannot be changed; empty when it can.
    pub blocked: String,
}

/// The roles of one member or one group, as boxes to tick.
#[derive(Debug, Clone, Template)]
#[template(path = "team/roles_form.html")]
pub struct RolesFormPage {
    /// The frame.
    pub page: Page,
    /// Whose roles they are and what else counts, one or two sentences.
    pub lead: String,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// What is wrong with the choice; empty when nothing is.
    pub wrong: String,
    /// The boxes.
    pub choices: Vec<RoleChoice>,
    /// The roles as the page shows them, so that nobody overwrites what somebody else saved meanwhile.
    pub was: String,
    /// What comes through groups.
    pub through: Vec<Through>,
    /// Address the form is posted to.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
pub(crate) fn through() -> Vec<Through> {
    vec![
        Through {
            role: "Admin",
            groups: vec![Link::new("Engineering", "/team/groups/1")],
            more: String::new(),
        },
        Through {
            role: "Developer",
            groups: vec![
                Link::new(super::super::samples::long_name(), "/team/groups/2"),
                Link::new("Platform", "/team/groups/3"),
            ],
            more: "and 27 more".to_owned(),
        },
    ]
}

#[cfg(test)]
pub(crate) fn choices(prefix: &str) -> Vec<RoleChoice> {
    crate::model::Role::ALL
        .iter()
        .map(|role| RoleChoice {
            id: format!("{prefix}-{}", role.slug()),
            value: format!("{prefix}:{}", role.slug()),
            label: role.label(),
            purpose: "Members and settings of the team.",
            checked: role.slug() == "user",
            blocked: if role.slug() == "super-admin" {
                "Only Super Admins can give this role.".to_owned()
            } else {
                String::new()
            },
        })
        .collect()
}

#[cfg(test)]
impl RolesPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::viewer;
        use crate::access::Permission;
        use crate::model::Role;
        let rows = Role::ALL.iter().map(|role| RoleRow {
            label: role.label(),
            purpose: "Members and settings of the team; no access to what the team works on.",
            given: "Given by Super Admins and Admins.",
            default: *role == Role::Developer,
            members: Link::new("1,204", "/team/members?role=admin"),
            through: "1,190 through groups".to_owned(),
            groups: Link::new("200", "/team/groups?role=admin"),
        });
        vec![(
            "all",
            Self {
                page: Page::new(super::super::Room::Roles, "Roles", &viewer()),
                support: "1 of 2 support users".to_owned(),
                super_admin: "Nobody is a Super Admin yet: any Admin can appoint the first one."
                    .to_owned(),
                rows: rows.collect(),
                headings: Role::ALL.iter().map(|role| role.label()).collect(),
                permissions: Permission::ALL
                    .iter()
                    .map(|permission| PermissionRow {
                        label: permission.label(),
                        given: Role::ALL
                            .iter()
                            .map(|role| permission.is_of(*role))
                            .collect(),
                    })
                    .collect(),
            },
        )]
    }
}

#[cfg(test)]
impl RolesFormPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::{long_name, viewer};
        let page = |name: &str| {
            Page::new(super::super::Room::Members, "Update Roles", &viewer())
                .under("Members", "/team/members")
                .under(name, "/team/members/1")
        };
        let first = Self {
            page: page("Ada Lovelace"),
            lead: "Roles that Ada Lovelace has besides those of her groups.".to_owned(),
            error: None,
            wrong: String::new(),
            choices: choices("role"),
            was: "user".to_owned(),
            through: through(),
            action: "/team/members/1/roles".to_owned(),
            cancel: "/team/members/1".to_owned(),
        };
        let refused = Self {
            page: page(&long_name()),
            error: Some(Notice::new(
                Tone::Bad,
                "The roles changed meanwhile.",
                "Look again.",
            )),
            wrong: "Choose at least one role. Developer is the default.".to_owned(),
            through: Vec::new(),
            ..first.clone()
        };
        vec![("first", first), ("refused", refused)]
    }
}

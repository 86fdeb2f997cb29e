//! Tenants of the mock Entra: the list, and one tenant with its directory extensions.

use askama::Template;

use super::super::Page;
use super::super::list::List;
use super::super::parts::{Fact, Link};

/// A row of the list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRow {
    /// Name, linked to the tenant.
    pub name: Link,
    /// Default domain.
    pub domain: String,
    /// Number of users, formatted.
    pub users: String,
    /// Number of groups, formatted.
    pub groups: String,
    /// Whether the pages of the mock Entra show this one.
    pub open: bool,
    /// Address a form is posted to, to make it the open tenant.
    pub open_at: String,
}

/// The list of tenants.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/tenants.html")]
pub struct TenantsPage {
    /// The frame.
    pub page: Page,
    /// Address of the form that creates a tenant.
    pub create: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<TenantRow>,
}

/// A directory extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionRow {
    /// Its whole name.
    pub name: String,
    /// `String`, `Integer`, `Boolean` or `DateTime`.
    pub data_type: &'static str,
    /// `User` or `Group`.
    pub target: &'static str,
    /// POST: takes the definition away.
    pub remove: String,
}

/// One tenant.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/tenant.html")]
pub struct TenantPage {
    /// The frame; its title is the tenant's name.
    pub page: Page,
    /// Whether the pages of the mock Entra show this one.
    pub open: bool,
    /// Address a form is posted to, to make it the open tenant.
    pub open_at: String,
    /// Address of the form that changes name and domain.
    pub edit: String,
    /// Tenant id, to copy.
    pub tenant_id: String,
    /// Default domain, to copy.
    pub domain: String,
    /// Created, users, groups, applications.
    pub facts: Vec<Fact>,
    /// Address of the form that defines an extension.
    pub define: String,
    /// Headings of the extensions.
    pub list: List,
    /// The extensions.
    pub rows: Vec<ExtensionRow>,
}

#[cfg(test)]
impl TenantsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::super::samples::{long_name, viewer};
        let url = ListUrl::new("/entra/tenants");
        let mut viewer = viewer();
        viewer.other_tenants = vec![
            Link::new("Fabrikam", "/entra/tenants/2/open"),
            Link::new(long_name(), "/entra/tenants/3/open"),
        ];
        let row = |name: &str, open| TenantRow {
            name: Link::new(name, "/entra/tenants/1"),
            domain: "contoso.example".to_owned(),
            users: "12,480".to_owned(),
            groups: "14".to_owned(),
            open,
            open_at: "/entra/tenants/1/open".to_owned(),
        };
        let many = Self {
            page: Page::new(super::super::Room::Tenants, "Tenants", &viewer),
            create: "/entra/tenants/new".to_owned(),
            list: List {
                caption: "Tenants".to_owned(),
                filter: Some(Filter::new(&url, "Search by name or domain")),
                columns: vec![
                    Column::new("Name"),
                    Column::wide("Default domain"),
                    Column::number("Users"),
                    Column::number("Groups"),
                    Column::new(""),
                ],
                pager: Pager::new(3, 1, 25, ("tenant", "tenants"), &url),
                empty: Empty::new("No tenant", "Create one.", Link::plain("")),
            },
            rows: vec![
                row("Contoso", true),
                row("Fabrikam", false),
                row(&long_name(), false),
            ],
        };
        let empty = Self {
            rows: Vec::new(),
            ..many.clone()
        };
        vec![("many", many), ("empty", empty)]
    }
}

#[cfg(test)]
impl TenantPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::list::{Column, Empty, ListUrl, Pager};
        use super::super::samples::viewer;
        let url = ListUrl::new("/entra/tenants/1");
        let defined = Self {
            page: Page::new(super::super::Room::Tenants, "Contoso", &viewer())
                .under("Tenants", "/entra/tenants"),
            open: false,
            open_at: "/entra/tenants/1/open".to_owned(),
            edit: "/entra/tenants/1/edit".to_owned(),
            tenant_id: "7928d5b5-7442-4a97-ae2d-66f9b9972ec0".to_owned(),
            domain: "contoso.example".to_owned(),
            facts: vec![
                Fact::text("Created", "2026-05-04 03:00:54 UTC"),
                Fact::text("Users", "12,480"),
            ],
            define: "/entra/tenants/1/extensions/new".to_owned(),
            list: List {
                caption: "Directory extensions".to_owned(),
                filter: None,
                columns: vec![
                    Column::new("Name"),
                    Column::wide("Type"),
                    Column::wide("For"),
                    Column::new(""),
                ],
                pager: Pager::new(1, 1, 100, ("extension", "extensions"), &url),
                empty: Empty::new("No directory extensions", "Define one.", Link::plain("")),
            },
            rows: vec![ExtensionRow {
                name: "extension_0123456789abcdef0123456789abcdef_costCenter".to_owned(),
                data_type: "String",
                target: "User",
                remove: "/entra/tenants/1/extensions/x/remove".to_owned(),
            }],
        };
        let empty = Self {
            open: true,
            rows: Vec::new(),
            ..defined.clone()
        };
        vec![("defined", defined), ("empty", empty)]
    }
}

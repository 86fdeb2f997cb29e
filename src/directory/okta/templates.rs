//! The templates that app integrations are made from, as data (parts 2.1, 2.6 and 6 of the Okta reference).

use crate::mapping::okta::APP_ATTRIBUTES;
use crate::model::okta::{
    AppAttribute, AttributeMapping, AttributeScope, AttributeType, Flavour, PushStatus,
};

/// How requests of a template's apps can be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// A bearer token: *API Token*.
    Bearer,
    /// The whole `Authorization` header: *Header Auth*.
    Header,
    /// What the wizard offers: *HTTP Header*, which is a bearer token, or *Basic Auth*.
    Wizard,
}

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an ability of its own, there or not"
)]
pub struct Template {
    /// Key, and `name` of the first app made from it.
    pub key: &'static str,
    /// Name in the catalogue; the label unless another one is given.
    pub label: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// Which verbs its apps use.
    pub flavour: Flavour,
    /// Whether *Push Groups* is there.
    pub group_push: bool,
    /// Whether *Sync Password* is there.
    pub password_sync: bool,
    /// Whether *To Okta* and *Import* are there.
    pub imports: bool,
    /// How requests are signed.
    pub signing: Signing,
    /// Whether *Unique identifier field for users* and the supported actions can be chosen.
    pub chooses_actions: bool,
    /// Attributes of the standard SCIM template that its apps have; all when empty.
    attributes: &'static [&'static str],
}

/// Every template, in the order of the catalogue page.
pub const TEMPLATES: &[Template] = &[
    Template {
        key: "postman",
        label: "Postman",
        description: "Postman as it is in the Okta Integration Network: users only, no group push.",
        flavour: Flavour::OinPatch,
        group_push: false,
        password_sync: false,
        imports: false,
        signing: Signing::Bearer,
        chooses_actions: false,
        attributes: &[
            "givenName",
            "familyName",
            "email",
            "emailType",
            "displayName",
        ],
    },
    Template {
        key: "scim2headerauth",
        label: "SCIM 2.0 Test App (Header Auth)",
        description: "Okta's test app of the catalogue: users and groups, PATCH where catalogue apps use it.",
        flavour: Flavour::OinPatch,
        group_push: true,
        password_sync: true,
        imports: true,
        signing: Signing::Header,
        chooses_actions: false,
        attributes: &[],
    },
    Template {
        key: "aiw",
        label: "App Integration Wizard (SCIM)",
        description: "An app of your own with SCIM provisioning: GET and PUT throughout.",
        flavour: Flavour::Aiw,
        group_push: true,
        password_sync: true,
        imports: true,
        signing: Signing::Wizard,
        chooses_actions: true,
        attributes: &[],
    },
];

/// The template with a key.
pub fn find(key: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.key == key)
}

impl Template {
    /// The attributes a new app has, with their default mappings.
    pub fn attributes(&self) -> Vec<AppAttribute> {
        standard()
            .filter(|one| {
                self.attributes.is_empty() || self.attributes.contains(&one.name.as_str())
            })
            .collect()
    }
}

/// The user name is no part of the profile: *Application username format* decides it.
fn standard() -> impl Iterator<Item = AppAttribute> {
    APP_ATTRIBUTES.iter().filter_map(|base| {
        let expression = base.to_app?;
        Some(AppAttribute {
            name: base.name.to_owned(),
            title: base.title.to_owned(),
            external_name: base.external_name.to_owned(),
            external_namespace: base.namespace.to_owned(),
            data_type: AttributeType::String,
            required: base.required,
            scope: AttributeScope::None,
            union: false,
            custom: false,
            values: Vec::new(),
            min_length: None,
            max_length: None,
            mapping: Some(AttributeMapping {
                expression: expression.to_owned(),
                push: PushStatus::Push,
            }),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 6: Postman supports users alone, by PATCH, and its Import Groups is off.
    #[test]
    fn the_postman_app_has_no_group_push() {
        let postman = find("postman").unwrap();
        assert!(!postman.group_push && !postman.password_sync);
        assert_eq!(postman.flavour, Flavour::OinPatch);
        let names: Vec<String> = postman.attributes().into_iter().map(|a| a.name).collect();
        assert_eq!(names, postman.attributes);
        assert!(find("scim2headerauth").unwrap().group_push);
        assert_eq!(find("aiw").unwrap().flavour, Flavour::Aiw);
        assert_eq!(find("aiw").unwrap().attributes().len(), 31);
        assert_eq!(find("nothing"), None);
    }
}

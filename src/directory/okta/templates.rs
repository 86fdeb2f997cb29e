//! The templates that app integrations are made from, as data (parts 2.1, 2.6 and 6 of the Okta reference).

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

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const WORK_EMAIL: &str = "(user.email != null && user.email != '') ? 'work' : ''";
const WORK_PHONE: &str = "(user.primaryPhone != null && user.primaryPhone != '') ? 'work' : ''";
const WORK_ADDRESS: &str = "(user.streetAddress != null && user.streetAddress != '') ? 'work' : ''";

/// Variable name, title, namespace, external name and default mapping of the attributes of the SCIM 2.0 template.
const STANDARD: &[(&str, &str, &str, &str, &str)] = &[
    (
        "givenName",
        "Given name",
        CORE,
        "name.givenName",
        "user.firstName",
    ),
    (
        "familyName",
        "Family name",
        CORE,
        "name.familyName",
        "user.lastName",
    ),
    (
        "middleName",
        "Middle name",
        CORE,
        "name.middleName",
        "user.middleName",
    ),
    (
        "honorificPrefix",
        "Honorific prefix",
        CORE,
        "name.honorificPrefix",
        "user.honorificPrefix",
    ),
    (
        "honorificSuffix",
        "Honorific suffix",
        CORE,
        "name.honorificSuffix",
        "user.honorificSuffix",
    ),
    (
        "email",
        "Email",
        CORE,
        "emails.^[primary==true].value",
        "user.email",
    ),
    (
        "emailType",
        "Email type",
        CORE,
        "emails.^[primary==true].type",
        WORK_EMAIL,
    ),
    ("title", "Title", CORE, "title", "user.title"),
    (
        "displayName",
        "Display name",
        CORE,
        "displayName",
        "user.displayName",
    ),
    ("nickName", "Nickname", CORE, "nickName", "user.nickName"),
    (
        "profileUrl",
        "Profile Url",
        CORE,
        "profileUrl",
        "user.profileUrl",
    ),
    (
        "primaryPhone",
        "Primary phone",
        CORE,
        "phoneNumbers.^[primary==true].value",
        "user.primaryPhone",
    ),
    (
        "primaryPhoneType",
        "Primary phone type",
        CORE,
        "phoneNumbers.^[primary==true].type",
        WORK_PHONE,
    ),
    (
        "addressType",
        "Address type",
        CORE,
        "addresses.^[primary==true].type",
        WORK_ADDRESS,
    ),
    (
        "streetAddress",
        "Street address",
        CORE,
        "addresses.^[primary==true].streetAddress",
        "user.streetAddress",
    ),
    (
        "locality",
        "Locality",
        CORE,
        "addresses.^[primary==true].locality",
        "user.city",
    ),
    (
        "region",
        "Region",
        CORE,
        "addresses.^[primary==true].region",
        "user.state",
    ),
    (
        "postalCode",
        "Postal code",
        CORE,
        "addresses.^[primary==true].postalCode",
        "user.zipCode",
    ),
    (
        "country",
        "Country",
        CORE,
        "addresses.^[primary==true].country",
        "user.countryCode",
    ),
    (
        "formatted",
        "Formatted",
        CORE,
        "addresses.^[primary==true].formatted",
        "user.postalAddress",
    ),
    (
        "preferredLanguage",
        "Preferred language",
        CORE,
        "preferredLanguage",
        "user.preferredLanguage",
    ),
    ("locale", "Locale", CORE, "locale", "user.locale"),
    ("timezone", "Time zone", CORE, "timezone", "user.timezone"),
    ("userType", "User type", CORE, "userType", "user.userType"),
    (
        "employeeNumber",
        "Employee number",
        ENTERPRISE,
        "employeeNumber",
        "user.employeeNumber",
    ),
    (
        "costCenter",
        "Cost center",
        ENTERPRISE,
        "costCenter",
        "user.costCenter",
    ),
    (
        "organization",
        "Organization",
        ENTERPRISE,
        "organization",
        "user.organization",
    ),
    (
        "division",
        "Division",
        ENTERPRISE,
        "division",
        "user.division",
    ),
    (
        "department",
        "Department",
        ENTERPRISE,
        "department",
        "user.department",
    ),
    (
        "managerValue",
        "Manager value",
        ENTERPRISE,
        "manager.value",
        "user.managerId",
    ),
    (
        "managerDisplayName",
        "Manager display name",
        ENTERPRISE,
        "manager.displayName",
        "user.manager",
    ),
];

fn standard() -> impl Iterator<Item = AppAttribute> {
    STANDARD.iter().map(
        |(name, title, namespace, external, expression)| AppAttribute {
            name: (*name).to_owned(),
            title: (*title).to_owned(),
            external_name: (*external).to_owned(),
            external_namespace: (*namespace).to_owned(),
            data_type: AttributeType::String,
            required: false,
            scope: AttributeScope::None,
            custom: false,
            values: Vec::new(),
            mapping: Some(AttributeMapping {
                expression: (*expression).to_owned(),
                push: PushStatus::Push,
            }),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::okta::Expression;

    /// 2.6: "Base attributes of the SCIM 2.0 template with their default Okta to app expressions".
    #[test]
    fn every_default_mapping_is_an_expression_over_the_base_profile() {
        assert_eq!(STANDARD.len(), 31);
        for attribute in standard() {
            let mapping = attribute.mapping.unwrap();
            let expression: Expression = mapping.expression.parse().unwrap();
            for reference in expression.references() {
                let name = reference.attribute.unwrap_or_default();
                let known = super::super::profile::BASE
                    .iter()
                    .any(|base| base.name == name);
                assert!(reference.root == "user" && known, "{}", mapping.expression);
            }
        }
    }

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

//! What a new app integration of the SCIM 2.0 template begins with: the base attributes of the app user,
//! where each stands in the resource, and the default mappings in both directions; and Okta's base user
//! profile.

use super::AttributeType;
use super::external_name::{CORE, ENTERPRISE, ExternalName};

/// A base attribute of the app user profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppAttribute {
    /// Variable name: `appuser.givenName`.
    pub name: &'static str,
    /// Display name.
    pub title: &'static str,
    /// Where it stands in the resource, in the language of [`ExternalName`].
    pub external_name: &'static str,
    /// URN of its schema.
    pub namespace: &'static str,
    /// Data type.
    pub kind: AttributeType,
    /// Whether it cannot be removed and has to have a value.
    pub required: bool,
    /// Default mapping from Okta to the app; none for the user name, which the sign-on settings decide.
    pub to_app: Option<&'static str>,
    /// The Okta attribute that the default mapping from the app to Okta writes with
    /// [`AppAttribute::to_okta_expression`].
    pub to_okta: Option<&'static str>,
}

impl AppAttribute {
    /// The default mapping from the app to Okta: `appuser.givenName`.
    pub fn to_okta_expression(&self) -> String {
        format!("appuser.{}", self.name)
    }

    /// Where it stands in the resource.
    pub fn place(&self) -> Option<ExternalName> {
        ExternalName::parse(self.external_name, self.namespace)
            .ok()
            .flatten()
    }
}

const fn core(
    name: &'static str,
    title: &'static str,
    external_name: &'static str,
    to_app: &'static str,
    to_okta: &'static str,
) -> AppAttribute {
    AppAttribute {
        name,
        title,
        external_name,
        namespace: CORE,
        kind: AttributeType::String,
        required: false,
        to_app: Some(to_app),
        to_okta: Some(to_okta),
    }
}

/// A kind of something that is `work` where there is something; nothing is mapped back.
const fn kind_of(
    name: &'static str,
    title: &'static str,
    external_name: &'static str,
    to_app: &'static str,
) -> AppAttribute {
    AppAttribute {
        to_okta: None,
        ..core(name, title, external_name, to_app, "")
    }
}

const fn enterprise(
    name: &'static str,
    title: &'static str,
    external_name: &'static str,
    to_app: &'static str,
    to_okta: &'static str,
) -> AppAttribute {
    AppAttribute {
        namespace: ENTERPRISE,
        ..core(name, title, external_name, to_app, to_okta)
    }
}

/// The base attributes of the SCIM 2.0 template.
pub const APP_ATTRIBUTES: [AppAttribute; 32] = [
    AppAttribute {
        required: true,
        to_app: None,
        to_okta: None,
        ..core("userName", "Username", "userName", "", "")
    },
    core(
        "givenName",
        "Given name",
        "name.givenName",
        "user.firstName",
        "firstName",
    ),
    core(
        "familyName",
        "Family name",
        "name.familyName",
        "user.lastName",
        "lastName",
    ),
    core(
        "middleName",
        "Middle name",
        "name.middleName",
        "user.middleName",
        "middleName",
    ),
    core(
        "honorificPrefix",
        "Honorific prefix",
        "name.honorificPrefix",
        "user.honorificPrefix",
        "honorificPrefix",
    ),
    core(
        "honorificSuffix",
        "Honorific suffix",
        "name.honorificSuffix",
        "user.honorificSuffix",
        "honorificSuffix",
    ),
    core(
        "email",
        "Primary email",
        "emails.^[primary==true].value",
        "user.email",
        "email",
    ),
    kind_of(
        "emailType",
        "Primary email type",
        "emails.^[primary==true].type",
        "(user.email != null && user.email != '') ? 'work' : ''",
    ),
    core("title", "Title", "title", "user.title", "title"),
    core(
        "displayName",
        "Display name",
        "displayName",
        "user.displayName",
        "displayName",
    ),
    core(
        "nickName",
        "Nickname",
        "nickName",
        "user.nickName",
        "nickName",
    ),
    core(
        "profileUrl",
        "Profile Url",
        "profileUrl",
        "user.profileUrl",
        "profileUrl",
    ),
    core(
        "primaryPhone",
        "Primary phone",
        "phoneNumbers.^[primary==true].value",
        "user.primaryPhone",
        "primaryPhone",
    ),
    kind_of(
        "primaryPhoneType",
        "Primary phone type",
        "phoneNumbers.^[primary==true].type",
        "(user.primaryPhone != null && user.primaryPhone != '') ? 'work' : ''",
    ),
    kind_of(
        "addressType",
        "Address type",
        "addresses.^[primary==true].type",
        "(user.streetAddress != null && user.streetAddress != '') ? 'work' : ''",
    ),
    core(
        "streetAddress",
        "Street address",
        "addresses.^[primary==true].streetAddress",
        "user.streetAddress",
        "streetAddress",
    ),
    core(
        "locality",
        "Locality",
        "addresses.^[primary==true].locality",
        "user.city",
        "city",
    ),
    core(
        "region",
        "Region",
        "addresses.^[primary==true].region",
        "user.state",
        "state",
    ),
    core(
        "postalCode",
        "Postal Code",
        "addresses.^[primary==true].postalCode",
        "user.zipCode",
        "zipCode",
    ),
    core(
        "country",
        "Country",
        "addresses.^[primary==true].country",
        "user.countryCode",
        "countryCode",
    ),
    core(
        "formatted",
        "Formatted",
        "addresses.^[primary==true].formatted",
        "user.postalAddress",
        "postalAddress",
    ),
    core(
        "preferredLanguage",
        "Preferred language",
        "preferredLanguage",
        "user.preferredLanguage",
        "preferredLanguage",
    ),
    core("locale", "Locale Name", "locale", "user.locale", "locale"),
    core(
        "timezone",
        "Time zone",
        "timezone",
        "user.timezone",
        "timezone",
    ),
    core(
        "userType",
        "User type",
        "userType",
        "user.userType",
        "userType",
    ),
    enterprise(
        "employeeNumber",
        "Employee number",
        "employeeNumber",
        "user.employeeNumber",
        "employeeNumber",
    ),
    enterprise(
        "costCenter",
        "Cost center",
        "costCenter",
        "user.costCenter",
        "costCenter",
    ),
    enterprise(
        "organization",
        "Organization",
        "organization",
        "user.organization",
        "organization",
    ),
    enterprise(
        "division",
        "Division",
        "division",
        "user.division",
        "division",
    ),
    enterprise(
        "department",
        "Department",
        "department",
        "user.department",
        "department",
    ),
    enterprise(
        "managerValue",
        "Manager value",
        "manager.value",
        "user.managerId",
        "managerId",
    ),
    enterprise(
        "managerDisplayName",
        "Manager display name",
        "manager.displayName",
        "user.manager",
        "manager",
    ),
];

/// An attribute of Okta's base user profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserAttribute {
    /// Variable name: `user.firstName`.
    pub name: &'static str,
    /// Display name.
    pub title: &'static str,
    /// Most characters; none where nothing is documented.
    pub max_length: Option<usize>,
    /// Whether every user has to have a value.
    pub required: bool,
    /// Data type as the Profile Editor calls it; every one holds text.
    pub kind: &'static str,
}

const fn user(name: &'static str, title: &'static str) -> UserAttribute {
    UserAttribute {
        name,
        title,
        max_length: None,
        required: false,
        kind: "string",
    }
}

const fn at_most(max_length: usize, attribute: UserAttribute) -> UserAttribute {
    UserAttribute {
        max_length: Some(max_length),
        ..attribute
    }
}

const fn required(attribute: UserAttribute) -> UserAttribute {
    UserAttribute {
        required: true,
        ..attribute
    }
}

const fn of_kind(kind: &'static str, attribute: UserAttribute) -> UserAttribute {
    UserAttribute { kind, ..attribute }
}

/// Okta's base user profile, in the order of the Profile Editor.
pub const USER_ATTRIBUTES: [UserAttribute; 31] = [
    required(at_most(100, user("login", "Username"))),
    required(at_most(100, user("email", "Primary email"))),
    at_most(100, user("secondEmail", "Secondary email")),
    required(at_most(50, user("firstName", "First name"))),
    required(at_most(50, user("lastName", "Last name"))),
    user("middleName", "Middle name"),
    user("honorificPrefix", "Honorific prefix"),
    user("honorificSuffix", "Honorific suffix"),
    user("title", "Title"),
    user("displayName", "Display name"),
    user("nickName", "Nickname"),
    user("profileUrl", "Profile Url"),
    at_most(100, user("primaryPhone", "Primary phone")),
    at_most(100, user("mobilePhone", "Mobile phone")),
    at_most(1024, user("streetAddress", "Street address")),
    at_most(128, user("city", "City")),
    at_most(128, user("state", "State")),
    at_most(50, user("zipCode", "Zip code")),
    at_most(
        2,
        of_kind("country code", user("countryCode", "Country code")),
    ),
    at_most(4096, user("postalAddress", "Postal Address")),
    of_kind(
        "language code",
        user("preferredLanguage", "Preferred language"),
    ),
    of_kind("locale", user("locale", "Locale")),
    of_kind("timezone", user("timezone", "Time zone")),
    user("userType", "User type"),
    user("employeeNumber", "Employee number"),
    user("costCenter", "Cost center"),
    user("organization", "Organization"),
    user("division", "Division"),
    user("department", "Department"),
    user("managerId", "ManagerId"),
    user("manager", "Manager"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::mapping::okta::{Context, EmptyValues, Expression, render};

    #[test]
    fn the_base_attributes_are_those_of_the_template() {
        let names: BTreeSet<&str> = APP_ATTRIBUTES.iter().map(|a| a.name).collect();
        assert_eq!(names.len(), APP_ATTRIBUTES.len());
        for attribute in &APP_ATTRIBUTES {
            let name = attribute.name;
            let place = attribute.place().unwrap_or_else(|| panic!("{name}"));
            assert_eq!(place.to_string(), attribute.external_name, "{name}");
            assert_eq!(
                place.extension().is_some(),
                attribute.namespace == ENTERPRISE
            );
            if let Some(expression) = attribute.to_app {
                let expression = Expression::parse(expression).unwrap();
                for reference in expression.references() {
                    let known = USER_ATTRIBUTES
                        .iter()
                        .any(|user| reference.attribute == Some(user.name));
                    assert!(reference.root == "user" && known, "{name}: {expression}");
                }
            }
        }
        let without: Vec<&str> = APP_ATTRIBUTES
            .iter()
            .filter(|a| a.to_app.is_none())
            .map(|a| a.name)
            .collect();
        assert_eq!(without, ["userName"]);
    }

    #[test]
    fn the_default_mappings_back_are_the_mirror_image() {
        for attribute in &APP_ATTRIBUTES {
            let Some(okta) = attribute.to_okta else {
                assert!(
                    ["userName", "emailType", "primaryPhoneType", "addressType"]
                        .contains(&attribute.name)
                );
                continue;
            };
            assert_eq!(attribute.to_app, Some(format!("user.{okta}").as_str()));
            assert!(Expression::parse(&attribute.to_okta_expression()).is_ok());
        }
        let okta: BTreeSet<&str> = APP_ATTRIBUTES.iter().filter_map(|a| a.to_okta).collect();
        assert_eq!(okta.len(), 28, "each Okta attribute is written once");
    }

    #[test]
    fn a_user_of_the_template_is_rendered_by_the_default_mappings() {
        let given = json!({"user": {
            "firstName": "Test", "lastName": "User", "email": "t@okta.local", "displayName": "Test User",
            "locale": "en-US", "primaryPhone": "", "department": "Sales", "managerId": "7", "title": null,
        }});
        let context = Context::from_json(given.as_object().unwrap(), 0).unwrap();
        let mapped: Vec<_> = APP_ATTRIBUTES
            .iter()
            .filter_map(|attribute| {
                let expression = Expression::parse(attribute.to_app?).unwrap();
                let value = expression.evaluate(&context).unwrap().into_owned();
                Some((attribute.place()?, attribute.kind.accept(value).unwrap()))
            })
            .collect();
        assert_eq!(
            serde_json::Value::Object(render(&mapped, EmptyValues::Omitted)),
            json!({
                "schemas": [CORE, ENTERPRISE],
                "name": {"givenName": "Test", "familyName": "User"},
                "emails": [{"primary": true, "value": "t@okta.local", "type": "work"}],
                "displayName": "Test User",
                "locale": "en-US",
                ENTERPRISE: {"department": "Sales", "manager": {"value": "7"}},
            })
        );
    }

    #[test]
    fn the_base_user_profile_has_its_31_attributes_and_their_lengths() {
        let names: BTreeSet<&str> = USER_ATTRIBUTES.iter().map(|a| a.name).collect();
        assert_eq!(names.len(), 31);
        let limited: Vec<(&str, usize)> = USER_ATTRIBUTES
            .iter()
            .filter_map(|a| Some((a.name, a.max_length?)))
            .collect();
        assert_eq!(
            limited,
            [
                ("login", 100),
                ("email", 100),
                ("secondEmail", 100),
                ("firstName", 50),
                ("lastName", 50),
                ("primaryPhone", 100),
                ("mobilePhone", 100),
                ("streetAddress", 1024),
                ("city", 128),
                ("state", 128),
                ("zipCode", 50),
                ("countryCode", 2),
                ("postalAddress", 4096),
            ]
        );
    }
}

//! Users and groups as Microsoft Graph shows them: one table of names, and objects as JSON.
//!
//! The provisioning service calls some attributes otherwise than Graph does (`physicalDeliveryOfficeName` is
//! `officeLocation`, `mobile` is `mobilePhone`); the table says which is which, for imports, exports and whatever speaks
//! Graph. Follows the `user` and `group` resource types.

mod read;

use std::borrow::Cow;

pub use read::{
    Property, expected, flag, guest, is_not_kept, property, reference, text, texts, user_type,
};
use serde_json::{Map, Value, json};

use super::attributes::is_extension;
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind};

/// How an attribute is written in Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text, as in the directory.
    Text,
    /// `true` or `false`.
    Flag,
    /// An array of texts.
    List,
    /// An array of texts of which the directory keeps the first.
    First,
    /// A text within another property.
    Within(&'static str),
}

/// An attribute by both of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphName {
    /// Name in Graph.
    pub graph: &'static str,
    /// Name in the directory, that of the provisioning service.
    pub attribute: &'static str,
    /// How it is written in Graph.
    pub shape: Shape,
}

const fn same(name: &'static str) -> GraphName {
    renamed(name, name)
}

const fn renamed(graph: &'static str, attribute: &'static str) -> GraphName {
    GraphName {
        graph,
        attribute,
        shape: Shape::Text,
    }
}

const fn shaped(graph: &'static str, attribute: &'static str, shape: Shape) -> GraphName {
    GraphName {
        graph,
        attribute,
        shape,
    }
}

const fn of_exchange(name: &'static str) -> GraphName {
    shaped(name, name, Shape::Within(EXTENSION_ATTRIBUTES))
}

/// Property that holds `extensionAttribute1` to `15`.
pub const EXTENSION_ATTRIBUTES: &str = "onPremisesExtensionAttributes";
/// Property that holds cost center and division.
pub const ORGANIZATION: &str = "employeeOrgData";

const USER: &[GraphName] = &[
    same("userPrincipalName"),
    same("displayName"),
    same("givenName"),
    same("surname"),
    same("mail"),
    same("mailNickname"),
    same("jobTitle"),
    same("department"),
    same("companyName"),
    same("employeeId"),
    same("employeeType"),
    same("employeeHireDate"),
    shaped(
        "costCenter",
        "employeeOrgData.costCenter",
        Shape::Within(ORGANIZATION),
    ),
    shaped(
        "division",
        "employeeOrgData.division",
        Shape::Within(ORGANIZATION),
    ),
    renamed("officeLocation", "physicalDeliveryOfficeName"),
    shaped("businessPhones", "telephoneNumber", Shape::First),
    renamed("mobilePhone", "mobile"),
    renamed("faxNumber", "facsimileTelephoneNumber"),
    same("streetAddress"),
    same("city"),
    same("state"),
    same("postalCode"),
    same("country"),
    same("usageLocation"),
    same("preferredLanguage"),
    shaped("otherMails", "otherMails", Shape::List),
    shaped("proxyAddresses", "proxyAddresses", Shape::List),
    shaped("onPremisesSyncEnabled", "dirSyncEnabled", Shape::Flag),
    same("onPremisesDistinguishedName"),
    same("onPremisesDomainName"),
    same("onPremisesImmutableId"),
    same("onPremisesSecurityIdentifier"),
    same("onPremisesUserPrincipalName"),
    of_exchange("extensionAttribute1"),
    of_exchange("extensionAttribute2"),
    of_exchange("extensionAttribute3"),
    of_exchange("extensionAttribute4"),
    of_exchange("extensionAttribute5"),
    of_exchange("extensionAttribute6"),
    of_exchange("extensionAttribute7"),
    of_exchange("extensionAttribute8"),
    of_exchange("extensionAttribute9"),
    of_exchange("extensionAttribute10"),
    of_exchange("extensionAttribute11"),
    of_exchange("extensionAttribute12"),
    of_exchange("extensionAttribute13"),
    of_exchange("extensionAttribute14"),
    of_exchange("extensionAttribute15"),
];

const GROUP: &[GraphName] = &[
    same("displayName"),
    same("description"),
    same("mail"),
    same("mailNickname"),
    shaped("mailEnabled", "mailEnabled", Shape::Flag),
    shaped("securityEnabled", "securityEnabled", Shape::Flag),
];

/// Every stored attribute of users or groups, in the order in which they are shown.
pub const fn names(kind: ObjectKind) -> &'static [GraphName] {
    match kind {
        ObjectKind::User => USER,
        ObjectKind::Group => GROUP,
    }
}

/// What Graph and the portal have and this directory does not keep; whether it is a list.
const NOT_KEPT: &[(&str, bool)] = &[
    ("ageGroup", false),
    ("alternateEmailAddress", false),
    ("assignedLabels", true),
    ("assignedLicenses", true),
    ("assignedPlans", true),
    ("authenticationAlternativePhoneNumber", false),
    ("authenticationEmail", false),
    ("authenticationPhoneNumber", false),
    ("classification", false),
    ("consentProvidedForMinor", false),
    ("createdDateTime", false),
    ("creationOptions", true),
    ("creationType", false),
    ("deletedDateTime", false),
    ("employeeLeaveDateTime", false),
    ("expirationDateTime", false),
    ("externalUserState", false),
    ("externalUserStateChangeDateTime", false),
    ("identities", true),
    ("imAddresses", true),
    ("invitationState", false),
    ("isAssignableToRole", false),
    ("isManagementRestricted", false),
    ("isResourceAccount", false),
    ("lastPasswordChangeDateTime", false),
    ("legalAgeGroupClassification", false),
    ("membershipRuleProcessingState", false),
    ("onPremisesLastSyncDateTime", false),
    ("onPremisesNetBiosName", false),
    ("onPremisesProvisioningErrors", true),
    ("onPremisesSamAccountName", false),
    ("passwordPolicies", false),
    ("passwordProfile", false),
    ("preferredDataLocation", false),
    ("provisionedPlans", true),
    ("refreshTokensValidFromDateTime", false),
    ("renewedDateTime", false),
    ("resourceBehaviorOptions", true),
    ("resourceProvisioningOptions", true),
    ("securityIdentifier", false),
    ("serviceProvisioningErrors", true),
    ("showInAddressList", false),
    ("signInActivity", false),
    ("signInSessionsValidFromDateTime", false),
    ("source", false),
    ("theme", false),
    ("uniqueName", false),
    ("visibility", false),
];

/// What [`user`] and [`group`] write besides attributes.
const fn besides(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::User => &["id", "accountEnabled", "userType", "createdDateTime"],
        ObjectKind::Group => &[
            "id",
            "groupTypes",
            "membershipRule",
            "membershipRuleProcessingState",
            "createdDateTime",
        ],
    }
}

/// The name of a property, in its own spelling; a path with a slash is one within another. Names are matched without
/// regard to case.
pub fn property_name(kind: ObjectKind, path: &str) -> Option<Cow<'static, str>> {
    let same = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    if let Some((outer, inner)) = path.split_once('/') {
        return names(kind).iter().find_map(|name| match name.shape {
            Shape::Within(known) if same(known, outer) && same(name.graph, inner) => {
                Some(format!("{known}/{}", name.graph).into())
            }
            _ => None,
        });
    }
    let own = names(kind).iter().map(|name| match name.shape {
        Shape::Within(outer) => outer,
        _ => name.graph,
    });
    own.chain(besides(kind).iter().copied())
        .chain(NOT_KEPT.iter().map(|(name, _)| *name))
        .find(|name| same(name, path))
        .map(Cow::Borrowed)
        .or_else(|| is_extension(path).then(|| path.to_owned().into()))
}

/// What stands for a property that nothing is kept of: null, or an empty list.
pub fn nothing(name: &str) -> Value {
    let list = NOT_KEPT.iter().any(|(known, list)| *known == name && *list);
    if list { json!([]) } else { Value::Null }
}

/// Puts an attribute where Graph has it. An attribute without a value is null, or an empty array.
fn put(object: &mut Map<String, Value>, name: &GraphName, value: Option<&Value>) {
    let text = value.and_then(Value::as_str);
    let (place, value) = match name.shape {
        Shape::Text => (object, text.into()),
        Shape::Flag => (object, text.map(|text| text == "True").into()),
        Shape::List => (object, value.cloned().unwrap_or_else(|| json!([]))),
        Shape::First => (object, text.map_or_else(|| json!([]), |text| json!([text]))),
        Shape::Within(outer) => {
            let outer = object.entry(outer).or_insert_with(|| json!({}));
            match outer {
                Value::Object(inner) => (inner, text.into()),
                _ => return,
            }
        }
    };
    place.insert(name.graph.to_owned(), value);
}

fn put_extensions<'a>(
    object: &mut Map<String, Value>,
    attributes: impl Iterator<Item = (&'a String, &'a Value)>,
) {
    for (name, value) in attributes.filter(|(name, _)| is_extension(name)) {
        object.insert(name.clone(), value.clone());
    }
}

/// A user with every property that the directory keeps. `manager` is the manager's object id.
pub fn user(user: &DirectoryUser, manager: Option<String>) -> Value {
    let mut object = Map::new();
    object.insert("id".into(), user.id.to_string().into());
    for name in USER {
        match name.attribute {
            "userPrincipalName" => {
                let value = user.user_principal_name.as_str().into();
                put(&mut object, name, Some(&value));
            }
            attribute => put(&mut object, name, user.attributes.get(attribute)),
        }
    }
    object.insert("accountEnabled".into(), user.account_enabled.into());
    let kind = if user.guest { "Guest" } else { "Member" };
    object.insert("userType".into(), kind.into());
    object.insert("createdDateTime".into(), user.created.to_string().into());
    if let Some(manager) = manager {
        object.insert("manager".into(), json!({ "id": manager }));
    }
    put_extensions(&mut object, user.attributes.iter());
    Value::Object(object)
}

/// A group with every property that the directory keeps. `members` are object ids with `true` for users.
pub fn group(group: &DirectoryGroup, members: &[(String, bool)]) -> Value {
    let mut object = Map::new();
    object.insert("id".into(), group.id.to_string().into());
    for name in GROUP {
        let own = match name.attribute {
            "displayName" => Some(Value::from(group.display_name.as_str())),
            "securityEnabled" if group.security_enabled => Some("True".into()),
            "securityEnabled" => Some("False".into()),
            "mailEnabled" => {
                let stored = group.attributes.get("mailEnabled").cloned();
                Some(stored.unwrap_or_else(|| "False".into()))
            }
            attribute => group.attributes.get(attribute).cloned(),
        };
        put(&mut object, name, own.as_ref());
    }
    let dynamic = group.dynamic.as_ref();
    let types = dynamic.map_or_else(|| json!([]), |_| json!(["DynamicMembership"]));
    object.insert("groupTypes".into(), types);
    let rule = dynamic.map(|dynamic| dynamic.rule.as_str());
    object.insert("membershipRule".into(), rule.into());
    let state = dynamic.map(|_| "On");
    object.insert("membershipRuleProcessingState".into(), state.into());
    object.insert("createdDateTime".into(), group.created.to_string().into());
    put_extensions(&mut object, group.attributes.iter());
    let members = members.iter().map(|(id, is_user)| {
        let kind = if *is_user { "user" } else { "group" };
        json!({ "@odata.type": format!("#microsoft.graph.{kind}"), "id": id })
    });
    object.insert("members".into(), members.collect());
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::AttributeChange;
    use crate::mapping::entra::{ObjectKind as SourceKind, source_attributes};

    #[test]
    fn entra_3_7_every_attribute_that_can_be_set_has_a_name_in_graph() {
        for (kind, source) in [
            (ObjectKind::User, SourceKind::User),
            (ObjectKind::Group, SourceKind::Group),
        ] {
            for attribute in source_attributes(source) {
                let can_be_set = AttributeChange::check_name(kind, attribute.name).is_ok();
                let named = names(kind).iter().any(|n| n.attribute == attribute.name);
                assert_eq!(named, can_be_set, "{}", attribute.name);
            }
        }
    }
}

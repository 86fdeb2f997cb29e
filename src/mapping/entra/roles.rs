//! App roles as values of `roles` in the target: what one looks like in a create request and in the
//! older PATCH, and whether a target has it already.
//!
//! A mapping of `AppRoleAssignmentsComplex` or `AssertiveAppRoleAssignmentsComplex` gives assignments as
//! the directory has them (`id`, `value`, `displayName`), not as the functions write them. Follows
//! "Provisioning a role to a SCIM app" in Microsoft's "Customize user provisioning attribute-mappings".

use serde_json::{Map, Value as Json, json};

use super::attribute::{AttributeMapping, MappingSource};
use super::expression::Node;
use super::source::Source;
use crate::mapping::Value;

/// Value of `type` in a role that an app role assignment makes.
pub(super) const APP_ROLE_TYPE: &str = "WindowsAzureActiveDirectoryRole";

/// How a list of app roles is kept up to date in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleFlow {
    /// `AppRoleAssignmentsComplex`: what is missing is added; what is gone in the source stays.
    Additive,
    /// `AssertiveAppRoleAssignmentsComplex`: the whole list is replaced, so removals work.
    Assertive,
}

impl AttributeMapping {
    /// Whether the mapping gives a list of app roles, and how it is kept up to date.
    pub fn role_flow(&self) -> Option<RoleFlow> {
        let MappingSource::Expression(expression) = &self.source else {
            return None;
        };
        let Node::Call(call) = expression.root() else {
            return None;
        };
        match call.function().name {
            "AppRoleAssignmentsComplex" => Some(RoleFlow::Additive),
            "AssertiveAppRoleAssignmentsComplex" => Some(RoleFlow::Assertive),
            _ => None,
        }
    }
}

impl AttributeMapping {
    /// The assignments behind a list of app roles, with the ids that a PATCH of the default dialect carries and the
    /// value of the function no longer has. `None` when the function reads anything but an attribute.
    pub(super) fn role_assignments(&self, source: &Source) -> Option<Value> {
        self.role_flow()?;
        let attributes = self.source.attributes();
        let [attribute] = attributes[..] else {
            return None;
        };
        let value = source.get(attribute);
        Role::all(value).map(|_| value.clone())
    }
}

/// An assigned app role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    assignment: Map<String, Json>,
    name: String,
}

impl Role {
    /// The roles in a mapped value; `None` when it is anything else.
    pub fn all(value: &Value) -> Option<Vec<Self>> {
        let elements = value.elements();
        (!elements.is_empty())
            .then(|| elements.iter().map(Self::of).collect())
            .flatten()
    }

    fn of(value: &Value) -> Option<Self> {
        let Value::Object(assignment) = value else {
            return None;
        };
        let name = ["displayName", "display", "value"]
            .iter()
            .find_map(|member| assignment.get(*member).and_then(Json::as_str))?;
        Some(Self {
            name: name.to_owned(),
            assignment: assignment.clone(),
        })
    }

    /// As in a create request, and in every PATCH of the newer dialect.
    pub fn to_element(&self) -> Json {
        json!({ "primary": false, "type": APP_ROLE_TYPE, "display": self.name, "value": self.name })
    }

    /// As in a PATCH of the default dialect: the assignment as JSON text inside `value`.
    pub fn to_text_element(&self) -> Json {
        json!({ "value": Json::Object(self.assignment.clone()).to_string() })
    }

    /// As it was mapped.
    pub fn to_value(&self) -> Value {
        Value::Object(self.assignment.clone())
    }

    /// Whether a current value of the target has this role, in either form.
    pub fn is_in(&self, current: Option<&Value>) -> bool {
        current
            .map(Value::elements)
            .unwrap_or_default()
            .iter()
            .any(|element| self.is(element))
    }

    fn is(&self, element: &Value) -> bool {
        match element {
            Value::Text(text) => self.is_named(text),
            Value::Object(members) => ["display", "displayName", "value"]
                .iter()
                .filter_map(|name| members.get(*name).and_then(Json::as_str))
                .any(|text| self.is_named(text)),
            Value::Null | Value::List(_) => false,
        }
    }

    fn is_named(&self, text: &str) -> bool {
        text == self.name
            || serde_json::from_str::<Map<String, Json>>(text).is_ok_and(|inner| {
                Self::of(&Value::Object(inner)).is_some_and(|r| r.name == self.name)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::entra::Expression;

    fn value(json: Json) -> Value {
        Value::from_json(json)
    }

    #[test]
    fn a_role_has_the_documented_forms() {
        let assigned = value(json!([{ "id": "06b0", "value": "25", "displayName": "Role1234" }]));
        let roles = Role::all(&assigned).unwrap();
        assert_eq!(
            roles[0].to_element(),
            json!({ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Role1234", "value": "Role1234" })
        );
        assert_eq!(
            roles[0].to_text_element(),
            json!({ "value": r#"{"id":"06b0","value":"25","displayName":"Role1234"}"# })
        );
    }

    #[test]
    fn what_is_no_list_of_roles_is_none() {
        for other in [
            json!(null),
            json!([]),
            json!("Admin"),
            json!([{ "id": "1" }]),
            json!(["a", {}]),
        ] {
            assert_eq!(Role::all(&value(other.clone())), None, "{other}");
        }
    }

    #[test]
    fn a_role_is_found_in_either_form() {
        let assigned = value(json!([{ "id": "1", "value": "25", "displayName": "Admin" }]));
        let role = &Role::all(&assigned).unwrap()[0];
        for (current, there) in [
            (json!([role.to_element()]), true),
            (json!([role.to_text_element()]), true),
            (json!([{ "value": "Admin" }]), true),
            (json!(["Admin"]), true),
            (json!([{ "value": "25" }]), false),
            (json!([{ "value": "User", "display": "User" }]), false),
            (json!([]), false),
        ] {
            assert_eq!(
                role.is_in(Some(&value(current.clone()))),
                there,
                "{current}"
            );
        }
        assert!(!role.is_in(None));
    }

    #[test]
    fn only_the_two_functions_make_a_list_of_roles() {
        for (text, flow) in [
            ("SingleAppRoleAssignment([appRoleAssignments])", None),
            ("ToUpper([mail])", None),
            (
                "AppRoleAssignmentsComplex([appRoleAssignments])",
                Some(RoleFlow::Additive),
            ),
            (
                "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])",
                Some(RoleFlow::Assertive),
            ),
        ] {
            let expression = Expression::parse(text).unwrap();
            let target = "roles".parse().unwrap();
            let mapping = AttributeMapping::new(MappingSource::Expression(expression), target);
            assert_eq!(mapping.role_flow(), flow, "{text}");
        }
    }
}

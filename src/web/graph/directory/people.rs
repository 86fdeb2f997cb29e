//! What the body of a user or group says.

use serde_json::{Map, Value};

use super::super::failure::GraphFailure;
use super::references;
use super::refused::{invalid, refused, required};
use crate::directory::AttributeChange;
use crate::directory::graph::{self, EXTENSION_ATTRIBUTES, ORGANIZATION, Property, Shape};
use crate::directory::import::Reference;
use crate::model::ObjectKind;

/// References that one request may add.
const BOUND: usize = 20;

/// What is given by the directory and never set.
const READ_ONLY: [&str; 5] = [
    "id",
    "createdDateTime",
    "deletedDateTime",
    "onPremisesProvisioningErrors",
    "securityIdentifier",
];

/// What becomes of the rule of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Rule {
    /// Nothing is said of it.
    #[default]
    Kept,
    /// It has none: members are added by hand.
    None,
    /// This one.
    New(String),
}

/// A body as far as it was understood.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Plain attributes.
    pub(super) changes: Vec<AttributeChange>,
    /// `accountEnabled`.
    pub(super) account_enabled: Option<bool>,
    /// `userType`.
    pub(super) guest: Option<bool>,
    /// Whether there is a password.
    pub(super) password: bool,
    /// `manager@odata.bind`.
    pub(super) manager: Option<Reference>,
    /// `members@odata.bind`.
    pub(super) members: Vec<Reference>,
    /// `groupTypes`: whether it is dynamic.
    pub(super) dynamic: Option<bool>,
    /// `membershipRule`.
    pub(super) rule: Rule,
}

impl Said {
    /// Reads a body.
    ///
    /// # Errors
    /// The first property that there is not or that cannot have its value.
    pub(super) fn of(kind: ObjectKind, body: &Map<String, Value>) -> Result<Self, GraphFailure> {
        let mut said = Self::default();
        for (name, value) in body {
            said.property(kind, name, value)?;
        }
        Ok(said)
    }

    fn property(
        &mut self,
        kind: ObjectKind,
        name: &str,
        value: &Value,
    ) -> Result<(), GraphFailure> {
        let wrong = |_| invalid(name, kind);
        match (name, kind) {
            ("manager@odata.bind", ObjectKind::User) => {
                self.manager = Some(references::reference(value)?);
                return Ok(());
            }
            ("members@odata.bind", ObjectKind::Group) => return self.members(value),
            _ => {}
        }
        if name.starts_with('@') || name.contains("@odata.") {
            return Ok(());
        }
        let Some(name) = graph::property_name(kind, name) else {
            let name = name.chars().take(200).collect::<String>();
            return Err(refused(format!("Invalid property '{name}'.")));
        };
        if READ_ONLY.contains(&&*name) {
            return Err(refused(format!(
                "Property '{name}' is read-only and cannot be set."
            )));
        }
        match (&*name, kind) {
            ("accountEnabled", _) => {
                let flag = graph::flag(value).map_err(wrong)?;
                self.account_enabled = Some(flag.ok_or_else(|| invalid("accountEnabled", kind))?);
            }
            ("userType", _) => self.guest = graph::guest(value).map_err(wrong)?,
            ("passwordProfile", _) => self.password = password(value)?,
            ("groupTypes", _) => self.types(value)?,
            ("membershipRule", _) => {
                let rule = graph::text(value).map_err(wrong)?;
                self.rule = rule.map_or(Rule::None, |rule| Rule::New(rule.to_owned()));
            }
            ("membershipRuleProcessingState", _) => match value.as_str() {
                Some("On") => {}
                _ if value.is_null() => {}
                _ => return Err(invalid(&name, kind)),
            },
            // Graph keeps one number, too.
            ("businessPhones", _) if value.as_array().is_some_and(|all| all.len() > 1) => {
                return Err(invalid(&name, kind));
            }
            (EXTENSION_ATTRIBUTES | ORGANIZATION, _) => self.inner(kind, &name, value)?,
            _ => self.plain(kind, None, &name, value)?,
        }
        Ok(())
    }

    fn plain(
        &mut self,
        kind: ObjectKind,
        within: Option<&str>,
        name: &str,
        value: &Value,
    ) -> Result<(), GraphFailure> {
        match graph::property(kind, within, name, value) {
            Ok(Property::Attribute(change)) => self.changes.push(change),
            // What a directory without mailboxes and licences has no use for is taken and not kept.
            Ok(Property::NotKept | Property::Annotation) => {}
            Ok(Property::Unknown) => return Err(refused(format!("Invalid property '{name}'."))),
            Err(_) => return Err(invalid(name, kind)),
        }
        Ok(())
    }

    /// Properties within another one; null takes all of them away.
    fn inner(&mut self, kind: ObjectKind, outer: &str, value: &Value) -> Result<(), GraphFailure> {
        match value {
            Value::Null => {
                let all = graph::names(kind).iter();
                for name in all.filter(|name| name.shape == Shape::Within(outer_of(outer))) {
                    self.plain(kind, Some(outer), name.graph, &Value::Null)?;
                }
                Ok(())
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.plain(kind, Some(outer), name, value)?;
                }
                Ok(())
            }
            _ => Err(invalid(outer, kind)),
        }
    }

    fn members(&mut self, value: &Value) -> Result<(), GraphFailure> {
        let Value::Array(all) = value else {
            return Err(invalid("members", ObjectKind::Group));
        };
        if all.len() > BOUND {
            return Err(refused(format!(
                "A request adds at most {BOUND} references to 'members'; {} were given.",
                all.len()
            )));
        }
        for one in all {
            self.members.push(references::reference(one)?);
        }
        Ok(())
    }

    fn types(&mut self, value: &Value) -> Result<(), GraphFailure> {
        let kind = ObjectKind::Group;
        let types = graph::texts(value).map_err(|_| invalid("groupTypes", kind))?;
        // Groups with a mailbox are none of this directory.
        if types.iter().any(|known| known != "DynamicMembership") {
            return Err(invalid("groupTypes", kind));
        }
        self.dynamic = Some(!types.is_empty());
        Ok(())
    }

    /// Whether an attribute is given.
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.changes
            .iter()
            .any(|change| change.name() == attribute && change.value().is_some())
    }

    /// Makes sure that these attributes are given.
    ///
    /// # Errors
    /// The first that is not.
    pub(super) fn require(&self, kind: ObjectKind, names: &[&str]) -> Result<(), GraphFailure> {
        match names.iter().find(|name| !self.has(name)) {
            Some(name) => Err(required(name, kind)),
            None => Ok(()),
        }
    }

    /// What becomes of the rule of a group that has one, or has none.
    ///
    /// # Errors
    /// When types and rule do not fit each other.
    pub(super) fn new_rule(&self, has_one: bool) -> Result<Rule, GraphFailure> {
        let dynamic = self.dynamic.unwrap_or(has_one);
        match (dynamic, &self.rule) {
            (true, Rule::New(rule)) => Ok(Rule::New(rule.clone())),
            (true, Rule::Kept) if has_one => Ok(Rule::Kept),
            (true, _) => Err(required("membershipRule", ObjectKind::Group)),
            (false, Rule::New(_)) => Err(invalid("membershipRule", ObjectKind::Group)),
            (false, _) if has_one => Ok(Rule::None),
            (false, _) => Ok(Rule::Kept),
        }
    }
}

fn outer_of(name: &str) -> &'static str {
    if name == ORGANIZATION {
        ORGANIZATION
    } else {
        EXTENSION_ATTRIBUTES
    }
}

/// A password is never kept: this directory signs nobody in.
fn password(profile: &Value) -> Result<bool, GraphFailure> {
    match profile {
        Value::Null => Ok(false),
        Value::Object(members) => match members.get("password") {
            None | Some(Value::Null) => Ok(false),
            Some(Value::String(password)) if !password.is_empty() => Ok(true),
            Some(_) => Err(invalid("passwordProfile", ObjectKind::User)),
        },
        _ => Err(invalid("passwordProfile", ObjectKind::User)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(kind: ObjectKind, body: &Value) -> Result<Said, String> {
        Said::of(kind, body.as_object().unwrap()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_body_is_read_by_the_names_of_graph() {
        let said = said(
            ObjectKind::User,
            &json!({
                "@odata.type": "#microsoft.graph.user",
                "displayName": "Ann", "mobilePhone": "1", "businessPhones": ["2"],
                "otherMails": ["a@b.example"], "officeLocation": null, "accountEnabled": false,
                "userType": "Guest", "passwordPolicies": "None",
                "passwordProfile": { "password": "x", "forceChangePasswordNextSignIn": true },
                "onPremisesExtensionAttributes": { "extensionAttribute1": "x" },
                "employeeOrgData": { "costCenter": "7" },
            }),
        )
        .unwrap();
        let names: Vec<_> = said.changes.iter().map(AttributeChange::name).collect();
        assert_eq!(
            names,
            [
                "displayName",
                "mobile",
                "telephoneNumber",
                "otherMails",
                "physicalDeliveryOfficeName",
                "extensionAttribute1",
                "employeeOrgData.costCenter"
            ]
        );
        assert_eq!(
            (said.account_enabled, said.guest),
            (Some(false), Some(true))
        );
        assert!(said.password && said.has("mobile") && !said.has("physicalDeliveryOfficeName"));
    }

    #[test]
    fn null_takes_all_that_is_within_away() {
        let said = said(
            ObjectKind::User,
            &json!({ "onPremisesExtensionAttributes": null }),
        );
        assert_eq!(said.unwrap().changes.len(), 15);
    }

    #[test]
    fn what_cannot_be_is_refused_by_the_name_of_its_property() {
        let many = json!({ "members@odata.bind": vec!["x"; 21] });
        for (kind, body, why) in [
            (
                ObjectKind::User,
                json!({ "mobile": "1" }),
                "Invalid property 'mobile'.",
            ),
            (ObjectKind::User, json!({ "x": 1 }), "Invalid property 'x'."),
            (
                ObjectKind::User,
                json!({ "id": "x" }),
                "Property 'id' is read-only",
            ),
            (
                ObjectKind::User,
                json!({ "accountEnabled": "yes" }),
                "property 'accountEnabled' of resource 'User'",
            ),
            (
                ObjectKind::User,
                json!({ "accountEnabled": null }),
                "'accountEnabled'",
            ),
            (
                ObjectKind::User,
                json!({ "mail": 7 }),
                "'mail' of resource 'User'",
            ),
            (
                ObjectKind::User,
                json!({ "usageLocation": "DEU" }),
                "'usageLocation'",
            ),
            (
                ObjectKind::User,
                json!({ "businessPhones": ["1", "2"] }),
                "'businessPhones'",
            ),
            (
                ObjectKind::User,
                json!({ "userType": "Boss" }),
                "'userType'",
            ),
            (
                ObjectKind::User,
                json!({ "displayName": null }),
                "'displayName'",
            ),
            (
                ObjectKind::User,
                json!({ "passwordProfile": "x" }),
                "'passwordProfile'",
            ),
            (
                ObjectKind::User,
                json!({ "onPremisesExtensionAttributes": [] }),
                "'onPremisesExtensionAttributes'",
            ),
            (
                ObjectKind::Group,
                json!({ "accountEnabled": true }),
                "'accountEnabled'",
            ),
            (
                ObjectKind::Group,
                json!({ "groupTypes": ["Unified"] }),
                "'groupTypes'",
            ),
            (
                ObjectKind::Group,
                json!({ "members@odata.bind": "x" }),
                "'members'",
            ),
            (
                ObjectKind::Group,
                json!({ "members@odata.bind": [7] }),
                "object identifier",
            ),
            (ObjectKind::Group, many, "at most 20"),
        ] {
            let found = said(kind, &body).unwrap_err();
            assert!(found.contains(why), "{body}: {found}");
        }
    }

    #[test]
    fn rule_and_types_of_a_group_fit_each_other() {
        let rule = |body: Value, has_one| {
            let said = said(ObjectKind::Group, &body).unwrap();
            said.new_rule(has_one)
                .map_err(|failure| failure.to_string())
        };
        let dynamic = json!({ "groupTypes": ["DynamicMembership"], "membershipRule": "r" });
        assert_eq!(rule(dynamic, false), Ok(Rule::New("r".into())));
        assert_eq!(rule(json!({}), true), Ok(Rule::Kept));
        assert_eq!(rule(json!({}), false), Ok(Rule::Kept));
        assert_eq!(rule(json!({ "groupTypes": [] }), true), Ok(Rule::None));
        assert_eq!(
            rule(json!({ "membershipRule": "r" }), true),
            Ok(Rule::New("r".into()))
        );
        assert!(rule(json!({ "membershipRule": "r" }), false).is_err());
        assert!(rule(json!({ "groupTypes": ["DynamicMembership"] }), false).is_err());
        assert!(rule(json!({ "membershipRule": null }), true).is_err());
    }
}

//! Users and groups.

use serde_json::{Map, Value, json};

use super::Shapes;
use crate::clock::Timestamp;
use crate::directory::okta::orgs::Creator;
use crate::id::{OktaKind, Seq};
use crate::model::okta::{
    CredentialProvider, GroupRule, GroupType, OktaGroup, OktaUser, Profile, RuleStatus,
    UserStatus::{
        self, Active, Deprovisioned, LockedOut, PasswordExpired, Provisioned, Recovery, Staged,
        Suspended,
    },
};
use crate::web::okta::call::moment;

/// Members of a profile that are shown as null when they are not set.
const SHOWN_EMPTY: &[&str] = &[
    "firstName",
    "lastName",
    "mobilePhone",
    "secondEmail",
    "login",
    "email",
];

/// Operations that somebody who stands there can be given, with their addresses.
const OPERATIONS: &[(&str, &str, &[UserStatus])] = &[
    ("activate", "activate", &[Staged, Deprovisioned]),
    ("reactivate", "reactivate", &[Provisioned, Recovery]),
    ("suspend", "suspend", &[Active]),
    ("unsuspend", "unsuspend", &[Suspended]),
    ("unlock", "unlock", &[LockedOut]),
    ("resetPassword", "reset_password", &[Active]),
    ("expirePassword", "expire_password", &[Active]),
    (
        "deactivate",
        "deactivate",
        &[
            Staged,
            Provisioned,
            Active,
            Recovery,
            PasswordExpired,
            LockedOut,
            Suspended,
        ],
    ),
];

impl Shapes {
    /// A user; with every link when it is asked for alone.
    pub(in crate::web::okta) fn user(&self, user: &OktaUser, alone: bool) -> Value {
        let id = self.id(OktaKind::User, user.seq);
        let mut links = Map::new();
        links.insert("self".into(), self.href(&format!("users/{id}")));
        if alone {
            for (name, path, from) in OPERATIONS {
                if from.contains(&user.status) {
                    let action = self.action(&format!("users/{id}/lifecycle/{path}"));
                    links.insert((*name).to_owned(), action);
                }
            }
            if user.status == Deprovisioned {
                links.insert(
                    "delete".into(),
                    json!({ "href": format!("{}/users/{id}", self.base), "method": "DELETE" }),
                );
            }
            let (schema, kind) = (self.user_schema_id(), self.user_type());
            links.insert(
                "schema".into(),
                self.href(&format!("meta/schemas/user/{schema}")),
            );
            links.insert("type".into(), self.href(&format!("meta/types/user/{kind}")));
        }
        let mut credentials = Map::new();
        if user.password.is_some() {
            credentials.insert("password".into(), json!({}));
        }
        if let Some(question) = &user.recovery_question {
            credentials.insert("recovery_question".into(), json!({ "question": question }));
        }
        let provider = user.provider.name();
        credentials.insert(
            "provider".into(),
            json!({ "type": provider, "name": provider }),
        );
        json!({
            "id": id,
            "status": user.status.name(),
            "created": user.created,
            "activated": moment(user.activated),
            "statusChanged": moment(user.status_changed),
            "lastLogin": null,
            "lastUpdated": user.last_updated,
            "passwordChanged": moment(user.password_changed),
            "type": { "id": self.user_type() },
            "profile": profile(&user.profile),
            "credentials": credentials,
            "_links": links,
        })
    }

    /// Whoever made a token. Who is no person of the org has the id that the System Log names for what the token does.
    pub(in crate::web::okta) fn creator(&self, creator: &Creator) -> Value {
        if let Some(person) = &creator.person {
            return self.user(person, true);
        }
        let token = &creator.token;
        let (first, last) = token.by.rsplit_once(' ').unwrap_or((&token.by, ""));
        let address = creator.address.clone();
        let texts = [
            ("firstName", first.to_owned()),
            ("lastName", last.to_owned()),
            ("login", address.clone().unwrap_or_else(|| token.by.clone())),
            ("email", address.unwrap_or_default()),
        ];
        let provider = CredentialProvider::Okta.name();
        json!({
            "id": self.id(OktaKind::ApiToken, token.seq),
            "status": Active.name(),
            "created": token.created,
            "activated": token.created,
            "statusChanged": token.created,
            "lastLogin": null,
            "lastUpdated": token.created,
            "passwordChanged": null,
            "type": { "id": self.user_type() },
            "profile": profile(&texts.map(|(name, text)| (name.to_owned(), text.into())).into()),
            "credentials": { "provider": { "type": provider, "name": provider } },
            "_links": { "self": self.href("users/me") },
        })
    }

    /// The id of the one schema of user profiles.
    pub(in crate::web::okta) fn user_schema_id(&self) -> String {
        self.id(OktaKind::Schema, Seq(0))
    }

    /// The id of the one user type.
    pub(in crate::web::okta) fn user_type(&self) -> String {
        self.id(OktaKind::UserType, Seq(1))
    }

    /// A group.
    pub(in crate::web::okta) fn group(&self, group: &OktaGroup) -> Value {
        let id = self.id(OktaKind::Group, group.seq);
        let class = match group.kind {
            GroupType::AppGroup => "okta:app_group",
            GroupType::OktaGroup | GroupType::BuiltIn => "okta:user_group",
        };
        let mut links = Map::new();
        links.insert("self".into(), self.href(&format!("groups/{id}")));
        links.insert("users".into(), self.href(&format!("groups/{id}/users")));
        links.insert("apps".into(), self.href(&format!("groups/{id}/apps")));
        if let Some(app) = group.app {
            let app = self.id(OktaKind::App, app);
            links.insert("source".into(), self.href(&format!("apps/{app}")));
        }
        json!({
            "id": id,
            "created": group.created,
            "lastUpdated": group.last_updated,
            "lastMembershipUpdated": group.last_membership_updated,
            "objectClass": [class],
            "type": group.kind.name(),
            "profile": { "name": group.name, "description": group.description },
            "_links": links,
        })
    }
}

impl Shapes {
    /// A group rule.
    pub(in crate::web::okta) fn group_rule(&self, rule: &GroupRule) -> Value {
        let ids = |kind, rows: &[Seq]| -> Vec<String> {
            rows.iter().map(|row| self.id(kind, *row)).collect()
        };
        json!({
            "type": "group_rule",
            "id": self.id(OktaKind::GroupRule, rule.seq),
            "status": rule.status.name(),
            "name": rule.name,
            "created": rule.created,
            "lastUpdated": rule.last_updated,
            "conditions": {
                "people": {
                    "users": { "exclude": ids(OktaKind::User, &rule.excluded) },
                    "groups": { "exclude": [] },
                },
                "expression": { "value": rule.expression, "type": "urn:okta:expression:1.0" },
            },
            "actions": { "assignUserToGroups": { "groupIds": ids(OktaKind::Group, &rule.groups) } },
            "allGroupsValid": rule.status != RuleStatus::Invalid,
        })
    }
}

/// A profile: what was cleared is null or left out like what never was set.
pub(in crate::web::okta) fn profile(profile: &Profile) -> Map<String, Value> {
    let mut shown = Map::new();
    for name in SHOWN_EMPTY {
        shown.insert((*name).to_owned(), Value::Null);
    }
    for (name, value) in profile {
        if value.as_str() != Some("") {
            shown.insert(name.clone(), value.clone());
        }
    }
    shown
}

/// The entity tag of something that changed last at this moment.
pub(in crate::web::okta) fn etag(changed: Timestamp) -> String {
    format!("W/\"{:x}\"", changed.millis())
}

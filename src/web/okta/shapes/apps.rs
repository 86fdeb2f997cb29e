//! Apps, assignments and group-push mappings.

use serde_json::{Map, Value, json};

use super::Shapes;
use crate::directory::okta::imports;
use crate::id::OktaKind;
use crate::model::okta::{
    AppGroup, AppStatus, AppUser, OktaApp, PasswordSync, Profile, PushMapping, PushStatus,
};
use crate::web::okta::call::moment;
use crate::web::okta::described::lay_over;

impl Shapes {
    /// An app.
    pub(in crate::web::okta) fn app(&self, app: &OktaApp) -> Value {
        let id = self.id(OktaKind::App, app.seq);
        let org = self.org_id();
        let switch = match app.status {
            AppStatus::Active => "deactivate",
            AppStatus::Inactive => "activate",
        };
        let links: Map<String, Value> = [
            ("self".to_owned(), self.href(&format!("apps/{id}"))),
            ("users".to_owned(), self.href(&format!("apps/{id}/users"))),
            ("groups".to_owned(), self.href(&format!("apps/{id}/groups"))),
            (
                switch.to_owned(),
                self.href(&format!("apps/{id}/lifecycle/{switch}")),
            ),
        ]
        .into_iter()
        .collect();
        let mut shown = json!({
            "id": id,
            "orn": format!("orn:okta:idp:{org}:apps:{}:{id}", app.name),
            "name": app.name,
            "label": app.label,
            "status": match app.status {
                AppStatus::Active => "ACTIVE",
                AppStatus::Inactive => "INACTIVE",
            },
            "created": app.created,
            "lastUpdated": app.last_updated,
            "accessibility": { "selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null },
            "visibility": {
                "autoLaunch": false, "autoSubmitToolbar": false,
                "hide": { "iOS": false, "web": false }, "appLinks": {},
            },
            "features": features(app),
            "signOnMode": "SAML_2_0",
            "credentials": {
                "userNameTemplate": {
                    "template": app.username.template,
                    "type": if app.username.custom { "CUSTOM" } else { "BUILT_IN" },
                    "userSuffix": app.username.suffix,
                    "pushStatus": push_status(app.username.push),
                },
                "signing": {},
            },
            "settings": {
                "app": {},
                "notifications": { "vpn": {
                    "network": { "connection": "DISABLED" }, "message": null, "helpUrl": null,
                } },
                "manualProvisioning": false,
                "implicitAssignment": false,
                "notes": { "admin": null, "enduser": null },
            },
            "_links": links,
        });
        if let Some(shown) = shown.as_object_mut() {
            lay_over(shown, &app.described);
        }
        shown
    }

    /// An app user.
    pub(in crate::web::okta) fn app_user(&self, app: &OktaApp, assigned: &AppUser) -> Value {
        let user = self.id(OktaKind::User, assigned.user);
        let app_id = self.id(OktaKind::App, app.seq);
        json!({
            "id": user,
            "externalId": assigned.external_id,
            "created": assigned.created,
            "lastUpdated": assigned.last_updated,
            "scope": assigned.scope.name(),
            "status": assigned.status.name(),
            "statusChanged": assigned.status_changed,
            "passwordChanged": moment(assigned.password_changed),
            "syncState": assigned.sync_state.name(),
            "lastSync": moment(assigned.last_sync),
            "credentials": { "userName": assigned.user_name },
            "profile": set(&assigned.profile),
            "_links": {
                "app": self.href(&format!("apps/{app_id}")),
                "user": self.href(&format!("users/{user}")),
            },
        })
    }

    /// The assignment of a group.
    pub(in crate::web::okta) fn app_group(&self, app: &OktaApp, assigned: &AppGroup) -> Value {
        let group = self.id(OktaKind::Group, assigned.group);
        let app = self.id(OktaKind::App, app.seq);
        json!({
            "id": group,
            "lastUpdated": assigned.last_updated,
            "priority": assigned.priority,
            "profile": assigned.profile,
            "_links": {
                "app": self.href(&format!("apps/{app}")),
                "self": self.href(&format!("apps/{app}/groups/{group}")),
                "group": self.href(&format!("groups/{group}")),
            },
        })
    }

    /// A group-push mapping; what is empty is left out.
    pub(in crate::web::okta) fn push(&self, app: &OktaApp, mapping: &PushMapping) -> Value {
        let app = self.id(OktaKind::App, app.seq);
        let source = self.id(OktaKind::Group, mapping.group);
        let mut shown = json!({
            "id": self.id(OktaKind::PushMapping, mapping.seq),
            "sourceGroupId": source,
            "status": mapping.status.name(),
            "created": mapping.created,
            "lastUpdated": mapping.last_updated,
            "_links": {
                "app": self.href(&format!("apps/{app}")),
                "sourceGroup": self.href(&format!("groups/{source}")),
            },
        });
        if let Some(target) = mapping.target {
            let target = self.id(OktaKind::Group, target);
            shown["_links"]["targetGroup"] = self.href(&format!("groups/{target}"));
            shown["targetGroupId"] = target.into();
        }
        if let Some(pushed) = mapping.last_push {
            shown["lastPush"] = pushed.to_string().into();
        }
        if let Some(error) = &mapping.error {
            shown["errorSummary"] = error.as_str().into();
        }
        shown
    }
}

/// `app.features`: what of the template is turned on (part 2.4).
pub(in crate::web::okta) fn features(app: &OktaApp) -> Vec<&'static str> {
    if !app.provisioning.enabled {
        return Vec::new();
    }
    let to_app = &app.to_app;
    [
        ("PUSH_NEW_USERS", to_app.create_users),
        ("PUSH_PROFILE_UPDATES", to_app.update_attributes),
        ("PUSH_USER_DEACTIVATION", to_app.deactivate_users),
        ("REACTIVATE_USERS", to_app.deactivate_users),
        (
            "PUSH_PASSWORD_UPDATES",
            to_app.sync_password != PasswordSync::Off,
        ),
        (
            "EXCLUDE_USERNAME_UPDATE_ON_PROFILE_PUSH",
            to_app.exclude_username_updates,
        ),
        ("IMPORT_NEW_USERS", imports::imports(app)),
        ("IMPORT_PROFILE_UPDATES", imports::imports(app)),
        ("PROFILE_MASTERING", app.to_okta.sourcing),
        ("GROUP_PUSH", app.group_push),
        ("SCIM_PROVISIONING", true),
    ]
    .into_iter()
    .filter_map(|(name, on)| on.then_some(name))
    .collect()
}

/// `pushStatus`.
pub(in crate::web::okta) fn push_status(push: PushStatus) -> &'static str {
    match push {
        PushStatus::Push => "PUSH",
        PushStatus::DontPush => "DONT_PUSH",
    }
}

/// What was cleared is not shown.
fn set(profile: &Profile) -> Map<String, Value> {
    profile
        .iter()
        .filter(|(_, value)| value.as_str() != Some(""))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

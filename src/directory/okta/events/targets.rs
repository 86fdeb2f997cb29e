//! Whom and what events name: `target`.

use crate::id::{IdMix, OktaId, OktaKind, Seq};
use crate::model::okta::{
    AppUser, EventTarget, GroupRule, OktaApp, OktaGroup, OktaUser, PushMapping, PushRule,
};
use crate::store::okta::AppKey;

/// What stands in `alternateId` of what has none.
const UNKNOWN: &str = "unknown";

fn target(id: OktaId, kind: &str, alternate_id: &str, display_name: &str) -> EventTarget {
    EventTarget {
        id: id.to_string(),
        kind: kind.to_owned(),
        alternate_id: alternate_id.to_owned(),
        display_name: display_name.to_owned(),
    }
}

/// A person: `User`.
pub fn user(mix: IdMix, org: Seq, user: &OktaUser) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::User, org, user.seq);
    target(id, "User", user.login(), &user.display_name())
}

/// The id of an assignment, which only events show: `0ua…`.
pub fn app_user_id(mix: IdMix, key: AppKey, user: Seq) -> OktaId {
    // Both rows in one number; neither grows past these bits within the size of a data file.
    let row = key.app.0.rotate_right(24) ^ user.0;
    OktaId::of_row(mix, OktaKind::AppUser, key.org, Seq(row))
}

/// An assignment: `AppUser`.
pub fn app_user(mix: IdMix, key: AppKey, assigned: &AppUser, person: &OktaUser) -> EventTarget {
    unassigned_app_user(mix, key, &assigned.user_name, person)
}

/// An assignment that may be gone already, by the name that the app knew the person by: `AppUser`.
pub fn unassigned_app_user(
    mix: IdMix,
    key: AppKey,
    user_name: &str,
    person: &OktaUser,
) -> EventTarget {
    let id = app_user_id(mix, key, person.seq);
    target(id, "AppUser", user_name, &person.display_name())
}

/// An app: `AppInstance`.
pub fn app(mix: IdMix, org: Seq, app: &OktaApp) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::App, org, app.seq);
    target(id, "AppInstance", &app.label, &app.label)
}

/// A group of the org: `UserGroup`.
pub fn group(mix: IdMix, org: Seq, group: &OktaGroup) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::Group, org, group.seq);
    target(id, "UserGroup", UNKNOWN, &group.name)
}

/// A group of an app: `AppGroup`; its `alternateId` is its id at the target.
pub fn app_group(mix: IdMix, org: Seq, group: &OktaGroup) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::Group, org, group.seq);
    let external = group.external_id.as_deref().unwrap_or(UNKNOWN);
    target(id, "AppGroup", external, &group.name)
}

/// A group-push mapping, which the events of a failed push name (the name of the type is ours).
pub fn push_mapping(mix: IdMix, org: Seq, mapping: &PushMapping) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::PushMapping, org, mapping.seq);
    target(id, "GroupPushMapping", UNKNOWN, &mapping.target_name)
}

/// A group rule (the name of the type is ours: no source shows one).
pub fn group_rule(mix: IdMix, org: Seq, rule: &GroupRule) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::GroupRule, org, rule.seq);
    target(id, "GroupRule", UNKNOWN, &rule.name)
}

/// A rule of *Push Groups* (the name of the type is ours: no source shows one).
pub fn push_rule(mix: IdMix, org: Seq, rule: &PushRule) -> EventTarget {
    let id = OktaId::of_row(mix, OktaKind::PushRule, org, rule.seq);
    target(id, "GroupPushRule", UNKNOWN, &rule.name)
}

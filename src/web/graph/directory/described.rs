//! Users and groups as they are answered: what of them by default, what with `$select`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::super::answer::entity;
use super::super::call::Call;
use super::query::{Noun, Query, Select};
use crate::directory::graph;
use crate::directory::search::Object;
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind};
use crate::sync::summary::object::Version;

/// What version 1 says of a user unless it is asked for more.
const USER: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

/// What it says of a group.
const GROUP: [&str; 25] = [
    "id",
    "deletedDateTime",
    "classification",
    "createdDateTime",
    "creationOptions",
    "description",
    "displayName",
    "expirationDateTime",
    "groupTypes",
    "isAssignableToRole",
    "mail",
    "mailEnabled",
    "mailNickname",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesLastSyncDateTime",
    "onPremisesProvisioningErrors",
    "preferredDataLocation",
    "renewedDateTime",
    "resourceBehaviorOptions",
    "resourceProvisioningOptions",
    "securityEnabled",
    "theme",
    "uniqueName",
    "visibility",
];

fn user_property(name: &str) -> Option<Cow<'static, str>> {
    graph::property_name(ObjectKind::User, name)
}

fn group_property(name: &str) -> Option<Cow<'static, str>> {
    graph::property_name(ObjectKind::Group, name)
}

fn any_property(name: &str) -> Option<Cow<'static, str>> {
    user_property(name).or_else(|| group_property(name))
}

/// Users.
pub(super) const USERS: Noun = Noun {
    type_name: "user",
    property: user_property,
    expands: &["manager"],
    orders: &["userPrincipalName"],
    searched: &[
        "displayName",
        "mail",
        "userPrincipalName",
        "givenName",
        "surname",
    ],
};

/// Groups.
pub(super) const GROUPS: Noun = Noun {
    type_name: "group",
    property: group_property,
    expands: &["members"],
    orders: &[],
    searched: &["displayName", "description", "mail"],
};

/// Objects of either kind.
pub(super) const DIRECTORY_OBJECT: Noun = Noun {
    type_name: "directoryObject",
    property: any_property,
    expands: &[],
    orders: &[],
    searched: &["displayName"],
};

/// A user with everything that is known.
pub(super) fn user(user: &DirectoryUser) -> Value {
    let mut object = graph::user(user, None);
    object["deletedDateTime"] = json!(user.deleted);
    object
}

/// A group with everything that is known but its members.
pub(super) fn group(group: &DirectoryGroup) -> Value {
    let mut object = graph::group(group, &[]);
    if let Value::Object(members) = &mut object {
        members.remove("members");
    }
    object["deletedDateTime"] = json!(group.deleted);
    object
}

/// Either with everything that is known.
pub(super) fn object(of: &Object) -> Value {
    match of {
        Object::User(of) => user(of),
        Object::Group(of) => group(of),
    }
}

/// What of an object is shown.
pub(super) fn shown(kind: ObjectKind, full: Value, select: &Select, version: Version) -> Value {
    let Value::Object(full) = full else {
        return full;
    };
    let only = |names: &mut dyn Iterator<Item = &str>| {
        let mut object = Map::new();
        for name in names {
            let value = full.get(name).cloned();
            object.insert(
                name.to_owned(),
                value.unwrap_or_else(|| graph::nothing(name)),
            );
        }
        Value::Object(object)
    };
    match (select, version, kind) {
        (Some(names), ..) if !names.iter().any(|name| name == "*") => {
            only(&mut names.iter().map(String::as_str))
        }
        (None, Version::V1, ObjectKind::User) => only(&mut USER.into_iter()),
        (None, Version::V1, ObjectKind::Group) => only(&mut GROUP.into_iter()),
        _ => Value::Object(full),
    }
}

/// An object of a list that has several kinds: its type comes first.
pub(super) fn typed(of: &Object, select: &Select, version: Version) -> Value {
    let kind = of.reference().kind;
    let name = kind.name().to_lowercase();
    let mut body = json!({ "@odata.type": format!("#microsoft.graph.{name}") });
    if let (Value::Object(body), Value::Object(shown)) =
        (&mut body, shown(kind, object(of), select, version))
    {
        body.extend(shown);
    }
    body
}

/// What stands behind the set in a context: `(displayName,id)` where only these were asked for.
pub(super) fn selected(set: &str, select: &Select) -> String {
    match select {
        Some(names) => format!("{set}({})", names.join(",")),
        None => set.to_owned(),
    }
}

/// The context of one object of a set.
pub(super) fn one(set: &str, select: &Select) -> String {
    format!("{}/$entity", selected(set, select))
}

/// One object of whichever kind, as it is answered.
pub(super) fn answered(call: &Call, of: &Object, query: &Query) -> Value {
    let object = typed(of, &query.select, call.version);
    entity(call, &one("directoryObjects", &query.select), object)
}

//! The profile of a person as a resource: whole when the account is made, and what changed of it when it is updated
//! (parts 1.4 and 1.6 of the Okta reference).

use serde_json::{Map, Value as Json, json};

use super::{USER, with_body};
use crate::mapping::okta::arrange;
use crate::model::okta::{AppAttribute, AppUser, OktaApp, Profile};
use crate::sync::client::{Method, Request};
use crate::sync::okta::place;

/// What a new account is made of.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// `externalId`: the id of the person, `00u…`.
    pub okta_id: &'a str,
    /// `userName`.
    pub user_name: &'a str,
    /// Values by variable name.
    pub profile: &'a Profile,
    /// `password`; left out when there is none.
    pub password: Option<&'a str>,
}

/// Makes an account, its members in Okta's order.
pub fn create_user(app: &OktaApp, account: &Account<'_>) -> Request {
    let mut resource = Map::new();
    resource.insert("schemas".to_owned(), json!([USER]));
    resource.insert("userName".to_owned(), json!(account.user_name));
    for attribute in &app.attributes {
        let value = account.profile.get(&attribute.name);
        if let Some(value) = sent(value, app.wire.push_null_values) {
            place::put(&mut resource, attribute, &value);
        }
    }
    resource.insert("externalId".to_owned(), json!(account.okta_id));
    resource.insert("groups".to_owned(), json!([]));
    if let Some(password) = account.password {
        resource.insert("password".to_owned(), json!(password));
    }
    resource.insert("active".to_owned(), json!(true));
    arrange(&mut resource);
    with_body(Method::Post, "Users".to_owned(), Json::Object(resource))
}

/// What is sent of a value: nothing when it was never set, and when it was cleared only with *Push Null Values*.
fn sent(value: Option<&Json>, push_null_values: bool) -> Option<Json> {
    match value {
        None | Some(Json::Null) => None,
        Some(Json::String(text)) if text.is_empty() => {
            push_null_values.then(|| Json::String(String::new()))
        }
        Some(Json::Array(items)) if items.is_empty() && !push_null_values => None,
        Some(value) => Some(value.clone()),
    }
}

/// What the target is to be told of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes<'a> {
    /// The user name, if it changed.
    pub user_name: Option<&'a str>,
    /// Attributes that changed, and their values; without one they were cleared.
    pub attributes: Vec<(&'a AppAttribute, Option<Json>)>,
}

impl Changes<'_> {
    /// Whether there is nothing to tell.
    pub const fn is_empty(&self) -> bool {
        self.user_name.is_none() && self.attributes.is_empty()
    }
}

/// What differs from what the target was told last. The user name is left out with *Exclude Username Updates*.
pub(in crate::sync::okta) fn changes<'a>(app: &'a OktaApp, user: &'a AppUser) -> Changes<'a> {
    let renamed = user.pushed_user_name.as_deref() != Some(user.user_name.as_str());
    let known = user.pushed.as_ref();
    let attributes = app.attributes.iter().filter_map(|attribute| {
        let (new, old) = (
            user.profile.get(&attribute.name),
            known.and_then(|known| known.get(&attribute.name)),
        );
        if attribute.external_name.is_empty() || (known.is_some() && new == old) {
            return None;
        }
        let value = sent(new, app.wire.push_null_values);
        // Never told and nothing to tell: there is nothing to take away.
        (value.is_some() || known.is_some()).then_some((attribute, value))
    });
    Changes {
        user_name: (renamed && !app.to_app.exclude_username_updates)
            .then_some(user.user_name.as_str()),
        attributes: attributes.collect(),
    }
}

/// Puts what changed into a resource as the target returned it; everything else stays as it is.
pub(in crate::sync::okta) fn merge(resource: &mut Map<String, Json>, changes: &Changes<'_>) {
    if let Some(user_name) = changes.user_name {
        resource.insert("userName".to_owned(), json!(user_name));
    }
    for (attribute, value) in &changes.attributes {
        match value {
            Some(value) => place::put(resource, attribute, value),
            None => place::remove(resource, attribute),
        }
    }
}

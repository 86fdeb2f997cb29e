//! An account as the target shows it, read by the external names of the app's attributes (part 2.6 of the Okta
//! reference). Pure.

use serde_json::Value as Json;

use super::super::evaluation::typed;
use crate::mapping::okta::{ExternalName, Value, get};
use crate::model::okta::{OktaApp, Profile};

/// Longest `id` and `userName` that are kept, in bytes.
const LONGEST: usize = 1024;

/// An account at the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Remote {
    /// `id`.
    pub id: String,
    /// `userName`; the id where there is none.
    pub user_name: String,
    /// Everything but `active: false`.
    pub active: bool,
    /// What the app user's profile would be.
    pub profile: Profile,
}

impl Remote {
    /// Reads a resource; `None` for one without an `id`, or with one that nobody could mean. A value of the wrong type
    /// is as good as none.
    pub fn read(app: &OktaApp, resource: &Json) -> Option<Self> {
        let text = |name: &str| {
            let place = ExternalName::parse(name, "").ok().flatten()?;
            let text = get(resource, &place).as_text()?.into_owned();
            (!text.trim().is_empty() && text.len() <= LONGEST).then_some(text)
        };
        let id = resource.get("id")?.as_str()?;
        if id.is_empty() || id.len() > LONGEST {
            return None;
        }
        let mut profile = Profile::new();
        for attribute in &app.attributes {
            let place =
                ExternalName::parse(&attribute.external_name, &attribute.external_namespace);
            let Ok(Some(place)) = place else { continue };
            let found = get(resource, &place).into_json();
            if let Ok(Some(value)) = typed(attribute.data_type, found) {
                profile.insert(attribute.name.clone(), value);
            }
        }
        Some(Self {
            id: id.to_owned(),
            user_name: text("userName").unwrap_or_else(|| id.to_owned()),
            active: resource.get("active") != Some(&Json::Bool(false)),
            profile,
        })
    }
}

/// A group at the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteGroup {
    /// `id`.
    pub id: String,
    /// `displayName`; the id where there is none.
    pub name: String,
    /// `members[].value`.
    pub members: Vec<String>,
}

impl RemoteGroup {
    /// Reads a resource; `None` for one without an `id`, or with one that nobody could mean.
    pub fn read(resource: &Json) -> Option<Self> {
        let text = |value: Option<&Json>| {
            let text = value?.as_str()?;
            (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
        };
        let id = text(resource.get("id"))?;
        let name = text(resource.get("displayName")).unwrap_or_else(|| id.clone());
        let members = resource.get("members").and_then(Json::as_array);
        Some(Self {
            id,
            name: name
                .chars()
                .take(super::super::groups::NAME_LIMIT)
                .collect(),
            members: members
                .into_iter()
                .flatten()
                .filter_map(|member| text(member.get("value")))
                .collect(),
        })
    }
}

/// The text of a value of a profile.
pub(super) fn text_of<'a>(profile: &'a Profile, name: &str) -> Option<&'a str> {
    let text = profile.get(name).and_then(Json::as_str)?;
    (!text.is_empty()).then_some(text)
}

/// Whether a value stands for nothing.
pub(super) fn is_nothing(value: &Json) -> bool {
    Value::of(value).is_empty()
}

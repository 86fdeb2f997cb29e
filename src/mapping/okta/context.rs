//! [`Context`]: what an expression knows of a person and of the world around.
//!
//! Everything is borrowed from whoever evaluates; the present moment is an argument. What a context does
//! not have is absent: an attribute of it is null, a question about it is answered with no.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::expression::node::is_root;
use super::switches::Switches;
use super::value::Value;

/// Attributes by variable name, as an object of JSON.
pub type Profile = Map<String, Json>;

/// What an expression knows. Borrowed, except for the short lists.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// `user`: the Okta user profile.
    pub user: Option<&'a Profile>,
    /// `source`: the source of the mapping, the Okta user where there is none.
    pub source: Option<&'a Profile>,
    /// `appuser`: the app user profile of the app in context.
    pub appuser: Option<&'a Profile>,
    /// `app`: properties of the app in context.
    pub app: Option<&'a Profile>,
    /// `org`: `name`, `subDomain`.
    pub org: Option<&'a Profile>,
    /// `idpuser`: the profile at an identity provider.
    pub idpuser: Option<&'a Profile>,
    /// `session`: `amr`.
    pub session: Option<&'a Profile>,
    /// `access`: `scope`.
    pub access: Option<&'a Profile>,
    /// Answers of `user.getInternalProperty`.
    pub internal: Internal<'a>,
    /// Apps that can be named: all of the organisation, those too that the user does not have.
    pub apps: Vec<App<'a>>,
    /// Groups of the user.
    pub groups: Vec<Group<'a>>,
    /// Users that are related to this one.
    pub related: Related<'a>,
    /// The present moment, in milliseconds since 1970-01-01T00:00:00Z.
    pub now_millis: i64,
    /// What the documentation leaves open.
    pub switches: Switches,
}

/// What is no attribute of the profile.
#[derive(Debug, Clone, Copy, Default)]
pub struct Internal<'a> {
    /// `00u...`
    pub id: Option<&'a str>,
    /// `STAGED`, `PROVISIONED`, `ACTIVE`, `RECOVERY`, `PASSWORD_EXPIRED`, `LOCKED_OUT` or `SUSPENDED`;
    /// `DEPROVISIONED` is documented as not supported.
    pub status: Option<&'a str>,
}

/// An app by its name, such as `zendesk` or `zendesk_9ao1g13`.
#[derive(Debug, Clone)]
pub struct App<'a> {
    /// Variable name; the one of a further instance has a suffix.
    pub name: &'a str,
    /// `name.attribute`: profiles of the user's assignments, none when the user does not have the app.
    pub users: Vec<&'a Profile>,
    /// `name_app.property`: properties of the instance.
    pub properties: Option<&'a Profile>,
}

/// A group of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    /// `00g...`
    pub id: &'a str,
    /// `OKTA_GROUP`, `APP_GROUP` or `BUILT_IN`.
    pub kind: &'a str,
    /// Name in the group's profile.
    pub name: &'a str,
    /// The app that an `APP_GROUP` comes from.
    pub source_id: Option<&'a str>,
}

/// Users that are related to this one.
#[derive(Debug, Clone, Default)]
pub struct Related<'a> {
    /// `user.getLinkedObject(name)`: profiles by the name of the primary relationship.
    pub linked: Vec<(&'a str, &'a Profile)>,
    /// `getManagerUser`: the manager's Okta profile.
    pub manager: Option<&'a Profile>,
    /// `getManagerAppUser`: the manager's app user profiles by app name.
    pub manager_apps: Vec<(&'a str, &'a Profile)>,
    /// `getAssistantUser`: the assistant's Okta profile.
    pub assistant: Option<&'a Profile>,
    /// `getAssistantAppUser`: the assistant's app user profiles by app name.
    pub assistant_apps: Vec<(&'a str, &'a Profile)>,
}

impl<'a> Context<'a> {
    /// A context of JSON: the roots by their names; `groups` as
    /// `[{"id", "type", "name", "source_id"}]`; `internal` with `id` and `status` (or these two as members
    /// of `user`); `linkedObjects`, `managerUser`, `managerAppUser`, `assistantUser` and
    /// `assistantAppUser`; every other member is an app by its name, with one profile or an array of them,
    /// or with the properties of the instance when the name ends in `_app`.
    ///
    /// # Errors
    /// A sentence: what should be an object, an array or a text and is not.
    pub fn from_json(json: &'a Profile, now_millis: i64) -> Result<Self, String> {
        let mut context = Self {
            now_millis,
            ..Self::default()
        };
        for (name, value) in json {
            if value.is_null() {
                continue;
            }
            match name.as_str() {
                "groups" => context.groups = groups(value)?,
                "internal" => context.internal = internal(object(name, value)?),
                "linkedObjects" => context.related.linked = by_name(name, value)?,
                "managerUser" => context.related.manager = Some(object(name, value)?),
                "managerAppUser" => context.related.manager_apps = by_name(name, value)?,
                "assistantUser" => context.related.assistant = Some(object(name, value)?),
                "assistantAppUser" => context.related.assistant_apps = by_name(name, value)?,
                root if is_root(root) => *context.root_mut(root) = Some(object(name, value)?),
                _ => context.add_app(name, value)?,
            }
        }
        if let Some(user) = context.user {
            let stated = internal(user);
            context.internal.id = context.internal.id.or(stated.id);
            context.internal.status = context.internal.status.or(stated.status);
        }
        Ok(context)
    }

    fn add_app(&mut self, name: &'a str, value: &'a Json) -> Result<(), String> {
        let (app, properties) = match name.strip_suffix("_app") {
            Some(app) if !app.is_empty() => (app, Some(object(name, value)?)),
            _ => (name, None),
        };
        let mut users = Vec::new();
        if properties.is_none() {
            match value {
                Json::Array(profiles) => {
                    for profile in profiles {
                        users.push(object(name, profile)?);
                    }
                }
                profile => users.push(object(name, profile)?),
            }
        }
        match self.apps.iter_mut().find(|known| known.name == app) {
            Some(known) => {
                known.users.append(&mut users);
                known.properties = known.properties.or(properties);
            }
            None => self.apps.push(App {
                name: app,
                users,
                properties,
            }),
        }
        Ok(())
    }

    /// The profile behind one of the roots.
    pub(super) fn root(&self, name: &str) -> Option<&'a Profile> {
        match name {
            "user" => self.user,
            "source" => self.source.or(self.user),
            "appuser" => self.appuser,
            "app" => self.app,
            "org" => self.org,
            "idpuser" => self.idpuser,
            "session" => self.session,
            "access" => self.access,
            _ => None,
        }
    }

    fn root_mut(&mut self, name: &str) -> &mut Option<&'a Profile> {
        match name {
            "source" => &mut self.source,
            "appuser" => &mut self.appuser,
            "app" => &mut self.app,
            "org" => &mut self.org,
            "idpuser" => &mut self.idpuser,
            "session" => &mut self.session,
            "access" => &mut self.access,
            _ => &mut self.user,
        }
    }

    /// What the name of an app stands for: its user's profile, or its properties for `name_app`, null where
    /// there are none; nothing for a name that no app has.
    pub(super) fn app(&self, name: &str) -> Option<Value<'a>> {
        let find = |wanted: &str| self.apps.iter().find(|app| app.name == wanted);
        if let Some(app) = find(name) {
            return Some(object_value(app.users.first().copied()));
        }
        let app = find(name.strip_suffix("_app")?)?;
        Some(object_value(app.properties))
    }

    /// Profiles of the user in all instances of an app.
    pub(super) fn assignments(&self, app: &str) -> impl Iterator<Item = &'a Profile> {
        let instances = self.apps.iter().filter(move |known| {
            let suffix = known.name.strip_prefix(app);
            suffix.is_some_and(|suffix| suffix.is_empty() || suffix.starts_with('_'))
        });
        instances.flat_map(|known| known.users.iter().copied())
    }

    /// An attribute that is named without saying whose it is.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a Json> {
        [self.source, self.user, self.appuser]
            .into_iter()
            .flatten()
            .find_map(|profile| profile.get(name))
    }
}

/// A profile as a value; null for none.
pub(super) fn object_value(profile: Option<&Profile>) -> Value<'_> {
    profile.map_or(Value::Null, |profile| Value::Map(Cow::Borrowed(profile)))
}

fn object<'a>(name: &str, value: &'a Json) -> Result<&'a Profile, String> {
    value
        .as_object()
        .ok_or_else(|| format!("'{name}' has to be an object of attributes"))
}

fn by_name<'a>(name: &str, value: &'a Json) -> Result<Vec<(&'a str, &'a Profile)>, String> {
    object(name, value)?
        .iter()
        .map(|(key, profile)| Ok((key.as_str(), object(key, profile)?)))
        .collect()
}

fn internal(profile: &Profile) -> Internal<'_> {
    let text = |name: &str| profile.get(name).and_then(Json::as_str);
    Internal {
        id: text("id"),
        status: text("status"),
    }
}

fn groups(value: &Json) -> Result<Vec<Group<'_>>, String> {
    let items = value
        .as_array()
        .ok_or_else(|| "'groups' has to be an array of groups".to_owned())?;
    let numbered = items.iter().enumerate();
    numbered.map(|(index, item)| group(index, item)).collect()
}

fn group(index: usize, item: &Json) -> Result<Group<'_>, String> {
    let members = object(&format!("groups[{index}]"), item)?;
    let text = |name: &str| match members.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(format!("'{name}' of groups[{index}] has to be a text")),
    };
    Ok(Group {
        id: text("id")?.unwrap_or_default(),
        kind: text("type")?.unwrap_or("OKTA_GROUP"),
        name: text("name")?.unwrap_or_default(),
        source_id: text("source_id")?,
    })
}

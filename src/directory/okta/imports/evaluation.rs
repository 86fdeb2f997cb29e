//! The mappings from an app to Okta, evaluated for an account: what the profile of the person should be, and the login
//! (parts 2.3, 2.6 and 2.7 of the Okta reference).

use serde_json::Value as Json;

use super::super::evaluation::typed;
use super::remote::{Remote, is_nothing};
use crate::clock::Timestamp;
use crate::mapping::okta::{
    APP_ATTRIBUTES, AttributeType, Context, Expression, Profile as Members, USER_ATTRIBUTES,
};
use crate::model::okta::{AttributeMapping, ImportUsername, OktaApp, Org, Profile, PushStatus};

/// The mapping of the template to an Okta attribute; none where it has none, or the app lacks what it reads.
pub(super) fn template_mapping(app: &OktaApp, attribute: &str) -> Option<AttributeMapping> {
    let base = APP_ATTRIBUTES
        .iter()
        .find(|base| base.to_okta == Some(attribute))?;
    app.attribute(base.name)?;
    Some(AttributeMapping {
        expression: base.to_okta_expression(),
        push: PushStatus::Push,
    })
}

/// Every Okta attribute but the login, with its mapping; *Do not map* is `None`.
pub fn to_okta_mappings(app: &OktaApp) -> Vec<(&'static str, Option<AttributeMapping>)> {
    USER_ATTRIBUTES
        .iter()
        .filter(|attribute| attribute.name != "login")
        .map(|attribute| {
            let name = attribute.name;
            let changed = app.to_okta.mappings.get(name).cloned();
            (name, changed.unwrap_or_else(|| template_mapping(app, name)))
        })
        .collect()
}

/// An app's mappings to Okta, read.
#[derive(Debug, Clone)]
pub struct ToOktaEvaluator {
    /// The app.
    pub app: OktaApp,
    mappings: Vec<(&'static str, PushStatus, Result<Expression, String>)>,
    username: Option<Result<Expression, String>>,
    org: Members,
    properties: Members,
}

/// What an account would be as a person of the org.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Okta attributes, the login among them; those without a value are not among them.
    pub profile: Profile,
    /// Attributes of mappings that are applied on creation only.
    pub create_only: Vec<&'static str>,
    /// Attributes whose value cannot be told, and why.
    pub invalid: Vec<(&'static str, String)>,
}

impl Person {
    /// An attribute as text, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        super::remote::text_of(&self.profile, name)
    }
}

impl ToOktaEvaluator {
    /// Reads the mappings of an app.
    pub fn new(org: &Org, app: OktaApp) -> Self {
        let read = |text: &str| Expression::parse(text).map_err(|error| error.to_string());
        let mappings = to_okta_mappings(&app)
            .into_iter()
            .filter_map(|(name, mapping)| {
                let mapping = mapping?;
                Some((name, mapping.push, read(&mapping.expression)))
            })
            .collect();
        let username = match &app.to_okta.username {
            ImportUsername::Email => None,
            ImportUsername::Custom(expression) => Some(read(expression)),
        };
        let members = |entries: [(&str, &str); 2]| {
            entries
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Json::from(value)))
                .collect()
        };
        Self {
            mappings,
            username,
            org: members([("name", &org.name), ("subDomain", &org.subdomain)]),
            properties: members([("name", &app.name), ("label", &app.label)]),
            app,
        }
    }

    /// What an account would be.
    pub fn evaluate(&self, user_name: &str, profile: &Profile, now: Timestamp) -> Person {
        let mut appuser: Members = profile
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        appuser.insert("userName".to_owned(), Json::from(user_name));
        let context = Context {
            source: Some(&appuser),
            appuser: Some(&appuser),
            app: Some(&self.properties),
            org: Some(&self.org),
            now_millis: now.millis(),
            ..Context::default()
        };
        let value = |expression: &Result<Expression, String>| match expression {
            Ok(expression) => expression
                .evaluate(&context)
                .map_err(|error| error.to_string())
                .and_then(|value| typed(AttributeType::String, value.into_json())),
            Err(error) => Err(error.clone()),
        };
        let mut person = Person::default();
        for (name, push, expression) in &self.mappings {
            match value(expression) {
                Ok(Some(found)) if !is_nothing(&found) => {
                    person.profile.insert((*name).to_owned(), found);
                }
                Ok(_) => {}
                Err(why) => person.invalid.push((name, why)),
            }
            if *push == PushStatus::DontPush {
                person.create_only.push(name);
            }
        }
        let login = match &self.username {
            None => person.profile.get("email").cloned(),
            Some(expression) => match value(expression) {
                Ok(found) => found,
                Err(why) => {
                    person.invalid.push(("login", why));
                    None
                }
            },
        };
        if let Some(login) = login {
            person.profile.insert("login".to_owned(), login);
        }
        person
    }

    /// The same for what was read from the target.
    pub fn of_remote(&self, remote: &Remote, now: Timestamp) -> Person {
        self.evaluate(&remote.user_name, &remote.profile, now)
    }
}

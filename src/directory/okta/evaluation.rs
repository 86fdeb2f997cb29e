//! The mappings of an app, evaluated for a person: what the app user's profile and name should be (parts 2.7 and 3.4 of
//! the Okta reference).
//!
//! Expressions are read once for as many people as are looked at together. A value of the wrong type, or an expression
//! that fails for a person, is left out and told by an event, so that one odd profile never stops a whole group.

use serde_json::Value as Json;

use super::known::{Known, members};
use super::refusal::Result;
use super::relations::{self, Relations};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::{Context, Expression, Profile as Members, Template, Value};
use crate::model::okta::{
    AppAttribute, AttributeType, OktaApp, OktaUser, Org, Profile, PushStatus,
};
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, apps};

/// An app's mappings, read.
pub struct Evaluator {
    /// The app.
    pub app: OktaApp,
    key: AppKey,
    mappings: Vec<Mapping>,
    user_name: std::result::Result<Template, String>,
    org: Members,
    properties: Members,
    /// Whether somebody asks for the person's groups.
    asks_groups: bool,
    /// Whether somebody asks for the person's manager.
    asks_relations: bool,
    /// Other apps that somebody asks for: name and row.
    others: Vec<(String, Seq)>,
}

struct Mapping {
    attribute: AppAttribute,
    push: PushStatus,
    expression: std::result::Result<Expression, String>,
}

/// What the mappings give for a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluated {
    /// Values of mapped attributes; those without a value are not among them.
    pub values: Profile,
    /// The name that the app knows the person by.
    pub user_name: String,
    /// Attributes whose value cannot be told, and why.
    pub invalid: Vec<(String, String)>,
}

impl Evaluator {
    /// Reads the mappings of an app.
    ///
    /// # Errors
    /// The store's.
    pub fn new(tx: &impl Reads, org: &Org, app: OktaApp) -> Result<Self> {
        let mappings: Vec<Mapping> = app
            .attributes
            .iter()
            .filter_map(|attribute| {
                let mapping = attribute.mapping.as_ref()?;
                Some(Mapping {
                    attribute: attribute.clone(),
                    push: mapping.push,
                    expression: Expression::parse(&mapping.expression).map_err(|e| e.to_string()),
                })
            })
            .collect();
        let user_name = Template::parse(&app.username.template).map_err(|e| e.to_string());
        let texts = || {
            mappings
                .iter()
                .filter_map(|mapping| mapping.expression.as_ref().ok())
                .map(Expression::text)
                .chain(std::iter::once(app.username.template.as_str()))
        };
        let asks_groups = texts().any(|text| text.contains("Group"));
        let asks_relations = texts().any(relations::asks);
        let mut others = Vec::new();
        for other in apps::all(tx, org.seq)? {
            if texts().any(|text| text.contains(other.name.as_str())) {
                others.push((other.name, other.seq));
            }
        }
        let text = |value: &str| Json::from(value);
        Ok(Self {
            key: AppKey {
                org: org.seq,
                app: app.seq,
            },
            org: [
                ("name".to_owned(), text(&org.name)),
                ("subDomain".to_owned(), text(&org.subdomain)),
            ]
            .into_iter()
            .collect(),
            properties: [
                ("name".to_owned(), text(&app.name)),
                ("label".to_owned(), text(&app.label)),
            ]
            .into_iter()
            .collect(),
            app,
            mappings,
            user_name,
            asks_groups,
            asks_relations,
            others,
        })
    }

    /// The app's row.
    pub fn key(&self) -> AppKey {
        self.key
    }

    /// When the mapping of an attribute is applied; `None` when nothing is mapped to it.
    pub fn push_of(&self, attribute: &str) -> Option<PushStatus> {
        self.mappings
            .iter()
            .find(|mapping| mapping.attribute.name == attribute)
            .map(|mapping| mapping.push)
    }

    /// What the mappings give for a person whose app user has this profile so far.
    ///
    /// # Errors
    /// The store's.
    pub fn evaluate(
        &self,
        tx: &impl Reads,
        user: &OktaUser,
        so_far: Option<&Profile>,
        now: Timestamp,
    ) -> Result<Evaluated> {
        let known = self.gather(tx, user, so_far)?;
        let context = self.context(&known, now);
        let mut evaluated = Evaluated::default();
        for mapping in &self.mappings {
            let value = match &mapping.expression {
                Ok(expression) => expression
                    .evaluate(&context)
                    .map_err(|error| error.to_string())
                    .and_then(|value| typed(mapping.attribute.data_type, value.into_json())),
                Err(error) => Err(error.clone()),
            };
            let name = &mapping.attribute.name;
            match value {
                Ok(Some(value)) => drop(evaluated.values.insert(name.clone(), value)),
                Ok(None) => {}
                Err(why) => evaluated.invalid.push((name.clone(), why)),
            }
        }
        match self.named(&context) {
            Ok(name) => evaluated.user_name = name,
            Err(why) => {
                user.login().clone_into(&mut evaluated.user_name);
                evaluated.invalid.push(("userName".to_owned(), why));
            }
        }
        Ok(evaluated)
    }

    /// The name alone.
    ///
    /// # Errors
    /// The store's.
    pub fn user_name(
        &self,
        tx: &impl Reads,
        user: &OktaUser,
        so_far: Option<&Profile>,
        now: Timestamp,
    ) -> Result<String> {
        let known = self.gather(tx, user, so_far)?;
        let named = self.named(&self.context(&known, now));
        Ok(named.unwrap_or_else(|_| user.login().to_owned()))
    }

    fn named(&self, context: &Context<'_>) -> std::result::Result<String, String> {
        let template = self.user_name.as_ref().map_err(Clone::clone)?;
        let value = template.evaluate(context).map_err(|e| e.to_string())?;
        let text = value.as_text().unwrap_or_default();
        if text.trim().is_empty() {
            return Err("the application username is empty".to_owned());
        }
        Ok(format!("{}{}", text.trim(), self.app.username.suffix))
    }

    fn gather(&self, tx: &impl Reads, user: &OktaUser, so_far: Option<&Profile>) -> Result<Around> {
        let org = self.key.org;
        let mut around = Around {
            known: Known::of(tx, org, user, self.asks_groups)?,
            appuser: so_far.map(members),
            others: Vec::new(),
            relations: Relations::default(),
        };
        if self.asks_relations {
            around.relations = Relations::of(tx, org, user, &self.others)?;
        }
        for (name, app) in &self.others {
            let key = AppKey { org, app: *app };
            let found = app_users::find(tx, key, user.seq)?;
            around
                .others
                .push((name.clone(), found.map(|found| members(&found.profile))));
        }
        Ok(around)
    }

    fn context<'a>(&'a self, around: &'a Around, now: Timestamp) -> Context<'a> {
        Context {
            appuser: around.appuser.as_ref(),
            app: Some(&self.properties),
            org: Some(&self.org),
            apps: around
                .others
                .iter()
                .map(|(name, profile)| crate::mapping::okta::App {
                    name,
                    users: profile.iter().collect(),
                    properties: None,
                })
                .collect(),
            related: around.relations.related(),
            ..around.known.context(now)
        }
    }
}

/// What is looked up for one person and one app.
struct Around {
    known: Known,
    appuser: Option<Members>,
    others: Vec<(String, Option<Members>)>,
    relations: Relations,
}

/// A value as an attribute of this type has it; `None` for none. Texts take numbers and booleans; everything else
/// takes its own kind only.
///
/// # Errors
/// A sentence that says what does not fit.
pub fn typed(kind: AttributeType, value: Json) -> std::result::Result<Option<Json>, String> {
    let value = kind
        .accept(Value::from_json(value))
        .map_err(|mismatch| mismatch.to_string())?;
    let nothing = value.is_empty() || value == Value::List(Vec::new());
    Ok((!nothing).then(|| value.into_json()))
}

//! Attribute changes by Entra's names: which names there are, and which values they take.
//!
//! An [`AttributeChange`] can only be made for an attribute that the provisioning service can read
//! from its source and that is stored rather than computed. Length limits are those of the `user` and
//! `group` resource types in Microsoft Graph.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::mapping::entra::{self, AttributeType, source_attributes};
use crate::model::{ExtensionType, ObjectKind};

/// A value for an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// The only value of a single-valued attribute. Booleans are `True` and `False`.
    Text(String),
    /// The values of a multi-valued attribute, in order.
    List(Vec<String>),
}

/// Sets or clears one attribute; known to fit the attribute's type and limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeChange {
    name: Cow<'static, str>,
    value: Option<AttributeValue>,
}

impl AttributeChange {
    /// Sets an attribute. Names are matched without regard to case, except extensions
    /// (`extension_<32 hex digits of the application id>_<name>`).
    ///
    /// # Errors
    /// A field error: unknown or computed attribute, wrong type, too long, or empty.
    pub fn set(kind: ObjectKind, name: &str, value: AttributeValue) -> Result<Self> {
        let attribute = Attribute::find(kind, name)?;
        Ok(Self {
            value: Some(attribute.check(value)?),
            name: attribute.name,
        })
    }

    /// Takes an attribute's value away.
    ///
    /// # Errors
    /// A field error: unknown or computed attribute, or one that must have a value.
    pub fn clear(kind: ObjectKind, name: &str) -> Result<Self> {
        let attribute = Attribute::find(kind, name)?;
        if matches!(&*attribute.name, "userPrincipalName" | "displayName")
            || (kind == ObjectKind::Group && attribute.name == "securityEnabled")
        {
            return Err(attribute.refuse("must have a value"));
        }
        Ok(Self {
            name: attribute.name,
            value: None,
        })
    }

    /// From a form field: an empty text clears; a multi-valued attribute takes one value per line.
    ///
    /// # Errors
    /// Those of [`AttributeChange::set`] and [`AttributeChange::clear`].
    pub fn of_text(kind: ObjectKind, name: &str, text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Self::clear(kind, name);
        }
        let value = if Attribute::find(kind, name)?.multi_valued {
            AttributeValue::List(text.lines().map(|line| line.trim().to_owned()).collect())
        } else {
            AttributeValue::Text(text.to_owned())
        };
        Self::set(kind, name, value)
    }

    /// Whether there is an attribute of this name that may be changed.
    ///
    /// # Errors
    /// A field error: unknown or computed attribute.
    pub fn check_name(kind: ObjectKind, name: &str) -> Result<()> {
        Attribute::find(kind, name).map(drop)
    }

    /// The attribute, in its canonical spelling.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The new value; `None` clears.
    pub fn value(&self) -> Option<&AttributeValue> {
        self.value.as_ref()
    }

    /// The new value when it is a single text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Some(AttributeValue::Text(text)) => Some(text),
            Some(AttributeValue::List(_)) | None => None,
        }
    }

    /// Whether it is about a directory extension.
    pub(super) fn is_extension(&self) -> bool {
        matches!(self.name, Cow::Owned(_))
    }

    /// The same with the value in the form in which an extension of this type keeps it.
    pub(super) fn typed(self, data_type: ExtensionType) -> Result<Self> {
        let Some(AttributeValue::Text(text)) = &self.value else {
            return Ok(self);
        };
        let wrong = |what: &str| {
            Err(Error::field(
                "attributes",
                format!("{} takes {what}, not {text:?}", self.name),
            ))
        };
        let kept = match data_type {
            ExtensionType::String if text.chars().count() > EXTENSION_LIMIT => {
                return wrong("at most 256 characters");
            }
            ExtensionType::String => text.clone(),
            ExtensionType::Integer => match text.trim().parse::<i32>() {
                Ok(number) => number.to_string(),
                Err(_) => return wrong("a whole number of 32 bits"),
            },
            ExtensionType::Boolean if text.eq_ignore_ascii_case("true") => "True".to_owned(),
            ExtensionType::Boolean if text.eq_ignore_ascii_case("false") => "False".to_owned(),
            ExtensionType::Boolean => return wrong("True or False"),
            ExtensionType::DateTime => match Timestamp::parse(text) {
                Ok(_) => text.clone(),
                Err(_) => return wrong("a date with time such as 2026-01-31T00:00:00Z"),
            },
        };
        Ok(Self {
            value: Some(AttributeValue::Text(kept)),
            ..self
        })
    }

    /// Changes the attributes of a row.
    pub(super) fn apply(&self, attributes: &mut BTreeMap<String, Value>) {
        match &self.value {
            Some(AttributeValue::Text(text)) => {
                attributes.insert(self.name.to_string(), Value::from(text.as_str()));
            }
            Some(AttributeValue::List(values)) => {
                attributes.insert(self.name.to_string(), Value::from(values.as_slice()));
            }
            None => {
                attributes.remove(&*self.name);
            }
        }
    }
}

/// A name that may be changed, and what it takes.
struct Attribute {
    name: Cow<'static, str>,
    kind: AttributeType,
    multi_valued: bool,
    limit: usize,
}

/// Attributes that no one sets, and what to do instead.
const NOT_SET: &[(&str, &str)] = &[
    ("objectId", "is given by the directory"),
    ("IsSoftDeleted", "is computed by the provisioning service"),
    ("appRoleAssignments", "is computed from assignments"),
    (
        "originalUserPrincipalName",
        "is computed; set userPrincipalName",
    ),
    (
        "accountEnabled",
        "is not a plain attribute; enable or disable the account",
    ),
    (
        "manager",
        "is a reference, not a plain attribute; set the manager",
    ),
    (
        "members",
        "is a list of references, not a plain attribute; add or remove members",
    ),
    (
        "passwordProfile.password",
        "is never kept: this directory signs nobody in",
    ),
];

/// What users have for clients of Microsoft Graph and no provisioning reads.
const KEPT: [entra::SourceAttribute; 1] = [entra::SourceAttribute {
    name: "otherMails",
    kind: AttributeType::String,
    multi_valued: true,
    required: false,
}];

/// Longest values in characters, by attribute.
const LIMITS: &[(&str, usize)] = &[
    ("city", 128),
    ("companyName", 64),
    ("country", 128),
    ("department", 64),
    ("employeeId", 16),
    ("givenName", 64),
    ("jobTitle", 128),
    ("mailNickname", 64),
    ("mobile", 64),
    ("physicalDeliveryOfficeName", 128),
    ("postalCode", 40),
    ("state", 128),
    ("surname", 64),
    ("telephoneNumber", 64),
    ("usageLocation", 2),
    ("userPrincipalName", 113),
    ("displayName", 256),
];
/// Longest text of a directory extension.
const EXTENSION_LIMIT: usize = 256;
/// Longest value of every other attribute, `streetAddress` and extension attributes among them.
const LIMIT: usize = 1024;

impl Attribute {
    fn find(kind: ObjectKind, name: &str) -> Result<Self> {
        let list = source_attributes(match kind {
            ObjectKind::User => entra::ObjectKind::User,
            ObjectKind::Group => entra::ObjectKind::Group,
        });
        let kept = KEPT.iter().filter(|_| kind == ObjectKind::User);
        let mut known = list.iter().chain(kept);
        let Some(known) = known.find(|a| a.name.eq_ignore_ascii_case(name)) else {
            return Self::extension(kind, name);
        };
        if let Some((_, reason)) = NOT_SET.iter().find(|(n, _)| *n == known.name) {
            return Err(Error::field(known.name, format!("{} {reason}", known.name)));
        }
        Ok(Self {
            name: Cow::Borrowed(known.name),
            kind: known.kind,
            multi_valued: known.multi_valued,
            limit: LIMITS
                .iter()
                .find(|(n, _)| *n == known.name)
                .map_or(LIMIT, |(_, limit)| *limit),
        })
    }

    fn extension(kind: ObjectKind, name: &str) -> Result<Self> {
        if !is_extension(name) {
            return Err(Error::field(
                "attributes",
                format!(
                    "{name:?} is not an attribute of a {}; known are those a mapping can read from \
                     the directory, and extension_<application id without dashes>_<name>",
                    kind.name().to_lowercase()
                ),
            ));
        }
        Ok(Self {
            name: Cow::Owned(name.to_owned()),
            kind: AttributeType::String,
            multi_valued: false,
            limit: LIMIT,
        })
    }

    fn refuse(&self, why: impl std::fmt::Display) -> Error {
        let field = match self.name {
            Cow::Borrowed(name) => name,
            Cow::Owned(_) => "attributes",
        };
        Error::field(field, format!("{} {why}", self.name))
    }

    fn check(&self, value: AttributeValue) -> Result<AttributeValue> {
        match (value, self.multi_valued) {
            (AttributeValue::Text(text), false) => Ok(AttributeValue::Text(self.one(text)?)),
            (AttributeValue::List(values), true) => {
                if values.is_empty() {
                    return Err(self.refuse("has no values; clear it instead"));
                }
                let values: Result<Vec<_>> = values.into_iter().map(|v| self.one(v)).collect();
                Ok(AttributeValue::List(values?))
            }
            (AttributeValue::Text(_), true) => Err(self.refuse("takes a list of texts")),
            (AttributeValue::List(_), false) => Err(self.refuse("takes one text, not a list")),
        }
    }

    fn one(&self, text: String) -> Result<String> {
        if text.trim().is_empty() {
            return Err(self.refuse("is empty; clear it instead"));
        }
        let length = text.chars().count();
        if length > self.limit {
            return Err(self.refuse(format_args!(
                "has {length} characters; at most {} are allowed",
                self.limit
            )));
        }
        match self.kind {
            AttributeType::Boolean if text.eq_ignore_ascii_case("true") => Ok("True".into()),
            AttributeType::Boolean if text.eq_ignore_ascii_case("false") => Ok("False".into()),
            AttributeType::Boolean => Err(self.refuse("takes True or False")),
            AttributeType::DateTime => match Timestamp::parse(&text) {
                Ok(_) => Ok(text),
                Err(_) => {
                    Err(self
                        .refuse("takes a date with time in RFC 3339, such as 2026-01-31T00:00:00Z"))
                }
            },
            AttributeType::String if self.name == "userPrincipalName" => {
                check_principal_name(&text).map_err(|why| self.refuse(why))?;
                Ok(text)
            }
            AttributeType::String
            | AttributeType::Reference
            | AttributeType::Integer
            | AttributeType::Binary => Ok(text),
        }
    }
}

/// Whether this is the form of a directory extension's name: `extension_`, 32 hex digits, `_`, and letters, digits or
/// underscores.
pub fn is_extension(name: &str) -> bool {
    name.strip_prefix("extension_")
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(app, own)| {
            app.len() == 32
                && app.bytes().all(|b| b.is_ascii_hexdigit())
                && !own.is_empty()
                && own.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}

/// `alias@domain`: one `@` with something before and after it, and no blanks.
fn check_principal_name(text: &str) -> std::result::Result<(), &'static str> {
    let Some((alias, domain)) = text.split_once('@') else {
        return Err("must contain @, as in alias@domain");
    };
    if alias.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err("must be of the form alias@domain");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("must not contain blanks");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> AttributeValue {
        AttributeValue::Text(value.to_owned())
    }

    #[test]
    fn names_are_canonical_and_computed_ones_are_refused_with_a_reason() {
        let change = AttributeChange::set(ObjectKind::User, "JOBTITLE", text("Guide")).unwrap();
        assert_eq!((change.name(), change.text()), ("jobTitle", Some("Guide")));
        for (kind, name, reason) in [
            (
                ObjectKind::User,
                "accountEnabled",
                "enable or disable the account",
            ),
            (ObjectKind::User, "manager", "set the manager"),
            (ObjectKind::Group, "members", "add or remove members"),
            (
                ObjectKind::User,
                "userName",
                "\"userName\" is not an attribute of a user",
            ),
            (ObjectKind::Group, "jobTitle", "not an attribute of a group"),
            (ObjectKind::User, "extension_12_x", "not an attribute"),
        ] {
            let error = AttributeChange::set(kind, name, text("x")).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn values_fit_their_type_and_limit() {
        let long = "x".repeat(65);
        for (name, value, reason) in [
            ("surname", long.as_str(), "at most 64"),
            ("surname", " ", "clear it instead"),
            ("dirSyncEnabled", "yes", "True or False"),
            ("employeeHireDate", "yesterday", "RFC 3339"),
            ("proxyAddresses", "SMTP:a@b.example", "takes a list"),
            ("userPrincipalName", "nobody", "must contain @"),
            ("userPrincipalName", "a@b@c", "alias@domain"),
            ("userPrincipalName", "@b", "alias@domain"),
            ("userPrincipalName", "a b@c", "blanks"),
        ] {
            let error = AttributeChange::set(ObjectKind::User, name, text(value)).unwrap_err();
            assert!(error.to_string().contains(reason), "{name}: {error}");
        }
        let extension = "extension_0123456789abcdef0123456789abcdef_badge";
        assert!(AttributeChange::set(ObjectKind::User, extension, text("7")).is_ok());
        let change = AttributeChange::set(ObjectKind::User, "dirsyncenabled", text("TRUE"));
        assert_eq!(change.unwrap().text(), Some("True"));
    }

    #[test]
    fn an_empty_form_field_clears_what_may_be_empty() {
        let change = AttributeChange::of_text(ObjectKind::User, "mail", "  ").unwrap();
        assert_eq!(change.value(), None);
        assert!(AttributeChange::of_text(ObjectKind::User, "displayName", "").is_err());
        let change = AttributeChange::of_text(ObjectKind::User, "proxyAddresses", "a\n b").unwrap();
        let expected = AttributeValue::List(vec!["a".into(), "b".into()]);
        assert_eq!(change.value(), Some(&expected));
    }
}

//! A schema from its document: what an administrator registers as an extension. RFC 7643 sections 2.2
//! and 7.
//!
//! Strict, because what is accepted here is enforced on every resource afterwards: unknown words are
//! refused, names are checked, and so is what this provider could publish but not keep (uniqueness of an
//! extension's attribute, several values inside a complex value). Sentences name the attribute and say
//! what to do.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::Object;
use super::error::{Error, echo, kind_of};
use super::schema::{
    Attribute, Attributes, Handling, Kind, Mutability, Returned, Schema, Uniqueness,
};
use super::syntax::is_name;
use super::urn;

/// Most attributes of a schema, sub-attributes included.
pub const MAX_ATTRIBUTES: usize = 200;
/// Longest document, in bytes of compact JSON.
pub const MAX_BYTES: usize = 65_536;
/// Longest name of an attribute or schema, in characters.
pub const MAX_NAME: usize = 100;
/// Longest URN, in bytes.
const MAX_URN: usize = 255;

const KINDS: [Kind; 8] = [
    Kind::String,
    Kind::Boolean,
    Kind::Decimal,
    Kind::Integer,
    Kind::DateTime,
    Kind::Binary,
    Kind::Reference,
    Kind::Complex,
];
const MUTABILITIES: [Mutability; 4] = [
    Mutability::ReadOnly,
    Mutability::ReadWrite,
    Mutability::Immutable,
    Mutability::WriteOnly,
];
const RETURNED: [Returned; 4] = [
    Returned::Always,
    Returned::Default,
    Returned::Request,
    Returned::Never,
];
const UNIQUENESS: [Uniqueness; 3] = [Uniqueness::None, Uniqueness::Server, Uniqueness::Global];
/// Resource types and the two words of RFC 7643 section 7.
const REFERENCE_TYPES: [&str; 4] = ["User", "Group", "external", "uri"];
/// Attributes every resource has already.
const COMMON: [&str; 4] = ["schemas", "id", "externalId", "meta"];

impl Schema {
    /// Reads a Schema resource as it stands under `/Schemas`.
    ///
    /// # Errors
    /// 400 `invalidSyntax` for what is not such a document, 400 `invalidValue` for a schema that cannot be
    /// registered here.
    pub fn parse(document: Value) -> Result<Self, Error> {
        let length = document.to_string().len();
        if length > MAX_BYTES {
            return Err(Error::invalid_value(format!(
                "the schema has {length} bytes; at most {MAX_BYTES} are allowed"
            )));
        }
        let Value::Object(document) = document else {
            return Err(Error::invalid_syntax(format!(
                "a schema is a JSON object, not {}",
                kind_of(&document)
            )));
        };
        let mut given = Given::new("the schema", document);
        let known = given.texts("schemas")?;
        if !known.is_empty() && !known.iter().any(|u| u.eq_ignore_ascii_case(urn::SCHEMA)) {
            return Err(Error::invalid_syntax(format!(
                "\"schemas\" must contain \"{}\"",
                urn::SCHEMA
            )));
        }
        given.take("meta");
        let id = given.text("id")?.ok_or_else(|| given.missing("id"))?;
        check_urn(&id)?;
        let name = given.text("name")?.ok_or_else(|| given.missing("name"))?;
        if name.is_empty() || name.chars().count() > MAX_NAME {
            return Err(given.wrong(&format!("\"name\" must have 1 to {MAX_NAME} characters")));
        }
        let description = given.text("description")?.unwrap_or_default();
        let attributes = given
            .take("attributes")
            .ok_or_else(|| given.missing("attributes"))?;
        given.end()?;
        let mut left = MAX_ATTRIBUTES;
        let attributes = list("", "attributes", attributes, &mut left)?;
        if let Some(common) = COMMON.iter().find(|name| attributes.get(name).is_some()) {
            return Err(Error::invalid_value(format!(
                "attribute \"{common}\": every resource has it already; choose another name"
            )));
        }
        Ok(Self {
            id: Arc::from(id),
            name,
            description,
            attributes,
        })
    }
}

/// `urn:nid:nss` (RFC 8141; of its characters those a path can hold), not one of those that mean
/// something else already.
fn check_urn(id: &str) -> Result<(), Error> {
    let wrong = |sentence: &str| {
        Err(Error::invalid_value(format!(
            "\"id\": \"{}\" {sentence}",
            echo(id)
        )))
    };
    let mut parts = id.splitn(3, ':');
    let (scheme, space, rest) = (
        parts.next().unwrap_or(""),
        parts.next().unwrap_or(""),
        parts.next().unwrap_or(""),
    );
    let letters = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let formed = scheme.eq_ignore_ascii_case("urn")
        && (2..=32).contains(&space.len())
        && letters(space)
        && !space.starts_with('-')
        && !space.ends_with('-')
        && !rest.is_empty()
        && !rest.ends_with([':', '.'])
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b));
    if !formed {
        return wrong("is not a URN such as urn:example:params:scim:schemas:badge:1.0:User");
    }
    if id.len() > MAX_URN {
        return wrong("is longer than 255 bytes");
    }
    let lower = id.to_ascii_lowercase();
    if lower.starts_with("urn:ietf:params:scim:api:") {
        return wrong("is the name of a message; choose a URN of your own");
    }
    let built_in = [
        urn::USER,
        urn::GROUP,
        urn::ENTERPRISE_USER,
        urn::SERVICE_PROVIDER_CONFIG,
        urn::RESOURCE_TYPE,
        urn::SCHEMA,
    ];
    for taken in built_in {
        // A longer URN would hide the attributes of the shorter one: both are written before a colon.
        let rest = lower.strip_prefix(taken.to_ascii_lowercase().as_str());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.'])) {
            return wrong("belongs to a schema of the standard; choose a URN of your own");
        }
    }
    Ok(())
}

/// The members of an object, taken one by one; what is left at the end is not known.
struct Given {
    /// Of what, for sentences.
    of: String,
    members: Object,
}

impl Given {
    fn new(of: impl Into<String>, members: Object) -> Self {
        Self {
            of: of.into(),
            members,
        }
    }

    fn wrong(&self, sentence: &str) -> Error {
        Error::invalid_value(format!("{}: {sentence}", self.of))
    }

    fn missing(&self, name: &str) -> Error {
        self.wrong(&format!("\"{name}\" is missing"))
    }

    fn misfit(&self, name: &str, expected: &str, found: &Value) -> Error {
        self.wrong(&format!(
            "\"{name}\" must be {expected}, not {}",
            kind_of(found)
        ))
    }

    /// Null counts as absent.
    fn take(&mut self, name: &str) -> Option<Value> {
        let key = self
            .members
            .keys()
            .find(|key| key.eq_ignore_ascii_case(name))?
            .clone();
        self.members.shift_remove(&key).filter(|v| !v.is_null())
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.misfit(name, "a string", &other)),
        }
    }

    fn flag(&mut self, name: &str) -> Result<bool, Error> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(self.misfit(name, "true or false", &other)),
        }
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>, Error> {
        let Some(value) = self.take(name) else {
            return Ok(vec![]);
        };
        let Value::Array(elements) = value else {
            return Err(self.misfit(name, "an array of strings", &value));
        };
        let one = |element| match element {
            Value::String(text) => Ok(text),
            other => Err(self.misfit(name, "an array of strings", &other)),
        };
        elements.into_iter().map(one).collect()
    }

    /// One of some words; the first is what counts when there is none.
    fn word<T: Copy>(
        &mut self,
        name: &str,
        known: &[T],
        default: T,
        spell: fn(T) -> &'static str,
    ) -> Result<T, Error> {
        let Some(text) = self.text(name)? else {
            return Ok(default);
        };
        let found = known.iter().copied().find(|one| spell(*one) == text);
        found.ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|one| spell(*one)).collect();
            self.wrong(&format!(
                "\"{name}\" is \"{}\"; it must be one of {}",
                echo(&text),
                words.join(", ")
            ))
        })
    }

    fn end(&self) -> Result<(), Error> {
        match self.members.keys().next() {
            Some(unknown) => Err(self.wrong(&format!(
                "\"{}\" is not a characteristic of RFC 7643 section 7; remove it",
                echo(unknown)
            ))),
            None => Ok(()),
        }
    }
}

/// The attributes below `parent` (empty for the schema itself). `left` counts down over the document.
fn list(parent: &str, member: &str, value: Value, left: &mut usize) -> Result<Attributes, Error> {
    let of = if parent.is_empty() {
        "the schema".to_owned()
    } else {
        format!("attribute \"{parent}\"")
    };
    let elements = match value {
        Value::Array(elements) if !elements.is_empty() => elements,
        other => {
            return Err(Error::invalid_value(format!(
                "{of}: \"{member}\" must be an array with at least one attribute, not {}",
                if other.is_array() {
                    "an empty one"
                } else {
                    kind_of(&other)
                }
            )));
        }
    };
    let mut names = HashSet::with_capacity(elements.len());
    let mut attributes = Vec::with_capacity(elements.len());
    for (i, element) in elements.into_iter().enumerate() {
        *left = left.checked_sub(1).ok_or_else(|| {
            Error::invalid_value(format!(
                "the schema has more than {MAX_ATTRIBUTES} attributes, sub-attributes included"
            ))
        })?;
        let Value::Object(element) = element else {
            return Err(Error::invalid_value(format!(
                "{of}: {member}[{i}] must be an object, not {}",
                kind_of(&element)
            )));
        };
        let mut given = Given::new(format!("{of}: {member}[{i}]"), element);
        let name = given.text("name")?.ok_or_else(|| given.missing("name"))?;
        let dollar = name == "$ref" && !parent.is_empty();
        if name.chars().count() > MAX_NAME || !(is_plain_name(&name) || dollar) {
            return Err(given.wrong(&format!(
                "\"{}\" is not a name: a letter, then letters, digits, - and _, at most {MAX_NAME}",
                echo(&name)
            )));
        }
        if !names.insert(name.to_ascii_lowercase()) {
            return Err(given.wrong(&format!(
                "\"{name}\" occurs twice; names do not differ by case"
            )));
        }
        let path = match parent {
            "" => name.clone(),
            parent => format!("{parent}.{name}"),
        };
        given.of = format!("attribute \"{path}\"");
        attributes.push(attribute(name, parent, given, left)?);
    }
    Ok(attributes.into_iter().collect())
}

fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && is_name(name)
}

fn attribute(
    name: String,
    parent: &str,
    mut given: Given,
    left: &mut usize,
) -> Result<Attribute, Error> {
    let kind = given.word("type", &KINDS, Kind::String, Kind::as_str)?;
    let case_exact = given.flag("caseExact")?;
    let mutability = given.word(
        "mutability",
        &MUTABILITIES,
        Mutability::ReadWrite,
        Mutability::as_str,
    )?;
    // What a client may never read back is not returned, said or not.
    let default = match mutability {
        Mutability::WriteOnly => Returned::Never,
        _ => Returned::Default,
    };
    let mut attribute = Attribute {
        kind,
        multi_valued: given.flag("multiValued")?,
        required: given.flag("required")?,
        // RFC 7643 sections 2.3.6 and 2.3.7 settle it for these, whatever documents say.
        case_exact: case_exact || matches!(kind, Kind::Reference | Kind::Binary),
        mutability,
        returned: given.word("returned", &RETURNED, default, Returned::as_str)?,
        uniqueness: given.word(
            "uniqueness",
            &UNIQUENESS,
            Uniqueness::None,
            Uniqueness::as_str,
        )?,
        canonical_values: given.texts("canonicalValues")?,
        reference_types: given.texts("referenceTypes")?,
        sub_attributes: Attributes::default(),
        description: given.text("description")?.unwrap_or_default(),
        handling: Handling::default(),
        name,
    };
    let subs = given.take("subAttributes");
    given.end()?;
    check(&attribute, parent, &given)?;
    match (kind, subs) {
        (Kind::Complex, Some(subs)) => {
            attribute.sub_attributes = list(&attribute.name, "subAttributes", subs, left)?;
        }
        (Kind::Complex, None) => {
            return Err(given.wrong("a complex attribute needs \"subAttributes\""));
        }
        (_, Some(subs)) if subs.as_array().is_none_or(|list| !list.is_empty()) => {
            return Err(given.wrong("only a complex attribute has \"subAttributes\""));
        }
        _ => {}
    }
    Ok(attribute)
}

/// Characteristics that contradict each other, or promise what is not kept here.
fn check(attribute: &Attribute, parent: &str, given: &Given) -> Result<(), Error> {
    let is_sub = !parent.is_empty();
    let unknown = attribute
        .reference_types
        .iter()
        .find(|kind| !REFERENCE_TYPES.contains(&kind.as_str()));
    let sentence = if is_sub && attribute.kind == Kind::Complex {
        "a sub-attribute cannot be complex; make it an attribute of its own"
    } else if is_sub && attribute.multi_valued {
        "several values inside a complex value are not supported; make it an attribute of its own"
    } else if attribute.uniqueness != Uniqueness::None {
        "uniqueness of an extension's attribute is not supported; say \"none\""
    } else if attribute.required && attribute.is_read_only() {
        "a required attribute that clients cannot write can never be assigned; drop one of the two"
    } else if attribute.required && attribute.returned == Returned::Never {
        "what is never returned is not kept either, so it cannot be required"
    } else if attribute.mutability == Mutability::WriteOnly && attribute.returned != Returned::Never
    {
        "what is writeOnly must have \"returned\": \"never\""
    } else if !attribute.canonical_values.is_empty() && attribute.kind != Kind::String {
        "only a string has \"canonicalValues\""
    } else if !attribute.reference_types.is_empty() && attribute.kind != Kind::Reference {
        "only a reference has \"referenceTypes\""
    } else if unknown.is_some() {
        "\"referenceTypes\" are User, Group, external and uri"
    } else {
        return Ok(());
    };
    Err(given.wrong(sentence))
}

#[cfg(test)]
mod tests;

//! [`ExternalName`]: where in a SCIM resource an attribute of the app user profile stands.
//!
//! Okta's mini-language: names separated by dots, and `^[key==literal]` behind the name of an array, which
//! means the element whose `key` equals the literal (`true`, `false` or a text in quotes) and makes it where
//! there is none. The namespace is the core schema, or the URN of an extension, whose object the name then
//! starts from. An attribute without an external name is never sent: it has no [`ExternalName`].
//!
//! What stands at a name is written as it is: a plain text at `roles` becomes `"roles": "admin"`, which
//! strict servers refuse, as they do with the real service.

mod parse;
mod resource;
#[cfg(test)]
mod tests;

use std::fmt;

use super::error::SyntaxError;

pub use resource::{EmptyValues, arrange, get, render, set};

/// Namespace of the core attributes of users.
pub const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Namespace of the enterprise attributes.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A place in a resource. Displays the external name without the namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalName {
    namespace: String,
    segments: Vec<Segment>,
}

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// The member of this name.
    Member(String),
    /// The element of an array whose member `key` equals a literal.
    Element { key: String, literal: Literal },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Literal {
    Boolean(bool),
    Text(String),
}

impl ExternalName {
    /// Reads an external name within a namespace; none for an empty name, whose attribute is never sent.
    /// An empty namespace is the core schema.
    ///
    /// # Errors
    /// [`SyntaxError`] with the place in the external name.
    pub fn parse(name: &str, namespace: &str) -> Result<Option<Self>, SyntaxError> {
        if name.trim().is_empty() {
            return Ok(None);
        }
        let namespace = match namespace.trim() {
            "" => CORE,
            other => other,
        };
        Ok(Some(Self {
            segments: parse::segments(name)?,
            namespace: namespace.to_owned(),
        }))
    }

    /// URN of the schema it belongs to.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// URN of the extension it belongs to; none for a core attribute, whatever the version of the core
    /// schema.
    pub fn extension(&self) -> Option<&str> {
        let urn = self.namespace.to_ascii_lowercase();
        let core = urn.contains(":schemas:core:");
        Some(self.namespace.as_str()).filter(|_| !core)
    }

    /// Name of the attribute of the resource it begins with: `emails`.
    pub fn attribute(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Member(name)) => name,
            _ => "",
        }
    }
}

impl fmt::Display for ExternalName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            match segment {
                Segment::Member(name) => f.write_str(name)?,
                Segment::Element { key, literal } => match literal {
                    Literal::Boolean(flag) => write!(f, "^[{key}=={flag}]")?,
                    Literal::Text(text) if text.contains('\'') => {
                        write!(f, "^[{key}==\"{text}\"]")?;
                    }
                    Literal::Text(text) => write!(f, "^[{key}=='{text}']")?,
                },
            }
        }
        Ok(())
    }
}

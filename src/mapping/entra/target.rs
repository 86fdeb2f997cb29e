//! Target attributes by name: [`TargetPath`], the small path syntax of a target directory definition
//! (`emails[type eq "work"].value`, `name.familyName`, `urn:...:User:department`).
//!
//! Knows the shape of names, not of resources; that is `resource`. Follows the target attributes in
//! Microsoft's "Customize user provisioning attribute-mappings".

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE_USER: &str =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A target attribute name, checked. Dereferences to the text as it was written; equal when the
/// texts are equal but for ASCII case.
#[derive(Debug, Clone)]
pub struct TargetPath {
    text: String,
    /// URN of the schema extension; `None` for core attributes.
    extension: Option<String>,
    attribute: String,
    /// Sub-attribute and value of `[type eq "work"]`.
    filter: Option<(String, String)>,
    sub: Option<String>,
}

/// Why a text is not a target attribute name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("target attribute '{text}': {reason}")]
pub struct TargetPathError {
    /// The text.
    pub text: String,
    /// What is wrong and how such a name looks.
    pub reason: &'static str,
}

impl TargetPath {
    /// Reads a target attribute name.
    ///
    /// # Errors
    /// When the text is neither `name`, `name.sub`, `name[sub eq "value"]` nor
    /// `name[sub eq "value"].sub`, with or without `urn:...:` before it.
    pub fn parse(text: &str) -> Result<Self, TargetPathError> {
        Self::read_text(text).map_err(|reason| TargetPathError {
            text: text.to_owned(),
            reason,
        })
    }

    fn read_text(text: &str) -> Result<Self, &'static str> {
        let before_filter = text.find('[').unwrap_or(text.len());
        let is_urn = text
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        let (urn, rest) = match text[..before_filter].rfind(':') {
            Some(colon) if is_urn => (Some(&text[..colon]), &text[colon + 1..]),
            _ => (None, text),
        };
        let name_end = rest.find(['[', '.']).unwrap_or(rest.len());
        let (attribute, rest) = rest.split_at(name_end);
        let (filter, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (filter, rest) = inside
                    .split_once("\"]")
                    .ok_or("close the filter like this: emails[type eq \"work\"].value")?;
                (Some(read_filter(filter)?), rest)
            }
            None => (None, rest),
        };
        let sub = match rest.strip_prefix('.') {
            Some(sub) => Some(name(sub)?),
            None if rest.is_empty() => None,
            None => return Err("after the filter comes '.' and a sub-attribute, or nothing"),
        };
        let core = |urn: &&str| {
            !urn.eq_ignore_ascii_case(CORE_USER) && !urn.eq_ignore_ascii_case(CORE_GROUP)
        };
        Ok(Self {
            text: text.to_owned(),
            extension: urn.filter(core).map(str::to_owned),
            attribute: name(attribute)?,
            filter,
            sub,
        })
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// URN of the extension the attribute belongs to; `None` for core attributes.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The attribute itself, without URN, filter and sub-attribute.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Sub-attribute and value of the filter in brackets.
    pub fn filter(&self) -> Option<(&str, &str)> {
        self.filter
            .as_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The sub-attribute after the point.
    pub fn sub_attribute(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// Whether the schema gives the attribute the type Boolean: `active` of a user, and `primary`.
    pub fn is_boolean(&self) -> bool {
        let last = self.sub.as_ref().unwrap_or(&self.attribute);
        let active = self.extension.is_none() && self.sub.is_none() && self.filter.is_none();
        (active && last.eq_ignore_ascii_case("active"))
            || (self.sub.is_some() && last.eq_ignore_ascii_case("primary"))
    }
}

/// Letters, digits, `$`, `_` and `-`, as RFC 7643 section 2.1 names attributes.
fn name(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '-');
    if text.is_empty() {
        return Err("an attribute name is missing");
    }
    if !text.chars().all(fits) {
        return Err("attribute names have letters, digits, '$', '_' and '-' only");
    }
    Ok(text.to_owned())
}

fn read_filter(text: &str) -> Result<(String, String), &'static str> {
    const SHAPE: &str = "a filter looks like this: [type eq \"work\"]";
    let (attribute, rest) = text.trim_start().split_once(' ').ok_or(SHAPE)?;
    let (operator, value) = rest.trim_start().split_once(' ').ok_or(SHAPE)?;
    if !operator.eq_ignore_ascii_case("eq") {
        return Err("the filter of a target attribute knows 'eq' only");
    }
    let value = value.trim_start().strip_prefix('"').ok_or(SHAPE)?;
    if value.contains(['"', '\\']) {
        return Err("the value of a filter cannot contain '\"' or '\\'");
    }
    Ok((name(attribute)?, value.to_owned()))
}

impl Deref for TargetPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for TargetPath {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for TargetPath {}

impl fmt::Display for TargetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for TargetPath {
    type Err = TargetPathError;

    fn from_str(text: &str) -> Result<Self, TargetPathError> {
        Self::parse(text)
    }
}

impl Serialize for TargetPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for TargetPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> TargetPath {
        TargetPath::parse(text).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn paths_have_parts() {
        let phone = path("phoneNumbers[type eq \"mobile\"].value");
        assert_eq!(
            (phone.attribute(), phone.filter(), phone.sub_attribute()),
            ("phoneNumbers", Some(("type", "mobile")), Some("value"))
        );
        let department =
            path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
        assert_eq!(
            (department.extension(), department.attribute()),
            (Some(ENTERPRISE_USER), "department")
        );
        let manager =
            path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value");
        assert_eq!(
            (manager.attribute(), manager.sub_attribute()),
            ("manager", Some("value"))
        );
        let core = path("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName");
        assert_eq!(
            (core.extension(), core.sub_attribute()),
            (None, Some("givenName"))
        );
        let custom = path("urn:x:2.0:User:things[type eq \"a:b.c\"].value");
        assert_eq!(
            (custom.extension(), custom.filter()),
            (Some("urn:x:2.0:User"), Some(("type", "a:b.c")))
        );
    }

    #[test]
    fn texts_that_are_no_paths_are_refused() {
        for text in [
            "",
            ".",
            "a.",
            "a b",
            "name.",
            "a:b",
            "urn:x:",
            "emails[type eq work].value",
            "emails[type ne \"work\"]",
            "emails[type eq \"work\"]value",
            "emails[type eq \"work\"",
            "emails[]",
            "a.b.c",
            "a[x eq \"\\\"]",
        ] {
            let error = TargetPath::parse(text).expect_err(text);
            assert!(error.to_string().contains(text));
        }
    }
}

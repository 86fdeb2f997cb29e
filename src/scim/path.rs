//! Paths: where in a resource something is. RFC 7644 sections 3.5.2 and 3.10.
//!
//! [`AttributePath`] is resolved against a resource type; [`PathSyntax`] is the same notation for those
//! who know no schema (attribute mappings). A URN is found as the longest known prefix, never by
//! splitting at a dot or colon: URNs contain both (`core:2.0:User`).

use std::fmt;
use std::sync::Arc;

use super::error::{Error, echo};
use super::filter::ValueFilter;
use super::profile::Rules;
use super::schema::{Attribute, ResourceType};
use super::syntax::{FilterSyntax, RawPath, is_name};

/// An attribute of a resource type, perhaps one sub-attribute of it, perhaps of selected elements only.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributePath {
    /// URN of the extension the attribute belongs to; `None` for core and common attributes.
    pub schema: Option<Arc<str>>,
    /// The attribute.
    pub attribute: Arc<Attribute>,
    /// Which elements of a multi-valued attribute.
    pub filter: Option<ValueFilter>,
    /// One sub-attribute of a complex attribute.
    pub sub_attribute: Option<Arc<Attribute>>,
}

/// What a PATCH path names.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A bare extension URN: the whole container.
    Container(Arc<str>),
    /// The resource itself: the bare URN of the base schema.
    Resource,
    /// An attribute.
    Attribute(AttributePath),
}

/// What a name without brackets stands for.
pub(super) enum Located {
    Container(Arc<str>),
    Resource,
    Attribute {
        schema: Option<Arc<str>>,
        attribute: Arc<Attribute>,
        sub: Option<Arc<Attribute>>,
    },
}

/// Finds what `text` (`attr`, `attr.sub`, `urn:attr.sub`, `urn`) names. The error is a sentence.
pub(super) fn locate(rt: &ResourceType, text: &str, rules: &Rules) -> Result<Located, String> {
    let (schema, rest) = match rt.split_urn(text) {
        Some((schema, "")) if *schema.id == *rt.schema.id => return Ok(Located::Resource),
        Some((schema, "")) => return Ok(Located::Container(Arc::clone(&schema.id))),
        Some((schema, rest)) if rest.starts_with(':') || rules.dotted_keys => {
            (Some(schema), rest.get(1..).unwrap_or(""))
        }
        Some(_) => return Err(format!("\"{}\" needs `:` behind the URN", echo(text))),
        None if text.contains(':') => {
            return Err(format!(
                "\"{}\" begins with no known schema URN",
                echo(text)
            ));
        }
        None => (None, text),
    };
    let mut parts = rest.splitn(3, '.');
    let name = parts.next().unwrap_or("");
    let sub = parts.next();
    if parts.next().is_some() {
        return Err(format!(
            "\"{}\" goes deeper than attribute.subAttribute",
            echo(text)
        ));
    }
    if !is_name(name) || sub.is_some_and(|s| !is_name(s)) {
        return Err(format!("\"{}\" is not an attribute name", echo(text)));
    }
    let extension = schema.filter(|s| *s.id != *rt.schema.id);
    let attribute = match extension {
        Some(schema) => schema.attributes.get(name),
        None => rt.attribute(name),
    };
    let attribute =
        attribute.ok_or_else(|| format!("{} has no attribute \"{}\"", rt.name, echo(text)))?;
    let sub = match sub {
        None => None,
        Some(sub) => Some(sub_of(attribute, sub)?),
    };
    Ok(Located::Attribute {
        schema: extension.map(|s| Arc::clone(&s.id)),
        attribute: Arc::clone(attribute),
        sub,
    })
}

pub(super) fn sub_of(attribute: &Attribute, name: &str) -> Result<Arc<Attribute>, String> {
    attribute.sub(name).map(Arc::clone).ok_or_else(|| {
        format!(
            "\"{}\" has no sub-attribute \"{}\"",
            attribute.name,
            echo(name)
        )
    })
}

impl Target {
    /// Reads and resolves a PATCH path.
    ///
    /// # Errors
    /// 400 `invalidPath` for a path that cannot be read or names nothing; 400 `invalidFilter` for a
    /// value filter that does not fit its attribute.
    pub fn parse(text: &str, rt: &ResourceType, rules: &Rules) -> Result<Self, Error> {
        let raw = RawPath::parse(text).map_err(|e| Error::invalid_path(format!("path: {e}")))?;
        let located = locate(rt, &raw.name.text, rules)
            .map_err(|e| Error::invalid_path(format!("path: {e}")))?;
        match (located, raw.filter) {
            (Located::Container(urn), None) => Ok(Self::Container(urn)),
            (Located::Resource, None) => Ok(Self::Resource),
            (
                Located::Attribute {
                    schema,
                    attribute,
                    sub,
                },
                None,
            ) => Ok(Self::Attribute(AttributePath {
                schema,
                attribute,
                filter: None,
                sub_attribute: sub,
            })),
            (
                Located::Attribute {
                    schema,
                    attribute,
                    sub: None,
                },
                Some(filter),
            ) if attribute.multi_valued => {
                let filter = ValueFilter::resolve(&filter, &attribute, rules)?;
                let sub_attribute = match raw.sub {
                    None => None,
                    Some(sub) => Some(
                        sub_of(&attribute, &sub.text)
                            .map_err(|e| Error::invalid_path(format!("path: {e}")))?,
                    ),
                };
                Ok(Self::Attribute(AttributePath {
                    schema,
                    attribute,
                    filter: Some(filter),
                    sub_attribute,
                }))
            }
            (_, Some(_)) => Err(Error::invalid_path(format!(
                "path: only a multi-valued attribute can be followed by `[`, not \"{}\"",
                echo(&raw.name.text)
            ))),
        }
    }
}

impl AttributePath {
    /// Reads a path that must name an attribute.
    ///
    /// # Errors
    /// Those of [`Target::parse`]; also 400 `invalidPath` for a bare schema URN.
    pub fn parse(text: &str, rt: &ResourceType, rules: &Rules) -> Result<Self, Error> {
        match Target::parse(text, rt, rules)? {
            Target::Attribute(path) => Ok(path),
            Target::Container(_) | Target::Resource => Err(Error::invalid_path(format!(
                "path: \"{}\" is a schema, not an attribute",
                echo(text)
            ))),
        }
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.schema {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.attribute.name)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub) = &self.sub_attribute {
            write!(f, ".{}", sub.name)?;
        }
        Ok(())
    }
}

/// The same notation without a schema: the name of a target attribute in a mapping, such as
/// `emails[type eq "work"].value` or `urn:...:enterprise:2.0:User:manager`. The last colon ends the URN.
#[derive(Debug, Clone, PartialEq)]
pub struct PathSyntax {
    /// URN of the schema, as written.
    pub urn: Option<String>,
    /// Attribute name, as written.
    pub attribute: String,
    /// Which elements.
    pub filter: Option<FilterSyntax>,
    /// Sub-attribute name, as written.
    pub sub_attribute: Option<String>,
}

impl PathSyntax {
    /// Reads a path.
    ///
    /// # Errors
    /// 400 `invalidPath` with position.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let raw = RawPath::parse(text).map_err(|e| Error::invalid_path(format!("path: {e}")))?;
        let bad = || Error::invalid_path(format!("path: \"{}\" is not an attribute", echo(text)));
        let (urn, rest) = match raw.name.text.rsplit_once(':') {
            Some((urn, rest)) => (Some(urn.to_owned()), rest),
            None => (None, raw.name.text.as_str()),
        };
        let (attribute, dotted) = match rest.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub.to_owned())),
            None => (rest, None),
        };
        let sub_attribute = match (dotted, raw.sub) {
            (Some(_), Some(_)) => return Err(bad()),
            (Some(_), None) if raw.filter.is_some() => return Err(bad()),
            (dotted, behind) => dotted.or(behind.map(|name| name.text)),
        };
        let named = is_name(attribute) && sub_attribute.as_deref().is_none_or(is_name);
        if !named || urn.as_deref().is_some_and(str::is_empty) {
            return Err(bad());
        }
        Ok(Self {
            urn,
            attribute: attribute.to_owned(),
            filter: raw.filter,
            sub_attribute,
        })
    }
}

impl fmt::Display for PathSyntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.attribute)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub) = &self.sub_attribute {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::error::ScimType;
    use super::super::{schemas, urn};
    use super::*;

    fn read(text: &str) -> Result<Target, Error> {
        Target::parse(text, schemas::user(), &Rules::interop())
    }

    #[test]
    fn paths_are_resolved_in_any_case() {
        let enterprise = urn::ENTERPRISE_USER;
        let cases = [
            ("USERNAME".to_owned(), "userName".to_owned()),
            ("Name.GivenName".to_owned(), "name.givenName".to_owned()),
            (
                "emails[Type eq \"work\"].VALUE".to_owned(),
                "emails[type eq \"work\"].value".to_owned(),
            ),
            (format!("{}:title", urn::USER), "title".to_owned()),
            (
                format!("{}:Manager.Value", enterprise.to_uppercase()),
                format!("{enterprise}:manager.value"),
            ),
            (
                format!("{enterprise}.department"),
                format!("{enterprise}:department"),
            ),
        ];
        for (text, printed) in cases {
            let path = AttributePath::parse(&text, schemas::user(), &Rules::interop()).unwrap();
            assert_eq!(path.to_string(), printed);
        }
        assert_eq!(
            read(enterprise).unwrap(),
            Target::Container(enterprise.into())
        );
        assert_eq!(read(urn::USER).unwrap(), Target::Resource);
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        let cases = [
            "",
            ".value",
            "a b",
            "emails[type eq \"work\"",
            "emails[].value",
            "emails[0].value",
            "/emails/0",
            "name.first.second",
            "name[givenName eq \"x\"].familyName",
            "nosuch",
            "name.nosuch",
            "title.x",
            "urn:unknown:thing:title",
            "emails[type eq \"w\"].nosuch",
            "emails[type eq \"w\"]x",
            "emails.value[type eq \"w\"]",
        ];
        for text in cases {
            let error = read(text).unwrap_err();
            assert_eq!(
                error.scim_type,
                Some(ScimType::InvalidPath),
                "{text}: {error}"
            );
        }
        let error = read("emails[primary gt 5]").unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidFilter), "{error}");
        assert!(read(&".".repeat(8_000)).is_err());
        let dotted = format!("{}.department", urn::ENTERPRISE_USER);
        assert!(Target::parse(&dotted, schemas::user(), &Rules::strict()).is_err());
    }

    #[test]
    fn mappings_read_paths_without_a_schema() {
        let path = PathSyntax::parse("emails[type eq \"work\"].value").unwrap();
        assert_eq!(path.attribute, "emails");
        assert_eq!(path.sub_attribute.as_deref(), Some("value"));
        let selectors = path.filter.as_ref().unwrap().selectors().unwrap();
        assert_eq!(selectors, [("type", &"work".into())]);
        let text = format!("{}:manager", urn::ENTERPRISE_USER);
        let path = PathSyntax::parse(&text).unwrap();
        assert_eq!(path.urn.as_deref(), Some(urn::ENTERPRISE_USER));
        assert_eq!(path.attribute, "manager");
        assert_eq!(path.to_string(), text);
        for bad in ["", "a.b.c", "a b", ":a", "a[b pr].c.d", "a.b[c pr]"] {
            assert!(PathSyntax::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = read(&text);
            let _ = PathSyntax::parse(&text);
        }

        #[test]
        fn printing_and_reading_again_gives_the_same(
            text in r#"(urn:x:2\.0:User:)?[a-z]{1,4}(\[type eq "[a-z]"\])?(\.[a-z]{1,4})?"#
        ) {
            if let Ok(path) = PathSyntax::parse(&text) {
                prop_assert_eq!(PathSyntax::parse(&path.to_string()).unwrap(), path);
            }
        }
    }
}

//! Reading JSON with a path: [`At`] is a place in a document, [`Problems`] what is wrong with it.
//!
//! Nothing stops at the first fault: whoever sends a document sees all of them at once. Bodies of the Graph API are
//! read with it as well.

use std::fmt;

use serde_json::{Map, Value as Json};

/// Most problems that are listed; a file of another kind has thousands.
const MOST: usize = 100;

/// What is wrong with a schema, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct SchemaProblem {
    /// JSON path: `synchronizationRules[0].objectMappings[1].name`. `$` for the document.
    pub path: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// Why a schema is refused: at least one problem, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SchemaErrors(Vec<SchemaProblem>);

impl SchemaErrors {
    /// A single problem of the whole document.
    pub fn of_document(reason: impl Into<String>) -> Self {
        Self(vec![SchemaProblem {
            path: "$".to_owned(),
            reason: reason.into(),
        }])
    }

    /// The problems; never empty.
    pub fn problems(&self) -> &[SchemaProblem] {
        &self.0
    }
}

impl fmt::Display for SchemaErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

/// Collects problems.
#[derive(Debug, Default)]
pub struct Problems(Vec<SchemaProblem>);

impl Problems {
    /// Notes a problem at a place.
    pub fn note(&mut self, path: &str, reason: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(SchemaProblem {
                path: path.to_owned(),
                reason: reason.into(),
            });
        }
    }

    /// The value, unless there are problems.
    ///
    /// # Errors
    /// The problems, if there are any; that the document is none when there is no value either.
    pub fn or<T>(self, value: Option<T>) -> Result<T, SchemaErrors> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ if self.0.is_empty() => Err(SchemaErrors::of_document(
                "the document is not a synchronization schema",
            )),
            _ => Err(SchemaErrors(self.0)),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct At<'a> {
    /// The value.
    pub value: &'a Json,
    /// Its path, empty for the document.
    pub path: String,
}

/// An object and where it stands.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    /// Its members.
    pub map: &'a Map<String, Json>,
    /// Its path, empty for the document.
    pub path: String,
}

impl<'a> At<'a> {
    /// The document.
    pub fn root(value: &'a Json) -> Self {
        Self {
            value,
            path: String::new(),
        }
    }

    /// Its members; `None`, with a problem, when it is no object.
    pub fn members(&self, problems: &mut Problems) -> Option<Members<'a>> {
        let Json::Object(map) = self.value else {
            problems.note(
                self.shown(),
                format!("expected an object, found {}", kind(self.value)),
            );
            return None;
        };
        Some(Members {
            map,
            path: self.path.clone(),
        })
    }

    fn shown(&self) -> &str {
        if self.path.is_empty() {
            "$"
        } else {
            &self.path
        }
    }
}

impl<'a> Members<'a> {
    /// Path of a member.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A member that is there and not null.
    pub fn get(&self, name: &str) -> Option<At<'a>> {
        let value = self.map.get(name).filter(|value| !value.is_null())?;
        Some(At {
            value,
            path: self.path_of(name),
        })
    }

    /// The elements of an array; none when it is absent or null.
    pub fn list(&self, name: &str, problems: &mut Problems) -> Vec<At<'a>> {
        let Some(at) = self.get(name) else {
            return Vec::new();
        };
        let Json::Array(elements) = at.value else {
            problems.note(
                &at.path,
                format!("expected a list, found {}", kind(at.value)),
            );
            return Vec::new();
        };
        let element = |(index, value)| At {
            value,
            path: format!("{}[{index}]", at.path),
        };
        elements.iter().enumerate().map(element).collect()
    }

    /// The elements of an array that may not be longer; `None`, with a problem, when it is.
    pub fn list_of_at_most(
        &self,
        most: usize,
        name: &str,
        problems: &mut Problems,
    ) -> Option<Vec<At<'a>>> {
        let list = self.list(name, problems);
        if list.len() > most {
            let reason = format!("{} elements, at most {most} are taken", list.len());
            problems.note(&self.path_of(name), reason);
            return None;
        }
        Some(list)
    }

    /// A text; booleans and numbers are taken as their text.
    pub fn text(&self, name: &str, problems: &mut Problems) -> Option<String> {
        let at = self.get(name)?;
        match at.value {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
            other => {
                problems.note(&at.path, format!("expected a text, found {}", kind(other)));
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required_text(&self, name: &str, problems: &mut Problems) -> Option<String> {
        if self.get(name).is_none() {
            problems.note(&self.path_of(name), "is missing");
            return None;
        }
        let text = self.text(name, problems)?;
        if text.trim().is_empty() {
            problems.note(&self.path_of(name), "is empty");
            return None;
        }
        Some(text)
    }

    /// A boolean, also as the text `true` or `false`; the default when absent.
    pub fn flag(&self, name: &str, default: bool, problems: &mut Problems) -> bool {
        let Some(at) = self.get(name) else {
            return default;
        };
        match at.value {
            Json::Bool(flag) => *flag,
            Json::String(text) if text.eq_ignore_ascii_case("true") => true,
            Json::String(text) if text.eq_ignore_ascii_case("false") => false,
            other => {
                problems.note(
                    &at.path,
                    format!("expected true or false, found {}", kind(other)),
                );
                default
            }
        }
    }

    /// One of several names, in any case; the default when absent.
    pub fn one_of<T: Copy>(
        &self,
        name: &str,
        all: &[(&str, T)],
        default: T,
        problems: &mut Problems,
    ) -> T {
        let Some(text) = self.text(name, problems) else {
            return default;
        };
        let wanted = text.trim();
        if let Some((_, value)) = all.iter().find(|(n, _)| n.eq_ignore_ascii_case(wanted)) {
            return *value;
        }
        let names: Vec<&str> = all.iter().map(|(n, _)| *n).collect();
        problems.note(
            &self.path_of(name),
            format!("'{text}' is none of {}", names.join(", ")),
        );
        default
    }

    /// The members whose names are not among `known`; annotations (`@odata...`) are left out.
    pub fn others(&self, known: &[&str]) -> Map<String, Json> {
        self.map
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()) && !name.contains('@'))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

/// What a reader would call a value.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

//! The Okta user profile: its 31 base attributes, and what may stand in them (part 2.6 of the Okta reference).

use serde_json::Value;

use super::refusal::{BLANK, Cause};
use crate::model::okta::Profile;

/// An attribute of the base profile. All of them are texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseAttribute {
    /// Variable name.
    pub name: &'static str,
    /// Display name.
    pub title: &'static str,
    /// Most characters, where Okta has a limit of its own.
    pub longest: Option<usize>,
    /// Whether everybody has one.
    pub required: bool,
}

const fn required(name: &'static str, title: &'static str, longest: usize) -> BaseAttribute {
    BaseAttribute {
        name,
        title,
        longest: Some(longest),
        required: true,
    }
}

const fn limited(name: &'static str, title: &'static str, longest: usize) -> BaseAttribute {
    BaseAttribute {
        name,
        title,
        longest: Some(longest),
        required: false,
    }
}

const fn free(name: &'static str, title: &'static str) -> BaseAttribute {
    BaseAttribute {
        name,
        title,
        longest: None,
        required: false,
    }
}

/// The base profile in Okta's order.
pub const BASE: &[BaseAttribute] = &[
    required("login", "Username", 100),
    required("firstName", "First name", 50),
    required("lastName", "Last name", 50),
    free("middleName", "Middle name"),
    free("honorificPrefix", "Honorific prefix"),
    free("honorificSuffix", "Honorific suffix"),
    required("email", "Primary email", 100),
    free("title", "Title"),
    free("displayName", "Display name"),
    free("nickName", "Nickname"),
    free("profileUrl", "Profile Url"),
    limited("secondEmail", "Secondary email", 100),
    limited("mobilePhone", "Mobile phone", 100),
    limited("primaryPhone", "Primary phone", 100),
    limited("streetAddress", "Street address", 1024),
    limited("city", "City", 128),
    limited("state", "State", 128),
    limited("zipCode", "Zip code", 50),
    limited("countryCode", "Country code", 2),
    limited("postalAddress", "Postal Address", 4096),
    free("preferredLanguage", "Preferred language"),
    free("locale", "Locale"),
    free("timezone", "Time zone"),
    free("userType", "User type"),
    free("employeeNumber", "Employee number"),
    free("costCenter", "Cost center"),
    free("organization", "Organization"),
    free("division", "Division"),
    free("department", "Department"),
    free("managerId", "ManagerId"),
    free("manager", "Manager"),
];

/// Longest value of an attribute without a limit of its own, in characters: ours.
const LONGEST: usize = 4096;

/// Lays changes over a profile: null clears. A cleared attribute is the empty text, one that was never set stays
/// absent.
///
/// # Errors
/// What is wrong with each value; the profile is as it was then.
pub fn merge(profile: &mut Profile, changes: &Profile) -> Result<(), Vec<Cause>> {
    let mut new = profile.clone();
    let mut causes = Vec::new();
    for (name, value) in changes {
        let Some(attribute) = BASE.iter().find(|attribute| attribute.name == name) else {
            causes.push(Cause::new(
                "",
                format!("Property name '{name}' is not defined in profile"),
            ));
            continue;
        };
        match value {
            Value::Null => clear(&mut new, name),
            Value::String(text) if text.trim().is_empty() => clear(&mut new, name),
            Value::String(text) => {
                let longest = attribute.longest.unwrap_or(LONGEST);
                if text.chars().count() > longest {
                    causes.push(Cause::new(
                        name,
                        format!("The field is too long. It may have at most {longest} characters"),
                    ));
                }
                new.insert(name.clone(), Value::String(text.trim().to_owned()));
            }
            _ => causes.push(Cause::new(name, "The field must be a string")),
        }
    }
    causes.extend(missing(&new));
    if causes.is_empty() {
        causes.extend(malformed(&new));
    }
    if causes.is_empty() {
        *profile = new;
        Ok(())
    } else {
        Err(causes)
    }
}

/// Everything that a profile has but another lacks, as changes that clear it: a strict replacement.
#[must_use]
pub fn replacing(profile: &Profile, by: &Profile) -> Profile {
    let mut changes = by.clone();
    for name in profile.keys() {
        changes.entry(name.clone()).or_insert(Value::Null);
    }
    changes
}

fn clear(profile: &mut Profile, name: &str) {
    if let Some(value) = profile.get_mut(name) {
        *value = Value::String(String::new());
    }
}

fn text<'a>(profile: &'a Profile, name: &str) -> &'a str {
    profile
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn missing(profile: &Profile) -> impl Iterator<Item = Cause> {
    BASE.iter()
        .filter(|attribute| attribute.required && text(profile, attribute.name).is_empty())
        .map(|attribute| Cause::new(attribute.name, BLANK))
}

fn malformed(profile: &Profile) -> Vec<Cause> {
    let mut causes = Vec::new();
    if !is_address(text(profile, "login")) {
        causes.push(Cause::new(
            "login",
            "Username must be in the form of an email address",
        ));
    }
    for name in ["email", "secondEmail"] {
        let value = text(profile, name);
        if !value.is_empty() && !is_address(value) {
            causes.push(Cause::new(name, "Does not match required pattern"));
        }
    }
    let country = text(profile, "countryCode");
    if !country.is_empty() && !country.bytes().all(|b| b.is_ascii_uppercase()) {
        causes.push(Cause::new("countryCode", "Does not match required pattern"));
    }
    causes
}

/// Whether a text looks like an e-mail address: something, one `@`, a host.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    plain(local) && plain(host) && !host.starts_with('.') && !host.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(members: &[(&str, &str)]) -> Profile {
        members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect()
    }

    fn ann() -> Profile {
        profile(&[
            ("login", "ann@x.test"),
            ("email", "ann@x.test"),
            ("firstName", "Ann"),
            ("lastName", "Doe"),
        ])
    }

    /// 2.6: "Okta base user profile (31 attributes, max lengths in brackets)".
    #[test]
    fn the_base_profile_has_31_attributes() {
        assert_eq!(BASE.len(), 31);
        for attribute in BASE {
            let Some(longest) = attribute.longest else {
                continue;
            };
            let fits = if attribute.name == "countryCode" {
                "US".to_owned()
            } else {
                format!("{}@x.test", "a".repeat(longest - 7))
            };
            let mut person = ann();
            assert_eq!(
                merge(&mut person, &profile(&[(attribute.name, &fits)])),
                Ok(())
            );
            let over = format!("{fits}X");
            let causes = merge(&mut person, &profile(&[(attribute.name, &over)])).unwrap_err();
            assert_eq!(causes[0].field, attribute.name);
        }
    }

    #[test]
    fn login_email_and_names_are_required_and_addresses_look_like_some() {
        for name in ["login", "email", "firstName", "lastName"] {
            let mut person = Profile::new();
            let mut given = ann();
            given.remove(name);
            let causes = merge(&mut person, &given).unwrap_err();
            assert_eq!(causes, [Cause::new(name, BLANK)]);
            assert!(person.is_empty());
        }
        for (name, value) in [
            ("login", "ann"),
            ("login", "a b@x.test"),
            ("email", "@x.test"),
            ("email", "ann@"),
            ("secondEmail", "no"),
            ("countryCode", "us"),
        ] {
            let causes = merge(&mut ann(), &profile(&[(name, value)])).unwrap_err();
            assert_eq!(causes[0].field, name, "{value}");
        }
    }

    /// 7.1: the recorded error of an attribute that the profile does not have.
    #[test]
    fn an_unknown_attribute_is_named() {
        let causes = merge(&mut ann(), &profile(&[("notValid", "x")])).unwrap_err();
        assert_eq!(
            causes[0].text(),
            "Property name 'notValid' is not defined in profile"
        );
        let wrong = Profile::from([("title".to_owned(), Value::from(1))]);
        let causes = merge(&mut ann(), &wrong).unwrap_err();
        assert_eq!(causes[0].field, "title");
    }

    /// 1.6: "never-set = null (not sent); cleared in Okta = empty string".
    #[test]
    fn what_is_cleared_stays_as_an_empty_text_and_what_never_was_is_absent() {
        let mut person = ann();
        merge(&mut person, &profile(&[("title", "Engineer")])).unwrap();
        let changes = replacing(&person, &ann());
        merge(&mut person, &changes).unwrap();
        assert_eq!(person.get("title"), Some(&Value::from("")));
        let nulls = Profile::from([("city".to_owned(), Value::Null)]);
        merge(&mut person, &nulls).unwrap();
        assert_eq!(person.get("city"), None);
    }
}

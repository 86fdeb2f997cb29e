//! The Okta user profile: its 31 base attributes and those of the org, and what may stand in them (part 2.6 of the Okta
//! reference).

use serde_json::Value;

use super::refusal::{BLANK, Cause};
use super::user_schema;
use crate::mapping::okta::USER_ATTRIBUTES as BASE;
use crate::model::okta::{Profile, UserAttribute};

/// Longest value of an attribute without a limit of its own, in characters: ours.
const LONGEST: usize = 4096;

/// Lays changes over a profile: null clears. A cleared attribute is the empty text, one that was never set stays
/// absent.
///
/// # Errors
/// What is wrong with each value; the profile is as it was then.
pub fn merge(
    custom: &[UserAttribute],
    profile: &mut Profile,
    changes: &Profile,
) -> Result<(), Vec<Cause>> {
    let mut new = profile.clone();
    let mut causes = Vec::new();
    for (name, value) in changes {
        if let Some(attribute) = custom.iter().find(|one| one.name == *name) {
            match user_schema::value(attribute, value) {
                Ok(Some(value)) => drop(new.insert(name.clone(), value)),
                Ok(None) => clear(&mut new, name),
                Err(cause) => causes.push(cause),
            }
            continue;
        }
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
                let longest = attribute.max_length.unwrap_or(LONGEST);
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
    for attribute in custom.iter().filter(|attribute| attribute.required) {
        let told = causes.iter().any(|cause| cause.field == attribute.name);
        let empty = new.get(&attribute.name).is_none_or(|value| value == "");
        if empty && !told {
            causes.push(Cause::new(&attribute.name, BLANK));
        }
    }
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
            let Some(longest) = attribute.max_length else {
                continue;
            };
            let fits = if attribute.name == "countryCode" {
                "US".to_owned()
            } else {
                format!("{}@x.test", "a".repeat(longest - 7))
            };
            let mut person = ann();
            assert_eq!(
                merge(&[], &mut person, &profile(&[(attribute.name, &fits)])),
                Ok(())
            );
            let over = format!("{fits}X");
            let causes = merge(&[], &mut person, &profile(&[(attribute.name, &over)])).unwrap_err();
            assert_eq!(causes[0].field, attribute.name);
        }
    }

    #[test]
    fn login_email_and_names_are_required_and_addresses_look_like_some() {
        for name in ["login", "email", "firstName", "lastName"] {
            let mut person = Profile::new();
            let mut given = ann();
            given.remove(name);
            let causes = merge(&[], &mut person, &given).unwrap_err();
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
            let causes = merge(&[], &mut ann(), &profile(&[(name, value)])).unwrap_err();
            assert_eq!(causes[0].field, name, "{value}");
        }
    }

    /// 7.1: the recorded error of an attribute that the profile does not have.
    #[test]
    fn an_unknown_attribute_is_named() {
        let causes = merge(&[], &mut ann(), &profile(&[("notValid", "x")])).unwrap_err();
        assert_eq!(
            causes[0].text(),
            "Property name 'notValid' is not defined in profile"
        );
        let wrong = Profile::from([("title".to_owned(), Value::from(1))]);
        let causes = merge(&[], &mut ann(), &wrong).unwrap_err();
        assert_eq!(causes[0].field, "title");
    }

    /// 1.6: "never-set = null (not sent); cleared in Okta = empty string".
    #[test]
    fn what_is_cleared_stays_as_an_empty_text_and_what_never_was_is_absent() {
        let mut person = ann();
        merge(&[], &mut person, &profile(&[("title", "Engineer")])).unwrap();
        let changes = replacing(&person, &ann());
        merge(&[], &mut person, &changes).unwrap();
        assert_eq!(person.get("title"), Some(&Value::from("")));
        let nulls = Profile::from([("city".to_owned(), Value::Null)]);
        merge(&[], &mut person, &nulls).unwrap();
        assert_eq!(person.get("city"), None);
    }
}

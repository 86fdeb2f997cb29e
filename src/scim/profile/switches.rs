//! What each switch means, for people: its part of the protocol, its values and what a client sees of them.
//!
//! A row per switch of [`Profile`](super::Profile), in the order people look for them; a test holds that none is
//! missing. Only words and limits: what a value does is where the switch is asked.

use serde_json::Value;

/// Which side of the endpoint a switch changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Which operations exist and what they offer.
    Operations,
    /// What answers look like.
    Answers,
    /// How request bodies are read.
    Bodies,
    /// How PATCH is read.
    Patch,
    /// How people come into the team.
    Lifecycle,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [
        Self::Operations,
        Self::Answers,
        Self::Bodies,
        Self::Patch,
        Self::Lifecycle,
    ];

    /// Heading above its switches.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Operations => "Operations",
            Self::Answers => "Answers and limits",
            Self::Bodies => "Reading POST and PUT",
            Self::Patch => "Reading PATCH",
            Self::Lifecycle => "People and groups",
        }
    }
}

/// Which values a switch has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// True or false, with what a client sees of each.
    Flag(&'static str, &'static str),
    /// A word, with what a client sees of it.
    Words(&'static [(&'static str, &'static str)]),
    /// A number with its smallest and greatest value; `noun` is what it counts.
    Number {
        /// What it counts.
        noun: &'static str,
        /// Smallest.
        least: u32,
        /// Greatest.
        most: u32,
        /// Whether it may be left out, which means no limit.
        optional: bool,
    },
}

/// A switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// The name it is stored and documented under.
    pub name: &'static str,
    /// Where it belongs.
    pub part: Part,
    /// What it can be.
    pub values: Values,
}

impl Switch {
    /// The value as a form sends it.
    pub fn text(value: &Value) -> String {
        match value {
            Value::String(word) => word.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// Reads what a form sent.
    ///
    /// # Errors
    /// A sentence that says which values there are.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        match self.values {
            Values::Flag(..) => match text {
                "true" => Ok(true.into()),
                "false" => Ok(false.into()),
                _ => Err("Choose true or false.".into()),
            },
            Values::Words(words) => {
                if words.iter().any(|(word, _)| *word == text) {
                    Ok(text.into())
                } else {
                    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                    Err(format!("Choose one of {}.", words.join(", ")))
                }
            }
            Values::Number { optional: true, .. } if text.is_empty() => Ok(Value::Null),
            Values::Number {
                least,
                most,
                optional,
                ..
            } => match text.parse::<u32>() {
                Ok(number) if (least..=most).contains(&number) => Ok(number.into()),
                _ => {
                    let nothing = if optional {
                        ", or nothing for no limit"
                    } else {
                        ""
                    };
                    Err(format!(
                        "Enter a whole number from {least} to {most}{nothing}."
                    ))
                }
            },
        }
    }

    /// What a client sees when the switch has this value.
    pub fn meaning(&self, value: &Value) -> String {
        match self.values {
            Values::Flag(on, off) => if *value == Value::Bool(true) { on } else { off }.to_owned(),
            Values::Words(words) => words
                .iter()
                .find(|(word, _)| value.as_str() == Some(word))
                .map_or_else(|| value.to_string(), |(_, meaning)| (*meaning).to_owned()),
            Values::Number { noun, .. } => match value {
                Value::Null => format!("no limit of {noun}"),
                number => format!("at most {number} {noun}"),
            },
        }
    }
}

const fn flag(name: &'static str, part: Part, on: &'static str, off: &'static str) -> Switch {
    Switch {
        name,
        part,
        values: Values::Flag(on, off),
    }
}

const fn words(
    name: &'static str,
    part: Part,
    words: &'static [(&'static str, &'static str)],
) -> Switch {
    Switch {
        name,
        part,
        values: Values::Words(words),
    }
}

const fn number(name: &'static str, noun: &'static str, most: u32, optional: bool) -> Switch {
    Switch {
        name,
        part: Part::Answers,
        values: Values::Number {
            noun,
            least: 1,
            most,
            optional,
        },
    }
}

use Part::{Answers, Bodies, Lifecycle, Operations, Patch};

/// Every switch.
pub const ALL: &[Switch] = &[
    flag(
        "groups",
        Operations,
        "/Groups exists",
        "/Groups does not exist",
    ),
    flag(
        "deleteUsers",
        Operations,
        "DELETE /Users/{id} exists",
        "DELETE /Users/{id} does not exist",
    ),
    flag(
        "putGroups",
        Operations,
        "PUT /Groups/{id} exists",
        "PUT /Groups/{id} does not exist",
    ),
    flag(
        "schemas",
        Operations,
        "/Schemas and single resource types can be read",
        "/Schemas and single resource types do not exist",
    ),
    flag(
        "search",
        Operations,
        "POST /.search exists",
        "POST /.search does not exist",
    ),
    flag(
        "rootQuery",
        Operations,
        "the base URL answers queries over users and groups",
        "queries go to /Users and /Groups only",
    ),
    flag("bulk", Operations, "/Bulk exists", "/Bulk does not exist"),
    flag(
        "me",
        Operations,
        "/Me is the user the key is bound to",
        "/Me does not exist",
    ),
    flag(
        "cursor",
        Operations,
        "pages can be followed by cursor (RFC 9865)",
        "pages are followed by startIndex only",
    ),
    flag(
        "sort",
        Operations,
        "sortBy orders the list",
        "sortBy is ignored",
    ),
    words(
        "filters",
        Operations,
        &[
            ("all", "every filter of RFC 7644"),
            (
                "postman",
                "userName eq, active eq, and displayName eq for groups",
            ),
            ("userName", "userName eq only"),
        ],
    ),
    words(
        "attributes",
        Operations,
        &[
            ("all", "all of RFC 7643 and the team's extensions"),
            ("postman", "only the attributes Postman keeps"),
        ],
    ),
    flag(
        "etag",
        Answers,
        "answers carry a version, If-Match is honoured",
        "no versions, preconditions are ignored",
    ),
    flag(
        "requireIfMatch",
        Answers,
        "writes without If-Match are answered 428",
        "writes need no If-Match",
    ),
    flag(
        "sensitiveGetFilters",
        Answers,
        "filters in an address are answered 403; clients use /.search",
        "filters in an address are answered",
    ),
    flag(
        "acceptStrict",
        Answers,
        "an Accept header without JSON is answered 406",
        "the Accept header is not looked at",
    ),
    flag(
        "openConfig",
        Answers,
        "/ServiceProviderConfig can be read without a key",
        "/ServiceProviderConfig needs a key",
    ),
    flag(
        "resourceTypesArray",
        Answers,
        "/ResourceTypes is a bare array",
        "/ResourceTypes is a list response",
    ),
    words(
        "patchUser",
        Answers,
        &[
            ("resource", "PATCH of a user answers 200 with the user"),
            ("noContent", "PATCH of a user answers 204"),
        ],
    ),
    words(
        "patchGroup",
        Answers,
        &[
            ("resource", "PATCH of a group answers 200 with the group"),
            ("noContent", "PATCH of a group answers 204"),
        ],
    ),
    words(
        "sentences",
        Answers,
        &[
            ("own", "errors say what is wrong, where, and what to do"),
            ("postman", "errors use Postman's sentences and shapes"),
        ],
    ),
    number("maxResults", "resources on a page", 1_000, false),
    number("readsPerMinute", "reads a minute", 1_000_000, true),
    number("writesPerMinute", "writes a minute", 1_000_000, true),
    words(
        "putOmitted",
        Bodies,
        &[
            (
                "keepProtected",
                "PUT without active, externalId or members keeps them",
            ),
            ("clear", "PUT clears whatever it does not name"),
            (
                "keep",
                "PUT leaves alone whatever it does not name: it merges",
            ),
        ],
    ),
    words(
        "unknownSchemas",
        Bodies,
        &[
            ("ignore", "unknown URNs in schemas are ignored"),
            ("refuse", "unknown URNs in schemas are answered 400"),
        ],
    ),
    words(
        "unknownAttributes",
        Bodies,
        &[
            ("ignore", "unknown attributes are ignored"),
            ("refuse", "unknown attributes are answered 400"),
        ],
    ),
    words(
        "multiplePrimary",
        Bodies,
        &[
            ("refuse", "two primary values are answered 400"),
            ("keepFirst", "of two primary values the first stays primary"),
        ],
    ),
    flag(
        "coerceBooleanStrings",
        Bodies,
        "\"True\" and \"false\" count as booleans",
        "text in place of a boolean is answered 400",
    ),
    flag(
        "coerceShapes",
        Bodies,
        "a single value counts as an array, and the other way round",
        "a value of the wrong shape is answered 400",
    ),
    flag(
        "dottedKeys",
        Bodies,
        "keys such as name.givenName are read as paths",
        "keys with dots are unknown attributes",
    ),
    flag(
        "checkFormats",
        Bodies,
        "country codes, URIs and certificates of the wrong form are answered 400",
        "country codes, URIs and certificates are taken as they come",
    ),
    flag(
        "precisStrict",
        Bodies,
        "user names that RFC 8265 refuses (spaces, symbols, mixed directions) are answered 400",
        "user names may have spaces, symbols and mixed directions",
    ),
    flag(
        "patchSchema",
        Patch,
        "a PATCH must name the PatchOp schema",
        "a PATCH may name any schema or none",
    ),
    flag(
        "replaceWithoutValue",
        Patch,
        "replacing members by nothing empties the group",
        "replacing members without a value is answered 400",
    ),
    words(
        "unknownPaths",
        Patch,
        &[
            ("ignore", "a PATCH of an unknown attribute changes nothing"),
            ("refuse", "a PATCH of an unknown attribute is answered 400"),
        ],
    ),
    flag(
        "opCaseSensitive",
        Patch,
        "\"Add\" with a capital is answered 400",
        "add, replace and remove are read in any case",
    ),
    flag(
        "removeWithValue",
        Patch,
        "remove with a value removes only what it lists",
        "remove takes no value",
    ),
    flag(
        "createOnNoTarget",
        Patch,
        "a value path that finds nothing makes the element",
        "a value path that finds nothing is answered 400",
    ),
    flag(
        "ignoreReadOnlyInValue",
        Patch,
        "id, meta and groups in a value are skipped",
        "meta, groups or another id in a value are answered 400",
    ),
    flag(
        "carrySelector",
        Patch,
        "replacing emails[type eq \"work\"] keeps its type",
        "replacing emails[type eq \"work\"] drops a type that is not sent",
    ),
    flag(
        "filteredNames",
        Answers,
        "attributes=emails[type eq \"work\"] answers all emails",
        "attributes=emails[type eq \"work\"] is answered 400",
    ),
    flag(
        "nullAdd",
        Patch,
        "add of null changes nothing",
        "add of null is answered 400",
    ),
    words(
        "existingAccount",
        Lifecycle,
        &[
            ("join", "somebody with an account joins at once"),
            ("invite", "somebody with an account is invited"),
            (
                "inviteUnlessVerified",
                "somebody with an account joins if the domain is verified, else is invited",
            ),
        ],
    ),
    words(
        "otherTeam",
        Lifecycle,
        &[
            ("ignore", "membership of other teams does not matter"),
            (
                "refuseUnlessVerified",
                "members of other teams are answered 409 unless the domain is verified",
            ),
        ],
    ),
    words(
        "userNameChange",
        Lifecycle,
        &[
            ("free", "userName can be changed"),
            (
                "verifiedDomain",
                "userName can be changed within verified domains",
            ),
            ("ignored", "a new userName is ignored"),
        ],
    ),
    flag(
        "reactivateOnCreate",
        Lifecycle,
        "POST of a deactivated member brings it back",
        "POST of a deactivated member is answered 409",
    ),
    flag(
        "pendingInGroups",
        Lifecycle,
        "invited people can be put into groups",
        "invited people cannot be put into groups yet",
    ),
    flag(
        "groupNameUnique",
        Lifecycle,
        "a second group of the same name is answered 409",
        "groups may share a name",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::super::{Preset, Profile, Setting};
    use super::*;

    fn switch(name: &str) -> &'static Switch {
        ALL.iter().find(|switch| switch.name == name).unwrap()
    }

    #[test]
    fn every_switch_is_explained_once_and_no_other() {
        let explained: Vec<&str> = ALL.iter().map(|switch| switch.name).collect();
        let unique: BTreeSet<&str> = explained.iter().copied().collect();
        let switches = Profile::default().switches();
        let there: BTreeSet<&str> = switches.keys().map(String::as_str).collect();
        assert_eq!(unique, there);
        assert_eq!(explained.len(), there.len());
    }

    #[test]
    fn every_value_that_can_be_chosen_is_one_the_profile_takes() {
        for switch in ALL {
            let texts: Vec<String> = match switch.values {
                Values::Flag(..) => vec!["true".into(), "false".into()],
                Values::Words(words) => words.iter().map(|(word, _)| (*word).into()).collect(),
                Values::Number {
                    least,
                    most,
                    optional,
                    ..
                } => {
                    let ends = [least.to_string(), most.to_string()];
                    let none = optional.then(String::new);
                    ends.into_iter().chain(none).collect()
                }
            };
            for text in texts {
                let value = switch.read(&text).unwrap();
                assert_eq!(Switch::text(&value), text);
                let mut setting = Setting::default();
                setting.switches.insert(switch.name.into(), value.clone());
                let profile = Profile::resolve(&setting).unwrap();
                assert_eq!(profile.switches()[switch.name], value);
            }
        }
    }

    #[test]
    fn every_value_of_every_preset_can_be_chosen_and_has_a_meaning() {
        for preset in Preset::ALL {
            for (name, value) in Profile::of(preset).switches() {
                let switch = switch(&name);
                assert_eq!(switch.read(&Switch::text(&value)), Ok(value.clone()));
                assert!(!switch.meaning(&value).is_empty());
            }
        }
    }

    #[test]
    fn other_values_are_refused_with_those_there_are() {
        for (name, text, said) in [
            ("bulk", "yes", "Choose true or false."),
            ("patchUser", "never", "Choose one of resource, noContent."),
            ("maxResults", "0", "Enter a whole number from 1 to 1000."),
            ("maxResults", "", "Enter a whole number from 1 to 1000."),
            (
                "readsPerMinute",
                "-1",
                "Enter a whole number from 1 to 1000000, or nothing for no limit.",
            ),
        ] {
            assert_eq!(switch(name).read(text), Err(said.to_owned()), "{name}");
        }
        assert_eq!(switch("readsPerMinute").read(" "), Ok(json!(null)));
        assert_eq!(
            switch("readsPerMinute").meaning(&json!(null)),
            "no limit of reads a minute"
        );
    }
}

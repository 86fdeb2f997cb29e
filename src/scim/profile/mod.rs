//! Profiles: what a team's SCIM endpoint accepts, offers and answers, as one plain value.
//!
//! A [`Profile`] is [`Rules`] (how bodies, paths and filters are read) and [`Service`] (which operations
//! exist, what they answer, how people come into the team). Nothing in the house asks which preset or
//! vendor a profile imitates; it asks a switch. A team chooses a [`Preset`] and may turn single switches
//! ([`Setting`]); a key may be bound to another preset.
//!
//! Switches follow part 6 of the SCIM notes and, for the Postman presets, what Postman documents of its
//! SCIM API (`provider::postman` holds its sentences).

mod filters;
mod rules;
mod service;
pub mod switches;
mod types;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Object;

pub use rules::{MultiplePrimary, PutOmitted, Rules, Unknown};
pub use service::{
    Attributes, ExistingAccount, Filters, OtherTeam, PatchAnswer, Sentences, Service,
    UserNameChange,
};

/// A named profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// RFC-complete, with the choices that Entra ID and Okta need.
    #[default]
    Standard,
    /// The stricter reading wherever the standard has one, for testing client code.
    Strict,
    /// Postman's SCIM API as documented in 2026: 12 operations, its filters, sentences and limits.
    Postman,
    /// Postman's SCIM API of January 2022: no groups, names only, always an invite.
    #[serde(rename = "postman-2022")]
    Postman2022,
}

impl Preset {
    /// All of them, in the order of choice.
    pub const ALL: [Self; 4] = [
        Self::Standard,
        Self::Strict,
        Self::Postman,
        Self::Postman2022,
    ];

    /// The name that is stored, shown and typed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
            Self::Postman => "postman",
            Self::Postman2022 => "postman-2022",
        }
    }

    /// What it is for, as a sentence for people.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Standard => {
                "Complete RFC 7643/7644/9865, lenient where Microsoft Entra ID and Okta need it."
            }
            Self::Strict => {
                "Complete, and refuses what the standard lets a provider refuse. For testing client code."
            }
            Self::Postman => {
                "Postman's SCIM API: 12 operations, its filters, its sentences, its rate limits."
            }
            Self::Postman2022 => {
                "Postman's SCIM API of 2022: no groups, names only, always an invite."
            }
        }
    }
}

/// The text is not the name of a preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no profile \"{0}\"; choose standard, strict, postman or postman-2022")]
pub struct UnknownPreset(pub String);

impl std::str::FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(text: &str) -> Result<Self, UnknownPreset> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.as_str() == text)
            .ok_or_else(|| UnknownPreset(text.chars().take(40).collect()))
    }
}

/// What a team chose: a preset, and the switches turned away from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Where every switch starts.
    pub preset: Preset,
    /// Switch to value, by the names of [`Profile::switches`].
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub switches: Object,
}

/// A switch that cannot be turned like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the switch \"{switch}\" {problem}")]
pub struct BadSwitch {
    /// Its name as given.
    pub switch: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// All switches of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How requests are read.
    #[serde(flatten)]
    pub rules: Rules,
    /// What is offered and answered.
    #[serde(flatten)]
    pub service: Service,
}

impl Profile {
    /// The profile of a preset.
    pub const fn of(preset: Preset) -> Self {
        let rules = match preset {
            Preset::Standard => Rules::interop(),
            Preset::Strict => Rules::strict(),
            Preset::Postman | Preset::Postman2022 => Rules::postman(),
        };
        let service = match preset {
            Preset::Standard => Service::standard(),
            Preset::Strict => Service::strict(),
            Preset::Postman => Service::postman(),
            Preset::Postman2022 => Service::postman_2022(),
        };
        Self { rules, service }
    }

    /// The profile of a setting.
    ///
    /// # Errors
    /// A name that is no switch, or a value that the switch does not have.
    pub fn resolve(setting: &Setting) -> Result<Self, BadSwitch> {
        let mut switches = Self::of(setting.preset).switches();
        for (name, value) in &setting.switches {
            let bad = |problem: String| BadSwitch {
                switch: name.chars().take(60).collect(),
                problem,
            };
            let Some(place) = switches.get_mut(name) else {
                return Err(bad("does not exist".into()));
            };
            let before = std::mem::replace(place, value.clone());
            if serde_json::from_value::<Self>(Value::Object(switches.clone())).is_err() {
                return Err(bad(format!(
                    "cannot be {value}; it is {before} in this preset"
                )));
            }
        }
        serde_json::from_value(Value::Object(switches)).map_err(|error| BadSwitch {
            switch: String::new(),
            problem: error.to_string(),
        })
    }

    /// Every switch with its value, under the name people know it by, in the order of the documentation.
    pub fn switches(&self) -> Object {
        match serde_json::to_value(self) {
            Ok(Value::Object(switches)) => switches,
            // A struct of named plain fields is an object.
            _ => Object::new(),
        }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::of(Preset::Standard)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn setting(preset: Preset, switches: &Value) -> Setting {
        Setting {
            preset,
            switches: switches.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn every_preset_is_found_by_its_name_and_is_its_own_setting() {
        for preset in Preset::ALL {
            assert_eq!(preset.as_str().parse(), Ok(preset));
            assert_eq!(serde_json::to_value(preset).unwrap(), preset.as_str());
            assert_eq!(
                Profile::resolve(&setting(preset, &json!({}))),
                Ok(Profile::of(preset))
            );
        }
        assert!("Postman".parse::<Preset>().is_err());
    }

    #[test]
    fn single_switches_are_turned_and_others_stay() {
        let turned = setting(
            Preset::Standard,
            &json!({"bulk": false, "patchGroup": "resource", "writesPerMinute": 7}),
        );
        let profile = Profile::resolve(&turned).unwrap();
        assert!(!profile.service.bulk);
        assert_eq!(profile.service.patch_group, PatchAnswer::Resource);
        assert_eq!(profile.service.writes_per_minute, Some(7));
        assert_eq!(profile.rules, Rules::interop());
    }

    #[test]
    fn what_is_no_switch_or_no_value_of_it_is_refused_by_name() {
        for switches in [
            json!({"nosuch": true}),
            json!({"bulk": "yes"}),
            json!({"patchUser": "always"}),
            json!({"writesPerMinute": -1}),
        ] {
            let name = switches.as_object().unwrap().keys().next().unwrap().clone();
            let error = Profile::resolve(&setting(Preset::Strict, &switches)).unwrap_err();
            assert_eq!(error.switch, name);
        }
    }
}

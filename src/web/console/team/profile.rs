//! *Profile*: what the team's SCIM endpoint is like, as a preset and single switches.

use askama::Template;

use super::super::Page;
use super::super::parts::{Choice, Link, Notice};

/// A preset to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetChoice {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Whether it is the present one.
    pub chosen: bool,
}

/// A switch with its control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchRow {
    /// Its documented name, also the name of the field.
    pub name: &'static str,
    /// Present value as the form sends it.
    pub value: String,
    /// What can be chosen; empty for a number.
    pub choices: Vec<Choice>,
    /// What a number counts.
    pub noun: String,
    /// What the preset says, when the switch is turned away from it; else empty.
    pub preset: String,
    /// What is wrong with the value.
    pub error: String,
}

/// Switches under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchGroup {
    /// The heading.
    pub title: &'static str,
    /// Its switches.
    pub rows: Vec<SwitchRow>,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "team/profile.html")]
pub struct ProfilePage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// The presets.
    pub presets: Vec<PresetChoice>,
    /// Address that asks before another preset is used.
    pub choose: String,
    /// The switches.
    pub groups: Vec<SwitchGroup>,
    /// How many are turned away from the preset, in words.
    pub turned: String,
    /// The way back to the preset; an empty address when nothing is turned.
    pub back: Link,
    /// State of the team that the switches were read from.
    pub revision: String,
    /// Address the switches are posted to.
    pub save: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

#[cfg(test)]
impl ProfilePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::viewer;
        let words = |name: &'static str, preset: &str, error: &str| SwitchRow {
            name,
            value: "true".to_owned(),
            choices: vec![
                Choice::new("true", "PUT /Groups/{id} exists"),
                Choice::new("false", "PUT /Groups/{id} does not exist"),
            ],
            noun: String::new(),
            preset: preset.to_owned(),
            error: error.to_owned(),
        };
        let number = SwitchRow {
            name: "readsPerMinute",
            value: "many".to_owned(),
            choices: Vec::new(),
            noun: "reads a minute".to_owned(),
            preset: String::new(),
            error: "Enter a whole number from 1 to 1000000, or nothing for no limit.".to_owned(),
        };
        let page = Self {
            page: Page::new(super::super::Room::Authentication, "Profile", &viewer())
                .under("Authentication", "/team/authentication"),
            error: None,
            presets: ["standard", "strict", "postman", "postman-2022"]
                .map(|name| PresetChoice {
                    name,
                    description: "What it is for, in one sentence.",
                    chosen: name == "postman",
                })
                .into(),
            choose: "/team/authentication/profile/preset".to_owned(),
            groups: vec![
                SwitchGroup {
                    title: "Operations",
                    rows: vec![
                        words("putGroups", "PUT /Groups/{id} does not exist", ""),
                        words("deleteUsers", "", ""),
                    ],
                },
                SwitchGroup {
                    title: "Answers and limits",
                    rows: vec![number],
                },
            ],
            turned: "1 switch is turned away from postman.".to_owned(),
            back: Link::new(
                "Back to postman",
                "/team/authentication/profile/preset?preset=postman",
            ),
            revision: "3".to_owned(),
            save: "/team/authentication/profile".to_owned(),
            cancel: "/team/authentication".to_owned(),
        };
        let wrong = Self {
            error: Some(Notice::new(
                Tone::Bad,
                "Nothing was saved.",
                "Mend the switch that is marked below.",
            )),
            back: Link::plain(""),
            turned: "Every switch is as the preset has it.".to_owned(),
            ..page.clone()
        };
        vec![("turned", page), ("wrong", wrong)]
    }
}

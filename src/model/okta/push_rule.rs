//! A rule that pushes groups by what they are called (part 1.11.6 of the Okta reference).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::Seq;

/// How a text is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TextMatch {
    /// At the beginning.
    StartsWith,
    /// Anywhere.
    Contains,
    /// At the end.
    EndsWith,
}

impl TextMatch {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::StartsWith, Self::Contains, Self::EndsWith];

    /// As the Admin Console calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::StartsWith => "starts with",
            Self::Contains => "contains",
            Self::EndsWith => "ends with",
        }
    }
}

/// What a name or a description must have. Case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Where.
    pub how: TextMatch,
    /// What.
    pub text: String,
}

impl Criterion {
    /// Whether a text has it.
    pub fn matches(&self, text: &str) -> bool {
        let (text, wanted) = (text.to_lowercase(), self.text.to_lowercase());
        match self.how {
            TextMatch::StartsWith => text.starts_with(&wanted),
            TextMatch::Contains => text.contains(&wanted),
            TextMatch::EndsWith => text.ends_with(&wanted),
        }
    }
}

/// A rule of *Push Groups*. It makes mappings and does nothing else: a mapping stays as it is when its group does not
/// match any more, or the rule changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRule {
    /// Row among those of its app.
    pub seq: Seq,
    /// *Rule name*, unique in the app.
    pub name: String,
    /// What the name of a group must have.
    #[serde(default)]
    pub group_name: Option<Criterion>,
    /// What the description must have as well.
    #[serde(default)]
    pub description: Option<Criterion>,
    /// Whether mappings are made for groups that begin to match.
    pub active: bool,
    /// *Immediately push groups found by this rule*: its mappings begin active.
    pub immediately: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
}

impl PushRule {
    /// Whether a group with this name and description matches.
    pub fn matches(&self, name: &str, description: &str) -> bool {
        let has = |wanted: &Option<Criterion>, text| {
            wanted.as_ref().is_none_or(|wanted| wanted.matches(text))
        };
        has(&self.group_name, name) && has(&self.description, description)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1.11.6: "name and/or description starts with / ends with / contains".
    #[test]
    fn a_text_is_looked_for_at_its_beginning_anywhere_or_at_its_end() {
        use TextMatch::{Contains, EndsWith, StartsWith};
        for (how, text, matches) in [
            (StartsWith, "eng", true),
            (StartsWith, "ops", false),
            (Contains, "RING", true),
            (Contains, "rings", false),
            (EndsWith, "west", true),
            (EndsWith, "Engineering", false),
        ] {
            let criterion = Criterion {
                how,
                text: text.to_owned(),
            };
            assert_eq!(criterion.matches("Engineering West"), matches, "{text}");
        }
    }
}

//! `$filter` of the provisioning log: the comparisons that Graph documents, joined with `and` (entra.md 7.1).
//!
//! Property names are compared without regard to case, as Microsoft's own clients need it; values with regard to it,
//! but for a status. `contains` stands between property and value, as the reference has it, or before them in
//! parentheses, as OData has it. `action`, `statusInfo/status` and `servicePrincipal/name` are properties of beta alone.

use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::model::{Action, ObjectKind, Status};
use crate::store::logs::{Condition, End, Text};
use crate::sync::summary;
use crate::sync::summary::object::Version;

/// Characters of a whole id.
const WHOLE: usize = 36;
/// Longest filter, in bytes.
const LONGEST: usize = 8 << 10;
/// Most comparisons.
const MOST: usize = 50;
/// Properties that v1.0 does not have.
const BETA: [&str; 3] = ["action", "statusInfo/status", "servicePrincipal/name"];

/// What a filter needs to know of the tenant that it is about.
pub(super) trait Known {
    /// Jobs whose id is this, or contains it.
    fn jobs_called(&self, text: &str, contains: bool) -> Vec<Seq>;
    /// Jobs of applications that have this object id.
    fn jobs_of_principal(&self, id: &str) -> Vec<Seq>;
    /// Jobs of applications with this name.
    fn jobs_of_name(&self, name: &str) -> Vec<Seq>;
    /// Jobs whose source, or target, has this name or contains it.
    fn jobs_of_system(&self, end: End, text: &str, contains: bool) -> Vec<Seq>;
    /// Whether this is the tenant's id, or contained in it.
    fn is_tenant(&self, id: &str, contains: bool) -> bool;
    /// The position of the entry with this `id`.
    fn entry(&self, id: &Guid) -> Option<Seq>;
    /// The position of the entry with this `changeId`.
    fn change(&self, id: &Guid) -> Option<Seq>;
}

/// What a filter stands for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// All of these hold.
    pub(super) conditions: Vec<Condition>,
    /// Only this entry, or none at all.
    pub(super) only: Option<Option<Seq>>,
    /// And these stand in ids of its own, which are made when they are looked at.
    pub(super) parts: Vec<Part>,
}

/// A part of an id of an entry's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Of `id`.
    Id(String),
    /// Of `changeId`.
    Change(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Contains,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "contains" => Self::Contains,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            _ => return None,
        })
    }
}

/// Reads a filter.
///
/// # Errors
/// A sentence that says what cannot be understood.
pub(super) fn read(text: &str, version: Version, known: &impl Known) -> Result<Wanted, String> {
    if text.len() > LONGEST {
        return Err(format!("The filter has more than {LONGEST} bytes."));
    }
    let mut words = words(text)?.into_iter().peekable();
    let mut wanted = Wanted::default();
    let mut count = 0;
    loop {
        let (property, comparison, value) = comparison(&mut words)?;
        count += 1;
        if count > MOST {
            return Err(format!("The filter has more than {MOST} comparisons."));
        }
        if version == Version::V1 && BETA.iter().any(|name| name.eq_ignore_ascii_case(&property)) {
            return Err(format!(
                "The log of v1.0 cannot be filtered by {property}, which is a property of beta."
            ));
        }
        wanted.add(&property, comparison, &value, known)?;
        match words.next() {
            None => return Ok(wanted),
            Some(Word::Bare(and)) if and.eq_ignore_ascii_case("and") => {}
            Some(other) => {
                return Err(format!(
                    "Comparisons are joined with 'and', not with {other}."
                ));
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Bare(String),
    Quoted(String),
    Sign(char),
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bare(text) | Self::Quoted(text) => write!(f, "'{text}'"),
            Self::Sign(sign) => write!(f, "'{sign}'"),
        }
    }
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let mut value = String::new();
            let mut inside = rest[1..].char_indices().peekable();
            let end = loop {
                match inside.next() {
                    None => return Err("A text is never closed: add ' behind it.".into()),
                    // A quote in a text is written twice.
                    Some((_, '\'')) if inside.next_if(|(_, c)| *c == '\'').is_some() => {
                        value.push('\'');
                    }
                    Some((at, '\'')) => break at,
                    Some((_, other)) => value.push(other),
                }
            };
            words.push(Word::Quoted(value));
            rest = &rest[end + 2..];
        } else if matches!(first, '(' | ')' | ',') {
            words.push(Word::Sign(first));
            rest = &rest[1..];
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\''))
                .unwrap_or(rest.len());
            words.push(Word::Bare(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

type Words = std::iter::Peekable<std::vec::IntoIter<Word>>;

fn comparison(words: &mut Words) -> Result<(String, Comparison, String), String> {
    let Some(Word::Bare(first)) = words.next() else {
        return Err("A comparison begins with the name of a property.".into());
    };
    if first.eq_ignore_ascii_case("contains") && words.next_if_eq(&Word::Sign('(')).is_some() {
        let (Some(Word::Bare(property)), Some(Word::Sign(',')), Some(value), Some(Word::Sign(')'))) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err("contains is written contains(property,'text').".into());
        };
        return Ok((property, Comparison::Contains, literal(value)?));
    }
    let operator = match words.next() {
        Some(Word::Bare(word)) => Comparison::of(&word),
        _ => None,
    };
    let Some(operator) = operator else {
        return Err(format!(
            "Behind {first} comes eq, ne, contains, gt, ge, lt or le."
        ));
    };
    match words.next() {
        Some(value) => Ok((first, operator, literal(value)?)),
        None => Err(format!("{first} is compared with nothing.")),
    }
}

fn literal(word: Word) -> Result<String, String> {
    match word {
        Word::Bare(text) | Word::Quoted(text) => Ok(text),
        Word::Sign(sign) => Err(format!("A value is expected, not '{sign}'.")),
    }
}

impl Wanted {
    fn add(
        &mut self,
        property: &str,
        comparison: Comparison,
        value: &str,
        known: &impl Known,
    ) -> Result<(), String> {
        use Comparison::{Contains, Equal, NotEqual};
        let refused = || Err(format!("{property} cannot be compared like this."));
        let never = || Condition::Jobs(Vec::new());
        let contains = comparison == Contains;
        let text = || match contains {
            true => Text::Contains(value.to_owned()),
            false => Text::Is(value.to_owned()),
        };
        let same = |named: &str| text().fits(named);
        let lower = property.to_ascii_lowercase();
        let condition = match (lower.as_str(), comparison) {
            ("activitydatetime", Contains | NotEqual)
            | ("durationinmilliseconds", Contains | NotEqual) => return refused(),
            ("activitydatetime", _) => time(comparison, value)?,
            ("durationinmilliseconds", _) => duration(comparison, value)?,
            ("cycleid", Equal | NotEqual) => match value.parse() {
                Ok(id) => Condition::Cycle {
                    id,
                    is: comparison == Equal,
                },
                Err(_) if comparison == NotEqual => return Ok(()),
                Err(_) => never(),
            },
            (_, Equal | Contains) => match lower.as_str() {
                "id" | "changeid" if contains && value.len() < WHOLE => {
                    self.parts.push(match lower.as_str() {
                        "id" => Part::Id(value.to_owned()),
                        _ => Part::Change(value.to_owned()),
                    });
                    return Ok(());
                }
                "id" | "changeid" => {
                    let found = value.parse().ok().and_then(|id| match lower.as_str() {
                        "id" => known.entry(&id),
                        _ => known.change(&id),
                    });
                    let both = match self.only {
                        Some(other) if other != found => None,
                        _ => found,
                    };
                    self.only = Some(both);
                    return Ok(());
                }
                "cycleid" => Condition::CycleLike(value.to_owned()),
                "tenantid" if known.is_tenant(value, contains) => return Ok(()),
                "tenantid" => never(),
                "jobid" => Condition::Jobs(known.jobs_called(value, contains)),
                "serviceprincipal/id" if !contains => {
                    Condition::Jobs(known.jobs_of_principal(value))
                }
                "serviceprincipal/displayname" | "serviceprincipal/name" if !contains => {
                    Condition::Jobs(known.jobs_of_name(value))
                }
                "serviceprincipal/id"
                | "serviceprincipal/displayname"
                | "serviceprincipal/name" => {
                    return refused();
                }
                "sourcesystem/displayname" => {
                    Condition::Jobs(known.jobs_of_system(End::Source, value, contains))
                }
                "targetsystem/displayname" => {
                    Condition::Jobs(known.jobs_of_system(End::Target, value, contains))
                }
                "provisioningaction" | "action" => Condition::Actions(
                    Action::ALL
                        .into_iter()
                        .filter(|action| same(action.name()) || same(action.label()))
                        .collect(),
                ),
                "provisioningstatusinfo/status" | "statusinfo/status" => {
                    let value = value.to_ascii_lowercase();
                    let fits = |status: &Status| match contains {
                        true => status.name().contains(&value),
                        false => status.name() == value,
                    };
                    Condition::Statuses(Status::ALL.into_iter().filter(fits).collect())
                }
                "sourceidentity/identitytype" | "targetidentity/identitytype" => {
                    let source = lower.starts_with("source");
                    let named = |kind: ObjectKind| {
                        same(kind.name()) || (!source && same(summary::target_type(kind)))
                    };
                    match (named(ObjectKind::User), named(ObjectKind::Group)) {
                        (true, true) => return Ok(()),
                        (true, false) => Condition::Kind(ObjectKind::User),
                        (false, true) => Condition::Kind(ObjectKind::Group),
                        (false, false) => never(),
                    }
                }
                "sourceidentity/id" => Condition::Id(End::Source, text()),
                "targetidentity/id" => Condition::Id(End::Target, text()),
                "sourceidentity/displayname" => Condition::Name(End::Source, text()),
                "targetidentity/displayname" => Condition::Name(End::Target, text()),
                "initiatedby/displayname" => Condition::InitiatedBy {
                    name: text(),
                    service: same(summary::SERVICE),
                },
                _ => return Err(format!("The log cannot be filtered by {property}.")),
            },
            _ => return refused(),
        };
        self.conditions.push(condition);
        Ok(())
    }
}

/// Moments are compared by the second, as the log prints them.
fn time(comparison: Comparison, value: &str) -> Result<Condition, String> {
    const SECOND: i64 = 1_000;
    let moment = Timestamp::parse(value)
        .map_err(|_| format!("'{value}' is no moment such as 2026-01-31T09:30:00Z."))?;
    let at = |millis: i64| Timestamp::from_millis(millis);
    let (first, behind) = (
        moment.millis().div_euclid(SECOND) * SECOND,
        (moment.millis().div_euclid(SECOND) + 1) * SECOND,
    );
    let (least, most) = (at(i64::MIN), at(i64::MAX));
    Ok(Condition::Time(match comparison {
        Comparison::Greater => at(behind)..most,
        Comparison::GreaterOrEqual => at(first)..most,
        Comparison::Less => least..at(first),
        Comparison::LessOrEqual => least..at(behind),
        _ => at(first)..at(behind),
    }))
}

fn duration(comparison: Comparison, value: &str) -> Result<Condition, String> {
    let number: u64 = value
        .parse()
        .map_err(|_| format!("'{value}' is no number of milliseconds."))?;
    let behind = number.saturating_add(1);
    Ok(Condition::Duration(match comparison {
        Comparison::Greater => behind..u64::MAX,
        Comparison::GreaterOrEqual => number..u64::MAX,
        Comparison::Less => 0..number,
        Comparison::LessOrEqual => 0..behind,
        _ => number..behind,
    }))
}

#[cfg(test)]
mod tests;

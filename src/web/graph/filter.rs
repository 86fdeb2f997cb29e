//! `$filter` of the provisioning log: the comparisons that Graph documents, joined with `and` (entra.md 7.1).
//!
//! Property names are compared without regard to case, as Microsoft's own clients need it; values with regard to it,
//! but for a status. `contains` stands between property and value, as the reference has it, or before them in
//! parentheses, as `OData` has it. `action`, `statusInfo/status` and `servicePrincipal/name` are properties of beta alone.

use super::odata::{self, Comparison};
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::model::{Action, ObjectKind, Status};
use crate::store::logs::{Condition, End, Text};
use crate::sync::summary;
use crate::sync::summary::object::Version;

/// Characters of a whole id.
const WHOLE: usize = 36;
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
    /// What the ids of an entry's own leave.
    pub(super) only: Only,
    /// And these stand in ids of its own, which are made when they are looked at.
    pub(super) parts: Vec<Part>,
}

/// What is left by comparisons with ids of an entry's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Only {
    /// There was none.
    #[default]
    All,
    /// This entry.
    One(Seq),
    /// No entry.
    Nothing,
}

/// A part of an id of an entry's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Of `id`.
    Id(String),
    /// Of `changeId`.
    Change(String),
}

/// Reads a filter.
///
/// # Errors
/// A sentence that says what cannot be understood.
pub(super) fn read(text: &str, version: Version, known: &impl Known) -> Result<Wanted, String> {
    let filter = odata::read(text)?;
    let Some(comparisons) = filter.conjunction() else {
        return Err("Comparisons of the log are joined with 'and', not with 'or' or 'not'.".into());
    };
    let mut wanted = Wanted::default();
    for (property, comparison, value) in comparisons {
        if version == Version::V1 && BETA.iter().any(|name| name.eq_ignore_ascii_case(property)) {
            return Err(format!(
                "The log of v1.0 cannot be filtered by {property}, which is a property of beta."
            ));
        }
        wanted.add(property, comparison, value.text(), known)?;
    }
    Ok(wanted)
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
        let lower = property.to_ascii_lowercase();
        let condition = match (lower.as_str(), comparison) {
            (_, Comparison::Starts | Comparison::Ends | Comparison::Word)
            | ("activitydatetime" | "durationinmilliseconds", Contains | NotEqual)
            | (
                "serviceprincipal/id" | "serviceprincipal/displayname" | "serviceprincipal/name",
                Contains,
            ) => return refused(),
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
            ("id" | "changeid", Contains) if value.len() < WHOLE => {
                self.parts.push(match lower.as_str() {
                    "id" => Part::Id(value.to_owned()),
                    _ => Part::Change(value.to_owned()),
                });
                return Ok(());
            }
            ("id" | "changeid", Equal | Contains) => {
                let found = value.parse().ok().and_then(|id| match lower.as_str() {
                    "id" => known.entry(&id),
                    _ => known.change(&id),
                });
                self.only = match (self.only, found) {
                    (Only::All, Some(entry)) => Only::One(entry),
                    (Only::One(other), Some(entry)) if other == entry => Only::One(entry),
                    _ => Only::Nothing,
                };
                return Ok(());
            }
            (name, Equal | Contains) => {
                let text = if comparison == Contains {
                    Text::Contains(value.to_owned())
                } else {
                    Text::Is(value.to_owned())
                };
                match compared(name, text, known) {
                    Compared::With(condition) => condition,
                    Compared::Everything => return Ok(()),
                    Compared::Unknown => {
                        return Err(format!("The log cannot be filtered by {property}."));
                    }
                }
            }
            _ => return refused(),
        };
        self.conditions.push(condition);
        Ok(())
    }
}

/// What no entry fits.
const fn never() -> Condition {
    Condition::Jobs(Vec::new())
}

/// What the comparison of a text comes to.
enum Compared {
    With(Condition),
    /// Every entry fits.
    Everything,
    /// There is no such property.
    Unknown,
}

/// A property, in lower case, that is compared as a text.
fn compared(property: &str, text: Text, known: &impl Known) -> Compared {
    let same = |named: &str| text.fits(named);
    let (value, contains) = match &text {
        Text::Is(value) => (value.as_str(), false),
        Text::Contains(value) => (value.as_str(), true),
    };
    let system = |end| Condition::Jobs(known.jobs_of_system(end, value, contains));
    Compared::With(match property {
        "cycleid" => Condition::CycleLike(value.to_owned()),
        "tenantid" if known.is_tenant(value, contains) => return Compared::Everything,
        "tenantid" => never(),
        "jobid" => Condition::Jobs(known.jobs_called(value, contains)),
        "serviceprincipal/id" => Condition::Jobs(known.jobs_of_principal(value)),
        "serviceprincipal/displayname" | "serviceprincipal/name" => {
            Condition::Jobs(known.jobs_of_name(value))
        }
        "sourcesystem/displayname" => system(End::Source),
        "targetsystem/displayname" => system(End::Target),
        "provisioningaction" | "action" => {
            let fits = |action: &Action| same(action.name()) || same(action.label());
            Condition::Actions(Action::ALL.into_iter().filter(fits).collect())
        }
        "provisioningstatusinfo/status" | "statusinfo/status" => {
            let value = value.to_ascii_lowercase();
            let fits = |status: &Status| {
                let name = status.name();
                name == value || contains && name.contains(&value)
            };
            Condition::Statuses(Status::ALL.into_iter().filter(fits).collect())
        }
        "sourceidentity/identitytype" | "targetidentity/identitytype" => {
            let source = property.starts_with("source");
            let named = |kind: ObjectKind| {
                same(kind.name()) || (!source && same(summary::target_type(kind)))
            };
            match (named(ObjectKind::User), named(ObjectKind::Group)) {
                (true, true) => return Compared::Everything,
                (true, false) => Condition::Kind(ObjectKind::User),
                (false, true) => Condition::Kind(ObjectKind::Group),
                (false, false) => never(),
            }
        }
        "sourceidentity/id" => Condition::Id(End::Source, text),
        "targetidentity/id" => Condition::Id(End::Target, text),
        "sourceidentity/displayname" => Condition::Name(End::Source, text),
        "targetidentity/displayname" => Condition::Name(End::Target, text),
        "initiatedby/displayname" => Condition::InitiatedBy {
            service: same(summary::SERVICE),
            name: text,
        },
        _ => return Compared::Unknown,
    })
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

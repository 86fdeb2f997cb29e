//! Scenarios: what happens in companies every day, and what goes wrong there, played through the real agent with one
//! call or click.
//!
//! A scenario is a row of the catalogue and one function, which plays the administrator: it makes people and groups with
//! names that nobody has, does one thing after the other, waits each time until the agent has sent what follows, and
//! checks what must be so. A [`Run`] is what there is to see afterwards: the steps, the events that each caused, and the
//! exchanges behind them. What it made stays, so that it can be looked at.
//!
//! Where a target has to misbehave, the bundled provider does for that person alone ([`faults`](super::faults)). Another target cannot
//! be told to: such scenarios say what it would have to do, and are not begun.

mod people;
mod pushed;
mod runs;
mod stage;
mod status;
mod trouble;

use std::fmt;

pub use runs::Runs;
pub use stage::{Bundled, Cast, Pass, run};

use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::Exchange;
use crate::model::okta::{OktaApp, PasswordSync, SystemEvent};
use crate::store::okta::AppKey;
use stage::Stage;

/// A scenario of the catalogue.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What happens, and what it shows, in a few sentences.
    pub about: &'static str,
    /// What has to be so.
    pub needs: &'static [Need],
    /// Whose administrator is played.
    pub play: Play,
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whose administrator a scenario plays, and how.
#[derive(Clone, Copy)]
pub enum Play {
    /// That of an org of the mock Okta.
    Okta(fn(&mut Stage<'_>) -> Result<()>),
}

impl Play {
    /// The identity provider.
    pub const fn identity_provider(self) -> &'static str {
        match self {
            Self::Okta(_) => "okta",
        }
    }
}

/// What an app, or what it leads to, must have for a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// *Create Users* is on.
    CreateUsers,
    /// *Update User Attributes* is on.
    UpdateAttributes,
    /// *Deactivate Users* is on.
    DeactivateUsers,
    /// *Sync Password* is on.
    SyncPassword,
    /// The template has *Push Groups*.
    PushGroups,
    /// The target is the bundled provider; another one would have to do this.
    Bundled(&'static str),
    /// The target is a team of the bundled provider that asks people who have an account before they join.
    Inviting,
}

impl Need {
    /// Whether it is the target, and not the app, that must be so.
    pub const fn is_of_the_target(self) -> bool {
        matches!(self, Self::Bundled(_) | Self::Inviting)
    }

    /// What has to be done first; none when the need is met.
    pub fn unmet(self, app: &OktaApp, bundled: Option<&Bundled>) -> Option<String> {
        let on = |met: bool, toggle: &str| {
            (!met).then(|| {
                format!(
                    "Turn {toggle} on for {}, under Provisioning, To App",
                    app.label
                )
            })
        };
        let to_app = &app.to_app;
        match self {
            Self::CreateUsers => on(to_app.create_users, "Create Users"),
            Self::UpdateAttributes => on(to_app.update_attributes, "Update User Attributes"),
            Self::DeactivateUsers => on(to_app.deactivate_users, "Deactivate Users"),
            Self::SyncPassword => on(to_app.sync_password == PasswordSync::Okta, "Sync Password (Okta password)"),
            Self::PushGroups => (!app.group_push).then(|| {
                format!(
                    "{} has no Push Groups. Add an app of another template, such as SCIM 2.0 Test App (Header Auth)",
                    app.label
                )
            }),
            Self::Bundled(other) => bundled.is_none().then(|| {
                format!("This needs the bundled provider as target. {other}")
            }),
            Self::Inviting => match bundled {
                Some(team) if team.invites => None,
                Some(_) => Some(
                    "Give the team the profile of Postman, under Authentication: with the present one an invite that \
                     waits is accepted by provisioning"
                        .to_owned(),
                ),
                None => Some(
                    "This needs the bundled provider as target. Another one would have to refuse people whom somebody \
                     has invited by hand"
                        .to_owned(),
                ),
            },
        }
    }
}

/// Every scenario, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Scenario> {
    people::SCENARIOS
        .iter()
        .chain(status::SCENARIOS)
        .chain(pushed::SCENARIOS)
        .chain(trouble::SCENARIOS)
}

/// The scenario with a name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    all().find(|scenario| scenario.name == name)
}

/// Who does something in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The administrator of the org.
    Administrator,
    /// Somebody else at the target.
    Target,
    /// Nobody: time goes by.
    Clock,
}

impl Actor {
    /// As it is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Okta",
            Self::Target => "Target",
            Self::Clock => "Clock",
        }
    }
}

/// An event, with the exchanges behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The event.
    pub event: SystemEvent,
    /// What was sent, in order.
    pub exchanges: Vec<Exchange>,
}

/// What was done, and what followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Who did it.
    pub by: Actor,
    /// What, in a sentence.
    pub what: String,
    /// The events that it caused, oldest first; the first of them when there are many.
    pub events: Vec<Told>,
    /// How many there were.
    pub event_count: usize,
    /// How many requests stand behind all of them.
    pub request_count: usize,
    /// What was asked of the target beside Okta's own requests.
    pub asked: Vec<Exchange>,
}

/// Something that must be so, and whether it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What, in a sentence.
    pub what: String,
    /// Whether it is so.
    pub holds: bool,
}

/// A scenario that was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which.
    pub scenario: &'static str,
    /// With which app.
    pub key: AppKey,
    /// Its label.
    pub app: String,
    /// The word that stands in every name that was made.
    pub word: String,
    /// When it began.
    pub began: Timestamp,
    /// What was done.
    pub steps: Vec<Step>,
    /// What must be so.
    pub checks: Vec<Check>,
    /// Why it broke off, if it did.
    pub failure: Option<String>,
}

impl Run {
    /// Whether everything went as it must.
    pub fn is_as_expected(&self) -> bool {
        self.failure.is_none() && self.checks.iter().all(|check| check.holds)
    }
}

#[cfg(test)]
mod tests;

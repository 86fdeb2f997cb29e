//! The application's *Provisioning* tab: how it runs, and how it is set up.
//!
//! Field names and order follow the vendor's blade: *Provisioning Mode*, *Admin Credentials* with *Tenant URL* and
//! *Secret Token*, *Test Connection*, *Mappings*, *Settings* with *Scope*.

use askama::Template;

use super::super::Page;
use super::super::chart::{CycleHistory, Sparkline};
use super::super::parts::{Fact, Field, Link, Moment, Notice, Pill, Tab, Tone};
use super::credentials::CredentialsForm;
use super::job_settings::{JobSettingsForm, Notification};

/// A running cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// `Initial cycle: users`.
    pub phase: String,
    /// Objects worked off.
    pub done: u64,
    /// Objects in all; 0 while it is not yet known.
    pub total: u64,
    /// `1,240 of 4,112`.
    pub numbers: String,
    /// Objects per second over the last seconds; none before the first second.
    pub rate: Option<Sparkline>,
    /// `about 2 s left`; may be empty.
    pub left: String,
    /// The last failure, one sentence; may be empty.
    pub last_error: String,
}

/// One of the four counters above the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// `Created`, `Updated`, `Disabled`, `Failed`.
    pub label: &'static str,
    /// The formatted count.
    pub count: String,
    /// The log filtered to it.
    pub href: String,
    /// `bad` for failures above zero, `zero` for nothing, else empty.
    pub class: &'static str,
}

/// What can be done with the job now. An empty address means that it does not apply; `blocked` says why *Start* does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobActions {
    /// POST: *Start provisioning*.
    pub start: String,
    /// Why it cannot start and what to do; empty when it can or runs.
    pub blocked: String,
    /// POST: a cycle at once instead of when it is due.
    pub cycle: String,
    /// POST: *Stop provisioning*.
    pub stop: String,
    /// Confirmation page: *Restart provisioning*.
    pub restart: String,
}

/// The part of the page that changes while a cycle runs; polled every second.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provisioning_live.html")]
pub struct ProvisioningLive {
    /// Address of this fragment while a cycle runs; empty when nothing runs.
    pub poll: String,
    /// *On*, *Off*, *Not configured*, *Quarantined*.
    pub status: Pill,
    /// The strip's sentences: last cycle, next cycle.
    pub strip: Vec<String>,
    /// The running cycle.
    pub progress: Option<Progress>,
    /// Created, updated, disabled, failed.
    pub counters: Vec<Counter>,
}

/// What is wrong with a job as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobTrouble {
    /// Cause and remedy.
    pub notice: Notice,
    /// Since when, which attempt, when the next; none where nothing more is known.
    pub facts: Vec<Fact>,
    /// The ways out.
    pub ways: Vec<Link>,
}

/// The tab once it is configured.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/provisioning.html")]
pub struct ProvisioningPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Start, stop, restart.
    pub actions: JobActions,
    /// The part that changes.
    pub live: ProvisioningLive,
    /// Quarantine or another trouble of the whole job, with the way out.
    pub trouble: Option<JobTrouble>,
    /// Past cycles as bars.
    pub history: CycleHistory,
    /// *Statistics to date*: users and groups.
    pub statistics: Vec<Fact>,
    /// *View technical information*.
    pub technical: Vec<Fact>,
    /// What the last cycle counted, in the terms of Graph.
    pub numbers: Vec<Fact>,
    /// The audit log of the job, newest first.
    pub activities: Vec<Activity>,
    /// The forms below.
    pub settings: Settings,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// When.
    pub at: Moment,
    /// `Quarantine`, `Enable/start provisioning configuration`.
    pub name: &'static str,
    /// More about it; may be empty.
    pub detail: String,
}

/// An object mapping, linked to its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingSet {
    /// `Provision Microsoft Entra ID Users`, linked.
    pub name: Link,
    /// `22 attributes`.
    pub detail: String,
}

/// *Provisioning Mode*, *Admin Credentials*, *Mappings*, *Settings*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// *Admin Credentials*.
    pub credentials: CredentialsForm,
    /// Users, then groups.
    pub mappings: Vec<MappingSet>,
    /// *Provisioning Mode*, in the form of the credentials.
    pub mode: Field,
    /// *Notification Email*, in the form of the credentials.
    pub notification: Notification,
    /// The section *Settings*.
    pub job: JobSettingsForm,
}

impl Counter {
    /// A counter; failures above zero are shown as such.
    pub fn new(label: &'static str, count: u64, href: impl Into<String>) -> Self {
        let class = match (count, label) {
            (0, _) => "zero",
            (_, "Failed") => "bad",
            _ => "",
        };
        Self {
            label,
            count: super::super::parts::thousands(count),
            href: href.into(),
            class,
        }
    }
}

/// A cycle in words, for the strip: `Incremental cycle complete 3 min ago`.
pub fn cycle_sentence(what: &str, at: &Moment) -> String {
    format!("{what} {}", at.text)
}

/// Pill of a job's state.
pub fn job_pill(word: &str) -> Pill {
    let tone = match word {
        "On" => Tone::Good,
        "Running" => Tone::Info,
        "Quarantined" => Tone::Bad,
        _ => Tone::Quiet,
    };
    Pill::new(tone, word)
}

/// The tab before anything is configured: the same forms, first things first.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/settings.html")]
pub struct SettingsPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// The forms.
    pub settings: Settings,
}

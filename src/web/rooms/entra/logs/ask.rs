//! What the address of a list of the log asks for, and the conditions it stands for.

use serde::Deserialize;

use super::Places;
use crate::clock::Timestamp;
use crate::id::{Guid, Seq};
use crate::model::{Action, Status};
use crate::store::logs::{self, Condition};
use crate::web::console::list::{Filter, ListUrl};
use crate::web::console::parts::Fact;

/// Longest text that is searched for, in characters.
const TEXT: usize = 200;
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// The query. Unknown parts are ignored and bad values of drop-downs and days count as absent; an identifier that is
/// none finds nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskLogs {
    q: String,
    action: String,
    status: String,
    application: String,
    from: String,
    until: String,
    job: String,
    cycle: String,
    change: String,
    before: String,
}

/// The conditions of a query, and the one entry that it names.
pub(super) struct Wanted {
    pub(super) conditions: Vec<Condition>,
    pub(super) only: Option<Seq>,
}

/// The first moment of a day; none for what is no day.
fn day(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{}T00:00:00Z", text.trim())).ok()
}

/// An action as the address spells it.
const fn slug(action: Action) -> &'static str {
    match action {
        Action::StagedDelete => "staged-delete",
        other => other.name(),
    }
}

impl AskLogs {
    fn text(&self) -> String {
        self.q.trim().chars().take(TEXT).collect()
    }

    fn action(&self) -> Option<Action> {
        Action::ALL.into_iter().find(|a| slug(*a) == self.action)
    }

    fn status(&self) -> Option<Status> {
        Status::ALL.into_iter().find(|s| s.name() == self.status)
    }

    /// Where the page begins.
    pub(super) fn before(&self) -> Option<Seq> {
        self.before.parse().ok().map(Seq)
    }

    /// Limits it to one application.
    pub(super) fn of_application(mut self, id: &str) -> Self {
        id.clone_into(&mut self.application);
        self
    }

    /// The address of the list at `path` that asks the same. An application's own list does not repeat it.
    pub(super) fn url(&self, path: &str, with_application: bool) -> ListUrl {
        let known = |text: &str| day(text).map_or("", |_| text.trim()).to_owned();
        let url = ListUrl::new(path)
            .with("q", &self.text())
            .with("action", self.action().map_or("", slug))
            .with("status", self.status().map_or("", Status::name))
            .with("from", &known(&self.from))
            .with("until", &known(&self.until))
            .with("job", self.job.trim())
            .with("cycle", self.cycle.trim())
            .with("change", self.change.trim());
        if with_application {
            url.with("application", &self.application)
        } else {
            url
        }
    }

    /// The filter bar of the list at `url`.
    pub(super) fn bar(url: &ListUrl, places: &Places, with_application: bool) -> Filter {
        let actions = Action::ALL.map(|action| (slug(action), action.label()));
        let statuses = Status::ALL.map(|status| (status.name(), status.label()));
        let bar = Filter::new(url, "Identity: name or id")
            .select(url, "action", "Action", &actions)
            .select(url, "status", "Status", &statuses);
        let bar = if with_application {
            let applications: Vec<(String, String)> = places.applications();
            let choices: Vec<(&str, &str)> = applications
                .iter()
                .map(|(id, name)| (id.as_str(), name.as_str()))
                .collect();
            bar.select(url, "application", "Application", &choices)
        } else {
            bar
        };
        bar.day(url, "from", "From")
            .day(url, "until", "Until")
            .pasted(url, "job", "Job ID")
            .pasted(url, "cycle", "Cycle ID")
            .pasted(url, "change", "Change ID")
    }

    /// What narrows, as facts.
    pub(super) fn facts(&self, places: &Places) -> Vec<Fact> {
        let application = places.name_of_application(&self.application);
        let facts = [
            Fact::text("Identity", self.text()),
            Fact::text("Application", application),
            Fact::text("Action", self.action().map_or("", Action::label)),
            Fact::text("Status", self.status().map_or("", Status::label)),
            Fact::text("From", day(&self.from).map_or("", |_| self.from.trim())),
            Fact::text("Until", day(&self.until).map_or("", |_| self.until.trim())),
            Fact::code("Job ID", self.job.trim()),
            Fact::code("Cycle ID", self.cycle.trim()),
            Fact::code("Change ID", self.change.trim()),
        ];
        let set = facts.into_iter().filter(|fact| !fact.value.text.is_empty());
        set.collect()
    }

    /// The conditions.
    pub(super) fn wanted(&self, places: &Places) -> Wanted {
        let mut conditions = Vec::new();
        let none = || Condition::Jobs(Vec::new());
        if !self.application.is_empty() {
            conditions.push(Condition::Jobs(places.jobs_of(&self.application)));
        }
        let job = self.job.trim();
        if !job.is_empty() {
            conditions.push(Condition::Jobs(places.jobs_called(job)));
        }
        let cycle = self.cycle.trim();
        if !cycle.is_empty() {
            conditions.push(match cycle.parse::<Guid>() {
                Ok(id) => Condition::Cycle { id, is: true },
                Err(_) => none(),
            });
        }
        let mut only = None;
        let change = self.change.trim();
        if !change.is_empty() {
            let guid = change.parse::<Guid>().ok();
            only = guid.and_then(|g| logs::position_of_change(places.mix, places.tenant.seq, &g));
            if only.is_none() {
                conditions.push(none());
            }
        }
        conditions.extend(self.action().map(|action| Condition::Actions(vec![action])));
        conditions.extend(
            self.status()
                .map(|status| Condition::Statuses(vec![status])),
        );
        let (from, until) = (day(&self.from), day(&self.until));
        if from.is_some() || until.is_some() {
            let from = from.unwrap_or(Timestamp::from_millis(i64::MIN));
            let before = until.map_or(Timestamp::from_millis(i64::MAX), |u| u.plus(DAY));
            conditions.push(Condition::Time(from..before));
        }
        let text = self.text();
        if !text.is_empty() {
            conditions.push(Condition::Identity(text));
        }
        Wanted { conditions, only }
    }
}

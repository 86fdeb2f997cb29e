//! Jobs about one person: what is sent, step by step (parts 1.4 to 1.9 of the Okta reference). Talks to the target,
//! writes nothing.

mod account;
mod leaving;
mod password;
mod profile;

use super::answer::{Kind, Refusal};
use super::outcome::{ATTEMPTS, Change, End, Outcome, Patience, PersonChange};
use super::session::{Session, Talk};
use super::text::{self, Undertaking};
use crate::directory::okta::events::{self, Event, EventType};
use crate::error::Result;
use crate::id::{OktaId, OktaKind};
use crate::model::Exchange;
use crate::model::okta::{AppUser, EventTarget, JobKind, OktaApp, OktaUser, ProvisioningJob};
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, users};

/// A job about a person with the rows it needs, read before anything is sent.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) job: ProvisioningJob,
    pub(super) user: Option<OktaUser>,
    pub(super) assigned: Option<AppUser>,
    /// `externalId`.
    okta_id: String,
    /// What events name: the assignment, the app, the person.
    targets: Vec<EventTarget>,
}

impl Person {
    /// Reads what a job is about.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn read(
        tx: &impl Reads,
        key: AppKey,
        app: &OktaApp,
        job: ProvisioningJob,
    ) -> Result<Self> {
        let row = job.kind.user().unwrap_or_default();
        let (mix, user) = (tx.mix(), users::find(tx, key.org, row)?);
        let assigned = app_users::find(tx, key, row)?;
        let mut targets = vec![events::app(mix, key.org, app)];
        if let Some(user) = &user {
            let known_by = match &job.kind {
                JobKind::Deactivate { user_name, .. } => user_name.as_str(),
                _ => assigned
                    .as_ref()
                    .map_or(user.login(), |a| a.user_name.as_str()),
            };
            targets.insert(0, events::unassigned_app_user(mix, key, known_by, user));
            targets.push(events::user(mix, key.org, user));
        }
        Ok(Self {
            job,
            user,
            assigned,
            okta_id: OktaId::of_row(mix, OktaKind::User, key.org, row).to_string(),
            targets,
        })
    }
}

/// Why a job did not come to its end.
enum Stop {
    Failed(String),
    Later(Patience),
    NotYetActive,
}

/// A job at work.
struct Work<'a> {
    session: &'a Session,
    person: &'a Person,
    undertaking: Undertaking,
    talk: Talk,
    events: Vec<(Event, Vec<Exchange>)>,
    /// What is known so far: kept even when a later step fails.
    change: PersonChange,
}

/// Does a job about a person.
pub(super) fn work(session: &Session, person: Person) -> Outcome {
    let mut work = Work {
        session,
        person: &person,
        undertaking: undertaking(&person.job.kind),
        talk: Talk::default(),
        events: Vec::new(),
        change: PersonChange {
            user: person.job.kind.user().unwrap_or_default(),
            ..PersonChange::default()
        },
    };
    let done = match &person.job.kind {
        JobKind::Provision { .. } => work.provision(),
        JobKind::PushProfile { .. } => work.push_profile(),
        JobKind::Deactivate {
            external_id,
            user_name,
            ..
        } => work.deactivate(external_id, user_name),
        JobKind::PushPassword { password, .. } => work.push_password(password.as_ref()),
        // `next` gives nothing else here.
        _ => Ok(Change::None),
    };
    let (end, change) = match done {
        Ok(change) => (End::Done, change),
        Err(stop) => work.stopped(stop),
    };
    let events = work.events;
    Outcome {
        end,
        change,
        events,
        job: person.job,
    }
}

const fn undertaking(kind: &JobKind) -> Undertaking {
    match kind {
        JobKind::PushProfile { .. } => Undertaking::ProfilePush,
        JobKind::Deactivate { .. } => Undertaking::Deprovisioning,
        JobKind::PushPassword { .. } => Undertaking::PasswordPush,
        _ => Undertaking::Provisioning,
    }
}

/// The name by which tasks and sentences call the person of a job.
pub(super) fn subject(person: &Person) -> String {
    match (&person.user, &person.job.kind) {
        (Some(user), _) => user.display_name(),
        (None, JobKind::Deactivate { user_name, .. }) => user_name.clone(),
        (None, _) => "unknown".to_owned(),
    }
}

impl Work<'_> {
    /// A finished part, with the requests since the last one.
    fn event(&mut self, event: Event) {
        let exchanges = self.talk.take();
        self.events.push((event, exchanges));
    }

    fn succeeded(&mut self, kind: EventType) {
        self.event(Event::success(kind, self.person.targets.clone()));
    }

    /// A refusal that ends the job: waits where the target asks for it, else fails. `step` is the part that failed, if
    /// it has an event of its own.
    fn refused(
        &mut self,
        step: Option<EventType>,
        refusal: &Refusal,
        what: impl FnOnce(&str) -> String,
    ) -> Stop {
        let targets = &self.person.targets;
        if let Kind::Patience(seconds) = refusal.kind
            && let Some(patience) = Patience::after(&self.person.job, seconds)
        {
            let kind = EventType::RateLimitExceeded;
            let reason = format!(
                "{} The job is tried again in {} seconds.",
                refusal.reason, patience.waited
            );
            self.event(Event::failure(kind, &reason, targets.clone()));
            return Stop::Later(patience);
        }
        if let Some(step) = step {
            self.event(Event::failure(step, &refusal.reason, targets.clone()));
        }
        if let Some(kind) = refusal.of_connection() {
            self.event(Event::failure(kind, &refusal.reason, targets.clone()));
        }
        if refusal.kind == Kind::Unauthorized {
            self.failed(text::CREDENTIALS)
        } else {
            self.failed(&what(&refusal.reason))
        }
    }

    /// The end of a job that failed.
    fn failed(&mut self, what: &str) -> Stop {
        let text = text::failed(
            self.undertaking,
            &subject(self.person),
            &self.session.app.label,
            what,
        );
        let kind = match self.undertaking {
            Undertaking::Provisioning => EventType::UserSync,
            Undertaking::ProfilePush => EventType::UserPushProfile,
            Undertaking::Deprovisioning => EventType::UserDeprovision,
            Undertaking::PasswordPush => EventType::UserPasswordIssue,
        };
        self.event(Event::failure(kind, &text, self.person.targets.clone()));
        Stop::Failed(text)
    }

    fn stopped(&mut self, stop: Stop) -> (End, Change) {
        let subject = subject(self.person);
        let end = match stop {
            Stop::Failed(text) => End::Failed { subject, text },
            Stop::Later(patience) => End::Later(patience),
            Stop::NotYetActive => {
                let again = self.person.job.reactivations + 1 < ATTEMPTS;
                let assigned = self.person.assigned.as_ref();
                let user_name = assigned.map(|a| a.user_name.as_str()).unwrap_or_default();
                let app = &self.session.app.label;
                let what = text::not_yet_active(user_name, app, again);
                let text = text::failed(self.undertaking, &subject, app, &what);
                let targets = self.person.targets.clone();
                self.event(Event::failure(EventType::UserAppReactivate, &text, targets));
                if again {
                    End::PutOff { subject, text }
                } else {
                    End::Failed { subject, text }
                }
            }
        };
        let change = match &self.person.assigned {
            Some(_) => Change::Person(Box::new(std::mem::take(&mut self.change))),
            None => Change::None,
        };
        (end, change)
    }
}

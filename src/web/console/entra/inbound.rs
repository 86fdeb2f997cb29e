//! The *Provisioning* tab of an API-driven provisioning application: where people are uploaded, and what became of them.
//!
//! Labels follow the landing page of the portal: *Provisioning API endpoint*, *Job ID*, *View provisioning logs*.

use askama::Template;

use super::super::Page;
use super::super::parts::{Choice, Link, Notice, Tab};
use super::job_settings::Notification;
use super::provisioning::{Activity, JobActions, ProvisioningLive};

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/inbound.html")]
pub struct InboundPage {
    /// The frame; its title is the application's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Start, stop, restart.
    pub actions: JobActions,
    /// The part that changes while uploads are worked off.
    pub live: ProvisioningLive,
    /// *Provisioning API endpoint*.
    pub endpoint: String,
    /// *Job ID*.
    pub job_id: String,
    /// Where clients get access tokens.
    pub token_endpoint: String,
    /// Clients that may upload, by client id; none yet when empty.
    pub clients: Vec<Choice>,
    /// GET: the Postman environment of a client.
    pub environment: String,
    /// Where a client is registered.
    pub register: Link,
    /// *Notification Email*, with its box.
    pub notification: Notification,
    /// POST: saves it.
    pub notify: String,
    /// What is wrong with the job as a whole.
    pub trouble: Option<Notice>,
    /// Mappings, scoping filter, logs, each with one sentence.
    pub ways: Vec<(Link, String)>,
    /// The audit log of the job, newest first.
    pub activities: Vec<Activity>,
}

#[cfg(test)]
impl InboundPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::Room;
        use super::super::parts::Tone;
        use super::super::samples::{application, long_name, moment, viewer};
        use super::applications::{ApplicationTab, tabs};
        use super::provisioning::{Counter, job_pill};
        use crate::model::Direction;
        let base = "/entra/applications/1";
        let to = |below: &str| format!("{base}/{below}");
        let started = Self {
            page: Page::new(Room::Applications, application(), &viewer())
                .under("Enterprise applications", "/entra/applications"),
            tabs: tabs(base, Direction::Inbound, ApplicationTab::Provisioning),
            actions: JobActions {
                stop: to("provisioning/stop"),
                restart: to("provisioning/restart"),
                ..JobActions::default()
            },
            live: ProvisioningLive {
                poll: String::new(),
                status: job_pill("On"),
                strip: vec!["The last upload was worked off 2 min ago".to_owned()],
                progress: None,
                counters: vec![
                    Counter::new("Created", 2, to("provisioning-logs?action=create")),
                    Counter::new("Failed", 1, to("provisioning-logs?status=failure")),
                ],
            },
            endpoint: "http://127.0.0.1:7644/graph/v1.0/servicePrincipals/6cc35b93-185a-4485-a519-50c09549f3ad/synchronization/jobs/API2AAD.7928d5b574424a97ae2d66f9b9972ec0.0cb5b8a0-4a2f-4a2b-9d0a-9f8a3a8f5e11/bulkUpload".to_owned(),
            job_id: "API2AAD.7928d5b574424a97ae2d66f9b9972ec0.0cb5b8a0-4a2f-4a2b-9d0a-9f8a3a8f5e11".to_owned(),
            token_endpoint: "http://127.0.0.1:7644/login/7928d5b5-7442-4a97-ae2d-66f9b9972ec0/oauth2/v2.0/token".to_owned(),
            clients: vec![Choice::new("1", "HR connector"), Choice::new("2", long_name())],
            environment: to("environment"),
            register: Link::new("New registration", "/entra/app-registrations/new"),
            notification: Notification::new("admin@contoso.example", true),
            notify: to("provisioning/notification"),
            trouble: None,
            ways: vec![(
                Link::new("Edit attribute mappings", to("provisioning/mappings/users")),
                "18 attributes.".to_owned(),
            )],
            activities: vec![Activity {
                at: moment("2 h ago"),
                name: "Enable/start provisioning configuration",
                detail: String::new(),
            }],
        };
        let stopped = Self {
            actions: JobActions {
                start: to("provisioning/start"),
                restart: to("provisioning/restart"),
                ..JobActions::default()
            },
            clients: Vec::new(),
            trouble: Some(Notice::new(
                Tone::Bad,
                "Quarantined (NotificationEmailMissing): the job has no notification email.",
                "Enter a Notification Email below.",
            )),
            activities: Vec::new(),
            live: ProvisioningLive {
                status: super::super::parts::Pill::new(Tone::Quiet, "Off"),
                ..started.live.clone()
            },
            ..started.clone()
        };
        vec![("started", started), ("stopped", stopped)]
    }
}

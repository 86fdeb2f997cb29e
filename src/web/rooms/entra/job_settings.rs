//! *Settings* of the *Provisioning* tab: *Provisioning Status*, *Scope*, *Prevent accidental deletion*, and the switches
//! that the portal does not show.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::SignedIn;
use super::super::super::console::entra::job_settings::{JobSettingsForm, Switch};
use super::super::super::console::parts::{Choice, Field, Notice, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, html_with};
use super::Rates;
use super::provisioning::{Again, load_outbound, render_again};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Job, JobSettings, JobStatus, ManagerRemoval, Scope};
use crate::store::Write;
use crate::sync::jobs::{self, NewSettings, settings_revision};

/// Threshold of the portal's own field when the box is ticked for the first time.
const USUAL_THRESHOLD: u64 = 500;

/// What clears a manager: value in the form, and what is read.
const MANAGER_REMOVALS: [(ManagerRemoval, &str, &str); 4] = [
    (
        ManagerRemoval::Remove,
        "remove",
        "Remove of manager (RFC 7644)",
    ),
    (
        ManagerRemoval::RemoveByFilter,
        "filter",
        "Remove of manager[value eq \"id\"]",
    ),
    (
        ManagerRemoval::RemoveByValue,
        "value",
        "Remove of manager, with the id as value",
    ),
    (
        ManagerRemoval::ReplaceWithEmpty,
        "empty",
        "Replace with an empty value (SCIM Validator)",
    ),
];

/// What the form sends: a box that is not ticked sends nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Posted {
    revision: String,
    status: String,
    scope: String,
    prevent_deletion: String,
    threshold: String,
    skip_out_of_scope_deletions: String,
    target_supports_soft_delete: String,
    read_before_write: String,
    send_null_replace: String,
    switch_null_bug: String,
    members_per_patch: String,
    manager_removal: String,
}

/// What was posted and refused.
pub(super) struct TypedSettings {
    posted: Posted,
    wrong: Option<(&'static str, String)>,
    error: Option<Notice>,
}

fn tick(on: bool) -> String {
    if on { "yes".into() } else { String::new() }
}

impl Posted {
    /// As it is stored.
    fn of(job: &Job) -> Self {
        let settings = &job.settings;
        let on = job.status.is_started();
        Self {
            revision: settings_revision(job),
            status: if on { "on" } else { "off" }.into(),
            scope: if job.scope == Scope::All {
                "all"
            } else {
                "assigned"
            }
            .into(),
            prevent_deletion: tick(settings.delete_threshold.is_some()),
            threshold: settings
                .delete_threshold
                .unwrap_or(USUAL_THRESHOLD)
                .to_string(),
            skip_out_of_scope_deletions: tick(settings.skip_out_of_scope_deletions),
            target_supports_soft_delete: tick(settings.target_supports_soft_delete),
            read_before_write: tick(settings.read_before_write),
            send_null_replace: tick(settings.send_null_replace),
            switch_null_bug: tick(settings.switch_null_bug),
            members_per_patch: settings.members_per_patch.to_string(),
            manager_removal: MANAGER_REMOVALS
                .iter()
                .find(|(form, ..)| *form == settings.manager_removal)
                .map_or("", |(_, value, _)| value)
                .to_owned(),
        }
    }

    fn scope(&self) -> std::result::Result<Scope, PageFailure> {
        match self.scope.as_str() {
            "assigned" => Ok(Scope::AssignedOnly),
            "all" => Ok(Scope::All),
            _ => Err(PageFailure::Malformed("choose a scope".into())),
        }
    }

    /// The settings it asks for; those that it has no field for stay.
    fn settings(&self, present: &JobSettings) -> Result<JobSettings> {
        let on = |ticked: &str| !ticked.is_empty();
        let threshold = if on(&self.prevent_deletion) {
            let number = self.threshold.trim().parse();
            let wrong = "Enter how many objects one cycle may delete and disable, such as 500.";
            Some(number.map_err(|_| Error::field("threshold", wrong))?)
        } else {
            None
        };
        let members = self.members_per_patch.trim().parse();
        let manager_removal = MANAGER_REMOVALS
            .iter()
            .find(|(_, value, _)| *value == self.manager_removal)
            .map(|(form, ..)| *form)
            .ok_or_else(|| Error::field("manager_removal", "Choose one of the forms."))?;
        Ok(JobSettings {
            delete_threshold: threshold,
            skip_out_of_scope_deletions: on(&self.skip_out_of_scope_deletions),
            target_supports_soft_delete: on(&self.target_supports_soft_delete),
            read_before_write: on(&self.read_before_write),
            send_null_replace: on(&self.send_null_replace),
            switch_null_bug: on(&self.switch_null_bug),
            // What is no number is out of range.
            members_per_patch: members.unwrap_or(0),
            manager_removal,
            ..present.clone()
        })
    }
}

/// The form as it is stored, or as it was typed.
pub(super) fn form(base: &str, job: &Job, typed: Option<TypedSettings>) -> JobSettingsForm {
    let (mut shown, wrong, error) = match typed {
        Some(typed) => (typed.posted, typed.wrong, typed.error),
        None => (Posted::of(job), None, None),
    };
    // Who saves again after having been told has seen what is stored now.
    shown.revision = settings_revision(job);
    let field = |name: &'static str, label: &str, value: &str| {
        let field = Field::new(name, label)
            .kind("text", "off")
            .max_length(9)
            .value(value);
        match &wrong {
            Some((wrong, detail)) if *wrong == name => field.error(detail.clone()),
            _ => field,
        }
    };
    let defaults = Posted::of(&Job {
        settings: JobSettings::default(),
        ..job.clone()
    });
    let switches = switches(&shown);
    let folded_wrong = wrong
        .as_ref()
        .is_some_and(|(name, _)| matches!(*name, "members_per_patch" | "manager_removal"));
    let usual = switches == self::switches(&defaults)
        && shown.members_per_patch == defaults.members_per_patch
        && shown.manager_removal == defaults.manager_removal;
    let removals = MANAGER_REMOVALS.map(|(_, value, label)| Choice::new(value, label));
    JobSettingsForm {
        save: format!("{base}/provisioning/settings"),
        error,
        on: shown.status == "on",
        blocked: if job.status == JobStatus::NotConfigured {
            "Test and save the Admin Credentials first.".into()
        } else {
            String::new()
        },
        assigned_only: shown.scope != "all",
        guard: Switch {
            name: "prevent_deletion",
            label: "Prevent accidental deletion",
            help: "A cycle that would delete or disable more users and groups than the threshold sends none of these and puts the job into quarantine, until somebody allows them.",
            on: !shown.prevent_deletion.is_empty(),
        },
        threshold: field(
            "threshold",
            "Accidental deletion threshold",
            &shown.threshold,
        )
        .help("Counts deletions and disablings of users and groups in one cycle."),
        members: field(
            "members_per_patch",
            "Members in one PATCH",
            &shown.members_per_patch,
        )
        .help("From 1 to 1,000. What the service does is not published."),
        manager_removal: field(
            "manager_removal",
            "What clears a manager",
            &shown.manager_removal,
        )
        .choices(removals.into())
        .help("Published sources show four forms. Choose the one that the target understands."),
        open: !usual || folded_wrong,
        switches,
        revision: shown.revision,
    }
}

/// The boxes of what the portal does not show.
fn switches(shown: &Posted) -> Vec<Switch> {
    [
        (
            "skip_out_of_scope_deletions",
            "Skip deletion of objects that go out of scope (SkipOutOfScopeDeletions)",
            "Whoever is unassigned or fails a scoping filter is left as it is in the target.",
            &shown.skip_out_of_scope_deletions,
        ),
        (
            "target_supports_soft_delete",
            "The target can disable users though nothing is mapped to active",
            "Without this, users who leave the scope are deleted when no mapping tells the target that they are disabled.",
            &shown.target_supports_soft_delete,
        ),
        (
            "read_before_write",
            "Read an object before changing it",
            "Otherwise the values that were exported last are compared.",
            &shown.read_before_write,
        ),
        (
            "send_null_replace",
            "Clear attributes that lost their value",
            "The service sends nothing; with this, a replacement with null is sent.",
            &shown.send_null_replace,
        ),
        (
            "switch_null_bug",
            "Behave as the documented fault of Switch",
            "In an incremental cycle, Switch gives null when its source attribute did not change but another one did.",
            &shown.switch_null_bug,
        ),
    ]
    .map(|(name, label, help, ticked)| Switch {
        name,
        label,
        help,
        on: !ticked.is_empty(),
    })
    .into()
}

/// *Save*: settings, and with *Provisioning Status* start or stop.
pub(in super::super) async fn save(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
    id: web::Path<String>,
    form: web::Form<Posted>,
) -> Answered {
    let (who, id, posted) = (signed.who(), id.into_inner(), form.into_inner());
    let (scope, now) = (posted.scope()?, app.now());
    let (asked, typed) = (id.clone(), posted.clone());
    let saved = app
        .write(move |tx| {
            let loaded = load_outbound(tx, &asked, "The section Settings")?;
            let settings = typed.settings(&loaded.job.settings)?;
            let (new, operator) = (NewSettings { scope, settings }, who.operator()?);
            let before = loaded.job;
            jobs::save_settings(tx, operator, loaded.key, &typed.revision, new, now)?;
            status(tx, operator, &before, loaded.key, &typed.status, now)
        })
        .await;
    let refused = match saved {
        Err(Error::Field { field, detail }) => TypedSettings {
            posted,
            wrong: Some((field, sentence(&detail))),
            error: None,
        },
        Err(Error::Precondition { .. }) => TypedSettings {
            posted,
            wrong: None,
            error: Some(Notice::new(
                Tone::Warn,
                "Somebody changed these settings meanwhile, so nothing was saved.",
                "This is what you typed. Save again to replace what is stored, or reload the page to see it.",
            )),
        },
        saved => {
            app.agent.wake();
            let tab = format!("/entra/applications/{id}/provisioning");
            return finish(&signed, &tab, saved);
        }
    };
    let who = signed.who();
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let again = Again {
                settings: Some(refused),
                ..Again::default()
            };
            render_again(&app.store.read()?, &who, &id, again, &rates, app.now())
        })
        .await?;
    Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, html))
}

/// *Provisioning Status*: starts or stops, if it is not so already.
fn status(
    tx: &Write<'_>,
    operator: &Operator,
    before: &Job,
    key: crate::store::jobs::JobKey,
    wanted: &str,
    now: Timestamp,
) -> Result<Done> {
    let (what, next) = match (wanted, before.status.is_started()) {
        ("on", false) => {
            jobs::start(tx, operator, key, now)?;
            ("The settings are saved and provisioning is started.", "")
        }
        ("off", true) => {
            jobs::stop(tx, operator, key, now)?;
            (
                "The settings are saved and provisioning is stopped.",
                "A cycle that runs is finished first.",
            )
        }
        _ => (
            "The settings are saved.",
            "A change of scope shows for those handled before after a restart.",
        ),
    };
    Ok(Done::new(what, next))
}

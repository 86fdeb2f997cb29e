//! Samples of *Settings* of the *Provisioning* tab and of *Restart provisioning*.

use super::super::entra::job_settings::{JobSettingsForm, Switch};
use super::super::entra::restart::RestartPage;
use super::super::parts::{Choice, Field, Notice, Tone};
use super::super::{Page, Room};
use super::{application, viewer};

fn switch(name: &'static str, label: &'static str, on: bool) -> Switch {
    Switch {
        name,
        label,
        help: "What it does, in a sentence.",
        on,
    }
}

impl JobSettingsForm {
    pub(super) fn sample(base: &str) -> Self {
        Self {
            save: format!("{base}/provisioning/settings"),
            revision: "0011223344556677".to_owned(),
            error: None,
            on: true,
            blocked: String::new(),
            assigned_only: true,
            guard: switch("prevent_deletion", "Prevent accidental deletion", true),
            threshold: Field::new("threshold", "Accidental deletion threshold").value("500"),
            switches: vec![
                switch(
                    "skip_out_of_scope_deletions",
                    "Skip deletion of objects that go out of scope (SkipOutOfScopeDeletions)",
                    false,
                ),
                switch(
                    "read_before_write",
                    "Read an object before changing it",
                    true,
                ),
            ],
            members: Field::new("members_per_patch", "Members in one PATCH").value("100"),
            manager_removal: Field::new("manager_removal", "What clears a manager")
                .choices(vec![Choice::new("remove", "Remove of manager (RFC 7644)")])
                .value("remove"),
            open: false,
        }
    }

    /// Before there are credentials.
    pub(super) fn blocked(base: &str) -> Self {
        Self {
            on: false,
            blocked: "Test and save the Admin Credentials first.".to_owned(),
            ..Self::sample(base)
        }
    }

    /// Refused.
    pub(super) fn refused(base: &str) -> Self {
        let mut form = Self::sample(base);
        form.error = Some(Notice::new(
            Tone::Warn,
            "Somebody changed these settings meanwhile, so nothing was saved.",
            "Save again to replace what is stored, or reload the page to see it.",
        ));
        form.members = form
            .members
            .value("0")
            .error("Enter a number from 1 to 1000.");
        form.open = true;
        form
    }
}

impl RestartPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            page: Page::new(Room::Applications, "Restart provisioning?", &viewer())
                .under(application(), "/entra/applications/1"),
            clears: vec![
                switch(
                    "watermark",
                    "The position in the directory's changes (Watermark)",
                    true,
                ),
                switch(
                    "links",
                    "Which objects belong together (ConnectorDataStore)",
                    false,
                ),
            ],
            held: String::new(),
            force: switch("force_deletes", "Allow deletes (ForceDeletes)", false),
            action: "/entra/applications/1/provisioning/restart".to_owned(),
            cancel: "/entra/applications/1/provisioning".to_owned(),
        };
        let held = Self {
            held: "512 deletions are held back.".to_owned(),
            ..usual.clone()
        };
        vec![("usual", usual), ("held", held)]
    }
}

//! *Settings* of the *Provisioning* tab: *Provisioning Status*, *Scope*, *Prevent accidental deletion*, and what this
//! appliance adds; and the two fields of who is notified, which stand beside the *Admin Credentials* in the tutorial.

use super::super::parts::{Field, Notice};

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Name in the form's body, also its id; sends `yes`.
    pub name: &'static str,
    /// Label beside the box.
    pub label: &'static str,
    /// What it does, below.
    pub help: &'static str,
    /// Whether it is ticked.
    pub on: bool,
}

/// *Notification Email* with its box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// *Notification Email*.
    pub email: Field,
    /// *Send an email notification when a failure occurs*.
    pub notify: Switch,
}

impl Notification {
    /// As it is stored or was typed.
    pub fn new(email: &str, notify: bool) -> Self {
        Self {
            email: Field::new("notification_email", "Notification Email")
                .kind("email", "off")
                .max_length(254)
                .value(email)
                .help("A person or a group. Gets a mail when provisioning goes into quarantine, when the reason changes, when deletions are held back, and when the job is disabled."),
            notify: Switch {
                name: "notify",
                label: "Send an email notification when a failure occurs",
                help: "",
                on: notify,
            },
        }
    }
}

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSettingsForm {
    /// Address it is posted to.
    pub save: String,
    /// What the browser has seen of the settings.
    pub revision: String,
    /// What is wrong with the whole, when no field is to blame.
    pub error: Option<Notice>,
    /// *Provisioning Status*.
    pub on: bool,
    /// Why it cannot be turned on and what to do; empty when it can.
    pub blocked: String,
    /// Whether only assigned users and groups are in scope.
    pub assigned_only: bool,
    /// *Prevent accidental deletion*.
    pub guard: Switch,
    /// *Accidental deletion threshold*.
    pub threshold: Field,
    /// What the portal does not show.
    pub switches: Vec<Switch>,
    /// Members in one PATCH.
    pub members: Field,
    /// What clears a user's manager.
    pub manager_removal: Field,
    /// Whether those are unfolded, because one of them is wrong or not as it comes.
    pub open: bool,
}

//! The lifecycle of people: from which status each operation is allowed and where it leads, as data (the second table
//! of part 2.8 of the Okta reference).

use super::events::EventType;
use super::refusal::{NotNow, Refusal, Result};
use super::{assignments, rules, users};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::UserStatus::{
    self, Active, Deprovisioned, LockedOut, PasswordExpired, Provisioned, Recovery, Staged,
    Suspended,
};
use crate::model::okta::{CredentialProvider, OktaUser};
use crate::store::Write;
use crate::store::okta::users as rows;

/// An operation of `lifecycle/…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// `activate`.
    Activate,
    /// `reactivate`: the mail is sent again.
    Reactivate,
    /// `deactivate`, or the first DELETE.
    Deactivate,
    /// `suspend`.
    Suspend,
    /// `unsuspend`.
    Unsuspend,
    /// Too many failed attempts to sign in; nobody asks for it.
    Lock,
    /// `unlock`.
    Unlock,
    /// `expire_password`.
    ExpirePassword,
    /// `reset_password`.
    ResetPassword,
}

/// Where a transition leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leads {
    /// Always here.
    To(UserStatus),
    /// `ACTIVE` for whoever has a password or needs none, else `PROVISIONED`.
    In,
    /// Nowhere.
    Nowhere,
}

/// What holds for a transition.
struct Row {
    transition: Transition,
    name: &'static str,
    from: &'static [UserStatus],
    leads: Leads,
    event: EventType,
    refused: Refused,
}

/// What is said when it is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    With(NotNow),
    Because(&'static str),
}

const ROWS: &[Row] = &[
    Row {
        transition: Transition::Activate,
        name: "activate",
        from: &[Staged, Deprovisioned],
        leads: Leads::In,
        event: EventType::UserActivate,
        refused: Refused::With(NotNow::AlreadyActive),
    },
    Row {
        transition: Transition::Reactivate,
        name: "reactivate",
        from: &[Provisioned, Recovery],
        leads: Leads::Nowhere,
        event: EventType::UserReactivate,
        refused: Refused::With(NotNow::Status),
    },
    Row {
        transition: Transition::Deactivate,
        name: "deactivate",
        from: &[
            Staged,
            Provisioned,
            Active,
            Recovery,
            PasswordExpired,
            LockedOut,
            Suspended,
        ],
        leads: Leads::To(Deprovisioned),
        event: EventType::UserDeactivate,
        refused: Refused::With(NotNow::Status),
    },
    Row {
        transition: Transition::Suspend,
        name: "suspend",
        from: &[Active],
        leads: Leads::To(Suspended),
        event: EventType::UserSuspend,
        refused: Refused::Because("Cannot suspend a user that is not active"),
    },
    Row {
        transition: Transition::Unsuspend,
        name: "unsuspend",
        from: &[Suspended],
        leads: Leads::To(Active),
        event: EventType::UserUnsuspend,
        refused: Refused::Because("Cannot unsuspend a user that is not suspended"),
    },
    Row {
        transition: Transition::Lock,
        name: "lock",
        from: &[Active],
        leads: Leads::To(LockedOut),
        event: EventType::UserLock,
        refused: Refused::With(NotNow::Status),
    },
    Row {
        transition: Transition::Unlock,
        name: "unlock",
        from: &[LockedOut],
        leads: Leads::To(Active),
        event: EventType::UserUnlock,
        refused: Refused::With(NotNow::NotLockedOut),
    },
    Row {
        transition: Transition::ExpirePassword,
        name: "expire_password",
        from: &[Active],
        leads: Leads::To(PasswordExpired),
        event: EventType::UserExpirePassword,
        refused: Refused::With(NotNow::Status),
    },
    Row {
        transition: Transition::ResetPassword,
        name: "reset_password",
        from: &[Active],
        leads: Leads::To(Recovery),
        event: EventType::UserResetPassword,
        refused: Refused::With(NotNow::Status),
    },
];

impl Transition {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.transition)
    }

    fn row(self) -> &'static Row {
        // `ROWS` has a row for each: a test counts them.
        ROWS.iter()
            .find(|row| row.transition == self)
            .unwrap_or(&ROWS[0])
    }

    /// The last part of its address in the management API.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it is allowed to somebody who stands there.
    pub fn allowed(self, from: UserStatus) -> bool {
        self.row().from.contains(&from)
    }
}

/// Changes the status of a person. What an activation or a deactivation means to assignments follows.
///
/// # Errors
/// `State` or `Invalid` where the present status does not allow it, `NotFound`, the store's.
pub fn perform(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    transition: Transition,
    user: Seq,
    now: Timestamp,
) -> Result<OktaUser> {
    let row = transition.row();
    let mut found = users::get(tx, administrator.org, user)?;
    if !row.from.contains(&found.status) {
        return Err(match row.refused {
            Refused::With(reason) => Refusal::State(reason),
            Refused::Because(sentence) => Refusal::field(row.name, "", sentence),
        });
    }
    let to = match row.leads {
        Leads::To(status) => Some(status),
        Leads::In => Some(
            if found.password.is_some() || found.provider != CredentialProvider::Okta {
                Active
            } else {
                Provisioned
            },
        ),
        Leads::Nowhere => None,
    };
    if let Some(to) = to {
        found.status = to;
        found.status_changed = Some(now);
        found.last_updated = now;
        if transition == Transition::Activate {
            found.activated = Some(now);
        }
        rows::put(tx, administrator.org, &found)?;
    }
    users::tell(tx, administrator, row.event, &found, now)?;
    match transition {
        Transition::Activate => {
            assignments::person_activated(tx, administrator, &found, now)?;
            rules::person_changed(tx, administrator.org, user, now)?;
        }
        Transition::Deactivate => assignments::person_deactivated(tx, administrator, &found, now)?,
        // Suspension, locks and passwords leave assignments alone and send nothing.
        _ => {}
    }
    Ok(found)
}

/// [`Transition::Activate`].
///
/// # Errors
/// As [`perform`].
pub fn activate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    now: Timestamp,
) -> Result<OktaUser> {
    perform(tx, administrator, Transition::Activate, user, now)
}

/// [`Transition::Deactivate`].
///
/// # Errors
/// As [`perform`].
pub fn deactivate(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    now: Timestamp,
) -> Result<OktaUser> {
    perform(tx, administrator, Transition::Deactivate, user, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transition_has_its_row() {
        let names = [
            (Transition::Activate, "activate"),
            (Transition::Reactivate, "reactivate"),
            (Transition::Deactivate, "deactivate"),
            (Transition::Suspend, "suspend"),
            (Transition::Unsuspend, "unsuspend"),
            (Transition::Lock, "lock"),
            (Transition::Unlock, "unlock"),
            (Transition::ExpirePassword, "expire_password"),
            (Transition::ResetPassword, "reset_password"),
        ];
        assert_eq!(ROWS.len(), names.len());
        for (transition, name) in names {
            assert_eq!(transition.row().transition, transition);
            assert_eq!(transition.name(), name);
        }
    }
}

//! What happens to people besides their lifecycle: create, update, replace, passwords, delete (parts 2.8 and 7.2 of the
//! Okta reference).

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::profile;
use super::refusal::{NotNow, Refusal, Result, TAKEN};
use super::{assignments, groups, lifecycle, orgs, rules};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{CredentialProvider, GroupType, OktaUser, Profile, UserStatus};
use crate::secret::Sealed;
use crate::store::okta::{groups as group_rows, users as rows};
use crate::store::{Reads, Write};

/// Most groups that somebody is put into while being created.
const GROUPS: usize = 20;
/// Longest password, in characters.
pub const PASSWORD_LIMIT: usize = 72;

/// A person to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// `profile`; null is as good as absent.
    pub profile: Profile,
    /// `activate`.
    pub activate: bool,
    /// `provider.type`.
    pub provider: CredentialProvider,
    /// The password, if one was given.
    pub password: Option<Sealed>,
    /// `nextLogin=changePassword`.
    pub change_password: bool,
    /// `credentials.recovery_question.question`.
    pub recovery_question: Option<String>,
    /// Rows of groups to be put into, besides *Everyone*.
    pub groups: Vec<Seq>,
}

impl NewUser {
    /// Activated, with this profile and nothing else.
    pub fn active(profile: Profile) -> Self {
        Self {
            profile,
            activate: true,
            provider: CredentialProvider::Okta,
            password: None,
            change_password: false,
            recovery_question: None,
            groups: Vec::new(),
        }
    }

    /// The status a creation ends with (the first table of 2.8).
    fn outcome(&self) -> UserStatus {
        match (self.activate, self.provider, &self.password) {
            (false, ..) => UserStatus::Staged,
            (true, CredentialProvider::Federation | CredentialProvider::Social, _) => {
                UserStatus::Active
            }
            (true, CredentialProvider::Okta, None) => UserStatus::Provisioned,
            (true, CredentialProvider::Okta, Some(_)) if self.change_password => {
                UserStatus::PasswordExpired
            }
            (true, CredentialProvider::Okta, Some(_)) => UserStatus::Active,
        }
    }
}

/// The person in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, org: Seq, user: Seq) -> Result<OktaUser> {
    rows::find(tx, org, user)?.ok_or_else(|| Refusal::not_found("User", user))
}

/// Creates a person, who is in *Everyone* and in the groups that were named.
///
/// # Errors
/// `Invalid` for a profile that breaks a rule, a login that is taken, credentials that do not go together or groups
/// that take no members; `NotFound` for a group; the store's.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    new: &NewUser,
    now: Timestamp,
) -> Result<OktaUser> {
    let org = orgs::get(tx, administrator.org)?;
    let mut made = Profile::new();
    profile::merge(&org.attributes, &mut made, &new.profile).map_err(|causes| {
        Refusal::Invalid {
            subject: causes_subject(&causes, "newUser"),
            causes,
        }
    })?;
    check_credentials(new)?;
    if new.groups.len() > GROUPS {
        let many = format!("At most {GROUPS} groups can be given");
        return Err(Refusal::field("groupIds", "groupIds", many));
    }
    let status = new.outcome();
    let activated = status.is_provisioned().then_some(now);
    let user = OktaUser {
        seq: rows::next_seq(tx, org.seq)?,
        status,
        profile: made,
        provider: new.provider,
        password: new.password.clone(),
        recovery_question: new.recovery_question.clone(),
        created: now,
        activated,
        status_changed: activated,
        last_updated: now,
        password_changed: new.password.as_ref().map(|_| now),
    };
    claim_login(tx, org.seq, &user)?;
    rows::put(tx, org.seq, &user)?;
    tell(tx, administrator, EventType::UserCreate, &user, now)?;
    if status.is_provisioned() {
        tell(tx, administrator, EventType::UserActivate, &user, now)?;
    }
    let doer = Doer::Administrator(administrator);
    groups::join(tx, org.seq, doer, org.everyone, &user, now)?;
    for group in &new.groups {
        groups::enter(tx, administrator, *group, &user, now)?;
    }
    rules::person_changed(tx, org.seq, user.seq, now)?;
    Ok(user)
}

/// Changes a part of a profile; null clears.
///
/// # Errors
/// As [`create`]; `State` for somebody who is deactivated; `NotFound`.
pub fn update(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    changes: &Profile,
    now: Timestamp,
) -> Result<OktaUser> {
    let old = get(tx, administrator.org, user)?;
    if old.status == UserStatus::Deprovisioned {
        return Err(Refusal::State(NotNow::Status));
    }
    let mut new = old.clone();
    let org = orgs::get(tx, administrator.org)?;
    profile::merge(&org.attributes, &mut new.profile, changes).map_err(|causes| {
        Refusal::Invalid {
            subject: causes_subject(&causes, "user"),
            causes,
        }
    })?;
    if new.profile == old.profile {
        return Ok(old);
    }
    claim_login(tx, administrator.org, &new)?;
    new.last_updated = now;
    rows::put(tx, administrator.org, &new)?;
    tell(tx, administrator, EventType::UserUpdateProfile, &new, now)?;
    assignments::person_changed(tx, administrator, &old, &new, now)?;
    rules::person_changed(tx, administrator.org, user, now)?;
    Ok(new)
}

/// Replaces a whole profile: what is not given is cleared.
///
/// # Errors
/// As [`update`].
pub fn replace(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    by: &Profile,
    now: Timestamp,
) -> Result<OktaUser> {
    let old = get(tx, administrator.org, user)?;
    let changes = profile::replacing(&old.profile, by);
    update(tx, administrator, user, &changes, now)
}

/// Gives somebody a password: whoever had to change it or set a first one is active then. Apps that sync Okta
/// passwords are told (1.9).
///
/// # Errors
/// `State` for somebody who is deactivated, `Invalid` for somebody whose password is not Okta's, `NotFound`, the
/// store's.
pub fn set_password(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    password: &Sealed,
    now: Timestamp,
) -> Result<OktaUser> {
    let mut found = get(tx, administrator.org, user)?;
    if found.status == UserStatus::Deprovisioned {
        return Err(Refusal::State(NotNow::Status));
    }
    if found.provider != CredentialProvider::Okta {
        return Err(foreign_password());
    }
    found.password = Some(password.clone());
    found.password_changed = Some(now);
    found.last_updated = now;
    if matches!(
        found.status,
        UserStatus::Provisioned | UserStatus::Recovery | UserStatus::PasswordExpired
    ) {
        found.status = UserStatus::Active;
        found.status_changed = Some(now);
    }
    rows::put(tx, administrator.org, &found)?;
    tell(
        tx,
        administrator,
        EventType::UserUpdatePassword,
        &found,
        now,
    )?;
    assignments::password_changed(tx, administrator.org, &found, password, now)?;
    Ok(found)
}

/// Sets the recovery question; the answer is not kept.
///
/// # Errors
/// `NotFound`, the store's.
pub fn set_recovery_question(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    question: &str,
    now: Timestamp,
) -> Result<OktaUser> {
    let mut found = get(tx, administrator.org, user)?;
    found.recovery_question = Some(question.to_owned());
    found.last_updated = now;
    rows::put(tx, administrator.org, &found)?;
    Ok(found)
}

/// What became of somebody who was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// Only deactivated: the first of two steps.
    Deactivated,
    /// Gone for good.
    Gone,
}

/// Deletes in two steps: whoever is not deactivated is deactivated, whoever is, is deleted for good.
///
/// # Errors
/// `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    user: Seq,
    now: Timestamp,
) -> Result<Deleted> {
    let org = administrator.org;
    let found = get(tx, org, user)?;
    if found.status != UserStatus::Deprovisioned {
        lifecycle::deactivate(tx, administrator, user, now)?;
        return Ok(Deleted::Deactivated);
    }
    tell(
        tx,
        administrator,
        EventType::UserDeleteInitiated,
        &found,
        now,
    )?;
    rules::forget_person(tx, org, user)?;
    for group in group_rows::groups_of(tx, org, user)? {
        groups::leave_quietly(tx, org, group, user, now)?;
    }
    rows::remove(tx, org, &found)?;
    tell(
        tx,
        administrator,
        EventType::UserDeleteCompleted,
        &found,
        now,
    )?;
    Ok(Deleted::Gone)
}

/// Rows of the groups somebody is in that are no groups of apps.
///
/// # Errors
/// The store's.
pub fn own_groups(tx: &impl Reads, org: Seq, user: Seq) -> Result<Vec<Seq>> {
    let mut own = Vec::new();
    for group in group_rows::groups_of(tx, org, user)? {
        let found = group_rows::find(tx, org, group)?;
        if found.is_some_and(|found| found.kind != GroupType::AppGroup) {
            own.push(group);
        }
    }
    Ok(own)
}

/// Writes an event about a person down.
pub(super) fn tell(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    kind: EventType,
    user: &OktaUser,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    let event = Event::success(kind, vec![events::user(tx.mix(), org, user)]);
    record(
        tx,
        org,
        Doer::Administrator(administrator),
        event,
        Vec::new(),
        now,
    )?;
    Ok(())
}

fn foreign_password() -> Refusal {
    Refusal::field(
        "password",
        "password",
        "The password of this user is not Okta's to set",
    )
}

fn check_credentials(new: &NewUser) -> Result<()> {
    if new.provider != CredentialProvider::Okta && new.password.is_some() {
        return Err(foreign_password());
    }
    if new.change_password && (new.password.is_none() || !new.activate) {
        return Err(Refusal::field(
            "nextLogin",
            "nextLogin",
            "changePassword needs a password and activate=true",
        ));
    }
    Ok(())
}

/// The summary names an attribute that somebody else has, and else the object.
fn causes_subject(causes: &[super::refusal::Cause], object: &'static str) -> &'static str {
    let first = causes.first().map(|cause| cause.field.as_str());
    crate::mapping::okta::USER_ATTRIBUTES
        .iter()
        .find(|attribute| Some(attribute.name) == first)
        .map_or(object, |attribute| attribute.name)
}

/// Makes sure that nobody else has the login, deactivated people among them.
fn claim_login(tx: &impl Reads, org: Seq, user: &OktaUser) -> Result<()> {
    match rows::by_login(tx, org, user.login())? {
        Some(other) if other.seq != user.seq => Err(Refusal::field("login", "login", TAKEN)),
        Some(_) | None => Ok(()),
    }
}

//! Adding, configuring, switching and deleting SSO methods.

use super::super::audit;
use super::url;
use super::{certificate, rows};
use crate::access::May;
use crate::access::permission::ManageSso;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{IdentityProvider, Operation, Outcome, SamlDetails, SsoKind, SsoMethod};
use crate::store::{Reads, Write};

/// Most characters of a method's name.
pub const NAME_MAXIMUM: usize = 100;
/// Most methods of a team: each is drawn on one page.
const METHODS: usize = 50;

/// *Add Authentication Method*, *Continue*: a method without details, off. The random `instance` comes with
/// the form, so that sending it twice adds one method; the second time answers with the first's.
///
/// # Errors
/// The name is empty, too long or taken; the team has very many methods; the instance is another team's.
pub fn add(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    kind: SsoKind,
    name: &str,
    instance: Guid,
    now: Timestamp,
) -> Result<SsoMethod> {
    match rows::of_instance(tx, &instance)? {
        Some((team, method)) if team == member.team => return Ok(method),
        Some(_) => {
            return Err(Error::Conflict {
                attribute: "instance",
                detail: "This form was used already. Open it again.".into(),
            });
        }
        None => {}
    }
    if rows::list(tx, member.team)?.len() >= METHODS {
        return Err(Error::Conflict {
            attribute: "sso",
            detail: format!("A team has at most {METHODS} SSO methods. Delete one first."),
        });
    }
    let method = SsoMethod {
        name: free_name(tx, member, name, None)?,
        seq: rows::next_seq(tx, member.team)?,
        kind,
        instance,
        identity_provider: IdentityProvider::Unknown,
        enabled: false,
        add_new_users: false,
        relay_state: None,
        created_by: member.name.clone(),
        created: now,
        revision: 0,
    };
    rows::put(tx, member.team, &method)?;
    record(tx, member, now, Operation::SsoAdd, &method, Outcome::Done)?;
    Ok(method)
}

/// Names are compared without regard to case, as people do.
fn free_name(
    tx: &impl Reads,
    member: &May<ManageSso>,
    name: &str,
    own: Option<Seq>,
) -> Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_MAXIMUM || name.chars().any(char::is_control) {
        return Err(Error::field(
            "name",
            format!("Give the method a name of 1 to {NAME_MAXIMUM} characters."),
        ));
    }
    let folded = name.to_lowercase();
    let taken = rows::list(tx, member.team)?
        .iter()
        .any(|method| Some(method.seq) != own && method.name.to_lowercase() == folded);
    if taken {
        return Err(Error::field(
            "name",
            "Another method of this team has this name. Choose a different one.",
        ));
    }
    Ok(name.to_owned())
}

/// What *Save Authentication* sends, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// *SSO URL*.
    pub sso_url: String,
    /// *Identity provider issuer*.
    pub issuer: String,
    /// *X.509 certificate*, PEM or base64.
    pub certificate: String,
    /// *Automatically add new users*.
    pub add_new_users: bool,
}

impl Wanted {
    /// Whether the three values of an identity provider are empty.
    pub fn names_no_provider(&self) -> bool {
        [&self.sso_url, &self.issuer, &self.certificate]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    fn details(&self) -> Result<SamlDetails> {
        Ok(SamlDetails {
            sso_url: url::sso_url(&self.sso_url)?,
            issuer: url::issuer(&self.issuer)?,
            certificate: certificate::read(&self.certificate)
                .map_err(|refused| Error::field("certificate", refused.to_string()))?,
        })
    }
}

/// *Save Authentication*. A method that gets its details for the first time is on from then. One that uses the
/// mock Entra keeps to it when the three values are left empty.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when somebody else changed it meanwhile; a value that is not
/// acceptable, by the field's name.
pub fn save(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: Seq,
    revision: u64,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<SsoMethod> {
    let old = fresh(tx, member, method, revision)?;
    let keeps = old.identity_provider == IdentityProvider::MockEntra && wanted.names_no_provider();
    let new = SsoMethod {
        name: free_name(tx, member, &wanted.name, Some(old.seq))?,
        identity_provider: if keeps {
            IdentityProvider::MockEntra
        } else {
            IdentityProvider::Saml(wanted.details()?)
        },
        add_new_users: wanted.add_new_users,
        enabled: old.enabled || !old.is_configured(),
        ..old.clone()
    };
    change(tx, member, now, Operation::SsoUpdate, &old, new)
}

/// Connects a method of Microsoft Entra ID with the mock Entra of this appliance; it is on from then.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for another vendor's method, or when somebody else changed it
/// meanwhile.
pub fn use_mock_entra(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: Seq,
    revision: u64,
    now: Timestamp,
) -> Result<SsoMethod> {
    let old = fresh(tx, member, method, revision)?;
    if old.kind != SsoKind::EntraId {
        return Err(Error::Conflict {
            attribute: "sso",
            detail: format!(
                "The mock Entra can stand for Microsoft Entra ID only, and {} is a method of {}.",
                old.name,
                old.kind.label()
            ),
        });
    }
    let new = SsoMethod {
        identity_provider: IdentityProvider::MockEntra,
        enabled: old.enabled || !old.is_configured(),
        ..old.clone()
    };
    change(tx, member, now, Operation::SsoUpdate, &old, new)
}

/// *Status*. Asking for what is so already changes nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when a method without details is to be turned on.
pub fn set_enabled(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: Seq,
    enabled: bool,
    now: Timestamp,
) -> Result<SsoMethod> {
    let old = get(tx, member, method)?;
    if enabled && !old.is_configured() {
        return Err(Error::Conflict {
            attribute: "sso",
            detail: format!(
                "{} is not configured yet. Enter the details of the identity provider first.",
                old.name
            ),
        });
    }
    let operation = if enabled {
        Operation::SsoTurnOn
    } else {
        Operation::SsoTurnOff
    };
    let new = SsoMethod {
        enabled,
        ..old.clone()
    };
    change(tx, member, now, operation, &old, new)
}

/// *Generate relay state*: `value` is random and takes the place of an earlier one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when somebody else changed the method meanwhile.
pub fn generate_relay_state(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: Seq,
    revision: u64,
    value: &str,
    now: Timestamp,
) -> Result<SsoMethod> {
    let old = fresh(tx, member, method, revision)?;
    let new = SsoMethod {
        relay_state: Some(value.to_owned()),
        ..old.clone()
    };
    change(tx, member, now, Operation::SsoUpdate, &old, new)
}

/// Deletes a method; its addresses lead nowhere from then on.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    method: Seq,
    now: Timestamp,
) -> Result<SsoMethod> {
    let method = get(tx, member, method)?;
    record(
        tx,
        member,
        now,
        Operation::SsoRemove,
        &method,
        Outcome::Done,
    )?;
    rows::remove(tx, member.team, &method)?;
    Ok(method)
}

/// One method of the team.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &May<ManageSso>, method: Seq) -> Result<SsoMethod> {
    rows::find(tx, member.team, method)?.ok_or_else(|| Error::not_found("SSO method", method))
}

/// Every method of the team, oldest first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, member: &May<ManageSso>) -> Result<Vec<SsoMethod>> {
    Ok(rows::list(tx, member.team)?)
}

/// The method as the page showed it that asks for a change.
fn fresh(
    tx: &impl Reads,
    member: &May<ManageSso>,
    method: Seq,
    revision: u64,
) -> Result<SsoMethod> {
    let method = get(tx, member, method)?;
    if method.revision == revision {
        return Ok(method);
    }
    Err(Error::Conflict {
        attribute: "revision",
        detail: format!(
            "{} was changed meanwhile. This page shows how it is now; nothing of yours was saved.",
            method.name
        ),
    })
}

fn change(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    now: Timestamp,
    operation: Operation,
    old: &SsoMethod,
    mut new: SsoMethod,
) -> Result<SsoMethod> {
    let outcome = if *old == new {
        Outcome::Unchanged
    } else {
        new.revision += 1;
        rows::put(tx, member.team, &new)?;
        Outcome::Done
    };
    record(tx, member, now, operation, &new, outcome)?;
    Ok(new)
}

fn record(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    now: Timestamp,
    operation: Operation,
    method: &SsoMethod,
    outcome: Outcome,
) -> Result<()> {
    let (team, by) = (member.team, member.actor());
    audit::of_action(tx, team, by, now, operation, &method.name, outcome)
}

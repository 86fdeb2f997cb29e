//! Single sign-on of a team: its methods, the rule that SCIM needs exactly one, and the built-in methods.
//!
//! Follows Postman's Learning Center ("SSO", and "Configure SCIM": *You must have SSO configured prior to enabling
//! SCIM*, *you must have only one SSO method configured*). Settings only: nobody signs in through a method yet.

mod built_in;
pub mod certificate;
pub mod metadata;
mod methods;
mod url;

pub use built_in::{lockout, set_built_in};
pub use methods::{
    NAME_MAXIMUM, Wanted, add, generate_relay_state, get, list, remove, save, set_enabled,
    use_mock_entra,
};

use crate::access::May;
use crate::access::permission::ManageSso;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{SsoKind, SsoMethod};
use crate::store::{Reads, Write, sso as rows};

/// Name of the method that is set up where nobody chose one.
pub const MOCK: &str = "Mock Entra";

/// Whether a team's SSO methods allow SCIM provisioning to be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// Exactly one method is configured and on.
    Ready,
    /// There is none.
    None,
    /// There are some, but none is configured.
    Unconfigured,
    /// Some are configured, but none of them is on.
    Off,
    /// More than one is configured and on.
    Several(usize),
}

impl Readiness {
    /// Of these methods.
    pub fn of(methods: &[SsoMethod]) -> Self {
        let count = |is: fn(&SsoMethod) -> bool| methods.iter().filter(|method| is(method)).count();
        match count(SsoMethod::is_in_use) {
            1 => Self::Ready,
            0 if methods.is_empty() => Self::None,
            0 if count(SsoMethod::is_configured) == 0 => Self::Unconfigured,
            0 => Self::Off,
            several => Self::Several(several),
        }
    }

    /// Why SCIM cannot be turned on and no key generated, and what to do; none when they can.
    pub fn reason(self) -> Option<String> {
        Some(match self {
            Self::Ready => return None,
            Self::None => {
                "You must have SSO configured prior to enabling SCIM. Add one SSO method \
                           under Authentication Methods."
                    .into()
            }
            Self::Unconfigured => "The SSO method is not configured yet. Enter the details of the \
                                   identity provider under Authentication Methods."
                .into(),
            Self::Off => {
                "No SSO method is enabled: turn one on under Authentication Methods.".into()
            }
            Self::Several(2) => {
                "2 SSO methods are enabled: turn one off under Authentication Methods.".into()
            }
            Self::Several(count) => format!(
                "{count} SSO methods are enabled: turn off all but one under Authentication Methods."
            ),
        })
    }
}

/// How a team stands to the rule.
///
/// # Errors
/// The store's.
pub fn readiness(tx: &impl Reads, team: Seq) -> Result<Readiness> {
    Ok(Readiness::of(&rows::list(tx, team)?))
}

/// The rule: exactly one method is configured and on. Asked where SCIM is turned on and where a key is
/// generated. Keys that exist go on working whatever becomes of the methods.
pub(super) fn require_exactly_one(tx: &impl Reads, team: Seq) -> Result<()> {
    match readiness(tx, team)?.reason() {
        None => Ok(()),
        Some(detail) => Err(Error::Conflict {
            attribute: "sso",
            detail,
        }),
    }
}

/// Sets up the mock Entra of this appliance where no method is in use, so that SCIM can be turned on without
/// anybody at the console: for presets and demonstrations. `instance` is random.
///
/// # Errors
/// The store's.
pub fn ensure_one(
    tx: &Write<'_>,
    member: &May<ManageSso>,
    instance: Guid,
    now: Timestamp,
) -> Result<()> {
    let methods = rows::list(tx, member.team)?;
    if methods.iter().any(SsoMethod::is_in_use) {
        return Ok(());
    }
    let method = match methods.iter().find(|method| method.name == MOCK) {
        Some(method) => method.clone(),
        None => add(tx, member, SsoKind::EntraId, MOCK, instance, now)?,
    };
    let method = if method.is_configured() {
        method
    } else {
        use_mock_entra(tx, member, method.seq, method.revision, now)?
    };
    if !method.enabled {
        set_enabled(tx, member, method.seq, true, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! Which enterprise application an address of the Graph API means: `/servicePrincipals/{id}`, or by its other key
//! `/servicePrincipals(appId='{appId}')` (entra.md 6.1).

use super::call::Call;
use super::failure::GraphFailure;
use crate::access::Operator;
use crate::id::Guid;
use crate::model::{Application, Reach};
use crate::store::{Reads, directory};

/// The part of a route that names a service principal, as its one segment `principal`.
pub(super) const PRINCIPAL: &str = r"/servicePrincipals{principal:/[^/()]+|\([^/]*\)}";

/// The enterprise application of the client's tenant that a `principal` of an address names.
///
/// # Errors
/// [`GraphFailure::Resource`] when there is none, or it is being removed; the store's.
pub(super) fn application(
    call: &Call,
    tx: &impl Reads,
    principal: &str,
) -> Result<Application, GraphFailure> {
    let unknown = |named: &str| GraphFailure::unknown(named);
    let key = Key::of(principal).ok_or_else(|| unknown(principal.trim_start_matches('/')))?;
    let wanted = |application: &Application| match key {
        Key::Id(id) => application.id == id,
        Key::AppId(id) => application.app_id == id,
    };
    directory::applications(tx, call.client.tenant)?
        .into_iter()
        .find(|application| wanted(application) && application.removal.is_none())
        .ok_or_else(|| unknown(&key.guid().to_string()))
}

/// The same, with the proof that the client may do this with it. Who may do it with no application is not told what there
/// is.
///
/// # Errors
/// As [`application`], and [`GraphFailure::Denied`].
pub(super) fn reached(
    call: &Call,
    tx: &impl Reads,
    principal: &str,
    reach: Reach,
) -> Result<(Application, Operator), GraphFailure> {
    let operator = call.may_somewhere(reach)?;
    let application = application(call, tx, principal)?;
    if call.client.reaches(reach, application.seq) {
        Ok((application, operator))
    } else {
        Err(GraphFailure::Denied)
    }
}

/// The two keys of a service principal, or of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Its object id.
    Id(Guid),
    /// The id that it signs in with.
    AppId(Guid),
}

impl Key {
    /// Reads `/{id}` and `(appId='{appId}')`; the name of the key is compared without regard to case.
    pub(super) fn of(text: &str) -> Option<Self> {
        if let Some(id) = text.strip_prefix('/') {
            return id.parse().ok().map(Self::Id);
        }
        let (name, value) = text.strip_prefix('(')?.strip_suffix(')')?.split_once('=')?;
        let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        (name.trim().eq_ignore_ascii_case("appId"))
            .then(|| value.parse().ok().map(Self::AppId))
            .flatten()
    }

    /// The id, whichever it is.
    pub(super) fn guid(self) -> Guid {
        match self {
            Self::Id(id) | Self::AppId(id) => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "19930998-8617-4ea6-98ce-9a741eba5d9e";

    #[test]
    fn both_keys_are_read() {
        let id: Guid = ID.parse().unwrap();
        assert_eq!(Key::of(&format!("/{ID}")), Some(Key::Id(id)));
        for text in ["(appId='ID')", "(appid = 'ID')"] {
            let text = text.replace("ID", ID);
            assert_eq!(Key::of(&text), Some(Key::AppId(id)), "{text}");
        }
    }

    #[test]
    fn whatever_is_neither_names_nothing() {
        for text in ["/x", "(appId=ID)", "(id='ID')", "(appId='ID'", "()", ""] {
            assert_eq!(Key::of(&text.replace("ID", ID)), None, "{text}");
        }
    }
}

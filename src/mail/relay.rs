//! The settings of the outbox: where mails go, and which are written at all.

use super::delivery;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{Delivery, MailSettings, Protection, Relay};
use crate::secret::Sealed;
use crate::store::{Reads, Write, mail as rows};

/// A relay as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Name or address.
    pub host: String,
    /// Port in digits.
    pub port: String,
    /// `starttls`, `tls` or `none`.
    pub protection: String,
    /// Who signs in there; empty when nobody does.
    pub user: String,
    /// A new password; none keeps the present one, as long as the user stays the same.
    pub password: Option<Sealed>,
    /// Sender of every mail.
    pub from: String,
    /// Certificates in PEM; may be empty.
    pub authorities: String,
}

/// The settings.
///
/// # Errors
/// The store's.
pub fn settings(tx: &impl Reads, _operator: &Operator) -> Result<MailSettings> {
    Ok(rows::settings(tx)?)
}

/// The relay that is meant, checked; `present` lends its password.
///
/// # Errors
/// [`Error::Field`] with what is wrong at which field.
pub fn checked(wanted: Wanted, present: Option<&Relay>) -> Result<Relay> {
    let host = wanted.host.trim();
    let fits = |c: char| c.is_alphanumeric() || ".-:_".contains(c);
    if host.is_empty() || host.len() > 253 || !host.chars().all(fits) {
        return Err(Error::field(
            "host",
            "Enter the name or address of the mail server, such as mail.example.com.",
        ));
    }
    let port = wanted.port.trim().parse().ok().filter(|port| *port > 0);
    let port = port.ok_or_else(|| {
        Error::field(
            "port",
            "Enter a port from 1 to 65535. Usual are 587 for STARTTLS, 465 for TLS, 25 for neither.",
        )
    })?;
    let protection = Protection::ALL
        .into_iter()
        .find(|way| way.slug() == wanted.protection)
        .ok_or_else(|| Error::field("protection", "Choose one of the three."))?;
    let from = wanted.from.trim();
    if !delivery::is_address(from) {
        return Err(Error::field(
            "from",
            "Enter the address that mails come from, such as scimlab@example.com.",
        ));
    }
    let authorities = wanted.authorities.trim();
    if !authorities.is_empty() && !delivery::are_certificates(authorities) {
        return Err(Error::field(
            "authorities",
            "Paste certificates in PEM: each begins with -----BEGIN CERTIFICATE-----.",
        ));
    }
    let user = wanted.user.trim();
    let password = match (user.is_empty(), wanted.password) {
        (true, None) => None,
        (true, Some(_)) => {
            return Err(Error::field(
                "user",
                "Enter the user whose password this is.",
            ));
        }
        (false, Some(password)) => Some(password),
        // A password is never lent to another server or another user.
        (false, None) => present
            .filter(|relay| relay.user == user && relay.host == host)
            .and_then(|relay| relay.password.clone()),
    };
    if !user.is_empty() && password.is_none() {
        return Err(Error::field("password", "Enter the password of this user."));
    }
    Ok(Relay {
        host: host.to_owned(),
        port,
        protection,
        user: user.to_owned(),
        password,
        from: from.to_owned(),
        authorities: authorities.to_owned(),
    })
}

/// Sets up a relay. Mails that are in the outbox already stay there: nobody wants last month's invites sent
/// because a server was entered today.
///
/// # Errors
/// Those of [`checked`]; [`Error::Conflict`] when the settings were changed since `revision`.
pub fn set(
    tx: &Write<'_>,
    _operator: &Operator,
    wanted: Wanted,
    revision: u64,
    now: Timestamp,
) -> Result<Relay> {
    let mut settings = unchanged(tx, revision)?;
    let relay = checked(wanted, settings.relay.as_ref())?;
    // What waits for another try was refused by the relay as it was.
    for mut mail in rows::waiting(tx)? {
        mail.delivery = Delivery::Waiting { due: now };
        rows::put(tx, &mail)?;
    }
    settings.relay = Some(relay.clone());
    put(tx, settings)?;
    Ok(relay)
}

/// Does without a relay from now on: what waits for it is kept.
///
/// # Errors
/// The store's.
pub fn remove(tx: &Write<'_>, _operator: &Operator) -> Result<()> {
    let mut settings = rows::settings(tx)?;
    settings.relay = None;
    for mut mail in rows::waiting(tx)? {
        mail.delivery = Delivery::Kept;
        rows::put(tx, &mail)?;
    }
    put(tx, settings)
}

/// Whether people are told when they are added to or removed from a group.
///
/// # Errors
/// The store's.
pub fn set_group_mails(tx: &Write<'_>, _operator: &Operator, on: bool) -> Result<()> {
    let mut settings = rows::settings(tx)?;
    settings.group_mails = on;
    put(tx, settings)
}

fn put(tx: &Write<'_>, mut settings: MailSettings) -> Result<()> {
    settings.revision += 1;
    Ok(rows::put_settings(tx, &settings)?)
}

fn unchanged(tx: &impl Reads, revision: u64) -> Result<MailSettings> {
    let settings = rows::settings(tx)?;
    if settings.revision == revision {
        Ok(settings)
    } else {
        Err(Error::Conflict {
            attribute: "revision",
            detail: "Somebody else changed the mail settings meanwhile. What they are now is \
                     shown; enter your change again."
                .into(),
        })
    }
}

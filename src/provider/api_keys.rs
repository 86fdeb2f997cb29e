//! Personal API keys: they read the audit log of one team over HTTP, as their owner may at that moment.
//!
//! A key is nothing but another way for a person to show up: whoever leaves the team, loses the role or is
//! deactivated, loses the key's use at the next request. SCIM keys open nothing here, and these open nothing there:
//! the two lie in tables of their own.

use super::{accounts, audit};
use crate::access::Member;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ApiKey, Operation, Outcome, Party};
use crate::secret::Plain;
use crate::store::{Reads, Write, api_keys as rows};

/// Most characters of a key's name.
pub const NAME_MAXIMUM: usize = 100;
/// Most keys of a person that were not revoked.
pub const MOST: usize = 50;

/// Who presents this key: its owner, in the key's team. Unknown, revoked and expired keys give the same answer.
///
/// # Errors
/// [`Error::Unauthorized`]; [`Error::Forbidden`] when the owner is not on the key's team any more.
pub fn authenticate(tx: &impl Reads, presented: &Plain, now: Timestamp) -> Result<Member> {
    let unauthorized = || Error::Unauthorized { presented: true };
    let digest = presented.digest();
    let key = rows::find_by_digest(tx, &digest)?.ok_or_else(unauthorized)?;
    if key.digest != digest || !key.opens_at(now) {
        return Err(unauthorized());
    }
    let gone = || Error::Forbidden {
        detail: "The owner of this API key is not on its team any more.".into(),
    };
    match accounts::signed_in(tx, key.account, Some(key.team)) {
        Ok((_, member, _)) if member.team == key.team => Ok(member),
        Ok(_) | Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Err(gone()),
        Err(error) => Err(error),
    }
}

/// Makes a key of the member for the team that is open. The caller shows `plain` once and forgets it.
///
/// # Errors
/// The name is empty, too long or another key's; the expiry has passed; there are too many keys.
pub fn create(
    tx: &Write<'_>,
    member: &Member,
    name: &str,
    plain: &Plain,
    expires: Option<Timestamp>,
    now: Timestamp,
) -> Result<ApiKey> {
    let account = owner(member)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAXIMUM || name.chars().any(char::is_control)
    {
        return Err(Error::field(
            "name",
            format!("Give the key a name of 1 to {NAME_MAXIMUM} characters."),
        ));
    }
    if expires.is_some_and(|end| end <= now) {
        return Err(Error::field(
            "expires",
            "The key would have expired already. Choose a day in the future.",
        ));
    }
    let mut known = rows::of_account(tx, account)?;
    known.retain(|key| key.revoked.is_none());
    if known.iter().any(|key| key.name == name) {
        return Err(Error::field(
            "name",
            "Another key of yours has this name. Choose a different one.",
        ));
    }
    if known.len() >= MOST {
        return Err(Error::field(
            "name",
            format!("You have {MOST} keys. Revoke one that is not used any more."),
        ));
    }
    let key = ApiKey {
        seq: rows::next_seq(tx)?,
        account,
        team: member.team,
        name: name.to_owned(),
        digest: plain.digest(),
        last_four: plain.last_four(),
        created: now,
        expires,
        revoked: None,
    };
    rows::put(tx, &key)?;
    record(
        tx,
        member,
        &key,
        now,
        Operation::ApiKeyGenerate,
        Outcome::Done,
    )?;
    Ok(key)
}

/// Revokes a key of one's own. Doing it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`], also for somebody else's.
pub fn revoke(tx: &Write<'_>, member: &Member, key: Seq, now: Timestamp) -> Result<ApiKey> {
    let mut key = get(tx, member, key)?;
    if key.revoked.is_some() {
        return Ok(key);
    }
    key.revoked = Some(now);
    rows::put(tx, &key)?;
    record(
        tx,
        member,
        &key,
        now,
        Operation::ApiKeyRevoke,
        Outcome::Done,
    )?;
    Ok(key)
}

/// One key of one's own.
///
/// # Errors
/// [`Error::NotFound`], also for somebody else's.
pub fn get(tx: &impl Reads, member: &Member, key: Seq) -> Result<ApiKey> {
    let unknown = || Error::not_found("API key", key);
    let account = owner(member)?;
    rows::find(tx, key)?
        .filter(|key| key.account == account)
        .ok_or_else(unknown)
}

/// Every key of one's own, newest first, whatever the team.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, member: &Member) -> Result<Vec<ApiKey>> {
    let mut keys = rows::of_account(tx, owner(member)?)?;
    keys.reverse();
    Ok(keys)
}

fn owner(member: &Member) -> Result<Seq> {
    member.account.ok_or_else(|| Error::Forbidden {
        detail: "Only a person has API keys.".into(),
    })
}

fn record(
    tx: &Write<'_>,
    member: &Member,
    key: &ApiKey,
    now: Timestamp,
    operation: Operation,
    outcome: Outcome,
) -> Result<()> {
    audit::Entry::new(member, now, operation, outcome)
        .of(key.seq)
        .called(Party::named(key.name.as_str()))
        .write(tx, key.team)
}

//! Accounts, and what they are looked up by.

use redb::ReadableTable;

use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::Account;
use crate::scim::key::prepare;

const ALL: Seq = Seq(0);
/// Counts accounts with a password.
pub(super) const PASSWORDS: &str = "passwords_total";

/// The key of a name in every index of names: of accounts, of users and of the addresses of invites. There
/// is one, so that two users of a team always have two accounts.
pub(super) fn name_key(name: &str) -> String {
    prepare(name)
}

/// The account in this row.
pub fn find(tx: &impl Reads, account: Seq) -> Result<Option<Account>, Error> {
    rows::find(tx, tables::ACCOUNTS, account.0)
}

/// The account with this sign-in name.
pub fn find_by_name(tx: &impl Reads, name: &str) -> Result<Option<Account>, Error> {
    let seq = tx
        .open(tables::SIGN_IN_NAME_TO_ACCOUNT)?
        .get(name_key(name).as_str())?
        .map(|v| v.value());
    match seq {
        Some(seq) => find(tx, Seq(seq)),
        None => Ok(None),
    }
}

/// Whether nobody can sign in yet: no account has a password.
pub fn nobody_can_sign_in(tx: &impl Reads) -> Result<bool, Error> {
    Ok(tx.counter(ALL, PASSWORDS)? == 0)
}

/// Every account that owns the appliance, oldest first.
pub fn operators(tx: &impl Reads) -> Result<Vec<Account>, Error> {
    let mut operators = Vec::new();
    for entry in tx.open(tables::OPERATORS)?.iter()? {
        operators.extend(find(tx, Seq(entry?.0.value()))?);
    }
    Ok(operators)
}

/// A row number for a new account.
pub fn next_seq(tx: &Write<'_>) -> Result<Seq, Error> {
    tx.next_seq(ALL, "accounts")
}

/// Inserts or replaces an account and its index entry. The caller has made sure that the sign-in name
/// is no other account's.
pub fn put(tx: &Write<'_>, account: &Account) -> Result<(), Error> {
    let old = find(tx, account.seq)?;
    index(tx, old.as_ref(), Some(account))?;
    rows::put(tx, tables::ACCOUNTS, account.seq.0, account)
}

/// Takes an account away. Memberships and sessions are the caller's.
pub fn remove(tx: &Write<'_>, account: &Account) -> Result<(), Error> {
    index(tx, Some(account), None)?;
    rows::remove(tx, tables::ACCOUNTS, account.seq.0)
}

fn index(tx: &Write<'_>, old: Option<&Account>, new: Option<&Account>) -> Result<(), Error> {
    let key = |account: &Account| name_key(&account.sign_in_name);
    let (before, after) = (old.map(key), new.map(key));
    if before != after {
        let mut index = tx.table(tables::SIGN_IN_NAME_TO_ACCOUNT)?;
        if let Some(before) = &before {
            index.remove(before.as_str())?;
        }
        if let (Some(after), Some(account)) = (&after, new) {
            index.insert(after.as_str(), account.seq.0)?;
        }
    }
    let has = |account: Option<&Account>| i64::from(account.is_some_and(|a| a.password.is_some()));
    let operator = |account: Option<&Account>| account.filter(|a| a.operator).map(|a| a.seq.0);
    let (before, after) = (operator(old), operator(new));
    if before != after {
        let mut operators = tx.table(tables::OPERATORS)?;
        if let Some(before) = before {
            operators.remove(before)?;
        }
        if let Some(after) = after {
            operators.insert(after, ())?;
        }
    }
    let more = has(new) - has(old);
    if more != 0 {
        tx.add_to_counter(ALL, PASSWORDS, more)?;
    }
    Ok(())
}

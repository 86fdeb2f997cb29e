//! Operators: the accounts that own the appliance. There is always one that can sign in.
//!
//! What they do to each other is in the record of the oldest team.

use super::{accounts, audit};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Account, Operation, Outcome, Party};
use crate::store::{Reads, Write, accounts as rows, memberships};

/// Every operator, oldest account first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, _operator: &Operator) -> Result<Vec<Account>> {
    Ok(rows::operators(tx)?)
}

/// Whether an account could sign in now.
///
/// # Errors
/// The store's.
pub fn can_sign_in(tx: &impl Reads, account: &Account) -> Result<bool> {
    if account.password.is_none() {
        return Ok(false);
    }
    match accounts::signed_in(tx, account.seq, None) {
        Ok(_) => Ok(true),
        Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes the account with this sign-in name an operator. Doing it twice changes nothing.
///
/// # Errors
/// Nobody has this name, or the account cannot sign in.
pub fn add(tx: &Write<'_>, operator: &Operator, email: &str, now: Timestamp) -> Result<Account> {
    let unknown = "Nobody signs in with this address. Invite the person to a team first.";
    let account =
        rows::find_by_name(tx, email.trim())?.ok_or_else(|| Error::field("email", unknown))?;
    if !can_sign_in(tx, &account)? {
        return Err(Error::field(
            "email",
            "This person cannot sign in: there is no password, or no team. Mend that first.",
        ));
    }
    if account.operator {
        return Err(Error::field("email", "This person is an operator already."));
    }
    let account = Account {
        operator: true,
        ..account
    };
    rows::put(tx, &account)?;
    record(tx, operator, &account, now, Operation::OperatorAdd)?;
    Ok(account)
}

/// Takes the rights of an operator away.
///
/// # Errors
/// [`Error::NotFound`] for an account that is none; [`Error::Conflict`] when no other operator could sign in.
pub fn remove(
    tx: &Write<'_>,
    operator: &Operator,
    account: Seq,
    now: Timestamp,
) -> Result<Account> {
    let account = get(tx, operator, account)?;
    let mut others = rows::operators(tx)?;
    others.retain(|other| other.seq != account.seq);
    let mut left = false;
    for other in others {
        left |= can_sign_in(tx, &other)?;
    }
    if !left {
        return Err(Error::Conflict {
            attribute: "operator",
            detail: format!(
                "{} is the only operator who can sign in, and the appliance needs one. Make somebody else an \
                 operator first.",
                account.sign_in_name
            ),
        });
    }
    let account = Account {
        operator: false,
        ..account
    };
    rows::put(tx, &account)?;
    record(tx, operator, &account, now, Operation::OperatorRemove)?;
    Ok(account)
}

/// One operator.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, _operator: &Operator, account: Seq) -> Result<Account> {
    rows::find(tx, account)?
        .filter(|account| account.operator)
        .ok_or_else(|| Error::not_found("Operator", account))
}

fn record(
    tx: &Write<'_>,
    operator: &Operator,
    account: &Account,
    now: Timestamp,
    operation: Operation,
) -> Result<()> {
    let Some(team) = audit::house(tx)? else {
        return Ok(());
    };
    let user = memberships::find(tx, account.seq, team)?;
    audit::Entry::new(operator, now, operation, Outcome::Done)
        .called(Party::person(
            account.name.as_str(),
            account.sign_in_name.as_str(),
        ))
        .about(user.into_iter().collect())
        .write(tx, team)
}

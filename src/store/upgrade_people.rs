//! From version 1, which knew accounts of administrators and users apart from each other: every user gets
//! the account of its `userName`, and every administrator a membership of the first team.
//!
//! Writes rows and indexes of its own accord, so that it goes on doing the same whatever becomes of the
//! functions that keep them today. Missing row numbers of users are counted after it.

use redb::{ReadableTable, TableDefinition, WriteTransaction};
use serde_json::Value;

use super::accounts::{PASSWORDS, name_key};
use super::record::{decode, encode};
use super::{Error, tables};
use crate::id::{IdMix, Nonce, ScimId, Seq};
use crate::model::{Account, Meta, Role, User};
use crate::scim::key::fold;

const OLD_INDEX: TableDefinition<'static, &'static str, u64> =
    TableDefinition::new("EMAIL_TO_ACCOUNT");

pub(super) fn apply(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.delete_table(OLD_INDEX)?;
    let administrators = administrators(transaction)?;
    users(transaction)?;
    join_administrators(transaction, &administrators)
}

/// Marks every account of version 1 as operator and indexes it by its prepared name.
fn administrators(transaction: &WriteTransaction) -> Result<Vec<Account>, Error> {
    let mut rows = transaction.open_table(tables::ACCOUNTS)?;
    let mut index = transaction.open_table(tables::SIGN_IN_NAME_TO_ACCOUNT)?;
    let mut accounts = Vec::new();
    for row in rows.iter()? {
        accounts.push(decode::<Account>(row?.1.value())?);
    }
    let mut passwords = 0;
    for account in &mut accounts {
        account.operator = true;
        passwords += u64::from(account.password.is_some());
        let key = name_key(&account.sign_in_name);
        if index.insert(key.as_str(), account.seq.0)?.is_some() {
            return Err(Error::Corrupt(format!(
                "two accounts are called {}; remove one with the version that wrote this file",
                account.sign_in_name
            )));
        }
        rows.insert(account.seq.0, encode(account)?.as_slice())?;
    }
    let mut counters = transaction.open_table(tables::COUNTERS)?;
    counters.insert((0, PASSWORDS), passwords)?;
    Ok(accounts)
}

/// Gives every user the account with its name, which is made if there is none.
fn users(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut rows = transaction.open_table(tables::USERS)?;
    let mut accounts = transaction.open_table(tables::ACCOUNTS)?;
    let mut names = transaction.open_table(tables::SIGN_IN_NAME_TO_ACCOUNT)?;
    let mut memberships = transaction.open_table(tables::ACCOUNT_TO_USER)?;
    let mut counters = transaction.open_table(tables::COUNTERS)?;
    let mut last = counters.get((0, "accounts"))?.map_or(0, |v| v.value());
    let mut keys = Vec::new();
    for row in rows.iter()? {
        keys.push(row?.0.value());
    }
    for key in keys {
        let Some(mut user) = rows
            .get(key)?
            .map(|row| decode::<User>(row.value()))
            .transpose()?
        else {
            continue;
        };
        let name = name_key(user.user_name());
        let known = names.get(name.as_str())?.map(|v| v.value());
        let account = match known {
            Some(account) => account,
            None => {
                last += 1;
                let account = Account {
                    seq: Seq(last),
                    sign_in_name: user.user_name().to_owned(),
                    name: user.label(),
                    password: None,
                    operator: false,
                    created: user.meta.created,
                };
                accounts.insert(last, encode(&account)?.as_slice())?;
                names.insert(name.as_str(), last)?;
                last
            }
        };
        user.account = Seq(account);
        memberships.insert((account, key.0), key.1)?;
        rows.insert(key, encode(&user)?.as_slice())?;
    }
    counters.insert((0, "accounts"), last)?;
    Ok(())
}

/// Makes the accounts of version 1 administrators of the first team: as the user of the same name, who is
/// active from now on, or as a new one.
fn join_administrators(transaction: &WriteTransaction, accounts: &[Account]) -> Result<(), Error> {
    let Some(team) = first_team(transaction)? else {
        return Ok(());
    };
    let meta = transaction.open_table(tables::META)?;
    let mix = IdMix::new(meta.get("id_mix")?.map_or(0, |v| v.value()));
    let mut rows = transaction.open_table(tables::USERS)?;
    let mut memberships = transaction.open_table(tables::ACCOUNT_TO_USER)?;
    let mut administrators = transaction.open_table(tables::ADMINISTRATORS)?;
    let mut names = transaction.open_table(tables::USER_NAME_TO_USER)?;
    let mut display_names = transaction.open_table(tables::DISPLAY_NAME_TO_USER)?;
    let mut counters = transaction.open_table(tables::COUNTERS)?;
    for account in accounts {
        let present = memberships.get((account.seq.0, team))?.map(|v| v.value());
        let present = match present {
            Some(user) => rows
                .get((team, user))?
                .map(|row| decode::<User>(row.value()))
                .transpose()?,
            None => None,
        };
        let mut user = if let Some(user) = present {
            user
        } else {
            let seq = counters.get((team, "users"))?.map_or(0, |v| v.value()) + 1;
            let total = counters
                .get((team, "users_total"))?
                .map_or(0, |v| v.value())
                + 1;
            counters.insert((team, "users"), seq)?;
            counters.insert((team, "users_total"), total)?;
            let user = User {
                seq: Seq(seq),
                id: ScimId::new(mix, Seq(seq), Nonce::random()),
                meta: Meta::new(account.created),
                attributes: account.as_attributes(),
                account: account.seq,
                roles: Role::by_default(),
                invite: None,
            };
            names.insert(
                (team, super::users::user_name_key(user.user_name()).as_str()),
                seq,
            )?;
            if let Some(name) = user.display_name() {
                display_names.insert((team, fold(name).as_str(), seq), ())?;
            }
            memberships.insert((account.seq.0, team), seq)?;
            user
        };
        if !user.active() {
            user.attributes.insert("active".into(), Value::Bool(true));
        }
        user.roles.insert(Role::Admin);
        administrators.insert((team, account.seq.0), user.seq.0)?;
        rows.insert((team, user.seq.0), encode(&user)?.as_slice())?;
    }
    Ok(())
}

fn first_team(transaction: &WriteTransaction) -> Result<Option<u64>, Error> {
    let teams = transaction.open_table(tables::TEAMS)?;
    let first = teams.first()?.map(|row| row.0.value());
    Ok(first)
}

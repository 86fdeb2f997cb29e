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
    let mut rows = transaction.open_table(tables::ACCOUNTS.engine)?;
    let mut index = transaction.open_table(tables::SIGN_IN_NAME_TO_ACCOUNT.engine)?;
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
    let mut counters = transaction.open_table(tables::COUNTERS.engine)?;
    counters.insert((0, PASSWORDS), passwords)?;
    Ok(accounts)
}

/// Gives every user the account with its name, which is made if there is none.
fn users(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut rows = transaction.open_table(tables::USERS.engine)?;
    let mut accounts = transaction.open_table(tables::ACCOUNTS.engine)?;
    let mut names = transaction.open_table(tables::SIGN_IN_NAME_TO_ACCOUNT.engine)?;
    let mut memberships = transaction.open_table(tables::ACCOUNT_TO_USER.engine)?;
    let mut counters = transaction.open_table(tables::COUNTERS.engine)?;
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
    let meta = transaction.open_table(tables::META.engine)?;
    let mix = IdMix::new(meta.get("id_mix")?.map_or(0, |v| v.value()));
    let mut rows = transaction.open_table(tables::USERS.engine)?;
    let mut memberships = transaction.open_table(tables::ACCOUNT_TO_USER.engine)?;
    let mut administrators = transaction.open_table(tables::ADMINISTRATORS.engine)?;
    let mut names = transaction.open_table(tables::USER_NAME_TO_USER.engine)?;
    let mut display_names = transaction.open_table(tables::DISPLAY_NAME_TO_USER.engine)?;
    let mut counters = transaction.open_table(tables::COUNTERS.engine)?;
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
                written_by_scim: None,
            };
            names.insert((team, name_key(user.user_name()).as_str()), seq)?;
            if let Some(name) = user.display_name() {
                display_names.insert((team, fold(name).as_str(), seq), ())?;
            }
            memberships.insert((account.seq.0, team), seq)?;
            user
        };
        if !user.active() {
            user.attributes.insert("active".into(), Value::Bool(true));
            user.meta.revision += 1;
        }
        user.roles.insert(Role::Admin);
        administrators.insert((team, account.seq.0), user.seq.0)?;
        rows.insert((team, user.seq.0), encode(&user)?.as_slice())?;
    }
    Ok(())
}

fn first_team(transaction: &WriteTransaction) -> Result<Option<u64>, Error> {
    let teams = transaction.open_table(tables::TEAMS.engine)?;
    let first = teams.first()?.map(|row| row.0.value());
    Ok(first)
}

#[cfg(test)]
mod tests {
    use redb::Database;
    use serde_json::json;

    use super::super::{Options, Store, accounts, check, memberships, users as user_rows};
    use super::*;
    use crate::model::MemberState;

    const WHEN: &str = "2025-01-01T00:00:00.000Z";

    fn row(value: &Value) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(value.to_string().into_bytes());
        bytes
    }

    /// Two teams and two administrators, one of whom is a user of the first team too, as version 1 wrote
    /// them.
    fn write_version_1(path: &std::path::Path) {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        {
            let mut meta = transaction.open_table(tables::META.engine).unwrap();
            meta.insert("schema_version", 1).unwrap();
            meta.insert("id_mix", 42).unwrap();
            let mut counters = transaction.open_table(tables::COUNTERS.engine).unwrap();
            for (tenant, kind, value) in [
                (0, "teams", 2),
                (0, "accounts", 2),
                (1, "users", 2),
                (1, "users_total", 2),
                (2, "users", 1),
                (2, "users_total", 1),
            ] {
                counters.insert((tenant, kind), value).unwrap();
            }
            let mut teams = transaction.open_table(tables::TEAMS.engine).unwrap();
            for seq in [1, 2] {
                let team = json!({"seq": seq, "name": "T", "scim_enabled": true, "created": WHEN});
                teams.insert(seq, row(&team).as_slice()).unwrap();
            }
            let mut accounts = transaction.open_table(tables::ACCOUNTS.engine).unwrap();
            let mut index = transaction.open_table(OLD_INDEX).unwrap();
            for (seq, email) in [(1, "Ada@example.com"), (2, "bob@example.com")] {
                let account = json!({
                    "seq": seq, "email": email, "name": "Admin", "password": "$argon2id$x",
                    "created": WHEN,
                });
                accounts.insert(seq, row(&account).as_slice()).unwrap();
                index.insert(email.to_lowercase().as_str(), seq).unwrap();
            }
            let mut users = transaction.open_table(tables::USERS.engine).unwrap();
            let mut names = transaction
                .open_table(tables::USER_NAME_TO_USER.engine)
                .unwrap();
            for (team, seq, name) in [
                (1, 1, "BOB@example.com"),
                (1, 2, "carl@example.com"),
                (2, 1, "Carl@example.com"),
            ] {
                let id = ScimId::new(IdMix::new(42), Seq(seq), Nonce([9; 16]));
                let user = json!({
                    "seq": seq, "id": id,
                    "meta": {"created": WHEN, "last_modified": WHEN, "revision": 3},
                    "attributes": {"userName": name, "active": name != "BOB@example.com"},
                });
                users.insert((team, seq), row(&user).as_slice()).unwrap();
                names
                    .insert((team, name.to_lowercase().as_str()), seq)
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
    }

    #[test]
    fn users_of_version_1_get_accounts_and_its_administrators_become_members() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::new(directory.path());
        write_version_1(&options.file());
        let store = Store::open(&options).unwrap();
        let tx = store.read().unwrap();
        assert_eq!(check(&tx).unwrap(), []);
        let user = |team, name| {
            user_rows::find_by_user_name(&tx, Seq(team), name)
                .unwrap()
                .unwrap()
        };
        let account = |name| accounts::find_by_name(&tx, name).unwrap().unwrap();

        let ada = user(1, "ada@example.com");
        assert_eq!((ada.account, ada.seq), (Seq(1), Seq(3)), "a new member");
        assert!(ada.administers());
        assert_eq!(ada.display_name(), Some("Admin"));
        let bob = user(1, "bob@example.com");
        assert_eq!(
            (bob.account, bob.seq),
            (Seq(2), Seq(1)),
            "the user of the same name"
        );
        assert_eq!((bob.state(), bob.meta.revision), (MemberState::Active, 4));
        assert!(bob.administers(), "nobody is locked out");
        let (here, there) = (user(1, "carl@example.com"), user(2, "carl@example.com"));
        assert_eq!(here.account, there.account, "one person, two teams");
        assert!(!here.administers());
        assert_eq!(memberships::of_account(&tx, here.account).unwrap().len(), 2);

        assert!(account("ADA@example.com").operator && account("bob@example.com").operator);
        let carl = account("carl@example.com");
        assert!(carl.password.is_none() && !carl.operator);
        assert!(!accounts::nobody_can_sign_in(&tx).unwrap());
        assert_eq!(user_rows::count(&tx, Seq(1)).unwrap(), 3);
        drop(tx);
        drop(store);
        let store = Store::open(&options).unwrap();
        assert_eq!(check(&store.read().unwrap()).unwrap(), [], "once is enough");
    }
}

//! What commands that work on the data share: opening it, the key file, the first team, bootstrap.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::Failure;
use super::runtime::private;
use crate::access::{Member, Operator, OrgAdministrator};
use crate::clock::Timestamp;
use crate::config::Bootstrap;
use crate::directory::okta::orgs;
use crate::error::Error;
use crate::id::{Guid, Nonce};
use crate::model::Team;
use crate::provider::keys::KeyOptions;
use crate::provider::{accounts, keys, operator_token, sso, team};
use crate::scim::Preset;
use crate::scim::profile::Setting;
use crate::secret::{PasswordHash, Plain, Sealer};
use crate::store::{self, Options, Store, teams};

/// Name of the first team until an administrator renames it.
const FIRST_TEAM: &str = "Acme";

pub(super) fn open_or_create(directory: &Path) -> Result<Store, Failure> {
    Ok(Store::open(&Options::new(directory))?)
}

/// Commands that only look must not leave a data directory behind where there was none.
pub(super) fn open_existing(directory: &Path) -> Result<Store, Failure> {
    if !directory.join("scimlab.redb").exists() {
        return Err(format!("there is no scimlab data in {}", directory.display()).into());
    }
    open_or_create(directory)
}

/// Reads or makes the key that seals secrets; it lies beside the data, readable by its owner only.
pub(super) fn sealer(directory: &Path) -> Result<Sealer, Failure> {
    let path = directory.join("secret.key");
    let shown = path.display().to_string();
    match fs::read(&path) {
        Ok(bytes) => {
            let key: [u8; 32] = bytes.try_into().map_err(|_| {
                format!("{shown} is not a key of 32 bytes. Restore it from a backup: sealed secrets cannot be read without it.")
            })?;
            Ok(Sealer::new(&key))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = Sealer::new_key();
            private(&path)
                .and_then(|mut file| file.write_all(&key).and_then(|()| file.sync_all()))
                .map_err(|e| format!("cannot write {shown}: {e}"))?;
            Ok(Sealer::new(&key))
        }
        Err(error) => Err(format!("cannot read {shown}: {error}").into()),
    }
}

/// The first team; made when there is none.
pub(super) fn ensure_team(store: &Store, now: Timestamp) -> Result<Team, Failure> {
    if let Some(team) = teams::first(&store.read()?)? {
        return Ok(team);
    }
    let operator = Operator::of_this_process();
    store
        .write(move |tx| team::create(tx, &operator, FIRST_TEAM, now))
        .map_err(sentence)
}

/// Applies the preset values; starting twice with the same ones changes nothing.
pub(super) fn bootstrap(
    store: &Store,
    team: &Team,
    preset: &Bootstrap,
    now: Timestamp,
) -> Result<(), Failure> {
    if let (Some(email), Some(password)) = (&preset.admin_email, &preset.admin_password) {
        preset_administrator(store, email, &Plain::new(password.as_str()), now)?;
    }
    if let Some(key) = &preset.scim_key {
        preset_key(store, team, &Plain::new(key.as_str()), now)
            .map_err(|error| format!("SCIMLAB_SCIM_KEY: {error}"))?;
    }
    if let Some(token) = &preset.operator_token {
        let (token, operator) = (Plain::new(token.as_str()), Operator::of_this_process());
        store
            .write(move |tx| operator_token::set(tx, &operator, &token, now))
            .map_err(sentence)?;
    }
    Ok(())
}

/// Makes the preset API token one of the first org, and that org if there is none. Starting twice with the same one
/// changes nothing.
pub(super) fn preset_okta_token(
    store: &Store,
    preset: &Bootstrap,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(token) = &preset.okta_token else {
        return Ok(());
    };
    let token = Plain::new(token.as_str());
    store
        .write(move |tx| -> Result<(), Error> {
            let operator = Operator::of_this_process();
            let org = orgs::first_or_new(tx, &operator, now)?;
            let administrator = OrgAdministrator::of(&operator, org.seq);
            orgs::preset_token(tx, &administrator, &token, now)?;
            Ok(())
        })
        .map_err(|error| format!("SCIMLAB_OKTA_TOKEN: {error}").into())
}

/// Chooses the profile of a team.
pub(super) fn set_profile(
    store: &Store,
    team: &Team,
    preset: Preset,
    now: Timestamp,
) -> Result<(), Failure> {
    let member = Member::of_this_process(team.seq);
    let setting = Setting {
        preset,
        ..Setting::default()
    };
    store
        .write(move |tx| team::set_profile(tx, &member.may()?, setting, now))
        .map_err(sentence)?;
    Ok(())
}

fn preset_administrator(
    store: &Store,
    email: &str,
    password: &Plain,
    now: Timestamp,
) -> Result<(), Failure> {
    let present = accounts::find_by_email(&store.read()?, email).map_err(sentence)?;
    if present
        .and_then(|account| account.password)
        .is_some_and(|hash| hash.verify(password))
    {
        return Ok(());
    }
    let hash = PasswordHash::new(password).map_err(|e| format!("SCIMLAB_ADMIN_PASSWORD: {e}"))?;
    let (email, nonce) = (email.to_owned(), Nonce::random());
    store
        .write(move |tx| accounts::upsert(tx, &email, "", hash, nonce, now))
        .map_err(|error: Error| format!("SCIMLAB_ADMIN_EMAIL: {error}"))?;
    Ok(())
}

/// Sets up an SSO method if none is in use, turns SCIM on and makes the preset key valid.
pub(super) fn preset_key(
    store: &Store,
    team: &Team,
    key: &Plain,
    now: Timestamp,
) -> Result<(), Failure> {
    let member = Member::of_this_process(team.seq);
    let (key, instance) = (key.clone(), Guid::random());
    store
        .write(move |tx| {
            let present = store::keys::find_active(tx, &key.digest())?
                .is_some_and(|(owner, _)| owner == member.team);
            // Once the key is there, the SSO methods are the administrators' business.
            if !present || !team::get(tx, &member)?.scim_enabled {
                sso::ensure_one(tx, &member.may()?, instance, now)?;
            }
            team::set_scim_enabled(tx, &member.may()?, true, now)?;
            if !present {
                // Another team's key is refused here: a key opens one team.
                let name = format!("Preset {}", store::keys::list(tx, member.team)?.len() + 1);
                keys::create(tx, &member.may()?, &name, &key, &KeyOptions::default(), now)?;
            }
            Ok(())
        })
        .map_err(sentence)?;
    Ok(())
}

/// An error of the domain as the sentence a terminal shows.
#[expect(clippy::needless_pass_by_value, reason = "used as map_err's argument")]
pub(super) fn sentence(error: Error) -> Failure {
    error.to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
    const LATER: Timestamp = Timestamp::from_millis(1_750_000_060_000);

    /// Another start with the same data.
    fn start(store: &Store, now: Timestamp, operator_token: Option<&str>) {
        let team = ensure_team(store, now).unwrap();
        let preset = Bootstrap {
            operator_token: operator_token.map(str::to_owned),
            ..Bootstrap::default()
        };
        bootstrap(store, &team, &preset, now).unwrap();
    }

    fn opens(store: &Store, token: &str) -> bool {
        let tx = store.read().unwrap();
        let found = operator_token::authenticate(&tx, &Plain::new(token));
        found.unwrap().is_some()
    }

    /// When the present token was made.
    fn made(store: &Store) -> Timestamp {
        let tx = store.read().unwrap();
        let token = store::appliance::operator_token(&tx).unwrap();
        token.unwrap().created
    }

    #[test]
    fn a_preset_operator_token_is_the_one_at_every_start_and_the_last_one_stays_without() {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        start(&store, NOW, Some("preset"));
        assert!(opens(&store, "preset"));
        start(&store, LATER, Some("preset"));
        assert_eq!(made(&store), NOW, "the same again changes nothing");

        // What the console made opens until the next start.
        let (by, token) = (operator.clone(), Plain::new("console"));
        store
            .write(move |tx| operator_token::set(tx, &by, &token, NOW))
            .unwrap();
        assert!(opens(&store, "console") && !opens(&store, "preset"));
        start(&store, NOW, Some("preset"));
        assert!(opens(&store, "preset") && !opens(&store, "console"));

        // What the console revoked comes back too.
        let by = operator.clone();
        store
            .write(move |tx| operator_token::revoke(tx, &by, NOW))
            .unwrap();
        assert!(!opens(&store, "preset"));
        start(&store, NOW, Some("preset"));
        assert!(opens(&store, "preset"));

        start(&store, NOW, None);
        assert!(opens(&store, "preset"), "nobody has revoked it");
    }
}

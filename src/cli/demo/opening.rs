//! What a team's administrator does before anything can be provisioned: single sign-on, SCIM on, a key.

use crate::access::Member;
use crate::cli::Failure;
use crate::cli::installation::Installation;
use crate::clock::{Clock as _, Timestamp};
use crate::error::Error;
use crate::id::{Guid, Nonce};
use crate::provider::keys::KeyOptions;
use crate::provider::{accounts, keys, sso, team};
use crate::secret::{PasswordHash, Plain};
use crate::store::Write;

/// Who signs in to the console of a demonstration.
pub(super) const ADMINISTRATOR: &str = "admin@contoso.example";

/// The team as it is about to be opened.
pub(super) struct Opening {
    /// The SCIM key that there will be.
    pub(super) key: Plain,
    member: Member,
    instance: Guid,
    password: PasswordHash,
    nonce: Nonce,
    now: Timestamp,
}

impl Opening {
    pub(super) fn new(installation: &Installation, password: &Plain) -> Result<Self, Failure> {
        Ok(Self {
            key: Plain::scim_key(),
            member: Member::of_this_process(installation.team.seq),
            instance: Guid::random(),
            password: PasswordHash::new(password)?,
            nonce: Nonce::random(),
            now: installation.clock.now(),
        })
    }

    /// Sets single sign-on up, turns SCIM on, makes the key, and the administrator of the console.
    pub(super) fn write(self, tx: &Write<'_>) -> Result<(), Error> {
        let (member, now) = (&self.member, self.now);
        sso::ensure_one(tx, &member.may()?, self.instance, now)?;
        team::set_scim_enabled(tx, &member.may()?, true, now)?;
        let options = KeyOptions::default();
        keys::create(tx, &member.may()?, "Demo", &self.key, &options, now)?;
        let (name, password) = ("Demo administrator", self.password);
        accounts::upsert(tx, ADMINISTRATOR, name, password, self.nonce, now)?;
        Ok(())
    }
}

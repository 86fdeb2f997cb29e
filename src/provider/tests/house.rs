//! Two teams of tests, and what an administrator, a client and somebody invited can do in them.

use serde_json::{Value, json};

use super::{NOW, make_team};
use crate::access::{AccountHolder, Member, ScimCaller};
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Account, Role, User};
use crate::provider::invites::{self, Sent};
use crate::provider::{IfMatch, accounts, domains, users};

use crate::scim::{self, Endpoint, PatchRequest, Preset, urn};
use crate::secret::PasswordHash;
use crate::store::{self, Store, Write, accounts as account_rows, users as user_rows};

pub(super) const PERSON: &str = "Ada@Example.com";

/// Two teams, and a caller of the first with this profile.
pub(super) struct House {
    pub(super) store: Store,
    pub(super) ours: ScimCaller,
    pub(super) theirs: ScimCaller,
}

pub(super) fn as_preset(caller: ScimCaller, preset: Preset) -> ScimCaller {
    ScimCaller {
        endpoint: Endpoint::of(preset),
        ..caller
    }
}

pub(super) fn house(preset: Preset) -> House {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    House {
        ours: as_preset(ours, preset),
        store,
        theirs,
    }
}

impl House {
    pub(super) fn member(&self) -> Member {
        Member::of_this_process(self.ours.team)
    }

    pub(super) fn post(&self, caller: &ScimCaller, body: &Value) -> Result<User> {
        let attributes = scim::resource::create(scim::user(), body.clone(), caller.rules())?;
        let caller = caller.clone();
        self.store
            .write(move |tx| users::create(tx, &caller, attributes, Nonce::random(), NOW))
    }

    pub(super) fn patch(
        &self,
        caller: &ScimCaller,
        user: &User,
        path: &str,
        value: &Value,
    ) -> Result<User> {
        let operations = json!([{ "op": "replace", "path": path, "value": value }]);
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
        let request = PatchRequest::parse(scim::user(), body, caller.rules())?;
        let (caller, id) = (caller.clone(), user.id.to_string());
        self.store
            .write(move |tx| users::patch(tx, &caller, &id, &request, &IfMatch::default(), NOW))
    }

    pub(super) fn delete(&self, caller: &ScimCaller, user: &User) -> Result<()> {
        let (caller, id) = (caller.clone(), user.id.to_string());
        self.store
            .write(move |tx| users::delete(tx, &caller, &id, &IfMatch::default(), NOW))
    }

    pub(super) fn verify(&self, domain: &'static str) {
        let member = self.member();
        self.store
            .write(move |tx| {
                domains::add(tx, &member.may().unwrap(), domain, Nonce::random(), NOW)?;
                domains::mark_verified(tx, &member.may().unwrap(), domain, Nonce::random(), NOW)
            })
            .unwrap();
    }

    /// Somebody who signs in by password and belongs to no team.
    pub(super) fn loner(&self, name: &str) -> AccountHolder {
        let name = name.to_owned();
        self.store
            .write(move |tx| {
                let account = Account {
                    seq: account_rows::next_seq(tx)?,
                    sign_in_name: name,
                    name: "Loner".into(),
                    password: Some(hash()),
                    operator: false,
                    created: NOW,
                };
                account_rows::put(tx, &account)?;
                accounts::holder(tx, account.seq)
            })
            .unwrap()
    }

    pub(super) fn administrator(&self, name: &str) -> (Account, User) {
        let name = name.to_owned();
        self.store
            .write(move |tx| {
                let nonce = Nonce::random();
                let account = accounts::upsert(tx, &name, "Administrator", hash(), nonce, NOW)?;
                let user = user_rows::find_by_user_name(tx, Seq(1), &name)?.unwrap();
                Ok::<_, Error>((account, user))
            })
            .unwrap()
    }

    pub(super) fn find(&self, caller: &ScimCaller, name: &str) -> Option<User> {
        user_rows::find_by_user_name(&self.store.read().unwrap(), caller.team, name).unwrap()
    }

    pub(super) fn has_account(&self, name: &str) -> bool {
        let tx = self.store.read().unwrap();
        account_rows::find_by_name(&tx, name).unwrap().is_some()
    }

    pub(super) fn sign_in(&self, account: &Account) -> std::result::Result<Seq, String> {
        match accounts::signed_in(&self.store.read().unwrap(), account.seq, None) {
            Ok((_, member, _)) => Ok(member.team),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(super) fn is_clean(&self, what: &str) {
        assert_eq!(
            store::check(&self.store.read().unwrap()).unwrap(),
            [],
            "{what}"
        );
    }
}

/// Invites somebody by hand, as a Developer.
pub(super) fn invite(tx: &Write<'_>, member: &Member, email: &str) -> Result<Sent> {
    let roles = Role::by_default();
    invites::send(tx, &member.may()?, email, &roles, Nonce::random(), NOW)
}

/// Made without the work of hashing; it verifies nothing.
pub(super) fn hash() -> PasswordHash {
    serde_json::from_value(json!("$argon2id$none")).unwrap()
}

pub(super) fn named(name: &str) -> Value {
    json!({ "schemas": [urn::USER], "userName": name })
}

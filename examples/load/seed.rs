//! Fills a data directory directly through the library: a million people in about a minute.
//!
//! The appliance must have been started on the directory once (its first team gets the people) and must
//! not be running. This is the one thing here that is not HTTP.

use std::path::Path;

use scimlab::clock::Timestamp;
use scimlab::id::{Nonce, ScimId, Seq};
use scimlab::model::{Account, Group, Meta, ObjectRef, Role, User};
use scimlab::store::{self, Options, Store, accounts, groups, users};
use serde_json::Value;

use super::{group_name, person, progress, user_name};

/// People per write.
const CHUNK: u64 = 5_000;
const TEAM: Seq = Seq(1);
/// Any moment will do.
const THEN: Timestamp = Timestamp::from_millis(1_750_000_000_000);

/// Adds people up to `people`, and the group of the first `group_size` of them.
pub(super) fn seed(directory: &Path, people: u64, group_size: u64) -> Result<(), String> {
    let store = Store::open(&Options::new(directory)).map_err(|e| e.to_string())?;
    let there = users::count(&store.read().map_err(sentence)?, TEAM).map_err(sentence)?;
    let bar = progress("people", people);
    for first in (there..people).step_by(usize::try_from(CHUNK).unwrap_or(usize::MAX)) {
        let last = people.min(first + CHUNK);
        store
            .write(move |tx| add(tx, first..last))
            .map_err(sentence)?;
        bar.inc(last - first);
    }
    bar.finish();
    if group_size > 0 {
        store
            .write(move |tx| {
                let group = groups::next_seq(tx, TEAM)?;
                for member in 1..=group_size {
                    groups::add_member(tx, TEAM, group, ObjectRef::user(Seq(member)))?;
                }
                let mut attributes = serde_json::Map::new();
                attributes.insert("displayName".into(), group_name(group_size).into());
                groups::put(
                    tx,
                    TEAM,
                    &Group {
                        member_count: group_size,
                        ..Group::new(
                            group,
                            ScimId::new(store::Reads::mix(tx), group, Nonce::random()),
                            THEN,
                            attributes,
                        )
                    },
                )
            })
            .map_err(sentence)?;
    }
    Ok(())
}

fn add(tx: &store::Write<'_>, numbers: std::ops::Range<u64>) -> Result<(), store::Error> {
    for number in numbers {
        let Value::Object(mut attributes) = person(&user_name(number)) else {
            continue;
        };
        attributes.shift_remove("schemas");
        let account = Account {
            seq: accounts::next_seq(tx)?,
            sign_in_name: user_name(number),
            name: user_name(number),
            password: None,
            operator: false,
            created: THEN,
        };
        accounts::put(tx, &account)?;
        let seq = users::next_seq(tx, TEAM)?;
        let user = User {
            seq,
            id: ScimId::new(store::Reads::mix(tx), seq, Nonce::random()),
            meta: Meta::new(THEN),
            attributes,
            account: account.seq,
            roles: Role::by_default(),
            invite: None,
            written_by_scim: None,
        };
        users::put(tx, TEAM, &user)?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn sentence(error: store::Error) -> String {
    error.to_string()
}

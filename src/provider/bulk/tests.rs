//! What a client over HTTP cannot arrange: who may do it changes while a job runs, a turn that panics.

use serde_json::{Value, json};

use super::{Done, Job, NotDone, Turn};
use crate::access::{Member, Operator, ScimCaller};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce};
use crate::model::{KeyStatus, Team};
use crate::provider::keys::KeyOptions;
use crate::provider::{Endpoints, keys, sso, team};
use crate::scim::{BulkRequest, urn};
use crate::secret::Plain;
use crate::store::{Store, keys as key_rows, teams, users};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const KEY: &str = "key";

fn make_team(store: &Store) -> (Team, ScimCaller) {
    store
        .write(|tx| {
            let team = team::create(tx, &Operator::of_this_process(), "Team", NOW)?;
            let member = Member::of_this_process(team.seq);
            sso::ensure_one(tx, &member.may()?, Guid::random(), NOW)?;
            let team = team::set_scim_enabled(tx, &member.may()?, true, NOW)?;
            let plain = Plain::new(KEY);
            keys::create(
                tx,
                &member.may().unwrap(),
                "key",
                &plain,
                &KeyOptions::default(),
                NOW,
            )?;
            let caller = keys::authenticate(tx, &plain, &Endpoints::default(), NOW)?;
            Ok::<_, Error>((team, caller))
        })
        .unwrap()
}

/// A job that creates users of these names, to stop after the first failure if so asked.
fn job(caller: &ScimCaller, names: &[&str], fail_on_errors: Value) -> (&'static Job, Vec<Turn>) {
    let operations: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({ "method": "POST", "path": "/Users", "bulkId": name,
                    "data": { "schemas": [urn::USER], "userName": name } })
        })
        .collect();
    let mut body = json!({ "schemas": [urn::BULK_REQUEST], "Operations": operations });
    body["failOnErrors"] = fail_on_errors;
    let request = BulkRequest::parse(body).unwrap();
    let (job, turns) = Job::new(request, caller, "http://h/scim/v2".into());
    (Box::leak(Box::new(job)), turns)
}

fn perform(
    store: &Store,
    job: &'static Job,
    turn: Turn,
) -> std::result::Result<Vec<Done>, NotDone> {
    store.write(move |tx| {
        let authenticate = || {
            let caller = keys::authenticate(tx, &Plain::new(KEY), &Endpoints::default(), NOW)?;
            keys::allow_write(&caller)?;
            Ok(caller)
        };
        turn.perform(job, tx, authenticate, Nonce::random, NOW)
    })
}

#[test]
fn who_may_do_it_is_asked_again_for_each_operation() {
    let store = Store::in_memory().unwrap();
    let (team, caller) = make_team(&store);
    let (job, turns) = job(&caller, &["a", "b", "c", "d"], Value::Null);
    let mut turns = turns.into_iter();
    let mut next = |store: &Store| perform(store, job, turns.next().unwrap());
    assert_eq!(next(&store).unwrap()[0].status, 201);

    let seq = team.seq;
    let switch = |enabled| {
        store
            .write(move |tx| -> Result<()> {
                let mut team = teams::find(tx, seq)?.unwrap();
                team.scim_enabled = enabled;
                Ok(teams::put(tx, &team)?)
            })
            .unwrap();
    };
    switch(false);
    let off = next(&store).unwrap_err();
    assert!(
        matches!(off, NotDone::Failed(Error::Disabled { .. })),
        "{off:?}"
    );
    switch(true);
    assert_eq!(next(&store).unwrap()[0].status, 201);
    store
        .write(move |tx| -> Result<()> {
            let mut key = key_rows::find(tx, seq, caller.key)?.unwrap();
            key.status = KeyStatus::Revoked;
            Ok(key_rows::put(tx, seq, &key)?)
        })
        .unwrap();
    let revoked = next(&store).unwrap_err();
    assert!(
        matches!(revoked, NotDone::Failed(Error::Unauthorized { .. })),
        "{revoked:?}"
    );
    assert_eq!(users::count(&store.read().unwrap(), seq).unwrap(), 2);
}

#[test]
fn a_turn_that_panics_counts_as_failed_and_leaves_nothing() {
    let store = Store::in_memory().unwrap();
    let (team, caller) = make_team(&store);
    let (job, turns) = job(&caller, &["a", "b"], json!(1));
    let mut turns = turns.into_iter();
    let first = turns.next().unwrap();
    let result: std::result::Result<Vec<Done>, NotDone> =
        store.write(move |tx| first.perform(job, tx, || panic!("on purpose"), Nonce::random, NOW));
    assert!(matches!(result, Err(NotDone::Failed(Error::Store(_)))));
    let second = perform(&store, job, turns.next().unwrap());
    assert!(matches!(second, Err(NotDone::Stopped)), "{second:?}");
    assert_eq!(users::count(&store.read().unwrap(), team.seq).unwrap(), 0);
}

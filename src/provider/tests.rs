//! What one HTTP client with one key cannot see: teams next to each other, keys, and how much of the
//! store an operation touches.

mod administrators;
mod api_keys;
mod by_hand;
mod house;
mod invitations;
mod isolation;
mod key_overlap;
mod lifecycle;
mod operators;
mod own_account;
mod remembered;

use std::collections::BTreeSet;

use serde_json::json;

use super::keys::KeyOptions;
use super::query::{Asked, Cursors, Kind};
use super::{Endpoints, IfMatch, Query, groups, keys, query, sso, team, users};
use crate::access::{Member, Operator, ScimCaller};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce};
use crate::model::{Group, Team, User};
use crate::scim::cursor::CursorKey;
use crate::scim::{self, PatchRequest, Rules, urn};
use crate::secret::Plain;
use crate::store::{self, Snapshot, Store};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn rules() -> Rules {
    Rules::interop()
}

/// A team with SCIM on and a key of this text.
fn make_team(store: &Store, name: &'static str, key: &'static str) -> (Team, ScimCaller) {
    store
        .write(move |tx| {
            let team = team::create(tx, &Operator::of_this_process(), name, NOW)?;
            let member = Member::of_this_process(team.seq);
            sso::ensure_one(tx, &member.may()?, Guid::random(), NOW)?;
            let team = team::set_scim_enabled(tx, &member.may()?, true, NOW)?;
            keys::create(
                tx,
                &member.may().unwrap(),
                "key",
                &Plain::new(key),
                &KeyOptions::default(),
                NOW,
            )?;
            let caller = keys::authenticate(tx, &Plain::new(key), &Endpoints::default(), NOW)?;
            Ok::<_, Error>((team, caller))
        })
        .unwrap()
}

fn make_user(store: &Store, caller: &ScimCaller, name: &str) -> Result<User> {
    let body = json!({ "schemas": [urn::USER], "userName": name });
    let attributes = scim::resource::create(scim::user(), body, &rules())?;
    let caller = caller.clone();
    store.write(move |tx| users::create(tx, &caller, attributes, Nonce::random(), NOW))
}

fn make_group(store: &Store, caller: &ScimCaller, name: &str) -> Result<Group> {
    let body = json!({ "schemas": [urn::GROUP], "displayName": name });
    let attributes = scim::resource::create(scim::group(), body, &rules())?;
    let caller = caller.clone();
    store.write(move |tx| groups::create(tx, &caller, attributes, &[], Nonce::random(), NOW))
}

fn patch_group(
    store: &Store,
    caller: &ScimCaller,
    id: &str,
    operations: &serde_json::Value,
) -> Result<Group> {
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    let edits = PatchRequest::parse(scim::group(), body, &rules())?.group_edits();
    let (caller, id) = (caller.clone(), id.to_owned());
    store.write(move |tx| groups::patch(tx, &caller, &id, &edits, &IfMatch::default(), NOW))
}

fn lines(store: &Store) -> BTreeSet<String> {
    let mut out = Vec::new();
    store::dump(&store.read().unwrap(), &mut out).unwrap();
    String::from_utf8(out)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn list_users(tx: &Snapshot, caller: &ScimCaller, asked: &Asked<'_>) -> query::Listing {
    let query = Query::read(Kind::Users, asked, caller).unwrap();
    let cursors = Cursors {
        key: CursorKey([1; 32]),
        now: NOW,
    };
    query::list(tx, caller, "", &query, &cursors).unwrap()
}

#[test]
fn teams_do_not_see_each_other() {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    let user = make_user(&store, &ours, "bjensen@example.com").unwrap();
    let group = make_group(&store, &ours, "Guides").unwrap();
    let (user_id, group_id) = (user.id.to_string(), group.id.to_string());

    let tx = store.read().unwrap();
    let by_name = Some("userName eq \"bjensen@example.com\"");
    let found = |caller: &ScimCaller, filter: Option<&str>| {
        let asked = Asked {
            filter,
            ..Asked::default()
        };
        list_users(&tx, caller, &asked).total
    };
    assert_eq!(found(&ours, by_name), 1);
    assert_eq!(found(&theirs, by_name), 0, "AUTH-09");
    assert_eq!(found(&theirs, None), 0, "AUTH-09");
    assert!(
        matches!(
            users::get(&tx, &theirs, &user_id),
            Err(Error::NotFound { .. })
        ),
        "AUTH-11"
    );
    assert!(
        matches!(
            groups::get(&tx, &theirs, &group_id),
            Err(Error::NotFound { .. })
        ),
        "AUTH-11"
    );

    make_user(&store, &theirs, "bjensen@example.com").expect("AUTH-10");
    let other = make_group(&store, &theirs, "Guides").expect("AUTH-10");
    let before = lines(&store);
    let (caller, id) = (theirs.clone(), user_id.clone());
    let deleted = store.write(move |tx| users::delete(tx, &caller, &id, &IfMatch::default(), NOW));
    assert!(matches!(deleted, Err(Error::NotFound { .. })), "AUTH-11");
    let (caller, id) = (theirs.clone(), user_id.clone());
    let replaced = store.write(move |tx| {
        let body = json!({ "schemas": [urn::USER], "userName": "taken@example.com" });
        users::replace(tx, &caller, &id, body, &IfMatch::default(), NOW)
    });
    assert!(matches!(replaced, Err(Error::NotFound { .. })), "AUTH-11");
    // Nor can a foreign id become a member.
    let added = patch_group(
        &store,
        &theirs,
        &other.id.to_string(),
        &json!([{ "op": "add", "path": "members", "value": [{ "value": user_id }] }]),
    );
    assert!(
        matches!(added, Err(Error::Refused(e)) if e.status == 400),
        "S20"
    );
    assert_eq!(lines(&store), before);
}

#[test]
fn a_revoked_key_is_refused_at_once_and_never_comes_back() {
    let store = Store::in_memory().unwrap();
    let (team, _) = make_team(&store, "Acme", "key-1");
    let member = Member::of_this_process(team.seq);
    let authenticate = |key: &str| {
        keys::authenticate(
            &store.read().unwrap(),
            &Plain::new(key),
            &Endpoints::default(),
            NOW,
        )
    };
    let key = keys::list(&store.read().unwrap(), &member.may().unwrap()).unwrap()[0].seq;
    for _ in 0..2 {
        let member = member.clone();
        store
            .write(move |tx| keys::revoke(tx, &member.may().unwrap(), key, NOW))
            .unwrap();
        assert!(
            matches!(
                authenticate("key-1"),
                Err(Error::Unauthorized { presented: true })
            ),
            "AUTH-03"
        );
    }
    let kept = keys::list(&store.read().unwrap(), &member.may().unwrap()).unwrap();
    assert_eq!(kept[0].revoked, Some(NOW), "revoking keeps the record");
    assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
}

#[test]
fn keys_need_a_name_of_their_own_and_scim_on() {
    let store = Store::in_memory().unwrap();
    let (team, _) = make_team(&store, "Acme", "key-1");
    let member = Member::of_this_process(team.seq);
    let create = |name: &str, key: &str| {
        let (member, name, key) = (member.clone(), name.to_owned(), Plain::new(key));
        store.write(move |tx| {
            keys::create(
                tx,
                &member.may().unwrap(),
                &name,
                &key,
                &KeyOptions::default(),
                NOW,
            )
        })
    };
    let long = "n".repeat(keys::NAME_MAXIMUM + 1);
    for name in ["", "  ", "key", " key ", long.as_str()] {
        assert!(
            matches!(
                create(name, "key-2"),
                Err(Error::Field { field: "name", .. })
            ),
            "{name}"
        );
    }
    assert!(matches!(
        create("other", "key-1"),
        Err(Error::Conflict { .. })
    ));
    create(&long[1..], "key-2").unwrap();

    let off = member.clone();
    store
        .write(move |tx| team::set_scim_enabled(tx, &off.may().unwrap(), false, NOW))
        .unwrap();
    assert!(matches!(
        create("third", "key-3"),
        Err(Error::Disabled { .. })
    ));
    let answer = keys::authenticate(
        &store.read().unwrap(),
        &Plain::new("key-2"),
        &Endpoints::default(),
        NOW,
    );
    assert!(matches!(answer, Err(Error::Disabled { .. })), "AUTH-13");
    // A stranger does not learn that SCIM is off.
    let answer = keys::authenticate(
        &store.read().unwrap(),
        &Plain::new("nobody"),
        &Endpoints::default(),
        NOW,
    );
    assert!(matches!(answer, Err(Error::Unauthorized { .. })));
    // Keys outlive the pause.
    store
        .write(move |tx| team::set_scim_enabled(tx, &member.may().unwrap(), true, NOW))
        .unwrap();
    keys::authenticate(
        &store.read().unwrap(),
        &Plain::new("key-2"),
        &Endpoints::default(),
        NOW,
    )
    .unwrap();
}

#[test]
fn one_member_touches_the_same_few_rows_in_a_group_of_any_size() {
    let store = Store::in_memory().unwrap();
    let (team, caller) = make_team(&store, "Acme", "key-1");
    let group = make_group(&store, &caller, "Crowd").unwrap();
    let last = make_user(&store, &caller, "last@example.com").unwrap();
    let (seq, id) = (group.seq, group.id.to_string());
    let member = json!([{ "value": last.id }]);
    let mut changes = Vec::new();
    for size in [0, 10_000] {
        store
            .write(move |tx| {
                for other in 0..size {
                    let stranger = crate::model::ObjectRef::user(crate::id::Seq(1_000 + other));
                    store::groups::add_member(tx, team.seq, seq, stranger)?;
                }
                Ok::<_, Error>(())
            })
            .unwrap();
        for operations in [
            json!([{ "op": "Add", "path": "members", "value": member }]),
            json!([{ "op": "Remove", "path": "members", "value": member }]),
        ] {
            let before = lines(&store);
            patch_group(&store, &caller, &id, &operations).unwrap();
            let after = lines(&store);
            // What the event is looked up by is indexed once for 64 events, see `store::audit`.
            let changed = before.symmetric_difference(&after);
            changes.push(
                changed
                    .filter(|line| !line.starts_with("AUDIT_TO_BUCKET"))
                    .count(),
            );
        }
    }
    // The old and the new group row, the edge in both directions, the event and the counter of events.
    assert_eq!(changes, [7, 7, 7, 7]);
}

//! Teams next to each other: for every operation, what is another team's is answered word for word like
//! what does not exist.

use serde_json::{Value, json};

use super::house::invite;
use super::{NOW, lines, make_group, make_team, make_user};
use crate::access::{Member, ScimCaller};
use crate::error::{Error, Result};
use crate::id::{Nonce, ScimId, Seq};
use crate::provider::invites::Sent;
use crate::provider::query::Asked;
use crate::provider::{IfMatch, browse, domains, groups, invites, keys, users};
use crate::scim::{self, PatchRequest, urn};
use crate::secret::Plain;
use crate::store::Store;

/// An operation of `theirs` on the id or row of something.
type Attempt = fn(&Store, &ScimCaller, &str) -> Result<()>;

fn patch_user(store: &Store, caller: &ScimCaller, id: &str, operations: &Value) -> Result<()> {
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    let request = PatchRequest::parse(scim::user(), body, caller.rules())?;
    let (caller, id) = (caller.clone(), id.to_owned());
    store
        .write(move |tx| users::patch(tx, &caller, &id, &request, &IfMatch::default(), NOW))
        .map(drop)
}

fn group_of_theirs(store: &Store, caller: &ScimCaller) -> String {
    let tx = store.read().unwrap();
    let groups = crate::store::groups::page_at(&tx, caller.team, 0, 1).unwrap();
    groups[0].id.to_string()
}

fn change_members(store: &Store, caller: &ScimCaller, operation: &str, id: &str) -> Result<()> {
    let group = group_of_theirs(store, caller);
    let operations = json!([{ "op": operation, "path": "members", "value": [{ "value": id }] }]);
    super::patch_group(store, caller, &group, &operations).map(drop)
}

fn create_group_with(store: &Store, caller: &ScimCaller, id: &str) -> Result<()> {
    let body = json!({ "schemas": [urn::GROUP], "displayName": "With a stranger" });
    let attributes = scim::resource::create(scim::group(), body, caller.rules())?;
    let mut named = scim::Object::new();
    named.insert("members".into(), json!([{ "value": id }]));
    let members = scim::resource::take_members(&mut named, caller.rules())?;
    let caller = caller.clone();
    store
        .write(move |tx| {
            let members = members.unwrap_or_default();
            groups::create(tx, &caller, attributes, &members, Nonce::random(), NOW)
        })
        .map(drop)
}

/// The same in the console, by the number of a row.
type OnRow = fn(&Store, Member, Seq) -> Result<()>;

/// Each attempt with what the text of its answer must not differ in once the id is taken out.
const ATTEMPTS: [(&str, Attempt); 12] = [
    ("GET user", |store, caller, id| {
        users::get(&store.read().unwrap(), caller, id).map(drop)
    }),
    ("PUT user", |store, caller, id| {
        let body = json!({ "schemas": [urn::USER], "userName": "taken@example.com" });
        let (caller, id) = (caller.clone(), id.to_owned());
        store
            .write(move |tx| users::replace(tx, &caller, &id, body, &IfMatch::default(), NOW))
            .map(drop)
    }),
    ("PATCH user", |store, caller, id| {
        let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
        patch_user(store, caller, id, &operations)
    }),
    ("DELETE user", |store, caller, id| {
        let (caller, id) = (caller.clone(), id.to_owned());
        store.write(move |tx| users::delete(tx, &caller, &id, &IfMatch::default(), NOW))
    }),
    ("GET group", |store, caller, id| {
        groups::get(&store.read().unwrap(), caller, id).map(drop)
    }),
    ("PUT group", |store, caller, id| {
        let replacement = groups::Replacement {
            body: json!({ "schemas": [urn::GROUP], "displayName": "Taken" }),
            members: None,
        };
        let (caller, id) = (caller.clone(), id.to_owned());
        store
            .write(move |tx| {
                groups::replace(tx, &caller, &id, replacement, &IfMatch::default(), NOW)
            })
            .map(drop)
    }),
    ("PATCH group", |store, caller, id| {
        let operations = json!([{ "op": "replace", "path": "displayName", "value": "Taken" }]);
        super::patch_group(store, caller, id, &operations).map(drop)
    }),
    ("DELETE group", |store, caller, id| {
        let (caller, id) = (caller.clone(), id.to_owned());
        store.write(move |tx| groups::delete(tx, &caller, &id, &IfMatch::default(), NOW))
    }),
    ("create a group with it", create_group_with),
    ("add it to a group", |store, caller, id| {
        change_members(store, caller, "add", id)
    }),
    ("console: the member", |store, caller, id| {
        let member = Member::of_this_process(caller.team);
        browse::get_member(&store.read().unwrap(), &member, id).map(drop)
    }),
    ("console: the group", |store, caller, id| {
        let member = Member::of_this_process(caller.team);
        browse::get_group(&store.read().unwrap(), &member, id).map(drop)
    }),
];

#[test]
fn what_is_another_teams_is_answered_like_what_does_not_exist() {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    let user = make_user(&store, &ours, "ada@example.com").unwrap();
    let group = make_group(&store, &ours, "Crew").unwrap();
    make_user(&store, &theirs, "bob@example.com").unwrap();
    make_group(&store, &theirs, "Their crew").unwrap();
    let unknown = ScimId::new(store.mix(), Seq(4_711), Nonce([3; 16]));
    // Row 1 exists in both teams; only the random part of the id tells them apart.
    let near = ScimId::new(store.mix(), Seq(1), Nonce([3; 16]));
    for (what, attempt) in ATTEMPTS {
        let answer = |id: &ScimId| {
            let before = lines(&store);
            let id = id.to_string();
            let error = attempt(&store, &theirs, &id).expect_err(what);
            assert_eq!(lines(&store), before, "{what}: nothing is written");
            let kind = match &error {
                Error::NotFound { .. } => 404,
                Error::Invalid(invalid) | Error::Refused(invalid) => invalid.status,
                other => panic!("{what}: {other:?}"),
            };
            (kind, error.to_string().replace(&id, "ID"))
        };
        let expected = answer(&unknown);
        for foreign in [&user.id, &group.id, &near] {
            assert_eq!(answer(foreign), expected, "S20: {what}");
        }
    }
}

#[test]
fn taking_a_stranger_out_of_a_group_changes_nothing_and_tells_nothing() {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    let user = make_user(&store, &ours, "ada@example.com").unwrap();
    make_group(&store, &theirs, "Their crew").unwrap();
    for id in [user.id, ScimId::new(store.mix(), Seq(9), Nonce([3; 16]))] {
        change_members(&store, &theirs, "remove", &id.to_string()).expect("S20");
    }
}

#[test]
fn a_manager_of_another_team_is_shown_like_one_who_does_not_exist() {
    let store = Store::in_memory().unwrap();
    let (_, ours) = make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    let stranger = make_user(&store, &ours, "ada@example.com").unwrap();
    let user = make_user(&store, &theirs, "bob@example.com").unwrap();
    let unknown = ScimId::new(store.mix(), Seq(9), Nonce([3; 16]));
    let shown = [stranger.id, unknown].map(|manager| {
        let operations = json!([{
            "op": "replace",
            "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
            "value": manager
        }]);
        let answer = patch_user(&store, &theirs, &user.id.to_string(), &operations);
        let answer = answer.map_err(|error| error.to_string().replace(&manager.to_string(), "ID"));
        let tx = store.read().unwrap();
        let listed = super::list_users(&tx, &theirs, &Asked::default());
        let text = format!("{:?}", listed.body).replace(&manager.to_string(), "ID");
        // Every change has a version of its own; who is shown is what matters.
        let who = text.contains("Ada") || text.contains("ada@");
        (answer, who)
    });
    assert_eq!(shown[0], shown[1], "S20");
    assert!(!shown[0].1, "S20: nothing of the other team is shown");
}

#[test]
fn rows_of_the_console_belong_to_their_team() {
    let store = Store::in_memory().unwrap();
    make_team(&store, "Ours", "key-1");
    let (_, theirs) = make_team(&store, "Theirs", "key-2");
    let [a, b] = [Seq(1), theirs.team].map(Member::of_this_process);
    let (key, invite) = store
        .write(move |tx| {
            let value = Plain::new("second-key");
            let options = keys::KeyOptions::default();
            let key = keys::create(tx, &a.may().unwrap(), "second", &value, &options, NOW)?.seq;
            let Sent::Invited(invite) = invite(tx, &a, "ada@example.com")? else {
                panic!("nobody was invited")
            };
            let invite = invite.seq;
            domains::add(tx, &a.may().unwrap(), "example.com", Nonce::random(), NOW)?;
            Ok::<_, Error>((key, invite))
        })
        .unwrap();
    let unknown = Seq(99);
    let attempts: [(&str, Seq, OnRow); 3] = [
        ("revoke a key", key, |store, member, key| {
            store
                .write(move |tx| keys::revoke(tx, &member.may().unwrap(), key, NOW))
                .map(drop)
        }),
        ("regenerate a key", key, |store, member, key| {
            let overlap = keys::OVERLAP_MINIMUM;
            let plain = Plain::new("third-key");
            store
                .write(move |tx| {
                    keys::regenerate(tx, &member.may().unwrap(), key, &plain, overlap, NOW)
                })
                .map(drop)
        }),
        ("revoke an invite", invite, |store, member, invite| {
            store
                .write(move |tx| invites::revoke(tx, &member.may().unwrap(), invite, NOW))
                .map(drop)
        }),
    ];
    for (what, foreign, attempt) in attempts {
        let answer = |seq: Seq| {
            let error = attempt(&store, b.clone(), seq).expect_err(what);
            assert!(matches!(error, Error::NotFound { .. }), "{what}: {error:?}");
            error.to_string().replace(&seq.to_string(), "ROW")
        };
        assert_eq!(answer(foreign), answer(unknown), "S20: {what}");
    }
    let tx = store.read().unwrap();
    assert_eq!(
        keys::list(&tx, &b.may().unwrap()).unwrap().len(),
        1,
        "its own"
    );
    assert!(invites::list(&tx, &b.may().unwrap()).unwrap().is_empty());
    assert!(domains::list(&tx, &b.may().unwrap()).unwrap().is_empty());
    drop(tx);
    let b = b.clone();
    let removed = store.write(move |tx| domains::remove(tx, &b.may().unwrap(), "example.com", NOW));
    assert!(matches!(removed, Err(Error::NotFound { .. })));
}

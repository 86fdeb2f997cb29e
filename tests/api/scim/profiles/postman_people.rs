//! The provider acceptance list of Postman's behaviour: people. How they come into the team, change their
//! name, and leave. Each test carries the number of its point.

use scimlab::clock::{Clock as _, SystemClock};
use scimlab::error::Error;
use scimlab::id::{Nonce, Seq};
use scimlab::model::{InviteState, MemberState, Role, User};
use scimlab::provider::invites::Sent;
use scimlab::provider::{domains, invites};
use scimlab::store::{Reads, Write, users};
use serde_json::{Value, json};

use super::{deactivate, grace, make_account, make_administrator, no_route, says};
use crate::team::{Team, named, text};

const THEIRS: &str = "key-of-another-team";
const STANDARD: &str = "key-of-the-standard-profile";
const TAKEN: &str = "This person is already a member of the team.";
const UNIQUENESS: Option<&str> = Some("uniqueness");

fn verify(tx: &Write<'_>, domain: &str) -> Result<(), Error> {
    let now = SystemClock.now();
    domains::add(tx, &grace().may().unwrap(), domain, Nonce::random(), now)?;
    domains::mark_verified(tx, &grace().may().unwrap(), domain, Nonce::random(), now)?;
    Ok(())
}

fn row(tx: &impl Reads, team: Seq, name: &str) -> Option<User> {
    users::find_by_user_name(tx, team, name).unwrap()
}

fn state(user: Option<User>) -> Option<MemberState> {
    user.map(|user| user.state())
}

/// The id of the one user whom the filter Postman's clients send finds by this name.
fn id_of(team: &Team, name: &str) -> String {
    let found = team.found("/Users", &format!("userName eq \"{name}\""));
    let [id] = found.as_slice() else {
        panic!("{name}: {found:?}")
    };
    id.clone()
}

fn listed(team: &Team) -> Vec<String> {
    let users = team.list("/Users");
    users
        .iter()
        .map(|user| text(user, "/userName").into())
        .collect()
}

#[test]
fn point_5_a_create_means_what_the_table_of_rows_a_to_i_says() {
    let team = Team::with_profile("postman");
    team.user(&named("b@example.com"));
    let deactivated = team.user(&named("h@example.com"));
    let answer = team.patch(&format!("/Users/{deactivated}"), deactivate());
    assert_eq!(answer.status(), 200, "5 H: {}", answer.body());
    let team = team.administered(&[(THEIRS, &["create", "Theirs"])]);
    for name in ["d@verified.example", "f@example.com"] {
        let answer = team.with_key(THEIRS, "POST", "/Users", &named(name));
        assert_eq!(answer.status(), 201, "5 {name}: {}", answer.body());
    }
    let (team, manual) = team.arranged(|tx| {
        verify(tx, "verified.example")?;
        make_account(tx, "c@verified.example")?;
        make_account(tx, "e@example.com")?;
        let sent = invites::send(
            tx,
            &grace().may().unwrap(),
            "g@example.com",
            &Role::by_default(),
            Nonce::random(),
            SystemClock.now(),
        )?;
        let Sent::Invited(invite) = sent else {
            panic!("nobody was invited: {sent:?}")
        };
        Ok(invite.seq)
    });

    let elsewhere = "This person belongs to another team, and the domain of f@example.com is not \
                     verified by this team. Verify the domain, then provision again.";
    let invited = "g@example.com has a pending invite to the team, sent by Grace. Revoke the invite or \
                   have it accepted, then provision again.";
    for (case, name, refused) in [
        ("A", "a@example.com", None),
        ("B", "b@example.com", Some((UNIQUENESS, TAKEN))),
        ("C", "c@verified.example", None),
        ("D", "d@verified.example", None),
        ("E", "e@example.com", None),
        ("F", "f@example.com", Some((None, elsewhere))),
        ("G", "g@example.com", Some((UNIQUENESS, invited))),
        ("H", "h@example.com", Some((UNIQUENESS, TAKEN))),
        ("I", "i@example.com", None),
    ] {
        let mut body = named(name);
        body["active"] = json!(case != "I");
        let before = listed(&team);
        let answer = team.post("/Users", &body);
        let case = format!("5 {case}");
        if let Some((scim_type, sentence)) = refused {
            says(&case, &answer, 409, scim_type, sentence);
            assert_eq!(listed(&team), before, "{case}");
            continue;
        }
        assert_eq!(answer.status(), 201, "{case}: {}", answer.body());
        assert_eq!(answer.body()["userName"], name, "{case}");
        assert_eq!(answer.body()["active"], body["active"], "{case}");
        assert_eq!(id_of(&team, name), text(answer.body(), "/id"), "{case}");
        let again = team.post("/Users", &named(name));
        says(&format!("{case}, then B"), &again, 409, UNIQUENESS, TAKEN);
    }
    let path = format!("/Users/{deactivated}");
    assert_eq!(team.read(&path)["active"], false, "5 H: as it was");
    let on = json!([{ "op": "replace", "value": { "active": true } }]);
    let answer = team.patch(&path, on);
    assert_eq!(answer.status(), 200, "5 H: {}", answer.body());
    assert_eq!(answer.body()["active"], true, "5 H: comes back by PATCH");
    assert_eq!(id_of(&team, "h@example.com"), deactivated, "5 H: same id");

    // What a client cannot see: who is on the team, and who was only invited.
    let (team, ()) = team.arranged(move |tx| {
        for (name, expected) in [
            ("a@example.com", Some(MemberState::Active)),
            ("c@verified.example", Some(MemberState::Active)),
            ("d@verified.example", Some(MemberState::Active)),
            ("e@example.com", Some(MemberState::Invited)),
            ("f@example.com", None),
            ("g@example.com", None),
            ("h@example.com", Some(MemberState::Active)),
            ("i@example.com", Some(MemberState::Deactivated)),
        ] {
            let user = row(tx, Seq(1), name);
            if let Some(user) = &user {
                assert_eq!(user.roles, Role::by_default(), "5 {name}");
            }
            assert_eq!(state(user), expected, "5 {name}");
        }
        for name in ["d@verified.example", "f@example.com"] {
            let theirs = state(row(tx, Seq(2), name));
            assert_eq!(theirs, Some(MemberState::Active), "5 {name}: in its team");
        }
        let sent: Vec<_> = invites::list(tx, &grace().may().unwrap())?
            .into_iter()
            .map(|invite| (invite.email, invite.state))
            .collect();
        let pending = |name: &str| (name.to_owned(), InviteState::Pending);
        let expected = [pending("e@example.com"), pending("g@example.com")];
        assert_eq!(sent, expected, "5 E, G");
        // The cures that the refusals named.
        verify(tx, "example.com")?;
        invites::revoke(tx, &grace().may().unwrap(), manual, SystemClock.now())?;
        Ok(())
    });
    for name in ["f@example.com", "g@example.com"] {
        let answer = team.post("/Users", &named(name));
        assert_eq!(answer.status(), 201, "5 {name} cured: {}", answer.body());
    }
    let (_, ()) = team.arranged(|tx| {
        for name in ["f@example.com", "g@example.com"] {
            let state = state(row(tx, Seq(1), name));
            assert_eq!(state, Some(MemberState::Active), "5 {name} cured");
        }
        Ok(())
    });
}

#[test]
fn point_8_a_user_name_changes_within_verified_domains_only() {
    let team = Team::with_profile("postman");
    let (team, ()) = team.arranged(|tx| verify(tx, "verified.example"));
    let mut body = named("taylor.lee@example.com");
    body["name"] = json!({ "givenName": "Taylor", "familyName": "Lee" });
    let path = format!("/Users/{}", team.user(&body));
    team.user(&named("alex@verified.example"));
    let rename = |method: &str, name: &str| match method {
        "PUT" => team.put(&path, &named(name)),
        _ => team.patch(
            &path,
            json!([{ "op": "replace", "path": "userName", "value": name }]),
        ),
    };
    let malformed = "Unable to update the username for this user. - Please provide a valid email";
    let unverified = "Unable to update the username for this user. - Domain is not verified";
    let before = team.read(&path);
    for method in ["PUT", "PATCH"] {
        for (name, status, scim_type, sentence) in [
            ("taylor", 400, None, malformed),
            ("taylor@lee@verified.example", 400, None, malformed),
            ("@verified.example", 400, None, malformed),
            ("taylor@other.example", 400, None, unverified),
            ("taylor@mail.verified.example", 400, None, unverified),
            ("tay@example.com", 400, None, unverified),
            ("alex@verified.example", 409, UNIQUENESS, TAKEN),
        ] {
            let case = format!("8 {method} {name}");
            says(&case, &rename(method, name), status, scim_type, sentence);
            assert_eq!(team.read(&path), before, "{case}");
        }
    }
    let mut last = "taylor.lee@example.com";
    for (method, name) in [
        ("PUT", "taylor@verified.example"),
        ("PATCH", "tay@Verified.Example"),
    ] {
        let answer = rename(method, name);
        assert_eq!(answer.status(), 200, "8 {method}: {}", answer.body());
        assert_eq!(answer.body()["userName"], name, "8 {method}");
        assert_eq!(answer.body()["id"], before["id"], "8 {method}: same id");
        assert_eq!(answer.body()["name"], before["name"], "8 {method}");
        assert_eq!(answer.body()["active"], true, "8 {method}");
        assert_eq!(json!(id_of(&team, name)), before["id"], "8 {method}");
        let old = team.found("/Users", &format!("userName eq \"{last}\""));
        assert!(old.is_empty(), "8 {method}: {last} is nobody's name now");
        last = name;
    }
}

#[test]
fn point_14_the_last_administrator_stays_active_and_keeps_the_name() {
    const ADA: &str = "ada@verified.example";
    const BOB: &str = "bob@verified.example";
    let team = Team::with_profile("postman").administered(&[(
        STANDARD,
        &["key", "Acme", "standard", "--profile", "standard"],
    )]);
    let (team, ()) = team.arranged(|tx| {
        verify(tx, "verified.example")?;
        make_administrator(tx, ADA).map(drop)
    });
    let path = format!("/Users/{}", id_of(&team, ADA));
    let attempts = |team: &Team, path: &str, name: &str| {
        let mut inactive = named(name);
        inactive["active"] = false.into();
        let text = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
        let renaming = json!([
            { "op": "replace", "path": "userName", "value": "new@verified.example" }
        ]);
        [
            ("PATCH active", team.patch(path, deactivate())),
            ("PATCH active as text", team.patch(path, text)),
            ("PUT active", team.put(path, &inactive)),
            (
                "PUT userName",
                team.put(path, &named("new@verified.example")),
            ),
            ("PATCH userName", team.patch(path, renaming)),
            (
                "DELETE in the standard profile",
                team.with_key(STANDARD, "DELETE", path, &Value::Null),
            ),
        ]
    };
    let sentence = |name: &str| {
        format!(
            "{name} is the only active administrator of the team, which needs one. Make somebody \
             else an administrator first."
        )
    };
    let before = team.read(&path);
    for (case, answer) in attempts(&team, &path, ADA) {
        says(&format!("14 {case}"), &answer, 403, None, &sentence(ADA));
    }
    no_route("14 DELETE", &team.delete(&path));
    assert_eq!(team.read(&path), before, "14: nothing happened");
    assert_eq!(before["active"], true, "14");

    let (team, ()) = team.arranged(|tx| make_administrator(tx, BOB).map(drop));
    let answer = team.patch(&path, deactivate());
    assert_eq!(answer.status(), 200, "14, there is another one");
    assert_eq!(answer.body()["active"], false, "14, there is another one");
    let path = format!("/Users/{}", id_of(&team, BOB));
    for (case, answer) in attempts(&team, &path, BOB) {
        let case = format!("14 {case}, the other one is deactivated");
        says(&case, &answer, 403, None, &sentence(BOB));
    }
    let (_, ()) = team.arranged(|tx| {
        let [ada, bob] = [ADA, BOB].map(|name| row(tx, Seq(1), name).unwrap());
        assert_eq!(ada.state(), MemberState::Deactivated, "14");
        assert!(bob.administers(), "14");
        Ok(())
    });
}

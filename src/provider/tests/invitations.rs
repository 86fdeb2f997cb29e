//! Invites and what the invited can do until they answer.

use serde_json::json;

use super::{NOW, make_group, patch_group};
use crate::access::AccountHolder;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{InviteState, MemberState, User};
use crate::provider::invites;

use crate::scim::{self, Preset};

use super::house::{House, PERSON, as_preset, house, named};

#[test]
fn an_invite_that_scim_sent_is_accepted_dismissed_or_revoked() {
    type Answer = fn(&House, &AccountHolder, Seq) -> Result<()>;
    let answers: [(&str, Answer); 4] = [
        ("accept", |h, holder, invite| {
            let (holder, team) = (holder.clone(), h.ours.team);
            h.store
                .write(move |tx| invites::accept(tx, &holder, team, invite, Nonce::random(), NOW))
                .map(drop)
        }),
        ("dismiss", |h, holder, invite| {
            let (holder, team) = (holder.clone(), h.ours.team);
            h.store
                .write(move |tx| invites::dismiss(tx, &holder, team, invite, NOW))
                .map(drop)
        }),
        ("revoke", |h, _, invite| {
            let member = h.member();
            h.store
                .write(move |tx| invites::revoke(tx, &member.may().unwrap(), invite, NOW))
                .map(drop)
        }),
        ("delete", |h, _, _| {
            let user = h.find(&h.ours, PERSON).unwrap();
            h.delete(&h.ours, &user)
        }),
    ];
    for (what, answer) in answers {
        let h = house(Preset::Postman);
        let holder = h.loner("ada@example.com");
        let stranger = h.loner("eve@example.com");
        let user = h.post(&h.ours, &named(PERSON)).unwrap();
        let invite = user.invite.expect("row E");
        for refused in [
            accept_as(&h, &stranger, invite),
            dismiss_as(&h, &stranger, invite),
        ] {
            assert!(
                matches!(refused, Err(Error::NotFound { .. })),
                "{what}: somebody else's"
            );
        }
        answer(&h, &holder, invite).unwrap();
        let state = h.find(&h.ours, PERSON).map(|user| user.state());
        let expected = (what == "accept").then_some(MemberState::Active);
        assert_eq!(state, expected, "{what}");
        let settled =
            invites::get(&h.store.read().unwrap(), &h.member().may().unwrap(), invite).unwrap();
        let expected = match what {
            "accept" => InviteState::Accepted,
            "dismiss" => InviteState::Dismissed,
            _ => InviteState::Revoked,
        };
        assert_eq!(
            (settled.state, settled.settled),
            (expected, Some(NOW)),
            "{what}"
        );
        assert!(
            matches!(accept_as(&h, &holder, invite), Err(Error::Conflict { .. })),
            "{what}: an invite is answered once"
        );
        h.is_clean(what);
    }
}

fn accept_as(h: &House, holder: &AccountHolder, invite: Seq) -> Result<User> {
    let (holder, team) = (holder.clone(), h.ours.team);
    h.store
        .write(move |tx| invites::accept(tx, &holder, team, invite, Nonce::random(), NOW))
}

fn dismiss_as(h: &House, holder: &AccountHolder, invite: Seq) -> Result<User> {
    let (holder, team) = (holder.clone(), h.ours.team);
    h.store
        .write(move |tx| invites::dismiss(tx, &holder, team, invite, NOW))?;
    unreachable!("somebody else's invite was dismissed")
}

#[test]
fn an_invite_sent_by_hand_makes_a_member_when_it_is_accepted() {
    let h = house(Preset::Standard);
    let holder = h.loner("ada@example.com");
    let send = |email: &str| {
        let (member, email) = (h.member(), email.to_owned());
        h.store
            .write(move |tx| invites::send(tx, &member.may().unwrap(), &email, NOW))
    };
    assert!(matches!(
        send("ada"),
        Err(Error::Field { field: "email", .. })
    ));
    let invite = send(PERSON).unwrap();
    assert!(h.find(&h.ours, PERSON).is_none(), "nobody yet");
    assert!(
        matches!(send("ADA@example.com"), Err(Error::Conflict { .. })),
        "pending"
    );
    let user = accept_as(&h, &holder, invite.seq).unwrap();
    assert_eq!(
        (user.state(), user.account),
        (MemberState::Active, holder.account)
    );
    assert!(
        matches!(send(PERSON), Err(Error::Conflict { .. })),
        "a member"
    );
    assert_eq!(
        invites::list(&h.store.read().unwrap(), &h.member().may().unwrap())
            .unwrap()
            .len(),
        1
    );

    send("bob@example.com").unwrap();
    h.post(&h.ours, &named("bob@example.com")).unwrap();
    let newest = &invites::list(&h.store.read().unwrap(), &h.member().may().unwrap()).unwrap()[0];
    assert_eq!(
        newest.state,
        InviteState::Accepted,
        "G in standard: settled by joining"
    );
    h.is_clean("afterwards");
}

#[test]
fn an_invited_person_who_was_deactivated_cannot_accept_until_reactivated() {
    let h = house(Preset::Postman);
    let holder = h.loner("ada@example.com");
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let invite = user.invite.unwrap();
    h.patch(&h.ours, &user, "active", &json!(false)).unwrap();
    assert!(matches!(
        accept_as(&h, &holder, invite),
        Err(Error::Conflict { .. })
    ));
    let user = h.patch(&h.ours, &user, "active", &json!(true)).unwrap();
    assert_eq!(user.state(), MemberState::Invited);
    accept_as(&h, &holder, invite).unwrap();
    h.is_clean("afterwards");
}

#[test]
fn who_was_only_invited_is_put_into_groups_where_the_profile_allows_it() {
    let h = house(Preset::Postman);
    h.loner("ada@example.com");
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let group = make_group(&h.store, &h.ours, "Crew").unwrap();
    let value = json!([{ "op": "add", "path": "members", "value": [{ "value": user.id }] }]);
    let refused = patch_group(&h.store, &h.ours, &group.id.to_string(), &value).unwrap_err();
    let Error::Refused(error) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (error.status, error.scim_type),
        (400, Some(scim::ScimType::InvalidValue))
    );
    assert!(
        error.detail.contains(&user.id.to_string()),
        "{}",
        error.detail
    );
    let standard = as_preset(h.ours.clone(), Preset::Standard);
    patch_group(&h.store, &standard, &group.id.to_string(), &value).unwrap();
}

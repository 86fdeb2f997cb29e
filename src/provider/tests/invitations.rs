//! Invites and what the invited can do until they answer.

use serde_json::json;

use super::{NOW, make_group, patch_group};
use crate::access::AccountHolder;
use crate::error::{Error, Result};
use crate::id::{Nonce, Seq};
use crate::model::{Invite, InviteState, MailKind, MemberState, Role, User};
use crate::provider::invites::{self, Opened, Opening, Sent, Way};

use crate::scim::{self, Preset};
use crate::secret::{LinkKey, Plain, Sealer};
use crate::store::mail;

use super::house::{House, PERSON, as_preset, hash, house, invite, named};

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
            .write(move |tx| invite(tx, &member, &email))
            .unwrap()
    };
    assert_eq!(send("ada"), Sent::BadAddress);
    let invite = invited(send(PERSON));
    assert!(h.find(&h.ours, PERSON).is_none(), "nobody yet");
    assert_eq!(
        send("ADA@example.com"),
        Sent::AlreadyInvited(invite.clone())
    );
    let user = accept_as(&h, &holder, invite.seq).unwrap();
    assert_eq!(
        (user.state(), user.account),
        (MemberState::Active, holder.account)
    );
    assert_eq!(send(PERSON), Sent::AlreadyMember(MemberState::Active));
    assert_eq!(
        invites::list(&h.store.read().unwrap(), &h.member().may().unwrap())
            .unwrap()
            .len(),
        1
    );

    send("bob@example.com");
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

fn invited(sent: Sent) -> Invite {
    match sent {
        Sent::Invited(invite) => invite,
        other => panic!("nobody was invited: {other:?}"),
    }
}

fn key() -> LinkKey {
    Sealer::new(&[7; 32]).link_key()
}

fn open(h: &House, token: &str) -> Opened {
    invites::open(&h.store.read().unwrap(), &key(), &Plain::new(token)).unwrap()
}

/// The part of an invite's path that `open` takes.
fn token(h: &House, invite: &Invite) -> String {
    let path = invite.path(h.ours.team, &key());
    path.strip_prefix("/invites/").unwrap().to_owned()
}

fn opening(h: &House, invite: &Invite) -> Opening {
    match open(h, &token(h, invite)) {
        Opened::Pending(opening) => opening,
        other => panic!("{other:?}"),
    }
}

/// Kinds and recipients of the mails so far, newest first.
fn mails(h: &House) -> Vec<(MailKind, String)> {
    let mut found = Vec::new();
    mail::walk_back(&h.store.read().unwrap(), |mail| {
        found.push((mail.kind, mail.to));
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    found
}

#[test]
fn only_the_link_of_an_invite_opens_it_and_what_is_over_looks_like_nothing() {
    let h = house(Preset::Standard);
    let member = h.member();
    let send = |email: &'static str| {
        let member = member.clone();
        invited(h.store.write(move |tx| invite(tx, &member, email)).unwrap())
    };
    let (ada, bob) = (send("ada@example.com"), send("bob@example.com"));
    let link = token(&h, &ada);
    assert_eq!(opening(&h, &ada).invite, ada);
    assert_eq!(opening(&h, &ada).way, Way::NewAccount);
    let mac = link.rsplit_once('-').unwrap().1;
    for wrong in [
        "",
        "-",
        "1",
        "1-1",
        "1-1-",
        "x-1-1",
        "1--1",
        &format!("1-2-{mac}"),
        &format!("2-1-{mac}"),
        &format!("1-99-{mac}"),
        &format!("9-1-{mac}"),
        &link[..link.len() - 1],
        &format!("{link}0"),
        &link.to_uppercase(),
        &"9".repeat(5_000),
    ] {
        assert_eq!(open(&h, wrong), Opened::Nothing, "{wrong}");
    }
    let other = Sealer::new(&[8; 32]).link_key();
    let theirs = ada.path(h.ours.team, &other);
    assert_eq!(
        open(&h, theirs.rsplit_once('/').unwrap().1),
        Opened::Nothing
    );

    let member = h.member();
    h.store
        .write(move |tx| invites::revoke(tx, &member.may()?, bob.seq, NOW))
        .unwrap();
    assert_eq!(open(&h, &token(&h, &bob)), Opened::Nothing);
    let holder = opening(&h, &ada).holder;
    let again = holder.clone();
    let account = h
        .store
        .write(move |tx| {
            invites::join_with_password(tx, &holder, "Ada", hash(), Nonce::random(), NOW)
        })
        .unwrap();
    assert_eq!(account.name, "Ada");
    assert_eq!(open(&h, &link), Opened::Accepted);
    let twice = h.store.write(move |tx| {
        invites::join_with_password(tx, &again, "Eve", hash(), Nonce::random(), NOW)
    });
    assert!(matches!(twice, Err(Error::Conflict { .. })));
    assert_eq!(h.sign_in(&account), Ok(h.ours.team));
    h.is_clean("afterwards");
}

#[test]
fn a_link_never_gives_a_password_to_an_account_that_others_know() {
    let h = house(Preset::Standard);
    h.post(&h.theirs, &named("ada@example.com")).unwrap();
    h.loner("bob@example.com");
    for (email, way) in [
        ("ada@example.com", Way::Elsewhere),
        ("bob@example.com", Way::Password),
    ] {
        let member = h.member();
        let sent = h.store.write(move |tx| invite(tx, &member, email)).unwrap();
        let opening = opening(&h, &invited(sent));
        assert_eq!(opening.way, way, "{email}");
        let refused = h.store.write(move |tx| {
            invites::join_with_password(tx, &opening.holder, "Eve", hash(), Nonce::random(), NOW)
        });
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{email}");
    }
    let bob = h.loner("carl@example.com");
    assert_eq!(
        invites::waiting_for(&h.store.read().unwrap(), &bob).unwrap(),
        []
    );
    h.is_clean("afterwards");
}

#[test]
fn whoever_accepts_has_the_roles_of_the_invite() {
    let h = house(Preset::Standard);
    let holder = h.loner("ada@example.com");
    let roles = [Role::Admin, Role::Billing].into();
    let member = h.member();
    let sent = h
        .store
        .write(move |tx| {
            let nobody = invites::send(
                tx,
                &member.may()?,
                "x@x.example",
                &[].into(),
                Nonce::random(),
                NOW,
            );
            assert!(matches!(nobody, Err(Error::Field { field: "roles", .. })));
            invites::send(
                tx,
                &member.may()?,
                "ada@example.com",
                &roles,
                Nonce::random(),
                NOW,
            )
        })
        .unwrap();
    let waiting = invites::waiting_for(&h.store.read().unwrap(), &holder).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].0, waiting[0].1.as_str()), (h.ours.team, "Ours"));
    let user = accept_as(&h, &holder, invited(sent).seq).unwrap();
    assert_eq!(user.roles, [Role::Admin, Role::Billing].into());
}

#[test]
fn people_of_a_verified_domain_join_without_being_asked() {
    let h = house(Preset::Standard);
    for name in [
        "ada@example.com",
        "bob@example.com",
        "eve@elsewhere.example",
    ] {
        h.loner(name);
    }
    let (member, early) = (h.member(), h.member());
    for name in [
        "bob@example.com",
        "nobody@example.com",
        "eve@elsewhere.example",
    ] {
        let early = early.clone();
        invited(h.store.write(move |tx| invite(tx, &early, name)).unwrap());
    }
    h.verify("example.com");
    let sent = h
        .store
        .write(move |tx| invite(tx, &member, "ADA@example.com"))
        .unwrap();
    assert_eq!(sent, Sent::Joined);
    for (name, state) in [
        ("ada@example.com", Some(MemberState::Active)),
        ("bob@example.com", Some(MemberState::Active)),
        ("nobody@example.com", None),
        ("eve@elsewhere.example", None),
    ] {
        let found = h.find(&h.ours, name).map(|user| user.state());
        assert_eq!(found, state, "{name}");
    }
    let joined = mails(&h)
        .into_iter()
        .filter(|(kind, _)| *kind == MailKind::Joined);
    let to: Vec<String> = joined.map(|(_, to)| to).collect();
    assert_eq!(to, ["ADA@example.com", "bob@example.com"]);
    h.is_clean("afterwards");
}

#[test]
fn every_invite_has_a_mail_and_resending_writes_another() {
    let h = house(Preset::Postman);
    h.loner(PERSON);
    let user = h.post(&h.ours, &named(PERSON)).unwrap();
    let member = h.member();
    let emails = ["a@x.example", "bad", "b@x.example", "a@x.example"];
    let sent = h
        .store
        .write(move |tx| {
            let emails = emails.map(str::to_owned).into();
            let roles = Role::by_default();
            invites::send_all(tx, &member.may()?, emails, &roles, Nonce::random(), NOW)
        })
        .unwrap();
    let what: Vec<&str> = sent
        .iter()
        .map(|(_, sent)| match sent {
            Sent::Invited(_) => "invited",
            Sent::AlreadyInvited(_) => "already",
            Sent::BadAddress => "bad",
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(what, ["invited", "bad", "invited", "already"]);
    let (member, of_scim) = (h.member(), user.invite.unwrap());
    h.store
        .write(move |tx| invites::resend(tx, &member.may()?, of_scim, NOW))
        .unwrap();
    let to: Vec<String> = mails(&h).into_iter().map(|(_, to)| to).collect();
    assert_eq!(to, [PERSON, "b@x.example", "a@x.example", PERSON]);
    let member = h.member();
    let gone = h.store.write(move |tx| {
        invites::revoke(tx, &member.may()?, of_scim, NOW)?;
        invites::resend(tx, &member.may()?, of_scim, NOW)
    });
    assert!(matches!(gone, Err(Error::Conflict { .. })));
}

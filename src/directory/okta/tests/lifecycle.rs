//! Part 2.8: what a creation ends with, which transition is allowed from where, and what each sends.

use super::*;
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::lifecycle::{self, Transition, perform};
use crate::directory::okta::users::Deleted;
use crate::model::okta::CredentialProvider::{Federation, Okta, Social};
use crate::model::okta::UserStatus::{
    self, Active, Deprovisioned, LockedOut, PasswordExpired, Provisioned, Recovery, Staged,
    Suspended,
};
use crate::store::okta::users as rows;

/// The first table of 2.8.
#[test]
fn a_creation_ends_with_the_documented_status() {
    let password = || Some(sealed("Kv7J2LEa"));
    for (activate, password, change, provider, status) in [
        (false, None, false, Okta, Staged),
        (false, password(), false, Okta, Staged),
        (false, None, false, Federation, Staged),
        (true, None, false, Okta, Provisioned),
        (true, password(), false, Okta, Active),
        (true, password(), true, Okta, PasswordExpired),
        (true, None, false, Federation, Active),
        (true, None, false, Social, Active),
    ] {
        let lab = Lab::new("postman");
        let new = NewUser {
            activate,
            password,
            change_password: change,
            provider,
            ..person("Ann")
        };
        let made = lab.run(move |tx, admin| users::create(tx, admin, &new, now()));
        assert_eq!(made.status, status);
        assert_eq!(made.activated.is_some(), activate);
        assert_eq!(lab.queue(), [], "nobody is assigned");
    }
}

#[test]
fn credentials_that_do_not_go_together_are_refused() {
    for new in [
        NewUser {
            change_password: true,
            ..person("Ann")
        },
        NewUser {
            password: Some(sealed("x")),
            provider: Federation,
            ..person("Ann")
        },
    ] {
        let lab = Lab::new("postman");
        let refused = lab.attempt(move |tx, admin| users::create(tx, admin, &new, now()));
        assert_eq!(code(&refused.unwrap_err()), "E0000001");
    }
}

#[test]
fn a_login_is_unique_whatever_its_case_and_while_its_owner_is_deactivated() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    lab.run(move |tx, admin| lifecycle::deactivate(tx, admin, ann, now()));
    let mut again = person("Ann");
    again.profile.extend(profile(&[("login", "ANN@x.test")]));
    let refused = lab.attempt(move |tx, admin| users::create(tx, admin, &again, now()));
    let Err(Refusal::Invalid { subject, causes }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(subject, "login");
    assert_eq!(
        causes[0].text(),
        "login: An object with this field already exists in the current organization"
    );
}

/// The second table of 2.8: every transition from every status.
#[test]
fn transitions_are_allowed_from_the_documented_statuses_only() {
    type Row = (
        Transition,
        &'static [UserStatus],
        Option<UserStatus>,
        &'static str,
    );
    let table: [Row; 9] = [
        (
            Transition::Activate,
            &[Staged, Deprovisioned],
            Some(Provisioned),
            "E0000016",
        ),
        (
            Transition::Reactivate,
            &[Provisioned, Recovery],
            None,
            "E0000038",
        ),
        (
            Transition::Deactivate,
            &[
                Staged,
                Provisioned,
                Active,
                Recovery,
                PasswordExpired,
                LockedOut,
                Suspended,
            ],
            Some(Deprovisioned),
            "E0000038",
        ),
        (Transition::Suspend, &[Active], Some(Suspended), "E0000001"),
        (
            Transition::Unsuspend,
            &[Suspended],
            Some(Active),
            "E0000001",
        ),
        (Transition::Lock, &[Active], Some(LockedOut), "E0000038"),
        (Transition::Unlock, &[LockedOut], Some(Active), "E0000032"),
        (
            Transition::ExpirePassword,
            &[Active],
            Some(PasswordExpired),
            "E0000038",
        ),
        (
            Transition::ResetPassword,
            &[Active],
            Some(Recovery),
            "E0000038",
        ),
    ];
    assert_eq!(Transition::all().count(), table.len());
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    for (transition, from, to, refused) in table {
        for status in UserStatus::ALL {
            lab.run(move |tx, _| {
                let mut user = users::get(tx, ORG, ann)?;
                user.status = status;
                Ok(rows::put(tx, ORG, &user)?)
            });
            assert_eq!(transition.allowed(status), from.contains(&status));
            let ended = lab.attempt(move |tx, admin| perform(tx, admin, transition, ann, now()));
            match ended {
                Ok(user) => {
                    assert!(from.contains(&status), "{transition:?} from {status:?}");
                    assert_eq!(user.status, to.unwrap_or(status));
                }
                Err(refusal) => {
                    assert!(!from.contains(&status), "{transition:?} from {status:?}");
                    assert_eq!(code(&refusal), refused, "{transition:?} from {status:?}");
                    assert_eq!(lab.user(ann).status, status);
                }
            }
        }
    }
}

/// 2.8, activation: `PROVISIONED` without a password, `ACTIVE` with one.
#[test]
fn whoever_has_a_password_is_active_after_activation() {
    let lab = Lab::new("postman");
    let new = NewUser {
        activate: false,
        password: Some(sealed("Kv7J2LEa")),
        ..person("Ann")
    };
    let ann = lab.run(move |tx, admin| users::create(tx, admin, &new, now()));
    let ann = lab.run(move |tx, admin| lifecycle::activate(tx, admin, ann.seq, now()));
    assert_eq!(ann.status, Active);
    assert_eq!(ann.activated, Some(now()));
}

/// Active, assigned to the app and provisioned as `U1`; the queue is empty.
fn hired(lab: &Lab) -> Seq {
    let new = NewUser {
        password: Some(sealed("Kv7J2LEa")),
        ..person("Ann")
    };
    let ann = lab
        .run(move |tx, admin| users::create(tx, admin, &new, now()))
        .seq;
    assign(lab, ann);
    lab.provisioned(ann, "U1");
    ann
}

fn assign(lab: &Lab, user: Seq) {
    lab.run(move |tx, admin| {
        assignments::assign_user(tx, admin, KEY, user, &AppUserChange::default(), now())
    });
}

/// 2.8: "ACTIVE to SUSPENDED: none", "`LOCKED_OUT`: none", "`PASSWORD_EXPIRED`: none", and the ways back.
#[test]
fn suspension_locks_and_passwords_send_nothing_and_keep_assignments() {
    let lab = Lab::new("postman");
    let ann = hired(&lab);
    for transition in [
        Transition::Suspend,
        Transition::Unsuspend,
        Transition::Lock,
        Transition::Unlock,
        Transition::ResetPassword,
        Transition::Reactivate,
    ] {
        lab.run(move |tx, admin| perform(tx, admin, transition, ann, now()));
        assert_eq!(lab.queue(), [], "{transition:?}");
        assert!(lab.assigned(ann).is_some(), "{transition:?}");
    }
    lab.run(move |tx, admin| users::set_password(tx, admin, ann, &sealed("b"), now()));
    lab.run(move |tx, admin| perform(tx, admin, Transition::ExpirePassword, ann, now()));
    assert_eq!(lab.queue(), []);
    assert_eq!(lab.user(ann).status, PasswordExpired);
}

/// 2.8: "create activate=false: none until activation".
#[test]
fn a_staged_person_gets_an_account_when_activated() {
    let lab = Lab::new("postman");
    let new = NewUser {
        activate: false,
        ..person("Ann")
    };
    let ann = lab
        .run(move |tx, admin| users::create(tx, admin, &new, now()))
        .seq;
    assign(&lab, ann);
    assert_eq!(lab.queue(), []);
    lab.run(move |tx, admin| lifecycle::activate(tx, admin, ann, now()));
    assert_eq!(lab.queue(), [JobKind::Provision { user: ann }]);
}

/// 1.7: "`user.lifecycle.deactivate`, `application.user_membership.remove`, SCIM call".
#[test]
fn a_deactivation_ends_assignments_in_the_documented_order() {
    let lab = Lab::new("postman");
    let ann = hired(&lab);
    let before = lab.events(0).len();
    lab.run(move |tx, admin| lifecycle::deactivate(tx, admin, ann, now()));
    assert_eq!(
        lab.events(before),
        [
            "user.lifecycle.deactivate",
            "application.user_membership.remove"
        ]
    );
    assert_eq!(
        lab.queue(),
        [JobKind::Deactivate {
            user: ann,
            external_id: "U1".into(),
            user_name: "ann@x.test".into()
        }]
    );
    assert_eq!(lab.assigned(ann), None);
}

/// 1.8: "Reactivating the user does not restore direct assignments. Group-based assignments come back by themselves".
#[test]
fn after_a_reactivation_only_groups_assign_again() {
    let lab = Lab::new("postman");
    let ann = hired(&lab);
    lab.run(move |tx, admin| lifecycle::deactivate(tx, admin, ann, now()));
    lab.queue();
    lab.run(move |tx, admin| lifecycle::activate(tx, admin, ann, now()));
    assert_eq!((lab.queue(), lab.assigned(ann)), (vec![], None));

    lab.run(move |tx, admin| lifecycle::deactivate(tx, admin, ann, now()));
    let eng = lab.group("Eng").seq;
    lab.join(eng, ann);
    lab.run(move |tx, admin| {
        assignments::assign_group(tx, admin, KEY, eng, None, &Profile::new(), now())
    });
    assert_eq!(lab.assigned(ann), None, "not while deactivated");
    lab.run(move |tx, admin| lifecycle::activate(tx, admin, ann, now()));
    assert_eq!(lab.queue(), [JobKind::Provision { user: ann }]);
}

/// 2.8: "profile edit: not DEPROVISIONED by default", "DEPROVISIONED to deleted: none".
#[test]
fn a_deletion_takes_two_steps() {
    let lab = Lab::new("postman");
    let ann = hired(&lab);
    let first = lab.run(move |tx, admin| users::delete(tx, admin, ann, now()));
    assert_eq!(first, Deleted::Deactivated);
    assert_eq!(lab.queue().len(), 1);
    let changes = profile(&[("title", "x")]);
    let refused = lab.attempt(move |tx, admin| users::update(tx, admin, ann, &changes, now()));
    assert_eq!(code(&refused.unwrap_err()), "E0000038");
    let second = lab.run(move |tx, admin| users::delete(tx, admin, ann, now()));
    assert_eq!(second, Deleted::Gone);
    assert_eq!(lab.queue(), []);
    let gone = lab.attempt(move |tx, admin| users::delete(tx, admin, ann, now()));
    assert_eq!(code(&gone.unwrap_err()), "E0000007");
    lab.is_sound();
}

/// 1.9: "the user's Okta password is pushed when Okta sees it in clear".
#[test]
fn okta_passwords_are_pushed_where_they_are_synchronized() {
    let lab = Lab::new("scim2headerauth");
    let ann = hired(&lab);
    lab.run(move |tx, admin| users::set_password(tx, admin, ann, &sealed("a"), now()));
    assert_eq!(lab.queue(), []);
    let to_app = ToApp {
        sync_password: crate::model::okta::PasswordSync::Okta,
        ..EVERYTHING
    };
    lab.run(move |tx, admin| applications::save_to_app(tx, admin, KEY, to_app, now()));
    lab.run(move |tx, admin| users::set_password(tx, admin, ann, &sealed("b"), now()));
    let queue = lab.queue();
    assert!(
        matches!(&queue[..], [JobKind::PushPassword { user, password: Some(_) }] if *user == ann),
        "{queue:?}"
    );
}

//! Okta's manual QA plan, as far as an org and a target show it (part 4.7 of the Okta reference).

use super::*;
use crate::directory::okta::lifecycle::{self, Transition, perform};
use crate::model::okta::{AppUserStatus, AssignmentScope, AttributeScope, PasswordSync};

impl Lab {
    fn perform(&self, transition: Transition, user: Seq) {
        self.write(move |tx| Ok(perform(tx, &administrator(), transition, user, now())?));
    }

    fn deactivate_user(&self, user: Seq) {
        self.write(move |tx| Ok(lifecycle::deactivate(tx, &administrator(), user, now())?));
    }

    fn activate_user(&self, user: Seq) {
        self.write(move |tx| Ok(lifecycle::activate(tx, &administrator(), user, now())?));
    }

    fn grant(&self, group: Seq, values: &[(&str, &str)]) {
        let (key, profile) = (self.key, profile(values));
        self.write(move |tx| {
            let administrator = administrator();
            let granted =
                assignments::assign_group(tx, &administrator, key, group, None, &profile, now());
            Ok(granted?)
        });
    }

    fn revoke(&self, group: Seq) {
        let key = self.key;
        self.write(move |tx| {
            let administrator = administrator();
            Ok(assignments::unassign_group(
                tx,
                &administrator,
                key,
                group,
                now(),
            )?)
        });
    }

    /// The account with this user name.
    fn only_account(&self, user_name: &str) -> serde_json::Map<String, serde_json::Value> {
        let accounts = self.target.all("Users").into_iter();
        let mut found = accounts.filter(|account| account["userName"] == user_name);
        let account = found.next().unwrap();
        assert!(found.next().is_none(), "{user_name} is there twice");
        account
    }

    /// Nothing waits and nothing failed.
    fn is_calm(&self) {
        assert_eq!((self.tasks(), self.waiting()), (vec![], vec![]));
    }
}

fn profile(values: &[(&str, &str)]) -> Profile {
    let values = values.iter();
    values
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect()
}

/// C9306, C9339: while provisioning is off, an edit sends nothing; it is not sent later either.
#[test]
fn an_edit_sends_nothing_while_provisioning_is_off() {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    lab.configure(|app| app.provisioning.enabled = false);
    lab.change(ann, "title", "Boss");
    assert_eq!(lab.sent(), [""; 0]);
    lab.configure(|app| app.provisioning.enabled = true);
    assert_eq!(lab.sent(), [""; 0]);
    lab.change(ann, "title", "Chief");
    lab.drain();
    assert_eq!(lab.only_account("ann@x.test")["title"], "Chief");
}

/// C9289: a personal attribute cannot be given to a group, one for groups can.
#[test]
fn a_personal_attribute_is_given_to_people_only() {
    let lab = Lab::oin();
    lab.configure(|app| {
        for attribute in &mut app.attributes {
            if attribute.name == "title" {
                (attribute.scope, attribute.mapping) = (AttributeScope::SelfOnly, None);
            }
        }
    });
    let group = lab.group("Eng", &[]);
    let key = lab.key;
    let given = |name: &'static str| {
        lab.context.store.write(move |tx| -> Result<()> {
            let (administrator, values) = (administrator(), profile(&[(name, "x")]));
            assignments::assign_group(tx, &administrator, key, group, None, &values, now())?;
            Ok(())
        })
    };
    assert!(given("title").is_err());
    assert!(given("nickName").is_ok());
    let ann = lab.person("ann");
    lab.write(move |tx| {
        let change = AppUserChange {
            user_name: None,
            profile: profile(&[("title", "Boss")]),
        };
        Ok(assignments::assign_user(
            tx,
            &administrator(),
            key,
            ann,
            &change,
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.only_account("ann@x.test")["title"], "Boss");
}

/// C9334: every attribute of Okta's profile; C9336: a user name that is no e-mail address.
#[test]
fn every_attribute_is_pushed_without_an_error() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let ann = lab.person("ann");
        let values = [
            ("secondEmail", "v@x.test"),
            ("countryCode", "DE"),
            ("locale", "de_DE"),
            ("preferredLanguage", "de"),
            ("timezone", "Europe/Berlin"),
        ];
        for attribute in crate::mapping::okta::USER_ATTRIBUTES {
            let own = ["login", "email", "firstName", "lastName"];
            if !own.contains(&attribute.name) {
                let known = values.iter().find(|(name, _)| *name == attribute.name);
                lab.change(ann, attribute.name, known.map_or("v", |(_, value)| value));
            }
        }
        let key = lab.key;
        lab.write(move |tx| {
            let change = AppUserChange {
                user_name: Some("adoe".to_owned()),
                profile: Profile::new(),
            };
            Ok(assignments::assign_user(
                tx,
                &administrator(),
                key,
                ann,
                &change,
                now(),
            )?)
        });
        lab.drain();
        lab.is_calm();
        let account = lab.only_account("adoe");
        assert_eq!(account["emails"][0]["value"], "ann@x.test");
        let app = lab.app();
        let row = lab.row(ann);
        let mapped: Vec<&str> = app
            .attributes
            .iter()
            .filter(|attribute| attribute.mapping.is_some())
            .map(|attribute| attribute.name.as_str())
            .collect();
        assert!(mapped.len() > 20, "{mapped:?}");
        for name in mapped {
            assert!(row.profile.contains_key(name), "{name} has no value");
        }
        assert_eq!(account["addresses"][0]["country"], "DE");
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        assert_eq!(account[enterprise]["manager"]["value"], "v");
    }
}

/// C9307: a group is assigned, its people get accounts and are of the type Group; C9309, C9310, C9291: values of the
/// group, of the assignment and of the person are told; C9311: the group is taken away.
#[test]
fn a_group_gives_and_takes_accounts() {
    let lab = Lab::oin();
    let (ann, bob) = (lab.person("ann"), lab.person("bob"));
    let eng = lab.group("Eng", &[ann, bob]);
    lab.grant(eng, &[("title", "Engineer")]);
    lab.drain();
    for (user, name) in [(ann, "ann@x.test"), (bob, "bob@x.test")] {
        let row = lab.row(user);
        assert_eq!(
            (row.scope, row.status),
            (AssignmentScope::Group, AppUserStatus::Provisioned)
        );
        assert_eq!(lab.only_account(name)["title"], "Engineer");
    }
    // C9309.
    let (key, values) = (lab.key, profile(&[("title", "Developer")]));
    lab.write(move |tx| {
        let administrator = administrator();
        Ok(assignments::update_app_group(
            tx,
            &administrator,
            key,
            eng,
            None,
            Some(&values),
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.only_account("bob@x.test")["title"], "Developer");
    // C9291.
    lab.change(ann, "lastName", "Roe");
    lab.drain();
    assert_eq!(lab.only_account("ann@x.test")["name"]["familyName"], "Roe");
    // C9310: nothing maps to this one, so that it can be typed at the assignment.
    lab.configure(|app| {
        for attribute in &mut app.attributes {
            if attribute.name == "nickName" {
                attribute.mapping = None;
            }
        }
    });
    lab.write(move |tx| {
        let change = AppUserChange {
            user_name: None,
            profile: profile(&[("nickName", "Annie")]),
        };
        Ok(assignments::update_app_user(
            tx,
            &administrator(),
            key,
            ann,
            &change,
            now(),
        )?)
    });
    lab.drain();
    assert_eq!(lab.only_account("ann@x.test")["nickName"], "Annie");
    // C9311.
    lab.revoke(eng);
    lab.drain();
    for name in ["ann@x.test", "bob@x.test"] {
        assert_eq!(lab.only_account(name)["active"], false);
    }
    lab.is_calm();
}

/// C9292, C9294: a person is deactivated, or unassigned.
#[test]
fn whoever_goes_is_deactivated_at_the_target() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, _) = lab.provisioned("ann");
        let (bob, _) = lab.provisioned("bob");
        lab.deactivate_user(ann);
        lab.unassign(bob);
        lab.drain();
        for name in ["ann@x.test", "bob@x.test"] {
            assert_eq!(lab.only_account(name)["active"], false);
        }
        lab.is_calm();
    }
}

/// C9293: after a reactivation the account is the same one, active, with what changed; of itself only through a group.
#[test]
fn a_reactivation_comes_back_to_the_same_account() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, of_ann) = lab.provisioned("ann");
        let bob = lab.person("bob");
        let eng = lab.group("Eng", &[bob]);
        lab.grant(eng, &[]);
        lab.drain();
        let of_bob = lab.row(bob).external_id;
        for user in [ann, bob] {
            lab.deactivate_user(user);
        }
        lab.drain();
        for user in [ann, bob] {
            lab.activate_user(user);
            lab.change(user, "lastName", "Roe");
        }
        lab.drain();
        assert_eq!(
            lab.only_account("ann@x.test")["active"],
            false,
            "an admin must assign her"
        );
        assert_eq!(lab.only_account("bob@x.test")["active"], true);
        assert_eq!(lab.row(bob).external_id, of_bob);
        lab.assign(ann);
        lab.drain();
        assert_eq!(lab.row(ann).external_id, Some(of_ann));
        for name in ["ann@x.test", "bob@x.test"] {
            let account = lab.only_account(name);
            assert_eq!(
                (&account["active"], &account["name"]["familyName"]),
                (&json!(true), &json!("Roe"))
            );
        }
        lab.is_calm();
    }
}

/// C9295, C9300: suspending and the way back send nothing, and memberships stay.
#[test]
fn a_suspension_changes_nothing_at_the_target() {
    let lab = Lab::oin();
    let (ann, _) = lab.provisioned("ann");
    let password = lab.context.sealer.seal(&Plain::new("Kv7J2LEa"));
    lab.write(move |tx| {
        Ok(users::set_password(
            tx,
            &administrator(),
            ann,
            &password,
            now(),
        )?)
    });
    let group = lab.group("Eng", &[ann]);
    lab.push(group, "Eng");
    lab.drain();
    for transition in [Transition::Suspend, Transition::Unsuspend] {
        lab.perform(transition, ann);
        assert_eq!(lab.sent(), [""; 0], "{transition:?}");
    }
    let tx = lab.context.store.read().unwrap();
    assert!(crate::store::okta::groups::is_member(&tx, ORG, group, ann).unwrap());
    assert_eq!(lab.only_account("ann@x.test")["active"], true);
    assert_eq!(
        lab.target.all("Groups")[0]["members"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// C9301, C9302: the Okta password is sent with the account and at each change; the old one is no longer there.
#[test]
fn the_okta_password_is_sent_at_first_and_at_each_change() {
    for lab in [Lab::oin(), Lab::aiw()] {
        lab.configure(|app| app.to_app.sync_password = PasswordSync::Okta);
        let ann = lab.person("ann");
        let set = |text: &str| {
            let sealed = lab.context.sealer.seal(&Plain::new(text));
            lab.write(move |tx| {
                Ok(users::set_password(
                    tx,
                    &administrator(),
                    ann,
                    &sealed,
                    now(),
                )?)
            });
            lab.drain();
        };
        set("First-1");
        lab.assign(ann);
        lab.drain();
        assert_eq!(lab.only_account("ann@x.test")["password"], "First-1");
        set("Second-2");
        assert_eq!(lab.only_account("ann@x.test")["password"], "Second-2");
        lab.is_calm();
        // Neither is in the log.
        let tx = lab.context.store.read().unwrap();
        for event in lab.events() {
            for exchange in events::exchanges(&tx, ORG, event.seq).unwrap() {
                let said = format!("{exchange:?}");
                assert!(
                    !said.contains("First-1") && !said.contains("Second-2"),
                    "{said}"
                );
            }
        }
    }
}

/// C9312, C9317: a group with members, and an empty one.
#[test]
fn groups_are_pushed_with_members_and_without() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, id) = lab.provisioned("ann");
        for (name, people, members) in [
            (
                "Eng",
                vec![ann],
                json!([{ "value": id, "display": "ann@x.test" }]),
            ),
            ("Empty", vec![], json!([])),
        ] {
            let group = lab.group(name, &people);
            lab.push(group, name);
            lab.drain();
            let groups = lab.target.all("Groups").into_iter();
            let found: Vec<_> = groups
                .filter(|group| group["displayName"] == name)
                .collect();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0]["members"], members);
        }
        lab.is_calm();
    }
}

/// C9316: *Push Now* overwrites what somebody changed at the target.
#[test]
fn push_now_overwrites_what_was_changed_at_the_target() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let (ann, id) = lab.provisioned("ann");
        let group = lab.group("Eng", &[ann]);
        let mapping = lab.push(group, "Eng");
        lab.drain();
        let at = lab.target.all("Groups")[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        lab.target.change("Groups", &at, |group| {
            group.insert("members".into(), json!([{ "value": "stranger" }]));
        });
        lab.push_now(mapping);
        lab.drain();
        let members = json!([{ "value": id, "display": "ann@x.test" }]);
        assert_eq!(lab.target.all("Groups")[0]["members"], members);
    }
}

/// C9332, C9333 and 1.7: one group assigns the app and is pushed. Whoever comes into it gets an account and becomes a
/// member; whoever leaves it is no member any more, and is deactivated.
#[test]
fn a_group_that_is_pushed_and_assigns_does_both() {
    for lab in [Lab::oin(), Lab::aiw()] {
        let group = lab.group("Eng", &[]);
        lab.grant(group, &[]);
        lab.push(group, "Eng");
        lab.drain();
        let ann = lab.person("ann");
        lab.join(group, ann);
        lab.drain();
        let id = lab.row(ann).external_id.unwrap();
        let members = |lab: &Lab| lab.target.all("Groups")[0]["members"].clone();
        assert_eq!(
            members(&lab),
            json!([{ "value": id, "display": "ann@x.test" }])
        );
        lab.leave(group, ann);
        lab.drain();
        assert_eq!(members(&lab), json!([]));
        assert_eq!(lab.only_account("ann@x.test")["active"], false);
        lab.is_calm();
    }
}

//! Accounts: made, linked, refused, changed (parts 1.4 to 1.6 and 6 of the Okta reference).

use serde_json::{Value as Json, json};

use super::stage::Stage;
use super::{Actor, Need, Play, Scenario};
use crate::access::Member;
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::users::{self, NewUser};
use crate::error::Result;
use crate::id::Seq;
use crate::lab::faults::Fault;
use crate::model::Role;
use crate::model::okta::{AppUserStatus, PasswordSync, Profile, SyncState};
use crate::provider::invites;
use crate::secret::Plain;
use crate::sync::client::Method;
use crate::sync::okta as agent;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "hire",
        title: "Somebody is hired",
        about: "A person is made and assigned to the app. Okta looks for the account by its user name, finds none, and \
                makes it with one POST; the id in the answer is what Okta knows the account by from then on.",
        needs: &[Need::CreateUsers],
        play: Play::Okta(hire),
    },
    Scenario {
        name: "existing-account",
        title: "The account is there already",
        about: "Somebody has made an account at the target by hand. Okta finds it by its user name, links it instead of \
                making another one, and overwrites its profile.",
        needs: &[Need::CreateUsers, Need::UpdateAttributes],
        play: Play::Okta(existing_account),
    },
    Scenario {
        name: "conflict",
        title: "409: the target hides an account and refuses another one",
        about: "A target that leaves an account out of its answers, and then says that the user name is taken, stops \
                Okta: there is no second look. A task waits until somebody mends the target and presses Retry Selected.",
        needs: &[
            Need::CreateUsers,
            Need::Bundled(
                "Another one would have to leave an account out of the answer to the filter and answer 409 to the POST",
            ),
        ],
        play: Play::Okta(conflict),
    },
    Scenario {
        name: "pending-invite",
        title: "An invite waits, and Okta is refused",
        about: "A team administrator has invited somebody by hand. Postman's page about Okta tells of the error that \
                follows: the account cannot be made while the invite waits. The cure is to take the invite back and to \
                retry the task.",
        needs: &[Need::CreateUsers, Need::Inviting],
        play: Play::Okta(pending_invite),
    },
    Scenario {
        name: "rename",
        title: "Somebody marries",
        about: "The last name and the user name of a person change. Okta reads the account, changes what it maps in what \
                it read, and sends all of it back with one PUT: nothing that only the target knows is lost.",
        needs: &[Need::CreateUsers, Need::UpdateAttributes],
        play: Play::Okta(rename),
    },
    Scenario {
        name: "clear-attribute",
        title: "An attribute is cleared",
        about: "The display name of a person is taken away. What is cleared is left out of the PUT; a target that takes \
                a PUT for a change of what it names keeps the old value.",
        needs: &[Need::CreateUsers, Need::UpdateAttributes],
        play: Play::Okta(clear_attribute),
    },
    Scenario {
        name: "unassign",
        title: "Somebody does not need the app any more",
        about: "The assignment is taken away, and Okta deactivates the account: PATCH for apps of the catalogue, GET and \
                PUT for those of the wizard. Nothing is deleted.",
        needs: &[Need::CreateUsers, Need::DeactivateUsers],
        play: Play::Okta(unassign),
    },
    Scenario {
        name: "password",
        title: "Somebody changes the password",
        about: "With Sync Password on, the new password of the person is sent to the target. The System Log shows that it \
                was, and never what it is.",
        needs: &[Need::CreateUsers, Need::SyncPassword],
        play: Play::Okta(password),
    },
];

/// Somebody whom a scenario made.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) seq: Seq,
    pub(super) given: &'static str,
    pub(super) login: String,
}

impl Stage<'_> {
    /// The login of somebody, which nobody else has.
    pub(super) fn login(&self, given: &str) -> String {
        format!("{}.{}@scenarios.example", given.to_lowercase(), self.word)
    }

    /// The profile of somebody.
    pub(super) fn profile(&self, given: &str) -> Profile {
        let login = self.login(given);
        let profile = [
            ("login", login.clone()),
            ("email", login),
            ("firstName", given.to_owned()),
            ("lastName", "Doe".to_owned()),
            ("displayName", format!("{given} Doe")),
        ];
        profile
            .into_iter()
            .map(|(name, text)| (name.to_owned(), json!(text)))
            .collect()
    }

    /// Makes somebody who has signed in once.
    pub(super) fn person(&mut self, given: &'static str) -> Result<Person> {
        let login = self.login(given);
        let sealer = &self.cast.context.sealer;
        let new = NewUser {
            password: Some(sealer.seal(&Plain::new(format!("Aa1-{}", self.word)))),
            ..NewUser::active(self.profile(given))
        };
        let what = format!("{given} Doe is added to the org as {login}.");
        let seq = self.step(what, move |tx, administrator, _, now| {
            Ok(users::create(tx, administrator, &new, now)?.seq)
        })?;
        Ok(Person { seq, given, login })
    }

    /// Assigns somebody.
    pub(super) fn assign(&mut self, person: &Person) -> Result<()> {
        let user = person.seq;
        let what = format!("{} is assigned to the app.", person.given);
        self.step(what, move |tx, administrator, key, now| {
            let change = AppUserChange::default();
            assignments::assign_user(tx, administrator, key, user, &change, now)?;
            Ok(())
        })
    }

    /// Takes an assignment away.
    pub(super) fn unassign(&mut self, person: &Person) -> Result<()> {
        let user = person.seq;
        let what = format!("The assignment of {} is taken away.", person.given);
        self.step(what, move |tx, administrator, key, now| {
            Ok(assignments::unassign_user(
                tx,
                administrator,
                key,
                user,
                now,
            )?)
        })
    }

    /// Somebody with an account; its id at the target, which is empty when it could not be made.
    pub(super) fn provisioned(&mut self, given: &'static str) -> Result<(Person, String)> {
        let person = self.person(given)?;
        self.assign(&person)?;
        let id = self.external_id(&person)?;
        self.check(format!("{given} has an account"), !id.is_empty());
        Ok((person, id))
    }

    /// The id of somebody's account; empty without one.
    pub(super) fn external_id(&self, person: &Person) -> Result<String> {
        let assigned = self.assignment(person.seq)?;
        Ok(assigned.and_then(|one| one.external_id).unwrap_or_default())
    }

    /// What the target has of an account.
    pub(super) fn account(&mut self, id: &str) -> Result<Json> {
        let (_, account) = self.ask(
            "What the target has now.",
            Method::Get,
            &format!("Users/{id}"),
            None,
        )?;
        Ok(account)
    }

    /// An account that somebody else makes at the target; its id.
    pub(super) fn made_by_hand(&mut self, given: &str) -> Result<String> {
        let login = self.login(given);
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": login,
            "name": { "givenName": given, "familyName": "Somebody" },
            "emails": [{ "value": login, "type": "work", "primary": true }],
            "active": true,
        });
        let what = format!("Somebody else makes an account for {login}.");
        let (status, account) = self.ask(what, Method::Post, "Users", Some(body))?;
        self.check(
            "The target lets somebody else make an account",
            status == 201,
        );
        Ok(account["id"].as_str().unwrap_or_default().to_owned())
    }

    /// *Retry Selected* of the task about somebody.
    pub(super) fn retry(&mut self, person: &Person) -> Result<()> {
        let Some(task) = self.task(person.seq)? else {
            return Ok(());
        };
        let what = format!("Retry Selected, for the task of {}.", person.given);
        self.step(what, move |tx, administrator, _, now| {
            agent::retry(tx, administrator, task.seq, now)
        })
    }

    /// Whether somebody's account is what it should be, without a task.
    pub(super) fn is_in_sync(&self, person: &Person) -> Result<bool> {
        let assigned = self.assignment(person.seq)?;
        let synchronized = assigned.is_some_and(|one| {
            one.status == AppUserStatus::Provisioned && one.sync_state == SyncState::Synchronized
        });
        Ok(synchronized && self.task(person.seq)?.is_none())
    }

    /// Whether a task about somebody says something.
    pub(super) fn task_says(&self, person: &Person, text: &str) -> Result<bool> {
        Ok(self
            .task(person.seq)?
            .is_some_and(|task| task.text.contains(text)))
    }
}

fn hire(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    stage.check(
        "Nothing is sent before the assignment",
        stage.sent().is_empty(),
    );
    stage.assign(&ann)?;
    let sent = stage.sent();
    stage.check(
        "One lookup and one POST",
        sent == ["GET Users?filter", "POST Users"],
    );
    stage.check(
        "Ann is provisioned and synchronized",
        stage.is_in_sync(&ann)?,
    );
    let id = stage.external_id(&ann)?;
    let account = stage.account(&id)?;
    stage.check("The account is active", account["active"] == true);
    let login = ann.login.as_str();
    stage.check("It has her user name", account["userName"] == login);
    Ok(())
}

fn existing_account(stage: &mut Stage<'_>) -> Result<()> {
    let id = stage.made_by_hand("Ann")?;
    let ann = stage.person("Ann")?;
    stage.assign(&ann)?;
    let posts = stage.sent().iter().any(|request| request == "POST Users");
    stage.check("No second account is made", !posts);
    let linked = stage.external_id(&ann)?;
    stage.check("Ann is linked to the account that was there", linked == id);
    let account = stage.account(&id)?;
    stage.check(
        "Its profile is that of Okta",
        account["name"]["familyName"] == "Doe",
    );
    Ok(())
}

/// What a target answers that finds nobody.
const NOBODY: Fault = Fault::Answer {
    status: 200,
    content_type: "application/scim+json",
    retry_after: None,
    body: r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#,
};

fn conflict(stage: &mut Stage<'_>) -> Result<()> {
    let id = stage.made_by_hand("Ann")?;
    let ann = stage.person("Ann")?;
    let hides = stage.arm("The target leaves her account out of its answers.", NOBODY)?;
    stage.assign(&ann)?;
    let sent = stage.sent();
    stage.check(
        "One lookup and one POST, and no second look",
        sent == ["GET Users?filter", "POST Users"],
    );
    stage.check(
        "A task tells of the conflict",
        stage.task_says(&ann, "Error while creating user Ann Doe: Conflict.")?,
    );
    stage.check(
        "Ann has no account in Okta",
        stage.external_id(&ann)?.is_empty(),
    );
    drop(hides);
    stage.note(Actor::Target, "The target is mended: it shows the account.");
    stage.retry(&ann)?;
    stage.check(
        "Ann is linked to the account",
        stage.external_id(&ann)? == id,
    );
    stage.check("The task is gone", stage.task(ann.seq)?.is_none());
    Ok(())
}

fn pending_invite(stage: &mut Stage<'_>) -> Result<()> {
    let Some(team) = stage.cast.bundled.as_ref().map(|bundled| bundled.team) else {
        return Ok(());
    };
    let (email, nonce) = (stage.login("Ann"), stage.cast.nonce.nth(1));
    let invited = email.clone();
    let invite = stage.write(move |tx, _, _, now| {
        let may = Member::of_this_process(team).may()?;
        let roles = [Role::Developer].into();
        invites::send(tx, &may, &invited, &roles, nonce, now)
    })?;
    stage.note(
        Actor::Target,
        format!("A team administrator invites {email} by hand."),
    );
    let ann = stage.person("Ann")?;
    stage.assign(&ann)?;
    stage.check(
        "A task tells of the invite",
        stage.task_says(&ann, "Error while creating user Ann Doe: Conflict.")?
            && stage.task_says(&ann, "pending invite")?,
    );
    stage.check(
        "Ann has no account in Okta",
        stage.external_id(&ann)?.is_empty(),
    );
    if let invites::Sent::Invited(invite) = invite {
        stage.write(move |tx, _, _, now| {
            let may = Member::of_this_process(team).may()?;
            invites::revoke(tx, &may, invite.seq, now)
        })?;
    }
    stage.note(
        Actor::Target,
        "The team administrator takes the invite back.",
    );
    stage.retry(&ann)?;
    let sent = stage.sent();
    stage.check(
        "Okta looks again and makes the account",
        sent == ["GET Users?filter", "POST Users"],
    );
    stage.check("Ann has an account", !stage.external_id(&ann)?.is_empty());
    stage.check("The task is gone", stage.task(ann.seq)?.is_none());
    Ok(())
}

fn rename(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    let login = stage.login("Ann.Roe");
    let changes: Profile = [
        ("lastName", "Roe"),
        ("displayName", "Ann Roe"),
        ("login", &login),
        ("email", &login),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), json!(text)))
    .collect();
    let what = format!("Ann takes the name Roe; her login becomes {login}.");
    stage.step(what, move |tx, administrator, _, now| {
        users::update(tx, administrator, ann.seq, &changes, now)?;
        Ok(())
    })?;
    let sent = stage.sent();
    stage.check(
        "All changes are one GET and one PUT",
        sent == ["GET Users/{id}", "PUT Users/{id}"],
    );
    let put = stage.bodies("PUT Users/{id}").pop().unwrap_or_default();
    stage.check(
        "The PUT carries the new last name",
        put["name"]["familyName"] == "Roe",
    );
    stage.check(
        "The PUT carries the id that was read",
        put["id"] == id.as_str(),
    );
    if !stage.app()?.to_app.exclude_username_updates {
        let login = login.as_str();
        stage.check(
            "The PUT carries the new user name",
            put["userName"] == login,
        );
    }
    let account = stage.account(&id)?;
    stage.check(
        "The target has the new last name",
        account["name"]["familyName"] == "Roe",
    );
    Ok(())
}

fn clear_attribute(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    let cleared: Profile = [("displayName".to_owned(), Json::Null)].into();
    let what = "The display name of Ann is taken away.";
    stage.step(what, move |tx, administrator, _, now| {
        users::update(tx, administrator, ann.seq, &cleared, now)?;
        Ok(())
    })?;
    let put = stage.bodies("PUT Users/{id}").pop().unwrap_or_default();
    stage.check("The account is read and replaced", put["id"] == id.as_str());
    stage.check(
        "The PUT carries no display name",
        put.get("displayName").is_none_or(|text| text == ""),
    );
    stage.check(
        "Nothing waits for an administrator",
        stage.is_in_sync(&ann)?,
    );
    stage.account(&id)?;
    Ok(())
}

fn unassign(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    stage.unassign(&ann)?;
    let puts = stage.app()?.flavour.puts();
    let sent = stage.sent();
    stage.check(
        if puts {
            "One GET and one PUT"
        } else {
            "One PATCH"
        },
        if puts {
            sent == ["GET Users/{id}", "PUT Users/{id}"]
        } else {
            sent == ["PATCH Users/{id}"]
        },
    );
    stage.check(
        "The assignment is gone",
        stage.assignment(ann.seq)?.is_none(),
    );
    let account = stage.account(&id)?;
    stage.check(
        "The account is there and inactive",
        account["active"] == false,
    );
    Ok(())
}

fn password(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, _) = stage.provisioned("Ann")?;
    debug_assert_eq!(stage.app()?.to_app.sync_password, PasswordSync::Okta);
    let secret = format!("Bb2-{}", stage.word);
    let sealed = stage.cast.context.sealer.seal(&Plain::new(secret.as_str()));
    stage.step(
        "Ann changes her password.",
        move |tx, administrator, _, now| {
            users::set_password(tx, administrator, ann.seq, &sealed, now)?;
            Ok(())
        },
    )?;
    let told = "application.provision.user.push_okta_password";
    stage.check(
        "The password was sent",
        stage.was_told(told) && stage.failures().is_empty(),
    );
    let bodies = stage.bodies("PATCH Users/{id}").into_iter();
    let shown = bodies.chain(stage.bodies("PUT Users/{id}"));
    let hidden = shown
        .map(|body| body.to_string())
        .all(|body| !body.contains(&secret));
    stage.check("It is not shown", hidden);
    Ok(())
}

//! People who leave, come back and rest (parts 1.7, 1.8 and 2.8 of the Okta reference).

use super::people::Person;
use super::stage::Stage;
use super::{Need, Play, Scenario};
use crate::directory::okta::assignments;
use crate::directory::okta::groups::{self, GroupProfile};
use crate::directory::okta::lifecycle::{self, Transition};
use crate::error::Result;
use crate::model::okta::Profile;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "leave",
        title: "Somebody leaves",
        about: "A person is deactivated in Okta. That takes all of the person's assignments away, and each takes an \
                account with it: the target is told to deactivate it, not to delete it.",
        needs: &[Need::CreateUsers, Need::DeactivateUsers],
        play: Play::Okta(leave),
    },
    Scenario {
        name: "rehire",
        title: "Somebody comes back",
        about: "Who was deactivated is activated again. An assignment in person does not come back by itself; when an \
                administrator renews it, Okta finds the inactive account and reactivates it. Targets that hide inactive \
                accounts fail here.",
        needs: &[Need::CreateUsers, Need::DeactivateUsers],
        play: Play::Okta(rehire),
    },
    Scenario {
        name: "rehire-through-group",
        title: "Somebody comes back, and a group knows what is needed",
        about: "Assigned through a group, a person who was deactivated and activated again has the app at once, with the \
                account that was there before.",
        needs: &[Need::CreateUsers, Need::DeactivateUsers],
        play: Play::Okta(rehire_through_group),
    },
    Scenario {
        name: "suspend",
        title: "Somebody is suspended, and nothing is sent",
        about: "Suspending keeps somebody out of Okta and leaves every assignment: no target learns of it. Who wants the \
                account to be closed has to deactivate the person, or to take the assignment away.",
        needs: &[Need::CreateUsers],
        play: Play::Okta(suspend),
    },
];

impl Stage<'_> {
    fn change(&mut self, what: &str, person: &Person, transition: Transition) -> Result<()> {
        let user = person.seq;
        self.step(what, move |tx, administrator, _, now| {
            lifecycle::perform(tx, administrator, transition, user, now)?;
            Ok(())
        })
    }

    fn leaves(&mut self, person: &Person) -> Result<()> {
        let what = format!("{} is deactivated in Okta.", person.given);
        self.change(&what, person, Transition::Deactivate)
    }

    fn returns(&mut self, person: &Person) -> Result<()> {
        let what = format!("{} is activated again.", person.given);
        self.change(&what, person, Transition::Activate)
    }
}

fn leave(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    stage.leaves(&ann)?;
    let told = "application.provision.user.deactivate";
    stage.check(
        "The deactivation was sent",
        stage.was_told(told) && stage.failures().is_empty(),
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

fn rehire(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    stage.leaves(&ann)?;
    stage.returns(&ann)?;
    stage.check(
        "Nothing is sent: an assignment in person does not come back",
        stage.sent().is_empty() && stage.assignment(ann.seq)?.is_none(),
    );
    stage.assign(&ann)?;
    let posts = stage.sent().iter().any(|request| request == "POST Users");
    stage.check("No second account is made", !posts);
    stage.check(
        "Ann has the account that she had",
        stage.external_id(&ann)? == id,
    );
    let account = stage.account(&id)?;
    stage.check("The account is active again", account["active"] == true);
    Ok(())
}

fn rehire_through_group(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    let name = format!("Designers {}", stage.word);
    let what = format!("Ann is put into the group {name}, which is assigned to the app.");
    let user = ann.seq;
    stage.step(what, move |tx, administrator, key, now| {
        let wanted = GroupProfile {
            name,
            description: String::new(),
        };
        let group = groups::create(tx, administrator, &wanted, now)?.seq;
        groups::add_member(tx, administrator, group, user, now)?;
        let values = Profile::new();
        assignments::assign_group(tx, administrator, key, group, None, &values, now)?;
        Ok(())
    })?;
    let id = stage.external_id(&ann)?;
    stage.check("Ann has an account", !id.is_empty());
    stage.leaves(&ann)?;
    stage.check(
        "The assignment is gone",
        stage.assignment(ann.seq)?.is_none(),
    );
    stage.returns(&ann)?;
    stage.check(
        "Ann has the account that she had, without anybody's doing",
        stage.external_id(&ann)? == id,
    );
    let account = stage.account(&id)?;
    stage.check("The account is active again", account["active"] == true);
    Ok(())
}

fn suspend(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, id) = stage.provisioned("Ann")?;
    stage.change("Ann is suspended.", &ann, Transition::Suspend)?;
    stage.check("Nothing is sent", stage.request_count() == 0);
    stage.check(
        "Ann is still assigned",
        stage.assignment(ann.seq)?.is_some(),
    );
    stage.change("The suspension ends.", &ann, Transition::Unsuspend)?;
    stage.check("Nothing is sent at its end", stage.request_count() == 0);
    let account = stage.account(&id)?;
    stage.check(
        "The account was active all the time",
        account["active"] == true,
    );
    Ok(())
}

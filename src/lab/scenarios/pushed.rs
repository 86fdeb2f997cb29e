//! Groups that are pushed (part 1.11 of the Okta reference).

use serde_json::{Value as Json, json};

use super::people::Person;
use super::stage::Stage;
use super::{Need, Play, Scenario};
use crate::directory::okta::assignments;
use crate::directory::okta::groups::{self, GroupProfile};
use crate::directory::okta::push::{self, NewPush, PushTarget};
use crate::directory::okta::users::{self, NewUser};
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::{Profile, PushMappingStatus};
use crate::store::okta::{groups as group_rows, push as rows};
use crate::sync::client::Method;

/// People in the large group.
const MANY: usize = 500;
/// People made by one closure.
const CHUNK: usize = 100;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "push-group",
        title: "A group is pushed, changes, and goes",
        about: "Everything that Push Groups does to a group of its own: it is made, renamed, somebody joins, somebody \
                leaves, Push now, everybody leaves, and in the end it is unlinked and deleted at the target.",
        needs: &[Need::CreateUsers, Need::PushGroups],
        play: Play::Okta(push_group),
    },
    Scenario {
        name: "push-existing-group",
        title: "The group is there already",
        about: "The target has a group of the same name, and Okta links it instead of making another one. An app of the \
                wizard finds it by asking for the name; one of the catalogue does not ask, and has to know it, from an \
                import or because it pushed it before. Unlinked with Leave, it stays at the target with its members.",
        needs: &[Need::CreateUsers, Need::PushGroups],
        play: Play::Okta(push_existing_group),
    },
    Scenario {
        name: "member-not-assigned",
        title: "A member of a pushed group is not assigned",
        about: "Only people who are assigned to the app, and have an account there, are members of a pushed group at the \
                target. The others are left out, and an event says so. Assigned later, they follow.",
        needs: &[Need::CreateUsers, Need::PushGroups],
        play: Play::Okta(member_not_assigned),
    },
    Scenario {
        name: "large-group",
        title: "A group of 500",
        about: "500 people are assigned through one group and are the members of another one, which is pushed: in pieces \
                of 100 with PATCH, in one body with PUT. Leaves 500 people in the org and at the target.",
        needs: &[Need::CreateUsers, Need::PushGroups],
        play: Play::Okta(large_group),
    },
];

/// A group that a scenario pushes.
struct Pushed {
    group: Seq,
    mapping: Seq,
}

impl Stage<'_> {
    fn named(&self, name: &str) -> String {
        format!("{name} {}", self.word)
    }

    fn group(&self, name: &str, members: Vec<Seq>) -> Result<Seq> {
        let name = self.named(name);
        self.write(move |tx, administrator, _, now| {
            let description = String::new();
            let wanted = GroupProfile { name, description };
            let group = groups::create(tx, administrator, &wanted, now)?.seq;
            for member in members {
                groups::add_member(tx, administrator, group, member, now)?;
            }
            Ok(group)
        })
    }

    fn push(&mut self, what: impl Into<String>, name: &str, members: &[&Person]) -> Result<Pushed> {
        let people = members.iter().map(|person| person.seq).collect();
        let group = self.group(name, people)?;
        self.push_that(what, name, group)
    }

    fn push_that(&mut self, what: impl Into<String>, name: &str, group: Seq) -> Result<Pushed> {
        let name = self.named(name);
        let mapping = self.step(what, move |tx, administrator, key, now| {
            let new = NewPush {
                group,
                target: PushTarget::Named(name),
                active: true,
            };
            Ok(push::create(tx, administrator, key, &new, now)?.seq)
        })?;
        Ok(Pushed { group, mapping })
    }

    /// The id of a pushed group at the target; empty without one.
    fn target_of(&self, pushed: &Pushed) -> Result<String> {
        let tx = self.cast.context.store.read()?;
        let key = self.cast.key;
        let mapping = rows::find(&tx, key, pushed.mapping)?;
        let group = match mapping.and_then(|mapping| mapping.target) {
            Some(row) => group_rows::find(&tx, key.org, row)?,
            None => None,
        };
        Ok(group
            .and_then(|group| group.external_id)
            .unwrap_or_default())
    }

    fn pushes(&self, pushed: &Pushed) -> Result<bool> {
        let tx = self.cast.context.store.read()?;
        let mapping = rows::find(&tx, self.cast.key, pushed.mapping)?;
        Ok(mapping.is_some_and(|mapping| mapping.status == PushMappingStatus::Active))
    }

    /// What the target has of a group.
    fn at_target(&mut self, id: &str) -> Result<(u16, Json)> {
        let path = format!("Groups/{id}");
        self.ask("What the target has now.", Method::Get, &path, None)
    }

    fn joins(&mut self, pushed: &Pushed, person: &Person) -> Result<()> {
        let (group, user) = (pushed.group, person.seq);
        let what = format!("{} joins the group.", person.given);
        self.step(what, move |tx, administrator, _, now| {
            groups::add_member(tx, administrator, group, user, now)?;
            Ok(())
        })
    }

    fn quits(&mut self, pushed: &Pushed, person: &Person) -> Result<()> {
        let (group, user) = (pushed.group, person.seq);
        let what = format!("{} leaves the group.", person.given);
        self.step(what, move |tx, administrator, _, now| {
            groups::remove_member(tx, administrator, group, user, now)?;
            Ok(())
        })
    }

    fn unlink(&mut self, what: &str, pushed: &Pushed, delete: bool) -> Result<()> {
        let mapping = pushed.mapping;
        self.step(what, move |tx, administrator, key, now| {
            Ok(push::unlink(tx, administrator, key, mapping, delete, now)?)
        })
    }
}

/// The members of a group, by id, in order.
fn members(group: &Json) -> Vec<String> {
    let members = group["members"].as_array().into_iter().flatten();
    let mut ids: Vec<String> = members
        .filter_map(|member| Some(member["value"].as_str()?.to_owned()))
        .collect();
    ids.sort();
    ids
}

fn push_group(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, a) = stage.provisioned("Ann")?;
    let (bob, b) = stage.provisioned("Bob")?;
    let pushed = stage.push(
        "The group Engineers, with Ann in it, is pushed.",
        "Engineers",
        &[&ann],
    )?;
    let id = stage.target_of(&pushed)?;
    stage.check(
        "The group is made",
        stage.sent().contains(&"POST Groups".to_owned()),
    );
    let (_, group) = stage.at_target(&id)?;
    stage.check("Ann is its member", members(&group) == [a.as_str()]);

    let name = stage.named("Makers");
    let (renamed, row) = (name.clone(), pushed.group);
    stage.step(
        "The group is renamed to Makers.",
        move |tx, administrator, _, now| {
            let description = String::new();
            let name = renamed;
            groups::update(
                tx,
                administrator,
                row,
                &GroupProfile { name, description },
                now,
            )?;
            Ok(())
        },
    )?;
    stage.joins(&pushed, &bob)?;
    let (_, group) = stage.at_target(&id)?;
    let mut both = [a.clone(), b.clone()];
    both.sort();
    stage.check("Both are members", members(&group) == both);
    if stage.app()?.rename_app_groups {
        stage.check(
            "The target has the new name",
            group["displayName"] == name.as_str(),
        );
    }
    stage.quits(&pushed, &ann)?;
    let mapping = pushed.mapping;
    stage.step("Push now.", move |tx, administrator, key, now| {
        push::push_now(tx, administrator, key, mapping, now)?;
        Ok(())
    })?;
    let (_, group) = stage.at_target(&id)?;
    stage.check("Bob is left", members(&group) == [b.as_str()]);
    stage.quits(&pushed, &bob)?;
    let (_, group) = stage.at_target(&id)?;
    stage.check("Nobody is left", members(&group).is_empty());
    stage.check("The mapping is active", stage.pushes(&pushed)?);
    stage.unlink(
        "The group is unlinked and deleted at the target.",
        &pushed,
        true,
    )?;
    stage.check("One DELETE", stage.sent() == ["DELETE Groups/{id}"]);
    let (status, _) = stage.at_target(&id)?;
    stage.check("The target has the group no more", status == 404);
    Ok(())
}

/// A group that is at the target before it is pushed; its id.
fn existing_group(stage: &mut Stage<'_>) -> Result<String> {
    if !stage.app()?.flavour.puts() {
        let pushed = stage.push("The group Engineers is pushed.", "Engineers", &[])?;
        let id = stage.target_of(&pushed)?;
        let what = "It is unlinked and deleted in Okta; the target keeps it.";
        let (mapping, group) = (pushed.mapping, pushed.group);
        stage.step(what, move |tx, administrator, key, now| {
            push::unlink(tx, administrator, key, mapping, false, now)?;
            Ok(groups::delete(tx, administrator, group, now)?)
        })?;
        return Ok(id);
    }
    let name = stage.named("Engineers");
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": [],
    });
    let what = format!("Somebody else makes the group {name}.");
    let (status, group) = stage.ask(what, Method::Post, "Groups", Some(body))?;
    let made = status == 201;
    stage.check("The target lets somebody else make a group", made);
    Ok(group["id"].as_str().unwrap_or_default().to_owned())
}

fn push_existing_group(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, a) = stage.provisioned("Ann")?;
    let id = existing_group(stage)?;
    let what = "A group of the same name, with Ann in it, is pushed.";
    let pushed = stage.push(what, "Engineers", &[&ann])?;
    let posts = stage.sent().contains(&"POST Groups".to_owned());
    stage.check("No second group is made", !posts);
    let linked = stage.target_of(&pushed)? == id;
    stage.check("The group that was there is linked", linked);
    let (_, group) = stage.at_target(&id)?;
    stage.check("Ann is its member", members(&group).contains(&a));
    let what = "The group is unlinked; the target keeps it.";
    stage.unlink(what, &pushed, false)?;
    stage.check("Nothing is sent", stage.request_count() == 0);
    let (status, group) = stage.at_target(&id)?;
    let kept = status == 200 && members(&group).contains(&a);
    stage.check("The group is there with its member", kept);
    Ok(())
}

fn member_not_assigned(stage: &mut Stage<'_>) -> Result<()> {
    let (ann, a) = stage.provisioned("Ann")?;
    let bob = stage.person("Bob")?;
    let what =
        "The group Engineers, with Ann and Bob in it, is pushed; Bob is not assigned to the app.";
    let pushed = stage.push(what, "Engineers", &[&ann, &bob])?;
    let told = "app.user_management.grouppush.mapping.okta.users.ignored";
    stage.check(
        "An event tells of those who are left out",
        stage.was_told(told),
    );
    let id = stage.target_of(&pushed)?;
    let (_, group) = stage.at_target(&id)?;
    stage.check("Only Ann is a member", members(&group) == [a.as_str()]);
    stage.assign(&bob)?;
    let b = stage.external_id(&bob)?;
    let (_, group) = stage.at_target(&id)?;
    let mut both = [a, b];
    both.sort();
    stage.check(
        "Bob follows when he has an account",
        members(&group) == both,
    );
    Ok(())
}

fn large_group(stage: &mut Stage<'_>) -> Result<()> {
    let mut people = Vec::with_capacity(MANY);
    for chunk in (0..MANY).collect::<Vec<_>>().chunks(CHUNK) {
        let profiles = chunk.iter().map(|number| {
            let mut profile = stage.profile("Ann");
            let login = json!(stage.login(&format!("ann{number}")));
            profile.insert("login".to_owned(), login.clone());
            profile.insert("email".to_owned(), login);
            profile
        });
        let profiles: Vec<Profile> = profiles.collect();
        people.extend(stage.write(move |tx, administrator, _, now| {
            let create = |profile| {
                let new = NewUser::active(profile);
                Ok(users::create(tx, administrator, &new, now)?.seq)
            };
            profiles
                .into_iter()
                .map(create)
                .collect::<Result<Vec<Seq>>>()
        })?);
    }
    let assigned = stage.group("Assigned", people.clone())?;
    let pushed = stage.group("Pushed", people.clone())?;
    let what = "500 people are made, and the group that they are in is assigned to the app.";
    stage.step(what, move |tx, administrator, key, now| {
        let values = Profile::new();
        assignments::assign_group(tx, administrator, key, assigned, None, &values, now)?;
        Ok(())
    })?;
    let mut accounts = 0;
    for person in people {
        let assigned = stage.assignment(person)?;
        accounts += usize::from(assigned.is_some_and(|one| one.external_id.is_some()));
    }
    stage.check("Everybody has an account", accounts == MANY);
    let pushed = stage.push_that(
        "Another group with the same people is pushed.",
        "Pushed",
        pushed,
    )?;
    let app = stage.app()?;
    if !app.flavour.puts() {
        let pieces = MANY.div_ceil(app.wire.members_per_patch.max(1));
        let patches = stage.sent();
        let patches = patches.iter().filter(|one| *one == "PATCH Groups/{id}");
        let enough = patches.count() >= pieces;
        stage.check(
            format!("The members come in {pieces} pieces at least"),
            enough,
        );
    }
    let id = stage.target_of(&pushed)?;
    let (_, group) = stage.at_target(&id)?;
    stage.check("The target has everybody", members(&group).len() == MANY);
    Ok(())
}

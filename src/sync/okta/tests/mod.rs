//! Queues of an org against a small target in this process: what goes over the wire, and what the administrator sees.

mod golden;
mod import_misbehaviour;
mod importing;
mod misbehaviour;
mod patience;
mod people;
mod pushed;
mod quality;
mod queue;
mod reactivated;
mod schema;
mod silence;
mod sourcing;

use std::sync::Arc;

use serde_json::json;

use super::drain;
use crate::access::OrgAdministrator;
use crate::clock::{Clock as _, FixedClock, Timestamp};
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::groups::GroupProfile;
use crate::directory::okta::push::{NewPush, PushTarget};
use crate::directory::okta::users::NewUser;
use crate::directory::okta::{apps, groups, imports, orgs, push, templates, users};
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::{
    AppAuthentication, AppUser, ImportRun, ImportedUser, OktaApp, OktaUser, Profile,
    ProvisioningJob, PushMapping, SystemEvent, Task, ToApp, ToOkta,
};
use crate::secret::{Plain, Sealer};
use crate::store::okta::{AppKey, app_users, events, imports as import_rows, jobs, tasks};
use crate::store::{Store, Write};
use crate::sync::context::AgentContext;
use crate::sync::testing::{Target, operator};

const ORG: Seq = Seq(1);

fn now() -> Timestamp {
    Timestamp::from_millis(1_750_000_000_000)
}

fn administrator() -> OrgAdministrator {
    OrgAdministrator::of(&operator(), ORG)
}

/// An org with an app whose connection leads to a target.
struct Lab {
    target: Target,
    context: AgentContext,
    clock: Arc<FixedClock>,
    key: AppKey,
}

impl Lab {
    /// An app of a template, everything on but passwords.
    fn new(template: &'static str) -> Self {
        let target = Target::start();
        let clock = Arc::new(FixedClock::new(now()));
        let store = Store::in_memory().unwrap();
        let context = AgentContext::new(store, clock.clone(), Sealer::new(&[7; 32]));
        let lab = Self {
            target,
            context,
            clock,
            key: AppKey {
                org: ORG,
                app: Seq(1),
            },
        };
        lab.write(move |tx| {
            orgs::create(tx, &operator(), "Example", "example", now())?;
            let template = templates::find(template).unwrap();
            apps::create(tx, &administrator(), template, "App", now())?;
            Ok(())
        });
        lab.configure(|app| {
            app.to_app = ToApp {
                create_users: true,
                update_attributes: true,
                deactivate_users: true,
                ..ToApp::default()
            };
        });
        lab.connect(&lab.target.url.clone(), "secret-token");
        lab
    }

    /// The wizard's app: GET and PUT.
    fn aiw() -> Self {
        Self::new("aiw")
    }

    /// An app of the catalogue: PATCH.
    fn oin() -> Self {
        Self::new("scim2headerauth")
    }

    fn connect(&self, url: &str, token: &str) {
        let (url, sealer) = (url.to_owned(), self.context.sealer.clone());
        let token = sealer.seal(&Plain::new(token));
        self.configure(|app| {
            app.provisioning.enabled = true;
            app.provisioning.base_url = url;
            app.provisioning.authentication = Some(AppAuthentication::Bearer { token });
        });
    }

    /// Changes the row of the app directly.
    fn configure(&self, change: impl FnOnce(&mut OktaApp)) {
        let mut app = self.app();
        change(&mut app);
        self.write(move |tx| Ok(crate::store::okta::apps::put(tx, ORG, &app)?));
    }

    fn app(&self) -> OktaApp {
        apps::get(&self.context.store.read().unwrap(), self.key).unwrap()
    }

    fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.context.store.write(f).unwrap()
    }

    /// `ann Doe`, whose login is `ann@x.test`.
    fn person(&self, name: &str) -> Seq {
        let profile: Profile = [
            ("login", format!("{name}@x.test")),
            ("email", format!("{name}@x.test")),
            ("firstName", name.to_owned()),
            ("lastName", "Doe".to_owned()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect();
        self.write(move |tx| {
            let new = NewUser::active(profile);
            Ok(users::create(tx, &administrator(), &new, now())?.seq)
        })
    }

    fn change(&self, user: Seq, attribute: &str, value: &str) {
        let changes: Profile = [(attribute.to_owned(), json!(value))].into();
        self.write(move |tx| Ok(users::update(tx, &administrator(), user, &changes, now())?));
    }

    fn assign(&self, user: Seq) {
        let key = self.key;
        self.write(move |tx| {
            let change = AppUserChange::default();
            Ok(assignments::assign_user(
                tx,
                &administrator(),
                key,
                user,
                &change,
                now(),
            )?)
        });
    }

    fn unassign(&self, user: Seq) {
        let key = self.key;
        self.write(move |tx| {
            Ok(assignments::unassign_user(
                tx,
                &administrator(),
                key,
                user,
                now(),
            )?)
        });
    }

    /// Somebody who has an account already, whose `id` is returned too.
    fn provisioned(&self, name: &str) -> (Seq, String) {
        let user = self.person(name);
        self.assign(user);
        self.drain();
        let id = self.row(user).external_id.unwrap();
        self.target.seen();
        (user, id)
    }

    fn group(&self, name: &str, members: &[Seq]) -> Seq {
        let (name, members) = (name.to_owned(), members.to_vec());
        self.write(move |tx| {
            let wanted = GroupProfile {
                name,
                description: String::new(),
            };
            let group = groups::create(tx, &administrator(), &wanted, now())?.seq;
            for member in members {
                groups::add_member(tx, &administrator(), group, member, now())?;
            }
            Ok(group)
        })
    }

    fn join(&self, group: Seq, user: Seq) {
        self.write(move |tx| {
            Ok(groups::add_member(
                tx,
                &administrator(),
                group,
                user,
                now(),
            )?)
        });
    }

    fn leave(&self, group: Seq, user: Seq) {
        self.write(move |tx| {
            Ok(groups::remove_member(
                tx,
                &administrator(),
                group,
                user,
                now(),
            )?)
        });
    }

    fn push(&self, group: Seq, name: &str) -> Seq {
        let (key, name) = (self.key, name.to_owned());
        self.write(move |tx| {
            let new = NewPush {
                group,
                target: PushTarget::Named(name),
                active: true,
            };
            Ok(push::create(tx, &administrator(), key, &new, now())?.seq)
        })
    }

    fn push_now(&self, mapping: Seq) {
        let key = self.key;
        self.write(move |tx| Ok(push::push_now(tx, &administrator(), key, mapping, now())?));
    }

    fn activate(&self, mapping: Seq) {
        let key = self.key;
        self.write(move |tx| Ok(push::activate(tx, &administrator(), key, mapping, now())?));
    }

    fn deactivate(&self, mapping: Seq) {
        let key = self.key;
        self.write(move |tx| Ok(push::deactivate(tx, &administrator(), key, mapping, now())?));
    }

    fn unlink(&self, mapping: Seq, with_deletion: bool) {
        let key = self.key;
        self.write(move |tx| {
            let administrator = administrator();
            Ok(push::unlink(
                tx,
                &administrator,
                key,
                mapping,
                with_deletion,
                now(),
            )?)
        });
    }

    /// Gives the Okta group another name.
    fn rename(&self, group: Seq, name: &str) {
        let wanted = GroupProfile {
            name: name.to_owned(),
            description: String::new(),
        };
        self.write(move |tx| Ok(groups::update(tx, &administrator(), group, &wanted, now())?));
    }

    fn mapping(&self, mapping: Seq) -> PushMapping {
        push::get(&self.context.store.read().unwrap(), self.key, mapping).unwrap()
    }

    /// Changes *To Okta* as its panel does.
    fn to_okta(&self, change: impl FnOnce(&mut ToOkta)) {
        let (key, now) = (self.key, self.clock.now());
        let mut wanted = self.app().to_okta;
        change(&mut wanted);
        self.write(move |tx| {
            Ok(imports::save_to_okta(
                tx,
                &administrator(),
                key,
                &wanted,
                now,
            )?)
        });
    }

    /// An account that somebody else made at the target: `ann Doe`, whose address is `ann@x.test`.
    fn account(&self, name: &str) -> String {
        let resource = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("{name}@x.test"),
            "name": { "givenName": name, "familyName": "Doe" },
            "emails": [{ "primary": true, "type": "work", "value": format!("{name}@x.test") }],
            "active": true,
        });
        self.target.put("Users", resource)
    }

    /// *Import Now*, and what it says at its end.
    fn import(&self) -> ImportRun {
        let (key, now) = (self.key, self.clock.now());
        self.write(move |tx| Ok(imports::import_now(tx, &administrator(), key, now)?));
        self.drain();
        self.last_import()
    }

    fn last_import(&self) -> ImportRun {
        let tx = self.context.store.read().unwrap();
        import_rows::last(&tx, self.key, 1).unwrap().pop().unwrap()
    }

    /// What waits for confirmation, as `userName RESULT`.
    fn results(&self) -> Vec<String> {
        let rows = self.imported().into_iter();
        rows.map(|row| format!("{} {:?}", row.user_name, row.result))
            .collect()
    }

    fn imported(&self) -> Vec<ImportedUser> {
        let tx = self.context.store.read().unwrap();
        import_rows::users(&tx, self.key, Seq(0), 1000).unwrap()
    }

    /// *Confirm Assignments* for one row.
    fn confirm(&self, row: Seq, activate: bool) -> AppUser {
        let (key, now) = (self.key, self.clock.now());
        self.write(move |tx| {
            Ok(imports::confirm(
                tx,
                &administrator(),
                key,
                row,
                activate,
                now,
            )?)
        })
    }

    fn user(&self, user: Seq) -> OktaUser {
        users::get(&self.context.store.read().unwrap(), ORG, user).unwrap()
    }

    fn drain(&self) {
        drain(&self.context, self.key).unwrap();
    }

    /// What is sent until nothing can begin.
    fn sent(&self) -> Vec<String> {
        self.target.seen();
        self.drain();
        self.target.seen()
    }

    fn row(&self, user: Seq) -> AppUser {
        let tx = self.context.store.read().unwrap();
        app_users::find(&tx, self.key, user).unwrap().unwrap()
    }

    fn waiting(&self) -> Vec<ProvisioningJob> {
        let tx = self.context.store.read().unwrap();
        jobs::after(&tx, self.key, Seq(0), 100).unwrap()
    }

    fn tasks(&self) -> Vec<Task> {
        tasks::after(&self.context.store.read().unwrap(), ORG, Seq(0), 100).unwrap()
    }

    /// The text of the only task.
    fn task(&self) -> String {
        let tasks = self.tasks();
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        assert_eq!(self.waiting(), [], "the queue goes on");
        tasks[0].text.clone()
    }

    fn retry(&self) {
        let task = self.tasks()[0].seq;
        let now = self.clock.now();
        self.write(move |tx| super::retry(tx, &administrator(), task, now));
    }

    /// Events of jobs, oldest first.
    fn events(&self) -> Vec<SystemEvent> {
        let tx = self.context.store.read().unwrap();
        let order = events::Order::OldestFirst;
        let found = events::search(&tx, ORG, order, None, (1000, 1000), |e| e.in_background);
        found.unwrap().events
    }

    /// The same as `type RESULT`, the ends of their types only.
    fn told(&self) -> Vec<String> {
        let events = self.events().into_iter();
        events
            .map(|event| {
                let name = event.event_type.trim_start_matches("application.");
                let name = name.trim_start_matches("provision.");
                format!("{name} {}", event.outcome.result.name())
            })
            .collect()
    }
}

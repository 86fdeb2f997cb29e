//! The org as a whole: the tables of the Okta reference by example, and random histories against what must always hold.

mod apps;
mod assignments;
mod events;
mod groups;
mod histories;
mod lifecycle;
mod push;
mod push_bulk;
mod push_rules;
mod relations;
mod rules;
mod schema;

use serde_json::Value;

use super::apps::Integration;
use super::groups::GroupProfile;
use super::refusal::{Refusal, Result};
use super::users::NewUser;
use super::{apps as applications, groups as directory_groups, orgs, templates, users};
use crate::access::{Operator, OrgAdministrator};
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{
    AppAuthentication, AppUser, JobKind, OktaApp, OktaGroup, OktaUser, Profile, PushMapping, ToApp,
};
use crate::secret::{Plain, Sealed, Sealer};
use crate::store::okta::{AppKey, app_users, events as log, jobs};
use crate::store::{Store, Write, check};

const ORG: Seq = Seq(1);
const APP: Seq = Seq(1);
const KEY: AppKey = AppKey { org: ORG, app: APP };

/// An org with one app that provisions, and nobody in it.
struct Lab {
    store: Store,
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn sealed(text: &str) -> Sealed {
    Sealer::new(&[7; 32]).seal(&Plain::new(text))
}

fn profile(members: &[(&str, &str)]) -> Profile {
    members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect()
}

fn person(name: &str) -> NewUser {
    let login = format!("{}@x.test", name.to_lowercase());
    NewUser::active(profile(&[
        ("login", &login),
        ("email", &login),
        ("firstName", name),
        ("lastName", "Doe"),
    ]))
}

const EVERYTHING: ToApp = ToApp {
    create_users: true,
    update_attributes: true,
    deactivate_users: true,
    exclude_username_updates: false,
    sync_password: crate::model::okta::PasswordSync::Off,
};

impl Lab {
    fn new(template: &'static str) -> Self {
        let store = Store::in_memory().unwrap();
        let lab = Self { store };
        let operator = Operator::of_this_process();
        lab.run(move |tx, _| orgs::create(tx, &operator, "Contoso", "contoso", now()));
        lab.run(move |tx, admin| {
            let template = templates::find(template).unwrap();
            applications::create(tx, admin, template, template.label, now())
        });
        lab.integrate(true);
        lab.run(|tx, admin| applications::save_to_app(tx, admin, KEY, EVERYTHING, now()));
        lab
    }

    fn integrate(&self, enabled: bool) -> OktaApp {
        let wanted = Integration {
            enabled,
            base_url: "https://target.test/scim/v2".into(),
            authentication: Some(AppAuthentication::Bearer {
                token: sealed("key"),
            }),
            unique_field: "userName".into(),
            import_groups: false,
        };
        self.run(move |tx, admin| applications::configure(tx, admin, KEY, &wanted, now()))
    }

    fn attempt<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>, &OrgAdministrator) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let administrator = OrgAdministrator {
            org: ORG,
            name: "Admin".into(),
            token: None,
            itself: false,
            account: None,
        };
        self.store.write(move |tx| work(tx, &administrator))
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>, &OrgAdministrator) -> Result<T> + Send + 'static,
    ) -> T {
        self.attempt(work)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    fn add(&self, name: &str) -> OktaUser {
        let new = person(name);
        self.run(move |tx, admin| users::create(tx, admin, &new, now()))
    }

    fn group(&self, name: &str) -> OktaGroup {
        let wanted = GroupProfile {
            name: name.into(),
            description: String::new(),
        };
        self.run(move |tx, admin| directory_groups::create(tx, admin, &wanted, now()))
    }

    fn join(&self, group: Seq, user: Seq) {
        self.run(move |tx, admin| directory_groups::add_member(tx, admin, group, user, now()));
    }

    /// What waits in the queue of the app, and is taken out of it.
    fn queue(&self) -> Vec<JobKind> {
        let waiting = jobs::after(&self.store.read().unwrap(), KEY, Seq(0), usize::MAX).unwrap();
        let seqs: Vec<Seq> = waiting.iter().map(|job| job.seq).collect();
        self.run(move |tx, _| {
            for seq in seqs {
                jobs::remove(tx, KEY, seq)?;
            }
            Ok(())
        });
        waiting.into_iter().map(|job| job.kind).collect()
    }

    /// Types of the events since the last time, oldest first.
    fn events(&self, since: usize) -> Vec<String> {
        let tx = self.store.read().unwrap();
        let order = log::Order::OldestFirst;
        let found = log::search(&tx, ORG, order, None, (10_000, 10_000), |_| true).unwrap();
        found
            .events
            .into_iter()
            .skip(since)
            .map(|event| event.event_type)
            .collect()
    }

    fn user(&self, user: Seq) -> OktaUser {
        users::get(&self.store.read().unwrap(), ORG, user).unwrap()
    }

    fn assigned(&self, user: Seq) -> Option<AppUser> {
        app_users::find(&self.store.read().unwrap(), KEY, user).unwrap()
    }

    /// As if the agent had made the account.
    fn provisioned(&self, user: Seq, external_id: &str) {
        let external_id = external_id.to_owned();
        self.run(move |tx, _| {
            let mut found = app_users::find(tx, KEY, user)?.unwrap();
            found.external_id = Some(external_id);
            found.status = crate::model::okta::AppUserStatus::Provisioned;
            found.sync_state = crate::model::okta::SyncState::Synchronized;
            found.pushed = Some(found.profile.clone());
            found.pushed_user_name = Some(found.user_name.clone());
            Ok(app_users::put(tx, KEY, &found)?)
        });
        self.queue();
    }

    fn mapping(&self, mapping: Seq) -> Option<PushMapping> {
        crate::store::okta::push::find(&self.store.read().unwrap(), KEY, mapping).unwrap()
    }

    fn is_sound(&self) {
        let found = check(&self.store.read().unwrap()).unwrap();
        assert!(found.is_empty(), "{found:?}");
    }
}

fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound { .. } => "E0000007",
        Refusal::Invalid { .. } => "E0000001",
        Refusal::State(state) => state.code(),
        Refusal::Mapped { .. } => "E0000075",
        Refusal::Unreadable => "E0000003",
        Refusal::Domain(_) => "E0000009",
    }
}

//! `scimlab demo --idp okta`: the loop with the mock Okta. An app is connected to the bundled provider, people are
//! assigned as the seed says, and its queue is worked off over HTTP; then a day's changes, and again.

use std::sync::mpsc;
use std::time::Duration;

use comfy_table::Table;
use serde_json::{Map, Value, json};

use super::cycle::{Watch, measured};
use super::opening::Opening;
use super::report::{per_second, rounded, table};
use super::{Arguments, DOMAIN, Format, NUMBER, settings};
use crate::access::{Operator, OrgAdministrator};
use crate::cli::installation::{Installation, Seeds};
use crate::cli::{Failure, appliance};
use crate::clock::Clock as _;
use crate::directory::okta::apps::{self, Integration};
use crate::directory::okta::assignments::{AppUserChange, assign_group, assign_user};
use crate::directory::okta::users::NewUser;
use crate::directory::okta::{lifecycle, users};
use crate::error::Error;
use crate::id::Seq;
use crate::lab::org_agreement::{Standing, accounts, compare};
use crate::lab::{self, Ids, Seed};
use crate::model::okta::{AppAuthentication, OktaApp, PasswordSync, Profile, ToApp};
use crate::secret::Plain;
use crate::store::Write;
use crate::store::okta::{AppKey, app_users, apps as app_rows, events, groups, jobs, orgs, tasks};
use crate::sync::okta as agent;

/// Assignments written at once.
const CHUNK: usize = 200;

/// The demonstration, ready to run.
pub(super) struct OktaDemo {
    pub(super) installation: Installation,
    pub(super) password: Plain,
    administrator: OrgAdministrator,
    key: AppKey,
    /// Who the seed assigns: rows of people, and rows of groups.
    people: Vec<Seq>,
    groups: Vec<Seq>,
    watch: Watch,
    seconds: [f64; 3],
    standings: Vec<Standing>,
    changes: Vec<(String, &'static str)>,
}

impl OktaDemo {
    pub(super) fn start(
        directory: std::path::PathBuf,
        listen: std::net::SocketAddr,
        arguments: &Arguments,
    ) -> Result<Self, Failure> {
        let seed = match arguments.users {
            Some(count) => lab::people::generate(count, NUMBER, DOMAIN),
            None => lab::demo::demo(),
        };
        let names = names(&seed);
        let (installation, seeded) = measured(|| {
            Installation::start(settings(directory, listen), || Seeds {
                tenant: lab::demo::empty(),
                org: Some(seed),
                ids: Ids::from_number(NUMBER),
            })
        });
        let installation = installation?;
        let tx = installation.store.read()?;
        let org = orgs::all(&tx)?.first().map(|org| org.seq);
        let org = org.ok_or("the demonstration has no org")?;
        let app = app_rows::all(&tx, org)?.into_iter().next();
        let app = app.ok_or("the demonstration has no app")?.seq;
        let (mut people, mut own_groups) = (Vec::new(), Vec::new());
        for (name, group) in names {
            if group {
                own_groups.extend(groups::by_name(&tx, org, &name)?);
            } else {
                let found = crate::store::okta::users::by_login(&tx, org, &name)?;
                people.extend(found.map(|user| user.seq));
            }
        }
        drop(tx);
        Ok(Self {
            password: Plain::new(&Plain::token().expose()[..16]),
            administrator: OrgAdministrator::of(&Operator::of_this_process(), org),
            key: AppKey { org, app },
            people,
            groups: own_groups,
            watch: Watch::new(arguments.format == Format::Text),
            seconds: [seeded, 0.0, 0.0],
            standings: Vec::new(),
            changes: Vec::new(),
            installation,
        })
    }

    /// The loop; true when both ends agree at its end.
    pub(super) fn run(&mut self) -> Result<bool, Failure> {
        self.connect()?;
        let (done, seconds) = measured(|| self.assign().and_then(|()| self.drain()));
        done?;
        self.seconds[1] = seconds;
        let store = self.installation.store.clone();
        let before = accounts(&store.read()?, self.key).map_err(appliance::sentence)?;
        self.watch.say(&format!(
            "Assigned: {} people have accounts, {seconds:.2} s",
            before.len()
        ));
        self.change()?;
        let (done, seconds) = measured(|| self.drain());
        done?;
        self.seconds[2] = seconds;
        self.watch.say(&format!("Changed: {seconds:.2} s"));
        let team = self.installation.team.seq;
        self.standings =
            compare(&store.read()?, self.key, team, &before).map_err(appliance::sentence)?;
        Ok(self.mismatches() == 0)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Write<'_>, &OrgAdministrator) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        let administrator = self.administrator.clone();
        let store = &self.installation.store;
        store
            .write(move |tx| work(tx, &administrator))
            .map_err(appliance::sentence)
    }

    /// What an administrator does by hand: *Configure API Integration*, *Test API Credentials*, *To App*.
    fn connect(&self) -> Result<(), Failure> {
        let installation = &self.installation;
        let now = installation.clock.now();
        let opening = Opening::new(installation, &self.password)?;
        let token = installation.sealer.seal(&opening.key);
        let key = self.key;
        let base_url = installation.runtime.scim_base_url.clone();
        let app = self.write(move |tx, administrator| {
            opening.write(tx)?;
            let wanted = Integration {
                enabled: true,
                base_url,
                authentication: Some(AppAuthentication::Bearer { token }),
                unique_field: "userName".to_owned(),
                import_groups: false,
            };
            apps::configure(tx, administrator, key, &wanted, now)?;
            let to_app = ToApp {
                create_users: true,
                update_attributes: true,
                deactivate_users: true,
                exclude_username_updates: false,
                sync_password: PasswordSync::Off,
            };
            let app: OktaApp = apps::save_to_app(tx, administrator, key, to_app, now)?;
            Ok(app)
        })?;
        let context = installation.agent.context();
        let said = agent::probe(context, key, app).result?;
        self.watch.say(&format!("Test API Credentials: {said}"));
        Ok(())
    }

    fn assign(&self) -> Result<(), Failure> {
        let (key, now) = (self.key, self.installation.clock.now());
        for chunk in self.people.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            self.write(move |tx, administrator| {
                for user in chunk {
                    let change = AppUserChange::default();
                    assign_user(tx, administrator, key, user, &change, now)?;
                }
                Ok(())
            })?;
        }
        for group in self.groups.clone() {
            self.write(move |tx, administrator| {
                let values = Profile::new();
                assign_group(tx, administrator, key, group, None, &values, now)?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Wakes the agent and waits until nothing waits in the queue any more.
    fn drain(&self) -> Result<(), Failure> {
        self.installation.agent.wake();
        // Nobody sends: receiving with a timeout is a pause.
        let (_never, pause) = mpsc::channel::<()>();
        while jobs::waiting(&self.installation.store.read()?)?.contains(&self.key) {
            let _ = pause.recv_timeout(Duration::from_millis(5));
        }
        Ok(())
    }

    /// A day in the life of an org: somebody marries, somebody leaves, somebody is suspended, somebody is hired.
    fn change(&mut self) -> Result<(), Failure> {
        let (key, now) = (self.key, self.installation.clock.now());
        let tx = self.installation.store.read()?;
        let some = app_users::after(&tx, key, Seq(0), 3)?;
        drop(tx);
        let [marries, leaves, rests] = some.as_slice() else {
            return Ok(());
        };
        let (marries, leaves, rests) = (marries.user, leaves.user, rests.user);
        self.changes = self.write(move |tx, administrator| {
            let married = Profile::from([("lastName".to_owned(), Value::from("Smith-Okonjo"))]);
            let one = users::update(tx, administrator, marries, &married, now)?;
            let two = lifecycle::deactivate(tx, administrator, leaves, now)?;
            let suspend = lifecycle::Transition::Suspend;
            let three = lifecycle::perform(tx, administrator, suspend, rests, now);
            let hired = ["login", "email"].map(|name| (name, "ines.vidal@contoso.example"));
            let named = [("firstName", "Ines"), ("lastName", "Vidal")];
            let profile: Profile = hired
                .into_iter()
                .chain(named)
                .map(|(name, text)| (name.to_owned(), Value::from(text)))
                .collect();
            let four = users::create(tx, administrator, &NewUser::active(profile), now)?;
            let change = AppUserChange::default();
            assign_user(tx, administrator, key, four.seq, &change, now)?;
            let mut made = vec![
                (one.display_name(), "has another last name"),
                (two.display_name(), "is deactivated"),
                (four.display_name(), "is hired and assigned"),
            ];
            // Only who has signed in can be suspended.
            made.extend(three.map(|user| (user.display_name(), "is suspended: nothing is sent")));
            Ok(made)
        })?;
        Ok(())
    }

    fn mismatches(&self) -> usize {
        let differs = |standing: &&Standing| !standing.mismatches.is_empty();
        self.standings.iter().filter(differs).count()
    }

    pub(super) fn print_text(&self, everybody: bool) {
        let mut changed = table(["Changed in the org", "How"]);
        for (name, how) in &self.changes {
            changed.add_row([name.as_str(), how]);
        }
        println!("{changed}");
        let mut both: Table = table(["Person", "Team"]);
        for standing in &self.standings {
            let verdict = match (standing.mismatches.as_slice(), standing.assigned) {
                ([], true) => "present".to_owned(),
                ([], false) => "deactivated".to_owned(),
                (mismatches, _) => format!("DIFFERS: {}", mismatches.join("; ")),
            };
            if everybody || !standing.mismatches.is_empty() {
                both.add_row([standing.name.clone(), verdict]);
            }
        }
        println!("\n{both}\n");
        match self.mismatches() {
            0 => println!("Source and target agree."),
            count => println!("Source and target disagree in {count} places."),
        }
    }

    pub(super) fn print_json(&self) -> Result<(), Failure> {
        let tx = self.installation.store.read()?;
        let (mut requests, mut after) = (0, None);
        loop {
            let order = events::Order::OldestFirst;
            let page = events::search(&tx, self.key.org, order, after, (1_000, 1_000), |e| e.sent)?;
            for event in &page.events {
                requests += events::exchanges(&tx, self.key.org, event.seq)?.len();
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let people = self.standings.iter().filter(|s| s.assigned).count();
        let [seed, initial, incremental] = self.seconds.map(rounded);
        let rate = per_second(people as u64, self.seconds[1]);
        let mut summary = Map::new();
        for (name, value) in [
            ("users", json!(people)),
            ("groups", json!(0)),
            ("requests", json!(requests)),
            ("failures", json!(tasks::count(&tx, self.key.org)?)),
            ("mismatches", json!(self.mismatches())),
            (
                "seconds",
                json!({ "seed": seed, "initial": initial, "incremental": incremental }),
            ),
            ("objectsPerSecond", json!(rounded(rate))),
        ] {
            summary.insert(name.to_owned(), value);
        }
        println!("{:#}", Value::Object(summary));
        Ok(())
    }
}

/// Logins of people, and names of groups, that a seed assigns.
fn names(seed: &Seed) -> Vec<(String, bool)> {
    let applications = seed.applications.iter();
    applications
        .flat_map(|application| &application.assignments)
        .map(|principal| match principal {
            lab::seed::Principal::User(at) => (lab::org::login(&seed.users[*at]), false),
            lab::seed::Principal::Group(at) => (lab::org::name(&seed.groups[*at]), true),
        })
        .collect()
}

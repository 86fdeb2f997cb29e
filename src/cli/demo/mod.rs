//! `scimlab demo`: the whole loop in one command.
//!
//! Seeds a directory, turns SCIM on and makes a key, connects the mock Entra to the bundled provider
//! over loopback, runs the initial cycle and an incremental one over HTTP, compares both ends, and
//! then keeps serving, or exits (`--once`) with 0 only when source and target agree.

mod cycle;
mod okta;
mod opening;
mod report;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use self::cycle::{Watch, measured};
use self::okta::OktaDemo;
use self::opening::{ADMINISTRATOR, Opening};
use self::report::{Report, Seconds};
use super::installation::{Installation, Seeds, Settings};
use super::{Failure, appliance};
use crate::access::Operator;
use crate::clock::Clock as _;
use crate::config::Bootstrap;
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::lab::agreement::{Agreement, compare};
use crate::lab::changes::{ChangeMade, change_some_people};
use crate::lab::{self, Ids};
use crate::model::{Direction, Job};
use crate::secret::Plain;
use crate::store::directory;
use crate::store::jobs::JobKey;
use crate::sync::{self, Connection, Trust, jobs};

/// Number that makes every demonstration the same.
const NUMBER: u64 = 7644;
/// Domain of generated people.
const DOMAIN: &str = "contoso.example";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for people.
    Text,
    /// One JSON object with figures.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum IdentityProvider {
    /// The mock Microsoft Entra ID.
    Entra,
    /// The mock Okta.
    Okta,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Provision this many generated people and a tenth as many groups instead of the sample company.
    #[arg(long, env = "SCIMLAB_USERS", value_name = "N")]
    users: Option<usize>,
    /// Which identity provider provisions.
    #[arg(long, env = "SCIMLAB_IDP", value_enum, default_value_t = IdentityProvider::Entra)]
    idp: IdentityProvider,
    /// Exit when done: with 0 only when source and target agree.
    #[arg(long, env = "SCIMLAB_ONCE")]
    once: bool,
    /// How to print what happened.
    #[arg(long, env = "SCIMLAB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Address to listen on; by default 127.0.0.1:7644, with --once a free port.
    #[arg(long, env = "SCIMLAB_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Keep the data in this directory, which must be new or empty; by default it is thrown away.
    #[arg(long, env = "SCIMLAB_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    // Dropped, and thereby removed, when this function returns.
    let throwaway = tempfile::Builder::new().prefix("scimlab-demo-").tempdir()?;
    let directory = arguments
        .data
        .clone()
        .unwrap_or_else(|| throwaway.path().to_owned());
    if directory.join("scimlab.redb").exists() {
        return Err(format!(
            "{} holds data already. The demonstration wants a fresh directory; to go on with that data: scimlab serve --data {0}",
            directory.display()
        )
        .into());
    }
    if std::fs::read_dir(&directory).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!(
            "{} is not empty. The demonstration wants a fresh directory.",
            directory.display()
        )
        .into());
    }
    let port = if arguments.once { 0 } else { 7644 };
    let listen = arguments
        .listen
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], port)));
    let (installation, password, agree) = match arguments.idp {
        IdentityProvider::Entra => {
            let mut demo = Demo::start(directory, listen, arguments)?;
            let agree = demo.run()?;
            match arguments.format {
                Format::Text => demo.report.print_text(arguments.users.is_none()),
                Format::Json => demo.report.print_json(),
            }
            (demo.installation, demo.password, agree)
        }
        IdentityProvider::Okta => {
            let mut demo = OktaDemo::start(directory, listen, arguments)?;
            let agree = demo.run()?;
            match arguments.format {
                Format::Text => demo.print_text(arguments.users.is_none()),
                Format::Json => demo.print_json()?,
            }
            (demo.installation, demo.password, agree)
        }
    };
    if arguments.once {
        installation.stop()?;
        return Ok(if agree {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    if arguments.format == Format::Text {
        print_where(&installation, &password);
    }
    installation.wait()?;
    Ok(ExitCode::SUCCESS)
}

fn settings(directory: PathBuf, listen: SocketAddr) -> Settings {
    Settings {
        directory,
        listen,
        public_url: None,
        bootstrap: Bootstrap {
            entra_client_secret: Some(Plain::client_secret().expose().to_owned()),
            ..Bootstrap::default()
        },
        scim_profile: None,
        trust: Trust::default(),
    }
}

fn print_where(installation: &Installation, password: &Plain) {
    let runtime = &installation.runtime;
    println!();
    println!("Console:       {}", runtime.base_url);
    println!(
        "Sign in:       {ADMINISTRATOR} with the password {}",
        password.expose()
    );
    println!("SCIM base URL: {}", runtime.scim_base_url);
    println!();
    println!("For programs that upload people to the directory or call the Graph API:");
    for (name, value) in [
        ("client_id", &runtime.entra_client_id),
        ("client_secret", &runtime.entra_client_secret),
        ("token_endpoint", &runtime.entra_token_endpoint),
        ("graph_base", &runtime.graph_base),
        ("jobId", &runtime.entra_inbound_job_id),
        ("bulk_upload_endpoint", &runtime.entra_bulk_upload_endpoint),
    ] {
        if let Some(value) = value {
            println!("  {name}={value}");
        }
    }
    println!("Press Ctrl+C to end the demonstration.");
}

struct Demo {
    installation: Installation,
    operator: Operator,
    key: JobKey,
    application: Seq,
    watch: Watch,
    report: Report,
    password: Plain,
}

impl Demo {
    fn start(
        directory: PathBuf,
        listen: SocketAddr,
        arguments: &Arguments,
    ) -> Result<Self, Failure> {
        let users = arguments.users;
        let (installation, seeded) = measured(|| {
            Installation::start(settings(directory, listen), || {
                let ids = Ids::from_number(NUMBER);
                match users {
                    Some(count) => Seeds {
                        tenant: lab::people::generate(count, NUMBER, DOMAIN),
                        org: None,
                        ids,
                    },
                    None => Seeds {
                        tenant: lab::demo::demo(),
                        org: Some(lab::demo::demo()),
                        ids,
                    },
                }
            })
        });
        let installation = installation?;
        let (key, job) = outbound_job(&installation)?;
        let password = Plain::new(&Plain::token().expose()[..16]);
        Ok(Self {
            operator: Operator::of_this_process(),
            key,
            application: job.application,
            watch: Watch::new(arguments.format == Format::Text),
            report: Report::new(Seconds {
                seed: seeded,
                ..Seconds::default()
            }),
            password,
            installation,
        })
    }

    /// The loop; true when both ends agree at its end.
    fn run(&mut self) -> Result<bool, Failure> {
        self.connect()?;
        let (operator, key) = (self.operator.clone(), self.key);
        let now = self.installation.clock.now();
        let initial = self.cycle("Initial cycle", move |tx| {
            jobs::start(tx, &operator, key, now).map(|_| ())
        })?;
        self.report.initial(initial, self.agreement()?);

        let changes = self.change_some_people()?;
        let incremental = self.another_cycle("Incremental cycle")?;
        self.report
            .incremental(incremental, changes, self.agreement()?);

        let empty = self.another_cycle("Incremental cycle without changes")?;
        self.report.empty(empty);
        Ok(self.report.mismatches() == 0)
    }

    /// What an administrator does by hand: paste the team's key into the job, test.
    fn connect(&mut self) -> Result<(), Failure> {
        let installation = &self.installation;
        let opening = Opening::new(installation, &self.password)?;
        let plain = opening.key.clone();
        let (secret, operator, key) = (plain.clone(), self.operator.clone(), self.key);
        let (sealer, url) = (
            installation.sealer.clone(),
            installation.runtime.scim_base_url.clone(),
        );
        let job = installation
            .store
            .write(move |tx| {
                opening.write(tx)?;
                jobs::save_credentials(tx, &operator, key, &sealer, &url, Some(&secret.into()))
            })
            .map_err(appliance::sentence)?;
        let url = &installation.runtime.scim_base_url;
        let connection = Connection::new(url, plain.into())?;
        let context = installation.agent.context();
        sync::test_connection(context, connection, &job.rules, Guid::random()).map_err(
            |failure| {
                format!(
                    "Test Connection failed: {} ({})",
                    failure.message, failure.code
                )
            },
        )?;
        self.watch
            .say(&format!("Test Connection: {}", sync::SUCCESS));
        Ok(())
    }

    fn another_cycle(&mut self, title: &str) -> Result<cycle::Done, Failure> {
        let (operator, key, now) = (
            self.operator.clone(),
            self.key,
            self.installation.clock.now(),
        );
        self.cycle(title, move |tx| {
            jobs::request_cycle(tx, &operator, key, now).map(|_| ())
        })
    }

    fn cycle(
        &self,
        title: &str,
        begin: impl FnOnce(&crate::store::Write<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<cycle::Done, Failure> {
        self.watch.cycle(&self.installation, self.key, title, begin)
    }

    fn change_some_people(&self) -> Result<Vec<ChangeMade>, Failure> {
        let (operator, tenant, application) =
            (self.operator.clone(), self.key.tenant, self.application);
        let (hire, now) = (
            Ids::from_number(NUMBER + 1).next_guid(),
            self.installation.clock.now(),
        );
        self.installation
            .store
            .write(move |tx| change_some_people(tx, &operator, tenant, application, hire, now))
            .map_err(appliance::sentence)
    }

    fn agreement(&self) -> Result<Agreement, Failure> {
        let snapshot = self.installation.store.read()?;
        let job = jobs::get(&snapshot, self.key).map_err(appliance::sentence)?;
        compare(&snapshot, self.key.tenant, &job, self.installation.team.seq)
            .map_err(appliance::sentence)
    }
}

fn outbound_job(installation: &Installation) -> Result<(JobKey, Job), Failure> {
    let snapshot = installation.store.read()?;
    let tenant = directory::first_tenant(&snapshot)?.ok_or("the directory has no tenant")?;
    let (_, job) = sync::applications::first(&snapshot, tenant.seq, Direction::Outbound)?
        .ok_or("the directory has no synchronization job")?;
    let key = JobKey {
        tenant: tenant.seq,
        job: job.seq,
    };
    Ok((key, job))
}

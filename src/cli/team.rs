//! `scimlab team …`: further teams, and keys that a pipeline needs before anybody signs in.
//!
//! Works on the data directory: stop the appliance first. The console does the same while it runs.

use std::process::ExitCode;

use super::{Data, Failure, appliance};
use crate::access::{Member, Operator};
use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::config::Bootstrap;
use crate::error::Error;
use crate::id::Guid;
use crate::model::{KeyAccess, Team};
use crate::provider::keys::KeyOptions;
use crate::provider::{keys, sso, team};
use crate::scim::Preset;
use crate::scim::profile::Setting;
use crate::secret::Plain;
use crate::store::{self, Store};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create a team. With `SCIMLAB_SCIM_KEY`, SCIM is turned on, with the mock Entra for single sign-on, and that
    /// key is valid.
    Create(Create),
    /// List all teams.
    List(List),
    /// Turn SCIM on and print a new SCIM API key, or make the one in `SCIMLAB_SCIM_KEY` valid. SCIM needs a
    /// single sign-on method: where none is in use, the mock Entra becomes one.
    Key(Key),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Name shown in the console.
    name: String,
    /// What its SCIM endpoint is like: standard, strict, postman or postman-2022.
    #[arg(
        long,
        env = "SCIMLAB_SCIM_PROFILE",
        default_value = "standard",
        value_name = "PROFILE"
    )]
    scim_profile: Preset,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct Key {
    /// Name of the team, exactly as listed.
    team: String,
    /// Name of the key.
    name: String,
    /// Only GET, HEAD and searches.
    #[arg(long)]
    read_only: bool,
    /// From when on it opens nothing any more, as RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse)]
    expires: Option<Timestamp>,
    /// Profile of requests with this key, instead of the team's.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<Preset>,
    /// `userName` of the member that `/Me` stands for.
    #[arg(long, value_name = "USERNAME")]
    user: Option<String>,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Create(arguments) => create(arguments)?,
        Command::List(arguments) => list(&arguments)?,
        Command::Key(arguments) => key(&arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn create(arguments: Create) -> Result<(), Failure> {
    // Read before anything is written, so that a bad variable leaves nothing behind.
    let preset = Bootstrap::from_environment()?.scim_key;
    let store = appliance::open_or_create(&arguments.data.directory)?;
    let now = SystemClock.now();
    appliance::ensure_team(&store, now)?;
    let setting = Setting {
        preset: arguments.scim_profile,
        ..Setting::default()
    };
    let made = store
        .write(move |tx| {
            let operator = Operator::of_this_process();
            team::create_with(tx, &operator, &arguments.name, setting, now)
        })
        .map_err(appliance::sentence)?;
    if let Some(key) = preset {
        appliance::preset_key(&store, &made, &Plain::new(key.as_str()), now)?;
    }
    println!("Team {} was created.", made.name);
    Ok(())
}

fn list(arguments: &List) -> Result<(), Failure> {
    let store = appliance::open_existing(&arguments.data.directory)?;
    let teams = team::list(&store.read()?, &Operator::of_this_process());
    for team in teams.map_err(appliance::sentence)? {
        let scim = if team.scim_enabled { "on" } else { "off" };
        println!(
            "{}\tSCIM {scim}\t{}",
            team.name,
            team.profile.preset.as_str()
        );
    }
    Ok(())
}

fn key(arguments: &Key) -> Result<(), Failure> {
    let preset = Bootstrap::from_environment()?.scim_key;
    let store = appliance::open_existing(&arguments.data.directory)?;
    let team = named(&store, &arguments.team)?;
    let options = KeyOptions {
        access: if arguments.read_only {
            KeyAccess::ReadOnly
        } else {
            KeyAccess::ReadWrite
        },
        expires: arguments.expires,
        profile: arguments.profile,
        user: match &arguments.user {
            Some(name) => Some(
                keys::user_to_bind(
                    &store.read()?,
                    &Member::of_this_process(team.seq).may()?,
                    name,
                )
                .map_err(appliance::sentence)?
                .seq,
            ),
            None => None,
        },
    };
    let value = preset.as_deref().map_or_else(Plain::scim_key, Plain::new);
    let (name, plain, now) = (arguments.name.clone(), value.clone(), SystemClock.now());
    let instance = Guid::random();
    store
        .write(move |tx| {
            let member = Member::of_this_process(team.seq);
            sso::ensure_one(tx, &member.may()?, instance, now)?;
            team::set_scim_enabled(tx, &member.may()?, true, now)?;
            keys::create(tx, &member.may()?, &name, &plain, &options, now)
        })
        .map_err(|error: Error| error.to_string())?;
    if preset.is_none() {
        println!("{}", value.expose());
    }
    Ok(())
}

fn named(store: &Store, name: &str) -> Result<Team, Failure> {
    store::teams::list(&store.read()?)?
        .into_iter()
        .find(|team| team.name == name)
        .ok_or_else(|| format!("there is no team \"{name}\"; see scimlab team list").into())
}

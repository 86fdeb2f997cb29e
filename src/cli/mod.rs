//! The command line: one subcommand a file. Nothing else prints.
//!
//! Flags of the commands that run or ask an appliance have an environment variable `SCIMLAB_<FLAG>`; flag before
//! environment before default.

#![expect(
    clippy::print_stdout,
    reason = "printing is what a command line is for"
)]

mod admin;
mod appliance;
mod check;
mod demo;
mod dump;
mod env;
mod eval;
mod installation;
mod preset_client;
mod readyz;
mod runtime;
mod serve;
mod team;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The user-provisioning loop in one offline binary: SCIM provider, console, mock Microsoft Entra ID.
#[derive(Debug, Parser)]
#[command(name = "scimlab", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole loop: directory, agent, provider, console.
    Demo(demo::Arguments),
    /// Run the appliance.
    Serve(serve::Arguments),
    /// Ask a running appliance whether it is ready.
    Readyz(readyz::Arguments),
    /// Print what a client needs to reach a running appliance.
    Env(env::Arguments),
    /// Evaluate one mapping expression and print its value as JSON.
    Eval(eval::Arguments),
    /// Manage administrators from the command line.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Manage teams and their SCIM API keys from the command line.
    #[command(subcommand)]
    Team(team::Command),
    /// Verify every index and counter of the data.
    Check(check::Arguments),
    /// Print the whole data as sorted text.
    Dump(dump::Arguments),
}

/// Where the data is; shared by most commands.
#[derive(Debug, clap::Args)]
struct Data {
    /// Data directory.
    #[arg(
        long = "data",
        env = "SCIMLAB_DATA",
        default_value = "./scimlab-data",
        value_name = "DIR"
    )]
    directory: PathBuf,
}

/// What ends a command early: a sentence for standard error.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_logging();
    let result = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Readyz(arguments) => readyz::run(&arguments),
        Command::Env(arguments) => env::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Admin(command) => admin::run(command),
        Command::Team(command) => team::run(command),
        Command::Check(arguments) => check::run(&arguments),
        Command::Dump(arguments) => dump::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("scimlab: {error}");
        ExitCode::FAILURE
    })
}

/// Log lines go to standard error; `SCIMLAB_LOG` takes the filter syntax of tracing-subscriber.
fn start_logging() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("SCIMLAB_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn,mio=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(
            std::env::var_os("NO_COLOR").is_none()
                && std::io::IsTerminal::is_terminal(&std::io::stderr()),
        )
        .init();
}

//! `scimlab admin upsert EMAIL`: create or repair an administrator when nobody can sign in.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::{Data, Failure, appliance};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Bootstrap;
use crate::error::Error;
use crate::id::Nonce;
use crate::provider::accounts;
use crate::secret::{PasswordHash, Plain};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create an administrator, or give an existing one a new password.
    Upsert(Upsert),
}

#[derive(Debug, clap::Args)]
pub(super) struct Upsert {
    /// E-mail address the administrator signs in with.
    email: String,
    /// Name shown in the console; by default the part of the address before the @.
    #[arg(long, default_value = "")]
    name: String,
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(command: Command) -> Result<ExitCode, Failure> {
    let Command::Upsert(arguments) = command;
    let store = appliance::open_or_create(&arguments.data.directory)?;
    appliance::ensure_team(&store, SystemClock.now())?;
    let password = password()?;
    let hash = PasswordHash::new(&Plain::new(password))?;
    let (nonce, now) = (Nonce::random(), SystemClock.now());
    let account = store
        .write(move |tx| accounts::upsert(tx, &arguments.email, &arguments.name, hash, nonce, now))
        .map_err(|error: Error| error.to_string())?;
    println!(
        "{} can sign in with the new password.",
        account.sign_in_name
    );
    Ok(ExitCode::SUCCESS)
}

/// `SCIMLAB_ADMIN_PASSWORD` (or its file), else a line of standard input.
fn password() -> Result<String, Failure> {
    if let Some(password) = Bootstrap::password_from_environment()? {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        eprint!("New password (it is shown while you type): ");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err("no password: set SCIMLAB_ADMIN_PASSWORD, or type one line".into());
    }
    Ok(password.to_owned())
}

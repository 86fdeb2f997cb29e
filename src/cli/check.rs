//! `scimlab check`: indexes and counters against the rows they are derived from.

use std::process::ExitCode;

use super::{Data, Failure, appliance};
use crate::store;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    data: Data,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let store = appliance::open_existing(&arguments.data.directory)?;
    let findings = store::check(&store.read()?)?;
    if findings.is_empty() {
        println!("clean: every index and counter agrees with the rows");
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &findings {
        println!("{finding}");
    }
    Err(format!("{} differences found; restore a backup", findings.len()).into())
}

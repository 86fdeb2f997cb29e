//! `scimlab dump`: the whole data as sorted text, one row a line.

use std::io::{BufWriter, Write as _};
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
    let mut out = BufWriter::new(std::io::stdout().lock());
    store::dump(&store.read()?, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

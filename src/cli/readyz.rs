//! `scimlab readyz`: the probe for scripts and containers.

use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use super::runtime::Runtime;
use super::{Data, Failure};
use crate::clock::Stopwatch;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    data: Data,
    /// Ask this base URL instead of the appliance that runs on the data directory.
    #[arg(long, env = "SCIMLAB_URL", value_name = "URL")]
    url: Option<String>,
    /// Keep asking for up to this many seconds.
    #[arg(
        long,
        env = "SCIMLAB_WAIT",
        default_value_t = 0,
        value_name = "SECONDS"
    )]
    wait: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let started = Stopwatch::start();
    // Nobody sends: receiving with a timeout is a pause.
    let (_never, pause) = mpsc::channel::<()>();
    loop {
        match ask(arguments) {
            Ok(()) => {
                println!("ready");
                return Ok(ExitCode::SUCCESS);
            }
            Err(problem) if started.elapsed() >= Duration::from_secs(arguments.wait) => {
                return Err(format!("not ready: {problem}").into());
            }
            Err(_) => {
                let _ = pause.recv_timeout(Duration::from_millis(100));
            }
        }
    }
}

fn ask(arguments: &Arguments) -> Result<(), Failure> {
    let base = match &arguments.url {
        Some(url) => url.clone(),
        None => {
            let directory = &arguments.data.directory;
            Runtime::read(directory)
                .map_err(|_| format!("no appliance runs on {}", directory.display()))?
                .base_url
        }
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    agent
        .get(format!("{}/readyz", base.trim_end_matches('/')))
        .call()?;
    Ok(())
}

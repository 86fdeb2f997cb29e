//! `scimlab serve`: the appliance.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::installation::{Installation, Seeds, Settings};
use super::{Data, Failure, appliance};
use crate::config::Bootstrap;
use crate::id::Nonce;
use crate::lab::{self, Ids, Seed};
use crate::provider::accounts;
use crate::scim::Preset;
use crate::secret::Plain;
use crate::store;
use crate::sync::Trust;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    data: Data,
    /// Address to listen on; port 0 picks a free one.
    #[arg(
        long,
        env = "SCIMLAB_LISTEN",
        default_value = "127.0.0.1:7644",
        value_name = "ADDRESS:PORT"
    )]
    listen: SocketAddr,
    /// URL under which clients reach this appliance, when it is not the address listened on.
    #[arg(long, env = "SCIMLAB_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// What a fresh data directory starts with: `demo` (a company of 26 people in 5 groups), `empty`, or a seed
    /// file. Data that is there already is never touched.
    #[arg(
        long,
        env = "SCIMLAB_SEED",
        default_value = "empty",
        value_name = "demo|empty|FILE"
    )]
    seed: String,
    /// What the first team's SCIM endpoint is like: standard, strict, postman or postman-2022. Without it,
    /// what was chosen before stays; switches turned in the console stay while the profile does.
    #[arg(long, env = "SCIMLAB_SCIM_PROFILE", value_name = "PROFILE")]
    scim_profile: Option<Preset>,
    /// PEM file with the certificate authorities that the certificates of https targets must come from, instead of the
    /// public ones.
    #[arg(long, env = "SCIMLAB_TRUST_CA", value_name = "FILE")]
    trust_ca: Option<PathBuf>,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let settings = Settings {
        directory: arguments.data.directory,
        listen: arguments.listen,
        public_url: arguments.public_url,
        bootstrap: Bootstrap::from_environment()?,
        scim_profile: arguments.scim_profile,
        trust: trust(arguments.trust_ca.as_deref())?,
    };
    // Read before anything is written, so that a mistake in the file leaves nothing behind.
    let seed = seed(&arguments.seed)?;
    let installation = Installation::start(settings, || {
        Seeds {
            // Nobody is in the empty seed: an org is made in the console, or by its API token.
            org: (!seed.users.is_empty()).then(|| seed.clone()),
            tenant: seed,
            ids: Ids::from_nonce(Nonce::random()),
        }
    })?;
    println!("scimlab is listening on {}", installation.runtime.base_url);
    println!("SCIM base URL: {}", installation.runtime.scim_base_url);
    if let Some(link) = setup_link(&installation)? {
        println!("Set up the first administrator within 30 minutes: {link}");
    }
    std::io::stdout().flush()?;
    installation.wait()?;
    Ok(ExitCode::SUCCESS)
}

fn trust(file: Option<&Path>) -> Result<Trust, Failure> {
    let Some(file) = file else {
        return Ok(Trust::default());
    };
    let shown = file.display();
    let pem = std::fs::read(file)
        .map_err(|error| format!("cannot read the certificate authorities in {shown}: {error}"))?;
    Trust::only(&pem).map_err(|error| {
        format!("cannot use the certificate authorities in {shown} (--trust-ca): {error}").into()
    })
}

fn seed(name: &str) -> Result<Seed, Failure> {
    match name {
        "demo" => Ok(lab::demo::demo()),
        "empty" => Ok(lab::demo::empty()),
        file => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| format!("cannot read the seed file {file}: {error}"))?;
            lab::seed::parse(&text).map_err(|error| {
                format!("the seed file {file} has a mistake at {error}; nothing was loaded").into()
            })
        }
    }
}

/// While nobody can sign in, every start offers a fresh one-time link.
fn setup_link(installation: &Installation) -> Result<Option<String>, Failure> {
    let store = &installation.store;
    if !store::accounts::nobody_can_sign_in(&store.read()?)? {
        return Ok(None);
    }
    let token = Plain::token();
    let link = format!("{}/setup/{}", installation.runtime.base_url, token.expose());
    let now = installation.clock.real_now();
    store
        .write(move |tx| accounts::offer_setup(tx, &token, now))
        .map_err(appliance::sentence)?;
    Ok(Some(link))
}

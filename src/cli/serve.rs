//! `scimlab serve`: the appliance.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::runtime::Runtime;
use super::{Data, Failure, appliance};
use crate::clock::{Clock, SystemClock};
use crate::config::Bootstrap;
use crate::provider::accounts;
use crate::scim::Rules;
use crate::secret::Plain;
use crate::store;
use crate::web::{self, App, PublicUrl};

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
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let preset = Bootstrap::from_environment()?;
    let directory: PathBuf = arguments.data.directory;
    let store = appliance::open_or_create(&directory)?;
    let sealer = appliance::sealer(&directory)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let team = appliance::ensure_team(&store, clock.now())?;
    appliance::bootstrap(&store, &team, &preset, clock.now())?;

    let listener = TcpListener::bind(arguments.listen)
        .map_err(|e| format!("cannot listen on {}: {e}", arguments.listen))?;
    let listening = format!("http://{}", listener.local_addr()?);
    let configured = arguments
        .public_url
        .map(|url| url.trim_end_matches('/').to_owned());
    let base_url = configured.clone().unwrap_or_else(|| listening.clone());
    let public_url = Arc::new(PublicUrl {
        configured,
        listening,
    });
    let setup = setup_link(&store, &*clock, &base_url)?;

    let runtime = Runtime {
        scim_base_url: format!("{base_url}/scim/v2"),
        base_url: base_url.clone(),
        scim_key: preset.scim_key,
        ..Runtime::default()
    };
    runtime.write(&directory)?;
    println!("scimlab is listening on {base_url}");
    println!("SCIM base URL: {}", runtime.scim_base_url);
    if let Some(link) = setup {
        println!("Set up the first administrator within 30 minutes: {link}");
    }
    std::io::stdout().flush()?;

    let app = App {
        store,
        clock,
        sealer,
        public_url,
        rules: Rules::interop(),
    };
    let served = serve(app, listener);
    Runtime::remove(&directory);
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until a signal ends it.
fn serve(app: App, listener: TcpListener) -> Result<(), Failure> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    actix_web::rt::System::new()
        .block_on(async move { web::server(app, listener, workers)?.await })?;
    Ok(())
}

/// While nobody can sign in, every start offers a fresh one-time link.
fn setup_link(
    store: &store::Store,
    clock: &dyn Clock,
    base_url: &str,
) -> Result<Option<String>, Failure> {
    if !store::accounts::is_empty(&store.read()?)? {
        return Ok(None);
    }
    let token = Plain::token();
    let link = format!("{base_url}/setup/{}", token.expose());
    let now = clock.now();
    store
        .write(move |tx| accounts::offer_setup(tx, &token, now))
        .map_err(appliance::sentence)?;
    Ok(Some(link))
}

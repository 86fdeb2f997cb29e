//! Load generator for any SCIM 2.0 base URL: real HTTP, one kept-alive connection per thread, the
//! exact percentiles of every request that was sent.
//!
//! ```text
//! cargo run --release --example load -- --base http://127.0.0.1:7644/scim/v2 --key KEY \
//!     --prepare --users 100000 --scenario get --connections 8 --duration 10
//! ```
//!
//! With `--limits` it also measures, in the same minute, what the machine could do at most: a bare
//! actix-web handler that returns the same bytes, and a bare loop of durable commits. A million people
//! are made by `--seed-into DIRECTORY`, which writes through the library into the data directory of an
//! appliance that is not running. `--mapping` measures no server but how many people one core maps.
//! `--okta-into DIRECTORY` and `--okta` do the same for the management API of the mock Okta, whose address is
//! `--base http://127.0.0.1:7644/okta/api/v1` then, and whose token is `--key`. `--inbound DIRECTORY` uploads people to
//! the API-driven application of the appliance that runs there. Everything else is HTTP.
//!
//! The people it works with are `load-00000000@example.com` and so on, made by `--prepare` (a person
//! who is there already is left alone); the group of size N is `load-group-N`, its members the
//! first N of them.

#![expect(clippy::print_stdout, reason = "a command prints its result")]

#[path = "load/connection.rs"]
mod connection;
#[path = "load/inbound.rs"]
mod inbound;
#[path = "load/limits.rs"]
mod limits;
#[path = "load/mapping.rs"]
mod mapping;
#[path = "load/okta.rs"]
mod okta;
#[path = "load/report.rs"]
mod report;
#[path = "load/seed.rs"]
mod seed;
#[path = "load/wire.rs"]
mod wire;
#[path = "load/work.rs"]
mod work;

use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use scimlab::clock::Stopwatch;
use serde_json::{Value, json};
use ureq::http::Uri;

use connection::Connection;
use report::{Row, Sample, print};
use work::Work;

/// Members per PATCH while a group is filled.
const CHUNK: u64 = 1_000;
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What every connection does over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// POST a new person.
    Create,
    /// GET a random person by id.
    Get,
    /// List with `userName eq`, a random person.
    Filter,
    /// List with `externalId eq`, a random person.
    ExternalId,
    /// PATCH `displayName` of a person.
    Patch,
    /// The first 100 people.
    FirstPage,
    /// 100 people behind a random cursor.
    CursorPage,
    /// 100 people at a random `startIndex`.
    DeepPage,
    /// GET the group of `--group-size` members with `excludedAttributes=members`.
    GroupWithoutMembers,
    /// One connection with a filter that no index serves; the others GET people by id meanwhile.
    Scan,
    /// PATCH one member into the group of `--group-size` members, then out again.
    AddMember,
}

/// The order in which writes come, by the names of the people they are about. What writes cost an engine that keeps
/// names sorted depends on it more than on anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// Anywhere among those that are there: nobody numbers people by their names.
    Random,
    /// Each behind the last.
    Sequence,
}

impl Order {
    /// The name of the person `number` of a run.
    fn name(self, run: &str, number: u64) -> String {
        let place = match self {
            // An odd factor: numbers that differ have places that differ.
            Self::Random => number.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF,
            Self::Sequence => number,
        };
        format!("load-{run}-{place:08x}@example.com")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Load generator for a SCIM 2.0 service provider.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Clone, Parser)]
struct Arguments {
    /// Base URL.
    #[arg(long, default_value = "http://127.0.0.1:7644/scim/v2")]
    base: String,
    /// Bearer key of the SCIM API; `--seed-into` needs none.
    #[arg(
        long,
        env = "SCIMLAB_SCIM_KEY",
        hide_env_values = true,
        default_value = ""
    )]
    key: String,
    /// What to measure. May be left out with `--prepare`.
    #[arg(long, value_enum, required_unless_present_any = ["prepare", "seed_into", "mapping", "okta_into", "okta", "inbound"])]
    scenario: Option<Scenario>,
    /// Threads, each with its own connection.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_024))]
    connections: u64,
    /// Seconds to measure.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    duration: u64,
    /// Members of the group that `add-member` and `group-without-members` work on.
    #[arg(long, default_value_t = 0)]
    group_size: u64,
    /// People that `--prepare` makes and the scenarios choose from.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    users: u64,
    /// The order in which `create` and `patch` go through people.
    #[arg(long, value_enum, default_value_t = Order::Random)]
    order: Order,
    /// Make the people and the group first.
    #[arg(long)]
    prepare: bool,
    /// Make the people and the group in this data directory first, without HTTP.
    #[arg(long, value_name = "DIRECTORY")]
    seed_into: Option<std::path::PathBuf>,
    /// Measure how many of `--users` people one core maps in a second; asks no server.
    #[arg(long)]
    mapping: bool,
    /// Make the people in the first org of the mock Okta in this data directory, with events, without HTTP.
    #[arg(long, value_name = "DIRECTORY")]
    okta_into: Option<std::path::PathBuf>,
    /// Measure every page of people of an org and searches of its System Log.
    #[arg(long)]
    okta: bool,
    /// Upload bulk requests to the API-driven application of the appliance that runs on this data directory and was
    /// started with `SCIMLAB_ENTRA_CLIENT_SECRET`, for `--duration` seconds at the most the service allows.
    #[arg(long, value_name = "DIRECTORY")]
    inbound: Option<std::path::PathBuf>,
    /// Measure the machine's own limits too and print ratios.
    #[arg(long)]
    limits: bool,
    /// Process of the server: its resident memory is printed.
    #[arg(long)]
    pid: Option<u32>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Allow a target that is not this machine. Only load what is yours.
    #[arg(long)]
    allow_remote: bool,
}

impl Arguments {
    /// People needed: those asked for, and for `add-member` the members and one more per connection.
    fn people(&self) -> u64 {
        let group = self.group_size + self.connections;
        if self.scenario == Some(Scenario::AddMember) || self.group_size > 0 {
            self.users.max(group)
        } else {
            self.users
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(errors) => {
            eprintln!("{errors} requests failed");
            ExitCode::FAILURE
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

/// Prepares, measures, prints. Returns the number of failed requests of the measurement.
fn run(arguments: &Arguments) -> Result<usize, String> {
    if arguments.mapping {
        mapping::measure(arguments.users, Duration::from_secs(arguments.duration))?;
        return Ok(0);
    }
    if let Some(directory) = &arguments.inbound {
        return inbound::measure(directory, arguments.duration);
    }
    check_target(&arguments.base, arguments.allow_remote)?;
    if let Some(directory) = &arguments.seed_into {
        seed::seed(directory, arguments.people(), arguments.group_size)?;
        return Ok(0);
    }
    if let Some(directory) = &arguments.okta_into {
        okta::seed(directory, arguments.users)?;
        return Ok(0);
    }
    if arguments.okta {
        okta::measure(&arguments.base, &arguments.key)?;
        return Ok(0);
    }
    if arguments.prepare {
        prepare(arguments)?;
    }
    let Some(scenario) = arguments.scenario else {
        return Ok(0);
    };
    let work = Work::gather(arguments, scenario)?;
    let limit = Duration::from_secs(arguments.duration);
    let watch = Stopwatch::start();
    let samples: Vec<Sample> = thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.connections)
            .map(|connection| {
                let work = &work;
                scope.spawn(move || work.repeat(arguments, connection, watch, limit))
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    });
    let elapsed = watch.elapsed();
    if samples.is_empty() {
        return Err("nothing was measured: every thread died before its first request".to_owned());
    }
    let rows: Vec<Row> = work
        .operations()
        .iter()
        .map(|operation| Row::of(operation, &samples, elapsed))
        .collect();
    print(arguments, &rows, elapsed);
    print_more(arguments, scenario, &work, &rows)?;
    let mut sentences: Vec<&str> = samples
        .iter()
        .filter_map(|s| s.failure.as_deref())
        .collect();
    let errors = sentences.len();
    sentences.sort_unstable();
    sentences.dedup();
    for sentence in sentences.iter().take(3) {
        eprintln!("error: {sentence}");
    }
    Ok(errors)
}

/// Memory of the server, users scanned, and the machine's limits.
fn print_more(
    arguments: &Arguments,
    scenario: Scenario,
    work: &Work,
    rows: &[Row],
) -> Result<(), String> {
    if let Some(pid) = arguments.pid {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
            .map_err(|e| format!("process {pid}: {e}"))?;
        for line in status
            .lines()
            .filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM"))
        {
            println!("{line}");
        }
    }
    let Some(row) = rows.first() else {
        return Ok(());
    };
    if scenario == Scenario::Scan {
        let users = f64::from(u32::try_from(arguments.users).unwrap_or(u32::MAX));
        println!("{:.0} users scanned per second", users * row.per_second);
    }
    if !arguments.limits {
        return Ok(());
    }
    let time = Duration::from_secs(arguments.duration);
    if matches!(scenario, Scenario::Create | Scenario::Patch) {
        let person = person(&user_name(0)).to_string();
        let bare = limits::bare_commits(arguments.order, person.as_bytes(), time)?;
        println!(
            "bare commits in the same order: {bare:.0} users per second; ratio {:.3}",
            row.per_second / bare
        );
    } else {
        let mut wire = wire::Wire::open(&arguments.base, &arguments.key)?;
        let request = work.sample(&wire);
        let (_, body) = wire.send(&request)?;
        let bytes = body.len();
        let bare = limits::bare_handler(body.to_vec(), arguments.connections, time)?;
        println!(
            "bare handler with {bytes} bytes: {bare:.0} per second; ratio {:.3}",
            row.per_second / bare
        );
    }
    Ok(())
}

/// A load generator pointed at the wrong host is an attack, so anything but this machine must be meant.
fn check_target(base: &str, allow_remote: bool) -> Result<(), String> {
    let uri: Uri = base.parse().map_err(|e| format!("--base {base}: {e}"))?;
    let host = uri
        .host()
        .ok_or_else(|| format!("--base {base}: a host is missing"))?;
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let local = address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if local || host == "localhost" || allow_remote {
        return Ok(());
    }
    Err(format!(
        "{host} is not this machine; say --allow-remote if you may load it"
    ))
}

fn user_name(number: u64) -> String {
    format!("load-{number:08}@example.com")
}

fn group_name(size: u64) -> String {
    format!("load-group-{size}")
}

fn person(user_name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": user_name,
        "name": { "givenName": "Load", "familyName": user_name },
        "displayName": user_name,
        "externalId": format!("ext-{user_name}"),
        "emails": [{ "value": user_name, "type": "work", "primary": true }],
        "active": true,
    })
}

fn patch_body(operation: &Value) -> Value {
    json!({ "schemas": [PATCH_OP], "Operations": [operation] })
}

/// Makes the people and, when it is needed, the group.
fn prepare(arguments: &Arguments) -> Result<(), String> {
    let people = arguments.people();
    let bar = progress("people", people);
    let next = AtomicU64::new(0);
    let failures: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.connections)
            .map(|_| scope.spawn(|| create_people(arguments, people, &next, &bar).err()))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap_or(Some("a thread died".to_owned())))
            .collect()
    });
    bar.finish();
    if let Some(sentence) = failures.into_iter().next() {
        return Err(sentence);
    }
    if arguments.scenario == Some(Scenario::AddMember) || arguments.group_size > 0 {
        prepare_group(arguments)?;
    }
    Ok(())
}

fn create_people(
    arguments: &Arguments,
    people: u64,
    next: &AtomicU64,
    bar: &ProgressBar,
) -> Result<(), String> {
    let connection = Connection::open(&arguments.base, &arguments.key);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= people {
            return Ok(());
        }
        match connection.post("/Users", &person(&user_name(number)))? {
            (201 | 409, _) => bar.inc(1),
            (status, body) => {
                // The other threads stop as well: nothing better is to be expected there.
                next.store(people, Ordering::Relaxed);
                return Err(format!("POST /Users answered {status}: {body}"));
            }
        }
    }
}

fn prepare_group(arguments: &Arguments) -> Result<(), String> {
    let connection = Connection::open(&arguments.base, &arguments.key);
    let name = group_name(arguments.group_size);
    let id = match connection.find("/Groups", &format!("displayName eq \"{name}\""))? {
        Some(id) => id,
        None => {
            match connection.post("/Groups", &json!({"schemas": [GROUP], "displayName": name}))? {
                (201, body) => body["id"].as_str().unwrap_or_default().to_owned(),
                (status, body) => return Err(format!("POST /Groups answered {status}: {body}")),
            }
        }
    };
    let bar = progress("members", arguments.group_size);
    for start in (0..arguments.group_size).step_by(usize::try_from(CHUNK).unwrap_or(usize::MAX)) {
        let members = (start..arguments.group_size.min(start + CHUNK))
            .map(|number| {
                connection
                    .find_user(number)
                    .map(|id| json!({ "value": id }))
            })
            .collect::<Result<Vec<Value>, String>>()?;
        let count = members.len();
        let body = patch_body(&json!({ "op": "add", "path": "members", "value": members }));
        match connection.patch(&format!("/Groups/{id}"), &body)? {
            (200 | 204, _) => bar.inc(u64::try_from(count).unwrap_or(0)),
            (status, body) => return Err(format!("PATCH /Groups/{id} answered {status}: {body}")),
        }
    }
    bar.finish();
    Ok(())
}

/// Drawn on a terminal, silent in a pipe.
fn progress(what: &'static str, length: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg:8} {wide_bar} {human_pos}/{human_len} {per_sec}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length)
        .with_style(style)
        .with_message(what)
}

/// `SplitMix64`: every connection its own sequence, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `bound`, which is not zero.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn choose<'a>(&mut self, from: &'a [String]) -> &'a str {
        let bound = u64::try_from(from.len()).unwrap_or(1).max(1);
        usize::try_from(self.below(bound))
            .ok()
            .and_then(|n| from.get(n))
            .map_or("", String::as_str)
    }
}

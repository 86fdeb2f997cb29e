//! The agent against a target that misbehaves, over real HTTP.
//!
//! The target is the real program behind a small proxy that breaks what a test tells it to break: before
//! the request arrives, or after, when it has taken effect and the answer is lost. What single faults
//! mean for a single object is told beside the agent; here a whole company is provisioned meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use scimlab::access::Operator;
use scimlab::clock::{FixedClock, Timestamp};
use scimlab::error::Error;
use scimlab::id::Nonce;
use scimlab::lab::{self, Ids, Seed};
use scimlab::model::{Cycle, CycleState, LogEntry, Status, Team};
use scimlab::provider::accounts;
use scimlab::scim::profile::Setting;
use scimlab::secret::{PasswordHash, Plain, Sealer};
use scimlab::store::jobs::{self as rows, JobKey};
use scimlab::store::{Store, Write, logs, teams};
use scimlab::sync::{AgentContext, jobs, run_cycle};
use serde_json::Value;
use tempfile::TempDir;

const KEY: &str = "key-of-the-target";
const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
/// How long the agent of these tests waits for an answer. Long enough for every target that answers.
const PATIENCE: Duration = Duration::from_secs(5);

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Another server answers: status, Content-Type, body. The target sees nothing.
    Answer(u16, &'static str, &'static str),
    /// The connection ends without a byte; the target sees nothing.
    Refused,
    /// Nobody ever answers; the target sees nothing.
    Silence,
    /// The target does what it was asked, and the connection ends in the middle of its answer.
    CutShort,
}

/// Decides from the first line of a request and its body.
type Chaos = Box<dyn FnMut(&str, &str) -> Option<Fault> + Send>;

/// The real program as a target, with the proxy in front of it.
struct Target {
    process: Child,
    _data: TempDir,
    /// Base URL of SCIM at the proxy.
    url: String,
    address: String,
    chaos: Arc<Mutex<Option<Chaos>>>,
}

impl Target {
    fn start() -> Self {
        let data = TempDir::new().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_scimlab"))
            .env_clear()
            .env("SCIMLAB_SCIM_KEY", KEY)
            .args([
                "serve",
                "--seed",
                "empty",
                "--listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(data.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim_end()
            .strip_prefix("scimlab is listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/scim/v2", listener.local_addr().unwrap());
        let chaos = Arc::new(Mutex::new(None));
        let (theirs, target) = (Arc::clone(&chaos), address.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (chaos, target) = (Arc::clone(&theirs), target.clone());
                std::thread::spawn(move || pass_on(stream, &target, &chaos));
            }
        });
        Self {
            process,
            _data: data,
            url,
            address,
            chaos,
        }
    }

    fn breaks(&self, chaos: impl FnMut(&str, &str) -> Option<Fault> + Send + 'static) {
        *self.chaos.lock().unwrap() = Some(Box::new(chaos));
    }

    fn is_well_again(&self) {
        *self.chaos.lock().unwrap() = None;
    }

    /// Asks the target itself, past the proxy.
    fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET /scim/v2{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Message::read(&mut BufReader::new(stream)).unwrap();
        assert!(answer.head.starts_with("HTTP/1.1 200"), "{}", answer.head);
        serde_json::from_slice(&std::mem::take(&mut answer.body)).unwrap()
    }

    fn total(&self, collection: &str) -> u64 {
        self.get(&format!("/{collection}?count=0"))["totalResults"]
            .as_u64()
            .unwrap()
    }

    /// How many members a group has.
    fn members(&self, group: &str) -> usize {
        let group = group.replace(' ', "%20");
        let found = self.get(&format!("/Groups?filter=displayName%20eq%20%22{group}%22"));
        let members = found["Resources"][0]["members"].as_array();
        members.map_or(0, Vec::len)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Fails when it ended already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A request or an answer, as bytes that can be sent on.
struct Message {
    /// First line and headers, with the empty line.
    head: String,
    body: Vec<u8>,
}

impl Message {
    fn read(from: &mut impl std::io::BufRead) -> Option<Self> {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if from.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
            head.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).ok()?;
        Some(Self { head, body })
    }
}

/// Serves one connection of the agent.
fn pass_on(mut agent: TcpStream, target: &str, chaos: &Mutex<Option<Chaos>>) {
    let mut requests = BufReader::new(agent.try_clone().unwrap());
    while let Some(request) = Message::read(&mut requests) {
        let line = request.head.lines().next().unwrap_or_default().to_owned();
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let fault = {
            let mut chaos = chaos.lock().unwrap_or_else(PoisonError::into_inner);
            chaos.as_mut().and_then(|chaos| chaos(&line, &body))
        };
        match fault {
            Some(Fault::Refused) => return,
            Some(Fault::Silence) => {
                // Until the agent hangs up.
                let _ = requests.read(&mut [0]);
                return;
            }
            Some(Fault::Answer(status, kind, text)) => {
                let length = text.len();
                let answer = format!(
                    "HTTP/1.1 {status} Chaos\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{text}"
                );
                if agent.write_all(answer.as_bytes()).is_err() {
                    return;
                }
                continue;
            }
            Some(Fault::CutShort) | None => {}
        }
        // A connection of its own: the target may close one that was idle.
        let mut target = TcpStream::connect(target).unwrap();
        let mut answers = BufReader::new(target.try_clone().unwrap());
        let bytes = [request.head.as_bytes(), &request.body].concat();
        if target.write_all(&bytes).is_err() {
            return;
        }
        let Some(answer) = Message::read(&mut answers) else {
            return;
        };
        let mut bytes = [answer.head.as_bytes(), &answer.body].concat();
        if fault.is_some() {
            bytes.truncate(answer.head.len() + answer.body.len() / 2);
        }
        if agent.write_all(&bytes).is_err() || fault.is_some() {
            return;
        }
    }
}

/// A directory in this process whose first application is provisioned into a target.
struct Source {
    context: AgentContext,
    clock: Arc<FixedClock>,
    key: JobKey,
}

/// The only way to an operator from outside: an account that signs in.
fn operator(tx: &Write<'_>) -> Result<Operator, Error> {
    let team = Team {
        seq: teams::next_seq(tx)?,
        name: "Source".into(),
        scim_enabled: false,
        created: NOW,
        profile: Setting::default(),
        revision: 0,
        audit_days: 180,
        built_ins_off: std::collections::BTreeSet::new(),
    };
    teams::put(tx, &team)?;
    // Nobody signs in with it.
    let password: PasswordHash = serde_json::from_str(r#""$argon2id$none""#).unwrap();
    let account = accounts::upsert(
        tx,
        "operator@contoso.example",
        "Operator",
        password,
        Nonce::random(),
        NOW,
    )?;
    Ok(accounts::signed_in(tx, account.seq, None)?.2.unwrap())
}

impl Source {
    fn start(seed: Seed, target: &Target) -> Self {
        let clock = Arc::new(FixedClock::new(NOW));
        let store = Store::in_memory().unwrap();
        let sealer = Sealer::new(&[7; 32]);
        let mut context = AgentContext::new(store.clone(), clock.clone(), sealer.clone());
        context.settings.timeout = PATIENCE;
        let operator = store.write(operator).unwrap();
        let mut ids = Ids::from_number(7644);
        let installed = lab::install(&store, &operator, seed, &mut ids, NOW).unwrap();
        let key = JobKey {
            tenant: installed.tenant.seq,
            job: installed.applications[0].1.seq,
        };
        let (url, token) = (target.url.clone(), Plain::new(KEY));
        store
            .write(move |tx| -> Result<_, Error> {
                jobs::save_credentials(tx, &operator, key, &sealer, &url, Some(&token.into()))?;
                jobs::start(tx, &operator, key, NOW)
            })
            .unwrap();
        Self {
            context,
            clock,
            key,
        }
    }

    fn cycle(&self) -> Cycle {
        run_cycle(&self.context, self.key).unwrap()
    }

    /// A later cycle, when everything that is to be tried again is due.
    fn next_cycle(&self) -> Cycle {
        self.clock.advance(Duration::from_hours(6));
        self.cycle()
    }

    /// The entries of a cycle, oldest first.
    fn log(&self, cycle: &Cycle) -> Vec<LogEntry> {
        let mut entries = Vec::new();
        let tx = self.context.store.read().unwrap();
        logs::walk_back(&tx, self.key, None, |entry| -> Result<_, Error> {
            entries.push(entry);
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        entries.retain(|entry| entry.cycle_id == cycle.id);
        entries.reverse();
        entries
    }

    fn escrows(&self) -> usize {
        let tx = self.context.store.read().unwrap();
        rows::escrows(&tx, self.key).unwrap().len()
    }
}

const SCIM: &str = "application/scim+json";
const INCOMPATIBLE: &str = "SystemForCrossDomainIdentityManagementServiceIncompatible";
const SCIM_ERROR: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"familyName: no"}"#;

/// One fault for each of nine people: address, fault, the code it gets.
const NINE: &[(&str, Fault, &str)] = &[
    (
        "miguel.torres",
        Fault::Answer(500, "text/plain", "out of cheese"),
        "InternalServerError",
    ),
    (
        "aisha.khan",
        Fault::Answer(429, SCIM, "{\"detail\":\"slower\"}"),
        "TooManyRequests",
    ),
    (
        "raj.patel",
        Fault::Answer(200, "text/html", "<html>Welcome"),
        INCOMPATIBLE,
    ),
    (
        "wei.chen",
        Fault::Answer(201, "text/plain", "{\"id\":\"1\"}"),
        INCOMPATIBLE,
    ),
    (
        "jose.nunez",
        Fault::Answer(400, SCIM, SCIM_ERROR),
        "SystemForCrossDomainIdentityManagementBadRequest",
    ),
    (
        "grace.okafor",
        Fault::Answer(201, SCIM, "{\"id\":"),
        INCOMPATIBLE,
    ),
    ("liam.oconnor", Fault::Refused, "WebExceptionProtocolError"),
    ("hanna.lindstrom", Fault::Silence, "Timeout"),
    ("priya.iyer", Fault::CutShort, "WebExceptionProtocolError"),
];

#[test]
fn nine_people_fail_in_nine_ways_and_everybody_else_arrives() {
    let target = Target::start();
    let source = Source::start(lab::demo::demo(), &target);
    target.breaks(|line, body| {
        let creates = line.starts_with("POST ");
        let victim = NINE
            .iter()
            .find(|(who, ..)| creates && body.contains(&format!("{who}@")));
        victim.map(|(_, fault, _)| *fault)
    });
    let first = source.cycle();
    assert_eq!(first.state, CycleState::EntryLevelErrors, "{first:?}");
    let created = 23 - NINE.len() as u64;
    assert_eq!(first.counts.created, created, "{first:?}");

    let log = source.log(&first);
    for (who, fault, code) in NINE {
        let address = format!("{who}@contoso.example");
        let entry = log
            .iter()
            .find(|entry| {
                let mut sent = entry.exchanges.iter().filter_map(|e| e.request.as_deref());
                sent.any(|body| body.contains(&address))
            })
            .unwrap_or_else(|| panic!("{who} is not in the log"));
        let error = entry.error.as_ref().unwrap_or_else(|| panic!("{entry:?}"));
        assert_eq!(
            (entry.status, error.error_code.as_str()),
            (Status::Failure, *code),
            "{who}"
        );
        assert!(error.recommended_action.is_some(), "{who}");
        let exchange = entry.exchanges.last().unwrap();
        assert_eq!(exchange.method, "POST", "{who}");
        assert_eq!(exchange.url, format!("{}/Users", target.url), "{who}");
        match fault {
            Fault::Answer(status, _, body) => {
                assert_eq!(
                    (exchange.status, exchange.response.as_str()),
                    (Some(*status), *body),
                    "{who}"
                );
                assert!(error.reason.contains(body), "{who}: {}", error.reason);
            }
            _ => {
                assert_eq!(exchange.status, None, "{who}");
                assert!(
                    !exchange.response.is_empty(),
                    "{who}: what went wrong is not said"
                );
            }
        }
    }
    assert!(!format!("{log:?}").contains(KEY), "the token is in the log");
    // Whose answer was lost exists in the target although the agent does not know.
    assert_eq!(target.total("Users") + target.total("Groups"), created + 1);

    target.is_well_again();
    let second = source.next_cycle();
    assert_eq!(
        second.state,
        CycleState::Succeeded,
        "{:?}",
        source.log(&second)
    );
    // The ninth is found and linked, not created again.
    assert_eq!(second.counts.created, NINE.len() as u64 - 1, "{second:?}");
    assert_eq!((target.total("Users"), target.total("Groups")), (19, 4));
    assert_eq!(source.escrows(), 0);
    let third = source.next_cycle();
    assert_eq!(
        (third.state, third.counts.requests),
        (CycleState::Succeeded, 2),
        "{third:?}"
    );
    for (group, members) in [
        ("Tour Operations", 4),
        ("Ride Engineering", 7),
        ("Guest Services", 4),
        ("Park Leadership", 4),
    ] {
        assert_eq!(target.members(group), members, "{group}");
    }
}

#[test]
fn a_target_that_goes_down_in_the_middle_is_made_complete_when_it_is_back() {
    for answers in [3, 15, 40] {
        let target = Target::start();
        let source = Source::start(lab::demo::demo(), &target);
        let mut left = answers;
        target.breaks(move |_, _| {
            left -= i32::from(left > 0);
            (left == 0).then_some(Fault::Refused)
        });
        let first = source.cycle();
        assert_eq!(
            first.state,
            CycleState::EntryLevelErrors,
            "after {answers}: {first:?}"
        );
        assert!(first.counts.failed > 0, "{first:?}");
        for entry in source.log(&first) {
            if entry.status == Status::Failure {
                let error = entry.error.as_ref().unwrap();
                assert_eq!(error.error_code, "WebExceptionProtocolError", "{entry:?}");
                assert_eq!(entry.exchanges.last().unwrap().status, None, "{entry:?}");
            }
        }
        target.is_well_again();
        let second = source.next_cycle();
        assert_eq!(
            second.state,
            CycleState::Succeeded,
            "after {answers}: {:?}",
            source.log(&second)
        );
        assert_eq!(
            first.counts.created + second.counts.created,
            23,
            "after {answers}"
        );
        assert_eq!(
            (target.total("Users"), target.total("Groups")),
            (19, 4),
            "after {answers}"
        );
        assert_eq!(source.escrows(), 0, "after {answers}");
        for (group, members) in [
            ("Tour Operations", 4),
            ("Ride Engineering", 7),
            ("Guest Services", 4),
            ("Park Leadership", 4),
        ] {
            assert_eq!(target.members(group), members, "{group} after {answers}");
        }
    }
}

#[test]
fn a_target_that_is_down_from_the_start_means_quarantine_and_nothing_is_lost() {
    let target = Target::start();
    let source = Source::start(lab::demo::demo(), &target);
    target.breaks(|_, _| Some(Fault::Answer(503, "text/html", "<html>maintenance")));
    let first = source.cycle();
    assert_eq!(
        (first.state, first.counts.examined),
        (CycleState::Failed, 0),
        "{first:?}"
    );
    let job = jobs::get(&source.context.store.read().unwrap(), source.key).unwrap();
    assert!(job.quarantine.is_some(), "{job:?}");
    target.is_well_again();
    let second = source.next_cycle();
    assert_eq!(
        (second.state, second.counts.created),
        (CycleState::Succeeded, 23),
        "{second:?}"
    );
    let job = jobs::get(&source.context.store.read().unwrap(), source.key).unwrap();
    assert!(job.quarantine.is_none(), "{job:?}");
}

#[test]
fn members_that_could_not_be_sent_are_sent_later() {
    let target = Target::start();
    let source = Source::start(lab::demo::demo(), &target);
    target.breaks(|line, _| {
        line.starts_with("PATCH /scim/v2/Groups/")
            .then_some(Fault::Answer(502, "text/html", "<html>bad gateway"))
    });
    let first = source.cycle();
    assert_eq!(
        (first.state, first.counts.created),
        (CycleState::EntryLevelErrors, 23),
        "{first:?}"
    );
    assert_eq!(target.members("Ride Engineering"), 0);
    let log = source.log(&first);
    let failed: Vec<&LogEntry> = log.iter().filter(|e| e.status == Status::Failure).collect();
    assert_eq!(failed.len(), 4, "{failed:?}");
    for entry in failed {
        let exchange = entry.exchanges.last().unwrap();
        assert_eq!(
            (exchange.method.as_str(), exchange.status),
            ("PATCH", Some(502))
        );
        assert!(exchange.request.as_ref().unwrap().contains("\"members\""));
        assert_eq!(exchange.response, "<html>bad gateway");
    }
    target.is_well_again();
    let second = source.next_cycle();
    assert_eq!(
        (second.state, second.counts.created),
        (CycleState::Succeeded, 0),
        "{second:?}"
    );
    assert_eq!(target.members("Ride Engineering"), 7);
}

#[test]
fn every_shipped_seed_is_provisioned() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seeds");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let seed = lab::seed::parse(&text).unwrap();
        let target = Target::start();
        let source = Source::start(seed, &target);
        let cycle = source.cycle();
        assert_eq!(
            cycle.state,
            CycleState::Succeeded,
            "{:?}",
            source.log(&cycle)
        );
        assert!(cycle.counts.created > 0);
        let there = target.total("Users") + target.total("Groups");
        assert_eq!(there, cycle.counts.created);
    }
}

#[test]
fn the_steps_of_an_entry_have_the_names_of_the_service() {
    let target = Target::start();
    let source = Source::start(lab::demo::demo(), &target);
    let first = source.cycle();
    let log = source.log(&first);
    let steps = |name: &str| -> Vec<&str> {
        let entry = log.iter().find(|entry| entry.source.display_name == name);
        let entry = entry.unwrap_or_else(|| panic!("{name} is not in the log"));
        entry.steps.iter().map(|step| step.name.as_str()).collect()
    };
    assert_eq!(
        steps("John Smith"),
        [
            "EntryImportAdd",
            "EntrySynchronizationScoping",
            "EntryImport",
            "EntrySynchronizationAdd",
            "EntryExportAdd"
        ]
    );
    assert_eq!(
        steps("Nils Andersen"),
        [
            "EntryImportAdd",
            "EntrySynchronizationScoping",
            "EntrySynchronizationSkip"
        ]
    );
}

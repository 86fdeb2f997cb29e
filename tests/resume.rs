//! `kill -9` of the whole appliance during an initial cycle, and a second start on the same data: the
//! cycle is finished, and nobody is created twice.
//!
//! The log of the program, read line by line, says when to kill and when the cycle has ended; nothing
//! here waits for a time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use scimlab::lab::people;
use serde_json::Value;
use tempfile::TempDir;

const PEOPLE: usize = 1500;
/// The number and the domain from which `demo --users` makes its people.
const NUMBER: u64 = 7644;
const DOMAIN: &str = "contoso.example";

const USER_CREATED: &str = r#"request{method=POST path="/scim/v2/Users""#;
const MEMBERS_ADDED: &str = r#"request{method=PATCH path="/scim/v2/Groups/"#;
const CYCLE_ENDED: &str = "a cycle came to rest";

/// The program with a log of every request and of every cycle.
fn scimlab() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimlab"));
    command
        .env_clear()
        .env("SCIMLAB_LOG", "info,scimlab::web=debug,scimlab::sync=debug")
        .stdin(Stdio::null());
    command
}

/// A port for both processes: the job has it in its tenant URL. Below the ports that the kernel gives
/// to others, and different for each process that looks at the same time.
fn free_address() -> SocketAddr {
    let first = 20_000 + u16::try_from(std::process::id() % 11_000).unwrap();
    (first..32_000)
        .map(|port| SocketAddr::from(([127, 0, 0, 1], port)))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a free port below 32000")
}

/// A process whose log is read while it runs; killed by its own id when a test fails.
struct Running {
    process: Child,
    log: std::io::Lines<BufReader<ChildStderr>>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { process, log }
    }

    /// Reads the log to the end of it or until a line is the last one wanted; true if there was one.
    fn read_until(&mut self, read: &mut String, mut last: impl FnMut(&str) -> bool) -> bool {
        for line in self.log.by_ref() {
            let line = line.unwrap();
            writeln!(read, "{line}").unwrap();
            if last(&line) {
                return true;
            }
        }
        false
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails when it ended already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lines of the log of requests with this method to `path` or below.
fn requests<'a>(log: &'a str, method: &str, path: &str) -> Vec<&'a str> {
    let request = format!("request{{method={method} path=\"{path}");
    log.lines().filter(|line| line.contains(&request)).collect()
}

fn output(arguments: &[&str], data: &Path) -> String {
    let output = scimlab()
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let (out, log) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    let out = String::from_utf8(out).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {log}{out}");
    out
}

/// Rows of a table in a dump, as JSON.
fn rows(dump: &str, table: &str) -> Vec<Value> {
    dump.lines()
        .filter_map(|line| line.strip_prefix(table)?.strip_prefix(' '))
        .map(|row| serde_json::from_str(&row[row.find('{').unwrap()..]).unwrap())
        .collect()
}

/// Kills the appliance when its log has `count` lines with `mark`, starts it again, and looks at what
/// is there in the end.
#[expect(
    clippy::too_many_lines,
    reason = "one story from the first start to the last look"
)]
fn kill_and_resume(mark: &str, count: usize) {
    let root = TempDir::new().unwrap();
    let data = root.path().join("data");
    let address = free_address().to_string();
    let people_count = PEOPLE.to_string();

    let mut command = scimlab();
    command
        .args([
            "demo",
            "--users",
            &people_count,
            "--listen",
            &address,
            "--data",
        ])
        .arg(&data);
    let mut first = Running::start(command);
    let (mut before, mut seen) = (String::new(), 0);
    let reached = first.read_until(&mut before, |line| {
        seen += usize::from(line.contains(mark));
        seen == count
    });
    assert!(reached, "only {seen} of {count}: {before}");
    first.process.kill().unwrap();
    // What it still wrote before the signal reached it.
    first.read_until(&mut before, |_| false);
    assert_eq!(
        first.process.wait().unwrap().code(),
        None,
        "ended by a signal"
    );
    assert!(
        !before.contains(CYCLE_ENDED),
        "killed too late to prove anything"
    );
    assert_eq!(
        rows(&output(&["dump"], &data), "CYCLES")[0]["state"],
        "Running"
    );

    let mut command = scimlab();
    command
        .args(["serve", "--listen", &address, "--data"])
        .arg(&data);
    let mut second = Running::start(command);
    let mut after = String::new();
    let ended = second.read_until(&mut after, |line| line.contains(CYCLE_ENDED));
    assert!(ended, "the cycle was not taken up again: {after}");
    let id = second.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    second.read_until(&mut after, |_| false);
    assert_eq!(second.process.wait().unwrap().code(), Some(0), "{after}");

    assert!(output(&["check"], &data).starts_with("clean"));
    let seed = people::generate(PEOPLE, NUMBER, DOMAIN);
    let in_scope = seed
        .users
        .iter()
        .filter(|user| user.account_enabled && !user.deleted)
        .filter(|user| {
            user.attributes
                .iter()
                .any(|a| a.name() == "mail" && a.text().is_some())
        })
        .count();
    let dump = output(&["dump"], &data);

    let cycles = rows(&dump, "CYCLES");
    assert_eq!(cycles.len(), 1, "{cycles:?}");
    assert_eq!(
        (&cycles[0]["kind"], &cycles[0]["state"]),
        (&"Initial".into(), &"Succeeded".into())
    );
    let failed: Vec<Value> = rows(&dump, "LOG_ENTRIES")
        .into_iter()
        .filter(|entry| entry["status"] == "failure")
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    // The administrator of the demonstration is a member of the team too.
    for (table, counter, wanted) in [
        ("USERS", "(1, \"users\")", in_scope + 1),
        ("GROUPS", "(1, \"groups\")", seed.groups.len()),
    ] {
        assert_eq!(rows(&dump, table).len(), wanted, "{table}");
        let counted = format!("COUNTERS {counter} {wanted}\n");
        assert!(dump.contains(&counted), "no {counted}");
    }
    assert_eq!(rows(&dump, "LINKS").len(), in_scope + seed.groups.len());
    let with_mail: usize = rows(&dump, "GROUPS")
        .iter()
        .map(|group| usize::try_from(group["member_count"].as_u64().unwrap()).unwrap())
        .sum();
    let exported = dump
        .lines()
        .filter(|line| line.starts_with("EXPORTED_MEMBERS "))
        .count();
    assert!(with_mail > in_scope, "everybody is in a group");
    assert_eq!(with_mail, exported);

    // The wire: every creation was accepted, none was asked for twice.
    for (path, wanted) in [
        ("/scim/v2/Users\"", in_scope),
        ("/scim/v2/Groups\"", seed.groups.len()),
    ] {
        let mut created = 0;
        for log in [&before, &after] {
            for line in requests(log, "POST", path) {
                assert!(line.ends_with("answered status=201"), "{line}");
                created += 1;
            }
        }
        // Fewer where the first process was killed between an answer and its line of the log.
        assert!(
            created <= wanted && created + 8 >= wanted,
            "{created} of {wanted} {path}"
        );
    }
}

#[test]
fn a_cycle_killed_among_its_first_users_is_finished() {
    kill_and_resume(USER_CREATED, 20);
}

#[test]
fn a_cycle_killed_in_the_middle_of_the_users_is_finished() {
    kill_and_resume(USER_CREATED, 700);
}

#[test]
fn a_cycle_killed_while_groups_get_their_members_is_finished() {
    kill_and_resume(MEMBERS_ADDED, 10);
}

//! `demo`, and seeds given to `serve`, through the real program: what a newcomer sees first.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The number and the domain from which `demo --users` makes its people.
const NUMBER: u64 = 7644;
const DOMAIN: &str = "contoso.example";

/// Who of the sample company is not provisioned, and why.
const SKIPPED: &[(&str, &str)] = &[
    ("Tom Becker", "skipped: no value to match by"),
    ("Nils Andersen", "skipped: account disabled"),
    ("Olga Petrova", "skipped: no value to match by"),
    ("Ebony Clark", "skipped: not assigned"),
    ("Dieter Krause", "skipped: not assigned"),
    ("Emma Brown", "skipped: in the recycle bin"),
    ("Samuel Reed", "skipped: not assigned"),
    ("Finance", "skipped: not assigned"),
];

/// The program without any setting that happens to be made outside.
fn scimlab() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimlab"));
    command.env_clear().stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    scimlab().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The cells of the lines between a title and the next empty line, without header and rules.
fn table(output: &str, title: &str) -> Vec<Vec<String>> {
    let mut lines = output.lines().skip_while(|line| !line.contains(title));
    assert!(lines.next().is_some(), "no {title:?} in:\n{output}");
    lines
        .take_while(|line| !line.is_empty())
        .skip_while(|line| !line.starts_with('═'))
        .skip(1)
        .take_while(|line| !line.starts_with('─'))
        .map(|line| {
            let cells = line.split("  ").map(str::trim);
            cells
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

/// Everybody of the sample company in the order of its file, with the verdict that is right.
fn whole_company() -> Vec<Vec<String>> {
    let seed: Value = serde_json::from_str(include_str!("../src/lab/demo.json")).unwrap();
    let verdict = |name: &str| {
        let skipped = SKIPPED.iter().find(|(who, _)| *who == name);
        skipped.map_or("present", |(_, reason)| reason).to_owned()
    };
    let mut rows = Vec::new();
    for (list, kind) in [("users", "User"), ("groups", "Group")] {
        for object in seed[list].as_array().unwrap() {
            let name = object["displayName"].as_str().unwrap();
            rows.push(vec![kind.to_owned(), name.to_owned(), verdict(name)]);
        }
    }
    rows
}

#[test]
fn the_sample_company_arrives_and_its_changes_too() {
    let output = run(&["demo", "--once"]);
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{log}");
    let company = whole_company();
    assert_eq!(company.len(), 31);
    assert_eq!(table(&out, "After the initial cycle"), company, "{out}");

    let expected = [
        ["Kathy Jensen", "renamed: surname is now Novak"],
        ["Miguel Torres", "department is now Special Projects"],
        ["Aisha Khan", "account disabled"],
        ["Noor Haddad", "no longer assigned to the application"],
        ["Newton Hire", "hired, and added to Tour Operations"],
        ["Babs Jensen", "no longer a member of Tour Operations"],
        ["Zoë Müller-Lüdenscheidt", "moved to the recycle bin"],
        ["Emma Brown", "restored from the recycle bin"],
        ["Park Leadership", "renamed to Park Leadership (all sites)"],
    ];
    assert_eq!(table(&out, "Changed in the directory"), expected, "{out}");

    let before_and_now = [
        ["User", "Kathy Novak", "present", "present"],
        [
            "User",
            "Aisha Khan",
            "present",
            "deactivated: account disabled",
        ],
        [
            "User",
            "Zoë Müller-Lüdenscheidt",
            "present",
            "deactivated: in the recycle bin",
        ],
        [
            "User",
            "Emma Brown",
            "skipped: in the recycle bin",
            "present",
        ],
        [
            "User",
            "Noor Haddad",
            "present",
            "deactivated: not assigned",
        ],
        ["User", "Newton Hire", "not there", "present"],
        ["Group", "Park Leadership (all sites)", "present", "present"],
    ];
    assert_eq!(
        table(&out, "After the incremental cycle"),
        before_and_now,
        "{out}"
    );
    assert!(out.contains("Source and target agree."), "{out}");

    assert!(
        log.contains("The supplied credentials are authorized to enable provisioning"),
        "{log}"
    );
    for line in [
        "Initial cycle: 31 examined, 23 created, ",
        "Incremental cycle: 9 examined, 2 created, ",
        "Incremental cycle without changes: 0 examined, 0 created, 0 updated, 0 disabled, 0 deleted, 0 skipped, 0 failed, 2 requests",
    ] {
        assert!(log.contains(line), "{line}\n{log}");
    }
}

#[test]
fn the_mock_okta_provisions_the_sample_company_too() {
    let output = run(&["demo", "--idp", "okta", "--once"]);
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{log}");
    assert!(log.contains("Postman was verified successfully!"), "{log}");
    let changes = [
        ["John Smith-Okonjo", "has another last name"],
        ["Barbara Jensen", "is deactivated"],
        ["Ines Vidal", "is hired and assigned"],
    ];
    assert_eq!(table(&out, "Changed in the org"), changes, "{out}");
    let people = table(&out, "Person");
    assert_eq!(people.len(), 22, "{out}");
    let deactivated = ["Barbara Jensen".to_owned(), "deactivated".to_owned()];
    assert_eq!(people.last().map(Vec::as_slice), Some(&deactivated[..]));
    let present = |row: &&Vec<String>| row[1] == "present";
    assert_eq!(people.iter().filter(present).count(), 21, "{out}");
    assert!(out.contains("Source and target agree."), "{out}");

    let output = run(&[
        "demo", "--idp", "okta", "--users", "60", "--once", "--format", "json",
    ]);
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{figures}");
    assert_eq!(figures["failures"], 0);
    assert_eq!(figures["mismatches"], 0);
    assert!(figures["users"].as_u64() > Some(50), "{figures}");
    // Two requests make an account; the probe and the changes are a few more.
    assert!(figures["requests"].as_u64() > Some(100), "{figures}");
}

/// Figures of `demo --users N --once --format json`, without those that depend on the machine.
fn figures(users: &str) -> Value {
    let output = run(&["demo", "--users", users, "--once", "--format", "json"]);
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{log}");
    let mut figures: Value = serde_json::from_str(&out).unwrap();
    let members = figures.as_object_mut().unwrap();
    assert!(members.remove("seconds").is_some());
    assert!(members.remove("objectsPerSecond").is_some());
    for (_, cycle) in members["cycles"].as_object_mut().unwrap() {
        assert!(cycle.as_object_mut().unwrap().remove("seconds").is_some());
    }
    figures
}

fn count(figures: &Value, cycle: &str, what: &str) -> u64 {
    let value = &figures["cycles"][cycle]["counts"][what];
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{cycle}.{what} in {figures:#}"))
}

#[test]
fn figures_of_many_people_add_up_and_are_the_same_every_time() {
    let figures_300 = figures("300");
    let seed = scimlab::lab::people::generate(300, NUMBER, DOMAIN);
    let matchable = |user: &&scimlab::lab::seed::SeedUser| {
        user.account_enabled
            && !user.deleted
            && user
                .attributes
                .iter()
                .any(|a| a.name() == "mail" && a.text().is_some())
    };
    let in_scope = seed.users.iter().filter(matchable).count() + seed.groups.len();
    assert_eq!(seed.groups.len(), 30);
    assert!(in_scope < 330, "somebody is awkward");

    let f = &figures_300;
    assert_eq!(
        (&f["mismatches"], &f["failures"]),
        (&0.into(), &0.into()),
        "{f:#}"
    );
    for cycle in ["initial", "incremental", "incrementalWithoutChanges"] {
        assert_eq!(f["cycles"][cycle]["state"], "Succeeded", "{f:#}");
        assert_eq!(count(f, cycle, "failed"), 0, "{f:#}");
    }
    assert_eq!(count(f, "initial", "created"), in_scope as u64, "{f:#}");
    // Two look first: for the probe. Each object is looked for, then created.
    assert!(
        count(f, "initial", "requests") >= 2 + 2 * in_scope as u64,
        "{f:#}"
    );
    for untouched in ["disabled", "deleted"] {
        assert_eq!(count(f, "initial", untouched), 0, "{f:#}");
    }
    // One hired, one restored; one disabled, one unassigned, one deleted.
    assert_eq!(count(f, "incremental", "examined"), 9, "{f:#}");
    assert_eq!(count(f, "incremental", "created"), 2, "{f:#}");
    assert_eq!(count(f, "incremental", "disabled"), 3, "{f:#}");
    assert_eq!(
        (&f["users"], &f["groups"]),
        (&301.into(), &30.into()),
        "{f:#}"
    );
    let requests = ["initial", "incremental", "incrementalWithoutChanges"];
    let requests: u64 = requests
        .iter()
        .map(|cycle| count(f, cycle, "requests"))
        .sum();
    assert_eq!(f["requests"], requests, "{f:#}");

    assert_eq!(figures("300"), figures_300);
}

#[test]
fn a_cycle_without_changes_costs_the_same_in_a_directory_of_any_size() {
    for users in ["30", "300"] {
        let f = figures(users);
        let empty = "incrementalWithoutChanges";
        for (what, expected) in [
            ("requests", 2),
            ("examined", 0),
            ("skipped", 0),
            ("updated", 0),
        ] {
            assert_eq!(count(&f, empty, what), expected, "{what} of {users}: {f:#}");
        }
    }
}

/// `dump` of a data directory that no process has open.
fn dump(data: &Path) -> String {
    let output = scimlab()
        .args(["dump", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn assert_clean(data: &Path) {
    let output = scimlab()
        .args(["check", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn a_directory_that_holds_data_is_refused_and_not_touched() {
    let root = TempDir::new().unwrap();
    let data = root.path().join("data");
    let demo = || {
        let mut command = scimlab();
        command
            .args(["demo", "--users", "20", "--once", "--data"])
            .arg(&data);
        command.output().unwrap()
    };
    let first = demo();
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert_clean(&data);
    let before = dump(&data);

    let second = demo();
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(text(&second.stdout), "");
    let said = text(&second.stderr);
    let expected = format!("scimlab: {} holds data already.", data.display());
    assert!(said.starts_with(&expected), "{said}");
    assert!(said.contains("scimlab serve --data"), "{said}");
    assert_eq!(dump(&data), before);
}

/// A running `serve`; ended by its own process id when a test fails.
struct Serving {
    process: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Serving {
    /// `demo` with a few people, which goes on serving.
    fn demonstration() -> Self {
        let mut command = scimlab();
        command.args(["demo", "--users", "10", "--listen", "127.0.0.1:0"]);
        Self::of(&mut command)
    }

    fn start(data: &Path, seed: &Path) -> Self {
        let mut command = scimlab();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--seed")
            .arg(seed);
        Self::of(&mut command)
    }

    fn of(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// What it prints next; empty when it ended without another word.
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    /// Its exit code and what it complained about.
    fn ended(&mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.process
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        (self.process.wait().unwrap().code(), said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails when it ended already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_mistake_in_a_seed_file_is_shown_where_it_stands_and_nothing_is_loaded() {
    let person = |more: &str| {
        format!(
            "{{\n  \"tenant\": {{\"name\": \"A\", \"domain\": \"a.example\"}},\n  \"users\": [\n    \
             {{\"userPrincipalName\": \"b@a.example\", \"displayName\": \"B\"{more}}}\n  ],\n  \"groups\": []\n}}\n"
        )
    };
    let root = TempDir::new().unwrap();
    for (name, seed, position, expected) in [
        (
            "cut short",
            "{\"tenant\": ".to_owned(),
            "line 1, column 12",
            "the end of the file",
        ),
        (
            "a comma too many",
            person("").replace("\"B\"}", "\"B\",}"),
            "line 4, column 61",
            "expected",
        ),
        (
            "unknown manager",
            person(r#", "manager": "nobody@a.example""#),
            "line 4, column 73",
            "\"nobody@a.example\"",
        ),
        (
            "unknown attribute",
            person(r#", "favouriteColour": "blue""#),
            "line 4, column 62",
            "favouriteColour",
        ),
        (
            "the same name twice",
            person("}, {\"userPrincipalName\": \"B@A.EXAMPLE\", \"displayName\": \"C\""),
            "line 4, column 85",
            "the user principal name is taken by the user at line 4, column 5",
        ),
    ] {
        let (data, file) = (
            root.path().join(name),
            root.path().join(format!("{name}.json")),
        );
        fs::write(&file, seed).unwrap();
        let mut serving = Serving::start(&data, &file);
        assert_eq!(serving.next_line(), "", "{name}: it serves");
        let (code, said) = serving.ended();
        assert_eq!(code, Some(1), "{name}: {said}");
        let start = format!(
            "scimlab: the seed file {} has a mistake at {position}",
            file.display()
        );
        assert!(said.starts_with(&start), "{name}: {said}");
        assert!(said.contains(expected), "{name}: {said}");
        assert!(
            said.trim_end().ends_with("nothing was loaded"),
            "{name}: {said}"
        );
        assert!(!data.exists(), "{name}: left something behind");
    }
}

#[test]
fn a_seed_file_that_is_not_there_is_said_in_one_sentence() {
    let root = TempDir::new().unwrap();
    let (data, file) = (root.path().join("data"), root.path().join("none.json"));
    let mut serving = Serving::start(&data, &file);
    assert_eq!(serving.next_line(), "");
    let (code, said) = serving.ended();
    assert_eq!(code, Some(1));
    let start = format!("scimlab: cannot read the seed file {}", file.display());
    assert!(said.starts_with(&start), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!data.exists());
}

#[test]
fn every_shipped_seed_is_served_and_everybody_of_it_is_in_the_directory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seeds");
    let seeds: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        let root = TempDir::new().unwrap();
        let data = root.path().join("data");
        let mut serving = Serving::start(&data, &seed);
        let line = serving.next_line();
        assert!(
            line.starts_with("scimlab is listening on http://127.0.0.1:"),
            "{line}"
        );
        drop(serving);
        assert_clean(&data);
        let wanted: Value = serde_json::from_str(&fs::read_to_string(&seed).unwrap()).unwrap();
        let names = |list: &str, name: &str| -> BTreeSet<String> {
            let objects = wanted[list].as_array().into_iter().flatten();
            objects
                .map(|o| o[name].as_str().unwrap().to_owned())
                .collect()
        };
        let rows = dump(&data);
        for (table, list, column, name) in [
            (
                "DIRECTORY_USERS ",
                "users",
                "user_principal_name",
                "userPrincipalName",
            ),
            ("DIRECTORY_GROUPS ", "groups", "display_name", "displayName"),
            ("APPLICATIONS ", "applications", "display_name", "name"),
        ] {
            let stored: BTreeSet<String> = rows
                .lines()
                .filter(|row| row.starts_with(table))
                .map(|row| {
                    let row: Value = serde_json::from_str(&row[row.find('{').unwrap()..]).unwrap();
                    row[column].as_str().unwrap().to_owned()
                })
                .collect();
            assert_eq!(stored, names(list, name), "{} of {}", list, seed.display());
        }
    }
}

#[test]
fn a_demonstration_that_goes_on_prints_what_a_client_that_uploads_needs() {
    let mut serving = Serving::demonstration();
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let line = serving.next_line();
        assert!(!line.is_empty(), "{}", serving.ended().1);
        if line.starts_with("Press Ctrl+C") {
            break;
        }
        if let Some((name, value)) = line.trim_end().split_once('=')
            && line.starts_with("  ")
        {
            told.insert(name.trim().to_owned(), value.to_owned());
        }
    }
    let names: Vec<&str> = told.keys().map(String::as_str).collect();
    let all = [
        "bulk_upload_endpoint",
        "client_id",
        "client_secret",
        "graph_base",
        "jobId",
        "token_endpoint",
    ];
    assert_eq!(names, all);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        told["client_id"], told["client_secret"]
    );
    let answer = ureq::post(&told["token_endpoint"])
        .header("Content-Type", "application/x-www-form-urlencoded")
        .send(form);
    let token = answer.unwrap().body_mut().read_to_string().unwrap();
    let token: Value = serde_json::from_str(&token).unwrap();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let request = include_str!("api/inbound/quickstart.json");
    let accepted = ureq::post(&told["bulk_upload_endpoint"])
        .header("Content-Type", "application/scim+json")
        .header("Authorization", &bearer)
        .send(request);
    assert_eq!(accepted.unwrap().status(), 202);
    let log = format!("{}/v1.0/auditLogs/provisioning", told["graph_base"]);
    let log = ureq::get(&log).header("Authorization", &bearer).call();
    assert_eq!(log.unwrap().status(), 200);
}

//! The data directory as an operator meets it: in use, read-only, full, newer. One clear sentence, exit
//! code not 0, no damage.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "api/server.rs"]
mod server;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use server::{KEY, Server};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PROGRAM: &str = env!("CARGO_BIN_EXE_scimlab");

fn run(mut command: Command) -> Output {
    command
        .env_clear()
        .env("SCIMLAB_LOG", "off")
        .output()
        .unwrap()
}

fn scimlab(arguments: &[&str], data: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).arg("--data").arg(data);
    run(command)
}

/// One line on standard error that begins with the program's name and says this; nothing else.
fn refused(what: &str, output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{what}: {said}");
    assert_eq!(output.status.code(), Some(1), "{what}: {said}");
    assert_eq!(said.lines().count(), 1, "{what}: {said}");
    assert!(said.starts_with("scimlab: "), "{what}: {said}");
    for word in words {
        assert!(said.contains(word), "{what}: {word} in {said}");
    }
    assert!(output.stdout.is_empty(), "{what}: nothing was promised");
}

fn clean(data: &Path) {
    let output = scimlab(&["check"], data);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.starts_with("clean"), "{said}");
}

fn create(server: &Server, name: &str) -> u16 {
    let body = json!({ "schemas": [USER], "userName": name });
    server.call("POST", "/Users", &body).status().as_u16()
}

fn total(server: &Server) -> Value {
    server.call("GET", "/Users?count=0", &Value::Null).body()["totalResults"].clone()
}

#[test]
fn a_second_process_on_the_same_data_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let server = Server::start(root.path());
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["check"],
        &["dump"],
    ] {
        let output = scimlab(command, &data);
        refused(
            &command.join(" "),
            &output,
            &["in use by another scimlab process"],
        );
    }
    assert_eq!(create(&server, "still@example.com"), 201);
    drop(server);
    clean(&data);
}

#[test]
fn commands_that_only_look_leave_nothing_behind() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("absent");
    for command in ["check", "dump"] {
        refused(
            command,
            &scimlab(&[command], &data),
            &["there is no scimlab data in"],
        );
        assert!(!data.exists(), "{command}");
    }
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let root = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let server = Server::start(root.path());
        assert_eq!(total(&server), json!(round));
        assert_eq!(create(&server, &format!("r{round}@example.com")), 201);
    }
    clean(&root.path().join("data"));
    let output = scimlab(&["dump"], &root.path().join("data"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("\nUSERS ").count(), 3, "{text}");
    assert!(!text.contains(KEY), "a dump shows digests, never keys");
}

#[test]
fn bytes_that_are_not_our_data_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("scimlab.redb");
    fs::write(&file, b"something else entirely").unwrap();
    let output = scimlab(&["serve", "--listen", "127.0.0.1:0"], root.path());
    refused(
        "garbage",
        &output,
        &["cannot be read as scimlab data", "nothing was changed"],
    );
    assert_eq!(fs::read(&file).unwrap(), b"something else entirely");
}

/// Runs the program as somebody whom permissions bind: root is not stopped by them.
fn as_nobody(root: &Path, arguments: &[&str], data: &Path) -> Output {
    if fs::metadata(root).unwrap().uid() != 0 {
        return scimlab(arguments, data);
    }
    let program: PathBuf = root.join("scimlab");
    if !program.exists() {
        fs::copy(PROGRAM, &program).unwrap();
    }
    let mut command = Command::new(program);
    command.args(arguments).arg("--data").arg(data);
    command.uid(65_534).gid(65_534);
    run(command)
}

#[test]
fn a_directory_without_permission_to_write_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(root.path(), 0o755);
    let data = root.path().join("data");
    let serve = ["serve", "--listen", "127.0.0.1:0"];

    // Nothing there yet, and the place cannot be written to.
    mode(root.path(), 0o555);
    let output = as_nobody(root.path(), &serve, &data);
    refused(
        "create",
        &output,
        &["cannot open", "ermission denied", "writable"],
    );
    assert!(!data.exists());
    mode(root.path(), 0o755);

    // Data that may be read but not written.
    drop(Server::start(root.path()));
    let file = data.join("scimlab.redb");
    mode(&file, 0o444);
    mode(&data, 0o555);
    let before = fs::read(&file).unwrap();
    for command in [&serve[..], &["check"], &["dump"]] {
        let output = as_nobody(root.path(), command, &data);
        refused(
            &command.join(" "),
            &output,
            &["cannot open", "ermission denied"],
        );
    }
    assert!(fs::read(&file).unwrap() == before);
    mode(&data, 0o755);
    mode(&file, 0o600);
    clean(&data);
}

/// A shell in which files cannot grow beyond so many KiB: what a full disk does to them, with
/// `EFBIG` in place of `ENOSPC`.
fn full_after(kib: u64) -> Command {
    let mut command = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    command.args(["-c", &script, PROGRAM]);
    command
}

#[test]
fn a_disk_that_is_full_at_the_start_is_one_sentence() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let mut command = full_after(16);
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data);
    refused("full", &run(command), &["cannot open", "disk is not full"]);
    // With room again it starts as if nothing had been.
    let server = Server::start(root.path());
    assert_eq!(create(&server, "a@example.com"), 201);
    drop(server);
    clean(&data);
}

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_acknowledged() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    drop(Server::start(root.path()));
    let size = fs::metadata(data.join("scimlab.redb")).unwrap().len();
    let command = full_after(size / 1024);
    let server = Server::start_by(command, root.path(), &[("SCIMLAB_SCIM_KEY", KEY)]);
    let big = "x".repeat(4_000);
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let name = format!("u{}@example.com", acknowledged.len());
        let body = json!({
            "schemas": [USER], "userName": name, "title": big, "nickName": big, "userType": big
        });
        let answer = server.call("POST", "/Users", &body);
        if answer.status() != 201 {
            break answer;
        }
        acknowledged.push(name);
        assert!(acknowledged.len() < 5_000, "the limit was never met");
    };
    assert!(refusal.status().is_server_error(), "{refusal:?}");
    assert_eq!(refusal.body()["status"], json!(refusal.status().as_str()));
    // Reading goes on, readiness says what is wrong, writing is refused.
    assert_eq!(
        server.call("GET", "/Users?count=1", &Value::Null).status(),
        200
    );
    let ready = ureq::http::Request::get(format!("{}/readyz", server.url));
    assert_eq!(server.send(ready, Vec::new()).unwrap().status(), 503);
    assert!(create(&server, "late@example.com") >= 500);
    drop(server);

    clean(&data);
    let server = Server::start(root.path());
    for name in &acknowledged {
        let found = server.call(
            "GET",
            &format!("/Users?count=0&filter=userName+eq+%22{name}%22"),
            &Value::Null,
        );
        assert_eq!(found.body()["totalResults"], 1, "{name}");
    }
    assert_eq!(create(&server, "again@example.com"), 201);
}

//! Starts the real program on a free port and talks to it over real HTTP.
//!
//! Shared by the test programs that need a running appliance, so it holds only what all of them use.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{self, Request, Response};

/// The SCIM key that servers of these tests are started with.
pub(crate) const KEY: &str = "key-of-the-first-team";

/// A running appliance. Ended by its own process id when dropped.
pub(crate) struct Server {
    process: Mutex<Child>,
    agent: ureq::Agent,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
}

impl Server {
    /// Starts on `root/data` with a key of the first team; its log is appended to `root/log`.
    pub(crate) fn start(root: &Path) -> Self {
        Self::start_with(root, &[("SCIMLAB_SCIM_KEY", KEY)])
    }

    /// Starts with these environment variables and none that happen to be set outside.
    pub(crate) fn start_with(root: &Path, variables: &[(&str, &str)]) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_scimlab"));
        Self::start_by(program, root, variables)
    }

    /// Starts by a command that runs the program with the arguments added to it.
    pub(crate) fn start_by(mut program: Command, root: &Path, variables: &[(&str, &str)]) -> Self {
        fs::create_dir_all(root).unwrap();
        let log = File::options()
            .create(true)
            .append(true)
            .open(root.join("log"))
            .unwrap();
        let mut process = program
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(root.join("data"))
            .env_clear()
            .env("SCIMLAB_SEED", "empty")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        // The pipe stays open in `process`: the program may go on printing.
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let url = lines
            .find_map(|line| {
                line.unwrap()
                    .strip_prefix("scimlab is listening on ")
                    .map(str::to_owned)
            })
            .unwrap_or_else(|| panic!("{}", fs::read_to_string(root.join("log")).unwrap()));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_mins(1)))
            .build()
            .into();
        Self {
            process: Mutex::new(process),
            agent,
            url,
        }
    }

    /// Sends a request to `path` below the SCIM base URL with the key and SCIM's media type; an empty
    /// body is none.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Response<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/scim/v2{path}", self.url))
            .header("Authorization", format!("Bearer {KEY}"))
            .header("Content-Type", "application/scim+json");
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(request, text.into_bytes())
            .unwrap_or_else(|problem| panic!("{method} {path}: {problem}"))
    }

    /// Sends a request as it is. The answer's body is read as JSON; one that is empty is null.
    pub(crate) fn send(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<Response<Value>, String> {
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).map_err(|e| e.to_string())?)
        } else {
            self.agent
                .run(request.body(body).map_err(|e| e.to_string())?)
        };
        let (parts, mut body) = answer.map_err(|e| e.to_string())?.into_parts();
        let text = body.read_to_string().map_err(|e| e.to_string())?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Ok(Response::from_parts(parts, body))
    }

    /// Ends the process at once (SIGKILL), whatever it is doing.
    pub(crate) fn kill(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself.
        let _ = process.kill();
        let _ = process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
